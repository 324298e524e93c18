//! One unit on its way into the index.
//!
//! The engine holds the words of a whole document in memory before it writes any: those of a log
//! of hundreds of megabytes take gigabytes. So a unit whose texts are large becomes several
//! documents, the *parts* of a *cut* unit, and the engine writes between them. The first one, its
//! head, has the columns and stands for the unit wherever units are counted; the others have
//! nothing but its number and text. See `analyzer` for how text is cut, `cut` for how it is
//! searched.

use super::analyzer::{Head, Place, Stretch};
use super::error::IndexError;
use super::plan::Fields;
use super::unit::{Field, IndexUnit};
use super::writer::Writer;
use crate::model::Wrap;
use tantivy::TantivyDocument;

/// Bytes of text in a document of the engine, about. Its words may take thirty times as much before
/// they are written (Han at random, of which every two neighbours are a new word), on top of what
/// the engine is allowed.
pub(super) const MOST: usize = 2 << 20;
/// Bytes that a piece counts beside its text, for those who bring millions of tiny ones.
const EACH: usize = 64;

/// A unit that is being put: texts come piece by piece, each in any number of stretches. One that
/// was begun must come to [`Put::finish`] before a commit: an index with half a unit in it is
/// refused.
pub struct Put<'w> {
    writer: &'w mut Writer,
    unit: &'w IndexUnit,
    /// Of the document that is filled.
    values: Vec<Value>,
    bytes: usize,
    /// Documents before it, and the fields that have something in them.
    parts: u64,
    before: Fields,
}

/// The number of a part as it is stored: twice, and one more for the last.
pub(super) fn part(number: u64, is_last: bool) -> u64 {
    number << 1 | u64::from(is_last)
}

struct Value {
    field: Field,
    wrap: Wrap,
    /// Behind the room for its [`Head`].
    text: String,
    continues: bool,
}

impl Value {
    fn new(field: Field, wrap: Wrap, continues: bool) -> Value {
        Value { field, wrap, text: "-".repeat(Head::LEN), continues }
    }

    fn is_blank(&self) -> bool {
        !self.continues && self.text[Head::LEN..].trim_ascii().is_empty()
    }
}

impl<'w> Put<'w> {
    pub(super) fn new(writer: &'w mut Writer, unit: &'w IndexUnit) -> Put<'w> {
        let (values, before) = (Vec::new(), Fields::NONE);
        Put { writer, unit, values, bytes: 0, parts: 0, before }
    }

    /// A piece that is at hand.
    pub fn piece(&mut self, field: Field, wrap: Wrap, text: &str) -> Result<(), IndexError> {
        self.begin(field, wrap);
        self.text(text)?;
        self.end();
        Ok(())
    }

    /// Begins a piece: nothing is found across the border to the one before.
    pub fn begin(&mut self, field: Field, wrap: Wrap) {
        self.bytes += EACH;
        self.values.push(Value::new(field, wrap, false));
    }

    /// The next stretch of the piece that was begun. Blocks while much text waits to be cut.
    pub fn text(&mut self, mut text: &str) -> Result<(), IndexError> {
        debug_assert!(!self.values.is_empty(), "a piece was begun");
        while !text.is_empty() && !self.values.is_empty() {
            let room = self.writer.most.saturating_sub(self.bytes);
            if room == 0 {
                self.cut()?;
                continue;
            }
            let (now, later) = text.split_at(text.ceil_char_boundary(room.min(text.len())));
            let Some(value) = self.values.last_mut() else { return Ok(()) };
            value.text.push_str(now);
            self.bytes += now.len();
            text = later;
        }
        Ok(())
    }

    /// Ends the piece. One of white space alone is left out.
    pub fn end(&mut self) {
        self.values.pop_if(|value| value.is_blank());
    }

    /// Everything of the unit is there.
    pub fn finish(mut self) -> Result<(), IndexError> {
        self.send(true, false)
    }

    /// Goes on in another document.
    fn cut(&mut self) -> Result<(), IndexError> {
        let Some(last) = self.values.pop() else { return Ok(()) };
        let continues = last.continues || last.text.len() > Head::LEN;
        let next = Value::new(last.field, last.wrap, continues);
        if continues {
            self.values.push(last);
        }
        if !self.values.is_empty() {
            self.send(false, continues)?;
        }
        self.bytes = 0;
        self.values.push(next);
        Ok(())
    }

    /// Hands over the document, the last one of the unit or one whose last piece goes on in the
    /// next (`is_cut`).
    fn send(&mut self, is_last: bool, is_cut: bool) -> Result<(), IndexError> {
        let is_whole = is_last && self.parts == 0;
        let mut document = match self.parts {
            0 => self.head(),
            _ => TantivyDocument::default(),
        };
        let layout = &self.writer.layout;
        document.add_u64(layout.unit, self.unit.unit.raw());
        if !is_whole {
            document.add_u64(layout.part, part(self.parts, is_last));
        }
        let (mut here, mut bytes) = (Fields::NONE, 0);
        let values = std::mem::take(&mut self.values);
        let last = values.len().wrapping_sub(1);
        for (at, mut value) in values.into_iter().enumerate() {
            let field = value.field;
            let place = match (here.contains(field), self.before.contains(field)) {
                (true, _) => Place::Behind,
                (false, true) => Place::Next,
                (false, false) => Place::First,
            };
            here = here.with(field);
            let is_cut = is_cut && at == last;
            let cut = Stretch { field, place, continues: value.continues, is_cut };
            let head = Head { wrap: value.wrap, cut: (!is_whole).then_some(cut) };
            value.text.replace_range(..Head::LEN, &head.letters());
            bytes += value.text.len();
            document.add_text(layout.text(field), value.text);
        }
        self.before = here.iter().fold(self.before, Fields::with);
        self.parts += 1;
        self.writer.add(document, bytes)
    }

    /// What only the first document has.
    fn head(&self) -> TantivyDocument {
        let (layout, unit) = (&self.writer.layout, self.unit);
        let mut document = TantivyDocument::default();
        document.add_u64(layout.type_id, unit.type_id);
        document.add_u64(layout.lang, unit.lang_id);
        document.add_u64(layout.conversation, unit.conversation);
        document.add_u64(layout.sender, unit.sender);
        document.add_u64(layout.export, unit.export);
        document.add_u64(layout.size, unit.size);
        document.add_u64(layout.flags, unit.flags);
        for (field, values) in
            [(layout.source, &unit.sources), (layout.recipient, &unit.recipients)]
        {
            let mut values = values.clone();
            values.sort_unstable();
            values.dedup();
            for value in values {
                document.add_u64(field, value);
            }
        }
        if let Some(clock) = unit.clock {
            document.add_i64(layout.clock, clock);
        }
        document
    }
}
