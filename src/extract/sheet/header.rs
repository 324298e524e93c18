//! Headers and footers of printed sheets: text between codes.

/// One of the three sections of a header.
#[derive(Default)]
struct Section {
    text: String,
    /// A page number, date or name stands in it, which the program fills in.
    fields: bool,
}

/// The text of `&L&"Arial,Bold"Left&CPage &P&RRight`, its three sections on lines of their own.
/// Sections that nobody wrote (`Page 1`, the sheet's name) are left out.
pub fn plain_header(codes: &str) -> Vec<String> {
    let mut sections = vec![Section::default()];
    let mut chars = codes.chars().peekable();
    while let Some(c) = chars.next() {
        // There is always a last section.
        let Some(section) = sections.last_mut() else { break };
        if c != '&' {
            section.text.push(c);
            continue;
        }
        match chars.next() {
            Some('L' | 'C' | 'R') => sections.push(Section::default()),
            // A font: passed over to its closing quote.
            Some('"') => {
                chars.by_ref().find(|c| *c == '"');
            }
            Some('&') => section.text.push('&'),
            Some('P' | 'N' | 'D' | 'T' | 'F' | 'Z' | 'A') => section.fields = true,
            Some('K') => {
                // A colour: six hexadecimal digits, or theme and tint.
                for _ in 0..6 {
                    chars.next_if(|c| c.is_ascii_hexdigit() || matches!(c, '+' | '-'));
                }
            }
            Some(c) if c.is_ascii_digit() => while chars.next_if(char::is_ascii_digit).is_some() {},
            _ => {}
        }
    }
    sections
        .into_iter()
        .filter(|section| {
            let words =
                section.text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).count();
            !section.text.trim().is_empty() && (!section.fields || words > 1)
        })
        .map(|section| section.text)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_and_text_stays() {
        let check = |codes: &str, expected: &[&str]| assert_eq!(plain_header(codes), expected);
        check("&L&\"Arial,Bold\"&12甲方&CA && B&RPage &P/&N", &["甲方", "A & B"]);
        check("plain", &["plain"]);
        check("&", &[]);
        check("&C&KFF0000red", &["red"]);
        check("&CInternal use only, &D", &["Internal use only, "]);
    }
}
