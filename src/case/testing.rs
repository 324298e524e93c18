//! Small cases for the tests of this floor: documents with made-up content hashes, and texts.

use super::intake::{Found, Reading};
use super::{Author, Case};
use crate::extract::Outcome;
use crate::model::document::Part;
use crate::model::note::Draft;
use crate::model::{DocumentId, State, VariantKind, Wrap};
use crate::store::{Compressor, NewText};
use std::path::Path;

/// A case of lin's with documents whose content hashes are these bytes, in this order.
pub(super) fn with_documents(keys: &[u8]) -> (tempfile::TempDir, Case) {
    let dir = tempfile::tempdir().unwrap();
    let case = Case::create(&dir.path().join("a.case")).unwrap();
    case.set_author(Author::with_key("lin", [7; 32])).unwrap();
    for key in keys {
        add_document(&case, dir.path(), *key);
    }
    (dir, case)
}

/// One more document: `7.txt` for 7.
pub(super) fn add_document(case: &Case, folder: &Path, key: u8) -> DocumentId {
    add_place(case, folder, key, &format!("{key}.txt"))
}

/// A place of a document, which may be one that has others.
pub(super) fn add_place(case: &Case, folder: &Path, key: u8, path: &str) -> DocumentId {
    let intake = case.intake().unwrap();
    let source = intake.source(folder, false, "", &[], false).unwrap();
    let outcome = Outcome { state: State::Empty, reason: String::new() };
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
    let reading = Reading::unread(outcome);
    let id = intake.document([key; 32], true, 0, &reading, &found).unwrap();
    intake.place(id, &found).unwrap();
    id
}

/// A new note that says this.
pub(super) fn draft(text: &str) -> Draft {
    Draft { text: text.to_owned(), ..Draft::default() }
}

/// Gives a document a text.
pub(super) fn put_text(case: &Case, id: DocumentId, text: &str) {
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
        parts: &[Part::whole(text, Wrap::Flow)],
        chunks: &chunks,
    };
    case.store.put_text(id, &new).unwrap();
}
