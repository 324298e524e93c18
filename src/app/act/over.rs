//! What lies over the desk, the mouse, and the rest.

use crate::app::commands::{Command, Context};
use crate::app::data::{Purpose, Request};
use crate::app::event::Effect;
use crate::app::input::Input;
use crate::app::layers::{self, Layer};
use crate::app::line::Line;
use crate::app::pages::Page;
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};
use crate::app::{App, help, search};
use crate::case::DocumentFilter;
use crate::model::ItemId;

impl App {
    pub(in crate::app) fn open_help(&mut self) {
        let contexts = self.desk_contexts();
        self.layers.push(Layer::Help { filter: Input::default(), top: 0, contexts });
    }

    pub(in crate::app) fn open_palette(&mut self) {
        let contexts = self.desk_contexts();
        self.layers.push(Layer::Palette { input: Input::default(), cursor: 0, contexts });
    }

    /// Commands that fit what was typed into the palette.
    pub fn palette(&self, typed: &str, contexts: &[Context]) -> Vec<&'static Command> {
        layers::palette(typed, contexts, |command| self.may_run(command))
    }

    pub(in crate::app) fn close_layer(&mut self) {
        self.layers.pop();
    }

    pub(in crate::app) fn scroll_layer(&mut self, by: i64) {
        let most = match self.layers.last() {
            Some(Layer::Help { filter, contexts, .. }) => {
                self.help_lines(filter.text(), contexts, self.help_cells()).len()
            }
            Some(Layer::Palette { input, contexts, .. }) => {
                self.palette(input.text(), contexts).len()
            }
            Some(Layer::Figures { input, .. }) => self.figure_values(input.text()).len(),
            Some(Layer::Report { lines, .. }) => lines.len(),
            Some(Layer::Choice { choice, input, .. }) => self.picks(choice, input.text()).len(),
            _ => 0,
        };
        let by = isize::try_from(by).unwrap_or(0);
        if let Some(
            Layer::Help { top: at, .. }
            | Layer::Palette { cursor: at, .. }
            | Layer::Report { top: at, .. }
            | Layer::Choice { cursor: at, .. }
            | Layer::Figures { cursor: at, .. },
        ) = self.layers.last_mut()
        {
            *at = at.saturating_add_signed(by).min(most.saturating_sub(1));
        }
    }

    /// Cells inside of the window of the help.
    pub fn help_cells(&self) -> usize {
        usize::from(self.size.0.min(layers::HELP)).saturating_sub(2)
    }

    /// Lines of the help for these contexts.
    pub fn help_lines(&self, filter: &str, contexts: &[Context], cells: usize) -> Vec<Line> {
        help::lines(filter, contexts, &self.keymap, cells, |command| self.may_run(command))
    }

    /// What was typed into a layer changed.
    pub(in crate::app) fn layer_changed(&mut self) {
        match self.layers.last_mut() {
            Some(Layer::Help { top, .. }) => *top = 0,
            Some(
                Layer::Palette { cursor, .. }
                | Layer::Figures { cursor, .. }
                | Layer::Choice { cursor, .. },
            ) => *cursor = 0,
            Some(Layer::Filter { input, .. }) => {
                let typed = input.text().to_owned();
                self.filter_list(typed);
                self.list_mut().go(0);
                self.moved();
            }
            Some(Layer::Prompt { .. }) => self.prompt_changed(),
            Some(Layer::Report { .. } | Layer::Confirm { .. }) | None => {}
        }
    }

    pub(in crate::app) fn drop_filter(&mut self) {
        if let Some(Layer::Filter { before, place, folded, .. }) = self.layers.pop() {
            self.filter_list(before);
            if self.is_documents() {
                self.set_filter(DocumentFilter { folded, ..self.filter.clone() });
            }
            // The list is the one of before, and so is the row.
            self.seeks_hit = false;
            self.list_mut().set_place(place);
            self.moved();
        }
    }

    pub(in crate::app) fn run_from_palette(&mut self) {
        let Some(Layer::Palette { input, cursor, contexts }) = self.layers.pop() else { return };
        if let Ok(item) = input.text().trim().parse::<ItemId>() {
            return self.go_to_item(item);
        }
        match self.palette(input.text(), &contexts).get(cursor) {
            Some(command) if !command.is_in(&contexts) => {
                let (name, places) = (command.name, command.places());
                self.say(format!("{name} means nothing here: it acts {places}"), false);
            }
            Some(command) if self.may_run(command) => (command.run)(self),
            Some(command) if !self.can_write && command.writes => {
                self.say(format!("this case is read-only: {} cannot be done", command.name), true);
            }
            Some(command) => {
                let why = match self.why_not(command) {
                    "" => "it means nothing here",
                    why => why,
                };
                self.say(format!("{}: {why}", command.name), false);
            }
            None => self.say("no such command", false),
        }
    }

    pub(in crate::app) fn copy_id(&mut self) {
        if self.copy_several_ids() {
            return self.selection_is_done();
        }
        let id = match self.focus {
            Pane::Results => self.search.current().map(|hit| hit.item.to_string()),
            Pane::List => self.list_item().map(|item| item.to_string()),
            // What the reader holds is not in sight there.
            Pane::Counts | Pane::Activity | Pane::Todo | Pane::Facets => None,
            _ => match &self.reader {
                Reader::Chat(chat) => chat.current().map(|message| message.id.to_string()),
                Reader::Text(text) => Some(text.document.row.id.to_string()),
                Reader::Page(page) => Some(match &page.page {
                    Page::Day(day) => crate::case::day_text(day.row.day),
                    _ => page.id().item().map_or_else(String::new, |item| item.to_string()),
                }),
                Reader::Empty => None,
            },
        };
        match id.filter(|id| !id.is_empty()) {
            Some(id) => self.put_out(&id.clone(), id),
            None => self.say("nothing with a number is here", false),
        }
    }

    pub(in crate::app) fn refresh(&mut self) {
        self.asked.clear();
        self.ask(Purpose::Status, Request::Status);
        self.documents.forget();
        self.chats.forget();
        self.busiest.forget();
        self.people.forget();
        self.notes.forget();
        self.days.forget();
        self.forget_holds();
        self.forget_named();
        self.readers_are_stale = true;
        self.sessions = None;
        self.worklists_are_stale = true;
        self.search.results.forget();
        self.effects.push(Effect::Redraw);
    }

    /// A click where something stands goes there; a second one opens it. `was_said`: a notice
    /// stood in the place of the hints.
    pub(in crate::app) fn click(&mut self, x: u16, y: u16, was_said: bool) {
        if let Some(hint) = self.layout.hint.filter(|hint| hint.contains(x, y)) {
            return self.click_hint(usize::from(x - hint.x), usize::from(hint.width), was_said);
        }
        if !self.layers.is_empty() {
            return self.click_layer(x, y);
        }
        if let Some(tabs) = self.layout.tabs.filter(|tabs| tabs.contains(x, y)) {
            return self.click_tab(usize::from(x - tabs.x), usize::from(tabs.width));
        }
        let Some((pane, area)) = self.layout.pane_at(x, y) else { return };
        self.search.is_typing = false;
        let had_focus = std::mem::replace(&mut self.focus, pane) == pane;
        let row = u64::from(y - area.y);
        if self.editor_pane() == Some(pane) {
            return self.point_in_editor(usize::from(x - area.x), usize::from(y - area.y));
        }
        match pane {
            Pane::List => {
                let entry = row / self.listing().rows() as u64;
                let (before, top) = self.list().place();
                self.list_mut().go(top + entry);
                if had_focus && self.list().place().0 == before {
                    return self.open_current();
                }
            }
            Pane::Results => {
                let before = self.search.results.cursor;
                self.search.results.go(self.search.results.top + row / search::ROWS as u64);
                if had_focus && self.search.results.cursor == before {
                    return self.open_current();
                }
            }
            Pane::Reader | Pane::Preview if !self.reader.is_page() => self.point(x, y, true),
            _ => {
                if let Some(links) = self.links_mut() {
                    let at = links.top + usize::from(y - area.y);
                    if links.lines.get(at).is_some_and(|line| line.is_stop) {
                        let before = std::mem::replace(&mut links.cursor, at);
                        if had_focus && before == at {
                            return self.follow_link();
                        }
                    }
                }
            }
        }
        self.moved();
    }

    fn click_hint(&mut self, column: usize, cells: usize, was_said: bool) {
        let is_typed =
            matches!(self.layers.last(), Some(Layer::Filter { .. } | Layer::Prompt { .. }));
        // As it is drawn: inside of the frame, with a cell at its end.
        let inset = usize::from(self.layout.is_framed);
        let Some(column) = column.checked_sub(inset) else { return };
        if !was_said
            && !is_typed
            && let Some(command) = self.hint_at(column, cells.saturating_sub(1))
        {
            (command.run)(self);
        }
    }

    pub(in crate::app) fn click_tab(&mut self, column: usize, cells: usize) {
        if self.is_search() {
            return self.edit_query();
        }
        if let Some(command) = self.corner_at(column, cells) {
            return (command.run)(self);
        }
        let mut end = 0;
        let mut tab = None;
        for span in self.tabs(cells).spans {
            let digit = span.text().get(..1).and_then(|digit| digit.parse::<usize>().ok());
            if let Some(digit) = digit {
                tab = Some(digit);
            }
            end += span.width();
            if column < end {
                break;
            }
        }
        if column < end
            && let Some(view) = tab.and_then(|tab| View::TABS.get(tab))
        {
            self.visit(*view);
        }
    }

    pub(in crate::app) fn wheel(&mut self, x: u16, y: u16, by: i64) {
        if !self.layers.is_empty() {
            return self.scroll_layer(by);
        }
        let Some((pane, _)) = self.layout.pane_at(x, y) else { return };
        if self.editor_pane() == Some(pane) {
            return self.scroll_editor(by);
        }
        let focus = std::mem::replace(&mut self.focus, pane);
        let lags = self.lags;
        match pane {
            Pane::Reader | Pane::Preview => self.reader.scroll(by),
            _ => self.step(by),
        }
        // In the list the cursor went along, so it has the focus; elsewhere one only looked.
        self.focus = if self.layout.pane(focus).is_some() { focus } else { pane };
        if self.focus != pane {
            self.lags = lags;
        }
    }
}
