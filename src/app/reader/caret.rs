//! Moving a caret over text: by characters as they are shown, words, rows. Offsets are bytes and
//! always stand at the start of a piece (see `text::sanitise`).

use crate::text::sanitise::{self, Kind};
use crate::text::wrap::{self, Measure};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Bytes that are looked back at in an absurdly long line.
const LOOK_BACK: usize = 4096;

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// End of the piece at `at`.
pub fn after(text: &str, at: usize) -> usize {
    sanitise::pieces_in(text, at..text.len()).next().map_or(text.len(), |piece| piece.end)
}

/// Start of the piece before `at`; 0 at the start.
pub fn before(text: &str, at: usize) -> usize {
    let head = &text[..at];
    if let Some(line) = head.strip_suffix('\n') {
        return line.strip_suffix('\r').unwrap_or(line).len();
    }
    let line = head.rfind('\n').map_or(0, |end| end + 1);
    let start = line.max(floor(text, at.saturating_sub(LOOK_BACK)));
    sanitise::pieces_in(text, start..at).last().map_or(start, |piece| piece.start)
}

/// Start of the next word, or of the next line that has something.
pub fn word_after(text: &str, at: usize) -> usize {
    let mut words = text[at..].split_word_bound_indices().skip(1);
    let next = words.find(|(_, word)| !word.trim().is_empty());
    next.map_or(text.len(), |(start, _)| at + start)
}

/// Start of this word, or of the one before.
pub fn word_before(text: &str, at: usize) -> usize {
    let from = floor(text, at.saturating_sub(LOOK_BACK));
    let mut words = text[from..at].split_word_bound_indices();
    let before = words.rfind(|(_, word)| !word.trim().is_empty());
    before.map_or(from, |(start, _)| from + start)
}

/// The line that holds `at`, without its end. At most what is looked at of absurdly long ones.
pub fn line(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let end = text[start.min(end)..end].strip_suffix('\r').map_or(end, |_| end - 1);
    start..end.max(at.min(end))
}

/// Cells before `at` in its row.
pub fn column(text: &str, row: Range<usize>, measure: Measure, at: usize) -> usize {
    let pieces = wrap::row_pieces(text, row, measure);
    pieces.take_while(|piece| piece.start < at).map(|piece| piece.width).sum()
}

/// Start of the piece of a row that covers a column; its last one when it is shorter.
pub fn at_column(text: &str, row: Range<usize>, measure: Measure, column: usize) -> usize {
    let mut cells = 0;
    let mut last = row.start;
    for piece in wrap::row_pieces(text, row, measure) {
        if piece.kind == Kind::LineEnd {
            // The caret stands on it only where there is nothing else.
            break;
        }
        last = piece.start;
        cells += piece.width;
        if cells > column {
            break;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_and_lines() {
        let text = "合同 台账\r\nthe payment, ok\n\nend";
        let mut at = 0;
        let mut stops = Vec::new();
        while at < text.len() {
            stops.push(&text[at..after(text, at)]);
            at = word_after(text, at);
        }
        assert_eq!(stops, ["合", "同", "台", "账", "t", "p", ",", "o", "e"]);
        assert_eq!(word_before(text, text.find("payment").unwrap() + 3), text.find("pay").unwrap());
        assert_eq!(&text[line(text, 0)], "合同 台账");
        assert_eq!(&text[line(text, 20)], "the payment, ok");
        assert_eq!(line(text, text.len()).end, text.len());
    }

    #[test]
    fn columns_of_wide_characters() {
        let text = "合同a台";
        let at = |column| at_column(text, 0..text.len(), Measure::text(9), column);
        assert_eq!([at(0), at(1), at(2), at(4), at(5), at(50)], [0, 0, 3, 6, 7, 7]);
        assert_eq!(column(text, 0..text.len(), Measure::text(9), 7), 5);
    }

    proptest! {
        #[test]
        fn there_and_back(text in "[a合\u{301}\n\r\u{202e}\u{200d} 👩]{0,30}") {
            let mut at = 0;
            let mut starts = Vec::new();
            while at < text.len() {
                starts.push(at);
                at = after(&text, at);
            }
            prop_assert_eq!(at, text.len());
            while let Some(start) = starts.pop() {
                at = before(&text, at);
                prop_assert_eq!(at, start);
            }
        }
    }
}
