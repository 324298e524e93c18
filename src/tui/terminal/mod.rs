//! The terminal itself: taking it, giving it back whatever happens, and hearing from it.
//!
//! One thread and one place to wait: the keyboard, ended jobs and signals all end the same
//! `poll`. There is no thread that reads keys, so nothing competes for the keyboard while the
//! terminal is lent to somebody else.

mod keys;
mod process;
mod signals;

use super::backend::LeanBackend;
use super::run::{Face, Woke};
use crate::app::event::Event;
use crate::jobs::Wake;
use base64::Engine;
use crossterm::event as term;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::SIGTSTP;
use signals::Signals;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Stdout, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Another screen, pasted text marked as such.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h";
/// Clicks, drags and the wheel.
const MOUSE: &[u8] = b"\x1b[?1002h\x1b[?1006h";
/// Cleared as well: a terminal without another screen would keep the picture under the shell.
const LEAVE: &[u8] =
    b"\x1b[m\x1b[H\x1b[J\x1b[?1006l\x1b[?1002l\x1b[?2004l\x1b[?2026l\x1b[?25h\x1b[?1049l";

/// How long after its terminal went away the desk may still be writing down what was decided.
const GRACE: Duration = Duration::from_secs(60);

pub struct Tty {
    backend: LeanBackend<Stdout>,
    keyboard: OwnedFd,
    woken: UnixStream,
    wake: Arc<UnixStream>,
    signals: Signals,
    is_ours: Arc<AtomicBool>,
    mouse: bool,
    /// It was said that the terminal went away.
    was_gone: bool,
}

/// Ends the process some time after its terminal went away, should it still be there. The library
/// under us reads a terminal for ever that goes away while it reads: a dropped line must not leave a
/// process behind that spins.
fn end_without_terminal(keyboard: OwnedFd) -> io::Result<()> {
    let watch = move || {
        let mut fds = [PollFd::from_borrowed_fd(keyboard.as_fd(), PollFlags::empty())];
        // Only that it is gone wakes this.
        loop {
            match poll(&mut fds, None) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => break,
                // What cannot be asked is not watched.
                Err(_) => return,
            }
        }
        std::thread::sleep(GRACE);
        // What a shell says of a program that SIGHUP ended.
        std::process::exit(129);
    };
    std::thread::Builder::new().name("line".to_owned()).spawn(watch).map(drop)
}

impl Tty {
    /// Takes the terminal. It is given back when this is dropped, and before a panic is printed.
    /// With `mouse`, clicks and the wheel come here and not to the terminal's own selection.
    pub fn open(mouse: bool) -> io::Result<Tty> {
        if !io::stdout().is_terminal() {
            return Err(io::Error::other(
                "the desk needs a terminal; see casebook --help for the rest",
            ));
        }
        let keyboard = if io::stdin().is_terminal() {
            io::stdin().as_fd().try_clone_to_owned()?
        } else {
            File::open("/dev/tty")?.into()
        };
        let (woken, wake) = UnixStream::pair()?;
        woken.set_nonblocking(true)?;
        wake.set_nonblocking(true)?;
        let signals = Signals::catch(&wake)?;
        end_without_terminal(keyboard.try_clone()?)?;
        let is_ours = Arc::new(AtomicBool::new(false));
        give_back_on_panic(is_ours.clone());
        let (width, height) = size();
        let mut backend = LeanBackend::new(io::stdout(), width, height);
        if !erases(&std::env::var("TERM").unwrap_or_default()) {
            backend = backend.without_erasing();
        }
        let mut tty = Tty {
            backend,
            keyboard,
            woken,
            wake: Arc::new(wake),
            signals,
            is_ours,
            mouse,
            was_gone: false,
        };
        tty.enter()?;
        Ok(tty)
    }

    /// What ends the wait of this terminal, from any thread.
    pub fn waker(&self) -> Wake {
        let wake = self.wake.clone();
        // A full pipe wakes just as well.
        Arc::new(move || {
            let _ = (&*wake).write(&[0]);
        })
    }

    /// Takes the terminal after a stop, whatever mode it was left in.
    fn take_again(&mut self) -> io::Result<()> {
        // What is thought to be raw is not set once more: it is given back first.
        give_back(&self.is_ours);
        self.enter()?;
        let (width, height) = size();
        self.fit(width, height);
        self.signals.goes_on.store(false, Ordering::SeqCst);
        Ok(())
    }

    fn enter(&mut self) -> io::Result<()> {
        self.is_ours.store(true, Ordering::SeqCst);
        crossterm::terminal::enable_raw_mode()?;
        self.backend.forget();
        let mut out = io::stdout();
        out.write_all(ENTER)?;
        if self.mouse {
            out.write_all(MOUSE)?;
        }
        out.flush()
    }

    /// The event that a signal asks for.
    fn signalled(&mut self) -> Option<Event> {
        for flag in [&self.signals.end, &self.signals.interrupt] {
            if flag.swap(false, Ordering::SeqCst) {
                return Some(Event::Terminate);
            }
        }
        if self.signals.stop.swap(false, Ordering::SeqCst) {
            return match self.suspend() {
                Ok(true) => Some(Event::Continued),
                Ok(false) => None,
                Err(_) => Some(Event::Terminate),
            };
        }
        if self.signals.goes_on.swap(false, Ordering::SeqCst) {
            return match self.take_again() {
                Ok(()) => Some(Event::Continued),
                Err(_) => Some(Event::Terminate),
            };
        }
        if self.signals.size.swap(false, Ordering::SeqCst) {
            // Asked for here and not left to the library, which listens only after its first poll.
            let (width, height) = size();
            if self.backend.size().is_ok_and(|known| (known.width, known.height) != (width, height))
            {
                self.fit(width, height);
                return Some(Event::Resize(width, height));
            }
        }
        None
    }

    /// The other end of the terminal was closed.
    fn is_gone(&self) -> bool {
        let mut keyboard = [PollFd::from_borrowed_fd(self.keyboard.as_fd(), PollFlags::IN)];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
        poll(&mut keyboard, Some(&now)).is_ok() && keyboard[0].revents().intersects(gone)
    }

    fn fit(&mut self, width: u16, height: u16) {
        self.backend.resize(width, height);
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        give_back(&self.is_ours);
        for id in self.signals.ids.drain(..) {
            signal_hook::low_level::unregister(id);
        }
    }
}

/// Gives the terminal back, if it is ours. Cannot fail: where even this cannot be written,
/// nobody is there to see it.
fn give_back(is_ours: &AtomicBool) {
    if is_ours.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout();
        let _ = out.write_all(LEAVE);
        let _ = out.flush();
        let _ = crossterm::terminal::disable_raw_mode();
    }
}

fn give_back_on_panic(is_ours: Arc<AtomicBool>) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // A job's panic is caught and shown on the screen; printed, it would tear the picture.
        let is_job = std::thread::current().name().is_some_and(|name| name.starts_with("job "));
        if is_job && is_ours.load(Ordering::SeqCst) {
            return;
        }
        give_back(&is_ours);
        before(panic);
    }));
}

/// Whether a terminal erases cells by ECH: the VT220 brought it.
fn erases(term: &str) -> bool {
    !["vt100", "vt102", "vt52", "ansi", "dumb"].iter().any(|old| term.starts_with(old))
}

/// Whether a terminal may take what is copied (OSC 52). Only of some it is known that they cannot;
/// on the console of Linux it is no sequence at all.
pub fn may_copy(term: &str) -> bool {
    !["linux", "vt100", "vt102", "vt220", "vt52", "ansi", "dumb"].contains(&term)
}

fn size() -> (u16, u16) {
    match crossterm::terminal::size() {
        Ok((width, height)) if width > 0 && height > 0 => (width, height),
        _ => (80, 24),
    }
}

impl Face for Tty {
    fn wait(&mut self, until: Option<Instant>) -> io::Result<Woke> {
        if let Some(event) = self.poll()? {
            return Ok(Woke::Event(Box::new(event)));
        }
        let timeout = until.map(|until| until.saturating_duration_since(Instant::now()));
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        let fd: BorrowedFd<'_> = self.keyboard.as_fd();
        let mut fds = [
            PollFd::from_borrowed_fd(fd, PollFlags::IN),
            PollFd::from_borrowed_fd(self.woken.as_fd(), PollFlags::IN),
        ];
        // A terminal that is gone is always ready to say so: only jobs are waited for then.
        let fds = if self.was_gone { &mut fds[1..] } else { &mut fds[..] };
        match poll(fds, timeout.as_ref()) {
            Ok(0) => return Ok(Woke::Due),
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let woken = fds.last().map_or(PollFlags::empty(), PollFd::revents);
        if woken.contains(PollFlags::IN) {
            let mut bytes = [0; 256];
            while matches!((&self.woken).read(&mut bytes), Ok(count) if count == bytes.len()) {}
        }
        if let Some(event) = self.poll()? {
            return Ok(Woke::Event(Box::new(event)));
        }
        Ok(Woke::Jobs)
    }

    fn poll(&mut self) -> io::Result<Option<Event>> {
        if let Some(event) = self.signalled() {
            return Ok(Some(event));
        }
        // The library under us reads a terminal that is gone for ever and a day.
        if self.is_gone() {
            return Ok((!std::mem::replace(&mut self.was_gone, true)).then_some(Event::Terminate));
        }
        while term::poll(std::time::Duration::ZERO)? {
            let event = keys::translate(term::read()?);
            if let Some(Event::Resize(width, height)) = event {
                self.fit(width, height);
            }
            if event.is_some() {
                return Ok(event);
            }
        }
        Ok(None)
    }

    fn end_frame(&mut self) -> io::Result<usize> {
        self.backend.end_frame()
    }

    fn is_free(&self) -> bool {
        let out = io::stdout();
        let mut line = [PollFd::from_borrowed_fd(out.as_fd(), PollFlags::OUT)];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        // What cannot be asked is found out by writing.
        !matches!(poll(&mut line, Some(&now)), Ok(0))
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        let code = base64::engine::general_purpose::STANDARD.encode(text);
        self.backend.send(format!("\x1b]52;c;{code}\x07").as_bytes());
        Ok(())
    }

    fn launch(&mut self, program: &[String], file: &Path) -> io::Result<()> {
        process::launch(program, file)
    }

    fn lend(&mut self, program: &[String], file: &Path) -> io::Result<Result<(), String>> {
        give_back(&self.is_ours);
        let ended = process::wait_for(program, file);
        self.enter()?;
        let (width, height) = size();
        self.fit(width, height);
        // What was meant for that program: its interrupts and stops.
        for flag in [&self.signals.interrupt, &self.signals.stop, &self.signals.goes_on] {
            flag.store(false, Ordering::SeqCst);
        }
        ended
    }

    fn suspend(&mut self) -> io::Result<bool> {
        if process::is_orphaned() {
            return Ok(false);
        }
        give_back(&self.is_ours);
        signal_hook::low_level::emulate_default_handler(SIGTSTP)?;
        self.take_again()?;
        Ok(true)
    }
}

impl Backend for Tty {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.backend.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.backend.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.backend.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.backend.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.backend.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.backend.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.backend.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.backend.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.backend.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.backend.flush()
    }
}
