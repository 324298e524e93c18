//! Running text in a narrow column: under fifteen Han characters a line, as phones and newspapers
//! set it.
//!
//! A list of short items looks much the same. What tells them apart: a program fills its lines to
//! the last cell, so that all but the last of a paragraph are of one width and break in the middle
//! of a sentence; and clauses end inside of lines. Items of one width are rare, but for those of six
//! or seven characters, without being alike in how they begin or end (`...有限公司`).

use super::{Line, are_records};
use crate::text::fold;
use std::ops::RangeInclusive;
use unicode_width::UnicodeWidthChar;

/// Cells of a full line. Below are names and idioms, above what `super` judges.
pub(super) const WIDTHS: RangeInclusive<usize> = 12..=29;

/// Full lines of a text that make it a column from its beginning to its end.
const ENOUGH: usize = 8;

/// The end of the running text that begins at a line; the line itself if there is none.
pub(super) fn run(lines: &[Line], from: usize) -> usize {
    let Some((width, last)) = filled(lines, from) else { return from };
    let run = &lines[from..=last];
    let full = run.len() - 1;
    let exact = run[..full].iter().filter(|line| line.width + 1 >= width).count();
    let joints = run.windows(2).filter(|pair| pair[0].joins(&pair[1]));
    let cut = joints.clone().filter(|pair| !pair[0].text.ends_with(closes)).count();
    let is_text = match clauses(run) * 3 >= full {
        true => full >= 2 && cut > 0 && joints.count() * 2 > full,
        false => full >= 4 && cut * 2 > full && width >= 16,
    };
    if is_text && exact * 3 >= full * 2 && !end_alike(run) { last + 1 } else { from }
}

/// Whether nearly all of the lines are those of one column, with clauses in them.
pub(super) fn is_column(lines: &[Line]) -> bool {
    let width = lines.iter().map(bare).max().unwrap_or(0);
    if !WIDTHS.contains(&width) || are_records(lines) || end_alike(lines) {
        return false;
    }
    let (mut full, mut short) = (0usize, 0usize);
    for pair in lines.windows(2) {
        let [line, next] = pair else { continue };
        if line.width == 0 || next.width == 0 || next.begins_item || line.ends_sentence() {
            continue;
        }
        match is_full(line, next, width) {
            true => full += 1,
            false => short += 1,
        }
    }
    full >= ENOUGH && full >= short * 8 && clauses(lines) * 4 >= full
}

/// The width of the column that begins at a line, and its last line, which need not be full.
fn filled(lines: &[Line], from: usize) -> Option<(usize, usize)> {
    let mut width = bare(lines.get(from)?);
    let mut last = from;
    while let (Some(line), Some(next)) = (lines.get(last), lines.get(last + 1)) {
        let over = bare(line).saturating_sub(width);
        if over > 0 && over <= 2 {
            width += over;
        } else if over > 2 {
            return (last > from).then(|| (width, last - 1));
        }
        if !is_full(line, next, width) {
            break;
        }
        last += 1;
    }
    let is_rest = bare(lines.get(last)?) <= width;
    let last = if is_rest { last } else { last.checked_sub(1)? };
    (last > from && WIDTHS.contains(&width)).then_some((width, last))
}

/// Width of a line without the sign that may hang over the edge because it may not begin a line.
fn bare(line: &Line) -> usize {
    let hanging = line.text.chars().next_back().filter(|c| closes(*c));
    line.width - hanging.and_then(UnicodeWidthChar::width).unwrap_or(0)
}

/// What the next line begins with had no room at the end of this one.
fn is_full(line: &Line, next: &Line, width: usize) -> bool {
    line.width + unit(next.text) > width
}

/// Cells that must be free at the end of a line for a text to begin there.
fn unit(text: &str) -> usize {
    let cells = |c: char| c.width().unwrap_or(0);
    let mut chars = text.chars().peekable();
    let Some(first) = chars.next() else { return 0 };
    if !fold::entry(first).is_wide() {
        let word = text.chars().take_while(|c| c.is_ascii_graphic());
        return cells(first).max(word.map(cells).sum());
    }
    // An opening bracket stays with what it opens, and what closes with what is before it.
    let mut unit = cells(first);
    let mut is_held = opens(first);
    while let Some(next) = chars.peek().copied()
        && (is_held || closes(next))
    {
        unit += cells(next);
        is_held = opens(next);
        chars.next();
    }
    unit
}

fn opens(c: char) -> bool {
    matches!(c, '（' | '《' | '〈' | '「' | '『' | '【' | '〔' | '“' | '‘')
}

/// Signs that may not begin a line.
fn closes(c: char) -> bool {
    "，。、；：！？）》〉」』】〕”’…".contains(c)
}

/// Lines in which a clause or sentence ends and another begins.
fn clauses(lines: &[Line]) -> usize {
    let ends = |c: char| "，。、；：！？".contains(c);
    lines.iter().filter(|line| line.text.trim_end_matches(closes).contains(ends)).count()
}

/// Many lines end with the same two characters, as names of offices and companies do.
fn end_alike(lines: &[Line]) -> bool {
    let alike = lines.windows(2).filter(|pair| {
        let mut both = pair[0].text.chars().rev().zip(pair[1].text.chars().rev()).take(2);
        pair[0].width > 0 && both.all(|(one, other)| one == other)
    });
    alike.count() * 3 > lines.len()
}
