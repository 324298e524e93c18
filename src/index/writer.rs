//! Writing: units go in and out, a commit carries how far it came.

use super::analyzer::{Analyzer, Waiting};
use super::directory::{Folder, Full};
use super::error::IndexError;
use super::joining::Joining;
use super::put::{self, Put};
use super::schema::{FORMAT, Layout, TOKENIZER};
use super::unit::{IndexUnit, Piece, Unit};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{IndexWriter, TantivyDocument, Term};

/// What a commit carries.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
pub(super) struct Payload {
    pub(super) format: String,
    pub(super) change_seq: u64,
}

impl Payload {
    /// Reads the payload of a commit and compares the format.
    pub(super) fn read(payload: Option<&str>) -> Result<Payload, IndexError> {
        // The first commit comes with the making.
        let payload = payload.ok_or(IndexError::Outdated("it was not finished"))?;
        let payload: Payload = Some(payload)
            .and_then(|text| serde_json::from_str(text).ok())
            .ok_or_else(|| IndexError::Unusable("it is not ours".into()))?;
        if payload.format != FORMAT {
            return Err(IndexError::Outdated("it is of another version"));
        }
        Ok(payload)
    }
}

/// Opens the tantivy index in a folder and checks that it is ours.
pub(super) fn open_ours(folder: Folder) -> Result<(tantivy::Index, Layout, Payload), IndexError> {
    let index = tantivy::Index::open(folder).map_err(IndexError::failed("opened"))?;
    let metas = index.load_metas().map_err(IndexError::failed("opened"))?;
    let payload = Payload::read(metas.payload.as_deref())?;
    let layout = Layout::new();
    if index.schema() != layout.schema {
        return Err(IndexError::Unusable("it has other fields".into()));
    }
    Ok((index, layout, payload))
}

/// Bytes of memory for postings before they are written out as a segment.
const BUDGET: usize = 64 << 20;

/// Somebody writes to the index in a folder. No file is made.
pub fn is_being_written(path: &Path) -> bool {
    use tantivy::Directory as _;
    let lock = &tantivy::directory::INDEX_WRITER_LOCK;
    path.join(&lock.filepath).exists()
        && Folder::open(path, true).is_ok_and(|folder| folder.acquire_lock(lock).is_err())
}

/// The one writer of an index.
pub struct Writer {
    writer: IndexWriter,
    /// The folder of the index.
    path: PathBuf,
    pub(super) layout: Layout,
    /// Bytes of text that one document of the engine gets: see [`Put`].
    pub(super) most: usize,
    /// Documents in a segment; 0 for as many as fit.
    #[cfg(test)]
    pub(super) in_segment: usize,
    #[cfg(test)]
    added: usize,
    waiting: Arc<Waiting>,
    full: Full,
    change_seq: u64,
    /// The highest document and message that ever went in: what is above is new, and nothing
    /// needs to be deleted for it.
    highest: [Option<Unit>; 2],
}

impl Writer {
    /// Makes an empty index in a folder, whatever lay there before.
    pub fn create(path: &Path) -> Result<Writer, IndexError> {
        let io = || IndexError::io("created");
        std::fs::create_dir_all(path).map_err(io())?;
        // The lock of a writer at work lies in the folder: ask for it before anything is deleted.
        let folder = Folder::open(path, true)?;
        {
            use tantivy::Directory as _;
            let lock = folder.acquire_lock(&tantivy::directory::INDEX_WRITER_LOCK);
            let _lock = lock.map_err(|_| IndexError::Busy)?;
            // What is left after a kill is no index, and none that lacks files.
            let meta = path.join("meta.json");
            if meta.exists() {
                std::fs::remove_file(meta).map_err(io())?;
            }
            for entry in std::fs::read_dir(path).map_err(io())? {
                let entry = entry.map_err(io())?;
                let is_lock = entry.file_name().to_string_lossy().ends_with(".lock");
                if entry.file_type().map_err(io())?.is_file() && !is_lock {
                    std::fs::remove_file(entry.path()).map_err(io())?;
                }
            }
        }
        let layout = Layout::new();
        // A folder handle of its own: the other one may remember files that are gone.
        let folder = Folder::open(path, true)?;
        let full = folder.full();
        let settings = tantivy::IndexSettings::default();
        let index = tantivy::Index::create(folder, layout.schema.clone(), settings)
            .map_err(failed("created", &full))?;
        let mut writer = Writer::of(path, index, layout, full, 0)?;
        writer.commit(0)?;
        Ok(writer)
    }

    /// Opens an index for writing. Fails with [`IndexError::Unusable`] when it must be made anew,
    /// and with [`IndexError::Busy`] when somebody else writes.
    pub fn open(path: &Path) -> Result<Writer, IndexError> {
        if !path.join("meta.json").is_file() {
            return Err(IndexError::Unusable(format!("there is none in {}", path.display())));
        }
        let folder = Folder::open(path, true)?;
        let full = folder.full();
        let (index, layout, payload) = open_ours(folder)?;
        Writer::of(path, index, layout, full, payload.change_seq)
    }

    fn of(
        path: &Path,
        index: tantivy::Index,
        layout: Layout,
        full: Full,
        change_seq: u64,
    ) -> Result<Writer, IndexError> {
        let waiting = Arc::new(Waiting::default());
        index
            .tokenizers()
            .register(TOKENIZER, TextAnalyzer::from(Analyzer::new(Arc::clone(&waiting))));
        let highest = highest(&index)?;
        let writer: IndexWriter =
            index.writer_with_options(options()).map_err(failed("opened for writing", &full))?;
        writer.set_merge_policy(Box::new(Joining::new(path.to_owned())));
        Ok(Writer {
            writer,
            path: path.to_owned(),
            layout,
            most: put::MOST,
            #[cfg(test)]
            in_segment: 0,
            #[cfg(test)]
            added: 0,
            waiting,
            full,
            change_seq,
            highest,
        })
    }

    /// The change that the last commit reached.
    pub fn change_seq(&self) -> u64 {
        self.change_seq
    }

    /// Adds a unit or replaces it. Blocks while much text waits to be cut.
    pub fn put<'a>(
        &mut self,
        unit: &IndexUnit,
        pieces: impl IntoIterator<Item = Piece<'a>>,
    ) -> Result<(), IndexError> {
        let mut put = self.begin(unit);
        for piece in pieces {
            put.piece(piece.field, piece.wrap, piece.text)?;
        }
        put.finish()
    }

    /// The same, with texts that come in stretches.
    pub fn begin<'w>(&'w mut self, unit: &'w IndexUnit) -> Put<'w> {
        let highest = &mut self.highest[usize::from(unit.unit.is_message())];
        if *highest < Some(unit.unit) {
            *highest = Some(unit.unit);
        } else {
            self.delete(unit.unit);
        }
        Put::new(self, unit)
    }

    /// Hands a document to the engine, once there is room for so many bytes.
    pub(super) fn add(
        &mut self,
        document: TantivyDocument,
        bytes: usize,
    ) -> Result<(), IndexError> {
        self.waiting.add(bytes);
        self.writer.add_document(document).map_err(failed("written", &self.full))?;
        #[cfg(test)]
        self.end_segment()?;
        Ok(())
    }

    /// Ends a segment where memory would, but after so many documents.
    #[cfg(test)]
    fn end_segment(&mut self) -> Result<(), IndexError> {
        self.added += 1;
        if self.in_segment > 0 && self.added.is_multiple_of(self.in_segment) {
            self.writer.commit().map_err(failed("committed", &self.full))?;
        }
        Ok(())
    }

    /// Takes a unit out; nothing happens if it is not there.
    pub fn delete(&mut self, unit: Unit) {
        self.writer.delete_term(Term::from_field_u64(self.layout.unit, unit.raw()));
    }

    /// Makes everything so far permanent and visible; `change_seq` is the last change applied.
    pub fn commit(&mut self, change_seq: u64) -> Result<(), IndexError> {
        let payload = Payload { format: FORMAT.to_owned(), change_seq };
        let payload = serde_json::to_string(&payload)
            .map_err(|error| IndexError::Failed { doing: "committed", source: Box::new(error) })?;
        let mut commit = self.writer.prepare_commit().map_err(failed("committed", &self.full))?;
        commit.set_payload(&payload);
        commit.commit().map_err(failed("committed", &self.full))?;
        self.change_seq = change_seq;
        Ok(())
    }

    /// Ends the writing of much: joins what became many small segments, and waits until nothing
    /// works in the background. What was not committed is lost.
    pub fn finish(self) -> Result<(), IndexError> {
        let full = self.full.clone();
        let failed = || failed("tidied", &full);
        let index = self.writer.index().clone();
        // Segments that are being joined in the background can be in no other merge.
        self.writer.wait_merging_threads().map_err(failed())?;
        // Files live as long as somebody holds what describes them: these must go before the
        // rubbish is collected.
        let metas = index.searchable_segment_metas().map_err(failed())?;
        let joins = Joining::new(self.path).last(&metas);
        drop(metas);
        let mut writer: IndexWriter = index.writer_with_options(options()).map_err(failed())?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for join in joins {
            writer.merge(&join).wait().map_err(failed())?;
        }
        writer.garbage_collect_files().wait().map_err(failed())?;
        writer.wait_merging_threads().map_err(failed())
    }
}

/// What became of the work of a writer.
fn failed<'a>(
    doing: &'static str,
    full: &'a Full,
) -> impl FnOnce(tantivy::TantivyError) -> IndexError + 'a {
    move |error| match full.is_set() {
        true => IndexError::DiskFull,
        false => IndexError::failed(doing)(error),
    }
}

fn options() -> IndexWriterOptions {
    IndexWriterOptions::builder()
        .num_worker_threads(1)
        .num_merge_threads(1)
        .memory_budget_per_thread(BUDGET)
        .build()
}

fn highest(index: &tantivy::Index) -> Result<[Option<Unit>; 2], IndexError> {
    let failed = || IndexError::failed("opened for writing");
    let mut highest = [None; 2];
    for segment in index.searchable_segments().map_err(failed())? {
        let segment = tantivy::SegmentReader::open(&segment).map_err(failed())?;
        let column = segment.fast_fields().u64(super::schema::UNIT).map_err(failed())?;
        for unit in column.values.iter().map(Unit::from_raw) {
            let own = &mut highest[usize::from(unit.is_message())];
            *own = (*own).max(Some(unit));
        }
    }
    Ok(highest)
}
