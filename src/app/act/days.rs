//! The days of the timeline: walking over them, in their list and while one is read.

use crate::app::history::Open;
use crate::app::listing::Listing;
use crate::app::pages::PageId;
use crate::app::reader::Goal;
use crate::app::view::{Pane, View};
use crate::app::{App, rows};
use crate::case::{TimelineRow, UNDATED, day_of, day_text, month_of};
use std::ops::Range;

impl App {
    pub(in crate::app) fn is_timeline(&self) -> bool {
        self.view == View::Timeline
    }

    /// Leaves of the timeline what says what is typed: all of it is at hand.
    pub(in crate::app) fn cut_days(&mut self) {
        let is_left = |row: &&TimelineRow| rows::timeline_says(row, &self.day_filter);
        let left: Vec<TimelineRow> = self.all_days.iter().filter(is_left).cloned().collect();
        let total = left.len() as u64;
        self.days.set(0..total, left, total);
    }

    /// To the first day of the next month that something is of, or of this or the one before.
    pub(in crate::app) fn next_month(&mut self, is_backwards: bool) {
        let month = |row: &TimelineRow| match row.day() {
            UNDATED => UNDATED,
            day => month_of(i64::from(day) * 86_400),
        };
        let rows = self.days.rows();
        let at = usize::try_from(self.days.cursor).unwrap_or(0);
        let Some(here) = rows.get(at).map(month) else { return };
        let first_of = |here| rows.iter().position(|row| month(row) == here).unwrap_or(0);
        let next = if is_backwards {
            let first = first_of(here);
            if first < at {
                first
            } else {
                first_of(rows.get(first.saturating_sub(1)).map_or(here, month))
            }
        } else {
            at + rows[at..].iter().position(|row| month(row) != here).unwrap_or(0)
        };
        self.days.go(next as u64);
        self.moved();
    }

    /// A day of the timeline is read.
    pub(in crate::app) fn is_in_day(&self) -> bool {
        self.is_timeline()
            && self.focus == Pane::Reader
            && matches!(self.open, Some(Open::Page(PageId::Day(_))))
    }

    /// Reads the next day that the timeline lists, or the one before; its list goes along.
    pub(in crate::app) fn next_day_page(&mut self, is_backwards: bool) {
        let Some(Open::Page(PageId::Day(day))) = self.open else { return };
        if !self.days.is_known() {
            return self.say("the days are still being counted", false);
        }
        // What has no date is listed after all days.
        let place = |day: i32| (day == UNDATED, day);
        let rows = self.days.rows();
        let is_on = |row: &TimelineRow| {
            let is_day = matches!(row, TimelineRow::Day(_));
            let (own, here) = (place(row.day()), place(day));
            is_day && if is_backwards { own < here } else { own > here }
        };
        let next = match is_backwards {
            true => rows.iter().rposition(is_on),
            false => rows.iter().position(is_on),
        };
        let Some(next) = next else {
            let side = if is_backwards { "before" } else { "after" };
            return self.say(format!("nothing is of a day {side} this one"), false);
        };
        let day = rows[next].day();
        self.days.go(next as u64);
        self.open(Open::Page(PageId::Day(day)), Goal::Start);
        self.moved();
    }

    /// Days are walked over: of the timeline, or of the conversation whose sessions are listed.
    pub(in crate::app) fn can_go_to_day(&self) -> bool {
        self.is_timeline() || self.listing() == Listing::Sessions && self.is_chat()
    }

    /// In the timeline it is what one does.
    pub(in crate::app) fn day_hint(&self, hint: &str) -> String {
        if self.is_timeline() { hint.to_owned() } else { String::new() }
    }

    /// To a day of the timeline, or the next one that something is of.
    pub(in crate::app) fn go_to_day(&mut self, clock: &Range<i64>) {
        self.focus = Pane::List;
        let (day, last) = (day_of(clock.start), day_of(clock.end - 1));
        let rows = self.days.rows();
        let next = rows.iter().position(|row| row.day() >= day);
        let next_day = next.map(|at| rows[at].day());
        let mut dated = rows.iter().map(TimelineRow::day).filter(|day| *day != UNDATED);
        let ends = dated.next().map(|first| (first, dated.next_back().unwrap_or(first)));
        self.days.go(next.unwrap_or(rows.len().saturating_sub(1)) as u64);
        if let Some((first, last)) = ends.filter(|(first, last)| !(*first..=*last).contains(&day)) {
            let (first, last) = (day_text(first), day_text(last));
            self.say(format!("the days here run from {first} to {last}"), false);
        } else if let Some(found) = next_day.filter(|found| *found > last && *found != UNDATED) {
            let (wanted, found) = (day_text(day), day_text(found));
            let wanted = match last - day {
                0 => wanted,
                1..32 => wanted[..7].to_owned(),
                _ => wanted[..4].to_owned(),
            };
            self.say(format!("nothing is of {wanted}; next is {found}"), false);
        }
        self.moved();
    }
}
