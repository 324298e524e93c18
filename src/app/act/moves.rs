//! Moving the cursor and the focus; what is possible where one is.

use crate::app::event::Effect;
use crate::app::layout::{Layout, MARGIN};
use crate::app::line::Links;
use crate::app::reader::{Goal, Reader};
use crate::app::view::{Pane, View};
use crate::app::{App, search};
use crate::case::{DocumentFilter, NoteFilter};

impl App {
    pub(in crate::app) fn is_documents(&self) -> bool {
        self.view == View::Documents && !self.is_in_parts()
    }

    /// The list is that of the conversations.
    pub(in crate::app) fn is_chats(&self) -> bool {
        self.view == View::Chats && !self.is_inside()
    }

    pub(in crate::app) fn can_sort(&self) -> bool {
        self.is_documents() || self.view == View::Entities || self.is_chats()
    }

    pub(in crate::app) fn is_search(&self) -> bool {
        self.view == View::Search
    }

    pub(in crate::app) fn can_filter(&self) -> bool {
        matches!(self.view, View::Entities | View::Timeline)
            || self.is_documents()
            || self.is_chats()
    }

    pub(in crate::app) fn is_filtered(&self) -> bool {
        if self.view == View::Entities {
            return !self.people_filter.is_empty();
        }
        if self.is_timeline() {
            return !self.day_filter.is_empty();
        }
        if self.is_chats() {
            return !self.chat_filter.wanted.is_empty();
        }
        let DocumentFilter { tree, folded, .. } = self.filter.clone();
        let shape = DocumentFilter { tree, folded, ..DocumentFilter::default() };
        (self.is_documents() && self.filter != shape)
            || (self.is_notes() && self.note_filter != NoteFilter::default())
    }

    pub(in crate::app) fn has_query(&self) -> bool {
        !self.marking().is_empty()
    }

    pub(in crate::app) fn has_link(&self) -> bool {
        self.links().is_some_and(|links| links.link().is_some())
    }

    pub(in crate::app) fn has_suggestion(&self) -> bool {
        self.search.failure.as_ref().is_some_and(|failure| failure.suggestion.is_some())
    }

    pub(in crate::app) fn can_unfold(&self) -> bool {
        matches!(&self.reader, Reader::Chat(chat) if chat.is_folded())
    }

    pub(in crate::app) fn can_go_back(&self) -> bool {
        self.history.can_go_back()
    }

    pub(in crate::app) fn can_go_forward(&self) -> bool {
        self.history.can_go_forward()
    }

    pub(in crate::app) fn can_toggle_margin(&self) -> bool {
        self.view.panes().contains(&Pane::Margin)
    }

    /// Where it is in sight by itself, nobody needs to be told the key.
    pub(in crate::app) fn margin_hint(&self, hint: &str) -> String {
        let is_wide = self.size.0 >= MARGIN;
        if is_wide && !self.is_folded { String::new() } else { hint.to_owned() }
    }

    /// The lines that the focus walks over, if it does.
    pub(in crate::app) fn links(&self) -> Option<&Links> {
        match self.focus {
            Pane::Reader => match &self.reader {
                Reader::Page(page) => Some(&page.links),
                _ => None,
            },
            Pane::Margin => Some(&self.margin),
            Pane::Facets => Some(&self.search.facets),
            Pane::Counts => Some(&self.overview[0]),
            Pane::Activity => Some(&self.overview[1]),
            Pane::Todo => Some(&self.overview[2]),
            _ => None,
        }
    }

    pub(in crate::app) fn links_mut(&mut self) -> Option<&mut Links> {
        match self.focus {
            Pane::Reader => match &mut self.reader {
                Reader::Page(page) => Some(&mut page.links),
                _ => None,
            },
            Pane::Margin => Some(&mut self.margin),
            Pane::Facets => Some(&mut self.search.facets),
            Pane::Counts => Some(&mut self.overview[0]),
            Pane::Activity => Some(&mut self.overview[1]),
            Pane::Todo => Some(&mut self.overview[2]),
            _ => None,
        }
    }

    pub(in crate::app) fn step(&mut self, by: i64) {
        let height = self.focus_height();
        match self.focus {
            Pane::List => self.list_mut().step(by),
            Pane::Results => self.search.results.step(by),
            Pane::Reader | Pane::Preview => {
                let before = self.caret_in_message();
                self.reader.step(by);
                if before.is_some() && before == self.caret_in_message() {
                    let key = self.first_key("toggle-lines");
                    let words = "the text of one message is being selected";
                    self.say(format!("{words}: {key} takes whole messages"), false);
                }
            }
            _ => {
                if let Some(links) = self.links_mut() {
                    links.step(by, height);
                }
            }
        }
        self.moved();
    }

    fn caret_in_message(&self) -> Option<(u64, u64)> {
        match &self.reader {
            Reader::Chat(chat) => chat.caret(),
            _ => None,
        }
    }

    /// A screen (or `1/part` of it) down or up.
    pub(in crate::app) fn page(&mut self, sign: i64, part: i64) {
        let height = i64::try_from(self.focus_height()).unwrap_or(1);
        let by = match (part, self.focus) {
            // Something of the page before stays in sight.
            (1, Pane::Reader | Pane::Preview) => (height - 2).max(1),
            (_, Pane::List) => {
                let rows = i64::try_from(self.listing().rows()).unwrap_or(1);
                (height / part / rows).max(1)
            }
            _ => (height / part).max(1),
        };
        match self.focus {
            Pane::Reader | Pane::Preview => self.reader.scroll(sign * by),
            Pane::Results => {
                self.search.results.step(sign * (by / search::ROWS as i64).max(1));
            }
            _ => return self.step(sign * by),
        }
        self.moved();
    }

    pub(in crate::app) fn go_start(&mut self) {
        match self.focus {
            Pane::List => self.list_mut().go(0),
            Pane::Results => self.search.results.go(0),
            Pane::Reader | Pane::Preview if !self.reader.is_page() => self.reader.go(Goal::Start),
            _ => self.step(-100_000),
        }
        self.moved();
    }

    pub(in crate::app) fn go_end(&mut self) {
        match self.focus {
            Pane::List => self.list_mut().go(u64::MAX),
            Pane::Results => self.search.results.go(u64::MAX),
            Pane::Reader | Pane::Preview => self.reader.go(Goal::End),
            _ => self.step(100_000),
        }
        self.moved();
    }

    pub(in crate::app) fn focus_height(&self) -> usize {
        self.layout.pane(self.focus).map_or(1, |area| usize::from(area.height))
    }

    /// Something else is under the cursor: what stands beside it follows after a rest.
    pub(in crate::app) fn moved(&mut self) {
        self.lags |= self.focus == self.leading_pane();
        self.effects.push(Effect::Rest);
    }

    pub(in crate::app) fn next_pane(&mut self, by: i64) {
        let panes = self.view.panes();
        let at = panes.iter().position(|pane| *pane == self.focus).unwrap_or(0);
        let count = i64::try_from(panes.len()).unwrap_or(1);
        let next = (i64::try_from(at).unwrap_or(0) + by).rem_euclid(count);
        self.focus = panes[usize::try_from(next).unwrap_or(0)];
        self.follow();
    }

    /// To the pane on one side, if there is one.
    pub(in crate::app) fn side_pane(&mut self, by: isize) {
        // What is folded opens to the right, and closes to the left.
        if self.focus == Pane::Facets
            && let Some((head, is_open)) = self.search.facet_here()
            && is_open == (by < 0)
        {
            return self.search.toggle_facet(head);
        }
        let panes = self.view.panes();
        let at = panes.iter().position(|pane| *pane == self.focus).unwrap_or(0);
        let next = at.checked_add_signed(by).and_then(|next| panes.get(next));
        if let Some(pane) = next {
            self.focus = *pane;
            self.follow();
        } else if by < 0 && self.focus == Pane::List {
            self.leave();
        }
    }

    /// One column out; from the outermost, back to where one came from.
    pub(in crate::app) fn leave(&mut self) {
        match self.focus {
            // A report is looked at from anywhere: there one is again.
            Pane::Reader if self.is_on_report() && self.history.has_back() => self.leave_report(),
            Pane::Reader => self.focus = Pane::List,
            Pane::Margin => self.focus = self.beside_margin(),
            Pane::Preview | Pane::Facets => self.focus = Pane::Results,
            Pane::Results => self.go_back(),
            Pane::List if self.is_in_parts() => self.go_outside(),
            // Also before its sessions are there.
            Pane::List if self.view == View::Chats && self.inside => self.go_outside(),
            Pane::List | Pane::Counts | Pane::Activity | Pane::Todo => {}
        }
    }

    /// The column that one came to the margin from.
    fn beside_margin(&self) -> Pane {
        match self.followed {
            pane @ (Pane::List | Pane::Reader) => pane,
            _ => Pane::Reader,
        }
    }

    /// How one comes back from the margin is said where it stands in the place of the list or the
    /// text.
    pub(in crate::app) fn leave_hint(&self, hint: &str) -> String {
        match (self.focus, self.beside_margin()) {
            (Pane::Margin, _) if self.size.0 >= MARGIN => String::new(),
            (Pane::Margin, Pane::List) => format!("{hint} to the list"),
            (Pane::Margin, _) if self.is_chat() => format!("{hint} to the chat"),
            (Pane::Margin, _) => format!("{hint} to the text"),
            _ => String::new(),
        }
    }

    /// The pane that has the keys takes the whole width, or its own again.
    pub(in crate::app) fn toggle_zoom(&mut self) {
        let (width, height) = self.size;
        let layout = Layout::new(width, height, self.view, self.focus, self.is_folded);
        if layout.panes.len() < 2 {
            self.is_zoomed = false;
            return self.say("this column has the whole width: there is no room for two", false);
        }
        self.is_zoomed = !self.is_zoomed;
    }

    pub(in crate::app) fn toggle_margin(&mut self) {
        if self.size.0 >= MARGIN {
            if self.is_zoomed && self.focus != Pane::Margin {
                let key = self.first_key("zoom");
                return self.say(format!("one column has the whole width: {key} ends that"), false);
            }
            self.is_folded = !self.is_folded;
            if self.is_folded && self.focus == Pane::Margin {
                self.focus = self.beside_margin();
            }
            return self.follow();
        }
        if self.focus != Pane::Margin {
            // While it has the keys it stays with what it was about.
            self.follow_margin();
        }
        self.focus = if self.focus == Pane::Margin { self.beside_margin() } else { Pane::Margin };
        self.follow();
    }
}
