//! Names of sets that encoding_rs does not read, as mails and files write them.

use super::pages::Page;
use super::{Charset, dos};
use encoding_rs::{MACINTOSH, X_MAC_CYRILLIC};

/// The set that a label names, and whether a text in it has seven bits only.
pub(super) fn named(label: &str) -> Option<(Charset, bool)> {
    let label = label.trim().to_ascii_lowercase();
    let charset = match label.as_str() {
        "utf-7" | "unicode-1-1-utf-7" => return Some((Charset::Utf7, true)),
        "hz-gb-2312" => return Some((Charset::Hz, true)),
        "iso-2022-kr" => return Some((Charset::Iso2022Kr, true)),
        "iso-2022-cn" | "iso-2022-cn-ext" => return Some((Charset::Iso2022Cn, true)),
        "johab" | "ms1361" | "cp1361" | "windows-1361" => Charset::Johab,
        "maccyrillic" | "mac-cyrillic" => Charset::Known(X_MAC_CYRILLIC),
        "macroman" | "mac-roman" | "x-mac-roman" => Charset::Known(MACINTOSH),
        label if label.ends_with("euc-tw") => Charset::EucTw,
        label => Page::of(label).map(Charset::Page).or(dos::page(label).map(Charset::Dos))?,
    };
    Some((charset, false))
}
