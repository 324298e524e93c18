//! Queries that were typed in this case.

use super::{Store, StoreError};

/// Queries that are kept.
const MOST: i64 = 500;

impl Store {
    /// Keeps a query as the one that was used last. `used`: UTC milliseconds.
    pub fn remember_query(&self, query: &str, used: i64) -> Result<(), StoreError> {
        self.transaction(|| {
            self.write(
                "INSERT OR REPLACE INTO asked (query, used) VALUES (?1, ?2)",
                (query, used),
            )?;
            self.write(
                "DELETE FROM asked WHERE query NOT IN
                    (SELECT query FROM asked ORDER BY used DESC LIMIT ?1)",
                [MOST],
            )
        })
    }

    /// Queries, the one that was used last first.
    pub fn queries(&self) -> Result<Vec<String>, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT query FROM asked ORDER BY used DESC, query")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
