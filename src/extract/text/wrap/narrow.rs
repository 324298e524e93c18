//! Running text in a narrow column: under fifteen Han characters a line, as phones and newspapers
//! set it.
//!
//! A list of short items looks much the same. What tells them apart: a program fills its lines to
//! the last cell, so that all but the last of a paragraph are of one width and break in the middle
//! of a sentence; and clauses end inside of lines, or a line begins with what can only go on.
//! Items of one width are rare, but for those of six or seven characters, without being alike in
//! how they begin or end (`...有限公司`); where they are of one width, the last one is too.

use super::{Line, are_records, grammar};
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
    let exact = run[..full].iter().filter(|line| line.width + slack(line) >= width).count();
    let joints = run.windows(2).filter(|pair| joins(&pair[0], &pair[1]));
    let cut = joints.clone().filter(|pair| !pair[0].text.ends_with(closes)).count();
    let joints = joints.count();
    let sure = run.iter().filter(|line| is_inside(line)).count();
    let likely = run.iter().filter(|line| is_inside(line) || ends_clause(line)).count();
    let least = if run.iter().any(|line| grammar::is_korean(line.text)) { 3 } else { 2 };
    let is_text = if sure * 3 >= full {
        full >= least && cut > 0 && joints * 2 > full
    } else if sure > 0 && likely * 3 >= full {
        // The lines of a poem end with their clauses; those of a column only now and then.
        full >= 4 && cut * 2 >= full
    } else {
        // Nothing but the width speaks for a text. The last line of one is what is left, or the end
        // of a sentence; the items of a menu are all alike.
        let end = &lines[last];
        let has_end = bare(end) < width || end.ends_sentence();
        full >= 4 && cut * 2 > full && width >= 16 && least == 2 && has_end
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
    let inside = lines.iter().filter(|line| is_inside(line)).count();
    full >= ENOUGH && full >= short * 8 && inside * 4 >= full
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
pub(super) fn bare(line: &Line) -> usize {
    let may_hang =
        |c: &char| closes(*c) || matches!(*c, '.' | ',') && grammar::is_korean(line.text);
    let hanging = line.text.chars().next_back().filter(may_hang);
    line.width - hanging.and_then(UnicodeWidthChar::width).unwrap_or(0)
}

/// What the next line begins with had no room at the end of this one.
pub(super) fn is_full(line: &Line, next: &Line, width: usize) -> bool {
    line.width + unit(next.text) > width
}

/// Cells that must be free at the end of a line for a text to begin there.
fn unit(text: &str) -> usize {
    let cells = |c: char| c.width().unwrap_or(0);
    let mut chars = text.chars().peekable();
    let Some(first) = chars.next() else { return 0 };
    if grammar::is_hangul(first) {
        // The blank before it may have been at the end of the line, and was taken off.
        return cells(first) + 1;
    }
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

/// Cells that a full line may lack: a blank at its end, and half of a character.
fn slack(line: &Line) -> usize {
    if grammar::is_korean(line.text) { 2 } else { 1 }
}

/// The line may break off within a word that the next one ends.
fn joins(line: &Line, next: &Line) -> bool {
    let hangul = |c: Option<char>| c.is_some_and(grammar::is_hangul);
    let is_hangul = hangul(line.text.chars().next_back()) && hangul(next.first());
    line.joins(next) || is_hangul && !line.ends_sentence()
}

/// A line that is no item: a clause or sentence ends in it and another begins, or its first or
/// last word belongs to what is before or behind.
fn is_inside(line: &Line) -> bool {
    let ends = |c: char| "，。、；：！？".contains(c);
    // A key and its value are an item.
    let text = match line.text.split_once('：') {
        Some((_, value)) if line.is_said => value,
        _ => line.text,
    };
    text.trim_end_matches(closes).contains(ends) || grammar::goes_on(line.text)
}

fn ends_clause(line: &Line) -> bool {
    line.text.ends_with(['，', '、', '；'])
}

/// Many lines end with the same two characters, as names of offices and companies do.
fn end_alike(lines: &[Line]) -> bool {
    let alike = lines.windows(2).filter(|pair| {
        let mut both = pair[0].text.chars().rev().zip(pair[1].text.chars().rev()).take(2);
        pair[0].width > 0 && both.all(|(one, other)| one == other)
    });
    alike.count() * 3 > lines.len()
}
