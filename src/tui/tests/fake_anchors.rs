//! Anchors of the case in memory.

use super::fake_evidence::{DOCUMENTS, MESSAGES};
use crate::app::anchoring::Anchored;
use crate::app::data::{Act, Answer, Citing, Failure};
use crate::app::made::{Made as Beside, Naming, line_of};
use crate::app::pages::anchor::AnchorPage;
use crate::app::selection::Selected;
use crate::case::{Acted, Anchor, AnchorView, At, Count, Counted, NoteKind, Passage, Standing};
use crate::model::{
    AnchorId, ConversationId, ItemId, MessageId, NoteId, Sha256, Target, VariantKind,
};

/// Anchors that somebody made, those of an act together.
#[derive(Default)]
pub struct Made {
    acts: Vec<Vec<AnchorView>>,
    undone: Vec<Vec<AnchorView>>,
    dropped: Vec<AnchorId>,
    made: i64,
}

fn text(item: ItemId) -> &'static str {
    match item {
        ItemId::Document(id) => DOCUMENTS[id.0 as usize - 1].4,
        ItemId::Message(id) => MESSAGES[id.0 as usize - 1].2,
        _ => "",
    }
}

fn passage(at: At) -> Passage {
    let whole = text(at.item);
    let end = if at.start == at.end { whole.len() } else { at.end as usize };
    Passage {
        target: Target::Document(Sha256([9; 32])),
        content: Sha256([9; 32]),
        containers: Vec::new(),
        path: "chats/wechat.md".to_owned(),
        record: None,
        variant: VariantKind::Original,
        extractor: "test 1".to_owned(),
        text: Sha256::of(whole.as_bytes()),
        start: at.start,
        end: end as u64,
        locator: format!("{}, line 2", at.item),
        quote: whole[at.start as usize..end].to_owned(),
        before: String::new(),
        after: String::new(),
    }
}

fn count(query: &str) -> Count {
    Count {
        of: Counted::Search {
            query: query.to_owned(),
            references: Vec::new(),
            normal: query.to_owned(),
            variants: vec![VariantKind::Original],
        },
        number: "0".to_owned(),
        ids: Sha256([0; 32]),
        documents: DOCUMENTS.len() as u64,
        messages: MESSAGES.len() as u64,
        no_text: 2,
        unreadable: 1,
    }
}

impl Made {
    fn all(&self) -> impl Iterator<Item = &AnchorView> {
        self.acts.iter().flatten().filter(|view| !self.dropped.contains(&view.id))
    }

    pub fn in_item(&self, item: ItemId) -> Vec<AnchorView> {
        self.all().filter(|view| view.at.is_some_and(|at| at.item == item)).cloned().collect()
    }

    /// What stands in the margin of something. The first document is named by a finding.
    pub fn made(&self, item: ItemId) -> Beside {
        let is_named = item.to_string() == "D1";
        let finding = Naming {
            id: NoteId(1),
            kind: NoteKind::Finding,
            standing: Standing::Supported,
            title: "# 青河 pays through 川江".to_owned(),
        };
        let notes = if is_named { vec![finding] } else { Vec::new() };
        let around = match item {
            ItemId::Message(_) => {
                let of = |view: &&AnchorView| {
                    view.at.is_some_and(|at| matches!(at.item, ItemId::Message(_)))
                };
                self.all().filter(of).cloned().collect()
            }
            _ => Vec::new(),
        };
        Beside { anchors: self.in_item(item), around, all_notes: notes.len(), notes }
    }

    fn get(&self, id: AnchorId) -> Result<&AnchorView, Failure> {
        self.all().find(|view| view.id == id).ok_or_else(|| Failure::new(format!("no {id}")))
    }

    pub fn page(&self, id: AnchorId) -> Result<AnchorPage, Failure> {
        let view = self.get(id)?.clone();
        let query = match &view.anchor {
            Anchor::Count(count) => match &count.of {
                Counted::Search { query, .. } => Some(query.clone()),
                Counted::Column { .. } => None,
            },
            Anchor::Passage(_) => None,
        };
        Ok(AnchorPage { view, query, hold: None })
    }

    pub fn passage(&self, id: AnchorId) -> Result<Answer, Failure> {
        let at = self.get(id)?.at;
        let position = match at.map(|at| at.item) {
            Some(ItemId::Message(message)) => Some((ConversationId(1), message.0 as u64 - 1)),
            _ => None,
        };
        Ok(Answer::Passage { id, at, position })
    }

    fn places(selected: &Selected) -> Vec<At> {
        let whole = |item: ItemId| At {
            item,
            variant: None,
            start: 0,
            end: if matches!(item, ItemId::Message(_)) { text(item).len() as u64 } else { 0 },
        };
        let of = |one: &crate::app::selection::Selection| At {
            item: one.item,
            variant: one.variant,
            start: one.range.start,
            end: one.range.end,
        };
        match selected {
            Selected::Text(one) => vec![of(one)],
            Selected::Cells(rows) => rows.iter().map(of).collect(),
            Selected::Messages(_, positions) => {
                positions.clone().map(|at| whole(MessageId(at as i64 + 1).into())).collect()
            }
            Selected::Item(item) => vec![whole(*item)],
            Selected::Hit { id, range, .. } => vec![At {
                item: (*id).into(),
                variant: Some(id.0 - 1),
                start: range.start,
                end: range.end,
            }],
            Selected::Several(all) => all.iter().flat_map(Self::places).collect(),
        }
    }

    fn add(&mut self, anchor: Anchor, at: Option<At>, act: (&str, &str, &[String])) -> AnchorView {
        self.made += 1;
        AnchorView {
            kept: None,
            id: AnchorId(self.made),
            operation: Sha256([self.made as u8; 32]),
            anchor,
            claim: None,
            meaning: act.0.to_owned(),
            comment: act.1.to_owned(),
            tags: act.2.to_vec(),
            at,
            author: "lin".to_owned(),
            wall: 1_700_000_000_000,
        }
    }

    pub fn act(&mut self, act: &Act, clock: &mut u64) -> Option<Answer> {
        let acted = Acted {
            words: "highlighted it".to_owned(),
            before: *clock,
            after: *clock + 1,
            is_clock: false,
            note: None,
        };
        let views: Vec<AnchorView> = match act {
            Act::Highlight { selected, meaning, comment, tags } => Self::places(selected)
                .into_iter()
                .map(|at| {
                    let anchor = Anchor::Passage(Box::new(passage(at)));
                    self.add(anchor, Some(at), (meaning, comment, tags))
                })
                .collect(),
            Act::Cite(Citing::Selected(selected)) => Self::places(selected)
                .into_iter()
                .map(|at| {
                    let anchor = Anchor::Passage(Box::new(passage(at)));
                    self.add(anchor, Some(at), ("", "", &[]))
                })
                .collect(),
            Act::Cite(Citing::Search(query)) => {
                vec![self.add(Anchor::Count(Box::new(count(query))), None, ("", "", &[]))]
            }
            // The case in memory counts no columns: what would be counted stands there.
            Act::Cite(Citing::Column(cited)) => {
                let typed = cited.view.conditions.iter().map(|own| own.typed.as_str());
                let what =
                    format!("{:?} {} {}", cited.figure, cited.name, typed.collect::<String>());
                vec![self.add(Anchor::Count(Box::new(count(&what))), None, ("", "", &[]))]
            }
            Act::SetAnchor { id, meaning, comment, tags } => {
                let mut view = self.get(*id).ok()?.clone();
                (view.meaning, view.comment) = (meaning.clone(), comment.clone());
                view.tags.clone_from(tags);
                self.acts.iter_mut().for_each(|act| act.retain(|own| own.id != *id));
                vec![view]
            }
            Act::DropAnchor(id) => {
                self.dropped.push(*id);
                *clock += 1;
                return Some(Answer::Acted { act: act.clone(), acted });
            }
            // The last act was one of these.
            Act::Undo if !self.acts.is_empty() => {
                self.undone.extend(self.acts.pop());
                *clock += 1;
                return Some(Answer::Acted { act: act.clone(), acted });
            }
            Act::Redo if !self.undone.is_empty() => {
                self.acts.extend(self.undone.pop());
                *clock += 1;
                return Some(Answer::Acted { act: act.clone(), acted });
            }
            _ => return None,
        };
        *clock += 1;
        let anchors = views.iter().map(|view| (view.id, line_of(view))).collect();
        self.acts.push(views);
        let done = Anchored { anchors, acted: Some(acted) };
        Some(Answer::Anchored { act: act.clone(), done })
    }
}
