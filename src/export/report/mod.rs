//! What a report says, before it is written in any format: plain data, complete and in order.
//!
//! Texts are as they stand in the case, hostile bytes included: whoever writes them in a format
//! makes them inert there (`inert.rs`).

mod claim;
mod text;

pub use claim::Claim;
pub use text::{Block, Mark, Run, Sentence, Style, plain};

use super::locator::Locator;
use super::seal::Seal;
use crate::case::{Extent, Lost};
use crate::model::finding::{Grade, Stance};
use crate::model::review::{Basis, ReviewState};
use crate::model::{Hold, Sha256, VariantKind};

/// All of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub title: String,
    /// Name of the case.
    pub case: String,
    /// Day of the export, `2024-03-05`. What holds is said as of this day.
    pub date: String,
    /// Who wrote what is in it, by the names in the journal; sorted.
    pub authors: Vec<String>,
    pub sections: Vec<Section>,
    /// By number, from 1.
    pub footnotes: Vec<Footnote>,
    /// What this report cannot know, a sentence each.
    pub limits: Vec<String>,
    /// Name of the profile that it was redacted with.
    pub redacted: Option<String>,
    /// What its texts name and the case has not; it is not written out.
    pub unresolved: Vec<Unresolved>,
    /// Made over the finished report, which is then written again with it.
    pub seal: Option<Seal>,
}

/// Characters of a first sentence that is a title too.
const TITLE: usize = 100;

impl Report {
    pub fn footnote(&self, number: usize) -> Option<&Footnote> {
        self.footnotes.get(number.checked_sub(1)?)
    }

    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.sections.iter().flat_map(|section| &section.entries)
    }

    /// Cuts titles that are the first sentence of their text. After the redaction: what is left of a
    /// name that was cut is found by nobody.
    pub fn cut_titles(&mut self) {
        for entry in self.sections.iter_mut().flat_map(|section| &mut section.entries) {
            let Some((at, _)) = entry.title.char_indices().nth(TITLE) else { continue };
            if entry.sentences().iter().any(|sentence| sentence.text() == entry.title) {
                entry.title.truncate(at);
                entry.title.push('…');
            }
        }
    }
}

/// `[[M9999]]` in a text where the case has no such message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// `N4`
    pub entry: String,
    /// `M9999`
    pub name: String,
}

impl Unresolved {
    /// As the report lists it among what it cannot know.
    pub fn limit(&self) -> String {
        format!(
            "{} names {}, which is not in this case: nothing in this report shows it.",
            self.entry, self.name
        )
    }

    pub fn words(&self) -> String {
        format!("{} names [[{}]], which the case has not", self.entry, self.name)
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    pub title: &'static str,
    /// Said before the entries; empty for nothing.
    pub intro: String,
    pub entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Question,
    Finding,
    Event,
    Entity,
    Note,
    /// A stretch of the timeline: dates of the evidence itself.
    Evidence,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Question => "question",
            Kind::Finding => "finding",
            Kind::Event => "event",
            Kind::Entity => "entity",
            Kind::Note => "note",
            Kind::Evidence => "evidence",
        }
    }
}

/// A question, finding, event, entity or note.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// `N4`, `E9`: its number in the case that the report was made from.
    pub id: String,
    /// The operation that made it: its name in every copy of the case.
    pub thing: Sha256,
    pub kind: Kind,
    pub title: String,
    /// Who wrote its text, or said how it stands, when it was or what it cites.
    pub authors: Vec<String>,
    /// Status, confidence, likelihood, date, names: what is said of it in a word.
    pub facts: Vec<Fact>,
    /// More than one where two people wrote at the same time and nobody has put it together.
    pub texts: Vec<Vec<Block>>,
    /// Who wrote each of them; empty in a report without names.
    pub text_authors: Vec<String>,
    /// What it stands on and what stands against it.
    pub evidence: Vec<Evidence>,
    /// Ids of entries that belong to it: the findings of a question.
    pub related: Vec<String>,
    /// What second persons and lawyers said of its sentences.
    pub reviews: Vec<ReviewState>,
    /// What it is to whoever checks it; of a note.
    pub basis: Option<Basis>,
}

impl Entry {
    /// All sentences in order, those in lists, quotes and tables too.
    pub fn sentences(&self) -> Vec<&Sentence> {
        fn walk<'a>(blocks: &'a [Block], into: &mut Vec<&'a Sentence>) {
            for block in blocks {
                match block {
                    Block::Paragraph(sentences) => into.extend(sentences),
                    Block::List { items, .. } => items.iter().for_each(|item| walk(item, into)),
                    Block::Quote(inner) => walk(inner, into),
                    Block::Table(rows) => into.extend(rows.iter().flatten().flatten()),
                    Block::Heading(..) | Block::Code(_) | Block::Rule => {}
                }
            }
        }
        let mut into = Vec::new();
        self.texts.iter().for_each(|text| walk(text, &mut into));
        into
    }

    /// What stands above it: its title, unless that is all that it says; then what it is.
    pub fn heading(&self) -> &str {
        let says: Vec<String> = self.sentences().iter().map(|sentence| sentence.text()).collect();
        let is_all = self.texts.iter().map(Vec::len).sum::<usize>() == 1
            && matches!(says.as_slice(), [one] if one.starts_with(self.title.trim_end_matches('…')));
        match is_all || self.title.is_empty() {
            true => self.kind.word(),
            false => &self.title,
        }
    }

    /// Evidence by what it does for the entry.
    pub fn evidence_of(&self, stance: Stance) -> Vec<&Evidence> {
        self.evidence.iter().filter(|evidence| evidence.stance == stance).collect()
    }

    /// What is said of it in a word, by its label; empty for nothing.
    pub fn fact(&self, label: &str) -> &str {
        let fact = self.facts.iter().find(|fact| fact.label == label);
        fact.map_or("", |fact| fact.value.as_str())
    }

    /// What it says of a footnote: how it stands to the entry, and its grade.
    pub fn said_of(&self, footnote: usize) -> Option<&Evidence> {
        self.evidence.iter().find(|evidence| evidence.footnote == footnote)
    }

    /// What stands above one of several texts that were written at the same time.
    pub fn text_heading(&self, at: usize) -> String {
        let (nth, of) = (at + 1, self.texts.len());
        match self.text_authors.get(at) {
            Some(author) => format!("Text {nth} of {of}, written at the same time by {author}:"),
            None => format!("Text {nth} of {of}, written at the same time:"),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub label: String,
    pub value: String,
    /// Footnotes that show it.
    pub cites: Vec<usize>,
}

impl Fact {
    pub fn new(label: &str, value: impl Into<String>) -> Fact {
        Fact { label: label.to_owned(), value: value.into(), cites: Vec::new() }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    pub stance: Stance,
    pub grade: Grade,
    /// Grades that others gave the same place.
    pub also: Vec<Grade>,
    pub footnote: usize,
}

impl Evidence {
    /// Each grade once; none where nobody graded it.
    pub fn grades(&self) -> Vec<Grade> {
        let mut grades: Vec<Grade> = Vec::new();
        for grade in std::iter::once(&self.grade).chain(&self.also) {
            if *grade != Grade::default() && !grades.contains(grade) {
                grades.push(*grade);
            }
        }
        grades
    }

    /// `B2`, `B2 / A1`, or empty.
    pub fn grade_words(&self) -> String {
        Grade::words_of(self.grades())
    }
}

/// A place in evidence or a number over it, and how to check it.
#[derive(Clone, Debug, PartialEq)]
pub struct Footnote {
    pub number: usize,
    /// `A7`, or `D17` where a text names a document itself.
    pub id: String,
    pub source: Source,
    /// As of the day of the report.
    pub hold: Hold,
    pub locator: Locator,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    Passage {
        /// In the leak: `a/b.zip!c.txt`.
        path: String,
        sha256: Sha256,
        file: File,
        /// Outermost first.
        containers: Vec<Sha256>,
        /// Page, cell, line; time and sender of a message.
        place: String,
        variant: VariantKind,
        /// In the language of the original; empty for a document as such.
        quote: String,
        translation: Option<Translation>,
    },
    Count {
        /// `0 hits for X in 15,743 messages and 545 documents; 32 pages have no text`.
        said: String,
        /// How it was counted, a line each: normal form, variants, conditions.
        how: Vec<String>,
        /// SHA-256 of what the number stands on.
        ids: Sha256,
    },
}

/// What is to be said of a file that is cited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// It could not be opened when the case was made: its `sha256` is a name and no hash.
    pub has_no_bytes: bool,
    pub read: Extent,
    /// It is not where it was taken from, which whoever looks there must know.
    pub lost: Option<Lost>,
    /// What could not be read of it, and what else was remarked when it was.
    pub remarks: Vec<String>,
    /// Where else the same file lies in the leak.
    pub also_at: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    pub text: String,
    /// `machine, not reviewed`; who supplied it.
    pub state: String,
}
