//! Puts something else where a report names what is protected: everywhere in it, names that are
//! split over styles and sentences included.

use super::locator::{Place, Spot};
use super::mask::{Found, Mask};
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

/// A piece of what is read one after the other.
enum Piece<'a> {
    Text(&'a mut String),
    /// The end of a line, a paragraph, an item or a cell.
    End,
}

impl Piece<'_> {
    fn text(&self) -> &str {
        match self {
            Piece::Text(text) => text,
            Piece::End => "\n",
        }
    }
}

/// The runs of a line, in their order.
fn of_runs<'a>(runs: impl IntoIterator<Item = &'a mut Run>) -> impl Iterator<Item = Piece<'a>> {
    runs.into_iter().map(|run| match run.mark {
        Mark::Break => Piece::End,
        _ => Piece::Text(&mut run.text),
    })
}

fn of_sentences(sentences: &mut [Sentence]) -> impl Iterator<Item = Piece<'_>> {
    of_runs(sentences.iter_mut().flat_map(|sentence| &mut sentence.runs)).chain([Piece::End])
}

/// All that blocks say, one after the other.
fn of_blocks<'a>(blocks: &'a mut [Block], into: &mut Vec<Piece<'a>>) {
    for block in blocks {
        match block {
            Block::Heading(_, runs) => into.extend(of_runs(runs).chain([Piece::End])),
            Block::Paragraph(sentences) => into.extend(of_sentences(sentences)),
            Block::List { items, .. } => items.iter_mut().for_each(|item| of_blocks(item, into)),
            Block::Quote(inner) => of_blocks(inner, into),
            Block::Code(code) => into.extend([Piece::Text(code), Piece::End]),
            Block::Table(rows) => {
                into.extend(rows.iter_mut().flatten().flat_map(|cell| of_sentences(cell)));
            }
            Block::Rule => {}
        }
    }
}

impl Redactor<'_> {
    fn text(&self, text: &mut String) {
        if let Some(masked) = self.mask.apply(text) {
            *text = masked;
        }
    }

    fn entry(&self, entry: &mut Entry) {
        // A title is the first line of the text, and a name may go on in the next.
        if let Some(first) = entry.texts.first_mut() {
            let mut pieces = Vec::new();
            of_blocks(first, &mut pieces);
            let whole: String = pieces.iter().map(Piece::text).collect();
            let title = entry.title.trim();
            let begins = !title.is_empty() && whole.starts_with(title);
            let goes_on = |found: &Found<'_>| {
                begins && found.range.start < title.len() && found.range.end > title.len()
            };
            if let Some(found) = self.mask.find(&whole).into_iter().find(goes_on) {
                entry.title = format!("{}{}", &title[..found.range.start], found.protected.instead);
            }
        }
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
        // Also what is split over paragraphs, items and cells, and over the title and what follows.
        let mut title = Some(&mut entry.title);
        for blocks in &mut entry.texts {
            let mut pieces: Vec<Piece<'_>> = Vec::new();
            if let Some(title) = title.take() {
                pieces.extend([Piece::Text(title), Piece::End]);
            }
            of_blocks(blocks, &mut pieces);
            self.pieces(pieces);
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
                Block::Heading(_, runs) => self.pieces(of_runs(runs).collect()),
                Block::Paragraph(sentences) => self.sentences(sentences),
                Block::List { items, .. } => items.iter_mut().for_each(|item| self.blocks(item)),
                Block::Quote(inner) => self.blocks(inner),
                Block::Code(code) => self.text(code),
                Block::Table(rows) => {
                    rows.iter_mut().flatten().for_each(|cell| self.sentences(cell));
                    self.columns(rows);
                }
                Block::Rule => {}
            }
        }
    }

    /// What is read down a column of a table: the cells of a row stand between its parts.
    fn columns(&self, rows: &mut [Vec<Vec<Sentence>>]) {
        for column in 0..rows.iter().map(Vec::len).max().unwrap_or(0) {
            let cells = rows.iter_mut().filter_map(|row| row.get_mut(column));
            self.pieces(cells.flat_map(|cell| of_sentences(cell)).collect());
        }
    }

    fn sentences(&self, sentences: &mut [Sentence]) {
        // One by one too: what ends a sentence ends a name, whatever comes after it.
        for sentence in sentences.iter_mut() {
            self.pieces(of_runs(&mut sentence.runs).collect());
        }
        self.pieces(of_sentences(sentences).collect());
    }

    /// Pieces that stand beside each other: what is protected is seen across their borders.
    fn pieces(&self, mut pieces: Vec<Piece<'_>>) {
        let mut whole = String::new();
        let mut starts = Vec::with_capacity(pieces.len());
        for piece in &pieces {
            starts.push(whole.len());
            whole.push_str(piece.text());
        }
        // From the end, so that what stands before keeps its place.
        for found in self.mask.find(&whole).into_iter().rev() {
            let mut instead = Some(found.protected.instead.as_str());
            for (piece, start) in pieces.iter_mut().zip(&starts) {
                let Piece::Text(text) = piece else { continue };
                let end = start + text.len();
                let (from, to) = (found.range.start.max(*start), found.range.end.min(end));
                if from >= to {
                    continue;
                }
                // The first piece has what stands there instead, the others lose their part.
                text.replace_range(from - start..to - start, instead.take().unwrap_or(""));
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
