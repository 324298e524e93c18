//! Laws of the readers: however small the window is through which a text or a conversation is
//! seen, its rows are the same, and none is lost.

use super::chat::ChatReader;
use super::text::TextReader;
use super::*;
use crate::app::data::{Marked, Occurrences, groups};
use crate::app::line::Line;
use crate::app::part_list::PartList;
use crate::case::{
    Block, ConversationRow, Document, Message, MessagePlace, Participant, Slice, Variant,
    ZoneStatus,
};
use crate::model::document::{Part, SHEET_NAMES};
use crate::model::{
    ConversationId, ConversationKind, DocumentId, PartKind, ParticipantId, Sha256, VariantKind,
    Wrap, testing,
};
use proptest::prelude::*;
use std::ops::Range;

struct Heights(Vec<usize>);

impl Blocks for Heights {
    fn height(&self, block: u64) -> usize {
        self.0[block as usize]
    }
    fn next(&self, block: u64) -> Option<u64> {
        (block + 1 < self.0.len() as u64).then_some(block + 1)
    }
    fn prev(&self, block: u64) -> Option<u64> {
        block.checked_sub(1)
    }
}

proptest! {
    #[test]
    fn there_and_back(
        heights in prop::collection::vec(1_usize..5, 1..10),
        rows in 0_usize..40,
        screen in 1_usize..12,
    ) {
        let blocks = Heights(heights);
        let total: usize = blocks.0.iter().sum();
        let (there, gone) = forward(&blocks, Anchor::default(), rows);
        prop_assert_eq!(gone, rows.min(total - 1));
        let number: usize = blocks.0[..there.block as usize].iter().sum::<usize>() + there.row;
        prop_assert_eq!(number, gone);
        let (home, back_rows) = back(&blocks, there, rows);
        prop_assert_eq!((home, back_rows), (Anchor::default(), gone));
        let settled = settle(&blocks, there, screen);
        let (_, below) = forward(&blocks, settled, screen - 1);
        prop_assert!(below == screen - 1 || settled == Anchor::default());
        prop_assert!(settled <= there);
    }
}

fn document(text: &str, parts: Vec<Part>) -> Document {
    let variant = Variant {
        id: 1,
        kind: VariantKind::Original,
        language: String::new(),
        tool: String::new(),
        encoding: String::new(),
        bytes: text.len() as u64,
        lines: 0,
        sha256: Sha256::of(b""),
        parts,
    };
    Document {
        row: testing::document_row(1, ""),
        places: Vec::new(),
        metadata: Vec::new(),
        variants: vec![variant],
        children: Vec::new(),
        pages_without_text: Vec::new(),
        conversations: Vec::new(),
        page_set: Vec::new(),
    }
}

fn page(label: usize, range: Range<usize>) -> Part {
    Part {
        kind: PartKind::Page,
        label: label.to_string(),
        wrap: Wrap::Lines,
        hidden: false,
        origin: (1, 1),
        start: range.start as u64,
        end: range.end as u64,
    }
}

fn slice(text: &str, range: Range<u64>) -> Slice {
    let cut = |at: u64| {
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (cut(range.start), cut(range.end));
    Slice { start: start as u64, line: 0, text: text[start..end].to_owned() }
}

/// Gives the reader what it wants until it wants nothing more.
fn serve(reader: &mut TextReader, text: &str) {
    for _ in 0..4 {
        let Some(range) = reader.wanted() else { return };
        reader.set_slice(slice(text, range));
    }
    assert!(reader.wanted().is_none(), "wants the same again and again");
}

/// 280 kB: prose, a line of 50 kB, a page without text, tables of short lines.
fn long_text() -> (String, Vec<Part>) {
    let prose = "青河网络安全解决方案白皮书。第一章：概述（本方案适用于各级单位），付款方式另行约定。The payment.\n";
    let mut text = prose.repeat(900);
    let mut parts = vec![page(1, 0..text.len())];
    let start = text.len();
    text.push_str(&"合同，台账abc".repeat(3000));
    parts.push(page(2, start..text.len()));
    parts.push(page(3, text.len()..text.len()));
    let start = text.len();
    text.push_str(&"\n短行\n".repeat(8_000));
    text.push_str(&prose.repeat(200));
    parts.push(page(4, start..text.len()));
    parts.push(page(5, text.len()..text.len()));
    (text, parts)
}

fn plain(lines: &[Line]) -> Vec<String> {
    lines.iter().map(Line::plain).collect()
}

#[test]
fn a_long_text_reads_the_same_through_small_windows() {
    let (text, parts) = long_text();
    const HEIGHT: usize = 400;
    // All of it at hand.
    let mut whole = TextReader::new(document(&text, parts.clone()), 0, None, Goal::Start);
    whole.set_slice(slice(&text, 0..u64::MAX));
    whole.resize(40, HEIGHT);
    // A window of it, from the start and from the end.
    let mut down = TextReader::new(document(&text, parts.clone()), 0, None, Goal::Start);
    down.resize(40, HEIGHT);
    serve(&mut down, &text);
    let mut pages = vec![plain(&whole.lines())];
    assert_eq!(plain(&down.lines()), pages[0]);
    loop {
        let before = whole.anchor;
        whole.scroll(HEIGHT as i64);
        down.scroll(HEIGHT as i64);
        serve(&mut down, &text);
        assert_eq!(down.anchor, whole.anchor);
        if whole.anchor == before {
            break;
        }
        pages.push(plain(&whole.lines()));
        assert_eq!(pages.last(), Some(&plain(&down.lines())));
    }
    assert!(pages.len() > 20);
    assert!(pages.last().unwrap().last().unwrap().starts_with("── page 5 ◌ no text"));
    let mut up = TextReader::new(document(&text, parts), 0, None, Goal::End);
    up.resize(40, HEIGHT);
    serve(&mut up, &text);
    assert_eq!(up.anchor, whole.anchor, "the end is the end from either side");
    for _ in 0..20 {
        whole.scroll(-(HEIGHT as i64));
        up.scroll(-(HEIGHT as i64));
        serve(&mut up, &text);
        assert_eq!(up.anchor, whole.anchor);
        assert_eq!(plain(&up.lines()), plain(&whole.lines()));
    }
}

#[test]
fn occurrences_are_gone_to_beyond_the_window() {
    let (text, parts) = long_text();
    let mut reader = TextReader::new(document(&text, parts), 0, None, Goal::Start);
    reader.resize(40, 20);
    serve(&mut reader, &text);
    let last = text.rfind("白皮书").unwrap() as u64;
    reader.set_hits(Occurrences { ranges: vec![(30, 39), (last, last + 9)], is_cut: false });
    assert!(reader.next_hit(false));
    assert!(reader.next_hit(false));
    serve(&mut reader, &text);
    let shown = reader.lines();
    let here =
        |line: &Line| line.spans.iter().any(|span| span.role() == crate::app::line::Role::HitHere);
    assert_eq!(shown.iter().filter(|line| here(line)).count(), 1, "{:?}", plain(&shown));
    assert!(!reader.next_hit(false));
    assert!(reader.next_hit(true));
    serve(&mut reader, &text);
    assert!(reader.title().plain().contains(" · 1/2"), "{}", reader.title().plain());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// A resize keeps the place: what was at the top is still on the screen.
    #[test]
    fn a_resize_keeps_the_place(offset in 0_u64..280_000, width in 1_usize..120, height in 1_usize..60) {
        let (text, parts) = long_text();
        let mut reader = TextReader::new(document(&text, parts), 0, None, Goal::At(offset));
        reader.resize(50, 30);
        serve(&mut reader, &text);
        let before = reader.anchor.block;
        reader.resize(width, height);
        serve(&mut reader, &text);
        let blocks = |reader: &TextReader| {
            let (bottom, _) = forward(reader, reader.anchor, reader.height);
            (reader.anchor.block, bottom.block)
        };
        let (top, bottom) = blocks(&reader);
        prop_assert!(top <= before && before <= bottom, "{top}..{bottom} has no {before}");
    }
}

const COUNT: u64 = 900;

/// Runs of blank messages, days, long and short messages.
fn message(position: u64) -> Message {
    let is_blank = position % 17 < 5 || (390..420).contains(&position);
    let text = match position % 7 {
        _ if is_blank => String::new(),
        3 => "合同台账付款客户".repeat(20),
        _ => format!("message {position}"),
    };
    let minutes = position * 7;
    let day = jiff::civil::date(2022, 1, 1)
        .checked_add(jiff::Span::new().days((minutes / 1440) as i64))
        .unwrap();
    Message {
        sender: Some("lin".to_owned()),
        sender_id: Some(ParticipantId(1 + (position % 2) as i64)),
        time: Some(format!("{day}T{:02}:{:02}:00Z", minutes / 60 % 24, minutes % 60)),
        instant: Some(minutes as i64 * 60),
        ..testing::message(position, &text)
    }
}

#[test]
fn a_grid_opens_of_the_table_that_one_went_to() {
    let text = "words\na\tb\n1\t2\nmore\nc\td\n3\t4\nend\n";
    let at = |what: &str| text.find(what).unwrap() as u64;
    let part = |kind, from: &str, to: &str| Part {
        kind,
        label: String::new(),
        wrap: Wrap::Lines,
        hidden: false,
        origin: (0, 0),
        start: at(from),
        end: at(to),
    };
    let parts = vec![
        part(PartKind::Body, "words", "a\t"),
        part(PartKind::Table, "a\t", "more"),
        part(PartKind::Body, "more", "c\t"),
        part(PartKind::Table, "c\t", "end"),
        part(PartKind::Body, "end", "end"),
    ];
    let check = |goes_to: Option<&str>, expected: &str| {
        let mut reader = TextReader::new(document(text, parts.clone()), 0, None, Goal::Start);
        reader.resize(40, 20);
        serve(&mut reader, text);
        if let Some(what) = goes_to {
            reader.go_to_spot(at(what));
        }
        assert!(reader.toggle_grid());
        let start = reader.grid().map(|grid| grid.table.start);
        assert_eq!(start, Some(at(expected)), "{goes_to:?}");
    };
    check(None, "a\t");
    check(Some("3\t4"), "c\t");
    check(Some("more"), "c\t");
    check(Some("end"), "a\t");
}

#[test]
fn a_selection_begins_where_one_went_and_not_at_an_occurrence() {
    let text = "one two\nthree two\n";
    let mut reader = TextReader::new(document(text, Vec::new()), 0, None, Goal::Start);
    reader.resize(40, 20);
    serve(&mut reader, text);
    reader.set_hits(Occurrences { ranges: vec![(14, 17)], is_cut: false });
    assert!(reader.next_hit(false));
    reader.start_selecting(false);
    assert_eq!(reader.selected(), Some(14..17));
    reader.stop_selecting();
    reader.go(Goal::Start);
    reader.start_selecting(false);
    assert_eq!(reader.selected(), Some(0..1));
}

#[test]
fn pages_of_a_set_come_one_after_the_other() {
    let mut page = document("", Vec::new());
    page.row.id = DocumentId(4);
    page.page_set = [6, 4, 5].map(crate::model::testing::set_page).to_vec();
    let reader = TextReader::new(page, 0, None, Goal::Start);
    assert!(reader.title().plain().contains(" · page 2/3"), "{}", reader.title().plain());
    assert_eq!(reader.next_of_set(false), Some(DocumentId(5)));
    assert_eq!(reader.next_of_set(true), Some(DocumentId(6)));
    assert_eq!(reader.page_of_set("3"), Some(DocumentId(5)));
    assert_eq!([reader.page_of_set("0"), reader.page_of_set("4")], [None, None]);
}

#[test]
fn beyond_the_last_sheet_the_grid_stays() {
    let text = "a\tb\n1\t2\nc\td\n3\t4\n";
    let sheet = |label: &str, hidden, range: Range<u64>| Part {
        kind: PartKind::Sheet,
        label: label.to_owned(),
        hidden,
        start: range.start,
        end: range.end,
        ..page(1, 0..0)
    };
    let parts = vec![sheet("付款", false, 0..8), sheet("客户", true, 8..16)];
    let mut reader = TextReader::new(document(text, parts), 0, None, Goal::Start);
    reader.resize(60, 20);
    assert!(reader.title().plain().contains("sheet 付款 1/2, 1 hidden"));
    assert!(reader.next_part(false));
    assert!(reader.title().plain().contains("sheet 客户 2/2 (hidden)"));
    reader.resize(38, 20);
    assert!(reader.title().plain().contains("· 客户 2/2 hidden"));
    for _ in 0..2 {
        assert!(!reader.next_part(false));
        assert_eq!(reader.grid().map(|grid| grid.table.start), Some(8));
    }
    assert!(reader.next_part(true));
    assert!(!reader.next_part(true));
    assert_eq!(reader.grid().map(|grid| grid.table.start), Some(0));
}

#[test]
fn the_names_of_the_sheets_are_in_no_sheet() {
    let text = "a\tb\n1\t2\nc\td\n3\t4\n付款\n客户\n";
    let part = |kind, label: &str, range: Range<u64>| Part {
        kind,
        label: label.to_owned(),
        start: range.start,
        end: range.end,
        ..page(1, 0..0)
    };
    let parts = vec![
        part(PartKind::Sheet, "付款", 0..8),
        part(PartKind::Sheet, "客户", 8..16),
        part(PartKind::Body, SHEET_NAMES, 16..30),
    ];
    let mut book = document(text, parts);
    book.variants[0].lines = 6;
    let mut reader = TextReader::new(book, 0, None, Goal::Start);
    reader.resize(60, 20);
    assert!(reader.next_part(false));
    // They are no sheet after the last one.
    assert!(!reader.next_part(false));
    assert_eq!(reader.grid().map(|grid| grid.table.start), Some(8));

    // An occurrence there, with the rows of the last sheet above it on the screen.
    reader.set_slice(slice(text, 0..30));
    reader.set_hits(Occurrences { ranges: vec![(16, 22)], is_cut: false });
    assert!(reader.next_hit(false));
    assert!(reader.top() < 16, "what is above it is seen too");
    let title = reader.title().plain();
    assert!(title.contains("· sheet names · line 5/") && !title.contains("sheet 付款"), "{title}");
    let shown: Vec<String> = reader.lines().iter().map(Line::plain).collect();
    assert!(shown.iter().any(|line| line.starts_with("── sheet names ─")), "{shown:?}");

    let list = PartList::of(&reader).unwrap();
    let rows: Vec<String> = (0..list.total())
        .filter_map(|at| list.line(at, &[(16, 22)], 30))
        .map(|l| l.plain())
        .collect();
    let rows: Vec<&str> = rows.iter().map(|row| row.trim_end()).collect();
    assert_eq!(rows[..2], ["sheet 付款", "sheet 客户"]);
    assert!(rows[2].starts_with("sheet names") && rows[2].ends_with(" 1 hit"), "{rows:?}");
    assert_eq!(list.head().plain(), "SHEETS 1/2");
}

#[test]
fn messages_of_exports_of_one_time_name_their_export() {
    let block = |document, first: &str, last: &str| Block {
        document: DocumentId(document),
        path: format!("phones/{}.html", if document == 1 { "lin" } else { "mara" }),
        first: Some(first.to_owned()),
        last: Some(last.to_owned()),
        messages: 1,
        zone: 0,
        zone_status: ZoneStatus::Stated,
        zone_why: String::new(),
    };
    let check = |second: [&str; 2], expected: bool| {
        let mut row = conversation();
        let first = block(1, "2022-01-01T00:00:00", "2022-01-02T00:00:00");
        row.blocks = vec![first, block(2, second[0], second[1])];
        let mut all = messages(&(0..40));
        for marked in &mut all {
            let place = |document| MessagePlace { document, ordinal: 0, span: None };
            marked.message.places = vec![place(DocumentId(1)), place(DocumentId(2))];
        }
        let mut chat = ChatReader::new(row, 0..40, all, Goal::Start);
        chat.resize(100, 30);
        let shown = plain(&chat.lines());
        let names = " D1 lin.html D2 mara.html";
        assert_eq!(shown.iter().any(|line| line.ends_with(names)), expected, "{shown:?}");
        // Where rows are short the numbers say it.
        for cells in [80, 28] {
            chat.resize(cells, 30);
            let shown = plain(&chat.lines());
            assert_eq!(shown.iter().any(|line| line.ends_with(" D1 D2")), expected, "{shown:?}");
        }
    };
    check(["2022-01-01T12:00:00", "2022-01-03T00:00:00"], true);
    check(["2022-01-02T00:00:00", "2022-01-03T00:00:00"], false);
}

#[test]
fn a_message_without_text_says_so_also_beside_the_name_of_its_export() {
    let block = |document| Block {
        document: DocumentId(document),
        path: format!("phones/{document}.html"),
        first: Some("2022-01-01T00:00:00".to_owned()),
        last: Some("2022-01-02T00:00:00".to_owned()),
        messages: 1,
        zone: 0,
        zone_status: ZoneStatus::Stated,
        zone_why: String::new(),
    };
    let shown = |blocks: Vec<Block>| {
        let row = ConversationRow { blocks, messages: 1, ..conversation() };
        let mut all = messages(&(0..1));
        all[0].message.text.clear();
        all[0].message.media.clear();
        let place = MessagePlace { document: DocumentId(1), ordinal: 0, span: None };
        all[0].message.places = vec![place];
        let mut chat = ChatReader::new(row, 0..1, all, Goal::Start);
        chat.resize(60, 30);
        plain(&chat.lines()).join("\n")
    };
    let alone = shown(vec![block(1)]);
    assert!(alone.contains("▢ no text") && !alone.contains("D1"), "{alone}");
    let beside = shown(vec![block(1), block(2)]);
    assert!(beside.contains("▢ no text D1 1.html"), "{beside}");
}

fn messages(range: &Range<u64>) -> Vec<Marked> {
    let range = range.start.saturating_sub(1)..range.end.min(COUNT);
    let marked = |position| Marked {
        message: message(position),
        marks: Vec::new(),
        watched: Vec::new(),
        anchors: Vec::new(),
    };
    range.map(marked).collect()
}

fn conversation() -> ConversationRow {
    let person = |number| Participant {
        id: ParticipantId(number),
        platform: String::new(),
        handle: format!("person{number}"),
        name: String::new(),
        messages: 1,
        owner: None,
    };
    ConversationRow {
        id: ConversationId(1),
        platform: String::new(),
        key: String::new(),
        kind: ConversationKind::Pair,
        title: String::new(),
        messages: COUNT,
        accounts: vec![person(1), person(2)],
        first: None,
        last: None,
        unread: 0,
        seen: 0,
        apart: String::new(),
        gaps: Vec::new(),
        blocks: Vec::new(),
    }
}

fn chat(range: Range<u64>, goal: Goal, height: usize) -> ChatReader {
    let messages = messages(&range);
    let mut chat = ChatReader::new(conversation(), range, messages, goal);
    chat.resize(50, height);
    serve_chat(&mut chat);
    chat
}

fn serve_chat(chat: &mut ChatReader) {
    for _ in 0..4 {
        let Some(range) = chat.wanted() else { return };
        let messages = messages(&range);
        chat.set_messages(range, messages);
    }
    assert!(chat.wanted().is_none(), "wants the same again and again");
}

#[test]
fn a_conversation_reads_the_same_through_small_windows() {
    let mut whole = chat(0..1_000, Goal::Start, 30);
    let mut part = chat(groups(0, 0), Goal::Start, 30);
    let mut pages = 0;
    loop {
        assert_eq!(plain(&part.lines()), plain(&whole.lines()));
        let before = whole.anchor;
        whole.scroll(30);
        part.scroll(30);
        serve_chat(&mut part);
        assert_eq!((part.anchor, part.cursor), (whole.anchor, whole.cursor));
        if whole.anchor == before {
            break;
        }
        pages += 1;
    }
    assert!(pages > 30);
    let end = chat(groups(COUNT, COUNT), Goal::End, 30);
    assert_eq!(end.anchor, whole.anchor);
}

#[test]
fn the_cursor_visits_every_message_once_in_either_direction() {
    let mut chat = chat(groups(0, 0), Goal::Start, 12);
    let mut down = vec![chat.cursor];
    for step in 0..1_000 {
        chat.step(1);
        serve_chat(&mut chat);
        if down.last() != Some(&chat.cursor) {
            down.push(chat.cursor);
        }
        if step % 16 != 0 {
            continue;
        }
        let lines = plain(&chat.lines());
        assert!(lines.iter().any(|line| line.starts_with('▸')) || chat.anchor.block == chat.cursor);
    }
    assert_eq!(down.last(), Some(&chat.cursor));
    assert!(down.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(chat.cursor + 5 >= COUNT, "the end is reached: {}", chat.cursor);
    let mut up = vec![chat.cursor];
    for _ in 0..1_000 {
        chat.step(-1);
        serve_chat(&mut chat);
        if up.last() != Some(&chat.cursor) {
            up.push(chat.cursor);
        }
    }
    up.reverse();
    assert_eq!(up, down);
}

#[test]
fn in_one_line_a_share_says_where_one_is() {
    let text = "字".repeat(20_000);
    let mut long = document(&text, Vec::new());
    long.variants[0].lines = 1;
    let mut reader = TextReader::new(long, 0, None, Goal::Start);
    reader.set_slice(slice(&text, 0..text.len() as u64));
    reader.resize(60, 20);
    assert!(reader.title().plain().contains("line 1/1 0%"), "{}", reader.title().plain());
    reader.go(Goal::At(30_000));
    assert!(!reader.title().plain().contains(" 0%"));
    reader.go(Goal::End);
    assert!(reader.title().plain().contains("line 1/1 100%"), "{}", reader.title().plain());
}

#[test]
fn senders_are_marks_where_their_names_leave_too_little_to_the_text() {
    let wide = |cells: usize, name: usize| {
        let mut reader = chat(0..20, Goal::Start, 10);
        reader.senders.called_width = name;
        reader.resize(cells, 10);
        reader.sender_cells()
    };
    assert_eq!((wide(78, 4), wide(110, 40)), (4, 12));
    assert!(wide(78, 20) < 4 && wide(60, 4) < 4);
}
