//! Quotes of all kinds, and what may follow one.

use super::{Lexer, narrow, narrowed};
use crate::query::error::{ErrorKind, QueryError};
use crate::query::tree::{Kind, Span};

/// The characters that close a quote, where `c` opens one.
pub(super) fn closers(c: char) -> Option<&'static [char]> {
    match c {
        '"' => Some(&['"']),
        '＂' => Some(&['＂', '"']),
        '“' | '”' | '„' => Some(&['”', '“', '"']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        '«' => Some(&['»']),
        _ => None,
    }
}

impl<'a> Lexer<'a> {
    /// What stands between the `‘` at the position and the `’` that closes it. Any other than one
    /// at the edge of a word is an apostrophe.
    pub(super) fn single_quoted(&self) -> Option<&'a str> {
        let inner = self.rest().strip_prefix('\u{2018}')?;
        let is_edge = |c: char| !c.is_alphanumeric() || c >= '\u{2e80}';
        let closes = |at: &usize| {
            let after = inner.get(at + '\u{2019}'.len_utf8()..).unwrap_or_default();
            after.chars().next().is_none_or(is_edge)
        };
        let close = inner.match_indices('\u{2019}').map(|found| found.0).find(closes)?;
        inner.get(..close).filter(|text| !text.trim().is_empty())
    }

    /// A phrase that began at `start`, from behind its closing quote on.
    pub(super) fn phrase(&mut self, text: String, start: usize) -> Result<Kind, QueryError> {
        let end = self.at;
        match self.peek().map(narrow) {
            Some('*') => {
                self.bump();
                Ok(Kind::Prefix(text))
            }
            Some('~') if self.rest().chars().nth(1).is_some_and(|c| narrow(c).is_ascii_digit()) => {
                self.bump();
                while self.peek().is_some_and(|c| narrow(c).is_ascii_digit()) {
                    self.bump();
                }
                let distance = narrowed(self.text.get(end..self.at).unwrap_or_default());
                self.fuzzy(text, distance.get(1..).unwrap_or_default(), self.span(start))
            }
            _ => Ok(Kind::Text(text)),
        }
    }

    /// What stands between the quote at the position and its end; `\"` is a quote, `\\` one
    /// backslash, any other backslash is itself.
    pub(super) fn quote(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        let closers = self.bump().and_then(closers).unwrap_or_default();
        let mut text = String::new();
        loop {
            match self.bump() {
                None => {
                    let fix = format!("{}\"", self.text.trim_end());
                    return Err(self.error(ErrorKind::UnclosedQuote, self.span(start)).replace(
                        Span::new(0, self.text.len()),
                        "closed at the end",
                        &fix,
                    ));
                }
                Some(c) if closers.contains(&c) => break,
                Some('\\') => match self.peek() {
                    Some(c) if c == '\\' || closers.contains(&c) => {
                        self.bump();
                        text.push(c);
                    }
                    _ => text.push('\\'),
                },
                Some(c) => text.push(c),
            }
        }
        if text.trim().is_empty() {
            return Err(self.error(ErrorKind::EmptyPhrase, self.span(start)));
        }
        Ok(text.trim().to_owned())
    }
}
