//! Pages in Arabic or Hebrew script: the parser keeps the order of letters inside a run, but puts
//! the runs of a line in the order of the page. Here lines are put together from the right.

use super::run::{Run, lines};
use pdf_oxide::layout::TextSpan;

/// Most letters of the text are of a script that runs from right to left.
pub fn is_mostly(text: &str) -> bool {
    let (mut right, mut all) = (0usize, 0usize);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        all += 1;
        right += usize::from(runs_left(c));
    }
    right > 0 && 2 * right > all
}

fn runs_left(c: char) -> bool {
    matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x10800..=0x10fff | 0x1e800..=0x1efff)
}

/// The text of a page, line by line from the top.
pub fn assemble(spans: &[TextSpan]) -> String {
    assembled(spans.iter().map(Run::of).collect()).join("\n")
}

fn assembled(runs: Vec<Run>) -> Vec<String> {
    lines(runs).into_iter().map(line).collect()
}

fn line(mut runs: Vec<Run>) -> String {
    runs.sort_by(|a, b| b.right.total_cmp(&a.right));
    // Runs of Latin and digits inside the line keep their own order.
    let mut at = 0;
    while at < runs.len() {
        let own = |run: &Run| !run.text.chars().any(runs_left);
        let end = at + runs[at..].iter().take_while(|run| own(run)).count();
        runs[at..end].reverse();
        at = end + 1;
    }
    let mut text = String::new();
    let mut before: Option<&Run> = None;
    for run in &runs {
        if let Some(before) = before {
            let gap = (before.left - run.right).max(run.left - before.right);
            let spaced =
                text.ends_with(char::is_whitespace) || run.text.starts_with(char::is_whitespace);
            if gap > 0.15 * run.height && !spaced {
                text.push(' ');
            }
        }
        text.push_str(run.text);
        before = Some(run);
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_read_from_the_right() {
        let runs = vec![
            Run::at("العربية", 10.0, 30.0, 50.0),
            Run::at("الخطوط", 45.0, 30.0, 50.2),
            Run::at("انواع", 80.0, 20.0, 50.0),
            Run::at("second", 60.0, 40.0, 30.0),
        ];
        assert_eq!(assembled(runs), ["انواع الخطوط العربية", "second"]);
        let runs = vec![
            Run::at("ל", 100.0, 10.0, 50.0),
            Run::at("12", 60.0, 10.0, 50.0),
            Run::at("kg", 75.0, 10.0, 50.0),
        ];
        assert_eq!(assembled(runs), ["ל 12 kg"]);
    }

    #[test]
    fn only_pages_of_such_scripts_count() {
        assert!(is_mostly("انواع الخطوط abc"));
        assert!(!is_mostly("a long English page with one word: שלום"));
        assert!(!is_mostly("123 456"));
    }
}
