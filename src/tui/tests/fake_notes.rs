//! A question, findings and events of the case in memory, with what they cite.

use super::fake_pages::Written;
use crate::app::data::Failure;
use crate::case::{
    Citation, Cited, CitedAs, Conflict, Coverage, EventRow, Grade, Hold, Note, NoteEntry,
    NoteField, NoteFields, NoteKind, NoteRow, NoteText, NoteView, PersonCoverage, Stance, Standing,
    TagCount, When,
};
use crate::model::{AnchorId, NoteId, Sha256, VariantKind};

/// (number, kind, standing, text, question)
const NOTES: [(i64, NoteKind, Standing, &str, Option<i64>); 5] = [
    (11, NoteKind::Question, Standing::Open, "Who pays? See A3.", None),
    (
        12,
        NoteKind::Finding,
        Standing::Supported,
        "# 青河 pays through 川江, 5% stays\n\nThe first 300,000 were promised in advance [[A1]], the rest came through 川江 [[A2]]. \
         青河那边的付款下周，30万先付，剩下的走川江。",
        Some(11),
    ),
    (13, NoteKind::Finding, Standing::Disputed, "Wei has two accounts", None),
    (14, NoteKind::Event, Standing::Open, "the contract was signed (合同签订)", Some(11)),
    (15, NoteKind::Event, Standing::Open, "lin asks whether the money came", None),
];

fn operation(id: i64) -> Sha256 {
    Sha256([id as u8; 32])
}

fn when(id: i64) -> Option<When> {
    match id {
        14 => "2021-11?".parse().ok(),
        15 => "2022-03-06T09:02".parse().ok(),
        _ => None,
    }
}

fn anchors(id: i64) -> Vec<Cited> {
    let cited = |anchor: i64, stance, grade: &str, line: &str, place: &str| Cited {
        id: AnchorId(anchor),
        citation: Citation {
            anchor: operation(100 + anchor),
            stance,
            grade: grade.parse::<Grade>().unwrap(),
        },
        line: Some(line.to_owned()).filter(|line| !line.is_empty()),
        gone: None,
        place: place.to_owned(),
        is_count: anchor == 3,
        kept: None,
        also: Vec::new(),
    };
    match id {
        11 => vec![cited(
            3,
            Stance::Supports,
            "",
            "0 hits for 张伟 in 14 messages and 8 documents; 1 documents or pages have no text",
            "",
        )],
        12 => vec![
            cited(1, Stance::Supports, "B2", "“30万先付”", "M2 · 2022-03-05 12:41:03 mara"),
            cited(2, Stance::Supports, "A1", "“叁拾万”", "D1 · 合同台账2022.xlsx · 付款 C3"),
            cited(
                4,
                Stance::Contradicts,
                "C3",
                "“青河的付款到了吗”",
                "M8 · 2022-03-06 09:02:11 川江",
            ),
        ],
        13 => vec![cited(5, Stance::Supports, "", "", "")],
        14 => vec![cited(1, Stance::Supports, "", "“30万先付”", "M2 · 2022-03-05 12:41:03 mara")],
        _ => Vec::new(),
    }
}

fn conflicts(id: i64) -> Vec<Conflict> {
    // 2021-03-05T12:41:03
    let evidence = Conflict::EarlierEvidence { anchor: AnchorId(1), clock: 1_614_948_063 };
    match id {
        14 => vec![evidence],
        _ => Vec::new(),
    }
}

fn fields(id: i64, written: &Written) -> NoteFields {
    let (_, kind, standing, _, question) = NOTES.iter().find(|note| note.0 == id).unwrap();
    let mut fields = NoteFields {
        kind: *kind,
        standing: *standing,
        when: when(id),
        question: question.map(operation),
        ..NoteFields::default()
    };
    if id == 12 {
        fields.likelihood = Some(crate::case::Likelihood::VeryLikely);
        fields.confidence = Some(crate::case::Confidence::Moderate);
        fields.tags = vec!["money/advance".to_owned()];
    }
    for (_, set) in written.set.iter().filter(|(note, _)| note.0 == id) {
        match set {
            NoteField::Kind(kind) => fields.kind = *kind,
            NoteField::Standing(standing) => fields.standing = *standing,
            NoteField::Confidence(confidence) => fields.confidence = *confidence,
            NoteField::Likelihood(likelihood) => fields.likelihood = *likelihood,
            NoteField::When(when) => fields.when.clone_from(when),
            NoteField::Question(question) => fields.question = *question,
            NoteField::Cite(_) | NoteField::Uncite(_) | NoteField::Review(_) => {}
        }
    }
    fields
}

pub fn entries(written: &Written) -> Vec<NoteEntry> {
    let entry = |(id, _, _, text, _): &(i64, NoteKind, Standing, &str, Option<i64>)| {
        let fields = fields(*id, written);
        let cited = anchors(*id).into_iter().map(|cited| CitedAs {
            anchor: cited.id,
            operation: cited.citation.anchor,
            stance: cited.citation.stance,
            is_count: cited.is_count,
            is_gone: cited.line.is_none(),
            clock: None,
        });
        NoteEntry {
            operation: Some(operation(*id)),
            is_answer: fields.question.is_some(),
            question: fields.question.map(|_| NoteId(11)),
            answers: if *id == 11 { 2 } else { 0 },
            cited: cited.collect(),
            when: fields.when,
            tags: fields.tags,
            conflicts: conflicts(*id),
            ..NoteEntry::plain(NoteRow {
                id: Some(NoteId(*id)),
                draft: None,
                title: text.lines().next().unwrap().to_owned(),
                kind: fields.kind,
                standing: fields.standing,
                author: "lin".to_owned(),
                changed: 1_700_000_000_000,
                texts: 1,
                is_elsewhere: false,
            })
        }
    };
    let mut entries: Vec<NoteEntry> = NOTES.iter().map(entry).collect();
    // As the case lists them: the answers of the question under it.
    entries.sort_by_key(|entry| (entry.row.id != Some(NoteId(11)), !entry.is_answer));
    entries
}

pub fn view(id: NoteId) -> Result<NoteView, Failure> {
    let missing = || Failure::new(format!("there is no {id}"));
    let (_, _, _, text, _) = NOTES.iter().find(|note| note.0 == id.0).ok_or_else(missing)?;
    let text = NoteText {
        operation: operation(id.0),
        text: (*text).to_owned(),
        by: "lin".to_owned(),
        key: String::new(),
        author: "lin".to_owned(),
        wall: 1_700_000_000_000,
    };
    let note = Note {
        id,
        operation: operation(id.0),
        texts: vec![text],
        references: Vec::new(),
        fields: NoteFields::default(),
        citations: anchors(id.0),
    };
    Ok(NoteView { note, question: None, answers: Vec::new(), conflicts: conflicts(id.0) })
}

/// Lays over a note what was set of it.
pub fn apply(view: &mut NoteView, written: &Written) {
    let id = view.note.id.0;
    if !NOTES.iter().any(|note| note.0 == id) {
        return;
    }
    view.note.fields = fields(id, written);
    if view.note.fields.question.is_some() {
        view.question = Some((NoteId(11), "Who pays?".to_owned()));
    }
    view.answers = entries(written);
    view.answers.retain(|entry| entry.question == Some(NoteId(id)));
    for (_, set) in written.set.iter().filter(|(note, _)| note.0 == id) {
        if let NoteField::Cite(citation) = set
            && let Some(cited) =
                view.note.citations.iter_mut().find(|c| c.citation.anchor == citation.anchor)
        {
            cited.citation = *citation;
        }
    }
}

pub fn holds(ids: &[AnchorId]) -> Vec<(AnchorId, Hold)> {
    let hold = |id: &AnchorId| match id.0 {
        3 => Hold::Changed { now: "2".to_owned() },
        4 => Hold::Moved { start: 3, end: 9 },
        _ => Hold::Holds,
    };
    ids.iter().map(|id| (*id, hold(id))).collect()
}

pub fn events() -> Vec<EventRow> {
    let event = |(id, kind, _, text, _): &(i64, NoteKind, Standing, &str, Option<i64>)| {
        (*kind == NoteKind::Event).then(|| EventRow {
            id: NoteId(*id),
            title: (*text).to_owned(),
            when: when(*id).unwrap(),
            conflicts: conflicts(*id),
            cited: anchors(*id).len() as u64,
        })
    };
    NOTES.iter().filter_map(event).collect()
}

pub fn tags(written: &Written) -> Vec<TagCount> {
    let tag = |name: &str, evidence, things| TagCount { name: name.to_owned(), evidence, things };
    let mut tags = vec![tag("money/advance", 12, 1), tag("who/川江", 3, 0)];
    for (_, name, _) in written.tagged.iter().filter(|(_, name, _)| name != "money/advance") {
        tags.push(tag(name, 1, 0));
    }
    tags
}

pub fn people() -> Vec<PersonCoverage> {
    let seen = |messages| {
        vec![Coverage { variant: VariantKind::Original, messages, documents: 1, partly: 2 }]
    };
    let person = |author: &str, key: &str, read, messages| PersonCoverage {
        author: author.to_owned(),
        key: key.to_owned(),
        read,
        seen: seen(messages),
    };
    vec![person("lin", "0a1b2c3d", 3, 12), person("mara", "4e5f6071", 1, 4)]
}
