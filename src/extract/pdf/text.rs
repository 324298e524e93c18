//! Page text as the parser gives it, made fit for search.

/// Takes out what typesetting put in: spaces between Han characters, which no one typed, and
/// spaces at line ends.
pub fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for line in text.lines() {
        tidy_line(line.trim_end(), &mut tidy);
        tidy.push('\n');
    }
    tidy
}

fn tidy_line(line: &str, into: &mut String) {
    let mut chars = line.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        if c == ' ' && is_wide(before) && chars.peek().is_some_and(|&next| is_wide(next)) {
            continue;
        }
        // Characters of no meaning: fonts map glyphs that they cannot name to them.
        if c == '\0' || c == '\u{fffe}' || c == '\u{ffff}' {
            continue;
        }
        into.push(c);
        before = c;
    }
}

/// Han, kana and the punctuation between them; Hangul is written with spaces.
pub fn is_wide(c: char) -> bool {
    matches!(u32::from(c),
        0x2e80..=0x2fdf | 0x3001..=0x303f | 0x3040..=0x30ff | 0x31f0..=0x31ff | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0xff01..=0xff0f | 0xff1a..=0xff20
        | 0x20000..=0x3ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_between_han_go() {
        let check = |text: &str, expected: &str| assert_eq!(tidy(text), expected);
        check("合 同 编 号： XY 2024", "合同编号： XY 2024\n");
        check("甲方  乙方", "甲方  乙方\n");
        check("한국 사람", "한국 사람\n");
        check("two words  \nnext", "two words\nnext\n");
    }
}
