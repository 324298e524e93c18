//! The remainder: what an importer read but could not turn into messages stays the text of the
//! document, so that it is found by a search and nothing is hit twice.

use super::scan::Scan;
use super::stream::Ended;
use crate::extract::{Out, Stop};
use crate::model::{PartKind, Wrap};
use std::io::{Read, Seek};

/// Bytes of the file that are kept as text at once.
const STRETCH: usize = 1 << 20;

/// Collects lines and sends them in large pieces, so that a remainder of many small lines does
/// not become as many records.
#[derive(Default)]
pub(super) struct Rest {
    buffer: String,
    begun: bool,
}

impl Rest {
    pub(super) fn line(&mut self, out: &mut Out, text: &str) -> Result<(), Stop> {
        self.buffer.push_str(text);
        self.buffer.push('\n');
        if self.buffer.len() > 48 * 1024 { self.finish(out) } else { Ok(()) }
    }

    /// Keeps a broken record as it stands and says so; the reading goes on behind it.
    pub(super) fn damage<R: Read + Seek>(
        &mut self,
        out: &mut Out,
        scan: &mut Scan<R>,
        start: u64,
        end: u64,
    ) -> Result<(), Ended> {
        out.warn(format!("bytes {start} to {end} are a broken record, kept as text"))?;
        self.stretch(out, scan, start, end)
    }

    /// Keeps a stretch of the file as it stands; the reading goes on behind it.
    pub(super) fn stretch<R: Read + Seek>(
        &mut self,
        out: &mut Out,
        scan: &mut Scan<R>,
        start: u64,
        end: u64,
    ) -> Result<(), Ended> {
        for from in (start..end).step_by(STRETCH) {
            let text = scan.text_from(from, (STRETCH as u64).min(end - from))?;
            self.line(out, text.trim())?;
        }
        Ok(scan.seek(end)?)
    }

    /// Sends what is left. To be called at the end of every import.
    pub(super) fn finish(&mut self, out: &mut Out) -> Result<(), Stop> {
        if self.buffer.trim().is_empty() {
            self.buffer.clear();
            return Ok(());
        }
        if !self.begun {
            self.begun = true;
            out.part(PartKind::Body, Wrap::Lines)?;
        }
        out.text(&std::mem::take(&mut self.buffer))
    }
}
