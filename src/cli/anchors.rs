//! `anchors`, and `show` of one: what analysts highlighted, cited and counted, and whether it
//! still holds.

use super::args;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::show::field;
use super::{add, counted, grouped, read};
use crate::app::made::{line_of, meaning_words};
use crate::app::pages::anchor::hold_words;
use crate::case::{Anchor, AnchorView, Case, CaseError, Hold, wall_text};
use crate::model::{AnchorId, ItemId};
use serde::Serialize;
use std::sync::atomic::AtomicBool;

/// An anchor in JSON.
#[derive(Debug, Serialize)]
pub struct Made {
    id: String,
    /// SHA-256 of the operation that made it: its name in every copy of the case.
    operation: String,
    /// What it means to the analyst; empty for what is only cited.
    meaning: String,
    comment: String,
    tags: Vec<String>,
    author: String,
    /// UTC milliseconds on the author's machine.
    made: i64,
    /// Where it stands in this case.
    at: Option<Place>,
    /// `passage` or `count`, with all that is kept of it.
    #[serde(flatten)]
    anchor: Anchor,
    /// Whether it holds now.
    hold: Hold,
    /// Notes that name it.
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Place {
    /// Document or message.
    item: String,
    /// Bytes in its text; both 0 for a document as such.
    start: u64,
    end: u64,
}

impl Made {
    fn new(case: &Case, view: AnchorView, hold: Hold) -> Result<Made, CaseError> {
        let notes = case.notes_naming(ItemId::Anchor(view.id))?;
        Ok(Made {
            id: view.id.to_string(),
            operation: view.operation.to_string(),
            meaning: view.meaning,
            comment: view.comment,
            tags: view.tags,
            author: view.author,
            made: view.wall,
            at: view.at.map(|at| Place { item: at.item.to_string(), start: at.start, end: at.end }),
            anchor: view.anchor,
            hold,
            notes: notes.iter().map(ToString::to_string).collect(),
        })
    }
}

/// `anchors --json`.
#[derive(Debug, Serialize)]
struct Anchors {
    total: u64,
    anchors: Vec<Made>,
}

pub fn anchors(args: &args::Anchors, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = read(&args.at.case)?;
    let cancel = add::interrupt()?;
    let mut all: Vec<(AnchorView, Hold)> = Vec::new();
    case.check_anchors(&cancel, &mut |view, hold| {
        all.push((view.clone(), hold));
        true
    })?;
    all.sort_by_key(|(view, _)| view.id);
    if args.json {
        let total = all.len() as u64;
        let made = all.into_iter().map(|(view, hold)| Made::new(&case, view, hold));
        let anchors = made.collect::<Result<_, _>>()?;
        out.json(&Anchors { total, anchors })?;
        return Ok(Code::Done);
    }
    for (view, hold) in &all {
        line(view, hold, out)?;
    }
    let holding = all.iter().filter(|(_, hold)| *hold == Hold::Holds).count() as u64;
    let total = counted(all.len() as u64, "anchor", "anchors");
    out.say_in(Style::Dim, &format!("{total}, {} hold\n", grouped(holding)))?;
    Ok(Code::Done)
}

/// `A7  holds  ◆payment  “quote”  a/b.txt, line 3`.
fn line(view: &AnchorView, hold: &Hold, out: &mut Out<'_>) -> Result<(), Failure> {
    out.say_in(Style::Strong, &format!("{:<6}", view.id.to_string()))?;
    let style = if *hold == Hold::Holds { Style::Dim } else { Style::Warn };
    out.say_in(style, &format!("{:<12}", hold.word()))?;
    let words = meaning_words(view);
    if !words.is_empty() {
        out.line_of(Style::Strong, &format!("◆{words}  "))?;
    }
    out.line_of(Style::Plain, &line_of(view))?;
    if let Anchor::Passage(passage) = &view.anchor {
        out.line_of(Style::Dim, &format!("  {}", passage.locator))?;
    }
    Ok(out.say("\n")?)
}

pub fn show(case: &Case, id: AnchorId, is_json: bool, out: &mut Out<'_>) -> Result<(), Failure> {
    let view = case.anchor(id)?;
    let hold = case.hold(&view.anchor, &AtomicBool::new(false))?;
    if is_json {
        return out.json(&Made::new(case, view, hold)?);
    }
    out.say_in(Style::Strong, &id.to_string())?;
    out.line_of(Style::Strong, &format!("  {}", meaning_words(&view)))?;
    out.say("\n")?;
    field(out, "by", &view.author)?;
    field(out, "made", &format!("{} UTC", wall_text(view.wall)))?;
    match &view.anchor {
        Anchor::Passage(passage) => {
            field(out, "stands in", &view.at.map_or_else(String::new, |at| at.item.to_string()))?;
            field(out, "file", &passage.path)?;
            field(out, "place", &passage.locator)?;
            field(out, "sha256", &passage.content.to_string())?;
            for container in &passage.containers {
                field(out, "inside of", &container.to_string())?;
            }
            if let Some(record) = passage.record {
                field(out, "record", &grouped(record.ordinal + 1))?;
            }
            if !passage.quote.is_empty() {
                let (start, end) = (passage.start, passage.end);
                let text = format!("{} by {}", passage.variant.name(), passage.extractor);
                field(out, "text", &text)?;
                field(out, "bytes", &format!("{start}-{end}"))?;
                field(out, "text sha256", &passage.text.to_string())?;
            }
        }
        Anchor::Count(count) => {
            if let Some(query) = case.query_of(&view.anchor)? {
                field(out, "query", &query)?;
            }
            field(out, "number", &count.number)?;
            field(out, "sha256 over it", &count.ids.to_string())?;
        }
    }
    let notes = case.notes_naming(ItemId::Anchor(id))?;
    let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
    field(out, "named by", &notes.join(" "))?;
    field(out, "now", &hold_words(Some(&hold), &view.anchor).0)?;
    out.say("\n")?;
    match &view.anchor {
        Anchor::Passage(passage) => out.block_of(&passage.quote)?,
        Anchor::Count(count) => out.line_of(Style::Plain, &count.words())?,
    }
    Ok(out.say("\n")?)
}

/// Anchors that were checked, and those that do not hold any more.
#[derive(Debug, Default, Serialize)]
pub struct Checked {
    pub checked: u64,
    /// What moved, changed, broke, or is not in this case. No damage of the case.
    pub not_holding: Vec<NotHolding>,
}

#[derive(Debug, Serialize)]
pub struct NotHolding {
    id: String,
    #[serde(flatten)]
    hold: Hold,
    /// The quote or the number, in a line.
    line: String,
}

/// Checks all anchors of a case, as far as nobody stops it.
pub fn check(case: &Case, cancel: &AtomicBool) -> Result<Checked, CaseError> {
    let mut found = Checked::default();
    let ended = case.check_anchors(cancel, &mut |view, hold| {
        found.checked += 1;
        if hold != Hold::Holds {
            found.not_holding.push(NotHolding {
                id: view.id.to_string(),
                hold,
                line: line_of(view),
            });
        }
        !cancel.load(std::sync::atomic::Ordering::Relaxed)
    });
    match ended {
        Ok(()) | Err(CaseError::Cancelled) => Ok(found),
        Err(error) => Err(error),
    }
}

/// What `verify` says of them.
pub fn print_checked(checked: &Checked, out: &mut Out<'_>) -> Result<(), Failure> {
    if checked.checked == 0 {
        return Ok(());
    }
    let anchors = counted(checked.checked, "anchor", "anchors");
    let holding = checked.checked - checked.not_holding.len() as u64;
    out.say(&format!("{anchors} checked, {} hold\n", grouped(holding)))?;
    for one in &checked.not_holding {
        out.say_in(Style::Warn, &format!("{:<12}", one.hold.word()))?;
        let why = match &one.hold {
            Hold::Changed { now } => format!(", now {now}"),
            Hold::Broken { why } => format!(", {why}"),
            Hold::Moved { start, end } => format!(", now at bytes {start}-{end}"),
            Hold::Holds | Hold::OtherBasis | Hold::Absent => String::new(),
        };
        out.line_of(Style::Plain, &format!("{}: {}{why}", one.id, one.line))?;
        out.say("\n")?;
    }
    Ok(())
}
