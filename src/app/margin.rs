//! The margin: what is known about what the cursor is on. It never repeats the reader.

use super::data::Details;
use super::line::{Line, Role};
use super::made::Made;
use super::overview::{bytes, count, number, state_words};
use super::pages::PageId;
use super::reader::variant_name;
use super::target::Target;
use crate::case::{
    Block, ConversationRow, Document, DocumentRow, Message, Participant, Present, SetPage,
    SourceRow, ZoneStatus, export_names, zone_text,
};
use crate::model::document::Part;
use crate::model::{ItemId, PartKind, State};
use crate::text::quantity;
use crate::text::wrap::Measure;
use crate::text::{sanitise, width};

/// Children, places and the like that are listed before the rest is only counted.
const MOST: usize = 40;

/// What stands beside what is known about a document.
#[derive(Clone, Copy, Default)]
pub struct Beside<'a> {
    pub sources: &'a [SourceRow],
    /// Address and text of the cell of a table that the cursor is on.
    pub cell: Option<&'a (String, String)>,
    /// Entities in it, and whether only a part of it was looked at.
    pub present: Option<&'a (ItemId, Vec<Present>, bool)>,
}

pub fn lines(details: &Details, made: &Made, beside: Beside<'_>, cells: usize) -> Vec<Line> {
    let mut page = Column::new(cells);
    match details {
        Details::Document(document) => {
            if let Some((address, text)) = beside.cell {
                page.cell(address, text);
            }
            page.present(beside.present);
            page.document(document, made, beside.sources);
        }
        Details::Conversation(row) => {
            page.present(beside.present);
            page.conversation(row, made);
        }
        Details::Message(message, row) => {
            page.present(beside.present);
            page.message(message, row, made);
        }
    }
    page.lines
}

/// Lines of a margin, one under the other.
pub(in crate::app) struct Column {
    pub(in crate::app) lines: Vec<Line>,
    cells: usize,
}

impl Column {
    pub(in crate::app) fn new(cells: usize) -> Self {
        Column { lines: Vec::new(), cells: cells.max(8) }
    }

    pub(in crate::app) fn cells(&self) -> usize {
        self.cells
    }

    pub(in crate::app) fn head(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.lines.push(Line::new());
        }
        self.lines.push(Line::of(text, Role::Dim));
    }

    /// `name value`, over as many rows as it takes.
    pub(in crate::app) fn say(&mut self, name: &str, value: &str) {
        self.wrapped(name, value, Role::Text);
    }

    /// The same of a name of a file: a line end is a part of it, and no end of a line.
    fn path(&mut self, name: &str, path: &str) {
        let mut line = String::with_capacity(path.len());
        for piece in sanitise::pieces(path) {
            match piece.kind {
                sanitise::Kind::LineEnd => line.push_str(&piece.shown),
                _ => line.push_str(&path[piece.start..piece.end]),
            }
        }
        self.say(name, &line);
    }

    pub(in crate::app) fn wrapped(&mut self, name: &str, value: &str, role: Role) {
        let indent = if name.is_empty() { 0 } else { width::of(name) + 1 };
        let room = self.cells.saturating_sub(indent).max(4);
        let hits = super::reader::compose::Hits::default();
        let (rows, left) = super::reader::compose::rows(value, Measure::text(room), hits, role, 8);
        for (number, row) in rows.into_iter().enumerate() {
            let head = if number == 0 { name.to_owned() } else { String::new() };
            let mut line = Line::of(width::pad(&head, indent), Role::Dim);
            for span in row.spans {
                line.push(span.text(), span.role());
            }
            self.lines.push(line);
        }
        if left > 0 {
            self.lines.push(Line::of(format!("… {left} more bytes"), Role::Dim));
        }
    }

    fn tags(&mut self, tags: &[String]) {
        for tag in tags {
            let to = Target::Search(format!("tag:{}", quoted(tag)));
            self.lines.push(Line::of(format!("#{tag}"), Role::Link).to(to));
        }
    }

    /// Says that only the first of so many are listed.
    pub(in crate::app) fn more(&mut self, total: usize) {
        if total > MOST {
            self.lines.push(Line::of(format!("… {} more", total - MOST), Role::Dim));
        }
    }

    fn link(&mut self, id: &str, name: &str, to: Target) {
        let mut line = Line::of(id, Role::Dim).and(" ", Role::Text);
        let room = self.cells.saturating_sub(line.width());
        line.push(width::clip_start(&sanitise::line(name), room), Role::Link);
        self.lines.push(line.to(to));
    }

    fn document_link(&mut self, row: &DocumentRow) {
        self.link(&row.id.to_string(), &row.name, Target::Document { id: row.id, at: None });
    }

    /// Entities whose names stand in it or whose account wrote it.
    fn present(&mut self, present: Option<&(ItemId, Vec<Present>, bool)>) {
        let Some((item, found, is_cut)) = present.filter(|(_, found, _)| !found.is_empty()) else {
            return;
        };
        for one in found.iter().take(MOST) {
            let watched = if one.is_watched { "◉ " } else { "" };
            let mut line = Line::of(format!("{watched}{} ", one.entity.id), Role::Dim);
            line.push(&one.entity.name, Role::Link);
            let wrote = match item {
                ItemId::Conversation(_) => "takes part",
                _ => "wrote it",
            };
            let mut tail = Vec::new();
            if one.wrote {
                tail.push(wrote.to_owned());
            }
            if one.occurrences > 0 {
                tail.push(format!("{}×", number(one.occurrences)));
            }
            line.push(format!(" {}", tail.join(", ")), Role::Dim);
            self.lines.push(line.to(Target::Page(PageId::Entity(one.entity.id))));
            for other in &one.or_else {
                let line = Line::of(format!("  ≠ or {} ", other.id), Role::Warn);
                let line = line.and(&other.name, Role::Link);
                self.lines.push(line.to(Target::Page(PageId::Entity(other.id))));
            }
        }
        self.more(found.len());
        if *is_cut {
            self.wrapped("", "looked at around here only: it is long", Role::Dim);
        }
        self.lines.push(Line::new());
    }

    /// All of a cell, and what it comes to.
    fn cell(&mut self, address: &str, text: &str) {
        self.lines.push(Line::of(address, Role::Head));
        if text.trim().is_empty() {
            self.lines.push(Line::of("empty", Role::Dim));
        }
        for line in text.split('\u{2028}').take(MOST) {
            self.wrapped("", line, Role::Text);
        }
        if let Some(amount) = quantity::read(text).map(|amount| amount.to_string())
            && amount != text.trim()
        {
            self.say("=", &amount);
        }
        self.lines.push(Line::new());
    }

    /// Sheets, slides and the like that have names, to go to.
    fn contents(&mut self, document: &Document) {
        let Some(variant) = document.variants.first() else { return };
        let is_named = |part: &&Part| part.kind == PartKind::Sheet && !part.label.is_empty();
        let mut parts: Vec<&Part> = variant.parts.iter().filter(is_named).collect();
        // A sheet with holes has several parts of one name.
        parts.dedup_by(|a, b| a.label == b.label);
        if parts.len() < 2 {
            return;
        }
        self.head(&count(parts.len() as u64, "sheet", "sheets"));
        for part in parts.iter().take(MOST) {
            let to = Target::Document { id: document.row.id, at: Some(part.start) };
            self.link(if part.hidden { "(hidden)" } else { "·" }, &part.label, to);
        }
        self.more(parts.len());
    }

    fn document(&mut self, document: &Document, made: &Made, sources: &[SourceRow]) {
        let row = &document.row;
        let mut line = Line::of(row.id.to_string(), Role::Head).and(" ", Role::Text);
        let format = if row.format.is_empty() { "unknown format" } else { &row.format };
        line.push(format!("{format} · {}", bytes(row.size)), Role::Text);
        self.lines.push(line);
        if row.state != State::Read {
            let role = if row.state.is_unreadable() { Role::Bad } else { Role::Warn };
            let why = if row.reason.is_empty() { state_words(row.state, 1) } else { &row.reason };
            self.wrapped("", why, role);
        }
        if let Some(date) = &row.date {
            self.say("date", &format!("{date} ({})", row.date_source));
        }
        if !row.language.is_empty() {
            self.say("language", &row.language);
        }
        self.tags(&row.tags);
        if !document.pages_without_text.is_empty() {
            let pages = document.pages_without_text.join(", ");
            self.wrapped("◌ no text:", &pages, Role::Warn);
        }
        for warning in row.warnings.iter().take(MOST) {
            self.wrapped("!", warning, Role::Warn);
        }
        made.lines(self);
        self.contents(document);
        if let Some(parent) = row.parent {
            self.head("came out of");
            // Members are named `container!member`.
            let container = row.path.rsplit_once('!').map_or("", |(container, _)| container);
            let name = container.rsplit(['/', '!']).next().unwrap_or("");
            self.link(&parent.to_string(), name, Target::Document { id: parent, at: None });
        }
        if !document.conversations.is_empty() {
            self.head("chat export of");
            for id in document.conversations.iter().take(MOST) {
                self.link(
                    &id.to_string(),
                    "conversation",
                    Target::Conversation { id: *id, position: None },
                );
            }
            self.more(document.conversations.len());
            self.link("·", "its hours and zone", Target::Page(PageId::clock(row.id)));
        }
        if !document.children.is_empty() {
            self.head(&count(document.children.len() as u64, "child", "children"));
            for child in document.children.iter().take(MOST) {
                self.document_link(child);
            }
            self.more(document.children.len());
        }
        if document.page_set.len() > 1 {
            self.head(&format!("page set of {}", document.page_set.len()));
            for (page, SetPage { id, .. }) in document.page_set.iter().take(MOST).enumerate() {
                let here = if *id == row.id { " ▸ this one" } else { "" };
                let name = format!("page {}{here}", page + 1);
                self.link(&id.to_string(), &name, Target::Document { id: *id, at: None });
            }
            self.more(document.page_set.len());
        }
        if !document.metadata.is_empty() {
            self.head("says about itself");
            for (key, value) in document.metadata.iter().take(MOST) {
                self.say(&sanitise::line(key), value);
            }
            self.more(document.metadata.len());
        }
        self.head(&count(document.places.len() as u64, "place", "places"));
        for place in document.places.iter().take(MOST) {
            self.path(&place.source.to_string(), &place.path);
            if place.missing {
                self.wrapped("", "! not found at the last add", Role::Warn);
            }
        }
        self.more(document.places.len());
        let of =
            |source: &&SourceRow| document.places.iter().any(|place| place.source == source.id);
        for source in sources.iter().filter(of).take(MOST) {
            self.head(&format!("source {}", source.id));
            self.path("", &source.path);
            if !source.origin.is_empty() {
                self.say("origin", &source.origin);
            }
            self.say("added", source.added.get(..10).unwrap_or(&source.added));
            if source.incomplete {
                self.wrapped("", "! its last add did not come to its end", Role::Warn);
            }
        }
        if let Some(digest) = &row.sha256 {
            self.head("sha256");
            self.say("", &digest.to_string());
        }
        for variant in &document.variants {
            self.head(&format!("text: {}", variant_name(variant)));
            if document.variants.len() > 1 {
                let to = Target::Text { id: row.id, variant: variant.id };
                self.link("t", "read this one", to);
            }
            let mut text = format!("{} by {}", bytes(variant.bytes), variant.tool);
            if !variant.encoding.is_empty() {
                text.push_str(&format!(", from {}", variant.encoding));
            }
            self.say("", &text);
            self.say("lines", &number(variant.lines));
            self.say("sha256", &variant.sha256.to_string()[..16]);
        }
    }

    fn conversation(&mut self, row: &ConversationRow, made: &Made) {
        let mut line = Line::of(row.id.to_string(), Role::Head).and(" ", Role::Text);
        line.push(format!("{} {}", row.platform, row.kind.name()), Role::Text);
        self.lines.push(line);
        self.say("", &count(row.messages, "message", "messages"));
        let day = |time: &Option<String>| {
            time.as_deref().and_then(|t| t.get(..10)).unwrap_or("?").to_owned()
        };
        self.say("", &format!("{} to {}", day(&row.first), day(&row.last)));
        made.lines(self);
        let wrote = row.participants().count() as u64;
        let mut people = count(wrote, "participant", "participants");
        match row.accounts.len() as u64 - wrote {
            0 => {}
            silent => people.push_str(&format!(", {} silent", number(silent))),
        }
        self.head(&people);
        let senders = super::reader::senders::Senders::new(&row.accounts);
        for person in row.accounts.iter().take(MOST) {
            let Some(look) = senders.get(person.id) else { continue };
            let mut line =
                Line::of(width::pad(&look.mark, senders.mark_width), Role::Sender(look.tone));
            line.push(" ", Role::Text);
            let name = if person.name.is_empty() || person.name == person.handle {
                person.handle.clone()
            } else {
                format!("{} ({})", person.name, person.handle)
            };
            // Who it is first: handles are long, and a margin is narrow.
            if let Some(owner) = &person.owner {
                line.push(format!("{} {} ", owner.id, owner.name), Role::Head);
            }
            line.push(name, Role::Link);
            line.push(number(person.messages), Role::Count);
            self.lines.push(line.to(Target::Search(format!("from:{}", quoted(&person.handle)))));
        }
        self.more(row.accounts.len());
        self.head("exports and their clocks");
        let exports = export_names(&row.blocks);
        for block in row.blocks.iter().take(MOST) {
            let many = count(block.messages, "message", "messages");
            let export = exports.iter().find(|(export, _)| *export == block.document);
            let called = export.map_or("", |(_, called)| called);
            self.link(
                &block.document.to_string(),
                &format!("{called} · {many}"),
                Target::Document { id: block.document, at: None },
            );
            self.say(" ", &format!("{} to {}", day(&block.first), day(&block.last)));
            let role =
                if block.zone_status == ZoneStatus::Assumed { Role::Warn } else { Role::Text };
            self.wrapped(" ", &zone(block), role);
            self.link(" ", "its hours and zone", Target::Page(PageId::clock(block.document)));
        }
        self.more(row.blocks.len());
    }

    fn message(&mut self, message: &Message, row: &ConversationRow, made: &Made) {
        let mut line = Line::of(message.id.to_string(), Role::Head).and(" ", Role::Text);
        line.push(message.kind.name(), Role::Text);
        self.lines.push(line);
        let sender = match &message.sender {
            Some(handle) if *handle == message.sender_name => handle.clone(),
            Some(handle) => format!("{} ({handle})", message.sender_name),
            None => crate::case::PLATFORM.to_owned(),
        };
        let person = row.accounts.iter().find(|one| Some(one.id) == message.sender_id);
        self.say("from", &format!("{sender}{}", person.map_or_else(String::new, owner)));
        if let Some(time) = &message.time {
            self.say("time", time);
        }
        self.say(
            "raw",
            if message.raw_time.is_empty() { "no timestamp" } else { &message.raw_time },
        );
        if message.zone_status == ZoneStatus::Assumed {
            self.wrapped("", "! the zone is assumed", Role::Warn);
        }
        if let Some(id) = message.reply_id {
            self.link("answers", &id.to_string(), Target::Message(id));
        }
        if let Some(edited) = message.edited.as_deref().filter(|edited| !edited.is_empty()) {
            self.say("edited", edited);
        }
        for version in &message.versions {
            self.link("other version", &version.to_string(), Target::Message(*version));
        }
        self.tags(&message.tags);
        made.lines(self);
        for media in &message.media {
            self.head(&format!("▢ {}", media.kind));
            for value in [&media.name, &media.mime, &media.note] {
                if !value.is_empty() {
                    self.path("", value);
                }
            }
            if let Some(size) = media.size {
                self.say("", &bytes(size));
            }
        }
        self.head(&count(message.places.len() as u64, "place", "places"));
        let exports = export_names(&row.blocks);
        for place in message.places.iter().take(MOST) {
            let record = format!("record {}", number(place.ordinal + 1));
            let export = exports.iter().find(|(export, _)| *export == place.document);
            let name = export.map_or(record.clone(), |(_, called)| format!("{called} · {record}"));
            self.link(
                &place.document.to_string(),
                &name,
                Target::Document { id: place.document, at: None },
            );
        }
        self.more(message.places.len());
        made.lines_around(self);
        self.lines.push(Line::new());
        self.conversation(row, &Made::default());
    }
}

/// Who owns an account: ` (E4 王某)`, or nothing.
pub fn owner(account: &Participant) -> String {
    match &account.owner {
        Some(owner) => format!(" ({} {})", owner.id, owner.name),
        None => String::new(),
    }
}

/// A value as it stands in a query.
pub fn quoted(value: &str) -> String {
    let is_plain = !value.is_empty()
        && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@'));
    if is_plain { value.to_owned() } else { format!("\"{}\"", value.replace('"', " ")) }
}

/// The clock of a block and how it is known: `UTC+8 inferred`.
pub fn clock_words(block: &Block) -> String {
    zone_words(block.zone, block.zone_status)
}

/// `UTC+8 inferred`.
pub fn zone_words(zone: i32, status: ZoneStatus) -> String {
    let status = match status {
        ZoneStatus::Stated => "stated",
        ZoneStatus::Inferred => "inferred",
        ZoneStatus::Assumed => "assumed",
        ZoneStatus::Set => "set by an analyst",
    };
    format!("{} {status}", zone_text(zone))
}

fn zone(block: &Block) -> String {
    match block.zone_why.as_str() {
        "" => clock_words(block),
        why => format!("{}: {why}", clock_words(block)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_end_in_a_name_is_a_mark_and_no_line_end() {
        let mut column = Column::new(30);
        column.path("S1", "a\nb\u{202e}c.txt");
        column.say("subject", "one\ntwo");
        let lines: Vec<String> = column.lines.iter().map(Line::plain).collect();
        assert_eq!(lines, ["S1 a⏎b⟨U+202E⟩c.txt", "subject one", "        two"]);
    }
}
