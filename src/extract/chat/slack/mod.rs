//! Slack: an export of many files, each read alone.
//!
//! Accounts are handles `U…` in the day files; `users.json` names them, whenever it arrives.
//! Conversations are keyed by the name of their folder, because that is what a day file knows and
//! the index files know too (the name of a channel, the id of a direct conversation); the store keeps
//! workspaces apart by the place of the package. Texts keep `@U…`; [`resolve`] puts names in.

mod text;

#[cfg(test)]
mod tests;

use super::json::{self, is_true, list, number, some, str};
use super::opening::{Found, Opening};
use super::rest::Rest;
use super::roster::Roster;
use super::scan::{Broken, Scan};
use super::source::{self, Source};
use super::stream::{Ended, PROBE, another, conclude};
use super::{Importer, stamp};
use crate::extract::record::{Export, Message, Participant, ZoneGuess};
use crate::extract::{Input, Out, Stop};
use crate::model::{ConversationKind, Media, MessageKind, Platform};
use serde_json::Value;
use std::io::{Read, Seek};
use text::{blocks, plain};

/// The importer's name, in the claims that `package.rs` makes and in its exports.
pub const ID: &str = "slack-export";

pub(super) const IMPORTER: Importer = Importer { id: ID, version: 3, sniff, import };

/// Puts names into a message's text: every `@U…` for which `lookup` knows the account's name
/// becomes `@name`. Pure; to be applied when a message is shown or exported, and as often as
/// `users.json` changes what is known.
pub fn resolve(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    text::resolve(text, lookup)
}

/// What the list in a file consists of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shape {
    Messages,
    Users,
    Channels,
    /// `[]`: what it is says only the claim.
    Nothing,
}

/// What can only be an id; where the file itself says that ids stand there, any is one.
fn is_id(id: &str, letters: &[char]) -> bool {
    id.len() >= 3 && is_short_id(id, letters)
}

fn is_short_id(id: &str, letters: &[char]) -> bool {
    id.len() >= 2
        && id.starts_with(letters)
        && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn is_ts(ts: &str) -> bool {
    ts.split_once('.').is_some_and(|(whole, fraction)| {
        (9..=11).contains(&whole.len())
            && (1..=9).contains(&fraction.len())
            && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
    })
}

/// `role`: what the file is by its place in a workspace; in a list of users a name is enough.
fn shape_of(value: &Value, role: &str) -> Option<Shape> {
    let of_users = role == "users";
    let of_channels = matches!(role, "channels" | "groups" | "dms" | "mpims");
    let said = || value.get("text").is_some() && value.get("user").is_some();
    match str(value, "type") {
        "message" if is_ts(&json::text(value, "ts")) => return Some(Shape::Messages),
        // Some tools leave the type out.
        "" if is_ts(&json::text(value, "ts")) && said() => return Some(Shape::Messages),
        _ => {}
    }
    let id = str(value, "id");
    let is_known = |letters: &[char], said: bool| match said {
        true => is_short_id(id, letters),
        false => is_id(id, letters),
    };
    if is_known(&['U', 'W'], of_users)
        && (value.get("profile").is_some()
            || value.get("real_name").is_some()
            || (of_users && !str(value, "name").is_empty()))
    {
        return Some(Shape::Users);
    }
    if is_known(&['C', 'D', 'G'], of_channels) && value.get("members").is_some() {
        return Some(Shape::Channels);
    }
    None
}

fn shape(input: &mut Input) -> Option<Shape> {
    if Scan::new(&*source::head(input)).token().ok().flatten() != Some(b'[') {
        return None;
    }
    let claim = input.claim.filter(|claim| claim.importer == ID);
    let role = claim.map(|claim| claim.role.clone()).unwrap_or_default();
    let mut scan = Scan::new(Source::open(input).ok()?.take(PROBE));
    let mut probe = || -> Result<Option<Shape>, Broken> {
        if !scan.take(b'[')? {
            return Ok(None);
        }
        if !scan.element()? {
            return Ok(Some(Shape::Nothing));
        }
        Ok(scan.value()?.parse().ok().and_then(|value| shape_of(&value, &role)))
    };
    probe().unwrap_or(None)
}

fn sniff(input: &mut Input) -> bool {
    let claimed = input.claim.is_some_and(|claim| claim.importer == ID);
    match shape(input) {
        Some(Shape::Nothing) => claimed,
        shape => shape.is_some(),
    }
}

fn import(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    out.export(Export {
        platform: Platform::new("slack"),
        importer: IMPORTER.id.to_owned(),
        version: IMPORTER.version,
        package: super::package_of(input, &IMPORTER),
        zone: ZoneGuess::Stated,
        assumptions: Vec::new(),
    })?;
    let claim = input.claim.filter(|claim| claim.importer == ID);
    let conversation = match claim.and_then(|claim| claim.conversation.clone()) {
        Some(folder) => folder,
        None => match input.path.rsplit_once('/') {
            Some((folder, _)) => folder.rsplit('/').next().unwrap_or(folder).to_owned(),
            None => input.name.strip_suffix(".json").unwrap_or(input.name).to_owned(),
        },
    };
    let role = claim.map(|claim| claim.role.clone()).unwrap_or_default();
    let mut part =
        Part { roster: Roster::default(), rest: Rest::default(), conversation, role, ordinal: 0 };
    let mut scan = Scan::open(input)?;
    scan.announce(out)?;
    let ended = part.read(&mut scan, out);
    conclude(ended, &mut scan, &mut part.rest, out)
}

struct Part {
    roster: Roster,
    rest: Rest,
    conversation: String,
    role: String,
    ordinal: u64,
}

impl Part {
    fn read<R: Read + Seek>(&mut self, scan: &mut Scan<R>, out: &mut Out) -> Result<(), Ended> {
        // Files that were joined hold several lists.
        while another(b'[', scan, &mut self.rest, out)? {
            self.list(scan, out)?;
        }
        Ok(())
    }

    fn list<R: Read + Seek>(&mut self, scan: &mut Scan<R>, out: &mut Out) -> Result<(), Ended> {
        scan.take(b'[')?;
        let mut opening = None;
        let mut role = self.role.clone();
        while scan.element()? {
            let raw = match Opening::element(&mut opening, scan)? {
                Found::Record(raw) => raw,
                Found::Damage(start, end) => {
                    self.rest.damage(out, scan, start, end)?;
                    continue;
                }
            };
            let value = raw.parse().unwrap_or_default();
            match shape_of(&value, &role) {
                Some(Shape::Messages) => self.message(&value, raw.span(), out)?,
                Some(Shape::Users) => {
                    role = "users".to_owned();
                    user(&value, out)?;
                }
                Some(Shape::Channels) => self.channel(&value, out)?,
                _ => {
                    out.warn(format!("the record at byte {} is not known", raw.start))?;
                    self.rest.line(out, &raw.text())?;
                }
            }
        }
        Ok(())
    }

    fn channel(&mut self, value: &Value, out: &mut Out) -> Result<(), Stop> {
        let id = str(value, "id");
        let name = str(value, "name");
        let kind = match () {
            () if self.role == "dms" || is_true(value, "is_im") || name.is_empty() => {
                ConversationKind::Pair
            }
            () if self.role == "mpims"
                || is_true(value, "is_mpim")
                || name.starts_with("mpdm-") =>
            {
                ConversationKind::Group
            }
            () => ConversationKind::Channel,
        };
        let members: Vec<String> =
            list(value, "members").iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let key = if name.is_empty() { id } else { name };
        self.roster.conversation(out, key, || (kind, name.to_owned(), members))?;
        for what in ["topic", "purpose"] {
            let said = value.get(what).map(|inner| plain(str(inner, "value"))).unwrap_or_default();
            if !said.is_empty() {
                self.rest.line(out, &format!("#{key} {what}: {said}"))?;
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
        let key = self.conversation.clone();
        self.roster.conversation(out, &key, || match () {
            () if is_short_id(&key, &['D']) => (ConversationKind::Pair, String::new(), Vec::new()),
            () if key.starts_with("mpdm-") => (ConversationKind::Group, key.clone(), Vec::new()),
            () => (ConversationKind::Unknown, key.clone(), Vec::new()),
        })?;
        let mut message = Message::new(&key, self.ordinal);
        self.ordinal += 1;
        // What was done to another message is an event that holds the message, before and after.
        let former = value.get("previous_message");
        let (is_change, is_deletion) = match str(value, "subtype") {
            "message_changed" => (true, false),
            "message_deleted" => (false, true),
            _ => (false, false),
        };
        let body = match () {
            () if is_change => value.get("message").unwrap_or(value),
            () if is_deletion => former.unwrap_or(value),
            () => value,
        };
        message.sender = self.sender(body, out)?;
        message.raw_time = json::text(value, "ts");
        message.time = stamp::epoch(&message.raw_time);
        message.native_id = Some(match is_deletion {
            true => some(value, "deleted_ts").or_else(|| some(body, "ts")),
            false => some(body, "ts"),
        })
        .map(|id| id.unwrap_or_else(|| message.raw_time.clone()));
        message.span = span;
        message.text = said(body);
        for attachment in list(body, "attachments") {
            attached(attachment, &mut message);
        }
        if let Some(quote) = &message.quote {
            let line = format!("{}\tquotes\t{}", message.raw_time, quote.replace('\n', " "));
            self.rest.line(out, &line)?;
        }
        for file in list(body, "files").iter().chain(body.get("file")) {
            message.media.push(media(file));
            self.file(file, &message.raw_time, out)?;
        }
        if let Some(root) =
            some(body, "thread_ts").filter(|root| message.native_id.as_ref() != Some(root))
        {
            message.reply_to = Some(root.clone());
            message.thread = Some(root);
        }
        if let Some(edited) = body.get("edited").filter(|edited| edited.is_object()) {
            message.edited = Some(json::text(edited, "ts"));
        }
        if is_change {
            message.edited.get_or_insert_with(|| message.raw_time.clone());
            let before = former.map(said).unwrap_or_default();
            if !before.is_empty() && before != message.text {
                if !message.text.is_empty() {
                    message.text.push('\n');
                }
                message.text.push_str(&format!("[before the edit: {before}]"));
            }
        }
        for reaction in list(body, "reactions") {
            let count = number(reaction, "count").unwrap_or(list(reaction, "users").len() as u64);
            message
                .reactions
                .push((str(reaction, "name").to_owned(), u32::try_from(count).unwrap_or(u32::MAX)));
        }
        message.kind = match str(value, "subtype") {
            "tombstone" | "message_deleted" => MessageKind::Deleted,
            subtype if is_event(subtype) => {
                if message.text.is_empty() {
                    message.text = subtype.replace('_', " ");
                }
                MessageKind::System
            }
            _ if !message.media.is_empty() => MessageKind::Media,
            _ if message.text.is_empty() && message.quote.is_none() => MessageKind::Empty,
            _ => MessageKind::Text,
        };
        out.message(message)
    }

    /// What a file says of itself beside its name: its title, the beginning of its text.
    fn file(&mut self, file: &Value, at: &str, out: &mut Out) -> Result<(), Stop> {
        let name = str(file, "name");
        for key in ["title", "plain_text", "preview"] {
            let said = str(file, key);
            if !said.is_empty() && said != name {
                self.rest.line(out, &format!("{at}\t{name}\t{said}"))?;
                if key != "title" {
                    break;
                }
            }
        }
        Ok(())
    }

    /// The account; what the message itself says about it is announced.
    fn sender(&mut self, value: &Value, out: &mut Out) -> Result<Option<String>, Stop> {
        let profile = value.get("user_profile").unwrap_or(&Value::Null);
        // Who commented on a file stands in the comment, in exports of before 2018.
        let comment = value.get("comment").unwrap_or(&Value::Null);
        if let Some(user) = some(value, "user").or_else(|| some(comment, "user")) {
            let name = ["real_name", "display_name", "name"].map(|key| str(profile, key));
            let name = name.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
            self.roster.account_with(out, &user, name, false, || {
                some(profile, "name")
                    .map(|name| ("username".to_owned(), name))
                    .into_iter()
                    .collect()
            })?;
            return Ok(Some(user));
        }
        let bot = value.get("bot_profile").unwrap_or(&Value::Null);
        let name = some(value, "username").or_else(|| some(bot, "name")).unwrap_or_default();
        let handle = some(value, "bot_id").unwrap_or_else(|| name.clone());
        if handle.is_empty() {
            return Ok(None);
        }
        self.roster.account_with(out, &handle, &name, true, Vec::new)?;
        Ok(Some(handle))
    }
}

fn user(value: &Value, out: &mut Out) -> Result<(), Stop> {
    let profile = value.get("profile").unwrap_or(&Value::Null);
    let names = [
        str(value, "real_name"),
        str(profile, "real_name"),
        str(profile, "display_name"),
        str(value, "name"),
    ];
    let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let mut attributes = Vec::new();
    let mut keep = |key: &str, said: &str| {
        if !said.is_empty() && said != name {
            attributes.push((key.to_owned(), said.to_owned()));
        }
    };
    keep("username", str(value, "name"));
    for key in ["display_name", "email", "phone", "skype", "title", "status_text"] {
        keep(key, str(profile, key));
    }
    keep("tz", str(value, "tz"));
    if is_true(value, "deleted") {
        keep("deleted", "true");
    }
    out.participant(Participant {
        handle: str(value, "id").to_owned(),
        name: name.to_owned(),
        attributes,
        is_bot: is_true(value, "is_bot"),
    })
}

/// The text of a message with what its blocks say beyond it.
fn said(value: &Value) -> String {
    let mut text = plain(str(value, "text"));
    add_blocks(list(value, "blocks"), &mut text);
    text
}

/// Adds what blocks say and the text does not. `rich_text` is the text itself, with its marks as
/// blocks; where an app sends other blocks, the text is a summary of them or nothing.
fn add_blocks(all: &[Value], text: &mut String) {
    let rich = all.iter().all(|block| str(block, "type") == "rich_text");
    if rich && !text.is_empty() {
        return;
    }
    for line in blocks(all).lines().filter(|line| !line.trim().is_empty()) {
        if !text.contains(line.trim()) {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(line);
        }
    }
}

/// A shared message or a preview is a quote; what a bot hangs on its message is its text.
fn attached(attachment: &Value, message: &mut Message) {
    let quoted = ["from_url", "original_url"].iter().any(|key| attachment.get(key).is_some())
        || ["is_share", "is_msg_unfurl", "is_reply_unfurl"]
            .iter()
            .any(|key| is_true(attachment, key));
    let mut said: Vec<String> = Vec::new();
    for key in ["pretext", "author_name", "title", "text"] {
        let mut part = plain(str(attachment, key));
        let link = str(attachment, "title_link");
        if key == "title" && !part.is_empty() && !link.is_empty() && !message.text.contains(link) {
            part.push_str(&format!(" ({link})"));
        }
        if !part.is_empty() && !said.contains(&part) {
            said.push(part);
        }
    }
    let mut shown = said.join("\n");
    let own = shown.len();
    add_blocks(list(attachment, "blocks"), &mut shown);
    if let Some(more) = shown.get(own..).map(str::trim).filter(|more| !more.is_empty()) {
        said.push(more.to_owned());
    }
    for field in list(attachment, "fields") {
        said.push(plain(&format!("{}: {}", str(field, "title"), str(field, "value"))));
    }
    said.extend(some(attachment, "footer").map(|footer| plain(&footer)));
    if said.is_empty() {
        said.push(plain(str(attachment, "fallback")));
    }
    let said = said.join("\n");
    let target = if quoted { message.quote.get_or_insert_default() } else { &mut message.text };
    if said.is_empty() || target.contains(&said) {
        return;
    }
    if !target.is_empty() {
        target.push('\n');
    }
    target.push_str(&said);
}

fn media(file: &Value) -> Media {
    let mime = str(file, "mimetype");
    let kind = match mime.split('/').next() {
        Some("image") => "photo",
        Some("video") => "video",
        Some("audio") => "audio",
        _ => "file",
    };
    let note = match str(file, "mode") {
        "tombstone" => "deleted".to_owned(),
        "hidden_by_limit" => "hidden by the limit of the workspace's plan".to_owned(),
        _ => some(file, "url_private").or_else(|| some(file, "permalink")).unwrap_or_default(),
    };
    Media {
        kind: kind.to_owned(),
        name: some(file, "name")
            .or_else(|| some(file, "title"))
            .unwrap_or_else(|| json::text(file, "id")),
        mime: mime.to_owned(),
        size: number(file, "size"),
        note,
    }
}

/// Subtypes that the platform writes. The others (`bot_message`, `me_message`, `file_share`,
/// `thread_broadcast`, `slackbot_response`, ...) are what somebody said.
fn is_event(subtype: &str) -> bool {
    const PREFIXES: &[&str] =
        &["channel_", "group_", "huddle_", "pinned_", "unpinned_", "sh_room_"];
    const EVENTS: &[&str] = &[
        "bot_add",
        "bot_remove",
        "bot_enable",
        "bot_disable",
        "reminder_add",
        "reminder_delete",
        "joiner_notification",
        "joiner_notification_for_inviter",
        "app_conversation_join",
        "bot_channel_join",
        "ekm_access_denied",
        "tombstone",
        "workflow_access_message",
        "unfurl_consent",
    ];
    PREFIXES.iter().any(|prefix| subtype.starts_with(prefix)) || EVENTS.contains(&subtype)
}
