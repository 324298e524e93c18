//! The desk's face: the terminal and what is drawn on it. The only place that knows ratatui.
//!
//! - [`run`] the loop · `terminal` taking the terminal and giving it back · [`backend`], `shown` few bytes
//! - [`draw`] state to cells · [`theme`] looks by meaning

pub mod backend;
pub mod draw;
mod editor;
pub mod run;
mod shown;
#[cfg(unix)]
mod terminal;
#[cfg(test)]
mod tests;
pub mod theme;

use crate::app::data::Failure;
use crate::app::settings::Settings;
use crate::app::{App, worker};
use crate::case::{Access, Case, config_folder};
use crate::jobs::{Cancel, Jobs};
use ratatui::Terminal;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

/// Opens the workbench on a case folder and stays until somebody leaves it. The error says what
/// failed, in words for the person who typed the path.
#[cfg(unix)]
pub fn open(folder: &Path) -> Result<(), String> {
    let access = if Case::can_be_written(folder) { Access::Write } else { Access::Read };
    let case = Case::open(folder, access).map_err(|error| error.to_string())?;
    desk(case).map_err(|error| error.to_string())
}

#[cfg(unix)]
fn desk(case: Case) -> io::Result<()> {
    use ratatui::backend::Backend;
    let settings = settings();
    let theme = theme::Theme::choose(settings.theme, |name| std::env::var(name).ok());
    let name = case.name();
    let can_write = case.can_write();
    // Before anything is asked for, so that nothing falls between.
    let pulse = case.pulse().unwrap_or_default();
    let tty = terminal::Tty::open(settings.mouse)?;
    let wake = tty.waker();
    let stands_alone = case.stands_alone();
    let case = Arc::new(Mutex::new(case));
    let jobs: run::Desk = Jobs::start(run::THREADS, wake, move || {
        let case = case.clone();
        // Each thread owns a handle of its own, where there can be several.
        let own = (!stands_alone).then(|| hold(&case).another());
        move |_, request, cancel: &Cancel| match &own {
            None => worker::answer(&hold(&case), request, cancel),
            Some(Ok(own)) => worker::answer(own, request, cancel),
            Some(Err(error)) => Err(Failure::new(error.to_string())),
        }
    })?;
    let size = tty.size()?;
    let mut app = App::new(&name, size.width, size.height);
    app.can_write = can_write;
    app.configure(&settings);
    app.editor = editor_of(|name| std::env::var(name).ok());
    app.opener = opener(settings.open, |name| std::env::var(name).ok());
    app.can_copy = terminal::may_copy(&std::env::var("TERM").unwrap_or_default());
    app.keep_up(pulse, settings.resume, !stands_alone);
    let mut terminal = Terminal::new(tty)?;
    // Not every terminal has another screen that is empty, and what is blank is known from here on.
    terminal.clear()?;
    run::run(&mut terminal, &mut app, &jobs, theme)
}

/// The one handle, as soon as nobody else has it.
#[cfg(unix)]
fn hold(case: &Mutex<Case>) -> MutexGuard<'_, Case> {
    case.lock().unwrap_or_else(|poisoned| {
        let case = poisoned.into_inner();
        case.abandon();
        case
    })
}

/// The program that shows originals: the one that was set, or what the system has where there is
/// a display. Over a plain connection there is none.
fn opener(set: Vec<String>, get: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    if !set.is_empty() {
        return Some(set);
    }
    let is_set = |name| get(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "macos") {
        let is_remote = is_set("SSH_CONNECTION");
        return (!is_remote).then(|| vec!["open".to_owned()]);
    }
    let has_display = is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
    let path = get("PATH").unwrap_or_default();
    let is_there = std::env::split_paths(&path).any(|folder| folder.join("xdg-open").is_file());
    (has_display && is_there).then(|| vec!["xdg-open".to_owned()])
}

/// The editor that somebody has set, with its arguments; `vi` where there is one and none is set.
fn editor_of(get: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    for name in ["VISUAL", "EDITOR"] {
        let words = get(name).map(|line| words(&line)).unwrap_or_default();
        if !words.is_empty() {
            return Some(words);
        }
    }
    let path = get("PATH").unwrap_or_default();
    let is_there = std::env::split_paths(&path).any(|folder| folder.join("vi").is_file());
    is_there.then(|| vec!["vi".to_owned()])
}

/// The words of a command line, with quotes and backslashes as a shell reads them. Nothing else in
/// it means anything: no shell runs it.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\\', None | Some('"')) => {
                word.get_or_insert_default().extend(chars.next());
            }
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Bytes of a file of settings.
const MOST_SETTINGS: u64 = 64 << 10;

/// What a person set in the configuration folder. A file that is not there sets nothing.
fn settings() -> Settings {
    let mut settings = Settings::default();
    let Ok(folder) = config_folder() else { return settings };
    type Read = fn(&mut Settings, &str);
    let files: [(&str, Read); 2] =
        [("keys.toml", Settings::read_keys), ("config.toml", Settings::read_config)];
    for (name, read) in files {
        match crate::files::text_at_most(&folder.join(name), MOST_SETTINGS) {
            Ok(text) => read(&mut settings, &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => settings.problems.push(format!("{name}: {error}")),
        }
    }
    settings.profile_folder = Some(folder.join("profiles"));
    settings
}

/// The terminal is spoken to as Unix terminals are.
#[cfg(not(unix))]
pub fn open(_folder: &Path) -> Result<(), String> {
    Err("the workbench runs on Unix terminals; every screen has a command, see casebook --help"
        .to_owned())
}

#[cfg(test)]
mod tests_of_words {
    use super::*;

    #[test]
    fn editors_have_arguments() {
        let check = |line: &str, expected: &[&str]| assert_eq!(words(line), expected, "{line}");
        check("vim", &["vim"]);
        check("code --wait  -n", &["code", "--wait", "-n"]);
        check("'/opt/my editor/e' \"a b\" c\\ d ''", &["/opt/my editor/e", "a b", "c d", ""]);
        check("", &[]);
        check("  ", &[]);
        check("e $(rm) ; x", &["e", "$(rm)", ";", "x"]);
    }

    #[test]
    fn visual_comes_before_editor() {
        let of = |visual: &str, editor: &str| {
            editor_of(|name| match name {
                "VISUAL" => Some(visual.to_owned()),
                "EDITOR" => Some(editor.to_owned()),
                _ => None,
            })
        };
        assert_eq!(of("nvim -p", "nano").unwrap(), ["nvim", "-p"]);
        assert_eq!(of(" ", "nano").unwrap(), ["nano"]);
        assert_eq!(of("", ""), None);
    }
}
