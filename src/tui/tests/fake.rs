//! A case in memory, as small as the screens need it: what a case would answer, without one.

use crate::app::data::{
    Act, Answer, Around, At, Counted, Details, Failure, Label, Mark, Marked, NextHit, Occurrences,
    Request, Rows, RowsAt, groups,
};
use crate::app::naming::{Done, EntityAct};
use crate::app::outside::Copied;
use crate::app::pages::{Page, PageId};
use crate::app::quote::Quote;
use crate::app::selection::Selected;
use crate::app::signs::{Signed, Signs};
use crate::case::{
    Acted, Block, ColumnValue, ConversationRow, Coverage, Document, DocumentEntry, DocumentFilter,
    DocumentRow, Facets, Figures, Hit, Hold, Lacking, Message, MessagePlace, NearMiss, NextUnread,
    Participant, Place, Progress, Scope, SearchResult, Sight, Slice, Snippet, SourceRow, Status,
    TableRow, Variant, Walk, ZoneStatus,
};
use crate::model::document::Part;
use crate::model::{
    ConversationId, ConversationKind, DocumentId, EntityId, ItemId, Media, MessageId, PartKind,
    ParticipantId, Sha256, SourceId, State, VariantKind, Wrap, testing,
};
use std::sync::Mutex;

pub const PEOPLE: [&str; 3] = ["lin", "mara", "川江"];

/// (path, format, state, reason, text)
pub const DOCUMENTS: [(&str, &str, State, &str, &str); 8] = [
    (
        "销售/合同台账2022.xlsx",
        "xlsx",
        State::Read,
        "",
        "合同编号\t客户\t金额\nQH-2022-007\t青河市某局\t187.15万\nQH-2022-010\t川江科技\t叁拾万\n",
    ),
    (
        "销售/白皮书_v3.pdf",
        "pdf",
        State::Read,
        "",
        "青河网络安全解决方案白皮书。第一章：概述（本方案适用于各级单位），付款方式另行约定。\n\n\
         The payment terms are stated in the annex; every customer pays in advance.\n第二页的内容：转账记录。",
    ),
    ("扫描/page_1.png", "png", State::NoText, "an image", ""),
    (
        "扫描/broken.pdf",
        "pdf",
        State::Failed,
        "xref table is broken: it was cut off in transit",
        "",
    ),
    ("archive.zip", "zip", State::Read, "", ""),
    ("archive.zip!报价单.docx", "docx", State::Read, "", "报价单\n青河项目付款三十万元。"),
    (
        "evil\x1b]52;c;aGk=\x07\u{202e}fdp.txt",
        "txt",
        State::Read,
        "",
        "escape \x1b[31mred\x1b[0m, bidi \u{202e}gnp.exe\u{202c}, nul \0, zero\u{200b}width\r\nnext line\ttab",
    ),
    ("chats/wechat.md", "md", State::Export, "", ""),
];

/// (sender, clock, text)
pub const MESSAGES: [(usize, &str, &str); 14] = [
    (0, "2022-03-05T12:39:10", "发票呢"),
    (
        1,
        "2022-03-05T12:41:03",
        "青河那边的付款下周，30万先付，剩下的走川江，合同编号QH-2022-010，记得不要在群里说。",
    ),
    (1, "2022-03-05T12:41:40", "ok?"),
    (0, "2022-03-05T12:44:00", ""),
    (0, "2022-03-05T12:44:20", ""),
    (1, "2022-03-05T12:44:50", ""),
    (0, "2022-03-05T12:58:00", "payment on Qinghe side comes next week through Chuanjiang 👍🏽"),
    (2, "2022-03-06T09:02:11", "青河的付款到了吗"),
    (0, "2022-03-06T09:03:00", "\x1b]0;owned\x07 escape in a message \u{202e}txt.exe"),
    (2, "2022-03-06T09:05:00", "第一行\n第二行"),
    (1, "2022-03-07T08:00:00", "好"),
    (1, "2022-03-07T08:00:30", "转账了"),
    (0, "2022-03-07T08:01:00", "收到"),
    (2, "2022-03-08T23:59:59", "done"),
];

pub fn document_row(number: usize) -> DocumentRow {
    row(number)
}

fn row(number: usize) -> DocumentRow {
    let (path, format, state, reason, _) = DOCUMENTS[number];
    DocumentRow {
        format: format.to_owned(),
        size: 1000 * (number as u64 + 1),
        state,
        reason: reason.to_owned(),
        sha256: Some(Sha256::of(path.as_bytes())),
        language: "zh".to_owned(),
        date: Some("2022-04-11T10:00:00+08:00".to_owned()),
        date_source: "modified".to_owned(),
        parent: path.starts_with("archive.zip!").then_some(DocumentId(5)),
        children: u64::from(path == "archive.zip"),
        messages: if state == State::Export { MESSAGES.len() as u64 } else { 0 },
        read: number == 1,
        starred: number == 5,
        ..testing::document_row(number as i64 + 1, path)
    }
}

fn parts(number: usize, text: &str) -> Vec<Part> {
    let part = |kind, label: &str, start: usize, end: usize| Part {
        kind,
        label: label.to_owned(),
        wrap: Wrap::Lines,
        hidden: false,
        origin: (1, 1),
        start: start as u64,
        end: end as u64,
    };
    match number {
        0 => vec![part(PartKind::Sheet, "付款", 0, text.len())],
        1 => {
            let second = text.find("第二页").unwrap();
            vec![
                part(PartKind::Page, "1", 0, second),
                part(PartKind::Page, "2", second, text.len()),
                part(PartKind::Page, "3", text.len(), text.len()),
            ]
        }
        _ => vec![part(PartKind::Body, "", 0, text.len())],
    }
}

fn document(number: usize) -> Document {
    let text = DOCUMENTS[number].4;
    let variant = Variant {
        id: number as i64,
        kind: VariantKind::Original,
        language: "zh".to_owned(),
        tool: "test 1".to_owned(),
        encoding: "gb18030".to_owned(),
        bytes: text.len() as u64,
        lines: text.lines().count() as u64,
        sha256: Sha256::of(text.as_bytes()),
        parts: parts(number, text),
    };
    let row = row(number);
    Document {
        places: vec![Place {
            source: SourceId(1),
            path: row.path.clone(),
            file: format!("/evidence/{}", row.path),
            parent: row.parent,
            modified: None,
            missing: false,
        }],
        metadata: vec![("author".to_owned(), "lin\x1b[1m".to_owned())],
        warnings: Vec::new(),
        variants: if text.is_empty() { Vec::new() } else { vec![variant] },
        children: if row.children > 0 { vec![self::row(5)] } else { Vec::new() },
        pages_without_text: if number == 1 { vec!["3".to_owned()] } else { Vec::new() },
        conversations: if row.state == State::Export {
            vec![ConversationId(1)]
        } else {
            Vec::new()
        },
        page_set: Vec::new(),
        row,
    }
}

pub fn conversation() -> ConversationRow {
    ConversationRow {
        id: ConversationId(1),
        platform: "wechat".to_owned(),
        key: "k".to_owned(),
        kind: ConversationKind::Group,
        title: "lin, mara, 川江".to_owned(),
        messages: MESSAGES.len() as u64,
        accounts: (0..PEOPLE.len()).map(participant).collect(),
        first: Some(MESSAGES[0].1.to_owned()),
        last: Some(MESSAGES[MESSAGES.len() - 1].1.to_owned()),
        unread: 14,
        seen: 0,
        blocks: vec![Block {
            document: DocumentId(8),
            path: "chats/export.json".to_owned(),
            first: Some(MESSAGES[0].1.to_owned()),
            last: Some(MESSAGES[MESSAGES.len() - 1].1.to_owned()),
            messages: MESSAGES.len() as u64,
            zone: 28_800,
            zone_status: ZoneStatus::Inferred,
            zone_why: "platform of mainland China".to_owned(),
        }],
        apart: String::new(),
        gaps: vec![("2022-03-06T09:05:00".to_owned(), "2022-03-07T08:00:00".to_owned())],
    }
}

pub fn participant(number: usize) -> Participant {
    Participant {
        id: ParticipantId(number as i64 + 1),
        platform: "wechat".to_owned(),
        handle: format!("wxid_{}", ["lin01", "mara7", "cj"][number]),
        name: PEOPLE[number].to_owned(),
        messages: MESSAGES.iter().filter(|message| message.0 == number).count() as u64,
        owner: None,
    }
}

fn message(position: usize) -> Message {
    let (sender, clock, text) = MESSAGES[position];
    let media = (position == MESSAGES.len() - 1).then(|| Media {
        kind: "photo".to_owned(),
        name: "photos/page_1.png".to_owned(),
        ..Media::default()
    });
    Message {
        sender: Some(participant(sender).handle),
        sender_id: Some(ParticipantId(sender as i64 + 1)),
        sender_name: PEOPLE[sender].to_owned(),
        raw_time: clock.replace('T', " "),
        time: Some(format!("{clock}+08:00")),
        instant: clock.parse::<jiff::civil::DateTime>().ok().map(|time| {
            time.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second() - 28_800
        }),
        zone_status: ZoneStatus::Inferred,
        media: media.into_iter().collect(),
        places: vec![MessagePlace {
            document: DocumentId(8),
            ordinal: position as u64,
            span: None,
        }],
        ..testing::message(position as u64, text)
    }
}

fn find(text: &str, query: &str) -> Vec<(usize, usize)> {
    if query.is_empty() {
        return Vec::new();
    }
    text.match_indices(query).map(|(at, found)| (at, at + found.len())).collect()
}

fn marked(position: usize, query: &str) -> Marked {
    let message = message(position);
    Marked { marks: find(&message.text, query), watched: Vec::new(), anchors: Vec::new(), message }
}

fn slice(number: usize, start: u64, end: u64) -> Slice {
    let text = DOCUMENTS[number].4;
    let cut = |at: u64| {
        let mut at = usize::try_from(at).unwrap().min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (cut(start), cut(end));
    Slice { start: start as u64, line: 0, text: text[start..end].to_owned() }
}

fn number(id: DocumentId) -> Result<usize, Failure> {
    let number = usize::try_from(id.0 - 1).unwrap_or(usize::MAX);
    if number < DOCUMENTS.len() {
        Ok(number)
    } else {
        Err(Failure::new(format!("there is no {id}")))
    }
}

fn snippet(text: &str, marks: &[(usize, usize)]) -> Snippet {
    let mut start = marks[0].0.saturating_sub(12);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let marks = marks.iter().map(|(a, b)| (a - start, b - start)).collect();
    Snippet { text: text[start..].to_owned(), start: start as u64, marks }
}

/// All text of a document or message, and who sent it.
pub fn text_of(item: ItemId) -> (&'static str, Option<ParticipantId>) {
    match item {
        ItemId::Document(id) => (DOCUMENTS[id.0 as usize - 1].4, None),
        ItemId::Message(id) => {
            let (sender, _, text) = MESSAGES[id.0 as usize - 1];
            (text, Some(ParticipantId(sender as i64 + 1)))
        }
        _ => ("", None),
    }
}

pub fn search(query: &str) -> SearchResult {
    let mut hits = Vec::new();
    for (at, document) in DOCUMENTS.iter().enumerate() {
        let marks = find(document.4, query);
        if !marks.is_empty() {
            hits.push(Hit {
                path: row(at).path,
                locator: if at == 0 { "sheet 付款, row 2".to_owned() } else { String::new() },
                snippet: snippet(document.4, &marks),
                ranges: marks.iter().map(|(a, b)| (*a as u64, *b as u64)).collect(),
                occurrences: marks.len() as u64,
                date: row(at).date,
                read: row(at).read,
                starred: row(at).starred,
                ..Hit::of(ItemId::Document(row(at).id))
            });
        }
    }
    let documents = hits.len() as u64;
    for (at, (_, _, text)) in MESSAGES.iter().enumerate() {
        let marks = find(text, query);
        if !marks.is_empty() {
            hits.push(Hit {
                path: conversation().title,
                snippet: snippet(text, &marks),
                occurrences: marks.len() as u64,
                date: message(at).time,
                sender: Some(message(at).sender_name),
                owner: None,
                conversation: Some(ConversationId(1)),
                ..Hit::of(ItemId::Message(message(at).id))
            });
        }
    }
    let total = hits.len() as u64;
    let facets = Facets {
        formats: vec![("pdf".to_owned(), 1), ("xlsx".to_owned(), 1)],
        languages: vec![("zh".to_owned(), total)],
        sources: vec![(SourceId(1), total)],
        conversations: vec![(ConversationId(1), conversation().title, total - documents)],
        years: vec![(2022, total)],
    };
    let facets = if total > 0 { facets } else { Facets::default() };
    let remarks = vec!["1 page has no text".to_owned()];
    SearchResult {
        total,
        documents,
        messages: total - documents,
        notes: 0,
        occurrences: None,
        hits,
        facets,
        remarks,
    }
}

fn status() -> Status {
    let of = |state| (0..DOCUMENTS.len()).filter(|at| row(*at).state == state).count() as u64;
    Status {
        documents: DOCUMENTS.len() as u64,
        places: 9,
        children: 1,
        bytes: 36_000,
        messages: MESSAGES.len() as u64,
        distinct_messages: 13,
        message_records: 13,
        conversations: 1,
        participants: 3,
        silent: 0,
        exports: 1,
        unreadable: 1,
        no_text: 1,
        pages_without_text: 1,
        skipped: 2,
        states: State::ALL.into_iter().map(|state| (state, of(state))).collect(),
        formats: vec![("pdf".to_owned(), 2), ("docx".to_owned(), 1), ("xlsx".to_owned(), 1)],
        languages: vec![("zh".to_owned(), 7), ("en".to_owned(), 1)],
        months: vec![
            ("2021-11".to_owned(), 1, 0),
            ("2022-03".to_owned(), 0, 14),
            ("2022-04".to_owned(), 8, 0),
        ],
        sources: vec![SourceRow {
            id: SourceId(1),
            path: "/evidence/青河".to_owned(),
            origin: String::new(),
            added: "2024-02-20T00:00:00Z".to_owned(),
            places: 9,
            incomplete: false,
        }],
        read: 1,
        starred: 1,
        index_is_current: true,
        ..Status::default()
    }
}

/// What somebody did to the case in memory.
#[derive(Default)]
pub struct Journal {
    acts: Vec<(Act, u64)>,
    undone: Vec<(Act, u64)>,
    pub seen: Vec<Sight>,
    /// Where somebody left off.
    pub left: Option<String>,
    clock: u64,
    pub desk: super::fake_pages::Written,
    pub anchors: super::fake_anchors::Made,
}

impl Journal {
    pub fn mark<T: Signed>(&self, item: ItemId, mut row: T) -> T {
        for (act, _) in &self.acts {
            if let Act::Mark { items, mark, on } = act
                && items.contains(&item)
            {
                row.put(*mark, *on);
            }
        }
        row
    }

    /// What was said of who is who.
    fn entities(&self) -> Vec<crate::case::Entity> {
        super::fake_entities::fold(self.acts.iter().filter_map(|(act, _)| match act {
            Act::Entity(act) => Some(act),
            _ => None,
        }))
    }

    /// The zone that the export was set to, if somebody did.
    fn zone(&self) -> Option<i32> {
        self.acts.iter().rev().find_map(|(act, _)| match act {
            Act::Zone { offset, .. } => *offset,
            _ => None,
        })
    }

    fn act(&mut self, act: Act) -> Result<Answer, Failure> {
        if let Some(answer) = self.desk.act(&act, self.clock) {
            return Ok(answer);
        }
        if let Some(answer) = self.anchors.act(&act, &mut self.clock) {
            return Ok(answer);
        }
        let before = self.clock;
        self.clock += 1;
        let nothing = || Failure::new("there is nothing to undo");
        let about = match &act {
            Act::Mark { .. }
            | Act::SetNote { .. }
            | Act::Tag { .. }
            | Act::Zone { .. }
            | Act::ZoneAlike { .. }
            | Act::Note(_)
            | Act::DeleteNote(_)
            | Act::Entity(_)
            | Act::Draft(_)
            | Act::DropDraft(_)
            | Act::SaveSearch { .. }
            | Act::DropSearch(_)
            | Act::Remember(_)
            | Act::Highlight { .. }
            | Act::Cite(_)
            | Act::SetAnchor { .. }
            | Act::CountAgain(_)
            | Act::Keep(_)
            | Act::DropAnchor(_) => {
                self.acts.push((act.clone(), self.clock));
                self.undone.clear();
                act.clone()
            }
            Act::Leave(place) => {
                self.left = Some(place.clone());
                return Ok(Answer::Noted);
            }
            Act::See(sights) => {
                self.seen.extend(sights.iter().cloned());
                return Ok(Answer::Noted);
            }
            Act::Undo => {
                let last = self.acts.pop().ok_or_else(nothing)?;
                self.undone.push(last.clone());
                last.0
            }
            Act::Redo => {
                let last = self.undone.pop().ok_or_else(nothing)?;
                self.acts.push(last.clone());
                last.0
            }
        };
        if let Act::Entity(done) = &act {
            let all = self.entities();
            let id = match done {
                EntityAct::New(_) | EntityAct::Split { .. } => all.last().map(|one| one.id),
                EntityAct::Merge { into, .. } => Some(*into),
                _ => None,
            };
            let words = "did that".to_owned();
            let acted = Acted { words, before, after: self.clock, is_clock: false, note: None };
            let id = id.unwrap_or(EntityId(1));
            let of = Done { id, acted };
            return Ok(Answer::Named { act: done.clone(), done: of });
        }
        let is_clock = matches!(about, Act::Zone { .. });
        let words = match about {
            Act::Mark { items, mark, on } => {
                let not = if on { "" } else { "not " };
                format!("marked {} as {not}{}", items.len(), mark.name())
            }
            Act::Zone { .. } => "the zone was set".to_owned(),
            _ => String::new(),
        };
        Ok(Answer::Acted {
            act,
            acted: Acted { words, before, after: self.clock, is_clock, note: None },
        })
    }

    /// Documents and messages of a scope.
    fn items(&self, scope: &Scope) -> Vec<ItemId> {
        match scope {
            Scope::Items(items) => items.clone(),
            Scope::Documents(filter) => {
                listed(filter).iter().map(|row| ItemId::Document(row.id)).collect()
            }
            Scope::Messages(_, range) => (range.start..range.end.min(MESSAGES.len() as u64))
                .map(|at| ItemId::Message(MessageId(at as i64 + 1)))
                .collect(),
            Scope::Rows(walk, rows) => {
                let all = self.items(&Journal::all_of(walk));
                let at = |row: u64| (row as usize).min(all.len());
                all[at(rows.start)..at(rows.end)].to_vec()
            }
            Scope::Found(query) => search(query).hits.iter().map(|hit| hit.item).collect(),
        }
    }

    fn all_of(walk: &Walk) -> Scope {
        match walk {
            Walk::Documents(filter) => Scope::Documents(filter.clone()),
            Walk::Messages(id) => Scope::Messages(*id, 0..u64::MAX),
            Walk::Found(query, _) => Scope::Found(query.clone()),
        }
    }

    fn signs(&self, item: ItemId) -> Signs {
        match item {
            ItemId::Document(id) => self.mark(item, row(id.0 as usize - 1)).signs(),
            ItemId::Message(id) => self.mark(item, message(id.0 as usize - 1)).signs(),
            _ => Signs::default(),
        }
    }

    fn unread(&self, walk: &Walk, from: Option<u64>) -> Option<(u64, ItemId)> {
        let items = self.items(&Journal::all_of(walk));
        let rows: Vec<(u64, ItemId)> = (0..).zip(items).collect();
        let start = from.map_or(0, |from| from as usize + 1).min(rows.len());
        let turn = rows[start..].iter().chain(&rows[..start]);
        turn.copied().find(|(_, item)| !self.signs(*item).is_done())
    }

    fn coverage(&self) -> Vec<Coverage> {
        let messages = self.seen.iter().filter(|sight| matches!(sight, Sight::Message(..)));
        let messages = messages.count() as u64;
        let partly = (self.seen.len() as u64) - messages;
        let coverage = Coverage { variant: VariantKind::Original, messages, documents: 0, partly };
        if self.seen.is_empty() { Vec::new() } else { vec![coverage] }
    }

    fn count(&self, mark: Mark) -> u64 {
        let documents = (0..DOCUMENTS.len()).map(|at| ItemId::Document(row(at).id));
        let messages = (0..MESSAGES.len()).map(|at| ItemId::Message(message(at).id));
        documents.chain(messages).filter(|item| self.signs(*item).has(mark)).count() as u64
    }
}

fn listed(filter: &DocumentFilter) -> Vec<DocumentRow> {
    (0..DOCUMENTS.len())
        .map(row)
        .filter(|row| row.path.contains(&filter.path))
        .filter(|row| filter.state.is_none_or(|state| row.state == state))
        .filter(|row| match filter.lacking {
            Some(Lacking::Zone) => row.state == State::Export,
            Some(Lacking::PageText) => row.format == "pdf",
            Some(Lacking::File) => false,
            None => true,
        })
        .filter(|row| filter.format.as_ref().is_none_or(|format| row.format == *format))
        .collect()
}

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
            Answer::Documents { filter, range, total: rows.len() as u64, rows }
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
        Request::Search { query, .. } if query.contains('(') && !query.contains(')') => {
            let at = query.find('(').unwrap();
            return Err(Failure {
                message: "this parenthesis is never closed".to_owned(),
                span: Some((at, at + 1)),
                suggestion: Some(format!("{query})")),
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
