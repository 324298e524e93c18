//! Lines that begin with a name or a key and a colon: those of a talk and of a form.
//!
//! In a narrow column the colon of a sentence may come to stand near the beginning of a line just
//! as well. There the line before is full and breaks off in the middle of a sentence; who speaks
//! begins a line whatever room the one before had left, and mostly speaks again.

use super::{Line, narrow};
use std::collections::HashMap;

/// `王强：` and what he says.
pub(super) fn is_said(line: &str) -> bool {
    line.char_indices().take(7).any(|(at, c)| c == '：' && at > 0)
}

/// Lines with a colon near the beginning that go on in a paragraph begin no item.
pub(super) fn settle(lines: &mut [Line]) {
    let said = lines.iter().filter(|line| line.is_said).count();
    let filled = lines.iter().filter(|line| line.width > 0).count();
    // Where many lines have it, it is the form of the text.
    if said == 0 || said * 3 > filled {
        return;
    }
    let mut heads: HashMap<&str, usize> = HashMap::new();
    for line in lines.iter().filter(|line| line.is_said) {
        *heads.entry(head(line.text)).or_default() += 1;
    }
    for at in 1..lines.len() {
        let once = |text| heads.get(head(text)).is_none_or(|count| *count == 1);
        if lines[at].is_said && once(lines[at].text) && goes_on(lines, at) {
            lines[at].begins_item = super::begins_item(lines[at].text);
        }
    }
}

fn head(line: &str) -> &str {
    line.split('：').next().unwrap_or(line)
}

/// Whether the line goes on with the one before, in lines filled to one width.
fn goes_on(lines: &[Line], at: usize) -> bool {
    let before = &lines[at - 1];
    let is_beside = before.is_said || lines.get(at + 1).is_some_and(|next| next.is_said);
    if before.width == 0 || before.ends_sentence() || is_beside {
        return false;
    }
    let mut first = at.saturating_sub(3);
    let mut end = (at + 3).min(lines.len());
    // Only what stands in the same paragraph.
    if let Some(empty) = lines[first..at].iter().rposition(|line| line.width == 0) {
        first += empty + 1;
    }
    if let Some(empty) = lines[at..end].iter().position(|line| line.width == 0) {
        end = at + empty;
    }
    let near = &lines[first..end];
    let width = near.iter().map(narrow::bare).max().unwrap_or(0);
    let full = near.windows(2).filter(|pair| narrow::is_full(&pair[0], &pair[1], width)).count();
    full >= 3 && narrow::is_full(before, &lines[at], width)
}
