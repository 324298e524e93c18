//! `demo`: a small case from files that are built in, to see in a minute what this is about.

use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::{Opener, add, args, lists, quoted, read};
use crate::case::{Access, Case};
use include_dir::{Dir, include_dir};
use std::path::{Path, PathBuf};

/// A fictional leak, made for this program.
static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/sample");

/// Searches that find something worth reading.
const WORTH_TRYING: &[&str] = &[
    "合同 -kind:message",
    "川江 NEAR/20 合同",
    "95% OR 61%",
    "小林 kind:message",
    "is:unreadable",
    "date:2022-08 from:wxid_q7m2kd81xv3b22",
];

pub fn demo(args: &args::Demo, out: &mut Out<'_>, open: Opener<'_>) -> Result<Code, Failure> {
    let folder = &args.case;
    let files = files_beside(folder);
    let mut code = Code::Done;
    if folder.join("case.db").exists() && !is_unfinished(folder)? {
        out.line_of(Style::Dim, &format!("{} is there already", folder.display()))?;
        out.say("\n")?;
    } else {
        code = make(folder, &files, out)?;
    }
    if code == Code::Interrupted {
        return Ok(code);
    }
    if out.is_terminal() && !args.no_open {
        out.finish()?;
        open(folder).map_err(Failure::new)?;
        return Ok(Code::Done);
    }
    lists::print_status(&read(folder)?, out)?;
    out.say("\nworth trying:\n")?;
    let case = quoted(folder);
    for query in WORTH_TRYING {
        out.line_of(Style::Plain, &format!("  casebook search {case} '{query}'"))?;
        out.say("\n")?;
    }
    out.line_of(Style::Plain, &format!("  casebook {case}"))?;
    out.say("\n")?;
    // The sample holds broken files on purpose: that they are listed is the point.
    Ok(Code::Done)
}

/// The sample's files lie beside the case, as a leak would.
fn files_beside(case: &Path) -> PathBuf {
    let name = case.file_stem().unwrap_or_default().to_string_lossy();
    case.with_file_name(format!("{name}-files"))
}

fn is_unfinished(folder: &Path) -> Result<bool, Failure> {
    let status = read(folder)?.status()?;
    Ok(status.sources.is_empty() || status.sources.iter().any(|source| source.incomplete))
}

fn make(folder: &Path, files: &Path, out: &mut Out<'_>) -> Result<Code, Failure> {
    unpack(&SAMPLE, files)?;
    let case = match folder.join("case.db").exists() {
        true => Case::open(folder, Access::Write)?,
        false => Case::create(folder)?,
    };
    out.line_of(Style::Dim, &format!("{} files in {}", count(&SAMPLE), files.display()))?;
    out.say("\n")?;
    out.finish()?;
    let mut options = add::options()?;
    options.origin = "the sample that comes with Casebook; everything in it is invented".to_owned();
    let (_, code) = add::run(&case, &[files.to_owned()], &options)?;
    Ok(code)
}

fn count(dir: &Dir<'_>) -> usize {
    dir.files().count() + dir.dirs().map(count).sum::<usize>()
}

/// Writes the files. One that is there already must be the same: nothing of anybody is replaced.
fn unpack(dir: &Dir<'_>, into: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(into).map_err(|error| Failure::io("create", into, &error))?;
    for entry in dir.files() {
        let path = into.join(entry.path().file_name().unwrap_or_default());
        match std::fs::read(&path) {
            Ok(bytes) if bytes == entry.contents() => {}
            Ok(_) => {
                return Err(Failure::new(format!(
                    "{} is there and is not the sample",
                    path.display()
                ))
                .hint("choose another name: casebook demo OTHER.case"));
            }
            Err(_) => std::fs::write(&path, entry.contents())
                .map_err(|error| Failure::io("write", &path, &error))?,
        }
    }
    for inner in dir.dirs() {
        unpack(inner, &into.join(inner.path().file_name().unwrap_or_default()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

    #[test]
    fn the_sample_is_there_and_its_queries_are_understood() {
        assert!((60..=200).contains(&count(&SAMPLE)));
        for query in WORTH_TRYING {
            assert!(Query::parse(query).is_ok(), "{query}");
        }
    }

    #[test]
    fn unpacking_twice_is_the_same_and_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let files = files_beside(&folder.path().join("x.case"));
        assert_eq!(files, folder.path().join("x-files"));
        unpack(&SAMPLE, &files).unwrap();
        unpack(&SAMPLE, &files).unwrap();
        let first = SAMPLE.files().next().unwrap();
        std::fs::write(files.join(first.path()), "mine").unwrap();
        assert!(unpack(&SAMPLE, &files).is_err());
    }
}
