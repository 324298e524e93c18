//! `status`, `documents`, `conversations`.

use super::args;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::{add, bytes, counted, grouped, handover, json, json_chat, read};
use crate::case::{Case, DocumentEntry, DocumentFilter, DocumentRow, DocumentSort, Lacking, Shape};
use crate::model::State;
use crate::model::work::Coverage;
use crate::text::{sanitise, width};

/// Rows that are asked for at once.
const PAGE: u64 = 1000;

/// Rows of what needs attention, of each kind.
const SHOWN: usize = 20;

pub fn status(args: &args::Status, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = read(&args.at.case)?;
    if args.json {
        let unreadable = unreadable(&case)?.into_iter().map(|row| json::Unreadable {
            id: row.id.to_string(),
            path: row.path,
            state: row.state.name(),
            reason: row.reason,
        });
        let unreadable = unreadable.collect();
        let people = case.coverage_by_person()?;
        let status = json::Status::new(case.name(), case.status()?, people, unreadable);
        out.json(&status.with_left_alone(case.skipped(u64::MAX)?.1))?;
        return Ok(Code::Done);
    }
    print_status(&case, out)?;
    Ok(Code::Done)
}

/// All documents that could not be read.
fn unreadable(case: &Case) -> Result<Vec<DocumentRow>, Failure> {
    let filter = DocumentFilter { unreadable: true, ..DocumentFilter::default() };
    let mut rows = Vec::new();
    loop {
        let begin = rows.len() as u64;
        let page = case.documents(&filter, begin..begin + PAGE)?;
        let last = (page.len() as u64) < PAGE;
        rows.extend(page);
        if last {
            return Ok(rows);
        }
    }
}

/// Counts, then what needs attention.
pub fn print_status(case: &Case, out: &mut Out<'_>) -> Result<(), Failure> {
    let status = case.status()?;
    out.line_of(Style::Strong, &case.name())?;
    out.say("\n")?;
    let mut row = |name: &str, count: u64, more: String| -> Result<(), Failure> {
        out.say(&format!("  {name:<15}{:>12}", grouped(count)))?;
        if !more.is_empty() {
            out.say_in(Style::Dim, &format!("   {more}"))?;
        }
        Ok(out.say("\n")?)
    };
    let places = format!(
        "in {}; {} out of other files; {}",
        counted(status.places, "place", "places"),
        grouped(status.children),
        bytes(status.bytes)
    );
    row("documents", status.documents, places)?;
    let records = match status.message_records {
        records if records == status.messages => "from".to_owned(),
        records => format!("{} in", counted(records, "record", "records")),
    };
    let apart = match status.exports_apart_words() {
        none if none.is_empty() => String::new(),
        // Of a damaged one the messages are there that can be read.
        apart => format!(" (of them {})", apart.join(", ")),
    };
    let messages = format!(
        "{} distinct; {records} {}{apart}",
        grouped(status.distinct_messages),
        counted(status.exports, "export", "exports")
    );
    row("messages", status.messages, if status.messages > 0 { messages } else { String::new() })?;
    row("conversations", status.conversations, String::new())?;
    let silent = match status.silent {
        0 => String::new(),
        n => format!("and {} that wrote nothing", counted(n, "account", "accounts")),
    };
    row("participants", status.participants, silent)?;
    let by_state: Vec<String> = status
        .states
        .iter()
        .filter(|(state, count)| state.is_unreadable() && *count > 0)
        .map(|(state, count)| format!("{} {}", grouped(*count), state_words(*state)))
        .collect();
    row("unreadable", status.unreadable, by_state.join(", "))?;
    let pages = match status.pages_without_text {
        0 => String::new(),
        n => format!("and {} inside other documents", counted(n, "page", "pages")),
    };
    row("no text", status.no_text, pages)?;
    let formats: Vec<String> =
        status.formats.iter().take(12).map(|(name, n)| format!("{name} {}", grouped(*n))).collect();
    list(out, "types", &formats)?;
    let languages: Vec<String> = status
        .languages
        .iter()
        .take(8)
        .map(|(name, n)| {
            format!("{} {}", if name.is_empty() { "undetermined" } else { name }, grouped(*n))
        })
        .collect();
    list(out, "languages", &languages)?;
    coverage(case, &status, out)?;
    for source in &status.sources {
        out.say("  ")?;
        out.say_in(Style::Strong, &source.id.to_string())?;
        out.say("  ")?;
        out.line_of(Style::Plain, &source.path)?;
        out.say_in(Style::Dim, &format!("  {}", counted(source.places, "place", "places")))?;
        if !source.origin.is_empty() {
            out.line_of(Style::Dim, &format!("  {}", source.origin))?;
        }
        out.say("\n")?;
    }
    attention(case, &status, out)
}

/// How much was seen of each kind of text, in all and by each person.
fn coverage(case: &Case, status: &crate::case::Status, out: &mut Out<'_>) -> Result<(), Failure> {
    let words = |seen: &[Coverage]| -> Vec<String> { seen.iter().map(Coverage::words).collect() };
    list(out, "seen", &words(&status.coverage))?;
    for person in case.coverage_by_person()? {
        let mut items = vec![format!("{} read", grouped(person.read))];
        items.extend(words(&person.seen));
        list(out, &format!("by {}", person.author), &items)?;
    }
    Ok(())
}

fn list(out: &mut Out<'_>, name: &str, items: &[String]) -> Result<(), Failure> {
    if !items.is_empty() {
        out.say(&format!("  {}", width::column(name, 15)))?;
        out.line_of(Style::Plain, &items.join("  "))?;
        out.say("\n")?;
    }
    Ok(())
}

/// Nothing is silently missing.
fn attention(case: &Case, status: &crate::case::Status, out: &mut Out<'_>) -> Result<(), Failure> {
    let mut lines = Vec::new();
    for source in status.sources.iter().filter(|source| source.incomplete) {
        lines
            .push(format!("the last `add` of {} did not come to its end; run it again", source.id));
    }
    if status.missing > 0 {
        let what = counted(status.missing, "document was", "documents were");
        lines.push(format!("{what} not found at the last `add`; `casebook relink` if they moved"));
    }
    if status.older.documents > 0 {
        lines.push(add::older_words(status.older, case.folder()));
    }
    if status.zones_assumed > 0 {
        let what = counted(status.zones_assumed, "export", "exports");
        lines.push(format!("the time zone of {what} is assumed"));
    }
    if status.warned > 0 {
        let what = counted(status.warned, "document was", "documents were");
        lines.push(format!(
            "{what} read with a warning, cut, damaged or doubtful in part: \
             `casebook documents --warned`"
        ));
    }
    if status.skipped > 0 {
        let what = counted(status.skipped, "entry", "entries");
        lines.push(format!("{what} left alone: see below"));
    }
    if !status.index_is_current {
        lines.push("the index is behind; `casebook reindex` brings it up".to_owned());
    }
    lines.extend(handover::waiting_line(case)?);
    lines.extend(status.remarks.iter().cloned());
    for line in lines {
        out.say_in(Style::Warn, "  ! ")?;
        out.line_of(Style::Plain, &line)?;
        out.say("\n")?;
    }
    if status.skipped > 0 {
        out.say("\n")?;
        out.say_in(Style::Strong, "left alone")?;
        out.say("\n")?;
        for row in case.skipped(SHOWN as u64)?.1 {
            out.line_of(Style::Plain, &format!("  {} {}", row.source, row.path))?;
            out.line_of(Style::Dim, &format!("  {}", row.reason))?;
            out.say("\n")?;
        }
        if status.skipped > SHOWN as u64 {
            let more = counted(status.skipped - SHOWN as u64, "more", "more");
            out.say(&format!("  {more}: casebook status CASE --json\n"))?;
        }
    }
    if status.unreadable > 0 {
        out.say("\n")?;
        out.say_in(Style::Strong, "could not be read")?;
        out.say("\n")?;
        let rows = unreadable(case)?;
        for row in rows.iter().take(SHOWN) {
            out.say_in(Style::Strong, &format!("  {}", width::column(&row.id.to_string(), 6)))?;
            out.line_of(Style::Plain, &row.path)?;
            out.say_in(Style::Warn, &format!("  {}", state_words(row.state)))?;
            out.line_of(Style::Dim, &format!("  {}", row.reason))?;
            out.say("\n")?;
        }
        if rows.len() > SHOWN {
            let more = counted((rows.len() - SHOWN) as u64, "more", "more");
            out.say(&format!("  {more}: casebook documents CASE --unreadable\n"))?;
        }
    }
    Ok(())
}

/// A state as a person says it.
pub fn state_words(state: State) -> &'static str {
    match state {
        State::Read => "read",
        State::Export => "chat export",
        State::NoText => "no text",
        State::Empty => "empty",
        State::Failed => "failed",
        State::Encrypted => "encrypted",
        State::OverLimit => "over a limit",
        State::Unsupported => "unsupported",
    }
}

pub fn documents(args: &args::Documents, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = read(&args.at.case)?;
    let filter = DocumentFilter {
        path: args.path.clone(),
        state: args.state.as_deref().and_then(State::from_name),
        unreadable: args.unreadable,
        lacking: args.warned.then_some(Lacking::Assurance),
        format: args.format.clone(),
        language: args.language.clone(),
        sort: match args.sort {
            args::DocumentOrder::Number => DocumentSort::Number,
            args::DocumentOrder::Path => DocumentSort::Path,
            args::DocumentOrder::Type => DocumentSort::Format,
            args::DocumentOrder::Date => DocumentSort::Date,
            args::DocumentOrder::Size => DocumentSort::Size,
            args::DocumentOrder::Language => DocumentSort::Language,
        },
        descending: args.reverse,
        ..DocumentFilter::default()
    };
    if args.json {
        let total = case.document_count(&filter)?;
        let end = args.limit.unwrap_or(u64::MAX).min(total);
        let sets = case.page_sets(&filter)?;
        let mut documents = Vec::new();
        for begin in (0..end).step_by(PAGE as usize) {
            let page = case.documents(&filter, begin..end.min(begin + PAGE))?;
            documents.extend(page.into_iter().map(|row| {
                let pages = sets.get(&row.id).into_iter().flatten();
                let page_set = pages.map(ToString::to_string).collect();
                json::DocumentRow { page_set, ..json::DocumentRow::from(row) }
            }));
        }
        out.json(&json::Documents { total, documents })?;
        return Ok(Code::Done);
    }
    let (total, _) = case.document_entries(&filter, 0..0)?;
    let end = args.limit.unwrap_or(u64::MAX).min(total);
    for begin in (0..end).step_by(PAGE as usize) {
        for entry in case.document_entries(&filter, begin..end.min(begin + PAGE))?.1 {
            document_line(&entry, out)?;
            for warning in entry.row.warnings.iter().filter(|_| args.warned) {
                out.line_of(Style::Warn, &format!("       ! {warning}"))?;
                out.say("\n")?;
            }
        }
    }
    if end < total {
        out.say_in(Style::Dim, &format!("{} of {}\n", grouped(end), grouped(total)))?;
    }
    Ok(Code::Done)
}

/// `D17   2022-03-05  docx     18 kB  path  state: reason`; of a page set its first page, with how
/// many there are.
fn document_line(entry: &DocumentEntry, out: &mut Out<'_>) -> Result<(), Failure> {
    let row = &entry.row;
    out.say_in(Style::Strong, &width::column(&row.id.to_string(), 7))?;
    let date: String = row.date.as_deref().unwrap_or("-").chars().take(10).collect();
    out.say_in(Style::Dim, &width::column(&date, 11))?;
    out.line_of(Style::Plain, &width::pad(&sanitise::line(&row.format), 8))?;
    out.say(&format!("{:>8}  ", bytes(row.size)))?;
    out.line_of(Style::Plain, &row.path)?;
    let mut notes = Vec::new();
    if let Shape::Pages(pages) = &entry.shape {
        let last = pages.last().map_or_else(String::new, |page| format!(" up to {}", page.id));
        notes.push(format!("{}{last}", counted(pages.len() as u64, "page", "pages")));
    }
    if row.state != State::Read {
        notes.push(match row.reason.is_empty() {
            true => state_words(row.state).to_owned(),
            false => format!("{}: {}", state_words(row.state), row.reason),
        });
    }
    if row.messages > 0 {
        notes.push(counted(row.messages, "message", "messages"));
    }
    if row.children > 0 {
        notes.push(format!("{} inside", grouped(row.children)));
    }
    if row.places > 1 {
        notes.push(format!("in {} places", grouped(row.places)));
    }
    if !notes.is_empty() {
        let style = if row.state.is_unreadable() { Style::Warn } else { Style::Dim };
        out.line_of(style, &format!("  {}", notes.join(" · ")))?;
    }
    Ok(out.say("\n")?)
}

pub fn conversations(args: &args::Conversations, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = read(&args.at.case)?;
    let total = case.conversation_count()?;
    let end = args.limit.unwrap_or(u64::MAX).min(total);
    let rows = case.conversations(0..end)?;
    if args.json {
        let conversations = rows.into_iter().map(json_chat::ConversationRow::from).collect();
        out.json(&json_chat::Conversations { total, conversations })?;
        return Ok(Code::Done);
    }
    for row in rows {
        out.say_in(Style::Strong, &width::column(&row.id.to_string(), 6))?;
        out.say(&format!("{:>9}  ", grouped(row.messages)))?;
        let day = |time: &Option<String>| -> String {
            time.as_deref().unwrap_or("-").chars().take(10).collect()
        };
        out.say_in(Style::Dim, &format!("{:<10} {:<10}  ", day(&row.first), day(&row.last)))?;
        out.line_of(Style::Dim, &width::column(&sanitise::line(&row.platform), 11))?;
        out.line_of(Style::Plain, &row.title)?;
        out.say_in(Style::Dim, &format!("  {}", row.kind.name()))?;
        if row.blocks.len() > 1 {
            out.say_in(Style::Dim, &format!("  {} blocks", row.blocks.len()))?;
        }
        out.say("\n")?;
    }
    Ok(Code::Done)
}
