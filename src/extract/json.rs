//! JSON as a person can read and search it: laid out as its author did where lines are short, a
//! line for each value otherwise, and every string as the characters that it stands for. JSON
//! lines and concatenated JSON are several documents in one file.

mod print;
mod scan;

pub use scan::{Event, Kind, Scanner, Trouble};

use print::Printer;

use super::encoding::TextReader;
use super::{Input, Out, Stop};
use crate::model::{PartKind, Wrap};
use std::io::BufRead;

/// What the beginning of a text is, as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    One,
    /// Several values one after the other.
    Many,
    Not,
}

/// Judges the head of a text; `whole` says that there is no more.
pub fn shape(head: &str, whole: bool) -> Shape {
    let mut scanner = Scanner::new(head.as_bytes());
    let mut begun = 0u64;
    let result = scanner.run(&mut |event| {
        begun += u64::from(matches!(event, Event::Document));
        Ok(())
    });
    match result {
        Err(Trouble::CutOff) if begun > 1 => Shape::Many,
        Err(Trouble::CutOff) => Shape::One,
        // The cut may look like an error: in the middle of a number between two documents.
        Err(Trouble::Wrong(at)) if !whole && at + 64 > head.len() as u64 => {
            if begun > 1 {
                Shape::Many
            } else {
                Shape::One
            }
        }
        Err(_) => Shape::Not,
        Ok(()) if begun > 1 => Shape::Many,
        Ok(()) if begun == 1 => Shape::One,
        Ok(()) => Shape::Not,
    }
}

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let nesting = usize::try_from(input.limits.nesting).unwrap_or(usize::MAX);
    // What nobody wrapped cannot be read on a screen.
    let wrapped = input.head().split(|byte| *byte == b'\n').all(|line| line.len() < LONG_LINE);
    let mut text = TextReader::open(input, None)?;
    text.announce(out)?;
    out.part(PartKind::Body, Wrap::Lines)?;
    let mut printer = Printer::new(out, !wrapped, nesting);
    let mut scanner = Scanner::new(&mut text);
    let result = scanner.run(&mut |event| printer.take(event));
    let deepest = scanner.deepest;
    let (values, repaired) = (printer.values, printer.repaired);
    let mut has_more = false;
    match result {
        Ok(()) => {}
        Err(Trouble::Stop(stop)) => return Err(stop),
        Err(Trouble::CutOff) => {
            printer.flush()?;
            out.warn("the JSON is cut off in the middle")?;
        }
        Err(Trouble::Wrong(at)) => {
            printer.flush()?;
            out.warn(format!("no valid JSON from byte {at} on; the rest is shown as it stands"))?;
            copy_rest(scanner.into_rest(), out)?;
            has_more = true;
        }
    }
    text.conclude(out)?;
    if repaired > 0 {
        out.warn(format!(
            "{repaired} strings were UTF-8 written as single bytes, as Facebook does; they are shown repaired"
        ))?;
    }
    if deepest > nesting {
        return Err(Stop::OverLimit(format!(
            "nests {deepest} levels deep; below {nesting} its structure is not shown"
        )));
    }
    if values == 0 && !has_more {
        return Err(Stop::Empty("brackets without any value".to_owned()));
    }
    Ok(())
}

/// Lines longer than this were not meant to be read.
const LONG_LINE: usize = 2000;

/// Writes text that is no JSON as it is.
fn copy_rest(mut rest: impl BufRead, out: &mut Out) -> Result<(), Stop> {
    let mut buffer = vec![0; 16 * 1024];
    let mut kept = 0;
    loop {
        let count = rest.read(&mut buffer[kept..])?;
        let all = &buffer[..kept + count];
        let good = match std::str::from_utf8(all) {
            Ok(_) => all.len(),
            // A character that was cut by the buffer.
            Err(error) => error.valid_up_to(),
        };
        out.text(std::str::from_utf8(&all[..good]).unwrap_or_default())?;
        let end = all.len();
        buffer.copy_within(good..end, 0);
        kept = end - good;
        if count == 0 || kept > 8 {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests;
