//! From text to lines of a pane: wrapped, with occurrences marked.

use crate::app::line::{Line, Role};
use crate::text::sanitise::{Kind, Piece, pieces};
use crate::text::wrap::{self, Measure, Row};

/// Occurrences in a text, as byte ranges in the same count as the text's offsets.
#[derive(Clone, Copy, Default)]
pub struct Hits<'a> {
    /// Sorted, not overlapping.
    pub ranges: &'a [(u64, u64)],
    /// The one that the reader stands on.
    pub here: Option<(u64, u64)>,
    pub selected: Option<(u64, u64)>,
    /// The character that the caret is on.
    pub caret: Option<u64>,
    /// What somebody highlighted or cited: sorted, not overlapping.
    pub marked: &'a [(u64, u64)],
    /// Names of watched entities: sorted, not overlapping.
    pub watched: &'a [(u64, u64)],
    /// The passage that was gone to.
    pub passage: Option<(u64, u64)>,
}

impl Hits<'_> {
    fn role_at(&self, start: u64, end: u64) -> Option<Role> {
        if self.caret == Some(start) {
            return Some(Role::Caret);
        }
        if self.selected.is_some_and(|selected| selected.0 <= start && end <= selected.1) {
            return Some(Role::Selected);
        }
        if self.passage.is_some_and(|passage| passage.0 <= start && end <= passage.1) {
            return Some(Role::HitHere);
        }
        let covers = |ranges: &[(u64, u64)]| {
            let after = ranges.partition_point(|range| range.1 <= start);
            ranges.get(after).copied().filter(|range| range.0 < end)
        };
        let is_marked = covers(self.marked).is_some();
        match covers(self.ranges) {
            Some(range) if self.here == Some(range) => Some(Role::HitHere),
            Some(_) if is_marked => Some(Role::HighlightHit),
            Some(_) => Some(Role::Hit),
            None if is_marked => Some(Role::Highlight),
            None => covers(self.watched).map(|_| Role::Watched),
        }
    }
}

/// One row of `text`; `base` is the offset of `text` in the count of `hits`.
pub fn row(text: &str, row: &Row, measure: Measure, base: u64, hits: Hits<'_>, role: Role) -> Line {
    let mut line = Line::new();
    let mut column = 0;
    for piece in wrap::row_pieces(text, row.range.clone(), measure) {
        if piece.kind == Kind::LineEnd || column + piece.width > measure.width.max(1) {
            // A caret on what has no cell of its own stands behind the row.
            let is_here = hits.caret == Some(base + piece.start as u64);
            if is_here && column < measure.width {
                line.push(" ", Role::Caret);
            }
            break;
        }
        column += piece.width;
        let hit = hits.role_at(base + piece.start as u64, base + piece.end as u64);
        let own = match piece.kind {
            Kind::Mark => Role::Mark,
            Kind::Tab => Role::Rule,
            Kind::Text | Kind::LineEnd => role,
        };
        line.push(&piece.shown, hit.unwrap_or(own));
    }
    line
}

/// One cell of a table in at most `cells`, cut with `…`; `base` is the offset of `text` in the
/// count of `hits`.
pub fn cell(text: &str, cells: usize, base: u64, hits: Hits<'_>, role: Role) -> Line {
    let mut line = Line::new();
    let mut used = 0;
    for piece in crate::text::sanitise::pieces(text) {
        let is_last = piece.end == text.len();
        if used + piece.width + usize::from(!is_last) > cells {
            // The last one may fill what is left; what is cut says so.
            if cells > used {
                line.push("…", if role == Role::Caret { role } else { Role::Dim });
            }
            break;
        }
        used += piece.width;
        let hit = hits.role_at(base + piece.start as u64, base + piece.end as u64);
        let own = if piece.kind == Kind::Text { role } else { Role::Mark };
        line.push(&piece.shown, hit.unwrap_or(own));
    }
    line
}

/// All rows of a short text (at most `most`, then how many bytes are left out).
pub fn rows(
    text: &str,
    measure: Measure,
    hits: Hits<'_>,
    role: Role,
    most: usize,
) -> (Vec<Line>, usize) {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = wrap::segment_end(text, 0, start);
        for wrapped in wrap::rows(text, start..end, measure) {
            if lines.len() == most {
                return (lines, text.len() - wrapped.range.start);
            }
            lines.push(row(text, &wrapped, measure, 0, hits, role));
        }
        start = end;
    }
    (lines, 0)
}

/// All rows of a short text, each with its byte range.
pub fn ranged_rows(
    text: &str,
    measure: Measure,
    hits: Hits<'_>,
    role: Role,
) -> Vec<(std::ops::Range<usize>, Line)> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = wrap::segment_end(text, 0, start);
        for wrapped in wrap::rows(text, start..end, measure) {
            let line = row(text, &wrapped, measure, 0, hits, role);
            lines.push((wrapped.range, line));
        }
        start = end;
    }
    lines
}

/// One line of a snippet: no wrapping, line ends and tabs as spaces.
pub fn snippet(text: &str, marks: &[(usize, usize)], cells: usize) -> Line {
    let ranges: Vec<(u64, u64)> = marks.iter().map(|(a, b)| (*a as u64, *b as u64)).collect();
    let hits = Hits { ranges: &ranges, ..Hits::default() };
    let mut shown: Vec<(Piece, usize)> = Vec::new();
    for piece in pieces(text) {
        let is_blank =
            |piece: &Piece| matches!(piece.kind, Kind::LineEnd | Kind::Tab) || &*piece.shown == " ";
        if is_blank(&piece) && shown.last().is_none_or(|(last, _)| is_blank(last)) {
            continue;
        }
        let wide = if is_blank(&piece) { 1 } else { piece.width };
        shown.push((piece, wide));
    }
    let mut line = Line::new();
    let from = beginning(&shown, marks.first().copied(), cells);
    let mut used = 0;
    if from > 0 && cells > 0 {
        line.push("…", Role::Dim);
        used += 1;
    }
    for (piece, wide) in &shown[from..] {
        if used + wide > cells {
            break;
        }
        used += wide;
        let is_blank = matches!(piece.kind, Kind::LineEnd | Kind::Tab);
        let hit = hits.role_at(piece.start as u64, piece.end as u64);
        let own = if piece.kind == Kind::Mark { Role::Mark } else { Role::Text };
        line.push(if is_blank { " " } else { &*piece.shown }, hit.unwrap_or(own));
    }
    line
}

/// The piece that a row of so many cells begins with so that the first mark is seen whole, with
/// some of what stands before it.
fn beginning(shown: &[(Piece, usize)], mark: Option<(usize, usize)>, cells: usize) -> usize {
    let Some((start, end)) = mark else { return 0 };
    let first = shown.partition_point(|(piece, _)| piece.end <= start);
    let behind = shown.partition_point(|(piece, _)| piece.start < end);
    let width = |range: &[(Piece, usize)]| range.iter().map(|(_, wide)| wide).sum::<usize>();
    if width(&shown[..behind]) <= cells {
        return 0;
    }
    // A third of the row before the mark, less where the mark is long.
    let marked = width(&shown[first..behind.max(first)]);
    let mut room = (cells / 3).min(cells.saturating_sub(marked + 1));
    let mut from = first;
    while from > 0 && shown[from - 1].1 <= room {
        from -= 1;
        room -= shown[from].1;
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(line: &Line) -> Vec<(&str, Role)> {
        line.spans.iter().map(|span| (span.text(), span.role())).collect()
    }

    #[test]
    fn hits_are_marked_over_row_borders() {
        let hits = Hits { ranges: &[(3, 9)], ..Hits::default() };
        let (lines, left) = rows("青河付款", Measure::text(4), hits, Role::Text, 10);
        assert_eq!(left, 0);
        assert_eq!(spans(&lines[0]), [("青", Role::Text), ("河", Role::Hit)]);
        assert_eq!(spans(&lines[1]), [("付", Role::Hit), ("款", Role::Text)]);
    }

    #[test]
    fn hostile_text_is_marked() {
        let (lines, _) = rows("a\x1bb", Measure::text(9), Hits::default(), Role::Text, 10);
        assert_eq!(spans(&lines[0]), [("a", Role::Text), ("␛", Role::Mark), ("b", Role::Text)]);
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let (lines, left) = rows("a\nb\nc", Measure::text(9), Hits::default(), Role::Text, 2);
        assert_eq!((lines.len(), left), (2, 1));
    }

    #[test]
    fn snippets_are_one_line() {
        let line = snippet("  one\n\ttwo \x1b", &[(7, 10)], 20);
        assert_eq!(line.plain(), "one two ␛");
        assert_eq!(spans(&line)[1], ("two", Role::Hit));
    }

    #[test]
    fn a_narrow_snippet_shows_its_hit() {
        let text = "本产品经过多年研发，识别准确率不低于95%，欢迎试用";
        let at = text.find("95%").unwrap();
        let check = |cells: usize, expected: &str| {
            let line = snippet(text, &[(at, at + 3)], cells);
            assert_eq!(line.plain(), expected);
            assert!(line.width() <= cells);
            assert!(line.spans.iter().any(|span| span.role() == Role::Hit));
        };
        check(60, text);
        check(24, "…率不低于95%，欢迎试用");
        check(8, "…于95%，");
        check(3, "…95");
        assert_eq!(snippet("ab", &[(0, 2)], 0).plain(), "");
    }
}
