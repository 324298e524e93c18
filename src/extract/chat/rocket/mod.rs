//! Rocket.Chat: `{"messages": [...], "success": true}` as its API answers, one room and day a
//! file, newest first; the order of the file is kept. Several answers may stand in a file.

mod attachments;
#[cfg(test)]
mod tests;

use super::json::{is_true, list, number, scalar, some, str, text};
use super::opening::{Found, Opening};
use super::rest::Rest;
use super::roster::Roster;
use super::scan::{Broken, Scan};
use super::source::{self, Source};
use super::stream::{Ended, PROBE, another, conclude};
use super::{Importer, stamp};
use crate::extract::record::{Export, Message, ZoneGuess};
use crate::extract::{Input, Out, Stop};
use crate::model::{ConversationKind, Media, MessageKind, Platform};
use attachments::{Quotes, append, attachments};
use serde_json::Value;
use std::io::{Read, Seek};

pub(super) const IMPORTER: Importer = Importer { id: "rocketchat-json", version: 3, sniff, import };

fn is_message(value: &Value) -> bool {
    ["_id", "rid", "ts", "u"].iter().all(|key| value.get(key).is_some())
}

/// How a file holds its messages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Answers of the API, one or several: objects with the list in them.
    Answer,
    /// A list, or one record after the other, as a dump of the database has them.
    Bare,
}

/// So many records that are no messages may stand before the first one.
const MOST_TRIES: usize = 16;

fn shape(input: &mut Input) -> Option<Shape> {
    if !matches!(Scan::new(&*source::head(input)).token().ok().flatten(), Some(b'{' | b'[')) {
        return None;
    }
    let mut scan = Scan::new(Source::open(input).ok()?.take(PROBE));
    while scan.take(b'[').ok()? {}
    for _ in 0..MOST_TRIES {
        match answer(&mut scan).ok()? {
            Looked::Found(shape) => return Some(shape),
            Looked::Other => return None,
            Looked::Message => {}
        }
        while scan.take(b',').ok()? {}
    }
    None
}

/// What an object is by its keys.
enum Looked {
    Found(Shape),
    /// It has some keys of a message and not all.
    Message,
    Other,
}

/// Looks into an object: the answer of the API, or a message itself.
fn answer<R: Read>(scan: &mut Scan<R>) -> Result<Looked, Broken> {
    let (mut empty, mut success) = (false, false);
    let mut own = 0;
    if !scan.take(b'{')? {
        return Ok(Looked::Other);
    }
    while let Some(key) = scan.key()? {
        match key.as_str() {
            "messages" if scan.take(b'[')? => {
                empty = true;
                for _ in 0..MOST_TRIES {
                    if !scan.element()? {
                        break;
                    }
                    empty = false;
                    if is_message(&scan.value()?.parse().unwrap_or_default()) {
                        return Ok(Looked::Found(Shape::Answer));
                    }
                }
                if !empty {
                    return Ok(Looked::Other);
                }
            }
            "success" => success = scan.value()?.bytes == b"true",
            key => {
                own += usize::from(["_id", "rid", "ts", "u"].contains(&key));
                scan.skip()?;
            }
        }
    }
    // An empty room-day is still an export.
    Ok(match () {
        () if own == 4 => Looked::Found(Shape::Bare),
        () if empty && success => Looked::Found(Shape::Answer),
        () if own >= 2 => Looked::Message,
        () => Looked::Other,
    })
}

fn sniff(input: &mut Input) -> bool {
    shape(input).is_some()
}

fn import(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let shape = shape(input).unwrap_or(Shape::Answer);
    out.export(Export {
        platform: Platform::new("rocketchat"),
        importer: IMPORTER.id.to_owned(),
        version: IMPORTER.version,
        package: super::package_of(input, &IMPORTER),
        zone: ZoneGuess::Stated,
        assumptions: Vec::new(),
    })?;
    let title = title(input.name);
    let mut room = Room {
        roster: Roster::default(),
        rest: Rest::default(),
        title,
        ordinal: 0,
        quotes: Quotes::default(),
    };
    let mut scan = Scan::open(input)?;
    scan.announce(out)?;
    let ended = match shape {
        Shape::Answer => room.answers(&mut scan, out),
        Shape::Bare => room.bare(&mut scan, out),
    };
    room.quotes.write(&mut room.rest, out)?;
    conclude(ended, &mut scan, &mut room.rest, out)
}

/// Keys of an answer that say nothing but how much there is.
#[rustfmt::skip]
const PAGING: &[&str] = &[
    "success", "count", "offset", "total", "unreadNotLoaded", "firstUnread",
];

struct Room {
    roster: Roster,
    rest: Rest,
    title: String,
    ordinal: u64,
    quotes: Quotes,
}

impl Room {
    fn answers<R: Read + Seek>(&mut self, scan: &mut Scan<R>, out: &mut Out) -> Result<(), Ended> {
        while scan.take(b'[')? {}
        while another(b'{', scan, &mut self.rest, out)? {
            self.answer(scan, out)?;
        }
        Ok(())
    }

    fn answer<R: Read + Seek>(&mut self, scan: &mut Scan<R>, out: &mut Out) -> Result<(), Ended> {
        scan.take(b'{')?;
        while let Some(key) = scan.key()? {
            if key == "messages" && scan.take(b'[')? {
                let mut opening = None;
                while scan.element()? {
                    self.record(&mut opening, scan, out)?;
                }
            } else if PAGING.contains(&key.as_str()) {
                scan.skip()?;
            } else {
                // What the answer says of its room.
                let start = scan.position();
                scan.skip()?;
                let end = scan.position();
                self.rest.line(out, &key)?;
                self.rest.stretch(out, scan, start, end)?;
            }
        }
        Ok(())
    }

    fn bare<R: Read + Seek>(&mut self, scan: &mut Scan<R>, out: &mut Out) -> Result<(), Ended> {
        let mut opening = None;
        loop {
            match scan.token()? {
                None => return Ok(()),
                Some(byte @ (b',' | b'[' | b']')) => {
                    scan.take(byte)?;
                }
                Some(_) => self.record(&mut opening, scan, out)?,
            }
        }
    }

    fn record<R: Read + Seek>(
        &mut self,
        opening: &mut Option<Opening>,
        scan: &mut Scan<R>,
        out: &mut Out,
    ) -> Result<(), Ended> {
        let raw = match Opening::element(opening, scan)? {
            Found::Record(raw) => raw,
            Found::Damage(start, end) => return self.rest.damage(out, scan, start, end),
        };
        match raw.parse() {
            Ok(value) if is_message(&value) => self.message(&value, raw.span(), out)?,
            _ => {
                out.warn(format!("the record at byte {} is no message", raw.start))?;
                self.rest.line(out, &raw.text())?;
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
        let rid = text(value, "rid");
        let user = &value["u"];
        let sender = some(user, "username").or_else(|| some(user, "_id"));
        let id = text(user, "_id");
        if let Some(handle) = &sender {
            self.roster.account_with(out, handle, str(user, "name"), false, || {
                let mut attributes = Vec::new();
                if !id.is_empty() && id != *handle {
                    attributes.push(("id".to_owned(), id.clone()));
                }
                attributes
            })?;
        }
        let title = &self.title;
        self.roster.conversation(out, &rid, || (kind(&rid, &id), title.clone(), Vec::new()))?;

        let mut message = Message::new(&rid, self.ordinal);
        self.ordinal += 1;
        message.native_id = some(value, "_id");
        message.raw_time = text(value, "ts");
        message.time = time(value.get("ts"));
        if message.raw_time.is_empty() {
            let date = value.get("ts").and_then(dumped);
            message.raw_time = scalar(date);
        }
        message.sender = sender;
        message.text = text(value, "msg");
        if message.text.is_empty() {
            message.text = parsed_text(value.get("md"), 0);
        }
        message.span = span;
        let own = message.native_id.clone().unwrap_or_default();
        self.quotes.say(&own, &message.text);
        message.thread = some(value, "tmid");
        message.reply_to = message.thread.clone();
        attachments(list(value, "attachments"), &mut message, &mut self.quotes, 0);
        for file in value.get("file").into_iter().chain(list(value, "files")) {
            let name = str(file, "name");
            if name.is_empty() {
                continue;
            }
            if !message.media.iter().any(|media| media.name.ends_with(name)) {
                message.media.push(Media {
                    kind: "file".to_owned(),
                    name: name.to_owned(),
                    mime: str(file, "type").to_owned(),
                    size: number(file, "size"),
                    ..Media::default()
                });
            } else if let Some(media) = message.media.iter_mut().find(|m| m.name.ends_with(name)) {
                media.mime = str(file, "type").to_owned();
                media.size = media.size.or(number(file, "size"));
            }
        }
        if value.get("editedAt").is_some_and(|at| !at.is_null()) {
            message.edited = Some(text(value, "editedAt"));
        }
        if let Some(reactions) = value.get("reactions").and_then(Value::as_object) {
            for (emoji, who) in reactions {
                let count = list(who, "usernames").len();
                message.reactions.push((emoji.clone(), u32::try_from(count).unwrap_or(u32::MAX)));
            }
        }
        message.kind = match str(value, "t") {
            "" if str(value, "e2e").is_empty() => {
                if !message.media.is_empty() {
                    MessageKind::Media
                } else if message.text.is_empty() && message.quote.is_none() {
                    MessageKind::Empty
                } else {
                    MessageKind::Text
                }
            }
            "" | "e2e" | "otr" => MessageKind::Encrypted,
            "rm" => MessageKind::Deleted,
            event => {
                message.text = event_text(event, &message.text);
                append(&mut message.text, str(value, "role"));
                MessageKind::System
            }
        };
        if let Some(point) = value.get("location").map(|place| list(place, "coordinates"))
            && !point.is_empty()
        {
            // Longitude stands first.
            let point: Vec<String> = point.iter().rev().map(|n| scalar(Some(n))).collect();
            append(&mut message.text, &point.join(", "));
            message.media.push(Media { kind: "location".to_owned(), ..Media::default() });
            message.kind = MessageKind::Media;
        }
        self.aside(value, &message, out)?;
        if self.quotes.is_full() {
            self.quotes.write(&mut self.rest, out)?;
        }
        if is_true(value, "_hidden") && message.kind == MessageKind::Text {
            message.kind = MessageKind::Deleted;
        }
        out.message(message)
    }

    /// What belongs to a message and was not said in it: what linked pages say of themselves, who
    /// changed or pinned it, the name a bot took. Found by a search, not mixed into what was said.
    /// Who was mentioned stands in the text; who reacted is counted; marks like `starred` are the
    /// reader's.
    fn aside(&mut self, value: &Value, message: &Message, out: &mut Out) -> Result<(), Stop> {
        let at = &message.raw_time;
        for url in list(value, "urls") {
            let meta = url.get("meta").unwrap_or(&Value::Null);
            let mut said: Vec<&str> = Vec::new();
            for part in PAGE.iter().map(|key| str(meta, key)) {
                if !part.is_empty() && !said.contains(&part) {
                    said.push(part);
                }
            }
            let address = str(url, "url");
            if !said.is_empty() || !message.text.contains(address) {
                said.insert(0, address);
                self.rest.line(out, &format!("{at}\turl\t{}", said.join("\t")))?;
            }
        }
        let by = |key: &str| value.get(key).and_then(|user| some(user, "username"));
        if let Some(editor) = by("editedBy").filter(|by| Some(by) != message.sender.as_ref()) {
            self.rest.line(out, &format!("{at}\tedited by\t{editor}"))?;
        }
        if let Some(who) = by("pinnedBy") {
            self.rest.line(out, &format!("{at}\tpinned by\t{who}"))?;
        }
        if let Some(alias) = some(value, "alias").filter(|alias| *alias != str(&value["u"], "name"))
        {
            self.rest.line(out, &format!("{at}\talias\t{alias}"))?;
        }
        Ok(())
    }
}

/// The text of a message that stands only in its parsed form.
fn parsed_text(value: Option<&Value>, depth: u32) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) if depth < 32 => {
            let parts = parts.iter().map(|part| parsed_text(Some(part), depth + 1));
            let block = |part: &Value| part.get("type").is_some_and(|kind| kind == "PARAGRAPH");
            let between = if value.is_some_and(|v| v.as_array().into_iter().flatten().any(block)) {
                "\n"
            } else {
                ""
            };
            parts.collect::<Vec<_>>().join(between)
        }
        Some(Value::Object(part)) if depth < 32 => {
            ["value", "label", "src", "shortCode", "unicode"]
                .iter()
                .map(|key| parsed_text(part.get(*key), depth + 1))
                .find(|text| !text.is_empty())
                .unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// What a page that was linked to says of itself, as the server saw it then.
#[rustfmt::skip]
const PAGE: &[&str] = &[
    "pageTitle", "ogTitle", "twitterTitle", "oembedTitle", "description", "ogDescription",
    "twitterDescription", "oembedAuthorName", "ogSiteName",
];

fn time(value: Option<&Value>) -> Option<crate::model::Stamp> {
    match value? {
        Value::String(text) => stamp::iso(text).or_else(|| stamp::epoch(text)),
        Value::Number(number) => {
            let ms = number.as_i64()?;
            let nanos = u32::try_from(ms.rem_euclid(1000)).ok()? * 1_000_000;
            Some(crate::model::Stamp::utc(ms.div_euclid(1000), nanos))
        }
        date @ Value::Object(_) => time(dumped(date).filter(|inner| !inner.is_object())),
        _ => None,
    }
}

/// The date in `{"$date": ...}` or `{"$date": {"$numberLong": "..."}}`, as a dump of the database
/// has it.
fn dumped(date: &Value) -> Option<&Value> {
    let inner = date.get("$date")?;
    Some(inner.get("$numberLong").unwrap_or(inner))
}

/// The id of a direct room is those of both users in a row.
fn kind(rid: &str, user: &str) -> ConversationKind {
    let direct = user.len() >= 10
        && rid.len() > user.len()
        && (rid.starts_with(user) || rid.ends_with(user));
    match () {
        () if direct => ConversationKind::Pair,
        () if rid == "GENERAL" => ConversationKind::Channel,
        () => ConversationKind::Unknown,
    }
}

/// What the name of the file adds: `2020-12-21-general.json`.
fn title(name: &str) -> String {
    let stem = name.strip_suffix(".json").unwrap_or(name);
    let bytes = stem.as_bytes();
    let dated = bytes.len() > 11
        && bytes[..10].iter().enumerate().all(|(at, b)| match at {
            4 | 7 => *b == b'-',
            _ => b.is_ascii_digit(),
        })
        && bytes[10] == b'-';
    // Ten digits, two dashes and one more are ASCII: the cut is at a character.
    if dated { stem.get(11..).unwrap_or_default().to_owned() } else { String::new() }
}

/// Events as a person reads them; what they are about stands in the message's text.
fn event_text(event: &str, about: &str) -> String {
    let said = match event {
        "au" => "added to the room",
        "ru" => "removed from the room",
        "uj" | "ujc" | "ut" => "joined",
        "ul" | "ult" => "left",
        "r" => "room renamed",
        "discussion-created" => "discussion created",
        "message_pinned" => "message pinned",
        "room_changed_topic" => "topic changed",
        "room_changed_description" => "description changed",
        "room_changed_announcement" => "announcement changed",
        "room_changed_privacy" => "privacy changed",
        "room_changed_avatar" => "picture changed",
        "user-muted" => "muted",
        "user-unmuted" => "unmuted",
        other => other,
    };
    if about.is_empty() { said.to_owned() } else { format!("{said}: {about}") }
}
