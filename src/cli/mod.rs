//! The headless verbs: what a script or a person at a prompt can ask of a case.
//!
//! - `args/` what can be typed · `error.rs` how failures read, exit codes · `out.rs` the one
//!   place that prints · `target.rs` where `-o` leads · `json.rs`, `json_chat.rs` the stable schema
//! - `opening.rs` what has to be done to a case first · `add.rs`, `progress.rs` · `lists.rs` · `entities.rs` · `show/` · `search.rs` · `anchors/` · `upkeep.rs` · `export.rs`, `verify_report.rs` · `shell.rs`
//! - `findings.rs` the list of notes, and writing them
//! - `handover.rs` bundle and merge, `seal.rs` encrypted · `dump.rs` state and journal as text · `notes.rs` notes as files

mod add;
mod anchors;
mod args;
mod demo;
mod dump;
mod entities;
mod entity;
mod error;
mod export;
mod findings;
mod handover;
mod json;
mod json_chat;
mod json_entity;
mod json_note;
mod lists;
mod notes;
mod occurrence;
mod opening;
mod out;
mod progress;
mod seal;
mod search;
mod shell;
mod show;
mod target;
mod upkeep;
mod verify_report;

use crate::case::Case;
use crate::text::sanitise;
use crate::text::tally::{bytes, counted, grouped};
use args::{Cli, Verb};
use clap::Parser;
use error::{Code, Failure};
use opening::{current, read, write};
use out::Out;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Runs what the command line asks for. `open` is the workbench, which lives on the floor beside.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    open: impl Fn(&Path) -> Result<(), String>,
) -> ExitCode {
    let cli = match Cli::try_parse_from(shell::exclusions(arguments)) {
        Ok(cli) => cli,
        // Help and version too; clap knows where each goes.
        Err(error) => {
            // It repeats what was typed, and that may be anything.
            let text = error.render().to_string();
            let printed = match text.lines().any(|line| sanitise::line(line) != line) {
                true => {
                    text.lines().for_each(out::remark);
                    Ok(())
                }
                false => error.print(),
            };
            return ended(match (error.use_stderr(), printed) {
                (true, _) => Ok(Code::Usage),
                (false, printed) => printed.map(|()| Code::Done).map_err(Failure::from),
            });
        }
    };
    take_limits_as_errors();
    ended(dispatch(cli.verb, &open))
}

/// Says what failed. That the reader of the output went away is no failure.
fn ended(result: Result<Code, Failure>) -> ExitCode {
    let code = result.unwrap_or_else(|failure| {
        if failure.code != Code::Done {
            out::fail(&failure);
        }
        failure.code
    });
    ExitCode::from(code as u8)
}

/// A write beyond the limit on the size of files (`ulimit -f`) kills a program that does not listen
/// to SIGXFSZ. To one that does, it is an error like that of a full disk. Where nobody can listen,
/// it stays as it was.
fn take_limits_as_errors() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::signal::SIGXFSZ, Arc::default());
}

type Opener<'a> = &'a dyn Fn(&Path) -> Result<(), String>;

fn dispatch(verb: Verb, open: Opener<'_>) -> Result<Code, Failure> {
    let out = &mut Out::stdout();
    let code = match verb {
        Verb::Demo(args) => demo::demo(&args, out, open)?,
        Verb::New(args) => upkeep::new(&args, out)?,
        Verb::Add(args) => add::add(&args, out)?,
        Verb::Open(args) => workbench(&args.case, out, open)?,
        Verb::Search(args) => search::search(&args, out)?,
        Verb::Show(args) => show::show(&args, out)?,
        Verb::Status(args) => lists::status(&args, out)?,
        Verb::Documents(args) => lists::documents(&args, out)?,
        Verb::Conversations(args) => lists::conversations(&args, out)?,
        Verb::Notes(args) => findings::notes(&args, out)?,
        Verb::Note(args) => findings::note(&args, out)?,
        Verb::Anchors(args) => anchors::anchors(&args, out)?,
        Verb::Entities(args) => entities::entities(&args, out)?,
        Verb::Entity(args) => entity::entity(&args, out)?,
        Verb::Verify(args) => upkeep::verify(&args, out)?,
        Verb::Export(args) => export::export(&args, out)?,
        Verb::Check(args) => export::check(&args, out)?,
        Verb::Reindex(args) => upkeep::reindex(&args, out)?,
        Verb::Extract(args) => upkeep::extract(&args, out)?,
        Verb::Remove(args) => upkeep::remove(&args, out)?,
        Verb::Relink(args) => upkeep::relink(&args, out)?,
        Verb::Bundle(args) => handover::bundle(&args, out)?,
        Verb::Merge(args) => handover::merge(&args, out)?,
        Verb::Key(args) => seal::key(&args, out)?,
        Verb::Dump(args) => dump::dump(&args, out)?,
        Verb::Journal(args) => dump::journal(&args, out)?,
        Verb::Completions { shell } => shell::completions(shell, out)?,
        Verb::Man { output } => shell::man(output.as_deref(), out)?,
        Verb::Other(words) => workbench(&plain_case(&words)?, out, open)?,
    };
    out.finish()?;
    Ok(code)
}

/// `casebook CASE`, and what to say when it was meant as a command.
fn plain_case(words: &[OsString]) -> Result<PathBuf, Failure> {
    let [word] = words else {
        let word = words.first().map(|word| word.to_string_lossy().into_owned());
        return Err(no_such_command(&word.unwrap_or_default()));
    };
    let path = PathBuf::from(word);
    let name = word.to_string_lossy();
    if path.is_dir() || name.ends_with(".case") || name.contains(std::path::MAIN_SEPARATOR) {
        return Ok(path);
    }
    Err(no_such_command(&name))
}

fn no_such_command(word: &str) -> Failure {
    use clap::CommandFactory;
    let command = Cli::command();
    let names: Vec<&str> = command.get_subcommands().map(|verb| verb.get_name()).collect();
    let failure = Failure::usage(format!("there is no command and no case {word:?}"));
    match crate::query::error::nearest(word, names) {
        Some(near) => failure.hint(format!("did you mean `casebook {near}`?")),
        None => failure.hint("`casebook help` lists the commands"),
    }
}

fn workbench(case: &Path, out: &mut Out<'_>, open: Opener<'_>) -> Result<Code, Failure> {
    if !out.is_terminal() {
        return Err(Failure::usage("the workbench needs a terminal")
            .hint(format!("casebook status {}", quoted(case))));
    }
    // Before the screen is taken over, so that a wrong path reads like everywhere else.
    let opened = read(case)?;
    // Elsewhere the desk brings the index up beside what is read; here it has one handle only.
    let wants_index = opened.stands_alone() && !opened.index_is_current()?;
    drop(opened);
    if wants_index {
        match current(case, &*add::interrupt()?) {
            // The desk says what its searches lack.
            Err(failure) if failure.code == Code::Interrupted => {}
            result => drop(result?),
        }
    }
    open(case).map_err(Failure::new)?;
    Ok(Code::Done)
}

/// The same to do something that is signed. Whoever does so for the first time without a name hears
/// how to tell it.
fn write_signed(case: &Path) -> Result<Case, Failure> {
    let case = write(case)?;
    if crate::case::is_nameless_newcomer() {
        out::remark(
            "what you do is signed as \"unknown\" with a key of your own; to give a name to it: \
             CASEBOOK_AUTHOR=NAME in the environment",
        );
    }
    Ok(case)
}

/// A path as it can be typed at a prompt.
fn quoted(path: &Path) -> String {
    crate::text::escape::typed_at_prompt(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!(
            [0, 999, 1000, 15_743, 1_000_000].map(grouped),
            ["0", "999", "1,000", "15,743", "1,000,000"]
        );
        assert_eq!(counted(1, "hit", "hits"), "1 hit");
    }

    #[test]
    fn paths_can_be_typed() {
        assert_eq!(quoted(Path::new("a/公司.case")), "a/公司.case");
        assert_eq!(quoted(Path::new("it's here")), r"'it'\''s here'");
    }

    #[test]
    fn a_wrong_command_is_not_taken_for_a_case() {
        let failure = plain_case(&["serach".into()]).unwrap_err();
        assert_eq!(failure.hint.as_deref(), Some("did you mean `casebook search`?"));
        assert_eq!(failure.code, Code::Usage);
        assert_eq!(plain_case(&["x.case".into()]).unwrap(), Path::new("x.case"));
        assert!(plain_case(&["serach".into(), "x.case".into()]).is_err());
    }
}
