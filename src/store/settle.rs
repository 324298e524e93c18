//! A table of messages that names nothing but accounts does not say which platform it is from. Its
//! neighbours do: the other tables of its folder, or an account that is known elsewhere. What was
//! read first then counts for all, whatever the order of the files.

use super::identity::{MessageIdentity, kind_from, message_digest, short_digest};
use super::{Store, StoreError, Unit, raw_time};
use crate::model::MessageId;
use rusqlite::{OptionalExtension, params};
use std::collections::{HashMap, HashSet};

/// The platform of a table that does not say more.
pub const UNSETTLED: &str = "table";
/// The platform that such a table may turn out to be from.
pub const SETTLED: &str = "wechat";
/// What is assumed of a table that was settled.
pub const WHY_SETTLED: &str =
    "its accounts are those of WeChat: the tables beside it or an account in it say so";
/// The importers of both, as an export names them: tables, and the JSON that is made of them.
const IMPORTERS: [&str; 2] = ["chat-table *", "flat-json *"];

/// An export that may be from [`SETTLED`].
struct Candidate {
    export: i64,
    handles: HashSet<String>,
    folders: HashSet<String>,
}

impl Store {
    /// Settles where the tables of the case are from, and gives the number of those that were
    /// settled. `fits` says whether an account may be one of that platform; tables that share
    /// accounts are settled together or not at all. Running it again changes nothing.
    pub fn settle_tables(&self, fits: impl Fn(&str) -> bool) -> Result<u64, StoreError> {
        let mut open = self.tables(UNSETTLED)?;
        if open.is_empty() {
            return Ok(0);
        }
        let mut folders = HashSet::new();
        for table in self.tables(SETTLED)? {
            folders.extend(table.folders);
        }
        let mut known: HashSet<String> = {
            let sql = "SELECT handle FROM participant WHERE platform = ?1";
            let mut statement = self.conn.prepare_cached(sql)?;
            let rows = statement.query_map([SETTLED], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        open = joined(open);
        open.retain(|group| group.handles.iter().all(|handle| fits(handle)));
        let mut settled = Vec::new();
        loop {
            let (now, later): (Vec<Candidate>, Vec<Candidate>) =
                open.into_iter().partition(|group| {
                    !group.handles.is_disjoint(&known) || !group.folders.is_disjoint(&folders)
                });
            open = later;
            if now.is_empty() {
                break;
            }
            for group in now {
                known.extend(group.handles);
                folders.extend(group.folders);
                settled.push(group.export);
            }
        }
        let exports = self.exports_like(&settled)?;
        if !exports.is_empty() {
            self.settle_exports(&exports)?;
        }
        Ok(exports.len() as u64)
    }

    /// Tables of a platform with their accounts and the folders that they lie in.
    fn tables(&self, platform: &str) -> Result<Vec<Candidate>, StoreError> {
        let mut tables: Vec<(i64, i64)> = {
            let mut statement = self.conn.prepare_cached(
                "SELECT id, document FROM export
                 WHERE platform = ?1 AND (importer GLOB ?2 OR importer GLOB ?3) ORDER BY id",
            )?;
            let [tables, records] = IMPORTERS;
            let rows = statement
                .query_map([platform, tables, records], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        let mut handles = self.conn.prepare_cached(
            "SELECT DISTINCT p.handle FROM block b JOIN member k ON k.conversation = b.conversation
             JOIN participant p ON p.id = k.participant WHERE b.export = ?1",
        )?;
        let mut places =
            self.conn.prepare_cached("SELECT source, path FROM place WHERE document = ?1")?;
        tables
            .drain(..)
            .map(|(export, document)| {
                let handles = handles.query_map([export], |row| row.get(0))?;
                let folders = places.query_map([document], |row| {
                    let (source, path): (i64, String) = (row.get(0)?, row.get(1)?);
                    let end = path.rfind(['/', '!']).unwrap_or(0);
                    Ok(format!("{source} {}", &path[..end]))
                })?;
                Ok(Candidate {
                    export,
                    handles: handles.collect::<Result<_, _>>()?,
                    folders: folders.collect::<Result<_, _>>()?,
                })
            })
            .collect()
    }

    /// All unsettled tables that share an account with these.
    fn exports_like(&self, exports: &[i64]) -> Result<Vec<i64>, StoreError> {
        let first: HashSet<i64> = exports.iter().copied().collect();
        let mut tables = self.tables(UNSETTLED)?;
        let groups = groups_of(&tables);
        let wanted: HashSet<usize> = tables
            .iter()
            .zip(&groups)
            .filter(|(table, _)| first.contains(&table.export))
            .map(|(_, group)| *group)
            .collect();
        let mut groups = groups.into_iter();
        tables.retain(|_| groups.next().is_some_and(|group| wanted.contains(&group)));
        Ok(tables.into_iter().map(|table| table.export).collect())
    }

    fn settle_exports(&self, exports: &[i64]) -> Result<(), StoreError> {
        let list = serde_json::to_string(exports)
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
        let conversations: Vec<(i64, String, String)> = {
            let mut statement = self.conn.prepare_cached(
                "SELECT DISTINCT c.id, c.key, c.scope FROM block b
                 JOIN conversation c ON c.id = b.conversation
                 WHERE b.export IN (SELECT value FROM json_each(?1)) AND c.platform = ?2
                 ORDER BY c.id",
            )?;
            let rows = statement
                .query_map((&list, UNSETTLED), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        for (conversation, ..) in &conversations {
            self.settle_accounts(*conversation)?;
        }
        for (conversation, key, scope) in &conversations {
            let other: Option<i64> = self
                .conn
                .prepare_cached(
                    "SELECT id FROM conversation WHERE platform = ?1 AND key = ?2 AND scope = ?3",
                )?
                .query_row((SETTLED, key, scope), |row| row.get(0))
                .optional()?;
            self.settle_messages(*conversation, other, key)?;
            self.settle_conversation(*conversation, other)?;
        }
        self.conn.execute(
            "UPDATE export SET platform = ?2, assumptions = json_insert(assumptions, '$[#]', ?3)
             WHERE id IN (SELECT value FROM json_each(?1))",
            (&list, SETTLED, WHY_SETTLED),
        )?;
        Ok(())
    }

    /// Moves the accounts of a conversation to the settled platform.
    fn settle_accounts(&self, conversation: i64) -> Result<(), StoreError> {
        let accounts: Vec<(i64, String)> = {
            let mut statement = self.conn.prepare_cached(
                "SELECT p.id, p.handle FROM member k JOIN participant p ON p.id = k.participant
                 WHERE k.conversation = ?1 AND p.platform = ?2 ORDER BY p.id",
            )?;
            let rows = statement
                .query_map((conversation, UNSETTLED), |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        for (account, handle) in accounts {
            let sql = "SELECT id FROM participant WHERE platform = ?1 AND handle = ?2";
            let other: Option<i64> = self
                .conn
                .prepare_cached(sql)?
                .query_row((SETTLED, handle), |row| row.get(0))
                .optional()?;
            match other {
                None => {
                    self.conn
                        .prepare_cached("UPDATE participant SET platform = ?2 WHERE id = ?1")?
                        .execute((account, SETTLED))?;
                }
                Some(other) => self.merge_accounts(account, other)?,
            }
        }
        Ok(())
    }

    /// Gives all that an account has to another one.
    fn merge_accounts(&self, from: i64, to: i64) -> Result<(), StoreError> {
        for sql in [
            "UPDATE participant SET name = (SELECT name FROM participant WHERE id = ?1)
             WHERE id = ?2 AND name IN ('', handle)
                AND (SELECT name FROM participant WHERE id = ?1) <> ''",
            // Messages have no index by sender: by its conversations.
            "UPDATE message SET sender = ?2 WHERE sender = ?1 AND conversation IN
                (SELECT conversation FROM member WHERE participant = ?1)",
            "UPDATE OR REPLACE voice SET participant = ?2 WHERE participant = ?1",
            "UPDATE OR IGNORE member SET participant = ?2 WHERE participant = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([from, to])?;
        }
        for sql in
            ["DELETE FROM member WHERE participant = ?1", "DELETE FROM participant WHERE id = ?1"]
        {
            self.conn.prepare_cached(sql)?.execute([from])?;
        }
        Ok(())
    }

    /// Names the messages of a conversation anew, and moves them into `other` where the settled
    /// platform has that already; those that are the same are one, as if both had been read so.
    fn settle_messages(
        &self,
        conversation: i64,
        other: Option<i64>,
        key: &str,
    ) -> Result<(), StoreError> {
        struct Row {
            id: i64,
            export: i64,
            digest: i64,
            new: i64,
        }
        let rows: Vec<Row> = {
            let mut statement = self.conn.prepare_cached(
                "SELECT m.id, m.export, m.digest, p.handle, m.kind, m.raw_time, m.clock, m.native,
                    coalesce(m.extra ->> 'unresolved', m.text)
                 FROM message m LEFT JOIN participant p ON p.id = m.sender
                 WHERE m.conversation = ?1 ORDER BY m.id",
            )?;
            let rows = statement.query_map([conversation], |row| {
                let native: Option<String> = row.get(7)?;
                let digest = message_digest(&MessageIdentity {
                    platform: SETTLED,
                    conversation: key,
                    sender: row.get::<_, Option<String>>(3)?.as_deref(),
                    kind: kind_from(row.get(4)?),
                    raw_time: &raw_time::unpack(row.get(5)?, row.get(6)?, native.as_deref()),
                    native: native.as_deref(),
                    text: &row.get::<_, String>(8)?,
                });
                Ok(Row {
                    id: row.get(0)?,
                    export: row.get(1)?,
                    digest: row.get(2)?,
                    new: short_digest(&digest),
                })
            })?;
            rows.collect::<Result<_, _>>()?
        };
        for Row { id, export, digest, new } in rows {
            self.conn
                .prepare_cached(
                    "INSERT OR IGNORE INTO seen_message (digest, variant, author)
                     SELECT ?2, variant, author FROM seen_message WHERE digest = ?1",
                )?
                .execute([digest, new])?;
            let twin = match other {
                Some(other) => self.settled_twin(new, other, id, export)?,
                None => None,
            };
            let target = other.unwrap_or(conversation);
            self.conn
                .prepare_cached("UPDATE message SET digest = ?2, conversation = ?3 WHERE id = ?1")?
                .execute([id, new, target])?;
            let kept = match twin {
                Some(twin) => self.merge_messages(id.min(twin), id.max(twin))?,
                None => id,
            };
            self.conn
                .prepare_cached(
                    "INSERT OR IGNORE INTO former_digest (digest, message) VALUES (?1, ?2)",
                )?
                .execute([digest, kept])?;
            self.log_change(Unit::Message(MessageId(id)))?;
        }
        Ok(())
    }

    /// A message of another conversation that is the same, and lies in none of the exports that
    /// this one lies in.
    fn settled_twin(
        &self,
        digest: i64,
        conversation: i64,
        id: i64,
        export: i64,
    ) -> Result<Option<i64>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT t.id FROM message t JOIN message m ON m.id = ?3
                 WHERE t.digest = ?1 AND t.conversation = ?2 AND t.export <> ?4
                    AND t.kind = m.kind AND t.sender IS m.sender AND t.native IS m.native
                    AND coalesce(t.extra ->> 'unresolved', t.text)
                        = coalesce(m.extra ->> 'unresolved', m.text)
                    AND NOT EXISTS (
                        SELECT 1 FROM message_place a WHERE a.message = t.id
                            AND (a.export = ?4 OR a.export IN
                                (SELECT export FROM message_place WHERE message = ?3)))
                 ORDER BY t.id LIMIT 1",
            )?
            .query_row([digest, conversation, id, export], |row| row.get(0))
            .optional()?)
    }

    /// Makes one message of two that are the same, with all places of both. Gives the one that is
    /// kept, which is the first.
    fn merge_messages(&self, kept: i64, gone: i64) -> Result<i64, StoreError> {
        self.keep_first_place(kept, gone)?;
        for sql in [
            "UPDATE OR IGNORE message_place SET message = ?1 WHERE message = ?2",
            "UPDATE OR IGNORE former_digest SET message = ?1 WHERE message = ?2",
        ] {
            self.conn.prepare_cached(sql)?.execute([kept, gone])?;
        }
        for sql in [
            "DELETE FROM message_place WHERE message = ?1",
            "DELETE FROM former_digest WHERE message = ?1",
            "DELETE FROM message WHERE id = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([gone])?;
        }
        self.log_change(Unit::Message(MessageId(kept)))?;
        self.log_change(Unit::Message(MessageId(gone)))?;
        Ok(kept)
    }

    /// Settles a conversation whose messages are settled.
    fn settle_conversation(&self, id: i64, other: Option<i64>) -> Result<(), StoreError> {
        let Some(other) = other else {
            self.conn
                .prepare_cached("UPDATE conversation SET platform = ?2 WHERE id = ?1")?
                .execute(params![id, SETTLED])?;
            return self.recount(id);
        };
        for sql in [
            "UPDATE conversation SET
                kind = iif(kind = 'unknown', (SELECT kind FROM conversation WHERE id = ?1), kind),
                title = iif(title = '', (SELECT title FROM conversation WHERE id = ?1), title)
             WHERE id = ?2",
            "UPDATE block SET conversation = ?2 WHERE conversation = ?1",
            "UPDATE OR IGNORE member SET conversation = ?2 WHERE conversation = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([id, other])?;
        }
        for sql in [
            "DELETE FROM member WHERE conversation = ?1",
            "DELETE FROM tally WHERE conversation = ?1",
            "DELETE FROM conversation WHERE id = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([id])?;
        }
        self.recount(id)?;
        self.recount(other)
    }
}

/// For each table a number that those have in common which share accounts.
fn groups_of(tables: &[Candidate]) -> Vec<usize> {
    fn root(parents: &mut [usize], mut at: usize) -> usize {
        while parents[at] != at {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        at
    }
    let mut parents: Vec<usize> = (0..tables.len()).collect();
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (at, table) in tables.iter().enumerate() {
        for handle in &table.handles {
            let other = *first.entry(handle).or_insert(at);
            let (one, other) = (root(&mut parents, at), root(&mut parents, other));
            parents[one.max(other)] = one.min(other);
        }
    }
    (0..tables.len()).map(|at| root(&mut parents, at)).collect()
}

/// One candidate, the first, for all tables that share accounts.
fn joined(tables: Vec<Candidate>) -> Vec<Candidate> {
    let groups = groups_of(&tables);
    let mut into: Vec<Candidate> = Vec::new();
    let mut at: HashMap<usize, usize> = HashMap::new();
    for (table, group) in tables.into_iter().zip(groups) {
        match at.get(&group) {
            Some(known) => {
                into[*known].handles.extend(table.handles);
                into[*known].folders.extend(table.folders);
            }
            None => {
                at.insert(group, into.len());
                into.push(table);
            }
        }
    }
    into
}
