//! Entities of the case in memory: what acts add up to, without a journal.

use super::fake_evidence::{search, text_of};
use super::fake_pages::account;
use crate::app::data::{Answer, Failure, Request};
use crate::app::named::NameCount;
use crate::app::naming::{EntityAct, Known, KnownAccount};
use crate::app::pages::{Page, PageId};
use crate::case::{
    AccountConversation, Attribute, AttributeView, Called, Change, Dossier, Entity, EntityField,
    EntityFields, EntityRow, Listed, Mentions, MergePreview, NewEntity, Present, SharedName, Who,
};
use crate::model::dossier::Named;
use crate::model::{AnchorId, ConversationId, EntityId, ItemId, ParticipantId, Sha256};

const WALL: i64 = 1_700_000_000_000;

fn new(all: &[Entity], new: &NewEntity) -> Entity {
    let id = EntityId(all.len() as i64 + 1);
    Entity {
        id,
        operation: Sha256([id.0 as u8; 32]),
        fields: EntityFields {
            kind: new.kind,
            name: new.name.clone(),
            aliases: new.aliases.iter().filter(|name| **name != new.name).cloned().collect(),
            ..EntityFields::default()
        },
        participants: new.participants.clone(),
        merged: Vec::new(),
        author: "lin".to_owned(),
        changed: WALL,
    }
}

/// What acts add up to; the number of an entity is its place, dropped ones have no name.
pub fn fold<'a>(acts: impl IntoIterator<Item = &'a EntityAct>) -> Vec<Entity> {
    let mut all: Vec<Entity> = Vec::new();
    for act in acts {
        let at = |id: EntityId| id.0 as usize - 1;
        match act.clone() {
            EntityAct::New(made) => all.push(new(&all, &made)),
            EntityAct::Set { id, set } => {
                let fields = &mut all[at(id)].fields;
                match set {
                    EntityField::Kind(kind) => fields.kind = kind,
                    EntityField::Name { name, why } => {
                        let before = std::mem::replace(&mut fields.name, name);
                        fields.aliases.push(before.clone());
                        fields.renamed.insert(0, (before, why));
                    }
                    EntityField::Description(text) => fields.description = text,
                    other => panic!("{other:?} has an act of its own"),
                }
            }
            EntityAct::Alias { id, name, on } => {
                let aliases = &mut all[at(id)].fields.aliases;
                aliases.retain(|known| *known != name);
                aliases.extend(on.then_some(name));
                aliases.sort();
            }
            EntityAct::Account { id, account, on } => {
                let account: ParticipantId = account.parse().unwrap();
                let owned = &mut all[at(id)].participants;
                owned.retain(|known| *known != account);
                owned.extend(on.then_some(account));
            }
            EntityAct::Attribute { id, key, value, cite } => {
                let anchors = cite.iter().map(|_| Sha256([1; 32])).collect();
                all[at(id)].fields.attributes.push(Attribute { key, value, anchors });
            }
            EntityAct::TakeAttribute { id, key, value } => all[at(id)]
                .fields
                .attributes
                .retain(|known| (&known.key, &known.value) != (&key, &value)),
            EntityAct::Tag { id, name, on } => {
                let tags = &mut all[at(id)].fields.tags;
                tags.retain(|known| *known != name);
                tags.extend(on.then_some(name));
            }
            EntityAct::Watch { id, on } => all[at(id)].fields.watched = on,
            EntityAct::Merge { id, into, .. } => {
                let from = std::mem::take(&mut all[at(id)].fields);
                // What it was called, for whoever takes the merge apart.
                all[at(id)].fields.description.clone_from(&from.name);
                let own = &mut all[at(into)];
                own.merged.push(id);
                own.fields.aliases.push(from.name);
                own.fields.aliases.extend(from.aliases);
            }
            EntityAct::Split { from, new: made, .. } => {
                all[at(from)].fields.aliases.retain(|name| !made.aliases.contains(name));
                all[at(from)].participants.retain(|id| !made.participants.contains(id));
                all.push(new(&all, &made));
            }
            EntityAct::Drop(id) => all[at(id)].fields = EntityFields::default(),
            EntityAct::Unmerge { id, .. } => {
                let name = std::mem::take(&mut all[at(id)].fields.description);
                for own in all.iter_mut().filter(|own| own.merged.contains(&id)) {
                    own.merged.retain(|merged| *merged != id);
                    own.fields.aliases.retain(|alias| *alias != name);
                }
                all[at(id)].fields.name = name;
            }
        }
    }
    all
}

fn there(all: &[Entity]) -> impl Iterator<Item = &Entity> {
    all.iter().filter(|entity| !entity.fields.name.is_empty())
}

fn called(entity: &Entity) -> Called {
    Called { id: entity.id, name: entity.fields.name.clone() }
}

fn row(all: &[Entity], entity: &Entity) -> EntityRow {
    let accounts: Vec<_> =
        entity.participants.iter().map(|id| account(id.0 as usize - 1)).collect();
    let shared = entity.names().map(|name| SharedName {
        name: name.to_owned(),
        others: there(all)
            .filter(|other| other.id != entity.id && other.names().any(|own| own == name))
            .map(called)
            .collect(),
        account: None,
    });
    EntityRow {
        messages: accounts.iter().map(|row| row.account.messages).sum(),
        conversations: u64::from(!accounts.is_empty()),
        first: accounts.iter().filter_map(|row| row.first.clone()).min(),
        last: accounts.iter().filter_map(|row| row.last.clone()).max(),
        shared: shared.filter(|shared| !shared.others.is_empty()).collect(),
        entity: entity.clone(),
    }
}

/// Who owns an account.
pub fn owner(all: &[Entity], id: ParticipantId) -> Option<Called> {
    there(all).find(|entity| entity.participants.contains(&id)).map(called)
}

fn people(all: &[Entity], wanted: &str) -> Vec<Listed> {
    let mut listed = Vec::new();
    for entity in there(all).filter(|entity| entity.names().any(|name| name.contains(wanted))) {
        listed.push(Listed::Entity(Box::new(row(all, entity))));
        let own = entity.participants.iter().map(|id| account(id.0 as usize - 1));
        listed.extend(own.map(|row| Listed::Account { row, owner: Some(entity.id) }));
    }
    let rest: Vec<Listed> = (0..super::fake_evidence::PEOPLE.len())
        .map(account)
        .filter(|row| owner(all, row.id()).is_none() && row.account.name.contains(wanted))
        .map(|row| Listed::Account { row, owner: None })
        .collect();
    if !listed.is_empty() && !rest.is_empty() {
        listed.push(Listed::Rest(rest.len() as u64));
    }
    listed.extend(rest);
    listed
}

fn find(all: &[Entity], id: EntityId) -> Result<&Entity, Failure> {
    let found = there(all).find(|entity| entity.id == id || entity.merged.contains(&id));
    found.ok_or_else(|| Failure::new(format!("there is no {id}")))
}

fn dossier(all: &[Entity], id: EntityId) -> Result<Dossier, Failure> {
    let entity = find(all, id)?;
    let accounts: Vec<_> =
        entity.participants.iter().map(|id| account(id.0 as usize - 1)).collect();
    let conversations = accounts.first().map(|row| AccountConversation {
        id: ConversationId(1),
        title: super::fake_evidence::conversation().title,
        own: row.account.messages,
        messages: super::fake_evidence::MESSAGES.len() as u64,
        first: row.first.clone(),
        last: row.last.clone(),
    });
    let attribute = |known: &Attribute| AttributeView {
        key: known.key.clone(),
        value: known.value.clone(),
        citations: known
            .anchors
            .iter()
            .map(|_| (AnchorId(1), "30万先付".to_owned(), None))
            .collect(),
        dropped: Vec::new(),
    };
    let change = |words: &str, why: &str| Change {
        author: "lin".to_owned(),
        wall: WALL,
        words: words.to_owned(),
        why: why.to_owned(),
        is_undone: false,
    };
    let renamed = entity.fields.renamed.iter().map(|(_, why)| change("renamed it", why));
    Ok(Dossier {
        row: row(all, entity),
        accounts,
        absent: Vec::new(),
        attributes: entity.fields.attributes.iter().map(attribute).collect(),
        merged: entity
            .merged
            .iter()
            .map(|id| {
                let merged = all.iter().find(|entity| entity.id == *id);
                let name = merged.map_or_else(String::new, |own| own.fields.description.clone());
                Called { id: *id, name }
            })
            .collect(),
        conversations: conversations.into_iter().collect(),
        notes: Vec::new(),
        history: renamed.chain([change("made it", "")]).collect(),
        mentions: None,
    })
}

fn mentions(entity: &Entity) -> Mentions {
    let names: Vec<(String, u64)> =
        entity.names().map(|name| (name.to_owned(), search(name).total)).collect();
    // The tests use names that do not stand beside each other.
    let found: Vec<_> = entity.names().map(search).collect();
    let documents = found.iter().map(|found| found.documents).sum();
    let messages = found.iter().map(|found| found.messages).sum();
    let hits = found.into_iter().flat_map(|found| found.hits);
    let (of_messages, of_documents): (Vec<_>, Vec<_>) =
        hits.partition(|hit| matches!(hit.item, ItemId::Message(_)));
    Mentions {
        total: documents + messages,
        documents,
        messages,
        names,
        dates: vec![("2022-03".to_owned(), messages), ("2022-04".to_owned(), documents)],
        undated: 0,
        recent: of_messages,
        found: of_documents,
        conversations: vec![(
            ConversationId(1),
            super::fake_evidence::conversation().title,
            messages,
        )],
    }
}

/// Where names of watched entities stand in a text.
pub fn watched(all: &[Entity], text: &str) -> Vec<(u64, u64)> {
    let names = there(all).filter(|entity| entity.fields.watched).flat_map(Entity::names);
    let found = |name: &str| text.match_indices(name).map(|(at, it)| (at, at + it.len())).collect();
    let mut found: Vec<(usize, usize)> = names.flat_map::<Vec<_>, _>(found).collect();
    found.sort_unstable();
    found.into_iter().map(|(start, end)| (start as u64, end as u64)).collect()
}

fn present(all: &[Entity], item: ItemId) -> Vec<Present> {
    let (text, sender) = text_of(item);
    there(all)
        .filter_map(|entity| {
            let found = entity.names().map(|name| text.matches(name).count() as u64).sum();
            let wrote = sender.is_some_and(|sender| entity.participants.contains(&sender));
            (found > 0 || wrote).then(|| Present {
                entity: called(entity),
                kind: entity.fields.kind,
                is_watched: entity.fields.watched,
                wrote,
                occurrences: found,
                first: None,
                or_else: match wrote {
                    true => Vec::new(),
                    false => row(all, entity)
                        .shared
                        .into_iter()
                        .flat_map(|shared| shared.others)
                        .collect(),
                },
            })
        })
        .collect()
}

/// What the case answers about entities; `None` for what is no question about them.
pub fn answer(request: &Request, all: &[Entity]) -> Option<Result<Answer, Failure>> {
    Some(Ok(match request {
        Request::People { sort, wanted, range } => {
            let rows = people(all, wanted);
            let (sort, wanted, range) = (*sort, wanted.clone(), range.clone());
            let count = |is_it: fn(&Listed) -> bool| rows.iter().filter(|row| is_it(row)).count();
            let who = Who {
                rows: rows.len() as u64,
                entities: count(|row| matches!(row, Listed::Entity(_))) as u64,
                accounts: count(|row| matches!(row, Listed::Account { .. })) as u64,
            };
            Answer::People { sort, wanted, range, who, rows }
        }
        Request::Page(PageId::Entity(id)) => match dossier(all, *id) {
            Ok(dossier) => Answer::Page(Box::new(Page::Entity(Box::new(dossier))), Box::default()),
            Err(failure) => return Some(Err(failure)),
        },
        Request::Mentions(id) => match find(all, *id) {
            Ok(entity) => Answer::Mentions { id: *id, found: Box::new(mentions(entity)) },
            Err(failure) => return Some(Err(failure)),
        },
        Request::NamesCounted(ids) => {
            let all = ids.iter().filter_map(|id| find(all, *id).ok());
            let counts = all.map(|entity| {
                let found = mentions(entity);
                let names = entity.names().map(str::to_owned).collect();
                let named = Named { units: found.total, ..Named::default() };
                NameCount { id: entity.id, names, named }
            });
            Answer::NamesCounted(counts.collect())
        }
        Request::Present { item, .. } => {
            Answer::Present { item: *item, found: present(all, *item), is_cut: false }
        }
        Request::Said { selected, purpose } => {
            let crate::app::selection::Selected::Text(selection) = selected else {
                return Some(Err(Failure::new("no text")));
            };
            let range = selection.range.start as usize..selection.range.end as usize;
            let text = text_of(selection.item).0[range].to_owned();
            Answer::Said { selected: selected.clone(), text, purpose: *purpose }
        }
        Request::Watched { id, variant, range } => {
            let text = text_of(ItemId::Document(*id)).0;
            let within = |at: &(u64, u64)| range.start <= at.0 && at.1 <= range.end;
            let found = watched(all, text).into_iter().filter(within).collect();
            Answer::Watched { id: *id, variant: *variant, found }
        }
        Request::KnownAccounts => {
            let listed = people(all, "").into_iter();
            let account = |entry| match entry {
                Listed::Account { row, owner } => {
                    Some(KnownAccount { account: row.account, owner })
                }
                _ => None,
            };
            Answer::KnownAccounts(listed.filter_map(account).collect())
        }
        Request::KnownEntities => Answer::KnownEntities(
            there(all)
                .map(|entity| Known {
                    id: entity.id,
                    kind: entity.fields.kind,
                    names: entity.names().map(str::to_owned).collect(),
                })
                .collect(),
        ),
        Request::MergePreview { id, into, why } => {
            let words = |id: &EntityId| match find(all, *id) {
                Ok(entity) => format!("{id} {}", entity.fields.name),
                Err(_) => id.to_string(),
            };
            let preview = MergePreview {
                from: words(id),
                into: words(into),
                names: find(all, *id)
                    .map_or(Vec::new(), |entity| entity.names().map(str::to_owned).collect()),
                found: (2, 5),
                together: vec!["C1 lin ↔ mara".to_owned()],
                ..MergePreview::default()
            };
            let preview = Box::new(preview);
            Answer::MergePreview { id: *id, into: *into, why: why.clone(), preview }
        }
        _ => return None,
    }))
}
