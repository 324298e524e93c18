//! Documents that are zip files of parts: OOXML, OpenDocument, EPUB.
//!
//! Reads parts by name, keeps the unpacked total within bounds, and reads a zip whose directory
//! is missing (a cut download, a carved file) from its local headers.

use crate::extract::archive::{beginning_of_zip, zip_is_of_a_member};
use crate::extract::{Input, Limits, Out, Stop};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use zip::ZipArchive;

/// All parts of one document together may unpack to this many times [`crate::extract::Limits::whole`].
const WHOLE_TIMES: u64 = 4;

/// The parts of a zipped document.
pub struct Parts<'f> {
    source: Source<'f>,
    /// Names as they stand in the zip, in its order.
    names: Vec<String>,
    /// Lower-case name with `/` and without a leading one → position in `names`.
    index: HashMap<String, usize>,
    /// Bytes that may still be unpacked.
    left: u64,
    part_limit: u64,
    /// Parts of which only a beginning could be read, and why.
    pub damaged: Vec<String>,
    /// The directory was missing: parts were found by their local headers.
    pub recovered: bool,
}

enum Source<'f> {
    Archive(Box<ZipArchive<&'f mut File>>),
    Scanned { bytes: Vec<u8>, entries: Vec<Scanned> },
    Memory(Vec<Vec<u8>>),
}

#[derive(Clone, Copy)]
struct Scanned {
    start: usize,
    deflated: bool,
    /// 0 where the header does not say.
    size: usize,
}

impl<'f> Parts<'f> {
    pub fn open(input: &'f mut Input) -> Result<Self, Stop> {
        let limits = input.limits;
        let head = beginning_of_zip(input);
        let readable = ZipArchive::new(input.reader()?)
            .is_ok_and(|zip| !zip.is_empty() && !zip_is_of_a_member(&zip, head));
        let (source, names) = if readable {
            let zip = ZipArchive::new(input.reader()?).map_err(Stop::failed)?;
            let names =
                zip.file_names_raw().map(|n| String::from_utf8_lossy(n).into_owned()).collect();
            (Source::Archive(Box::new(zip)), names)
        } else {
            let bytes = input.bytes()?;
            let (names, entries) = scan(&bytes);
            if names.is_empty() {
                return Err(Stop::failed("the zip container is damaged: no part could be found"));
            }
            (Source::Scanned { bytes, entries }, names)
        };
        Ok(Parts::new(source, names, limits))
    }

    /// Parts that were unpacked already.
    pub fn from_memory(parts: Vec<(String, Vec<u8>)>, limits: Limits) -> Parts<'static> {
        let (names, bytes) = parts.into_iter().unzip();
        Parts::new(Source::Memory(bytes), names, limits)
    }

    fn new(source: Source<'f>, names: Vec<String>, limits: Limits) -> Self {
        let mut index = HashMap::new();
        for (at, name) in names.iter().enumerate() {
            index.entry(normal(name)).or_insert(at);
        }
        Parts {
            recovered: matches!(source, Source::Scanned { .. }),
            source,
            names,
            index,
            left: limits.whole.saturating_mul(WHOLE_TIMES),
            part_limit: limits.whole,
            damaged: Vec::new(),
        }
    }

    /// Names of all parts, in the order of the zip.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Finds a part whatever its case, slashes or leading slash.
    pub fn has(&self, name: &str) -> bool {
        self.index.contains_key(&normal(name))
    }

    /// Position of a part in the zip, from 0.
    pub fn ordinal(&self, name: &str) -> Option<u64> {
        self.index.get(&normal(name)).map(|&at| at as u64)
    }

    /// The bytes of a part; `None` where there is none. A part that is damaged comes as far as
    /// it goes and is noted in [`Parts::damaged`].
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Stop> {
        let Some(&at) = self.index.get(&normal(name)) else { return Ok(None) };
        let most = self.part_limit.min(self.left);
        let mut bytes = Vec::new();
        let mut trouble = None;
        match &mut self.source {
            Source::Archive(zip) => match zip.by_index(at) {
                Ok(part) => {
                    if let Err(error) = part.take(most + 1).read_to_end(&mut bytes) {
                        trouble = Some(error.to_string());
                    }
                }
                Err(zip::result::ZipError::UnsupportedArchive(why))
                    if why.to_lowercase().contains("password") =>
                {
                    return Err(Stop::Encrypted("its parts are encrypted".to_owned()));
                }
                Err(error) => trouble = Some(error.to_string()),
            },
            Source::Memory(all) => bytes.clone_from(&all[at]),
            Source::Scanned { bytes: all, entries } => {
                let entry = entries[at];
                let data = all.get(entry.start..).unwrap_or_default();
                let read = if entry.deflated {
                    flate2::read::DeflateDecoder::new(data).take(most + 1).read_to_end(&mut bytes)
                } else {
                    let end = entry.size.min(data.len());
                    (&data[..end]).take(most + 1).read_to_end(&mut bytes)
                };
                if let Err(error) = read {
                    trouble = Some(error.to_string());
                }
            }
        }
        if bytes.len() as u64 > most {
            return Err(Stop::OverLimit(format!(
                "its part {name} unpacks to more than {} MiB, or all of them to more than {} MiB",
                self.part_limit >> 20,
                self.part_limit.saturating_mul(WHOLE_TIMES) >> 20
            )));
        }
        self.left -= bytes.len() as u64;
        if let Some(why) = trouble {
            self.damaged.push(format!("{name}: {why}"));
            if bytes.is_empty() {
                return Ok(None);
            }
        }
        Ok(Some(bytes))
    }

    /// The end of every reading: says which parts were damaged, fails where the directory was.
    pub fn end(&mut self, out: &mut Out) -> Result<(), Stop> {
        for what in std::mem::take(&mut self.damaged) {
            out.warn(format!("damaged part {what}"))?;
        }
        if self.recovered {
            return Err(Stop::failed(
                "the file is cut or its zip directory is damaged; what its parts still hold was read",
            ));
        }
        Ok(())
    }

    /// A part as decoded XML text.
    pub fn xml(&mut self, name: &str) -> Result<Option<String>, Stop> {
        Ok(self.read(name)?.map(|bytes| super::pull::decode(&bytes)))
    }
}

fn normal(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// Finds entries by their local headers.
fn scan(bytes: &[u8]) -> (Vec<String>, Vec<Scanned>) {
    let mut names = Vec::new();
    let mut entries = Vec::new();
    let mut at = 0;
    while let Some(found) = find(bytes, at) {
        at = found + 4;
        let Some(header) = bytes.get(found..found + 30) else { break };
        let word = |i: usize| usize::from(u16::from_le_bytes([header[i], header[i + 1]]));
        let size = u32::from_le_bytes([header[18], header[19], header[20], header[21]]) as usize;
        let (method, name_len, extra_len) = (word(8), word(26), word(28));
        let Some(name) = bytes.get(found + 30..found + 30 + name_len) else { break };
        if !matches!(method, 0 | 8) || name.is_empty() || name.ends_with(b"/") {
            continue;
        }
        names.push(String::from_utf8_lossy(name).into_owned());
        let start = found + 30 + name_len + extra_len;
        entries.push(Scanned { start, deflated: method == 8, size });
        if size > 0 && start.saturating_add(size) <= bytes.len() {
            at = start + size;
        }
    }
    (names, entries)
}

fn find(bytes: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(4).position(|w| w == b"PK\x03\x04").map(|at| from + at)
}
