//! The one door to a case: open, read, search, change, verify.
//!
//! A [`Case`] belongs to one thread; [`Case::another`] opens the same case for another one.
//! Opening for reading never creates or changes a file in the case folder.

mod activity;
mod anchors;
mod board;
mod catalogue;
mod chats;
mod clocks;
mod deleted;
mod dossier;
mod dump;
mod entities;
mod entity_parts;
mod error;
mod handover;
mod indexing;
pub mod intake;
mod listing;
mod marking;
mod note_search;
mod notes;
pub mod originals;
mod page_sets;
mod people;
mod presence;
mod quoting;
mod read;
mod resume;
mod reviews;
mod search;
mod sign;
mod sittings;
mod sources;
mod spot;
mod table;
mod tags;
#[cfg(test)]
pub(crate) mod testing;
mod titles;
mod units;
mod verify;
mod work;
mod worklists;

pub use crate::journal::Author;
pub use crate::journal::author::{config_folder, is_nameless_newcomer};
pub use crate::model::activity::*;
pub use crate::model::anchor::{
    Anchor, AnchorView, At, Count, Counted, Figure, Hold, Passage, Record,
};
pub use crate::model::board::{
    CitedAs, Conflict, EventRow, NoteEntry, NoteFilter, NoteView, TagCount, TimelineRow,
};
pub use crate::model::clock::*;
pub use crate::model::dossier::*;
pub use crate::model::entity::{Attribute, Entity, EntityField, EntityFields, EntityKind};
pub use crate::model::finding::{
    Citation, Cited, Confidence, Grade, ItemGrade, Likelihood, NoteField, NoteFields, NoteKind,
    SourceGrade, Stance, Standing, When,
};
pub use crate::model::handover::{Entry, Handed, Merged, Person, Waiting, fingerprint};
pub use crate::model::note::{Draft, Note, NoteRow, NoteText, SavedSearch, Worklist};
pub use crate::model::review::{Basis, Review, ReviewState};
pub use crate::model::view;
pub use crate::model::work::*;
pub use crate::store::{Access, Extracted, KnownFile, Upkeep, Watch, message_digest_sum};
pub use anchors::{LONGEST_QUOTE, PLATFORM, TableColumn, is_end, names_writer};
pub use board::title as note_title;
pub use dossier::MOST_READ;
pub use entities::NewEntity;
pub use error::{CaseError, io_hint};
pub use handover::Bundle;
pub use indexing::Lack;
pub use marking::MOST_AT_ONCE;
pub use notes::wall_text;
pub use people::Owners;
pub use quoting::{Extent, FileFacts, Lost, NameList, Quoting};
pub use sign::{Signed, Signer, is_signed, key_bytes};
pub use sources::{Relinked, Removed};
pub use spot::column_letters;
pub use table::{
    ColumnValue, Condition, Extreme, Figures, RowOrder, TableRow, TableSlice, TableView,
};
pub use view::*;
pub use worklists::unread;

use crate::index::Index;
use crate::journal::{self, Journal, JournalError};
use crate::model::Sha256;
use crate::store::{Medium, Store, StoreError, medium_of};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

/// An open case.
pub struct Case {
    store: Store,
    folder: PathBuf,
    index_folder: PathBuf,
    /// Opened at the first search. All handles of one opening share it: what is read of it is much.
    index: Arc<OnceLock<Index>>,
    /// What lists of documents are made of, and the last of them.
    lists: Arc<catalogue::Lists>,
    /// Made at the first act. All handles of one opening share it, so that one undoes what
    /// another did.
    journal: Arc<Mutex<Option<Journal>>>,
    /// Which keys write under which names.
    namesakes: Arc<Mutex<sign::Namesakes>>,
    /// What is being written now. All handles of one opening share it.
    sittings: Arc<sittings::Sittings>,
    /// The file that was opened.
    identity: Option<presence::Identity>,
}

/// The folder of a case for what lasts no longer than a sitting.
const TMP: &str = "tmp";

/// Setting: what tells a case from another one that lay in the same folder before.
const ID: &str = "id";

/// In the case; for a case on a network file system, where mapped files are slow and may change
/// under the reader, in the cache folder of whoever works on it.
fn index_folder(store: &Store, folder: &Path) -> Result<PathBuf, CaseError> {
    let beside = folder.join("index");
    if medium_of(folder) != Medium::Network {
        return Ok(beside);
    }
    // Without an id, of a case that is older than this, an index of another case could be taken
    // for its own.
    let (Some(id), Some(dirs)) =
        (store.setting(ID)?, directories::ProjectDirs::from("", "", "casebook"))
    else {
        return Ok(beside);
    };
    let name = [folder.as_os_str().as_encoded_bytes(), id.as_bytes()].concat();
    let name = Sha256::of(&name).to_string();
    Ok(dirs.cache_dir().join("index").join(&name[..16]))
}

impl Case {
    /// Creates an empty case in a new (or empty) folder. Parents must exist. One that cannot be
    /// made leaves no new folder behind, so that the next try finds its place free.
    pub fn create(folder: &Path) -> Result<Case, CaseError> {
        match std::fs::create_dir(folder) {
            Ok(()) => Case::create_in(folder).inspect_err(|_| {
                // Nothing but what was just made is in it.
                let _ = std::fs::remove_dir_all(folder);
            }),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                for entry in std::fs::read_dir(folder).map_err(|e| CaseError::io(folder, e))? {
                    let name = entry.map_err(|e| CaseError::io(folder, e))?.file_name();
                    if !Store::is_half_made(&name) {
                        return Err(CaseError::Exists(folder.to_owned()));
                    }
                }
                Case::create_in(folder)
            }
            Err(error) => Err(CaseError::io(folder, error)),
        }
    }

    fn create_in(folder: &Path) -> Result<Case, CaseError> {
        let folder = folder.canonicalize().map_err(|e| CaseError::io(folder, e))?;
        let store = Store::create(&folder)?;
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|e| CaseError::io(&folder, std::io::Error::other(e)))?;
        store.set_setting(ID, &Sha256::of(&id).to_string()[..32])?;
        Case::of(store, folder)
    }

    /// Opens a case. Asking for [`Access::Write`] on a read-only medium is an error; ask
    /// [`Case::can_be_written`] first.
    pub fn open(folder: &Path, access: Access) -> Result<Case, CaseError> {
        Case::open_watched(folder, access, &Watch::nobody())
    }

    /// The same; what has to be done to an older case first is told, and can be stopped.
    ///
    /// # Errors
    /// [`CaseError::Cancelled`] when it was: the case is as it was.
    pub fn open_watched(
        folder: &Path,
        access: Access,
        watch: &Watch<'_>,
    ) -> Result<Case, CaseError> {
        let folder = folder.canonicalize().map_err(|e| CaseError::io(folder, e))?;
        let store = match Store::open_watched(&folder, access, watch) {
            Err(StoreError::Stopped) => return Err(CaseError::Cancelled),
            opened => opened?,
        };
        if !journal::is_behind(&store)? || !Case::can_be_written(&folder) {
            return Case::of(store, folder);
        }
        // Nothing is written over what may yet be saved.
        if !store.is_sound() {
            return match access {
                Access::Read => Case::of(store, folder),
                Access::Write => Err(CaseError::unsound()),
            };
        }
        (watch.tell)(&Upkeep::Journal, 0, 0);
        // On a network file system one alone has it open.
        drop(store);
        let brought = Store::open(&folder, Access::Write).map_err(JournalError::from);
        match brought.and_then(|store| journal::bring_up(&store)) {
            // A journal that is damaged can still be looked at, and `verify` says where.
            Ok(()) | Err(JournalError::Bad { .. }) => {}
            Err(error) if access == Access::Write => return Err(error.into()),
            Err(_) => {}
        }
        Case::of(Store::open(&folder, access)?, folder)
    }

    fn of(store: Store, folder: PathBuf) -> Result<Case, CaseError> {
        let locks = (medium_of(&folder) == Medium::Local).then(|| folder.join(TMP));
        Ok(Case {
            identity: presence::Identity::of(&folder).map_err(|e| CaseError::io(&folder, e))?,
            index_folder: index_folder(&store, &folder)?,
            store,
            folder,
            index: Arc::default(),
            lists: Arc::default(),
            journal: Arc::default(),
            namesakes: Arc::default(),
            sittings: Arc::new(sittings::Sittings::new(locks)),
        })
    }

    /// Whether the medium allows [`Access::Write`].
    pub fn can_be_written(folder: &Path) -> bool {
        medium_of(folder) != Medium::ReadOnly
    }

    /// Nobody else can have the case open, not even a second handle of this program: it lies on a
    /// network file system.
    pub fn stands_alone(&self) -> bool {
        medium_of(&self.folder) == Medium::Network
    }

    /// Ends what a panic left half done in this handle.
    pub fn abandon(&self) {
        self.store.rollback();
    }

    /// The same case with the same access, for another thread. Fails where a case
    /// [stands alone](Case::stands_alone).
    pub fn another(&self) -> Result<Case, CaseError> {
        Ok(Case {
            store: self.store.another()?,
            folder: self.folder.clone(),
            index_folder: self.index_folder.clone(),
            index: self.index.clone(),
            lists: Arc::clone(&self.lists),
            namesakes: Arc::clone(&self.namesakes),
            journal: self.journal.clone(),
            sittings: Arc::clone(&self.sittings),
            identity: self.identity,
        })
    }

    /// Absolute path of the case folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Name of the case: its folder without `.case`.
    pub fn name(&self) -> String {
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy();
        name.strip_suffix(".case").unwrap_or(&name).to_owned()
    }

    /// Folder with copies of the originals; exists only after an `add --copy`.
    pub fn originals(&self) -> PathBuf {
        self.folder.join("originals")
    }

    /// A folder for temporary files on the disk of the case. What is made there has no name, but
    /// for the locks of drafts.
    pub(crate) fn scratch(&self) -> Result<PathBuf, CaseError> {
        let path = self.folder.join(TMP);
        std::fs::create_dir_all(&path).map_err(|e| CaseError::io(&path, e))?;
        Ok(path)
    }

    pub fn can_write(&self) -> bool {
        self.store.can_write()
    }

    /// A number that changes when somebody else changed the case.
    pub fn version(&self) -> Result<i64, CaseError> {
        Ok(self.store.data_version()?)
    }
}
