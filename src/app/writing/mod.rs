//! A note while it is written: what it is about, its text, when that is kept, and what it names.
//!
//! What was typed is a draft in the case after a rest or ten keys, so that a session that is
//! killed loses less than a second of typing. Leaving the editor makes it one operation.
//!
//! `kept` which note it is and what becomes of it · `outside` another editor

mod kept;
mod outside;

use super::App;
use super::completion::Completion;
use super::data::{Act, Purpose, Request};
use super::event::Effect;
use super::key::Key;
use super::layout::Area;
use super::line::{Line, Role};
use super::listing::Listing;
use super::margin::Column;
use super::pages::{PageId, target_of};
use super::reader::Reader;
use super::text_area::TextArea;
use super::view::{Pane, View};
use crate::case::{Draft, NoteKind};
use crate::model::ItemId;
use crate::model::id::with_article;
use crate::model::note::named;
use crate::text::{sanitise, width};

/// Keys after which a draft is kept though nobody rests: faster than ten a second they come
/// without a rest, slower with one.
const KEYS: u32 = 10;

/// Things that the text names about which a line is shown below it, those nearest to the caret.
const NAMED: usize = 8;

/// Rows of the editor below which it shows nothing but the text.
const LEAST: usize = 10;

#[derive(Clone, Debug)]
pub struct Writing {
    /// Its text is the one that was kept last; the one that is written is in `area`.
    pub draft: Draft,
    pub area: TextArea,
    /// What the text names near the caret, in its order, and a line about each.
    pub named: Vec<(ItemId, String)>,
    /// What `[[` completes at the caret.
    pub completion: Option<Completion>,
    /// The column that it is written in: the margin, or the reader of the notes.
    pane: Pane,
    /// Where one was before one came to it: there one is again when it is kept.
    from: (View, Pane),
    /// It takes the whole width.
    is_wide: bool,
    /// The section of the notes was gone to only because there is no room for it where one was.
    is_away: bool,
    /// Keys since the draft was kept.
    keys: u32,
    /// Its title as the list was read with it last.
    listed: String,
}

impl Writing {
    fn new(draft: Draft) -> Self {
        Writing {
            area: TextArea::new(&draft.text),
            draft,
            named: Vec::new(),
            completion: None,
            pane: Pane::Margin,
            from: (View::Notes, Pane::List),
            is_wide: false,
            is_away: false,
            keys: 0,
            listed: String::new(),
        }
    }

    /// The draft with the text as it is now.
    fn current(&self) -> Draft {
        Draft { text: self.area.text(), ..self.draft.clone() }
    }

    /// Rows below the text, of a column so high.
    pub fn foot_rows(&self, height: usize) -> usize {
        match self.named.len() {
            0 => 0,
            _ if height < LEAST => 0,
            many => (many + 1).min(height / 3),
        }
    }

    /// What the text names, below it.
    pub fn foot(&self, cells: usize, rows: usize) -> Vec<Line> {
        let mut lines = vec![Line::of("─".repeat(cells), Role::Rule)];
        for (item, about) in &self.named {
            let id = item.to_string();
            let mut line = Line::of(&id, Role::Key).and(" ", Role::Text);
            let room = cells.saturating_sub(width::of(&id) + 2);
            line.push(width::clip(&sanitise::line(about), room), Role::Dim);
            lines.push(line);
        }
        lines.truncate(rows);
        lines
    }

    /// Whether the reader shows the note that is written.
    pub fn is_of(&self, reader: &Reader) -> bool {
        match reader {
            Reader::Page(page) => self.draft.note.is_some_and(|id| page.id() == PageId::Note(id)),
            _ => false,
        }
    }

    /// What stands beside a note that is not in the case yet.
    pub fn margin(&self, cells: usize) -> Vec<Line> {
        let mut column = Column::new(cells);
        let kind = self.draft.kind;
        column.say("", &format!("{} that is not kept yet", with_article(kind.word())));
        if kind.claims() {
            column.say("", "What it cites is listed here once it is kept.");
        }
        if kind == NoteKind::Event {
            column.say("", "It has no date until it is given one, then it stands in the timeline.");
        }
        if !self.named.is_empty() {
            column.head("names");
        }
        for (item, about) in &self.named {
            let mut line = Line::of(item.to_string(), Role::Key).and(" ", Role::Text);
            let room = column.cells().saturating_sub(line.width()).max(6);
            line.push(width::clip(&sanitise::line(about), room), Role::Link);
            column.lines.push(match target_of(*item) {
                Some(to) => line.to(to),
                None => line,
            });
        }
        column.lines
    }

    pub fn title(&self) -> Line {
        let line = Line::of("✎ ", Role::Here);
        match self.draft.note {
            Some(id) => line.and(id.to_string(), Role::Head),
            None => line.and(format!("a new {}", self.draft.kind.word()), Role::Head),
        }
    }
}

impl App {
    /// The column that shows the editor, if one does.
    pub fn editor_pane(&self) -> Option<Pane> {
        let writing = self.writing.as_ref()?;
        let fits = match writing.pane {
            Pane::Reader => self.view == View::Notes,
            pane => self.view.panes().contains(&pane),
        };
        fits.then_some(writing.pane)
    }

    /// Keys go into the editor.
    pub fn is_in_editor(&self) -> bool {
        self.layers.is_empty() && !self.search.is_typing && self.editor_pane() == Some(self.focus)
    }

    /// What the cursor is on, as a note names it.
    fn named_here(&self) -> Option<ItemId> {
        match self.focus {
            Pane::Results => self.search.current().map(|hit| hit.item),
            Pane::List if self.listing() != Listing::Sessions => self.list_item(),
            Pane::Counts | Pane::Activity | Pane::Todo => None,
            // What was read last is shown there, and asked about by nobody.
            Pane::Facets | Pane::Preview if self.search.is_blank() => None,
            _ => match &self.reader {
                Reader::Text(text) => Some(text.document.row.id.into()),
                Reader::Chat(chat) => chat.current().map(|message| message.id.into()),
                Reader::Page(page) => page.id().item(),
                Reader::Empty => None,
            },
        }
    }

    /// What a note about the thing under the cursor, or about all that is selected, begins with;
    /// `None` where that is too much, which is said.
    pub(in crate::app) fn named_for_note(&mut self) -> Option<String> {
        let named: Vec<ItemId> = match self.several_items() {
            Some(Ok(items)) => items,
            Some(Err(why)) => {
                self.say(why, false);
                return None;
            }
            None if self.view == View::Notes && self.writing.is_none() => Vec::new(),
            None => self.named_here().into_iter().collect(),
        };
        self.selection_is_done();
        Some(named.iter().map(|item| format!("[[{item}]] ")).collect())
    }

    /// Begins a note that names what the cursor is on, or names it in the one that is written.
    pub(in crate::app) fn write_note(&mut self) {
        let Some(named) = self.named_for_note() else { return };
        if self.writing.is_none() {
            let draft = Draft { text: named, ..Draft::default() };
            return self.begin_writing(draft);
        }
        self.show_editor();
        if !named.is_empty() {
            self.write_text(&named);
        }
    }

    /// Where the editor can stand: beside what is read, or in the section of the notes.
    pub(in crate::app) fn show_editor(&mut self) {
        let from = (self.view, self.focus);
        let is_away = self.view != View::Notes && !self.view.panes().contains(&Pane::Margin);
        if is_away {
            self.visit(View::Notes);
        }
        let pane = if self.view == View::Notes { Pane::Reader } else { Pane::Margin };
        if let Some(writing) = &mut self.writing {
            writing.pane = pane;
            writing.is_away |= is_away;
            writing.from = from;
            self.focus = pane;
        }
    }

    pub(in crate::app) fn begin_writing(&mut self, draft: Draft) {
        if self.writing.is_some() {
            self.finish_note();
        }
        self.writing = Some(Writing::new(draft));
        self.show_editor();
        self.look_up_named();
    }

    /// A key that goes into the note; whether it means something there.
    pub(in crate::app) fn write_key(&mut self, key: Key) -> bool {
        let Some(writing) = &mut self.writing else { return false };
        let is_known = writing.area.knows(key);
        match writing.area.key(key) {
            true => self.written(1),
            false => self.caret_moved(),
        }
        is_known
    }

    /// Writes a text at the caret.
    pub(in crate::app) fn write_text(&mut self, text: &str) {
        if let Some(writing) = &mut self.writing {
            writing.area.insert(text);
            self.written(KEYS);
        }
    }

    pub(in crate::app) fn undo_typing(&mut self) {
        if self.writing.as_mut().is_some_and(|writing| writing.area.undo()) {
            self.written(1);
        }
    }

    pub(in crate::app) fn redo_typing(&mut self) {
        if self.writing.as_mut().is_some_and(|writing| writing.area.redo()) {
            self.written(1);
        }
    }

    /// The text is another one now, after so many keys.
    pub(in crate::app) fn written(&mut self, keys: u32) {
        let Some(writing) = &mut self.writing else { return };
        writing.keys += keys;
        if writing.keys >= KEYS {
            self.keep_draft();
        }
        self.caret_moved();
    }

    fn caret_moved(&mut self) {
        self.effects.push(Effect::Rest);
        self.look_for_references();
    }

    /// Keeps what was typed since the last time.
    pub(in crate::app) fn keep_draft(&mut self) {
        if let Some(writing) = &mut self.writing
            && std::mem::take(&mut writing.keys) > 0
        {
            let draft = writing.current();
            self.act(Act::Draft(draft));
        }
    }

    /// Asks for a line about what the text names near the caret.
    pub(in crate::app) fn look_up_named(&mut self) {
        let Some(writing) = &mut self.writing else { return };
        let caret = writing.area.caret();
        let mut items: Vec<(usize, ItemId)> = Vec::new();
        for (range, item) in named(&writing.area.text()) {
            let distance = range.start.abs_diff(caret);
            match items.iter_mut().find(|(_, known)| *known == item) {
                Some(known) => known.0 = known.0.min(distance),
                None => items.push((distance, item)),
            }
        }
        let mut nearest: Vec<usize> = items.iter().map(|(distance, _)| *distance).collect();
        nearest.sort_unstable();
        let most = nearest.get(NAMED).copied().unwrap_or(usize::MAX);
        let items: Vec<ItemId> =
            items.into_iter().filter(|(near, _)| *near < most).map(|(_, item)| item).collect();
        if items.is_empty() {
            writing.named.clear();
            self.asked.remove(&Purpose::About);
        } else {
            self.ask(Purpose::About, Request::About(items));
        }
    }

    pub(in crate::app) fn take_named(&mut self, named: Vec<(ItemId, String)>) {
        if let Some(writing) = &mut self.writing {
            writing.named = named;
        }
    }

    pub(in crate::app) fn resize_editor(&mut self, cells: usize, height: usize) {
        if let Some(writing) = &mut self.writing {
            let rows = height.saturating_sub(writing.foot_rows(height));
            // One cell of air on the left, as everywhere.
            writing.area.resize(cells.saturating_sub(1), rows);
        }
    }

    /// The button was pressed in the editor.
    pub(in crate::app) fn point_in_editor(&mut self, x: usize, y: usize) {
        if let Some(writing) = &mut self.writing {
            writing.area.point(x.saturating_sub(1), y);
            self.caret_moved();
        }
    }

    pub(in crate::app) fn scroll_editor(&mut self, by: i64) {
        if let Some(writing) = &mut self.writing {
            writing.area.scroll(by);
        }
    }

    pub(in crate::app) fn widen_editor(&mut self) {
        if let Some(writing) = &mut self.writing {
            writing.is_wide = !writing.is_wide;
        }
    }

    /// The columns, where the editor takes the place of all of them.
    pub(in crate::app) fn widen(&mut self) {
        let Some(pane) = self.editor_pane().filter(|pane| *pane == self.focus) else { return };
        if !self.writing.as_ref().is_some_and(|writing| writing.is_wide) {
            return;
        }
        let panes = &mut self.layout.panes;
        if let (Some((_, first)), Some((_, last))) = (panes.first(), panes.last()) {
            let area = Area { width: last.right() - first.x, ..*first };
            *panes = vec![(pane, area)];
        }
    }
}
