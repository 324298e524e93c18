use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    if arguments.get(1).is_some_and(|flag| flag == casebook::extract::worker::FLAG) {
        return casebook::extract::worker::run(&arguments[2..]);
    }
    ExitCode::SUCCESS
}
