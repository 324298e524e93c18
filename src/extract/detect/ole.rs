//! What an OLE compound file is: Word, Excel, PowerPoint, an Outlook message and others share
//! the container.

use crate::extract::{Input, Stop};

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
    let reader = input.reader()?;
    if let Ok(file) = cfb::CompoundFile::open(reader) {
        let names: Vec<String> =
            file.read_root_storage().take(1000).map(|entry| entry.name().to_owned()).collect();
        let found =
            MARKS.iter().find(|(mark, _)| names.iter().any(|name| name.eq_ignore_ascii_case(mark)));
        if let Some((_, id)) = found {
            return Ok(id);
        }
        // Word that was embedded or saved by old programs keeps its stream one storage down.
        return Ok("ole");
    }
    Ok(broken(input.head()).unwrap_or("ole"))
}

/// The directory of a broken file may still be readable.
fn broken(head: &[u8]) -> Option<&'static str> {
    MARKS.iter().filter(|(mark, _)| mark.len() > 6).find_map(|(mark, id)| {
        let wide: Vec<u8> = mark.encode_utf16().flat_map(u16::to_le_bytes).collect();
        head.windows(wide.len()).any(|window| window == wide).then_some(*id)
    })
}
