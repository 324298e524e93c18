//! The last look at what was written: is a protected name still in it, anywhere?
//!
//! It shares nothing with the redaction but the comparison of names: it knows no report, only
//! bytes. Containers are opened, markup is taken apart and put together (`markup.rs`), escapes and
//! encodings are undone (`undo.rs`).

mod frame;
mod markup;
#[cfg(test)]
mod tests;
mod undo;

pub use markup::BORDER;
pub use undo::domains;

use super::mask::{Mask, Protected};
use crate::model::Sha256;
use std::collections::HashSet;
use std::io::{Cursor, Read};

/// A protected name that is still there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// `report.docx!word/document.xml`
    pub place: String,
    /// The name as the profile has it.
    pub name: String,
    /// As it is written there.
    pub form: String,
    /// The stretch that says so in base64, digits or escapes, where it is not written plainly.
    pub carrier: Option<String>,
    /// The text where it stands, shortened.
    pub text: String,
    /// What of the report it stands in: `N4 (finding)`, `footnote 3 (A7)`, as far as that is known.
    pub at: Vec<String>,
}

/// What a look at a file found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub left: Vec<Left>,
    /// Parts that did not open, so that nobody knows what is in them.
    pub closed: Vec<String>,
}

/// Containers inside of containers are opened down to this depth.
const DEPTH: usize = 6;
/// Bytes of one file or member that are looked at: more is no report and no record of a chat.
pub const MOST: u64 = 512 << 20;
/// Bytes that all containers of one file may unpack to.
const MOST_UNPACKED: u64 = 4 << 30;
/// How often what was undone is undone again: base64 of an address of escapes is nobody's accident.
const ROUNDS: usize = 2;

/// Looks at a file: its name and all that is in it. What is too large counts as closed: nobody
/// knows what stands in the rest of it.
pub fn scan(name: &str, bytes: &[u8], mask: &Mask) -> Seen {
    scan_within(name, bytes, mask, MOST_UNPACKED)
}

/// Whether bytes say what is left of a quote, its pieces one after the other, in one of the ways that a
/// text may be written; blanks do not count, nor do tags.
pub fn says(bytes: &[u8], pieces: &[String]) -> bool {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let pieces: Vec<String> = pieces.iter().map(|piece| bare(piece)).collect();
    let has = |text: &str| {
        let text = bare(text);
        let mut left = text.as_str();
        pieces.iter().all(|piece| match left.find(piece.as_str()) {
            Some(at) => {
                left = &left[at + piece.len()..];
                true
            }
            None => false,
        })
    };
    texts(bytes).iter().any(|(text, _)| {
        has(text) || views(text).iter().any(|view| has(view)) || has(&without_marks(text))
    })
}

fn scan_within(name: &str, bytes: &[u8], mask: &Mask, room: u64) -> Seen {
    let mut look = Look { mask, seen: Seen::default(), silent: HashSet::new(), room };
    look.name(&format!("{name} (the name)"), name);
    look.inside(name, bytes, DEPTH);
    look.seen
}

struct Look<'a> {
    mask: &'a Mask,
    seen: Seen,
    /// Texts that say no protected name: different readings of bytes often give the same one.
    silent: HashSet<Sha256>,
    /// Bytes that may still be unpacked.
    room: u64,
}

impl Look<'_> {
    fn inside(&mut self, place: &str, bytes: &[u8], depth: usize) {
        if bytes.starts_with(b"PK\x03\x04") {
            return match zip::ZipArchive::new(Cursor::new(bytes)) {
                Ok(mut zip) if depth > 0 => {
                    let around = frame::of_zip(bytes, &mut zip);
                    self.zip(place, zip, depth - 1);
                    self.around(place, &around);
                }
                _ => self.seen.closed.push(place.to_owned()),
            };
        }
        if frame::has_earlier_states(bytes) {
            self.seen.closed.push(format!("{place}, which holds earlier states of itself"));
        }
        if bytes.starts_with(b"\x1f\x8b") {
            match frame::of_gzip(bytes, MOST.min(self.room)) {
                Some(around) => self.around(place, &around),
                None => return self.seen.closed.push(place.to_owned()),
            }
            return match self.unpacked(flate2::read::MultiGzDecoder::new(bytes)) {
                Some(content) if depth > 0 => {
                    self.inside(&format!("{place}!"), &content, depth - 1);
                }
                _ => self.seen.closed.push(place.to_owned()),
            };
        }
        for (text, is_whole) in texts(bytes) {
            // Nobody hides anything in a reading of bytes that is none.
            for view in if is_whole { views(&text) } else { vec![text.clone()] } {
                self.text(place, &view, &text);
                for hidden in undo::base64(&view).into_iter().chain(undo::digits(&view)) {
                    match hidden.starts_with(b"PK\x03\x04") || hidden.starts_with(b"\x1f\x8b") {
                        true if depth > 0 => {
                            self.inside(&format!("{place}!base64"), &hidden, depth - 1);
                        }
                        _ => {
                            if let Some(plain) = undo::plain(&hidden) {
                                self.text(place, &plain, &text);
                            }
                        }
                    }
                }
            }
        }
    }

    fn zip(&mut self, place: &str, mut zip: zip::ZipArchive<Cursor<&[u8]>>, depth: usize) {
        for at in 0..zip.len() {
            let Ok(mut file) = zip.by_index(at) else {
                self.seen.closed.push(format!("{place}!{at}"));
                continue;
            };
            let name = String::from_utf8_lossy(file.name_raw()).into_owned();
            let gbk = encoding_rs::GB18030.decode_without_bom_handling(file.name_raw()).0;
            let place = format!("{place}!{name}");
            self.name(&format!("{place} (the name)"), &name);
            self.name(&format!("{place} (the name)"), &gbk);
            self.name(&format!("{place} (the comment)"), file.comment());
            match self.unpacked(&mut file) {
                Some(content) => self.inside(&place, &content, depth),
                None => self.seen.closed.push(place),
            }
        }
        self.name(&format!("{place} (the comment)"), &String::from_utf8_lossy(zip.comment()));
    }

    /// What a container says beside its members, where it was not seen in it already.
    fn around(&mut self, place: &str, bytes: &[u8]) {
        let before = self.seen.left.len();
        for (text, _) in texts(bytes) {
            self.name(&format!("{place} (around its members)"), &text);
        }
        let mut more = self.seen.left.split_off(before);
        let seen = &mut self.seen.left;
        more.retain(|own| {
            !seen.iter().any(|known| known.name == own.name && known.place.starts_with(place))
        });
        seen.extend(more);
    }

    /// All that a member gives; `None` where it breaks, or is more than is looked at.
    fn unpacked(&mut self, member: impl Read) -> Option<Vec<u8>> {
        let most = MOST.min(self.room);
        let mut content = Vec::new();
        let count = member.take(most + 1).read_to_end(&mut content).ok()? as u64;
        self.room -= count.min(self.room);
        (count <= most).then_some(content)
    }

    /// A name or comment, in whatever way it is written.
    fn name(&mut self, place: &str, text: &str) {
        for view in views(text) {
            self.text(place, &view, text);
        }
    }

    /// Looks at what a text says; `written` is how it is written.
    fn text(&mut self, place: &str, text: &str, written: &str) {
        let digest = Sha256::of(text.as_bytes());
        if self.silent.contains(&digest) {
            return;
        }
        let found = self.mask.find(text);
        if found.is_empty() {
            self.silent.insert(digest);
        }
        for found in found {
            let name = &found.protected.name;
            if self.seen.left.iter().any(|known| known.place == place && known.name == *name) {
                continue;
            }
            let before =
                text[..found.range.start].char_indices().rev().nth(20).map_or(0, |(at, _)| at);
            let after = text[found.range.end..].char_indices().nth(20);
            let after = after.map_or(text.len(), |(at, _)| found.range.end + at);
            self.seen.left.push(Left {
                place: place.to_owned(),
                name: name.clone(),
                form: text[found.range.clone()].to_owned(),
                carrier: carrier(written, found.protected, self.mask),
                text: text[before..after].to_owned(),
                at: Vec::new(),
            });
        }
    }
}

/// The stretch of a text without blanks, quotes and brackets that says a name which is not to be
/// read in it: `6aG+5LqR5biG`, `%E9%A1%BE`.
fn carrier(written: &str, protected: &Protected, mask: &Mask) -> Option<String> {
    let ends = |c: char| c.is_whitespace() || "\"'<>()[]{}（）“”，。,;；:：?=".contains(c);
    // A part of an address rather than all of it; base64 may have the sign itself.
    let parts = |c: char| ends(c) || c == '/';
    let says = |text: &str| mask.find(text).iter().any(|found| found.protected == protected);
    if says(written) {
        return None;
    }
    let hides = |piece: &&str| {
        let hidden = undo::base64(piece).into_iter().chain(undo::digits(piece));
        undo::readings(piece).iter().any(|reading| says(reading))
            || hidden.filter_map(|bytes| undo::plain(&bytes)).any(|plain| says(&plain))
    };
    let mut pieces = written.split(parts).chain(written.split(ends));
    pieces.find(|piece| piece.len() >= 6 && hides(piece)).map(str::to_owned)
}

/// Bytes as the texts that they may be, and whether all of them are a text in that encoding.
fn texts(bytes: &[u8]) -> Vec<(String, bool)> {
    match std::str::from_utf8(bytes) {
        // Letters of two bytes each look like ASCII with a NUL beside each.
        Ok(text) if !bytes.contains(&0) => vec![(text.to_owned(), true)],
        _ => {
            // Something binary, or a record of a leak in an encoding of its own. Texts of two bytes
            // a letter may begin at any byte.
            let encodings = [
                encoding_rs::UTF_8,
                encoding_rs::GB18030,
                encoding_rs::BIG5,
                encoding_rs::UTF_16LE,
                encoding_rs::UTF_16BE,
            ];
            let begins = [0, 1, 2].map(|from| bytes.get(from..).unwrap_or_default());
            let each =
                encodings.into_iter().flat_map(|encoding| begins.map(|from| (encoding, from)));
            let decoded = each.map(|(encoding, from)| {
                let (text, is_broken) = encoding.decode_without_bom_handling(from);
                (text.into_owned(), !is_broken)
            });
            decoded.collect()
        }
    }
}

/// What a text says to whoever reads it in its own way: as it stands, its markup put together, its
/// attributes, whatever hides it undone.
fn views(text: &str) -> Vec<String> {
    let mut views = match text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        true => {
            let taken = markup::take_apart(text);
            vec![without_marks(&taken.joined), taken.joined, taken.apart, taken.attributes]
        }
        false => {
            // Markdown: escapes undone, signs of emphasis and of footnotes between the letters of a
            // name gone.
            let plain = text.replace(['\\', '*', '~', '`'], "");
            vec![text.to_owned(), without_marks(&plain), plain]
        }
    };
    let mut from = 0;
    for _ in 0..ROUNDS {
        let until = views.len();
        for at in from..until {
            for reading in undo::readings(&views[at]) {
                if !views.contains(&reading) {
                    views.push(reading);
                }
            }
        }
        from = until;
    }
    views
}

/// Without `[^12]`, and without `[12]`, which is what markup leaves of a footnote.
fn without_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        out.push_str(&rest[..at]);
        let inner = rest[at + 1..].trim_start_matches('^');
        let end = inner.find(|c: char| !c.is_ascii_digit()).unwrap_or(inner.len());
        match inner[end..].strip_prefix(']').filter(|_| end > 0) {
            Some(after) => rest = after,
            None => {
                out.push('[');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}
