//! Numbers that are protected: they are compared digit by digit.

use super::Protected;
use super::name::Name;
use super::skeleton::{GAP, Letter};
use std::collections::HashMap;

/// Digits that a name must have, and nothing else, to be compared digit by digit.
const DIGITS: usize = 6;

/// The code of the country, which may stand right before a number.
const COUNTRY: [&[u8]; 2] = [&[8, 6], &[0, 0, 8, 6]];
/// Digits of the number of a telephone behind it.
const MOBILE: usize = 11;

/// The digit that a character of a skeleton is, also where numbers are written out.
pub(super) fn digit(ch: char) -> Option<u8> {
    const HAN: [&str; 10] = [
        "〇零○",
        "一壹幺弌",
        "二贰貳弐",
        "三叁參参",
        "四肆",
        "五伍",
        "六陆陸",
        "七柒漆",
        "八捌",
        "九玖",
    ];
    match ch.to_digit(10) {
        Some(digit) => u8::try_from(digit).ok(),
        None => HAN.iter().position(|own| own.contains(ch)).and_then(|at| u8::try_from(at).ok()),
    }
}

/// Numbers by their digits.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers(Vec<(Vec<u8>, Protected)>);

impl Numbers {
    /// Takes a name in that is a number of some length.
    pub fn add(&mut self, name: &Name) {
        let own = name.letters.iter().filter(|letter| !letter.is_gap());
        let Some(digits) = own.map(|own| digit(own.ch)).collect::<Option<Vec<u8>>>() else {
            return;
        };
        if digits.len() < DIGITS {
            return;
        }
        // The code of the country may be left out.
        let own = COUNTRY.iter().find_map(|code| digits.strip_prefix(*code));
        if let Some(own) = own.filter(|own| own.len() == MOBILE) {
            self.0.push((own.to_vec(), name.protected.clone()));
        }
        self.0.push((digits, name.protected.clone()));
    }

    /// Numbers, by the position of their first letter: length in letters, and which.
    pub fn find(&self, letters: &[Letter]) -> HashMap<usize, (usize, &Protected)> {
        let mut found = HashMap::new();
        if self.0.is_empty() {
            return found;
        }
        // Digits with at most one gap between them.
        let mut run: Vec<(u8, usize)> = Vec::new();
        for at in 0..=letters.len() {
            let letter = letters.get(at).map(|letter| letter.ch);
            if let Some(digit) = letter.and_then(digit) {
                run.push((digit, at));
            } else if letter != Some(GAP) {
                for (wanted, protected) in &self.0 {
                    number_in(&run, wanted, &mut |start, length| {
                        found.insert(start, (length, protected));
                    });
                }
                run.clear();
            }
        }
        found
    }
}
/// Where a number stands in a run of digits: (first letter, letters). It does not begin or end
/// within another number, but a code of a country may stand before it.
fn number_in(run: &[(u8, usize)], wanted: &[u8], each: &mut dyn FnMut(usize, usize)) {
    for at in 0..(run.len() + 1).saturating_sub(wanted.len()) {
        let here = &run[at..at + wanted.len()];
        if !here.iter().map(|(digit, _)| *digit).eq(wanted.iter().copied()) {
            continue;
        }
        // Digits that stand right beside it, without a gap.
        let mut from = at;
        while from > 0 && run[from - 1].1 + 1 == run[from].1 {
            from -= 1;
        }
        let before: Vec<u8> = run[from..at].iter().map(|(digit, _)| *digit).collect();
        let (last, next) = (here[here.len() - 1].1, run.get(at + wanted.len()));
        let ends = next.is_none_or(|(_, next)| *next > last + 1);
        if ends && (before.is_empty() || COUNTRY.contains(&before.as_slice())) {
            each(here[0].1, last + 1 - here[0].1);
        }
    }
}
