//! Choosing one of a few: a window with what there is, cut by what is typed. Where a note stands,
//! what a citation does, a tag, a date, an entity, a format: all of them are chosen here.

mod entity;
mod note;
mod report;
mod tag;

use super::App;
use super::act::lead::Lead;
use super::data::{Act, Label, Purpose, Request};
use super::exporting::Form;
use super::input::Input;
use super::layers::Layer;
use super::naming::{For, Typed};
use super::settings::profiles_in;
use super::target::Target;
use crate::case::{Citation, NewEntity, NoteFilter, Scope};
use crate::model::{EntityId, ItemId, NoteId};
use crate::text::normal::folded;
use crate::text::{sanitise, width};
use note::dated;
use std::borrow::Cow;
use std::sync::Arc;

/// Cells of a name in a title.
const NAME: usize = 24;

/// What is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    Kind(NoteId),
    Standing(NoteId),
    Confidence(NoteId),
    Likelihood(NoteId),
    When(NoteId),
    Question(NoteId),
    Stance(NoteId, Citation),
    Grade(NoteId, Citation),
    /// Which notes are listed.
    Shown,
    /// A tag for these, which carry some already.
    Tag {
        items: Arc<[ItemId]>,
        carried: Vec<String>,
    },
    /// A tag for all of something, and that in words.
    TagAll {
        scope: Scope,
        of: String,
    },
    /// A tag to look for.
    Tags,
    /// The kind of a new entity.
    KindOfNew(NewEntity),
    EntityKind(EntityId),
    /// The entity that something is for.
    Entity(For),
    /// An account that this entity owns.
    Account(EntityId),
    /// What is in a report.
    Report,
    ReportFormat,
    /// What masks names in it.
    ReportProfile,
    /// What is gone to of several that what is read leads to.
    Follow(Vec<Lead>),
}

/// One of those that there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    pub label: String,
    pub about: String,
    /// It is so already.
    pub is_now: bool,
    pub take: Take,
}

/// What choosing it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Take {
    Act(Act),
    Count {
        scope: Scope,
        label: Label,
        of: String,
    },
    Show(NoteFilter),
    Go(Target),
    Export(Form),
    /// A line is typed first, which begins so.
    Type(Typed, String),
    /// It cannot be chosen; `about` says why.
    Nothing,
}

impl Choice {
    pub fn title(&self) -> Cow<'static, str> {
        let title = match self {
            Choice::Kind(_) => "WHAT IT IS",
            Choice::Standing(_) => "WHERE IT STANDS",
            Choice::Confidence(_) => "HOW WELL FOUNDED, NOT HOW LIKELY",
            Choice::Likelihood(_) => "HOW LIKELY, NOT HOW WELL FOUNDED",
            Choice::When(_) => "WHEN IT WAS",
            Choice::Question(_) => "WHAT IT ANSWERS",
            Choice::Stance(..) => "WHAT IT DOES FOR THE CLAIM",
            Choice::Grade(..) => "GRADE OF SOURCE AND ITEM",
            Choice::Shown => "SHOW",
            Choice::Tag { .. } | Choice::TagAll { .. } => "TAG",
            Choice::Tags => "TAGS",
            Choice::KindOfNew(_) => "WHAT IS IT?",
            Choice::EntityKind(_) => "WHAT KIND?",
            Choice::Entity(For::Alias(name)) => {
                return format!("WHOSE NAME IS {}?", in_title(name)).into();
            }
            Choice::Entity(For::Account(id, name)) => {
                return format!("WHO OWNS {}?", in_title(&format!("{id} {name}"))).into();
            }
            Choice::Entity(For::Attribute { .. }) => "OF WHOM IS IT SAID?",
            Choice::Entity(For::Merge(_)) => "WHO IS IT?",
            Choice::Account(_) => "WHICH ACCOUNT IS ITS OWN?",
            Choice::Report => "WHAT IS IN IT",
            Choice::ReportFormat => "FORMAT",
            Choice::ReportProfile => "WHOSE NAMES ARE MASKED",
            Choice::Follow(_) => "WHERE TO",
        };
        title.into()
    }

    /// What stands before what is typed.
    pub fn label(&self) -> &'static str {
        match self {
            Choice::When(_) => "2021, 2021-03?, 2021-03-05T12:41, 2020..2021~: ",
            Choice::Grade(..) => "B2, B or 2: ",
            Choice::Shown => "kind or word: ",
            Choice::Report => "or N1,N3: ",
            Choice::ReportProfile => "or a file: ",
            Choice::Tag { .. } | Choice::TagAll { .. } => "# ",
            _ => ": ",
        }
    }

    /// A field of a note is set, of which is known what it is.
    fn is_of_field(&self) -> bool {
        matches!(
            self,
            Choice::Kind(_)
                | Choice::Standing(_)
                | Choice::Confidence(_)
                | Choice::Likelihood(_)
                | Choice::When(_)
                | Choice::Question(_)
        )
    }

    fn is_open_ended(&self) -> bool {
        matches!(self, Choice::When(_) | Choice::Tag { .. } | Choice::TagAll { .. })
    }
}

/// A name as the title of the window says it.
fn in_title(name: &str) -> String {
    width::clip(&sanitise::line(name.trim()), NAME)
}

fn pick(label: impl Into<String>, about: impl Into<String>, is_now: bool, take: Take) -> Pick {
    Pick { label: label.into(), about: about.into(), is_now, take }
}

impl App {
    pub(in crate::app) fn open_choice(&mut self, choice: Choice) {
        match choice {
            Choice::Tag { .. } | Choice::TagAll { .. } | Choice::Tags => {
                self.asked.remove(&Purpose::Tags);
                self.ask(Purpose::Tags, Request::Tags);
            }
            Choice::Question(_) => {
                self.asked.remove(&Purpose::Questions);
                self.ask(Purpose::Questions, Request::Questions);
            }
            Choice::Entity(_) => {
                self.known_entities = None;
                self.asked.remove(&Purpose::Naming);
                self.ask(Purpose::Naming, Request::KnownEntities);
            }
            Choice::Account(_) => {
                self.known_accounts = None;
                self.asked.remove(&Purpose::Naming);
                self.ask(Purpose::Naming, Request::KnownAccounts);
            }
            Choice::ReportProfile => {
                self.profiles = self.profile_folder.as_deref().map_or_else(Vec::new, profiles_in);
            }
            _ => {}
        }
        // Where nothing is set yet, one begins with what can be set.
        let is_set = |pick: &Pick| pick.is_now && pick.label != "none";
        let cursor = self.picks(&choice, "").iter().position(is_set).unwrap_or(0);
        let cursor = if choice.is_open_ended() { 0 } else { cursor };
        self.layers.push(Layer::Choice { choice, input: Input::default(), cursor });
    }

    /// What there is to choose, cut by what was typed: what begins so comes first.
    pub fn picks(&self, choice: &Choice, typed: &str) -> Vec<Pick> {
        let typed = typed.trim();
        let mut picks = self.all_picks(choice);
        let needle = folded(typed.trim_start_matches(['#', '＃']));
        let begins = |pick: &Pick| folded(&pick.label).starts_with(&needle);
        if !needle.is_empty() {
            let contains = |pick: &Pick| {
                folded(&pick.label).contains(&needle) || folded(&pick.about).contains(&needle)
            };
            match picks.iter().any(begins) {
                true => picks.retain(begins),
                false => picks.retain(contains),
            }
            // P1 is meant by its number, and not P12.
            let number = |pick: &Pick| folded(pick.label.split(' ').next().unwrap_or_default());
            picks.sort_by_key(|pick| number(pick) != needle);
        }
        if let Some(own) = self.typed_pick(choice, typed, &picks) {
            // A date is what was typed; a tag is completed before it is made anew.
            let known = picks.iter().filter(|pick| begins(pick)).count();
            let at = if matches!(choice, Choice::When(_)) { 0 } else { known };
            picks.insert(at, own);
        }
        if let Some(new) = self.new_entity_pick(choice, typed, !picks.is_empty()) {
            // Before anything is typed enter must not take whoever happens to be the first.
            let at = if needle.is_empty() { 0 } else { picks.len() };
            picks.insert(at, new);
        }
        picks
    }

    fn all_picks(&self, choice: &Choice) -> Vec<Pick> {
        match choice {
            Choice::Report => self.report_picks(),
            Choice::ReportFormat => self.format_picks(),
            Choice::ReportProfile => self.profile_picks(),
            Choice::Follow(leads) => {
                let to =
                    |lead: &Lead| pick(&lead.label, &lead.about, false, Take::Go(lead.to.clone()));
                leads.iter().map(to).collect()
            }
            Choice::Tag { carried, .. } => self.tag_picks(choice, carried),
            Choice::TagAll { .. } => self.tag_picks(choice, &[]),
            Choice::Tags => self.tags_to_find(),
            Choice::KindOfNew(_) | Choice::EntityKind(_) => self.entity_kind_picks(choice),
            Choice::Entity(purpose) => self.entity_picks(purpose),
            Choice::Account(id) => self.account_picks(*id),
            _ => self.note_picks(choice),
        }
    }

    /// What was typed, where that need not be one of those that there are.
    fn typed_pick(&self, choice: &Choice, typed: &str, picks: &[Pick]) -> Option<Pick> {
        if typed.is_empty() {
            return None;
        }
        match choice {
            Choice::When(id) => Some(dated(*id, typed)),
            Choice::Shown => Some(self.typed_shown(typed)),
            Choice::Report => self.typed_report(typed),
            Choice::ReportProfile => self.typed_profile(typed),
            Choice::Tag { .. } | Choice::TagAll { .. } => self.typed_tag(choice, typed, picks),
            _ => None,
        }
    }

    /// What is said where nothing can be chosen.
    pub fn no_pick(&self, choice: &Choice, typed: &str) -> String {
        match (choice, typed.trim()) {
            (Choice::Account(_), _) if self.is_coming(Purpose::Naming) => String::new(),
            (Choice::Tags, _) if self.tags.is_empty() && self.is_coming(Purpose::Tags) => {
                String::new()
            }
            (Choice::Tags, _) if self.tags.is_empty() => {
                let key = self.first_key("tag");
                format!("there is no tag yet: {key} gives one to what the cursor is on")
            }
            (_, "") => "there is nothing to choose".to_owned(),
            (_, typed) => format!("nothing here is called {typed}"),
        }
    }

    /// Takes what the cursor is on.
    pub(in crate::app) fn take_pick(&mut self) {
        let Some(Layer::Choice { choice, input, cursor }) = self.layers.pop() else { return };
        let is_blank = !input.text().is_empty() && input.text().trim().is_empty();
        if is_blank && choice.is_open_ended() {
            // What was typed names none, and least of all the first one of them.
            self.layers.push(Layer::Choice { choice, input, cursor });
            return self.say("nothing was typed but a blank", false);
        }
        let Some(pick) = self.picks(&choice, input.text()).into_iter().nth(cursor) else {
            let words = format!("there is no {:?} to choose", input.text().trim());
            self.layers.push(Layer::Choice { choice, input, cursor });
            return self.say(words, false);
        };
        match pick.take {
            // It is no act to leave everything as it is.
            Take::Act(Act::SetNote { .. }) if pick.is_now && choice.is_of_field() => {
                self.say(format!("it is so already: {}", pick.label), false);
            }
            Take::Act(act) => self.act(act),
            Take::Count { scope, label, of } => {
                self.asked.remove(&Purpose::Count);
                self.ask(Purpose::Count, Request::Count { scope, label, of });
            }
            Take::Show(filter) => self.show_notes(filter),
            Take::Go(target) => self.go_to(target),
            Take::Export(form) => self.show_export(form),
            Take::Type(what, text) => self.type_line(what, &text),
            Take::Nothing => {
                self.say(format!("{}: {}", pick.label, pick.about), true);
                self.layers.push(Layer::Choice { choice, input, cursor });
            }
        }
    }
}
