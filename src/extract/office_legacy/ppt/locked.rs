//! Presentations locked with a password: each persistent thing is under RC4 with a key by its
//! number; the lists of them, and how to open them, stand in clear.

use super::super::int;
use super::Presentation;
use crate::extract::Stop;
use crate::extract::office::lock::refused;
use crate::extract::office::lock::streams::Lock;

/// The container of the description.
const SESSION: u16 = 0x2f14;
/// What `Current User` says of a locked presentation.
const LOCKED: u32 = 0xf3d1_c4df;

/// Opens the presentation where it is locked, and says whether it was.
pub fn unlock(bytes: &mut [u8], user: &[u8], passwords: &[String]) -> Result<bool, Stop> {
    let shown = Presentation::open(bytes, user);
    let Some(session) = shown.session else {
        return if int(user, 12) == Some(LOCKED) { Err(refused(passwords)) } else { Ok(false) };
    };
    let about = shown.persistent(session, SESSION).ok_or_else(|| refused(passwords))?;
    let lock = Lock::open(about, passwords)?;
    let places: Vec<(u32, usize)> =
        shown.places.iter().filter(|(id, _)| **id != session).map(|(id, at)| (*id, *at)).collect();
    for (id, at) in places {
        let mut cipher = lock.cipher(id);
        let Some(head) = bytes.get_mut(at..at.saturating_add(8)) else { continue };
        cipher.apply(head);
        let length = int(bytes, at + 4).unwrap_or(0) as usize;
        let end = (at + 8).saturating_add(length).min(bytes.len());
        cipher.apply(&mut bytes[at + 8..end]);
    }
    Ok(true)
}
