//! Rows of tables: the parser drops the gap between columns where Han characters touch digits or
//! each other. Where a line of its text is exactly the runs of one row of the page, the gaps are
//! put back from the places of the runs.

use super::run::{Run, lines};
use pdf_oxide::layout::TextSpan;
use std::collections::{HashMap, VecDeque};

/// Text in which such gaps may be missing.
pub fn may_need(text: &str) -> bool {
    text.chars().any(super::text::is_wide)
}

/// The text with gaps between columns as tabs.
pub fn respace(text: &str, spans: &[TextSpan]) -> String {
    let runs = spans.iter().map(Run::of).filter(|run| !run.text.trim().is_empty()).collect();
    put_gaps(text, rows(runs))
}

/// Rows of more than one run, by their characters without spaces.
fn rows(runs: Vec<Run>) -> HashMap<String, VecDeque<String>> {
    let mut by_key: HashMap<String, VecDeque<String>> = HashMap::new();
    for mut row in lines(runs).into_iter().filter(|row| row.len() > 1) {
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

    #[test]
    fn gaps_come_back_where_a_line_is_a_row() {
        let runs = || {
            vec![
                Run::at("187.15", 10.0, 30.0, 50.0),
                Run::at("万", 40.0, 10.0, 50.4),
                Run::at("95%", 75.0, 20.0, 50.0),
                Run::at("备注", 97.5, 20.0, 50.0),
                Run::at("alone", 10.0, 20.0, 20.0),
            ]
        };
        assert_eq!(
            put_gaps("187.15万95%备注\nalone\n", rows(runs())),
            "187.15万\t95% 备注\nalone\n"
        );
        assert_eq!(put_gaps("187.15万 more\n", rows(runs())), "187.15万 more\n");
    }
}
