//! All records of one file at once, read in process: for tests of extractors and for looking at
//! one file while developing. No sandbox, so never for files of a case.

use super::chat::package::Claim;
use super::record::{Child, Conversation, Export, Key, Message, Outcome, Participant, Record};
use super::{Input, Limits, Stop, read};
use crate::model::State;
use crate::model::document::Part;
use std::io::Write;

/// What one file gave.
#[derive(Debug, Default)]
pub struct Collected {
    /// Id of the detected format.
    pub format: String,
    pub encoding: Option<String>,
    /// All text of all parts.
    pub text: String,
    /// With byte ranges into `text`.
    pub parts: Vec<Part>,
    pub pages_without_text: Vec<String>,
    pub meta: Vec<(Key, String)>,
    pub warnings: Vec<String>,
    pub children: Vec<Collection>,
    pub exports: Vec<Export>,
    pub participants: Vec<Participant>,
    pub conversations: Vec<Conversation>,
    pub messages: Vec<Message>,
    pub outcome: Option<Outcome>,
}

/// A child with its bytes.
#[derive(Debug)]
pub struct Collection {
    pub child: Child,
    pub bytes: Vec<u8>,
    /// `None` while it was not ended.
    pub end: Option<Result<(), (State, String)>>,
}

impl Collected {
    /// State at the end; `Failed` where there was none.
    pub fn state(&self) -> State {
        self.outcome.as_ref().map_or(State::Failed, |outcome| outcome.state)
    }

    pub fn reason(&self) -> &str {
        self.outcome.as_ref().map_or("", |outcome| &outcome.reason)
    }

    /// The first value of a metadata key.
    pub fn meta(&self, key: &Key) -> Option<&str> {
        self.meta.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }

    /// Text of a part.
    pub fn part_text(&self, part: &Part) -> &str {
        let range =
            usize::try_from(part.start).unwrap_or(0)..usize::try_from(part.end).unwrap_or(0);
        self.text.get(range).unwrap_or("")
    }

    /// Takes one record in.
    pub fn take(&mut self, record: Record) {
        let end = self.text.len() as u64;
        match record {
            Record::Format { id, .. } => self.format = id,
            Record::Encoding(name) => self.encoding = Some(name),
            Record::Part { kind, label, wrap, hidden, origin } => {
                self.parts.push(Part { kind, label, wrap, hidden, origin, start: end, end });
            }
            Record::Text(text) => {
                self.text.push_str(&text);
                if let Some(part) = self.parts.last_mut() {
                    part.end = self.text.len() as u64;
                }
            }
            Record::PageWithoutText { label } => self.pages_without_text.push(label),
            Record::Meta { key, value } => self.meta.push((key, value)),
            Record::Warning(text) => self.warnings.push(text),
            Record::ChildStart(child) => {
                self.children.push(Collection { child, bytes: Vec::new(), end: None });
            }
            Record::ChildBytes(bytes) => {
                if let Some(child) = self.children.last_mut() {
                    child.bytes.extend_from_slice(&bytes);
                }
            }
            Record::ChildEnd(result) => {
                if let Some(child) = self.children.last_mut() {
                    child.end = Some(result);
                }
            }
            Record::Export(export) => self.exports.push(export),
            Record::Zone(zone) => {
                if let Some(export) = self.exports.last_mut() {
                    export.zone = zone;
                }
            }
            Record::Participant(participant) => self.participants.push(participant),
            Record::Conversation(conversation) => self.conversations.push(conversation),
            Record::Message(message) => self.messages.push(*message),
            Record::Done(outcome) => self.outcome = Some(outcome),
        }
    }
}

/// What there is to say about a file beyond its bytes.
#[derive(Default)]
pub struct Hints<'a> {
    /// Its path; the name is the last part.
    pub path: &'a str,
    pub claim: Option<&'a Claim>,
    pub passwords: &'a [String],
    pub limits: Limits,
}

/// Detects and reads `bytes` as a file of this name.
pub fn collect(bytes: &[u8], path: &str) -> Collected {
    collect_with(bytes, &Hints { path, ..Hints::default() })
}

/// As [`collect`], with claim, passwords or limits.
pub fn collect_with(bytes: &[u8], hints: &Hints) -> Collected {
    let mut all = Collected::default();
    let outcome = run(bytes, hints, &mut all)
        .unwrap_or_else(|stop| Outcome { state: stop.state(), reason: stop.to_string() });
    all.take(Record::Done(outcome));
    all
}

fn run(bytes: &[u8], hints: &Hints, all: &mut Collected) -> Result<Outcome, Stop> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    let name = hints.path.rsplit('/').next().unwrap_or("");
    let mut input = Input::new(file, name, hints.path, hints.limits)?;
    input.claim = hints.claim;
    input.passwords = hints.passwords;
    read::read(&mut input, &mut |record| {
        all.take(record);
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_out_with_its_parts() {
        let all = collect("甲乙\n".as_bytes(), "a/b.txt");
        assert_eq!((all.format.as_str(), all.state()), ("txt", State::Read), "{all:?}");
        assert_eq!(all.text, "甲乙\n");
        assert_eq!(all.part_text(&all.parts[0]), "甲乙\n");
        assert_eq!(collect(b"", "empty.pdf").state(), State::Empty);
    }
}
