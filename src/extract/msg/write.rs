//! An Outlook item as a document: metadata, header lines, text. Attachments are written by who
//! has their bytes.

use super::item::{Item, Props, Value, id};
use super::{pages, wrapped};
use crate::extract::mail::header::{self, Headers};
use crate::extract::mail::{body, charset, markup, meta};
use crate::extract::{Key, Out, Stop, html, rtf};
use crate::model::{PartKind, Wrap};

/// Text properties of people, for items that are no mail.
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
    let lines = lines(item);
    let keys = [Key::Subject, Key::From, Key::To, Key::Cc, Key::Bcc];
    for (key, (_, value)) in keys.into_iter().zip(&lines.0) {
        if let Some(value) = value {
            out.meta(key, value)?;
        }
    }
    let transport = transport(props);
    let (headers, _) = Headers::of_message(transport.as_bytes());
    metadata(props, &headers, out)?;
    out.part(PartKind::MailHeader, Wrap::Lines)?;
    for (name, value) in lines.shown() {
        out.line(&format!("{name}: {}", value.trim()))?;
    }
    text(&Texts::of(props), out)?;
    if !headers.fields.is_empty() {
        out.labelled_part(PartKind::MailHeader, "fields on the way", Wrap::Lines)?;
        for field in &headers.fields {
            let name = String::from_utf8_lossy(field.name);
            out.line(&format!("{name}: {}", header::decode(field.value, None)))?;
        }
    }
    Ok(())
}

fn transport(props: &Props) -> String {
    let transport = props.text(id::TRANSPORT_HEADERS).unwrap_or_default();
    transport.trim_start_matches(['\r', '\n']).to_owned()
}

/// The header lines that stand in front of the text: subject, from, to, cc, bcc, date.
pub struct Lines([(&'static str, Option<String>); 6]);

impl Lines {
    /// Those that say something.
    pub fn shown(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)))
    }
}

pub fn lines(item: &Item) -> Lines {
    let props = &item.props;
    let transport = transport(props);
    let (headers, _) = Headers::of_message(transport.as_bytes());
    let stated = |name: &str| headers.get(name).map(|value| header::decode(value, None));
    let people = |kind: i64, display: u16, name: &str| {
        let all = item.recipients(kind).join(", ");
        if all.is_empty() { stated(name).or_else(|| props.text(display)) } else { Some(all) }
    };
    let sent = props.time(id::SUBMIT_TIME).or_else(|| props.time(id::DELIVERY_TIME));
    Lines([
        ("Subject", subject(props).or_else(|| stated("Subject"))),
        ("From", item.sender().or_else(|| stated("From"))),
        ("To", people(1, id::DISPLAY_TO, "To")),
        ("Cc", people(2, id::DISPLAY_CC, "Cc")),
        ("Bcc", people(3, id::DISPLAY_BCC, "Bcc")),
        ("Date", stated("Date").or(sent)),
    ])
}

/// The subject without the mark that says how long its `Re:` is.
pub fn subject(props: &Props) -> Option<String> {
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

fn metadata(props: &Props, headers: &Headers, out: &mut Out) -> Result<(), Stop> {
    let stated = headers.get("Date").and_then(|date| meta::date(&header::decode(date, None)));
    let sent = props.time(id::SUBMIT_TIME).or_else(|| props.time(id::DELIVERY_TIME));
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

/// The texts of an item.
#[derive(Debug, Default)]
pub struct Texts {
    pub plain: Option<String>,
    pub html: Option<String>,
    /// Rich Text, where there is nothing else.
    pub rich: Option<Vec<u8>>,
    /// What is known about a person: contacts have little other text.
    pub details: Vec<String>,
    /// Character set of the page, where it is not ASCII.
    encoding: Option<String>,
    warnings: Vec<String>,
}

impl Texts {
    pub fn of(props: &Props) -> Texts {
        let mut texts = Texts { details: details(props), ..Texts::default() };
        texts.plain = props.text(id::BODY);
        texts.html(props);
        if texts.plain.is_none()
            && texts.html.is_none()
            && let Some(rich) = props.bytes(id::RTF).and_then(wrapped::decompress)
        {
            match wrapped::unwrap(&rich) {
                wrapped::Source::Html(page) => texts.html = Some(page),
                wrapped::Source::Plain(text) => texts.plain = Some(text),
                wrapped::Source::Rich => texts.rich = Some(rich),
            }
        }
        texts
    }

    fn html(&mut self, props: &Props) {
        let bytes = match props.get(id::HTML) {
            Some(Value::Unicode(page)) => {
                self.html = Some(page.clone());
                return;
            }
            Some(Value::Binary(bytes) | Value::Ansi(bytes)) if !bytes.is_empty() => bytes,
            _ => return,
        };
        let stated = props.number(id::INTERNET_PAGE).and_then(|page| u32::try_from(page).ok());
        let stated = stated.and_then(pages::label).filter(|label| label != "us-ascii");
        let label = stated.or_else(|| body::html_charset(bytes));
        let decoded = charset::decode(bytes, label.as_deref(), props.charset.as_deref());
        self.encoding = (!decoded.text.is_ascii()).then_some(decoded.encoding);
        self.warnings = decoded.warnings;
        self.html = Some(decoded.text);
    }
}

/// Writes the body: plain where there is one, and the page where that says more.
fn text(texts: &Texts, out: &mut Out) -> Result<(), Stop> {
    for warning in &texts.warnings {
        out.warn(warning.clone())?;
    }
    if let Some(encoding) = &texts.encoding {
        out.encoding(encoding)?;
    }
    if let Some(plain) = &texts.plain {
        out.part(PartKind::Body, Wrap::Lines)?;
        out.line(&plain.replace("\r\n", "\n").replace('\r', "\n"))?;
    }
    if let Some(page) = &texts.html {
        match &texts.plain {
            Some(plain) if !body::differs(plain, &markup::read(page).seen) => {
                markup::write_rest(page, plain, out)?;
            }
            _ => html::write(page, out)?,
        }
    }
    if let Some(rich) = &texts.rich {
        rtf::write(rich, out.limits().nesting, out)?;
    }
    if !texts.details.is_empty() {
        out.labelled_part(PartKind::Body, "details", Wrap::Lines)?;
        for line in &texts.details {
            out.line(line)?;
        }
    }
    Ok(())
}

fn details(props: &Props) -> Vec<String> {
    let mut lines: Vec<String> = NAMES
        .iter()
        .filter_map(|(id, name)| Some(format!("{name}: {}", props.text(*id)?.trim())))
        .collect();
    if !lines.is_empty()
        && let Some(name) = props.text(id::DISPLAY_NAME)
    {
        lines.insert(0, format!("Name: {}", name.trim()));
    }
    lines
}
