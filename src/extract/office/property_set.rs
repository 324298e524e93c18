//! Property sets of OLE files: title, author, dates, and properties that users define.

use super::codepage;
use crate::extract::Key;
use std::collections::HashMap;

/// Properties of one set stream. `document`: the second stream, with company and custom ones.
pub fn read(bytes: &[u8], document: bool) -> Vec<(Key, String)> {
    let mut all = Vec::new();
    let Some(count) = int(bytes, 24) else { return all };
    for at in 0..count.min(2) as usize {
        let Some(offset) = int(bytes, 28 + 20 * at + 16) else { break };
        let Some(section) = bytes.get(offset as usize..) else { continue };
        section_properties(section, document, document && at == 1, &mut all);
    }
    all
}

/// Properties in one section; more is nonsense.
const MOST: u32 = 4096;

fn section_properties(section: &[u8], document: bool, custom: bool, all: &mut Vec<(Key, String)>) {
    let Some(count) = int(section, 4) else { return };
    let entries: Vec<(u32, &[u8])> = (0..count.min(MOST) as usize)
        .map_while(|at| Some((int(section, 8 + 8 * at)?, int(section, 12 + 8 * at)?)))
        .filter_map(|(id, offset)| Some((id, section.get(offset as usize..)?)))
        .collect();
    let page = entries
        .iter()
        .find(|(id, _)| *id == 1)
        .and_then(|(_, value)| int(value, 4))
        .map_or(1252, |page| page & 0xffff);
    let names = if custom { dictionary(&entries, page) } else { HashMap::new() };
    for (id, value) in &entries {
        let key = if custom {
            names.get(id).filter(|_| *id > 1).map(|name| Key::Other(name.clone()))
        } else {
            key(*id, document)
        };
        if let Some(key) = key
            && let Some(text) = show(value, page, *id == 10 && !document)
        {
            all.push((key, text));
        }
    }
}

fn key(id: u32, document: bool) -> Option<Key> {
    Some(match (id, document) {
        (2, false) => Key::Title,
        (3, false) => Key::Subject,
        (4, false) => Key::Author,
        (5, false) => Key::Keywords,
        (6, false) => Key::Description,
        (7, false) => Key::Other("template".to_owned()),
        (8, false) => Key::LastModifiedBy,
        (9, false) => Key::Other("revision".to_owned()),
        (10, false) => Key::Other("editing_minutes".to_owned()),
        (11, false) => Key::Printed,
        (12, false) => Key::Created,
        (13, false) => Key::Modified,
        (14, false) => Key::Pages,
        (18, false) => Key::Application,
        (2, true) => Key::Other("category".to_owned()),
        (14, true) => Key::Manager,
        (15, true) => Key::Company,
        (26, true) => Key::Other("status".to_owned()),
        _ => return None,
    })
}

fn dictionary(entries: &[(u32, &[u8])], page: u32) -> HashMap<u32, String> {
    let mut names = HashMap::new();
    let Some((_, bytes)) = entries.iter().find(|(id, _)| *id == 0) else { return names };
    let Some(count) = int(bytes, 0) else { return names };
    let mut at = 4;
    for _ in 0..count.min(MOST) {
        let (Some(id), Some(length)) = (int(bytes, at), int(bytes, at + 4)) else { break };
        at += 8;
        let size = length as usize * if page == 1200 { 2 } else { 1 };
        let Some(raw) = at.checked_add(size).and_then(|end| bytes.get(at..end)) else { break };
        names.insert(id, text(raw, page));
        at += if page == 1200 { size.next_multiple_of(4) } else { size };
    }
    names
}

fn show(value: &[u8], page: u32, duration: bool) -> Option<String> {
    let number = int(value, 4)?;
    let shown = match int(value, 0)? & 0xffff {
        2 => (number as u16 as i16).to_string(),
        3 | 22 => (number as i32).to_string(),
        19 | 23 => number.to_string(),
        5 => {
            let raw: [u8; 8] = value.get(4..12)?.try_into().ok()?;
            f64::from_le_bytes(raw).to_string()
        }
        11 => if number & 0xffff != 0 { "true" } else { "false" }.to_owned(),
        30 => text(value.get(8..8usize.checked_add(number as usize)?)?, page),
        31 => text(value.get(8..8usize.checked_add(number as usize * 2)?)?, 1200),
        64 => {
            let ticks = u64::from(number) | u64::from(int(value, 8)?) << 32;
            if duration { (ticks / 600_000_000).to_string() } else { filetime(ticks)? }
        }
        _ => return None,
    };
    Some(shown)
}

fn text(raw: &[u8], page: u32) -> String {
    let text = if page == 1200 { codepage::utf16(raw) } else { codepage::decode(raw, page) };
    text.split('\0').next().unwrap_or_default().to_owned()
}

/// 100 ns since 1601 as RFC 3339; `None` for "never".
pub fn filetime(ticks: u64) -> Option<String> {
    const UNIX: u64 = 116_444_736_000_000_000;
    let since = ticks.checked_sub(UNIX)?;
    let seconds = i64::try_from(since / 10_000_000).ok()?;
    let stamp = jiff::Timestamp::from_second(seconds).ok()?;
    Some(stamp.to_string())
}

fn int(bytes: &[u8], at: usize) -> Option<u32> {
    let end = at.checked_add(4)?;
    Some(u32::from_le_bytes(bytes.get(at..end)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_utc() {
        assert_eq!(
            filetime(116_444_736_000_000_000 + 10_000_000).as_deref(),
            Some("1970-01-01T00:00:01Z")
        );
        assert_eq!(filetime(0), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            read(&bytes, true);
            read(&bytes, false);
        }
    }
}
