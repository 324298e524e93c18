//! The check sheet: a table with one row for each sentence that claims something, for a second
//! person and a lawyer to fill in; and what comes back in it.
//!
//! A row is taken only when its sentence and all its quotes still stand as they were checked: the
//! column `key` begins with a hash over them. Behind it stand digests of the other cells as they were
//! shown to whoever checks, so that nobody signs for a quote that was changed in the sheet, and which
//! row of how many it is, so that a sheet that lost some is noticed. A redacted sheet has keys of the redacted texts (a hash of
//! what was masked would give short names away), so it is read back with the same profile. The column
//! `basis` says what else of the note was shown (its whole text, status, citations): it goes into
//! the journal with the review, which counts as long as the note is still that.

use super::inert::{cell, from_cell};
use super::report::{Claim, Entry, Kind, Report, Source};
use super::wording;
use crate::model::Sha256;
use crate::model::review::{Basis, CHECKER, COMMENT, Review, ReviewState, same_name};
use std::collections::{BTreeSet, HashMap};

/// The columns, as documented in `assets/EXPORT.md`. Those to be filled in come last but two.
pub const COLUMNS: [&str; 24] = [
    "claim",
    "kind",
    "title",
    "sentence",
    "author",
    "status",
    "confidence",
    "likelihood",
    "date",
    "stance",
    "grade",
    "quotes",
    "translations",
    "sources",
    "state",
    "reviews",
    "checker",
    "checker_verdict",
    "checker_comment",
    "lawyer",
    "lawyer_verdict",
    "lawyer_comment",
    "key",
    "basis",
];

/// Cells that say what there is to check. Not the date, which spreadsheets write in their own way
/// and which `basis` covers, and not the sentence, which is compared with the one that stands.
const SHOWN: [&str; 14] = [
    "kind",
    "title",
    "author",
    "status",
    "confidence",
    "likelihood",
    "stance",
    "grade",
    "quotes",
    "translations",
    "sources",
    "state",
    "reviews",
    "basis",
];

/// Hexadecimal digits of a digest of a cell: enough to notice a change, nobody is kept out by it.
const DIGITS: usize = 8;

/// The sheet of a report.
///
/// # Errors
/// A record cannot be written, which in memory always can.
pub fn write(report: &Report) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::Writer::from_writer(super::csv::BOM.to_vec());
    out.write_record(COLUMNS)?;
    let claims: Vec<(&Entry, Claim)> = report
        .entries()
        .filter(|entry| is_reviewed(entry))
        .flat_map(|entry| entry.claims().into_iter().map(move |claim| (entry, claim)))
        .collect();
    for (number, (entry, claim)) in claims.iter().enumerate() {
        let mut row = row(report, entry, claim);
        let shown = |name: &str| {
            let at = COLUMNS.iter().position(|column| *column == name);
            at.map(|at| row[at].clone()).unwrap_or_default()
        };
        let key = Key {
            claim: key(report, entry, claim),
            shown: digests(&shown),
            row: number + 1,
            of: claims.len(),
        };
        row[KEY] = key.to_string();
        out.write_record(row.iter().map(|text| cell(text).into_owned()))?;
    }
    out.into_inner().map_err(|error| error.into_error().into())
}

/// What is said of entities is reviewed with the notes that say it; dates are nobody's claims.
fn is_reviewed(entry: &Entry) -> bool {
    !matches!(entry.kind, Kind::Entity | Kind::Evidence)
}

fn row(report: &Report, entry: &Entry, claim: &Claim) -> Vec<String> {
    let (mut stances, mut grades) = (Vec::new(), Vec::new());
    let (mut quotes, mut translations) = (Vec::new(), Vec::new());
    let (mut sources, mut states) = (Vec::new(), Vec::new());
    for number in &claim.cites {
        let Some(footnote) = report.footnote(*number) else { continue };
        // The same sign before what belongs together in each column.
        let listed = |text: &str| format!("[{number}] {text}");
        if let Some(said) = entry.said_of(*number) {
            stances.push(listed(said.stance.word()));
            if !said.grade.to_string().is_empty() {
                grades.push(listed(&wording::graded(said.grade)));
            }
        }
        match &footnote.source {
            Source::Passage { path, sha256, place, quote, translation, .. } => {
                quotes.push(listed(quote));
                if let Some(translation) = translation {
                    translations
                        .push(listed(&format!("{} ({})", translation.text, translation.state)));
                }
                sources.push(listed(&format!("{path}, {place}, SHA-256 {sha256}")));
            }
            Source::Count { said, .. } => quotes.push(listed(said)),
        }
        states.push(listed(&wording::held(&footnote.hold)));
    }
    let fact = |label: &str| entry.fact(label).to_owned();
    let reviews = entry.reviews_of(claim).into_iter().map(ReviewState::said).collect();
    let joined = |texts: Vec<String>| texts.join("\n");
    let mut row = vec![
        claim.id.clone(),
        entry.kind.word().to_owned(),
        entry.title.clone(),
        claim.text.clone(),
        entry.authors.join(", "),
        fact("status"),
        fact("confidence"),
        fact("likelihood"),
        fact("date"),
        joined(stances),
        joined(grades),
        joined(quotes),
        joined(translations),
        joined(sources),
        joined(states),
        joined(reviews),
    ];
    row.resize(COLUMNS.len() - 2, String::new());
    row.push(String::new());
    row.push(entry.basis.map(|basis| basis.to_string()).unwrap_or_default());
    row
}

/// Where the key stands among the columns; it is made last, of the others.
const KEY: usize = COLUMNS.len() - 2;

/// What the column `key` says.
#[derive(Debug, PartialEq, Eq)]
struct Key {
    /// Of the sentence with all that is cited for it.
    claim: String,
    /// Of the cells of [`SHOWN`].
    shown: Vec<String>,
    /// From 1.
    row: usize,
    /// Rows of the whole sheet.
    of: usize,
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}/{}", self.claim, self.shown.concat(), self.row, self.of)
    }
}

impl Key {
    /// `None` where it was changed, or is of an older version.
    fn read(text: &str) -> Option<Key> {
        let mut words = text.split_whitespace();
        let (claim, shown, place) = (words.next()?, words.next()?, words.next()?);
        let (row, of) = place.split_once('/')?;
        let is_whole = shown.len() == SHOWN.len() * DIGITS && shown.is_ascii();
        let cut = |at: usize| shown[at * DIGITS..(at + 1) * DIGITS].to_owned();
        let (row, of) = (row.parse().ok()?, of.parse().ok()?);
        is_whole.then(|| Key {
            claim: claim.to_owned(),
            shown: (0..SHOWN.len()).map(cut).collect(),
            row,
            of,
        })
    }
}

/// Digests of cells as a spreadsheet leaves them alone: white space is its own.
fn digests(field: &dyn Fn(&str) -> String) -> Vec<String> {
    let digest = |name: &&str| {
        let digest = Sha256::of(words(&field(name)).join(" ").as_bytes());
        digest.to_string()[..DIGITS].to_owned()
    };
    SHOWN.iter().map(digest).collect()
}

/// Names a sentence with all that is cited for it.
fn key(report: &Report, entry: &Entry, claim: &Claim) -> String {
    let mut said = format!("{}\n{}", entry.thing, claim.text);
    for number in &claim.cites {
        let Some(footnote) = report.footnote(*number) else { continue };
        let (source, quote) = match &footnote.source {
            Source::Passage { sha256, quote, .. } => (*sha256, quote.as_str()),
            Source::Count { ids, said, .. } => (*ids, said.as_str()),
        };
        let stance = entry.said_of(*number).map(|said| said.stance.word()).unwrap_or_default();
        said.push_str(&format!("\n{stance} {source} {quote}"));
    }
    Sha256::of(said.as_bytes()).to_string()[..32].to_owned()
}

/// A review that came back, and the entry that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// Line of the file, from 1.
    pub line: u64,
    /// `N4`
    pub entry: String,
    /// `N4/3`
    pub claim: String,
    pub review: Review,
}

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Refused {
    /// Line of the file, from 1.
    pub line: u64,
    pub claim: String,
    pub why: String,
}

impl Refused {
    /// There is not enough left of it to say which row it was.
    fn is_cut(&self) -> bool {
        self.why.starts_with("the row is cut off")
    }
}

/// What a sheet brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    pub taken: Vec<Taken>,
    pub refused: Vec<Refused>,
    /// Reviews that the case has already.
    pub known: usize,
    /// Rows that nobody filled in.
    pub empty: usize,
    /// Rows that the sheet had when it was made and has no more, those that are cut off among them.
    pub missing: usize,
}

/// Why a file is no check sheet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSheet {
    #[error("it is no table: {0}")]
    Table(String),
    #[error("it has no column {0:?}: it is no check sheet of Casebook")]
    Column(&'static str),
}

/// Reads a sheet that was filled in. `report` is that of the case as it stands now, `shown` the
/// same as the sheet shows it: redacted when the sheet is.
///
/// # Errors
/// The file is no check sheet. What is wrong with a row is in the answer.
pub fn read(bytes: &[u8], report: &Report, shown: &Report) -> Result<Read, BadSheet> {
    let text = decoded(bytes);
    let first = text.lines().next().unwrap_or_default();
    // Spreadsheets write what their language separates columns with.
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|sign| first.bytes().filter(|byte| byte == sign).count());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b','))
        .flexible(true)
        .from_reader(text.as_bytes());
    let table = |error: csv::Error| BadSheet::Table(error.to_string());
    let headers = reader.headers().map_err(table)?.clone();
    let mut columns: HashMap<&str, usize> = HashMap::new();
    for name in COLUMNS {
        let at = headers.iter().position(|header| from_cell(header.trim()) == name);
        match at {
            Some(at) => columns.insert(name, at),
            None if ["claim", "sentence", "key", "checker", "checker_verdict"].contains(&name) => {
                return Err(BadSheet::Column(name));
            }
            None => None,
        };
    }
    let mut read = Read::default();
    let (now, as_shown) = (claims(report), claims(shown));
    let mut lines = Lines { text: &text, at: 0, line: 1 };
    let (mut rows, mut seen) = (0, BTreeSet::new());
    for record in reader.records() {
        let record = record.map_err(table)?;
        let start = record.position().map_or(0, csv::Position::byte);
        let line = lines.of(usize::try_from(start).unwrap_or(usize::MAX));
        let field = |name: &str| {
            let cell = columns.get(name).and_then(|at| record.get(*at)).unwrap_or_default();
            from_cell(cell).trim().to_owned()
        };
        if record.len() < headers.len() {
            let (whole, left) = (headers.len(), record.len());
            let why = format!("the row is cut off: it has {left} of {whole} columns");
            read.refused.push(Refused { line, claim: field("claim"), why });
            continue;
        }
        if let Some(key) = Key::read(&field("key")) {
            rows = rows.max(key.of);
            seen.insert(key.row);
        }
        take(&field, line, &now, (shown, &as_shown), &mut read);
    }
    read.missing = rows.saturating_sub(seen.len());
    if seen.is_empty() && read.empty == 0 && read.refused.iter().all(Refused::is_cut) {
        // Nothing tells how many there were: as many as there would be now.
        let notes = shown.entries().filter(|entry| is_reviewed(entry));
        read.missing = notes.map(|entry| entry.claims().len()).sum();
    }
    Ok(read)
}

fn take(
    field: &dyn Fn(&str) -> String,
    line: u64,
    now: &Claims<'_>,
    (shown, claims_shown): (&Report, &Claims<'_>),
    read: &mut Read,
) {
    let claim = field("claim");
    let reviews: Vec<(&str, String, String, String)> = [CHECKER, "lawyer"]
        .into_iter()
        .map(|role| {
            let column = |what: &str| field(&format!("{role}_{what}"));
            (role, field(role), column("verdict"), column("comment"))
        })
        .filter(|(_, by, verdict, comment)| {
            [by, verdict, comment].into_iter().any(|cell| !cell.is_empty())
        })
        .collect();
    if reviews.is_empty() {
        read.empty += 1;
        return;
    }
    let mut refuse = |why: String| {
        read.refused.push(Refused { line, claim: claim.clone(), why });
    };
    let (Some((entry, as_shown)), Some((own, now))) = (claims_shown.get(&claim), now.get(&claim))
    else {
        return refuse("the case has no such sentence any more".to_owned());
    };
    let Some(own_key) = Key::read(&field("key")) else {
        return refuse(
            "the column key was changed in the sheet, or an older version wrote it: make it anew"
                .to_owned(),
        );
    };
    let otherwise: Vec<&str> = SHOWN
        .into_iter()
        .zip(digests(field).iter().zip(&own_key.shown))
        .filter(|(_, (is, was))| is != was)
        .map(|(name, _)| name)
        .collect();
    if !otherwise.is_empty() {
        let columns = if otherwise.len() == 1 { "column" } else { "columns" };
        let (names, was) =
            (otherwise.join(", "), if otherwise.len() == 1 { "was" } else { "were" });
        return refuse(format!("the {columns} {names} {was} changed in the sheet"));
    }
    if key(shown, entry, as_shown) != own_key.claim {
        return refuse(match same(&as_shown.text, &field("sentence")) {
            true => "what is cited for it was changed since".to_owned(),
            false => format!("the sentence was changed since: it is now “{}”", as_shown.text),
        });
    }
    if !same(&as_shown.text, &field("sentence")) {
        return refuse("the sentence was changed in the sheet".to_owned());
    }
    let basis = match field("basis").as_str() {
        "" => None,
        text => match text.parse::<Basis>() {
            Ok(basis) => Some(basis),
            Err(_) => return refuse("the column basis was changed in the sheet".to_owned()),
        },
    };
    for (role, by, verdict, comment) in reviews {
        if by.is_empty() {
            refuse(format!("nobody is named in the column {role}"));
            continue;
        }
        // Whoever filled in a name alone may believe that it says something.
        if verdict.is_empty() && comment.is_empty() {
            refuse(format!("it names {by} as {role} and has no verdict: fill in {role}_verdict"));
            continue;
        }
        if own.authors.iter().any(|author| {
            // Where several keys use a name, it stands there with one of them.
            let name = author.rsplit_once(" (").map_or(author.as_str(), |(name, _)| name);
            same_name(author, &by) || same_name(name, &by)
        }) {
            let whom = if role == CHECKER { "second person" } else { "lawyer" };
            refuse(format!("{by} wrote it: the {whom} is somebody else than the author"));
            continue;
        }
        let review = Review {
            sentence: now.text.clone(),
            role: role.to_owned(),
            by,
            verdict: if verdict.is_empty() { COMMENT.to_owned() } else { verdict },
            comment,
            basis,
            claims: Some(sentences_of(own)),
        };
        // The same said again of what it is now is something new.
        let changed = basis.zip(own.basis).map(|(was, now)| was.changed(&now));
        let known = own.reviews.iter().any(|known| {
            (&known.sentence, &known.role, &known.by, &known.verdict, &known.comment)
                == (&review.sentence, &review.role, &review.by, &review.verdict, &review.comment)
                && (known.changed == changed || changed.is_none())
        });
        if known {
            read.known += 1;
            continue;
        }
        read.taken.push(Taken { line, entry: own.id.clone(), claim: claim.clone(), review });
    }
}

/// How many sentences claim something, those that read alike once.
fn sentences_of(entry: &Entry) -> u32 {
    let texts: BTreeSet<String> = entry.claims().into_iter().map(|claim| claim.text).collect();
    u32::try_from(texts.len()).unwrap_or(u32::MAX)
}

/// Claims by their id.
type Claims<'a> = HashMap<String, (&'a Entry, Claim)>;

fn claims(report: &Report) -> Claims<'_> {
    let mut all = Claims::new();
    for entry in report.entries() {
        all.extend(entry.claims().into_iter().map(|claim| (claim.id.clone(), (entry, claim))));
    }
    all
}

/// As far as a spreadsheet leaves a text alone: white space is its own.
fn same(ours: &str, theirs: &str) -> bool {
    words(ours) == words(theirs)
}

fn words(text: &str) -> Vec<String> {
    let shown = super::inert::visible(text).into_owned();
    shown.split_whitespace().map(str::to_owned).collect()
}

/// Counts lines up to places that come in order. The reader of tables counts too, and is late by
/// one where lines end with a carriage return and a line feed: it begins a row between the two.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line, from 1, of the row that begins at a byte, or behind the line ends that stand there.
    fn of(&mut self, byte: usize) -> u64 {
        let text = self.text.as_bytes();
        let byte = byte.min(text.len());
        let ends = text[byte..].iter().take_while(|sign| matches!(**sign, b'\r' | b'\n')).count();
        let end = byte + ends;
        let is_end = |at: &usize| match text[*at] {
            b'\n' => true,
            b'\r' => text.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        self.line += (self.at..end).filter(is_end).count() as u64;
        self.at = self.at.max(end);
        self.line
    }
}

/// UTF-8 where it is that, else what Chinese spreadsheets write.
fn decoded(bytes: &[u8]) -> String {
    let (encoding, bom) = encoding_rs::Encoding::for_bom(bytes).unwrap_or((encoding_rs::UTF_8, 0));
    let (text, broken) = encoding.decode_without_bom_handling(&bytes[bom..]);
    match broken {
        false => text.into_owned(),
        true => encoding_rs::GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::testing;

    /// The sheet with some cells filled in: (claim, column, value).
    fn filled(report: &Report, cells: &[(&str, &str, &str)]) -> Vec<u8> {
        let bytes = write(report).unwrap();
        let mut reader = csv::Reader::from_reader(&bytes[super::super::csv::BOM.len()..]);
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(COLUMNS).unwrap();
        for record in reader.records() {
            let mut row: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
            for (claim, column, value) in cells {
                if row[0] == *claim {
                    let at = COLUMNS.iter().position(|name| name == column).unwrap();
                    row[at] = (*value).to_owned();
                }
            }
            out.write_record(row).unwrap();
        }
        out.into_inner().unwrap()
    }

    const AGREED: [(&str, &str, &str); 2] =
        [("N2/1", "checker", "tao"), ("N2/1", "checker_verdict", "agreed")];

    fn why(bytes: &[u8], report: &Report) -> Vec<String> {
        let read = read(bytes, report, report).unwrap();
        assert_eq!(read.taken, []);
        read.refused
            .into_iter()
            .map(|refused| format!("{} {}", refused.claim, refused.why))
            .collect()
    }

    #[test]
    fn a_sheet_reads() {
        let bytes = write(&testing::report()).unwrap();
        insta::assert_snapshot!(String::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}'));
    }

    #[test]
    fn what_is_filled_in_comes_back() {
        let report = testing::report();
        let mut cells = AGREED.to_vec();
        cells.push(("N2/1", "lawyer", "zhou"));
        cells.push(("N2/1", "lawyer_comment", "=keep, but do not name him"));
        let sheet = filled(&report, &cells);
        let back = read(&sheet, &report, &report).unwrap();
        assert_eq!(back.refused, []);
        let said: Vec<_> = back
            .taken
            .iter()
            .map(|taken| {
                let review = &taken.review;
                format!(
                    "{} {} {} {} {}",
                    taken.entry, review.role, review.by, review.verdict, review.comment
                )
            })
            .collect();
        assert_eq!(
            said,
            ["N2 checker tao agreed ", "N2 lawyer zhou comment =keep, but do not name him"]
        );
        assert_eq!(back.taken[0].review.sentence, "川江收到三十万，写成“技术咨询”。");
        // Spreadsheets of other languages.
        let text = String::from_utf8(sheet).unwrap();
        let (gbk, ..) = encoding_rs::GB18030.encode(&text);
        assert_eq!(read(&gbk, &report, &report).unwrap().taken, back.taken);
    }

    #[test]
    fn a_review_is_taken_once() {
        let mut report = testing::report();
        let sheet = filled(&report, &AGREED);
        let first = read(&sheet, &report, &report).unwrap().taken.remove(0).review;
        let entry = &mut report.sections[1].entries[0];
        let taken = crate::model::review::Reviewed {
            review: first,
            taken_in_by: "tao".to_owned(),
            key: "7a".to_owned(),
            wall: 0,
        };
        let lin = [crate::model::review::Signer::new("lin", "11")];
        entry.reviews.push(taken.state(&entry.basis.unwrap(), &lin));
        let again = read(&sheet, &report, &report).unwrap();
        assert_eq!((again.taken.len(), again.known), (0, 1));
        // Its standing changes, and she checks it again as it now stands.
        let entry = &mut report.sections[1].entries[0];
        let now = Basis { standing: Sha256([9; 32]), ..entry.basis.unwrap() };
        let before = entry.reviews.len() - 1;
        entry.reviews[before] = taken.state(&now, &lin);
        entry.basis = Some(now);
        let again = read(&sheet, &report, &report).unwrap();
        assert_eq!((again.taken.len(), again.known), (0, 1), "the old sheet says nothing new");
        let again = read(&filled(&report, &AGREED), &report, &report).unwrap();
        assert_eq!((again.taken.len(), again.known), (1, 0));
    }

    #[test]
    fn what_changed_since_is_not_taken_in_silence() {
        let report = testing::report();
        let sheet = filled(&report, &AGREED);
        let mut other = report.clone();
        let Source::Passage { quote, .. } = &mut other.footnotes[0].source else { panic!() };
        quote.push('!');
        assert_eq!(why(&sheet, &other), ["N2/1 what is cited for it was changed since"]);
        let mut other = report.clone();
        let crate::export::report::Block::Paragraph(sentences) =
            &mut other.sections[1].entries[0].texts[0][0]
        else {
            panic!()
        };
        sentences[0].runs[0].text = "霁石收到".to_owned();
        assert_eq!(
            why(&sheet, &other),
            ["N2/1 the sentence was changed since: it is now “霁石收到三十万，写成“技术咨询”。”"]
        );
        other.sections.remove(1);
        assert_eq!(why(&sheet, &other), ["N2/1 the case has no such sentence any more"]);
        let mut cells = AGREED.to_vec();
        cells.push(("N2/1", "sentence", "川江没有收到三十万。"));
        assert_eq!(
            why(&filled(&report, &cells), &report),
            ["N2/1 the sentence was changed in the sheet"]
        );
    }

    #[test]
    fn the_second_person_is_somebody_else() {
        let report = testing::report();
        let mut cells = AGREED.to_vec();
        cells[0].2 = " ＬＩＮ ";
        assert_eq!(
            why(&filled(&report, &cells), &report),
            ["N2/1 ＬＩＮ wrote it: the second person is somebody else than the author"]
        );
        cells[0].2 = "";
        assert_eq!(
            why(&filled(&report, &cells), &report),
            ["N2/1 nobody is named in the column checker"]
        );
        let lawyer = [("N2/1", "lawyer", "lin"), ("N2/1", "lawyer_verdict", "fine")];
        assert_eq!(
            why(&filled(&report, &lawyer), &report),
            ["N2/1 lin wrote it: the lawyer is somebody else than the author"]
        );
    }

    #[test]
    fn a_name_without_a_verdict_is_said() {
        let report = testing::report();
        let without = "and has no verdict: fill in";
        assert_eq!(
            why(&filled(&report, &AGREED[..1]), &report),
            [format!("N2/1 it names tao as checker {without} checker_verdict")]
        );
        let mut cells = AGREED.to_vec();
        cells.push(("N2/1", "lawyer", "zhou"));
        let back = read(&filled(&report, &cells), &report, &report).unwrap();
        assert_eq!((back.taken.len(), back.refused.len()), (1, 1));
        assert!(back.refused[0].why.contains(without), "{:?}", back.refused);
    }

    #[test]
    fn a_review_says_what_was_checked() {
        let report = testing::report();
        let basis = |cells: &[(&str, &str, &str)]| {
            let back = read(&filled(&report, cells), &report, &report).unwrap();
            back.taken.first().map(|taken| taken.review.basis).ok_or(back.refused)
        };
        assert_eq!(basis(&AGREED), Ok(report.sections[1].entries[0].basis));
        let mut cells = AGREED.to_vec();
        cells.push(("N2/1", "basis", "of the first version"));
        assert_eq!(basis(&cells).unwrap_err()[0].why, "the column basis was changed in the sheet");
    }

    #[test]
    fn what_was_shown_to_the_checker_is_what_the_case_shows() {
        let report = testing::report();
        for column in SHOWN {
            let mut cells = AGREED.to_vec();
            cells.push(("N2/1", column, "something else"));
            assert_eq!(
                why(&filled(&report, &cells), &report),
                [format!("N2/1 the column {column} was changed in the sheet")]
            );
        }
        let mut cells = AGREED.to_vec();
        cells.extend([("N2/1", "grade", ""), ("N2/1", "state", "holds")]);
        let said = why(&filled(&report, &cells), &report);
        assert_eq!(said, ["N2/1 the columns grade, state were changed in the sheet"]);
        cells.truncate(2);
        cells.push(("N2/1", "key", "0123456789abcdef0123456789abcdef"));
        let said = why(&filled(&report, &cells), &report);
        assert!(said[0].starts_with("N2/1 the column key was changed"), "{said:?}");
    }

    #[test]
    fn a_sheet_that_lost_rows_says_how_many() {
        let report = testing::report();
        let whole = String::from_utf8(filled(&report, &AGREED)).unwrap();
        let rows = read(whole.as_bytes(), &report, &report).unwrap();
        assert_eq!((rows.taken.len(), rows.missing), (1, 0));
        let all = rows.empty + 1;
        let check = |text: &str, missing: usize, cut: usize| {
            let read = read(text.as_bytes(), &report, &report).unwrap();
            let found = read.refused.iter().filter(|refused| refused.is_cut()).count();
            assert_eq!((read.missing, found), (missing, cut), "{text}");
        };
        // Inside of the quotes of the last row but one, which is not whole then.
        let quote = whole.rfind("\"[").unwrap();
        check(&whole[..quote + 2], 2, 1);
        let first = whole.find("\nN").unwrap() + 1;
        check(&whole[..first], all, 0);
        let mut reader = csv::Reader::from_reader(whole.as_bytes());
        let second = reader.records().nth(1).unwrap().unwrap();
        let at = usize::try_from(second.position().unwrap().byte()).unwrap();
        check(&whole[..at], all - 1, 0);
        check(&format!("{}{}", &whole[..first], &whole[at..]), 1, 0);
    }

    #[test]
    fn rows_are_named_by_the_line_where_they_begin() {
        let report = testing::report();
        let mut cells = AGREED.to_vec();
        cells[0].2 = "";
        let text = String::from_utf8(filled(&report, &cells)).unwrap();
        let line = |text: &str| read(text.as_bytes(), &report, &report).unwrap().refused[0].line;
        let at = text.find("N2/1").unwrap();
        let expected = 1 + text[..at].matches('\n').count() as u64;
        assert_eq!(line(&text), expected);
        let windows = text.replace('\n', "\r\n");
        assert_eq!(line(&windows), expected);
        assert_eq!(line(&windows.replacen("\r\n", "\r\n\r\n", 1)), expected + 1);
    }

    #[test]
    fn what_is_no_sheet_is_refused() {
        let report = testing::report();
        let none = read(b"a,b\n1,2\n", &report, &report);
        assert_eq!(none, Err(BadSheet::Column("claim")));
        assert_eq!(read(b"", &report, &report), Err(BadSheet::Column("claim")));
    }
}
