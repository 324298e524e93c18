//! Inside of what is read: going to a line, page or sheet, searching, named marks, other texts.

use crate::app::App;
use crate::app::data::{Purpose, Request, Which};
use crate::app::history::Open;
use crate::app::input::Input;
use crate::app::key::{Key, short};
use crate::app::layers::{Layer, Numbered, Prompt};
use crate::app::reader::grid::Spot as GridSpot;
use crate::app::reader::text::{TextReader, without_parts};
use crate::app::reader::{Anchor, Goal, Reader, sheets, variant_name};
use crate::app::spot::{Spot, clock_of};
use crate::app::target::Target;
use crate::app::view::{Pane, View};
use crate::model::document::Part;
use crate::model::{DocumentId, ItemId, PartKind};
use crate::query::Query;

/// A search in one document or conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Find {
    pub of: Open,
    pub query: String,
}

/// The last occurrence was said to be that, in one direction: there the same key goes round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    pub of: Open,
    pub query: String,
    pub is_backwards: bool,
    /// Byte of the text, or position of the message.
    pub at: u64,
}

/// What the next key names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    SetMark,
    GoToMark,
}

impl Awaited {
    /// The key that began it, as the hint line shows it.
    pub fn begun(self) -> &'static str {
        match self {
            Awaited::SetMark => "`",
            Awaited::GoToMark => "'",
        }
    }
}

/// What is typed is a query where it is one; a text that is none is meant as it stands.
fn sought(typed: &str) -> String {
    match Query::parse(typed) {
        Ok(_) => typed.to_owned(),
        Err(_) => format!("\"{}\"", typed.replace(['"', '“', '”'], " ").trim()),
    }
}

impl App {
    /// What the reader marks: what is searched in it, or the running query.
    pub fn marking(&self) -> &str {
        match &self.find {
            Some(find) if Some(find.of) == self.open => &find.query,
            _ if self.search.is_unmarked => "",
            _ => &self.search.query,
        }
    }

    pub(in crate::app) fn is_open(&self) -> bool {
        !matches!(self.reader, Reader::Empty)
    }

    pub(in crate::app) fn has_variants(&self) -> bool {
        matches!(&self.reader, Reader::Text(text) if text.next_variant().is_some())
    }

    pub(in crate::app) fn start_go_to(&mut self, number: Numbered) {
        self.layers.push(Layer::Prompt { what: Prompt::GoTo(number), input: Input::default() });
    }

    pub(in crate::app) fn start_find(&mut self) {
        let Some(from) = self.reader.place() else { return };
        let before = self.find.clone();
        let what = Prompt::Find { from, before };
        self.layers.push(Layer::Prompt { what, input: Input::default() });
    }

    /// Something else was typed into the line.
    pub(in crate::app) fn prompt_changed(&mut self) {
        let Some(Layer::Prompt { what, input }) = self.layers.last() else { return };
        let typed = input.text().trim().to_owned();
        match what {
            Prompt::GoTo(_)
            | Prompt::SaveSearch
            | Prompt::ReportFile
            | Prompt::Month { .. }
            | Prompt::Entity(_) => {}
            Prompt::Meaning { .. } | Prompt::Figure { .. } => self.pick_suggestion(None),
            Prompt::Column { column, .. } => {
                let column = *column;
                self.filter_column(column, &typed);
            }
            Prompt::Find { from, before } => {
                let (from, before) = (*from, before.clone());
                let Some(of) = self.open else { return };
                let typed_is_empty = typed.is_empty();
                self.find =
                    if typed_is_empty { before } else { Some(Find { of, query: sought(&typed) }) };
                self.reader.go(from);
                self.forget_marks();
                if let Reader::Text(text) = &mut self.reader
                    && !typed_is_empty
                {
                    text.seek_first();
                }
                if let Reader::Chat(chat) = &self.reader {
                    let (id, from) = (chat.row.id, chat.heading());
                    let query = self.marking().to_owned();
                    let is_inclusive = true;
                    let is_backwards = false;
                    if !query.is_empty() {
                        let request =
                            Request::NextMessage { id, query, from, is_backwards, is_inclusive };
                        self.ask(Purpose::Occurrences, request);
                    }
                }
            }
        }
    }

    pub(in crate::app) fn accept_prompt(&mut self) {
        let suggestion = self.suggested().and_then(|at| self.suggestions().into_iter().nth(at));
        let Some(Layer::Prompt { what, input }) = self.layers.pop() else { return };
        let chosen = suggestion.map_or_else(|| input.text().to_owned(), |(_, line)| line);
        match what {
            Prompt::SaveSearch => self.save_search(input.text()),
            Prompt::ReportFile => self.export_into(input.text().trim()),
            Prompt::Entity(what) => self.accept_typed(what, input.text()),
            Prompt::Meaning { of, .. } => self.highlight_as(of, &chosen),
            Prompt::Figure { column, .. } => self.cite_figure(column, &chosen),
            Prompt::Month { year } => self.cite_month(&year, input.text()),
            Prompt::GoTo(number) => {
                let in_sheet = matches!(&self.reader, Reader::Text(text) if text.is_sheet());
                let typed = input.text().trim();
                let year = || clock_of(&format!("{typed}-01")).filter(|_| number == Numbered::Date);
                let clock = clock_of(typed).or_else(year);
                let is_timeline = self.view == View::Timeline;
                match (&self.reader, clock) {
                    (_, Some(clock)) if is_timeline => return self.go_to_day(&clock),
                    (Reader::Chat(chat), Some(clock)) => {
                        let id = chat.row.id;
                        return self.locate_clock(id, clock);
                    }
                    _ if number == Numbered::Date && !typed.is_empty() => {
                        return self.say("a day is written 2022-03-05, 2022-03 or 2022", false);
                    }
                    _ => {}
                }
                let spot = Spot::parse(typed, in_sheet);
                if number == Numbered::Page && spot.is_some() && self.focus == Pane::List {
                    // Whoever goes to a page from the list of them reads it.
                    self.focus = Pane::Reader;
                }
                match spot {
                    Some(Spot::Line(page)) if number == Numbered::Page => {
                        self.go_to_spot(Spot::Page(page.to_string()));
                    }
                    Some(spot) => self.go_to_spot(spot),
                    None => {}
                }
            }
            Prompt::Column { column, before } => self.accept_column(column, input.text(), before),
            Prompt::Find { .. } => self.moved(),
        }
    }

    pub(in crate::app) fn drop_prompt(&mut self) {
        let Some(Layer::Prompt { what, .. }) = self.layers.pop() else { return };
        match what {
            Prompt::GoTo(_)
            | Prompt::SaveSearch
            | Prompt::ReportFile
            | Prompt::Meaning { .. }
            | Prompt::Figure { .. }
            | Prompt::Month { .. }
            | Prompt::Entity(_) => {}
            Prompt::Column { before, .. } => self.put_back_view(before),
            Prompt::Find { from, before } => {
                self.find = before;
                self.reader.go(from);
                self.forget_marks();
            }
        }
    }

    /// Whether the line that is typed into is a search in the reader.
    pub(in crate::app) fn is_finding(&self) -> bool {
        matches!(self.layers.last(), Some(Layer::Prompt { what: Prompt::Find { .. }, .. }))
    }

    /// Says what a table goes up to, where something else was asked for.
    fn say_beyond(&mut self, beyond: Option<String>) {
        if let Some(words) = beyond {
            self.say(words, false);
        }
    }

    fn go_to_spot(&mut self, spot: Spot) {
        if let Spot::Item(item) = spot {
            return self.go_to_item(item);
        }
        match &mut self.reader {
            Reader::Empty | Reader::Page(_) => {}
            Reader::Chat(chat) => {
                let last = chat.row.messages.saturating_sub(1);
                match spot {
                    Spot::Line(at) => {
                        chat.go(Goal::At(at.saturating_sub(1).min(last)));
                        if !(1..=last + 1).contains(&at) {
                            let words = format!("the messages here run from 1 to {}", last + 1);
                            self.say(words, false);
                        }
                    }
                    Spot::Percent(percent) => chat.go(Goal::At(last * percent / 100)),
                    _ => self
                        .say("a conversation takes a date, a number, a percentage or M12", false),
                }
            }
            Reader::Text(text) => {
                if let Some(grid) = text.grid_mut() {
                    // In a sheet a number is a row as the sheet counts it.
                    let column = grid.table.origin.1.max(1) + grid.column as u32;
                    match &spot {
                        Spot::Line(row) => {
                            let beyond = grid.go_to_cell(column, *row);
                            self.say_beyond(beyond);
                            return self.moved();
                        }
                        Spot::Cell { sheet, column, row } if sheet.is_empty() => {
                            let beyond = grid.go_to_cell(*column, u64::from(*row));
                            self.say_beyond(beyond);
                            return self.moved();
                        }
                        Spot::Percent(percent) => {
                            let place = grid.count() * percent / 100;
                            grid.go(GridSpot::Place(place));
                            return self.moved();
                        }
                        _ => {}
                    }
                }
                let part = match &spot {
                    Spot::Line(line) => {
                        let id = text.document.row.id;
                        let Some(variant) = text.variant().map(without_parts) else { return };
                        let last = variant.lines.max(1);
                        let beyond = !(1..=last).contains(line);
                        let line = line.saturating_sub(1).min(last - 1);
                        self.asked.remove(&Purpose::Line);
                        self.ask(Purpose::Line, Request::Line { id, variant, line });
                        if beyond {
                            self.say(format!("the lines here run from 1 to {last}"), false);
                        }
                        return;
                    }
                    Spot::Percent(percent) => {
                        text.go_to_spot(text.total() * percent / 100);
                        return self.moved();
                    }
                    Spot::Page(label) => page(text.parts(), label),
                    Spot::Part(label) | Spot::Cell { sheet: label, .. } => {
                        let label = label.to_lowercase();
                        let of = |part: &&Part| part.label.to_lowercase();
                        let parts = || text.parts().iter().filter(|part| !part.label.is_empty());
                        parts()
                            .find(|part| of(part) == label)
                            .or_else(|| parts().find(|part| of(part).contains(&label)))
                    }
                    Spot::Item(_) => None,
                };
                match part.map(|part| part.start) {
                    Some(start) => {
                        text.go_to_spot(start);
                        if let (Spot::Cell { column, row, .. }, Some(grid)) =
                            (&spot, text.grid_mut())
                        {
                            let beyond = grid.go_to_cell(*column, u64::from(*row));
                            self.say_beyond(beyond);
                        }
                    }
                    None => {
                        if let Spot::Page(label) = &spot
                            && let Some(id) = text.page_of_set(label)
                        {
                            return self.go_to(Target::Document { id, at: None });
                        }
                        let what = match spot {
                            Spot::Page(label) => {
                                let pages = pages_words(text);
                                format!("there is no page {label} here{pages}")
                            }
                            Spot::Part(label) | Spot::Cell { sheet: label, .. } => {
                                format!("no part of this document is called {label}")
                            }
                            _ => return,
                        };
                        self.say(what, false);
                    }
                }
            }
        }
        self.moved();
    }

    /// The text of a document that is read from now on.
    pub(in crate::app) fn choose_text(&mut self, id: DocumentId, which: Which) {
        if which == Which::First {
            self.chosen.remove(&id);
        } else {
            self.chosen.insert(id, which);
        }
    }

    pub(in crate::app) fn next_variant(&mut self) {
        let Reader::Text(text) = &self.reader else { return };
        let Some(next) = text.next_variant() else { return };
        let (id, which) = (text.document.row.id, Which::Id(next.id));
        let words = format!("the text is now: {} by {}", variant_name(next), next.tool);
        // The same share of the way; lining texts up sentence by sentence is another matter.
        let share = (text.top() * 1000).checked_div(text.total()).unwrap_or(0);
        let offset = next.bytes * share / 1000;
        self.choose_text(id, which);
        let goal = if share == 0 {
            Goal::Start
        } else {
            Goal::Anchor(Anchor { block: offset, row: 0 }, 0)
        };
        self.open(Open::Document(id), goal);
        self.say(words, false);
    }

    /// The line that was asked for begins here.
    pub(in crate::app) fn line_found(&mut self, id: DocumentId, offset: u64) {
        if let Reader::Text(text) = &mut self.reader
            && text.document.row.id == id
        {
            text.go_to_spot(offset);
            self.moved();
        }
    }

    /// The row of the list that what was opened from elsewhere has.
    pub(in crate::app) fn row_found(&mut self, id: DocumentId, row: Option<u64>) {
        let is_kept = self.row_of.take_if(|kept| *kept == id).is_some();
        let is_open = self.open == Some(Open::Document(id));
        if !(is_kept || is_open) || self.view != View::Documents {
            return;
        }
        match row {
            Some(row) => {
                self.documents.go(row);
                if is_kept {
                    self.moved();
                }
            }
            None if self.is_filtered() => {
                self.say(format!("{id} is not in the filtered list: all are shown again"), false);
                self.clear_filter();
                self.show_in_list(ItemId::Document(id));
            }
            None => {}
        }
    }

    pub(in crate::app) fn await_mark(&mut self, awaited: Awaited) {
        self.awaited = Some(awaited);
    }

    /// The key after `` ` `` or `'`.
    pub(in crate::app) fn take_awaited(&mut self, awaited: Awaited, key: Key) {
        let Some(name) = key.typed().filter(|c| c.is_alphanumeric()) else {
            if key.code != crate::app::key::Code::Esc {
                self.say(format!("a mark is a letter or digit, not {}", short(&[key])), false);
            }
            return;
        };
        match awaited {
            Awaited::SetMark => {
                let place = self.place();
                self.waypoints.insert(name, place);
                self.say(format!("mark {name} is set: ' {name} comes back here"), false);
            }
            Awaited::GoToMark => match self.waypoints.get(&name).cloned() {
                Some(place) => {
                    self.depart();
                    self.arrive(place);
                }
                None => {
                    let names: Vec<String> = self.waypoints.keys().map(char::to_string).collect();
                    self.say(
                        match names.as_slice() {
                            [] => "no mark is set; ` a sets mark a".to_owned(),
                            names => format!("no mark {name}; there are: {}", names.join(" ")),
                        },
                        false,
                    );
                }
            },
        }
    }

    /// Out of a search in the reader.
    pub(in crate::app) fn clear_find(&mut self) {
        if self.find.take().is_some() {
            self.forget_marks();
        }
    }

    pub(in crate::app) fn can_find(&self) -> bool {
        self.is_open() && self.focus != Pane::Results
    }
}

/// Which pages a text has, or its work: `: they run from 1 to 12`.
fn pages_words(text: &TextReader) -> String {
    let is_page = |part: &&Part| matches!(part.kind, PartKind::Page | PartKind::Slide);
    let mut labels = text.parts().iter().filter(is_page).map(|part| part.label.as_str());
    let many = text.document.page_set.len().max(sheets(text.parts()).len());
    match (labels.next(), labels.next_back()) {
        (Some(first), Some(last)) => format!(": they run from {first} to {last}"),
        (None, _) if many > 1 => format!(": they run from 1 to {many}"),
        _ => String::new(),
    }
}

/// The page or slide with this label; of sheets, the one with this number.
fn page<'a>(parts: &'a [Part], label: &str) -> Option<&'a Part> {
    let is_page = |part: &&Part| matches!(part.kind, PartKind::Page | PartKind::Slide);
    if let Some(page) = parts.iter().filter(is_page).find(|part| part.label == label) {
        return Some(page);
    }
    let number: usize = label.parse().ok()?;
    sheets(parts).get(number.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_query_is_sought_as_it_stands() {
        assert_eq!(sought("青河 OR pay*"), "青河 OR pay*");
        assert_eq!(sought("number: 61"), "\"number: 61\"");
        assert_eq!(sought("say \"hello"), "\"say  hello\"");
    }
}
