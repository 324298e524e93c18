//! A desk that is killed while somebody types and acts: at most the last second of typing is lost,
//! and the journal is whole.

use crate::desk::{Desk, demo};
use crate::random::Random;
use casebook::case::{Access, Author, Case};
use std::path::Path;
use std::time::{Duration, Instant};

const KILLS: u64 = 20;

/// What may be lost.
const LAST: Duration = Duration::from_secs(1);

/// A word that stood on the screen, and when.
struct Typed {
    word: String,
    seen: Instant,
}

/// Acts, then writes until it is killed. Gives what was typed, and the longest time that a word
/// took to stand on the screen: on a busy machine the desk itself is late.
fn work_and_die(case: &Path, round: u64, random: &mut Random) -> (Vec<Typed>, Duration, Instant) {
    let mut desk = Desk::open(case);
    desk.wait_for("CASE");
    desk.press("1");
    desk.wait_for("1▸Documents");
    // Marks, some of them taken back: each is an operation that follows the one before.
    for _ in 0..random.below(12) {
        desk.press(["j", "k", " ", "s", "x", "u"][random.below(6) as usize]);
    }
    let mut typed: Vec<Typed> = Vec::new();
    let mut slowest = Duration::ZERO;
    desk.press("w");
    desk.wait_for("✎");
    for number in 0..=random.below(14) {
        if random.below(6) == 0 {
            // Kept as an operation; the next note is a new one.
            desk.press("\x1b");
            desk.wait("it was kept", |screen| !screen.contains('✎'));
            desk.press("w");
            desk.wait_for("✎");
        }
        let word = format!("r{round}w{number}青");
        let begun = Instant::now();
        // A line each, so that none is wrapped.
        desk.press(&format!("{word}\r"));
        desk.wait_for(&word);
        let seen = Instant::now();
        slowest = slowest.max(seen - begun);
        typed.push(Typed { word, seen });
        std::thread::sleep(Duration::from_millis(random.below(250)));
    }
    if random.below(2) == 0 {
        // In the middle of it.
        desk.press(["\x1b", "and more", "\x1bss"][random.below(3) as usize]);
        std::thread::sleep(Duration::from_micros(random.below(30_000)));
    }
    desk.signal("-KILL");
    let killed = Instant::now();
    desk.wait_until_dead();
    (typed, slowest, killed)
}

#[test]
fn killed_while_writing_loses_the_last_second_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let path = demo(folder.path());
    let mut random = Random::new();
    let mut operations = 0;
    for round in 0..KILLS {
        let (typed, slowest, killed) = work_and_die(&path, round, &mut random);
        let case = Case::open(&path, Access::Write).unwrap();
        case.set_author(Author::in_folder(&folder.path().join("config")).unwrap()).unwrap();
        let (count, damage) = case.check_journal().unwrap();
        assert_eq!(damage, [], "round {round}");
        assert!(count >= operations, "round {round}: operations are gone");
        operations = count;
        let drafts = case.drafts().unwrap();
        let open = drafts.iter().filter(|draft| draft.is_elsewhere).count();
        assert_eq!(open, 0, "round {round}: nobody writes on what was killed");
        let mut kept: String = drafts.into_iter().map(|draft| draft.text).collect();
        for row in case.notes(0..10_000).unwrap() {
            if let Some(note) = row.id.filter(|_| row.draft.is_none()) {
                kept.extend(case.note(note).unwrap().texts.into_iter().map(|text| text.text));
            }
        }
        for Typed { word, seen } in typed {
            let is_old = killed.saturating_duration_since(seen) > LAST + slowest;
            assert!(
                !is_old || kept.contains(&word),
                "round {round}: {word} stood there for {:?} and is lost (slowest {slowest:?})",
                killed - seen
            );
        }
    }
    assert!(operations > KILLS, "somebody acted");
}
