//! Runs of text with their places on a page, and the lines that they stand in.

use pdf_oxide::layout::TextSpan;

/// A run with its place on the page, in points from the lower left.
pub struct Run<'a> {
    pub text: &'a str,
    pub left: f32,
    pub right: f32,
    pub bottom: f32,
    pub height: f32,
}

impl<'a> Run<'a> {
    pub fn of(span: &'a TextSpan) -> Run<'a> {
        Run {
            text: &span.text,
            left: span.bbox.x,
            right: span.bbox.x + span.bbox.width,
            bottom: span.bbox.y,
            height: span.bbox.height.max(1.0),
        }
    }

    #[cfg(test)]
    pub fn at(text: &str, left: f32, width: f32, bottom: f32) -> Run<'_> {
        Run { text, left, right: left + width, bottom, height: 10.0 }
    }
}

/// Runs by the line that they stand in, from the top of the page.
pub fn lines(mut runs: Vec<Run>) -> Vec<Vec<Run>> {
    runs.sort_by(|a, b| b.bottom.total_cmp(&a.bottom));
    let mut lines: Vec<Vec<Run>> = Vec::new();
    for run in runs {
        match lines.last_mut() {
            Some(line) if line[0].bottom - run.bottom < 0.5 * line[0].height => line.push(run),
            _ => lines.push(vec![run]),
        }
    }
    lines
}
