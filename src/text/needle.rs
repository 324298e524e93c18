//! What is looked for in a text: the compiled form of a word, a phrase, a prefix or a misspelt
//! word, over the tokens of `text::token`. The index and the highlighter both run it, and both
//! are exact: a literal is found where its normal form stands in the normal form of a text, at
//! word edges in scripts that have words, with its punctuation.

use super::fold::{self, Class, HARD, HYPHENATED, SOFT};
use super::normal::{Mode, NormalChar, normalize};
use super::phrase::{Phrase, Slot, What};
use super::token::{self, SEPARATOR_ENDS};
use crate::model::Wrap;

/// Something to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    text: String,
    phrases: Vec<Phrase>,
}

impl Needle {
    /// A literal; `None` if there is nothing in it to be found (blanks and invisible characters).
    /// A line end in it is a blank or what it would be in running text.
    pub fn literal(text: &str) -> Option<Needle> {
        let runs = Runs::of(text)?;
        let mut phrases = vec![runs.phrase(None)];
        let joined = joined(text).and_then(|text| Runs::of(&text));
        phrases.extend(joined.map(|runs| runs.phrase(None)).filter(|other| *other != phrases[0]));
        Some(Needle { text: runs.text(), phrases })
    }

    /// A literal whose last word may go on (`pay*`). Scripts without words have no word that
    /// could: there it is the literal.
    pub fn prefix(text: &str) -> Option<Needle> {
        let runs = Runs::of(text)?;
        let mut phrase = runs.phrase(None);
        if runs.trailing.is_empty()
            && let Some(Slot { what: what @ What::Word(_), .. }) = phrase.slots.last_mut()
            && let What::Word(word) = what
        {
            *what = What::Prefix(std::mem::take(word));
        }
        Some(Needle { text: runs.text(), phrases: vec![phrase] })
    }

    /// A word with at most `distance` (1 or 2) characters inserted, left out or replaced; in
    /// scripts written without spaces: two characters or more, one of them replaced. `None` if
    /// the text is not one word or run.
    pub fn fuzzy(text: &str, distance: u8) -> Option<Needle> {
        let runs = Runs::of(text)?;
        let [run] = runs.runs.as_slice() else { return None };
        if !runs.leading.is_empty() || !runs.trailing.is_empty() {
            return None;
        }
        let phrases = match run.class {
            Class::Word => {
                let what = What::Fuzzy(run.chars.iter().collect(), distance.clamp(1, 2));
                let slots = vec![Slot { ordinal: 0, turns: 0, what }];
                vec![Phrase { slots, first: 0, last: 0 }]
            }
            _ if run.chars.len() < 2 => return None,
            _ => (0..run.chars.len()).map(|hole| runs.phrase(Some(hole))).collect(),
        };
        Some(Needle { text: runs.text(), phrases })
    }

    /// The normal form of what is looked for.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The phrases, any of which is a find.
    pub fn phrases(&self) -> &[Phrase] {
        &self.phrases
    }

    /// Whether it begins or ends with punctuation, or is nothing else: it may then stand several
    /// times inside one separator, which only the text itself can tell.
    pub fn has_loose_ends(&self) -> bool {
        self.phrases.iter().flat_map(|phrase| &phrase.slots).any(|slot| {
            matches!(
                slot.what,
                What::SeparatorStarts(_) | What::SeparatorEnds(_) | What::SeparatorHas(_)
            )
        })
    }

    /// The characters of a needle that is one run of a script written without spaces, for
    /// looking for what differs from it in one of them.
    pub fn gram_run(text: &str) -> Option<Vec<char>> {
        let runs = Runs::of(text)?;
        match runs.runs.as_slice() {
            [run]
                if run.class == Class::Gram
                    && runs.leading.is_empty()
                    && runs.trailing.is_empty() =>
            {
                Some(run.chars.clone())
            }
            _ => None,
        }
    }
}

/// What was copied over a line end, as it reads in running text; `None` without a line end, and
/// where it goes over a border. What may be several things there is found by each of them.
fn joined(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.contains(['\n', '\r']) {
        return None;
    }
    let mut joined = normalize(text, Mode::Text(Wrap::Flow)).text;
    joined.retain(|c| !matches!(c, SOFT | HYPHENATED));
    (!joined.contains(HARD)).then_some(joined)
}

/// A query text cut into runs and what stands between them.
struct Runs {
    leading: String,
    runs: Vec<Run>,
    trailing: String,
}

struct Run {
    class: Class,
    chars: Vec<char>,
    /// What stands between the run before and this one.
    separator: String,
}

impl Runs {
    fn of(text: &str) -> Option<Runs> {
        let mut separator = String::new();
        let mut out = Runs { leading: String::new(), runs: Vec::new(), trailing: String::new() };
        let mut open = false;
        for NormalChar { ch, class, .. } in normalize(text, Mode::Query).chars {
            match class {
                Class::Gram | Class::Word => match out.runs.last_mut() {
                    Some(run) if open && run.class == class => run.chars.push(ch),
                    _ => {
                        let separator = std::mem::take(&mut separator);
                        out.runs.push(Run { class, chars: vec![ch], separator });
                        open = true;
                    }
                },
                Class::Blank | Class::Other => {
                    separator.push(ch);
                    open = false;
                }
            }
        }
        // White space at the outer ends was dropped by the normal form; what is left is real.
        match out.runs.first_mut() {
            Some(first) => {
                out.leading = std::mem::take(&mut first.separator);
                out.trailing = separator;
            }
            None => out.leading = separator,
        }
        (!out.runs.is_empty() || !out.leading.is_empty()).then_some(out)
    }

    fn text(&self) -> String {
        let mut text = self.leading.clone();
        for run in &self.runs {
            text.push_str(&run.separator);
            text.extend(&run.chars);
        }
        text.push_str(&self.trailing);
        text
    }

    /// The slots. With `hole` (of a text that is one gram run) that character is free.
    fn phrase(&self, hole: Option<usize>) -> Phrase {
        let mut slots = Vec::new();
        let mut put = |ordinal: u32, turns: u8, what: What| {
            slots.push(Slot { ordinal, turns, what });
        };
        if self.runs.is_empty() {
            let what = What::SeparatorHas(ends(&self.leading, false));
            return Phrase { slots: vec![Slot { ordinal: 0, turns: 0, what }], first: 0, last: 0 };
        }
        let mut ordinal = 0;
        if !self.leading.is_empty() {
            put(0, 0, What::SeparatorEnds(ends(&self.leading, true)));
            ordinal = 1;
        }
        let first = ordinal;
        let many = self.runs.len() > 1;
        for (i, run) in self.runs.iter().enumerate() {
            let turns = if i == 0 && !self.leading.is_empty() {
                1 << 3
            } else {
                let turn = token::turn_of(&run.separator);
                if turn == 3 {
                    let mut term = String::new();
                    token::separator_term(&run.separator, &mut term);
                    put(ordinal - 1, 1 << 0, What::Term(term));
                }
                // Nothing and a blank may also be a line end that can be either.
                if turn < 2 { 1 << turn | 1 << 2 } else { 1 << turn }
            };
            let last = i + 1 == self.runs.len();
            let alone = !many && self.leading.is_empty() && self.trailing.is_empty();
            let border_follows = !last || !self.trailing.is_empty();
            match run.class {
                Class::Gram => {
                    run.grams(ordinal, turns, alone, border_follows, hole, &mut put);
                    ordinal += run.chars.len() as u32;
                }
                _ => {
                    let mut term = String::new();
                    token::word_term(&run.chars.iter().collect::<String>(), &mut term);
                    put(ordinal, turns, What::Word(term));
                    ordinal += 1;
                }
            }
        }
        let last = ordinal - 1;
        if !self.trailing.is_empty() {
            put(last, 1 << 0, What::SeparatorStarts(ends(&self.trailing, false)));
        }
        Phrase { slots, first, last }
    }
}

impl Run {
    fn grams(
        &self,
        ordinal: u32,
        turns: u8,
        alone: bool,
        border_follows: bool,
        hole: Option<usize>,
        put: &mut impl FnMut(u32, u8, What),
    ) {
        let n = self.chars.len();
        if n == 1 {
            let c = self.chars[0];
            let what = if alone { What::Char(c) } else { What::Term(c.to_string()) };
            return put(ordinal, turns, what);
        }
        // A line end inside Hangul turns by 2 and is no border of the word.
        let hangul = self.chars.iter().any(|c| !fold::entry(*c).is_wide());
        let inside = if hangul { 1 << 0 | 1 << 2 } else { 1 << 0 };
        let mut next = turns;
        let mut put = |at: usize, what: What| {
            put(ordinal + at as u32, std::mem::replace(&mut next, inside), what);
        };
        match hole {
            None => cover(&self.chars, 0, &mut put),
            Some(hole) => {
                // The ordinals say that one character stands in the hole; where a side has no
                // bigram of its own, it is found by those that reach into the hole.
                let (left, right) = (&self.chars[..hole], &self.chars[hole + 1..]);
                match (left, right) {
                    ([], [second, ..]) => put(0, What::Second(*second)),
                    ([first], _) => put(0, What::First(*first)),
                    _ => cover(left, 0, &mut put),
                }
                match (left, right) {
                    ([.., _, first], []) => put(hole - 1, What::First(*first)),
                    ([_, ..], [second]) => put(hole, What::Second(*second)),
                    _ => {}
                }
                cover(right, hole + 1, &mut put);
            }
        }
        if hangul && border_follows {
            put(n - 1, What::Term(self.chars[n - 1].to_string()));
        }
    }
}

/// Every second bigram of a run, and the last one where its length is odd; none of a character
/// alone.
fn cover(chars: &[char], start: usize, put: &mut impl FnMut(usize, What)) {
    let mut term = |at: usize| put(start + at, What::Term(chars[at..at + 2].iter().collect()));
    for at in (0..chars.len().saturating_sub(1)).step_by(2) {
        term(at);
    }
    if chars.len() > 2 && chars.len() % 2 == 1 {
        term(chars.len() - 2);
    }
}

/// The inner end of a separator at the edge of a literal, no longer than the index keeps.
fn ends(separator: &str, tail: bool) -> String {
    let count = separator.chars().count();
    if tail {
        separator.chars().skip(count.saturating_sub(SEPARATOR_ENDS)).collect()
    } else {
        separator.chars().take(SEPARATOR_ENDS).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(needle: Option<Needle>, expected: &str) {
        let shown: Vec<String> = needle
            .iter()
            .flat_map(|needle| &needle.phrases)
            .map(|phrase| {
                let slots: Vec<_> = phrase
                    .slots
                    .iter()
                    .map(|slot| format!("{:?}@{}/{:04b}", slot.what, slot.ordinal, slot.turns))
                    .collect();
                slots.join(" ")
            })
            .collect();
        assert_eq!(shown.join(" | "), expected);
    }

    #[test]
    fn literals() {
        check(Needle::literal("公"), "Char('公')@0/0101");
        check(Needle::literal("公司"), "Term(\"公司\")@0/0101");
        check(Needle::literal(" 有限公 "), "Term(\"有限\")@0/0101 Term(\"限公\")@1/0001");
        check(
            Needle::literal("第1期"),
            "Term(\"第\")@0/0101 Word(\"1\")@1/0101 Term(\"期\")@2/0101",
        );
        check(
            Needle::literal("v2.0"),
            "Word(\"v2\")@0/0101 Term(\"\\u{3}.\")@0/0001 Word(\"0\")@1/1000",
        );
        check(
            Needle::literal("（公 司…"),
            "SeparatorEnds(\"(\")@0/0000 Term(\"公\")@1/1000 Term(\"司\")@2/0110 SeparatorStarts(\"...\")@2/0001",
        );
        check(
            Needle::literal("安洵\r\n信息"),
            "Term(\"安洵\")@0/0101 Term(\"信息\")@2/0110 | Term(\"安洵\")@0/0101 Term(\"信息\")@2/0001",
        );
        check(Needle::literal("???"), "SeparatorHas(\"???\")@0/0000");
        check(Needle::literal(" \u{200b}"), "");
    }

    #[test]
    fn prefixes_and_fuzzy() {
        check(Needle::prefix("to Pay"), "Word(\"to\")@0/0101 Prefix(\"pay\")@1/0110");
        check(Needle::fuzzy("name", 1), "Fuzzy(\"name\", 1)@0/0000");
        check(
            Needle::fuzzy("安洵信", 1),
            "Second('洵')@0/0101 Term(\"洵信\")@1/0001 | First('安')@0/0101 Second('信')@1/0001 | \
             Term(\"安洵\")@0/0101 First('洵')@1/0001",
        );
        check(Needle::fuzzy("a b", 1), "");
        check(Needle::fuzzy("公", 1), "");
    }
}
