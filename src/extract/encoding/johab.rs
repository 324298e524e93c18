//! Johab (KS X 1001, annex 3), which web browsers (and so encoding_rs) leave out: DOS in Korea wrote
//! it before the completed set won.
//!
//! Two bytes are a bit that is set and three numbers of five bits: first consonant, vowel, last
//! consonant. Symbols and Han characters follow the order of KS X 1001, of which two rows share a
//! first byte.

use super::several::walk;
use encoding_rs::EUC_KR;

/// What no number stands for.
const NONE: u8 = 0xff;
/// The number that says that a part is not there.
const FILL: u8 = 0xfe;

/// Place of the first consonant among the 19 of Unicode, by its number.
#[rustfmt::skip]
const FIRST: [u8; 32] = [
    NONE, FILL, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, NONE, NONE, NONE,
    NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
];
/// Place of the vowel among the 21.
#[rustfmt::skip]
const VOWEL: [u8; 32] = [
    NONE, NONE, FILL, 0, 1, 2, 3, 4, NONE, NONE, 5, 6, 7, 8, 9, 10, NONE, NONE, 11, 12, 13, 14, 15, 16,
    NONE, NONE, 17, 18, 19, 20, NONE, NONE,
];
/// Place of the last consonant among the 28, of which the first is none.
#[rustfmt::skip]
const LAST: [u8; 32] = [
    NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, NONE, 17, 18, 19, 20, 21, 22, 23,
    24, 25, 26, 27, NONE, NONE,
];
/// Letters that stand alone, in the order of the tables above.
const FIRST_ALONE: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const VOWEL_ALONE: &str = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
const LAST_ALONE: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

fn syllable(pair: u16) -> Option<char> {
    let part = |shift: u16| usize::from(pair >> shift & 0x1f);
    let (first, vowel, last) = (FIRST[part(10)], VOWEL[part(5)], LAST[part(0)]);
    let alone = |letters: &str, at: u8| letters.chars().nth(usize::from(at));
    match (first, vowel, last) {
        (NONE, ..) | (_, NONE, _) | (.., NONE) => None,
        (FILL, FILL, 0) => None,
        (first, FILL, 0) => alone(FIRST_ALONE, first),
        (FILL, vowel, 0) => alone(VOWEL_ALONE, vowel),
        (FILL, FILL, last) => alone(LAST_ALONE, last - 1),
        (FILL, ..) | (_, FILL, _) => None,
        (first, vowel, last) => {
            let number = (u32::from(first) * 21 + u32::from(vowel)) * 28 + u32::from(last);
            char::from_u32(0xac00 + number)
        }
    }
}

/// A symbol or a Han character.
fn other(lead: u8, trail: u8) -> Option<char> {
    let pair = match lead {
        0xd9..=0xde => (lead - 0xd9) * 2,
        0xe0..=0xf9 => (lead - 0xe0) * 2 + 0x29,
        _ => return None,
    };
    let cell = match trail {
        0x31..=0x7e => trail - 0x31,
        0x91..=0xfe => trail - 0x43,
        _ => return None,
    };
    let bytes = [0xa1 + pair + cell / 94, 0xa1 + cell % 94];
    let text = EUC_KR.decode_without_bom_handling_and_without_replacement(&bytes)?;
    text.chars().next()
}

/// The character that the bytes begin with.
fn next(bytes: &[u8]) -> (Option<char>, usize) {
    match *bytes {
        [lead @ 0x84..=0xd3, trail @ (0x41..=0x7e | 0x81..=0xfe), ..] => {
            (syllable(u16::from_be_bytes([lead, trail])), 2)
        }
        [lead, trail @ 0x31..=0xfe, ..] => (other(lead, trail), 2),
        _ => (None, 1),
    }
}

/// Appends the text of these bytes; the answer is how many of them stand for no character.
pub(super) fn decode(bytes: &[u8], text: &mut String) -> u64 {
    walk(bytes, text, next, |_| ())
}

/// Syllables that hardly a paragraph is without.
const COMMON: &str = "이다는을의에가고하은를로기지사한어도리시자서으나대인아그수일있";

/// Whether the bytes are this: nearly all of them are syllables, and the common ones are common. In
/// other sets pairs of bytes make syllables that nobody writes.
pub(super) fn fits(sample: &[u8]) -> bool {
    let (mut all, mut syllables, mut common) = (0u64, 0u64, 0u64);
    walk(sample, &mut String::new(), next, |found| {
        all += 1;
        syllables += u64::from(found.is_some_and(|c| ('가'..='힣').contains(&c)));
        common += u64::from(found.is_some_and(|c| COMMON.contains(c)));
    });
    all >= 8 && syllables * 10 >= all * 7 && common * 6 >= all && behind_letters(sample) * 4 < all
}

/// Pairs that stand behind an ASCII letter. In words of Latin letters a foreign one and the next make
/// a pair; Korean words are of nothing but pairs.
fn behind_letters(sample: &[u8]) -> u64 {
    let (mut count, mut at, mut is_behind) = (0, 0, false);
    while let Some(byte) = sample.get(at) {
        if byte.is_ascii() {
            is_behind = byte.is_ascii_alphabetic();
            at += 1;
        } else {
            count += u64::from(is_behind);
            is_behind = false;
            at += 2;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_letters_symbols_and_han_are_read() {
        let check = |bytes: &[u8], expected: &str, lost| {
            let mut text = String::new();
            assert_eq!((decode(bytes, &mut text), text.as_str()), (lost, expected));
        };
        // As Python's codec writes it.
        check(b"\xd0e\x8bi ok", "한글 ok", 0);
        check(b"\x88A\xd91", "ㄱ\u{3000}", 0);
        check(b"\xd0\xff", "\u{fffd}\u{fffd}", 2);
        check(b"\x84", "\u{fffd}", 1);
    }
}
