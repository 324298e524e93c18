//! Whom keys are about that say who is who: the entity, account or words that the cursor is on.

use crate::app::App;
use crate::app::listing::Listing;
use crate::app::pages::entity::Piece;
use crate::app::pages::{Page, PageId};
use crate::app::reader::Reader;
use crate::app::selection::Selected;
use crate::app::target::Target;
use crate::app::view::Pane;
use crate::case::{Listed, Participant};
use crate::model::{EntityId, ParticipantId};

impl App {
    /// The page that the reader shows, where the keys are in it or beside it.
    pub(super) fn page_here(&self) -> Option<&Page> {
        match &self.reader {
            Reader::Page(page) if self.focus != Pane::List => Some(&page.page),
            _ => None,
        }
    }

    /// The entity that the cursor is on, or that owns the account which sent the message there.
    pub(in crate::app) fn entity_here(&self) -> Option<EntityId> {
        self.entity_named().or_else(|| self.owner_of_sender())
    }

    pub(super) fn entity_named(&self) -> Option<EntityId> {
        let link = self.links().and_then(|links| links.link());
        // What was merged into an entity is that entity.
        if let Some(Target::Page(PageId::Entity(id))) = link
            && !matches!(self.piece_here(), Some(Piece::Merged(_)))
        {
            return Some(*id);
        }
        if self.focus == Pane::List && self.listing() == Listing::People {
            return match self.people.current()? {
                Listed::Entity(row) => Some(row.entity.id),
                Listed::Account { owner, .. } => *owner,
                Listed::Rest(_) => None,
            };
        }
        match self.page_here()? {
            Page::Entity(dossier) => Some(dossier.row.entity.id),
            Page::Account(account) => account.row.account.owner.as_ref().map(|owner| owner.id),
            _ => None,
        }
    }

    pub(in crate::app) fn has_entity(&self) -> bool {
        self.entity_here().is_some()
    }

    /// The entity that owns the account which sent the message here.
    pub(super) fn owner_of_sender(&self) -> Option<EntityId> {
        let Reader::Chat(chat) = &self.reader else { return None };
        if self.focus == Pane::List {
            return None;
        }
        let sender = chat.current()?.sender_id?;
        let person = chat.row.accounts.iter().find(|person| person.id == sender)?;
        person.owner.as_ref().map(|owner| owner.id)
    }

    /// What the cursor is on in a dossier.
    pub(super) fn piece_here(&self) -> Option<Piece> {
        match &self.reader {
            Reader::Page(page) if self.focus == Pane::Reader => page.piece(),
            _ => None,
        }
    }

    /// The account that the cursor is on, with the name it is shown by.
    pub(super) fn account_here(&self) -> Option<(ParticipantId, String)> {
        if self.focus == Pane::List && self.listing() == Listing::People {
            return match self.people.current()? {
                Listed::Account { row, .. } => Some((row.id(), shown(&row.account))),
                _ => None,
            };
        }
        if let Some(Piece::Account(id)) = self.piece_here() {
            return Some((id, String::new()));
        }
        if let Some(Page::Account(account)) = self.page_here() {
            return Some((account.row.id(), shown(&account.row.account)));
        }
        match &self.reader {
            Reader::Chat(chat) if self.focus != Pane::List => {
                let message = chat.current()?;
                Some((message.sender_id?, message.sender_name.clone()))
            }
            _ => None,
        }
    }

    pub(in crate::app) fn has_account(&self) -> bool {
        self.account_here().is_some()
    }

    pub(in crate::app) fn has_entity_or_account(&self) -> bool {
        self.has_entity() || self.account_here().is_some()
    }

    /// Text that is selected, or the cell.
    pub(super) fn said_here(&self) -> Option<Selected> {
        self.selection().or_else(|| self.selected_cell())
    }

    pub(in crate::app) fn can_name(&self) -> bool {
        self.said_here().is_some() || self.has_entity()
    }

    pub(in crate::app) fn can_split(&self) -> bool {
        matches!(self.piece_here(), Some(Piece::Alias(_) | Piece::Account(_) | Piece::Merged(_)))
    }

    pub(in crate::app) fn can_delete_entity(&self) -> bool {
        self.can_write
            && match self.focus {
                Pane::List => {
                    self.listing() == Listing::People
                        && matches!(self.people.current(), Some(Listed::Entity(_)))
                }
                Pane::Reader => matches!(self.page_here(), Some(Page::Entity(_))),
                _ => false,
            }
    }

    /// The name of an entity, as far as it is on the screen.
    pub(super) fn entity_name(&self, id: EntityId) -> Option<String> {
        if let Reader::Page(page) = &self.reader
            && let Page::Entity(dossier) = &page.page
            && dossier.row.entity.id == id
        {
            return Some(dossier.row.entity.fields.name.clone());
        }
        let listed = self.people.rows().iter().find_map(|entry| match entry {
            Listed::Entity(row) if row.entity.id == id => Some(row.entity.fields.name.clone()),
            _ => None,
        });
        let chosen = || {
            let known = self.known_entities.iter().flatten().find(|known| known.id == id)?;
            known.names.first().cloned()
        };
        let present = || {
            let mut present = self.present.iter().flat_map(|(_, present, _)| present);
            present.find(|one| one.entity.id == id).map(|one| one.entity.name.clone())
        };
        listed.or_else(chosen).or_else(present)
    }

    /// Number and name of an entity, as far as its name is on the screen.
    pub(super) fn called(&self, id: EntityId) -> String {
        self.entity_name(id).map_or_else(|| id.to_string(), |name| format!("{id} {name}"))
    }

    /// Whether an entity is watched, as far as it is on the screen.
    pub(super) fn is_watched(&self, id: EntityId) -> bool {
        if let Reader::Page(page) = &self.reader
            && let Page::Entity(dossier) = &page.page
            && dossier.row.entity.id == id
        {
            return dossier.row.entity.fields.watched;
        }
        let present = self.present.iter().flat_map(|(_, present, _)| present);
        if let Some(one) = present.into_iter().find(|one| one.entity.id == id) {
            return one.is_watched;
        }
        self.people.rows().iter().any(|entry| {
            matches!(entry, Listed::Entity(row)
                if row.entity.id == id && row.entity.fields.watched)
        })
    }
}

/// The name that an account is shown by.
fn shown(account: &Participant) -> String {
    if account.name.is_empty() { account.handle.clone() } else { account.name.clone() }
}
