//! Seven bits: Chinese between `~{` and `~}` (HZ, RFC 1843), Korean between shifts (ISO-2022-KR, RFC
//! 1557).

use encoding_rs::{EUC_KR, GBK};

/// What a Korean text of seven bits begins with.
pub const KOREAN: &[u8] = b"\x1b$)C";

/// Text out of ISO-2022-KR.
pub fn korean(bytes: &[u8]) -> String {
    let text = shifted(bytes, b"\x0e", b"\x0f");
    EUC_KR.decode_without_bom_handling(&text).0.replace("\x1b$)C", "")
}

/// Text out of HZ. Two tildes are one; one before a line end joins the lines.
pub fn decode(bytes: &[u8]) -> String {
    let pairs = shifted(bytes, b"~{", b"~}");
    let (text, _) = GBK.decode_without_bom_handling(&pairs);
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find('~') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match ["~", "\r\n", "\n"].iter().find_map(|next| rest.strip_prefix(next)) {
            Some(after) => {
                if rest.starts_with('~') {
                    out.push('~');
                }
                rest = after;
            }
            None => out.push('~'),
        }
    }
    out.push_str(rest);
    out
}

/// Runs between a `start` and an `end` mark hold two-byte characters without their high bits.
pub fn shifted(bytes: &[u8], start: &[u8], end: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut inside = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let mark = if inside { end } else { start };
        if bytes[at..].starts_with(mark) {
            inside = !inside;
            at += mark.len();
            continue;
        }
        // A line end ends a run whose mark was lost.
        inside &= byte != b'\n';
        out.push(if inside { byte | 0x80 } else { byte });
        at += 1;
    }
    out
}

/// The characters of all runs in ASCII bytes, with their high bits; empty as soon as one of them is
/// no run of pairs.
pub fn runs(bytes: &[u8]) -> Vec<u8> {
    let mut found = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let mut rest = line;
        while let Some(at) = rest.windows(2).position(|two| two == b"~{") {
            rest = &rest[at + 2..];
            let Some(end) = rest.windows(2).position(|two| two == b"~}") else {
                return Vec::new();
            };
            let run = &rest[..end];
            if run.len() % 2 != 0 || !run.iter().all(|byte| (0x21..0x7f).contains(byte)) {
                return Vec::new();
            }
            found.extend(run.iter().map(|byte| byte | 0x80));
            rest = &rest[end + 2..];
        }
    }
    found
}
