//! `anchors --count-again`: numbers, counted in the evidence of now.

use super::number;
use crate::app::made::line_of;
use crate::case::{Anchor, CaseError, Hold};
use crate::cli::error::{Code, Failure};
use crate::cli::out::{Out, Style};
use crate::cli::{add, args, write};
use crate::text::width;
use serde::Serialize;

/// `anchors --count-again --json`.
#[derive(Debug, Serialize)]
struct Recounted {
    /// Numbers that are of the evidence of now.
    counted: Vec<Again>,
    /// Those that are not, and why.
    refused: Vec<Again>,
}

#[derive(Debug, Serialize)]
struct Again {
    id: String,
    /// What it says now, or why it was not counted again.
    words: String,
}

pub(super) fn count_again(
    args: &args::Anchors,
    asked: &[String],
    out: &mut Out<'_>,
) -> Result<Code, Failure> {
    let case = write(&args.at.case)?;
    let cancel = add::interrupt()?;
    let mut ids = Vec::new();
    for typed in asked {
        ids.push(number(typed)?);
    }
    if asked.is_empty() {
        case.check_anchors(&cancel, &mut |view, hold| {
            let is_off = matches!(hold, Hold::OtherBasis { .. } | Hold::Changed { .. });
            if is_off && matches!(view.anchor, Anchor::Count(_)) {
                ids.push(view.id);
            }
            true
        })?;
        ids.sort_unstable();
    }
    let mut done = Recounted { counted: Vec::new(), refused: Vec::new() };
    for id in ids {
        match case.count_again(id, &cancel) {
            Ok(_) => {
                let words = line_of(&case.anchor(id)?);
                done.counted.push(Again { id: id.to_string(), words });
            }
            Err(CaseError::Refused(words)) => {
                done.refused.push(Again { id: id.to_string(), words });
            }
            Err(error) => return Err(error.into()),
        }
    }
    let code = if done.refused.is_empty() { Code::Done } else { Code::Incomplete };
    if args.json {
        out.json(&done)?;
        return Ok(code);
    }
    for again in &done.counted {
        out.say_in(Style::Strong, &width::column(&again.id, 6))?;
        out.line_of(Style::Plain, &again.words)?;
        out.say("\n")?;
    }
    for again in &done.refused {
        out.say_in(Style::Warn, "! ")?;
        out.line_of(Style::Plain, &again.words)?;
        out.say("\n")?;
    }
    if done.counted.is_empty() && done.refused.is_empty() {
        out.say("every number was counted in the evidence of now\n")?;
    }
    Ok(code)
}
