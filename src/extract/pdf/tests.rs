//! Small files written by hand; their cross-reference tables are wrong or missing on purpose, as
//! in carved and cut files.

use super::extract;
use crate::extract::Key;
use crate::extract::office::testing::{parts, read};
use crate::model::{PartKind, State};

pub(super) fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut text = String::from("%PDF-1.4\n");
    for (at, object) in objects.iter().enumerate() {
        text.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    text.push_str("trailer\n<</Root 1 0 R /Info 9 0 R>>\n%%EOF\n");
    text.into_bytes()
}

pub(super) fn stream(content: &str) -> String {
    format!("<</Length {}>>\nstream\n{content}\nendstream", content.len())
}

pub(super) fn page(content: u32, more: &str) -> String {
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
fn choices_of_a_list_are_read() {
    let bytes = pdf(&[
        "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [<</T (city) /FT /Ch /V (b) \
         /Opt [(Kashgar) [(b) (Chengdu)] [(c) <feff6210>]]>>]>>>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1>>",
        &page(5, ""),
        "null",
        &stream("BT /F 12 Tf 50 200 Td (Hello) Tj ET"),
        "null",
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    ]);
    assert_eq!(
        parts(&read(extract, &bytes))[1],
        (PartKind::TextBox, "form", "city: b\ncity (to choose from): Kashgar · Chengdu · 成\n")
    );
}

#[test]
fn a_page_whose_content_cannot_be_unpacked_is_named() {
    let packed =
        "<</Length 26 /Filter /FlateDecode>>\nstream\nthis was never packed, mind\nendstream";
    let bytes = pdf(&[
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R 4 0 R] /Count 2>>",
        &page(5, ""),
        &page(6, ""),
        &stream("BT /F 12 Tf 50 200 Td (Hello page one) Tj ET"),
        packed,
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    ]);
    let all = read(extract, &bytes);
    assert_eq!(parts(&all), [(PartKind::Page, "1", "Hello page one\n")]);
    assert!(all.warnings.iter().any(|own| own.starts_with("page 2 cannot be read: ")), "{all:?}");
    let bytes = pdf(&[
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1>>",
        &page(4, ""),
        packed,
    ]);
    assert_eq!(read(extract, &bytes).state(), State::Failed);
}

/// The parser gives up early where a stream does not unpack as it says.
#[test]
fn what_still_unpacks_of_a_damaged_page_is_read() {
    use std::io::Write;
    let lines: Vec<String> = (1..=40).map(|n| format!("Row {n} of the ledger")).collect();
    let mut content = "BT /F 6 Tf 7 TL 50 290 Td ".to_owned();
    for line in &lines {
        content.push_str(&format!("({line}) Tj T* "));
    }
    content.push_str("ET");
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(content.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let read_as = |data: &[u8]| {
        let before = pdf(&[
            "<</Type /Catalog /Pages 2 0 R>>",
            "<</Type /Pages /Kids [3 0 R] /Count 1>>",
            &page(10, ""),
            "null",
            "null",
            "null",
            "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
        ]);
        let before = &before[..before.windows(7).position(|w| w == b"trailer").unwrap()];
        let head = format!("10 0 obj\n<</Filter /FlateDecode /Length {}>>\nstream\n", data.len());
        let end: &[u8] = b"\nendstream\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n";
        read(extract, &[before, head.as_bytes(), data, end].concat())
    };
    let count = |all: &crate::extract::collect::Collected| {
        lines.iter().filter(|line| all.text.contains(&format!("{line}\n"))).count()
    };
    let whole = read_as(&packed);
    assert_eq!((count(&whole), whole.warnings.as_slice()), (40, [].as_slice()));
    let mut wrong = packed.clone();
    *wrong.last_mut().unwrap() ^= 1;
    let all = read_as(&wrong);
    assert_eq!((count(&all), all.warnings.len()), (40, 1), "{all:?}");
    assert!(all.warnings[0].starts_with("page 1 is damaged: all of it is there"), "{all:?}");
    // Without a checksum nothing says that anything is wrong.
    let all = read_as(&packed[..packed.len() - 4]);
    assert_eq!((count(&all), all.warnings.as_slice()), (40, [].as_slice()), "{all:?}");
    let all = read_as(&packed[..packed.len() - 40]);
    assert!((20..40).contains(&count(&all)), "{all:?}");
    let breaks_off = "page 1 is not read to its end: it is damaged, and breaks off";
    assert_eq!(all.warnings, [breaks_off]);
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
    let bytes = crate::extract::mail::transfer::base64(LOCKED.as_bytes());
    assert_eq!(read(extract, &bytes).state(), State::Encrypted);
    let passwords = ["wrong".to_owned(), "hunter2".to_owned()];
    let hints = Hints { path: "locked.pdf", passwords: &passwords, ..Hints::default() };
    let all = collect_with(&bytes, &hints);
    assert_eq!((all.state(), all.text.as_str()), (State::Read, "Hello behind the lock\n"));
}

/// One page, locked with the password `hunter2` (128-bit RC4), as base64.
const LOCKED: &str = "
    JVBERi0xLjMKJeLjz9MKMSAwIG9iago8PAovVHlwZSAvQ2F0YWxvZwovUGFnZXMgMiAwIFIKPj4KZW5kb2JqCjIgMCBv
    YmoKPDwKL1R5cGUgL1BhZ2VzCi9LaWRzIFsgMyAwIFIgXQovQ291bnQgMQo+PgplbmRvYmoKMyAwIG9iago8PAovVHlw
    ZSAvUGFnZQovUGFyZW50IDIgMCBSCi9NZWRpYUJveCBbIDAgMCAzMDAgMzAwIF0KL1Jlc291cmNlcyA8PAovRm9udCA8
    PAovRiA0IDAgUgo+Pgo+PgovQ29udGVudHMgNSAwIFIKPj4KZW5kb2JqCjQgMCBvYmoKPDwKL1R5cGUgL0ZvbnQKL1N1
    YnR5cGUgL1R5cGUxCi9CYXNlRm9udCAvSGVsdmV0aWNhCj4+CmVuZG9iago1IDAgb2JqCjw8Ci9MZW5ndGggNTEKPj4K
    c3RyZWFtCvXca1pusX0WbkBH1g8St9MdYPjEokTXLi33jWqUF8i38+xz8lStWgQh7ucmDB197ekIEgplbmRzdHJlYW0K
    ZW5kb2JqCjYgMCBvYmoKPDwKL1YgMgovUiAzCi9MZW5ndGggMTI4Ci9QIDQyOTQ5NjcyOTIKL0ZpbHRlciAvU3RhbmRh
    cmQKL08gPDFiNWNmZDlmNmVhYTg4MDU4NGIxZjFkYzk5NjUzNDk3N2FhM2NlYTczNDEwZGE5Y2MzYjQwNjA1MWJiNTc1
    ZDA+Ci9VIDw2YzI1YzM1ZjlkYmM1ZmM2YTgxMTJhZTJjZWZiOWVjOTI4YmY0ZTVlNGU3NThhNDE2NDAwNGU1NmZmZmEw
    MTA4Pgo+PgplbmRvYmoKeHJlZgowIDcKMDAwMDAwMDAwMCA2NTUzNSBmIAowMDAwMDAwMDE1IDAwMDAwIG4gCjAwMDAw
    MDAwNjQgMDAwMDAgbiAKMDAwMDAwMDEyMyAwMDAwMCBuIAowMDAwMDAwMjUwIDAwMDAwIG4gCjAwMDAwMDAzMjAgMDAw
    MDAgbiAKMDAwMDAwMDQyMSAwMDAwMCBuIAp0cmFpbGVyCjw8Ci9TaXplIDcKL1Jvb3QgMSAwIFIKL0lEIFsgPGUzN2Nl
    M2Y5ZTc0ODgxYzBjMTUxYzg1ZDBmN2IwMTBjPiA8ZTM3Y2UzZjllNzQ4ODFjMGMxNTFjODVkMGY3YjAxMGM+IF0KL0Vu
    Y3J5cHQgNiAwIFIKPj4Kc3RhcnR4cmVmCjYzNgolJUVPRgo=
";

#[test]
fn glyphs_without_a_character_are_counted() {
    let map = "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 2 beginbfchar <0001> <0041> <0003> <0042> endbfchar endcmap end";
    let bytes = pdf(&[
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1>>",
        &page(5, ""),
        "null",
        &stream("BT /F 12 Tf 50 200 Td <00010002000200030002> Tj ET"),
        "null",
        "<</Type /Font /Subtype /Type0 /BaseFont /Basalt /Encoding /Identity-H /DescendantFonts [8 0 R] /ToUnicode 10 0 R>>",
        "<</Type /Font /Subtype /CIDFontType2 /BaseFont /Basalt /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /DW 600>>",
        "null",
        &stream(map),
    ]);
    let all = read(extract, &bytes);
    assert_eq!(all.text, "AB\n");
    assert_eq!(
        all.warnings,
        ["3 glyphs on page 1 cannot be read: the file does not say what characters they are"]
    );
}

#[test]
fn a_tree_of_pages_without_end_is_seen_at_once() {
    let check = |kids: &str, count: u32, reason: Option<&str>| {
        let pages = format!("<</Type /Pages /Kids [{kids}] /Count {count}>>");
        let leaf = page(4, "");
        let all = read(
            extract,
            &pdf(&[
                "<</Type /Catalog /Pages 2 0 R>>",
                &pages,
                &leaf,
                &stream("BT /F 12 Tf 50 200 Td (Hello) Tj ET"),
            ]),
        );
        let said = all.outcome.as_ref().map(|outcome| outcome.reason.as_str());
        assert_eq!(said, reason, "{kids}");
        if reason.is_none() {
            assert!(all.text.contains("Hello"), "{kids}");
        }
    };
    let endless = Some("its list of pages names itself again and again");
    check("2 0 R 2 0 R", 99_999_999, endless);
    check("3 0 R 2 0 R 2 0 R", 99_999_999, endless);
    // One way round has an end.
    check("3 0 R 2 0 R", 1, None);
    check("3 0 R", 1, None);
}

/// A page that draws too much at one height is read without the parser's layout, one that nothing
/// could go through in time is named; the others are as they would be.
#[test]
fn pages_that_draw_too_much_cost_themselves() {
    let crowd: String =
        (0..70_000).map(|n| format!("({}) ' ", char::from(b'a' + n as u8 % 26))).collect();
    let crowd = format!("BT /F 9 Tf 0 TL 50 250 Td (Ahead of all) Tj 0 -50 Td {crowd}ET");
    let flood = "BT ".repeat(300_000);
    let bytes = pdf(&[
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R 4 0 R 10 0 R] /Count 3>>",
        &page(5, ""),
        &page(6, ""),
        &stream(&crowd),
        &stream(&flood),
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
        &stream("BT /F 12 Tf 50 200 Td (Behind it) Tj ET"),
        "<<>>",
        &page(8, ""),
    ]);
    let all = read(extract, &bytes);
    let of_pages: Vec<(&str, bool)> = parts(&all)
        .iter()
        .map(|(_, label, text)| (*label, text.contains("Ahead of all") || *text == "Behind it\n"))
        .collect();
    assert_eq!(of_pages, [("1", true), ("3", true)], "{:?}", all.warnings);
    // The parser looks at all pages for running heads; what is heavy must not be among them.
    let document = pdf_oxide::PdfDocument::from_bytes(bytes.clone()).unwrap();
    let heavy = super::heavy::apart(&document, 3);
    let lighter = super::heavy::without(&document, &bytes, 3, &heavy).unwrap();
    let lighter = pdf_oxide::PdfDocument::from_bytes(lighter).unwrap();
    let left: Vec<usize> = (0..3)
        .map(|page| lighter.get_page_content_data(page).unwrap_or_default().trim_ascii().len())
        .collect();
    assert_eq!(left, [0, 0, "BT /F 12 Tf 50 200 Td (Behind it) Tj ET".len()]);
    let told = |what: &str| all.warnings.iter().any(|warning| warning.starts_with(what));
    assert!(told("page 1 has too much text to be laid out"), "{:?}", all.warnings);
    assert!(told("page 2 is not read: it has too many blocks"), "{:?}", all.warnings);
}

/// A page that is strewn with words is no work for the layout either; one with as many in rows is.
#[test]
fn words_all_over_a_page_are_read_by_their_places() {
    let strewn = |step: (u32, u32)| {
        let words = (0..16_000u32).map(|n| {
            let (x, y) = (n * step.0 % 29_000, n * step.1 % 29_989);
            let (x, y) = (f64::from(x) / 100.0, f64::from(y) / 100.0);
            format!("1 0 0 1 {x} {y} Tm (w{n}) Tj ")
        });
        let content = format!("BT /F 4 Tf {}ET", words.collect::<String>());
        read(
            extract,
            &pdf(&[
                "<</Type /Catalog /Pages 2 0 R>>",
                "<</Type /Pages /Kids [3 0 R] /Count 1>>",
                &page(4, ""),
                &stream(&content),
                "null",
                "null",
                "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
            ]),
        )
    };
    let all = strewn((7919, 10_007));
    assert!(all.warnings.iter().any(|own| own.starts_with("page 1 has too much text")), "{all:?}");
    let chars = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let drawn: usize = (0..16_000).map(|n: u32| format!("w{n}").len()).sum();
    assert!(chars(&all.text) * 100 >= drawn * 95, "{} of {drawn}", chars(&all.text));
}
