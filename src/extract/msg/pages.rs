//! Windows code pages and locales, as Outlook names character sets.

/// The label of a code page that `mail::charset` understands.
pub fn label(page: u32) -> Option<String> {
    let fixed = match page {
        866 => "ibm866",
        874 => "windows-874",
        932 => "shift_jis",
        936 | 20936 | 51936 => "gbk",
        949 | 51949 => "euc-kr",
        950 | 20000 => "big5",
        1200 => "utf-16le",
        1201 => "utf-16be",
        10000 => "macintosh",
        10007 => "x-mac-cyrillic",
        20127 => "us-ascii",
        20866 => "koi8-r",
        21866 => "koi8-u",
        20932 | 51932 => "euc-jp",
        50220..=50222 => "iso-2022-jp",
        50225 => "iso-2022-kr",
        52936 => "hz-gb-2312",
        54936 => "gb18030",
        65000 => "utf-7",
        65001 => "utf-8",
        _ => "",
    };
    match page {
        _ if !fixed.is_empty() => Some(fixed.to_owned()),
        1250..=1258 => Some(format!("windows-{page}")),
        28591..=28606 => Some(format!("iso-8859-{}", page - 28590)),
        _ => None,
    }
}

/// The code page that Windows uses for a locale; `None` for Western Europe, which many programs
/// write without meaning it.
pub fn of_locale(locale: u32) -> Option<u32> {
    let page = match (locale & 0x3ff, locale & 0xffff) {
        (0x04, 0x0404 | 0x0c04 | 0x1404) => 950,
        (0x04, _) => 936,
        (0x11, _) => 932,
        (0x12, _) => 949,
        (0x19 | 0x22 | 0x23 | 0x02 | 0x2f, _) | (0x1a, 0x0c1a | 0x1c1a) => 1251,
        (0x05 | 0x0e | 0x15 | 0x18 | 0x1a | 0x1b | 0x1c | 0x24, _) => 1250,
        (0x08, _) => 1253,
        (0x1f, _) => 1254,
        (0x0d, _) => 1255,
        (0x01 | 0x20 | 0x29, _) => 1256,
        (0x25 | 0x26 | 0x27, _) => 1257,
        (0x2a, _) => 1258,
        (0x1e, _) => 874,
        _ => return None,
    };
    Some(page)
}
