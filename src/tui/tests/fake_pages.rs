//! Accounts, notes, days and sessions of the case in memory.

use super::fake_evidence::{MESSAGES, PEOPLE, conversation, document_row, participant};
use crate::app::data::{Act, Answer, Failure, Kept, Request};
use crate::app::pages::{NotePage, Page, PageId};
use crate::case::{
    Account, AccountConversation, AccountRow, Acted, Day, DayConversation, DayRow, Draft,
    ExportClock, Note, NoteRow, NoteText, QUARTERS, Session, SessionRow, Sessions, UNDATED,
    Worklist, ZoneStatus, day_of, month_of,
};
use crate::case::{NoteEntry, SavedSearch};
use crate::case::{NoteField, NoteFields, NoteFilter, NoteKind, NoteView, Standing, TimelineRow};
use crate::model::{ConversationId, DocumentId, ItemId, MessageId, NoteId, ParticipantId, Sha256};
use crate::text::normal::folded;

/// A file whose clock shows a working day from two to eleven.
pub fn export_clock(id: DocumentId, set: Option<i32>) -> ExportClock {
    let mut quarters = vec![0; QUARTERS];
    for (quarter, messages) in (8..44).zip([1, 2, 3, 2].into_iter().cycle()) {
        quarters[quarter] = messages;
    }
    let assumed = (0, ZoneStatus::Assumed);
    let (zone, status) = set.map_or(assumed, |offset| (offset, ZoneStatus::Set));
    ExportClock {
        id,
        path: document_row(id.0 as usize - 1).path,
        platform: "wechat".to_owned(),
        zone,
        status,
        why: String::new(),
        found: assumed,
        quarters,
        stated: 0,
        undated: 1,
        alike: 3,
    }
}

/// What the notes say, and who wrote it.
const NOTES: [(&str, &str); 2] = [
    (
        "# 青河 pays through 川江\n\nThe first 300,000 were promised in [[M2]], see [[D1]] and [[C1]].\nLong enough a line to be wrapped on every screen that somebody may have, 付款方式另行约定。",
        "lin",
    ),
    ("reading log", "mara"),
];

/// The sitting that a draft was left in, and the one that the desk is in.
const BEFORE: i64 = 7;
const SITTING: i64 = 8;

/// What somebody wrote.
#[derive(Default)]
pub struct Written {
    /// The draft, and the sitting that it is of.
    pub draft: Option<(i64, String)>,
    pub note: Option<(NoteKind, String)>,
    pub saved: Vec<SavedSearch>,
    pub past: Vec<String>,
    /// What was set of notes, and tags that were given.
    pub set: Vec<(NoteId, NoteField)>,
    pub tagged: Vec<(usize, String, bool)>,
    pub deleted: Vec<NoteId>,
}

impl Written {
    pub fn act(&mut self, act: &Act, clock: u64) -> Option<Answer> {
        let acted = Acted { before: clock, after: clock, ..Acted::default() };
        match act {
            Act::Draft(draft) => {
                let sitting = draft.sitting.unwrap_or(SITTING);
                self.draft = Some((sitting, draft.text.clone()));
                Some(Answer::DraftKept { draft: draft.clone(), sitting })
            }
            Act::Note(draft) => {
                self.draft = None;
                let is_empty = draft.text.trim().is_empty();
                self.note = Some((draft.kind, draft.text.clone())).filter(|_| !is_empty);
                let note = self.note.is_some().then(|| draft.note.unwrap_or(NoteId(3)));
                let acted = (!is_empty).then_some(acted);
                let draft = draft.clone();
                Some(Answer::NoteKept(Box::new(Kept { draft, note, acted })))
            }
            Act::SetNote { note, set } => {
                self.set.push((*note, set.clone()));
                let acted = Acted { words: set.words(), ..acted };
                Some(Answer::Acted { act: act.clone(), acted })
            }
            Act::Tag { items, name, on } => {
                self.tagged.push((items.len(), name.clone(), *on));
                let verb = if *on { "tagged" } else { "took off" };
                let acted = Acted { words: format!("{verb} {} #{name}", items.len()), ..acted };
                Some(Answer::Acted { act: act.clone(), acted })
            }
            Act::SaveSearch { name, query } => {
                let operation = Sha256::of(query.as_bytes());
                let (name, query) = (name.clone(), query.clone());
                self.saved.push(SavedSearch { operation, name, query });
                Some(Answer::Acted { act: act.clone(), acted })
            }
            Act::DropSearch(search) => {
                self.saved.retain(|saved| saved.operation != *search);
                Some(Answer::Acted { act: act.clone(), acted })
            }
            Act::Remember(query) => {
                self.past.insert(0, query.clone());
                Some(Answer::Acted { act: act.clone(), acted })
            }
            Act::DeleteNote(id) => {
                self.deleted = vec![*id];
                Some(Answer::Acted { act: act.clone(), acted })
            }
            Act::DeleteNotes(ids) => {
                self.deleted = ids.to_vec();
                let words = format!("{} notes are deleted", ids.len());
                Some(Answer::Acted { act: act.clone(), acted: Acted { words, ..acted } })
            }
            // The last act was that.
            Act::Undo if !self.deleted.is_empty() => {
                let acted = Acted { note: self.deleted.drain(..).next(), ..acted };
                Some(Answer::Acted { act: act.clone(), acted })
            }
            Act::DropDraft(_) => Some(Answer::Acted { act: act.clone(), acted }),
            _ => None,
        }
    }
}

pub fn clock(position: usize) -> i64 {
    let time: jiff::civil::DateTime = MESSAGES[position].1.parse().unwrap();
    time.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second()
}

pub fn account(number: usize) -> AccountRow {
    let own: Vec<usize> = (0..MESSAGES.len()).filter(|at| MESSAGES[*at].0 == number).collect();
    AccountRow {
        account: participant(number),
        conversations: 1,
        first: own.first().map(|at| MESSAGES[*at].1.to_owned()),
        last: own.last().map(|at| MESSAGES[*at].1.to_owned()),
    }
}

fn dossier(id: ParticipantId) -> Result<Account, Failure> {
    let number = usize::try_from(id.0 - 1).unwrap_or(usize::MAX);
    if number >= PEOPLE.len() {
        return Err(Failure::new(format!("there is no {id}")));
    }
    let row = account(number);
    Ok(Account {
        is_bot: false,
        attributes: vec![
            ("name".to_owned(), "老林".to_owned()),
            ("phone".to_owned(), "+86 1\x1b[0m".to_owned()),
        ],
        conversations: vec![AccountConversation {
            id: ConversationId(1),
            title: conversation().title,
            own: row.account.messages,
            messages: MESSAGES.len() as u64,
            first: row.first.clone(),
            last: row.last.clone(),
        }],
        months: vec![
            (month_of(clock(0)) - 6, 1),
            (month_of(clock(0)) - 1, 2),
            (month_of(clock(0)), row.account.messages),
        ],
        row,
    })
}

fn text(number: usize) -> NoteText {
    NoteText {
        operation: Sha256([number as u8; 32]),
        text: NOTES[number].0.to_owned(),
        by: NOTES[number].1.to_owned(),
        key: String::new(),
        author: NOTES[number].1.to_owned(),
        wall: 1_700_000_000_000 + number as i64 * 3_600_000,
    }
}

fn note(id: NoteId) -> Result<NoteView, Failure> {
    let number = usize::try_from(id.0 - 1).unwrap_or(usize::MAX);
    if number >= NOTES.len() {
        return super::fake_notes::view(id);
    }
    let texts = if number == 1 { vec![text(1), text(0)] } else { vec![text(0)] };
    let references = vec![
        (ItemId::Message(MessageId(2)), "2022-03-05 12:41 mara: 青河那边的付款".to_owned()),
        (ItemId::Document(DocumentId(1)), "合同台账2022.xlsx".to_owned()),
        (ItemId::Conversation(ConversationId(1)), conversation().title),
    ];
    let note = Note {
        id,
        operation: Sha256([number as u8; 32]),
        texts,
        references,
        fields: NoteFields::default(),
        citations: Vec::new(),
    };
    Ok(NoteView { note, question: None, answers: Vec::new(), conflicts: Vec::new() })
}

fn days() -> Vec<DayRow> {
    let mut days: Vec<DayRow> = Vec::new();
    for position in 0..MESSAGES.len() {
        let day = day_of(clock(position));
        match days.last_mut() {
            Some(last) if last.day == day => last.messages += 1,
            _ => days.push(DayRow { day, documents: u64::from(position == 0), messages: 1 }),
        }
    }
    days.push(DayRow { day: UNDATED, documents: 7, messages: 0 });
    days
}

fn day(day: i32) -> Result<Day, Failure> {
    let row = days().into_iter().find(|row| row.day == day);
    let row = row.ok_or_else(|| Failure::new("nothing is of that day"))?;
    let documents = (0..row.documents.min(3)).map(|at| document_row(at as usize)).collect();
    let conversations = (row.messages > 0).then(|| DayConversation {
        id: ConversationId(1),
        title: conversation().title,
        platform: "wechat".to_owned(),
        messages: row.messages,
    });
    Ok(Day {
        row,
        conversations: conversations.into_iter().collect(),
        documents,
        provenance: vec![("modified".to_owned(), row.documents)],
        events: super::fake_notes::events()
            .into_iter()
            .filter(|event| (event.days().0..=event.days().1).contains(&day))
            .collect(),
    })
}

fn sessions() -> Vec<Session> {
    let mut sessions = Sessions::new(28_800);
    (0..MESSAGES.len()).for_each(|position| sessions.push(clock(position) - 28_800));
    sessions.finish()
}

fn session(number: u64, session: &Session, query: &str) -> SessionRow {
    let positions = session.start as usize..session.end() as usize;
    let words = positions.clone().map(|at| MESSAGES[at].2).find(|text| !text.is_empty());
    let time = |at: usize| Some(format!("{}+08:00", MESSAGES[at].1));
    let hits = positions.clone().filter(|at| MESSAGES[*at].2.contains(query)).count() as u64;
    SessionRow {
        number,
        first: time(positions.start),
        last: time(positions.end - 1),
        words: words.unwrap_or("").to_owned(),
        unread: if number == 0 { 3 } else { session.messages },
        blank: 0,
        hits: (!query.is_empty()).then_some(hits),
    }
}

/// What the case answers about accounts, notes, days and sessions.
pub fn answer(request: Request, written: &Written) -> Result<Answer, Failure> {
    Ok(match request {
        Request::Notes { filter, range } => {
            let entry = |id, draft, title: &str, author: &str, changed, texts| {
                let row = NoteRow {
                    id,
                    draft,
                    title: title.lines().next().unwrap_or_default().to_owned(),
                    kind: NoteKind::Note,
                    standing: Standing::Open,
                    author: author.to_owned(),
                    changed,
                    texts,
                    is_elsewhere: false,
                };
                NoteEntry::plain(row)
            };
            let draft = entry(None, Some(BEFORE), "half a sen", "", 1_700_000_000_000, 1);
            let row = |number: usize| {
                let (title, author) = (NOTES[number].0.lines().next().unwrap(), NOTES[number].1);
                let id = Some(NoteId(number as i64 + 1));
                entry(id, None, title, author, text(number).wall, number as u64 + 1)
            };
            let mut rows = super::fake_notes::entries(written);
            rows.extend([row(1), row(0)]);
            if let Some((kind, text)) = &written.note {
                let mut entry = entry(Some(NoteId(3)), None, text, "", 1_700_000_000_000, 1);
                entry.row.kind = *kind;
                rows.push(entry);
            }
            rows.push(draft);
            if let Some((sitting, text)) = &written.draft {
                rows.retain(|entry| entry.row.draft != Some(*sitting));
                rows.push(entry(None, Some(*sitting), text, "", 1_700_000_000_000, 1));
            }
            let wanted = folded(&filter.wanted);
            let says = |entry: &NoteEntry| folded(&entry.row.title).contains(&wanted);
            rows.retain(|entry| filter.takes(entry) && says(entry));
            rows.retain(|entry| entry.row.id.is_none_or(|id| !written.deleted.contains(&id)));
            Answer::Notes { filter, range, total: rows.len() as u64, rows }
        }
        Request::Holds(ids) => Answer::Holds(super::fake_notes::holds(&ids)),
        Request::Tags => Answer::Tags(super::fake_notes::tags(written)),
        Request::Questions => {
            let filter = NoteFilter { kind: Some(NoteKind::Question), ..NoteFilter::default() };
            let mut rows = super::fake_notes::entries(written);
            rows.retain(|entry| filter.takes(entry));
            Answer::Questions(rows)
        }
        Request::Readers => Answer::Readers(super::fake_notes::people()),
        Request::Days => Answer::Days(TimelineRow::merged(days(), super::fake_notes::events())),
        Request::Page(PageId::Account(id)) => {
            Answer::Page(Box::new(Page::Account(dossier(id)?)), Box::default())
        }
        Request::Page(PageId::Note(id)) => {
            let is_written = id == NoteId(3) && written.note.is_some();
            let mut view = note(if is_written { NoteId(2) } else { id })?;
            if let Some((kind, text)) = written.note.as_ref().filter(|_| is_written) {
                view.note.id = id;
                view.note.fields.kind = *kind;
                view.note.texts.truncate(1);
                view.note.texts[0].text.clone_from(text);
            }
            super::fake_notes::apply(&mut view, written);
            Answer::Page(Box::new(Page::Note(NotePage::new(view))), Box::default())
        }
        Request::Page(PageId::Day(number)) => {
            Answer::Page(Box::new(Page::Day(day(number)?)), Box::default())
        }
        Request::EditNote { note, sitting, .. } => {
            let text = match note {
                Some(id) => self::note(id)?.note.texts.swap_remove(0).text,
                None => match &written.draft {
                    Some((own, text)) if Some(*own) == sitting => text.clone(),
                    _ => "half a sen".to_owned(),
                },
            };
            Answer::EditNote(Box::new(Draft { sitting, note, text, ..Draft::default() }))
        }
        Request::Worklists => {
            let list =
                |saved: &SavedSearch| Worklist { saved: saved.clone(), counts: Some((4, 3)) };
            Answer::Worklists(written.saved.iter().map(list).collect())
        }
        Request::Queries => Answer::Queries(vec!["older".to_owned(), "oldest".to_owned()]),
        Request::Sessions(id) => Answer::Sessions { id, sessions: sessions().into() },
        Request::SessionRows { id, first, sessions, query } => {
            let rows = (first..).zip(&sessions).map(|(at, one)| session(at, one, &query));
            Answer::SessionRows { id, rows: rows.collect(), query }
        }
        Request::Media { name, size, .. } => {
            Answer::Media { name, size, document: Some((DocumentId(3), 40)) }
        }
        Request::LocateClock { id, clock: wanted } => {
            let there = (0..MESSAGES.len()).find(|position| clock(*position) >= wanted.start);
            let position = there.unwrap_or(MESSAGES.len() - 1) as u64;
            let found = there.map(|at| crate::case::day_text(crate::case::day_of(clock(at))));
            Answer::LocatedClock { id, position, clock: wanted, found }
        }
        other => return Err(Failure::new(format!("nobody answers {other:?}"))),
    })
}
