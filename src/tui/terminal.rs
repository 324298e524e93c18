//! The terminal itself: taking it, giving it back whatever happens, and hearing from it.
//!
//! One thread and one place to wait: the keyboard, ended jobs and signals all end the same
//! `poll`. There is no thread that reads keys, so nothing competes for the keyboard while the
//! terminal is lent to somebody else.

use super::backend::LeanBackend;
use super::run::{Face, Woke};
use crate::app::event::Event;
use crate::app::key::{Code, Key};
use crate::jobs::Wake;
use crossterm::event::{
    self as term, KeyCode, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
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

struct Signals {
    end: Arc<AtomicBool>,
    interrupt: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    /// It goes on: after a stop that nobody could catch, the shell has set the terminal its way.
    goes_on: Arc<AtomicBool>,
    size: Arc<AtomicBool>,
    ids: Vec<signal_hook::SigId>,
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

impl Signals {
    fn catch(wake: &UnixStream) -> io::Result<Signals> {
        let mut signals = Signals {
            end: Arc::default(),
            interrupt: Arc::default(),
            stop: Arc::default(),
            goes_on: Arc::default(),
            size: Arc::default(),
            ids: Vec::new(),
        };
        let flags = [
            (SIGHUP, &signals.end),
            (SIGTERM, &signals.end),
            (SIGINT, &signals.interrupt),
            (SIGTSTP, &signals.stop),
            (SIGCONT, &signals.goes_on),
            (SIGWINCH, &signals.size),
        ];
        for (signal, flag) in flags {
            signals.ids.push(signal_hook::flag::register(signal, flag.clone())?);
            signals.ids.push(signal_hook::low_level::pipe::register(signal, wake.try_clone()?)?);
        }
        Ok(signals)
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
            let event = translate(term::read()?);
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
        let code = base64(text.as_bytes());
        self.backend.send(format!("\x1b]52;c;{code}\x07").as_bytes());
        Ok(())
    }

    fn launch(&mut self, program: &[String], file: &Path) -> io::Result<()> {
        use std::os::unix::process::CommandExt;
        use std::process::{Command, Stdio};
        let Some((name, arguments)) = program.split_first() else { return Ok(()) };
        // In a group of its own, so that it survives what happens to this terminal; without our
        // input and output, so that it cannot write on the screen.
        let mut child = Command::new(name)
            .args(arguments)
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        std::thread::Builder::new().name("opened".to_owned()).spawn(move || child.wait())?;
        Ok(())
    }

    fn lend(&mut self, program: &[String], file: &Path) -> io::Result<Result<(), String>> {
        give_back(&self.is_ours);
        let ended = wait_for(program, file);
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
        if is_orphaned() {
            return Ok(false);
        }
        give_back(&self.is_ours);
        signal_hook::low_level::emulate_default_handler(SIGTSTP)?;
        self.take_again()?;
        Ok(true)
    }
}

/// Whether nobody in this session could continue us when we are stopped: no process above us has
/// another group, as where `ssh -t` or a window of tmux runs the program itself. The kernel calls
/// such a group orphaned, and does not stop it from the keyboard either (POSIX, 2.4.3).
fn is_orphaned() -> bool {
    use rustix::process::{Pid, getpgid, getpgrp, getppid, getsid};
    let Ok(session) = getsid(None) else { return false };
    let mut above = getppid();
    while let Some(parent) = above {
        match (getsid(Some(parent)), getpgid(Some(parent))) {
            (Ok(theirs), _) if theirs != session => return true,
            (Ok(_), Ok(group)) if group != getpgrp() => return false,
            (Ok(_), Ok(_)) => {}
            // It is gone, or hidden from us: as if there were a shell.
            _ => return false,
        }
        let stat = std::fs::read_to_string(format!("/proc/{parent}/stat"));
        let Ok(stat) = stat else { return false };
        // Behind the name, which may hold anything: state and parent.
        let behind = stat.rsplit(')').next().unwrap_or_default();
        let number = behind.split_whitespace().nth(1).and_then(|number| number.parse().ok());
        above = number.and_then(Pid::from_raw);
    }
    true
}

/// Runs a program in the foreground. When it is stopped from the keyboard, so are we: the shell
/// continues both.
fn wait_for(program: &[String], file: &Path) -> io::Result<Result<(), String>> {
    use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
    let Some((name, arguments)) = program.split_first() else {
        return Err(io::Error::from(io::ErrorKind::NotFound));
    };
    let child = std::process::Command::new(name).args(arguments).arg(file).spawn()?;
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    loop {
        match waitpid(id, WaitOptions::UNTRACED) {
            Err(rustix::io::Errno::INTR) | Ok(None) => {}
            Err(error) => return Err(error.into()),
            Ok(Some((_, status))) if status.stopped() => {
                signal_hook::low_level::emulate_default_handler(SIGTSTP)?;
                if let Some(id) = id {
                    // Already running again where the shell continued the whole group.
                    let _ = kill_process(id, Signal::CONT);
                }
            }
            Ok(Some((_, status))) => {
                return Ok(match (status.exit_status(), status.terminating_signal()) {
                    (Some(0), _) => Ok(()),
                    (Some(code), _) => Err(format!("exit code {code}")),
                    (None, Some(signal)) => Err(format!("signal {signal}")),
                    (None, None) => Err("it ended in an unknown way".to_owned()),
                });
            }
        }
    }
}

/// What the terminal said, in our words; `None` for what nobody asked.
fn translate(event: term::Event) -> Option<Event> {
    match event {
        term::Event::Key(key) if key.kind != KeyEventKind::Release => {
            translate_key(key).map(Event::Key)
        }
        term::Event::Paste(text) => Some(Event::Paste(text)),
        term::Event::Resize(width, height) => Some(Event::Resize(width, height)),
        term::Event::Mouse(mouse) => {
            let (x, y) = (mouse.column, mouse.row);
            match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => Some(Event::Click { x, y }),
                MouseEventKind::Drag(MouseButton::Left) => Some(Event::Drag { x, y }),
                MouseEventKind::ScrollDown => Some(Event::Wheel { x, y, by: 3 }),
                MouseEventKind::ScrollUp => Some(Event::Wheel { x, y, by: -3 }),
                _ => None,
            }
        }
        _ => None,
    }
}

fn translate_key(key: term::KeyEvent) -> Option<Key> {
    let mut shift = key.modifiers.contains(KeyModifiers::SHIFT);
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let code = match key.code {
        KeyCode::Char(c) => {
            shift = false;
            Code::Char(if ctrl { c.to_ascii_lowercase() } else { c })
        }
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => {
            shift = true;
            Code::Tab
        }
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(number) => Code::F(number),
        _ => return None,
    };
    Some(Key { code, ctrl, alt: key.modifiers.contains(KeyModifiers::ALT), shift })
}

/// Base 64, as OSC 52 wants it.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let word = group.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        for digit in 0..4 {
            let at = (word >> (18 - 6 * digit) & 63) as usize;
            out.push(if digit <= group.len() { char::from(DIGITS[at]) } else { '=' });
        }
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipboard_bytes() {
        for (text, code) in
            [("", ""), ("D", "RA=="), ("D1", "RDE="), ("D17", "RDE3"), ("合同", "5ZCI5ZCM")]
        {
            assert_eq!(base64(text.as_bytes()), code);
        }
    }

    #[test]
    fn keys_of_the_terminal() {
        let press = |code, modifiers| {
            translate_key(term::KeyEvent::new(code, modifiers)).unwrap().to_string()
        };
        assert_eq!(press(KeyCode::Char('G'), KeyModifiers::SHIFT), "G");
        assert_eq!(
            press(KeyCode::Char('O'), KeyModifiers::CONTROL | KeyModifiers::SHIFT),
            "ctrl-o"
        );
        assert_eq!(press(KeyCode::BackTab, KeyModifiers::SHIFT), "shift-tab");
        assert_eq!(press(KeyCode::Char('合'), KeyModifiers::NONE), "合");
    }
}
