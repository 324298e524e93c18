//! Text: what it looks like on a terminal (width, wrap, sanitise) and what it means to a search
//! (normal form, tokens, needles, highlights, numerals). Pure functions.

pub mod day;
pub mod decimal;
pub mod entities;
pub mod escape;
pub mod fold;
pub mod highlight;
pub mod language;
pub mod natural;
pub mod needle;
pub mod normal;
pub mod numeral;
pub mod phrase;
pub mod quantity;
pub mod sanitise;
pub mod sieve;
pub mod tally;
pub mod token;
pub mod width;
pub mod wrap;
