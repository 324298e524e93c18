//! UTF-7 (RFC 2152): seven bits, and between `+` and `-` the base64 of UTF-16.

/// Text out of UTF-7, and how many bytes stand for no character.
pub fn decode(bytes: &[u8]) -> (String, u64) {
    let mut text = String::with_capacity(bytes.len());
    let mut lost = 0;
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'+' {
            lost += u64::from(!byte.is_ascii());
            text.push(if byte.is_ascii() { char::from(byte) } else { '\u{fffd}' });
            continue;
        }
        let length = rest.iter().position(|byte| digit(*byte).is_none()).unwrap_or(rest.len());
        let (run, after) = rest.split_at(length);
        rest = after.strip_prefix(b"-").unwrap_or(after);
        match (length, after.first()) {
            (0, Some(b'-')) => text.push('+'),
            // No run: a plus sign of somebody who did not know.
            (0, _) => text.push('+'),
            _ => {
                let before = text.len();
                let (units, _) = units(run);
                text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')));
                lost += text[before..].matches('\u{fffd}').count() as u64 * 2;
            }
        }
    }
    (text, lost)
}

fn digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// The UTF-16 of a run, and whether it ends as one does: less than a digit is left, all of it 0.
fn units(run: &[u8]) -> (Vec<u16>, bool) {
    let (mut bits, mut held) = (0u32, 0u32);
    let mut units = Vec::new();
    for value in run.iter().filter_map(|byte| digit(*byte)) {
        bits = bits << 6 | value;
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push((bits >> held & 0xffff) as u16);
            bits &= (1 << held) - 1;
        }
    }
    (units, held < 6 && bits == 0)
}

/// Whether lines of ASCII with a `+` are this: every `+` begins a run that is whole, says nothing that
/// could stand there plainly, and is of letters that texts are made of.
pub(super) fn fits(lines: &[u8], is_likely: impl Fn(u32) -> bool) -> bool {
    let mut chars = Vec::new();
    let mut unlikely = 0;
    let mut rest = lines;
    while let Some(at) = rest.iter().position(|byte| *byte == b'+') {
        rest = &rest[at + 1..];
        let length = rest.iter().position(|byte| digit(*byte).is_none()).unwrap_or(rest.len());
        let (run, after) = rest.split_at(length);
        rest = after;
        if run.is_empty() {
            if after.first() == Some(&b'-') {
                continue;
            }
            return false;
        }
        let (units, is_whole) = units(run);
        let read: Option<Vec<char>> = char::decode_utf16(units).map(Result::ok).collect();
        let Some(read) = read.filter(|read| is_whole && !read.is_empty()) else { return false };
        // A run of ASCII alone would be written plainly.
        if read.iter().all(char::is_ascii) {
            return false;
        }
        unlikely += read.iter().filter(|c| !is_likely(u32::from(**c))).count();
        chars.extend(read.into_iter().filter(|c| !c.is_ascii()));
    }
    // Letters of one script: chance takes them from everywhere.
    let page = |c: char| match u32::from(c) {
        0x3000..=0x9fff | 0xff00..=0xffef => 0x4e,
        0xac00..=0xd7a3 => 0xac,
        0x80..=0x24f | 0x1e00..=0x1eff => 0,
        0x2000..=0x2bff => u32::MAX,
        code => code >> 8,
    };
    let mut pages: Vec<u32> = chars.iter().map(|c| page(*c)).filter(|p| *p != u32::MAX).collect();
    let all = pages.len();
    pages.sort_unstable();
    let most = pages.chunk_by(|a, b| a == b).map(<[u32]>::len).max().unwrap_or(0);
    all >= 2 && unlikely * 25 <= all && most * 10 >= all * 9
}
