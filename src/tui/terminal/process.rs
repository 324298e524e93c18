//! Other programs beside the desk, and the shell behind it.

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
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
    orphaned(&|process| std::fs::read_to_string(format!("/proc/{process}/stat")).ok())
}

/// [`is_orphaned`], by what `stat` gives of `self` and of processes by their numbers.
///
/// From the files and not by `getsid` and the like: in a container the kernel says 0 for a session or
/// a group that began outside, which rustix takes for a number that cannot be.
fn orphaned(stat: &dyn Fn(&str) -> Option<String>) -> bool {
    // Where nothing can be learnt, it is as if there were a shell.
    let Some(own) = stat("self").as_deref().and_then(Row::parse) else { return false };
    let mut above = own.parent.clone();
    // Process 0 is whoever stands outside of our container.
    while above != "0" {
        let Some(row) = stat(&above).as_deref().and_then(Row::parse) else { return false };
        if row.session != own.session {
            return true;
        }
        if row.group != own.group {
            return false;
        }
        above = row.parent;
    }
    true
}

/// What proc_pid_stat(5) says of a process.
struct Row {
    parent: String,
    group: String,
    session: String,
}

impl Row {
    fn parse(stat: &str) -> Option<Row> {
        // Behind the name, which may hold anything: the state, and these.
        let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(1).map(str::to_owned);
        Some(Row { parent: fields.next()?, group: fields.next()?, session: fields.next()? })
    }
}

#[cfg(test)]
mod tests {
    use super::orphaned;

    /// `rows` are `process parent group session`.
    #[track_caller]
    fn check(rows: &[&str], expected: bool) {
        let stat = |process: &str| {
            let row = rows.iter().find(|row| row.split(' ').next() == Some(process))?;
            let (number, rest) = row.split_once(' ').unwrap();
            Some(format!("{number} (a ) (name) S {rest} 34816 9 4194560 0"))
        };
        assert_eq!(orphaned(&stat), expected, "{rows:?}");
    }

    #[test]
    fn a_shell_is_a_process_above_with_a_group_of_its_own() {
        check(&["self 8 9 8", "8 7 8 8", "7 1 7 7"], false);
        // Started by a script that the shell runs.
        check(&["self 12 11 8", "12 11 11 8", "11 8 11 8", "8 7 8 8"], false);
        // By ssh -t and tmux, and the first process of a container.
        check(&["self 7 9 9", "7 1 7 7"], true);
        check(&["self 0 1 1"], true);
        // What cannot be read.
        check(&[], false);
        check(&["self 8 9 8"], false);
    }

    #[test]
    fn sessions_that_began_outside_of_a_container() {
        check(&["self 7 9 9", "7 1 0 0"], true);
        check(&["self 1 0 0", "1 0 0 0"], true);
        check(&["self 1 9 0", "1 0 0 0"], false);
    }
}
