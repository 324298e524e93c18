//! An Outlook item as a document: metadata, header lines, text. Attachments are written by who
//! has their bytes.

use super::item::{Item, Props, Value, id};
use super::{pages, rtf};
use crate::extract::mail::header::{self, Headers};
use crate::extract::mail::{body, charset, markup, meta};
use crate::extract::{Key, Out, Stop};
use crate::model::{PartKind, Wrap};

/// Text properties of people and appointments, for items that are no mail.
const NAMES: [(u16, &str); 22] = [
    (0x3a06, "Given name"),
    (0x3a11, "Surname"),
    (0x3a16, "Company"),
    (0x3a17, "Title"),
    (0x3a18, "Department"),
    (0x3a08, "Business telephone"),
    (0x3a09, "Home telephone"),
    (0x3a1a, "Primary telephone"),
    (0x3a1c, "Mobile telephone"),
    (0x3a1d, "Radio telephone"),
    (0x3a23, "Primary fax"),
    (0x3a24, "Business fax"),
    (0x3a15, "Postal address"),
    (0x3a26, "Country"),
    (0x3a27, "Locality"),
    (0x3a28, "State"),
    (0x3a29, "Street"),
    (0x3a2a, "Postal code"),
    (0x3a46, "Profession"),
    (0x3a4f, "Nickname"),
    (0x3a51, "Business home page"),
    (0x3a50, "Personal home page"),
];

/// Writes everything but attachments.
pub fn write(item: &Item, out: &mut Out) -> Result<(), Stop> {
    let props = &item.props;
    let transport = props.text(id::TRANSPORT_HEADERS).unwrap_or_default();
    let transport = transport.trim_start_matches(['\r', '\n']);
    // Outlook begins the block with a line of its own.
    let (headers, _) = Headers::of_message(transport.as_bytes());
    let stated = |name: &str| headers.get(name).map(|value| header::decode(value, None));
    let people = |kind: i64, display: u16, name: &str| {
        let all = item.recipients(kind).join(", ");
        if all.is_empty() { stated(name).or_else(|| props.text(display)) } else { Some(all) }
    };
    let sent = props.time(id::SUBMIT_TIME).or_else(|| props.time(id::DELIVERY_TIME));
    let lines: [(&str, Option<Key>, Option<String>); 6] = [
        ("Subject", Some(Key::Subject), subject(props).or_else(|| stated("Subject"))),
        ("From", Some(Key::From), item.sender().or_else(|| stated("From"))),
        ("To", Some(Key::To), people(1, id::DISPLAY_TO, "To")),
        ("Cc", Some(Key::Cc), people(2, id::DISPLAY_CC, "Cc")),
        ("Bcc", Some(Key::Bcc), people(3, id::DISPLAY_BCC, "Bcc")),
        ("Date", None, stated("Date").or(sent.clone())),
    ];
    for (_, key, value) in &lines {
        if let (Some(key), Some(value)) = (key, value) {
            out.meta(key.clone(), value)?;
        }
    }
    metadata(props, &headers, sent, out)?;
    out.part(PartKind::MailHeader, Wrap::Lines)?;
    for (name, _, value) in &lines {
        if let Some(value) = value {
            out.line(&format!("{name}: {}", value.trim()))?;
        }
    }
    text(props, out)?;
    details(props, out)?;
    if !headers.fields.is_empty() {
        out.labelled_part(PartKind::MailHeader, "fields on the way", Wrap::Lines)?;
        for field in &headers.fields {
            let name = String::from_utf8_lossy(field.name);
            out.line(&format!("{name}: {}", header::decode(field.value, None)))?;
        }
    }
    Ok(())
}

/// The subject without the mark that says how long its `Re:` is.
fn subject(props: &Props) -> Option<String> {
    let subject = props.text(id::SUBJECT)?;
    let mut chars = subject.chars();
    match chars.next() {
        Some('\u{1}') => {
            chars.next();
            Some(chars.as_str().to_owned())
        }
        _ => Some(subject),
    }
}

fn metadata(
    props: &Props,
    headers: &Headers,
    sent: Option<String>,
    out: &mut Out,
) -> Result<(), Stop> {
    let stated = headers.get("Date").and_then(|date| meta::date(&header::decode(date, None)));
    let bare = |text: String| text.trim().trim_matches(['<', '>']).to_owned();
    let all = [
        (Key::Sent, stated.or(sent)),
        (Key::MessageId, props.text(id::MESSAGE_ID).map(bare)),
        (Key::InReplyTo, props.text(id::IN_REPLY_TO).map(bare)),
        (Key::References, props.text(id::REFERENCES).map(|text| text.replace(['<', '>'], " "))),
        (Key::Created, props.time(id::CREATED)),
        (Key::Modified, props.time(id::MODIFIED)),
        (Key::LastModifiedBy, props.text(id::LAST_MODIFIER)),
        (Key::Other("received".to_owned()), props.time(id::DELIVERY_TIME)),
        (Key::Other("message_class".to_owned()), props.text(id::MESSAGE_CLASS)),
    ];
    for (key, value) in all {
        if let Some(value) = value {
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            out.meta(key, &value)?;
        }
    }
    meta::write_traces(headers, None, out)
}

/// Writes the body: plain where there is one, with the HTML where that says more.
fn text(props: &Props, out: &mut Out) -> Result<(), Stop> {
    let plain = props.text(id::BODY);
    let mut html = html(props, out)?;
    let mut plain = plain;
    if plain.is_none()
        && html.is_none()
        && let Some(rich) = props.bytes(id::RTF).and_then(rtf::decompress)
    {
        match rtf::unwrap(&rich) {
            rtf::Source::Html(page) => html = Some(page),
            rtf::Source::Plain(text) => plain = Some(text),
            rtf::Source::Rich => plain = Some(rtf::to_text(&rich)),
        }
    }
    let page = html.map(|page| markup::to_text(&page)).filter(|page| !page.trim().is_empty());
    if let Some(plain) = &plain {
        out.part(PartKind::Body, Wrap::Lines)?;
        out.line(&plain.replace("\r\n", "\n").replace('\r', "\n"))?;
    }
    if let Some(page) = page
        && plain.as_ref().is_none_or(|plain| body::differs(plain, &page))
    {
        out.part(PartKind::Body, Wrap::Lines)?;
        out.line(&page)?;
    }
    Ok(())
}

fn html(props: &Props, out: &mut Out) -> Result<Option<String>, Stop> {
    let bytes = match props.get(id::HTML) {
        Some(Value::Unicode(page)) => return Ok(Some(page.clone())),
        Some(Value::Binary(bytes) | Value::Ansi(bytes)) if !bytes.is_empty() => bytes,
        _ => return Ok(None),
    };
    let stated = props.number(id::INTERNET_PAGE).and_then(|page| u32::try_from(page).ok());
    let stated = stated.and_then(pages::label).filter(|label| label != "us-ascii");
    let label = stated.or_else(|| body::html_charset(bytes));
    let decoded = charset::decode(bytes, label.as_deref(), props.charset.as_deref());
    if !decoded.text.is_ascii() {
        out.encoding(&decoded.encoding)?;
    }
    for warning in decoded.warnings {
        out.warn(warning)?;
    }
    Ok(Some(decoded.text))
}

/// What is known about a person: contacts have little other text.
fn details(props: &Props, out: &mut Out) -> Result<(), Stop> {
    let lines: Vec<String> = NAMES
        .iter()
        .filter_map(|(id, name)| Some(format!("{name}: {}", props.text(*id)?.trim())))
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    out.labelled_part(PartKind::Body, "details", Wrap::Lines)?;
    if let Some(name) = props.text(id::DISPLAY_NAME) {
        out.line(&format!("Name: {}", name.trim()))?;
    }
    for line in lines {
        out.line(&line)?;
    }
    Ok(())
}
