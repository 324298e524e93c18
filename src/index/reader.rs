//! Reading: the door through which a case searches.

use super::bits::Bits;
use super::collect::Collector;
use super::directory::{self, Folder};
use super::error::IndexError;
use super::eval::{Eval, Traces};
use super::hits::{Hits, Order, Page};
use super::packed;
use super::plan::Plan;
use super::scan::Stop;
use super::schema::Layout;
use super::snapshot::{Segment, Snapshot};
use super::unit::Unit;
use super::writer::{Payload, open_ours};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tantivy::ReloadPolicy;

/// An index, open for reading. It shows the commit it was opened or last reloaded at. Nothing
/// is written, no file is created.
pub struct Index {
    index: tantivy::Index,
    layout: Layout,
    reader: tantivy::IndexReader,
    snapshot: RwLock<Arc<Snapshot>>,
}

/// What a plan found, in the index as it was then.
pub struct Found {
    pub(super) snapshot: Arc<Snapshot>,
    /// Of each segment.
    pub(super) bits: Vec<Bits>,
}

/// Times that opening is tried again when files disappear under a reader's hands because a
/// writer joined segments meanwhile.
const TRIES: u32 = 20;

impl Index {
    /// Opens the index in a folder.
    pub fn open(path: &Path) -> Result<Index, IndexError> {
        again(|| guarded(|| Index::open_once(path)))
    }

    fn open_once(path: &Path) -> Result<Index, IndexError> {
        let (index, layout, payload) = open_ours(Folder::open(path, false)?)?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(1)
            .try_into()
            .map_err(IndexError::failed("opened"))?;
        let snapshot = Snapshot::new(&reader.searcher(), &layout, payload.change_seq, None)?;
        let snapshot = RwLock::new(Arc::new(snapshot));
        Ok(Index { index, layout, reader, snapshot })
    }

    /// Shows what was committed since. The commit before stays in use until then.
    pub fn reload(&self) -> Result<(), IndexError> {
        again(|| {
            guarded(|| {
                // Read before the segments: if a commit comes between, the number is too low, and
                // applying a change again does no harm.
                let metas = self.index.load_metas().map_err(IndexError::failed("read"))?;
                let payload = Payload::read(metas.payload.as_deref())?;
                self.reader.reload().map_err(IndexError::failed("read"))?;
                let before = self.snapshot();
                let searcher = self.reader.searcher();
                let seq = payload.change_seq;
                let new = Snapshot::new(&searcher, &self.layout, seq, Some(&before))?;
                *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
                Ok(())
            })
        })
    }

    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The last change that is visible.
    pub fn change_seq(&self) -> u64 {
        self.snapshot().change_seq
    }

    /// Counts, facets and a page of hits. `cancel` may be set from another thread.
    pub fn search(&self, plan: &Plan, page: Page, cancel: &AtomicBool) -> Result<Hits, IndexError> {
        Ok(self.find(plan, page, cancel)?.0)
    }

    /// The same, with what was found, to count in.
    pub fn find(
        &self,
        plan: &Plan,
        page: Page,
        cancel: &AtomicBool,
    ) -> Result<(Hits, Found), IndexError> {
        self.find_until(plan, page, Stop::when(cancel))
    }

    fn find_until(&self, plan: &Plan, page: Page, stop: Stop) -> Result<(Hits, Found), IndexError> {
        let snapshot = self.snapshot();
        let (hits, bits) = guarded(|| {
            std::thread::scope(|threads| {
                let unread = |segment: &Segment| page.facets && !segment.columns.has_facets();
                for segment in snapshot.segments.iter().filter(|segment| unread(segment)) {
                    // What fails there fails again below, where it is reported.
                    threads.spawn(|| segment.columns.prepare_facets(&segment.reader));
                }
                let mut eval = Eval::new(&snapshot, stop);
                let mut collector = Collector::new(page);
                let mut traces = Traces::new();
                let mut found = Vec::with_capacity(snapshot.segments.len());
                for segment in &snapshot.segments {
                    let bits = eval.run(segment, plan, &mut traces)?;
                    collector.segment(segment, &bits, &traces)?;
                    found.push(bits);
                }
                Ok((collector.finish(), found))
            })
        })?;
        Ok((hits, Found { snapshot, bits }))
    }

    /// All units that match, in order of their numbers.
    pub fn units(&self, plan: &Plan, cancel: &AtomicBool) -> Result<Vec<Unit>, IndexError> {
        let snapshot = self.snapshot();
        guarded(|| {
            let mut eval = Eval::new(&snapshot, Stop::when(cancel));
            let mut traces = Traces::new();
            let mut found = Vec::new();
            for segment in &snapshot.segments {
                let bits = eval.run(segment, plan, &mut traces)?;
                let units = segment.columns.units(&segment.reader)?;
                found.extend(bits.iter().map(|doc| Unit::from_raw(units.get(doc as usize))));
            }
            found.sort_unstable();
            Ok(found)
        })
    }

    /// How many units match.
    pub fn count(&self, plan: &Plan, cancel: &AtomicBool) -> Result<u64, IndexError> {
        let page = Page { order: Order::Number, offset: 0, limit: 0, facets: false };
        Ok(self.search(plan, page, cancel)?.total)
    }

    /// How many units match; `None` where that was not known at the deadline.
    pub fn count_until(
        &self,
        plan: &Plan,
        deadline: Instant,
        cancel: &AtomicBool,
    ) -> Result<Option<u64>, IndexError> {
        let page = Page { order: Order::Number, offset: 0, limit: 0, facets: false };
        let stop = Stop::when(cancel).at(deadline);
        match self.find_until(plan, page, stop) {
            Err(IndexError::Cancelled) if !stop.is_cancelled() => Ok(None),
            found => Ok(Some(found?.0.total)),
        }
    }
}

/// Reads every byte of an index, without trusting any; the files that are not what was written.
pub fn verify(path: &Path) -> Result<Vec<PathBuf>, IndexError> {
    let mut damaged: BTreeSet<PathBuf> = directory::damaged_metas(path).into_iter().collect();
    if !damaged.is_empty() {
        // Which files there should be cannot be known.
        return Ok(damaged.into_iter().collect());
    }
    guarded(|| {
        let folder = Folder::open(path, false)?;
        let (index, ..) = open_ours(folder.clone())?;
        let managed = index.directory();
        let metas = index.load_metas().map_err(IndexError::failed("verified"))?;
        let ids: Vec<String> = metas.segments.iter().map(|s| s.id().uuid_string()).collect();
        let mut footers: HashMap<String, Vec<PathBuf>> = HashMap::new();
        for file in managed.list_managed_files() {
            let name = file.to_string_lossy();
            let full = path.join(&file);
            let is_segment = ids.iter().any(|id| name.starts_with(id.as_str()));
            if !is_segment || !full.is_file() {
                continue;
            }
            let is_whole = !packed::is_packed(&file) || packed::is_whole(&full).unwrap_or(false);
            if !is_whole || !matches!(managed.validate_checksum(&file), Ok(true)) {
                damaged.insert(full);
            } else {
                let footer = footer_without_sum(&folder, &file);
                let footer = footer.map_err(IndexError::io("verified"))?;
                footers.entry(footer).or_default().push(full);
            }
        }
        // The end of a file says who wrote it, outside of its checksum; all say the same.
        let usual = footers.values().map(Vec::len).max();
        for files in footers.into_values().filter(|files| Some(files.len()) != usual) {
            damaged.extend(files);
        }
        Ok(())
    })?;
    Ok(damaged.into_iter().collect())
}

/// Damaged files make the engine panic in places: that is a damaged index, not the end of the
/// program.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, IndexError>) -> Result<T, IndexError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(IndexError::Unusable("its files are damaged".into())))
}

/// What tantivy writes behind the data of a file, but for the checksum and what depends on its
/// digits.
fn footer_without_sum(folder: &Folder, file: &Path) -> std::io::Result<String> {
    use tantivy::Directory;
    let handle = folder.get_file_handle(file).map_err(std::io::Error::other)?;
    let end = handle.read_bytes(handle.len().saturating_sub(256)..handle.len())?;
    let end = String::from_utf8_lossy(&end);
    let footer = &end[end.rfind("{\"version\"").unwrap_or(0)..];
    // The last eight bytes are the length of the footer and a constant.
    let close = footer.rfind('}').map_or(footer.len(), |at| at + 1);
    let (json, tail) = footer.split_at(close);
    let digits = |c: char| c.is_ascii_digit();
    let (head, sum) = json.split_once("\"crc\":").unwrap_or((json, ""));
    let rest = sum.trim_start_matches(digits);
    Ok(format!("{head}{rest}{}", tail.chars().skip(1).collect::<String>()))
}

fn again<T>(mut work: impl FnMut() -> Result<T, IndexError>) -> Result<T, IndexError> {
    let mut tries = 0;
    loop {
        match work() {
            Err(IndexError::Gone(_)) if tries < TRIES => tries += 1,
            Err(IndexError::Gone(file)) => {
                return Err(IndexError::Unusable(format!("{file} is missing")));
            }
            result => return result,
        }
        std::thread::sleep(Duration::from_millis(u64::from(tries)));
    }
}
