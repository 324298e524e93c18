//! Where to go inside of what is read, as somebody types it: `120`, `p3`, `50%`, `付款`, `付款!D9`.

use crate::model::ItemId;
use crate::query::{Kind, Query, Value};
use std::ops::Range;

/// A place inside of a document or conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A line of a text, a row of a sheet or a message of a conversation, from 1.
    Line(u64),
    /// A page or slide, by its label.
    Page(String),
    /// A part whose label contains this: a sheet.
    Part(String),
    /// Hundredths of the whole.
    Percent(u64),
    /// Column and row from 1, of the sheet with this name or of the one that is shown.
    Cell { sheet: String, column: u32, row: u32 },
    /// Another item of the case.
    Item(ItemId),
}

impl Spot {
    /// What is meant; `None` for nothing typed. `in_sheet`: `D9` is a cell and not a document.
    pub fn parse(typed: &str, in_sheet: bool) -> Option<Spot> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let number = |text: &str| text.trim().replace([',', '_'], "").parse::<u64>().ok();
        if let Some(percent) = typed.strip_suffix(['%', '％']).and_then(number) {
            return Some(Spot::Percent(percent.min(100)));
        }
        if let Some(line) = number(typed) {
            return Some(Spot::Line(line));
        }
        if let Some((sheet, cell)) = typed.rsplit_once(['!', '！'])
            && let Some((column, row)) = cell_of(cell)
        {
            return Some(Spot::Cell { sheet: sheet.trim().to_owned(), column, row });
        }
        let after = |words: &[&str]| words.iter().find_map(|word| strip_word(typed, word));
        if let Some(label) = after(&["page", "slide", "p"])
            && label.chars().next().is_some_and(|c| c.is_numeric() || "ivxIVX".contains(c))
        {
            return Some(Spot::Page(label.to_owned()));
        }
        if let Some(line) = after(&["line", "row", "message"]).and_then(number) {
            return Some(Spot::Line(line));
        }
        if let Some(label) = after(&["sheet"]) {
            return Some(Spot::Part(label.to_owned()));
        }
        let cell = cell_of(typed);
        match (typed.parse::<ItemId>(), cell) {
            (Ok(item), _) if !in_sheet => Some(Spot::Item(item)),
            (_, Some((column, row))) if in_sheet => {
                Some(Spot::Cell { sheet: String::new(), column, row })
            }
            (Ok(item), _) => Some(Spot::Item(item)),
            (Err(_), _) => Some(Spot::Part(typed.to_owned())),
        }
    }
}

/// A date as a query writes it (`2022-03-05`, `2022-03`, `2022年3月`): its seconds on the clock of
/// the evidence. A bare number is none.
pub fn clock_of(typed: &str) -> Option<Range<i64>> {
    let typed = typed.trim();
    if typed.chars().all(|c| c.is_ascii_digit()) || typed.contains(char::is_whitespace) {
        return None;
    }
    let query = Query::parse(&format!("date:{typed}")).ok()?;
    let Kind::Filter(filter) = &query.root()?.kind else { return None };
    match filter.values.first()? {
        Value::Date(date) => {
            date.clock().filter(|(start, _)| *start != i64::MIN).map(|(start, end)| start..end)
        }
        _ => None,
    }
}

/// What follows a word, with or without a space where a number follows.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    let rest = text.get(word.len()..)?;
    let is_word = head.eq_ignore_ascii_case(word)
        && rest.chars().next().is_some_and(|c| c.is_whitespace() || c.is_numeric());
    is_word.then(|| rest.trim())
}

/// Column and row from 1 of `D9`.
fn cell_of(text: &str) -> Option<(u32, u32)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let (letters, digits) = text.split_at(end);
    if letters.is_empty() || letters.len() > 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let column = letters
        .bytes()
        .fold(0_u32, |column, letter| column * 26 + u32::from(letter.to_ascii_uppercase() - b'@'));
    digits.parse().ok().filter(|row| *row > 0).map(|row| (column, row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::column_letters;
    use crate::model::DocumentId;

    #[track_caller]
    fn check(typed: &str, in_sheet: bool, expected: Option<Spot>) {
        assert_eq!(Spot::parse(typed, in_sheet), expected, "{typed}");
    }

    #[test]
    fn what_is_typed_is_understood() {
        let cell =
            |sheet: &str, column, row| Some(Spot::Cell { sheet: sheet.to_owned(), column, row });
        check("120", false, Some(Spot::Line(120)));
        check("1,200", false, Some(Spot::Line(1200)));
        check("line 7", false, Some(Spot::Line(7)));
        check("50%", false, Some(Spot::Percent(50)));
        check("900%", false, Some(Spot::Percent(100)));
        check("p3", false, Some(Spot::Page("3".to_owned())));
        check("page iv", false, Some(Spot::Page("iv".to_owned())));
        check("payments", false, Some(Spot::Part("payments".to_owned())));
        check("sheet 付款", false, Some(Spot::Part("付款".to_owned())));
        check("付款!D9", false, cell("付款", 4, 9));
        check("D9", true, cell("", 4, 9));
        check("D9", false, Some(Spot::Item(ItemId::Document(DocumentId(9)))));
        check("aa10", true, cell("", 27, 10));
        check(" ", false, None);
    }

    #[test]
    fn dates_are_understood() {
        let days = |first: i64, many: i64| Some(first * 86_400..(first + many) * 86_400);
        assert_eq!(clock_of("1970-01-02"), days(1, 1));
        assert_eq!(clock_of("2022-03-05"), days(19_056, 1));
        assert_eq!(clock_of("2022年3月5日"), days(19_056, 1));
        assert_eq!(clock_of("2022-03"), days(19_052, 31));
        for typed in ["2022", "50%", "M12", "", "none", "2022-13", "<2022-03"] {
            assert_eq!(clock_of(typed), None, "{typed}");
        }
    }

    #[test]
    fn columns_have_letters() {
        for (column, letters) in [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (16_384, "XFD")] {
            assert_eq!(column_letters(column), letters);
            assert_eq!(cell_of(&format!("{letters}1")), Some((column, 1)));
        }
    }
}
