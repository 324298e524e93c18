//! What a search nearly would have found: a Han name with one character different (OCR misreads
//! names), a Han word set with blanks (`合　同`) or without, digits written in Han and the other way
//! round, and files that bear the word in their
//! name or metadata only. Shown with what it would add, never mixed into the answer.

use super::Names;
use crate::case::note_search::asks_for_notes;
use crate::case::{Case, CaseError};
use crate::index::{Fields, Index, Plan};
use crate::model::view::{NearMiss, NearMisses};
use crate::query::{Field, Filter, Kind, Node, Query, Value};
use crate::text::numeral;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Variants of one word that are tried.
const TRIED: usize = 8;
/// Near misses that are shown.
const SHOWN: usize = 8;

impl Case {
    /// Queries that differ in one word from this one and find something else. Empty for queries
    /// with regular expressions, which would have to read everything again.
    pub fn near_misses(
        &self,
        query: &Query,
        time: Duration,
        cancel: &AtomicBool,
    ) -> Result<NearMisses, CaseError> {
        let none = NearMisses { found: Vec::new(), complete: true };
        // Notes are in no index whose words could be near.
        if asks_for_notes(query) {
            return Ok(none);
        }
        let Some(root) = query.root() else { return Ok(none) };
        let words: Vec<&Node> =
            root.wanted().into_iter().filter(|node| matches!(&node.kind, Kind::Text(_))).collect();
        let mut leaves = Vec::new();
        all_leaves(root, &mut leaves);
        if words.is_empty() || leaves.iter().any(|node| matches!(node.kind, Kind::Regex(_))) {
            return Ok(none);
        }
        if self.store.last_change()? == 0 {
            return Ok(none);
        }
        let index = self.index()?;
        let names = Names::load(&self.index_folder())?;
        let own = self.compile(query, index, &names, cancel)?.plan;
        let deadline = Instant::now() + time;
        let mut misses = Vec::new();
        let mut complete = true;
        let alone = standing_alone(root);
        for node in words {
            let Kind::Text(word) = &node.kind else { continue };
            if Instant::now() > deadline {
                complete = false;
                break;
            }
            let (forms, is_all) = number_forms(word);
            complete &= is_all;
            let mut variants: Vec<(String, &'static str)> =
                forms.into_iter().map(|form| (form, "Han digits")).collect();
            // A field has no place in a text, so it cannot be near to anything.
            if alone.iter().any(|own| std::ptr::eq(*own, node)) {
                let changed = Query::from_tree(Some(replaced(root, node, &in_metadata(word))));
                let added = self.added(&own, &changed, index, &names, deadline, cancel)?;
                complete &= added.is_some();
                if let Some(units) = added.filter(|units| *units > 0) {
                    let to = format!("meta:{}", quoted(word));
                    let (from, why) = (word.clone(), "name or metadata");
                    misses.push(NearMiss { from, to, why, units });
                }
            }
            if !has_han_or_digits(word) {
                continue;
            }
            let near = index.near_misses(word, Fields::TEXTS, TRIED, deadline, cancel)?;
            complete &= near.complete;
            variants.extend(near.found.into_iter().map(|miss| (miss.text, "one character")));
            variants.extend(spaced_forms(word));
            for (to, why) in variants {
                if Instant::now() > deadline {
                    complete = false;
                    break;
                }
                let other = Kind::Text(to.clone());
                let changed = Query::from_tree(Some(replaced(root, node, &other)));
                let added = self.added(&own, &changed, index, &names, deadline, cancel)?;
                complete &= added.is_some();
                if let Some(units) = added.filter(|units| *units > 0) {
                    misses.push(NearMiss { from: word.clone(), to, why, units });
                }
            }
        }
        misses.sort_by(|a, b| b.units.cmp(&a.units).then_with(|| a.to.cmp(&b.to)));
        misses.truncate(SHOWN);
        Ok(NearMisses { found: misses, complete })
    }

    /// Units that a changed query finds and the plan of the own one does not; `None` when there was
    /// not enough time to know.
    fn added(
        &self,
        own: &Plan,
        changed: &Query,
        index: &Index,
        names: &Names,
        deadline: Instant,
        cancel: &AtomicBool,
    ) -> Result<Option<u64>, CaseError> {
        let plan = self.compile(changed, index, names, cancel)?.plan;
        let added = Plan::And(vec![plan, Plan::Not(Box::new(own.clone()))]);
        Ok(index.count_until(&added, deadline, cancel)?)
    }
}

fn in_metadata(word: &str) -> Kind {
    Kind::Filter(Filter { field: Field::Meta, values: vec![Value::Text(word.to_owned())] })
}

fn quoted(word: &str) -> String {
    if word.chars().all(char::is_alphanumeric) { word.to_owned() } else { format!("\"{word}\"") }
}

fn all_leaves<'a>(node: &'a Node, found: &mut Vec<&'a Node>) {
    match &node.kind {
        Kind::And(parts) | Kind::Or(parts) => {
            parts.iter().for_each(|part| all_leaves(part, found));
        }
        Kind::Not(inner) => all_leaves(inner, found),
        Kind::Near { left, right, .. } => {
            all_leaves(left, found);
            all_leaves(right, found);
        }
        _ => found.push(node),
    }
}

/// Leaves that are not a side of NEAR.
fn standing_alone(node: &Node) -> Vec<&Node> {
    match &node.kind {
        Kind::And(parts) | Kind::Or(parts) => parts.iter().flat_map(standing_alone).collect(),
        Kind::Not(inner) => standing_alone(inner),
        Kind::Near { .. } => Vec::new(),
        _ => vec![node],
    }
}

/// The tree with another word in the place of `old`.
fn replaced(node: &Node, old: &Node, word: &Kind) -> Node {
    if node.span == old.span && node.kind == old.kind {
        return Node::at(word.clone(), node.span);
    }
    let all = |parts: &[Node]| parts.iter().map(|part| replaced(part, old, word)).collect();
    let kind = match &node.kind {
        Kind::And(parts) => Kind::And(all(parts)),
        Kind::Or(parts) => Kind::Or(all(parts)),
        Kind::Not(inner) => Kind::Not(Box::new(replaced(inner, old, word))),
        Kind::Near { left, right, distance } => Kind::Near {
            left: Box::new(replaced(left, old, word)),
            right: Box::new(replaced(right, old, word)),
            distance: *distance,
        },
        other => other.clone(),
    };
    Node::at(kind, node.span)
}

fn has_han_or_digits(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit() || matches!(c, '\u{3400}'..='\u{9fff}' | '\u{3007}'))
}

/// Characters of the longest Han word that titles and forms set with blanks.
const SPACED: usize = 6;

/// A Han word without the blanks inside it, or with one behind every character.
fn spaced_forms(word: &str) -> Option<(String, &'static str)> {
    let chars = || word.chars().filter(|c| !c.is_whitespace());
    if !chars().all(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')) {
        return None;
    }
    if word.contains(char::is_whitespace) {
        return Some((chars().collect(), "without blanks"));
    }
    let spaced = || chars().map(String::from).collect::<Vec<_>>().join(" ");
    (2..=SPACED).contains(&chars().count()).then(|| (spaced(), "with blanks"))
}

/// Digits as they are written one by one: `2022` and `二〇二二`.
const DIGITS: [(char, &[char]); 10] = [
    ('0', &['〇', '零']),
    ('1', &['一', '壹']),
    ('2', &['二', '贰']),
    ('3', &['三', '叁']),
    ('4', &['四', '肆']),
    ('5', &['五', '伍']),
    ('6', &['六', '陆']),
    ('7', &['七', '柒']),
    ('8', &['八', '捌']),
    ('9', &['九', '玖']),
];

/// Numbers of one word that are written in another way: a whole table may be sought as a phrase.
const NUMBERS: usize = 16;

/// The word with its digits one by one in the other scripts, then with each number in it written in
/// another way: `350万` as `三百五十万`; whether that is all of its numbers.
fn number_forms(word: &str) -> (Vec<String>, bool) {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    let word: String = word.chars().map(narrow).collect();
    let mut forms = digit_forms(&word);
    let mut at = 0;
    let mut numbers = 0;
    while let Some(start) = word[at..].find(numeral::is_part).map(|start| at + start) {
        let length = word[start..].find(|c| !numeral::is_part(c)).unwrap_or(word.len() - start);
        at = start + length;
        // A point or a comma beside a number ends what is said before or after it.
        let number = word[start..at].trim_start_matches(['.', ',']);
        let start = at - number.len();
        let number = number.trim_end_matches(['.', ',']);
        let ways = numeral::alternatives(number);
        numbers += usize::from(!ways.is_empty());
        if numbers > NUMBERS {
            return (forms, false);
        }
        let (before, behind) = (&word[..start], &word[start + number.len()..]);
        for way in ways {
            let form = format!("{before}{way}{behind}");
            if form != word && !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    (forms, true)
}

/// The word with its digits in the other scripts. Numbers with units (`三十万`) are amounts, not
/// spellings, and stay.
fn digit_forms(word: &str) -> Vec<String> {
    if word.contains(['十', '百', '千', '拾', '佰', '仟']) {
        return Vec::new();
    }
    let ascii = |c: char| {
        let known = DIGITS.iter().find(|(_, han)| han.contains(&c));
        known.map_or(c, |(digit, _)| *digit)
    };
    let han = |c: char, form: usize| {
        let known = DIGITS.iter().find(|(digit, _)| *digit == c);
        known.and_then(|(_, han)| han.get(form).copied()).unwrap_or(c)
    };
    let plain: String = word.chars().map(ascii).collect();
    let mut forms = vec![
        plain.clone(),
        plain.chars().map(|c| han(c, 0)).collect(),
        plain.chars().map(|c| han(c, 1)).collect(),
    ];
    forms.dedup();
    forms.retain(|form| form != word);
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_spelt_in_the_other_scripts() {
        assert_eq!(digit_forms("第2期"), ["第二期", "第贰期"]);
        assert_eq!(digit_forms("二〇二二"), ["2022", "贰零贰贰"]);
        assert!(digit_forms("三十万").is_empty());
        assert!(digit_forms("公司").is_empty());
        let check = |word: &str, expected: &[&str]| {
            let (forms, is_all) = number_forms(word);
            assert!(is_all, "{word}");
            for way in expected {
                assert!(forms.iter().any(|own| own == way), "{word}: {way} of {forms:?}");
            }
            assert!(!forms.contains(&word.to_owned()), "{word}");
        };
        check("第12期", &["第一二期", "第十二期"]);
        check("第十二期", &["第12期"]);
        check("350万元", &["三百五十万元", "叁佰伍拾万元", "3500000元"]);
        check("三百五十万", &["350万", "3500000"]);
        check("共30万，", &["共叁拾万，", "共三十万，"]);
        check("200万", &["两百万", "二百万"]);
        check("金额,350万。", &["金额,三百五十万。"]);
        check("３５０万", &["三百五十万", "3500000"]);
        assert_eq!(number_forms("公司"), (Vec::new(), true));
    }

    #[test]
    fn not_every_number_of_a_table_is_written_in_another_way() {
        let table =
            |numbers: u64| (0..numbers).map(|n| format!("{} 元 ", 300 + n)).collect::<String>();
        let whole = number_forms(table(NUMBERS as u64).trim_end());
        let cut = number_forms(table(50_000).trim_end());
        assert!(whole.1 && !cut.1);
        assert_eq!(cut.0.len(), whole.0.len());
    }

    #[test]
    fn han_words_are_set_with_blanks_and_without() {
        assert_eq!(spaced_forms("合同"), Some(("合 同".to_owned(), "with blanks")));
        assert_eq!(spaced_forms("公\u{3000}司"), Some(("公司".to_owned(), "without blanks")));
        for other in ["公", "第1期", "pay now", "安洵信息技术有限公司"] {
            assert_eq!(spaced_forms(other), None, "{other}");
        }
    }

    #[test]
    fn one_word_is_replaced_where_it_stands() {
        let query = Query::parse("公司 (公司 NEAR/5 合同)").unwrap();
        let wanted = query.root().unwrap().wanted();
        let changed = replaced(query.root().unwrap(), wanted[1], &Kind::Text("公同".to_owned()));
        assert_eq!(changed.to_string(), "公司 公同 NEAR/5 合同");
    }
}
