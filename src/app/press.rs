//! What a key means where one is: contexts, sequences, and what is said of keys that mean nothing.
//! Whether it has to wait before that is known is decided in [`super::settled`].

use super::App;
use super::act::several::ALONE;
use super::commands::{Command, Context};
use super::key::{self, Key};
use super::keymap::Meaning;
use super::overview::number;
use super::view::Pane;

/// Characters of a paste that a line takes.
const MOST_PASTED: usize = 1000;

impl App {
    /// Contexts of where one is, the nearest first.
    pub fn contexts(&self) -> Vec<Context> {
        if let Some(layer) = self.layers.last() {
            return vec![layer.context()];
        }
        if self.search.is_typing {
            return vec![Context::Typing];
        }
        if self.is_in_editor() {
            return match self.has_completions() {
                true => vec![Context::Complete, Context::Editor],
                false => vec![Context::Editor],
            };
        }
        self.desk_contexts()
    }

    /// Contexts of the desk below whatever lies over it.
    pub(super) fn desk_contexts(&self) -> Vec<Context> {
        let mut contexts = self.near_contexts();
        if self.is_on_note() {
            contexts.insert(0, Context::Note);
        }
        if self.is_exporting() {
            contexts.insert(0, Context::Export);
        }
        contexts
    }

    fn near_contexts(&self) -> Vec<Context> {
        let near = match self.focus {
            Pane::List => Context::List,
            // A page is lines that lead somewhere.
            Pane::Reader if self.reader.is_page() => Context::Links,
            Pane::Reader | Pane::Preview => Context::Reader,
            Pane::Results => Context::Results,
            Pane::Margin | Pane::Facets | Pane::Counts | Pane::Activity | Pane::Todo => {
                Context::Links
            }
        };
        if self.is_selecting() {
            return vec![Context::Select, near, Context::Anywhere];
        }
        if self.selected_rows().is_some() {
            return vec![Context::Rows, near, Context::Anywhere];
        }
        if self.grid().is_some() {
            return vec![Context::Grid, near, Context::Anywhere];
        }
        vec![near, Context::Anywhere]
    }

    /// A key of which is known what it means now.
    pub(super) fn press(&mut self, key: Key) {
        if let Some(awaited) = self.awaited.take() {
            return self.take_awaited(awaited, key);
        }
        if !self.pending.is_empty() && key.code == key::Code::Esc {
            return self.pending.clear();
        }
        // Whoever moves on is not brought back to where the cursor of the margin was.
        self.margin_left = None;
        self.pending.push(key);
        let contexts = self.contexts();
        let pressed = std::mem::take(&mut self.pending);
        match self.keymap.find(&pressed, &contexts, |command| self.may_run(command)) {
            Meaning::Command(command) => (command.run)(self),
            Meaning::Prefix => {
                let why = self.begins_in_vain(&pressed, &contexts);
                self.pending = pressed;
                if let Some(why) = why {
                    self.say(format!("{why} · esc back"), false);
                }
            }
            Meaning::Nothing if pressed.len() > 1 => self.say_nothing(&pressed),
            // What follows belongs to it, and does not act by itself.
            Meaning::Nothing if self.begins_elsewhere(&pressed, &contexts) => {
                let words = key::short(&pressed);
                self.pending = pressed;
                self.say(
                    format!("{words} begins nothing here · esc back · ? lists the keys"),
                    false,
                );
            }
            Meaning::Nothing => self.type_key(key),
        }
    }

    /// Why a key that begins sequences here leads to none that can be completed now.
    fn begins_in_vain(&self, pressed: &[Key], contexts: &[Context]) -> Option<String> {
        let may_run = |command: &super::commands::Command| self.may_run(command);
        if !self.keymap.following(pressed, contexts, may_run).is_empty() {
            return None;
        }
        let hindrances = self.keymap.bound(pressed, contexts).filter_map(|it| self.hindrance(it));
        let why = hindrances.into_iter().find(|why| !why.is_empty())?;
        Some(why.to_owned())
    }

    /// Whether a key that means nothing here begins a sequence in another place of the desk.
    fn begins_elsewhere(&self, pressed: &[Key], contexts: &[Context]) -> bool {
        let is_on_desk = |context: &Context| !context.is_typed_into() && !context.is_over();
        contexts.contains(&Context::Anywhere) && self.keymap.is_prefix(pressed, is_on_desk)
    }

    /// A key that is no command: it goes to the input line, if there is one.
    fn type_key(&mut self, key: Key) {
        if let Some(layer) = self.layers.last_mut() {
            match layer.input().map(|input| input.key(key)) {
                Some(true) => self.layer_changed(),
                Some(false) => self.say_unbound(key, "in this line"),
                None => self.say_unbound(key, "before this is answered or closed"),
            }
        } else if self.search.is_typing {
            if self.search.input.key(key) {
                self.search.stop_recalling();
                self.query_changed();
            } else {
                self.say_unbound(key, "in this line");
            }
        } else if self.is_in_editor() {
            if !self.write_key(key) {
                self.say_unbound(key, "while a note is written");
            }
        } else {
            self.say_nothing(&[key]);
        }
    }

    /// Whether `command` may run now; for the palette, which shows only such.
    pub fn may_run(&self, command: &Command) -> bool {
        self.hindrance(command).is_none()
    }

    /// Why a command cannot run now; empty where the table does not say.
    pub fn hindrance(&self, command: &Command) -> Option<&'static str> {
        if !(command.when)(self) {
            return Some(command.why_not(self));
        }
        let alone = (command.is_alone && self.has_several()).then_some(ALONE);
        match (self.is_gone, self.can_write) {
            _ if !command.writes => alone,
            (true, _) => Some("this case was moved, removed or replaced: nothing is kept any more"),
            (false, false) => Some("this case is read-only"),
            (false, true) => alone,
        }
    }

    /// Why a command cannot run now; empty where the table does not say, or it can.
    pub(in crate::app) fn why_not(&self, command: &Command) -> &'static str {
        self.hindrance(command).unwrap_or_else(|| command.why_not(self))
    }

    /// Says that a key means nothing where something is typed or asked.
    fn say_unbound(&mut self, key: Key, place: &str) {
        if key.is_letter() {
            self.say(format!("{} means nothing {place}", key::short(&[key])), false);
        }
    }

    /// Says that keys mean nothing, and why, where that is not seen.
    pub(super) fn say_nothing(&mut self, keys: &[Key]) {
        let words = key::short(keys);
        let would = self.keymap.find(keys, &self.contexts(), |_| true);
        match would {
            Meaning::Command(command) if self.is_gone && command.writes => {
                self.say(self.hindrance(command).unwrap_or_default(), true);
            }
            Meaning::Command(command)
                if !self.can_write && command.writes && (command.when)(self) =>
            {
                self.say(format!("this case is read-only: {} cannot be done", command.name), true);
            }
            Meaning::Command(command) if !self.why_not(command).is_empty() => {
                self.say(self.why_not(command), false);
            }
            // What only moves or leaves is pressed by habit, and nothing was expected of it.
            _ if keys.iter().all(|key| !key.is_letter()) => {}
            _ => self.say(format!("{words} means nothing here; ? lists the keys"), false),
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if self.is_in_editor() {
            return self.write_text(text);
        }
        // Nobody pastes a text in order to search for all of it.
        let lines = || text.split(['\n', '\r']).filter(|line| !line.trim().is_empty());
        let line = lines().next().unwrap_or("").trim();
        let end = line.char_indices().nth(MOST_PASTED).map_or(line.len(), |(at, _)| at);
        if let Some(layer) = self.layers.last_mut() {
            let Some(input) = layer.input() else { return };
            input.insert(&line[..end]);
            self.layer_changed();
        } else if self.search.is_typing {
            self.search.input.insert(&line[..end]);
            self.query_changed();
        } else {
            return self.say("a paste goes into a line or a note that is being typed", false);
        }
        let lines = lines().count() as u64;
        if lines > 1 {
            let lines = number(lines);
            self.say(format!("of the {lines} lines that were pasted only the first is here"), true);
        } else if end < line.len() {
            let most = number(MOST_PASTED as u64);
            self.say(format!("only the first {most} characters that were pasted are here"), true);
        }
    }
}
