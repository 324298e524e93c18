//! The first screen: what is here, what is wrong, what can be done about it. Every line that
//! counts something leads to what it counts.

use super::line::{Line, Role};
use super::reader::compose::{self, Hits};
use super::search::worklist;
use super::target::Target;
use super::upkeep::CATCHING_UP;
use super::view::View;
use crate::case::{
    ConversationRow, DocumentFilter, DocumentSort, Lacking, NO_LANGUAGE, PersonCoverage, Status,
    Worklist,
};
use crate::model::State;
use crate::text::width;
use crate::text::wrap::Measure;

pub use crate::text::tally::{bytes, counted as count, grouped as number};

fn with_format(format: &str) -> Target {
    Target::Documents(DocumentFilter {
        format: Some(format.to_owned()),
        ..DocumentFilter::default()
    })
}

fn lacking(what: Lacking) -> Target {
    let lacking = Some(what);
    Target::Documents(DocumentFilter { lacking, ..DocumentFilter::default() })
}

fn with_state(state: State) -> Target {
    Target::Documents(DocumentFilter { state: Some(state), ..DocumentFilter::default() })
}

// Why numbers of the case cannot be cited that no query finds again, and what can.
const TYPES: &str = "a number of types is no number of hits: c on one of them cites its documents";
const CONVERSATIONS: &str = "a number of conversations cannot be cited, no search counts them: c in \
                             their list (2) cites the messages of one";
const EXPORTS: &str = "a number of exports cannot be cited, no search counts them: c in their list \
                       (enter) cites one";
const ACCOUNTS: &str = "a number of participants cannot be cited, no search counts them: c in their \
                        list (3) cites what one of them wrote";
const ZONES: &str = "an assumed zone cannot be cited, no search finds it: c in the list (enter) cites \
                     one of the exports";

/// The left column: what is in the case.
pub fn counts(status: &Status, cells: usize) -> Vec<Line> {
    let all = Target::Documents(DocumentFilter::default());
    let mut lines = Vec::new();
    let mut head = Line::text(count(status.documents, "document", "documents")).to(all);
    if status.places != status.documents {
        head.push(format!(" in {}", count(status.places, "place", "places")), Role::Dim);
    }
    lines.push(head);
    let most = status.formats.iter().map(|(_, count)| *count).max().unwrap_or(1);
    for (format, count) in status.formats.iter().take(14) {
        let name = if format.is_empty() { "unknown" } else { format };
        let mut line = Line::of(width::pad_start(&number(*count), 7), Role::Text);
        line.push(" ", Role::Text);
        line.push(width::pad(name, 10), Role::Link);
        line.push(" ", Role::Text);
        line.push(bar(*count, most, cells.saturating_sub(20).min(24)), Role::Bar);
        lines.push(line.to(with_format(format)));
    }
    if status.formats.len() > 14 {
        let text = format!("        {} more types", status.formats.len() - 14);
        let sort = DocumentSort::Format;
        let to = Target::Documents(DocumentFilter { sort, ..DocumentFilter::default() });
        lines.push(Line::of(text, Role::Link).to(to).citing_nothing(TYPES));
    }
    lines.push(Line::new());
    let mut messages = Line::text(count(status.messages, "message", "messages"));
    if status.distinct_messages != status.messages {
        messages.push(format!(" ({} distinct)", number(status.distinct_messages)), Role::Dim);
    }
    lines.push(messages.to(Target::Section(View::Chats)).citing("kind:message"));
    // Those that the list behind it has; what comes from elsewhere is said below, so that the
    // numbers add up.
    let of_export = status.states.iter().find(|(state, _)| *state == State::Export);
    let exports = of_export.map_or(0, |(_, count)| *count);
    let apart = status.exports_apart_words();
    let silent = match status.silent {
        0 => Vec::new(),
        many => vec![count(many, "silent account", "silent accounts")],
    };
    let (chats, accounts) = (Target::Section(View::Chats), Target::Section(View::Entities));
    for (amount, one, many, to, why, besides) in [
        (status.conversations, "conversation", "conversations", chats, CONVERSATIONS, Vec::new()),
        (exports, "export", "exports", with_state(State::Export), EXPORTS, apart),
        (status.participants, "participant", "participants", accounts, ACCOUNTS, silent),
    ] {
        let name = if amount == 1 { one } else { many };
        let line = Line::text(width::pad_start(&number(amount), 7));
        let line = line.and(" ", Role::Text).and(name, Role::Link).to(to);
        lines.push(line.citing_nothing(why));
        let besides = besides.into_iter().map(|words| format!("        + {words}"));
        lines.extend(besides.map(|words| Line::of(words, Role::Dim)));
    }
    lines.push(Line::new());
    // Images, archives and exports have none: shares are of those that have.
    let (none, languages): (Vec<_>, Vec<_>) =
        status.languages.iter().partition(|(language, _)| language.is_empty());
    let known: u64 = languages.iter().map(|(_, count)| *count).sum();
    if known > 0 {
        lines.push(Line::of("languages of documents", Role::Dim));
    }
    let shares = languages
        .iter()
        .take(5)
        .map(|(language, amount)| (share(*amount, known), language.as_str(), language.as_str()));
    let none = none.iter().filter(|_| known > 0);
    let none = none.map(|(_, amount)| (number(*amount), "undetermined", NO_LANGUAGE));
    for (amount, name, value) in shares.chain(none) {
        let line = Line::text(width::pad_start(&amount, 7)).and(" ", Role::Text);
        let to = Target::Search(format!("kind:document lang:{value}"));
        lines.push(line.and(name, Role::Link).to(to));
    }
    lines.push(Line::of("size       ", Role::Dim).and(bytes(status.bytes), Role::Text));
    lines.push(Line::new());
    for source in &status.sources {
        let mut line = Line::of(source.id.to_string(), Role::Dim).and(" ", Role::Text);
        let room = cells.saturating_sub(line.width());
        line.push(width::clip_start(&crate::text::sanitise::line(&source.path), room), Role::Link);
        lines.push(line.to(Target::Search(format!("source:{}", source.id))));
        let mut line =
            Line::of(format!("   {}", count(source.places, "place", "places")), Role::Dim);
        if source.incomplete {
            line.push(" · ! not finished: run add again", Role::Warn);
        }
        lines.push(line);
    }
    lines
}

/// The middle column: when things happened, and where most was said.
pub fn activity(status: &Status, busiest: &[ConversationRow], cells: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    if !status.months.is_empty() {
        lines.push(Line::of("messages and dated documents by month", Role::Dim));
        lines.extend(months(status));
        // What has no date stands in no bar.
        let dated: u64 = status.months.iter().map(|(_, a, b)| a + b).sum();
        let undated = (status.documents + status.messages).saturating_sub(dated);
        if undated > 0 {
            let text = format!("{} without a date", number(undated));
            lines.push(Line::of(text, Role::Link).to(Target::Search("date:none".to_owned())));
        }
        lines.push(Line::new());
    }
    if !busiest.is_empty() {
        let head =
            Line::of(width::pad("busiest conversations", cells.saturating_sub(19)), Role::Dim);
        lines.push(head.and("  messages    read", Role::Dim));
        for row in busiest {
            let done = row.messages.saturating_sub(row.unread);
            let percent = (done * 100).checked_div(row.messages).unwrap_or(0);
            let tail = format!("{:>9} {percent:>6}%", number(row.messages));
            let room = cells.saturating_sub(width::of(&tail) + 1);
            let gap = if row.apart.is_empty() { "" } else { ", " };
            let name = format!("{} ({}{gap}{})", row.title, row.platform, row.apart);
            let mut line =
                Line::of(width::pad(&crate::text::sanitise::line(&name), room), Role::Link);
            line.push(tail, Role::Text);
            lines.push(line.to(Target::Conversation { id: row.id, position: None }));
        }
    }
    lines
}

/// One line per year: a bar for every month, in eighths of the busiest one.
fn months(status: &Status) -> Vec<Line> {
    const BARS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    let most = status.months.iter().map(|(_, a, b)| a + b).max().unwrap_or(0).max(1);
    let mut years: Vec<(&str, [u64; 12])> = Vec::new();
    for (month, documents, messages) in &status.months {
        let Some((year, month)) = month.split_once('-') else { continue };
        let Some(slot) = month.parse::<usize>().ok().and_then(|m| m.checked_sub(1)) else {
            continue;
        };
        if years.last().map(|(last, _)| *last) != Some(year) {
            years.push((year, [0; 12]));
        }
        if let Some(cell) = years.last_mut().and_then(|(_, row)| row.get_mut(slot)) {
            *cell += documents + messages;
        }
    }
    // The last years matter most; older ones are counted in one line.
    let hidden = years.len().saturating_sub(12);
    let mut lines = Vec::new();
    if hidden > 0 {
        let before: u64 = years[..hidden].iter().flat_map(|(_, months)| months).sum();
        let first = years.first().map_or("", |(year, _)| *year);
        let last = years[hidden - 1].0;
        let to = Target::Search(format!("date:{first}..{last}"));
        let words = format!("{} from {first} to {last}", number(before));
        lines.push(Line::of(words, Role::Link).to(to));
    }
    for (year, row) in &years[hidden..] {
        let total: u64 = row.iter().sum();
        let mut line = Line::of(*year, Role::Dim).and(" ", Role::Text);
        for amount in row {
            // Something is never shown as nothing.
            let level = if *amount == 0 { 0 } else { (amount * 8).div_ceil(most).clamp(1, 8) };
            line.push(BARS[usize::try_from(level).unwrap_or(8).min(8)], Role::Bar);
        }
        line.push(width::pad_start(&number(total), 9), Role::Text);
        lines.push(line.to(Target::Search(format!("date:{year}"))));
    }
    lines
}

/// A sign and what it is about, over as many rows as it takes; the first of them leads there.
fn said(cells: usize, sign: &str, role: Role, text: String, to: Option<Target>) -> Vec<Line> {
    let measure = Measure::text(cells.saturating_sub(3).max(8));
    let words = if to.is_some() { Role::Link } else { Role::Text };
    let (rows, _) = compose::rows(&text, measure, Hits::default(), words, 4);
    let mut to = to;
    let lines = rows.into_iter().enumerate().map(|(number, row)| {
        let head = if number == 0 { sign } else { " " };
        let mut line = Line::of(head, role).and(" ", Role::Text);
        line.spans.extend(row.spans);
        match to.take() {
            Some(to) => line.to(to),
            None => line,
        }
    });
    lines.collect()
}

/// The right column: what needs a decision and what could not be read.
pub fn todo(
    status: &Status,
    worklists: &[Worklist],
    people: &[PersonCoverage],
    is_catching_up: bool,
    cells: usize,
) -> Vec<Line> {
    let mut lines = Vec::new();
    lines.push(Line::of("needs a decision", Role::Dim));
    let before = lines.len();
    for (state, amount) in
        status.states.iter().filter(|(state, count)| state.is_unreadable() && *count > 0)
    {
        let text = format!("{} {}", number(*amount), state_words(*state, *amount));
        lines.extend(said(cells, "!", Role::Warn, text, Some(with_state(*state))));
    }
    if status.missing > 0 {
        let text = format!("{} not found at the last add", count(status.missing, "file", "files"));
        lines.extend(said(cells, "!", Role::Warn, text, Some(lacking(Lacking::File))));
    }
    for source in status.sources.iter().filter(|source| source.incomplete) {
        let text = format!("{} is not whole: its last add did not come to its end", source.id);
        let to = Target::Search(format!("source:{}", source.id));
        lines.extend(said(cells, "!", Role::Warn, text, Some(to)));
    }
    if status.older.documents > 0 {
        let read = count(status.older.documents, "document", "documents");
        let again = match status.older.again() {
            0 => "none of them can be read better".to_owned(),
            again if again == status.older.documents => "casebook add CASE --reread".to_owned(),
            again => format!("{} again: casebook add CASE --reread", number(again)),
        };
        let text = format!("{read} read by older readers ({again})");
        lines.extend(said(cells, "!", Role::Warn, text, None));
    }
    if status.zones_assumed > 0 {
        let text =
            format!("zone of {} is assumed", count(status.zones_assumed, "export", "exports"));
        let said = said(cells, "!", Role::Warn, text, Some(lacking(Lacking::Zone)));
        lines.extend(said.into_iter().map(|line| match line.is_stop {
            true => line.citing_nothing(ZONES),
            false => line,
        }));
    }
    if status.no_text > 0 {
        let text = format!(
            "{} without text (images, scans)",
            count(status.no_text, "document", "documents")
        );
        lines.extend(said(cells, "◌", Role::Warn, text, Some(with_state(State::NoText))));
    }
    if status.pages_without_text > 0 {
        let text = format!(
            "{} without text inside documents",
            count(status.pages_without_text, "page", "pages")
        );
        lines.extend(said(cells, "◌", Role::Warn, text, Some(lacking(Lacking::PageText))));
    }
    if status.warned > 0 {
        let text = format!(
            "{} read with a warning: cut, damaged or doubtful in part",
            count(status.warned, "document", "documents")
        );
        lines.extend(said(cells, "!", Role::Warn, text, Some(lacking(Lacking::Assurance))));
    }
    if status.skipped > 0 {
        let text = format!("{} left alone", count(status.skipped, "entry", "entries"));
        lines.extend(said(cells, "!", Role::Warn, text, Some(Target::Skipped)));
    }
    if !status.index_is_current {
        let text = match is_catching_up {
            true => format!("{CATCHING_UP}: searches miss what is new until then"),
            false => "the index is behind: searches miss what is new".to_owned(),
        };
        lines.extend(said(cells, "!", Role::Warn, text, None));
    }
    if lines.len() == before {
        lines.push(Line::text("nothing: everything was read"));
    }
    for remark in &status.remarks {
        lines.extend(said(cells, "·", Role::Dim, remark.clone(), None));
    }
    if !worklists.is_empty() {
        lines.push(Line::new());
        lines.push(Line::of("worklists: unread", Role::Dim));
        lines.extend(worklists.iter().map(worklist));
    }
    lines.push(Line::new());
    lines.push(Line::of("read so far", Role::Dim));
    let units = status.documents + status.messages;
    let percent = (status.read * 100).checked_div(units).unwrap_or(0);
    let mut line = Line::of("● ", Role::Dim);
    line.push(format!("{} of {} ({percent}%)", number(status.read), number(units)), Role::Link);
    lines.push(line.to(Target::Search("is:read".to_owned())));
    for (sign, amount, name) in
        [("★", status.starred, "starred"), ("✗", status.irrelevant, "irrelevant")]
    {
        if amount > 0 {
            let to = Target::Search(format!("is:{name}"));
            let text = format!("{} {name}", number(amount));
            lines.extend(said(cells, sign, Role::Dim, text, Some(to)));
        }
    }
    for coverage in &status.coverage {
        lines.extend(said(cells, "·", Role::Dim, format!("seen, {}", coverage.words()), None));
    }
    // What one person did alone is all of it.
    if people.len() > 1 {
        lines.push(Line::new());
        lines.push(Line::of("who saw and read it", Role::Dim));
        for person in people {
            let mut line = Line::of(&person.author, Role::Head);
            // Two people of one name are told apart by their keys.
            if people.iter().filter(|other| other.author == person.author).count() > 1 {
                line.push(format!(" ({})", person.key), Role::Dim);
            }
            line.push(format!(" ● {}", number(person.read)), Role::Text);
            lines.push(line);
            lines.extend(person.seen.iter().map(|coverage| {
                // By the letters of their numbers: the column is narrow.
                let (messages, documents) = (number(coverage.messages), number(coverage.documents));
                let line = Line::of(format!("  seen, {}: ", coverage.variant.name()), Role::Dim);
                let partly = match coverage.partly {
                    0 => String::new(),
                    partly => format!(", {} partly", number(partly)),
                };
                line.and(format!("{messages} M, {documents} D{partly}"), Role::Text)
            }));
        }
    }
    lines.push(Line::new());
    lines.push(Line::of("begin", Role::Dim));
    lines.push(Line::of("/", Role::Key).and(" search everything", Role::Text));
    lines.push(Line::of("?", Role::Key).and(" keys of where you are", Role::Text));
    lines.push(Line::of(":", Role::Key).and(" every command", Role::Text));
    lines
}

/// What a state means for somebody who wants to read.
pub fn state_words(state: State, count: u64) -> &'static str {
    match (state, count) {
        (State::Read, _) => "read",
        (State::Export, 1) => "chat export",
        (State::Export, _) => "chat exports",
        (State::NoText, _) => "without text",
        (State::Empty, _) => "empty",
        (State::Failed, _) => "failed (broken or hostile)",
        (State::Encrypted, _) => "encrypted: a password is needed",
        (State::OverLimit, _) => "over a limit",
        (State::Unsupported, _) => "of a format nobody reads yet",
    }
}

pub fn bar(amount: u64, most: u64, cells: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (u128::from(amount) * cells as u128 * 8).div_ceil(u128::from(most.max(1)));
    let eighths = usize::try_from(eighths).unwrap_or(usize::MAX).min(cells * 8);
    format!("{}{}", "█".repeat(eighths / 8), PARTS[eighths % 8])
}

/// `71%`; of what is there never nothing.
fn share(amount: u64, all: u64) -> String {
    match (amount * 100).checked_div(all).unwrap_or(0) {
        0 if amount > 0 => "<1%".to_owned(),
        percent => format!("{percent}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(15_743), "15,743");
        assert_eq!(number(1_000_000), "1,000,000");
        assert_eq!(bytes(512), "512 B");
        assert_eq!(bytes(4 * 1024), "4.0 KB");
        assert_eq!(bytes(123 << 20), "123 MB");
    }

    #[test]
    fn something_is_never_shown_as_nothing() {
        assert_eq!(bar(1, 1_000_000, 10), "▏");
        assert_eq!(bar(5, 5, 4), "████");
        assert_eq!([share(1, 300), share(3, 4), share(0, 4)], ["<1%", "75%", "0%"]);
        let status = Status {
            months: vec![("2021-03".into(), 0, 1), ("2022-01".into(), 10, 9_990)],
            ..Status::default()
        };
        assert_eq!(months(&status)[0].plain(), "2021   ▁                 1");
    }

    #[test]
    fn years_that_have_no_row_are_counted_in_one_that_leads_to_them() {
        let months = (1998..2014).map(|year| (format!("{year}-05"), 1, 2)).collect();
        let status = Status { months, ..Status::default() };
        let lines = super::months(&status);
        assert_eq!(lines[0].plain(), "12 from 1998 to 2001");
        assert_eq!(lines[0].link, Some(Target::Search("date:1998..2001".to_owned())));
        assert!(lines[0].is_stop && lines.len() == 13);
    }

    #[test]
    fn exports_are_those_that_the_list_has() {
        let states = vec![(State::Read, 3), (State::Export, 25)];
        let exports_apart = vec![(State::Read, 1), (State::Failed, 1)];
        let status = Status { states, exports: 27, exports_apart, ..Status::default() };
        let lines = counts(&status, 40);
        let is_list = |line: &Line| line.link == Some(with_state(State::Export));
        let at = lines.iter().position(is_list).unwrap();
        let said: Vec<String> = lines[at..at + 3].iter().map(Line::plain).collect();
        let said: Vec<&str> = said.iter().map(|line| line.trim()).collect();
        // What messages come from besides stands below them, so that the numbers add up.
        assert_eq!(said, ["25 exports", "+ 1 read as text too", "+ 1 failed"]);
    }

    #[test]
    fn what_has_no_date_is_said_below_the_histogram() {
        let months = vec![("2021-03".to_owned(), 2, 5)];
        let check = |documents, messages, expected: Option<&str>| {
            let months = months.clone();
            let status = Status { months, documents, messages, ..Status::default() };
            let lines = activity(&status, &[], 60);
            let to = Some(Target::Search("date:none".to_owned()));
            let said = lines.iter().find(|line| line.link == to).map(Line::plain);
            assert_eq!(said.as_deref(), expected);
        };
        check(10, 80, Some("83 without a date"));
        check(2, 5, None);
    }

    #[test]
    fn what_could_not_be_read_is_a_link() {
        let status = Status {
            states: vec![(State::Read, 3), (State::Failed, 1), (State::Encrypted, 0)],
            ..Status::default()
        };
        let lines = todo(&status, &[], &[], false, 60);
        assert_eq!(lines[1].plain(), "! 1 failed (broken or hostile)");
        assert_eq!(lines[1].link, Some(with_state(State::Failed)));
        assert!(!lines.iter().any(|line| line.plain().contains("encrypted")));
    }
}
