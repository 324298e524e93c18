//! A stage for the production loop: keys in, screens out.

use crate::app::App;
use crate::app::event::Event;
use crate::app::key::sequence;
use crate::jobs::Jobs;
use crate::tui::backend::LeanBackend;
use crate::tui::run::{Desk, Face, Woke, run};
use crate::tui::theme::Theme;
use crossbeam_channel::{Receiver, unbounded};
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use std::collections::VecDeque;
use std::io;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A terminal in memory that is fed events, each after everything before it has settled. What
/// reaches it are the bytes of the production backend.
pub struct Stage<'a> {
    backend: LeanBackend<Vec<u8>>,
    screen: vt100::Parser,
    script: VecDeque<Event>,
    jobs: &'a Desk,
    woken: Receiver<()>,
    pub copied: Vec<String>,
    /// Bytes of every frame that sent any.
    pub frames: Vec<usize>,
    /// Frames that had been sent when each event came.
    pub marks: Vec<usize>,
    /// All that was sent.
    pub sent: Vec<u8>,
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

impl Face for Stage<'_> {
    fn wait(&mut self, until: Option<Instant>) -> io::Result<Woke> {
        loop {
            // In this order: a job that ends in between has its answer at hand.
            let is_busy = self.jobs.is_busy();
            if !self.jobs.answers().is_empty() {
                return Ok(Woke::Jobs);
            }
            if !is_busy {
                break;
            }
            // Woken by the job, or soon anyway: the wake may have come before the answer was taken.
            let _ = self.woken.recv_timeout(Duration::from_millis(20));
        }
        // Time passes when nothing else is left to happen.
        if until.is_some() {
            return Ok(Woke::Due);
        }
        self.marks.push(self.frames.len());
        match self.script.pop_front() {
            Some(Event::Resize(width, height)) => {
                self.backend.resize(width, height);
                self.screen.screen_mut().set_size(cells(height), cells(width));
                Ok(Woke::Event(Box::new(Event::Resize(width, height))))
            }
            Some(event) => Ok(Woke::Event(Box::new(event))),
            None => Ok(Woke::Closed),
        }
    }

    fn poll(&mut self) -> io::Result<Option<Event>> {
        Ok(None)
    }

    fn is_free(&self) -> bool {
        true
    }

    fn end_frame(&mut self) -> io::Result<usize> {
        let bytes = self.backend.end_frame()?;
        let sent = std::mem::take(self.backend.out_mut());
        if !sent.is_empty() {
            self.frames.push(sent.len());
        }
        self.screen.process(&sent);
        self.sent.extend_from_slice(&sent);
        Ok(bytes)
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.copied.push(text.to_owned());
        Ok(())
    }

    fn launch(&mut self, program: &[String], file: &std::path::Path) -> io::Result<()> {
        self.copied.push(format!("{} {}", program.join(" "), file.display()));
        Ok(())
    }

    /// A program that puts its own name at the end of the text; `false` fails, `none` is not there.
    fn lend(
        &mut self,
        program: &[String],
        file: &std::path::Path,
    ) -> io::Result<Result<(), String>> {
        use std::io::Write;
        match program[0].as_str() {
            "none" => return Err(io::Error::from(io::ErrorKind::NotFound)),
            "false" => return Ok(Err("exit code 1".to_owned())),
            name => writeln!(std::fs::File::options().append(true).open(file)?, " {name}")?,
        }
        Ok(Ok(()))
    }

    fn suspend(&mut self) -> io::Result<bool> {
        Ok(true)
    }
}

/// How the play ended.
pub struct Played {
    pub app: App,
    pub screen: String,
    /// A digest of all styles, so that a change of looks is seen too.
    pub styles: String,
    pub cursor: Option<(u16, u16)>,
    pub copied: Vec<String>,
    pub frames: Vec<usize>,
    /// Frames that had been sent when each event came, and at the end.
    pub marks: Vec<usize>,
    pub sent: Vec<u8>,
}

/// Plays `keys` (one or sequences, separated by spaces; `"text"` is typed) to a desk on the fake
/// case.
pub fn play(width: u16, height: u16, theme: Theme, keys: &str) -> Played {
    play_events(width, height, theme, events(keys))
}

pub fn events(keys: &str) -> Vec<Event> {
    let mut events = Vec::new();
    for (number, part) in keys.split('"').enumerate() {
        if number % 2 == 1 {
            events.extend(part.chars().map(|c| Event::Key(crate::app::key::Key::char(c))));
        } else if !part.trim().is_empty() {
            events.extend(sequence(part).unwrap().into_iter().map(Event::Key));
        }
    }
    events
}

pub fn play_events(width: u16, height: u16, theme: Theme, script: Vec<Event>) -> Played {
    play_app(App::new("qinghe", width, height), theme, script)
}

pub fn play_app(mut app: App, theme: Theme, script: Vec<Event>) -> Played {
    let (width, height) = app.size;
    let (wake, woken) = unbounded();
    let wake = Arc::new(move || {
        let _ = wake.send(());
    });
    let journal = Arc::new(std::sync::Mutex::default());
    let jobs: Desk = Jobs::start(2, wake, move || {
        let journal = journal.clone();
        move |_, request, _: &crate::jobs::Cancel| super::fake::answer(request, &journal)
    })
    .unwrap();
    let stage = Stage {
        backend: LeanBackend::new(Vec::new(), width, height),
        screen: vt100::Parser::new(cells(height), cells(width), 0),
        script: script.into(),
        jobs: &jobs,
        woken,
        copied: Vec::new(),
        frames: Vec::new(),
        marks: Vec::new(),
        sent: Vec::new(),
    };
    let mut terminal = Terminal::new(stage).unwrap();
    run(&mut terminal, &mut app, &jobs, theme).unwrap();
    let stage = terminal.backend_mut();
    let shown = stage.screen.screen();
    let (height, width) = shown.size();
    let (height, width) = (height.get(), width.get());
    let mut screen = String::new();
    let mut looks = String::new();
    for (y, row) in (0..height).zip(shown.rows(0, width)) {
        screen.push_str(row.trim_end());
        screen.push('\n');
        for x in 0..width {
            let Some(cell) = shown.cell(y, x) else { continue };
            let (mut fg, bg) = (cell.fgcolor(), cell.bgcolor());
            let mut looks_of = [cell.bold(), cell.underline(), cell.inverse(), cell.dim()];
            if cell.contents().trim().is_empty() && !cell.inverse() {
                // Of letters that are not there nothing is seen.
                (fg, looks_of[0], looks_of[3]) = (vt100::Color::Default, false, false);
            }
            looks.push_str(&format!("{fg:?}{bg:?}{looks_of:?};"));
        }
    }
    let styles = blake3::hash(looks.as_bytes()).to_hex()[..16].to_owned();
    let (y, x) = shown.cursor_position();
    let cursor = (!shown.hide_cursor()).then_some((x, y));
    let (copied, frames) = (stage.copied.clone(), stage.frames.clone());
    let marks = stage.marks.clone();
    let sent = std::mem::take(&mut stage.sent);
    Played { screen, styles, cursor, copied, frames, marks, sent, app }
}

macro_rules! forward {
    ($($name:ident($($arg:ident: $type:ty),*) -> $out:ty;)*) => {
        $(fn $name(&mut self, $($arg: $type),*) -> io::Result<$out> {
            self.backend.$name($($arg),*)
        })*
    };
}

impl Backend for Stage<'_> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.backend.draw(content)
    }

    forward! {
        hide_cursor() -> ();
        show_cursor() -> ();
        get_cursor_position() -> Position;
        clear() -> ();
        clear_region(kind: ClearType) -> ();
        window_size() -> WindowSize;
        flush() -> ();
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.backend.set_cursor_position(position)
    }

    fn size(&self) -> io::Result<Size> {
        self.backend.size()
    }
}
