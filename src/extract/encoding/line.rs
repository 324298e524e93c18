//! Lines are judged one by one: two programs may have written into one file.

/// What a line is written in.
pub(super) enum Line {
    Ascii,
    /// UTF-8, perhaps with broken places; `sure` when that can hardly be an accident.
    Utf8 {
        sure: bool,
    },
    Foreign,
}

/// Judges one line.
pub(super) fn kind_of(line: &[u8]) -> Line {
    let mut rest = line;
    let (mut pairs, mut longer, mut broken) = (0u64, 0u64, 0u64);
    loop {
        let (good, next) = match std::str::from_utf8(rest) {
            Ok(good) => (good, None),
            Err(error) => {
                let (good, bad) = rest.split_at(error.valid_up_to());
                let skip = error.error_len().unwrap_or(bad.len()).max(1);
                // Valid by the check that made the error.
                (std::str::from_utf8(good).unwrap_or_default(), Some(&bad[skip..]))
            }
        };
        if !good.is_ascii() {
            for char in good.chars() {
                match char.len_utf8() {
                    1 => {}
                    2 => pairs += 1,
                    _ => longer += 1,
                }
            }
        }
        match next {
            None => break,
            Some(next) => {
                broken += 1;
                rest = next;
            }
        }
    }
    if broken == 0 {
        return match (pairs, longer) {
            (0, 0) => Line::Ascii,
            _ => Line::Utf8 { sure: longer > 0 || pairs >= 4 },
        };
    }
    // Legacy text has a broken place every few bytes.
    if longer * 3 + pairs >= broken * 12 { Line::Utf8 { sure: true } } else { Line::Foreign }
}
