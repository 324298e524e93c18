//! Tree to text, such that the text parses to the same tree.

use super::field::Value;
use super::lexer::{Token, tokens};
use super::tree::{Filter, Kind, Node, Regex, Span};
use super::value::{Bounds, Size};
use std::fmt;

/// `text` between quotes.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The text of a tree, and the tree with the spans it has in that text.
pub(super) fn print(root: &Node) -> (String, Node) {
    let mut text = String::new();
    let root = write(root, Place::Top, &mut text);
    (text, root)
}

/// Where a node stands, which decides about its parentheses.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Top,
    InAnd,
    InOr,
    /// After a NOT or beside a NEAR.
    Tight,
}

fn write(node: &Node, place: Place, text: &mut String) -> Node {
    let start = text.len();
    let wrapped = match node.kind {
        // `a b OR c` would mean the same, but only to those who know.
        Kind::And(_) => place != Place::Top,
        Kind::Or(_) => place != Place::Top,
        Kind::Not(_) | Kind::Near { .. } => place == Place::Tight,
        _ => false,
    };
    if wrapped {
        text.push('(');
    }
    let kind = match &node.kind {
        Kind::And(parts) => Kind::And(write_all(parts, " ", Place::InAnd, text)),
        Kind::Or(parts) => Kind::Or(write_all(parts, " OR ", Place::InOr, text)),
        Kind::Not(inner) => {
            text.push('-');
            Kind::Not(Box::new(write(inner, Place::Tight, text)))
        }
        Kind::Near { left, right, distance } => {
            let left = Box::new(write(left, Place::Tight, text));
            text.push_str(&format!(" NEAR/{distance} "));
            let right = Box::new(write(right, Place::Tight, text));
            Kind::Near { left, right, distance: *distance }
        }
        leaf => {
            text.push_str(&leaf.to_string());
            leaf.clone()
        }
    };
    if wrapped {
        text.push(')');
    }
    Node::at(kind, Span::new(start, text.len()))
}

fn write_all(parts: &[Node], between: &str, place: Place, text: &mut String) -> Vec<Node> {
    let mut written = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            text.push_str(between);
        }
        written.push(write(part, place, text));
    }
    written
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self).0)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Text(text) => f.write_str(&plain_or_quoted(text, "", self)),
            Kind::Prefix(text) => f.write_str(&plain_or_quoted(text, "*", self)),
            Kind::Fuzzy { word, distance } => {
                f.write_str(&plain_or_quoted(word, &format!("~{distance}"), self))
            }
            Kind::Regex(regex) => regex.fmt(f),
            Kind::Filter(filter) => filter.fmt(f),
            Kind::Not(_) | Kind::And(_) | Kind::Or(_) | Kind::Near { .. } => {
                Node::new(self.clone()).fmt(f)
            }
        }
    }
}

/// Plain where that reads back as the same, else quoted.
fn plain_or_quoted(text: &str, suffix: &str, kind: &Kind) -> String {
    let plain = format!("{text}{suffix}");
    match tokens(&plain).as_deref() {
        Ok([(Token::Atom(found), _)]) if found == kind => plain,
        _ => format!("{}{suffix}", quoted(text)),
    }
}

impl fmt::Display for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("/")?;
        let mut escaped = false;
        for c in self.pattern.chars() {
            if c == '/' && !escaped {
                f.write_str("\\")?;
            }
            escaped = c == '\\' && !escaped;
            write!(f, "{c}")?;
        }
        f.write_str("/")?;
        for (set, flag) in [(self.ignore_case, "i"), (self.multi_line, "m"), (self.dot_all, "s")] {
            if set {
                f.write_str(flag)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.field.name())?;
        if let [value] = self.values.as_slice() {
            return value.fmt(f);
        }
        f.write_str("(")?;
        for (index, value) in self.values.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            value.fmt(f)?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) if is_bare(text) => f.write_str(text),
            Value::Text(text) => f.write_str(&quoted(text)),
            Value::Pattern(pattern) => f.write_str(pattern),
            Value::Kind(kind) => f.write_str(kind.name()),
            Value::Variant(variant) => f.write_str(variant.name()),
            Value::Is(is) => f.write_str(is.name()),
            Value::Has(has) => f.write_str(has.name()),
            Value::Size(Bounds::Exactly(bytes)) => write!(f, "{bytes}"),
            Value::Size(bounds) => sizes(*bounds).fmt(f),
            Value::Date(date) => date.fmt(f),
            Value::Amount(Bounds::Exactly(amount)) => amount.fmt(f),
            Value::Amount(bounds) => bounds.fmt(f),
        }
    }
}

fn sizes(bounds: Bounds<u64>) -> Bounds<Size> {
    match bounds {
        Bounds::Exactly(a) => Bounds::Exactly(Size(a)),
        Bounds::Above(a) => Bounds::Above(Size(a)),
        Bounds::AtLeast(a) => Bounds::AtLeast(Size(a)),
        Bounds::Below(a) => Bounds::Below(Size(a)),
        Bounds::AtMost(a) => Bounds::AtMost(Size(a)),
        Bounds::Between(a, b) => Bounds::Between(Size(a), Size(b)),
    }
}

/// Needs no quotes as a value, neither alone nor in a list.
fn is_bare(text: &str) -> bool {
    let safe = |c: char| c.is_alphanumeric() || "._@/\\:+#%&=!?<>'$-".contains(c);
    !text.is_empty()
        && text.chars().all(safe)
        && !text.starts_with('-')
        && !matches!(
            tokens(text).as_deref(),
            Ok([(Token::And | Token::Or | Token::Not | Token::Near(_), _)])
        )
        && !text.starts_with("NEAR")
}
