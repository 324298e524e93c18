//! What an operation says of a note.

use super::{Citation, Confidence, Likelihood, NoteKind, Stance, Standing, When};
use crate::model::Sha256;
use crate::model::disagreed::{Said, Slot};
use crate::model::id::with_article;
use crate::model::review::Review;
use serde::{Deserialize, Serialize};

/// A field of a note and what it says from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant)] // A review is read by patterns, and held one at a time.
pub enum NoteField {
    Kind(NoteKind),
    Standing(Standing),
    Confidence(Option<Confidence>),
    Likelihood(Option<Likelihood>),
    When(Option<When>),
    /// The question that it answers to: the operation that made it.
    Question(Option<Sha256>),
    Cite(Citation),
    /// Takes back what was said of a citation, by its anchor.
    Uncite(Sha256),
    /// What a second person said of a sentence of it.
    Review(Review),
}

impl NoteField {
    /// Which field it sets; none for what adds to others.
    pub fn slot(&self) -> Option<Slot> {
        Some(match self {
            NoteField::Kind(_) => Slot::Kind,
            NoteField::Standing(_) => Slot::Standing,
            NoteField::Confidence(_) => Slot::Confidence,
            NoteField::Likelihood(_) => Slot::Likelihood,
            NoteField::When(_) => Slot::When,
            NoteField::Question(_) => Slot::Question,
            NoteField::Cite(Citation { anchor, .. }) | NoteField::Uncite(anchor) => {
                Slot::Citation(*anchor)
            }
            NoteField::Review(_) => return None,
        })
    }

    /// What setting it is, in words.
    pub fn words(&self) -> String {
        match self {
            NoteField::Kind(kind) => format!("made a note {}", with_article(kind.word())),
            NoteField::Standing(standing) => format!("called a finding {}", standing.word()),
            NoteField::Confidence(Some(confidence)) => {
                format!("set a confidence to {}", confidence.word())
            }
            NoteField::Confidence(None) => "took a confidence back".to_owned(),
            NoteField::Likelihood(Some(likelihood)) => {
                format!("called a finding {}", likelihood.word())
            }
            NoteField::Likelihood(None) => "took a likelihood back".to_owned(),
            NoteField::When(Some(when)) => format!("set the date {}", when.text()),
            NoteField::When(None) => "took a date back".to_owned(),
            NoteField::Question(Some(_)) => "put a note to a question".to_owned(),
            NoteField::Question(None) => "took a note from its question".to_owned(),
            NoteField::Cite(citation) => match citation.grade.to_string().as_str() {
                "" => format!("said that a citation {}", verb(citation.stance)),
                grade => format!("graded a citation {grade}, it {}", verb(citation.stance)),
            },
            NoteField::Uncite(_) => "took back what was said of a citation".to_owned(),
            NoteField::Review(review) => format!("took in a review by {}", review.by),
        }
    }
}

impl Said for NoteField {
    fn value(&self) -> String {
        let none = || "none".to_owned();
        match self {
            NoteField::Kind(kind) => kind.word().to_owned(),
            NoteField::Standing(standing) => standing.word().to_owned(),
            NoteField::Confidence(own) => own.map_or_else(none, |own| own.word().to_owned()),
            NoteField::Likelihood(own) => own.map_or_else(none, |own| own.word().to_owned()),
            NoteField::When(when) => when.as_ref().map_or_else(none, |when| when.text().to_owned()),
            NoteField::Question(None) | NoteField::Uncite(_) => none(),
            NoteField::Question(Some(question)) => question.to_string(),
            NoteField::Cite(said) => {
                format!("{} {}", said.stance.word(), said.grade).trim().to_owned()
            }
            NoteField::Review(_) => self.words(),
        }
    }
}

fn verb(stance: Stance) -> &'static str {
    match stance {
        Stance::Supports | Stance::Contradicts => stance.word(),
        Stance::Context => "is context",
    }
}
