//! What can be typed to find and to read: `search`, `show` and the lists of evidence.

use super::CasePath;
use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

#[derive(Args, Debug)]
#[command(after_long_help = crate::cli::search::grammar())]
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
    /// The text of a document as it lies in the original file: tags, punctuation and all
    #[arg(long, conflicts_with = "variant")]
    pub file: bool,
    /// File with one password per line, for originals in encrypted containers
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "file")]
    pub passwords: Option<PathBuf>,
    /// Texts byte for byte, control characters and all; into a file or a pipe only
    #[arg(long, conflicts_with = "json")]
    pub raw: bool,
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
    /// Only those in this language; none for those of which it was not determined
    #[arg(long = "lang", value_name = "LANGUAGE")]
    pub language: Option<String>,
    /// Only those in this state
    #[arg(long, value_parser = state_names())]
    pub state: Option<String>,
    /// Only those that could not be read
    #[arg(long)]
    pub unreadable: bool,
    /// Only those that were read with a warning (cut, damaged or doubtful in part), and what it is
    #[arg(long)]
    pub warned: bool,
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
    Language,
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

fn variant_names() -> Vec<&'static str> {
    crate::model::VariantKind::ALL.iter().map(|kind| kind.name()).collect()
}

fn state_names() -> Vec<&'static str> {
    crate::model::State::ALL.iter().map(|state| state.name()).collect()
}
