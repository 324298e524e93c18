//! What the readers mark: occurrences of the running query in a text, by the same tokens as the
//! index finds them.

use crate::model::Wrap;
use crate::query::{Filter, Kind, Node, Query};
use crate::text::highlight::Marked;
use crate::text::needle::Needle;

/// A query as something that can be found in a text.
#[derive(Default)]
pub struct Marks {
    needles: Vec<Needle>,
    near: Vec<(Vec<Needle>, Vec<Needle>, u32)>,
    regexes: Vec<regex::Regex>,
}

/// Bytes of compiled regular expression; a larger one marks nothing.
const REGEX_SIZE: usize = 1 << 20;

impl Marks {
    /// What `query` asks for; `names` are those that a field looks for in texts. A wrong query
    /// marks nothing: the search says what is wrong with it.
    pub fn of(query: &str, names: &dyn Fn(&Filter) -> Vec<Needle>) -> Marks {
        let mut marks = Marks::default();
        if let Ok(query) = Query::parse(query)
            && let Some(root) = query.root()
        {
            marks.add(root, names);
        }
        marks
    }

    pub fn is_empty(&self) -> bool {
        self.needles.is_empty() && self.near.is_empty() && self.regexes.is_empty()
    }

    fn add(&mut self, node: &Node, names: &dyn Fn(&Filter) -> Vec<Needle>) {
        match &node.kind {
            Kind::Text(_) | Kind::Prefix(_) | Kind::Fuzzy { .. } => {
                self.needles.extend(needle(node))
            }
            Kind::Near { left, right, distance } => {
                self.near.push((side(left), side(right), *distance));
            }
            Kind::Regex(regex) => {
                let built = regex::RegexBuilder::new(&regex.pattern)
                    .case_insensitive(regex.ignore_case)
                    .multi_line(regex.multi_line)
                    .dot_matches_new_line(regex.dot_all)
                    .size_limit(REGEX_SIZE)
                    .build();
                self.regexes.extend(built);
            }
            Kind::Filter(filter) => self.needles.extend(names(filter)),
            // What must not stand there is not marked.
            Kind::Not(_) => {}
            Kind::And(parts) | Kind::Or(parts) => {
                parts.iter().for_each(|part| self.add(part, names));
            }
        }
    }

    /// Byte ranges in `text`, sorted, not overlapping.
    pub fn find(&self, text: &str, wrap: Wrap) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        if !self.needles.is_empty() || !self.near.is_empty() {
            let near = self.near.iter().flat_map(|(left, right, _)| left.iter().chain(right));
            let marked = match self.near.is_empty() {
                true => Marked::new(text, wrap, &self.needles),
                false => Marked::whole(text, wrap, self.needles.iter().chain(near)),
            };
            for needle in &self.needles {
                found.extend(marked.find(needle));
            }
            for (left, right, distance) in &self.near {
                found.extend(marked.find_near(left, right, *distance));
            }
        }
        for regex in &self.regexes {
            found.extend(
                regex.find_iter(text).map(|found| found.range()).filter(|range| !range.is_empty()),
            );
        }
        found.sort_unstable_by_key(|range| (range.start, range.end));
        let mut ranges: Vec<(usize, usize)> = Vec::with_capacity(found.len());
        for range in found {
            match ranges.last_mut() {
                Some(last) if range.start < last.1 => last.1 = last.1.max(range.end),
                _ => ranges.push((range.start, range.end)),
            }
        }
        ranges
    }
}

fn needle(node: &Node) -> Option<Needle> {
    match &node.kind {
        Kind::Text(text) => Needle::literal(text),
        Kind::Prefix(text) => Needle::prefix(text),
        Kind::Fuzzy { word, distance } => Needle::fuzzy(word, *distance),
        _ => None,
    }
}

fn side(node: &Node) -> Vec<Needle> {
    match &node.kind {
        Kind::Or(parts) => parts.iter().filter_map(needle).collect(),
        _ => needle(node).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Field;

    #[track_caller]
    fn check(query: &str, text: &str, expected: &[&str]) {
        let lin = |filter: &Filter| match filter.field {
            Field::Entity => Needle::literal("林墨").into_iter().collect(),
            _ => Vec::new(),
        };
        let ranges = Marks::of(query, &lin).find(text, Wrap::Lines);
        let found: Vec<&str> = ranges.iter().map(|(start, end)| &text[*start..*end]).collect();
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn what_was_searched_is_marked() {
        check("付款", "青河的付款，付款方式", &["付款", "付款"]);
        check("pay*", "Payment and repay", &["Payment"]);
        check("青河 OR 付款", "青河付款", &["青河", "付款"]);
        check("青河 -付款", "青河付款", &["青河"]);
        check("/QH-\\d+/", "QH-12 QH-x", &["QH-12"]);
        check("from:lin 合同", "lin 合同", &["合同"]);
        check("entity:E1 合同", "林墨的合同", &["林墨", "合同"]);
        check("-entity:E1 合同", "林墨的合同", &["合同"]);
        check("(", "(", &[]);
    }

    #[test]
    fn marks_do_not_overlap() {
        check("青河市 OR 河市某", "青河市某局", &["青河市某"]);
    }
}
