//! What a note is to whoever checks it.

use crate::model::Sha256;
use crate::model::disagreed::Slot;
use crate::model::finding::{Citation, NoteFields};
use serde::{Deserialize, Serialize};

/// What a note is to whoever checks it: hashes, the same in every copy of a case, that change with
/// what is claimed. They are made over ids of operations and over words that a report shows, so
/// that they give away nothing of a text that was redacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Over the operations whose texts stand.
    pub text: Sha256,
    /// Over kind, status, confidence, likelihood and date.
    pub standing: Sha256,
    /// Over the anchors that are cited and there, each with its stance and grade.
    pub citations: Sha256,
}

impl Basis {
    /// `texts` are the operations whose texts stand, `cited` what the note cites and is there; in
    /// whatever order.
    pub fn of(
        texts: impl IntoIterator<Item = Sha256>,
        fields: &NoteFields,
        cited: impl IntoIterator<Item = Citation>,
    ) -> Basis {
        let hashed = |mut lines: Vec<String>| {
            lines.sort();
            Sha256::of(lines.join("\n").as_bytes())
        };
        let standing = [
            fields.kind.word(),
            fields.standing.word(),
            fields.confidence.map_or("", |confidence| confidence.word()),
            fields.likelihood.map_or("", |likelihood| likelihood.word()),
            fields.when.as_ref().map_or("", |when| when.text()),
        ];
        // What is disagreed on is not what was checked before.
        let disagreed = fields.disagreed.iter().map(|own| {
            let citation = match own.slot {
                Slot::Citation(anchor) => anchor.to_string(),
                slot => slot.name().to_owned(),
            };
            format!("{citation} {}", own.values())
        });
        let disagreed: Vec<String> = disagreed.collect();
        let hashed_standing: Vec<&str> =
            standing.into_iter().chain(disagreed.iter().map(String::as_str)).collect();
        let said = |citation: Citation| {
            format!("{} {} {}", citation.anchor, citation.stance.word(), citation.grade)
        };
        Basis {
            text: hashed(texts.into_iter().map(|text| text.to_string()).collect()),
            standing: Sha256::of(hashed_standing.join("\n").as_bytes()),
            citations: hashed(cited.into_iter().map(said).collect()),
        }
    }

    /// What is otherwise now, in words.
    pub fn changed(&self, now: &Basis) -> Vec<&'static str> {
        let parts = [
            (self.text == now.text, "text"),
            (self.standing == now.standing, "standing"),
            (self.citations == now.citations, "citations"),
        ];
        parts.into_iter().filter(|(same, _)| !same).map(|(_, part)| part).collect()
    }
}

/// As a check sheet carries it: the three hashes with blanks between them.
impl std::fmt::Display for Basis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.text, self.standing, self.citations)
    }
}

impl std::str::FromStr for Basis {
    type Err = BadBasis;

    fn from_str(text: &str) -> Result<Basis, BadBasis> {
        let hashes: Result<Vec<Sha256>, _> = text.split_whitespace().map(str::parse).collect();
        match hashes.as_deref() {
            Ok(&[text, standing, citations]) => Ok(Basis { text, standing, citations }),
            _ => Err(BadBasis),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not three hashes")]
pub struct BadBasis;
