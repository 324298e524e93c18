//! The text of a message: which of its parts are its body, decoded and in reading order.

use super::markup::{self, Known};
use super::mime::{Part, Transfer, Tree};
use super::transfer::{self, Uuencoded};
use super::{charset, header};
use crate::extract::text::rejoined;
use crate::model::Wrap;
use std::collections::{BTreeMap, BTreeSet};

/// A stretch of body text.
#[derive(Debug)]
pub struct Text {
    /// The text; of a page what a reader sees of it.
    pub text: String,
    /// The page itself, where it is one.
    pub page: Option<String>,
    pub wrap: Wrap,
    pub encoding: String,
    pub warnings: Vec<String>,
    /// Files that were written into the text.
    pub files: Vec<Uuencoded>,
}

/// The decoded bytes of a part.
pub fn bytes_of(part: &Part, bytes: &[u8]) -> Vec<u8> {
    let raw = &bytes[part.body.clone()];
    match part.transfer {
        Transfer::Plain => raw.to_vec(),
        Transfer::Base64 => transfer::base64(raw),
        Transfer::QuotedPrintable => transfer::quoted_printable(raw),
        Transfer::Uuencode => transfer::uudecode(raw),
    }
}

/// Which parts are text of the message. All other leaves are attachments.
pub struct Body {
    /// The ones to read, in order.
    pub read: Vec<usize>,
    /// HTML that says the same as a plain text that is read.
    pub same: BTreeSet<usize>,
    /// What was read to choose between them.
    known: BTreeMap<usize, Text>,
}

impl Body {
    /// The text of one of them; for each once.
    pub fn text(&mut self, leaf: usize, tree: &Tree, bytes: &[u8], fallback: Option<&str>) -> Text {
        let known = self.known.remove(&leaf);
        known.unwrap_or_else(|| read(&tree.parts[leaf], bytes, fallback))
    }
}

/// Chooses the parts that are text of the message.
pub fn choose(tree: &Tree, bytes: &[u8], fallback: Option<&str>) -> Body {
    let parts = &tree.parts;
    let mut body: Vec<usize> = (0..parts.len()).filter(|&at| is_text(at, &parts[at])).collect();
    // Of alternatives that say the same, the plain one is read.
    let mut choices: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    let nearest = alternatives(parts);
    for &leaf in &body {
        if let Some(at) = nearest[leaf] {
            let (plain, html) = choices.entry(at).or_default();
            if parts[leaf].is("text/html") { html.push(leaf) } else { plain.push(leaf) }
        }
    }
    let mut known = BTreeMap::new();
    let mut text = |leaves: &[usize]| {
        let mut all = String::new();
        for &leaf in leaves {
            let text = known.entry(leaf).or_insert_with(|| read(&parts[leaf], bytes, fallback));
            all.push_str(&text.text);
        }
        all
    };
    let mut same = BTreeSet::new();
    for (plain, html) in
        choices.values().filter(|(plain, html)| !plain.is_empty() && !html.is_empty())
    {
        if !differs(&text(plain), &text(html)) {
            same.extend(html);
        }
    }
    body.retain(|leaf| !same.contains(leaf));
    Body { read: body, same, known }
}

/// For every part the nearest alternative that it stands in.
fn alternatives(parts: &[Part]) -> Vec<Option<usize>> {
    let mut nearest: Vec<Option<usize>> = vec![None; parts.len()];
    for at in 1..parts.len() {
        let parent = parts[at].parent;
        nearest[at] =
            if parts[parent].is("multipart/alternative") { Some(parent) } else { nearest[parent] };
    }
    nearest
}

/// Whether a part is text to be read with the message and not a file that came with it.
fn is_text(at: usize, part: &Part) -> bool {
    if part.is_container {
        return false;
    }
    match part.kind.value.as_str() {
        "message/delivery-status"
        | "message/disposition-notification"
        | "message/feedback-report"
        | "message/external-body"
        | "message/partial"
        | "text/rfc822-headers" => true,
        "text/plain" | "text/html" | "text/enriched" | "text/richtext" => {
            let named = part.disposition.get("filename").or(part.kind.get("name")).is_some();
            at == 0 || !(named || part.disposition.value == "attachment")
        }
        // A container without parts is what it looks like: text.
        kind => kind.starts_with("multipart/"),
    }
}

/// Reads one part as text.
pub fn read(part: &Part, bytes: &[u8], fallback: Option<&str>) -> Text {
    let raw = &bytes[part.body.clone()];
    let behind = match part.transfer {
        Transfer::Base64 => &raw[transfer::base64_end(raw)..],
        _ => &[],
    };
    let decoded = match behind {
        [] => bytes_of(part, bytes),
        _ => transfer::base64(&raw[..raw.len() - behind.len()]),
    };
    let (decoded, files) = match part.transfer {
        Transfer::Plain if !part.is("text/html") => transfer::take_uuencoded(&decoded),
        _ => (decoded, Vec::new()),
    };
    let declared = part.kind.get("charset").map(|set| String::from_utf8_lossy(set).into_owned());
    let declared =
        declared.or_else(|| part.is("text/html").then(|| html_charset(&decoded)).flatten());
    let charset::Decoded { text, encoding, warnings } =
        charset::decode(&decoded, declared.as_deref(), fallback);
    let text = match behind {
        [] => text,
        _ => format!("{}\n{}", text.trim_end(), charset::decode(behind, None, fallback).text),
    };
    let flowed = part.kind.token("format").as_deref() == Some("flowed");
    let text =
        if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    let page = part.is("text/html").then(|| text.clone());
    let (text, wrap) = match part.kind.value.as_str() {
        "text/html" => (markup::read(&text).seen, Wrap::Lines),
        "text/enriched" | "text/richtext" => (without_commands(&text), Wrap::Flow),
        "text/plain" if flowed => {
            let delete_space = part.kind.token("delsp").as_deref() == Some("yes");
            (unwrap_flowed(&text, delete_space), Wrap::Lines)
        }
        kind if kind.starts_with("message/") || kind == "text/rfc822-headers" => {
            (text, Wrap::Lines)
        }
        _ => (rejoin_quoted(text), Wrap::Flow),
    };
    Text { text, page, wrap, encoding, warnings, files }
}

/// The character set that a page states in its head.
pub fn html_charset(page: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&page[..page.len().min(2048)]).to_ascii_lowercase();
    let at = head.find("charset=")? + "charset=".len();
    let label: String = head[at..]
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    (!label.is_empty()).then_some(label)
}

/// RFC 3676: a line that ends with a space goes on in the next one of the same quote depth.
fn unwrap_flowed(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim_start_matches('>');
        let depth = line.len() - content.len();
        let content = content.strip_prefix(' ').unwrap_or(content);
        if open != Some(depth) {
            if open.is_some() {
                out.push('\n');
            }
            out.push_str(&line[..depth]);
            if depth > 0 {
                out.push(' ');
            }
        }
        let soft = content.ends_with(' ') && content != "-- ";
        if soft {
            out.push_str(if delete_space { &content[..content.len() - 1] } else { content });
            open = Some(depth);
        } else {
            out.push_str(content);
            out.push('\n');
            open = None;
        }
    }
    out
}

/// Text in which a Chinese word that is broken over two quoted lines is one again: the marks of the
/// quotation stand between its halves.
fn rejoin_quoted(text: String) -> String {
    let prefix = |line: &str| line.len() - line.trim_start_matches(['>', ' ']).len();
    if !text.contains("\n>") && !text.starts_with('>') || text.is_ascii() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let mark = &line[..prefix(line)];
        let mut content = line[mark.len()..].to_owned();
        if mark.contains('>') {
            while let Some(next) = lines.next_if(|next| &next[..prefix(next)] == mark) {
                content.push_str(&next[mark.len()..]);
            }
            content = rejoined(&content).unwrap_or(content);
        }
        for line in content.split_inclusive('\n') {
            out.push_str(mark);
            out.push_str(line);
        }
    }
    out
}

/// Text of `text/enriched` without its `<bold>` and parameters.
fn without_commands(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<<") {
            out.push('<');
            rest = after;
        } else if rest.starts_with("<param>")
            && let Some(end) = rest.find("</param>")
        {
            rest = &rest[end + "</param>".len()..];
        } else if let Some(end) = rest.find('>') {
            rest = &rest[end + 1..];
        } else {
            break;
        }
    }
    out.push_str(rest);
    out
}

/// Whether `other` is another text, and not the same one in another dress: more than half of
/// it is not in `text`.
pub fn differs(text: &str, other: &str) -> bool {
    let (missing, of) = Known::new(text).missing(other);
    missing * 2 > of
}

/// The character set of bytes in this message that state none: judged from all of them together.
pub fn fallback(tree: &Tree, bytes: &[u8]) -> Option<String> {
    const ENOUGH: usize = 64 * 1024;
    let mut declared = Vec::new();
    let mut unsure: Vec<u8> = Vec::new();
    for part in tree.parts.iter() {
        for field in &part.headers.fields {
            if !field.value.is_ascii() && std::str::from_utf8(field.value).is_err() {
                unsure.extend(header::unfold(field.value));
                unsure.push(b'\n');
            }
        }
        if let Some(set) = part.kind.get("charset") {
            declared.push(charset::normalise(&String::from_utf8_lossy(set)));
        } else if part.kind.value.starts_with("text/")
            && !part.is_container
            && unsure.len() < ENOUGH
        {
            let text = bytes_of(part, bytes);
            let head = &text[..text.len().min(ENOUGH)];
            if !head.is_ascii() && std::str::from_utf8(&text).is_err() {
                unsure.extend_from_slice(head);
            }
        }
    }
    if unsure.is_empty() {
        return None;
    }
    // What a part declares is the best guess for what its headers do not, if it fits.
    let fits =
        declared.iter().filter_map(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    for encoding in fits {
        if encoding != encoding_rs::UTF_8
            && !encoding.is_single_byte()
            && encoding.decode_without_bom_handling_and_without_replacement(&unsure).is_some()
        {
            return Some(encoding.name().to_owned());
        }
    }
    Some(crate::extract::encoding::guess(&unsure, None).charset.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flowed_text_is_joined() {
        let check = |text: &str, delete, expected: &str| {
            assert_eq!(unwrap_flowed(text, delete), expected, "{text:?}");
        };
        check("one \ntwo\nthree\n", false, "one two\nthree\n");
        check("> quoted \n> text\nanswer\n", false, "> quoted text\nanswer\n");
        check("> quoted \nanswer\n", false, "> quoted \nanswer\n");
        check(" From here\n-- \nname\n", false, "From here\n-- \nname\n");
        check("合 \n同\n", true, "合同\n");
    }

    #[test]
    fn quoted_words_are_whole() {
        let check = |text: &str, expected: &str| {
            assert_eq!(rejoin_quoted(text.to_owned()), expected, "{text:?}");
        };
        check(
            "好的\n\n> 这是一份关于青河项目的付款合同说明文件请各部门仔细阅读其中的条\n> 款并在下周五之前\n",
            "好的\n\n> 这是一份关于青河项目的付款合同说明文件请各部门仔细阅读其中的条款并在下周五之前\n",
        );
        check("> 好的\n> 谢谢\n>\n>> 再见\n", "> 好的\n> 谢谢\n>\n>> 再见\n");
        check("> 好的\n谢谢", "> 好的\n谢谢");
    }

    #[test]
    fn alternatives_differ_or_not() {
        let check = |text: &str, other: &str, expected| {
            assert_eq!(differs(text, other), expected, "{text:?} {other:?}");
        };
        check("Hello, this is the plain text.", "Hello, this is   the plain text.", false);
        check("", "Something else entirely", true);
        check("Your reader cannot show HTML.", "The meeting is on Friday at nine.", true);
        check("会议定于周五上午九点举行", "会议定于周五上午九点举行。", false);
        check("abc", "", false);
        check("test", "test", false);
    }

    #[test]
    fn enriched_text_loses_its_commands() {
        let text = "<bold>Now</bold> <color><param>red</param>is</color> a << b";
        assert_eq!(without_commands(text), "Now is a < b");
    }
}
