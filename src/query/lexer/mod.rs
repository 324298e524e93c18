//! Text to tokens. Everything that depends on single characters is decided here: which token begins,
//! in `quote.rs`, `regex.rs` and `word.rs` where it ends, in `field.rs` what stands behind a colon.

mod field;
mod quote;
mod regex;
mod word;

use super::error::{ErrorKind, QueryError};
use super::print::quoted;
use super::tree::{Kind, Span};
use quote::closers;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    And,
    Or,
    /// `NOT` or a hyphen before a word.
    Not,
    Near(u32),
    Atom(Kind),
}

/// The ASCII form of a full-width character, so that what an input method produces is understood.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

fn narrowed(text: &str) -> String {
    text.chars().map(narrow).collect()
}

/// All tokens of `text`.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Span)>, QueryError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next_token()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer<'a> {
    text: &'a str,
    /// Byte position of the next character.
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.bump();
        }
    }

    fn span(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    fn error(&self, kind: ErrorKind, span: Span) -> QueryError {
        QueryError::new(kind, span, self.text)
    }

    /// An error whose repair is to search for the characters as they stand.
    fn quote_it(&self, kind: ErrorKind, span: Span) -> QueryError {
        let text = self.text.get(span.start..span.end).unwrap_or_default();
        self.error(kind, span).replace(span, "to find these characters", &quoted(text))
    }

    fn next_token(&mut self) -> Result<Option<(Token, Span)>, QueryError> {
        let before = self.at;
        self.skip_space();
        let start = self.at;
        let Some(c) = self.peek() else { return Ok(None) };
        // Where an operator may begin: not glued to a word or a phrase.
        let previous = self.text.get(..start).and_then(|text| text.chars().next_back());
        let free = before < start || previous.is_none_or(|c| narrow(c) == '(');
        let signed = previous.is_some_and(|c| narrow(c) == '-');
        let token = match narrow(c) {
            '(' => {
                self.bump();
                Token::Open
            }
            ')' => {
                self.bump();
                Token::Close
            }
            _ if closers(c).is_some() => {
                let text = self.quote()?;
                Token::Atom(self.phrase(text, start)?)
            }
            '\u{2018}' if (free || signed) && self.single_quoted().is_some() => {
                let text = self.single_quoted().unwrap_or_default().to_owned();
                self.at += '\u{2018}'.len_utf8() + text.len() + '\u{2019}'.len_utf8();
                Token::Atom(self.phrase(text.trim().to_owned(), start)?)
            }
            '-' if free => {
                self.hyphen()?;
                Token::Not
            }
            '/' if free || signed => Token::Atom(self.regex()?),
            _ => self.word()?,
        };
        Ok(Some((token, self.span(start))))
    }

    fn hyphen(&mut self) -> Result<(), QueryError> {
        let start = self.at;
        self.bump();
        match self.peek().map(narrow) {
            None | Some(')') => Err(self.lone_hyphen(start)),
            Some(c) if c.is_whitespace() => Err(self.lone_hyphen(start)),
            Some('-') => {
                self.at = self.word_end(start);
                Err(self.quote_it(ErrorKind::DoubleHyphen, self.span(start)))
            }
            Some(_) => Ok(()),
        }
    }

    fn lone_hyphen(&self, start: usize) -> QueryError {
        let after = self.rest().len() - self.rest().trim_start().len();
        let span = self.span(start);
        self.error(ErrorKind::LoneHyphen, span).replace(
            Span::new(start, self.at + after),
            "without it",
            "",
        )
    }
}
