//! Runs importers on bytes, for the tests of this folder.

use super::package::Claim;
use super::{Importer, find};
use crate::extract::record::{Conversation, Export, Message, Participant, Record};
use crate::extract::{Input, Limits, Out, Stop};
use std::io::Write;

/// What an importer wrote, sorted by kind.
#[derive(Default, Debug)]
pub(super) struct Read {
    pub(super) importer: &'static str,
    pub(super) exports: Vec<Export>,
    pub(super) participants: Vec<Participant>,
    pub(super) conversations: Vec<Conversation>,
    pub(super) messages: Vec<Message>,
    pub(super) warnings: Vec<String>,
    pub(super) text: String,
    pub(super) stop: Option<Stop>,
}

impl Read {
    pub(super) fn texts(&self) -> Vec<&str> {
        self.messages.iter().map(|message| message.text.as_str()).collect()
    }

    pub(super) fn handles(&self) -> Vec<&str> {
        let mut handles: Vec<&str> = self.participants.iter().map(|p| p.handle.as_str()).collect();
        handles.sort_unstable();
        handles.dedup();
        handles
    }

    pub(super) fn export(&self) -> &Export {
        assert_eq!(self.exports.len(), 1, "one export");
        &self.exports[0]
    }
}

pub(super) fn with_input<T>(
    bytes: &[u8],
    path: &str,
    claim: Option<&Claim>,
    run: impl FnOnce(&mut Input) -> T,
) -> T {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let name = path.rsplit('/').next().unwrap_or_default();
    let mut input = Input::new(file, name, path, Limits::default()).unwrap();
    input.claim = claim;
    run(&mut input)
}

/// The importer that recognises these bytes under a name that says nothing.
pub(super) fn recognised(bytes: &[u8]) -> Option<&'static str> {
    with_input(bytes, "q7x", None, |input| find(input).map(|importer| importer.id))
}

/// Reads a chat under this path; panics when no importer takes it.
pub(super) fn read_as(bytes: &[u8], path: &str, claim: Option<&Claim>) -> Read {
    with_input(bytes, path, claim, |input| {
        let importer: &Importer = find(input).expect("no importer recognised the file");
        let mut read = Read { importer: importer.id, ..Read::default() };
        let mut sink = |record: Record| {
            match record {
                Record::Export(export) => read.exports.push(export),
                Record::Zone(zone) => read.exports.last_mut().expect("an export").zone = zone,
                Record::Participant(participant) => read.participants.push(participant),
                Record::Conversation(conversation) => read.conversations.push(conversation),
                Record::Message(message) => read.messages.push(*message),
                Record::Warning(warning) => read.warnings.push(warning),
                Record::Text(text) => read.text.push_str(&text),
                _ => {}
            }
            Ok(())
        };
        let mut out = Out::new(&mut sink, Limits::default());
        let stop = (importer.import)(input, &mut out).and_then(|()| out.finish()).err();
        read.stop = stop;
        for (at, message) in read.messages.iter().enumerate() {
            assert_eq!(message.ordinal, at as u64, "ordinals count from 0");
            assert!(
                read.conversations.iter().any(|c| c.key == message.conversation),
                "conversation {:?} was announced",
                message.conversation
            );
        }
        read
    })
}

/// Reads these bytes if an importer takes them, whatever comes of it.
pub(super) fn survives(bytes: &[u8]) {
    if recognised(bytes).is_some() {
        read(bytes);
    }
}

/// Reads a chat under a name that says nothing.
pub(super) fn read(bytes: impl AsRef<[u8]>) -> Read {
    read_as(bytes.as_ref(), "q7x", None)
}

/// A file of the test data of this folder.
pub(super) fn data(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/data/extract/chat/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}
