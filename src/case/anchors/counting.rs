//! Numbers over evidence: made, and counted again.

use crate::case::{Acted, Case, CaseError, Condition, Extreme, TableView};
use crate::journal::row::AnchorRow;
use crate::journal::{Action, references};
use crate::model::anchor::{Anchor, Count, Counted, Figure, Hold, shown};
use crate::model::document::Part;
use crate::model::view::Variant;
use crate::model::{AnchorId, DocumentId, ItemId, Sha256, VariantKind};
use crate::query::Query;
use crate::store::StoreError;
use crate::text::normal::{Mode, normalize};
use crate::text::tally::{counted, grouped};
use sha2::Digest;
use std::sync::atomic::AtomicBool;

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
    /// The number of documents and messages that a query finds, as something to cite.
    pub fn count_search(&self, query: &str, cancel: &AtomicBool) -> Result<Count, CaseError> {
        let (number, ids) = self.basis(query, cancel)?;
        let Searched { documents, messages, no_text, unreadable } = self.searched()?;
        let variants = self.variants_searched()?;
        Ok(Count {
            of: Counted::Search {
                query: query.to_owned(),
                references: references::of_query(&self.store, query)?,
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

    fn searched(&self) -> Result<Searched, CaseError> {
        let status = self.status()?;
        Ok(Searched {
            documents: status.documents,
            messages: status.messages,
            no_text: status.no_text + status.pages_without_text,
            unreadable: status.unreadable,
        })
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
        // Its name, and those of the columns of the conditions.
        (name, named): (&str, &[String]),
        figure: Figure,
        cancel: &AtomicBool,
    ) -> Result<Count, CaseError> {
        let (number, ids) = self.figure(of, figure, "", cancel)?;
        let TableColumn { variant, table, view, column } = *of;
        let Searched { documents, messages, no_text, unreadable } = self.searched()?;
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
                named: named.to_vec(),
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

    /// `before`: how it was written when it was cited. What was once written in another way and would be
    /// so again is the same number.
    fn figure(
        &self,
        of: &TableColumn,
        figure: Figure,
        before: &str,
        cancel: &AtomicBool,
    ) -> Result<(String, Sha256), CaseError> {
        let TableColumn { variant, table, view, column } = *of;
        let figures =
            self.column_figures(variant, table, view.header, column, &view.conditions, cancel)?;
        let as_cited =
            |before: &str, once: String, now: String| if once == before { once } else { now };
        let extreme =
            |which| as_cited(before, figures.extreme_of_before(which), figures.extreme(which));
        let number = match figure {
            Figure::Rows => figures.rows.to_string(),
            Figure::Sum => as_cited(before, figures.sum_of_before(), figures.sum()),
            Figure::Least => extreme(Extreme::Least),
            Figure::Greatest => extreme(Extreme::Greatest),
        };
        let plain = TableView { sort: None, ..view.clone() };
        let rows = self.table_order(variant, table, &plain, cancel)?;
        let mut hash = sha2::Sha256::new();
        for number in rows.numbers() {
            hash.update(number.to_be_bytes());
        }
        Ok((number, Sha256(hash.finalize().into())))
    }

    /// Counts a number again whose evidence changed since and which is the same: from now on it
    /// is one of the evidence of now.
    ///
    /// # Errors
    /// It is no number; it holds as it is; it is another number now, or cannot be counted here.
    pub fn count_again(&self, id: AnchorId, cancel: &AtomicBool) -> Result<Acted, CaseError> {
        let refuse = |words: String| Err(CaseError::Refused(words));
        let stored = self.store.anchor(id)?;
        let stored = stored.ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        let row: AnchorRow = serde_json::from_str(&stored.row.body)
            .map_err(|error| StoreError::Damaged(format!("{id}: {error}")))?;
        let Anchor::Count(mut count) = row.anchor else {
            return refuse(format!("{id} is a passage: there is nothing to count in it"));
        };
        match self.hold_count(&count, cancel)? {
            Hold::OtherBasis { .. } => {}
            Hold::Holds | Hold::Moved { .. } => {
                return refuse(format!("{id} holds: it was counted in the evidence of now"));
            }
            Hold::Changed { now } => {
                let (now, was) = (shown(&now), count.shown());
                return refuse(format!(
                    "{id} is {now} now and was {was}: what was written of {was} is to be written \
                     anew, with a citation of its own"
                ));
            }
            Hold::Broken { why } | Hold::Misplaced { why } => {
                return refuse(format!("{id} cannot be counted again: {why}"));
            }
            Hold::Absent => {
                return refuse(format!("{id} is about something that is not in this case"));
            }
        }
        if let Ok((_, ids)) = self.counted_now(&count, cancel)? {
            count.ids = ids;
        }
        if let Counted::Search { variants, .. } = &mut count.of {
            *variants = self.variants_searched()?;
        }
        let Searched { documents, messages, no_text, unreadable } = self.searched()?;
        (count.documents, count.messages) = (documents, messages);
        (count.no_text, count.unreadable) = (no_text, unreadable);
        Ok(self.act(Action::AnchorCount { anchor: stored.operation, count })?.1)
    }

    fn variants_searched(&self) -> Result<Vec<VariantKind>, CaseError> {
        let mut variants = vec![VariantKind::Original];
        variants.extend(self.store.variant_kinds()?);
        variants.sort_unstable();
        variants.dedup();
        Ok(variants)
    }

    /// What a number is now, with the hash over what it stands on; or why it cannot be counted.
    fn counted_now(
        &self,
        count: &Count,
        cancel: &AtomicBool,
    ) -> Result<Result<(String, Sha256), Hold>, CaseError> {
        let broken = |why: String| Ok(Err(Hold::Broken { why }));
        Ok(Ok(match &count.of {
            Counted::Search { query, references, .. } => {
                if references::names_absent(&self.store, references)? {
                    return Ok(Err(Hold::Absent));
                }
                let query = references::render_query(&self.store, query, references)?;
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
                    return Ok(Err(Hold::Absent));
                };
                let variants = self.store.variants(id)?;
                let same = variants.iter().find(|own| own.sha256 == *text);
                let Some(own) = same.or(variants.iter().find(|own| own.kind == *variant)) else {
                    return Ok(Err(Hold::Absent));
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
                self.figure(&of, *figure, &count.number, cancel)?
            }
        }))
    }

    pub(super) fn hold_count(&self, count: &Count, cancel: &AtomicBool) -> Result<Hold, CaseError> {
        let (number, ids) = match self.counted_now(count, cancel)? {
            Ok(counted) => counted,
            Err(hold) => return Ok(hold),
        };
        if number != count.number {
            return Ok(Hold::Changed { now: number });
        }
        // A figure of a table stands on the table alone.
        let searched = match &count.of {
            Counted::Search { .. } => Some(self.searched()?),
            Counted::Column { .. } => None,
        };
        let number = shown(&number);
        let is_as_much = searched.is_none_or(|now| now == count.searched());
        let place = match searched {
            Some(now) if is_as_much => format!("in {now}"),
            Some(now) => format!("now in {now}"),
            None => "over other rows".to_owned(),
        };
        Ok(match (ids == count.ids, is_as_much) {
            (true, true) => Hold::Holds,
            (false, _) if searched.is_some() => Hold::OtherBasis {
                now: format!("still {number}, of other documents or messages, {place}"),
            },
            _ => Hold::OtherBasis { now: format!("still {number}, {place}") },
        })
    }

    /// A number with the short numbers that this case has for what its query names, instead of
    /// those of the case that it was counted in.
    pub(super) fn numbered_here(&self, anchor: Anchor) -> Result<Anchor, CaseError> {
        Ok(match anchor {
            Anchor::Count(mut count) => {
                if let Counted::Search { query, references, normal, .. } = &mut count.of
                    && !references.is_empty()
                {
                    *query = references::render_query(&self.store, query, references)?;
                    *normal = normalize(query, Mode::Query).text;
                    *references = references::rendered(&self.store, references)?;
                }
                Anchor::Count(count)
            }
            passage => passage,
        })
    }

    /// The query of a number, with the short numbers that this case has for what it names.
    pub fn query_of(&self, anchor: &Anchor) -> Result<Option<String>, CaseError> {
        match anchor {
            Anchor::Count(count) => match &count.of {
                Counted::Search { query, references, .. } => {
                    Ok(Some(references::render_query(&self.store, query, references)?))
                }
                Counted::Column { .. } => Ok(None),
            },
            Anchor::Passage(_) => Ok(None),
        }
    }
}

impl Counted {
    /// What the rows of a figure must say, in words: `客户 contains 川江`, and `column 3 contains 川江`
    /// where nobody noted what the column is called.
    pub fn conditions(&self) -> Vec<String> {
        let Counted::Column { conditions, named, .. } = self else { return Vec::new() };
        let words = |(at, (column, typed)): (usize, &(usize, String))| {
            let condition = Condition { column: *column, typed: typed.clone() };
            let column = match named.get(at).map(String::as_str) {
                None | Some("") => format!("column {}", column + 1),
                Some(name) => name.to_owned(),
            };
            format!("{column} {}", condition.words())
        };
        conditions.iter().enumerate().map(words).collect()
    }
}

impl Count {
    /// `0 hits for X in 15,743 messages and 545 documents; 32 pages have no text`. Reports say it, and
    /// are held against it when they are checked.
    pub fn words(&self) -> String {
        let mut words = match &self.of {
            Counted::Search { query, .. } => {
                let hits = if self.number == "1" { "hit" } else { "hits" };
                format!("{} {hits} for {query}", self.shown())
            }
            Counted::Column { path, sheet, name, conditions, named, figure, .. } => {
                let what = match figure {
                    Figure::Rows => "rows",
                    Figure::Sum => "sum of",
                    Figure::Least => "least",
                    Figure::Greatest => "greatest",
                };
                let number = self.shown();
                let mut words = format!("{number}: {what} {name}");
                let asked = self.of.conditions();
                if named.is_empty() {
                    for (_, typed) in conditions {
                        words.push_str(&format!(" where {typed}"));
                    }
                } else if *figure == Figure::Rows {
                    words = format!("{number}: rows where {}", asked.join(" and "));
                } else {
                    words.push_str(&format!(" where {}", asked.join(" and ")));
                }
                let sheet = if sheet.is_empty() { String::new() } else { format!(" {sheet}") };
                return format!("{words} in {path}{sheet}");
            }
        };
        words.push_str(&format!(" in {}", self.searched()));
        words
    }

    fn searched(&self) -> Searched {
        let Count { documents, messages, no_text, unreadable, .. } = *self;
        Searched { documents, messages, no_text, unreadable }
    }
}

/// In how much a query was looked for: an absence says no more than that.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Searched {
    documents: u64,
    messages: u64,
    /// Documents and pages.
    no_text: u64,
    unreadable: u64,
}

impl std::fmt::Display for Searched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let messages = counted(self.messages, "message", "messages");
        write!(f, "{messages} and {}", counted(self.documents, "document", "documents"))?;
        match self.no_text {
            0 => {}
            1 => write!(f, "; 1 document or page has no text")?,
            many => write!(f, "; {} documents or pages have no text", grouped(many))?,
        }
        if self.unreadable > 0 {
            write!(f, "; {} could not be read", counted(self.unreadable, "file", "files"))?;
        }
        Ok(())
    }
}
