//! What one character becomes in the normal form, and what it is to a search: word, part of a
//! script written without spaces, blank or punctuation.
//!
//! The map is *context-free*: NFKD, lower case, Han variants by OpenCC's single-character table
//! with its first candidate, radical forms to characters, every apostrophe to `'` and every dash to
//! `-` (a keyboard types these, word processors put others), default-ignorable characters and the
//! vowel signs of Arabic and Hebrew to nothing; repeated until nothing changes. What a character becomes never depends on its
//! neighbours, so a part of a text folds to a part of the folded text, and a search for any
//! substring can be exact. (Composition of what is left over is done by `text::normal`.)
//!
//! Tables are made page by page of 256 characters when first needed, so that a short-lived
//! process pays for what it reads.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

const TRADITIONAL: &str = include_str!("../../assets/han/TSCharacters.txt");
const RADICALS: &str = include_str!("../../assets/han/radicals.txt");

/// Ends a cell, row, paragraph: nothing is found across it.
pub const HARD: char = '\u{1c}';
/// A line end that may be nothing or a blank: between Han and Latin, or inside Hangul.
pub const SOFT: char = '\u{1d}';
/// A line end after a hyphen inside a word (`exam-` `ple`): nothing, a blank, or together with
/// the hyphen nothing.
pub const HYPHENATED: char = '\u{1e}';
/// What every other control character becomes.
const CONTROL: char = '\u{1a}';

/// What a folded character is to a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Part of a script written without spaces (Han, kana, Hangul, Thai, Lao, Khmer, Burmese) or
    /// of the private use area, where old Chinese encodings keep rare characters.
    Gram,
    /// Letter, digit or mark of a script with words.
    Word,
    /// White space and line ends.
    Blank,
    /// Everything else, the three markers included.
    Other,
}

/// What one character becomes: the character and facts about it in the upper bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry(u32);

const CHAR: u32 = 0x1f_ffff;
const CLASS_SHIFT: u32 = 21;
/// It does not become exactly one character; ask [`fold_slow`].
const LONG: u32 = 1 << 23;
/// It may compose or be reordered with what stands before it.
const ATTACHES: u32 = 1 << 24;
/// It is written in a full cell: line ends between two such vanish.
const WIDE: u32 = 1 << 25;
/// Written in a full or half cell, as its neighbours are.
const AMBIGUOUS: u32 = 1 << 26;
/// Breaks a word at the end of a line, as a dash does not.
const HYPHEN: u32 = 1 << 27;

impl Entry {
    pub fn char(self) -> char {
        char::from_u32(self.0 & CHAR).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    pub fn class(self) -> Class {
        match (self.0 >> CLASS_SHIFT) & 3 {
            0 => Class::Gram,
            1 => Class::Word,
            2 => Class::Blank,
            _ => Class::Other,
        }
    }

    /// The character becomes none or several; see [`fold_slow`].
    pub fn is_long(self) -> bool {
        self.0 & LONG != 0
    }

    pub fn attaches(self) -> bool {
        self.0 & ATTACHES != 0
    }

    pub fn is_wide(self) -> bool {
        self.0 & WIDE != 0
    }

    pub fn is_ambiguous(self) -> bool {
        self.0 & AMBIGUOUS != 0
    }

    pub fn is_hyphen(self) -> bool {
        self.0 & HYPHEN != 0
    }
}

const PAGES: usize = 0x11_0000 / 256;

/// What `c` becomes.
#[inline]
pub fn entry(c: char) -> Entry {
    static TABLE: [OnceLock<Box<[Entry; 256]>>; PAGES] = [const { OnceLock::new() }; PAGES];
    let code = c as usize;
    TABLE[code >> 8].get_or_init(|| page(code & !0xff))[code & 0xff]
}

fn page(first: usize) -> Box<[Entry; 256]> {
    let mut page = Box::new([Entry(LONG); 256]);
    for (low, entry) in page.iter_mut().enumerate() {
        // Surrogates are no characters; their entries are never asked for.
        if let Some(c) = u32::try_from(first + low).ok().and_then(char::from_u32) {
            *entry = make(c);
        }
    }
    page
}

fn make(c: char) -> Entry {
    if is_plain_han(c)
        && let Some(one) = han_variant(c)
    {
        return Entry(one as u32 | (Class::Gram as u32) << CLASS_SHIFT | WIDE);
    }
    make_slow(c)
}

/// Of the blocks of Han in which nothing decomposes, has cases or combines: their pages are made
/// in a fiftieth of the time, and a short search reads dozens of them.
fn is_plain_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// Where a Han character ends by the table of variants; `None` when that is no plain one.
fn han_variant(c: char) -> Option<char> {
    let mut one = c;
    for _ in 0..4 {
        match HAN.get(&one) {
            Some(next) if is_plain_han(*next) => one = *next,
            Some(_) => return None,
            None => return Some(one),
        }
    }
    None
}

fn make_slow(c: char) -> Entry {
    let mut folded = String::new();
    fold_slow(c, &mut folded);
    let composed: String = folded.nfc().collect();
    let mut chars = composed.chars();
    let mut bits = match (chars.next(), chars.next()) {
        (Some(one), None) => one as u32 | (class(one) as u32) << CLASS_SHIFT,
        _ => LONG,
    };
    if folded.chars().next().is_some_and(attaches) {
        bits |= ATTACHES;
    }
    let wide = |c: char| is_wide(c) && class(c) == Class::Gram;
    if is_wide(c) || composed.chars().any(wide) {
        bits |= WIDE;
    }
    if matches!(
        c,
        '\u{b7}'
            | '\u{2014}'
            | '\u{2015}'
            | '\u{2018}'
            | '\u{2019}'
            | '\u{201c}'
            | '\u{201d}'
            | '\u{2022}'
            | '\u{2026}'
    ) {
        bits |= AMBIGUOUS;
    }
    if matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{fe63}') {
        bits |= HYPHEN;
    }
    Entry(bits)
}

static HAN: LazyLock<HashMap<char, char>> = LazyLock::new(han_variants);

/// Appends what `c` becomes, decomposed.
pub fn fold_slow(c: char, into: &mut String) {
    let mut old: Vec<char> = vec![c];
    // Two rounds suffice for every character of Unicode 17; a test walks all of them.
    for _ in 0..4 {
        let mut new = Vec::with_capacity(old.len());
        for c in &old {
            decompose_compatible(*c, |d| {
                for lower in d.to_lowercase() {
                    // The final sigma is a matter of position; the fold knows none.
                    let lower = if lower == 'ς' { 'σ' } else { lower };
                    let one = plain_mark(lower);
                    new.push(HAN.get(&one).copied().unwrap_or(one));
                }
            });
        }
        new.retain(|c| !is_ignorable(*c) && !is_vowel_sign(*c));
        if new == old {
            break;
        }
        old = new;
    }
    into.extend(old.into_iter().map(|c| {
        let kept = matches!(c, HARD | SOFT | HYPHENATED) || c.is_whitespace();
        if c.is_control() && !kept { CONTROL } else { c }
    }));
}

/// Apostrophes and dashes as a keyboard has them. The Han digit `一` and the kana sign `ー` look
/// like dashes and are characters of words; bullets, tildes and drawn lines are no dashes.
fn plain_mark(c: char) -> char {
    match c {
        // Quotation marks that serve as one, modifier letters, prime, Hebrew geresh.
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bb}' | '\u{2bc}' | '\u{2032}' | '\u{5f3}' => {
            '\''
        }
        // Hyphens (also without a break), figure, en and em dash, bar, minus, Hebrew maqaf.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{5be}' => '-',
        c => c,
    }
}

/// What Arabic and Hebrew are seldom written with: vowel signs, signs of recitation, and the
/// stroke that stretches a word. Hamza and madda are not among them: they tell letters apart.
fn is_vowel_sign(c: char) -> bool {
    matches!(c,
        '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}'
        | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{652}'
        | '\u{656}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}'
        | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}')
}

fn han_variants() -> HashMap<char, char> {
    let mut map = HashMap::with_capacity(5000);
    for line in TRADITIONAL.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split(['\t', ' ']);
        if let (Some(from), Some(to)) = (fields.next(), fields.next())
            && let (Some(from), Some(to)) = (from.chars().next(), to.chars().next())
        {
            map.insert(from, to);
        }
    }
    for line in RADICALS.lines().filter(|line| !line.starts_with('#')) {
        let mut fields =
            line.split('\t').filter_map(|hex| char::from_u32(u32::from_str_radix(hex, 16).ok()?));
        if let (Some(from), Some(to)) = (fields.next(), fields.next()) {
            map.insert(from, to);
        }
    }
    map
}

/// May compose with, or be sorted among, what stands before it.
fn attaches(c: char) -> bool {
    canonical_combining_class(c) != 0
        || is_nfc_quick(std::iter::once(c)) == IsNormalized::Maybe
        || matches!(c, '\u{1161}'..='\u{1175}' | '\u{11a8}'..='\u{11c2}')
}

/// Unicode's `Default_Ignorable_Code_Point`: nobody sees them, so nobody searches for them.
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// What a folded character is to a search.
pub fn class(c: char) -> Class {
    if c.is_whitespace() {
        return Class::Blank;
    }
    let letter = c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c);
    match c {
        // Thai and Lao; Burmese; Hangul; Khmer; radicals to strokes; kana; more Hangul, Burmese.
        '\u{e00}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{31ff}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{a9e0}'..='\u{a9ff}'
        | '\u{aa60}'..='\u{aa7f}'
        | '\u{116d0}'..='\u{116ff}'
        | '\u{1aff0}'..='\u{1b16f}'
            if letter =>
        {
            Class::Gram
        }
        // Han, whatever Unicode has assigned since, and private use.
        '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7ff}'
        | '\u{e000}'..='\u{faff}'
        | '\u{20000}'..='\u{3fffd}'
        | '\u{f0000}'..='\u{10ffff}' => Class::Gram,
        _ if letter => Class::Word,
        _ => Class::Other,
    }
}

/// Written in full cells, without spaces between words and lines: a line end between two such
/// characters is the printer's. Hangul is not among them: it has spaces.
fn is_wide(c: char) -> bool {
    match c {
        '\u{3000}' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' => false,
        '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' => false,
        '\u{2e80}'..='\u{33ff}' | '\u{fe30}'..='\u{fe4f}' => true,
        '\u{ff01}'..='\u{ff9f}' | '\u{ffe0}'..='\u{ffe6}' => true,
        _ => class(c) == Class::Gram,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(c: char) -> String {
        let mut out = String::new();
        fold_slow(c, &mut out);
        out
    }

    #[test]
    fn folding_twice_is_folding_once_for_every_character() {
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            let once = folded(c);
            let twice: String = once.chars().map(folded).collect();
            assert_eq!(once, twice, "U+{:04X}", c as u32);
        }
    }

    #[test]
    fn the_short_way_for_han_is_the_long_one() {
        for c in ('\u{3400}'..='\u{9fff}').filter(|c| is_plain_han(*c)) {
            assert_eq!(make(c), make_slow(c), "U+{:04X}", c as u32);
        }
    }

    #[test]
    fn what_characters_become() {
        let cases = [
            ('國', "国"),
            ('Ａ', "a"),
            ('１', "1"),
            ('⼈', "人"),
            ('⺠', "民"),
            ('ﷺ', "صلى الله عليه وسلم"),
            ('薴', "苎"),
            ('㑮', "㑮"),
            ('\u{200b}', ""),
            ('\u{ad}', ""),
            ('Σ', "σ"),
            ('ς', "σ"),
            ('é', "e\u{301}"),
            ('ﾞ', "\u{3099}"),
            ('㎏', "kg"),
            ('\u{1b}', "\u{1a}"),
            ('\u{3164}', ""),
            ('，', ","),
            ('’', "'"),
            ('ʼ', "'"),
            ('ŉ', "'n"),
            ('＇', "'"),
            ('\u{2011}', "-"),
            ('–', "-"),
            ('—', "-"),
            ('－', "-"),
            ('−', "-"),
            ('⁻', "-"),
            ('︱', "-"),
            ('一', "一"),
            ('ー', "ー"),
            ('ｰ', "ー"),
            ('~', "~"),
            ('•', "•"),
            ('”', "”"),
            ('\u{64e}', ""),
            ('ـ', ""),
            ('\u{5b8}', ""),
            ('أ', "ا\u{654}"),
            ('\u{fb2a}', "ש"),
        ];
        for (from, to) in cases {
            assert_eq!(folded(from), to, "{from:?}");
        }
    }

    #[test]
    fn what_characters_are() {
        for c in "公〇々あーㄅ한ไทยြ\u{e000}𠮷\u{3099}".chars() {
            assert_eq!(class(c), Class::Gram, "{c:?}");
        }
        for c in "aяع1é\u{301}ｆ٣".chars() {
            assert_eq!(class(c), Class::Word, "{c:?}");
        }
        for c in ",。・_😀\u{1a}\u{1c}฿".chars() {
            assert_eq!(class(c), Class::Other, "{c:?}");
        }
        assert_eq!(class('\u{3000}'), Class::Blank);
    }
}
