//! Is the content of a page all there? The parser passes over streams that it cannot unpack, and
//! a page that has nothing else is blank then.

use super::objects::resolve;
use super::quiet;
use pdf_oxide::PdfDocument;
use pdf_oxide::object::Object;

/// Bytes of a packed stream that cannot unpack to what the parser refuses (256 MiB): deflate makes
/// at most 1,032 bytes of one.
const HARMLESS: usize = 250 << 10;

/// Why a part of a page's content cannot be unpacked. Of a page with text only the streams are
/// tried that may be too large.
pub fn problem(document: &PdfDocument, page: usize, has_text: bool) -> Option<String> {
    // The parser keeps the keys of what is encrypted to itself.
    if document.is_encrypted() {
        return None;
    }
    let Some(Ok(Object::Dictionary(page))) = quiet(|| document.get_page(page)) else { return None };
    let streams = match resolve(document, page.get("Contents")?)? {
        Object::Array(items) => {
            items.iter().filter_map(|item| resolve(document, item)).collect::<Vec<_>>()
        }
        stream => vec![stream],
    };
    streams.iter().find_map(|stream| {
        let Object::Stream { data, .. } = stream else { return None };
        if has_text && data.len() < HARMLESS {
            return None;
        }
        match quiet(|| stream.decode_stream_data()) {
            Some(Ok(_)) => None,
            Some(Err(error)) => Some(error.to_string()),
            None => Some("it is damaged beyond what the PDF parser survives".to_owned()),
        }
    })
}
