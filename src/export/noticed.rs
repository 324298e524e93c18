//! What whoever writes a redacted report should look at before it goes out: words of the profile that
//! protect nothing in it, and what stands beside a masked name and may say it in another way. Not for
//! whoever reads the report.

use super::mask::{Mask, Protected};
use super::profile::Profile;
use super::report::{Report, Source};
use std::collections::BTreeMap;

/// Characters of what stands beside a mask that are told.
const WORDS: usize = 60;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noticed {
    /// Literals of the profile that stand nowhere in the report.
    pub unused: Vec<String>,
    /// What stands in angle brackets or as an address in the line of a mask, or in its cell of a table
    /// and those beside it, with the footnotes: `<lin.mo@example.org> (footnote 3)`.
    pub beside: Vec<String>,
}

/// Literals that nothing in a text, which is that of the report before it is redacted, is.
pub fn unused(text: &str, profile: &Profile) -> Vec<String> {
    let literals = profile.mask.literals.iter().chain(&profile.pseudonym.literals);
    let is_unused = |literal: &&String| {
        let protected = Protected { name: literal.to_string(), instead: String::new() };
        let mask = Mask::new([protected]);
        !mask.is_empty() && mask.find(text).is_empty()
    };
    literals.filter(is_unused).cloned().collect()
}

/// What stands beside `masks` in the quotes of a redacted report.
pub fn beside(report: &Report, masks: &[String]) -> Vec<String> {
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for footnote in &report.footnotes {
        let Source::Passage { quote, .. } = &footnote.source else { continue };
        for line in quote.lines() {
            for words in of_line(line, masks) {
                let numbers = told.entry(words).or_default();
                let number = footnote.number.to_string();
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
        }
    }
    let each = told.into_iter().map(|(words, numbers)| {
        let footnotes = if numbers.len() == 1 { "footnote" } else { "footnotes" };
        format!("{words} ({footnotes} {})", numbers.join(", "))
    });
    each.collect()
}

fn of_line(line: &str, masks: &[String]) -> Vec<String> {
    let has_mask = |text: &str| masks.iter().any(|mask| text.contains(mask.as_str()));
    if !has_mask(line) {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    let cells: Vec<&str> = line.split('\t').collect();
    if cells.len() > 1 {
        for at in (0..cells.len()).filter(|at| has_mask(cells[*at])) {
            let near = at.saturating_sub(1)..(at + 2).min(cells.len());
            found.extend(cells[near].iter().map(|cell| cell.to_string()));
        }
    }
    let mut rest = line;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let Some(end) = rest.find('>') else { break };
        found.push(rest[..=end].to_owned());
        rest = &rest[end + 1..];
    }
    let is_address = |word: &&str| word.contains('@') && !word.contains(['<', '>']);
    found.extend(line.split_whitespace().filter(is_address).map(str::to_owned));
    let mut told = Vec::new();
    for words in found {
        let bare = masks.iter().fold(words.clone(), |text, mask| text.replace(mask.as_str(), ""));
        if bare.contains(char::is_alphanumeric) {
            let words: String = words.trim().chars().take(WORDS).collect();
            if !told.contains(&words) {
                told.push(words);
            }
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_beside_a_mask_is_told() {
        let masks = ["▇▇▇".to_owned(), "person-k7qd2".to_owned()];
        let check = |line: &str, expected: &[&str]| {
            assert_eq!(of_line(line, &masks), expected, "{line:?}");
        };
        check("▇▇▇ <lin.mo@example.org>", &["<lin.mo@example.org>"]);
        check("from person-k7qd2 lin.mo@example.org", &["lin.mo@example.org"]);
        check("韩锐 <han.rui@example.org>", &[]);
        check("▇▇▇ <▇▇▇@▇▇▇> paid", &[]);
        check("1\tJS0031\t▇▇▇ (Lin)\t2022\t9", &["JS0031", "▇▇▇ (Lin)", "2022"]);
        check("▇▇▇ said <so", &[]);
    }

    #[test]
    fn a_literal_that_nothing_is_is_told() {
        let mut profile = Profile::default();
        profile.mask.literals = vec!["林默".to_owned(), "林墨".to_owned(), "LIN MO".to_owned()];
        assert_eq!(unused("林 墨 met Lin Mo", &profile), ["林默"]);
    }
}
