//! HTML as a flat stream of tags and text. No tree: depth costs nothing, and what is not closed
//! properly is evidence all the same.

use std::borrow::Cow;

#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// Text with its references unresolved.
    Text(&'a str),
    Open(Tag<'a>),
    /// Name in lower case.
    Close(Cow<'a, str>),
    Comment(&'a str),
}

#[derive(Debug, PartialEq)]
pub(super) struct Tag<'a> {
    /// In lower case, without a prefix of a namespace.
    pub name: Cow<'a, str>,
    /// Everything between the name and `>`.
    pub attributes: &'a str,
    /// Ends with `/>`.
    pub is_empty: bool,
}

impl<'a> Tag<'a> {
    /// The value of an attribute with its references unresolved; empty where it has none.
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|found| found.1)
    }

    /// All attributes, as they are written.
    pub fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/');
            let (key, after) = rest.split_at(end.unwrap_or(rest.len()));
            let (value, next) = value(after);
            // `=` without a name in front of it.
            rest = if next.len() == rest.len() { skip_one(next) } else { next };
            Some((key, value))
        })
    }
}

fn skip_one(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.as_str()
}

/// What follows an attribute's name: its value, and what comes after.
fn value(after: &str) -> (&str, &str) {
    let Some(rest) = after.trim_ascii_start().strip_prefix('=') else { return ("", after) };
    let rest = rest.trim_ascii_start();
    for quote in ['"', '\''] {
        if let Some(inner) = rest.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()))
}

/// Elements whose content is no markup.
const RAW: &[&str] = &["script", "style", "textarea", "title", "xmp", "noembed"];

pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// The element whose raw content comes next.
    raw: Option<Cow<'a, str>>,
    /// Searches for these failed once, and would again.
    no_comment_end: bool,
    no_quote: [bool; 2],
}

impl<'a> Tokens<'a> {
    pub fn new(html: &'a str) -> Self {
        Tokens { rest: html, raw: None, no_comment_end: false, no_quote: [false; 2] }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (now, later) = self.rest.split_at(length);
        self.rest = later;
        now
    }

    /// Content up to the closing tag of the element, which stays.
    fn raw_text(&mut self, name: &str) -> &'a str {
        let bytes = self.rest.as_bytes();
        let end = (0..bytes.len()).find(|at| {
            bytes[*at] == b'<'
                && bytes.get(at + 1) == Some(&b'/')
                && bytes
                    .get(at + 2..at + 2 + name.len())
                    .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        });
        self.take(end.unwrap_or(bytes.len()))
    }

    /// Length of a tag that begins at the start, `>` included.
    fn tag_length(&mut self) -> usize {
        let bytes = self.rest.as_bytes();
        let mut at = 1;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'>' => return at + 1,
                b'"' | b'\'' if is_value(&bytes[..at]) => {
                    let which = usize::from(*byte == b'\'');
                    let end = if self.no_quote[which] {
                        None
                    } else {
                        bytes[at + 1..].iter().position(|other| other == byte)
                    };
                    match end {
                        Some(length) => at += length + 2,
                        // Never closed: the tag ends at its first `>`.
                        None => {
                            self.no_quote[which] = true;
                            at += 1;
                        }
                    }
                }
                // `<a <b>`: somebody forgot to close.
                b'<' => return at,
                _ => at += 1,
            }
        }
        bytes.len()
    }

    fn markup(&mut self) -> Option<Token<'a>> {
        let rest = self.rest;
        if let Some(inner) = rest.strip_prefix("<!--") {
            let end = if self.no_comment_end { None } else { inner.find("-->") };
            self.no_comment_end |= end.is_none();
            return Some(Token::Comment(match end {
                Some(length) => &self.take(length + 7)[4..length + 4],
                // Never closed: up to the next tag's end, and the rest is read on.
                None => {
                    let length = rest.find('>').map_or(rest.len(), |at| at + 1);
                    self.take(length).get(4..).unwrap_or_default()
                }
            }));
        }
        if let Some(inner) = rest.strip_prefix("<![CDATA[") {
            let length = inner.find("]]>").map_or(rest.len(), |at| at + 12);
            let all = self.take(length);
            return Some(Token::Text(all[9..].strip_suffix("]]>").unwrap_or(&all[9..])));
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            let length = rest.find('>').map_or(rest.len(), |at| at + 1);
            self.take(length);
            return None;
        }
        let is_close = rest.starts_with("</");
        let length = self.tag_length();
        let tag = self.take(length);
        let inner = tag.trim_start_matches(['<', '/']).trim_end_matches('>');
        let end = inner.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(end);
        let name = name.rsplit(':').next().unwrap_or(name);
        let name: Cow<'a, str> = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(name)
        };
        if is_close {
            return Some(Token::Close(name));
        }
        let is_empty = attributes.ends_with('/');
        if !is_empty && RAW.contains(&&*name) {
            self.raw = Some(name.clone());
        }
        Some(Token::Open(Tag { name, attributes, is_empty }))
    }
}

/// A quote opens a value only behind `=`.
fn is_value(before: &[u8]) -> bool {
    before.iter().rev().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'=')
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if let Some(name) = self.raw.take() {
                let text = self.raw_text(&name);
                if !text.is_empty() {
                    return Some(Token::Text(text));
                }
            }
            if self.rest.is_empty() {
                return None;
            }
            let bytes = self.rest.as_bytes();
            let is_markup = |at: usize| {
                bytes[at] == b'<'
                    && bytes.get(at + 1).is_some_and(|next| {
                        next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?')
                    })
            };
            if is_markup(0) {
                if let Some(token) = self.markup() {
                    return Some(token);
                }
                continue;
            }
            let end = (1..bytes.len()).find(|at| is_markup(*at)).unwrap_or(bytes.len());
            return Some(Token::Text(self.take(end)));
        }
    }
}
