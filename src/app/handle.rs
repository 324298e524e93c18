//! What an event changes, and what follows from every one of them.

use super::App;
use super::data::{Purpose, Request};
use super::event::{Effect, Event};
use super::view::Pane;

impl App {
    /// What is wanted before the first event.
    pub fn begin(&mut self) -> Vec<Effect> {
        self.ask(Purpose::Status, Request::Status);
        self.ask(Purpose::Queries, Request::Queries);
        self.fetch();
        std::mem::take(&mut self.effects)
    }

    /// Takes an event; gives back what shall be done.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Key(key) => {
                let key = self.keymap.meant(key);
                self.notice = None;
                if !self.is_coming(Purpose::Resume) {
                    self.touched();
                }
                self.press_or_hold(key);
            }
            Event::Paste(text) => self.paste(&text),
            Event::Resize(width, height) => self.size = (width, height),
            Event::Click { x, y } => {
                self.touched();
                // What was said stands where the hints stand: a click on it puts it away.
                let was_said = self.notice.take().is_some();
                self.click(x, y, was_said);
            }
            Event::Drag { x, y } => self.point(x, y, false),
            Event::Wheel { x, y, by } => {
                self.touched();
                self.wheel(x, y, by);
            }
            Event::Answer(purpose, result) => self.answer(purpose, *result),
            Event::Rested => {
                self.keys_rest();
                self.keep_draft();
                self.look_up_named();
                self.look_beside();
                self.follow();
                self.await_reader();
            }
            Event::Written(outside) => self.written_outside(outside),
            Event::Dwelt => self.dwelt(),
            Event::Due => self.keep_place(),
            Event::Terminate => self.end(),
            Event::Continued => self.effects.push(Effect::Redraw),
        }
        self.catch_up();
        self.press_held();
        self.check_awaited();
        self.watch_screen();
        std::mem::take(&mut self.effects)
    }

    /// What follows from every event: panes have their sizes, and what is shown is asked for.
    pub(super) fn catch_up(&mut self) {
        if self.lags && self.focus != self.leading_pane() {
            // Who leaves the list before the rest wants what its cursor was on.
            self.follow();
        }
        if self.writing.is_some() && !self.is_in_editor() {
            // The list one goes to lists it as it is.
            self.keep_draft();
        }
        if self.focus == Pane::Facets {
            // Who walks over them types no more.
            self.look_beside();
        }
        let is_in_margin = self.focus == Pane::Margin;
        if is_in_margin != self.was_in_margin || !is_in_margin && self.followed != self.focus {
            // In the list the margin is about the conversation, while reading about a message.
            self.follow_margin();
        }
        self.was_in_margin = is_in_margin;
        if !is_in_margin {
            self.followed = self.focus;
        }
        self.arrange();
        self.fetch();
    }
}
