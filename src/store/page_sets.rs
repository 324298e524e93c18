//! Pages of one work that are images of their own: a list shows them as one row, which stands for
//! all that its filter leaves.

use super::documents::{Cut, main_place};
use super::error::text_of;
use super::page_name::PageName;
use super::{Store, StoreError, Unit};
use crate::model::DocumentId;
use crate::model::view::{DocumentFilter, DocumentRow, SetPage};
use rusqlite::functions::FunctionFlags;
use rusqlite::{OptionalExtension, params_from_iter};

/// The function of SQL that tells whether a path is that of a page of a set.
const IS_PAGE: &str = "is_page";

/// Teaches a connection to know pages by their names.
pub(super) fn add_functions(conn: &rusqlite::Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function(IS_PAGE, 1, flags, |context| {
        Ok(PageName::parse(text_of(context, 0)?).is_some())
    })
}

/// Where a page of a set lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePlace {
    pub id: DocumentId,
    pub path: String,
    /// A list that shows each document once calls it so.
    pub is_main: bool,
}

/// Documents that a list leaves out because the row of another one stands for them.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    /// In order.
    ids: Vec<i64>,
    /// The same as SQL takes it: an array in JSON.
    pub(super) json: String,
}

impl LeftOut {
    pub fn new(ids: impl Iterator<Item = DocumentId>) -> LeftOut {
        let mut ids: Vec<i64> = ids.map(|id| id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let words: Vec<String> = ids.iter().map(i64::to_string).collect();
        LeftOut { ids, json: format!("[{}]", words.join(",")) }
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// How many have a lower number.
    pub(super) fn before(&self, id: DocumentId) -> u64 {
        self.ids.partition_point(|own| *own < id.0) as u64
    }
}

impl Store {
    /// Where pages of sets lie that pass a filter, in no order.
    pub fn page_places(&self, filter: &DocumentFilter) -> Result<Vec<PagePlace>, StoreError> {
        let Cut { places, documents, values } = Cut::new(filter);
        let main = main_place("d.id", &places);
        let sql = format!(
            "SELECT p.document, p.path, p.id = {main} FROM place p
             JOIN document d ON d.id = p.document WHERE {IS_PAGE}(p.path){places}{documents}"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| {
            Ok(PagePlace { id: DocumentId(row.get(0)?), path: row.get(1)?, is_main: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All pages of the work that a page image is one of, in their order. Empty for other names.
    pub(super) fn page_set(&self, row: &DocumentRow) -> Result<Vec<SetPage>, StoreError> {
        let Some(set) = PageName::parse(&row.path) else { return Ok(Vec::new()) };
        let mut statement = self.conn.prepare_cached(
            "SELECT document, path FROM place WHERE path >= ?1 AND path < ?2 ORDER BY path",
        )?;
        let upper = format!("{}{}", set.prefix, char::MAX);
        let rows = statement.query_map((set.prefix, upper.as_str()), |row| {
            Ok((DocumentId(row.get(0)?), row.get::<_, String>(1)?))
        })?;
        let mut pages = Vec::new();
        for found in rows {
            let (document, path) = found?;
            if let Some(page) = PageName::parse(&path)
                && page.is_with(&set)
            {
                pages.push((page.number, document));
            }
        }
        pages.sort();
        pages.dedup();
        pages.into_iter().map(|(_, document)| self.set_page(document)).collect()
    }

    /// A page of a set with its marks.
    ///
    /// # Errors
    /// There is no such document.
    pub fn set_page(&self, id: DocumentId) -> Result<SetPage, StoreError> {
        let state: Option<String> = self
            .conn
            .prepare_cached("SELECT state FROM document WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0))
            .optional()?;
        let state = state.ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        let mut page = SetPage {
            id,
            state: super::ingest::state(&state)?,
            read: false,
            starred: false,
            irrelevant: false,
            tags: Vec::new(),
        };
        for name in self.marks_of(Unit::Document(id))? {
            match name.as_str() {
                "read" => page.read = true,
                "starred" => page.starred = true,
                "irrelevant" => page.irrelevant = true,
                name => page.tags.extend(name.strip_prefix("tag:").map(str::to_owned)),
            }
        }
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use crate::store::StoreError;

    #[test]
    fn a_path_that_is_no_text_is_damage() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        crate::store::documents::add_functions(&conn).unwrap();
        for asked in ["is_page(x'00')", "natural(7, 0)", "is_called(x'ff', 'a')"] {
            let found = conn.query_row(&format!("SELECT {asked}"), [], |_| Ok(()));
            let error = StoreError::from(found.unwrap_err());
            assert!(matches!(error, StoreError::Damaged(_)), "{asked}: {error}");
        }
    }
}
