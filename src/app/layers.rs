//! What lies over the desk: help, the palette, a filter that is being typed, a question. A stack;
//! the top one gets the keys.

use super::act::spots::Find;
use super::commands::{COMMANDS, Command, Context};
use super::data::Act;
use super::input::Input;
use super::key::short;
use super::keymap::Keymap;
use super::line::{Line, Role};
use super::reader::Goal;
use crate::case::TableView;
use crate::text::width;

#[derive(Clone, Debug)]
pub enum Layer {
    /// The keys of where one is.
    Help { filter: Input, top: usize, contexts: Vec<Context> },
    /// Every command.
    Palette { input: Input, cursor: usize, contexts: Vec<Context> },
    /// Part of a path, as it is typed; `before` is what `esc` goes back to.
    Filter { input: Input, before: String },
    /// Figures of a column; what is typed cuts the list of its values.
    Figures { input: Input, cursor: usize },
    /// A question before something large is done.
    Confirm { lines: Vec<String>, act: Act },
    /// A line that is typed while reading.
    Prompt { what: Prompt, input: Input },
}

/// What a line is typed for.
#[derive(Clone, Debug)]
pub enum Prompt {
    /// A line, page, sheet or percentage to go to.
    GoTo,
    /// Words that the reader marks as they are typed; `from` and `before` are what `esc` goes
    /// back to.
    Find { from: Goal, before: Option<Find> },
    /// What a column of a table must say; `before` is what `esc` goes back to.
    Column { column: usize, before: TableView },
}

impl Prompt {
    pub fn label(&self) -> &'static str {
        match self {
            Prompt::GoTo => "go to (120, p3, 50%, sheet, D9): ",
            Prompt::Find { .. } => "find here",
            Prompt::Column { .. } => "must say",
        }
    }
}

impl Layer {
    pub fn context(&self) -> Context {
        match self {
            Layer::Help { .. } => Context::Help,
            Layer::Palette { .. } => Context::Palette,
            Layer::Filter { .. } => Context::Filter,
            Layer::Figures { .. } => Context::Figures,
            Layer::Confirm { .. } => Context::Confirm,
            Layer::Prompt { .. } => Context::Prompt,
        }
    }

    /// The line that characters go into, if it has one.
    pub fn input(&mut self) -> Option<&mut Input> {
        match self {
            Layer::Help { filter: input, .. }
            | Layer::Palette { input, .. }
            | Layer::Filter { input, .. }
            | Layer::Figures { input, .. }
            | Layer::Prompt { input, .. } => Some(input),
            Layer::Confirm { .. } => None,
        }
    }
}

/// Lines of the help: commands that mean something here, then those that always do.
/// What cannot be done now is left out.
pub fn help_lines(
    filter: &str,
    contexts: &[Context],
    keymap: &Keymap,
    can_run: impl Fn(&Command) -> bool,
) -> Vec<Line> {
    let needle = filter.to_lowercase();
    let mut lines = Vec::new();
    for context in contexts {
        let rows: Vec<&Command> = COMMANDS
            .iter()
            .filter(|command| command.contexts.contains(context) && can_run(command))
            // What is said under a nearer context is not said again.
            .filter(|command| {
                let first = contexts.iter().find(|context| command.contexts.contains(context));
                first == Some(context)
            })
            .filter(|command| {
                needle.is_empty()
                    || command.name.contains(&needle)
                    || command.doc.to_lowercase().contains(&needle)
                    || keys_of(command, keymap).contains(&needle)
            })
            .collect();
        if rows.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(Line::new());
        }
        lines.push(Line::of(context.title(), Role::Head));
        for command in rows {
            let keys = keys_of(command, keymap);
            lines.push(
                Line::of(width::pad(&keys, 22), Role::Key)
                    .and(" ", Role::Text)
                    .and(command.doc, Role::Text)
                    .and(format!("  {}", command.name), Role::Dim),
            );
        }
    }
    lines
}

/// All keys of a command, as the help writes them.
pub fn keys_of(command: &Command, keymap: &Keymap) -> String {
    keymap.keys(command.name).map(short).collect::<Vec<_>>().join(" ")
}

/// Commands that fit what was typed into the palette, the best first.
pub fn palette(typed: &str, contexts: &[Context]) -> Vec<&'static Command> {
    let needle: String = typed.to_lowercase().split_whitespace().collect();
    let mut found: Vec<(u32, &Command)> = COMMANDS
        .iter()
        .filter(|command| command.contexts.iter().any(|context| contexts.contains(context)))
        .filter(|command| command.name != "palette")
        .filter_map(|command| {
            let by_name = score(&needle, command.name);
            let by_doc = score(&needle, &command.doc.to_lowercase()).map(|score| score / 2);
            Some((by_name.max(by_doc)?, command))
        })
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, command)| command).collect()
}

/// How well `needle` fits as a subsequence: letters in a row and at word starts count most.
fn score(needle: &str, text: &str) -> Option<u32> {
    let mut score = 1;
    let mut run = 0;
    let mut chars = text.chars();
    let mut before = ' ';
    for wanted in needle.chars() {
        loop {
            let c = chars.next()?;
            let is_start = !before.is_alphanumeric();
            before = c;
            if c == wanted {
                run += 1;
                score += run + if is_start { 4 } else { 0 };
                break;
            }
            run = 0;
        }
    }
    Some(score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_palette_finds_by_letters() {
        let first = |typed: &str| palette(typed, &[Context::Anywhere, Context::Reader])[0].name;
        assert_eq!(first("qu"), "quit");
        assert_eq!(first("nexthit"), "next-hit");
        assert_eq!(first("docu"), "documents");
        assert!(palette("zzzz", &[Context::Anywhere]).is_empty());
    }

    #[test]
    fn help_says_everything_once() {
        let keymap = Keymap::default();
        let lines = help_lines("", &[Context::Reader, Context::Anywhere], &keymap, |_| true);
        let names: Vec<String> = lines
            .iter()
            .filter_map(|line| line.plain().rsplit_once("  ").map(|(_, name)| name.to_owned()))
            .collect();
        let mut once = names.clone();
        once.sort();
        once.dedup();
        assert_eq!(names.len(), once.len());
        assert!(names.iter().any(|name| name == "next-hit"));
        assert!(
            help_lines("occurrence", &[Context::Reader], &keymap, |_| true).len() < lines.len()
        );
    }
}
