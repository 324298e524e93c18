//! One page: its text by the best of several ways through the parser, and what is said of it where
//! there is none.

use super::content::{Damage, Problem};
use super::heavy::Heavy;
use super::{half_width, placed, quiet, right_to_left, rows, text, words};
use crate::extract::{Out, Stop};
use crate::model::{PartKind, Wrap};
use pdf_oxide::PdfDocument;
use std::collections::BTreeMap;

/// The pages of a document, as they are written one after the other.
pub struct Pages {
    heavy: BTreeMap<usize, Heavy>,
    damage: Damage,
    pub lost: Lost,
    /// Pages that could not be read.
    pub failed: usize,
    /// Why the first of them was too much.
    pub too_much: Option<String>,
}

impl Pages {
    pub fn new(heavy: BTreeMap<usize, Heavy>, damage: Damage) -> Pages {
        Pages { heavy, damage, lost: Lost::default(), failed: 0, too_much: None }
    }

    /// Writes one page, or says why it is not read.
    pub fn write(
        &mut self,
        document: &PdfDocument,
        page: usize,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let label = (page + 1).to_string();
        let mut text = match self.heavy.remove(&page) {
            Some(Heavy::ByPlace(text)) => {
                out.warn(format!(
                    "page {label} has too much text to be laid out: its lines are made from the \
                     places of its characters"
                ))?;
                text
            }
            Some(Heavy::Unread(why)) => {
                self.failed += 1;
                out.warn(format!("page {label} is not read: {why}"))?;
                self.too_much.get_or_insert_with(|| format!("page {label}: {why}"));
                return Ok(());
            }
            None => match read(document, page) {
                Ok(text) => text,
                Err(why) => {
                    self.failed += 1;
                    return out.warn(format!("page {label} {why}"));
                }
            },
        };
        self.lost.count(page, &mut text);
        let is_blank = text.trim().is_empty();
        match self.damage.problem(document, page, !is_blank) {
            Some(Problem::Missing(why)) => {
                let what = if is_blank { "cannot be read" } else { "is not read to its end" };
                out.warn(format!("page {label} {what}: {why}"))?;
                if is_blank {
                    self.failed += 1;
                    return Ok(());
                }
            }
            Some(Problem::Wrong) => out.warn(format!(
                "page {label} is damaged: all of it is there, but its checksum is that of other \
                 bytes, so parts of it may be wrong"
            ))?,
            None => {}
        }
        if is_blank {
            if shows_something(document, page) {
                out.page_without_text(label)?;
            }
            return Ok(());
        }
        out.labelled_part(PartKind::Page, label, Wrap::Flow)?;
        out.text(&text)?;
        if !text.ends_with('\n') {
            out.text("\n")?;
        }
        Ok(())
    }
}

/// Glyphs of which the file does not say what character they are.
#[derive(Default)]
pub struct Lost {
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

    pub fn tell(&self, out: &mut Out) -> Result<(), Stop> {
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

/// Reads one page. The error ends a sentence that begins with the page.
fn read(document: &PdfDocument, page: usize) -> Result<String, String> {
    match quiet(|| document.extract_text(page)) {
        Some(Ok(text)) => Ok(laid_out(document, page, text)),
        Some(Err(error)) => Err(format!("cannot be read: {error}")),
        None => Err("is damaged beyond what the PDF parser survives".to_owned()),
    }
}

/// What the parser laid out, mended.
fn laid_out(document: &PdfDocument, page: usize, text: String) -> String {
    let chars = || quiet(|| document.extract_chars(page)).and_then(Result::ok);
    let blank = |c: char| c.is_whitespace() || c == char::REPLACEMENT_CHARACTER;
    let text = if text.chars().all(blank) {
        // Another way through the parser, for pages on which the first finds nothing.
        quiet(|| document.to_plain_text(page, &Default::default()))
            .and_then(Result::ok)
            .filter(|plain| !plain.chars().all(blank))
            .or_else(|| Some(placed::lines(&chars()?)))
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
    let typed = (apart || words::has_spaced_han(&text))
        .then(chars)
        .flatten()
        .map(|chars| words::Page::of(&chars));
    let text = match &typed {
        Some(typed) if apart => typed.part(&text),
        _ => text,
    };
    let text = text::tidy(&text, typed.as_ref());
    if rows::may_need(&text)
        && let Some(Ok(spans)) = quiet(|| document.extract_spans(page))
    {
        let text = placed::untangled(text, &spans, chars);
        return rows::respace(&text, &spans);
    }
    text
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
