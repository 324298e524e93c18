//! What copies of originals are called.

/// Bytes of a name: what every file system takes, the number and a suffix included.
const LONGEST: usize = 120;

/// `003-合同.docx`, `004-chat.record-41.html`: letters, digits, `.`, `-` and `_` alone, so that
/// no name climbs out of the folder, hides, or means something to a shell or to Windows.
pub(super) fn name_of(number: usize, path: &str, span: Option<(u64, u64)>) -> String {
    let last = path.rsplit(['/', '!', '\\']).next().unwrap_or_default();
    let (stem, suffix) = match last.rsplit_once('.') {
        Some((stem, suffix))
            if (1..=8).contains(&suffix.len())
                && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            (stem, format!(".{suffix}"))
        }
        _ => (last, String::new()),
    };
    let record = match span {
        Some((start, _)) => format!(".record-at-{start}"),
        None => String::new(),
    };
    let mut safe = String::new();
    for c in stem.chars() {
        let plain = (c.is_alphanumeric()
            && crate::text::fold::class(c) != crate::text::fold::Class::Other)
            || matches!(c, '-' | '_' | '.');
        safe.push(if plain { c } else { '_' });
        if safe.len() > LONGEST - record.len() - suffix.len() - 8 {
            safe.pop();
            break;
        }
    }
    format!("{number:03}-{}{record}{suffix}", safe.trim_matches(['.', ' ']))
}

/// Whether a file may be the copy of one with this path: it has its name, with a number before it.
pub fn is_copy(name: &str, path: &str) -> bool {
    let rest = |name: &str| Some(name.split_once('-')?.1.to_owned());
    name.bytes().take_while(u8::is_ascii_digit).count() >= 3
        && rest(name) == rest(&name_of(0, path, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe() {
        let check =
            |path: &str, expected: &str| assert_eq!(name_of(7, path, None), expected, "{path:?}");
        check("归档/合同.docx", "007-合同.docx");
        check("a.zip!../../etc/passwd", "007-passwd");
        check("a\\..\\b.txt", "007-b.txt");
        check("con.txt", "007-con.txt");
        check("-rf $(x) `y`;\u{202e}\u{1b}.txt", "007--rf___x___y____.txt");
        check("...", "007-");
        check("", "007-");
        assert_eq!(name_of(7, "a/chat.html", Some((81, 90))), "007-chat.record-at-81.html");
        let long = name_of(7, &format!("{}.docx", "长".repeat(200)), Some((u64::MAX, 0)));
        assert!(long.len() <= LONGEST && long.ends_with(".docx"), "{long}");
    }
}
