//! A report as JSON, for programs. The fields are documented in `assets/EXPORT.md`, which a test
//! holds against what is written here. Texts are exact; what could act on a terminal is escaped.

use super::inert::one_line;
use super::locator::{Locator, escaped};
use super::report::{Entry, Footnote, Report, Source};
use super::seal::Seal;
use super::wording;
use crate::case::{Lost, NameList};
use crate::model::review::ReviewState;
use serde::Serialize;

/// Version of the schema. Fields may be added; none goes or changes its meaning without a new one.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Root<'a> {
    casebook_report: u32,
    title: &'a str,
    case: &'a str,
    date: &'a str,
    authors: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    redacted: Option<&'a str>,
    sections: Vec<Section<'a>>,
    footnotes: Vec<Note<'a>>,
    limits: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    seal: Option<Sealed<'a>>,
}

#[derive(Serialize)]
struct Sealed<'a> {
    said: String,
    #[serde(flatten)]
    seal: &'a Seal,
}

#[derive(Serialize)]
struct Section<'a> {
    title: &'a str,
    entries: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    thing: String,
    kind: &'a str,
    title: &'a str,
    authors: &'a [String],
    facts: Vec<Fact<'a>>,
    /// Markdown, with `[^1]` for footnotes.
    texts: Vec<String>,
    text_authors: &'a [String],
    claims: Vec<Claim>,
    evidence: Vec<Cited<'a>>,
    related: &'a [String],
    reviews: Vec<Review<'a>>,
}

#[derive(Serialize)]
struct Fact<'a> {
    label: &'a str,
    value: &'a str,
    footnotes: &'a [usize],
}

#[derive(Serialize)]
struct Claim {
    id: String,
    sentence: String,
    footnotes: Vec<usize>,
}

#[derive(Serialize)]
struct Cited<'a> {
    footnote: usize,
    stance: &'a str,
    grade: String,
}

#[derive(Serialize)]
struct Review<'a> {
    #[serde(flatten)]
    state: &'a ReviewState,
    outdated: bool,
}

#[derive(Serialize)]
struct Note<'a> {
    number: usize,
    anchor: &'a str,
    /// `holds`, `moved`, `changed`, `other basis`, `broken`, `absent`.
    state: &'a str,
    said: String,
    /// Of what moved: the place that it had when it was cited.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_from: Option<&'a str>,
    /// Whoever owns the account that wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    written_by: Option<&'a str>,
    /// Who deleted it, where it stands in spite of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion: Option<&'a str>,
    #[serde(flatten)]
    source: Origin<'a>,
    locator: &'a Locator,
}

/// A file that says what accounts or channels of a chat are called.
#[derive(Serialize)]
struct List<'a> {
    file: &'a str,
    sha256: String,
    of_accounts: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Origin<'a> {
    Passage {
        file: &'a str,
        /// Missing where the file could not be opened.
        #[serde(skip_serializing_if = "Option::is_none")]
        sha256: Option<String>,
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        also_at: &'a [String],
        /// `whole`, `in part`, `not`.
        read: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        original: Option<&'a str>,
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        remarks: &'a [String],
        containers: Vec<String>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        lists: Vec<List<'a>>,
        place: &'a str,
        variant: &'a str,
        quote: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        translation: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        translation_state: Option<&'a str>,
    },
    Count {
        number: &'a str,
        how: &'a [String],
        ids: String,
    },
}

/// The whole report, indented, with a line end.
///
/// # Errors
/// Serialising failed, which plain data does not.
pub fn write(report: &Report) -> serde_json::Result<String> {
    let root = Root {
        casebook_report: VERSION,
        title: &report.title,
        case: &report.case,
        date: &report.date,
        authors: &report.authors,
        redacted: report.redacted.as_deref(),
        sections: report
            .sections
            .iter()
            .map(|section| Section {
                title: section.title,
                entries: section.entries.iter().map(item).collect(),
            })
            .collect(),
        footnotes: report.footnotes.iter().map(note).collect(),
        limits: &report.limits,
        seal: report
            .seal
            .as_ref()
            .map(|seal| Sealed { said: one_line(&seal.words()).into_owned(), seal }),
    };
    let json = serde_json::to_string_pretty(&root)?;
    // Line ends are ours: inside of strings they are `\n` already.
    let lines: Vec<String> = json.lines().map(escaped).collect();
    Ok(lines.join("\n") + "\n")
}

fn item(entry: &Entry) -> Item<'_> {
    Item {
        id: &entry.id,
        thing: entry.thing.to_string(),
        kind: entry.kind.word(),
        title: &entry.title,
        authors: &entry.authors,
        facts: entry
            .facts
            .iter()
            .map(|fact| Fact { label: &fact.label, value: &fact.value, footnotes: &fact.cites })
            .collect(),
        texts: entry.texts.iter().map(|text| super::markdown::text(text)).collect(),
        text_authors: &entry.text_authors,
        claims: entry
            .claims()
            .into_iter()
            .map(|claim| Claim { id: claim.id, sentence: claim.text, footnotes: claim.cites })
            .collect(),
        evidence: entry
            .evidence
            .iter()
            .map(|cited| Cited {
                footnote: cited.footnote,
                stance: cited.stance_word(),
                grade: cited.grade_words(),
            })
            .collect(),
        related: &entry.related,
        reviews: entry
            .reviews
            .iter()
            .map(|state| Review { state, outdated: state.is_outdated() })
            .collect(),
    }
}

fn list(list: &NameList) -> List<'_> {
    let sha256 = list.sha256.to_string();
    List { file: &list.path, sha256, of_accounts: list.of_accounts }
}

fn note(footnote: &Footnote) -> Note<'_> {
    let source = match &footnote.source {
        Source::Passage { path, sha256, file, containers, place, variant, quote, translation } => {
            Origin::Passage {
                file: path,
                sha256: (!file.has_no_bytes).then(|| sha256.to_string()),
                also_at: &file.also_at,
                read: file.read.word(),
                original: file.lost.map(Lost::words),
                remarks: &file.remarks,
                containers: containers.iter().map(ToString::to_string).collect(),
                lists: file.lists.iter().map(list).collect(),
                place,
                variant: variant.name(),
                quote,
                translation: translation.as_ref().map(|t| t.text.as_str()),
                translation_state: translation.as_ref().map(|t| t.state.as_str()),
            }
        }
        Source::Count { said, how, ids } => {
            Origin::Count { number: said, how, ids: ids.to_string() }
        }
    };
    Note {
        number: footnote.number,
        anchor: &footnote.id,
        state: footnote.hold.word(),
        said: wording::stands(footnote),
        moved_from: footnote.moved_from.as_deref(),
        written_by: footnote.writer.as_deref(),
        deletion: footnote.kept.as_deref(),
        source,
        locator: &footnote.locator,
    }
}
