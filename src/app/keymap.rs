//! Which keys run which command where, made from the table of commands.

use super::commands::{COMMANDS, Command, Context};
use super::key::{Key, sequence};

/// What keys pressed so far mean.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    Command(&'static Command),
    /// The beginning of longer sequences.
    Prefix,
    Nothing,
}

#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<(Vec<Key>, &'static Command)>,
}

impl Default for Keymap {
    fn default() -> Self {
        let bindings = COMMANDS.iter().flat_map(|command| {
            // A test proves that every key in the table can be read.
            let keys = command.keys.iter().filter_map(|keys| sequence(keys).ok());
            keys.map(move |keys| (keys, command))
        });
        Keymap { bindings: bindings.collect() }
    }
}

impl Keymap {
    /// What `pressed` means, in the nearest of the contexts that knows it.
    pub fn find(
        &self,
        pressed: &[Key],
        contexts: &[Context],
        may_run: impl Fn(&Command) -> bool,
    ) -> Meaning {
        for context in contexts {
            let mut meaning = Meaning::Nothing;
            for (keys, command) in &self.bindings {
                if !command.contexts.contains(context) || !keys.starts_with(pressed) {
                    continue;
                }
                if keys.len() > pressed.len() {
                    meaning = Meaning::Prefix;
                } else if may_run(command) {
                    return Meaning::Command(command);
                }
            }
            if let Meaning::Prefix = meaning {
                return meaning;
            }
        }
        Meaning::Nothing
    }

    /// All sequences that run a command.
    pub fn keys(&self, name: &str) -> impl Iterator<Item = &[Key]> {
        self.bindings
            .iter()
            .filter(move |(_, command)| command.name == name)
            .map(|(keys, _)| keys.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pressed: &str, contexts: &[Context], expected: &str) {
        let keys = sequence(pressed).unwrap();
        let meaning = match Keymap::default().find(&keys, contexts, |_| true) {
            Meaning::Command(command) => command.name,
            Meaning::Prefix => "…",
            Meaning::Nothing => "",
        };
        assert_eq!(meaning, expected);
    }

    #[test]
    fn the_nearest_context_wins() {
        use Context::*;
        check("q", &[List, Anywhere], "quit");
        check("g", &[List, Anywhere], "…");
        check("g g", &[List, Anywhere], "start");
        check("esc", &[Typing], "stop-typing");
        check("q", &[Typing], "");
        check("n", &[Reader, Anywhere], "next-hit");
        check("f", &[List, Anywhere], "filter");
    }
}
