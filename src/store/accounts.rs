//! Accounts: the list, and all that is known about one.

use super::{Store, StoreError};
use crate::model::activity::{Account, AccountConversation, AccountRow, AccountSort};
use crate::model::view::Participant;
use crate::model::{ConversationId, ParticipantId, time};
use rusqlite::{OptionalExtension, Row};

/// An account with its counts. `v` is what it said, over all conversations.
const ROW: &str = "SELECT p.id AS id, p.platform AS platform, p.handle AS handle, p.name AS name,
    coalesce(sum(v.messages), 0) AS messages, min(v.first) AS first, max(v.last) AS last,
    (SELECT count(*) FROM member k WHERE k.participant = p.id) AS conversations
    FROM participant p LEFT JOIN voice v ON v.participant = p.id";

fn order(sort: AccountSort) -> &'static str {
    match sort {
        AccountSort::Messages => "messages DESC, p.id",
        AccountSort::Name => "lower(iif(p.name = '', p.handle, p.name)), p.id",
        AccountSort::First => "first IS NULL, first, p.id",
        AccountSort::Last => "last IS NULL, last DESC, p.id",
    }
}

/// Which accounts are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountSet {
    /// Only these, where there is a list.
    pub only: Option<Vec<ParticipantId>>,
    /// None of these.
    pub except: Vec<ParticipantId>,
}

impl AccountSet {
    /// The condition on the participant `p`, with ?1 and ?2 as lists of ids.
    const WHERE: &str = "(?1 IS NULL OR p.id IN (SELECT value FROM json_each(?1)))
        AND p.id NOT IN (SELECT value FROM json_each(?2))";

    fn values(&self) -> (Option<String>, String) {
        let list = |ids: &[ParticipantId]| {
            serde_json::Value::from(ids.iter().map(|id| id.0).collect::<Vec<i64>>()).to_string()
        };
        (self.only.as_deref().map(list), list(&self.except))
    }
}

impl Store {
    /// Accounts in an order, from number `skip`.
    pub fn account_rows(
        &self,
        sort: AccountSort,
        set: &AccountSet,
        skip: u64,
        most: u64,
    ) -> Result<Vec<AccountRow>, StoreError> {
        let (order, wanted) = (order(sort), AccountSet::WHERE);
        let mut statement = self.conn.prepare_cached(&format!(
            "{ROW} WHERE {wanted} GROUP BY p.id ORDER BY {order} LIMIT ?4 OFFSET ?3"
        ))?;
        let (only, except) = set.values();
        let most = most.min(i64::MAX as u64);
        let rows = statement.query_map((only, except, skip as i64, most as i64), account_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub fn account_count(&self, set: &AccountSet) -> Result<u64, StoreError> {
        let wanted = AccountSet::WHERE;
        let count: i64 = self
            .conn
            .prepare_cached(&format!("SELECT count(*) FROM participant p WHERE {wanted}"))?
            .query_row(set.values(), |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    pub fn account(&self, id: ParticipantId) -> Result<Account, StoreError> {
        let row = self
            .conn
            .prepare_cached(&format!("{ROW} WHERE p.id = ?1 GROUP BY p.id"))?
            .query_row([id.0], account_row)
            .optional()?
            .ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        let (is_bot, attributes): (bool, String) = self
            .conn
            .prepare_cached("SELECT is_bot, attributes FROM participant WHERE id = ?1")?
            .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let attributes = serde_json::from_str(&attributes)
            .map_err(|error| StoreError::Damaged(format!("account: {error}")))?;
        let mut statement = self.conn.prepare_cached(
            "SELECT month, sum(messages) FROM voice WHERE participant = ?1
             GROUP BY month ORDER BY month",
        )?;
        let months = statement
            .query_map([id.0], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(Account {
            row,
            is_bot,
            attributes,
            months: months.collect::<Result<_, _>>()?,
            conversations: self.part_in(id)?,
        })
    }

    /// Where an account takes part, where it said most first; also where it said nothing.
    pub fn part_in(&self, id: ParticipantId) -> Result<Vec<AccountConversation>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT k.conversation, coalesce(sum(v.messages), 0) AS own, min(v.first), max(v.last),
                (SELECT coalesce(sum(d.messages), 0) FROM conversation_day d
                 WHERE d.conversation = k.conversation)
             FROM member k LEFT JOIN voice v
                ON v.conversation = k.conversation AND v.participant = k.participant
             WHERE k.participant = ?1 GROUP BY k.conversation ORDER BY own DESC, k.conversation",
        )?;
        let rows = statement.query_map([id.0], |row| {
            Ok(AccountConversation {
                id: ConversationId(row.get(0)?),
                title: String::new(),
                own: row.get::<_, i64>(1)?.unsigned_abs(),
                first: row.get::<_, Option<i64>>(2)?.map(time::clock_text),
                last: row.get::<_, Option<i64>>(3)?.map(time::clock_text),
                messages: row.get::<_, i64>(4)?.unsigned_abs(),
            })
        })?;
        let mut conversations: Vec<AccountConversation> = rows.collect::<Result<_, _>>()?;
        for conversation in &mut conversations {
            conversation.title = self.conversation_title(conversation.id)?;
        }
        Ok(conversations)
    }
}

fn account_row(row: &Row) -> rusqlite::Result<AccountRow> {
    Ok(AccountRow {
        account: Participant {
            id: ParticipantId(row.get("id")?),
            platform: row.get("platform")?,
            handle: row.get("handle")?,
            name: row.get("name")?,
            messages: row.get::<_, i64>("messages")?.unsigned_abs(),
            owner: None,
        },
        conversations: row.get::<_, i64>("conversations")?.unsigned_abs(),
        first: row.get::<_, Option<i64>>("first")?.map(time::clock_text),
        last: row.get::<_, Option<i64>>("last")?.map(time::clock_text),
    })
}
