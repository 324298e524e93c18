//! Pictures inside drawings of old Office files, sent as children.

use super::children::embedded;
use crate::extract::{Out, Stop};
use std::io::Read;

/// Sends the pictures in a run of drawing records (PowerPoint's `Pictures` stream).
pub fn from_records(bytes: &[u8], out: &mut Out) -> Result<(), Stop> {
    let mut pictures = Vec::new();
    walk(bytes, 0, &mut pictures);
    send(pictures, out)
}

/// Sends the pictures of Word's `Data` stream: blocks with a head of their own.
pub fn from_pictures(bytes: &[u8], out: &mut Out) -> Result<(), Stop> {
    let mut pictures = Vec::new();
    let mut at = 0usize;
    while let Some(head) = bytes.get(at..at.saturating_add(6)) {
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let skip = usize::from(u16::from_le_bytes([head[4], head[5]]));
        let Some(end) = at.checked_add(length).filter(|&end| end > at && end <= bytes.len()) else {
            break;
        };
        if skip >= 6 && skip < length {
            walk(&bytes[at + skip..end], 0, &mut pictures);
        }
        at = end;
    }
    send(pictures, out)
}

fn send(pictures: Vec<(&'static str, Vec<u8>)>, out: &mut Out) -> Result<(), Stop> {
    for (at, (kind, bytes)) in pictures.iter().enumerate() {
        embedded(out, &format!("image{}.{kind}", at + 1), at as u64, bytes)?;
    }
    Ok(())
}

/// Containers nest a few levels.
const DEEPEST: u32 = 8;
/// Unpacked size of one metafile.
const MOST: u64 = 64 << 20;

fn walk(bytes: &[u8], depth: u32, pictures: &mut Vec<(&'static str, Vec<u8>)>) {
    let mut at = 0usize;
    while let Some(head) = bytes.get(at..at.saturating_add(8)) {
        let instance = u16::from_le_bytes([head[0], head[1]]) >> 4;
        let version = head[0] & 0xf;
        let kind = u16::from_le_bytes([head[2], head[3]]);
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let start = at + 8;
        let end = start.saturating_add(length).min(bytes.len());
        let body = &bytes[start..end];
        match kind {
            // A store entry: a head of 36 bytes and a name, then the picture.
            0xf007 => {
                let name = usize::from(body.get(33).copied().unwrap_or(0));
                if depth < DEEPEST
                    && let Some(inside) = body.get(36 + name..)
                {
                    walk(inside, depth + 1, pictures);
                }
            }
            0xf01a..=0xf01c => {
                let second = matches!(instance, 0x3d5 | 0x217 | 0x543);
                let skip = if second { 32 } else { 16 };
                pictures.extend(metafile(kind, body.get(skip..).unwrap_or_default()));
            }
            0xf01d..=0xf01f | 0xf029 | 0xf02a => {
                // Two digests where the lowest bit of the instance is set.
                let skip = if instance & 1 == 1 { 33 } else { 17 };
                let name = match kind {
                    0xf01e => "png",
                    0xf01f => "dib",
                    0xf029 => "tiff",
                    _ => "jpg",
                };
                if let Some(picture) = body.get(skip..).filter(|p| !p.is_empty()) {
                    pictures.push((name, picture.to_vec()));
                }
            }
            _ if version == 0xf && depth < DEEPEST => walk(body, depth + 1, pictures),
            _ => {}
        }
        at = end.max(start);
    }
}

/// A metafile: 34 bytes of measures, then the file, mostly deflated.
fn metafile(kind: u16, bytes: &[u8]) -> Option<(&'static str, Vec<u8>)> {
    let packed = bytes.get(32).copied()? == 0;
    let data = bytes.get(34..)?;
    let mut whole = Vec::new();
    if packed {
        // What unpacks before damage is kept.
        let _ = flate2::read::ZlibDecoder::new(data).take(MOST).read_to_end(&mut whole);
    } else {
        whole = data.to_vec();
    }
    let name = match kind {
        0xf01a => "emf",
        0xf01b => "wmf",
        _ => "pict",
    };
    (!whole.is_empty()).then_some((name, whole))
}
