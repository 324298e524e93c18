//! Properties in the streams of a compound file (MS-OXMSG).

use super::item::{Item, Props, Value};
use crate::extract::Stop;
use crate::extract::office::codepage::utf16;
use cfb::CompoundFile;
use std::io::{Read, Seek};

/// Types of properties.
mod kind {
    pub const SHORT: u16 = 0x0002;
    pub const LONG: u16 = 0x0003;
    pub const BOOLEAN: u16 = 0x000b;
    pub const OBJECT: u16 = 0x000d;
    pub const LONGLONG: u16 = 0x0014;
    pub const ANSI: u16 = 0x001e;
    pub const UNICODE: u16 = 0x001f;
    pub const TIME: u16 = 0x0040;
    pub const BINARY: u16 = 0x0102;
}

pub struct Store<R> {
    pub file: CompoundFile<R>,
    /// Most bytes that are read from one stream.
    limit: u64,
}

impl<R: Read + Seek> Store<R> {
    pub fn open(file: R, limit: u64) -> Result<Self, Stop> {
        let file = CompoundFile::open(file)
            .map_err(|error| Stop::Failed(format!("not a readable compound file: {error}")))?;
        Ok(Store { file, limit })
    }

    /// The item with its recipients.
    pub fn item(&mut self, most: u64) -> Result<Item, Stop> {
        let props = self.props("/", 32)?;
        let mut recipients = Vec::new();
        for folder in self.folders("__recip_version1.0_", most) {
            recipients.push(self.props(&folder, 8)?);
        }
        let mut item = Item { props, recipients };
        item.settle_charset();
        Ok(item)
    }

    /// Folders of the attachments, in their order.
    pub fn attachments(&self, most: u64) -> Vec<String> {
        self.folders("__attach_version1.0_", most)
    }

    fn folders(&self, prefix: &str, most: u64) -> Vec<String> {
        let mut names: Vec<String> = self
            .file
            .read_root_storage()
            .filter(|entry| entry.is_storage() && entry.name().starts_with(prefix))
            .map(|entry| format!("/{}", entry.name()))
            .take(usize::try_from(most).unwrap_or(usize::MAX))
            .collect();
        names.sort();
        names
    }

    pub fn has_storage(&self, path: &str) -> bool {
        self.file.is_storage(path)
    }

    pub fn has_properties(&self, path: &str) -> bool {
        self.file.is_stream(format!("{path}/__properties_version1.0"))
    }

    /// The properties of one object; `header` is the length of what stands in front of them.
    pub fn props(&mut self, folder: &str, header: usize) -> Result<Props, Stop> {
        let mut props = Props::default();
        let folder = folder.trim_end_matches('/');
        let fixed = self.stream(&format!("{folder}/__properties_version1.0")).unwrap_or_default();
        for entry in fixed.get(header..).unwrap_or_default().chunks_exact(16) {
            let tag = |at: usize| u16::from_le_bytes([entry[at], entry[at + 1]]);
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&entry[8..16]);
            if let Some(value) = fixed_value(tag(0), bytes) {
                props.put(tag(2), value);
            }
        }
        let root = if folder.is_empty() { "/" } else { folder };
        let streams: Vec<String> = match self.file.read_storage(root) {
            Ok(entries) => {
                entries.filter(cfb::Entry::is_stream).map(|entry| entry.name().to_owned()).collect()
            }
            Err(error) => return Err(Stop::Failed(error.to_string())),
        };
        for name in streams {
            let Some((id, kind)) = substance(&name) else { continue };
            if !matches!(kind, kind::ANSI | kind::UNICODE | kind::BINARY | kind::OBJECT) {
                continue;
            }
            let Some(bytes) = self.stream(&format!("{folder}/{name}")) else { continue };
            props.put(
                id,
                match kind {
                    kind::ANSI => Value::Ansi(bytes),
                    kind::UNICODE => Value::Unicode(utf16(&bytes)),
                    _ => Value::Binary(bytes),
                },
            );
        }
        Ok(props)
    }

    /// All bytes of a stream.
    pub fn read(&mut self, path: &str) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.open_stream(path)?.take(self.limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn stream(&mut self, path: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let stream = self.file.open_stream(path).ok()?;
        // What could be read of a broken stream is better than nothing.
        let _ = stream.take(self.limit).read_to_end(&mut bytes);
        Some(bytes)
    }
}

/// `__substg1.0_0037001F` as identifier and type; multiple values have more behind it.
fn substance(name: &str) -> Option<(u16, u16)> {
    let digits = name.strip_prefix("__substg1.0_")?;
    let tag = (digits.len() == 8).then(|| u32::from_str_radix(digits, 16).ok())??;
    Some(((tag >> 16) as u16, (tag & 0xffff) as u16))
}

fn fixed_value(kind: u16, bytes: [u8; 8]) -> Option<Value> {
    let low = i32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    Some(match kind {
        kind::SHORT => Value::Number(i64::from(i16::from_le_bytes([bytes[0], bytes[1]]))),
        kind::LONG => Value::Number(i64::from(low)),
        kind::BOOLEAN => Value::Number(i64::from(bytes[0])),
        kind::LONGLONG => Value::Number(i64::from_le_bytes(bytes)),
        kind::TIME => Value::Time(u64::from_le_bytes(bytes)),
        _ => return None,
    })
}
