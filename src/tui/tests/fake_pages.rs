//! Accounts, notes, days and sessions of the case in memory.

use super::fake::{MESSAGES, PEOPLE, conversation, document_row, participant};
use crate::app::data::{Act, Answer, Failure, Kept, Request};
use crate::app::pages::{Page, PageId};
use crate::case::SavedSearch;
use crate::case::{
    Account, AccountConversation, AccountRow, Acted, Day, DayConversation, DayRow, Draft,
    ExportClock, Note, NoteRow, NoteText, QUARTERS, Session, SessionRow, Sessions, UNDATED,
    Worklist, ZoneStatus, day_of, month_of,
};
use crate::case::{NoteFields, NoteKind, Standing};
use crate::model::{ConversationId, DocumentId, ItemId, MessageId, NoteId, ParticipantId, Sha256};

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
        "# 青河 pays through 川江\n\nThe first 300,000 were promised in M2, see D1 and C1.\nLong enough a line to be wrapped on every screen that somebody may have, 付款方式另行约定。",
        "lin",
    ),
    ("reading log", "mara"),
];

/// What somebody wrote.
#[derive(Default)]
pub struct Written {
    pub draft: Option<String>,
    pub note: Option<String>,
    pub saved: Vec<SavedSearch>,
    pub past: Vec<String>,
}

impl Written {
    pub fn act(&mut self, act: &Act, clock: u64) -> Option<Answer> {
        let acted = Acted { before: clock, after: clock, ..Acted::default() };
        match act {
            Act::Draft(draft) => {
                self.draft = Some(draft.text.clone());
                Some(Answer::Acted { act: act.clone(), acted })
            }
            Act::Note(draft) => {
                self.draft = None;
                let is_empty = draft.text.trim().is_empty();
                self.note = Some(draft.text.clone()).filter(|_| !is_empty);
                let note = self.note.is_some().then(|| draft.note.unwrap_or(NoteId(3)));
                let acted = (!is_empty).then_some(acted);
                let draft = draft.clone();
                Some(Answer::NoteKept(Box::new(Kept { draft, note, acted })))
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
            Act::DeleteNote(_) | Act::DropDraft(_) => {
                Some(Answer::Acted { act: act.clone(), acted })
            }
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
        author: NOTES[number].1.to_owned(),
        wall: 1_700_000_000_000 + number as i64 * 3_600_000,
    }
}

fn note(id: NoteId) -> Result<Note, Failure> {
    let number = usize::try_from(id.0 - 1).unwrap_or(usize::MAX);
    if number >= NOTES.len() {
        return Err(Failure::new(format!("there is no {id}")));
    }
    let texts = if number == 1 { vec![text(1), text(0)] } else { vec![text(0)] };
    let references = vec![
        (ItemId::Message(MessageId(2)), "2022-03-05 12:41 mara: 青河那边的付款".to_owned()),
        (ItemId::Document(DocumentId(1)), "合同台账2022.xlsx".to_owned()),
        (ItemId::Conversation(ConversationId(1)), conversation().title),
    ];
    Ok(Note {
        id,
        operation: Sha256([number as u8; 32]),
        texts,
        references,
        fields: NoteFields::default(),
        citations: Vec::new(),
    })
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
        Request::Notes { range } => {
            let draft = NoteRow {
                id: None,
                draft: Some(7),
                title: "half a sen".to_owned(),
                kind: NoteKind::Note,
                standing: Standing::Open,
                author: String::new(),
                changed: 1_700_000_000_000,
                texts: 1,
            };
            let row = |number: usize| NoteRow {
                id: Some(NoteId(number as i64 + 1)),
                draft: None,
                title: NOTES[number].0.lines().next().unwrap().to_owned(),
                kind: NoteKind::Note,
                standing: Standing::Open,
                author: NOTES[number].1.to_owned(),
                changed: text(number).wall,
                texts: number as u64 + 1,
            };
            let kept = NoteRow { id: Some(NoteId(3)), ..draft.clone() };
            let mut rows = vec![draft, row(1), row(0)];
            if let Some(text) = &written.draft {
                rows.insert(0, NoteRow { title: text.clone(), ..rows[0].clone() });
            }
            if let Some(text) = &written.note {
                rows.insert(1, NoteRow { draft: None, title: text.clone(), ..kept });
            }
            Answer::Notes { range, total: rows.len() as u64, rows }
        }
        Request::Days => Answer::Days(days()),
        Request::Page(PageId::Account(id)) => {
            Answer::Page(Box::new(Page::Account(dossier(id)?)), Box::default())
        }
        Request::Page(PageId::Note(id)) => {
            let mut page = note(NoteId(id.0.min(2)))?;
            if let Some(text) = written.note.as_ref().filter(|_| id == NoteId(3)) {
                page.id = id;
                page.texts.truncate(1);
                page.texts[0].text.clone_from(text);
            }
            Answer::Page(Box::new(Page::Note(page)), Box::default())
        }
        Request::Page(PageId::Day(number)) => {
            Answer::Page(Box::new(Page::Day(day(number)?)), Box::default())
        }
        Request::EditNote { note, sitting } => {
            let text = match note {
                Some(id) => text(id.0 as usize - 1).text,
                None => "half a sen".to_owned(),
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
        Request::Media { name, .. } => Answer::Media { name, document: Some(DocumentId(3)) },
        Request::LocateClock { id, clock: wanted } => {
            let found = (0..MESSAGES.len()).find(|position| clock(*position) >= wanted);
            let position = found.unwrap_or(MESSAGES.len() - 1) as u64;
            Answer::LocatedClock { id, position }
        }
        other => return Err(Failure::new(format!("nobody answers {other:?}"))),
    })
}
