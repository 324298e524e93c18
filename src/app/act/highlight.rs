//! Highlighting: what would be, what it shall mean, and what completes that while it is typed.

use super::cite::FIGURES;
use crate::app::App;
use crate::app::data::{Act, Purpose, Request};
use crate::app::input::Input;
use crate::app::layers::{Layer, Marking, Prompt, Yes};
use crate::app::made::meaning_words;
use crate::app::meaning::{Meant, suggestions};
use crate::app::overview::number;
use crate::app::reader::Reader;
use crate::app::selection::Selected;
use crate::app::view::Pane;
use crate::model::{AnchorId, ItemId};

/// Names of what stands on an anchor that a question has.
const NAMED: usize = 6;

impl App {
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

    /// There is text in the reader.
    fn can_select(&self) -> bool {
        matches!(&self.reader, Reader::Text(text) if text.total() > 0)
    }

    /// What the key would do, in a word or two.
    pub(in crate::app) fn highlight_hint(&self, hint: &str) -> String {
        match self.marking_here() {
            Some(Marking::New(_)) => hint.to_owned(),
            Some(Marking::Known(id)) => format!("change {id}"),
            // In running text nothing says where what is meant ends: that is shown between the two.
            None if self.is_in_text() && self.can_select() => {
                format!("… {} {hint}", self.first_key("highlight"))
            }
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

    /// Asks what stands on it; the question comes with the answer.
    pub(in crate::app) fn drop_anchor(&mut self) {
        if let Some(id) = self.anchor_here() {
            self.asked.remove(&Purpose::Count);
            self.ask(Purpose::Count, Request::Citing(id));
        }
    }

    /// It is known what cites an anchor that shall be dropped: asks whether it shall, if anything.
    pub(in crate::app) fn drop_cited(&mut self, id: AnchorId, citing: &[ItemId]) {
        let act = Act::DropAnchor(id);
        if citing.is_empty() {
            return self.act(act);
        }
        let names: Vec<String> = citing.iter().take(NAMED).map(ToString::to_string).collect();
        let more = match citing.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {} more", number(more as u64)),
        };
        let lines = vec![
            format!("Delete {id}, on which {}{more} stand?", names.join(", ")),
            "They say then who deleted it.".to_owned(),
            format!("It is one act: {} takes it back.", self.first_key("undo")),
        ];
        self.layers.push(Layer::Confirm { lines, yes: Yes::Act(Box::new(act)) });
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

    /// What completes the line that is typed: how it is shown, and the line with it.
    pub fn suggestions(&self) -> Vec<(String, String)> {
        let Some(Layer::Prompt { what, input }) = self.layers.last() else { return Vec::new() };
        match what {
            Prompt::Meaning { .. } => suggestions(input.text(), &self.meanings.0, &self.meanings.1),
            Prompt::Figure { value, .. } => {
                let words = FIGURES.iter().map(|(word, _)| (*word).to_owned());
                let value = value.iter().map(|value| format!("rows {}", value.typed()));
                let typed = input.text().trim();
                let begins = |word: &String| word.starts_with(typed);
                let mut found: Vec<String> = words.chain(value).filter(begins).collect();
                // Another value than the one of the list stands below it, to be chosen too.
                let is_whole = typed.split_once('=').is_some_and(|(_, value)| !value.is_empty());
                if is_whole && !found.iter().any(|word| word == typed) {
                    found.push(typed.to_owned());
                }
                found.into_iter().map(|word| (word.clone(), word)).collect()
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

    /// The suggestion that is chosen. A figure is one of those that are shown: the first of them,
    /// as long as no other one was gone to.
    pub fn suggested(&self) -> Option<usize> {
        match self.layers.last() {
            Some(Layer::Prompt { what: Prompt::Meaning { cursor, .. }, .. }) => *cursor,
            Some(Layer::Prompt { what: Prompt::Figure { cursor, .. }, .. }) => {
                cursor.or_else(|| self.has_suggestions().then_some(0))
            }
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
}
