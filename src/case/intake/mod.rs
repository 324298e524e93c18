//! How evidence gets into a case: the half of an `add` that writes. `ingest/` walks, reads and
//! keeps the order; here one reading after the other becomes rows.

pub(super) mod again;
mod date;
mod reading;

pub use crate::store::{FileState, Found, OlderFile, Packing};
pub use reading::{Packer, Reading};

use super::{Case, CaseError};
use crate::extract::chat::{table, zone};
use crate::extract::record::{Export, Message, ZoneGuess};
use crate::journal;
use crate::model::{DocumentId, MessageId, Platform, Sha256, SourceId, State, VariantKind};
use crate::store::{
    Awaited, ExportWriter, Extra, Former, NewDocument, NewExport, NewMessage, NewText, Store,
    StoreError, Unit, WHY_SETTLED,
};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::Path;

/// The right to write evidence. Only one exists for a case at a time, over all processes.
pub struct Intake<'a> {
    case: &'a Case,
    /// Documents that were seen to have no members.
    leaves: RefCell<HashSet<DocumentId>>,
    awaited: Awaited,
    /// No `add` was broken off before: the evidence is what the seals say, or was altered.
    was_at_rest: bool,
    /// What was looked at already: quiet tables, those of documents.
    looked_at: Cell<[bool; 2]>,
    /// Locked as long as this lives.
    _lock: File,
}

impl Case {
    /// Whether somebody has the right to write evidence just now.
    pub fn add_is_running(&self) -> bool {
        let lock = File::options().write(true).open(self.folder().join("add.lock"));
        lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(std::fs::TryLockError::WouldBlock)))
    }

    /// Takes the right to write evidence.
    ///
    /// # Errors
    /// [`CaseError::AddRunning`] when somebody else has it.
    pub fn intake(&self) -> Result<Intake<'_>, CaseError> {
        let path = self.folder().join("add.lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|e| CaseError::io(&path, e))?;
        // A worker that is just being started holds every lock of its parent for a moment.
        for tries_left in (0..25).rev() {
            match lock.try_lock() {
                Ok(()) => {
                    return Ok(Intake {
                        case: self,
                        leaves: RefCell::default(),
                        awaited: Awaited::of(&self.store),
                        was_at_rest: self.store.is_at_rest()?,
                        looked_at: Cell::default(),
                        _lock: lock,
                    });
                }
                Err(std::fs::TryLockError::WouldBlock) if tries_left > 0 => {
                    std::thread::sleep(std::time::Duration::from_millis(20));
                }
                Err(std::fs::TryLockError::WouldBlock) => break,
                Err(std::fs::TryLockError::Error(error)) => {
                    return Err(CaseError::io(&path, error));
                }
            }
        }
        Err(CaseError::AddRunning)
    }
}

impl Intake<'_> {
    fn store(&self) -> &Store {
        &self.case.store
    }

    /// Looks whether the evidence is what was written, before it is written on and sealed anew: all of
    /// it when `documents` are to be written, else what every `add` touches.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row was changed by something else.
    pub fn check_unaltered(&self, documents: bool) -> Result<(), CaseError> {
        let mut looked_at = self.looked_at.get();
        if !self.was_at_rest || std::mem::replace(&mut looked_at[usize::from(documents)], true) {
            return Ok(());
        }
        self.looked_at.set(looked_at);
        let altered = self.store().check_sealed(!documents)?;
        let Some(first) = altered.first() else { return Ok(()) };
        let more = match altered.len() - 1 {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let what = format!("{} {}{more}", first.name, first.problem);
        Err(StoreError::Damaged(what).into())
    }

    /// Registers a source, or finds it again, and marks it as not finished.
    pub fn source(
        &self,
        path: &Path,
        is_file: bool,
        origin: &str,
        excludes: &[String],
        copied: bool,
    ) -> Result<SourceId, CaseError> {
        let bytes = path.as_os_str().as_encoded_bytes();
        let now = jiff::Timestamp::now().as_millisecond();
        let store = self.store();
        store.transaction(|| {
            Ok::<_, CaseError>(store.source(bytes, is_file, origin, excludes, copied, now)?.0)
        })
    }

    /// The source that was added from this path.
    pub fn source_at(&self, path: &Path) -> Result<Option<SourceId>, CaseError> {
        Ok(self.store().source_at(path.as_os_str().as_encoded_bytes())?)
    }

    /// What the case knows of the files of a source, by the bytes of their paths.
    pub fn files_of(&self, source: SourceId) -> Result<HashMap<Vec<u8>, FileState>, CaseError> {
        Ok(self.store().files_of(source)?)
    }

    /// Keys of all documents with their state.
    pub fn known(&self) -> Result<HashMap<[u8; 32], State>, CaseError> {
        Ok(self.store().document_keys()?)
    }

    /// Takes back places that a file of a source has more than once.
    pub fn mend_files(&self, source: SourceId) -> Result<(), CaseError> {
        let store = self.store();
        store.transaction(|| Ok::<_, CaseError>(store.mend_files(source)?))
    }

    /// Where a file of a source, by the bytes of its path, lay with these contents before.
    pub fn file_place(
        &self,
        source: SourceId,
        key: &[u8],
        document: DocumentId,
    ) -> Result<Option<i64>, CaseError> {
        Ok(self.store().file_place(source, key, document)?)
    }

    /// Files of a source in which (at any depth) a document is in one of these states.
    pub fn files_with(
        &self,
        source: SourceId,
        states: &[State],
    ) -> Result<Vec<Vec<u8>>, CaseError> {
        Ok(self.store().files_with(source, states)?)
    }

    /// What texts are to be packed with.
    pub fn packing(&self) -> Result<Packing, CaseError> {
        Ok(self.store().packing()?)
    }

    /// Fills `packing` when the case has enough text by now. Not inside a transaction.
    pub fn learn(&self, packing: &Packing) -> Result<(), CaseError> {
        Ok(self.store().learn(packing)?)
    }

    /// Begins a transaction, after those who wait to write something.
    pub fn begin(&self) -> Result<(), CaseError> {
        self.awaited.give_way();
        Ok(self.store().begin()?)
    }

    /// Whether somebody waits to write something.
    pub fn is_awaited(&self) -> bool {
        self.awaited.is_so()
    }

    pub fn commit(&self) -> Result<(), CaseError> {
        self.store().recount_stale()?;
        Ok(self.store().commit()?)
    }

    /// Undoes everything since [`Intake::begin`].
    pub fn rollback(&self) {
        self.store().rollback();
    }

    /// Marks the place inside the running transaction that [`Intake::undo_tree`] goes back to.
    pub fn begin_tree(&self) -> Result<(), CaseError> {
        Ok(self.store().savepoint("tree")?)
    }

    pub fn keep_tree(&self) -> Result<(), CaseError> {
        Ok(self.store().release("tree")?)
    }

    pub fn undo_tree(&self) -> Result<(), CaseError> {
        Ok(self.store().rollback_to("tree")?)
    }

    /// The document with these bytes, when the case has it.
    pub fn find(&self, key: &[u8; 32]) -> Result<Option<DocumentId>, CaseError> {
        Ok(self.store().find_document(key)?)
    }

    /// Writes what was read; a document that is known already is written anew.
    pub fn document(
        &self,
        key: [u8; 32],
        has_bytes: bool,
        size: u64,
        reading: &Reading,
        found: &Found,
    ) -> Result<DocumentId, CaseError> {
        let store = self.store();
        let language = reading.language();
        let new = reading.as_document(key, language, found.modified);
        let before = store.find_document(&key)?;
        let (platform, former) = match before {
            Some(id) => self.detach_chat(id, reading)?,
            None => (None, Former::default()),
        };
        let id = store.put_document(&NewDocument { has_bytes, size, ..new })?;
        self.leaves.borrow_mut().remove(&id);
        if let Some(text) = &reading.text {
            store.put_text(
                id,
                &NewText {
                    kind: VariantKind::Original,
                    language,
                    tool: &format!("{} {}", reading.format, reading.version),
                    encoding: &reading.encoding,
                    bytes: text.bytes,
                    lines: text.lines,
                    sha256: text.sha256,
                    parts: &text.parts,
                    chunks: &text.chunks,
                },
            )?;
        }
        let changed = match &reading.chat {
            Some(chat) => self.chat(id, chat, platform.as_deref(), former, found)?,
            None => store.forget(former)?,
        };
        if before.is_some() {
            let messages = changed.into_iter().map(Unit::Message);
            let units: Vec<Unit> = messages.chain([Unit::Document(id)]).collect();
            journal::relocate(store, &units)?;
        }
        Ok(id)
    }

    fn chat(
        &self,
        document: DocumentId,
        chat: &reading::Chat,
        settled: Option<&str>,
        former: Former,
        found: &Found,
    ) -> Result<Vec<MessageId>, StoreError> {
        let Export { platform, importer, version, package, zone, assumptions } = &chat.export;
        let (offset, status, why) = match zone {
            ZoneGuess::Stated => (0, "stated", ""),
            ZoneGuess::Inferred { offset, why } => (*offset, "inferred", why.as_str()),
            ZoneGuess::Assumed => (0, "assumed", ""),
        };
        let scope = package.as_ref().map(|root| {
            // Relative to the source, or to the container that the file came out of.
            let container = found.path.rsplit_once('!').map_or("", |(container, _)| container);
            format!("{} {container}!{root}", found.source)
        });
        let mut assumptions = assumptions.clone();
        assumptions.extend(settled.map(|_| WHY_SETTLED.to_owned()));
        let zone_set = former.zone();
        let mut writer = ExportWriter::new(
            self.store(),
            &NewExport {
                document,
                platform: settled.unwrap_or(&platform.0),
                importer: &format!("{importer} {version}"),
                package: package.as_deref(),
                scope: scope.as_deref().unwrap_or_default(),
                zone: offset,
                zone_status: status,
                zone_why: why,
                assumptions: &assumptions,
                messages: chat.count,
            },
            chat.newest_first,
            former,
        )?;
        for account in &chat.participants {
            writer.participant(
                &account.handle,
                &account.name,
                account.is_bot,
                &account.attributes,
            )?;
        }
        for conversation in &chat.conversations {
            writer.conversation(
                &conversation.key,
                conversation.kind,
                &conversation.title,
                &conversation.members,
            )?;
        }
        chat.each(|message| writer.message(&new_message(message)))?;
        let changed = writer.finish()?;
        if let Some(zone) = zone_set {
            self.store().set_zone(document, zone, "set")?;
        }
        Ok(changed)
    }

    /// Writes where a document lies and gives the place's id.
    pub fn place(&self, document: DocumentId, found: &Found) -> Result<i64, CaseError> {
        Ok(self.store().put_place(document, found)?)
    }

    /// Gives a further place of a known container the members that its first place has, but no
    /// more than `room`, which is what is left of it afterwards. Whether these are all of them.
    pub fn copy_members(
        &self,
        document: DocumentId,
        to: i64,
        depth: u32,
        room: &mut u64,
    ) -> Result<bool, CaseError> {
        // What lies in many places is mostly no container.
        if self.leaves.borrow().contains(&document) {
            return Ok(true);
        }
        match self.store().place_with_members(document, to)? {
            Some(from) => Ok(self.store().copy_members(from, to, depth, room)?),
            None => {
                self.leaves.borrow_mut().insert(document);
                Ok(true)
            }
        }
    }

    /// Not all that is in a document can be listed.
    pub fn over_limit(&self, document: DocumentId, reason: &str) -> Result<(), CaseError> {
        Ok(self.store().set_state(document, State::OverLimit, reason)?)
    }

    /// Places of a document.
    pub fn places_of(&self, document: DocumentId) -> Result<Vec<i64>, CaseError> {
        Ok(self.store().place_ids(document)?)
    }

    /// Forgets the members of a container at all its places, before it is opened anew.
    pub fn drop_members(&self, document: DocumentId) -> Result<(), CaseError> {
        Ok(self.store().drop_members(document)?)
    }

    /// A file was seen again with the same bytes.
    pub fn seen_again(&self, place: i64, mtime: i64, claim: Option<&str>) -> Result<(), CaseError> {
        Ok(self.store().touch_place(place, mtime, claim)?)
    }

    /// A file is shown under another path now.
    pub fn renamed(&self, place: i64, path: &str) -> Result<(), CaseError> {
        Ok(self.store().rename_place(place, path)?)
    }

    /// A file is gone, or has other bytes now: its place stays, marked.
    pub fn gone(&self, place: i64) -> Result<(), CaseError> {
        Ok(self.store().set_missing(place, true)?)
    }

    /// Ends an `add` of a source: what was left alone, names that stood in other files of chat
    /// packages, and that it is finished. Of a source that is away (`None`) what was left alone
    /// stays as it was.
    pub fn finish_source(
        &self,
        source: SourceId,
        skipped: Option<&[(String, String)]>,
    ) -> Result<(), CaseError> {
        let store = self.store();
        store.transaction(|| {
            if let Some(skipped) = skipped {
                store.set_skipped(source, skipped)?;
            }
            store.drop_stand_ins(source)?;
            store.drop_all_unplaced()?;
            self.resolve_names()?;
            store.settle_tables(table::is_account)?;
            self.infer_zones(source)?;
            self.case.project_journal()?;
            store.finish_source(source, jiff::Timestamp::now().as_millisecond())?;
            store.seal()?;
            Ok::<_, CaseError>(())
        })
    }

    /// Files of one source were written by one clock: what they say of it together holds for those
    /// that are too small to say it.
    fn infer_zones(&self, source: SourceId) -> Result<(), CaseError> {
        let store = self.store();
        for platform in zone::PLACED {
            let exports = store.exports_without_clock(source, platform)?;
            if exports.is_empty() {
                continue;
            }
            let hours = store.naive_hours(source, platform)?;
            let found = match zone::infer(&hours, &Platform::new(platform)) {
                ZoneGuess::Inferred { offset, why } => Some((offset, why)),
                _ => None,
            };
            for export in exports {
                let found = found.as_ref().map(|(offset, why)| (*offset, why.as_str()));
                store.set_found_zone(export, found)?;
            }
        }
        Ok(())
    }

    fn resolve_names(&self) -> Result<(), CaseError> {
        self.store().resolve_names("slack", "@", crate::extract::chat::slack::resolve)?;
        Ok(())
    }
}

fn new_message(message: Message) -> NewMessage {
    NewMessage {
        conversation: message.conversation,
        ordinal: message.ordinal,
        native: message.native_id,
        sender: message.sender,
        kind: Some(message.kind),
        raw_time: message.raw_time,
        time: message.time,
        text: message.text,
        span: message.span,
        extra: Extra {
            media: message.media,
            reply_to: message.reply_to,
            quote: message.quote,
            thread: message.thread,
            edited: message.edited,
            forwarded_from: message.forwarded_from,
            reactions: message.reactions,
            unresolved: None,
            kind: None,
        },
    }
}

/// The key of a member whose bytes could not be had: made of its container and its position.
pub fn member_key(container: &[u8; 32], ordinal: u64) -> [u8; 32] {
    let mut bytes = b"casebook member without bytes\0".to_vec();
    bytes.extend_from_slice(container);
    bytes.extend_from_slice(&ordinal.to_be_bytes());
    Sha256::of(&bytes).0
}

/// The key of a file that could not be opened: made of its source and path.
pub fn file_key(source: &Path, path: &[u8]) -> [u8; 32] {
    let mut bytes = b"casebook file without bytes\0".to_vec();
    bytes.extend_from_slice(source.as_os_str().as_encoded_bytes());
    bytes.push(0);
    bytes.extend_from_slice(path);
    Sha256::of(&bytes).0
}
