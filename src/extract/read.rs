//! One file, from detection to its last record: what a worker does with the file it is given, and
//! what tests of extractors do in process.

use super::format::Format;
use super::record::{Outcome, Record};
use super::{Input, Out, Stop, chat, detect, format};
use crate::model::State;

/// Reads one file and sends its records, [`Record::Format`] first. The outcome is returned, not
/// sent. `Err(Stop::Gone)` alone is an error: nobody wants the records any more.
pub fn read(
    input: &mut Input,
    sink: &mut dyn FnMut(Record) -> Result<(), Stop>,
) -> Result<Outcome, Stop> {
    let found = match detect::detect(input) {
        Ok(id) => format::find(id),
        Err(stop) => return ended(Err(stop), &Counts::default(), None),
    };
    let Some(found) = found.or_else(|| format::find(format::BINARY)) else {
        return ended(Err(Stop::failed("no format")), &Counts::default(), None);
    };
    sink(Record::Format { id: found.id.to_owned(), version: found.version })?;
    let limits = input.limits;
    let mut out = Out::new(sink, limits);
    let result = if input.is_empty() {
        Err(Stop::Empty("zero bytes".to_owned()))
    } else if let Some(importer) = chat::find(input) {
        (importer.import)(input, &mut out)
    } else if let Some(extract) = found.extract {
        extract(input, &mut out)
    } else {
        Err(Stop::Unsupported(found.advice.to_owned()))
    };
    let result = match (result, out.finish()) {
        (Err(stop), _) => Err(stop),
        (Ok(()), finished) => finished,
    };
    let counts = Counts {
        non_blank: out.non_blank,
        pages_without_text: out.pages_without_text,
        children: out.children,
        messages: out.messages,
        is_export: out.is_export,
    };
    ended(result, &counts, Some(found))
}

/// What came out of a file, as far as its state depends on it.
#[derive(Default)]
struct Counts {
    non_blank: bool,
    pages_without_text: u64,
    children: u64,
    messages: u64,
    is_export: bool,
}

fn ended(
    result: Result<(), Stop>,
    counts: &Counts,
    format: Option<&Format>,
) -> Result<Outcome, Stop> {
    let outcome = |state, reason: &str| Ok(Outcome { state, reason: reason.to_owned() });
    match result {
        Err(Stop::Gone) => Err(Stop::Gone),
        Err(stop) => Ok(Outcome { state: stop.state(), reason: stop.to_string() }),
        Ok(()) if counts.non_blank => outcome(State::Read, ""),
        Ok(()) if counts.is_export => outcome(State::Export, ""),
        Ok(()) if counts.messages > 0 => outcome(State::Export, ""),
        Ok(()) if counts.pages_without_text > 0 => {
            let what = match format.map(|format| format.family) {
                Some(format::Family::Image) => "an image; its text needs OCR",
                _ => "pages without text; they need OCR",
            };
            outcome(State::NoText, what)
        }
        Ok(()) if counts.children > 0 => outcome(State::Read, ""),
        Ok(()) => outcome(State::Empty, "nothing in it"),
    }
}
