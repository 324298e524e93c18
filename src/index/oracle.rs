//! Precision and recall of 100 %: for any part of any text, the units that the index finds are
//! those in which a plain search for the part finds it. The oracle below shares no function and
//! no table with the index, the tokens and the normal form; it reads the same Unicode data with
//! `unicode-normalization` and the same OpenCC file. That holds wherever a text is cut because it
//! is large.

use super::tests::{GO_ON, index_cut, literal, message};
use super::*;
use crate::model::Wrap;
use crate::text::highlight::Marked;
use crate::text::needle::Needle;
use crate::text::normal::{Mode, normalize};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;

fn simplified(c: char) -> char {
    static TABLE: OnceLock<BTreeMap<char, char>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/han/TSCharacters.txt");
        let text = std::fs::read_to_string(path).unwrap();
        let entries = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        entries
            .map(|line| {
                let (from, to) = line.split_once('\t').unwrap();
                (from.chars().next().unwrap(), to.chars().next().unwrap())
            })
            .collect()
    });
    *table.get(&c).unwrap_or(&c)
}

/// Marks of other shapes, and what a keyboard has for them.
const MARKS: [(&str, char); 2] = [("‘’ʼ＇′", '\''), ("‐\u{2011}‒–—―−－﹣", '-')];
/// Nobody sees them, or few write them: vowel signs of Arabic and Hebrew, the stroke that
/// stretches a word.
const UNWRITTEN: &str = "\u{200b}\u{fe0f}\u{64e}\u{651}\u{640}\u{5b8}";

fn typed(c: char) -> char {
    MARKS.iter().find(|(shapes, _)| shapes.contains(c)).map_or(c, |mark| mark.1)
}

fn fold(text: &str) -> String {
    let mut text: String = text.chars().filter(|c| !UNWRITTEN.contains(*c)).collect();
    for _ in 0..3 {
        text = text.nfkc().map(typed).flat_map(char::to_lowercase).map(simplified).collect();
        text = text.nfkc().collect();
    }
    text
}

fn is_han(c: char) -> bool {
    matches!(c as u32, 0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff | 0x3005 | 0x3007)
}

fn is_kana(c: char) -> bool {
    matches!(c as u32, 0x3041..=0x3096 | 0x3099..=0x309a | 0x30a1..=0x30fa | 0x30fc..=0x30ff | 0xff66..=0xff9f)
}

fn is_thai(c: char) -> bool {
    matches!(c as u32, 0xe01..=0xe3a | 0xe40..=0xe4e)
}

fn is_hangul(c: char) -> bool {
    matches!(c as u32, 0x1100..=0x11ff | 0xac00..=0xd7a3)
}

/// A letter, digit or mark of a script with words.
fn is_word(c: char) -> bool {
    let mark = matches!(c as u32, 0x300..=0x36f);
    (c.is_alphanumeric() || mark) && !is_han(c) && !is_kana(c) && !is_thai(c) && !is_hangul(c)
}

fn is_wide(c: char) -> bool {
    let full = matches!(c as u32, 0x3001..=0x3020 | 0xff01..=0xff60 | 0xffe0..=0xffe6);
    is_han(c) || is_kana(c) || is_thai(c) || full
}

/// All that a flowing text may be read as, each a list of paragraphs in normal form.
fn readings(text: &str) -> Vec<Vec<String>> {
    let mut all = vec![vec![String::new()]];
    let visible: String = text.chars().filter(|c| !UNWRITTEN.contains(*c)).collect();
    let lines: Vec<&str> = visible.split('\n').map(str::trim).collect();
    let mut last: Option<(&str, bool)> = None;
    let mut empty = false;
    for line in lines {
        if line.is_empty() {
            empty = true;
            continue;
        }
        let folded = fold(line).split_whitespace().collect::<Vec<_>>().join(" ");
        let Some((before, joined)) = last.filter(|_| !empty) else {
            for reading in &mut all {
                reading.push(folded.clone());
            }
            (last, empty) = (Some((line, false)), false);
            continue;
        };
        let (joins, hyphenated) = joins(before, line);
        let mut more = Vec::new();
        for reading in &all {
            for join in &joins {
                let mut reading = reading.clone();
                reading.last_mut().unwrap().push_str(&format!("{join}{folded}"));
                more.push(reading);
            }
            // A word that is broken twice is joined once.
            if hyphenated && !joined {
                let mut reading = reading.clone();
                let end = reading.last_mut().unwrap();
                end.pop();
                end.push_str(&folded);
                more.push(reading);
            }
        }
        all = more;
        last = Some((line, hyphenated && is_one_word(line)));
    }
    all
}

/// A word and the hyphen behind it.
fn is_one_word(line: &str) -> bool {
    fold(line).strip_suffix('-').is_some_and(|word| word.chars().all(is_word))
}

/// What may stand for a line end, and whether it breaks a word.
fn joins(before: &str, after: &str) -> (Vec<&'static str>, bool) {
    let ends: Vec<char> = fold(before).chars().rev().collect();
    let starts = fold(after).chars().next().unwrap();
    let carried = unicode_normalization::char::canonical_combining_class(starts) != 0;
    if carried || is_word(ends[0]) && is_word(starts) {
        return (vec![" "], false);
    }
    let base = before.chars().next_back().unwrap();
    let first = after.chars().next().unwrap();
    let ambiguous = |c| "“”…‘’—".contains(c);
    if "-‐\u{2011}".contains(base) && ends.len() > 1 {
        let letter = |c: char| is_word(c) && c.is_alphabetic();
        if letter(ends[1]) && letter(starts) {
            return (vec!["", " "], true);
        }
    }
    let both = match (is_wide(base), is_wide(first)) {
        (true, true) => vec![""],
        (true, false) if ambiguous(first) => vec![""],
        (false, true) if ambiguous(base) => vec![""],
        (true, _) | (_, true) => vec!["", " "],
        _ if is_hangul(fold(&base.to_string()).chars().next().unwrap()) || is_hangul(starts) => {
            vec!["", " "]
        }
        _ => vec![" "],
    };
    (both, false)
}

/// Whether a part stands in a text, at the edges of words.
fn stands(text: &str, part: &str) -> bool {
    readings(text).iter().flatten().any(|paragraph| {
        paragraph.match_indices(part).chain(overlapping(paragraph, part)).any(|(at, _)| {
            let before = paragraph[..at].chars().next_back();
            let after = paragraph[at + part.len()..].chars().next();
            let cut = |outer: Option<char>, inner: Option<char>| {
                outer.is_some_and(is_word) && inner.is_some_and(is_word)
            };
            !cut(before, part.chars().next()) && !cut(after, part.chars().next_back())
        })
    })
}

fn overlapping<'a>(text: &'a str, part: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let starts = text.char_indices().map(|(at, _)| at);
    starts.filter(move |at| text[*at..].starts_with(part)).map(move |at| (at, part))
}

fn atom() -> impl Strategy<Value = &'static str> {
    let of = |list: &'static [&'static str]| proptest::sample::select(list);
    prop_oneof![
        6 => of(&["公", "司", "安", "国", "國", "信", "公司", "〇", "々"]),
        2 => of(&["𠮷", "𪚥", "字\u{301}", "\u{f900}"]),
        3 => of(&["1", "2", "１", "12", "①"]),
        4 => of(&["a", "b", "ab", "Foo", "ｂ", "é", "e\u{301}", "x\u{302}", "ﬁ", "Я", "ع"]),
        2 => of(&["か", "ガ", "ｶ", "ｶﾞ", "カ\u{3099}", "ー"]),
        2 => of(&["한", "국", "\u{1112}\u{1161}\u{11ab}", "가"]),
        2 => of(&["ก", "ำ", "ไท", "\u{e48}"]),
        5 => of(&[",", "，", ".", "-", "@", "“", "…", "_", "😀", "（"]),
        3 => of(&["'", "’", "—", "–", "‐", "\u{2011}", "－", "−", "ʼ"]),
        1 => of(&["ع\u{64e}", "ـ", "ש\u{5b8}", "一", "\u{651}"]),
        3 => of(&[" ", "  ", "\u{3000}"]),
        3 => of(&["\n", "\n", " \n ", "\n\n", "-\n"]),
        1 => of(&["\u{200b}", "\u{fe0f}"]),
    ]
}

pub(super) fn text() -> impl Strategy<Value = String> {
    let few_lines = |text: &String| text.matches('\n').count() <= 5;
    // Marks of two scripts on one letter change places in the normal form; which of them is then
    // the last character of its line is settled in neither this oracle nor any text.
    let in_order = |text: &String| {
        let one_by_one = text.chars().flat_map(|c| c.to_string().nfkd().collect::<Vec<_>>());
        one_by_one.eq(text.nfkd())
    };
    proptest::collection::vec(atom(), 1..24)
        .prop_map(|atoms| atoms.concat())
        .prop_filter("readings grow with lines", few_lines)
        .prop_filter("marks that change places", in_order)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 5, max_shrink_iters: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_part_of_any_text_is_found_exactly(
        texts in proptest::collection::vec(text(), 12),
        most in prop_oneof![Just(usize::MAX), 1usize..60],
        picks in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u64>(), 0usize..40, 1usize..9), 80),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let units: Vec<(Unit, &str)> =
            (1..).map(message).zip(texts.iter().map(String::as_str)).collect();
        let index = index_cut(folder.path(), &units, most);
        for (which, reading, from, len) in picks {
            let readings = readings(&texts[which.index(texts.len())]);
            let reading = &readings[(reading % readings.len() as u64) as usize];
            let paragraph = &reading[from % reading.len()];
            let chars = paragraph.chars().count();
            let part: String = paragraph.chars().skip(from % chars.max(1)).take(len).collect();
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            let expected: Vec<Unit> = units
                .iter()
                .filter(|(_, text)| stands(text, part))
                .map(|(unit, _)| *unit)
                .collect();
            let found = index.units(&literal(part), &GO_ON).unwrap();
            prop_assert_eq!(&found, &expected, "{:?} in {:?}", part, texts);
            let needle = Needle::literal(part).unwrap();
            if !needle.has_loose_ends() {
                // Beside another one that may stand in the same places.
                let twice = [(Fields::ALL, &needle), (Fields::ALL, &needle)];
                let all = units.iter().map(|(_, text)| Marked::new(text, Wrap::Flow, [&needle]).find(&needle));
                let count: usize = all.map(|marks| marks.len()).sum();
                let (_, hits) = index.find(&literal(part), Page::top(0), &GO_ON).unwrap();
                for wanted in [&twice[..1], &twice] {
                    let found = hits.occurrences(wanted, &GO_ON).unwrap();
                    prop_assert_eq!(found, count as u64, "{:?} in {:?}", part, texts);
                }
            }
            for (unit, text) in &units {
                let marks = Marked::new(text, Wrap::Flow, [&needle]).find(&needle);
                prop_assert_eq!(!marks.is_empty(), expected.contains(unit), "{:?} in {:?}", part, text);
                for mark in marks {
                    // What is marked reads as what was looked for, but for line ends, whose
                    // meaning depends on what stands around the mark, and for characters that
                    // stand for several (`…`), of which a part cannot be marked.
                    let bare = |text: &str| fold(text).replace([' ', '\n', '-'], "");
                    let (marked, wanted) = (bare(&text[mark]), bare(part));
                    prop_assert!(marked.contains(&wanted), "{:?} for {:?} in {:?}", marked, part, text);
                    prop_assert!(marked.len() <= wanted.len() + 12, "{:?} for {:?}", marked, part);
                }
            }
        }
    }

    #[test]
    fn the_normal_form_is_the_oracles(text in text()) {
        let ours = normalize(&text, Mode::Query).text;
        let theirs = fold(&text).split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(ours, theirs);
    }
}
