//! Tokens to tree: NOT binds tighter than AND, AND tighter than OR, NEAR tighter than all.

use super::error::{ErrorKind, Fix, QueryError};
use super::lexer::{Token, tokens};
use super::print::quoted;
use super::tree::{Kind, Node, Span};

/// Parentheses and NOTs inside each other; no honest query comes near it.
const DEPTH: usize = 64;
/// Bytes of a query; a list of some thousand names still fits.
const LENGTH: usize = 64 * 1024;

/// The tree of `text`; `None` for blank text. The repair that an error offers is itself a query
/// that can be understood: where repairing one place shows another, that one is repaired too.
pub(super) fn parse(text: &str) -> Result<Option<Node>, QueryError> {
    const REPAIRS: usize = 8;
    let mut error = match parse_once(text) {
        Ok(root) => return Ok(root),
        Err(error) => error,
    };
    for _ in 0..REPAIRS {
        let Some(fix) = &error.fix else { return Err(error) };
        match parse_once(&fix.query) {
            Ok(_) => return Err(error),
            Err(next) => {
                let what = fix.what;
                error.fix = next.fix.map(|next| Fix { what, query: next.query });
            }
        }
    }
    error.fix = None;
    Err(error)
}

fn parse_once(text: &str) -> Result<Option<Node>, QueryError> {
    if text.len() > LENGTH {
        let kind = ErrorKind::TooLong(text.len(), LENGTH);
        let shown: String = text.chars().take(60).collect();
        return Err(QueryError::new(kind, Span::new(0, shown.len()), &shown));
    }
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut parser = Parser { text, tokens, next: 0, depth: 0 };
    let root = parser.or()?;
    match parser.peek() {
        None => Ok(Some(root)),
        // `or` stops only at the end or at a parenthesis.
        Some((_, span)) => Err(parser.error(ErrorKind::UnopenedParenthesis, *span).replace(
            *span,
            "without it",
            "",
        )),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(Token, Span)>,
    next: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&(Token, Span)> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Option<(Token, Span)> {
        let token = self.tokens.get(self.next).cloned();
        self.next += 1;
        token
    }

    fn eat(&mut self, wanted: &Token) -> Option<Span> {
        let span = self.peek().filter(|(token, _)| token == wanted).map(|(_, span)| *span)?;
        self.next += 1;
        Some(span)
    }

    fn error(&self, kind: ErrorKind, span: Span) -> QueryError {
        QueryError::new(kind, span, self.text)
    }

    /// An operator without one of its sides; the repair takes it as a word.
    fn lacking(&self, kind: ErrorKind, span: Span) -> QueryError {
        let word = self.text.get(span.start..span.end).unwrap_or_default();
        self.error(kind, span).replace(span, "to find the word itself", &quoted(word))
    }

    fn or(&mut self) -> Result<Node, QueryError> {
        let first = self.and()?;
        let mut parts = Vec::new();
        while let Some(span) = self.eat(&Token::Or) {
            self.expect_operand("OR", span)?;
            parts.push(self.and()?);
        }
        Ok(first.or_any(parts))
    }

    fn and(&mut self) -> Result<Node, QueryError> {
        let first = self.unary()?;
        let mut parts = Vec::new();
        loop {
            match self.peek() {
                Some((Token::And, span)) => {
                    let span = *span;
                    self.next += 1;
                    self.expect_operand("AND", span)?;
                    parts.push(self.unary()?);
                }
                Some((Token::Open | Token::Not | Token::Atom(_), _)) => parts.push(self.unary()?),
                Some((Token::Near(_), span)) => {
                    // `near` takes the first; here stands a second one.
                    return Err(self.error(ErrorKind::NearChain, *span));
                }
                Some((Token::Or | Token::Close, _)) | None => break,
            }
        }
        Ok(first.and_all(parts))
    }

    /// After an operator something must follow that can be its operand.
    fn expect_operand(&self, operator: &'static str, span: Span) -> Result<(), QueryError> {
        match self.peek() {
            Some((Token::Open | Token::Not | Token::Atom(_), _)) => Ok(()),
            _ => Err(self.lacking(ErrorKind::NothingAfter(operator), span)),
        }
    }

    fn deeper<T>(
        &mut self,
        span: Span,
        inner: impl FnOnce(&mut Self) -> Result<T, QueryError>,
    ) -> Result<T, QueryError> {
        if self.depth >= DEPTH {
            return Err(self.error(ErrorKind::TooDeep, span));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn unary(&mut self) -> Result<Node, QueryError> {
        let Some(span) = self.eat(&Token::Not) else { return self.near() };
        self.expect_operand("NOT", span)?;
        let inner = self.deeper(span, Self::unary)?;
        let whole = span.to(inner.span);
        Ok(Node::at(Kind::Not(Box::new(inner)), whole))
    }

    fn near(&mut self) -> Result<Node, QueryError> {
        let left = self.atom()?;
        let Some((Token::Near(distance), span)) = self.peek().cloned() else { return Ok(left) };
        self.next += 1;
        match self.peek() {
            Some((Token::Open | Token::Atom(_), _)) => {}
            _ => return Err(self.lacking(ErrorKind::NothingAfter("NEAR"), span)),
        }
        let right = self.atom()?;
        for side in [&left, &right] {
            if !can_be_near(&side.kind) {
                return Err(self.error(ErrorKind::NearOperand, side.span));
            }
        }
        if let Some((Token::Near(_), again)) = self.peek() {
            let pair = |span: Span| self.text.get(span.start..span.end).unwrap_or_default();
            let fix = format!(" AND {} {}", pair(right.span), pair(*again));
            return Err(self.error(ErrorKind::NearChain, *again).replace(
                *again,
                "as pairs",
                fix.trim(),
            ));
        }
        let whole = left.span.to(right.span);
        let (left, right) = (Box::new(left), Box::new(right));
        Ok(Node::at(Kind::Near { left, right, distance }, whole))
    }

    fn atom(&mut self) -> Result<Node, QueryError> {
        let end = Span::new(self.text.trim_end().len(), self.text.trim_end().len());
        match self.take() {
            Some((Token::Atom(kind), span)) => Ok(Node::at(kind, span)),
            Some((Token::Open, span)) => self.group(span),
            Some((Token::And, span)) => Err(self.lacking(ErrorKind::NothingBefore("AND"), span)),
            Some((Token::Or, span)) => Err(self.lacking(ErrorKind::NothingBefore("OR"), span)),
            Some((Token::Near(_), span)) => {
                Err(self.lacking(ErrorKind::NothingBefore("NEAR"), span))
            }
            // `unary` takes every NOT, and operators look before they call.
            Some((Token::Not, span)) => Err(self.lacking(ErrorKind::NothingAfter("NOT"), span)),
            Some((Token::Close, span)) => Err(self
                .error(ErrorKind::UnopenedParenthesis, span)
                .replace(span, "without it", "")),
            None => Err(self.error(ErrorKind::EmptyGroup, end)),
        }
    }

    fn group(&mut self, open: Span) -> Result<Node, QueryError> {
        if let Some(close) = self.eat(&Token::Close) {
            let span = open.to(close);
            return Err(self.error(ErrorKind::EmptyGroup, span).replace(span, "without it", ""));
        }
        if self.peek().is_none() {
            return Err(self.unclosed(open));
        }
        let mut inner = self.deeper(open, Self::or)?;
        match self.eat(&Token::Close) {
            Some(close) => {
                inner.span = open.to(close);
                Ok(inner)
            }
            None => Err(self.unclosed(open)),
        }
    }

    fn unclosed(&self, open: Span) -> QueryError {
        let fix = format!("{})", self.text.trim_end());
        self.error(ErrorKind::UnclosedParenthesis, open).replace(
            Span::new(0, self.text.len()),
            "closed at the end",
            &fix,
        )
    }
}

/// Text of some kind, or a choice between texts.
pub(super) fn can_be_near(kind: &Kind) -> bool {
    match kind {
        Kind::Text(_) | Kind::Prefix(_) | Kind::Fuzzy { .. } => true,
        Kind::Or(parts) => parts
            .iter()
            .all(|part| matches!(part.kind, Kind::Text(_) | Kind::Prefix(_) | Kind::Fuzzy { .. })),
        _ => false,
    }
}
