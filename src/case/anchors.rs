//! Anchors: places in evidence and numbers over it that an analyst marked or cited, and whether
//! they still hold.

use super::{Acted, Case, CaseError, Condition, TableView};
use crate::journal::locate::Locator;
use crate::journal::log::target_of;
use crate::journal::row::AnchorRow;
use crate::journal::{Action, references};
use crate::model::anchor::{Anchor, AnchorView, At, Count, Counted, Figure, Hold, Passage, Record};
use crate::model::document::Part;
use crate::model::view::{Message, Variant};
use crate::model::{AnchorId, ConversationId, DocumentId, ItemId, MessageId, Sha256, VariantKind};
use crate::query::Query;
use crate::store::{StoreError, StoredAnchor, Unit};
use crate::text::normal::{Mode, normalize};
use sha2::Digest;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// Bytes that one anchor may quote: more is no quote but a copy.
pub const LONGEST_QUOTE: u64 = 64 * 1024;

/// Bytes of what stands around a quote that are kept on either side.
const CONTEXT: u64 = 96;

/// A column of a table, over the rows that a view leaves of it.
#[derive(Clone, Copy, Debug)]
pub struct TableColumn<'a> {
    pub variant: &'a Variant,
    pub table: &'a Part,
    pub view: &'a TableView,
    /// From 0.
    pub column: usize,
}

impl Case {
    /// What is to be kept of a range of a text, or (an empty range without a text) of a document or
    /// a whole message as such.
    ///
    /// # Errors
    /// The range is longer than [`LONGEST_QUOTE`] or does not lie in the text.
    pub fn passage(&self, at: At) -> Result<Passage, CaseError> {
        if at.end.saturating_sub(at.start) > LONGEST_QUOTE {
            return Err(CaseError::Refused(format!(
                "a quote has at most {LONGEST_QUOTE} bytes: select less"
            )));
        }
        match at.item {
            ItemId::Document(id) => self.passage_of_document(id, at),
            ItemId::Message(id) => self.passage_of_message(&self.message(id)?, at),
            item => Err(CaseError::Refused(format!("{item} has no text to point at"))),
        }
    }

    fn passage_of_document(&self, id: DocumentId, at: At) -> Result<Passage, CaseError> {
        let (content, containers, path) = self.file_of(id)?;
        let mut passage = Passage {
            target: target_of(&self.store, Unit::Document(id))?,
            content,
            containers,
            path,
            record: None,
            variant: VariantKind::Original,
            extractor: String::new(),
            text: Sha256([0; 32]),
            start: 0,
            end: 0,
            locator: String::new(),
            quote: String::new(),
            before: String::new(),
            after: String::new(),
        };
        let Some(variant) = at.variant else { return Ok(passage) };
        let gone = || CaseError::Refused("this text is not in the case any more".to_owned());
        let variant = self.variant(id, variant)?.ok_or_else(gone)?;
        let quote = self.text(&variant, at.start..at.end)?;
        if quote.start != at.start || quote.text.len() as u64 != at.end.saturating_sub(at.start) {
            return Err(CaseError::Refused("the text changed under the selection".to_owned()));
        }
        let before = self.text(&variant, at.start.saturating_sub(CONTEXT)..at.start)?;
        let after = self.text(&variant, at.end..(at.end + CONTEXT).min(variant.bytes))?;
        passage.before = match before.start < at.start {
            true => before.text,
            false => String::new(),
        };
        passage.after = if at.end < variant.bytes { after.text } else { String::new() };
        passage.variant = variant.kind;
        passage.extractor = variant.tool.clone();
        passage.text = variant.sha256;
        (passage.start, passage.end) = (at.start, at.end);
        passage.locator = self.place_in(&variant, &(at.start..at.end))?;
        passage.quote = quote.text;
        Ok(passage)
    }

    fn passage_of_message(&self, message: &Message, at: At) -> Result<Passage, CaseError> {
        let place = message.places.first();
        let place = place.ok_or_else(|| StoreError::NoSuchItem(message.id.to_string()))?;
        let (content, containers, path) = self.file_of(place.document)?;
        let text = self.store.message_text(message.id)?;
        let end = if at.start == at.end { text.len() as u64 } else { at.end };
        let cut = |from: u64, to: u64| {
            let index = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
            let (mut from, mut to) = (index(from), index(to).min(text.len()));
            while from > 0 && from < text.len() && !text.is_char_boundary(from) {
                from -= 1;
            }
            while to < text.len() && !text.is_char_boundary(to) {
                to += 1;
            }
            text.get(from..to).map(str::to_owned)
        };
        let quote = cut(at.start, end).filter(|quote| quote.len() as u64 == end - at.start);
        Ok(Passage {
            target: target_of(&self.store, Unit::Message(message.id))?,
            content,
            containers,
            path,
            record: Some(Record { ordinal: place.ordinal, span: place.span }),
            variant: VariantKind::Original,
            extractor: self.store.importer_of(place.document)?,
            text: Sha256::of(text.as_bytes()),
            start: at.start,
            end,
            locator: self.place_of_message(message)?,
            quote: quote.ok_or_else(|| {
                CaseError::Refused("the text changed under the selection".to_owned())
            })?,
            before: cut(at.start.saturating_sub(CONTEXT), at.start).unwrap_or_default(),
            after: cut(end, end + CONTEXT).unwrap_or_default(),
        })
    }

    /// SHA-256 of a document's bytes, those of the containers around it, and its path.
    fn file_of(&self, id: DocumentId) -> Result<(Sha256, Vec<Sha256>, String), CaseError> {
        let row = self.document_row(id)?;
        let mut keys = Vec::new();
        for link in self.store.chain(id)? {
            keys.push(self.store.document_key(link.document)?);
        }
        keys.pop();
        Ok((self.store.document_key(id)?, keys, row.path))
    }

    /// The number of documents and messages that a query finds, as something to cite.
    pub fn count_search(&self, query: &str, cancel: &AtomicBool) -> Result<Count, CaseError> {
        let (number, ids) = self.basis(query, cancel)?;
        let (documents, messages, no_text, unreadable) = self.searched()?;
        let mut variants = vec![VariantKind::Original];
        variants.extend(self.store.variant_kinds()?);
        variants.sort_unstable();
        variants.dedup();
        Ok(Count {
            of: Counted::Search {
                query: query.to_owned(),
                references: references::references(&self.store, query, &[])?,
                normal: normalize(query, Mode::Query).text,
                variants,
            },
            number: number.to_string(),
            ids,
            documents,
            messages,
            no_text,
            unreadable,
        })
    }

    /// Documents, messages, documents and pages without text, unreadable files.
    fn searched(&self) -> Result<(u64, u64, u64, u64), CaseError> {
        let status = self.status()?;
        let no_text = status.no_text + status.pages_without_text;
        Ok((status.documents, status.messages, no_text, status.unreadable))
    }

    /// How many units a query finds, and a hash over what names them in every copy of the case.
    fn basis(&self, query: &str, cancel: &AtomicBool) -> Result<(u64, Sha256), CaseError> {
        let query = Query::parse(query)?;
        if self.store.last_change()? == 0 {
            return Ok((0, Sha256::of(&[])));
        }
        let items = self.found_units(&query, cancel)?;
        let mut names: Vec<Vec<u8>> = Vec::with_capacity(items.len());
        let mut messages = Vec::new();
        for item in &items {
            match item {
                ItemId::Document(id) => {
                    names.push([b"D".as_slice(), &self.store.document_key(*id)?.0].concat());
                }
                ItemId::Message(id) => messages.push(*id),
                _ => {}
            }
        }
        let digests = self.store.message_digests(&messages)?;
        names
            .extend(digests.iter().map(|digest| [b"M".as_slice(), &digest.to_be_bytes()].concat()));
        names.sort_unstable();
        let mut hash = sha2::Sha256::new();
        names.iter().for_each(|name| hash.update(name));
        Ok((items.len() as u64, Sha256(hash.finalize().into())))
    }

    /// A figure of a column of a table, as something to cite.
    pub fn count_column(
        &self,
        id: DocumentId,
        of: &TableColumn,
        name: &str,
        figure: Figure,
        cancel: &AtomicBool,
    ) -> Result<Count, CaseError> {
        let (number, ids) = self.figure(of, figure, cancel)?;
        let TableColumn { variant, table, view, column } = *of;
        let (documents, messages, no_text, unreadable) = self.searched()?;
        Ok(Count {
            of: Counted::Column {
                document: self.store.document_key(id)?,
                path: self.document_row(id)?.path,
                variant: variant.kind,
                text: variant.sha256,
                table: table.start,
                sheet: table.label.clone(),
                header: view.header,
                column,
                name: name.to_owned(),
                conditions: view
                    .conditions
                    .iter()
                    .map(|condition| (condition.column, condition.typed.clone()))
                    .collect(),
                figure,
            },
            number,
            ids,
            documents,
            messages,
            no_text,
            unreadable,
        })
    }

    fn figure(
        &self,
        of: &TableColumn,
        figure: Figure,
        cancel: &AtomicBool,
    ) -> Result<(String, Sha256), CaseError> {
        let TableColumn { variant, table, view, column } = *of;
        let figures =
            self.column_figures(variant, table, view.header, column, &view.conditions, cancel)?;
        let number = match figure {
            Figure::Rows => figures.rows.to_string(),
            Figure::Sum => figures
                .sums
                .iter()
                .map(|(unit, _, sum)| match sum.total() {
                    Some(total) if unit.is_empty() => total.to_string(),
                    Some(total) => format!("{total} {unit}"),
                    None => format!("too large a sum {unit}"),
                })
                .collect::<Vec<_>>()
                .join(" + "),
            Figure::Least => figures.least.map_or_else(String::new, |least| least.to_string()),
            Figure::Greatest => figures.greatest.map_or_else(String::new, |most| most.to_string()),
        };
        let plain = TableView { sort: None, ..view.clone() };
        let rows = self.table_order(variant, table, &plain, cancel)?;
        let mut hash = sha2::Sha256::new();
        for number in rows.numbers() {
            hash.update(number.to_be_bytes());
        }
        Ok((number, Sha256(hash.finalize().into())))
    }

    /// Whether an anchor holds in this case now: a passage is looked up in the stored text, a
    /// number is computed again.
    pub fn hold(&self, anchor: &Anchor, cancel: &AtomicBool) -> Result<Hold, CaseError> {
        match anchor {
            Anchor::Passage(passage) => Ok(Locator::new(&self.store).locate(passage)?.0),
            Anchor::Count(count) => self.hold_count(count, cancel),
        }
    }

    fn hold_count(&self, count: &Count, cancel: &AtomicBool) -> Result<Hold, CaseError> {
        let broken = |why: String| Ok(Hold::Broken { why });
        let (number, ids) = match &count.of {
            Counted::Search { query, references, .. } => {
                let query = references::render(&self.store, query, references)?;
                match self.basis(&query, cancel) {
                    Ok(basis) => (basis.0.to_string(), basis.1),
                    Err(CaseError::Query(error)) => return broken(error.to_string()),
                    Err(error) => return Err(error),
                }
            }
            Counted::Column {
                document,
                variant,
                text,
                table,
                sheet,
                header,
                column,
                conditions,
                figure,
                ..
            } => {
                let Some(id) = self.store.find_document(&document.0)? else {
                    return Ok(Hold::Absent);
                };
                let variants = self.store.variants(id)?;
                let same = variants.iter().find(|own| own.sha256 == *text);
                let Some(own) = same.or(variants.iter().find(|own| own.kind == *variant)) else {
                    return Ok(Hold::Absent);
                };
                let at_place = own.parts.iter().find(|part| part.start == *table);
                let part = match same {
                    Some(_) => at_place,
                    None => own.parts.iter().find(|part| part.label == *sheet),
                };
                let Some(part) = part else {
                    return broken(format!("there is no table {sheet:?} in it any more"));
                };
                let conditions = conditions
                    .iter()
                    .map(|(column, typed)| Condition { column: *column, typed: typed.clone() })
                    .collect();
                let view = TableView { header: *header, sort: None, conditions };
                let of = TableColumn { variant: own, table: part, view: &view, column: *column };
                self.figure(&of, *figure, cancel)?
            }
        };
        Ok(match (number == count.number, ids == count.ids) {
            (true, true) => Hold::Holds,
            (true, false) => Hold::OtherBasis,
            (false, _) => Hold::Changed { now: number },
        })
    }

    /// The query of a number, with the short numbers that this case has for what it names.
    pub fn query_of(&self, anchor: &Anchor) -> Result<Option<String>, CaseError> {
        match anchor {
            Anchor::Count(count) => match &count.of {
                Counted::Search { query, references, .. } => {
                    Ok(Some(references::render(&self.store, query, references)?))
                }
                Counted::Column { .. } => Ok(None),
            },
            Anchor::Passage(_) => Ok(None),
        }
    }

    /// Checks all anchors, `each` one by one; it says whether to go on.
    pub fn check_anchors(
        &self,
        cancel: &AtomicBool,
        each: &mut dyn FnMut(&AnchorView, Hold) -> bool,
    ) -> Result<(), CaseError> {
        let mut all = self.store.anchors(0, u64::MAX)?;
        // In the order of texts, so that each is unpacked once.
        all.sort_by_key(|stored| stored.at.map(|at| (at.item, at.variant, at.start)));
        let mut locator = Locator::new(&self.store);
        for stored in all {
            let view = view_of(stored)?;
            let hold = match &view.anchor {
                Anchor::Passage(passage) => locator.locate(passage)?.0,
                Anchor::Count(count) => self.hold_count(count, cancel)?,
            };
            if !each(&view, hold) {
                return Err(CaseError::Cancelled);
            }
        }
        Ok(())
    }

    /// Makes an anchor. With a meaning it is a highlight.
    pub fn add_anchor(
        &self,
        anchor: Anchor,
        meaning: &str,
        comment: &str,
    ) -> Result<(AnchorId, Acted), CaseError> {
        let action =
            Action::Anchor { anchor, meaning: meaning.to_owned(), comment: comment.to_owned() };
        let (operation, acted) = self.act(action)?;
        Ok((self.store.anchor_of(&operation)?, acted))
    }

    pub fn anchor(&self, id: AnchorId) -> Result<AnchorView, CaseError> {
        let stored = self.store.anchor(id)?;
        view_of(stored.ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?)
    }

    /// The anchor that an operation made, when it is there.
    pub fn anchor_by(&self, operation: &Sha256) -> Result<Option<AnchorView>, CaseError> {
        let Some(id) = self.store.find_anchor(operation)? else { return Ok(None) };
        self.store.anchor(id)?.map(view_of).transpose()
    }

    /// Anchors in a document or a message, in the order of its text.
    pub fn anchors_in(&self, item: ItemId) -> Result<Vec<AnchorView>, CaseError> {
        let unit = match item {
            ItemId::Document(id) => Unit::Document(id),
            ItemId::Message(id) => Unit::Message(id),
            _ => return Ok(Vec::new()),
        };
        self.store.anchors_in(unit)?.into_iter().map(view_of).collect()
    }

    /// The first `most` anchors in messages of a conversation, in their order.
    pub fn anchors_of_conversation(
        &self,
        id: ConversationId,
        most: u64,
    ) -> Result<Vec<AnchorView>, CaseError> {
        self.store.anchors_of_conversation(id, most)?.into_iter().map(view_of).collect()
    }

    /// Anchors in any of these messages.
    pub fn anchors_of_messages(&self, ids: &[MessageId]) -> Result<Vec<AnchorView>, CaseError> {
        self.store.anchors_of_messages(ids)?.into_iter().map(view_of).collect()
    }

    /// Anchors `range`, by number.
    pub fn anchors(&self, range: Range<u64>) -> Result<Vec<AnchorView>, CaseError> {
        let most = range.end.saturating_sub(range.start);
        self.store.anchors(range.start, most)?.into_iter().map(view_of).collect()
    }

    pub fn anchor_count(&self) -> Result<u64, CaseError> {
        Ok(self.store.anchor_count()?)
    }

    /// What an anchor means from now on.
    pub fn set_anchor(
        &self,
        id: AnchorId,
        meaning: &str,
        comment: &str,
    ) -> Result<Acted, CaseError> {
        let anchor = self.store.anchor_operation(id)?;
        let (meaning, comment) = (meaning.to_owned(), comment.to_owned());
        Ok(self.act(Action::AnchorSet { anchor, meaning, comment })?.1)
    }

    /// Drops an anchor. Notes that cite it say that it is gone.
    pub fn drop_anchor(&self, id: AnchorId) -> Result<Acted, CaseError> {
        let anchor = self.store.anchor_operation(id)?;
        Ok(self.act(Action::AnchorDrop { anchor })?.1)
    }

    /// Tags notes, anchors and entities, or takes a tag off; evidence is tagged by
    /// [`Case::mark`].
    pub fn tag_things(&self, items: &[ItemId], name: &str, on: bool) -> Result<Acted, CaseError> {
        let things = items.iter().map(|item| self.operation_of(*item)).collect::<Result<_, _>>()?;
        Ok(self.act(Action::Tag { name: name.to_owned(), on, things })?.1)
    }

    /// The operation that made a note, an anchor or an entity.
    pub fn operation_of(&self, item: ItemId) -> Result<Sha256, CaseError> {
        Ok(match item {
            ItemId::Note(id) => self.store.note_operation(id)?,
            ItemId::Anchor(id) => self.store.anchor_operation(id)?,
            ItemId::Entity(id) => self.store.entity_operation(id)?,
            item => return Err(CaseError::Refused(format!("{item} is evidence, nobody made it"))),
        })
    }
}

fn view_of(stored: StoredAnchor) -> Result<AnchorView, CaseError> {
    let row: AnchorRow = serde_json::from_str(&stored.row.body)
        .map_err(|error| StoreError::Damaged(format!("{}: {error}", stored.id)))?;
    Ok(AnchorView {
        id: stored.id,
        operation: stored.operation,
        anchor: row.anchor,
        meaning: row.meaning,
        comment: row.comment,
        tags: row.tags,
        at: stored.at,
        author: stored.row.author,
        wall: stored.row.wall,
    })
}

impl Count {
    /// `0 hits for X in 15,743 messages and 545 documents; 32 pages have no text`.
    pub fn words(&self) -> String {
        let grouped = crate::text::quantity::grouped_count;
        let mut words = match &self.of {
            Counted::Search { query, .. } => {
                let hits = if self.number == "1" { "hit" } else { "hits" };
                format!("{} {hits} for {query}", self.number)
            }
            Counted::Column { path, sheet, name, conditions, figure, .. } => {
                let what = match figure {
                    Figure::Rows => "rows",
                    Figure::Sum => "sum of",
                    Figure::Least => "least",
                    Figure::Greatest => "greatest",
                };
                let mut words = format!("{}: {what} {name}", self.number);
                for (_, typed) in conditions {
                    words.push_str(&format!(" where {typed}"));
                }
                let sheet = if sheet.is_empty() { String::new() } else { format!(" {sheet}") };
                return format!("{words} in {path}{sheet}");
            }
        };
        words.push_str(&format!(
            " in {} messages and {} documents",
            grouped(self.messages),
            grouped(self.documents)
        ));
        if self.no_text > 0 {
            words.push_str(&format!("; {} documents or pages have no text", grouped(self.no_text)));
        }
        if self.unreadable > 0 {
            words.push_str(&format!("; {} files could not be read", grouped(self.unreadable)));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::testing::{put_text, with_documents};

    static NEVER: AtomicBool = AtomicBool::new(false);

    /// A passage of `quote` in `text`, as it is kept, and whether it holds where the document's
    /// text is `now`.
    fn hold(text: &str, quote: &str, now: &str) -> (Hold, Option<String>) {
        let (_before_dir, before) = with_documents(&[1]);
        put_text(&before, DocumentId(1), text);
        let start = text.find(quote).unwrap() as u64;
        let variant = before.document(DocumentId(1)).unwrap().variants.remove(0);
        let at = At {
            item: DocumentId(1).into(),
            variant: Some(variant.id),
            start,
            end: start + quote.len() as u64,
        };
        let passage = before.passage(at).unwrap();
        assert_eq!(passage.quote, quote);
        let (_dir, after) = with_documents(&[1]);
        put_text(&after, DocumentId(1), now);
        let anchor = Anchor::Passage(Box::new(passage));
        let (id, _) = after.add_anchor(anchor.clone(), "payment", "").unwrap();
        let at = after.anchor(id).unwrap().at;
        let variant = after.document(DocumentId(1)).unwrap().variants.remove(0);
        let found = at.map(|at| after.text(&variant, at.start..at.end).unwrap().text);
        (after.hold(&anchor, &NEVER).unwrap(), found)
    }

    #[test]
    fn a_passage_holds_moves_or_breaks_and_never_points_elsewhere() {
        let text = "甲方付款三十万。乙方付款三十万。";
        let (held, found) = hold(text, "乙方付款", text);
        assert_eq!((held, found.as_deref()), (Hold::Holds, Some("乙方付款")));
        let far = format!("{}{text}", "第一页\n".repeat(30_000));
        let (held, found) = hold(text, "乙方付款", &far);
        assert_eq!(found.as_deref(), Some("乙方付款"));
        assert!(matches!(held, Hold::Moved { start, .. } if start > 300_000), "{held:?}");
        // The quote stands twice: only what stands around it tells which is meant.
        let (held, found) = hold(text, "三十万", &format!("序\n{text}"));
        let moved = matches!(held, Hold::Moved { start, .. } if start == 4 + 12);
        assert!(moved && found.is_some(), "{held:?}");
        let (held, found) = hold(text, "三十万", "三十万元整，三十万元整");
        assert!(matches!(&held, Hold::Broken { why } if why.contains("2 places")), "{held:?}");
        assert_eq!(found, None);
        let (held, _) = hold(text, "乙方付款", "甲方付款");
        assert!(matches!(held, Hold::Broken { .. }), "{held:?}");
    }

    #[test]
    fn a_quote_over_the_border_of_two_chunks_is_found() {
        // A chunk has 128 KiB.
        let text = format!("{}青河局付款", "字".repeat(43_690));
        let (held, found) = hold(&text, "青河局付款", &text);
        assert_eq!((held, found.as_deref()), (Hold::Holds, Some("青河局付款")));
        let (held, found) = hold("青河局付款", "青河局付款", &text);
        assert_eq!(found.as_deref(), Some("青河局付款"));
        assert!(matches!(held, Hold::Moved { .. }), "{held:?}");
    }

    #[test]
    fn evidence_that_the_case_lacks_is_absent_until_it_comes() {
        let (_dir, case) = with_documents(&[1]);
        put_text(&case, DocumentId(1), "付款");
        let variant = case.document(DocumentId(1)).unwrap().variants.remove(0);
        let at = At { item: DocumentId(1).into(), variant: Some(variant.id), start: 0, end: 3 };
        let anchor = Anchor::Passage(Box::new(case.passage(at).unwrap()));
        let (dir, other) = with_documents(&[2]);
        let (id, _) = other.add_anchor(anchor.clone(), "", "").unwrap();
        assert_eq!(other.hold(&anchor, &NEVER).unwrap(), Hold::Absent);
        let came = crate::case::testing::add_document(&other, dir.path(), 1);
        put_text(&other, came, "付款");
        other.project_journal().unwrap();
        assert_eq!(other.anchor(id).unwrap().at.map(|at| at.item), Some(came.into()));
        assert_eq!(other.hold(&anchor, &NEVER).unwrap(), Hold::Holds);
    }

    #[test]
    fn highlights_are_changed_tagged_dropped_and_undone() {
        let (_dir, case) = with_documents(&[1]);
        put_text(&case, DocumentId(1), "甲方付款");
        let variant = case.document(DocumentId(1)).unwrap().variants.remove(0);
        let at = At { item: DocumentId(1).into(), variant: Some(variant.id), start: 6, end: 12 };
        let anchor = Anchor::Passage(Box::new(case.passage(at).unwrap()));
        let (id, acted) = case.add_anchor(anchor, "payment", "by whom?").unwrap();
        assert_eq!(acted.words, "highlighted as payment");
        case.set_anchor(id, "bribe", "").unwrap();
        case.tag_things(&[ItemId::Anchor(id)], "money/cash", true).unwrap();
        let view = case.anchors_in(DocumentId(1).into()).unwrap().remove(0);
        assert_eq!(
            (view.meaning.as_str(), view.tags.as_slice()),
            ("bribe", ["money/cash".to_owned()].as_slice())
        );
        case.drop_anchor(id).unwrap();
        assert!(case.anchors_in(DocumentId(1).into()).unwrap().is_empty());
        for _ in 0..3 {
            case.undo().unwrap();
        }
        let view = case.anchor(id).unwrap();
        assert_eq!(
            (view.meaning.as_str(), view.comment.as_str(), view.tags.len()),
            ("payment", "by whom?", 0)
        );
        case.undo().unwrap();
        assert_eq!(case.anchor_count().unwrap(), 0);
        assert_eq!(case.check_journal().unwrap().1, Vec::new());
    }
}
