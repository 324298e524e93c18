//! Reports from the desk, through the production loop: what is asked for, shown, asked, written.

use super::check::{at, check_shows};
use super::fake_exports::{self, LEFT, TAKEN};
use super::stage::{events, play_events};
use crate::app::App;
use crate::app::data::{Purpose, Request};
use crate::app::event::{Effect, Event};
use crate::app::exporting::Form;
use crate::app::view::View;
use crate::tui::theme::Theme;

#[test]
fn nothing_is_written_before_it_was_shown() {
    check_shows(
        "4 X",
        &["what       everything", "write it", "3 entries, 5 claims, 4 footnotes", "### N12 青河"],
        &["written:"],
    );
    check_shows(
        "4 X enter",
        &[
            "written: /home/ana/qinghe-report.html, 8.2 KB",
            "casebook verify CASE --report",
            "write it again",
        ],
        &[],
    );
    // What is read there writes nothing: one line does.
    for down in 1..=6 {
        let keys = format!("4 X {}enter", "j ".repeat(down));
        check_shows(&keys, &["write it"], &["written:", "write it again"]);
    }
    check_shows("1 X", &["export everything"], &[]);
}

#[test]
fn what_is_asked_for_can_be_changed() {
    check_shows("4 X k k k k enter", &["WHAT IS IN IT", "questions and findings"], &[]);
    check_shows(
        "4 X k k k k enter \"fin\" enter",
        &["what       findings", "qinghe-findings.html"],
        &[],
    );
    check_shows(
        "4 X k k k k enter \"N12,N14\" enter",
        &["what       N12,N14", "N12-N14.html"],
        &[],
    );
    check_shows("4 X k k k enter \"docx\" enter", &["format     docx", "qinghe-report.docx"], &[]);
    check_shows(
        "4 X k enter ctrl-u \"a/给魏.md\" enter",
        &["format     md", "/home/ana/a/给魏.md"],
        &[],
    );
    check_shows(
        "4 X k k enter \"p/press.toml\" enter",
        &["redaction  press", "masked by the profile press"],
        &[],
    );
    check_shows(
        "4 X k k enter \"wrong.toml\" enter",
        &["the profile cannot be used"],
        &["write it"],
    );
    check_shows(
        "4 X k k k k enter \"timeline\" enter",
        &["there is nothing to report"],
        &["write it"],
    );
}

#[test]
fn notes_are_chosen_in_the_list() {
    check_shows("4 f \"finding\" enter X", &["what       listed notes", "qinghe-notes.html"], &[]);
    check_shows("4 v j j X", &["what       3 selected notes"], &[]);
    // What was selected then is not selected now.
    check_shows("4 v j X 4 X", &["what       everything"], &[]);
    check_shows("4 v j j # \"who\" enter", &["undoes it"], &[]);
}

#[test]
fn what_stands_there_is_replaced_only_after_a_question() {
    let take = format!("4 X k enter ctrl-u \"{TAKEN}\" enter");
    check_shows(&take, &["! it exists: whether to replace it is asked"], &[]);
    let asked = format!("{take} j enter");
    check_shows(&asked, &["/home/ana/there.md exists", "Replace it?"], &["written:"]);
    check_shows(&format!("{asked} esc"), &["write it"], &["written:"]);
    check_shows(&format!("{asked} enter"), &["written: "], &[]);
    let left = format!("4 X k enter ctrl-u \"{LEFT}\" enter j enter");
    check_shows(&left, &["NOT WRITTEN", "a protected name would still be in it"], &["written:"]);
    check_shows(&format!("{left} esc"), &["write it"], &["written:"]);
}

#[test]
fn what_was_changed_is_stayed_on_and_the_start_is_the_first_line() {
    // What follows is the next line, and not the writing of it.
    check_shows(
        "4 X g g enter \"fin\" enter j enter",
        &["FORMAT", "what       findings"],
        &["written:"],
    );
    check_shows("4 X j j g g enter", &["WHAT IS IN IT"], &["written:"]);
    // A name with a blank is one word at a prompt.
    check_shows(
        "4 X k enter ctrl-u \"rel name.md\" enter j enter",
        &["casebook verify CASE --report '/home/ana/rel name.md'"],
        &[],
    );
    // What a low screen had no room for is there again on a higher one.
    let mut script = events("4 X");
    script.extend([Event::Resize(80, 6), Event::Resize(80, 24)]);
    let played = play_events(80, 24, Theme::Dark, script);
    assert!(played.screen.contains("what       everything"), "{}", played.screen);
}

#[test]
fn a_report_that_was_left_is_not_among_the_notes() {
    let played = at("0 X esc 2 4");
    assert!(!played.screen.contains("what       everything"), "{}", played.screen);
    assert_eq!(at("0 X esc").app.view, View::Overview);
    let played = at("4 j 0 X esc 4");
    assert_eq!(played.app.notes.cursor, 1, "{}", played.screen);
}

#[test]
fn one_comes_back_from_it() {
    let played = at("4 j X ctrl-o");
    assert!(
        played.app.reader.is_page() && !played.screen.contains("what       "),
        "{}",
        played.screen
    );
    assert!(at("4 X ctrl-o >").screen.contains("what       everything"));
}

#[test]
fn what_is_being_written_can_be_stopped_and_is_not_left_by_a_slip() {
    let mut app = App::new("qinghe", 120, 40);
    let press = |app: &mut App, key: &str| app.handle(Event::Key(key.parse().unwrap()));
    let shows =
        |app: &App, words: &str| app.reader.lines().iter().any(|l| l.plain().contains(words));
    let writes = |effects: &[Effect]| {
        effects.iter().any(|effect| matches!(effect, Effect::Ask(Purpose::Export, _)))
    };
    press(&mut app, "X");
    assert!(shows(&app, "it is put together"));
    assert!(!writes(&press(&mut app, "enter")), "nothing is written that was not seen");
    let preview = fake_exports::answer(&Request::Preview(Form::new("qinghe"))).unwrap();
    app.handle(Event::Answer(Purpose::Reader, Box::new(Ok(preview))));
    assert!(writes(&press(&mut app, "enter")));
    assert!(shows(&app, "it is being written"));
    assert!(!writes(&press(&mut app, "enter")), "once is enough");
    assert!(!press(&mut app, "q").contains(&Effect::Quit));
    assert!(app.notice.as_ref().unwrap().text.contains("a report is being written"));
    assert!(press(&mut app, "esc").contains(&Effect::Cancel(Purpose::Export)));
    assert!(shows(&app, "write it"));
    assert!(press(&mut app, "q").contains(&Effect::Quit));
}
