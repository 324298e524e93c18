//! The search: what was typed, what was found, how it can be narrowed.
//!
//! `facets` what stands beside the results · `results` the results themselves

mod facets;
mod results;

use super::data::Failure;
use super::input::Input;
use super::line::{Line, Links, Role};
use super::overview::{count, number};
use super::paged::Paged;
use super::reader::compose::{self, Hits};
use super::upkeep::CATCHING_UP;
use crate::case::{Counting, Hit, NearMiss, SearchOptions, SearchResult, SearchSort};
use crate::model::ItemId;
use crate::query::{Kind, Query};
use crate::text::wrap::Measure;
pub use facets::worklist;
pub use results::result_lines;
use std::ops::Range;

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
    /// Facets of which all values are shown.
    opened: Vec<&'static str>,
    /// The one of which that was just ended: the cursor goes to the line that stands for the rest.
    closed: Option<&'static str>,
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
        self.opened.clear();
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

    /// Rows that should be asked for. Each costs the reading of a text: another question is answered
    /// by those that are shown, and those around them come behind.
    pub fn wanted(&self) -> Option<Range<u64>> {
        /// Rows at hand on either side of the screen; more than are missed by [`Paged::wanted`].
        const AROUND: u64 = 100;
        let asked = self.results.wanted()?;
        let (top, bottom) = (self.results.top, self.results.top + self.results.height);
        let (before, after) = if self.is_first() { (0, 0) } else { (AROUND, AROUND) };
        let range = top.saturating_sub(before)..bottom + after;
        Some(asked.start.max(range.start)..asked.end.min(range.end))
    }

    /// Another question is asked for the first time.
    fn is_first(&self) -> bool {
        !self.results.is_known() && self.results.top == 0
    }

    pub fn options(&self, range: Range<u64>) -> SearchOptions {
        /// Hits in which occurrences are counted while somebody waits for the first rows; more than
        /// there are rows on a screen, so that others are asked for afterwards.
        const AT_ONCE: u64 = 10_000;
        // Facets and occurrences are the same for every page of the results.
        let facets = self.results.is_stale() || self.found.is_none();
        let known = if self.is_first() { AT_ONCE } else { u64::MAX };
        let is_counted = self.found.as_ref().is_some_and(|found| found.occurrences.is_some());
        SearchOptions {
            sort: self.sort,
            range,
            facets,
            snippets: true,
            occurrences: (facets || !is_counted).then_some(Counting { known, read: 0 }),
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
            result.occurrences = found.occurrences.or(result.occurrences);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_question_asks_for_what_is_shown_and_then_for_what_is_around() {
        let mut search = Search::default();
        search.results.resize(27);
        assert_eq!(search.wanted(), Some(0..27));
        search.results.set(0..0, Vec::new(), 1000);
        assert_eq!(search.wanted(), Some(0..127));
        search.results.go(500);
        assert_eq!(search.wanted(), Some(374..601));
        search.renew();
        assert_eq!(search.wanted(), Some(374..601), "the same question, where one is");
        search.restart();
        assert_eq!(search.wanted(), Some(0..27));
    }

    #[test]
    fn very_many_hits_are_shown_before_occurrences_in_them_are_counted() {
        let mut search = Search { query: "的".to_owned(), ..Search::default() };
        search.results.resize(27);
        let known = |search: &Search| {
            let range = search.wanted().unwrap_or_default();
            search.options(range).occurrences.map(|counting| counting.known)
        };
        let answer =
            |occurrences| SearchResult { total: 275_574, occurrences, ..Default::default() };
        assert_eq!(known(&search), Some(10_000), "whoever waits for rows");
        search.take(0..27, answer(None));
        assert_eq!(known(&search), Some(u64::MAX), "with the rows around");
        search.take(0..127, answer(Some(300_000)));
        assert_eq!(known(&search), None, "once is enough");
        search.take(0..127, answer(None));
        assert_eq!(search.found.as_ref().and_then(|found| found.occurrences), Some(300_000));
        search.restart();
        assert_eq!(known(&search), Some(10_000), "of another question");
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
}
