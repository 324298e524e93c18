//! Who is who, as a list: entities with their accounts below them, and apart from them the
//! accounts that nobody owns.

use super::{Case, CaseError, entities};
use crate::model::activity::{AccountRow, AccountSort};
use crate::model::dossier::{Called, EntityRow, Listed, SharedName, Who};
use crate::model::entity::Entity;
use crate::model::view::Participant;
use crate::model::{AccountKey, EntityId, ParticipantId};
use crate::store::{AccountSet, SETTLED, StoreError, UNSETTLED};
use crate::text::normal::folded;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

/// Which entity owns an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    by_account: HashMap<(String, String), Called>,
}

impl Owners {
    fn of(entities: &[Entity]) -> Owners {
        let mut by_account = HashMap::new();
        for entity in entities {
            let called = called(entity);
            for account in &entity.fields.accounts {
                let mut key = (account.platform.clone(), account.handle.clone());
                by_account.entry(key.clone()).or_insert_with(|| called.clone());
                // What was noted before the platform was settled holds after it.
                if key.0 != UNSETTLED {
                    continue;
                }
                key.0 = SETTLED.to_owned();
                // Of two that own one account, the first counts.
                by_account.entry(key).or_insert_with(|| called.clone());
            }
        }
        Owners { by_account }
    }

    pub fn is_empty(&self) -> bool {
        self.by_account.is_empty()
    }

    /// Who owns the account with this platform and handle.
    pub fn of_account(&self, account: &(String, String)) -> Option<&Called> {
        self.by_account.get(account)
    }

    /// The name of who owns an account.
    pub fn name(&self, platform: &str, handle: &str) -> Option<&str> {
        if self.by_account.is_empty() {
            return None;
        }
        let key = (platform.to_owned(), handle.to_owned());
        self.by_account.get(&key).map(|owner| owner.name.as_str())
    }

    /// Says of each account who owns it.
    pub fn put(&self, accounts: &mut [Participant]) {
        if self.by_account.is_empty() {
            return;
        }
        for account in accounts {
            let key = (account.platform.clone(), account.handle.clone());
            account.owner = self.by_account.get(&key).cloned();
        }
    }
}

pub(super) fn called(entity: &Entity) -> Called {
    Called { id: entity.id, name: entity.fields.name.clone() }
}

/// Who bears a name, by its normal form, and who owns an account.
pub(super) struct Bearers {
    by_name: BTreeMap<String, Vec<Called>>,
    by_account: BTreeMap<AccountKey, Vec<Called>>,
}

impl Bearers {
    pub fn of(entities: &[Entity]) -> Bearers {
        let mut by_name: BTreeMap<String, Vec<Called>> = BTreeMap::new();
        for entity in entities {
            for name in entity.names() {
                let bearers = by_name.entry(folded(name)).or_default();
                if bearers.last().is_none_or(|last| last.id != entity.id) {
                    bearers.push(called(entity));
                }
            }
        }
        let mut by_account: BTreeMap<AccountKey, Vec<Called>> = BTreeMap::new();
        for entity in entities {
            for account in &entity.fields.accounts {
                by_account.entry(account.clone()).or_default().push(called(entity));
            }
        }
        Bearers { by_name, by_account }
    }

    /// Who else bears a name of `id`.
    pub fn others(&self, name: &str, id: EntityId) -> Vec<Called> {
        let bearers = self.by_name.get(&folded(name)).into_iter().flatten();
        bearers.filter(|bearer| bearer.id != id).cloned().collect()
    }

    fn shared(&self, entity: &Entity) -> Vec<SharedName> {
        let shared = entity.names().map(|name| SharedName {
            name: name.to_owned(),
            others: self.others(name, entity.id),
            account: None,
        });
        let accounts = entity.fields.accounts.iter().map(|account| {
            let owners = self.by_account.get(account).into_iter().flatten();
            SharedName {
                name: format!("account {}", account.handle),
                others: owners.filter(|owner| owner.id != entity.id).cloned().collect(),
                account: Some(account.clone()),
            }
        });
        shared.chain(accounts).filter(|shared| !shared.others.is_empty()).collect()
    }
}

impl Case {
    /// Which entity owns an account.
    pub fn owners(&self) -> Result<Owners, CaseError> {
        Ok(Owners::of(&entities::all(&self.store)?))
    }

    /// An entity with what its accounts come to, and its accounts, the busiest first.
    pub(super) fn entity_row(
        &self,
        entity: Entity,
        bearers: &Bearers,
    ) -> Result<(EntityRow, Vec<AccountRow>), CaseError> {
        let accounts = self.accounts_of_ids(&entity.participants)?;
        self.row_of(entity, accounts, bearers)
    }

    /// With these of its accounts, the busiest first.
    fn row_of(
        &self,
        entity: Entity,
        mut accounts: Vec<AccountRow>,
        bearers: &Bearers,
    ) -> Result<(EntityRow, Vec<AccountRow>), CaseError> {
        for row in &mut accounts {
            row.account.owner = Some(called(&entity));
        }
        let conversations = match entity.participants.is_empty() {
            true => 0,
            false => self.store.conversations_of(&entity.participants)?.len() as u64,
        };
        let row = EntityRow {
            messages: accounts.iter().map(|row| row.account.messages).sum(),
            conversations,
            first: accounts.iter().filter_map(|row| row.first.clone()).min(),
            last: accounts.iter().filter_map(|row| row.last.clone()).max(),
            shared: bearers.shared(&entity),
            entity,
        };
        Ok((row, accounts))
    }

    fn accounts_of_ids(&self, ids: &[ParticipantId]) -> Result<Vec<AccountRow>, CaseError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let set = AccountSet { only: Some(ids.to_vec()), ..AccountSet::default() };
        Ok(self.store.account_rows(AccountSort::Messages, &set, 0, u64::MAX)?)
    }

    /// All entities in an order, each with its accounts; `wanted` cuts the list to those in whose
    /// names, tags or accounts it stands.
    pub fn entity_rows(
        &self,
        sort: AccountSort,
        wanted: &str,
    ) -> Result<Vec<(EntityRow, Vec<AccountRow>)>, CaseError> {
        let wanted = folded(wanted);
        let all = self.all_entities()?;
        let bearers = Bearers::of(&all);
        // All accounts at once: one query is quicker than one for each entity.
        let owned: Vec<ParticipantId> =
            all.iter().flat_map(|entity| entity.participants.iter().copied()).collect();
        let owned = self.accounts_of_ids(&owned)?;
        let mut rows = Vec::with_capacity(all.len());
        for entity in all {
            let is_own = |row: &&AccountRow| entity.participants.contains(&row.id());
            let accounts = owned.iter().filter(is_own).cloned().collect();
            let (row, accounts) = self.row_of(entity, accounts, &bearers)?;
            let is_wanted = wanted.is_empty()
                || row.entity.names().any(|name| folded(name).contains(&wanted))
                || row.entity.fields.tags.iter().any(|tag| folded(tag).contains(&wanted))
                || row.entity.fields.kind.word() == wanted
                || accounts.iter().any(|row| {
                    let account = &row.account;
                    [&account.name, &account.handle].iter().any(|n| folded(n).contains(&wanted))
                });
            if is_wanted {
                rows.push((row, accounts));
            }
        }
        rows.sort_by(|(a, _), (b, _)| {
            // What has no date comes last whichever end comes first.
            let order = match sort {
                AccountSort::Messages => b.messages.cmp(&a.messages),
                AccountSort::Name => {
                    folded(&a.entity.fields.name).cmp(&folded(&b.entity.fields.name))
                }
                AccountSort::First => {
                    (a.first.is_none(), &a.first).cmp(&(b.first.is_none(), &b.first))
                }
                AccountSort::Last => {
                    a.last.is_none().cmp(&b.last.is_none()).then_with(|| b.last.cmp(&a.last))
                }
            };
            order.then(a.entity.id.cmp(&b.entity.id))
        });
        Ok(rows)
    }

    /// Entries `range` of the list of who is who in an order, and how many there are; `wanted`
    /// cuts it to those in whose names it stands.
    pub fn people(
        &self,
        sort: AccountSort,
        wanted: &str,
        range: Range<u64>,
    ) -> Result<(u64, Vec<Listed>), CaseError> {
        let (who, listed) = self.who(sort, wanted, range)?;
        Ok((who.rows, listed))
    }

    /// The same, with what there is in all of it.
    pub fn who(
        &self,
        sort: AccountSort,
        wanted: &str,
        range: Range<u64>,
    ) -> Result<(Who, Vec<Listed>), CaseError> {
        let rows = self.entity_rows(sort, wanted)?;
        let entities = rows.len() as u64;
        // An account that two own is one account.
        let owned: HashSet<ParticipantId> =
            rows.iter().flat_map(|(_, accounts)| accounts.iter().map(AccountRow::id)).collect();
        let mut set = AccountSet { only: self.accounts_called(wanted)?, ..AccountSet::default() };
        for entity in super::entities::all(&self.store)? {
            set.except.extend(entity.participants);
        }
        let rest = self.store.account_count(&set)?;
        let mut listed = Vec::new();
        for (row, accounts) in rows {
            let owner = Some(row.entity.id);
            listed.push(Listed::Entity(Box::new(row)));
            listed.extend(accounts.into_iter().map(|row| Listed::Account { row, owner }));
        }
        if !listed.is_empty() && rest > 0 {
            listed.push(Listed::Rest(rest));
        }
        let head = listed.len() as u64;
        let at = |place: u64| usize::try_from(place.min(head)).unwrap_or(usize::MAX);
        let mut shown: Vec<Listed> =
            listed.drain(at(range.start)..at(range.end).max(at(range.start))).collect();
        let skip = range.start.saturating_sub(head);
        let most = range.end.saturating_sub(head).saturating_sub(skip);
        if most > 0 {
            let accounts = self.store.account_rows(sort, &set, skip, most)?;
            shown.extend(accounts.into_iter().map(|row| Listed::Account { row, owner: None }));
        }
        let who = Who { rows: head + rest, entities, accounts: owned.len() as u64 + rest };
        Ok((who, shown))
    }

    /// Accounts in whose names something stands; `None` for all.
    fn accounts_called(&self, wanted: &str) -> Result<Option<Vec<ParticipantId>>, CaseError> {
        let wanted = folded(wanted);
        if wanted.is_empty() {
            return Ok(None);
        }
        let all = self.store.accounts()?.into_iter();
        let found = all.filter(|account| account.names.iter().any(|n| folded(n).contains(&wanted)));
        Ok(Some(found.map(|account| account.id).collect()))
    }

    /// The account that is meant by `P5`, a handle or a name.
    ///
    /// # Errors
    /// Nobody is called so, or several are.
    pub fn account_meant(&self, typed: &str) -> Result<ParticipantId, CaseError> {
        let typed = typed.trim();
        if let Ok(id) = typed.parse::<ParticipantId>() {
            return match self.store.account_key(id)? {
                Some(_) => Ok(id),
                None => Err(StoreError::NoSuchItem(id.to_string()).into()),
            };
        }
        let wanted = folded(typed);
        let all = self.store.accounts()?;
        let called: Vec<ParticipantId> = all
            .iter()
            .filter(|account| account.names.iter().any(|name| folded(name) == wanted))
            .map(|account| account.id)
            .collect();
        match called.as_slice() {
            [id] => Ok(*id),
            [] => Err(CaseError::Refused(format!("no account is called {typed}"))),
            several => {
                let ids: Vec<String> = several.iter().map(ToString::to_string).collect();
                Err(CaseError::Refused(format!("{typed} may be {}: say which", ids.join(", "))))
            }
        }
    }

    /// The entity that is meant by `E9` or one of its names.
    ///
    /// # Errors
    /// Nobody is called so, or several are.
    pub fn entity_meant(&self, typed: &str) -> Result<Entity, CaseError> {
        let typed = typed.trim();
        if let Ok(id) = typed.parse::<EntityId>() {
            return self.entity(id);
        }
        let wanted = folded(typed);
        let is_it = |entity: &Entity| entity.names().any(|name| folded(name) == wanted);
        let mut called: Vec<Entity> = self.entities()?.into_iter().filter(is_it).collect();
        match called.len() {
            1 => Ok(called.remove(0)),
            0 => Err(CaseError::Refused(format!("no entity is called {typed}"))),
            _ => {
                let ids: Vec<String> = called.iter().map(|entity| entity.id.to_string()).collect();
                Err(CaseError::Refused(format!("{typed} may be {}: say which", ids.join(", "))))
            }
        }
    }
}
