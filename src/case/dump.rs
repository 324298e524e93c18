//! The whole state of a case as sorted text, for comparing two copies line by line. Evidence and
//! work are named by content; numbers, paths of this machine and what was merely seen are left out.
//! Two cases with the same evidence and the same operations give the same text.

use super::{Case, CaseError};
use crate::journal::Action;
use crate::journal::{self, log, target_of};
use crate::model::{Reference, Sha256, Target};
use crate::store::{MadeRow, StoreError};
use crate::text::escape::{json, line, quoted};
use std::collections::BTreeMap;
use std::io::Write;

/// Version of the text.
const FORMAT: u32 = 1;

/// Documents that are read at once.
const STEP: u64 = 1000;

impl Case {
    /// Writes the dump.
    ///
    /// # Errors
    /// The case cannot be read, `into` not be written.
    pub fn dump(&self, into: &mut dyn Write) -> Result<(), CaseError> {
        let mut out = Dump { into };
        out.line(format_args!("casebook dump {FORMAT}"))?;
        self.dump_documents(&mut out)?;
        self.dump_chats(&mut out)?;
        self.dump_work(&mut out)?;
        self.dump_journal(&mut out)
    }

    fn dump_documents(&self, out: &mut Dump<'_>) -> Result<(), CaseError> {
        out.section("documents")?;
        let mut keys: Vec<_> = self.store.document_keys()?.into_keys().collect();
        keys.sort_unstable();
        for key in keys {
            let Some(id) = self.store.find_document(&key)? else { continue };
            let document = self.store.document(id)?;
            let row = &document.row;
            let key = Sha256(key);
            out.line(format_args!(
                "document {key} {} {} {}",
                row.format,
                row.state.name(),
                row.size
            ))?;
            let mut lines: Vec<String> = document
                .places
                .iter()
                .map(|place| {
                    let missing = if place.missing { " missing" } else { "" };
                    format!("  place {}{missing}", quoted(&place.path))
                })
                .collect();
            lines.extend(document.variants.iter().map(|text| {
                let (kind, tool) = (text.kind.name(), quoted(&text.tool));
                format!("  text {kind} {} {} {tool}", text.sha256, text.bytes)
            }));
            lines.sort_unstable();
            lines.dedup();
            out.lines(&lines)?;
        }
        Ok(())
    }

    fn dump_chats(&self, out: &mut Dump<'_>) -> Result<(), CaseError> {
        out.section("conversations")?;
        let mut lines = Vec::new();
        let count = self.store.conversation_count()?;
        for skip in (0..count).step_by(STEP as usize) {
            for row in self.store.conversations(skip, STEP)? {
                lines.push(format!(
                    "conversation {} {} {}",
                    quoted(&row.platform),
                    quoted(&row.key),
                    row.messages
                ));
            }
        }
        let mut skip = 0;
        loop {
            let accounts = self.store.participants(skip, STEP)?;
            if accounts.is_empty() {
                break;
            }
            skip += accounts.len() as u64;
            for account in accounts {
                let (platform, handle) = (quoted(&account.platform), quoted(&account.handle));
                lines.push(format!("account {platform} {handle}"));
            }
        }
        out.sorted(lines)?;
        out.section("messages")?;
        let mut digests: BTreeMap<Sha256, u64> = BTreeMap::new();
        self.store.each_message_digest(|digest| *digests.entry(digest).or_default() += 1)?;
        for (digest, count) in digests {
            match count {
                1 => out.line(format_args!("message {digest}"))?,
                count => out.line(format_args!("message {digest} x{count}"))?,
            }
        }
        Ok(())
    }

    fn dump_work(&self, out: &mut Dump<'_>) -> Result<(), CaseError> {
        out.section("marks")?;
        let mut lines = Vec::new();
        for (unit, name) in self.store.all_marks()? {
            lines.push(format!(
                "mark {} {}",
                quoted(&name),
                target(&target_of(&self.store, unit)?)
            ));
        }
        out.sorted(lines)?;
        out.section("zones")?;
        let mut lines = Vec::new();
        for (document, key, status) in self.store.exports()? {
            if status == "set" {
                lines.push(format!("zone {key} {}", self.store.zone(document)?));
            }
        }
        out.sorted(lines)?;
        out.section("things")?;
        for thing in self.store.things()? {
            self.dump_thing(thing, out)?;
        }
        Ok(())
    }

    /// A note, an anchor, an entity or a saved search.
    fn dump_thing(&self, thing: Sha256, out: &mut Dump<'_>) -> Result<(), CaseError> {
        if let Some(note) = self.store.find_note(&thing)? {
            let (kind, fields) = self.store.note_fields(note)?;
            out.line(format_args!("{kind} {thing}"))?;
            out.json(&fields)?;
            let mut texts = self.store.note_texts(note)?;
            texts.sort_by_key(|text| text.operation);
            for text in texts {
                self.dump_text(text.operation, out)?;
            }
        }
        if let Some(id) = self.store.find_anchor(&thing)?
            && let Some(anchor) = self.store.anchor(id)?
        {
            out.made("anchor", &thing, &self.signed(thing, anchor.row)?)?;
        }
        if let Some(id) = self.store.find_entity(&thing)?
            && let Some(row) = self.store.entity_row(id)?
        {
            out.made("entity", &thing, &self.signed(thing, row)?)?;
        }
        if let Some(search) = self.store.saved_search(&thing)? {
            let (name, query) = (quoted(&search.name), quoted(&search.query));
            out.line(format_args!("search {thing} {name} {query}"))?;
        }
        Ok(())
    }

    fn signed(&self, thing: Sha256, row: MadeRow) -> Result<MadeRow, CaseError> {
        Ok(MadeRow { author: self.last_hand(&[thing], row.author)?, ..row })
    }

    /// A text as it was written, and what its short numbers name.
    fn dump_text(&self, operation: Sha256, out: &mut Dump<'_>) -> Result<(), CaseError> {
        let Some(body) = log::body(&self.store, operation)? else { return Ok(()) };
        let Action::NoteText { text, references, .. } = &body.action else { return Ok(()) };
        let author = self.signed_name(&body.author, &body.key)?;
        out.line(format_args!("  text {operation} by {} at {}", quoted(&author), body.wall))?;
        for text in text.lines() {
            out.line(format_args!("    | {}", line(text)))?;
        }
        for (token, reference) in references {
            out.line(format_args!("    {} = {}", line(token), name(reference)))?;
        }
        Ok(())
    }

    fn dump_journal(&self, out: &mut Dump<'_>) -> Result<(), CaseError> {
        out.section("journal")?;
        for (operation, missing) in journal::waiting(&self.store)? {
            out.line(format_args!("waiting {operation} {missing}"))?;
        }
        let mut ids = Vec::new();
        self.store.each_operation(|stored| {
            ids.extend(stored.id);
            Ok::<_, CaseError>(())
        })?;
        // In the order of the fold, which is the same everywhere.
        out.line(format_args!("operations {} {}", ids.len() / 32, Sha256::of(&ids)))
    }
}

fn target(target: &Target) -> String {
    match target {
        Target::Document(key) => format!("document {key}"),
        Target::Message(digest, 0) => format!("message {digest}"),
        Target::Message(digest, nth) => format!("message {digest} #{nth}"),
    }
}

fn name(reference: &Reference) -> String {
    match reference {
        Reference::Evidence(evidence) => target(evidence),
        Reference::Conversation { platform, key } => {
            format!("conversation {} {}", quoted(platform), quoted(key))
        }
        Reference::Account { platform, handle } => {
            format!("account {} {}", quoted(platform), quoted(handle))
        }
        Reference::Note(operation) => format!("note {operation}"),
        Reference::Anchor(operation) => format!("anchor {operation}"),
        Reference::Entity(operation) => format!("entity {operation}"),
    }
}

struct Dump<'a> {
    into: &'a mut dyn Write,
}

impl Dump<'_> {
    fn line(&mut self, line: std::fmt::Arguments<'_>) -> Result<(), CaseError> {
        writeln!(self.into, "{line}").map_err(CaseError::Output)
    }

    fn section(&mut self, name: &str) -> Result<(), CaseError> {
        self.line(format_args!("\n== {name}"))
    }

    fn lines(&mut self, lines: &[String]) -> Result<(), CaseError> {
        lines.iter().try_for_each(|line| self.line(format_args!("{line}")))
    }

    /// JSON of the tables, one field a line.
    fn json(&mut self, text: &str) -> Result<(), CaseError> {
        let value: serde_json::Value = serde_json::from_str(text)
            .map_err(|error| StoreError::Damaged(format!("{}: {error}", line(text))))?;
        let pretty = format!("{value:#}");
        pretty.lines().try_for_each(|field| self.line(format_args!("  {}", json(field))))
    }

    fn made(&mut self, kind: &str, thing: &Sha256, row: &MadeRow) -> Result<(), CaseError> {
        self.line(format_args!("{kind} {thing} by {} at {}", quoted(&row.author), row.wall))?;
        self.json(&row.body)
    }

    fn sorted(&mut self, mut lines: Vec<String>) -> Result<(), CaseError> {
        lines.sort_unstable();
        self.lines(&lines)
    }
}
