//! What is wrong with a query, where, and what to write instead.

use super::field::Field;
use super::tree::Span;
use std::fmt;
use unicode_width::UnicodeWidthChar;

/// A query that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    pub kind: ErrorKind,
    /// Where in `query`, in bytes.
    pub span: Span,
    /// The query as it was typed.
    pub query: String,
    /// A repaired query, where one can be offered.
    pub fix: Option<Fix>,
}

/// A repaired query and the words that introduce it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub what: &'static str,
    pub query: String,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ErrorKind {
    #[error("this quote is never closed")]
    UnclosedQuote,
    #[error("there is nothing between these quotes")]
    EmptyPhrase,
    #[error("this parenthesis is never closed")]
    UnclosedParenthesis,
    #[error("this parenthesis closes nothing")]
    UnopenedParenthesis,
    #[error("a parenthesis inside a word is never closed")]
    ParenthesisInWord,
    #[error("there is nothing between these parentheses")]
    EmptyGroup,
    #[error("{0} needs something before it")]
    NothingBefore(&'static str),
    #[error("{0} needs something after it")]
    NothingAfter(&'static str),
    #[error("a hyphen alone finds nothing; directly before a word it excludes the word")]
    LoneHyphen,
    #[error("{0} is no operator here; in quotes it is searched for")]
    ForeignOperator(String),
    #[error("two hyphens before a word would exclude it twice")]
    DoubleHyphen,
    #[error("* needs the beginning of a word before it")]
    BareStar,
    #[error("* stands only at the end of a word; insides are found by /regular expressions/")]
    StarInside,
    #[error("~ needs a distance, 1 or 2")]
    FuzzyDistance,
    #[error("~ is for one word, not for a phrase; NEAR/5 finds words close to each other")]
    FuzzyPhrase,
    #[error("this word is too short: at distance {0} nearly everything would be like it")]
    FuzzyShort(u8),
    #[error("NEAR needs a distance from 1 to 1000")]
    NearDistance,
    #[error("NEAR joins words and phrases, and groups of them with OR")]
    NearOperand,
    #[error("NEAR joins two things; for three join the pairs with AND")]
    NearChain,
    #[error("this regular expression is never closed")]
    UnclosedRegex,
    #[error("there is nothing between these slashes")]
    EmptyRegex,
    #[error("{0:?} is no flag of a regular expression; there are i, m and s")]
    RegexFlag(String),
    #[error("this regular expression cannot be read: {0}")]
    BadRegex(String),
    #[error("this regular expression fits the empty text, and so everything")]
    RegexMatchesEverything,
    #[error("there is no field {0:?}")]
    UnknownField(String),
    #[error("{}: needs a value directly after the colon", .0.name())]
    MissingValue(Field),
    #[error("a list of values means any of them; {0} cannot stand in it")]
    ListOperator(String),
    #[error("{}: has no value {value:?}; there are {}", .field.name(), .field.words().join(", "))]
    UnknownValue { field: Field, value: String },
    #[error("{value:?} is not a value of {}:, which is written like {}", .field.name(), forms(*.field))]
    BadValue { field: Field, value: String },
    #[error("this range ends before it begins")]
    InvertedRange,
    #[error("nearly no file has exactly this size")]
    InexactSize,
    #[error("this query is nested too deeply")]
    TooDeep,
    #[error("this query is too long: {0} bytes, {1} are allowed")]
    TooLong(usize, usize),
    /// The query is well formed, but this case cannot answer it.
    #[error("{0}")]
    Unanswerable(String),
}

fn forms(field: Field) -> &'static str {
    match field {
        Field::Date => "2022, 2022-03, 2022-03-05, 2022-01..2022-06, >=2022 or none",
        Field::Size => "10K..2M, >1M, <=500K or 0",
        Field::Amount => "10万..50万, >=100万, >$5000 or <20MUSD",
        _ => field.example(),
    }
}

impl QueryError {
    pub fn new(kind: ErrorKind, span: Span, query: &str) -> QueryError {
        QueryError { kind, span, query: query.to_owned(), fix: None }
    }

    /// Offers the query with `span` replaced by `text`.
    pub fn replace(mut self, span: Span, what: &'static str, text: &str) -> QueryError {
        let query = &self.query;
        // A span that does not stand at characters offers nothing.
        if let (Some(before), Some(after)) = (query.get(..span.start), query.get(span.end..)) {
            let query = format!("{before}{text}{after}").trim().to_owned();
            // Nothing is no query.
            self.fix = (!query.is_empty()).then_some(Fix { what, query });
        }
        self
    }

    /// Message, the query with a line of carets under the place, and the repaired query:
    ///
    /// ```text
    /// there is no field "form"
    ///   form:alice 合同
    ///   ^^^^
    /// did you mean  from:alice 合同
    /// ```
    ///
    /// Nothing that is printed can control a terminal: what could, shows as `�`. Long queries are
    /// cut around the place.
    pub fn render(&self) -> String {
        let (line, column, width) = self.excerpt();
        let mut out =
            format!("{}\n  {line}\n  {}{}", self.kind, " ".repeat(column), "^".repeat(width));
        if let Some(fix) = &self.fix {
            let query: String = fix.query.chars().map(visible).collect();
            out.push_str(&format!("\n{}  {query}", fix.what));
        }
        out
    }

    /// The part of the query around the place that fits on a line, with the column and the width
    /// of the place in terminal cells. The width is at least 1.
    pub fn excerpt(&self) -> (String, usize, usize) {
        const BEFORE: usize = 40;
        const AFTER: usize = 76;
        let cells = |c: char| visible(c).width().unwrap_or(0);
        let before = self.query.get(..self.span.start).unwrap_or(&self.query);
        let mut room = BEFORE;
        let kept = before.chars().rev().take_while(|c| {
            let fits = cells(*c) <= room;
            room = room.saturating_sub(cells(*c));
            fits
        });
        let mut start = before.len() - kept.map(char::len_utf8).sum::<usize>();
        let cut = start > 0;
        // Combining marks belong to the character before them.
        while cut && before[start..].chars().next().is_some_and(|c| cells(c) == 0) {
            start += before[start..].chars().next().map_or(1, char::len_utf8);
        }
        let (mut line, mut column, mut width) = (String::new(), 0, 0);
        if cut {
            line.push('…');
            column = 1;
        }
        let mut used = column;
        for (offset, c) in self.query[start..].char_indices().map(|(at, c)| (start + at, c)) {
            if used + cells(c) > AFTER {
                line.push('…');
                break;
            }
            used += cells(c);
            line.push(visible(c));
            if offset < self.span.start {
                column += cells(c);
            } else if offset < self.span.end {
                width += cells(c);
            }
        }
        (line, column, width.max(1))
    }
}

/// Characters that could move the cursor, change colours or reorder text on a terminal are shown
/// as a replacement character.
fn visible(c: char) -> char {
    match c {
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => '\u{fffd}',
        '\u{2028}' | '\u{2029}' | '\u{61c}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

/// The message and the repaired query in one line; [`QueryError::render`] shows the place too.
impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for QueryError {}

/// The one of `names` that is most like `typed`, where one is likely meant.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let allowed = (typed.chars().count() / 3).clamp(1, 3);
    names
        .into_iter()
        .map(|name| {
            let begins = typed.chars().count() >= 2 && name.starts_with(&typed);
            (if begins { 1 } else { strsim::osa_distance(&typed, name) }, name)
        })
        .filter(|(distance, name)| *distance <= allowed && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
