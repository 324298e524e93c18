//! The pages, slides or sheets of the open document, or of the work that it is a page of, as the list
//! column shows them.

use super::App;
use super::history::Open;
use super::line::{Line, Role};
use super::overview::{count, number};
use super::paged::top_for;
use super::reader::text::TextReader;
use super::reader::{Goal, Reader, sheets};
use super::signs::{self, Signs};
use super::view::{Pane, View};
use crate::case::{SetPage, part_name};
use crate::model::document::Part;
use crate::model::{DocumentId, PartKind};
use crate::text::{sanitise, width};

#[derive(Clone, Debug)]
pub struct PartList {
    /// The document that is read.
    pub id: DocumentId,
    /// In the order of the text.
    parts: Vec<Part>,
    /// Pages that are documents of their own, this one among them; then it has no parts.
    set: Vec<SetPage>,
    pub cursor: u64,
    pub top: u64,
    pub height: u64,
}

impl PartList {
    /// The parts that a text is read by; `None` where there is nothing to choose from.
    pub fn of(text: &TextReader) -> Option<PartList> {
        let id = text.document.row.id;
        let set = &text.document.page_set;
        if let (true, Some(at)) = (set.len() > 1, set.iter().position(|page| page.id == id)) {
            let (parts, set, cursor) = (Vec::new(), set.clone(), at as u64);
            return Some(PartList { id, parts, set, cursor, top: 0, height: 1 });
        }
        let all = text.parts();
        let is_page = |part: &&Part| matches!(part.kind, PartKind::Page | PartKind::Slide);
        let found: Vec<&Part> = match all.iter().any(|part| part.kind == PartKind::Sheet) {
            true => sheets(all),
            false => all.iter().filter(is_page).collect(),
        };
        let mut parts: Vec<Part> = found.into_iter().cloned().collect();
        if parts.len() < 2 {
            return None;
        }
        // What is found in the names of the sheets is in none of them.
        parts.extend(text.sheet_names().cloned());
        Some(PartList { id, parts, set: Vec::new(), cursor: 0, top: 0, height: 1 })
    }

    pub fn total(&self) -> u64 {
        self.parts.len().max(self.set.len()) as u64
    }

    /// `SHEETS 2/3`; only how many where the list of their names has the cursor. Of pages that are
    /// documents of their own also how many are marked: `PAGES 2/12 ●3`.
    pub fn head(&self) -> Line {
        let name = match self.parts.first().map(|part| part.kind) {
            Some(PartKind::Sheet) => "SHEETS",
            Some(PartKind::Slide) => "SLIDES",
            _ => "PAGES",
        };
        let names = self.parts.iter().filter(|part| part.kind == PartKind::Body).count();
        let many = self.total() - names as u64;
        let here = self.cursor + 1;
        let at = if here > many { String::new() } else { format!("{}/", number(here)) };
        let line = Line::text(name).and(format!(" {at}{}", number(many)), Role::Dim);
        line.and(signs::of_pages(&self.set), Role::Dim)
    }

    /// The part that holds a byte of the text.
    fn at(&self, offset: u64) -> u64 {
        if let Some(page) = self.set.iter().position(|page| page.id == self.id) {
            return page as u64;
        }
        self.parts.partition_point(|part| part.start <= offset).saturating_sub(1) as u64
    }

    /// Where the part under the cursor begins.
    fn start(&self) -> Option<u64> {
        self.parts.get(usize::try_from(self.cursor).ok()?).map(|part| part.start)
    }

    /// The page under the cursor, where it is a document of its own.
    pub fn page(&self) -> Option<&SetPage> {
        self.set.get(usize::try_from(self.cursor).ok()?)
    }

    /// Pages that are documents of their own.
    pub fn pages(&self) -> &[SetPage] {
        &self.set
    }

    pub fn pages_mut(&mut self) -> &mut [SetPage] {
        &mut self.set
    }

    /// The same pages as they are in the case now.
    pub fn set_pages(&mut self, pages: &[SetPage]) {
        if self.is_of_set(pages) {
            self.set = pages.to_vec();
        }
    }

    /// Whether it lists these pages, whatever is marked on them.
    fn is_of_set(&self, pages: &[SetPage]) -> bool {
        self.set.iter().map(|page| page.id).eq(pages.iter().map(|page| page.id))
    }

    /// The document that the row under the cursor is read in.
    pub fn read(&self) -> DocumentId {
        self.page().map_or(self.id, |page| page.id)
    }

    pub fn go(&mut self, number: u64) {
        self.cursor = number.min(self.total().saturating_sub(1));
        self.top = top_for(self.cursor, self.top, self.height, Some(self.total()));
    }

    /// To a page that is a document of its own.
    pub fn go_to_page(&mut self, id: DocumentId) {
        if let Some(at) = self.set.iter().position(|page| page.id == id) {
            self.go(at as u64);
        }
    }

    pub fn resize(&mut self, height: usize) {
        self.height = (height as u64).max(1);
        self.go(self.cursor);
    }

    /// The row of a part: its name, whether it is hidden or has no text, how many of these byte
    /// ranges, which are sorted, are in it.
    pub fn line(&self, at: u64, hits: &[(u64, u64)], cells: usize) -> Option<Line> {
        let at = usize::try_from(at).ok()?;
        if let Some(page) = self.set.get(at) {
            let signs = Signs::from(page);
            let (state, state_role) = signs::state(page.state);
            let name = format!("page {}", number(at as u64 + 1));
            let mut line = Line::of(name, if signs.is_done() { Role::Dim } else { Role::Text });
            let id = page.id.to_string();
            line.fit(cells.saturating_sub(width::of(&id) + 3 + signs::CELLS));
            line.push(format!(" {id} "), Role::Dim);
            line.push(state, state_role);
            signs.push(&mut line);
            return Some(line);
        }
        let part = self.parts.get(at)?;
        let end = self.parts.get(at + 1).map_or(u64::MAX, |next| next.start);
        let found = hits.partition_point(|hit| hit.0 < end)
            - hits.partition_point(|hit| hit.0 < part.start);
        let mut tail = Line::new();
        if found > 0 {
            tail.push(format!(" {}", count(found as u64, "hit", "hits")), Role::Hit);
        }
        if part.hidden {
            tail.push(" hidden", Role::Warn);
        }
        if part.start == part.end {
            tail.push(" ◌", Role::Warn);
        }
        let name = sanitise::line(&part_name(part.kind, &part.label)).into_owned();
        let room = cells.saturating_sub(tail.width() + 1);
        let mut line = Line::text(width::clip_middle(&name, room));
        line.fit(cells.saturating_sub(tail.width() + 1));
        line.spans.extend(tail.spans);
        Some(line)
    }
}

impl App {
    /// The list column shows the parts of the open document.
    pub fn is_in_parts(&self) -> bool {
        let (Some(parts), Some(inside_of)) = (&self.parts, self.inside_of) else { return false };
        let is_read =
            matches!(&self.reader, Reader::Text(text) if text.document.row.id == parts.id);
        // Another page of a set may be on its way.
        let is_inside = inside_of == parts.id || parts.set.iter().any(|page| page.id == inside_of);
        self.view == View::Documents && is_inside && is_read
    }

    /// The pane that says what keys act on: in the list of its parts, the document.
    pub(in crate::app) fn acting_pane(&self) -> Pane {
        if self.focus == Pane::List && self.is_in_parts() { Pane::Reader } else { self.focus }
    }

    /// Another text is read: it has other parts.
    pub(in crate::app) fn list_parts(&mut self) {
        let before = self.parts.take();
        self.parts = match &self.reader {
            Reader::Text(text) => PartList::of(text),
            _ => None,
        };
        if let (Some(parts), Some(before)) = (&mut self.parts, before)
            && !parts.set.is_empty()
            && parts.is_of_set(&before.set)
        {
            // Whoever walks over its pages may be further on already.
            (parts.top, parts.height) = (before.top, before.height);
            parts.go(if self.focus == Pane::List { before.cursor } else { parts.cursor });
        }
        self.follow_part();
    }

    /// Somebody comes back into the parts of the document that is read.
    fn is_coming_back(&self) -> bool {
        let id = match &self.reader {
            Reader::Text(text) => text.document.row.id,
            _ => return false,
        };
        self.inside_left.is_some_and(|(open, _)| open == Open::Document(id))
    }

    /// The list's cursor stands on the part that is read, unless it has the keys.
    pub(in crate::app) fn follow_part(&mut self) {
        let is_left = self.is_coming_back();
        if let (Some(parts), Reader::Text(text)) = (&mut self.parts, &self.reader)
            && (self.focus != Pane::List || is_left)
            && !text.is_going()
        {
            self.inside_left.take_if(|_| is_left);
            let at = parts.at(text.looked_at());
            if parts.cursor != at {
                parts.go(at);
            }
        }
    }

    /// The reader goes to the part under the cursor; in the one that is read it stays.
    pub(in crate::app) fn walk_to_part(&mut self) {
        self.follow_part();
        if self.is_coming_back() {
            return;
        }
        if let Some(page) = self.parts.as_ref().and_then(PartList::page).map(|page| page.id) {
            self.inside_of = Some(page);
            return self.preview(Open::Document(page), Goal::Start);
        }
        let (Some(parts), Reader::Text(text)) = (&self.parts, &mut self.reader) else { return };
        if let Some(start) = parts.start().filter(|_| parts.at(text.looked_at()) != parts.cursor) {
            text.show_part(start);
        }
    }

    /// Byte ranges of what is marked in the text that is read.
    pub fn marked_ranges(&self) -> &[(u64, u64)] {
        match &self.reader {
            Reader::Text(text) => text.hits().map_or(&[], |hits| &hits.ranges),
            _ => &[],
        }
    }
}
