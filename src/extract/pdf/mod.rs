//! PDF: page by page, then what hangs on the document.
//!
//! The pages are the parser's work (pdf_oxide, measured best of five); here a panic or an error
//! costs one page, passwords are tried, and text is put into a form that can be searched.

mod acrobat9;
mod around;
mod content;
mod half_width;
mod objects;
mod placed;
mod right_to_left;
mod rows;
mod run;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod unmapped;
mod update;
mod words;

use super::{Input, Out, Stop};
use crate::model::{PartKind, Wrap};
use pdf_oxide::PdfDocument;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    // Otherwise the parser drops what it cannot name, and nobody would know.
    pdf_oxide::extractors::text::set_preserve_unmapped_glyphs(true);
    // It keeps fonts from one document to the next by what they look alike in. What a file says must
    // not depend on which one a worker read before.
    pdf_oxide::fonts::global_cache::clear_global_font_cache();
    let bytes = input.bytes()?;
    let has_end = has_end(&bytes);
    let says_locked = bytes.windows(9).any(|nine| nine == b"/Encrypt " || nine == b"/Encrypt<");
    let sealed = bytes.windows(6).any(|six| six == b"/AESV3").then(|| bytes.clone());
    let mut document = open(bytes)?;
    if let Some(bytes) = sealed
        && let Some(bytes) =
            quiet(|| acrobat9::relocked(&document, &bytes, input.passwords)).flatten()
    {
        document = open(bytes)?;
    }
    unlock(&document, input.passwords)?;
    around::metadata(&document, out)?;
    if tree::is_endless(&document) {
        return Err(Stop::failed("its list of pages names itself again and again"));
    }
    let pages = match quiet(|| document.page_count()) {
        Some(Ok(count)) => count,
        Some(Err(error)) => return Err(broken(error)),
        None => return Err(Stop::failed("its list of pages is damaged")),
    };
    // What is encrypted would want its update encrypted too.
    if !document.is_encrypted()
        && let fonts = unmapped::fonts(&document, pages)
        && !fonts.is_empty()
        && let Some(mended) = unmapped::mended(&document, &input.bytes()?, &fonts)
        && let Ok(mended) = open(mended)
        && matches!(quiet(|| mended.page_count()), Some(Ok(count)) if count == pages)
    {
        document = mended;
    }
    let mut seen = around::Seen::default();
    let mut failed = Vec::new();
    let mut lost = Lost::default();
    for page in 0..pages.min(MOST_PAGES) {
        if !write_page(&document, page, &mut lost, out)? {
            failed.push(page + 1);
        }
        around::annotations(&document, page, &mut seen, out)?;
    }
    lost.tell(out)?;
    around::write(&document, seen, out)?;
    if pages > MOST_PAGES {
        return Err(Stop::OverLimit(format!("{pages} pages; the first {MOST_PAGES} were read")));
    }
    if pages > 0 && failed.len() == pages {
        return Err(Stop::failed("no page can be read"));
    }
    // The parser takes some locks for open and finds nothing behind them.
    if says_locked && pages > 0 && !out.non_blank && out.pages_without_text == 0 {
        return Err(encrypted());
    }
    if !failed.is_empty() && !has_end {
        return Err(Stop::Failed(format!(
            "the file is cut: {} of {pages} pages are missing; the others were read",
            failed.len()
        )));
    }
    if !has_end {
        out.warn(
            "the file is cut: its end is missing, and text with it, or what says which characters it has",
        )?;
    }
    Ok(())
}

fn open(bytes: Vec<u8>) -> Result<PdfDocument, Stop> {
    match quiet(|| PdfDocument::from_bytes(bytes)) {
        Some(Ok(document)) => Ok(document),
        Some(Err(error)) => Err(broken(error)),
        None => Err(Stop::failed("damaged beyond what the PDF parser survives")),
    }
}

/// The mark that ends a PDF stands near the end of this one.
fn has_end(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(2048)..];
    tail.windows(5).any(|w| w == b"%%EOF")
}

/// A page tree can name one page again and again.
const MOST_PAGES: usize = 100_000;

/// Runs a call of the parser; `None` if it panicked. The worker keeps the panic off the screen.
fn quiet<T>(call: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(call)).ok()
}

fn broken(error: impl std::fmt::Display) -> Stop {
    let why = error.to_string();
    if why.to_lowercase().contains("encrypt") || why.to_lowercase().contains("password") {
        return encrypted();
    }
    // Behind these the parser lists what it was made of.
    let end =
        ["(stream attempt", "Parsing Error", "Error {"].iter().filter_map(|sign| why.find(sign));
    let why = why[..end.min().unwrap_or(why.len())].trim_end_matches([' ', ':']);
    let why = why.strip_prefix("Invalid PDF: ").unwrap_or(why);
    Stop::Failed(format!("the PDF is damaged: {why}"))
}

fn encrypted() -> Stop {
    Stop::Encrypted("needs a password; give it in the file of passwords and retry".to_owned())
}

fn unlock(document: &PdfDocument, passwords: &[String]) -> Result<(), Stop> {
    if !document.is_encrypted() {
        return Ok(());
    }
    if quiet(|| document.is_authenticated()).unwrap_or(false) {
        return Ok(());
    }
    let tries = std::iter::once("").chain(passwords.iter().map(String::as_str));
    for password in tries {
        if matches!(quiet(|| document.authenticate(password.as_bytes())), Some(Ok(true))) {
            return Ok(());
        }
    }
    Err(encrypted())
}

/// Glyphs of which the file does not say what character they are.
#[derive(Default)]
struct Lost {
    glyphs: usize,
    /// Numbers of the pages that they stand on.
    pages: Vec<usize>,
}

impl Lost {
    /// The text of a page without the marks that stand in their places.
    fn count(&mut self, page: usize, text: &mut String) {
        let glyphs = text.matches(char::REPLACEMENT_CHARACTER).count();
        if glyphs > 0 {
            self.glyphs += glyphs;
            self.pages.push(page + 1);
            text.retain(|c| c != char::REPLACEMENT_CHARACTER);
        }
    }

    fn tell(&self, out: &mut Out) -> Result<(), Stop> {
        let Some(first) = self.pages.first() else { return Ok(()) };
        let pages = match self.pages.len() {
            1 => format!("on page {first}"),
            count => format!("on {count} pages, the first of them page {first}"),
        };
        let glyphs = match self.glyphs {
            1 => "1 glyph".to_owned(),
            count => format!("{count} glyphs"),
        };
        out.warn(format!(
            "{glyphs} {pages} cannot be read: the file does not say what characters they are"
        ))
    }
}

/// Writes one page; `false` if it could not be read.
fn write_page(
    document: &PdfDocument,
    page: usize,
    lost: &mut Lost,
    out: &mut Out,
) -> Result<bool, Stop> {
    let label = (page + 1).to_string();
    let text = match quiet(|| document.extract_text(page)) {
        Some(Ok(text)) => text,
        Some(Err(error)) => {
            out.warn(format!("page {label} cannot be read: {error}"))?;
            return Ok(false);
        }
        None => {
            out.warn(format!("page {label} is damaged beyond what the PDF parser survives"))?;
            return Ok(false);
        }
    };
    let blank = |c: char| c.is_whitespace() || c == char::REPLACEMENT_CHARACTER;
    let text = if text.chars().all(blank) {
        // Another way through the parser, for pages on which the first finds nothing.
        quiet(|| document.to_plain_text(page, &Default::default()))
            .and_then(Result::ok)
            .filter(|plain| !plain.chars().all(blank))
            .or_else(|| {
                let chars = quiet(|| document.extract_chars(page)).and_then(Result::ok)?;
                Some(placed::lines(&chars))
            })
            .unwrap_or(text)
    } else {
        text
    };
    let text = if right_to_left::is_mostly(&text) {
        let spans = quiet(|| document.extract_spans(page)).and_then(Result::ok);
        spans.map_or(text, |spans| right_to_left::assemble(&spans))
    } else {
        text
    };
    let text = half_width::repair(document, page, text);
    let apart = words::ran_together(&text);
    let chars = (apart || words::has_spaced_han(&text))
        .then(|| quiet(|| document.extract_chars(page)).and_then(Result::ok))
        .flatten()
        .map(|chars| words::Page::of(&chars));
    let text = match &chars {
        Some(chars) if apart => chars.part(&text),
        _ => text,
    };
    let mut text = text::tidy(&text, chars.as_ref());
    if rows::may_need(&text)
        && let Some(Ok(spans)) = quiet(|| document.extract_spans(page))
    {
        text = placed::untangled(text, &spans, || {
            quiet(|| document.extract_chars(page)).and_then(Result::ok)
        });
        text = rows::respace(&text, &spans);
    }
    lost.count(page, &mut text);
    let is_blank = text.trim().is_empty();
    if let Some(why) = content::problem(document, page, !is_blank) {
        let what = if is_blank { "cannot be read" } else { "is not read to its end" };
        out.warn(format!("page {label} {what}: {why}"))?;
        if is_blank {
            return Ok(false);
        }
    }
    if is_blank {
        if shows_something(document, page) {
            out.page_without_text(label)?;
        }
        return Ok(true);
    }
    out.labelled_part(PartKind::Page, label, Wrap::Flow)?;
    out.text(&text)?;
    if !text.ends_with('\n') {
        out.text("\n")?;
    }
    Ok(true)
}

/// The page has marks on it: an image or a path.
fn shows_something(document: &PdfDocument, page: usize) -> bool {
    let content = quiet(|| document.get_page_content_data(page)).and_then(Result::ok);
    content.is_some_and(|content| {
        content.split(u8::is_ascii_whitespace).any(|word| {
            // What shows text may stand behind the text without a blank.
            word.ends_with(b"Tj")
                || word.ends_with(b"TJ")
                || matches!(word, b"Do" | b"BI" | b"f" | b"F" | b"f*" | b"S" | b"s" | b"B" | b"sh")
        })
    })
}
