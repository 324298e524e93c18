//! What answers of the case change.
//!
//! `lists` the rows of the columns · `readers` what is read, and what is known of it

mod lists;
mod readers;

use crate::app::data::{Answer, Failure, Purpose, Request, Which};
use crate::app::event::Effect;
use crate::app::history::Open;
use crate::app::layers::Layer;
use crate::app::pages::PageId;
use crate::app::reader::Reader;
use crate::app::upkeep::CATCHING_UP;
use crate::app::{App, overview};

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
        if failure.is_gone {
            // Whatever was asked for: nothing that was to come comes any more.
            self.case_gone(failure.message.clone());
        }
        let failure = match self.awaits_index(&failure) {
            true if purpose != Purpose::Search => Failure {
                message: format!("{CATCHING_UP}: once more when that is done"),
                ..failure
            },
            _ => failure,
        };
        match purpose {
            Purpose::Index if failure.is_gone => self.search.is_catching_up = false,
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

    /// The case does not lie any more where it was opened.
    fn case_gone(&mut self, why: String) {
        self.is_gone = true;
        self.say(why, true);
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
            Answer::Gone(why) => self.case_gone(why),
            Answer::Resume(place) => self.resume(place.as_deref()),
            Answer::Counted(counted) => self.counted(counted),
            Answer::Citing(id, citing) => self.drop_cited(id, &citing),
            Answer::Unread { walk, next } => self.unread_found(&walk, next),
            Answer::Progress(progress) => self.take_progress(progress),
            Answer::Documents { filter, range, total, documents, rows } => {
                // Once the first rows are there.
                self.ask(Purpose::Prepare, Request::PrepareLists);
                if filter == self.filter {
                    self.take_documents(range, rows, total, documents);
                }
            }
            Answer::Conversations { filter, range, total, rows } => {
                self.take_chats(&filter, range, rows, total);
            }
            Answer::People { sort, wanted, range, who, rows } => {
                if sort == self.people_sort && wanted == self.people_filter {
                    self.take_people(range, rows, who);
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
            Answer::Days(days) => self.take_days(days),
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
                self.take_document(*document, variant, slice);
            }
            Answer::Text { id, slice } => {
                if let Some(text) = self.text_of(id) {
                    text.set_slice(slice);
                }
            }
            Answer::Anchors { id, anchors } => {
                if let Some(text) = self.text_of(id) {
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
                if let Some(chat) = self.chat_of(id) {
                    chat.marked_by = query;
                }
            }
            Answer::Occurrences { id, variant, query, found } => {
                let is_current = query == self.marking();
                let text = self.text_of(id).filter(|text| text.is(Which::Id(variant)));
                if let Some(text) = text.filter(|_| is_current) {
                    text.set_hits(found);
                }
            }
            Answer::Watched { id, variant, found } => {
                let text = self.text_of(id).filter(|text| text.is(Which::Id(variant)));
                if let Some(text) = text {
                    text.set_watched(found);
                }
            }
            Answer::Table { id, table, rows } => self.take_table(id, table, *rows),
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
                self.take_next_message(id, &query, next, total);
            }
            Answer::HitHere { id, query, number, total } => {
                let is_current = query == self.marking();
                if let Some(chat) = self.chat_of(id).filter(|_| is_current) {
                    chat.found = Some((number, total));
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
            Answer::Details(details, made) => self.take_details(*details, *made),
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
}
