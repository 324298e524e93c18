//! How many terminal cells a text takes. One place decides it, so that layout, wrapping, cursor
//! and drawing agree; grapheme cluster by grapheme cluster.
//!
//! East Asian *ambiguous* characters count as 1. Terminals differ on emoji sequences: what is
//! drawn after one is therefore positioned anew by the backend (see `tui::backend`).

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cells of one grapheme cluster that went through [`crate::text::sanitise`]. Control characters
/// count as 0: they never reach a terminal.
pub fn cluster(cluster: &str) -> usize {
    if let [byte] = cluster.as_bytes() {
        return usize::from((0x20..0x7f).contains(byte));
    }
    cluster.width()
}

/// Cells of a sanitised text on one row.
pub fn of(text: &str) -> usize {
    if text.is_ascii() {
        return text.bytes().filter(|byte| (0x20..0x7f).contains(byte)).count();
    }
    text.graphemes(true).map(cluster).sum()
}

/// The longest prefix that fits into `cells`, with its width. Never cuts a cluster.
pub fn prefix(text: &str, cells: usize) -> (&str, usize) {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        let wide = cluster(grapheme);
        if used + wide > cells {
            return (&text[..at], used);
        }
        used += wide;
    }
    (text, used)
}

/// The longest suffix that fits into `cells`, with its width. Never cuts a cluster.
pub fn suffix(text: &str, cells: usize) -> (&str, usize) {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        let wide = cluster(grapheme);
        if used + wide > cells {
            return (&text[at + grapheme.len()..], used);
        }
        used += wide;
    }
    (text, used)
}

/// The visible marks that begin and end so: `⟨U+202E⟩`. A part of one would say something else.
const MARK: (char, char) = ('⟨', '⟩');

/// Characters of the longest mark.
const LONGEST_MARK: usize = 12;

/// The mark that a cut at `at` would part, as its range.
fn parted_mark(text: &str, at: usize) -> Option<(usize, usize)> {
    let start = text.get(..at)?.rfind(MARK.0)?;
    let inside = &text[start + MARK.0.len_utf8()..];
    let mut chars = inside.char_indices().take(LONGEST_MARK);
    let (end, _) = chars.find(|(_, c)| !(c.is_ascii_alphanumeric() || *c == '+'))?;
    let end = start + MARK.0.len_utf8() + end;
    let is_mark = text[end..].starts_with(MARK.1) && end + MARK.1.len_utf8() > at;
    is_mark.then_some((start, end + MARK.1.len_utf8()))
}

/// Where a text may end that ends at `end`: not inside of a mark.
fn before_mark(text: &str, end: usize) -> usize {
    parted_mark(text, end).map_or(end, |(start, _)| start)
}

/// Where a text may begin that begins at `start`: not inside of a mark.
fn after_mark(text: &str, start: usize) -> usize {
    parted_mark(text, start).map_or(start, |(_, end)| end)
}

/// The text, cut to `cells` with `…` at its end where something is missing. No cut parts a mark.
pub fn clip(text: &str, cells: usize) -> String {
    let (whole, _) = prefix(text, cells);
    if whole.len() == text.len() {
        return text.to_owned();
    }
    match cells {
        0 => String::new(),
        _ => format!("{}…", &text[..before_mark(text, prefix(text, cells - 1).0.len())]),
    }
}

/// The text, cut to `cells` with `…` at its start: for paths, whose end says most.
pub fn clip_start(text: &str, cells: usize) -> String {
    let (whole, _) = suffix(text, cells);
    if whole.len() == text.len() {
        return text.to_owned();
    }
    match cells {
        0 => String::new(),
        _ => {
            let start = text.len() - suffix(text, cells - 1).0.len();
            format!("…{}", &text[after_mark(text, start)..])
        }
    }
}

/// The text, cut to `cells` with `…` inside, so that its end stays: for names of files, which
/// often differ in a number before their type.
pub fn clip_middle(text: &str, cells: usize) -> String {
    if prefix(text, cells).0.len() == text.len() {
        return text.to_owned();
    }
    let start = text.len() - suffix(text, (cells.saturating_sub(1) / 2).min(10)).0.len();
    let tail = &text[after_mark(text, start)..];
    let (head, _) = prefix(text, cells.saturating_sub(of(tail) + 1));
    format!("{}…{tail}", &text[..before_mark(text, head.len())])
}

/// The text, cut or filled with spaces to exactly `cells`.
pub fn pad(text: &str, cells: usize) -> String {
    let mut clipped = clip(text, cells);
    let missing = cells.saturating_sub(of(&clipped));
    clipped.extend(std::iter::repeat_n(' ', missing));
    clipped
}

/// The text filled with spaces to `cells`, for a column that others follow: one that is as wide or
/// wider stays whole and has a space behind it all the same.
pub fn column(text: &str, cells: usize) -> String {
    let missing = cells.saturating_sub(of(text)).max(1);
    let mut column = text.to_owned();
    column.extend(std::iter::repeat_n(' ', missing));
    column
}

/// The text, cut or filled with spaces on its left to exactly `cells`: for numbers.
pub fn pad_start(text: &str, cells: usize) -> String {
    let clipped = clip(text, cells);
    let missing = cells.saturating_sub(of(&clipped));
    let mut padded = " ".repeat(missing);
    padded.push_str(&clipped);
    padded
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, cells: usize) {
        assert_eq!(of(text), cells, "{text:?}");
    }

    #[test]
    fn widths_by_script() {
        check("", 0);
        check("abc", 3);
        check("合同台账", 8);
        check("，。", 4);
        check("ﾊﾞ", 2); // half-width katakana with its sound mark
        check("カタカナ", 8);
        check("한국어", 6);
        check("\u{1112}\u{1161}\u{11ab}", 2); // jamo that make one syllable
        check("e\u{301}", 1);
        check("ไทย", 3);
        check("مرحبا", 5);
        check("…─●", 3); // ambiguous: one cell
        check("\u{3000}", 2);
    }

    #[test]
    fn widths_of_emoji() {
        check("😀", 2);
        check("👨\u{200d}👩\u{200d}👧", 2);
        check("❤\u{fe0f}", 2);
        check("❤", 1);
        check("👍🏽", 2);
        check("🇨🇳", 2);
        check("1\u{fe0f}\u{20e3}", 2);
    }

    #[test]
    fn cuts_at_clusters() {
        assert_eq!(prefix("合同", 3), ("合", 2));
        assert_eq!(suffix("合同", 3), ("同", 2));
        assert_eq!(clip("合同台账", 5), "合同…");
        assert_eq!(clip_start("a/b/合同", 5), "…合同");
        assert_eq!(clip("abc", 0), "");
        assert_eq!(clip_middle("5f0c2b6e-91d4_12.png", 14), "5f0c2b6…12.png");
        assert_eq!(clip_middle("合同台账", 5), "合…账");
        assert_eq!(clip_middle("abc", 3), "abc");
        assert_eq!(pad("合同", 5), "合同 ");
        assert_eq!(pad("合同", 3), "合…");
        assert_eq!(pad_start("12", 4), "  12");
    }

    #[test]
    fn no_cut_parts_a_visible_mark() {
        let text = "合同⟨U+202E⟩fdp⟨U+200B⟩.txt";
        assert_eq!(clip(text, 12), "合同…");
        assert_eq!(clip(text, 13), "合同⟨U+202E⟩…");
        assert_eq!(clip_start(text, 8), "….txt");
        assert_eq!(clip_start(text, 13), "…⟨U+200B⟩.txt");
        assert_eq!(clip_middle(text, 20), "合同⟨U+202E⟩fdp….txt");
        assert_eq!(clip_middle(text, 12), "合同….txt");
        // What only looks like the beginning of one is text.
        assert_eq!(clip("a⟨b c⟩d", 5), "a⟨b …");
        let marks =
            |text: &str| text.matches("⟨U+202E⟩").count() + text.matches("⟨U+200B⟩").count();
        for cells in 0..of(text) {
            for cut in [clip(text, cells), clip_start(text, cells), clip_middle(text, cells)] {
                assert!(of(&cut) <= cells.max(1), "{cells}: {cut}");
                assert_eq!(cut.matches(['⟨', '⟩']).count(), 2 * marks(&cut), "{cells}: {cut}");
            }
        }
    }

    #[test]
    fn columns_do_not_touch() {
        assert_eq!(column("合同", 6), "合同  ");
        assert_eq!(column("version", 7), "version ");
        assert_eq!(column("versions", 7), "versions ");
    }

    proptest! {
        #[test]
        fn pad_is_exact(text in "\\PC{0,12}", cells in 0_usize..20) {
            prop_assert_eq!(of(&pad(&text, cells)), cells);
        }
    }
}
