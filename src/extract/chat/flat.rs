//! Flat records: JSON objects that each say when, who, to whom and what. In an array, one after
//! another with or without commas, or one a line. Conti's jabber logs are such files (`ts`,
//! `from`, `to`, `body`), the JSON made from the I-Soon tables (`time`, `from`, `to`, `message`)
//! and the one made from the Black Basta log (`timestamp`, `chat_id`, `sender_alias`, `message`).

use super::json::{scalar, text};
use super::rest::Rest;
use super::roster::{Roster, pair_key};
use super::scan::{Broken, Scan};
use super::table::columns::{Role, role};
use super::table::{chatroom, platform_of};
use super::{Importer, stamp};
use crate::extract::record::{Export, Message, ZoneGuess};
use crate::extract::{Input, Out, Stop};
use crate::model::{ConversationKind, MessageKind, Platform, Stamp};
use serde_json::Value;

pub(super) const IMPORTER: Importer = Importer { id: "flat-json", version: 1, sniff, import };

/// Which key plays which part.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Keys {
    time: String,
    from: String,
    to: Option<String>,
    room: Option<String>,
    body: String,
}

impl Keys {
    fn of(value: &Value) -> Option<Keys> {
        let object = value.as_object()?;
        let mut found: [Option<&String>; 5] = [None; 5];
        for key in object.keys() {
            let slot = match role(key) {
                Some(Role::Time) => 0,
                Some(Role::From) => 1,
                Some(Role::To) => 2,
                Some(Role::Room) => 3,
                Some(Role::Message) => 4,
                // A subject makes it mail, an amount a ledger.
                Some(Role::Foreign) => return None,
                _ => continue,
            };
            found[slot].get_or_insert(key);
        }
        let [time, from, to, room, body] = found.map(|key| key.cloned());
        let keys = Keys { time: time?, from: from?, to, room, body: body? };
        if keys.to.is_none() && keys.room.is_none() {
            return None;
        }
        let flat = [&keys.from, &keys.body].iter().all(|key| is_scalar(object.get(*key)));
        (flat && keys.time(value).is_some()).then_some(keys)
    }

    /// Whether this value has these keys (a value of a record may be missing, not its time).
    fn fit(&self, value: &Value) -> bool {
        value.get(&self.time).is_some() && value.get(&self.from).is_some()
    }

    fn time(&self, value: &Value) -> Option<Stamp> {
        let text = text(value, &self.time);
        stamp::iso(&text).or_else(|| stamp::epoch(&text))
    }
}

fn is_scalar(value: Option<&Value>) -> bool {
    value.is_none_or(|value| !value.is_object() && !value.is_array())
}

/// Passes over what stands between values of a list, wherever the brackets are missing.
fn next<R: std::io::Read>(scan: &mut Scan<R>) -> Result<bool, Broken> {
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

fn first(input: &mut Input) -> Option<Keys> {
    let mut scan = Scan::new(input.head());
    scan.take(b'[').ok()?;
    if scan.token().ok()? != Some(b'{') {
        return None;
    }
    let keys = Keys::of(&scan.value().ok()?.parse().ok()?)?;
    Some(keys)
}

fn sniff(input: &mut Input) -> bool {
    first(input).is_some()
}

fn import(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let keys = first(input).ok_or_else(|| Stop::failed("no record of a chat at the beginning"))?;
    let platform = platform(input, &keys);
    out.export(Export {
        platform: Platform::new(platform),
        importer: IMPORTER.id.to_owned(),
        version: IMPORTER.version,
        package: super::package_of(input, &IMPORTER),
        zone: ZoneGuess::Assumed,
        assumptions: assumptions(&keys),
    })?;
    let mut log = Log { keys, roster: Roster::default(), rest: Rest::default(), ordinal: 0 };
    let mut scan = Scan::new(input.reader()?);
    let ended = log.read(&mut scan, out);
    let finished = log.rest.finish(out);
    match ended {
        // What was read of a log that was cut off is worth as much as the whole of a shorter one.
        Err(Ended::Broken(broken @ Broken::Truncated(_))) => {
            out.warn(format!("{broken}; what stands before it was read"))?;
        }
        Err(Ended::Broken(broken)) => return Err(broken.into()),
        Err(Ended::Stop(stop)) => return Err(stop),
        Ok(()) => {}
    }
    finished
}

enum Ended {
    Broken(Broken),
    Stop(Stop),
}

impl From<Broken> for Ended {
    fn from(broken: Broken) -> Self {
        Ended::Broken(broken)
    }
}

impl From<Stop> for Ended {
    fn from(stop: Stop) -> Self {
        Ended::Stop(stop)
    }
}

fn assumptions(keys: &Keys) -> Vec<String> {
    let mut said = vec![format!("`{}` is the time, `{}` the sender", keys.time, keys.from)];
    if let Some(to) = &keys.to {
        said.push(format!("`{to}` is the recipient"));
    }
    if let Some(room) = &keys.room {
        said.push(format!("`{room}` is the conversation"));
    }
    said.push(format!("`{}` is the message", keys.body));
    said
}

/// By the accounts of the first records.
fn platform(input: &Input, keys: &Keys) -> &'static str {
    let mut scan = Scan::new(input.head());
    let mut handles = Vec::new();
    while let (Ok(true), true) = (next(&mut scan), handles.len() < 200) {
        let Ok(Ok(value)) = scan.value().map(|raw| raw.parse()) else { break };
        handles.push(text(&value, &keys.from));
        handles.extend(keys.to.as_deref().map(|key| text(&value, key)));
    }
    let is_xmpp =
        |handle: &String| handle.split_once('@').is_some_and(|(_, host)| host.contains('.'));
    let is_matrix = |handle: &String| handle.starts_with('@') && handle.contains(':');
    match platform_of(handles.iter().map(String::as_str)) {
        "table" if !handles.is_empty() && handles.iter().all(is_matrix) => "matrix",
        "table" if keys.time == "ts" && handles.iter().any(is_xmpp) => "jabber",
        platform => platform,
    }
}

struct Log {
    keys: Keys,
    roster: Roster,
    rest: Rest,
    ordinal: u64,
}

impl Log {
    fn read<R: std::io::Read>(&mut self, scan: &mut Scan<R>, out: &mut Out) -> Result<(), Ended> {
        while next(scan)? {
            let raw = scan.value()?;
            match raw.parse() {
                Ok(value) if self.keys.fit(&value) => self.message(&value, raw.span(), out)?,
                _ => {
                    out.warn(format!("the record at byte {} is no message", raw.start))?;
                    self.rest.line(out, &raw.text())?;
                }
            }
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
        let from = text(value, &keys.from);
        let to = keys.to.as_deref().map(|key| text(value, key)).unwrap_or_default();
        let room = keys.room.as_deref().map(|key| text(value, key)).filter(|room| !room.is_empty());
        let room = room.or_else(|| chatroom(&to, &from).map(str::to_owned));
        let key = room.clone().unwrap_or_else(|| pair_key(&from, &to));
        for handle in [&from, &to] {
            if !handle.is_empty() && room.as_ref() != Some(handle) {
                self.roster.account(out, handle, "")?;
            }
        }
        self.roster.conversation(out, &key, || match room {
            Some(_) => (ConversationKind::Group, String::new(), Vec::new()),
            None => (ConversationKind::Pair, String::new(), pair(&from, &to)),
        })?;
        let mut message = Message::new(&key, self.ordinal);
        self.ordinal += 1;
        message.raw_time = text(value, &keys.time);
        message.time = keys.time(value);
        message.text = scalar(value.get(&keys.body));
        message.native_id = super::json::some(value, "id");
        message.kind = match message.text.trim() {
            "" => MessageKind::Empty,
            text if text.starts_with("?OTR") => MessageKind::Encrypted,
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

fn pair(one: &str, other: &str) -> Vec<String> {
    let mut members = vec![one.to_owned(), other.to_owned()];
    members.retain(|member| !member.is_empty());
    members.sort_unstable();
    members.dedup();
    members
}
