//! The tree that a query means. Nested ANDs and ORs are flat, groups of one are gone; two trees
//! are equal when they mean the same, wherever they stand in their texts.

use super::field::{Field, Value};
use serde::{Deserialize, Serialize};

/// A byte range in the text of the query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A part of a query and where it was written.
#[derive(Clone, Debug)]
pub struct Node {
    pub kind: Kind,
    pub span: Span,
}

/// Spans do not count: two nodes are equal when they mean the same.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// What a part of a query asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Literal text, found as a substring of the normal form at word edges: a word, a phrase, an
    /// address. Quotes only say where it begins and ends, so `公司` and `"公司"` are the same.
    Text(String),
    /// Text whose last word may go on: `pay*`.
    Prefix(String),
    /// One word with up to `distance` (1 or 2) characters added, lost or changed.
    Fuzzy {
        word: String,
        distance: u8,
    },
    /// A regular expression over the stored text.
    Regex(Regex),
    /// Both within `distance` words (characters in Han), in either order. The sides are `Text`,
    /// `Prefix`, `Fuzzy` or an `Or` of these.
    Near {
        left: Box<Node>,
        right: Box<Node>,
        distance: u32,
    },
    /// A field has one of some values.
    Filter(Filter),
    Not(Box<Node>),
    /// Two or more, none of them an `And`.
    And(Vec<Node>),
    /// Two or more, none of them an `Or`.
    Or(Vec<Node>),
}

/// `/pattern/flags`, known to compile.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Regex {
    pub pattern: String,
    /// `i`: upper and lower case are the same.
    pub ignore_case: bool,
    /// `m`: `^` and `$` stand for the edges of lines.
    pub multi_line: bool,
    /// `s`: a dot also fits a line end.
    pub dot_all: bool,
}

impl Regex {
    /// Bytes that a compiled expression may take, so that `/(a{1000}){1000}/` is an error and not
    /// an outage.
    const COMPILED: usize = 8 << 20;

    /// The machine for it. An error only for patterns that the parser did not let through.
    pub fn compile(&self) -> Result<regex::Regex, regex::Error> {
        regex::RegexBuilder::new(&self.pattern)
            .case_insensitive(self.ignore_case)
            .multi_line(self.multi_line)
            .dot_matches_new_line(self.dot_all)
            .size_limit(Self::COMPILED)
            .dfa_size_limit(Self::COMPILED)
            .build()
    }
}

/// `field:value` or `field:(value value)`: any of the values.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    pub field: Field,
    /// At least one, all of the field's type.
    pub values: Vec<Value>,
}

impl Node {
    /// A node that was not typed anywhere.
    pub fn new(kind: Kind) -> Node {
        Node { kind, span: Span::default() }
    }

    pub fn at(kind: Kind, span: Span) -> Node {
        Node { kind, span }
    }

    /// All of `parts`, flattened; one part is itself, none is `None`.
    pub fn and(parts: impl IntoIterator<Item = Node>) -> Option<Node> {
        let mut parts = parts.into_iter();
        parts.next().map(|first| first.and_all(parts))
    }

    /// Any of `parts`, flattened; one part is itself, none is `None`.
    pub fn or(parts: impl IntoIterator<Item = Node>) -> Option<Node> {
        let mut parts = parts.into_iter();
        parts.next().map(|first| first.or_any(parts))
    }

    /// This and all of `rest`, flattened.
    pub fn and_all(self, rest: impl IntoIterator<Item = Node>) -> Node {
        self.join(rest, Kind::And, |kind| match kind {
            Kind::And(inner) => Ok(inner),
            kind => Err(kind),
        })
    }

    /// This or any of `rest`, flattened.
    pub fn or_any(self, rest: impl IntoIterator<Item = Node>) -> Node {
        self.join(rest, Kind::Or, |kind| match kind {
            Kind::Or(inner) => Ok(inner),
            kind => Err(kind),
        })
    }

    fn join(
        self,
        rest: impl IntoIterator<Item = Node>,
        make: fn(Vec<Node>) -> Kind,
        open: fn(Kind) -> Result<Vec<Node>, Kind>,
    ) -> Node {
        let mut rest = rest.into_iter().peekable();
        if rest.peek().is_none() {
            return self;
        }
        let mut flat = Vec::new();
        let mut span = self.span;
        for Node { kind, span: own } in std::iter::once(self).chain(rest) {
            span = span.to(own);
            match open(kind) {
                Ok(inner) => flat.extend(inner),
                Err(kind) => flat.push(Node { kind, span: own }),
            }
        }
        Node { kind: make(flat), span }
    }

    /// The parts that must all hold: those of an `And`, else the node itself.
    pub fn conjuncts(&self) -> std::slice::Iter<'_, Node> {
        match &self.kind {
            Kind::And(parts) => parts.iter(),
            _ => std::slice::from_ref(self).iter(),
        }
    }

    fn children(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::And(parts) | Kind::Or(parts) => parts.iter().collect(),
            Kind::Not(inner) => vec![inner],
            Kind::Near { left, right, .. } => vec![left, right],
            Kind::Text(_)
            | Kind::Prefix(_)
            | Kind::Fuzzy { .. }
            | Kind::Regex(_)
            | Kind::Filter(_) => Vec::new(),
        }
    }

    /// The leaves that are wanted (not under an odd number of NOTs), in the order they were
    /// written: what a reader marks in a hit.
    pub fn wanted(&self) -> Vec<&Node> {
        let mut found = Vec::new();
        self.collect_wanted(true, &mut found);
        found
    }

    fn collect_wanted<'a>(&'a self, wanted: bool, found: &mut Vec<&'a Node>) {
        match &self.kind {
            Kind::Not(inner) => inner.collect_wanted(!wanted, found),
            _ => {
                let children = self.children();
                if children.is_empty() && wanted {
                    found.push(self);
                }
                children.into_iter().for_each(|child| child.collect_wanted(wanted, found));
            }
        }
    }

    /// The smallest part that holds `span`.
    pub(super) fn innermost(&self, span: Span) -> Option<&Node> {
        if !self.span.contains(span) {
            return None;
        }
        let inner = self.children().into_iter().find_map(|child| child.innermost(span));
        Some(inner.unwrap_or(self))
    }

    /// The tree without the part that stands at exactly `gone`, and without what means nothing
    /// any more: a NOT of nothing is gone, a NEAR with one side is that side.
    pub(super) fn without(&self, gone: Span) -> Option<Node> {
        if self.span == gone {
            return None;
        }
        let kept = |parts: &[Node]| -> Vec<Node> {
            parts.iter().filter_map(|part| part.without(gone)).collect()
        };
        match &self.kind {
            Kind::And(parts) => Node::and(kept(parts)),
            Kind::Or(parts) => Node::or(kept(parts)),
            Kind::Not(inner) => {
                let inner = Box::new(inner.without(gone)?);
                Some(Node::at(Kind::Not(inner), self.span))
            }
            Kind::Near { left, right, distance } => match (left.without(gone), right.without(gone))
            {
                (Some(left), Some(right)) => {
                    let (left, right) = (Box::new(left), Box::new(right));
                    Some(Node::at(Kind::Near { left, right, distance: *distance }, self.span))
                }
                (one, other) => one.or(other),
            },
            _ => Some(self.clone()),
        }
    }
}
