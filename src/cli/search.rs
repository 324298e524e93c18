//! `search`: hits with context, exact counts, near misses.

use super::args;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::{add, counted, current, grouped, json_chat, progress};
use crate::case::{Counting, Hit, NearMisses, SearchOptions, SearchResult, SearchSort};
use crate::model::ItemId;
use crate::query::{Field, Query};
use crate::text::width;
use std::time::Duration;

/// How long near misses are looked for.
const NEAR_MISSES: Duration = Duration::from_millis(10);

/// Hits that are read unasked to count occurrences that the index does not know.
const COUNTED: u64 = 200;

/// The query language, for the long help and the manual.
pub fn grammar() -> String {
    let mut text = "\
The query language:
  合同 付款            both (AND may be written)
  \"a phrase\"          these words side by side; also “…” and 「…」
  甲 OR 乙, -丙, ( )   either; without; groups
  pay*                 words that begin so
  name~1               words that differ in one character (or two: ~2)
  甲 NEAR/5 乙         at most 5 words (or Han characters) apart
  /\\d{3}-\\d{4}/i       a regular expression over the text; flags i, m, s
  field:value          also field:(this that)

In the shell put the whole query between single quotes: '\"a phrase\" -丙'.

Fields:
"
    .to_owned();
    for field in Field::ALL {
        text += &format!("  {:<24} {}", field.example(), field.help());
        if !field.words().is_empty() {
            text += &format!(": {}", field.words().join(", "));
        }
        text.push('\n');
    }
    text
}

pub fn search(args: &args::Search, out: &mut Out<'_>) -> Result<Code, Failure> {
    let query: Query = args.query.join(" ").trim_start().parse()?;
    if query.is_empty() {
        return Err(Failure::usage("the query is empty")
            .hint("name something to find, or list everything with `casebook documents CASE`"));
    }
    let cancel = add::interrupt()?;
    let case = current(&args.at.case, &cancel)?;
    let options = SearchOptions {
        sort: match args.sort {
            args::Sort::Relevance => SearchSort::Relevance,
            args::Sort::Date => SearchSort::Date,
            args::Sort::DateDescending => SearchSort::DateDescending,
        },
        range: 0..if args.all { u64::MAX } else { args.limit },
        facets: args.json,
        snippets: true,
        occurrences: Some(match args.occurrences {
            true => Counting::ALL,
            false => Counting { read: COUNTED, ..Counting::ALL },
        }),
    };
    let found = progress::steps(|show| {
        case.search_watched(&query, &options, &cancel, &|reading| {
            let found = format!("reading texts, {} found so far", grouped(reading.found));
            show(&found, reading.read, reading.of);
        })
    })?;
    let near = case.near_misses(&query, NEAR_MISSES, &cancel)?;
    if args.json {
        out.json(&json_chat::Search::new(query.to_string(), found, near))?;
    } else {
        print(&found, &near, out)?;
    }
    Ok(Code::Done)
}

fn print(found: &SearchResult, near: &NearMisses, out: &mut Out<'_>) -> Result<(), Failure> {
    let units = match (found.documents, found.messages) {
        (0, 0) if found.total > 0 => counted(found.total, "note", "notes"),
        (0, 0) => "nothing found".to_owned(),
        (documents, 0) => counted(documents, "document", "documents"),
        (0, messages) => counted(messages, "message", "messages"),
        (documents, messages) => format!(
            "{} and {}",
            counted(documents, "document", "documents"),
            counted(messages, "message", "messages")
        ),
    };
    out.say_in(Style::Strong, &units)?;
    if let Some(occurrences) = found.occurrences.filter(|count| *count > 0) {
        out.say(&format!(", {}", counted(occurrences, "occurrence", "occurrences")))?;
    }
    out.say("\n")?;
    for hit in &found.hits {
        hit_lines(hit, out)?;
    }
    let shown = found.hits.len() as u64;
    if shown > 0 && shown < found.total {
        out.say_in(
            Style::Dim,
            &format!(
                "{} of {}; --limit N or --all shows more\n",
                grouped(shown),
                grouped(found.total)
            ),
        )?;
    }
    for miss in &near.found {
        out.say_in(Style::Dim, &format!("near miss ({}): ", miss.why))?;
        out.line_of(Style::Plain, &miss.to)?;
        out.say_in(Style::Dim, &format!(" would add {}\n", counted(miss.units, "hit", "hits")))?;
    }
    if !near.complete {
        out.say_in(Style::Dim, "near misses: there may be more, they were looked for in haste\n")?;
    }
    for remark in &found.remarks {
        out.say_in(Style::Warn, "! ")?;
        out.line_of(Style::Plain, remark)?;
        out.say("\n")?;
    }
    Ok(())
}

/// Who or what and where on the first line, the words on the second.
fn hit_lines(hit: &Hit, out: &mut Out<'_>) -> Result<(), Failure> {
    out.say_in(Style::Strong, &format!("{:<7} ", hit.item.to_string()))?;
    let mut about = Vec::new();
    if let Some(date) = &hit.date {
        about.push(date.chars().take(16).collect::<String>().replace('T', " "));
    }
    if matches!(hit.item, ItemId::Message(_) | ItemId::Note(_)) {
        let sender = hit.sender.clone().unwrap_or_else(|| "*".to_owned());
        about.push(match &hit.owner {
            Some(owner) if owner.name != sender => {
                format!("{} {} ({sender})", owner.id, owner.name)
            }
            _ => sender,
        });
        about.extend(hit.conversation.map(|id| id.to_string()));
    }
    about.push(hit.path.clone());
    if !hit.locator.is_empty() {
        about.push(hit.locator.clone());
    }
    if hit.variant != crate::model::VariantKind::Original {
        about.push(format!("≈ {}", hit.variant.name()));
    }
    out.line_of(Style::Plain, &about.join(" · "))?;
    if hit.occurrences > 1 {
        out.say_in(Style::Dim, &format!("  {}×", grouped(hit.occurrences)))?;
    }
    if hit.snippet.text.trim().is_empty() {
        return Ok(out.say("\n")?);
    }
    out.say("\n        ")?;
    let room = out.width.saturating_sub(9).max(20);
    let (text, marks) = clipped(hit, room);
    let mut at = 0;
    for (start, end) in marks {
        out.line_of(Style::Plain, text.get(at..start).unwrap_or_default())?;
        out.line_of(Style::Hit, text.get(start..end).unwrap_or_default())?;
        at = end;
    }
    out.line_of(Style::Plain, text.get(at..).unwrap_or_default())?;
    Ok(out.say("\n")?)
}

/// The snippet cut to about `room` cells around its first mark, white space folded into what it
/// was on the page.
fn clipped(hit: &Hit, room: usize) -> (String, Vec<(usize, usize)>) {
    let text = &hit.snippet.text;
    let first = hit.snippet.marks.first().map_or(0, |(start, _)| *start);
    let before = text.get(..first).unwrap_or_default();
    let (before, used) = width::suffix(before, room / 3);
    let begin = first - before.len();
    let rest = text.get(first..).unwrap_or_default();
    let (after, _) = width::prefix(rest, room.saturating_sub(used + 2));
    let end = first + after.len();
    let mut shown = String::new();
    if begin > 0 {
        shown.push('…');
    }
    let moved = |at: usize| at - begin + if begin > 0 { '…'.len_utf8() } else { 0 };
    // Line ends and tabs keep their length, so that the marks stay where they are.
    shown.extend(
        text[begin..end].chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }),
    );
    let marks = hit.snippet.marks.iter().filter(|(start, _)| *start < end);
    let marks = marks.map(|(start, stop)| (moved(*start), moved((*stop).min(end)))).collect();
    if end < text.len() {
        shown.push('…');
    }
    (shown, marks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Snippet;
    use crate::model::DocumentId;

    fn hit(text: &str, marks: Vec<(usize, usize)>) -> Hit {
        Hit {
            path: "a\u{1b}/合同.docx".to_owned(),
            locator: "page 3".to_owned(),
            snippet: Snippet { text: text.to_owned(), start: 0, marks },
            occurrences: 2,
            date: Some("2022-03-05T12:41:00+08:00".to_owned()),
            ..Hit::of(ItemId::Document(DocumentId(17)))
        }
    }

    #[test]
    fn snippets_are_cut_around_the_hit() {
        let text = format!("{}公司\n{}", "甲".repeat(50), "乙".repeat(50));
        let (shown, marks) = clipped(&hit(&text, vec![(150, 156)]), 40);
        assert_eq!(shown, format!("…{}公司 {}…", "甲".repeat(6), "乙".repeat(11)));
        assert_eq!(&shown[marks[0].0..marks[0].1], "公司");
        assert_eq!(clipped(&hit("x", vec![]), 40), ("x".to_owned(), vec![]));
    }

    #[test]
    fn a_hit_is_two_lines() {
        let mut bytes = Vec::new();
        let mut out = Out::to(&mut bytes);
        hit_lines(&hit("的公司", vec![(3, 9)]), &mut out).unwrap();
        drop(out);
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "D17     2022-03-05 12:41 · a␛/合同.docx · page 3  2×\n        的公司\n"
        );
    }

    #[test]
    fn every_field_is_explained() {
        let help = grammar();
        for field in Field::ALL {
            assert!(help.contains(field.help()));
            assert!(Query::parse(field.example()).is_ok(), "{}", field.example());
        }
    }
}
