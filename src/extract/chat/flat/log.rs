//! Records that become messages, and what stands between them.

use super::keys::Keys;
use super::plan::next;
use crate::extract::chat::json::{scalar, some, text};
use crate::extract::chat::opening::{Found, Opening};
use crate::extract::chat::rest::Rest;
use crate::extract::chat::roster::{Roster, pair_key};
use crate::extract::chat::scan::{Broken, Scan};
use crate::extract::chat::stream::Ended;
use crate::extract::chat::table::{chatroom, group_writer, is_chatroom};
use crate::extract::chat::{torn, xmpp};
use crate::extract::record::Message;
use crate::extract::{Out, Stop};
use crate::model::{ConversationKind, MessageKind};
use crate::text::tally::counted;
use serde_json::Value;
use std::io::{Read, Seek};

/// A stretch of broken records is taken apart when it is not larger; in bytes.
const MOST_TORN: u64 = 4 << 20;

/// The records of a file, one after another.
pub(super) struct Log {
    keys: Keys,
    is_jabber: bool,
    /// What a message without text is.
    silent: MessageKind,
    roster: Roster,
    rest: Rest,
    ordinal: u64,
    /// Records that are no JSON and were read by their keys.
    mended: u64,
    /// Stretches between records that hold nothing but brackets.
    bare: u64,
    /// The list of records stands in an object, whose brackets are left at the end.
    held: bool,
}

impl Log {
    pub(super) fn new(keys: Keys, is_jabber: bool, silent: MessageKind, held: bool) -> Log {
        Log {
            keys,
            is_jabber,
            silent,
            roster: Roster::default(),
            rest: Rest::default(),
            ordinal: 0,
            mended: 0,
            bare: 0,
            held,
        }
    }

    /// What of the file is no message.
    pub(super) fn rest(&mut self) -> &mut Rest {
        &mut self.rest
    }

    pub(super) fn read<R: Read + Seek>(
        &mut self,
        scan: &mut Scan<R>,
        opening: &Opening,
        out: &mut Out,
    ) -> Result<(), Ended> {
        while next(scan)? {
            let raw = match opening.next(scan) {
                Ok(Found::Record(raw)) => raw,
                Ok(Found::Damage(start, end)) => {
                    self.damage(scan, start, end, out)?;
                    continue;
                }
                Err(Broken::Syntax { at, found }) => {
                    scan.recover()?;
                    let end = scan.position();
                    let most = (end - at).min(MOST_TORN);
                    if torn::is_bare(&scan.bytes_from(at, most)?) && most == end - at {
                        self.bare += u64::from(!self.held);
                        scan.seek(end)?;
                        continue;
                    }
                    out.warn(format!(
                        "unexpected {found:?}: bytes {at} to {end} are no record, kept as text"
                    ))?;
                    self.rest.stretch(out, scan, at, end)?;
                    continue;
                }
                Err(broken) => return Err(broken.into()),
            };
            match raw.parse() {
                Ok(value) if self.keys.fit(&value) => self.message(&value, raw.span(), out)?,
                // A stray brace closed it before its first key.
                Ok(Value::Object(object)) if object.is_empty() => {
                    let end = opening.stretch(scan, raw.start)?;
                    self.damage(scan, raw.start, end, out)?;
                }
                _ => {
                    out.warn(format!("the record at byte {} is no message", raw.start))?;
                    self.rest.line(out, &raw.text())?;
                }
            }
        }
        Ok(())
    }

    /// A stretch that is no JSON: the records in it are read by their keys, all else is text.
    fn damage<R: Read + Seek>(
        &mut self,
        scan: &mut Scan<R>,
        start: u64,
        end: u64,
        out: &mut Out,
    ) -> Result<(), Ended> {
        if end - start > MOST_TORN {
            return self.rest.damage(out, scan, start, end);
        }
        let bytes = scan.bytes_from(start, end - start)?;
        self.torn(&bytes, start, scan.is_exact(), out)?;
        Ok(scan.seek(end)?)
    }

    /// A file that is torn from its first record on.
    pub(super) fn read_torn<R: Read + Seek>(
        &mut self,
        scan: &mut Scan<R>,
        out: &mut Out,
    ) -> Result<(), Ended> {
        let mut at = 0;
        loop {
            let bytes = scan.bytes_from(at, MOST_TORN)?;
            let mut length = bytes.len();
            if length as u64 == MOST_TORN {
                // The last record of many may be cut: it is the first of the next ones.
                let records = torn::records(&bytes, &self.keys.names());
                length =
                    records.last().map(|torn| torn.start).filter(|at| *at > 0).unwrap_or(length);
            }
            if length == 0 {
                return Ok(());
            }
            self.torn(&bytes[..length], at, scan.is_exact(), out)?;
            at += length as u64;
        }
    }

    fn torn(&mut self, bytes: &[u8], at: u64, exact: bool, out: &mut Out) -> Result<(), Stop> {
        let mut from = 0;
        for torn in torn::records(bytes, &self.keys.names()) {
            let (start, end) = (at + torn.start as u64, at + torn.end as u64);
            // One that is cut before it says anything would only invent an account.
            let said = torn.value.get(&self.keys.body).is_some();
            if !said || text(&torn.value, &self.keys.from).is_empty() {
                continue;
            }
            self.left_over(&bytes[from..torn.start], at + from as u64, out)?;
            from = torn.end;
            self.mended += 1;
            self.message(&torn.value, exact.then_some((start, end)), out)?;
        }
        self.left_over(&bytes[from..], at + from as u64, out)
    }

    /// What stands beside broken records and belongs to none.
    fn left_over(&mut self, bytes: &[u8], at: u64, out: &mut Out) -> Result<(), Stop> {
        if torn::is_bare(bytes) {
            return Ok(());
        }
        let end = at + bytes.len() as u64;
        out.warn(format!("bytes {at} to {end} are a broken record, kept as text"))?;
        self.rest.line(out, String::from_utf8_lossy(bytes).trim())
    }

    /// What was wrong in many places is said once.
    pub(super) fn tell(&self, out: &mut Out) -> Result<(), Stop> {
        if self.mended > 0 {
            out.warn(format!(
                "{}; the original shows what else stands there",
                counted(
                    self.mended,
                    "record is no valid JSON and was read by its keys",
                    "records are no valid JSON and were read by their keys",
                )
            ))?;
        }
        if self.bare > 0 {
            out.warn(format!("brackets that belong to no record: {}", self.bare))?;
        }
        Ok(())
    }

    fn message(
        &mut self,
        value: &Value,
        span: Option<(u64, u64)>,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let keys = &self.keys;
        let account = |key: &str| {
            let handle = text(value, key);
            let account = if self.is_jabber { xmpp::account(&handle) } else { handle.trim() };
            account.to_owned()
        };
        let mut from = account(&keys.from);
        let to = keys.to.as_deref().map(account).unwrap_or_default();
        let room = keys.room.as_deref().map(|key| text(value, key)).filter(|room| !room.is_empty());
        let room = room.or_else(|| {
            let room = chatroom(&to, &from);
            let room = room.or_else(|| {
                let sides = [&to, &from].into_iter();
                sides.filter(|_| self.is_jabber).find_map(|side| xmpp::room(side))
            });
            room.map(str::to_owned)
        });
        let mut body = scalar(value.get(&keys.body));
        if room.as_ref() == Some(&from)
            && let Some((writer, said)) = group_writer(&body)
        {
            (from, body) = (writer.to_owned(), said.to_owned());
        }
        let key = room.clone().unwrap_or_else(|| pair_key(&from, &to));
        for handle in [&from, &to] {
            if !handle.is_empty() && room.as_ref() != Some(handle) {
                self.roster.account(out, handle, "")?;
            }
        }
        self.roster.conversation(out, &key, || match &room {
            // A group that is known by its address alone is called by it.
            Some(room) => {
                let is_address = is_chatroom(room) || xmpp::room(room).is_some();
                let title = if is_address { room.clone() } else { String::new() };
                (ConversationKind::Group, title, Vec::new())
            }
            None => (ConversationKind::Pair, String::new(), pair(&from, &to)),
        })?;
        let mut message = Message::new(&key, self.ordinal);
        self.ordinal += 1;
        message.raw_time = text(value, &keys.time);
        message.time = keys.time(value);
        message.text = body;
        message.native_id = some(value, "id");
        message.kind = match message.text.trim() {
            "" => self.silent,
            text if text.starts_with("?OTR") || is_undecrypted(text) => MessageKind::Encrypted,
            _ => MessageKind::Text,
        };
        message.sender = Some(from).filter(|from| !from.is_empty());
        message.span = span;
        // A translated copy has keys of its own: found by search, not mixed into what was said.
        if let Some(object) = value.as_object() {
            let known = |key: &str| {
                key == keys.time
                    || key == keys.from
                    || key == keys.body
                    || key == "id"
                    || keys.to.as_deref() == Some(key)
                    || keys.room.as_deref() == Some(key)
            };
            for (key, value) in object.iter().filter(|(key, _)| !known(key)) {
                let more = match value {
                    Value::Null => continue,
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                if !more.is_empty() {
                    let line = format!("{}\t{key}\t{more}", message.raw_time);
                    self.rest.line(out, &line)?;
                }
            }
        }
        out.message(message)
    }
}

/// What a client writes in the place of a message that it could not decrypt, in the language that
/// it was set to: `[ERROR: This message is encrypted, and you are unable to decrypt it.]`.
fn is_undecrypted(text: &str) -> bool {
    const MOST: usize = 200;
    let notice = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    notice.filter(|notice| notice.len() < MOST).is_some_and(|notice| {
        [["encrypted", "decrypt"], ["зашифрован", "расшифров"]]
            .iter()
            .any(|words| words.iter().all(|word| notice.contains(word)))
    })
}

fn pair(one: &str, other: &str) -> Vec<String> {
    let mut members = vec![one.to_owned(), other.to_owned()];
    members.retain(|member| !member.is_empty());
    members.sort_unstable();
    members.dedup();
    members
}
