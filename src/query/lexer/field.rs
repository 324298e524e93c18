//! `name:value` and `name:(value value)`.

use super::quote::closers;
use super::word::operator;
use super::{Lexer, Token, narrow, narrowed};
use crate::query::error::{ErrorKind, QueryError, nearest};
use crate::query::field::{Field, Takes, Value};
use crate::query::print::quoted;
use crate::query::tree::{Filter, Span};
use crate::query::value::{self, Bad};

impl Lexer<'_> {
    /// Reads `name:value` from the colon on. `None`, with the colon passed, where it is text.
    pub(super) fn field(&mut self, start: usize, name: &str) -> Result<Option<Filter>, QueryError> {
        let name_span = self.span(start);
        self.bump();
        let typed = narrowed(name).to_ascii_lowercase();
        let Some(field) = Field::from_name(&typed) else {
            // An address, a drive or a path of a program: `http://`, `C:\`, `std::vec`, `fe80::1`.
            if self.rest().starts_with("//") || self.rest().starts_with(['\\', ':']) {
                return Ok(None);
            }
            let error = self.error(ErrorKind::UnknownField(name.to_owned()), name_span);
            if let Some(near) = nearest(&typed, Field::ALL.iter().map(|field| field.name())) {
                return Err(error.replace(name_span, "did you mean", near));
            }
            let span = Span::new(start, self.word_end(start));
            let text = self.text.get(span.start..span.end).unwrap_or_default();
            return Err(error.replace(span, "to find these characters", &quoted(text)));
        };
        let values = match self.peek() {
            None => return Err(self.missing(field, start)),
            Some(c) if c.is_whitespace() || narrow(c) == ')' => {
                return Err(self.missing(field, start));
            }
            Some(c) if narrow(c) == '(' => self.list(field)?,
            Some(_) => vec![self.value(field, false)?],
        };
        Ok(Some(Filter { field, values }))
    }

    fn missing(&self, field: Field, start: usize) -> QueryError {
        let error = self.error(ErrorKind::MissingValue(field), self.span(start));
        let space = self.rest().len() - self.rest().trim_start().len();
        let next = self.rest().trim_start().chars().next().map(narrow);
        if space > 0 && next.is_some_and(|c| c != ')') {
            error.replace(Span::new(self.at, self.at + space), "without the space", "")
        } else {
            error.replace(self.span(start), "for example", field.example())
        }
    }

    fn list(&mut self, field: Field) -> Result<Vec<Value>, QueryError> {
        let start = self.at;
        self.bump();
        let mut values: Vec<Value> = Vec::new();
        loop {
            while self.peek().is_some_and(|c| c.is_whitespace() || separates(c)) {
                self.bump();
            }
            let at = self.at;
            match self.peek().map(narrow) {
                None => {
                    let fix = format!("{})", self.text.trim_end());
                    return Err(self
                        .error(ErrorKind::UnclosedParenthesis, Span::new(start, start + 1))
                        .replace(Span::new(0, self.text.len()), "closed at the end", &fix));
                }
                Some(')') => break,
                Some('(' | '-') => {
                    let sign = self.bump().map(String::from).unwrap_or_default();
                    return Err(self.error(ErrorKind::ListOperator(sign), self.span(at)));
                }
                Some(_) => {}
            }
            let word =
                self.rest().split(|c: char| c.is_whitespace() || matches!(narrow(c), '(' | ')'));
            let word = word.into_iter().next().unwrap_or_default();
            match operator(word) {
                Some(Ok(Token::Or)) => self.at += word.len(),
                Some(_) => {
                    let span = Span::new(at, at + word.len());
                    return Err(self.error(ErrorKind::ListOperator(word.to_owned()), span));
                }
                None => {
                    let value = self.value(field, true)?;
                    if !values.contains(&value) {
                        values.push(value);
                    }
                }
            }
        }
        self.bump();
        if values.is_empty() {
            return Err(self.error(ErrorKind::EmptyGroup, self.span(start)));
        }
        Ok(values)
    }

    /// One value, bare or quoted.
    fn value(&mut self, field: Field, in_list: bool) -> Result<Value, QueryError> {
        let start = self.at;
        if self.peek().is_some_and(|c| closers(c).is_some()) {
            let text = self.quote()?;
            return self.typed(field, &text, true, self.span(start));
        }
        while let Some(c) = self.peek() {
            let digits_follow = self.rest().chars().nth(1).is_some_and(|c| c.is_ascii_digit());
            let comma = separates(c) && !(field.takes() == Takes::Amount && digits_follow);
            match narrow(c) {
                _ if c.is_whitespace() || (in_list && comma) => break,
                _ if closers(c).is_some() => break,
                ')' => break,
                '(' if !self.inner_parenthesis() => {
                    let span = Span::new(start, self.word_end(start));
                    return Err(self.quote_it(ErrorKind::ParenthesisInWord, span));
                }
                '(' => {}
                _ => {
                    self.bump();
                }
            }
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        self.typed(field, text, false, self.span(start))
    }

    fn typed(
        &self,
        field: Field,
        text: &str,
        quoted: bool,
        span: Span,
    ) -> Result<Value, QueryError> {
        let plain = narrowed(text);
        let bad = |bad: Bad| {
            let kind = match bad {
                Bad::Form => ErrorKind::BadValue { field, value: text.to_owned() },
                Bad::Inverted => ErrorKind::InvertedRange,
                Bad::Inexact => ErrorKind::InexactSize,
            };
            let error = self.error(kind, span);
            match (bad, plain.split_once("..")) {
                (Bad::Inverted, Some((from, to))) => {
                    error.replace(span, "the other way round", &format!("{to}..{from}"))
                }
                (Bad::Inexact, _) => error.replace(span, "for example", &format!(">={plain}")),
                _ => error,
            }
        };
        match field.takes() {
            Takes::Text if !quoted && text.contains(['*', '＊']) => {
                let pattern = text.replace('＊', "*");
                if pattern.chars().all(|c| c == '*') {
                    return Err(self.error(ErrorKind::BareStar, span));
                }
                Ok(Value::Pattern(pattern))
            }
            Takes::Text => Ok(Value::Text(text.to_owned())),
            Takes::Words => {
                let word = plain.to_lowercase().replace('-', "_");
                field.word(&word).ok_or_else(|| {
                    let error =
                        self.error(ErrorKind::UnknownValue { field, value: text.to_owned() }, span);
                    match nearest(&word, field.words()) {
                        Some(near) => error.replace(span, "did you mean", near),
                        None => error,
                    }
                })
            }
            Takes::Size => value::size(&plain).map(Value::Size).map_err(bad),
            Takes::Date => value::date(&plain).map(Value::Date).map_err(bad),
            Takes::Amount => value::amount(&plain).map(Value::Amount).map_err(bad),
        }
    }
}

/// Commas between the values of a list.
fn separates(c: char) -> bool {
    matches!(c, ',' | '，' | '、')
}
