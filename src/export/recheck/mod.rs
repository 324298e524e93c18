//! Footnotes of a report that was written, read back to be checked: against a case, or against a
//! folder that holds nothing but originals.
//!
//! The locators say what to check. That a report shows what its locators say is checked too: a
//! quote that somebody changed in the text does not pass because its locator was left alone.
//! `read.rs` gets footnotes out of each format.

mod read;

pub use read::{BadReport, footnotes};

use super::inert::visible;
use super::locator::{BadLocator, Locator, Place, Spot, fits};
use crate::case::{Case, CaseError};
use crate::model::anchor::{Anchor, Counted};
use crate::model::{Hold, Sha256};
use std::sync::atomic::AtomicBool;

/// A footnote as it stands in a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted {
    pub number: usize,
    pub locator: Result<Locator, BadLocator>,
    /// All that it says to a reader.
    pub shown: String,
}

/// How a footnote stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    Holds,
    /// The text is another one now; the quote stands elsewhere in it.
    Moved,
    /// The number is the same, over other documents or messages.
    OtherBasis,
    /// It cannot be checked here; nothing is said against it.
    Unchecked {
        why: String,
    },
    /// The number is another one.
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
            Verdict::OtherBasis => "other basis",
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
            Verdict::OtherBasis => "the number is the same, over other documents or messages",
            Verdict::Changed { now } => now,
            Verdict::Unchecked { why } | Verdict::Broken { why } | Verdict::Missing { why } => why,
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

/// Whether a footnote shows what its locator says: hash and quote, or number.
pub fn shows(noted: &Noted, locator: &Locator) -> Result<(), String> {
    let shown = squeezed(&noted.shown);
    let has = |text: &str| shown.contains(&squeezed(text));
    match &locator.spot {
        Spot::Passage(place) => {
            if !has(&place.content.to_string()) {
                return Err("the report shows another SHA-256 than its locator".to_owned());
            }
            let pieces: Vec<String> = place.quote.iter().map(|piece| squeezed(piece)).collect();
            match pieces.iter().all(String::is_empty) || shows_quote(&shown, &pieces) {
                true => Ok(()),
                false => Err("the report shows another quote than its locator".to_owned()),
            }
        }
        Spot::Count(count) => {
            // Figures are shown as they stand in the anchor, before what they are of.
            let said = match &count.of {
                Counted::Search { query, .. } => [format!("{} hit", count.number), query.clone()],
                Counted::Column { name, .. } => [format!("{}:", count.number), name.clone()],
            };
            match said.iter().all(|text| has(text)) {
                true => Ok(()),
                false => Err("the report shows another number than its locator".to_owned()),
            }
        }
        Spot::Redacted { number, .. } => match has(number) {
            true => Ok(()),
            false => Err("the report shows another number than its locator".to_owned()),
        },
    }
}

/// Whether these pieces are all that stands between the label of the quote and the line behind it.
fn shows_quote(shown: &str, pieces: &[String]) -> bool {
    const LABELS: [&str; 4] =
        ["quote:", "quote(ocr):", "quote(translation):", "quote(transcript):"];
    const ENDS: [&str; 2] = ["translation(", "state:"];
    LABELS.iter().flat_map(|label| shown.match_indices(label)).any(|(at, label)| {
        let rest = &shown[at + label.len()..];
        let mut ends = ENDS.iter().flat_map(|end| rest.match_indices(end));
        ends.any(|(end, _)| fits(pieces, &rest[..end]))
    })
}

/// A text without its white space, as it is shown.
fn squeezed(text: &str) -> String {
    visible(text).chars().filter(|c| !c.is_whitespace()).collect()
}

/// Checks a footnote in a case.
///
/// # Errors
/// The case cannot be read.
pub fn in_case(noted: &Noted, case: &Case, cancel: &AtomicBool) -> Result<Verdict, CaseError> {
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
                    (Some(target), Some(text), _) => case.quoted(target, text, range)?,
                    (_, _, Some(record)) => {
                        case.quoted_record(&place.content, record.ordinal, range)?
                    }
                    _ => None,
                };
                return Ok(match quoted {
                    Some(quoted) if place.fits(&quoted) => Verdict::Holds,
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
    Ok(match case.hold(&anchor, cancel)? {
        Hold::Holds => Verdict::Holds,
        Hold::Moved { .. } => Verdict::Moved,
        Hold::OtherBasis => Verdict::OtherBasis,
        Hold::Changed { now } => Verdict::Changed { now },
        Hold::Broken { why } => Verdict::Broken { why },
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
    shows(noted, locator).map_err(Verdict::broken)?;
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
        Spot::Passage(place) => match reread(place) {
            Err(verdict) => verdict,
            Ok(Reread::Text(text)) => judge(place, &text),
            Ok(Reread::Bytes) if place.quote.iter().all(String::is_empty) => Verdict::Holds,
            Ok(Reread::Bytes) => Verdict::broken("reading it again gives no text"),
        },
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::report::Report;
    use crate::export::{csv, docx, html, json, markdown, testing};

    fn formats(report: &Report) -> Vec<(&'static str, Vec<u8>)> {
        vec![
            ("md", markdown::write(report).into_bytes()),
            ("html", html::write(report).into_bytes()),
            ("docx", docx::write(report).unwrap()),
            ("csv", csv::write(report).unwrap()),
            ("json", json::write(report).unwrap().into_bytes()),
        ]
    }

    #[test]
    fn every_format_gives_its_footnotes_back() {
        let report = testing::report();
        for (format, bytes) in formats(&report) {
            let read = footnotes(&bytes).unwrap();
            assert_eq!(read.len(), report.footnotes.len(), "{format}");
            for (noted, footnote) in read.iter().zip(&report.footnotes) {
                assert_eq!(noted.locator.as_ref(), Ok(&footnote.locator), "{format}");
                assert_eq!(shows(noted, &footnote.locator), Ok(()), "{format}: {}", noted.shown);
            }
        }
    }

    #[test]
    fn a_changed_report_is_found_out() {
        let report = testing::report();
        let mut changed = report.clone();
        for footnote in &mut changed.footnotes {
            match &mut footnote.source {
                // Longer: what was there still stands in it.
                crate::export::report::Source::Passage { quote, .. } => quote.push('！'),
                crate::export::report::Source::Count { said, .. } => {
                    *said = said.replacen('0', "5", 1);
                }
            }
        }
        for (format, bytes) in formats(&changed) {
            for noted in footnotes(&bytes).unwrap() {
                let verdict = in_originals(&noted, &mut |_| panic!("it is found out before"));
                assert!(matches!(verdict, Verdict::Broken { .. }), "{format} {}", noted.number);
            }
        }
    }

    #[test]
    fn what_is_no_report_is_refused() {
        for bytes in [&b""[..], b"# nothing", b"{}", b"<p>x</p>", b"a,b\n1,2"] {
            assert_eq!(footnotes(bytes), Err(BadReport::NoLocators), "{bytes:?}");
        }
        assert!(matches!(footnotes(b"PK\x03\x04x"), Err(BadReport::Unreadable(_))));
        assert!(matches!(footnotes(b"\xff\xff"), Err(BadReport::Unreadable(_))));
    }

    #[test]
    fn quotes_are_judged_on_the_text() {
        let text = "甲付款三十万。乙付款三十万。";
        let quote = "付款三十万";
        let at = text.rfind(quote).unwrap();
        let good = Place {
            text: Some(Sha256::of(text.as_bytes())),
            start: at as u64,
            end: (at + quote.len()) as u64,
            before: "乙".to_owned(),
            after: "。".to_owned(),
            ..testing::place(quote)
        };
        let check = |place: &Place, text: &str, word: &str| {
            assert_eq!(judge(place, text).word(), word, "{text}");
        };
        check(&good, text, "holds");
        check(&good, &format!("新\n{text}"), "moved");
        check(&good, "甲付款三十万", "moved");
        check(&good, "甲付款三十万。丙付款三十万。", "broken");
        check(&good, "付款二十万", "broken");
        check(&Place { start: 0, ..good.clone() }, text, "broken");
        let holes = Place { quote: vec!["付".to_owned(), "三十万".to_owned()], ..good.clone() };
        check(&holes, text, "holds");
        check(&holes, "付款三十万", "not checked");
    }
}
