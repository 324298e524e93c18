use super::*;
use crate::case::testing::{draft, with_documents};
use crate::case::{SearchOptions, Standing};
use crate::model::finding::{NoteField, NoteKind};
use crate::model::note::Draft;
use std::sync::atomic::AtomicBool;

fn found(case: &Case, query: &str) -> Result<Vec<String>, String> {
    let query = Query::parse(query).unwrap();
    let result = case.search(&query, &SearchOptions::default(), &AtomicBool::new(false));
    result
        .map(|result| result.hits.iter().map(|hit| hit.item.to_string()).collect())
        .map_err(|error| error.to_string())
}

#[test]
fn notes_are_found_by_the_tokens_of_the_index() {
    let (_dir, case) = with_documents(&[1]);
    let kind = NoteKind::Finding;
    let id = case.save_note(&Draft { kind, ..draft("# 青河 pays\n\n預付款 was promised") });
    let id = id.unwrap().0.unwrap();
    case.save_note(&draft("ask Wei about 川江")).unwrap();
    case.set_note(id, NoteField::Standing(Standing::Supported)).unwrap();
    case.tag(&[ItemId::Note(id)], "money/advance", true).unwrap();
    let check = |query: &str, expected: &[&str]| {
        let mut ids = found(&case, query).unwrap();
        ids.sort();
        assert_eq!(ids, expected, "{query}");
    };
    check("kind:note", &["N1", "N2"]);
    // Traditional and simplified, full width, word edges: as everywhere.
    check("kind:note 预付款", &["N1"]);
    check("kind:note ＰＡＹＳ", &["N1"]);
    check("kind:note pay", &[]);
    check("kind:note pay*", &["N1"]);
    check("kind:note -青河", &["N2"]);
    check("kind:note (青河 OR 川江)", &["N1", "N2"]);
    check("kind:note /W.i/", &["N2"]);
    check("kind:note tag:money/advance", &["N1"]);
    check("kind:note tag:money/*", &["N1"]);
    check("kind:note tag:money", &["N1"]);
    check("kind:note tag:mone", &[]);
    check("kind:note from:lin 青河", &["N1"]);
    let query = Query::parse("kind:note 青河").unwrap();
    let near = case.near_misses(&query, std::time::Duration::ZERO, &AtomicBool::new(false));
    assert!(near.unwrap().found.is_empty(), "nothing is near, and nothing is wrong");
    let error = found(&case, "kind:note size:>1K").unwrap_err();
    assert!(error.contains("notes have no size:"), "{error}");
    let hit = case.find_notes(&Query::parse("kind:note promised").unwrap()).unwrap().remove(0);
    assert_eq!((hit.path.as_str(), hit.locator.as_str()), ("青河 pays", "finding, supported"));
    let (from, to) = hit.snippet.marks[0];
    assert_eq!(&hit.snippet.text[from..to], "promised");
}
