//! Opening an original in a program outside: asked first, copied, then shown.

use crate::app::App;
use crate::app::data::{Purpose, Request};
use crate::app::event::Effect;
use crate::app::layers::{Layer, Yes};
use crate::app::outside::{Copied, ending};
use crate::app::overview::bytes;
use crate::app::reader::Reader;
use crate::case::DocumentRow;
use crate::model::DocumentId;

impl App {
    /// The document that is read, or that the cursor of the list is on.
    fn document_here(&self) -> Option<&DocumentRow> {
        match (self.focus, &self.reader) {
            (crate::app::view::Pane::List, _) if self.is_documents() => {
                self.documents.current().and_then(|entry| entry.document())
            }
            (_, Reader::Text(text)) => Some(&text.document.row),
            _ => None,
        }
    }

    pub(in crate::app) fn has_document(&self) -> bool {
        self.document_here().is_some()
    }

    /// Asks whether the original shall be shown outside, and says what that means.
    pub(in crate::app) fn open_outside(&mut self) {
        let Some(row) = self.document_here() else { return };
        let (id, format) = (row.id, row.format.clone());
        if row.sha256.is_none() {
            let why = if row.reason.is_empty() { "its bytes are not there" } else { &row.reason };
            return self.say(format!("{id} cannot be opened: {why}"), false);
        }
        let Some(program) = self.opener.clone() else {
            let words = format!(
                "no display here: `casebook extract` copies {id}, or set open in config.toml"
            );
            return self.say(words, false);
        };
        let Some(ending) = ending(row) else {
            let words = format!(
                "{format} is not opened outside: it may run, or nothing shows it; `casebook extract` copies {id}"
            );
            return self.say(words, false);
        };
        let lines = vec![
            format!("Open {id} ({format}, {}) with {}?", bytes(row.size), program[0]),
            format!(
                "A read-only copy is made in a private folder, named .{ending}, and removed when the desk is left."
            ),
            "That program reads evidence without this desk's protection: it may run macros or ask the network for pictures.".to_owned(),
        ];
        self.layers.push(Layer::Confirm { lines, yes: Yes::Outside(id) });
    }

    pub(in crate::app) fn copy_out(&mut self, id: DocumentId) {
        self.asked.remove(&Purpose::Original);
        self.ask(Purpose::Original, Request::Original(id));
        self.say(format!("copying {id} …"), false);
    }

    pub(in crate::app) fn copied_out(&mut self, copied: Copied) {
        let Some(program) = self.opener.clone() else { return };
        self.say(format!("{} goes to {}", copied.id, program[0]), false);
        self.effects.push(Effect::Launch { program, copied });
    }
}
