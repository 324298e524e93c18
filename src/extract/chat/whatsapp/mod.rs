//! WhatsApp's text export: `_chat.txt` of iOS, `WhatsApp Chat with X.txt` of Android.
//!
//! The format is a rendering for people: the order of day and month, the half of the day and the
//! words for media and events follow the language of the phone. So the file is read as a whole,
//! the forms of its heads and the order of the date in each are found for all of it, and what was
//! assumed is said.

mod body;
mod header;
mod locale;
mod order;
mod shapes;
mod words;

#[cfg(test)]
mod tests;

use super::rest::Rest;
use super::roster::{Roster, group_key, pair_key};
use super::{Importer, decode};
use crate::extract::record::{Export, Message, ZoneGuess};
use crate::extract::{Input, Out, Stop};
use crate::model::{ConversationKind, MessageKind, Platform, Stamp};
use crate::text::tally::counted;
use body::{Names, clean_name};
use header::Style;
use order::Order;
use shapes::{Entry, Shaped};
use std::collections::BTreeSet;

pub(super) const IMPORTER: Importer = Importer { id: "whatsapp-text", version: 3, sniff, import };

/// How a column of stamps is read whose order of day and month the column itself decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LocalTimes {
    order: Order,
    /// The order in words, and why.
    pub(super) why: String,
}

impl LocalTimes {
    /// `None` when fewer than six in ten are dates with a time of day.
    pub(super) fn of<'t>(stamps: impl Iterator<Item = &'t str>) -> Option<LocalTimes> {
        let (mut all, mut headers) = (0usize, Vec::new());
        for stamp in stamps {
            all += 1;
            headers.extend(header::parse(&format!("[{stamp}] ")));
        }
        let (order, why) = order::infer(&headers);
        let good = headers.iter().filter(|header| order.clock(header).is_some()).count();
        (good > 0 && good * 10 >= all * 6).then_some(LocalTimes { order, why })
    }

    pub(super) fn read(&self, stamp: &str) -> Option<Stamp> {
        self.order.clock(&header::parse(&format!("[{stamp}] "))?).map(Stamp::naive)
    }
}

fn body_of<'a>(text: &'a str, entry: &Entry) -> &'a str {
    text[entry.body..entry.end].trim_end_matches(['\n', '\r'])
}

fn sniff(input: &mut Input) -> bool {
    let Some(text) = input.head_text() else { return false };
    if !text.lines().take(12).any(|line| header::parse(line).is_some()) {
        return false;
    }
    let Some(style) = shapes::most(text) else { return false };
    let entries = shapes::of_one(text, style);
    let mut names = Names::default();
    entries.iter().for_each(|entry| names.learn(body_of(text, entry)));
    let said: Vec<(&str, &str)> =
        entries.iter().filter_map(|entry| names.split(body_of(text, entry))).collect();
    // Of a large group most lines may tell who came and went: that counts where one of them tells what
    // no other program does.
    let told = || {
        let lines = entries.iter().map(|entry| body_of(text, entry));
        let unnamed: Vec<&str> = lines.filter(|line| names.split(line).is_none()).collect();
        let is_ours = unnamed.iter().any(|line| words::is_encryption(line));
        unnamed.iter().filter(|line| is_ours && words::is_notice(line)).count()
    };
    match said.is_empty() {
        true => told() == entries.len(),
        false => {
            (said.len() * 2 >= entries.len() || (said.len() + told()) * 2 >= entries.len())
                && !is_other(style, &said)
        }
    }
}

/// Logs and exports of other programs whose lines begin alike.
fn is_other(style: Style, said: &[(&str, &str)]) -> bool {
    let most = |test: &dyn Fn(&(&str, &str)) -> bool| {
        said.iter().filter(|said| test(said)).count() * 2 > said.len()
    };
    // Logs of programs: a level or a path where a name should be.
    const LEVELS: &[&str] = &[
        "info", "error", "warn", "warning", "debug", "notice", "fatal", "critical", "trace", "err",
        "crit",
    ];
    let level = |(name, _): &(&str, &str)| {
        let name = name.to_lowercase();
        let last =
            name.rsplit(['.', ' ', '-', '[']).next().unwrap_or_default().trim_end_matches(']');
        LEVELS.contains(&last) || name.contains("::") || name.contains('/') || name.contains('=')
    };
    if most(&level) {
        return true;
    }
    // `[02.09.21 13:29:57] nick:\t\ttext`: pair logs of a jabber client.
    if most(&|(_, text)| text.starts_with('\t')) {
        return true;
    }
    // `@user:server`: a rendering of Matrix logs.
    if most(&|(name, _)| name.starts_with('@') && name.contains(':')) {
        return true;
    }
    let iso = style.bracket && style.year_first && style.separator == '-';
    // Signal's exporters: without seconds after a comma, or two blanks at the end of every line.
    if iso && style.comma && !style.seconds {
        return true;
    }
    if iso && !style.comma && most(&|(_, text)| text.ends_with("  ")) {
        return true;
    }
    // Android writes no seconds: without a comma this is some program's log.
    !style.bracket && style.seconds && !style.comma && !style.colon
}

fn import(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let mut text = decode::whole(input)?;
    let Shaped { entries, why, mixed, quoted } =
        shapes::cut(&text.text).ok_or_else(|| Stop::failed("no line of a WhatsApp chat"))?;
    let mut assumptions = vec![
        format!("dates are {why}"),
        "times are the local time of the phone that made the export".to_owned(),
    ];
    if quoted > 0 {
        let (lines, are) = if quoted == 1 { ("line", "is") } else { ("lines", "are") };
        assumptions.push(format!(
            "{quoted} {lines} that begin like messages in another shape {are} what somebody quoted"
        ));
    }
    text.announce(out)?;
    out.export(Export {
        platform: Platform::new("whatsapp"),
        importer: IMPORTER.id.to_owned(),
        version: IMPORTER.version,
        package: super::package_of(input, &IMPORTER),
        zone: ZoneGuess::Assumed,
        assumptions,
    })?;
    if mixed > 0 {
        out.warn(format!(
            "{mixed} of {} messages begin in another shape than most; each shape is read in an \
             order of day and month of its own",
            entries.len()
        ))?;
    }
    let mut rest = Rest::default();
    let prelude = entries.first().map_or(text.text.len(), |first| first.start);
    for line in text.text[..prelude].lines().filter(|line| !line.trim().is_empty()) {
        rest.line(out, line)?;
    }
    let chat = Chat::new(&text, &entries, input);
    chat.write(out)?;
    rest.finish(out)
}

/// A whole file, understood.
struct Chat<'a> {
    text: &'a decode::Text,
    entries: &'a [Entry],
    names: Names<'a>,
    title: String,
    kind: ConversationKind,
    key: String,
    senders: BTreeSet<String>,
}

impl<'a> Chat<'a> {
    fn new(text: &'a decode::Text, entries: &'a [Entry], input: &Input) -> Self {
        let mut names = Names::default();
        entries.iter().for_each(|entry| names.learn(body_of(&text.text, entry)));
        let mut senders = BTreeSet::new();
        let mut headed = None;
        let mut events = false;
        for entry in entries {
            let raw = body_of(&text.text, entry);
            match names.split(raw) {
                Some((name, said)) => {
                    let (name, _) = clean_name(name);
                    let read = || body::read(said, entry.is_marking).kind;
                    if body::is_marked(said) && read() == Some(MessageKind::System) {
                        // iOS puts the name of the chat before the notice at its beginning.
                        headed.get_or_insert(name);
                        events |= words::is_group_event(said);
                    } else {
                        senders.insert(name);
                    }
                }
                None => events |= words::is_group_event(raw),
            }
        }
        let folder = input.path.rsplit('/').nth(1).unwrap_or_default();
        let named = words::title(input.name).or_else(|| words::title(folder)).map(str::to_owned);
        let title = named.or(headed).unwrap_or_default();
        let stranger = !title.is_empty() && !senders.contains(&title);
        let kind = match senders.len() {
            0 => ConversationKind::Unknown,
            1 if events => ConversationKind::Group,
            1 => ConversationKind::Pair,
            2 if events && stranger => ConversationKind::Group,
            2 => ConversationKind::Pair,
            _ => ConversationKind::Group,
        };
        let joined = || group_key(&senders.iter().collect::<Vec<_>>());
        let key = match kind {
            ConversationKind::Pair => match senders.iter().collect::<Vec<_>>()[..] {
                [one, other] => pair_key(one, other),
                [one] if stranger => pair_key(one, &title),
                _ => joined(),
            },
            _ if title.is_empty() => joined(),
            _ => title.clone(),
        };
        Chat { text, entries, names, title, kind, key, senders }
    }

    fn write(&self, out: &mut Out) -> Result<(), Stop> {
        let mut roster = Roster::default();
        roster.conversation(out, &self.key, || {
            (self.kind, self.title.clone(), self.senders.iter().cloned().collect())
        })?;
        let mut undated = 0u64;
        for (ordinal, entry) in self.entries.iter().enumerate() {
            let mut message = Message::new(&self.key, ordinal as u64);
            message.raw_time = self.text.text[entry.stamp.0..entry.stamp.1].to_owned();
            message.time = entry.clock.map(Stamp::naive);
            undated += u64::from(message.time.is_none());
            message.span = self.text.span(entry.start, entry.end);
            let raw = body_of(&self.text.text, entry);
            let raw = if raw.contains('\r') { raw.replace("\r\n", "\n") } else { raw.to_owned() };
            match self.names.split(body_of(&self.text.text, entry)) {
                None => {
                    message.kind = MessageKind::System;
                    message.text = raw.trim_matches(locale::is_mark).to_owned();
                }
                Some((name, _)) => {
                    let shift = raw.find(name).map_or(0, |at| at + name.len());
                    let said = raw[shift..].strip_prefix(':').unwrap_or(&raw[shift..]);
                    let said = body::read(said.strip_prefix(' ').unwrap_or(said), entry.is_marking);
                    let (handle, unknown) = clean_name(name);
                    message.kind = said.kind.unwrap_or(match said.text.trim().is_empty() {
                        true => MessageKind::Empty,
                        false => MessageKind::Text,
                    });
                    message.text = said.text;
                    message.media.extend(said.media);
                    message.edited = said.edited.then(String::new);
                    if message.kind != MessageKind::System {
                        roster.account_with(out, &handle, "", false, || {
                            let mark = (
                                "contact".to_owned(),
                                "not in the exporter's address book".to_owned(),
                            );
                            if unknown { vec![mark] } else { Vec::new() }
                        })?;
                        message.sender = Some(handle);
                    }
                }
            }
            out.message(message)?;
        }
        if undated > 0 {
            out.warn(counted(
                undated,
                "message has a date that does not exist; it is kept without a time",
                "messages have a date that does not exist; they are kept without a time",
            ))?;
        }
        Ok(())
    }
}
