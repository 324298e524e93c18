//! Makes a report from a case.
//!
//! Here notes become entries; `entity.rs` entities, `cited.rs` what they name footnotes,
//! `dates.rs` what is cited a timeline.

mod cited;
mod dates;
mod entity;

use super::prose::{self, Becomes};
use super::report::{
    Block, Entry, Evidence, Fact, Footnote, Kind, Report, Section, Unresolved, plain,
};
use super::{Options, Parts};
use crate::case::{Case, CaseError, Conflict, FileFacts, NoteFilter, Quoting};
use crate::model::anchor::At;
use crate::model::disagreed::{Disagreed, Slot};
use crate::model::entity::Entity;
use crate::model::finding::{NoteKind, Stance};
use crate::model::gone::Gone;
use crate::model::kept::Kept;
use crate::model::note::{Note, claim, short_numbers};
use crate::model::review::{ReviewState, is_checked, without_numbers};
use crate::model::{ItemId, NoteId, Sha256};
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

/// Reads what the options ask for, and checks every footnote in the case.
///
/// # Errors
/// The case cannot be read; a note that was asked for is not in it; `cancel` was set.
pub fn gather(
    case: &Case,
    options: &Options,
    progress: super::Progress<'_>,
    cancel: &AtomicBool,
) -> Result<Report, CaseError> {
    let mut gatherer = Gatherer {
        case,
        progress,
        cancel,
        footnotes: Vec::new(),
        by_item: HashMap::new(),
        by_place: HashMap::new(),
        stands_in: Vec::new(),
        titles: HashMap::new(),
        quoting: case.quoting(),
        files: HashMap::new(),
        entities: case.entities()?,
        deleted: case.deleted_entities()?,
        notes: Vec::new(),
        conflicts: HashMap::new(),
        unresolved: Vec::new(),
        names_people: options.authors,
    };
    gatherer.choose(&options.parts)?;
    let mut report = gatherer.report(options)?;
    report.number();
    if !options.authors {
        report.authors.clear();
        for entry in report.sections.iter_mut().flat_map(|section| &mut section.entries) {
            entry.authors.clear();
            entry.text_authors.clear();
            entry.reviews.iter_mut().for_each(unnamed);
        }
    }
    Ok(report)
}

struct Gatherer<'a> {
    case: &'a Case,
    progress: super::Progress<'a>,
    cancel: &'a AtomicBool,
    footnotes: Vec<Footnote>,
    /// Numbers of the footnotes of anchors, documents and messages; `None` where there is nothing.
    by_item: HashMap<ItemId, Option<usize>>,
    /// The same by the place of anchors: those of several people who worked apart are one.
    by_place: HashMap<At, usize>,
    /// Documents and messages that footnotes point into.
    stands_in: Vec<(ItemId, usize)>,
    /// Titles of the notes of the report.
    titles: HashMap<NoteId, String>,
    quoting: Quoting<'a>,
    /// What the case knows of files that are cited.
    files: HashMap<Sha256, FileFacts>,
    entities: Vec<Entity>,
    /// Those that somebody deleted: texts name them still.
    deleted: Vec<Entity>,
    notes: Vec<Note>,
    /// What does not go together with each of the notes, within the report or not.
    conflicts: HashMap<NoteId, Vec<Conflict>>,
    unresolved: Vec<Unresolved>,
    /// The report says who wrote what.
    names_people: bool,
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
                let title = self.title_of(&note.texts[0].text)?;
                self.titles.insert(id, title);
                self.notes.push(note);
            }
        }
        self.notes.sort_by_key(|note| note.id);
        let entries = self.case.note_entries(NoteFilter::default())?;
        self.conflicts = entries
            .into_iter()
            .filter_map(|entry| Some((entry.row.id?, entry.conflicts)))
            .collect();
        Ok(())
    }

    /// The title of a text, with names for numbers as they stand in the text.
    fn title_of(&mut self, text: &str) -> Result<String, CaseError> {
        let mut error = None;
        let (title, _) = title_of(text, &mut |name| match name.parse() {
            // What is cited makes its footnotes where it stands in the text.
            Ok(ItemId::Anchor(_) | ItemId::Message(_)) => Becomes::Footnote(0),
            Ok(ItemId::Document(id)) => match self.file_name(id) {
                Ok(words) => Becomes::Text(words),
                Err(failed) if failed.is_no_such_item() => Becomes::Footnote(0),
                Err(failed) => {
                    error.get_or_insert(failed);
                    Becomes::Footnote(0)
                }
            },
            item => {
                let becomes = match item {
                    Ok(item) => self.becomes(item, name),
                    Err(_) => Ok(None),
                };
                let becomes = becomes.and_then(|own| own.map_or_else(|| self.absent(name), Ok));
                becomes.unwrap_or_else(|failed| {
                    error.get_or_insert(failed);
                    Becomes::Text(name.to_owned())
                })
            }
        });
        error.map_or(Ok(title), Err)
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
        let mut events = Vec::new();
        for note in of_kind(NoteKind::Event) {
            let span = note.fields.when.as_ref().map(|when| when.span());
            events.push((span, self.note(note, Kind::Event)?));
        }
        let mut known = Vec::new();
        if options.parts.wants_entities() {
            for entity in self.entities.clone() {
                known.push(self.entity(&entity)?);
            }
        }
        let mut plain_notes = Vec::new();
        for note in of_kind(NoteKind::Note) {
            plain_notes.push(self.note(note, Kind::Note)?);
        }
        // Last of all: by now it is known what is cited.
        let timeline = match options.parts.wants(NoteKind::Event) {
            true => self.timeline(events, options.all_dates)?,
            // Events that were asked for one by one.
            false => events.into_iter().map(|(_, entry)| entry).collect(),
        };
        section("Timeline", dates::INTRO, timeline);
        section("Entities", "", known);
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
            limits: super::limits::limits(&self.case.status()?)
                .into_iter()
                .chain(self.unresolved.iter().map(Unresolved::limit))
                .collect(),
            redacted: None,
            unresolved: std::mem::take(&mut self.unresolved),
            seal: None,
        })
    }

    fn disagreed(&self, own: &Disagreed) -> String {
        if self.names_people { own.words() } else { own.values() }
    }

    /// That somebody deleted what stands.
    fn kept(&self, kept: &Kept) -> Fact {
        Fact::new("deletion", self.kept_words(kept))
    }

    fn kept_words(&self, kept: &Kept) -> String {
        if self.names_people { kept.words() } else { kept.nameless() }
    }

    fn gone_words(&self, gone: &Gone) -> String {
        if self.names_people { gone.words() } else { gone.nameless() }
    }

    fn note(&mut self, note: &Note, kind: Kind) -> Result<Entry, CaseError> {
        if self.cancel.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(CaseError::Cancelled);
        }
        (self.progress)("footnotes", self.footnotes.len() as u64, 0);
        let id = note.id.to_string();
        let fields = &note.fields;
        let mut facts = Vec::new();
        if kind == Kind::Finding {
            let said = |slot, agreed: String| match fields.disagreed(slot) {
                Some(own) => self.disagreed(own),
                None => agreed,
            };
            let unstated = || "not stated".to_owned();
            let standing = fields.standing.word().to_owned();
            facts.push(Fact::new("status", said(Slot::Standing, standing)));
            let confidence = fields.confidence.map(|confidence| confidence.word().to_owned());
            let confidence = confidence.unwrap_or_else(unstated);
            facts.push(Fact::new("confidence", said(Slot::Confidence, confidence)));
            let likelihood = fields.likelihood.map(|likelihood| likelihood.words());
            let likelihood = likelihood.unwrap_or_else(unstated);
            facts.push(Fact::new("likelihood", said(Slot::Likelihood, likelihood)));
        }
        if let Some(own) = fields.disagreed(Slot::When) {
            facts.push(Fact::new("date", self.disagreed(own)));
        } else if let Some(when) = &fields.when {
            let vague = if when.is_vague() { " (not exactly known)" } else { "" };
            facts.push(Fact::new("date", format!("{}{vague}", when.text())));
        } else if kind == Kind::Event {
            facts.push(Fact::new("date", "not known"));
        }
        facts.extend(fields.kept.as_ref().map(|kept| self.kept(kept)));
        if !fields.tags.is_empty() {
            facts.push(Fact::new("tags", fields.tags.join(", ")));
        }
        let conflicts = self.conflicts.get(&note.id).into_iter().flatten();
        facts.extend(conflicts.map(|conflict| Fact::new("conflict", conflict.words())));
        let claims = matches!(kind, Kind::Finding | Kind::Event);
        let mut texts = Vec::new();
        let mut error = None;
        for (at, text) in note.texts.iter().enumerate() {
            // The first text lends the title, where that is a heading of its own.
            let mut numbers = |name: &str| match name.starts_with(['A', 'D', 'M']) {
                true => Becomes::Footnote(0),
                false => Becomes::Text(name.to_owned()),
            };
            let body = if at == 0 { title_of(&text.text, &mut numbers).1 } else { &text.text };
            // Sentences of another text of the same note have names of their own.
            let own = if at == 0 { id.clone() } else { format!("{id}~{}", at + 1) };
            texts.push(prose::read(body, &own, claims, &mut |name| {
                self.named(&id, name).unwrap_or_else(|failed| {
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
            let said = cited.citation;
            let Some(footnote) = self.footnote(ItemId::Anchor(cited.id))? else {
                if let Some(gone) = &cited.gone {
                    let gone = self.gone_words(gone);
                    let words = super::wording::dropped(cited.id, said.stance, &gone);
                    facts.push(Fact::new("evidence", words));
                }
                continue;
            };
            let plain = said.stance == Stance::Supports && cited.grades().is_empty();
            let in_text = cites(&texts, footnote);
            // Beside findings a citation in the text speaks for itself.
            if kind == Kind::Finding || !plain || !in_text {
                let also = cited.also.iter().map(|(_, citation)| citation.grade).collect();
                let (stance, grade) = (said.stance, said.grade);
                let is_disputed = fields.is_disputed(cited);
                evidence.push(Evidence { stance, grade, also, footnote, is_disputed });
            }
        }
        for own in &fields.disagreed {
            let mut fact = match own.slot {
                Slot::Citation(_) => Fact::new("evidence", self.disagreed(own)),
                Slot::Question | Slot::Kind => Fact::new(own.slot.name(), self.disagreed(own)),
                // Above, of what is a finding to all.
                Slot::Standing | Slot::Confidence | Slot::Likelihood if kind != Kind::Finding => {
                    Fact::new(own.slot.name(), self.disagreed(own))
                }
                _ => continue,
            };
            if let Some(anchor) = own.item.as_deref().and_then(|id| id.parse().ok()) {
                fact.cites.extend(self.footnote(ItemId::Anchor(anchor))?);
            }
            facts.push(fact);
        }
        // Whoever says how it stands claims it too, and is no second person for it.
        let mut authors: Vec<String> = note.texts.iter().map(|text| text.by.clone()).collect();
        for writer in &fields.writers {
            authors.push(self.case.signed_name(&writer.name, &writer.key)?);
        }
        let mut entry = Entry {
            id,
            thing: note.operation,
            kind,
            title: self.titles.get(&note.id).cloned().unwrap_or_default(),
            authors: names(authors.iter().map(String::as_str)),
            text_authors: note.texts.iter().map(|text| text.by.clone()).collect(),
            facts,
            texts,
            is_headline: false,
            evidence,
            related: Vec::new(),
            reviews: note.reviews(),
            basis: Some(note.basis()),
        };
        entry.is_headline = entry.is_one_sentence();
        if claims {
            entry.facts.extend(uncited(&entry).map(|said| Fact::new("evidence", said)));
            if !entry.texts.is_empty() && !is_checked(&entry.reviews) {
                entry.facts.push(Fact::new("checked", super::wording::UNCHECKED));
            }
        }
        // Of a review of before it was noted what was checked, this much can be told.
        let sentences: Vec<String> = entry.sentences().iter().map(|own| own.text()).collect();
        let is_gone = |review: &&mut ReviewState| {
            review.changed.is_none() && !sentences.contains(&review.sentence)
        };
        entry.reviews.iter_mut().filter(is_gone).for_each(|own| own.changed = Some(vec!["text"]));
        // As they are read: those of one sentence one after the other, those of what is gone last.
        let claims: Vec<String> = entry.claims().into_iter().map(|claim| claim.text).collect();
        let place = |own: &ReviewState| {
            let sentence = without_numbers(&own.sentence);
            claims.iter().position(|claim| without_numbers(claim) == sentence)
        };
        entry.reviews.sort_by_cached_key(|own| place(own).unwrap_or(usize::MAX));
        Ok(entry)
    }
}

/// What of an entry that claims something cites nothing: all of it, or the sentences that do not, by how
/// they begin.
fn uncited(entry: &Entry) -> Option<String> {
    let claims = entry.claims();
    if claims.iter().all(|claim| claim.cites.is_empty()) {
        return Some(super::wording::CITES_NOTHING.to_owned());
    }
    let is_whole = claims.iter().any(|claim| claim.is_whole() && !claim.cites.is_empty());
    let bare: Vec<String> = claims
        .iter()
        .filter(|claim| claim.cites.is_empty() && !claim.is_whole() && !is_whole)
        .map(|claim| format!("“{}”", begin(claim.quoted())))
        .collect();
    (!bare.is_empty()).then(|| format!("{}: {}", super::wording::CITES_NOTHING, bare.join(", ")))
}

/// Characters of a sentence that tell which one it is.
const BEGIN: usize = 40;

fn begin(sentence: &str) -> String {
    match sentence.char_indices().nth(BEGIN) {
        Some((at, _)) => format!("{}…", &sentence[..at]),
        None => sentence.to_owned(),
    }
}

/// Without the name of whoever took it in.
fn unnamed(review: &mut ReviewState) {
    let whom = if review.taken_in_by_author { "whoever wrote it" } else { "somebody else" };
    if let Some(name) = &mut review.taken_in_by {
        *name = whom.to_owned();
        review.taken_in_by_author = false;
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

/// Title of a text, and the text without it: its heading, else its first sentence (which then stands
/// in the text too). It reads as the text does; `named` says what a short number becomes there.
fn title_of<'t>(text: &'t str, named: &mut dyn FnMut(&str) -> Becomes) -> (String, &'t str) {
    let start = text.trim_start();
    let (first, rest) = start.split_once('\n').unwrap_or((start, ""));
    let heading = first.trim_start_matches('#');
    let is_heading = heading.len() < first.len()
        && first.len() - heading.len() <= 6
        && (heading.starts_with([' ', '\t']) || heading.is_empty());
    // What is cited before anything is said is no title.
    let mut said_in =
        |text: &str| first_said(&prose::read(claim(text), "", true, named)).unwrap_or_default();
    if is_heading && !heading.trim().is_empty() {
        let title = said_in(heading.trim());
        if !title.is_empty() {
            return (title, rest);
        }
    }
    (said_in(start), text)
}

/// The first thing that blocks say.
fn first_said(blocks: &[Block]) -> Option<String> {
    // Messages that are cited and nothing else say nothing yet.
    let said = |words: &str| {
        let mut bare = words.to_owned();
        for (range, item) in short_numbers(words).into_iter().rev() {
            if matches!(item, ItemId::Message(_)) {
                bare.replace_range(range, "");
            }
        }
        bare.contains(char::is_alphanumeric).then(|| words.trim().to_owned())
    };
    blocks.iter().find_map(|block| match block {
        Block::Paragraph(sentences) => sentences.iter().find_map(|own| said(&own.text())),
        Block::Heading(_, runs) => said(&plain(runs)),
        Block::List { items, .. } => items.iter().find_map(|item| first_said(item)),
        Block::Quote(inner) => first_said(inner),
        Block::Table(rows) => rows.iter().flatten().flatten().find_map(|own| said(&own.text())),
        Block::Code(code) => code.lines().find_map(said),
        Block::Rule => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_headings_or_first_sentences() {
        let check = |text: &str, title: &str, body: &str| {
            let mut named = |name: &str| match name.chars().next() {
                Some('A' | 'D' | 'M') => Becomes::Footnote(0),
                Some('E') => Becomes::Text("沈若岚".to_owned()),
                _ => Becomes::Text(name.to_owned()),
            };
            assert_eq!(title_of(text, &mut named), (title.to_owned(), body), "{text:?}");
        };
        check("# 三十万 [[A1]]\n\nbody", "三十万", "\nbody");
        check("## *Who* paid?", "Who paid?", "");
        check("付款三十万。[[A1]]还有。", "付款三十万。", "付款三十万。[[A1]]还有。");
        check("#tag is no heading", "#tag is no heading", "#tag is no heading");
        check("", "", "");
        check("[[A1]] 韩锐签了95%。", "韩锐签了95%。", "[[A1]] 韩锐签了95%。");
        check("[[A1]]\n\n韩锐签了。", "韩锐签了。", "[[A1]]\n\n韩锐签了。");
        check("# [[A1]]\n韩锐签了。", "韩锐签了。", "# [[A1]]\n韩锐签了。");
        check("[[A1]] [[A2]]", "", "[[A1]] [[A2]]");
        check("# Settled [[A1]].\nbody", "Settled.", "body");
        let text = "It cites [[E2]], [[N2]] and [[D5]].";
        check(text, "It cites 沈若岚, N2 and D5.", text);
        let text = "- item one and [[N2]]\n- two";
        check(text, "item one and N2", text);
        check("> [[M2]]\n> said", "M2 said", "> [[M2]]\n> said");
        check("| a | b |\n|---|---|\n| 1 | 2 |", "a", "| a | b |\n|---|---|\n| 1 | 2 |");
    }
}
