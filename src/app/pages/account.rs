//! An account's dossier: where it takes part, when it spoke, what else it is called.

use crate::app::line::{Line, Role};
use crate::app::margin::{Column, owner, quoted};
use crate::app::overview::{bar, count, number};
use crate::app::pages::PageId;
use crate::app::target::Target;
use crate::case::{Account, AccountRow, month_text};
use crate::text::{sanitise, width};

/// Months without a word that are shown one by one.
const SILENT: usize = 3;

/// The name that an account is shown by.
pub fn name(row: &AccountRow) -> &str {
    if row.account.name.is_empty() { &row.account.handle } else { &row.account.name }
}

/// The day of a clock reading.
pub fn day(time: &Option<String>) -> &str {
    time.as_deref().and_then(|time| time.get(..10)).unwrap_or("undated")
}

pub fn title(account: &Account) -> Line {
    let mut line = Line::of(account.row.id().to_string(), Role::Dim).and(" ", Role::Text);
    line.push(name(&account.row), Role::Head);
    line.push(owner(&account.row.account), Role::Head);
    line.and(format!(" {}", account.row.account.platform), Role::Dim)
}

pub fn lines(account: &Account, cells: usize) -> Vec<Line> {
    let row = &account.row;
    let mut lines = Vec::new();
    let own = format!("from:{}", quoted(&row.account.handle));
    let mut head = Line::of(count(row.account.messages, "message", "messages"), Role::Link);
    if row.first.is_some() {
        head.push(format!("  {} to {}", day(&row.first), day(&row.last)), Role::Text);
    }
    lines.push(head.to(Target::Search(own.clone())));
    if account.is_bot {
        lines.push(Line::of("a program, not a person (the export says so)", Role::Dim));
    }
    lines.push(Line::new());
    let conversations = account.conversations.len() as u64;
    lines.push(Line::of(
        format!("takes part in {}", count(conversations, "conversation", "conversations")),
        Role::Dim,
    ));
    for conversation in &account.conversations {
        let tail = format!(
            " {:>7} of {:>7}  {} to {}",
            number(conversation.own),
            number(conversation.messages),
            day(&conversation.first),
            day(&conversation.last)
        );
        let tail = if cells > 60 { tail } else { format!(" {:>7}", number(conversation.own)) };
        let id = format!("{} ", conversation.id);
        let room = cells.saturating_sub(width::of(&id) + width::of(&tail) + 2);
        let mut line = Line::of(id, Role::Dim);
        let title = sanitise::line(&conversation.title);
        line.push(width::pad(&width::clip(&title, room), room), Role::Link);
        line.push(tail, Role::Text);
        lines.push(line.to(Target::Conversation { id: conversation.id, position: None }));
    }
    lines.push(Line::new());
    months(&mut lines, account, &own, cells);
    lines
}

/// A bar for every month; long silences are one line.
fn months(lines: &mut Vec<Line>, account: &Account, own: &str, cells: usize) {
    let Some(most) = account.months.iter().map(|(_, messages)| *messages).max() else { return };
    lines.push(Line::of("messages by month", Role::Dim));
    let mut before: Option<i32> = None;
    for (month, messages) in &account.months {
        let dated = month_text(*month);
        let silent = before.map_or(0, |before| month.saturating_sub(before).saturating_sub(1));
        let silent = usize::try_from(silent).unwrap_or(0);
        if silent > SILENT {
            lines.push(Line::of(format!("         {silent} months without a message"), Role::Dim));
        } else if let Some(before) = before {
            for quiet in 1..=silent {
                let quiet = before + i32::try_from(quiet).unwrap_or(0);
                lines.push(Line::of(format!("{:<8} {:>7}", month_text(quiet), 0), Role::Dim));
            }
        }
        // What has no date sorts before everything and opens no silence.
        before = Some(*month).filter(|month| *month != crate::case::UNDATED);
        let mut line = Line::of(format!("{dated:<8} "), Role::Link);
        line.push(format!("{:>7} ", number(*messages)), Role::Text);
        line.push(bar(*messages, most, cells.saturating_sub(20).min(40)), Role::Bar);
        let when = if before.is_some() { dated } else { "none".to_owned() };
        lines.push(line.to(Target::Search(format!("{own} date:{when}"))));
    }
}

pub fn margin(account: &Account, cells: usize) -> Vec<Line> {
    let mut column = Column::new(cells);
    let row = &account.row;
    column.say("account on", &row.account.platform);
    column.say("handle", &row.account.handle);
    let own = format!("from:{}", quoted(&row.account.handle));
    let mut names: Vec<&str> = vec![row.account.name.as_str()];
    let also = account.attributes.iter().filter(|(key, _)| key == "name");
    names.extend(also.map(|(_, name)| name.as_str()));
    names.retain(|name| !name.is_empty() && *name != row.account.handle);
    if !names.is_empty() {
        column.head(if names.len() == 1 { "name" } else { "names it had" });
        names.iter().for_each(|name| column.say("", name));
    }
    let others: Vec<_> = account.attributes.iter().filter(|(key, _)| key != "name").collect();
    if !others.is_empty() {
        column.head("the exports say");
        for (key, value) in others {
            column.say(&sanitise::line(key), value);
        }
    }
    column.head("look at");
    for (what, query) in [
        ("all it said", own.clone()),
        ("what is unread", format!("{own} is:unread")),
        ("what it sent along", format!("{own} has:attachment")),
        ("where others name it", mentions(row)),
    ] {
        column.lines.push(Line::of(what, Role::Link).to(Target::Search(query)));
    }
    match &row.account.owner {
        Some(owner) => {
            column.head("owned by");
            let line = Line::of(format!("{} ", owner.id), Role::Dim).and(&owner.name, Role::Link);
            column.lines.push(line.to(Target::Page(PageId::Entity(owner.id))));
        }
        None => {
            column.head("an account, not a person");
            column.say("", "one person may have several, and several people one");
            let line = Line::of("say whose it is", Role::Link);
            column.lines.push(line.to(Target::Owner(row.id())));
        }
    }
    column.lines
}

fn mentions(row: &AccountRow) -> String {
    format!("{} -from:{}", quoted(name(row)), quoted(&row.account.handle))
}
