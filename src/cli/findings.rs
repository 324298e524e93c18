//! `notes` lists what was written down; `note` writes it: a text, its kind, where it stands, what it
//! cites. The twin of section 4 for scripts.

use super::args;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::{json_note, notes, occurrence, read, target, write_signed};
use crate::case::{
    Anchor, At, Case, Citation, Conflict, Grade, Hold, NoteEntry, NoteField, NoteFilter, NoteKind,
    Stance, When, note_title,
};
use crate::model::kept::Kept;
use crate::model::note::Draft;
use crate::model::{AnchorId, ItemId, NoteId};
use crate::text::width;
use std::io::Read;
use std::sync::atomic::AtomicBool;

/// Bytes of a text that are read from standard input; more is no note but a document.
const LONGEST: u64 = 4 << 20;

pub fn notes(args: &args::Notes, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = read(&args.at.case)?;
    if let Some(folder) = &args.output {
        if target::is_stdout(folder) {
            return Err(Failure::usage(
                "notes are written as files into a folder, not as one stream",
            )
            .hint("name a folder; `casebook notes CASE --json` gives them as one stream"));
        }
        return notes::write_files(&case, folder, args.json, out);
    }
    let (kind, standing, unchecked) = (args.kind, args.standing, args.unchecked);
    let wanted = args.wanted.as_deref().unwrap_or_default().trim().to_owned();
    let filter = NoteFilter { kind, standing, unchecked, wanted };
    let is_all = filter.is_all();
    let entries = case.note_entries(filter)?;
    // A draft is nobody else's business, and no script's.
    let mut entries: Vec<NoteEntry> =
        entries.into_iter().filter(|entry| entry.row.draft.is_none()).collect();
    let mut unheld = Vec::with_capacity(entries.len());
    for entry in &entries {
        unheld.push(unheld_by(entry, &case)?);
    }
    if args.json {
        out.json(&json_note::Notes::new(&entries, unheld))?;
        return Ok(Code::Done);
    }
    if entries.is_empty() {
        out.say_in(
            Style::Dim,
            match is_all {
                false => "no note is like that\n",
                true => "no notes yet: `casebook note CASE --text TEXT` writes one\n",
            },
        )?;
    }
    for (entry, unheld) in entries.iter_mut().zip(unheld) {
        entry.row.title = case.readable(&entry.row.title)?;
        note_line(entry, &unheld, out)?;
    }
    Ok(Code::Done)
}

/// Cited anchors that do not hold: `A4 broken`. One that was dropped is said elsewhere.
pub fn unheld_by(entry: &NoteEntry, case: &Case) -> Result<Vec<String>, Failure> {
    let cancel = AtomicBool::new(false);
    let mut unheld = Vec::new();
    for cited in entry.cited.iter().filter(|cited| !cited.is_gone) {
        let hold = case.hold(case.anchor(cited.anchor)?.signed(), &cancel)?;
        if hold != Hold::Holds {
            unheld.push(format!("{} {}", cited.anchor, hold.word()));
        }
    }
    Ok(unheld)
}

/// `N3     finding   supported  +4 -1  title  #tag`
fn note_line(entry: &NoteEntry, unheld: &[String], out: &mut Out<'_>) -> Result<(), Failure> {
    let id = entry.row.id.map_or_else(String::new, |id| id.to_string());
    let indent = if entry.is_answer { "  " } else { "" };
    out.say_in(Style::Strong, &width::column(&format!("{indent}{id}"), 7))?;
    let standing = match entry.row.kind {
        NoteKind::Finding if entry.is_standing_disagreed() => "disagreed",
        NoteKind::Finding => entry.row.standing.word(),
        _ => "",
    };
    out.say_in(
        Style::Dim,
        &format!("{}{}", width::column(entry.row.kind.word(), 9), width::column(standing, 10)),
    )?;
    let cited = match entry.row.kind {
        NoteKind::Question => format!("{} answers", entry.answers),
        NoteKind::Note => String::new(),
        _ => entry.cited_words('-'),
    };
    out.say(&width::column(&cited, 10))?;
    if let Some(when) = &entry.when {
        out.line_of(Style::Plain, &format!("{}  ", when.text()))?;
    }
    out.line_of(Style::Plain, &note_title(&entry.row))?;
    for tag in &entry.tags {
        out.line_of(Style::Dim, &format!(" #{tag}"))?;
    }
    for warning in unheld.iter().chain(&warnings(entry)) {
        out.say_in(Style::Warn, "  ! ")?;
        out.line_of(Style::Warn, warning)?;
    }
    Ok(out.say("\n")?)
}

/// What a reader of a claim must be told.
pub fn warnings(entry: &NoteEntry) -> Vec<String> {
    let mut warnings = Vec::new();
    if entry.row.texts > 1 {
        warnings.push(format!("{} texts written at the same time", entry.row.texts));
    }
    if entry.is_standing_disagreed() {
        warnings.push(format!("status {}", entry.standing_words()));
    }
    warnings.extend(entry.kept.as_ref().map(Kept::words));
    warnings.extend(entry.disagreements());
    if entry.is_claim() && entry.cited.is_empty() {
        warnings.push("cites nothing".to_owned());
    }
    let gone = entry.cited.iter().filter(|cited| cited.is_gone).count();
    if gone > 0 {
        warnings.push(format!("{gone} citations were dropped"));
    }
    warnings.extend(entry.objections());
    warnings.extend(entry.outdated());
    warnings.extend(entry.conflicts.iter().map(Conflict::words));
    warnings
}

pub fn note(args: &args::Note, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = write_signed(&args.at.case)?;
    let text = text(args)?;
    // Whatever is wrong with one of the options: nothing is kept then.
    let (id, done) = case.together(|| written(args, text, &case))?;
    say(id, &done, args.json, out)
}

/// Does what the options say; which note it is, and what was done.
fn written(
    args: &args::Note,
    text: Option<String>,
    case: &Case,
) -> Result<(NoteId, Vec<String>), Failure> {
    let mut done = Vec::new();
    if let (Some(id), true) = (&args.note, args.delete) {
        let id = there(id, case)?;
        done.push(case.delete_note(id)?.words);
        return Ok((id, done));
    }
    if let (Some(id), true) = (&args.note, args.keep) {
        let id = there(id, case)?;
        done.push(case.keep(ItemId::Note(id))?.words);
        return Ok((id, done));
    }
    // What is cited first: the text may name it.
    let known = args.note.as_deref().map(|id| there(id, case)).transpose()?;
    let cited = evidence(args, known, case, &mut done)?;
    let slips = match &text {
        Some(text) => naming_nothing(text, known, case)?,
        None => Vec::new(),
    };
    let id = match (&args.note, text) {
        (Some(id), None) => there(id, case)?,
        (Some(id), Some(text)) => {
            let id = there(id, case)?;
            if text.trim().is_empty() {
                return Err(Failure::usage(format!("that leaves nothing of {id}"))
                    .hint("delete it with --delete"));
            }
            let over = case.note(id)?.texts.iter().map(|text| text.operation).collect();
            let draft = Draft { note: Some(id), over, text, ..Draft::default() };
            done.extend(case.save_note(&draft)?.1.map(|acted| acted.words));
            id
        }
        (None, text) => {
            let draft = Draft {
                text: text.unwrap_or_default(),
                kind: args.kind.unwrap_or_default(),
                ..Draft::default()
            };
            let (id, acted) = case.save_note(&draft)?;
            done.extend(acted.map(|acted| acted.words));
            id.ok_or_else(|| {
                Failure::usage("a note needs a text")
                    .hint("give it with --text, or on standard input")
            })?
        }
    };
    done.extend(slips);
    // Kind first: what else may be said depends on it.
    let kind = args.kind.filter(|_| args.note.is_some()).map(NoteField::Kind);
    for set in kind.into_iter().chain(fields(args, case)?) {
        case.check_field(id, &set)?;
        done.push(case.set_note(id, set)?.words);
    }
    if !cited.is_empty() {
        let said = |Cited { anchor, stance, grade }: Cited| {
            let operation = case.operation_of(ItemId::Anchor(anchor))?;
            Ok((anchor, Citation { anchor: operation, stance, grade }))
        };
        let cited = cited.into_iter().map(said).collect::<Result<Vec<_>, Failure>>()?;
        done.extend(case.cite(id, &cited)?);
    }
    for tag in &args.tag {
        done.push(case.tag(&[ItemId::Note(id)], tag, true)?.words);
    }
    for tag in &args.untag {
        let has = crate::model::tag::name(tag)
            .is_ok_and(|name| case.note_fields(id).is_ok_and(|own| own.tags.contains(&name)));
        if !has {
            return Err(Failure::new(format!("{id} has no tag {tag}"))
                .hint(format!("`casebook show CASE {id}` prints those it has")));
        }
        done.push(case.tag(&[ItemId::Note(id)], tag, false)?.words);
    }
    Ok((id, done))
}

fn say(id: NoteId, done: &[String], json: bool, out: &mut Out<'_>) -> Result<Code, Failure> {
    if json {
        out.json(&json_note::Written { id: id.to_string(), done: done.to_vec() })?;
        return Ok(Code::Done);
    }
    out.say_in(Style::Strong, &id.to_string())?;
    out.line_of(Style::Plain, &format!("  {}", done.join("; ")))?;
    out.say("\n")?;
    Ok(Code::Done)
}

/// The number of a note that is there: nothing is done to one that was deleted.
fn there(typed: &str, case: &Case) -> Result<NoteId, Failure> {
    Ok(case.note(note_number(typed)?)?.id)
}

fn note_number(typed: &str) -> Result<NoteId, Failure> {
    typed.parse().map_err(|_| {
        Failure::usage(format!("{typed:?} is no note")).hint("`casebook notes CASE` lists them: N4")
    })
}

/// The text that was given; from standard input for a new note without `--text`, and for `-`.
fn text(args: &args::Note) -> Result<Option<String>, Failure> {
    let is_wanted = match args.text.as_deref() {
        Some("-") => true,
        Some(text) => return Ok(Some(text.to_owned())),
        None => args.note.is_none(),
    };
    if !is_wanted || args.delete || args.keep {
        return Ok(None);
    }
    let mut text = String::new();
    let path = std::path::Path::new("standard input");
    std::io::stdin()
        .take(LONGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| Failure::io("read", path, &error))?;
    if text.len() as u64 > LONGEST {
        return Err(Failure::usage(format!("a note has at most {LONGEST} bytes")));
    }
    Ok(Some(text))
}

/// What the options say of the note.
fn fields(args: &args::Note, case: &Case) -> Result<Vec<NoteField>, Failure> {
    let mut fields = Vec::new();
    fields.extend(args.standing.map(NoteField::Standing));
    if let Some(typed) = &args.confidence {
        fields.push(NoteField::Confidence(word(
            typed,
            crate::case::Confidence::from_word,
            &|| crate::case::Confidence::ALL.iter().map(|known| known.word()).collect(),
        )?));
    }
    if let Some(typed) = &args.likelihood {
        fields.push(NoteField::Likelihood(word(
            typed,
            crate::case::Likelihood::from_word,
            &|| crate::case::Likelihood::ALL.iter().map(|known| known.word()).collect(),
        )?));
    }
    if let Some(typed) = args.when.as_deref() {
        let when = match typed {
            "none" => None,
            typed => {
                Some(typed.parse::<When>().map_err(|error| Failure::usage(error.to_string()))?)
            }
        };
        fields.push(NoteField::When(when));
    }
    if let Some(typed) = args.question.as_deref() {
        let question = match typed {
            "none" => None,
            typed => Some(case.operation_of(ItemId::Note(note_number(typed)?))?),
        };
        fields.push(NoteField::Question(question));
    }
    Ok(fields)
}

/// A piece of evidence, and what is said of it.
struct Cited {
    anchor: AnchorId,
    stance: Stance,
    grade: Grade,
}

/// What in double brackets names nothing: a slip mostly, which is said.
fn naming_nothing(text: &str, note: Option<NoteId>, case: &Case) -> Result<Vec<String>, Failure> {
    let before = match note {
        Some(id) => case.note(id)?.texts,
        None => Vec::new(),
    };
    let mut slips = case.naming_nothing(text)?;
    slips.retain(|token| before.iter().all(|own| !own.text.contains(token)));
    Ok(slips.into_iter().map(|token| format!("{token} names nothing in this case")).collect())
}

/// What the options say of the evidence of a note, made where it is not there yet. What the note
/// cites already is graded again, and not cited once more. Says in `done` what else there is to
/// know of it.
fn evidence(
    args: &args::Note,
    note: Option<NoteId>,
    case: &Case,
    done: &mut Vec<String>,
) -> Result<Vec<Cited>, Failure> {
    if args.grade.is_some()
        && [&args.cite, &args.against, &args.context].iter().all(|v| v.is_empty())
    {
        return Err(Failure::usage("--grade says of nothing how good it is")
            .hint("name what it grades: --cite A7 --grade B2"));
    }
    let grade = match &args.grade {
        Some(typed) => typed.parse::<Grade>().map_err(|error| Failure::usage(error.to_string()))?,
        None => Grade::default(),
    };
    let mut sets = Vec::new();
    for (option, stance, what) in [
        ("--cite", Stance::Supports, &args.cite),
        ("--against", Stance::Contradicts, &args.against),
        ("--context", Stance::Context, &args.context),
    ] {
        for (at, typed) in what.iter().enumerate() {
            let anchor = anchor(case, note, typed, done).map_err(|mut failure: Failure| {
                // Of several nobody knows which one was meant.
                let which =
                    if what.len() > 1 { format!(" (number {})", at + 1) } else { String::new() };
                failure.what = format!("{option}{which} {typed}: {}", failure.what);
                failure
            })?;
            sets.push(Cited { anchor, stance, grade });
        }
    }
    Ok(sets)
}

/// A word of a few, or `none`.
fn word<T>(
    typed: &str,
    read: fn(&str) -> Option<T>,
    known: &dyn Fn() -> Vec<&'static str>,
) -> Result<Option<T>, Failure> {
    if typed == "none" {
        return Ok(None);
    }
    let wrong = || {
        Failure::usage(format!("{typed:?} is none of the words for this"))
            .hint(format!("{}, none", known().join(", ")))
    };
    read(typed).map(Some).ok_or_else(wrong)
}

/// `A7`, `D17` or `M881` as such, `D17:its words`, `search:QUERY`.
fn anchor(
    case: &Case,
    note: Option<NoteId>,
    typed: &str,
    done: &mut Vec<String>,
) -> Result<AnchorId, Failure> {
    if let Some(query) = typed.strip_prefix("search:") {
        if query.trim().is_empty() {
            return Err(Failure::usage("a search for nothing is no evidence")
                .hint("cite search:QUERY, as `casebook search CASE QUERY` takes it"));
        }
        let count = Anchor::Count(Box::new(case.count_search(query, &AtomicBool::new(false))?));
        let known = note.map(|note| case.note_citing(note, &count)).transpose()?;
        return Ok(match known.flatten() {
            Some(known) => known,
            None => case.add_anchor(count, "", "")?.0,
        });
    }
    let (item, quote) = match typed.split_once(':') {
        Some((item, quote)) => (item, Some(quote)),
        None => (typed, None),
    };
    let wrong = || {
        Failure::usage(format!("{typed:?} cannot be cited"))
            .hint("cite A7, D17, M881, D17:\"words that stand in it\" or search:QUERY")
    };
    let item: ItemId = item.parse().map_err(|_| wrong())?;
    let at = match (item, quote) {
        (ItemId::Anchor(id), None) => return Ok(id),
        (ItemId::Document(_) | ItemId::Message(_), None) => {
            At { item, variant: None, start: 0, end: 0 }
        }
        (ItemId::Document(_) | ItemId::Message(_), Some(quote)) => {
            let found = occurrence::find(case, item, quote)?;
            done.extend(found.remark(item, quote));
            found.at
        }
        _ => return Err(wrong()),
    };
    // Who cites what somebody marked cites that.
    if let Some(known) = case.anchor_at(at)? {
        return Ok(known.id);
    }
    let passage = case.passage(at)?;
    Ok(case.add_anchor(Anchor::Passage(Box::new(passage)), "", "")?.0)
}
