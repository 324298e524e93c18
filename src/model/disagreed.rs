//! What several people said of one field of a note or an entity at the same time, none knowing of the
//! others: it stands so until somebody sets the field anew.

use super::Sha256;
use super::finding::NoteField;
use super::review::Signer;
use serde::{Deserialize, Serialize};

/// Which field of a note or an entity an operation sets; what is said of each citation is a field of
/// its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    Kind,
    Standing,
    Confidence,
    Likelihood,
    When,
    Question,
    /// By the operation that made the anchor.
    Citation(Sha256),
    /// The canonical one of an entity.
    Name,
    Description,
    /// What an entity was merged into.
    Merged,
    /// What is said of an entity under one key; more than one value of it may stand.
    Attribute,
}

/// What an operation says of a field.
pub trait Said {
    /// In a word or two.
    fn value(&self) -> String;

    /// The key of an attribute.
    fn key(&self) -> Option<&str> {
        None
    }
}

impl Slot {
    /// What it is called beside its value.
    pub fn name(self) -> &'static str {
        match self {
            Slot::Kind => "kind",
            Slot::Standing => "status",
            Slot::Confidence => "confidence",
            Slot::Likelihood => "likelihood",
            Slot::When => "date",
            Slot::Question => "question",
            Slot::Citation(_) => "citation",
            Slot::Name => "name",
            Slot::Description => "description",
            Slot::Merged => "merging",
            Slot::Attribute => "attribute",
        }
    }
}

/// A field of which different things were said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disagreed<T = NoteField> {
    pub slot: Slot,
    /// In the order of the fold; the last one is what a place shows that has room for one only.
    pub said: Vec<Saying<T>>,
    /// What it is about as this case calls it: the anchor of a citation, the entity that was merged.
    #[serde(skip)]
    pub item: Option<String>,
}

/// What one of them said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saying<T = NoteField> {
    pub set: T,
    pub by: Signer,
    /// The name as it is shown: with the key where several use it. Empty as it is stored.
    #[serde(skip)]
    pub shown: String,
    /// The question or entity that it names, as this case calls it.
    #[serde(skip)]
    pub item: Option<String>,
}

impl Disagreed {
    /// Whether it is about what a citation does for a claim, and not about its grade alone.
    pub fn is_of_stance(&self) -> bool {
        let mut stances = self.said.iter().filter_map(|own| match &own.set {
            NoteField::Cite(citation) => Some(citation.stance),
            _ => None,
        });
        stances.next().is_some_and(|first| stances.any(|other| other != first))
    }
}

impl<T: Said> Saying<T> {
    fn words(&self) -> String {
        self.item.clone().unwrap_or_else(|| self.set.value())
    }

    fn name(&self) -> &str {
        if self.shown.is_empty() { &self.by.name } else { &self.shown }
    }
}

impl<T: Said> Disagreed<T> {
    /// `disagreed: supported (A) / refuted (B)`
    pub fn words(&self) -> String {
        format!("disagreed: {}", self.sayings().collect::<Vec<_>>().join(" / "))
    }

    /// What each of them said, by whom: `supported (A)`.
    pub fn sayings(&self) -> impl Iterator<Item = String> + '_ {
        self.said.iter().map(|own| format!("{} ({})", own.words(), own.name()))
    }

    /// The values alone, each once: `supported / refuted`.
    pub fn choices(&self) -> String {
        let mut values: Vec<String> = Vec::new();
        for own in &self.said {
            let words = own.words();
            if !values.contains(&words) {
                values.push(words);
            }
        }
        values.join(" / ")
    }

    /// `disagreed: supported / refuted`
    pub fn values(&self) -> String {
        format!("disagreed: {}", self.choices())
    }

    /// What is disagreed about: `status`, `citation A7`, `merging of E2 老王`.
    pub fn about(&self) -> String {
        match (self.slot, &self.item) {
            (Slot::Citation(_), Some(id)) => format!("{} {id}", self.slot.name()),
            (Slot::Merged, Some(entity)) => format!("{} of {entity}", self.slot.name()),
            (Slot::Citation(anchor), None) => {
                format!("{} {}", self.slot.name(), anchor.to_string().get(..8).unwrap_or_default())
            }
            (slot, _) => {
                let key = self.said.first().and_then(|own| own.set.key());
                key.unwrap_or(slot.name()).to_owned()
            }
        }
    }
}
