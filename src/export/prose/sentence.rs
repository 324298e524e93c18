//! Where sentences begin and end in a paragraph, and how its lines join.

use crate::export::report::{Mark, Run, plain};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Line ends of the source join as a reader would: nothing between Han, a blank elsewhere. White
/// space at the end goes, and that before a footnote there: the sign stands at the last word.
pub(super) fn tidy(mut runs: Vec<Run>) -> Vec<Run> {
    for run in runs.iter_mut().rev().filter(|run| !is_footnote(run)) {
        // What stands before a name is no end: `as [[N2]]`.
        if run.mark != Mark::Plain {
            break;
        }
        run.text.truncate(run.text.trim_end().len());
        if !run.text.is_empty() {
            break;
        }
    }
    let mut last = None;
    for run in &mut runs {
        if run.mark == Mark::Break {
            last = None;
        }
        if run.style.code || !run.text.contains('\n') {
            last = run.text.chars().last().or(last);
            continue;
        }
        let mut text = String::with_capacity(run.text.len());
        let mut chars = run.text.chars().peekable();
        while let Some(c) = chars.next() {
            let c = if c == '\n' {
                let is_wide = |c: char| crate::text::fold::entry(c).is_wide();
                let joins = last.is_some_and(is_wide) && chars.peek().is_some_and(|c| is_wide(*c));
                if joins {
                    continue;
                }
                ' '
            } else {
                c
            };
            text.push(c);
            last = Some(c);
        }
        run.text = text;
    }
    runs
}

/// Cuts runs into sentences (UAX 29). A footnote behind the full stop belongs to what it ends.
pub(super) fn cut(runs: Vec<Run>) -> Vec<Vec<Run>> {
    // A line end that the author meant is no end of a sentence.
    let text = plain(&runs).replace('\n', " ");
    let mut borders: Vec<usize> = Vec::new();
    let mut from = 0;
    for piece in text.split_sentence_bounds() {
        let border = from + piece.len();
        // What is only white space or signs belongs to what stands before.
        if piece.chars().any(char::is_alphanumeric) && !goes_on(&text[..from]) {
            borders.push(from);
        }
        from = border;
    }
    if let Some(first) = borders.first_mut() {
        *first = 0;
    }
    let mut sentences: Vec<Vec<Run>> = Vec::new();
    let mut borders = borders.into_iter().peekable();
    let mut at = 0;
    for run in runs {
        let length = match run.mark {
            Mark::Break => 1,
            _ => run.text.len(),
        };
        if length == 0 {
            // A footnote: with what stands before it.
            match sentences.last_mut() {
                Some(last) => last.push(run),
                None => sentences.push(vec![run]),
            }
            continue;
        }
        let mut from = 0;
        loop {
            // Borders inside of this run or at its start.
            match borders.peek() {
                Some(&border) if border < at + length => {
                    let cut = border.saturating_sub(at);
                    if cut > from
                        && let Some(last) = sentences.last_mut()
                    {
                        last.push(part(&run, from..cut));
                    }
                    // A footnote before any text opened the first one already.
                    if border > 0 || sentences.is_empty() {
                        sentences.push(Vec::new());
                    }
                    from = cut.max(from);
                    borders.next();
                }
                _ => break,
            }
        }
        if sentences.is_empty() {
            sentences.push(Vec::new());
        }
        if let Some(last) = sentences.last_mut() {
            last.push(if run.mark == Mark::Break { run } else { part(&run, from..length) });
        }
        at += length;
    }
    sentences.retain(|runs| runs.iter().any(|r| !r.text.trim().is_empty() || is_footnote(r)));
    sentences
}

fn is_footnote(run: &Run) -> bool {
    matches!(run.mark, Mark::Footnote(_))
}

fn part(run: &Run, range: Range<usize>) -> Run {
    Run { text: run.text[range].to_owned(), ..run.clone() }
}

/// What UAX 29 takes for the end of a sentence and is none: an abbreviation.
fn goes_on(before: &str) -> bool {
    const SHORT: [&str; 14] = [
        "Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "No.", "Nos.", "St.", "Inc.", "Ltd.", "Co.", "vs.",
        "cf.", "approx.",
    ];
    let before = before.trim_end_matches(' ');
    let word = before.rsplit([' ', '\n', '(']).next().unwrap_or_default();
    SHORT.contains(&word)
        // An initial: `J. Smith`.
        || (word.len() == 2 && word.ends_with('.') && word.starts_with(|c: char| c.is_ascii_uppercase()))
}
