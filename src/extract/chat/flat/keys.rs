//! Which key of a record says what.

use crate::extract::chat::json::text;
use crate::extract::chat::stamp;
use crate::extract::chat::table::columns::{Role, role};
use crate::model::Stamp;
use serde_json::Value;

/// Which key plays which part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) time: String,
    pub(super) from: String,
    pub(super) to: Option<String>,
    pub(super) room: Option<String>,
    pub(super) body: String,
}

impl Keys {
    pub(super) fn of(value: &Value) -> Option<Keys> {
        let object = value.as_object()?;
        let mut found: [Option<&String>; 5] = [None; 5];
        for key in object.keys() {
            let slot = match role(key) {
                Some(Role::Time) => 0,
                Some(Role::From) => 1,
                Some(Role::To) => 2,
                Some(Role::Room) => 3,
                Some(Role::Message) => 4,
                // A subject makes it mail, an amount a ledger.
                Some(Role::Foreign) => return None,
                _ => continue,
            };
            found[slot].get_or_insert(key);
        }
        let [time, from, to, room, body] = found.map(|key| key.cloned());
        let keys = Keys { time: time?, from: from?, to, room, body: body? };
        if keys.to.is_none() && keys.room.is_none() {
            return None;
        }
        let flat = [&keys.from, &keys.body].iter().all(|key| is_scalar(object.get(*key)));
        (flat && keys.time(value).is_some()).then_some(keys)
    }

    /// Whether this value has these keys (a value of a record may be missing, not its time).
    pub(super) fn fit(&self, value: &Value) -> bool {
        value.get(&self.time).is_some() && value.get(&self.from).is_some()
    }

    pub(super) fn time(&self, value: &Value) -> Option<Stamp> {
        let text = text(value, &self.time);
        stamp::iso(&text).or_else(|| stamp::epoch(&text))
    }

    /// All of them, that of the time first.
    pub(super) fn names(&self) -> Vec<&str> {
        let optional = [self.to.as_deref(), self.room.as_deref()].into_iter().flatten();
        [self.time.as_str(), &self.from, &self.body].into_iter().chain(optional).collect()
    }
}

fn is_scalar(value: Option<&Value>) -> bool {
    value.is_none_or(|value| !value.is_object() && !value.is_array())
}
