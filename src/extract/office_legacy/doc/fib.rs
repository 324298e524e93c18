//! The head of a Word document: version, flags, lengths of stories, places of tables.

use super::super::{int, short, slice};
use crate::extract::Stop;
use crate::extract::office::codepage;

/// The file information block.
pub struct Fib {
    magic: u16,
    version: u16,
    flags: u16,
    language: u16,
    charset: u16,
    /// First byte and end of the text, where no piece table says otherwise.
    pub text: (u32, u32),
    /// Lengths of the stories in characters, in their order in the file.
    pub lengths: [u32; 8],
    /// Everything before the tables; pairs of offset and length follow.
    head: Vec<u8>,
    /// Code page of the fonts of Word 6 and 95, where one of them is not for Western Europe and the
    /// text is written with it.
    fonts: Option<u32>,
}

/// Tables that the head gives the places of, by their number in Word 97.
#[derive(Clone, Copy)]
pub enum Table {
    Styles = 1,
    CommentRefs = 4,
    CommentTexts = 5,
    Headers = 11,
    CharacterPages = 12,
    ParagraphPages = 13,
    Pieces = 33,
    CommentAuthors = 36,
    Revisers = 51,
    SavedBy = 71,
    Lists = 73,
    ListUses = 74,
}

impl Fib {
    pub fn read(main: &[u8]) -> Result<Self, Stop> {
        let magic = short(main, 0).unwrap_or(0);
        if !matches!(magic, 0xa5ec | 0xa5dc | 0xa5db | JAPANESE | KOREAN | CHINESE) {
            return Err(Stop::failed("the head of the Word document is damaged"));
        }
        let version = short(main, 2).unwrap_or(0);
        let flags = short(main, 0x0a).unwrap_or(0);
        let old = version < 0xa0;
        let first = if old { 0x34 } else { 0x4c };
        let mut lengths = [0; 8];
        for (at, length) in lengths.iter_mut().enumerate() {
            *length = int(main, first + 4 * at).unwrap_or(0);
        }
        if magic == 0xa5db {
            // Word 2 has no further stories at these places.
            lengths[5..].fill(0);
        }
        let text = (int(main, 0x18).unwrap_or(0), int(main, 0x1c).unwrap_or(0));
        Ok(Fib {
            fonts: if old { font_page(main, text) } else { None },
            magic,
            version,
            flags,
            language: short(main, 6).unwrap_or(0x409),
            charset: short(main, 0x14).unwrap_or(0),
            text,
            lengths,
            head: main[..main.len().min(0x9a + 8 * 200)].to_vec(),
        })
    }

    /// Word 6 or 95: single bytes, one-byte property codes, no table stream.
    pub fn is_old(&self) -> bool {
        self.version < 0xa0
    }

    /// The text lies in pieces.
    pub fn is_complex(&self) -> bool {
        self.flags & 4 != 0
    }

    /// Word 95 for East Asia gives every character two bytes.
    pub fn is_wide(&self) -> bool {
        self.flags & 0x1000 != 0
    }

    /// The code page of such characters: they are no UTF-16, but the bytes of a code page, the
    /// second one first. `None` where nothing names one.
    pub fn double_page(&self, main: &[u8]) -> Option<u32> {
        let is_double = |page: &u32| matches!(page, 932 | 936 | 949 | 950);
        let named = self.fonts.or(Some(self.page())).filter(is_double);
        match self.magic {
            JAPANESE => Some(932),
            KOREAN => Some(949),
            CHINESE => named.filter(|page| matches!(page, 936 | 950)).or_else(|| {
                Some(chinese_page(slice(main, self.text.0, self.text.1.checked_sub(self.text.0)?)?))
            }),
            _ => named,
        }
    }

    /// Code page of single bytes.
    pub fn page(&self) -> u32 {
        if !self.is_old() {
            return 1252;
        }
        if self.charset == 256 {
            return 10000;
        }
        match codepage::of_language(u32::from(self.language)) {
            // The language is that of the program as often as that of the text.
            1252 => self.fonts.unwrap_or(1252),
            page => page,
        }
    }

    pub fn table_stream(&self) -> &'static str {
        if self.flags & 0x200 != 0 { "/1Table" } else { "/0Table" }
    }

    pub fn other_table_stream(&self) -> &'static str {
        if self.flags & 0x200 != 0 { "/0Table" } else { "/1Table" }
    }

    /// Offset and length of a table; `None` where there is none.
    pub fn place(&self, table: Table) -> Option<(u32, u32)> {
        let at = if self.is_old() {
            match table {
                Table::Pieces => 0x160,
                _ => return None,
            }
        } else {
            0x9a + 8 * table as usize
        };
        let (offset, length) = (int(&self.head, at)?, int(&self.head, at + 4)?);
        (length > 0).then_some((offset, length))
    }

    /// The bytes of a table.
    pub fn table<'a>(&self, stream: &'a [u8], table: Table) -> Option<&'a [u8]> {
        let (offset, length) = self.place(table)?;
        slice(stream, offset, length)
    }
}

/// First words of the Word 95 of each country.
const JAPANESE: u16 = 0xa697;
const KOREAN: u16 = 0xa698;
const CHINESE: u16 = 0xa699;

/// Big5 has second bytes below 0x80 in every other character, GBK only in rare ones.
fn chinese_page(text: &[u8]) -> u32 {
    let units = || text.as_chunks::<2>().0.iter().filter(|unit| unit[1] >= 0x81);
    let low = units().filter(|unit| unit[0] < 0x80).count();
    if low * 16 > units().count() { 950 } else { 936 }
}

/// The code page of the first font whose character set is not Western, if the text's bytes can be
/// that: in other scripts they stand beside each other, in Western text alone.
fn font_page(main: &[u8], text: (u32, u32)) -> Option<u32> {
    const FONTS: usize = 0xd0;
    let table = slice(main, int(main, FONTS)?, int(main, FONTS + 4)?)?;
    let mut fonts = table.get(2..)?;
    let mut page = None;
    while let [length, _, _, _, charset, ..] = fonts {
        page = match codepage::of_charset(u32::from(*charset)) {
            Some(1252 | 437 | 10000) | None => None,
            other => other,
        };
        if page.is_some() {
            break;
        }
        fonts = fonts.get(usize::from(*length) + 1..)?;
    }
    let page = page?;
    let bytes = slice(main, text.0, text.1.checked_sub(text.0)?)?;
    let is_high = |byte: &u8| *byte >= 0x80;
    let high = bytes.iter().filter(|byte| is_high(byte)).count();
    let beside = bytes.windows(2).filter(|pair| pair.iter().all(is_high)).count();
    (matches!(page, 1250 | 1254 | 1257 | 1258) || beside * 2 >= high).then_some(page)
}
