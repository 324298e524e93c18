//! Packages: exports of many files, where the names of accounts stand in another file than the
//! messages that mention them.

use super::exports::Extra;
use super::{Store, StoreError, Unit};
use crate::model::{DocumentId, MessageId};
use std::collections::HashMap;

impl Store {
    /// Files of the package that a part of a chat belongs to which are of none of its conversations,
    /// as the lists of accounts and channels, with their roles, in walk order. Without itself.
    pub fn package_lists(&self, part: DocumentId) -> Result<Vec<(DocumentId, String)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT other.document, other.claim ->> 'role'
             FROM place own JOIN place other
                ON other.source = own.source AND other.parent IS own.parent
             WHERE own.document = ?1 AND other.document <> ?1
                AND own.claim IS NOT NULL AND other.claim IS NOT NULL
                AND other.claim ->> 'importer' = own.claim ->> 'importer'
                AND other.claim ->> 'root' = own.claim ->> 'root'
                AND other.claim ->> 'conversation' IS NULL
             ORDER BY own.id, other.id",
        )?;
        let rows = statement
            .query_map([part.0], |row| Ok((DocumentId(row.get(0)?), row.get::<_, String>(1)?)))?;
        let mut lists: Vec<(DocumentId, String)> = Vec::new();
        for list in rows {
            let list = list?;
            if !lists.iter().any(|(known, _)| *known == list.0) {
                lists.push(list);
            }
        }
        Ok(lists)
    }

    /// Puts names for accounts into the texts of a platform's messages: `resolve` gets a text and
    /// a look-up from handle to name. The text as found stays beside it. Returns the number of
    /// messages that changed; running it again changes nothing.
    pub fn resolve_names(
        &self,
        platform: &str,
        marker: &str,
        resolve: impl Fn(&str, &dyn Fn(&str) -> Option<String>) -> String,
    ) -> Result<u64, StoreError> {
        let names: HashMap<String, String> = {
            let mut statement = self.conn.prepare_cached(
                "SELECT handle, name FROM participant
                 WHERE platform = ?1 AND name <> '' AND name <> handle",
            )?;
            let rows = statement.query_map([platform], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        let candidates: Vec<(i64, String, Option<String>)> = {
            let mut statement = self.conn.prepare_cached(
                "SELECT m.id, m.text, m.extra FROM message m
                 JOIN conversation c ON c.id = m.conversation
                 WHERE c.platform = ?1 AND (instr(m.text, ?2) > 0
                    OR m.extra ->> 'unresolved' IS NOT NULL)",
            )?;
            let rows = statement
                .query_map([platform, marker], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        let mut changed = 0;
        for (id, text, extra) in candidates {
            let mut extra: Extra = match extra {
                Some(json) => serde_json::from_str(&json)
                    .map_err(|error| StoreError::Damaged(format!("message: {error}")))?,
                None => Extra::default(),
            };
            let found = extra.unresolved.clone().unwrap_or_else(|| text.clone());
            let resolved = resolve(&found, &|handle| names.get(handle).cloned());
            if resolved == text {
                continue;
            }
            extra.unresolved = Some(found);
            let json = serde_json::to_string(&extra)
                .map_err(|error| StoreError::Damaged(error.to_string()))?;
            self.conn
                .prepare_cached("UPDATE message SET text = ?2, extra = ?3 WHERE id = ?1")?
                .execute((id, resolved, json))?;
            self.log_change(Unit::Message(MessageId(id)))?;
            changed += 1;
        }
        Ok(changed)
    }
}
