//! The writing end of an extractor: records go out through it, limits are kept in it.

use super::input::Limits;
use super::record::{
    Child, Conversation, Export, Key, Message, Participant, Record, TEXT_RECORD, ZoneGuess,
};
use crate::model::{PartKind, State, Wrap};

/// Why the reading of a file ended early. The text is for the person who reads the list of
/// unreadable files: it says what is wrong and, where something can be done, what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    #[error("{0}")]
    Failed(String),
    #[error("{0}")]
    Encrypted(String),
    #[error("{0}")]
    OverLimit(String),
    #[error("{0}")]
    Unsupported(String),
    /// There is something to see but no text in it.
    #[error("{0}")]
    NoText(String),
    /// Nothing in it.
    #[error("{0}")]
    Empty(String),
    /// The other end is gone or somebody cancelled; nothing more needs to be said.
    #[error("the reader of the records is gone")]
    Gone,
}

impl Stop {
    pub fn failed(reason: impl std::fmt::Display) -> Self {
        Stop::Failed(reason.to_string())
    }

    /// The state that the document gets.
    pub fn state(&self) -> State {
        match self {
            Stop::Failed(_) | Stop::Gone => State::Failed,
            Stop::Encrypted(_) => State::Encrypted,
            Stop::OverLimit(_) => State::OverLimit,
            Stop::Unsupported(_) => State::Unsupported,
            Stop::NoText(_) => State::NoText,
            Stop::Empty(_) => State::Empty,
        }
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Stop::Failed(error.to_string())
    }
}

/// Where records go.
pub type Sink<'a> = dyn FnMut(Record) -> Result<(), Stop> + 'a;

/// Writes records and keeps the limits of one file.
pub struct Out<'a> {
    sink: &'a mut Sink<'a>,
    limits: Limits,
    text: String,
    in_part: bool,
    pub(super) text_bytes: u64,
    pub(super) non_blank: bool,
    pub(super) pages_without_text: u64,
    pub(super) children: u64,
    pub(super) child_bytes: u64,
    pub(super) messages: u64,
    pub(super) is_export: bool,
    warnings: u64,
}

/// Warnings beyond this number are dropped; the last one says so.
const MOST_WARNINGS: u64 = 200;

impl<'a> Out<'a> {
    pub fn new(sink: &'a mut Sink<'a>, limits: Limits) -> Self {
        Out {
            sink,
            limits,
            text: String::new(),
            in_part: false,
            text_bytes: 0,
            non_blank: false,
            pages_without_text: 0,
            children: 0,
            child_bytes: 0,
            messages: 0,
            is_export: false,
            warnings: 0,
        }
    }

    /// Begins a part without label (`Body`, `Header`, ...).
    pub fn part(&mut self, kind: PartKind, wrap: Wrap) -> Result<(), Stop> {
        self.labelled_part(kind, String::new(), wrap)
    }

    /// Begins a part with a label (page number, sheet name).
    pub fn labelled_part(
        &mut self,
        kind: PartKind,
        label: impl Into<String>,
        wrap: Wrap,
    ) -> Result<(), Stop> {
        self.begin(kind, label.into(), wrap, false, (1, 1))
    }

    /// Begins a sheet: one line a row, one tab between cells; `origin` is row and column (from 1)
    /// of the first cell of the first line. Write rows with [`Out::row`].
    pub fn sheet(&mut self, name: &str, hidden: bool, origin: (u32, u32)) -> Result<(), Stop> {
        self.begin(PartKind::Sheet, name.to_owned(), Wrap::Lines, hidden, origin)
    }

    /// Begins a part that its author hid (a hidden slide).
    pub fn hidden_part(
        &mut self,
        kind: PartKind,
        label: impl Into<String>,
        wrap: Wrap,
    ) -> Result<(), Stop> {
        self.begin(kind, label.into(), wrap, true, (1, 1))
    }

    fn begin(
        &mut self,
        kind: PartKind,
        label: String,
        wrap: Wrap,
        hidden: bool,
        origin: (u32, u32),
    ) -> Result<(), Stop> {
        self.flush()?;
        self.in_part = true;
        (self.sink)(Record::Part { kind, label, wrap, hidden, origin })
    }

    /// Adds text to the current part (a `Body` of flowing text is begun where there is none).
    /// NUL is replaced by U+2400, because no one can see it and SQLite ends text at it.
    pub fn text(&mut self, text: &str) -> Result<(), Stop> {
        if text.is_empty() {
            return Ok(());
        }
        if !self.in_part {
            self.part(PartKind::Body, Wrap::Flow)?;
        }
        self.text_bytes += text.len() as u64;
        if self.text_bytes > self.limits.text {
            let room = self.limits.text.saturating_sub(self.text_bytes - text.len() as u64);
            let mut end = usize::try_from(room).unwrap_or(usize::MAX).min(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            self.push(&text[..end])?;
            self.flush()?;
            return Err(Stop::OverLimit(format!(
                "more than {} of text; the rest was left out",
                bytes(self.limits.text)
            )));
        }
        self.push(text)
    }

    fn push(&mut self, text: &str) -> Result<(), Stop> {
        if !self.non_blank && text.chars().any(|c| !c.is_whitespace() && c != '\u{feff}') {
            self.non_blank = true;
        }
        let mut rest = text;
        while !rest.is_empty() {
            let room = TEXT_RECORD - self.text.len();
            let mut end = room.min(rest.len());
            while !rest.is_char_boundary(end) {
                end -= 1;
            }
            if end == 0 {
                self.flush()?;
                continue;
            }
            let (now, later) = rest.split_at(end);
            if now.contains('\0') {
                // U+2400 is three bytes: leave the arithmetic to a fresh buffer.
                self.flush()?;
                let replaced = now.replace('\0', "\u{2400}");
                self.text_bytes += (replaced.len() - now.len()) as u64;
                for piece in split_at_most(&replaced, TEXT_RECORD) {
                    (self.sink)(Record::Text(piece.to_owned()))?;
                }
            } else {
                self.text.push_str(now);
            }
            rest = later;
        }
        Ok(())
    }

    /// Adds text and a line end.
    pub fn line(&mut self, text: &str) -> Result<(), Stop> {
        self.text(text)?;
        self.text("\n")
    }

    /// Adds one row of a sheet or table: cells joined by tabs, then a line end. A tab inside a
    /// cell becomes a space and a line end becomes U+2028, so that cells and rows stay findable.
    pub fn row<S: AsRef<str>>(&mut self, cells: &[S]) -> Result<(), Stop> {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.text("\t")?;
            }
            let cell = cell.as_ref();
            if cell.contains(['\t', '\n', '\r']) {
                let clean = cell.replace("\r\n", "\u{2028}").replace(['\n', '\r'], "\u{2028}");
                self.text(&clean.replace('\t', " "))?;
            } else {
                self.text(cell)?;
            }
        }
        self.text("\n")
    }

    fn flush(&mut self) -> Result<(), Stop> {
        if self.text.is_empty() {
            return Ok(());
        }
        (self.sink)(Record::Text(std::mem::take(&mut self.text)))
    }

    fn send(&mut self, record: Record) -> Result<(), Stop> {
        self.flush()?;
        (self.sink)(record)
    }

    /// The encoding that text was decoded from.
    pub fn encoding(&mut self, name: &str) -> Result<(), Stop> {
        self.send(Record::Encoding(name.to_owned()))
    }

    /// A page that has something to see but no text.
    pub fn page_without_text(&mut self, label: impl Into<String>) -> Result<(), Stop> {
        self.pages_without_text += 1;
        self.send(Record::PageWithoutText { label: label.into() })
    }

    /// Metadata; empty values are dropped, long ones cut at 16 kB.
    pub fn meta(&mut self, key: Key, value: &str) -> Result<(), Stop> {
        let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        if value.is_empty() {
            return Ok(());
        }
        let mut end = value.len().min(16 * 1024);
        while !value.is_char_boundary(end) {
            end -= 1;
        }
        self.send(Record::Meta { key, value: value[..end].replace('\0', "\u{2400}") })
    }

    /// Something the reader of this document must know.
    pub fn warn(&mut self, text: impl Into<String>) -> Result<(), Stop> {
        self.warnings += 1;
        match self.warnings.cmp(&MOST_WARNINGS) {
            std::cmp::Ordering::Less => self.send(Record::Warning(text.into())),
            std::cmp::Ordering::Equal => {
                self.send(Record::Warning("more warnings were left out".to_owned()))
            }
            std::cmp::Ordering::Greater => Ok(()),
        }
    }

    /// A file inside this file: `read` yields its bytes. An error while reading costs this child
    /// only; the limits on number and bytes of children stop the container.
    pub fn child(&mut self, child: Child, read: &mut dyn std::io::Read) -> Result<(), Stop> {
        self.begin_child(child)?;
        let mut buffer = vec![0; TEXT_RECORD];
        let mut size = 0u64;
        loop {
            let count = match read.read(&mut buffer) {
                Ok(0) => return self.send(Record::ChildEnd(Ok(()))),
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    // A reader may say itself how its end is to be listed.
                    let why = match error.get_ref().and_then(|inner| inner.downcast_ref::<Stop>()) {
                        Some(stop) => (stop.state(), stop.to_string()),
                        None => (State::Failed, format!("cannot be unpacked: {error}")),
                    };
                    return self.send(Record::ChildEnd(Err(why)));
                }
            };
            size += count as u64;
            self.child_bytes += count as u64;
            if size > self.limits.child || self.child_bytes > self.limits.child_bytes {
                let limit = if size > self.limits.child {
                    self.limits.child
                } else {
                    self.limits.child_bytes
                };
                let why = format!("unpacks to more than {}", bytes(limit));
                self.send(Record::ChildEnd(Err((State::OverLimit, why.clone()))))?;
                if size > self.limits.child {
                    return Ok(());
                }
                return Err(Stop::OverLimit(why));
            }
            self.send(Record::ChildBytes(buffer[..count].to_vec()))?;
        }
    }

    fn begin_child(&mut self, child: Child) -> Result<(), Stop> {
        self.children += 1;
        if self.children > self.limits.children {
            return Err(Stop::OverLimit(format!(
                "more than {} members; the rest was left out",
                self.limits.children
            )));
        }
        self.send(Record::ChildStart(child))
    }

    /// A member that exists but cannot be had (encrypted, unknown method, broken entry).
    pub fn unreadable_child(
        &mut self,
        child: Child,
        state: State,
        reason: impl Into<String>,
    ) -> Result<(), Stop> {
        self.begin_child(child)?;
        self.send(Record::ChildEnd(Err((state, reason.into()))))
    }

    /// This file is a chat export (or a part of one).
    pub fn export(&mut self, export: Export) -> Result<(), Stop> {
        self.is_export = true;
        self.send(Record::Export(export))
    }

    /// What is known of the export's clock when all its messages are read.
    pub fn zone(&mut self, zone: ZoneGuess) -> Result<(), Stop> {
        self.send(Record::Zone(zone))
    }

    pub fn participant(&mut self, participant: Participant) -> Result<(), Stop> {
        self.send(Record::Participant(participant))
    }

    pub fn conversation(&mut self, conversation: Conversation) -> Result<(), Stop> {
        self.send(Record::Conversation(conversation))
    }

    pub fn message(&mut self, mut message: Message) -> Result<(), Stop> {
        self.messages += 1;
        self.text_bytes += message.text.len() as u64;
        if self.text_bytes > self.limits.text {
            return Err(Stop::OverLimit(format!(
                "more than {} of text; the rest was left out",
                bytes(self.limits.text)
            )));
        }
        if message.text.contains('\0') {
            message.text = message.text.replace('\0', "\u{2400}");
        }
        self.send(Record::Message(Box::new(message)))
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Sends what is buffered. The worker calls it; extractors need not.
    pub fn finish(&mut self) -> Result<(), Stop> {
        self.flush()
    }
}

fn split_at_most(text: &str, most: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = most.min(rest.len());
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (now, later) = rest.split_at(end);
        rest = later;
        Some(now)
    })
}

/// A limit as people write it.
fn bytes(count: u64) -> String {
    match count {
        n if n >= 1 << 30 && n % (1 << 30) == 0 => format!("{} GiB", n >> 30),
        n if n >= 1 << 20 => format!("{} MiB", n >> 20),
        n if n >= 1 << 10 => format!("{} KiB", n >> 10),
        n => format!("{n} bytes"),
    }
}
