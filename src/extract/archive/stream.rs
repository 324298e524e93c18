//! Compressed files that hold one stream: gz, bz2, xz, lzma, zst. The stream is one child; a
//! `.tar.gz` gives a `.tar`, which is then opened as a document of its own.

use super::budget::Budget;
use super::cut::{self, Begin, Watched};
use super::names::{self, Names};
use super::utc;
use crate::extract::record::{Child, ChildRole};
use crate::extract::{Input, Out, Stop};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::rc::Rc;

/// Most memory in KiB that the dictionary of a stream may take.
const DICTIONARY_KIB: u32 = 512 * 1024;

type Source<'a> = BufReader<&'a mut File>;

pub fn extract_gz(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let header = flate2::read::GzDecoder::new(input.head()).header().cloned();
    let stored = header.as_ref().and_then(|header| header.filename()).map(<[u8]>::to_vec);
    let modified = header.and_then(|header| utc(i64::from(header.mtime())));
    let magic = |rest: &[u8]| rest.starts_with(&[0x1f, 0x8b]);
    extract(input, out, stored, modified, "gz", magic, |source| {
        Ok(flate2::bufread::GzDecoder::new(source))
    })
}

pub fn extract_bz2(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let magic = |rest: &[u8]| rest.starts_with(b"BZh");
    extract(input, out, None, None, "bz2", magic, |source| {
        Ok(bzip2::bufread::BzDecoder::new(source))
    })
}

pub fn extract_xz(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let magic = |rest: &[u8]| rest.starts_with(b"\xfd7zXZ");
    extract(input, out, None, None, "xz", magic, |source| {
        let ended = Rc::default();
        // One stream at a time: the library follows empty streams by recursion.
        let reader = lzma_rust2::XzReader::new(Watched::new(source, Rc::clone(&ended)), false);
        Ok(Xz { reader, ended })
    })
}

pub fn extract_lzma(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    extract(
        input,
        out,
        None,
        None,
        "lzma",
        |_| false,
        |source| {
            let ended = Rc::default();
            let source = Watched::new(source, Rc::clone(&ended));
            let reader = lzma_rust2::LzmaReader::new_mem_limit(source, DICTIONARY_KIB, None)?;
            Ok(Lzma { reader, ended })
        },
    )
}

pub fn extract_zst(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let magic = |rest: &[u8]| {
        rest.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
            || (rest.len() >= 4 && rest[0] & 0xf0 == 0x50 && rest[1..4] == [0x2a, 0x4d, 0x18])
    };
    extract(input, out, None, None, "zst", magic, |source| {
        Ok(zstd::stream::read::Decoder::with_buffer(source)?.single_frame())
    })
}

/// A decoder that gives its source back at the end of a stream.
trait Stream<'a>: Read {
    /// Most bytes to ask for at a time: where the file is cut, some lose all of what was asked for.
    const STEP: usize = usize::MAX;
    /// How to unpack the end of a cut file again, to see what of it is certain.
    const AGAIN: Option<Begin> = None;

    /// More was asked for than the file has: what comes out is not to be believed.
    fn is_cut(&self) -> bool {
        false
    }

    fn source(self) -> Source<'a>;
}

impl<'a> Stream<'a> for flate2::bufread::GzDecoder<Source<'a>> {
    fn source(self) -> Source<'a> {
        self.into_inner()
    }
}

impl<'a> Stream<'a> for bzip2::bufread::BzDecoder<Source<'a>> {
    fn source(self) -> Source<'a> {
        self.into_inner()
    }
}

struct Xz<'a> {
    reader: lzma_rust2::XzReader<Watched<Source<'a>>>,
    ended: Rc<Cell<bool>>,
}

impl Read for Xz<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl<'a> Stream<'a> for Xz<'a> {
    const STEP: usize = 512;
    const AGAIN: Option<Begin> = Some(xz_again);

    fn is_cut(&self) -> bool {
        self.ended.get()
    }

    fn source(self) -> Source<'a> {
        self.reader.into_inner().into_inner()
    }
}

fn xz_again<'r>(source: Box<dyn Read + 'r>) -> io::Result<Box<dyn Read + 'r>> {
    Ok(Box::new(lzma_rust2::XzReader::new(source, false)))
}

struct Lzma<'a> {
    reader: lzma_rust2::LzmaReader<Watched<Source<'a>>>,
    ended: Rc<Cell<bool>>,
}

impl Read for Lzma<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl<'a> Stream<'a> for Lzma<'a> {
    const STEP: usize = 512;
    const AGAIN: Option<Begin> = Some(lzma_again);

    fn is_cut(&self) -> bool {
        self.ended.get()
    }

    fn source(self) -> Source<'a> {
        self.reader.into_inner().into_inner()
    }
}

fn lzma_again<'r>(source: Box<dyn Read + 'r>) -> io::Result<Box<dyn Read + 'r>> {
    let reader = lzma_rust2::LzmaReader::new_mem_limit(source, DICTIONARY_KIB, None)?;
    Ok(Box::new(reader))
}

impl<'a> Stream<'a> for zstd::stream::read::Decoder<'_, Source<'a>> {
    fn source(self) -> Source<'a> {
        self.finish()
    }
}

fn extract<'i, 'a: 'i, S: Stream<'i>>(
    input: &'i mut Input<'a>,
    out: &mut Out,
    stored: Option<Vec<u8>>,
    modified: Option<String>,
    extension: &str,
    magic: impl Fn(&[u8]) -> bool,
    open: impl Fn(Source<'i>) -> io::Result<S>,
) -> Result<(), Stop> {
    let (name, raw_name) = content_name(input.name, stored, extension);
    let child = Child {
        name,
        raw_name,
        ordinal: 0,
        role: ChildRole::Content,
        modified,
        claimed_size: None,
    };
    let mut budget = Budget::new(input.len());
    let source = BufReader::new(input.reader()?);
    let stream = open(source).map_err(|error| Stop::Failed(error.to_string()))?;
    let mut all = Streams {
        current: Some(stream),
        start: 0,
        given: 0,
        rest: None,
        open,
        magic,
        trailing: false,
    };
    out.child(child, &mut budget.member(&mut all, None))?;
    if all.trailing {
        out.warn("there is data after the end of the compressed stream")?;
    }
    Ok(())
}

/// Streams that follow each other in one file, as `cat a.gz b.gz` makes them.
struct Streams<S, O, M> {
    current: Option<S>,
    /// Where the current one begins, and the bytes that came out of it.
    start: u64,
    given: u64,
    /// The last bytes of a file that is cut.
    rest: Option<io::Cursor<Vec<u8>>>,
    open: O,
    magic: M,
    trailing: bool,
}

impl<'a, S, O, M> Read for Streams<S, O, M>
where
    S: Stream<'a>,
    O: Fn(Source<'a>) -> io::Result<S>,
    M: Fn(&[u8]) -> bool,
{
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(stream) = &mut self.current {
            let step = buffer.len().min(S::STEP);
            let read = stream.read(&mut buffer[..step]);
            if let Some(again) = S::AGAIN
                && stream.is_cut()
                && !matches!(read, Ok(0))
            {
                let Some(stream) = self.current.take() else { break };
                let rest = cut::rest(&mut stream.source(), self.start, self.given, again);
                self.rest = Some(io::Cursor::new(rest.unwrap_or_default()));
                break;
            }
            let count = read?;
            if count > 0 {
                self.given += count as u64;
                return Ok(count);
            }
            let Some(stream) = self.current.take() else { break };
            let mut source = stream.source();
            // Zeros between and after streams are padding.
            loop {
                let rest = source.fill_buf()?;
                let zeros = rest.iter().take_while(|&&byte| byte == 0).count();
                if zeros == 0 {
                    break;
                }
                source.consume(zeros);
            }
            let rest = source.fill_buf()?;
            if (self.magic)(rest) {
                (self.start, self.given) = (source.stream_position()?, 0);
                self.current = Some((self.open)(source)?);
            } else {
                self.trailing = !rest.is_empty();
            }
        }
        let Some(rest) = &mut self.rest else { return Ok(0) };
        match rest.read(buffer)? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file is cut")),
            count => Ok(count),
        }
    }
}

/// The name in the header of the stream, else the name of the file without its last extension.
fn content_name(file: &str, stored: Option<Vec<u8>>, extension: &str) -> (String, Option<Vec<u8>>) {
    if let Some(raw) = stored.filter(|raw| !raw.is_empty()) {
        let mut all = Names::default();
        all.see(&raw);
        let decoded = all.decode(&raw, false);
        let (name, escapes) = names::clean(&decoded.name, 0);
        return (name, (decoded.guessed || escapes).then_some(raw));
    }
    let lower = file.to_lowercase();
    let short = match extension {
        "gz" => "tgz",
        "bz2" => "tbz2",
        "xz" => "txz",
        "zst" => "tzst",
        _ => "tlz",
    };
    for (ending, replacement) in [(extension, ""), (short, ".tar"), ("tbz", ".tar")] {
        let stem = lower.strip_suffix(ending).and_then(|stem| stem.strip_suffix('.'));
        // Lower case may differ in length from the name itself.
        if let Some(stem) = stem.and_then(|stem| file.get(..stem.len()))
            && !stem.is_empty()
        {
            return (format!("{stem}{replacement}"), None);
        }
    }
    let name = if file.is_empty() { "content".to_owned() } else { format!("{file}.unpacked") };
    (name, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_named_after_the_file() {
        let check = |file, extension, expected: &str| {
            assert_eq!(content_name(file, None, extension).0, expected);
        };
        check("a.log.gz", "gz", "a.log");
        check("a.TGZ", "gz", "a.tar");
        check("a.tar.bz2", "bz2", "a.tar");
        check("a.tbz", "bz2", "a.tar");
        check("blob", "xz", "blob.unpacked");
        check(".gz", "gz", ".gz.unpacked");
        check("", "zst", "content");
        let stored = Some(b"../x.txt".to_vec());
        assert_eq!(content_name("a.gz", stored.clone(), "gz"), ("x.txt".to_owned(), stored));
    }
}
