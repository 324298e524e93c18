//! The floors of the house: imports go down only, and what is to stay in one place stays there.

use std::fs;
use std::path::{Path, PathBuf};

/// From the top down; what stands in one line may not import each other either, but for the
/// exceptions below.
const FLOORS: [&[&str]; 8] = [
    &["tui", "cli"],
    &["app"],
    &["ingest", "export"],
    &["case"],
    &["index", "journal"],
    &["extract"],
    &["query", "store"],
    &["text", "jobs", "model", "files"],
];

/// What everybody may use, and what `case` hides.
const PLAIN: [&str; 5] = ["model", "text", "query", "jobs", "files"];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                into.push((path, text));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files
        .into_iter()
        .map(|(path, text)| (path.strip_prefix(&root).unwrap().to_owned(), text))
        .filter(|(path, _)| !path.starts_with("bin"))
        .collect()
}

/// Modules of this crate that a file names, tests apart.
fn imports(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let code: String =
        code.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    code.match_indices("crate::")
        .map(|(at, _)| {
            let rest = &code[at + "crate::".len()..];
            rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
        })
        .collect()
}

#[test]
fn imports_go_down_only() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(own) = path.iter().next().and_then(|first| first.to_str()) else { continue };
        let Some(own_floor) = floor(own) else { continue };
        for used in imports(&text) {
            let Some(used_floor) = floor(&used) else { continue };
            // The workbench is opened from the command line.
            let is_exception = own == "cli" && used == "tui";
            let same_plain_floor = own_floor == used_floor && own_floor == FLOORS.len() - 1;
            if used != own && used_floor <= own_floor && !is_exception && !same_plain_floor {
                wrong.push(format!("{} imports {used}", path.display()));
            }
            let above_the_waist = own_floor < floor("case").unwrap();
            let below_the_waist =
                used_floor > floor("case").unwrap() && !PLAIN.contains(&used.as_str());
            if above_the_waist && below_the_waist && !(own == "ingest" && used == "extract") {
                wrong.push(format!("{} reaches past case to {used}", path.display()));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_stays_in_one_place() {
    let only = [
        ("rusqlite::", "store"),
        ("tantivy::", "index"),
        ("ratatui::", "tui"),
        ("tui_textarea::", "app/text_area"),
        ("TcpStream", ""),
        ("UdpSocket", ""),
    ];
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let code: String = text
            .lines()
            .filter(|l| !l.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        for (what, place) in only {
            // What proves that sockets are denied has to try one.
            let tries_it = path.ends_with("sandbox/self_test.rs");
            if code.contains(what) && !tries_it && (place.is_empty() || !path.starts_with(place)) {
                wrong.push(format!("{} uses {what}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A module that is not declared in `main.rs` is a test that never runs.
#[test]
fn no_test_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let main = fs::read_to_string(folder.join("main.rs")).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if path.extension().is_some_and(|e| e == "rs") && name != "main" {
            assert!(main.contains(&format!("mod {name};")), "tests/{name}.rs is not in main.rs");
        }
    }
}
