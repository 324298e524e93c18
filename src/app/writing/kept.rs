//! A note that is opened to be written on, and what becomes of it: kept, deleted, left as a draft.

use crate::app::App;
use crate::app::data::{Act, Purpose, Request};
use crate::app::history::Open;
use crate::app::layers::{Layer, Yes};
use crate::app::pages::{Page, PageId};
use crate::app::reader::{Goal, Reader};
use crate::app::view::{Pane, View};
use crate::case::{Draft, NoteRow, wall_text};
use crate::model::NoteId;

impl App {
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
            // It stands in the list as well: opened once more it would become two notes.
            if self.is_written(note, sitting) {
                let key = self.first_key("finish-note");
                self.show_editor();
                return self.say(format!("a note is being written · {key} keeps it"), false);
            }
            self.open_note(note, sitting, false);
        }
    }

    /// Asks whether a draft that is written in another window is written on here.
    fn ask_elsewhere(&mut self, draft: &Draft) {
        let Draft { note, sitting, saved, .. } = *draft;
        let saved = wall_text(saved);
        let becomes = match note {
            Some(_) => "keeps both texts",
            None => "becomes two notes",
        };
        let lines = vec![
            format!("It is being written in another window, the last of it at {saved} UTC."),
            format!("Writing on here {becomes}. Open it here?"),
        ];
        self.layers.push(Layer::Confirm { lines, yes: Yes::Edit { note, sitting } });
    }

    /// What is to be written on is there. That it is written in another window is said first; there
    /// it is kept under the name of that sitting, here it gets another.
    pub(in crate::app) fn note_opened(&mut self, mut draft: Draft) {
        if draft.is_elsewhere {
            let request = self.asked.get(&Purpose::Edit);
            if !matches!(request, Some(Request::EditNote { anyway: true, .. })) {
                return self.ask_elsewhere(&draft);
            }
            draft.sitting = None;
        }
        self.begin_writing(draft);
    }

    /// `anyway`: though another window writes on it.
    pub(in crate::app) fn open_note(
        &mut self,
        note: Option<NoteId>,
        sitting: Option<i64>,
        anyway: bool,
    ) {
        self.asked.remove(&Purpose::Edit);
        self.ask(Purpose::Edit, Request::EditNote { note, sitting, anyway });
    }

    /// Whether a row of the list is what is being written: the note itself, or its draft of this
    /// opening of the case.
    fn is_written(&self, note: Option<NoteId>, sitting: Option<i64>) -> bool {
        let Some(writing) = &self.writing else { return false };
        let is_own = match sitting {
            Some(sitting) => writing.draft.sitting.or(self.sitting) == Some(sitting),
            None => note.is_some(),
        };
        is_own && writing.draft.note == note
    }

    /// A draft was kept: the list shows it as it is now.
    pub(in crate::app) fn draft_kept(&mut self, draft: &Draft, sitting: i64) {
        if draft.sitting.is_none() {
            self.sitting = Some(sitting);
        }
        // In the list names stand for what a title refers to: it is not compared with that.
        let title = draft.title().to_owned();
        let is_titled = match &mut self.writing {
            Some(writing) if writing.draft.note == draft.note => {
                std::mem::replace(&mut writing.listed, title.clone()) == title
            }
            _ => false,
        };
        let is_it = |row: &NoteRow| (row.id, row.draft) == (draft.note, Some(sitting));
        if !is_titled || !self.notes.rows().iter().any(|entry| is_it(&entry.row)) {
            self.renews();
            self.notes.renew();
            self.asked.remove(&Purpose::List);
        }
    }

    pub(in crate::app) fn delete_note(&mut self) {
        match self.note_here() {
            Some((note, sitting)) if self.is_written(note, sitting) => {
                self.show_editor();
                self.say("it is being written: what has no text is no note", false);
            }
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

    /// Leaves the editor, unless a reference is being typed: then that is left first.
    pub(in crate::app) fn leave_note(&mut self) {
        if self.is_in_reference() {
            self.drop_completion();
            let key = self.first_key("finish-note");
            return self.say(format!("nothing is completed here · {key} keeps the note"), false);
        }
        self.finish_note();
    }

    /// Leaves the editor and keeps what was written.
    pub(in crate::app) fn finish_note(&mut self) {
        let shown = self.editor_pane();
        let Some(writing) = self.writing.take() else { return };
        self.act(Act::Note(writing.current()));
        if shown == Some(self.focus) {
            if writing.is_away && self.view == View::Notes {
                self.go_back();
                // The editor is closed: nothing leads to where it stood. Whoever goes to the notes
                // comes to the new one.
                self.history.drop_next();
                self.places.remove(&View::Notes);
                return;
            }
            self.focus = match writing.from {
                (view, pane) if view == self.view => pane,
                _ if self.view == View::Notes => Pane::List,
                _ => Pane::Reader,
            };
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
        if before.is_none() {
            self.new_note = note;
        }
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
                self.open(Open::Page(PageId::Note(id)), Goal::Start);
            }
            None if before.is_some() => self.leave_page(),
            None => {}
        }
    }

    /// It could not be kept: back into the editor with it.
    pub(in crate::app) fn note_failed(&mut self, draft: Draft) {
        if self.writing.is_none() {
            self.begin_writing(draft);
        }
    }
}
