//! What an analyst does in a case. Every act is an operation in the journal; nothing here touches
//! evidence.

use super::{Acted, Case, CaseError, Sight};
use crate::journal::{self, Action, Author, Journal, JournalError, OperationId, log, target_of};
use crate::model::ItemId;
use crate::model::finding::NoteField;
use crate::store::{StoreError, Unit};
use std::sync::PoisonError;

impl From<JournalError> for CaseError {
    fn from(error: JournalError) -> CaseError {
        match error {
            JournalError::Store(error) => CaseError::Store(error),
            JournalError::NothingToUndo => CaseError::NothingToUndo,
            JournalError::NothingToRedo => CaseError::NothingToRedo,
            JournalError::Elsewhere => CaseError::TurnedElsewhere,
            JournalError::Cancelled => CaseError::Cancelled,
            error => CaseError::Journal(error.to_string()),
        }
    }
}

impl Case {
    /// Says who works here. Without it, it is the author of this account on this machine.
    pub fn set_author(&self, author: Author) -> Result<(), CaseError> {
        *self.journal.lock().unwrap_or_else(PoisonError::into_inner) = Some(Journal::new(author)?);
        Ok(())
    }

    /// Sets or clears a mark (`read`, `irrelevant`, `starred`, `tag:NAME`) on documents and
    /// messages, as one operation.
    ///
    /// # Errors
    /// An item that is neither a document nor a message, or is not in the case; a read-only case.
    pub fn mark(&self, items: &[ItemId], name: &str, on: bool) -> Result<Acted, CaseError> {
        let mut targets = Vec::with_capacity(items.len());
        let mut units = Vec::with_capacity(items.len());
        for item in items {
            let unit = unit(*item)?;
            targets.push(target_of(&self.store, unit)?);
            units.push(unit);
        }
        let action = Action::Mark { name: name.to_owned(), on, targets };
        self.acted(|journal, case| Ok(journal.mark(&case.store, action, &units)?))
    }

    /// Notes what stood on the screen of this author long enough to be read. No operation: it
    /// cannot be undone.
    pub fn see(&self, sights: &[Sight]) -> Result<(), CaseError> {
        self.with_journal(|journal, case| {
            case.store.transaction(|| {
                let author = case.store.author(&journal.owner(), journal.author_name())?;
                for sight in sights {
                    match sight {
                        Sight::Message(id, variant) => {
                            case.store.see_message(*id, *variant, author)?;
                        }
                        Sight::Text(id, variant, range) => {
                            case.store.see_text(*id, *variant, *range, author)?;
                        }
                    }
                }
                Ok(())
            })
        })
    }

    /// Undoes the last act of this author that is still in force: first those of this opening of
    /// the case, then those of other sittings, which the words then say the day of.
    ///
    /// # Errors
    /// [`CaseError::NothingToUndo`].
    pub fn undo(&self) -> Result<Acted, CaseError> {
        let mut day = None;
        let mut acted = self.turned(|journal, case| {
            let id = journal.undo(&case.store)?;
            day = journal.day_of_another(&case.store, id)?;
            Ok(id)
        })?;
        if let Some(day) = day {
            acted.words.push_str(&format!(", of another sitting ({day})"));
        }
        Ok(acted)
    }

    /// Does again what was undone last.
    ///
    /// # Errors
    /// [`CaseError::NothingToRedo`].
    pub fn redo(&self) -> Result<Acted, CaseError> {
        self.turned(|journal, case| Ok(journal.redo(&case.store)?))
    }

    /// Runs `work`, which appends to the journal, and says what that was about in the end.
    fn acted(
        &self,
        work: impl FnOnce(&mut Journal, &Case) -> Result<OperationId, CaseError>,
    ) -> Result<Acted, CaseError> {
        self.with_journal(|journal, case| {
            let before = journal::clock(&case.store)?;
            let id = work(journal, case)?;
            let after = journal::clock(&case.store)?;
            let meaning = log::meaning(&case.store, id)?.map(|(_, action)| action);
            let is_clock = matches!(meaning, Some(Action::Zone { .. } | Action::Zones { .. }));
            let words = match &meaning {
                Some(action) => case.words_of(action)?,
                None => String::new(),
            };
            Ok(Acted { words, before, after, is_clock, note: None })
        })
    }

    /// What was done, in words: of a citation, which.
    pub(super) fn words_of(&self, action: &Action) -> Result<String, CaseError> {
        let words = action.words();
        let cited = match action {
            Action::NoteSet { set: NoteField::Cite(citation), .. } => Some(citation.anchor),
            Action::NoteSet { set: NoteField::Uncite(anchor), .. } => Some(*anchor),
            _ => None,
        };
        let cited = cited.map(|anchor| self.store.find_anchor(&anchor)).transpose()?.flatten();
        Ok(match cited {
            Some(id) => words.replacen("a citation", &id.to_string(), 1),
            None => words,
        })
    }

    /// Undoes or does again, and says by its number what was made by that.
    fn turned(
        &self,
        turn: impl FnOnce(&mut Journal, &Case) -> Result<OperationId, CaseError>,
    ) -> Result<Acted, CaseError> {
        let mut about = None;
        let mut acted = self.acted(|journal, case| {
            let id = turn(journal, case)?;
            about = log::meaning(&case.store, id)?;
            Ok(id)
        })?;
        match about {
            Some((made, Action::NoteText { note: None, .. })) => {
                acted.note = self.store.find_note(&made)?;
                if let Some(id) = acted.note {
                    acted.words = format!("wrote {id}");
                }
            }
            Some((_, Action::NoteDelete { note, .. })) => {
                acted.note = self.store.find_note(&note)?;
            }
            Some((made, Action::Entity { name, .. })) => {
                if let Some(id) = self.store.find_entity(&made)? {
                    acted.words = format!("made {id} {name}");
                }
            }
            _ => {}
        }
        Ok(acted)
    }

    /// Appends an operation; gives its id and what it was about.
    pub(super) fn act(&self, action: Action) -> Result<(OperationId, Acted), CaseError> {
        let mut done = None;
        let acted = self.acted(|journal, case| {
            let id = journal.act(&case.store, action)?;
            done = Some(id);
            Ok(id)
        })?;
        let id = done.ok_or_else(|| CaseError::Journal("the operation has no id".to_owned()))?;
        Ok((id, acted))
    }

    /// Runs `work`, whose acts all stand or none of them: when it fails, the journal is what it was.
    ///
    /// # Errors
    /// That of `work`; a read-only case.
    pub fn together<T, E: From<CaseError>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let before = self.with_journal(|journal, _| Ok(journal.acts()))?;
        let mut failed = None;
        let done = self.store.transaction(|| {
            self.as_one_act(work).map_err(|error| {
                failed = Some(error);
                CaseError::Cancelled
            })
        });
        let done = done.map_err(|error| failed.unwrap_or_else(|| error.into()));
        if done.is_err() {
            self.with_journal(|journal, _| {
                journal.forget(before);
                Ok(())
            })?;
        }
        done
    }

    /// Runs `work`, whose operations are undone together.
    ///
    /// # Errors
    /// That of `work`, what it did before stands; a read-only case.
    pub fn as_one_act<T, E: From<CaseError>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let begins = self.with_journal(|journal, _| Ok(journal.begin_act()))?;
        let done = work();
        if begins {
            self.with_journal(|journal, _| {
                journal.end_act();
                Ok(())
            })?;
        }
        done
    }

    /// What is said of something that is no operation.
    pub fn no_act(&self) -> Result<Acted, CaseError> {
        let clock = journal::clock(&self.store)?;
        Ok(Acted { before: clock, after: clock, ..Acted::default() })
    }

    pub(super) fn with_journal<T>(
        &self,
        work: impl FnOnce(&mut Journal, &Case) -> Result<T, CaseError>,
    ) -> Result<T, CaseError> {
        if !self.can_write() {
            return Err(StoreError::ReadOnly.into());
        }
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        if journal.is_none() {
            let author = Author::of_this_account()
                .map_err(|error| CaseError::Journal(format!("no key to sign with: {error}")))?;
            *journal = Some(Journal::new(author)?);
        }
        match journal.as_mut() {
            Some(journal) => work(journal, self),
            None => Err(CaseError::Journal("no author".to_owned())),
        }
    }

    /// Lays the journal over evidence that came after it was written.
    pub(super) fn project_journal(&self) -> Result<(), CaseError> {
        if self.store.operation_count()? > 0 {
            journal::project(&self.store)?;
        }
        Ok(self.store.count_seen()?)
    }
}

fn unit(item: ItemId) -> Result<Unit, StoreError> {
    match item {
        ItemId::Document(id) => Ok(Unit::Document(id)),
        ItemId::Message(id) => Ok(Unit::Message(id)),
        other => Err(StoreError::NoSuchItem(format!("unit {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Access;
    use crate::case::NewEntity;
    use crate::case::testing::{put_text, with_documents};
    use crate::model::note::Draft;
    use crate::model::{DocumentId, NoteId, VariantKind};

    fn with_two_documents() -> (tempfile::TempDir, Case) {
        with_documents(&[1, 2])
    }

    #[test]
    fn marks_are_undone_and_redone() {
        let (_dir, case) = with_two_documents();
        let both = [ItemId::Document(DocumentId(1)), ItemId::Document(DocumentId(2))];
        let read = || -> Vec<bool> {
            both.iter()
                .map(|item| match item {
                    ItemId::Document(id) => case.document_row(*id).unwrap().read,
                    _ => false,
                })
                .collect()
        };
        case.mark(&both, "read", true).unwrap();
        case.mark(&both[..1], "read", false).unwrap();
        assert_eq!(read(), [false, true]);
        let undone = case.undo().unwrap();
        assert_eq!(undone.words, "marked 1 document as not read");
        assert_eq!((undone.before, undone.after), (2, 3));
        assert_eq!(read(), [true, true]);
        // From another thread's handle it is the same desk.
        case.another().unwrap().undo().unwrap();
        assert_eq!(read(), [false, false]);
        assert!(matches!(case.undo(), Err(CaseError::NothingToUndo)));
        assert_eq!(case.redo().unwrap().words, "marked 2 documents as read");
        case.redo().unwrap();
        assert_eq!(read(), [false, true]);
        assert!(matches!(case.redo(), Err(CaseError::NothingToRedo)));
        assert_eq!(case.check_journal().unwrap(), (6, Vec::new()));
    }

    #[test]
    fn undoing_reaches_back_beyond_this_sitting() {
        let (_dir, case) = with_two_documents();
        let one = [ItemId::Document(DocumentId(1))];
        let two = [ItemId::Document(DocumentId(2))];
        let read = |id| case.document_row(DocumentId(id)).unwrap().read;
        case.mark(&one, "read", true).unwrap();
        case.mark(&two, "read", true).unwrap();
        case.undo().unwrap();
        let sitting = |name, key| {
            let again = Case::open(case.folder(), Access::Write).unwrap();
            again.set_author(Author::with_key(name, [key; 32])).unwrap();
            again
        };
        assert!(matches!(sitting("mara", 8).undo(), Err(CaseError::NothingToUndo)), "not hers");
        let again = sitting("lin", 7);
        again.mark(&two, "read", true).unwrap();
        assert_eq!(again.undo().unwrap().words, "marked 1 document as read");
        assert_eq!((read(1), read(2)), (true, false));
        // What was undone in the first sitting is not in force; what came before it is.
        let words = again.undo().unwrap().words;
        assert!(words.starts_with("marked 1 document as read, of another sitting (2"), "{words}");
        assert_eq!((read(1), read(2)), (false, false));
        assert!(matches!(again.undo(), Err(CaseError::NothingToUndo)));
        again.redo().unwrap();
        assert!(read(1));
        assert_eq!(case.check_journal().unwrap().1, Vec::new());
    }

    /// A sitting that takes back one act of before after the other looks on from where it was, and
    /// all over again once somebody wrote elsewhere.
    #[test]
    fn undoing_goes_on_where_it_was_and_sees_what_came_since() {
        let (_dir, case) = with_two_documents();
        let mark = |case: &Case, name: &str| {
            case.mark(&[ItemId::Document(DocumentId(1))], name, true).map(drop).unwrap();
        };
        let marks = || -> Vec<String> {
            case.store.all_marks().unwrap().into_iter().map(|(_, name)| name).collect()
        };
        for name in ["tag:a", "tag:b", "tag:c", "tag:d"] {
            mark(&case, name);
        }
        let sitting = || {
            let again = Case::open(case.folder(), Access::Write).unwrap();
            again.set_author(Author::with_key("lin", [7; 32])).unwrap();
            again
        };
        let (again, other) = (sitting(), sitting());
        again.undo().unwrap();
        again.undo().unwrap();
        assert_eq!(marks(), ["tag:a", "tag:b"]);
        // What it does itself, and takes back, changes nothing of that.
        mark(&again, "tag:e");
        again.undo().unwrap();
        again.undo().unwrap();
        assert_eq!(marks(), ["tag:a"]);
        again.redo().unwrap();
        assert_eq!(marks(), ["tag:a", "tag:b"]);
        // Another window did something, and did again what this one took back.
        mark(&other, "tag:f");
        again.undo().unwrap();
        assert_eq!(marks(), ["tag:a", "tag:f"]);
        again.undo().unwrap();
        assert_eq!(marks(), ["tag:a"]);
        again.undo().unwrap();
        assert!(matches!(again.undo(), Err(CaseError::NothingToUndo)));
        mark(&other, "tag:g");
        again.undo().unwrap();
        assert_eq!(marks(), Vec::<String>::new());
        assert_eq!(case.check_journal().unwrap().1, Vec::new());
    }

    #[test]
    fn what_another_window_undid_is_not_undone_again() {
        let (_dir, case) = with_two_documents();
        let read = |id| case.document_row(DocumentId(id)).unwrap().read;
        let mark = |id| case.mark(&[ItemId::Document(DocumentId(id))], "read", true).map(|_| ());
        mark(1).unwrap();
        mark(2).unwrap();
        let other = Case::open(case.folder(), Access::Write).unwrap();
        other.set_author(Author::with_key("lin", [7; 32])).unwrap();
        other.undo().unwrap();
        assert!(matches!(case.undo(), Err(CaseError::TurnedElsewhere)));
        assert_eq!((read(1), read(2)), (true, false), "nothing else is taken back in its place");
        case.undo().unwrap();
        assert_eq!((read(1), read(2)), (false, false));
        // What the other one did again is not done again here.
        other.redo().unwrap();
        assert_eq!((read(1), read(2)), (false, true));
        case.redo().unwrap();
        assert!(matches!(other.redo(), Err(CaseError::NothingToRedo)));
        assert_eq!((read(1), read(2)), (true, true));
        assert_eq!(case.check_journal().unwrap().1, Vec::new());
    }

    #[test]
    fn an_act_of_several_operations_is_undone_as_one_in_whatever_sitting() {
        let (_dir, case) = with_two_documents();
        let read = |id| case.document_row(DocumentId(id)).unwrap().read;
        let mark = |case: &Case, id| {
            case.mark(&[ItemId::Document(DocumentId(id))], "read", true).map(|_| ())
        };
        let sitting = || {
            let again = Case::open(case.folder(), Access::Write).unwrap();
            again.set_author(Author::with_key("lin", [7; 32])).unwrap();
            again
        };
        mark(&case, 1).unwrap();
        // Something of another sitting in between, and an act within an act.
        case.as_one_act(|| {
            case.together(|| mark(&case, 2))?;
            sitting().mark(&[ItemId::Document(DocumentId(2))], "starred", true)?;
            case.mark(&[ItemId::Document(DocumentId(1))], "tag:x", true)
        })
        .unwrap();
        let failed: Result<(), CaseError> = case.together(|| {
            mark(&case, 2)?;
            Err(CaseError::Cancelled)
        });
        assert!(matches!(failed, Err(CaseError::Cancelled)));
        let tagged = || case.store.all_marks().unwrap().iter().any(|(_, name)| name == "tag:x");
        case.undo().unwrap();
        assert_eq!((read(1), read(2), tagged()), (true, false, false));
        case.redo().unwrap();
        assert_eq!((read(1), read(2), tagged()), (true, true, true));
        let again = sitting();
        let words = again.undo().unwrap().words;
        assert!(words.starts_with("marked 1 document as read, of another"), "{words}");
        assert_eq!((read(1), read(2), tagged()), (true, false, false));
        again.redo().unwrap();
        assert_eq!((read(1), read(2), tagged()), (true, true, true));
        again.undo().unwrap();
        let words = again.undo().unwrap().words;
        assert!(words.starts_with("marked 1 document as starred, of another"), "{words}");
        again.undo().unwrap();
        assert!(!read(1));
        assert!(matches!(again.undo(), Err(CaseError::NothingToUndo)));
        assert_eq!(case.check_journal().unwrap().1, Vec::new());
    }

    #[test]
    fn an_act_is_named_by_what_it_made_and_not_by_what_came_first() {
        let (_dir, case) = with_two_documents();
        let one = [ItemId::Document(DocumentId(1))];
        let mark = |case: &Case| case.mark(&one, "read", true).map(drop);
        let write = |case: &Case| -> Result<NoteId, CaseError> {
            let draft = Draft { text: "a claim".to_owned(), ..Draft::default() };
            Ok(case.save_note(&draft)?.0.unwrap())
        };
        let note = case
            .as_one_act(|| {
                mark(&case)?;
                let id = write(&case)?;
                case.tag(&[ItemId::Note(id)], "x", true)?;
                Ok::<_, CaseError>(id)
            })
            .unwrap();
        let undone = case.undo().unwrap();
        assert_eq!((undone.words.as_str(), undone.note), ("wrote N1", Some(note)));
        let again = case.redo().unwrap();
        assert_eq!((again.words.as_str(), again.note), ("wrote N1", Some(note)));
        case.together(|| {
            mark(&case)?;
            let new = NewEntity { name: "青河".to_owned(), ..NewEntity::default() };
            case.add_entity(&new).map(drop)
        })
        .unwrap();
        case.delete_note(note).unwrap();
        // Also in another sitting.
        let later = Case::open(case.folder(), Access::Write).unwrap();
        later.set_author(Author::with_key("lin", [7; 32])).unwrap();
        let undone = later.undo().unwrap();
        assert!(undone.words.starts_with("deleted a note, of another"), "{}", undone.words);
        assert_eq!(undone.note, Some(note));
        for wanted in ["made E1 青河, of another", "wrote N1, of another"] {
            let words = later.undo().unwrap().words;
            assert!(words.starts_with(wanted), "{words}");
        }
    }

    #[test]
    fn a_projection_that_differs_is_found() {
        let (_dir, case) = with_two_documents();
        case.mark(&[ItemId::Document(DocumentId(1))], "tag:x", true).unwrap();
        case.store.set_mark(Unit::Document(DocumentId(2)), "read", true).unwrap();
        let (_, damage) = case.check_journal().unwrap();
        assert_eq!(damage.len(), 1, "{damage:?}");
        assert!(damage[0].problem.contains("D2"), "{damage:?}");
    }

    #[test]
    fn what_was_seen_is_counted_once_and_kept_by_text() {
        let (_dir, case) = with_two_documents();
        let text = DocumentId(1);
        put_text(&case, text, "0123456789");
        let see = |case: &Case, from, to| {
            case.see(&[Sight::Text(text, VariantKind::Original, (from, to))]).unwrap();
        };
        let coverage = || {
            let all = case.progress().unwrap().coverage;
            all.iter().map(|c| (c.variant, c.documents, c.partly)).collect::<Vec<_>>()
        };
        assert_eq!(coverage(), []);
        see(&case, 0, 4);
        see(&case, 0, 4);
        assert_eq!(coverage(), [(VariantKind::Original, 0, 1)]);
        let second = Case::open(case.folder(), Access::Write).unwrap();
        second.set_author(Author::with_key("mara", [8; 32])).unwrap();
        see(&second, 4, 10);
        // Two people who saw a half each: nobody saw all of it.
        assert_eq!(coverage(), [(VariantKind::Original, 0, 1)]);
        see(&case, 3, 99);
        assert_eq!(coverage(), [(VariantKind::Original, 1, 0)]);
        assert!(matches!(case.undo(), Err(CaseError::NothingToUndo)), "no operation");
    }

    #[test]
    fn a_read_only_case_refuses() {
        let (_dir, case) = with_two_documents();
        let reader = Case::open(case.folder(), Access::Read).unwrap();
        assert!(reader.mark(&[ItemId::Document(DocumentId(1))], "read", true).is_err());
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

        /// However two people act, undo and redo, the tables say what a rebuild would say.
        #[test]
        fn what_is_folded_again_is_what_a_rebuild_gives(
            acts in proptest::collection::vec((0..2_usize, 0..6_u8, 0..3_usize, 1..15_i64), 1..30),
        ) {
            let (_dir, first) = with_documents(&[1, 2, 3, 4]);
            let second = Case::open(first.folder(), Access::Write).unwrap();
            second.set_author(Author::with_key("mara", [8; 32])).unwrap();
            for (who, act, name, bits) in acts {
                let case = [&first, &second][who];
                let items: Vec<ItemId> = (0..4)
                    .filter(|bit| bits >> bit & 1 == 1)
                    .map(|bit| ItemId::Document(DocumentId(bit + 1)))
                    .collect();
                let name = ["read", "irrelevant", "tag:apt"][name];
                // Nothing left to undo is no failure here.
                match act {
                    0..3 => drop(case.mark(&items, name, act != 0).unwrap()),
                    3 | 4 => drop(case.undo()),
                    _ => drop(case.redo()),
                }
                let (_, damage) = first.check_journal().unwrap();
                proptest::prop_assert_eq!(damage, Vec::new());
            }
            let marks = first.store.all_marks().unwrap();
            journal::project(&first.store).unwrap();
            proptest::prop_assert_eq!(first.store.all_marks().unwrap(), marks);
        }
    }
}
