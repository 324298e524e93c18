//! One worker process, seen from its parent.

use super::course::{Course, Trouble};
use super::explain::explain;
use super::{PoolConfig, Task};
use crate::extract::record::{Outcome, Record};
use crate::extract::sandbox::Protection;
use crate::extract::wire::{FrameReader, Hello, LARGEST_REQUEST, Request, frame};
use crate::extract::{Limits, Stop, worker};
use crate::model::State;
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags};
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How often a waiting parent looks at the clock and at the cancel flag.
const TICK: Duration = Duration::from_millis(100);

/// A worker that has not introduced itself after this time is not one.
const START: Duration = Duration::from_secs(30);

/// A file of more bytes than this may leave its worker with much memory.
const LARGE: u64 = 1 << 20;

/// A worker that holds more anonymous memory than this after a file is replaced.
const FAT: u64 = 128 << 20;

/// How the reading of one file by a worker ended.
pub(super) enum Ended {
    Well(Outcome),
    /// The worker died, hung or talked nonsense after it had said something about the file.
    Badly(Outcome),
    /// The same before any record was handed on: the file may be tried again elsewhere.
    Silently {
        outcome: Outcome,
        format: Option<Record>,
    },
    /// The caller does not want to go on.
    Stopped(Stop),
}

/// A running worker; dropping it ends the process and waits for it.
pub(super) struct Worker {
    process: Child,
    socket: UnixStream,
    frames: FrameReader,
    protection: Protection,
    files: u32,
    /// Time spent on files, as the clock on the wall counts it.
    busy: Duration,
    /// The last file was large enough to leave something behind.
    after_large: bool,
}

impl Worker {
    /// Starts the process; [`Worker::greet`] waits until it is ready.
    pub fn start(program: &Path, limits: &Limits) -> io::Result<Worker> {
        let (socket, theirs) = UnixStream::pair()?;
        socket.set_read_timeout(Some(TICK))?;
        let process = Command::new(program)
            .arg(worker::FLAG)
            .arg(limits.memory.to_string())
            .arg(limits.seconds.to_string())
            .env_clear()
            // Ctrl-C is for the program that holds the case: it ends its workers in order.
            .process_group(0)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        Ok(Worker {
            process,
            socket,
            frames: FrameReader::default(),
            protection: Protection::default(),
            files: 0,
            busy: Duration::ZERO,
            after_large: false,
        })
    }

    /// Waits for the worker's first words.
    pub fn greet(&mut self) -> io::Result<()> {
        let deadline = Instant::now() + START;
        // A worker that complains a lot must not stop because nobody reads it.
        if let Some(stderr) = &self.process.stderr {
            let flags = rustix::fs::fcntl_getfl(stderr)?;
            rustix::fs::fcntl_setfl(stderr, flags | rustix::fs::OFlags::NONBLOCK)?;
        }
        loop {
            if let Some(Hello { protection }) = self.frames.next()? {
                self.protection = protection;
                return Ok(());
            }
            match self.frames.fill(&mut self.socket) {
                Ok(0) => return Err(io::Error::other("it ended before it was ready")),
                Ok(_) => {}
                Err(error) if is_timeout(&error) && Instant::now() < deadline => {}
                Err(error) if is_timeout(&error) => {
                    return Err(io::Error::other("it did not answer"));
                }
                Err(error) => return Err(error),
            }
        }
    }

    pub fn protection(&self) -> Protection {
        self.protection
    }

    /// Files given to it so far.
    pub fn files(&self) -> u32 {
        self.files
    }

    /// Gives it one file and hands its records on.
    pub fn read(
        &mut self,
        task: &Task,
        config: &PoolConfig,
        on_record: &mut dyn FnMut(Record) -> Result<(), Stop>,
    ) -> Ended {
        self.files += 1;
        self.after_large = task.file.metadata().is_ok_and(|data| data.len() > LARGE);
        let begin = Instant::now();
        let ended = self.read_one(task, config, on_record);
        self.busy += begin.elapsed();
        ended
    }

    fn read_one(
        &mut self,
        task: &Task,
        config: &PoolConfig,
        on_record: &mut dyn FnMut(Record) -> Result<(), Stop>,
    ) -> Ended {
        let mut course = Course::new(&config.limits, self.busy);
        let result = match self.send(task, &config.limits) {
            Ok(()) => self.follow(config, &mut course, on_record),
            Err(error) if error.kind() == ErrorKind::InvalidData => Err(Trouble::wrong(error)),
            Err(_) => Err(Trouble::Died),
        };
        let outcome = match result {
            Ok(outcome) => return Ended::Well(outcome),
            Err(Trouble::Stopped(stop)) => return Ended::Stopped(stop),
            Err(Trouble::Hung) => {
                self.kill();
                let seconds = config.limits.seconds;
                let reason = format!("its parser did not finish within {seconds} seconds");
                Outcome { state: State::OverLimit, reason }
            }
            Err(Trouble::Wrong(what)) => {
                self.kill();
                let reason = format!("its worker gave a wrong answer ({what})");
                Outcome { state: State::Failed, reason }
            }
            Err(Trouble::Died) => self.post_mortem(&config.limits),
        };
        if !course.said_something {
            return Ended::Silently { outcome, format: course.format };
        }
        if course.guard.in_child {
            let end = Record::ChildEnd(Err((outcome.state, outcome.reason.clone())));
            if let Err(stop) = on_record(end) {
                return Ended::Stopped(stop);
            }
        }
        Ended::Badly(outcome)
    }

    /// Sends the request with the file beside its first byte.
    fn send(&mut self, task: &Task, limits: &Limits) -> io::Result<()> {
        let request = Request {
            name: task.name.clone(),
            path: task.path.clone(),
            claim: task.claim.clone(),
            passwords: task.passwords.clone(),
            limits: *limits,
        };
        let bytes = frame(&request, LARGEST_REQUEST)?;
        let mut space = [std::mem::MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        let descriptors = [task.file.as_fd()];
        if !control.push(SendAncillaryMessage::ScmRights(&descriptors)) {
            return Err(io::Error::other("no room for a descriptor"));
        }
        let sent = loop {
            let slices = [IoSlice::new(&bytes)];
            match rustix::net::sendmsg(&self.socket, &slices, &mut control, SendFlags::NOSIGNAL) {
                Ok(sent) => break sent,
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            }
        };
        // The rest of a request that is larger than the socket's buffer.
        self.socket.write_all(&bytes[sent..])
    }

    /// Hands records on until the file is done.
    fn follow(
        &mut self,
        config: &PoolConfig,
        course: &mut Course,
        on_record: &mut dyn FnMut(Record) -> Result<(), Stop>,
    ) -> Result<Outcome, Trouble> {
        loop {
            while let Some(record) = self.frames.next::<Record>().map_err(Trouble::wrong)? {
                course.guard.check(&record).map_err(Trouble::wrong)?;
                if let Record::Done(outcome) = record {
                    course.hand_on(None, on_record)?;
                    return match self.frames.is_empty() {
                        true => Ok(outcome),
                        false => Err(Trouble::wrong("more after the end")),
                    };
                }
                course.hand_on(Some(record), on_record)?;
            }
            if config.cancel.load(Ordering::Relaxed) {
                return Err(Trouble::Stopped(Stop::Gone));
            }
            if course.clock.is_over(|| self.processor_time()) {
                return Err(Trouble::Hung);
            }
            match self.frames.fill(&mut self.socket) {
                Ok(0) => return Err(Trouble::Died),
                Ok(count) => course.clock.earn(count),
                Err(error) if is_timeout(&error) => {}
                Err(_) => return Err(Trouble::Died),
            }
        }
    }

    /// Why a process that is gone went.
    fn post_mortem(&mut self, limits: &Limits) -> Outcome {
        let status = self.wait_a_moment();
        let mut last_words = Vec::new();
        if let Some(stderr) = &mut self.process.stderr {
            // Not blocking: reads what is there, up to the size of a pipe.
            let _ = stderr.take(64 * 1024).read_to_end(&mut last_words);
        }
        explain(status, &String::from_utf8_lossy(&last_words), limits)
    }

    /// The socket closes a moment before the process can be waited for.
    fn wait_a_moment(&mut self) -> Option<ExitStatus> {
        let deadline = Instant::now() + Duration::from_secs(2);
        loop {
            match self.process.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                Ok(None) | Err(_) => {
                    self.kill();
                    return None;
                }
            }
        }
    }

    fn kill(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Time on a processor so far; `None` where the system does not tell.
    fn processor_time(&self) -> Option<Duration> {
        let path = format!("/proc/{}/schedstat", self.process.id());
        let text = std::fs::read_to_string(path).ok()?;
        text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    }

    /// Whether it has worked so long that its own limit of processor time comes near.
    pub fn is_tired(&self, limits: &Limits) -> bool {
        self.busy > Duration::from_secs(limits.seconds.saturating_mul(4).min(3600))
    }

    /// Whether it holds on to more memory than a worker should. Asking costs more than reading a
    /// small file, so after small files only some are asked.
    pub fn is_fat(&self) -> bool {
        (self.after_large || self.files.is_multiple_of(8)) && self.anonymous_memory() > FAT
    }

    /// Bytes of memory that are the process's own; 0 where the system does not tell.
    fn anonymous_memory(&self) -> u64 {
        let path = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let kilobytes = line.and_then(|rest| rest.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        kilobytes.unwrap_or(0) << 10
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}
