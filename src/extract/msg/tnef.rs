//! `winmail.dat` (MS-OXTNEF): what Outlook sends to itself, with the attachments in it.

use super::item::{Item, Props, Value, id};
use super::write;
use crate::extract::office::codepage::utf16;
use crate::extract::{Input, Out, Stop};
use crate::model::State;

const SIGNATURE: u32 = 0x223e_9f78;

/// Attributes that are read.
mod attribute {
    pub const BODY: u32 = 0x0002_800c;
    pub const SUBJECT: u32 = 0x0001_8004;
    pub const MESSAGE_CLASS: u32 = 0x0007_8008;
    pub const OEM_CODE_PAGE: u32 = 0x0006_9007;
    pub const MESSAGE_PROPS: u32 = 0x0006_9003;
    pub const RECIPIENTS: u32 = 0x0006_9004;
    pub const ATTACH_BEGIN: u32 = 0x0006_9002;
    pub const ATTACH_TITLE: u32 = 0x0001_8010;
    pub const ATTACH_DATA: u32 = 0x0006_800f;
    pub const ATTACH_PROPS: u32 = 0x0006_9005;
}

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let bytes = input.bytes()?;
    let most = usize::try_from(input.limits.children).unwrap_or(usize::MAX);
    let Some(tnef) = parse(&bytes, most) else {
        return Err(Stop::failed("not a readable winmail.dat"));
    };
    write::write(&tnef.item, out)?;
    for (ordinal, props) in (0..).zip(&tnef.attachments) {
        let data = props.bytes(id::ATTACH_DATA);
        // An object begins with the identifier of its interface; a message is one like this.
        let inner = data.and_then(|data| data.get(16..)).filter(|data| is_tnef(data));
        let child = super::child(props, ordinal, if inner.is_some() { "tnef" } else { "bin" });
        match inner.or(data) {
            Some(mut data) => out.child(child, &mut data)?,
            None => {
                out.unreadable_child(child, State::Failed, "the attachment has no data")?;
            }
        }
    }
    if tnef.is_cut {
        return Err(Stop::failed("the file breaks off; what came before was read"));
    }
    Ok(())
}

fn is_tnef(data: &[u8]) -> bool {
    data.starts_with(&SIGNATURE.to_le_bytes())
}

#[derive(Default)]
struct Tnef {
    item: Item,
    attachments: Vec<Props>,
    is_cut: bool,
}

fn parse(bytes: &[u8], most: usize) -> Option<Tnef> {
    let mut bytes = Bytes(bytes);
    if bytes.u32()? != SIGNATURE {
        return None;
    }
    bytes.take(2)?;
    let mut tnef = Tnef::default();
    let mut page = None;
    while !bytes.0.is_empty() {
        let Some((name, data)) = one(&mut bytes) else {
            tnef.is_cut = true;
            break;
        };
        let text = || Value::Ansi(data.to_vec());
        match name {
            attribute::SUBJECT => tnef.item.props.put(id::SUBJECT, text()),
            attribute::BODY => tnef.item.props.put(id::BODY, text()),
            attribute::MESSAGE_CLASS => tnef.item.props.put(id::MESSAGE_CLASS, text()),
            attribute::OEM_CODE_PAGE => page = Bytes(data).u32(),
            attribute::MESSAGE_PROPS => {
                props(&mut Bytes(data), &mut tnef.item.props);
            }
            attribute::RECIPIENTS => {
                let mut rows = Bytes(data);
                for _ in 0..rows.u32().unwrap_or(0) {
                    let mut row = Props::default();
                    let whole = props(&mut rows, &mut row).is_some();
                    tnef.item.recipients.push(row);
                    if !whole || tnef.item.recipients.len() >= most {
                        break;
                    }
                }
            }
            attribute::ATTACH_BEGIN if tnef.attachments.len() < most => {
                tnef.attachments.push(Props::default());
            }
            attribute::ATTACH_TITLE | attribute::ATTACH_DATA | attribute::ATTACH_PROPS => {
                let Some(attachment) = tnef.attachments.last_mut() else { continue };
                match name {
                    attribute::ATTACH_TITLE => attachment.put(id::ATTACH_SHORT_NAME, text()),
                    attribute::ATTACH_DATA => {
                        attachment.put(id::ATTACH_DATA, Value::Binary(data.to_vec()));
                    }
                    _ => {
                        props(&mut Bytes(data), attachment);
                    }
                }
            }
            _ => {}
        }
    }
    if let Some(page) = page {
        tnef.item.props.put(id::MESSAGE_PAGE, Value::Number(i64::from(page)));
    }
    tnef.item.settle_charset();
    for attachment in &mut tnef.attachments {
        attachment.charset = tnef.item.props.charset.clone();
    }
    Some(tnef)
}

/// One attribute: its name and its data.
fn one<'a>(bytes: &mut Bytes<'a>) -> Option<(u32, &'a [u8])> {
    bytes.take(1)?;
    let name = bytes.u32()?;
    let length = bytes.u32()? as usize;
    let data = bytes.take(length)?;
    // A checksum, which some programs leave out at the very end.
    let _ = bytes.take(2);
    Some((name, data))
}

/// Reads a list of properties; `None` when it breaks off.
fn props(bytes: &mut Bytes, props: &mut Props) -> Option<()> {
    for _ in 0..bytes.u32()? {
        let kind = bytes.u16()?;
        let id = bytes.u16()?;
        if id >= 0x8000 {
            bytes.take(16)?;
            if bytes.u32()? == 0 {
                bytes.take(4)?;
            } else {
                bytes.padded()?;
            }
        }
        let is_list = kind & 0x1000 != 0;
        let size = match kind & 0x0fff {
            0x0002 | 0x0003 | 0x0004 | 0x000a | 0x000b => 4,
            0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => 8,
            0x0048 => 16,
            0x000d | 0x001e | 0x001f | 0x0102 => 0,
            _ => return None,
        };
        let count = if is_list || size == 0 { bytes.u32()? } else { 1 };
        for at in 0..count {
            let data = if size == 0 { bytes.padded()? } else { bytes.take(size)? };
            // Named properties have no number of their own.
            if at == 0
                && id < 0x8000
                && let Some(value) = value(kind & 0x0fff, data)
            {
                props.put(id, value);
            }
        }
    }
    Some(())
}

fn value(kind: u16, data: &[u8]) -> Option<Value> {
    let four = || Some(i32::from_le_bytes(data.get(..4)?.try_into().ok()?));
    let eight = || Some(u64::from_le_bytes(data.get(..8)?.try_into().ok()?));
    Some(match kind {
        0x0002 | 0x000b => Value::Number(i64::from(four()? as i16)),
        0x0003 => Value::Number(i64::from(four()?)),
        0x0014 => Value::Number(eight()? as i64),
        0x0040 => Value::Time(eight()?),
        0x001e => Value::Ansi(data.to_vec()),
        0x001f => Value::Unicode(utf16(data)),
        0x000d | 0x0102 => Value::Binary(data.to_vec()),
        _ => return None,
    })
}

/// Bytes that are left; nothing is taken that is not there.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A length, that many bytes, and what fills them up to a multiple of four.
    fn padded(&mut self) -> Option<&'a [u8]> {
        let length = self.u32()? as usize;
        let data = self.take(length)?;
        let _ = self.take((4 - length % 4) % 4);
        Some(data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(out: &mut Vec<u8>, level: u8, name: u32, data: &[u8]) {
        out.push(level);
        out.extend(name.to_le_bytes());
        out.extend((data.len() as u32).to_le_bytes());
        out.extend(data);
        let sum = data.iter().fold(0u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
        out.extend(sum.to_le_bytes());
    }

    fn sample() -> Vec<u8> {
        let mut out = SIGNATURE.to_le_bytes().to_vec();
        out.extend([1, 0]);
        attribute(&mut out, 1, attribute::OEM_CODE_PAGE, &936u64.to_le_bytes());
        let body: Vec<u8> = "合同".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut list = 1u32.to_le_bytes().to_vec();
        list.extend([0x1f, 0, 0, 0x10]);
        list.extend([1u32, body.len() as u32].iter().flat_map(|n| n.to_le_bytes()));
        list.extend(body);
        attribute(&mut out, 1, attribute::MESSAGE_PROPS, &list);
        attribute(&mut out, 1, attribute::SUBJECT, &encoding_rs::GBK.encode("主题\0").0);
        attribute(&mut out, 2, attribute::ATTACH_BEGIN, &[0; 14]);
        attribute(&mut out, 2, attribute::ATTACH_TITLE, b"a.txt\0");
        attribute(&mut out, 2, attribute::ATTACH_DATA, b"inside");
        out
    }

    #[test]
    fn item_and_attachments_are_read() {
        let tnef = parse(&sample(), 10).expect("the signature is there");
        assert_eq!(tnef.item.props.text(id::SUBJECT).as_deref(), Some("主题"));
        assert_eq!(tnef.item.props.text(id::BODY).as_deref(), Some("合同"));
        let attachment = &tnef.attachments[0];
        assert_eq!(attachment.text(id::ATTACH_SHORT_NAME).as_deref(), Some("a.txt"));
        assert_eq!(attachment.bytes(id::ATTACH_DATA), Some(&b"inside"[..]));
        assert!(!tnef.is_cut);
    }

    #[test]
    fn a_cut_file_keeps_what_came_before() {
        let sample = sample();
        let tnef = parse(&sample[..sample.len() - 5], 10).expect("the signature is there");
        assert!(tnef.is_cut && tnef.item.props.text(id::BODY).is_some());
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(at in 0usize..200, byte in 0u8..) {
            let mut bytes = sample();
            let at = at % bytes.len();
            bytes[at] = byte;
            parse(&bytes, 10);
        }
    }
}
