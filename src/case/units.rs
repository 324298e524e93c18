//! What a document and a message are to the index: their columns, their texts, their names.

use super::CaseError;
use super::search::{Names, UnitText, whole_text};
use crate::index::{Field, IndexUnit, Piece, Unit, flag};
use crate::model::document::Part;
use crate::model::view::Place;
use crate::model::{DocumentId, ItemId, VariantKind, Wrap};
use crate::store::{IndexedMessage, Store};
use crate::text::language;

/// A unit with all its texts, ready for the index.
pub struct Prepared {
    pub unit: IndexUnit,
    texts: Vec<UnitText>,
    names: Vec<String>,
}

impl Prepared {
    /// What is searched: texts by their parts, then names.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let texts = self.texts.iter().flat_map(|text| {
            text.parts.iter().filter_map(|part| {
                let piece = text.slice(part.start..part.end)?;
                Some(Piece { field: text.field, wrap: part.wrap, text: piece })
            })
        });
        let names = self.names.iter();
        texts.chain(names.map(|name| Piece { field: Field::Name, wrap: Wrap::Lines, text: name }))
    }

    /// Bytes of its texts.
    pub fn bytes(&self) -> usize {
        self.texts.iter().map(|text| text.text.len()).sum()
    }
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
    let mut texts = Vec::new();
    for variant in store.variants(id)? {
        match variant.kind {
            VariantKind::Original => {}
            VariantKind::Ocr => set(true, flag::OCR),
            VariantKind::Translation => set(true, flag::TRANSLATION),
            VariantKind::Transcript => set(true, flag::TRANSCRIPT),
        }
        texts.push(whole_text(store, variant)?);
    }
    let names = document_names(store, id, places)?.into_iter().map(|(_, name)| name).collect();
    Ok(Prepared { unit, texts, names })
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
    let part = Part::whole(&message.text, Wrap::Lines);
    Prepared {
        unit,
        texts: vec![UnitText { field: Field::Original, text: message.text, parts: vec![part] }],
        names: message.names.into_iter().map(|(_, name)| name).collect(),
    }
}
