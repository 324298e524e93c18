//! The header block of a message or part: fields as they stand, and their decoding (RFC 2047 with
//! the mistakes that mail programs make).

use super::{charset, transfer};

/// One field: name and value as bytes of the mail, the value still folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    pub name: &'a [u8],
    pub value: &'a [u8],
}

/// A header block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers<'a> {
    /// Lines in front of the first field, as mail folders write them: `From a@b Tue May 10 ...`.
    pub envelope: Vec<&'a [u8]>,
    pub fields: Vec<Field<'a>>,
}

impl<'a> Headers<'a> {
    /// Parses the block of a message; returns it and where the body begins. Blank lines in front
    /// of the first field, which some programs leave there, are skipped.
    pub fn of_message(bytes: &'a [u8]) -> (Headers<'a>, usize) {
        let mut start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let blank = bytes[start..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if begins_field(line_at(bytes, start + blank)) {
            start += blank;
        }
        let junk = junk(&bytes[start..]);
        let (mut headers, at) = Headers::parse(&bytes[start + junk..]);
        let lines = bytes[start..start + junk].split(|&byte| byte == b'\n');
        let lines = lines.map(trim_end).filter(|line| !line.is_empty());
        headers.envelope = lines.chain(headers.envelope).collect();
        (headers, start + junk + at)
    }

    /// Parses the block at the start of `bytes`; returns it and where the body begins.
    pub fn parse(bytes: &'a [u8]) -> (Headers<'a>, usize) {
        let mut headers = Headers::default();
        let mut at = 0;
        while at < bytes.len() {
            let line = line_at(bytes, at);
            let text = trim_end(line);
            if text.is_empty() {
                let next = line_at(bytes, at + line.len());
                let goes_on = matches!(next.first(), Some(b' ' | b'\t')) || begins_field(next);
                // White space alone is a fold when the header goes on after it.
                if matches!(line[0], b' ' | b'\t') && goes_on && !headers.fields.is_empty() {
                    at += line.len();
                    continue;
                }
                return (headers, at + line.len());
            }
            if matches!(text[0], b' ' | b'\t')
                && let Some(last) = headers.fields.last_mut()
            {
                let start = last.value.as_ptr() as usize - bytes.as_ptr() as usize;
                last.value = &bytes[start..at + text.len()];
            } else if headers.fields.is_empty() && is_envelope(text) {
                headers.envelope.push(text);
            } else if let Some(colon) = field_name(text) {
                let start = at + colon + 1;
                let name = trim_end(&text[..colon]);
                headers.fields.push(Field { name, value: &bytes[start..at + text.len()] });
            } else if !headers.fields.is_empty() && goes_on(bytes, at + line.len()) {
                // Not a field, but the header goes on after it: kept as a field without a name.
                headers.fields.push(Field { name: b"", value: text });
            } else {
                // The empty line between header and body is missing.
                return (headers, at);
            }
            at += line.len();
        }
        (headers, bytes.len())
    }

    /// The first field of this name.
    pub fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    /// All fields of this name, in order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name.as_bytes()))
            .map(|field| field.value)
    }
}

/// Bytes in front of a header that are none: the answer of a server that sent the mail, or a line or
/// two that somebody wrote above it.
fn junk(bytes: &[u8]) -> usize {
    const MOST_LINES: usize = 3;
    const MOST_ANSWER: usize = 4096;
    let mut at = 0;
    if bytes.starts_with(b"HTTP/1.") {
        while at < bytes.len().min(MOST_ANSWER) {
            let line = line_at(bytes, at);
            at += line.len();
            if trim_end(line).is_empty() {
                return if is_of_header(line_at(bytes, at)) { at } else { 0 };
            }
        }
        return 0;
    }
    for _ in 0..=MOST_LINES {
        let line = line_at(bytes, at);
        if begins_field(line) {
            return if is_of_header(line) { at } else { 0 };
        }
        if trim_end(line).is_empty() {
            return 0;
        }
        at += line.len();
    }
    0
}

/// A field that only the header of a mail has.
fn is_of_header(line: &[u8]) -> bool {
    const OF_HEADERS: [&[u8]; 8] = [
        b"mime-version",
        b"content-type",
        b"content-transfer-encoding",
        b"message-id",
        b"received",
        b"references",
        b"return-path",
        b"delivered-to",
    ];
    let name = field_name(line).map(|colon| trim_end(&line[..colon]));
    name.is_some_and(|name| OF_HEADERS.iter().any(|own| own.eq_ignore_ascii_case(name)))
}

fn line_at(bytes: &[u8], at: usize) -> &[u8] {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.iter().position(|&byte| byte == b'\n') {
        Some(end) => &rest[..=end],
        None => rest,
    }
}

/// Whether the header goes on behind a line that is no field: with a field, or with more such lines (folds
/// that lost their blanks) before one that only headers have.
fn goes_on(bytes: &[u8], mut at: usize) -> bool {
    const MOST_LINES: usize = 64;
    if begins_field(line_at(bytes, at)) {
        return true;
    }
    for _ in 0..MOST_LINES {
        let line = line_at(bytes, at);
        let text = trim_end(line);
        if text.is_empty() {
            return false;
        }
        if is_of_header(text) {
            return true;
        }
        at += line.len();
    }
    false
}

fn trim_end(line: &[u8]) -> &[u8] {
    line.trim_ascii_end()
}

fn is_envelope(text: &[u8]) -> bool {
    text.starts_with(b"From ") || text.starts_with(b">From ")
}

fn begins_field(line: &[u8]) -> bool {
    is_envelope(line) || field_name(line).is_some()
}

/// Where the colon of a field stands. A name has no spaces inside and no control characters.
fn field_name(line: &[u8]) -> Option<usize> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let name = trim_end(&line[..colon]);
    let is_name = !name.is_empty() && name.iter().all(|&byte| byte > b' ' && byte != 0x7f);
    is_name.then_some(colon)
}

/// A value on one line: folds become single spaces.
pub fn unfold(value: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(value.len());
    for line in value.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line).trim_ascii();
        if !line.is_empty() {
            if !out.is_empty() {
                out.push(b' ');
            }
            out.extend_from_slice(line);
        }
    }
    out
}

/// A value as a person reads it. `fallback` is the character set for bytes that do not say.
pub fn decode(value: &[u8], fallback: Option<&str>) -> String {
    let value = unfold(value);
    let mut out = String::with_capacity(value.len());
    let mut pending = Pending::default();
    let mut rest = value.as_slice();
    while !rest.is_empty() {
        let start = find(rest, b"=?").unwrap_or(rest.len());
        let (plain, after) = rest.split_at(start);
        let Some((word, length)) = Word::parse(after) else {
            // No word here: the mark itself is text.
            let end = (start + 2).min(rest.len());
            pending.flush(&mut out);
            push_raw(&rest[..end], fallback, &mut out);
            rest = &rest[end..];
            continue;
        };
        // White space between two encoded words belongs to the encoding.
        if !plain.trim_ascii().is_empty() || (pending.is_empty() && !plain.is_empty()) {
            pending.flush(&mut out);
            push_raw(plain, fallback, &mut out);
        }
        pending.add(word, &mut out);
        rest = &after[length..];
    }
    pending.flush(&mut out);
    out
}

fn push_raw(bytes: &[u8], fallback: Option<&str>, out: &mut String) {
    match std::str::from_utf8(bytes) {
        Ok(text) => out.push_str(text),
        Err(_) => out.push_str(&charset::decode(bytes, None, fallback).text),
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// Longest text of an encoded word, in bytes; 75 would be allowed. Without an end to the search a
/// header of beginnings would take the square of its length.
const LONGEST_WORD: usize = 8192;

/// `=?charset?B?text?=`
struct Word<'a> {
    charset: &'a [u8],
    is_base64: bool,
    text: &'a [u8],
}

impl<'a> Word<'a> {
    /// Parses the word at the start; returns it and its length.
    fn parse(bytes: &'a [u8]) -> Option<(Word<'a>, usize)> {
        let inside = bytes.strip_prefix(b"=?")?;
        let charset_end = inside.iter().position(|&byte| byte == b'?')?;
        let charset = &inside[..charset_end];
        let plausible =
            (1..=64).contains(&charset.len()) && charset.iter().all(|b| b.is_ascii_graphic());
        let is_base64 = match inside.get(charset_end + 1)? {
            b'B' | b'b' => true,
            b'Q' | b'q' => false,
            _ => return None,
        };
        if !plausible || inside.get(charset_end + 2) != Some(&b'?') {
            return None;
        }
        let text = &inside[charset_end + 3..];
        let text = &text[..text.len().min(LONGEST_WORD)];
        let mut end = find(text, b"?=")?;
        // A question mark that should have been escaped, followed by an escape, looks like the
        // end of the word: `=?utf-8?Q?what?=20now?=`.
        let looks_open = text.get(end + 2..end + 4).and_then(transfer::hex).is_some();
        if !is_base64
            && looks_open
            && let Some(later) = find(&text[end + 1..], b"?=")
            && !text[end..end + 1 + later].contains(&b' ')
        {
            end += 1 + later;
        }
        // RFC 2231 allows a language after the character set.
        let charset = charset.split(|&byte| byte == b'*').next().unwrap_or(charset);
        let word = Word { charset, is_base64, text: &text[..end] };
        // Two marks, the letter between its question marks.
        Some((word, 2 + charset_end + 3 + end + 2))
    }
}

/// Neighbouring words of one character set: decoded together, because programs cut characters
/// (and base64 groups) at the border of words.
#[derive(Default)]
struct Pending {
    charset: Vec<u8>,
    bytes: Vec<u8>,
    base64: Vec<u8>,
    any: bool,
}

impl Pending {
    fn is_empty(&self) -> bool {
        !self.any
    }

    fn add(&mut self, word: Word, out: &mut String) {
        if self.any && !self.charset.eq_ignore_ascii_case(word.charset) {
            self.flush(out);
        }
        self.any = true;
        self.charset = word.charset.to_vec();
        if word.is_base64 {
            if self.base64.len().is_multiple_of(4) || self.base64.ends_with(b"=") {
                self.settle();
            }
            self.base64.extend(word.text.iter().filter(|byte| !byte.is_ascii_whitespace()));
        } else {
            self.settle();
            let spaced: Vec<u8> =
                word.text.iter().map(|&byte| if byte == b'_' { b' ' } else { byte }).collect();
            transfer::unescape(&spaced, &mut self.bytes);
        }
    }

    fn settle(&mut self) {
        let decoded = transfer::base64(&std::mem::take(&mut self.base64));
        self.bytes.extend(decoded);
    }

    fn flush(&mut self, out: &mut String) {
        self.settle();
        let label = String::from_utf8_lossy(&self.charset).into_owned();
        let text = charset::decode(&self.bytes, Some(&label), None).text;
        // Line ends that were encoded into a header would forge a field.
        out.extend(text.chars().map(|c| if matches!(c, '\r' | '\n') { ' ' } else { c }));
        *self = Pending::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names<'a>(headers: &Headers<'a>) -> Vec<&'a str> {
        headers.fields.iter().map(|f| std::str::from_utf8(f.name).expect("ASCII")).collect()
    }

    #[test]
    fn blocks_are_found() {
        let check = |mail: &str, fields: &[&str], body: &str| {
            let (headers, at) = Headers::of_message(mail.as_bytes());
            assert_eq!((names(&headers).as_slice(), &mail[at..]), (fields, body), "{mail:?}");
        };
        check("A: 1\r\nB: 2\r\n\r\nbody", &["A", "B"], "body");
        check("A: 1\n 2\n\t3\nB:\n\nbody", &["A", "B"], "body");
        check("From x@y Tue\nA: 1\n\nbody", &["A"], "body");
        check("\n\nA: 1\n\nbody", &["A"], "body");
        check("\nbody", &[], "body");
        check("A: 1\nno field here\nB: 2\n\nbody", &["A", "", "B"], "body");
        check("A: 1\nno field here\nnor here\n", &["A"], "no field here\nnor here\n");
        let lost = "A: 1\nd=x; s 1;\nh=mime:to\nbDeg==\nno\nMIME-Version: 1\n\nbody";
        check(lost, &["A", "", "h=mime", "", "", "MIME-Version"], "body");
        check("A : 1\n\nbody", &["A"], "body");
        check("A: 1\n\t\n\t2\nB: 3\n \nbody", &["A", "B"], "body");
        check("junk above\nReceived: 1\nB: 2\n\nbody", &["Received", "B"], "body");
        check("HTTP/1.1 200 OK\nServer: x\n\nReceived: 1\n\nbody", &["Received"], "body");
        check("a sentence\nNote: 1\n\nbody", &[], "a sentence\nNote: 1\n\nbody");
        check("A: 1", &["A"], "");
        check("", &[], "");
    }

    #[test]
    fn values_are_unfolded() {
        assert_eq!(unfold(b" a\r\n b\n\t c \r\n"), b"a b c");
    }

    #[test]
    fn words_are_decoded() {
        let check = |value: &str, expected: &str| {
            assert_eq!(decode(value.as_bytes(), None), expected, "{value:?}");
        };
        check("=?utf-8?Q?S=C3=A4ying_Hello?=", "Säying Hello");
        check("=?UTF-8?B?5ZCI5ZCM?= XY", "合同 XY");
        check("=?gb2312?B?us/NrA==?= =?gb2312?B?us/NrA==?=", "合同合同");
        check("a =?utf-8?q?b?= c =?utf-8?q?d?=\r\n =?utf-8?q?e?=", "a b c de");
        // A character cut in two by the border of words, in both encodings.
        check("=?utf-8?Q?=E5=90?= =?utf-8?Q?=88?=", "合");
        check("=?utf-8?B?5ZA=?= =?utf-8?B?iA==?=", "合");
        check("=?utf-8?B?5Z?= =?utf-8?B?CI?=", "合");
        check("=?iso-2022-jp?B?GyRCJCIbKEI=?=", "あ");
        check("=?utf-8?Q?trailing_?= x", "trailing  x");
        check("=?utf-8*en?Q?lang?=", "lang");
        check("=?utf-8?X?what?=", "=?utf-8?X?what?=");
        check("=?utf-8?Q?open", "=?utf-8?Q?open");
        check("2 =? 3", "2 =? 3");
        check("=?utf-8?Q?with spaces in it?=", "with spaces in it");
        check("=?utf-8?Q?a=0D=0ABcc:_x?=", "a  Bcc: x");
        check("=?UTF-8?Q??=", "");
        check("=?utf-8?Q?what?=20now?=", "what? now");
    }

    #[test]
    fn raw_bytes_follow_the_mail() {
        let raw = encoding_rs::GBK.encode("琥珀鲸鱼").0;
        assert_eq!(decode(&raw, Some("GBK")), "琥珀鲸鱼");
        assert_eq!(decode("琥珀".as_bytes(), Some("GBK")), "琥珀");
    }

    proptest::proptest! {
        #[test]
        fn no_header_panics(bytes in proptest::collection::vec(0u8.., 0..200)) {
            let (headers, at) = Headers::of_message(&bytes);
            proptest::prop_assert!(at <= bytes.len());
            for field in headers.fields {
                decode(field.value, None);
            }
        }

        #[test]
        fn no_word_panics(value in "(=\\?|\\?=|\\?|[bBqQ]|utf-8|[=A-F0-9]| ){0,40}") {
            decode(value.as_bytes(), None);
        }
    }
}
