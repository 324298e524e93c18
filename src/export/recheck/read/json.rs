//! Reads a report in JSON.

use super::{BadReport, Found, Noted, markdown, noted, of_footnote};
use crate::export::recheck::shown::Body;
use crate::export::seal::stretch::HEAD;
use crate::export::wording;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// A value in which no field stands twice: which of the two is read depends on the program.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Once, D::Error> {
        from.deserialize_any(Reading).map(Once)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Once(value)) = items.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut fields = serde_json::Map::new();
        while let Some((name, Once(value))) = items.next_entry::<String, Once>()? {
            if fields.contains_key(&name) {
                return Err(A::Error::custom(format!("the field {name:?} stands twice")));
            }
            fields.insert(name, value);
        }
        Ok(Value::Object(fields))
    }
}

pub fn read(text: &str) -> Result<Found, BadReport> {
    let Once(root) =
        serde_json::from_str(text).map_err(|error| BadReport::Unreadable(error.to_string()))?;
    let mut found = Found::default();
    stretches(&root, &mut found);
    let notes = root.get("footnotes").and_then(Value::as_array);
    found.notes.extend(notes.into_iter().flatten().filter_map(footnote));
    let entries = root["sections"].as_array().into_iter().flatten();
    for entry in entries.flat_map(|section| section["entries"].as_array().into_iter().flatten()) {
        claims(entry, &mut found.body);
    }
    Ok(found)
}

/// Each value that stands for something of its own.
fn stretches(root: &Value, found: &mut Found) {
    let mut put = |name: String, value: &Value| {
        found.stretches.open(name);
        found.stretches.text(&canonical(value));
    };
    let without = |value: &Value, names: &[&str]| {
        let mut value = value.clone();
        if let Value::Object(fields) = &mut value {
            fields.retain(|name, _| !names.contains(&name.as_str()));
        }
        value
    };
    let named = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    put(HEAD.to_owned(), &without(root, &["sections", "footnotes", "limits", "seal"]));
    for section in root["sections"].as_array().into_iter().flatten() {
        put(named(section, "title"), &without(section, &["entries"]));
        for entry in section["entries"].as_array().into_iter().flatten() {
            put(named(entry, "id"), entry);
        }
    }
    put(wording::LIMITS.to_owned(), &root["limits"]);
    for note in root["footnotes"].as_array().into_iter().flatten() {
        put(of_footnote(&note["number"]), note);
    }
    if let Some(seal) = root.get("seal") {
        found.seal_shown.text(seal["said"].as_str().unwrap_or_default());
        found.seal.push(without(seal, &["said"]).to_string());
    }
}

/// The same value gives the same line, however it was laid out.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            let each = |(name, value): (&String, &Value)| {
                format!("{}:{}", Value::String(name.clone()), canonical(value))
            };
            format!("{{{}}}", fields.into_iter().map(each).collect::<Vec<_>>().join(","))
        }
        Value::Array(values) => {
            format!("[{}]", values.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        value => value.to_string(),
    }
}

fn footnote(note: &Value) -> Option<Noted> {
    let locator = note.get("locator")?;
    let number = note.get("number").and_then(Value::as_u64).unwrap_or(0);
    let mut shown = String::new();
    for (name, value) in note.as_object().into_iter().flatten() {
        if name != "locator" {
            strings(value, &mut shown);
        }
    }
    Some(noted(usize::try_from(number).unwrap_or(0), &locator.to_string(), shown))
}

/// What an entry claims. A claim is said twice here, in itself and in the text: both must be what
/// was written.
fn claims(entry: &Value, body: &mut String) {
    let mut claims = String::new();
    for claim in entry["claims"].as_array().into_iter().flatten() {
        strings(&claim["sentence"], &mut claims);
    }
    let mut texts = String::new();
    strings(&entry["title"], &mut texts);
    for fact in entry["facts"].as_array().into_iter().flatten() {
        strings(&fact["label"], &mut texts);
        strings(&fact["value"], &mut texts);
    }
    for text in entry["texts"].as_array().into_iter().flatten() {
        texts.push_str(&markdown::plain_of(text.as_str().unwrap_or_default()));
    }
    let texts = Body::new(&texts);
    claims.lines().filter(|claim| texts.has(claim)).for_each(|claim| {
        body.push_str(claim);
        body.push('\n');
    });
}

/// The texts of a footnote, the quote with what stands around it in the other formats.
fn strings(value: &Value, into: &mut String) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if name == "quote" {
                    into.push_str("quote:");
                }
                strings(value, into);
                if name == "quote" {
                    into.push_str("state:");
                }
            }
        }
        Value::String(text) => {
            into.push_str(text);
            into.push('\n');
        }
        Value::Array(values) => values.iter().for_each(|value| strings(value, into)),
        _ => {}
    }
}
