//! Saying who is who: what is asked on the way to it, and the acts themselves.

use super::anchoring::places;
use super::data::Failure;
use super::pages::entity::Piece;
use super::selection::Selected;
use crate::case::{
    AccountSort, Acted, Anchor, Case, CaseError, EntityField, EntityKind, Listed, MergePreview,
    NewEntity, Participant,
};
use crate::model::{EntityId, ParticipantId};

/// Something that is done to entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntityAct {
    New(NewEntity),
    /// Kind, name with its reason, or description.
    Set {
        id: EntityId,
        set: EntityField,
    },
    Alias {
        id: EntityId,
        name: String,
        on: bool,
    },
    /// By number, handle or name.
    Account {
        id: EntityId,
        account: String,
        on: bool,
    },
    /// With what shows it, where something was selected.
    Attribute {
        id: EntityId,
        key: String,
        value: String,
        cite: Option<Selected>,
    },
    TakeAttribute {
        id: EntityId,
        key: String,
        value: String,
    },
    Tag {
        id: EntityId,
        name: String,
        on: bool,
    },
    Watch {
        id: EntityId,
        on: bool,
    },
    Merge {
        id: EntityId,
        into: EntityId,
        why: String,
    },
    /// Takes a merge apart.
    Unmerge {
        id: EntityId,
        why: String,
    },
    Split {
        from: EntityId,
        new: NewEntity,
        why: String,
    },
    Drop(EntityId),
}

/// What an entity is chosen for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum For {
    /// This becomes a name of it.
    Alias(String),
    /// It owns this, which is shown by that name.
    Account(ParticipantId, String),
    /// This is said of it, and shows it.
    Attribute { selected: Selected, said: String },
    /// This one is merged into it.
    Merge(EntityId),
}

/// A line that is typed about an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// The name of a new one that owns these.
    Name(Vec<ParticipantId>),
    Rename(EntityId),
    Alias(EntityId),
    Attribute {
        id: EntityId,
        cite: Option<Selected>,
    },
    Describe(EntityId),
    Tag(EntityId),
    /// The name of what is split off.
    Split {
        from: EntityId,
        piece: Piece,
    },
    /// The reason of an act.
    Why(EntityAct),
}

impl Typed {
    pub fn label(&self) -> &'static str {
        match self {
            Typed::Name(_) => "name of the entity: ",
            Typed::Rename(_) => "what it is called from now on: ",
            Typed::Alias(_) => "another name of it: ",
            Typed::Attribute { .. } => "what is said of it (key = value): ",
            Typed::Describe(_) => "what else there is to say: ",
            Typed::Tag(_) => "tag (-tag takes it off): ",
            Typed::Split { .. } => "name of the new entity: ",
            Typed::Why(_) => "why: ",
        }
    }
}

/// What a selection says, for what is done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Name,
    Alias,
    Attribute,
}

/// An entity by all its names, to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub id: EntityId,
    pub kind: EntityKind,
    pub names: Vec<String>,
}

/// What merging would change, as sentences for a question.
pub fn preview_lines(preview: &MergePreview, undo: &str) -> Vec<String> {
    let MergePreview { from, into, names, accounts, attributes, tags, notes, found, together } =
        preview;
    let mut lines = vec![format!("Merge {from} into {into}?")];
    let mut gains = |what: &str, list: &[String]| {
        if !list.is_empty() {
            lines.push(format!("It gets the {what} {}.", list.join(", ")));
        }
    };
    gains(if names.len() == 1 { "name" } else { "names" }, names);
    gains(if accounts.len() == 1 { "account" } else { "accounts" }, accounts);
    gains(if attributes.len() == 1 { "attribute" } else { "attributes" }, attributes);
    gains(if tags.len() == 1 { "tag" } else { "tags" }, tags);
    lines.push(format!(
        "Its names stand in {} documents and messages now, in {} then.",
        super::overview::number(found.0),
        super::overview::number(found.1)
    ));
    if *notes > 0 {
        let notes = super::overview::count(*notes, "note", "notes");
        lines.push(format!("{notes} that name it lead there then."));
    }
    if !together.is_empty() {
        lines.push(format!("! Both take part in {}.", together.join(", ")));
    }
    lines.push(format!("It is one act: {undo} takes it back."));
    lines
}

/// All entities by their names.
pub fn known(case: &Case) -> Result<Vec<Known>, CaseError> {
    let all = case.entities()?.into_iter();
    Ok(all
        .map(|entity| Known {
            id: entity.id,
            kind: entity.fields.kind,
            names: entity.names().map(str::to_owned).collect(),
        })
        .collect())
}

/// An account that an entity may own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAccount {
    pub account: Participant,
    pub owner: Option<EntityId>,
}

/// All accounts: first those that nobody owns, in each part those that wrote most.
pub fn known_accounts(case: &Case) -> Result<Vec<KnownAccount>, CaseError> {
    let (_, listed) = case.people(AccountSort::Messages, "", 0..u64::MAX)?;
    let mut known: Vec<KnownAccount> = listed
        .into_iter()
        .filter_map(|entry| match entry {
            Listed::Account { row, owner } => Some(KnownAccount { account: row.account, owner }),
            Listed::Entity(_) | Listed::Rest(_) => None,
        })
        .collect();
    known.sort_by_key(|known| known.owner.is_some());
    Ok(known)
}

/// What an act on entities came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The entity that it was about, or that it made.
    pub id: EntityId,
    pub acted: Acted,
}

/// Writes an act.
pub fn run(case: &Case, act: &EntityAct) -> Result<Done, Failure> {
    let (id, acted) = match act {
        EntityAct::New(new) => case.add_entity(new)?,
        EntityAct::Set { id, set } => (*id, case.set_entity(*id, set.clone())?),
        EntityAct::Alias { id, name, on: true } => (*id, case.add_alias(*id, name)?),
        EntityAct::Alias { id, name, on: false } => (*id, case.take_alias(*id, name)?),
        EntityAct::Account { id, account, on } => {
            let account = case.account_meant(account)?;
            match on {
                true => (*id, case.own_account(*id, account, true)?),
                false => (*id, case.disown_account(*id, account)?),
            }
        }
        EntityAct::Attribute { id, key, value, cite } => {
            let (mut anchors, mut made) = (Vec::new(), None);
            for at in cite.iter().map(|selected| places(case, selected)) {
                for at in at? {
                    anchors.push(match case.anchor_at(at)? {
                        Some(known) => known.id,
                        None => {
                            let anchor = Anchor::Passage(Box::new(case.passage(at)?));
                            let (anchor, acted) = case.add_anchor(anchor, "", "")?;
                            made = Some(match made {
                                None => acted,
                                Some(before) => Acted::and(before, acted),
                            });
                            anchor
                        }
                    });
                }
            }
            let said = case.set_attribute(*id, key, value, &anchors)?;
            (*id, made.map_or(said.clone(), |made| made.and(said)))
        }
        EntityAct::TakeAttribute { id, key, value } => (*id, case.take_attribute(*id, key, value)?),
        EntityAct::Tag { id, name, on } => (*id, case.tag_entity(*id, name, *on)?),
        EntityAct::Watch { id, on } => (*id, case.watch_entity(*id, *on)?),
        EntityAct::Merge { id, into, why } => (*into, case.merge_into(*id, *into, why)?),
        EntityAct::Unmerge { id, why } => (*id, case.merge_entity(*id, None, why)?),
        EntityAct::Split { from, new, why } => case.split_off(*from, new, why)?,
        EntityAct::Drop(id) => (*id, case.drop_entity(*id)?),
    };
    Ok(Done { id, acted })
}

/// `role = deputy manager` as key and value.
pub fn key_value(typed: &str) -> Option<(String, String)> {
    let (key, value) = typed.split_once(['=', '＝'])?;
    let (key, value) = (key.trim(), value.trim());
    (!key.is_empty() && !value.is_empty()).then(|| (key.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_typed_as_key_and_value() {
        let pair = |key: &str, value: &str| Some((key.to_owned(), value.to_owned()));
        assert_eq!(key_value("role = deputy = manager"), pair("role", "deputy = manager"));
        assert_eq!(key_value("职务＝副总"), pair("职务", "副总"));
        for bad in ["role", "= x", "x =", ""] {
            assert_eq!(key_value(bad), None, "{bad}");
        }
    }
}
