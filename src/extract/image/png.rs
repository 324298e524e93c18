//! Text chunks of PNG: programs write titles, authors, comments and times there.

use super::{metadata_text, xmp};
use crate::extract::{Input, Key, Out, Stop};
use flate2::read::ZlibDecoder;
use std::io::{Read, Seek, SeekFrom};

/// Chunks of text are read up to this size, before and after unpacking.
const LONGEST: u64 = 1 << 20;

/// Chunks looked at: one picture has thousands of data chunks.
const MOST_CHUNKS: usize = 100_000;

pub(super) fn read(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let file = input.reader()?;
    file.seek(SeekFrom::Start(8))?;
    for _ in 0..MOST_CHUNKS {
        let mut head = [0; 8];
        if file.read_exact(&mut head).is_err() {
            // Cut off: what came before is told.
            return Ok(());
        }
        let [a, b, c, d, kind @ ..] = head;
        let length = u64::from(u32::from_be_bytes([a, b, c, d]));
        let next = file.stream_position()? + length + 4;
        if matches!(&kind, b"tEXt" | b"zTXt" | b"iTXt") && length <= LONGEST {
            let mut chunk = Vec::new();
            (&mut *file).take(length).read_to_end(&mut chunk)?;
            if let Some((keyword, text)) = text(kind, &chunk) {
                write(&keyword, &text, out)?;
            }
        }
        if &kind == b"IEND" {
            return Ok(());
        }
        file.seek(SeekFrom::Start(next))?;
    }
    Ok(())
}

/// Keyword and text of a chunk.
fn text(kind: [u8; 4], chunk: &[u8]) -> Option<(String, String)> {
    let (keyword, rest) = cut(chunk)?;
    let text = match &kind {
        b"tEXt" => metadata_text(rest),
        b"zTXt" => metadata_text(&unpack(rest.get(1..)?)),
        _ => {
            let (flags, rest) = rest.split_at_checked(2)?;
            let (_language, rest) = cut(rest)?;
            let (_translated, rest) = cut(rest)?;
            if flags[0] == 1 { metadata_text(&unpack(rest)) } else { metadata_text(rest) }
        }
    };
    Some((metadata_text(keyword), text))
}

fn cut(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

fn unpack(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    // What could be unpacked before an error is kept.
    let _ = ZlibDecoder::new(bytes).take(LONGEST).read_to_end(&mut text);
    text
}

fn write(keyword: &str, text: &str, out: &mut Out) -> Result<(), Stop> {
    let key = match keyword {
        "Title" => Key::Title,
        "Author" => Key::Author,
        "Description" => Key::Description,
        "Software" => Key::Application,
        "Creation Time" | "date:create" => Key::Created,
        "date:modify" => Key::Modified,
        "Source" => Key::Camera,
        "XML:com.adobe.xmp" => return xmp::read(text, out),
        other => Key::Other(other.to_lowercase()),
    };
    out.meta(key, text)
}
