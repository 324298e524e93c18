//! Keys that were typed ahead and come as one: they do what they do one by one.

use super::quick::Slow;
use crate::app::view::View;
use crate::tui::draw;
use crate::tui::theme::Theme;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

pub(super) fn screen(slow: &Slow) -> String {
    let (width, height) = slow.app.size;
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw::screen(frame, &slow.app, Theme::Monochrome)).unwrap();
    terminal.backend().to_string().replace("Hidden by multi-width symbols", "")
}

/// Where keys lead: as one read, and one by one with everything settled in between.
/// Lines of the screen that differ; `None` where the case said no to something, after which what was
/// typed ahead is not done.
fn differences(size: (u16, u16), keys: &[&str]) -> Option<String> {
    let (mut ahead, mut one_by_one) = (Slow::of(size.0, size.1), Slow::of(size.0, size.1));
    for key in keys {
        ahead.press(key);
        one_by_one.press(key).settle();
    }
    ahead.settle();
    // What was said last is said for the key that was pressed last, whenever it comes.
    (ahead.app.notice, one_by_one.app.notice) = (None, None);
    if ahead.app.view == View::Search && ahead.app.search.is_blank() {
        // Beside an empty line stands what was read last: the rest of a list may not have come.
        assert_eq!(one_by_one.app.view, View::Search);
        return Some(String::new());
    }
    let (left, right) = (screen(&ahead), screen(&one_by_one));
    // The preview of a search says nothing of sessions unless they were looked up before.
    let is_session = |line: &str| {
        let mut days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].iter();
        ahead.app.view == View::Search
            && (days.any(|day| line.contains(&format!("── {day} "))) || line.contains("─ C1 lin"))
    };
    let lines = left.lines().zip(right.lines());
    let lines = lines.filter(|(left, right)| left != right && !is_session(left));
    let lines = lines.map(|(left, right)| format!("ahead      {left}\none by one {right}\n"));
    (!ahead.has_failed && !one_by_one.has_failed).then(|| lines.collect())
}

#[track_caller]
fn check(keys: &str) {
    let parts: Vec<&str> = keys.split_whitespace().collect();
    for size in [(160, 40), (80, 24)] {
        let found = differences(size, &parts);
        assert!(found.as_deref() == Some(""), "{keys} on {size:?}\n{}", found.unwrap_or_default());
    }
}

#[test]
fn keys_typed_ahead_do_what_they_do_one_by_one() {
    for keys in [
        // A filter, and what it leaves.
        "1 f \"合同\" enter enter",
        "1 f \"合同\" enter enter j j",
        "1 S enter",
        "1 S R j enter",
        "1 G T j enter j",
        "1 T G x k x",
        "2 S enter j j",
        "2 S S j enter",
        "2 f \"川\" enter enter j",
        "2 enter G k esc j",
        "2 enter esc j space enter j space enter",
        "2 enter esc esc f \"川\" enter enter",
        "5 j enter j enter",
        "5 ] j enter j enter",
        "5 j j enter j j enter ctrl-o ctrl-o j",
        "3 enter j enter j",
        "3 S j enter j enter",
        "4 j enter j enter",
        "4 j enter = s \"ref\" enter j",
        "4 G k e \"!\" esc j enter",
        "4 j D enter j D enter",
        "0 tab tab j enter j",
        "/ \"青河\" enter j j j enter ctrl-o",
        "/ \"青河\" enter j j j enter j j x ctrl-o j enter",
        "/ \"青河\" enter S j enter",
        "/ \"青河\" down down enter enter",
        "/ \"青河\" tab j enter j enter",
        "/ \"青河\" enter M space enter j enter",
        "1 j enter \\ \"pa\" enter n n",
        "2 enter \\ \"青河\" enter n n N",
        "2 enter g d \"2022-03-07\" enter j enter",
        "2 enter U j x",
        "1 U U x",
        ": \"M8\" enter j x esc j enter",
        ": \"C1\" enter } }",
        ": \"M8\" enter } } x",
        "1 j # \"who\" enter j # \"who\" enter",
        "1 j x u ctrl-r j x u",
        "1 j enter 2 enter j ctrl-o j ctrl-o j",
        "1 enter j esc j S",
        "3 ctrl-o w esc 4",
        "3 c shift-tab enter c tab j",
        "2 enter ctrl-o space enter >",
        "0 c tab",
        "2 enter j shift-tab 3 ctrl-o k",
        "/ \"青河\" enter ctrl-d shift-tab w",
        "4 1 2 4 U",
        "3 \"2\" enter esc j h",
        "0 \"2\" enter tab g d",
        "/ \"青河\" enter c esc >",
        "/ \"青河\" enter j j 1 / ctrl-r",
    ] {
        check(keys);
    }
}

const POOL: [&str; 60] = [
    "j",
    "j",
    "j",
    "k",
    "enter",
    "enter",
    "enter",
    "esc",
    "tab",
    "shift-tab",
    "h",
    "l",
    "G",
    "g g",
    "1",
    "2",
    "3",
    "4",
    "5",
    "/",
    "\"青河\"",
    "\"合同\"",
    "\"pa\"",
    "f",
    "S",
    "R",
    "T",
    "n",
    "N",
    "]",
    "[",
    "}",
    "{",
    "space",
    "x",
    "s",
    "M space",
    "M x",
    "U",
    "u",
    "ctrl-r",
    "ctrl-o",
    ">",
    "a",
    "c",
    "w",
    "m",
    "v",
    "y",
    "i",
    "\\",
    "g d",
    "g l",
    "\"2\"",
    "ctrl-d",
    "ctrl-u",
    "#",
    "=",
    "e",
    "t",
];

/// Where the keys begin.
const FROM: [&str; 8] = ["0", "1", "2", "3", "4", "5", "/ \"青河\" enter", "2 enter"];

const SIZES: [(u16, u16); 3] = [(120, 30), (80, 24), (160, 50)];

/// As many cases as cost some seconds, the same ones each time. `PROPTEST_CASES` and
/// `PROPTEST_RNG_SEED` look at more and at others.
fn config() -> ProptestConfig {
    let is_set = |name| std::env::var_os(name).is_some();
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if !is_set("PROPTEST_CASES") {
        config.cases = 500;
    }
    if !is_set("PROPTEST_RNG_SEED") {
        config.rng_seed = RngSeed::Fixed(3);
    }
    // Where the case says no there is nothing to compare.
    config.max_global_rejects = config.cases * 4;
    config
}

/// What finds a failure again.
fn again() -> String {
    let config = config();
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => format!("PROPTEST_RNG_SEED={seed}"),
        RngSeed::Random => "a seed of its own".to_owned(),
    };
    format!("{seed} PROPTEST_CASES={}", config.cases)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_is_typed_ahead_does_what_it_does_one_by_one(
        section in 0..FROM.len(),
        size in 0..SIZES.len(),
        keys in prop::collection::vec(0..POOL.len(), 1..14),
    ) {
        let mut typed = vec![FROM[section]];
        typed.extend(keys.into_iter().map(|key| POOL[key]));
        let found = differences(SIZES[size], &typed);
        prop_assume!(found.is_some());
        let found = found.unwrap_or_default();
        prop_assert!(
            found.is_empty(),
            "{} on {:?}\nwith {}\n{found}",
            typed.join(" "),
            SIZES[size],
            again(),
        );
    }
}
