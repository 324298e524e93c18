//! What is written: one act after the other, in the order of the keys, none dropped. Whoever
//! leaves while something is still on its way leaves when it has been written.

use super::App;
use super::anchoring::Anchored;
use super::data::{Act, Failure, Kept, Purpose, Request};
use super::event::Effect;
use super::history::Open;
use super::pages::PageId;
use super::reader::Reader;
use super::view::View;
use crate::case::{Acted, Draft, NoteKind, Progress};
use crate::model::NoteId;
use std::collections::VecDeque;

#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    waiting: VecDeque<Act>,
    /// An act is on its way to the case.
    is_running: bool,
    /// That act.
    running: Option<Act>,
    /// Somebody wants to leave as soon as all is written.
    is_leaving: bool,
    /// Something can be undone.
    has_acted: bool,
    /// The journal's clock as far as the screen knows it.
    clock: u64,
}

impl App {
    /// Writes something, after what is still on its way.
    pub(in crate::app) fn act(&mut self, act: Act) {
        // Of what is being written only the last counts.
        if let (Act::Draft(_), Some(Act::Draft(_))) = (&act, self.work.waiting.back()) {
            self.work.waiting.pop_back();
        }
        self.work.waiting.push_back(act);
        self.next_act();
    }

    /// Acts that are not written yet.
    pub(super) fn acts(&self) -> impl Iterator<Item = &Act> {
        let running = self.work.running.as_ref().filter(|_| self.work.is_running);
        running.into_iter().chain(&self.work.waiting)
    }

    fn next_act(&mut self) {
        if !self.work.is_running
            && let Some(act) = self.work.waiting.pop_front()
        {
            self.work.is_running = true;
            // Not through `ask`: the same act twice in a row is two acts.
            self.work.running = Some(act.clone());
            self.is_asked(Purpose::Act);
            self.effects.push(Effect::Ask(Purpose::Act, Request::Act(act)));
        }
        if self.work.is_leaving && !self.work.is_running {
            self.effects.push(Effect::Quit);
        }
    }

    /// An act has been written.
    pub(super) fn acted(&mut self, act: &Act, acted: Acted) {
        self.work.is_running = false;
        // Somebody else acted in between: what is shown lacks that.
        let is_alone = acted.before <= self.work.clock;
        self.work.clock = self.work.clock.max(acted.after);
        match act {
            Act::Mark { items, .. } => {
                self.work.has_acted = true;
                if items.len() > 1 {
                    // What is read beside a search is not read again.
                    self.show_marks_of(act);
                    self.say_undoable(&acted.words);
                    self.show_again();
                } else {
                    self.session_again();
                }
            }
            Act::DropAnchor(id) => {
                self.work.has_acted = true;
                if self.open == Some(Open::Page(PageId::Anchor(*id))) {
                    self.leave_page();
                }
                self.say_undoable(&format!("{id} is dropped"));
                self.show_again();
            }
            Act::DeleteNote(id) => {
                self.work.has_acted = true;
                self.note_kept(Some(*id), None, true);
            }
            Act::DeleteNotes(_) => {
                self.work.has_acted = true;
                self.notes.forget();
                if self.view == View::Notes {
                    self.leave_page();
                }
                self.say_undoable(&acted.words);
                self.show_again();
            }
            Act::SetNote { .. } | Act::Tag { .. } | Act::CountAgain(_) | Act::Keep(_) => {
                self.work.has_acted = true;
                self.say_undoable(&acted.words);
                self.show_again();
            }
            Act::Zone { .. } | Act::ZoneAlike { .. } => {
                self.work.has_acted = true;
                self.say_undoable(&acted.words);
            }
            Act::DropDraft(_) => {
                self.notes.forget();
                self.asked.remove(&Purpose::List);
                self.say("the draft is gone", false);
            }
            // What is said of it comes with the answer.
            Act::Entity(_) => self.show_again(),
            // They are no acts that one could undo.
            Act::Note(_) | Act::Remember(_) => {}
            // Answered by `anchored`.
            Act::Highlight { .. } | Act::Cite(_) | Act::SetAnchor { .. } => {}
            Act::SaveSearch { name, .. } => {
                self.work.has_acted = true;
                self.say_undoable(&format!("{name} is a worklist now"));
            }
            Act::DropSearch(_) => {
                self.work.has_acted = true;
                self.say_undoable("the worklist is gone");
            }
            Act::Undo => {
                self.seek_note(acted.note);
                let key = self.first_key("redo");
                self.say(format!("undone: {} · {key} does it again", acted.words), false);
                self.show_again();
            }
            // Answered by `noted` and `draft_acted`.
            Act::See(_) | Act::Leave(_) | Act::Draft(_) => {}
            Act::Redo => {
                self.seek_note(acted.note);
                self.say_undoable(&format!("done again: {}", acted.words));
                self.show_again();
            }
        }
        if !is_alone {
            self.show_news();
        }
        if acted.is_clock {
            self.clocks_changed();
        }
        if !matches!(act, Act::Remember(_)) {
            self.worklists_are_stale = true;
            self.count_again();
        }
        self.next_act();
    }

    /// A note came back: the cursor of its list goes to it. One that is gone is not found there.
    fn seek_note(&mut self, note: Option<NoteId>) {
        if self.view == View::Notes && note.is_some() {
            self.new_note = note;
        }
    }

    /// An act was written that can be undone.
    pub(super) fn acted_by(&mut self, act: &Act, acted: Acted) {
        self.work.has_acted = true;
        self.acted(act, acted);
    }

    /// Anchors were made or changed, or stood there already.
    pub(super) fn anchored(&mut self, act: &Act, done: Anchored) {
        let Anchored { anchors, acted } = done;
        match acted {
            Some(acted) => {
                self.acted_by(act, acted);
                self.show_again();
            }
            None => {
                self.work.is_running = false;
                self.next_act();
            }
        }
        self.anchors_made(act, &anchors);
    }

    /// A note has been kept.
    pub(super) fn note_acted(&mut self, kept: Kept) {
        let Kept { draft, note, acted } = kept;
        let is_act = acted.is_some();
        if let Some(acted) = acted {
            self.work.has_acted = true;
            self.acted(&Act::Note(draft.clone()), acted);
        } else {
            self.work.is_running = false;
            self.next_act();
        }
        self.note_kept(draft.note, note, is_act);
        if let (None, Some(id), NoteKind::Event) = (draft.note, note, draft.kind) {
            let key = self.first_key("set-date");
            let way = match self.view {
                View::Notes => key,
                _ => format!("{}, then {key},", self.first_key("notes")),
            };
            self.say_undoable(&format!("{id} is kept and has no date: {way} gives it one"));
        }
    }

    /// A draft has been kept.
    pub(super) fn draft_acted(&mut self, draft: &Draft, sitting: i64) {
        self.work.is_running = false;
        self.draft_kept(draft, sitting);
        self.next_act();
    }

    /// What was seen has been noted.
    pub(super) fn noted(&mut self) {
        self.work.is_running = false;
        // Where one is counts for nothing.
        if !matches!(self.work.running, Some(Act::Leave(_))) {
            self.readers_are_stale = true;
            self.count_again();
        }
        self.next_act();
    }

    /// An act could not be written.
    pub(super) fn act_failed(&mut self, failure: Failure) {
        self.work.is_running = false;
        let running = self.work.running.take();
        let what = running.as_ref().map(Act::words).unwrap_or_default();
        match running {
            // Nobody asked for it, and it is tried again with every step: said once.
            Some(Act::Leave(_)) => {
                if let Some(problem) = self.place_failed(&failure.message) {
                    self.say(problem, true);
                }
                return self.next_act();
            }
            Some(Act::Note(draft)) => self.note_failed(draft),
            _ => {}
        }
        // The cursor may stand on something else meanwhile.
        match what.as_str() {
            "" => self.say(failure.message, true),
            what => self.say(format!("not done: {what} · {}", failure.message), true),
        }
        // What was shown before it was written is taken back.
        self.show_again();
        self.next_act();
    }

    pub(in crate::app) fn say_undoable(&mut self, words: &str) {
        let key = self.first_key("undo");
        self.say(format!("{words} · {key} undoes it"), false);
    }

    /// The key of a command, as the hint line writes it.
    pub fn first_key(&self, command: &str) -> String {
        self.keymap.keys(command).next().map_or_else(String::new, super::key::short)
    }

    /// What the list says of the session that one reads: a mark changed it.
    fn session_again(&mut self) {
        let (Reader::Chat(chat), Some(sessions)) = (&self.reader, &self.sessions) else { return };
        let number = sessions.at(chat.cursor);
        if chat.row.id != sessions.id {
            return;
        }
        if let Some((span, _)) = sessions.get(number) {
            let (id, query) = (sessions.id, sessions.query.clone());
            let request = Request::SessionRows { id, first: number, sessions: vec![*span], query };
            self.asked.remove(&Purpose::SessionRows);
            self.ask(Purpose::SessionRows, request);
        }
    }

    pub(super) fn count_again(&mut self) {
        self.asked.remove(&Purpose::Progress);
        self.ask(Purpose::Progress, Request::Progress);
    }

    pub(super) fn take_progress(&mut self, progress: Progress) {
        if let Some(status) = &mut self.status {
            status.read = progress.read;
            status.starred = progress.starred;
            status.irrelevant = progress.irrelevant;
            status.coverage = progress.coverage;
        }
        self.work.clock = self.work.clock.max(progress.clock);
    }

    /// Whether somebody else acted, by the journal's clock.
    pub(super) fn is_news(&mut self, clock: u64) -> bool {
        let is_news = clock > self.work.clock;
        self.work.clock = self.work.clock.max(clock);
        is_news
    }

    /// Reads what is shown again, where it stands: somebody here changed it.
    pub(in crate::app) fn show_again(&mut self) {
        self.renews();
        self.show_news();
    }

    /// The same, where others changed it: no key waits for that.
    pub(super) fn show_news(&mut self) {
        self.lists_again();
        self.search_again();
    }

    /// Runs the search again, now or when one comes back to it; the cursor stays on its result.
    pub(super) fn search_again(&mut self) {
        if !self.search.query.is_empty() {
            self.asked.remove(&Purpose::Search);
            self.search.renew();
        }
    }

    /// The same but for the results of a search.
    pub(super) fn lists_again(&mut self) {
        self.asked.remove(&Purpose::List);
        self.documents.renew();
        self.chats.renew();
        self.busiest.renew();
        self.notes.renew();
        self.days.renew();
        self.readers_are_stale = true;
        self.people.renew();
        if let Some(sessions) = &mut self.sessions {
            let query = std::mem::take(&mut sessions.query);
            sessions.forget(&query);
            self.asked.remove(&Purpose::SessionRows);
        }
        if self.goal.is_none()
            && let Some(request) = self.reader.again(&self.search.query)
        {
            self.asked.remove(&Purpose::Reader);
            self.ask(Purpose::Reader, request);
        }
        self.asked.remove(&Purpose::Anchors);
        self.asked.remove(&Purpose::Watched);
        // A text that is read beside results has no margin whose answer brings its marks.
        let beside = match &self.reader {
            Reader::Text(text) if self.view == View::Search => Some(text.document.row.id.into()),
            _ => None,
        };
        if let Some(item) = beside.or(self.margin_of) {
            self.asked.remove(&Purpose::Margin);
            self.ask(Purpose::Margin, Request::Details(item));
            self.asked.remove(&Purpose::Present);
            self.ask_present(item);
        }
    }

    /// Something is still on its way to the case.
    pub fn is_writing(&self) -> bool {
        self.work.is_running || !self.work.waiting.is_empty() || self.writing.is_some()
    }

    /// What the hint line says of undoing: nothing before the first act, though it reaches back to
    /// earlier sittings.
    pub(in crate::app) fn undo_hint(&self, hint: &str) -> String {
        if self.work.has_acted { hint.to_owned() } else { String::new() }
    }

    pub(in crate::app) fn undo(&mut self) {
        self.act(Act::Undo);
    }

    pub(in crate::app) fn redo(&mut self) {
        self.act(Act::Redo);
    }

    pub(in crate::app) fn suspend(&mut self) {
        self.note_seen();
        self.keep_place();
        self.effects.push(Effect::Suspend);
    }

    /// Leaves when all is written; asked a second time, at once.
    pub(in crate::app) fn quit(&mut self) {
        if !self.work.is_leaving {
            self.finish_note();
            self.note_seen();
            self.keep_place();
        }
        let is_again = std::mem::replace(&mut self.work.is_leaving, true);
        if is_again || !(self.work.is_running || self.has_export()) {
            self.effects.push(Effect::Quit);
        } else if self.has_export() {
            // It may take long: whoever stays after all stays.
            self.work.is_leaving = self.work.is_running;
            self.say("a report is being written: esc on its page stops it", false);
        } else {
            self.say("writing the last acts; once more leaves at once", false);
        }
    }

    /// The terminal is gone or the system wants an end: leaves when all is written.
    pub(in crate::app) fn end(&mut self) {
        self.finish_note();
        self.note_seen();
        self.keep_place();
        self.work.is_leaving = true;
        self.next_act();
    }
}
