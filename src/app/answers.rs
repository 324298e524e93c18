//! What answers of the case change.

use super::App;
use super::data::{Answer, Details, Failure, Purpose, Request, Which};
use super::event::Effect;
use super::history::Open;
use super::layers::Layer;
use super::listing::Rows;
use super::made::Made;
use super::pages::{Page, PageId, PageReader};
use super::reader::chat::ChatReader;
use super::reader::grid::Grid;
use super::reader::text::TextReader;
use super::reader::{Goal, Reader};
use super::sessions::SessionList;
use super::target::Target;
use super::upkeep::CATCHING_UP;
use super::view::{Pane, View};
use super::{margin, overview};
use crate::case::{ConversationFilter, Listed, NoteEntry, Session, TimelineRow};
use crate::model::{ConversationId, DocumentId, ItemId};
use std::ops::Range;
use std::sync::Arc;

impl App {
    pub(super) fn answer(
        &mut self,
        purpose: Purpose,
        result: Result<Result<Answer, Failure>, String>,
    ) {
        self.is_answered(purpose);
        match result {
            Ok(Ok(answer)) => {
                self.take(answer);
                if matches!(
                    purpose,
                    Purpose::List | Purpose::Reader | Purpose::Search | Purpose::Margin
                ) {
                    self.show_marks_again();
                }
            }
            Ok(Err(failure)) => self.fail(purpose, failure),
            Err(panic) => self.fail(purpose, Failure::new(format!("an internal error: {panic}"))),
        }
    }

    fn fail(&mut self, purpose: Purpose, failure: Failure) {
        let failure = match self.awaits_index(&failure) {
            true if purpose != Purpose::Search => Failure {
                message: format!("{CATCHING_UP}: once more when that is done"),
                ..failure
            },
            _ => failure,
        };
        match purpose {
            Purpose::Index => self.index_failed(&failure),
            Purpose::Search => self.search.fail(failure),
            Purpose::Locate => {
                self.sought = None;
                self.say_failed(failure.message);
            }
            // They only add to what is there.
            Purpose::Worklists
            | Purpose::Queries
            | Purpose::Holds
            | Purpose::Named
            | Purpose::Tags
            | Purpose::Questions
            | Purpose::Readers => {}
            Purpose::Order => {
                if let Some(grid) = self.grid_mut() {
                    grid.keep_view();
                }
                self.say(failure.message, true);
            }
            Purpose::NearMisses
            | Purpose::Prepare
            | Purpose::Progress
            | Purpose::Resume
            | Purpose::Meanings
            | Purpose::About
            | Purpose::Complete
            | Purpose::Watched
            | Purpose::Present => {}
            Purpose::Row => {
                self.row_of = None;
                self.say_failed(failure.message);
            }
            Purpose::Watch => self.watch_failed(),
            Purpose::Act => self.act_failed(failure),
            Purpose::Export => self.export_failed(failure),
            // Nobody waits for it any more.
            Purpose::Reader if self.open.is_none() => {}
            Purpose::Reader => {
                self.goal = None;
                self.reader.give_up();
                // What one looks at was taken back: that has been said.
                if let Some(Open::Page(PageId::Entity(_))) = self.open
                    && self.notice.is_some()
                {
                    return self.leave_page();
                }
                self.say_failed(failure.message);
            }
            _ => self.say_failed(failure.message),
        }
    }

    fn take(&mut self, answer: Answer) {
        match answer {
            Answer::Status(status) => {
                if !status.index_is_current {
                    self.mend_index();
                }
                self.status = Some(*status);
            }
            Answer::Index { bring_up, is_current } => self.index_answered(bring_up, is_current),
            Answer::Acted { act, acted } => self.acted(&act, acted),
            Answer::Anchored { act, done } => self.anchored(&act, done),
            Answer::NoteKept(kept) => self.note_acted(*kept),
            Answer::DraftKept { draft, sitting } => self.draft_acted(&draft, sitting),
            Answer::Present { item, found, is_cut } => self.present = Some((item, found, is_cut)),
            Answer::Said { selected, text, purpose } => self.said(selected, &text, purpose),
            Answer::KnownEntities(known) => self.take_known(known),
            Answer::KnownAccounts(known) => self.known_accounts = Some(known),
            Answer::MergePreview { id, into, why, preview } => {
                self.merge_previewed((id, into), why, &preview);
            }
            Answer::Named { act, done } => self.entity_acted(act, done),
            Answer::Worklists(worklists) => self.worklists = worklists,
            Answer::Queries(queries) => self.search.past = queries,
            Answer::EditNote(draft) => self.note_opened(*draft),
            Answer::Noted => self.noted(),
            Answer::Changed(pulse) => self.changed(pulse),
            Answer::Gone(why) => {
                self.is_gone = true;
                self.say(why, true);
            }
            Answer::Resume(place) => self.resume(place.as_deref()),
            Answer::Counted(counted) => self.counted(counted),
            Answer::Citing(id, citing) => self.drop_cited(id, &citing),
            Answer::Unread { walk, next } => self.unread_found(&walk, next),
            Answer::Progress(progress) => self.take_progress(progress),
            Answer::Documents { filter, range, total, documents, rows } => {
                // Once the first rows are there.
                self.ask(Purpose::Prepare, Request::PrepareLists);
                if filter == self.filter {
                    self.documents.set(range, rows, total);
                    self.documents_listed = documents;
                    self.find_first_hit();
                    self.follow();
                }
            }
            Answer::Conversations { filter, range, total, rows } => {
                if filter == ConversationFilter::default() && range.start == 0 {
                    self.busiest.set(range.clone(), rows.clone(), total);
                }
                if filter == self.chat_filter {
                    let is_new = !self.chats.is_known();
                    self.chats.set(range, rows, total);
                    self.find_kept();
                    self.settle_list(is_new);
                    self.follow();
                }
            }
            Answer::People { sort, wanted, range, who, rows } => {
                if sort == self.people_sort && wanted == self.people_filter {
                    let is_new = !self.people.is_known();
                    self.people.set(range, rows, who.rows);
                    self.who = who;
                    // Names may be others now.
                    self.asked.remove(&Purpose::Named);
                    self.find_kept();
                    let wanted = self.new_entity.take();
                    if let Some(at) = self.people.find(|entry| {
                        matches!(entry, Listed::Entity(row) if Some(row.entity.id) == wanted)
                    }) {
                        self.people.go(at);
                    }
                    self.settle_list(is_new);
                    self.follow();
                }
            }
            Answer::Notes { filter, range, total, rows } => {
                if filter == self.note_filter {
                    self.take_notes(range, rows, total);
                }
            }
            Answer::Holds(holds) => {
                self.holds.extend(holds);
                if let Reader::Page(page) = &mut self.reader {
                    page.take_holds(&self.holds);
                }
            }
            Answer::NamesCounted(counts) => self.names_counted(counts),
            Answer::Tags(tags) => self.tags = tags,
            Answer::Questions(questions) => self.questions = questions,
            Answer::Readers(people) => self.readers = people,
            Answer::Days(days) => {
                let busy = days.iter().map(|row| match row {
                    TimelineRow::Day(day) => day.documents + day.messages,
                    TimelineRow::Event(_) => 0,
                });
                self.busiest_day = busy.max().unwrap_or(0);
                let is_new = !self.days.is_known();
                self.all_days = days;
                self.cut_days();
                self.settle_list(is_new);
                self.follow();
            }
            Answer::Page(page, made) => self.take_page(*page, *made),
            Answer::Exported { form, path, ended } => self.exported(&form, path, ended),
            Answer::Mentions { id, found } => {
                if let Reader::Page(page) = &mut self.reader {
                    page.take_mentions(id, *found);
                }
            }
            Answer::Sessions { id, sessions } => self.take_sessions(id, sessions),
            Answer::SessionRows { id, query, rows } => {
                if let Some(sessions) = &mut self.sessions
                    && sessions.id == id
                    && sessions.query == query
                {
                    sessions.set(rows);
                }
            }
            Answer::Document { document, variant, slice } => {
                let id = document.row.id;
                if self.open == Some(Open::Document(id)) {
                    let goal = self.goal.take().unwrap_or(Goal::Start);
                    for purpose in [
                        Purpose::Occurrences,
                        Purpose::Table,
                        Purpose::Order,
                        Purpose::Figures,
                        Purpose::Anchors,
                        Purpose::Watched,
                    ] {
                        self.asked.remove(&purpose);
                    }
                    let mut text = TextReader::new(*document, variant, slice, goal);
                    text.show_passage(self.passage.filter(|(of, _)| *of == id).map(|(_, at)| at));
                    self.reader = Reader::Text(Box::new(text));
                    self.view_table_as_left();
                    self.list_parts();
                    self.follow_margin();
                }
            }
            Answer::Text { id, slice } => {
                if let Reader::Text(text) = &mut self.reader
                    && text.document.row.id == id
                {
                    text.set_slice(slice);
                }
            }
            Answer::Anchors { id, anchors } => {
                if let Reader::Text(text) = &mut self.reader
                    && text.document.row.id == id
                {
                    text.set_anchors(anchors);
                }
            }
            Answer::Passage { id, at, position } => self.passage_found(id, at, position),
            Answer::Hold { id, hold } => {
                if let Reader::Page(page) = &mut self.reader {
                    page.take_hold(id, hold);
                }
            }
            Answer::About(named) if self.take_abouts(&named) => {}
            Answer::About(named) => self.take_named(named),
            Answer::Completions { typed, found } => self.take_completions(&typed, found),
            Answer::Meanings { meanings, tags } => self.meanings = (meanings, tags),
            Answer::Conversation { row, range, messages, query } => {
                let id = row.id;
                self.take_conversation(*row, range, messages);
                if let Reader::Chat(chat) = &mut self.reader
                    && chat.row.id == id
                {
                    chat.marked_by = query;
                }
            }
            Answer::Occurrences { id, variant, query, found } => {
                let is_current = query == self.marking();
                if let Reader::Text(text) = &mut self.reader
                    && text.document.row.id == id
                    && text.is(Which::Id(variant))
                    && is_current
                {
                    text.set_hits(found);
                }
            }
            Answer::Watched { id, variant, found } => {
                if let Reader::Text(text) = &mut self.reader
                    && text.document.row.id == id
                    && text.is(Which::Id(variant))
                {
                    text.set_watched(found);
                }
            }
            Answer::Table { id, table, rows } => {
                if !rows.rows.is_empty() {
                    // The same rows may be gone to again.
                    self.asked.remove(&Purpose::Table);
                }
                if let Some(grid) = self.grid_of(id, table) {
                    let is_sought = rows.found.is_none() && grid.is_seeking();
                    grid.take_rows(*rows);
                    if is_sought {
                        self.say("that row is not among those that the filter leaves", false);
                    }
                    self.follow_margin();
                }
            }
            Answer::Original(copied) => self.copied_out(copied),
            Answer::Quote(quote) => self.take_quote(quote),
            Answer::Order { id, table, view, order } => {
                self.asked.remove(&Purpose::Table);
                if let Some(grid) = self.grid_of(id, table) {
                    grid.take_order(view, order);
                }
            }
            Answer::Figures { id, table, figures } => {
                if let Some(grid) = self.grid_of(id, table) {
                    grid.take_figures(*figures);
                }
            }
            Answer::Line { id, offset } => self.line_found(id, offset),
            Answer::RowOf { filter, id, row } => {
                if filter == self.filter {
                    self.row_found(id, row);
                }
            }
            Answer::NextMessage { id, query, next, total } => {
                let is_current = query == self.marking();
                if let Reader::Chat(chat) = &mut self.reader
                    && chat.row.id == id
                    && is_current
                {
                    match next {
                        Some(next) => {
                            chat.found = Some((next.number, total));
                            chat.go(Goal::At(next.position));
                            self.follow_margin();
                        }
                        None if total == 0 => {
                            chat.found = Some((None, 0));
                            // While it is typed that stands beside it.
                            if !self.is_finding() {
                                self.say_last(false, 0);
                            }
                        }
                        None => {
                            let held = chat.found.and_then(|(number, _)| number);
                            chat.found = Some((held, total));
                            let request = self.asked.get(&Purpose::Occurrences);
                            let is_backwards = matches!(
                                request,
                                Some(Request::NextMessage { is_backwards: true, .. })
                            );
                            self.say_last(is_backwards, total);
                        }
                    }
                }
            }
            Answer::Search { query, range, result } => {
                if query == self.search.query {
                    let is_first = self.search.results.is_stale();
                    self.search.take(range, *result);
                    self.effects.push(Effect::Rest);
                    if is_first {
                        // They are looked for when nobody types any more.
                        self.search.wants_misses = true;
                    }
                }
            }
            Answer::NearMisses { query, misses } => {
                if query == self.search.query {
                    self.search.misses = misses;
                }
            }
            Answer::Details(details, made) => {
                self.made = *made;
                if let (Details::Document(document), Reader::Text(text)) =
                    (&*details, &mut self.reader)
                    && document.row.id == text.document.row.id
                {
                    text.document.row = document.row.clone();
                    text.document.page_set.clone_from(&document.page_set);
                    if let Some(parts) = &mut self.parts {
                        parts.set_pages(&document.page_set);
                    }
                }
                // The same thing once more: its marks may have changed, the place has not.
                let is_other =
                    self.details.as_ref().is_none_or(|before| before.item() != details.item());
                self.details = Some(*details);
                if is_other {
                    self.margin.cursor = 0;
                    self.margin.top = 0;
                }
            }
            Answer::Located { id, conversation, position } => {
                self.located(id, conversation, position)
            }
            Answer::Found(item) => self.item_found(item),
            Answer::Media { name, size, document } => self.media_found(&name, size, document),
            Answer::Prepared => {}
            Answer::Skipped { mut lines, total } => {
                let left = total.saturating_sub(lines.len() as u64);
                if left > 0 {
                    lines.push(format!("… {} more", overview::number(left)));
                }
                self.layers.push(Layer::Report { title: "LEFT ALONE", lines, top: 0 });
            }
            Answer::LocatedClock { id, position, clock, found } => {
                self.clock_located(id, position, &clock, found.as_deref());
            }
        }
    }

    /// Notes come and go above the cursor: it stays on its own, or goes to the one just made.
    fn take_notes(&mut self, range: Range<u64>, rows: Vec<NoteEntry>, total: u64) {
        let name = |entry: &NoteEntry| (entry.row.id, entry.row.draft);
        let is_same_list =
            std::mem::replace(&mut self.listed_notes, self.note_filter.clone()) == self.note_filter;
        let here = self.notes.current().map(name).filter(|_| is_same_list);
        let is_new = !self.notes.is_known();
        self.notes.set(range, rows, total);
        let new = self.new_note.take().map(|id| (Some(id), None));
        let found =
            new.into_iter().chain(here).find_map(|it| self.notes.find(|row| name(row) == it));
        if let Some(at) = found {
            self.notes.go(at);
        }
        self.settle_list(is_new);
        self.follow();
    }

    /// The cursor of the list stands on what was opened from elsewhere. In a list that was there
    /// before, whoever has its keys is where they want to be.
    fn settle_list(&mut self, is_new: bool) {
        let is_free = match self.focus {
            Pane::Reader | Pane::Margin => true,
            Pane::List => is_new,
            _ => false,
        };
        if self.lags || !is_free || self.editor_pane() == Some(Pane::Reader) {
            return;
        }
        match self.open {
            Some(Open::Conversation(id)) => self.show_in_list(ItemId::Conversation(id)),
            _ => self.show_page_in_list(),
        }
    }

    fn take_page(&mut self, page: Page, made: Made) {
        let id = page.id();
        if let (Page::Entity(dossier), Some(Open::Page(PageId::Entity(asked)))) = (&page, self.open)
            && dossier.merged.iter().any(|merged| merged.id == asked)
        {
            // The number of what was merged leads to what it is now.
            self.open = Some(Open::Page(id));
            self.goal.get_or_insert(Goal::Start);
            self.say(format!("{asked} is {} now", dossier.row.entity.id), false);
            self.settle_list(false);
        }
        if self.open != Some(Open::Page(id)) {
            return;
        }
        let mut page = page;
        if let Page::Note(note) = &mut page {
            note.take_holds(&self.holds);
        }
        match (&mut self.reader, self.goal.take()) {
            (Reader::Page(reader), None) if reader.id() == id => reader.renew(page, made),
            (_, goal) => {
                let reader = PageReader::new(page, made, goal.unwrap_or(Goal::Start));
                self.reader = Reader::Page(Box::new(reader));
                (self.margin.cursor, self.margin.top) = (0, 0);
            }
        }
        if let PageId::Entity(id) = id {
            self.asked.remove(&Purpose::Mentions);
            self.ask(Purpose::Mentions, Request::Mentions(id));
        }
        self.asked.remove(&Purpose::Hold);
    }

    fn take_sessions(&mut self, id: ConversationId, sessions: Arc<[Session]>) {
        // Where it is not read any more, they are asked for again when it is.
        self.asked.remove(&Purpose::Sessions);
        if let Reader::Chat(chat) = &self.reader
            && chat.row.id == id
        {
            // Where other evidence came, what the list says of its rows stands.
            let known = self.sessions.as_ref().filter(|known| known.id == id);
            if known.is_none_or(|known| known.spans != sessions) {
                let mut list = SessionList::new(id, sessions.clone());
                list.forget(self.marking());
                list.go(list.at(chat.cursor));
                let left = self.sessions_left.take().filter(|(left, _)| *left == id);
                if let Some((_, place)) = left {
                    list.set_place(place);
                }
                self.sessions = Some(list);
                self.lags |= left.is_some() && self.focus == Pane::List && self.is_inside();
                // The same rows may be wanted once more.
                self.asked.remove(&Purpose::SessionRows);
            }
            if let Reader::Chat(chat) = &mut self.reader {
                chat.set_sessions(sessions);
            }
        }
    }

    /// The grid that an answer is for.
    fn grid_of(&mut self, id: DocumentId, table: u64) -> Option<&mut Grid> {
        match &mut self.reader {
            Reader::Text(text) if text.document.row.id == id => {
                text.grid_mut().filter(|grid| grid.table.start == table)
            }
            _ => None,
        }
    }

    fn take_conversation(
        &mut self,
        row: crate::case::ConversationRow,
        range: std::ops::Range<u64>,
        messages: Vec<super::data::Marked>,
    ) {
        if self.open != Some(Open::Conversation(row.id)) {
            return;
        }
        match (&mut self.reader, self.goal.take()) {
            (Reader::Chat(chat), None) if chat.row.id == row.id => {
                chat.set_row(row);
                chat.set_messages(range, messages);
            }
            (_, goal) => {
                let goal = goal.unwrap_or(Goal::Start);
                let mut chat = ChatReader::new(row, range, messages, goal);
                if let Some(known) = self.sessions.as_ref().filter(|known| known.id == chat.row.id)
                {
                    chat.set_sessions(known.spans.clone());
                }
                self.reader = Reader::Chat(Box::new(chat));
                // Who went to the margin before it was there wants what it is about.
                self.margin_of = None;
                // It reaches its place once it has its size: before that the cursor is nowhere.
                self.arrange();
            }
        }
        self.follow_margin();
    }

    /// It is known where a message stands: shown beside the results, or gone to.
    fn located(
        &mut self,
        id: crate::model::MessageId,
        conversation: crate::model::ConversationId,
        position: u64,
    ) {
        let Some((_, is_gone_to)) = self.sought.take_if(|sought| sought.0 == id) else { return };
        if is_gone_to {
            self.go_to(Target::Conversation { id: conversation, position: Some(position) });
        } else if self.view == View::Search
            && self.search.current().is_some_and(|hit| hit.item == ItemId::Message(id))
        {
            self.open(Open::Conversation(conversation), Goal::At(position));
        }
    }

    /// Makes the margin's lines for its width.
    pub(super) fn margin_lines(&mut self, width: usize) {
        let beside = margin::Beside {
            sources: self.status.as_ref().map_or(&[], |status| &status.sources),
            cell: self.cell.as_ref(),
            present: self.present.as_ref().filter(|(item, ..)| Some(*item) == self.margin_of),
        };
        // The sign of the cursor takes the first cell.
        let width = width.saturating_sub(1);
        let written = self.writing.as_ref().filter(|_| self.editor_pane() == Some(Pane::Reader));
        let lines = match (&self.reader, &self.details) {
            // Beside a note that is written stands what is known of it, and of nothing else.
            (reader, _) if written.is_some_and(|writing| !writing.is_of(reader)) => {
                written.map_or_else(Vec::new, |writing| writing.margin(width))
            }
            (Reader::Page(page), _) => page.margin(width),
            (_, Some(details)) if self.margin_is_current(details) => {
                margin::lines(details, &self.made, beside, width)
            }
            _ => Vec::new(),
        };
        self.margin.set(lines);
    }

    fn margin_is_current(&self, details: &Details) -> bool {
        // What is known about the conversation stays while the cursor walks over its messages.
        match (details, self.margin_of) {
            (Details::Document(document), Some(ItemId::Document(id))) => document.row.id == id,
            (
                Details::Conversation(_) | Details::Message(..),
                Some(ItemId::Message(_) | ItemId::Conversation(_)),
            ) => true,
            _ => false,
        }
    }

    /// Makes the lines of a column of the overview.
    pub(super) fn overview_lines(&mut self, pane: Pane, width: usize) {
        let Some(status) = &self.status else { return };
        let (column, lines) = match pane {
            Pane::Counts => (0, overview::counts(status, width)),
            Pane::Activity => {
                let busiest = &self.busiest.rows()[..self.busiest.rows().len().min(12)];
                (1, overview::activity(status, busiest, width))
            }
            _ => {
                let is_catching_up = self.search.is_catching_up;
                let (lists, people) = (&self.worklists, &self.readers);
                (2, overview::todo(status, lists, people, is_catching_up, width))
            }
        };
        self.overview[column].set(lines);
    }
}
