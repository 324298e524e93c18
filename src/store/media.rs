//! Files that messages sent along: which document of the case one is.

use super::{Store, StoreError};
use crate::model::{DocumentId, MessageId};

impl Store {
    /// The document that an export names `name`: at that path beside the export, else under that
    /// path anywhere in its source, else by its last part, nearest to the export. Of those that lie
    /// elsewhere one of the `size` that the export states is taken first. With its size in bytes.
    pub fn media_document(
        &self,
        message: MessageId,
        name: &str,
        size: Option<u64>,
    ) -> Result<Option<(DocumentId, u64)>, StoreError> {
        let name = name.replace('\\', "/");
        let name = name.trim_start_matches("./").trim_start_matches('/');
        let Some(base) = name.rsplit('/').next().filter(|base| !base.is_empty()) else {
            return Ok(None);
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT p.source, p.path FROM export e JOIN place p ON p.document = e.document
             WHERE e.id IN (SELECT export FROM message WHERE id = ?1
                UNION SELECT export FROM message_place WHERE message = ?1) ORDER BY p.id",
        )?;
        let exports: Vec<(i64, String)> = statement
            .query_map([message.0], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut best: Option<((bool, bool, usize), i64, u64)> = None;
        for (source, export) in exports {
            let folder = &export[..export.rfind(['/', '!']).map_or(0, |at| at + 1)];
            let mut statement = self.conn.prepare_cached(
                "SELECT p.document, p.path, d.size FROM place p JOIN document d ON d.id = p.document
                 WHERE p.source = ?1 AND (p.path = ?2
                    OR substr(p.path, -length(?2) - 1) IN ('/' || ?2, '!' || ?2)) ORDER BY p.id",
            )?;
            let mut rows = statement.query((source, base))?;
            while let Some(row) = rows.next()? {
                let (document, path): (i64, String) = (row.get(0)?, row.get(1)?);
                let bytes = row.get::<_, i64>(2)?.unsigned_abs();
                let near = fit(&path, folder, name);
                let fit = (near == usize::MAX, size == Some(bytes), near);
                if best.is_none_or(|(known, ..)| fit > known) {
                    best = Some((fit, document, bytes));
                }
            }
        }
        Ok(best.map(|(_, document, bytes)| (DocumentId(document), bytes)))
    }
}

/// How well a path is the file `name` of an export in `folder`.
fn fit(path: &str, folder: &str, name: &str) -> usize {
    if path.strip_prefix(folder) == Some(name) {
        return usize::MAX;
    }
    let near = path.bytes().zip(folder.bytes()).take_while(|(a, b)| a == b).count();
    let is_under = path.strip_suffix(name).is_some_and(|head| head.ends_with(['/', '!']));
    near + if is_under { 1 << 20 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_of_that_name_is_meant() {
        let (folder, name) = ("chats/lin/", "photos/1.jpg");
        let mut paths = [
            "other/1.jpg",
            "chats/lin/old/1.jpg",
            "mara/photos/1.jpg",
            "chats/mara/photos/1.jpg",
            "chats/lin/photos/1.jpg",
        ];
        let sorted = paths;
        paths.reverse();
        paths.sort_by_key(|path| fit(path, folder, name));
        assert_eq!(paths, sorted);
    }
}
