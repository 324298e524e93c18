//! As much HTML as a table of messages needs: rows, cells, line breaks, entities.

use super::grid::{Cell, Row};

/// Tags that are markup; anything else between angle brackets was written by somebody.
#[rustfmt::skip]
const TAGS: &[&str] = &[
    "a", "abbr", "article", "b", "big", "blockquote", "body", "br", "caption", "center", "code",
    "col", "colgroup", "del", "div", "em", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "head", "header", "hr", "html", "i", "img", "ins", "li", "link", "main", "mark", "meta",
    "nav", "ol", "p", "pre", "s", "script", "section", "small", "span", "strike", "strong",
    "style", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "tt",
    "u", "ul", "!doctype",
];

/// Tags of pages and programs: nobody who makes a table puts them into a cell, so somebody wrote
/// them there, and nobody escaped them.
const WRITTEN: &[&str] =
    &["!doctype", "body", "head", "html", "link", "meta", "script", "style", "title"];

fn is_written(tag: &Tag) -> bool {
    WRITTEN.contains(&tag.name.as_str())
        || (tag.name == "img" && attribute(tag.attributes, "onerror").is_some())
}

/// Tags at which a new line begins.
#[rustfmt::skip]
const BLOCKS: &[&str] = &[
    "br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "ul", "ol",
    "blockquote", "pre", "hr", "title", "section", "article", "header", "footer", "caption",
];

/// One tag: its name in lower case, whether it closes, its byte range.
struct Tag<'a> {
    name: String,
    closing: bool,
    attributes: &'a str,
    start: usize,
    end: usize,
}

/// The next known tag (or comment, with the name `!--`) from this byte on.
fn next_tag(text: &str, mut at: usize) -> Option<Tag<'_>> {
    loop {
        let start = at + text.get(at..)?.find('<')?;
        let inner = &text[start + 1..];
        if inner.starts_with("!--") {
            let end = inner.find("-->").map_or(text.len(), |end| start + 1 + end + 3);
            return Some(Tag {
                name: "!--".to_owned(),
                closing: false,
                attributes: "",
                start,
                end,
            });
        }
        let closing = inner.starts_with('/');
        let inner = inner.strip_prefix('/').unwrap_or(inner);
        let length =
            inner.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'!').take(10).count();
        let name = inner[..length].to_ascii_lowercase();
        let after = inner.as_bytes().get(length);
        let ends = matches!(after, Some(b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n'));
        if ends && TAGS.contains(&name.as_str()) {
            let rest = start + 1 + usize::from(closing) + length;
            if let Some(close) = tag_end(&text[rest..]) {
                let attributes = &text[rest..rest + close];
                return Some(Tag { name, closing, attributes, start, end: rest + close + 1 });
            }
        }
        at = start + 1;
    }
}

/// Longer tags are none: a stray `<` must not be looked after through the whole file.
const MOST_TAG: usize = 4096;

/// Where the `>` stands that is in no quotes.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate().take(MOST_TAG) {
        match (byte, quote) {
            (b'>', None) => return Some(at),
            // Another tag begins: this one is none, or its quote was never closed.
            (b'<', None) => break,
            (b'"' | b'\'', None) => quote = Some(byte),
            (b, Some(open)) if b == open => quote = None,
            _ => {}
        }
    }
    let until = rest.bytes().take(MOST_TAG).position(|byte| matches!(byte, b'>' | b'<'))?;
    (rest.as_bytes()[until] == b'>').then_some(until)
}

/// The next `<table` (true) or `</table` (false), with its place.
pub(super) fn next_table(text: &str, mut from: usize) -> Option<(bool, usize)> {
    let bytes = text.as_bytes();
    loop {
        let at = from + text.get(from..)?.find('<')?;
        let opens = bytes.get(at + 1) != Some(&b'/');
        let name = at + if opens { 1 } else { 2 };
        let here =
            bytes.get(name..name + 5).is_some_and(|found| found.eq_ignore_ascii_case(b"table"));
        if here && !matches!(bytes.get(name + 5), Some(b) if b.is_ascii_alphanumeric()) {
            return Some((opens, at));
        }
        from = at + 1;
    }
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        let at = rest.to_ascii_lowercase().find(name)?;
        let before = rest[..at].chars().next_back();
        let after = rest[at + name.len()..].trim_start();
        rest = &rest[at + name.len()..];
        if before.is_some_and(|c| !c.is_whitespace()) {
            continue;
        }
        let Some(value) = after.strip_prefix('=') else { continue };
        let value = value.trim_start();
        let value = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
            _ => value.split([' ', '\t', '\n', '\r', '/']).next().unwrap_or_default(),
        };
        return Some(entities(value));
    }
}

/// The rows of the table in this range.
pub(super) fn rows(text: &str, start: usize, end: usize) -> Vec<Row> {
    let table = &text[..end];
    let mut rows: Vec<Row> = Vec::new();
    let mut row: Option<Row> = None;
    let mut cell: Option<Collect> = None;
    let mut depth = 0u32;
    let mut at = start;
    while let Some(tag) = next_tag(table, at) {
        if let Some(cell) = &mut cell {
            cell.text(&table[at..tag.start]);
        }
        at = tag.end;
        match (tag.name.as_str(), tag.closing) {
            ("table", false) => depth += 1,
            ("table", true) => depth = depth.saturating_sub(1),
            ("tr", closing) if depth <= 1 => {
                finish(&mut row, &mut cell, &mut rows, if closing { tag.end } else { tag.start });
                if !closing {
                    row = Some(Row { cells: Vec::new(), start: tag.start, end: tag.end });
                }
                continue;
            }
            ("td" | "th", closing) if depth <= 1 => {
                if let (Some(row), Some(done)) = (&mut row, cell.take()) {
                    row.cells.push(done.cell());
                }
                if !closing {
                    row.get_or_insert(Row { cells: Vec::new(), start: tag.start, end: tag.end });
                    cell = Some(Collect::default());
                }
                continue;
            }
            _ => {}
        }
        if let Some(cell) = &mut cell {
            if is_written(&tag) {
                cell.text.push_str(&table[tag.start..tag.end]);
            } else {
                cell.tag(&tag);
            }
        }
    }
    if let Some(cell) = &mut cell {
        cell.text(&table[at.min(end)..end]);
    }
    finish(&mut row, &mut cell, &mut rows, end);
    rows
}

/// The source of an `<img>` that begins here, and how many bytes it takes.
pub(super) fn picture(text: &str) -> Option<(String, usize)> {
    let tag = next_tag(text, 0).filter(|tag| tag.start == 0 && tag.name == "img")?;
    Some((attribute(tag.attributes, "src")?, tag.end))
}

fn finish(row: &mut Option<Row>, cell: &mut Option<Collect>, rows: &mut Vec<Row>, end: usize) {
    let Some(mut row) = row.take() else { return };
    if let Some(done) = cell.take() {
        row.cells.push(done.cell());
    }
    row.end = end;
    if !row.cells.is_empty() {
        rows.push(row);
    }
}

/// Whether a link leads to a file that lies beside the table: `5f0c2b6e.md`, `files/a.docx`.
fn is_file(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let has_ending = name.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty()
            && (1..=5).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    // Without a folder only the ending tells `a.docx` from `example.org`.
    let is_host = !path.contains('/')
        && [".org", ".com", ".net", ".cn", ".ru", ".io"].iter().any(|end| name.ends_with(end));
    let has_scheme = path.contains(':') || path.starts_with("//");
    has_ending && !has_scheme && !is_host
}

/// Gathers the text of one cell (or of prose).
#[derive(Default)]
struct Collect {
    text: String,
    images: Vec<String>,
    /// Where a link leads; how much text and how many images stood before it.
    link: Option<(String, usize, usize)>,
    /// Inside `<script>` or `<style>`.
    mute: bool,
}

impl Collect {
    fn text(&mut self, raw: &str) {
        if !self.mute {
            self.text.push_str(&entities(raw));
        }
    }

    fn new_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn tag(&mut self, tag: &Tag) {
        match (tag.name.as_str(), tag.closing) {
            ("script" | "style", closing) => self.mute = !closing,
            ("br" | "hr", _) => self.text.push('\n'),
            ("img", _) => {
                if let Some(source) = attribute(tag.attributes, "src") {
                    self.image(source);
                }
            }
            ("a", false) => {
                self.link = attribute(tag.attributes, "href")
                    .map(|href| (href, self.text.len(), self.images.len()));
            }
            ("a", true) => {
                if let Some((href, from, images)) = self.link.take() {
                    let shown = self.text[from..].trim();
                    if is_file(&href) {
                        // A small picture that leads to the large one.
                        self.images.truncate(images);
                        self.image(href);
                    } else if !href.is_empty() && !href.starts_with('#') && !href.ends_with(shown) {
                        self.text.push_str(&format!(" ({href})"));
                    }
                }
            }
            (name, _) if BLOCKS.contains(&name) => self.new_line(),
            ("td" | "th", true) => self.text.push('\t'),
            _ => {}
        }
    }

    /// A file that the cell shows or leads to.
    fn image(&mut self, source: String) {
        if !self.images.contains(&source) {
            self.images.push(source);
        }
    }

    fn cell(self) -> Cell {
        let text = self.text.replace("\r\n", "\n").replace('\r', "\n");
        Cell { text: text.trim().to_owned(), images: self.images }
    }
}

/// `<br>` in all its spellings becomes a line end, whatever else stands there.
pub(super) fn breaks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut from = 0;
    while let Some(tag) = next_tag(text, from) {
        from = tag.end;
        if tag.name == "br" {
            out.push_str(&text[at..tag.start]);
            out.push('\n');
            at = tag.end;
        }
    }
    out.push_str(&text[at..]);
    out
}

/// The text of prose that may be HTML: tags dropped, entities decoded when there are tags at all.
pub(super) fn prose(text: &str) -> String {
    if next_tag(text, 0).is_none() {
        return text.to_owned();
    }
    let mut collect = Collect::default();
    let mut at = 0;
    while let Some(tag) = next_tag(text, at) {
        collect.text(&text[at..tag.start]);
        at = tag.end;
        collect.tag(&tag);
    }
    collect.text(&text[at..]);
    collect.text
}

/// Character references become characters; what is none stays.
pub(super) fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (c, length) = reference_at(rest).unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The character that a reference at the beginning of a text stands for, and the reference's
/// length in bytes.
pub(super) fn reference_at(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(34).position(|b| b == b';')?;
    Some((reference(text.get(1..end)?)?, end + 1))
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    #[rustfmt::skip]
    const NAMED: &[(&str, char)] = &[
        ("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''),
        ("nbsp", '\u{a0}'), ("copy", '©'), ("reg", '®'), ("trade", '™'), ("hellip", '…'),
        ("mdash", '—'), ("ndash", '–'), ("lsquo", '‘'), ("rsquo", '’'), ("ldquo", '“'),
        ("rdquo", '”'), ("laquo", '«'), ("raquo", '»'), ("middot", '·'), ("bull", '•'),
        ("times", '×'), ("divide", '÷'), ("plusmn", '±'), ("deg", '°'), ("euro", '€'),
        ("yen", '¥'), ("pound", '£'), ("cent", '¢'), ("sect", '§'), ("para", '¶'),
        ("ensp", '\u{2002}'), ("emsp", '\u{2003}'), ("thinsp", '\u{2009}'), ("zwj", '\u{200d}'),
        ("zwnj", '\u{200c}'), ("lrm", '\u{200e}'), ("rlm", '\u{200f}'), ("larr", '←'),
        ("rarr", '→'), ("uarr", '↑'), ("darr", '↓'), ("harr", '↔'), ("le", '≤'), ("ge", '≥'),
        ("ne", '≠'), ("auml", 'ä'), ("ouml", 'ö'), ("uuml", 'ü'), ("Auml", 'Ä'), ("Ouml", 'Ö'),
        ("Uuml", 'Ü'), ("szlig", 'ß'), ("eacute", 'é'), ("egrave", 'è'), ("agrave", 'à'),
        ("ccedil", 'ç'), ("ntilde", 'ñ'), ("lbrack", '['), ("rbrack", ']'), ("num", '#'),
        ("vert", '|'), ("verbar", '|'), ("lowbar", '_'), ("ast", '*'), ("NewLine", '\n'),
        ("Tab", '\t'),
    ];
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}
