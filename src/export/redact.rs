//! Puts something else where a report names what is protected: everywhere in it, names that are
//! split over styles and sentences included.

use super::locator::{Place, Spot};
use super::mask::Mask;
use super::pattern;
use super::profile::BLACK;
use super::report::{Block, Entry, Footnote, Mark, Report, Run, Sentence, Source};
use crate::model::anchor::Counted;
use crate::model::{Count, Hold};

/// Redacts a report. `name` is that of the profile.
pub fn redact(report: &mut Report, mask: &Mask, name: &str) {
    let all = Redactor { mask };
    for text in [&mut report.title, &mut report.case] {
        all.text(text);
    }
    report.authors.iter_mut().for_each(|author| all.text(author));
    report.limits.iter_mut().for_each(|limit| all.text(limit));
    for section in &mut report.sections {
        all.text(&mut section.intro);
        section.entries.iter_mut().for_each(|entry| all.entry(entry));
    }
    report.footnotes.iter_mut().for_each(|footnote| all.footnote(footnote));
    let mut name = name.to_owned();
    all.text(&mut name);
    report.redacted = Some(name);
}

struct Redactor<'a> {
    mask: &'a Mask,
}

impl Redactor<'_> {
    fn text(&self, text: &mut String) {
        if let Some(masked) = self.mask.apply(text) {
            *text = masked;
        }
    }

    fn entry(&self, entry: &mut Entry) {
        self.text(&mut entry.title);
        let authors = entry.authors.iter_mut().chain(&mut entry.text_authors);
        authors.for_each(|author| self.text(author));
        for fact in &mut entry.facts {
            self.text(&mut fact.label);
            self.text(&mut fact.value);
        }
        for blocks in &mut entry.texts {
            self.blocks(blocks);
        }
        for review in &mut entry.reviews {
            let texts = [
                &mut review.sentence,
                &mut review.role,
                &mut review.by,
                &mut review.name,
                &mut review.verdict,
                &mut review.comment,
            ];
            texts.into_iter().chain(&mut review.taken_in_by).for_each(|text| self.text(text));
        }
    }

    fn blocks(&self, blocks: &mut [Block]) {
        for block in blocks {
            match block {
                Block::Heading(_, runs) => self.runs(runs.iter_mut().collect()),
                Block::Paragraph(sentences) => self.sentences(sentences),
                Block::List { items, .. } => items.iter_mut().for_each(|item| self.blocks(item)),
                Block::Quote(inner) => self.blocks(inner),
                Block::Code(code) => self.text(code),
                Block::Table(rows) => {
                    rows.iter_mut().flatten().for_each(|cell| self.sentences(cell));
                }
                Block::Rule => {}
            }
        }
    }

    fn sentences(&self, sentences: &mut [Sentence]) {
        // One by one too: what ends a sentence ends a name, whatever comes after it.
        for sentence in sentences.iter_mut() {
            self.runs(sentence.runs.iter_mut().collect());
        }
        self.runs(sentences.iter_mut().flat_map(|sentence| &mut sentence.runs).collect());
    }

    /// Runs that stand beside each other: what is protected is seen across their borders.
    fn runs(&self, mut runs: Vec<&mut Run>) {
        let mut whole = String::new();
        let mut starts = Vec::with_capacity(runs.len());
        for run in &runs {
            starts.push(whole.len());
            whole.push_str(if run.mark == Mark::Break { "\n" } else { &run.text });
        }
        // From the end, so that what stands before keeps its place.
        for found in self.mask.find(&whole).into_iter().rev() {
            let mut instead = Some(found.protected.instead.as_str());
            for (run, start) in runs.iter_mut().zip(&starts) {
                let end = start + run.text.len();
                let (from, to) = (found.range.start.max(*start), found.range.end.min(end));
                if from >= to || run.mark == Mark::Break {
                    continue;
                }
                // The first run has what stands there instead, the others lose their part.
                run.text.replace_range(from - start..to - start, instead.take().unwrap_or(""));
            }
        }
    }

    fn footnote(&self, footnote: &mut Footnote) {
        match &mut footnote.hold {
            Hold::Broken { why } | Hold::Misplaced { why } => self.text(why),
            Hold::Changed { now } | Hold::OtherBasis { now } => self.text(now),
            Hold::Holds | Hold::Moved { .. } | Hold::Absent => {}
        }
        let beside =
            footnote.moved_from.iter_mut().chain(&mut footnote.writer).chain(&mut footnote.kept);
        beside.for_each(|text| self.text(text));
        let around = match &footnote.locator.spot {
            Spot::Passage(place) => (place.before.clone(), place.after.clone()),
            _ => Default::default(),
        };
        match &mut footnote.source {
            Source::Passage { path, file, place, quote, translation, .. } => {
                [path, place].into_iter().for_each(|text| self.text(text));
                // A quote may begin or end in the middle of a name.
                if let Some(masked) = self.mask.apply_between(&around.0, quote, &around.1) {
                    *quote = masked;
                }
                let of_file = file.remarks.iter_mut().chain(&mut file.also_at);
                of_file.for_each(|text| self.text(text));
                file.lists.iter_mut().for_each(|list| self.text(&mut list.path));
                if let Some(translation) = translation {
                    self.text(&mut translation.text);
                    self.text(&mut translation.state);
                }
            }
            Source::Count { said, how, .. } => {
                if let Spot::Count(count) = &footnote.locator.spot {
                    self.query(count, std::iter::once(&mut *said).chain(how.iter_mut()));
                }
                self.text(said);
                how.iter_mut().for_each(|line| self.text(line));
            }
        }
        match &mut footnote.locator.spot {
            Spot::Passage(place) => self.place(place),
            Spot::Count(count) => {
                if let Some(redacted) = self.count(count) {
                    footnote.locator.spot = redacted;
                }
            }
            Spot::Redacted { .. } => {}
        }
    }

    /// Pieces of a quote have holes where it was redacted; context that would give it away goes.
    fn place(&self, place: &mut Place) {
        // Hashes over a short text: who knows its rest tries names until one fits.
        if place.record.is_some() {
            (place.target, place.text) = (None, None);
        }
        self.text(&mut place.path);
        self.text(&mut place.locator);
        place.moved_from.iter_mut().for_each(|text| self.text(text));
        let (before, after) = (place.before.clone(), place.after.clone());
        let pieces = place.quote.iter();
        place.quote = match place.quote.as_slice() {
            [whole] => self.mask.pieces_between(&before, whole, &after),
            _ => pieces.flat_map(|piece| self.mask.pieces_between("", piece, "")).collect(),
        };
        let around = format!("{}{}{}", place.before, place.quote.join(""), place.after);
        if place.quote.len() > 1 || !self.mask.find(&around).is_empty() {
            place.before.clear();
            place.after.clear();
        }
    }

    /// Blacks out a query that stands for a protected name without writing it.
    fn query<'t>(&self, count: &Count, texts: impl Iterator<Item = &'t mut String>) {
        if let Counted::Search { query, normal, .. } = &count.of
            && self.is_sought(query)
        {
            for text in texts {
                *text = text.replace(query.as_str(), BLACK).replace(normal.as_str(), BLACK);
            }
        }
    }

    fn is_sought(&self, query: &str) -> bool {
        let mut is_sought = false;
        pattern::each(query, &mut |pattern| is_sought |= self.mask.is_sought(pattern));
        is_sought
    }

    fn count(&self, count: &Count) -> Option<Spot> {
        // Whatever text is in it: queries, what they name, columns, conditions.
        let value = serde_json::to_value(count).unwrap_or_default();
        let is_sought = match &count.of {
            Counted::Search { query, .. } => self.is_sought(query),
            Counted::Column { .. } => false,
        };
        (is_sought || self.is_in(&value))
            .then(|| Spot::Redacted { number: count.number.clone(), ids: count.ids })
    }

    fn is_in(&self, value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::String(text) => !self.mask.find(text).is_empty(),
            serde_json::Value::Array(values) => values.iter().any(|value| self.is_in(value)),
            serde_json::Value::Object(fields) => fields.values().any(|value| self.is_in(value)),
            _ => false,
        }
    }
}
