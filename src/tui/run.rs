//! The loop: wake up, take everything that has come, draw once.
//!
//! It is drawn at once when the line is free, and only after something came; without events
//! nothing runs. After a frame comes a pause that is as long as its bytes are many ([`pause`]), so
//! that a key that is held shows every step where a step is small, and a slow line is not fed more
//! than it carries.
//! The backend is also where events come from, so that tests drive this same loop with keys and
//! look at the screen.

use super::draw;
use super::theme::Theme;
use crate::app::App;
use crate::app::data::{Answer, Failure, Purpose, Request};
use crate::app::event::{Effect, Event, Outside};
use crate::app::outside;
use crate::jobs::Jobs;
use ratatui::Terminal;
use ratatui::backend::Backend;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The time from one frame to the next, at least: keys are not held faster than this.
const SHORTEST: Duration = Duration::from_millis(4);

/// The longest pause after a frame that the line took at once.
const LONGEST: Duration = Duration::from_millis(33);

/// The longest pause after a frame that the line took its time for.
const CHOKED: Duration = Duration::from_millis(250);

/// How long a line that is full is left alone.
const FULL: Duration = Duration::from_millis(20);

/// What is sent in one millisecond at most, over many frames.
const BYTES_A_MILLISECOND: u64 = 500;

/// The pause after a frame of so many bytes that took the line so long. Writing to a terminal that
/// keeps up takes microseconds; when it takes long, the line is choked and gets frames only half
/// of the time.
fn pause(bytes: usize, took: Duration) -> Duration {
    let by_size = Duration::from_micros(bytes as u64 * 1000 / BYTES_A_MILLISECOND);
    by_size.clamp(SHORTEST, LONGEST).max(took.min(CHOKED))
}

/// How long the keys must be quiet before margin and preview follow.
const REST: Duration = Duration::from_millis(100);

/// Threads that answer: the list, the reader and a long search do not wait for each other, and one
/// is always on the watch for what others do.
pub const THREADS: usize = 4;

/// The jobs of the desk.
pub type Desk = Jobs<Purpose, Request, Result<Answer, Failure>>;

/// Why waiting ended.
#[derive(Debug)]
pub enum Woke {
    Event(Box<Event>),
    /// A job has ended.
    Jobs,
    /// The time is up.
    Due,
    /// There will be no more events.
    Closed,
}

/// A screen that one can also hear from.
pub trait Face: Backend<Error = io::Error> {
    /// Waits for an event or a job, until `until` if there is such a time.
    fn wait(&mut self, until: Option<Instant>) -> io::Result<Woke>;
    /// The next event that is there already.
    fn poll(&mut self) -> io::Result<Option<Event>>;
    /// The frame is complete; gives the bytes that it came to.
    fn end_frame(&mut self) -> io::Result<usize>;
    /// Whether the line takes more now.
    fn is_free(&self) -> bool;
    fn copy(&mut self, text: &str) -> io::Result<()>;
    /// Starts a program with a file, and does not wait for it.
    fn launch(&mut self, program: &[String], file: &Path) -> io::Result<()>;
    /// Gives the terminal to a program with a file, waits for it, and takes it again. Whether it
    /// ended well; its exit code or signal in words where not.
    fn lend(&mut self, program: &[String], file: &Path) -> io::Result<Result<(), String>>;
    /// Gives the terminal back, stops the process, and takes the terminal again. Does nothing, and
    /// says so, where nobody could continue it.
    fn suspend(&mut self) -> io::Result<bool>;
}

/// Runs the desk until somebody quits. However it ends, what was decided is written.
pub fn run<F: Face>(
    terminal: &mut Terminal<F>,
    app: &mut App,
    jobs: &Desk,
    theme: Theme,
) -> io::Result<()> {
    // After a panic as well: it must not cost what somebody decided before it.
    let ended = catch_unwind(AssertUnwindSafe(|| turns(terminal, app, jobs, theme)));
    let is_whole = matches!(ended, Ok(Ok(())));
    if app.is_writing() || !is_whole {
        let _ = catch_unwind(AssertUnwindSafe(|| finish(app, jobs)));
    }
    ended.unwrap_or_else(|panic| resume_unwind(panic))
}

/// Longest wait for one act when the desk is gone already: as long as the case waits for another
/// writer, and some.
const LAST_ACT: Duration = Duration::from_secs(12);

/// Writes what is still on its way, without a screen.
fn finish(app: &mut App, jobs: &Desk) {
    let mut effects = app.handle(Event::Terminate);
    while app.is_writing() {
        for effect in effects.drain(..) {
            if let Effect::Ask(purpose @ Purpose::Act, request) = effect {
                jobs.ask(purpose, request);
            }
        }
        let Ok(done) = jobs.answers().recv_timeout(LAST_ACT) else { return };
        if let Some((purpose @ Purpose::Act, result)) = jobs.accept(done) {
            effects = app.handle(Event::Answer(purpose, Box::new(result)));
        }
    }
}

fn turns<F: Face>(
    terminal: &mut Terminal<F>,
    app: &mut App,
    jobs: &Desk,
    theme: Theme,
) -> io::Result<()> {
    let mut turn = Turn {
        jobs,
        rest: None,
        dwell: None,
        keep: None,
        written: None,
        launch_failed: None,
        opened: Opened::default(),
        is_dirty: true,
        is_over: false,
    };
    let effects = app.begin();
    turn.perform(terminal, app, effects)?;
    let mut next_frame: Option<Instant> = None;
    while !turn.is_over {
        if turn.is_dirty && next_frame.is_none_or(|due| due <= Instant::now()) {
            if terminal.backend().is_free() {
                terminal.draw(|frame| draw::screen(frame, app, theme))?;
                let begun = Instant::now();
                let bytes = terminal.backend_mut().end_frame()?;
                turn.is_dirty = false;
                next_frame = Some(Instant::now() + pause(bytes, begun.elapsed()));
            } else {
                next_frame = Some(Instant::now() + FULL);
            }
            continue;
        }
        let frame_due = next_frame.filter(|_| turn.is_dirty);
        let until = [frame_due, turn.rest, turn.dwell, turn.keep].into_iter().flatten().min();
        match terminal.backend_mut().wait(until)? {
            Woke::Event(event) => turn.take(terminal, app, *event)?,
            Woke::Jobs => {}
            Woke::Due if frame_due.is_some() && frame_due == until => next_frame = None,
            Woke::Due if turn.rest.is_some() && turn.rest == until => {
                turn.rest = None;
                turn.take(terminal, app, Event::Rested)?;
            }
            Woke::Due if turn.keep.is_some() && turn.keep == until => {
                turn.keep = None;
                let effects = app.handle(Event::Due);
                turn.perform(terminal, app, effects)?;
            }
            Woke::Due => {
                turn.dwell = None;
                // Nothing on the screen changes by being looked at.
                let effects = app.handle(Event::Dwelt);
                turn.perform(terminal, app, effects)?;
            }
            Woke::Closed => return Ok(()),
        }
        while !turn.is_over
            && let Some(event) = terminal.backend_mut().poll()?
        {
            turn.take(terminal, app, event)?;
        }
        while let Ok(done) = jobs.answers().try_recv() {
            if let Some((purpose, result)) = jobs.accept(done) {
                turn.take(terminal, app, Event::Answer(purpose, Box::new(result)))?;
            }
        }
    }
    Ok(())
}

struct Turn<'a> {
    jobs: &'a Desk,
    /// When the keys will have been quiet for long enough.
    rest: Option<Instant>,
    /// What became of a text that another program was given.
    written: Option<Outside>,
    /// When what is shown will have stood for long enough.
    dwell: Option<Instant>,
    /// When the place is kept that somebody is at.
    keep: Option<Instant>,
    /// Why a program could not be started.
    launch_failed: Option<Failure>,
    opened: Opened,
    /// Something came since the last frame.
    is_dirty: bool,
    is_over: bool,
}

/// Folders with copies that other programs were given: removed when the desk is left, however.
#[derive(Default)]
struct Opened(Vec<PathBuf>);

impl Drop for Opened {
    fn drop(&mut self) {
        for folder in &self.0 {
            // Nobody is left to be told, and the folder is private.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

impl Turn<'_> {
    fn take<F: Face>(
        &mut self,
        terminal: &mut Terminal<F>,
        app: &mut App,
        event: Event,
    ) -> io::Result<()> {
        self.is_dirty = true;
        #[cfg(debug_assertions)]
        injected_panic(&event);
        let effects = app.handle(event);
        self.perform(terminal, app, effects)?;
        if let Some(failure) = self.launch_failed.take() {
            app.handle(Event::Answer(Purpose::Original, Box::new(Ok(Err(failure)))));
        }
        while let Some(outside) = self.written.take() {
            let effects = app.handle(Event::Written(outside));
            self.perform(terminal, app, effects)?;
        }
        Ok(())
    }

    fn perform<F: Face>(
        &mut self,
        terminal: &mut Terminal<F>,
        app: &mut App,
        effects: Vec<Effect>,
    ) -> io::Result<()> {
        for effect in effects {
            match effect {
                Effect::Ask(purpose, request) => self.jobs.ask(purpose, request),
                Effect::Cancel(purpose) => self.jobs.cancel(purpose),
                Effect::Launch { program, copied } => {
                    self.opened.0.push(copied.folder);
                    if let Err(error) = terminal.backend_mut().launch(&program, &copied.file) {
                        let failure = format!("{} did not start: {error}", program.join(" "));
                        self.launch_failed = Some(Failure::new(failure));
                    }
                }
                Effect::Write { program, name, text } => {
                    let backend = terminal.backend_mut();
                    let lend = |file: &Path| backend.lend(&program, file);
                    self.written = Some(outside::write(&program, &name, &text, lend));
                    terminal.clear()?;
                }
                Effect::Rest => self.rest = Some(Instant::now() + REST),
                Effect::Dwell(time) => self.dwell = Some(Instant::now() + time),
                Effect::Keep(time) => {
                    self.keep.get_or_insert_with(|| Instant::now() + time);
                }
                Effect::Copy(text) => terminal.backend_mut().copy(&text)?,
                Effect::Suspend => {
                    if !terminal.backend_mut().suspend()? {
                        app.say(
                            "no shell waits behind this terminal: nothing could wake it",
                            false,
                        );
                    }
                    terminal.clear()?;
                }
                Effect::Redraw => terminal.clear()?,
                Effect::Quit => self.is_over = true,
            }
        }
        Ok(())
    }
}

/// For the test of what a panic leaves behind; not in what people run.
#[cfg(debug_assertions)]
fn injected_panic(event: &Event) {
    let is_key = matches!(event, Event::Key(key) if key.to_string() == "f12");
    assert!(!is_key || std::env::var_os("CASEBOOK_TEST_PANIC").is_none(), "injected");
}
