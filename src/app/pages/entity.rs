//! An entity's dossier: what it is called, what is said of it and what shows that, where its
//! accounts speak, where its names stand, who says so.

use super::account::{day, name as account_name};
use super::target_of;
use crate::app::line::{Line, Role};
use crate::app::margin::{Column, quoted};
use crate::app::overview::{bar, count, number};
use crate::app::reader::compose;
use crate::app::search::result_lines;
use crate::app::target::Target;
use crate::case::{AttributeView, Called, Change, Dossier, Entity, Mentions, wall_text};
use crate::model::entity::Attribute;
use crate::model::{EntityId, ItemId, ParticipantId};
use crate::text::normal::folded;
use crate::text::wrap::Measure;
use crate::text::{sanitise, width};

/// What a line of a dossier is about, for what can be done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Alias(String),
    Account(ParticipantId),
    Attribute { key: String, value: String },
    Merged(EntityId),
    Tag(String),
}

/// A line, and what it is about.
type Row = (Line, Option<Piece>);

/// Names and changes that are listed before the rest is only counted.
const MOST: usize = 60;

/// `E9 沈若岚`.
pub fn title(entity: &Entity) -> Line {
    let mut line = Line::of(entity.id.to_string(), Role::Dim).and(" ", Role::Text);
    line.push(&entity.fields.name, Role::Head);
    line.push(format!(" {}", entity.fields.kind.word()), Role::Dim);
    if entity.fields.watched {
        line.push(" ◉ watched", Role::Here);
    }
    line
}

pub fn lines(dossier: &Dossier, cells: usize) -> Vec<Line> {
    rows(dossier, cells).into_iter().map(|(line, _)| line).collect()
}

/// What the line `number` is about.
pub fn piece(dossier: &Dossier, cells: usize, number: usize) -> Option<Piece> {
    rows(dossier, cells).into_iter().nth(number).and_then(|(_, piece)| piece)
}

fn rows(dossier: &Dossier, cells: usize) -> Vec<Row> {
    let mut page = Rows { rows: Vec::new(), cells };
    page.names(dossier);
    page.about(dossier);
    page.accounts(dossier);
    page.conversations(dossier);
    page.mentions(&dossier.row.entity, dossier.mentions.as_ref());
    page.notes(dossier);
    page.history(&dossier.history);
    page.rows
}

struct Rows {
    rows: Vec<Row>,
    cells: usize,
}

impl Rows {
    fn push(&mut self, line: Line) {
        self.rows.push((line, None));
    }

    fn head(&mut self, text: impl AsRef<str>) {
        if !self.rows.is_empty() {
            self.push(Line::new());
        }
        self.push(Line::of(text, Role::Dim));
    }

    fn wrapped(&mut self, text: &str, role: Role) {
        let measure = Measure::text(self.cells.saturating_sub(1).max(4));
        let hits = compose::Hits::default();
        for line in compose::rows(text, measure, hits, role, usize::MAX).0 {
            self.push(line);
        }
    }

    /// A line with something at its right end.
    fn spread(&self, mut line: Line, tail: &str) -> Line {
        line.fit(self.cells.saturating_sub(width::of(tail) + 2));
        line.and(" ", Role::Text).and(tail, Role::Text)
    }

    fn names(&mut self, dossier: &Dossier) {
        let entity = &dossier.row.entity;
        let found = |name: &str| {
            let mentions = dossier.mentions.as_ref()?;
            mentions.names.iter().find(|(known, _)| known == name).map(|(_, found)| *found)
        };
        for name in entity.names() {
            let role = if name == entity.fields.name { Role::Head } else { Role::Link };
            let mut line = Line::of(name, role);
            let shared = dossier.row.shared.iter().find(|shared| shared.name == name);
            if let Some(shared) = shared {
                line.push(format!("  ≠ also {}", who(&shared.others)), Role::Warn);
            }
            let tail = found(name).map_or_else(String::new, number);
            let line = self.spread(line, &tail).to(Target::Search(quoted(name)));
            let is_alias = name != entity.fields.name;
            self.rows.push((line, is_alias.then(|| Piece::Alias(name.to_owned()))));
        }
        if let Some(kept) = &entity.fields.kept {
            self.wrapped(&format!("≠ {}", kept.words()), Role::Warn);
        }
        for own in &entity.fields.disagreed {
            self.wrapped(&format!("≠ {} {}", own.about(), own.words()), Role::Warn);
        }
        for (before, why) in &entity.fields.renamed {
            let why = if why.is_empty() { String::new() } else { format!(": {why}") };
            self.wrapped(&format!("was called {before}{why}"), Role::Dim);
        }
    }

    fn about(&mut self, dossier: &Dossier) {
        let entity = &dossier.row.entity;
        if !entity.fields.description.is_empty() {
            self.push(Line::new());
            self.wrapped(&entity.fields.description, Role::Text);
        }
        if !entity.fields.tags.is_empty() {
            self.push(Line::new());
            for tag in &entity.fields.tags {
                let mut line = Line::of(format!("#{tag}"), Role::Link);
                line.is_stop = true;
                self.rows.push((line, Some(Piece::Tag(tag.clone()))));
            }
        }
        if !dossier.attributes.is_empty() {
            self.head("what is said of it");
        }
        for attribute in &dossier.attributes {
            let is_other = |own: &&AttributeView| {
                folded(&own.key) == folded(&attribute.key) && own.value != attribute.value
            };
            let others = dossier.attributes.iter().filter(is_other);
            let others: Vec<&str> = others.map(|own| own.value.as_str()).collect();
            self.attribute(attribute, &others);
        }
        if !dossier.merged.is_empty() {
            self.head("merged into it");
        }
        for Called { id, name } in &dossier.merged {
            let mut line = Line::of(format!("{id} "), Role::Dim).and(name, Role::Link);
            line = line.to(Target::Page(super::PageId::Entity(*id)));
            self.rows.push((line, Some(Piece::Merged(*id))));
        }
    }

    /// `others`: what else is said under the same key. Two numbers of a person may both be right,
    /// two years of birth cannot: whoever reads one of them sees that it is not the only one, and
    /// where one of the two must be wrong that it is disputed.
    fn attribute(&mut self, attribute: &AttributeView, others: &[&str]) {
        let AttributeView { key, value, citations, dropped } = attribute;
        let said = Attribute { key: key.clone(), value: value.clone(), anchors: Vec::new() };
        let piece = Piece::Attribute { key: key.clone(), value: value.clone() };
        let mut line = Line::of(format!("{key} "), Role::Dim).and(value, Role::Text);
        if citations.is_empty() {
            line.push("  no source", Role::Warn);
        }
        if !others.is_empty() {
            let (sign, role) = match said.is_single() {
                true => ("≠ also", Role::Warn),
                false => ("also", Role::Dim),
            };
            line.push(format!("  {sign} {}", sanitise::line(&others.join(", "))), role);
        }
        line.is_stop = true;
        self.rows.push((line, Some(piece.clone())));
        for (id, said, item) in citations {
            let mut line = Line::of(format!("  {id} "), Role::Dim);
            let room = self.cells.saturating_sub(line.width() + 3);
            line.push(format!("“{}”", width::clip(&sanitise::line(said), room)), Role::Link);
            let target = target_of(ItemId::Anchor(*id)).or_else(|| item.and_then(target_of));
            let line = match target {
                Some(target) => line.to(target),
                None => line,
            };
            self.rows.push((line, Some(piece.clone())));
        }
        for (id, gone) in dropped {
            let line = Line::of(format!("  {id} "), Role::Dim);
            let line = line.and(sanitise::line(&gone.words()), Role::Bad);
            self.rows.push((line, Some(piece.clone())));
        }
    }

    fn accounts(&mut self, dossier: &Dossier) {
        let row = &dossier.row;
        let owned = (dossier.accounts.len() + dossier.absent.len()) as u64;
        if owned == 0 {
            return;
        }
        let mut head = format!("owns {}", count(owned, "account", "accounts"));
        if row.messages > 0 {
            let wrote = count(row.messages, "message", "messages");
            let (first, last) = (day(&row.first), day(&row.last));
            head.push_str(&format!(" · {wrote}, {first} to {last}"));
        }
        self.head(head);
        for account in &dossier.accounts {
            let name = account_name(account);
            let mut line = Line::of(format!("{} ", account.id()), Role::Dim).and(name, Role::Link);
            if name != account.account.handle {
                line.push(format!("  {}", account.account.handle), Role::Dim);
            }
            line.push(format!("  {}", account.account.platform), Role::Dim);
            let tail = match self.cells > 60 {
                true => format!(
                    "{:>7}  {} to {}",
                    number(account.account.messages),
                    day(&account.first),
                    day(&account.last)
                ),
                false => number(account.account.messages),
            };
            let to = Target::Page(super::PageId::Account(account.id()));
            // The number that stands first: what was written with it.
            let query = format!("from:{} kind:message", account.id());
            let line = self.spread(line, &tail).to(to).citing(&query);
            self.rows.push((line, Some(Piece::Account(account.id()))));
        }
        for account in &dossier.absent {
            let line = Line::of(format!("{} {}", account.platform, account.handle), Role::Text);
            self.push(line.and("  not in this case", Role::Warn));
        }
        if row.messages > 0 {
            let query = format!("from:{}", row.entity.id);
            let line = Line::of("all they wrote", Role::Link).to(Target::Search(query));
            self.push(line);
        }
    }

    fn conversations(&mut self, dossier: &Dossier) {
        if dossier.conversations.is_empty() {
            return;
        }
        let total = dossier.conversations.len() as u64;
        self.head(format!("takes part in {}", count(total, "conversation", "conversations")));
        for part in &dossier.conversations {
            let tail = match self.cells > 60 {
                true => format!(
                    "{:>7} of {:>7}  {} to {}",
                    number(part.own),
                    number(part.messages),
                    day(&part.first),
                    day(&part.last)
                ),
                false => number(part.own),
            };
            let line = Line::of(format!("{} ", part.id), Role::Dim).and(&part.title, Role::Link);
            let to = Target::Conversation { id: part.id, position: None };
            // The number that stands first: what its accounts wrote there.
            let query = format!("from:{} in:{} kind:message", dossier.row.entity.id, part.id);
            self.push(self.spread(line, &tail).to(to).citing(&query));
        }
    }

    fn mentions(&mut self, entity: &Entity, mentions: Option<&Mentions>) {
        let query = format!("entity:{}", entity.id);
        let Some(mentions) = mentions else {
            self.head("where its names stand");
            self.push(Line::of("searching…", Role::Dim));
            return;
        };
        self.push(Line::new());
        let found = |total, one, many| count(total, one, many);
        let mut line = Line::of("named in ", Role::Dim);
        line.push(found(mentions.documents, "document", "documents"), Role::Link);
        line.push(" and ", Role::Dim);
        line.push(found(mentions.messages, "message", "messages"), Role::Link);
        self.push(line.to(Target::Search(query.clone())));
        if mentions.total == 0 {
            return;
        }
        let most = mentions.dates.iter().map(|(_, found)| *found).max().unwrap_or(0);
        let none = ("none".to_owned(), mentions.undated);
        let undated = (mentions.undated > 0).then_some(&none);
        for (date, found) in mentions.dates.iter().chain(undated) {
            let name = if date == "none" { "undated" } else { date };
            let mut line = Line::of(format!("{name:<8} "), Role::Link);
            line.push(format!("{:>7} ", number(*found)), Role::Text);
            line.push(bar(*found, most, self.cells.saturating_sub(20).min(40)), Role::Bar);
            self.push(line.to(Target::Search(format!("{query} date:{date}"))));
        }
        if !mentions.recent.is_empty() {
            self.head("the newest");
        }
        for hit in &mentions.recent {
            self.hit(hit);
        }
        if !mentions.conversations.is_empty() {
            self.head("by conversation");
        }
        for (id, title, found) in &mentions.conversations {
            let line = Line::of(format!("{id} "), Role::Dim).and(title, Role::Link);
            let to = Target::Search(format!("{query} in:{id}"));
            self.push(self.spread(line, &number(*found)).to(to));
        }
        if !mentions.found.is_empty() {
            self.head("by document");
        }
        for hit in &mentions.found {
            self.hit(hit);
        }
        if mentions.documents > mentions.found.len() as u64 {
            let line = Line::of(format!("all {}", number(mentions.documents)), Role::Link);
            self.push(line.to(Target::Search(format!("{query} kind:document"))));
        }
    }

    fn hit(&mut self, hit: &crate::case::Hit) {
        let target = match hit.item {
            ItemId::Document(id) => {
                let at = hit.ranges.first().map(|range| range.0);
                Some(Target::Document { id, at })
            }
            item => target_of(item),
        };
        let [head, body] = result_lines(hit, self.cells.saturating_sub(1));
        self.push(match target {
            Some(target) => head.to(target),
            None => head,
        });
        self.push(body);
    }

    fn notes(&mut self, dossier: &Dossier) {
        if dossier.notes.is_empty() {
            return;
        }
        self.head("notes that name it");
        for (id, about) in &dossier.notes {
            let mut line = Line::of(format!("{id} "), Role::Dim);
            let room = self.cells.saturating_sub(line.width() + 1);
            line.push(width::clip(&sanitise::line(about), room), Role::Link);
            if let Some(target) = target_of(ItemId::Note(*id)) {
                line = line.to(target);
            }
            self.push(line);
        }
    }

    fn history(&mut self, history: &[Change]) {
        if history.is_empty() {
            return;
        }
        self.head("who says so");
        for change in history.iter().take(MOST) {
            let undone = if change.is_undone { " (undone)" } else { "" };
            let why = match change.why.as_str() {
                "" => String::new(),
                why => format!(": {why}"),
            };
            let Change { author, words, .. } = change;
            let text = format!("{} {author} {words}{undone}{why}", wall_text(change.wall));
            self.wrapped(&text, if change.is_undone { Role::Dim } else { Role::Text });
        }
        if history.len() > MOST {
            let rest = number((history.len() - MOST) as u64);
            self.push(Line::of(format!("… {rest} more"), Role::Dim));
        }
    }
}

/// `E6 林嘉禾, E8 林墨`.
pub fn who(others: &[Called]) -> String {
    let who: Vec<String> = others.iter().map(|one| format!("{} {}", one.id, one.name)).collect();
    who.join(", ")
}

pub fn margin(dossier: &Dossier, cells: usize) -> Vec<Line> {
    let mut column = Column::new(cells);
    let entity = &dossier.row.entity;
    column.say("kind", entity.fields.kind.word());
    column.say("", if entity.fields.watched { "◉ watched" } else { "not watched" });
    column.head("look at");
    let id = entity.id;
    let mut looks = vec![("where its names stand", format!("entity:{id}"))];
    if !entity.participants.is_empty() {
        looks.push(("all its accounts wrote", format!("from:{id}")));
        looks.push(("where it takes part", format!("with:{id}")));
        looks.push(("where others name it", format!("entity:{id} -from:{id}")));
        looks.push(("what of that is unread", format!("(entity:{id} OR from:{id}) is:unread")));
    } else {
        looks.push(("what of that is unread", format!("entity:{id} is:unread")));
    }
    for (what, query) in looks {
        column.lines.push(Line::of(what, Role::Link).to(Target::Search(query)));
    }
    for shared in &dossier.row.shared {
        column.head(&format!("≠ {} is also", shared.name));
        for other in &shared.others {
            let line = Line::of(format!("{} ", other.id), Role::Dim).and(&other.name, Role::Link);
            column.lines.push(line.to(Target::Page(super::PageId::Entity(other.id))));
        }
    }
    column.head("changed last");
    column.say("by", &entity.author);
    column.say("at", &format!("{} UTC", wall_text(entity.changed)));
    column.head("its name in other copies");
    column.say("", &entity.operation.to_string()[..12]);
    column.lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AnchorId;
    use crate::model::gone::{Deletion, Gone};

    #[test]
    fn whoever_deleted_what_was_cited_is_named() {
        let mut page = Rows { rows: Vec::new(), cells: 60 };
        let deletion =
            Deletion { by: "mara".to_owned(), wall: 1_708_300_800_000, is_undoing: false };
        let attribute = AttributeView {
            key: "role".to_owned(),
            value: "sales".to_owned(),
            citations: Vec::new(),
            dropped: vec![(AnchorId(7), Gone { acts: vec![deletion] })],
        };
        page.attribute(&attribute, &[]);
        let shown: Vec<String> = page.rows.iter().map(|(line, _)| line.plain()).collect();
        assert_eq!(shown, ["role sales  no source", "  A7 deleted by mara on 2024-02-19"]);
    }
}
