//! Text exports as characters, with the way back to bytes.

use crate::extract::encoding::{self, Guess};
use crate::extract::{Input, Out, Stop};

/// Decoded text and whether its byte offsets are those of the file.
pub(super) struct Text {
    pub(super) text: String,
    /// Bytes of the file before the text (a byte order mark); `None` when offsets do not carry over.
    offset: Option<u64>,
    encoding: String,
    warnings: Vec<String>,
}

impl Text {
    /// Where a range of the text lies in the file.
    pub(super) fn span(&self, start: usize, end: usize) -> Option<(u64, u64)> {
        self.offset.map(|offset| (offset + start as u64, offset + end as u64))
    }

    /// Says what it was decoded from and what was lost.
    pub(super) fn announce(&mut self, out: &mut Out) -> Result<(), Stop> {
        out.encoding(&self.encoding)?;
        self.warnings.drain(..).try_for_each(|warning| out.warn(warning))
    }
}

/// The whole file as text.
pub(super) fn whole(input: &mut Input) -> Result<Text, Stop> {
    let bytes = input.bytes()?;
    Ok(text_by(bytes, |bytes| match input.head_is_all() {
        true => input.guess().clone(),
        false => encoding::guess(bytes, None),
    }))
}

/// The head of a file as text, `None` when it is none: its whole lines, because it may end inside a
/// character; all of it where there is no more.
pub(in crate::extract) fn head(input: &Input) -> Option<String> {
    let bytes = input.head();
    match input.head_is_all() {
        true if !encoding::is_text(bytes, false) => None,
        true => Some(text_by(bytes.to_vec(), |_| input.guess().clone()).text),
        false => beginning(bytes, false),
    }
}

/// The same of any number of bytes.
pub(super) fn beginning(bytes: &[u8], is_all: bool) -> Option<String> {
    if !encoding::is_text(bytes, false) {
        return None;
    }
    let end = bytes.iter().rposition(|byte| *byte == b'\n' && !is_all);
    let lines = end.map_or(bytes.len(), |at| at + 1);
    Some(text(bytes[..lines].to_vec()).text)
}

fn text(bytes: Vec<u8>) -> Text {
    text_by(bytes, |bytes| encoding::guess(bytes, None))
}

/// The same, with what it is written in if it must be known.
fn text_by(bytes: Vec<u8>, guess: impl FnOnce(&[u8]) -> Guess) -> Text {
    // Escapes may be ISO-2022, zeros UTF-16, a mark must go: all else that is UTF-8 stays as it is.
    let plain = !bytes.starts_with(b"\xef\xbb\xbf") && !bytes.iter().any(|b| matches!(b, 0 | 0x1b));
    if !plain {
        return decoded(&bytes, guess(&bytes));
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            Text { text, offset: Some(0), encoding: "UTF-8".to_owned(), warnings: Vec::new() }
        }
        Err(error) => {
            let bytes = error.into_bytes();
            decoded(&bytes, guess(&bytes))
        }
    }
}

fn decoded(bytes: &[u8], guess: Guess) -> Text {
    let decoded = encoding::decode_as(bytes, guess);
    let mark = bytes.len().saturating_sub(decoded.text.len());
    let same = bytes.get(mark..) == Some(decoded.text.as_bytes());
    Text {
        offset: same.then_some(mark as u64),
        text: decoded.text,
        encoding: decoded.encoding,
        warnings: decoded.warnings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Limits;
    use std::io::Write;

    fn check(bytes: &[u8], text: &str, offset: Option<u64>) {
        let found = super::text(bytes.to_vec());
        assert_eq!((found.text.as_str(), found.offset), (text, offset));
    }

    #[test]
    fn offsets_are_those_of_the_file_where_they_can_be() {
        check("甲 a".as_bytes(), "甲 a", Some(0));
        check("\u{feff}甲 a".as_bytes(), "甲 a", Some(3));
        check("a \u{1b}[0m".as_bytes(), "a \u{1b}[0m", Some(0));
        let (gbk, _, _) = encoding_rs::GBK.encode("时间,发送者,接收者,内容,你好吗,我们今天开会");
        check(&gbk, "时间,发送者,接收者,内容,你好吗,我们今天开会", None);
    }

    #[test]
    fn a_head_is_cut_at_a_line() {
        let check = |bytes: &[u8], text: Option<&str>| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            let input = Input::new(file, "", "", Limits::default()).unwrap();
            assert_eq!(head(&input).as_deref(), text);
        };
        check(b"a\nb", Some("a\nb"));
        check(b"abc", Some("abc"));
        check(b"\xff\xfea\0b\0", Some("ab"));
        check(b"PK\x03\x04\0\0\0\x01\x02", None);
        let cut = "甲\n乙".as_bytes().split_last().unwrap().1;
        assert_eq!(beginning(cut, false).as_deref(), Some("甲\n"));
    }
}
