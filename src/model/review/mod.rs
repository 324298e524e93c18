//! What other people said of the sentences of a note, and what exactly they had before them: a
//! check ends with what it checked.

mod basis;
#[cfg(test)]
mod tests;
mod verdict;

pub use self::basis::{BadBasis, Basis};
pub use self::verdict::{AFFIRMING, COMMENT, affirms};
use super::note::short_numbers;
use super::reference::References;
use super::{ItemId, time};
use crate::text::normal::{Mode, normalize};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The role of the second person in a check sheet.
pub const CHECKER: &str = "checker";

/// What a second person or a lawyer said of a sentence, from a check sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The sentence as it stood in the sheet.
    pub sentence: String,
    /// [`CHECKER`] or `lawyer`.
    pub role: String,
    pub by: String,
    /// `agreed`, `rejected`, `unclear`; free words as they were filled in.
    pub verdict: String,
    pub comment: String,
    /// What the note was when the sheet was made. Operations of before this was noted have none,
    /// and nobody can tell of them whether the note is still what was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// How many sentences of the note claimed something then, those that read alike once: the
    /// note is checked when all of them are. Operations of before this was noted have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<u32>,
    /// What the short numbers in the sentence name, whatever numbers another copy of the case has
    /// given. Operations of before this was noted have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: References,
}

/// Whoever signed something: a name, which is a claim, and the public key, hexadecimal, which is
/// who it is. No key where an older version did not note it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Signer {
    pub name: String,
    pub key: String,
}

impl Signer {
    pub fn new(name: &str, key: &str) -> Signer {
        Signer { name: name.to_owned(), key: key.to_owned() }
    }
}

/// A review of a note, with what the operation says that took it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    #[serde(flatten)]
    pub review: Review,
    /// The author of the operation; a claim. Empty where an older version did not note it.
    #[serde(default)]
    pub taken_in_by: String,
    /// The key that signed the operation, hexadecimal.
    #[serde(default)]
    pub key: String,
    /// UTC milliseconds; a claim.
    #[serde(default)]
    pub wall: i64,
    /// `taken_in_by` as it is shown: with the key where several use the name. Empty as it is stored.
    #[serde(skip)]
    pub shown: String,
}

/// A review as it stands beside the note of now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReviewState {
    pub sentence: String,
    pub role: String,
    /// As it is shown: with the key of whoever signed it where several use the name.
    pub by: String,
    /// As it was filled in.
    #[serde(skip)]
    pub name: String,
    /// Of whoever signed it; empty where an older version did not note it.
    #[serde(skip)]
    pub key: String,
    pub verdict: String,
    pub comment: String,
    /// Day on which it was taken in, UTC; empty where that is not known.
    pub date: String,
    /// Who took it in, when that is somebody else than whoever it is by.
    pub taken_in_by: Option<String>,
    /// Whoever took it in wrote the note: by the key, whatever the name.
    pub taken_in_by_author: bool,
    /// What was changed since it was checked: `text`, `standing`, `citations`. `None` where it was
    /// not noted what was checked.
    pub changed: Option<Vec<&'static str>>,
    /// It affirms the sentence, by a second person who signed it with a key of their own, of the
    /// note as it stands.
    pub is_check: bool,
    /// It says of the sentence, by whomever, that it does not hold.
    pub objects: bool,
    /// How many sentences the note claimed when it was checked; `None` where that was not noted.
    pub claims: Option<u32>,
}

impl Reviewed {
    /// `now` is the note as it stands, `authors` whoever wrote it. Names are typed by anybody: who
    /// takes in a review of their own note under another name is known by the key.
    pub fn state(&self, now: &Basis, authors: &[Signer]) -> ReviewState {
        let is_author = |name: &str| authors.iter().any(|author| is_person(&author.name, name));
        // A key is who it is; a name decides where no key was noted.
        let by_author = authors.iter().any(|author| match [&author.key, &self.key] {
            [theirs, own] if theirs.is_empty() || own.is_empty() => {
                is_person(&author.name, &self.taken_in_by)
            }
            [theirs, own] => theirs == own,
        });
        let own = &self.review;
        let changed = own.basis.map(|basis| basis.changed(now));
        let day = time::clock_text(self.wall.div_euclid(1000));
        let shown = if self.shown.is_empty() { &self.taken_in_by } else { &self.shown };
        let is_own = same_name(&self.taken_in_by, &own.by);
        ReviewState {
            sentence: own.sentence.clone(),
            role: own.role.clone(),
            // With the key, where others use the name.
            by: if is_own && *shown != self.taken_in_by { shown.clone() } else { own.by.clone() },
            name: own.by.clone(),
            key: self.key.clone(),
            verdict: own.verdict.clone(),
            comment: own.comment.clone(),
            date: if self.wall == 0 { String::new() } else { day.chars().take(10).collect() },
            taken_in_by: Some(shown).filter(|name| !name.is_empty() && !is_own).cloned(),
            taken_in_by_author: by_author,
            is_check: own.role == CHECKER
                && affirms(&own.verdict)
                && !by_author
                && !is_author(&own.by)
                && changed.as_ref().is_some_and(Vec::is_empty),
            objects: own.verdict != COMMENT && !affirms(&own.verdict),
            claims: own.claims,
            changed,
        }
    }
}

/// A name without the key that is shown behind it where several use the name: `lin (1f2a3b4c)`.
pub fn without_key(shown: &str) -> &str {
    let Some((name, rest)) = shown.rsplit_once(" (") else { return shown };
    let digits = rest.strip_suffix(')').unwrap_or_default();
    let is_key = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_key { name } else { shown }
}

/// Whether every sentence that claims something was affirmed by a second person as the note
/// stands, and nobody objects to one of them.
pub fn is_checked(reviews: &[ReviewState]) -> bool {
    let checks: Vec<&ReviewState> = reviews.iter().filter(|review| review.is_check).collect();
    // Checked in two copies of the case it is one sentence still.
    let sentences: BTreeSet<String> =
        checks.iter().map(|review| without_numbers(&review.sentence)).collect();
    let objects = |own: &ReviewState| own.objects && own.role == CHECKER && !own.is_outdated();
    let is_whole = |own: &&ReviewState| own.claims.is_some_and(|n| sentences.len() >= n as usize);
    checks.iter().any(is_whole) && !reviews.iter().any(objects)
}

/// A sentence as every copy of a case has it: short numbers of evidence and notes are of one copy,
/// so `as N2 says` is `as N# says`. Anchors and entities do not stand in sentences by number.
pub fn without_numbers(sentence: &str) -> String {
    let mut text = sentence.to_owned();
    for (range, item) in short_numbers(sentence).into_iter().rev() {
        if !matches!(item, ItemId::Anchor(_) | ItemId::Entity(_)) {
            text.replace_range(range.start + 1..range.end, "#");
        }
    }
    text
}

impl ReviewState {
    /// It speaks of another note than the one that stands, or nobody can tell.
    pub fn is_outdated(&self) -> bool {
        self.changed.as_ref().is_none_or(|changed| !changed.is_empty())
    }

    /// Who looked at it and when, and what became of that, without what they said: `checked by Wang
    /// on 2024-03-05, taken in by Lin, who wrote it, changed since: text / citations`.
    pub fn words(&self) -> String {
        match self.since() {
            since if since.is_empty() => self.whose(),
            since => format!("{}, {since}", self.whose()),
        }
    }

    fn whose(&self) -> String {
        let role = match self.role.as_str() {
            CHECKER if self.objects => "objected by",
            CHECKER if self.verdict == COMMENT => CHECKER,
            CHECKER => "checked by",
            role => role,
        };
        let mut words = format!("{role} {}", self.by);
        if !self.date.is_empty() {
            words.push_str(&format!(" on {}", self.date));
        }
        if let Some(name) = &self.taken_in_by {
            words.push_str(&format!(", taken in by {name}"));
            if self.taken_in_by_author {
                words.push_str(", who wrote it");
            }
        } else if self.taken_in_by_author {
            words.push_str(", signed by whoever wrote it");
        }
        words
    }

    fn since(&self) -> String {
        match self.changed.as_deref() {
            Some([]) => String::new(),
            Some(changed) => format!("changed since: {}", changed.join(" / ")),
            None => "of what exactly was not noted".to_owned(),
        }
    }

    /// The same with the sentence that it is about.
    pub fn said_of_it(&self) -> String {
        format!("{} (of: “{}”)", self.said(), self.sentence)
    }

    /// The same with what they said: `checked by Wang on 2024-03-05: agreed (changed since: text)`.
    pub fn said(&self) -> String {
        let mut said = format!("{}: {}", self.whose(), self.verdict);
        if !self.comment.is_empty() {
            said.push_str(&format!(" — {}", self.comment));
        }
        match self.since() {
            since if since.is_empty() => said,
            since => format!("{said} ({since})"),
        }
    }
}

/// What whoever has told no name is called: several keys, each somebody else.
pub const UNNAMED: &str = "unknown";

/// Whether two names are of one person as far as names say it.
pub fn is_person(one: &str, other: &str) -> bool {
    same_name(one, other) && !same_name(one, UNNAMED)
}

/// Whether two names are spelled the same but for case and width.
pub fn same_name(one: &str, other: &str) -> bool {
    let name = |text: &str| normalize(text.trim(), Mode::Query).text;
    name(one) == name(other)
}
