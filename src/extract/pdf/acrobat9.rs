//! Documents under the lock of Acrobat 9 (AES-256 in its first form, revision 5 of the standard's
//! security handler, published by Adobe as a supplement to ISO 32000).
//!
//! The parser tests a password of that form rightly and then takes the wrong bytes for the key of
//! the file, so that nothing readable comes out. The key is found here, and the document given a
//! lock of the next form (revision 6, ISO 32000-2, 7.6.4) with the same key and no password, in an
//! update behind its end.

use super::objects::{Dictionary, dictionary};
use super::update::{self, New, hex};
use crate::extract::office::lock::{Hash, cbc};
use aes::Aes128;
use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use pdf_oxide::PdfDocument;
use pdf_oxide::object::Object;

/// The document with a lock that the parser opens without a password; `None` where it has another
/// lock or no password fits.
pub fn relocked(document: &PdfDocument, bytes: &[u8], passwords: &[String]) -> Option<Vec<u8>> {
    let Object::Dictionary(trailer) = document.trailer() else { return None };
    let lock = dictionary(document, trailer, "Encrypt")?;
    if !matches!(lock.get("R"), Some(Object::Integer(5))) {
        return None;
    }
    let key = std::iter::once("")
        .chain(passwords.iter().map(String::as_str))
        .find_map(|password| file_key(&lock, password))?;
    relock(trailer, &lock, bytes, &key)
}

/// Bytes of a hash in `U` and `O`; a salt to test it by and a salt of the key follow.
const HASH: usize = 32;
const SALT: usize = 8;
/// Passwords are cut here.
const LONGEST: usize = 127;

/// The key of the file, by the password of a reader or of the owner.
fn file_key(lock: &Dictionary, password: &str) -> Option<Vec<u8>> {
    let word = &password.as_bytes()[..password.len().min(LONGEST)];
    let string = |key: &str, least: usize| match lock.get(key) {
        Some(Object::String(bytes)) if bytes.len() >= least => Some(bytes.as_slice()),
        _ => None,
    };
    let user = &string("U", HASH + 2 * SALT)?[..HASH + 2 * SALT];
    let owner = string("O", HASH + 2 * SALT)?;
    [(user, &[][..], "UE"), (owner, user, "OE")].into_iter().find_map(|(known, with, sealed)| {
        let (hash, salts) = known.split_at(HASH);
        let by = |salt: &[u8]| Hash::Sha256.of(&[word, salt, with]);
        (by(&salts[..SALT]) == hash).then_some(())?;
        cbc(&by(&salts[SALT..2 * SALT]), &[0; 16], &string(sealed, HASH)?[..HASH])
    })
}

/// The document with an update at its end that replaces the description of the lock.
fn relock(trailer: &Dictionary, lock: &Dictionary, bytes: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let number = update::free_number(trailer);
    let clear = matches!(lock.get("EncryptMetadata"), Some(Object::Boolean(false)));
    let salt = [0; SALT];
    let hash = [hardened(&salt).as_slice(), &salt, &salt].concat();
    let sealed = sealed(&hardened(&salt), key)?;
    let body = format!(
        "<</Filter /Standard /V 5 /R 6 /Length 256 /P -4 /EncryptMetadata {} \
         /CF <</StdCF <</CFM /AESV3 /AuthEvent /DocOpen /Length 32>>>> /StmF /StdCF /StrF /StdCF \
         /U <{}> /UE <{}> /O <{zero}{zero}{zero}> /OE <{zero}{zero}> /Perms <{zero}>>>",
        !clear,
        hex(&hash),
        hex(&sealed),
        zero = "0".repeat(32),
    );
    let lock = New { number, generation: 0, body: body.into_bytes() };
    Some(update::updated(trailer, bytes, &[lock], &format!("/Encrypt {number} 0 R")))
}

/// Algorithm 2.B of ISO 32000-2 for the empty password.
fn hardened(salt: &[u8]) -> Vec<u8> {
    let mut hash = Hash::Sha256.of(&[salt]);
    for round in 0u32.. {
        let mixed = sealed_under::<Aes128>(&hash[..16], &hash[16..32], &hash.repeat(64));
        // The first sixteen bytes as a number, by three.
        let kind = mixed.iter().take(16).map(|byte| u32::from(*byte)).sum::<u32>() % 3;
        let by = [Hash::Sha256, Hash::Sha384, Hash::Sha512][kind as usize];
        hash = by.of(&[&mixed]);
        let last = mixed.last().map_or(0, |byte| u32::from(*byte));
        if round >= 63 && last + 32 <= round {
            break;
        }
    }
    hash.truncate(HASH);
    hash
}

/// The key of the file under another key.
fn sealed(under: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let sealed = sealed_under::<Aes256>(under, &[0; 16], key);
    (sealed.len() == HASH).then_some(sealed)
}

/// Whole blocks in CBC mode; nothing where the key has not the cipher's length.
fn sealed_under<C: BlockCipherEncrypt + KeyInit>(
    key: &[u8],
    start: &[u8],
    bytes: &[u8],
) -> Vec<u8> {
    let Ok(cipher) = C::new_from_slice(key) else { return Vec::new() };
    let mut before = start.to_vec();
    let mut out = Vec::with_capacity(bytes.len());
    for plain in bytes.chunks_exact(16) {
        let mixed: Vec<u8> =
            plain.iter().zip(&before).map(|(plain, before)| plain ^ before).collect();
        let Ok(mut block) = aes::cipher::Block::<C>::try_from(mixed.as_slice()) else { break };
        cipher.encrypt_block(&mut block);
        before = block.to_vec();
        out.extend_from_slice(&before);
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::extract::collect::{Hints, collect_with};
    use crate::model::State;

    /// One page, the string of its author and an attached file.
    const LOCKED: &[u8] = include_bytes!("../../../tests/data/extract/locked/acrobat9.pdf");

    #[test]
    fn the_lock_of_acrobat_9_opens_for_reader_and_owner() {
        let check = |passwords: &[&str], state: State, text: &str| {
            let passwords: Vec<String> = passwords.iter().map(|&word| word.to_owned()).collect();
            let hints = Hints { path: "a.pdf", passwords: &passwords, ..Hints::default() };
            let all = collect_with(LOCKED, &hints);
            assert_eq!((all.state(), all.text.as_str()), (state, text), "{passwords:?}");
            all
        };
        check(&[], State::Encrypted, "");
        check(&["wrong"], State::Encrypted, "");
        check(&["wrong", "hunter2"], State::Read, "Hello behind the lock\n");
        let all = check(&["owl 3"], State::Read, "Hello behind the lock\n");
        assert_eq!(all.meta(&crate::extract::Key::Author), Some("Mara Lind"));
    }
}
