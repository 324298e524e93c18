//! The structure of a message: its parts, flat and in order, each with its place in the tree.
//!
//! Our own and not a library's, because what matters here is what libraries hide: the raw bytes
//! of names and texts (their character sets are often wrong), limits on depth and number, and
//! recovery from boundaries that are missing, alike or never closed. Messages inside messages are
//! leaves: they become documents of their own.

use super::header::Headers;
use super::params::Params;
use std::ops::Range;

/// How the bytes of a part were made fit for the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    Plain,
    Base64,
    QuotedPrintable,
    Uuencode,
}

/// One part of a message; the first one is the message itself.
#[derive(Debug)]
pub struct Part<'a> {
    pub headers: Headers<'a>,
    /// `Content-Type` with its default filled in.
    pub kind: Params,
    pub disposition: Params,
    pub transfer: Transfer,
    /// The encoded body, in bytes of the message.
    pub body: Range<usize>,
    /// Index of the part it stands in; itself for the first.
    pub parent: usize,
    /// Its body was taken apart into parts.
    pub is_container: bool,
    /// Text around the parts of a container that no reader shows.
    pub around: Vec<Range<usize>>,
}

impl Part<'_> {
    pub fn is(&self, kind: &str) -> bool {
        self.kind.value == kind
    }
}

/// A message taken apart.
#[derive(Debug)]
pub struct Tree<'a> {
    pub parts: Vec<Part<'a>>,
    /// What was missing or too much.
    pub troubles: Vec<String>,
}

/// Work that is left: a range of bytes that is a part, its depth and what it stands in.
struct Todo {
    range: Range<usize>,
    depth: u32,
    parent: usize,
    in_digest: bool,
}

/// Takes a message apart, at most `depth` levels deep and into at most `most` parts.
pub fn parse(bytes: &[u8], depth: u32, most: usize) -> Tree<'_> {
    let mut tree = Tree { parts: Vec::new(), troubles: Vec::new() };
    let mut stack = vec![Todo { range: 0..bytes.len(), depth: 0, parent: 0, in_digest: false }];
    while let Some(todo) = stack.pop() {
        if tree.parts.len() >= most {
            tree.troubles.push(format!("more than {most} parts; the rest was left out"));
            break;
        }
        let index = tree.parts.len();
        let mut part = single(bytes, &todo);
        if part.kind.value.starts_with("multipart/") {
            if todo.depth >= depth {
                tree.troubles
                    .push(format!("parts nested deeper than {depth} were not taken apart"));
            } else {
                let pieces = take_apart(bytes, &mut part, &mut tree.troubles);
                let in_digest = part.is("multipart/digest");
                stack.extend(pieces.into_iter().rev().map(|range| Todo {
                    range,
                    depth: todo.depth + 1,
                    parent: index,
                    in_digest,
                }));
            }
        }
        tree.parts.push(part);
    }
    tree.troubles.dedup();
    tree
}

fn single<'a>(bytes: &'a [u8], todo: &Todo) -> Part<'a> {
    let bytes = &bytes[todo.range.clone()];
    let (headers, at) =
        if todo.depth == 0 { Headers::of_message(bytes) } else { Headers::parse(bytes) };
    let kind = headers
        .all("Content-Type")
        .map(Params::parse)
        .find(|kind| is_type(&kind.value))
        .unwrap_or_else(|| {
            // What the sender wrote may still name a character set or a file.
            let mut kind = headers.get("Content-Type").map(Params::parse).unwrap_or_default();
            let default = if todo.in_digest { "message/rfc822" } else { "text/plain" };
            kind.value = match kind.value.as_str() {
                "html" => "text/html".to_owned(),
                _ => default.to_owned(),
            };
            kind
        });
    let disposition = headers
        .all("Content-Disposition")
        .map(Params::parse)
        .find(|params| !params.value.is_empty() || params.get("filename").is_some())
        .unwrap_or_default();
    let transfer = headers
        .all("Content-Transfer-Encoding")
        .map(Params::parse)
        .find_map(|encoding| transfer(&encoding.value))
        .unwrap_or(Transfer::Plain);
    Part {
        headers,
        kind,
        disposition,
        transfer,
        body: todo.range.start + at..todo.range.end,
        parent: todo.parent,
        is_container: false,
        around: Vec::new(),
    }
}

fn is_type(value: &str) -> bool {
    value.split_once('/').is_some_and(|(major, minor)| {
        !major.is_empty() && !minor.is_empty() && !value.contains(char::is_whitespace)
    })
}

fn transfer(value: &str) -> Option<Transfer> {
    let value: String = value.chars().filter(|c| !matches!(c, ' ' | '"' | '\'')).collect();
    match value.as_str() {
        "base64" | "b" => Some(Transfer::Base64),
        "quoted-printable" | "qp" | "quotedprintable" => Some(Transfer::QuotedPrintable),
        "x-uuencode" | "uuencode" | "x-uue" | "uue" => Some(Transfer::Uuencode),
        "7bit" | "8bit" | "binary" | "7-bit" | "8-bit" => Some(Transfer::Plain),
        _ => None,
    }
}

/// The ranges of the parts of a container. Empty when it has none: it is a text then.
fn take_apart(bytes: &[u8], part: &mut Part, troubles: &mut Vec<String>) -> Vec<Range<usize>> {
    let body = &bytes[part.body.clone()];
    let boundary = match part.kind.get("boundary").map(<[u8]>::trim_ascii_end) {
        Some(boundary) if !boundary.is_empty() => boundary.to_vec(),
        _ => match guess_boundary(body) {
            Some(boundary) => {
                troubles.push("a boundary between parts was not declared; guessed".to_owned());
                boundary
            }
            None => Vec::new(),
        },
    };
    let mut pieces = Vec::new();
    let mut open: Option<usize> = None;
    let mut closed = false;
    let mut before = 0;
    let mut at = 0;
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        let start = at;
        at += line.len();
        let Some(last) = delimiter(line, &boundary) else { continue };
        let end = before_line_end(body, start);
        match open.take() {
            Some(piece) => pieces.push(part.body.start + piece..part.body.start + end.max(piece)),
            None => part.around.push(part.body.start + before..part.body.start + end.max(before)),
        }
        if last {
            closed = true;
            before = at;
        } else {
            open = Some(at);
        }
    }
    match open {
        Some(piece) => {
            pieces.push(part.body.start + piece..part.body.end);
            troubles.push("the last boundary is missing; the message may be cut off".to_owned());
        }
        None if closed || !pieces.is_empty() => {
            part.around.push(part.body.start + before..part.body.end);
        }
        None => part.around.clear(),
    }
    part.is_container = !pieces.is_empty() || closed;
    pieces
}

/// Whether a line is `--boundary` (`Some(false)`) or `--boundary--` (`Some(true)`).
fn delimiter(line: &[u8], boundary: &[u8]) -> Option<bool> {
    if boundary.is_empty() {
        return None;
    }
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary)?.trim_ascii_end();
    match rest {
        b"" => Some(false),
        b"--" => Some(true),
        // Something after the closing mark, as some programs write it.
        _ if rest.starts_with(b"--") && rest[2..].trim_ascii_start().len() < rest.len() - 2 => {
            Some(true)
        }
        _ => None,
    }
}

/// A line end in front of a delimiter belongs to the delimiter.
fn before_line_end(body: &[u8], at: usize) -> usize {
    let head = &body[..at];
    let head = head.strip_suffix(b"\n").unwrap_or(head);
    head.strip_suffix(b"\r").unwrap_or(head).len()
}

/// The first line that looks like a boundary and occurs again.
fn guess_boundary(body: &[u8]) -> Option<Vec<u8>> {
    let is_mark = |line: &&[u8]| {
        line.len() > 4 && line.len() <= 74 && line.starts_with(b"--") && *line != b"-- "
    };
    let mut marks =
        body.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end).filter(is_mark).take(1000);
    let first = &marks.next()?[2..];
    let again = marks.any(|mark| {
        let mark = &mark[2..];
        mark == first || mark.strip_suffix(b"--") == Some(first)
    });
    again.then(|| first.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each part as `depth type body`.
    fn outline(mail: &str) -> Vec<String> {
        let tree = parse(mail.as_bytes(), 16, 100);
        let depth = |mut at: usize| {
            let mut depth = 0;
            while at != 0 {
                at = tree.parts[at].parent;
                depth += 1;
            }
            depth
        };
        let line = |(at, part): (usize, &Part)| {
            let body = if part.is_container { "" } else { &mail[part.body.clone()] };
            format!("{} {} {body}", depth(at), part.kind.value)
        };
        tree.parts.iter().enumerate().map(line).collect()
    }

    #[test]
    fn parts_are_found() {
        let check = |mail: &str, expected: &[&str]| {
            assert_eq!(outline(mail), expected, "{mail:?}");
        };
        let mixed = "Content-Type: multipart/mixed; boundary=B\n\n";
        check("A: b\n\nbody", &["0 text/plain body"]);
        check(
            &format!("{mixed}pre\n--B\n\none\n--B\nContent-Type: text/html\n\ntwo\n--B--\npost"),
            &["0 multipart/mixed ", "1 text/plain one", "1 text/html two"],
        );
        check(
            &format!("{mixed}--B\n\none\n--BB\n\ntwo\n--B  \n\nthree"),
            &["0 multipart/mixed ", "1 text/plain one\n--BB\n\ntwo", "1 text/plain three"],
        );
        check(&format!("{mixed}no parts"), &["0 multipart/mixed no parts"]);
        check(&format!("{mixed}--B--\n"), &["0 multipart/mixed "]);
        check(
            "Content-Type: multipart/mixed\n\n--xyz\n\none\n--xyz--\n",
            &["0 multipart/mixed ", "1 text/plain one"],
        );
        check(
            "Content-Type: multipart/digest; boundary=D\n\n--D\n\nA: b\n\nin\n--D--",
            &["0 multipart/digest ", "1 message/rfc822 A: b\n\nin"],
        );
        check("Content-Type: text\n\nbody", &["0 text/plain body"]);
        check(
            &format!(
                "{mixed}--B\nContent-Type: multipart/alternative; boundary=C\n\n--C\n\nin\n--B\n\nout\n--B--"
            ),
            &[
                "0 multipart/mixed ",
                "1 multipart/alternative ",
                "2 text/plain in",
                "1 text/plain out",
            ],
        );
    }

    #[test]
    fn depth_and_number_are_limited() {
        let mut mail = String::new();
        for level in 0..50 {
            mail += &format!("Content-Type: multipart/mixed; boundary=B{level}\n\n--B{level}\n");
        }
        let tree = parse(mail.as_bytes(), 16, 100);
        assert_eq!(tree.parts.len(), 17);
        assert!(tree.troubles.iter().any(|trouble| trouble.contains("deeper")));

        let many =
            format!("Content-Type: multipart/mixed; boundary=B\n\n{}", "--B\n\nx\n".repeat(200));
        let tree = parse(many.as_bytes(), 16, 100);
        assert_eq!(tree.parts.len(), 100);
    }

    proptest::proptest! {
        #[test]
        fn ranges_stay_inside(mail in "(--B|--|\\n|Content-Type: multipart/mixed; boundary=B\\n|[a-z: ]{0,4}){0,40}") {
            for part in parse(mail.as_bytes(), 8, 50).parts {
                proptest::prop_assert!(part.body.start <= part.body.end && part.body.end <= mail.len());
                for range in part.around {
                    proptest::prop_assert!(range.start <= range.end && range.end <= mail.len());
                }
            }
        }
    }
}
