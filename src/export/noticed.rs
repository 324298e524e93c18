//! What whoever writes a redacted report should look at before it goes out: words of the profile that
//! protect nothing in it, and what stands beside a masked name and may say it in another way. Not for
//! whoever reads the report.

use super::mask::{Mask, Protected};
use super::profile::Profile;
use super::redact::redact;
use super::report::{Report, Source};
use serde::Serialize;
use std::collections::BTreeMap;

/// Characters of what stands beside a mask that are told.
const WORDS: usize = 60;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noticed {
    /// Literals of the profile for which nothing in the report is masked.
    pub unused: Vec<String>,
    /// Those that stand nowhere in it and for which something is masked all the same.
    pub unwritten: Vec<Unwritten>,
    /// What stands in angle brackets or as an address in the line of a mask, or in its cell of a table
    /// and those beside it, with the footnotes: `<lin.mo@example.org> (footnote 3)`.
    pub beside: Vec<String>,
}

/// A literal that stands nowhere in a report, and what is masked because of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unwritten {
    pub literal: String,
    /// Footnotes whose search finds it (`陆知*`): that is blacked out.
    pub searches: Vec<usize>,
    /// What says a part of it, or all of it in pieces: `N3`, `footnote 4`.
    pub parts: Vec<String>,
}

impl Unwritten {
    /// `“陆知行” stands nowhere in the report; the search of footnote 3 finds it and was blacked out`
    pub fn words(&self) -> String {
        let mut said = vec![format!("“{}” stands nowhere in the report", self.literal)];
        let numbers: Vec<String> = self.searches.iter().map(ToString::to_string).collect();
        match numbers.as_slice() {
            [] => {}
            [one] => {
                said.push(format!("the search of footnote {one} finds it and was blacked out"))
            }
            several => said.push(format!(
                "the searches of footnotes {} find it and were blacked out",
                several.join(", ")
            )),
        }
        if !self.parts.is_empty() {
            said.push(format!("what says it in parts was masked: {}", self.parts.join(", ")));
        }
        said.join("; ")
    }
}

fn mask_of<'a>(literals: impl IntoIterator<Item = &'a String>) -> Mask {
    let protected =
        |literal: &String| Protected { name: literal.clone(), instead: "▇".to_owned() };
    Mask::new(literals.into_iter().map(protected))
}

/// Looks at the literals of a profile that nothing is in the report before it is redacted, of which
/// `text` is all that it says: those for which nothing would be masked, and the others.
pub fn literals(report: &Report, text: &str, profile: &Profile) -> (Vec<String>, Vec<Unwritten>) {
    let all = profile.mask.literals.iter().chain(&profile.pseudonym.literals);
    let is_nowhere = |literal: &&String| {
        let mask = mask_of([*literal]);
        !mask.is_empty() && mask.find(text).is_empty()
    };
    let mut unused: Vec<String> = all.filter(is_nowhere).cloned().collect();
    let mut unwritten = Vec::new();
    if !unused.is_empty() {
        masked_for(report, &redacted(report, &[]), &unused, &mut unwritten);
    }
    unused.retain(|literal| !unwritten.iter().any(|own| own.literal == *literal));
    (unused, unwritten)
}

fn redacted(report: &Report, literals: &[String]) -> Report {
    let mut report = report.clone();
    redact(&mut report, &mask_of(literals), "");
    report
}

/// Finds those of some literals for which something is masked. `plain` is the report where nothing is.
fn masked_for(report: &Report, plain: &Report, literals: &[String], into: &mut Vec<Unwritten>) {
    let masked = redacted(report, literals);
    if masked == *plain {
        return;
    }
    if let [literal] = literals {
        let mut own = Unwritten { literal: literal.clone(), ..Unwritten::default() };
        let entries = |report: &Report| report.entries().cloned().collect::<Vec<_>>();
        for (entry, before) in entries(&masked).iter().zip(entries(plain)) {
            if *entry != before {
                own.parts.push(entry.id.clone());
            }
        }
        for (footnote, before) in masked.footnotes.iter().zip(&plain.footnotes) {
            match &footnote.source {
                _ if footnote == before => {}
                Source::Count { .. } => own.searches.push(footnote.number),
                Source::Passage { .. } => own.parts.push(format!("footnote {}", footnote.number)),
            }
        }
        return into.push(own);
    }
    // Most stand nowhere at all: halves of which nothing is masked are done with.
    let (first, rest) = literals.split_at(literals.len() / 2);
    masked_for(report, plain, first, into);
    masked_for(report, plain, rest, into);
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
    use crate::export::locator::Spot;
    use crate::model::anchor::Counted;

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
        let (unused, unwritten) = literals(&Report::default(), "林 墨 met Lin Mo", &profile);
        assert_eq!((unused, unwritten), (vec!["林默".to_owned()], Vec::new()));
    }

    #[test]
    fn a_literal_that_is_only_looked_for_is_told_apart() {
        let mut profile = Profile::default();
        let names = ["陆知行", "陆之行", "no one"];
        profile.mask.literals = names.map(str::to_owned).to_vec();
        let mut report = crate::export::testing::report();
        let counted = report.footnotes.iter_mut().find_map(|footnote| {
            let Spot::Count(count) = &mut footnote.locator.spot else { return None };
            let Counted::Search { query, .. } = &mut count.of else { return None };
            "陆知*".clone_into(query);
            Some(footnote.number)
        });
        let searches = vec![counted.unwrap()];
        let (unused, unwritten) = literals(&report, "", &profile);
        assert_eq!(unused, ["陆之行", "no one"]);
        let expected = Unwritten { literal: "陆知行".to_owned(), searches, parts: Vec::new() };
        assert_eq!(unwritten, [expected]);
        assert!(unwritten[0].words().contains("finds it and was blacked out"));
    }

    #[test]
    fn what_was_masked_for_a_literal_is_said() {
        let check = |searches: &[usize], parts: &[&str], words: &str| {
            let (searches, parts) = (searches.to_vec(), parts.iter().map(|own| own.to_string()));
            let own = Unwritten { literal: "x".to_owned(), searches, parts: parts.collect() };
            assert_eq!(own.words(), format!("“x” stands nowhere in the report; {words}"));
        };
        check(&[3], &[], "the search of footnote 3 finds it and was blacked out");
        check(&[3, 5], &[], "the searches of footnotes 3, 5 find it and were blacked out");
        check(&[], &["N3", "footnote 4"], "what says it in parts was masked: N3, footnote 4");
    }
}
