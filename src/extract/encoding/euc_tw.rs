//! EUC-TW, which web browsers (and so encoding_rs) leave out: Unix in Taiwan wrote it.
//!
//! Its characters are those of CNS 11643. The first two planes hold what Big5 holds, in nearly the
//! same order, so that the way to Unicode leads through Big5. The stretches were found by comparing
//! the tables of both sets character by character.

use super::several::walk;
use encoding_rs::BIG5;

/// Stretches of the first plane: number there, number in Big5, length. Rows have 94 and 157 places.
#[rustfmt::skip]
const PLANE_1: &[(u16, u16, u16)] = &[
    (0, 0, 21), (21, 23, 2), (24, 22, 1), (29, 29, 44), (73, 74, 1), (74, 73, 1), (75, 75, 52),
    (127, 128, 1), (128, 127, 1), (129, 129, 19), (148, 149, 1), (149, 148, 1), (150, 150, 4),
    (155, 21, 1), (156, 158, 2), (160, 160, 74), (282, 234, 174), (470, 6101, 20),
    (3290, 471, 1412), (4702, 1884, 424), (5126, 1883, 1), (5127, 2308, 1876), (7003, 4571, 1),
    (7004, 4184, 387), (7391, 4572, 525), (7916, 5286, 1), (7917, 5097, 189), (8106, 5287, 84),
    (8190, 5517, 1), (8191, 5371, 54), (8245, 5426, 1), (8246, 5425, 1), (8247, 5427, 90),
    (8337, 5518, 354),
];

/// Stretches of the second plane.
#[rustfmt::skip]
const PLANE_2: &[(u16, u16, u16)] = &[
    (0, 6280, 10), (10, 6291, 33), (43, 6372, 1), (44, 6324, 48), (92, 6373, 46),
    (138, 6586, 1), (139, 6419, 167), (306, 6587, 1840), (2146, 9074, 1), (2147, 8428, 108),
    (2255, 8537, 537), (2792, 8427, 1), (2793, 9075, 100), (2893, 8536, 1), (2894, 9175, 399),
    (3293, 9575, 1637), (4930, 11761, 1), (4931, 11212, 146), (5077, 11899, 1),
    (5078, 11358, 287), (5365, 12508, 1), (5366, 11645, 116), (5482, 11762, 137),
    (5619, 11900, 104), (5723, 12425, 1), (5724, 12004, 222), (5946, 12227, 198),
    (6144, 12426, 82), (6226, 12509, 86), (6312, 12226, 1), (6313, 12595, 8),
    (6321, 12604, 153), (6474, 12758, 56), (6530, 13114, 1), (6531, 12814, 113),
    (6644, 12603, 1), (6645, 12927, 142), (6787, 12757, 1), (6788, 13069, 45),
    (6833, 13115, 71), (6904, 13380, 1), (6905, 13186, 194), (7099, 13381, 490),
    (7589, 13914, 1), (7590, 13871, 43), (7633, 13915, 1), (7634, 13917, 11), (7645, 13916, 1),
    (7646, 13928, 4),
];

fn character(plane: u8, row: u8, cell: u8) -> Option<char> {
    let stretches = match plane {
        1 => PLANE_1,
        2 => PLANE_2,
        _ => return None,
    };
    let number = u16::from(row.checked_sub(0xa1)?) * 94 + u16::from(cell.checked_sub(0xa1)?);
    let at = stretches.partition_point(|(start, ..)| *start <= number).checked_sub(1)?;
    let (start, big5, length) = stretches[at];
    let place = big5 + (number - start);
    if number - start >= length {
        return None;
    }
    let lead = u8::try_from(place / 157).ok()? + 0xa1;
    let trail = u8::try_from(place % 157).ok()?;
    let trail = if trail < 63 { trail + 0x40 } else { trail + 0x62 };
    let bytes = [lead, trail];
    BIG5.decode_without_bom_handling_and_without_replacement(&bytes)?.chars().next()
}

/// The character that the bytes begin with.
fn next(bytes: &[u8]) -> (Option<char>, usize) {
    match *bytes {
        [0x8e, plane @ 0xa1..=0xb0, row @ 0xa1..=0xfe, cell @ 0xa1..=0xfe, ..] => {
            (character(plane - 0xa0, row, cell), 4)
        }
        [row @ 0xa1..=0xfe, cell @ 0xa1..=0xfe, ..] => (character(1, row, cell), 2),
        _ => (None, 1),
    }
}

/// Appends the text of these bytes; the answer is how many of them stand for no character.
pub(super) fn decode(bytes: &[u8], text: &mut String) -> u64 {
    walk(bytes, text, next, |_| ())
}

/// Whether the bytes are this. In GB 2312 and the sets of Korea and Japan the everyday characters
/// stand where CNS 11643 has none.
pub(super) fn fits(sample: &[u8]) -> bool {
    let mut all = 0u64;
    let lost = walk(sample, &mut String::new(), next, |_| all += 1);
    all >= 4 && lost * 25 <= all
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{EUC_JP, EUC_KR, GBK};

    const WRITTEN: &[u8] = b"\xc7\xd9\xd2\xfc\xee\xbe\xe6\xc0\xc6\xf2\xc5\xc9\xf3\xdc\xcd\xf5\xc6\xdb\xcc\xb6\xfa\xbe\xf8\xdc\
        \xd3\xd4\xc4\xe6\xc5\xca\xd8\xc4\xa1\xa2\xc5\xc5\xc5\xe9\xc7\xc0\xdd\xe5\xe0\xa1\xe2\xfa\xa1\xa4";

    #[test]
    fn both_planes_are_read() {
        let check = |bytes: &[u8], expected: &str, lost| {
            let mut text = String::new();
            assert_eq!((decode(bytes, &mut text), text.as_str()), (lost, expected));
        };
        check(WRITTEN, "合約編號甲方應於本協議簽訂之日起，支付全部款項。", 0);
        check(b"\x8e\xa2\xa1\xa2", "乜", 0);
        check(b"\xff", "\u{fffd}", 1);
        check(b"a", "a", 0);
    }

    #[test]
    fn other_sets_are_not_taken_for_it() {
        assert!(!fits(&GBK.encode("合同编号：甲方应于本协议签订之日起").0));
        assert!(!fits(&EUC_KR.encode("호박 고래가 차가운 만을 헤엄칩니다").0));
        assert!(!fits(&EUC_JP.encode("こはくのクジラは冷たい湾を泳ぎます").0));
        assert!(!fits(b"plain"));
        assert!(fits(WRITTEN));
    }
}
