//! The keys of where one is, as lines of any width.

use super::commands::{COMMANDS, Command, Context};
use super::key::short;
use super::keymap::Keymap;
use super::line::{Line, Role};
use super::reader::compose::{self, Hits};
use crate::text::width;
use crate::text::wrap::Measure;

/// Lines of the help: commands that mean something here, then those that always do.
/// What cannot be done now is left out. Nothing is cut: what does not fit goes on in the next row.
pub fn lines(
    filter: &str,
    contexts: &[Context],
    keymap: &Keymap,
    cells: usize,
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
                    || has_keys(command, keymap, &needle)
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
            push(&mut lines, command, &keys_of(command, keymap), cells);
        }
    }
    if lines.is_empty() {
        lines.push(Line::of(
            "no key of where you are says this; : searches all commands",
            Role::Dim,
        ));
    }
    lines
}

/// The rows of one command: keys, what it does, its name.
fn push(lines: &mut Vec<Line>, command: &Command, keys: &str, cells: usize) {
    let column = (cells / 4).clamp(8, 22);
    let measure = Measure::text(cells.saturating_sub(column + 1).max(8));
    let rows = |text: &str, role| compose::rows(text, measure, Hits::default(), role, usize::MAX).0;
    let mut right = rows(command.doc, Role::Text);
    let name = rows(command.name, Role::Dim);
    match (right.last_mut(), name.as_slice()) {
        (Some(last), [name]) if last.width() + 2 + name.width() + column < cells => {
            last.push("  ", Role::Text);
            last.push(command.name, Role::Dim);
        }
        _ => right.extend(name),
    }
    let left = Measure::text(column);
    let left = compose::rows(keys, left, Hits::default(), Role::Key, usize::MAX).0;
    for number in 0..left.len().max(right.len()) {
        let mut line = left.get(number).cloned().unwrap_or_default();
        let missing = column.saturating_sub(line.width()) + 1;
        line.push(" ".repeat(missing), Role::Text);
        if let Some(row) = right.get(number) {
            for span in &row.spans {
                line.push(span.text(), span.role());
            }
        }
        lines.push(line);
    }
}

/// All keys of a command, as the help writes them.
pub fn keys_of(command: &Command, keymap: &Keymap) -> String {
    keymap.keys(command.name).map(short).collect::<Vec<_>>().join(", ")
}

/// Whether one of the keys is written so, with blanks or without.
fn has_keys(command: &Command, keymap: &Keymap, needle: &str) -> bool {
    let mut keys = keymap.keys(command.name).map(|keys| short(keys).to_lowercase());
    keys.any(|keys| keys.contains(needle) || keys.replace(' ', "").contains(needle))
}

/// What may follow on the keys that were pressed: a row each.
pub fn following(app: &super::App) -> Vec<Line> {
    let may_run = |command: &Command| app.may_run(command);
    let found = app.keymap.following(&app.pending, &app.contexts(), may_run);
    let column = found.iter().map(|(keys, _)| width::of(&short(keys))).max().unwrap_or(0);
    found
        .into_iter()
        .map(|(keys, command)| {
            let keys = width::pad(&short(&keys), column);
            Line::of(keys, Role::Key).and("  ", Role::Text).and(command.doc, Role::Text)
        })
        .collect()
}

/// That so many rows of what may follow have no room, and where all of them are listed.
pub fn more(app: &super::App, hidden: usize) -> Line {
    let key = app.first_key("help");
    Line::of(format!("… {hidden} more: esc {key}"), Role::Dim)
}

/// The table of keys for the README, as Markdown.
pub fn markdown() -> String {
    let keymap = Keymap::default();
    let mut text = "| keys | command | what it does | where |\n|---|---|---|---|\n".to_owned();
    for command in COMMANDS {
        let keys: Vec<String> = keymap
            .keys(command.name)
            .map(|keys| {
                let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
                match keys.join(" ") {
                    // A backtick is written between two.
                    keys if keys.contains('`') => format!("`` {keys} ``"),
                    keys => format!("`{}`", keys.replace('|', "\\|")),
                }
            })
            .collect();
        text.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            keys.join(" "),
            command.name,
            command.doc,
            command.places()
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `UPDATE_README=1 cargo test --lib readme` writes it anew.
    #[test]
    fn the_readme_has_the_keys_of_the_table() {
        const START: &str = "<!-- keys: made from the table of commands -->\n";
        const END: &str = "<!-- end of keys -->";
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
        let readme = std::fs::read_to_string(path).unwrap();
        let (before, rest) = readme.split_once(START).unwrap();
        let (found, after) = rest.split_once(END).unwrap();
        let expected = format!("\n{}\n", markdown());
        if std::env::var_os("UPDATE_README").is_some() {
            std::fs::write(path, format!("{before}{START}{expected}{END}{after}")).unwrap();
            return;
        }
        assert!(found == expected, "the keys in README.md are stale: UPDATE_README=1 writes them");
    }

    fn plain(cells: usize, filter: &str) -> Vec<String> {
        let keymap = Keymap::default();
        let contexts = [Context::Reader, Context::Anywhere];
        let lines = lines(filter, &contexts, &keymap, cells, |_| true);
        lines.iter().map(Line::plain).collect()
    }

    #[test]
    fn nothing_is_cut_however_narrow_it_is() {
        for cells in [38, 60, 82] {
            let lines = plain(cells, "");
            assert!(lines.iter().all(|line| width::of(line) <= cells), "{lines:#?}");
            let words: String = lines.join(" ");
            let words: Vec<&str> = words.split_whitespace().collect();
            let is_here = |command: &&Command| {
                command.contexts.iter().any(|c| matches!(c, Context::Reader | Context::Anywhere))
            };
            for command in COMMANDS.iter().filter(is_here) {
                assert!(words.contains(&command.name), "{} at {cells}", command.name);
                for word in command.doc.split_whitespace() {
                    assert!(words.contains(&word), "{word:?} of {} at {cells}", command.name);
                }
            }
        }
    }

    #[test]
    fn a_filter_leaves_what_it_finds() {
        let all = plain(82, "");
        let some = plain(82, "occurrence");
        assert!(some.len() < all.len() && some.iter().any(|line| line.contains("next-hit")));
    }
}
