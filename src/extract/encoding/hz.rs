//! Seven bits: Chinese between `~{` and `~}` (HZ, RFC 1843) or shifts (ISO-2022-CN), Korean between
//! shifts (ISO-2022-KR, RFC
//! 1557).

use super::euc_tw;
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
    let mut pairs = Vec::with_capacity(bytes.len());
    each_piece(bytes, |piece| match piece {
        Piece::Plain(bytes) => pairs.extend_from_slice(bytes),
        Piece::Stray => pairs.extend_from_slice(b"~{"),
        Piece::Run(run) | Piece::Open(run) => pairs.extend(run.iter().map(|byte| byte | 0x80)),
    });
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

/// The characters of all runs in ASCII bytes, with their high bits. Where other marks stand among them
/// that begin no run, a few characters may be an accident, and are none.
pub fn runs(bytes: &[u8]) -> Vec<u8> {
    const FEW: usize = 4;
    let (mut found, mut strays) = (Vec::new(), 0);
    each_piece(bytes, |piece| match piece {
        Piece::Plain(_) => {}
        Piece::Run(run) => found.extend(run.iter().map(|byte| byte | 0x80)),
        Piece::Open(_) | Piece::Stray => strays += 1,
    });
    if strays > 0 && found.len() < 2 * FEW {
        found.clear();
    }
    found
}

/// A part of a text in HZ, without its marks.
enum Piece<'b> {
    Plain(&'b [u8]),
    Run(&'b [u8]),
    /// A run whose end was lost: to the end of the line.
    Open(&'b [u8]),
    /// `~{` that begins no run.
    Stray,
}

fn each_piece<'b>(bytes: &'b [u8], mut each: impl FnMut(Piece<'b>)) {
    let mut rest = bytes;
    while let Some(at) = find(rest, b"~{") {
        each(Piece::Plain(&rest[..at]));
        rest = &rest[at + 2..];
        let line = rest.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or(rest);
        match find(line, b"~}") {
            Some(end) if is_run(&line[..end]) => {
                each(Piece::Run(&line[..end]));
                rest = &rest[end + 2..];
            }
            None if is_run(line) => {
                each(Piece::Open(line));
                rest = &rest[line.len()..];
            }
            _ => each(Piece::Stray),
        }
    }
    each(Piece::Plain(rest));
}

/// Pairs of bytes in the rows of GB 2312.
fn is_run(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && bytes.len().is_multiple_of(2)
        && bytes.chunks_exact(2).all(|two| (0x21..0x78).contains(&two[0]))
        && bytes.iter().all(|byte| (0x21..0x7f).contains(byte))
}

fn find(bytes: &[u8], mark: &[u8; 2]) -> Option<usize> {
    bytes.windows(2).position(|two| two == mark)
}

/// What a Chinese text of seven bits designates (ISO-2022-CN, RFC 1922): GB 2312, and the first two
/// planes of CNS 11643.
pub(super) const CHINESE: [&[u8]; 3] = [b"\x1b$)A", b"\x1b$)G", b"\x1b$*H"];

/// Appends the text of ISO-2022-CN; the answer is how many bytes stand for no character.
pub(super) fn chinese(bytes: &[u8], text: &mut String) -> u64 {
    let (mut rest, mut lost) = (bytes, 0);
    let (mut is_gb, mut inside) = (true, false);
    loop {
        let [first, after @ ..] = rest else { return lost };
        let mut pair = None;
        match *rest {
            [0x1b, b'$', b')', set @ (b'A' | b'G' | b'E'), ..] => {
                is_gb = set != b'G';
                rest = &rest[4..];
            }
            [0x1b, b'$', b'*', b'H', ..] => rest = &rest[4..],
            // One character of the second plane.
            [0x1b, b'N' | b'n', row, cell, ..] => {
                lost += euc_tw::decode(&[0x8e, 0xa2, row | 0x80, cell | 0x80], text);
                rest = &rest[4..];
            }
            [0x0e, ..] => (inside, rest) = (true, after),
            [0x0f, ..] => (inside, rest) = (false, after),
            [row @ 0x21..0x7f, cell @ 0x21..0x7f, ..] if inside => pair = Some((row, cell)),
            _ => {
                // Designations end with the line.
                inside &= *first != b'\n';
                lost += u64::from(!first.is_ascii());
                text.push(if first.is_ascii() { char::from(*first) } else { '\u{fffd}' });
                rest = after;
            }
        }
        if let Some((row, cell)) = pair {
            let bytes = [row | 0x80, cell | 0x80];
            match is_gb {
                true => text.push_str(&GBK.decode_without_bom_handling(&bytes).0),
                false => lost += euc_tw::decode(&bytes, text),
            }
            rest = &rest[2..];
        }
    }
}
