//! Characters that are written instead of others: letters of other scripts that look like Latin
//! ones, digits of all scripts.

use crate::text::fold::{self, Class};
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::char::{canonical_combining_class, decompose_canonical};

/// Whence they are says the head of the file.
const LETTERS: &str = include_str!("../../assets/look-alikes.txt");

/// Zeros of the scripts that have digits of their own, of which each goes on to nine (general
/// category Nd in the Unicode Character Database 14.0.0). Those that are compatible with ASCII ones
/// are folded already.
const ZEROS: &str = "\u{660}\u{6f0}\u{7c0}\u{966}\u{9e6}\u{a66}\u{ae6}\u{b66}\u{be6}\u{c66}\u{ce6}\u{d66}\u{de6}\u{e50}\u{ed0}\u{f20}\u{1040}\u{1090}\u{17e0}\u{1810}\u{1946}\u{19d0}\u{1a80}\u{1a90}\u{1b50}\u{1bb0}\u{1c40}\u{1c50}\u{a620}\u{a8d0}\u{a900}\u{a9d0}\u{a9f0}\u{aa50}\u{abf0}\u{104a0}\u{10d30}\u{11066}\u{110f0}\u{11136}\u{111d0}\u{112f0}\u{11450}\u{114d0}\u{11650}\u{116c0}\u{11730}\u{118e0}\u{11950}\u{11c50}\u{11d50}\u{11da0}\u{16a60}\u{16ac0}\u{16b50}\u{1e140}\u{1e2f0}\u{1e950}";

static ALIKE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let lines = LETTERS.lines().filter(|line| !line.starts_with('#'));
    let each = lines.filter_map(|line| {
        let (latin, alike) = line.split_once(' ')?;
        let latin = latin.chars().next()?;
        Some(alike.chars().map(move |other| (other, latin)))
    });
    each.flatten().collect()
});

/// The Latin letter, in lower case, that a letter of another script looks like, itself or as a
/// capital; accents do not count.
pub fn latin(ch: char) -> Option<char> {
    if ch.is_ascii() || fold::class(fold::entry(ch).char()) != Class::Word {
        return None;
    }
    let of = |ch: char| {
        let capital = || ch.to_uppercase().next().and_then(|capital| ALIKE.get(&capital));
        ALIKE.get(&ch).or_else(capital).copied()
    };
    of(ch).or_else(|| of(base(ch)))
}

/// A letter without what stands over or under it.
fn base(ch: char) -> char {
    let mut first = None;
    decompose_canonical(ch, |part| {
        first.get_or_insert(part);
    });
    first.unwrap_or(ch)
}

/// A letter without its accents, a digit of any script as an ASCII one; anything else as it is.
pub fn plain(ch: char) -> char {
    if ch.is_ascii() {
        return ch;
    }
    if let Some(digit) = digit(ch) {
        return digit;
    }
    match ch.is_alphabetic() && fold::class(ch) == Class::Word {
        true => base(ch).to_lowercase().next().unwrap_or(ch),
        false => ch,
    }
}

fn digit(ch: char) -> Option<char> {
    if !ch.is_numeric() {
        return None;
    }
    let value = ZEROS
        .chars()
        .find_map(|zero| u32::from(ch).checked_sub(u32::from(zero)).filter(|value| *value < 10));
    value.and_then(|value| char::from_digit(value, 10))
}

/// A mark that stands over, under, around or through the letter before it.
pub fn is_mark(ch: char) -> bool {
    // Enclosing marks have no class of their own; voiced kana are letters.
    let encloses = matches!(ch, '\u{488}'..='\u{489}' | '\u{20dd}'..='\u{20e4}' | '\u{1abe}');
    encloses || (canonical_combining_class(ch) > 8 || canonical_combining_class(ch) == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_look_alike_are_one() {
        for (ch, expected) in [
            ('і', Some('i')),
            ('І', Some('i')),
            ('о', Some('o')),
            ('Н', Some('h')),
            ('н', Some('h')),
            ('Ν', Some('n')),
            ('ν', Some('v')),
            ('ї', Some('i')),
            ('ά', Some('a')),
            ('ı', Some('i')),
            ('ł', Some('l')),
            ('ꓡ', Some('l')),
            ('ж', None),
            ('n', None),
            ('林', None),
            ('エ', None),
        ] {
            assert_eq!(latin(ch), expected, "{ch}");
        }
    }

    #[test]
    fn digits_of_every_script_are_digits() {
        let all: String = "٣۳३๓༣᠓𞥓".chars().map(plain).collect();
        assert_eq!(all, "3333333");
        assert_eq!(plain('é'), 'e');
        assert_eq!(plain('林'), '林');
        assert_eq!(ZEROS.chars().count(), 58);
        assert!(ZEROS.chars().all(|zero| plain(zero) == '0'));
    }

    #[test]
    fn marks_of_any_kind_are_marks() {
        assert!("\u{301}\u{336}\u{20dd}\u{489}\u{1ab0}\u{fe20}\u{64b}".chars().all(is_mark));
        assert!(!"林aิ\u{3099}".chars().any(is_mark));
    }
}
