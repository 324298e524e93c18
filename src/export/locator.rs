//! What a footnote points at, for a program: one line of JSON that every format carries, so that
//! `verify --report` can check a footnote with nothing but the report and the evidence.

use crate::model::anchor::{Anchor, Count, Passage, Record};
use crate::model::finding::Stance;
use crate::model::reference::Target;
use crate::model::{Sha256, VariantKind};
use crate::text::sanitise;
use serde::{Deserialize, Serialize};

/// Version of this format. A reader refuses a higher one.
pub const VERSION: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locator {
    pub v: u32,
    /// Number of the footnote.
    pub n: usize,
    /// The operation that made the anchor; `None` where a text names a document itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Sha256>,
    /// How many footnotes the report had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<usize>,
    /// What it is cited for, as it was written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub says: Vec<Said>,
    /// How it is named where an entry lists what it stands on; formats for people alone do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<String>,
    #[serde(flatten)]
    pub spot: Spot,
}

/// A sentence that a footnote stands behind, or all that an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// `N4/3`; `N4` for all of it.
    pub claim: String,
    /// Of all that an entry says, its title.
    pub sentence: String,
    /// How it stands to that; `None` where nothing but a text names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stance: Option<Stance>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spot {
    Passage(Box<Place>),
    Count(Box<Count>),
    /// A number whose query was redacted: it cannot be counted again from the report.
    Redacted {
        number: String,
        ids: Sha256,
    },
}

/// A [`Passage`] whose quote may have holes where it was redacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What it is in a case. Left out, as is `text`, for a message in a redacted report: a hash
    /// over a short text gives away what was masked in it. File and record name it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    pub content: Sha256,
    /// The file could not be opened when the case was made: `content` is what the case calls it,
    /// and no hash.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_bytes: bool,
    pub containers: Vec<Sha256>,
    pub path: String,
    pub record: Option<Record>,
    pub variant: VariantKind,
    pub extractor: String,
    /// SHA-256 of the whole text that the range is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Sha256>,
    pub start: u64,
    pub end: u64,
    pub locator: String,
    /// The text was made anew since it was cited: the place that it had then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<String>,
    /// Pieces of the quote, between them what was redacted: one piece is the whole quote.
    pub quote: Vec<String>,
    pub before: String,
    pub after: String,
    /// Whether the record that was given with the report says the quote itself: the text of some is put
    /// in words from what they say (Slack's subtypes, accounts by their ids). `None` where no record
    /// was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_says: Option<bool>,
}

impl Place {
    pub fn of(passage: &Passage) -> Place {
        let passage = passage.clone();
        Place {
            target: Some(passage.target),
            content: passage.content,
            no_bytes: false,
            containers: passage.containers,
            path: passage.path,
            record: passage.record,
            variant: passage.variant,
            extractor: passage.extractor,
            text: Some(passage.text),
            start: passage.start,
            end: passage.end,
            locator: passage.locator,
            moved_from: None,
            quote: vec![passage.quote],
            before: passage.before,
            after: passage.after,
            record_says: None,
        }
    }

    /// The passage, unless it was redacted.
    pub fn passage(&self) -> Option<Passage> {
        let [quote] = self.quote.as_slice() else { return None };
        let (target, text) = (self.target?, self.text?);
        Some(Passage { target, text, quote: quote.clone(), ..self.claim() })
    }

    /// What it says of its place, without the quote; a target or a text that was left out is of
    /// nothing.
    pub fn claim(&self) -> Passage {
        Passage {
            target: self.target.unwrap_or(Target::Document(self.content)),
            content: self.content,
            containers: self.containers.clone(),
            path: self.path.clone(),
            record: self.record,
            variant: self.variant,
            extractor: self.extractor.clone(),
            text: self.text.unwrap_or(Sha256([0; 32])),
            start: self.start,
            end: self.end,
            locator: self.locator.clone(),
            quote: String::new(),
            before: self.before.clone(),
            after: self.after.clone(),
        }
    }

    /// Whether `text` is the quote, anything standing in its holes.
    pub fn fits(&self, text: &str) -> bool {
        fits(&self.quote, text)
    }
}

/// Whether a text consists of these pieces, with anything between them.
pub fn fits(pieces: &[String], text: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
    let Some((last, middle)) = rest.split_last() else { return text == first };
    let Some(mut left) = text.strip_prefix(first.as_str()) else { return false };
    for piece in middle {
        let Some(at) = left.find(piece.as_str()) else { return false };
        left = &left[at + piece.len()..];
    }
    left.ends_with(last.as_str())
}

/// Why a line is no locator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLocator {
    #[error("it is not readable: {0}")]
    Malformed(String),
    #[error("it was written by a newer Casebook (version {0})")]
    Newer(u32),
    #[error("the report had this footnote and has it no more")]
    Gone,
}

impl Locator {
    pub fn new(n: usize, operation: Option<Sha256>, anchor: &Anchor) -> Locator {
        let spot = match anchor {
            Anchor::Passage(passage) => Spot::Passage(Box::new(Place::of(passage))),
            Anchor::Count(count) => Spot::Count(count.clone()),
        };
        Locator { v: VERSION, n, anchor: operation, of: None, says: Vec::new(), listed: None, spot }
    }

    /// One line that is inert wherever it stands: what could act in Markdown, HTML, XML or on a
    /// terminal is written as `\uXXXX`.
    pub fn line(&self) -> String {
        // Serialising plain data into a string does not fail.
        let json = serde_json::to_string(self).unwrap_or_default();
        escaped(&json)
    }

    /// # Errors
    /// It is no locator, or one of a newer version.
    pub fn parse(line: &str) -> Result<Locator, BadLocator> {
        let version: Version =
            serde_json::from_str(line).map_err(|e| BadLocator::Malformed(e.to_string()))?;
        if version.v > VERSION {
            return Err(BadLocator::Newer(version.v));
        }
        serde_json::from_str(line).map_err(|e| BadLocator::Malformed(e.to_string()))
    }
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

/// JSON without signs of markup and without what nobody sees: these are `\uXXXX`. They occur in
/// strings only, where that means the same.
pub fn escaped(json: &str) -> String {
    use std::fmt::Write;
    let mut line = String::with_capacity(json.len() + json.len() / 8);
    for c in json.chars() {
        let acts = match c {
            '`' | '<' | '>' | '&' | '\'' | '|' | '\u{7f}'..='\u{a0}' => true,
            c if c < ' ' => true,
            c if c.is_ascii() => false,
            c => !(c.is_alphanumeric() || is_plain_punctuation(c)) || !is_visible(c),
        };
        if !acts {
            line.push(c);
            continue;
        }
        let mut units = [0; 2];
        for unit in c.encode_utf16(&mut units) {
            // Writing to a String does not fail.
            let _ = write!(line, "\\u{unit:04x}");
        }
    }
    line
}

fn is_visible(c: char) -> bool {
    let mut bytes = [0; 4];
    let text: &str = c.encode_utf8(&mut bytes);
    sanitise::line(text) == text
}

/// Punctuation of Chinese and Japanese texts: shown as it is, so that the line stays readable.
fn is_plain_punctuation(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{ff01}' | '\u{ff08}' | '\u{ff09}'
        | '\u{ff0c}' | '\u{ff1a}' | '\u{ff1b}' | '\u{ff1f}' | '\u{2018}'..='\u{201d}' | '\u{b7}')
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub fn place(quote: &[&str]) -> Place {
        Place {
            target: Some(Target::Document(Sha256([1; 32]))),
            content: Sha256([1; 32]),
            no_bytes: false,
            containers: vec![Sha256([2; 32])],
            path: "归档/合同.zip!a`b<c>.txt".to_owned(),
            record: None,
            variant: VariantKind::Original,
            extractor: "text 1".to_owned(),
            text: Some(Sha256([3; 32])),
            start: 3,
            end: 9,
            locator: "line 1".to_owned(),
            moved_from: None,
            quote: quote.iter().map(|&piece| piece.to_owned()).collect(),
            before: String::new(),
            after: "\u{202e}evil".to_owned(),
            record_says: None,
        }
    }

    fn locator(quote: &str) -> Locator {
        let spot = Spot::Passage(Box::new(place(&[quote])));
        let says =
            vec![Said { claim: "N1/1".to_owned(), sentence: quote.to_owned(), stance: None }];
        Locator {
            v: VERSION,
            n: 1,
            anchor: Some(Sha256([9; 32])),
            of: Some(1),
            says,
            listed: Some(quote.to_owned()),
            spot,
        }
    }

    proptest! {
        #[test]
        fn a_line_round_trips_and_is_inert(quote in any::<String>()) {
            let locator = locator(&quote);
            let line = locator.line();
            prop_assert_eq!(Locator::parse(&line).unwrap(), locator);
            let acts = ['`', '<', '>', '&', '\'', '\n', '\r', '\u{202e}', '\u{200b}'];
            prop_assert!(!line.contains(acts));
            prop_assert_eq!(crate::text::sanitise::block(&line), line.as_str());
        }
    }

    #[test]
    fn a_newer_locator_is_refused() {
        let line = locator("合同").line().replacen("\"v\":1", "\"v\":2", 1);
        assert_eq!(Locator::parse(&line), Err(BadLocator::Newer(2)));
        assert!(matches!(Locator::parse("{}"), Err(BadLocator::Malformed(_))));
    }

    #[test]
    fn a_quote_with_holes_fits_what_it_was_made_of() {
        let check = |pieces: &[&str], text: &str, fits: bool| {
            assert_eq!(place(pieces).fits(text), fits, "{pieces:?} {text:?}");
        };
        check(&["付款三十万"], "付款三十万", true);
        check(&["付款三十万"], "付款三十一万", false);
        check(&["", "付款三十万"], "李四付款三十万", true);
        check(&["给", "付", "万"], "给李四付三十万", true);
        check(&["给", "付", "万"], "给李四三十万", false);
        // Pieces do not overlap.
        check(&["aba", "ba"], "aba", false);
        check(&[], "", true);
    }
}
