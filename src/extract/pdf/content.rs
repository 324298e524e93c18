//! Is the content of a page all there? The parser passes over streams that it cannot unpack, and
//! takes of damaged ones what it can get, without a word.
//!
//! It looks for what it can get from the beginning, and gives up early: of a stream in which nothing
//! but the checksum is wrong it loses a part. So damaged streams are unpacked here, as far as they
//! go, and are handed to it packed anew.

use super::objects::{Dictionary, resolve};
use super::quiet;
use super::update::{self, New};
use flate2::write::ZlibEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};
use pdf_oxide::PdfDocument;
use pdf_oxide::object::{Object, ObjectRef};
use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;

/// Bytes of a packed stream that cannot unpack to what the parser refuses (256 MiB): deflate makes
/// at most 1,032 bytes of one.
const HARMLESS: usize = 250 << 10;

/// What is wrong with the content of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// All of it is there, and its checksum is that of other bytes.
    Wrong,
    /// A part is not there, and why.
    Missing(String),
}

/// Streams of pages that are damaged.
#[derive(Default)]
pub struct Damage {
    of_page: BTreeMap<usize, Problem>,
    /// The streams, as they are when they are packed anew.
    mended: Vec<New>,
}

impl Damage {
    /// Looks through the content of the first `pages` pages.
    pub fn of(document: &PdfDocument, pages: usize) -> Damage {
        let mut damage = Damage::default();
        // The parser keeps the keys of what is encrypted to itself.
        if document.is_encrypted() {
            return damage;
        }
        let mut known: HashMap<ObjectRef, Option<Problem>> = HashMap::new();
        for page in 0..pages {
            for at in streams(document, page) {
                let problem = known.entry(at).or_insert_with(|| damage.judge(document, at));
                if let Some(problem) = problem {
                    damage.of_page.entry(page).or_insert_with(|| problem.clone());
                }
            }
        }
        damage
    }

    fn judge(&mut self, document: &PdfDocument, at: ObjectRef) -> Option<Problem> {
        let stream = resolve(document, &Object::Reference(at))?;
        let Object::Stream { dict, data } = &stream else { return None };
        let deflated = is_deflated(document, dict).then(|| Deflated::of(data))?;
        let problem = match deflated {
            Deflated::Whole | Deflated::Unknown => return None,
            Deflated::Unchecked => None,
            Deflated::Wrong => Some(Problem::Wrong),
            Deflated::BreaksOff => {
                Some(Problem::Missing("it is damaged, and breaks off".to_owned()))
            }
        };
        self.mended.extend(packed_anew(at, dict, data));
        problem
    }

    pub fn is_mendable(&self) -> bool {
        !self.mended.is_empty()
    }

    /// The file with what is damaged packed anew.
    pub fn mended(&mut self, document: &PdfDocument, bytes: &[u8]) -> Option<Vec<u8>> {
        let Object::Dictionary(trailer) = document.trailer() else { return None };
        Some(update::updated(trailer, bytes, &std::mem::take(&mut self.mended), ""))
    }

    /// What is wrong with a page's content, if the parser says so or not.
    pub fn problem(&self, document: &PdfDocument, page: usize, has_text: bool) -> Option<Problem> {
        if let Some(problem) = self.of_page.get(&page) {
            return Some(problem.clone());
        }
        if document.is_encrypted() {
            return None;
        }
        streams(document, page).into_iter().find_map(|at| {
            let stream = resolve(document, &Object::Reference(at))?;
            let Object::Stream { data, .. } = &stream else { return None };
            if has_text && data.len() < HARMLESS {
                return None;
            }
            let why = match quiet(|| stream.decode_stream_data()) {
                Some(Ok(_)) => return None,
                Some(Err(error)) => error.to_string(),
                None => "it is damaged beyond what the PDF parser survives".to_owned(),
            };
            Some(Problem::Missing(why))
        })
    }
}

/// The streams that a page is drawn by.
pub fn streams(document: &PdfDocument, page: usize) -> Vec<ObjectRef> {
    let Some(Ok(Object::Dictionary(own))) = quiet(|| document.get_page(page)) else {
        return Vec::new();
    };
    let Some(contents) = own.get("Contents") else { return Vec::new() };
    match (contents, resolve(document, contents)) {
        (_, Some(Object::Array(items))) => items.iter().filter_map(Object::as_reference).collect(),
        (contents, _) => contents.as_reference().into_iter().collect(),
    }
}

/// A stream with all that its bytes still unpack to.
fn packed_anew(at: ObjectRef, dict: &Dictionary, data: &[u8]) -> Option<New> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let mut whole = true;
    inflated(data.get(2..)?, false, |bytes| whole &= encoder.write_all(bytes).is_ok())?;
    let packed = encoder.finish().ok().filter(|_| whole)?;
    let mut dict = dict.clone();
    dict.insert("Length".to_owned(), Object::Integer(i64::try_from(packed.len()).ok()?));
    let mut body = update::written(&dict);
    body.extend_from_slice(b"\nstream\n");
    body.extend_from_slice(&packed);
    body.extend_from_slice(b"\nendstream");
    Some(New { number: at.id, generation: at.r#gen, body })
}

/// Whether the bytes of a stream are deflated and nothing else. Those with parameters are too: a
/// predictor comes after unpacking.
fn is_deflated(document: &PdfDocument, dict: &Dictionary) -> bool {
    let Some(filter) = dict.get("Filter").and_then(|filter| resolve(document, filter)) else {
        return false;
    };
    let is_name = |object: &Object| matches!(object, Object::Name(name) if name == "FlateDecode");
    match &filter {
        Object::Array(filters) => matches!(filters.as_slice(), [only] if is_name(only)),
        filter => is_name(filter),
    }
}

/// What becomes of deflated bytes.
#[derive(Debug, PartialEq, Eq)]
enum Deflated {
    /// All blocks and their checksum are there.
    Whole,
    /// All blocks are there and no checksum: lengths that leave it out are no rare thing.
    Unchecked,
    /// The checksum is that of other bytes.
    Wrong,
    /// They end, or make no sense, before the last block is over.
    BreaksOff,
    /// No zlib stream, or a larger one than the parser unpacks.
    Unknown,
}

impl Deflated {
    fn of(data: &[u8]) -> Deflated {
        let nothing = |_: &[u8]| {};
        let Some((made, _, is_over)) = inflated(data, true, nothing) else {
            return Deflated::Unknown;
        };
        match (is_over, made) {
            (true, _) => return Deflated::Whole,
            (false, 0) => return Deflated::Unknown,
            (false, _) => {}
        }
        // Without the header and the checksum around the blocks.
        let blocks = data.get(2..).unwrap_or_default();
        match inflated(blocks, false, nothing) {
            Some((_, read, true)) if blocks.len() >= read + 4 => Deflated::Wrong,
            Some((_, _, true)) => Deflated::Unchecked,
            Some((_, _, false)) => Deflated::BreaksOff,
            None => Deflated::Unknown,
        }
    }
}

/// Most bytes that are unpacked, as in the parser.
const MOST: usize = 256 << 20;

/// Bytes that come out of how many, and whether the end was reached; `None` when they are too many.
fn inflated(
    data: &[u8],
    is_zlib: bool,
    mut each: impl FnMut(&[u8]),
) -> Option<(usize, usize, bool)> {
    let mut inflate = Decompress::new(is_zlib);
    let mut scratch = vec![0; 64 << 10];
    loop {
        let before = (inflate.total_in(), inflate.total_out());
        let read = usize::try_from(before.0).ok()?.min(data.len());
        let status = inflate.decompress(&data[read..], &mut scratch, FlushDecompress::None);
        let made = usize::try_from(inflate.total_out()).ok().filter(|made| *made < MOST)?;
        each(&scratch[..usize::try_from(inflate.total_out() - before.1).ok()?]);
        let read = usize::try_from(inflate.total_in()).ok()?;
        match status {
            Ok(Status::StreamEnd) => return Some((made, read, true)),
            Ok(_) if (inflate.total_in(), inflate.total_out()) != before => {}
            Ok(_) | Err(_) => return Some((made, read, false)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_off_is_told_from_what_is_whole() {
        let text: String = (0..4000).map(|n| format!("({n}) Tj\n")).collect();
        let mut packed =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(text.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        assert_eq!(Deflated::of(&packed), Deflated::Whole);
        // Line ends of the file behind it.
        assert_eq!(Deflated::of(&[packed.as_slice(), b"\r\n"].concat()), Deflated::Whole);
        for cut in 1..=4 {
            assert_eq!(Deflated::of(&packed[..packed.len() - cut]), Deflated::Unchecked, "{cut}");
        }
        let mut other = packed.clone();
        *other.last_mut().unwrap() ^= 1;
        assert_eq!(Deflated::of(&other), Deflated::Wrong);
        for half in [packed.len() / 2, packed.len() - 40] {
            assert_eq!(Deflated::of(&packed[..half]), Deflated::BreaksOff);
        }
        let mut other = packed;
        other[1000..1012].fill(0xff);
        assert!(matches!(Deflated::of(&other), Deflated::Wrong | Deflated::BreaksOff));
        assert_eq!(Deflated::of(b"no zlib at all"), Deflated::Unknown);
        assert_eq!(Deflated::of(b""), Deflated::Unknown);
    }
}
