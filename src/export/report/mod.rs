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
use crate::case::{Extent, Lost, NameList};
use crate::model::finding::{Grade, Stance};
use crate::model::review::{Basis, ReviewState};
use crate::model::{Hold, Sha256, VariantKind};
use crate::text::fold::{Class, class};

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
/// Characters of a sentence that can stand as a heading, and of the beginning of a longer one.
const HEADLINE: usize = 160;
const BEGINNING: usize = 60;

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
    /// It was there, and somebody deleted it.
    pub is_deleted: bool,
}

impl Unresolved {
    /// As the report lists it among what it cannot know.
    pub fn limit(&self) -> String {
        let why = if self.is_deleted { "was deleted" } else { "is not in this case" };
        format!("{} names {}, which {why}: nothing in this report shows it.", self.entry, self.name)
    }

    pub fn words(&self) -> String {
        let why = if self.is_deleted { "was deleted" } else { "the case has not" };
        format!("{} names [[{}]], which {why}", self.entry, self.name)
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
    /// All that it says is one sentence, which stands as its heading and not below it again.
    pub is_headline: bool,
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

    /// Whether its text is one sentence that can be its heading.
    pub fn is_one_sentence(&self) -> bool {
        let [text] = self.texts.as_slice() else { return false };
        let [Block::Paragraph(sentences)] = text.as_slice() else { return false };
        let [sentence] = sentences.as_slice() else { return false };
        let text = sentence.text();
        text == self.title
            && text.chars().count() <= HEADLINE
            && sentence.runs.iter().all(|run| run.mark != Mark::Break)
    }

    /// The sentence that is its heading.
    pub fn headline(&self) -> Option<&Sentence> {
        match self.texts.first().map(Vec::as_slice) {
            Some([Block::Paragraph(sentences)]) if self.is_headline => sentences.first(),
            _ => None,
        }
    }

    /// What stands below its heading.
    pub fn body(&self) -> &[Vec<Block>] {
        if self.headline().is_some() { &[] } else { &self.texts }
    }

    /// What stands above it, where that is no sentence of it: its title. Of a title that is all that
    /// it says the beginning, or what it is where there is no more than a beginning.
    pub fn heading(&self) -> String {
        let says: Vec<String> = self.sentences().iter().map(|sentence| sentence.text()).collect();
        let is_all = self.texts.iter().map(Vec::len).sum::<usize>() == 1
            && matches!(says.as_slice(), [one] if one.starts_with(self.title.trim_end_matches('…')));
        match (is_all, beginning(&self.title)) {
            (_, _) if self.title.is_empty() => self.kind.word().to_owned(),
            (true, Some(beginning)) => beginning,
            (true, None) => self.kind.word().to_owned(),
            (false, _) => self.title.clone(),
        }
    }

    /// Evidence by what it does for the entry, as it is printed; last what its authors disagree on.
    pub fn evidence_by_stance(&self) -> Vec<(Option<Stance>, Vec<&Evidence>)> {
        let all = STANCES.into_iter().map(Some).chain([None]);
        let of = |stance: Option<Stance>| -> Vec<&Evidence> {
            self.evidence.iter().filter(|own| own.agreed() == stance).collect()
        };
        let all = all.map(|stance| (stance, of(stance)));
        all.filter(|(_, own)| !own.is_empty()).collect()
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

/// The first words of a text, and that it goes on; `None` of a short one.
fn beginning(text: &str) -> Option<String> {
    let (at, _) = text.char_indices().nth(BEGINNING)?;
    let (head, rest) = text.split_at(at);
    let is_letter = |c: char| class(c) == Class::Word;
    let is_within = head.ends_with(is_letter) && rest.starts_with(is_letter);
    // A word of one letter after the other is cut where it stands.
    let border = head.rfind(|c| !is_letter(c)).filter(|at| is_within && *at > 0);
    let head = border.map_or(head, |at| &head[..at]);
    Some(format!("{}…", head.trim_end_matches(|c: char| !c.is_alphanumeric())))
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
    /// Two people said at the same time that it does different things, and nobody settled it.
    pub is_disputed: bool,
}

/// The stances in the order in which they are printed.
pub const STANCES: [Stance; 3] = [Stance::Supports, Stance::Contradicts, Stance::Context];

impl Evidence {
    /// What it does for the entry, if its authors agree on that.
    pub fn agreed(&self) -> Option<Stance> {
        (!self.is_disputed).then_some(self.stance)
    }

    /// The same in a word.
    pub fn stance_word(&self) -> &'static str {
        self.agreed().map_or("disagreed", Stance::word)
    }

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
    /// Of what stands elsewhere than when it was cited: the place that it had then.
    pub moved_from: Option<String>,
    /// Of a message: the name of whoever owns the account that wrote it, where the case knows that.
    pub writer: Option<String>,
    /// Somebody deleted it and it stands: by whom, and why it does.
    pub kept: Option<String>,
    pub locator: Locator,
}

impl Footnote {
    /// It does not prove what it is cited for as the report says it; what moved was found.
    pub fn fails(&self) -> bool {
        self.hold != Hold::Holds && self.moved_from.is_none()
    }
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
    /// Of a part of a chat: the other files that say what its accounts and channels are called.
    pub lists: Vec<NameList>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    pub text: String,
    /// `machine, not reviewed`; who supplied it.
    pub state: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_begin_what_is_too_long_for_one() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(beginning(text).as_deref(), expected, "{text:?}");
        };
        check("He paid.", None);
        check(&"付".repeat(60), None);
        check(&"付".repeat(61), Some(&("付".repeat(60) + "…")));
        let long = "The ledger says that the office of the mayor paid three hundred thousand";
        check(long, Some("The ledger says that the office of the mayor paid three…"));
        check(&"a".repeat(70), Some(&("a".repeat(60) + "…")));
    }
}
