//! Selecting by keys and mouse, and what is done with a selection: copy it, cite it.

use super::several::of_hit;
use crate::app::App;
use crate::app::data::{Purpose, Request};
use crate::app::event::Effect;
use crate::app::listing::Listing;
use crate::app::paged::Paged;
use crate::app::quote::Quote;
use crate::app::reader::{Reader, Step};
use crate::app::selection::{Selected, Selection};
use crate::app::view::{Pane, View};
use crate::model::ItemId;
use crate::text::sanitise;
use std::ops::Range;

/// Rows that are selected: of which list, and from which on.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) struct RowsFrom {
    list: RowsList,
    row: u64,
}

/// A list, as long as its rows are the same ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RowsList {
    pane: Pane,
    view: View,
    listing: Listing,
    /// How many rows it has; `None` where that is not known, since another one is asked for.
    total: Option<u64>,
}

fn known_total<T>(list: &Paged<T>) -> Option<u64> {
    list.total().filter(|_| list.is_known())
}

impl App {
    /// Begins to select rows of the list, from the one under the cursor.
    pub(in crate::app) fn select_rows(&mut self) {
        let row = match self.focus {
            Pane::Results => self.search.current().map(|_| self.search.results.cursor),
            _ if self.is_notes() => self.notes.current().map(|_| self.notes.cursor),
            _ if self.is_in_pages() => self.parts.as_ref().map(|parts| parts.cursor),
            _ => self.documents.current().map(|_| self.documents.cursor),
        };
        self.rows_from = row.map(|row| RowsFrom { list: self.rows_list(), row });
    }

    pub(in crate::app) fn can_select_rows(&self) -> bool {
        match self.focus {
            Pane::List => self.is_documents() || self.is_in_pages() || self.view == View::Notes,
            pane => pane == Pane::Results,
        }
    }

    pub(in crate::app) fn stop_rows(&mut self) {
        self.rows_from = None;
    }

    /// The list that rows are selected in.
    fn rows_list(&self) -> RowsList {
        let total = match self.focus {
            Pane::Results if self.search.is_of_before() => None,
            Pane::Results => known_total(&self.search.results),
            _ if self.is_notes() => known_total(&self.notes),
            _ if self.is_in_pages() => self.parts.as_ref().map(|parts| parts.total()),
            _ => known_total(&self.documents),
        };
        RowsList { pane: self.focus, view: self.view, listing: self.listing(), total }
    }

    /// A selection of rows ends with its list: where one goes to another one, or where it is cut,
    /// sorted or filled otherwise, its rows are others.
    pub(in crate::app) fn end_rows(&mut self) {
        let Some(RowsFrom { list, .. }) = self.rows_from else { return };
        let now = self.rows_list();
        if list == now && self.can_select_rows() {
            return;
        }
        self.rows_from = None;
        if (RowsList { total: list.total, ..now }) == list && now.total.is_some() {
            self.say("the list has other rows now: none is selected any more", false);
        }
    }

    /// Rows of the list with the keys that are selected, if some are.
    pub fn selected_rows(&self) -> Option<Range<u64>> {
        let from = self.rows_from.filter(|from| from.list.pane == self.focus)?.row;
        let cursor = match self.focus {
            Pane::Results => self.search.results.cursor,
            _ if self.is_notes() => self.notes.cursor,
            _ => self.list().place().0,
        };
        Some(from.min(cursor)..from.max(cursor) + 1)
    }

    fn is_reading(&self) -> bool {
        matches!(self.focus, Pane::Reader | Pane::Preview)
    }

    /// Whether something is being selected where the keys are.
    pub fn is_selecting(&self) -> bool {
        self.is_reading()
            && match &self.reader {
                Reader::Empty | Reader::Page(_) => false,
                Reader::Text(text) => text.is_selecting(),
                Reader::Chat(chat) => chat.is_selecting(),
            }
    }

    /// Begins to select: text, or by lines and whole messages.
    pub(in crate::app) fn start_selecting(&mut self, by_line: bool) {
        let begun = match &mut self.reader {
            Reader::Empty | Reader::Page(_) => false,
            Reader::Text(text) => text.start_selecting(by_line),
            Reader::Chat(chat) => chat.start_selecting(by_line),
        };
        if !begun {
            self.say("there is no text to select here", false);
        }
    }

    pub(in crate::app) fn stop_selecting(&mut self) {
        match &mut self.reader {
            Reader::Empty | Reader::Page(_) => {}
            Reader::Text(text) => text.stop_selecting(),
            Reader::Chat(chat) => chat.stop_selecting(),
        }
    }

    pub(in crate::app) fn restart_selection(&mut self) {
        match &mut self.reader {
            Reader::Empty | Reader::Page(_) => {}
            Reader::Text(text) => text.restart_selection(),
            Reader::Chat(chat) => chat.restart_selection(),
        }
    }

    pub(in crate::app) fn toggle_lines(&mut self) {
        match &mut self.reader {
            Reader::Empty | Reader::Page(_) => {}
            Reader::Text(text) => text.toggle_lines(),
            Reader::Chat(chat) => chat.toggle_lines(),
        }
    }

    /// Text is being selected, and no whole messages.
    pub(in crate::app) fn has_caret(&self) -> bool {
        self.selected_messages().is_none()
    }

    pub(in crate::app) fn swap_ends(&mut self) {
        match &mut self.reader {
            Reader::Empty | Reader::Page(_) => {}
            Reader::Text(text) => text.swap_ends(),
            Reader::Chat(chat) => chat.swap_ends(),
        }
    }

    pub(in crate::app) fn step_caret(&mut self, step: Step) {
        match &mut self.reader {
            Reader::Empty | Reader::Page(_) => {}
            Reader::Text(text) => text.step_caret(step),
            Reader::Chat(chat) => chat.step_caret(step),
        }
    }

    /// What is selected where the keys are, exactly.
    pub fn selection(&self) -> Option<Selected> {
        if !self.is_reading() {
            return None;
        }
        match &self.reader {
            Reader::Empty | Reader::Page(_) => None,
            Reader::Text(text) if text.grid().is_some() => text.selected_cells(),
            Reader::Text(text) => text.selection().map(Selected::Text),
            Reader::Chat(chat) => chat.selection(),
        }
    }

    /// The cell that the cursor is on, as a selection.
    pub(in crate::app) fn selected_cell(&self) -> Option<Selected> {
        let Reader::Text(text) = &self.reader else { return None };
        let range = self.grid()?.cell_range()?;
        let variant = Some(text.variant()?.id);
        let is_empty = range.is_empty();
        let item = text.document.row.id.into();
        (!is_empty).then_some(Selected::Text(Selection { item, variant, range }))
    }

    /// The document or message that the cursor is on.
    pub(in crate::app) fn item_here(&self) -> Option<ItemId> {
        if let Some(page) = self.set_page_here() {
            return Some(page.id.into());
        }
        match self.acting_pane() {
            Pane::List if self.view == View::Documents => {
                self.documents.current().and_then(|entry| entry.document()).map(|row| row.id.into())
            }
            Pane::Results => self.search.current().map(|hit| hit.item),
            Pane::Reader | Pane::Preview => match &self.reader {
                Reader::Empty | Reader::Page(_) => None,
                Reader::Text(text) => Some(text.document.row.id.into()),
                Reader::Chat(chat) => chat.current().map(|message| message.id.into()),
            },
            _ => None,
        }
    }

    pub(in crate::app) fn copy_selection(&mut self) {
        let selected = self.selection().or_else(|| self.selected_cell());
        self.ask_quote(selected, false);
    }

    pub(in crate::app) fn copy_citation(&mut self) {
        if self.copy_several() {
            return;
        }
        let selected = self.selection().or_else(|| self.selected_cell());
        let here = || match self.focus {
            Pane::List => self.list_item().map(Selected::Item),
            Pane::Results => self.search.current().map(of_hit),
            _ => self.item_here().map(Selected::Item),
        };
        let selected = selected.or_else(here);
        self.ask_quote(selected, true);
    }

    fn ask_quote(&mut self, selected: Option<Selected>, as_citation: bool) {
        match selected {
            Some(selected) => {
                self.asked.remove(&Purpose::Quote);
                self.ask(Purpose::Quote, Request::Quote { selected, as_citation });
            }
            None if as_citation => {
                self.say("nothing here can be cited by a name of its own", false)
            }
            None => self.say("nothing is selected", false),
        }
    }

    /// What shall be copied has come from the case.
    pub(in crate::app) fn take_quote(&mut self, quote: Quote) {
        if quote.text.is_empty() {
            return self.say("the cell is empty: nothing was copied", false);
        }
        self.stop_selecting();
        self.stop_rows();
        self.put_out(&quote.words, quote.text);
    }

    /// Gives a text to the terminal to keep, and says so.
    pub(in crate::app) fn put_out(&mut self, words: &str, text: String) {
        if !self.can_copy {
            return self.say("nothing was copied: this terminal takes no copies (OSC 52)", true);
        }
        // What is pasted into another terminal acts there no more than it does here.
        let safe = sanitise::block(&text);
        let made_safe = match *safe == *text {
            true => "",
            false => ", with the signs that act or hide shown",
        };
        self.effects.push(Effect::Copy(safe.into_owned()));
        self.say(format!("copied {words}{made_safe} (if this terminal allows OSC 52)"), false);
    }

    /// The button was pressed in the reader, or the mouse moved on with it pressed.
    pub(in crate::app) fn point(&mut self, x: u16, y: u16, is_start: bool) {
        let found = [Pane::Reader, Pane::Preview]
            .into_iter()
            .find_map(|pane| self.layout.pane(pane).map(|area| (pane, area)));
        let Some((pane, area)) = found.filter(|_| self.layers.is_empty()) else { return };
        if pane != self.focus {
            return;
        }
        // Beyond the edge is at the edge.
        let column = usize::from(x.saturating_sub(area.x).min(area.width.saturating_sub(1)));
        let row = usize::from(y.saturating_sub(area.y).min(area.height.saturating_sub(1)));
        match &mut self.reader {
            Reader::Empty | Reader::Page(_) => {}
            Reader::Text(text) => match text.grid_mut() {
                Some(grid) => grid.point(column, row),
                None => text.drag(column, row, is_start),
            },
            Reader::Chat(chat) => chat.point(row, is_start),
        }
    }
}
