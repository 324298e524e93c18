//! What was read from one file, packed small: it may wait for its turn to be written.

use super::date;
use crate::case::CaseError;
use crate::extract::record::{Conversation, Export, Message, Participant, ZoneGuess};
use crate::extract::{Outcome, Record};
use crate::files::Pile;
use crate::model::Sha256;
use crate::model::document::Part;
use crate::model::{PartKind, Wrap};
use crate::store::{
    Chunks, Compressor, Facts, MessageIdentity, NewDocument, Packing, StoreError, UNSETTLED,
};
use crate::text::language;
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Messages in one packed batch, and bytes of their texts.
const BATCH: usize = 512;
const BATCH_BYTES: usize = 4 << 20;
/// Bytes of messages that are packed at once: no more is unpacked.
const MOST_PACKED: usize = 32 << 20;
/// How a batch of messages begins: one that is packed with zstd, and one that is not.
const PACKED: u8 = b'z';
const PLAIN: u8 = b'p';
/// Parts of a text, and bytes of their labels. The text of further parts goes on in the last one,
/// further labels are left out.
const MOST_PARTS: usize = 1_000_000;
const MOST_LABELS: usize = 16 << 20;
/// Bytes of text that the language is judged by.
const SAMPLE: usize = 8 * 1024;

/// Bytes of a reason that are kept: some parsers print whole tables into theirs.
const LONGEST_REASON: usize = 400;

fn cut(reason: &str) -> &str {
    let mut end = reason.len().min(LONGEST_REASON);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    &reason[..end]
}

/// What a worker said about one file, children apart.
pub struct Reading {
    pub format: String,
    pub version: u32,
    pub encoding: String,
    pub outcome: Outcome,
    pub metadata: Vec<(String, String)>,
    pub warnings: Vec<String>,
    pub blank_pages: Vec<String>,
    pub(super) text: Option<PackedText>,
    pub(super) chat: Option<Box<Chat>>,
    /// The first kilobytes of the text, without the head of a mail: addresses and names of servers
    /// would outweigh a short letter.
    pub(super) sample: String,
    /// Those of the head.
    pub(super) head: String,
}

impl Reading {
    /// What the text is taken to be written in.
    pub(super) fn language(&self) -> &'static str {
        match language::of(&self.sample) {
            "" => language::of(&self.head),
            language => language,
        }
    }
}

pub(super) struct PackedText {
    pub chunks: Chunks,
    pub bytes: u64,
    pub lines: u64,
    pub sha256: Sha256,
    pub parts: Vec<Part>,
}

/// Messages of one export.
pub(super) struct Chat {
    pub export: Export,
    pub participants: Vec<Participant>,
    pub conversations: Vec<Conversation>,
    /// Postcard of up to [`BATCH`] messages each, behind a letter that says how it is packed.
    pub batches: Pile,
    pub count: u64,
    pub newest_first: bool,
}

impl Chat {
    /// All messages, in the order of the file.
    pub fn each(
        &self,
        mut each: impl FnMut(Message) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let failed = |error| StoreError::io("read packed messages again", error);
        self.batches.each(failed, |batch| {
            let unpacked = match batch.split_first() {
                Some((&PLAIN, plain)) => Cow::Borrowed(plain),
                Some((_, packed)) => Cow::Owned(crate::store::decompress(packed)?),
                None => Cow::default(),
            };
            let messages: Vec<Message> =
                postcard::from_bytes(&unpacked).map_err(|e| StoreError::Damaged(e.to_string()))?;
            messages.into_iter().try_for_each(&mut each)
        })
    }
}

impl Reading {
    /// A file or member that could not even be opened or hashed.
    pub fn unread(outcome: Outcome) -> Reading {
        Reading {
            format: "unknown".to_owned(),
            version: 0,
            encoding: String::new(),
            outcome,
            metadata: Vec::new(),
            warnings: Vec::new(),
            blank_pages: Vec::new(),
            text: None,
            chat: None,
            sample: String::new(),
            head: String::new(),
        }
    }

    /// As a row of the case; how many bytes it has is not known here.
    pub(super) fn as_document<'a>(
        &'a self,
        key: [u8; 32],
        language: &'a str,
        modified: Option<&str>,
    ) -> NewDocument<'a> {
        let best = date::best(&self.metadata, modified);
        NewDocument {
            key,
            has_bytes: false,
            size: 0,
            format: &self.format,
            extractor: self.version,
            state: self.outcome.state,
            reason: cut(&self.outcome.reason),
            language,
            date: best.map(|(stamp, _)| stamp),
            date_source: best.map_or("", |(_, source)| source),
            blank_pages: &self.blank_pages,
            warnings: &self.warnings,
            metadata: &self.metadata,
        }
    }

    /// What there is to compare with what is stored.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn facts(&self) -> Result<Facts, CaseError> {
        let encoding = if self.text.is_some() { self.encoding.as_str() } else { "" };
        Ok(Facts::of(&self.as_document([0; 32], "", None), encoding)?)
    }

    /// The clock of an export as it shows itself: seconds east of UTC and status. `None` where
    /// it is assumed, or found out by all exports of a source together.
    pub fn zone(&self) -> Option<(i64, &'static str)> {
        match &self.chat.as_ref()?.export.zone {
            ZoneGuess::Stated => Some((0, "stated")),
            ZoneGuess::Inferred { offset, .. } => Some((i64::from(*offset), "inferred")),
            ZoneGuess::Assumed => None,
        }
    }

    /// Number of messages.
    pub fn messages(&self) -> u64 {
        self.chat.as_ref().map_or(0, |chat| chat.count)
    }

    /// SHA-256 of the text, where there is one.
    pub fn text_digest(&self) -> Option<Sha256> {
        self.text.as_ref().map(|text| text.sha256)
    }

    /// Number of messages and the sum of `digest` over them; `None` when it is no export. Tables
    /// that do not say where they are from are taken for those of `platform`, if given.
    ///
    /// # Errors
    /// The packed messages do not unpack.
    pub fn message_digests(
        &self,
        platform: Option<&str>,
        digest: &dyn Fn(&MessageIdentity) -> i64,
    ) -> Result<Option<(u64, i64)>, CaseError> {
        let Some(chat) = &self.chat else { return Ok(None) };
        let mut sum = 0i64;
        self.each_digest(platform, digest, &mut |digest| sum = sum.wrapping_add(digest))?;
        Ok(Some((chat.count, sum)))
    }

    /// `digest` of each message, in the order of the file. `platform` as for
    /// [`Reading::message_digests`].
    pub(super) fn each_digest(
        &self,
        platform: Option<&str>,
        digest: &dyn Fn(&MessageIdentity) -> i64,
        each: &mut dyn FnMut(i64),
    ) -> Result<(), CaseError> {
        let Some(chat) = &self.chat else { return Ok(()) };
        let own = chat.export.platform.0.as_str();
        let platform = platform.filter(|_| own == UNSETTLED).unwrap_or(own);
        Ok(chat.each(|message| {
            each(digest(&MessageIdentity {
                platform,
                conversation: &message.conversation,
                sender: message.sender.as_deref(),
                kind: message.kind,
                raw_time: &message.raw_time,
                native: message.native_id.as_deref(),
                text: &message.text,
            }));
            Ok(())
        })?)
    }

    /// Bytes that it takes, in memory or beside it, roughly.
    pub fn weight(&self) -> u64 {
        let text =
            self.text.as_ref().map_or(0, |text| text.chunks.bytes() + text.parts.len() as u64 * 96);
        let chat = self.chat.as_ref().map_or(0, |chat| chat.batches.bytes());
        text + chat + 1024
    }
}

/// Takes records as they come and packs them.
pub struct Packer {
    reading: Reading,
    packing: Packing,
    scratch: PathBuf,
    text: Option<Compressor>,
    parts: Vec<Part>,
    label_bytes: usize,
    pending: Vec<Message>,
    /// Bytes of the texts of those.
    pending_bytes: usize,
    first_clock: Option<i64>,
    last_clock: Option<i64>,
}

impl Packer {
    /// Packs texts with what [`super::Intake::packing`] gives. What is too much for memory waits in
    /// the folder `scratch`.
    pub fn new(packing: Packing, scratch: &Path) -> Self {
        let outcome =
            Outcome { state: crate::model::State::Failed, reason: "nothing was read".to_owned() };
        Packer {
            reading: Reading::unread(outcome),
            packing,
            scratch: scratch.to_owned(),
            text: None,
            parts: Vec::new(),
            label_bytes: 0,
            pending: Vec::new(),
            pending_bytes: 0,
            first_clock: None,
            last_clock: None,
        }
    }

    /// Takes one record; those about children are the caller's business.
    pub fn take(&mut self, record: Record) -> Result<(), CaseError> {
        match record {
            Record::Format { id, version } => {
                self.reading.format = id;
                self.reading.version = version;
            }
            Record::Encoding(name) => self.reading.encoding = name,
            Record::Part { .. } if self.parts.len() >= MOST_PARTS => {}
            Record::Part { kind, label, wrap, hidden, origin } => {
                self.label_bytes += label.len();
                let label = if self.label_bytes > MOST_LABELS { String::new() } else { label };
                let start = self.text.as_ref().map_or(0, Compressor::bytes);
                self.end_part(start);
                self.parts.push(Part { kind, label, wrap, hidden, origin, start, end: start });
            }
            Record::Text(text) => self.text(&text)?,
            Record::PageWithoutText { label } => self.reading.blank_pages.push(label),
            Record::Meta { key, value } => {
                self.reading.metadata.push((key.name().to_owned(), value));
            }
            Record::Warning(text) => self.reading.warnings.push(text),
            Record::Export(export) => {
                self.reading.chat = Some(Box::new(Chat {
                    export,
                    participants: Vec::new(),
                    conversations: Vec::new(),
                    batches: Pile::new(&self.scratch),
                    count: 0,
                    newest_first: false,
                }));
            }
            Record::Zone(zone) => {
                if let Some(chat) = &mut self.reading.chat {
                    chat.export.zone = zone;
                }
            }
            Record::Participant(participant) => {
                if let Some(chat) = &mut self.reading.chat {
                    chat.participants.push(participant);
                }
            }
            Record::Conversation(conversation) => {
                if let Some(chat) = &mut self.reading.chat {
                    chat.conversations.push(conversation);
                }
            }
            Record::Message(message) => self.message(*message)?,
            Record::ChildStart(_)
            | Record::ChildBytes(_)
            | Record::ChildEnd(_)
            | Record::Done(_) => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), CaseError> {
        if self.parts.is_empty() {
            self.parts.push(Part {
                kind: PartKind::Body,
                label: String::new(),
                wrap: Wrap::Flow,
                hidden: false,
                origin: (1, 1),
                start: 0,
                end: 0,
            });
        }
        let is_head = self.parts.last().is_some_and(|part| part.kind == PartKind::MailHeader);
        let sample = if is_head { &mut self.reading.head } else { &mut self.reading.sample };
        let rest = SAMPLE.saturating_sub(sample.len());
        sample.push_str(&text[..text.floor_char_boundary(rest)]);
        let compressor = match &mut self.text {
            Some(compressor) => compressor,
            None => self.text.insert(Compressor::new(self.packing.clone(), &self.scratch)),
        };
        Ok(compressor.push(text)?)
    }

    fn message(&mut self, message: Message) -> Result<(), CaseError> {
        if let Some(stamp) = message.time {
            self.first_clock.get_or_insert(stamp.clock);
            self.last_clock = Some(stamp.clock);
        }
        self.pending_bytes += message.text.len() + message.conversation.len();
        self.pending.push(message);
        match self.pending.len() >= BATCH || self.pending_bytes >= BATCH_BYTES {
            true => self.pack_messages(),
            false => Ok(()),
        }
    }

    fn pack_messages(&mut self) -> Result<(), CaseError> {
        let Some(chat) = &mut self.reading.chat else {
            self.pending.clear();
            return Ok(());
        };
        if self.pending.is_empty() {
            return Ok(());
        }
        chat.count += self.pending.len() as u64;
        let plain = postcard::to_stdvec(&self.pending)
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
        // No more than this is unpacked.
        let batch = match plain.len() {
            0..=MOST_PACKED => [&[PACKED], &crate::store::compress(&plain, 1)?[..]].concat(),
            _ => [&[PLAIN], &plain[..]].concat(),
        };
        chat.batches.push(batch).map_err(|error| CaseError::io(&self.scratch, error))?;
        self.pending.clear();
        self.pending_bytes = 0;
        Ok(())
    }

    fn end_part(&mut self, at: u64) {
        if let Some(part) = self.parts.last_mut() {
            part.end = at;
        }
    }

    /// The reading, with how it ended.
    pub fn finish(mut self, outcome: Outcome) -> Result<Reading, CaseError> {
        self.pack_messages()?;
        if let Some(chat) = &mut self.reading.chat {
            chat.newest_first = matches!(
                (self.first_clock, self.last_clock),
                (Some(first), Some(last)) if first > last
            );
        }
        self.reading.outcome = outcome;
        if let Some(text) = self.text.take() {
            self.end_part(text.bytes());
            let (chunks, bytes, lines, sha256) = text.finish()?;
            self.parts.retain(|part| part.end > part.start);
            let parts = std::mem::take(&mut self.parts);
            self.reading.text = Some(PackedText { chunks, bytes, lines, sha256, parts });
        }
        Ok(self.reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::record::ZoneGuess;
    use crate::model::{Platform, State};

    fn finished(records: Vec<Record>) -> Reading {
        let mut packer = Packer::new(Packing::default(), &std::env::temp_dir());
        records.into_iter().for_each(|record| packer.take(record).unwrap());
        packer.finish(Outcome { state: State::Read, reason: String::new() }).unwrap()
    }

    /// Whatever their size, messages come out as they went in.
    #[test]
    fn messages_of_any_size_wait_for_their_turn() {
        let export = Export {
            platform: Platform::new("test"),
            importer: String::new(),
            version: 1,
            package: None,
            zone: ZoneGuess::Assumed,
            assumptions: Vec::new(),
        };
        let sizes = [0, 1, 200_000, 5 << 20, 70 << 20, 3, 40 << 20];
        let messages: Vec<Message> = sizes
            .into_iter()
            .enumerate()
            .map(|(at, size)| {
                let mut message = Message::new("c", at as u64);
                message.text = "x".repeat(size);
                // Not all that is long in a message is its text.
                message.quote = (at == 6).then(|| "q".repeat(40 << 20));
                message
            })
            .collect();
        let records = std::iter::once(Record::Export(export))
            .chain(messages.iter().map(|message| Record::Message(Box::new(message.clone()))));
        let reading = finished(records.collect());
        let mut found = Vec::new();
        let taken = reading.chat.as_ref().unwrap().each(|message| {
            found.push(message);
            Ok(())
        });
        taken.unwrap();
        assert!(found == messages);
        assert_eq!(reading.messages(), sizes.len() as u64);
    }

    #[test]
    fn labels_and_parts_stay_within_what_can_be_read_again() {
        let part = |label: String| Record::Part {
            kind: PartKind::Sheet,
            label,
            wrap: Wrap::Lines,
            hidden: false,
            origin: (1, 1),
        };
        let records =
            (0..100).flat_map(|_| [part("x".repeat(1 << 20)), Record::Text("a".to_owned())]);
        let reading = finished(records.collect());
        let parts = reading.text.unwrap().parts;
        let labels: usize = parts.iter().map(|part| part.label.len()).sum();
        assert_eq!((parts.len(), labels), (100, 16 << 20));
    }
}
