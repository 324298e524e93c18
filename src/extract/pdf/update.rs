//! An update behind the end of a PDF: objects that replace or join those of the file (ISO 32000-1,
//! 7.5.6), for what the parser cannot be told in another way. It is made in memory; nobody's file
//! is written to.

use super::objects::Dictionary;
use pdf_oxide::object::Object;

/// An object of an update: its number, its generation, and what stands between `obj` and `endobj`.
pub struct New {
    pub number: u32,
    pub generation: u16,
    pub body: Vec<u8>,
}

/// A number that no object of a file has: the first, where the file says how many there are.
pub fn free_number(trailer: &Dictionary) -> u32 {
    let size = match trailer.get("Size") {
        Some(Object::Integer(size)) if *size > 0 => u32::try_from(*size).ok(),
        _ => None,
    };
    size.unwrap_or(1 << 20)
}

/// The file with its update. `more` stands in the new trailer beside what is taken over.
pub fn updated(trailer: &Dictionary, bytes: &[u8], new: &[New], more: &str) -> Vec<u8> {
    let before = last_table(bytes);
    let reference = |name: &str| match trailer.get(name) {
        Some(Object::Reference(reference)) => {
            format!("/{name} {} {} R ", reference.id, reference.r#gen)
        }
        _ => String::new(),
    };
    let mut out = bytes.to_vec();
    out.push(b'\n');
    let mut table = String::from("xref\n");
    for object in new {
        let New { number, generation, body } = object;
        table.push_str(&format!("{number} 1\n{:010} {generation:05} n \n", out.len()));
        out.extend_from_slice(format!("{number} {generation} obj\n").as_bytes());
        out.extend_from_slice(body);
        out.extend_from_slice(b"\nendobj\n");
    }
    // Without a table the parser looks through the file, and takes what stands last.
    let Some(before) = before else { return out };
    let size = new.iter().map(|object| object.number + 1).fold(free_number(trailer), u32::max);
    let (root, info, at) = (reference("Root"), reference("Info"), out.len());
    let end = format!(
        "{table}trailer\n<</Size {size} {root}{info}{more} /Prev {before}>>\nstartxref\n{at}\n%%EOF\n"
    );
    out.extend_from_slice(end.as_bytes());
    out
}

/// Where the last table of references begins, as the end of the file says.
fn last_table(bytes: &[u8]) -> Option<usize> {
    const WORD: &[u8] = b"startxref";
    let at = bytes.windows(WORD.len()).rposition(|window| window == WORD)?;
    let rest = bytes[at + WORD.len()..].trim_ascii_start();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

/// A dictionary as it stands in a file. A stream in it, which no file can have there, is null.
pub fn written(dictionary: &Dictionary) -> Vec<u8> {
    let mut out = Vec::new();
    write_dictionary(dictionary, &mut out);
    out
}

fn write_dictionary(dictionary: &Dictionary, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary {
        write_name(key, out);
        out.push(b' ');
        write(value, out);
    }
    out.extend_from_slice(b">>");
}

fn write(object: &Object, out: &mut Vec<u8>) {
    let text = match object {
        Object::Null | Object::Stream { .. } => "null".to_owned(),
        Object::Boolean(value) => value.to_string(),
        Object::Integer(value) => value.to_string(),
        Object::Real(value) => format!("{value:.6}"),
        Object::String(bytes) => format!("<{}>", hex(bytes)),
        Object::Reference(to) => format!("{} {} R", to.id, to.r#gen),
        Object::Name(name) => return write_name(name, out),
        Object::Dictionary(dictionary) => return write_dictionary(dictionary, out),
        Object::Array(items) => {
            out.push(b'[');
            for item in items {
                write(item, out);
                out.push(b' ');
            }
            return out.push(b']');
        }
    };
    out.extend_from_slice(text.as_bytes());
}

fn write_name(name: &str, out: &mut Vec<u8>) {
    out.push(b'/');
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'+' | b'_' | b',' => {
                out.push(byte);
            }
            _ => out.extend_from_slice(format!("#{byte:02x}").as_bytes()),
        }
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
