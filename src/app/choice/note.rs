//! What is chosen of notes: what one is and where it stands, what its citations do, which are
//! listed.

use super::{Choice, Pick, Take, pick};
use crate::app::App;
use crate::app::data::Act;
use crate::app::reader::Reader;
use crate::case::{
    Citation, Confidence, Grade, ItemGrade, Likelihood, NoteEntry, NoteField, NoteFilter, NoteKind,
    SourceGrade, Stance, Standing, When, note_title,
};
use crate::model::disagreed::Slot;
use crate::model::{NoteId, time};

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
pub(super) fn dated(id: NoteId, typed: &str) -> Pick {
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
    /// What a note may be, or its citation; nothing of what is no choice of a note.
    pub(super) fn note_picks(&self, choice: &Choice) -> Vec<Pick> {
        let now = |id: &NoteId| self.fields_at(*id);
        let mut picks = match choice {
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
                let is_none = now(id)
                    .is_some_and(|own| own.when.is_none() && own.disagreed(Slot::When).is_none());
                picks.push(pick("none", "it has no date", is_none, none));
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
            _ => Vec::new(),
        };
        let is_none = match choice {
            Choice::Confidence(id) => now(id).is_some_and(|own| own.confidence.is_none()),
            Choice::Likelihood(id) => now(id).is_some_and(|own| own.likelihood.is_none()),
            _ => false,
        };
        if let Some(none) = picks.last_mut().filter(|_| is_none) {
            none.is_now = true;
        }
        let settles = match choice {
            Choice::Kind(id) => Some((id, Slot::Kind)),
            Choice::When(id) => Some((id, Slot::When)),
            _ => None,
        };
        if settles
            .is_some_and(|(id, slot)| now(id).is_some_and(|own| own.disagreed(slot).is_some()))
        {
            // Whoever takes what is shown decides that it is so.
            picks.iter_mut().for_each(|pick| pick.is_now = false);
        }
        let field = match choice {
            Choice::Standing(id) => Some((id, Slot::Standing)),
            Choice::Confidence(id) => Some((id, Slot::Confidence)),
            Choice::Likelihood(id) => Some((id, Slot::Likelihood)),
            _ => None,
        };
        if let Some(own) = field.and_then(|(id, slot)| now(id)?.disagreed(slot)) {
            // None of the values stands: whoever takes one decides.
            picks.iter_mut().for_each(|pick| pick.is_now = false);
            picks.insert(0, pick(own.choices(), "as it stands: disagreed", true, Take::Nothing));
        }
        picks
    }

    fn question_picks(&self, id: NoteId) -> Vec<Pick> {
        let fields = self.fields_at(id);
        let own = fields.and_then(|own| own.question);
        let is_agreed = fields.is_some_and(|own| own.disagreed(Slot::Question).is_none());
        let set =
            |question| Take::Act(Act::SetNote { note: id, set: NoteField::Question(question) });
        let asked = self.questions.iter().filter(|entry| entry.row.id != Some(id));
        let mut picks: Vec<Pick> = asked
            .filter_map(|entry: &NoteEntry| {
                let label = entry.row.id?.to_string();
                let is_now = is_agreed && own.is_some() && own == entry.operation;
                Some(pick(label, note_title(&entry.row), is_now, set(entry.operation)))
            })
            .collect();
        let about = match picks.is_empty() {
            true => "no question was written yet: W q writes one",
            false => "it answers no question",
        };
        picks.push(pick("none", about, is_agreed && own.is_none(), set(None)));
        picks
    }

    fn shown_picks(&self) -> Vec<Pick> {
        let all = NoteFilter::default();
        // What they say is cut further by what they are.
        let wanted = self.note_filter.wanted.clone();
        let said = NoteFilter { wanted, ..NoteFilter::default() };
        let mut filters =
            vec![("all", "questions with their answers, findings, events, notes", all)];
        for (kind, about) in [
            (NoteKind::Question, "questions"),
            (NoteKind::Finding, "findings"),
            (NoteKind::Event, "events, by their time"),
            (NoteKind::Note, "plain notes"),
        ] {
            filters.push((kind.word(), about, NoteFilter { kind: Some(kind), ..said.clone() }));
        }
        for standing in Standing::ALL {
            let filter = NoteFilter { standing: Some(*standing), ..said.clone() };
            filters.push((standing.word(), "findings that stand so", filter));
        }
        let filter = NoteFilter { unchecked: true, ..said };
        filters.push(("unchecked", "findings and events that nobody else looked at", filter));
        filters
            .into_iter()
            .map(|(label, about, filter)| {
                pick(label, about, filter == self.note_filter, Take::Show(filter))
            })
            .collect()
    }

    /// Those of the notes that are listed by their kind which say what was typed.
    pub(super) fn typed_shown(&self, typed: &str) -> Pick {
        let filter = NoteFilter { wanted: typed.to_owned(), ..self.note_filter.clone() };
        let is_now = filter == self.note_filter;
        let about = "notes that say this: in the title, the text or a tag";
        pick(format!("~{typed}"), about, is_now, Take::Show(filter))
    }

    /// What is known of a note that is on the screen.
    pub(in crate::app) fn fields_at(&self, id: NoteId) -> Option<&crate::case::NoteFields> {
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
