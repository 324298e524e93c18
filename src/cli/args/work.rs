//! What can be typed about the work of analysts: highlights, entities, notes.

use super::CasePath;
use crate::model::finding::{NoteKind, Standing};
use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

#[derive(Args, Debug)]
pub struct Anchors {
    #[command(flatten)]
    pub at: CasePath,
    /// Read their originals again, and say of each whether that says it
    #[arg(long)]
    pub originals: bool,
    /// File with one password per line, for originals in encrypted containers
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "originals")]
    pub passwords: Option<PathBuf>,
    /// Count again the numbers that are the same and were counted in other evidence: all, or these
    #[arg(long, value_name = "A7", num_args = 0.., value_delimiter = ',',
        conflicts_with = "originals")]
    pub count_again: Option<Vec<String>>,
    /// Say that these stay, though somebody deleted them who did not know what was done to them meanwhile
    #[arg(long, value_name = "A7", num_args = 1.., value_delimiter = ',',
        conflicts_with_all = ["originals", "count_again"])]
    pub keep: Vec<String>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Entities {
    #[command(flatten)]
    pub at: CasePath,
    /// Only those with this in a name, tag or account
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub find: String,
    /// Also the accounts that no entity owns
    #[arg(long)]
    pub accounts: bool,
    /// Order of the list
    #[arg(long, value_enum, default_value_t)]
    pub sort: PeopleOrder,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PeopleOrder {
    #[default]
    Messages,
    Name,
    /// First seen first
    First,
    /// Last seen first
    Last,
}

impl From<PeopleOrder> for crate::case::AccountSort {
    fn from(order: PeopleOrder) -> Self {
        match order {
            PeopleOrder::Messages => Self::Messages,
            PeopleOrder::Name => Self::Name,
            PeopleOrder::First => Self::First,
            PeopleOrder::Last => Self::Last,
        }
    }
}

#[derive(Args, Debug)]
#[command(after_help = "\
Without an entity, --name makes a new one. Every act is an operation in the journal with its
author; what the desk can undo, it can undo here too by the opposite option.")]
pub struct Entity {
    #[command(flatten)]
    pub at: CasePath,
    /// The entity: E9 or one of its names
    pub entity: Option<String>,
    /// Name of a new entity; of one that is there from now on
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// What it is
    #[arg(long, value_parser = kind_names())]
    pub kind: Option<String>,
    /// Another name, in any script; may be given several times, as the next ones
    #[arg(long, value_name = "NAME")]
    pub alias: Vec<String>,
    /// A name that is not its own
    #[arg(long, value_name = "NAME")]
    pub no_alias: Vec<String>,
    /// An account that it owns: P5 or a handle
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Vec<String>,
    /// An account that it does not own
    #[arg(long, value_name = "ACCOUNT")]
    pub no_account: Vec<String>,
    /// Something that is said of it
    #[arg(long, value_name = "KEY=VALUE")]
    pub attribute: Vec<String>,
    /// What is not said of it any more
    #[arg(long, value_name = "KEY=VALUE")]
    pub no_attribute: Vec<String>,
    /// Anchors that show the attributes: A7
    #[arg(long, value_name = "ANCHOR", requires = "attribute")]
    pub cite: Vec<String>,
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    #[arg(long, value_name = "TAG")]
    pub no_tag: Vec<String>,
    /// What else there is to say
    #[arg(long, value_name = "TEXT")]
    pub describe: Option<String>,
    /// watch:yes finds where it is named and what it wrote
    #[arg(long, conflicts_with = "no_watch")]
    pub watch: bool,
    /// Watch it no more
    #[arg(long)]
    pub no_watch: bool,
    /// It is this one: E4 or one of its names
    #[arg(long, value_name = "ENTITY", group = "act")]
    pub merge_into: Option<String>,
    /// It is one of its own after all
    #[arg(long, group = "act")]
    pub unmerge: bool,
    /// Make a new entity (--name) of these names (--alias) and accounts (--account) of it
    #[arg(long, group = "act")]
    pub split: bool,
    /// Delete it
    #[arg(long, group = "act")]
    pub delete: bool,
    /// Say that it stays, though somebody deleted it who did not know what was done to it meanwhile
    #[arg(long, group = "act")]
    pub keep: bool,
    /// Why; stands in the journal
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub why: String,
    /// Answer in JSON: the entity as it is then
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Notes {
    #[command(flatten)]
    pub at: CasePath,
    /// Only those that say this, in their title, their text or a tag
    #[arg(value_name = "WORDS")]
    pub wanted: Option<String>,
    /// Only those of this kind
    #[arg(long, value_parser = kind)]
    pub kind: Option<NoteKind>,
    /// Only findings that stand so: open, supported, disputed, refuted
    #[arg(long, value_parser = standing)]
    pub standing: Option<Standing>,
    /// Only findings and events that no second person has looked at
    #[arg(long)]
    pub unchecked: bool,
    /// Folder to write every note into, a Markdown file each; it must be new or empty
    #[arg(short, long, value_name = "FOLDER", value_hint = ValueHint::DirPath,
        conflicts_with_all = ["wanted", "kind", "standing", "unchecked"])]
    pub output: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Note {
    #[command(flatten)]
    pub at: CasePath,
    /// The note, as N4; a new one when not given
    pub note: Option<String>,
    /// What it says; `-` for standard input, which a new note is read from anyway
    #[arg(long, allow_hyphen_values = true)]
    pub text: Option<String>,
    /// note, finding, question or event
    #[arg(long, value_parser = kind)]
    pub kind: Option<NoteKind>,
    /// Where a finding stands: open, supported, disputed, refuted
    #[arg(long, value_parser = standing)]
    pub standing: Option<Standing>,
    /// How well founded it is: low, moderate, high, none
    #[arg(long, value_name = "WORD")]
    pub confidence: Option<String>,
    /// How likely it is: almost no chance, very unlikely, unlikely, roughly even chance, likely,
    /// very likely, almost certain, none
    #[arg(long, value_name = "WORDS")]
    pub likelihood: Option<String>,
    /// When it was: 2021, 2021-03?, 2021-03-05T12:41, 2020..2021~, none
    #[arg(long)]
    pub when: Option<String>,
    /// The question that it answers to: N1, or none
    #[arg(long, value_name = "NOTE")]
    pub question: Option<String>,
    /// What supports it: A7, D17, M881, D17:WORDS, search:QUERY; may be given several times
    #[arg(long, value_name = "EVIDENCE")]
    pub cite: Vec<String>,
    /// What contradicts it
    #[arg(long, value_name = "EVIDENCE")]
    pub against: Vec<String>,
    /// What it names and says neither yes nor no
    #[arg(long, value_name = "EVIDENCE")]
    pub context: Vec<String>,
    /// Admiralty grade of what is cited: B2 (source A-F, item 1-6)
    #[arg(long)]
    pub grade: Option<String>,
    /// Give it a tag: who/lin
    #[arg(long)]
    pub tag: Vec<String>,
    /// Take a tag off
    #[arg(long, value_name = "TAG")]
    pub untag: Vec<String>,
    /// Delete it
    #[arg(long, requires = "note", conflicts_with_all = ["text", "kind", "standing", "confidence",
        "likelihood", "when", "question", "cite", "against", "context", "grade", "tag", "untag"])]
    pub delete: bool,
    /// Say that it stays, though somebody deleted it who did not know what was done to it meanwhile
    #[arg(long, requires = "note", conflicts_with_all = ["delete", "text", "kind", "standing",
        "confidence", "likelihood", "when", "question", "cite", "against", "context", "grade", "tag",
        "untag"])]
    pub keep: bool,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

fn kind(word: &str) -> Result<NoteKind, String> {
    known(word, NoteKind::from_word, NoteKind::ALL.iter().map(|kind| kind.word()))
}

fn standing(word: &str) -> Result<Standing, String> {
    known(word, Standing::from_word, Standing::ALL.iter().map(|standing| standing.word()))
}

/// One of a few words, or which there are.
fn known<T>(
    word: &str,
    read: fn(&str) -> Option<T>,
    all: impl Iterator<Item = &'static str>,
) -> Result<T, String> {
    read(word).ok_or_else(|| format!("it is one of {}", all.collect::<Vec<_>>().join(", ")))
}

fn kind_names() -> Vec<&'static str> {
    crate::model::entity::EntityKind::ALL.iter().map(|kind| kind.word()).collect()
}
