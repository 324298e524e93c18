//! Pages that are too heavy to be laid out: they are read first and apart, and taken out of what
//! the parser sees, since it goes through all pages for running heads when it lays out any.

use super::load::{Load, Loads};
use super::update::{self, New};
use super::{content, placed, quiet, text, words};
use pdf_oxide::PdfDocument;
use pdf_oxide::layout::TextChar;
use pdf_oxide::object::Object;
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of a heavy page.
pub enum Heavy {
    /// Its text, in lines made from the places of its characters.
    ByPlace(String),
    /// It is not read, and why.
    Unread(String),
}

/// The heavy ones of the first `pages` pages.
pub fn apart(document: &PdfDocument, pages: usize) -> BTreeMap<usize, Heavy> {
    let mut loads = Loads::default();
    (0..pages)
        .filter_map(|page| Some((page, judged(document, page, loads.of_page(document, page))?)))
        .collect()
}

fn judged(document: &PdfDocument, page: usize, load: Load) -> Option<Heavy> {
    if let Some(why) = load.too_much() {
        return Some(Heavy::Unread(why));
    }
    if load.is_light() {
        return None;
    }
    let chars = quiet(|| document.extract_chars(page)).and_then(Result::ok)?;
    load.is_too_heavy(&chars).then(|| Heavy::ByPlace(by_place(&chars)))
}

/// Lines of characters by their places alone.
fn by_place(chars: &[TextChar]) -> String {
    let text = placed::rows(chars);
    let typed = words::has_spaced_han(&text).then(|| words::Page::of(chars));
    text::tidy(&text, typed.as_ref())
}

/// The file with nothing on these pages. Of one that is encrypted there is none: its update would
/// have to be encrypted too.
pub fn without(
    document: &PdfDocument,
    bytes: &[u8],
    pages: usize,
    heavy: &BTreeMap<usize, Heavy>,
) -> Option<Vec<u8>> {
    if document.is_encrypted() {
        return None;
    }
    let Object::Dictionary(trailer) = document.trailer() else { return None };
    let (mut drawn, mut kept) = (BTreeSet::new(), BTreeSet::new());
    for page in 0..pages {
        let of = if heavy.contains_key(&page) { &mut drawn } else { &mut kept };
        of.extend(content::streams(document, page).into_iter().map(|at| (at.id, at.r#gen)));
    }
    // What other pages draw too, as a frame, stays.
    let empty = drawn.difference(&kept).map(|&(number, generation)| {
        let body = b"<</Length 0>>\nstream\n\nendstream".to_vec();
        New { number, generation, body }
    });
    Some(update::updated(trailer, bytes, &empty.collect::<Vec<_>>(), ""))
}
