//! What is looked for in a text: the compiled form of a word, a phrase, a prefix or a misspelt
//! word, over the tokens of `text::token`. The index and the highlighter both run it.

/// Something to look for. Made from what a person typed; searching it is exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needle {
    /// This text, at word edges in scripts that have words (see `text::token`).
    Literal(String),
    /// This text, whose last word may go on (`pay*`).
    Prefix(String),
    /// This word with at most so many characters different (1 or 2).
    Fuzzy(String, u8),
}

impl Needle {
    /// A literal; `None` if there is nothing in it to be found (blanks alone).
    pub fn literal(text: &str) -> Option<Needle> {
        (!text.trim().is_empty()).then(|| Needle::Literal(text.to_owned()))
    }

    /// A literal whose last word may go on.
    pub fn prefix(text: &str) -> Option<Needle> {
        (!text.trim().is_empty()).then(|| Needle::Prefix(text.to_owned()))
    }

    /// A word with at most `distance` (1 or 2) characters inserted, left out or replaced; in
    /// scripts written without spaces, replaced only. `None` if the text is not one word.
    pub fn fuzzy(text: &str, distance: u8) -> Option<Needle> {
        (!text.trim().is_empty()).then(|| Needle::Fuzzy(text.to_owned(), distance))
    }
}
