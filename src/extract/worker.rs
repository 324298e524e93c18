//! The worker process: one locked-down reader of files (`casebook --worker`, not for people).
//!
//! It is started by `pool.rs`, locks itself down before it looks at anything, and then reads one
//! file after the other until its socket is closed. A panic of a parser ends that file alone; the
//! pool replaces a worker that had one.

use super::record::{Outcome, Record};
use super::sandbox;
use crate::model::State;
use std::cell::RefCell;
use std::process::ExitCode;

/// The argument that makes the program a worker.
pub const FLAG: &str = "--worker";

/// What a worker's exit code says when it could not even begin.
const CANNOT_BEGIN: u8 = 70;

thread_local! {
    /// Message and place of the last panic, for the reason of the file that caused it.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The whole life of a worker. `arguments` are what follows [`FLAG`]: `--self-test`, or the
/// address space in bytes and the seconds for one file.
pub fn run(arguments: &[String]) -> ExitCode {
    match arguments {
        [one] if one == "--self-test" => {
            if sandbox::self_test(&[FLAG, one]) {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        [memory, seconds] => match (memory.parse(), seconds.parse()) {
            (Ok(memory), Ok(seconds)) => serve(memory, seconds),
            _ => ExitCode::from(CANNOT_BEGIN),
        },
        _ => ExitCode::from(CANNOT_BEGIN),
    }
}

#[cfg(unix)]
fn serve(memory: u64, seconds: u64) -> ExitCode {
    use super::wire::{FrameWriter, Hello};
    use std::fs::File;

    // A panic's message goes into the file's reason and nowhere else.
    std::panic::set_hook(Box::new(|info| {
        let text = panic_text(info);
        PANIC.with(|last| last.replace(text));
    }));
    let Ok(socket) = rustix::stdio::stdin().try_clone_to_owned() else {
        return ExitCode::from(CANNOT_BEGIN);
    };
    // Plain read and write: the calls that sockets have of their own stay forbidden.
    let mut socket = File::from(socket);
    let Ok(writing) = socket.try_clone() else { return ExitCode::from(CANNOT_BEGIN) };
    let limits = super::Limits { memory, seconds, ..super::Limits::default() };
    let protection = sandbox::lock_down(&limits);
    let mut writer = FrameWriter::new(writing);
    if writer.write(&Hello { protection }).and_then(|()| writer.flush()).is_err() {
        return ExitCode::from(CANNOT_BEGIN);
    }
    loop {
        match receive(&mut socket) {
            Ok(Some((request, file))) => {
                if one_file(&request, file, &mut writer).is_err() {
                    // The other end is gone or nonsense was asked for.
                    return ExitCode::SUCCESS;
                }
            }
            Ok(None) => return ExitCode::SUCCESS,
            Err(_) => return ExitCode::from(CANNOT_BEGIN),
        }
    }
}

#[cfg(not(unix))]
fn serve(_memory: u64, _seconds: u64) -> ExitCode {
    ExitCode::from(CANNOT_BEGIN)
}

/// The next request with its file; `None` when the parent closed the socket.
#[cfg(unix)]
fn receive(
    socket: &mut std::fs::File,
) -> std::io::Result<Option<(super::wire::Request, std::fs::File)>> {
    use super::wire::LARGEST_REQUEST;
    use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags};
    use std::io::{Error, ErrorKind, IoSliceMut, Read};

    let mut head = [0; 4];
    let mut space = [std::mem::MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let got = loop {
        let mut slices = [IoSliceMut::new(&mut head)];
        match rustix::net::recvmsg(&*socket, &mut slices, &mut control, RecvFlags::CMSG_CLOEXEC) {
            Ok(got) => break got.bytes,
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
    };
    if got == 0 {
        return Ok(None);
    }
    let mut file = None;
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(descriptors) = message {
            file = descriptors.last().map(std::fs::File::from);
        }
    }
    let file = file.ok_or_else(|| Error::new(ErrorKind::InvalidData, "no file came"))?;
    socket.read_exact(&mut head[got..])?;
    let length = u32::from_le_bytes(head) as usize;
    if length > LARGEST_REQUEST {
        return Err(Error::new(ErrorKind::InvalidData, "a request too long"));
    }
    let mut body = vec![0; length];
    socket.read_exact(&mut body)?;
    let request = postcard::from_bytes(&body)
        .map_err(|error| Error::new(ErrorKind::InvalidData, error.to_string()))?;
    Ok(Some((request, file)))
}

/// Reads one file and sends its records, [`Record::Done`] last.
#[cfg(unix)]
fn one_file<W: std::io::Write>(
    request: &super::wire::Request,
    file: std::fs::File,
    writer: &mut super::wire::FrameWriter<W>,
) -> std::io::Result<()> {
    use super::{Input, Stop, read};
    let outcome = guarded(|| {
        let mut input = Input::new(file, &request.name, &request.path, request.limits)?;
        input.claim = request.claim.as_ref();
        input.passwords = &request.passwords;
        read::read(&mut input, &mut |record| {
            writer.write(&record).map_err(|error| match error.kind() {
                std::io::ErrorKind::InvalidData => Stop::OverLimit(format!("{error} is too long")),
                _ => Stop::Gone,
            })
        })
    });
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(stop) => Outcome { state: stop.state(), reason: stop.to_string() },
    };
    writer.write(&Record::Done(outcome))?;
    writer.flush()
}

/// Runs a parser; its panic becomes the outcome of the file.
fn guarded<E>(work: impl FnOnce() -> Result<Outcome, E>) -> Result<Outcome, E> {
    PANIC.with(|last| last.borrow_mut().clear());
    // What the parser leaves half done is its own: the worker is thrown away afterwards, and the
    // writer only ever holds whole frames.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let place = PANIC.with(|last| last.borrow().clone());
        Ok(Outcome { state: State::Failed, reason: format!("{PANICKED}{place}") })
    })
}

/// How the reason begins when a parser panicked.
pub(super) const PANICKED: &str = "its parser panicked: ";

fn panic_text(info: &std::panic::PanicHookInfo) -> String {
    let payload = info.payload();
    let what = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message");
    // A message may quote the whole file.
    let what: String = what.chars().take(200).collect();
    match info.location() {
        Some(place) => format!("{what} ({}:{})", short_path(place.file()), place.line()),
        None => what,
    }
}

/// The end of a source path: where the build machine kept its crates is of no interest.
fn short_path(path: &str) -> &str {
    path.rmatch_indices(['/', '\\']).nth(2).map_or(path, |(at, _)| &path[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_the_reason_of_the_file() {
        let fine = guarded(|| Ok::<_, ()>(Outcome { state: State::Read, reason: String::new() }));
        assert_eq!(fine.unwrap().state, State::Read);
        let outcome = guarded::<()>(|| panic!("index 7 out of bounds")).unwrap();
        assert_eq!(outcome.state, State::Failed);
        assert!(outcome.reason.starts_with(PANICKED), "{}", outcome.reason);
    }

    #[test]
    fn paths_are_cut_to_their_end() {
        let path = "/home/u/.cargo/registry/src/index/parser-1.0.0/src/deep.rs";
        assert_eq!(short_path(path), "parser-1.0.0/src/deep.rs");
        assert_eq!(short_path("lib.rs"), "lib.rs");
    }
}
