//! Who answers the screen's requests: a job thread's own handle of the case.

mod act;
mod hits;

use super::data::{
    Answer, Around, At, Counted, Details, Failure, HEAD_ROWS, Label, Occurrences, Request, Rows,
    RowsAt, TABLE_ROWS, TEXT_WINDOW, TableOf, groups,
};
use super::made::made;
use super::named::NameCount;
use super::naming;
use super::pages::anchor::AnchorPage;
use super::pages::export::ExportPage;
use super::pages::{NotePage, Page, PageId};
use super::quote::quote;
use super::{anchoring, completion, exporting};
use crate::case::{Case, CaseError, Hold, NoteFilter, NoteKind, RowOrder};
use crate::jobs::Cancel;
use crate::model::{AnchorId, EntityId, ItemId};
use crate::query::{Query, QueryError};
pub use hits::MOST_MARKS;
use hits::{Start, WATCHED, messages, next_message, occurrences};
use std::sync::Arc;

/// Answers one request. Every request reads a bounded amount, or stops when it is cancelled.
pub fn answer(case: &Case, request: Request, cancel: &Cancel) -> Result<Answer, Failure> {
    // Where the case was moved away nothing else that failed is worth a word.
    answered(case, request, cancel)
        .map_err(|failure| case.check_presence().map_or_else(Failure::from, |()| failure))
}

fn answered(case: &Case, request: Request, cancel: &Cancel) -> Result<Answer, Failure> {
    Ok(match request {
        Request::Status => Answer::Status(Box::new(case.status()?)),
        Request::Documents { filter, range } => {
            let (total, rows) = case.document_entries(&filter, range.clone())?;
            let documents = case.documents_listed(&filter)?;
            Answer::Documents { filter, range, total, documents, rows }
        }
        Request::PrepareLists => {
            case.prepare_lists()?;
            Answer::Prepared
        }
        Request::Conversations { filter, range } => {
            let (total, rows) = case.conversations_listed(&filter, range.clone())?;
            Answer::Conversations { filter, range, total, rows }
        }
        Request::People { sort, wanted, range } => {
            let (who, rows) = case.who(sort, &wanted, range.clone())?;
            Answer::People { sort, wanted, range, who, rows }
        }
        Request::Notes { filter, range } => {
            let (total, rows) = case.note_page(filter.clone(), range.clone())?;
            Answer::Notes { filter, range, total, rows }
        }
        Request::Holds(ids) => Answer::Holds(holds(case, ids, cancel)?),
        Request::Tags => Answer::Tags(case.tag_counts()?),
        Request::Questions => {
            let filter = NoteFilter { kind: Some(NoteKind::Question), ..NoteFilter::default() };
            Answer::Questions(case.note_entries(filter)?)
        }
        Request::Readers => Answer::Readers(case.coverage_by_person()?),
        Request::Days => Answer::Days(case.timeline()?),
        Request::Page(page) => {
            let made = page.item().map(|item| made(case, item)).transpose()?.unwrap_or_default();
            let page = match page {
                PageId::Account(id) => Page::Account(case.account(id)?),
                PageId::Entity(id) => Page::Entity(Box::new(case.dossier(id)?)),
                PageId::Note(id) => Page::Note(NotePage::new(case.note_view(id)?)),
                PageId::Anchor(id) => Page::Anchor(Box::new(anchor_page(case, id)?)),
                PageId::Day(day) => Page::Day(case.day(day)?),
                PageId::Clock(id, there) => Page::Clock(case.export_clock(id)?, there),
                // Asked for with what it shall be: `Request::Preview`.
                PageId::Export => return Err(Failure::new("nothing is exported")),
            };
            Answer::Page(Box::new(page), Box::new(made))
        }
        Request::Preview(form) => {
            let draft = Some(Box::new(exporting::draft(case, &form, cancel)?));
            let page = ExportPage { draft, ..ExportPage::new(form) };
            Answer::Page(Box::new(Page::Export(Box::new(page))), Box::default())
        }
        Request::Export { form, force } => {
            let ended = exporting::write(case, &form, force, cancel)?;
            Answer::Exported { path: form.path(), form, ended }
        }
        Request::Mentions(id) => {
            Answer::Mentions { id, found: Box::new(case.mentions(id, cancel.flag())?) }
        }
        Request::NamesCounted(ids) => Answer::NamesCounted(names_counted(case, ids, cancel)?),
        Request::Present { item, variant, around } => {
            let variant = match (item, variant) {
                (ItemId::Document(id), Some(variant)) => case.variant(id, variant)?,
                _ => None,
            };
            let (found, is_cut) = case.present(item, variant.as_ref(), around, cancel.flag())?;
            Answer::Present { item, found, is_cut }
        }
        Request::Said { selected, purpose } => {
            let text = quote(case, &selected, false)?.text;
            Answer::Said { selected, text, purpose }
        }
        Request::KnownEntities => Answer::KnownEntities(naming::known(case)?),
        Request::KnownAccounts => Answer::KnownAccounts(naming::known_accounts(case)?),
        Request::MergePreview { id, into, why } => {
            let preview = Box::new(case.merge_preview(id, into, cancel.flag())?);
            Answer::MergePreview { id, into, why, preview }
        }
        Request::Worklists => Answer::Worklists(case.worklists(cancel.flag())?),
        Request::Queries => Answer::Queries(case.queries()?),
        Request::EditNote { note, sitting, .. } => {
            Answer::EditNote(Box::new(case.edit_note(note, sitting)?))
        }
        Request::Sessions(id) => {
            let sessions = case.sessions(id, cancel.flag())?.into();
            Answer::Sessions { id, sessions }
        }
        Request::SessionRows { id, first, sessions, query } => {
            let parsed = Query::parse(&query).ok().filter(|_| !query.is_empty());
            let rows = case.session_rows(id, first, &sessions, parsed.as_ref(), cancel.flag())?;
            Answer::SessionRows { id, query, rows }
        }
        Request::Document { id, at, which } => {
            let document = Box::new(case.document(id)?);
            let variant = which.of(&document.variants);
            let slice = match document.variants.get(variant) {
                Some(variant) => {
                    let around = match at {
                        At::Offset(offset) => offset.min(variant.bytes),
                        At::End => variant.bytes,
                    };
                    let start = around.saturating_sub(TEXT_WINDOW / 2);
                    Some(case.text(variant, start..(start + TEXT_WINDOW).min(variant.bytes))?)
                }
                None => None,
            };
            Answer::Document { document, variant, slice }
        }
        Request::Anchors(id) => {
            Answer::Anchors { id, anchors: case.anchors_in(ItemId::Document(id))? }
        }
        Request::Passage(id) => passage(case, id)?,
        Request::Hold(id) => {
            let hold = case.hold(case.anchor(id)?.signed(), cancel.flag())?;
            Answer::Hold { id, hold }
        }
        Request::About(items) => Answer::About(about(case, &items)?),
        Request::Complete(typed) => {
            let found = completion::complete(case, &typed, cancel)?;
            Answer::Completions { typed, found }
        }
        Request::Meanings => {
            let (meanings, tags) = anchoring::used(case)?;
            Answer::Meanings { meanings, tags }
        }
        Request::Text { id, variant, range } => {
            Answer::Text { id, slice: case.text(&variant, range)? }
        }
        Request::Conversation { id, at, query } => {
            let row = Box::new(case.conversation(id)?);
            let last = row.messages.saturating_sub(1);
            let range = match at {
                Around::Range(range) => range,
                Around::End => groups(last, last),
            };
            let messages = messages(case, id, &range, &query)?;
            Answer::Conversation { row, range, messages, query }
        }
        Request::Occurrences { id, variant, query } => {
            let found = match case.variant(id, variant)? {
                Some(variant) => occurrences(case, &variant, &query, 0..variant.bytes, cancel)?,
                None => Occurrences::default(),
            };
            Answer::Occurrences { id, variant, query, found }
        }
        Request::Watched { id, variant, range } => {
            let found = match case.variant(id, variant)? {
                Some(known) => occurrences(case, &known, WATCHED, range, cancel)?.ranges,
                None => Vec::new(),
            };
            Answer::Watched { id, variant, found }
        }
        Request::Line { id, variant, line } => {
            Answer::Line { id, offset: case.line_start(&variant, line)? }
        }
        Request::RowOf { filter, id } => {
            let row = case.entry_position(&filter, id)?;
            Answer::RowOf { filter, id, row }
        }
        Request::Original(id) => Answer::Original(super::outside::copy(case, id)?),
        Request::Quote { selected, as_citation } => {
            Answer::Quote(quote(case, &selected, as_citation)?)
        }
        Request::Table { of, rows, order } => {
            let rows = Box::new(table_rows(case, &of, rows, order)?);
            Answer::Table { id: of.id, table: of.table.start, rows }
        }
        Request::Order { of, view } => {
            let order = case.table_order(&of.variant, &of.table, &view, cancel.flag())?;
            Answer::Order { id: of.id, table: of.table.start, view, order }
        }
        Request::Figures { of, header, column, conditions } => {
            let (variant, table) = (&of.variant, &of.table);
            let figures =
                case.column_figures(variant, table, header, column, &conditions, cancel.flag())?;
            Answer::Figures { id: of.id, table: table.start, figures: Box::new(figures) }
        }
        Request::NextMessage { id, query, from, is_backwards, is_inclusive } => {
            let start = Start { position: from, is_backwards, is_inclusive };
            let (next, total) = next_message(case, id, &query, start, cancel)?;
            Answer::NextMessage { id, query, next, total }
        }
        Request::HitHere { id, query, position } => {
            let start = Start { position, is_backwards: false, is_inclusive: true };
            let (next, total) = next_message(case, id, &query, start, cancel)?;
            let here = next.filter(|next| next.position == position);
            Answer::HitHere { id, query, number: here.and_then(|here| here.number), total }
        }
        Request::Search { query, options } => {
            // What is still open of an index that was moved away answers in part.
            case.check_presence()?;
            let parsed = Query::parse(&query)?;
            let result = Box::new(case.search(&parsed, &options, cancel.flag())?);
            Answer::Search { query, range: options.range, result }
        }
        Request::NearMisses { query } => {
            let query_tree = Query::parse(&query)?;
            let misses = case.near_misses(&query_tree, NEAR_MISSES, cancel.flag())?.found;
            Answer::NearMisses { query, misses }
        }
        Request::Details(item) => {
            Answer::Details(Box::new(details(case, item)?), Box::new(made(case, item)?))
        }
        Request::Locate(id) => {
            let (conversation, position) = case.message_position(id)?;
            Answer::Located { id, conversation, position }
        }
        Request::Named(item) => {
            case.line_about(item)?;
            Answer::Found(item)
        }
        Request::Media { message, name, size } => {
            let document = case.media_document(message, &name, size)?;
            Answer::Media { name, size, document }
        }
        Request::Skipped => {
            let (total, entries) = case.skipped(SKIPPED)?;
            let lines = entries.into_iter().map(|entry| {
                let path = crate::text::sanitise::line(&entry.path).into_owned();
                format!("{} {path} · {}", entry.source, entry.reason)
            });
            Answer::Skipped { lines: lines.collect(), total }
        }
        Request::LocateClock { id, clock } => {
            let position = case.position_of_clock(id, clock.start)?;
            let there = case.messages(id, position..position + 1)?;
            let day = |time: &String| time.get(..10).map(str::to_owned);
            let found = there.first().and_then(|message| day(message.time.as_ref()?));
            Answer::LocatedClock { id, position, clock, found }
        }
        Request::Act(act) => return act::act(case, act, cancel),
        Request::Watch { since, is_settling } => {
            match case.changed(since, is_settling, |time| cancel.sleep(time)) {
                Ok(Some(pulse)) => Answer::Changed(pulse),
                Ok(None) => return Err(Failure::new("stopped")),
                Err(error @ CaseError::Gone(_)) => Answer::Gone(Failure::from(error).message),
                Err(error) => return Err(error.into()),
            }
        }
        Request::Resume => Answer::Resume(case.place_left()?),
        Request::Count { scope, label, of } => {
            let items = case.units(&scope, cancel.flag())?;
            Answer::Counted(counted(case, items.into(), label, of)?)
        }
        Request::Citing(id) => Answer::Citing(id, case.citing(id)?),
        Request::Unread { walk, from, here } => {
            let next = case.next_unread(&walk, from, here, cancel.flag())?;
            Answer::Unread { walk, next }
        }
        Request::Progress => Answer::Progress(case.progress()?),
        Request::Index { bring_up } => {
            let is_current = match bring_up {
                true => case.see_to_index(cancel.flag(), |time| cancel.sleep(time))?,
                false => case.index_is_current()?,
            };
            Answer::Index { bring_up, is_current }
        }
    })
}

/// A line about each of these that the case has.
fn about(case: &Case, items: &[ItemId]) -> Result<Vec<(ItemId, String)>, CaseError> {
    let mut lines = Vec::with_capacity(items.len());
    for item in items {
        match case.line_about(*item) {
            Ok(line) => lines.push((*item, line)),
            Err(error) if error.is_no_such_item() => {
                lines.push((*item, "is not in this case".to_owned()));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(lines)
}

fn anchor_page(case: &Case, id: AnchorId) -> Result<AnchorPage, CaseError> {
    let view = case.anchor(id)?;
    let query = case.query_of(&view.anchor)?;
    Ok(AnchorPage { view, query, hold: None })
}

/// Where an anchor stands now.
fn passage(case: &Case, id: AnchorId) -> Result<Answer, Failure> {
    let at = case.anchor(id)?.at;
    let position = match at.map(|at| at.item) {
        Some(ItemId::Message(message)) => Some(case.message_position(message)?),
        _ => None,
    };
    Ok(Answer::Passage { id, at, position })
}

fn table_rows(
    case: &Case,
    of: &TableOf,
    rows: RowsAt,
    order: Option<RowOrder>,
) -> Result<Rows, Failure> {
    let (variant, table) = (&of.variant, &of.table);
    let head = case.table_rows(variant, table, 0..HEAD_ROWS)?;
    let (range, found) = match rows {
        RowsAt::Range(range) => (range, None),
        RowsAt::Offset(offset) => {
            let number = case.table_row_at(variant, table, offset)?;
            let place = match &order {
                Some(order) => order.place_of(number),
                None => Some(number),
            };
            let start = place.unwrap_or(0).saturating_sub(TABLE_ROWS / 2);
            (start..start + TABLE_ROWS, place)
        }
    };
    let rows = match &order {
        Some(order) => case.ordered_rows(variant, table, order, range.clone())?,
        None => case.table_rows(variant, table, range.clone())?.rows,
    };
    Ok(Rows { total: head.total, head: head.rows, first: range.start, rows, order, found })
}

fn counted(
    case: &Case,
    items: Arc<[ItemId]>,
    label: Label,
    of: String,
) -> Result<Counted, CaseError> {
    let documents = items.iter().filter(|item| matches!(item, ItemId::Document(_))).count() as u64;
    let messages = items.len() as u64 - documents;
    let marked = match &label {
        Label::Mark(mark) => case.count_with_mark(&items, mark.name())?,
        Label::Tag(name) => case.count_tagged(&items, name)?,
    };
    Ok(Counted { items, label, of, documents, messages, marked })
}

/// Whether anchors hold; one that is not there is left out.
fn holds(
    case: &Case,
    ids: Vec<AnchorId>,
    cancel: &Cancel,
) -> Result<Vec<(AnchorId, Hold)>, Failure> {
    let mut holds = Vec::with_capacity(ids.len());
    for id in ids {
        if cancel.is_set() {
            return Err(Failure::new("stopped"));
        }
        if let Ok(view) = case.anchor(id) {
            holds.push((id, case.hold(view.signed(), cancel.flag())?));
        }
    }
    Ok(holds)
}

/// How often entities are named; one that is not there any more is left out.
fn names_counted(
    case: &Case,
    ids: Vec<EntityId>,
    cancel: &Cancel,
) -> Result<Vec<NameCount>, Failure> {
    let mut counts = Vec::with_capacity(ids.len());
    for id in ids {
        let Ok(entity) = case.entity(id) else { continue };
        let named = case.named(id, cancel.flag())?;
        counts.push(NameCount { id, names: entity.names().map(str::to_owned).collect(), named });
    }
    Ok(counts)
}

/// Entries that were left alone that are listed.
const SKIPPED: u64 = 2_000;

/// How long near misses are looked for: in the background, for somebody who has paused.
const NEAR_MISSES: std::time::Duration = std::time::Duration::from_millis(250);

fn details(case: &Case, item: ItemId) -> Result<Details, Failure> {
    Ok(match item {
        ItemId::Document(id) => Details::Document(Box::new(case.document(id)?)),
        ItemId::Conversation(id) => Details::Conversation(case.conversation(id)?),
        ItemId::Message(id) => {
            let message = case.message(id)?;
            let row = case.conversation(message.conversation)?;
            Details::Message(Box::new(message), row)
        }
        ItemId::Participant(_)
        | ItemId::Note(_)
        | ItemId::Anchor(_)
        | ItemId::Entity(_)
        | ItemId::Source(_) => {
            return Err(Failure::new(format!("{item} has no page of its own")));
        }
    })
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        let failure = Failure::new(error.to_string());
        let span = Some((error.span.start, error.span.end));
        Failure { span, suggestion: error.fix.map(|fix| fix.query), ..failure }
    }
}

impl From<CaseError> for Failure {
    fn from(error: CaseError) -> Self {
        let is_of_index = matches!(error, CaseError::Index(_));
        let is_gone = matches!(error, CaseError::Gone(_));
        let failure = match (error.hint(), error) {
            (_, CaseError::Query(error)) => error.into(),
            // Whoever is at the desk needs no shell to see what there is.
            (Some(_), error) if error.is_no_such_item() => {
                Failure::new(format!("{error} (the lists of the sections show what there is)"))
            }
            (Some(hint), error) => Failure::new(format!("{error} ({hint})")),
            (None, error) => Failure::new(error.to_string()),
        };
        Failure { is_of_index, is_gone, ..failure }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::case::SearchOptions;
    use crate::model::DocumentId;

    #[test]
    fn a_case_that_was_moved_away_says_so_whatever_fails() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("qinghe.case");
        let case = Case::create(&path).unwrap();
        let search = |query: &str| {
            let (query, options) = (query.to_owned(), SearchOptions::default());
            answer(&case, Request::Search { query, options }, &Cancel::default())
        };
        assert!(search("青河").is_ok());
        assert!(!search("(青河").unwrap_err().is_gone, "the query is wrong, the case is there");
        let document = || Request::Details(DocumentId(1).into());
        let looked_up = || answer(&case, document(), &Cancel::default()).unwrap_err();
        assert!(!looked_up().is_gone);
        std::fs::rename(&path, dir.path().join("elsewhere.case")).unwrap();
        let failure = search("青河").unwrap_err();
        assert!(failure.is_gone && !failure.is_of_index, "{failure:?}");
        assert_eq!(looked_up(), failure, "whatever failed");
        let wanted = "does not lie any more where it was opened";
        assert!(failure.message.contains(wanted), "{}", failure.message);
        assert!(failure.message.contains("open it there"), "{}", failure.message);
    }
}
