//! The query language: text → tree with byte spans → text. Pure: no index, no case, no I/O.
//!
//! ```text
//! query  := and ( OR and )*
//! and    := unary ( [AND] unary )*            a space means AND
//! unary  := ( NOT | - ) unary | near
//! near   := atom ( NEAR/n atom )?             n words (characters in Han) apart, in either order
//! atom   := word | "phrase" | word* | word~1 | /regex/ims | field:value | ( query )
//! value  := word | "words" | ( value ... ) | >value | >=value | <value | <=value | a..b
//! ```
//!
//! Full-width forms of operators, quotes, parentheses and the colon are operators too, because an
//! input method produces them: `“短语”`, `「短语」`, `（甲 OR 乙）`, `类型` no, but `kind：message` yes.
//! A hyphen, a parenthesis pair or a colon after digits *inside* a word is text, so that
//! `安洵信息（成都）有限公司`, `a-b`, `10.0.0.1:80` and `http://a.com:80/x?y=1` need no quotes.
//!
//! What cannot be understood is an error with a place and a repaired query, never a guess: a
//! query that silently matches nothing, or everything, would be a false statement about evidence.
//!
//! What another query language takes for an operator is an error where it cannot be a word
//! (`||`), and doubted where it can (`or`).
//!
//! - [`tree`] the tree · [`field`] the table of fields · [`value`] sizes, dates, amounts
//! - `lexer`, `parser` text to tree · [`print`] tree to text · [`error`] what is wrong and where

mod doubt;
pub mod error;
pub mod field;
mod lexer;
mod parser;
pub mod print;
#[cfg(test)]
mod tests;
pub mod tree;
pub mod value;

pub use error::{ErrorKind, Fix, QueryError};
pub use field::{Field, Has, Is, UnitKind, Value};
pub use tree::{Filter, Kind, Node, Regex, Span};
pub use value::{Amount, Bounds, DateValue, PartialDate};

use std::fmt;
use std::str::FromStr;

/// A parsed query: the text that was typed and the tree that it means.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    root: Option<Node>,
}

/// Two queries are equal when they mean the same, however they were typed.
impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root
    }
}

impl Query {
    /// Parses `text`. Blank text is the query without any condition ([`Query::is_empty`]); a
    /// caller for whom that is a mistake must say so.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        Ok(Query { root: parser::parse(text)?, text: text.to_owned() })
    }

    /// The query that `root` means, written in the normal way. Spans are those of the new text.
    pub fn from_tree(root: Option<Node>) -> Query {
        let (text, root) = match root {
            Some(root) => {
                let (text, root) = print::print(&root);
                (text, Some(root))
            }
            None => (String::new(), None),
        };
        Query { text, root }
    }

    /// What may have been meant otherwise, in sentences: words that another query language takes
    /// for operators.
    pub fn doubts(&self) -> Vec<String> {
        doubt::doubts(&self.text)
    }

    /// What was typed; all spans are byte ranges in it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tree; `None` where there is no condition.
    pub fn root(&self) -> Option<&Node> {
        self.root.as_ref()
    }

    /// There is no condition: every unit fits.
    pub fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// This query, narrowed to units whose `field` is `value`: what a click on a facet means. What
    /// was typed stays as it was typed; a condition that is already there is not written twice.
    pub fn with_filter(&self, field: Field, value: Value) -> Query {
        let filter = Filter { field, values: vec![value] };
        let Some(root) = &self.root else {
            return Query::from_tree(Some(Node::new(Kind::Filter(filter))));
        };
        let wanted = Kind::Filter(filter);
        if root.conjuncts().any(|node| node.kind == wanted) {
            return self.clone();
        }
        let all = Node::and(root.conjuncts().cloned().chain([Node::new(wanted.clone())]));
        let typed = match root.kind {
            Kind::Or(_) => format!("({}) {}", self.text.trim(), wanted),
            _ => format!("{} {}", self.text.trim_end(), wanted),
        };
        // The text as typed is kept only when it provably means the same.
        match Query::parse(&typed) {
            Ok(query) if query.root == all => query,
            _ => Query::from_tree(all),
        }
    }

    /// This query without the part that stands at `span` (a node's span, or any range inside one
    /// word). The rest is written in the normal way. Nothing there: the query as it is.
    pub fn without(&self, span: Span) -> Query {
        match &self.root {
            Some(root) => match root.innermost(span).map(|node| node.span) {
                Some(gone) => Query::from_tree(root.without(gone)),
                None => self.clone(),
            },
            None => self.clone(),
        }
    }
}

impl FromStr for Query {
    type Err = QueryError;
    fn from_str(text: &str) -> Result<Query, QueryError> {
        Query::parse(text)
    }
}

/// The normal way to write the query; parses to an equal one.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.root {
            Some(root) => root.fmt(f),
            None => Ok(()),
        }
    }
}
