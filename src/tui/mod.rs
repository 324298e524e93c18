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
    app.opener = opener(settings.open, |name| std::env::var(name).ok());
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

/// What a person set in the configuration folder. A file that is not there sets nothing.
fn settings() -> Settings {
    let mut settings = Settings::default();
    let Ok(folder) = config_folder() else { return settings };
    type Read = fn(&mut Settings, &str);
    let files: [(&str, Read); 2] =
        [("keys.toml", Settings::read_keys), ("config.toml", Settings::read_config)];
    for (name, read) in files {
        match std::fs::read_to_string(folder.join(name)) {
            Ok(text) => read(&mut settings, &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => settings.problems.push(format!("{name}: {error}")),
        }
    }
    settings
}

/// The terminal is spoken to as Unix terminals are.
#[cfg(not(unix))]
pub fn open(_folder: &Path) -> Result<(), String> {
    Err("the workbench runs on Unix terminals; every screen has a command, see casebook --help"
        .to_owned())
}
