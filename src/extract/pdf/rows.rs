//! Rows of tables: the parser drops the gap between columns where Han characters touch digits or
//! each other. Where a line of its text is exactly the runs of one row of the page, the gaps are
//! put back from the places of the runs.

use pdf_oxide::layout::TextSpan;
use std::collections::{HashMap, VecDeque};

/// Text in which such gaps may be missing.
pub fn may_need(text: &str) -> bool {
    text.chars().any(super::text::is_wide)
}

/// The text with gaps between columns as tabs.
pub fn respace(text: &str, spans: &[TextSpan]) -> String {
    let runs = spans
        .iter()
        .map(|span| Run {
            text: &span.text,
            left: span.bbox.x,
            right: span.bbox.x + span.bbox.width,
            bottom: span.bbox.y,
            height: span.bbox.height.max(1.0),
        })
        .filter(|run| !run.text.trim().is_empty())
        .collect();
    put_gaps(text, rows(runs))
}

struct Run<'a> {
    text: &'a str,
    left: f32,
    right: f32,
    bottom: f32,
    height: f32,
}

/// Rows of more than one run, by their characters without spaces.
fn rows(mut runs: Vec<Run>) -> HashMap<String, VecDeque<String>> {
    runs.sort_by(|a, b| b.bottom.total_cmp(&a.bottom));
    let mut rows: Vec<Vec<Run>> = Vec::new();
    for run in runs {
        match rows.last_mut() {
            Some(row) if row[0].bottom - run.bottom < 0.5 * row[0].height => row.push(run),
            _ => rows.push(vec![run]),
        }
    }
    let mut by_key: HashMap<String, VecDeque<String>> = HashMap::new();
    for mut row in rows.into_iter().filter(|row| row.len() > 1) {
        row.sort_by(|a, b| a.left.total_cmp(&b.left));
        let mut line = String::new();
        for (at, run) in row.iter().enumerate() {
            if let Some(before) = at.checked_sub(1).map(|at| &row[at]) {
                let gap = run.left - before.right;
                if gap > 0.8 * run.height {
                    line.push('\t');
                } else if gap > 0.2 * run.height && !touches(before.text, run.text) {
                    line.push(' ');
                }
            }
            line.push_str(run.text.trim());
        }
        by_key.entry(bare(&line)).or_default().push_back(line);
    }
    by_key
}

/// Han on both sides: a small gap is typesetting.
fn touches(before: &str, after: &str) -> bool {
    let wide = |c: Option<char>| c.is_some_and(super::text::is_wide);
    wide(before.trim_end().chars().next_back()) && wide(after.trim_start().chars().next())
}

fn bare(line: &str) -> String {
    line.chars().filter(|c| !c.is_whitespace()).collect()
}

fn put_gaps(text: &str, mut rows: HashMap<String, VecDeque<String>>) -> String {
    let mut spaced = String::with_capacity(text.len());
    for line in text.lines() {
        match rows
            .get_mut(&bare(line))
            .and_then(|same| if same.len() > 1 { same.pop_front() } else { same.front().cloned() })
        {
            Some(row) => spaced.push_str(&row),
            None => spaced.push_str(line),
        }
        spaced.push('\n');
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, left: f32, width: f32, bottom: f32) -> Run<'_> {
        Run { text, left, right: left + width, bottom, height: 10.0 }
    }

    #[test]
    fn gaps_come_back_where_a_line_is_a_row() {
        let runs = || {
            vec![
                run("187.15", 10.0, 30.0, 50.0),
                run("万", 40.0, 10.0, 50.4),
                run("95%", 75.0, 20.0, 50.0),
                run("备注", 97.5, 20.0, 50.0),
                run("alone", 10.0, 20.0, 20.0),
            ]
        };
        assert_eq!(
            put_gaps("187.15万95%备注\nalone\n", rows(runs())),
            "187.15万\t95% 备注\nalone\n"
        );
        assert_eq!(put_gaps("187.15万 more\n", rows(runs())), "187.15万 more\n");
    }
}
