//! A bundle: operations as readable JSON lines, for another copy of the case.
//!
//! ```text
//! {"casebook_bundle":1,"case":"qinghe","author":"lin",...}      the header: claims, and what to expect
//! {"id":"...","signature":"...","body":{...}}                   one line for each operation, oldest first
//! {"end":1,"sha256":"...","signature":"..."}                    the trailer, over all lines before it
//! ```
//!
//! The body of an operation stands there exactly as it was signed. The trailer is signed by whoever
//! made the bundle, so that nobody on the way can take operations out of it.

use super::author::Author;
use super::operation::{BadOperation, Body, OperationId, hex, unhex};
use crate::model::Sha256;
use crate::store::{Store, StoreError, StoredOperation};
use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::Digest;
use std::collections::HashSet;
use std::io::{self, BufRead, Read, Write};

/// Version of the format.
pub const FORMAT: u32 = 1;

/// Bytes of one line. A bulk act carries up to a quarter of a million names of evidence.
const LONGEST_LINE: u64 = 64 << 20;

/// Bytes of a bundle. It is held in memory until all of it was checked.
const LARGEST: u64 = 1 << 30;

/// What is said of a bundle before its operations. The names in it are claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    #[serde(rename = "casebook_bundle")]
    pub format: u32,
    /// Name of the case that it comes from.
    pub case: String,
    /// Who made it, and by which public key.
    pub author: String,
    pub key: String,
    /// When, as RFC 3339, UTC.
    pub made: String,
    pub operations: u64,
    /// The operations that nothing follows.
    pub heads: Vec<OperationId>,
    /// From where on, as it was asked for; `None` for everything.
    pub since: Option<String>,
    /// What its operations follow and it does not hold.
    pub needs: Vec<OperationId>,
}

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    id: OperationId,
    signature: String,
    #[serde(borrow)]
    body: &'a RawValue,
}

#[derive(Serialize, Deserialize)]
struct Trailer {
    /// Number of operations.
    end: u64,
    /// Of all bytes before this line.
    sha256: Sha256,
    /// Of that hash, with the key of the header.
    signature: String,
}

/// Why something is no bundle that can be taken in, and where.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("it is not a bundle of operations")]
    NotABundle,
    #[error("it is a bundle of format {0}, which this program does not know")]
    Newer(u32),
    #[error("line {line}: {problem}")]
    Line { line: u64, problem: Problem },
    #[error("line {0}: it ends here, before its last line: a part of it is missing")]
    Cut(u64),
    #[error("it builds on {} that this case has not{}", lacking(.missing), cut_words(.since))]
    Gap { missing: Vec<OperationId>, since: Option<String> },
    #[error("it is larger than {} MB, the most that is taken in at once", LARGEST >> 20)]
    TooLarge,
}

/// `1 operation (a008dac8…)`
fn lacking(missing: &[OperationId]) -> String {
    let first = missing.first().map(ToString::to_string).unwrap_or_default();
    let operations = if missing.len() == 1 { "operation" } else { "operations" };
    let more = if missing.len() > 1 { " and others" } else { "" };
    format!("{} {operations} ({}…{more})", missing.len(), first.get(..8).unwrap_or_default())
}

fn cut_words(since: &Option<String>) -> String {
    since.as_ref().map_or_else(String::new, |since| format!(": it was cut off before {since}"))
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error("it is not what stands in a bundle: {0}")]
    Malformed(String),
    #[error(transparent)]
    Operation(BadOperation),
    #[error("it is longer than {} MB", LONGEST_LINE >> 20)]
    TooLong,
    #[error("the operation stands there twice")]
    Twice,
    #[error("{0}")]
    Limit(&'static str),
    #[error("something in it is not known to this program: a newer Casebook wrote it")]
    Unknown,
    #[error("something stands in it that this program does not know or would write differently")]
    NotCanonical,
    #[error("the hash of all lines before it is another one: something was changed")]
    Sum,
    #[error("it stands in another order than it was written")]
    Moved,
    #[error("what it follows was taken out before it")]
    Lacks,
    #[error("the header is not what was signed, or a line was written anew")]
    Header,
    #[error("the signature of whoever made the bundle does not fit")]
    Signature,
    #[error("the header says {header} operations, here are {found}")]
    Number { header: u64, found: u64 },
    #[error("something stands after the last line")]
    After,
}

/// An operation that came in a bundle.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// In the bundle, from 1.
    pub line: u64,
    pub stored: StoredOperation,
    pub body: Body,
}

impl Incoming {
    pub fn id(&self) -> OperationId {
        Sha256(self.stored.id)
    }
}

/// Where a bundle shall begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    Everything,
    /// UTC milliseconds, by the clocks of those who wrote.
    Wall(i64),
    /// What this operation did not know of.
    Operation(OperationId),
}

/// Which operations go into a bundle, and between which others they stand.
pub struct Cut {
    operations: HashSet<OperationId>,
    heads: Vec<OperationId>,
    needs: Vec<OperationId>,
}

impl Cut {
    pub fn count(&self) -> u64 {
        self.operations.len() as u64
    }
}

/// Chooses the operations after `since`.
pub fn cut(store: &Store, since: &Since) -> Result<Cut, super::JournalError> {
    let mut all: Vec<(OperationId, i64, Vec<OperationId>)> = Vec::new();
    store.each_operation(|stored| {
        let id = Sha256(stored.id);
        let body =
            Body::parse(&stored).map_err(|problem| super::JournalError::Bad { id, problem })?;
        all.push((id, body.wall, body.parents));
        Ok::<_, super::JournalError>(())
    })?;
    let mut known: HashSet<OperationId> = HashSet::new();
    if let Since::Operation(from) = since {
        // What follows comes after what it follows, so one pass from the end finds all.
        known.insert(*from);
        for (id, _, parents) in all.iter().rev() {
            if known.contains(id) {
                known.extend(parents);
            }
        }
    }
    let is_in = |id: &OperationId, wall: i64| match since {
        Since::Everything => true,
        Since::Wall(from) => wall >= *from,
        Since::Operation(_) => !known.contains(id),
    };
    let operations: HashSet<OperationId> =
        all.iter().filter(|(id, wall, _)| is_in(id, *wall)).map(|(id, ..)| *id).collect();
    let chosen = || all.iter().filter(|(id, ..)| operations.contains(id));
    let parents: HashSet<OperationId> = chosen().flat_map(|(.., p)| p).copied().collect();
    let mut heads: Vec<_> = operations.difference(&parents).copied().collect();
    let mut needs: Vec<_> = parents.difference(&operations).copied().collect();
    heads.sort();
    needs.sort();
    Ok(Cut { operations, heads, needs })
}

/// Writes a bundle. `case` and `since` are what the header says; `made` is RFC 3339.
///
/// # Errors
/// `into` cannot be written; the journal cannot be read.
pub fn write(
    store: &Store,
    cut: &Cut,
    author: &Author,
    [case, since, made]: [&str; 3],
    into: &mut dyn Write,
) -> Result<Header, BundleError> {
    let header = Header {
        format: FORMAT,
        case: case.to_owned(),
        author: author.name.clone(),
        key: author.public_key(),
        made: made.to_owned(),
        operations: cut.count(),
        heads: cut.heads.clone(),
        since: Some(since.to_owned()).filter(|since| !since.is_empty()),
        needs: cut.needs.clone(),
    };
    let mut hash = sha2::Sha256::new();
    let mut line = serde_json::to_string(&header).map_err(io::Error::from)?;
    let mut put = |line: &mut String| {
        line.push('\n');
        hash.update(line.as_bytes());
        into.write_all(line.as_bytes())
    };
    put(&mut line)?;
    store.each_operation(|stored| {
        if !cut.operations.contains(&Sha256(stored.id)) {
            return Ok(());
        }
        let mut line = format!(
            "{{\"id\":\"{}\",\"signature\":\"{}\",\"body\":{}}}",
            Sha256(stored.id),
            hex(&stored.signature),
            stored.body
        );
        put(&mut line).map_err(BundleError::from)
    })?;
    let sha256 = Sha256(hash.finalize().into());
    let signature = author.sign(&sha256);
    let trailer = Trailer { end: cut.count(), sha256, signature };
    let line = serde_json::to_string(&trailer).map_err(io::Error::from)?;
    writeln!(into, "{line}")?;
    Ok(header)
}

impl From<StoreError> for BundleError {
    fn from(error: StoreError) -> BundleError {
        BundleError::Io(io::Error::other(error.to_string()))
    }
}

/// Reads a bundle and checks all that can be checked without a case. Signatures of operations
/// that `is_known` (the case has the very same) are not checked again.
///
/// # Errors
/// See [`BundleError`]: nothing of a bundle is used unless all of it is good.
pub fn read(
    from: impl Read,
    is_known: &dyn Fn(&StoredOperation) -> Result<bool, StoreError>,
) -> Result<(Header, Vec<Incoming>), BundleError> {
    let mut lines = Lines::new(from);
    let first = lines.next()?.ok_or(BundleError::NotABundle)?;
    let header = header(&first)?;
    let mut operations: Vec<Incoming> = Vec::new();
    let mut ids = HashSet::new();
    let mut unknown = Vec::new();
    let trailer = loop {
        let sum = lines.sum();
        let line = lines.next()?.ok_or(BundleError::Cut(lines.number))?;
        let at = |problem| BundleError::Line { line: lines.number, problem };
        if line.starts_with("{\"end\":") {
            break (sum, line);
        }
        let mut incoming = operation(&line).map_err(at)?;
        if !ids.insert(incoming.id()) {
            return Err(at(Problem::Twice));
        }
        incoming.line = lines.number;
        if !is_known(&incoming.stored)? {
            unknown.push(operations.len());
        }
        operations.push(incoming);
    };
    // Before the trailer: these name the line.
    check_signatures(&operations, &unknown)?;
    let number = lines.number;
    let at = |problem| BundleError::Line { line: number, problem };
    let (sum, line) = trailer;
    let trailer: Trailer =
        serde_json::from_str(&line).map_err(|error| at(Problem::Malformed(error.to_string())))?;
    if serde_json::to_string(&trailer).map_err(io::Error::from)? != line {
        return Err(at(Problem::NotCanonical));
    }
    if trailer.sha256 != sum {
        let is_trailer = is_signed(&header.key, &sum, &trailer.signature);
        return Err(if is_trailer { at(Problem::Sum) } else { changed(&header, &operations) });
    }
    if !is_signed(&header.key, &sum, &trailer.signature) {
        return Err(at(Problem::Signature));
    }
    let found = operations.len() as u64;
    if header.operations != found || trailer.end != found {
        return Err(at(Problem::Number { header: header.operations, found }));
    }
    if lines.next()?.is_some() {
        return Err(BundleError::Line { line: number + 1, problem: Problem::After });
    }
    Ok((header, operations))
}

/// Where a bundle was changed whose hash is another one, though each of its operations is what was
/// signed.
fn changed(header: &Header, operations: &[Incoming]) -> BundleError {
    let place =
        |incoming: &Incoming| (incoming.stored.lamport, incoming.stored.writer, incoming.stored.id);
    let mut known: HashSet<OperationId> = header.needs.iter().copied().collect();
    let mut before = None;
    for incoming in operations {
        let at = |problem| BundleError::Line { line: incoming.line, problem };
        if before.is_some_and(|before| before >= place(incoming)) {
            return at(Problem::Moved);
        }
        if let Some(parent) = incoming.body.parents.iter().find(|id| !known.contains(id)) {
            let is_later = operations.iter().any(|later| later.id() == *parent);
            return at(if is_later { Problem::Moved } else { Problem::Lacks });
        }
        before = Some(place(incoming));
        known.insert(incoming.id());
    }
    let found = operations.len() as u64;
    let is_whole = header.operations == found && header.heads.iter().all(|id| known.contains(id));
    match is_whole {
        true => BundleError::Line { line: 1, problem: Problem::Header },
        false => BundleError::Line {
            line: operations.last().map_or(1, |last| last.line) + 1,
            problem: Problem::Number { header: header.operations, found },
        },
    }
}

fn header(line: &str) -> Result<Header, BundleError> {
    #[derive(Deserialize)]
    struct Format {
        casebook_bundle: u32,
    }
    let format: Format = serde_json::from_str(line).map_err(|_| BundleError::NotABundle)?;
    if format.casebook_bundle != FORMAT {
        return Err(BundleError::Newer(format.casebook_bundle));
    }
    serde_json::from_str(line).map_err(|error| BundleError::Line {
        line: 1,
        problem: Problem::Malformed(error.to_string()),
    })
}

/// Reads one operation; everything but its signature is checked.
fn operation(line: &str) -> Result<Incoming, Problem> {
    let malformed = |error: serde_json::Error| Problem::Malformed(error.to_string());
    let parts: Line<'_> = serde_json::from_str(line).map_err(malformed)?;
    let text = parts.body.get();
    if Sha256::of(text.as_bytes()) != parts.id {
        return Err(Problem::Operation(BadOperation::Hash));
    }
    // What nobody signed so is no matter of versions.
    let signed = |problem| match problem {
        Problem::Unknown if !is_signed(&key_of(text), &parts.id, &parts.signature) => {
            Problem::Operation(BadOperation::Signature)
        }
        problem => problem,
    };
    let body: Body =
        serde_json::from_str(text).map_err(|error| signed(unreadable(text, &error)))?;
    if body.v != super::operation::VERSION {
        return Err(Problem::Operation(BadOperation::Version(body.v)));
    }
    let known = serde_json::to_string(&body).map_err(malformed)?;
    if known != text {
        return Err(match says_more(text, &known) {
            true => signed(Problem::Unknown),
            false => Problem::NotCanonical,
        });
    }
    check_limits(&body)?;
    let writer = unhex(&body.writer).and_then(|bytes| bytes.try_into().ok());
    let signature = unhex(&parts.signature).ok_or(Problem::Operation(BadOperation::Signature))?;
    let stored = StoredOperation {
        id: parts.id.0,
        lamport: body.lamport,
        writer: writer.ok_or(Problem::Limit("its writer is no 32 hexadecimal digits"))?,
        body: text.to_owned(),
        signature,
    };
    Ok(Incoming { line: 0, stored, body })
}

/// Why a body cannot be read: it may be of a later version of this program.
fn unreadable(text: &str, error: &serde_json::Error) -> Problem {
    #[derive(Deserialize)]
    struct Version {
        v: u32,
    }
    match serde_json::from_str::<Version>(text) {
        Ok(body) if body.v != super::operation::VERSION => {
            Problem::Operation(BadOperation::Version(body.v))
        }
        Ok(_) if error.to_string().starts_with("unknown variant") => Problem::Unknown,
        _ => Problem::Malformed(error.to_string()),
    }
}

/// The public key that a body names; empty for none.
fn key_of(body: &str) -> String {
    #[derive(Deserialize)]
    struct Key {
        key: String,
    }
    serde_json::from_str::<Key>(body).map_or_else(|_| String::new(), |own| own.key)
}

/// Whether a body is what this program reads of it, with fields beside that it does not know.
fn says_more(body: &str, known: &str) -> bool {
    fn fits(body: &Value, known: &Value) -> bool {
        match (body, known) {
            (Value::Object(body), Value::Object(known)) => {
                known.iter().all(|(name, value)| body.get(name).is_some_and(|own| fits(own, value)))
            }
            (Value::Array(body), Value::Array(known)) => {
                body.len() == known.len() && body.iter().zip(known).all(|(a, b)| fits(a, b))
            }
            (body, known) => body == known,
        }
    }
    let (body, known) = (serde_json::from_str(body), serde_json::from_str(known));
    matches!((body, known), (Ok(body), Ok(known)) if body != known && fits(&body, &known))
}

/// What no honest operation exceeds.
fn check_limits(body: &Body) -> Result<(), Problem> {
    /// Milliseconds of the year 9999's end.
    const LAST: i64 = 253_402_300_799_999;
    let limit =
        |is_within: bool, words| if is_within { Ok(()) } else { Err(Problem::Limit(words)) };
    limit(body.author.len() <= 1000, "the author's name is longer than 1,000 bytes")?;
    limit(body.parents.len() <= 10_000, "it follows more than 10,000 operations")?;
    limit(body.parents.is_sorted_by(|a, b| a < b), "what it follows is not in order")?;
    limit((0..=LAST).contains(&body.wall), "its time is before 1970 or after 9999")
}

/// The bytes of a key that is written in hexadecimal digits; none for what is none.
pub fn key_bytes(key: &str) -> Vec<u8> {
    unhex(key).unwrap_or_default()
}

/// Whether `signature` is that of this public key over this hash; key and signature are hexadecimal.
pub fn is_signed(key: &str, sum: &Sha256, signature: &str) -> bool {
    let key = unhex(key)
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    let signature = unhex(signature).and_then(|bytes| Signature::from_slice(&bytes).ok());
    match (key, signature) {
        (Some(key), Some(signature)) => key.verify_strict(&sum.0, &signature).is_ok(),
        _ => false,
    }
}

/// Checks signatures on all processors: they are most of the time of a merge.
fn check_signatures(operations: &[Incoming], which: &[usize]) -> Result<(), BundleError> {
    let check = |part: &[usize]| {
        part.iter().try_for_each(|at| {
            let Incoming { line, stored, body } = &operations[*at];
            body.check_signature(stored).map_err(|problem| BundleError::Line {
                line: *line,
                problem: Problem::Operation(problem),
            })
        })
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let size = which.len().div_ceil(threads).max(64);
    std::thread::scope(|scope| {
        let parts: Vec<_> =
            which.chunks(size).map(|part| scope.spawn(move || check(part))).collect();
        // In the order of the lines, so that the first that is wrong is named.
        parts.into_iter().try_for_each(|part| match part.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}

/// Lines of a bundle, within the limits, and the hash of all that was read.
struct Lines<R: Read> {
    from: io::BufReader<io::Take<R>>,
    hash: sha2::Sha256,
    /// Of the line that was read last.
    number: u64,
    read: u64,
}

impl<R: Read> Lines<R> {
    fn new(from: R) -> Lines<R> {
        let from = io::BufReader::with_capacity(1 << 16, from.take(LARGEST + 1));
        Lines { from, hash: sha2::Sha256::new(), number: 0, read: 0 }
    }

    fn sum(&self) -> Sha256 {
        Sha256(self.hash.clone().finalize().into())
    }

    /// The next line without its end; `None` at the end of the file.
    fn next(&mut self) -> Result<Option<String>, BundleError> {
        let mut bytes = Vec::new();
        let count = (&mut self.from).take(LONGEST_LINE + 1).read_until(b'\n', &mut bytes)? as u64;
        if count == 0 {
            return Ok(None);
        }
        self.number += 1;
        self.read += count;
        if self.read > LARGEST {
            return Err(BundleError::TooLarge);
        }
        self.hash.update(&bytes);
        let line = self.number;
        match String::from_utf8(bytes) {
            Ok(mut text) if text.ends_with('\n') => {
                text.pop();
                Ok(Some(text))
            }
            // Any file has a beginning.
            _ if line == 1 => Err(BundleError::NotABundle),
            _ if count > LONGEST_LINE => Err(BundleError::Line { line, problem: Problem::TooLong }),
            Ok(_) => Err(BundleError::Cut(line)),
            Err(_) => {
                let problem = Problem::Malformed("it is not UTF-8".to_owned());
                Err(BundleError::Line { line, problem })
            }
        }
    }
}
