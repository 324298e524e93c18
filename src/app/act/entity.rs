//! Who is who, by keys: making entities of what is selected, of accounts and of names; changing,
//! merging and splitting them.

use crate::app::App;
use crate::app::choice::Choice;
use crate::app::data::{Act, Purpose, Request};
use crate::app::history::Open;
use crate::app::input::Input;
use crate::app::layers::{Layer, Prompt, Yes};
use crate::app::listing::Listing;
use crate::app::naming::{Done, EntityAct, For, Known, Typed, Use, key_value, preview_lines};
use crate::app::pages::entity::Piece;
use crate::app::pages::{Page, PageId};
use crate::app::reader::{Goal, Reader};
use crate::app::selection::Selected;
use crate::app::target::Target;
use crate::app::view::{Pane, View};
use crate::case::{EntityField, EntityKind, Listed, MergePreview, NewEntity};
use crate::model::{EntityId, ParticipantId};

impl App {
    /// The page that the reader shows, where the keys are in it or beside it.
    fn page_here(&self) -> Option<&Page> {
        match &self.reader {
            Reader::Page(page) if self.focus != Pane::List => Some(&page.page),
            _ => None,
        }
    }

    /// The entity that the cursor is on, or that owns the account which sent the message there.
    pub(in crate::app) fn entity_here(&self) -> Option<EntityId> {
        self.entity_named().or_else(|| self.owner_of_sender())
    }

    fn entity_named(&self) -> Option<EntityId> {
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

    /// What the cursor is on in a dossier.
    fn piece_here(&self) -> Option<Piece> {
        match &self.reader {
            Reader::Page(page) if self.focus == Pane::Reader => page.piece(),
            _ => None,
        }
    }

    /// The account that the cursor is on, with the name it is shown by.
    fn account_here(&self) -> Option<(ParticipantId, String)> {
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

    pub(in crate::app) fn has_entity_or_account(&self) -> bool {
        self.has_entity() || self.account_here().is_some()
    }

    /// Text that is selected, or the cell.
    fn said_here(&self) -> Option<Selected> {
        self.selection().or_else(|| self.selected_cell())
    }

    pub(in crate::app) fn can_name(&self) -> bool {
        self.said_here().is_some() || self.has_entity()
    }

    fn ask_said(&mut self, selected: Selected, purpose: Use) {
        if matches!(selected, Selected::Messages(..)) {
            return self.say("select the words inside of one message: V turns to its text", false);
        }
        self.asked.remove(&Purpose::Naming);
        self.ask(Purpose::Naming, Request::Said { selected, purpose });
    }

    pub(in crate::app) fn type_line(&mut self, what: Typed, text: &str) {
        let mut input = Input::new(text);
        // The key is typed before what was selected for its value.
        if matches!(&what, Typed::Attribute { .. }) && text.starts_with('=') {
            input.to_start();
        }
        self.layers.push(Layer::Prompt { what: Prompt::Entity(what), input });
    }

    /// Makes an entity of what is selected, of the account that the cursor is on, or of a name.
    pub(in crate::app) fn new_entity(&mut self) {
        if let Some(selected) = self.said_here() {
            return self.ask_said(selected, Use::Name);
        }
        match (self.account_here(), self.entity_here()) {
            (Some((id, _)), Some(owner)) => self.say(
                format!("{id} is owned by {owner}: it is split off in the dossier of that"),
                false,
            ),
            (Some((id, name)), None) => {
                // The account keeps its handle: what is typed is a name beside that.
                let (what, input) = (Typed::Name(vec![id]), Input::offering(&name));
                self.layers.push(Layer::Prompt { what: Prompt::Entity(what), input });
            }
            (None, _) => self.name_entity(),
        }
    }

    /// Makes an entity of a name alone.
    pub(in crate::app) fn name_entity(&mut self) {
        self.type_line(Typed::Name(Vec::new()), "");
    }

    /// The entity that owns the account which sent the message here.
    fn owner_of_sender(&self) -> Option<EntityId> {
        let Reader::Chat(chat) = &self.reader else { return None };
        if self.focus == Pane::List {
            return None;
        }
        let sender = chat.current()?.sender_id?;
        let person = chat.row.accounts.iter().find(|person| person.id == sender)?;
        person.owner.as_ref().map(|owner| owner.id)
    }

    /// Another name: what is selected, or what is typed.
    pub(in crate::app) fn add_name(&mut self) {
        match (self.said_here(), self.entity_here()) {
            (Some(selected), _) => self.ask_said(selected, Use::Alias),
            (None, Some(id)) => self.type_line(Typed::Alias(id), ""),
            (None, None) => {}
        }
    }

    /// Something that is said of an entity: what is selected shows it.
    pub(in crate::app) fn say_of_entity(&mut self) {
        match (self.said_here(), self.entity_here()) {
            (Some(selected), _) => self.ask_said(selected, Use::Attribute),
            (None, Some(id)) => self.type_line(Typed::Attribute { id, cite: None }, ""),
            (None, None) => {}
        }
    }

    /// It is known what is selected.
    pub(in crate::app) fn said(&mut self, selected: Selected, text: &str, purpose: Use) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return self.say("there is nothing in this that could be a name", false);
        }
        self.stop_selecting();
        match purpose {
            Use::Name => self.type_line(Typed::Name(Vec::new()), &text),
            Use::Alias => self.open_choice(Choice::Entity(For::Alias(text))),
            Use::Attribute => {
                self.open_choice(Choice::Entity(For::Attribute { selected, said: text }))
            }
        }
    }

    pub(in crate::app) fn rename_entity(&mut self) {
        let Some(id) = self.entity_here() else { return };
        let name = self.entity_name(id).unwrap_or_default();
        self.type_line(Typed::Rename(id), &name);
    }

    /// The name of an entity, as far as it is on the screen.
    fn entity_name(&self, id: EntityId) -> Option<String> {
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
    fn called(&self, id: EntityId) -> String {
        self.entity_name(id).map_or_else(|| id.to_string(), |name| format!("{id} {name}"))
    }

    /// Whether an entity is watched, as far as it is on the screen.
    fn is_watched(&self, id: EntityId) -> bool {
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

    pub(in crate::app) fn set_entity_kind(&mut self) {
        if let Some(id) = self.entity_here() {
            self.open_choice(Choice::EntityKind(id));
        }
    }

    pub(in crate::app) fn describe_entity(&mut self) {
        let Some(id) = self.entity_here() else { return };
        let before = match self.page_here() {
            Some(Page::Entity(dossier)) => dossier.row.entity.fields.description.clone(),
            _ => String::new(),
        };
        self.type_line(Typed::Describe(id), &before);
    }

    pub(in crate::app) fn tag_entity(&mut self) {
        if let Some(id) = self.entity_here() {
            self.type_line(Typed::Tag(id), "");
        }
    }

    pub(in crate::app) fn watch_entity(&mut self) {
        if let Some(id) = self.entity_here() {
            let on = !self.is_watched(id);
            self.act(Act::Entity(EntityAct::Watch { id, on }));
        }
    }

    /// Gives the account here to an entity, or an account to the entity here.
    pub(in crate::app) fn give_account(&mut self) {
        match (self.account_here(), self.entity_named(), self.piece_here()) {
            (Some((id, _)), None, None) => self.open_choice(Choice::Entity(For::Account(id))),
            (_, Some(id), _) => self.open_choice(Choice::Account(id)),
            _ => {}
        }
    }

    pub(in crate::app) fn has_account(&self) -> bool {
        self.account_here().is_some()
    }

    /// To the entity that owns the account here; where none does, whose it is can be said.
    pub(in crate::app) fn go_to_owner(&mut self) {
        match (self.entity_here(), self.account_here()) {
            (Some(owner), _) => self.go_to(Target::Page(PageId::Entity(owner))),
            (None, Some((account, _))) => self.ask_owner(account),
            (None, None) => {}
        }
    }

    /// Asks whose account it is: an entity that is there, or a new one.
    pub(in crate::app) fn ask_owner(&mut self, account: ParticipantId) {
        match (self.can_write, self.is_gone) {
            (true, false) => self.open_choice(Choice::Entity(For::Account(account))),
            _ => self.say(format!("no entity owns {account}, and nothing is kept here"), true),
        }
    }

    pub(in crate::app) fn merge_entity(&mut self) {
        if let Some(id) = self.entity_here() {
            self.open_choice(Choice::Entity(For::Merge(id)));
        }
    }

    pub(in crate::app) fn can_split(&self) -> bool {
        matches!(self.piece_here(), Some(Piece::Alias(_) | Piece::Account(_) | Piece::Merged(_)))
    }

    /// Makes an entity of its own of the name or account that the cursor is on; takes a merge
    /// apart.
    pub(in crate::app) fn split_entity(&mut self) {
        let Some(Page::Entity(dossier)) = self.page_here() else { return };
        let from = dossier.row.entity.id;
        // The name of what was merged into it stands for that.
        let merged = |name: &str| dossier.merged.iter().find(|own| own.name == name);
        let piece = match self.piece_here() {
            Some(Piece::Alias(name)) => Some(match merged(&name) {
                Some(own) => Piece::Merged(own.id),
                None => Piece::Alias(name),
            }),
            piece => piece,
        };
        match piece {
            Some(piece @ Piece::Alias(_)) => {
                let Piece::Alias(name) = piece.clone() else { return };
                self.type_line(Typed::Split { from, piece }, &name);
            }
            Some(piece @ Piece::Account(_)) => self.type_line(Typed::Split { from, piece }, ""),
            Some(Piece::Merged(id)) => {
                let act = EntityAct::Unmerge { id, why: String::new() };
                self.type_line(Typed::Why(act), "");
            }
            _ => {}
        }
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

    /// Deletes the entity, or takes away what the cursor is on in its dossier.
    pub(in crate::app) fn delete_entity(&mut self) {
        let Some(id) = self.entity_here() else { return };
        let act = match self.piece_here() {
            Some(Piece::Alias(name)) => EntityAct::Alias { id, name, on: false },
            Some(Piece::Account(account)) => {
                EntityAct::Account { id, account: account.to_string(), on: false }
            }
            Some(Piece::Attribute { key, value }) => EntityAct::TakeAttribute { id, key, value },
            Some(Piece::Tag(name)) => EntityAct::Tag { id, name, on: false },
            Some(Piece::Merged(id)) => EntityAct::Unmerge { id, why: String::new() },
            None => {
                let name = self.entity_name(id).unwrap_or_default();
                let undo = self.first_key("undo");
                let lines = vec![
                    format!("Delete {id} {name}?"),
                    "Notes that name it say that it is gone.".to_owned(),
                    format!("It is one act: {undo} takes it back."),
                ];
                let act = Act::Entity(EntityAct::Drop(id));
                return self.layers.push(Layer::Confirm { lines, yes: Yes::Act(Box::new(act)) });
            }
        };
        self.act(Act::Entity(act));
    }

    /// A line about an entity was typed.
    pub(in crate::app) fn accept_typed(&mut self, what: Typed, typed: &str) {
        let typed = typed.trim();
        let act = match what {
            Typed::Why(act) => return self.with_reason(act, typed),
            Typed::Describe(id) => {
                EntityAct::Set { id, set: EntityField::Description(typed.to_owned()) }
            }
            _ if typed.is_empty() => return,
            Typed::Name(participants) => {
                let new =
                    NewEntity { name: typed.to_owned(), participants, ..NewEntity::default() };
                return self.open_choice(Choice::KindOfNew(new));
            }
            Typed::Rename(id) => {
                let set = EntityField::Name { name: typed.to_owned(), why: String::new() };
                return self.type_line(Typed::Why(EntityAct::Set { id, set }), "");
            }
            Typed::Split { from, piece } => {
                let mut new = NewEntity { name: typed.to_owned(), ..NewEntity::default() };
                match piece {
                    Piece::Alias(name) => new.aliases.push(name),
                    Piece::Account(id) => new.participants.push(id),
                    _ => return,
                }
                let act = EntityAct::Split { from, new, why: String::new() };
                return self.type_line(Typed::Why(act), "");
            }
            Typed::Alias(id) => EntityAct::Alias { id, name: typed.to_owned(), on: true },
            Typed::Attribute { id, cite } => match key_value(typed) {
                Some((key, value)) => EntityAct::Attribute { id, key, value, cite },
                // What was selected and for whom is not asked a second time.
                None => {
                    self.type_line(Typed::Attribute { id, cite }, typed);
                    return self.say("it is written key = value: role = deputy", false);
                }
            },
            Typed::Tag(id) => match typed.strip_prefix(['-', '－']) {
                Some(name) => EntityAct::Tag { id, name: name.to_owned(), on: false },
                None => EntityAct::Tag { id, name: typed.to_owned(), on: true },
            },
        };
        self.act(Act::Entity(act));
    }

    /// The reason of an act was typed; what a merge changes is shown before it is done.
    fn with_reason(&mut self, act: EntityAct, reason: &str) {
        let why = reason.to_owned();
        let act = match act {
            EntityAct::Set { id, set: EntityField::Name { name, .. } } => {
                EntityAct::Set { id, set: EntityField::Name { name, why } }
            }
            EntityAct::Split { from, new, .. } => EntityAct::Split { from, new, why },
            EntityAct::Unmerge { id, .. } => EntityAct::Unmerge { id, why },
            EntityAct::Merge { id, into, .. } => {
                self.asked.remove(&Purpose::Naming);
                return self.ask(Purpose::Naming, Request::MergePreview { id, into, why });
            }
            act => act,
        };
        self.act(Act::Entity(act));
    }

    /// It is known what a merge would change: asks whether it shall.
    pub(in crate::app) fn merge_previewed(
        &mut self,
        (id, into): (EntityId, EntityId),
        why: String,
        preview: &MergePreview,
    ) {
        let lines = preview_lines(preview, &self.first_key("undo"));
        let act = Act::Entity(EntityAct::Merge { id, into, why });
        self.layers.push(Layer::Confirm { lines, yes: Yes::Act(Box::new(act)) });
    }

    pub(in crate::app) fn take_known(&mut self, known: Vec<Known>) {
        let is_alone = |own: &EntityId| known.iter().all(|known| known.id == *own);
        if let Some(Layer::Choice { choice: Choice::Entity(For::Merge(own)), .. }) =
            self.layers.last()
            && is_alone(own)
        {
            let words = format!("{own} is the only entity: there is none that it could be");
            self.layers.pop();
            return self.say(words, false);
        }
        self.known_entities = Some(known);
    }

    /// Something was done to an entity.
    pub(in crate::app) fn entity_acted(&mut self, act: EntityAct, done: Done) {
        let Done { id, acted } = done;
        let words = match &act {
            EntityAct::New(new) => format!("{id} {} is {} now", new.name, article(new.kind)),
            EntityAct::Split { new, .. } => format!("{} is {id} now", new.name),
            EntityAct::Merge { id: from, .. } => {
                format!("{} is {} now", self.called(*from), self.called(id))
            }
            _ => done_to(&acted.words, &self.called(id)),
        };
        self.acted_by(&Act::Entity(act.clone()), acted);
        self.say_undoable(&words);
        let is_open = |id| self.open == Some(Open::Page(PageId::Entity(id)));
        match act {
            EntityAct::Drop(id) if is_open(id) => self.leave_page(),
            EntityAct::Merge { id: from, into, .. } if is_open(from) => {
                self.open(Open::Page(PageId::Entity(into)), Goal::Start);
            }
            // The list stands on the one that both are now.
            EntityAct::Merge { into, .. } if self.view == View::Entities => {
                self.new_entity = Some(into);
            }
            // What was made from the list is what one wants to look at.
            EntityAct::New(_) if self.view == View::Entities => {
                self.depart();
                self.focus = Pane::Reader;
                self.open(Open::Page(PageId::Entity(id)), Goal::Start);
            }
            _ => {}
        }
    }

    /// What the reader showed is not there any more.
    pub(in crate::app) fn leave_page(&mut self) {
        self.open = None;
        self.goal = None;
        self.reader = Reader::Empty;
        self.cancel(Purpose::Reader);
        self.asked.remove(&Purpose::Reader);
        if self.focus != Pane::List {
            self.focus = Pane::List;
        }
    }
}

/// What was done to an entity, by its name.
fn done_to(words: &str, called: &str) -> String {
    match words.split_once("an entity") {
        Some((before, after)) => format!("{before}{called}{after}"),
        None => format!("{words} · {called}"),
    }
}

fn article(kind: EntityKind) -> String {
    crate::model::id::with_article(kind.word())
}

/// The name that an account is shown by.
fn shown(account: &crate::case::Participant) -> String {
    if account.name.is_empty() { account.handle.clone() } else { account.name.clone() }
}
