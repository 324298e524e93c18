//! The laws of merging, over random histories of copies of a case that were ingested apart.

use super::*;
use crate::case::Access;
use crate::case::intake::{Found, Reading};
use crate::extract::Outcome;
use crate::journal::Journal;
use crate::model::note::Draft;
use crate::model::{DocumentId, ItemId, NoteId, State};
use proptest::prelude::*;
use std::path::Path;

/// A copy of the case with documents of these bytes, in this order.
struct Copy {
    dir: tempfile::TempDir,
    case: Case,
}

impl Copy {
    fn new(keys: &[u8], author: (&str, u8)) -> Copy {
        let dir = tempfile::tempdir().unwrap();
        let case = Case::create(&dir.path().join("a.case")).unwrap();
        case.set_author(Author::with_key(author.0, [author.1; 32])).unwrap();
        let copy = Copy { dir, case };
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
            let outcome = Outcome { state: State::Empty, reason: String::new() };
            let reading = Reading::unread(outcome);
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
        self.case.store.backup(&folder.join("case.db")).unwrap();
        let case = Case::open(&folder, Access::Write).unwrap();
        case.set_author(Author::with_key(author.0, [author.1; 32])).unwrap();
        Copy { dir, case }
    }

    /// Sets the clock of the machine.
    fn set_clock(&self, now: fn() -> i64) {
        let set = |journal: &mut Journal, _: &Case| Ok(journal.set_clock(now));
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

    #[track_caller]
    fn whole(&self) {
        assert_eq!(self.case.check_journal().unwrap().1, Vec::new());
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

    /// One act of somebody at this copy.
    fn act(&self, kind: u8, which: u8) {
        let case = &self.case;
        let name = ["read", "irrelevant", "starred", "tag:青河"][usize::from(which >> 4) % 4];
        match kind {
            0..4 => drop(case.mark(&self.documents(which), name, kind > 0).unwrap()),
            4 => self.write(None, &format!("D1 and D{} {which}", which % 5)),
            5 => self.write(self.note(which), &format!("changed D2 N1 {which}")),
            6 => drop(self.note(which).map(|note| case.delete_note(note).unwrap())),
            // Nothing left to undo is no failure here.
            7 | 8 => drop(case.undo()),
            9 => drop(case.redo()),
            10 => drop(case.save_search(&format!("s{which}"), "合同").unwrap()),
            _ => {
                if let Some(search) = case.store.saved_searches().unwrap().first() {
                    case.drop_search(search.operation).unwrap();
                }
            }
        }
    }
}

/// Clocks of the machines: right, a day behind, an hour ahead.
const CLOCKS: [fn() -> i64; 3] = [now, || now() - 86_400_000, || now() + 3_600_000];

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

const AUTHORS: [(&str, u8); 4] = [("lin", 7), ("mara", 8), ("lin", 9), ("lin", 7)];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever three people do at copies that were ingested apart, one of which is copied on the
    /// way, hand over and take in: everybody comes to the same state, in whatever order and
    /// however often the bundles come, and it is what a rebuild gives.
    #[test]
    fn merging_is_union(
        acts in prop::collection::vec((0..4_usize, 0..14_u8, any::<u8>()), 1..40),
    ) {
        let mut copies = vec![
            Copy::new(&[1, 2, 3, 4], AUTHORS[0]),
            Copy::new(&[4, 2, 1, 3], AUTHORS[1]),
            // This one lacks some of the evidence.
            Copy::new(&[3, 1], AUTHORS[2]),
        ];
        let fork = copies[0].fork(AUTHORS[3]);
        copies.push(fork);
        for (copy, clock) in copies.iter().zip(CLOCKS.iter().cycle()) {
            copy.set_clock(*clock);
        }
        for (who, kind, which) in acts {
            match kind {
                12 => {
                    let bytes = copies[usize::from(which) % 4].bundle("");
                    copies[who].take(&bytes);
                }
                13 if who == 3 => copies[3] = copies[0].fork(AUTHORS[3]),
                kind => copies[who].act(kind % 12, which),
            }
            copies[who].whole();
        }
        let bundles: Vec<Vec<u8>> = copies.iter().map(|copy| copy.bundle("")).collect();
        let one = Copy::new(&[1, 2, 3, 4], ("tom", 1));
        let other = Copy::new(&[2, 4, 3, 1], ("tom", 1));
        let late = Copy::new(&[2], ("tom", 1));
        for bundle in &bundles {
            one.take(bundle);
        }
        for bundle in bundles.iter().rev().chain(&bundles) {
            other.take(bundle);
            late.take(bundle);
        }
        one.whole();
        other.whole();
        late.whole();
        let expected = one.dump();
        prop_assert_eq!(&other.dump(), &expected, "commutative and idempotent");
        late.add(&[3, 1, 4]);
        prop_assert_eq!(&late.dump(), &expected, "in force when the evidence came");
        // Associative: (0 + 1) + (2 + 3).
        copies[0].take(&bundles[1]);
        copies[2].take(&bundles[3]);
        let bundle = copies[2].bundle("");
        copies[0].take(&bundle);
        prop_assert_eq!(&copies[0].dump(), &expected, "associative");
        log::project(&one.case.store).unwrap();
        prop_assert_eq!(&one.dump(), &expected, "a rebuild");
        // The next act follows all heads, and taking it back is as if it had never been.
        let before = one.state();
        one.act(1, 255);
        one.case.undo().unwrap();
        prop_assert_eq!(one.state(), before);
        one.whole();
    }

    /// Whatever is done to a bundle on its way: it is refused and nothing changes.
    #[test]
    fn a_bundle_that_was_tampered_with_is_refused(at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let from = Copy::new(&[1, 2], ("lin", 7));
        for kind in [1, 4, 5, 7, 10] {
            from.act(kind, 3);
        }
        let to = Copy::new(&[1, 2], ("mara", 8));
        let good = from.bundle("");
        let at = at.index(good.len());
        let mut bad = good.clone();
        bad[at] ^= 1 << bit;
        prop_assert!(to.case.read_bundle(bad.as_slice()).is_err(), "byte {at} bit {bit}");
        prop_assert!(to.case.read_bundle(&good[..at]).is_err(), "cut at {at}");
        prop_assert_eq!(to.take(&good).new, 5);
    }
}

/// Lines of a bundle, changed and put together again by somebody without the key of its maker.
fn forged(bundle: &[u8], change: impl FnOnce(&mut Vec<String>)) -> Vec<u8> {
    let text = String::from_utf8(bundle.to_vec()).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    (lines.join("\n") + "\n").into_bytes()
}

#[track_caller]
fn check_refused(to: &Copy, bundle: &[u8], expected: &str) {
    let before = to.dump();
    let error = to.case.read_bundle(bundle).and_then(|bundle| to.case.merge(&bundle)).unwrap_err();
    assert!(error.to_string().contains(expected), "{error}");
    assert_eq!(to.dump(), before, "nothing was changed");
}

#[test]
fn a_refusal_names_the_line() {
    let from = Copy::new(&[1, 2], ("lin", 7));
    from.act(1, 3);
    from.act(4, 1);
    let to = Copy::new(&[1, 2], ("mara", 8));
    let good = from.bundle("");
    check_refused(&to, b"%PDF-1.7", "not a bundle");
    check_refused(&to, b"", "not a bundle");
    let check = |change: &dyn Fn(&mut Vec<String>), expected: &str| {
        check_refused(&to, &forged(&good, |lines| change(lines)), expected);
    };
    check(
        &|lines| lines[1] = lines[1].replace("\"on\":true", "\"on\":false"),
        "line 2: its text was changed",
    );
    check(
        &|lines| lines[2] = lines[2].replacen("\"signature\":\"", "\"signature\":\"00", 1),
        "line 3: its signature",
    );
    check(&|lines| lines[2] = "{}".to_owned(), "line 3: it is not what stands in a bundle");
    check(&|lines| lines[2] = lines[1].clone(), "line 3: the operation stands there twice");
    check(&|lines| drop(lines.remove(1)), "line 3: the hash of all lines");
    check(&|lines| lines[0] = lines[0].replace("a\"", "b\""), "line 4: the hash of all lines");
    check(&|lines| lines.push("{}".to_owned()), "line 5: something stands after");
    check(&|lines| drop(lines.pop()), "line 3: it ends here");
    check(
        &|lines| lines[0] = lines[0].replace("\"casebook_bundle\":1", "\"casebook_bundle\":2"),
        "format 2, which this program does not know",
    );
}

/// A bundle of these bodies as the owner of a key can make it: everything fits but what they say.
fn made(bodies: &[String]) -> Vec<u8> {
    use ed25519_dalek::{Signer, SigningKey};
    let key = SigningKey::from_bytes(&[9; 32]);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let public = hex(key.verifying_key().as_bytes());
    let count = bodies.len();
    let mut text = format!(
        "{{\"casebook_bundle\":1,\"case\":\"x\",\"author\":\"eve\",\"key\":\"{public}\",\"made\":\"\",\
         \"operations\":{count},\"heads\":[],\"since\":null,\"needs\":[]}}\n"
    );
    for body in bodies {
        let id = Sha256::of(body.as_bytes());
        let signature = hex(&key.sign(&id.0).to_bytes());
        text += &format!("{{\"id\":\"{id}\",\"signature\":\"{signature}\",\"body\":{body}}}\n");
    }
    let sum = Sha256::of(text.as_bytes());
    let signature = hex(&key.sign(&sum.0).to_bytes());
    text += &format!("{{\"end\":{count},\"sha256\":\"{sum}\",\"signature\":\"{signature}\"}}\n");
    text.into_bytes()
}

/// The body of an operation by the same hand.
fn body(lamport: u64, parents: &[Sha256], action: &str) -> String {
    let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let key: String =
        key.verifying_key().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let parents: Vec<String> = parents.iter().map(|id| format!("\"{id}\"")).collect();
    format!(
        "{{\"v\":1,\"writer\":\"{}\",\"parents\":[{}],\"lamport\":{lamport},\"wall\":5,\
         \"author\":\"eve\",\"key\":\"{key}\",\"action\":{action}}}",
        "01".repeat(16),
        parents.join(",")
    )
}

#[test]
fn what_no_casebook_writes_is_refused_whoever_signed_it() {
    let to = Copy::new(&[1, 2], ("mara", 8));
    to.act(1, 3);
    let drop_search = format!("{{\"do\":\"search_drop\",\"search\":\"{}\"}}", Sha256([1; 32]));
    let save = |name: &str| format!("{{\"do\":\"search_save\",\"name\":{name:?},\"query\":\"x\"}}");
    let first = body(1, &[], &save("a"));
    let id = Sha256::of(first.as_bytes());
    let check = |bodies: &[String], expected: &str| check_refused(&to, &made(bodies), expected);
    // It would be the last word for ever, and leave no number for the next one.
    check(&[body(u64::MAX, &[], &save("a"))], "its place in the order");
    check(&[first.clone(), body(1, &[id], &save("b"))], "line");
    check(&[first.clone(), body(3, &[id], &save("b"))], "line 3: its place in the order");
    check(&[body(2, &[Sha256([5; 32])], &save("a"))], "1 operations that it builds on are not in");
    check(
        &[body(1, &[], "{\"do\":\"launch\",\"what\":1}")],
        "line 2: it does something that this program does not know",
    );
    check(&[first.replace("\"v\":1", "\"v\":2")], "line 2: it has the version 2");
    check(&[first.replace("\"wall\":5", "\"wall\":5,\"new\":1")], "line 2: something stands in it");
    check(&[first.replace("\"wall\":5", "\"wall\": 5")], "line 2: something stands in it");
    check(&[first.replace("\"wall\":5", "\"wall\":-5")], "line 2: its time");
    check(
        &[first.replace("\"eve\"", &format!("\"{}\"", "e".repeat(1001)))],
        "line 2: the author's name",
    );
    let undo = format!("{{\"do\":\"revoke\",\"operation\":\"{}\"}}", Sha256([1; 32]));
    check(&[body(1, &[], &undo)], "line 2: it names an operation that it cannot have known");
    check(&[body(1, &[], &drop_search)], "line 2: it names an operation that it cannot have known");
    assert_eq!(to.take(&made(&[first])).new, 1);
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
    assert_eq!(did, [("changes of notes", 1), ("marked as read", 2), ("marked as starred", 1)]);
    assert_eq!(merged.both.len(), 1);
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

#[test]
fn a_bundle_may_begin_late_and_then_needs_what_came_before() {
    let from = Copy::new(&[1, 2], ("lin", 7));
    from.act(1, 1);
    let to = Copy::new(&[1, 2], ("mara", 8));
    to.take(&from.bundle(""));
    let mut ids = Vec::new();
    from.case.each_entry(|entry| Ok::<_, CaseError>(ids.push(entry.id.to_string()))).unwrap();
    from.act(1, 2);
    from.act(4, 2);
    let rest = from.bundle(&ids[0][..8]);
    let merged = to.take(&rest);
    assert_eq!((merged.new, merged.known), (2, 0));
    assert_eq!(to.take(&from.bundle("1970-01-02")).known, 3);
    assert_eq!(to.take(&from.bundle("2999-01-01T10:00")).known, 0);
    let third = Copy::new(&[1, 2], ("tom", 1));
    check_refused(&third, &rest, "was cut off before");
    let none = Copy::new(&[], ("tom", 1));
    for bad in ["yesterday", "2026-13-01", "abc", &"0".repeat(64)] {
        let error = none.case.write_bundle(bad, &mut Vec::new()).unwrap_err();
        assert!(matches!(error, CaseError::Since(_)), "{bad}");
    }
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
