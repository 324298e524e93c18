//! What of a case rows of a sheet are about.

use crate::export::report::{Claim, Entry, Report};
use crate::model::Sha256;
use crate::model::review::ReviewState;
use std::collections::{HashMap, HashSet};

/// How many sentences claim something, those that read alike once.
fn sentences(claims: &[(Claim, Vec<&ReviewState>)]) -> u32 {
    let texts: HashSet<&str> = claims.iter().map(|(claim, _)| claim.text.as_str()).collect();
    u32::try_from(texts.len()).unwrap_or(u32::MAX)
}

/// A claim as the case has it.
pub(super) struct Standing<'a> {
    pub entry: &'a Entry,
    pub claim: Claim,
    /// What was said of it.
    pub reviews: Vec<&'a ReviewState>,
    /// How many sentences of the entry claim something.
    pub sentences: u32,
}

/// Claims by what is the same in every copy of a case: the operation that made the entry, and which
/// of its sentences it is (`/3`).
#[derive(Default)]
pub(super) struct Claims<'a> {
    all: HashMap<(Sha256, String), Standing<'a>>,
    /// What the short numbers of this case name.
    numbers: HashMap<&'a str, Sha256>,
}

impl<'a> Claims<'a> {
    /// What a row is about. `thing` is empty in a sheet of an older version: what has the number is
    /// it then, if the sentence agrees.
    pub fn find(&self, claim: &str, thing: &str) -> Result<&Standing<'a>, &'static str> {
        let (number, part) = cut(claim);
        let is_older = thing.is_empty();
        let thing = match thing {
            "" => *self.numbers.get(number).ok_or("the case has no such note any more")?,
            text => text.parse().map_err(|_| "the column thing was changed in the sheet")?,
        };
        match self.all.get(&(thing, part.to_owned())) {
            Some(standing) => Ok(standing),
            None if is_older => Err(
                "what has its number says no such thing; an older version made the sheet, which names \
                 notes by number: in another copy of the case that may be another note",
            ),
            None if self.numbers.values().any(|known| *known == thing) => {
                Err("the note has no such sentence any more")
            }
            None => Err(
                "the case has no such note any more; if the sheet was made from another copy, merge \
                 the bundle of that first",
            ),
        }
    }
}

/// `N4` and `/3`, `N4` and `~2/1`.
fn cut(claim: &str) -> (&str, &str) {
    claim.split_at(claim.find(['/', '~']).unwrap_or(claim.len()))
}

pub(super) fn claims(report: &Report) -> Claims<'_> {
    let mut known = Claims::default();
    for entry in report.entries() {
        let claims = entry.reviewed();
        let sentences = sentences(&claims);
        known.numbers.insert(&entry.id, entry.thing);
        known.all.extend(claims.into_iter().map(|(claim, reviews)| {
            let part = cut(&claim.id).1.to_owned();
            ((entry.thing, part), Standing { entry, claim, reviews, sentences })
        }));
    }
    known
}
