//! Highlighting, citing, and going to what an anchor points at.

use crate::app::App;
use crate::app::anchoring::ColumnFigure;
use crate::app::data::{Act, Citing, Purpose, Request, TableOf, Which};
use crate::app::input::Input;
use crate::app::layers::{Layer, Marking, Prompt};
use crate::app::listing::Listing;
use crate::app::made::meaning_words;
use crate::app::margin::quoted;
use crate::app::meaning::{Meant, suggestions};
use crate::app::pages::PageId;
use crate::app::reader::Reader;
use crate::app::reader::text::without_parts;
use crate::app::selection::Selected;
use crate::app::target::Target;
use crate::app::view::{Pane, View};
use crate::case::{
    AnchorView, At, Condition, DocumentFilter, Draft, Figure, Listed, NoteKind, Shape, TimelineRow,
    UNDATED, day_text,
};
use crate::model::{AnchorId, ConversationId, ItemId, State};

/// The figures of a column that can be cited, by the word for each.
const FIGURES: [(&str, Figure); 4] = [
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
}

impl App {
    // ---- which one is meant --------------------------------------------------------------------

    /// The anchor that the cursor is on.
    pub(in crate::app) fn anchor_here(&self) -> Option<AnchorId> {
        if let Some(Target::Passage(id)) = self.links().and_then(|links| links.link()) {
            return Some(*id);
        }
        match (self.focus, &self.reader) {
            (_, Reader::Page(page)) => match page.id() {
                PageId::Anchor(id) => Some(id),
                _ => None,
            },
            (Pane::Reader | Pane::Preview, Reader::Text(text)) => {
                text.anchor_here().map(|view| view.id)
            }
            (Pane::Reader | Pane::Preview, Reader::Chat(chat)) => {
                chat.anchor_here().map(|view| view.id)
            }
            _ => None,
        }
    }

    pub(in crate::app) fn has_anchor(&self) -> bool {
        self.anchor_here().is_some()
    }

    /// A line of the margin or a page is about an anchor: it is changed or dropped from there.
    pub(in crate::app) fn is_on_anchor(&self) -> bool {
        let is_page =
            matches!(&self.reader, Reader::Page(page) if matches!(page.id(), PageId::Anchor(_)));
        match self.focus {
            Pane::Margin => {
                matches!(self.links().and_then(|links| links.link()), Some(Target::Passage(_)))
            }
            Pane::Reader => is_page,
            _ => false,
        }
    }

    /// What is known of an anchor on the screen.
    fn anchor_view(&self, id: AnchorId) -> Option<&AnchorView> {
        let in_reader = match &self.reader {
            Reader::Text(text) => text.anchor_views().iter().find(|view| view.id == id),
            Reader::Chat(chat) => chat.anchor_views().find(|view| view.id == id),
            Reader::Page(page) => page.anchor_view(id),
            Reader::Empty => None,
        };
        in_reader.or_else(|| self.made.anchors.iter().find(|view| view.id == id))
    }

    // ---- highlights ----------------------------------------------------------------------------

    /// Asks what a highlight shall mean: what is selected, or the cell, message or occurrence
    /// that the cursor is on; or what one means that is there.
    pub(in crate::app) fn highlight(&mut self) {
        match self.marking_here() {
            Some(of) => self.ask_meaning(of),
            // Whoever says first that something shall be highlighted shows next what.
            None if self.is_in_text() => {
                self.start_selecting(false);
                if self.is_selecting() {
                    let key = self.first_key("highlight");
                    self.say(format!("go to the end of what is meant, then {key} again"), false);
                }
            }
            None => self.say("nothing here can be highlighted", false),
        }
    }

    fn is_in_text(&self) -> bool {
        matches!(self.focus, Pane::Reader | Pane::Preview)
            && matches!(&self.reader, Reader::Text(text) if text.grid().is_none())
    }

    /// What the key would do, in a word or two.
    pub(in crate::app) fn highlight_hint(&self, hint: &str) -> String {
        match self.marking_here() {
            Some(Marking::New(_)) => hint.to_owned(),
            Some(Marking::Known(id)) => format!("change {id}"),
            None => String::new(),
        }
    }

    /// What would be highlighted, or which highlight changed.
    fn marking_here(&self) -> Option<Marking> {
        match (self.selection(), &self.reader) {
            (Some(selected), _) => Some(Marking::New(selected)),
            (None, Reader::Text(text)) if text.grid().is_some() => {
                let cell = text.grid().and_then(|grid| grid.cell_range());
                let known = text
                    .anchor_here()
                    .filter(|view| view.at.map(|at| at.start..at.end) == cell)
                    .map(|view| Marking::Known(view.id));
                known.or_else(|| self.selected_cell().map(Marking::New))
            }
            (None, Reader::Text(text)) => match (text.anchor_under(), text.hit_selection()) {
                (Some(view), _) => Some(Marking::Known(view.id)),
                (None, Some(hit)) => Some(Marking::New(Selected::Text(hit))),
                (None, None) => None,
            },
            (None, Reader::Chat(chat)) => {
                let whole = chat.anchor_here().map(|view| Marking::Known(view.id));
                let message = chat.current().map(|message| Selected::Item(message.id.into()));
                whole.or_else(|| message.map(Marking::New))
            }
            (None, Reader::Page(_) | Reader::Empty) => self.anchor_here().map(Marking::Known),
        }
    }

    /// Changes what the anchor under the cursor means.
    pub(in crate::app) fn edit_anchor(&mut self) {
        if let Some(id) = self.anchor_here() {
            self.ask_meaning(Marking::Known(id));
        }
    }

    fn ask_meaning(&mut self, of: Marking) {
        let typed = match &of {
            Marking::Known(id) => self.anchor_view(*id).map(meaning_words).unwrap_or_default(),
            Marking::New(_) => String::new(),
        };
        self.asked.remove(&Purpose::Meanings);
        self.ask(Purpose::Meanings, Request::Meanings);
        let what = Prompt::Meaning { of, cursor: None };
        self.layers.push(Layer::Prompt { what, input: Input::new(&typed) });
    }

    pub(in crate::app) fn highlight_as(&mut self, of: Marking, typed: &str) {
        let Meant { meaning, comment, tags } = Meant::parse(typed);
        self.act(match of {
            Marking::New(selected) => Act::Highlight { selected, meaning, comment, tags },
            Marking::Known(id) => Act::SetAnchor { id, meaning, comment, tags },
        });
    }

    pub(in crate::app) fn drop_anchor(&mut self) {
        if let Some(id) = self.anchor_here() {
            self.act(Act::DropAnchor(id));
        }
    }

    /// Anchors were made, changed or cited.
    pub(in crate::app) fn anchors_made(&mut self, act: &Act, anchors: &[(AnchorId, String)]) {
        self.stop_selecting();
        match (act, anchors) {
            (Act::Cite(_), []) => self.say("there is nothing to cite here", false),
            (Act::Cite(_), _) => self.insert_citations(anchors),
            (Act::Highlight { meaning, .. }, [(id, _)]) => {
                self.say_undoable(&format!("{id} means {meaning}"));
            }
            (Act::Highlight { meaning, .. }, [(first, _), .., (last, _)]) => {
                self.say_undoable(&format!("{first} to {last} mean {meaning}"));
            }
            (Act::SetAnchor { id, meaning, .. }, _) => {
                self.say_undoable(&format!("{id} means {meaning} now"));
            }
            _ => self.say("there is nothing to highlight here", false),
        }
    }

    // ---- suggestions of a prompt ---------------------------------------------------------------

    /// What completes the line that is typed: how it is shown, and the line with it.
    pub fn suggestions(&self) -> Vec<(String, String)> {
        let Some(Layer::Prompt { what, input }) = self.layers.last() else { return Vec::new() };
        match what {
            Prompt::Meaning { .. } => suggestions(input.text(), &self.meanings.0, &self.meanings.1),
            Prompt::Figure { value, .. } => {
                let words = FIGURES.iter().map(|(word, _)| (*word).to_owned());
                let value = value.iter().map(|value| format!("rows ={value}"));
                let begins = |word: &String| word.starts_with(input.text().trim());
                words.chain(value).filter(begins).map(|word| (word.clone(), word)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What stands above the suggestions.
    pub fn prompt_words(&self) -> String {
        match self.layers.last() {
            Some(Layer::Prompt { what: Prompt::Figure { column, .. }, .. }) => {
                let name = self.grid().map(|grid| grid.column_name(*column)).unwrap_or_default();
                crate::text::sanitise::line(&name).into_owned()
            }
            _ => "used before".to_owned(),
        }
    }

    /// The suggestion that is chosen.
    pub fn suggested(&self) -> Option<usize> {
        match self.layers.last() {
            Some(Layer::Prompt {
                what: Prompt::Meaning { cursor, .. } | Prompt::Figure { cursor, .. },
                ..
            }) => *cursor,
            _ => None,
        }
    }

    pub(in crate::app) fn has_suggestions(&self) -> bool {
        !self.suggestions().is_empty()
    }

    pub(in crate::app) fn pick_suggestion(&mut self, to: Option<usize>) {
        if let Some(Layer::Prompt {
            what: Prompt::Meaning { cursor, .. } | Prompt::Figure { cursor, .. },
            ..
        }) = self.layers.last_mut()
        {
            *cursor = to;
        }
    }

    pub(in crate::app) fn step_suggestion(&mut self, is_backwards: bool) {
        let many = self.suggestions().len();
        if many == 0 {
            return;
        }
        let next = match (self.suggested(), is_backwards) {
            (None, false) => 0,
            (None, true) => many - 1,
            (Some(at), false) => (at + 1) % many,
            (Some(at), true) => (at + many - 1) % many,
        };
        self.pick_suggestion(Some(next));
    }

    pub(in crate::app) fn has_next_while_typing(&self) -> bool {
        self.is_finding() || self.has_suggestions()
    }

    /// To the next occurrence, or the next suggestion.
    pub(in crate::app) fn next_while_typing(&mut self, is_backwards: bool) {
        match self.is_finding() {
            true => self.next_hit(is_backwards),
            false => self.step_suggestion(is_backwards),
        }
    }

    /// Puts the chosen suggestion, or the first one, into the line.
    pub(in crate::app) fn complete(&mut self) {
        let at = self.suggested().unwrap_or(0);
        let line = self.suggestions().into_iter().nth(at).map(|(_, line)| line);
        if let (Some(line), Some(Layer::Prompt { input, .. })) = (line, self.layers.last_mut()) {
            input.set(&line);
            self.pick_suggestion(None);
        }
    }

    // ---- citing --------------------------------------------------------------------------------

    /// Cites what the cursor is on into the note that is open, or into a new finding: who cites
    /// is about to claim something.
    pub(in crate::app) fn cite(&mut self) {
        match self.cited_here() {
            Some(Here::Making(citing)) => self.act(Act::Cite(citing)),
            Some(Here::Known(id)) => {
                let line = self.anchor_view(id).map(crate::app::made::line_of).unwrap_or_default();
                self.insert_citations(&[(id, line)]);
            }
            Some(Here::Year(year)) => {
                let what = Prompt::Month { year };
                self.layers.push(Layer::Prompt { what, input: Input::default() });
            }
            None => {}
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
            if let Some(query) = &line.cites {
                return search(query.clone());
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
            Pane::Reader | Pane::Preview => self
                .selection()
                .or_else(|| self.selected_cell())
                .or_else(|| self.item_here().map(Selected::Item))
                .and_then(selected),
            Pane::Results => match self.search.results.current() {
                Some(hit) => selected(Selected::Item(hit.item)),
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
                Listing::Sessions => selected(Selected::Item(self.list_item()?)),
                Listing::People => match self.people.current()? {
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

    /// What a line that leads somewhere counts, or is.
    fn cited_target(&self, target: &Target) -> Option<Here> {
        let search = |query: String| Some(Here::Making(Citing::Search(query)));
        let item = |item: ItemId| Some(Here::Making(Citing::Selected(Selected::Item(item))));
        match target {
            Target::Documents(filter) => search(query_of(filter)?),
            Target::Search(query) if self.focus == Pane::Activity => {
                let year = query.strip_prefix("date:").filter(|year| year.len() == 4)?;
                Some(Here::Year(year.to_owned()))
            }
            Target::Search(query) => search(query.clone()),
            Target::Narrow(filter) => search(self.search.narrow(filter)),
            Target::Replace { from, to } => search(self.search.query.replacen(from, to, 1)),
            Target::Worklist { query, .. } => search(crate::case::unread(query)),
            Target::Passage(id) => Some(Here::Known(*id)),
            Target::Document { id, .. } | Target::Text { id, .. } => item((*id).into()),
            Target::Message(id) => item((*id).into()),
            Target::Conversation { id, .. } => search(format!("in:{id}")),
            Target::ConversationDay { id, day } => {
                search(format!("in:{id} date:{}", day_text(*day)))
            }
            Target::Section(_)
            | Target::Page(_)
            | Target::Zone { .. }
            | Target::ZoneAlike { .. }
            | Target::Export(_)
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

    /// Cites the number that is shown: how much the search or the list finds, also nothing; a
    /// figure of the column in a table.
    pub(in crate::app) fn cite_count(&mut self) {
        if self.grid().is_some() {
            return self.ask_figure();
        }
        match self.query_here() {
            Some(query) => self.act(Act::Cite(Citing::Search(query))),
            None => self.say("no number is shown here that a query finds again", false),
        }
    }

    fn ask_figure(&mut self) {
        let value = match self.layers.last() {
            Some(Layer::Figures { input, cursor }) => {
                self.figure_values(input.text()).into_iter().nth(*cursor).map(|(value, _)| value)
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
        let Reader::Text(text) = &self.reader else { return };
        let (Some(grid), Some(variant)) = (text.grid(), text.variant()) else { return };
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
        let cited = ColumnFigure { of, view, column, name, figure };
        self.act(Act::Cite(Citing::Column(Box::new(cited))));
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
    fn insert_citations(&mut self, anchors: &[(AnchorId, String)]) {
        let cited: Vec<String> = anchors.iter().map(|(id, _)| format!("[[{id}]]")).collect();
        let cited = cited.join(" ");
        let words = match anchors {
            [(id, line)] => format!("{id} is cited: {line}"),
            many => format!("{} passages are cited", many.len()),
        };
        let about = anchors.iter().map(|(id, line)| (ItemId::Anchor(*id), line.clone()));
        if self.writing.is_none() {
            let text = format!("{cited} ");
            self.begin_writing(Draft { text, kind: NoteKind::Finding, ..Draft::default() });
        } else {
            self.write_text(&cited);
        }
        // The quote stands below the text at once; the rest is looked up.
        if let Some(writing) = &mut self.writing {
            writing
                .named
                .retain(|(item, _)| !anchors.iter().any(|(id, _)| *item == ItemId::Anchor(*id)));
            writing.named.extend(about);
        }
        self.say(words, false);
    }

    // ---- going there ---------------------------------------------------------------------------

    /// The page of the anchor that the cursor is on.
    pub(in crate::app) fn open_anchor_page(&mut self) {
        if let Some(id) = self.anchor_here() {
            self.go_to(Target::Page(PageId::Anchor(id)));
        }
    }

    /// It is known where an anchor stands: there, or to its page where it stands nowhere.
    pub(in crate::app) fn passage_found(
        &mut self,
        id: AnchorId,
        at: Option<At>,
        position: Option<(ConversationId, u64)>,
    ) {
        self.opening = false;
        match (at, position) {
            (Some(At { item: ItemId::Document(document), variant, start, end }), _) => {
                let passage = (start < end).then_some((start, end));
                if let Some(variant) = variant {
                    self.choose_text(document, Which::Id(variant));
                }
                self.go_to(Target::Document { id: document, at: passage.map(|at| at.0) });
                self.passage = passage.map(|at| (document, at));
                if let Reader::Text(text) = &mut self.reader
                    && text.document.row.id == document
                {
                    text.show_passage(passage);
                }
            }
            (Some(_), Some((id, position))) => {
                self.go_to(Target::Conversation { id, position: Some(position) });
            }
            _ => self.go_to(Target::Page(PageId::Anchor(id))),
        }
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
