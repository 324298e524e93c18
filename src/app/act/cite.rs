//! Citing: what the cursor is on, or a number that is shown, into the note that is open or into a
//! new finding.

use super::several::of_hit;
use crate::app::App;
use crate::app::anchoring::ColumnFigure;
use crate::app::data::{Act, Citing, Purpose, TableOf};
use crate::app::input::Input;
use crate::app::layers::{Layer, Prompt};
use crate::app::line::Counts;
use crate::app::listing::Listing;
use crate::app::margin::quoted;
use crate::app::pages::PageId;
use crate::app::reader::Reader;
use crate::app::reader::text::without_parts;
use crate::app::selection::Selected;
use crate::app::target::Target;
use crate::app::view::{Pane, View};
use crate::case::{
    Condition, DocumentFilter, Draft, Figure, Listed, NoteKind, Shape, TimelineRow, UNDATED,
    day_text,
};
use crate::model::{AnchorId, ItemId, State};

/// The figures of a column that can be cited, by the word for each.
pub(super) const FIGURES: [(&str, Figure); 4] = [
    ("sum", Figure::Sum),
    ("rows", Figure::Rows),
    ("least", Figure::Least),
    ("greatest", Figure::Greatest),
];

/// What `c` cites where one is.
enum Here {
    Making(Citing),
    /// An anchor that there is already.
    Known(AnchorId),
    /// A year of the histogram: perhaps a month of it is meant.
    Year(String),
    /// It is nothing that says something, and why.
    Nothing(&'static str),
}

impl App {
    /// Cites what the cursor is on into the note that is open, or into a new finding: who cites
    /// is about to claim something.
    pub(in crate::app) fn cite(&mut self) {
        if self.cite_several() {
            return;
        }
        if let Some(here) = self.cited_here() {
            self.take_cited(here);
        }
    }

    fn take_cited(&mut self, here: Here) {
        match here {
            Here::Making(citing) => self.act(Act::Cite(citing)),
            Here::Known(id) => {
                let line = self.anchor_view(id).map(crate::app::made::line_of).unwrap_or_default();
                self.insert_citations(&[(id, line)]);
            }
            Here::Year(year) => {
                let what = Prompt::Month { year };
                self.layers.push(Layer::Prompt { what, input: Input::default() });
            }
            Here::Nothing(why) => self.say(why, false),
        }
    }

    pub(in crate::app) fn can_cite(&self) -> bool {
        self.cited_here().is_some()
    }

    fn cited_here(&self) -> Option<Here> {
        let selected = |selected| Some(Here::Making(Citing::Selected(selected)));
        let search = |query: String| Some(Here::Making(Citing::Search(query)));
        if let Some(links) = self.links() {
            let line = links.lines.get(links.cursor)?;
            match &line.counts {
                Some(Counts::Hits(query)) => return search(query.clone()),
                Some(Counts::Other(why)) => return Some(Here::Nothing(why)),
                None => {}
            }
            return match (line.link.as_ref(), &self.reader) {
                (Some(target), _) => self.cited_target(target),
                (None, Reader::Page(page)) => match page.id() {
                    PageId::Anchor(id) => Some(Here::Known(id)),
                    _ => None,
                },
                (None, _) => None,
            };
        }
        match self.focus {
            Pane::Reader | Pane::Preview => match self.selection().or_else(|| self.selected_cell())
            {
                Some(cells) => selected(cells),
                // Whoever looks at a table does not mean the whole file.
                None if self.grid().is_some() => self.cited_table(),
                None => self.item_here().map(Selected::Item).and_then(selected),
            },
            Pane::Results => match self.search.current() {
                Some(hit) => selected(of_hit(hit)),
                None if self.search.is_of_before() => {
                    Some(Here::Nothing("the results are those of the query before: one moment"))
                }
                None => self.query_here().and_then(search),
            },
            Pane::List => match self.listing() {
                Listing::Documents => match &self.documents.current()?.shape {
                    Shape::Folder { path, .. } => {
                        search(format!("kind:document path:{}", quoted(path)))
                    }
                    _ => selected(Selected::Item(self.list_item()?)),
                },
                Listing::Chats => search(format!("in:{}", self.chats.current()?.id)),
                Listing::Sessions | Listing::Parts => selected(Selected::Item(self.list_item()?)),
                Listing::People => match self.people.current()? {
                    // The number that its row shows.
                    Listed::Entity(row) if row.messages > 0 => {
                        search(format!("from:{} kind:message", row.entity.id))
                    }
                    Listed::Entity(row) => search(format!("entity:{}", row.entity.id)),
                    Listed::Account { row, .. } => {
                        search(format!("from:{}", quoted(&row.account.handle)))
                    }
                    Listed::Rest(_) => None,
                },
                Listing::Days => match self.days.current()? {
                    TimelineRow::Day(row) if row.day == UNDATED => search("date:none".to_owned()),
                    TimelineRow::Day(row) => search(format!("date:{}", day_text(row.day))),
                    TimelineRow::Event(_) => None,
                },
                Listing::Notes => None,
            },
            _ => None,
        }
    }

    /// What is cited of a table where the cursor is on no cell that says something: that its
    /// filter leaves no row, which is a number too.
    fn cited_table(&self) -> Option<Here> {
        let grid = self.grid()?;
        let is_filtered = !grid.view().conditions.is_empty();
        if !grid.is_known() || grid.is_sorting() {
            return Some(Here::Nothing("the rows are still being read"));
        }
        if grid.count() > 0 || !is_filtered {
            return Some(Here::Nothing("the cell is empty: C cites a figure of its column"));
        }
        if grid.view().conditions.iter().any(|condition| condition.doubt().is_some()) {
            return Some(Here::Nothing("the filter compares with no amount and no date"));
        }
        let column = grid.view().conditions.first()?.column;
        let none = self.column_figure(column, Figure::Rows, None)?;
        Some(Here::Making(Citing::Column(Box::new(none))))
    }

    /// What a line that leads somewhere counts, or is.
    fn cited_target(&self, target: &Target) -> Option<Here> {
        let search = |query: String| Some(Here::Making(Citing::Search(query)));
        let item = |item: ItemId| Some(Here::Making(Citing::Selected(Selected::Item(item))));
        match target {
            Target::Documents(filter) => search(query_of(filter)?),
            Target::Search(query) if self.focus == Pane::Activity => {
                let year = query.strip_prefix("date:");
                let is_year =
                    |year: &&str| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
                match year.filter(is_year) {
                    Some(year) => Some(Here::Year(year.to_owned())),
                    // What has no date is of no year.
                    None => search(query.clone()),
                }
            }
            Target::Search(query) => search(query.clone()),
            Target::Narrow(filter) => search(self.search.narrow(filter)),
            Target::Replace { from, to } => search(self.search.query.replacen(from, to, 1)),
            Target::Worklist { query, .. } => search(crate::case::unread(query)),
            Target::Passage(id) => Some(Here::Known(*id)),
            Target::Document { id, .. } | Target::Text { id, .. } => item((*id).into()),
            Target::Message(id) => item((*id).into()),
            Target::Named(_) => None,
            Target::Conversation { id, .. } => search(format!("in:{id}")),
            Target::ConversationDay { id, day } => {
                search(format!("in:{id} date:{}", day_text(*day)))
            }
            Target::Section(_)
            | Target::Page(_)
            | Target::Zone { .. }
            | Target::ZoneAlike { .. }
            | Target::Export(_)
            | Target::Owner(_)
            | Target::Facet(_)
            | Target::Media { .. }
            | Target::Skipped => None,
        }
    }

    /// The query whose number stands on the screen, whatever the cursor is on.
    fn query_here(&self) -> Option<String> {
        match self.view {
            View::Search if self.search.failure.is_none() => {
                Some(self.search.query.clone()).filter(|query| !query.is_empty())
            }
            View::Documents => query_of(&self.filter),
            _ => None,
        }
    }

    /// What is sought in the reader, if its number is the one that stands there: as a query, where
    /// one counts the same.
    fn found_here(&self) -> Option<Option<String>> {
        let find = self.find.as_ref().filter(|find| Some(find.of) == self.open)?;
        if self.focus != Pane::Reader {
            return None;
        }
        match &self.reader {
            Reader::Chat(chat) => Some(Some(format!("({}) in:{}", find.query, chat.row.id))),
            _ => Some(None),
        }
    }

    /// Cites the number that is shown: how much the search or the list finds, also nothing; a
    /// figure of the column in a table.
    pub(in crate::app) fn cite_count(&mut self) {
        if self.grid().is_some() {
            return self.ask_figure();
        }
        if let Some(found) = self.found_here() {
            return match found {
                Some(query) => self.act(Act::Cite(Citing::Search(query))),
                None => self.say(
                    "what is found in one text is no number that a query finds again: / searches \
                     everything",
                    false,
                ),
            };
        }
        match self.query_here() {
            Some(query) => self.act(Act::Cite(Citing::Search(query))),
            // A day, a bar of the chart and a line of a dossier have a number each.
            None => match self.cited_here() {
                Some(
                    here @ (Here::Making(Citing::Search(_)) | Here::Year(_) | Here::Nothing(_)),
                ) => {
                    self.take_cited(here);
                }
                _ => self.say("no number is shown here that a query finds again", false),
            },
        }
    }

    fn ask_figure(&mut self) {
        let value = match self.layers.last() {
            Some(Layer::Figures { input, cursor }) => {
                self.figure_values(input.text()).into_iter().nth(*cursor)
            }
            _ => None,
        };
        let Some(grid) = self.grid() else { return };
        let column = grid.pinned().unwrap_or(grid.column);
        if matches!(self.layers.last(), Some(Layer::Figures { .. })) {
            self.layers.pop();
        }
        let what = Prompt::Figure { column, value, cursor: None };
        self.layers.push(Layer::Prompt { what, input: Input::default() });
    }

    pub(in crate::app) fn cite_figure(&mut self, column: usize, typed: &str) {
        let typed = typed.trim();
        let (word, value) = match typed.split_once('=') {
            Some((word, value)) => (word.trim(), Some(value)),
            None => (typed, None),
        };
        let figure = match FIGURES.iter().find(|(known, _)| *known == word) {
            Some((_, figure)) => *figure,
            None if word.is_empty() => Figure::Sum,
            None => return self.say("a figure is sum, rows, least or greatest", false),
        };
        if value.is_some_and(|value| value.trim_matches(['=', ' ']).is_empty()) {
            return self.say("say which value: rows =30万", true);
        }
        let doubts =
            self.grid().and_then(|grid| grid.view().conditions.iter().find_map(Condition::doubt));
        if let Some(doubt) = doubts.filter(|_| self.grid().is_some_and(|grid| grid.count() == 0)) {
            return self.say(doubt, true);
        }
        if let Some(cited) = self.column_figure(column, figure, value) {
            self.act(Act::Cite(Citing::Column(Box::new(cited))));
        }
    }

    /// A figure of a column over the rows that are shown, or those of them with one value.
    fn column_figure(
        &self,
        column: usize,
        figure: Figure,
        value: Option<&str>,
    ) -> Option<ColumnFigure> {
        let Reader::Text(text) = &self.reader else { return None };
        let (grid, variant) = (text.grid()?, text.variant()?);
        let mut view = grid.view().clone();
        view.sort = None;
        if let Some(value) = value {
            view.conditions.push(Condition { column, typed: format!("={value}") });
        }
        let of = TableOf {
            id: text.document.row.id,
            variant: without_parts(variant),
            table: grid.table.clone(),
        };
        let name = grid.column_name(column);
        // A column without a name is called by its letters.
        let called = |column| match (grid.column_name(column), grid.letters(column)) {
            (name, letters) if name == letters => format!("column {letters}"),
            (name, _) => name,
        };
        let named = view.conditions.iter().map(|own| called(own.column)).collect();
        Some(ColumnFigure { of, view, column, name, named, figure })
    }

    pub(in crate::app) fn cite_month(&mut self, year: &str, typed: &str) {
        let query = match typed.trim() {
            "" => format!("date:{year}"),
            month => match month.parse::<u8>() {
                Ok(month @ 1..=12) => format!("date:{year}-{month:02}"),
                _ => return self.say("a month is a number from 1 to 12", false),
            },
        };
        self.act(Act::Cite(Citing::Search(query)));
    }

    /// Writes citations at the caret of the open note, or begins a finding with them.
    pub(super) fn insert_citations(&mut self, anchors: &[(AnchorId, String)]) {
        let cited: Vec<String> = anchors.iter().map(|(id, _)| format!("[[{id}]]")).collect();
        let cited = cited.join(" ");
        let words = match anchors {
            [(id, line)] => format!("{id} is cited: {line}"),
            many => format!("{} passages are cited", many.len()),
        };
        // Of what is not on the screen there is no line yet.
        let known = || anchors.iter().filter(|(_, line)| !line.is_empty());
        let about = known().map(|(id, line)| (ItemId::Anchor(*id), line.clone()));
        if self.writing.is_none() {
            let text = format!("{cited} ");
            self.begin_writing(Draft { text, kind: NoteKind::Finding, ..Draft::default() });
        } else {
            // Where no column shows the note, one goes to it, as with the first citation.
            if self.editor_pane().is_none() {
                self.show_editor();
            }
            self.write_text(&cited);
        }
        // The quote stands below the text at once; the rest is looked up.
        if let Some(writing) = &mut self.writing {
            writing.named.retain(|(item, _)| !known().any(|(id, _)| *item == ItemId::Anchor(*id)));
            writing.named.extend(about);
        }
        self.asked.remove(&Purpose::About);
        self.say(words, false);
    }
}

/// The query that finds what a list of documents shows; `None` where there is none.
fn query_of(filter: &DocumentFilter) -> Option<String> {
    let mut words = vec!["kind:document".to_owned()];
    if filter.parent.is_some() || filter.lacking.is_some() {
        return None;
    }
    if !filter.path.is_empty() {
        words.push(format!("path:{}", quoted(&filter.path)));
    }
    if let Some(format) = filter.format.as_deref().filter(|format| !format.is_empty()) {
        words.push(format!("type:{}", quoted(format)));
    }
    if let Some(language) = filter.language.as_deref().filter(|language| !language.is_empty()) {
        words.push(format!("lang:{}", quoted(language)));
    }
    if filter.unreadable {
        words.push("is:unreadable".to_owned());
    }
    words.extend(match filter.state {
        None => None,
        Some(State::Failed) => Some("is:failed".to_owned()),
        Some(State::Encrypted) => Some("is:encrypted".to_owned()),
        Some(State::OverLimit) => Some("is:over_limit".to_owned()),
        Some(State::Unsupported) => Some("is:unsupported".to_owned()),
        Some(State::Empty) => Some("is:empty".to_owned()),
        Some(State::NoText) => Some("is:no_text".to_owned()),
        Some(State::Read | State::Export) => return None,
    });
    // The kind is said by the type already.
    if words.len() > 1 && filter.format.is_some() {
        words.remove(0);
    }
    Some(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

    #[test]
    fn lists_of_documents_are_found_again_by_a_query() {
        let check = |filter: DocumentFilter, expected: Option<&str>| {
            let query = query_of(&filter);
            assert_eq!(query.as_deref(), expected);
            if let Some(query) = query {
                assert!(Query::parse(&query).is_ok(), "{query}");
            }
        };
        let filter = DocumentFilter::default;
        let lacking = Some(crate::case::Lacking::Zone);
        // No query finds these, and a number must be found again.
        check(DocumentFilter { lacking, ..DocumentFilter::default() }, None);
        check(filter(), Some("kind:document"));
        check(DocumentFilter { format: Some("xlsx".into()), ..filter() }, Some("type:xlsx"));
        check(
            DocumentFilter { path: "销售/a b".into(), ..filter() },
            Some("kind:document path:\"销售/a b\""),
        );
        for state in State::ALL {
            let query = query_of(&DocumentFilter { state: Some(state), ..filter() });
            if let Some(query) = query {
                assert!(Query::parse(&query).is_ok(), "{query}");
            }
        }
        check(DocumentFilter { state: Some(State::Export), ..filter() }, None);
    }
}
