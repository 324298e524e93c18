//! The index is brought up to the case while one reads: an `add` that was killed, another version
//! or a lost folder leave it behind. Searches say so until it is done, and are run again then.

use super::App;
use super::data::{Failure, Purpose, Request};

/// What is said of a search that the index cannot answer yet.
pub const CATCHING_UP: &str = "the index is being brought up to date";

impl App {
    /// The index is being brought up to date: what is found is not all of it.
    pub fn is_catching_up(&self) -> bool {
        self.search.is_catching_up
    }

    /// Asks whether searches find everything.
    pub(super) fn check_index(&mut self) {
        self.ask(Purpose::Index, Request::Index { bring_up: false });
    }

    /// Searches miss something: that is seen to, unless it is already, or cannot be.
    pub(super) fn mend_index(&mut self) {
        if self.keeps_up() && !self.is_gone && !self.search.is_catching_up {
            self.search.is_catching_up = true;
            self.asked.remove(&Purpose::Index);
            self.ask(Purpose::Index, Request::Index { bring_up: true });
        }
    }

    /// It is known whether the index has everything, or it was seen to.
    pub(super) fn index_answered(&mut self, bring_up: bool, is_current: bool) {
        match (bring_up, is_current) {
            (false, true) => {}
            (false, false) => self.mend_index(),
            (true, _) => {
                self.search.is_catching_up = false;
                // Where an `add` is at work it brings the index along, and its end is noticed.
                if is_current {
                    self.search_missed();
                    self.count_all();
                }
            }
        }
    }

    pub(super) fn index_failed(&mut self, failure: &Failure) {
        if std::mem::take(&mut self.search.is_catching_up) {
            let why = &failure.message;
            self.say(format!("searches miss what is new, the index stays behind: {why}"), true);
        }
    }

    /// What could not be searched for is asked once more.
    fn search_missed(&mut self) {
        self.search.failure.take_if(|failure| failure.is_of_index);
        self.asked.remove(&Purpose::NearMisses);
        self.asked.remove(&Purpose::Mentions);
        self.forget_named();
        self.search.wants_misses = true;
    }

    /// The index cannot answer, and that is being seen to: what to say of it.
    pub(super) fn awaits_index(&self, failure: &Failure) -> bool {
        failure.is_of_index && (self.is_catching_up() || self.is_coming(Purpose::Index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::data::Answer;
    use crate::app::event::{Effect, Event};
    use crate::case::{Pulse, SearchResult};

    fn answer(app: &mut App, purpose: Purpose, answer: Result<Answer, Failure>) -> Vec<Request> {
        let effects = app.handle(Event::Answer(purpose, Box::new(Ok(answer))));
        let asked = effects.into_iter().filter_map(|effect| match effect {
            Effect::Ask(_, request) => Some(request),
            _ => None,
        });
        asked.collect()
    }

    fn desk() -> App {
        let mut app = App::new("qinghe", 120, 40);
        app.can_write = true;
        app.keep_up(Pulse::default(), false, true);
        let begun = app.begin();
        let check = Request::Index { bring_up: false };
        assert!(begun.contains(&Effect::Ask(Purpose::Index, check)));
        app
    }

    const BRING_UP: Request = Request::Index { bring_up: true };

    #[test]
    fn a_current_index_is_left_alone() {
        let mut app = desk();
        let current = Answer::Index { bring_up: false, is_current: true };
        assert_eq!(answer(&mut app, Purpose::Index, Ok(current)), []);
        assert!(!app.is_catching_up());
    }

    #[test]
    fn what_could_not_be_searched_is_searched_when_the_index_is_there() {
        let mut app = desk();
        let behind = Answer::Index { bring_up: false, is_current: false };
        assert_eq!(answer(&mut app, Purpose::Index, Ok(behind)), [BRING_UP]);
        for key in ["/", "a"] {
            app.handle(Event::Key(key.parse().unwrap()));
        }
        let of_index = Failure { is_of_index: true, ..Failure::new("it is of another version") };
        answer(&mut app, Purpose::Search, Err(of_index));
        assert_eq!(app.search.summary(60).plain(), CATCHING_UP);
        let done = Answer::Index { bring_up: true, is_current: true };
        let asked = answer(&mut app, Purpose::Index, Ok(done));
        let is_search = |request: &Request| matches!(request, Request::Search { .. });
        assert!(asked.iter().any(is_search), "{asked:?}");
        assert!(asked.contains(&Request::Status));
        assert!(app.search.failure.is_none());
    }

    #[test]
    fn what_is_found_meanwhile_is_not_all() {
        let mut app = desk();
        let behind = Answer::Index { bring_up: false, is_current: false };
        answer(&mut app, Purpose::Index, Ok(behind));
        for key in ["/", "a"] {
            app.handle(Event::Key(key.parse().unwrap()));
        }
        let result = Box::new(SearchResult::default());
        let found = Answer::Search { query: "a".to_owned(), range: 0..1, result };
        answer(&mut app, Purpose::Search, Ok(found));
        let shown = app.search.summary(60).plain();
        assert!(shown.contains("so far") && shown.contains(CATCHING_UP), "{shown}");
        let failed = Failure::new("the disk is full");
        answer(&mut app, Purpose::Index, Err(failed));
        assert_eq!(app.search.summary(60).plain(), "nothing found");
        assert!(app.notice.as_ref().is_some_and(|notice| notice.is_bad));
    }

    /// An `add` that is killed while the desk is open.
    #[test]
    fn counts_that_find_the_index_behind_have_it_seen_to() {
        let mut app = desk();
        let current = Answer::Index { bring_up: false, is_current: true };
        answer(&mut app, Purpose::Index, Ok(current));
        let behind = || Answer::Status(Box::default());
        assert!(answer(&mut app, Purpose::Status, Ok(behind())).contains(&BRING_UP));
        assert!(!answer(&mut app, Purpose::Status, Ok(behind())).contains(&BRING_UP), "once");
        // Somebody else sees to it: it is not asked for again and again.
        let by_others = Answer::Index { bring_up: true, is_current: false };
        assert_eq!(answer(&mut app, Purpose::Index, Ok(by_others)), []);
        assert!(!app.is_catching_up());
    }
}
