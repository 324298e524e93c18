//! What comes back in a check sheet.

use super::{COLUMNS, Key, SHOWN, digests, is_reviewed, key, words};
use crate::export::inert::from_cell;
use crate::export::report::{Claim, Entry, Report};
use crate::model::review::{Basis, CHECKER, COMMENT, Review, ReviewState, is_person, without_key};
use std::collections::{HashMap, HashSet};

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
    pub(super) fn is_cut(&self) -> bool {
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
/// Says the number of each row before it is read. `signer` is the key of whoever takes it in: what
/// another key said stands beside what this one says.
///
/// # Errors
/// The file is no check sheet; `each` said to stop. What is wrong with a row is in the answer.
pub fn read<E: From<BadSheet>>(
    bytes: &[u8],
    report: &Report,
    shown: &Report,
    signer: &str,
    mut each: impl FnMut(u64) -> Result<(), E>,
) -> Result<Read, E> {
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
    let table = |error: csv::Error| E::from(BadSheet::Table(error.to_string()));
    let headers = reader.headers().map_err(table)?.clone();
    let mut columns: HashMap<&str, usize> = HashMap::new();
    for name in COLUMNS {
        let at = headers.iter().position(|header| from_cell(header.trim()) == name);
        match at {
            Some(at) => columns.insert(name, at),
            None if ["claim", "sentence", "key", "checker", "checker_verdict"].contains(&name) => {
                return Err(BadSheet::Column(name).into());
            }
            None => None,
        };
    }
    let mut read = Read::default();
    let (now, as_shown) = (claims(report), claims(shown));
    let mut lines = Lines { text: &text, at: 0, line: 1 };
    let (mut rows, mut seen) = (0, HashSet::new());
    for (nth, record) in (0..).zip(reader.records()) {
        each(nth)?;
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
        if let Some(row) = Key::read(&field("key")) {
            rows = rows.max(row.of);
            seen.insert(row.row);
        }
        take(&field, line, (&now, signer), (shown, &as_shown), &mut read);
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
    (now, signer): (&Claims<'_>, &str),
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
    let (Some(Standing { entry, claim: as_shown, .. }), Some(standing)) =
        (claims_shown.get(&claim), now.get(&claim))
    else {
        return refuse("the case has no such sentence any more".to_owned());
    };
    let (own, now) = (standing.entry, &standing.claim);
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
            is_person(author, &by) || is_person(without_key(author), &by)
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
            claims: Some(standing.sentences),
        };
        // The same said again of what it is now is something new.
        let changed = basis.zip(own.basis).map(|(was, now)| was.changed(&now));
        let known = standing.reviews.iter().any(|known| {
            (&known.sentence, &known.role, &known.name, &known.verdict, &known.comment)
                == (&review.sentence, &review.role, &review.by, &review.verdict, &review.comment)
                && (known.changed == changed || changed.is_none())
                && (known.key == signer || known.key.is_empty())
        });
        if known {
            read.known += 1;
            continue;
        }
        read.taken.push(Taken { line, entry: own.id.clone(), claim: claim.clone(), review });
    }
}

/// How many sentences claim something, those that read alike once.
fn sentences(claims: &[(Claim, Vec<&ReviewState>)]) -> u32 {
    let texts: HashSet<&str> = claims.iter().map(|(claim, _)| claim.text.as_str()).collect();
    u32::try_from(texts.len()).unwrap_or(u32::MAX)
}

/// A claim as the case has it.
struct Standing<'a> {
    entry: &'a Entry,
    claim: Claim,
    /// What was said of it.
    reviews: Vec<&'a ReviewState>,
    /// How many sentences of the entry claim something.
    sentences: u32,
}

/// Claims by their id.
type Claims<'a> = HashMap<String, Standing<'a>>;

fn claims(report: &Report) -> Claims<'_> {
    let mut all = Claims::new();
    for entry in report.entries() {
        let claims = entry.reviewed();
        let sentences = sentences(&claims);
        all.extend(claims.into_iter().map(|(claim, reviews)| {
            (claim.id.clone(), Standing { entry, claim, reviews, sentences })
        }));
    }
    all
}

/// As far as a spreadsheet leaves a text alone: white space is its own.
fn same(ours: &str, theirs: &str) -> bool {
    words(ours) == words(theirs)
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
