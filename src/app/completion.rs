//! What `[[` completes while a note is written: whatever the case has a short number for, by
//! its number or by what it is called.

use super::App;
use super::data::{Purpose, Request};
use super::made::line_of;
use super::pages::account;
use crate::case::{AccountSort, Case, CaseError, DocumentFilter, Listed};
use crate::jobs::Cancel;
use crate::model::ItemId;
use std::collections::HashSet;

/// Bytes after `[[` that may still be a name.
const LONGEST: usize = 80;

/// Things that are offered at once.
const MOST: usize = 12;

/// Rows of each list that are looked through. What lies beyond is found by its number.
const LOOKED_AT: u64 = 5_000;

/// A reference that is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Byte offset in the line after `[[`.
    pub start: usize,
    pub typed: String,
    pub found: Vec<(ItemId, String)>,
    pub cursor: usize,
}

/// Where a reference begins that the caret stands behind: after `[[`, with nothing closed since.
fn begun(before: &str) -> Option<usize> {
    let from = before.ceil_char_boundary(before.len().saturating_sub(LONGEST));
    let at = from + before[from..].rfind("[[")? + 2;
    (!before[at..].contains([']', '['])).then_some(at)
}

impl App {
    /// The caret may stand in a reference: what completes it is looked for.
    pub(in crate::app) fn look_for_references(&mut self) {
        let Some(writing) = &mut self.writing else { return };
        let (before, _) = writing.area.line();
        let Some(start) = begun(before) else {
            writing.completion = None;
            return;
        };
        let typed = before[start..].to_owned();
        match &mut writing.completion {
            Some(known) if known.start == start && known.typed == typed => return,
            Some(known) if known.start == start => {
                known.typed.clone_from(&typed);
                known.cursor = 0;
            }
            _ => {
                let (found, cursor) = (Vec::new(), 0);
                writing.completion =
                    Some(Completion { start, typed: typed.clone(), found, cursor });
            }
        }
        self.asked.remove(&Purpose::Complete);
        self.ask(Purpose::Complete, Request::Complete(typed));
    }

    pub(in crate::app) fn take_completions(&mut self, typed: &str, found: Vec<(ItemId, String)>) {
        if let Some(completion) =
            self.writing.as_mut().and_then(|writing| writing.completion.as_mut())
            && completion.typed == typed
        {
            completion.found = found;
            completion.cursor = 0;
        }
    }

    /// What `[[` offers where the keys go into a note.
    pub fn completion(&self) -> Option<&Completion> {
        let completion = self.writing.as_ref()?.completion.as_ref()?;
        (self.is_in_editor() && !completion.found.is_empty()).then_some(completion)
    }

    /// Whether a reference was begun before the caret that nobody said not to complete: `esc` is then
    /// meant for that, also when nothing is offered.
    pub(in crate::app) fn is_in_reference(&self) -> bool {
        self.writing.as_ref().is_some_and(|writing| writing.completion.is_some())
    }

    pub(in crate::app) fn has_completions(&self) -> bool {
        self.completion().is_some()
    }

    pub(in crate::app) fn step_completion(&mut self, is_backwards: bool) {
        if let Some(completion) =
            self.writing.as_mut().and_then(|writing| writing.completion.as_mut())
        {
            let many = completion.found.len().max(1);
            let by = if is_backwards { many - 1 } else { 1 };
            completion.cursor = (completion.cursor + by) % many;
        }
    }

    /// Writes the short number under the cursor, and closes it.
    pub(in crate::app) fn take_completion(&mut self) {
        let Some(writing) = &mut self.writing else { return };
        let Some(completion) = writing.completion.take() else { return };
        let Some((item, about)) = completion.found.into_iter().nth(completion.cursor) else {
            return;
        };
        let is_closed = writing.area.line().1.starts_with("]]");
        let end = if is_closed { "" } else { "]]" };
        writing.area.complete(completion.start, &format!("{item}{end}"));
        if !writing.named.iter().any(|(known, _)| *known == item) {
            writing.named.push((item, about));
        }
        self.written(1);
    }

    pub(in crate::app) fn drop_completion(&mut self) {
        if let Some(writing) = &mut self.writing {
            writing.completion = None;
        }
    }
}

/// How well something fits what was typed: its number first, then a name that begins so, contains
/// it, or has its letters in their order.
fn score(typed: &str, item: ItemId, name: &str) -> Option<u32> {
    let id = item.to_string().to_lowercase();
    if id == typed {
        return Some(1_000);
    }
    let name = name.to_lowercase();
    let by_id = id.starts_with(typed).then_some(500);
    let by_name = match name.find(typed) {
        Some(0) => Some(400),
        Some(_) => Some(300),
        None => super::layers::score(typed, &name).map(|score| score.min(200)),
    };
    by_id.max(by_name)
}

/// What fits what was typed, the best first. Of nothing typed: what was made last.
pub fn complete(
    case: &Case,
    typed: &str,
    cancel: &Cancel,
) -> Result<Vec<(ItemId, String)>, CaseError> {
    let typed = typed.trim().to_lowercase();
    let anchors = case.anchor_count()?;
    let mut found = Found { typed: &typed, all: Vec::new(), known: HashSet::new() };
    for view in case.anchors(anchors.saturating_sub(LOOKED_AT)..anchors)?.iter().rev() {
        let line = line_of(view);
        let name = if view.meaning.is_empty() { line } else { format!("{} {line}", view.meaning) };
        found.offer(ItemId::Anchor(view.id), &name);
    }
    for row in case.notes(0..LOOKED_AT)? {
        if let Some(id) = row.id {
            found.offer(ItemId::Note(id), row.title.trim_start_matches(['#', ' ']));
        }
    }
    for entity in case.entities()? {
        let names = [&[entity.fields.name.clone()][..], &entity.fields.aliases].concat();
        found.offer(ItemId::Entity(entity.id), &names.join(", "));
    }
    if typed.is_empty() {
        return Ok(found.best());
    }
    // A number is what it says, however many there are.
    if let Ok(item) = typed.to_uppercase().parse::<ItemId>() {
        match case.line_about(item) {
            Ok(line) => found.offer(item, &line),
            Err(error) if error.is_no_such_item() => {}
            Err(error) => return Err(error),
        }
    }
    for row in case.conversations(0..LOOKED_AT)? {
        found.offer(ItemId::Conversation(row.id), &row.title);
    }
    if cancel.is_set() {
        return Err(CaseError::Cancelled);
    }
    for listed in case.people(AccountSort::Messages, "", 0..LOOKED_AT)?.1 {
        let Listed::Account { row, .. } = listed else { continue };
        let (name, handle) = (account::name(&row), &row.account.handle);
        let name = if name == handle { handle.clone() } else { format!("{name} ({handle})") };
        found.offer(ItemId::Participant(row.id()), &name);
    }
    if cancel.is_set() {
        return Err(CaseError::Cancelled);
    }
    // By their path where that holds it; else the letters are looked for in the first ones.
    let filter = DocumentFilter { path: typed.clone(), ..DocumentFilter::default() };
    for row in case.documents(&filter, 0..LOOKED_AT / 10)? {
        found.offer(ItemId::Document(row.id), &row.name);
    }
    if found.all.len() < MOST {
        for row in case.documents(&DocumentFilter::default(), 0..LOOKED_AT)? {
            found.offer(ItemId::Document(row.id), &row.name);
        }
    }
    Ok(found.best())
}

struct Found<'a> {
    typed: &'a str,
    known: HashSet<ItemId>,
    all: Vec<(u32, ItemId, String)>,
}

impl Found<'_> {
    fn offer(&mut self, item: ItemId, name: &str) {
        let score = match self.typed {
            "" => Some(0),
            typed => score(typed, item, name),
        };
        if let Some(score) = score
            && self.known.insert(item)
        {
            self.all.push((score, item, name.chars().take(200).collect()));
        }
    }

    fn best(mut self) -> Vec<(ItemId, String)> {
        // Stable: among equals, what was made last stands first.
        self.all.sort_by_key(|(score, ..)| std::cmp::Reverse(*score));
        self.all.truncate(MOST);
        self.all.into_iter().map(|(_, item, name)| (item, name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DocumentId;

    #[test]
    fn a_reference_is_begun_and_closed() {
        let check = |text: &str, expected: Option<&str>| {
            let found = begun(text).map(|start| &text[start..]);
            assert_eq!(found, expected, "{text:?}");
        };
        check("see [[", Some(""));
        check("见[[合同", Some("合同"));
        check("[[A1]] and [[D", Some("D"));
        for closed in ["", "[", "see [[A1]]", "[[a [b", "[[A1]"] {
            check(closed, None);
        }
        check(&format!("[[{}", "合".repeat(40)), None);
    }

    #[test]
    fn numbers_come_before_names_and_names_before_letters() {
        let item = ItemId::Document(DocumentId(12));
        let of = |typed: &str, name: &str| score(typed, item, name);
        assert!(of("d12", "x") > of("d1", "x"));
        assert!(of("d1", "x") > of("合同", "合同台账"));
        assert!(of("合同", "合同台账") > of("台账", "合同台账"));
        assert!(of("台账", "合同台账") > of("合账", "合同台账"));
        assert_eq!(of("账合", "合同台账"), None);
    }
}
