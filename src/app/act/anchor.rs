//! The anchor that the cursor is on, and going to what an anchor points at.

use crate::app::App;
use crate::app::data::Which;
use crate::app::pages::PageId;
use crate::app::reader::Reader;
use crate::app::target::Target;
use crate::app::view::Pane;
use crate::case::{AnchorView, At};
use crate::model::{AnchorId, ConversationId, ItemId};

impl App {
    /// The anchor that the cursor is on.
    pub(in crate::app) fn anchor_here(&self) -> Option<AnchorId> {
        if let Some(Target::Passage(id)) = self.links().and_then(|links| links.link()) {
            return Some(*id);
        }
        match (self.focus, &self.reader) {
            (_, Reader::Page(page)) => match page.id() {
                PageId::Anchor(id) => Some(id),
                _ => None,
            },
            (Pane::Reader | Pane::Preview, Reader::Text(text)) => {
                text.anchor_here().map(|view| view.id)
            }
            (Pane::Reader | Pane::Preview, Reader::Chat(chat)) => {
                chat.anchor_here().map(|view| view.id)
            }
            _ => None,
        }
    }

    pub(in crate::app) fn has_anchor(&self) -> bool {
        self.anchor_here().is_some()
    }

    /// A line of the margin or a page is about an anchor: it is changed or dropped from there.
    pub(in crate::app) fn is_on_anchor(&self) -> bool {
        let is_page =
            matches!(&self.reader, Reader::Page(page) if matches!(page.id(), PageId::Anchor(_)));
        match self.focus {
            Pane::Margin => {
                matches!(self.links().and_then(|links| links.link()), Some(Target::Passage(_)))
            }
            Pane::Reader => is_page,
            _ => false,
        }
    }

    /// What is known of an anchor on the screen.
    pub(super) fn anchor_view(&self, id: AnchorId) -> Option<&AnchorView> {
        let in_reader = match &self.reader {
            Reader::Text(text) => text.anchor_views().iter().find(|view| view.id == id),
            Reader::Chat(chat) => chat.anchor_views().find(|view| view.id == id),
            Reader::Page(page) => page.anchor_view(id),
            Reader::Empty => None,
        };
        in_reader.or_else(|| self.made.anchors.iter().find(|view| view.id == id))
    }

    /// The page of the anchor that the cursor is on.
    pub(in crate::app) fn open_anchor_page(&mut self) {
        if let Some(id) = self.anchor_here() {
            self.go_to(Target::Page(PageId::Anchor(id)));
        }
    }

    /// It is known where an anchor stands: there, or to its page where it stands nowhere.
    pub(in crate::app) fn passage_found(
        &mut self,
        id: AnchorId,
        at: Option<At>,
        position: Option<(ConversationId, u64)>,
    ) {
        match (at, position) {
            (Some(At { item: ItemId::Document(document), variant, start, end }), _) => {
                let passage = (start < end).then_some((start, end));
                if let Some(variant) = variant {
                    self.choose_text(document, Which::Id(variant));
                }
                self.go_to(Target::Document { id: document, at: passage.map(|at| at.0) });
                self.passage = passage.map(|at| (document, at));
                if let Reader::Text(text) = &mut self.reader
                    && text.document.row.id == document
                {
                    text.show_passage(passage);
                }
            }
            (Some(_), Some((id, position))) => {
                self.go_to(Target::Conversation { id, position: Some(position) });
            }
            _ => self.go_to(Target::Page(PageId::Anchor(id))),
        }
    }
}
