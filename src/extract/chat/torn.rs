//! Flat records that are no JSON any more: programs that translate files put braces before the
//! keys and full stops behind the strings, and lose quotation marks and commas. What stands behind
//! each key is still there, because the keys begin their lines (or follow a comma or a brace).

use super::raw::Raw;
use super::table::columns::{Role, role};
use serde_json::{Map, Value};

/// One record, its bytes in the text it was looked for in, what stands behind its keys.
pub(super) struct Torn {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value: Value,
}

/// Where a key stands and which one it is.
struct Found {
    /// Its quotation mark.
    key: usize,
    /// Behind the colon.
    value: usize,
    name: usize,
}

/// What may stand between a line's beginning and its key.
fn is_junk(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'{' | b'}' | b'[' | b']' | b',' | b'"')
}

/// Whether there is nothing to read in it.
pub(super) fn is_bare(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|byte| byte.is_ascii_whitespace() || matches!(byte, b'{' | b'}' | b'[' | b']' | b','))
}

/// Whether a key may stand here: at the beginning of a line, or behind a comma or a brace.
fn may_begin(bytes: &[u8], at: usize) -> bool {
    let before = bytes[..at].trim_ascii_end();
    if matches!(before.last(), None | Some(b',' | b'{')) {
        return true;
    }
    let junk = bytes[..at].iter().rev().take_while(|byte| is_junk(**byte)).count();
    matches!(bytes[..at - junk].last(), None | Some(b'\n' | b'\r'))
}

/// Length of what stands between a key's last quotation mark and its value, when it is a colon.
fn colon(bytes: &[u8]) -> Option<usize> {
    let space = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    (bytes.get(space) == Some(&b':')).then_some(space + 1)
}

fn keys(bytes: &[u8], names: &[&str]) -> Vec<Found> {
    let mut found = Vec::new();
    let quotes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'"');
    for (key, _) in quotes {
        let rest = &bytes[key + 1..];
        let named = names.iter().enumerate().find_map(|(at, name)| {
            let rest = rest.strip_prefix(name.as_bytes())?.strip_prefix(b"\"")?;
            Some((at, key + name.len() + 2 + colon(rest)?))
        });
        if let Some((name, value)) = named
            && may_begin(bytes, key)
        {
            found.push(Found { key, value, name });
        }
    }
    found
}

/// Where the record of this key begins: at the brace before it that closes none.
fn begin(bytes: &[u8], key: usize, least: usize) -> usize {
    let before = &bytes[least..key];
    let junk = before.iter().rev().take_while(|b| is_junk(**b) || b.is_ascii_whitespace()).count();
    let region = &before[before.len() - junk..];
    let closed = |at: usize| matches!(region.get(at + 1), Some(b'\n' | b'\r'));
    let braces = || region.iter().enumerate().rev().filter(|(_, byte)| **byte == b'}');
    let last = braces().map(|(at, _)| at).find(|at| closed(*at));
    let last = last.or_else(|| {
        let one_line = !region.contains(&b'\n');
        braces().map(|(at, _)| at).next().filter(|_| one_line)
    });
    let from = last.map_or(0, |at| at + 1);
    let space = region[from..].iter().take_while(|b| b.is_ascii_whitespace() || **b == b',');
    key - junk + from + space.count()
}

/// The records in these bytes; each begins with the first of these keys.
pub(super) fn records(bytes: &[u8], names: &[&str]) -> Vec<Torn> {
    let found = keys(bytes, names);
    let firsts: Vec<usize> =
        found.iter().enumerate().filter(|(_, key)| key.name == 0).map(|(at, _)| at).collect();
    let mut torn: Vec<Torn> = Vec::new();
    for (nth, first) in firsts.iter().enumerate() {
        let until = firsts.get(nth + 1).copied().unwrap_or(found.len());
        let least = torn.last().map_or(0, |last| last.end);
        let start = begin(bytes, found[*first].key, least);
        if let Some(last) = torn.last_mut() {
            last.end = start;
        }
        let end = found.get(until).map_or(bytes.len(), |next| begin(bytes, next.key, start));
        let value = fields(&bytes[..end], &found[*first..until], names);
        torn.push(Torn { start, end, value });
    }
    torn
}

/// What stands behind the keys of one record, which ends where these bytes do. A key that comes
/// again is part of what somebody wrote.
fn fields(bytes: &[u8], found: &[Found], names: &[&str]) -> Value {
    let mut own: Vec<&Found> = Vec::new();
    for key in found {
        if own.iter().all(|known| known.name != key.name) {
            own.push(key);
        }
    }
    let mut object = Map::new();
    for (at, key) in own.iter().enumerate() {
        let value = match own.get(at + 1) {
            Some(next) => {
                let value = &bytes[key.value..next.key];
                let junk = value.iter().rev().take_while(|byte| is_junk(**byte)).count();
                // On one line only the comma is between them.
                let line = value[..value.len() - junk].last().is_none_or(|byte| *byte == b'\n');
                let value = if line { &value[..value.len() - junk] } else { value };
                let value = value.trim_ascii();
                value.strip_suffix(b",").unwrap_or(value)
            }
            None => {
                let value = bytes[key.value..].trim_ascii_end();
                let value = value.strip_suffix(b",").unwrap_or(value).trim_ascii_end();
                value.strip_suffix(b"}").unwrap_or(value)
            }
        };
        object.insert(names[key.name].to_owned(), Value::String(string(value)));
    }
    Value::Object(object)
}

/// The text of a string whose quotation marks may be lost or stand inside it as well.
fn string(value: &[u8]) -> String {
    let value = value.trim_ascii();
    let (value, open) = match value.strip_prefix(b"\"") {
        Some(rest) => (rest, true),
        None => (value, false),
    };
    let tail = value.iter().rev().take_while(|b| matches!(b, b'}' | b'.' | b',' | b' ' | b'\n'));
    let end = value.len() - tail.count();
    let value = match value[..end].strip_suffix(b"\"") {
        Some(inner) if open && backslashes(inner).is_multiple_of(2) => inner,
        _ => value,
    };
    let mut quoted = vec![b'"'];
    let mut escaped = false;
    for byte in value {
        if *byte == b'"' && !escaped {
            quoted.push(b'\\');
        }
        escaped = *byte == b'\\' && !escaped;
        quoted.push(*byte);
    }
    if escaped {
        quoted.push(b'\\');
    }
    quoted.push(b'"');
    match (Raw { start: 0, end: 0, bytes: quoted, exact: false }).parse() {
        Ok(Value::String(text)) => text,
        _ => String::from_utf8_lossy(value).into_owned(),
    }
}

/// How many of them stand at the end: an odd one escapes what comes next.
fn backslashes(bytes: &[u8]) -> usize {
    bytes.iter().rev().take_while(|byte| **byte == b'\\').count()
}

/// The keys of the records of a file that is torn from its beginning, with its first whole record;
/// `None` where nothing comes twice or no key is one of time.
pub(super) fn first(head: &[u8]) -> Option<Value> {
    const MOST_KEYS: usize = 64;
    let mut names: Vec<&str> = Vec::new();
    for line in head.split(|byte| *byte == b'\n') {
        let junk = line.iter().take_while(|byte| is_junk(**byte)).count();
        let rest = &line[junk..];
        let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        let is_key = junk > 0
            && line[junk - 1] == b'"'
            && (1..=40).contains(&length)
            && rest[length..].strip_prefix(b"\"").and_then(colon).is_some();
        if is_key && let Ok(name) = std::str::from_utf8(&rest[..length]) {
            names.push(name);
        }
        if names.len() == MOST_KEYS {
            break;
        }
    }
    let time = names.iter().position(|name| role(name) == Some(Role::Time))?;
    let length = names[time + 1..].iter().position(|name| *name == names[time])? + 1;
    let mut own: Vec<&str> = Vec::new();
    for name in &names[time..time + length] {
        if !own.contains(name) {
            own.push(name);
        }
    }
    records(head, &own).into_iter().next().map(|torn| torn.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NAMES: [&str; 4] = ["ts", "from", "to", "body"];

    /// The body of each record, and that its bytes begin and end where they should.
    fn check(text: &str, bodies: &[&str]) {
        let torn = records(text.as_bytes(), &NAMES);
        let found: Vec<&str> =
            torn.iter().map(|torn| torn.value["body"].as_str().unwrap_or("-")).collect();
        assert_eq!(found, bodies, "{text}");
        for torn in &torn {
            let record = &text[torn.start..torn.end];
            assert!(record.starts_with(['{', '"', '}']), "{record:?}");
            assert_eq!(torn.value["ts"], json!("2021-03-02T07:16:51"), "{record:?}");
            assert_eq!(torn.value["from"], json!("lin@h.example"), "{record:?}");
        }
    }

    fn record(open: &str, key: &str, body: &str) -> String {
        format!(
            "{{\n  {open}\"ts\": \"2021-03-02T07:16:51\",\n  {key}\"from\": \"lin@h.example\",\n  \
             {key}\"to\": \"mara@h.example\",\n  {body}\n}}\n"
        )
    }

    #[test]
    fn every_way_to_break_a_record() {
        for (body, said) in [
            (r#""body": "hello""#, "hello"),
            (r#"{ "body": "hello""#, "hello"),
            (r#""{ "body": "hello""#, "hello"),
            (r#""body":"hello""#, "hello"),
            (r#""body": "hello".""#.strip_suffix('"').unwrap(), "hello"),
            (r#""body": "hello" }"#, "hello"),
            (r#""body": "hello"#, "hello"),
            (r#""body": "a {b} "c" d""#, r#"a {b} "c" d"#),
            (r#""body": "hello": "still talking?""#, r#"hello": "still talking?"#),
            (r#""body": "one\ntwo \qthree \u00e4""#, "one\ntwo \\qthree ä"),
            (r#""body": "ends in a backslash \\""#, "ends in a backslash \\"),
            (r#""body": "ts": "not the time""#, r#"ts": "not the time"#),
            (r#""body": """#, ""),
            (r#""body": ""#, ""),
        ] {
            for (open, key) in [("", ""), ("{ ", "{ "), ("}, ", "{ ")] {
                let text = record(open, key, body);
                check(&text.repeat(3), &[said; 3]);
            }
        }
    }

    #[test]
    fn one_line_and_lost_keys() {
        let one = r#"{"ts":"2021-03-02T07:16:51","from":"lin@h.example","to":"m@h.example","body":"hel"lo"}"#;
        check(&format!("{one}{one},\n{one}\n"), &["hel\"lo"; 3]);
        let silent = record("", "", "").replace("mara", "m");
        check(&silent.repeat(2), &["-"; 2]);
        assert!(records(b"\"body\": \"x\"\n}\n{\n", &NAMES).is_empty());
        assert!(is_bare(b"}\n{ [],\t") && !is_bare(b"}:"));
    }

    #[test]
    fn the_keys_are_those_of_the_first_whole_record() {
        let text = format!(
            "n@h.example\",\n  \"body\": \"x\n}}\n{}",
            record("{ ", "{ ", "\"body\": \"y\"").repeat(2)
        );
        let value = first(text.as_bytes()).unwrap();
        assert_eq!((&value["body"], &value["to"]), (&json!("y"), &json!("mara@h.example")));
        assert_eq!(
            first(record("", "", "\"body\": \"y\"").as_bytes()),
            None,
            "nothing comes twice"
        );
        assert_eq!(first(b"{\n\"a\": 1\n}\n{\n\"a\": 2\n}\n"), None);
        assert_eq!(first(b"\"\n\"\":\n"), None);
    }
}
