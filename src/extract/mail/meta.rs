//! Metadata of a message: what its header says about people, times and ways.

use super::header::{self, Headers};
use crate::extract::{Key, Out, Stop};

/// Fields and the keys they are kept under; each is written once for every field.
const KEYS: [(&str, Key); 8] = [
    ("Subject", Key::Subject),
    ("From", Key::From),
    ("To", Key::To),
    ("Cc", Key::Cc),
    ("Bcc", Key::Bcc),
    ("Reply-To", Key::ReplyTo),
    ("Keywords", Key::Keywords),
    ("Organization", Key::Company),
];

/// Fields that tell where a message came from, kept under their own names.
const TRACES: [(&str, &str); 12] = [
    ("Sender", "sender"),
    ("Return-Path", "return_path"),
    ("Delivered-To", "delivered_to"),
    ("X-Originating-IP", "originating_ip"),
    ("X-Sender-IP", "sender_ip"),
    ("User-Agent", "user_agent"),
    ("X-Mailer", "user_agent"),
    ("List-Id", "list_id"),
    ("X-GM-THRID", "gmail_thread"),
    ("X-Gmail-Labels", "gmail_labels"),
    ("Status", "status"),
    ("X-Mozilla-Status", "mozilla_status"),
];

pub fn write(headers: &Headers, fallback: Option<&str>, out: &mut Out) -> Result<(), Stop> {
    for (name, key) in KEYS {
        for value in headers.all(name) {
            put(key.clone(), header::decode(value, fallback), out)?;
        }
    }
    for (name, key) in [("Message-ID", Key::MessageId), ("In-Reply-To", Key::InReplyTo)] {
        if let Some(value) = headers.get(name) {
            let value = header::decode(value, fallback);
            put(key, value.trim().trim_matches(['<', '>']).to_owned(), out)?;
        }
    }
    if let Some(value) = headers.get("References") {
        let value = header::decode(value, fallback).replace(['<', '>', ','], " ");
        put(Key::References, value.split_whitespace().collect::<Vec<_>>().join(" "), out)?;
    }
    if let Some(value) = headers.get("Date") {
        let value = header::decode(value, fallback);
        match date(&value) {
            Some(sent) => put(Key::Sent, sent, out)?,
            None if value.trim().is_empty() => {}
            None => out.warn(format!("the date cannot be understood: {value}"))?,
        }
    }
    write_traces(headers, fallback, out)
}

/// Where a message came from: the fields of its way.
pub fn write_traces(headers: &Headers, fallback: Option<&str>, out: &mut Out) -> Result<(), Stop> {
    for (name, key) in TRACES {
        if let Some(value) = headers.get(name) {
            put(Key::Other(key.to_owned()), header::decode(value, fallback), out)?;
        }
    }
    // Every station puts its line on top: the last one is the first hop.
    if let Some(first) = headers.all("Received").last() {
        put(Key::Other("first_received".to_owned()), header::decode(first, fallback), out)?;
    }
    Ok(())
}

fn put(key: Key, value: String, out: &mut Out) -> Result<(), Stop> {
    let value = value.trim();
    if value.is_empty() { Ok(()) } else { out.meta(key, value) }
}

/// A date of a header as RFC 3339, with the offset that it states and none where it states none.
pub fn date(value: &str) -> Option<String> {
    let parse = |value: &str| {
        mail_parser::DateTime::parse_rfc822(value).filter(mail_parser::DateTime::is_valid)
    };
    let value = with_offset(value.trim());
    let civil = |date: &mail_parser::DateTime| {
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            date.year, date.month, date.day, date.hour, date.minute, date.second
        )
    };
    if let Some(date) = parse(&value) {
        let sign = if date.tz_before_gmt { '-' } else { '+' };
        return Some(format!("{}{sign}{:02}:{:02}", civil(&date), date.tz_hour, date.tz_minute));
    }
    // Without an offset the library sees no date.
    parse(&format!("{value} +0000")).map(|date| civil(&date))
}

/// The zones that RFC 822 names, as an offset at the end of the date; the year in full.
fn with_offset(value: &str) -> String {
    const ZONES: [(&str, &str); 11] = [
        ("EST", "-0500"),
        ("EDT", "-0400"),
        ("CST", "-0600"),
        ("CDT", "-0500"),
        ("MST", "-0700"),
        ("MDT", "-0600"),
        ("PST", "-0800"),
        ("PDT", "-0700"),
        ("GMT", "+0000"),
        ("UTC", "+0000"),
        ("UT", "+0000"),
    ];
    let mut words: Vec<String> = value.split_whitespace().map(str::to_owned).collect();
    if let Some(last) = words.last_mut()
        && let Some((_, offset)) = ZONES.iter().find(|(name, _)| last.eq_ignore_ascii_case(name))
    {
        *last = (*offset).to_owned();
    }
    // `19 Feb 24`: of two digits, as RFC 5322 reads them.
    let is_month = |word: &String| word.len() >= 3 && word.bytes().all(|b| b.is_ascii_alphabetic());
    if let Some(at) = words.iter().skip(1).position(is_month).map(|at| at + 2)
        && let Some(year) = words.get_mut(at)
        && year.len() == 2
        && let Ok(short) = year.parse::<u32>()
    {
        *year = (if short < 50 { 2000 + short } else { 1900 + short }).to_string();
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_their_offset() {
        let check = |value: &str, expected: Option<&str>| {
            assert_eq!(date(value).as_deref(), expected, "{value:?}");
        };
        check("Mon, 6 Jun 2005 22:21:22 +0200", Some("2005-06-06T22:21:22+02:00"));
        check("Wed, 28 May 2014 17:18:19 +0900 (JST)", Some("2014-05-28T17:18:19+09:00"));
        check("10 May 2005 11:26 -0600", Some("2005-05-10T11:26:00-06:00"));
        check("Tue, 10 May 2005 11:26:39 GMT", Some("2005-05-10T11:26:39+00:00"));
        check("Tue, 10 May 2005 11:26:39 PST", Some("2005-05-10T11:26:39-08:00"));
        check("Tue, 10 May 2005 11:26:39", Some("2005-05-10T11:26:39"));
        check("19 Feb 24 08:05 EST", Some("2024-02-19T08:05:00-05:00"));
        check("Mon, 19 Feb 96 08:05:01 edt", Some("1996-02-19T08:05:01-04:00"));
        check("19 Feb 24 08:05", Some("2024-02-19T08:05:00"));
        check("yesterday", None);
        check("", None);
    }
}
