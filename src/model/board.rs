//! Notes as they hang together: what answers a question, what each cites for and against, what
//! contradicts what, and events among the dates of the evidence.

use super::activity::{DayRow, UNDATED, day_of};
use super::disagreed::{Disagreed, Slot};
use super::finding::{NoteField, NoteKind, Stance, Standing, When};
use super::kept::Kept;
use super::note::{Note, NoteRow};
use super::review::{ReviewState, is_checked};
use super::{AnchorId, NoteId, Sha256};
use serde::{Deserialize, Serialize};

/// A line of the list of notes with all that is shown in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteEntry {
    pub row: NoteRow,
    /// The operation that made it; `None` for a draft of a new one.
    pub operation: Option<Sha256>,
    /// It is shown under the question that it answers to.
    pub is_answer: bool,
    pub question: Option<NoteId>,
    /// Findings and events that answer to it, of a question.
    pub answers: u64,
    pub cited: Vec<CitedAs>,
    pub when: Option<When>,
    /// Sorted.
    pub tags: Vec<String>,
    /// What was said of its sentences.
    pub reviews: Vec<ReviewState>,
    pub conflicts: Vec<Conflict>,
    /// Fields of which its writers said different things at the same time.
    pub disagreed: Vec<Disagreed>,
    /// Somebody deleted it and it stands.
    pub kept: Option<Kept>,
}

impl NoteEntry {
    /// A note with nothing around it.
    pub fn plain(row: NoteRow) -> NoteEntry {
        NoteEntry {
            row,
            operation: None,
            is_answer: false,
            question: None,
            answers: 0,
            cited: Vec::new(),
            when: None,
            tags: Vec::new(),
            reviews: Vec::new(),
            conflicts: Vec::new(),
            disagreed: Vec::new(),
            kept: None,
        }
    }

    /// It claims something about the evidence.
    pub fn is_claim(&self) -> bool {
        self.row.kind.claims()
    }

    /// Where a finding stands, in words: also when its writers disagree on that.
    pub fn standing_words(&self) -> String {
        match self.standing_disagreed() {
            Some(own) => own.words(),
            None => self.row.standing.word().to_owned(),
        }
    }

    /// What its writers said of where it stands, if they disagree on that.
    pub fn standing_disagreed(&self) -> Option<&Disagreed> {
        self.disagreed.iter().find(|own| own.slot == Slot::Standing)
    }

    pub fn is_standing_disagreed(&self) -> bool {
        self.standing_disagreed().is_some()
    }

    /// What its writers disagree on beside where it stands: `confidence disagreed: low (A) / high
    /// (B)`.
    pub fn disagreements(&self) -> impl Iterator<Item = String> + '_ {
        let others = self.disagreed.iter().filter(|own| own.slot != Slot::Standing);
        others.map(|own| format!("{} {}", own.about(), own.words()))
    }

    /// Citations with a stance that its writers agree on.
    pub fn of_stance(&self, stance: Stance) -> impl Iterator<Item = &CitedAs> {
        self.cited.iter().filter(move |cited| cited.stance == stance && !self.is_disputed(cited))
    }

    /// Citations of which its writers say that they do different things for it.
    pub fn disputed(&self) -> impl Iterator<Item = &CitedAs> {
        self.cited.iter().filter(|cited| self.is_disputed(cited))
    }

    fn is_disputed(&self, cited: &CitedAs) -> bool {
        let own = self.disagreed.iter().find(|own| own.slot == Slot::Citation(cited.operation));
        own.is_some_and(Disagreed::is_of_stance)
    }

    /// What is cited for and against it, counted: `+2 -1`, and `?1` for what its writers disagree on.
    pub fn cited_words(&self, minus: char) -> String {
        let count = |stance| self.of_stance(stance).count();
        let (supports, contradicts) = (count(Stance::Supports), count(Stance::Contradicts));
        match self.disputed().count() {
            0 => format!("+{supports} {minus}{contradicts}"),
            disputed => format!("+{supports} {minus}{contradicts} ?{disputed}"),
        }
    }

    /// Second persons, none of its authors, have affirmed all that it claims as it stands.
    pub fn is_checked(&self) -> bool {
        is_checked(&self.reviews)
    }

    /// It claims something that nobody but its author has looked at as it stands.
    pub fn is_unchecked(&self) -> bool {
        self.is_claim() && !self.is_checked()
    }

    /// Objections to it as it stands, with what they say, each once.
    pub fn objections(&self) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        for review in self.reviews.iter().filter(|own| own.objects && !own.is_outdated()) {
            let own = review.said();
            if !said.contains(&own) {
                said.push(own);
            }
        }
        said
    }

    /// Reviews of what it was and is not any more, in words, each once.
    pub fn outdated(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for review in self.reviews.iter().filter(|review| review.is_outdated()) {
            let own = review.words();
            if !words.contains(&own) {
                words.push(own);
            }
        }
        words
    }
}

/// How a note cites an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitedAs {
    pub anchor: AnchorId,
    pub operation: Sha256,
    pub stance: Stance,
    /// A number or an absence: what was searched.
    pub is_count: bool,
    /// The anchor was dropped.
    pub is_gone: bool,
    /// When its evidence is of: seconds on the clock of the evidence.
    pub clock: Option<i64>,
}

/// Why a claim does not go together with something else in the case. Nobody has to be wrong: it
/// is what a reader must be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// Another claim answers the same question with a time that does not overlap.
    OtherTime { note: NoteId, when: When },
    /// One supports itself by an anchor that the other counts against itself.
    OtherStance { note: NoteId, anchor: AnchorId },
    /// Evidence that supports an event is older than it: it may announce it, and cannot tell that
    /// it happened.
    EarlierEvidence {
        anchor: AnchorId,
        /// Seconds on the clock of the evidence.
        clock: i64,
    },
}

impl Conflict {
    /// `N2 answers the same question with 2021`.
    pub fn words(&self) -> String {
        match self {
            Conflict::OtherTime { note, when } => {
                format!("{note} answers the same question with {}", when.text())
            }
            Conflict::OtherStance { note, anchor } => {
                format!("{note} cites {anchor} the other way round")
            }
            Conflict::EarlierEvidence { anchor, clock } => {
                let date: String = super::time::clock_text(*clock).chars().take(10).collect();
                format!("{anchor} is of {date}, before the event")
            }
        }
    }
}

/// Which notes are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteFilter {
    pub kind: Option<NoteKind>,
    pub standing: Option<Standing>,
    /// Only claims that no second person has checked as they stand.
    pub unchecked: bool,
    /// Only those that say this, in their title, their text or a tag; empty for all.
    pub wanted: String,
}

impl NoteFilter {
    pub fn is_all(&self) -> bool {
        *self == NoteFilter::default()
    }

    /// Whether a note is of this kind. What it says is not looked at: an entry has no text.
    pub fn takes(&self, entry: &NoteEntry) -> bool {
        self.kind.is_none_or(|kind| entry.row.kind == kind)
            && self.standing.is_none_or(|standing| {
                let says = |own: &Disagreed| {
                    own.said.iter().any(|own| own.set == NoteField::Standing(standing))
                };
                entry.row.kind == NoteKind::Finding
                    && (entry.row.standing == standing || entry.disagreed.iter().any(says))
            })
            && (!self.unchecked || entry.is_unchecked())
    }

    /// What it leaves, in a word or two; empty for all.
    pub fn words(&self) -> String {
        let kind = self.kind.map(|kind| format!("{}s", kind.word()));
        let standing = self.standing.map(|standing| standing.word().to_owned());
        let unchecked = self.unchecked.then(|| "unchecked".to_owned());
        let wanted = (!self.wanted.is_empty()).then(|| format!("~{}", self.wanted));
        [kind, standing, unchecked, wanted].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

/// A note as its page shows it: with what stands around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteView {
    pub note: Note,
    /// The question that it answers to, and what that asks.
    pub question: Option<(NoteId, String)>,
    /// What answers to it, of a question.
    pub answers: Vec<NoteEntry>,
    pub conflicts: Vec<Conflict>,
}

/// An event of the analysts' among the dates of the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    pub id: NoteId,
    pub title: String,
    pub when: When,
    pub conflicts: Vec<Conflict>,
    pub cited: u64,
}

impl EventRow {
    /// First and last day that it may be of, in days since 1970-01-01.
    pub fn days(&self) -> (i32, i32) {
        let (first, last) = self.when.span();
        (day_of(first), day_of(last))
    }
}

/// A line of the timeline: a day of the evidence, or an event where its time begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimelineRow {
    Day(DayRow),
    Event(EventRow),
}

impl TimelineRow {
    /// Days since 1970-01-01, or [`UNDATED`].
    pub fn day(&self) -> i32 {
        match self {
            TimelineRow::Day(row) => row.day,
            TimelineRow::Event(event) => event.days().0,
        }
    }

    /// In the order of the days, on each of them the evidence first; what has no date last.
    pub fn merged(days: Vec<DayRow>, events: Vec<EventRow>) -> Vec<TimelineRow> {
        let mut rows: Vec<TimelineRow> = days.into_iter().map(TimelineRow::Day).collect();
        rows.extend(events.into_iter().map(TimelineRow::Event));
        // Stable: events of one day stay in their order.
        rows.sort_by_key(|row| {
            (row.day() == UNDATED, row.day(), matches!(row, TimelineRow::Event(_)))
        });
        rows
    }
}

/// A tag with how much carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagCount {
    pub name: String,
    /// Documents and messages.
    pub evidence: u64,
    /// Notes, anchors and entities.
    pub things: u64,
}
