//! Windows code pages as labels of character sets.

use crate::extract::office::codepage;

/// The label of a code page that `mail::charset` understands.
pub fn label(page: u32) -> Option<String> {
    let label = match page {
        0 => return None,
        20127 => "us-ascii",
        50220..=50222 => "iso-2022-jp",
        50225 => "iso-2022-kr",
        51936 => "gbk",
        51949 => "euc-kr",
        52936 => "hz-gb-2312",
        65000 => "utf-7",
        28593..=28606 => return Some(format!("iso-8859-{}", page - 28590)),
        _ => codepage::encoding(page).name(),
    };
    Some(label.to_ascii_lowercase())
}

/// The code page that Windows uses for a locale; `None` for Western Europe, which many programs
/// write without meaning it.
pub fn of_locale(locale: u32) -> Option<u32> {
    Some(codepage::of_language(locale)).filter(|&page| page != 1252)
}
