//! Whole messages, from bytes to records.

use crate::extract::collect::Collected;
use crate::extract::{Limits, Out};

/// Reads a message that is in memory.
pub fn read(mail: &[u8]) -> Collected {
    let mut all = Collected::default();
    let mut sink = |record| {
        all.take(record);
        Ok(())
    };
    let limits = Limits::default();
    let mut out = Out::new(&mut sink, limits);
    super::message(mail, limits.nesting, &mut out).expect("a readable message");
    out.finish().expect("a sink that takes everything");
    all
}
