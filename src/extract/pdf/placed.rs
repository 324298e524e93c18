//! Lines made from the places of single characters, where the parser's own lines fail: pages of
//! which it leaves all out, and rows whose words stand in the file by font and not from left to
//! right, so that one run lies in the holes of another.

use super::text::is_wide;
use pdf_oxide::layout::{TextChar, TextSpan};
use std::collections::{BTreeMap, HashMap, VecDeque};

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

    /// In a frame whose rows run as those of the character do.
    fn turned(char: &TextChar) -> Placed {
        let (sin, cos) = char.rotation_degrees.to_radians().sin_cos();
        let (x, y) = (char.origin_x, char.origin_y);
        Placed {
            char: char.char,
            left: x * cos + y * sin,
            width: char.advance_width,
            bottom: y * cos - x * sin,
            size: char.font_size.max(1.0),
        }
    }

    fn follows(&self, before: &Placed) -> bool {
        let gap = self.left - (before.left + before.width);
        (self.bottom - before.bottom).abs() < 0.3 * self.size
            && (-0.5 * self.size..self.size).contains(&gap)
    }

    /// A space that was set and not typed stands before `next` in the same row.
    fn is_apart(&self, next: &Placed) -> bool {
        let gap = next.left - (self.left + self.width);
        gap > 0.25 * self.size && !(is_wide(self.char) && is_wide(next.char))
    }
}

/// Runs of characters that follow each other in a row. Those of other places that lie between them end
/// a run.
pub fn runs(chars: &[TextChar]) -> usize {
    runs_of(chars.iter().map(Placed::turned))
}

fn runs_of(chars: impl Iterator<Item = Placed>) -> usize {
    let (mut runs, mut before) = (0, None);
    for char in chars {
        runs += usize::from(!before.is_some_and(|before: Placed| char.follows(&before)));
        before = Some(char);
    }
    runs
}

/// Characters in rows as they are read: those that stand upright from the top of the page, then those
/// that are turned, each angle as if the page were turned too.
pub fn rows(chars: &[TextChar]) -> String {
    let mut by_angle: BTreeMap<i32, Vec<Placed>> = BTreeMap::new();
    for char in chars {
        let angle = char.rotation_degrees.round() as i32;
        by_angle.entry(angle.rem_euclid(360)).or_default().push(Placed::turned(char));
    }
    by_angle.into_values().map(in_rows).collect::<Vec<_>>().join("\n")
}

fn in_rows(mut chars: Vec<Placed>) -> String {
    chars.sort_by(|a, b| b.bottom.total_cmp(&a.bottom));
    let mut text = String::new();
    let mut rest = chars.as_mut_slice();
    while let Some(top) = rest.first().map(|char| char.bottom) {
        let end = rest.iter().take_while(|char| top - char.bottom < 0.3 * char.size).count().max(1);
        let (row, below) = rest.split_at_mut(end);
        row.sort_by(|a, b| a.left.total_cmp(&b.left));
        if !text.is_empty() {
            text.push('\n');
        }
        for (at, char) in row.iter().enumerate() {
            let is_typed = char.char == ' ' || text.ends_with(' ');
            if at > 0 && !is_typed && row[at - 1].is_apart(char) {
                text.push(' ');
            }
            text.push(char.char);
        }
        rest = below;
    }
    text
}

/// All characters of a page in the order that they are given in: rows from left to right, columns
/// from the top.
pub fn lines(chars: &[TextChar]) -> String {
    of_order(&chars.iter().map(Placed::of).collect::<Vec<_>>())
}

fn of_order(chars: &[Placed]) -> String {
    let mut lines = String::new();
    for (at, char) in chars.iter().enumerate() {
        if let Some(before) = at.checked_sub(1).map(|at| &chars[at]) {
            let down = before.bottom - char.bottom;
            let along_row = down.abs() < 0.3 * char.size && char.left > before.left;
            let along_column = (char.left - before.left).abs() < 0.3 * char.size
                && down > 0.0
                && down < 1.6 * char.size;
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
    fn what_lies_between_ends_a_run() {
        let check = |parts: &[Vec<Placed>], expected: usize| {
            assert_eq!(runs_of(parts.concat().into_iter()), expected);
        };
        check(&[], 0);
        check(&[set("abc", 0.0, 50.0), set("de", 30.0, 51.0)], 1);
        check(&[set("a", 0.0, 50.0), set("x", 300.0, 50.0), set("b", 10.0, 50.0)], 3);
        check(&[set("ab", 0.0, 50.0), set("cd", 20.0, 40.0), set("ef_gh", 0.0, 30.0)], 4);
    }

    #[test]
    fn rows_are_read_from_the_top_whatever_the_order_of_the_file() {
        let rows = [set("右_上", 40.0, 50.4), set("下", 0.0, 20.0), set("ab", 0.0, 50.0)].concat();
        assert_eq!(in_rows(rows), "ab 右上\n下");
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
