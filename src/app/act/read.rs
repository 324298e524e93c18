//! What is done while reading: sessions, days, pages, what a message sent along.

use crate::app::App;
use crate::app::history::Open;
use crate::app::reader::Reader;
use crate::app::target::Target;
use crate::app::view::Pane;
use crate::model::{DocumentId, PartKind};
use crate::text::quantity::grouped_count;

impl App {
    /// A conversation is read; none is while something else is on its way to the reader.
    pub(in crate::app) fn is_chat(&self) -> bool {
        let is_open = |id| self.open == Some(Open::Conversation(id));
        matches!(&self.reader, Reader::Chat(chat) if is_open(chat.row.id))
    }

    /// It is known which document a message sent along.
    pub(in crate::app) fn media_found(
        &mut self,
        name: &str,
        size: Option<u64>,
        document: Option<(DocumentId, u64)>,
    ) {
        match document {
            Some((id, found)) => {
                self.go_to(Target::Document { id, at: None });
                if let Some(said) = size.filter(|said| *said != found) {
                    let (found, said) = (grouped_count(found), grouped_count(said));
                    let text = format!(
                        "{id} has this name and {found} bytes; the export says {said}: it may be another file"
                    );
                    self.say(text, true);
                }
            }
            None => self.say(format!("{name} is not in the case"), false),
        }
    }

    pub(in crate::app) fn toggle_raw(&mut self) {
        if let Reader::Chat(chat) = &mut self.reader {
            chat.toggle_raw();
        }
    }

    pub(in crate::app) fn next_session(&mut self, is_backwards: bool) {
        if let Reader::Chat(chat) = &mut self.reader {
            chat.next_session(is_backwards);
        }
        self.moved();
    }

    pub(in crate::app) fn has_parts(&self) -> bool {
        match &self.reader {
            Reader::Text(text) => text.parts().len() > 1 || text.document.page_set.len() > 1,
            Reader::Chat(_) => true,
            Reader::Empty | Reader::Page(_) => false,
        }
    }

    pub(in crate::app) fn has_pages(&self) -> bool {
        let is_page = |kind| matches!(kind, PartKind::Page | PartKind::Slide | PartKind::Sheet);
        matches!(&self.reader, Reader::Text(text) if text.document.page_set.len() > 1
            || text.parts().iter().any(|part| is_page(part.kind)))
    }

    /// The pages that one reads or chooses from.
    pub(in crate::app) fn can_go_to_page(&self) -> bool {
        self.acting_pane() != Pane::List && self.has_pages()
    }

    /// What comes next: a page, a sheet, a day.
    pub(in crate::app) fn part_hint(&self, hint: &str) -> String {
        format!("{hint} {}", self.part_word())
    }

    /// What `]` and `[` go over, in a word.
    fn part_word(&self) -> &'static str {
        let Reader::Text(text) = &self.reader else { return "day" };
        let has = |kind| text.parts().iter().any(|part| part.kind == kind);
        let kinds =
            [(PartKind::Sheet, "sheet"), (PartKind::Slide, "slide"), (PartKind::Page, "page")];
        match kinds.iter().find(|(kind, _)| has(*kind)) {
            Some((_, word)) => word,
            None if text.document.page_set.len() > 1 => "page",
            None => "part",
        }
    }

    pub(in crate::app) fn next_part(&mut self, is_backwards: bool) {
        let word = self.part_word();
        match &mut self.reader {
            Reader::Empty | Reader::Page(_) => {}
            Reader::Text(text) => {
                // Pages of a set are documents of their own.
                let next = text.next_of_set(is_backwards);
                if !text.next_part(is_backwards) {
                    if let Some(id) = next {
                        return self.go_to(Target::Document { id, at: None });
                    }
                    let side = if is_backwards { "before" } else { "after" };
                    self.say(format!("no {word} {side} this one"), false);
                }
            }
            Reader::Chat(chat) => chat.next_day(is_backwards),
        }
        self.moved();
    }
}
