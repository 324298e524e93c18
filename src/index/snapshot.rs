//! The index as one commit left it: its segments with what was read of them.

use super::bits::Bits;
use super::columns::Columns;
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
    pub(super) alive: Bits,
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
    norms: [OnceLock<Box<[f32; 256]>>; Field::ALL.len()],
}

impl Snapshot {
    pub(super) fn new(
        searcher: &Searcher,
        layout: &Layout,
        change_seq: u64,
        before: Option<&Snapshot>,
    ) -> Snapshot {
        let known: HashMap<SegmentId, &Arc<Columns>> = before
            .iter()
            .flat_map(|snapshot| &snapshot.segments)
            .map(|segment| (segment.reader.segment_id(), &segment.columns))
            .collect();
        let segments = searcher
            .segment_readers()
            .iter()
            .map(|reader| {
                let columns = known.get(&reader.segment_id()).map(|columns| Arc::clone(columns));
                Segment::new(reader, columns.unwrap_or_default(), layout)
            })
            .collect();
        Snapshot { segments, change_seq, norms: [const { OnceLock::new() }; Field::ALL.len()] }
    }

    pub(super) fn documents(&self) -> u64 {
        self.segments.iter().map(|segment| u64::from(segment.documents())).sum()
    }

    /// What the length of a text takes from its score (BM25 with k1 1.2, b 0.75), by its step.
    pub(super) fn norms(&self, field: Field) -> Result<&[f32; 256], IndexError> {
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
        let average = tokens as f32 / texts.max(1) as f32;
        let mut norms = Box::new([0.0; 256]);
        for (step, norm) in (0..=u8::MAX).zip(norms.iter_mut()) {
            let length = FieldNormReader::id_to_fieldnorm(step) as f32;
            *norm = 1.2 * (0.25 + 0.75 * length / average.max(1.0));
        }
        Ok(self.norms[field as usize].get_or_init(|| norms))
    }
}
