//! A list that may be longer than memory: only the rows around the screen are at hand.

use super::data::{GROUP, groups};
use std::ops::Range;

/// The first row on the screen, so that the cursor is on it and no room is left below the last of
/// `total` rows, where that is known; `top` when it need not change.
pub fn top_for(cursor: u64, top: u64, height: u64, total: Option<u64>) -> u64 {
    let top = if cursor < top {
        cursor
    } else if cursor >= top + height {
        cursor + 1 - height
    } else {
        top
    };
    total.map_or(top, |total| top.min(total.saturating_sub(height)))
}

#[derive(Clone, Debug)]
pub struct Paged<T> {
    /// Rows of the whole list; `None` before the first answer.
    total: Option<u64>,
    /// What is at hand may be so no more.
    is_stale: bool,
    /// It answers another question than the one that is asked now.
    is_other: bool,
    start: u64,
    rows: Vec<T>,
    /// The row that the cursor is on.
    pub cursor: u64,
    /// First row that is shown.
    pub top: u64,
    /// Rows that are shown.
    pub height: u64,
}

impl<T> Default for Paged<T> {
    fn default() -> Self {
        Paged {
            total: None,
            is_stale: false,
            is_other: false,
            start: 0,
            rows: Vec::new(),
            cursor: 0,
            top: 0,
            height: 1,
        }
    }
}

impl<T> Paged<T> {
    /// Another list is wanted. The old rows are shown until it comes, so that nothing flickers;
    /// the cursor stays where it is for the answer to settle.
    pub fn forget(&mut self) {
        self.is_stale = true;
        self.is_other = true;
    }

    /// The same list is wanted once more: it may have changed.
    pub fn renew(&mut self) {
        self.is_stale = true;
    }

    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Rows `range` (as far as there are so many) of a list of `total`.
    pub fn set(&mut self, range: Range<u64>, rows: Vec<T>, total: u64) {
        self.total = Some(total);
        self.is_stale = false;
        self.is_other = false;
        self.start = range.start;
        self.rows = rows;
        self.go(self.cursor);
    }

    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// What is at hand answers what is asked now.
    pub fn is_known(&self) -> bool {
        self.known().is_some()
    }

    /// The length of the list, where it is known to be of this one.
    fn known(&self) -> Option<u64> {
        self.total.filter(|_| !self.is_other)
    }

    pub fn get(&self, row: u64) -> Option<&T> {
        self.rows.get(usize::try_from(row.checked_sub(self.start)?).ok()?)
    }

    pub fn current(&self) -> Option<&T> {
        self.get(self.cursor)
    }

    /// Number of the first row at hand that is so.
    pub fn find(&self, is_it: impl Fn(&T) -> bool) -> Option<u64> {
        self.rows.iter().position(is_it).map(|at| self.start + at as u64)
    }

    /// Number of the first row that is at hand.
    pub fn start(&self) -> u64 {
        self.start
    }

    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// The rows that are at hand, to show at once what is about to be written.
    pub fn rows_mut(&mut self) -> &mut [T] {
        &mut self.rows
    }

    /// Rows that should be asked for, when what is shown is not all at hand.
    pub fn wanted(&self) -> Option<Range<u64>> {
        let Some(total) = self.known().filter(|_| !self.is_stale) else {
            return Some(groups(self.top, self.top + self.height));
        };
        let bottom = (self.top + self.height).min(total);
        let spare = GROUP / 4;
        let is_in = self.start <= self.top.saturating_sub(spare)
            && (bottom + spare).min(total) <= self.start + self.rows.len() as u64;
        (!is_in).then(|| groups(self.top, bottom))
    }

    pub fn go(&mut self, row: u64) {
        // The end of a list whose length is not known yet is somewhere far below.
        let last = self.known().map_or(u64::MAX / 4, |total| total.saturating_sub(1));
        self.cursor = row.min(last);
        self.show_cursor();
    }

    pub fn step(&mut self, by: i64) {
        self.go(self.cursor.saturating_add_signed(by));
    }

    pub fn resize(&mut self, height: usize) {
        self.height = (height as u64).max(1);
        self.show_cursor();
    }

    fn show_cursor(&mut self) {
        self.top = top_for(self.cursor, self.top, self.height, self.known());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_for_what_is_shown_and_no_more() {
        let mut list: Paged<u64> = Paged::default();
        list.resize(10);
        assert_eq!(list.wanted(), Some(0..400));
        list.set(0..400, (0..400).collect(), 1_000_000);
        assert_eq!(list.wanted(), None);
        list.go(999_999);
        assert_eq!((list.top, list.current()), (999_990, None));
        let wanted = list.wanted().unwrap();
        assert!(wanted.start <= 999_990 && wanted.end >= 1_000_000);
        assert!(wanted.end - wanted.start <= 4 * GROUP);
        list.set(wanted.clone(), (wanted.start..1_000_000).collect(), 1_000_000);
        assert_eq!((list.wanted(), list.current()), (None, Some(&999_999)));
    }

    #[test]
    fn a_shorter_list_keeps_the_cursor_inside() {
        let mut list: Paged<u64> = Paged::default();
        list.resize(10);
        list.set(0..50, (0..50).collect(), 50);
        list.go(45);
        list.forget();
        assert!(list.current().is_some(), "shown until the answer comes");
        assert_eq!(list.wanted(), Some(0..400));
        list.set(0..3, (0..3).collect(), 3);
        assert_eq!((list.cursor, list.top), (2, 0));
    }
}
