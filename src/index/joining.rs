//! Which segments become one: many small ones cost each search a little, and joining costs time,
//! disk and memory.

use std::path::PathBuf;
use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::indexer::{LogMergePolicy, MergeCandidate, MergePolicy};

/// Documents of a segment that is no longer joined in the background: joining the large ones
/// once, in the end, is half the work of joining them step by step.
const LARGE: usize = 15_000;

/// Small segments that are joined in the background, together: what is joined more often is written
/// more often, and while an ingest is at work a search asks so many of them.
const MANY: usize = 64;

/// Segments that a finished index may have: every one costs each search a little, and has a
/// dictionary of its own.
const MOST_SEGMENTS: usize = 3;

/// Bytes of dictionaries that are joined into one. The engine holds some bytes for each word of the
/// one that it makes: of a leak they are few (50 MB for a million messages in 100,000 files), but
/// every two neighbours in Han at random are a new one.
const MOST_WORDS: u64 = 96 << 20;

/// Joins in the background, by levels of size.
#[derive(Debug)]
pub(super) struct Joining {
    levels: LogMergePolicy,
    folder: PathBuf,
}

impl Joining {
    /// Of the segments in a folder.
    pub(super) fn new(folder: PathBuf) -> Joining {
        let mut levels = LogMergePolicy::default();
        levels.set_min_num_segments(MANY);
        levels.set_max_docs_before_merge(LARGE);
        levels.set_del_docs_ratio_before_merge(0.3);
        Joining { levels, folder }
    }

    /// Bytes of the dictionary of a segment; one that cannot be asked for is taken for a small one.
    fn words(&self, segment: &SegmentMeta) -> u64 {
        let file = segment.relative_path(tantivy::index::SegmentComponent::Terms);
        std::fs::metadata(self.folder.join(file)).map_or(0, |file| file.len())
    }

    /// What is joined at the end of an ingest: groups, each of which becomes one segment.
    pub(super) fn last(&self, segments: &[SegmentMeta]) -> Vec<Vec<SegmentId>> {
        let sizes = segments.iter().map(|own| (own.max_doc(), (self.words(own), own.id())));
        groups(worth_joining(sizes.collect()))
    }
}

impl MergePolicy for Joining {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let words = |id: &SegmentId| {
            segments.iter().find(|own| own.id() == *id).map_or(0, |own| self.words(own))
        };
        let candidates = self.levels.compute_merge_candidates(segments).into_iter();
        candidates
            .flat_map(|MergeCandidate(ids)| match ids.as_slice() {
                // Joined with itself: to be rid of what was deleted.
                [_] => vec![ids],
                _ => groups(ids.into_iter().map(|id| (words(&id), id)).collect()),
            })
            .map(MergeCandidate)
            .collect()
    }
}

/// Groups of which none has too large a dictionary, the small ones together.
fn groups<T>(mut sizes: Vec<(u64, T)>) -> Vec<Vec<T>> {
    sizes.sort_by_key(|size| size.0);
    let mut groups: Vec<Vec<T>> = Vec::new();
    let mut room = 0;
    for (words, segment) in sizes {
        match groups.last_mut().filter(|_| words <= room) {
            Some(group) => {
                room -= words;
                group.push(segment);
            }
            None => {
                room = MOST_WORDS.saturating_sub(words);
                groups.push(vec![segment]);
            }
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// Which segments to join: all after a first ingest; when one of them has most of the documents,
/// as after a small addition, only the others.
fn worth_joining<T>(mut sizes: Vec<(u32, T)>) -> Vec<T> {
    if sizes.len() <= MOST_SEGMENTS {
        return Vec::new();
    }
    sizes.sort_by_key(|size| std::cmp::Reverse(size.0));
    let all: u64 = sizes.iter().map(|size| u64::from(size.0)).sum();
    let keep = usize::from(u64::from(sizes[0].0) * 4 > all * 3);
    sizes.into_iter().skip(keep).map(|size| size.1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_after_an_ingest() {
        let check = |sizes: &[u32], expected: &[usize]| {
            let sizes = sizes.iter().copied().zip(0..).collect();
            assert_eq!(worth_joining(sizes), expected);
        };
        check(&[], &[]);
        check(&[5, 5, 5], &[]);
        check(&[5, 9, 5, 5], &[1, 0, 2, 3]);
        check(&[1, 900, 2, 5], &[3, 2, 0]);
    }

    #[test]
    fn no_dictionary_becomes_too_large() {
        let check = |sizes: &[u64], expected: &[&[usize]]| {
            let sizes = sizes.iter().map(|mebi| mebi << 20).zip(0..).collect();
            assert_eq!(groups(sizes), expected);
        };
        check(&[], &[]);
        check(&[1], &[]);
        check(&[1, 2, 3], &[&[0, 1, 2]]);
        check(&[60, 1, 50, 40, 2], &[&[1, 4, 3, 2]]);
        check(&[90, 90, 90], &[]);
        check(&[500, 3, 4], &[&[1, 2]]);
        // One that is full stays as it is, whatever comes after it.
        check(&[95, 30, 30, 30, 30], &[&[1, 2, 3]]);
    }
}
