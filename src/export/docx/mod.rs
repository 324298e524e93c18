//! A report as a Word document: real footnotes, styles, one custom XML part with the locators.
//!
//! - `body.rs` the text with its footnotes · `parts.rs` everything around it
//!
//! The same report gives the same bytes: parts are in a fixed order and have no time of their own.

mod body;
mod parts;

use super::report::Report;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Part that holds the locators of the footnotes.
pub const LOCATORS: &str = "customXml/item1.xml";
/// Of what that part holds, by which it is found again.
pub const NAMESPACE: &str = "urn:casebook:report:1";
/// Part that holds the text of the footnotes.
pub const FOOTNOTES: &str = "word/footnotes.xml";
/// Part that holds the text of the report.
pub const DOCUMENT: &str = "word/document.xml";
/// Style of a quote, by which it is found again.
pub const QUOTE: &str = "Quotation";

/// Style of the names of the columns of a table.
const HEADER: &str = "TableHeader";

/// The whole report as the bytes of a docx.
///
/// # Errors
/// The parts cannot be packed, which bytes in memory always can.
pub fn write(report: &Report) -> std::io::Result<Vec<u8>> {
    let body = body::write(report);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let contents = [
        ("[Content_Types].xml", parts::CONTENT_TYPES.to_owned()),
        ("_rels/.rels", parts::PACKAGE.to_owned()),
        ("docProps/core.xml", parts::core(report)),
        ("docProps/app.xml", parts::APPLICATION.to_owned()),
        ("word/_rels/document.xml.rels", parts::RELATIONS.to_owned()),
        (DOCUMENT, body.document),
        (FOOTNOTES, body.footnotes),
        ("word/styles.xml", parts::styles()),
        ("word/numbering.xml", parts::numbering(&body.lists)),
        ("word/settings.xml", parts::SETTINGS.to_owned()),
        ("word/footer1.xml", parts::FOOTER.to_owned()),
        (LOCATORS, parts::locators(report)),
        ("customXml/itemProps1.xml", parts::ITEM.to_owned()),
        ("customXml/_rels/item1.xml.rels", parts::ITEM_RELATIONS.to_owned()),
    ];
    for (name, text) in contents {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}
