//! The program as somebody runs it. Nothing of the account that runs the tests is read or written:
//! settings, the key, caches and what is left off lie in the folder of the test.

use casebook::case::Case;
use casebook::ingest::{VerifyReport, verify};
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

/// It is its own worker too.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_casebook");

/// The program in a folder, which is the home of whoever runs it: their settings lie in `config`.
pub fn casebook<A: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(arguments)
        .current_dir(folder)
        .env("HOME", folder)
        .env("CASEBOOK_CONFIG", folder.join("config"))
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("XDG_STATE_HOME", folder.join("state"))
        .stdin(Stdio::null());
    command
}

/// What it prints when all goes well.
#[track_caller]
pub fn done(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("it starts");
    let (said, error) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?}: {said}{error}");
    String::from_utf8(stdout).expect("it prints UTF-8")
}

/// Its exit code, and all that it printed.
pub fn ended(command: &mut Command) -> (i32, String) {
    let Output { status, stdout, stderr } = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
    (status.code().expect("it ends by itself"), said)
}

/// Checks a case against its originals.
pub fn verified(case: &Case, passwords: &[String]) -> VerifyReport {
    verify(case, Path::new(PROGRAM), passwords, &|_, _, _| {}, &Arc::default()).expect("it is read")
}
