//! What stands over the columns and before lines that are typed: the title of the case, the sections,
//! labels.

use super::App;
use super::layers::{self, Numbered};
use super::line::{Line, Role};
use super::overview::{count, number};
use super::reader::Reader;
use super::view::View;

impl App {
    /// What stands before a line that is typed while reading.
    pub fn prompt_label(&self, what: &layers::Prompt) -> String {
        if let (layers::Prompt::Column { column, .. }, Some(grid)) = (what, self.grid()) {
            let name = crate::text::sanitise::line(&grid.column_name(*column)).into_owned();
            return format!("{name} has (word, !word, =all, >30万): ");
        }
        if let layers::Prompt::GoTo(number) = what {
            let examples = match &self.reader {
                _ if self.view == View::Timeline => "2022-03-05, 2022-03, 2022",
                _ if *number == Numbered::Date => "2022-03-05, 2022-03, 2022",
                Reader::Text(text) if *number == Numbered::Page && text.is_sheet() => {
                    "2, name of a sheet, 50%"
                }
                _ if *number == Numbered::Page => "3, iv, 50%",
                Reader::Chat(_) => "2022-03-05, 2022-03, message 120, 50%, M12",
                Reader::Text(text) if text.is_sheet() => "D9, row 120, 50%, name of a sheet, M12",
                Reader::Text(text) if text.parts().len() > 1 => "line 120, p3, 50%, D17",
                _ => "line 120, 50%, D17",
            };
            return format!("go to ({examples}): ");
        }
        if let layers::Prompt::Meaning { of: layers::Marking::Known(id), .. } = what {
            return format!("{id} means (meaning: comment #tag): ");
        }
        let layers::Prompt::Find { .. } = what else { return what.label().to_owned() };
        let found = match &self.reader {
            _ if self.find.is_none() => String::new(),
            Reader::Text(text) => text.found_words(),
            Reader::Chat(chat) => chat.found_words(),
            _ => String::new(),
        };
        match found.as_str() {
            "" => "find here: ".to_owned(),
            "nothing" => match self.find.as_ref().and_then(|find| beginning(&find.query)) {
                Some(word) => format!("find here (nothing; {word} finds beginnings): "),
                None => "find here (nothing): ".to_owned(),
            },
            found => format!("find here ({found}): "),
        }
    }

    /// Title of the case with its numbers, as much as fits.
    pub fn title(&self, cells: usize) -> Line {
        let mut line = Line::of(format!("{}.case", self.name), Role::Head);
        match (self.is_gone, self.can_write) {
            (true, _) => line.push(" (moved or removed: nothing is kept)", Role::Bad),
            (false, false) => line.push(" (read-only)", Role::Warn),
            (false, true) => {}
        }
        let Some(status) = &self.status else { return line };
        let units = status.documents + status.messages;
        let percent = (status.read * 100).checked_div(units).unwrap_or(0);
        let mut parts = vec![
            (count(status.documents, "document", "documents"), Role::Text),
            (count(status.messages, "message", "messages"), Role::Text),
        ];
        if status.unreadable > 0 {
            parts.push((format!("{} unreadable", number(status.unreadable)), Role::Warn));
        }
        parts.push((format!("{percent}% read"), Role::Text));
        for (number, (text, role)) in parts.into_iter().enumerate() {
            let head = if number == 0 { " ── " } else { " · " };
            if line.width() + crate::text::width::of(head) + crate::text::width::of(&text) > cells {
                break;
            }
            line.push(head, Role::Rule);
            line.push(text, role);
        }
        line
    }

    /// The section tabs, or the search line's label; `enter` and clicks know them by their digit.
    pub fn tabs(&self, cells: usize) -> Line {
        let is_short = cells < 74;
        let mut line = Line::new();
        for (number, view) in View::TABS.into_iter().enumerate() {
            let is_here = view == self.view;
            let name = if is_short && !is_here { "" } else { view.title() };
            let mark = if is_here { "▸" } else { " " };
            let role = if is_here { Role::Here } else { Role::Text };
            line.push(number.to_string(), if is_here { Role::Here } else { Role::Key });
            line.push(format!("{mark}{name}"), role);
            line.push(if is_short { " " } else { "  " }, Role::Text);
        }
        line
    }
}

/// `pay*` for a query that is one word: words are found whole, which who types their beginning
/// does not expect.
fn beginning(query: &str) -> Option<String> {
    // Han and other scripts without blanks are found anywhere.
    let is_word = |c: char| c.is_alphanumeric() && c < '\u{e00}';
    (!query.is_empty() && query.chars().all(is_word)).then(|| format!("{query}*"))
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn beginnings_are_offered_for_words_alone() {
        assert_eq!(beginning("remem").as_deref(), Some("remem*"));
        for query in ["", "pay*", "two words", "青河", "kind:message"] {
            assert_eq!(beginning(query), None, "{query}");
        }
    }
}
