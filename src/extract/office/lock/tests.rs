//! Small documents that LibreOffice (and a tool for packages) locked with the same password.

use super::streams;
use crate::extract::collect::{Collected, Hints, collect, collect_with};
use crate::model::State;

const PASSWORD: &str = "开门 sesame1";

fn open(name: &str, passwords: &[&str]) -> Collected {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/extract/locked");
    let bytes = std::fs::read(format!("{folder}/{name}")).unwrap();
    let passwords: Vec<String> = passwords.iter().map(|word| (*word).to_owned()).collect();
    collect_with(&bytes, &Hints { path: name, passwords: &passwords, ..Hints::default() })
}

/// Opens it, and tries it without its password and with a wrong one.
fn check(name: &str) -> Collected {
    let closed = open(name, &[]);
    assert_eq!(closed.state(), State::Encrypted, "{name}: {}", closed.reason());
    assert!(closed.reason().contains("--passwords"), "{}", closed.reason());
    let wrong = open(name, &["wrong"]);
    assert_eq!(wrong.state(), State::Encrypted, "{name}");
    assert!(wrong.reason().contains("none of the 1 passwords"), "{}", wrong.reason());
    let all = open(name, &["wrong", PASSWORD]);
    assert_eq!(all.state(), State::Read, "{name}: {}", all.reason());
    all
}

#[test]
fn documents_open_with_their_password() {
    assert!(check("locked.doc").text.contains("合同 locked away"));
    assert!(check("locked.odt").text.contains("合同 locked away"));
    // Made by the letter of OpenDocument 1.1 with another program's Blowfish.
    let older = check("blowfish.odt");
    assert_eq!(older.text.trim_end(), "合同 locked away under the older cipher");
    assert_eq!(older.meta(&crate::extract::Key::Author), Some("Mara Fict"));
    assert!(older.warnings.is_empty(), "{:?}", older.warnings);
    let book = check("locked.xls");
    assert!(book.text.contains("账户 2\t3"), "{}", book.text);
    assert!(book.warnings.is_empty(), "{:?}", book.warnings);
}

#[test]
fn a_package_comes_out_as_the_file_it_is() {
    let all = check("agile.docx");
    let [child] = &all.children[..] else { panic!("{} children", all.children.len()) };
    let inside = collect(&child.bytes, &child.child.name);
    assert_eq!(inside.format, "docx");
    assert!(inside.text.contains("合同 locked away"), "{}", inside.text);
}

#[test]
fn damaged_locks_stay_shut() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/extract/locked");
    for name in ["locked.doc", "locked.xls", "locked.odt", "blowfish.odt", "agile.docx"] {
        let bytes = std::fs::read(format!("{folder}/{name}")).unwrap();
        for cut in (0..bytes.len()).step_by(bytes.len() / 24) {
            collect_with(&bytes[..cut], &Hints { path: name, ..Hints::default() });
        }
    }
    for about in [&b""[..], b"\x04\0\x04\0", b"\x01\0\x01\0short", b"\x02\0\x02\0"] {
        assert!(streams::Lock::open(about, &[]).is_err());
    }
}
