//! What somebody does to the case in memory: marks, zones, entities, undo.

use super::fake_evidence::{DOCUMENTS, MESSAGES, listed, message, row, search};
use crate::app::data::{Act, Answer, Failure, Mark};
use crate::app::naming::{Done, EntityAct};
use crate::app::signs::{Signed, Signs};
use crate::case::{Acted, Coverage, Scope, Sight, Walk};
use crate::model::{EntityId, ItemId, MessageId, VariantKind};

/// What somebody did to the case in memory.
#[derive(Default)]
pub struct Journal {
    acts: Vec<(Act, u64)>,
    undone: Vec<(Act, u64)>,
    pub seen: Vec<Sight>,
    /// Where somebody left off.
    pub left: Option<String>,
    pub clock: u64,
    pub desk: super::fake_pages::Written,
    pub anchors: super::fake_anchors::Made,
}

impl Journal {
    pub fn mark<T: Signed>(&self, item: ItemId, mut row: T) -> T {
        for (act, _) in &self.acts {
            if let Act::Mark { items, mark, on } = act
                && items.contains(&item)
            {
                row.put(*mark, *on);
            }
        }
        row
    }

    /// What was said of who is who.
    pub fn entities(&self) -> Vec<crate::case::Entity> {
        super::fake_entities::fold(self.acts.iter().filter_map(|(act, _)| match act {
            Act::Entity(act) => Some(act),
            _ => None,
        }))
    }

    /// The zone that the export was set to, if somebody did.
    pub fn zone(&self) -> Option<i32> {
        self.acts.iter().rev().find_map(|(act, _)| match act {
            Act::Zone { offset, .. } => *offset,
            _ => None,
        })
    }

    pub fn act(&mut self, act: Act) -> Result<Answer, Failure> {
        if let Some(answer) = self.desk.act(&act, self.clock) {
            return Ok(answer);
        }
        if let Some(answer) = self.anchors.act(&act, &mut self.clock) {
            return Ok(answer);
        }
        let before = self.clock;
        self.clock += 1;
        let nothing = || Failure::new("there is nothing to undo");
        let about = match &act {
            Act::Mark { .. }
            | Act::SetNote { .. }
            | Act::Tag { .. }
            | Act::Zone { .. }
            | Act::ZoneAlike { .. }
            | Act::Note(_)
            | Act::DeleteNote(_)
            | Act::DeleteNotes(_)
            | Act::Entity(_)
            | Act::Draft(_)
            | Act::DropDraft(_)
            | Act::SaveSearch { .. }
            | Act::DropSearch(_)
            | Act::Remember(_)
            | Act::Highlight { .. }
            | Act::Cite(_)
            | Act::SetAnchor { .. }
            | Act::CountAgain(_)
            | Act::Keep(_)
            | Act::DropAnchor(_) => {
                self.acts.push((act.clone(), self.clock));
                self.undone.clear();
                act.clone()
            }
            Act::Leave(place) => {
                self.left = Some(place.clone());
                return Ok(Answer::Noted);
            }
            Act::See(sights) => {
                self.seen.extend(sights.iter().cloned());
                return Ok(Answer::Noted);
            }
            Act::Undo => {
                let last = self.acts.pop().ok_or_else(nothing)?;
                self.undone.push(last.clone());
                last.0
            }
            Act::Redo => {
                let last = self.undone.pop().ok_or_else(nothing)?;
                self.acts.push(last.clone());
                last.0
            }
        };
        if let Act::Entity(done) = &act {
            let all = self.entities();
            let id = match done {
                EntityAct::New(_) | EntityAct::Split { .. } => all.last().map(|one| one.id),
                EntityAct::Merge { into, .. } => Some(*into),
                _ => None,
            };
            let words = "did that".to_owned();
            let acted = Acted { words, before, after: self.clock, is_clock: false, note: None };
            let id = id.unwrap_or(EntityId(1));
            let of = Done { id, acted };
            return Ok(Answer::Named { act: done.clone(), done: of });
        }
        let is_clock = matches!(about, Act::Zone { .. });
        let words = match about {
            Act::Mark { items, mark, on } => {
                let not = if on { "" } else { "not " };
                format!("marked {} as {not}{}", items.len(), mark.name())
            }
            Act::Zone { .. } => "the zone was set".to_owned(),
            _ => String::new(),
        };
        Ok(Answer::Acted {
            act,
            acted: Acted { words, before, after: self.clock, is_clock, note: None },
        })
    }

    /// Documents and messages of a scope.
    pub fn items(&self, scope: &Scope) -> Vec<ItemId> {
        match scope {
            Scope::Items(items) => items.clone(),
            Scope::Documents(filter) => {
                listed(filter).iter().map(|row| ItemId::Document(row.id)).collect()
            }
            Scope::Messages(_, range) => (range.start..range.end.min(MESSAGES.len() as u64))
                .map(|at| ItemId::Message(MessageId(at as i64 + 1)))
                .collect(),
            Scope::Rows(walk, rows) => {
                let all = self.items(&Journal::all_of(walk));
                let at = |row: u64| (row as usize).min(all.len());
                all[at(rows.start)..at(rows.end)].to_vec()
            }
            Scope::Found(query) => search(query).hits.iter().map(|hit| hit.item).collect(),
        }
    }

    pub fn all_of(walk: &Walk) -> Scope {
        match walk {
            Walk::Documents(filter) => Scope::Documents(filter.clone()),
            Walk::Messages(id) => Scope::Messages(*id, 0..u64::MAX),
            Walk::Found(query, _) => Scope::Found(query.clone()),
        }
    }

    pub fn signs(&self, item: ItemId) -> Signs {
        match item {
            ItemId::Document(id) => self.mark(item, row(id.0 as usize - 1)).signs(),
            ItemId::Message(id) => self.mark(item, message(id.0 as usize - 1)).signs(),
            _ => Signs::default(),
        }
    }

    pub fn unread(&self, walk: &Walk, from: Option<u64>) -> Option<(u64, ItemId)> {
        let items = self.items(&Journal::all_of(walk));
        let rows: Vec<(u64, ItemId)> = (0..).zip(items).collect();
        let start = from.map_or(0, |from| from as usize + 1).min(rows.len());
        let turn = rows[start..].iter().chain(&rows[..start]);
        turn.copied().find(|(_, item)| !self.signs(*item).is_done())
    }

    pub fn coverage(&self) -> Vec<Coverage> {
        let messages = self.seen.iter().filter(|sight| matches!(sight, Sight::Message(..)));
        let messages = messages.count() as u64;
        let partly = (self.seen.len() as u64) - messages;
        let coverage = Coverage { variant: VariantKind::Original, messages, documents: 0, partly };
        if self.seen.is_empty() { Vec::new() } else { vec![coverage] }
    }

    pub fn count(&self, mark: Mark) -> u64 {
        let documents = (0..DOCUMENTS.len()).map(|at| ItemId::Document(row(at).id));
        let messages = (0..MESSAGES.len()).map(|at| ItemId::Message(message(at).id));
        documents.chain(messages).filter(|item| self.signs(*item).has(mark)).count() as u64
    }
}
