//! Pages of one work that are images of their own.

use super::page_name::PageName;
use super::{Store, StoreError};
use crate::model::DocumentId;
use crate::model::view::DocumentRow;

impl Store {
    /// All pages of the work that a page image is one of, in their order. Empty for other names.
    pub(super) fn page_set(&self, row: &DocumentRow) -> Result<Vec<DocumentId>, StoreError> {
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
        Ok(pages.into_iter().map(|(_, document)| document).collect())
    }
}
