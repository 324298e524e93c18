//! `Content-Type` and `Content-Disposition`: a value and its parameters, with the continuations
//! and character sets of RFC 2231 and the shortcuts that programs take.

use super::{charset, header, transfer};

/// A parsed header value with parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params {
    /// In lower case: `text/plain`, `attachment`.
    pub value: String,
    /// Name in lower case, bytes, and the character set where RFC 2231 gives one.
    params: Vec<(String, Vec<u8>, Option<String>)>,
}

impl Params {
    pub fn parse(raw: &[u8]) -> Params {
        let line = header::unfold(raw);
        let mut pieces = split(&line).into_iter();
        let value = pieces.next().unwrap_or_default();
        let value = String::from_utf8_lossy(without_comment(&value)).trim().to_ascii_lowercase();
        let mut sections = Vec::new();
        for piece in pieces {
            let Some(equals) = piece.iter().position(|&byte| byte == b'=') else { continue };
            let name = String::from_utf8_lossy(piece[..equals].trim_ascii()).to_ascii_lowercase();
            if !name.is_empty() {
                sections.push(Section::new(&name, unquote(piece[equals + 1..].trim_ascii())));
            }
        }
        Params { value, params: join(sections) }
    }

    /// A parameter's bytes as text; for boundaries and other names that programs read.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.params.iter().find(|(n, _, _)| n == name).map(|(_, value, _)| value.as_slice())
    }

    /// A parameter in lower case ASCII.
    pub fn token(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| String::from_utf8_lossy(value).trim().to_ascii_lowercase())
    }

    /// A parameter as a person reads it, and its raw bytes where they were decoded by guess.
    pub fn text(&self, name: &str, fallback: Option<&str>) -> Option<(String, Option<Vec<u8>>)> {
        let (_, bytes, set) = self.params.iter().find(|(n, _, _)| n == name)?;
        if let Some(set) = set {
            return Some((charset::decode(bytes, Some(set), fallback).text, None));
        }
        let guessed = std::str::from_utf8(bytes).is_err();
        Some((header::decode(bytes, fallback), guessed.then(|| bytes.clone())))
    }
}

/// `name*1*=value` taken apart.
struct Section {
    name: String,
    number: u32,
    value: Vec<u8>,
    charset: Option<String>,
}

impl Section {
    fn new(name: &str, value: Vec<u8>) -> Section {
        let (name, encoded) = match name.strip_suffix('*') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (name, number) = match name.rsplit_once('*') {
            Some((name, number)) if number.parse::<u32>().is_ok() => {
                (name, number.parse().unwrap_or(0))
            }
            _ => (name, 0),
        };
        let mut section = Section { name: name.to_owned(), number, value, charset: None };
        if encoded {
            section.decode();
        }
        section
    }

    /// `charset'language'percent-encoded`; only the first section has the first two.
    fn decode(&mut self) {
        let mut text = self.value.as_slice();
        let mut quotes = text.iter().enumerate().filter(|(_, byte)| **byte == b'\'');
        if self.number == 0
            && let (Some((first, _)), Some((second, _))) = (quotes.next(), quotes.next())
        {
            self.charset = Some(String::from_utf8_lossy(&text[..first]).into_owned());
            text = &text[second + 1..];
        }
        let mut out = Vec::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            if text[at] == b'%'
                && let Some(byte) = text.get(at + 1..at + 3).and_then(transfer::hex)
            {
                out.push(byte);
                at += 3;
            } else {
                out.push(text[at]);
                at += 1;
            }
        }
        self.value = out;
    }
}

/// Puts sections of one parameter together. The extended form wins over the plain one.
fn join(mut sections: Vec<Section>) -> Vec<(String, Vec<u8>, Option<String>)> {
    let mut params: Vec<(String, Vec<u8>, Option<String>)> = Vec::new();
    sections.sort_by_key(|section| section.number);
    for section in sections {
        let known = params.iter_mut().find(|(name, _, _)| *name == section.name);
        match known {
            Some((_, value, _)) if section.number > 0 => value.extend(section.value),
            Some((_, value, charset)) if section.charset.is_some() && charset.is_none() => {
                (*value, *charset) = (section.value, section.charset);
            }
            Some(_) => {}
            None => params.push((section.name, section.value, section.charset)),
        }
    }
    params
}

/// Cuts at semicolons outside of quotes.
fn split(line: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces = vec![Vec::new()];
    let mut quoted = false;
    let mut escaped = false;
    for &byte in line {
        match byte {
            b';' if !quoted => {
                pieces.push(Vec::new());
                continue;
            }
            b'"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
        if let Some(piece) = pieces.last_mut() {
            piece.push(byte);
        }
    }
    if quoted && pieces.len() == 1 {
        // A quote that is never closed swallows everything: cut at every semicolon instead.
        return line.split(|&byte| byte == b';').map(<[u8]>::to_vec).collect();
    }
    pieces
}

/// The text of a quoted string, or the bare word. Backslashes are kept where they are the
/// separators of a path.
fn unquote(value: &[u8]) -> Vec<u8> {
    let Some(inside) = value.strip_prefix(b"\"") else {
        return without_comment(value).trim_ascii_end().to_vec();
    };
    let mut out = Vec::with_capacity(inside.len());
    let mut bytes = inside.iter().peekable();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'"' => break,
            b'\\' => match bytes.next_if(|next| matches!(next, b'"' | b'\\')) {
                Some(&next) => out.push(next),
                None => out.push(byte),
            },
            _ => out.push(byte),
        }
    }
    out
}

/// The value in front of a comment: `text/plain (as it says)`.
fn without_comment(value: &[u8]) -> &[u8] {
    let end = value.windows(2).position(|pair| matches!(pair, b" ("));
    &value[..end.unwrap_or(value.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read() {
        let check = |raw: &str, value: &str, name: &str, expected: Option<&str>| {
            let params = Params::parse(raw.as_bytes());
            let text = params.text(name, None).map(|(text, _)| text);
            assert_eq!((params.value.as_str(), text.as_deref()), (value, expected), "{raw:?}");
        };
        check("Text/Plain; charset=UTF-8", "text/plain", "charset", Some("UTF-8"));
        check("text/plain; charset=\"a;b\"", "text/plain", "charset", Some("a;b"));
        check("text/plain (comment); name=x", "text/plain", "name", Some("x"));
        check("a/b; name=\"q\\\"q\"", "a/b", "name", Some("q\"q"));
        check("a/b; name=\"C:\\dir\\f.txt\"", "a/b", "name", Some("C:\\dir\\f.txt"));
        check("a/b; name=my file.txt; x=1", "a/b", "name", Some("my file.txt"));
        check("a/b;\r\n\tname=\"one\r\n two\"", "a/b", "name", Some("one two"));
        check("a/b; name=\"=?utf-8?B?5ZCI5ZCM?=.pdf\"", "a/b", "name", Some("合同.pdf"));
        check("a/b; name*=utf-8''%E5%90%88.txt", "a/b", "name", Some("合.txt"));
        check(
            "a/b; name*0*=utf-8''%E5%90; name*1*=%88; name*2=.txt",
            "a/b",
            "name",
            Some("合.txt"),
        );
        check("a/b; name*1=two; name*0=one", "a/b", "name", Some("onetwo"));
        check("a/b; name=x.txt; name*=utf-8''%E5%90%88", "a/b", "name", Some("合"));
        check("a/b; boundary=\"", "a/b", "boundary", Some(""));
        check("", "", "name", None);
        check("a/b; =x; ;", "a/b", "name", None);
    }

    proptest::proptest! {
        #[test]
        fn no_value_panics(raw in "([a-z]|[;=*'\"\\\\ %0-9]|name|\\r\\n ){0,60}") {
            Params::parse(raw.as_bytes()).text("name", None);
        }
    }
}
