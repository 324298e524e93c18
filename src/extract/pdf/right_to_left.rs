//! Pages in Arabic or Hebrew script: the parser keeps the order of letters inside a run, but puts
//! the runs of a line in the order of the page. Here lines are put together from the right.

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

/// A run with its place on the page.
struct Run<'a> {
    text: &'a str,
    left: f32,
    right: f32,
    bottom: f32,
    height: f32,
}

/// The text of a page, line by line from the top.
pub fn assemble(spans: &[TextSpan]) -> String {
    let runs: Vec<Run> = spans
        .iter()
        .map(|span| Run {
            text: &span.text,
            left: span.bbox.x,
            right: span.bbox.x + span.bbox.width,
            bottom: span.bbox.y,
            height: span.bbox.height.max(1.0),
        })
        .collect();
    lines(runs).join("\n")
}

fn lines(mut runs: Vec<Run>) -> Vec<String> {
    runs.sort_by(|a, b| b.bottom.total_cmp(&a.bottom));
    let mut lines: Vec<Vec<Run>> = Vec::new();
    for run in runs {
        match lines.last_mut() {
            Some(line) if line[0].bottom - run.bottom < 0.5 * line[0].height => line.push(run),
            _ => lines.push(vec![run]),
        }
    }
    lines.into_iter().map(line).collect()
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

    fn run(text: &str, left: f32, width: f32, bottom: f32) -> Run<'_> {
        Run { text, left, right: left + width, bottom, height: 10.0 }
    }

    #[test]
    fn lines_read_from_the_right() {
        let runs = vec![
            run("العربية", 10.0, 30.0, 50.0),
            run("الخطوط", 45.0, 30.0, 50.2),
            run("انواع", 80.0, 20.0, 50.0),
            run("second", 60.0, 40.0, 30.0),
        ];
        assert_eq!(lines(runs), ["انواع الخطوط العربية", "second"]);
        let runs = vec![
            run("ל", 100.0, 10.0, 50.0),
            run("12", 60.0, 10.0, 50.0),
            run("kg", 75.0, 10.0, 50.0),
        ];
        assert_eq!(lines(runs), ["ל 12 kg"]);
    }

    #[test]
    fn only_pages_of_such_scripts_count() {
        assert!(is_mostly("انواع الخطوط abc"));
        assert!(!is_mostly("a long English page with one word: שלום"));
        assert!(!is_mostly("123 456"));
    }
}
