//! Words: where one ends, and whether it is an operator, a field or text.

use super::quote::closers;
use super::{Lexer, Token, narrow, narrowed};
use crate::query::error::{ErrorKind, QueryError};
use crate::query::tree::{Kind, Span};

impl Lexer<'_> {
    /// Where the run of characters without space or quote from `start` ends.
    pub(super) fn word_end(&self, start: usize) -> usize {
        let rest = self.text.get(start..).unwrap_or_default();
        rest.find(char::is_whitespace).map_or(self.text.len(), |length| start + length)
    }

    /// Passes the parenthesis at the position and all up to the one that closes it, where that
    /// stands in the same word. False (and nothing passed) where it does not.
    pub(super) fn inner_parenthesis(&mut self) -> bool {
        let mut depth = 0usize;
        for (offset, c) in self.rest().char_indices() {
            match narrow(c) {
                _ if c.is_whitespace() || closers(c).is_some() => return false,
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                self.at += offset + c.len_utf8();
                return true;
            }
        }
        false
    }

    pub(super) fn word(&mut self) -> Result<Token, QueryError> {
        let start = self.at;
        while let Some(c) = self.peek() {
            let so_far = self.text.get(start..self.at).unwrap_or_default();
            match narrow(c) {
                ')' => break,
                _ if c.is_whitespace() || closers(c).is_some() => break,
                '(' if operator(so_far).is_some() => break,
                '(' if !self.inner_parenthesis() => {
                    self.at = self.word_end(start);
                    let fix = format!(
                        "{so_far} {}",
                        self.text.get(start + so_far.len()..self.at).unwrap_or_default()
                    );
                    let span = self.span(start);
                    return Err(self.error(ErrorKind::ParenthesisInWord, span).replace(
                        span,
                        "with a space, as a group",
                        &fix,
                    ));
                }
                '(' => {}
                ':' if is_name(so_far) => {
                    if let Some(filter) = self.field(start, so_far)? {
                        return Ok(Token::Atom(Kind::Filter(filter)));
                    }
                }
                _ => {
                    self.bump();
                }
            }
        }
        let span = self.span(start);
        let word = self.text.get(start..self.at).unwrap_or_default();
        match operator(word) {
            Some(Ok(token)) => Ok(token),
            Some(Err(())) => Err(self.error(ErrorKind::NearDistance, span).replace(
                span,
                "for example",
                "NEAR/10",
            )),
            None => match foreign(word) {
                Some((what, ours)) => {
                    let kind = ErrorKind::ForeignOperator(word.to_owned());
                    Err(self.error(kind, span).replace(span, what, ours))
                }
                None => self.plain(word, span).map(Token::Atom),
            },
        }
    }

    /// A word with its `*` or `~1`.
    fn plain(&self, word: &str, span: Span) -> Result<Kind, QueryError> {
        let narrow_word = narrowed(word);
        if let Some(head) = word.strip_suffix(['*', '＊']) {
            return match head {
                "" => Err(self.quote_it(ErrorKind::BareStar, span)),
                head if head.contains(['*', '＊']) => {
                    Err(self.quote_it(ErrorKind::StarInside, span))
                }
                head => Ok(Kind::Prefix(head.to_owned())),
            };
        }
        if narrow_word.contains('*') {
            return Err(self.quote_it(ErrorKind::StarInside, span));
        }
        if let Some((head, tail)) = word.rsplit_once(['~', '～']) {
            let digits = narrowed(tail);
            if !head.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
                return self.fuzzy(head.to_owned(), &digits, span);
            }
        }
        Ok(Kind::Text(word.to_owned()))
    }

    pub(super) fn fuzzy(&self, word: String, digits: &str, span: Span) -> Result<Kind, QueryError> {
        let distance = match digits {
            "1" => 1,
            "2" => 2,
            _ => return Err(self.quote_it(ErrorKind::FuzzyDistance, span)),
        };
        if word.contains(char::is_whitespace) {
            return Err(self.error(ErrorKind::FuzzyPhrase, span));
        }
        if word.chars().count() < 2 * usize::from(distance) {
            return Err(self.error(ErrorKind::FuzzyShort(distance), span));
        }
        Ok(Kind::Fuzzy { word, distance })
    }
}

/// Could be the name of a field.
fn is_name(text: &str) -> bool {
    let text = narrowed(text);
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// The operator that a word is; `Some(Err)` for a NEAR without a good distance. Only upper case:
/// `and` is a word.
pub(super) fn operator(word: &str) -> Option<Result<Token, ()>> {
    let word = narrowed(word);
    match word.as_str() {
        "AND" => Some(Ok(Token::And)),
        "OR" => Some(Ok(Token::Or)),
        "NOT" => Some(Ok(Token::Not)),
        "NEAR" => Some(Err(())),
        _ => {
            let distance = word.strip_prefix("NEAR/")?;
            let distance = distance.parse().ok().filter(|n| (1..=1000).contains(n));
            Some(distance.map(Token::Near).ok_or(()))
        }
    }
}

/// What other query languages write for an operator, and ours.
fn foreign(word: &str) -> Option<(&'static str, &'static str)> {
    match narrowed(word).as_str() {
        "|" | "||" => Some(("for either", "OR")),
        "&" | "&&" | "+" => Some(("for both", "AND")),
        _ => None,
    }
}
