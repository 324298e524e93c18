//! Text into rows of a given width, in byte ranges of the original.
//!
//! Chinese and Japanese break anywhere except where typesetting forbids it (no closing mark at
//! the start of a row, no opening one at its end), other scripts at spaces, and words that are
//! longer than a row anywhere. Nothing here holds a whole text: rows come from an iterator over
//! one *segment*, and segments (lines, or pieces of absurdly long lines) are found from any byte
//! offset by looking back a bounded way. So a text of 50 MB that is opened at its end costs what
//! the last screen costs.

use super::sanitise::{self, Kind, Piece};
use std::borrow::Cow;
use std::ops::Range;

/// A line longer than this is taken in segments of at most twice this size, so that the cost of a
/// step never depends on the text. In bytes.
pub const SEGMENT: usize = 8 * 1024;

/// Cells from one tab stop to the next.
pub const TAB: usize = 4;

/// One row of wrapped text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Bytes of the text it shows, a line end that closes it included.
    pub range: Range<usize>,
    /// Cells that are taken.
    pub width: usize,
}

/// The rows of `text[range]`, which should be one segment, at `width` cells (at least 1).
/// Rows follow each other without gaps; an empty range gives one empty row.
pub fn rows(text: &str, range: Range<usize>, width: usize) -> Rows<'_> {
    Rows { text, next: range.start, end: range.end, width: width.max(1), done: false }
}

/// See [`rows`].
pub struct Rows<'a> {
    text: &'a str,
    next: usize,
    end: usize,
    width: usize,
    done: bool,
}

impl Iterator for Rows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        if self.done {
            return None;
        }
        let start = self.next;
        let mut column = 0;
        // Where the row could end, if what follows does not fit.
        let mut good: Option<(usize, usize)> = None;
        let mut before: Option<char> = None;
        for piece in row_pieces(self.text, start..self.end, self.width) {
            if piece.kind == Kind::LineEnd {
                self.next = piece.end;
                self.done = self.next >= self.end;
                return Some(Row { range: start..piece.end, width: column });
            }
            let first = piece.shown.chars().next();
            if before.is_some_and(|before| may_break(before, first, piece.width)) {
                good = Some((piece.start, column));
            }
            if column + piece.width > self.width {
                let is_blank = piece.kind == Kind::Text && &*piece.shown == " ";
                // One space may hang over the edge: nobody misses it, and words stay in place.
                let (end, cells) = match (is_blank && before != Some(' '), good) {
                    (true, _) => (piece.end, column),
                    (false, Some(good)) => good,
                    (false, None) => (piece.start, column),
                };
                self.next = end;
                self.done = end >= self.end;
                return Some(Row { range: start..end, width: cells });
            }
            column += piece.width;
            before = piece.shown.chars().next_back();
            if piece.kind == Kind::Tab {
                before = Some(' ');
            }
        }
        self.next = self.end;
        self.done = true;
        Some(Row { range: start..self.end, width: column })
    }
}

/// The pieces of one row with the cells they take there: tabs run to the next stop, and what is
/// wider than a whole row becomes `…`.
pub fn row_pieces(
    text: &str,
    range: Range<usize>,
    width: usize,
) -> impl Iterator<Item = Piece<'_>> {
    let mut column = 0;
    sanitise::pieces_in(text, range).map(move |mut piece| {
        if piece.kind == Kind::Tab {
            piece.width = (TAB - column % TAB).min(width.saturating_sub(column).max(1));
            piece.shown = Cow::Borrowed(&"    "[..piece.width.min(TAB)]);
        }
        if piece.width > width && piece.kind != Kind::LineEnd {
            piece.shown = Cow::Borrowed("…");
            piece.width = 1;
            piece.kind = Kind::Mark;
        }
        column += piece.width;
        piece
    })
}

/// Whether a row may end between these two.
fn may_break(before: char, after: Option<char>, after_width: usize) -> bool {
    let Some(after) = after else { return true };
    if before == ' ' || before == '\u{3000}' {
        return after != ' ';
    }
    if never_starts(after) || never_ends(before) {
        return false;
    }
    after_width == 2 || is_wide(before)
}

/// Scripts without spaces whose characters fill two cells.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115e}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}')
}

/// Closing marks and the like: they belong to what stands before them.
fn never_starts(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | '，'
            | '．'
            | '：'
            | '；'
            | '？'
            | '！'
            | '）'
            | '］'
            | '｝'
            | '〉'
            | '》'
            | '」'
            | '』'
            | '】'
            | '〕'
            | '〗'
            | '〙'
            | '〛'
            | '’'
            | '”'
            | '…'
            | '‥'
            | '—'
            | '～'
            | '·'
            | '・'
            | '％'
            | '‰'
            | '℃'
            | '｡'
            | '､'
            | '｣'
            | '゛'
            | '゜'
            | 'ー'
            | '々'
            | '〻'
            | 'ゝ'
            | 'ゞ'
            | 'ヽ'
            | 'ヾ'
            | 'ぁ'
            | 'ぃ'
            | 'ぅ'
            | 'ぇ'
            | 'ぉ'
            | 'っ'
            | 'ゃ'
            | 'ゅ'
            | 'ょ'
            | 'ァ'
            | 'ィ'
            | 'ゥ'
            | 'ェ'
            | 'ォ'
            | 'ッ'
            | 'ャ'
            | 'ュ'
            | 'ョ'
            | '﹐'
            | '﹑'
            | '﹒'
            | '﹔'
            | '﹕'
            | '﹖'
            | '﹗'
            | ')'
            | ']'
            | '}'
            | ','
            | '.'
            | ':'
            | ';'
            | '?'
            | '!'
            | '%'
            | '"'
            | '\''
            | '»'
    )
}

/// Opening marks: they belong to what stands after them.
fn never_ends(c: char) -> bool {
    matches!(
        c,
        '（' | '［'
            | '｛'
            | '〈'
            | '《'
            | '「'
            | '『'
            | '【'
            | '〔'
            | '〖'
            | '〘'
            | '〚'
            | '‘'
            | '“'
            | '｢'
            | '￥'
            | '＄'
            | '£'
            | '¥'
            | '$'
            | '('
            | '['
            | '{'
            | '«'
            | '＃'
            | '№'
    )
}

/// Start of the segment that holds the byte at `offset`.
/// Looks back at most three times [`SEGMENT`] bytes, so that any window of a text that holds
/// these gives the same answer; `base` is the window's offset in the whole text.
pub fn segment_start(window: &str, base: u64, offset: usize) -> usize {
    let bytes = window.as_bytes();
    let offset = offset.min(bytes.len());
    let mut low = offset;
    while low > 0 && bytes[low - 1] != b'\n' && !cuts_at(window, base, low) {
        low -= 1;
    }
    low
}

/// End of the segment that starts at `start`, its line end included.
pub fn segment_end(window: &str, base: u64, start: usize) -> usize {
    let bytes = window.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        if bytes[at] == b'\n' {
            return at + 1;
        }
        at += 1;
        if cuts_at(window, base, at) {
            return at;
        }
    }
    bytes.len()
}

/// Whether a line that is too long is cut at `at`: at the first character after each multiple of
/// [`SEGMENT`], if no line ended on the way from the multiple before.
fn cuts_at(window: &str, base: u64, at: usize) -> bool {
    if at == 0 || at >= window.len() || !window.is_char_boundary(at) {
        return false;
    }
    let absolute = base + at as u64;
    let multiple = absolute - absolute % SEGMENT as u64;
    // The first boundary at or after the multiple: a character has at most four bytes.
    let past = (absolute - multiple) as usize;
    if past > 3 || past > at || (1..=past).any(|back| window.is_char_boundary(at - back)) {
        return false;
    }
    let from = (at - past).saturating_sub(SEGMENT);
    multiple >= SEGMENT as u64 && !window.as_bytes()[from..at].contains(&b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::width;
    use proptest::prelude::*;

    fn lines(text: &str, width: usize) -> Vec<String> {
        let mut out = Vec::new();
        let mut start = 0;
        loop {
            let end = segment_end(text, 0, start);
            for row in rows(text, start..end, width) {
                let shown: String = row_pieces(text, row.range, width)
                    .filter(|piece| piece.kind != Kind::LineEnd)
                    .map(|piece| piece.shown.into_owned())
                    .collect();
                out.push(shown);
            }
            start = end;
            if start >= text.len() {
                return out;
            }
        }
    }

    #[track_caller]
    fn check(text: &str, width: usize, expected: &[&str]) {
        assert_eq!(lines(text, width), expected);
    }

    #[test]
    fn latin_breaks_at_spaces() {
        check("one two three", 8, &["one two ", "three"]);
        check("one two three", 7, &["one two ", "three"]);
        check("a   b", 2, &["a ", "  ", "b"]);
        check("", 5, &[""]);
        check("a\n\nb\n", 5, &["a", "", "b"]);
    }

    #[test]
    fn long_words_are_broken() {
        check("abcdefgh", 3, &["abc", "def", "gh"]);
        check("see http://example.org/x", 10, &["see ", "http://exa", "mple.org/x"]);
    }

    #[test]
    fn chinese_breaks_anywhere_but_not_before_closing_marks() {
        check("合同台账付款", 5, &["合同", "台账", "付款"]);
        check("合同，台账", 4, &["合", "同，", "台账"]);
        check("付款（预付）后", 6, &["付款", "（预", "付）后"]);
        check("付款abc完成", 8, &["付款abc", "完成"]);
        check("。。。。", 4, &["。。", "。。"]); // nowhere better to break
    }

    #[test]
    fn what_is_wider_than_the_row_is_a_dot() {
        check("合a", 1, &["…", "a"]);
        check("a\u{202e}b", 3, &["a…b"]);
    }

    #[test]
    fn tabs_run_to_the_next_stop() {
        check("a\tb\tc", 10, &["a   b   c"]);
        check("\tab", 3, &["   ", "ab"]);
    }

    #[test]
    fn long_lines_are_cut_the_same_from_anywhere() {
        let text = format!("first\n{}\nlast", "合同台账".repeat(4000));
        let mut starts = vec![0];
        while starts.last().is_some_and(|start| *start < text.len()) {
            starts.push(segment_end(&text, 0, starts[starts.len() - 1]));
        }
        assert!(starts.len() > 7, "{starts:?}");
        for pair in starts.windows(2) {
            assert!(pair[1] - pair[0] <= 2 * SEGMENT + 4);
            for offset in [pair[0], (pair[0] + pair[1]) / 2, pair[1] - 1] {
                assert_eq!(segment_start(&text, 0, offset), pair[0], "from {offset}");
                // The same seen through a window that begins later.
                let mut from = pair[0].saturating_sub(2 * SEGMENT);
                while !text.is_char_boundary(from) {
                    from += 1;
                }
                let window = &text[from..];
                let seen = segment_start(window, from as u64, offset - from);
                assert_eq!(seen + from, pair[0]);
            }
        }
    }

    fn written() -> impl Strategy<Value = String> {
        let pool = prop::sample::select(vec![
            'a', 'b', 'c', ' ', ' ', '合', '同', '，', '（', '）', '\t', '\n', '\x1b', '\u{301}',
            '👩', '\u{200d}', '.', '한', 'カ', '\u{202e}', '\r',
        ]);
        prop::collection::vec(prop_oneof![5 => pool, 1 => any::<char>()], 0..60)
            .prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn rows_fit_and_lose_nothing(text in written(), cells in 1_usize..20) {
            let mut next = 0;
            let mut start = 0;
            while start < text.len() {
                let end = segment_end(&text, 0, start);
                prop_assert_eq!(segment_start(&text, 0, start), start);
                for row in rows(&text, start..end, cells) {
                    prop_assert_eq!(row.range.start, next);
                    prop_assert!(row.range.end > row.range.start);
                    prop_assert!(row.width <= cells);
                    let mut column = 0;
                    let mut at = row.range.start;
                    let mut hanging = false;
                    for piece in row_pieces(&text, row.range.clone(), cells) {
                        prop_assert_eq!(piece.start, at);
                        prop_assert!(!hanging, "only the last piece may hang over the edge");
                        at = piece.end;
                        if piece.kind != Kind::LineEnd {
                            prop_assert_eq!(piece.width, width::of(&piece.shown));
                            hanging = column + piece.width > cells;
                            prop_assert!(!hanging || &*piece.shown == " ");
                            column += if hanging { 0 } else { piece.width };
                        }
                    }
                    prop_assert_eq!(at, row.range.end);
                    prop_assert_eq!(column, row.width);
                    next = row.range.end;
                }
                prop_assert_eq!(next, end);
                start = end;
            }
            prop_assert_eq!(next, text.len());
        }
    }
}
