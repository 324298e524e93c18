//! Words that ran together: the parser counts small gaps as kerning. Where a page has words that no
//! language has, the places of its characters say where the gaps are. Han words are the other way
//! round: a space that somebody typed between them is a character of the page, one that justified
//! the line is not.

use super::text::is_wide;
use pdf_oxide::layout::TextChar;
use std::cell::Cell;

/// Letters in a row that are more than one word.
const MANY: usize = 20;
/// A wider gap is between words, in parts of the font's size.
const GAP: f32 = 0.1;
/// A gap as wide as this is a space, whoever made it, in parts of the font's size.
const SPACE: f32 = 0.7;
/// Letters stand closer than this within a word, in parts of the font's size.
const CLOSE: f32 = 0.06;

/// Text that has such words.
pub fn ran_together(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let letters = word.chars().filter(|c| c.is_alphabetic() && !is_wide(*c)).count();
        letters >= MANY
            && letters * 10 >= word.chars().count() * 8
            && !word.contains(['/', '@', '_', '=', '\\', '-'])
    })
}

/// Text in which words of Han characters stand apart.
pub fn has_spaced_han(text: &str) -> bool {
    let mut before = ['\n'; 2];
    text.chars().any(|c| {
        let found = before[1] == ' ' && is_wide(before[0]) && is_wide(c);
        before = [before[1], c];
        found
    })
}

/// What lies before a character in its row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Gap,
    Typed,
}

/// The characters of a page that are not spaces, row by row.
pub struct Page {
    bare: String,
    /// For each byte of `bare` that begins a character; nothing for the others.
    before: Vec<Before>,
    /// Where the last stretch of text was found: the next one most likely stands behind it.
    last: Cell<usize>,
    /// Gaps between words can be told from those between letters.
    clear: bool,
}

impl Page {
    pub fn of(chars: &[TextChar]) -> Page {
        Page::laid_out(chars.iter().filter_map(Placed::of).collect())
    }

    fn laid_out(mut placed: Vec<Placed>) -> Page {
        placed.sort_by(|a, b| b.y.total_cmp(&a.y));
        let mut rows: Vec<Vec<Placed>> = Vec::new();
        for char in placed {
            match rows.last_mut() {
                Some(row) if row[0].y - char.y < 0.3 * char.size => row.push(char),
                _ => rows.push(vec![char]),
            }
        }
        let mut page =
            Page { bare: String::new(), before: Vec::new(), last: Cell::default(), clear: false };
        let mut gaps = Vec::new();
        for mut row in rows {
            row.sort_by(|a, b| a.left.total_cmp(&b.left));
            page.push('\n', Before::Nothing);
            let (mut end, mut typed) = (None, false);
            for char in row {
                if char.char.is_whitespace() {
                    typed = true;
                    continue;
                }
                let gap = end.map_or(0.0, |end| (char.left - end) / char.size);
                if !typed && gap < 1.0 {
                    gaps.push(gap);
                }
                let before = match typed {
                    true => Before::Typed,
                    false if gap > SPACE => Before::Typed,
                    false if gap > GAP => Before::Gap,
                    false => Before::Nothing,
                };
                page.push(char.char, before);
                (end, typed) = (Some(char.left + char.width), false);
            }
        }
        gaps.sort_by(f32::total_cmp);
        page.clear = gaps.get(gaps.len() * 6 / 10).is_some_and(|gap| *gap < CLOSE);
        page
    }

    fn push(&mut self, char: char, before: Before) {
        self.bare.push(char);
        self.before.push(before);
        self.before.resize(self.bare.len(), Before::Nothing);
    }

    /// Where a stretch of text stands on the page.
    fn find(&self, stretch: &str) -> Option<usize> {
        let last = self.last.get();
        let behind = self.bare.get(last..).and_then(|rest| rest.find(stretch)).map(|at| last + at);
        let found = behind.or_else(|| self.bare.find(stretch))?;
        self.last.set(found);
        Some(found)
    }

    /// What stands before the character at a place.
    fn before(&self, at: usize) -> Before {
        self.before.get(at).copied().unwrap_or(Before::Nothing)
    }

    /// The text with spaces where the page has gaps.
    pub fn part(&self, text: &str) -> String {
        if !self.clear {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len() + text.len() / 8);
        for word in text.split_inclusive(char::is_whitespace) {
            let bare = word.trim_end();
            let Some(place) = (bare.len() > 3).then(|| self.find(bare)).flatten() else {
                out.push_str(word);
                continue;
            };
            for (at, c) in word.char_indices() {
                if at > 0 && at < bare.len() && self.before(place + at) != Before::Nothing {
                    out.push(' ');
                }
                out.push(c);
            }
        }
        out
    }

    /// Whether somebody typed a space between what stands before it and behind it.
    pub fn is_typed(&self, before: &str, behind: &str) -> bool {
        let stretch = format!("{before}{behind}");
        self.find(&stretch).is_some_and(|at| self.before(at + before.len()) == Before::Typed)
    }
}

#[derive(Clone)]
struct Placed {
    char: char,
    left: f32,
    width: f32,
    y: f32,
    size: f32,
}

impl Placed {
    /// Characters of upright lines only.
    fn of(char: &TextChar) -> Option<Placed> {
        (char.rotation_degrees.abs() < 1.0).then_some(Placed {
            char: char.char,
            left: char.origin_x,
            width: char.bbox.width,
            y: char.origin_y,
            size: char.font_size.max(1.0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters of a line, half a size wide; a space is a gap that nobody typed, `_` one that
    /// somebody did, `~` a gap of a whole size.
    fn line(text: &str, y: f32) -> Vec<Placed> {
        let mut left = 0.0;
        let mut all = Vec::new();
        for c in text.chars() {
            let char = if c == '_' { ' ' } else { c };
            let width = match c {
                ' ' => 2.0,
                '~' => 10.0,
                _ => 5.0,
            };
            if c != ' ' && c != '~' {
                all.push(Placed { char, left, width, y, size: 10.0 });
            }
            left += width;
        }
        all
    }

    #[test]
    fn words_come_apart_where_the_page_has_gaps() {
        let text = "certainevidentiaryrulingsandthecourt of_law";
        assert!(ran_together(text));
        for usual in [
            "https://example.org/averylongpathwithoutend",
            "two words",
            "统计数据采集分析与综合研判平台系统建设方案",
        ] {
            assert!(!ran_together(usual), "{usual}");
        }
        let lines =
            [line("certain evidentiary rulings and the court of_law", 50.0), line("next", 30.0)];
        let page = Page::laid_out(lines.into_iter().flatten().collect());
        assert_eq!(
            page.part("certainevidentiaryrulingsandthecourt of law\nnext\nelsewhere\n"),
            "certain evidentiary rulings and the court of law\nnext\nelsewhere\n"
        );
    }

    #[test]
    fn only_typed_spaces_stand_between_han_words() {
        let lines = [line("第一章_背景", 50.0), line("合同 编号", 30.0), line("甲方~成都", 10.0)];
        let page = Page::laid_out(lines.concat());
        assert!(has_spaced_han("第一章 背景"));
        assert!(!has_spaced_han("第一章 a"));
        let check = |text: &str, expected: &str| {
            assert_eq!(super::super::text::tidy(text, Some(&page)), expected);
        };
        check("第一章 背景", "第一章 背景\n");
        check("合同 编号", "合同编号\n");
        check("甲方 成都", "甲方 成都\n");
    }
}
