//! `entities`, and what `show` says of an entity or an account.

use super::args;
use super::error::{Code, Failure};
use super::json_entity as json;
use super::out::{Out, Style};
use super::{counted, grouped, read};
use crate::case::{AccountRow, AccountSort, Case, EntityRow, Listed, wall_text};
use crate::model::dossier::Named;
use crate::model::{EntityId, ParticipantId};
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

/// What is said of an entity and whose citation is gone: `born: A7 was deleted by lin on 2024-02-19`.
fn dropped(case: &Case, row: &EntityRow) -> Result<Vec<String>, Failure> {
    let mut said = Vec::new();
    for attribute in &row.entity.fields.attributes {
        let gone = case.dropped_of(attribute)?.into_iter();
        said.extend(gone.map(|(id, gone)| format!("{}: {id} was {}", attribute.key, gone.words())));
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
        for (id, gone) in &attribute.dropped {
            field(out, "", &format!("{id} ({})", gone.words()))?;
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
