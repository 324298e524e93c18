//! Flat records: JSON objects that each say when, who, to whom and what. In an array, one after
//! another with or without commas, or one a line. Conti's jabber logs are such files (`ts`,
//! `from`, `to`, `body`), the JSON made from the I-Soon tables (`time`, `from`, `to`, `message`)
//! and the one made from the Black Basta log (`timestamp`, `chat_id`, `sender_alias`, `message`).

use super::json::{scalar, text};
use super::opening::{Found, Opening};
use super::raw::Raw;
use super::rest::Rest;
use super::roster::{Roster, pair_key};
use super::scan::{Broken, Scan};
use super::source::{self, Source};
use super::stream::{Ended, PROBE, conclude};
use super::table::columns::{Role, role};
use super::table::{chatroom, group_writer, is_chatroom, platform_of};
use super::{Importer, stamp, torn, xmpp, zone};
use crate::extract::record::{Export, Message, ZoneGuess};
use crate::extract::{Input, Out, Stop};
use crate::model::{ConversationKind, MessageKind, Platform, Stamp};
use serde_json::Value;
use std::io::{Read, Seek};

pub(super) const IMPORTER: Importer = Importer { id: "flat-json", version: 2, sniff, import };

const JABBER: &str = "jabber";

/// A stretch of broken records is taken apart when it is not larger; in bytes.
const MOST_TORN: u64 = 4 << 20;

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

    /// All of them, that of the time first.
    fn names(&self) -> Vec<&str> {
        let optional = [self.to.as_deref(), self.room.as_deref()].into_iter().flatten();
        [self.time.as_str(), &self.from, &self.body].into_iter().chain(optional).collect()
    }
}

/// How a file of records is to be read.
struct Plan {
    keys: Keys,
    opening: Opening,
    /// It is no JSON from its first record on.
    torn: bool,
}

fn is_scalar(value: Option<&Value>) -> bool {
    value.is_none_or(|value| !value.is_object() && !value.is_array())
}

/// Passes over what stands between values of a list, wherever the brackets are missing.
fn next<R: Read>(scan: &mut Scan<R>) -> Result<bool, Broken> {
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
fn first(input: &mut Input) -> Option<Plan> {
    let known = |raw: &Raw| whole(Keys::of(&raw.parse().ok()?)?, raw);
    let begin = {
        let head = source::head(input);
        let mut scan = Scan::new(&*head);
        while scan.take(b'[').ok()? {}
        (scan.token().ok()? == Some(b'{')).then(|| scan.position())
    };
    let Some(begin) = begin else { return torn_from_the_start(&source::head(input)) };
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

fn whole(keys: Keys, first: &Raw) -> Option<Plan> {
    Some(Plan { keys, opening: Opening::of(first)?, torn: false })
}

fn torn_from_the_start(head: &[u8]) -> Option<Plan> {
    let keys = Keys::of(&torn::first(head)?)?;
    let opening = Opening::by_key(&keys.time);
    Some(Plan { keys, opening, torn: true })
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

fn sniff(input: &mut Input) -> bool {
    first(input).is_some()
}

fn import(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let Plan { keys, opening, torn } =
        first(input).ok_or_else(|| Stop::failed("no record of a chat at the beginning"))?;
    let platform = Platform::new(platform(input, &keys, torn));
    let is_jabber = platform.0 == JABBER;
    out.export(Export {
        zone: zone(input, &keys, &platform)?,
        platform,
        importer: IMPORTER.id.to_owned(),
        version: IMPORTER.version,
        package: super::package_of(input, &IMPORTER),
        assumptions: assumptions(&keys),
    })?;
    let mut log = Log {
        keys,
        is_jabber,
        roster: Roster::default(),
        rest: Rest::default(),
        ordinal: 0,
        mended: 0,
        bare: 0,
    };
    let mut scan = Scan::open(input)?;
    scan.announce(out)?;
    let ended = match torn {
        true => log.read_torn(&mut scan, out),
        false => log.read(&mut scan, &opening, out),
    };
    log.tell(out)?;
    conclude(ended, &mut scan, &mut log.rest, out)
}

/// The hours of activity say something only where the platform says where people live; then the
/// log is read once more, before its first message is written.
fn zone(input: &mut Input, keys: &Keys, platform: &Platform) -> Result<ZoneGuess, Stop> {
    if !zone::has_place(platform) {
        return Ok(ZoneGuess::Assumed);
    }
    let mut hours = zone::Hours::default();
    let mut scan = Scan::open(input)?;
    while let Ok(true) = next(&mut scan) {
        let Ok(raw) = scan.value() else { break };
        if let Some(stamp) = raw.parse().ok().and_then(|value| keys.time(&value)) {
            zone::count(&mut hours, &stamp);
        }
    }
    Ok(zone::infer(&hours, platform))
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
fn platform(input: &Input, keys: &Keys, torn: bool) -> &'static str {
    const MOST_TRIES: usize = 400;
    let head = source::head(input);
    let mut handles = Vec::new();
    let mut from = 0;
    if torn {
        for torn in torn::records(&head, &keys.names()) {
            handles.push(text(&torn.value, &keys.from));
            handles.extend(keys.to.as_deref().map(|key| text(&torn.value, key)));
        }
        handles.retain(|handle| !handle.is_empty());
    }
    for _ in 0..if torn { 0 } else { MOST_TRIES } {
        let Some(at) = head[from..].iter().position(|byte| *byte == b'{') else { break };
        from += at;
        // Behind a broken record the next one is looked for at the next brace.
        let value = Scan::new(&head[from..]).value().ok();
        from += match value.and_then(|raw| Some((raw.parse().ok()?, raw.end))) {
            Some((value, end)) => {
                handles.push(text(&value, &keys.from));
                handles.extend(keys.to.as_deref().map(|key| text(&value, key)));
                usize::try_from(end).unwrap_or(1)
            }
            None => 1,
        };
    }
    match platform_of(handles.iter().map(String::as_str)) {
        "table" if keys.time == "ts" && handles.iter().any(|handle| xmpp::is_address(handle)) => {
            JABBER
        }
        platform => platform,
    }
}

struct Log {
    keys: Keys,
    is_jabber: bool,
    roster: Roster,
    rest: Rest,
    ordinal: u64,
    /// Records that are no JSON and were read by their keys.
    mended: u64,
    /// Stretches between records that hold nothing but brackets.
    bare: u64,
}

impl Log {
    fn read<R: Read + Seek>(
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
                        self.bare += 1;
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
    fn read_torn<R: Read + Seek>(
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
    fn tell(&self, out: &mut Out) -> Result<(), Stop> {
        if self.mended > 0 {
            out.warn(format!(
                "{} records are no valid JSON and were read by their keys; the original shows \
                 what else stands there",
                self.mended
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
        message.native_id = super::json::some(value, "id");
        message.kind = match message.text.trim() {
            "" => MessageKind::Empty,
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

#[cfg(test)]
mod tests {
    use super::super::testing::{read, recognised};
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const ONE: &str = r#"{"ts":"2021-04-06T00:40:15.382810","from":"a@host.example","to":"b@host.example","body":"один"}"#;
    const TWO: &str = r#"{"ts":"2021-04-06T00:41:15.000001","from":"b@host.example","to":"a@host.example","body":"?OTR:AAMD"}"#;

    #[test]
    fn records_in_any_arrangement() {
        for file in [
            format!("{ONE}\n{TWO}\n"),
            format!("{ONE}{TWO}"),
            format!("{ONE},\n{TWO}"),
            format!("{ONE},\n{TWO},\n"),
            format!("[{ONE},\n{TWO}]"),
            format!("[{ONE},\n{TWO},"),
            format!("\u{feff}[\n{ONE}\n,{TWO}]\n"),
        ] {
            let read = read(&file);
            assert_eq!(
                (read.importer, read.messages.len(), &read.stop),
                ("flat-json", 2, &None),
                "{file}"
            );
            assert_eq!(read.export().platform.0, "jabber");
            assert_eq!(read.messages[0].text, "один");
            assert_eq!(read.messages[0].time.unwrap().nanos, 382_810_000);
            assert_eq!(read.messages[1].kind, MessageKind::Encrypted);
            assert_eq!(read.conversations.len(), 1, "both directions are one conversation");
            let (start, end) = read.messages[1].span.unwrap();
            assert_eq!(&file[start as usize..end as usize], TWO);
            assert_eq!((read.text.as_str(), read.warnings.len()), ("", 0));
        }
    }

    #[test]
    fn damage_costs_one_record_and_is_told() {
        let cut = read(format!("{ONE}\n{}", &TWO[..60]));
        assert_eq!((cut.messages.len(), cut.warnings.len(), cut.stop), (1, 1, None));
        assert!(cut.text.contains("00:41:15"));
        let stray = read(format!("{ONE}}}\n:{TWO}\n"));
        assert_eq!((stray.messages.len(), stray.stop), (2, None));
        assert!(stray.warnings[0].contains("kept as text"));
        assert_eq!(stray.text.trim(), "}\n:");
        let odd = read(format!("{ONE}{{\"note\":\"x\"}}{TWO}"));
        assert_eq!((odd.messages.len(), odd.text.trim()), (2, "{\"note\":\"x\"}"));
    }

    #[test]
    fn a_lost_quotation_mark_costs_its_own_record() {
        let cut = r#"{"ts":"2021-04-06T00:42:00","from":"c@host.example","to":"d@host.exa"#;
        let bare = r#"{"ts":"2021-04-06T00:42:00","from":"c@host.example", oops "#;
        for broken in [cut, bare, &format!("{cut}\n{bare}")] {
            for gap in ["", "\n", ",\n"] {
                let file = format!("{ONE}{gap}{broken}{gap}{TWO}\n{ONE}");
                let read = read(&file);
                assert_eq!((read.messages.len(), &read.stop), (3, &None), "{file}");
                assert!(!read.warnings.is_empty());
                assert!(read.text.contains("00:42:00"), "{}", read.text);
                let (start, end) = read.messages[1].span.unwrap();
                assert_eq!(&file[start as usize..end as usize], TWO);
            }
        }
        let large = ONE.replace("один", &"长".repeat(700_000));
        let read = read(format!("{ONE}{large}{TWO}{cut}\n{ONE}"));
        assert_eq!((read.messages.len(), read.messages[1].text.len()), (4, 2_100_000));
    }

    #[test]
    fn a_broken_first_record_hides_none_of_the_others() {
        let broken = r#"{"ts":"2021-04-06T00:40:15.38, "from":"c@host.example"}"#;
        for file in [format!("{broken}\n{ONE}\n{TWO}"), format!("[{broken},\n{ONE},\n{TWO}]")] {
            let read = read(&file);
            assert_eq!((read.messages.len(), &read.stop), (2, &None), "{file}");
            assert_eq!(read.export().platform.0, "jabber");
            assert!(read.text.contains("c@host.example"), "{}", read.text);
        }
    }

    /// A record as a program that translates files leaves it.
    fn torn(at: usize, body: &str) -> String {
        let open = if at.is_multiple_of(2) { "{ " } else { "}, " };
        format!(
            "{{\n  {open}\"ts\": \"2021-03-02T07:16:{at:02}.597904\",\n  {{ \"from\": \"lin@host.example\",\n  \
             {{ \"to\": \"mara@host.example\",\n  {{ \"body\": \"{body}\n}}\n"
        )
    }

    #[test]
    fn a_file_that_is_no_json_at_all_is_read_by_its_keys() {
        let bodies =
            ["one\"", "two\".", "three", "{backslash}\"four{backslash}\"\" }", "fi\": \"ve\""];
        let file: String = bodies.iter().enumerate().map(|(at, body)| torn(at, body)).collect();
        let other = bodies.iter().enumerate().map(|(at, body)| torn(at + 1, body));
        assert_eq!(read(other.collect::<String>()).messages.len(), bodies.len());
        for (before, warnings, text) in
            [("", 1, ""), ("mara@host.example\",\n  \"body\": \"cut\"\n}\n", 2, "cut")]
        {
            let file = format!("{before}{file}");
            let read = read(&file);
            assert_eq!((read.importer, &read.stop), ("flat-json", &None));
            assert_eq!(
                read.texts(),
                ["one", "two", "three", "{backslash}\"four{backslash}\"", "fi\": \"ve"]
            );
            assert_eq!(read.export().platform.0, "jabber");
            assert_eq!(read.handles(), ["lin@host.example", "mara@host.example"]);
            assert_eq!(read.conversations.len(), 1);
            assert_eq!(read.messages[1].raw_time, "2021-03-02T07:16:01.597904");
            assert!(read.messages.iter().all(|message| message.time.is_some()));
            let (start, end) = read.messages[1].span.unwrap();
            let record = &file[start as usize..end as usize];
            assert!(record.starts_with("{\n  }, \"ts\"") && record.ends_with("}\n"), "{record}");
            assert_eq!(read.warnings.len(), warnings, "{:?}", read.warnings);
            assert!(read.text.contains(text));
        }
    }

    #[test]
    fn torn_records_between_good_ones_are_messages_too() {
        let good = |at: u32| {
            serde_json::to_string_pretty(&json!({"ts": format!("2021-03-02T07:17:{at:02}"),
                "from": "lin@host.example", "to": "mara@host.example", "body": format!("good {at}")}))
            .unwrap()
        };
        let brace = good(1).replace("\"\n}", "\" }\n}");
        let open = good(2).replace("good 2\"", "good 2");
        let comma = good(3).replace("example\",\n  \"to\"", "example\"\n  \"to\"");
        let quotes = good(4).replace("good 4", "a {b}\"good{b}\" 4");
        let file = [good(0), brace, open, comma, quotes, torn(5, "five\""), good(6)].join("\n");
        let read = read(&file);
        assert_eq!(
            read.texts(),
            ["good 0", "good 1", "good 2", "good 3", "a {b}\"good{b}\" 4", "five", "good 6"]
        );
        assert_eq!((read.text.as_str(), &read.stop), ("", &None));
        assert_eq!(read.warnings.len(), 2, "{:?}", read.warnings);
        let (start, end) = read.messages[3].span.unwrap();
        assert!(file[start as usize..end as usize].contains("good 3"));
    }

    #[test]
    fn records_may_leave_out_what_was_not_said() {
        let silent = ONE.replace(r#","body":"один""#, "");
        let read = read(format!("{silent}\n{ONE}\n{silent}\n{TWO}\n"));
        assert_eq!(read.texts(), ["", "один", "", "?OTR:AAMD"]);
        assert_eq!(read.messages[0].kind, MessageKind::Empty);
        let other = format!("{}\n{ONE}\n", r#"{"ts":"2021-04-06T00:40:15","level":"info"}"#);
        assert_eq!(recognised(other.as_bytes()), None, "a log in which one line looks like a chat");
    }

    #[test]
    fn what_python_prints_is_read() {
        let one = ONE.replace('"', "'").replace("'один'", "'it\\'s \"один\"'");
        let two = TWO.replace('"', "'").replace("'?OTR:AAMD'", "None");
        let read = read(format!("{one}\n{two},\n{}", ONE.replace("\"}", "\",}")));
        assert_eq!(read.texts(), ["it's \"один\"", "", "один"]);
        assert_eq!(read.messages[1].kind, MessageKind::Empty);
        let lists = super::super::testing::read(format!("[[{ONE}],\n[{TWO}]]"));
        assert_eq!((lists.messages.len(), lists.text.as_str()), (2, ""));
    }

    #[test]
    fn other_encodings_are_read_as_well() {
        let wide: Vec<u8> =
            format!("\u{feff}{ONE}\n{TWO}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wide = read(&wide);
        assert_eq!((wide.texts(), wide.messages[0].span), (vec!["один", "?OTR:AAMD"], None));
        let record = r#"{"time":"2021-03-02 01:41:12","from":"wxid_fict0a0001","to":"wxid_fict0b0001","message":"今天下午开会讨论这个项目的合同"}"#;
        let chinese = read(&encoding_rs::GB18030.encode(&record.repeat(3)).0);
        assert_eq!((chinese.messages.len(), chinese.warnings.len()), (3, 0));
        assert_eq!(chinese.messages[2].text, "今天下午开会讨论这个项目的合同");
    }

    #[test]
    fn translated_copies_keep_the_translation_as_text() {
        let read = read(ONE.replace("\"body\"", "\"body_en\":\"one\",\"body\""));
        assert_eq!(read.texts(), ["один"]);
        assert_eq!(read.text, "2021-04-06T00:40:15.382810\tbody_en\tone\n");
    }

    #[test]
    fn what_nobody_could_decrypt_is_told() {
        let check = |body: &str, kind: MessageKind| {
            assert_eq!(read(ONE.replace("один", body)).messages[0].kind, kind, "{body}");
        };
        for notice in [
            "?OTR:AAMD",
            "[ERROR: This message is encrypted, and you are unable to decrypt it.]",
            "[Ошибка: сообщение зашифровано, и невозможно его расшифровать.]",
        ] {
            check(notice, MessageKind::Encrypted);
        }
        for said in ["it is encrypted, who can decrypt it?", "[12:01] <lin> encrypted", "[]"] {
            check(said, MessageKind::Text);
        }
    }

    #[test]
    fn addresses_are_accounts_or_rooms() {
        let record = |from: &str, to: &str| {
            json!({"ts": "2021-04-06T00:40:15.382810", "from": from, "to": to, "body": "x"})
                .to_string()
        };
        let room = "basalt@conference.host.example";
        let file = [
            record("a@host.example", "b@host.example"),
            record("b@host.example/Psi", "a@host.example "),
            record("a@host.example", room),
            record(&format!("{room}/mara"), "a@host.example"),
            record("ahost.example", "ahost.example"),
        ];
        let read = read(file.join("\n"));
        let mut keys: Vec<&str> = read.messages.iter().map(|m| m.conversation.as_str()).collect();
        let pair = pair_key("a@host.example", "b@host.example");
        let own = pair_key("ahost.example", "ahost.example");
        assert_eq!(keys, [&pair, &pair, room, room, &own]);
        keys.dedup();
        assert_eq!(read.conversations.len(), keys.len());
        let told = &read.conversations[1];
        assert_eq!((told.kind, told.title.as_str()), (ConversationKind::Group, room));
        assert_eq!(
            read.handles(),
            ["a@host.example", "ahost.example", "b@host.example", &format!("{room}/mara")]
        );
    }

    #[test]
    fn other_sets_of_keys() {
        let basta = read(
            r#"[{"timestamp":"2023-09-18 13:35:07","chat_id":"!r:s.example","sender_alias":"@a:s.example","message":"x"}]"#,
        );
        assert_eq!(
            (basta.export().platform.0.as_str(), basta.messages[0].conversation.as_str()),
            ("matrix", "!r:s.example")
        );
        let soon = read(
            r#"[{"time":"2021-03-02 01:41:12","from":"wxid_fict0a0001","to":"1@chatroom","message":""}]"#,
        );
        assert_eq!(soon.export().platform.0, "wechat");
        assert_eq!(
            (soon.messages[0].kind, soon.messages[0].conversation.as_str()),
            (MessageKind::Empty, "1@chatroom")
        );
        let told = read(
            r#"[{"time":"2021-03-02 01:41:12","from":"1@chatroom","to":"wxid_fict0a0001","message":"wxid_fict0b0001:\n好"}]"#,
        );
        let message = &told.messages[0];
        assert_eq!(
            (message.sender.as_deref(), message.text.as_str()),
            (Some("wxid_fict0b0001"), "好")
        );
        for other in [
            r#"[{"date":"2021-03-02 01:41:12","from":"a","to":"b","subject":"s","body":"x"}]"#,
            r#"[{"date":"2021-03-02","from":"a","to":"b","message":"x"}]"#,
            r#"{"date":"2021-03-02 01:41:12","sender":"a","body":"x","quote":""}"#,
            r#"[{"time":"2021-03-02 01:41:12","from":"a","to":"b","amount":5,"message":"x"}]"#,
            r#"[{"time":"2021-03-02 01:41:12","level":"info","from":"a","to":"b","message":"x"}]"#,
        ] {
            assert_eq!(recognised(other.as_bytes()), None, "{other}");
        }
    }

    proptest! {
        /// Braces before the keys take nothing from what was said.
        #[test]
        fn any_text_comes_back_from_torn_records(texts in prop::collection::vec(any::<String>(), 2..6)) {
            let body = |text: &String| {
                let body = serde_json::to_string(text).unwrap();
                body.strip_prefix('"').unwrap().to_owned()
            };
            let file: String = texts.iter().enumerate().map(|(at, text)| torn(at, &body(text))).collect();
            let wanted: Vec<String> = texts.iter().map(|text| text.replace('\0', "\u{2400}")).collect();
            let read = read(&file);
            prop_assert_eq!(read.texts(), wanted);
        }

        #[test]
        fn any_text_comes_back(texts in prop::collection::vec(any::<String>(), 1..6), pretty in any::<bool>()) {
            let mut file = String::new();
            for text in &texts {
                let record = json!({"ts": "2021-04-06T00:40:15.382810", "from": "a@h.example", "to": "b@h.example", "body": text});
                file += &if pretty { serde_json::to_string_pretty(&record) } else { serde_json::to_string(&record) }.unwrap();
            }
            let read = read(&file);
            let wanted: Vec<String> = texts.iter().map(|text| text.replace('\0', "\u{2400}")).collect();
            prop_assert_eq!(read.texts(), wanted);
        }
    }
}
