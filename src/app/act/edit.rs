//! Editing, deleting and keeping what the cursor is on, whatever it is.

use super::several::ALONE;
use crate::app::App;
use crate::app::data::Act;
use crate::app::pages::Page;
use crate::app::reader::Reader;
use crate::app::target::Target;
use crate::app::view::{Pane, View};
use crate::case::Listed;
use crate::model::{ItemId, Sha256};

impl App {
    pub(in crate::app) fn can_edit(&self) -> bool {
        self.is_search() || self.has_note() || (self.can_write && self.is_on_anchor())
    }

    pub(in crate::app) fn edit_here(&mut self) {
        if self.is_on_anchor() {
            return self.edit_anchor();
        }
        if self.has_note() {
            if self.has_several() {
                return self.say(ALONE, false);
            }
            return self.edit_note();
        }
        self.edit_query();
    }

    /// The worklist under the cursor.
    fn worklist_here(&self) -> Option<Sha256> {
        match self.links()?.link()? {
            Target::Worklist { search, .. } => Some(*search),
            _ => None,
        }
    }

    pub(in crate::app) fn can_delete(&self) -> bool {
        self.can_write
            && (self.has_note()
                || self.worklist_here().is_some()
                || self.is_on_anchor()
                || self.can_delete_entity())
    }

    pub(in crate::app) fn delete_here(&mut self) {
        if self.delete_several() {
            return;
        }
        match self.worklist_here() {
            Some(search) => self.act(Act::DropSearch(search)),
            None if self.is_on_anchor() => self.drop_anchor(),
            None if self.can_delete_entity() => self.delete_entity(),
            None => self.delete_note(),
        }
    }

    /// What stands here although somebody deleted it.
    fn kept_here(&self) -> Option<ItemId> {
        let is_in_list = self.focus == Pane::List;
        let page = match &self.reader {
            Reader::Page(page) if self.focus == Pane::Reader => Some(&page.page),
            _ => None,
        };
        if let Some((_, cited)) = self.citation_here() {
            return cited.kept.as_ref().map(|_| ItemId::Anchor(cited.id));
        }
        match (page, self.view) {
            (Some(Page::Anchor(page)), _) => {
                page.view.kept.as_ref().map(|_| ItemId::Anchor(page.view.id))
            }
            (Some(Page::Note(note)), _) => {
                let note = &note.view.note;
                note.fields.kept.as_ref().map(|_| ItemId::Note(note.id))
            }
            (Some(Page::Entity(dossier)), _) => {
                let entity = &dossier.row.entity;
                entity.fields.kept.as_ref().map(|_| ItemId::Entity(entity.id))
            }
            (None, View::Notes) if is_in_list => {
                let entry = self.notes.current().filter(|entry| entry.kept.is_some())?;
                entry.row.id.map(ItemId::Note)
            }
            (None, View::Entities) if is_in_list => match self.people.current() {
                Some(Listed::Entity(row)) if row.entity.fields.kept.is_some() => {
                    Some(ItemId::Entity(row.entity.id))
                }
                _ => None,
            },
            _ => None,
        }
    }

    pub(in crate::app) fn can_keep(&self) -> bool {
        self.can_write && self.kept_here().is_some()
    }

    pub(in crate::app) fn keep_here(&mut self) {
        if let Some(item) = self.kept_here() {
            self.act(Act::Keep(item));
        }
    }
}
