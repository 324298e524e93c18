//! A stage for the production loop: keys in, screens out.

use crate::app::App;
use crate::app::event::Event;
use crate::app::key::sequence;
use crate::jobs::Jobs;
use crate::tui::run::{Desk, Face, Woke, run};
use crate::tui::theme::Theme;
use crossbeam_channel::{Receiver, unbounded};
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, TestBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A screen in memory that is fed events, each after everything before it has settled.
pub struct Stage<'a> {
    screen: TestBackend,
    script: VecDeque<Event>,
    jobs: &'a Desk,
    woken: Receiver<()>,
    pub copied: Vec<String>,
    pub frames: usize,
}

impl Face for Stage<'_> {
    fn wait(&mut self, until: Option<Instant>) -> io::Result<Woke> {
        loop {
            if !self.jobs.answers().is_empty() {
                return Ok(Woke::Jobs);
            }
            if !self.jobs.is_busy() {
                break;
            }
            // Woken by the job, or soon anyway: the wake may have come before the answer was taken.
            let _ = self.woken.recv_timeout(Duration::from_millis(20));
        }
        // Time passes when nothing else is left to happen.
        if until.is_some() {
            return Ok(Woke::Due);
        }
        match self.script.pop_front() {
            Some(Event::Resize(width, height)) => {
                self.screen.resize(width, height);
                Ok(Woke::Event(Event::Resize(width, height)))
            }
            Some(event) => Ok(Woke::Event(event)),
            None => Ok(Woke::Closed),
        }
    }

    fn poll(&mut self) -> io::Result<Option<Event>> {
        Ok(None)
    }

    fn end_frame(&mut self) -> io::Result<()> {
        self.frames += 1;
        Ok(())
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.copied.push(text.to_owned());
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
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
    pub frames: usize,
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
    let (wake, woken) = unbounded();
    let wake = Arc::new(move || drop(wake.send(())));
    let jobs: Desk =
        Jobs::start(2, wake, || |_, request, _: &crate::jobs::Cancel| super::fake::answer(request))
            .unwrap();
    let stage = Stage {
        screen: TestBackend::new(width, height),
        script: script.into(),
        jobs: &jobs,
        woken,
        copied: Vec::new(),
        frames: 0,
    };
    let mut terminal = Terminal::new(stage).unwrap();
    let mut app = App::new("qinghe", width, height);
    run(&mut terminal, &mut app, &jobs, theme).unwrap();
    let stage = terminal.backend();
    let buffer = stage.screen.buffer();
    let mut screen = String::new();
    let mut looks = String::new();
    for y in 0..buffer.area.height {
        let mut skip = 0;
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            looks.push_str(&format!("{:?}{:?}{:?};", cell.fg, cell.bg, cell.modifier));
            if skip > 0 {
                skip -= 1;
                continue;
            }
            skip = crate::text::width::cluster(cell.symbol()).saturating_sub(1);
            screen.push_str(cell.symbol());
        }
        let end = screen.trim_end_matches(' ').len();
        screen.truncate(end);
        screen.push('\n');
    }
    let styles = blake3::hash(looks.as_bytes()).to_hex()[..16].to_owned();
    let position = stage.screen.cursor_position();
    let cursor = stage.screen.cursor_visible().then_some((position.x, position.y));
    let (copied, frames) = (stage.copied.clone(), stage.frames);
    Played { screen, styles, cursor, copied, frames, app }
}

macro_rules! forward {
    ($($name:ident($($arg:ident: $type:ty),*) -> $out:ty;)*) => {
        $(fn $name(&mut self, $($arg: $type),*) -> io::Result<$out> {
            match self.screen.$name($($arg),*) {
                Ok(out) => Ok(out),
                Err(never) => match never {},
            }
        })*
    };
}

impl Backend for Stage<'_> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        match self.screen.draw(content) {
            Ok(()) => Ok(()),
            Err(never) => match never {},
        }
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
        match self.screen.set_cursor_position(position) {
            Ok(()) => Ok(()),
            Err(never) => match never {},
        }
    }

    fn size(&self) -> io::Result<Size> {
        match self.screen.size() {
            Ok(size) => Ok(size),
            Err(never) => match never {},
        }
    }
}
