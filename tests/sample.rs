//! The sample leak and its answers belong together: what `tests/data/story*.tsv` says about the
//! files is true of the files, and everything in them is invented.

use casebook::model::Sha256;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample")
}

/// The rows of a table in `tests/data`, by column name.
pub fn table(name: &str) -> Vec<BTreeMap<String, String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    let text = std::fs::read_to_string(path).expect("the table is in the repository");
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().expect("a table has a head").split('\t').collect();
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), head.len(), "{name}: {line}");
            head.iter().zip(cells).map(|(k, v)| ((*k).to_owned(), v.to_owned())).collect()
        })
        .collect()
}

/// Paths below the sample's root, `/` between folders.
fn files() -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(root())
        .into_iter()
        .map(|entry| entry.expect("the sample can be read"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let inside = entry.path().strip_prefix(root()).expect("below the root");
            let name = inside.to_str().expect("names are UTF-8").replace('\\', "/");
            (name, std::fs::read(entry.path()).expect("the sample can be read"))
        })
        .collect()
}

#[test]
fn files_are_the_ones_that_the_answers_were_written_for() {
    let files = files();
    let listed: BTreeMap<String, String> = table("story_documents.tsv")
        .into_iter()
        .filter(|row| !row["path"].contains('!'))
        .map(|row| (row["path"].clone(), row["sha256"].clone()))
        .collect();
    let found: BTreeMap<String, String> =
        files.iter().map(|(name, data)| (name.clone(), Sha256::of(data).to_string())).collect();
    assert_eq!(found, listed);
    assert!((60..=120).contains(&files.len()), "{} files", files.len());
    let bytes: usize = files.values().map(Vec::len).sum();
    assert!(bytes < 4_000_000, "{bytes} bytes");
}

#[test]
fn answers_point_at_evidence_that_is_there() {
    let files = files();
    let documents: BTreeSet<String> =
        table("story_documents.tsv").into_iter().map(|row| row["path"].clone()).collect();
    let mut seen = BTreeSet::new();
    for row in table("story.tsv") {
        assert!(seen.insert(row["id"].clone()), "{} stands twice", row["id"]);
        for item in row["must_hit"].split(" ; ").filter(|item| !item.is_empty()) {
            let mut parts = item.split(" @ ");
            let path = parts.next().expect("split yields one part");
            assert!(documents.contains(path), "{}: {path}", row["id"]);
            if let (Some(time), Some(sender)) = (parts.next(), parts.next()) {
                let text = std::str::from_utf8(&files[path]).expect("exports are UTF-8");
                assert!(text.contains(time) && text.contains(sender), "{}: {item}", row["id"]);
            }
        }
    }
}

#[test]
fn counts_of_conversations_add_up() {
    let conversations = table("story_conversations.tsv");
    let sum = |column: &str| -> u64 {
        conversations.iter().map(|row| row[column].parse::<u64>().expect("a count")).sum()
    };
    let totals: BTreeMap<String, String> = table("story.tsv")
        .into_iter()
        .filter(|row| row["feature"] == "ingest" || row["feature"] == "chat")
        .map(|row| (row["query"].clone(), row["total"].clone()))
        .collect();
    assert_eq!(totals["messages"], sum("messages").to_string());
    assert_eq!(totals["records"], sum("records").to_string());
    assert_eq!(totals["distinct_messages"], sum("distinct").to_string());
    assert_eq!(totals["conversations"], conversations.len().to_string());
}

#[test]
fn everything_is_invented() {
    let address =
        Regex::new(r"(?:^|[^0-9.])((?:[0-9]{1,3}\.){3}[0-9]{1,3})(?:[^0-9.]|$)").expect("a regex");
    let mail = Regex::new(r"[A-Za-z0-9._-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]+)")
        .expect("a regex");
    let phone = Regex::new(r"1[3-9][0-9]-?[0-9]{4}-?[0-9]{4}").expect("a regex");
    let documentation = ["192.0.2.", "198.51.100.", "203.0.113."];
    for (name, data) in files() {
        let Ok(text) = String::from_utf8(data) else { continue };
        for found in address.captures_iter(&text) {
            let ip = &found[1];
            assert!(documentation.iter().any(|range| ip.starts_with(range)), "{name}: {ip}");
        }
        for found in mail.captures_iter(&text) {
            let domain = &found[1];
            assert!(domain.ends_with(".example"), "{name}: {domain}");
        }
        if name.ends_with(".md") || name.ends_with(".csv") || name.ends_with(".txt") {
            for found in phone.find_iter(&text) {
                let digits = found.as_str().replace('-', "");
                assert!(digits.starts_with("1390000"), "{name}: {digits}");
            }
        }
    }
}
