//! The one border between evidence and a terminal.
//!
//! A file name or a chat message may hold escape sequences, bidi overrides, invisible characters
//! or a hundred combining marks. None of that may act on the analyst's terminal, and none of it
//! may vanish: what cannot be shown as itself becomes a visible *mark* (`␛`, `⟨U+202E⟩`). Every
//! piece that comes out knows the bytes of the original it stands for, so that highlights,
//! selections and copies always speak of the evidence and never of its picture.

use super::width;
use std::borrow::Cow;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// What a piece is; the caller decides how tabs and line ends look where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Shown as itself.
    Text,
    /// Stands for something that cannot be shown as itself.
    Mark,
    Tab,
    /// `\n` or `\r\n`.
    LineEnd,
}

/// The smallest thing that is shown: one grapheme cluster or one mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Safe to print. `→` for a tab and `⏎` for a line end, for callers that show them.
    pub shown: Cow<'a, str>,
    pub kind: Kind,
    /// Byte range in the original text.
    pub start: usize,
    pub end: usize,
    /// Cells of `shown`.
    pub width: usize,
}

/// Scalars that one cluster may have before the rest is shown as a mark: enough for every
/// orthography, too little to climb over the lines above.
const CLUSTER: usize = 16;

/// The pieces of `text` in order. Their ranges follow each other without gaps and cover it all.
pub fn pieces(text: &str) -> Pieces<'_> {
    pieces_in(text, 0..text.len())
}

/// The pieces of a part of `text`, whose neighbours outside of the range are taken into account.
pub fn pieces_in(text: &str, range: Range<usize>) -> Pieces<'_> {
    Pieces { text, next: range.start, last: range.end, in_cluster: None }
}

/// See [`pieces`].
pub struct Pieces<'a> {
    text: &'a str,
    next: usize,
    /// End of what is asked for.
    last: usize,
    /// End of a cluster that is being taken apart.
    in_cluster: Option<usize>,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let start = self.next;
        let bytes = self.text.as_bytes();
        if start >= self.last {
            return None;
        }
        let first = *bytes.get(start)?;
        if self.in_cluster.is_none() && (0x20..0x7f).contains(&first) {
            // Most text: an ASCII character that is followed by another one stands alone.
            if bytes.get(start + 1).is_none_or(|byte| byte.is_ascii()) {
                self.next = start + 1;
                let shown = Cow::Borrowed(&self.text[start..start + 1]);
                return Some(Piece { shown, kind: Kind::Text, start, end: start + 1, width: 1 });
            }
        }
        let end = match self.in_cluster.take() {
            Some(end) => end,
            None => start + self.text[start..self.last].graphemes(true).next()?.len(),
        };
        let piece = self.piece(start, end);
        self.next = piece.end;
        if piece.end < end {
            self.in_cluster = Some(end);
        }
        Some(piece)
    }
}

impl<'a> Pieces<'a> {
    /// The first piece of the cluster (or rest of one) at `start..end`.
    fn piece(&self, start: usize, end: usize) -> Piece<'a> {
        let cluster = &self.text[start..end];
        match cluster {
            "\n" | "\r\n" => return fixed("⏎", Kind::LineEnd, start, end),
            "\t" => return fixed("→", Kind::Tab, start, end),
            _ => {}
        }
        // Combining marks without anything to combine with get a circle to stand on.
        let orphan =
            cluster.chars().next().is_some_and(|c| safe(c) && width::cluster(cluster) == 0);
        let mut before = self.text[..start].chars().next_back();
        let mut chars = cluster.char_indices().peekable();
        let mut count = 0;
        let mut safe_end = start;
        while let Some((at, c)) = chars.next() {
            let after = chars.peek().map(|(_, c)| *c).or_else(|| self.text[end..].chars().next());
            if !shows_here(c, before, after) {
                if at == 0 {
                    return mark(c, start, start + c.len_utf8());
                }
                break;
            }
            count += 1;
            if count > CLUSTER {
                // What climbs on: one mark for all of it that could be shown.
                break;
            }
            before = Some(c);
            safe_end = start + at + c.len_utf8();
        }
        let shown = &self.text[start..safe_end];
        if orphan || width::cluster(shown) == 0 {
            let mut scalars = shown.chars();
            let circled = format!("◌{shown}");
            let shown = match (scalars.next(), scalars.next()) {
                (Some(c), None) if circled.graphemes(true).count() > 1 => codepoint(c),
                (_, None) => circled,
                _ => format!("⟨+{}⟩", shown.chars().count()),
            };
            let width = width::of(&shown);
            let shown = Cow::Owned(shown);
            return Piece { shown, kind: Kind::Mark, start, end: safe_end, width };
        }
        let width = width::cluster(shown);
        Piece { shown: Cow::Borrowed(shown), kind: Kind::Text, start, end: safe_end, width }
    }
}

fn fixed(shown: &'static str, kind: Kind, start: usize, end: usize) -> Piece<'static> {
    Piece { shown: Cow::Borrowed(shown), kind, start, end, width: width::of(shown) }
}

fn mark(c: char, start: usize, end: usize) -> Piece<'static> {
    let shown = match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32).map_or_else(String::new, String::from),
        '\x7f' => "␡".to_owned(),
        '\u{ad}' => "¬".to_owned(),
        // A line end inside of a cell.
        '\u{2028}' => "↵".to_owned(),
        // Symbols of fonts and user-defined characters: only the file's own font knows them.
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => "▯".to_owned(),
        _ => codepoint(c),
    };
    let width = width::of(&shown);
    Piece { shown: Cow::Owned(shown), kind: Kind::Mark, start, end, width }
}

fn codepoint(c: char) -> String {
    format!("⟨U+{:04X}⟩", c as u32)
}

/// Whether `c` may be printed as itself between these neighbours.
fn shows_here(c: char, before: Option<char>, after: Option<char>) -> bool {
    match c {
        // Joiners belong to the spelling of some scripts and hold emoji together.
        '\u{200c}' => before.is_some_and(joins) && after.is_some_and(joins),
        '\u{200d}' => {
            (before.is_some_and(joins) && after.is_some_and(joins))
                || (before.is_some_and(|c| pictures(c) || c == '\u{fe0f}')
                    && after.is_some_and(pictures))
        }
        // Which picture of a symbol is meant.
        '\u{fe0e}' | '\u{fe0f}' => before.is_some_and(|c| pictures(c) || is_keycap(c)),
        // Which shape of an ideograph is meant.
        '\u{e0100}'..='\u{e01ef}' => before.is_some_and(is_ideograph),
        '\u{180b}'..='\u{180d}' | '\u{180f}' => {
            before.is_some_and(|c| matches!(c, '\u{1820}'..='\u{18aa}'))
        }
        _ => safe(c),
    }
}

fn is_keycap(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '#' | '*')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Letters and marks of scripts that are spelt with joiners.
fn joins(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{605}' | '\u{610}'..='\u{61b}' | '\u{620}'..='\u{8ff}'
        | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17b3}'
        | '\u{17b6}'..='\u{17ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Symbols that emoji sequences are made of.
fn pictures(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2190}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{1f000}'..='\u{1faff}')
}

/// Whether `c` may be printed as itself whatever stands beside it.
fn safe(c: char) -> bool {
    if c.is_control() {
        return false;
    }
    if (c as u32) < 0xad {
        return true;
    }
    // Bidi controls, line and paragraph separators, everything Unicode calls default ignorable,
    // interlinear annotation, non-characters, private use.
    !matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{fffe}' | '\u{ffff}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{10ffff}')
        && (c as u32) & 0xfffe != 0xfffe
}

/// `text` for one row of a terminal: line ends become `⏎`, tabs `→`.
pub fn line(text: &str) -> Cow<'_, str> {
    shown(text, |_| None)
}

/// `text` for printing as it stands: line ends and tabs are kept, everything else is made safe.
pub fn block(text: &str) -> Cow<'_, str> {
    shown(text, |kind| match kind {
        Kind::LineEnd => Some("\n"),
        Kind::Tab => Some("\t"),
        Kind::Text | Kind::Mark => None,
    })
}

fn shown<'a>(text: &'a str, keep: impl Fn(Kind) -> Option<&'static str>) -> Cow<'a, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        out.push_str(keep(piece.kind).unwrap_or(&piece.shown));
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(line(text), expected);
    }

    #[test]
    fn escape_sequences_are_shown() {
        check("\x1b[31mred\x1b[0m", "␛[31mred␛[0m");
        check("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇");
        check("\u{9b}31m\u{9d}0;t\u{9c}", "⟨U+009B⟩31m⟨U+009D⟩0;t⟨U+009C⟩");
        check("a\0b\x7f\x08", "a␀b␡␈");
        check("paid\rnot paid", "paid␍not paid");
    }

    #[test]
    fn line_ends_and_tabs() {
        check("a\nb\r\nc\td", "a⏎b⏎c→d");
        assert_eq!(block("a\nb\r\nc\td\x1b"), "a\nb\nc\td␛");
        check("a\u{2028}b\u{2029}c\u{85}", "a↵b⟨U+2029⟩c⟨U+0085⟩");
    }

    #[test]
    fn invisible_characters_are_shown() {
        check("invoice\u{202e}fdp.exe", "invoice⟨U+202E⟩fdp.exe");
        check("a\u{2066}b\u{2069}\u{200f}", "a⟨U+2066⟩b⟨U+2069⟩⟨U+200F⟩");
        check("pay\u{200b}pal\u{feff}", "pay⟨U+200B⟩pal⟨U+FEFF⟩");
        check("a\u{200d}b\u{200c}c", "a⟨U+200D⟩b⟨U+200C⟩c");
        check("soft\u{ad}hyphen", "soft¬hyphen");
        check("\u{e0041}", "⟨U+E0041⟩");
        check("👩\u{fe0f}\u{fe0f}\u{fe0f}", "👩\u{fe0f}⟨U+FE0F⟩⟨U+FE0F⟩");
    }

    #[test]
    fn legitimate_spelling_is_kept() {
        for text in [
            "合同台账，（第1期）",
            "👨\u{200d}👩\u{200d}👧 ❤\u{fe0f} 👍🏽 🇨🇳 1\u{fe0f}\u{20e3}",
            "❤\u{fe0f}\u{200d}🔥",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "葛\u{e0100}城",
            "Việt e\u{301} ไทย 한국어",
            "\u{1112}\u{1161}\u{11ab}",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn clusters_do_not_climb() {
        let climbing = format!("a{}b", "\u{301}".repeat(40));
        let shown = line(&climbing);
        assert!(shown.starts_with('a') && shown.ends_with("⟩b"), "{shown:?}");
        assert!(shown.chars().filter(|c| *c == '\u{301}').count() < CLUSTER);
        check("\u{301}a", "◌\u{301}a");
    }

    #[test]
    fn private_use_is_a_box() {
        check("\u{f0b7} item \u{10fffd}", "▯ item ▯");
    }

    #[test]
    fn pieces_know_their_bytes() {
        let text = "合\x1b\r\ne\u{301}";
        let ranges: Vec<_> = pieces(text).map(|p| (p.start, p.end, p.width, p.kind)).collect();
        let expected = [
            (0, 3, 2, Kind::Text),
            (3, 4, 1, Kind::Mark),
            (4, 6, 1, Kind::LineEnd),
            (6, 9, 1, Kind::Text),
        ];
        assert_eq!(ranges, expected);
    }

    /// Text as an attacker would write it: everything special, close together.
    fn hostile() -> impl Strategy<Value = String> {
        let special = prop_oneof![
            3 => any::<char>(),
            3 => prop::sample::select(vec![
                'a', ' ', '合', '，', '\u{301}', '\u{200d}', '\u{200c}', '\u{fe0f}', '👩', '❤', '1',
                '\u{20e3}', '\u{1f1e8}', '\x1b', '\r', '\n', '\t', '\0', '\u{202e}', '\u{2028}',
                '\u{e0041}', '\u{94d}', 'क', '\u{600}', 'ᄒ', 'ᅡ', '\u{1160}', '\u{feff}', '\u{9b}',
            ]),
        ];
        prop::collection::vec(special, 0..40).prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_acts(text in hostile()) {
            let mut next = 0;
            for piece in pieces(&text) {
                prop_assert_eq!(piece.start, next);
                prop_assert!(piece.end > piece.start);
                prop_assert!(text.is_char_boundary(piece.end));
                prop_assert!(piece.width > 0, "{piece:?} cannot be seen");
                prop_assert_eq!(piece.width, width::of(&piece.shown));
                prop_assert!(!piece.shown.contains(char::is_control));
                next = piece.end;
            }
            prop_assert_eq!(next, text.len());
        }

        #[test]
        fn what_was_made_safe_stays_as_it_is(text in hostile()) {
            let once = line(&text).into_owned();
            prop_assert_eq!(line(&once), once.as_str());
        }
    }
}
