//! Who is who, by keys: making entities of what is selected, of accounts and of names; changing,
//! merging and splitting them.

use crate::app::App;
use crate::app::choice::Choice;
use crate::app::data::{Act, Purpose, Request};
use crate::app::history::Open;
use crate::app::input::Input;
use crate::app::layers::{Layer, Prompt, Yes};
use crate::app::naming::{Done, EntityAct, For, Known, Typed, Use, key_value, preview_lines};
use crate::app::pages::entity::Piece;
use crate::app::pages::{Page, PageId};
use crate::app::reader::{Goal, Reader};
use crate::app::selection::Selected;
use crate::app::target::Target;
use crate::app::view::{Pane, View};
use crate::case::{EntityField, EntityKind, MergePreview, NewEntity};
use crate::model::{EntityId, ParticipantId};

impl App {
    fn ask_said(&mut self, selected: Selected, purpose: Use) {
        if matches!(selected, Selected::Messages(..)) {
            return self.say("select the words inside of one message: V turns to its text", false);
        }
        self.asked.remove(&Purpose::Naming);
        self.ask(Purpose::Naming, Request::Said { selected, purpose });
    }

    pub(in crate::app) fn type_line(&mut self, what: Typed, text: &str) {
        let mut input = match &what {
            // An account keeps its handle: what is typed is a name beside that.
            Typed::Name(accounts) if !accounts.is_empty() => Input::offering(text),
            _ => Input::new(text),
        };
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
            (Some((id, name)), None) => self.type_line(Typed::Name(vec![id]), &name),
            (None, _) => self.name_entity(),
        }
    }

    /// Makes an entity of a name alone.
    pub(in crate::app) fn name_entity(&mut self) {
        self.type_line(Typed::Name(Vec::new()), "");
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
            (Some((id, name)), None, None) => {
                self.open_choice(Choice::Entity(For::Account(id, name)));
            }
            (_, Some(id), _) => self.open_choice(Choice::Account(id)),
            _ => {}
        }
    }

    /// To the entity that owns the account here; where none does, whose it is can be said.
    pub(in crate::app) fn go_to_owner(&mut self) {
        match (self.entity_here(), self.account_here()) {
            (Some(owner), _) => self.go_to(Target::Page(PageId::Entity(owner))),
            (None, Some((account, name))) => self.ask_owner(account, name),
            (None, None) => {}
        }
    }

    /// The same for an account that a line leads to.
    pub(in crate::app) fn ask_owner_of(&mut self, account: ParticipantId) {
        let here = self.account_here().filter(|(id, _)| *id == account);
        let name = here.map_or_else(String::new, |(_, name)| name);
        self.ask_owner(account, name);
    }

    /// Asks whose account it is: a new entity's, or that of one that is there.
    fn ask_owner(&mut self, account: ParticipantId, name: String) {
        match (self.can_write, self.is_gone) {
            (true, false) => self.open_choice(Choice::Entity(For::Account(account, name))),
            _ => self.say(format!("no entity owns {account}, and nothing is kept here"), true),
        }
    }

    pub(in crate::app) fn merge_entity(&mut self) {
        if let Some(id) = self.entity_here() {
            self.open_choice(Choice::Entity(For::Merge(id)));
        }
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
