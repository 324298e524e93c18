//! Notes, drafts and saved searches, as they are shown.

use super::finding::{Cited, NoteFields, NoteKind, Standing};
use super::review::{Basis, ReviewState, Signer};
use super::{ItemId, NoteId, Sha256};
use std::ops::Range;

/// One line of the list of notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// `None` for a draft of a new one.
    pub id: Option<NoteId>,
    /// What was being written and not finished: the number of the sitting.
    pub draft: Option<i64>,
    /// The beginning of what it says.
    pub title: String,
    pub kind: NoteKind,
    /// Of a finding.
    pub standing: Standing,
    /// Who wrote it last; a claim.
    pub author: String,
    /// When: UTC milliseconds; a claim.
    pub changed: i64,
    /// More than one where two people wrote at the same time.
    pub texts: u64,
    /// A draft that another window writes on now.
    pub is_elsewhere: bool,
}

/// A note with everything that stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub id: NoteId,
    /// The operation that made it.
    pub operation: Sha256,
    /// The latest first; the others were written at the same time and replaced by nobody.
    pub texts: Vec<NoteText>,
    /// What its short numbers name, as far as this case has it, and a line about each.
    pub references: Vec<(ItemId, String)>,
    pub fields: NoteFields,
    /// The anchors that it cites, in the order of its text.
    pub citations: Vec<Cited>,
}

impl Note {
    /// A text of it as a person reads it, and what the places (byte ranges) in that name: an
    /// entity by its name, everything else by its number without the brackets, as a report has
    /// it. What is not in this case stays as it was typed.
    pub fn as_read(&self, text: &str) -> (String, Vec<(Range<usize>, ItemId)>) {
        let (mut read, mut places) = (String::with_capacity(text.len()), Vec::new());
        let mut at = 0;
        for (range, item) in named(text) {
            let Some((_, line)) = self.references.iter().find(|(known, _)| *known == item) else {
                continue;
            };
            read.push_str(&text[at..range.start - BRACKETS]);
            let start = read.len();
            match item {
                // The line about it ends with its kind: `川江 (organisation)`.
                ItemId::Entity(_) => {
                    read.push_str(line.rsplit_once(" (").map_or(line.as_str(), |(name, _)| name));
                }
                _ => read.push_str(&text[range.clone()]),
            }
            places.push((start..read.len(), item));
            at = range.end + BRACKETS;
        }
        read.push_str(&text[at..]);
        (read, places)
    }

    /// What it is to whoever checks it now.
    pub fn basis(&self) -> Basis {
        let cited = self.citations.iter().filter(|cited| cited.line.is_some());
        Basis::of(
            self.texts.iter().map(|text| text.operation),
            &self.fields,
            cited.flat_map(Cited::said),
        )
    }

    /// Whoever wrote a text that stands, or said something else of it.
    pub fn writers(&self) -> Vec<Signer> {
        let texts = self.texts.iter().map(|text| Signer::new(&text.author, &text.key));
        texts.chain(self.fields.writers.iter().cloned()).collect()
    }

    /// What was said of its sentences, and what was changed since.
    pub fn reviews(&self) -> Vec<ReviewState> {
        let writers = self.writers();
        let now = self.basis();
        self.fields.reviews.iter().map(|review| review.state(&now, &writers)).collect()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteText {
    /// The operation that wrote it.
    pub operation: Sha256,
    pub text: String,
    /// A claim; the key is who it is.
    pub author: String,
    /// The name as it is shown: with the key where several use it. Empty as it is stored.
    pub by: String,
    /// The public key that signed it, hexadecimal.
    pub key: String,
    /// UTC milliseconds; a claim.
    pub wall: i64,
}

/// What is being written and not yet kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Which opening of the case it was written in; `None` for this one. Two may write at the same
    /// time.
    pub sitting: Option<i64>,
    /// `None` for a new note.
    pub note: Option<NoteId>,
    /// Operations whose text it will replace.
    pub over: Vec<Sha256>,
    pub text: String,
    /// What a new note will be.
    pub kind: NoteKind,
    /// UTC milliseconds.
    pub saved: i64,
    /// Another window writes on it now.
    pub is_elsewhere: bool,
}

impl Draft {
    /// Its first line that says something.
    pub fn title(&self) -> &str {
        self.text.lines().find(|line| !line.trim().is_empty()).unwrap_or("")
    }
}

/// A search that somebody wants to work through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSearch {
    pub operation: Sha256,
    pub name: String,
    pub query: String,
}

/// A saved search with what there is to do in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worklist {
    pub saved: SavedSearch,
    /// What it finds, and what of that nobody has read; `None` where it cannot be answered.
    pub counts: Option<(u64, u64)>,
}

/// Bytes of `[[` and of `]]`.
pub(crate) const BRACKETS: usize = 2;

/// What a note names: the short numbers in its text that stand in double brackets, `[[A7]]`, with
/// their byte ranges (without the brackets). A bare `A4` is a size of paper.
pub fn named(text: &str) -> Vec<(Range<usize>, ItemId)> {
    bracketed(text).into_iter().filter_map(|(range, item)| Some((range, item?))).collect()
}

/// The same with what stands in brackets for something that this case has not: `[[D?9c1f2a07]]`,
/// `[[M?9999]]`.
pub fn bracketed(text: &str) -> Vec<(Range<usize>, Option<ItemId>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find("[[") {
        let start = at + next + 2;
        let end = text[start..].find("]]").map(|length| start + length);
        let inner = end.and_then(|end| text.get(start..end)).unwrap_or_default();
        let digits = inner.strip_prefix(LETTERS).unwrap_or("-");
        let item = match digits.bytes().all(|byte| byte.is_ascii_digit()) {
            true => inner.parse().ok(),
            false => None,
        };
        if item.is_some() || digits.strip_prefix('?').is_some_and(is_stand_in) {
            found.push((start..start + inner.len(), item));
            at = start + inner.len();
        } else {
            // `[[[A7]]` has it one further on.
            at = start - 1;
        }
    }
    found
}

/// What of a line stands behind the citations that it begins with: the claim. The line itself
/// where it begins with none, or says nothing else. Passages and messages are citations; a
/// document, a person or a note that a line begins with is what it speaks of.
pub fn claim(line: &str) -> &str {
    let said = |rest: &str| rest.contains(char::is_alphanumeric);
    let mut rest = line.trim_start().trim_start_matches('#').trim_start();
    let mut is_cited = false;
    while let Some((range, item)) = bracketed(rest).into_iter().next() {
        let is_citation = match item {
            Some(item) => matches!(item, ItemId::Anchor(_) | ItemId::Message(_)),
            None => rest[range.clone()].starts_with(['A', 'M']),
        };
        if range.start != "[[".len() || !is_citation {
            break;
        }
        let after = &rest[range.end + "]]".len()..];
        rest = after.trim_start_matches(|c: char| c.is_whitespace() || ":：,，、;；".contains(c));
        is_cited = true;
    }
    if is_cited && said(rest) { rest } else { line }
}

/// The line of a text that is its title: the first one that says something beside citations, or
/// else the first one.
pub fn title_line(text: &str) -> &str {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.clone().next().unwrap_or("");
    let cites_only = |line: &str| {
        line.trim_start_matches(['#', ' ']).starts_with("[[") && {
            let mut bare = line.to_owned();
            for (range, _) in bracketed(line).into_iter().rev() {
                bare.replace_range(range, "");
            }
            !bare.contains(char::is_alphanumeric)
        }
    };
    lines.find(|line| !cites_only(line)).unwrap_or(first)
}

fn is_stand_in(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What short numbers begin with.
const LETTERS: [char; 7] = ['D', 'M', 'C', 'P', 'N', 'A', 'E'];

/// Short numbers in a query, with their byte ranges: `D12`, `M881`, `C3`, `P5`, `N4`, `A7`, `E9`. Only whole
/// words of ASCII: `3D12` and `D12x` are none, `见D12。` is one.
pub fn short_numbers(text: &str) -> Vec<(Range<usize>, ItemId)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let is_start = at == 0 || !is_word(bytes[at - 1]);
        if !is_start || !LETTERS.contains(&char::from(bytes[at])) {
            at += 1;
            continue;
        }
        let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let end = at + 1 + digits;
        if digits > 0
            && !bytes.get(end).is_some_and(|byte| is_word(*byte))
            && let Ok(item) = text[at..end].parse()
        {
            found.push((at..end, item));
        }
        at = end;
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AnchorId, EntityId, MessageId};

    #[test]
    fn a_text_is_read_with_names_and_numbers_for_what_it_names() {
        let note = Note {
            id: NoteId(1),
            operation: Sha256([0; 32]),
            texts: Vec::new(),
            references: vec![
                (ItemId::Entity(EntityId(1)), "川江 (北) (organisation)".to_owned()),
                (ItemId::Anchor(AnchorId(4)), "“30万”".to_owned()),
                (ItemId::Message(MessageId(425)), "2021-03-05 lin: 30万".to_owned()),
            ],
            fields: NoteFields::default(),
            citations: Vec::new(),
        };
        let check = |text: &str, expected: &str, places: &[&str]| {
            let (read, found) = note.as_read(text);
            assert_eq!(read, expected);
            let found: Vec<String> =
                found.into_iter().map(|(range, item)| format!("{item} {}", &read[range])).collect();
            assert_eq!(found, places, "{text}");
        };
        check("no brackets: E1", "no brackets: E1", &[]);
        check(
            "[[E1]]付了[[A4]][[M425]]。",
            "川江 (北)付了A4M425。",
            &["E1 川江 (北)", "A4 A4", "M425 M425"],
        );
        // Not in this case.
        check("[[E9]] and [[M?99]] [[E1", "[[E9]] and [[M?99]] [[E1", &[]);
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> =
            short_numbers(text).into_iter().map(|(range, _)| &text[range]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn short_numbers_are_whole_words() {
        check("D12, M881 and (C3).", &["D12", "M881", "C3"]);
        check("见D12。和M3说的N4", &["D12", "M3", "N4"]);
        check("3D12 D12x B4 D0 D-1 xM3 M3_4 P", &[]);
        check("D12D13 D1", &["D1"]);
    }

    #[test]
    fn a_title_is_the_claim_and_not_what_is_cited_before_it() {
        let check = |text: &str, expected: &str| {
            assert_eq!(claim(title_line(text)), expected, "{text:?}");
        };
        check("[[A1]] 韩锐签了95%…", "韩锐签了95%…");
        check("[[A1]] [[M2]][[A3]]: -30万", "-30万");
        check("# [[A1]] who paid", "who paid");
        check("\n[[A1]] [[A2]]\n\nwho paid [[A3]]", "who paid [[A3]]");
        // What it speaks of stays, and so does a quote that is all there is.
        check("[[D17]] says so", "[[D17]] says so");
        check("[[E3]] paid", "[[E3]] paid");
        check("# who paid [[A1]]", "# who paid [[A1]]");
        check("[[A1]] [[A2]]", "[[A1]] [[A2]]");
        check("[[A1]].", "[[A1]].");
        check("", "");
    }

    #[test]
    fn only_brackets_name_something_in_a_note() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = named(text).into_iter().map(|(range, _)| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("E1 visa on A4 paper, M9999", &[]);
        check("见[[D12]]。[[M3]][[N4]] [[[A7]]]", &["D12", "M3", "N4", "A7"]);
        check("[[D12 ]] [[d12]] [[S1]] [[D0]] [[D1x]] [[D-1]] [[]] [[ [D1]] [[D1", &[]);
        check("[[见 [[D1]] [[D?9c1f2a07]]", &["D1"]);
        let all = |text: &str| -> Vec<String> {
            bracketed(text).into_iter().map(|(range, _)| text[range].to_owned()).collect()
        };
        assert_eq!(
            all("[[D?9c1f2a07]] [[M?9999]] [[?1]] [[M?]] [[M?x y]] [[A7]]"),
            ["D?9c1f2a07", "M?9999", "A7"]
        );
    }
}
