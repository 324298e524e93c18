//! Character sets as mails name them, with the few that the usual tables leave out.

pub use crate::extract::encoding::Decoded;
use crate::extract::encoding::{self, dos, hz, utf7};

/// Decodes text whose sender named a character set (or did not, or named it wrongly).
/// `fallback` is what the rest of the mail turned out to be.
pub fn decode(bytes: &[u8], declared: Option<&str>, fallback: Option<&str>) -> Decoded {
    let declared = declared.map(normalise).filter(|label| !label.is_empty());
    match declared.as_deref() {
        Some("utf-7") => return named(utf7::decode(bytes).0, "UTF-7"),
        Some("hz-gb-2312") => return named(hz::decode(bytes), "HZ-GB-2312"),
        Some("iso-2022-kr") => return named(hz::korean(bytes), "ISO-2022-KR"),
        _ => {}
    }
    let page = declared.as_deref().and_then(dos::page);
    if let Some(text) = page.and_then(|page| dos::decode(bytes, page))
        && (bytes.is_ascii() || std::str::from_utf8(bytes).is_err())
    {
        return named(text, &format!("IBM{}", page.unwrap_or_default()));
    }
    // ASCII is what programs write that do not know better.
    let meaningful = declared.as_deref().filter(|label| !is_ascii(label) || bytes.is_ascii());
    if meaningful.is_none()
        && std::str::from_utf8(bytes).is_err()
        && let Some(fallback) = fallback
    {
        return encoding::decode(bytes, Some(fallback));
    }
    encoding::decode(bytes, meaningful)
}

fn named(text: String, encoding: &str) -> Decoded {
    Decoded { text, encoding: encoding.to_owned(), warnings: Vec::new() }
}

fn is_ascii(label: &str) -> bool {
    matches!(label, "us-ascii" | "ascii" | "ansi_x3.4-1968" | "7bit" | "8bit" | "none" | "unknown")
        || matches!(
            label,
            "unknown-8bit" | "x-unknown" | "default" | "default_charset" | "x-user-defined"
        )
}

/// A label that the common tables know.
pub fn normalise(label: &str) -> String {
    let label = label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';'));
    let lower = label.to_ascii_lowercase();
    let known = match lower.as_str() {
        "unicode-1-1-utf-7" | "utf7" | "x-unicode-2-0-utf-7" | "csutf7" => "utf-7",
        "hz" | "hz-gb2312" | "hz-gb-2312" => "hz-gb-2312",
        "csiso2022kr" => "iso-2022-kr",
        "utf8mb4" | "unicode-2-0-utf-8" | "x-utf-8" => "utf-8",
        "cp936" | "windows-936" | "ms936" | "gb2312-80" | "gb" | "euc-cn" | "x-euc-cn" => "gbk",
        "gb18030-2000" | "gb18030-2005" | "cp54936" => "gb18030",
        "cp950" | "windows-950" | "ms950" | "big-5" => "big5",
        "cp932" | "ms932" | "sjis" | "x-ms-cp932" | "shiftjis" => "shift_jis",
        "cp949" | "ms949" | "ks_c_5601" | "ksc5601" | "uhc" => "euc-kr",
        "cp50220" | "cp50221" | "cp50222" | "iso-2022-jp-ms" | "iso-2022-jp-1"
        | "iso-2022-jp-2" | "iso2022jp" | "csiso2022jp2" => "iso-2022-jp",
        "cp51932" | "eucjp-ms" | "eucjp" => "euc-jp",
        "tis620" | "cp874" => "windows-874",
        "iso8859_1" | "iso-latin-1" | "8859-1" | "ansi" | "western" => "iso-8859-1",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    // `cp1251`, `windows1251`, `win-1251` and bare numbers of code pages.
    let digits = lower.trim_start_matches(|c: char| !c.is_ascii_digit());
    if let Ok(page @ 1250..=1258) = digits.parse::<u16>() {
        return format!("windows-{page}");
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{EUC_KR, GBK};

    #[test]
    fn odd_labels_and_odd_sets() {
        let check = |bytes: &[u8], declared, expected: &str| {
            assert_eq!(decode(bytes, declared, None).text, expected, "{declared:?}");
        };
        check("琥珀".as_bytes(), Some("UTF-8"), "琥珀");
        check(&GBK.encode("合同").0, Some("\"cp936\""), "合同");
        check(&EUC_KR.encode("시험").0, Some("ks_c_5601-1987"), "시험");
        check(b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("win-1251"), "Привет");
        check(b"P\xfd\xa1li\xe7", Some("IBM852"), "Příliš");
        check("Příliš".as_bytes(), Some("cp852"), "Příliš");
        check(b"~{VPND~} and ~~", Some("hz-gb-2312"), "中文 and ~");
        check(b"\x1b$)C\x0e1[\x0f ok", Some("iso-2022-kr"), "글 ok");
        check(b"+ZYeB9FH6ckh5Pg-", Some("utf-7"), "文致出版社");
        check(b"\x1b$B%O%m!<\x1b(B", Some("cp50220"), "ハロー");
    }

    #[test]
    fn ascii_is_not_believed() {
        let bytes = GBK.encode("样本在服务器").0;
        assert_eq!(decode(&bytes, Some("us-ascii"), Some("GBK")).text, "样本在服务器");
        assert_eq!(decode(&bytes, None, Some("GBK")).text, "样本在服务器");
        assert_eq!(decode("样本".as_bytes(), None, Some("GBK")).text, "样本");
    }
}
