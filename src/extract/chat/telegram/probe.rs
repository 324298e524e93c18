//! Whether a file is Telegram's: a look at its top keys and its first message.

use super::super::json::str;
use super::super::scan::{Broken, Scan};
use super::super::source::{self, Source};
use super::words;
use crate::extract::Input;
use serde_json::Value;
use std::io::Read;

/// Keys that a Telegram export has at its top, in any order.
const TOP: &[&str] = &[
    "name",
    "type",
    "id",
    "messages",
    "about",
    "personal_information",
    "profile_pictures",
    "profile_music",
    "stories",
    "contacts",
    "frequent_contacts",
    "sessions",
    "web_sessions",
    "other_data",
    "chats",
    "left_chats",
    "ringtones",
];

/// As much of a file as is looked at for its first message.
const PROBE: u64 = 64 << 20;

/// A message that the program could not write says nothing but that.
fn is_unsupported(value: &Value) -> bool {
    str(value, "type") == "unsupported" && value.get("id").is_some()
}

fn is_message(value: &Value) -> bool {
    matches!(str(value, "type"), "message" | "service" | "unsupported")
        && (value.get("date_unixtime").is_some() || value.get("date").is_some())
        && ["from", "from_id", "actor", "text", "action"].iter().any(|key| value.get(key).is_some())
}

/// What a look at the beginning of a file found.
pub(super) enum Probe {
    Other,
    /// A chat or account without any message.
    Empty,
    First(Box<Value>),
}

fn probe<R: Read>(scan: &mut Scan<R>) -> Result<Probe, Broken> {
    if !scan.take(b'{')? {
        return Ok(Probe::Other);
    }
    let mut chat_type = String::new();
    let mut lists = false;
    let mut empty = false;
    while let Some(key) = scan.key()? {
        match key.as_str() {
            "messages" => match first_message(scan)? {
                Some(Probe::Empty) => empty = true,
                Some(found) => return Ok(found),
                None => return Ok(Probe::Other),
            },
            "chats" | "left_chats" => {
                lists = true;
                if let Some(found) = first_of_list(scan)? {
                    return Ok(found);
                }
            }
            "type" => {
                chat_type = scan
                    .value()?
                    .parse()
                    .map(|v| v.as_str().unwrap_or_default().to_owned())
                    .unwrap_or_default()
            }
            // A newer export may have keys that nobody knows yet: the messages decide.
            _ => scan.skip()?,
        }
    }
    let known = words::CHAT_TYPES.iter().any(|(name, _)| *name == chat_type);
    Ok(if lists || (empty && known) { Probe::Empty } else { Probe::Other })
}

/// `None`: there is a record and it is no message of Telegram.
fn first_message<R: Read>(scan: &mut Scan<R>) -> Result<Option<Probe>, Broken> {
    if !scan.take(b'[')? {
        return Ok(None);
    }
    while scan.element()? {
        match scan.value()?.parse() {
            Ok(value) if is_message(&value) => return Ok(Some(Probe::First(Box::new(value)))),
            Ok(value) if is_unsupported(&value) => {}
            _ => return Ok(None),
        }
    }
    Ok(Some(Probe::Empty))
}

/// A list of messages without the chat around it.
fn bare<R: Read>(scan: &mut Scan<R>) -> Result<Probe, Broken> {
    Ok(match first_message(scan)? {
        Some(Probe::First(value))
            if value.get("date_unixtime").is_some() || value.get("text_entities").is_some() =>
        {
            Probe::First(value)
        }
        _ => Probe::Other,
    })
}

/// Looks for the first message in `{"about": ..., "list": [chat, ...]}`.
fn first_of_list<R: Read>(scan: &mut Scan<R>) -> Result<Option<Probe>, Broken> {
    if !scan.take(b'{')? {
        return Ok(Some(Probe::Other));
    }
    while let Some(key) = scan.key()? {
        if key != "list" || !scan.take(b'[')? {
            scan.skip()?;
            continue;
        }
        while scan.element()? {
            if !scan.take(b'{')? {
                return Ok(Some(Probe::Other));
            }
            while let Some(key) = scan.key()? {
                if key != "messages" {
                    scan.skip()?;
                    continue;
                }
                match first_message(scan)? {
                    Some(Probe::Empty) => {}
                    Some(found) => return Ok(Some(found)),
                    None => return Ok(Some(Probe::Other)),
                }
            }
        }
    }
    Ok(None)
}

pub(super) fn look(input: &mut Input) -> Probe {
    // The first key decides whether the rest is worth a look.
    let head = source::head(input);
    let mut head = Scan::new(&*head);
    let is_list = head.token().ok().flatten() == Some(b'[');
    let promising = is_list
        || (head.take(b'{').unwrap_or(false)
            && head.key().ok().flatten().is_some_and(|key| TOP.contains(&key.as_str())));
    if !promising {
        return Probe::Other;
    }
    let Ok(reader) = Source::open(input) else { return Probe::Other };
    let mut scan = Scan::new(reader.take(PROBE));
    let found = if is_list { bare(&mut scan) } else { probe(&mut scan) };
    found.unwrap_or(Probe::Other)
}
