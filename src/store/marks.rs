//! Marks as screens read them, and who touched them. All of it is a projection of the journal:
//! what is in force is decided there.

use super::{Store, StoreError, Unit};
use crate::model::{ConversationId, ItemId};
use rusqlite::{OptionalExtension, params};

/// An operation, as far as it must be known to undo another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Act {
    // The order of the fields is the order of the fold.
    pub lamport: u64,
    pub writer: [u8; 16],
    pub id: [u8; 32],
    /// Row id.
    pub seq: i64,
    /// The operation that it revokes.
    pub revokes: Option<[u8; 32]>,
}

/// An operation that set a mark or took it off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    pub act: Act,
    pub is_on: bool,
}

/// A touch with all that names it: unit, name of the mark, id of the operation, on.
pub type TouchRow = (Unit, String, [u8; 32], bool);

pub(super) const ACT: &str = "SELECT a.seq, a.id, a.lamport, a.writer, a.revokes";

impl Store {
    /// Names of the marks that a unit carries, sorted.
    pub fn marks_of(&self, unit: Unit) -> Result<Vec<String>, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT name FROM mark WHERE unit = ?1 ORDER BY name")?;
        let rows = statement.query_map([unit.number()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Units that carry a mark, sorted by number.
    pub fn marked(&self, name: &str) -> Result<Vec<Unit>, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT unit FROM mark WHERE name = ?1 ORDER BY unit")?;
        let rows = statement.query_map([name], |row| row.get(0).map(Unit::from_number))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Number of units that carry a mark.
    pub fn count_marked(&self, name: &str) -> Result<u64, StoreError> {
        let count: i64 = self
            .conn
            .prepare_cached("SELECT count(*) FROM mark WHERE name = ?1")?
            .query_row([name], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    pub fn has_mark(&self, unit: Unit, name: &str) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM mark WHERE name = ?2 AND unit = ?1)")?
            .query_row((unit.number(), name), |row| row.get(0))?)
    }

    /// Somebody read it or put it aside.
    pub fn is_done(&self, unit: Unit) -> Result<bool, StoreError> {
        Ok(self.has_mark(unit, "read")? || self.has_mark(unit, "irrelevant")?)
    }

    /// Sets a mark or takes it off, and keeps the tally of the conversation.
    pub fn set_mark(&self, unit: Unit, name: &str, on: bool) -> Result<(), StoreError> {
        let sql = if on {
            "INSERT OR IGNORE INTO mark (unit, name) VALUES (?1, ?2)"
        } else {
            "DELETE FROM mark WHERE unit = ?1 AND name = ?2"
        };
        let changed = self.conn.prepare_cached(sql)?.execute((unit.number(), name))? > 0;
        let other = match name {
            "read" => "irrelevant",
            "irrelevant" => "read",
            _ => return Ok(()),
        };
        if let ItemId::Message(id) = unit.item()
            && changed
            && !self.has_mark(unit, other)?
        {
            let by = if on { 1 } else { -1 };
            self.conn
                .prepare_cached(
                    "INSERT INTO tally (what, conversation, count)
                     SELECT 'done', conversation, ?2 FROM message WHERE id = ?1
                     ON CONFLICT DO UPDATE SET count = count + excluded.count",
                )?
                .execute((id.0, by))?;
        }
        Ok(())
    }

    /// Messages of a conversation that are read or irrelevant.
    pub fn done_in(&self, id: ConversationId) -> Result<u64, StoreError> {
        let count: Option<i64> = self
            .conn
            .prepare_cached("SELECT count FROM tally WHERE what = 'done' AND conversation = ?1")?
            .query_row([id.0], |row| row.get(0))
            .optional()?;
        Ok(count.unwrap_or(0).unsigned_abs())
    }

    /// Counts all over again what [`Store::set_mark`] counts as it goes.
    pub fn count_done(&self) -> Result<Vec<(ConversationId, u64)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT m.conversation, count(DISTINCT k.unit)
             FROM mark k JOIN message m ON k.unit = m.id * 2 + 1
             WHERE k.name IN ('read', 'irrelevant') GROUP BY m.conversation ORDER BY 1",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((ConversationId(row.get(0)?), row.get::<_, i64>(1)?.unsigned_abs()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The tally as it is kept, without zeroes.
    pub fn done(&self) -> Result<Vec<(ConversationId, u64)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT conversation, count FROM tally WHERE what = 'done' AND count <> 0 ORDER BY 1",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((ConversationId(row.get(0)?), row.get::<_, i64>(1)?.unsigned_abs()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Operations that set a mark, in force or not, in the order of the fold, each with its
    /// author's key and name.
    pub fn marking_acts(&self, name: &str) -> Result<Vec<(Act, String, String)>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "{ACT}, o.body ->> '$.key', o.body ->> '$.author'
             FROM act a JOIN operation o ON o.id = a.id
             WHERE a.seq IN (SELECT act FROM touch WHERE name = ?1 AND is_on)
             ORDER BY a.lamport, a.writer, a.id"
        ))?;
        let mut rows = statement.query([name])?;
        let mut acts = Vec::new();
        while let Some(row) = rows.next()? {
            acts.push((act_row(row)??, row.get(5)?, row.get(6)?));
        }
        Ok(acts)
    }

    /// Every unit that carries a mark with each operation (by row id) that set it.
    pub fn each_marking(
        &self,
        name: &str,
        mut each: impl FnMut(Unit, i64),
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT t.unit, t.act FROM mark m JOIN touch t ON t.unit = m.unit AND t.name = m.name
             WHERE m.name = ?1 AND t.is_on",
        )?;
        let mut rows = statement.query([name])?;
        while let Some(row) = rows.next()? {
            each(Unit::from_number(row.get(0)?), row.get(1)?);
        }
        Ok(())
    }

    /// All marks: (unit, name), sorted. For comparing the projection with a rebuild.
    pub fn all_marks(&self) -> Result<Vec<(Unit, String)>, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT unit, name FROM mark ORDER BY unit, name")?;
        let rows =
            statement.query_map([], |row| Ok((Unit::from_number(row.get(0)?), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Empties what is made from the journal: marks, what touched them, the tally of what is done.
    pub fn clear_marks(&self) -> Result<(), StoreError> {
        Ok(self.conn.execute_batch(
            "DELETE FROM mark; DELETE FROM touch; DELETE FROM act; DELETE FROM waiting;
             DELETE FROM tally WHERE what = 'done';",
        )?)
    }

    /// Notes an operation; gives its row id.
    pub fn log_act(
        &self,
        id: &[u8; 32],
        lamport: u64,
        writer: &[u8; 16],
        revokes: Option<&[u8; 32]>,
    ) -> Result<i64, StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO act (id, lamport, writer, revokes) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                id.as_slice(),
                lamport as i64,
                writer.as_slice(),
                revokes.map(|id| id.as_slice())
            ])?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Notes that an operation set a mark or took it off.
    pub fn log_touch(
        &self,
        unit: Unit,
        name: &str,
        act: i64,
        is_on: bool,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO touch (unit, name, act, is_on) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![unit.number(), name, act, is_on])?;
        Ok(())
    }

    /// Notes that `targets` documents, messages or exports that an operation names are not in the
    /// case.
    pub fn log_waiting(&self, act: i64, targets: u64) -> Result<(), StoreError> {
        if targets > 0 {
            self.conn
                .prepare_cached("INSERT OR REPLACE INTO waiting (act, targets) VALUES (?1, ?2)")?
                .execute((act, targets as i64))?;
        }
        Ok(())
    }

    /// Operations that name what the case has not, and how much of it, in the order of the fold.
    pub fn waiting(&self) -> Result<Vec<(Act, u64)>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "{ACT}, w.targets FROM waiting w JOIN act a ON a.seq = w.act
             ORDER BY a.lamport, a.writer, a.id"
        ))?;
        let mut rows = statement.query([])?;
        let mut waiting = Vec::new();
        while let Some(row) = rows.next()? {
            waiting.push((act_row(row)??, row.get::<_, i64>(5)?.unsigned_abs()));
        }
        Ok(waiting)
    }

    pub fn act(&self, id: &[u8; 32]) -> Result<Option<Act>, StoreError> {
        self.conn
            .prepare_cached(&format!("{ACT} FROM act a WHERE a.id = ?1"))?
            .query_row([id.as_slice()], act_row)
            .optional()?
            .transpose()
    }

    /// Every operation as it was noted.
    pub fn acts(&self) -> Result<Vec<Act>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!("{ACT} FROM act a ORDER BY a.id"))?;
        let rows = statement.query_map([], act_row)?;
        rows.collect::<Result<Vec<_>, _>>()?.into_iter().collect()
    }

    /// The operations that revoke another one and are signed with the same key: nobody undoes what
    /// somebody else did.
    pub fn revocations_of(&self, id: &[u8; 32]) -> Result<Vec<Act>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "{ACT} FROM act a JOIN operation r ON r.id = a.id JOIN operation o ON o.id = a.revokes
             WHERE a.revokes = ?1 AND r.body ->> '$.key' = o.body ->> '$.key'"
        ))?;
        let rows = statement.query_map([id.as_slice()], act_row)?;
        rows.collect::<Result<Vec<_>, _>>()?.into_iter().collect()
    }

    /// Marks that an operation set or took off.
    pub fn touched_by(&self, act: i64) -> Result<Vec<(Unit, String)>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT unit, name FROM touch WHERE act = ?1 ORDER BY unit, name")?;
        let rows =
            statement.query_map([act], |row| Ok((Unit::from_number(row.get(0)?), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What operations did to one mark of a unit, the last in the order of the fold first.
    pub fn touches(&self, unit: Unit, name: &str) -> Result<Vec<Touch>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "{ACT}, t.is_on FROM touch t JOIN act a ON a.seq = t.act
             WHERE t.unit = ?1 AND t.name = ?2 ORDER BY a.lamport DESC, a.writer DESC, a.id DESC"
        ))?;
        let mut rows = statement.query((unit.number(), name))?;
        let mut touches = Vec::new();
        while let Some(row) = rows.next()? {
            touches.push(Touch { act: act_row(row)??, is_on: row.get(5)? });
        }
        Ok(touches)
    }

    /// All touches, sorted. For comparing with a rebuild.
    pub fn all_touches(&self) -> Result<Vec<TouchRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT t.unit, t.name, a.id, t.is_on FROM touch t JOIN act a ON a.seq = t.act
             ORDER BY t.unit, t.name, a.id",
        )?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let unit = Unit::from_number(row.get(0)?);
            all.push((unit, row.get(1)?, array(row.get(2)?)?, row.get(3)?));
        }
        Ok(all)
    }
}

fn array<const N: usize>(bytes: Vec<u8>) -> Result<[u8; N], StoreError> {
    let bad = |_| StoreError::Damaged("an act has an id of the wrong length".to_owned());
    bytes.try_into().map_err(bad)
}

pub(super) fn act_row(row: &rusqlite::Row) -> rusqlite::Result<Result<Act, StoreError>> {
    let (seq, id, lamport): (i64, Vec<u8>, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let (writer, revokes): (Vec<u8>, Option<Vec<u8>>) = (row.get(3)?, row.get(4)?);
    Ok((|| {
        Ok(Act {
            lamport: lamport.unsigned_abs(),
            writer: array(writer)?,
            id: array(id)?,
            seq,
            revokes: revokes.map(array).transpose()?,
        })
    })())
}
