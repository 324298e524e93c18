//! What is chosen of entities: a kind, or the one that something is for.

use super::{Choice, Pick, Take, pick};
use crate::app::App;
use crate::app::data::Act;
use crate::app::naming::{EntityAct, For, Known, Typed};
use crate::app::overview::count;
use crate::case::{EntityField, EntityKind, NewEntity, Participant};
use crate::model::EntityId;

impl App {
    pub(super) fn entity_kind_picks(&self, choice: &Choice) -> Vec<Pick> {
        let picks = EntityKind::ALL.map(|kind| {
            let act = match choice {
                Choice::EntityKind(id) => EntityAct::Set { id: *id, set: EntityField::Kind(kind) },
                Choice::KindOfNew(new) => EntityAct::New(NewEntity { kind, ..new.clone() }),
                _ => return pick(kind.word(), "", false, Take::Nothing),
            };
            pick(kind.word(), "", false, Take::Act(Act::Entity(act)))
        });
        picks.to_vec()
    }

    /// All entities that it may be; none before they are known.
    pub(super) fn entity_picks(&self, purpose: &For) -> Vec<Pick> {
        let known = self.known_entities.iter().flatten();
        let may_be = |known: &&Known| !matches!(purpose, For::Merge(own) if known.id == *own);
        let picks = known.filter(may_be).map(|known| {
            let (name, others) = match known.names.split_first() {
                Some((name, others)) => (name.as_str(), others.join("  ")),
                None => ("", String::new()),
            };
            let about = format!("{}  {others}", known.kind.word());
            pick(format!("{} {name}", known.id), about, false, taken(purpose, known))
        });
        picks.collect()
    }

    /// All accounts that it may own; none before they are known.
    pub(super) fn account_picks(&self, own: EntityId) -> Vec<Pick> {
        let known = self.known_accounts.iter().flatten();
        let picks = known.filter(|known| known.owner != Some(own)).map(|known| {
            let Participant { id, name, handle, platform, messages, .. } = &known.account;
            let owned = known.owner.map_or_else(String::new, |owner| format!("  owned by {owner}"));
            let wrote = count(*messages, "message", "messages");
            let name = if name.is_empty() { handle } else { name };
            let about = format!("{handle}  {platform}  {wrote}{owned}");
            let act = EntityAct::Account { id: own, account: id.to_string(), on: true };
            pick(format!("{id} {name}"), about, false, Take::Act(Act::Entity(act)))
        });
        picks.collect()
    }

    /// That it is none of them, where one can be made: named after what it is for, or as was typed
    /// where nobody is called so.
    pub(super) fn new_entity_pick(
        &self,
        choice: &Choice,
        typed: &str,
        is_known: bool,
    ) -> Option<Pick> {
        self.known_entities.as_ref()?;
        let (accounts, name) = match choice {
            Choice::Entity(For::Alias(name)) => (Vec::new(), name.as_str()),
            Choice::Entity(For::Account(account, _)) if !typed.is_empty() && !is_known => {
                (vec![*account], typed)
            }
            Choice::Entity(For::Account(account, name)) => (vec![*account], name.as_str()),
            _ => return None,
        };
        let label = match name {
            "" => "a new entity".to_owned(),
            name => format!("a new entity: {name}"),
        };
        Some(pick(label, "", false, Take::Type(Typed::Name(accounts), name.to_owned())))
    }
}

/// What choosing an entity does.
fn taken(purpose: &For, known: &Known) -> Take {
    let id = known.id;
    match purpose {
        For::Alias(name) => {
            Take::Act(Act::Entity(EntityAct::Alias { id, name: name.clone(), on: true }))
        }
        For::Account(account, _) => {
            let account = account.to_string();
            Take::Act(Act::Entity(EntityAct::Account { id, account, on: true }))
        }
        For::Attribute { selected, said } => {
            let cite = Some(selected.clone());
            Take::Type(Typed::Attribute { id, cite }, format!("= {said}"))
        }
        For::Merge(own) => {
            let act = EntityAct::Merge { id: *own, into: id, why: String::new() };
            Take::Type(Typed::Why(act), String::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::naming::KnownAccount;
    use crate::model::ParticipantId;

    fn known(id: i64, names: &[&str]) -> Known {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Known { id: EntityId(id), kind: EntityKind::Person, names }
    }

    #[track_caller]
    fn check(choice: &Choice, typed: &str, expected: &[&str]) {
        let mut app = App::new("qinghe", 80, 24);
        app.take_known(vec![
            known(1, &["林墨", "小林"]),
            known(2, &["Lin Jiahe"]),
            known(12, &["川江"]),
        ]);
        let picks = app.picks(choice, typed);
        let labels: Vec<&str> = picks.iter().map(|pick| pick.label.as_str()).collect();
        assert_eq!(labels, expected, "{typed}");
    }

    #[test]
    fn an_account_is_chosen_by_number_handle_or_name_and_not_what_it_owns_already() {
        let account = |id: i64, handle: &str, name: &str, owner: Option<i64>| KnownAccount {
            account: Participant {
                id: ParticipantId(id),
                platform: "wechat".to_owned(),
                handle: handle.to_owned(),
                name: name.to_owned(),
                messages: 3,
                owner: None,
            },
            owner: owner.map(EntityId),
        };
        let mut app = App::new("qinghe", 80, 24);
        let choice = Choice::Account(EntityId(1));
        assert_eq!(app.picks(&choice, ""), [], "before they are known");
        app.known_accounts = Some(vec![
            account(12, "13900002217", "", None),
            account(1, "wxid_lin7", "林墨", None),
            account(3, "wxid_wei", "魏", Some(2)),
            account(4, "wxid_own", "自己", Some(1)),
        ]);
        let check = |typed: &str, expected: &[&str]| {
            let picks = app.picks(&choice, typed);
            let labels: Vec<&str> = picks.iter().map(|pick| pick.label.as_str()).collect();
            assert_eq!(labels, expected, "{typed}");
        };
        check("", &["P12 13900002217", "P1 林墨", "P3 魏"]);
        check("p1", &["P1 林墨", "P12 13900002217"]);
        check("2217", &["P12 13900002217"]);
        check("wxid", &["P1 林墨", "P3 魏"]);
        check("墨", &["P1 林墨"]);
        let picks = app.picks(&choice, "魏");
        assert_eq!(picks[0].about, "wxid_wei  wechat  3 messages  owned by E2");
        let act = EntityAct::Account { id: EntityId(1), account: "P3".to_owned(), on: true };
        assert_eq!(picks[0].take, Take::Act(Act::Entity(act)));
    }

    #[test]
    fn what_is_typed_cuts_the_choice() {
        let alias = Choice::Entity(For::Alias("x".to_owned()));
        check(&alias, "", &["a new entity: x", "E1 林墨", "E2 Lin Jiahe", "E12 川江"]);
        check(&alias, "林", &["E1 林墨", "a new entity: x"]);
        check(&alias, "小林", &["E1 林墨", "a new entity: x"]);
        check(&alias, "ＬＩＮ", &["E2 Lin Jiahe", "a new entity: x"]);
        check(&alias, "e12", &["E12 川江", "a new entity: x"]);
        check(&Choice::Entity(For::Merge(EntityId(1))), "", &["E2 Lin Jiahe", "E12 川江"]);
        check(&Choice::EntityKind(EntityId(1)), "p", &["person", "place"]);
        // A new owner comes first, and is called as the account is or as was typed.
        let owner = Choice::Entity(For::Account(ParticipantId(7), "mara".to_owned()));
        assert_eq!(owner.title(), "WHO OWNS P7 mara?");
        check(&owner, "", &["a new entity: mara", "E1 林墨", "E2 Lin Jiahe", "E12 川江"]);
        check(&owner, "lin", &["E2 Lin Jiahe", "a new entity: mara"]);
        check(&owner, "王五", &["a new entity: 王五"]);
        let unknown = App::new("qinghe", 80, 24);
        assert_eq!(unknown.picks(&alias, ""), [], "not asked to choose before they are known");
    }
}
