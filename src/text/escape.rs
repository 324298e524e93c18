//! Text as one line that loses nothing and cannot act on a terminal: for files that are read by
//! people and compared by programs. (`sanitise` is for screens, and shows more than it keeps.)

use std::borrow::Cow;
use std::fmt::Write;

/// Control characters, bidi controls and invisible ones as `\u{202e}`, line ends as `\n`, a
/// backslash as two.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if acts(c) => {
                // Writing to a String does not fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// A path or word as it can be typed at the prompt of a shell.
pub fn typed_at_prompt(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%".contains(c);
    match text.chars().all(plain) && !text.is_empty() {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// The same in quotes, as one word of a line.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", line(text).replace('"', "\\\""))
}

/// JSON text, or a part of it, that says the same: what acts is written as `\uXXXX`.
pub fn json(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if acts(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String does not fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Acts on a terminal, or is not seen on one.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_typed_as_one_word() {
        let check = |path: &str, expected: &str| assert_eq!(typed_at_prompt(path), expected);
        check("/tmp/青河-report.html", "/tmp/青河-report.html");
        check("rel name.docx", "'rel name.docx'");
        check("it's $HOME", r"'it'\''s $HOME'");
        check("", "''");
    }

    #[test]
    fn nothing_acts_and_nothing_is_lost() {
        let check = |text: &str, expected: &str| assert_eq!(line(text), expected);
        check("公司 \"a\"\t", "公司 \"a\"\\t");
        check("\u{1b}]52;c;x\u{7}\u{9b}\u{202e}\n", "\\u{1b}]52;c;x\\u{7}\\u{9b}\\u{202e}\\n");
        check("\\n", "\\\\n");
        assert_eq!(quoted("a\"\\"), "\"a\\\"\\\\\"");
    }

    proptest::proptest! {
        #[test]
        fn different_texts_stay_different(a in ".{0,8}", b in ".{0,8}") {
            proptest::prop_assert_eq!(line(&a) == line(&b), a == b);
            proptest::prop_assert!(!quoted(&a).chars().any(acts));
        }
    }
}
