//! Tokens with positions.

/// By how many words a border (cell, row, paragraph, end of a part) counts in distances.
pub const BORDER: u32 = 64;
