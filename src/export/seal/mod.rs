//! The seal of a report: a digest of each thing that it says, all of them signed by whoever made it.
//!
//! The digests are over the text as the program reads it back out of the finished report
//! (`recheck/read/`), so that what is sealed is what a reader sees: every word of it, in whatever
//! format. `stretch.rs` is how a text is compared.

pub mod stretch;
#[cfg(test)]
mod tests;

use crate::case::{Case, CaseError, Signed, is_signed};
use crate::model::Sha256;
use crate::model::handover::fingerprint;
use crate::text::tally::counted;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use stretch::Stretch;

/// Version of this format. A reader refuses a higher one. Version 1 has digests over the words alone,
/// version 2 over what they look like too.
const VERSION: u32 = 2;

/// What is signed begins with this, so that the signature is good for nothing else.
const DOMAIN: &str = "casebook report seal\n";

/// Hexadecimal digits of a digest that are kept: 128 bits of the SHA-256.
const DIGITS: usize = 32;

/// What stands at the end of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    pub v: u32,
    /// `md`, `html`, `docx`, `csv`, `json`.
    pub format: String,
    /// Who made it: a claim, unlike the key. Empty in a report without names.
    pub author: String,
    /// Public key (Ed25519), hexadecimal.
    pub key: String,
    /// Name and digest of each stretch, in order; rows of a table sorted.
    pub parts: Vec<(String, String)>,
    /// Of the SHA-256 of all of this but itself, hexadecimal.
    pub signature: String,
}

impl Seal {
    /// Seals what a report says. `author` is the name that stands in it.
    ///
    /// # Errors
    /// There is no key to sign with.
    pub fn sign(
        case: &Case,
        format: &str,
        author: &dyn Fn(String) -> String,
        stretches: &[Stretch],
    ) -> Result<Seal, CaseError> {
        let who = case.signer()?;
        let mut seal = Seal {
            v: VERSION,
            format: format.to_owned(),
            author: author(who.name),
            key: who.key,
            parts: stretches.iter().map(|own| part(own, VERSION)).collect(),
            signature: String::new(),
        };
        let Signed { signature, .. } = case.sign(&seal.message())?;
        seal.signature = signature;
        Ok(seal)
    }

    /// What is signed.
    fn message(&self) -> Sha256 {
        let unsigned = Seal { signature: String::new(), ..self.clone() };
        // Serialising plain data into a string does not fail.
        let json = serde_json::to_string(&unsigned).unwrap_or_default();
        Sha256::of(format!("{DOMAIN}{json}").as_bytes())
    }

    /// One line for programs, inert wherever it stands.
    pub fn line(&self) -> String {
        super::locator::escaped(&serde_json::to_string(self).unwrap_or_default())
    }

    /// # Errors
    /// Why the line is no seal.
    pub fn parse(line: &str) -> Result<Seal, String> {
        #[derive(Deserialize)]
        struct Version {
            v: u32,
        }
        let version: Version = serde_json::from_str(line).map_err(|error| error.to_string())?;
        if version.v > VERSION {
            return Err(format!("it was written by a newer Casebook (version {})", version.v));
        }
        serde_json::from_str(line).map_err(|error| error.to_string())
    }

    /// The key as people compare it.
    pub fn fingerprint(&self) -> String {
        fingerprint(&crate::case::key_bytes(&self.key))
    }

    /// What the report says of its seal.
    pub fn words(&self) -> String {
        let by = match self.author.is_empty() {
            true => String::new(),
            false => format!(" by {}", self.author),
        };
        format!(
            "Sealed{by} with the key {}: {}, seal {}. Whoever doubts it asks the author for the key by another way.",
            self.fingerprint(),
            counted(self.parts.len() as u64, "part", "parts"),
            fingerprint(&self.message().0),
        )
    }
}

fn part(stretch: &Stretch, version: u32) -> (String, String) {
    let text = stretch.text.as_str();
    let mut digest = match version {
        0 | 1 => Sha256::of(text.as_bytes()),
        // No text has a NUL.
        _ => Sha256::of(format!("{text}\0{}", stretch.shape).as_bytes()),
    }
    .to_string();
    digest.truncate(DIGITS);
    (stretch.name.clone(), digest)
}

/// What became of a stretch since it was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    Changed,
    Removed,
    Added,
    /// It stands elsewhere among the others.
    Moved,
}

impl Became {
    pub fn words(self) -> &'static str {
        match self {
            Became::Changed => "was changed after it was sealed",
            Became::Removed => "was sealed and is not there any more",
            Became::Added => "was added after it was sealed",
            Became::Moved => "stands at another place than when it was sealed",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `head`, `Findings`, `N2`, `[3]`; of a row of a table its claim and footnote.
    pub part: String,
    pub became: Became,
}

/// How the seal of a report stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// Nobody sealed it, or somebody took the seal away.
    Not,
    /// There is something that is no seal.
    Unreadable(String),
    By {
        seal: Box<Seal>,
        /// The signature is that of the key over these digests.
        is_signed: bool,
        /// The report says of its seal what it is.
        is_shown: bool,
        changes: Vec<Change>,
    },
}

impl Sealed {
    /// Compares what a report says with its seal. `line` is that for programs, `shown` what the
    /// report says of it.
    pub fn check(line: Option<&str>, shown: &str, stretches: &[Stretch]) -> Sealed {
        let Some(line) = line else { return Sealed::Not };
        let seal = match Seal::parse(line) {
            Ok(seal) => seal,
            Err(why) => return Sealed::Unreadable(why),
        };
        let mut words = stretch::Canon::default();
        words.text(&super::inert::one_line(&seal.words()));
        let is_signed = is_signed(&seal.key, &seal.message(), &seal.signature);
        let found: Vec<_> = stretches.iter().map(|own| part(own, seal.v)).collect();
        let changes = changes(&seal.parts, &found);
        let is_shown = words.as_str() == shown;
        Sealed::By { seal: Box::new(seal), is_signed, is_shown, changes }
    }

    pub fn holds(&self) -> bool {
        matches!(self, Sealed::By { is_signed: true, is_shown: true, changes, .. } if changes.is_empty())
    }
}

/// Names with which of that name they are: what is there twice is told apart.
fn numbered(parts: &[(String, String)]) -> Vec<((&str, usize), &str)> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    parts
        .iter()
        .map(|part| {
            let (name, digest) = (part.0.as_str(), part.1.as_str());
            let nth = seen.entry(name).or_insert(0);
            *nth += 1;
            ((name, *nth), digest)
        })
        .collect()
}

fn changes(sealed: &[(String, String)], found: &[(String, String)]) -> Vec<Change> {
    let (sealed, found) = (numbered(sealed), numbered(found));
    let now: HashMap<(&str, usize), (usize, &str)> =
        found.iter().enumerate().map(|(at, (name, digest))| (*name, (at, *digest))).collect();
    let before: HashMap<(&str, usize), &str> = sealed.iter().copied().collect();
    let change = |name: &str, became| Change { part: name.to_owned(), became };
    let mut changes = Vec::new();
    let mut places = Vec::new();
    for (name, digest) in &sealed {
        match now.get(name) {
            None => changes.push(change(name.0, Became::Removed)),
            Some((at, is)) => {
                if is != digest {
                    changes.push(change(name.0, Became::Changed));
                }
                places.push(*at);
            }
        }
    }
    for at in out_of_order(&places) {
        changes.push(change(found[at].0.0, Became::Moved));
    }
    let added = found.iter().filter(|(name, _)| !before.contains_key(name));
    changes.extend(added.map(|(name, _)| change(name.0, Became::Added)));
    changes
}

/// Of these places those that are to be taken out, as few as may be, for the others to ascend.
fn out_of_order(places: &[usize]) -> Vec<usize> {
    // The longest ascending run: for each length the place that the lowest such run ends with.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate() {
        let length = ends.partition_point(|end| places[*end] < *place);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut stays = vec![false; places.len()];
    let mut at = ends.last().copied();
    while let Some(now) = at {
        stays[now] = true;
        at = before[now];
    }
    places.iter().zip(stays).filter_map(|(place, stays)| (!stays).then_some(*place)).collect()
}
