//! An Outlook item, wherever it was stored: properties, recipients, attachments. The formats
//! (`.msg`, `winmail.dat`, `.pst`) fill it in, `write` turns it into a document.

use super::pages;
use crate::extract::mail::charset;
use std::collections::BTreeMap;

/// Identifiers of properties, as MS-OXPROPS numbers them.
pub mod id {
    pub const MESSAGE_CLASS: u16 = 0x001a;
    pub const SUBJECT: u16 = 0x0037;
    pub const SUBMIT_TIME: u16 = 0x0039;
    pub const REPRESENTING_NAME: u16 = 0x0042;
    pub const REPRESENTING_ADDRESS: u16 = 0x0065;
    pub const TRANSPORT_HEADERS: u16 = 0x007d;
    pub const RECIPIENT_TYPE: u16 = 0x0c15;
    pub const SENDER_NAME: u16 = 0x0c1a;
    pub const SENDER_ADDRESS: u16 = 0x0c1f;
    pub const DISPLAY_BCC: u16 = 0x0e02;
    pub const DISPLAY_CC: u16 = 0x0e03;
    pub const DISPLAY_TO: u16 = 0x0e04;
    pub const DELIVERY_TIME: u16 = 0x0e06;
    pub const BODY: u16 = 0x1000;
    pub const RTF: u16 = 0x1009;
    pub const HTML: u16 = 0x1013;
    pub const MESSAGE_ID: u16 = 0x1035;
    pub const REFERENCES: u16 = 0x1039;
    pub const IN_REPLY_TO: u16 = 0x1042;
    pub const DISPLAY_NAME: u16 = 0x3001;
    pub const EMAIL: u16 = 0x3003;
    pub const CREATED: u16 = 0x3007;
    pub const MODIFIED: u16 = 0x3008;
    pub const ATTACH_DATA: u16 = 0x3701;
    pub const ATTACH_SHORT_NAME: u16 = 0x3704;
    pub const ATTACH_METHOD: u16 = 0x3705;
    pub const ATTACH_LONG_NAME: u16 = 0x3707;
    pub const ATTACH_PATH: u16 = 0x3708;
    pub const ATTACH_LONG_PATH: u16 = 0x370d;
    pub const ATTACH_MIME: u16 = 0x370e;
    pub const SMTP: u16 = 0x39fe;
    pub const INTERNET_PAGE: u16 = 0x3fde;
    pub const LOCALE: u16 = 0x3ff1;
    pub const LAST_MODIFIER: u16 = 0x3ffa;
    pub const MESSAGE_PAGE: u16 = 0x3ffd;
    pub const SENDER_SMTP: u16 = 0x5d01;
    pub const REPRESENTING_SMTP: u16 = 0x5d02;
}

/// The value of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Unicode(String),
    /// Text in the code page of the message.
    Ansi(Vec<u8>),
    Binary(Vec<u8>),
    Number(i64),
    /// Ticks of 100 ns since 1601, UTC.
    Time(u64),
}

/// Properties of one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Props {
    values: BTreeMap<u16, Value>,
    /// Character set of [`Value::Ansi`]; `None`: to be guessed.
    pub charset: Option<String>,
}

impl Props {
    /// Keeps a value; of two under one identifier the first that says something wins.
    pub fn put(&mut self, id: u16, value: Value) {
        let is_empty = |value: &Value| match value {
            Value::Unicode(text) => text.is_empty(),
            Value::Ansi(bytes) | Value::Binary(bytes) => bytes.is_empty(),
            Value::Number(_) | Value::Time(_) => false,
        };
        if self.values.get(&id).is_none_or(is_empty) {
            self.values.insert(id, value);
        }
    }

    pub fn get(&self, id: u16) -> Option<&Value> {
        self.values.get(&id)
    }

    pub fn iter(&self) -> impl Iterator<Item = (u16, &Value)> {
        self.values.iter().map(|(id, value)| (*id, value))
    }

    /// A text, without the NUL that ends it; `None` when empty.
    pub fn text(&self, id: u16) -> Option<String> {
        let text = match self.values.get(&id)? {
            Value::Unicode(text) => text.clone(),
            Value::Ansi(bytes) => {
                let end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
                charset::decode(&bytes[..end], self.charset.as_deref(), None).text
            }
            _ => return None,
        };
        let text = text.trim_end_matches('\0');
        (!text.trim().is_empty()).then(|| text.to_owned())
    }

    pub fn bytes(&self, id: u16) -> Option<&[u8]> {
        match self.values.get(&id)? {
            Value::Binary(bytes) | Value::Ansi(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub fn number(&self, id: u16) -> Option<i64> {
        match self.values.get(&id)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A time as RFC 3339 in UTC.
    pub fn time(&self, id: u16) -> Option<String> {
        match self.values.get(&id)? {
            Value::Time(ticks) => time(*ticks),
            _ => None,
        }
    }

    /// The first text among several properties.
    pub fn first(&self, ids: &[u16]) -> Option<String> {
        ids.iter().find_map(|&id| self.text(id))
    }
}

/// Ticks of 100 ns since 1601 as RFC 3339 in UTC; `None` for zero and for times out of range.
pub fn time(ticks: u64) -> Option<String> {
    const EPOCH_SECONDS: i64 = 11_644_473_600;
    let seconds = i64::try_from(ticks / 10_000_000).ok()? - EPOCH_SECONDS;
    let stamp = jiff::Timestamp::from_second(seconds).ok()?;
    // Years from 1970 on: zero and small values mean "unset".
    (seconds > 0 && ticks < i64::MAX as u64).then(|| stamp.to_string())
}

/// An item with what belongs to it. Bytes of attachments are not here; who fills it in has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    pub props: Props,
    pub recipients: Vec<Props>,
}

impl Item {
    /// Settles the code page of all texts, once all properties are there.
    pub fn settle_charset(&mut self) {
        let page = |id| {
            let page = self.props.number(id).and_then(|page| u32::try_from(page).ok());
            page.filter(|&page| page != 0)
        };
        let stated = page(id::MESSAGE_PAGE).and_then(pages::label);
        let by_locale = page(id::LOCALE).and_then(pages::of_locale).and_then(pages::label);
        // Western Europe is what programs write that were never told; the texts decide then.
        let stated = stated.filter(|label| label != "windows-1252" && label != "us-ascii");
        let charset = stated.or(by_locale).or_else(|| self.guess());
        for recipient in &mut self.recipients {
            recipient.charset = charset.clone();
        }
        self.props.charset = charset;
    }

    /// The character set of all texts of the item together.
    fn guess(&self) -> Option<String> {
        const ENOUGH: usize = 64 * 1024;
        let mut sample = Vec::new();
        for props in std::iter::once(&self.props).chain(&self.recipients) {
            for (_, value) in props.iter() {
                if let Value::Ansi(bytes) = value
                    && !bytes.is_ascii()
                    && sample.len() < ENOUGH
                {
                    sample.extend_from_slice(&bytes[..bytes.len().min(ENOUGH)]);
                    sample.push(b'\n');
                }
            }
        }
        (!sample.is_empty()).then(|| crate::extract::encoding::decode(&sample, None).encoding)
    }

    /// `Name <address>` of the sender.
    pub fn sender(&self) -> Option<String> {
        let props = &self.props;
        let name = props.first(&[id::SENDER_NAME, id::REPRESENTING_NAME]);
        let address = props.first(&[
            id::SENDER_SMTP,
            id::REPRESENTING_SMTP,
            id::SENDER_ADDRESS,
            id::REPRESENTING_ADDRESS,
        ]);
        mailbox(name, address)
    }

    /// Recipients of a kind: 1 to, 2 cc, 3 bcc.
    pub fn recipients(&self, kind: i64) -> Vec<String> {
        self.recipients
            .iter()
            .filter(|recipient| recipient.number(id::RECIPIENT_TYPE).unwrap_or(1) & 0xf == kind)
            .filter_map(|recipient| {
                mailbox(recipient.text(id::DISPLAY_NAME), recipient.first(&[id::SMTP, id::EMAIL]))
            })
            .collect()
    }
}

/// `Name <address>`, or the one of them that is there.
fn mailbox(name: Option<String>, address: Option<String>) -> Option<String> {
    let trim = |text: String| text.trim_matches(['\'', '"', ' ']).to_owned();
    match (name.map(trim), address.map(trim)) {
        (Some(name), Some(address)) if name.eq_ignore_ascii_case(&address) => Some(address),
        (Some(name), Some(address)) if !name.is_empty() => Some(format!("{name} <{address}>")),
        (name, address) => address.or(name),
    }
}
