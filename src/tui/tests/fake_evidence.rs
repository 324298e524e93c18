//! Documents and messages of the case in memory, and what is found in them.

use crate::app::data::{Failure, Marked};
use crate::case::{
    Block, ConversationRow, Document, DocumentFilter, DocumentRow, Facets, Hit, Lacking, Message,
    MessagePlace, Participant, Place, SearchResult, Slice, Snippet, SourceRow, Status, Variant,
    ZoneStatus,
};
use crate::model::document::Part;
use crate::model::{
    ConversationId, ConversationKind, DocumentId, ItemId, Media, PartKind, ParticipantId, Sha256,
    SourceId, State, VariantKind, Wrap, testing,
};

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

pub fn row(number: usize) -> DocumentRow {
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

pub fn parts(number: usize, text: &str) -> Vec<Part> {
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

pub fn document(number: usize) -> Document {
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

pub fn message(position: usize) -> Message {
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

pub fn find(text: &str, query: &str) -> Vec<(usize, usize)> {
    if query.is_empty() {
        return Vec::new();
    }
    text.match_indices(query).map(|(at, found)| (at, at + found.len())).collect()
}

pub fn marked(position: usize, query: &str) -> Marked {
    let message = message(position);
    Marked { marks: find(&message.text, query), watched: Vec::new(), anchors: Vec::new(), message }
}

pub fn slice(number: usize, start: u64, end: u64) -> Slice {
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

pub fn number(id: DocumentId) -> Result<usize, Failure> {
    let number = usize::try_from(id.0 - 1).unwrap_or(usize::MAX);
    if number < DOCUMENTS.len() {
        Ok(number)
    } else {
        Err(Failure::new(format!("there is no {id}")))
    }
}

pub fn snippet(text: &str, marks: &[(usize, usize)]) -> Snippet {
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

pub fn status() -> Status {
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

pub fn listed(filter: &DocumentFilter) -> Vec<DocumentRow> {
    (0..DOCUMENTS.len())
        .map(row)
        .filter(|row| row.path.contains(&filter.path))
        .filter(|row| filter.state.is_none_or(|state| row.state == state))
        .filter(|row| match filter.lacking {
            Some(Lacking::Zone) => row.state == State::Export,
            Some(Lacking::PageText) => row.format == "pdf",
            Some(Lacking::Assurance) => !row.warnings.is_empty(),
            Some(Lacking::File) => false,
            None => true,
        })
        .filter(|row| filter.format.as_ref().is_none_or(|format| row.format == *format))
        .filter(|row| filter.language.as_ref().is_none_or(|own| row.language == *own))
        .collect()
}
