//! Keys that come faster than answers, and than the rest after which reader and margin follow.

use super::check::at;
use super::fake_journal::Journal;
use super::stage::events;
use crate::app::App;
use crate::app::data::{Act, Purpose, Request};
use crate::app::event::{Effect, Event};
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};
use crate::model::{DocumentId, ItemId, MessageId};
use std::sync::Mutex;

/// A desk whose case answers only when it is told to, and where time stands still until then.
pub(super) struct Slow {
    pub(super) app: App,
    journal: Mutex<Journal>,
    /// What is on its way: the last request of each purpose, as the jobs keep it.
    asked: Vec<(Purpose, Request)>,
    rests: bool,
    /// What was written.
    acts: Vec<Act>,
    /// The case said no to something.
    pub(super) has_failed: bool,
}

impl Slow {
    fn new() -> Self {
        Slow::of(160, 40)
    }

    pub(super) fn of(width: u16, height: u16) -> Self {
        let mut app = App::new("qinghe", width, height);
        let effects = app.begin();
        let mut slow = Slow {
            app,
            journal: Mutex::default(),
            asked: Vec::new(),
            rests: false,
            acts: Vec::new(),
            has_failed: false,
        };
        slow.take(effects);
        slow.settle();
        slow
    }

    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask(purpose, request) => {
                    self.asked.retain(|(other, _)| *other != purpose);
                    if let Request::Act(act) = &request {
                        self.acts.push(act.clone());
                    }
                    self.asked.push((purpose, request));
                }
                Effect::Cancel(purpose) => self.asked.retain(|(other, _)| *other != purpose),
                Effect::Rest => self.rests = true,
                _ => {}
            }
        }
    }

    /// Keys one right after the other: nothing is answered and nobody rests.
    pub(super) fn press(&mut self, keys: &str) -> &mut Self {
        for event in events(keys) {
            let effects = self.app.handle(event);
            self.take(effects);
        }
        self
    }

    /// All that is on its way comes, but no time passes.
    pub(super) fn answer(&mut self) -> &mut Self {
        let mut answers = 0;
        while !self.asked.is_empty() {
            let (purpose, request) = self.asked.remove(0);
            answers += 1;
            assert!(answers < 10_000, "it asks on and on: {request:?}");
            let answer = super::fake::answer(request, &self.journal);
            self.has_failed |= answer.is_err();
            let effects = self.app.handle(Event::Answer(purpose, Box::new(Ok(answer))));
            self.take(effects);
        }
        self
    }

    /// Everything comes, and time passes.
    pub(super) fn settle(&mut self) -> &mut Self {
        self.answer();
        while std::mem::take(&mut self.rests) {
            let effects = self.app.handle(Event::Rested);
            self.take(effects);
            self.answer();
        }
        self
    }

    /// Nothing comes, and time passes.
    fn rest(&mut self) -> &mut Self {
        self.rests = false;
        let effects = self.app.handle(Event::Rested);
        self.take(effects);
        self
    }

    /// Position of the cursor of the conversation that is read.
    pub(super) fn position(&self) -> Option<u64> {
        match &self.app.reader {
            Reader::Chat(chat) => Some(chat.cursor),
            _ => None,
        }
    }

    fn document(&self) -> Option<i64> {
        match &self.app.reader {
            Reader::Text(text) => Some(text.document.row.id.0),
            _ => None,
        }
    }

    /// The items that the acts marked.
    fn marked(&self) -> Vec<ItemId> {
        let items = self.acts.iter().filter_map(|act| match act {
            Act::Mark { items, .. } => Some(items.to_vec()),
            _ => None,
        });
        items.flatten().collect()
    }
}

#[test]
fn what_the_reader_waits_for_is_said_where_it_takes_long() {
    let mut slow = Slow::new();
    slow.press("/ \"青河\" enter").settle();
    let before = slow.app.reader.title().plain();
    slow.press("j j j");
    for _ in 0..3 {
        assert_eq!(slow.app.awaits(), None, "{before} stays for a moment");
        slow.rest();
    }
    let words = slow.app.awaits();
    assert!(words.as_deref().is_some_and(|words| words.starts_with("waiting for M")), "{words:?}");
    let screen = super::ahead::screen(&slow);
    assert!(screen.contains("waiting for M"), "{screen}");
    assert!(!screen.contains(&before), "nothing of what was read before: {screen}");
    slow.settle();
    assert_eq!((slow.app.awaits(), slow.position()), (None, Some(1)));
    let mut slow = Slow::new();
    slow.press("1").settle().press("j enter").rest().rest().rest().rest();
    assert_eq!(slow.app.awaits().as_deref(), Some("waiting for D2 …"));
}

#[test]
fn a_session_is_opened_however_quickly() {
    let mut slow = Slow::new();
    slow.press("2").settle().press("enter").settle();
    slow.press("esc G k enter").settle();
    assert_eq!(slow.position(), Some(10), "the third session");
    assert_eq!(slow.app.sessions.as_ref().unwrap().cursor, 2);
    // Leaving for the reader is opening as well.
    slow.press("esc g g tab").settle();
    assert_eq!(slow.position(), Some(0));
    // In the session that is read, one stays at one's message.
    slow.press("j j esc").settle().press("enter").settle();
    assert_eq!(slow.position(), Some(2));
}

#[test]
fn the_preview_is_of_the_row_that_one_left() {
    let found = || {
        let mut slow = Slow::new();
        slow.press("/ \"青河\" enter").settle();
        slow
    };
    // To the preview: the message of the row, not the document of the first.
    let mut slow = found();
    slow.press("j j j j tab").settle();
    assert_eq!((slow.app.focus, slow.position()), (Pane::Preview, Some(7)));
    // Opened and come back to.
    let mut slow = found();
    slow.press("j j j j enter ctrl-o").settle();
    assert_eq!((slow.app.view, slow.app.search.results.cursor), (View::Search, 4));
    assert_eq!(slow.position(), Some(7));
    let mut slow = found();
    slow.press("j j j j enter").settle().press("ctrl-o").settle();
    assert_eq!((slow.app.view, slow.position()), (View::Search, Some(7)));
    // Before the results were there at all.
    let mut slow = Slow::new();
    slow.press("/ \"青河\" enter tab").settle();
    assert_eq!((slow.app.focus, slow.document()), (Pane::Preview, Some(1)));
}

#[test]
fn a_list_that_was_left_before_the_rest_is_followed() {
    let mut slow = Slow::new();
    slow.press("1").settle().press("j tab").settle();
    assert_eq!((slow.app.focus, slow.document()), (Pane::Reader, Some(2)));
    // To another section and back.
    slow.press("esc").settle().press("g g 2").settle().press("1").settle();
    assert_eq!((slow.app.documents.cursor, slow.document()), (0, Some(1)));
    // Before the list was there.
    let mut slow = Slow::new();
    slow.press("1 tab").settle();
    assert_eq!((slow.app.focus, slow.document()), (Pane::Reader, Some(1)));
    let mut slow = Slow::new();
    slow.press("3").settle().press("j tab").settle();
    assert!(matches!(slow.app.reader, Reader::Page(_)));
}

#[test]
fn a_key_acts_on_what_one_goes_to_and_waits_for_it() {
    let mut slow = Slow::new();
    slow.press("/ \"青河\" enter").settle();
    slow.press("j j j j tab s");
    assert_eq!(slow.marked(), [], "it is not there yet");
    slow.settle();
    assert_eq!(slow.marked(), [ItemId::Message(MessageId(8))]);
    // The keys after it keep their order.
    let mut slow = Slow::new();
    slow.press("1").settle().press("j tab x g g esc").settle();
    assert_eq!(
        (slow.marked(), slow.app.focus),
        (vec![ItemId::Document(DocumentId(2))], Pane::List)
    );
    // Once they have waited for long, esc takes back what has not been done.
    let mut slow = Slow::new();
    slow.press("1").settle().press("j tab x g g");
    assert_eq!(slow.app.held_keys(), 0, "not worth a word yet");
    slow.rest();
    assert_eq!(slow.app.held_keys(), 3);
    slow.press("esc").settle();
    assert_eq!((slow.marked(), slow.app.focus), (vec![], Pane::Reader));
    // And leaving leaves.
    let mut slow = Slow::new();
    slow.press("1").settle().press("j tab x").rest();
    let effects = slow.app.handle(events("ctrl-c").remove(0));
    assert!(effects.contains(&Effect::Quit) || slow.app.is_writing());
    // What cannot be had is not waited for.
    let mut slow = Slow::new();
    slow.press("1").settle().press("j tab x");
    slow.asked.retain(|(purpose, _)| *purpose != Purpose::Reader);
    let failure = crate::app::data::Failure::new("it cannot be read".to_owned());
    let effects = slow.app.handle(Event::Answer(Purpose::Reader, Box::new(Ok(Err(failure)))));
    slow.take(effects);
    slow.settle();
    assert_eq!(slow.marked(), []);
}

#[test]
fn only_a_message_that_was_followed_is_gone_to() {
    // A worklist shows its results; what its first row previews is not gone to.
    let played = at("/ \"青河\" enter ctrl-s enter h G enter");
    assert_eq!((played.app.view, played.app.focus), (View::Search, Pane::Results));
    let played = at("/ \"青河\" enter h j enter");
    assert_eq!((played.app.view, played.app.focus), (View::Search, Pane::Results));
    // Whoever goes on while it is looked for goes on from there, and esc gives it up.
    let mut slow = Slow::new();
    slow.press("/ \"青河\" enter").settle().press("j j j enter j").settle();
    assert_eq!((slow.app.view, slow.position()), (View::Chats, Some(2)));
    slow.press("ctrl-o").settle().press("enter esc").rest().settle();
    assert_eq!((slow.app.view, slow.app.search.results.cursor), (View::Search, 3));
    // Typed ahead it leaves what was gone to.
    slow.press("enter esc").settle();
    assert_eq!((slow.app.view, slow.app.focus), (View::Chats, Pane::List));
}

#[test]
fn the_margin_is_about_the_message_under_the_cursor() {
    let about = |keys: &str| {
        let played = at(&format!("/ \"青河\" enter esc {keys}"));
        let Reader::Chat(chat) = &played.app.reader else { panic!("{}", played.screen) };
        let cursor = chat.current().unwrap().id;
        let margin: Vec<String> = played.app.margin.lines.iter().map(|line| line.plain()).collect();
        (cursor, margin.first().cloned().unwrap_or_default())
    };
    for keys in [
        // Opened at a message; come back to; left, come back to and gone forward again.
        ": \"M8\" enter",
        ": \"M8\" enter 0 ctrl-o",
        ": \"M8\" enter ctrl-o >",
        // A search in it that finds nothing, and that is given up.
        ": \"M8\" enter \\ \"zz\"",
        ": \"M8\" enter \\ \"zz\" esc",
    ] {
        let (cursor, margin) = about(keys);
        assert_eq!(cursor, MessageId(8), "{keys}");
        assert!(margin.starts_with("M8 "), "{keys}: {margin}");
    }
}

#[test]
fn the_margin_is_about_the_message_that_one_left_off_at() {
    let mut slow = Slow::new();
    slow.press(": \"M8\" enter").settle();
    let effects = slow.app.handle(Event::Terminate);
    slow.take(effects);
    slow.settle();
    let mut app = super::check::reopened(&slow.journal);
    super::check::drive(&mut app, Event::Rested, &slow.journal);
    let first = app.margin.lines.first().map(|line| line.plain()).unwrap_or_default();
    assert!(first.starts_with("M8 "), "{first}");
}

#[test]
fn a_search_in_the_text_jumps_when_its_answer_comes() {
    let mut slow = Slow::new();
    slow.press("1").settle().press("j enter").settle();
    slow.press("\\ \"pa\" enter").settle();
    let title = slow.app.reader.title().plain();
    assert!(title.contains(" · 1/2"), "{title}");
    // Not where it was given up before.
    let mut slow = Slow::new();
    slow.press("1").settle().press("j enter").settle();
    slow.press("\\ \"pa\" esc").settle();
    assert!(slow.app.find.is_none());
}

#[test]
fn a_search_in_a_conversation_jumps_whatever_comes_first() {
    for is_turned in [false, true] {
        let mut slow = Slow::new();
        slow.press("2").settle().press("enter").settle().press("g g").settle();
        slow.press("\\ \"青河的\"");
        if is_turned {
            slow.asked.reverse();
        }
        slow.answer().press("enter").settle();
        assert_eq!(slow.position(), Some(7), "turned: {is_turned}");
        let title = slow.app.reader.title().plain();
        assert!(title.contains("/1 for 青河的"), "{title}");
    }
}

#[test]
fn what_is_searched_in_a_text_is_marked_when_one_comes_back() {
    let mut slow = Slow::new();
    slow.press("1").settle().press("j enter").settle().press("\\ \"pa\" enter").settle();
    let effects = slow.app.handle(Event::Terminate);
    slow.take(effects);
    slow.settle();
    let app = super::check::reopened(&slow.journal);
    assert_eq!(app.marking(), "pa");
    let title = app.reader.title().plain();
    assert!(title.contains("1/2 for pa"), "on the occurrence that one stood on: {title}");
}

#[test]
fn a_tree_and_a_flat_list_have_one_cursor() {
    let mut slow = Slow::new();
    slow.press("1").settle().press("G").settle();
    let last = slow.app.documents.current().unwrap().row.id;
    for keys in ["T", "T", "T"] {
        // The list comes at once, the place in it later.
        slow.press(keys);
        slow.asked.sort_by_key(|(purpose, _)| *purpose == Purpose::Row);
        slow.settle();
        assert_eq!(slow.app.documents.current().unwrap().row.id, last);
        assert_eq!(slow.document(), Some(last.0));
    }
}

#[test]
fn the_overview_knows_what_was_just_seen() {
    let mut slow = Slow::new();
    slow.press("1").settle().press("j enter").settle();
    for _ in 0..10 {
        let effects = slow.app.handle(Event::Dwelt);
        slow.take(effects);
    }
    assert!(!slow.acts.iter().any(|act| matches!(act, Act::See(_))), "it is gathered");
    slow.press("0");
    assert!(slow.acts.iter().any(|act| matches!(act, Act::See(_))));
}

#[test]
fn the_way_back_is_kept_over_a_hangup() {
    let mut slow = Slow::new();
    slow.press("1").settle().press("j enter").settle().press("/ \"青河\" enter j").settle();
    let effects = slow.app.handle(Event::Terminate);
    slow.take(effects);
    slow.settle();
    let mut app = super::check::reopened(&slow.journal);
    assert_eq!((app.view, app.search.results.cursor), (View::Search, 1));
    for event in events("ctrl-o") {
        super::check::drive(&mut app, event, &slow.journal);
    }
    assert_eq!((app.view, app.focus), (View::Documents, Pane::Reader));
}

#[test]
fn a_margin_that_was_put_away_stays_away() {
    let mut slow = Slow::new();
    slow.press("1").settle().press("i").settle();
    assert!(slow.app.is_folded);
    let effects = slow.app.handle(Event::Terminate);
    slow.take(effects);
    slow.settle();
    // What was put away is kept, though the place is the same.
    assert!(super::check::reopened(&slow.journal).is_folded);
}
