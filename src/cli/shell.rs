//! Completions and manual pages, made from the same definitions as the help.

use super::args::Cli;
use super::error::{Code, Failure};
use super::out::Out;
use super::target;
use clap::CommandFactory;
use std::ffi::OsString;
use std::path::Path;

pub fn completions(shell: clap_complete::Shell, out: &mut Out<'_>) -> Result<Code, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "casebook", &mut script);
    out.say(&String::from_utf8_lossy(&script))?;
    Ok(Code::Done)
}

/// What was typed, with a blank before words that are excluded from a search (`-公司`): clap would
/// take them for options. Those are all long but for `-h`.
pub fn exclusions(typed: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut typed: Vec<OsString> = typed.into_iter().collect();
    if typed.get(1).is_some_and(|verb| verb == "search") {
        for at in 2..typed.len() {
            let word = typed[at].to_string_lossy();
            if word == "--" {
                break;
            }
            let excludes = word.starts_with('-') && !word.starts_with("--") && word != "-h";
            if excludes && typed[at - 1] != "--sort" {
                typed[at] = format!(" {word}").into();
            }
        }
    }
    typed
}

/// One page for all on standard output (`-` too), or a page for each command in a folder.
pub fn man(folder: Option<&Path>, out: &mut Out<'_>) -> Result<Code, Failure> {
    match folder.filter(|folder| !target::is_stdout(folder)) {
        Some(folder) => {
            std::fs::create_dir_all(folder)
                .map_err(|error| Failure::io("create", folder, &error))?;
            clap_mangen::generate_to(Cli::command(), folder)
                .map_err(|error| Failure::io("write manual pages into", folder, &error))?;
            out.say(&format!("{}\n", folder.join("casebook.1").display()))?;
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            out.say(&String::from_utf8_lossy(&page))?;
        }
    }
    Ok(Code::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_excluded_are_no_options() {
        let check = |typed: &[&str], expected: &[&str]| {
            let made = exclusions(typed.iter().map(OsString::from));
            assert_eq!(made, expected);
        };
        let typed = ["casebook", "search", "a.case", "-公 -司", "--sort", "-date", "--json", "-h"];
        check(
            &typed,
            &["casebook", "search", "a.case", " -公 -司", "--sort", "-date", "--json", "-h"],
        );
        check(&["casebook", "search", "a", "--", "-x"], &["casebook", "search", "a", "--", "-x"]);
        check(&["casebook", "note", "a", "-x"], &["casebook", "note", "a", "-x"]);
    }

    #[test]
    fn completions_and_manual_know_every_command() {
        let mut bytes = Vec::new();
        let mut out = Out::to(&mut bytes);
        completions(clap_complete::Shell::Bash, &mut out).unwrap();
        man(None, &mut out).unwrap();
        drop(out);
        let text = String::from_utf8(bytes).unwrap();
        for verb in Cli::command().get_subcommands() {
            assert!(text.contains(verb.get_name()), "{}", verb.get_name());
        }
        let folder = tempfile::tempdir().unwrap();
        let mut out = Out::to(std::io::sink());
        man(Some(folder.path()), &mut out).unwrap();
        assert!(folder.path().join("casebook-search.1").exists());
    }
}
