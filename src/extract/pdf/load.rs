//! How much text a page draws, told from its content before the parser lays it out.
//!
//! The parser's time grows by the square of three things: of the strings that stand at one height,
//! which it compares with each other; of the runs that are left when it has joined what goes on where
//! the last string ended, as on a map that is strewn with words; and of the blocks of text (`BT`) that
//! do not end, from each of which it looks for the next end (`ET`). All cost minutes for a few MB. So
//! what a page asks for is counted first. What is too much for the parser's layout is read without
//! it, and what is too much for any way is named and left.

use super::objects::{Dictionary, dictionary, resolve};
use super::{placed, quiet};
use pdf_oxide::PdfDocument;
use pdf_oxide::layout::TextChar;
use pdf_oxide::object::{Object, ObjectRef};
use std::collections::HashMap;

/// Bytes of text operators that are gone through for one page: about ten seconds.
const MOST_BYTES: u64 = 64 << 20;
/// Bytes that are looked through for ends of text blocks: about two seconds.
const MOST_LOOKED: u64 = 40_000_000_000;
/// In shorter content the parser does not look for them.
const SHORT: usize = 256 << 10;
/// Characters of one page that fit in the memory of a worker, at 200 bytes each.
const MOST_SHOWN: u64 = 4 << 20;
/// Bytes of text operators that are laid out: the parser takes a second for each MB.
const MOST_LAID_OUT: u64 = 8 << 20;
/// Strings of which it does not matter where they stand.
const FEW_STRINGS: u64 = 10_000;
/// Runs that are laid out: about two seconds.
const MOST_RUNS: usize = 15_000;
/// Comparisons of strings at one height, a second for a thousand millions.
const MOST_PAIRS: u64 = 2_000_000_000;
/// How deep the parser follows forms in forms.
const DEEPEST_FORM: usize = 10;

/// What drawing a page or a form comes to, with all that it draws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Bytes in blocks of text.
    bytes: u64,
    /// Bytes from each beginning of a block to the next end, where others begin before it too.
    looked: u64,
    /// Strings that are shown, and the bytes in them.
    strings: u64,
    shown: u64,
}

impl Load {
    /// Why the page cannot be read at all.
    pub fn too_much(&self) -> Option<String> {
        if self.bytes > MOST_BYTES {
            return Some(format!("it has more than {} MiB of text operators", MOST_BYTES >> 20));
        }
        if self.looked > MOST_LOOKED {
            return Some("it has too many blocks of text that do not end".to_owned());
        }
        (self.shown > MOST_SHOWN).then(|| format!("it shows more than {MOST_SHOWN} characters"))
    }

    /// Whether the parser can lay it out, wherever its strings stand.
    pub fn is_light(&self) -> bool {
        self.bytes <= MOST_LAID_OUT && self.strings <= FEW_STRINGS
    }

    /// Whether the parser would be lost in it, as its characters stand.
    pub fn is_too_heavy(&self, chars: &[TextChar]) -> bool {
        self.bytes > MOST_LAID_OUT
            || self.strings > FEW_STRINGS
                && (crowded(chars.iter().map(|c| (c.origin_y, c.font_size)), self.strings)
                    || placed::runs(chars) > MOST_RUNS)
    }

    fn add(&mut self, other: Load, times: u64) {
        let sum = |own: &mut u64, more: u64| *own = own.saturating_add(more.saturating_mul(times));
        sum(&mut self.bytes, other.bytes);
        sum(&mut self.looked, other.looked);
        sum(&mut self.strings, other.strings);
        sum(&mut self.shown, other.shown);
    }
}

/// Whether too many of the strings stand at one height: heights and sizes of the characters.
fn crowded(chars: impl ExactSizeIterator<Item = (f32, f32)>, strings: u64) -> bool {
    let count = chars.len() as u64;
    // Characters that lie on each other are given once: most strings are in one place.
    if count < strings / 4 {
        return true;
    }
    let (mut heights, mut largest) = (Vec::with_capacity(chars.len()), 0f32);
    for (height, size) in chars {
        heights.push(height);
        largest = largest.max(size);
    }
    heights.sort_by(f32::total_cmp);
    // The parser compares a string with all that stand up to half the largest size below it.
    let (mut first, mut pairs) = (0, 0u64);
    for (at, height) in heights.iter().enumerate() {
        while heights[first] < height - largest / 2.0 {
            first += 1;
        }
        pairs += (at - first) as u64;
    }
    let of_a_string = (count / strings.max(1)).max(1);
    pairs / of_a_string / of_a_string > MOST_PAIRS
}

/// The loads of the pages of one document. Forms are looked at once, however many pages draw them.
#[derive(Default)]
pub struct Loads {
    forms: HashMap<ObjectRef, Load>,
}

impl Loads {
    pub fn of_page(&mut self, document: &PdfDocument, page: usize) -> Load {
        let Some(Ok(content)) = quiet(|| document.get_page_content_data(page)) else {
            return Load::default();
        };
        let own = match quiet(|| document.get_page(page)) {
            Some(Ok(Object::Dictionary(own))) => own,
            _ => Dictionary::default(),
        };
        self.of(document, &content, &own, 0)
    }

    fn of(
        &mut self,
        document: &PdfDocument,
        content: &[u8],
        owner: &Dictionary,
        depth: usize,
    ) -> Load {
        let mut drawn = HashMap::new();
        let mut load = count(content, &mut drawn);
        // The parser keeps the keys of what is encrypted to itself.
        if drawn.is_empty() || depth == DEEPEST_FORM || document.is_encrypted() {
            return load;
        }
        let objects = dictionary(document, owner, "Resources")
            .and_then(|resources| dictionary(document, &resources, "XObject"))
            .unwrap_or_default();
        for (name, object) in &objects {
            if let Object::Reference(at) = object
                && let Some(times) = drawn.get(name.as_bytes())
            {
                let form = self.of_form(document, *at, depth);
                load.add(form, *times);
            }
        }
        load
    }

    fn of_form(&mut self, document: &PdfDocument, at: ObjectRef, depth: usize) -> Load {
        if let Some(known) = self.forms.get(&at) {
            return *known;
        }
        // A form that draws itself ends here.
        self.forms.insert(at, Load::default());
        let load = match resolve(document, &Object::Reference(at)) {
            Some(stream @ Object::Stream { .. }) => self.of_stream(document, &stream, depth),
            _ => Load::default(),
        };
        self.forms.insert(at, load);
        load
    }

    fn of_stream(&mut self, document: &PdfDocument, stream: &Object, depth: usize) -> Load {
        let Object::Stream { dict, .. } = stream else { return Load::default() };
        if !matches!(dict.get("Subtype"), Some(Object::Name(kind)) if kind == "Form") {
            return Load::default();
        }
        match quiet(|| stream.decode_stream_data()) {
            Some(Ok(content)) => self.of(document, &content, dict, depth + 1),
            _ => Load::default(),
        }
    }
}

/// What a content stream does itself, and how often it draws each name.
fn count<'c>(content: &'c [u8], drawn: &mut HashMap<&'c [u8], u64>) -> Load {
    let mut load = Load::default();
    let mut blocks = Blocks::default();
    let mut string: Option<usize> = None;
    for (at, byte) in content.iter().enumerate() {
        match byte {
            b'B' if is_word(content, at, b"BT") => blocks.begin(at),
            b'E' if is_word(content, at, b"ET") => blocks.end(at, &mut load),
            b'D' if is_word(content, at, b"Do") => {
                if let Some(name) = name_before(&content[..at]) {
                    *drawn.entry(name).or_default() += 1;
                }
            }
            b'(' | b'<' if blocks.count > 0 && string.is_none() => {
                load.strings += 1;
                string = Some(at);
            }
            b')' | b'>' => {
                let from = string.take().unwrap_or(at);
                load.shown += (at - from) as u64;
            }
            _ => {}
        }
    }
    blocks.end(content.len(), &mut load);
    if content.len() <= SHORT {
        load.looked = 0;
    }
    load
}

/// Blocks of text that have begun since the last end.
#[derive(Default)]
struct Blocks {
    count: u64,
    first: u64,
    /// Of their places.
    sum: u64,
}

impl Blocks {
    fn begin(&mut self, at: usize) {
        if self.count == 0 {
            self.first = at as u64;
        }
        self.count += 1;
        self.sum = self.sum.saturating_add(at as u64);
    }

    fn end(&mut self, at: usize, load: &mut Load) {
        if self.count > 0 {
            load.bytes += at as u64 - self.first;
            load.looked += self.count.saturating_mul(at as u64).saturating_sub(self.sum);
        }
        *self = Blocks::default();
    }
}

/// An operator of two letters stands here by itself.
fn is_word(content: &[u8], at: usize, word: &[u8; 2]) -> bool {
    let ends = |byte: Option<&u8>| {
        byte.is_none_or(|byte| byte.is_ascii_whitespace() || b"()<>[]{}/%".contains(byte))
    };
    content[at..].starts_with(word)
        && ends(at.checked_sub(1).and_then(|before| content.get(before)))
        && ends(content.get(at + 2))
}

/// The name that ends here, without its slash.
fn name_before(content: &[u8]) -> Option<&[u8]> {
    let content = content.trim_ascii_end();
    let slash = content.iter().rposition(|byte| *byte == b'/')?;
    let name = &content[slash + 1..];
    (!name.iter().any(u8::is_ascii_whitespace)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(content: &str) -> (Load, Vec<(String, u64)>) {
        let mut drawn = HashMap::new();
        let load = count(content.as_bytes(), &mut drawn);
        let mut drawn: Vec<(String, u64)> = drawn
            .into_iter()
            .map(|(name, times)| (String::from_utf8_lossy(name).into_owned(), times))
            .collect();
        drawn.sort();
        (load, drawn)
    }

    #[test]
    fn text_is_counted_and_pictures_are_not() {
        let check = |content: &str, bytes: u64, strings: u64, shown: u64| {
            let expected = Load { bytes, looked: 0, strings, shown };
            assert_eq!(counted(content).0, expected, "{content}");
        };
        check("BT /F1 9 Tf (ab) Tj <00> Tj ET", 28, 2, 6);
        check("0 0 m 9 9 l S BTX (ab) ET", 0, 0, 0);
        check("BT (a) Tj", 9, 1, 2);
        check("q BT BT ET BT ET", 6 + 3, 0, 0);
        assert_eq!(
            counted("q /Fm0 Do Q /Fm0 Do /Im1\nDo Do").1,
            [("Fm0".to_owned(), 2), ("Im1".to_owned(), 1)]
        );
    }

    #[test]
    fn many_blocks_that_do_not_end_are_too_much() {
        let check = |content: String, expected: Option<&str>| {
            let why = counted(&content).0.too_much();
            assert_eq!(
                why.as_deref().map(|why| why.contains("do not end")),
                expected.map(|_| true)
            );
        };
        check("BT ".repeat(300_000), Some("too many"));
        // In little of it nobody looks for them.
        check("BT ".repeat(80_000), None);
        let usual = "BT (more than one word) Tj ET ".repeat(10_000);
        assert!(counted(&usual).0.is_light());
        check(usual, None);
    }

    #[test]
    fn a_page_is_crowded_where_its_strings_stand_at_one_height() {
        let at = |count: usize, rows: usize| {
            let chars: Vec<(f32, f32)> =
                (0..count).map(|c| ((c % rows) as f32 * 12.0, 10.0)).collect();
            crowded(chars.into_iter(), count as u64)
        };
        assert!(at(100_000, 1), "one row");
        assert!(!at(100_000, 60), "a page of rows");
        // Strings of ten characters are a tenth as many.
        let chars: Vec<(f32, f32)> = vec![(0.0, 10.0); 100_000];
        assert!(!crowded(chars.into_iter(), 10_000));
        // All in one place: what lies on each other is given once.
        assert!(crowded(vec![(0.0, 10.0); 15].into_iter(), 250_000));
    }
}
