//! Notes and findings: written, graded, cited for and against.

use super::check::{at, check_place, check_shows};
use crate::app::view::{Pane, View};

#[test]
fn notes_are_written_beside_what_is_read() {
    // The message that the cursor is on is named; the note is kept when one leaves it.
    let played = at("2 enter j w \"青河 pays 川江\"");
    assert!(played.screen.contains("✎ a new note"), "{}", played.screen);
    assert!(played.screen.contains("[[M2]] 青河 pays 川江"), "{}", played.screen);
    assert!(played.cursor.is_some());
    let played = check_place("2 enter j w \"青河 pays\" esc", View::Chats, Pane::Reader);
    assert!(played.screen.contains("N3 is kept"), "{}", played.screen);
    // Beside the open note one goes on reading, and names more.
    let played = at("2 enter j w \"and \" shift-tab j w");
    assert!(played.screen.contains("[[M2]] and [[M3]] "), "{}", played.screen);
    let played = check_place("4 w \"x\" ctrl-z esc", View::Notes, Pane::List);
    assert!(played.screen.contains("nothing was written"), "{}", played.screen);
    let played = check_place("4 G k e \"!\" esc", View::Notes, Pane::List);
    assert!(played.screen.contains("N1 is kept"), "{}", played.screen);
    // A draft of an earlier sitting is gone on with.
    let played = at("4 G enter \"tence\"");
    assert!(played.screen.contains("half a sentence"), "{}", played.screen);
    // From where there is no margin, in the section of the notes.
    let played = at("w \"0 is typed\"");
    assert!(played.screen.contains("4▸Notes"), "{}", played.screen);
    assert!(played.screen.contains("0 is typed"), "{}", played.screen);
}

#[test]
fn what_is_typed_is_a_draft_at_once_and_survives_leaving() {
    let drafts = |keys: &str| {
        let played = at(keys);
        played.screen.lines().filter(|line| line.contains("✎ ")).count()
    };
    // The desk has one draft of an earlier sitting; resting keeps another.
    assert_eq!(drafts("4"), 1);
    assert_eq!(
        drafts("4 w \"beginning\" tab tab ctrl-l"),
        3,
        "the one that is written, and its draft"
    );
    assert_eq!(drafts("4 w \"beginning\" esc"), 1);
    assert!(at("4 w \"beginning\" tab tab q").app.writing.is_none(), "leaving keeps it");
}

/// What was set of notes, and which tags were given, as the keys did it.
fn set_by(keys: &str) -> String {
    at(keys).screen
}

#[test]
fn a_finding_is_graded_by_keys() {
    // The second note of the list is a finding.
    let played = at("4 j enter = s \"ref\" enter");
    assert!(played.screen.contains("called a finding refuted · u undoes it"), "{}", played.screen);
    assert!(played.screen.contains("finding · refuted"), "{}", played.screen);
    let screen = set_by("4 j enter = l \"unl\" enter = c \"high\" enter");
    assert!(screen.contains("likelihood unlikely (20-45%)"), "{screen}");
    assert!(screen.contains("confidence high"), "{screen}");
    // They are kept apart: one says nothing of the other.
    let screen = set_by("4 j enter = l \"none\" enter");
    assert!(
        !screen.contains("likelihood very") && screen.contains("confidence moderate"),
        "{screen}"
    );
    // A note becomes a finding and back; what is no claim has no standing.
    check_shows("4 G k = k \"fin\" enter", &["made a note a finding"], &[]);
    check_shows("4 G k = s", &["only findings have a standing"], &["WHERE IT STANDS"]);
    // An event is dated as vaguely as one knows.
    check_shows("4 j j j j = d \"2021-13\"", &["no date yet"], &[]);
    check_shows(
        "4 j j j j = d \"2021-03?\"",
        &["vague: 2021-03-01 00:00 to 2021-03-31 23:59"],
        &[],
    );
    check_shows("4 j j j j = d \"2021-03?\" enter", &["set the date 2021-03?"], &[]);
    check_shows("4 j j j = q \"who\" enter", &["put a note to a question"], &[]);
}

#[test]
fn citations_speak_for_and_against() {
    // In the margin of the finding, the third citation speaks against it.
    let played = at("4 j enter tab j j = g \"b2\" enter");
    assert!(played.screen.contains("graded a citation B2, it contradicts"), "{}", played.screen);
    let played = at("4 j enter tab -");
    assert!(
        played.screen.contains("for 1") && played.screen.contains("against 2"),
        "{}",
        played.screen
    );
    let played = at("4 j enter tab j j +");
    assert!(
        played.screen.contains("for 3") && played.screen.contains("against 0"),
        "{}",
        played.screen
    );
    check_shows("4 j enter tab = t \"con\" enter", &["it contradicts"], &[]);
    // Where it moved or broke is said beside it, and in the list.
    check_shows("4 j enter", &["moved in its text", "1 of 3 not as cited"], &[]);
    check_shows("4 enter tab", &["is now 2"], &[]);
}

#[test]
fn the_list_of_notes_is_cut_by_kind() {
    check_shows(
        "4 f \"event\" enter",
        &["NOTES 1/2 events", "N14", "N15"],
        &["Wei has", "Who pays? See"],
    );
    check_shows("4 f \"disp\" enter", &["NOTES 1/1 disputed"], &["N12"]);
    check_shows("4 f \"event\" enter a", &["NOTES 1/8", "N11"], &[]);
    // By a word, and then by kind as well.
    check_shows("4 f \"wei\" enter", &["NOTES 1/1 ~wei", "Wei has"], &["N14", "N15"]);
    check_shows("4 f \"wei\" enter f \"event\" enter", &["events · ~wei", "a shows all"], &[]);
    check_shows("4 f \"wei\" enter a", &["NOTES 1/8", "N11"], &[]);
    // An event of the timeline is read where it stands.
    let played = at("5");
    assert!(played.screen.contains("before the event"), "{}", played.screen);
    let played = check_place("5 enter", View::Timeline, Pane::Reader);
    assert!(played.screen.contains("the contract was signed (合同签订)"), "{}", played.screen);
}
