//! Outlook's stores (`.pst`, `.ost`): every item becomes a document of its own, written as an
//! Internet message because it has no bytes of its own in the store. Folders stand in front of
//! the name.

mod store;

use super::archive::clean_name;
use super::msg::eml::{self, Attached};
use super::msg::item::{Item, id};
use super::msg::write;
use super::record::{Child, ChildRole};
use super::{Input, Out, Stop};
use crate::model::State;
use outlook_pst::messaging::attachment::AttachmentData;
use outlook_pst::messaging::message::Message;
use outlook_pst::ndb::node_id::{NID_ROOT_FOLDER, NodeId, NodeIdType};
use std::collections::HashSet;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use store::{Opened, Store};

/// Most characters of a subject in a name.
const SUBJECT: usize = 80;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let file = input.reader()?;
    let store = guarded(|| Store::open(file))
        .map_err(|error| Stop::Failed(format!("not a readable Outlook store: {error}")))?;
    let mut walk = Walk { store: &store, seen: HashSet::new(), ordinal: 0 };
    let mut folders = vec![(NID_ROOT_FOLDER, String::new())];
    while let Some((node, path)) = folders.pop() {
        let inside = walk.folder(node, &path, out)?;
        folders.extend(inside.into_iter().rev());
    }
    if walk.ordinal == 0 {
        return Err(Stop::Empty("an Outlook store without items".to_owned()));
    }
    Ok(())
}

/// Runs a step of the library; a panic in it is an error of that step. What it leaves half done
/// are caches that only make later steps slower.
fn guarded<T>(step: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    catch_unwind(AssertUnwindSafe(step))
        .unwrap_or_else(|_| Err(io::Error::other("its structure is broken")))
}

struct Walk<'a> {
    store: &'a Store,
    /// Folders that were opened: a broken store may hold a folder inside of itself.
    seen: HashSet<u32>,
    ordinal: u64,
}

impl Walk<'_> {
    /// Writes the items of a folder; returns the folders in it with their paths.
    fn folder(
        &mut self,
        node: NodeId,
        path: &str,
        out: &mut Out,
    ) -> Result<Vec<(NodeId, String)>, Stop> {
        if !self.seen.insert(u32::from(node)) {
            return Ok(Vec::new());
        }
        let opened = guarded(|| {
            let folder = self.store.as_dyn().open_folder(&self.store.entry(node)?)?;
            let table =
                |table: Option<&_>| table.map(|table: &std::rc::Rc<_>| store::rows(&**table));
            let name = folder.properties().display_name().unwrap_or_default();
            let inside = table(folder.hierarchy_table()).unwrap_or_default();
            Ok((name, inside, table(folder.contents_table()).unwrap_or_default()))
        });
        let (name, inside, items) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                out.warn(format!("a folder in {path} cannot be read: {error}"))?;
                return Ok(Vec::new());
            }
        };
        let name = name.trim().replace(['/', '\\'], "_");
        let path = match (path.is_empty(), name.is_empty()) {
            (_, true) => path.to_owned(),
            (true, false) => name,
            (false, false) => format!("{path}/{name}"),
        };
        for (item, _) in items {
            self.item(item, &path, out)?;
        }
        let is_folder = |node: &NodeId| matches!(node.id_type(), Ok(NodeIdType::NormalFolder));
        Ok(inside
            .into_iter()
            .filter(|(node, _)| is_folder(node))
            .map(|(node, _)| (node, path.clone()))
            .collect())
    }

    fn item(&mut self, node: NodeId, path: &str, out: &mut Out) -> Result<(), Stop> {
        let ordinal = self.ordinal;
        self.ordinal += 1;
        let mut child = Child {
            name: name(path, ordinal, ""),
            raw_name: None,
            ordinal,
            role: ChildRole::Mail,
            modified: None,
            claimed_size: None,
        };
        let read = guarded(|| {
            let message = self.store.message(&self.store.entry(node)?)?;
            Ok((item(message.as_dyn()), attachments(&message)))
        });
        let (item, (attached, troubles)) = match read {
            Ok(read) => read,
            Err(error) => {
                return out.unreadable_child(child, State::Failed, format!("broken: {error}"));
            }
        };
        child.name = name(path, ordinal, &write::subject(&item.props).unwrap_or_default());
        child.modified = item.props.time(id::DELIVERY_TIME);
        for trouble in troubles {
            out.warn(format!("{}: {trouble}", child.name))?;
        }
        let mail = eml::compose(&item, &attached, 0);
        out.child(child, &mut mail.as_slice())
    }
}

/// `Inbox/0001 Subject.eml`
fn name(path: &str, ordinal: u64, subject: &str) -> String {
    let subject: String = subject
        .chars()
        .map(|c| if matches!(c, '/' | '\\') || c.is_control() { '_' } else { c })
        .take(SUBJECT)
        .collect();
    let name = match subject.trim() {
        "" => format!("{:04}.eml", ordinal + 1),
        subject => format!("{:04} {subject}.eml", ordinal + 1),
    };
    clean_name(&format!("{path}/{name}"), ordinal).0
}

/// Properties and recipients of a message.
fn item(message: &dyn Message) -> Item {
    let props = store::props(message.properties().iter().map(|(id, value)| (*id, value)));
    let recipients = message
        .recipient_table()
        .map(|table| store::rows(&**table).into_iter().map(|(_, props)| props).collect())
        .unwrap_or_default();
    let mut item = Item { props, recipients };
    item.settle_charset();
    item
}

/// Attachments with their bytes, and what could not be had.
fn attachments(message: &Opened) -> (Vec<Attached>, Vec<String>) {
    let mut attached = Vec::new();
    let mut troubles = Vec::new();
    let Some(table) = message.as_dyn().attachment_table() else { return (attached, troubles) };
    for (ordinal, (node, row)) in (0..).zip(store::rows(&**table)) {
        let opened = match guarded(|| message.attachment(node)) {
            Ok(opened) => opened,
            Err(error) => {
                let name = super::msg::child(&row, ordinal, "bin").name;
                troubles.push(format!("the attachment {name} cannot be read: {error}"));
                continue;
            }
        };
        let props = store::props(opened.properties().iter().map(|(id, value)| (*id, value)));
        let mime = props.text(id::ATTACH_MIME);
        match opened.data() {
            Some(AttachmentData::Binary(bytes)) => attached.push(Attached {
                name: super::msg::child(&props, ordinal, "bin").name,
                mime,
                is_message: false,
                bytes: bytes.buffer().to_vec(),
            }),
            Some(AttachmentData::Message(inner)) => {
                let name = super::msg::child(&props, ordinal, "msg").name;
                // The library opens attachments of a store's own messages only.
                for (_, row) in
                    inner.attachment_table().map(|t| store::rows(&**t)).unwrap_or_default()
                {
                    let lost = super::msg::child(&row, ordinal, "bin").name;
                    troubles.push(format!("the attachment {lost} inside of {name} was not read"));
                }
                let stem = name.strip_suffix(".msg").unwrap_or(&name);
                attached.push(Attached {
                    name: format!("{stem}.eml"),
                    mime: None,
                    is_message: true,
                    bytes: eml::compose(&item(&*inner.clone()), &[], 1),
                });
            }
            None => {
                let name = super::msg::child(&props, ordinal, "bin").name;
                let place =
                    props.first(&[id::ATTACH_LONG_PATH, id::ATTACH_PATH]).unwrap_or_default();
                troubles.push(format!("the attachment {name} is not in the store: {place}"));
            }
        }
    }
    (attached, troubles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_folder_number_and_subject() {
        assert_eq!(name("Top/Inbox", 0, "a/b\u{7}"), "Top/Inbox/0001 a_b_.eml");
        assert_eq!(name("", 9, ""), "0010.eml");
        assert_eq!(name("..", 0, "x"), "0001 x.eml");
    }
}
