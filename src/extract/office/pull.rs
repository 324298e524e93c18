//! A pull parser over XML that nobody vouches for.
//!
//! Office formats are read by local names: prefixes vary between writers and the strict and
//! transitional forms differ only in namespaces. Entities that a document defines itself are
//! never expanded, tags that do not match are passed on as they come, and the depth is bounded.

use quick_xml::Reader;
use quick_xml::events::{BytesEnd, BytesRef, BytesStart, Event};
use std::borrow::Cow;

/// One thing in the document. An empty element comes as a start and an end.
pub enum Node<'a> {
    Start(Tag<'a>),
    End(EndTag<'a>),
    Text(Cow<'a, str>),
}

/// A start tag.
pub struct Tag<'a>(BytesStart<'a>);

/// An end tag.
pub struct EndTag<'a>(BytesEnd<'a>);

impl EndTag<'_> {
    /// Name without prefix.
    pub fn name(&self) -> &str {
        local(self.0.name().0)
    }
}

impl Tag<'_> {
    /// Name without prefix.
    pub fn name(&self) -> &str {
        local(self.0.name().0)
    }

    /// Prefix, empty where there is none.
    pub fn prefix(&self) -> &str {
        self.0.name().0.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The attribute with this local name; one without prefix is preferred.
    pub fn attr(&self, name: &str) -> Option<String> {
        let mut prefixed = None;
        for attribute in self.0.attributes().with_checks(false).flatten() {
            let key = attribute.key.0;
            if key == name {
                return Some(unescape(&attribute.value));
            }
            if prefixed.is_none() && key.contains(':') && local(key) == name {
                prefixed = Some(unescape(&attribute.value));
            }
        }
        prefixed
    }

    /// The attribute with this local name that has a prefix: `r:id` beside `id`.
    pub fn attr_prefixed(&self, name: &str) -> Option<String> {
        self.0
            .attributes()
            .with_checks(false)
            .flatten()
            .find(|a| a.key.0.contains(':') && local(a.key.0) == name)
            .map(|a| unescape(&a.value))
    }

    /// A number in an attribute.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.attr(name)?.trim().parse().ok()
    }

    /// `true`, `1`, `on`, or an attribute that is not there (`<w:b/>`).
    pub fn is_on(&self, name: &str) -> bool {
        !matches!(self.attr(name).as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The parser. Everything that it yields borrows from the text.
pub struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    /// Number of open elements.
    depth: u32,
    most: u32,
    /// The text is HTML: elements that are never closed do not nest.
    pub html: bool,
    /// Set when the document ended in the middle or was too deep.
    pub broken: Option<String>,
}

impl<'a> Xml<'a> {
    pub fn new(text: &'a str, nesting: u32) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        // Documents nest deeper than mails do: one table costs eight levels.
        Xml { reader, depth: 0, most: nesting.saturating_mul(16), html: false, broken: None }
    }

    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// Byte offset in the text.
    pub fn position(&self) -> u64 {
        self.reader.buffer_position()
    }

    /// The next node; `None` at the end, also at a broken one.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Option<Node<'a>> {
        loop {
            match self.reader.read_event() {
                Ok(Event::Start(tag)) if self.html && is_void(local(tag.name().0)) => {
                    return Some(Node::Start(Tag(tag)));
                }
                Ok(Event::End(tag)) if self.html && is_void(local(tag.name().0)) => {}
                Ok(Event::Start(tag)) => {
                    self.depth += 1;
                    if self.depth > self.most {
                        self.broken =
                            Some(format!("elements are nested deeper than {}", self.most));
                        return None;
                    }
                    return Some(Node::Start(Tag(tag)));
                }
                Ok(Event::End(tag)) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Some(Node::End(EndTag(tag)));
                }
                Ok(Event::Text(text)) => return Some(Node::Text(text.into_inner())),
                Ok(Event::CData(text)) => return Some(Node::Text(text.into_inner())),
                Ok(Event::GeneralRef(entity)) => return Some(Node::Text(resolve(&entity))),
                Ok(Event::Eof) => {
                    if self.depth > 0 && self.broken.is_none() {
                        self.broken = Some("the XML ends in the middle".to_owned());
                    }
                    return None;
                }
                Ok(_) => {}
                Err(error) => {
                    self.broken = Some(error.to_string());
                    return None;
                }
            }
        }
    }

    /// Passes over the rest of the element whose start was the last node.
    pub fn skip(&mut self) {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside && self.next().is_some() {}
    }

    /// All text inside the element whose start was the last node.
    pub fn text_inside(&mut self) -> String {
        let outside = self.depth.saturating_sub(1);
        let mut text = String::new();
        while self.depth > outside {
            match self.next() {
                Some(Node::Text(more)) => text.push_str(&more),
                Some(_) => {}
                None => break,
            }
        }
        text
    }
}

/// Elements of HTML without content.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "img"
            | "hr"
            | "meta"
            | "link"
            | "input"
            | "col"
            | "area"
            | "base"
            | "wbr"
            | "source"
    )
}

fn resolve<'a>(entity: &BytesRef<'a>) -> Cow<'a, str> {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        return Cow::Owned(character.to_string());
    }
    let name: &str = entity;
    match named(name) {
        Some(text) => Cow::Borrowed(text),
        // An entity of the document's own: shown, never expanded.
        None => Cow::Owned(format!("&{name};")),
    }
}

/// XML's own entities and those of HTML that occur in e-books.
fn named(name: &str) -> Option<&'static str> {
    Some(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" => "\u{a0}",
        "ensp" => "\u{2002}",
        "emsp" => "\u{2003}",
        "thinsp" => "\u{2009}",
        "shy" => "\u{ad}",
        "zwj" => "\u{200d}",
        "zwnj" => "\u{200c}",
        "ndash" => "–",
        "mdash" => "—",
        "lsquo" => "‘",
        "rsquo" => "’",
        "sbquo" => "‚",
        "ldquo" => "“",
        "rdquo" => "”",
        "bdquo" => "„",
        "laquo" => "«",
        "raquo" => "»",
        "hellip" => "…",
        "bull" => "•",
        "middot" => "·",
        "copy" => "©",
        "reg" => "®",
        "trade" => "™",
        "deg" => "°",
        "plusmn" => "±",
        "times" => "×",
        "divide" => "÷",
        "frac12" => "½",
        "frac14" => "¼",
        "sect" => "§",
        "para" => "¶",
        "euro" => "€",
        "pound" => "£",
        "yen" => "¥",
        "cent" => "¢",
        "agrave" => "à",
        "aacute" => "á",
        "acirc" => "â",
        "atilde" => "ã",
        "auml" => "ä",
        "aring" => "å",
        "aelig" => "æ",
        "ccedil" => "ç",
        "egrave" => "è",
        "eacute" => "é",
        "ecirc" => "ê",
        "euml" => "ë",
        "iacute" => "í",
        "icirc" => "î",
        "iuml" => "ï",
        "ntilde" => "ñ",
        "oacute" => "ó",
        "ocirc" => "ô",
        "ouml" => "ö",
        "oslash" => "ø",
        "uacute" => "ú",
        "ucirc" => "û",
        "ugrave" => "ù",
        "uuml" => "ü",
        "szlig" => "ß",
        "Agrave" => "À",
        "Aacute" => "Á",
        "Auml" => "Ä",
        "Aring" => "Å",
        "AElig" => "Æ",
        "Ccedil" => "Ç",
        "Egrave" => "È",
        "Eacute" => "É",
        "Ntilde" => "Ñ",
        "Oacute" => "Ó",
        "Ouml" => "Ö",
        "Oslash" => "Ø",
        "Uuml" => "Ü",
        "iexcl" => "¡",
        "iquest" => "¿",
        "rarr" => "→",
        "larr" => "←",
        _ => return None,
    })
}

/// An attribute's value with its references resolved as in text.
fn unescape(raw: &str) -> String {
    if !raw.contains('&') {
        return raw.to_owned();
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        match rest.find(';').filter(|&end| end < 12) {
            Some(end) => {
                let reference = BytesRef::new(&rest[1..end]);
                text.push_str(&resolve(&reference));
                rest = &rest[end + 1..];
            }
            None => {
                text.push('&');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// XML bytes as text: by byte order mark, by declaration, else UTF-8; what cannot be decoded
/// becomes U+FFFD.
pub fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    let utf16 = match bytes {
        [b'<', 0, ..] => Some(encoding_rs::UTF_16LE),
        [0, b'<', ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    };
    if let Some(encoding) = utf16 {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let declared = head
        .split_once("encoding=")
        .filter(|(before, _)| before.contains("<?xml") && !before.contains("?>"))
        .and_then(|(_, after)| after.get(1..))
        .and_then(|after| after.split(['"', '\'']).next())
        .and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()))
        .unwrap_or(encoding_rs::UTF_8);
    declared.decode_without_bom_handling(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(xml: &str, expected: &str) {
        let mut seen = String::new();
        let mut reader = Xml::new(xml, 4);
        while let Some(node) = reader.next() {
            match node {
                Node::Start(tag) => {
                    seen.push_str(&format!("<{}", tag.name()));
                    if let Some(id) = tag.attr("id") {
                        seen.push_str(&format!(" {id}"));
                    }
                    if let Some(id) = tag.attr_prefixed("id") {
                        seen.push_str(&format!(" r={id}"));
                    }
                    seen.push('>');
                }
                Node::End(tag) => seen.push_str(&format!("</{}>", tag.name())),
                Node::Text(text) => seen.push_str(&text),
            }
        }
        if reader.broken.is_some() {
            seen.push_str(" broken");
        }
        assert_eq!(seen, expected);
    }

    #[test]
    fn reads_local_names_and_references() {
        check("<a:b id='1' r:id='x&amp;y'/>", "<b 1 r=x&y></b>");
        check("<a>1 &lt; 2 &#x4e2d;&nbsp;<![CDATA[<]]></a>", "<a>1 < 2 中\u{a0}<</a>");
    }

    #[test]
    fn shows_but_never_expands_entities_of_the_document() {
        check("<!DOCTYPE a [<!ENTITY x \"lol\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>", "<a>&y;</a>");
    }

    #[test]
    fn keeps_what_came_before_the_break() {
        check("<a>one<b>two", "<a>one<b>two broken");
        check("<a>one</b></a>", "<a>one</b></a>");
        let deep = "<a>".repeat(100_000);
        check(&deep, &format!("{} broken", "<a>".repeat(64)));
    }

    #[test]
    fn html_leaves_elements_open() {
        let text = format!("<p>{}x</p>", "a<br>".repeat(1000));
        let mut reader = Xml::new(&text, 1);
        reader.html = true;
        while reader.next().is_some() {}
        assert_eq!((reader.depth(), reader.broken), (0, None));
    }

    #[test]
    fn decodes_by_mark_and_declaration() {
        assert_eq!(decode(b"\xff\xfe<\0a\0/\0>\0"), "<a/>");
        assert_eq!(decode(b"<\0a\0/\0>\0"), "<a/>");
        assert_eq!(
            decode(b"<?xml version='1.0' encoding='gb2312'?><a>\xd6\xd0</a>"),
            "<?xml version='1.0' encoding='gb2312'?><a>中</a>"
        );
        assert_eq!(decode("<a>中</a>".as_bytes()), "<a>中</a>");
    }
}
