//! Compressed files that hold one stream: gz, bz2, xz, lzma, zst. The stream is one child; a
//! `.tar.gz` gives a `.tar`, which is then opened as a document of its own.

use super::budget::Budget;
use super::names::{self, Names};
use super::utc;
use crate::extract::record::{Child, ChildRole};
use crate::extract::{Input, Out, Stop};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

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
        // One stream at a time: the library follows empty streams by recursion.
        Ok(lzma_rust2::XzReader::new(source, false))
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
        |source| lzma_rust2::LzmaReader::new_mem_limit(source, DICTIONARY_KIB, None),
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

impl<'a> Stream<'a> for lzma_rust2::XzReader<Source<'a>> {
    const STEP: usize = 512;

    fn source(self) -> Source<'a> {
        self.into_inner()
    }
}

impl<'a> Stream<'a> for lzma_rust2::LzmaReader<Source<'a>> {
    const STEP: usize = 512;

    fn source(self) -> Source<'a> {
        self.into_inner()
    }
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
    let mut all = Streams { current: Some(stream), open, magic, trailing: false };
    out.child(child, &mut budget.member(&mut all, None))?;
    if all.trailing {
        out.warn("there is data after the end of the compressed stream")?;
    }
    Ok(())
}

/// Streams that follow each other in one file, as `cat a.gz b.gz` makes them.
struct Streams<S, O, M> {
    current: Option<S>,
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
            let count = stream.read(&mut buffer[..step])?;
            if count > 0 {
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
                self.current = Some((self.open)(source)?);
            } else {
                self.trailing = !rest.is_empty();
            }
        }
        Ok(0)
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
