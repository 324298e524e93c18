//! A JSON export as UTF-8, whatever it is written in: programs of Windows save UTF-16, Chinese ones
//! GBK, whose second bytes look like braces and backslashes.

use crate::extract::encoding::{self, Charset, TextReader};
use crate::extract::{Input, Out, Stop};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// The file as it stands when it is UTF-8, its text in UTF-8 when it is not.
pub(super) enum Source<'a> {
    Plain(&'a mut File),
    /// The text and the byte of it that comes next.
    Recoded(Box<TextReader<'a>>, u64),
}

/// The beginning of a file as UTF-8, as far as it may be JSON; anything else as it stands.
pub(super) fn head<'a>(input: &'a Input) -> Cow<'a, [u8]> {
    match is_foreign(input.head()) {
        true => Cow::Owned(encoding::decode(input.head(), None).text.into_bytes()),
        false => Cow::Borrowed(input.head()),
    }
}

/// Whether it begins like JSON and is not UTF-8.
fn is_foreign(head: &[u8]) -> bool {
    let first =
        head.iter().find(|byte| !matches!(byte, 0xfe | 0xff | 0 | b' ' | b'\t' | b'\r' | b'\n'));
    matches!(first, Some(b'{' | b'[')) && (head.contains(&0) || !encoding::is_utf8_head(head))
}

impl<'a> Source<'a> {
    pub(super) fn open(input: &'a mut Input) -> Result<Self, Stop> {
        if !is_foreign(input.head()) {
            return Ok(Source::Plain(input.reader()?));
        }
        let text = TextReader::open(input, None)?;
        match text.charset() {
            // Some bytes of it are damaged; the records around them keep their places.
            Charset::Known(known) if known == encoding_rs::UTF_8 => {
                Ok(Source::Plain(text.into_file()?))
            }
            _ => Ok(Source::Recoded(Box::new(text), 0)),
        }
    }

    /// Whether its offsets are those of the file.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Source::Plain(_))
    }

    /// Says what it was decoded from.
    pub(super) fn announce(&self, out: &mut Out) -> Result<(), Stop> {
        match self {
            Source::Plain(_) => Ok(()),
            Source::Recoded(text, _) => text.announce(out),
        }
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Source::Plain(file) => file.read(buffer),
            Source::Recoded(text, at) => {
                let count = text.read(buffer)?;
                *at += count as u64;
                Ok(count)
            }
        }
    }
}

/// Decoded text is read again from its start to go back.
impl Seek for Source<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Source::Plain(file) => file.seek(to),
            Source::Recoded(text, at) => {
                let SeekFrom::Start(to) = to else {
                    return Err(io::ErrorKind::Unsupported.into());
                };
                if to < *at {
                    text.rewind()?;
                    *at = 0;
                }
                *at += io::copy(&mut text.take(to - *at), &mut io::sink())?;
                Ok(*at)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::with_input;
    use super::*;

    const TEXT: &str = "{\"时间\": \"林\", \"内容\": \"今天我们在公司开会，讨论合同的事情\"}";

    fn check(bytes: &[u8], plain: bool, text: &str) {
        with_input(bytes, "q7x", None, |input| {
            assert_eq!(head(input), text.as_bytes());
            let mut source = Source::open(input).unwrap();
            assert_eq!(source.is_plain(), plain);
            for from in [0, 5, 1, text.len()] {
                let mut read = Vec::new();
                assert_eq!(source.seek(SeekFrom::Start(from as u64)).unwrap(), from as u64);
                source.read_to_end(&mut read).unwrap();
                assert_eq!(read, &text.as_bytes()[from..]);
            }
        });
    }

    #[test]
    fn json_in_other_encodings_reads_as_utf_8() {
        check(TEXT.as_bytes(), true, TEXT);
        let wide: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, false, TEXT);
        check(&[&b"\xff\xfe"[..], &wide].concat(), false, TEXT);
        check(&encoding_rs::GB18030.encode(TEXT).0, false, TEXT);
    }
}
