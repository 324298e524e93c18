//! What can be typed on the command line. The help texts, the shell completions and the manual
//! page all come from here.

mod handover;
mod lists;
mod report;
mod work;

pub use handover::{Bundle, Dump, Journal, Key, Merge};
pub use lists::{Conversations, DocumentOrder, Documents, Search, Show, Sort};
pub use report::{Check, Export, ReportFormat};
pub use work::{Anchors, Entities, Entity, Note, Notes};

use clap::{Args, Parser, Subcommand, ValueHint};
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
  5  the case is damaged: verify found it, or a command could not go on
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
    #[arg(required_unless_present_any = ["retry", "reread"], value_name = "PATH", value_hint = ValueHint::AnyPath)]
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
    /// Read again what an older version of Casebook read; without PATH in all sources. What stays
    /// the same keeps its number, and what was cited is found again in the new texts
    #[arg(long)]
    pub reread: bool,
    /// Who gave it, when, how; kept with the source
    #[arg(long, value_name = "TEXT")]
    pub origin: Option<String>,
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
pub struct Verify {
    /// Folder of the case
    #[arg(value_hint = ValueHint::DirPath, required_unless_present = "folder")]
    pub case: Option<PathBuf>,
    /// Check this report (md, html, docx, csv, json) and nothing else: its seal, its footnotes
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
    /// File to write, which must not exist; - is standard output, with the hash on standard error
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
        let Ok(Verb::Add(add)) = parsed("casebook add x.case --reread") else { panic!("reread") };
        assert!(add.paths.is_empty() && add.reread);
        assert!(parsed("casebook add x.case").is_err());
        let Ok(Verb::Other(words)) = parsed("casebook x.case") else { panic!("plain case") };
        assert_eq!(words, ["x.case"]);
        assert!(parsed("casebook documents x.case --state broken").is_err());
    }
}
