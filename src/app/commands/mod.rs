//! Every command there is: the one table that dispatch, hint line, help and palette read. Each
//! file has the part of one subject.

mod editor;
mod everywhere;
mod marks;
mod moving;
mod notes;
mod over;
mod people;
mod reading;

use super::App;
use super::settled::Needs;
use Context::*;

/// Where a command means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    List,
    Reader,
    /// Something is being selected.
    Select,
    /// Rows of a list are being selected.
    Rows,
    /// A table in the reader.
    Grid,
    /// Lines beside: margin, overview, facets.
    Links,
    Results,
    /// The search line.
    Typing,
    Help,
    Palette,
    Filter,
    /// Figures of a column.
    Figures,
    /// On a note, wherever it is shown.
    Note,
    /// A list to choose from.
    Pick,
    /// A line that is typed while reading.
    Prompt,
    Confirm,
    Report,
    /// While a report is written.
    Export,
    /// Where a note is written.
    Editor,
    /// What completes a reference in a note.
    Complete,
    Anywhere,
}

impl Context {
    /// Characters go into a line there, so they are no keys.
    pub fn is_typed_into(&self) -> bool {
        matches!(
            self,
            Typing | Help | Palette | Filter | Editor | Complete | Prompt | Figures | Pick
        )
    }

    /// It lies over the desk and gets all keys.
    pub fn is_over(&self) -> bool {
        matches!(self, Confirm | Report)
    }

    pub fn title(self) -> &'static str {
        match self {
            List => "in the list",
            Reader => "while reading",
            Select => "while selecting",
            Rows => "while selecting rows",
            Grid => "in a table",
            Figures => "in the figures of a column",
            Pick => "while choosing",
            Links => "on lines that lead somewhere",
            Results => "in the results",
            Typing => "in the search line",
            Help => "in this help",
            Palette => "in the palette",
            Filter => "in the filter",
            Note => "on a note",
            Prompt => "in the line that is typed",
            Confirm => "in the question",
            Report => "in the report",
            Export => "while a report is written",
            Editor => "in the note",
            Complete => "in a reference that is typed",
            Anywhere => "everywhere",
        }
    }
}

#[derive(Clone, Copy)]
pub struct Command {
    /// Verb and object, as it stands in the palette and in `keys.toml`.
    pub name: &'static str,
    /// One line for the help.
    pub doc: &'static str,
    /// A word for the hint line; empty where it is not worth the room.
    pub hint: &'static str,
    pub contexts: &'static [Context],
    pub keys: &'static [&'static str],
    /// What stands in the hint line instead, when that depends on where one is.
    pub about: Option<fn(&App, &str) -> String>,
    /// What must be there before it runs: its key waits for that.
    pub needs: Needs,
    /// Not offered where the case cannot be written.
    pub writes: bool,
    /// It acts on one thing: not offered where several are selected.
    pub is_alone: bool,
    /// Whether it means something now.
    pub when: fn(&App) -> bool,
    /// Why it means nothing, where it does not.
    pub unless: &'static str,
    /// The same, where it depends on where one is.
    pub unless_here: Option<fn(&App) -> &'static str>,
    pub run: fn(&mut App),
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const fn command(
    name: &'static str,
    doc: &'static str,
    contexts: &'static [Context],
    keys: &'static [&'static str],
    run: fn(&mut App),
) -> Command {
    Command {
        name,
        doc,
        hint: "",
        contexts,
        keys,
        about: None,
        // Most act on what the cursor is on: whoever forgets to say what waits too long, and does
        // not act on something else.
        needs: Needs::Cursor,
        writes: false,
        is_alone: false,
        when: |_| true,
        unless: "",
        unless_here: None,
        run,
    }
}

impl Command {
    /// Whether it means something in one of these places.
    pub fn is_in(&self, contexts: &[Context]) -> bool {
        self.contexts.iter().any(|context| contexts.contains(context))
    }

    /// Where it means something, in words.
    pub fn places(&self) -> String {
        let places: Vec<&str> = self.contexts.iter().map(|context| context.title()).collect();
        places.join(", ")
    }

    const fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    const fn about(mut self, about: fn(&App, &str) -> String) -> Self {
        self.about = Some(about);
        self
    }

    const fn needs(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    /// It acts on no list and no text: its key waits for nothing.
    const fn at_once(self) -> Self {
        self.needs(Needs::Nothing)
    }

    const fn writes(mut self) -> Self {
        self.writes = true;
        self
    }

    const fn alone(mut self) -> Self {
        self.is_alone = true;
        self
    }

    /// `unless` is what is said when it means nothing now.
    const fn when(mut self, when: fn(&App) -> bool, unless: &'static str) -> Self {
        self.when = when;
        self.unless = unless;
        self
    }

    /// Says it more exactly than `unless`, from where one is.
    const fn unless_here(mut self, words: fn(&App) -> &'static str) -> Self {
        self.unless_here = Some(words);
        self
    }

    /// Why it means nothing now.
    pub fn why_not(&self, app: &App) -> &'static str {
        self.unless_here.map_or(self.unless, |words| words(app))
    }
}

/// Where something can be marked.
const MARKED: &[Context] = &[List, Reader, Results];

const MOVES: &[Context] = &[List, Reader, Links, Results];

/// The parts of the table, in the order of the help.
const PARTS: [&[Command]; 8] = [
    reading::COMMANDS,
    notes::COMMANDS,
    people::COMMANDS,
    editor::COMMANDS,
    marks::COMMANDS,
    moving::COMMANDS,
    over::COMMANDS,
    everywhere::COMMANDS,
];

/// In the order of the help.
pub const COMMANDS: &[Command] = &joined::<{ count() }>();

const fn count() -> usize {
    let (mut all, mut part) = (0, 0);
    while part < PARTS.len() {
        all += PARTS[part].len();
        part += 1;
    }
    all
}

const fn joined<const ALL: usize>() -> [Command; ALL] {
    let mut commands = [PARTS[0][0]; ALL];
    let (mut at, mut part) = (0, 0);
    while part < PARTS.len() {
        let mut number = 0;
        while number < PARTS[part].len() {
            commands[at] = PARTS[part][number];
            at += 1;
            number += 1;
        }
        part += 1;
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::sequence;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_say_what_they_do() {
        let mut names = HashSet::new();
        for command in COMMANDS {
            assert!(names.insert(command.name), "{} stands twice", command.name);
            assert!(
                command.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
                "{}",
                command.name
            );
            assert!(!command.doc.is_empty() && !command.doc.ends_with('.'), "{}", command.name);
            assert!(!command.contexts.is_empty(), "{}", command.name);
        }
    }

    #[test]
    fn keys_can_be_pressed_and_mean_one_thing() {
        let mut taken = HashSet::new();
        for command in COMMANDS {
            for keys in command.keys {
                let keys = sequence(keys).unwrap();
                for context in command.contexts {
                    assert!(
                        taken.insert((keys.clone(), *context)),
                        "{keys:?} twice in {context:?}"
                    );
                }
                let is_tab = |key: &crate::app::key::Key| key.to_string() == "ctrl-i";
                assert!(!keys.iter().any(is_tab), "ctrl-i is tab on most terminals");
            }
        }
        // No sequence hides behind a shorter one.
        for (keys, context) in &taken {
            for length in 1..keys.len() {
                assert!(!taken.contains(&(keys[..length].to_vec(), *context)), "{keys:?}");
            }
        }
    }

    #[test]
    fn typing_contexts_bind_no_characters() {
        for command in COMMANDS {
            if command.contexts.iter().any(Context::is_typed_into) {
                for keys in command.keys {
                    assert_eq!(sequence(keys).unwrap()[0].typed(), None, "{}", command.name);
                }
            }
        }
    }
}
