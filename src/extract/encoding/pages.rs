//! Sets of one byte a character that web browsers (and so encoding_rs) and DOS leave out: those of the
//! Macintosh as Apple publishes them, VISCII (RFC 1456) and TCVN 5712.

/// A set by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    MacLatin2,
    MacTurkish,
    Viscii,
    Tcvn,
}

impl Page {
    pub const ALL: [Page; 4] = [Page::MacLatin2, Page::MacTurkish, Page::Viscii, Page::Tcvn];

    pub fn name(self) -> &'static str {
        match self {
            Page::MacLatin2 => "x-mac-ce",
            Page::MacTurkish => "x-mac-turkish",
            Page::Viscii => "VISCII",
            Page::Tcvn => "TCVN5712-1",
        }
    }

    /// The set that a label names.
    pub fn of(label: &str) -> Option<Page> {
        Some(match label.trim().to_ascii_lowercase().as_str() {
            "x-mac-ce" | "mac-ce" | "x-mac-centraleurroman" | "macintosh-ce" => Page::MacLatin2,
            "x-mac-turkish" | "macturkish" => Page::MacTurkish,
            "viscii" | "csviscii" | "viscii1.1-1" => Page::Viscii,
            "tcvn" | "tcvn5712" | "tcvn5712-1" | "tcvn-5712" | "x-viet-tcvn5712" => Page::Tcvn,
            _ => return None,
        })
    }

    /// The upper half, from 0x80.
    #[rustfmt::skip]
    fn upper(self) -> &'static str {
        match self {
            Page::MacLatin2 => "\
                ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü†°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅ\
                ņŃ¬√ńŇ∆«»…\u{a0}ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖŗŠ‚„šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢˇ",
            Page::MacTurkish => "\
                ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø\
                ¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸĞğİıŞş‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙ\u{f8a0}ˆ˜¯˘˙˚¸˝˛ˇ",
            Page::Viscii => "\
                ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ\
                ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ",
            Page::Tcvn => "\
                ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\u{a0}ĂÂÊÔƠƯĐăâêôơưđẰ\u{300}\u{309}\u{303}\u{301}\u{323}àảãáạẲằẳẵắẴ\
                ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ",
        }
    }

    /// Letters that stand among the controls. (Some in lines of text: a tab is a tab.)
    fn lower(self) -> &'static [(u8, char)] {
        match self {
            Page::Viscii => &[(2, 'Ẳ'), (5, 'Ẵ'), (6, 'Ẫ'), (0x14, 'Ỷ'), (0x19, 'Ỹ'), (0x1e, 'Ỵ')],
            Page::Tcvn => &[
                (1, 'Ú'),
                (2, 'Ụ'),
                (4, 'Ừ'),
                (5, 'Ử'),
                (6, 'Ữ'),
                (0x11, 'Ứ'),
                (0x12, 'Ự'),
                (0x13, 'Ỳ'),
                (0x14, 'Ỷ'),
                (0x15, 'Ỹ'),
                (0x16, 'Ý'),
                (0x17, 'Ỵ'),
            ],
            Page::MacLatin2 | Page::MacTurkish => &[],
        }
    }

    pub fn decode(self, bytes: &[u8]) -> String {
        let upper: Vec<char> = self.upper().chars().collect();
        let lower = self.lower();
        let char = |byte: &u8| match byte {
            0x80.. => upper[usize::from(*byte - 0x80)],
            byte => lower
                .iter()
                .find(|(place, _)| place == byte)
                .map_or(char::from(*byte), |(_, char)| *char),
        };
        bytes.iter().map(char).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_all_of_its_half() {
        for page in Page::ALL {
            assert_eq!(page.upper().chars().count(), 128, "{page:?}");
            assert_eq!(Page::of(page.name()), Some(page));
        }
    }

    #[test]
    fn known_words() {
        let check = |bytes: &[u8], page: Page, text: &str| assert_eq!(page.decode(bytes), text);
        check(b"P\xde\x92li\xe4 \xeclu\xe9ou\x8bk\xf9", Page::MacLatin2, "Příliš žluťoučký");
        check(b"\xdcstanbul da\xdb", Page::MacTurkish, "İstanbul dağ");
        check(b"Vi\xaet Nam", Page::Viscii, "Việt Nam");
        check(b"Vi\xd6t Nam", Page::Tcvn, "Việt Nam");
    }
}
