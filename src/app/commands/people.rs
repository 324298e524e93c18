//! Who is who.

use super::Context::*;
use super::{Command, command};
use crate::app::App;
use crate::app::settled::Needs;

pub(super) const COMMANDS: &[Command] = &[
    command(
        "new-entity",
        "Make an entity of what is selected, of the account here, or of a name",
        &[Anywhere],
        &["E n"],
        App::new_entity,
    )
    .writes()
    .alone(),
    command(
        "name-entity",
        "Make an entity of a name alone",
        &[Anywhere],
        &["E N"],
        App::name_entity,
    )
    .writes(),
    command(
        "add-name",
        "Another name of an entity: what is selected, or what is typed",
        &[Anywhere],
        &["E a"],
        App::add_name,
    )
    .when(App::can_name, "nothing is selected, and no entity is here: v selects a name")
    .writes()
    .alone(),
    command(
        "say-of-entity",
        "Say something of an entity; what is selected shows it",
        &[Anywhere],
        &["E s"],
        App::say_of_entity,
    )
    .when(App::can_name, "nothing is selected, and no entity is here: v selects a name")
    .writes()
    .alone(),
    command(
        "give-account",
        "Give this account to an entity, or an account to this entity",
        &[Anywhere],
        &["E p"],
        App::give_account,
    )
    .when(App::has_entity_or_account, "neither an entity nor an account is here")
    .writes()
    .alone(),
    command(
        "go-to-owner",
        "Go to the entity that owns the account here; where none does, say whose it is",
        &[Anywhere],
        &["E o"],
        App::go_to_owner,
    )
    .needs(Needs::Cursor)
    .when(App::has_account, "no account is here")
    .alone(),
    command("rename-entity", "Rename it, and say why", &[Anywhere], &["E r"], App::rename_entity)
        .when(App::has_entity, "no entity is here")
        .writes()
        .alone(),
    command(
        "set-entity-kind",
        "Person, organisation, place and so on",
        &[Anywhere],
        &["E k"],
        App::set_entity_kind,
    )
    .when(App::has_entity, "no entity is here")
    .writes()
    .alone(),
    command("describe-entity", "Describe it", &[Anywhere], &["E d"], App::describe_entity)
        .when(App::has_entity, "no entity is here")
        .writes()
        .alone(),
    command("tag-entity", "Tag it, or take a tag off", &[Anywhere], &["E t"], App::tag_entity)
        .when(App::has_entity, "no entity is here")
        .writes()
        .alone(),
    command(
        "watch-entity",
        "Watch it, or no more: watch:yes finds where it is named and what it wrote",
        &[Anywhere],
        &["E w"],
        App::watch_entity,
    )
    .hint("watch")
    .when(App::has_entity, "no entity is here")
    .writes()
    .alone(),
    command(
        "merge-entity",
        "Say that it is another one; what that changes is shown first",
        &[Anywhere],
        &["E m"],
        App::merge_entity,
    )
    .hint("merge")
    .when(App::has_entity, "no entity is here")
    .writes()
    .alone(),
    command(
        "split-entity",
        "Make an entity of its own of the name or account under the cursor; take a merge apart",
        &[Links],
        &["E x"],
        App::split_entity,
    )
    .when(App::can_split, "the cursor is on no name, account or merge of an entity")
    .writes(),
];
