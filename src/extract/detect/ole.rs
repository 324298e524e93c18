//! What an OLE compound file is: Word, Excel, PowerPoint, an Outlook message and others share
//! the container.

use crate::extract::office::mended::mended;
use crate::extract::{Input, Stop};
use std::io::{Cursor, Read, Seek};
use std::panic::catch_unwind;

/// Streams and storages that tell, the most telling first.
const MARKS: &[(&str, &str)] = &[
    ("EncryptedPackage", "ooxml-encrypted"),
    ("__properties_version1.0", "msg"),
    ("__nameid_version1.0", "msg"),
    ("PowerPoint Document", "ppt"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("BodyText", "hwp"),
    ("VisioDocument", "vsd"),
    ("Quill", "pub"),
    ("MatOST", "wps"),
    ("SPELLING", "wps"),
    ("   114", "mpp"),
    ("   112", "mpp"),
    ("   19", "mpp"),
    // The tables of an installer: their names are packed, the first letter is not.
    ("\u{4840}\u{3f3f}\u{4577}\u{446c}\u{3e6a}\u{44b2}\u{482f}", "msi"),
    ("\u{4840}\u{3f7f}\u{4164}\u{422f}\u{4836}", "msi"),
];

pub(super) fn kind(input: &mut Input) -> Result<&'static str, Stop> {
    if let Ok(file) = cfb::CompoundFile::open(input.reader()?) {
        // Word that was embedded or saved by old programs keeps its stream one storage down.
        return Ok(of_streams(&file).unwrap_or("ole"));
    }
    let mut bytes = Vec::new();
    input.reader()?.take(MOST_BROKEN).read_to_end(&mut bytes)?;
    let again = catch_unwind(|| mended(&bytes)).ok().flatten();
    let again = again.and_then(|again| cfb::CompoundFile::open(Cursor::new(again)).ok());
    if let Some(id) = again.and_then(|file| of_streams(&file)).or_else(|| broken(&bytes)) {
        return Ok(id);
    }
    Ok(match super::extension(input.name).as_str() {
        "doc" | "dot" => "doc",
        "xls" | "xlt" | "xla" => "xls",
        "ppt" | "pps" | "pot" => "ppt",
        "msg" => "msg",
        _ => "ole",
    })
}

fn of_streams<F: Read + Seek>(file: &cfb::CompoundFile<F>) -> Option<&'static str> {
    let names: Vec<String> =
        file.read_root_storage().take(1000).map(|entry| entry.name().to_owned()).collect();
    let has = |mark: &str| names.iter().any(|name| name.eq_ignore_ascii_case(mark));
    MARKS.iter().find(|(mark, _)| has(mark)).map(|(_, id)| *id)
}

/// Bytes of a broken file that are searched for its directory.
const MOST_BROKEN: u64 = 64 << 20;

/// The directory of a broken file may still be readable.
fn broken(bytes: &[u8]) -> Option<&'static str> {
    MARKS.iter().filter(|(mark, _)| mark.len() > 6).find_map(|(mark, id)| {
        let wide: Vec<u8> = mark.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide).then_some(*id)
    })
}
