//! Bytes become text: which character encoding it is, and what was lost.
//!
//! Leaks mix encodings: GB18030 beside UTF-8 in one folder, in one log file even. A guess is made
//! from the whole file, not from its head (`survey.rs`), large files are decoded piece by piece
//! (`decoder.rs`), and what a file says about itself is believed as long as its bytes agree.

mod central;
mod damaged;
mod decoder;
pub mod dos;
mod euc_tw;
pub mod hz;
mod johab;
mod labels;
mod letters;
mod line;
pub mod pages;
mod reader;
mod several;
mod survey;
pub mod utf7;
mod wide;

pub use decoder::Decoder;
pub use reader::TextReader;
pub use survey::Survey;

use encoding_rs::Encoding;

/// Text out of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    /// Name as encoding_rs writes it: `UTF-8`, `GBK`, `Shift_JIS`, `windows-1251`.
    pub encoding: String,
    /// For [`super::Out::warn`]: what was guessed against a declaration, or lost.
    pub warnings: Vec<String>,
}

/// A way to read bytes as characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    Known(&'static Encoding),
    Utf32Le,
    Utf32Be,
    /// Some lines are UTF-8, the others are this.
    Mixed(&'static Encoding),
    /// Chinese in seven bits.
    Hz,
    /// Korean in seven bits.
    Iso2022Kr,
    /// Chinese of Unix in Taiwan.
    EucTw,
    /// Chinese in seven bits with shifts, of mainland and Taiwan.
    Iso2022Cn,
    /// Unicode in seven bits.
    Utf7,
    /// Korean of DOS.
    Johab,
    /// A code page of DOS, by its number.
    Dos(u32),
    /// Another set of one byte a character.
    Page(pages::Page),
}

impl Charset {
    pub fn name(self) -> String {
        match self {
            Charset::Known(encoding) => encoding.name().to_owned(),
            Charset::Utf32Le => "UTF-32LE".to_owned(),
            Charset::Utf32Be => "UTF-32BE".to_owned(),
            Charset::Mixed(encoding) => format!("UTF-8 and {}", encoding.name()),
            Charset::Hz => "HZ-GB-2312".to_owned(),
            Charset::Iso2022Kr => "ISO-2022-KR".to_owned(),
            Charset::EucTw => "EUC-TW".to_owned(),
            Charset::Iso2022Cn => "ISO-2022-CN".to_owned(),
            Charset::Utf7 => "UTF-7".to_owned(),
            Charset::Johab => "Johab".to_owned(),
            Charset::Dos(page) => format!("IBM{page}"),
            Charset::Page(page) => page.name().to_owned(),
        }
    }
}

/// What a text is written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    pub charset: Charset,
    /// Bytes at the start that are a byte order mark and no text.
    pub mark: usize,
    pub warnings: Vec<String>,
}

/// Decodes a whole text. `declared` is what the file says itself (a MIME charset, an HTML meta
/// tag); it is believed as long as the bytes fit. A byte order mark wins over everything.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    decode_as(bytes, guess(bytes, declared))
}

/// Decodes a whole text of which it is known what it is written in.
pub fn decode_as(bytes: &[u8], guess: Guess) -> Decoded {
    let mut decoder = Decoder::new(&guess);
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    decoder.decode(bytes, true, &mut text);
    let mut warnings = guess.warnings;
    warnings.extend(decoder.warning());
    Decoded { text, encoding: guess.charset.name(), warnings }
}

/// What the bytes of a whole text are written in.
pub fn guess(bytes: &[u8], declared: Option<&str>) -> Guess {
    // Detecting takes longer than all else.
    if let Some(mut survey) = Survey::believing(declared) {
        survey.feed(bytes);
        if survey.bears_out(declared) {
            return survey.finish(declared);
        }
    }
    let mut survey = Survey::new();
    survey.feed(bytes);
    survey.finish(declared)
}

/// Whether this looks like text at all. `head` is the beginning of a file; `whole` says that
/// there is no more of it.
pub fn is_text(head: &[u8], whole: bool) -> bool {
    wide::mark(head).is_some() || is_narrow_text(head, whole) || wide::guess(head).is_some()
}

/// Control characters that text files contain: tab, line ends, form feed, backspace, escape, bell,
/// the end-of-file mark of DOS, shift in and out (ISO-2022).
const CONTROLS_OF_TEXT: &[u8] = b"\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x1a\x1b";

fn is_narrow_text(head: &[u8], whole: bool) -> bool {
    if head.is_empty() {
        return whole;
    }
    let mut often = [0_usize; 256];
    head.iter().for_each(|byte| often[usize::from(*byte)] += 1);
    let nul = often[0];
    let controls = (1..0x20).chain([0x7f]).filter(|byte| !CONTROLS_OF_TEXT.contains(byte));
    let controls: usize = controls.map(|byte| often[usize::from(byte)]).sum();
    // A white picture, silence: no language has one letter that often.
    let most = often[0x80..].iter().max().copied().unwrap_or(0);
    if head.len() >= 64 && most * 5 > head.len() * 3 {
        return false;
    }
    // A log that was being written when the power failed has a block of NUL; a few may stand
    // in any text.
    if nul == 0 {
        controls * 50 <= head.len()
    } else {
        controls * 500 <= head.len()
            && (nul * 32 <= head.len() || nul * 3 <= head.len() && is_utf8_head(head))
    }
}

/// Whether this is UTF-8 up to a character that may be cut at the end.
pub fn is_utf8_head(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// A wide encoding without a mark, from the head of a file; `None` for everything else.
pub fn guess_wide(head: &[u8]) -> Option<Charset> {
    wide::mark(head)
        .map(|(charset, _)| charset)
        .or_else(|| wide::guess(head))
        .filter(|charset| !matches!(charset, Charset::Known(known) if known.is_ascii_compatible()))
}

#[cfg(test)]
mod tests;
