//! Footnotes of a report that was written, read back to be checked: against a case, or against a
//! folder that holds nothing but originals.
//!
//! The locators say what to check. That a report shows what its locators say is checked too: a
//! quote that somebody changed in the text does not pass because its locator was left alone, nor
//! does a sentence, and a footnote that was taken out is missed. `read/` gets footnotes, text and
//! seal out of each format, `shown.rs` compares footnotes with what is shown; whether all the rest
//! is as it was is what the seal says (`seal/`).

mod read;
mod shown;
#[cfg(test)]
mod tests;

pub(super) use read::stretches;
pub use read::{BadReport, Read, read};

use super::locator::{BadLocator, Locator, Place, Spot};
use super::{exhibits, scan};
use crate::case::{CaseError, PLATFORM, Quoting, is_end, names_writer};
use crate::model::anchor::Anchor;
use crate::model::{Hold, Sha256};
use std::sync::atomic::AtomicBool;

/// Bytes of a report that is read.
pub const MOST: u64 = 1 << 30;

/// A footnote as it stands in a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted {
    pub number: usize,
    pub locator: Result<Locator, BadLocator>,
    /// All that it says to a reader, a line for each thing.
    pub shown: String,
    /// What is wrong with it in the report itself.
    pub amiss: Option<String>,
}

/// How a footnote stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    Holds,
    /// The text is another one now; the quote stands elsewhere in it.
    Moved,
    /// The number is the same, over other documents or messages, or looked for in more or fewer.
    OtherBasis {
        why: String,
    },
    /// The file has another name here than the report says.
    OtherName {
        why: String,
    },
    /// It cannot be checked here; nothing is said against it.
    Unchecked {
        why: String,
    },
    /// The number is another one, or the file at its path has other bytes.
    Changed {
        now: String,
    },
    /// The evidence is there and does not say it.
    Broken {
        why: String,
    },
    /// The evidence is not there.
    Missing {
        why: String,
    },
}

impl Verdict {
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Moved => "moved",
            Verdict::OtherBasis { .. } => "other basis",
            Verdict::OtherName { .. } => "other name",
            Verdict::Unchecked { .. } => "not checked",
            Verdict::Changed { .. } => "changed",
            Verdict::Broken { .. } => "broken",
            Verdict::Missing { .. } => "missing",
        }
    }

    /// What is to be said beside the word.
    pub fn why(&self) -> &str {
        match self {
            Verdict::Holds => "",
            Verdict::Moved => "the text was made anew, and the quote stands elsewhere in it",
            Verdict::Changed { now } => now,
            Verdict::OtherBasis { why }
            | Verdict::OtherName { why }
            | Verdict::Unchecked { why }
            | Verdict::Broken { why }
            | Verdict::Missing { why } => why,
        }
    }

    /// The report does not prove what it says here.
    pub fn fails(&self) -> bool {
        matches!(self, Verdict::Changed { .. } | Verdict::Broken { .. } | Verdict::Missing { .. })
    }

    fn broken(why: impl Into<String>) -> Verdict {
        Verdict::Broken { why: why.into() }
    }
}

/// Checks a footnote in a case.
///
/// # Errors
/// The case cannot be read.
pub fn in_case(
    noted: &Noted,
    quoting: &mut Quoting<'_>,
    cancel: &AtomicBool,
) -> Result<Verdict, CaseError> {
    let locator = match checked(noted) {
        Ok(locator) => locator,
        Err(verdict) => return Ok(verdict),
    };
    let anchor = match &locator.spot {
        Spot::Passage(place) => match place.passage() {
            Some(passage) => Anchor::Passage(Box::new(passage)),
            None => {
                let range = place.start..place.end;
                let quoted = match (&place.target, &place.text, place.record) {
                    (Some(target), Some(text), _) => quoting.quoted(target, text, range)?,
                    (_, _, Some(record)) => {
                        quoting.record(&place.content, record.ordinal, range)?
                    }
                    _ => None,
                };
                return Ok(match quoted {
                    Some(quoted) if place.fits(&quoted) => {
                        match quoting.misplaced(&place.claim(), place.target.as_ref())? {
                            None => Verdict::Holds,
                            Some(why) => Verdict::broken(why),
                        }
                    }
                    Some(_) => Verdict::broken("another text stands at its place"),
                    None => Verdict::Missing {
                        why: "the case has not the text that the redacted quote was taken from"
                            .to_owned(),
                    },
                });
            }
        },
        Spot::Count(count) => Anchor::Count(count.clone()),
        Spot::Redacted { .. } => return Ok(redacted()),
    };
    Ok(match quoting.hold(&anchor, cancel)? {
        Hold::Holds => Verdict::Holds,
        Hold::Moved { .. } => Verdict::Moved,
        Hold::OtherBasis { now } => Verdict::OtherBasis { why: now },
        Hold::Changed { now } => Verdict::Changed { now },
        Hold::Broken { why } | Hold::Misplaced { why } => Verdict::Broken { why },
        Hold::Absent => Verdict::Missing { why: "the case has not this evidence".to_owned() },
    })
}

fn redacted() -> Verdict {
    Verdict::Unchecked { why: "what was searched for is redacted".to_owned() }
}

fn checked(noted: &Noted) -> Result<&Locator, Verdict> {
    let locator = noted
        .locator
        .as_ref()
        .map_err(|error| Verdict::broken(format!("its locator is unusable: {error}")))?;
    if let Some(amiss) = &noted.amiss {
        return Err(Verdict::broken(amiss.as_str()));
    }
    shown::shows(&noted.shown, locator).map_err(Verdict::broken)?;
    Ok(locator)
}

/// What an original says when it is read again.
pub enum Reread {
    /// The whole text that the quote was taken from.
    Text(String),
    /// The bytes are there; there is no text to compare.
    Bytes,
}

/// Checks a footnote against originals. `reread` finds the file by its hash and reads it again, or
/// says why it cannot.
pub fn in_originals(
    noted: &Noted,
    reread: &mut dyn FnMut(&Place) -> Result<Reread, Verdict>,
) -> Verdict {
    let locator = match checked(noted) {
        Ok(locator) => locator,
        Err(verdict) => return verdict,
    };
    match &locator.spot {
        Spot::Redacted { .. } => redacted(),
        Spot::Count(_) => Verdict::Unchecked {
            why: "a number is counted in a case, not in a folder of originals".to_owned(),
        },
        Spot::Passage(place) if place.no_bytes => Verdict::Unchecked {
            why: "the file could not be opened when the case was made: there is no hash to find it by"
                .to_owned(),
        },
        Spot::Passage(place) => match reread(place) {
            Err(verdict) => verdict,
            Ok(Reread::Text(text)) => judge(place, &text),
            Ok(Reread::Bytes) if place.quote.iter().all(String::is_empty) => Verdict::Holds,
            Ok(Reread::Bytes) => Verdict::broken("reading it again gives no text"),
        },
    }
}

/// What an export says of who wrote a message and when, beside what the report says; `None` when that
/// is the same.
pub fn other_writer(place: &Place, sender: Option<&str>, raw_time: &str) -> Option<Verdict> {
    let said = &place.locator;
    let is_other = !names_writer(said, sender, "");
    let is_late = !raw_time.is_empty() && !said.contains(&format!("{raw_time:?}"));
    (!said.is_empty() && (is_other || is_late)).then(|| {
        let sender = sender.unwrap_or(PLATFORM);
        Verdict::broken(format!(
            "the report says “{said}”, and the record is of {sender}, {raw_time}"
        ))
    })
}

/// What is to be said of a file that holds what it should, and is called `found_as` here. Copies that
/// were written as exhibits are numbered.
pub fn other_name(place: &Place, found_as: &str) -> Option<Verdict> {
    let last = |path: &str| path.rsplit(['/', '!']).next().unwrap_or_default().to_owned();
    let (said, is) = (last(&place.path), last(found_as));
    (!is.is_empty() && !is_end(&said, &is) && !exhibits::is_copy(&is, &place.path)).then(|| {
        Verdict::OtherName { why: format!("the file with these bytes is {found_as} here") }
    })
}

/// How a footnote stands of whose file there are only records that were cut out of it: what each is
/// called, and its bytes.
pub fn of_cuts(place: &Place, cuts: &[(String, Vec<u8>)]) -> Option<Verdict> {
    let (first, _) = cuts.first()?;
    let says = cuts.iter().find(|(_, bytes)| scan::says(bytes, &place.quote));
    Some(match says {
        Some((name, _)) => Verdict::Unchecked {
            why: format!(
                "the record alone is here ({name}), and says it; that it came out of a file with this \
                 SHA-256 is not shown without that file"
            ),
        },
        None if is_put_in_words(place, cuts) => Verdict::Unchecked {
            why: format!(
                "the record alone is here ({first}), which has no words of its own for it or names \
                 accounts by their ids: it is read with the file that it came out of"
            ),
        },
        None => Verdict::broken(format!("the record alone is here ({first}), and does not say it")),
    })
}

/// Whether the text of a message is made from its record, which does not have it: what a platform
/// itself says (Slack's subtypes, Telegram's actions), and mentions by id (`<@U0JS00090>`). The report
/// knows it of a record that it was written with. Of others it can only be told by what such records
/// have.
fn is_put_in_words(place: &Place, cuts: &[(String, Vec<u8>)]) -> bool {
    let has = |part: &str| {
        let part = part.as_bytes();
        cuts.iter().any(|(_, record)| record.windows(part.len()).any(|bytes| bytes == part))
    };
    let signs = ["<@", "<#", "\"subtype\"", "\"action\"", "\\u003c@"];
    place.record_says.map_or_else(|| signs.iter().any(|part| has(part)), |says| !says)
}

/// Whether a quote stands in a text.
fn judge(place: &Place, text: &str) -> Verdict {
    if place.quote.iter().all(String::is_empty) && place.quote.len() < 2 {
        return Verdict::Holds;
    }
    let index = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    // Without a hash a record of a file that has the right one.
    let same_text = place.text.is_none_or(|known| Sha256::of(text.as_bytes()) == known);
    let there = text.get(index(place.start)..index(place.end));
    if same_text {
        return match there.is_some_and(|there| place.fits(there)) {
            true => Verdict::Holds,
            false => Verdict::broken("another text stands at its place"),
        };
    }
    let [quote] = place.quote.as_slice() else {
        return Verdict::Unchecked {
            why: "the text was made by another version, and the quote is redacted".to_owned(),
        };
    };
    let with_context = format!("{}{quote}{}", place.before, place.after);
    match (text.matches(quote.as_str()).count(), text.matches(&with_context).count()) {
        (1, _) | (_, 1) => Verdict::Moved,
        (0, _) => Verdict::broken("the quote does not stand in it"),
        _ => Verdict::broken(
            "the quote stands in several places, and nowhere with what stood around it",
        ),
    }
}
