//! Outlook's `.msg`: a compound file whose streams are the properties of one item.

mod embedded;
pub mod eml;
pub mod item;
mod pages;
mod store;
mod tnef;
mod wrapped;
pub mod write;

use super::archive::clean_name;
use super::office::mended::mended;
use super::office::ole::MENDED;
use super::record::{Child, ChildRole};
use super::{Input, Out, Stop};
use crate::model::State;
use item::{Props, id};
use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use store::Store;

/// How the bytes of an attachment are kept.
mod method {
    pub const BY_REFERENCE: [i64; 4] = [2, 3, 4, 7];
    pub const EMBEDDED_MESSAGE: i64 = 5;
}

pub use tnef::extract as extract_tnef;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let limit = input.len().min(input.limits.whole);
    let most = input.limits.children;
    let file = input.reader()?;
    // What a panic leaves half done is dropped with the store.
    let opened = catch_unwind(AssertUnwindSafe(|| Store::open(file, limit)));
    match opened.unwrap_or_else(|_| Err(broken())) {
        Ok(mut store) => item_of(&mut store, most, out),
        Err(why) => {
            let bytes = input.bytes()?;
            let Some(again) = catch_unwind(|| mended(&bytes)).ok().flatten() else {
                return Err(why);
            };
            out.warn(MENDED)?;
            item_of(&mut Store::open(Cursor::new(again), limit)?, most, out)?;
            match out.non_blank {
                true => Ok(()),
                false => Err(why),
            }
        }
    }
}

fn item_of<R: Read + Seek>(store: &mut Store<R>, most: u64, out: &mut Out) -> Result<(), Stop> {
    let read = catch_unwind(AssertUnwindSafe(|| store.item(most)));
    let item = read.unwrap_or_else(|_| Err(broken()))?;
    write::write(&item, out)?;
    for (ordinal, folder) in (0..).zip(store.attachments(most)) {
        attachment(store, &folder, ordinal, item.props.charset.as_deref(), out)?;
    }
    Ok(())
}

fn broken() -> Stop {
    Stop::failed("the compound file is broken")
}

fn attachment<R: Read + Seek>(
    store: &mut Store<R>,
    folder: &str,
    ordinal: u64,
    charset: Option<&str>,
    out: &mut Out,
) -> Result<(), Stop> {
    let read = catch_unwind(AssertUnwindSafe(|| store.props(folder, 8)));
    let mut props = read.unwrap_or_else(|_| Err(broken())).unwrap_or_default();
    props.charset = charset.map(str::to_owned);
    let method = props.number(id::ATTACH_METHOD).unwrap_or(1);
    let inside = format!("{folder}/__substg1.0_3701000D");
    let is_storage = store.has_storage(&inside);
    let is_message = is_storage && store.has_properties(&inside);
    let child = child(&props, ordinal, if is_message { "msg" } else { "bin" });
    if method::BY_REFERENCE.contains(&method) && props.bytes(id::ATTACH_DATA).is_none() {
        let place = props.first(&[id::ATTACH_LONG_PATH, id::ATTACH_PATH]).unwrap_or_default();
        let why = format!("the attachment is not in the message, only where it lies: {place}");
        return out.unreadable_child(child, State::Unsupported, why);
    }
    if is_storage {
        let copied = catch_unwind(AssertUnwindSafe(|| embedded::copy(store, &inside, is_message)));
        return match copied.unwrap_or_else(|_| Err(broken())) {
            Ok(bytes) => out.child(child, &mut bytes.as_slice()),
            Err(stop) => out.unreadable_child(child, stop.state(), stop.to_string()),
        };
    }
    match props.bytes(id::ATTACH_DATA) {
        Some(mut bytes) => out.child(child, &mut bytes),
        None if method == method::EMBEDDED_MESSAGE => {
            out.unreadable_child(child, State::Failed, "the attached message is missing")
        }
        None => out.unreadable_child(child, State::Failed, "the attachment has no data"),
    }
}

/// An attachment by its properties.
pub fn child(props: &Props, ordinal: u64, extension: &str) -> Child {
    let stated = props.first(&[id::ATTACH_LONG_NAME, id::ATTACH_SHORT_NAME]);
    let name = match (stated, props.text(id::DISPLAY_NAME)) {
        (Some(name), _) => name,
        (None, Some(name)) if extension == "msg" => format!("{name}.msg"),
        (None, Some(name)) => name,
        (None, None) => format!("attachment-{ordinal}.{extension}"),
    };
    let (clean, _) = clean_name(&name.replace('/', "_"), ordinal);
    Child {
        name: clean,
        raw_name: None,
        ordinal,
        role: ChildRole::Attachment,
        modified: props.time(id::MODIFIED),
        claimed_size: props.bytes(id::ATTACH_DATA).map(|bytes| bytes.len() as u64),
    }
}

#[cfg(test)]
mod tests;
