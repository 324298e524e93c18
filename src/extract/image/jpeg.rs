//! Comments, XMP and captions (IPTC) in the segments of a JPEG file.

use super::{metadata_text, xmp};
use crate::extract::{Input, Key, Out, Stop};
use std::io::{BufReader, Read};

/// Segments before the picture itself; no file has that many.
const MOST_SEGMENTS: usize = 10_000;

const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";

pub(super) fn read(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let mut file = BufReader::new(input.reader()?);
    let mut mark = [0; 2];
    if file.read_exact(&mut mark).is_err() {
        return Ok(());
    }
    let mut segment = Vec::new();
    for _ in 0..MOST_SEGMENTS {
        let mut head = [0; 4];
        // Broken or cut off: what came before is told.
        if file.read_exact(&mut head).is_err() || head[0] != 0xff {
            return Ok(());
        }
        // The picture begins.
        if head[1] == 0xda || head[1] == 0xd9 {
            return Ok(());
        }
        let length = u64::from(u16::from_be_bytes([head[2], head[3]])).saturating_sub(2);
        segment.clear();
        (&mut file).take(length).read_to_end(&mut segment)?;
        match head[1] {
            0xfe => out.meta(Key::Other("comment".to_owned()), &metadata_text(&segment))?,
            0xe1 => {
                if let Some(text) = segment.strip_prefix(XMP) {
                    xmp::read(&metadata_text(text), out)?;
                }
            }
            0xed => {
                if let Some(blocks) = segment.strip_prefix(PHOTOSHOP) {
                    captions(blocks, out)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// IPTC: records of section, number, length and text inside a block of Photoshop.
fn captions(blocks: &[u8], out: &mut Out) -> Result<(), Stop> {
    let mut rest = blocks;
    while let Some(at) = rest.iter().position(|byte| *byte == 0x1c) {
        let Some([2, number, high, low]) = rest.get(at + 1..at + 5) else {
            rest = &rest[at + 1..];
            continue;
        };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let Some(text) = rest.get(at + 5..at + 5 + length) else { return Ok(()) };
        let key = match number {
            5 => Some(Key::Title),
            25 => Some(Key::Keywords),
            80 => Some(Key::Author),
            90 => Some(Key::Other("city".to_owned())),
            101 => Some(Key::Other("country".to_owned())),
            105 => Some(Key::Subject),
            116 => Some(Key::Other("copyright".to_owned())),
            120 => Some(Key::Description),
            _ => None,
        };
        if let Some(key) = key {
            out.meta(key, &metadata_text(text))?;
        }
        rest = &rest[at + 5 + length..];
    }
    Ok(())
}
