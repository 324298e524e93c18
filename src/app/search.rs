//! The search: what was typed, what was found, how it can be narrowed.

use super::data::Failure;
use super::input::Input;
use super::line::{Line, Links, Role, Span};
use super::margin::quoted;
use super::overview::{count, number};
use super::paged::Paged;
use super::reader::compose::{self, Hits};
use super::signs::Signs;
use super::target::Target;
use super::upkeep::CATCHING_UP;
use crate::case::{
    BETWEEN_ACCOUNTS, Facets, Hit, NearMiss, SearchOptions, SearchResult, SearchSort, Worklist,
};
use crate::model::ItemId;
use crate::query::{Kind, Query};
use crate::text::wrap::Measure;
use crate::text::{sanitise, width};
use std::borrow::Cow;
use std::ops::Range;

/// Cells of the name of an export beside a result.
const EXPORT: usize = 20;

/// Rows that one result takes.
pub const ROWS: usize = 2;

#[derive(Clone, Debug, Default)]
pub struct Search {
    pub input: Input,
    /// Keys go into the input line.
    pub is_typing: bool,
    /// The line was opened from elsewhere, and nothing was typed into it yet.
    pub is_fresh: bool,
    /// What the results are of; also what the readers mark.
    pub query: String,
    pub results: Paged<Hit>,
    /// The query that the results at hand are of.
    answered: String,
    /// Counts, facets and remarks of the last answer; its hits are in `results`.
    pub found: Option<SearchResult>,
    pub failure: Option<Failure>,
    pub misses: Vec<NearMiss>,
    pub facets: Links,
    /// Queries of before, the last one first.
    pub past: Vec<String>,
    /// The one of them that was brought back into the line.
    recalled: Option<usize>,
    /// Near misses shall be looked for when nobody types.
    pub wants_misses: bool,
    pub sort: SearchSort,
    /// The index is being brought up to date: what is found is not all of it.
    pub is_catching_up: bool,
    /// The results stand and what they found is not marked.
    pub is_unmarked: bool,
    /// The row that the cursor was on and its result, when the same question was asked again.
    held: Option<(u64, ItemId)>,
}

impl Search {
    /// Takes over what stands in the input line. `true` when that is another query.
    pub fn accept(&mut self) -> bool {
        let typed = self.input.text().trim();
        if typed == self.query {
            return false;
        }
        self.query = typed.to_owned();
        self.restart();
        true
    }

    /// The result under the cursor; none of an older query, which is shown until the answer comes.
    pub fn current(&self) -> Option<&Hit> {
        self.results.current().filter(|_| !self.is_of_before())
    }

    /// What is shown answers an older query.
    pub fn is_of_before(&self) -> bool {
        self.answered != self.query
    }

    /// The same question once more: the cursor stays on its result, wherever that then stands.
    pub fn renew(&mut self) {
        if !self.results.is_stale() {
            self.held = self.results.current().map(|hit| (self.results.cursor, hit.item));
        }
        self.results.renew();
    }

    /// Another question: the cursor goes to its first result.
    pub fn restart(&mut self) {
        self.held = None;
        self.is_unmarked = false;
        self.results.forget();
        self.results.cursor = 0;
        self.results.top = 0;
        self.failure = None;
        self.misses.clear();
        self.wants_misses = false;
        if self.query.is_empty() {
            self.found = None;
        }
    }

    pub fn options(&self, range: Range<u64>) -> SearchOptions {
        // Facets are the same for every page of the results.
        let facets = self.results.is_stale() || self.found.is_none();
        SearchOptions {
            sort: self.sort,
            range,
            facets,
            snippets: true,
            occurrences: facets.then_some(0),
        }
    }

    pub fn take(&mut self, range: Range<u64>, mut result: SearchResult) {
        let is_other = self.results.is_stale() || self.found.is_none();
        let hits = std::mem::take(&mut result.hits);
        self.answered.clone_from(&self.query);
        self.results.set(range.start..range.start + hits.len() as u64, hits, result.total);
        if let Some((row, item)) = self.held.take()
            && self.results.cursor == row
            && let Some(at) = self.results.find(|hit| hit.item == item)
        {
            self.results.go(at);
        }
        if !is_other && let Some(found) = &mut self.found {
            result.facets = std::mem::take(&mut found.facets);
            result.occurrences = found.occurrences;
        }
        self.found = Some(result);
        self.failure = None;
    }

    /// It could not be answered: nothing is found, and no key acts on a result of before.
    pub fn fail(&mut self, failure: Failure) {
        self.results.set(0..0, Vec::new(), 0);
        self.answered.clone_from(&self.query);
        self.held = None;
        self.found = None;
        self.failure = Some(failure);
    }

    /// Brings back the query before the one that stands in the line, or the one after it.
    pub fn recall(&mut self, is_newer: bool) {
        let next = match (self.recalled, is_newer) {
            (None, false) => Some(0),
            (Some(at), false) => Some((at + 1).min(self.past.len().saturating_sub(1))),
            (Some(at), true) => at.checked_sub(1),
            (None, true) => None,
        };
        let query = next.and_then(|at| self.past.get(at)).cloned().unwrap_or_default();
        self.recalled = next.filter(|_| !self.past.is_empty());
        self.input.set(&query);
    }

    pub fn is_recalling(&self) -> bool {
        self.recalled.is_some() || self.input.text().is_empty()
    }

    /// Somebody types a query of their own.
    pub fn stop_recalling(&mut self) {
        self.recalled = None;
    }

    /// The query was used: it is the last one of those of before.
    pub fn remember(&mut self) {
        self.recalled = None;
        let query = self.query.clone();
        self.past.retain(|known| *known != query);
        self.past.insert(0, query);
    }

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
            groups(&mut lines, &found.facets, found.messages + found.documents);
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
    }

    /// What the answer could not look at, in `cells`.
    pub fn remarks(&self, cells: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        for remark in self.found.iter().flat_map(|found| &found.remarks) {
            let measure = Measure::text(cells.saturating_sub(3).max(8));
            let (rows, _) = compose::rows(remark, measure, Hits::default(), Role::Dim, 6);
            for (number, row) in rows.into_iter().enumerate() {
                let mut line = Line::of(if number == 0 { "! " } else { "  " }, Role::Warn);
                line.spans.extend(row.spans);
                lines.push(line);
            }
        }
        lines
    }

    /// The running query with `field:value` added, in the query language.
    pub fn narrow(&self, filter: &str) -> String {
        let typed = Query::parse(&self.query);
        let added = Query::parse(filter);
        match (typed, added.as_ref().ok().and_then(Query::root).map(|root| &root.kind)) {
            (Ok(typed), Some(Kind::Filter(filter))) => {
                let value = filter.values.first().cloned();
                value
                    .map_or(typed.clone(), |value| typed.with_filter(filter.field, value))
                    .text()
                    .to_owned()
            }
            _ => format!("{} {filter}", self.query).trim().to_owned(),
        }
    }

    /// What the input line says at its right end, in `cells` where that can be.
    pub fn summary(&self, cells: usize) -> Line {
        if self.is_blank() {
            return Line::new();
        }
        if let Some(failure) = &self.failure {
            return match self.awaits_index() {
                true => Line::of(CATCHING_UP, Role::Warn),
                false => Line::of(&failure.message, Role::Bad),
            };
        }
        let Some(found) = &self.found else { return Line::new() };
        if self.results.is_stale() {
            return Line::of("…", Role::Dim);
        }
        let so_far = if self.is_catching_up { " so far" } else { "" };
        let mut line = Line::text(match found.total {
            0 => format!("nothing found{so_far}"),
            total => format!("{} found{so_far}", number(total)),
        });
        if self.is_catching_up {
            line.push_parts([(CATCHING_UP.to_owned(), Role::Warn)], cells);
        }
        if found.total == 0 {
            return line;
        }
        // As in a result's own line: how often it stands there.
        if let Some(occurrences) = found.occurrences.filter(|count| *count > found.total) {
            line.push(format!(" ({}×)", number(occurrences)), Role::Text);
        }
        let notes = found.total.saturating_sub(found.documents + found.messages);
        let kinds = [("document", found.documents), ("message", found.messages), ("note", notes)];
        let kinds = || kinds.iter().filter(|(_, many)| *many > 0);
        let words: Vec<String> =
            kinds().map(|(name, many)| count(*many, name, &format!("{name}s"))).collect();
        // Else by the letters of their numbers: half of a narrow screen must hold it.
        let letters: Vec<String> = kinds()
            .map(|(name, many)| format!("{} {}", number(*many), name[..1].to_uppercase()))
            .collect();
        let before = line.spans.len();
        line.push_parts([(words.join(", "), Role::Dim)], cells);
        if line.spans.len() == before {
            line.push_parts([(letters.join(", "), Role::Dim)], cells);
        }
        line
    }

    /// The index could not answer, and is being brought up to date.
    pub fn awaits_index(&self) -> bool {
        self.is_catching_up && self.failure.as_ref().is_some_and(|failure| failure.is_of_index)
    }

    /// The query is answered: nothing was found, or it cannot be searched for.
    pub fn is_without_hits(&self) -> bool {
        self.results.is_known() && self.results.total() == Some(0)
    }

    /// The result under the cursor is known, or that there is none.
    pub fn is_settled(&self) -> bool {
        self.current().is_some() || self.is_without_hits() || self.query.is_empty()
    }

    /// What nearly would have been found, in words: `清河 4 (one character)`.
    pub fn miss_words(&self) -> impl Iterator<Item = (String, String)> {
        self.misses
            .iter()
            .map(|miss| (format!("{} {}", miss.to, number(miss.units)), format!(" ({})", miss.why)))
    }

    /// Nothing is asked, or not yet: what stood there before is no answer to an empty line.
    pub fn is_blank(&self) -> bool {
        let typed = if self.is_typing { self.input.text() } else { &self.query };
        typed.trim().is_empty()
    }
}

/// Why a word in Latin letters may have found nothing: most of the evidence is in another script.
/// `languages`: of documents, the most frequent one first.
pub fn language_hint(query: &str, languages: &[(String, u64)]) -> Option<String> {
    let known = || languages.iter().filter(|(language, _)| !language.is_empty());
    let (first, most) = known().max_by_key(|(_, count)| *count)?;
    let name = match first.as_str() {
        "zh" => "Chinese",
        "ja" => "Japanese",
        "ko" => "Korean",
        "ru" => "Russian",
        "uk" => "Ukrainian",
        "ar" => "Arabic",
        "fa" => "Persian",
        _ => return None,
    };
    let all: u64 = known().map(|(_, count)| count).sum();
    let is_most = most * 2 > all;
    let is_plain = query.is_ascii() && !query.contains([':', '/', '@']);
    let has_words = query.chars().filter(char::is_ascii_alphabetic).count() > 1;
    if !(is_most && is_plain && has_words) {
        return None;
    }
    let counts: Vec<String> =
        known().take(4).map(|(language, count)| format!("{language} {}", number(*count))).collect();
    let counts = counts.join(", ");
    Some(format!("most documents are {name} ({counts}): try the {name} word"))
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

/// `units`: messages and documents that were found, which each facet has all of.
fn groups(lines: &mut Vec<Line>, facets: &Facets, units: u64) {
    const MOST: usize = 8;
    let mut group = |head: &str, rows: Vec<(String, u64, String)>, rest: (&str, &str)| {
        if rows.is_empty() {
            return;
        }
        lines.push(Line::of(head, Role::Dim));
        let total = rows.len();
        let counted: u64 = rows.iter().map(|(_, count, _)| count).sum();
        for (name, count, filter) in rows.into_iter().take(MOST) {
            lines.push(facet(&name, count, Target::Narrow(filter)));
        }
        if total > MOST {
            lines.push(Line::of(format!("… {} more", total - MOST), Role::Dim));
        }
        // What is of none of them is said, so that the counts add up.
        let (name, filter) = rest;
        let others = units.saturating_sub(counted);
        if others > 0 && !name.is_empty() {
            lines.push(match filter {
                "" => Line::of(name, Role::Text).and(number(others), Role::Count),
                filter => facet(name, others, Target::Narrow(filter.to_owned())),
            });
        }
        lines.push(Line::new());
    };
    let named = |list: &[(String, u64)], field: &str| {
        let rows = list.iter().filter(|(name, _)| !name.is_empty());
        rows.map(|(name, count)| (name.clone(), *count, format!("{field}:{}", quoted(name))))
            .collect()
    };
    let conversations = facets.conversations.iter();
    group(
        "in",
        conversations
            .map(|(id, title, count)| (format!("{id} {title}"), *count, format!("in:{id}")))
            .collect(),
        ("", ""),
    );
    group("type", named(&facets.formats, "type"), ("", ""));
    group("language", named(&facets.languages, "lang"), ("undetermined", "lang:none"));
    let years = facets.years.iter().filter(|(year, _)| *year != 0);
    group(
        "year",
        years.map(|(year, count)| (year.to_string(), *count, format!("date:{year}"))).collect(),
        ("undated", "date:none"),
    );
    if facets.sources.len() > 1 {
        let sources = facets.sources.iter();
        group(
            "source",
            sources.map(|(id, count)| (id.to_string(), *count, format!("source:{id}"))).collect(),
            ("", ""),
        );
    }
}

/// A line at a width, with its counts at the right end; what does not fit ends in an ellipsis.
pub fn spread(line: &Line, cells: usize) -> Line {
    let Some(at) = line.spans.iter().position(|span| span.role() == Role::Count) else {
        let mut out = line.clone();
        // Numbers keep off the edge; other lines may run up to it.
        if out.width() > cells + 1 {
            out.fit(cells + 1);
        }
        return out;
    };
    let tail: usize = line.spans[at..].iter().map(Span::width).sum();
    let mut out = Line { spans: line.spans[..at].to_vec(), ..line.clone() };
    out.fit(cells.saturating_sub(tail + 1));
    out.push(" ", Role::Text);
    out.spans.extend_from_slice(&line.spans[at..]);
    out
}

/// The title of a conversation beside one who wrote in it: where it is called by those who take
/// part, only the others.
fn beside_sender<'a>(title: &'a str, called: &str) -> Cow<'a, str> {
    let is_called = |name: &&str| *name == called;
    let names: Vec<&str> = title.split(BETWEEN_ACCOUNTS).collect();
    let Some(at) = names.iter().position(is_called) else { return title.into() };
    let others: Vec<&str> =
        names.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, name)| *name).collect();
    match others.is_empty() {
        true => "".into(),
        false => format!("→ {}", others.join(", ")).into(),
    }
}

/// The two rows of a result.
pub fn result_lines(hit: &Hit, cells: usize) -> [Line; ROWS] {
    let mut head = Line::of(hit.item.to_string(), Role::Dim).and(" ", Role::Text);
    let mut tail = String::new();
    if !hit.locator.is_empty() {
        tail.push_str(&format!(" · {}", hit.locator));
    }
    if hit.occurrences > 1 {
        tail.push_str(&format!(" · {}×", number(hit.occurrences)));
    }
    if hit.variant != crate::model::VariantKind::Original {
        tail.push_str(&format!(" ≈ {}", hit.variant.name()));
    }
    match hit.exports.as_slice() {
        [] => {}
        [(id, called)] => tail.push_str(&format!(" · {id} {}", width::clip_start(called, EXPORT))),
        several => tail.push_str(&format!(" · in {} exports", several.len())),
    }
    let signs = Signs::from(hit).short();
    if !signs.is_empty() {
        tail.push_str(&format!(" {signs}"));
    }
    let tail = sanitise::line(&tail).into_owned();
    let path = sanitise::line(&hit.path);
    let name = match hit.item {
        ItemId::Document(_) => path.rsplit(['/', '!']).next().unwrap_or(&path),
        _ => &*path,
    };
    if let Some(date) = &hit.date {
        // The name of a file says more than when it was changed.
        let room = match hit.sender {
            Some(_) => usize::MAX,
            None => cells.saturating_sub(head.width() + width::of(&tail) + width::of(name) + 1),
        };
        let shown = [16, 10].iter().filter_map(|most| date.get(..*most));
        if let Some(shown) = shown.chain([date.as_str()]).find(|shown| shown.len() <= room) {
            head.push(shown.replace('T', " "), Role::Dim);
            head.push(" ", Role::Text);
        }
    }
    match (&hit.owner, &hit.sender) {
        (Some(owner), _) => {
            head.push(format!("{} ", owner.id), Role::Dim);
            head.push(&owner.name, Role::Head);
            head.push("  ", Role::Text);
        }
        (None, Some(sender)) => {
            head.push(sender, Role::Head);
            head.push("  ", Role::Text);
        }
        (None, None) => {}
    }
    let called = hit.owner.as_ref().map(|owner| &owner.name).or(hit.sender.as_ref());
    let title =
        called.map_or((&*path).into(), |called| beside_sender(&path, &sanitise::line(called)));
    let room = cells.saturating_sub(head.width() + width::of(&tail));
    // The end of a path says most, of a name its two ends, of a title the start.
    let (shown, role) = match hit.sender {
        Some(_) => (width::clip(&title, room.max(4)), Role::Dim),
        None if width::of(&path) <= room => (path.clone().into_owned(), Role::Head),
        // With a sign of its folders before it, or alone.
        None if width::of(name) + 2 > room => (width::clip_middle(name, room.max(8)), Role::Head),
        None => (width::clip_start(&path, room.max(4)), Role::Head),
    };
    head.push(shown, role);
    head.push(tail, Role::Dim);
    let mut body = Line::of("  ", Role::Text);
    if hit.snippet.text.is_empty() && hit.occurrences == 0 {
        body.push("found by its name or fields", Role::Dim);
    }
    let snippet = compose::snippet(&hit.snippet.text, &hit.snippet.marks, cells.saturating_sub(2));
    for span in snippet.spans {
        body.push(span.text(), span.role());
    }
    [head, body]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_names_an_account_once() {
        let check = |title: &str, sender: &str, expected: &str| {
            assert_eq!(beside_sender(title, sender), expected, "{title} of {sender}");
        };
        check("lin ↔ mara", "lin", "→ mara");
        check("lin ↔ mara", "mara", "→ lin");
        check("lin ↔ mara ↔ tomas +3", "mara", "→ lin, tomas +3");
        check("lin", "lin", "");
        check("Qinghe sales", "lin", "Qinghe sales");
        check("lin ↔ linda", "lind", "lin ↔ linda");
    }

    #[test]
    fn who_searches_in_another_script_is_told() {
        let hint = |query: &str, languages: &[(&str, u64)]| {
            let languages: Vec<(String, u64)> =
                languages.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
            language_hint(query, &languages)
        };
        let leak = [("zh", 71), ("en", 24), ("", 5)];
        assert_eq!(
            hint("payment", &leak).as_deref(),
            Some("most documents are Chinese (zh 71, en 24): try the Chinese word")
        );
        for query in ["付款", "from:lin", "2022", "a@b.example", "/QH-/"] {
            assert_eq!(hint(query, &leak), None, "{query}");
        }
        assert_eq!(hint("payment", &[("zh", 40), ("en", 60)]), None);
        assert_eq!(hint("payment", &[("en", 90), ("zh", 10)]), None);
        assert_eq!(hint("payment", &[("zh", 40), ("en", 30), ("ru", 30)]), None, "not most");
        assert_eq!(hint("payment", &[]), None);
    }

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

    #[test]
    fn facets_add_up() {
        let facets = Facets {
            languages: vec![("zh".to_owned(), 31), (String::new(), 3)],
            years: vec![(2022, 30), (0, 4)],
            ..Facets::default()
        };
        let mut lines = Vec::new();
        groups(&mut lines, &facets, 34);
        let shown: Vec<(String, bool)> =
            lines.iter().map(|line| (line.plain(), line.link.is_some())).collect();
        assert!(shown.contains(&("undetermined3".to_owned(), true)), "{shown:?}");
        assert!(shown.contains(&("undated4".to_owned(), true)), "{shown:?}");
        let mut all = Vec::new();
        groups(&mut all, &Facets { years: vec![(2022, 34)], ..Facets::default() }, 34);
        assert!(!all.iter().any(|line| line.plain().contains("undated")));
    }
}
