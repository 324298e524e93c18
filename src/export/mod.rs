//! Work becomes a report: what analysts wrote, with footnotes that can be checked by somebody who
//! has nothing but the report and the evidence.
//!
//! - `report.rs` what a report says: plain data · `locator.rs` what a footnote points at, for a
//!   program · `wording.rs` the words that all formats share · `prose.rs` notes (Markdown) as
//!   sentences with footnotes
//! - `inert.rs` makes texts of a leak harmless · `markdown.rs`, `html.rs`, `docx/`, `csv.rs`,
//!   `json.rs` write a report

pub mod csv;
pub mod docx;
pub mod html;
pub mod inert;
pub mod json;
pub mod locator;
pub mod markdown;
pub mod prose;
pub mod report;
pub mod wording;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
