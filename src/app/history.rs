//! Back and forward, exactly as in a browser: every place remembers its cursor and scroll, going
//! somewhere new forgets what was forward.

use super::data::Which;
use super::pages::PageId;
use super::reader::Goal;
use super::view::{Pane, View};
use crate::case::{AccountSort, ConversationFilter, DocumentFilter, NoteFilter, TableView};
use crate::model::{ConversationId, DocumentId, ItemId};
use serde::{Deserialize, Serialize};

/// Where somebody was: enough to be there again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub view: View,
    pub focus: Pane,
    /// Cursor and first row of the list.
    pub list: (u64, u64),
    /// The list was that of the sessions of the open conversation.
    pub inside: bool,
    pub filter: DocumentFilter,
    /// How the other lists were cut and sorted.
    #[serde(default)]
    pub cuts: Cuts,
    pub query: String,
    pub reader: Option<(Open, Goal)>,
    /// What was searched in what was read.
    #[serde(default)]
    pub find: Option<String>,
    /// It was said which of the occurrences one stood on.
    #[serde(default)]
    pub is_hit: bool,
    /// The text that was chosen, where a document has several.
    pub which: Option<Which>,
    /// How the table was sorted and cut that was read.
    #[serde(default)]
    pub table: Option<TableView>,
    /// Cursors of the columns of the overview; of the facets.
    pub links: [usize; 3],
    #[serde(default)]
    pub margin: Option<InMargin>,
}

/// How lists are cut and sorted, but for that of the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cuts {
    pub chats: ConversationFilter,
    pub people_sort: AccountSort,
    /// What must stand in the names of entities and accounts.
    pub people: String,
    pub notes: NoteFilter,
    /// What the rows of the timeline must say.
    pub days: String,
}

/// Where somebody was in the margin, or shall be once its lines are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InMargin {
    /// What it was about; nothing beside a page, which says itself what stands there.
    pub about: Option<ItemId>,
    /// The column that one came to it from.
    pub from: Pane,
    /// Its cursor and the first line that was shown.
    pub cursor: usize,
    pub top: usize,
}

impl Place {
    /// Whether somebody would take it for the same: what is shown beside a list is not there yet
    /// or is.
    fn is_same(&self, other: &Place) -> bool {
        let is_beside = matches!(self.focus, Pane::List | Pane::Results);
        *self == *other
            || is_beside
                && *self
                    == Place {
                        reader: self.reader,
                        which: self.which,
                        is_hit: self.is_hit,
                        links: self.links,
                        margin: self.margin,
                        ..other.clone()
                    }
    }
}

/// Where somebody left off: the place, and the way back from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    #[serde(flatten)]
    pub place: Place,
    /// The last places before it, the nearest one last.
    #[serde(default)]
    pub back: Vec<Place>,
    /// The margin was put away.
    #[serde(default)]
    pub is_folded: bool,
}

/// Places before it that are kept with the one that somebody leaves off at.
const MOST_LEFT: usize = 10;

/// What the reader has open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Open {
    Document(DocumentId),
    Conversation(ConversationId),
    Page(PageId),
}

/// Places that are kept.
const MOST: usize = 200;

#[derive(Clone, Debug, Default)]
pub struct History {
    back: Vec<Place>,
    forward: Vec<Place>,
}

impl History {
    /// Whether there is a place to go back to.
    pub fn has_back(&self) -> bool {
        !self.back.is_empty()
    }

    /// The way back, as far as it is kept.
    pub fn way_back(&self) -> Vec<Place> {
        self.back[self.back.len().saturating_sub(MOST_LEFT)..].to_vec()
    }

    /// Goes on from where somebody left off.
    pub fn resume(&mut self, back: Vec<Place>) {
        *self = History { back, forward: Vec::new() };
    }

    /// Before going somewhere new.
    pub fn leave(&mut self, from: Place) {
        self.forward.clear();
        if self.back.last().is_some_and(|last| last.is_same(&from)) {
            self.back.pop();
        }
        self.back.push(from);
        if self.back.len() > MOST {
            self.back.remove(0);
        }
    }

    pub fn back(&mut self, from: Place) -> Option<Place> {
        let place = self.back.pop()?;
        self.forward.push(from);
        Some(place)
    }

    pub fn forward(&mut self, from: Place) -> Option<Place> {
        let place = self.forward.pop()?;
        self.back.push(from);
        Some(place)
    }

    /// Forgets the place that one came back from.
    pub fn drop_next(&mut self) {
        self.forward.pop();
    }

    pub fn can_go_back(&self) -> bool {
        !self.back.is_empty()
    }

    pub fn can_go_forward(&self) -> bool {
        !self.forward.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(number: u64) -> Place {
        Place {
            view: View::Documents,
            focus: Pane::List,
            list: (number, 0),
            inside: false,
            filter: DocumentFilter::default(),
            cuts: Cuts::default(),
            query: String::new(),
            reader: None,
            find: None,
            is_hit: false,
            which: None,
            table: None,
            links: [0; 3],
            margin: None,
        }
    }

    #[test]
    fn what_an_earlier_version_kept_is_understood() {
        let kept = r#"{"view":"Chats","focus":"List","list":[1,0],"inside":false,"filter":{"path":"",
            "state":null,"unreadable":false,"format":null,"parent":null,"sort":"Number",
            "descending":false,"tree":false},"query":"","reader":null,"which":null,
            "links":[0,0,0]}"#;
        let left: Left = serde_json::from_str(kept).unwrap();
        assert_eq!(left.place, Place { view: View::Chats, ..place(1) });
    }

    /// A browser as simply as one can write it: a row of pages and a finger on one.
    struct Model(Vec<u64>, usize);

    proptest! {
        #[test]
        fn like_a_browser(acts in prop::collection::vec(0..4_u8, 0..60)) {
            let mut history = History::default();
            let mut here = 0;
            let mut model = Model(vec![0], 0);
            for (number, act) in acts.into_iter().enumerate() {
                match act {
                    0 => {
                        if let Some(place) = history.back(place(here)) {
                            here = place.list.0;
                            model.1 -= 1;
                        }
                    }
                    1 => {
                        if let Some(place) = history.forward(place(here)) {
                            here = place.list.0;
                            model.1 += 1;
                        }
                    }
                    _ => {
                        history.leave(place(here));
                        here = number as u64 + 1;
                        model.0.truncate(model.1 + 1);
                        model.0.push(here);
                        model.1 += 1;
                    }
                }
                prop_assert_eq!(here, model.0[model.1]);
                prop_assert_eq!(history.can_go_back(), model.1 > 0);
                prop_assert_eq!(history.can_go_forward(), model.1 + 1 < model.0.len());
            }
        }
    }
}
