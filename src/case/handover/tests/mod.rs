//! Copies of a case that were ingested apart, people who work in them, and what is told of their
//! work. `laws.rs`: merging is union. `deletions.rs`: what one deleted while another changed it. `several.rs`: what
//! several people call or number differently. `refused.rs`: what is not taken in.

mod deletions;
mod laws;
mod refused;
mod several;

use super::*;
use crate::case::Access;
use crate::case::intake::{Found, Packer, Packing, Reading};
use crate::case::{
    Anchor, At, Citation, Confidence, EntityField, EntityKind, Likelihood, NewEntity, NoteField,
    NoteKind, Stance, Standing,
};
use crate::extract::record::{Conversation, Export, Message, Participant, ZoneGuess};
use crate::extract::{Outcome, Record};
use crate::journal::Journal;
use crate::model::chat::{ConversationKind, Platform};
use crate::model::entity::Attribute;
use crate::model::note::Draft;
use crate::model::review::Review;
use crate::model::time::Stamp;
use crate::model::{AccountKey, AnchorId, DocumentId, EntityId, ItemId, NoteId, State};
use std::collections::BTreeSet;
use std::path::Path;

/// A copy of the case with documents of these bytes, in this order.
struct Copy {
    _dir: tempfile::TempDir,
    case: Case,
}

impl Copy {
    fn new(keys: &[u8], author: (&str, u8)) -> Copy {
        let dir = tempfile::tempdir().unwrap();
        let case = Case::create(&dir.path().join("a.case")).unwrap();
        case.set_author(Author::with_key(author.0, [author.1; 32])).unwrap();
        let copy = Copy { _dir: dir, case };
        copy.add(keys);
        copy
    }

    fn add(&self, keys: &[u8]) {
        let intake = self.case.intake().unwrap();
        let source = intake.source(Path::new("/leak"), false, "", &[], false).unwrap();
        for key in keys {
            let path = format!("{key}.txt");
            let found = Found {
                source,
                parent: None,
                ordinal: 0,
                path: &path,
                raw: None,
                role: "",
                modified: None,
                mtime: Some(0),
                claim: None,
            };
            let reading = match EXPORTS.contains(key) {
                true => export(*key),
                false => Reading::unread(Outcome { state: State::Empty, reason: String::new() }),
            };
            let id = intake.document([*key; 32], true, 0, &reading, &found).unwrap();
            intake.place(id, &found).unwrap();
        }
        drop(intake);
        self.case.project_journal().unwrap();
    }

    /// The folder as somebody copies it, with the same author's key.
    fn fork(&self, author: (&str, u8)) -> Copy {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("a.case");
        std::fs::create_dir(&folder).unwrap();
        self.case.store.backup(&folder.join("case.db"), |_, _| Ok(())).unwrap();
        let case = Case::open(&folder, Access::Write).unwrap();
        case.set_author(Author::with_key(author.0, [author.1; 32])).unwrap();
        Copy { _dir: dir, case }
    }

    /// Sets the clock of the machine.
    fn set_clock(&self, now: fn() -> i64) {
        let set = |journal: &mut Journal, _: &Case| {
            journal.set_clock(now);
            Ok(())
        };
        self.case.with_journal(set).unwrap();
    }

    fn bundle(&self, since: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.case.write_bundle(since, &mut bytes).unwrap();
        bytes
    }

    fn take(&self, bytes: &[u8]) -> Merged {
        let bundle = self.case.read_bundle(bytes).unwrap();
        let would = self.case.would_merge(&bundle).unwrap();
        let merged = self.case.merge(&bundle).unwrap();
        assert_eq!(would, merged, "what was shown is what was done");
        merged
    }

    fn dump(&self) -> String {
        let mut bytes = Vec::new();
        self.case.dump(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// The dump without the operations themselves.
    fn state(&self) -> String {
        self.dump().split("\n== journal").next().unwrap().to_owned()
    }

    /// The journal is as the tables say, and messages stand where their clocks put them.
    #[track_caller]
    fn whole(&self) {
        assert_eq!(self.case.check_journal().unwrap().1, Vec::new());
        self.follows_all_heads();
        for conversation in self.case.conversations(0..100).unwrap() {
            for message in self.case.messages(conversation.id, 0..100).unwrap() {
                let export = message.places[0].document;
                let clock = self.case.export_clock(export).unwrap();
                assert_eq!(message.instant, Some(CLOCK - i64::from(clock.zone)), "{clock:?}");
                assert_eq!(message.zone_status, clock.status);
            }
        }
    }

    /// What is done next follows what nothing follows yet, and nothing else.
    #[track_caller]
    fn follows_all_heads(&self) {
        let (mut all, mut followed) = (BTreeSet::new(), BTreeSet::new());
        let each = |stored: crate::store::StoredOperation| {
            all.insert(Sha256(stored.id).to_string());
            let body = crate::journal::log::parse(&stored)?;
            followed.extend(body.parents.iter().map(ToString::to_string));
            Ok::<_, crate::journal::JournalError>(())
        };
        self.case.store.each_operation(each).unwrap();
        let heads = self.case.store.setting("journal_heads").unwrap().unwrap_or_default();
        let heads: BTreeSet<String> = heads.split_whitespace().map(str::to_owned).collect();
        assert_eq!(heads, &all - &followed);
    }

    fn documents(&self, bits: u8) -> Vec<ItemId> {
        let count = self.case.store.document_keys().unwrap().len();
        (0..count)
            .filter(|bit| bits >> bit & 1 == 1)
            .map(|bit| ItemId::Document(DocumentId(bit as i64 + 1)))
            .collect()
    }

    fn note(&self, which: u8) -> Option<NoteId> {
        let rows = self.case.notes(0..100).unwrap();
        let ids: Vec<NoteId> = rows.into_iter().filter_map(|row| row.id).collect();
        (!ids.is_empty()).then(|| ids[usize::from(which) % ids.len()])
    }

    fn write(&self, note: Option<NoteId>, text: &str) {
        let over = note.map_or(Vec::new(), |note| {
            let texts = self.case.note(note).unwrap().texts;
            texts.iter().map(|text| text.operation).collect()
        });
        let draft = Draft { note, over, text: text.to_owned(), ..Draft::default() };
        self.case.save_note(&draft).unwrap();
    }

    fn anchor(&self, which: u8) -> Option<AnchorId> {
        let anchors = self.case.store.anchors(0, 100).unwrap();
        (!anchors.is_empty()).then(|| anchors[usize::from(which) % anchors.len()].id)
    }

    fn entity(&self, which: u8) -> Option<EntityId> {
        let entities = self.case.store.entities().unwrap();
        (!entities.is_empty()).then(|| entities[usize::from(which) % entities.len()].0)
    }

    /// One act of somebody at this copy; nothing where there is nothing to act on.
    fn act(&self, kind: u8, which: u8) {
        self.try_to_act(kind % KINDS, which);
    }

    fn try_to_act(&self, kind: u8, which: u8) -> Option<()> {
        let case = &self.case;
        let low = which >> 4;
        let name = ["read", "irrelevant", "starred", "tag:青河"][usize::from(low) % 4];
        match kind {
            0..4 => drop(case.mark(&self.documents(which), name, kind > 0).unwrap()),
            4 => self.write(None, &format!("D1 and D{} {which}", which % 5)),
            5 => {
                let text = format!("changed [[D2]] [[N1]] [[A1]] [[A2]] [[E1]] {which}");
                self.write(Some(self.note(which)?), &text);
            }
            6 => drop(case.delete_note(self.note(which)?).unwrap()),
            // Nothing left to undo is no failure here.
            7 | 8 => drop(case.undo()),
            9 => drop(case.redo()),
            10 => drop(case.save_search(&format!("s{which}"), "合同").unwrap()),
            11 => {
                let searches = case.store.saved_searches().unwrap();
                drop(case.drop_search(searches.first()?.operation).unwrap());
            }
            12 => {
                let item = *self.documents(which).first()?;
                let at = At { item, variant: None, start: 0, end: 0 };
                let passage = Anchor::Passage(Box::new(case.passage(at).unwrap()));
                drop(case.add_anchor(passage, ["", "payment"][usize::from(low) % 2], "").unwrap());
            }
            13 => drop(case.set_anchor(self.anchor(which)?, "victim", &which.to_string()).unwrap()),
            14 => drop(case.drop_anchor(self.anchor(which)?).unwrap()),
            15 => {
                let aliases = vec![format!("名{which}"), "共".to_owned()];
                let new = NewEntity { name: format!("E{which}"), aliases, ..NewEntity::default() };
                drop(match self.entity(low).filter(|_| which.is_multiple_of(3)) {
                    Some(from) => case.split_entity(from, &new, "two").unwrap(),
                    None => case.add_entity(&new).unwrap(),
                });
            }
            16 => {
                let (entity, into) = (self.entity(which)?, self.entity(low));
                // Into itself is refused.
                drop(case.merge_entity(
                    entity,
                    into.filter(|_| !which.is_multiple_of(5)),
                    "the same",
                ));
            }
            17 => {
                let mut set = ENTITY_CHANGES[usize::from(which) % ENTITY_CHANGES.len()](which);
                if let EntityField::Attribute { attribute, .. } = &mut set {
                    let shown_by = self.anchor(which).into_iter();
                    let shown_by = shown_by.map(|id| case.store.anchor_operation(id).unwrap());
                    attribute.anchors.extend(shown_by);
                }
                drop(case.set_entity(self.entity(low)?, set).unwrap());
            }
            18 => {
                let anchor = self.anchor(low).map(|id| case.store.anchor_operation(id).unwrap());
                let asked = self.note(low).map(|id| case.store.note_operation(id).unwrap());
                let change = NOTE_CHANGES[usize::from(which) % NOTE_CHANGES.len()];
                drop(case.set_note(self.note(which)?, change(anchor?, asked?, which)).unwrap());
            }
            19 => {
                let things = [
                    self.note(which).map(ItemId::Note),
                    self.anchor(which).map(ItemId::Anchor),
                    self.entity(which).map(ItemId::Entity),
                ];
                let things: Vec<ItemId> = things.into_iter().flatten().collect();
                drop(case.tag_things(&things, "apt", !which.is_multiple_of(3)).unwrap());
            }
            20 => drop(case.drop_entity(self.entity(which)?).unwrap()),
            // Refused where nobody deleted it.
            21 => drop(case.keep(match which % 3 {
                0 => ItemId::Note(self.note(low)?),
                1 => ItemId::Anchor(self.anchor(low)?),
                _ => ItemId::Entity(self.entity(low)?),
            })),
            _ => {
                let key = EXPORTS[usize::from(low) % EXPORTS.len()];
                let export = DocumentId(case.store.find_document(&[key; 32]).unwrap()?.0);
                let offset = [None, Some(28_800), Some(-12_600)][usize::from(which) % 3];
                // Nothing else may wait for its zone.
                match (offset, which.is_multiple_of(4)) {
                    (Some(offset), true) => drop(case.set_zone_alike(export, offset)),
                    _ => drop(case.set_zone(export, offset, "the hours").unwrap()),
                }
            }
        }
        Some(())
    }
}

/// Number of kinds of acts.
const KINDS: u8 = 23;

/// Everything that can be said of a note, of an anchor that it cites and a note that may ask.
const NOTE_CHANGES: [fn(Sha256, Sha256, u8) -> NoteField; 9] = [
    |_, _, _| NoteField::Kind(NoteKind::Finding),
    |_, _, which| NoteField::Standing(Standing::ALL[usize::from(which >> 4) % 4]),
    |_, _, which| NoteField::Confidence(Some(Confidence::ALL[usize::from(which >> 4) % 3])),
    |_, _, which| NoteField::Likelihood(Some(Likelihood::ALL[usize::from(which >> 4) % 7])),
    |_, _, which| NoteField::When(Some(format!("20{:02}", which % 100).parse().unwrap())),
    |_, asked, _| NoteField::Question(Some(asked)),
    |anchor, _, _| {
        let grade = "B2".parse().unwrap();
        NoteField::Cite(Citation { anchor, stance: Stance::Contradicts, grade })
    },
    |anchor, _, _| NoteField::Uncite(anchor),
    |_, _, which| {
        NoteField::Review(Review {
            sentence: "it is so".to_owned(),
            role: "checker".to_owned(),
            by: "tao".to_owned(),
            verdict: ["ok", "no"][usize::from(which) % 2].to_owned(),
            comment: String::new(),
            basis: None,
            claims: None,
            references: Vec::new(),
        })
    },
];

/// Everything that can be said of an entity but for tags, merges and splits.
const ENTITY_CHANGES: [fn(u8) -> EntityField; 7] = [
    |which| EntityField::Watched(which > 100),
    |which| EntityField::Alias { name: format!("名{}", which >> 4), on: which > 100 },
    |which| EntityField::Name { name: format!("n{}", which >> 4), why: "typo".to_owned() },
    |which| EntityField::Description(which.to_string()),
    |which| EntityField::Kind(EntityKind::ALL[usize::from(which >> 4) % 7]),
    |which| {
        let value = (which >> 4).to_string();
        let attribute = Attribute { key: "born".to_owned(), value, anchors: Vec::new() };
        EntityField::Attribute { attribute, on: which > 100 }
    },
    |which| {
        let account = AccountKey { platform: "wechat".to_owned(), handle: "lin".to_owned() };
        EntityField::Account { account, on: which > 100 }
    },
];

/// Documents that are exports of chats, with a message each whose stamp names no zone.
const EXPORTS: [u8; 2] = [3, 4];

/// What the clock of that message showed.
const CLOCK: i64 = 1_646_484_063;

fn export(key: u8) -> Reading {
    let mut packer = Packer::new(Packing::default(), &std::env::temp_dir());
    let conversation = format!("c{key}");
    let records = [
        Record::Format { id: "chat_table".to_owned(), version: 1 },
        Record::Export(Export {
            platform: Platform("wechat".to_owned()),
            importer: "chat_table".to_owned(),
            version: 1,
            package: None,
            zone: ZoneGuess::Assumed,
            assumptions: Vec::new(),
        }),
        Record::Participant(Participant { handle: "lin".to_owned(), ..Participant::default() }),
        Record::Conversation(Conversation {
            key: conversation.clone(),
            kind: ConversationKind::Pair,
            title: String::new(),
            members: Vec::new(),
        }),
        Record::Message(Box::new(Message {
            sender: Some("lin".to_owned()),
            raw_time: "2022-03-05 12:41:03".to_owned(),
            time: Some(Stamp::naive(CLOCK)),
            text: format!("付款 {key}"),
            ..Message::new(&conversation, 0)
        })),
    ];
    records.into_iter().for_each(|record| packer.take(record).unwrap());
    packer.finish(Outcome { state: State::Export, reason: String::new() }).unwrap()
}

#[test]
fn what_both_changed_is_named_with_both_values() {
    let ours = Copy::new(&[1], ("mara", 8));
    for text in ["one", "two", "three"] {
        ours.case
            .save_note(&Draft {
                kind: NoteKind::Finding,
                text: text.to_owned(),
                ..Draft::default()
            })
            .unwrap();
    }
    let set = |copy: &Copy, note: i64, standing| {
        copy.case.set_note(NoteId(note), NoteField::Standing(standing)).unwrap();
    };
    set(&ours, 1, Standing::Open);
    set(&ours, 2, Standing::Open);
    let theirs = ours.fork(("lin", 7));
    set(&ours, 1, Standing::Supported);
    set(&theirs, 1, Standing::Refuted);
    // Agreed; and changed by one alone.
    set(&ours, 3, Standing::Disputed);
    set(&theirs, 3, Standing::Disputed);
    set(&theirs, 2, Standing::Refuted);
    let told = |merged: Merged| {
        let told = merged.clashes.into_iter();
        told.map(|own| {
            format!(
                "{} {}: {}, {} by {}, {}",
                own.item().unwrap(),
                own.field,
                own.ours,
                own.theirs,
                own.by,
                own.stands
            )
        })
        .collect::<Vec<_>>()
    };
    let there = theirs.bundle("");
    let here = told(ours.take(&there));
    let there = told(theirs.take(&ours.bundle("")));
    assert_eq!((here.len(), there.len()), (1, 1), "{here:?} {there:?}");
    assert!(there[0].starts_with("N1 status: refuted, supported by mara, "), "{there:?}");
    assert!(here[0].starts_with("N1 status: supported, refuted by lin, "), "{here:?}");
    assert!(here[0].ends_with(", both, until somebody sets it anew"), "{here:?}");
    ours.whole();
}

#[test]
fn what_a_bundle_brings_is_told_by_person() {
    let to = Copy::new(&[1, 2], ("mara", 8));
    to.write(None, "one");
    let from = to.fork(("mara", 7));
    from.write(from.note(0), "hers");
    from.case.mark(&from.documents(3), "read", true).unwrap();
    from.case.mark(&from.documents(1), "tag:apt", true).unwrap();
    from.case.undo().unwrap();
    from.add(&[5]);
    from.case.mark(&from.documents(4), "starred", true).unwrap();
    to.write(to.note(0), "mine");
    let merged = to.take(&from.bundle(""));
    assert_eq!((merged.new, merged.known), (5, 1));
    let [person] = merged.people.as_slice() else { panic!("{merged:?}") };
    assert!(person.is_new && person.namesakes.len() == 1, "{person:?}");
    let did: Vec<_> = person.did.iter().map(|(what, count)| (what.as_str(), *count)).collect();
    assert_eq!(did, [("change of a text", 1), ("marked as read", 2), ("marked as starred", 1)]);
    assert_eq!(merged.both.len(), 1);
    // One name and two keys: whose text is whose can be seen.
    let texts = to.case.note(NoteId(1)).unwrap().texts;
    let by: BTreeSet<String> = texts.iter().map(|text| text.by.clone()).collect();
    let expected = texts.iter().map(|text| format!("mara ({})", &text.key[..8]));
    assert_eq!((by.len(), by), (2, expected.collect()));
    let [waiting] = merged.waiting.as_slice() else { panic!("{merged:?}") };
    assert_eq!((waiting.missing, waiting.words.as_str()), (1, "marked 1 document as starred"));
    assert_eq!(to.case.waiting().unwrap(), merged.waiting);
    to.add(&[5]);
    assert_eq!(to.case.waiting().unwrap(), []);
    // The same name with a key that is known is nobody new.
    from.act(1, 1);
    let merged = to.take(&from.bundle(""));
    assert!(!merged.people[0].is_new);
}

/// A zone that no operation sets is none, whatever the tables say.
#[test]
fn a_rebuild_puts_the_clocks_back() {
    let copy = Copy::new(&[3, 4], ("lin", 7));
    let export = DocumentId(1);
    copy.case.set_zone(DocumentId(2), Some(28_800), "").unwrap();
    copy.case.store.set_zone(export, 3_600, "set").unwrap();
    crate::journal::project(&copy.case.store).unwrap();
    assert_eq!(copy.case.export_clock(export).unwrap().zone, 0);
    assert_eq!(copy.case.export_clock(DocumentId(2)).unwrap().zone, 28_800);
    copy.whole();
}

#[test]
fn taking_in_what_is_older_is_noticed_by_who_looks() {
    let from = Copy::new(&[1], ("lin", 7));
    from.act(1, 1);
    let to = Copy::new(&[1], ("mara", 8));
    (0..3).for_each(|_| to.act(1, 1));
    let before = to.case.pulse().unwrap();
    to.take(&from.bundle(""));
    assert_ne!(to.case.pulse().unwrap(), before);
    let after = to.case.pulse().unwrap();
    to.take(&from.bundle(""));
    assert_eq!(to.case.pulse().unwrap(), after, "nothing came");
}
