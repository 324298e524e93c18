//! Marks and tags.

use super::Context::*;
use super::{Command, MARKED, command};
use crate::app::App;
use crate::app::choice::Choice as Choose;
use crate::app::data::Mark;
use crate::app::settled::Needs;

pub(super) const COMMANDS: &[Command] = &[
    command("mark-read", "Mark as read, or not read", MARKED, &["space"], |app| {
        app.mark_here(Mark::Read)
    })
    .hint("read")
    .about(App::mark_hint)
    .when(App::can_mark, "documents and messages are marked; neither is here")
    .writes(),
    command("mark-irrelevant", "Put aside as irrelevant, or back", MARKED, &["x"], |app| {
        app.mark_here(Mark::Irrelevant)
    })
    .hint("irrelevant")
    .when(App::can_mark, "documents and messages are marked; neither is here")
    .writes(),
    command("mark-starred", "Star, or take the star off", MARKED, &["s"], |app| {
        app.mark_here(Mark::Starred)
    })
    .hint("star")
    .when(App::can_mark, "documents and messages are marked; neither is here")
    .writes(),
    command(
        "next-unread",
        "Go to the next message, document or hit that is not read",
        MARKED,
        &["U"],
        App::next_unread,
    )
    .needs(Needs::Marks)
    .hint("next unread")
    .when(App::can_seek_unread, "documents and messages are read or unread; none are here"),
    command(
        "mark-all-read",
        "Mark all of this list, result or conversation as read",
        MARKED,
        &["M space"],
        |app| app.mark_all(Mark::Read),
    )
    .needs(Needs::Marks)
    .when(App::can_mark_all, "nothing here can be marked all at once")
    .writes(),
    command(
        "mark-all-irrelevant",
        "Put all of this list, result or conversation aside",
        MARKED,
        &["M x"],
        |app| app.mark_all(Mark::Irrelevant),
    )
    .needs(Needs::Marks)
    .when(App::can_mark_all, "nothing here can be marked all at once")
    .writes(),
    command(
        "mark-all-starred",
        "Star all of this list, result or conversation",
        MARKED,
        &["M s"],
        |app| app.mark_all(Mark::Starred),
    )
    .needs(Needs::Marks)
    .when(App::can_mark_all, "nothing here can be marked all at once")
    .writes(),
    command(
        "tag",
        "Tag what the cursor is on or what is selected, or take a tag off: who/lin",
        &[List, Reader, Results, Links],
        &["#"],
        App::tag_here,
    )
    .hint("tag")
    .when(App::can_tag, "nothing here can be tagged")
    .writes(),
    command(
        "tag-all",
        "Tag all of this list, result or conversation, after a count",
        MARKED,
        &["M #"],
        App::tag_all,
    )
    .needs(Needs::Marks)
    .when(App::can_mark_all, "nothing here can be marked all at once")
    .writes(),
    command("tags", "Every tag with its counts, to search for", &[Anywhere], &["g #"], |app| {
        app.open_choice(Choose::Tags)
    })
    .at_once(),
];
