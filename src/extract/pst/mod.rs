//! Outlook's stores (`.pst`, `.ost`): every item becomes a document of its own, written as an
//! Internet message because it has no bytes of its own in the store. Folders stand in front of
//! the name.

mod cipher;
mod file;
mod heap;
#[cfg(test)]
mod tests;

use super::archive::clean_name;
use super::msg::eml::{self, Attached};
use super::msg::item::{Item, Props, Value, id};
use super::msg::write;
use super::record::{Child, ChildRole};
use super::{Input, Out, Stop};
use crate::model::State;
use crate::text::tally::counted;
use file::{Broken, Node, Store};
use heap::Heap;
use std::collections::BTreeMap;

/// Most characters of a subject in a name.
const SUBJECT: usize = 80;

/// What the lower five bits of a node's number say that it is.
mod kind {
    pub const FOLDER: u32 = 0x02;
    pub const MESSAGE: u32 = 0x04;
    pub const ATTACHMENT: u32 = 0x05;
}

/// Nodes with a number of their own.
const ROOT: u32 = 0x122;
const RECIPIENTS: u32 = 0x692;
/// Messages in messages; the deepest is listed as lost.
const DEEPEST: usize = 16;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let most = input.limits.whole;
    let file = input.reader()?.try_clone()?;
    let store = Store::open(file, most)
        .map_err(|error| Stop::Failed(format!("not a readable Outlook store: {error}")))?;
    let (nodes, lost) = store.nodes();
    if lost > 0 {
        let pages = counted(lost, "page", "pages");
        out.warn(format!("{pages} of the store's index cannot be read"))?;
    }
    let mut walk = Walk { store: &store, tree: Tree::of(&nodes), ordinal: 0 };
    let mut folders = vec![(ROOT, String::new())];
    while let Some((folder, path)) = folders.pop() {
        let inside = walk.folder(folder, &path, out)?;
        folders.extend(inside.into_iter().rev());
    }
    // What lies in a folder that is gone is what somebody deleted, or what a cut file lost.
    for (folder, items) in std::mem::take(&mut walk.tree.items) {
        for item in items {
            walk.item(&item, &format!("no folder {folder:#x}"), out)?;
        }
    }
    match walk.ordinal {
        0 if nodes.is_empty() => Err(Stop::failed("the store's index cannot be read")),
        0 => Err(Stop::Empty("an Outlook store without items".to_owned())),
        _ => Ok(()),
    }
}

/// Folders and items by the folder that they lie in. The nodes say it themselves: the tables of
/// the folders, which say it too, are the first thing that breaks.
#[derive(Default)]
struct Tree {
    nodes: BTreeMap<u32, Node>,
    folders: BTreeMap<u32, Vec<u32>>,
    items: BTreeMap<u32, Vec<Node>>,
}

impl Tree {
    fn of(nodes: &[Node]) -> Tree {
        let mut tree = Tree::default();
        for node in nodes {
            match node.id & 0x1f {
                kind::FOLDER => {
                    tree.nodes.insert(node.id, *node);
                    if node.parent != node.id {
                        tree.folders.entry(node.parent).or_default().push(node.id);
                    }
                }
                kind::MESSAGE => tree.items.entry(node.parent).or_default().push(*node),
                _ => {}
            }
        }
        tree
    }
}

struct Walk<'a> {
    store: &'a Store,
    tree: Tree,
    ordinal: u64,
}

impl Walk<'_> {
    /// Writes the items of a folder; returns the folders in it with their paths.
    fn folder(
        &mut self,
        folder: u32,
        path: &str,
        out: &mut Out,
    ) -> Result<Vec<(u32, String)>, Stop> {
        // Each folder is taken once: a broken store may hold one inside of itself.
        let inside = self.tree.folders.remove(&folder).unwrap_or_default();
        let node = self.tree.nodes.remove(&folder);
        let props = node.map(|node| Heap::open(self.store, &node).and_then(|heap| heap.props()));
        let name = match props {
            Some(Ok((props, _))) => props.text(id::DISPLAY_NAME).unwrap_or_default(),
            Some(Err(error)) => {
                out.warn(format!("the name of a folder in {path:?} cannot be read: {error}"))?;
                format!("folder {folder:#x}")
            }
            None => String::new(),
        };
        let name = name.trim().replace(['/', '\\'], "_");
        let path = match (path.is_empty(), name.is_empty()) {
            (_, true) => path.to_owned(),
            (true, false) => name,
            (false, false) => format!("{path}/{name}"),
        };
        for item in self.tree.items.remove(&folder).unwrap_or_default() {
            self.item(&item, &path, out)?;
        }
        Ok(inside.into_iter().map(|folder| (folder, path.clone())).collect())
    }

    fn item(&mut self, node: &Node, path: &str, out: &mut Out) -> Result<(), Stop> {
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
        let message = match Message::open(self.store, node, 0) {
            Ok(message) => message,
            Err(error) => {
                return out.unreadable_child(child, State::Failed, format!("broken: {error}"));
            }
        };
        let Message { item, attached, troubles } = message;
        child.name = name(path, ordinal, &write::subject(&item.props).unwrap_or_default());
        child.modified = item.props.time(id::DELIVERY_TIME);
        for trouble in troubles {
            out.warn(format!("{}: {trouble}", child.name))?;
        }
        let mail = eml::compose(&item, &attached, 0);
        out.child(child, &mut mail.as_slice())
    }
}

/// A message with its attachments, and what could not be had.
struct Message {
    item: Item,
    attached: Vec<Attached>,
    troubles: Vec<String>,
}

impl Message {
    fn open(store: &Store, node: &Node, depth: usize) -> Result<Message, Broken> {
        let heap = Heap::open(store, node)?;
        let (props, mut troubles) = heap.props()?;
        let recipients = match heap.inside.get(&RECIPIENTS) {
            Some(table) => Heap::open(store, table).and_then(|table| table.rows()),
            None => Ok(Vec::new()),
        };
        let recipients = recipients.unwrap_or_else(|error| {
            troubles.push(format!("its recipients cannot be read: {error}"));
            Vec::new()
        });
        let mut item = Item { props, recipients };
        item.settle_charset();
        let mut message = Message { item, attached: Vec::new(), troubles };
        let files = heap.inside.values().filter(|node| node.id & 0x1f == kind::ATTACHMENT);
        for (ordinal, node) in (0..).zip(files) {
            if let Err(error) = message.attach(store, node, ordinal, depth) {
                message
                    .troubles
                    .push(format!("attachment {} cannot be read: {error}", ordinal + 1));
            }
        }
        Ok(message)
    }

    fn attach(
        &mut self,
        store: &Store,
        node: &Node,
        ordinal: u64,
        depth: usize,
    ) -> Result<(), Broken> {
        let heap = Heap::open(store, node)?;
        let (mut props, lost) = heap.props()?;
        props.charset.clone_from(&self.item.props.charset);
        let name = |props: &Props, kind| super::msg::child(props, ordinal, kind).name;
        self.troubles.extend(lost.iter().map(|why| format!("{}: {why}", name(&props, "bin"))));
        let object = match props.get(id::ATTACH_DATA) {
            Some(Value::Number(node)) => {
                u32::try_from(*node).ok().and_then(|node| heap.object(node))
            }
            _ => None,
        };
        let is_message = props.number(id::ATTACH_METHOD) == Some(EMBEDDED_MESSAGE);
        let attached = match (props.bytes(id::ATTACH_DATA), object) {
            (Some(bytes), _) => Attached {
                name: name(&props, "bin"),
                mime: props.text(id::ATTACH_MIME),
                is_message: false,
                bytes: bytes.to_vec(),
            },
            (None, Some(object)) if is_message => {
                let name = name(&props, "msg");
                if depth >= DEEPEST {
                    return file::broken(format!("{name} lies deeper than {DEEPEST} messages"));
                }
                let inner = Message::open(store, object, depth + 1)?;
                self.troubles.extend(inner.troubles.iter().map(|why| format!("{name}: {why}")));
                let stem = name.strip_suffix(".msg").unwrap_or(&name);
                Attached {
                    name: format!("{stem}.eml"),
                    mime: None,
                    is_message: true,
                    bytes: eml::compose(&inner.item, &inner.attached, depth + 1),
                }
            }
            (None, Some(object)) => Attached {
                name: name(&props, "bin"),
                mime: props.text(id::ATTACH_MIME),
                is_message: false,
                bytes: heap.bytes(object)?,
            },
            (None, None) => {
                let place =
                    props.first(&[id::ATTACH_LONG_PATH, id::ATTACH_PATH]).unwrap_or_default();
                return file::broken(format!(
                    "{} is not in the store: {place}",
                    name(&props, "bin")
                ));
            }
        };
        self.attached.push(attached);
        Ok(())
    }
}

/// How the bytes of an attachment are kept: as a message.
const EMBEDDED_MESSAGE: i64 = 5;

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
