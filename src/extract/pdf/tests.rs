//! Small files written by hand; their cross-reference tables are wrong or missing on purpose, as
//! in carved and cut files.

use super::extract;
use crate::extract::Key;
use crate::extract::office::testing::{parts, read};
use crate::model::{PartKind, State};

fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut text = String::from("%PDF-1.4\n");
    for (at, object) in objects.iter().enumerate() {
        text.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    text.push_str("trailer\n<</Root 1 0 R /Info 9 0 R>>\n%%EOF\n");
    text.into_bytes()
}

fn stream(content: &str) -> String {
    format!("<</Length {}>>\nstream\n{content}\nendstream", content.len())
}

fn page(content: u32, more: &str) -> String {
    format!(
        "<</Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources <</Font <</F 7 0 R>>>> /Contents {content} 0 R {more}>>"
    )
}

#[test]
fn pages_and_what_hangs_on_them() {
    let bytes = pdf(&[
        "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [<</T (name) /V (Mara) /FT /Tx>>]>> /Outlines <</First 10 0 R>> /Names <</EmbeddedFiles <</Names [(a) <</UF (a.txt) /EF <</F 11 0 R>>>>]>>>>>>",
        "<</Type /Pages /Kids [3 0 R 4 0 R] /Count 2>>",
        &page(
            5,
            "/Annots [<</Subtype /Text /T (Lin) /M (D:20210102030405Z) /Contents (look here)>> <</Subtype /Link /A <</URI (http://a.example/)>>>>]",
        ),
        &page(6, ""),
        &stream("BT /F 12 Tf 50 200 Td (Hello page one) Tj ET"),
        &stream("0 0 100 100 re f"),
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
        "null",
        "<</Title (T) /Author <feff6797> /CreationDate (D:20210102030405+08'00')>>",
        "<</Title (Chapter) /Next 10 0 R>>",
        &stream("attached"),
    ]);
    let all = read(extract, &bytes);
    assert_eq!(
        parts(&all),
        [
            (PartKind::Page, "1", "Hello page one\n"),
            (PartKind::Comment, "Lin", "Lin, 2021-01-02T03:04:05Z\nlook here\n"),
            (PartKind::TextBox, "form", "name: Mara\n"),
            (PartKind::TextBox, "bookmarks", "Chapter\n"),
            (PartKind::Body, "links", "http://a.example/\n"),
        ]
    );
    assert_eq!(all.pages_without_text, ["2"]);
    assert_eq!(all.meta(&Key::Author), Some("林"));
    assert_eq!(all.meta(&Key::Created), Some("2021-01-02T03:04:05+08:00"));
    assert_eq!(all.children.len(), 1);
    assert_eq!(
        (all.children[0].child.name.as_str(), all.children[0].bytes.as_slice()),
        ("a.txt", b"attached".as_slice())
    );
}

#[test]
fn what_is_no_pdf_fails_with_a_reason() {
    let all = read(extract, b"%PDF-1.4\nnothing");
    assert_eq!(all.state(), State::Failed);
    assert!(!all.reason().is_empty());
}

#[test]
fn passwords_are_tried() {
    use crate::extract::collect::{Hints, collect_with};
    let bytes = include_bytes!("../../../tests/data/extract/office/locked.pdf");
    assert_eq!(read(extract, bytes).state(), State::Encrypted);
    let passwords = ["wrong".to_owned(), "hunter2".to_owned()];
    let hints = Hints { path: "locked.pdf", passwords: &passwords, ..Hints::default() };
    let all = collect_with(bytes, &hints);
    assert_eq!((all.state(), all.text.as_str()), (State::Read, "Hello behind the lock\n"));
}
