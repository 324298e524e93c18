//! The envelope of S/MIME (RFC 5652), as far as needed to read what was only signed.

/// What an S/MIME part is.
#[derive(Debug, PartialEq, Eq)]
pub enum Cms {
    /// Signed and readable: the message inside.
    Signed(Vec<u8>),
    Encrypted,
    Other,
}

const SIGNED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
const ENVELOPED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
const AUTH_ENVELOPED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17";

const OCTETS: u8 = 0x04;
const IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const CONTENT: u8 = 0xa0;
const CONSTRUCTED: u8 = 0x20;
/// Levels of nested values that are followed.
const DEEPEST: u32 = 16;

/// Looks into an S/MIME part.
pub fn open(bytes: &[u8]) -> Cms {
    let mut outer = Values(bytes);
    let Some(info) = outer.expect(SEQUENCE) else { return Cms::Other };
    let mut info = Values(info);
    match info.expect(IDENTIFIER) {
        Some(ENVELOPED_DATA | AUTH_ENVELOPED_DATA) => Cms::Encrypted,
        Some(SIGNED_DATA) => signed(info).map_or(Cms::Other, Cms::Signed),
        _ => Cms::Other,
    }
}

fn signed(mut info: Values) -> Option<Vec<u8>> {
    let mut content = Values(info.expect(CONTENT)?);
    let mut data = Values(content.expect(SEQUENCE)?);
    data.next()?;
    data.expect(SET)?;
    let mut encapsulated = Values(data.expect(SEQUENCE)?);
    encapsulated.expect(IDENTIFIER)?;
    let mut explicit = Values(encapsulated.expect(CONTENT)?);
    let (tag, value) = explicit.next()?;
    let mut out = Vec::new();
    octets(tag, value, DEEPEST, &mut out)?;
    Some(out)
}

/// A string of bytes, which may be cut into pieces.
fn octets(tag: u8, value: &[u8], depth: u32, out: &mut Vec<u8>) -> Option<()> {
    if tag == OCTETS {
        out.extend_from_slice(value);
    } else if tag == OCTETS | CONSTRUCTED && depth > 0 {
        let mut pieces = Values(value);
        while let Some((tag, value)) = pieces.next() {
            octets(tag, value, depth - 1, out)?;
        }
    } else {
        return None;
    }
    Some(())
}

/// Values that follow each other.
struct Values<'a>(&'a [u8]);

impl<'a> Values<'a> {
    fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, value)| value)
    }

    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (tag, value, rest) = value(self.0, DEEPEST)?;
        self.0 = rest;
        Some((tag, value))
    }
}

/// The first value: its tag, its bytes, and what follows it.
fn value(bytes: &[u8], depth: u32) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    if tag == 0 && first == 0 {
        // The end of a value without a length.
        return None;
    }
    if first == 0x80 {
        let mut inside = rest;
        while !inside.starts_with(&[0, 0]) {
            if depth == 0 || inside.is_empty() {
                return None;
            }
            inside = value(inside, depth - 1)?.2;
        }
        let length = rest.len() - inside.len();
        return Some((tag, &rest[..length], &inside[2..]));
    }
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        let length = digits.iter().try_fold(0usize, |length, digit| {
            length.checked_mul(256)?.checked_add(usize::from(*digit))
        })?;
        (length, rest)
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((tag, value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tagged(tag: u8, value: &[u8]) -> Vec<u8> {
        [&[tag, value.len() as u8], value].concat()
    }

    fn endless(tag: u8, value: &[u8]) -> Vec<u8> {
        [&[tag, 0x80], value, &[0, 0]].concat()
    }

    fn envelope(kind: &[u8], content: &[u8], wrap: fn(u8, &[u8]) -> Vec<u8>) -> Vec<u8> {
        let data_kind = tagged(IDENTIFIER, b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01");
        let inner = wrap(SEQUENCE, &[data_kind, wrap(CONTENT, content)].concat());
        let data = wrap(SEQUENCE, &[tagged(2, &[1]), tagged(SET, &[]), inner].concat());
        wrap(SEQUENCE, &[tagged(IDENTIFIER, kind), wrap(CONTENT, &data)].concat())
    }

    #[test]
    fn signed_messages_are_opened() {
        let plain = envelope(SIGNED_DATA, &tagged(OCTETS, b"text"), tagged);
        assert_eq!(open(&plain), Cms::Signed(b"text".to_vec()));
        let pieces = [tagged(OCTETS, b"te"), tagged(OCTETS, b"xt")].concat();
        let pieces = envelope(SIGNED_DATA, &endless(OCTETS | CONSTRUCTED, &pieces), endless);
        assert_eq!(open(&pieces), Cms::Signed(b"text".to_vec()));
        let secret = envelope(ENVELOPED_DATA, &tagged(OCTETS, b"text"), tagged);
        assert_eq!(open(&secret), Cms::Encrypted);
        assert_eq!(open(b"no envelope"), Cms::Other);
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(0u8.., 0..100)) {
            open(&bytes);
            open(&[&[SEQUENCE, 0x80], bytes.as_slice()].concat());
        }
    }
}
