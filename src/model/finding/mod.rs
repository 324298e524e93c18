//! What makes a note more than a text: findings with their status and grades, questions, events.

mod field;
mod grade;
mod when;
mod words;

pub use field::NoteField;
pub use grade::{BadGrade, Grade, ItemGrade, SourceGrade};
pub use when::{BadWhen, When};

use super::disagreed::{Disagreed, Slot};
use super::gone::Gone;
use super::kept::Kept;
use super::review::{Reviewed, Signer};
use super::{AnchorId, Sha256};
use serde::{Deserialize, Serialize};
use words::words;

words!(
    /// What a note is.
    #[derive(Default)]
    NoteKind {
        #[default]
        Note = "note",
        /// It claims something.
        Finding = "finding",
        /// It asks something, and gathers findings.
        Question = "question",
        /// Something that happened, dated or vaguely dated.
        Event = "event",
    }
);
words!(
    /// Where a finding stands.
    #[derive(Default)]
    Standing {
        #[default]
        Open = "open",
        Supported = "supported",
        Disputed = "disputed",
        Refuted = "refuted",
    }
);
words!(
    /// How well founded a judgement is; no statement of how likely the thing is.
    Confidence { Low = "low", Moderate = "moderate", High = "high" }
);
words!(
    /// How likely the thing is, in the words of ICD 203.
    Likelihood {
        AlmostNone = "almost no chance",
        VeryUnlikely = "very unlikely",
        Unlikely = "unlikely",
        EvenChance = "roughly even chance",
        Likely = "likely",
        VeryLikely = "very likely",
        AlmostCertain = "almost certain",
    }
);
words!(
    /// What a citation does for the finding that cites it.
    #[derive(Default)]
    Stance {
        #[default]
        Supports = "supports",
        Contradicts = "contradicts",
        /// It is named, and says neither yes nor no.
        Context = "context",
    }
);

impl NoteKind {
    /// It claims something about the evidence, which supports it or speaks against it.
    pub fn claims(self) -> bool {
        matches!(self, NoteKind::Finding | NoteKind::Event)
    }
}

impl Likelihood {
    /// In per cent, both ends included, after ICD 203 (2015), D.6.e.
    pub fn range(self) -> (u8, u8) {
        match self {
            Likelihood::AlmostNone => (1, 5),
            Likelihood::VeryUnlikely => (5, 20),
            Likelihood::Unlikely => (20, 45),
            Likelihood::EvenChance => (45, 55),
            Likelihood::Likely => (55, 80),
            Likelihood::VeryLikely => (80, 95),
            Likelihood::AlmostCertain => (95, 99),
        }
    }

    /// `very likely (80-95%)`
    pub fn words(self) -> String {
        let (low, high) = self.range();
        format!("{} ({low}-{high}%)", self.word())
    }
}

/// What a note is and where it stands, beside its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteFields {
    pub kind: NoteKind,
    pub standing: Standing,
    pub confidence: Option<Confidence>,
    pub likelihood: Option<Likelihood>,
    pub when: Option<When>,
    /// The question that it answers to: the operation that made it.
    pub question: Option<Sha256>,
    /// What was said of its citations; those that only its text names support it.
    pub citations: Vec<Citation>,
    /// Sorted.
    pub tags: Vec<String>,
    pub reviews: Vec<Reviewed>,
    /// Whoever said one of these, reviews and tags apart; each key once, sorted.
    #[serde(default)]
    pub writers: Vec<Signer>,
    /// Fields that were set at the same time to different values and by nobody since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disagreed: Vec<Disagreed>,
    /// Somebody deleted it and it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
}

impl NoteFields {
    /// What was said at the same time of a field.
    pub fn disagreed(&self, slot: Slot) -> Option<&Disagreed> {
        self.disagreed.iter().find(|own| own.slot == slot)
    }

    /// Whether its writers say at the same time that a citation does different things for it.
    pub fn is_disputed(&self, cited: &Cited) -> bool {
        let mut all = cited.said().filter_map(|own| self.disagreed(Slot::Citation(own.anchor)));
        all.any(Disagreed::is_of_stance)
    }

    /// Where a finding stands, in words: also when that is disputed among those who wrote it.
    pub fn standing_words(&self) -> String {
        match self.disagreed(Slot::Standing) {
            Some(own) => own.words(),
            None => self.standing.word().to_owned(),
        }
    }
}

/// What is said of one citation of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The operation that made the anchor.
    pub anchor: Sha256,
    pub stance: Stance,
    pub grade: Grade,
}

impl Citation {
    /// What an anchor does that a text names without more being said of it.
    pub fn of(anchor: Sha256) -> Citation {
        Citation { anchor, stance: Stance::default(), grade: Grade::default() }
    }
}

/// A citation of a note with the number it has in this case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    pub id: AnchorId,
    pub citation: Citation,
    /// One line: the quote, or the number; `None` when the anchor is gone.
    pub line: Option<String>,
    /// Who deleted it, where it is gone.
    pub gone: Option<Gone>,
    /// Where it stands: item, file and place in it, or when a message was sent and by whom.
    pub place: String,
    /// A number or an absence: what was searched.
    pub is_count: bool,
    /// Somebody dropped it and it stands.
    pub kept: Option<Kept>,
    /// Other anchors at the very same place that are cited for the same: people made them who worked
    /// apart. All of them are one piece of evidence.
    pub also: Vec<(AnchorId, Citation)>,
}

impl Cited {
    /// All that was said of it.
    pub fn said(&self) -> impl Iterator<Item = Citation> + '_ {
        std::iter::once(self.citation).chain(self.also.iter().map(|(_, citation)| *citation))
    }

    /// The line, or in brackets who deleted it: `(deleted by lin on 2024-02-19)`.
    pub fn line_or_gone(&self) -> String {
        match &self.line {
            Some(line) => line.clone(),
            None => format!("({})", self.gone.as_ref().map(Gone::words).unwrap_or_default()),
        }
    }

    /// `B2`; `B2 / A1` where several graded it; empty where nobody did.
    pub fn grades(&self) -> String {
        Grade::words_of(self.said().map(|said| said.grade))
    }

    /// `A7`, `A7 = A9`
    pub fn names(&self) -> String {
        let also = self.also.iter().map(|(id, _)| format!(" = {id}"));
        std::iter::once(self.id.to_string()).chain(also).collect()
    }
}
