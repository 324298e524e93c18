//! Finds protected names in texts, in whatever way they are written, and puts something else there.
//!
//! Texts are compared by their *skeleton*: the normal form of the search (full width, case,
//! traditional and simplified characters, invisible characters), without white space beside
//! characters of scripts that are written without it, and with every other stretch of white space
//! and signs between words as one gap: `Anna_Petrova.docx` names Anna Petrova. Names of letters
//! are found at the edges of words only: `lin` is not in `line`.
//!
//! A name is also found where its parts are written together (`annapetrova@`), cut (`Pet-rova`) or
//! spelled out (`A n n a`, `沈·若·岚`), as far as that says something: the fewer letters a name has,
//! the closer it must be written (see `Name::loosely`). Tags of markup and short numbers
//! (`陆[[M580]]知行`) that stand in a text are looked at as signs and as nothing. Marks of tone,
//! accents and whatever else stands over a letter do not count: `Lù Zhīxíng` is Lu Zhixing, and nor
//! does it matter of what script a letter is that looks like a Latin one (`alike.rs`).
//!
//! Where a text tells a reader to show it from right to left (U+202E), it is read so too.
//!
//! A name of words is found with its last word first and its first word last too (`Ruolan Shen`), a
//! handle without the word before it (`k2v6r1o9sb3n44` of `wxid_k2v6r1o9sb3n44`).
//!
//! Numbers of some length (of a telephone, an identity card, an account) are compared digit by
//! digit: what stands between the digits does not matter, nor of what script they are, nor the code
//! of the country before them.

mod name;
mod number;
mod skeleton;
#[cfg(test)]
mod tests;

use super::alike::latin;
use super::pattern::Pattern;
use name::{Name, forms};
use number::Numbers;
use skeleton::{Letter, holes, skeleton, turned, without};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A name that must not be seen, and what stands instead of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protected {
    pub name: String,
    pub instead: String,
}

/// A set of protected names.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    names: Vec<Name>,
    /// Names by their first character, the longest first.
    by_first: HashMap<char, Vec<usize>>,
    /// Names that are numbers.
    numbers: Numbers,
}

/// Bytes of the text that letters stand in, in whatever order they are read.
fn stretch(letters: &[Letter]) -> Range<usize> {
    let start = letters.iter().map(|own| own.start).min().unwrap_or_default();
    start..letters.iter().map(|own| own.end).max().unwrap_or(start)
}

/// Where a protected name stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// Bytes of the text.
    pub range: Range<usize>,
    pub protected: &'a Protected,
}

/// From left to right; whatever is found goes, also where it lies across what was found before.
fn joined(mut found: Vec<Found<'_>>) -> Vec<Found<'_>> {
    found.sort_by_key(|found| (found.range.start, std::cmp::Reverse(found.range.end)));
    found.dedup_by(|next, last| {
        let is_across = next.range.start < last.range.end;
        if is_across {
            last.range.end = last.range.end.max(next.range.end);
        }
        is_across
    });
    found
}

impl Mask {
    /// Names without a letter or digit protect nothing and are left out.
    pub fn new(protected: impl IntoIterator<Item = Protected>) -> Mask {
        let mut mask = Mask::default();
        let mut all = Vec::new();
        for protected in protected {
            // A domain in both of its forms.
            let other = super::scan::domains(&protected.name)
                .map(|name| Protected { name, instead: protected.instead.clone() });
            let all_of_it = std::iter::once(protected).chain(other);
            for protected in all_of_it {
                for written in forms(&protected.name) {
                    let is_turned = written.contains(' ') && written != protected.name;
                    for is_alike in [false, true] {
                        all.push((skeleton(&written, is_alike), is_turned, protected.clone()));
                    }
                }
            }
        }
        let mut known = HashSet::new();
        for (letters, is_turned, protected) in all {
            let name = Name::new(letters, is_turned, protected);
            if name.letters.is_empty() || !known.insert(name.written()) {
                continue;
            }
            mask.numbers.add(&name);
            mask.names.push(name);
        }
        mask.names.sort_by_key(|name| std::cmp::Reverse(name.letters.len()));
        for (at, name) in mask.names.iter().enumerate() {
            mask.by_first.entry(name.letters[0].ch).or_default().push(at);
        }
        mask
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// All protected names in a text, from left to right, the longest at each place.
    pub fn find(&self, text: &str) -> Vec<Found<'_>> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut found = self.find_in(&skeleton(text, false));
        let mut others: Vec<Vec<Letter>> = without(text, holes(text), false).into_iter().collect();
        others.extend(turned(text));
        if text.chars().any(|c| latin(c).is_some()) {
            others.push(skeleton(text, true));
            others.extend(without(text, holes(text), true));
        }
        found.extend(others.iter().flat_map(|letters| self.find_in(letters)));
        // Between two names that follow one another there is none with its words turned.
        let told: Vec<Range<usize>> = found
            .iter()
            .filter(|(_, is_turned)| !is_turned)
            .map(|(own, _)| own.range.clone())
            .collect();
        let is_told = |at: usize| told.iter().any(|range| range.contains(&at));
        found.retain(|(own, is_turned)| {
            !is_turned || !is_told(own.range.start) || !is_told(own.range.end.saturating_sub(1))
        });
        joined(found.into_iter().map(|(found, _)| found).collect())
    }

    /// The longest name at each letter, from left to right, and whether its words are turned.
    /// They may overlap: in `Zhixing, Lu Zhixing` stand the turned name and the name.
    fn find_in(&self, letters: &[Letter]) -> Vec<(Found<'_>, bool)> {
        let numbers = self.numbers.find(letters);
        let mut found = Vec::new();
        // What lies within a name that was found is a part of it.
        let mut end = 0;
        for at in 0..letters.len() {
            let names = self.by_first.get(&letters[at].ch).map_or(&[][..], Vec::as_slice);
            let names = names.iter().filter_map(|&name| {
                let name = &self.names[name];
                let length = name.exactly(letters, at).or_else(|| name.loosely(letters, at))?;
                Some((length, name.is_turned, &name.protected))
            });
            let number = numbers.get(&at).map(|(length, protected)| (*length, false, *protected));
            let longest = names.chain(number).max_by_key(|(length, ..)| *length);
            let Some((length, is_turned, protected)) = longest else { continue };
            if at + length > end {
                found.push((
                    Found { range: stretch(&letters[at..at + length]), protected },
                    is_turned,
                ));
                end = at + length;
            }
        }
        found
    }

    /// The text with something else instead of what is protected.
    pub fn apply(&self, text: &str) -> Option<String> {
        self.apply_between("", text, "")
    }

    /// The same for a text that stands between two others.
    pub fn apply_between(&self, before: &str, text: &str, after: &str) -> Option<String> {
        let found = self.find_between(before, text, after);
        if found.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for found in found {
            out.push_str(&text[from..found.range.start]);
            out.push_str(&found.protected.instead);
            from = found.range.end;
        }
        out.push_str(&text[from..]);
        Some(out)
    }

    /// What is protected in the middle one of three texts that follow each other, in bytes of that one:
    /// also a part of a name that goes on in its neighbours.
    pub fn find_between(&self, before: &str, text: &str, after: &str) -> Vec<Found<'_>> {
        let mut found = self.find(text);
        if before.is_empty() && after.is_empty() {
            return found;
        }
        let (start, end) = (before.len(), before.len() + text.len());
        for across in self.find(&format!("{before}{text}{after}")) {
            let from = across.range.start.max(start);
            let to = across.range.end.min(end);
            if from < to {
                let range = from - start..to - start;
                found.push(Found { range, protected: across.protected });
            }
        }
        joined(found)
    }

    /// Whether a search would find a protected name by a pattern that gives it away: `陆知*`,
    /// `陆之行~1`, `/陆.行/`. What finds anything at all gives nothing away but is no loss either.
    pub fn is_sought(&self, pattern: &Pattern<'_>) -> bool {
        self.names.iter().any(|name| pattern.finds(&name.protected.name))
    }

    /// What stands between protected names.
    pub fn pieces_between(&self, before: &str, text: &str, after: &str) -> Vec<String> {
        let mut pieces = Vec::new();
        let mut from = 0;
        for found in self.find_between(before, text, after) {
            pieces.push(text[from..found.range.start].to_owned());
            from = found.range.end;
        }
        pieces.push(text[from..].to_owned());
        pieces
    }
}
