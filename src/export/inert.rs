//! Makes texts of a leak harmless in every format that a report is written in. One rule holds for
//! all of them: what a text says is there to be read, and does nothing.

use crate::text::sanitise;
use std::borrow::Cow;

/// Control characters, bidi controls and invisible characters made visible, as on the terminal;
/// line ends are `\n`, tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    sanitise::block(text)
}

/// On one line: line ends and tabs are shown as signs.
pub fn one_line(text: &str) -> Cow<'_, str> {
    sanitise::line(text)
}

/// For HTML and XML, inside of elements and of quoted attributes.
pub fn markup(text: &str) -> String {
    let visible = visible(text);
    let mut out = String::with_capacity(visible.len() + 16);
    for c in visible.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// For Markdown, inside of a paragraph: every sign that would mean something where it stands is
/// behind a backslash, so that nothing of it is a link, a tag, a list or a heading. What begins and
/// ends the text counts as the begin and end of a line: nobody knows what it is put between.
pub fn markdown(text: &str) -> String {
    let visible = visible(text);
    let mut out = String::with_capacity(visible.len() + 16);
    let mut last = '\n';
    let mut chars = visible.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or('\n');
        match c {
            // Blanks at the start of a line would be code, at its end a line break.
            ' ' | '\t' if last == '\n' => continue,
            '\t' => out.push(' '),
            '\n' => {
                out.truncate(out.trim_end_matches(' ').len());
                out.push('\n');
            }
            c if c.is_ascii_punctuation() && acts(c, last, next, &out) => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        last = c;
    }
    out.truncate(out.trim_end_matches([' ', '\n']).len());
    out
}

/// Whether a sign could mean something between its neighbours, `before` being all that stands
/// before it.
fn acts(c: char, last: char, next: char, before: &str) -> bool {
    let (begins, ends) = (last == '\n', next == '\n');
    match c {
        ',' | ';' | '?' | '%' | '/' | '@' => false,
        // Some readers round them. They say the same then, and a backslash before one is shown by
        // others: a quote must not have signs that the evidence has not.
        '"' | '\'' => false,
        // An address behind a mark of a footnote, an attribute behind code or a heading, and what
        // makes a picture of a link.
        '(' | '{' => begins,
        '}' | '!' => ends,
        // Headings, and what closes one.
        '#' => matches!(next, ' ' | '\t' | '\n' | '#'),
        // Underlined headings and marked stretches.
        '=' => begins || last == c,
        '>' => begins,
        // Tags, and addresses between brackets.
        '<' => !matches!(next, ' ' | '=' | '<'),
        '&' => next.is_ascii_alphanumeric() || next == '#' || ends,
        // Bullets, rules, underlined headings: only a line can begin with them. Two of them some make a
        // dash of, which says something else: `--force`.
        '-' | '+' => begins || last == c,
        // `12.` and `12)` begin lists, with a blank behind; `www.` is made a link by some.
        '.' | ')' if last.is_ascii_digit() && matches!(next, ' ' | '\t' | '\n') => {
            let line = before.rsplit('\n').next().unwrap_or_default();
            line.bytes().all(|byte| byte.is_ascii_digit())
        }
        '.' => before.to_ascii_lowercase().ends_with("www"),
        ')' => false,
        ':' => next == '/' || begins || last == c || next == '-',
        // Inside of words it is one.
        '_' => !(last.is_alphanumeric() && next.is_alphanumeric()),
        _ => true,
    }
}

/// For a cell of a table that a spreadsheet may open: what would be a formula there begins with an
/// apostrophe. The full-width signs act as well in some of them.
pub fn cell(text: &str) -> Cow<'_, str> {
    let visible = visible(text);
    match acts_in_a_cell(&visible) {
        true => Cow::Owned(format!("'{visible}")),
        false => visible,
    }
}

/// The text of a cell that [`cell`] wrote.
pub fn from_cell(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if acts_in_a_cell(rest) => rest,
        _ => cell,
    }
}

fn acts_in_a_cell(text: &str) -> bool {
    // An apostrophe that was there already must survive the way back.
    let text = text.trim_start_matches('\'');
    text.trim_start_matches([' ', '\u{3000}', '\n'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    /// What a Markdown reader makes of a text, and whether it saw anything but text in it. It is one
    /// that rounds quotes and makes one sign of three dots.
    fn read(markdown: &str) -> (String, bool) {
        let (mut text, mut plain) = (String::new(), true);
        for event in Parser::new_ext(markdown, Options::all()) {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::SoftBreak => text.push('\n'),
                Event::Start(Tag::Paragraph) => {}
                Event::End(TagEnd::Paragraph) => text.push('\n'),
                _ => plain = false,
            }
        }
        (text, plain)
    }

    /// White space at the borders of lines means nothing in Markdown.
    fn lines(text: &str) -> String {
        let lines: Vec<&str> = text
            .split('\n')
            .map(|line| line.trim_matches([' ', '\t']))
            .filter(|l| !l.is_empty())
            .collect();
        straight(&lines.join("\n").replace('\t', " "))
    }

    /// Without what some readers make of quotes and dots.
    fn straight(text: &str) -> String {
        text.replace(['“', '”'], "\"").replace(['‘', '’'], "'").replace('…', "...")
    }

    #[track_caller]
    fn check_markdown(text: &str) {
        let (read, plain) = read(&markdown(text));
        assert!(plain, "{text:?} acts: {:?}", markdown(text));
        assert_eq!(lines(&read), lines(&visible(text)), "{:?}", markdown(text));
    }

    #[test]
    fn nothing_acts_in_markdown() {
        for text in [
            "[^1]: forged",
            "![x](http://a.example/p.png)",
            "<script>alert(1)</script>",
            "# head",
            "1. one",
            "- item",
            "    code",
            "a | b\n--|--\n1 | 2",
            "`code` **bold** _em_ ~~no~~",
            "&lt;b&gt; &#60;",
            "http://a.example www.a.example a@b.example",
            "> quote\n> more",
            "===\n---\n***",
            "\\*",
            "[x]: y",
            "~~~\nfence",
            "<!-- c -->",
            "\u{202e}cod.exe",
            "a\u{1b}]52;c;x\u{7}b",
            "$x$ $$y$$",
            "[[wiki]]",
            "a  \nb",
            "1) x",
            "+ x",
            "a\\\nb",
            ": definition",
            "[!NOTE]",
            "---\ntitle: x\n---",
            "||spoiler||",
            "H~2~O x^2^",
        ] {
            check_markdown(text);
        }
    }

    /// What means nothing where it stands reads as it was written.
    #[test]
    fn what_does_not_act_stands_as_it_is() {
        for text in [
            "合同_QH-2022-010_川江.docx, #tag, A & B",
            "5 > 3, 2 < 3, 1 = 1, {\"a\" no",
            "a (b) no",
            "2020..2021, a..b, and so on...",
            "mara's (raw \"2022-03-05 04:41:00\")",
        ] {
            assert_eq!(markdown(text), text);
        }
        for (text, expected) in [
            ("C# and #1", "C\\# and #1"),
            ("title ##", "title \\#\\#"),
            ("wow!", "wow\\!"),
            ("(x)", "\\(x)"),
            ("{=html}", "\\{=html\\}"),
            ("a --b", "a -\\-b"),
            ("a<b>c", "a\\<b>c"),
            ("see www.a", "see www\\.a"),
            ("&amp; &", "\\&amp; \\&"),
        ] {
            assert_eq!(markdown(text), expected);
        }
    }

    proptest! {
        #[test]
        fn no_text_acts_in_markdown(text in "[ \n\t#*_`\\[\\]()<>!|~^:=+.'\"a1中&;{}@-]{0,24}") {
            check_markdown(&text);
        }

        /// Nor does what stands between a mark of a footnote, code and another text.
        #[test]
        fn no_text_acts_beside_what_a_report_writes(
            text in "[#*_`\\[\\]()<>!|~^:=+.a1{}&-]{0,8}",
            other in "[#*_`\\[\\]()<>!|~^:=+.a1{}&-]{0,8}",
        ) {
            let written = format!("x {}[^1]{} `c`{}[^1]", markdown(&text), markdown(&other), markdown(&text));
            let all = format!("{written}\n\n[^1]: note\n");
            let (mut marks, mut read) = (0, String::new());
            for event in Parser::new_ext(&all, Options::all()) {
                match event {
                    Event::FootnoteReference(_) => marks += 1,
                    Event::Code(code) => prop_assert_eq!(code.as_ref(), "c"),
                    Event::Text(part) => read.push_str(&part),
                    Event::Start(Tag::Paragraph | Tag::FootnoteDefinition(_)) | Event::End(_) => {}
                    other => prop_assert!(false, "{other:?} in {written:?}"),
                }
            }
            prop_assert_eq!(marks, 2, "{}", written);
            let expected = format!("x {text}{other} {text}note");
            prop_assert_eq!(straight(&read), straight(&expected), "{}", written);
        }

        #[test]
        fn cells_come_back(text in any::<String>()) {
            let text = visible(&text);
            let cell = cell(&text);
            prop_assert_eq!(from_cell(&cell), text.as_ref());
        }

        #[test]
        fn markup_has_no_signs_of_its_own(text in any::<String>()) {
            let out = markup(&text);
            prop_assert!(!out.contains(['<', '>', '"', '\'']));
            prop_assert!(out.chars().all(|c| c >= ' ' || c == '\n' || c == '\t'));
        }
    }

    #[test]
    fn formulas_are_no_formulas() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", " =1", "'=1", "\t=1"] {
            assert!(cell(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(cell("付款 = 3"), "付款 = 3");
        assert_eq!(from_cell("'tis"), "'tis");
    }
}
