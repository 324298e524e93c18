//! The desk's face: the terminal and what is drawn on it. The only place that knows ratatui.
//!
//! - [`run`] the loop · `terminal` taking the terminal and giving it back · [`backend`] few bytes
//! - [`draw`] state to cells · [`theme`] looks by meaning

pub mod backend;
pub mod draw;
mod editor;
pub mod run;
#[cfg(unix)]
mod terminal;
#[cfg(test)]
mod tests;
pub mod theme;

use crate::app::data::Failure;
use crate::app::{App, worker};
use crate::case::{Access, Case};
use crate::jobs::{Cancel, Jobs};
use ratatui::Terminal;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

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
    let theme = theme::Theme::from_env(|name| std::env::var(name).ok());
    let name = case.name();
    let can_write = case.can_write();
    let tty = terminal::Tty::open()?;
    let wake = tty.waker();
    let case = Arc::new(Mutex::new(case));
    let jobs: run::Desk = Jobs::start(run::THREADS, wake, move || {
        // Each thread owns a handle of its own; this one is only there to make them.
        let own = case.lock().unwrap_or_else(PoisonError::into_inner).another();
        move |_, request, cancel: &Cancel| match &own {
            Ok(case) => worker::answer(case, request, cancel),
            Err(error) => Err(Failure::new(error.to_string())),
        }
    })?;
    let size = tty.size()?;
    let mut app = App::new(&name, size.width, size.height);
    app.can_write = can_write;
    let mut terminal = Terminal::new(tty)?;
    run::run(&mut terminal, &mut app, &jobs, theme)
}

/// The terminal is spoken to as Unix terminals are.
#[cfg(not(unix))]
pub fn open(_folder: &Path) -> Result<(), String> {
    Err("the workbench runs on Unix terminals; every screen has a command, see casebook --help"
        .to_owned())
}
