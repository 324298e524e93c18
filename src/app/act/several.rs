//! What is done with several at once: rows of a list that are selected, or whole messages.

use crate::app::App;
use crate::app::data::{Act, Citing, Purpose, Request};
use crate::app::layers::{Layer, Yes};
use crate::app::overview::{count, number};
use crate::app::reader::Reader;
use crate::app::selection::Selected;
use crate::app::view::Pane;
use crate::case::Hit;
use crate::model::{ItemId, NoteId};
use std::ops::Range;
use std::sync::Arc;

/// Rows or messages that are cited, copied, named or deleted at once: as many as are always at hand
/// around the cursor, and as a person may still check.
pub(in crate::app) const MOST: u64 = 200;

/// Why a command does nothing that acts on one thing alone.
pub(in crate::app) const ALONE: &str =
    "several are selected, and this is done with one alone: esc ends the selection";

impl App {
    /// More than one row or message is selected where the keys are: what acts on one thing alone
    /// does not act.
    pub(in crate::app) fn has_several(&self) -> bool {
        let rows = self.selected_rows().or_else(|| self.selected_messages());
        rows.is_some_and(|range| range.end - range.start > 1)
    }

    /// Positions of whole messages that are selected where the keys are.
    pub(in crate::app) fn selected_messages(&self) -> Option<Range<u64>> {
        match (&self.reader, self.focus) {
            (Reader::Chat(chat), Pane::Reader | Pane::Preview) => chat.selected_messages(),
            _ => None,
        }
    }

    /// Ends what is selected, of rows and of messages: it was acted on.
    pub(in crate::app) fn selection_is_done(&mut self) {
        self.stop_rows();
        if self.selected_messages().is_some() {
            self.stop_selecting();
        }
    }

    /// What the selected rows stand for, each by itself: a hit by where it is found first. `None`
    /// where no rows are selected; why nothing is done with them, where they are too many.
    fn several(&self) -> Option<Result<Vec<Selected>, String>> {
        let rows = self.selected_rows()?;
        let many = rows.end - rows.start;
        if many > MOST {
            let (many, most) = (number(many), number(MOST));
            return Some(Err(format!("{many} rows are selected: at most {most} at once")));
        }
        let mut found = Vec::new();
        for row in rows {
            match self.row_selected(row) {
                Some(selected) => found.extend(selected),
                None => {
                    let why = "not all of the selected rows are at hand: select them anew";
                    return Some(Err(why.to_owned()));
                }
            }
        }
        if found.len() as u64 > MOST {
            let (many, most) = (number(found.len() as u64), number(MOST));
            return Some(Err(format!("{many} documents are selected: at most {most} at once")));
        }
        if found.is_empty() {
            return Some(Err("nothing with a number is among the selected rows".to_owned()));
        }
        Some(Ok(found))
    }

    /// What a row of the list stands for: nothing for a folder or a draft, several for a page set;
    /// `None` where it is not at hand.
    fn row_selected(&self, row: u64) -> Option<Vec<Selected>> {
        if self.focus == Pane::Results {
            return self.search.results.get(row).map(|hit| vec![of_hit(hit)]);
        }
        if self.is_notes() {
            let id = self.notes.get(row)?.row.id;
            return Some(id.map(|id| Selected::Item(ItemId::Note(id))).into_iter().collect());
        }
        if self.is_in_pages() {
            let page = self.parts.as_ref()?.pages().get(usize::try_from(row).ok()?)?;
            return Some(vec![Selected::Item(page.id.into())]);
        }
        let documents = self.documents.get(row)?.documents();
        Some(documents.into_iter().map(|id| Selected::Item(id.into())).collect())
    }

    /// Cites what the selected rows stand for, as one act. `false` where none are selected.
    pub(super) fn cite_several(&mut self) -> bool {
        match self.several() {
            None => return false,
            Some(Ok(all)) if all.iter().any(is_note) => {
                self.say("notes are among the selected rows, which are no evidence", false);
            }
            Some(Ok(all)) => {
                self.stop_rows();
                self.act(Act::Cite(Citing::Selected(Selected::Several(all))));
            }
            Some(Err(why)) => self.say(why, false),
        }
        true
    }

    /// Copies the selected rows with where each stands. `false` where none are selected.
    pub(super) fn copy_several(&mut self) -> bool {
        match self.several() {
            None => return false,
            Some(Ok(all)) => {
                let selected = Selected::Several(all);
                self.asked.remove(&Purpose::Quote);
                self.ask(Purpose::Quote, Request::Quote { selected, as_citation: true });
            }
            Some(Err(why)) => self.say(why, false),
        }
        true
    }

    /// The numbers of what is selected, of rows or of whole messages. `None` where neither is.
    pub(in crate::app) fn several_items(&self) -> Option<Result<Vec<ItemId>, String>> {
        if let (Some(range), Reader::Chat(chat)) = (self.selected_messages(), &self.reader) {
            if range.end - range.start > MOST {
                let many = number(range.end - range.start);
                return Some(Err(format!("{many} messages are selected: at most {MOST} at once")));
            }
            let ids = range.map(|at| Some(chat.get(at)?.message.id.into()));
            let ids = ids.collect::<Option<Vec<ItemId>>>();
            let missing = || "not all of the selected messages are at hand: select them anew";
            return Some(ids.ok_or_else(|| missing().to_owned()));
        }
        Some(self.several()?.map(|all| all.iter().filter_map(Selected::item).collect()))
    }

    /// Copies the numbers of what is selected. `false` where no rows are.
    pub(super) fn copy_several_ids(&mut self) -> bool {
        match self.several_items() {
            None => return false,
            Some(Ok(items)) => {
                let ids: Vec<String> = items.iter().map(ToString::to_string).collect();
                let words = match ids.as_slice() {
                    [one] => one.clone(),
                    many => count(many.len() as u64, "number", "numbers"),
                };
                self.put_out(&words, ids.join("\n"));
            }
            Some(Err(why)) => self.say(why, false),
        }
        true
    }

    /// Asks whether the selected notes shall be deleted. `false` where none are selected.
    pub(super) fn delete_several(&mut self) -> bool {
        let Some(rows) = self.selected_rows().filter(|_| self.is_notes()) else { return false };
        let items = match self.several() {
            Some(Ok(all)) => all,
            Some(Err(why)) => {
                self.say(why, false);
                return true;
            }
            None => return false,
        };
        let ids: Vec<NoteId> = items
            .iter()
            .filter_map(|selected| match selected {
                Selected::Item(ItemId::Note(id)) => Some(*id),
                _ => None,
            })
            .collect();
        if let Some(written) = self.writing.as_ref().and_then(|writing| writing.draft.note)
            && ids.contains(&written)
        {
            self.say(format!("{written} is being written: nothing is deleted"), false);
            return true;
        }
        let many = ids.len() as u64;
        let names: Vec<String> = ids.iter().take(12).map(ToString::to_string).collect();
        let more = if ids.len() > names.len() { " …" } else { "" };
        let notes = count(many, "note", "notes");
        let mut lines = vec![
            format!("Delete {notes} that are selected?"),
            format!("{}{more}", names.join(" ")),
        ];
        let drafts = (rows.end - rows.start).saturating_sub(many);
        if drafts > 0 {
            let drafts = count(drafts, "draft", "drafts");
            lines.push(format!("{drafts} among them stay: each is deleted by itself."));
        }
        lines.push(format!("It is one act: {} takes it back.", self.first_key("undo")));
        let ids: Arc<[NoteId]> = ids.into();
        self.layers.push(Layer::Confirm { lines, yes: Yes::Act(Box::new(Act::DeleteNotes(ids))) });
        true
    }
}

fn is_note(selected: &Selected) -> bool {
    matches!(selected, Selected::Item(ItemId::Note(_)))
}

/// A hit as it is cited: by where it is found first, a message whole.
pub(in crate::app) fn of_hit(hit: &Hit) -> Selected {
    match (hit.item, hit.ranges.first()) {
        (ItemId::Document(id), Some((start, end))) => {
            Selected::Hit { id, kind: hit.variant, range: *start..*end }
        }
        (item, _) => Selected::Item(item),
    }
}
