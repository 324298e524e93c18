//! What a text is compared by: its letters, with what stands between them.

use crate::export::alike::{is_mark, latin, plain};
use crate::export::profile::BLACK;
use crate::export::scan::BORDER;
use crate::model::note::short_numbers;
use crate::text::fold::Class;
use crate::text::normal::{Mode, normalize};
use std::ops::Range;

/// A stretch of signs or white space in a skeleton.
pub(super) const GAP: char = '\u{0}';

/// What stands between two letters, from what parts them least on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    Blank,
    /// A sign of emphasis, or between the parts of a name: `*`, `·`.
    Mark,
    /// It joins words: `-`, `.`, `/`.
    Joiner,
    /// It stands around words, or is a picture: `（`.
    Bracket,
    /// It parts what is listed: `、`. Between names more often than within one.
    Pause,
    /// It ends what is said: `，`.
    Sign,
    /// Another paragraph or cell.
    Border,
}

impl Gap {
    fn of(ch: char) -> Gap {
        match ch {
            BORDER => Gap::Border,
            '*' | '_' | '`' | '~' | '·' | '・' | '･' | '‧' | '•' => Gap::Mark,
            '-' | '.' | '/' | '|' | '+' | '\\' | '‐' | '‑' => Gap::Joiner,
            '、' | '､' | '﹑' => Gap::Pause,
            ',' | ';' | ':' | '!' | '?' | '，' | '；' | '：' | '！' | '？' | '。' | '…' => {
                Gap::Sign
            }
            _ => Gap::Bracket,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Letter {
    pub ch: char,
    pub class: Class,
    /// Where it is one.
    pub gap: Gap,
    pub start: usize,
    pub end: usize,
}

impl Letter {
    pub fn is_gap(&self) -> bool {
        self.ch == GAP
    }
}

/// What a text is compared by. `is_alike` takes letters for the Latin ones that they look like.
pub(super) fn skeleton(text: &str, is_alike: bool) -> Vec<Letter> {
    let normal = normalize(text, Mode::Query);
    let mut letters: Vec<Letter> = Vec::with_capacity(normal.chars.len());
    // White space between a Gram character and whatever follows is no gap.
    let mut blank: Option<Letter> = None;
    for c in normal.chars {
        let (start, end) = (c.start, c.end);
        if c.class != Class::Gram && is_mark(c.ch) {
            if let Some(last) = letters.last_mut().filter(|last| !last.is_gap()) {
                last.end = end;
            }
            continue;
        }
        // A capital may look like another letter than the small one.
        let written = || text[start..].chars().next().and_then(latin).or_else(|| latin(c.ch));
        let ch = is_alike.then(written).flatten().unwrap_or_else(|| plain(c.ch));
        let letter = Letter { ch, class: c.class, gap: Gap::Blank, start, end };
        match c.class {
            Class::Gram | Class::Word => {
                if let Some(blank) = blank.take()
                    && c.class == Class::Word
                    && letters.last().is_some_and(|last| last.class == Class::Word)
                {
                    letters.push(blank);
                }
                letters.push(letter);
            }
            Class::Blank => blank = Some(Letter { ch: GAP, class: Class::Blank, ..letter }),
            // What was masked already is no gap that a name or number goes across.
            Class::Other if BLACK.contains(c.ch) => letters.push(letter),
            Class::Other => {
                blank = None;
                let sign = text[start..].chars().next().unwrap_or(c.ch);
                let gap = Gap::of(sign).min(Gap::of(c.ch));
                let gap = if sign == BORDER { Gap::Border } else { gap };
                match letters.last_mut() {
                    Some(last) if last.is_gap() => last.gap = last.gap.max(gap),
                    Some(_) => letters.push(Letter { ch: GAP, gap, ..letter }),
                    None => {}
                }
            }
        }
    }
    letters
}

/// Bytes of a tag; what is longer is none.
const TAG: usize = 200;
/// Bytes of an address; what is longer is none.
const ADDRESS: usize = 2000;

/// What stands in a text and is nothing to whoever reads it as markup, in its order: tags, comments,
/// instructions, short numbers, addresses of links: `<b>`, `<!-- x -->`, `[[M580]]`, ` (http://x)`.
pub(super) fn holes(text: &str) -> Vec<Range<usize>> {
    let mut holes: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices('<') {
        let inner = &text[at + 1..];
        let whole = |end: Option<usize>, sign: &str| Some(end? + 1 + sign.len());
        let length = match inner {
            _ if inner.starts_with("!--") => whole(inner.find("-->"), "-->"),
            _ if inner.starts_with('?') => whole(inner.find("?>"), "?>"),
            _ => {
                let name = inner.strip_prefix(['/', '!']).unwrap_or(inner);
                let end = inner.find(['<', '>']).filter(|end| inner[*end..].starts_with('>'));
                let end = end.filter(|end| *end <= TAG);
                whole(end.filter(|_| name.starts_with(|c: char| c.is_ascii_alphabetic())), ">")
            }
        };
        holes.extend(length.map(|length| at..at + length + raised(inner, length)));
    }
    holes.extend(text.match_indices("://").filter_map(|(at, _)| address(text, at)));
    for (range, _) in short_numbers(text) {
        let before = text[..range.start].trim_end_matches(['[', '\\']).len();
        let after = text[range.end..].trim_start_matches([']', '\\']).len();
        holes.push(before..text.len() - after);
    }
    holes.sort_unstable_by_key(|hole| hole.start);
    holes
}

/// Marks of notes and readings, which stand above a line and are no part of it.
const RAISED: [&str; 4] = ["sup", "sub", "rt", "rp"];

/// Bytes behind the tag that `inner` begins in (`length` bytes with its `<`) up to the end of what it
/// raises above the line: `1</sup>`.
fn raised(inner: &str, length: usize) -> usize {
    let name = inner.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let Some(name) = RAISED.iter().find(|known| known.eq_ignore_ascii_case(name)) else { return 0 };
    let behind = inner.get(length - 1..).unwrap_or_default();
    let end = behind.find("</").filter(|end| *end <= TAG);
    let is_closing = |rest: &str| {
        rest.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name))
            && rest[name.len()..].starts_with('>')
    };
    end.filter(|end| is_closing(&behind[end + 2..])).map_or(0, |end| end + 3 + name.len())
}

/// The address around the `://` at a place, with the brackets that it stands in behind the words of
/// a link.
fn address(text: &str, at: usize) -> Option<Range<usize>> {
    let is_of_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let start = text[..at].trim_end_matches(is_of_scheme).len();
    let is_in =
        |c: char| c.is_ascii_graphic() && !matches!(c, '(' | ')' | '<' | '>' | '[' | ']' | '"');
    let end = text[at..].find(|c: char| !is_in(c)).map_or(text.len(), |length| at + length);
    if start == at || end - start > ADDRESS {
        return None;
    }
    let is_behind = |end: usize, sign: char| text[end..].starts_with(sign);
    match text[..start].strip_suffix('(') {
        Some(before) if is_behind(end, ')') => Some(before.trim_end_matches(' ').len()..end + 1),
        _ => Some(start..end),
    }
}

/// What a text is compared by when these parts of it are nothing; `None` without any.
pub(super) fn without(text: &str, holes: Vec<Range<usize>>, is_alike: bool) -> Option<Vec<Letter>> {
    let mut plain = String::new();
    // Where pieces of it stand in the text: (in it, in the text).
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    for hole in holes {
        if hole.start >= from {
            pieces.push((plain.len(), from));
            plain.push_str(&text[from..hole.start]);
            from = hole.end;
        }
    }
    if from == 0 {
        return None;
    }
    pieces.push((plain.len(), from));
    plain.push_str(&text[from..]);
    let mut letters = skeleton(&plain, is_alike);
    // The place in the text of a byte of what is left. There is a piece at 0.
    let in_text = |at: usize| {
        let piece = pieces.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        let (start, in_text) = pieces[piece];
        at - start + in_text
    };
    for letter in &mut letters {
        // A mark that stands over it may be behind a hole.
        (letter.start, letter.end) = (in_text(letter.start), in_text(letter.end - 1) + 1);
    }
    Some(letters)
}

/// What tells a reader to show what follows from right to left, whatever letters it is in, and what
/// ends that before the line ends; as such, and as reports make it visible.
const TURN: [&str; 2] = ["\u{202e}", "⟨U+202E⟩"];
const TURN_BACK: [&str; 2] = ["\u{202c}", "⟨U+202C⟩"];

/// What a text is compared by as it is shown where it has turned stretches; `None` without any.
pub(super) fn turned(text: &str) -> Option<Vec<Letter>> {
    let after = |at: usize, signs: [&str; 2]| {
        let sign = signs.into_iter().find(|sign| text[at..].starts_with(sign))?;
        Some(at + sign.len())
    };
    // Characters in the order in which they are shown: where each begins in the text.
    let mut shown: Vec<(usize, char)> = Vec::new();
    let mut stretch: Option<usize> = None;
    let (mut at, mut has_any) = (0, false);
    while let Some(c) = text[at..].chars().next() {
        let turns = after(at, TURN);
        if let Some(from) =
            stretch.filter(|_| c == '\n' || turns.or(after(at, TURN_BACK)).is_some())
        {
            shown[from..].reverse();
            stretch = None;
        }
        match turns {
            Some(behind) => {
                (stretch, has_any) = (Some(shown.len()), true);
                at = behind;
            }
            None => {
                shown.push((at, c));
                at += c.len_utf8();
            }
        }
    }
    if let Some(from) = stretch {
        shown[from..].reverse();
    }
    if !has_any {
        return None;
    }
    let plain: String = shown.iter().map(|(_, c)| *c).collect();
    // Where each of them begins in what is shown.
    let starts: Vec<usize> = plain.char_indices().map(|(at, _)| at).collect();
    let mut letters = skeleton(&plain, true);
    for letter in &mut letters {
        let first = starts.partition_point(|start| *start <= letter.start).saturating_sub(1);
        let behind = starts.partition_point(|start| *start < letter.end);
        let own = &shown[first..behind.max(first + 1)];
        letter.start = own.iter().map(|(at, _)| *at).min().unwrap_or_default();
        letter.end = own.iter().map(|(at, c)| at + c.len_utf8()).max().unwrap_or_default();
    }
    Some(letters)
}
