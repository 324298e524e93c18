//! Makes a report from a case.

use super::locator::Locator;
use super::prose::{self, Becomes};
use super::report::{
    Block, Entry, Evidence, Fact, Footnote, Kind, Report, Review, Section, Source, plain,
};
use super::{Options, Parts};
use crate::case::{Case, CaseError};
use crate::model::anchor::{At, Counted};
use crate::model::entity::Entity;
use crate::model::finding::{NoteKind, Stance};
use crate::model::note::Note;
use crate::model::{Anchor, Count, ItemId, NoteId, Sha256};
use crate::text::tally::counted;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

/// Characters of the first sentence where a note has no heading.
const TITLE: usize = 100;

/// Reads what the options ask for, and checks every footnote in the case.
///
/// # Errors
/// The case cannot be read; a note that was asked for is not in it; `cancel` was set.
pub fn gather(case: &Case, options: &Options, cancel: &AtomicBool) -> Result<Report, CaseError> {
    let mut gatherer = Gatherer {
        case,
        cancel,
        footnotes: Vec::new(),
        by_item: HashMap::new(),
        titles: HashMap::new(),
        entities: case.entities()?,
        notes: Vec::new(),
    };
    gatherer.choose(&options.parts)?;
    let mut report = gatherer.report(options)?;
    report.number();
    if !options.authors {
        report.authors.clear();
        report.sections.iter_mut().flat_map(|s| &mut s.entries).for_each(|e| e.authors.clear());
    }
    Ok(report)
}

struct Gatherer<'a> {
    case: &'a Case,
    cancel: &'a AtomicBool,
    footnotes: Vec<Footnote>,
    /// Numbers of the footnotes of anchors, documents and messages; `None` where there is nothing.
    by_item: HashMap<ItemId, Option<usize>>,
    /// Titles of the notes of the report.
    titles: HashMap<NoteId, String>,
    entities: Vec<Entity>,
    notes: Vec<Note>,
}

impl Gatherer<'_> {
    fn choose(&mut self, parts: &Parts) -> Result<(), CaseError> {
        let ids: Vec<NoteId> = match &parts.notes {
            Some(ids) => ids.clone(),
            None => self.case.notes(0..u64::MAX)?.into_iter().filter_map(|row| row.id).collect(),
        };
        for id in ids {
            if self.cancel.load(std::sync::atomic::Ordering::Relaxed) {
                return Err(CaseError::Cancelled);
            }
            let note = self.case.note(id)?;
            if parts.notes.is_some() || parts.wants(note.fields.kind) {
                self.titles.insert(id, title_of(&note.texts[0].text).0);
                self.notes.push(note);
            }
        }
        self.notes.sort_by_key(|note| note.id);
        Ok(())
    }

    fn report(&mut self, options: &Options) -> Result<Report, CaseError> {
        let notes = std::mem::take(&mut self.notes);
        let of_kind = |kind: NoteKind| notes.iter().filter(move |note| note.fields.kind == kind);
        let mut sections = Vec::new();
        let mut authors: Vec<String> = Vec::new();
        let mut section = |title: &'static str, intro: &str, entries: Vec<Entry>| {
            authors.extend(entries.iter().flat_map(|entry| entry.authors.iter().cloned()));
            if !entries.is_empty() {
                sections.push(Section { title, intro: intro.to_owned(), entries });
            }
        };
        let mut questions = Vec::new();
        for note in of_kind(NoteKind::Question) {
            let mut entry = self.note(note, Kind::Question)?;
            let answers =
                notes.iter().filter(|other| other.fields.question == Some(note.operation));
            entry.related = answers.map(|other| other.id.to_string()).collect();
            questions.push(entry);
        }
        section("Questions", "", questions);
        let mut findings = Vec::new();
        for note in of_kind(NoteKind::Finding) {
            findings.push(self.note(note, Kind::Finding)?);
        }
        section(
            "Findings",
            "Likelihood says how probable a thing is (ICD 203); confidence says how well founded the judgement is. \
             Grades are those of the Admiralty code: source A to F, item 1 to 6.",
            findings,
        );
        let mut events: Vec<&Note> = of_kind(NoteKind::Event).collect();
        let span = |note: &Note| note.fields.when.as_ref().map(|when| when.span());
        events.sort_by_key(|note| (span(note).is_none(), span(note), note.id));
        let mut timeline = Vec::new();
        for note in events {
            timeline.push(self.note(note, Kind::Event)?);
        }
        section("Timeline", "", timeline);
        if options.parts.wants_entities() {
            let mut known = Vec::new();
            for entity in self.entities.clone() {
                known.push(self.entity(&entity)?);
            }
            section("Entities", "", known);
        }
        let mut plain_notes = Vec::new();
        for note in of_kind(NoteKind::Note) {
            plain_notes.push(self.note(note, Kind::Note)?);
        }
        section("Notes", "", plain_notes);
        authors.sort();
        authors.dedup();
        Ok(Report {
            title: options.title.clone().unwrap_or_else(|| self.case.name()),
            case: self.case.name(),
            date: options.date.clone(),
            authors,
            sections,
            footnotes: std::mem::take(&mut self.footnotes),
            limits: super::limits::limits(&self.case.status()?),
            redacted: None,
        })
    }

    fn note(&mut self, note: &Note, kind: Kind) -> Result<Entry, CaseError> {
        let id = note.id.to_string();
        let fields = &note.fields;
        let mut facts = Vec::new();
        if kind == Kind::Finding {
            facts.push(Fact::new("status", fields.standing.word()));
            let confidence = fields.confidence.map_or("not stated", |confidence| confidence.word());
            facts.push(Fact::new("confidence", confidence));
            let likelihood = fields.likelihood.map(|likelihood| likelihood.words());
            facts.push(Fact::new("likelihood", likelihood.unwrap_or("not stated".to_owned())));
        }
        if let Some(when) = &fields.when {
            let vague = if when.is_vague() { " (not exactly known)" } else { "" };
            facts.push(Fact::new("date", format!("{}{vague}", when.text())));
        } else if kind == Kind::Event {
            facts.push(Fact::new("date", "not known"));
        }
        if !fields.tags.is_empty() {
            facts.push(Fact::new("tags", fields.tags.join(", ")));
        }
        let claims = matches!(kind, Kind::Finding | Kind::Event);
        let mut texts = Vec::new();
        let mut error = None;
        for (at, text) in note.texts.iter().enumerate() {
            // The first text lends the title, where that is a heading of its own.
            let body = if at == 0 { title_of(&text.text).1 } else { &text.text };
            // Sentences of another text of the same note have names of their own.
            let own = if at == 0 { id.clone() } else { format!("{id}~{}", at + 1) };
            texts.push(prose::read(body, &own, claims, &mut |name| {
                self.named(name).unwrap_or_else(|failed| {
                    error.get_or_insert(failed);
                    Becomes::Text(name.to_owned())
                })
            }));
        }
        if let Some(error) = error {
            return Err(error);
        }
        let mut evidence = Vec::new();
        for cited in &note.citations {
            let Some(footnote) = self.footnote(ItemId::Anchor(cited.id))? else { continue };
            let said = cited.citation;
            let plain = said.stance == Stance::Supports && said.grade == Default::default();
            let in_text = cites(&texts, footnote);
            // Beside findings a citation in the text speaks for itself.
            if kind == Kind::Finding || !plain || !in_text {
                evidence.push(Evidence { stance: said.stance, grade: said.grade, footnote });
            }
        }
        let mut entry = Entry {
            id,
            thing: note.operation,
            kind,
            title: self.titles.get(&note.id).cloned().unwrap_or_default(),
            authors: names(note.texts.iter().map(|text| text.author.as_str())),
            facts,
            texts,
            evidence,
            related: Vec::new(),
            reviews: Vec::new(),
        };
        let sentences: Vec<String> =
            entry.sentences().iter().map(|sentence| sentence.text()).collect();
        for review in &fields.reviews {
            entry.reviews.push(Review {
                sentence: review.sentence.clone(),
                role: review.role.clone(),
                by: review.by.clone(),
                verdict: review.verdict.clone(),
                comment: review.comment.clone(),
                outdated: !sentences.contains(&review.sentence),
            });
        }
        Ok(entry)
    }

    fn entity(&mut self, entity: &Entity) -> Result<Entry, CaseError> {
        let fields = &entity.fields;
        let id = entity.id.to_string();
        let mut facts = vec![Fact::new("kind", fields.kind.word())];
        if !fields.aliases.is_empty() {
            facts.push(Fact::new("also known as", fields.aliases.join("; ")));
        }
        for account in &fields.accounts {
            let said = match self.account(entity, &account.handle)? {
                Some(said) => said,
                None => format!("{} ({}), not in this case", account.handle, account.platform),
            };
            facts.push(Fact::new("account", said));
        }
        for attribute in &fields.attributes {
            let mut fact = Fact::new(&attribute.key, attribute.value.as_str());
            for anchor in &attribute.anchors {
                if let Some(view) = self.case.anchor_by(anchor)?
                    && let Some(number) = self.footnote(ItemId::Anchor(view.id))?
                {
                    fact.cites.push(number);
                }
            }
            facts.push(fact);
        }
        facts.push(self.named_in(entity)?);
        if !fields.tags.is_empty() {
            facts.push(Fact::new("tags", fields.tags.join(", ")));
        }
        let mut error = None;
        let text = prose::read(&fields.description, &id, false, &mut |name| {
            self.named(name).unwrap_or_else(|failed| {
                error.get_or_insert(failed);
                Becomes::Text(name.to_owned())
            })
        });
        if let Some(error) = error {
            return Err(error);
        }
        let naming = self.case.notes_naming(ItemId::Entity(entity.id))?;
        let related = naming.into_iter().filter(|note| self.titles.contains_key(note));
        Ok(Entry {
            id,
            thing: entity.operation,
            kind: Kind::Entity,
            title: fields.name.clone(),
            authors: names([entity.author.as_str()]),
            facts,
            texts: if text.is_empty() { Vec::new() } else { vec![text] },
            evidence: Vec::new(),
            related: related.map(|note| note.to_string()).collect(),
            reviews: Vec::new(),
        })
    }

    /// How often its names stand in the evidence, as a number that can be counted again.
    fn named_in(&mut self, entity: &Entity) -> Result<Fact, CaseError> {
        let count = match self.case.count_search(&format!("entity:{}", entity.id), self.cancel) {
            Ok(count) => count,
            // The rest of the report stands without it.
            Err(CaseError::Index(why)) => {
                return Ok(Fact::new("named in", format!("could not be counted: {why}")));
            }
            Err(error) => return Err(error),
        };
        let units =
            if count.number == "1" { "document or message" } else { "documents and messages" };
        let mut fact = Fact::new("named in", format!("{} {units}", count.number));
        let number = self.footnotes.len() + 1;
        let anchor = Anchor::Count(Box::new(count));
        let footnote = self.make(number, entity.id.to_string(), None, &anchor)?;
        self.footnotes.push(footnote);
        fact.cites.push(number);
        Ok(fact)
    }

    /// `wxid_a “Lan S.” (wechat): 301 messages, 2020-01-05 to 2022-10-11`.
    fn account(&self, entity: &Entity, handle: &str) -> Result<Option<String>, CaseError> {
        for id in &entity.participants {
            let account = self.case.account(*id)?.row;
            if account.account.handle != handle {
                continue;
            }
            let own = &account.account;
            let mut said = own.handle.clone();
            if !own.name.is_empty() && own.name != own.handle {
                said.push_str(&format!(" “{}”", own.name));
            }
            said.push_str(&format!(
                " ({}): {}",
                own.platform,
                counted(own.messages, "message", "messages")
            ));
            if let (Some(first), Some(last)) = (&account.first, &account.last) {
                let day = |text: &str| text.get(..10).unwrap_or(text).to_owned();
                said.push_str(&format!(", {} to {}", day(first), day(last)));
            }
            return Ok(Some(said));
        }
        Ok(None)
    }

    /// What a short number in a text becomes.
    fn named(&mut self, name: &str) -> Result<Becomes, CaseError> {
        let item: ItemId = match name.parse() {
            Ok(item) => item,
            Err(_) => return Ok(Becomes::Text(name.to_owned())),
        };
        Ok(match item {
            ItemId::Anchor(_) | ItemId::Document(_) | ItemId::Message(_) => {
                match self.footnote(item)? {
                    Some(number) => Becomes::Footnote(number),
                    None => Becomes::Text(format!("{name} (not in this case any more)")),
                }
            }
            // A sentence reads the same whether or not what it names is in the report.
            ItemId::Note(id) if self.titles.contains_key(&id) => Becomes::Entry(name.to_owned()),
            ItemId::Note(_) => Becomes::Text(name.to_owned()),
            ItemId::Entity(id) => {
                let known = self
                    .entities
                    .iter()
                    .find(|entity| entity.id == id || entity.merged.contains(&id));
                match known {
                    Some(entity) => Becomes::Text(entity.fields.name.clone()),
                    None => Becomes::Text(name.to_owned()),
                }
            }
            item => match found(self.case.line_about(item))? {
                Some(line) => Becomes::Text(format!("{line} ({name})")),
                None => Becomes::Text(name.to_owned()),
            },
        })
    }

    /// Number of the footnote for an anchor, document or message; `None` when the case has it not.
    fn footnote(&mut self, item: ItemId) -> Result<Option<usize>, CaseError> {
        if let Some(known) = self.by_item.get(&item) {
            return Ok(*known);
        }
        let number = self.footnotes.len() + 1;
        let made = match item {
            ItemId::Anchor(id) => match found(self.case.anchor(id))? {
                Some(view) => Some((Some(view.operation), view.anchor)),
                None => None,
            },
            item => {
                let whole = At { item, variant: None, start: 0, end: 0 };
                found(self.case.passage(whole))?
                    .map(|passage| (None, Anchor::Passage(Box::new(passage))))
            }
        };
        let known = match made {
            None => None,
            Some((operation, anchor)) => {
                let footnote = self.make(number, item.to_string(), operation, &anchor)?;
                self.footnotes.push(footnote);
                Some(number)
            }
        };
        self.by_item.insert(item, known);
        Ok(known)
    }

    fn make(
        &self,
        number: usize,
        id: String,
        operation: Option<Sha256>,
        anchor: &Anchor,
    ) -> Result<Footnote, CaseError> {
        let source = match anchor {
            Anchor::Passage(passage) => Source::Passage {
                path: passage.path.clone(),
                sha256: passage.content,
                containers: passage.containers.clone(),
                place: passage.locator.clone(),
                variant: passage.variant,
                quote: passage.quote.clone(),
                // The case does not line translations up with originals yet.
                translation: None,
            },
            Anchor::Count(count) => {
                Source::Count { said: count.words(), how: how(count), ids: count.ids }
            }
        };
        Ok(Footnote {
            number,
            id,
            source,
            hold: self.case.hold(anchor, self.cancel)?,
            locator: Locator::new(number, operation, anchor),
        })
    }
}

/// How a number was made.
fn how(count: &Count) -> Vec<String> {
    match &count.of {
        Counted::Search { query, normal, variants, .. } => {
            let variants: Vec<&str> = variants.iter().map(|variant| variant.name()).collect();
            let mut how = vec![format!("by the search {query}")];
            if normal != query {
                how.push(format!("compared as {normal}"));
            }
            how.push(format!("in the texts: {}", variants.join(", ")));
            how
        }
        Counted::Column { document, path, sheet, name, column, conditions, .. } => {
            let mut how = vec![format!("in {path}"), format!("SHA-256 {document}")];
            let sheet = if sheet.is_empty() { String::new() } else { format!("sheet {sheet}, ") };
            how.push(format!("{sheet}column {} ({name})", column + 1));
            how.extend(
                conditions
                    .iter()
                    .map(|(column, typed)| format!("where column {} is {typed}", column + 1)),
            );
            how
        }
    }
}

/// `None` for what is not in the case.
fn found<T>(result: Result<T, CaseError>) -> Result<Option<T>, CaseError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_no_such_item() => Ok(None),
        Err(error) => Err(error),
    }
}

fn names<'a>(authors: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> =
        authors.into_iter().filter(|name| !name.is_empty()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

fn cites(texts: &[Vec<Block>], number: usize) -> bool {
    fn walk(blocks: &[Block], number: usize) -> bool {
        blocks.iter().any(|block| match block {
            Block::Paragraph(sentences) => {
                sentences.iter().any(|sentence| sentence.cites().any(|cited| cited == number))
            }
            Block::List { items, .. } => items.iter().any(|item| walk(item, number)),
            Block::Quote(inner) => walk(inner, number),
            Block::Table(rows) => rows
                .iter()
                .flatten()
                .flatten()
                .any(|sentence| sentence.cites().any(|cited| cited == number)),
            Block::Heading(..) | Block::Code(_) | Block::Rule => false,
        })
    }
    texts.iter().any(|blocks| walk(blocks, number))
}

/// Title of a text, and the text without it: its heading, else the beginning of its first sentence
/// (which then stands in the text too).
fn title_of(text: &str) -> (String, &str) {
    let start = text.trim_start();
    let (first, rest) = start.split_once('\n').unwrap_or((start, ""));
    let heading = first.trim_start_matches('#');
    let is_heading = heading.len() < first.len()
        && first.len() - heading.len() <= 6
        && (heading.starts_with([' ', '\t']) || heading.is_empty());
    let plain_of = |text: &str| {
        let mut silent = |name: &str| match name.starts_with(['A', 'D', 'M']) {
            true => Becomes::Text(String::new()),
            false => Becomes::Text(name.to_owned()),
        };
        match prose::read(text, "", true, &mut silent).into_iter().next() {
            Some(Block::Paragraph(sentences)) => {
                sentences.first().map(|sentence| sentence.text()).unwrap_or_default()
            }
            Some(Block::Heading(_, runs)) => plain(&runs).trim().to_owned(),
            _ => text.lines().next().unwrap_or_default().trim().to_owned(),
        }
    };
    if is_heading && !heading.trim().is_empty() {
        return (plain_of(heading.trim()), rest);
    }
    let sentence = plain_of(start);
    let title = match sentence.char_indices().nth(TITLE) {
        Some((at, _)) => format!("{}…", &sentence[..at]),
        None => sentence,
    };
    (title, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_headings_or_first_sentences() {
        let check = |text: &str, title: &str, body: &str| {
            assert_eq!(title_of(text), (title.to_owned(), body), "{text:?}");
        };
        check("# 三十万 [[A1]]\n\nbody", "三十万", "\nbody");
        check("## *Who* paid?", "Who paid?", "");
        check("付款三十万。[[A1]]还有。", "付款三十万。", "付款三十万。[[A1]]还有。");
        check("#tag is no heading", "#tag is no heading", "#tag is no heading");
        check("", "", "");
    }
}
