//! Parse, run, say what failed. A worker that reads hostile files is started with its own flag
//! and must not pass through anything else.

use casebook::{cli, extract::worker, tui};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|flag| flag == worker::FLAG) {
        let rest: Vec<String> =
            arguments.iter().skip(2).map(|word| word.to_string_lossy().into_owned()).collect();
        return worker::run(&rest);
    }
    cli::run(arguments, tui::open)
}
