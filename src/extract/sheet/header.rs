//! Headers and footers of printed sheets: text between codes.

/// The text of `&L&"Arial,Bold"Left&CPage &P&RRight`, its three sections on lines of their own.
pub fn plain_header(codes: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let mut chars = codes.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '&' {
            if let Some(section) = sections.last_mut() {
                section.push(c);
            }
            continue;
        }
        let text = match chars.next() {
            Some('L' | 'C' | 'R') => {
                sections.push(String::new());
                continue;
            }
            // A font: passed over to its closing quote.
            Some('"') => {
                for c in chars.by_ref() {
                    if c == '"' {
                        break;
                    }
                }
                continue;
            }
            Some('&') => "&",
            Some('P') => "&[Page]",
            Some('N') => "&[Pages]",
            Some('D') => "&[Date]",
            Some('T') => "&[Time]",
            Some('F') => "&[File]",
            Some('Z') => "&[Path]",
            Some('A') => "&[Tab]",
            Some('K') => {
                // A colour: six hexadecimal digits, or theme and tint.
                for _ in 0..6 {
                    chars.next_if(|c| c.is_ascii_hexdigit() || matches!(c, '+' | '-'));
                }
                continue;
            }
            Some(c) if c.is_ascii_digit() => {
                while chars.next_if(char::is_ascii_digit).is_some() {}
                continue;
            }
            _ => continue,
        };
        if let Some(section) = sections.last_mut() {
            section.push_str(text);
        }
    }
    sections.retain(|section| !section.trim().is_empty());
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_and_text_stays() {
        let check = |codes: &str, expected: &[&str]| assert_eq!(plain_header(codes), expected);
        check("&L&\"Arial,Bold\"&12甲方&CA && B&R&P/&N", &["甲方", "A & B", "&[Page]/&[Pages]"]);
        check("plain", &["plain"]);
        check("&", &[]);
        check("&C&KFF0000red", &["red"]);
    }
}
