//! Packages: exports of many files, where the names of accounts stand in another file than the
//! messages that mention them.

use super::exports::Extra;
use super::{Store, StoreError, Unit};
use crate::model::MessageId;
use std::collections::HashMap;

impl Store {
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
