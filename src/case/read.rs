//! Reading: lists, documents, texts, conversations, messages.

use super::people::Owners;
use super::{Case, CaseError};
use crate::model::view::*;
use crate::model::{ConversationId, DocumentId, MessageId};
use std::collections::HashSet;
use std::ops::Range;

/// Most bytes that [`Case::text`] gives at once.
const MOST_TEXT: u64 = 4 << 20;

impl Case {
    /// Counts of the whole case.
    pub fn status(&self) -> Result<Status, CaseError> {
        let mut status = self.store.status(crate::extract::format::READERS)?;
        status.index_is_current = self.index_is_current()?;
        status.older = self.older(status.older.documents)?;
        if self.stands_alone() {
            status.remarks.push(
                "it lies on a network file system: one program at a time can open it, and its \
                 index is kept on this machine"
                    .to_owned(),
            );
        }
        Ok(status)
    }

    /// How many entries were left alone, and at most `most` of them.
    pub fn skipped(&self, most: u64) -> Result<(u64, Vec<SkippedRow>), CaseError> {
        Ok((self.store.skipped_count()?, self.store.skipped(most)?))
    }

    pub fn document_row(&self, id: DocumentId) -> Result<DocumentRow, CaseError> {
        Ok(self.store.document_row(id)?)
    }

    pub fn document(&self, id: DocumentId) -> Result<Document, CaseError> {
        Ok(self.store.document(id)?)
    }

    /// One text of a document, by its row id.
    pub fn variant(&self, id: DocumentId, variant: i64) -> Result<Option<Variant>, CaseError> {
        Ok(self.store.variants(id)?.into_iter().find(|own| own.id == variant))
    }

    /// The text of a variant from byte `range.start` (moved back to a character border) up to
    /// `range.end` (moved forward), at most 4 MiB.
    pub fn text(&self, variant: &Variant, range: Range<u64>) -> Result<Slice, CaseError> {
        let end = range.end.min(variant.bytes).min(range.start + MOST_TEXT);
        let Some(mut slice) = self.store.chunk_at(variant.id, range.start.min(variant.bytes))?
        else {
            return Ok(Slice { start: 0, line: 0, text: String::new() });
        };
        while slice.start + (slice.text.len() as u64) < end {
            let next = slice.start + slice.text.len() as u64;
            match self.store.chunk_at(variant.id, next)? {
                Some(chunk) if chunk.start == next => slice.text.push_str(&chunk.text),
                _ => break,
            }
        }
        let to_index =
            |offset: u64| usize::try_from(offset.saturating_sub(slice.start)).unwrap_or(usize::MAX);
        let mut from = to_index(range.start).min(slice.text.len());
        while !slice.text.is_char_boundary(from) {
            from -= 1;
        }
        let mut to = to_index(end).clamp(from, slice.text.len());
        while !slice.text.is_char_boundary(to) {
            to += 1;
        }
        let line = slice.text[..from].bytes().filter(|byte| *byte == b'\n').count() as u64;
        Ok(Slice {
            start: slice.start + from as u64,
            line: slice.line + line,
            text: slice.text[from..to].to_owned(),
        })
    }

    /// Byte offset at which line `line` (from 0) begins; the end of the text when there are fewer.
    pub fn line_start(&self, variant: &Variant, line: u64) -> Result<u64, CaseError> {
        let Some(chunk) = self.store.chunk_at_line(variant.id, line)? else { return Ok(0) };
        let mut missing = line - chunk.line;
        if missing == 0 && chunk.line > 0 {
            // The line may begin in the chunk before; its end there is what counts.
            let before = self.store.chunk_at(variant.id, chunk.start.saturating_sub(1))?;
            if let Some(before) = before
                && before.start < chunk.start
                && let Some(at) = before.text.rfind('\n')
            {
                return Ok(before.start + at as u64 + 1);
            }
        }
        for (at, byte) in chunk.text.bytes().enumerate() {
            if missing == 0 {
                return Ok(chunk.start + at as u64);
            }
            if byte == b'\n' {
                missing -= 1;
            }
        }
        Ok(chunk.start + chunk.text.len() as u64)
    }

    /// Number of line ends before byte `offset` of a text.
    pub fn line_at(&self, variant: &Variant, offset: u64) -> Result<u64, CaseError> {
        let Some(chunk) = self.store.chunk_at(variant.id, offset)? else { return Ok(0) };
        let before = usize::try_from(offset.saturating_sub(chunk.start)).unwrap_or(usize::MAX);
        let before = &chunk.text.as_bytes()[..before.min(chunk.text.len())];
        Ok(chunk.line + before.iter().filter(|byte| **byte == b'\n').count() as u64)
    }

    pub fn conversation_count(&self) -> Result<u64, CaseError> {
        Ok(self.store.conversation_count()?)
    }

    /// Conversations `range`, the one with most messages first.
    pub fn conversations(&self, range: Range<u64>) -> Result<Vec<ConversationRow>, CaseError> {
        let mut rows =
            self.store.conversations(range.start, range.end.saturating_sub(range.start))?;
        let owners = self.owners()?;
        rows.iter_mut().try_for_each(|row| self.name_people(row, &owners))?;
        Ok(rows)
    }

    pub fn conversation(&self, id: ConversationId) -> Result<ConversationRow, CaseError> {
        let mut row = self.store.conversation(id)?;
        self.name_people(&mut row, &self.owners()?)?;
        Ok(row)
    }

    /// Says who owns the accounts, also in the title, where it is made of them: who is behind an
    /// account says more than its handle.
    pub(super) fn name_people(
        &self,
        row: &mut ConversationRow,
        owners: &Owners,
    ) -> Result<(), CaseError> {
        owners.put(&mut row.accounts);
        self.title_by(row.id, &mut row.title, owners)
    }

    /// What a conversation is called where people own accounts.
    pub(super) fn title_by(
        &self,
        id: ConversationId,
        title: &mut String,
        owners: &Owners,
    ) -> Result<(), CaseError> {
        if !owners.is_empty() {
            *title = self.store.conversation_title_by(id, |members| owners.put(members))?;
        }
        Ok(())
    }

    /// Messages at positions `range` of a conversation.
    pub fn messages(
        &self,
        id: ConversationId,
        range: Range<u64>,
    ) -> Result<Vec<Message>, CaseError> {
        Ok(self.store.messages(id, range.start, range.end.saturating_sub(range.start))?)
    }

    pub fn message(&self, id: MessageId) -> Result<Message, CaseError> {
        Ok(self.store.message(id)?)
    }

    /// Conversation of a message and its position in it.
    pub fn message_position(&self, id: MessageId) -> Result<(ConversationId, u64), CaseError> {
        Ok(self.store.message_position(id)?)
    }

    /// Positions of some messages in their conversation, in order. For many of them: the position of
    /// one alone is counted up to it.
    pub fn positions_in(
        &self,
        id: ConversationId,
        messages: &HashSet<MessageId>,
    ) -> Result<Vec<u64>, CaseError> {
        let all = self.store.message_ids(id, 0, u64::MAX)?.into_iter();
        let found = (0..).zip(all).filter(|(_, id)| messages.contains(id));
        Ok(found.map(|(position, _)| position).collect())
    }

    /// Position of the first message at or after an instant (UTC seconds).
    pub fn position_at(&self, id: ConversationId, instant: i64) -> Result<u64, CaseError> {
        Ok(self.store.position_at(id, instant)?)
    }

    /// Accounts `range`, the one with most messages first.
    pub fn participants(&self, range: Range<u64>) -> Result<Vec<Participant>, CaseError> {
        Ok(self.store.participants(range.start, range.end.saturating_sub(range.start))?)
    }
}

#[cfg(test)]
mod tests {
    use crate::case::intake::{Found, Reading};
    use crate::case::testing::{add_document, add_read, with_documents};
    use crate::case::{Access, Case, DocumentFilter, Lacking};
    use crate::extract::Outcome;
    use crate::model::{DocumentId, Sha256, SourceId, State};

    /// The counts that are kept, if some are.
    fn kept(case: &Case) -> Option<String> {
        case.store.setting("counts 4").unwrap()
    }

    #[test]
    fn counts_are_kept_until_the_evidence_changes() {
        let (dir, case) = with_documents(&[1, 2]);
        let finish = |now| case.store.finish_source(SourceId(1), now).unwrap();
        assert_eq!(case.status().unwrap().documents, 2);
        assert_eq!(kept(&case), None, "nothing is kept while an add runs");
        finish(1);
        let first = case.status().unwrap();
        let row = kept(&case).expect("they are kept");
        assert_eq!(case.status().unwrap(), first);
        assert_eq!(kept(&case).as_ref(), Some(&row), "and read from there");
        // An add that brings something.
        add_document(&case, dir.path(), 3);
        assert_eq!(case.status().unwrap().documents, 3, "while it runs");
        assert_eq!(kept(&case).as_ref(), Some(&row));
        finish(2);
        assert_eq!(case.status().unwrap().documents, 3, "and at its end");
        assert_ne!(kept(&case), Some(row));
        // Whoever may only read uses what is there, and keeps nothing.
        let reader = Case::open(case.folder(), Access::Read).unwrap();
        assert_eq!(reader.status().unwrap(), case.status().unwrap());
        add_document(&case, dir.path(), 4);
        finish(3);
        let row = kept(&case);
        assert_eq!(reader.status().unwrap().documents, 4);
        assert_eq!(kept(&case), row);
        // A row that nobody understands is none.
        case.store.set_setting("counts 4", "{\"of\": 1}").unwrap();
        assert_eq!(case.status().unwrap().documents, 4);
    }

    #[test]
    fn a_file_of_its_own_gives_the_name_and_not_a_member() {
        let (dir, case) = with_documents(&[1]);
        let intake = case.intake().unwrap();
        let source = intake.source(dir.path(), false, "", &[], false).unwrap();
        let container = intake.places_of(DocumentId(1)).unwrap()[0];
        let found = |parent: Option<i64>, path| Found {
            source,
            parent,
            ordinal: 0,
            path,
            raw: None,
            role: if parent.is_some() { "member" } else { "" },
            modified: None,
            mtime: Some(0),
            claim: None,
        };
        let outcome = Outcome { state: State::Empty, reason: String::new() };
        let reading = Reading::unread(outcome);
        let inside = found(Some(container), "1.txt!销售/合同台账.xlsx");
        let id = intake.document([2; 32], true, 0, &reading, &inside).unwrap();
        intake.place(id, &inside).unwrap();
        let path = || case.document_row(id).unwrap().path;
        assert_eq!(path(), "1.txt!销售/合同台账.xlsx");
        intake.place(id, &found(None, "销售/合同台账.xlsx")).unwrap();
        intake.place(id, &found(None, "销售/copy.xlsx")).unwrap();
        drop(intake);
        // Everywhere: the row, the document, the list, the way to its bytes.
        assert_eq!(path(), "销售/合同台账.xlsx");
        let document = case.document(id).unwrap();
        let places: Vec<&str> = document.places.iter().map(|place| place.path.as_str()).collect();
        let expected = ["销售/合同台账.xlsx", "销售/copy.xlsx", "1.txt!销售/合同台账.xlsx"];
        assert_eq!(places, expected);
        let filter = DocumentFilter { path: "合同".to_owned(), ..DocumentFilter::default() };
        for filter in [DocumentFilter::default(), filter] {
            let rows = case.documents(&filter, 0..9).unwrap();
            let row = rows.iter().find(|row| row.id == id).unwrap();
            assert_eq!((row.path.as_str(), row.places), ("销售/合同台账.xlsx", 3));
        }
        let chain = case.chain(id).unwrap();
        assert_eq!(chain.len(), 1);
        assert_eq!(chain[0].path, "销售/合同台账.xlsx");
        assert_eq!(case.file(&Sha256([2; 32])).unwrap().unwrap().places, expected);
    }

    #[test]
    fn what_was_read_with_a_warning_is_counted_and_listed() {
        let (dir, case) = with_documents(&[1, 2]);
        let warned = |key: u8, state| {
            let mut reading = Reading::unread(Outcome { state, reason: String::new() });
            reading.warnings.push("the last page is cut".to_owned());
            add_read(&case, dir.path(), key, &format!("{key}.pdf"), &reading)
        };
        let id = warned(7, State::Empty);
        // That one is listed with what could not be read.
        warned(8, State::Failed);
        let status = case.status().unwrap();
        assert_eq!((status.warned, status.unreadable), (1, 1));
        let lacking = Some(Lacking::Assurance);
        let rows = case.documents(&DocumentFilter { lacking, ..DocumentFilter::default() }, 0..9);
        let rows = rows.unwrap();
        let listed: Vec<_> = rows.iter().map(|row| (row.id, row.warnings.as_slice())).collect();
        assert_eq!(listed, [(id, &["the last page is cut".to_owned()][..])]);
    }

    #[test]
    fn what_is_kept_is_what_is_shown() {
        let (_dir, case) = with_documents(&[1]);
        case.store.finish_source(SourceId(1), 1).unwrap();
        let counted = case.status().unwrap();
        case.store.finish_source(SourceId(1), 2).unwrap();
        // Another state of the evidence: the row is not used, whatever it says.
        let wrong = kept(&case).unwrap().replace("\"places\":1", "\"places\":7");
        case.store.set_setting("counts 4", &wrong).unwrap();
        assert_eq!(case.status().unwrap(), counted);
    }
}
