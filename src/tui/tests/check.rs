//! What a test says of the desk: keys in, and where they lead or what is then on the screen.

use super::fake_journal::Journal;
use super::stage::{Played, play};
use crate::app::App;
use crate::app::event::{Effect, Event};
use crate::app::view::{Pane, View};
use crate::case::Pulse;
use crate::tui::theme::Theme;
use std::sync::Mutex;
use std::time::Duration;

pub(super) fn at(keys: &str) -> Played {
    play(120, 40, Theme::Dark, keys)
}

#[track_caller]
pub(super) fn check_place(keys: &str, view: View, focus: Pane) -> Played {
    let played = at(keys);
    assert_eq!((played.app.view, played.app.focus), (view, focus), "{}", played.screen);
    played
}

#[track_caller]
pub(super) fn check_shows(keys: &str, expected: &[&str], missing: &[&str]) -> Played {
    let played = at(keys);
    let screen = &played.screen;
    for text in expected {
        assert!(screen.contains(text), "{keys}: {text:?} is missing\n{screen}");
    }
    for text in missing {
        assert!(!screen.contains(text), "{keys}: {text:?} is there\n{screen}");
    }
    played
}

/// Hands an event to the desk and answers all that it asks. Gives back the timers that it wants.
pub(super) fn drive(app: &mut App, event: Event, journal: &Mutex<Journal>) -> Vec<Duration> {
    let mut timers = Vec::new();
    let mut effects = app.handle(event);
    while let Some(effect) = effects.pop() {
        match effect {
            Effect::Ask(purpose, request) => {
                let answer = super::fake::answer(request, journal);
                effects.extend(app.handle(Event::Answer(purpose, Box::new(Ok(answer)))));
            }
            Effect::Dwell(time) => timers.push(time),
            _ => {}
        }
    }
    timers
}

/// A desk that is told where somebody left off.
pub(super) fn reopened(journal: &Mutex<Journal>) -> App {
    reopened_at((120, 40), journal)
}

/// The same on a screen of this size.
pub(super) fn reopened_at((width, height): (u16, u16), journal: &Mutex<Journal>) -> App {
    let mut app = App::new("qinghe", width, height);
    app.keep_up(Pulse::default(), true, true);
    let mut effects = app.begin();
    while let Some(effect) = effects.pop() {
        if let Effect::Ask(purpose, request) = effect {
            let answer = super::fake::answer(request, journal);
            effects.extend(app.handle(Event::Answer(purpose, Box::new(Ok(answer)))));
        }
    }
    app
}
