//! A note while it is written. The text area itself belongs to the face (`tui::editor`), because
//! it is a widget; here is what it is about, what its text is, and when that is kept.
//!
//! What was typed is a draft in the case after a rest or ten keys, so that a session that is
//! killed loses less than a second of typing. Leaving the editor makes it one operation.

use super::App;
use super::data::{Act, Purpose, Request};
use super::event::{Edit, Effect};
use super::history::Open;
use super::layout::Area;
use super::line::{Line, Role};
use super::listing::Listing;
use super::pages::{Page, PageId};
use super::reader::Reader;
use super::view::{Pane, View};
use crate::case::Draft;
use crate::model::{ItemId, NoteId};

/// Keys after which a draft is kept though nobody rests: faster than ten a second they come
/// without a rest, slower with one.
const KEYS: u32 = 10;

#[derive(Clone, Debug)]
pub struct Writing {
    pub draft: Draft,
    /// The column that it is written in: the margin, or the reader of the notes.
    pane: Pane,
    /// It takes the whole width.
    is_wide: bool,
    /// Keys since the draft was kept.
    keys: u32,
}

impl Writing {
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
            Pane::Results => self.search.results.current().map(|hit| hit.item),
            Pane::List if self.listing() != Listing::Sessions => self.list_item(),
            Pane::Counts | Pane::Activity | Pane::Todo => None,
            _ => match &self.reader {
                Reader::Text(text) => Some(text.document.row.id.into()),
                Reader::Chat(chat) => chat.current().map(|message| message.id.into()),
                Reader::Page(page) => page.id().item(),
                Reader::Empty => None,
            },
        }
    }

    /// What a note about the thing under the cursor begins with.
    pub(in crate::app) fn named_for_note(&self) -> String {
        let named = match self.view {
            View::Notes if self.writing.is_none() => None,
            _ => self.named_here(),
        };
        named.map_or_else(String::new, |item| format!("{item} "))
    }

    /// Begins a note that names what the cursor is on, or names it in the one that is written.
    pub(in crate::app) fn write_note(&mut self) {
        let named = self.named_for_note();
        if self.writing.is_none() {
            let draft = Draft { text: named, ..Draft::default() };
            return self.begin_writing(draft);
        }
        self.show_editor();
        if !named.is_empty() {
            self.effects.push(Effect::Edit(Edit::Insert(named)));
        }
    }

    /// Where the editor can stand: beside what is read, or in the section of the notes.
    fn show_editor(&mut self) {
        if self.view != View::Notes && !self.view.panes().contains(&Pane::Margin) {
            self.visit(View::Notes);
        }
        let pane = if self.view == View::Notes { Pane::Reader } else { Pane::Margin };
        if let Some(writing) = &mut self.writing {
            writing.pane = pane;
            self.focus = pane;
        }
    }

    pub(in crate::app) fn begin_writing(&mut self, draft: Draft) {
        if self.writing.is_some() {
            self.finish_note();
        }
        self.effects.push(Effect::Edit(Edit::Open(draft.text.clone())));
        self.writing = Some(Writing { draft, pane: Pane::Margin, is_wide: false, keys: 0 });
        self.show_editor();
    }

    /// The note that the cursor is on, or the draft.
    fn note_here(&self) -> Option<(Option<NoteId>, Option<i64>)> {
        if self.view != View::Notes {
            return None;
        }
        match (self.focus, &self.reader) {
            (Pane::List, _) => self.notes.current().map(|entry| (entry.row.id, entry.row.draft)),
            (_, Reader::Page(page)) => match &page.page {
                Page::Note(note) => Some((Some(note.view.note.id), None)),
                _ => None,
            },
            _ => None,
        }
    }

    pub(in crate::app) fn has_note(&self) -> bool {
        self.can_write && self.note_here().is_some()
    }

    pub(in crate::app) fn edit_note(&mut self) {
        if let Some((note, sitting)) = self.note_here() {
            self.asked.remove(&Purpose::Edit);
            self.ask(Purpose::Edit, Request::EditNote { note, sitting });
        }
    }

    pub(in crate::app) fn delete_note(&mut self) {
        match self.note_here() {
            Some((Some(id), None)) => self.act(Act::DeleteNote(id)),
            Some((note, Some(sitting))) => {
                self.act(Act::DropDraft(Draft {
                    sitting: Some(sitting),
                    note,
                    ..Draft::default()
                }));
            }
            _ => {}
        }
    }

    /// Something was typed: this is the text now.
    pub(in crate::app) fn edited(&mut self, text: String) {
        let Some(writing) = &mut self.writing else { return };
        if writing.draft.text == text {
            return;
        }
        writing.draft.text = text;
        writing.keys += 1;
        if writing.keys >= KEYS {
            self.keep_draft();
        } else {
            self.effects.push(Effect::Rest);
        }
    }

    /// Keeps what was typed since the last time.
    pub(in crate::app) fn keep_draft(&mut self) {
        if let Some(writing) = &mut self.writing
            && std::mem::take(&mut writing.keys) > 0
        {
            let draft = writing.draft.clone();
            self.act(Act::Draft(draft));
        }
    }

    /// Leaves the editor and keeps what was written.
    pub(in crate::app) fn finish_note(&mut self) {
        let shown = self.editor_pane();
        let Some(writing) = self.writing.take() else { return };
        self.effects.push(Effect::Edit(Edit::Close));
        self.act(Act::Note(writing.draft));
        if shown == Some(self.focus) {
            self.focus = if self.view == View::Notes { Pane::List } else { Pane::Reader };
        }
    }

    /// A note was kept; `None` for nothing, or a note that was emptied.
    pub(in crate::app) fn note_kept(
        &mut self,
        before: Option<NoteId>,
        note: Option<NoteId>,
        is_act: bool,
    ) {
        self.notes.forget();
        self.asked.remove(&Purpose::List);
        let key = self.first_key("undo");
        match (note, before) {
            (Some(id), _) if is_act => self.say(format!("{id} is kept · {key} undoes it"), false),
            (None, Some(id)) if is_act => {
                self.say(format!("{id} is deleted · {key} undoes it"), false);
            }
            (None, None) => self.say("nothing was written, so there is no note", false),
            _ => {}
        }
        if self.view != View::Notes {
            return;
        }
        match note {
            Some(id) => {
                self.open = None;
                self.open(Open::Page(PageId::Note(id)), super::reader::Goal::Start);
            }
            None if before.is_some() => {
                self.open = None;
                self.reader = Reader::Empty;
            }
            None => {}
        }
    }

    /// It could not be kept: back into the editor with it.
    pub(in crate::app) fn note_failed(&mut self, draft: Draft) {
        if self.writing.is_none() {
            self.begin_writing(draft);
        }
    }

    pub(in crate::app) fn edit(&mut self, edit: Edit) {
        self.effects.push(Effect::Edit(edit));
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
