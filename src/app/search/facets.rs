//! What stands beside the results: what they can be narrowed to, what nearly would have been found,
//! saved searches.

use super::Search;
use crate::app::line::{Line, Role};
use crate::app::margin::quoted;
use crate::app::overview::number;
use crate::app::target::Target;
use crate::case::{SearchResult, Worklist};

/// Values of a facet that are shown before somebody asks for all.
const MOST: usize = 8;

impl Search {
    /// Makes the lines beside the results for their width.
    pub fn set_facets(&mut self, cells: usize, worklists: &[Worklist]) {
        let mut lines = Vec::new();
        let is_blank = self.is_blank();
        let found = self.found.as_ref().filter(|_| !is_blank);
        if let Some(found) = found {
            // Notes are no evidence: they are looked at apart.
            if found.notes > 0 && found.notes != found.total {
                let query = self.narrow("kind:note");
                lines.push(Line::of("beside the evidence", Role::Dim));
                lines.push(facet("notes", found.notes, Target::Search(query)));
                lines.push(Line::new());
            }
            kinds(&mut lines, found);
            for group in groups(found) {
                group.lines(&mut lines, self.opened.contains(&group.head));
            }
        }
        let mut why = "";
        for miss in self.misses.iter().filter(|_| !is_blank) {
            if miss.why != why {
                why = miss.why;
                lines.push(Line::of(format!("near misses: {why}"), Role::Dim));
            }
            let target = Target::Replace { from: miss.from.clone(), to: miss.to.clone() };
            lines.push(facet(&format!("+ {}", miss.to), miss.units, target));
        }
        if !worklists.is_empty() {
            lines.push(Line::new());
            lines.push(Line::of("worklists: unread", Role::Dim));
            lines.extend(worklists.iter().map(worklist));
            lines.push(Line::new());
        }
        if !is_blank {
            lines.extend(self.remarks(cells));
        }
        if lines != self.facets.lines {
            self.facets.set(lines);
        }
        if let Some(head) = self.closed.take() {
            let is_it = |line: &Line| line.link == Some(Target::Facet(head));
            self.facets.cursor =
                self.facets.lines.iter().position(is_it).unwrap_or(self.facets.cursor);
        }
    }

    /// Shows all values of a facet, or the first of them only.
    pub fn toggle_facet(&mut self, head: &'static str) {
        match self.opened.iter().position(|own| *own == head) {
            Some(at) => {
                self.opened.remove(at);
                self.closed = Some(head);
            }
            // The cursor is then on the first of those that had no room.
            None => self.opened.push(head),
        }
    }

    /// The facet whose other values the line under the cursor stands for, and whether they are
    /// shown.
    pub fn facet_here(&self) -> Option<(&'static str, bool)> {
        match self.facets.link()? {
            Target::Facet(head) => Some((head, self.opened.contains(head))),
            _ => None,
        }
    }
}

fn facet(name: &str, count: u64, to: Target) -> Line {
    Line::of(name, Role::Link).and(number(count), Role::Count).to(to)
}

/// A saved search with what is unread in it.
pub fn worklist(list: &Worklist) -> Line {
    let target = Target::Worklist { search: list.saved.operation, query: list.saved.query.clone() };
    let line = Line::of(&list.saved.name, Role::Link);
    match list.counts {
        Some((_, unread)) => line.and(number(unread), Role::Count),
        None => line.and("!", Role::Count),
    }
    .to(target)
}

fn kinds(lines: &mut Vec<Line>, found: &SearchResult) {
    let kinds = [("message", found.messages), ("document", found.documents)];
    if kinds.iter().filter(|(_, count)| *count > 0).count() > 1 {
        lines.push(Line::of("kind", Role::Dim));
        for (name, count) in kinds {
            lines.push(facet(name, count, Target::Narrow(format!("kind:{name}"))));
        }
        lines.push(Line::new());
    }
}

/// One facet: what the results are by one property.
struct Group {
    head: &'static str,
    /// Values with how many are of each, and the filters that narrow to them.
    values: Vec<(String, u64, String)>,
    /// What is of none of them, so that the counts add up: its name, how much of everything was
    /// counted here, and the filter for it, if there is one.
    rest: Option<(&'static str, u64, &'static str)>,
}

impl Group {
    fn lines(&self, lines: &mut Vec<Line>, is_open: bool) {
        if self.values.is_empty() {
            return;
        }
        lines.push(Line::of(self.head, Role::Dim));
        let more = self.values.len().saturating_sub(MOST);
        let shown = if is_open { self.values.len() } else { MOST };
        for (name, count, filter) in self.values.iter().take(shown) {
            lines.push(facet(name, *count, Target::Narrow(filter.clone())));
        }
        if more > 0 {
            let words = match is_open {
                true => format!("… the first {MOST} only"),
                false => format!("… {} more", number(more as u64)),
            };
            lines.push(Line::of(words, Role::Link).to(Target::Facet(self.head)));
        }
        let counted: u64 = self.values.iter().map(|(_, count, _)| count).sum();
        let rest = self.rest.map(|(name, all, filter)| (name, all.saturating_sub(counted), filter));
        if let Some((name, others, filter)) = rest.filter(|(_, others, _)| *others > 0) {
            lines.push(match filter {
                "" => Line::of(name, Role::Text).and(number(others), Role::Count),
                filter => facet(name, others, Target::Narrow(filter.to_owned())),
            });
        }
        lines.push(Line::new());
    }
}

fn groups(found: &SearchResult) -> Vec<Group> {
    let facets = &found.facets;
    // Every message and document that was found has one of each.
    let units = found.messages + found.documents;
    let named = |list: &[(String, u64)], field: &str| {
        let values = list.iter().filter(|(name, _)| !name.is_empty());
        values
            .map(|(name, count)| (name.clone(), *count, format!("{field}:{}", quoted(name))))
            .collect()
    };
    let conversations = facets.conversations.iter();
    let years = facets.years.iter().filter(|(year, _)| *year != 0);
    let mut groups = vec![
        Group {
            head: "in",
            values: conversations
                .map(|(id, title, count)| (format!("{id} {title}"), *count, format!("in:{id}")))
                .collect(),
            // Of very many conversations not all are named.
            rest: Some(("other conversations", found.messages, "")),
        },
        Group { head: "type", values: named(&facets.formats, "type"), rest: None },
        Group {
            head: "language",
            values: named(&facets.languages, "lang"),
            rest: Some(("undetermined", units, "lang:none")),
        },
        Group {
            head: "year",
            values: years
                .map(|(year, count)| (year.to_string(), *count, format!("date:{year}")))
                .collect(),
            rest: Some(("undated", units, "date:none")),
        },
    ];
    if facets.sources.len() > 1 {
        let sources = facets.sources.iter();
        groups.push(Group {
            head: "source",
            values: sources
                .map(|(id, count)| (id.to_string(), *count, format!("source:{id}")))
                .collect(),
            rest: None,
        });
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Facets;

    #[test]
    fn the_facet_of_notes_searches_for_all_of_the_query() {
        let check = |query: &str, expected: &str| {
            let found = SearchResult { total: 3, notes: 2, ..SearchResult::default() };
            let mut search =
                Search { query: query.into(), found: Some(found), ..Search::default() };
            search.set_facets(30, &[]);
            let line = search.facets.lines.iter().find(|line| line.plain() == "notes2");
            let target = line.and_then(|line| line.link.clone());
            assert_eq!(target, Some(Target::Search(expected.to_owned())), "{query}");
        };
        check("95%", "95% kind:note");
        check("95% OR 61%", "(95% OR 61%) kind:note");
    }

    fn search(facets: Facets, messages: u64) -> Search {
        let found = SearchResult { total: messages, messages, facets, ..SearchResult::default() };
        Search { query: "x".to_owned(), found: Some(found), ..Search::default() }
    }

    #[test]
    fn facets_add_up() {
        let facets = Facets {
            languages: vec![("zh".to_owned(), 31), (String::new(), 3)],
            years: vec![(2022, 30), (0, 4)],
            ..Facets::default()
        };
        let shown = |facets| {
            let mut search = search(facets, 34);
            search.set_facets(30, &[]);
            let lines = search.facets.lines.iter();
            lines.map(|line| (line.plain(), line.link.is_some())).collect::<Vec<_>>()
        };
        let lines = shown(facets);
        assert!(lines.contains(&("undetermined3".to_owned(), true)), "{lines:?}");
        assert!(lines.contains(&("undated4".to_owned(), true)), "{lines:?}");
        let all = shown(Facets { years: vec![(2022, 34)], ..Facets::default() });
        assert!(!all.iter().any(|(line, _)| line.contains("undated")));
    }

    #[test]
    fn values_that_have_no_room_are_shown_and_put_away_again() {
        let formats = (0..14).map(|number| (format!("t{number}"), 20 - number)).collect();
        let years = vec![(2022, 240)];
        let mut search = search(Facets { formats, years, ..Facets::default() }, 240);
        let lines = |search: &mut Search| -> Vec<String> {
            search.set_facets(30, &[]);
            search.facets.lines.iter().map(Line::plain).collect()
        };
        let few = lines(&mut search);
        let more = few.iter().position(|line| line == "… 6 more").unwrap();
        search.facets.cursor = more;
        assert_eq!(search.facet_here(), Some(("type", false)));
        search.toggle_facet("type");
        let all = lines(&mut search);
        assert_eq!((all[more].as_str(), all.len()), ("t812", few.len() + 6));
        assert_eq!(search.facets.cursor, more, "on the first of those that had no room");
        assert_eq!(all[more + 6], "… the first 8 only");
        search.facets.cursor = more + 6;
        assert_eq!(search.facet_here(), Some(("type", true)));
        search.toggle_facet("type");
        assert_eq!(lines(&mut search), few);
        assert_eq!(search.facets.cursor, more, "on the line that stands for them again");
        // Another question is answered by the first of each.
        search.toggle_facet("type");
        search.restart();
        assert!(search.opened.is_empty());
    }
}
