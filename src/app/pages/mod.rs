//! What the reader shows that is neither a text nor a conversation: the dossier of an account or
//! entity, a note, an anchor, a day of the timeline, the clock of an export, a report before it is
//! written. Each is a page of lines that lead somewhere.

pub mod account;
pub mod anchor;
pub mod clock;
pub mod day;
pub mod entity;
pub mod export;
pub mod finding;
pub mod note;

use super::line::{Line, Links, Role};
use super::reader::{Anchor, Goal};
use super::target::{Change, Target};
use crate::app::exporting::Form;
use crate::app::made::Made;
use crate::app::margin::Column;
use crate::case::{Account, AnchorView, Day, Dossier, ExportClock, Hold, Mentions, NoteView};
use crate::model::{AnchorId, DocumentId, EntityId, ItemId, NoteId, ParticipantId};
use anchor::AnchorPage;
use export::ExportPage;
use finding::Holds;
use serde::{Deserialize, Serialize};

/// What a page is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    Account(Account),
    Entity(Box<Dossier>),
    Note(NotePage),
    Anchor(Box<AnchorPage>),
    Day(Day),
    /// With the zone that its hours are shown in besides: seconds east of UTC.
    Clock(ExportClock, i32),
    Export(Box<ExportPage>),
}

/// A note with what stands around it, and whether its citations hold as far as that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotePage {
    pub view: Box<NoteView>,
    holds: Holds,
}

impl NotePage {
    pub fn new(view: NoteView) -> NotePage {
        NotePage { view: Box::new(view), holds: Holds::default() }
    }

    /// Takes over what is known of its citations.
    pub fn take_holds(&mut self, known: &Holds) {
        for cited in &self.view.note.citations {
            if let Some(hold) = known.get(&cited.id) {
                self.holds.insert(cited.id, hold.clone());
            }
        }
    }
}

/// Which page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PageId {
    Account(ParticipantId),
    Entity(EntityId),
    Note(NoteId),
    Anchor(AnchorId),
    /// Days since 1970-01-01, or `case::UNDATED`.
    Day(i32),
    /// The clock of an export, beside one so many seconds east of UTC.
    Clock(DocumentId, i32),
    /// A report that can be written.
    Export,
}

impl PageId {
    /// The clock of an export, beside one in China.
    pub fn clock(export: DocumentId) -> PageId {
        PageId::Clock(export, clock::CHINA)
    }

    /// What the page is about, if that has a number.
    pub fn item(self) -> Option<ItemId> {
        match self {
            PageId::Account(id) => Some(ItemId::Participant(id)),
            PageId::Entity(id) => Some(ItemId::Entity(id)),
            PageId::Note(id) => Some(ItemId::Note(id)),
            PageId::Anchor(id) => Some(ItemId::Anchor(id)),
            PageId::Clock(id, _) => Some(ItemId::Document(id)),
            PageId::Day(_) | PageId::Export => None,
        }
    }
}

impl Page {
    pub fn id(&self) -> PageId {
        match self {
            Page::Account(account) => PageId::Account(account.row.id()),
            Page::Entity(dossier) => PageId::Entity(dossier.row.entity.id),
            Page::Note(note) => PageId::Note(note.view.note.id),
            Page::Anchor(page) => PageId::Anchor(page.view.id),
            Page::Day(day) => PageId::Day(day.row.day),
            Page::Clock(clock, there) => PageId::Clock(clock.id, *there),
            Page::Export(_) => PageId::Export,
        }
    }

    fn lines(&self, cells: usize) -> Vec<Line> {
        match self {
            Page::Account(account) => account::lines(account, cells),
            Page::Entity(dossier) => entity::lines(dossier, cells),
            Page::Note(note) => note::lines(&note.view, cells),
            Page::Anchor(page) => anchor::lines(page, cells),
            Page::Day(day) => day::lines(day, cells),
            Page::Clock(clock, there) => clock::lines(clock, *there, cells),
            Page::Export(page) => export::lines(page, cells),
        }
    }

    /// The line that the cursor stands on at first.
    fn first(&self, lines: &[Line]) -> usize {
        let is_it = |line: &Line| match (self, &line.link) {
            (Page::Clock(clock, _), Some(Target::Zone { offset, .. })) => {
                *offset == Some(clock.zone)
            }
            (Page::Clock(..), _) => false,
            (Page::Export(_), link) => *link == Some(Target::Export(Change::Write)),
            _ => line.is_stop,
        };
        lines.iter().position(is_it).unwrap_or(0)
    }

    /// What the margin says beside it.
    pub fn margin(&self, cells: usize) -> Vec<Line> {
        match self {
            Page::Account(account) => account::margin(account, cells),
            Page::Entity(dossier) => entity::margin(dossier, cells),
            Page::Note(note) => note::margin(&note.view, &note.holds, cells),
            Page::Anchor(page) => anchor::margin(page, cells),
            Page::Day(day) => day::margin(day, cells),
            Page::Clock(clock, _) => clock::margin(clock, cells),
            Page::Export(page) => export::margin(page, cells),
        }
    }
}

/// A page in the reader.
#[derive(Clone, Debug)]
pub struct PageReader {
    pub page: Page,
    /// What analysts made of what it is about.
    pub made: Made,
    pub links: Links,
    goal: Option<Goal>,
    width: usize,
    pub height: usize,
}

impl PageReader {
    pub fn new(page: Page, made: Made, goal: Goal) -> Self {
        PageReader { page, made, links: Links::default(), goal: Some(goal), width: 0, height: 1 }
    }

    pub fn id(&self) -> PageId {
        self.page.id()
    }

    /// The note that it is about, with what stands around it.
    pub fn note(&self) -> Option<&NoteView> {
        match &self.page {
            Page::Note(note) => Some(&note.view),
            _ => None,
        }
    }

    /// What the line under the cursor is about, in a dossier.
    pub fn piece(&self) -> Option<entity::Piece> {
        match &self.page {
            Page::Entity(dossier) => entity::piece(dossier, self.width, self.links.cursor),
            _ => None,
        }
    }

    /// The report that it is about, if it is one.
    pub fn export(&self) -> Option<&ExportPage> {
        match &self.page {
            Page::Export(page) => Some(page),
            _ => None,
        }
    }

    /// It is known where the writing of the report stands.
    pub fn take_writing(&mut self, form: &Form, writing: export::Writing) {
        if let Page::Export(page) = &mut self.page
            && page.form == *form
        {
            let is_done = matches!(writing, export::Writing::Done(..));
            page.writing = writing;
            self.links.set(self.page.lines(self.width));
            // What was read to was not yet written: the cursor is where it is written again.
            let writes = |line: &Line| line.link == Some(Target::Export(Change::Write));
            if let Some(at) = self.links.lines.iter().position(writes).filter(|_| is_done) {
                self.links.cursor = at;
                self.links.show_cursor(self.height);
            }
        }
    }

    /// It is known whether citations hold.
    pub fn take_holds(&mut self, known: &Holds) {
        if let Page::Note(note) = &mut self.page {
            note.take_holds(known);
        }
    }

    /// It is known where the names of the entity stand.
    pub fn take_mentions(&mut self, id: EntityId, found: Mentions) {
        if let Page::Entity(dossier) = &mut self.page
            && dossier.row.entity.id == id
        {
            dossier.mentions = Some(found);
            self.links.set(self.page.lines(self.width));
        }
    }

    /// The same page as the case has it now.
    pub fn renew(&mut self, mut page: Page, made: Made) {
        if let (Page::Entity(before), Page::Entity(now)) = (&mut self.page, &mut page) {
            // Until it is searched again.
            now.mentions = before.mentions.take();
        }
        if let (Page::Export(before), Page::Export(now)) = (&mut self.page, &mut page)
            && before.form == now.form
        {
            now.writing = std::mem::take(&mut before.writing);
        }
        self.page = page;
        self.made = made;
        self.links.set(self.page.lines(self.width));
    }

    /// It is known whether the anchor that it is about holds.
    pub fn take_hold(&mut self, id: AnchorId, hold: Hold) {
        if let Page::Anchor(page) = &mut self.page
            && page.view.id == id
        {
            page.hold = Some(hold);
            self.links.set(self.page.lines(self.width));
        }
    }

    /// What is known of an anchor that the page is about or that stands beside it.
    pub fn anchor_view(&self, id: AnchorId) -> Option<&AnchorView> {
        match &self.page {
            Page::Anchor(page) if page.view.id == id => Some(&page.view),
            _ => self.made.anchors.iter().find(|view| view.id == id),
        }
    }

    /// The anchor of which it is not known whether it holds.
    pub fn unchecked(&self) -> Option<AnchorId> {
        match &self.page {
            Page::Anchor(page) if page.hold.is_none() => Some(page.view.id),
            _ => None,
        }
    }

    /// What stands beside it: what is known, and what was made of it.
    pub fn margin(&self, cells: usize) -> Vec<Line> {
        let mut column = Column::new(cells);
        column.lines = self.page.margin(cells);
        self.made.lines(&mut column);
        column.lines
    }

    pub fn resize(&mut self, width: usize, height: usize) {
        if width != self.width {
            self.links.set(self.page.lines(width));
        }
        let before = self.height;
        (self.width, self.height) = (width, height.max(1));
        if let Some(goal) = self.goal.take() {
            self.go(goal);
        }
        if self.links.cursor < self.height && self.height > before {
            // What a lower screen had no room for comes back into sight.
            self.links.top = 0;
        }
        self.links.show_cursor(self.height);
    }

    pub fn go(&mut self, goal: Goal) {
        if self.width == 0 {
            self.goal = Some(goal);
            return;
        }
        let last = self.links.lines.len().saturating_sub(1);
        match goal {
            Goal::Start | Goal::At(_) => {
                self.links.cursor = self.page.first(&self.links.lines);
                self.links.top = 0;
            }
            Goal::End => {
                let stop = self.links.lines.iter().rposition(|line| line.is_stop);
                self.links.cursor = stop.unwrap_or(0);
                self.links.top = self.links.lines.len().saturating_sub(self.height);
            }
            Goal::Anchor(anchor, cursor) => {
                let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(last);
                self.links.top = place(anchor.block);
                self.links.cursor = place(cursor);
            }
        }
    }

    pub fn place(&self) -> Goal {
        let anchor = Anchor { block: self.links.top as u64, row: 0 };
        Goal::Anchor(anchor, self.links.cursor as u64)
    }

    /// Scrolls, and takes the cursor along where it would be out of sight.
    pub fn scroll(&mut self, by: i64) {
        let by = isize::try_from(by).unwrap_or(0);
        let most = self.links.lines.len().saturating_sub(self.height);
        self.links.top = self.links.top.saturating_add_signed(by).min(most);
        let shown = self.links.top..self.links.top + self.height;
        if !shown.contains(&self.links.cursor) {
            let mut stops = (shown.start..shown.end.min(self.links.lines.len()))
                .filter(|at| self.links.lines[*at].is_stop);
            let stop = if by > 0 { stops.next() } else { stops.next_back() };
            self.links.cursor = stop.unwrap_or(self.links.cursor);
        }
    }

    pub fn title(&self) -> Line {
        match &self.page {
            Page::Account(account) => account::title(account),
            Page::Entity(dossier) => entity::title(&dossier.row.entity),
            Page::Note(page) => {
                let note = &page.view.note;
                let line = Line::of(note.id.to_string(), Role::Dim);
                let many = note.texts.len();
                if many > 1 { line.and(format!(" ≠ {many} texts"), Role::Warn) } else { line }
            }
            Page::Anchor(page) => anchor::title(page),
            Page::Day(day) => day::title(day),
            Page::Clock(clock, _) => clock::title(clock),
            Page::Export(page) => export::title(page),
        }
    }
}

/// Where an item of the case leads.
pub fn target_of(item: ItemId) -> Option<Target> {
    Some(match item {
        ItemId::Document(id) => Target::Document { id, at: None },
        ItemId::Message(id) => Target::Message(id),
        ItemId::Conversation(id) => Target::Conversation { id, position: None },
        ItemId::Participant(id) => Target::Page(PageId::Account(id)),
        ItemId::Note(id) => Target::Page(PageId::Note(id)),
        ItemId::Anchor(id) => Target::Passage(id),
        ItemId::Entity(id) => Target::Page(PageId::Entity(id)),
        ItemId::Source(_) => return None,
    })
}
