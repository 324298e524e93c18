//! Page text as the parser gives it, made fit for search.

use super::words::Page;

/// Takes out what typesetting put in: spaces between Han characters, which no one typed, spaces at
/// line ends, blank lines inside a sentence. Where the places of the page's characters are known,
/// they say which spaces between Han words were typed.
pub fn tidy(text: &str, page: Option<&Page>) -> String {
    let mut tidy = String::with_capacity(text.len());
    for line in text.lines() {
        tidy_line(line.trim_end(), page, &mut tidy);
        tidy.push('\n');
    }
    close_up(&tidy)
}

fn tidy_line(line: &str, page: Option<&Page>, into: &mut String) {
    let mut chars = line.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let between =
            c == ' ' && is_wide(before) && chars.peek().is_some_and(|&(_, next)| is_wide(next));
        if between && !page.is_some_and(|page| is_typed(page, &line[..at], &line[at + 1..])) {
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

/// A space between words of two characters and more: `合 同` is a word that was spread.
fn is_typed(page: &Page, before: &str, behind: &str) -> bool {
    const MOST: usize = 8;
    let from = before.rfind(' ').map_or(0, |at| at + 1);
    let from = before.char_indices().rev().take(MOST).last().map_or(from, |(at, _)| at.max(from));
    let word = |text: &str| text.chars().take(MOST).take_while(|c| *c != ' ').collect::<String>();
    let (before, behind) = (&before[from..], word(behind));
    before.chars().count() > 1 && behind.chars().count() > 1 && page.is_typed(before, &behind)
}

/// Lines that are set far apart look like paragraphs to the parser. A line that is as long as the
/// page is wide and ends no sentence goes on in the next one.
fn close_up(text: &str) -> String {
    let width = |line: &str| line.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum::<usize>();
    let lines: Vec<&str> = text.lines().collect();
    let widest = lines.iter().map(|line| width(line)).max().unwrap_or(0);
    let runs_on = |line: &str, next: &str| {
        let columns = |line: &str| line.contains('\t') || line.trim().contains("  ");
        let width = width(line);
        width >= SHORTEST
            && width * 4 >= widest * 3
            && !line.ends_with(['.', '!', '?', ':', ';', '。', '！', '？', '：', '；', '…'])
            && next.starts_with(|c: char| c.is_alphanumeric() || is_wide(c))
            && !columns(line)
            && !columns(next)
    };
    let mut closed = String::with_capacity(text.len());
    for (at, line) in lines.iter().enumerate() {
        let inside = line.is_empty() && at > 0 && at + 1 < lines.len();
        if !(inside && runs_on(lines[at - 1], lines[at + 1])) {
            closed.push_str(line);
            closed.push('\n');
        }
    }
    closed
}

/// A line of fewer columns may be a heading.
const SHORTEST: usize = 40;

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
        let check = |text: &str, expected: &str| assert_eq!(tidy(text, None), expected);
        check("合 同 编 号： XY 2024", "合同编号： XY 2024\n");
        check("甲方  乙方", "甲方  乙方\n");
        check("한국 사람", "한국 사람\n");
        check("two words  \nnext", "two words\nnext\n");
    }

    #[test]
    fn sentences_go_on_over_a_blank_line() {
        let check = |text: &str, expected: &str| assert_eq!(tidy(text, None), expected);
        let long = "It was found that the defendant had failed to prove that the";
        check(&format!("{long}\n\nclaim held."), &format!("{long}\nclaim held.\n"));
        check(&format!("{long}.\n\nThen"), &format!("{long}.\n\nThen\n"));
        check(&format!("Heading\n\n{long}"), &format!("Heading\n\n{long}\n"));
        check(&format!("{long}\n\n\nB"), &format!("{long}\n\n\nB\n"));
        check(&format!("{long}\n\na\tb"), &format!("{long}\n\na\tb\n"));
        let han = "双方经友好协商就技术服务事宜达成以下协议并共同遵守执行";
        check(&format!("{han}\n\n本合同"), &format!("{han}\n本合同\n"));
    }
}
