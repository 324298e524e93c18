//! Source of macros: what a document does when it is opened is a question investigators ask.

use super::codepage;
use super::ole::Ole;
use super::story::write_lines;
use crate::extract::{Out, Stop};
use crate::model::PartKind;

/// Writes the modules of a project that is an OLE file of its own (`vbaProject.bin`).
pub fn write_project(bytes: Vec<u8>, out: &mut Out) -> Result<(), Stop> {
    match Ole::open(bytes) {
        Ok(mut ole) => write(&mut ole, "", out),
        Err(_) => out.warn("the macros are damaged and were not read"),
    }
}

/// Writes the modules below a storage of an open file (`/Macros`, `/_VBA_PROJECT_CUR`).
pub fn write(ole: &mut Ole, storage: &str, out: &mut Out) -> Result<(), Stop> {
    let Some(packed) = ole.stream(&format!("{storage}/VBA/dir")) else { return Ok(()) };
    let Some(directory) = decompress(&packed) else {
        return out.warn("the list of macros is damaged");
    };
    let (page, modules) = read_directory(&directory);
    for module in modules {
        let Some(stream) = ole.stream(&format!("{storage}/VBA/{}", module.stream)) else {
            continue;
        };
        let source = stream.get(module.offset..).and_then(decompress).unwrap_or_default();
        let text = codepage::decode(&source, page);
        // Every module begins with attributes that no person wrote.
        let lines: Vec<String> = text
            .lines()
            .filter(|line| !line.starts_with("Attribute VB_"))
            .map(str::to_owned)
            .collect();
        if lines.iter().any(|line| !line.trim().is_empty()) {
            write_lines(out, PartKind::TextBox, &format!("macro {}", module.name), &lines)?;
        }
    }
    Ok(())
}

#[derive(Default)]
struct Module {
    name: String,
    stream: String,
    offset: usize,
}

/// Code page and modules of the directory.
fn read_directory(bytes: &[u8]) -> (u32, Vec<Module>) {
    let mut page = 1252;
    let mut modules: Vec<Module> = Vec::new();
    let mut at = 0usize;
    while let (Some(id), Some(size)) = (short(bytes, at), int(bytes, at + 2)) {
        let mut size = size as usize;
        // The version record says 4 and is 6 bytes long.
        if id == 0x09 {
            size = 6;
        }
        let Some(data) = (at + 6).checked_add(size).and_then(|end| bytes.get(at + 6..end)) else {
            break;
        };
        match id {
            0x03 => page = u32::from(short(data, 0).unwrap_or(1252)),
            0x19 => {
                modules.push(Module { name: codepage::decode(data, page), ..Module::default() });
            }
            0x1a => {
                if let Some(module) = modules.last_mut() {
                    module.stream = codepage::decode(data, page);
                }
            }
            0x32 => {
                if let Some(module) = modules.last_mut().filter(|_| !data.is_empty()) {
                    module.stream = codepage::utf16(data);
                }
            }
            0x31 => {
                if let Some(module) = modules.last_mut() {
                    module.offset = int(data, 0).unwrap_or(0) as usize;
                }
            }
            _ => {}
        }
        at += 6 + size;
    }
    (page, modules)
}

/// Unpacked size of one module.
const MOST: usize = 16 << 20;

/// Unpacks a compressed container: chunks of up to 4,096 bytes of literals and copies.
fn decompress(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.first() != Some(&1) {
        return None;
    }
    let mut out = Vec::new();
    let mut at = 1;
    while let Some(head) = short(bytes, at) {
        let size = usize::from(head & 0xfff) + 3;
        let end = (at + size).min(bytes.len());
        let chunk = bytes.get(at + 2..end).unwrap_or_default();
        if head & 0x8000 == 0 {
            out.extend_from_slice(chunk);
        } else {
            unpack(chunk, &mut out);
        }
        at = end;
        if out.len() > MOST || chunk.is_empty() {
            break;
        }
    }
    Some(out)
}

fn unpack(chunk: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    let mut at = 0;
    while let Some(&flags) = chunk.get(at) {
        at += 1;
        for bit in 0..8 {
            if flags >> bit & 1 == 0 {
                let Some(&literal) = chunk.get(at) else { return };
                out.push(literal);
                at += 1;
                continue;
            }
            let Some(token) = short(chunk, at) else { return };
            at += 2;
            let done = out.len() - start;
            // Offsets take as many bits as the chunk so far needs, lengths the rest.
            let bits = (usize::BITS - done.saturating_sub(1).leading_zeros()).clamp(4, 12);
            let length = usize::from(token & (0xffff >> bits)) + 3;
            let back = usize::from(token >> (16 - bits)) + 1;
            for _ in 0..length {
                let Some(&byte) =
                    out.len().checked_sub(back).filter(|&f| f >= start).and_then(|f| out.get(f))
                else {
                    return;
                };
                out.push(byte);
            }
        }
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn int(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn copies_repeat_what_came_before() {
        // The example of the format's specification: eleven times "aaa...".
        let packed = [0x01, 0x03, 0xb0, 0x02, 0x61, 0x45, 0x00];
        assert_eq!(decompress(&packed).unwrap(), b"a".repeat(73));
        let literal = [0x01, 0x05, 0xb0, 0x00, b'V', b'B', b'A', b'!', b'?'];
        assert_eq!(decompress(&literal).unwrap(), b"VBA!?");
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(mut bytes in proptest::collection::vec(any::<u8>(), 1..400)) {
            bytes[0] = 1;
            decompress(&bytes);
            read_directory(&bytes);
        }
    }
}
