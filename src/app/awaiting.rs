//! What the reader waits for, once that takes so long that it is worth a word.

use super::App;
use super::data::Purpose;
use super::event::Effect;
use super::history::Open;

/// Rests after which it is said: some 300 ms.
const LONG: u8 = 3;

impl App {
    /// What shall be in the reader is on its way, or where it stands.
    fn is_reader_awaited(&self) -> bool {
        self.goal.is_some() && self.is_coming(Purpose::Reader)
            || self.sought.is_some() && self.is_coming(Purpose::Locate)
    }

    /// A rest passed.
    pub(super) fn await_reader(&mut self) {
        if self.is_reader_awaited() && self.rests_awaiting < LONG {
            self.rests_awaiting += 1;
            self.effects.push(Effect::Rest);
        }
    }

    /// What was waited for may have come.
    pub(super) fn check_awaited(&mut self) {
        if !self.is_reader_awaited() {
            self.rests_awaiting = 0;
        }
    }

    /// What the reader waits for, where that takes long: until it comes nothing else is shown in
    /// its place, least of all what was read before.
    pub fn awaits(&self) -> Option<String> {
        if self.rests_awaiting < LONG {
            return None;
        }
        let item = match (self.sought, self.open) {
            (Some((id, _)), _) => id.to_string(),
            (None, Some(Open::Document(id))) => id.to_string(),
            (None, Some(Open::Conversation(id))) => id.to_string(),
            (None, Some(Open::Page(page))) => page.item()?.to_string(),
            (None, None) => return None,
        };
        Some(format!("waiting for {item} …"))
    }
}
