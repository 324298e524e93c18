//! PDF: page by page, then what hangs on the document.
//!
//! The pages are the parser's work (pdf_oxide, measured best of five); here a panic or an error
//! costs one page, passwords are tried, and text is put into a form that can be searched.

mod acrobat9;
mod around;
mod content;
mod half_width;
mod heavy;
mod load;
mod objects;
mod page;
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
use page::Pages;
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
    let same = |other: &PdfDocument| matches!(quiet(|| other.page_count()), Some(Ok(count)) if count == pages);
    // The file as it was changed for the parser.
    let mut changed = None;
    let mut damage = content::Damage::of(&document, pages.min(MOST_PAGES));
    if damage.is_mendable()
        && let Some(bytes) = damage.mended(&document, &input.bytes()?)
        && let Ok(other) = open(bytes.clone())
        && same(&other)
    {
        (document, changed) = (other, Some(bytes));
    }
    let heavy = heavy::apart(&document, pages.min(MOST_PAGES));
    if !heavy.is_empty()
        && let Some(bytes) = heavy::without(
            &document,
            &changed.clone().map_or_else(|| input.bytes(), Ok)?,
            pages.min(MOST_PAGES),
            &heavy,
        )
        && let Ok(other) = open(bytes.clone())
        && same(&other)
    {
        (document, changed) = (other, Some(bytes));
    }
    // What is encrypted would want its update encrypted too.
    if !document.is_encrypted()
        && let fonts = unmapped::fonts(&document, pages)
        && !fonts.is_empty()
        && let Some(mended) =
            unmapped::mended(&document, &changed.map_or_else(|| input.bytes(), Ok)?, &fonts)
        && let Ok(mended) = open(mended)
        && same(&mended)
    {
        document = mended;
    }
    let mut seen = around::Seen::default();
    let mut all = Pages::new(heavy, damage);
    for page in 0..pages.min(MOST_PAGES) {
        all.write(&document, page, out)?;
        around::annotations(&document, page, &mut seen, out)?;
    }
    all.lost.tell(out)?;
    around::write(&document, seen, out)?;
    if pages > MOST_PAGES {
        return Err(Stop::OverLimit(format!("{pages} pages; the first {MOST_PAGES} were read")));
    }
    if pages > 0 && all.failed == pages {
        return Err(match all.too_much {
            Some(why) => Stop::OverLimit(format!("no page can be read: {why}")),
            None => Stop::failed("no page can be read"),
        });
    }
    // The parser takes some locks for open and finds nothing behind them.
    if says_locked && pages > 0 && !out.non_blank && out.pages_without_text == 0 {
        return Err(encrypted());
    }
    if all.failed > 0 && !has_end {
        return Err(Stop::Failed(format!(
            "the file is cut: {} of {pages} pages are missing; the others were read",
            all.failed
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
