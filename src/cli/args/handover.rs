//! What can be typed to hand work over: `bundle`, `merge`, `key`, `dump`, `journal`.

use super::CasePath;
use clap::{Args, ValueHint};
use std::path::PathBuf;

#[derive(Args, Debug)]
pub struct Bundle {
    #[command(flatten)]
    pub at: CasePath,
    /// File to write, which must not exist; - is standard output
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
    /// Name all that changes, however much it is
    #[arg(long)]
    pub all: bool,
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
