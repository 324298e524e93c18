//! The zones of the sample's exports: what the list of assumed ones holds, what setting one
//! changes, and that taking it back leaves nothing behind.

use crate::ingest::{add_path, options};
use crate::sample::root;
use casebook::case::{Author, Case, DocumentFilter, Lacking, ZoneStatus};
use casebook::model::DocumentId;
use std::collections::BTreeMap;

fn sample() -> (tempfile::TempDir, Case) {
    let dir = tempfile::tempdir().unwrap();
    let case = Case::create(&dir.path().join("demo.case")).unwrap();
    add_path(&case, &root(), &options());
    case.set_author(Author::with_key("lin", [7; 32])).unwrap();
    (dir, case)
}

fn assumed(case: &Case) -> Vec<DocumentId> {
    let lacking = Some(Lacking::Zone);
    let filter = DocumentFilter { lacking, ..DocumentFilter::default() };
    case.documents(&filter, 0..1000).unwrap().into_iter().map(|row| row.id).collect()
}

/// Every message with its clock and its place in its conversation.
fn order(case: &Case) -> BTreeMap<i64, (Option<String>, u64)> {
    let chats = case.conversations(0..1000).unwrap();
    let messages =
        chats.into_iter().flat_map(|row| case.messages(row.id, 0..row.messages).unwrap());
    messages.map(|message| (message.id.0, (message.time, message.position))).collect()
}

#[test]
fn zones_are_set_alone_or_together_and_taken_back() {
    let (_dir, case) = sample();
    let waiting = assumed(&case);
    assert_eq!(waiting.len() as u64, case.status().unwrap().zones_assumed);
    let before = order(&case);
    // The one with the most others like it.
    let clocks: Vec<_> = waiting.iter().map(|id| case.export_clock(*id).unwrap()).collect();
    let first = clocks.iter().max_by_key(|clock| clock.alike).unwrap().clone();
    assert!(first.alike > 1);
    let messages = case.document(first.id).unwrap().row.messages;
    assert_eq!(first.naive() + first.stated + first.undated, messages);

    let acted = case.set_zone(first.id, Some(-5 * 3600), "").unwrap();
    assert!(acted.is_clock);
    let set = case.export_clock(first.id).unwrap();
    assert_eq!((set.zone, set.status, set.found), (-5 * 3600, ZoneStatus::Set, first.found));
    assert_eq!(set.quarters, first.quarters, "the clock of the file is what it was");
    assert_eq!(assumed(&case).len(), waiting.len() - 1);
    let zones = |order: &BTreeMap<i64, (Option<String>, u64)>| {
        let ends = order.values().filter_map(|(time, _)| time.clone());
        ends.filter(|time| time.ends_with("-05:00")).count() as u64
    };
    assert_eq!(zones(&order(&case)), first.naive());

    case.set_zone_alike(first.id, -5 * 3600).unwrap();
    assert_eq!(assumed(&case).len() as u64, waiting.len() as u64 - 1 - first.alike);
    assert!(case.set_zone_alike(first.id, 0).is_err(), "no other one waits");
    let undone = case.undo().unwrap();
    assert!(undone.is_clock);
    assert_eq!(undone.words, format!("set the zone of {} exports", first.alike));
    assert_eq!(zones(&order(&case)), first.naive());
    case.undo().unwrap();
    assert_eq!(order(&case), before);
    assert_eq!(assumed(&case), waiting);
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
}

/// A small log of an office in China by a clock at UTC, and the hours that people slept.
fn log(number: u32, first_hour: u32) -> String {
    let mut file = String::from("| Time | From | To | Message |\n|---|---|---|---|\n");
    for at in 0..20 {
        let (hour, minute) = ((first_hour + at % 10) % 24, number + at);
        file.push_str(&format!(
            "| 2021-03-{number:02} {hour:02}:{minute:02}:00 | wxid_fict0a0001 | wxid_fict0b{number:04} | 好 |\n"
        ));
    }
    file
}

#[test]
fn small_files_of_one_source_tell_their_clock_together() {
    let dir = tempfile::tempdir().unwrap();
    let (leak, other) = (dir.path().join("leak"), dir.path().join("other"));
    std::fs::create_dir_all(&leak).unwrap();
    std::fs::create_dir_all(&other).unwrap();
    let case = Case::create(&dir.path().join("x.case")).unwrap();
    case.set_author(Author::with_key("lin", [7; 32])).unwrap();
    for number in 1..10 {
        std::fs::write(leak.join(format!("{number}.md")), log(number, 1)).unwrap();
    }
    std::fs::write(other.join("alone.md"), log(1, 9)).unwrap();
    add_path(&case, &leak, &options());
    add_path(&case, &other, &options());
    assert_eq!(assumed(&case).len(), 10, "too few to tell");

    let chosen = assumed(&case)[0];
    case.set_zone(chosen, Some(3600), "").unwrap();
    for number in 10..20 {
        std::fs::write(leak.join(format!("{number}.md")), log(number, 1)).unwrap();
    }
    add_path(&case, &leak, &options());
    let waiting = assumed(&case);
    let [alone] = &waiting[..] else { panic!("{waiting:?}") };
    assert!(case.export_clock(*alone).unwrap().path.ends_with("alone.md"), "another source");
    let filter = DocumentFilter::default();
    for row in case.documents(&filter, 0..1000).unwrap().iter().filter(|row| row.id != *alone) {
        let clock = case.export_clock(row.id).unwrap();
        assert!(clock.why.starts_with("over all its source: "), "{}", clock.why);
        assert_eq!(clock.found, (0, ZoneStatus::Inferred));
        let now = if row.id == chosen { ZoneStatus::Set } else { ZoneStatus::Inferred };
        assert_eq!(clock.status, now);
    }
    case.undo().unwrap();
    assert_eq!(case.export_clock(chosen).unwrap().status, ZoneStatus::Inferred);
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
}
