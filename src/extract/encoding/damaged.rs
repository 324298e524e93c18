//! Texts of East Asia with a byte too many, too few or a wrong one, or cut in their last character. The
//! detector gives an encoding up at the first byte that cannot be, and then takes the whole for one of
//! an alphabet.

use super::survey::detect;
use encoding_rs::{BIG5, DecoderResult, EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS};

/// Of so many bytes beyond ASCII one may be damaged.
const RARE: usize = 20;

/// The encoding that a sample is in but for a few bytes, where `guessed` is one of an alphabet.
pub fn instead_of(guessed: &'static Encoding, sample: &[u8]) -> &'static Encoding {
    if !guessed.is_single_byte() {
        return guessed;
    }
    let all = beyond_ascii(sample);
    let candidates = [GBK, BIG5, SHIFT_JIS, EUC_JP, EUC_KR].into_iter().filter_map(|encoding| {
        let (kept, left_out) = without_damage(encoding, sample);
        let is_rare = left_out * RARE <= all + RARE;
        (is_rare && detect(&kept) == encoding).then_some((left_out, encoding))
    });
    candidates.min_by_key(|(left_out, _)| *left_out).map_or(guessed, |(_, encoding)| encoding)
}

fn beyond_ascii(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte >= 0x80).count()
}

/// What of a sample can be in an encoding, and how many bytes cannot.
fn without_damage(encoding: &'static Encoding, sample: &[u8]) -> (Vec<u8>, usize) {
    let (mut kept, mut left_out) = (Vec::with_capacity(sample.len()), 0);
    // No character of these goes over a byte below 0x30.
    for part in sample.split_inclusive(|byte| *byte < 0x30) {
        let mut rest = part;
        while let Some(good) = first_error(encoding, rest) {
            kept.extend_from_slice(&rest[..good]);
            // Where the next character begins is where what follows looks more like the language.
            let behind = &rest[good..];
            let step = match behind.len() {
                0 | 1 => behind.len(),
                _ if common(encoding, &behind[1..]) > common(encoding, &behind[2..]) => 1,
                _ => 2,
            };
            left_out += step;
            rest = &behind[step..];
        }
        kept.extend_from_slice(rest);
    }
    (kept, left_out)
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

/// Everyday characters among the pairs of bytes, of a thousand.
fn common(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let is_common = |lead: u8| match encoding.name() {
        "Big5" => matches!(lead, 0xa1..=0xa3 | 0xa4..=0xc6),
        "Shift_JIS" => matches!(lead, 0x81..=0x83 | 0x88..=0x97),
        "EUC-JP" => matches!(lead, 0xa1..=0xa5 | 0xb0..=0xcf),
        "EUC-KR" => matches!(lead, 0xa1..=0xa4 | 0xb0..=0xc8),
        _ => matches!(lead, 0xa1..=0xa9 | 0xb0..=0xd7),
    };
    let (mut pairs, mut found) = (0, 0);
    let mut rest = bytes.iter();
    while let Some(lead) = rest.next() {
        if *lead >= 0x80 && rest.next().is_some() {
            pairs += 1;
            found += usize::from(is_common(*lead));
        }
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
