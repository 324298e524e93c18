//! An Outlook item written as an Internet message, for stores whose items have no bytes of their
//! own. The same item gives the same bytes every time, so that its hash can be checked.

use super::item::{Item, id};
use super::write::{self, Texts};
use crate::extract::mail::header::Headers;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// An attachment with its bytes; a message among them is written as one.
pub struct Attached {
    pub name: String,
    pub mime: Option<String>,
    pub is_message: bool,
    pub bytes: Vec<u8>,
}

/// Fields of the transport header that describe bytes which are no longer there, or that are
/// written from properties.
const REPLACED: [&str; 10] = [
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "mime-version",
    "subject",
    "from",
    "to",
    "cc",
    "bcc",
    "date",
];

/// The item as a message; `depth` sets boundaries of nested messages apart.
pub fn compose(item: &Item, attached: &[Attached], depth: usize) -> Vec<u8> {
    let lines = write::lines(item);
    let texts = Texts::of(&item.props);
    let mut out = String::new();
    for (name, value) in lines.shown() {
        field(&mut out, name, value);
    }
    let transport = item.props.text(id::TRANSPORT_HEADERS).unwrap_or_default();
    let (headers, _) = Headers::of_message(transport.trim_start().as_bytes());
    let mut has_id = false;
    for header in &headers.fields {
        let name = String::from_utf8_lossy(header.name);
        if name.is_empty() || REPLACED.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            continue;
        }
        has_id |= name.eq_ignore_ascii_case("message-id");
        field(&mut out, &name, &String::from_utf8_lossy(header.value));
    }
    if !has_id {
        let ids = [
            ("Message-ID", id::MESSAGE_ID),
            ("In-Reply-To", id::IN_REPLY_TO),
            ("References", id::REFERENCES),
        ];
        for (name, id) in ids {
            if let Some(value) = item.props.text(id) {
                field(&mut out, name, &value);
            }
        }
    }
    let facts = [
        ("X-Outlook-Class", item.props.text(id::MESSAGE_CLASS)),
        ("X-Outlook-Received", item.props.time(id::DELIVERY_TIME)),
        ("X-Outlook-Modified", item.props.time(id::MODIFIED)),
        ("X-Outlook-Last-Modifier", item.props.text(id::LAST_MODIFIER)),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            field(&mut out, name, &value);
        }
    }
    field(&mut out, "X-Converted-By", "casebook, from the properties of an Outlook item");
    body(&mut out, &texts, attached, depth);
    out.into_bytes()
}

fn field(out: &mut String, name: &str, value: &str) {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if !value.is_empty() {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
}

fn body(out: &mut String, texts: &Texts, attached: &[Attached], depth: usize) {
    let boundary = format!("=_casebook_{depth}");
    out.push_str("MIME-Version: 1.0\r\n");
    out.push_str(&format!("Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n"));
    let mut plain = texts.plain.clone().unwrap_or_default();
    for line in &texts.details {
        plain.push_str(line);
        plain.push('\n');
    }
    // Plain text and page stand beside each other: the reader of mail tells whether they differ.
    let inner = format!("=_casebook_alternative_{depth}");
    out.push_str(&format!("--{boundary}\r\n"));
    out.push_str(&format!("Content-Type: multipart/alternative; boundary=\"{inner}\"\r\n\r\n"));
    for (kind, text) in [("plain", Some(plain)), ("html", texts.html.clone())] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            out.push_str(&format!("--{inner}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"));
            out.push_str("Content-Transfer-Encoding: base64\r\n\r\n");
            base64(out, text.as_bytes());
        }
    }
    out.push_str(&format!("--{inner}--\r\n"));
    let rich = texts.rich.as_ref().map(|rich| Attached {
        name: "body.rtf".to_owned(),
        mime: Some("application/rtf".to_owned()),
        is_message: false,
        bytes: rich.clone(),
    });
    for one in rich.iter().chain(attached) {
        let mime = match (&one.mime, one.is_message) {
            (_, true) => "message/rfc822",
            (Some(mime), _) if is_plain_type(mime) => mime,
            _ => "application/octet-stream",
        };
        out.push_str(&format!("--{boundary}\r\nContent-Type: {mime}\r\n"));
        out.push_str("Content-Transfer-Encoding: base64\r\n");
        out.push_str("Content-Disposition: attachment; filename*=utf-8''");
        for byte in one.name.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
                out.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out.push_str("\r\n\r\n");
        base64(out, &one.bytes);
    }
    out.push_str(&format!("--{boundary}--\r\n"));
}

/// A type that cannot break the header it is written into, nor the structure.
fn is_plain_type(mime: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '+');
    mime.contains('/')
        && mime.chars().all(legal)
        && !mime.starts_with("multipart/")
        && !mime.starts_with("message/")
}

/// In lines of 76 letters (RFC 2045, 6.8), at least one.
fn base64(out: &mut String, bytes: &[u8]) {
    for line in bytes.chunks(57) {
        STANDARD.encode_string(line, out);
        out.push_str("\r\n");
    }
    if bytes.is_empty() {
        out.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::mail::transfer;
    use crate::extract::msg::item::Value;

    #[test]
    fn an_item_comes_back_as_mail() {
        let mut item = Item::default();
        let mut put = |id, text: &str| item.props.put(id, Value::Unicode(text.to_owned()));
        put(id::SUBJECT, "\u{1}\u{4}RE: 合同");
        put(id::SENDER_NAME, "林知遥");
        put(id::SENDER_SMTP, "lin@xingyu.example");
        put(id::BODY, "正文在此");
        put(id::TRANSPORT_HEADERS, "Received: by mx.example\r\nContent-Type: text/plain\r\n\r\n");
        let attached = [Attached {
            name: "附件 1.txt".to_owned(),
            mime: Some("text/plain".to_owned()),
            is_message: false,
            bytes: b"inside".to_vec(),
        }];
        let mail = compose(&item, &attached, 0);
        assert_eq!(mail, compose(&item, &attached, 0));
        let read = crate::extract::mail::tests::read(&mail);
        assert!(read.text.starts_with("Subject: RE: 合同\nFrom: 林知遥 <lin@xingyu.example>\n"));
        assert!(read.text.contains("正文在此"), "{}", read.text);
        assert!(read.text.contains("Received: by mx.example"));
        assert_eq!(read.children[0].child.name, "附件 1.txt");
        assert_eq!(read.children[0].bytes, b"inside");
    }

    proptest::proptest! {
        #[test]
        fn base64_comes_back(bytes in proptest::collection::vec(0u8.., 0..200)) {
            let mut text = String::new();
            base64(&mut text, &bytes);
            proptest::prop_assert_eq!(transfer::base64(text.as_bytes()), bytes);
        }
    }
}
