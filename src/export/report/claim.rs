//! What an entry claims, each claim with what is cited for or against it and what was said of it.

use super::Entry;
use crate::model::review::{ReviewState, without_numbers};
use std::collections::{HashMap, HashSet};

/// A sentence that claims something, or all that an entry says, with what is cited for or against
/// it.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// `N4/3`; `N4` for all of it; of an attribute of an entity `E9/role`.
    pub id: String,
    pub text: String,
    /// Footnotes, each once.
    pub cites: Vec<usize>,
}

/// Behind a title that stands for all that an entry says, where it reads as one of its sentences.
const AND_SO_ON: &str = " …";

impl Claim {
    /// What of it stands in a report as it is.
    pub fn quoted(&self) -> &str {
        self.text.strip_suffix(AND_SO_ON).unwrap_or(&self.text)
    }

    /// It is no sentence, but all that the entry says.
    pub fn is_whole(&self) -> bool {
        !self.id.contains('/')
    }
}

impl Entry {
    /// What it claims. What no sentence cites is cited for all of it, which is the first claim then;
    /// of an entry that is nothing but one sentence that is the sentence.
    pub fn claims(&self) -> Vec<Claim> {
        let once = |cites: &mut dyn Iterator<Item = usize>| {
            let mut seen = Vec::new();
            cites.for_each(|number| {
                if !seen.contains(&number) {
                    seen.push(number);
                }
            });
            seen
        };
        let mut claims: Vec<Claim> = self
            .sentences()
            .into_iter()
            .filter(|sentence| sentence.claims)
            .map(|sentence| Claim {
                id: sentence.id.clone(),
                text: sentence.text(),
                cites: once(&mut sentence.cites()),
            })
            .collect();
        let cited: HashSet<usize> =
            claims.iter().flat_map(|claim| claim.cites.iter().copied()).collect();
        let mut beside = self.evidence.iter().map(|own| own.footnote);
        let beside = once(&mut beside.by_ref().filter(|number| !cited.contains(number)));
        if !beside.is_empty() {
            let is_title = |claim: &Claim| claim.text.starts_with(self.title.trim_end_matches('…'));
            match claims.as_mut_slice() {
                [only] if !self.title.is_empty() && is_title(only) => only.cites.extend(beside),
                own => {
                    let reads_alike = own.iter().any(|claim| claim.text == self.title);
                    let more = if reads_alike { AND_SO_ON } else { "" };
                    let text = format!("{}{more}", self.title);
                    claims.insert(0, Claim { id: self.id.clone(), text, cites: beside });
                }
            }
        }
        for (at, fact) in self.facts.iter().enumerate().filter(|(_, f)| !f.cites.is_empty()) {
            let before = self.facts[..at].iter().filter(|other| other.label == fact.label).count();
            let nth = if before == 0 { String::new() } else { format!("~{}", before + 1) };
            claims.push(Claim {
                id: format!("{}/{}{nth}", self.id, fact.label),
                text: format!("{}: {}", fact.label, fact.value),
                cites: fact.cites.clone(),
            });
        }
        claims
    }

    /// What it claims, each with what was said of it. What was said of a sentence that does not
    /// stand any more is said beside the first one.
    pub fn reviewed(&self) -> Vec<(Claim, Vec<&ReviewState>)> {
        let mut claims: Vec<(Claim, Vec<&ReviewState>)> =
            self.claims().into_iter().map(|claim| (claim, Vec::new())).collect();
        let (mut as_it_is, mut elsewhere) = (HashMap::<_, Vec<usize>>::new(), HashMap::new());
        for (at, (claim, _)) in claims.iter().enumerate() {
            as_it_is.entry(claim.text.clone()).or_default().push(at);
            elsewhere.entry(without_numbers(&claim.text)).or_insert(at);
        }
        for own in &self.reviews {
            // In another copy of the case it may name things by other numbers.
            let first = || vec![*elsewhere.get(&without_numbers(&own.sentence)).unwrap_or(&0)];
            for at in as_it_is.get(&own.sentence).cloned().unwrap_or_else(first) {
                if let Some((_, reviews)) = claims.get_mut(at) {
                    reviews.push(own);
                }
            }
        }
        claims
    }
}
