//! Text exports as characters, with the way back to bytes.

use crate::extract::Input;
use crate::extract::Stop;

/// Decoded text and whether its byte offsets are those of the file.
pub(super) struct Text {
    pub(super) text: String,
    /// Bytes of the file before the text (a byte order mark); `None` when offsets do not carry over.
    pub(super) offset: Option<u64>,
    pub(super) encoding: &'static str,
}

impl Text {
    /// Where a range of the text lies in the file.
    pub(super) fn span(&self, start: usize, end: usize) -> Option<(u64, u64)> {
        self.offset.map(|offset| (offset + start as u64, offset + end as u64))
    }
}

/// The whole file as text.
pub(super) fn whole(input: &mut Input) -> Result<Text, Stop> {
    Ok(text(input.bytes()?))
}

pub(super) fn text(bytes: Vec<u8>) -> Text {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        let text = String::from_utf8_lossy(&bytes[3..]);
        let offset = matches!(text, std::borrow::Cow::Borrowed(_)).then_some(3);
        return Text { text: text.into_owned(), offset, encoding: "UTF-8" };
    }
    match String::from_utf8(bytes) {
        Ok(text) => Text { text, offset: Some(0), encoding: "UTF-8" },
        Err(error) => {
            let bytes = error.into_bytes();
            let encoding = guess(&bytes);
            let (text, used, _) = encoding.decode(&bytes);
            Text { text: text.into_owned(), offset: None, encoding: used.name() }
        }
    }
}

fn guess(bytes: &[u8]) -> &'static encoding_rs::Encoding {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}
