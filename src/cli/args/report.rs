//! What can be typed for reports: `export` and `check`.

use super::CasePath;
use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

#[derive(Args, Debug)]
#[command(after_help = EXPORTS)]
pub struct Export {
    #[command(flatten)]
    pub at: CasePath,
    /// Format of the report; by the name of the file when not given
    #[arg(long, value_enum)]
    pub format: Option<ReportFormat>,
    /// File to write; - is standard output (with --format)
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
    /// Only these notes, as N1,N3
    #[arg(long, value_name = "NOTES", value_delimiter = ',')]
    pub notes: Option<Vec<String>>,
    /// Questions and findings
    #[arg(long)]
    pub findings: bool,
    /// Events in the order of their dates, and between them the dates of what is cited
    #[arg(long)]
    pub timeline: bool,
    /// In the timeline also every day that something in the case is of, with how much
    #[arg(long)]
    pub all_dates: bool,
    /// Entities with their evidence
    #[arg(long)]
    pub entities: bool,
    /// Title of the report; the name of the case when not given
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Day that the report says it was made on; today (UTC) when not given
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    /// Do not say who wrote what
    #[arg(long)]
    pub no_authors: bool,
    /// Copy each cited original, or the record of a cited message, into this new folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub exhibits: Option<PathBuf>,
    /// Write a check sheet too: a row for each sentence that claims something (csv)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub check_sheet: Option<PathBuf>,
    /// Mask or replace what this profile names
    #[arg(long, value_name = "PROFILE", value_hint = ValueHint::FilePath)]
    pub redact: Option<PathBuf>,
    /// File with one password per line, for the originals in encrypted containers
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub passwords: Option<PathBuf>,
    /// Replace files that exist
    #[arg(long)]
    pub force: bool,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

/// What a profile is, for the help of `export`.
const EXPORTS: &str = "\
A profile is a TOML file:
  name = \"press\"            said in the report
  key = \"a secret\"          the same key gives the same pseudonyms
  [mask]                     becomes ▇▇▇: entities, kinds, tags, literals
  tags = [\"source\"]
  [pseudonym]                becomes person-k7qd2
  entities = [\"E9\", \"沈若岚\"]
  kinds = [\"person\"]
What was written is looked through, containers too; if a protected name is left in it, nothing is
written.";

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    Md,
    Html,
    Docx,
    Csv,
    Json,
}

#[derive(Args, Debug)]
pub struct Check {
    #[command(flatten)]
    pub at: CasePath,
    /// The check sheet as it came back (csv)
    #[arg(value_name = "SHEET", value_hint = ValueHint::FilePath)]
    pub sheet: PathBuf,
    /// The profile that the sheet was redacted with
    #[arg(long, value_name = "PROFILE", value_hint = ValueHint::FilePath)]
    pub redact: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}
