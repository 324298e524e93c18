//! What can be typed on the command line. The help texts, the shell completions and the manual
//! page all come from here.

pub use super::args_report::{Check, Export, ReportFormat};
use crate::model::finding::{NoteKind, Standing};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;

/// The exit codes, as the help says them; [`super::error::Code`] has the numbers.
const AFTER: &str = "\
Exit codes:
  0  done
  1  it failed; the error says what, why, and what to type next
  2  the command line or the query was wrong
  3  done, but something could not be read; it is listed with its reason
  4  somebody else is writing to the case
  5  verify found damage
  130  stopped by Ctrl-C

A case is a folder, by habit NAME.case. Items have short numbers: D17 is a document, M2041 a
message, C3 a conversation, P5 an account, E9 an entity, N4 a note, A7 a highlight or citation, S1
a source.";

#[derive(Parser, Debug)]
#[command(
    name = "casebook",
    version,
    about = "A terminal workbench for people who investigate leaked documents",
    after_help = AFTER,
    arg_required_else_help = true,
    override_usage = "casebook <COMMAND>\n       casebook <CASE>    the same as `casebook open CASE`"
)]
pub struct Cli {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Subcommand, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one, made once from the command line")]
pub enum Verb {
    /// Make a small sample case from the built-in files and open it
    Demo(Demo),
    /// Create an empty case
    New(New),
    /// Take files and folders into a case; unchanged files are skipped
    Add(Add),
    /// Open the workbench
    Open(CasePath),
    /// Find documents and messages
    Search(Search),
    /// Show one item as text
    Show(Show),
    /// Counts, what could not be read and why
    Status(Status),
    /// List documents
    Documents(Documents),
    /// List conversations
    Conversations(Conversations),
    /// List notes, findings, questions and events, or write them as Markdown files
    Notes(Notes),
    /// Write a note or finding, or say where it stands and what it cites
    Note(Box<Note>),
    /// List highlights, citations and cited numbers, and whether they hold
    Anchors(Anchors),
    /// List who is who: entities with their accounts
    Entities(Entities),
    /// Make an entity, or change one: names, accounts, merge, split
    Entity(Entity),
    /// Check hashes, texts, the journal, the index against the case, and what was cited; or the
    /// footnotes of a report against a case or a folder of originals
    Verify(Verify),
    /// Write notes, findings, timeline and entities as a report with footnotes
    Export(Export),
    /// Take a check sheet that somebody filled in into the journal
    Check(Check),
    /// Make the index again from the case file
    Reindex(Reindex),
    /// Copy the original of a document out of the case
    Extract(Extract),
    /// Remove a source and what lies nowhere else
    Remove(Remove),
    /// Say that a source lies elsewhere now
    Relink(Relink),
    /// Write what analysts did as a bundle for another copy of the case
    Bundle(Bundle),
    /// Take a bundle in: show what it changes, ask, apply
    Merge(Merge),
    /// Make a key that bundles can be encrypted to (`bundle --encrypt`, `merge --identity`)
    Key(Key),
    /// Write the whole state as sorted text that can be compared line by line
    Dump(Dump),
    /// Write what analysts did as JSON lines, oldest first
    Journal(Journal),
    /// Print completions for a shell
    Completions { shell: clap_complete::Shell },
    /// Print the manual page, or write one page per command into a folder
    Man {
        /// Folder to write into
        #[arg(short, long, value_hint = ValueHint::DirPath)]
        output: Option<PathBuf>,
    },
    #[command(external_subcommand)]
    Other(Vec<OsString>),
}

#[derive(Args, Debug)]
pub struct CasePath {
    /// Folder of the case
    #[arg(value_hint = ValueHint::DirPath)]
    pub case: PathBuf,
}

#[derive(Args, Debug)]
pub struct Demo {
    /// Folder to make the case in
    #[arg(default_value = "demo.case", value_hint = ValueHint::DirPath)]
    pub case: PathBuf,
    /// Do not open the workbench; print what is in the case
    #[arg(long)]
    pub no_open: bool,
}

#[derive(Args, Debug)]
pub struct New {
    #[command(flatten)]
    pub at: CasePath,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Add {
    #[command(flatten)]
    pub at: CasePath,
    /// Files and folders to take in
    #[arg(required_unless_present = "retry", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Leave out what fits this pattern (`*.mp4`, `cache/**`); may be given several times
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Copy the originals into the case
    #[arg(long)]
    pub copy: bool,
    /// File with one password per line, for encrypted files
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub passwords: Option<PathBuf>,
    /// Read again what could not be read; without PATH in all sources
    #[arg(long)]
    pub retry: bool,
    /// Who gave it, when, how; kept with the source
    #[arg(long, value_name = "TEXT")]
    pub origin: Option<String>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
#[command(after_long_help = super::search::grammar())]
pub struct Search {
    #[command(flatten)]
    pub at: CasePath,
    /// What to find; several words must all occur. `casebook search --help` explains the language
    #[arg(required = true, value_name = "QUERY")]
    pub query: Vec<String>,
    /// Show so many hits; 0 for the counts alone
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub limit: u64,
    /// Show every hit
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
    /// Count the occurrences even when very many hits must be read for it
    #[arg(long)]
    pub occurrences: bool,
    /// Order of the hits
    #[arg(long, value_enum, default_value_t, allow_hyphen_values = true)]
    pub sort: Sort,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Relevance,
    /// Oldest first, undated last
    Date,
    /// Newest first, undated last
    #[value(name = "-date")]
    DateDescending,
}

#[derive(Args, Debug)]
pub struct Show {
    #[command(flatten)]
    pub at: CasePath,
    /// D17, M2041, C3, E9, P5, N4 or A7
    pub item: String,
    /// Which text of a document; the original when not given
    #[arg(long, value_parser = variant_names())]
    pub variant: Option<String>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Status {
    #[command(flatten)]
    pub at: CasePath,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Documents {
    #[command(flatten)]
    pub at: CasePath,
    /// Only those with this in their path
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub path: String,
    /// Only those of this format
    #[arg(long = "type", value_name = "FORMAT")]
    pub format: Option<String>,
    /// Only those in this state
    #[arg(long, value_parser = state_names())]
    pub state: Option<String>,
    /// Only those that could not be read
    #[arg(long)]
    pub unreadable: bool,
    /// Order of the list
    #[arg(long, value_enum, default_value_t)]
    pub sort: DocumentOrder,
    /// From the end
    #[arg(long)]
    pub reverse: bool,
    /// Show so many
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DocumentOrder {
    #[default]
    Number,
    Path,
    Type,
    Date,
    Size,
}

#[derive(Args, Debug)]
pub struct Conversations {
    #[command(flatten)]
    pub at: CasePath,
    /// Show so many
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

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
        conflicts_with_all = ["kind", "standing", "unchecked"])]
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
    #[arg(long)]
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
    #[arg(long, requires = "note")]
    pub delete: bool,
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

#[derive(Args, Debug)]
pub struct Verify {
    /// Folder of the case
    #[arg(value_hint = ValueHint::DirPath, required_unless_present = "folder")]
    pub case: Option<PathBuf>,
    /// Check the footnotes of this report (md, html, docx, csv, json) and nothing else
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub report: Option<PathBuf>,
    /// Folder of originals to check a report against, without a case
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, requires = "report", conflicts_with = "case")]
    pub folder: Option<PathBuf>,
    /// File with one password per line, to extract encrypted files again
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub passwords: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Reindex {
    #[command(flatten)]
    pub at: CasePath,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Extract {
    #[command(flatten)]
    pub at: CasePath,
    /// The document, as D17
    pub document: String,
    /// File to write; it must not exist
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
    /// File with one password per line, for encrypted containers
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub passwords: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Remove {
    #[command(flatten)]
    pub at: CasePath,
    /// The source: S1 or its path
    pub source: String,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Relink {
    #[command(flatten)]
    pub at: CasePath,
    /// The source: S1 or the path it was added from
    pub old: String,
    /// Where it lies now
    #[arg(value_hint = ValueHint::AnyPath)]
    pub new: PathBuf,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Bundle {
    #[command(flatten)]
    pub at: CasePath,
    /// File to write; it must not exist
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
    /// Only what came after a day or moment (UTC), or what an operation did not know of
    #[arg(long, value_name = "WHEN|OPERATION", default_value = "", hide_default_value = true)]
    pub since: String,
    /// Encrypt it to a public key of age (age1..., see `casebook key`); may be given several times
    #[arg(long, value_name = "RECIPIENT")]
    pub encrypt: Vec<String>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Merge {
    #[command(flatten)]
    pub at: CasePath,
    /// The bundle
    #[arg(value_hint = ValueHint::FilePath)]
    pub bundle: PathBuf,
    /// File with the key that it is encrypted to
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub identity: Option<PathBuf>,
    /// Show what it would change and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Key {
    /// File to write the key to; it must not exist
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
}

#[derive(Args, Debug)]
pub struct Dump {
    #[command(flatten)]
    pub at: CasePath,
    /// File to write instead of standard output; it must not exist
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Journal {
    #[command(flatten)]
    pub at: CasePath,
    /// File to write instead of standard output; it must not exist
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

fn kind_names() -> Vec<&'static str> {
    crate::model::entity::EntityKind::ALL.iter().map(|kind| kind.word()).collect()
}

fn variant_names() -> Vec<&'static str> {
    crate::model::VariantKind::ALL.iter().map(|kind| kind.name()).collect()
}

fn state_names() -> Vec<&'static str> {
    crate::model::State::ALL.iter().map(|state| state.name()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    fn parsed(line: &str) -> Result<Verb, clap::Error> {
        Cli::try_parse_from(line.split_whitespace()).map(|cli| cli.verb)
    }

    #[test]
    fn verbs_parse() {
        let Ok(Verb::Search(search)) = parsed("casebook search x.case 公司 合同 --limit 0 --json")
        else {
            panic!("search");
        };
        assert_eq!(
            (search.query.join(" ").as_str(), search.limit, search.json),
            ("公司 合同", 0, true)
        );
        let Ok(Verb::Search(search)) = parsed("casebook search x.case --sort -date -- 公司 -合同")
        else {
            panic!("search with hyphens");
        };
        assert_eq!(
            (search.query.join(" ").as_str(), search.sort),
            ("公司 -合同", Sort::DateDescending)
        );
        let Ok(Verb::Add(add)) = parsed("casebook add x.case --retry") else { panic!("retry") };
        assert!(add.paths.is_empty() && add.retry);
        assert!(parsed("casebook add x.case").is_err());
        let Ok(Verb::Other(words)) = parsed("casebook x.case") else { panic!("plain case") };
        assert_eq!(words, ["x.case"]);
        assert!(parsed("casebook documents x.case --state broken").is_err());
    }
}
