//! The two kinds of Outlook stores behind one face, with the properties of their objects.

use crate::extract::msg::item::{Props, Value};
use outlook_pst::ltp::prop_context::PropertyValue;
use outlook_pst::ltp::table_context::TableContext;
use outlook_pst::messaging::attachment::{AnsiAttachment, Attachment, UnicodeAttachment};
use outlook_pst::messaging::message::{AnsiMessage, Message, UnicodeMessage};
use outlook_pst::messaging::store::{AnsiStore, EntryId, UnicodeStore};
use outlook_pst::ndb::node_id::NodeId;
use outlook_pst::{AnsiPstFile, UnicodePstFile};
use std::fs::File;
use std::io;
use std::rc::Rc;

/// An open store. The library keeps the two kinds apart by type because they differ on disk.
pub enum Store {
    Unicode(Rc<UnicodeStore>),
    Ansi(Rc<AnsiStore>),
}

impl Store {
    pub fn open(file: &File) -> io::Result<Store> {
        match UnicodePstFile::read_from(Box::new(file.try_clone()?)) {
            Ok(pst) => Ok(Store::Unicode(UnicodeStore::read(Rc::new(pst))?)),
            Err(_) => {
                let pst = AnsiPstFile::read_from(Box::new(file.try_clone()?))?;
                Ok(Store::Ansi(AnsiStore::read(Rc::new(pst))?))
            }
        }
    }

    pub fn as_dyn(&self) -> &dyn outlook_pst::messaging::store::Store {
        match self {
            Store::Unicode(store) => &**store,
            Store::Ansi(store) => &**store,
        }
    }

    pub fn entry(&self, node: NodeId) -> io::Result<EntryId> {
        self.as_dyn().properties().make_entry_id(node)
    }

    pub fn message(&self, entry: &EntryId) -> io::Result<Opened> {
        Ok(match self {
            Store::Unicode(store) => {
                Opened::Unicode(UnicodeMessage::read(store.clone(), entry, None)?)
            }
            Store::Ansi(store) => Opened::Ansi(AnsiMessage::read(store.clone(), entry, None)?),
        })
    }
}

/// An open message.
pub enum Opened {
    Unicode(Rc<UnicodeMessage>),
    Ansi(Rc<AnsiMessage>),
}

impl Opened {
    pub fn as_dyn(&self) -> &dyn Message {
        match self {
            Opened::Unicode(message) => &**message,
            Opened::Ansi(message) => &**message,
        }
    }

    pub fn attachment(&self, node: NodeId) -> io::Result<Rc<dyn Attachment>> {
        Ok(match self {
            Opened::Unicode(message) => UnicodeAttachment::read(message.clone(), node, None)?,
            Opened::Ansi(message) => AnsiAttachment::read(message.clone(), node, None)?,
        })
    }
}

/// Properties as the rest of the program knows them.
pub fn props<'a>(values: impl Iterator<Item = (u16, &'a PropertyValue)>) -> Props {
    let mut props = Props::default();
    for (id, value) in values {
        if let Some(value) = convert(value) {
            props.put(id, value);
        }
    }
    props
}

fn convert(value: &PropertyValue) -> Option<Value> {
    Some(match value {
        PropertyValue::Integer16(number) => Value::Number(i64::from(*number)),
        PropertyValue::Integer32(number) => Value::Number(i64::from(*number)),
        PropertyValue::Integer64(number) => Value::Number(*number),
        PropertyValue::Boolean(yes) => Value::Number(i64::from(*yes)),
        PropertyValue::Time(ticks) => Value::Time(u64::try_from(*ticks).ok()?),
        PropertyValue::String8(text) => Value::Ansi(text.buffer().to_vec()),
        PropertyValue::Unicode(text) => Value::Unicode(String::from_utf16_lossy(text.buffer())),
        PropertyValue::Binary(bytes) => Value::Binary(bytes.buffer().to_vec()),
        _ => return None,
    })
}

/// The rows of a table, each as properties with the node it stands for. Cells that cannot be
/// read are left out.
pub fn rows(table: &dyn TableContext) -> Vec<(NodeId, Props)> {
    let context = table.context();
    table
        .rows_matrix()
        .map(|row| {
            let mut props = Props::default();
            let cells = row.columns(context).unwrap_or_default();
            for (column, cell) in context.columns().iter().zip(cells) {
                if let Some(cell) = cell
                    && let Ok(value) = table.read_column(&cell, column.prop_type())
                    && let Some(value) = convert(&value)
                {
                    props.put(column.prop_id(), value);
                }
            }
            (NodeId::from(u32::from(row.id())), props)
        })
        .collect()
}
