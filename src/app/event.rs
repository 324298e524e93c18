//! Every reason why the program wakes up, and everything it then wants done.

use super::data::{Answer, Failure, Purpose, Request};
use super::key::Key;
use super::outside::Copied;
use std::time::Duration;

/// Why the program woke up. Closed: there is no other reason.
#[derive(Clone, Debug)]
pub enum Event {
    Key(Key),
    /// Text that the terminal pasted.
    Paste(String),
    /// Cells across and down.
    Resize(u16, u16),
    Click {
        x: u16,
        y: u16,
    },
    /// The mouse moved with its button pressed.
    Drag {
        x: u16,
        y: u16,
    },
    /// Lines, negative for up.
    Wheel {
        x: u16,
        y: u16,
        by: i64,
    },
    /// What became of a note in the program outside.
    Written(Outside),
    /// A job ended. The outer error is a panic.
    Answer(Purpose, Box<Result<Result<Answer, Failure>, String>>),
    /// The keyboard was quiet for a moment after [`Effect::Rest`].
    Rested,
    /// As long as [`Effect::Dwell`] said has passed, and nothing else was asked for since.
    Dwelt,
    /// As long as [`Effect::Keep`] said has passed.
    Due,
    /// The terminal is gone or the system wants the program to end.
    Terminate,
    /// The program was stopped and goes on; the screen must be drawn anew.
    Continued,
}

/// What became of a text in a program outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outside {
    Text(String),
    /// It did not start or failed, in words; the text is what it was.
    Failed(String),
}

/// What the program wants done. Data, so that a test can look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    Ask(Purpose, Request),
    Cancel(Purpose),
    /// Give the terminal to a program that a text is written in, and send [`Event::Written`] when
    /// it has ended.
    Write {
        program: Vec<String>,
        /// Of the file, without its ending.
        name: String,
        text: String,
    },
    /// Send [`Event::Rested`] once nothing was pressed for a short while.
    Rest,
    /// Send [`Event::Dwelt`] after this long; replaces what was asked for before.
    Dwell(Duration),
    /// Send [`Event::Due`] after this long, unless that is on its way already.
    Keep(Duration),
    /// Put this on the clipboard.
    Copy(String),
    /// Hand a copy of an original to another program.
    Launch {
        program: Vec<String>,
        copied: Copied,
    },
    /// Give the terminal back and stop until the shell says otherwise.
    Suspend,
    /// Draw everything anew, whatever the terminal is thought to show.
    Redraw,
    Quit,
}
