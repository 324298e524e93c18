//! Ways of writing a text that hide what it says from whoever compares letters, undone: marks of
//! what nobody sees, escapes, addresses, base64.

use super::markup::BORDER;
use crate::text::entities;

/// Everything else that a text may say. What needs no undoing gives nothing.
pub fn readings(text: &str) -> Vec<String> {
    let all = [
        marks(text),
        escapes(text),
        bytes(text, "%", true),
        bytes(text, "\\x", false),
        quoted_printable(text),
        domains(text),
        text.contains('&')
            .then(|| entities::decode(text).into_owned())
            .filter(|undone| undone != text),
    ];
    all.into_iter().flatten().collect()
}

/// What was made visible is invisible again: `沈⟨U+200B⟩若`, the signs of line ends, tabs and soft
/// hyphens; and what acts on a terminal and says nothing is gone.
fn marks(text: &str) -> Option<String> {
    const OPEN: &str = "⟨U+";
    let acts = |c: char| c.is_control() && !c.is_whitespace() && c != BORDER;
    let is_sign = |c: char| matches!(c, '⟨' | '⏎' | '→' | '↵' | '¬' | '\u{2400}'..='\u{2421}');
    if !text.contains(|c| is_sign(c) || acts(c)) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        out.push_str(&rest[..at]);
        let inner = &rest[at + OPEN.len()..];
        let mark = inner.split_once('⟩').filter(|(code, _)| code.len() <= 6);
        let c = mark.and_then(|(code, _)| u32::from_str_radix(code, 16).ok());
        match (mark, c.and_then(char::from_u32)) {
            (Some((_, after)), Some(c)) => {
                out.push(c);
                rest = after;
            }
            _ => {
                out.push_str(OPEN);
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    out.retain(|c| !acts(c) && !matches!(c, '¬' | '\u{2400}'..='\u{2421}'));
    Some(out.replace(['⏎', '→', '↵'], " "))
}

/// Escapes of JSON undone, wherever they stand; `None` without any.
fn escapes(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return None;
    }
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut buffer = [0; 2];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            units.extend_from_slice(c.encode_utf16(&mut buffer));
            continue;
        }
        match chars.next() {
            Some('u') => {
                let hex: String = chars.clone().take(4).collect();
                match u16::from_str_radix(&hex, 16) {
                    Ok(unit) if hex.len() == 4 => {
                        units.push(unit);
                        chars.nth(3);
                    }
                    _ => units.extend("u".encode_utf16()),
                }
            }
            Some('n' | 'r' | 't') => units.push(u16::from(b'\n')),
            Some(other) => units.extend_from_slice(other.encode_utf16(&mut buffer)),
            None => {}
        }
    }
    Some(String::from_utf16_lossy(&units))
}

/// Bytes written as hexadecimal digits behind a sign: `%E6%B2%88`, in UTF-8 or what Chinese pages
/// write. `wide` also undoes `%u6C88`.
fn bytes(text: &str, sign: &str, wide: bool) -> Option<String> {
    if !text.contains(sign) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut run: Vec<u8> = Vec::new();
    let mut is_undone = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let hex = rest.strip_prefix(sign).and_then(|after| after.get(..2));
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            run.push(byte);
            rest = &rest[sign.len() + 2..];
            is_undone = true;
            continue;
        }
        settle(&mut run, &mut out);
        let unit = rest.strip_prefix("%u").filter(|_| wide).and_then(|after| after.get(..4));
        match unit.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = &rest[6..];
                is_undone = true;
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    settle(&mut run, &mut out);
    is_undone.then_some(out)
}

fn settle(run: &mut Vec<u8>, out: &mut String) {
    match std::str::from_utf8(run) {
        Ok(text) => out.push_str(text),
        Err(_) => out.push_str(&encoding_rs::GB18030.decode_without_bom_handling(run).0),
    }
    run.clear();
}

/// The other way of mails to write bytes: `=E6=B2=88`, lines that go on behind `=`.
fn quoted_printable(text: &str) -> Option<String> {
    if !text.contains('=') {
        return None;
    }
    bytes(&text.replace("=\r\n", "").replace("=\n", ""), "=", false)
}

/// Labels of domains: `xn--...` (RFC 3492).
pub fn domains(text: &str) -> Option<String> {
    const PREFIX: &str = "xn--";
    let lower = text.to_ascii_lowercase();
    if !lower.contains(PREFIX) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    while let Some(at) = lower[from..].find(PREFIX) {
        out.push_str(&text[from..from + at]);
        let label = &text[from + at + PREFIX.len()..];
        let end =
            label.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(label.len());
        match punycode(&label[..end]) {
            Some(label) => out.push_str(&label),
            None => out.push_str(&label[..end]),
        }
        from += at + PREFIX.len() + end;
    }
    out.push_str(&text[from..]);
    Some(out)
}

/// RFC 3492, section 6.2.
fn punycode(label: &str) -> Option<String> {
    let (basic, deltas) = label.rsplit_once('-').unwrap_or(("", label));
    let mut out: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = deltas.bytes().peekable();
    while digits.peek().is_some() {
        let (before, mut weight) = (i, 1_u32);
        for step in 1.. {
            let k: u32 = 36 * step;
            let digit = match digits.next()? {
                letter @ (b'a'..=b'z' | b'A'..=b'Z') => letter.to_ascii_lowercase() - b'a',
                digit @ b'0'..=b'9' => digit - b'0' + 26,
                _ => return None,
            };
            i = i.checked_add(u32::from(digit).checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if u32::from(digit) < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
        }
        let length = u32::try_from(out.len()).ok()? + 1;
        let mut delta = if before == 0 { (i - before) / 700 } else { (i - before) / 2 };
        delta += delta / length;
        let mut k = 0;
        while delta > 455 {
            delta /= 35;
            k += 36;
        }
        bias = k + 36 * delta / (delta + 38);
        n = n.checked_add(i / length)?;
        i %= length;
        out.insert(i as usize, char::from_u32(n)?);
        i += 1;
    }
    Some(out.into_iter().collect())
}

/// Digits of a name: two Han characters in GB18030.
const DIGITS: usize = 8;

/// What stands in a text as hexadecimal digits alone, each stretch of it.
pub fn digits(text: &str) -> Vec<Vec<u8>> {
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric());
    let plain = |run: &str| -> Option<Vec<u8>> {
        let run = run.strip_prefix("0x").unwrap_or(run);
        if run.len() < DIGITS || !run.len().is_multiple_of(2) {
            return None;
        }
        let pairs = run.as_bytes().chunks(2);
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
    };
    runs.filter_map(plain).collect()
}

/// Letters that base64 must have in a row to be taken for it: two Han characters.
const FEWEST: usize = 8;
/// Lines of a mail that are this long go on in the next one.
const LINE: usize = 60;

/// What stands in a text as base64, each stretch of it: bytes, which may be a file.
pub fn base64(text: &str) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut run = String::new();
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let line = line.trim_end_matches('\r');
        let pieces: Vec<&str> = line.split(|c: char| !is_base64(c)).collect();
        for (at, piece) in pieces.iter().enumerate() {
            run.push_str(piece);
            let goes_on = at + 1 == pieces.len() && piece.len() >= LINE && lines.peek().is_some();
            if !goes_on {
                take(&std::mem::take(&mut run), &mut all);
            }
        }
    }
    take(&run, &mut all);
    all
}

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_')
}

fn take(run: &str, all: &mut Vec<Vec<u8>>) {
    if run.len() < FEWEST {
        return;
    }
    all.extend(decoded(run));
    // A part of a path looks like base64 with what stands beside it.
    for piece in run.split('/').filter(|piece| piece.len() >= FEWEST && piece.len() < run.len()) {
        all.extend(decoded(piece));
    }
}

fn decoded(run: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(run.len() / 4 * 3 + 2);
    let (mut bits, mut held) = (0_u32, 0);
    for letter in run.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' | b'-' => 62,
            _ => 63,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    // One letter alone is no byte.
    (run.len() % 4 != 1).then_some(out)
}

/// Bytes that are a text somebody wrote, as it reads. Random ones seldom are.
pub fn plain(bytes: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let (text, is_broken) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
            (!is_broken).then(|| text.into_owned())?
        }
    };
    let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    (!text.contains(is_odd)).then_some(text + &BORDER.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = readings(text);
        assert!(found.iter().any(|reading| reading == expected), "{text:?}: {found:?}");
    }

    #[test]
    fn what_was_hidden_is_read() {
        check("沈⟨U+200B⟩若岚", "沈\u{200b}若岚");
        check("沈⏎若", "沈 若");
        check("沈¬若␀岚", "沈若岚");
        check("沈\u{0}若\u{1b}岚", "沈若岚");
        check(r"\u6c88\u82e5", "沈若");
        check("q=%E6%b2%88&x", "q=沈&x");
        check("q=%C9%F2%C8%F4", "q=沈若");
        check("%u6C88%u82e5", "沈若");
        check(r"\xe6\xb2\x88", "沈");
        check("=E6=B2=\r\n=88", "沈");
        check("&#27784;&shy;若", "沈\u{ad}若");
        // RFC 3492, section 7.1 (B) and a name of the RFC's own.
        check("www.xn--ihqwcrb4cv8a8dqg056pqjye.example", "www.他们为什么不说中文.example");
        check("XN--Bcher-kva.example", "Bücher.example");
        assert_eq!(readings("100 % = 沈 ⟨x⟩ xn- \\"), readings("100 % = 沈 ⟨x⟩ xn- \\"));
    }

    #[test]
    fn base64_is_read() {
        let check = |text: &str, expected: &str| {
            let all: Vec<String> = base64(text).iter().filter_map(|bytes| plain(bytes)).collect();
            let found = all.iter().any(|reading| reading.contains(expected));
            assert!(found, "{text:?}: {all:?}");
        };
        check("=?UTF-8?B?5rKI6Iul5bKa?=", "沈若岚");
        check("data:text/plain;base64,5rKI6Iul5bKa", "沈若岚");
        check("/a/5rKI6Iul5bKa", "沈若岚");
        let long = "5rKI".repeat(19);
        check(&format!("{long}\r\n6Iul5bKa\r\n"), "沈若岚");
        // What is cut in the middle gives what is whole before it, or nothing.
        assert_eq!(decoded("5rKI6"), None);
        assert_eq!(plain(&[0, 1, 2]), None);
    }
}
