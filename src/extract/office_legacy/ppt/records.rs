//! Records of PowerPoint files: kind, instance, length, bytes; containers hold more of them.

/// One record; a cut one comes as far as it goes.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    pub kind: u16,
    pub instance: u16,
    pub is_container: bool,
    pub body: &'a [u8],
    next: usize,
}

/// The record at an offset.
pub fn record(bytes: &[u8], at: usize) -> Option<Record<'_>> {
    let head = bytes.get(at..at.checked_add(8)?)?;
    let mixed = u16::from_le_bytes([head[0], head[1]]);
    let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
    let end = (at + 8).saturating_add(length).min(bytes.len());
    Some(Record {
        kind: u16::from_le_bytes([head[2], head[3]]),
        instance: mixed >> 4,
        is_container: mixed & 0xf == 0xf,
        body: &bytes[at + 8..end],
        next: end,
    })
}

/// The records that stand one after the other.
pub fn records(bytes: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = record(bytes, at)?;
        at = found.next;
        Some(found)
    })
}

/// Calls `visit` for every record at any depth up to `deepest`; it says whether to go inside.
pub fn walk<'a>(bytes: &'a [u8], deepest: u32, visit: &mut dyn FnMut(&Record<'a>) -> bool) {
    for found in records(bytes) {
        if visit(&found) && found.is_container && deepest > 0 {
            walk(found.body, deepest - 1, visit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn records_nest() {
        let inner = [0, 0, 0xa0, 0x0f, 2, 0, 0, 0, b'a', 0];
        let mut outer = vec![0x0f, 0, 0xe8, 3, 10, 0, 0, 0];
        outer.extend(inner);
        let mut kinds = Vec::new();
        walk(&outer, 4, &mut |r| {
            kinds.push(r.kind);
            true
        });
        assert_eq!(kinds, [1000, 4000]);
    }

    proptest! {
        #[test]
        fn any_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut count = 0u32;
            walk(&bytes, 8, &mut |_| { count += 1; true });
            prop_assert!(count < 1000);
        }
    }
}
