//! How a file of records is to be read, from its beginning.

use super::keys::Keys;
use crate::extract::Input;
use crate::extract::chat::opening::Opening;
use crate::extract::chat::raw::Raw;
use crate::extract::chat::scan::{Broken, Scan};
use crate::extract::chat::source::{self, Source};
use crate::extract::chat::stream::PROBE;
use crate::extract::chat::table::columns::{Role, role};
use crate::extract::chat::torn;
use serde_json::Value;
use std::io::Read;

/// How a file of records is to be read.
pub(super) struct Plan {
    pub(super) keys: Keys,
    pub(super) opening: Opening,
    /// It is no JSON from its first record on.
    pub(super) torn: bool,
    /// Where the first record stands that is in a list of an object: `{"messages": [`.
    pub(super) held_at: Option<u64>,
}

/// Passes over what stands between values of a list, wherever the brackets are missing.
pub(super) fn next<R: Read>(scan: &mut Scan<R>) -> Result<bool, Broken> {
    loop {
        match scan.token()? {
            None => return Ok(false),
            Some(byte @ (b',' | b'[' | b']')) => {
                scan.take(byte)?;
            }
            Some(_) => return Ok(true),
        }
    }
}

/// The parts of the first record, and how it begins. Where the first one is broken, one of the
/// next ones says it, or what stands behind its keys.
pub(super) fn first(input: &mut Input) -> Option<Plan> {
    let known = |raw: &Raw| whole(Keys::of(&raw.parse().ok()?)?, raw);
    let begin = {
        let head = source::head(input);
        let mut scan = Scan::new(&*head);
        while scan.take(b'[').ok()? {}
        (scan.token().ok()? == Some(b'{')).then(|| scan.position())
    };
    let Some(begin) = begin else { return torn_from_the_start(&source::head(input)) };
    if let Some(plan) = held(input) {
        return Some(plan);
    }
    let mut scan = Scan::new(Source::open(input).ok()?.take(PROBE));
    while scan.take(b'[').ok()? {}
    match scan.value() {
        Ok(raw) => match raw.parse() {
            // A stray brace closed it before its first key.
            Ok(Value::Object(object)) if object.is_empty() => {}
            Ok(_) => return known(&raw).or_else(|| second(&raw, &mut scan)),
            Err(_) => {}
        },
        Err(Broken::TooLarge(_) | Broken::Io(_)) => return None,
        _ => {}
    }
    const MOST_TRIES: usize = 64;
    let head = source::head(input);
    let begin = usize::try_from(begin).ok()? + 1;
    let braces = head.iter().enumerate().skip(begin).filter(|(_, byte)| **byte == b'{');
    let found =
        braces.take(MOST_TRIES).find_map(|(at, _)| known(&Scan::new(&head[at..]).value().ok()?));
    found.or_else(|| torn_from_the_start(&head))
}

/// Records in a list of one object that is no record itself.
fn held(input: &mut Input) -> Option<Plan> {
    let mut scan = Scan::new(Source::open(input).ok()?.take(PROBE));
    if !scan.take(b'{').ok()? {
        return None;
    }
    while let Some(key) = scan.key().ok()? {
        if matches!(role(&key), Some(Role::Time | Role::From | Role::Message)) {
            return None;
        }
        if !scan.take(b'[').ok()? {
            scan.skip().ok()?;
            continue;
        }
        if scan.token().ok()? == Some(b'{') {
            let at = scan.position();
            let raw = scan.value().ok()?;
            let plan = whole(Keys::of(&raw.parse().ok()?)?, &raw)?;
            return Some(Plan { held_at: Some(at), ..plan });
        }
        while scan.element().ok()? {
            scan.skip().ok()?;
        }
    }
    None
}

fn whole(keys: Keys, first: &Raw) -> Option<Plan> {
    Some(Plan { keys, opening: Opening::of(first)?, torn: false, held_at: None })
}

fn torn_from_the_start(head: &[u8]) -> Option<Plan> {
    let keys = Keys::of(&torn::first(head)?)?;
    let opening = Opening::by_key(&keys.time);
    Some(Plan { keys, opening, torn: true, held_at: None })
}

/// The parts of the records where the first one left out what it had not to say: one of the next
/// ones has all, and the first one what a message cannot be without.
fn second<R: Read>(raw: &Raw, scan: &mut Scan<R>) -> Option<Plan> {
    const MOST_TRIES: usize = 16;
    let value = raw.parse().ok()?;
    for _ in 0..MOST_TRIES {
        if !next(scan).ok()? {
            return None;
        }
        let keys = scan.value().ok()?.parse().ok().as_ref().and_then(Keys::of);
        if let Some(keys) = keys {
            let fits = keys.fit(&value) && keys.time(&value).is_some();
            return if fits { whole(keys, raw) } else { None };
        }
    }
    None
}
