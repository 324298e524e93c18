//! What the readers of office formats share: XML and zip that nobody vouches for, the order in
//! which paragraphs, tables and boxes go out, and how numbers look in cells.

pub mod blips;
pub mod children;
pub mod codepage;
pub mod lock;
pub mod mended;
pub mod numfmt;
pub mod ole;
pub mod property_set;
pub mod pull;
pub mod readings;
pub mod story;
#[cfg(test)]
pub mod testing;
pub mod vba;
pub mod zipped;
