//! The index as one commit left it: its segments with what was read of them.

use super::bits::Bits;
use super::columns::Columns;
use super::cut::{self, Cut};
use super::error::IndexError;
use super::schema::Layout;
use super::unit::Field;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::{InvertedIndexReader, Searcher, SegmentReader};

pub(super) struct Segment {
    pub(super) reader: SegmentReader,
    /// Shared with other snapshots: columns never change, only what is alive does.
    pub(super) columns: Arc<Columns>,
    /// What stands for a unit: parts of one that are not its head are left out.
    pub(super) alive: Bits,
    /// Units that lie in several documents and have their head here, in order of it.
    pub(super) cut: Vec<Cut>,
    /// Some of its documents are parts of units that have their head elsewhere, or here.
    pub(super) has_parts: bool,
    indexes: [OnceLock<Arc<InvertedIndexReader>>; Field::ALL.len()],
    lengths: [OnceLock<FieldNormReader>; Field::ALL.len()],
    layout: Layout,
}

impl Segment {
    fn new(reader: &SegmentReader, columns: Arc<Columns>, layout: &Layout) -> Segment {
        let mut alive = Bits::all(reader.max_doc());
        if reader.has_deletes() {
            for doc in (0..reader.max_doc()).filter(|doc| reader.is_deleted(*doc)) {
                alive.remove(doc);
            }
        }
        Segment {
            reader: reader.clone(),
            columns,
            alive,
            cut: Vec::new(),
            has_parts: false,
            indexes: [const { OnceLock::new() }; Field::ALL.len()],
            lengths: [const { OnceLock::new() }; Field::ALL.len()],
            layout: layout.clone(),
        }
    }

    /// Documents in the segment, deleted ones among them.
    pub(super) fn documents(&self) -> u32 {
        self.reader.max_doc()
    }

    pub(super) fn index(&self, field: Field) -> Result<Arc<InvertedIndexReader>, IndexError> {
        let cell = &self.indexes[field as usize];
        if let Some(index) = cell.get() {
            return Ok(Arc::clone(index));
        }
        let index = self
            .reader
            .inverted_index(self.layout.text(field))
            .map_err(IndexError::failed("searched"))?;
        Ok(Arc::clone(cell.get_or_init(|| index)))
    }

    /// The lengths of the texts, in tantivy's 256 steps.
    pub(super) fn lengths(&self, field: Field) -> Result<&FieldNormReader, IndexError> {
        let cell = &self.lengths[field as usize];
        if let Some(lengths) = cell.get() {
            return Ok(lengths);
        }
        let lengths = self
            .reader
            .get_fieldnorms_reader(self.layout.text(field))
            .map_err(IndexError::failed("searched"))?;
        Ok(cell.get_or_init(|| lengths))
    }
}

pub(super) struct Snapshot {
    pub(super) segments: Vec<Segment>,
    /// Last change that the commit has.
    pub(super) change_seq: u64,
    norms: [OnceLock<Norms>; Field::ALL.len()],
}

impl Snapshot {
    pub(super) fn new(
        searcher: &Searcher,
        layout: &Layout,
        change_seq: u64,
        before: Option<&Snapshot>,
    ) -> Result<Snapshot, IndexError> {
        let known: HashMap<SegmentId, &Arc<Columns>> = before
            .iter()
            .flat_map(|snapshot| &snapshot.segments)
            .map(|segment| (segment.reader.segment_id(), &segment.columns))
            .collect();
        let mut segments: Vec<Segment> = searcher
            .segment_readers()
            .iter()
            .map(|reader| {
                let columns = known.get(&reader.segment_id()).map(|columns| Arc::clone(columns));
                Segment::new(reader, columns.unwrap_or_default(), layout)
            })
            .collect();
        cut::gather(&mut segments)?;
        let norms = [const { OnceLock::new() }; Field::ALL.len()];
        Ok(Snapshot { segments, change_seq, norms })
    }

    /// Units, deleted ones among them.
    pub(super) fn documents(&self) -> u64 {
        let all: u64 = self.segments.iter().map(|segment| u64::from(segment.documents())).sum();
        let cut = self.segments.iter().flat_map(|segment| &segment.cut);
        all - cut.map(|cut| cut.parts.len() as u64 - 1).sum::<u64>()
    }

    /// What the lengths of texts take from their scores.
    pub(super) fn norms(&self, field: Field) -> Result<&Norms, IndexError> {
        if let Some(norms) = self.norms[field as usize].get() {
            return Ok(norms);
        }
        let (mut tokens, mut texts) = (0, 0);
        for segment in &self.segments {
            tokens += segment.index(field)?.total_num_tokens();
            let lengths = segment.lengths(field)?;
            texts += (0..segment.documents()).filter(|doc| lengths.fieldnorm_id(*doc) > 0).count()
                as u64;
        }
        for cut in self.segments.iter().flat_map(|segment| &segment.cut) {
            let mut parts = 0;
            for (segment, doc) in &cut.parts {
                let lengths = self.segments[*segment].lengths(field)?;
                parts += u64::from(lengths.fieldnorm_id(*doc) > 0);
            }
            texts -= parts.saturating_sub(1);
        }
        let norms = Norms::of_average(tokens as f32 / texts.max(1) as f32);
        Ok(self.norms[field as usize].get_or_init(|| norms))
    }

    /// What the lengths of the cut units of a segment take from their scores: by head.
    pub(super) fn norms_of_cut(
        &self,
        segment: &Segment,
        field: Field,
    ) -> Result<Vec<(u32, f32)>, IndexError> {
        let norms = self.norms(field)?;
        let mut found = Vec::with_capacity(segment.cut.len());
        for cut in &segment.cut {
            let mut length = 0;
            for (segment, doc) in &cut.parts {
                length += u64::from(self.segments[*segment].lengths(field)?.fieldnorm(*doc));
            }
            found.push((cut.head, norms.of(length as f32)));
        }
        Ok(found)
    }
}

/// What the length of a text takes from its score (BM25 with k1 1.2, b 0.75).
pub(super) struct Norms {
    average: f32,
    /// By tantivy's steps of lengths.
    pub(super) by_step: Box<[f32; 256]>,
}

impl Norms {
    fn of_average(average: f32) -> Norms {
        let mut norms = Norms { average: average.max(1.0), by_step: Box::new([0.0; 256]) };
        for step in 0..=u8::MAX {
            let length = FieldNormReader::id_to_fieldnorm(step) as f32;
            norms.by_step[usize::from(step)] = norms.of(length);
        }
        norms
    }

    fn of(&self, length: f32) -> f32 {
        1.2 * (0.25 + 0.75 * length / self.average)
    }
}
