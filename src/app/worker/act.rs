//! What is written: each act by the door of the case.

use crate::app::data::{Act, Answer, Failure, Kept};
use crate::app::overview::count;
use crate::app::{anchoring, naming};
use crate::case::Case;
use crate::jobs::Cancel;

/// Writes an act, whose operations are undone together, in another sitting too.
pub(super) fn act(case: &Case, act: Act, cancel: &Cancel) -> Result<Answer, Failure> {
    // What goes into a file that nobody finds again is not done.
    case.check_presence()?;
    if act.is_noted() {
        case.as_one_act(|| write(case, act, cancel))
    } else {
        write(case, act, cancel)
    }
}

fn write(case: &Case, act: Act, cancel: &Cancel) -> Result<Answer, Failure> {
    let acted = match &act {
        Act::Mark { items, mark, on } => case.mark(items, mark.name(), *on)?,
        Act::Note(draft) => {
            let (note, acted) = case.save_note(draft)?;
            let draft = draft.clone();
            return Ok(Answer::NoteKept(Box::new(Kept { draft, note, acted })));
        }
        Act::Highlight { .. } | Act::Cite(_) | Act::SetAnchor { .. } => {
            return anchoring::act(case, &act, cancel);
        }
        Act::DropAnchor(id) => case.drop_anchor(*id)?,
        Act::Keep(item) => case.keep(*item)?,
        Act::CountAgain(id) => case.count_again(*id, cancel.flag())?,
        Act::Zone { export, offset } => case.set_zone(*export, *offset, "")?,
        Act::ZoneAlike { like, offset } => case.set_zone_alike(*like, *offset)?,
        Act::DeleteNote(id) => case.delete_note(*id)?,
        Act::DeleteNotes(ids) => {
            let mut all = case.no_act()?;
            for id in ids.iter() {
                all.after = case.delete_note(*id)?.after;
            }
            all.words = count(ids.len() as u64, "note is deleted", "notes are deleted");
            all
        }
        Act::SetNote { note, set } => {
            case.check_field(*note, set)?;
            case.set_note_as_one(*note, set.clone())?
        }
        Act::Tag { items, name, on } => case.tag(items, name, *on)?,
        Act::Entity(act) => {
            let done = naming::run(case, act)?;
            return Ok(Answer::Named { act: act.clone(), done });
        }
        Act::Draft(draft) => {
            let sitting = case.save_draft(draft)?;
            return Ok(Answer::DraftKept { draft: draft.clone(), sitting });
        }
        Act::SaveSearch { name, query } => case.save_search(name, query)?,
        Act::DropSearch(search) => case.drop_search(*search)?,
        Act::Remember(query) => {
            case.remember_query(query)?;
            case.no_act()?
        }
        Act::DropDraft(draft) => {
            case.drop_draft(draft)?;
            case.no_act()?
        }
        Act::Undo => case.undo()?,
        Act::Redo => case.redo()?,
        Act::Leave(place) => {
            case.leave_place(place)?;
            return Ok(Answer::Noted);
        }
        Act::See(sights) => {
            case.see(sights)?;
            return Ok(Answer::Noted);
        }
    };
    Ok(Answer::Acted { act, acted })
}
