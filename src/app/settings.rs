//! What a person changed: keys in `keys.toml`, options in `config.toml`. A wrong entry is named
//! with its line and what was probably meant, and changes nothing; the rest counts.

use super::commands::{COMMANDS, Command, Context};
use super::key::{Key, sequence};
use super::keymap::are_alike;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// Looks that can be asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeName {
    /// What suits the terminal.
    #[default]
    Auto,
    Dark,
    Light,
    Sixteen,
    Monochrome,
}

impl ThemeName {
    const NAMES: [(&str, ThemeName); 5] = [
        ("auto", ThemeName::Auto),
        ("dark", ThemeName::Dark),
        ("light", ThemeName::Light),
        ("16", ThemeName::Sixteen),
        ("mono", ThemeName::Monochrome),
    ];

    pub fn from_name(name: &str) -> Option<ThemeName> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, theme)| *theme)
    }
}

#[derive(Clone, Debug)]
pub struct Settings {
    /// Commands with other keys than those of the table.
    pub keys: Vec<(&'static Command, Vec<Vec<Key>>)>,
    pub theme: ThemeName,
    /// Clicks and the wheel come to the desk.
    pub mouse: bool,
    /// The desk opens where one left off.
    pub resume: bool,
    /// The program that shows originals, with its arguments; empty for what the system has.
    pub open: Vec<String>,
    /// Where files lie that may mask names in a report: `profiles`.
    pub profile_folder: Option<PathBuf>,
    /// What was wrong, in words.
    pub problems: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            keys: Vec::new(),
            theme: ThemeName::Auto,
            mouse: true,
            resume: true,
            open: Vec::new(),
            profile_folder: None,
            problems: Vec::new(),
        }
    }
}

/// What may mask names in a report, as it lies in its folder now: `*.toml`.
pub fn profiles_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut profiles: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    profiles.sort();
    profiles
}

/// Mistakes of one file that are named one by one: with more it is another kind of file.
const MOST_MISTAKES: usize = 50;

/// Options of `config.toml`.
const OPTIONS: [&str; 4] = ["theme", "mouse", "resume", "open"];

impl Settings {
    /// Reads `keys.toml`: `command = "key"` or `command = ["key", "key key"]`; `[]` takes all
    /// keys away.
    pub fn read_keys(&mut self, text: &str) {
        for (name, span, value) in self.entries("keys.toml", text) {
            let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
                let near = nearest(&name, COMMANDS.iter().map(|command| command.name));
                self.wrong(
                    "keys.toml",
                    text,
                    &span,
                    &format!("there is no command {name:?}"),
                    near,
                );
                continue;
            };
            let written: Vec<(&str, Range<usize>)> = match value.1.get_ref() {
                DeValue::String(keys) => vec![(keys.as_ref(), value.1.span())],
                DeValue::Array(list) if list.iter().all(|item| item.get_ref().is_str()) => list
                    .iter()
                    .filter_map(|item| Some((item.get_ref().as_str()?, item.span())))
                    .collect(),
                _ => {
                    let problem = format!("{name} wants a key or a list of keys, in quotes");
                    self.wrong("keys.toml", text, &span, &problem, None);
                    continue;
                }
            };
            let mut keys = Vec::new();
            for (written, span) in written {
                match sequence(written) {
                    Ok(sequence) if same_byte(&sequence).is_some() => {
                        let other = same_byte(&sequence);
                        let problem = format!("a terminal sends {written:?} for another key");
                        self.wrong("keys.toml", text, &span, &problem, other.map(str::to_owned));
                    }
                    Ok(sequence) if !types_text(command, &sequence) => {
                        match self.taken_by(&sequence, command) {
                            Some(other) => {
                                let problem = format!("{written:?} was given to {other} above");
                                self.wrong("keys.toml", text, &span, &problem, None);
                            }
                            None => keys.push(sequence),
                        }
                    }
                    Ok(_) => {
                        let problem = format!("{written:?} is text where {name} is used");
                        self.wrong("keys.toml", text, &span, &problem, None);
                    }
                    Err(bad) => {
                        let nearest = nearest_key(written);
                        // Where none is near, what keys look like.
                        let problem = match nearest {
                            Some(_) => format!("{written:?} is not a key"),
                            None => bad.to_string(),
                        };
                        self.wrong("keys.toml", text, &span, &problem, nearest);
                    }
                }
            }
            // With nothing but mistakes in it, the entry counts for nothing.
            let is_empty = matches!(value.1.get_ref(), DeValue::Array(list) if list.is_empty());
            if !keys.is_empty() || is_empty {
                self.keys.push((command, keys));
            }
        }
    }

    /// The command that the same keys, or their beginning, were given to before.
    fn taken_by(&self, keys: &[Key], command: &Command) -> Option<&'static str> {
        let is_same_place = |other: &Command| {
            other.name != command.name
                && other.contexts.iter().any(|context| command.contexts.contains(context))
        };
        let mut before = self.keys.iter().filter(|(other, _)| is_same_place(other));
        before
            .find(|(_, all)| all.iter().any(|own| are_alike(own, keys)))
            .map(|(other, _)| other.name)
    }

    /// Reads `config.toml`.
    pub fn read_config(&mut self, text: &str) {
        for (name, span, value) in self.entries("config.toml", text) {
            let (problem, near) = match (name.as_str(), value.1.get_ref()) {
                ("theme", DeValue::String(theme)) => match ThemeName::from_name(theme) {
                    Some(theme) => {
                        self.theme = theme;
                        continue;
                    }
                    None => {
                        let names = ThemeName::NAMES.iter().map(|(name, _)| *name);
                        (format!("there is no theme {theme:?}"), nearest(theme, names))
                    }
                },
                ("mouse", DeValue::Boolean(on)) => {
                    self.mouse = *on;
                    continue;
                }
                ("resume", DeValue::Boolean(on)) => {
                    self.resume = *on;
                    continue;
                }
                ("open", DeValue::String(program)) => {
                    self.open = program.split_whitespace().map(str::to_owned).collect();
                    continue;
                }
                ("open", _) => ("open wants a program, in quotes".to_owned(), None),
                ("theme", _) => {
                    ("theme wants auto, dark, light, 16 or mono, in quotes".to_owned(), None)
                }
                ("mouse" | "resume", _) => (format!("{name} wants true or false"), None),
                _ => (format!("there is no option {name:?}"), nearest(&name, OPTIONS.into_iter())),
            };
            self.wrong("config.toml", text, &span, &problem, near);
        }
    }

    /// The entries of a file in their order, as far as it can be read.
    #[expect(clippy::type_complexity, reason = "one use, a line below")]
    fn entries<'a>(
        &mut self,
        file: &str,
        text: &'a str,
    ) -> Vec<(String, Range<usize>, (Range<usize>, toml::Spanned<DeValue<'a>>))> {
        // What stands around a mistake counts.
        let (table, errors) = DeTable::parse_recoverable(text);
        if errors.len() > MOST_MISTAKES {
            let problem =
                format!("{file}: more than {MOST_MISTAKES} mistakes: nothing of it counts");
            self.problems.push(problem);
            return Vec::new();
        }
        let mut broken = Vec::new();
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            broken.push(line_of(text, span.start));
            self.wrong(file, text, &span, error.message(), None);
        }
        let table = table.into_inner();
        let mut entries: Vec<_> = table
            .into_iter()
            .map(|(name, value)| {
                let span = name.span();
                (name.into_inner().into_owned(), span, (value.span(), value))
            })
            .filter(|(_, span, _)| !broken.contains(&line_of(text, span.start)))
            .collect();
        entries.sort_by_key(|(_, span, _)| span.start);
        entries
    }

    fn wrong(
        &mut self,
        file: &str,
        text: &str,
        span: &Range<usize>,
        problem: &str,
        near: Option<String>,
    ) {
        let line = line_of(text, span.start);
        let near = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        self.problems.push(format!("{file} line {line}: {problem}{near}"));
    }
}

/// From 1.
fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).bytes().filter(|byte| *byte == b'\n').count() + 1
}

/// The key that a terminal sends the same byte for, where a sequence has such a one.
fn same_byte(keys: &[Key]) -> Option<&'static str> {
    const SAME: [(Key, &str); 3] =
        [(Key::ctrl('i'), "tab"), (Key::ctrl('m'), "enter"), (Key::ctrl('['), "esc")];
    keys.iter().find_map(|key| SAME.iter().find(|(same, _)| same == key).map(|(_, name)| *name))
}

/// Whether the keys would be typed into a line where the command is used.
fn types_text(command: &Command, keys: &[Key]) -> bool {
    let is_line = command.contexts.iter().any(Context::is_typed_into);
    is_line && keys.first().is_some_and(|key| key.typed().is_some())
}

/// What is most like `typed`, if anything is.
fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let typed = typed.to_lowercase();
    names
        .map(|name| (strsim::jaro_winkler(&typed, name), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name.to_owned())
}

/// The key that was probably meant: other names for it, the wrong case, a slip.
fn nearest_key(written: &str) -> Option<String> {
    let lower = written.trim().to_lowercase();
    let mended: Vec<String> = lower
        .split_whitespace()
        .map(|key| {
            let key = key
                .replace("control-", "ctrl-")
                .replace("c-", "ctrl-")
                .replace("^", "ctrl-")
                .replace("ctrl+", "ctrl-")
                .replace("meta-", "alt-")
                .replace("alt+", "alt-")
                .replace("ctrl-ctrl-", "ctrl-");
            if let Some(letter) =
                key.strip_prefix("shift-").filter(|rest| rest.chars().count() == 1)
            {
                return letter.to_uppercase();
            }
            let (held, name) = match key.rfind('-') {
                Some(at) if at + 1 < key.len() => key.split_at(at + 1),
                _ => ("", key.as_str()),
            };
            let known = super::key::names();
            let is_known = name.parse::<Key>().is_ok() || known.clone().any(|known| known == name);
            let name = if is_known {
                name.to_owned()
            } else {
                let also = [("return", "enter"), ("escape", "esc"), ("bs", "backspace")];
                let other = also.iter().find(|(other, _)| *other == name).map(|(_, key)| *key);
                other.map(str::to_owned).or_else(|| nearest(name, known)).unwrap_or_default()
            };
            format!("{held}{name}")
        })
        .collect();
    let mended = mended.join(" ");
    (sequence(&mended).is_ok()).then_some(mended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_keys(text: &str, problems: &[&str]) -> Settings {
        let mut settings = Settings::default();
        settings.read_keys(text);
        assert_eq!(settings.problems, problems);
        settings
    }

    #[test]
    fn keys_are_changed_and_mistakes_named() {
        let settings =
            check_keys("# mine\nnext-unread = [\"n\", \"g u\"]\nquit = []\ndown = \"J\"\n", &[]);
        let names: Vec<&str> = settings.keys.iter().map(|(command, _)| command.name).collect();
        assert_eq!(names, ["next-unread", "quit", "down"]);
        assert_eq!(settings.keys[0].1.len(), 2);
        let settings = check_keys(
            "mark-red = \"r\"\n\nquit = \"ctrl+q\"\nup = 3\nsearch = [\"Escape\", \"ctrl-s\"]\n",
            &[
                "keys.toml line 1: there is no command \"mark-red\"; did you mean mark-read?",
                "keys.toml line 3: \"ctrl+q\" is not a key; did you mean ctrl-q?",
                "keys.toml line 4: up wants a key or a list of keys, in quotes",
                "keys.toml line 5: \"Escape\" is not a key; did you mean esc?",
            ],
        );
        assert_eq!(settings.keys.len(), 1, "what is right counts");
        check_keys(
            "search = [\"ctrl-i\", \"F5\", \"shift-x\"]",
            &[
                "keys.toml line 1: a terminal sends \"ctrl-i\" for another key; did you mean tab?",
                "keys.toml line 1: \"F5\" is not a key; did you mean f5?",
                "keys.toml line 1: \"shift-x\" is not a key; did you mean X?",
            ],
        );
        check_keys(
            "stop-typing = \"x\"",
            &["keys.toml line 1: \"x\" is text where stop-typing is used"],
        );
    }

    #[test]
    fn a_key_is_given_to_one_command_of_a_place() {
        let settings = check_keys(
            "mark-read = \"r\"\nsort = [\"r\", \"ctrl-s\"]\nsort-column = \"r\"\ntoggle-tree = \"r x\"\n",
            &[
                "keys.toml line 2: \"r\" was given to mark-read above",
                "keys.toml line 4: \"r x\" was given to mark-read above",
            ],
        );
        // A table is another place than a list; the other key of the second entry counts.
        let names: Vec<&str> = settings.keys.iter().map(|(command, _)| command.name).collect();
        assert_eq!(names, ["mark-read", "sort", "sort-column"]);
    }

    #[test]
    fn what_is_no_toml_is_said_with_its_line() {
        let mut settings = Settings::default();
        settings.read_keys("quit = \"q\"\ndown = \n");
        assert_eq!(settings.problems.len(), 1);
        assert!(settings.problems[0].starts_with("keys.toml line 2: "), "{:?}", settings.problems);
        assert_eq!(settings.keys.len(), 1, "the rest counts");
        let mut settings = Settings::default();
        settings.read_keys(&"=\n".repeat(30_000));
        assert_eq!(settings.problems, ["keys.toml: more than 50 mistakes: nothing of it counts"]);
        let mut settings = Settings::default();
        settings.read_config(&format!("theme = {}", "[".repeat(60_000)));
        assert!(!settings.problems.is_empty() && settings.problems.len() <= MOST_MISTAKES);
        let mut settings = Settings::default();
        settings.read_keys("quit = \"Q\"\nquit = \"W\"\nhelp = \"z\"\n");
        assert_eq!(settings.problems, ["keys.toml line 2: duplicate key"]);
        assert_eq!(settings.keys.len(), 2, "the rest counts");
    }

    #[test]
    fn options() {
        let mut settings = Settings::default();
        settings.read_config("theme = \"light\"\nmouse = false\nresume = false\n");
        assert!(settings.problems.is_empty());
        assert_eq!(
            (settings.theme, settings.mouse, settings.resume),
            (ThemeName::Light, false, false)
        );
        settings.read_config("theme = \"drak\"\nmose = true\nmouse = 1\n");
        assert_eq!(
            settings.problems,
            [
                "config.toml line 1: there is no theme \"drak\"; did you mean dark?",
                "config.toml line 2: there is no option \"mose\"; did you mean mouse?",
                "config.toml line 3: mouse wants true or false",
            ]
        );
        assert_eq!(settings.theme, ThemeName::Light);
    }
}
