//! Proof that the lock-down holds: tries what a hostile file would try, behind the same call that
//! every worker makes.

use super::{Protection, lock_down};
use crate::extract::Limits;
use std::io::Write;

/// Locks this process down and tries to get out. One line for each attempt on standard output.
/// True when nothing worked. For `--worker --self-test` only: the process is of no other use
/// afterwards. `arguments` are those that led here.
pub fn self_test(arguments: &[&str]) -> bool {
    #[cfg(unix)]
    if goes_to_a_file() {
        return through_a_pipe(arguments).unwrap_or(false);
    }
    all_denied()
}

/// Standard output is a file, and who is locked down can write to none: the signal for a file that
/// grew too large would end the test.
#[cfg(unix)]
fn goes_to_a_file() -> bool {
    rustix::fs::fstat(rustix::stdio::stdout())
        .is_ok_and(|stat| rustix::fs::FileType::from_raw_mode(stat.st_mode).is_file())
}

/// Has the test done by another process, whose lines are copied.
#[cfg(unix)]
fn through_a_pipe(arguments: &[&str]) -> std::io::Result<bool> {
    let program = std::env::current_exe()?;
    let output = std::process::Command::new(program)
        .args(arguments)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::inherit())
        .output()?;
    std::io::stdout().write_all(&output.stdout)?;
    Ok(output.status.success())
}

fn all_denied() -> bool {
    // What needs a path or a peer is prepared before: it must fail because it is denied.
    let program = std::env::current_exe().unwrap_or_default();
    let folder = std::env::temp_dir();
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).ok();
    let peer = listener.as_ref().and_then(|listener| listener.local_addr().ok());
    #[cfg(unix)]
    let parent = rustix::process::getppid();
    let protection = lock_down(&Limits::default());
    let mut out = std::io::stdout();
    let mut holds = true;
    let mut report = |what: &str, result: Result<(), String>| {
        let line = match result {
            Ok(()) => {
                holds = false;
                format!("ALLOWED {what}")
            }
            Err(error) => format!("denied  {what}: {error}"),
        };
        // Nobody reads the lines: the exit code still tells.
        let _ = writeln!(out, "{line}");
    };
    report("open a file", tried(std::fs::File::open(&program)));
    report("list a folder", tried(std::fs::read_dir("/")));
    let path = folder.join("casebook-self-test");
    report("create a file", tried(std::fs::File::create_new(&path)));
    report("delete a file", tried(std::fs::remove_file(&program)));
    report("make a folder", tried(std::fs::create_dir(&path)));
    if let Some(peer) = peer {
        report("connect", tried(std::net::TcpStream::connect(peer)));
    }
    report("listen", tried(std::net::TcpListener::bind(("127.0.0.1", 0))));
    report("send a datagram", tried(std::net::UdpSocket::bind(("127.0.0.1", 0))));
    #[cfg(unix)]
    report("make a pair of sockets", tried(std::os::unix::net::UnixStream::pair()));
    report("start a program", tried(std::process::Command::new(&program).arg("--version").spawn()));
    report("start a thread", tried(std::thread::Builder::new().spawn(|| ())));
    #[cfg(unix)]
    if let Some(parent) = parent {
        // Signal 0: asks whether one could be sent.
        let result = rustix::process::test_kill_process(parent);
        report("signal the parent", tried(result.map_err(Into::into)));
    }
    let room = usize::try_from(Limits::default().memory).unwrap_or(usize::MAX / 2);
    let most = Vec::<u8>::new().try_reserve_exact(room);
    report("take more memory", most.map_err(|error| error.to_string()));
    let _ = writeln!(out, "{protection}");
    holds && complete(protection)
}

fn tried<T>(result: std::io::Result<T>) -> Result<(), String> {
    result.map(|_| ()).map_err(|error| error.to_string())
}

/// On Linux all layers are expected but Landlock, which old kernels do not have.
fn complete(protection: Protection) -> bool {
    let Protection { limits, no_new_privileges, landlock: _, seccomp } = protection;
    limits && (cfg!(not(target_os = "linux")) || (no_new_privileges && seccomp))
}
