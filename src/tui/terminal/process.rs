//! Other programs beside the desk, and the shell behind it.

use rustix::process::{
    Pid, Signal, WaitOptions, getpgid, getpgrp, getppid, getsid, kill_process, waitpid,
};
use signal_hook::consts::SIGTSTP;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// Starts a program that goes its own way.
pub(super) fn launch(program: &[String], file: &Path) -> io::Result<()> {
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

/// Runs a program in the foreground. When it is stopped from the keyboard, so are we: the shell
/// continues both.
pub(super) fn wait_for(program: &[String], file: &Path) -> io::Result<Result<(), String>> {
    let Some((name, arguments)) = program.split_first() else {
        return Err(io::Error::from(io::ErrorKind::NotFound));
    };
    let child = Command::new(name).args(arguments).arg(file).spawn()?;
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

/// Whether nobody in this session could continue us when we are stopped: no process above us has
/// another group, as where `ssh -t` or a window of tmux runs the program itself. The kernel calls
/// such a group orphaned, and does not stop it from the keyboard either (POSIX, 2.4.3).
pub(super) fn is_orphaned() -> bool {
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
