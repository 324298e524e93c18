//! Regular expressions between slashes.

use super::{Lexer, narrow};
use crate::query::error::{ErrorKind, QueryError};
use crate::query::tree::{Kind, Regex};

impl Lexer<'_> {
    pub(super) fn regex(&mut self) -> Result<Kind, QueryError> {
        let start = self.at;
        self.bump();
        let mut pattern = String::new();
        loop {
            match self.bump() {
                None => {
                    self.at = self.word_end(start);
                    return Err(self.quote_it(ErrorKind::UnclosedRegex, self.span(start)));
                }
                Some('/') => break,
                Some('\\') if self.peek() == Some('/') => {
                    self.bump();
                    pattern.push('/');
                }
                Some('\\') => {
                    pattern.push('\\');
                    pattern.extend(self.bump());
                }
                Some(c) => pattern.push(c),
            }
        }
        let closed = self.at;
        while self.peek().is_some_and(|c| !c.is_whitespace() && !matches!(narrow(c), '(' | ')')) {
            self.bump();
        }
        let span = self.span(start);
        let flags = self.text.get(closed..self.at).unwrap_or_default();
        let mut regex = Regex { pattern, ignore_case: false, multi_line: false, dot_all: false };
        for flag in flags.chars() {
            match flag {
                'i' => regex.ignore_case = true,
                'm' => regex.multi_line = true,
                's' => regex.dot_all = true,
                _ => return Err(self.quote_it(ErrorKind::RegexFlag(flags.to_owned()), span)),
            }
        }
        if regex.pattern.is_empty() {
            return Err(self.quote_it(ErrorKind::EmptyRegex, span));
        }
        match regex.compile() {
            Err(error) => {
                let text = error.to_string();
                let last = text.lines().next_back().unwrap_or_default();
                let why = last.trim_start_matches("error:").trim().to_owned();
                Err(self.quote_it(ErrorKind::BadRegex(why), span))
            }
            Ok(machine) if machine.is_match("") => {
                Err(self.error(ErrorKind::RegexMatchesEverything, span))
            }
            Ok(_) => Ok(Kind::Regex(regex)),
        }
    }
}
