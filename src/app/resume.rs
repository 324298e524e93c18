//! Coming back to where one left off, and noticing what others do meanwhile.

use super::App;
use super::data::{Act, Purpose, Request};
use super::event::Effect;
use super::history::Left;
use super::view::View;
use crate::case::Pulse;
use std::time::Duration;

/// Counts of the whole case are taken again, and the search is run again, at the first change of its evidence, at every one of
/// so many after it, and when it has come to rest: they read much of it.
const COUNT_EVERY: u32 = 5;

/// The longest time between an act and the place being kept that it led to.
const KEEP: Duration = Duration::from_secs(4);

/// Failures in a row after which nobody looks any more: the case lies where only one may open it.
const MOST_FAILURES: u32 = 5;

#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    /// Others may change the case, and it is asked now and then whether they did.
    is_on: bool,
    /// What is shown is of this state.
    known: Pulse,
    /// Changes of the evidence since it was last still.
    changes: u32,
    /// Somebody pressed a key: where one left off is no place to be thrown to any more.
    is_touched: bool,
    /// Times in a row that it could not be asked.
    failures: u32,
    /// The place as it was last kept.
    kept: Option<Left>,
    /// It was said that places cannot be kept.
    is_warned: bool,
}

impl App {
    /// From now on: opens where one left off, and looks out for what others do after `pulse`, if
    /// there can be `others`.
    pub fn keep_up(&mut self, pulse: Pulse, resume: bool, others: bool) {
        self.watch.is_on = self.can_write && others;
        self.watch.known = pulse;
        self.is_news(pulse.journal);
        self.check_index();
        if resume {
            self.ask(Purpose::Resume, Request::Resume);
        }
        self.watch_on();
    }

    /// Others may have the case open beside this desk, and this desk beside itself.
    pub(super) fn keeps_up(&self) -> bool {
        self.watch.is_on
    }

    fn watch_on(&mut self) {
        if self.watch.is_on {
            let (since, is_settling) = (self.watch.known, self.watch.changes > 0);
            self.asked.remove(&Purpose::Watch);
            self.ask(Purpose::Watch, Request::Watch { since, is_settling });
        }
    }

    /// Somebody did something: where that leads to is kept after a while, so that a session that
    /// is killed comes back to near where it was.
    pub(super) fn touched(&mut self) {
        self.watch.is_touched = true;
        self.effects.push(Effect::Keep(KEEP));
    }

    /// Somebody changed the case, or it has come to rest.
    pub(super) fn changed(&mut self, pulse: Pulse) {
        self.watch.failures = 0;
        let before = std::mem::replace(&mut self.watch.known, pulse);
        if pulse.evidence != before.evidence {
            self.watch.changes += 1;
            if self.watch.changes % COUNT_EVERY == 1 && !self.is_first_count() {
                self.count_all();
            }
            // The search is run again with the counts, and not for every file of a large `add`.
            self.lists_again();
        } else if self.watch.changes > 0 && pulse == before && !self.is_first_count() {
            self.watch.changes = 0;
            self.count_all();
        }
        if self.is_news(pulse.journal) {
            self.show_news();
            self.count_again();
        }
        self.watch_on();
    }

    /// Looking out failed: somebody held the case for long. Each look waits a moment first.
    pub(super) fn watch_failed(&mut self) {
        self.watch.failures += 1;
        if self.watch.failures < MOST_FAILURES {
            self.watch_on();
        }
    }

    /// A zone is another one now: what is counted by time, and in which order messages stand.
    pub(super) fn clocks_changed(&mut self) {
        self.count_all();
        self.lists_again();
    }

    /// Whether nothing was counted yet and that is under way: to begin again with every file that an
    /// `add` brings would show nothing for long.
    fn is_first_count(&self) -> bool {
        self.status.is_none() && self.is_coming(Purpose::Status)
    }

    pub(super) fn count_all(&mut self) {
        self.asked.remove(&Purpose::Prepare);
        self.asked.remove(&Purpose::Status);
        self.ask(Purpose::Status, Request::Status);
        self.search_again();
        // What is made from all messages: accounts, days, sessions, what is left in worklists.
        self.people.renew();
        self.days.renew();
        self.forget_holds();
        self.forget_named();
        self.readers_are_stale = true;
        self.worklists_are_stale = true;
        if let Some(id) = self.sessions.as_ref().map(|sessions| sessions.id) {
            self.asked.remove(&Purpose::Sessions);
            self.ask(Purpose::Sessions, Request::Sessions(id));
        }
    }

    /// Opens where one left off, unless somebody has gone on already.
    pub(super) fn resume(&mut self, place: Option<&str>) {
        let Some(left) = place.and_then(|text| serde_json::from_str::<Left>(text).ok()) else {
            return;
        };
        if self.watch.is_touched {
            return;
        }
        self.watch.kept = Some(left.clone());
        let Left { place, back, is_folded } = left;
        self.history.resume(back);
        self.is_folded = is_folded;
        if place.view != View::Search && !place.query.is_empty() {
            self.search.query.clone_from(&place.query);
            self.search.input.set(&place.query);
            self.search.restart();
        }
        self.cut_lists(&place);
        self.arrive(place);
        self.places.clear();
    }

    /// The place could not be kept: what to say of it, the first time.
    pub(super) fn place_failed(&mut self, why: &str) -> Option<String> {
        let is_first = !std::mem::replace(&mut self.watch.is_warned, true);
        is_first.then(|| {
            format!("the desk will not open here next time, it cannot keep the place: {why}")
        })
    }

    /// Keeps where one is, when that is somewhere else than before.
    pub(super) fn keep_place(&mut self) {
        let (place, back) = (self.place(), self.history.way_back());
        let left = Left { place, back, is_folded: self.is_folded };
        if self.watch.kept.as_ref() == Some(&left) {
            return;
        }
        if let Ok(text) = serde_json::to_string(&left) {
            self.watch.kept = Some(left);
            self.act(Act::Leave(text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::data::Answer;
    use crate::app::event::Event;

    #[test]
    fn the_first_counts_are_waited_for_while_an_add_runs() {
        let mut app = App::new("qinghe", 80, 24);
        app.can_write = true;
        app.keep_up(Pulse::default(), false, true);
        let begun = app.begin();
        assert!(begun.iter().any(|effect| matches!(effect, Effect::Ask(Purpose::Status, _))));
        let mut answered = |purpose: Purpose, answer: Answer| {
            let effects = app.handle(Event::Answer(purpose, Box::new(Ok(Ok(answer)))));
            let is_count = |effect: &Effect| matches!(effect, Effect::Ask(Purpose::Status, _));
            effects.iter().any(is_count)
        };
        let pulse = |evidence| Answer::Changed(Pulse { evidence, journal: 0 });
        for evidence in 1..20 {
            assert!(!answered(Purpose::Watch, pulse(evidence)), "it is under way: {evidence}");
        }
        assert!(!answered(Purpose::Watch, pulse(19)), "and it came to rest before");
        assert!(!answered(Purpose::Status, Answer::Status(Box::default())));
        assert!(answered(Purpose::Watch, pulse(19)), "what came meanwhile is counted");
    }
}
