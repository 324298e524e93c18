//! The rows that are at hand, and where the cursor shall stand among them.

use super::super::{Anchor, Goal};
use super::{Grid, SPARE, Spot, header_of};
use crate::app::data::{Purpose, Request, Rows, RowsAt, TABLE_ROWS, TableOf};
use crate::case::{TableRow, Variant};
use crate::model::DocumentId;

impl Grid {
    /// What it needs to know to show itself.
    pub fn wants(&self, id: DocumentId, variant: &Variant) -> Vec<(Purpose, Request)> {
        let mut wants = Vec::new();
        let of = || {
            let variant = super::super::text::without_parts(variant);
            Box::new(TableOf { id, variant, table: self.table.clone() })
        };
        if let Some(rows) = self.wanted() {
            let order = self.order.as_ref().map(|(_, order)| order.clone());
            wants.push((Purpose::Table, Request::Table { of: of(), rows, order }));
        }
        if self.is_sorting() && !self.view.is_plain() {
            let view = self.view.clone();
            wants.push((Purpose::Order, Request::Order { of: of(), view }));
        }
        if let Some(column) = self.pinned
            && self.figures().is_none()
            && self.header.is_some()
        {
            let (header, conditions) = (self.header_number(), self.view.conditions.clone());
            let request = Request::Figures { of: of(), header, column, conditions };
            wants.push((Purpose::Figures, request));
        }
        wants
    }

    /// Whether it is on its way to a row that is not at hand.
    pub fn is_going(&self) -> bool {
        self.spot.is_some()
    }

    /// Where it is on its way to, as far as that can be said of a text.
    pub fn heading(&self) -> Option<Goal> {
        match self.spot? {
            Spot::End => Some(Goal::End),
            Spot::Offset(offset) => Some(Goal::At(offset)),
            Spot::Row(block, column) => Some(Goal::Anchor(Anchor { block, row: 0 }, column as u64)),
            Spot::Place(_) | Spot::Number(..) => None,
        }
    }

    /// Whether a row is looked for by its bytes.
    pub fn is_seeking(&self) -> bool {
        !self.is_kept && matches!(self.spot, Some(Spot::Offset(_) | Spot::Row(..)))
    }

    pub(super) fn wanted(&self) -> Option<RowsAt> {
        let around = |place: u64| {
            let start = match self.is_tight {
                true => place,
                false => (place / SPARE * SPARE).saturating_sub(TABLE_ROWS / 3),
            };
            RowsAt::Range(start..start + TABLE_ROWS.max(2 * self.visible()))
        };
        match self.spot {
            Some(Spot::Offset(offset) | Spot::Row(offset, _)) => Some(RowsAt::Offset(offset)),
            Some(Spot::Place(place)) => Some(around(place)),
            Some(Spot::Number(number, _)) => Some(around(match &self.order {
                Some((_, order)) => order.place_of(number).unwrap_or(0),
                None => number,
            })),
            Some(Spot::End) => Some(around(self.count().saturating_sub(1))),
            None => {
                let end = self.first + self.rows.len() as u64;
                if self.is_tight && self.first <= self.top && self.top < end {
                    return None;
                }
                let bottom = (self.top + self.visible()).min(self.count());
                let is_in = self.first <= self.top.saturating_sub(SPARE)
                    && (bottom + SPARE).min(self.count()) <= end;
                (!is_in).then(|| around(self.top))
            }
        }
    }

    /// Place in the list of a row of the table, as it stands.
    pub(super) fn place_of(&self, number: u64) -> u64 {
        match self.header_number() {
            Some(header) if number > header => number - 1,
            _ => number,
        }
    }

    pub fn take_rows(&mut self, answer: Rows) {
        if answer.order != self.order.as_ref().map(|(_, order)| order.clone()) {
            return;
        }
        let is_first = self.header.is_none();
        self.total = Some(answer.total);
        if is_first {
            self.header = Some(header_of(&answer.head));
            self.view.header = self.header_number();
        }
        let header = self.header_number();
        for row in answer.head.iter().chain(&answer.rows) {
            self.measure(row);
        }
        self.first =
            if answer.order.is_some() { answer.first } else { self.place_of(answer.first) };
        self.rows = answer.rows;
        if answer.order.is_none() {
            self.rows.retain(|row| Some(row.number) != header);
        }
        let end = self.first + self.rows.len() as u64;
        self.is_tight |= end < self.count() && (self.rows.len() as u64) < TABLE_ROWS / 2;
        let found = match &answer.order {
            Some(_) => answer.found,
            None => answer.found.map(|number| self.place_of(number)),
        };
        self.reach(found);
    }

    /// The cursor goes where it was to go, if that is at hand now.
    pub(super) fn reach(&mut self, found: Option<u64>) {
        let Some(spot) = self.spot else { return self.show_cursor() };
        let last = self.count().saturating_sub(1);
        let before = self.place;
        match spot {
            Spot::Place(place) => self.place = place.min(last),
            Spot::End => self.place = last,
            Spot::Number(number, _) => {
                let place = match &self.order {
                    Some((_, order)) => order.place_of(number),
                    None => Some(self.place_of(number)),
                };
                self.place = place.unwrap_or(self.place).min(last);
            }
            Spot::Offset(_) | Spot::Row(..) => match found {
                Some(place) => self.place = place.min(last),
                None => {
                    // Filtered out: one stays.
                    self.spot = None;
                    return self.show_cursor();
                }
            },
        }
        let Some(row) = self.get(self.place) else {
            // The end was not known before; now it is.
            if self.count() == 0 {
                self.spot = None;
            }
            return;
        };
        match spot {
            Spot::Offset(offset) => {
                // What stands in the row that names the columns is in one of them.
                let named = self.header().filter(|header| header.start <= offset);
                let row = if offset < row.start { named } else { Some(row) };
                if let Some(row) = row {
                    let at = usize::try_from(offset - row.start).unwrap_or(usize::MAX);
                    let before = row.text.get(..at.min(row.text.len())).unwrap_or("");
                    self.column = before.matches('\t').count();
                }
            }
            Spot::Row(_, column) | Spot::Number(_, column) => {
                self.column = column.min(self.columns.saturating_sub(1));
            }
            _ => {}
        }
        self.spot = None;
        let is_seen = self.top <= self.place && self.place < self.top + self.visible();
        if !is_seen && before.abs_diff(self.place) > self.visible() {
            self.top = self.place.saturating_sub(self.visible() / 3);
        }
        self.show_cursor();
    }

    pub(super) fn restart(&mut self, here: Option<u64>) {
        self.block = None;
        self.rows.clear();
        self.first = 0;
        self.top = 0;
        self.place = 0;
        let column = self.column;
        self.spot = Some(here.map_or(Spot::Place(0), |offset| Spot::Row(offset, column)));
        self.is_kept = true;
    }

    pub fn go(&mut self, spot: Spot) {
        self.dropped = None;
        self.spot = Some(spot);
        self.is_kept = false;
        // At hand already: nothing has to be asked for.
        match spot {
            Spot::Place(_) | Spot::Number(..) if self.is_known() => self.reach(None),
            Spot::End if self.is_known() => {
                let last = self.count().saturating_sub(1);
                self.spot = Some(Spot::Place(last));
                self.reach(None);
            }
            _ => {}
        }
    }

    pub fn get(&self, place: u64) -> Option<&TableRow> {
        self.rows.get(usize::try_from(place.checked_sub(self.first)?).ok()?)
    }

    pub fn current(&self) -> Option<&TableRow> {
        self.get(self.place)
    }
}
