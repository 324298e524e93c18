//! Encodings with two or four bytes a character: UTF-16 and UTF-32, with and without a mark.

use super::Charset;
use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// The byte order mark at the start: what it says, and its length.
pub(super) fn mark(head: &[u8]) -> Option<(Charset, usize)> {
    match head {
        [0xff, 0xfe, 0, 0, ..] => Some((Charset::Utf32Le, 4)),
        [0, 0, 0xfe, 0xff, ..] => Some((Charset::Utf32Be, 4)),
        [0xff, 0xfe, ..] => Some((Charset::Known(UTF_16LE), 2)),
        [0xfe, 0xff, ..] => Some((Charset::Known(UTF_16BE), 2)),
        [0xef, 0xbb, 0xbf, ..] => Some((Charset::Known(UTF_8), 3)),
        [0x84, 0x31, 0x95, 0x33, ..] => Some((Charset::Known(GB18030), 4)),
        _ => None,
    }
}

/// Characters looked at.
const SAMPLE: usize = 16 * 1024;

/// UTF-16 or UTF-32 without a mark, from how plausible the characters would be.
///
/// Without any NUL the text must be nearly all Han and no UTF-8: otherwise two ASCII letters make
/// a Han character ("Bush hid the facts"), and two bytes of GBK make Hangul.
pub(super) fn guess(head: &[u8]) -> Option<Charset> {
    let is_cut = head.len() > 2 * SAMPLE;
    let head = &head[..head.len().min(2 * SAMPLE)];
    // The usual case. What is written in one alphabet has its control characters.
    let is_utf8 = match is_cut {
        true => super::is_utf8_head(head),
        false => std::str::from_utf8(head).is_ok(),
    };
    if is_utf8 && !head.iter().any(|byte| *byte == 0 || is_block(u32::from(*byte))) {
        return None;
    }
    // A grey picture: no text says one letter most of the time.
    let pairs = || head.chunks_exact(2).map(|two| [two[0], two[1]]);
    let same = pairs().skip(1).zip(pairs());
    let same = same.filter(|(two, before)| two == before && two[0] >= 0x80).count();
    if head.len() >= 128 && same * 10 > head.len() * 3 {
        return None;
    }
    let has_nul = head.contains(&0);
    if has_nul {
        let long = [
            (Charset::Utf32Le, u32::from_le_bytes as fn([u8; 4]) -> u32),
            (Charset::Utf32Be, u32::from_be_bytes),
        ];
        for (charset, unit) in long {
            let units =
                || head.chunks_exact(4).map(|four| unit([four[0], four[1], four[2], four[3]]));
            let (good, all) = tally(units(), is_likely);
            // Hardly any four bytes of something else are a character at all.
            if all >= 2
                && good * 100 >= all * 97
                && units().all(|unit| char::from_u32(unit).is_some())
            {
                return Some(charset);
            }
        }
    } else if let Some(charset) = one_script(head, is_utf8) {
        return Some(charset);
    } else if is_utf8 {
        return None;
    }
    let score = |unit: fn([u8; 2]) -> u16| {
        let units = || head.chunks_exact(2).map(|two| u32::from(unit([two[0], two[1]])));
        let is_good: fn(u32) -> bool = if has_nul { is_likely } else { is_han };
        let (good, all) = tally(units(), is_good);
        let score = (good * 1000).checked_div(all).unwrap_or(0);
        if score < 970 {
            return 0;
        }
        // Plain numbers in binary data are "likely" Latin too: text has spaces or line ends.
        let has_gaps = !has_nul
            || all < 8
            || units().any(|unit| matches!(unit, 0x20 | 0x0a | 0x0d | 0x3000..=0x3002 | 0xff0c));
        let is_language = has_nul || {
            let common =
                units().filter(|unit| char::from_u32(*unit).is_some_and(|c| COMMON.contains(c)));
            common.count() * 25 >= all
        };
        if has_gaps && is_language { score } else { 0 }
    };
    let (little, big) = (score(u16::from_le_bytes), score(u16::from_be_bytes));
    let enough = if has_nul { head.len() >= 4 } else { head.len() >= 8 };
    if !enough || little == big {
        None
    } else if little > big {
        Some(Charset::Known(UTF_16LE))
    } else {
        Some(Charset::Known(UTF_16BE))
    }
}

/// UTF-16 without a blank, a digit or a sign of ASCII, so without any NUL. Letters of one alphabet have
/// the same control character in every second byte, which is no text in any other way. Japanese has
/// none: it is known by its syllables, whose bytes no other encoding puts so close together.
fn one_script(head: &[u8], is_utf8: bool) -> Option<Charset> {
    const LEAST: usize = 8;
    let is_kana = |unit: u32| matches!(unit, 0x3041..=0x30ff);
    let units = |unit: fn([u8; 2]) -> u16| {
        head.chunks_exact(2).map(move |two| u32::from(unit([two[0], two[1]])))
    };
    // What hardly any text has comes first: most that is asked about is none of this.
    let fits = |unit: fn([u8; 2]) -> u16| {
        let all = head.len() / 2;
        if all < LEAST {
            return false;
        }
        let mut blocks = [0_usize; 16];
        units(unit)
            .filter(|unit| is_block(unit >> 8))
            .for_each(|unit| blocks[(unit >> 8) as usize] += 1);
        let most = blocks.iter().max().copied().unwrap_or(0);
        let is_japanese = || {
            let (kana, _) = tally(units(unit), is_kana);
            let japanese = || tally(units(unit), |unit| is_kana(unit) || is_han(unit)).0;
            kana * 5 >= all && japanese() * 100 >= all * 97
        };
        (most * 100 >= all * 90 || !is_utf8 && is_japanese())
            && tally(units(unit), is_likely).0 * 100 >= all * 97
    };
    match (fits(u16::from_le_bytes), fits(u16::from_be_bytes)) {
        (true, false) => Some(Charset::Known(UTF_16LE)),
        (false, true) => Some(Charset::Known(UTF_16BE)),
        _ => None,
    }
}

/// Blocks of 256 whose number is no line end or tab. Cyrillic, Arabic, Thai...
fn is_block(block: u32) -> bool {
    matches!(block, 0x03..=0x08 | 0x0e | 0x0f)
}

fn tally(units: impl Iterator<Item = u32>, is_good: impl Fn(u32) -> bool) -> (usize, usize) {
    units.fold((0, 0), |(good, all), unit| (good + usize::from(is_good(unit)), all + 1))
}

/// Han characters that hardly a paragraph is without, so that Japanese in Shift_JIS, whose pairs
/// of bytes are Han letters of UTF-16 too, is not taken for Chinese.
const COMMON: &str = "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子\
    那于下自之年过過发發后後作用道行所家事成方多法学學同现現部其主理本前开開公工情明全三关關业業外两兩高\
    文件合同司日月号號元编編网網";

fn is_han(unit: u32) -> bool {
    matches!(unit, 0x4e00..=0x9fff | 0x3000..=0x3002 | 0x3008..=0x3011 | 0xff01..=0xff5e)
}

/// A letter or sign that a text in UTF-7 would write in a run.
pub(super) fn is_letter(unit: u32) -> bool {
    is_likely(unit)
}

/// A UTF-16 unit that texts are made of.
fn is_likely(unit: u32) -> bool {
    is_han(unit)
        || matches!(unit,
            0x09 | 0x0a | 0x0d | 0x20..=0x7e | 0xa0..=0x24f
            | 0x370..=0x52f | 0x5d0..=0x6ff | 0x900..=0xeff | 0x1e00..=0x1eff
            | 0x200b..=0x200f | 0x2010..=0x2044 | 0x20ac | 0x2100..=0x22ff | 0x2460..=0x27bf
            | 0x3003..=0x30ff | 0x3400..=0x4dbf | 0xac00..=0xd7a3
            | 0xd800..=0xdfff | 0xfe30..=0xfe4f | 0xff00..=0xffef)
        || unit > 0xffff && char::from_u32(unit).is_some()
}
