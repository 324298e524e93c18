//! Footnotes get their numbers, and are bound to what they are cited for.

use super::locator::Said;
use super::report::{Block, Footnote, Mark, Report, Run, STANCES};
use std::collections::{HashMap, HashSet};

impl Report {
    /// Numbers the footnotes in the order in which a reader meets them, as a word processor does
    /// by itself, and leaves out those that nothing refers to.
    pub fn number(&mut self) {
        let mut order: Vec<usize> = Vec::new();
        let mut numbers: HashMap<usize, usize> = HashMap::new();
        let mut meet = |number: &mut usize| {
            *number = *numbers.entry(*number).or_insert_with(|| {
                order.push(*number);
                order.len()
            });
        };
        for entry in self.sections.iter_mut().flat_map(|section| &mut section.entries) {
            let (facts, texts) = (&mut entry.facts, &mut entry.texts);
            // A heading stands above all else.
            if entry.is_headline {
                texts.iter_mut().for_each(|text| each_mark(text, &mut meet));
            }
            facts.iter_mut().flat_map(|fact| &mut fact.cites).for_each(&mut meet);
            if !entry.is_headline {
                texts.iter_mut().for_each(|text| each_mark(text, &mut meet));
            }
            // Cited as they are printed.
            entry.evidence.sort_by_key(|evidence| {
                let agreed = STANCES.iter().position(|stance| Some(*stance) == evidence.agreed());
                agreed.unwrap_or(STANCES.len())
            });
            entry.evidence.iter_mut().for_each(|evidence| meet(&mut evidence.footnote));
        }
        let mut all: Vec<Option<Footnote>> =
            std::mem::take(&mut self.footnotes).into_iter().map(Some).collect();
        for (at, old) in order.into_iter().enumerate() {
            let footnote = old.checked_sub(1).and_then(|old| all.get_mut(old)?.take());
            if let Some(mut footnote) = footnote {
                footnote.number = at + 1;
                footnote.locator.n = at + 1;
                self.footnotes.push(footnote);
            }
        }
    }
}

impl Report {
    /// Lets every footnote say how many there are and what it is cited for, so that a sentence
    /// that was changed afterwards, or a footnote that was taken out, is found out. The last thing
    /// that is done to a report before it is written.
    pub fn bind(&mut self) {
        let mut says: HashMap<usize, Vec<Said>> = HashMap::new();
        for entry in self.entries() {
            for claim in entry.claims() {
                for number in &claim.cites {
                    let said = Said {
                        claim: claim.id.clone(),
                        sentence: claim.quoted().to_owned(),
                        stance: entry.said_of(*number).and_then(|said| said.agreed()),
                    };
                    says.entry(*number).or_default().push(said);
                }
            }
        }
        let listed: HashSet<usize> =
            self.entries().flat_map(|entry| &entry.evidence).map(|own| own.footnote).collect();
        let all = self.footnotes.len();
        for footnote in &mut self.footnotes {
            footnote.locator.of = Some(all);
            let is_listed = listed.contains(&footnote.number);
            footnote.locator.listed = is_listed.then(|| super::wording::short(footnote));
            footnote.locator.says = says.remove(&footnote.number).unwrap_or_default();
        }
    }
}

fn each_mark(blocks: &mut [Block], meet: &mut impl FnMut(&mut usize)) {
    fn in_runs(runs: &mut [Run], meet: &mut impl FnMut(&mut usize)) {
        for run in runs {
            if let Mark::Footnote(number) = &mut run.mark {
                meet(number);
            }
        }
    }
    for block in blocks {
        match block {
            Block::Heading(_, runs) => in_runs(runs, meet),
            Block::Paragraph(sentences) => {
                sentences.iter_mut().for_each(|sentence| in_runs(&mut sentence.runs, meet));
            }
            Block::Table(rows) => {
                let sentences = rows.iter_mut().flatten().flatten();
                sentences.for_each(|sentence| in_runs(&mut sentence.runs, meet));
            }
            Block::List { items, .. } => items.iter_mut().for_each(|item| each_mark(item, meet)),
            Block::Quote(inner) => each_mark(inner, meet),
            Block::Code(_) | Block::Rule => {}
        }
    }
}
