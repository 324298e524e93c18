//! Lines made from the places of single characters, where the parser's own lines fail: pages of
//! which it leaves all out, and rows whose words stand in the file by font and not from left to
//! right, so that one run lies in the holes of another.

use super::text::is_wide;
use pdf_oxide::layout::{TextChar, TextSpan};
use std::collections::{HashMap, VecDeque};

/// Runs at one height that are compared with each other; a page with more in a row is no table.
const MOST_IN_ROW: usize = 500;

/// One character; lengths in points.
#[derive(Clone, Debug)]
struct Placed {
    char: char,
    left: f32,
    width: f32,
    bottom: f32,
    size: f32,
}

impl Placed {
    fn of(char: &TextChar) -> Placed {
        Placed {
            char: char.char,
            left: char.bbox.x,
            width: char.bbox.width,
            bottom: char.bbox.y,
            size: char.font_size.max(1.0),
        }
    }

    /// Whether it goes on in a row.
    fn is_behind(&self, before: &Placed) -> bool {
        (before.bottom - self.bottom).abs() < 0.3 * self.size && self.left > before.left
    }

    /// Whether it goes on in a column.
    fn is_below(&self, before: &Placed) -> bool {
        let down = before.bottom - self.bottom;
        (self.left - before.left).abs() < 0.3 * self.size && down > 0.0 && down < 1.6 * self.size
    }

    /// A space that was set and not typed stands before `next` in the same row.
    fn is_apart(&self, next: &Placed) -> bool {
        let gap = next.left - (self.left + self.width);
        gap > 0.25 * self.size && !(is_wide(self.char) && is_wide(next.char))
    }
}

/// The columns of a page that is written from the top to the bottom: those beside each other from the
/// right one to the left, then those below. None where most of the page is rows.
pub fn columns(
    spans: &[TextSpan],
    chars: impl FnOnce() -> Option<Vec<TextChar>>,
) -> Option<String> {
    // The parser gives the length of a column as a width below nothing, and drops those that would
    // begin left of the page then. Single characters have their places.
    let is_upright = |span: &&TextSpan| span.bbox.width < 0.0;
    let count = |span: &TextSpan| span.text.chars().count();
    let upright: usize = spans.iter().filter(is_upright).map(count).sum();
    if upright * 2 <= spans.iter().map(count).sum() {
        return None;
    }
    let rows: Vec<&TextSpan> = spans.iter().filter(|span| !is_upright(span)).collect();
    let within = |char: &Placed| {
        rows.iter().any(|row| {
            let (along, up) = (char.left - row.bbox.x, char.bottom - row.bbox.y);
            along > -0.5 && along < row.bbox.width && up.abs() < 0.5 * char.size
        })
    };
    let chars = chars()?.iter().map(Placed::of).filter(|char| !within(char)).collect();
    let mut all = stacked(chars);
    all.extend(rows.iter().map(|row| Column {
        text: row.text.clone(),
        left: row.bbox.x,
        top: row.bbox.y + row.bbox.height,
        bottom: row.bbox.y,
        size: row.font_size.max(1.0),
    }));
    Some(of_columns(all))
}

/// Characters that stand close below each other.
fn stacked(mut chars: Vec<Placed>) -> Vec<Column> {
    chars.sort_by(|a, b| b.left.total_cmp(&a.left));
    let mut columns: Vec<Column> = Vec::new();
    let mut at = 0;
    while let Some(first) = chars.get(at) {
        let (left, size) = (first.left, first.size);
        let count =
            chars[at..].iter().take_while(|char| (left - char.left).abs() < 0.3 * size).count();
        let below = &mut chars[at..at + count];
        below.sort_by(|a, b| b.bottom.total_cmp(&a.bottom));
        let mut before: Option<&Placed> = None;
        for char in below.iter() {
            match (before, columns.last_mut()) {
                (Some(before), Some(column)) if before.bottom - char.bottom < 1.6 * size => {
                    column.text.push(char.char);
                    column.bottom = char.bottom;
                }
                _ => columns.push(Column {
                    text: char.char.to_string(),
                    left: char.left,
                    top: char.bottom + char.size,
                    bottom: char.bottom,
                    size: char.size,
                }),
            }
            before = Some(char);
        }
        at += count;
    }
    columns
}

struct Column {
    text: String,
    left: f32,
    top: f32,
    bottom: f32,
    size: f32,
}

fn of_columns(mut all: Vec<Column>) -> String {
    all.retain(|column| !column.text.trim().is_empty());
    all.sort_by(|a, b| b.top.total_cmp(&a.top));
    // What stands beside each other.
    let mut bands: Vec<(f32, Vec<Column>)> = Vec::new();
    for column in all {
        match bands.last_mut() {
            Some((bottom, band)) if column.top > *bottom => {
                *bottom = bottom.min(column.bottom);
                band.push(column);
            }
            _ => bands.push((column.bottom, vec![column])),
        }
    }
    let mut lines = String::new();
    for (_, mut band) in bands {
        // Those that go on below each other stay in their order.
        band.sort_by(|a, b| b.left.total_cmp(&a.left));
        let mut at = 0;
        while let Some(first) = band.get(at) {
            let same = |column: &&Column| (first.left - column.left).abs() < 0.3 * first.size;
            let count = band[at..].iter().take_while(same).count();
            let mut parts: Vec<&Column> = band[at..at + count].iter().collect();
            parts.sort_by(|a, b| b.top.total_cmp(&a.top));
            for part in parts {
                lines.push_str(&part.text);
            }
            lines.push('\n');
            at += count;
        }
    }
    lines
}

/// All characters of a page in the order of the file: rows from left to right, columns from the top.
pub fn lines(chars: &[TextChar]) -> String {
    of_order(&chars.iter().map(Placed::of).collect::<Vec<_>>())
}

fn of_order(chars: &[Placed]) -> String {
    let mut lines = String::new();
    for (at, char) in chars.iter().enumerate() {
        if let Some(before) = at.checked_sub(1).map(|at| &chars[at]) {
            let (along_row, along_column) = (char.is_behind(before), char.is_below(before));
            if !along_row && !along_column {
                lines.push('\n');
            } else if along_row && before.is_apart(char) {
                lines.push(' ');
            }
        }
        lines.push(char.char);
    }
    lines
}

/// A run of the parser.
struct Run {
    bare: String,
    left: f32,
    right: f32,
    bottom: f32,
    height: f32,
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The text with rows whose runs lie in each other's holes read from left to right.
pub fn untangled(
    text: String,
    spans: &[TextSpan],
    chars: impl FnOnce() -> Option<Vec<TextChar>>,
) -> String {
    let runs: Vec<Run> = spans
        .iter()
        .map(|span| Run {
            bare: bare(&span.text),
            left: span.bbox.x,
            right: span.bbox.x + span.bbox.width,
            bottom: span.bbox.y,
            height: span.bbox.height.max(1.0),
        })
        .filter(|run| !run.bare.is_empty())
        .collect();
    let rows = tangled(&runs);
    if rows.is_empty() {
        return text;
    }
    let Some(chars) = chars() else { return text };
    let chars: Vec<Placed> = chars.iter().map(Placed::of).collect();
    put_right(text, &rows, &chars)
}

/// Runs that have others in their holes, with those.
fn tangled(runs: &[Run]) -> Vec<(&Run, Vec<&Run>)> {
    let mut by_height: Vec<&Run> = runs.iter().collect();
    by_height.sort_by(|a, b| b.bottom.total_cmp(&a.bottom));
    let mut rows = Vec::new();
    for (at, run) in by_height.iter().enumerate() {
        let near = |other: &&&Run| (other.bottom - run.bottom).abs() < 0.3 * run.height;
        let above = by_height[..at].iter().rev().take_while(near).take(MOST_IN_ROW);
        let below = by_height[at + 1..].iter().take_while(near).take(MOST_IN_ROW);
        let inner: Vec<&Run> = above
            .chain(below)
            .filter(|other| {
                other.left > run.left + 0.5 * run.height
                    && other.right < run.right - 0.5 * run.height
                    // The same words drawn twice look bold.
                    && !run.bare.contains(&other.bare)
            })
            .copied()
            .collect();
        if !inner.is_empty() {
            rows.push((*run, inner));
        }
    }
    rows
}

/// Puts a row in the place of its longest run, where all its runs are lines of the text and its
/// characters are those of the runs and lie side by side.
fn put_right(text: String, rows: &[(&Run, Vec<&Run>)], chars: &[Placed]) -> String {
    let mut lines: Vec<Option<String>> = text.lines().map(|line| Some(line.to_owned())).collect();
    // The lines of each text that are not taken, in their order.
    let mut places: HashMap<String, VecDeque<usize>> = HashMap::new();
    for (at, line) in text.lines().enumerate() {
        places.entry(bare(line)).or_default().push_back(at);
    }
    let mut by_height: Vec<&Placed> = chars.iter().collect();
    by_height.sort_by(|a, b| a.bottom.total_cmp(&b.bottom));
    for (run, inner) in rows {
        let Some(row) = row_of(run, inner, &by_height) else { continue };
        let mut taken: Vec<(&str, usize)> = Vec::new();
        for part in std::iter::once(run).chain(inner) {
            let found = places.get_mut(&part.bare).and_then(VecDeque::pop_front);
            taken.extend(found.map(|at| (part.bare.as_str(), at)));
        }
        if taken.len() != inner.len() + 1 {
            for (bare, at) in taken.into_iter().rev() {
                if let Some(places) = places.get_mut(bare) {
                    places.push_front(at);
                }
            }
            continue;
        }
        for (_, at) in &taken {
            lines[*at] = None;
        }
        lines[taken[0].1] = Some(row);
    }
    let mut out = String::with_capacity(text.len());
    for line in lines.into_iter().flatten() {
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// `chars`: from the bottom up.
fn row_of(run: &Run, inner: &[&Run], chars: &[&Placed]) -> Option<String> {
    let reach = 0.3 * run.height;
    let first = chars.partition_point(|char| char.bottom <= run.bottom - reach);
    let mut row: Vec<&Placed> = chars[first..]
        .iter()
        .take_while(|char| char.bottom < run.bottom + reach)
        .filter(|char| {
            char.left > run.left - 0.1 * run.height
                && char.left < run.right
                && !char.char.is_whitespace()
        })
        .copied()
        .collect();
    row.sort_by(|a, b| a.left.total_cmp(&b.left));
    let sorted = |text: String| {
        let mut chars: Vec<char> = text.chars().collect();
        chars.sort_unstable();
        chars
    };
    let of_runs = std::iter::once(&run).chain(inner).map(|run| run.bare.as_str()).collect();
    let side_by_side = row.windows(2).all(|two| two[1].left - two[0].left > 0.1 * run.height);
    if !side_by_side || sorted(of_runs) != sorted(row.iter().map(|char| char.char).collect()) {
        return None;
    }
    let mut line = String::new();
    for (at, char) in row.iter().enumerate() {
        if at > 0 && row[at - 1].is_apart(char) {
            line.push(' ');
        }
        line.push(char.char);
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters ten points wide from a place on; `_` is a hole.
    fn set(text: &str, left: f32, bottom: f32) -> Vec<Placed> {
        let place = |(at, char)| Placed {
            char,
            left: left + 10.0 * at as f32,
            width: 10.0,
            bottom,
            size: 10.0,
        };
        text.chars().enumerate().filter(|(_, c)| *c != '_').map(place).collect()
    }

    fn run(text: &str, left: f32, bottom: f32) -> Run {
        let right = left + 10.0 * text.chars().count() as f32;
        Run { bare: text.replace('_', ""), left, right, bottom, height: 10.0 }
    }

    #[test]
    fn rows_set_by_font_are_read_from_left_to_right() {
        let check = |runs: &[Run], chars: &[Placed], text: &str, expected: &str| {
            assert_eq!(put_right(text.to_owned(), &tangled(runs), chars), expected);
        };
        let runs =
            [run("打开「___」菜单", 0.0, 50.0), run("设置项", 30.0, 50.0), run("下行", 30.0, 20.0)];
        let chars = [set("打开「___」菜单", 0.0, 50.0), set("设置项", 30.0, 50.0)].concat();
        check(&runs, &chars, "打开「」菜单\n设置项\n下行\n", "打开「设置项」菜单\n下行\n");
        // A part that stands elsewhere in the text, or a character that is in no run: as it was.
        check(&runs, &chars, "打开「」菜单 设置项\n下行\n", "打开「」菜单 设置项\n下行\n");
        let more = [chars.clone(), set("x", 150.0, 50.0), set("多", 85.0, 50.0)].concat();
        check(&runs, &more, "打开「」菜单\n设置项\n", "打开「」菜单\n设置项\n");
        // Drawn twice, a little aside.
        let bold = [run("合同编号", 0.0, 50.0), run("同编", 10.3, 50.0)];
        assert!(tangled(&bold).is_empty());
    }

    #[test]
    fn columns_are_read_from_the_right() {
        let column = |text: &str, left: f32, top: f32| -> Vec<Placed> {
            let place = |(at, char): (usize, char)| Placed {
                char,
                left,
                width: 10.0,
                bottom: top - 10.0 - at as f32 * 10.0,
                size: 10.0,
            };
            text.chars().enumerate().map(place).collect()
        };
        let chars = [
            column("下左", 50.0, 100.0),
            column("次行", 70.0, 280.0),
            column("右行上", 90.0, 300.0),
            column("下右", 70.0, 100.0),
            column("右行下", 90.0, 255.0),
        ];
        assert_eq!(of_columns(stacked(chars.concat())), "右行上右行下\n次行\n下右\n下左\n");
        assert_eq!(of_columns(Vec::new()), "");
    }

    #[test]
    fn characters_of_columns_and_rows_make_lines() {
        let column = |text: &str, left: f32| {
            let place = |(at, char)| Placed {
                char,
                left,
                width: 10.0,
                bottom: 100.0 - 10.0 * at as f32,
                size: 10.0,
            };
            text.chars().enumerate().map(place).collect::<Vec<_>>()
        };
        let all = [column("竖排", 90.0), column("文字", 70.0), set("a_b", 0.0, 20.0)].concat();
        assert_eq!(of_order(&all), "竖排\n文字\na b");
    }
}
