//! `from:`, `to:`, `with:`: what accounts wrote, and mails that name somebody in their headers.

use super::called::{Name, best};
use super::compile::unanswerable;
use super::fields::{Fields, documents_plan, numbers};
use crate::case::CaseError;
use crate::index::{Column, Plan, Predicate};
use crate::model::entity::Entity;
use crate::model::reference::AccountKey;
use crate::model::{ConversationId, DocumentId, EntityId, ParticipantId, Wrap};
use crate::query::Span;
use crate::store::Account;
use crate::text::highlight::Marked;
use crate::text::needle::Needle;
use crate::text::normal::folded as fold;

/// Headers of a mail by the role of who stands in them.
const SENDERS: &[&str] = &["from", "reply_to"];
const RECEIVERS: &[&str] = &["to", "cc", "bcc"];

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Role {
    Sender,
    Receiver,
    Any,
}

impl Fields<'_> {
    pub(super) fn people(
        &self,
        name: &Name,
        typed: &str,
        span: Span,
        role: Role,
    ) -> Result<Plan, CaseError> {
        let accounts = self.store.accounts()?;
        let entities = self.who.called(name, typed)?;
        let is_entity = typed.parse::<EntityId>().is_ok();
        let found: Vec<ParticipantId> = match typed.parse::<ParticipantId>() {
            Ok(id) => {
                accounts.iter().map(|account| account.id).filter(|known| *known == id).collect()
            }
            Err(_) if is_entity => {
                entities.iter().flat_map(|entity| entity.participants.iter().copied()).collect()
            }
            Err(_) => {
                let owners = self.who.owners()?;
                let named = accounts.iter().map(|Account { id, names }| {
                    let own = names.iter().map(String::as_str);
                    (*id, own.chain(owners.get(id).into_iter().flatten().copied()))
                });
                best(name, named)
            }
        };
        let headers: &[&[&str]] = match role {
            Role::Sender => &[SENDERS],
            Role::Receiver => &[RECEIVERS],
            Role::Any => &[SENDERS, RECEIVERS],
        };
        // Of those that were meant by a name, a header has any name.
        let is_meant =
            |entity: &&&Entity| is_entity || entity.names().any(|known| name.is(&fold(known)));
        let names = needles(entities.iter().filter(is_meant).copied());
        let mails = self.mails(headers, |value| {
            (!is_entity && name.is_in(&fold(value))) || names_any(value, &names)
        })?;
        let rooms = if role == Role::Sender { Vec::new() } else { self.rooms(name)? };
        if found.is_empty() && mails.is_empty() && rooms.is_empty() {
            if let [entity, ..] = entities.as_slice() {
                let who = format!("{} {}", entity.id, entity.fields.name);
                let accounts = match entity.fields.accounts.as_slice() {
                    [] => "owns no account".to_owned(),
                    [AccountKey { platform, handle }] => {
                        format!("owns {platform} {handle}, which is not in this case")
                    }
                    several => {
                        format!("owns {} accounts, none of them in this case", several.len())
                    }
                };
                let why = format!("{who} {accounts}, and no mail names it there");
                return Err(unanswerable(self.query, span, why).into());
            }
            let what = match role {
                Role::Sender => "no account is called, and no mail is from,",
                Role::Receiver => "no account is called, and no mail is to,",
                Role::Any => "no account is called, and no mail names,",
            };
            let known = accounts
                .iter()
                .flat_map(|account| account.names.iter().map(String::as_str))
                .chain(self.who.all()?.iter().flat_map(Entity::names));
            return Err(self.unknown(format!("{what} {typed:?}"), typed, span, known));
        }
        let mut plans = Vec::new();
        if !found.is_empty() {
            let sent = Plan::Columns(Predicate::In(
                Column::Sender,
                found.iter().map(|id| id.0.unsigned_abs()).collect(),
            ));
            plans.push(match role {
                Role::Sender => sent,
                Role::Any => self.together_with(&found)?,
                // What the others wrote in the conversations that they are in.
                Role::Receiver => {
                    Plan::And(vec![self.together_with(&found)?, Plan::Not(Box::new(sent))])
                }
            });
        }
        if !mails.is_empty() {
            plans.push(documents_plan(mails));
        }
        if !rooms.is_empty() {
            plans.push(Plan::Columns(Predicate::In(Column::Conversation, numbers(&rooms))));
        }
        Ok(Plan::Or(plans))
    }

    /// Groups that are called so: what is written to them names none of their members.
    fn rooms(&self, name: &Name) -> Result<Vec<ConversationId>, CaseError> {
        let is_it = |title: &str, key: &str| {
            let number = key.split_once('@').map_or(key, |(number, _)| number);
            [title, key, number].iter().any(|known| !known.is_empty() && name.is(&fold(known)))
        };
        let rooms = self.store.rooms()?.into_iter();
        Ok(rooms.filter(|(_, title, key)| is_it(title, key)).map(|(id, ..)| id).collect())
    }

    /// Mails with such a value in one of these headers.
    fn mails(
        &self,
        headers: &[&[&str]],
        fits: impl Fn(&str) -> bool,
    ) -> Result<Vec<DocumentId>, CaseError> {
        let mut mails = Vec::new();
        self.store.each_mail(|document, metadata| {
            let is_it = |(key, value): &(String, String)| {
                headers.iter().any(|keys| keys.contains(&key.as_str())) && fits(value)
            };
            if metadata.iter().any(is_it) {
                mails.push(document);
            }
        })?;
        Ok(mails)
    }

    /// What the accounts of entities wrote, and mails from them.
    pub fn written_by(&self, entities: &[Entity]) -> Result<Plan, CaseError> {
        let accounts = entities.iter().flat_map(|entity| &entity.participants);
        let senders = accounts.map(|id| id.0.unsigned_abs()).collect();
        let names = needles(entities);
        let mails = self.mails(&[SENDERS], |value| names_any(value, &names))?;
        let sent = Plan::Columns(Predicate::In(Column::Sender, senders));
        Ok(Plan::Or(vec![sent, documents_plan(mails)]))
    }

    fn together_with(&self, accounts: &[ParticipantId]) -> Result<Plan, CaseError> {
        let conversations = self.store.conversations_of(accounts)?;
        Ok(Plan::Columns(Predicate::In(Column::Conversation, numbers(&conversations))))
    }
}

/// All names of entities.
fn needles<'e>(entities: impl IntoIterator<Item = &'e Entity>) -> Vec<Needle> {
    entities.into_iter().flat_map(Entity::names).filter_map(Needle::literal).collect()
}

/// Whether one of the names stands in a line.
fn names_any(line: &str, names: &[Needle]) -> bool {
    if names.is_empty() {
        return false;
    }
    let marked = Marked::new(line, Wrap::Lines, names);
    names.iter().any(|needle| !marked.find(needle).is_empty())
}
