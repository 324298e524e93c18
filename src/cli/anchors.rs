//! `anchors`, and `show` of one: what analysts highlighted, cited and counted, and whether it
//! still holds.

use super::args;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::show::field;
use super::{add, counted, grouped, progress, read, write};
use crate::app::made::{line_of, meaning_words};
use crate::app::pages::anchor::hold_words;
use crate::case::{Anchor, AnchorView, Case, CaseError, Hold, Lost, Passage, wall_text};
use crate::ingest::{self, Compared, ReadAgain};
use crate::model::{AnchorId, ItemId, VariantKind};
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
        let notes = case.notes_naming(ItemId::Anchor(view.id))?;
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

fn count_again(args: &args::Anchors, asked: &[String], out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = write(&args.at.case)?;
    let cancel = add::interrupt()?;
    let mut ids = Vec::new();
    for typed in asked {
        ids.push(typed.parse::<AnchorId>().map_err(|_| {
            Failure::usage(format!("{typed:?} is not a number of an anchor"))
                .hint("anchors have numbers like A7: casebook anchors CASE")
        })?);
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
        out.say_in(Style::Strong, &format!("{:<6}", again.id))?;
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

pub fn anchors(args: &args::Anchors, out: &mut Out<'_>) -> Result<Code, Failure> {
    if let Some(asked) = &args.count_again {
        return count_again(args, asked, out);
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
    out.say_in(Style::Strong, &format!("{:<6}", view.id.to_string()))?;
    let style = if *hold == Hold::Holds { Style::Dim } else { Style::Warn };
    out.say_in(style, &format!("{:<12}", hold.word()))?;
    if let Some(original) = original {
        let style = if original.is_open() { Style::Warn } else { Style::Dim };
        out.say_in(style, &format!("{:<24}", original.words()))?;
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
        Hold::Changed { now } => out.line_of(Style::Warn, &format!("  now {now}"))?,
        Hold::OtherBasis { now } => out.line_of(Style::Warn, &format!("  {now}"))?,
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

/// What the original of an anchor says, after everything was read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// It was read again, and says it.
    Verified,
    /// Its file or container is not there, or does not open.
    Unreached,
    /// Its file, or the one that it lies in, has other bytes now: the citation stands on content that
    /// the source no longer has.
    Changed,
    /// Another version of the extractor reads it, so that nothing can be compared.
    OtherVersion,
    /// Reading it again gives another text than the case holds.
    Differs,
    /// The anchor does not hold in the case, or its text did not come out of the original: there is
    /// nothing to look for.
    Nothing,
    /// A number is counted in the case, not in an original.
    Counted,
}

impl Proof {
    fn of(anchor: &Anchor, hold: &Hold, read: &ReadAgain) -> Proof {
        let Anchor::Passage(passage) = anchor else { return Proof::Counted };
        let is_found = matches!(hold, Hold::Holds | Hold::Moved { .. });
        match read.contents.get(&passage.content) {
            _ if !is_found || passage.variant != VariantKind::Original => Proof::Nothing,
            None if replaced(passage, read).is_some() => Proof::Changed,
            None => Proof::Unreached,
            Some(Compared::Same) => Proof::Verified,
            Some(Compared::OtherVersion) => Proof::OtherVersion,
            Some(Compared::Differs) => Proof::Differs,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Proof::Verified => "verified",
            Proof::Unreached => "original not reachable",
            Proof::Changed => "original changed",
            Proof::OtherVersion => "read by other version",
            Proof::Differs => "original differs",
            Proof::Nothing => "-",
            Proof::Counted => "counted",
        }
    }

    /// Whether it was to be verified and was not.
    fn is_open(self) -> bool {
        matches!(self, Proof::Unreached | Proof::Changed | Proof::OtherVersion | Proof::Differs)
    }
}

/// The file of a passage, when it has other bytes now.
fn replaced<'a>(passage: &Passage, read: &'a ReadAgain) -> Option<&'a str> {
    let files = passage.containers.iter().chain([&passage.content]);
    files.filter_map(|content| read.replaced.get(content)).next().map(String::as_str)
}

/// How many anchors hold, and what their originals say.
#[derive(Debug, Default)]
struct Tally {
    all: u64,
    holding: u64,
    /// Their file is not where it was taken from.
    lost: u64,
    originals: Vec<Proof>,
}

impl Tally {
    fn add(&mut self, hold: &Hold, original: Option<Proof>) {
        self.all += 1;
        self.holding += u64::from(*hold == Hold::Holds);
        self.originals.extend(original);
    }

    /// `7 anchors, 6 hold in the case; 4 verified against the original, 1 original not reachable`.
    fn words(&self) -> String {
        let anchors = counted(self.all, "anchor", "anchors");
        let mut words = format!("{anchors}, {} hold in the case", grouped(self.holding));
        let of = |proof: Proof| self.originals.iter().filter(|own| **own == proof).count() as u64;
        let verified = of(Proof::Verified);
        if self.lost > 0 {
            let lost = grouped(self.lost);
            words.push_str(&format!(", {lost} of files that are not at their path any more"));
        }
        if !self.originals.is_empty() {
            words.push_str(&format!("; {} verified against the original", grouped(verified)));
        }
        for (proof, said) in [
            (Proof::Changed, "on content that the source no longer has"),
            (Proof::Unreached, "whose original is not reachable"),
            (Proof::OtherVersion, "read by another version of Casebook"),
            (Proof::Differs, "whose original says something else"),
            (Proof::Counted, "counted in the case"),
            (Proof::Nothing, "with nothing to look for"),
        ] {
            let count = of(proof);
            if count > 0 {
                words.push_str(&format!(", {} {said}", grouped(count)));
            }
        }
        words
    }
}

pub fn show(case: &Case, id: AnchorId, is_json: bool, out: &mut Out<'_>) -> Result<(), Failure> {
    let view = case.anchor(id)?;
    let hold = case.hold(&view.anchor, &AtomicBool::new(false))?;
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
            field(out, "number", &count.number)?;
            field(out, "sha256 over it", &count.ids.to_string())?;
        }
    }
    let notes = case.notes_naming(ItemId::Anchor(id))?;
    let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
    field(out, "named by", &notes.join(" "))?;
    field(out, "now", &hold_words(Some(&hold), &view.anchor).0)?;
    field(out, "original", lost(case, &view.anchor)?.map_or("", Lost::words))?;
    out.say("\n")?;
    match &view.anchor {
        Anchor::Passage(passage) => out.block_of(&passage.quote)?,
        Anchor::Count(count) => out.line_of(Style::Plain, &count.words())?,
    }
    Ok(out.say("\n")?)
}

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
        out.say_in(Style::Warn, &format!("{:<12}", hold.word()))?;
        out.line_of(Style::Plain, &format!(" {id}: {line}{}", since(&hold)))?;
        out.say("\n")?;
    }
    Ok(())
}

/// What is to be said of an anchor that does not hold, after its line.
fn since(hold: &Hold) -> String {
    match hold {
        Hold::Holds | Hold::Absent => String::new(),
        Hold::Changed { now } => format!(", now {now}"),
        Hold::Broken { why } => format!(", {why}"),
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
        out.say_in(Style::Warn, &format!("{word:<12}"))?;
        out.line_of(Style::Plain, &format!(" {}: {}{why}", one.id, one.line))?;
        out.say("\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_counted_by_what_their_originals_say() {
        let mut tally = Tally::default();
        tally.add(&Hold::Holds, None);
        tally.add(&Hold::Absent, None);
        assert_eq!(tally.words(), "2 anchors, 1 hold in the case");
        let mut tally = Tally::default();
        for (hold, proof) in [
            (Hold::Holds, Proof::Verified),
            (Hold::Holds, Proof::Unreached),
            (Hold::Absent, Proof::Nothing),
            (Hold::Holds, Proof::Counted),
        ] {
            tally.add(&hold, Some(proof));
        }
        assert_eq!(
            tally.words(),
            "4 anchors, 3 hold in the case; 1 verified against the original, 1 whose original is not \
             reachable, 1 counted in the case, 1 with nothing to look for"
        );
    }
}
