//! Which keys run which command where, made from the table of commands.

use super::commands::{COMMANDS, Command, Context};
use super::key::{Code, Key, sequence};

/// What keys pressed so far mean.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    Command(&'static Command),
    /// The beginning of longer sequences.
    Prefix,
    Nothing,
}

/// Whether two sequences cannot be told apart: one cannot begin with what runs by itself.
pub fn are_alike(keys: &[Key], others: &[Key]) -> bool {
    others.starts_with(keys) || keys.starts_with(others)
}

/// Whether a command counts where another one is asked for.
fn is_in_place_of(command: &Command, other: &Command) -> bool {
    // What is asked for everywhere is asked for in the nearer places too.
    let is_on_desk = |context: &Context| !context.is_typed_into() && !context.is_over();
    let is_everywhere = other.contexts.contains(&Context::Anywhere);
    command
        .contexts
        .iter()
        .any(|context| other.contexts.contains(context) || (is_everywhere && is_on_desk(context)))
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
    /// The keys of the table, but for the commands that `changed` gives others. A changed key
    /// takes what it needs: who means something else by it in the same place loses it.
    pub fn with(changed: &[(&'static Command, Vec<Vec<Key>>)]) -> Self {
        let is_changed =
            |command: &Command| changed.iter().any(|(other, _)| other.name == command.name);
        let mut bindings: Vec<(Vec<Key>, &'static Command)> = changed
            .iter()
            .flat_map(|(command, keys)| keys.iter().map(|keys| (keys.clone(), *command)))
            .collect();
        let own = bindings.clone();
        let is_taken = |keys: &[Key], command: &Command| {
            own.iter()
                .any(|(taken, other)| is_in_place_of(command, other) && are_alike(keys, taken))
        };
        let rest = Keymap::default().bindings.into_iter();
        bindings.extend(
            rest.filter(|(keys, command)| !is_changed(command) && !is_taken(keys, command)),
        );
        Keymap { bindings }
    }

    /// What was typed before the terminal was ours came as lines: their ends arrive as ctrl-j, and
    /// mean enter, unless somebody has given that key a meaning.
    pub fn meant(&self, key: Key) -> Key {
        let is_end = key == Key::ctrl('j');
        let is_bound = || self.bindings.iter().any(|(keys, _)| keys.contains(&key));
        if is_end && !is_bound() { Key::plain(Code::Enter) } else { key }
    }

    /// What may follow on keys that begin a sequence: the rest of the sequence and its command.
    pub fn following(
        &self,
        pressed: &[Key],
        contexts: &[Context],
        may_run: impl Fn(&Command) -> bool,
    ) -> Vec<(Vec<Key>, &'static Command)> {
        let mut found: Vec<(Vec<Key>, &'static Command)> = Vec::new();
        for (keys, command) in &self.bindings {
            let is_here = command.contexts.iter().any(|context| contexts.contains(context));
            if is_here
                && keys.len() > pressed.len()
                && keys.starts_with(pressed)
                && may_run(command)
            {
                found.push((keys[pressed.len()..].to_vec(), command));
            }
        }
        found
    }

    /// Every command that `pressed` runs or begins, whether it may run now or not.
    pub fn bound(
        &self,
        pressed: &[Key],
        contexts: &[Context],
    ) -> impl Iterator<Item = &'static Command> {
        self.bindings
            .iter()
            .filter(|(keys, command)| {
                let is_here = command.contexts.iter().any(|context| contexts.contains(context));
                is_here && keys.starts_with(pressed)
            })
            .map(|(_, command)| *command)
    }

    /// Whether longer sequences begin so in a context of which this holds.
    pub fn is_prefix(&self, pressed: &[Key], is_of: impl Fn(&Context) -> bool) -> bool {
        self.bindings.iter().any(|(keys, command)| {
            keys.len() > pressed.len()
                && keys.starts_with(pressed)
                && command.contexts.iter().any(&is_of)
        })
    }

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

    #[test]
    fn changed_keys_take_what_they_need() {
        let command = |name: &str| COMMANDS.iter().find(|command| command.name == name).unwrap();
        let keys = |text: &str| sequence(text).unwrap();
        let keymap = Keymap::with(&[
            (command("down"), vec![keys("n"), keys("g")]),
            (command("quit"), Vec::new()),
        ]);
        let find = |pressed: &str, context| match keymap.find(
            &keys(pressed),
            &[context, Context::Anywhere],
            |_| true,
        ) {
            Meaning::Command(command) => command.name,
            Meaning::Prefix => "…",
            Meaning::Nothing => "",
        };
        assert_eq!(find("n", Context::Reader), "down");
        assert_eq!(find("g", Context::Reader), "down", "what began with g has no key any more");
        assert_eq!(find("j", Context::Reader), "");
        assert_eq!(find("q", Context::Reader), "");
        assert_eq!(find("k", Context::Reader), "up");
        // What is asked for everywhere runs everywhere, and does not type into lines.
        let keymap = Keymap::with(&[(command("quit"), vec![keys("x")])]);
        let runs = |pressed: &str, contexts: &[Context]| {
            let meaning = keymap.find(&keys(pressed), contexts, |_| true);
            matches!(meaning, Meaning::Command(command) if command.name == "quit")
        };
        assert!(runs("x", &[Context::List, Context::Anywhere]));
        assert!(runs("x", &[Context::Grid, Context::Reader, Context::Anywhere]));
        assert!(!runs("x", &[Context::Typing]) && !runs("x", &[Context::Confirm]));
    }
}
