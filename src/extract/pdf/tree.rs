//! Whether the tree of pages has an end.
//!
//! The parser counts the pages on every way from the root, up to its limit of depth. A node that
//! names itself twice has more ways than there will ever be time for: 170 bytes are enough.

use super::objects::resolve;
use super::quiet;
use pdf_oxide::PdfDocument;
use pdf_oxide::object::Object;
use std::collections::HashMap;

/// Levels that the parser goes down.
const DEPTH: usize = 52;

/// Ways from the root to a node that are followed; a document has one for each of its pages.
const MOST_WAYS: u64 = 2_000_000;

/// Whether there are more ways through the tree of pages than can be walked.
pub(super) fn is_endless(document: &PdfDocument) -> bool {
    let Some(Ok(Object::Dictionary(catalog))) = quiet(|| document.catalog()) else { return false };
    let Some(root) = catalog.get("Pages").filter(|root| root.as_reference().is_some()) else {
        return false;
    };
    let mut kids: HashMap<(u32, u16), Vec<Object>> = HashMap::new();
    // How many ways lead to each node of one level.
    let mut level: Vec<(Object, u64)> = vec![(root.clone(), 1)];
    let mut ways = 0u64;
    for _ in 0..DEPTH {
        let mut next: HashMap<(u32, u16), (Object, u64)> = HashMap::new();
        for (node, count) in level {
            ways = ways.saturating_add(count);
            let Some(id) = id(&node) else { continue };
            let below = kids.entry(id).or_insert_with(|| kids_of(document, &node));
            for kid in below.iter() {
                if let Some(id) = self::id(kid) {
                    let entry = next.entry(id).or_insert_with(|| (kid.clone(), 0));
                    entry.1 = entry.1.saturating_add(count);
                }
            }
        }
        if ways > MOST_WAYS {
            return true;
        }
        if next.is_empty() {
            return false;
        }
        level = next.into_values().collect();
    }
    false
}

fn id(node: &Object) -> Option<(u32, u16)> {
    node.as_reference().map(|reference| (reference.id, reference.r#gen))
}

/// What a node names as its children; a page has none.
fn kids_of(document: &PdfDocument, node: &Object) -> Vec<Object> {
    match resolve(document, node) {
        Some(Object::Dictionary(node)) => match node.get("Kids") {
            Some(Object::Array(kids)) => kids.clone(),
            Some(kids @ Object::Reference(_)) => match resolve(document, kids) {
                Some(Object::Array(kids)) => kids,
                _ => Vec::new(),
            },
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
