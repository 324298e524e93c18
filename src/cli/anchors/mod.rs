//! `anchors`, and `show` of one: what analysts highlighted, cited and counted, and whether it
//! still holds.

mod checked;
mod proof;
mod recount;

pub use self::checked::{Checked, check, print_checked, print_not_holding};
use self::proof::{Proof, Tally};
use super::args;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::show::field;
use super::{add, grouped, progress, read, write};
use crate::app::made::{line_of, meaning_words};
use crate::app::pages::anchor::hold_words;
use crate::case::{Anchor, AnchorView, Case, CaseError, Hold, Lost, wall_text};
use crate::ingest::{self, ReadAgain};
use crate::model::anchor::shown;
use crate::model::{AnchorId, ItemId};
use crate::text::width;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;
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
    /// Whether it holds in the case now.
    hold: Hold,
    /// Its file is not where it was taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<Lost>,
    /// What its original says, where that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<Proof>,
    /// Who deleted it without knowing of what, where it stands in spite of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<String>,
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
    fn new(
        case: &Case,
        view: AnchorView,
        hold: Hold,
        original: Option<Proof>,
    ) -> Result<Made, CaseError> {
        let notes = case.citing(view.id)?;
        Ok(Made {
            lost: lost(case, &view.anchor)?,
            id: view.id.to_string(),
            operation: view.operation.to_string(),
            meaning: view.meaning,
            comment: view.comment,
            tags: view.tags,
            kept: view.kept.as_ref().map(|kept| kept.words()),
            author: view.author,
            made: view.wall,
            at: view.at.map(|at| Place { item: at.item.to_string(), start: at.start, end: at.end }),
            anchor: view.anchor,
            hold,
            original,
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

/// `anchors --keep --json`.
#[derive(Debug, Serialize)]
struct Kept {
    kept: Vec<String>,
}

pub fn anchors(args: &args::Anchors, out: &mut Out<'_>) -> Result<Code, Failure> {
    if let Some(asked) = &args.count_again {
        return recount::count_again(args, asked, out);
    }
    if !args.keep.is_empty() {
        return keep(args, out);
    }
    let case = read(&args.at.case)?;
    let cancel = add::interrupt()?;
    let contents = match args.originals {
        true => Some(read_again(&case, args.passwords.as_deref(), &cancel)?),
        false => None,
    };
    let mut all: Vec<(AnchorView, Hold)> = Vec::new();
    case.check_anchors(&cancel, &mut |view, hold| {
        all.push((view.clone(), hold));
        true
    })?;
    all.sort_by_key(|(view, _)| view.id);
    let proved = |view: &AnchorView, hold: &Hold| {
        contents.as_ref().map(|contents| Proof::of(&view.anchor, hold, contents))
    };
    if args.json {
        let total = all.len() as u64;
        let made = all.into_iter().map(|(view, hold)| {
            let original = proved(&view, &hold);
            Made::new(&case, view, hold, original)
        });
        let anchors = made.collect::<Result<_, _>>()?;
        out.json(&Anchors { total, anchors })?;
        return Ok(Code::Done);
    }
    let mut tally = Tally::default();
    for (view, hold) in &all {
        let original = proved(view, hold);
        let lost = lost(&case, &view.anchor)?;
        line(view, hold, original, lost, out)?;
        tally.add(hold, original);
        tally.lost += u64::from(lost.is_some());
    }
    out.say_in(Style::Dim, &tally.words())?;
    out.say("\n")?;
    Ok(Code::Done)
}

/// `anchors --keep`: they stay, though somebody deleted them.
fn keep(args: &args::Anchors, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = write(&args.at.case)?;
    let ids = args.keep.iter().map(|typed| number(typed)).collect::<Result<Vec<_>, _>>()?;
    for id in ids {
        case.keep(ItemId::Anchor(id))?;
        if !args.json {
            out.say(&format!("{id} stays\n"))?;
        }
    }
    if args.json {
        out.json(&Kept { kept: args.keep.clone() })?;
    }
    Ok(Code::Done)
}

fn number(typed: &str) -> Result<AnchorId, Failure> {
    typed.parse().map_err(|_| {
        Failure::usage(format!("{typed:?} is not a number of an anchor"))
            .hint("anchors have numbers like A7: casebook anchors CASE")
    })
}

/// What became of the file of a passage that is not where it was taken from.
pub fn lost(case: &Case, anchor: &Anchor) -> Result<Option<Lost>, CaseError> {
    match anchor {
        Anchor::Passage(passage) => case.lost(&passage.content),
        Anchor::Count(_) => Ok(None),
    }
}

/// Reads the originals of all anchors again.
fn read_again(
    case: &Case,
    passwords: Option<&Path>,
    cancel: &Arc<AtomicBool>,
) -> Result<ReadAgain, Failure> {
    let passwords = match passwords {
        Some(path) => add::passwords(path)?,
        None => Vec::new(),
    };
    let worker = add::options()?.worker;
    let files = case.files_of_anchors()?;
    let read =
        progress::steps(|step| ingest::read_again(case, &files, &worker, &passwords, step, cancel));
    Ok(read?)
}

/// `A7  holds  ◆payment  “quote”  a/b.txt, line 3`.
fn line(
    view: &AnchorView,
    hold: &Hold,
    original: Option<Proof>,
    lost: Option<Lost>,
    out: &mut Out<'_>,
) -> Result<(), Failure> {
    out.say_in(Style::Strong, &width::column(&view.id.to_string(), 6))?;
    let style = if *hold == Hold::Holds { Style::Dim } else { Style::Warn };
    out.say_in(style, &width::column(hold.word(), 12))?;
    if let Some(original) = original {
        let style = if original.is_open() { Style::Warn } else { Style::Dim };
        out.say_in(style, &width::column(original.words(), 24))?;
    }
    let words = meaning_words(view);
    if !words.is_empty() {
        out.line_of(Style::Strong, &format!("◆{words}  "))?;
    }
    out.line_of(Style::Plain, &line_of(view))?;
    if let Anchor::Passage(passage) = &view.anchor {
        out.line_of(Style::Dim, &format!("  {}", passage.locator))?;
    }
    match hold {
        Hold::Changed { now } => out.line_of(Style::Warn, &format!("  now {}", shown(now)))?,
        Hold::OtherBasis { now } => out.line_of(Style::Warn, &format!("  {now}"))?,
        Hold::Misplaced { why } => out.line_of(Style::Warn, &format!("  {why}"))?,
        _ => {}
    }
    if let Some(lost) = lost {
        out.say_in(Style::Warn, &format!("  original: {}", lost.words()))?;
    }
    if let Some(kept) = &view.kept {
        out.line_of(Style::Warn, &format!("  ! {}", kept.words()))?;
    }
    Ok(out.say("\n")?)
}

pub fn show(case: &Case, id: AnchorId, is_json: bool, out: &mut Out<'_>) -> Result<(), Failure> {
    let view = case.anchor(id)?;
    let hold = case.hold(view.signed(), &AtomicBool::new(false))?;
    if is_json {
        return out.json(&Made::new(case, view, hold, None)?);
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
            field(out, "number", &count.shown())?;
            field(out, "sha256 over it", &count.ids.to_string())?;
        }
    }
    let notes = case.citing(id)?;
    let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
    field(out, "named by", &notes.join(" "))?;
    field(out, "now", &hold_words(Some(&hold), &view.anchor).0)?;
    field(out, "kept", &view.kept.as_ref().map(|kept| kept.words()).unwrap_or_default())?;
    field(out, "original", lost(case, &view.anchor)?.map_or("", Lost::words))?;
    out.say("\n")?;
    match &view.anchor {
        Anchor::Passage(passage) => out.block_of(&passage.quote)?,
        Anchor::Count(count) => out.line_of(Style::Plain, &count.words())?,
    }
    Ok(out.say("\n")?)
}
