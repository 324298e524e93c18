//! Titles of notes as a person reads them: what they name by a number stands there by its words.

use super::{Case, CaseError};
use crate::model::note::{BRACKETS, claim, named, title_line};
use crate::model::{ItemId, NoteId};
use crate::store::StoreError;

/// Characters of what stands for a reference in a title.
const SHORT: usize = 40;

impl Case {
    pub(super) fn first_line_of(&self, id: NoteId) -> Result<String, CaseError> {
        let texts = self.store.note_texts(id)?;
        let text = texts.first().ok_or(StoreError::NoSuchItem(id.to_string()))?;
        Ok(title_line(&text.text).to_owned())
    }

    /// What stands for something that a title names.
    fn words_for(&self, item: ItemId) -> Result<String, CaseError> {
        match item {
            ItemId::Message(id) => Ok(format!("“{}”", self.store.found_message(id)?.text)),
            // Two notes may name each other.
            ItemId::Note(id) => self.first_line_of(id),
            item => self.line_about(item),
        }
    }

    /// A line of a note as a person reads it: in the place of `[[A2]]` the quote, of `[[D17]]` the
    /// name, of `[[M881]]` what was said. What is not in this case stays as it stands. What a line
    /// cites before it says anything is left out: the claim is its title, not the quote.
    pub fn readable(&self, line: &str) -> Result<String, CaseError> {
        let line = claim(line);
        let mut said = String::with_capacity(line.len());
        let mut at = 0;
        for (range, item) in named(line) {
            let words = match self.words_for(item) {
                Ok(words) => words,
                Err(error) if error.is_no_such_item() => continue,
                Err(error) => return Err(error),
            };
            said.push_str(&line[at..range.start - BRACKETS]);
            said.push_str(&short(&words));
            at = range.end + BRACKETS;
        }
        said.push_str(&line[at..]);
        Ok(said)
    }
}

/// On one line and cut, with its closing quotation mark.
fn short(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(SHORT) {
        None => words,
        Some((end, _)) if words.ends_with('”') => format!("{}…”", &words[..end]),
        Some((end, _)) => format!("{}…", &words[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::NoteFilter;
    use crate::case::testing::{draft, with_documents};

    #[test]
    fn titles_are_read_with_what_they_name() {
        let (_dir, case) = with_documents(&[1]);
        case.save_note(&draft("# what [[D1]] says\nand more")).unwrap();
        let check = |line: &str, expected: &str| {
            assert_eq!(case.readable(line).unwrap(), expected, "{line}");
        };
        check("see [[D1]], [[D1]]", "see 1.txt, 1.txt");
        // What a note names is not looked up once more: two may name each other.
        check("after [[N1]]", "after # what [[D1]] says");
        check("see [[M9]], and [[D1 is none", "see [[M9]], and [[D1 is none");
        check("[[M9]] [[A?7]]：韩锐签了95%", "韩锐签了95%");
        check("[[D1]] says so", "1.txt says so");
        check("[[M9]]", "[[M9]]");
        assert_eq!(case.line_about(ItemId::Note(NoteId(1))).unwrap(), "# what 1.txt says");
        let (_, page) = case.note_page(NoteFilter::default(), 0..9).unwrap();
        assert_eq!(page[0].row.title, "# what 1.txt says");
    }

    #[test]
    fn what_stands_for_a_reference_is_short() {
        assert_eq!(short("“a  b\nc”"), "“a b c”");
        assert_eq!(short(&format!("“{}”", "付".repeat(60))), format!("“{}…”", "付".repeat(39)));
        assert_eq!(short(&"x".repeat(41)), format!("{}…", "x".repeat(40)));
    }
}
