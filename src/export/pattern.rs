//! Searches that spell a name without writing it: prefixes, words with mistakes, expressions. A
//! report that cites such a search says the name to whoever reads the query.

use crate::query::{Kind, Node, Query};
use crate::text::normal::{Mode, normalize};

/// A part of a query that stands for more than it says.
#[derive(Debug)]
pub enum Pattern<'a> {
    Prefix(&'a str),
    Fuzzy(&'a str, u8),
    Regex(regex::Regex),
}

/// Patterns of a query; none of what is no query.
pub fn each(query: &str, take: &mut dyn FnMut(&Pattern<'_>)) {
    if let Ok(query) = Query::parse(query)
        && let Some(root) = query.root()
    {
        walk(root, take);
    }
}

fn walk(node: &Node, take: &mut dyn FnMut(&Pattern<'_>)) {
    match &node.kind {
        Kind::Prefix(text) => take(&Pattern::Prefix(text)),
        Kind::Fuzzy { word, distance } => take(&Pattern::Fuzzy(word, *distance)),
        Kind::Regex(regex) => {
            if let Ok(compiled) = regex.compile() {
                take(&Pattern::Regex(compiled));
            }
        }
        Kind::Near { left, right, .. } => {
            walk(left, take);
            walk(right, take);
        }
        Kind::Not(inner) => walk(inner, take),
        Kind::And(parts) | Kind::Or(parts) => parts.iter().for_each(|part| walk(part, take)),
        Kind::Text(_) | Kind::Filter(_) => {}
    }
}

/// Characters that a prefix must have to say something of a name.
const FEWEST: usize = 2;

impl Pattern<'_> {
    /// Whether it stands for a name, or for a word of it.
    pub fn finds(&self, name: &str) -> bool {
        let folded = |text: &str| normalize(text, Mode::Query).text;
        let whole = folded(name);
        let words = || whole.split_whitespace().chain([whole.as_str()]);
        match self {
            Pattern::Prefix(text) => {
                let text = folded(text);
                text.chars().count() >= FEWEST && words().any(|word| word.starts_with(&text))
            }
            Pattern::Fuzzy(word, distance) => {
                let word = folded(word);
                words().any(|own| strsim::osa_distance(own, &word) <= usize::from(*distance))
            }
            Pattern::Regex(regex) => {
                // An expression that fits nothing at all says nothing of anybody.
                !regex.is_match("") && (regex.is_match(name) || regex.is_match(&whole))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_stands_for_a_name_is_noticed() {
        let check = |query: &str, expected: bool| {
            let mut found = false;
            each(query, &mut |pattern| {
                found |= pattern.finds("陆知行") || pattern.finds("Anna Petrova");
            });
            assert_eq!(found, expected, "{query}");
        };
        check("陆知*", true);
        check("付款 AND (petro* OR x)", true);
        check("陆之行~1", true);
        check("petrowa~1", true);
        check("/陆.{1,2}$/", true);
        check("/(?i)PETR[o0]va/", true);
        check("-陸知*", true);
        check("付款 NEAR/5 petr*", true);
        check("付款* pay~1 /付.款/ p*", false);
        check("/x*/", false);
        check("(", false);
    }
}
