//! Numbers of the items of lists in a Word document, as a word processor counts them: lists of one
//! kind count on, and a list begins anew where it says so when it is first met (ECMA-376 part 1,
//! 17.9). Programs say the same list in different ways; what is to be seen is the same.

use super::docx::attribute;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::{HashMap, HashSet};

/// What the part of lists says, and how far each of them was counted.
#[derive(Clone, Default)]
pub struct Lists {
    /// Format and first number, by kind and level.
    levels: HashMap<(String, u32), (String, u64)>,
    /// Kind of each list, and where its levels begin.
    lists: HashMap<String, (String, HashMap<u32, u64>)>,
    counters: HashMap<(String, u32), u64>,
    met: HashSet<(String, u32)>,
}

impl Lists {
    pub fn read(part: &str) -> Lists {
        let mut read = Lists::default();
        let (mut kind, mut list, mut level) = (String::new(), None, 0);
        let mut reader = Reader::from_str(part);
        while let Ok(event) = reader.read_event() {
            let tag = match &event {
                Event::Eof => break,
                Event::Start(tag) | Event::Empty(tag) => tag,
                _ => continue,
            };
            let value = attribute(tag, "val");
            let number = value.parse().unwrap_or(1);
            match (tag.local_name().as_ref(), &list) {
                ("abstractNum", _) => (kind, list) = (attribute(tag, "abstractNumId"), None),
                ("lvl" | "lvlOverride", _) => {
                    level = attribute(tag, "ilvl").parse().unwrap_or(0);
                }
                ("num", _) => list = Some(attribute(tag, "numId")),
                ("start", None) => read.level(&kind, level).1 = number,
                ("numFmt", None) => read.level(&kind, level).0 = value,
                ("abstractNumId", Some(list)) => {
                    read.lists.entry(list.clone()).or_default().0 = value;
                }
                ("startOverride", Some(list)) => {
                    let own = read.lists.entry(list.clone()).or_default();
                    own.1.insert(level, number);
                }
                _ => {}
            }
        }
        read
    }

    fn level(&mut self, kind: &str, level: u32) -> &mut (String, u64) {
        self.levels.entry((kind.to_owned(), level)).or_insert((String::new(), 1))
    }

    /// What stands before the next item of a list: `bullet`, `decimal 3`; nothing before what is in
    /// no list.
    pub fn item(&mut self, list: &str, level: &str) -> Option<String> {
        let level: u32 = level.parse().unwrap_or(0);
        let (kind, starts) = self.lists.get(list)?;
        let (format, start) = self.levels.get(&(kind.clone(), level))?;
        if format == "bullet" {
            return Some(format.clone());
        }
        let key = (kind.clone(), level);
        let is_first = self.met.insert((list.to_owned(), level));
        let anew = starts.get(&level).copied().filter(|_| is_first);
        let number = match (anew, self.counters.get(&key)) {
            (Some(anew), _) => anew,
            (None, Some(last)) => last.saturating_add(1),
            (None, None) => *start,
        };
        let words = format!("{format} {number}");
        self.counters.retain(|(own, deeper), _| *own != key.0 || *deeper <= level);
        self.counters.insert(key, number);
        Some(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(id: u8, format: &str) -> String {
        let level = |level: u8| {
            format!(
                "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/></w:lvl>"
            )
        };
        format!("<w:abstractNum w:abstractNumId=\"{id}\">{}{}</w:abstractNum>", level(0), level(1))
    }

    fn list(id: u8, kind: u8, starts: &[(u8, u8)]) -> String {
        let starts = starts.iter().map(|(level, start)| {
            format!(
                "<w:lvlOverride w:ilvl=\"{level}\"><w:startOverride w:val=\"{start}\"/></w:lvlOverride>"
            )
        });
        let starts: String = starts.collect();
        format!("<w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"{kind}\"/>{starts}</w:num>")
    }

    #[track_caller]
    fn check(lists: &[String], items: &[(&str, &str)], expected: &[&str]) {
        let part = format!("<w:numbering>{}</w:numbering>", lists.concat());
        let mut lists = Lists::read(&part);
        let found: Vec<String> =
            items.iter().map(|(list, level)| lists.item(list, level).unwrap_or_default()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_list_reads_the_same_however_a_program_says_it() {
        let kinds = [kind(0, "bullet"), kind(1, "decimal")].concat();
        let items = [("1", "0"), ("1", "0"), ("2", "1"), ("1", "0"), ("3", "0")];
        let expected = ["decimal 3", "decimal 4", "bullet", "decimal 5", "decimal 1"];
        let ours = [
            kinds.clone(),
            list(1, 1, &[(0, 3), (1, 3)]),
            list(2, 0, &[]),
            list(3, 1, &[(0, 1), (1, 1)]),
        ];
        check(&ours, &items, &expected);
        // LibreOffice says where a list begins in a list of its own.
        let theirs =
            [kinds, list(1, 1, &[]), list(2, 0, &[]), list(6, 1, &[(0, 3)]), list(7, 1, &[(0, 1)])];
        let items = [("6", "0"), ("1", "0"), ("2", "1"), ("1", "0"), ("7", "0")];
        check(&theirs, &items, &expected);
        check(
            &theirs,
            &[("1", "0"), ("1", "1"), ("1", "1"), ("1", "0"), ("1", "1"), ("9", "0")],
            &["decimal 1", "decimal 1", "decimal 2", "decimal 2", "decimal 1", ""],
        );
    }
}
