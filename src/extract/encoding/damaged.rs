//! Texts of East Asia with a byte too many, too few or a wrong one, or cut in their last character. The
//! detector gives an encoding up at the first byte that cannot be, and then takes the whole for one of
//! an alphabet.

use super::survey::detect;
use encoding_rs::{BIG5, DecoderResult, EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS};

/// Of so many bytes beyond ASCII one may be damaged.
const RARE: usize = 20;

/// Characters that are not everyday ones, of a thousand: more are another encoding.
const MOST_ODD: usize = 250;

/// The encoding that a sample is in but for a few bytes, where `guessed` is one of an alphabet or fits
/// no better.
pub fn instead_of(guessed: &'static Encoding, sample: &[u8]) -> &'static Encoding {
    if !guessed.is_single_byte() && first_error(guessed, sample).is_none() {
        return guessed;
    }
    let most = beyond_ascii(sample) / RARE + 1;
    let candidates = [GBK, BIG5, SHIFT_JIS, EUC_JP, EUC_KR].into_iter().filter_map(|encoding| {
        let (kept, left_out) = without_damage(encoding, sample, most)?;
        let odd = 1000 - common_of(encoding, &kept);
        (odd <= MOST_ODD && detect(&kept) == encoding).then_some((left_out, odd, encoding))
    });
    // A damaged byte is worth less than everyday characters.
    let best = candidates.min_by_key(|(left_out, odd, _)| left_out * 25 + odd);
    best.map_or(guessed, |(_, _, encoding)| encoding)
}

fn beyond_ascii(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte >= 0x80).count()
}

/// What of a sample can be in an encoding, and how many bytes cannot; `None` when these are more than
/// `most`.
fn without_damage(
    encoding: &'static Encoding,
    sample: &[u8],
    most: usize,
) -> Option<(Vec<u8>, usize)> {
    let (mut kept, mut left_out) = (Vec::with_capacity(sample.len()), 0);
    // No character of these goes over a byte below 0x30.
    for part in sample.split_inclusive(|byte| *byte < 0x30) {
        let mut rest = part;
        while let Some(good) = first_error(encoding, rest) {
            let (at, step) = damage(encoding, rest, good);
            left_out += step;
            if left_out > most {
                return None;
            }
            kept.extend_from_slice(&rest[..at]);
            rest = &rest[at + step..];
        }
        kept.extend_from_slice(rest);
    }
    Some((kept, left_out))
}

/// Where the damage begins that the first error, behind `good` bytes, comes of, and how many bytes it
/// takes: where everyday characters stand before and behind it. A byte that is missing is noticed only
/// where the pairs that are cut wrongly since then come to their end.
fn damage(encoding: &'static Encoding, bytes: &[u8], good: usize) -> (usize, usize) {
    // Everyday characters before each place, and from each place on, as pairs are cut from byte 0 or 1.
    let before = |from: usize| {
        let mut found = vec![None; bytes.len() + 1];
        let (mut at, mut count) = (from, 0);
        while at < bytes.len() {
            found[at] = Some(count);
            count += usize::from(is_common(encoding, &bytes[at..]));
            at += if bytes[at] < 0x80 { 1 } else { 2 };
        }
        found[bytes.len()] = Some(count);
        (found, count)
    };
    let ((from_first, all), (from_second, all_behind)) = (before(0), before(1));
    let wrong = (good, 2.min(bytes.len() - good));
    let behind = from_first.get(good + 2).copied().flatten().unwrap_or(all);
    let mut best = (from_first[good].unwrap_or(0) + all - behind, wrong);
    for (at, before) in from_first.iter().enumerate().take(good.min(bytes.len() - 1) + 1) {
        let later = from_second.get(at + 1).copied().flatten();
        if let (Some(before), Some(later)) = (before, later)
            && before + all_behind - later > best.0
        {
            best = (before + all_behind - later, (at, 1));
        }
    }
    best.1
}

/// Bytes before the first that cannot be.
fn first_error(encoding: &'static Encoding, bytes: &[u8]) -> Option<usize> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = vec![0; bytes.len() * 3 + 16];
    let (result, read, _) = decoder.decode_to_utf8_without_replacement(bytes, &mut out, true);
    match result {
        DecoderResult::Malformed(length, behind) => {
            Some(read.saturating_sub(usize::from(length) + usize::from(behind)))
        }
        DecoderResult::InputEmpty | DecoderResult::OutputFull => None,
    }
}

/// Whether these bytes begin with an everyday character.
fn is_common(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    let [lead @ 0x80..=0xff, _, ..] = *bytes else { return false };
    match encoding.name() {
        "Big5" => matches!(lead, 0xa1..=0xc6),
        "Shift_JIS" => matches!(lead, 0x81..=0x83 | 0x88..=0x97),
        "EUC-JP" => matches!(lead, 0xa1..=0xa5 | 0xb0..=0xcf),
        "EUC-KR" => matches!(lead, 0xa1..=0xa4 | 0xb0..=0xc8),
        _ => matches!(lead, 0xa1..=0xa9 | 0xb0..=0xd7),
    }
}

/// Everyday characters among those beyond ASCII, of a thousand.
fn common_of(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let (mut pairs, mut found, mut rest) = (0, 0, bytes);
    while let Some(first) = rest.first() {
        let length = if *first < 0x80 { 1 } else { 2.min(rest.len()) };
        pairs += length - 1;
        found += usize::from(is_common(encoding, rest));
        rest = &rest[length..];
    }
    found * 1000 / pairs.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::encoding::decode;

    const CHINESE: &str = "合同编号：甲方应于本协议签订之日起十五日内支付全部款项，逾期按日支付违约金。\n\
                           乙方收到款项后三日内开具发票，并把数据交给甲方的技术人员，双方签字确认。\n";

    /// Damaged in many places, one at a time, it is still told apart.
    #[track_caller]
    fn check(text: &str, encoding: &'static Encoding) {
        let whole = encoding.encode(text).0.into_owned();
        assert_eq!(decode(&whole, None).text, text, "{}", encoding.name());
        let mut wrong = Vec::new();
        let places = (1..whole.len()).filter(|at| whole[*at] >= 0x80).step_by(7);
        for at in places {
            let mut left_out = whole.clone();
            left_out.remove(at);
            let mut other = whole.clone();
            other[at] = 0xff;
            for bytes in [left_out, other, whole[..at].to_vec()] {
                // Too little is left of it to tell.
                if bytes.len() < 60 {
                    continue;
                }
                let read = decode(&bytes, None);
                let first: String = text.chars().take(4).collect();
                if at > 16 && !read.text.starts_with(&first) {
                    wrong.push(format!("{at}: {} {}", read.encoding, &read.text));
                }
            }
        }
        assert!(wrong.is_empty(), "{} {}: {}", encoding.name(), wrong.len(), wrong[0]);
    }

    #[test]
    fn a_damaged_byte_does_not_make_another_alphabet() {
        check(CHINESE, GBK);
        check(
            "琥珀鯨魚游過寒冷的海灣，燈塔下的文件已經歸檔，合約由雙方簽字確認。\n他們明天在公司開會，討論付款的日期與金額，請帶發票。\n",
            BIG5,
        );
        let japanese = "こはくのクジラは冷たい湾を泳ぎます。契約書は明日までに送ってください。\n会社の会議は三時から始まりますので、資料を用意してください。\n";
        check(japanese, SHIFT_JIS);
        check(japanese, EUC_JP);
        check(
            "호박 고래가 차가운 만을 헤엄칩니다. 계약서는 내일까지 보내 주십시오.\n회사 회의는 세 시에 시작하므로 자료를 준비해 주십시오.\n",
            EUC_KR,
        );
    }

    #[test]
    fn alphabets_stay_what_they_are() {
        for (text, encoding) in [
            (
                "Größe der Bernsteinwale: übermäßig, für Müller in Köln, schöne Grüße",
                encoding_rs::WINDOWS_1252,
            ),
            ("янтарный кит плывет по холодному заливу и поет о море", encoding_rs::KOI8_R),
            ("янтарный кит плывёт по холодному заливу и поёт о море", encoding_rs::WINDOWS_1251),
            ("Příliš žluťoučký kůň úpěl ďábelské ódy", encoding_rs::WINDOWS_1250),
        ] {
            let bytes = encoding.encode(text).0;
            assert_eq!(instead_of(encoding, &bytes), encoding, "{text}");
        }
    }
}
