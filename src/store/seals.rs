//! What the evidence was when it was written: a checksum of every row, kept beside the tables.
//!
//! Reading originals again shows that texts and messages are what extraction gives. The seals show
//! the same of every other column (who gave a source, the name of an account, the title of a
//! conversation, where a block ends), and also for files that lie on another disk today.
//!
//! They are made when an `add` has come to its end and when a source is removed or moved, each of
//! which looks first whether the rows are still those that were sealed: what somebody changed in
//! between does not become evidence. While one is under way nothing is compared. What people decide (the zone of an export) is no part of them:
//! the journal proves that. A migration that changes a table named here deletes its seal.
//!
//! What changes at any time has its checksum in the row: what the program notes for itself, and the
//! number of a note, an anchor or an entity, which nothing but this case knows.

use super::{Store, StoreError};
use crate::model::DocumentId;
use crate::model::view::Damage;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::HashMap;

/// A table, and how its rows are read: what a row is called, then all that must stay as it is.
struct Table {
    name: &'static str,
    rows: &'static str,
    /// Changes without an entry in the change log.
    is_quiet: bool,
    /// Rows that share a checksum, by their number, which then is the first column that is summed:
    /// of the tables with many rows, which hold hashes of what matters most in them.
    together: usize,
}

/// Not in them on purpose: `chunk.data`, whose text has its own hash and may be packed anew. A seal
/// of a name that is not here is damage: what is taken in needs a migration of its own, so that an
/// older program does not meet it.
const TABLES: &[Table] = &[
    Table {
        name: "source",
        rows: "SELECT 'S' || id, id, path, is_file, origin, excludes, copied, added, finished
               FROM source ORDER BY id",
        is_quiet: true,
        together: 1,
    },
    Table {
        name: "skipped",
        rows: "SELECT 'the entry left alone ' || path, source, path, reason
               FROM skipped ORDER BY source, path",
        is_quiet: true,
        together: 1,
    },
    Table {
        name: "export",
        rows: "SELECT 'the chat in D' || document, id, document, platform, importer, package, zone_why,
                   found_zone, found_status, assumptions, messages
               FROM export ORDER BY id",
        is_quiet: true,
        together: 1,
    },
    Table {
        name: "document",
        rows: "SELECT 'D' || id, id, key, has_bytes, size, format, extractor, state, reason, language,
                   clock, zone, date_source, blank_pages, warnings, metadata
               FROM document ORDER BY id",
        is_quiet: false,
        together: 1,
    },
    Table {
        name: "place",
        rows: "SELECT 'D' || document || ' ' || path, id, document, source, parent, ordinal, path, raw,
                   role, modified
               FROM place ORDER BY id",
        is_quiet: false,
        together: 1,
    },
    Table {
        // What the last `add` saw of the file: it changes without an entry in the change log.
        name: "place seen",
        rows: "SELECT 'what was seen of D' || document || ' ' || path, id, missing, mtime, claim
               FROM place ORDER BY id",
        is_quiet: true,
        together: TOGETHER,
    },
    Table {
        name: "variant",
        rows: "SELECT kind || ' text of D' || document, id, document, kind, language, tool, encoding,
                   bytes, lines, sha256, parts
               FROM variant ORDER BY id",
        is_quiet: false,
        together: 1,
    },
    Table {
        name: "chunk",
        rows: "SELECT (SELECT kind || ' text of D' || document FROM variant WHERE id = chunk.variant),
                   id, variant, start, line
               FROM chunk ORDER BY id",
        is_quiet: false,
        together: TOGETHER,
    },
    Table {
        name: "participant",
        rows: "SELECT 'the account ' || platform || ' ' || handle, id, platform, handle, name, is_bot,
                   attributes
               FROM participant ORDER BY id",
        is_quiet: false,
        together: 1,
    },
    Table {
        name: "conversation",
        rows: "SELECT 'C' || id, id, platform, key, scope, kind, title FROM conversation ORDER BY id",
        is_quiet: false,
        together: 1,
    },
    Table {
        name: "member",
        rows: "SELECT 'a member of C' || conversation, conversation, participant
               FROM member ORDER BY conversation, participant",
        is_quiet: false,
        together: 1,
    },
    Table {
        name: "block",
        rows: "SELECT 'a block of C' || conversation, conversation, export, first, last, messages
               FROM block ORDER BY conversation, export",
        is_quiet: false,
        together: 1,
    },
    Table {
        name: "message",
        // Naive stamps move when a person sets another zone: what is sealed does not.
        rows: "SELECT 'M' || m.id, m.id, m.digest, m.conversation, m.export, m.ordinal, m.span_start,
                   m.span_len, m.sender, m.kind, m.clock, m.zone,
                   iif(m.zone IS NULL AND m.sort > -1152921504606846976, m.sort + e.zone, m.sort),
                   m.rank, m.raw_time, m.text, m.native, m.extra
               FROM message m LEFT JOIN export e ON e.id = m.export ORDER BY m.id",
        is_quiet: false,
        together: TOGETHER,
    },
    Table {
        name: "message_place",
        rows: "SELECT 'a place of M' || message, message, export, ordinal, span_start, span_len,
                   extra
               FROM message_place ORDER BY message, export, ordinal",
        is_quiet: false,
        together: 1,
    },
    Table {
        name: "conversation_day",
        rows: "SELECT 'the days of C' || conversation, conversation, day, messages
               FROM conversation_day ORDER BY conversation, day",
        is_quiet: false,
        together: 1,
    },
    Table {
        name: "voice",
        rows: "SELECT 'what is counted of C' || conversation, conversation, participant, month, messages,
                   first, last
               FROM voice ORDER BY conversation, participant, month",
        is_quiet: false,
        together: 1,
    },
];

/// Adds the function of SQL that gives the checksum of its arguments.
///
/// # Errors
/// The database refuses.
pub(super) fn add_checksum(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("checksum", -1, flags, |context| {
        let mut sum = Fnv::default();
        for at in 0..context.len() {
            sum.value(context.get_raw(at));
        }
        Ok(i64::from(sum.folded()))
    })
}

/// Texts and messages that share a checksum.
const TOGETHER: usize = 16;

/// Gets a checksum, and how to know what its rows are called.
type EachSum<'a> = dyn FnMut(u32, &dyn Fn() -> Option<String>) + 'a;

/// Rows of one table that are named; the others are counted.
const NAMED: usize = 20;

impl Store {
    /// Takes down what the evidence is now. Inside the transaction that ends a change of it.
    ///
    /// # Errors
    /// The database refuses.
    pub fn seal(&self) -> Result<(), StoreError> {
        let now = self.last_change()?;
        for table in TABLES {
            let known: Option<u64> = self
                .conn
                .prepare_cached("SELECT seq FROM seal WHERE name = ?1")?
                .query_row([table.name], |row| Ok(row.get::<_, i64>(0)?.unsigned_abs()))
                .optional()?;
            if known == Some(now) && !table.is_quiet {
                continue;
            }
            let mut sums = Vec::new();
            self.each_sum(table, &mut |sum, _| sums.extend_from_slice(&sum.to_le_bytes()))?;
            self.conn
                .prepare_cached(
                    "INSERT OR REPLACE INTO seal (name, seq, sums) VALUES (?1, ?2, ?3)",
                )?
                .execute((table.name, now as i64, sums))?;
        }
        Ok(())
    }

    /// Rows that are not what was sealed, and tables with rows too few.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn check_seals(&self) -> Result<Vec<Damage>, StoreError> {
        let mut damage = Vec::new();
        let at_rest = self.is_at_rest()?;
        let mut statement = self.conn.prepare_cached(
            "SELECT document FROM export WHERE zone_status <> 'set'
                AND (zone <> found_zone OR zone_status <> found_status) ORDER BY document",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let name = DocumentId(row.get(0)?).to_string();
            let problem =
                "its clock is not the one that was found, and nobody set another".to_owned();
            damage.push(Damage { what: "database", name, problem });
        }
        let mut statement = self.conn.prepare_cached("SELECT name FROM seal ORDER BY name")?;
        let names = statement.query_map([], |row| row.get(0))?;
        for name in names.collect::<Result<Vec<String>, _>>()? {
            if !TABLES.iter().any(|table| table.name == name) {
                let name = format!("the seal {name:?}");
                let problem = "is of no table: one goes without its seal".to_owned();
                damage.push(Damage { what: "database", name, problem });
            }
        }
        self.check_numbers(&mut damage)?;
        let now = self.last_change()?;
        for table in TABLES {
            // Never sealed, or changed by an `add` that did not come to its end.
            let Some((seq, sums)) = self.seal_of(table)? else { continue };
            if !at_rest && (seq != now || table.is_quiet) {
                continue;
            }
            self.check_table(table, &sums, &mut damage)?;
        }
        Ok(damage)
    }

    /// Rows of a case at rest that are not what was sealed, in the tables that every `add` seals anew
    /// (`is_quiet`) or in those that one seals which writes documents.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn check_sealed(&self, is_quiet: bool) -> Result<Vec<Damage>, StoreError> {
        let mut damage = Vec::new();
        for table in TABLES.iter().filter(|table| table.is_quiet == is_quiet) {
            if let Some((_, sums)) = self.seal_of(table)? {
                self.check_table(table, &sums, &mut damage)?;
            }
        }
        Ok(damage)
    }

    /// Whether each `add` came to its end.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn is_at_rest(&self) -> Result<bool, StoreError> {
        Ok(self.count("SELECT count(*) FROM source WHERE finished IS NULL")? == 0)
    }

    /// The last change that a seal knows of, and its sums.
    fn seal_of(&self, table: &Table) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        let seal = self
            .conn
            .prepare_cached("SELECT seq, sums FROM seal WHERE name = ?1")?
            .query_row([table.name], |row| Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?)))
            .optional()?;
        Ok(seal)
    }

    /// Numbers of notes, anchors and entities are given one after the other and never taken back:
    /// one that was not given yet was another one before.
    fn check_numbers(&self, damage: &mut Vec<Damage>) -> Result<(), StoreError> {
        for (table, letter) in [("note", 'N'), ("anchor", 'A'), ("entity", 'E')] {
            let sql = format!(
                "SELECT id FROM {table} WHERE id < 1
                    OR id > (SELECT max(seq) FROM sqlite_sequence WHERE name = '{table}')
                 ORDER BY id"
            );
            let mut statement = self.conn.prepare_cached(&sql)?;
            let ids = statement.query_map([], |row| row.get(0))?;
            for id in ids.collect::<Result<Vec<i64>, _>>()? {
                let problem = format!("is a number that was never given (table {table})");
                damage.push(Damage { what: "database", name: format!("{letter}{id}"), problem });
            }
            let sql = format!(
                "SELECT '{letter}' || id FROM {table} WHERE checksum <> checksum(id, operation)
                 ORDER BY id"
            );
            self.check_rows(&sql, "is a number that was given to another one", damage)?;
        }
        self.check_rows(
            "SELECT 'the setting ' || key FROM setting WHERE checksum <> checksum(key, value)
             ORDER BY key",
            "is not what was written",
            damage,
        )
    }

    /// Names what a query finds.
    fn check_rows(
        &self,
        sql: &str,
        problem: &str,
        damage: &mut Vec<Damage>,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let names = statement.query_map([], |row| row.get(0))?;
        for name in names.collect::<Result<Vec<String>, _>>()? {
            damage.push(Damage { what: "database", name, problem: problem.to_owned() });
        }
        Ok(())
    }

    fn check_table(
        &self,
        table: &Table,
        sums: &[u8],
        damage: &mut Vec<Damage>,
    ) -> Result<(), StoreError> {
        let mut sealed: HashMap<u32, u32> = HashMap::new();
        for four in sums.chunks_exact(4) {
            *sealed.entry(u32::from_le_bytes([four[0], four[1], four[2], four[3]])).or_default() +=
                1;
        }
        let (mut others, mut rows) = (0usize, 0usize);
        let mut found = |name: String, problem: String| {
            damage.push(Damage { what: "database", name, problem });
        };
        self.each_sum(table, &mut |sum, label| {
            rows += 1;
            match sealed.get_mut(&sum).filter(|count| **count > 0) {
                Some(count) => *count -= 1,
                None => {
                    others += 1;
                    if others <= NAMED {
                        let problem = format!("is not what was written (table {})", table.name);
                        found(label().unwrap_or_else(|| table.name.to_owned()), problem);
                    }
                }
            }
        })?;
        if others > NAMED {
            let problem = format!("{} more rows are not what was written", others - NAMED);
            found(format!("table {}", table.name), problem);
        }
        let gone = (sums.len() / 4).saturating_sub(rows);
        if gone > 0 {
            let rows = if gone == 1 { "row is" } else { "rows are" };
            found(format!("table {}", table.name), format!("{gone} {rows} not there any more"));
        }
        Ok(())
    }

    /// `each` gets the checksum of every row, or of those that share one, and how to know what it
    /// is called.
    fn each_sum(&self, table: &Table, each: &mut EachSum) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(table.rows)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        let label = |row: &Row| match row.get_ref(0) {
            Ok(ValueRef::Text(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        };
        let mut shared: Option<Shared> = None;
        while let Some(row) = rows.next()? {
            let mut sum = Fnv::default();
            for column in 1..columns {
                sum.value(row.get_ref(column)?);
            }
            if table.together == 1 {
                each(sum.folded(), &|| label(row));
                continue;
            }
            let number = row.get::<_, i64>(1)?.div_euclid(table.together as i64);
            match shared.as_mut().filter(|shared| shared.number == number) {
                Some(shared) => {
                    shared.sum.part(5, &sum.folded().to_le_bytes());
                    shared.last = label(row);
                }
                None => {
                    let (first, last) = (label(row), label(row));
                    if let Some(before) = shared.replace(Shared { number, sum, first, last }) {
                        before.tell(each);
                    }
                }
            }
        }
        if let Some(last) = shared {
            last.tell(each);
        }
        Ok(())
    }
}

/// Rows under one checksum.
struct Shared {
    number: i64,
    sum: Fnv,
    first: Option<String>,
    last: Option<String>,
}

impl Shared {
    fn tell(&self, each: &mut EachSum) {
        each(self.sum.folded(), &|| match (&self.first, &self.last) {
            (Some(first), Some(last)) if first != last => Some(format!("{first} to {last}")),
            (first, _) => first.clone(),
        });
    }
}

/// FNV-1a with 64 bits. It has to find accidents, not forgers, and must give the same on every
/// machine and in every version.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    fn value(&mut self, value: ValueRef) {
        match value {
            ValueRef::Null => self.add(&[0]),
            ValueRef::Integer(number) => self.part(1, &number.to_le_bytes()),
            ValueRef::Real(number) => self.part(2, &number.to_le_bytes()),
            ValueRef::Text(bytes) => self.part(3, bytes),
            ValueRef::Blob(bytes) => self.part(4, bytes),
        }
    }

    /// A value with its kind and length before it, so that no two rows read the same.
    fn part(&mut self, kind: u8, bytes: &[u8]) {
        self.add(&[kind]);
        self.add(&(bytes.len() as u64).to_le_bytes());
        self.add(bytes);
    }

    fn folded(&self) -> u32 {
        (self.0 >> 32) as u32 ^ self.0 as u32
    }
}
