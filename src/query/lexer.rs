//! Text to tokens. Everything that depends on single characters is decided here.

use super::error::{ErrorKind, QueryError, nearest};
use super::field::{Field, Takes, Value};
use super::print::quoted;
use super::tree::{Filter, Kind, Regex, Span};
use super::value::{self, Bad};

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

/// The characters that close a quote, where `c` opens one.
fn closers(c: char) -> Option<&'static [char]> {
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

    // ---- phrases -------------------------------------------------------------------------------

    /// What stands between the `‘` at the position and the `’` that closes it. Any other than one
    /// at the edge of a word is an apostrophe.
    fn single_quoted(&self) -> Option<&'a str> {
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
    fn phrase(&mut self, text: String, start: usize) -> Result<Kind, QueryError> {
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
    fn quote(&mut self) -> Result<String, QueryError> {
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

    // ---- regular expressions ---------------------------------------------------------------------

    fn regex(&mut self) -> Result<Kind, QueryError> {
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

    // ---- words ---------------------------------------------------------------------------------

    /// Where the run of characters without space or quote from `start` ends.
    fn word_end(&self, start: usize) -> usize {
        let rest = self.text.get(start..).unwrap_or_default();
        rest.find(char::is_whitespace).map_or(self.text.len(), |length| start + length)
    }

    /// Passes the parenthesis at the position and all up to the one that closes it, where that
    /// stands in the same word. False (and nothing passed) where it does not.
    fn inner_parenthesis(&mut self) -> bool {
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

    fn word(&mut self) -> Result<Token, QueryError> {
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

    fn fuzzy(&self, word: String, digits: &str, span: Span) -> Result<Kind, QueryError> {
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

    // ---- fields --------------------------------------------------------------------------------

    /// Reads `name:value` from the colon on. `None`, with the colon passed, where it is text.
    fn field(&mut self, start: usize, name: &str) -> Result<Option<Filter>, QueryError> {
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

/// Could be the name of a field.
fn is_name(text: &str) -> bool {
    let text = narrowed(text);
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// The operator that a word is; `Some(Err)` for a NEAR without a good distance. Only upper case:
/// `and` is a word.
/// What other query languages write for an operator, and ours.
fn foreign(word: &str) -> Option<(&'static str, &'static str)> {
    match narrowed(word).as_str() {
        "|" | "||" => Some(("for either", "OR")),
        "&" | "&&" | "+" => Some(("for both", "AND")),
        _ => None,
    }
}

fn operator(word: &str) -> Option<Result<Token, ()>> {
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
