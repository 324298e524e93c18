//! What a page says beside its text, kept for parts of their own.

use crate::extract::{Out, Stop};
use crate::model::{PartKind, Wrap};
use std::collections::HashSet;

/// Addresses, comments and hidden text are kept up to this many bytes each.
const MOST: usize = 4 << 20;

/// Lines in the order of their first occurrence, each once.
#[derive(Default)]
pub struct Aside {
    lines: Vec<String>,
    known: HashSet<String>,
    bytes: usize,
}

impl Aside {
    pub fn push(&mut self, line: &str) {
        let line = line.trim();
        if !line.is_empty() && self.bytes < MOST && !self.known.contains(line) {
            self.bytes += line.len();
            self.known.insert(line.to_owned());
            self.lines.push(line.to_owned());
        }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Writes a part with these lines; none when there are none.
    ///
    /// # Errors
    /// The limits or the sink of `out`.
    pub fn write(&self, kind: PartKind, label: &str, out: &mut Out) -> Result<(), Stop> {
        if self.is_empty() {
            return Ok(());
        }
        out.labelled_part(kind, label, Wrap::Lines)?;
        self.lines.iter().try_for_each(|line| out.line(line))
    }

    /// Writes a part that is marked as hidden.
    ///
    /// # Errors
    /// The limits or the sink of `out`.
    pub fn write_hidden(&self, label: &str, out: &mut Out) -> Result<(), Stop> {
        out.hidden_part(PartKind::Body, label, Wrap::Lines)?;
        self.lines.iter().try_for_each(|line| out.line(line))
    }
}
