//! `show`: one document, message, conversation or note as text. Entities and accounts are in
//! `entities.rs`.

mod chat;
mod document;
mod made;
mod note;

use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::{add, anchors, args, current, read};
use crate::case::CaseError;
use crate::model::ItemId;
use crate::text::width;
use chat::{conversation, message};
use document::document;
use note::note;

pub fn show(args: &args::Show, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = read(&args.at.case)?;
    let item: ItemId = match args.item.parse() {
        Ok(item) => item,
        // An entity may be named, as `entity` takes it.
        Err(error) => match case.entity_meant(&args.item) {
            Ok(entity) => ItemId::Entity(entity.id),
            Err(CaseError::Refused(why)) => {
                return Err(Failure::usage(format!("{error}, and {why}")).hint(
                    "`casebook documents CASE` and `casebook conversations CASE` list the ids",
                ));
            }
            Err(error) => return Err(error.into()),
        },
    };
    if args.file && !matches!(item, ItemId::Document(_)) {
        return Err(Failure::usage(format!("{item} is not a file")).hint(
            "--file shows what lies in the file of a document, as in: show CASE D17 --file",
        ));
    }
    if args.raw {
        out.be_exact()?;
    }
    let case = match item {
        // Where a name stands is looked for.
        ItemId::Entity(_) if !case.index_is_current()? => {
            // Not every file system lets two handles have it.
            drop(case);
            current(&args.at.case, &*add::interrupt()?)?
        }
        _ => case,
    };
    match item {
        ItemId::Document(id) => document(&case, id, args, out)?,
        ItemId::Message(id) => message(&case, id, args.json, out)?,
        ItemId::Conversation(id) => conversation(&case, id, args.json, out)?,
        ItemId::Note(id) => note(&case, id, args.json, out)?,
        ItemId::Anchor(id) => anchors::show(&case, id, args.json, out)?,
        ItemId::Entity(id) => super::entities::show(&case, id, args.json, out)?,
        ItemId::Participant(id) => super::entities::show_account(&case, id, args.json, out)?,
        ItemId::Source(_) => {
            return Err(Failure::usage(format!("{item} is not something to read"))
                .hint("show takes D17, M2041, C3, E9, P5, N4 or A7"));
        }
    }
    Ok(Code::Done)
}

pub(super) fn field(out: &mut Out<'_>, name: &str, value: &str) -> Result<(), Failure> {
    if !value.is_empty() {
        out.line_of(Style::Dim, &width::column(name, 18))?;
        out.line_of(Style::Plain, value)?;
        out.say("\n")?;
    }
    Ok(())
}
