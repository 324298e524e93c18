//! Telegram Desktop's JSON: one chat, or a whole account with its list of chats.
//!
//! The file may have hundreds of megabytes, so messages are read one by one. What stands about a
//! chat beside its messages (name, type, id) usually comes first; where a tool has reordered the
//! keys, the messages are passed over and read afterwards. Exports that were joined to one file are
//! read one after the other; a list of messages that somebody cut out of an export is one chat.

mod message;
mod probe;
mod words;

#[cfg(test)]
mod tests;

use super::Importer;
use super::json::{some, str, text};
use super::opening::{Found, Opening};
use super::raw::Raw;
use super::rest::Rest;
use super::roster::{Roster, pair_key};
use super::scan::{Broken, Scan};
use super::stream::{Ended, another, conclude};
use crate::extract::record::{Export, Participant, ZoneGuess};
use crate::extract::{Input, Out, Stop};
use crate::model::{ConversationKind, Platform};
use crate::text::tally::counted;
use probe::{Probe, look};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Seek};

pub(super) const IMPORTER: Importer = Importer { id: "telegram-json", version: 3, sniff, import };

fn sniff(input: &mut Input) -> bool {
    !matches!(look(input), Probe::Other)
}

fn import(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let zone = match look(input) {
        Probe::First(first) if first.get("date_unixtime").is_none() => ZoneGuess::Assumed,
        _ => ZoneGuess::Stated,
    };
    let mut assumptions = Vec::new();
    if zone == ZoneGuess::Assumed {
        assumptions.push("times are the local time of whoever made the export".to_owned());
    }
    out.export(Export {
        platform: Platform::new("telegram"),
        importer: IMPORTER.id.to_owned(),
        version: IMPORTER.version,
        package: super::package_of(input, &IMPORTER),
        zone,
        assumptions,
    })?;
    let mut reading = Reading::default();
    let mut scan = Scan::open(input)?;
    scan.announce(out)?;
    let ended = reading.top(&mut scan, out);
    if let Some(zone) = reading.clock.zone() {
        out.zone(zone)?;
    }
    conclude(ended, &mut scan, &mut reading.rest, out)
}

/// What is known about a chat before its messages.
#[derive(Default)]
struct Chat {
    name: String,
    kind: String,
    id: String,
}

impl Chat {
    fn take(&mut self, key: &str, raw: &Raw) -> bool {
        let value = raw.parse().unwrap_or_default();
        let said = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        match key {
            "name" => self.name = said,
            "type" => self.kind = said,
            "id" => self.id = said,
            _ => return false,
        }
        true
    }

    fn is_complete(&self) -> bool {
        !self.kind.is_empty() && !self.id.is_empty()
    }
}

#[derive(Default)]
struct Reading {
    roster: Roster,
    rest: Rest,
    ordinal: u64,
    /// Handle of the account that made the export, where it says so.
    own: Option<String>,
    /// Key of the chat that is read, and the topics opened in it.
    key: String,
    topics: HashSet<String>,
    clock: Clock,
}

/// What the messages show of the clock of who made the export: most say their instant and the
/// local time, some only the local time.
#[derive(Default)]
struct Clock {
    /// Messages that say both, by the seconds that the local time is ahead.
    offsets: BTreeMap<i32, u64>,
    /// Messages that say only the local time, and those that say the instant.
    local: u64,
    instants: u64,
}

impl Clock {
    /// The zone of the messages without an instant. `None`: what the beginning of the file showed
    /// is so.
    fn zone(&self) -> Option<ZoneGuess> {
        if self.local == 0 || self.instants == 0 {
            return None;
        }
        // Of two with as many messages, as in winter and summer, the smaller one.
        let best = self.offsets.iter().max_by_key(|(offset, count)| (**count, -**offset));
        let Some((&offset, count)) = best else { return Some(ZoneGuess::Assumed) };
        let all: u64 = self.offsets.values().sum();
        let others = match all - count {
            0 => String::new(),
            others => format!(", {others} in another zone"),
        };
        let why = format!(
            "{} only the local time of the export; {} it beside the instant{others}",
            counted(self.local, "message gives", "messages give"),
            counted(*count, "other gives", "others give"),
        );
        Some(ZoneGuess::Inferred { offset, why })
    }
}

impl Reading {
    fn top<R: Read + Seek>(&mut self, scan: &mut Scan<R>, out: &mut Out) -> Result<(), Ended> {
        if scan.token()? == Some(b'[') {
            self.messages(&Chat::default(), scan, out)?;
        }
        while another(b'{', scan, &mut self.rest, out)? {
            scan.take(b'{')?;
            self.chat(scan, out, true)?;
        }
        Ok(())
    }

    /// A chat, from behind its brace on: its messages when all is known that stands beside them. At the
    /// top it may be a whole account instead.
    fn chat<R: Read + Seek>(
        &mut self,
        scan: &mut Scan<R>,
        out: &mut Out,
        is_top: bool,
    ) -> Result<(), Ended> {
        let mut chat = Chat::default();
        let mut later = None;
        while let Some(key) = scan.key()? {
            match key.as_str() {
                "chats" | "left_chats" if is_top => self.list(scan, out)?,
                "messages" if chat.is_complete() => self.messages(&chat, scan, out)?,
                "messages" => {
                    later = Some(scan.position());
                    scan.skip()?;
                }
                "name" | "type" | "id" => {
                    chat.take(&key, &scan.value()?);
                }
                "about" if is_top => scan.skip()?,
                _ => self.other(&key, scan, out)?,
            }
        }
        if let Some(at) = later {
            let end = scan.position();
            scan.seek(at)?;
            self.messages(&chat, scan, out)?;
            scan.seek(end)?;
        }
        Ok(())
    }

    fn list<R: Read + Seek>(&mut self, scan: &mut Scan<R>, out: &mut Out) -> Result<(), Ended> {
        if !scan.take(b'{')? {
            return Ok(scan.skip()?);
        }
        while let Some(key) = scan.key()? {
            if key != "list" || !scan.take(b'[')? {
                scan.skip()?;
                continue;
            }
            while scan.element()? {
                match scan.take(b'{')? {
                    true => self.chat(scan, out, false)?,
                    false => scan.skip()?,
                }
            }
        }
        Ok(())
    }

    /// What an account's export says besides chats: contacts, sessions, the owner.
    fn other<R: Read>(
        &mut self,
        key: &str,
        scan: &mut Scan<R>,
        out: &mut Out,
    ) -> Result<(), Ended> {
        let raw = scan.value()?;
        let value = raw.parse().unwrap_or_default();
        if key == "personal_information" {
            self.owner(&value, out)?;
        }
        self.lines(key, &value, 0, out)?;
        Ok(())
    }

    fn owner(&mut self, value: &Value, out: &mut Out) -> Result<(), Stop> {
        let Some(id) = some(value, "user_id") else { return Ok(()) };
        let handle = format!("user{id}");
        let name = format!("{} {}", str(value, "first_name"), str(value, "last_name"));
        let mut attributes = Vec::new();
        for (key, attribute) in
            [("username", "username"), ("phone_number", "phone"), ("bio", "bio")]
        {
            if let Some(said) = some(value, key) {
                attributes.push((attribute.to_owned(), said));
            }
        }
        let participant = Participant {
            handle: handle.clone(),
            name: name.trim().to_owned(),
            attributes,
            is_bot: false,
        };
        self.own = Some(handle);
        out.participant(participant)
    }

    /// One line for each entry, so that it is found; boilerplate (`about`) and empty values not.
    fn lines(&mut self, path: &str, value: &Value, depth: u32, out: &mut Out) -> Result<(), Stop> {
        match value {
            Value::Object(map) if depth < 16 => {
                let flat = map.values().all(|v| !v.is_object() && !v.is_array());
                if flat {
                    let cells: Vec<String> = map
                        .iter()
                        .filter(|(key, _)| *key != "about")
                        .map(|(key, _)| text(value, key))
                        .filter(|cell| !cell.is_empty())
                        .collect();
                    if !cells.is_empty() {
                        self.rest.line(out, &format!("{path}\t{}", cells.join("\t")))?;
                    }
                    return Ok(());
                }
                for (key, inner) in map.iter().filter(|(key, _)| *key != "about") {
                    let path =
                        if key == "list" { path.to_owned() } else { format!("{path} {key}") };
                    self.lines(&path, inner, depth + 1, out)?;
                }
                Ok(())
            }
            Value::Array(list) if depth < 16 => {
                for inner in list {
                    self.lines(path, inner, depth + 1, out)?;
                }
                Ok(())
            }
            Value::Null => Ok(()),
            Value::String(said) if said.is_empty() => Ok(()),
            Value::String(said) => self.rest.line(out, &format!("{path}\t{said}")),
            other => self.rest.line(out, &format!("{path}\t{other}")),
        }
    }

    fn messages<R: Read + Seek>(
        &mut self,
        chat: &Chat,
        scan: &mut Scan<R>,
        out: &mut Out,
    ) -> Result<(), Ended> {
        let begin = scan.position();
        if !scan.take(b'[')? {
            return Ok(scan.skip()?);
        }
        let kind = words::CHAT_TYPES.iter().find(|(name, _)| *name == chat.kind);
        let kind = kind.map_or(ConversationKind::Unknown, |(_, kind)| *kind);
        let mut members = Vec::new();
        self.key = match words::peer(&chat.kind) {
            _ if chat.id.is_empty() => chat.name.clone(),
            "user" => {
                // The id of such a chat is the other account's: the pair is named by both, so
                // that the exports of both sides are one conversation.
                let other = format!("user{}", chat.id);
                let own = match &self.own {
                    Some(own) => Some(own.clone()),
                    None if chat.kind == "saved_messages" => Some(other.clone()),
                    None => {
                        let own = own_side(scan, &other)?;
                        scan.seek(begin)?;
                        scan.take(b'[')?;
                        own
                    }
                };
                members.extend(own.clone());
                members.push(other.clone());
                members.dedup();
                own.map_or(other.clone(), |own| pair_key(&own, &other))
            }
            peer => format!("{peer}{}", chat.id),
        };
        if self.key.is_empty() {
            self.key = "chat".to_owned();
        }
        self.topics.clear();
        let title = match chat.kind.as_str() {
            "saved_messages" if chat.name.is_empty() => "Saved Messages",
            _ => &chat.name,
        };
        let key = self.key.clone();
        self.roster.conversation(out, &key, || (kind, title.to_owned(), members))?;
        let mut opening = None;
        while scan.element()? {
            let raw = match Opening::element(&mut opening, scan)? {
                Found::Record(raw) => raw,
                Found::Damage(start, end) => {
                    self.rest.damage(out, scan, start, end)?;
                    continue;
                }
            };
            match raw.parse() {
                Ok(value) if value.is_object() => self.message(&value, raw.span(), out)?,
                _ => {
                    out.warn(format!("the record at byte {} is no message", raw.start))?;
                    self.rest.line(out, &raw.text())?;
                }
            }
        }
        Ok(())
    }
}

/// The first account in a chat of two that is not the other one.
fn own_side<R: Read>(scan: &mut Scan<R>, other: &str) -> Result<Option<String>, Broken> {
    while scan.element()? {
        let Ok(value) = scan.value()?.parse() else { continue };
        let found =
            message::sender(&value).filter(|handle| handle != other && handle.starts_with("user"));
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
