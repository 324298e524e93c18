//! Choosing one of a few: a window with what there is, cut by what is typed. Where a note stands,
//! what a citation does, a tag, a date: all of them are chosen here.

use super::App;
use super::data::{Act, Label, Purpose, Request};
use super::input::Input;
use super::layers::Layer;
use super::overview::count;
use super::reader::Reader;
use super::target::Target;
use crate::case::{
    Citation, Confidence, Grade, ItemGrade, Likelihood, NoteEntry, NoteField, NoteFilter, NoteKind,
    Scope, SourceGrade, Stance, Standing, When, note_title,
};
use crate::model::{ItemId, NoteId, tag, time};
use std::sync::Arc;

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
    /// It cannot be chosen; `about` says why.
    Nothing,
}

impl Choice {
    pub fn title(&self) -> &'static str {
        match self {
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
        }
    }

    /// What stands before what is typed.
    pub fn label(&self) -> &'static str {
        match self {
            Choice::When(_) => "2021, 2021-03?, 2021-03-05T12:41, 2020..2021~: ",
            Choice::Grade(..) => "B2, B or 2: ",
            Choice::Tag { .. } | Choice::TagAll { .. } => "# ",
            _ => ": ",
        }
    }

    fn is_open_ended(&self) -> bool {
        matches!(self, Choice::When(_) | Choice::Tag { .. } | Choice::TagAll { .. })
    }
}

fn pick(label: impl Into<String>, about: impl Into<String>, is_now: bool, take: Take) -> Pick {
    Pick { label: label.into(), about: about.into(), is_now, take }
}

/// Picks that set a field of a note.
fn fields<T: Copy + PartialEq>(
    id: NoteId,
    all: &[T],
    now: Option<T>,
    words: impl Fn(T) -> (String, &'static str),
    field: impl Fn(Option<T>) -> NoteField,
    none: Option<&'static str>,
) -> Vec<Pick> {
    let set = |value| Take::Act(Act::SetNote { note: id, set: field(value) });
    let mut picks: Vec<Pick> = all
        .iter()
        .map(|value| {
            let (label, about) = words(*value);
            pick(label, about, now == Some(*value), set(Some(*value)))
        })
        .collect();
    picks.extend(none.map(|about| pick("none", about, false, set(None))));
    picks
}

fn kind_about(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::Note => "a text and no more",
        NoteKind::Finding => "claims something, graded and cited",
        NoteKind::Question => "asks something and gathers what answers it",
        NoteKind::Event => "something that happened, dated or vaguely dated",
    }
}

fn standing_about(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "not decided",
        Standing::Supported => "the evidence carries it",
        Standing::Disputed => "somebody doubts it, or evidence does",
        Standing::Refuted => "it is not so",
    }
}

fn stance_about(stance: Stance) -> &'static str {
    match stance {
        Stance::Supports => "it speaks for it",
        Stance::Contradicts => "it speaks against it",
        Stance::Context => "it is named, and says neither yes nor no",
    }
}

/// Every grade, the halves first.
fn grades() -> Vec<(Grade, String)> {
    let source = |known: SourceGrade| (Some(known), known.words());
    let item = |known: ItemGrade| (Some(known), known.words());
    let mut all = vec![(Grade::default(), "nothing is said of it".to_owned())];
    for (known, words) in SourceGrade::ALL.iter().map(|known| source(*known)) {
        all.push((Grade { source: known, item: None }, format!("source {words}")));
    }
    for (known, words) in ItemGrade::ALL.iter().map(|known| item(*known)) {
        all.push((Grade { source: None, item: known }, format!("item {words}")));
    }
    for (from, of) in SourceGrade::ALL.iter().map(|known| source(*known)) {
        for (known, words) in ItemGrade::ALL.iter().map(|known| item(*known)) {
            all.push((Grade { source: from, item: known }, format!("{of}, {words}")));
        }
    }
    all
}

/// A date that is being typed.
fn dated(id: NoteId, typed: &str) -> Pick {
    match typed.parse::<When>() {
        Ok(when) => {
            let (first, last) = when.span();
            let text = |clock: i64| time::clock_text(clock).replace('T', " ");
            let (first, last) = (text(first), text(last));
            let doubt = if when.is_vague() { "vague: " } else { "" };
            let about = format!("{doubt}{} to {}", &first[..16], &last[..16]);
            let set = NoteField::When(Some(when));
            pick(typed, about, false, Take::Act(Act::SetNote { note: id, set }))
        }
        Err(_) => pick(typed, "no date yet", false, Take::Nothing),
    }
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
            _ => {}
        }
        let cursor = self.picks(&choice, "").iter().position(|pick| pick.is_now).unwrap_or(0);
        let cursor = if choice.is_open_ended() { 0 } else { cursor };
        self.layers.push(Layer::Choice { choice, input: Input::default(), cursor });
    }

    /// What there is to choose, cut by what was typed: what begins so comes first.
    pub fn picks(&self, choice: &Choice, typed: &str) -> Vec<Pick> {
        let typed = typed.trim();
        let mut picks = self.all_picks(choice);
        let needle = typed.trim_start_matches(['#', '＃']).to_lowercase();
        if !needle.is_empty() {
            let begins = |pick: &Pick| pick.label.to_lowercase().starts_with(&needle);
            let contains = |pick: &Pick| {
                pick.label.to_lowercase().contains(&needle)
                    || pick.about.to_lowercase().contains(&needle)
            };
            match picks.iter().any(begins) {
                true => picks.retain(begins),
                false => picks.retain(contains),
            }
        }
        if let Some(own) = self.typed_pick(choice, typed, &picks) {
            // A date is what was typed; a tag is completed before it is made anew.
            let known = picks.iter().filter(|pick| pick.label.to_lowercase().starts_with(&needle));
            let at = if matches!(choice, Choice::When(_)) { 0 } else { known.count() };
            picks.insert(at, own);
        }
        picks
    }

    /// What was typed, where that need not be one of those that there are.
    fn typed_pick(&self, choice: &Choice, typed: &str, picks: &[Pick]) -> Option<Pick> {
        if typed.is_empty() {
            return None;
        }
        match choice {
            Choice::When(id) => Some(dated(*id, typed)),
            Choice::Tag { .. } | Choice::TagAll { .. } => match tag::name(typed) {
                Ok(name) if picks.iter().any(|pick| pick.label == name) => None,
                Ok(name) => {
                    let take = self.tagging(choice, &name, true);
                    Some(pick(name, "a new tag", false, take))
                }
                Err(error) => Some(pick(typed, error.to_string(), false, Take::Nothing)),
            },
            _ => None,
        }
    }

    fn tagging(&self, choice: &Choice, name: &str, on: bool) -> Take {
        let name = name.to_owned();
        match choice {
            Choice::TagAll { scope, of } => {
                Take::Count { scope: scope.clone(), label: Label::Tag(name), of: of.clone() }
            }
            Choice::Tag { items, .. } => Take::Act(Act::Tag { items: items.clone(), name, on }),
            _ => Take::Nothing,
        }
    }

    fn all_picks(&self, choice: &Choice) -> Vec<Pick> {
        let now = |id: &NoteId| self.fields_at(*id);
        match choice {
            Choice::Kind(id) => {
                let words = |kind: NoteKind| (kind.word().to_owned(), kind_about(kind));
                let kind = self.kind_at(*id);
                let set = |kind: Option<NoteKind>| NoteField::Kind(kind.unwrap_or_default());
                fields(*id, NoteKind::ALL, kind, words, set, None)
            }
            Choice::Standing(id) => {
                let words = |known: Standing| (known.word().to_owned(), standing_about(known));
                let set = |known: Option<Standing>| NoteField::Standing(known.unwrap_or_default());
                fields(*id, Standing::ALL, now(id).map(|own| own.standing), words, set, None)
            }
            Choice::Confidence(id) => {
                let words = |known: Confidence| (known.word().to_owned(), "");
                let own = now(id).and_then(|own| own.confidence);
                fields(*id, Confidence::ALL, own, words, NoteField::Confidence, Some("not said"))
            }
            Choice::Likelihood(id) => {
                let words = |known: Likelihood| (known.words(), "");
                let own = now(id).and_then(|own| own.likelihood);
                fields(*id, Likelihood::ALL, own, words, NoteField::Likelihood, Some("not said"))
            }
            Choice::When(id) => {
                let set = NoteField::When(None);
                let mut picks = Vec::new();
                if let Some(when) = now(id).and_then(|own| own.when.clone()) {
                    picks.push(Pick { is_now: true, ..dated(*id, when.text()) });
                }
                let none = Take::Act(Act::SetNote { note: *id, set });
                picks.push(pick("none", "it has no date", false, none));
                picks
            }
            Choice::Question(id) => self.question_picks(*id),
            Choice::Stance(id, citation) => {
                let words = |known: Stance| (known.word().to_owned(), stance_about(known));
                let set = |known: Option<Stance>| {
                    let stance = known.unwrap_or_default();
                    NoteField::Cite(Citation { stance, ..*citation })
                };
                fields(*id, Stance::ALL, Some(citation.stance), words, set, None)
            }
            Choice::Grade(id, citation) => grades()
                .into_iter()
                .map(|(grade, about)| {
                    let set = NoteField::Cite(Citation { grade, ..*citation });
                    let label = match grade.to_string() {
                        label if label.is_empty() => "none".to_owned(),
                        label => label,
                    };
                    let take = Take::Act(Act::SetNote { note: *id, set });
                    pick(label, about, grade == citation.grade, take)
                })
                .collect(),
            Choice::Shown => self.shown_picks(),
            Choice::Tag { carried, .. } => self.tag_picks(choice, carried),
            Choice::TagAll { .. } => self.tag_picks(choice, &[]),
            Choice::Tags => self
                .tags
                .iter()
                .map(|tag| {
                    let query = |kind: &str| {
                        let name = super::margin::quoted(&tag.name);
                        Take::Go(Target::Search(format!("{kind}tag:{name}")))
                    };
                    // What only notes carry is looked for among them.
                    let take = query(if tag.evidence == 0 { "kind:note " } else { "" });
                    pick(&tag.name, tag_words(tag), false, take)
                })
                .collect(),
        }
    }

    fn tag_picks(&self, choice: &Choice, carried: &[String]) -> Vec<Pick> {
        let mut picks: Vec<Pick> = Vec::with_capacity(self.tags.len());
        for tag in &self.tags {
            let is_now = carried.contains(&tag.name);
            let take = self.tagging(choice, &tag.name, !is_now);
            let off = if is_now { " · enter takes it off" } else { "" };
            picks.push(pick(&tag.name, format!("{}{off}", tag_words(tag)), is_now, take));
        }
        picks.sort_by_key(|pick| !pick.is_now);
        picks
    }

    fn question_picks(&self, id: NoteId) -> Vec<Pick> {
        let own = self.fields_at(id).and_then(|own| own.question);
        let set =
            |question| Take::Act(Act::SetNote { note: id, set: NoteField::Question(question) });
        let asked = self.questions.iter().filter(|entry| entry.row.id != Some(id));
        let mut picks: Vec<Pick> = asked
            .filter_map(|entry: &NoteEntry| {
                let label = entry.row.id?.to_string();
                let is_now = own.is_some() && own == entry.operation;
                Some(pick(label, note_title(&entry.row), is_now, set(entry.operation)))
            })
            .collect();
        let about = match picks.is_empty() {
            true => "no question was written yet: W q writes one",
            false => "it answers no question",
        };
        picks.push(pick("none", about, false, set(None)));
        picks
    }

    fn shown_picks(&self) -> Vec<Pick> {
        let all = NoteFilter::default();
        let mut filters =
            vec![("all", "questions with their answers, findings, events, notes", all)];
        for (kind, about) in [
            (NoteKind::Question, "questions"),
            (NoteKind::Finding, "findings"),
            (NoteKind::Event, "events, by their time"),
            (NoteKind::Note, "plain notes"),
        ] {
            filters.push((kind.word(), about, NoteFilter { kind: Some(kind), ..all }));
        }
        for standing in Standing::ALL {
            let filter = NoteFilter { standing: Some(*standing), ..all };
            filters.push((standing.word(), "findings that stand so", filter));
        }
        let filter = NoteFilter { unchecked: true, ..all };
        filters.push(("unchecked", "findings and events that nobody else looked at", filter));
        filters
            .into_iter()
            .map(|(label, about, filter)| {
                pick(label, about, filter == self.note_filter, Take::Show(filter))
            })
            .collect()
    }

    /// Takes what the cursor is on, of whatever there is to choose.
    pub(in crate::app) fn take_pick(&mut self) {
        match self.layers.last() {
            Some(Layer::Choice { .. }) => self.take_choice(),
            _ => self.choose(),
        }
    }

    fn take_choice(&mut self) {
        let Some(Layer::Choice { choice, input, cursor }) = self.layers.pop() else { return };
        let Some(pick) = self.picks(&choice, input.text()).into_iter().nth(cursor) else {
            return self.say(format!("there is no {:?} to choose", input.text().trim()), false);
        };
        match pick.take {
            Take::Act(act) => self.act(act),
            Take::Count { scope, label, of } => {
                self.asked.remove(&Purpose::Count);
                self.ask(Purpose::Count, Request::Count { scope, label, of });
            }
            Take::Show(filter) => self.show_notes(filter),
            Take::Go(target) => self.go_to(target),
            Take::Nothing => {
                self.say(format!("{}: {}", pick.label, pick.about), true);
                self.layers.push(Layer::Choice { choice, input, cursor });
            }
        }
    }

    /// What is known of a note that is on the screen.
    fn fields_at(&self, id: NoteId) -> Option<&crate::case::NoteFields> {
        let Reader::Page(page) = &self.reader else { return None };
        page.note().map(|view| &view.note).filter(|note| note.id == id).map(|note| &note.fields)
    }

    /// What a note on the screen is.
    pub(in crate::app) fn kind_at(&self, id: NoteId) -> Option<NoteKind> {
        let listed = self.notes.rows().iter().find(|entry| entry.row.id == Some(id));
        let listed = listed.map(|entry| entry.row.kind);
        self.fields_at(id).map(|fields| fields.kind).or(listed)
    }
}

/// `12 documents or messages · 2 notes`
fn tag_words(tag: &crate::case::TagCount) -> String {
    let mut parts = Vec::new();
    if tag.evidence > 0 {
        parts.push(count(tag.evidence, "document or message", "documents or messages"));
    }
    if tag.things > 0 {
        parts.push(count(tag.things, "note, highlight or entity", "notes, highlights or entities"));
    }
    if parts.is_empty() { "nothing carries it".to_owned() } else { parts.join(" · ") }
}
