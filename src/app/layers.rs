//! What lies over the desk: help, the palette, a filter that is being typed, a question. A stack;
//! the top one gets the keys.

use super::act::spots::Find;
use super::choice::Choice;
use super::commands::{COMMANDS, Command, Context};
use super::data::Act;
use super::input::Input;
use super::naming::Typed;
use super::reader::Goal;
use super::selection::Selected;
use crate::case::{ColumnValue, TableView};
use crate::model::{AnchorId, DocumentId, ItemId, NoteId};

/// Cells of the window of the help.
pub const HELP: u16 = 84;

#[derive(Clone, Debug)]
pub enum Layer {
    /// The keys of where one is.
    Help { filter: Input, top: usize, contexts: Vec<Context> },
    /// Every command.
    Palette { input: Input, cursor: usize, contexts: Vec<Context> },
    /// Part of a path, as it is typed; `before`, the cursor with the first entry shown (`place`)
    /// and the closed folders are what `esc` goes back to.
    Filter { input: Input, before: String, place: (u64, u64), folded: Vec<String> },
    /// Figures of a column; what is typed cuts the list of its values.
    Figures { input: Input, cursor: usize },
    /// Something to be read and closed.
    Report { title: &'static str, lines: Vec<String>, top: usize },
    /// A question before something is done that is large or leaves the desk.
    Confirm { lines: Vec<String>, yes: Yes },
    /// One of a few; what is typed cuts the list.
    Choice { choice: Choice, input: Input, cursor: usize },
    /// A line that is typed while reading.
    Prompt { what: Prompt, input: Input },
}

/// What is done when a question is answered with yes.
#[derive(Clone, Debug)]
pub enum Yes {
    Act(Box<Act>),
    /// An original is handed to another program.
    Outside(DocumentId),
    /// A report is written over the file that has its name.
    Replace,
    /// A draft that may be open elsewhere is opened.
    Edit {
        note: Option<NoteId>,
        sitting: Option<i64>,
    },
}

/// What a line is typed for.
#[derive(Clone, Debug)]
pub enum Prompt {
    /// A name for the running query.
    SaveSearch,
    /// Something about an entity.
    Entity(Typed),
    /// What a highlight means.
    Meaning { of: Marking, cursor: Option<usize> },
    /// Which figure of a column is cited.
    Figure { column: usize, value: Option<ColumnValue>, cursor: Option<usize> },
    /// A year of the histogram, or a month of it.
    Month { year: String },
    /// A line, page, sheet, date or percentage to go to.
    GoTo(Numbered),
    /// Words that the reader marks as they are typed; `from` and `before` are what `esc` goes
    /// back to.
    Find { from: Goal, before: Option<Find> },
    /// The file that a report is written to.
    ReportFile,
    /// What a column of a table must say; `before` is what `esc` goes back to.
    Column { column: usize, before: TableView },
}

/// What a bare number names, where somebody types where to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbered {
    /// A line of a text, a row of a sheet, a message.
    Line,
    /// A page, slide or sheet.
    Page,
    /// A year.
    Date,
}

/// What is being highlighted.
#[derive(Clone, Debug)]
pub enum Marking {
    New(Selected),
    /// It is there already.
    Known(AnchorId),
}

impl Prompt {
    pub fn label(&self) -> &'static str {
        match self {
            Prompt::GoTo(_) => "go to: ",
            Prompt::Find { .. } => "find here",
            Prompt::SaveSearch => "name of the worklist (enter: its query): ",
            Prompt::ReportFile => "write to (.md .html .docx .csv .json): ",
            Prompt::Entity(what) => what.label(),
            Prompt::Meaning { .. } => "highlight (meaning: comment #tag): ",
            Prompt::Figure { .. } => "cite which figure: ",
            Prompt::Month { .. } => "cite the year, or a month of it (1-12): ",
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
            Layer::Choice { .. } => Context::Pick,
            Layer::Report { .. } => Context::Report,
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
            | Layer::Choice { input, .. }
            | Layer::Prompt { input, .. } => Some(input),
            Layer::Report { .. } | Layer::Confirm { .. } => None,
        }
    }
}

/// Commands that fit what was typed into the palette, the best first. As long as nothing is typed,
/// what cannot be done here comes last, and behind it what acts in other places.
pub fn palette(
    typed: &str,
    contexts: &[Context],
    may_run: impl Fn(&Command) -> bool,
) -> Vec<&'static Command> {
    if typed.trim().parse::<ItemId>().is_ok() {
        // It goes there, and means no command.
        return Vec::new();
    }
    let needle: String = typed.to_lowercase().split_whitespace().collect();
    let mut found: Vec<(u32, &Command)> = COMMANDS
        .iter()
        .filter(|command| command.name != "palette")
        .filter_map(|command| {
            let by_name = score(&needle, command.name);
            let doc = command.doc.to_lowercase();
            // What acts elsewhere is found by its name, or by a word of what it does.
            let is_found = command.is_in(contexts) || doc.contains(&needle);
            let by_doc = score(&needle, &doc).filter(|_| is_found).map(|score| score / 2);
            Some((by_name.max(by_doc)?, command))
        })
        .collect();
    if needle.is_empty() {
        found.sort_by_cached_key(|(_, command)| (!command.is_in(contexts), !may_run(command)));
    } else {
        found.sort_by_key(|(score, command)| (std::cmp::Reverse(*score), !command.is_in(contexts)));
    }
    if found.is_empty() {
        return nearly(&needle);
    }
    found.into_iter().map(|(_, command)| command).collect()
}

/// What is said where no command is called so.
pub fn no_command(typed: &str) -> String {
    match typed.trim().parse::<ItemId>() {
        Ok(item) => format!("enter goes to {item}"),
        Err(_) => {
            "no command has this in its name; a short number such as D17 goes there".to_owned()
        }
    }
}

/// Commands whose name is nearly what was typed: a slip of the finger finds something too.
fn nearly(typed: &str) -> Vec<&'static Command> {
    let mut found: Vec<(f64, &Command)> = COMMANDS
        .iter()
        .map(|command| (strsim::jaro_winkler(typed, command.name), command))
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, command)| command).collect()
}

/// How well `needle` fits as a subsequence: letters in a row and at word starts count most.
pub fn score(needle: &str, text: &str) -> Option<u32> {
    // Of two names that both have a word of it, the one that begins so.
    let mut score = if text.starts_with(needle) { 3 } else { 1 };
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
        let first =
            |typed: &str| palette(typed, &[Context::Anywhere, Context::Reader], |_| true)[0].name;
        assert_eq!(first("qu"), "quit");
        assert_eq!(first("nexthit"), "next-hit");
        assert_eq!(first("docu"), "documents");
        assert_eq!(first("qiut"), "quit", "a slip");
        assert!(palette("zzzz", &[Context::Anywhere], |_| true).is_empty());
        // What acts in another place is found by its name, and is last where nothing is typed.
        let found = |typed: &str| palette(typed, &[Context::Links, Context::Anywhere], |_| true);
        assert_eq!(found("next-hit")[0].name, "next-hit");
        assert_eq!(found("nexthti")[0].name, "next-hit", "a slip");
        let places: Vec<bool> = found("")
            .iter()
            .map(|command| command.is_in(&[Context::Links, Context::Anywhere]))
            .collect();
        assert!(places.is_sorted_by(|a, b| a >= b) && places.contains(&false));
        assert_eq!(found("").len(), COMMANDS.len() - 1);
        // What cannot be done is last, unless it is asked for.
        let first = |typed: &str| palette(typed, &[Context::Anywhere], |it| it.name != "quit");
        let here = |command: &&&Command| command.is_in(&[Context::Anywhere]);
        assert_eq!(first("").iter().rfind(here).unwrap().name, "quit");
        assert_eq!(first("quit")[0].name, "quit");
    }
}
