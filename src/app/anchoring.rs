//! Making anchors, on a job thread: what a selection or a number of the screen is in the case,
//! and which anchor stands there already.

use super::data::{Act, Answer, Citing, Failure, TableOf};
use super::made::line_of;
use super::selection::{Selected, Selection};
use crate::case::{Acted, Anchor, At, Case, CaseError, Figure, TableColumn, TableView};
use crate::jobs::Cancel;
use crate::model::{AnchorId, ItemId};

/// Messages or rows of a table that are highlighted or cited at once: each becomes an anchor.
const MOST: u64 = 200;

/// What was made, or was there already, with a line about each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anchored {
    pub anchors: Vec<(AnchorId, String)>,
    /// The last act, where there was one.
    pub acted: Option<Acted>,
}

impl Anchored {
    fn note(&mut self, acted: Acted) {
        // The clock before is that of the first one.
        let before = self.acted.as_ref().map_or(acted.before, |first| first.before);
        self.acted = Some(Acted { before, ..acted });
    }
}

/// A figure of a column of a table, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnFigure {
    pub of: TableOf,
    pub view: TableView,
    pub column: usize,
    pub name: String,
    pub figure: Figure,
}

/// Writes an act about anchors.
pub fn act(case: &Case, act: &Act, cancel: &Cancel) -> Result<Answer, Failure> {
    let mut done = Anchored::default();
    match act {
        Act::Highlight { selected, meaning, comment, tags } => {
            for at in places(case, selected)? {
                let anchor = Anchor::Passage(Box::new(case.passage(at)?));
                add(case, anchor, (meaning, comment), &mut done)?;
            }
            let items: Vec<ItemId> =
                done.anchors.iter().map(|(id, _)| ItemId::Anchor(*id)).collect();
            for tag in tags {
                done.note(case.tag_things(&items, tag, true)?);
            }
        }
        Act::Cite(Citing::Selected(selected)) => {
            for at in places(case, selected)? {
                if let Some(known) = case.anchor_at(at)? {
                    done.anchors.push((known.id, line_of(&known)));
                    continue;
                }
                let anchor = Anchor::Passage(Box::new(case.passage(at)?));
                add(case, anchor, ("", ""), &mut done)?;
            }
        }
        Act::Cite(Citing::Search(query)) => {
            let count = case.count_search(query, cancel.flag())?;
            add(case, Anchor::Count(Box::new(count)), ("", ""), &mut done)?;
        }
        Act::Cite(Citing::Column(cited)) => {
            let ColumnFigure { of, view, column, name, figure } = &**cited;
            let column =
                TableColumn { variant: &of.variant, table: &of.table, view, column: *column };
            let count = case.count_column(of.id, &column, name, *figure, cancel.flag())?;
            add(case, Anchor::Count(Box::new(count)), ("", ""), &mut done)?;
        }
        Act::SetAnchor { id, meaning, comment, tags } => {
            let before = case.anchor(*id)?;
            if (&before.meaning, &before.comment) != (meaning, comment) {
                done.note(case.set_anchor(*id, meaning, comment)?);
            }
            let items = [ItemId::Anchor(*id)];
            for tag in tags.iter().filter(|tag| !before.tags.contains(tag)) {
                done.note(case.tag_things(&items, tag, true)?);
            }
            for tag in before.tags.iter().filter(|tag| !tags.contains(tag)) {
                done.note(case.tag_things(&items, tag, false)?);
            }
            done.anchors.push((*id, line_of(&before)));
        }
        _ => return Err(Failure::new("this is no act about anchors")),
    }
    Ok(Answer::Anchored { act: act.clone(), done })
}

fn add(
    case: &Case,
    anchor: Anchor,
    (meaning, comment): (&str, &str),
    done: &mut Anchored,
) -> Result<(), CaseError> {
    let (id, acted) = case.add_anchor(anchor, meaning, comment)?;
    done.note(acted);
    done.anchors.push((id, line_of(&case.anchor(id)?)));
    Ok(())
}

/// What is selected, as ranges of texts of the case.
pub(super) fn places(case: &Case, selected: &Selected) -> Result<Vec<At>, Failure> {
    let of = |selection: &Selection| At {
        item: selection.item,
        variant: selection.variant,
        start: selection.range.start,
        end: selection.range.end,
    };
    let whole = |item| At { item, variant: None, start: 0, end: 0 };
    let too_many = |what| Err(Failure::new(format!("more than {MOST} {what}: select fewer")));
    Ok(match selected {
        Selected::Text(selection) => vec![of(selection)],
        Selected::Cells(rows) if rows.len() as u64 > MOST => return too_many("rows"),
        Selected::Cells(rows) => rows.iter().map(of).collect(),
        Selected::Messages(id, positions) => {
            if positions.end.saturating_sub(positions.start) > MOST {
                return too_many("messages");
            }
            let messages = case.messages(*id, positions.clone())?;
            let with_text: Vec<At> = messages
                .iter()
                .filter(|message| !message.text.trim().is_empty())
                .map(|message| whole(message.id.into()))
                .collect();
            match with_text.is_empty() {
                // Where nothing has a text, that it was sent is what is pointed at.
                true => messages.iter().map(|message| whole(message.id.into())).collect(),
                false => with_text,
            }
        }
        Selected::Item(item) => vec![whole(*item)],
    })
}

/// Meanings and tags of highlights of this case, what is used most first.
pub fn used(case: &Case) -> Result<(Vec<String>, Vec<String>), CaseError> {
    let (mut meanings, mut tags) = (Tally::default(), Tally::default());
    for view in case.anchors(0..u64::MAX)? {
        if !view.meaning.is_empty() {
            meanings.add(&view.meaning);
        }
        view.tags.iter().for_each(|tag| tags.add(tag));
    }
    Ok((meanings.sorted(), tags.sorted()))
}

/// How often each word was used.
#[derive(Default)]
struct Tally(std::collections::HashMap<String, u64>);

impl Tally {
    fn add(&mut self, word: &str) {
        *self.0.entry(word.to_owned()).or_default() += 1;
    }

    fn sorted(self) -> Vec<String> {
        let mut words: Vec<(String, u64)> = self.0.into_iter().collect();
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        words.into_iter().map(|(word, _)| word).collect()
    }
}
