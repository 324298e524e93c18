//! What a document and a message are to the index: their columns, their texts, their names.

use super::CaseError;
use super::search::Names;
use crate::index::{Field, IndexUnit, Put, Unit, Writer, flag};
use crate::model::document::Part;
use crate::model::view::{Place, Variant};
use crate::model::{DocumentId, ItemId, VariantKind, Wrap};
use crate::store::{IndexedMessage, Store};
use crate::text::language;

/// A unit as the index takes it.
pub struct Prepared {
    unit: IndexUnit,
    text: Text,
    names: Vec<String>,
}

/// What a unit has to be searched.
enum Text {
    Message(String),
    /// Read stretch by stretch when it is put: it may be large.
    Stored(Vec<Variant>),
}

impl Prepared {
    /// Puts texts by their parts, then names.
    pub fn put(&self, store: &Store, writer: &mut Writer) -> Result<(), CaseError> {
        let mut put = writer.begin(&self.unit);
        match &self.text {
            Text::Message(text) => put.piece(Field::Original, Wrap::Lines, text)?,
            Text::Stored(variants) => {
                variants.iter().try_for_each(|variant| put_stored(store, variant, &mut put))?;
            }
        }
        for name in &self.names {
            put.piece(Field::Name, Wrap::Lines, name)?;
        }
        Ok(put.finish()?)
    }

    /// Bytes of its texts.
    pub fn bytes(&self) -> u64 {
        match &self.text {
            Text::Message(text) => text.len() as u64,
            Text::Stored(variants) => variants.iter().map(|variant| variant.bytes).sum(),
        }
    }
}

/// Puts the parts of a stored text. What lies outside of parts is not searched.
fn put_stored(store: &Store, variant: &Variant, put: &mut Put) -> Result<(), CaseError> {
    let whole = [Part { end: u64::MAX, ..Part::whole("", Wrap::Flow) }];
    let parts = if variant.parts.is_empty() { whole.as_slice() } else { &variant.parts };
    let mut parts = parts.iter().peekable();
    let mut is_begun = false;
    store.each_chunk(variant.id, |chunk| {
        let end = chunk.start + chunk.text.len() as u64;
        while let Some(part) = parts.peek().filter(|part| part.start < end) {
            if !std::mem::replace(&mut is_begun, true) {
                put.begin(variant.kind.into(), part.wrap);
            }
            // Lies within the chunk, so it fits.
            let at = |place: u64| (place.min(end).max(chunk.start) - chunk.start) as usize;
            put.text(chunk.text.get(at(part.start)..at(part.end)).unwrap_or_default())?;
            if part.end > end {
                break;
            }
            put.end();
            is_begun = false;
            parts.next();
        }
        Ok::<_, CaseError>(())
    })?;
    if is_begun {
        put.end();
    }
    Ok(())
}

/// Metadata whose words should find a document.
const NAMES: &[&str] = &[
    "title",
    "subject",
    "author",
    "last_modified_by",
    "company",
    "manager",
    "keywords",
    "description",
    "from",
    "to",
    "cc",
    "bcc",
    "reply_to",
];

/// Paths by whose words one document is found: an archive made to harm holds the same content
/// ten thousand times. `path:` looks at all of them.
const MOST_PATHS: usize = 256;

/// A document as the index takes it.
pub fn document(store: &Store, names: &mut Names, id: DocumentId) -> Result<Prepared, CaseError> {
    let row = store.document_row(id)?;
    let places = store.places(id)?;
    let mut unit = IndexUnit::new(Unit::document(id));
    unit.type_id = names.intern(&row.format);
    unit.lang_id = names.intern(&row.language);
    unit.sources = places.iter().map(|place| place.source.0.unsigned_abs()).collect();
    unit.clock = store.document_clock(id)?;
    unit.size = row.size;
    unit.flags = flag::state(row.state);
    let mut set = |condition: bool, bit: u64| unit.flags |= if condition { bit } else { 0 };
    set(places.iter().any(|place| place.parent.is_some()), flag::CHILD);
    set(places.len() > 1, flag::DUPLICATE);
    set(row.children > 0, flag::ATTACHMENT);
    let variants = store.variants(id)?;
    for variant in &variants {
        match variant.kind {
            VariantKind::Original => {}
            VariantKind::Ocr => set(true, flag::OCR),
            VariantKind::Translation => set(true, flag::TRANSLATION),
            VariantKind::Transcript => set(true, flag::TRANSCRIPT),
        }
    }
    let names = document_names(store, id, places)?.into_iter().map(|(_, name)| name).collect();
    Ok(Prepared { unit, text: Text::Stored(variants), names })
}

/// The names of a unit that are searched, each with what it is: `path`, `author`, `file`.
pub fn names(store: &Store, unit: Unit) -> Result<Vec<(String, String)>, CaseError> {
    match unit.item() {
        ItemId::Document(id) => document_names(store, id, store.places(id)?),
        ItemId::Message(id) => {
            let mut found = Vec::new();
            store.each_indexed_message(id, id, |message| {
                found = message.names;
                Ok::<_, CaseError>(())
            })?;
            Ok(found.into_iter().map(|(what, name)| (what.to_owned(), name)).collect())
        }
        _ => Ok(Vec::new()),
    }
}

fn document_names(
    store: &Store,
    id: DocumentId,
    places: Vec<Place>,
) -> Result<Vec<(String, String)>, CaseError> {
    let paths = places.into_iter().take(MOST_PATHS).map(|place| ("path".to_owned(), place.path));
    let metadata = store.metadata(id)?.into_iter();
    Ok(paths.chain(metadata.filter(|(key, _)| NAMES.contains(&key.as_str()))).collect())
}

/// A message as the index takes it.
pub fn message(names: &mut Names, message: IndexedMessage) -> Prepared {
    let mut unit = IndexUnit::new(Unit::message(message.id));
    unit.type_id = names.intern(&message.platform);
    unit.lang_id = names.intern(language::of(&message.text));
    unit.sources = message.sources;
    unit.conversation = message.conversation.0.unsigned_abs();
    unit.sender = message.sender.map_or(0, |id| id.0.unsigned_abs());
    unit.export = message.export;
    // On the clock of the export, so that `date:` needs one stretch for each of them.
    unit.clock = message.clock.map(|clock| match message.zone {
        Some(stated) => clock - i64::from(stated) + i64::from(message.export_zone),
        None => clock,
    });
    unit.size = message.text.len() as u64;
    unit.flags = flag::message(message.kind);
    if message.has_media {
        unit.flags |= flag::ATTACHMENT;
    }
    Prepared {
        unit,
        text: Text::Message(message.text),
        names: message.names.into_iter().map(|(_, name)| name).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::testing;
    use crate::model::view::{Counting, SearchOptions};
    use crate::query::Query;
    use std::sync::atomic::AtomicBool;

    /// Borders of parts and of the chunks that a text is stored in lie anywhere to each other.
    #[test]
    fn a_stored_text_is_searched_by_its_parts_and_not_by_its_chunks() {
        let (_dir, case) = testing::with_documents(&[1]);
        let filler = |name: &str| format!("{name} ").repeat(4000);
        let (one, two, three) = (filler("alpha"), filler("beta"), filler("gamma"));
        let text = format!("{one}left{two}outside {three}right");
        let at = |text: &str| text.len() as u64;
        let part = |start: u64, end: u64| Part { start, end, ..Part::whole("", Wrap::Lines) };
        let first = at(&one) + 4;
        let second = first + at(&two);
        let parts = [part(0, first), part(first, second), part(second + 8, at(&text))];
        testing::put_parts(&case, DocumentId(1), &text, &parts);
        let never = AtomicBool::new(false);
        case.reindex(&never).unwrap();
        for (query, expected) in [
            ("left", 1),
            ("beta", 1),
            ("leftbeta", 0),
            ("\"left beta\"", 0),
            ("outside", 0),
            ("\"gamma right\"", 1),
            ("\"beta gamma\"", 0),
            ("alpha right", 1),
        ] {
            let found = case.count_found(&Query::parse(query).unwrap(), &never).unwrap();
            assert_eq!(found, expected, "{query}");
        }
        let counted = |query: &str, known: u64| {
            let occurrences = Some(Counting { known, read: 9 });
            let options = SearchOptions { occurrences, ..SearchOptions::default() };
            case.search(&Query::parse(query).unwrap(), &options, &never).unwrap().occurrences
        };
        for (query, expected) in [("alpha", 4000), ("beta", 4000), ("gamma", 4000)] {
            assert_eq!(counted(query, u64::MAX), Some(expected), "{query}");
        }
        assert_eq!((counted("beta", 1), counted("beta", 0)), (Some(4000), None), "in one hit");
    }
}
