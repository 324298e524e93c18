//! Windows code pages by number, and the code pages of character sets and languages.

use crate::extract::encoding::dos;
use encoding_rs::Encoding;

/// The encoding of a code page number; windows-1252 where it is not known.
pub fn encoding(page: u32) -> &'static Encoding {
    let label = match page {
        437 | 850 | 1252 | 28591 => "windows-1252",
        708 | 720 | 1256 => "windows-1256",
        737 | 869 | 1253 => "windows-1253",
        775 | 1257 => "windows-1257",
        852 | 1250 => "windows-1250",
        857 | 1254 => "windows-1254",
        862 | 1255 => "windows-1255",
        866 => "ibm866",
        874 => "windows-874",
        932 | 10001 => "shift_jis",
        936 | 10008 | 20936 => "gbk",
        54936 => "gb18030",
        949 | 1361 | 10003 => "euc-kr",
        950 | 10002 => "big5",
        1200 => "utf-16le",
        1251 => "windows-1251",
        1258 => "windows-1258",
        10000 | 32768 => "macintosh",
        10007 => "x-mac-cyrillic",
        20866 => "koi8-r",
        21866 => "koi8-u",
        20932 | 51932 => "euc-jp",
        28592 => "iso-8859-2",
        28595 => "iso-8859-5",
        65001 => "utf-8",
        _ => "windows-1252",
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252)
}

/// Code page of a Windows font character set.
pub fn of_charset(charset: u32) -> Option<u32> {
    Some(match charset {
        0 => 1252,
        77 => 10000,
        78 => 10001,
        79 => 10003,
        80 => 10008,
        81 => 10002,
        89 => 10007,
        128 => 932,
        129 => 949,
        130 => 1361,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178..=180 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        255 => 437,
        _ => return None,
    })
}

/// Code page of a Windows language.
pub fn of_language(language: u32) -> u32 {
    match language & 0x3ff {
        0x01 | 0x20 | 0x29 => 1256,
        0x02 | 0x19 | 0x22 | 0x23 | 0x2f => 1251,
        0x04 if matches!(language, 0x0404 | 0x0c04 | 0x1404) => 950,
        0x04 => 936,
        0x05 | 0x0e | 0x15 | 0x18 | 0x1a | 0x1b | 0x1c | 0x24 => 1250,
        0x08 => 1253,
        0x0d => 1255,
        0x11 => 932,
        0x12 => 949,
        0x1e => 874,
        0x1f => 1254,
        0x25..=0x27 => 1257,
        0x2a => 1258,
        _ => 1252,
    }
}

/// Text in a code page; what cannot be decoded becomes U+FFFD.
pub fn decode(bytes: &[u8], page: u32) -> String {
    if let Some(text) = dos::decode(bytes, page) {
        return text;
    }
    encoding(page).decode_without_bom_handling(bytes).0.into_owned()
}

/// Little-endian UTF-16.
pub fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|p| u16::from_le_bytes(*p)).collect();
    String::from_utf16_lossy(&units)
}
