//! The hint line: what the keys do where one is. What matters most comes first, because there is
//! seldom room for all of it.

use super::App;
use super::commands::{COMMANDS, Command, Context};
use super::key;
use super::keymap::Meaning;
use super::view::View;
use crate::text::width;
use std::sync::OnceLock;

/// A key and what it does, in a word or two.
#[derive(Clone, Debug)]
pub struct Hint {
    pub key: String,
    pub words: String,
    pub command: &'static Command,
}

impl Hint {
    /// Cells that it takes, with the dot that parts it from its neighbour.
    fn cells(&self) -> usize {
        width::of(&self.key) + width::of(&self.words) + 1 + BETWEEN
    }
}

/// Hints before that of a table that stands on the screen.
const TABLE: usize = 2;

/// Cells between two hints: ` · `.
pub const BETWEEN: usize = 3;

/// What is said first; what is not here follows in the order of the table.
const FIRST: &[&str] = &[
    "stop-export",
    "start-reading",
    "stop-typing",
    "take-suggestion",
    "to-facets",
    "open",
    "follow",
    "follow-message",
    "show-all",
    "show-all-rows",
    "next-hit",
    "sort-column",
    "filter-column",
    "show-figures",
    "mark-read",
    "select",
    "highlight",
    "filter",
    "set-standing",
    "set-date",
    "cite-for",
    "cite-against",
    "edit",
    "delete",
    "export",
    "leave",
    "back",
    "clear-find",
    "clear-marks",
    "find",
    "next-text",
    "save-search",
    "next-unread",
    "mark-irrelevant",
    "mark-starred",
    "next-month",
    "next-day",
    "go-to-day",
    "next-column",
    "search",
    "sort",
    "sort-results",
    "tag",
    "write-note",
    "cite",
    "next-part",
    "toggle-grid",
    "toggle-tree",
];

/// Commands that have a hint, those that matter most first.
fn ranked() -> &'static [&'static Command] {
    static RANKED: OnceLock<Vec<&Command>> = OnceLock::new();
    RANKED.get_or_init(|| {
        let rank = |command: &Command| FIRST.iter().position(|name| *name == command.name);
        let mut all: Vec<_> = COMMANDS.iter().filter(|command| !command.hint.is_empty()).collect();
        all.sort_by_key(|command| rank(command).unwrap_or(FIRST.len()));
        all
    })
}

/// What one does at the moment goes before where one is.
fn is_doing(context: Context) -> bool {
    matches!(context, Context::Select | Context::Rows | Context::Grid | Context::Complete)
}

impl App {
    /// Commands worth a word in the hint line, with the key that is shown.
    pub fn hints(&self) -> Vec<Hint> {
        let contexts = self.contexts();
        let nearest = |command: &Command| {
            contexts.iter().copied().find(|context| command.contexts.contains(context))
        };
        let (doing, there): (Vec<_>, Vec<_>) = ranked()
            .iter()
            .filter_map(|command| Some((nearest(command)?, *command)))
            .partition(|(context, _)| is_doing(*context));
        let all = doing.into_iter().chain(there);
        let hints = all.filter_map(|(_, command)| self.hint_of(command, &contexts));
        let mut hints: Vec<Hint> = hints.collect();
        // A table that one sees is read best as one: behind what goes on and how one gets out.
        let is_grid = |hint: &Hint| hint.command.name == "toggle-grid";
        if self.grid().is_none()
            && let Some(at) = hints.iter().position(is_grid)
        {
            let hint = hints.remove(at);
            hints.insert(TABLE.min(at), hint);
        }
        hints
    }

    /// The hint of a command, if one of its keys runs it now.
    fn hint_of(&self, command: &'static Command, contexts: &[Context]) -> Option<Hint> {
        if !self.may_run(command) {
            return None;
        }
        // A key may mean something else in a nearer context.
        let runs = |keys: &&[key::Key]| {
            let meaning = self.keymap.find(keys, contexts, |command| self.may_run(command));
            matches!(meaning, Meaning::Command(found) if found.name == command.name)
        };
        let key = key::short(self.keymap.keys(command.name).find(runs)?);
        let words = match command.about {
            Some(about) => about(self, command.hint),
            None => command.hint.to_owned(),
        };
        (!words.is_empty()).then_some(Hint { key, words, command })
    }

    /// As many hints as fit into `cells`. Where all keys are listed is said in any case.
    pub fn hint_line(&self, cells: usize) -> Vec<Hint> {
        let (help, hints): (Vec<_>, Vec<_>) =
            self.hints().into_iter().partition(|hint| hint.command.name == "help");
        let mut room = (cells + BETWEEN).saturating_sub(help.iter().map(Hint::cells).sum());
        let mut fits = |hint: &Hint| {
            let left = room.checked_sub(hint.cells());
            room = left.unwrap_or(room);
            left.is_some()
        };
        // How one gets out is said where one comes in.
        let is_quit = |hint: &Hint| hint.command.name == "quit" && self.view == View::Overview;
        let (quit, hints): (Vec<_>, Vec<_>) = hints.into_iter().partition(is_quit);
        let quit: Vec<Hint> = quit.into_iter().filter(|hint| fits(hint)).collect();
        hints.into_iter().filter(|hint| fits(hint)).chain(quit).chain(help).collect()
    }

    /// Where to begin, at the right end of the sections, where there is room for it.
    pub fn corner(&self, cells: usize) -> Vec<Hint> {
        let named = |name: &str| COMMANDS.iter().find(|command| command.name == name);
        let hints: Vec<Hint> = ["search", "palette", "help"]
            .into_iter()
            .filter_map(named)
            .filter_map(|command| {
                let key = key::short(self.keymap.keys(command.name).next()?);
                Some(Hint { key, words: command.hint.to_owned(), command })
            })
            .collect();
        let wide: usize = hints.iter().map(|hint| hint.cells() - 1).sum();
        let has_room = self.layout.is_framed && self.tabs(cells).width() + wide < cells;
        if has_room { hints } else { Vec::new() }
    }

    /// The command that stands at a cell of the line of the sections, at its right end.
    pub(in crate::app) fn corner_at(
        &self,
        column: usize,
        cells: usize,
    ) -> Option<&'static Command> {
        let mut start = cells.saturating_sub(1);
        for hint in self.corner(cells).into_iter().rev() {
            let end = start;
            start = end.saturating_sub(hint.cells() - BETWEEN);
            if (start..end).contains(&column) {
                return Some(hint.command);
            }
            start = start.saturating_sub(2);
        }
        None
    }

    /// The command whose hint stands at a cell of a line of `cells`.
    pub(in crate::app) fn hint_at(&self, column: usize, cells: usize) -> Option<&'static Command> {
        let mut end = 0;
        for hint in self.hint_line(cells) {
            let start = end;
            end += hint.cells();
            if (start..end - BETWEEN).contains(&column) {
                return Some(hint.command);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_first_can_be_said() {
        for name in FIRST {
            let command = COMMANDS.iter().find(|command| command.name == *name);
            let command = command.unwrap_or_else(|| panic!("there is no command {name}"));
            assert!(!command.hint.is_empty(), "{name} has no hint");
        }
    }

    #[test]
    fn as_much_is_said_as_fits() {
        let app = App::new("case", 80, 24);
        let wide = |cells| -> usize { app.hint_line(cells).iter().map(Hint::cells).sum::<usize>() };
        for cells in 10..200 {
            assert!(wide(cells) <= cells + BETWEEN, "{cells}");
            assert_eq!(app.hint_line(cells).last().unwrap().command.name, "help", "{cells}");
        }
        let mut start = 0;
        for hint in app.hint_line(80) {
            let at = |column| app.hint_at(column, 80).map(|command| command.name);
            assert_eq!(at(start), Some(hint.command.name));
            assert_eq!(at(start + hint.cells() - BETWEEN), None, "between two");
            start += hint.cells();
        }
    }
}
