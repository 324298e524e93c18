//! Searches that spell a name without writing it: prefixes, words with mistakes, expressions. A
//! report that cites such a search says the name to whoever reads the query.

use crate::query::{Kind, Node, Query, Value};
use crate::text::normal::{Mode, normalize};

/// A part of a query that stands for more than it says.
#[derive(Debug)]
pub enum Pattern<'a> {
    Prefix(&'a str),
    Fuzzy(&'a str, u8),
    Regex(regex::Regex),
    /// All that it says in words and values, which may be a name in parts: `林 NEAR/2 墨`.
    Parts(Vec<String>),
}

/// Patterns of a query; none of what is no query.
pub fn each(query: &str, take: &mut dyn FnMut(&Pattern<'_>)) {
    if let Ok(query) = Query::parse(query)
        && let Some(root) = query.root()
    {
        walk(root, take);
        let mut parts = Vec::new();
        said(root, &mut parts);
        take(&Pattern::Parts(parts));
    }
}

/// Words and values of a query.
fn said(node: &Node, parts: &mut Vec<String>) {
    match &node.kind {
        Kind::Text(text) | Kind::Prefix(text) => parts.push(text.clone()),
        Kind::Fuzzy { word, .. } => parts.push(word.clone()),
        Kind::Filter(filter) => {
            parts.extend(filter.values.iter().filter_map(|value| match value {
                Value::Text(text) | Value::Pattern(text) => Some(text.clone()),
                _ => None,
            }))
        }
        Kind::Regex(_) => {}
        Kind::Near { left, right, .. } => {
            said(left, parts);
            said(right, parts);
        }
        Kind::Not(inner) => said(inner, parts),
        Kind::And(inner) | Kind::Or(inner) => inner.iter().for_each(|part| said(part, parts)),
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

/// Characters of a name of which one alone is as much as a half: `林*` for 林墨.
const SHORT: usize = 3;

/// Characters of a handle that tell whose it is.
const OF_HANDLE: usize = 4;

/// Whether parts of a query say all of a name when they are put together, or as much of a handle as
/// tells whose it is. What is no letter does not count.
fn says(name: &str, parts: &[String]) -> bool {
    let bare = |text: &str| -> Vec<char> { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let name = bare(name);
    let is_handle = name.iter().all(char::is_ascii) && name.iter().any(char::is_ascii_digit);
    let mut covered = vec![false; name.len()];
    for part in parts {
        for piece in part.split('*') {
            let piece = bare(&normalize(piece, Mode::Query).text);
            if piece.is_empty() || piece.len() > name.len() {
                continue;
            }
            for at in 0..=name.len() - piece.len() {
                if name[at..at + piece.len()] == piece[..] {
                    if is_handle
                        && piece.len() >= OF_HANDLE
                        && piece.iter().any(char::is_ascii_digit)
                    {
                        return true;
                    }
                    covered[at..at + piece.len()].fill(true);
                }
            }
        }
    }
    !covered.is_empty() && covered.iter().all(|own| *own)
}

impl Pattern<'_> {
    /// Whether it stands for a name, or for a word of it.
    pub fn finds(&self, name: &str) -> bool {
        let folded = |text: &str| normalize(text, Mode::Query).text;
        let whole = folded(name);
        let words = || whole.split_whitespace().chain([whole.as_str()]);
        match self {
            Pattern::Prefix(text) => {
                let text = folded(text);
                let is_short = |name: &str| name.chars().count() <= SHORT && !name.is_ascii();
                let fewest = if is_short(&whole) { 1 } else { FEWEST };
                text.chars().count() >= fewest && words().any(|word| word.starts_with(&text))
            }
            Pattern::Fuzzy(word, distance) => {
                let word = folded(word);
                words().any(|own| strsim::osa_distance(own, &word) <= usize::from(*distance))
            }
            Pattern::Parts(parts) => says(&whole, parts),
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
        // A name in parts, a handle in as much as tells whose it is.
        check("陆 NEAR/2 (知 OR x) 行", true);
        check("知行 AND 陆 AND 付款", true);
        check("陆 AND 行", false);
        check("petrova AND anna", true);
        check("petrova AND hanna", false);
        let mut found = false;
        let mut handle = |query: &str, expected: bool| {
            found = false;
            each(query, &mut |pattern| {
                found |= pattern.finds("wxid_k2v6r1o9sb3n44") || pattern.finds("林墨");
            });
            assert_eq!(found, expected, "{query}");
        };
        handle("from:wxid_k2v6*", true);
        handle("from:k2v6r1o9", true);
        handle("from:wxid_q7m2*", false);
        handle("林*", true);
        handle("林 NEAR/2 墨", true);
        handle("from:\"林\" 墨", true);
        handle("林 AND 山", false);
        check("(", false);
    }
}
