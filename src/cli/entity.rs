//! `entity`: makes an entity, or changes one.

use super::args;
use super::error::{Code, Failure};
use super::json_entity as json;
use super::out::{Out, Style};
use super::write_signed;
use crate::case::{Acted, Case, EntityField, EntityKind, NewEntity};
use crate::model::{AnchorId, EntityId, ItemId, ParticipantId};

/// What was done, one act after the other.
#[derive(Default)]
struct Deeds(Vec<(EntityId, String)>);

impl Deeds {
    fn note(&mut self, id: EntityId, acted: &Acted) {
        self.0.push((id, acted.words.clone()));
    }
}

/// Makes an entity, or changes one.
pub fn entity(args: &args::Entity, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = write_signed(&args.at.case)?;
    let mut deeds = Deeds::default();
    // Whatever is wrong with one of the options: nothing is kept then.
    let id = case.together(|| done(&case, args, &mut deeds))?;
    if !args.json {
        for (id, words) in &deeds.0 {
            out.say_in(Style::Strong, &id.to_string())?;
            out.line_of(Style::Plain, &format!("  {words}"))?;
            out.say("\n")?;
        }
    }
    if args.json && !args.delete {
        let dossier = case.dossier(id)?;
        out.json(&json::Entity::new(dossier.row, dossier.accounts))?;
    }
    Ok(Code::Done)
}

/// Does what the options say; which entity it is.
fn done(case: &Case, args: &args::Entity, deeds: &mut Deeds) -> Result<EntityId, Failure> {
    let id = match &args.entity {
        None => make(case, args, deeds)?,
        Some(typed) => {
            let id = case.entity_meant(typed)?.id;
            if args.split {
                split(case, id, args, deeds)?
            } else {
                change(case, id, args, deeds)?;
                id
            }
        }
    };
    if args.delete {
        return Ok(id);
    }
    set(case, id, args, deeds)?;
    if let Some(into) = &args.merge_into {
        let into = case.entity_meant(into)?.id;
        // The number of one that was merged already, where people did not agree into which one.
        let typed = args.entity.as_deref().and_then(|typed| typed.parse::<EntityId>().ok());
        let id = typed.unwrap_or(id);
        deeds.note(id, &case.merge_into(id, into, &args.why)?);
    }
    Ok(id)
}

fn accounts(case: &Case, typed: &[String]) -> Result<Vec<ParticipantId>, Failure> {
    typed.iter().map(|typed| Ok(case.account_meant(typed)?)).collect()
}

fn kind(args: &args::Entity) -> Option<EntityKind> {
    args.kind.as_deref().and_then(EntityKind::from_word)
}

fn new_entity(case: &Case, name: &str, args: &args::Entity) -> Result<NewEntity, Failure> {
    Ok(NewEntity {
        kind: kind(args).unwrap_or_default(),
        name: name.to_owned(),
        aliases: args.alias.clone(),
        participants: accounts(case, &args.account)?,
    })
}

fn make(case: &Case, args: &args::Entity, deeds: &mut Deeds) -> Result<EntityId, Failure> {
    let Some(name) = &args.name else {
        return Err(Failure::usage("which entity? a new one needs a name")
            .hint("casebook entity CASE --name NAME, or casebook entity CASE E9 ..."));
    };
    if args.split || args.delete || args.keep || args.unmerge {
        return Err(Failure::usage("which entity?").hint("casebook entity CASE E9 ..."));
    }
    let (id, acted) = case.add_entity(&new_entity(case, name, args)?)?;
    deeds.note(id, &acted);
    Ok(id)
}

fn split(
    case: &Case,
    from: EntityId,
    args: &args::Entity,
    deeds: &mut Deeds,
) -> Result<EntityId, Failure> {
    let name = args.name.as_ref().or(args.alias.first());
    let Some(name) = name else {
        return Err(Failure::usage("what is split off needs a name")
            .hint("casebook entity CASE E9 --split --name NAME --alias ... --account ..."));
    };
    let mut new = new_entity(case, name, args)?;
    if args.kind.is_none() {
        new.kind = case.entity(from)?.fields.kind;
    }
    let (id, done) = case.split_off(from, &new, &args.why)?;
    deeds.note(id, &done);
    Ok(id)
}

/// What is done to an entity that is there.
fn change(
    case: &Case,
    id: EntityId,
    args: &args::Entity,
    deeds: &mut Deeds,
) -> Result<(), Failure> {
    if args.delete {
        deeds.note(id, &case.drop_entity(id)?);
        return Ok(());
    }
    if args.keep {
        deeds.note(id, &case.keep(ItemId::Entity(id))?);
        return Ok(());
    }
    if args.unmerge {
        let merged = args.entity.as_deref().and_then(|typed| typed.parse::<EntityId>().ok());
        let merged = merged.filter(|merged| *merged != id);
        let Some(merged) = merged else {
            return Err(Failure::usage(format!("{id} was not merged into another one"))
                .hint("--unmerge takes the number of what was merged"));
        };
        deeds.note(merged, &case.merge_entity(merged, None, &args.why)?);
        return Ok(());
    }
    if let Some(name) = &args.name {
        let set = EntityField::Name { name: name.trim().to_owned(), why: args.why.clone() };
        deeds.note(id, &case.set_entity(id, set)?);
    }
    if let Some(kind) = kind(args) {
        deeds.note(id, &case.set_entity(id, EntityField::Kind(kind))?);
    }
    for name in &args.alias {
        deeds.note(id, &case.add_alias(id, name)?);
    }
    for account in accounts(case, &args.account)? {
        deeds.note(id, &case.own_account(id, account, true)?);
    }
    Ok(())
}

/// What is said of an entity, whether it is new or not.
fn set(case: &Case, id: EntityId, args: &args::Entity, deeds: &mut Deeds) -> Result<(), Failure> {
    for name in &args.no_alias {
        deeds.note(id, &case.take_alias(id, name)?);
    }
    for account in accounts(case, &args.no_account)? {
        deeds.note(id, &case.disown_account(id, account)?);
    }
    let cited = args
        .cite
        .iter()
        .map(|typed| typed.parse::<AnchorId>())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Failure::usage(error.to_string()).hint("--cite takes anchors: A7"))?;
    for attribute in &args.attribute {
        let (key, value) = key_value(attribute)?;
        deeds.note(id, &case.set_attribute(id, key, value, &cited)?);
    }
    for attribute in &args.no_attribute {
        let (key, value) = key_value(attribute)?;
        deeds.note(id, &case.take_attribute(id, key, value)?);
    }
    for (tags, on) in [(&args.tag, true), (&args.no_tag, false)] {
        for tag in tags {
            deeds.note(id, &case.tag_entity(id, tag, on)?);
        }
    }
    if let Some(text) = &args.describe {
        deeds.note(id, &case.set_entity(id, EntityField::Description(text.clone()))?);
    }
    if args.watch || args.no_watch {
        deeds.note(id, &case.watch_entity(id, args.watch)?);
    }
    Ok(())
}

fn key_value(typed: &str) -> Result<(&str, &str), Failure> {
    let parts = typed.split_once(['=', '＝']).map(|(key, value)| (key.trim(), value.trim()));
    parts.filter(|(key, value)| !key.is_empty() && !value.is_empty()).ok_or_else(|| {
        Failure::usage(format!("{typed:?} says nothing of it")).hint("an attribute is KEY=VALUE")
    })
}
