//! What the program is doing: sections, panes, history, search, commands. No drawing and no SQL.
//!
//! [`App::handle`] takes an [`Event`] and gives back [`Effect`]s; between two events nothing
//! changes. What is drawn is a pure reading of this state (by `tui`), what is known about the
//! case came in answers to [`data::Request`]s.
//!
//! - [`view`] sections and panes · [`layout`] where they stand · [`line`] what they say
//! - [`commands`] the one table of commands · [`key`], [`keymap`] how they are reached · [`help`] how that
//!   is said · [`settings`] what a person changed of it
//! - [`outside`] originals for other programs
//! - [`selection`] what is selected exactly · [`quote`] what is copied
//! - [`reader`] texts and conversations · [`pages`] accounts, notes, days · [`paged`] long lists ·
//!   [`listing`] which list it is · [`lists`], [`rows`] what its rows say · [`sessions`] · [`part_list`]
//! - [`search`] · [`overview`] · [`margin`] · [`made`] what analysts made of it · [`spot`] what can be gone to
//! - [`anchoring`] highlights and citations · [`meaning`] what is typed for a highlight
//! - [`choice`] one of a few, as the standing of a finding or a tag · [`exporting`] reports
//! - [`layers`] help, palette · [`history`] back and forward · [`input`] a line that is typed
//! - `handle` what an event changes · `arrange` what every pane then shows, at the size of the screen
//! - `press` what a key means · `settled` which keys wait for what is on its way · `awaiting` when that is said
//! - [`event`], [`data`] what comes in and goes out · [`worker`] who answers · [`work`] what is written
//! - [`naming`] who is who, as it is said · [`named`] how often who wrote nothing is named · [`writing`] a note while it is written · [`text_area`] its text · [`completion`] what `[[` completes
//! - `resume` where one left off, what others do · [`seen`] what stood on the screen long enough
//! - [`marks`] occurrences in a text · [`signs`] how read, starred and the like look everywhere
//! - `act` what commands do · `answers` what answers change

pub mod act;
pub mod anchoring;
mod answers;
mod arrange;
mod awaiting;
pub mod choice;
pub mod commands;
pub mod completion;
pub mod data;
pub mod event;
pub mod exporting;
mod fetch;
mod handle;
mod heads;
pub mod help;
pub mod hints;
pub mod history;
pub mod input;
pub mod key;
pub mod keymap;
pub mod layers;
pub mod layout;
pub mod line;
pub mod listing;
pub mod lists;
pub mod made;
pub mod margin;
pub mod marks;
pub mod meaning;
pub mod named;
pub mod naming;
pub mod outside;
pub mod overview;
pub mod paged;
pub mod pages;
pub mod part_list;
pub mod popup;
mod press;
pub mod quote;
pub mod reader;
mod resume;
pub mod rows;
pub mod search;
pub mod seen;
pub mod selection;
pub mod sessions;
pub mod settings;
mod settled;
pub mod signs;
pub mod spot;
pub mod target;
pub mod text_area;
pub mod upkeep;
pub mod view;
pub mod work;
pub mod worker;
pub mod writing;

use crate::case::{
    AccountSort, ConversationFilter, ConversationRow, DocumentEntry, DocumentFilter, Listed,
    NoteEntry, NoteFilter, PersonCoverage, Present, Status, TableView, TagCount, TimelineRow, Who,
    Worklist,
};
use crate::model::{DocumentId, EntityId, ItemId, MessageId, NoteId};
use act::spots::{Awaited, Find, Turn};
use data::{Details, Purpose, Request, Which};
use event::Effect;
use history::{History, InMargin, Open, Place};
use key::Key;
use keymap::Keymap;
use layers::Layer;
use layout::Layout;
use line::Links;
use named::NameCounts;
use paged::Paged;
use pages::finding::Holds;
use reader::{Goal, Reader};
use resume::Watch;
use search::Search;
use seen::Seen;
use sessions::SessionList;
use std::collections::{BTreeMap, HashMap};
use view::{Pane, View};
use work::Work;
use writing::Writing;

/// A word to the person at the screen, until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    pub is_bad: bool,
}

pub struct App {
    /// Name of the case folder.
    pub name: String,
    /// Cells across and down.
    pub size: (u16, u16),
    pub layout: Layout,
    pub view: View,
    pub focus: Pane,
    pub status: Option<Status>,
    pub documents: Paged<DocumentEntry>,
    /// Documents that the rows of that list stand for.
    pub documents_listed: u64,
    /// Rows are being selected.
    rows_from: Option<act::select::RowsFrom>,
    pub filter: DocumentFilter,
    pub chats: Paged<ConversationRow>,
    pub chat_filter: ConversationFilter,
    /// The first of all conversations, for the overview.
    pub busiest: Paged<ConversationRow>,
    /// Sessions of the conversation in the reader, once they are known.
    pub sessions: Option<SessionList>,
    /// The list column of the chats shows them.
    inside: bool,
    /// Pages or sheets of the document in the reader, where it has several.
    pub parts: Option<part_list::PartList>,
    /// The list column of the documents shows those of this one.
    inside_of: Option<DocumentId>,
    /// Entities with their accounts, then the accounts that nobody owns.
    pub people: Paged<Listed>,
    /// How much is in that list.
    pub who: Who,
    pub people_sort: AccountSort,
    /// What must stand in their names.
    pub people_filter: String,
    /// Entities to choose from, while one chooses.
    known_entities: Option<Vec<naming::Known>>,
    /// Accounts that one can choose from.
    known_accounts: Option<Vec<naming::KnownAccount>>,
    /// Entities in what the margin is about, and whether only a part of it was looked at.
    present: Option<(ItemId, Vec<Present>, bool)>,
    /// How often who wrote nothing is named, as far as that was counted in the evidence of now.
    pub named: NameCounts,
    pub notes: Paged<NoteEntry>,
    pub note_filter: NoteFilter,
    /// Whether citations hold, as far as that was looked up in the evidence of now.
    pub holds: Holds,
    /// Every tag, as they were counted last.
    tags: Vec<TagCount>,
    /// What a note may answer.
    questions: Vec<NoteEntry>,
    /// Who saw and read how much, as it was counted last.
    readers: Vec<PersonCoverage>,
    /// It may have to be counted again.
    readers_are_stale: bool,
    pub days: Paged<TimelineRow>,
    /// All of them, also those that the filter leaves out.
    all_days: Vec<TimelineRow>,
    /// What the rows of the timeline must say.
    pub day_filter: String,
    /// The most that is of one day.
    pub busiest_day: u64,
    pub reader: Reader,
    /// What the reader holds or is about to.
    open: Option<Open>,
    /// Where it shall stand once that is there.
    goal: Option<Goal>,
    /// How the table of this document shall be sorted and cut once it is there.
    table_left: Option<(DocumentId, TableView)>,
    /// Somebody comes back into the list of what is inside of this, which is not there yet, to this
    /// place in it. Of parts that is where the text stands.
    inside_left: Option<(Open, (u64, u64))>,
    /// Where somebody was in the margin, until its lines are there.
    margin_left: Option<InMargin>,
    /// It was said which occurrence one stood on, and will be again once the messages are there.
    is_hit_left: bool,
    pub search: Search,
    /// What is searched in what is open, if anything.
    pub find: Option<Find>,
    /// Where the next press goes round the occurrences.
    turn: Option<Turn>,
    /// The program that originals are handed to, with its arguments; `None` where there is none.
    pub opener: Option<Vec<String>>,
    /// The program that notes are written in outside, with its arguments.
    pub editor: Option<Vec<String>>,
    /// The folder of what may mask names in a report, and what lay in it when it was last chosen
    /// from.
    profile_folder: Option<std::path::PathBuf>,
    profiles: Vec<std::path::PathBuf>,
    /// What is exported, once somebody began to.
    export: Option<exporting::Form>,
    /// The pane that has the keys takes the whole width.
    pub is_zoomed: bool,
    /// The margin is put away where there is room for it, until it has the keys.
    pub is_folded: bool,
    /// Texts that were chosen where a document has several.
    chosen: HashMap<DocumentId, Which>,
    /// Places that were named by a letter.
    waypoints: BTreeMap<char, Place>,
    /// The next key names something.
    pub awaited: Option<Awaited>,
    /// Saved searches, as they were counted last.
    pub worklists: Vec<Worklist>,
    /// They may have to be counted again.
    worklists_are_stale: bool,
    pub margin: Links,
    details: Option<Details>,
    /// What analysts made of it.
    made: made::Made,
    /// What highlights meant before, and their tags.
    meanings: (Vec<String>, Vec<String>),
    /// The passage that was gone to: a document's, with its bytes.
    passage: Option<(DocumentId, (u64, u64))>,
    /// Address and text of the cell that the margin tells about.
    cell: Option<(String, String)>,
    /// What the margin is about or was asked to be.
    margin_of: Option<ItemId>,
    /// The three columns of the overview.
    pub overview: [Links; 3],
    pub layers: Vec<Layer>,
    pub keymap: Keymap,
    /// Keys of a sequence that is not complete.
    pub pending: Vec<Key>,
    pub notice: Option<Notice>,
    history: History,
    /// The result that was shown last beside the others, and of which search.
    previewed: Option<(ItemId, String)>,
    /// The message that it was asked of where it stands, and whether one then goes there.
    sought: Option<(MessageId, bool)>,
    /// The pane beside the margin that had the keys last, and whether the margin itself had them.
    followed: Pane,
    was_in_margin: bool,
    /// The cursor of the list moved, and the reader has not followed it yet.
    lags: bool,
    /// The document that the cursor of the list goes to, once its row is known.
    row_of: Option<DocumentId>,
    /// The conversation, account or entity that it goes to, once that is among the rows at hand.
    kept: Option<Open>,
    /// The cursor of the tree goes to the first document, once that is known.
    seeks_hit: bool,
    /// Rests that passed while the reader waits for what shall be in it.
    rests_awaiting: u8,
    /// What is on its way, and the keys that wait for it.
    waiting: settled::Waiting,
    /// Where one was in the other sections.
    places: HashMap<View, Place>,
    /// Whether the case can be written to.
    pub can_write: bool,
    /// It was moved, removed or replaced under its path: what is done here is lost.
    pub is_gone: bool,
    /// Whether the terminal may take what is copied.
    pub can_copy: bool,
    work: Work,
    watch: Watch,
    /// The note that is being written.
    pub writing: Option<Writing>,
    /// This opening of the case, as drafts know it; not before one was kept.
    sitting: Option<i64>,
    /// A note that was just made: the list goes to it.
    new_note: Option<NoteId>,
    /// The entity that the list shall stand on once it is there.
    new_entity: Option<EntityId>,
    /// What the notes at hand are those of.
    listed_notes: NoteFilter,
    seen: Seen,
    /// The last request of each purpose: the same one is not asked twice in a row.
    asked: HashMap<Purpose, Request>,
    effects: Vec<Effect>,
}

impl App {
    pub fn new(name: &str, width: u16, height: u16) -> Self {
        let view = View::Overview;
        let focus = view.first_focus();
        let mut app = App {
            name: name.to_owned(),
            size: (width, height),
            layout: Layout::new(width, height, view, focus, false),
            view,
            focus,
            status: None,
            documents: Paged::default(),
            documents_listed: 0,
            rows_from: None,
            filter: DocumentFilter::default(),
            chats: Paged::default(),
            chat_filter: ConversationFilter::default(),
            busiest: Paged::default(),
            sessions: None,
            inside: false,
            parts: None,
            inside_of: None,
            people: Paged::default(),
            who: Who::default(),
            people_sort: AccountSort::default(),
            people_filter: String::new(),
            known_entities: None,
            known_accounts: None,
            present: None,
            named: NameCounts::default(),
            notes: Paged::default(),
            note_filter: NoteFilter::default(),
            holds: Holds::default(),
            tags: Vec::new(),
            questions: Vec::new(),
            readers: Vec::new(),
            readers_are_stale: true,
            days: Paged::default(),
            all_days: Vec::new(),
            day_filter: String::new(),
            busiest_day: 0,
            reader: Reader::Empty,
            open: None,
            goal: None,
            table_left: None,
            inside_left: None,
            margin_left: None,
            is_hit_left: false,
            search: Search::default(),
            find: None,
            turn: None,
            is_zoomed: false,
            is_folded: false,
            opener: None,
            editor: None,
            profile_folder: None,
            profiles: Vec::new(),
            export: None,
            chosen: HashMap::new(),
            waypoints: BTreeMap::new(),
            awaited: None,
            worklists: Vec::new(),
            worklists_are_stale: true,
            margin: Links::default(),
            details: None,
            made: made::Made::default(),
            meanings: Default::default(),
            passage: None,
            cell: None,
            margin_of: None,
            overview: Default::default(),
            layers: Vec::new(),
            keymap: Keymap::default(),
            pending: Vec::new(),
            notice: None,
            history: History::default(),
            previewed: None,
            sought: None,
            followed: focus,
            was_in_margin: false,
            lags: false,
            row_of: None,
            kept: None,
            seeks_hit: false,
            rests_awaiting: 0,
            waiting: settled::Waiting::default(),
            places: HashMap::new(),
            can_write: true,
            is_gone: false,
            can_copy: true,
            work: Work::default(),
            watch: Watch::default(),
            writing: None,
            sitting: None,
            new_note: None,
            new_entity: None,
            listed_notes: NoteFilter::default(),
            seen: Seen::default(),
            asked: HashMap::new(),
            effects: Vec::new(),
        };
        app.arrange();
        app
    }

    /// Takes over what a person set, and says what was wrong in it.
    pub fn configure(&mut self, settings: &settings::Settings) {
        self.keymap = Keymap::with(&settings.keys);
        self.profile_folder.clone_from(&settings.profile_folder);
        match settings.problems.as_slice() {
            [] => {}
            [problem] => self.say(problem, true),
            problems => {
                let lines = problems.to_vec();
                self.layers.push(Layer::Report { title: "SETTINGS", lines, top: 0 });
            }
        }
    }

    pub fn say(&mut self, text: impl Into<String>, is_bad: bool) {
        self.notice = Some(Notice { text: text.into(), is_bad });
    }
}
