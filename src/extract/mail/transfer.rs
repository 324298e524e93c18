//! Transfer encodings: base64, quoted-printable, uuencode. Lenient on purpose: what a mail program
//! of the time could still read is read here too.

/// Decodes base64, skipping whatever is not part of it; a padded group may be followed by more.
pub fn base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut bits = 0u32;
    let mut count = 0;
    let mut flush = |bits: &mut u32, count: &mut u32| {
        match count {
            2 => out.push((*bits >> 4) as u8),
            3 => out.extend([(*bits >> 10) as u8, (*bits >> 2) as u8]),
            4 => out.extend([(*bits >> 16) as u8, (*bits >> 8) as u8, *bits as u8]),
            _ => {}
        }
        (*bits, *count) = (0, 0);
    };
    for &byte in text {
        match VALUES[usize::from(byte)] {
            NO_DATA if byte == b'=' => flush(&mut bits, &mut count),
            NO_DATA => {}
            value => {
                bits = bits << 6 | u32::from(value);
                count += 1;
                if count == 4 {
                    flush(&mut bits, &mut count);
                }
            }
        }
    }
    flush(&mut bits, &mut count);
    out
}

/// What is no letter of base64.
const NO_DATA: u8 = 0xff;

/// The six bits that each letter of base64 stands for, of both alphabets.
const VALUES: [u8; 256] = {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut values = [NO_DATA; 256];
    let mut at = 0;
    while at < letters.len() {
        values[letters[at] as usize] = at as u8;
        at += 1;
    }
    values[b'-' as usize] = 62;
    values[b'_' as usize] = 63;
    values
};

/// Where base64 ends and text begins that a mailing list or a scanner of mail wrote behind it: the
/// first line that no encoder can have written, or what stands behind the padding in it, if no line
/// of data follows it.
pub fn base64_end(text: &[u8]) -> usize {
    let in_alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte);
    let (mut at, mut end, mut rule, mut data) = (0, None, None, false);
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let content = line.trim_ascii();
        let pure = content.iter().all(in_alphabet);
        if let Some(padded) = padded(line).filter(|_| end.is_none()) {
            end = Some(at + padded);
        } else if !pure && end.is_none() && data {
            end = Some(rule.unwrap_or(at));
        } else if pure && content.len() >= 40 {
            end = None;
        }
        // `--` and `____` are of the alphabet as well: they belong to what follows them.
        let is_rule = content.iter().all(|byte| matches!(byte, b'-' | b'_' | b'='));
        if !is_rule {
            (rule, data) = (None, data || pure);
        } else if rule.is_none() && !content.is_empty() {
            rule = Some(at);
        }
        at += line.len();
    }
    end.unwrap_or(text.len())
}

/// Where the padding ends that more than blanks stand behind in this line.
fn padded(line: &[u8]) -> Option<usize> {
    let end = line.iter().position(u8::is_ascii_whitespace)?;
    let (data, rest) = line.split_at(end);
    let is_data = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    let begins = data.strip_suffix(b"=")?;
    let begins = begins.strip_suffix(b"=").unwrap_or(begins);
    let is_padded = data.len() % 4 == 0 && !begins.is_empty() && begins.iter().all(is_data);
    (is_padded && !rest.trim_ascii().is_empty()).then_some(end)
}

/// Decodes quoted-printable; escapes that are none stay as they are.
pub fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let end = line.len() - line.iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
        let (body, line_end) = line.split_at(end);
        let soft = body.last() == Some(&b'=');
        unescape(if soft { &body[..end - 1] } else { body }, &mut out);
        if !soft {
            // White space at the end of a line was added on the way, the line end itself was not.
            let kept = line_end.iter().position(|b| matches!(b, b'\r' | b'\n'));
            out.extend_from_slice(&line_end[kept.unwrap_or(line_end.len())..]);
        }
    }
    out
}

/// The escapes of one line.
pub fn unescape(line: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at < line.len() {
        if line[at] == b'='
            && let Some(byte) = line.get(at + 1..at + 3).and_then(hex)
        {
            out.push(byte);
            at += 3;
        } else {
            out.push(line[at]);
            at += 1;
        }
    }
}

/// Two hexadecimal digits.
pub fn hex(digits: &[u8]) -> Option<u8> {
    let [high, low] = digits else { return None };
    let value = |digit: &u8| char::from(*digit).to_digit(16);
    Some((value(high)? * 16 + value(low)?) as u8)
}

/// A file that was written into running text by uuencode.
#[derive(Debug, PartialEq, Eq)]
pub struct Uuencoded {
    pub name: Vec<u8>,
    pub bytes: Vec<u8>,
}

/// Takes uuencoded files out of a text: what is left of it, and the files.
pub fn take_uuencoded(text: &[u8]) -> (Vec<u8>, Vec<Uuencoded>) {
    let mut rest = Vec::new();
    let mut files = Vec::new();
    let mut lines = text.split_inclusive(|&byte| byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let begins = begin_line(line).filter(|_| lines.peek().is_some_and(|next| is_data(next)));
        let Some(name) = begins else {
            rest.extend_from_slice(line);
            continue;
        };
        let mut bytes = Vec::new();
        while let Some(line) = lines.next_if(|line| is_data(line)) {
            uudecode_line(trimmed(line), &mut bytes);
        }
        while lines.next_if(|line| matches!(trimmed(line), b"" | b"`" | b"end")).is_some() {}
        files.push(Uuencoded { name: name.to_vec(), bytes });
    }
    (rest, files)
}

/// Decodes a part that is uuencoded as a whole, with or without its first line.
pub fn uudecode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in text.split(|&byte| byte == b'\n') {
        if is_data(line) && begin_line(line).is_none() {
            uudecode_line(trimmed(line), &mut out);
        }
    }
    out
}

/// `begin 644 name`
fn begin_line(line: &[u8]) -> Option<&[u8]> {
    let rest = trimmed(line).strip_prefix(b"begin ")?;
    let space = rest.iter().position(|&byte| byte == b' ')?;
    let (mode, name) = (&rest[..space], rest[space + 1..].trim_ascii());
    let is_mode = (3..=4).contains(&mode.len()) && mode.iter().all(|b| (b'0'..=b'7').contains(b));
    (is_mode && !name.is_empty()).then_some(name)
}

/// A line of data: its first character gives its length, which has to fit.
fn is_data(line: &[u8]) -> bool {
    let line = trimmed(line);
    let Some((&first, data)) = line.split_first() else { return false };
    let count = usize::from(first.wrapping_sub(b' ') & 0x3f);
    let whole = count.div_ceil(3) * 4;
    (b'!'..=b'`').contains(&first)
        && count > 0
        && data.iter().all(|byte| (b' '..=b'`').contains(byte))
        && (count * 4 / 3..=whole + 2).contains(&data.len().max(count * 4 / 3))
        && data.len() <= whole + 2
        // Trailing spaces, which are zeros, may have been lost.
        && data.len() + 3 >= count * 4 / 3
}

fn uudecode_line(line: &[u8], out: &mut Vec<u8>) {
    let Some((&first, data)) = line.split_first() else { return };
    let count = usize::from(first.wrapping_sub(b' ') & 0x3f);
    let start = out.len();
    for group in data.chunks(4) {
        let value =
            |at: usize| u32::from(group.get(at).map_or(0, |byte| byte.wrapping_sub(b' ') & 0x3f));
        let bits = value(0) << 18 | value(1) << 12 | value(2) << 6 | value(3);
        out.extend([(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
    }
    out.truncate(start + count);
}

fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_forgives() {
        let check = |text: &str, expected: &str| {
            assert_eq!(String::from_utf8_lossy(&base64(text.as_bytes())), expected, "{text:?}");
        };
        check("aGVsbG8=", "hello");
        check("aGVs\r\nbG8", "hello");
        check("aGVsbG8=\naGVsbG8=", "hellohello");
        check("aG!Vs bG*8=", "hello");
        check("a", "");
        check("", "");
    }

    #[test]
    fn text_behind_base64_is_seen() {
        let check = |text: &str, expected: &str| {
            let end = base64_end(text.as_bytes());
            assert_eq!(&text[end..], expected, "{text:?}");
        };
        check("aGVsbG8=\n", "");
        check("aGVs\r\nbG8=\r\n--\r\nlist footer\r\n", "--\r\nlist footer\r\n");
        check("aGVsbG8=\n\n_____\nlist mailing list\nend\n", "_____\nlist mailing list\nend\n");
        check("aGVsbG8h\naGVsbG8= list footer\n", " list footer\n");
        check("aGVsbG8= \n", "");
        // A line that was damaged is followed by data.
        let damaged = format!("aGVsbG8h\naG!Vs bG*8\n{}\n", "aGVs".repeat(18));
        check(&damaged, "");
        check("see what is no base64\n", "");
    }

    #[test]
    fn quoted_printable_forgives() {
        let check = |text: &str, expected: &str| {
            let out = quoted_printable(text.as_bytes());
            assert_eq!(String::from_utf8_lossy(&out), expected, "{text:?}");
        };
        check("caf=C3=A9", "café");
        check("one=\r\n two", "one two");
        check("one=  \ntwo", "onetwo");
        check("a  \r\nb", "a\r\nb");
        check("100=% =ZZ =", "100=% =ZZ ");
        check("a=3Db", "a=b");
    }

    #[test]
    fn uuencoded_files_leave_the_text() {
        let text = b"before\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nafter\r\n";
        let (rest, files) = take_uuencoded(text);
        assert_eq!(rest, b"before\r\nafter\r\n");
        assert_eq!(files, [Uuencoded { name: b"cat.txt".to_vec(), bytes: b"Cat".to_vec() }]);
    }

    #[test]
    fn prose_that_begins_is_no_file() {
        let text = b"begin 644 words of a poem\nand go on with it\n";
        let (rest, files) = take_uuencoded(text);
        assert_eq!((rest.as_slice(), files.len()), (text.as_slice(), 0));
    }

    proptest::proptest! {
        #[test]
        fn uuencode_comes_back(bytes in proptest::collection::vec(0u8.., 0..300)) {
            let mut text = b"begin 644 x\n".to_vec();
            for line in bytes.chunks(45) {
                text.push(b' ' + line.len() as u8);
                for group in line.chunks(3) {
                    let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
                    let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
                    for shift in [18, 12, 6, 0] {
                        let value = (bits >> shift & 0x3f) as u8;
                        text.push(if value == 0 { b'`' } else { b' ' + value });
                    }
                }
                text.push(b'\n');
            }
            text.extend(b"`\nend\n");
            proptest::prop_assert_eq!(uudecode(&text), bytes);
        }
    }
}
