//! Anchors that `verify` and `add` check.

use super::proof::{Proof, Tally, replaced};
use crate::app::made::line_of;
use crate::case::{Anchor, Case, CaseError, Hold};
use crate::cli::error::Failure;
use crate::cli::out::{Out, Style};
use crate::ingest::ReadAgain;
use crate::model::AnchorId;
use crate::model::anchor::shown;
use crate::text::width;
use serde::Serialize;
use std::sync::atomic::AtomicBool;

/// Anchors that were checked, against the case and against the originals that were read again.
#[derive(Debug, Default, Serialize)]
pub struct Checked {
    pub checked: u64,
    /// Of them those whose original was read again and says it.
    pub verified: u64,
    /// Each of them, by number.
    anchors: Vec<One>,
    #[serde(skip)]
    tally: Tally,
}

#[derive(Debug, Serialize)]
struct One {
    id: String,
    /// Whether it holds in the case. What moved, changed, broke, or is not in this case is no damage.
    #[serde(flatten)]
    hold: Hold,
    original: Proof,
    /// The quote or the number, in a line.
    line: String,
    /// The file of a passage that has other bytes now.
    changed: Option<String>,
    #[serde(skip)]
    number: AnchorId,
}

/// Checks all anchors of a case, as far as nobody stops it. `read` is what reading the originals
/// again gave.
pub fn check(case: &Case, read: &ReadAgain, cancel: &AtomicBool) -> Result<Checked, CaseError> {
    let mut found = Checked::default();
    let ended = case.check_anchors(cancel, &mut |view, hold| {
        let original = Proof::of(&view.anchor, &hold, read);
        let changed = match (&view.anchor, original) {
            (Anchor::Passage(passage), Proof::Changed) => replaced(passage, read),
            _ => None,
        };
        found.checked += 1;
        found.verified += u64::from(original == Proof::Verified);
        found.tally.add(&hold, Some(original));
        found.anchors.push(One {
            id: view.id.to_string(),
            hold,
            original,
            line: line_of(view),
            changed: changed.map(str::to_owned),
            number: view.id,
        });
        !cancel.load(std::sync::atomic::Ordering::Relaxed)
    });
    found.anchors.sort_by_key(|one| one.number);
    match ended {
        Ok(()) | Err(CaseError::Cancelled) => Ok(found),
        Err(error) => Err(error),
    }
}

/// How many anchors hold after texts were made anew, and each that does not.
pub fn print_not_holding(case: &Case, out: &mut Out<'_>) -> Result<(), Failure> {
    let mut tally = Tally::default();
    let mut open = Vec::new();
    case.check_anchors(&AtomicBool::new(false), &mut |view, hold| {
        tally.add(&hold, None);
        if hold != Hold::Holds {
            open.push((view.id, line_of(view), hold));
        }
        true
    })?;
    if tally.all == 0 {
        return Ok(());
    }
    out.say(&format!("{}\n", tally.words()))?;
    open.sort_by_key(|(id, ..)| *id);
    for (id, line, hold) in open {
        out.say_in(Style::Warn, &width::column(hold.word(), 12))?;
        out.line_of(Style::Plain, &format!(" {id}: {line}{}", since(&hold)))?;
        out.say("\n")?;
    }
    Ok(())
}

/// What is to be said of an anchor that does not hold, after its line.
fn since(hold: &Hold) -> String {
    match hold {
        Hold::Holds | Hold::Absent => String::new(),
        Hold::Changed { now } => format!(", now {}", shown(now)),
        Hold::Broken { why } | Hold::Misplaced { why } => format!(", {why}"),
        Hold::Moved { start, end } => format!(", now at bytes {start}-{end}"),
        Hold::OtherBasis { now } => format!(", {now}"),
    }
}

/// What `verify` says of them: the counts, and each that does not hold or was not verified though it
/// should have been.
pub fn print_checked(checked: &Checked, out: &mut Out<'_>) -> Result<(), Failure> {
    if checked.checked == 0 {
        return Ok(());
    }
    out.say(&format!("{}\n", checked.tally.words()))?;
    for one in &checked.anchors {
        let why = match &one.hold {
            Hold::Holds if !one.original.is_open() => continue,
            Hold::Holds => match &one.changed {
                Some(file) => format!(
                    ", in {file}: the file has other bytes now, and the citation stands on content that the source no longer has"
                ),
                None => String::new(),
            },
            hold => since(hold),
        };
        let word = match &one.hold {
            Hold::Holds => one.original.words(),
            hold => hold.word(),
        };
        out.say_in(Style::Warn, &width::column(word, 12))?;
        out.line_of(Style::Plain, &format!(" {}: {}{why}", one.id, one.line))?;
        out.say("\n")?;
    }
    Ok(())
}
