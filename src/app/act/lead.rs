//! What `enter` follows while one reads: what is inside of a document, what a message sent along or
//! answers, the exports that hold it, what a text names. One is gone to at once; of several one
//! chooses.

use crate::app::App;
use crate::app::choice::Choice;
use crate::app::data::{Purpose, Request};
use crate::app::input::Input;
use crate::app::layers::Layer;
use crate::app::pages::{PageId, target_of};
use crate::app::reader::Reader;
use crate::app::target::Target;
use crate::app::view::Pane;
use crate::case::Message;
use crate::model::ItemId;

/// Documents inside of another one that are offered at once; the list of documents has all.
const MOST: usize = 500;

/// Something that what is read leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    pub label: String,
    /// A line about it; empty as long as nothing is known of it.
    pub about: String,
    pub to: Target,
    /// What it is, where it is an item of the case.
    item: Option<ItemId>,
}

impl Lead {
    fn to(item: ItemId, about: impl Into<String>) -> Option<Lead> {
        let to = target_named(item)?;
        Some(Lead { label: item.to_string(), about: about.into(), to, item: Some(item) })
    }

    /// What a text names: the case may not have it.
    fn named(item: ItemId) -> Option<Lead> {
        target_named(item)?;
        let to = Target::Named(item);
        Some(Lead { label: item.to_string(), about: String::new(), to, item: Some(item) })
    }
}

/// Where one goes who names an item by its number.
fn target_named(item: ItemId) -> Option<Target> {
    match item {
        // Who names it by its number wants to know what it is.
        ItemId::Anchor(id) => Some(Target::Page(PageId::Anchor(id))),
        item => target_of(item),
    }
}

impl App {
    /// Short numbers that what is read names: the text on the screen, the selection in it, the
    /// message.
    fn references_here(&self) -> Vec<ItemId> {
        match &self.reader {
            Reader::Text(text) => references(&text.words_here()),
            Reader::Chat(chat) => {
                chat.current().map_or_else(Vec::new, |message| references(&message.text))
            }
            Reader::Empty | Reader::Page(_) => Vec::new(),
        }
    }

    pub(in crate::app) fn has_reference(&self) -> bool {
        !self.references_here().is_empty()
    }

    /// What is shown beside the results, at the place that is shown: it is opened as from its row.
    fn shown_beside(&self) -> Option<Lead> {
        if self.focus != Pane::Preview {
            return None;
        }
        let (item, to) = match &self.reader {
            Reader::Text(text) => {
                let id = text.document.row.id;
                (ItemId::Document(id), Target::Document { id, at: Some(text.position()) })
            }
            Reader::Chat(chat) => {
                let (id, position) = (chat.row.id, Some(chat.cursor));
                (ItemId::Conversation(id), Target::Conversation { id, position })
            }
            Reader::Empty | Reader::Page(_) => return None,
        };
        let about = "what is shown here".to_owned();
        Some(Lead { label: item.to_string(), about, to, item: Some(item) })
    }

    /// All that what is read leads to, each once.
    fn leads(&self) -> Vec<Lead> {
        let mut leads: Vec<Lead> = self.shown_beside().into_iter().collect();
        leads.extend(match &self.reader {
            Reader::Text(text) => {
                let inside = text.document.children.iter().take(MOST);
                inside.filter_map(|row| Lead::to(row.id.into(), &row.name)).collect()
            }
            Reader::Chat(chat) => match chat.current() {
                Some(message) => leads_of(message, chat.names_exports()),
                None => Vec::new(),
            },
            Reader::Empty | Reader::Page(_) => Vec::new(),
        });
        for item in self.references_here() {
            if !leads.iter().any(|lead| lead.item == Some(item)) {
                leads.extend(Lead::named(item));
            }
        }
        leads
    }

    pub(in crate::app) fn can_follow_here(&self) -> bool {
        self.can_unfold() || !self.leads().is_empty()
    }

    /// Shows all of a message that is cut; else follows what there is to follow.
    pub(in crate::app) fn follow_here(&mut self) {
        match &mut self.reader {
            Reader::Chat(chat) if chat.is_folded() => chat.unfold(),
            _ => self.follow_one_of(self.leads()),
        }
    }

    /// Follows what the selection or the cell names.
    pub(in crate::app) fn follow_reference(&mut self) {
        let named = self.references_here();
        self.follow_one_of(named.into_iter().filter_map(Lead::named).collect());
    }

    fn follow_one_of(&mut self, mut leads: Vec<Lead>) {
        if leads.len() < 2 {
            if let Some(lead) = leads.pop() {
                self.go_to(lead.to);
            }
            return;
        }
        let unknown: Vec<ItemId> = leads
            .iter()
            .filter(|lead| lead.about.is_empty())
            .filter_map(|lead| lead.item)
            .collect();
        if !unknown.is_empty() {
            self.asked.remove(&Purpose::About);
            self.ask(Purpose::About, Request::About(unknown));
        }
        let choice = Choice::Follow(leads);
        self.layers.push(Layer::Choice { choice, input: Input::default(), cursor: 0 });
    }

    /// A line about what may be followed is there. `false` where nothing is chosen from.
    pub(in crate::app) fn take_abouts(&mut self, known: &[(ItemId, String)]) -> bool {
        let Some(Layer::Choice { choice: Choice::Follow(leads), .. }) = self.layers.last_mut()
        else {
            return false;
        };
        for lead in leads.iter_mut().filter(|lead| lead.about.is_empty()) {
            let about = known.iter().find(|(item, _)| Some(*item) == lead.item);
            lead.about = about.map(|(_, line)| line.clone()).unwrap_or_default();
        }
        // A note that is written asks for its own again.
        self.asked.remove(&Purpose::About);
        true
    }

    /// Where there is one place to go to, which.
    pub(in crate::app) fn lead_hint(&self, hint: &str) -> String {
        match self.leads().as_slice() {
            _ if self.can_unfold() => hint.to_owned(),
            [Lead { item: Some(item), .. }] => format!("open {item}"),
            _ => hint.to_owned(),
        }
    }

    /// Why there is nothing to follow.
    pub(in crate::app) fn why_no_lead(&self) -> &'static str {
        match &self.reader {
            Reader::Empty => "nothing is open in the reader",
            Reader::Chat(_) => {
                "this message leads nowhere: it sent no file, answers none, names no short number"
            }
            Reader::Text(_) | Reader::Page(_) => {
                "this leads nowhere: nothing is inside of it, and it names no short number here"
            }
        }
    }

    /// Why there are no pages to go to.
    pub(in crate::app) fn why_no_pages(&self) -> &'static str {
        match &self.reader {
            Reader::Empty => "nothing is open in the reader",
            Reader::Chat(_) => "a conversation has no pages: g d goes to a day, g l to a message",
            _ => "this text has neither pages nor sheets: g l goes to a line",
        }
    }

    /// To whatever a short number names, if the case has it: else one stays where one is.
    pub(in crate::app) fn go_to_item(&mut self, item: ItemId) {
        match target_named(item) {
            Some(_) => self.go_to(Target::Named(item)),
            None => self.say(format!("{item} is not something to open"), false),
        }
    }

    /// The case has what was named by its number.
    pub(in crate::app) fn item_found(&mut self, item: ItemId) {
        if let Some(target) = target_named(item) {
            self.go_to(target);
        }
    }
}

/// What a message leads to by itself; with the exports that hold it, where they are shown.
fn leads_of(message: &Message, names_exports: bool) -> Vec<Lead> {
    let media = message.media.iter().filter(|media| !media.name.is_empty());
    let mut leads: Vec<Lead> = media
        .map(|media| Lead {
            label: format!("▢ {}", media.kind),
            about: media.name.clone(),
            to: Target::Media { message: message.id, name: media.name.clone(), size: media.size },
            item: None,
        })
        .collect();
    let answered = message.reply_id.map(ItemId::Message);
    leads.extend(answered.and_then(|item| Lead::to(item, "what it answers")));
    if names_exports {
        let mut exports: Vec<_> = message.places.iter().map(|place| place.document).collect();
        exports.dedup();
        let held = exports.into_iter().map(ItemId::Document);
        leads.extend(held.filter_map(|item| Lead::to(item, "an export that holds the message")));
    }
    leads
}

/// Short numbers in a text, each once. They stand alone: Han characters may be beside them, Latin
/// letters, digits, hyphens and the like not (`QH-D12` is no reference).
fn references(text: &str) -> Vec<ItemId> {
    let mut found = Vec::new();
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_./@".contains(c))) {
        let word = word.trim_end_matches(['.', '-', '/']);
        if word.len() <= 12
            && let Ok(item) = word.parse::<ItemId>()
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && !found.contains(&item)
        {
            found.push(item);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stand_alone() {
        let found = references("见D17。M2041, (C3) QH-D12 D17 d5 MP3 D0 x.D4 N4.");
        let names: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["D17", "M2041", "C3", "N4"]);
    }
}
