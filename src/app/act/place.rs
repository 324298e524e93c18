//! Where one is, and being there again: back and forward, and after the desk was closed.

use super::spots::Find;
use crate::app::App;
use crate::app::data::Purpose;
use crate::app::history::{Cuts, InMargin, Open, Place};
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};

impl App {
    /// Where one is, to come back to.
    pub(in crate::app) fn place(&self) -> Place {
        let list = match self.view {
            View::Search => (self.search.results.cursor, self.search.results.top),
            View::Documents => (self.documents.cursor, self.documents.top),
            _ => self.list().place(),
        };
        // What stands beside results that are not there yet is what was read before them.
        let is_before = self.view == View::Search && self.awaits_results();
        let reader = match (self.open, self.goal) {
            _ if is_before => None,
            (Some(open), Some(goal)) => Some((open, goal)),
            (Some(open), None) => self.reader.place().map(|goal| (open, goal)),
            (None, _) => None,
        };
        Place {
            view: self.view,
            focus: self.focus,
            list,
            inside: match self.view {
                // Also before its parts are there.
                View::Documents => {
                    self.inside_of.is_some_and(|id| self.open == Some(Open::Document(id)))
                }
                _ => self.inside,
            },
            filter: self.filter.clone(),
            cuts: self.cuts(),
            query: self.search.query.clone(),
            reader,
            find: self.find.as_ref().filter(|f| Some(f.of) == self.open).map(|f| f.query.clone()),
            is_hit: self.is_hit_left || self.is_on_hit(),
            which: match self.open {
                Some(Open::Document(id)) => self.chosen.get(&id).copied(),
                _ => None,
            },
            table: self.table_view_left(),
            links: match self.view {
                View::Overview => [0, 1, 2].map(|column: usize| self.overview[column].cursor),
                View::Search => [self.search.facets.cursor, 0, 0],
                _ => [0; 3],
            },
            margin: self.in_margin(),
        }
    }

    /// How lists are cut and sorted, but for that of the documents.
    fn cuts(&self) -> Cuts {
        Cuts {
            chats: self.chat_filter.clone(),
            people_sort: self.people_sort,
            people: self.people_filter.clone(),
            notes: self.note_filter.clone(),
            days: self.day_filter.clone(),
        }
    }

    /// Cuts and sorts the list of a section so.
    fn cut_list(&mut self, view: View, cuts: Cuts) {
        match view {
            View::Chats => self.filter_chats(cuts.chats),
            View::Entities => {
                self.sort_people(cuts.people_sort);
                self.filter_people(cuts.people);
            }
            View::Notes => self.filter_notes(cuts.notes),
            View::Timeline => self.filter_days(cuts.days),
            View::Overview | View::Documents | View::Search => {}
        }
    }

    /// All lists are cut and sorted as they were when somebody left off, also those that are not
    /// shown.
    pub(in crate::app) fn cut_lists(&mut self, place: &Place) {
        self.set_filter(place.filter.clone());
        for view in View::ALL {
            self.cut_list(view, place.cuts.clone());
        }
    }

    /// It is said which of the occurrences in a conversation one stands on.
    fn is_on_hit(&self) -> bool {
        matches!(&self.reader, Reader::Chat(chat) if chat.found.is_some())
    }

    /// Where one is in the margin.
    fn in_margin(&self) -> Option<InMargin> {
        if !self.view.panes().contains(&Pane::Margin) {
            return None;
        }
        self.margin_left.or_else(|| {
            Some(InMargin {
                about: self.margin_about(),
                from: self.followed,
                cursor: self.margin.cursor,
                top: self.margin.top,
            })
        })
    }

    /// What the lines of the margin are about.
    fn margin_about(&self) -> Option<crate::model::ItemId> {
        match self.open {
            Some(Open::Page(_)) => None,
            _ => self.margin_of,
        }
    }

    /// The lines of the margin are about to be there, or will be: its cursor goes where it was.
    pub(in crate::app) fn reach_margin(&mut self) {
        let Some(left) = self.margin_left.filter(|left| left.about == self.margin_about()) else {
            return;
        };
        // The lines of before are about something else.
        self.margin.lines.clear();
        (self.margin.cursor, self.margin.top) = (left.cursor, left.top);
        let is_coming = [Purpose::Reader, Purpose::Margin, Purpose::Present]
            .iter()
            .any(|purpose| self.is_coming(*purpose));
        if !is_coming && self.goal.is_none() {
            self.margin_left = None;
        }
    }

    /// Remembers where one is before going on.
    pub(in crate::app) fn depart(&mut self) {
        // What the cursor is on belongs to it, though it may not be shown yet.
        self.follow_now();
        let place = self.place();
        self.places.insert(place.view, place.clone());
        self.history.leave(place);
        self.lags = false;
    }

    pub(in crate::app) fn arrive(&mut self, place: Place) {
        let here = self.place();
        self.places.insert(here.view, here);
        // The list is that of the parts of what is read, which may not be known yet.
        let is_inside = place.inside && place.reader.is_some();
        self.inside_left = None;
        self.view = place.view;
        self.focus = place.focus;
        self.search.is_typing = false;
        // Marks stay when one leaves the search, until it is another one.
        if place.view == View::Search && self.search.query != place.query {
            self.search.query.clone_from(&place.query);
            self.search.input.set(&place.query);
            self.search.restart();
            self.asked.remove(&Purpose::Search);
            self.forget_marks();
        }
        self.cut_list(place.view, place.cuts);
        match place.view {
            View::Documents => {
                self.set_filter(place.filter);
                (self.documents.cursor, self.documents.top) = place.list;
                self.inside_of = match place.reader {
                    Some((Open::Document(id), _)) if place.inside => Some(id),
                    _ => None,
                };
                self.inside_left =
                    place.reader.filter(|_| is_inside).map(|(open, _)| (open, place.list));
            }
            View::Chats | View::Entities | View::Notes | View::Timeline => {
                self.inside = place.inside;
                let is_known = self.sessions.as_ref().is_some_and(|known| {
                    place.reader.is_some_and(|(open, _)| open == Open::Conversation(known.id))
                });
                match place.reader {
                    Some((open @ Open::Conversation(_), _)) if is_inside && !is_known => {
                        self.inside_left = Some((open, place.list));
                    }
                    _ => self.list_mut().set_place(place.list),
                }
            }
            View::Search => {
                self.previewed = None;
                (self.search.results.cursor, self.search.results.top) = place.list;
                self.search.facets.cursor = place.links[0];
            }
            View::Overview => {
                for (links, cursor) in self.overview.iter_mut().zip(place.links) {
                    links.cursor = cursor;
                }
            }
        }
        if let Some((open, goal)) = place.reader {
            if let Open::Document(id) = open {
                self.choose_text(id, place.which.unwrap_or_default());
            }
            if let Some(query) = place.find {
                let find = Some(Find { of: open, query });
                if self.find != find {
                    self.find = find;
                    if self.open == Some(open) {
                        self.forget_marks();
                    }
                }
            }
            self.table_left = match (open, place.table) {
                (Open::Document(id), Some(view)) => Some((id, view)),
                _ => None,
            };
            self.open(open, goal);
            self.view_table_as_left();
            self.is_hit_left = place.is_hit;
            self.count_hits_left();
        }
        self.margin_left = place.margin;
        if let (Pane::Margin, Some(left)) = (place.focus, place.margin) {
            self.followed = left.from;
        }
        // One may have left before the reader had followed the cursor.
        self.lags = !is_inside
            && (self.focus == self.leading_pane()
                || place.reader.is_none() && self.view != View::Overview);
        self.follow();
    }

    /// The messages that one comes back to are there: asks which of the occurrences one stands on,
    /// where that was said before.
    pub(in crate::app) fn count_hits_left(&mut self) {
        let Reader::Chat(chat) = &self.reader else { return };
        if self.open != Some(Open::Conversation(chat.row.id)) || chat.is_going() {
            return;
        }
        let is_known = chat.found.is_some();
        if std::mem::take(&mut self.is_hit_left) && !is_known && !self.marking().is_empty() {
            self.count_hits();
        }
    }

    pub(in crate::app) fn go_back(&mut self) {
        let here = self.place();
        if let Some(place) = self.history.back(here) {
            self.arrive(place);
        }
    }

    pub(in crate::app) fn go_forward(&mut self) {
        let here = self.place();
        if let Some(place) = self.history.forward(here) {
            self.arrive(place);
        }
    }
}
