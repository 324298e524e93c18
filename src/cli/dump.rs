//! `dump`, `journal`: the case as text that other programs can read and compare.

use super::args;
use super::error::{Code, Failure};
use super::out::Out;
use super::read;
use super::target::{self, Bytes, EVERYBODY};
use std::io::Write;
use std::path::Path;

pub fn dump(args: &args::Dump, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = read(&args.at.case)?;
    to(args.output.as_deref(), out, |into| Ok(case.dump(into)?))?;
    Ok(Code::Done)
}

pub fn journal(args: &args::Journal, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = read(&args.at.case)?;
    to(args.output.as_deref(), out, |into| {
        let mut out = Out::to(into);
        case.each_entry(|entry| out.json(&entry))?;
        Ok(out.finish()?)
    })?;
    Ok(Code::Done)
}

/// Into a new file, or onto standard output. What is written is safe on a terminal by itself.
fn to(
    file: Option<&Path>,
    out: &mut Out<'_>,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
) -> Result<(), Failure> {
    match file {
        Some(path) => target::write(path, EVERYBODY, Bytes::Safe, out, write),
        None => write(out.raw()),
    }
}
