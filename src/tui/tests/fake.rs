//! A case in memory, as small as the screens need it: what a case would answer, without one.

use super::fake_evidence::{
    DOCUMENTS, MESSAGES, PEOPLE, conversation, document, find, listed, marked, message, number,
    search, slice, status,
};
use super::fake_journal::Journal;
use crate::app::data::{
    Answer, Around, At, Counted, Details, Failure, Label, Mark, NextHit, Occurrences, Request,
    Rows, RowsAt, groups,
};
use crate::app::outside::Copied;
use crate::app::pages::{Page, PageId};
use crate::app::quote::Quote;
use crate::app::selection::Selected;
use crate::case::{
    ColumnValue, ConversationRow, DocumentEntry, DocumentRow, Figures, Hold, Lacking, NearMiss,
    NextUnread, Progress, Status, TableRow,
};
use crate::model::{
    ConversationId, DocumentId, EntityId, ItemId, MessageId, NoteId, ParticipantId,
};
use std::sync::Mutex;

/// What the case answers.
pub fn answer(request: Request, journal: &Mutex<Journal>) -> Result<Answer, Failure> {
    let mut journal = journal.lock().unwrap();
    let entities = journal.entities();
    if let Some(answer) = super::fake_entities::answer(&request, &entities) {
        return answer;
    }
    if let Some(answer) = super::fake_exports::answer(&request) {
        return answer;
    }
    let is_done = |at: &usize| journal.signs(ItemId::Message(message(*at).id)).is_done();
    let unread = (0..MESSAGES.len()).filter(|at| !is_done(at)).count() as u64;
    let owned = |row: ConversationRow| {
        let mut row = ConversationRow { unread, ..row };
        for person in &mut row.accounts {
            person.owner = super::fake_entities::owner(&entities, person.id);
        }
        row
    };
    let marked = |at, query: &str| {
        let mut row = marked(at, query);
        row.message = journal.mark(ItemId::Message(row.message.id), row.message);
        row.anchors = journal.anchors.in_item(row.message.id.into());
        row.watched = super::fake_entities::watched(&entities, &row.message.text);
        row
    };
    let end_of =
        |number: usize, range: &std::ops::Range<u64>| slice(number, range.start, range.end);
    Ok(match request {
        Request::Status => {
            let zones_assumed = u64::from(journal.zone().is_none());
            Answer::Status(Box::new(Status { zones_assumed, ..status() }))
        }
        Request::Page(PageId::Clock(id, there)) => {
            let page = super::fake_pages::export_clock(id, journal.zone());
            Answer::Page(Box::new(Page::Clock(page, there)), Box::default())
        }
        Request::PrepareLists => Answer::Prepared,
        Request::Skipped => {
            Answer::Skipped { lines: vec!["S1 link · a symbolic link".to_owned()], total: 2 }
        }
        Request::Documents { filter, range } => {
            let is_set = journal.zone().is_some();
            let rows: Vec<DocumentRow> = listed(&filter)
                .into_iter()
                .filter(|_| filter.lacking != Some(Lacking::Zone) || !is_set)
                .map(|row| journal.mark(ItemId::Document(row.id), row))
                .collect();
            let rows: Vec<DocumentEntry> = rows.into_iter().map(Into::into).collect();
            let total = rows.len() as u64;
            Answer::Documents { filter, range, total, documents: total, rows }
        }
        Request::Conversations { filter, range } => {
            let mut rows = vec![ConversationRow { unread, ..conversation() }];
            rows.retain(|row| row.title.contains(&filter.wanted));
            Answer::Conversations { filter, range, total: rows.len() as u64, rows }
        }
        Request::Document { id, at, which } => {
            let number = number(id)?;
            let mut document = Box::new(document(number));
            document.row = journal.mark(ItemId::Document(id), document.row);
            let _: At = at;
            let variant = which.of(&document.variants);
            let slice = document.variants.get(variant).map(|v| slice(number, 0, v.bytes));
            Answer::Document { document, variant, slice }
        }
        Request::Text { id, range, .. } => Answer::Text { id, slice: end_of(number(id)?, &range) },
        Request::Conversation { id: _, at, query } => {
            let range = match at {
                Around::Range(range) => range,
                Around::End => groups(MESSAGES.len() as u64, MESSAGES.len() as u64),
            };
            let messages = (0..MESSAGES.len()).map(|at| marked(at, &query)).collect();
            let row = Box::new(owned(conversation()));
            Answer::Conversation { row, range, messages, query }
        }
        Request::Occurrences { id, variant, query } => {
            let ranges = find(DOCUMENTS[number(id)?].4, &query);
            let ranges = ranges.into_iter().map(|(a, b)| (a as u64, b as u64)).collect();
            let found = Occurrences { ranges, is_cut: false };
            Answer::Occurrences { id, variant, query, found }
        }
        Request::Line { id, line, .. } => {
            let lines = DOCUMENTS[number(id)?].4.split_inclusive('\n');
            let offset = lines.take(usize::try_from(line).unwrap()).map(str::len).sum::<usize>();
            Answer::Line { id, offset: offset as u64 }
        }
        Request::RowOf { filter, id } => {
            let row = listed(&filter).iter().position(|row| row.id == id).map(|row| row as u64);
            Answer::RowOf { filter, id, row }
        }
        Request::Original(id) => {
            let folder = std::env::temp_dir().join("casebook-test-nothing");
            let file = folder.join(format!("{id}.pdf"));
            Answer::Original(Copied { id, folder, file })
        }
        Request::Quote { selected, as_citation } => {
            let text = match &selected {
                Selected::Text(selection) => {
                    let whole = match selection.item {
                        ItemId::Document(id) => DOCUMENTS[number(id)?].4,
                        ItemId::Message(id) => MESSAGES[id.0 as usize - 1].2,
                        _ => "",
                    };
                    whole[selection.range.start as usize..selection.range.end as usize].to_owned()
                }
                Selected::Cells(rows) => format!("{} rows", rows.len()),
                Selected::Messages(_, positions) => format!("messages {positions:?}"),
                Selected::Item(item) => item.to_string(),
                Selected::Hit { id, range, .. } => {
                    DOCUMENTS[number(*id)?].4[range.start as usize..range.end as usize].to_owned()
                }
                Selected::Several(all) => {
                    let items: Vec<String> = all
                        .iter()
                        .filter_map(Selected::item)
                        .map(|item| item.to_string())
                        .collect();
                    items.join("\n")
                }
            };
            let text = if as_citation { format!("cited: {text}") } else { text };
            Answer::Quote(Quote { text, words: "it".to_owned() })
        }
        Request::Table { of, rows, order } => {
            let id = of.id;
            let mut start = 0;
            let mut all = Vec::new();
            for (number, line) in DOCUMENTS[number(id)?].4.split_inclusive('\n').enumerate() {
                let text = line.trim_end_matches('\n').to_owned();
                all.push(TableRow { number: number as u64, start, text, is_cut: false });
                start += line.len() as u64;
            }
            let found = match rows {
                RowsAt::Offset(at) => all.iter().rposition(|row| row.start <= at),
                RowsAt::Range(_) => None,
            };
            Answer::Table {
                id,
                table: 0,
                rows: Box::new(Rows {
                    total: all.len() as u64,
                    head: all.clone(),
                    first: 0,
                    rows: all,
                    order,
                    found: found.map(|row| row as u64),
                }),
            }
        }
        Request::Order { .. } => return Err(Failure::new("the test case sorts no tables")),
        Request::Figures { of, column, conditions, .. } => {
            let id = of.id;
            let mut figures = Figures { column, conditions, rows: 2, ..Figures::default() };
            figures.values = vec![ColumnValue { spellings: vec!["叁拾万".to_owned()], rows: 1 }];
            figures.distinct = 1;
            Answer::Figures { id, table: 0, figures: Box::new(figures) }
        }
        Request::NextMessage { id, query, from, is_backwards, is_inclusive } => {
            let has = |at: &usize| !find(MESSAGES[*at].2, &query).is_empty();
            let from = usize::try_from(from).unwrap();
            let total = (0..MESSAGES.len()).filter(has).count() as u64;
            let found = if is_backwards {
                (0..from).rev().find(has)
            } else {
                (from + usize::from(!is_inclusive)..MESSAGES.len()).find(has)
            };
            let next = found.map(|at| NextHit {
                position: at as u64,
                number: Some((0..=at).filter(has).count() as u64),
            });
            Answer::NextMessage { id, query, next, total }
        }
        Request::HitHere { id, query, position } => {
            let has = |at: &usize| !find(MESSAGES[*at].2, &query).is_empty();
            let total = (0..MESSAGES.len()).filter(has).count() as u64;
            let at = usize::try_from(position).unwrap();
            let number = has(&at).then(|| (0..=at).filter(has).count() as u64);
            Answer::HitHere { id, query, number, total }
        }
        Request::Search { query, .. } if query.contains('(') && !query.contains(')') => {
            let at = query.find('(').unwrap();
            return Err(Failure {
                span: Some((at, at + 1)),
                suggestion: Some(format!("{query})")),
                ..Failure::new("this parenthesis is never closed")
            });
        }
        Request::Search { query, options } => {
            let mut result = Box::new(search(&query));
            let hits = std::mem::take(&mut result.hits);
            result.hits = hits.into_iter().map(|hit| journal.mark(hit.item, hit)).collect();
            Answer::Search { query, range: options.range, result }
        }
        Request::NearMisses { query } => {
            let misses = vec![NearMiss {
                from: query.clone(),
                to: query.replace('青', "清"),
                why: "one character",
                units: 2,
            }];
            Answer::NearMisses { query, misses }
        }
        Request::Anchors(id) => {
            Answer::Anchors { id, anchors: journal.anchors.in_item(ItemId::Document(id)) }
        }
        Request::Passage(id) => journal.anchors.passage(id)?,
        Request::Hold(id) => Answer::Hold { id, hold: Hold::Holds },
        Request::About(items) => {
            Answer::About(items.into_iter().map(|item| (item, format!("about {item}"))).collect())
        }
        Request::Complete(typed) => {
            let all = [
                (ItemId::Document(DocumentId(1)), "合同台账2022.xlsx"),
                (ItemId::Message(MessageId(2)), "青河那边的付款"),
                (ItemId::Participant(ParticipantId(3)), "川江"),
            ];
            let fits = |(item, name): &(ItemId, &str)| {
                item.to_string().starts_with(&typed) || name.contains(&typed)
            };
            let found = all.into_iter().filter(fits);
            let found = found.map(|(item, name)| (item, name.to_owned())).collect();
            Answer::Completions { typed, found }
        }
        Request::Meanings => Answer::Meanings {
            meanings: vec!["payment".to_owned(), "付款".to_owned()],
            tags: vec!["apt".to_owned()],
        },
        Request::Page(PageId::Anchor(id)) => {
            let page = Page::Anchor(Box::new(journal.anchors.page(id)?));
            Answer::Page(Box::new(page), Box::default())
        }
        Request::Details(item) => Answer::Details(
            Box::new(match item {
                ItemId::Document(id) => {
                    let mut document = document(number(id)?);
                    document.row = journal.mark(item, document.row);
                    Details::Document(Box::new(document))
                }
                ItemId::Message(id) => {
                    Details::Message(Box::new(message(id.0 as usize - 1)), owned(conversation()))
                }
                _ => Details::Conversation(owned(conversation())),
            }),
            Box::new(journal.anchors.made(item)),
        ),
        Request::Locate(id) => {
            let position = id.0 as u64 - 1;
            if position >= MESSAGES.len() as u64 {
                return Err(Failure::new(format!("there is no {id}")));
            }
            Answer::Located { id, conversation: ConversationId(1), position }
        }
        Request::Named(item) => {
            let is_there = match item {
                ItemId::Document(id) => number(id).is_ok(),
                ItemId::Message(id) => (1..=MESSAGES.len() as i64).contains(&id.0),
                ItemId::Conversation(id) => id.0 == 1,
                ItemId::Participant(id) => (1..=PEOPLE.len() as i64).contains(&id.0),
                ItemId::Anchor(id) => journal.anchors.page(id).is_ok(),
                ItemId::Entity(id) => entities.iter().any(|entity| entity.id == id),
                ItemId::Note(id) => {
                    super::fake_pages::answer(Request::Page(PageId::Note(id)), &journal.desk)
                        .is_ok()
                }
                ItemId::Source(_) => false,
            };
            match is_there {
                true => Answer::Found(item),
                false => return Err(Failure::new(format!("there is no {item} in this case"))),
            }
        }
        Request::Act(act) => return journal.act(act),
        Request::Count { scope, label, of } => {
            let items = journal.items(&scope);
            let documents = items.iter().filter(|i| matches!(i, ItemId::Document(_))).count();
            Answer::Counted(Counted {
                of,
                documents: documents as u64,
                messages: (items.len() - documents) as u64,
                marked: match &label {
                    Label::Mark(mark) => {
                        items.iter().filter(|item| journal.signs(**item).has(*mark)).count() as u64
                    }
                    Label::Tag(_) => 0,
                },
                label,
                items: items.into(),
            })
        }
        // What was made first stands alone.
        Request::Citing(id) => {
            let citing = [ItemId::Note(NoteId(2)), ItemId::Entity(EntityId(1))];
            Answer::Citing(id, citing.into_iter().filter(|_| id.0 > 1).collect())
        }
        Request::Unread { walk, from, .. } => {
            let next = journal.unread(&walk, from).map(|(row, item)| NextUnread {
                row,
                unfolded: Vec::new(),
                item,
                is_from_start: from.is_some_and(|from| row <= from),
            });
            Answer::Unread { walk, next }
        }
        Request::Resume => Answer::Resume(journal.left.clone()),
        // Nobody else is there.
        Request::Watch { .. } => return Err(Failure::new("stopped")),
        Request::Progress => Answer::Progress(Progress {
            read: journal.count(Mark::Read),
            starred: journal.count(Mark::Starred),
            irrelevant: journal.count(Mark::Irrelevant),
            coverage: journal.coverage(),
            clock: journal.clock,
        }),
        other => return super::fake_pages::answer(other, &journal.desk),
    })
}
