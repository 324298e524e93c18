//! The fields of a tantivy document, and what must agree before an index is used.

use super::unit::Field as TextField;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};

/// Changes whenever an index written before cannot be read as if it were new: fields, tokens,
/// normal form, the engine's own files.
pub(super) const FORMAT: &str = "casebook 5, tantivy 0.27";

/// Name of the tokenizer in the index.
pub(super) const TOKENIZER: &str = "casebook";

/// Handles of all fields.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) schema: Schema,
    /// By [`TextField`] as index.
    pub(super) texts: [Field; TextField::ALL.len()],
    pub(super) unit: Field,
    pub(super) type_id: Field,
    pub(super) lang: Field,
    pub(super) source: Field,
    pub(super) conversation: Field,
    pub(super) sender: Field,
    pub(super) recipient: Field,
    pub(super) export: Field,
    pub(super) clock: Field,
    pub(super) size: Field,
    pub(super) flags: Field,
    pub(super) part: Field,
}

pub(super) const UNIT: &str = "unit";
pub(super) const TYPE: &str = "type";
pub(super) const LANG: &str = "lang";
pub(super) const SOURCE: &str = "source";
pub(super) const CONVERSATION: &str = "conversation";
pub(super) const SENDER: &str = "sender";
pub(super) const RECIPIENT: &str = "recipient";
pub(super) const EXPORT: &str = "export";
pub(super) const CLOCK: &str = "clock";
pub(super) const SIZE: &str = "size";
pub(super) const FLAGS: &str = "flags";
/// Which part of a cut unit a document is; documents that are a whole unit have none.
pub(super) const PART: &str = "part";

impl Layout {
    pub(super) fn new() -> Layout {
        let mut builder = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions)
            .set_fieldnorms(true);
        let text = TextOptions::default().set_indexing_options(indexing);
        let texts = TextField::ALL.map(|field| builder.add_text_field(field.name(), text.clone()));
        let column = NumericOptions::default().set_fast();
        let mut number = |name| builder.add_u64_field(name, column.clone());
        let (type_id, lang, source) = (number(TYPE), number(LANG), number(SOURCE));
        let (conversation, sender) = (number(CONVERSATION), number(SENDER));
        let (recipient, export) = (number(RECIPIENT), number(EXPORT));
        let (size, flags, part) = (number(SIZE), number(FLAGS), number(PART));
        let clock = builder.add_i64_field(CLOCK, column.clone());
        // Indexed as well, so that a unit can be deleted by its term.
        let unit = builder.add_u64_field(UNIT, column.set_indexed());
        let schema = builder.build();
        Layout {
            schema,
            texts,
            unit,
            type_id,
            lang,
            source,
            conversation,
            sender,
            recipient,
            export,
            clock,
            size,
            flags,
            part,
        }
    }

    pub(super) fn text(&self, field: TextField) -> Field {
        self.texts[field as usize]
    }
}
