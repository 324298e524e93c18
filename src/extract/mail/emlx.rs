//! Apple Mail's `.emlx`: a line with a length, the message, a property list with flags.

use crate::extract::{Input, Key, Out, Stop};

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let bytes = input.bytes()?;
    let line_end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(0);
    let length = std::str::from_utf8(&bytes[..line_end])
        .ok()
        .and_then(|line| line.trim().parse::<usize>().ok())
        .ok_or_else(|| Stop::failed("no length in front of the message"))?;
    let message = &bytes[line_end + 1..];
    let (message, list) = match message.split_at_checked(length) {
        Some(halves) => halves,
        None => {
            out.warn("the message is shorter than its stated length")?;
            (message, &[][..])
        }
    };
    let list = String::from_utf8_lossy(list);
    for (key, name) in
        [("flags", "flags"), ("date-received", "date_received"), ("remote-id", "remote_id")]
    {
        if let Some(value) = property(&list, key) {
            out.meta(Key::Other(name.to_owned()), value)?;
        }
    }
    super::message(message, input.limits.nesting, out)
}

/// The number or text after `<key>name</key>`.
fn property<'a>(list: &'a str, key: &str) -> Option<&'a str> {
    let at = list.find(&format!("<key>{key}</key>"))?;
    let rest = list[at..].split_once("</key>")?.1.trim_start();
    let value = rest.strip_prefix('<')?.split_once('>')?.1;
    let value = &value[..value.find('<')?];
    (!value.is_empty()).then_some(value)
}
