//! What comes back in a check sheet.

use super::standing::{Claims, Standing, claims};
use super::{COLUMNS, Key, SHOWN, digests, is_reviewed, key, older_key, told, words};
use crate::export::csv::delimiter;
use crate::export::inert::from_cell;
use crate::export::report::{Claim, Entry, Report};
use crate::model::review::{
    Basis, CHECKER, COMMENT, Review, is_person, without_key, without_numbers,
};
use std::collections::{HashMap, HashSet};

/// Where something stands in the sheet, and what it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Place {
    /// Row of the table as a spreadsheet counts them: the first is that of the names of columns.
    pub row: u64,
    /// Line of the file, from 1: a row may have many.
    pub line: u64,
    /// `N4/3` in this case; as the sheet has it where this case has no such sentence.
    pub claim: String,
    /// As the sheet has it where that is another one: it was made from another copy of the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_sheet: Option<String>,
}

impl Place {
    /// `N8/3 (N7/3 in the sheet)`
    pub fn words(&self) -> String {
        match &self.in_sheet {
            Some(theirs) => format!("{} ({theirs} in the sheet)", self.claim),
            None => self.claim.clone(),
        }
    }
}

/// A review that came back, and the entry that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    pub place: Place,
    /// `N4`
    pub entry: String,
    pub review: Review,
    /// The sheet shows all that was said of the sentence until now.
    pub is_current: bool,
}

impl Taken {
    /// Why it is not taken, where the same was taken `before` and whoever said it said something else
    /// since: a sheet that is taken again takes nobody's objection back. A sheet that shows what was
    /// said since may. `before` is what this key said of the note, in the order in which it did.
    pub fn taken_back(&self, before: &[Review]) -> Option<String> {
        let Review { sentence, role, by, .. } = &self.review;
        let of_it = |own: &&Review| (&own.sentence, &own.role, &own.by) == (sentence, role, by);
        let last = before.iter().rfind(of_it)?;
        let was_taken = before.contains(&self.review) && *last != self.review;
        (was_taken && !self.is_current).then(|| {
            let said = if last.verdict == COMMENT { &last.comment } else { &last.verdict };
            format!(
                "this was taken before, and {by} said “{said}” of it since; whoever wants to say it \
                 again fills in a new sheet, which shows that"
            )
        })
    }
}

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Refused {
    #[serde(flatten)]
    pub place: Place,
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
    /// Reviews that the case has already, or that stand in the sheet before.
    pub known: usize,
    /// Rows that nobody filled in.
    pub empty: usize,
    /// Rows that the sheet had when it was made and has no more, those that are cut off among them.
    pub missing: usize,
}

/// Why a file is no check sheet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSheet {
    #[error("it is a workbook: save the sheet as CSV UTF-8, and give that file")]
    Workbook,
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
    // xlsx and ods are zip files, xls is a compound file.
    if [&b"PK\x03\x04"[..], b"\xd0\xcf\x11\xe0"].iter().any(|magic| bytes.starts_with(magic)) {
        return Err(BadSheet::Workbook.into());
    }
    let text = decoded(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (hint, delimiter) = separator(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(&text.as_bytes()[hint..]);
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
    let mut lines = Lines { text, at: hint, line: 1 + u64::from(hint > 0), row: 1 };
    let (mut rows, mut seen) = (0, HashSet::new());
    for (nth, record) in (0..).zip(reader.records()) {
        each(nth)?;
        let record = record.map_err(table)?;
        let start = record.position().map_or(0, csv::Position::byte);
        let (row, line) = lines.of(usize::try_from(start).map_or(usize::MAX, |at| at + hint));
        let field = |name: &str| {
            let cell = columns.get(name).and_then(|at| record.get(*at)).unwrap_or_default();
            from_cell(cell).trim().to_owned()
        };
        let place = Place { row, line, claim: field("claim"), in_sheet: None };
        if record.len() < headers.len() {
            let (whole, left) = (headers.len(), record.len());
            let why = format!("the row is cut off: it has {left} of {whole} columns");
            read.refused.push(Refused { place, why });
            continue;
        }
        if let Some(row) = Key::read(&field("key")) {
            rows = rows.max(row.of);
            seen.insert(row.row);
        }
        take(&field, place, (&now, signer), (shown, &as_shown), &mut read);
    }
    once(&mut read);
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
    mut place: Place,
    (now, signer): (&Claims<'_>, &str),
    (shown, claims_shown): (&Report, &Claims<'_>),
    read: &mut Read,
) {
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
    let theirs = place.claim.clone();
    let found = now.find(&theirs, &field("thing"));
    if let Ok(standing) = &found
        && standing.claim.id != theirs
    {
        place.claim.clone_from(&standing.claim.id);
        place.in_sheet = Some(theirs.clone());
    }
    let mut refuse = |why: String| {
        read.refused.push(Refused { place: place.clone(), why });
    };
    let (standing, Standing { entry, claim: as_shown, reviews: shown_reviews, .. }) =
        match found.and_then(|own| Ok((own, claims_shown.find(&theirs, &field("thing"))?))) {
            Ok(both) => both,
            Err(why) => return refuse(why.to_owned()),
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
        let why = format!("the {columns} {names} {was} changed in the sheet");
        // Signs that an encoding has not become question marks.
        let is_lossy = otherwise.iter().all(|name| field(name).contains('?'));
        return refuse(match is_lossy {
            true => format!("{why}; where it has ? now, signs were lost: save it as CSV UTF-8"),
            false => why,
        });
    }
    let keys = [key, older_key].map(|of| of(shown, entry, as_shown));
    if !keys.contains(&own_key.claim) {
        return refuse(not_as_shown(&own_key, shown, as_shown, field));
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
    let is_current = words(&field("reviews")) == words(&told(shown_reviews));
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
        if own.authors.iter().any(|author| is_name_of(author, &by)) {
            let whom = if role == CHECKER { "second person" } else { "lawyer" };
            refuse(format!("{by} {}: the {whom} is somebody else than the author", did(own, &by)));
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
            // The journal notes what is named.
            references: Vec::new(),
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
        read.taken.push(Taken { place: place.clone(), entry: own.id.clone(), review, is_current });
    }
}

/// Sheets that were pasted together say things twice. What is the same counts once; of two that differ
/// nobody can tell which was meant.
fn once(read: &mut Read) {
    let who = |taken: &Taken| {
        let Review { sentence, role, by, .. } = &taken.review;
        (taken.entry.clone(), sentence.clone(), role.clone(), by.clone())
    };
    let mut said: HashMap<_, Vec<(u64, Review)>> = HashMap::new();
    for taken in &read.taken {
        let all = said.entry(who(taken)).or_default();
        all.push((taken.place.row, taken.review.clone()));
    }
    let mut first = HashSet::new();
    for taken in std::mem::take(&mut read.taken) {
        let all = &said[&who(&taken)];
        let other = all.iter().find(|(_, review)| *review != taken.review);
        if let Some((row, other)) = other {
            let Review { role, by, .. } = &taken.review;
            let why = format!(
                "{by} says something else of it as {role} in row {row} (“{}”): leave one of them",
                other.verdict
            );
            read.refused.push(Refused { place: taken.place, why });
        } else if first.insert(who(&taken)) {
            read.taken.push(taken);
        } else {
            read.known += 1;
        }
    }
}

/// Why the key of a row is not that of the sentence as it stands.
fn not_as_shown(key: &Key, shown: &Report, now: &Claim, field: &dyn Fn(&str) -> String) -> String {
    match (key.is_redacted, &shown.redacted) {
        (true, None) => {
            return "the sheet is redacted: read it back with the profile that it was made with \
                    (--redact PROFILE)"
                .to_owned();
        }
        (false, Some(_)) if !field("thing").is_empty() => {
            return "the sheet is not redacted: read it back without --redact".to_owned();
        }
        _ => {}
    }
    let why = match same(&now.text, &field("sentence")) {
        true => "what is cited for it was changed since".to_owned(),
        false => format!("the sentence was changed since: it is now “{}”", now.text),
    };
    match &shown.redacted {
        Some(_) => format!("{why}; or the sheet was redacted with another profile"),
        None if field("thing").is_empty() => format!(
            "{why}; an older version made the sheet, which names notes by number: in another copy of \
             the case that may be another note"
        ),
        None => why,
    }
}

/// Where several keys use a name, it stands there with one of them.
fn is_name_of(author: &str, typed: &str) -> bool {
    is_person(author, typed) || is_person(without_key(author), typed)
}

/// What an author of an entry did.
fn did(entry: &Entry, by: &str) -> &'static str {
    match entry.text_authors.iter().any(|author| is_name_of(author, by)) {
        true => "wrote it",
        false => "said how it stands, when it was or what it cites",
    }
}

/// As far as a spreadsheet leaves a text alone (white space is its own), in whatever copy of the case.
fn same(ours: &str, theirs: &str) -> bool {
    words(&without_numbers(ours)) == words(&without_numbers(theirs))
}

/// Counts rows and lines up to places that come in order. The reader of tables counts too, and is
/// late by one where lines end with a carriage return and a line feed: it begins a row between the two.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
    /// Empty ones count, as in a spreadsheet.
    row: u64,
}

impl Lines<'_> {
    /// The row and the line, from 1, of what begins at a byte, or behind the line ends that stand
    /// there.
    fn of(&mut self, byte: usize) -> (u64, u64) {
        let text = self.text.as_bytes();
        let byte = byte.min(text.len());
        let ends = text[byte..].iter().take_while(|sign| matches!(**sign, b'\r' | b'\n')).count();
        let end = byte + ends;
        let is_end = |at: &usize| match text[*at] {
            b'\n' => true,
            b'\r' => text.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let ended_before = text[byte..].starts_with(b"\n") && text[..byte].ends_with(b"\r");
        self.row += 1 + (byte..end).filter(is_end).count() as u64 - u64::from(ended_before);
        self.line += (self.at..end).filter(is_end).count() as u64;
        self.at = self.at.max(end);
        (self.row, self.line)
    }
}

/// Where the table begins, and what stands between its columns: some spreadsheets write `sep=;` in a
/// line before the names of columns.
fn separator(text: &str) -> (usize, u8) {
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    let said = from_cell(first.trim()).trim_matches('"').strip_prefix("sep=").map(str::as_bytes);
    match said {
        Some([sign]) => (first.len(), *sign),
        Some([]) if first.trim_end_matches(['\r', '\n']).ends_with('\t') => (first.len(), b'\t'),
        _ => (0, delimiter(text)),
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
