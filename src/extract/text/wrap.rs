//! Whether the line ends of a text are its author's or a program's.
//!
//! A mail or book that was wrapped at a fixed width is running text: a word, or two halves of a
//! Chinese word, may stand on two lines. A list, a log, a poem is not. A file that is wrapped
//! throughout is told by its beginning; in all others every paragraph is judged for itself, for a
//! letter between its address and its signature is wrapped all the same.

mod grammar;
mod narrow;
mod said;

use crate::extract::{Out, Stop};
use crate::model::{PartKind, Wrap};
use crate::text::fold;
use unicode_width::UnicodeWidthStr;

/// Lines looked at.
const SAMPLE: usize = 400;

/// Paragraphs longer than this are judged piece by piece.
const LONGEST_BLOCK: usize = 64 * 1024;

/// A text of more turns than this goes on line by line: every turn is a part of its own.
const MOST_TURNS: usize = 2000;

/// Widths in cells between which programs wrap.
const WRAPPED: std::ops::RangeInclusive<usize> = 30..=132;

/// Judges the beginning of a text.
fn of(text: &str) -> Wrap {
    let lines = measured(text.lines().take(SAMPLE));
    if is_wrapped(&lines) || narrow::is_column(&lines) { Wrap::Flow } else { Wrap::Lines }
}

/// Writes the body of a text, as parts of running text and of lines.
#[derive(Default)]
pub(super) struct Body {
    /// What the beginning of the text is.
    whole: Option<Wrap>,
    /// The lines of the paragraph that is not yet at its end.
    block: String,
    /// What the open part is.
    open: Option<Wrap>,
    turns: usize,
}

impl Body {
    /// Judges the whole by its beginning, which is the first piece that this is given.
    pub(super) fn begin(&mut self, piece: &str) {
        self.whole.get_or_insert_with(|| of(piece));
    }

    pub(super) fn text(&mut self, piece: &str, out: &mut Out) -> Result<(), Stop> {
        if self.whole == Some(Wrap::Flow) {
            return self.write(Wrap::Flow, piece, out);
        }
        for line in piece.split_inclusive('\n') {
            let begins = self.block.is_empty() || self.block.ends_with('\n');
            self.block.push_str(line);
            let is_border = begins && line.ends_with('\n') && line.trim().is_empty();
            if is_border || self.block.len() > LONGEST_BLOCK {
                self.settle(out)?;
            }
        }
        Ok(())
    }

    /// Ends the open part: something else follows, or nothing.
    pub(super) fn close(&mut self, out: &mut Out) -> Result<(), Stop> {
        self.settle(out)?;
        self.open = None;
        Ok(())
    }

    fn settle(&mut self, out: &mut Out) -> Result<(), Stop> {
        let block = std::mem::take(&mut self.block);
        // A paragraph on one line is the same in both.
        if block.trim_end().contains(['\n', '\t']) {
            for (wrap, stretch) in stretches(&block) {
                self.write(wrap, stretch, out)?;
            }
        } else {
            self.write(self.open.unwrap_or(Wrap::Lines), &block, out)?;
        }
        // The room is kept for the next one.
        self.block = block;
        self.block.clear();
        Ok(())
    }

    fn write(&mut self, wrap: Wrap, text: &str, out: &mut Out) -> Result<(), Stop> {
        if text.is_empty() {
            return Ok(());
        }
        let wrap = if self.turns > MOST_TURNS { Wrap::Lines } else { wrap };
        if self.open != Some(wrap) {
            self.open = Some(wrap);
            self.turns += 1;
            out.part(PartKind::Body, wrap)?;
        }
        out.text(text)
    }
}

/// The text with the line ends taken out that a program put between two characters which are
/// written without spaces; `None` where there are none.
pub fn rejoined(text: &str) -> Option<String> {
    if !text.contains('\n') || text.is_ascii() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for block in text.split_inclusive("\n\n") {
        for (wrap, stretch) in stretches(block) {
            let mut lines = stretch.split_inclusive('\n').peekable();
            while let Some(line) = lines.next() {
                let bare = line.trim_end();
                let joins =
                    wrap == Wrap::Flow && lines.peek().is_some_and(|next| is_joint(bare, next));
                out.push_str(if joins { bare } else { line });
            }
        }
    }
    (out.len() < text.len()).then_some(out)
}

/// Words of a text, each with the blank before it, if there is one; of several blanks each stands before
/// a word that is empty. What stands last is empty and has the blank at the end of the text.
pub fn words(text: &str) -> impl Iterator<Item = (Option<u8>, &str)> {
    let is_blank = |c: char| c.is_ascii_whitespace();
    let mut blank = None;
    text.split_inclusive(is_blank).chain([""]).map(move |with_blank| {
        let word = with_blank.trim_end_matches(is_blank);
        let behind = with_blank[word.len()..].bytes().next();
        (std::mem::replace(&mut blank, behind), word)
    })
}

/// Whether a line end between two texts means nothing: both sides are written without spaces.
pub fn is_joint(before: &str, after: &str) -> bool {
    let wide = |c: Option<char>| c.is_some_and(|c| fold::entry(c).is_wide());
    wide(before.chars().next_back()) && wide(after.chars().next())
}

/// One line, measured.
struct Line<'a> {
    text: &'a str,
    width: usize,
    /// Cells that the line before had to have left for this one to begin there.
    unit: usize,
    begins_item: bool,
    /// It has the form of a line in which somebody is named who says it.
    is_said: bool,
}

impl<'a> Line<'a> {
    fn new(line: &'a str) -> Line<'a> {
        let text = line.trim_end();
        let unit = match text.chars().next() {
            // One character and the full stop behind it, which may not begin a line.
            Some(first) if fold::entry(first).is_wide() => 4,
            // One line in a text may be wider than the rest.
            _ => text.split(' ').next().map_or(0, UnicodeWidthStr::width).min(20),
        };
        let is_said = said::is_said(text);
        let begins_item = is_said || begins_item(text);
        Line { text, width: text.width(), unit, begins_item, is_said }
    }

    fn first(&self) -> Option<char> {
        self.text.chars().next()
    }

    fn ends_sentence(&self) -> bool {
        self.text.ends_with(['.', '。', ':', '：', '!', '！', '?', '？', '；', ';'])
    }

    /// A hash or an address alone is no prose.
    fn is_prose(&self) -> bool {
        self.text.contains(' ') || self.text.ends_with(|c: char| fold::entry(c).is_wide())
    }

    /// Columns of a table stand apart. In Latin text two blanks may also be there to fill a line.
    fn has_columns(&self) -> bool {
        let text = self.text.trim_start();
        let wide = |c: char| fold::entry(c).is_wide();
        text.contains(['\t', '\u{3000}'])
            || text.match_indices("  ").any(|(at, _)| text[..at].ends_with(wide))
    }

    /// A word goes on in the next line.
    fn is_hyphenated(&self, next: &Line) -> bool {
        let before = self.text.strip_suffix(['-', '\u{2010}']).and_then(|t| t.chars().next_back());
        before.is_some_and(char::is_alphabetic) && next.first().is_some_and(char::is_lowercase)
    }

    fn joins(&self, next: &Line) -> bool {
        !self.ends_sentence() && is_joint(self.text, next.text)
    }
}

fn measured<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Line<'a>> {
    let mut lines: Vec<Line> = lines.map(Line::new).collect();
    said::settle(&mut lines);
    lines
}

/// A line that begins a paragraph, an item of a list, a record of a log.
fn begins_item(line: &str) -> bool {
    if line.starts_with([' ', '\t', '\u{3000}', '-', '*', '#', '|', '>', '•', '·', '【', '[', '{'])
    {
        return true;
    }
    let digits = line.trim_start_matches(['(', '（', '第']);
    let after = digits.trim_start_matches(|c: char| {
        c.is_ascii_digit() || "一二三四五六七八九十〇零".contains(c) || ('①'..='⑳').contains(&c)
    });
    after.len() < digits.len()
        && after.starts_with(['.', '、', ')', '）', '-', '/', ':', '：', '．', '章', '条'])
}

/// Rows of a table have columns, those of a ledger begin alike; so do the lines of a log, and those
/// of a talk name who speaks.
fn are_records(lines: &[Line]) -> bool {
    let alike = lines.windows(2).filter(|pair| {
        let mut both = pair[0].text.chars().zip(pair[1].text.chars()).take(2);
        pair[0].width > 0 && both.all(|(one, other)| one == other && one.is_alphanumeric())
    });
    let columns = lines.iter().filter(|line| line.has_columns()).count();
    let said = lines.iter().filter(|line| line.is_said).count();
    columns * 4 > lines.len() || said * 2 > lines.len() || alike.count() * 3 > lines.len()
}

/// Whether nearly all lines that another one follows are full.
fn is_wrapped(lines: &[Line]) -> bool {
    let widest = lines.iter().map(|line| line.width).max().unwrap_or(0);
    let filled = lines.iter().filter(|line| line.width > 0).count();
    if !WRAPPED.contains(&widest) || filled < 3 || are_records(lines) {
        return false;
    }
    // Lines that another line of the same paragraph follows: wrapped ones are nearly full.
    let (mut full, mut short) = (0usize, 0usize);
    for pair in lines.windows(2) {
        let [line, next] = pair else { continue };
        if line.width == 0 || next.width == 0 || !line.is_prose() {
            continue;
        }
        // A new paragraph may begin by indenting its first line.
        let begins = next.text.starts_with([' ', '\t', '\u{3000}', '-', '*', '#', '|', '>']);
        if line.width + next.unit + 1 > widest * 9 / 10 || line.is_hyphenated(next) {
            full += 1;
        } else if !begins && !line.ends_sentence() {
            short += 1;
        }
    }
    full >= 2 && full > short * 4
}

/// The stretches of a paragraph that are running text, and those that are lines.
fn stretches(block: &str) -> Vec<(Wrap, &str)> {
    let ends: Vec<usize> = std::iter::once(0)
        .chain(block.split_inclusive('\n').scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        }))
        .collect();
    let lines = measured(block.split_inclusive('\n'));
    let mut runs = Vec::new();
    let mut from = 0;
    while from < lines.len() {
        let more = lines[from + 1..].iter().take_while(|line| !line.begins_item && line.width > 0);
        let to = from + 1 + more.count();
        item(&lines[from..to], from, &mut runs);
        from = to;
    }
    let mut out: Vec<(Wrap, &str)> = Vec::new();
    let mut at = 0;
    for (first, last) in runs {
        if first > at {
            out.push((Wrap::Lines, &block[ends[at]..ends[first]]));
        }
        out.push((Wrap::Flow, &block[ends[first]..ends[last]]));
        at = last;
    }
    // An empty line at the end goes with what it ends.
    let rest = &block[ends[at]..];
    match out.last_mut() {
        Some((_, last)) if rest.trim().is_empty() => {
            *last = &block[block.len() - rest.len() - last.len()..];
        }
        _ => out.push((Wrap::Lines, rest)),
    }
    out
}

/// Finds the running text in lines of which at most the first begins an item: `runs` gets the
/// first line of each and the one behind its last.
fn item(lines: &[Line], offset: usize, runs: &mut Vec<(usize, usize)>) {
    if lines.len() < 2 || are_records(lines) {
        return;
    }
    let pairs = || lines.windows(2).filter_map(|pair| Some((pair.first()?, pair.get(1)?)));
    // A hash or an address a line is no text.
    let has_words = pairs().all(|(line, next)| line.text.contains(' ') || line.joins(next));
    let broken_words = pairs().filter(|(line, next)| line.is_hyphenated(next)).count();
    let others = pairs().filter(|(line, next)| !line.is_hyphenated(next)).count();
    if has_words && is_wrapped(lines) || broken_words > 0 && broken_words >= others {
        runs.push((offset, offset + lines.len()));
        return;
    }
    let mut from = 0;
    while from + 1 < lines.len() {
        let to = han_run(lines, from);
        if to > from + 1 {
            runs.push((offset + from, offset + to));
        }
        from = to.max(from + 1);
    }
}

/// The end of the running text in Han characters that begins at a line: lines of one width but
/// for the last, most of which end in the middle of a sentence. The line itself if there is none.
fn han_run(lines: &[Line], from: usize) -> usize {
    let mut width = lines[from].width;
    if narrow::WIDTHS.contains(&width) {
        let to = narrow::run(lines, from);
        if to > from {
            return to;
        }
    }
    if !(24..=300).contains(&width) {
        return from;
    }
    let mut at = from;
    while at + 1 < lines.len() {
        let (line, next) = (&lines[at], &lines[at + 1]);
        if line.width > width + 2 && line.width <= width + 4 && at > from {
            width = line.width;
        }
        if line.width > width + 2 || line.width + next.unit < width {
            break;
        }
        at += 1;
    }
    // The last line is the rest of the paragraph; a wider one is none of it.
    let last = if lines[at].width > width + 2 { at - 1 } else { at };
    let full = last.saturating_sub(from);
    let run = &lines[from..=last.max(from)];
    let joints = run.windows(2).filter(|pair| pair[0].joins(&pair[1])).count();
    let ends = run.windows(2).filter(|pair| pair[0].ends_sentence()).count();
    let is_enough = match full {
        0 => false,
        // Two lines alone: nothing else may stand beside them.
        1 => width >= 48 && run.len() == lines.len(),
        2 => width >= 40,
        _ => true,
    };
    // In a list of long items some are of nearly one width by chance.
    let exact = run[..full].iter().filter(|line| line.width + 2 >= width).count();
    let is_even = width >= 40 || exact * 5 >= full * 4;
    if is_enough && is_even && joints > ends && joints * 2 >= full { last + 1 } else { from }
}

#[cfg(test)]
mod tests;
