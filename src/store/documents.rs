//! Lists of documents and all that is known about one.

use super::error::text_of;
use super::ingest::state;
use super::page_sets::LeftOut;
use super::texts::digest;
use super::{Store, StoreError, Unit};
use crate::model::view::{Document, DocumentFilter, DocumentRow, DocumentSort, Lacking, Place};
use crate::model::{ConversationId, DocumentId, SourceId, time};
use crate::text::natural;
use crate::text::normal::folded;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Params, Row, params_from_iter};
use std::ffi::OsString;
use std::path::PathBuf;

/// SQL order of a [`DocumentSort`]: paths as a person sorts them; ties are broken by number.
fn order(sort: DocumentSort, descending: bool) -> &'static str {
    match (sort, descending) {
        (DocumentSort::Number, false) => "d.id",
        (DocumentSort::Number, true) => "d.id DESC",
        (DocumentSort::Path, false) => "natural(f.path, f.parent IS NOT NULL), d.id",
        (DocumentSort::Path, true) => "natural(f.path, f.parent IS NOT NULL) DESC, d.id",
        (DocumentSort::Format, false) => "d.format, natural(f.path, f.parent IS NOT NULL), d.id",
        (DocumentSort::Format, true) => {
            "d.format DESC, natural(f.path, f.parent IS NOT NULL), d.id"
        }
        (DocumentSort::Date, false) => "d.clock IS NULL, d.clock, d.id",
        (DocumentSort::Date, true) => "d.clock IS NULL, d.clock DESC, d.id",
        (DocumentSort::Size, false) => "d.size, d.id",
        (DocumentSort::Size, true) => "d.size DESC, d.id",
    }
}

const ROW: &str = "SELECT d.id AS id, d.key AS key, d.has_bytes AS has_bytes, d.size AS size,
    d.format AS format, d.state AS state, d.reason AS reason, d.language AS language,
    d.clock AS clock, d.zone AS zone, d.date_source AS date_source, f.path AS path,
    (SELECT q.document FROM place q WHERE q.id = f.parent) AS parent,
    (SELECT count(*) FROM place p WHERE p.document = d.id) AS places,
    (SELECT count(*) FROM place m WHERE m.parent = f.id) AS children,
    (SELECT messages FROM export e WHERE e.document = d.id) AS messages
    FROM document d";

/// The row id of the place that a document is called by, as SQL: of those that are not gone a file
/// of its own before a member of a container, then the first one. `document` is the document's row
/// id; `conditions` on the place `p` begin with ` AND ` each.
pub(super) fn main_place(document: &str, conditions: &str) -> String {
    // Each step ends at the first place that fits, in the order of the index: nothing is sorted.
    let first = |of: &str| {
        format!("(SELECT min(p.id) FROM place p WHERE p.document = {document}{of}{conditions})")
    };
    let steps = [" AND p.parent IS NULL AND p.missing = 0", " AND p.missing = 0", ""];
    format!("coalesce({})", steps.map(first).join(", "))
}

/// A filter as SQL.
pub(super) struct Cut {
    /// What a place `p` must be: each condition begins with ` AND `.
    pub places: String,
    /// What a document `d` must be: each condition begins with ` AND `.
    pub documents: String,
    pub values: Vec<Value>,
}

impl Cut {
    pub fn new(filter: &DocumentFilter) -> Cut {
        let (places, mut values) = Cut::of_places(filter);
        let mut documents = String::new();
        let mut add = |clause: &str, value: Option<Value>| {
            documents.push_str(" AND ");
            if let Some(value) = value {
                values.push(value);
                documents.push_str(&clause.replace('?', &format!("?{}", values.len())));
            } else {
                documents.push_str(clause);
            }
        };
        if let Some(state) = filter.state {
            add("d.state = ?", Some(state.name().to_owned().into()));
        }
        if filter.unreadable {
            add("d.state IN ('failed', 'encrypted', 'over_limit', 'unsupported')", None);
        }
        if let Some(format) = &filter.format {
            add("d.format = ?", Some(format.clone().into()));
        }
        match filter.lacking {
            Some(Lacking::PageText) => add("d.blank_pages <> '' AND d.state <> 'no_text'", None),
            Some(Lacking::Zone) => add(
                "d.id IN (SELECT e.document FROM export e WHERE e.zone_status = 'assumed')",
                None,
            ),
            Some(Lacking::File) => add(
                "NOT EXISTS (SELECT 1 FROM place m WHERE m.document = d.id AND m.missing = 0)",
                None,
            ),
            None => {}
        }
        Cut { places, documents, values }
    }

    /// The same without these.
    fn without(filter: &DocumentFilter, left_out: &LeftOut) -> Cut {
        let mut cut = Cut::new(filter);
        if !left_out.is_empty() {
            cut.values.push(left_out.json.clone().into());
            let number = cut.values.len();
            let clause = format!(" AND d.id NOT IN (SELECT value FROM json_each(?{number}))");
            cut.documents.push_str(&clause);
        }
        cut
    }

    fn of_places(filter: &DocumentFilter) -> (String, Vec<Value>) {
        let (mut sql, mut values) = (String::new(), Vec::<Value>::new());
        if !filter.path.is_empty() {
            values.push(folded(&filter.path).into());
            sql.push_str(&format!(" AND {CALLED}(p.path, ?{})", values.len()));
        }
        if let Some(parent) = filter.parent {
            values.push(parent.0.into());
            let number = values.len();
            sql.push_str(&format!(
                " AND p.parent IN (SELECT q.id FROM place q WHERE q.document = ?{number})"
            ));
        }
        (sql, values)
    }

    /// Joins the place `f` that stands for a document `d`: the main one of those that fit.
    fn join(&self) -> String {
        let Cut { places, documents, .. } = self;
        let main = main_place("d.id", places);
        format!(" JOIN place f ON f.id = {main} WHERE 1{documents}")
    }
}

/// The function of SQL that gives what a path is sorted by, of a member or not.
const NATURAL: &str = "natural";

/// The function of SQL that tells whether a path is called so: both in normal form.
const CALLED: &str = "is_called";

/// Teaches a connection to compare paths in normal form, as `path:` of a query does, to sort them,
/// and to know pages.
pub(super) fn add_functions(conn: &rusqlite::Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function(CALLED, 2, flags, |context| {
        let (path, wanted) = (text_of(context, 0)?, text_of(context, 1)?);
        // Most of the time goes into the normal form, and of plain ASCII that is the lower case.
        let is_plain = path.bytes().all(|b| b.is_ascii_graphic());
        Ok(match is_plain {
            true => path.to_ascii_lowercase().contains(wanted),
            false => folded(path).contains(wanted),
        })
    })?;
    conn.create_scalar_function(NATURAL, 2, flags, |context| {
        let path = text_of(context, 0)?;
        Ok(natural::path_key(path, context.get(1)?))
    })?;
    super::seals::add_checksum(conn)?;
    super::page_sets::add_functions(conn)
}

impl Store {
    /// Number of documents that pass a filter and are not left out.
    pub fn document_count(
        &self,
        filter: &DocumentFilter,
        left_out: &LeftOut,
    ) -> Result<u64, StoreError> {
        let cut = Cut::without(filter, left_out);
        let sql = if cut.places.is_empty() && cut.documents.is_empty() {
            "SELECT count(*) FROM document".to_owned()
        } else {
            format!("SELECT count(*) FROM document d{}", cut.join())
        };
        let count: i64 = self
            .conn
            .prepare_cached(&sql)?
            .query_row(params_from_iter(cut.values), |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Documents that pass a filter and are not left out, in its order.
    pub fn documents(
        &self,
        filter: &DocumentFilter,
        left_out: &LeftOut,
        skip: u64,
        most: u64,
    ) -> Result<Vec<DocumentRow>, StoreError> {
        let cut = Cut::without(filter, left_out);
        let (join, order_by) = (cut.join(), order(filter.sort, filter.descending));
        let sql = format!("{ROW}{join} ORDER BY {order_by} LIMIT {most} OFFSET {skip}");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(cut.values))?;
        let mut documents = Vec::new();
        while let Some(row) = rows.next()? {
            documents.push(document_row(row)?);
        }
        drop(rows);
        for document in &mut documents {
            self.add_document_marks(document)?;
        }
        Ok(documents)
    }

    /// Numbers of the documents that pass a filter and are not left out, in its order.
    pub fn filtered_ids(
        &self,
        filter: &DocumentFilter,
        left_out: &LeftOut,
        skip: u64,
        most: u64,
    ) -> Result<Vec<DocumentId>, StoreError> {
        let cut = Cut::without(filter, left_out);
        let (join, order_by) = (cut.join(), order(filter.sort, filter.descending));
        let sql = format!(
            "SELECT d.id FROM document d{join} ORDER BY {order_by} LIMIT {most} OFFSET {skip}"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows =
            statement.query_map(params_from_iter(cut.values), |row| row.get(0).map(DocumentId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The row of a document in the filtered and sorted list, from 0; `None` when it is not in it.
    pub fn document_position(
        &self,
        filter: &DocumentFilter,
        left_out: &LeftOut,
        id: DocumentId,
    ) -> Result<Option<u64>, StoreError> {
        if *filter == DocumentFilter::default() {
            // In the order of numbers nothing has to be sorted.
            let before: i64 = self
                .conn
                .prepare_cached("SELECT count(*) FROM document WHERE id < ?1")?
                .query_row([id.0], |row| row.get(0))?;
            return Ok(Some(before.unsigned_abs() - left_out.before(id)));
        }
        let mut cut = Cut::without(filter, left_out);
        let (join, order_by) = (cut.join(), order(filter.sort, filter.descending));
        cut.values.push(id.0.into());
        let sql = format!(
            "SELECT row FROM (SELECT d.id AS id, row_number() OVER (ORDER BY {order_by}) - 1 AS row
             FROM document d{join}) WHERE id = ?{}",
            cut.values.len()
        );
        let row: Option<i64> = self
            .conn
            .prepare_cached(&sql)?
            .query_row(params_from_iter(cut.values), |row| row.get(0))
            .optional()?;
        Ok(row.map(i64::unsigned_abs))
    }

    /// All places that pass a filter, in no order: a document has one or more.
    pub fn listed_paths(&self, filter: &DocumentFilter) -> Result<Vec<ListedPath>, StoreError> {
        let Cut { places, documents, values } = Cut::new(filter);
        let sql = format!(
            "SELECT d.id, p.id, p.path, p.parent IS NOT NULL FROM place p
             JOIN document d ON d.id = p.document WHERE 1{places}{documents}"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| {
            let (id, place) = (DocumentId(row.get(0)?), row.get(1)?);
            Ok(ListedPath { id, place, path: row.get(2)?, is_member: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One line of the list, called as in the main place of the document.
    pub fn document_row(&self, id: DocumentId) -> Result<DocumentRow, StoreError> {
        let main = main_place("?1", "");
        self.row_at(id, &format!("{ROW} JOIN place f ON f.id = {main} WHERE d.id = ?1"), [id.0])
    }

    /// One line of the list, called as in this place of the document (see [`ListedPath`]).
    pub fn document_row_in(&self, id: DocumentId, place: i64) -> Result<DocumentRow, StoreError> {
        let sql = format!("{ROW} JOIN place f ON f.document = d.id WHERE d.id = ?1 AND f.id = ?2");
        self.row_at(id, &sql, [id.0, place])
    }

    fn row_at(
        &self,
        id: DocumentId,
        sql: &str,
        values: impl Params,
    ) -> Result<DocumentRow, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        let row = rows.next()?.ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        let mut document = document_row(row)?;
        drop(rows);
        self.add_document_marks(&mut document)?;
        Ok(document)
    }

    fn add_document_marks(&self, row: &mut DocumentRow) -> Result<(), StoreError> {
        for name in self.marks_of(Unit::Document(row.id))? {
            match name.as_str() {
                "read" => row.read = true,
                "starred" => row.starred = true,
                "irrelevant" => row.irrelevant = true,
                name => row.tags.extend(name.strip_prefix("tag:").map(str::to_owned)),
            }
        }
        Ok(())
    }

    pub fn document(&self, id: DocumentId) -> Result<Document, StoreError> {
        let row = self.document_row(id)?;
        let (metadata, warnings, blank): (String, String, String) = self
            .conn
            .prepare_cached("SELECT metadata, warnings, blank_pages FROM document WHERE id = ?1")?
            .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let children = match self.has_children(id)? {
            true => {
                let filter = DocumentFilter { parent: Some(id), ..DocumentFilter::default() };
                self.documents(&filter, &LeftOut::default(), 0, 10_000)?
            }
            // The list looks through all places for what it may show: most documents hold nothing.
            false => Vec::new(),
        };
        let conversations = {
            let mut statement = self.conn.prepare_cached(
                "SELECT b.conversation FROM block b JOIN export e ON e.id = b.export
                 WHERE e.document = ?1 ORDER BY b.conversation",
            )?;
            let rows = statement.query_map([id.0], |row| row.get(0).map(ConversationId))?;
            rows.collect::<Result<_, _>>()?
        };
        let mut places = self.places(id)?;
        places.sort_by_key(|place| (place.missing, place.parent.is_some()));
        Ok(Document {
            places,
            metadata: list(&metadata)?,
            warnings: list(&warnings)?,
            pages_without_text: list(&blank)?,
            variants: self.variants(id)?,
            children,
            conversations,
            page_set: self.page_set(&row)?,
            row,
        })
    }

    fn has_children(&self, id: DocumentId) -> Result<bool, StoreError> {
        let has = self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM place q JOIN place p ON p.parent = q.id
                 WHERE q.document = ?1)",
            )?
            .query_row([id.0], |row| row.get(0))?;
        Ok(has)
    }

    /// What the extractor had to remark on a document.
    pub fn warnings(&self, id: DocumentId) -> Result<Vec<String>, StoreError> {
        let warnings: String = self
            .conn
            .prepare_cached("SELECT warnings FROM document WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0))?;
        list(&warnings)
    }

    /// Whether a file of its own lay at a path of a source at the last add.
    pub fn lies_at(&self, source: SourceId, path: &str) -> Result<bool, StoreError> {
        let lies = self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM place
                 WHERE source = ?1 AND path = ?2 AND parent IS NULL AND missing = 0)",
            )?
            .query_row((source.0, path), |row| row.get(0))?;
        Ok(lies)
    }

    /// All places of a document, the first one first.
    pub fn places(&self, id: DocumentId) -> Result<Vec<Place>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT p.source, p.path, p.parent, p.modified, p.mtime, p.missing, s.path, s.is_file,
                (SELECT q.document FROM place q WHERE q.id = p.parent)
             FROM place p JOIN source s ON s.id = p.source WHERE p.document = ?1 ORDER BY p.id",
        )?;
        let rows = statement.query_map([id.0], |row| {
            let path: String = row.get(1)?;
            let mtime: Option<i64> = row.get(4)?;
            let stated: Option<String> = row.get(3)?;
            let root = path_from_bytes(row.get(6)?);
            let is_file: bool = row.get(7)?;
            let outer = path.split('!').next().unwrap_or_default();
            let file = if is_file { root } else { root.join(outer) };
            Ok(Place {
                source: SourceId(row.get(0)?),
                file: file.to_string_lossy().into_owned(),
                parent: row.get::<_, Option<i64>>(8)?.map(DocumentId),
                modified: stated.or_else(|| {
                    mtime.map(|nanos| time::clock_text_at(nanos.div_euclid(1_000_000_000), 0))
                }),
                missing: row.get(5)?,
                path,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How to get at the bytes of a document again: for every step from the outermost file
    /// inwards the document, its path or member name, its ordinal in the container before it.
    pub fn chain(&self, id: DocumentId) -> Result<Vec<ChainLink>, StoreError> {
        let first: Option<i64> = self
            .conn
            .prepare_cached(&format!("SELECT {}", main_place("?1", "")))?
            .query_row([id.0], |row| row.get(0))?;
        let mut place = first.ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        let mut chain = Vec::new();
        loop {
            let (document, parent, ordinal, path, raw, source, is_file) = self
                .conn
                .prepare_cached(
                    "SELECT p.document, p.parent, p.ordinal, p.path, p.raw, s.path, s.is_file
                     FROM place p JOIN source s ON s.id = p.source WHERE p.id = ?1",
                )?
                .query_row([place], |row| {
                    Ok((
                        row.get::<_, i64>(0)?,
                        row.get::<_, Option<i64>>(1)?,
                        row.get::<_, i64>(2)?,
                        row.get::<_, String>(3)?,
                        row.get::<_, Option<Vec<u8>>>(4)?,
                        row.get::<_, Vec<u8>>(5)?,
                        row.get::<_, bool>(6)?,
                    ))
                })?;
            let file = match (parent, is_file) {
                (Some(_), _) => None,
                (None, true) => Some(path_from_bytes(source)),
                (None, false) => {
                    let relative = raw.map_or_else(|| PathBuf::from(&path), path_from_bytes);
                    Some(path_from_bytes(source).join(relative))
                }
            };
            chain.push(ChainLink {
                document: DocumentId(document),
                ordinal: ordinal.unsigned_abs(),
                path,
                file,
            });
            match parent {
                Some(parent) => place = parent,
                None => break,
            }
        }
        chain.reverse();
        Ok(chain)
    }

    /// Documents whose numbers lie after `after`, at most `most`: for walks over all of them.
    pub fn document_ids(&self, after: i64, most: u64) -> Result<Vec<DocumentId>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT id FROM document WHERE id > ?1 ORDER BY id LIMIT ?2")?;
        let rows = statement.query_map((after, most as i64), |row| row.get(0).map(DocumentId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Where a document stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPath {
    pub id: DocumentId,
    /// Row id of the place.
    pub place: i64,
    pub path: String,
    /// It came out of a container, and `!` in its path stands behind one.
    pub is_member: bool,
}

/// One step on the way from a file on disk to a document inside of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainLink {
    pub document: DocumentId,
    /// Position in the container of the step before.
    pub ordinal: u64,
    pub path: String,
    /// Set on the first step only.
    pub file: Option<PathBuf>,
}

fn list<T: serde::de::DeserializeOwned>(json: &str) -> Result<Vec<T>, StoreError> {
    if json.is_empty() {
        return Ok(Vec::new());
    }
    serde_json::from_str(json).map_err(|error| StoreError::Damaged(error.to_string()))
}

#[cfg(unix)]
pub fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    PathBuf::from(OsString::from_vec(bytes))
}

#[cfg(not(unix))]
pub fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(OsString::from(String::from_utf8_lossy(&bytes).into_owned()))
}

fn document_row(row: &Row) -> Result<DocumentRow, StoreError> {
    let path: String = row.get("path")?;
    let clock: Option<i64> = row.get("clock")?;
    let zone: Option<i32> = row.get("zone")?;
    let has_bytes: bool = row.get("has_bytes")?;
    Ok(DocumentRow {
        id: DocumentId(row.get("id")?),
        name: path.rsplit(['/', '!']).next().unwrap_or(&path).to_owned(),
        format: row.get("format")?,
        size: row.get::<_, i64>("size")?.unsigned_abs(),
        state: state(&row.get::<_, String>("state")?)?,
        reason: row.get("reason")?,
        sha256: if has_bytes { Some(digest(row.get("key")?)?) } else { None },
        language: row.get("language")?,
        date: clock.map(|clock| match zone {
            Some(offset) => time::clock_text_at(clock, offset),
            None => time::clock_text(clock),
        }),
        date_source: row.get("date_source")?,
        parent: row.get::<_, Option<i64>>("parent")?.map(DocumentId),
        places: row.get::<_, i64>("places")?.unsigned_abs(),
        children: row.get::<_, i64>("children")?.unsigned_abs(),
        messages: row.get::<_, Option<i64>>("messages")?.unwrap_or(0).unsigned_abs(),
        path,
        read: false,
        starred: false,
        irrelevant: false,
        tags: Vec::new(),
    })
}
