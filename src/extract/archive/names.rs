//! Names of members: decoded for people, and made harmless.
//!
//! Old archives do not say how their names are encoded. A single name is too short to tell GBK
//! from Big5 or Shift-JIS, so all names of an archive are judged together.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{EUC_KR, Encoding, GBK};
use std::cell::OnceCell;

/// Bytes of names that the detector is fed; more do not change its mind.
const ENOUGH: usize = 64 * 1024;

/// Collects the names of an archive that are not UTF-8, then decodes them by one guess.
pub struct Names {
    sample: Vec<u8>,
    guess: OnceCell<&'static Encoding>,
    /// High bytes seen that no OEM code page of Western Europe uses for letters.
    beyond_oem: bool,
    /// All high bytes so far are pairs of GB 2312's first level (the common Han).
    common_han: bool,
}

/// A decoded name.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    /// As a person reads it, not yet cleaned.
    pub name: String,
    /// It was decoded by guess.
    pub guessed: bool,
}

impl Default for Names {
    fn default() -> Self {
        Names { sample: Vec::new(), guess: OnceCell::new(), beyond_oem: false, common_han: true }
    }
}

impl Names {
    /// Looks at a name whose encoding the archive does not state.
    pub fn see(&mut self, raw: &[u8]) {
        if self.sample.len() >= ENOUGH || std::str::from_utf8(raw).is_ok() {
            return;
        }
        self.sample.extend_from_slice(raw);
        self.sample.push(b'\n');
        self.guess.take();
        self.beyond_oem |= raw.iter().any(|&byte| byte > 0xa8 && byte != 0xe1);
        self.common_han &= is_common_han(raw);
    }

    /// No name that it saw needs a guess.
    pub fn is_empty(&self) -> bool {
        self.sample.is_empty()
    }

    /// Decodes a name; `stated_utf8` when the archive says that it is UTF-8.
    pub fn decode(&self, raw: &[u8], stated_utf8: bool) -> Decoded {
        if let Ok(name) = std::str::from_utf8(raw) {
            return Decoded { name: name.to_owned(), guessed: false };
        }
        if stated_utf8 && self.sample.is_empty() {
            return Decoded { name: String::from_utf8_lossy(raw).into_owned(), guessed: true };
        }
        let guess = *self.guess.get_or_init(|| self.guess());
        // A single name that is no text makes a Western guess for all of them; those that are
        // common Han throughout are more likely that.
        let is_weak = guess.is_single_byte() && is_western(guess) && is_common_han(raw);
        let guess = if is_weak { GBK } else { guess };
        let name = if guess.is_single_byte() && is_western(guess) && !self.beyond_oem {
            raw.iter().map(|&byte| cp437(byte)).collect()
        } else {
            guess.decode_without_bom_handling(raw).0.into_owned()
        };
        Decoded { name, guessed: true }
    }

    fn guess(&self) -> &'static Encoding {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(&self.sample, true);
        let guess = detector.guess(None, Utf8Detection::Deny);
        // A few bytes are no evidence for a Latin alphabet, or for Korean, when all of them are
        // common Han.
        let is_weak = match guess.is_single_byte() {
            true => self.sample.len() < 64,
            false => {
                guess == EUC_KR && self.sample.iter().filter(|byte| **byte > 0x7f).count() <= 12
            }
        };
        if self.common_han && is_weak { GBK } else { guess }
    }
}

fn is_western(encoding: &'static Encoding) -> bool {
    matches!(
        encoding.name(),
        "windows-1252" | "windows-1250" | "windows-1254" | "windows-1257" | "windows-1258"
    )
}

/// Whether all bytes above ASCII form pairs of GB 2312 level 1.
fn is_common_han(raw: &[u8]) -> bool {
    let mut at = 0;
    while at < raw.len() {
        match raw[at] {
            0..=0x7f => at += 1,
            0xb0..=0xd7 if raw.get(at + 1).is_some_and(|&trail| trail >= 0xa1) => at += 2,
            _ => return false,
        }
    }
    true
}

/// The upper half of code page 437, the default of the zip format.
const CP437: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å', 'É', 'æ', 'Æ',
    'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', '¢', '£', '¥', '₧', 'ƒ', 'á', 'í', 'ó', 'ú', 'ñ', 'Ñ',
    'ª', 'º', '¿', '⌐', '¬', '½', '¼', '¡', '«', '»', '░', '▒', '▓', '│', '┤', '╡', '╢', '╖', '╕',
    '╣', '║', '╗', '╝', '╜', '╛', '┐', '└', '┴', '┬', '├', '─', '┼', '╞', '╟', '╚', '╔', '╩', '╦',
    '╠', '═', '╬', '╧', '╨', '╤', '╥', '╙', '╘', '╒', '╓', '╫', '╪', '┘', '┌', '█', '▄', '▌', '▐',
    '▀', 'α', 'ß', 'Γ', 'π', 'Σ', 'σ', 'µ', 'τ', 'Φ', 'Θ', 'Ω', 'δ', '∞', 'φ', 'ε', '∩', '≡', '±',
    '≥', '≤', '⌠', '⌡', '÷', '≈', '°', '∙', '·', '√', 'ⁿ', '²', '■', '\u{a0}',
];

fn cp437(byte: u8) -> char {
    match byte {
        0..=0x7f => char::from(byte),
        _ => CP437[usize::from(byte - 0x80)],
    }
}

/// A name without `..`, without a root or drive, with `/` between folders, and whether it had to
/// be changed because it pointed out of the archive.
pub fn clean(name: &str, ordinal: u64) -> (String, bool) {
    let separated = if name.contains('/') { name.to_owned() } else { name.replace('\\', "/") };
    let mut escapes = separated.starts_with('/');
    let mut folders: Vec<&str> = Vec::new();
    for (at, folder) in separated.split(['/']).enumerate() {
        match folder {
            "" | "." => {}
            ".." => escapes = true,
            _ if folder.split('\\').any(|part| part == "..") => {
                escapes = true;
                folders.extend(folder.split('\\').filter(|part| !matches!(*part, "" | "." | "..")));
            }
            _ if at == 0 && is_drive(folder) => escapes = true,
            _ => folders.push(folder),
        }
    }
    let mut clean = folders.join("/");
    if clean.contains('\0') {
        clean = clean.replace('\0', "\u{2400}");
    }
    if clean.is_empty() {
        clean = format!("unnamed-{ordinal}");
    }
    (clean, escapes)
}

fn is_drive(folder: &str) -> bool {
    let bytes = folder.as_bytes();
    bytes.len() == 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{BIG5, SHIFT_JIS};

    fn decoded(raw: &[&[u8]]) -> Vec<String> {
        let mut names = Names::default();
        for name in raw {
            names.see(name);
        }
        raw.iter().map(|name| names.decode(name, false).name).collect()
    }

    #[test]
    fn names_are_decoded_together() {
        let gbk: Vec<_> =
            ["文件名称.txt", "合同/附件一.docx"].iter().map(|n| GBK.encode(n).0).collect();
        let gbk: Vec<&[u8]> = gbk.iter().map(|n| n.as_ref()).collect();
        assert_eq!(decoded(&gbk), ["文件名称.txt", "合同/附件一.docx"]);

        let names = ["資料夾/會議記錄.doc", "檔案管理系統說明.txt", "電話號碼.xls"];
        let big5: Vec<_> = names.iter().map(|n| BIG5.encode(n).0).collect();
        let big5: Vec<&[u8]> = big5.iter().map(|n| n.as_ref()).collect();
        assert_eq!(decoded(&big5), names);

        let names = ["資料/会議のメモ.txt", "ファイル一覧.xls", "お知らせ.doc"];
        let sjis: Vec<_> = names.iter().map(|n| SHIFT_JIS.encode(n).0).collect();
        let sjis: Vec<&[u8]> = sjis.iter().map(|n| n.as_ref()).collect();
        assert_eq!(decoded(&sjis), names);
    }

    #[test]
    fn a_lone_short_name_is_han_before_it_is_latin() {
        let raw = GBK.encode("报告.txt").0;
        assert_eq!(decoded(&[&raw]), ["报告.txt"]);
    }

    #[test]
    fn a_name_that_is_no_text_spoils_no_other() {
        let han = [
            &GBK.encode("合同.txt").0[..],
            &GBK.encode("客户/名单.txt").0,
            b"\xfe.txt",
            b"\xff.txt",
        ];
        assert_eq!(decoded(&han)[..2], ["合同.txt", "客户/名单.txt"]);
    }

    #[test]
    fn dos_names_of_western_europe() {
        assert_eq!(decoded(&[b"Gr\x81\xe1e aus K\x94ln.txt"]), ["Grüße aus Köln.txt"]);
    }

    #[test]
    fn dos_names_of_russia() {
        let names = ["Договор аренды.doc", "Отчёт за год.xls"];
        let raw: Vec<_> = names.iter().map(|n| encoding_rs::IBM866.encode(n).0).collect();
        let raw: Vec<&[u8]> = raw.iter().map(|n| n.as_ref()).collect();
        assert_eq!(decoded(&raw), names);
    }

    #[test]
    fn cleaning_keeps_names_inside() {
        let check = |name, expected, escapes| {
            assert_eq!(clean(name, 7), (String::from(expected), escapes), "{name:?}");
        };
        check("a/b.txt", "a/b.txt", false);
        check("a//./b.txt", "a/b.txt", false);
        check("../../etc/passwd", "etc/passwd", true);
        check("/etc/passwd", "etc/passwd", true);
        check("C:\\windows\\x", "windows/x", true);
        check("..\\..\\x", "x", true);
        check("a/..\\..\\x", "a/x", true);
        check("..", "unnamed-7", true);
        check("", "unnamed-7", false);
        check("a\0b", "a\u{2400}b", false);
    }

    proptest::proptest! {
        #[test]
        fn no_clean_name_climbs(name in "[a-c./\\\\:\\x00]{0,24}") {
            let (clean, _) = clean(&name, 0);
            proptest::prop_assert!(!clean.is_empty() && !clean.starts_with('/'));
            proptest::prop_assert!(clean.split('/').all(|part| !matches!(part, "" | "." | "..")));
        }
    }
}
