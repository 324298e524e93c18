//! Whether a report shows what its locators say.

use crate::export::inert::visible;
use crate::export::locator::{Locator, Said, Spot, fits};

/// Whether a footnote shows what its locator says: path, place, hashes and quote, or the number.
///
/// # Errors
/// What is shown otherwise.
pub fn shows(shown: &str, locator: &Locator) -> Result<(), String> {
    let all = squeezed(shown);
    let has = |text: &str| all.contains(&squeezed(text));
    let differs = |what: &str| Err(format!("the report shows another {what} than its locator"));
    match &locator.spot {
        Spot::Passage(place) => {
            if !place.no_bytes && !has(&place.content.to_string()) {
                return differs("SHA-256");
            }
            if !place.containers.iter().all(|container| has(&container.to_string())) {
                return differs("SHA-256 of a container");
            }
            if !has(&place.path) {
                return differs("file");
            }
            if !has(&place.locator) {
                return differs("place");
            }
            let pieces: Vec<String> = place.quote.iter().map(|piece| squeezed(piece)).collect();
            match pieces.iter().all(String::is_empty) || shows_quote(&all, &pieces) {
                true => Ok(()),
                false => differs("quote"),
            }
        }
        Spot::Count(count) => {
            // All of the line, so that 0 is not found in 10, nor 5 messages in 15.
            let words = unmarked(&count.words());
            match shown.lines().any(|line| unmarked(line) == words) && has(&count.ids.to_string()) {
                true => Ok(()),
                false => differs("number"),
            }
        }
        Spot::Redacted { number, ids } => {
            let is_it = |line: &str| {
                let line = unmarked(line);
                let rest = line.strip_prefix(&unmarked(number));
                rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
            };
            match shown.lines().any(is_it) && has(&ids.to_string()) {
                true => Ok(()),
                false => differs("number"),
            }
        }
    }
}

/// Whether these pieces are all that stands between the label of the quote and the line behind it.
fn shows_quote(shown: &str, pieces: &[String]) -> bool {
    const LABELS: [&str; 4] =
        ["quote:", "quote(ocr):", "quote(translation):", "quote(transcript):"];
    const ENDS: [&str; 4] = ["translation(", "read:", "notread:", "state:"];
    LABELS.iter().flat_map(|label| shown.match_indices(label)).any(|(at, label)| {
        let rest = &shown[at + label.len()..];
        let mut ends = ENDS.iter().flat_map(|end| rest.match_indices(end));
        ends.any(|(end, _)| fits(pieces, &rest[..end]))
    })
}

/// The text of a report beside its footnotes.
pub struct Body {
    text: String,
}

impl Body {
    pub fn new(text: &str) -> Body {
        // Reviews say again what they were of.
        let is_review = |line: &&str| {
            let line = line.trim_start();
            ["checked by ", "objected by ", "checker ", "lawyer "]
                .iter()
                .any(|role| line.starts_with(role))
                && line.contains("(of: “")
        };
        let lines: Vec<&str> = text.lines().filter(|line| !is_review(line)).collect();
        Body { text: bare(&lines.join("\n")) }
    }

    pub fn has(&self, line: &str) -> bool {
        self.text.contains(&bare(line))
    }

    pub fn sentences(&self) -> Sentences<'_> {
        Sentences { body: self, at: 0 }
    }
}

/// Looks for sentences one after the other: footnotes follow the text.
pub struct Sentences<'a> {
    body: &'a Body,
    /// Behind the sentence that was found last.
    at: usize,
}

impl Sentences<'_> {
    /// The first sentence that does not stand in the text as it was written.
    pub fn lacks<'a>(&mut self, says: &'a [Said]) -> Option<&'a Said> {
        let text = &self.body.text;
        says.iter().find(|said| {
            let sentence = bare(&said.sentence);
            let after = text[self.at..].find(&sentence).map(|found| self.at + found);
            match after.or_else(|| text.find(&sentence)) {
                Some(found) => {
                    self.at = found;
                    false
                }
                None => true,
            }
        })
    }
}

/// What the label of a fact ends with is a matter of the format.
fn bare(text: &str) -> String {
    squeezed(text).replace(':', "")
}

/// A text without its white space and the marks that set thousands apart: reports of before have
/// none in their numbers.
fn unmarked(text: &str) -> String {
    let text = squeezed(text);
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let is_mark = |at: usize| {
        bytes[at] == b',' && at > 0 && is_digit(bytes.get(at - 1)) && is_digit(bytes.get(at + 1))
    };
    text.char_indices().filter(|(at, _)| !is_mark(*at)).map(|(_, c)| c).collect()
}

/// A text without its white space, as it is shown; on one line that is signs.
fn squeezed(text: &str) -> String {
    visible(text).chars().filter(|c| !c.is_whitespace() && !matches!(c, '⏎' | '→')).collect()
}
