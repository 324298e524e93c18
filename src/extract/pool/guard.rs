//! What a worker may say: the order and the amounts of its records, checked in the process that
//! holds the case. A worker that a file has taken over can send any bytes that decode.

use crate::extract::record::{Record, TEXT_RECORD};
use crate::extract::{Limits, format};

/// Follows the records of one file.
pub(super) struct Guard {
    limits: Limits,
    text: u64,
    child_bytes: u64,
    children: u64,
    /// Parts, pages, metadata, warnings, participants, conversations: each is a row in the case.
    small: u64,
    messages: u64,
    begun: bool,
    pub in_child: bool,
}

/// Most rows that one file may make apart from messages and children.
const MOST_SMALL: u64 = 4_000_000;

/// Most messages of one file: over ten times the largest export that is known.
const MOST_MESSAGES: u64 = 20_000_000;

/// A path in a container, a label, a name: longer ones are not believed.
const LONGEST_NAME: usize = 64 * 1024;

impl Guard {
    pub fn new(limits: Limits) -> Self {
        Guard {
            limits,
            text: 0,
            child_bytes: 0,
            children: 0,
            small: 0,
            messages: 0,
            begun: false,
            in_child: false,
        }
    }

    /// Whether this record may follow what came before; if not, why.
    pub fn check(&mut self, record: &Record) -> Result<(), &'static str> {
        if !self.begun && !matches!(record, Record::Format { .. } | Record::Done(_)) {
            return Err("it did not begin with the format");
        }
        if self.in_child && !matches!(record, Record::ChildBytes(_) | Record::ChildEnd(_)) {
            return Err("a member was not ended");
        }
        match record {
            Record::Format { id, .. } => {
                if self.begun || format::find(id).is_none() {
                    return Err("a format that does not exist");
                }
                self.begun = true;
            }
            Record::Text(text) => {
                self.text += text.len() as u64;
                if text.len() > TEXT_RECORD {
                    return Err("a piece of text that is too long");
                }
            }
            Record::ChildStart(child) => {
                self.children += 1;
                self.in_child = true;
                if child.name.len() > LONGEST_NAME
                    || child.raw_name.as_ref().is_some_and(|name| name.len() > LONGEST_NAME)
                {
                    return Err("a member's name that is too long");
                }
            }
            Record::ChildBytes(bytes) => {
                self.child_bytes += bytes.len() as u64;
                if !self.in_child || bytes.len() > TEXT_RECORD {
                    return Err("bytes outside of a member");
                }
            }
            Record::ChildEnd(_) => {
                if !std::mem::replace(&mut self.in_child, false) {
                    return Err("an end without a member");
                }
            }
            Record::Message(message) => {
                self.messages += 1;
                self.text += message.text.len() as u64;
            }
            Record::Part { label, .. } | Record::PageWithoutText { label } => {
                self.small += 1;
                if label.len() > LONGEST_NAME {
                    return Err("a label that is too long");
                }
            }
            Record::Encoding(name) => {
                self.small += 1;
                if name.len() > LONGEST_NAME {
                    return Err("a name of an encoding that is too long");
                }
            }
            Record::Meta { .. }
            | Record::Warning(_)
            | Record::Export(_)
            | Record::Zone(_)
            | Record::Participant(_)
            | Record::Conversation(_) => self.small += 1,
            Record::Done(_) => {}
        }
        // NUL became three bytes after the worker counted: twice the limit and a bit is the bound.
        if self.text > self.limits.text.saturating_mul(3) {
            return Err("more text than the limit allows");
        }
        if self.children > self.limits.children.saturating_add(1)
            || self.child_bytes > self.limits.child_bytes.saturating_add(TEXT_RECORD as u64)
        {
            return Err("more members than the limit allows");
        }
        if self.small > MOST_SMALL || self.messages > MOST_MESSAGES {
            return Err("too many records");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Child, ChildRole, Key};
    use crate::model::State;

    fn child() -> Record {
        Record::ChildStart(Child {
            name: "a".to_owned(),
            raw_name: None,
            ordinal: 0,
            role: ChildRole::Member,
            modified: None,
            claimed_size: None,
        })
    }

    fn check(records: Vec<Record>, fine: bool) {
        let limits = Limits { text: 10, children: 1, child_bytes: 10, ..Limits::default() };
        let mut guard = Guard::new(limits);
        let verdict = records.iter().try_for_each(|record| guard.check(record));
        assert_eq!(verdict.is_ok(), fine, "{records:?} {verdict:?}");
    }

    #[test]
    fn order_and_amounts_are_checked() {
        let format = || Record::Format { id: "txt".to_owned(), version: 1 };
        let text = |count: usize| Record::Text("x".repeat(count));
        let end = || Record::ChildEnd(Err((State::Failed, "broken".to_owned())));
        check(vec![format(), text(10), child(), Record::ChildBytes(vec![0; 10]), end()], true);
        check(vec![text(1)], false);
        check(vec![format(), format()], false);
        check(vec![Record::Format { id: "no such".to_owned(), version: 1 }], false);
        check(vec![format(), text(40)], false);
        check(vec![format(), text(TEXT_RECORD + 1)], false);
        check(vec![format(), Record::ChildBytes(vec![0])], false);
        check(vec![format(), end()], false);
        check(vec![format(), child(), text(1)], false);
        check(vec![format(), child(), end(), child(), end(), child(), end()], false);
        let meta = Record::Meta { key: Key::Title, value: String::new() };
        check(vec![format(), meta], true);
    }
}
