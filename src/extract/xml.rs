//! Any XML as readable lines: text with the name of its element, attributes with theirs.
//!
//! Entities that a document defines itself are never expanded, external ones never fetched: the
//! bomb of a billion laughs is a line that says `&lol9;`. Nothing recurses, so depth costs a byte
//! a level.

use super::encoding::TextReader;
use super::html::Aside;
use super::text::{is_joint, words};
use super::{Input, Out, Stop};
use crate::model::{PartKind, Wrap};
use crate::text::entities;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    read(input, out, true).map(|_| ())
}

/// Drawings: their text without the numbers they are drawn by, or nothing but a picture.
pub fn svg(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    if !read(input, out, false)? {
        out.page_without_text("")?;
    }
    Ok(())
}

/// The encoding that the XML declaration names.
fn declared(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&head[..head.len().min(200)]);
    let declaration =
        head.trim_start_matches('\u{feff}').strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_owned)
}

/// Elements whose name says nothing about their text.
const PROSE: &[&str] = &[
    "p", "para", "text", "tspan", "span", "li", "t", "v", "section", "simpara", "emphasis",
    "string", "b", "i", "strong", "em", "td", "th",
];

/// Attributes that say how, not what.
const TECHNICAL: &[&str] =
    &["xml:space", "xsi:schemaLocation", "xsi:noNamespaceSchemaLocation", "style", "class"];

/// Elements with data that is not text.
const BINARY: &[&str] = &["binary", "w:binData", "pkg:binaryData", "o:OLEObject"];

/// Writes the text; the answer is whether there was any.
fn read(input: &mut Input, out: &mut Out, with_attributes: bool) -> Result<bool, Stop> {
    let declared = declared(input.head());
    let mut text = TextReader::open(input, declared.as_deref())?;
    text.announce(out)?;
    out.part(PartKind::Body, Wrap::Lines)?;
    let mut lines = Lines::new(out, with_attributes);
    let result = events(&mut text, &mut lines);
    let open = lines.mixed.len() + lines.skipped;
    let any = lines.finish();
    text.conclude(out)?;
    result?;
    if open > 0 {
        out.warn(match open {
            1 => "one element is not closed at the end: the XML may be cut off".to_owned(),
            _ => format!("{open} elements are not closed at the end: the XML may be cut off"),
        })?;
    }
    any
}

fn events(text: &mut TextReader, lines: &mut Lines) -> Result<(), Stop> {
    let mut reader = Reader::from_reader(text);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => lines.start(&tag)?,
            Ok(Event::End(_)) => lines.end()?,
            Ok(Event::Text(text)) => lines.text(&text)?,
            Ok(Event::CData(text)) => lines.text(&text)?,
            Ok(Event::GeneralRef(entity)) => {
                let reference = format!("&{};", &*entity);
                lines.text(&entities::decode(&reference))?;
            }
            Ok(Event::DocType(text)) if text.contains("<!ENTITY") => {
                lines
                    .out
                    .warn("defines entities of its own; they are shown by name, not expanded")?;
            }
            Ok(Event::Comment(text)) => {
                lines.comments.push(&text.split_whitespace().collect::<Vec<_>>().join(" "));
            }
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => {
                let place = reader.error_position();
                return Err(Stop::Failed(format!("broken XML at byte {place}: {error}")));
            }
        }
    }
}

/// A line without an end is handed on at this length.
const LONG_LINE: usize = 32 * 1024;

struct Lines<'a, 'b> {
    out: &'a mut Out<'b>,
    with_attributes: bool,
    /// For each open element: whether it has text of its own. Elements in such a one stand in a
    /// sentence; elsewhere each begins a line.
    mixed: Vec<bool>,
    /// Name of the element that was just opened, while nothing stands in it.
    fresh: String,
    line: String,
    /// White space is waiting to become one space.
    gap: bool,
    /// There is a line end in it, which is nothing between two Han characters.
    gap_ends_line: bool,
    any: bool,
    /// Open elements inside data that is no text, that one included.
    skipped: usize,
    links: Aside,
    comments: Aside,
}

impl<'a, 'b> Lines<'a, 'b> {
    fn new(out: &'a mut Out<'b>, with_attributes: bool) -> Self {
        Lines {
            out,
            with_attributes,
            mixed: Vec::new(),
            fresh: String::new(),
            line: String::new(),
            gap: false,
            gap_ends_line: false,
            any: false,
            skipped: 0,
            links: Aside::default(),
            comments: Aside::default(),
        }
    }

    fn start(&mut self, tag: &BytesStart) -> Result<(), Stop> {
        let name = tag.name().0;
        if self.skipped > 0 || BINARY.contains(&name) {
            self.skipped += 1;
            return Ok(());
        }
        let in_sentence = self.mixed.last().copied().unwrap_or(false);
        if !in_sentence {
            self.end_line()?;
        }
        if self.with_attributes {
            for attribute in tag.attributes().with_checks(false).flatten() {
                let key = attribute.key.0;
                if key.starts_with("xmlns") || TECHNICAL.contains(&key) {
                    continue;
                }
                let value = entities::decode(&attribute.value);
                let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
                if value.is_empty() {
                    continue;
                }
                if in_sentence {
                    // Not to tear the sentence: only what it points to, and at the end.
                    if key.ends_with("href") || key.ends_with("src") {
                        self.links.push(&value);
                    }
                } else {
                    self.any = true;
                    self.out.line(&format!("{key}: {value}"))?;
                }
            }
        }
        self.mixed.push(false);
        self.fresh.clear();
        if !in_sentence {
            self.fresh.push_str(name.rsplit_once(':').map_or(name, |(_, local)| local));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Stop> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Ok(());
        }
        self.mixed.pop();
        self.fresh.clear();
        if self.mixed.last().copied().unwrap_or(false) { Ok(()) } else { self.end_line() }
    }

    fn text(&mut self, text: &str) -> Result<(), Stop> {
        if self.skipped > 0 {
            return Ok(());
        }
        for (blank, word) in words(text) {
            self.gap |= blank.is_some();
            self.gap_ends_line |= matches!(blank, Some(b'\n' | b'\r'));
            if word.is_empty() {
                continue;
            }
            if let Some(mixed) = self.mixed.last_mut() {
                *mixed = true;
            }
            let name = std::mem::take(&mut self.fresh);
            if self.line.is_empty() && !name.is_empty() && !PROSE.contains(&name.as_str()) {
                self.line.push_str(&name);
                self.line.push_str(": ");
            } else if self.gap
                && !self.line.is_empty()
                && !(self.gap_ends_line && is_joint(&self.line, word))
            {
                self.line.push(' ');
            }
            self.gap = false;
            self.gap_ends_line = false;
            self.line.push_str(word);
        }
        if self.line.len() > LONG_LINE {
            self.any = true;
            self.out.text(&self.line)?;
            // Not empty: the line goes on.
            self.line.clear();
            if std::mem::take(&mut self.gap) {
                self.line.push(' ');
            }
        }
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), Stop> {
        self.gap = false;
        self.gap_ends_line = false;
        if self.line.is_empty() {
            return Ok(());
        }
        self.any = true;
        let line = std::mem::take(&mut self.line);
        self.out.line(&line)
    }

    /// Writes what is left; the answer is whether there was any text.
    fn finish(mut self) -> Result<bool, Stop> {
        self.end_line()?;
        self.links.write(PartKind::Footnote, "links", self.out)?;
        self.comments.write(PartKind::Comment, "XML comments", self.out)?;
        Ok(self.any)
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::collect::{Collected, collect};
    use crate::model::State;
    use proptest::prelude::*;

    fn read(xml: &str) -> Collected {
        collect(format!("<?xml version=\"1.0\"?>{xml}").as_bytes(), "x.xml")
    }

    fn check(xml: &str, text: &str) {
        let all = read(xml);
        assert_eq!((all.format.as_str(), all.text.as_str()), ("xml", text), "{xml}");
    }

    #[test]
    fn elements_become_lines() {
        check(
            "<book id=\"7\"><title>琥珀 &amp; Co</title><p>one <b>two</b> three</p>\n<p>four</p></book>",
            "id: 7\ntitle: 琥珀 & Co\none two three\nfour\n",
        );
        check("<p>付款合\n  同与 条\n<b>款</b>\nA\nB</p>", "付款合同与 条款 A B\n");
        check("<row><c>x</c><d>y</d></row>", "c: x\nd: y\n");
        check("<sms address='+1' body='见面 &lt;x&gt;'/>", "address: +1\nbody: 见面 <x>\n");
        check("<a><![CDATA[1 < 2]]></a>", "a: 1 < 2\n");
        check("<a>x<!-- why --></a>", "a: x\nwhy\n");
        check("<p>see <a href='http://b.example/'>here</a>.</p>", "see here.\nhttp://b.example/\n");
    }

    #[test]
    fn entities_are_never_expanded() {
        let lol = "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>";
        let all = read(&format!("{lol}<lolz>&lol2;&f;</lolz>"));
        assert_eq!(all.text, "lolz: &lol2;&f;\n");
        assert_eq!(all.warnings.len(), 1);
    }

    #[test]
    fn depth_costs_nothing_and_broken_ends_keep_the_text() {
        let all = read(&("<a>".repeat(100_000) + "deep" + &"</a>".repeat(100_000)));
        assert_eq!(all.text, "a: deep\n");
        let all = read("<a><c>kept</c><c attr='x");
        assert_eq!((all.text.as_str(), all.state()), ("c: kept\n", State::Failed));
        let all = read("<a><c>kept</c><c>cut");
        assert_eq!(all.text, "c: kept\nc: cut\n");
        assert_eq!(all.warnings, ["2 elements are not closed at the end: the XML may be cut off"]);
        assert_eq!(read("<a><c>kept</c></a>").warnings, [""; 0]);
    }

    #[test]
    fn drawings_have_text_or_none() {
        let all = collect(
            b"<svg xmlns='x' width='3'><title>T</title><text x='1'>SVGTEXT</text></svg>",
            "x",
        );
        assert_eq!((all.text.as_str(), all.state()), ("title: T\nSVGTEXT\n", State::Read));
        let all = collect(b"<svg xmlns='x' width='3'><path d='M 1 1'/></svg>", "x");
        assert_eq!(all.state(), State::NoText);
    }

    #[test]
    fn the_declared_encoding_is_used() {
        let (bytes, _, _) =
            encoding_rs::GBK.encode("<?xml version=\"1.0\" encoding='gbk'?><a>琥珀</a>");
        let all = collect(&bytes, "x");
        assert_eq!((all.text.as_str(), all.encoding.as_deref()), ("a: 琥珀\n", Some("GBK")));
    }

    proptest! {
        #[test]
        fn nothing_panics(xml in "(<|>|/|!|-|\\[|\\]|CDATA|=|\"|&|;|a|b|琥| |\n|\\?){0,60}") {
            read(&xml);
        }
    }
}
