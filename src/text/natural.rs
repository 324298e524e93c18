//! The order in which a person sorts paths: folder by folder, `page 2` before `page 10`.

/// Adds what a path is sorted by. What lies in a folder stands together, whatever names begin with;
/// so does what lies in a container, where `!` stands behind one.
/// Different paths have different keys.
pub fn add_path_key(key: &mut Vec<u8>, path: &str, is_member: bool) {
    let bytes = path.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 {
            let run = &bytes[at..at + digits];
            let zeros = run.iter().take_while(|digit| **digit == b'0').count();
            let number = &run[zeros.min(digits - 1)..];
            // The longer number is the greater one. Among other characters it is a digit.
            key.push(b'0');
            let wide = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes();
            key.extend(wide(number.len()));
            key.extend(number);
            // A folder `01` is another one than `1`.
            key.extend(wide(digits - number.len()));
            at += digits;
            continue;
        }
        key.push(match byte {
            b'/' => 0,
            b'!' if is_member => 0,
            byte => *byte,
        });
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(paths: &[&str]) {
        let mut sorted = paths.to_vec();
        sorted.reverse();
        sorted.sort_by_cached_key(|path| {
            let mut key = Vec::new();
            add_path_key(&mut key, path, true);
            key
        });
        assert_eq!(sorted, paths);
    }

    #[test]
    fn numbers_count_and_folders_stand_together() {
        check(&["page 1", "page 2", "page 10", "page 100"]);
        check(&["2021/x", "2021-old/x", "3000"]);
        check(&["a/9", "a/10", "a b/1", "a-b"]);
        check(&["a.zip", "a.zip!b", "a.zip.txt"]);
        check(&["第2期", "第10期", "第10期附件"]);
        check(&["v2.0", "v2.0.1", "v2.10"]);
        check(&["x_1_12.png", "x_2_12.png", "x_12_12.png"]);
        check(&["-", "7", "a"]);
        check(&["1/x", "1/y", "01/x", "2/x"]);
        check(&["scan ", "scan 0", "scan 00", "scan 7", "scan 007", "scan 8"]);
    }
}
