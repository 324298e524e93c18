//! What analysts made of something: highlights and citations in it, notes that name it. It stands
//! in the margin of whatever it is about.

use super::line::{Line, Role};
use super::margin::Column;
use super::overview::count;
use super::pages::PageId;
use super::target::Target;
use crate::case::{Anchor, AnchorView, Case, CaseError, NoteKind, Standing};
use crate::model::{ItemId, NoteId};
use crate::text::{sanitise, width};

/// Anchors and notes that are listed before the rest is only counted.
const MOST: usize = 40;

/// What was made of one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// Anchors in it, in the order of its text.
    pub anchors: Vec<AnchorView>,
    /// The first ones of the conversation that a message is of.
    pub around: Vec<AnchorView>,
    /// The first notes that name it or an anchor in it.
    pub notes: Vec<Naming>,
    /// How many there are.
    pub all_notes: usize,
}

/// A note that names something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    pub id: NoteId,
    pub kind: NoteKind,
    /// Of a finding.
    pub standing: Standing,
    /// Its first line.
    pub title: String,
}

impl Naming {
    /// What kind of note it is, before its title: `open finding `; of a plain note nothing.
    pub fn what(&self) -> String {
        match self.kind {
            NoteKind::Note => String::new(),
            NoteKind::Finding => format!("{} finding ", self.standing.word()),
            kind => format!("{} ", kind.word()),
        }
    }
}

/// Looks up what was made of `item`.
pub fn made(case: &Case, item: ItemId) -> Result<Made, CaseError> {
    let naming = case.notes_naming(item)?;
    let mut notes = Vec::with_capacity(naming.len().min(MOST));
    for id in naming.iter().take(MOST) {
        let fields = case.note_fields(*id)?;
        let title = case.line_about(ItemId::Note(*id))?;
        notes.push(Naming { id: *id, kind: fields.kind, standing: fields.standing, title });
    }
    let of = |conversation| case.anchors_of_conversation(conversation, MOST as u64);
    let (anchors, around) = match item {
        ItemId::Conversation(id) => (of(id)?, Vec::new()),
        ItemId::Message(id) => (case.anchors_in(item)?, of(case.message_position(id)?.0)?),
        item => (case.anchors_in(item)?, Vec::new()),
    };
    Ok(Made { anchors, around, notes, all_notes: naming.len() })
}

/// What an anchor says in a line: its quote, its number, or the name of a document.
pub fn line_of(view: &AnchorView) -> String {
    match &view.anchor {
        Anchor::Passage(passage) if passage.quote.trim().is_empty() => passage.path.clone(),
        Anchor::Passage(passage) => {
            let quote: String = passage.quote.chars().take(MOST * 5).collect();
            format!("“{}”", quote.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        Anchor::Count(count) => count.words(),
    }
}

/// What a highlight means, its comment and tags, as they are typed: `payment: the first one #apt`.
pub fn meaning_words(view: &AnchorView) -> String {
    let mut words = view.meaning.clone();
    if !view.comment.is_empty() {
        words.push_str(&format!(": {}", view.comment));
    }
    for tag in &view.tags {
        words.push_str(&format!(" #{tag}"));
    }
    words.trim().to_owned()
}

impl Made {
    /// Its lines in a margin.
    pub(in crate::app) fn lines(&self, column: &mut Column) {
        list(&self.anchors, "", column);
        self.note_lines(column);
    }

    /// What was made of the conversation that a message is of.
    pub(in crate::app) fn lines_around(&self, column: &mut Column) {
        list(&self.around, " in the conversation", column);
    }

    fn note_lines(&self, column: &mut Column) {
        if self.notes.is_empty() {
            return;
        }
        column.head("named by");
        for note in &self.notes {
            let what = note.what();
            let mut line = Line::of(note.id.to_string(), Role::Key).and(" ", Role::Text);
            line.push(what, Role::Dim);
            let room = column.cells().saturating_sub(line.width());
            let title = sanitise::line(note.title.trim_start_matches(['#', ' '])).into_owned();
            line.push(width::clip(&title, room.max(6)), Role::Link);
            column.lines.push(line.to(Target::Page(PageId::Note(note.id))));
        }
        column.more(self.all_notes);
    }
}

/// Anchors, each with what it means and what it quotes.
fn list(anchors: &[AnchorView], of: &str, column: &mut Column) {
    if anchors.is_empty() {
        return;
    }
    let many = anchors.len() as u64;
    let highlights = anchors.iter().filter(|view| !view.meaning.is_empty()).count() as u64;
    let mut words = Vec::new();
    for (amount, one, several) in
        [(highlights, "highlight", "highlights"), (many - highlights, "citation", "citations")]
    {
        if amount > 0 {
            words.push(count(amount, one, several));
        }
    }
    column.head(&format!("{}{of}", words.join(", ")));
    for view in anchors.iter().take(MOST) {
        let mut line = Line::of(view.id.to_string(), Role::Key).and(" ", Role::Text);
        let words = meaning_words(view);
        let indent = line.width();
        let clip = |text: &str, room: usize| {
            width::clip(&sanitise::line(text), column.cells().saturating_sub(room).max(6))
        };
        let quote = clip(&line_of(view), indent);
        let to = Target::Passage(view.id);
        if words.is_empty() {
            column.lines.push(line.and(quote, Role::Link).to(to));
            continue;
        }
        line.push("◆", Role::Here);
        let words = clip(&words, line.width());
        column.lines.push(line.and(words, Role::Head).to(to));
        column.lines.push(Line::text(" ".repeat(indent)).and(quote, Role::Link));
    }
    column.more(anchors.len());
}
