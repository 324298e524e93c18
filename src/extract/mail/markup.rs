//! HTML bodies, beside what `extract::html` does with whole pages: their text for comparison, and
//! what only the page says when a plain text is read in its place.

use crate::extract::{Limits, Out, Record, Stop, html};
use crate::model::{PartKind, Wrap};

/// What a page says.
#[derive(Debug, Default)]
pub struct Page {
    /// The text that a reader sees.
    pub seen: String,
    /// Addresses that links lead to, one a line.
    pub links: String,
    /// Text that a reader does not see.
    pub hidden: String,
}

/// Reads a page. What goes beyond the limits is left out.
pub fn read(page: &str) -> Page {
    let mut read = Page::default();
    let mut place = 0;
    let mut sink = |record| {
        match record {
            Record::Part { hidden: true, .. } => place = 2,
            Record::Part { kind: PartKind::Footnote, .. } => place = 1,
            Record::Part { kind: PartKind::Comment | PartKind::Header, .. } => place = 3,
            Record::Part { .. } => place = 0,
            Record::Text(text) => match place {
                0 => read.seen.push_str(&text),
                1 => read.links.push_str(&text),
                2 => read.hidden.push_str(&text),
                _ => {}
            },
            _ => {}
        }
        Ok(())
    };
    let mut out = Out::new(&mut sink, Limits::default());
    // Only the limits can stop it: what was read until then is compared.
    let _ = html::write(page, &mut out).and_then(|()| out.finish());
    read
}

/// Writes what a page says beyond the text that is read in its place: lines that differ, addresses
/// of links, hidden text.
pub fn write_rest(page: &str, text: &str, out: &mut Out) -> Result<(), Stop> {
    let page = read(page);
    let known = Known::new(text);
    let lines = |lines: &str, is_new: &dyn Fn(&str) -> bool| -> Vec<String> {
        let lines = lines.lines().filter(|line| !line.trim().is_empty() && is_new(line));
        lines.map(str::to_owned).collect()
    };
    let seen = lines(&page.seen, &|line| known.lacks(line));
    if !seen.is_empty() {
        out.labelled_part(PartKind::Body, "only in the HTML", Wrap::Lines)?;
        seen.iter().try_for_each(|line| out.line(line))?;
    }
    let links = lines(&page.links, &|line| !text.contains(line.trim()));
    if !links.is_empty() {
        out.labelled_part(PartKind::Footnote, "links", Wrap::Lines)?;
        links.iter().try_for_each(|line| out.line(line))?;
    }
    let hidden = lines(&page.hidden, &|line| known.lacks(line));
    if !hidden.is_empty() {
        out.warn("contains text that a mail program does not show")?;
        out.hidden_part(PartKind::Body, "hidden text", Wrap::Lines)?;
        hidden.iter().try_for_each(|line| out.line(line))?;
    }
    Ok(())
}

/// Longer texts are compared by their beginning: what costs memory must have an end.
const MOST_LETTERS: usize = 2_000_000;
/// Letters and digits that are compared at once.
const RUN: usize = 5;

/// What a text says, for the question whether another one says more. Spaces, punctuation and the
/// addresses that programs put behind links make no difference.
pub struct Known {
    letters: Vec<char>,
    /// Sorted: a mail has some hundreds, of which hashes cost more.
    runs: Vec<u128>,
}

impl Known {
    pub fn new(text: &str) -> Known {
        let letters = letters(&without_addresses(text));
        let mut runs: Vec<u128> = letters.windows(RUN).map(packed).collect();
        runs.sort_unstable();
        runs.dedup();
        Known { letters, runs }
    }

    /// Whether `line` holds something that the text does not.
    pub fn lacks(&self, line: &str) -> bool {
        self.missing(line).0 > 0
    }

    /// How many runs of `other` the text does not have, and of how many.
    pub fn missing(&self, other: &str) -> (usize, usize) {
        let other = letters(&without_addresses(other));
        if other.len() < RUN {
            let found = other.is_empty() || self.letters.windows(other.len()).any(|w| w == other);
            return (usize::from(!found), 1);
        }
        let is_new = |run: &&[char]| self.runs.binary_search(&packed(run)).is_err();
        (other.windows(RUN).filter(is_new).count(), other.len())
    }
}

/// A run as one number: a character has 21 bits.
fn packed(run: &[char]) -> u128 {
    run.iter().fold(0, |packed, c| packed << 21 | u128::from(u32::from(*c)))
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).take(MOST_LETTERS).collect()
}

/// The text without `<http://...>`, `[cid:...]` and the like.
fn without_addresses(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '[']) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let close = if after.starts_with('<') { '>' } else { ']' };
        let inside = &after[1..];
        let end = inside.find(|c: char| c == close || c.is_whitespace());
        let is_address = ["http:", "https:", "mailto:", "cid:", "file:", "tel:", "ftp:"]
            .iter()
            .any(|scheme| inside.starts_with(scheme));
        match end.filter(|&end| is_address && inside[end..].starts_with(close)) {
            Some(end) => rest = &inside[end + 1..],
            None => {
                out.push_str(&after[..1]);
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_by_what_they_say() {
        let check = |text: &str, line: &str, expected| {
            assert_eq!(Known::new(text).lacks(line), expected, "{text:?} {line:?}");
        };
        check("My name is a person. body 1", "My  name is a person. body 1", false);
        check("My name is a person. body 1", "My name is a person. body 2", true);
        check("see <https://a.example/x> there", "see there", false);
        check("see [cid:image1@x] there", "see there", false);
        check("a < b and [c]", "a b and c", false);
        check("会议定于周五", "会议定于周五。", false);
        check("会议定于周五", "周六", true);
        check("anything", "", false);
    }
}
