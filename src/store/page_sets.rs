//! Pages of one work that are images of their own.

use super::page_name::PageName;
use super::{Store, StoreError, Unit};
use crate::model::DocumentId;
use crate::model::view::{DocumentRow, SetPage};
use rusqlite::OptionalExtension;

impl Store {
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
