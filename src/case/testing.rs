//! Small cases for the tests of this floor: documents with made-up content hashes, and texts.

use super::intake::{Found, Reading};
use super::{Author, Case};
use crate::extract::Outcome;
use crate::model::document::Part;
use crate::model::note::Draft;
use crate::model::{DocumentId, PartKind, State, VariantKind, Wrap};
use crate::store::{Compressor, NewText};
use std::path::Path;

/// A case of lin's with documents whose content hashes are these bytes, in this order.
pub(crate) fn with_documents(keys: &[u8]) -> (tempfile::TempDir, Case) {
    let dir = tempfile::tempdir().unwrap();
    let case = Case::create(&dir.path().join("a.case")).unwrap();
    case.set_author(Author::with_key("lin", [7; 32])).unwrap();
    for key in keys {
        add_document(&case, dir.path(), *key);
    }
    (dir, case)
}

/// One more document: `7.txt` for 7.
pub(crate) fn add_document(case: &Case, folder: &Path, key: u8) -> DocumentId {
    add_place(case, folder, key, &format!("{key}.txt"))
}

/// A place of a document, which may be one that has others.
pub(crate) fn add_place(case: &Case, folder: &Path, key: u8, path: &str) -> DocumentId {
    let outcome = Outcome { state: State::Empty, reason: String::new() };
    add_read(case, folder, key, path, &Reading::unread(outcome))
}

/// A place of a document that was read in this way.
pub(crate) fn add_read(
    case: &Case,
    folder: &Path,
    key: u8,
    path: &str,
    reading: &Reading,
) -> DocumentId {
    let intake = case.intake().unwrap();
    let source = intake.source(folder, false, "", &[], false).unwrap();
    let found = Found {
        source,
        parent: None,
        ordinal: 0,
        path,
        raw: None,
        role: "",
        modified: None,
        mtime: Some(0),
        claim: None,
    };
    let id = intake.document([key; 32], true, 0, reading, &found).unwrap();
    intake.place(id, &found).unwrap();
    id
}

/// A new note that says this.
pub(crate) fn draft(text: &str) -> Draft {
    Draft { text: text.to_owned(), ..Draft::default() }
}

/// Gives a document a text.
pub(crate) fn put_text(case: &Case, id: DocumentId, text: &str) {
    put_parts(case, id, text, &[Part::whole(text, Wrap::Flow)]);
}

/// Gives a document a sheet: rows are lines, cells have tabs between them.
pub(crate) fn put_sheet(case: &Case, id: DocumentId, name: &str, text: &str) {
    let part = Part::whole(text, Wrap::Lines);
    put_parts(case, id, text, &[Part { kind: PartKind::Sheet, label: name.to_owned(), ..part }]);
}

/// Gives a document a text with these parts.
pub(crate) fn put_parts(case: &Case, id: DocumentId, text: &str, parts: &[Part]) {
    let packing = crate::store::Packing::default();
    let mut packed = Compressor::new(packing, &std::env::temp_dir());
    packed.push(text).unwrap();
    let (chunks, bytes, lines, sha256) = packed.finish().unwrap();
    let new = NewText {
        kind: VariantKind::Original,
        language: "",
        tool: "test 1",
        encoding: "",
        bytes,
        lines,
        sha256,
        parts,
        chunks: &chunks,
    };
    case.store.put_text(id, &new).unwrap();
}
