//! What is not settled yet, and which keys wait for it.
//!
//! Over a slow line keys are typed ahead, and arrive as one. Each acts on what its reader will see
//! when those before it have taken effect: a command says in the table what it [`Needs`], and as
//! long as that is on its way, its key and all after it are held in their order. What is waited
//! for has always been asked of the case (`coming`): an answer, a failure or the end of the job
//! releases the keys, so none is held for ever.

use super::App;
use super::choice::Choice;
use super::commands::Context;
use super::data::{Act, Purpose, Request};
use super::event::Effect;
use super::history::Open;
use super::key::{Code, Key};
use super::layers::{Layer, Prompt};
use super::listing::Listing;
use super::overview::count;
use super::reader::Reader;
use super::view::{Pane, View};
use std::collections::HashSet;

/// What must be there before a command can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Nothing: it acts on no list and no text.
    Nothing,
    /// What the column shows: which list, which text, which table.
    Shown,
    /// How many rows it has, and where the cursor is.
    Rows,
    /// What the cursor is on.
    Cursor,
    /// The occurrences in what is read as well.
    Hits,
    /// That all marks are written: they are counted, or passed over.
    Marks,
}

/// Contexts that may be those of a reader whose text is not there yet.
const OF_READERS: [Context; 6] = [
    Context::Note,
    Context::Export,
    Context::Select,
    Context::Grid,
    Context::Links,
    Context::Reader,
];

/// What was asked of the case and is not answered, and the keys that wait for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting {
    /// Asked, and neither answered nor cancelled.
    coming: HashSet<Purpose>,
    /// What is shown is being read again, because of what somebody did here.
    is_renewing: bool,
    /// Keys in their order.
    keys: Vec<Key>,
    /// They have waited for so long that it is said: from then on esc takes them back.
    is_long: bool,
}

impl App {
    pub(super) fn is_asked(&mut self, purpose: Purpose) {
        self.waiting.coming.insert(purpose);
    }

    pub(super) fn is_answered(&mut self, purpose: Purpose) {
        self.waiting.coming.remove(&purpose);
    }

    /// Nobody wants to know it any more.
    pub(in crate::app) fn cancel(&mut self, purpose: Purpose) {
        self.waiting.coming.remove(&purpose);
        self.effects.push(Effect::Cancel(purpose));
    }

    pub(super) fn is_coming(&self, purpose: Purpose) -> bool {
        self.waiting.coming.contains(&purpose)
    }

    /// What is shown is read again because of an act of one's own: keys wait for what it led to.
    pub(super) fn renews(&mut self) {
        self.waiting.is_renewing = true;
    }

    /// It is, and not all of it is there.
    pub(in crate::app) fn is_renewing(&self) -> bool {
        self.waiting.is_renewing && self.is_being_renewed()
    }

    /// Whether a key that means one of these has to wait.
    fn has_to_wait(&mut self, pressed: &[Key]) -> bool {
        // What is typed before the first frame acts where one left off.
        if self.is_coming(Purpose::Resume) || self.is_leading_on() {
            return true;
        }
        if self.is_completing(pressed) {
            return true;
        }
        self.waiting.is_renewing &= self.is_being_renewed();
        let mut contexts = self.contexts();
        let is_on_desk = contexts.contains(&Context::Anywhere);
        if is_on_desk && self.is_shown_coming(Needs::Cursor) {
            // What its keys mean is not known before it is there.
            match self.focus {
                Pane::Reader | Pane::Preview => contexts.extend(OF_READERS),
                _ => contexts.push(Context::Note),
            }
        }
        let bound = || self.keymap.bound(pressed, &contexts);
        let is_of_note = is_on_desk && bound().any(|it| it.contexts.contains(&Context::Note));
        let needs = bound().map(|command| command.needs).max();
        if is_of_note && self.focus == Pane::List && !self.is_shown_coming(Needs::Cursor) {
            // What is known of a note comes with its page.
            if self.lags {
                self.follow();
            }
            if self.goal.is_some() && self.is_coming(Purpose::Reader) {
                return true;
            }
        }
        let Some(needs) = needs.filter(|needs| *needs > Needs::Nothing) else { return false };
        if needs >= Needs::Cursor && is_on_desk && self.lags && self.listing() == Listing::Sessions
        {
            // What is done with a session is done with its messages.
            self.follow();
        }
        self.is_lacking(needs)
    }

    /// What completes the reference that is typed is on its way, and these keys choose from it.
    fn is_completing(&self, pressed: &[Key]) -> bool {
        self.is_in_editor()
            && self.is_in_reference()
            && self.is_coming(Purpose::Complete)
            && self.contexts().contains(&Context::Editor)
            && self.keymap.bound(pressed, &[Context::Complete]).next().is_some()
    }

    /// Whether what a command needs is still on its way.
    fn is_lacking(&self, needs: Needs) -> bool {
        let is_mark = |act: &Act| matches!(act, Act::Mark { .. });
        if needs == Needs::Marks && self.acts().any(is_mark) {
            return true;
        }
        let any = |purposes: &[Purpose]| purposes.iter().any(|purpose| self.is_coming(*purpose));
        match self.layers.last() {
            Some(Layer::Choice { .. }) => {
                any(&[Purpose::Tags, Purpose::Questions, Purpose::Naming])
            }
            Some(Layer::Figures { .. }) => any(&[Purpose::Figures]),
            Some(Layer::Prompt { what: Prompt::Meaning { .. }, .. }) => any(&[Purpose::Meanings]),
            Some(Layer::Prompt { what: Prompt::Find { .. }, .. }) => self.is_reader_coming(needs),
            // It lists what can be done on the desk below it.
            Some(Layer::Palette { .. }) => self.is_shown_coming(needs),
            Some(_) => false,
            None if self.search.is_typing => {
                self.is_search_coming(needs) || any(&[Purpose::Queries])
            }
            None if self.is_in_editor() => false,
            None => self.is_shown_coming(needs),
        }
    }

    /// The same of the column that has the keys.
    fn is_shown_coming(&self, needs: Needs) -> bool {
        if self.waiting.is_renewing && needs >= Needs::Rows {
            return true;
        }
        match self.focus {
            Pane::List => self.is_list_coming(needs),
            Pane::Results => self.is_search_coming(needs),
            Pane::Facets => {
                self.is_search_coming(needs.min(Needs::Rows))
                    // What is noted or cited there is what is read beside.
                    || needs >= Needs::Cursor && self.is_reader_coming(Needs::Rows)
                    || self.is_coming(Purpose::NearMisses)
                    || self.is_coming(Purpose::Worklists)
            }
            Pane::Reader | Pane::Preview => self.is_reader_coming(needs),
            Pane::Margin => {
                self.is_entering()
                    || self.is_reader_coming(Needs::Rows)
                    || self.is_coming(Purpose::Margin)
                    || self.is_coming(Purpose::Present)
            }
            Pane::Counts | Pane::Todo => self.status.is_none() && self.is_coming(Purpose::Status),
            Pane::Activity => {
                self.status.is_none() && self.is_coming(Purpose::Status)
                    || !self.busiest.is_known() && self.is_coming(Purpose::List)
            }
        }
    }

    fn is_list_coming(&self, needs: Needs) -> bool {
        if self.is_entering() {
            return true;
        }
        if matches!(self.listing(), Listing::Sessions | Listing::Parts) {
            return needs >= Needs::Cursor && self.is_reader_coming(Needs::Rows);
        }
        let is_there = match needs {
            Needs::Nothing | Needs::Shown => true,
            Needs::Rows => self.list().is_known(),
            Needs::Cursor | Needs::Hits | Needs::Marks => self.list().is_settled(),
        };
        if needs > Needs::Shown && self.view == View::Notes {
            // A draft may come into the list, or be called otherwise.
            if self.acts().any(|act| matches!(act, Act::Draft(_))) {
                return true;
            }
        }
        // Where in it one is may be on its way as well.
        let is_placed = self.view != View::Documents || !self.is_coming(Purpose::Row);
        let is_there = is_there && self.kept.is_none();
        needs > Needs::Shown && (!is_there && self.is_coming(Purpose::List) || !is_placed)
    }

    /// The list shall show the sessions of a conversation or the parts of a document, and they are
    /// not known yet.
    fn is_entering(&self) -> bool {
        if let Some(Open::Document(id)) = self.open {
            return self.view == View::Documents
                && self.inside_of == Some(id)
                && !self.is_in_parts()
                && self.goal.is_some()
                && self.is_coming(Purpose::Reader);
        }
        let Some(Open::Conversation(id)) = self.open else { return false };
        let is_known = self.sessions.as_ref().is_some_and(|sessions| sessions.id == id);
        let is_coming = self.is_coming(Purpose::Sessions) || self.is_coming(Purpose::Reader);
        self.view == View::Chats && self.inside && !is_known && is_coming
    }

    /// What the cursor of the results is on is on its way.
    pub(in crate::app) fn awaits_results(&self) -> bool {
        !self.search.query.is_empty() && self.is_search_coming(Needs::Cursor)
    }

    fn is_search_coming(&self, needs: Needs) -> bool {
        let is_there = match needs {
            Needs::Nothing | Needs::Shown => true,
            Needs::Rows => self.search.results.is_known() || self.search.query.is_empty(),
            Needs::Cursor | Needs::Hits | Needs::Marks => self.search.is_settled(),
        };
        !is_there && self.is_coming(Purpose::Search)
    }

    /// What shall be in the reader is not there yet, or not at its place.
    fn is_reader_coming(&self, needs: Needs) -> bool {
        let is_row_coming = self.lags
            && match self.view {
                View::Search => self.is_search_coming(Needs::Cursor),
                // Each of them begins in the conversation that is read.
                _ if matches!(self.listing(), Listing::Sessions | Listing::Parts) => {
                    self.is_entering()
                }
                _ => self.is_list_coming(Needs::Cursor),
            };
        if is_row_coming
            || self.sought.is_some() && self.is_coming(Purpose::Locate)
            || self.goal.is_some() && self.is_coming(Purpose::Reader)
        {
            return true;
        }
        // What is only counted moves no cursor.
        let is_counting =
            matches!(self.asked.get(&Purpose::Occurrences), Some(Request::HitHere { .. }));
        let is_seeking = self.is_coming(Purpose::Occurrences) && !is_counting;
        match &self.reader {
            Reader::Empty | Reader::Page(_) => false,
            Reader::Chat(chat) => {
                chat.is_going() && self.is_coming(Purpose::Reader)
                    // The next occurrence is on its way: the cursor goes there.
                    || is_seeking && needs > Needs::Shown
                    || needs >= Needs::Cursor && !chat.has_sessions() && self.is_coming(Purpose::Sessions)
            }
            Reader::Text(text) => {
                let is_grid_coming = text.grid().is_some_and(|grid| {
                    (!grid.is_known() || grid.is_going()) && self.is_coming(Purpose::Table)
                        || grid.is_sorting()
                            && needs > Needs::Shown
                            && self.is_coming(Purpose::Order)
                });
                is_grid_coming
                    || text.is_going() && self.is_coming(Purpose::Reader)
                    || is_seeking && needs > Needs::Shown && text.is_seeking_first()
                    || is_seeking && needs == Needs::Hits && text.hits().is_none()
            }
        }
    }

    /// What was pressed leads somewhere else, or to a question: where, is on its way.
    fn is_leading_on(&self) -> bool {
        let is_preview = self.sought.is_some_and(|(_, is_gone_to)| !is_gone_to);
        let is_choosing = matches!(
            self.layers.last(),
            Some(Layer::Choice { choice: Choice::Entity(_) | Choice::Account(_), .. })
        );
        self.is_coming(Purpose::Locate) && !is_preview
            || self.is_coming(Purpose::Naming) && !is_choosing
            // What is copied is selected no more.
            || [Purpose::Line, Purpose::Count, Purpose::Unread, Purpose::Edit, Purpose::Quote]
                .iter()
                .any(|purpose| self.is_coming(*purpose))
            || self.is_changing()
    }

    /// An act is on its way that changes what is listed. Marks are shown before they are written.
    fn is_changing(&self) -> bool {
        self.acts().any(|act| match act {
            Act::Mark { items, .. } => items.len() > 1,
            Act::See(_) | Act::Leave(_) | Act::Draft(_) | Act::Remember(_) => false,
            _ => true,
        })
    }

    /// Something of what is shown is still read again.
    fn is_being_renewed(&self) -> bool {
        [Purpose::List, Purpose::Search, Purpose::Reader, Purpose::Margin, Purpose::Anchors]
            .iter()
            .any(|purpose| self.is_coming(*purpose))
    }

    /// Presses a key, or keeps it for when what it needs is there.
    pub(super) fn press_or_hold(&mut self, key: Key) {
        if self.waiting.keys.is_empty() {
            match self.is_held_back(key) {
                true => self.hold(key),
                false => self.press(key),
            }
        } else {
            self.join_held(key);
        }
        if !self.waiting.keys.is_empty() {
            self.effects.push(Effect::Rest);
        }
    }

    fn is_held_back(&mut self, key: Key) -> bool {
        let mut pressed = self.pending.clone();
        pressed.push(key);
        self.awaited.is_none() && self.has_to_wait(&pressed)
    }

    /// Keeps a key, with those that it completes.
    fn hold(&mut self, key: Key) {
        self.waiting.keys.append(&mut self.pending);
        self.waiting.keys.push(key);
    }

    /// Keys wait already: this one comes after them, unless it takes them back.
    fn join_held(&mut self, key: Key) {
        let is_quit = || self.keymap.keys("quit").any(|keys| keys == [key]);
        if self.waiting.is_long && key.code == Code::Esc {
            self.take_back();
        } else if self.waiting.is_long && key.typed().is_none() && is_quit() {
            self.take_back();
            self.quit();
        } else {
            self.waiting.keys.push(key);
        }
    }

    /// What was typed ahead is not done, and what it waited for is not gone to.
    fn take_back(&mut self) {
        self.drop_held();
        for purpose in [Purpose::Locate, Purpose::Line, Purpose::Count, Purpose::Unread] {
            if self.is_coming(purpose) {
                self.cancel(purpose);
                self.asked.remove(&purpose);
            }
        }
        self.sought = None;
    }

    fn drop_held(&mut self) {
        self.waiting.keys.clear();
        self.waiting.is_long = false;
    }

    /// Something failed: what was typed ahead was meant for what does not come.
    pub(super) fn say_failed(&mut self, mut message: String) {
        let keys = self.waiting.keys.len() as u64;
        if keys > 0 {
            let keys = count(keys, "key", "keys");
            message.push_str(&format!(" · {keys} typed ahead: not done"));
        }
        self.drop_held();
        self.say(message, true);
    }

    /// Nobody presses anything any more, and keys still wait: from now on that is said.
    pub(super) fn keys_rest(&mut self) {
        if self.waiting.keys.first().is_some_and(|key| key.code == Code::Esc) {
            // It was meant for what is waited for.
            self.take_back();
        }
        self.waiting.is_long = !self.waiting.keys.is_empty();
    }

    /// How many keys wait, once that is worth a word.
    pub fn held_keys(&self) -> usize {
        if self.waiting.is_long { self.waiting.keys.len() } else { 0 }
    }

    /// Presses what was held, as far as what it is about is there.
    pub(super) fn press_held(&mut self) {
        let mut keys = std::mem::take(&mut self.waiting.keys).into_iter();
        for key in keys.by_ref() {
            if self.is_held_back(key) {
                self.hold(key);
                self.waiting.keys.extend(keys);
                return;
            }
            self.notice = None;
            self.press(key);
            self.catch_up();
        }
        self.waiting.is_long = false;
    }
}
