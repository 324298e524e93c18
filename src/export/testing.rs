//! A small report that has one of everything, for the tests of the writers.

use super::locator::{Locator, Place, Spot, VERSION};
use super::prose::{self, Becomes};
use super::report::*;
use super::seal::Seal;
use crate::model::anchor::{Count, Counted, Record};
use crate::model::finding::{Grade, Stance};
use crate::model::reference::Target;
use crate::model::review::{Basis, ReviewState};
use crate::model::{Hold, Sha256, VariantKind};

pub const QUOTE: &str = "川江那份单独走，不进主合同。\n30万，写成技术咨询。";
/// What a leak may hold to harm whoever reads a report of it.
pub const HOSTILE: &str = "=cmd|'/c calc'!A1 <script>alert(1)</script> [x](http://a.example) \u{202e}fdp.exe\u{1b}[2J `x` ![p](q) [^9]";

pub fn text(text: &str, id: &str, claims: bool) -> Vec<Block> {
    prose::read(text, id, claims, &mut |name| match name.split_at(1) {
        ("A", number) => Becomes::Footnote(number.parse().unwrap()),
        ("N", _) => Becomes::Entry(name.to_owned()),
        _ => Becomes::Text(name.to_owned()),
    })
}

fn passage(number: usize, place: Place, locator: &str, hold: Hold) -> Footnote {
    let source = Source::Passage {
        path: place.path.clone(),
        sha256: place.content,
        file: match number {
            2 => File {
                lost: Some(crate::case::Lost::Replaced),
                read: crate::case::Extent::Part,
                remarks: vec!["the file ends in the middle of sheet 2".to_owned()],
                also_at: vec!["台账.xlsx".to_owned()],
                ..File::default()
            },
            _ => File::default(),
        },
        containers: place.containers.clone(),
        place: locator.to_owned(),
        variant: place.variant,
        quote: place.quote.join(""),
        translation: (number == 1).then(|| Translation {
            text: "The Chuanjiang part goes apart, not into the main contract.".to_owned(),
            state: "machine, not reviewed".to_owned(),
        }),
    };
    let spot = Spot::Passage(Box::new(place));
    let anchor = Some(Sha256([number as u8; 32]));
    let id = format!("A{number}");
    let locator =
        Locator { v: VERSION, n: number, anchor, of: None, says: Vec::new(), listed: None, spot };
    Footnote { number, id, source, hold, moved_from: None, writer: None, kept: None, locator }
}

pub fn place(quote: &str) -> Place {
    Place {
        target: Some(Target::Message(Sha256([7; 32]), 0)),
        content: Sha256([8; 32]),
        no_bytes: false,
        containers: Vec::new(),
        path: "聊天/微信_沈_陆.html".to_owned(),
        record: Some(Record { ordinal: 41, span: Some((8_122, 8_390)) }),
        variant: VariantKind::Original,
        extractor: "chat_table 1".to_owned(),
        text: Some(Sha256::of(quote.as_bytes())),
        start: 0,
        end: quote.len() as u64,
        locator: "2022-03-16 10:14 wxid_q7m2kd81xv3b22".to_owned(),
        moved_from: None,
        quote: vec![quote.to_owned()],
        before: String::new(),
        after: String::new(),
        record_says: None,
    }
}

/// The seal of nothing in particular.
pub fn seal() -> Seal {
    Seal {
        v: 1,
        format: "json".to_owned(),
        author: "lin".to_owned(),
        key: "ab".repeat(32),
        parts: vec![("head".to_owned(), "cd".repeat(16))],
        signature: "ef".repeat(64),
    }
}

pub fn report() -> Report {
    let mut report = unbound();
    report.bind();
    report
}

fn unbound() -> Report {
    let cell = Place {
        target: Some(Target::Document(Sha256([4; 32]))),
        content: Sha256([4; 32]),
        containers: vec![Sha256([5; 32]), Sha256([6; 32])],
        path: "归档/备份.zip!内部/台账.xlsx".to_owned(),
        record: None,
        extractor: "xlsx 1".to_owned(),
        locator: "sheet 付款 F12".to_owned(),
        ..place("技术咨询费\t300,000")
    };
    let hostile = Place {
        target: Some(Target::Document(Sha256([3; 32]))),
        content: Sha256([3; 32]),
        path: "归档/usb/\u{202e}fdp<b>.txt".to_owned(),
        locator: "line 1".to_owned(),
        record: None,
        extractor: "text 1".to_owned(),
        ..place(HOSTILE)
    };
    let count = Count {
        of: Counted::Search {
            query: "验收报告 川江".to_owned(),
            references: Vec::new(),
            normal: "验收报告 川江".to_owned(),
            variants: vec![VariantKind::Original],
        },
        number: "0".to_owned(),
        ids: Sha256::of(b""),
        documents: 119,
        messages: 1_043,
        no_text: 9,
        unreadable: 3,
    };
    let absence = Footnote {
        number: 3,
        id: "A3".to_owned(),
        source: Source::Count {
            said: count.words(),
            how: vec!["query 验收报告 川江".to_owned(), "variants original".to_owned()],
            ids: count.ids,
        },
        hold: Hold::Changed { now: "2".to_owned() },
        moved_from: None,
        writer: None,
        kept: None,
        locator: Locator {
            v: VERSION,
            n: 3,
            anchor: Some(Sha256([3; 32])),
            of: None,
            says: Vec::new(),
            listed: None,
            spot: Spot::Count(Box::new(count)),
        },
    };
    let grade = |text: &str| text.parse::<Grade>().unwrap();
    let entry = |id: &str, kind, title: &str| Entry {
        id: id.to_owned(),
        thing: Sha256::of(id.as_bytes()),
        kind,
        title: title.to_owned(),
        authors: vec!["lin".to_owned()],
        text_authors: vec!["lin".to_owned()],
        facts: Vec::new(),
        texts: Vec::new(),
        is_headline: false,
        evidence: Vec::new(),
        related: Vec::new(),
        reviews: Vec::new(),
        basis: None,
    };
    let question = Entry {
        texts: vec![text("Where did the money go?", "N1", false)],
        related: vec!["N2".to_owned()],
        ..entry("N1", Kind::Question, "Where did the money go?")
    };
    let finding = Entry {
        facts: vec![
            Fact::new("status", "supported"),
            Fact::new("confidence", "moderate"),
            Fact::new("likelihood", "very likely (80-95%)"),
        ],
        texts: vec![text(
            "川江收到**三十万**，写成“技术咨询”。[[A1]] The ledger says the *same* [[A2]]; see [[N1]]. 没有任何交付。[[A3]]\n\n\
             - 第一 [[A1]]\n- 第二\n  1. inner `code`\n\n| 合同 | 金额 |\n|---|---|\n| 010 | 30万 [[A2]] |\n\n> 引文\n\n```\nSELECT 1\n```",
            "N2",
            true,
        )],
        evidence: vec![
            Evidence {
                stance: Stance::Supports,
                grade: grade("B2"),
                also: Vec::new(),
                footnote: 1,
                is_disputed: false,
            },
            Evidence {
                stance: Stance::Supports,
                grade: grade("A1"),
                also: Vec::new(),
                footnote: 2,
                is_disputed: false,
            },
            Evidence {
                stance: Stance::Contradicts,
                grade: grade(""),
                also: Vec::new(),
                footnote: 3,
                is_disputed: false,
            },
            Evidence {
                stance: Stance::Context,
                grade: grade("F6"),
                also: Vec::new(),
                footnote: 4,
                is_disputed: false,
            },
        ],
        reviews: vec![ReviewState {
            sentence: "川江收到三十万，写成“技术咨询”。".to_owned(),
            role: "checker".to_owned(),
            by: "mara".to_owned(),
            name: "mara".to_owned(),
            key: "1f2a".to_owned(),
            verdict: "agreed".to_owned(),
            comment: "read the original".to_owned(),
            date: "2024-03-04".to_owned(),
            taken_in_by: Some("lin".to_owned()),
            taken_in_by_author: true,
            changed: Some(vec!["standing"]),
            is_check: false,
            objects: false,
            claims: Some(2),
        }],
        basis: Some(Basis {
            text: Sha256([1; 32]),
            standing: Sha256([2; 32]),
            citations: Sha256([3; 32]),
        }),
        ..entry("N2", Kind::Finding, "Thirty 万 went to 川江")
    };
    let entity = Entry {
        facts: vec![
            Fact::new("kind", "person"),
            Fact::new("also known as", "Shen Ruolan; Lan S."),
            Fact { cites: vec![1], ..Fact::new("role", "sales") },
        ],
        ..entry("E1", Kind::Entity, "沈若岚")
    };
    Report {
        title: "青河 & 川江".to_owned(),
        case: "jishi".to_owned(),
        date: "2024-03-05".to_owned(),
        authors: vec!["lin".to_owned()],
        sections: vec![
            Section { title: "Questions", entries: vec![question], ..Section::default() },
            Section { title: "Findings", entries: vec![finding], ..Section::default() },
            Section { title: "Entities", entries: vec![entity], ..Section::default() },
        ],
        footnotes: vec![
            passage(1, place(QUOTE), "2022-03-16 10:14 wxid_q7m2kd81xv3b22", Hold::Holds),
            passage(2, cell, "sheet 付款 F12", Hold::Holds),
            absence,
            passage(4, hostile, "line 1", Hold::Holds),
        ],
        limits: vec!["3 documents could not be read.".to_owned()],
        redacted: None,
        unresolved: Vec::new(),
        seal: None,
    }
}
