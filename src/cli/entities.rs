//! `entities`, `entity`, and what `show` says of an entity or an account.

use super::args;
use super::error::{Code, Failure};
use super::json_entity as json;
use super::out::{Out, Style};
use super::{counted, grouped, read, write_signed};
use crate::case::{
    AccountRow, AccountSort, Acted, Case, EntityField, EntityKind, EntityRow, Listed, NewEntity,
    wall_text,
};
use crate::model::dossier::Named;
use crate::model::{AnchorId, EntityId, ItemId, ParticipantId};
use crate::text::{sanitise, width};
use std::sync::atomic::AtomicBool;

/// Accounts that are asked for at once.
const PAGE: u64 = 1000;

/// Hits of each sort that `show` prints.
const SHOWN: usize = 5;

pub fn entities(args: &args::Entities, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = read(&args.at.case)?;
    let sort = AccountSort::from(args.sort);
    let rows = case.entity_rows(sort, &args.find)?;
    // Who owns no account wrote nothing: what there is to count is where their names stand.
    let is_current = case.index_is_current()?;
    let named = |row: &EntityRow| named_of(&case, row, is_current);
    let named = rows.iter().map(|(row, _)| named(row)).collect::<Result<Vec<_>, _>>()?;
    let accounts = if args.accounts { unowned(&case, sort, &args.find)? } else { Vec::new() };
    if args.json {
        let entities = rows.into_iter().zip(named);
        let entities = entities
            .map(|((row, own), named)| json::Entity { named, ..json::Entity::new(row, own) })
            .collect();
        let accounts = accounts.into_iter().map(json::Account::from).collect();
        let accounts = args.accounts.then_some(accounts);
        out.json(&json::Entities { entities, accounts })?;
        return Ok(Code::Done);
    }
    if rows.is_empty() && args.find.is_empty() {
        out.say_in(Style::Dim, "no entities yet: `casebook entity CASE --name NAME` makes one\n")?;
    }
    for ((row, own), named) in rows.iter().zip(&named) {
        entity_line(row, named.as_ref(), &dropped(&case, row)?, out)?;
        for account in own {
            account_line(account, "  ", out)?;
        }
    }
    if !accounts.is_empty() {
        let count = counted(accounts.len() as u64, "account", "accounts");
        out.say_in(Style::Dim, &format!("── {count} that nobody owns\n"))?;
    }
    for account in &accounts {
        account_line(account, "", out)?;
    }
    Ok(Code::Done)
}

/// Where the names of who owns no account stand, as far as it can be searched for.
fn named_of(case: &Case, row: &EntityRow, is_current: bool) -> Result<Option<Named>, Failure> {
    Ok(match row.entity.fields.accounts.is_empty() && is_current {
        true => Some(case.named(row.entity.id, &AtomicBool::new(false))?),
        false => None,
    })
}

/// What is said of an entity and whose citation somebody dropped: `born: A7 was dropped`.
fn dropped(case: &Case, row: &EntityRow) -> Result<Vec<String>, Failure> {
    let mut said = Vec::new();
    for attribute in &row.entity.fields.attributes {
        let ids = case.dropped_of(attribute)?;
        said.extend(ids.iter().map(|id| format!("{}: {id} was dropped", attribute.key)));
    }
    Ok(said)
}

/// Accounts that no entity owns.
fn unowned(case: &Case, sort: AccountSort, find: &str) -> Result<Vec<AccountRow>, Failure> {
    let mut accounts = Vec::new();
    let mut start = 0;
    loop {
        let (total, rows) = case.people(sort, find, start..start + PAGE)?;
        accounts.extend(rows.into_iter().filter_map(|entry| match entry {
            Listed::Account { row, owner: None } => Some(row),
            _ => None,
        }));
        start += PAGE;
        if start >= total {
            return Ok(accounts);
        }
    }
}

/// `E9     person        120  2022-03-05 2022-12-21  沈若岚  Shen Ruolan · 若岚  watched  #js`, and of
/// who owns no account `named 36` with the days of that. `dropped`: what of it lost what it cited.
fn entity_line(
    row: &EntityRow,
    named: Option<&Named>,
    dropped: &[String],
    out: &mut Out<'_>,
) -> Result<(), Failure> {
    let fields = &row.entity.fields;
    out.say_in(Style::Strong, &width::column(&row.entity.id.to_string(), 6))?;
    out.say(&format!(" {}", width::column(fields.kind.word(), 13)))?;
    let (count, first, last) = match named {
        Some(named) => (format!("named {}", grouped(named.units)), &named.first, &named.last),
        None => (grouped(row.messages), &row.first, &row.last),
    };
    out.say(&format!("{count:>9}  "))?;
    out.say_in(Style::Dim, &format!("{:<10} {:<10}  ", day(first), day(last)))?;
    out.line_of(Style::Strong, &fields.name)?;
    if !fields.aliases.is_empty() {
        out.line_of(Style::Dim, &format!("  {}", fields.aliases.join(" · ")))?;
    }
    if fields.watched {
        out.say("  watched")?;
    }
    for tag in &fields.tags {
        out.line_of(Style::Plain, &format!("  #{tag}"))?;
    }
    for shared in &row.shared {
        let others: Vec<String> = shared.others.iter().map(|one| one.id.to_string()).collect();
        let words = format!("  {} is also {}", shared.name, others.join(", "));
        out.line_of(Style::Warn, &words)?;
    }
    if let Some(kept) = &fields.kept {
        out.line_of(Style::Warn, &format!("  {}", kept.words()))?;
    }
    for own in &fields.disagreed {
        out.line_of(Style::Warn, &format!("  {} {}", own.about(), own.words()))?;
    }
    for said in dropped {
        out.line_of(Style::Warn, &format!("  ! {said}"))?;
    }
    Ok(out.say("\n")?)
}

fn account_line(row: &AccountRow, indent: &str, out: &mut Out<'_>) -> Result<(), Failure> {
    let account = &row.account;
    out.say_in(Style::Strong, &format!("{indent}{}", width::column(&row.id().to_string(), 6)))?;
    out.line_of(Style::Dim, &width::column(&sanitise::line(&account.platform), 11))?;
    out.say(&format!(" {:>9}  ", grouped(account.messages)))?;
    out.say_in(Style::Dim, &format!("{:<10} {:<10}  ", day(&row.first), day(&row.last)))?;
    let name = if account.name.is_empty() { &account.handle } else { &account.name };
    out.line_of(Style::Plain, name)?;
    if *name != account.handle {
        out.line_of(Style::Dim, &format!("  {}", account.handle))?;
    }
    Ok(out.say("\n")?)
}

fn day(time: &Option<String>) -> String {
    time.as_deref().unwrap_or("-").chars().take(10).collect()
}

fn field(out: &mut Out<'_>, name: &str, value: &str) -> Result<(), Failure> {
    out.line_of(Style::Dim, &width::column(name, 14))?;
    out.line_of(Style::Plain, value)?;
    Ok(out.say("\n")?)
}

/// `show E9`.
pub fn show(case: &Case, id: EntityId, is_json: bool, out: &mut Out<'_>) -> Result<(), Failure> {
    let dossier = case.dossier(id)?;
    let mentions = case.mentions(id, &AtomicBool::new(false))?;
    if is_json {
        return out.json(&json::Dossier::new(dossier, mentions));
    }
    let named = named_of(case, &dossier.row, case.index_is_current()?)?;
    entity_line(&dossier.row, named.as_ref(), &[], out)?;
    for (name, count) in &mentions.names {
        field(out, "name", &format!("{name}  {}", grouped(*count)))?;
    }
    let fields = &dossier.row.entity.fields;
    if !fields.description.is_empty() {
        out.block_of(&fields.description)?;
        out.say("\n")?;
    }
    for attribute in &dossier.attributes {
        field(out, &attribute.key, &attribute.value)?;
        for (id, quote, _) in &attribute.citations {
            field(out, "", &format!("{id} “{quote}”"))?;
        }
        for id in &attribute.dropped {
            field(out, "", &format!("{id} (dropped)"))?;
        }
    }
    for merged in &dossier.merged {
        field(out, "merged", &format!("{} {}", merged.id, merged.name))?;
    }
    for account in &dossier.accounts {
        account_line(account, "", out)?;
    }
    for account in &dossier.absent {
        let words = format!("{} {} is not in this case", account.platform, account.handle);
        out.line_of(Style::Warn, &words)?;
        out.say("\n")?;
    }
    for part in &dossier.conversations {
        let words = format!("{} {}  {}", part.id, part.title, grouped(part.own));
        field(out, "takes part", &words)?;
    }
    let documents = counted(mentions.documents, "document", "documents");
    let messages = counted(mentions.messages, "message", "messages");
    field(out, "named in", &format!("{documents} and {messages}"))?;
    let undated = (mentions.undated > 0).then(|| ("undated".to_owned(), mentions.undated));
    for (date, count) in mentions.dates.iter().chain(undated.as_ref()) {
        field(out, "", &format!("{date:<8} {:>7}", grouped(*count)))?;
    }
    for (id, title, count) in &mentions.conversations {
        field(out, "named in", &format!("{id} {title}  {}", grouped(*count)))?;
    }
    for hit in mentions.found.iter().take(SHOWN) {
        field(out, "named in", &format!("{} {}", hit.item, hit.path))?;
    }
    for (id, about) in &dossier.notes {
        field(out, "note", &format!("{id} {about}"))?;
    }
    for change in &dossier.history {
        let undone = if change.is_undone { " (undone)" } else { "" };
        let why = if change.why.is_empty() { String::new() } else { format!(": {}", change.why) };
        let words = format!("{} {}{undone}{why}", change.author, change.words);
        field(out, &wall_text(change.wall)[2..], &format!("  {words}"))?;
    }
    Ok(())
}

/// `show P5`.
pub fn show_account(
    case: &Case,
    id: ParticipantId,
    is_json: bool,
    out: &mut Out<'_>,
) -> Result<(), Failure> {
    let account = case.account(id)?;
    if is_json {
        return out.json(&json::AccountDossier::from(account));
    }
    account_line(&account.row, "", out)?;
    if let Some(owner) = &account.row.account.owner {
        field(out, "owned by", &format!("{} {}", owner.id, owner.name))?;
    }
    for (key, value) in &account.attributes {
        field(out, key, value)?;
    }
    for part in &account.conversations {
        let words = format!(
            "{} {}  {} of {}",
            part.id,
            part.title,
            grouped(part.own),
            grouped(part.messages)
        );
        field(out, "takes part", &words)?;
    }
    for (month, messages) in &account.months {
        field(out, &crate::case::month_text(*month), &grouped(*messages))?;
    }
    Ok(())
}

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
