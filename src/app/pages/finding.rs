//! What stands around the text of a note: what it is and where it stands above it, what answers a
//! question below it, and its evidence in the margin, for and against.

use super::{PageId, target_of};
use crate::app::line::{Line, Role};
use crate::app::margin::Column;
use crate::app::target::Target;
use crate::case::{Cited, Conflict, Hold, NoteEntry, NoteKind, NoteView, Stance, note_title};
use crate::model::anchor::shown;
use crate::model::disagreed::{Disagreed, Slot};
use crate::model::gone::Gone;
use crate::model::review::{CHECKER, is_checked};
use crate::model::{AnchorId, ItemId, NoteId, time};
use crate::text::{sanitise, width};
use std::collections::HashMap;

/// Whether anchors hold, as far as that was looked up.
pub type Holds = HashMap<AnchorId, Hold>;

/// The sign of a kind of note, the same everywhere.
pub fn sign(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::Note => "·",
        NoteKind::Finding => "§",
        NoteKind::Question => "?",
        NoteKind::Event => "◷",
    }
}

fn note(id: NoteId) -> Target {
    Target::Page(PageId::Note(id))
}

/// Above the text.
pub fn head(view: &NoteView, cells: usize) -> Vec<Line> {
    let fields = &view.note.fields;
    let mut lines = Vec::new();
    if fields.kind != NoteKind::Note {
        let mut line = Line::of(sign(fields.kind), Role::Here).and(" ", Role::Text);
        line.push(fields.kind.word(), Role::Head);
        if fields.kind == NoteKind::Finding {
            line.push(" · ", Role::Dim);
            match fields.disagreed(Slot::Standing) {
                // Both words before anything that a narrow column may cut.
                Some(own) => line.push(format!("≠ {}", own.choices()), Role::Warn),
                None => line.push(fields.standing.word(), Role::Head),
            }
        }
        lines.push(line);
    }
    if let Some(kept) = &fields.kept {
        let mut column = Column::new(cells);
        column.wrapped("≠", &kept.words(), Role::Warn);
        lines.append(&mut column.lines);
    }
    if let Some(own) = fields.disagreed(Slot::Standing) {
        sayings(own, cells, &mut lines);
    }
    let say = |name: &str, value: String| {
        Line::of(width::pad(name, 11), Role::Dim).and(value, Role::Text)
    };
    for own in fields.disagreed.iter().filter(|own| own.slot != Slot::Standing) {
        let words = format!("{}: {}", own.about(), own.choices());
        lines.push(Line::of("≠ ", Role::Warn).and(words, Role::Warn));
        sayings(own, cells, &mut lines);
    }
    let agreed = |slot| fields.disagreed(slot).is_none();
    if let Some(likelihood) = fields.likelihood.filter(|_| agreed(Slot::Likelihood)) {
        lines.push(say("likelihood", likelihood.words()));
    }
    if let Some(confidence) = fields.confidence.filter(|_| agreed(Slot::Confidence)) {
        lines.push(say("confidence", confidence.word().to_owned()));
    }
    if let Some(when) = fields.when.as_ref().filter(|_| agreed(Slot::When)) {
        let (first, last) = when.span();
        let day = |clock: i64| time::clock_text(clock).get(..10).unwrap_or("").to_owned();
        let span = match (day(first), day(last)) {
            (first, last) if first == last => String::new(),
            (first, last) => format!(" ({first} to {last})"),
        };
        lines.push(say("when", format!("{}{span}", when.text())));
    }
    if let Some((id, asks)) = &view.question {
        let mut line = Line::of(width::pad("answers", 11), Role::Dim);
        line.push(format!("{id} "), Role::Link);
        let room = cells.saturating_sub(line.width() + 1);
        line.push(width::clip(&sanitise::line(asks), room), Role::Text);
        lines.push(line.to(note(*id)));
    }
    if !fields.tags.is_empty() {
        let tags: Vec<String> = fields.tags.iter().map(|tag| format!("#{tag}")).collect();
        lines.push(say("tags", tags.join(" ")));
    }
    lines.extend(view.conflicts.iter().map(conflict));
    if !lines.is_empty() {
        lines.push(Line::new());
    }
    lines
}

/// Who said what of a field, whole whatever the width: names are followed by keys.
fn sayings(own: &Disagreed, cells: usize, lines: &mut Vec<Line>) {
    let mut column = Column::new(cells);
    for said in own.sayings() {
        column.wrapped(" ", &said, Role::Dim);
    }
    lines.append(&mut column.lines);
}

/// A conflict as a line that leads to the other side of it.
pub fn conflict(conflict: &Conflict) -> Line {
    let line = Line::of("≠ ", Role::Warn);
    match conflict {
        Conflict::OtherTime { note: other, when } => line
            .and(other.to_string(), Role::Link)
            .and(format!(" answers the same question with {}", when.text()), Role::Warn)
            .to(note(*other)),
        Conflict::OtherStance { note: other, anchor } => line
            .and(other.to_string(), Role::Link)
            .and(format!(" cites {anchor} the other way round"), Role::Warn)
            .to(note(*other)),
        Conflict::EarlierEvidence { anchor, clock } => {
            let day = time::clock_text(*clock).get(..10).unwrap_or("").to_owned();
            let mut line = line
                .and(anchor.to_string(), Role::Link)
                .and(format!(" is of {day}, before the event"), Role::Warn);
            line.about = Some(ItemId::Anchor(*anchor));
            line.is_stop = true;
            match target_of(ItemId::Anchor(*anchor)) {
                Some(target) => line.to(target),
                None => line,
            }
        }
    }
}

/// Below the text of a question: what answers it, and what was searched for it.
pub fn gathered(view: &NoteView, cells: usize) -> Vec<Line> {
    if view.note.fields.kind != NoteKind::Question {
        return Vec::new();
    }
    let mut lines = vec![Line::new(), Line::of("answered by", Role::Dim)];
    if view.answers.is_empty() {
        lines.push(Line::of("nothing yet: = q puts a finding to it", Role::Dim));
    }
    for answer in &view.answers {
        let Some(id) = answer.row.id else { continue };
        lines.push(entry_line(answer, cells).to(note(id)));
    }
    lines.push(Line::new());
    lines.push(Line::of("searched for it", Role::Dim));
    let searched: Vec<&Cited> = view.note.citations.iter().filter(|cited| cited.is_count).collect();
    if searched.is_empty() {
        lines.push(Line::of("nothing yet: it names no count or search without hits", Role::Dim));
    }
    for cited in searched {
        lines.push(citation(cited, "·", cells));
    }
    lines
}

/// `§ N3 supported  +4 −1  title`
pub fn entry_line(entry: &NoteEntry, cells: usize) -> Line {
    let id = entry.row.id.map_or_else(String::new, |id| id.to_string());
    let mut line = Line::of(sign(entry.row.kind), Role::Dim).and(" ", Role::Text);
    line.push(id, Role::Link);
    line.push(" ", Role::Text);
    if entry.row.kind == NoteKind::Finding {
        line.push(format!("{} ", entry.standing_words()), Role::Head);
    }
    if let Some(when) = &entry.when {
        line.push(format!("{} ", when.text()), Role::Head);
    }
    if entry.is_claim() {
        line.push(format!("{} ", for_and_against(entry)), Role::Dim);
    }
    if !entry.conflicts.is_empty() {
        line.push("≠ ", Role::Warn);
    }
    let room = cells.saturating_sub(line.width() + 1);
    line.push(width::clip(&sanitise::line(&note_title(&entry.row)), room), Role::Text);
    line
}

/// `+4 −1`
pub fn for_and_against(entry: &NoteEntry) -> String {
    entry.cited_words('−')
}

/// A citation in one line: what it does, the anchor, what that says, the grade at the end.
fn citation(cited: &Cited, sign: &str, cells: usize) -> Line {
    let mut line = Line::of(sign, Role::Here).and(" ", Role::Text);
    line.push(cited.id.to_string(), Role::Link);
    line.push(" ", Role::Text);
    let grade = cited.grades();
    let tail = if grade.is_empty() { 0 } else { width::of(&grade) + 1 };
    let room = cells.saturating_sub(line.width() + tail + 1);
    match &cited.line {
        Some(text) => line.push(width::clip(&sanitise::line(text), room), Role::Text),
        None => {
            let gone = cited.gone.as_ref().map_or_else(String::new, Gone::words);
            line.push(width::clip(&sanitise::line(&gone), room), Role::Bad);
        }
    }
    if !grade.is_empty() {
        line.push(grade, Role::Count);
    }
    line.is_stop = true;
    line.about = Some(ItemId::Anchor(cited.id));
    match target_of(ItemId::Anchor(cited.id)) {
        Some(target) => line.to(target),
        None => line,
    }
}

/// Whether a citation holds, in a word or a few.
fn hold_words(hold: Option<&Hold>) -> (String, Role) {
    match hold {
        None => ("…".to_owned(), Role::Dim),
        Some(Hold::Holds) => ("holds".to_owned(), Role::Dim),
        Some(Hold::Changed { now }) => (format!("is now {}", shown(now)), Role::Bad),
        Some(Hold::OtherBasis { now }) => (now.clone(), Role::Warn),
        Some(Hold::Moved { .. }) => ("moved in its text".to_owned(), Role::Warn),
        Some(Hold::Misplaced { why }) => (format!("stands elsewhere: {why}"), Role::Bad),
        Some(Hold::Broken { why }) => (format!("broken: {why}"), Role::Bad),
        Some(Hold::Absent) => ("not in this case".to_owned(), Role::Warn),
    }
}

/// The evidence, for and against, in the margin.
pub(in crate::app) fn evidence(column: &mut Column, view: &NoteView, holds: &Holds) {
    let citations = &view.note.citations;
    let is_claim = view.note.fields.kind.claims();
    if citations.is_empty() {
        if is_claim {
            column.lines.push(Line::of("! it cites nothing", Role::Warn));
        }
        return;
    }
    let cells = column.cells();
    let groups: &[(Option<Stance>, &str, &str)] = if is_claim {
        &[
            (Some(Stance::Supports), "+", "for"),
            (Some(Stance::Contradicts), "−", "against"),
            (None, "?", "disagreed"),
            (Some(Stance::Context), "·", "context"),
        ]
    } else {
        &[
            (Some(Stance::Supports), "·", "cites"),
            (Some(Stance::Contradicts), "·", ""),
            (None, "?", ""),
            (Some(Stance::Context), "·", ""),
        ]
    };
    let fields = &view.note.fields;
    let agreed = |cited: &Cited| (!fields.is_disputed(cited)).then_some(cited.citation.stance);
    for (stance, sign, name) in groups {
        let of: Vec<&Cited> = citations.iter().filter(|cited| agreed(cited) == *stance).collect();
        // That nothing speaks against a claim is worth a line: somebody should have looked.
        let is_asked = matches!(stance, Some(Stance::Supports | Stance::Contradicts));
        if of.is_empty() && !(is_asked && is_claim) {
            continue;
        }
        if !name.is_empty() {
            if !column.lines.is_empty() {
                column.lines.push(Line::new());
            }
            column.lines.push(Line::of(format!("{name} {}", of.len()), Role::Head));
        }
        for cited in of {
            column.lines.push(citation(cited, sign, cells));
            let mut about = Line::of("  ", Role::Dim);
            let (words, role) = match cited.line {
                Some(_) => hold_words(holds.get(&cited.id)),
                None => (String::new(), Role::Dim),
            };
            // Whether it holds matters more than the end of the place.
            let room = cells.saturating_sub(width::of(&words) + 6);
            about.push(width::clip(&sanitise::line(&cited.place), room), Role::Dim);
            if !words.is_empty() {
                let gap = if cited.place.is_empty() { "" } else { " · " };
                about.push(gap, Role::Dim);
                about.push(words, role);
            }
            column.lines.push(about);
            if let Some(kept) = &cited.kept {
                let words = width::clip(&sanitise::line(&kept.words()), cells.saturating_sub(4));
                column.lines.push(Line::of("  ! ", Role::Warn).and(words, Role::Warn));
            }
        }
    }
    let known: Vec<&Hold> = citations.iter().filter_map(|cited| holds.get(&cited.id)).collect();
    let there = citations.iter().filter(|cited| cited.line.is_some()).count();
    let broken = known.iter().filter(|hold| ***hold != Hold::Holds).count();
    column.lines.push(Line::new());
    column.lines.push(match (there, broken) {
        (0, _) => Line::of("none is left", Role::Bad),
        (there, 0) if known.len() == there => Line::of(
            if there == 1 { "it holds".to_owned() } else { format!("all {there} hold") },
            Role::Dim,
        ),
        (_, 0) => Line::of("being checked …", Role::Dim),
        (there, broken) => Line::of(format!("{broken} of {there} not as cited"), Role::Bad),
    });
    let reviews = view.note.reviews();
    for review in &reviews {
        column.say("", &review.said_of_it());
    }
    if is_claim && !is_checked(&reviews) {
        let words = match reviews.iter().any(|review| review.role == CHECKER) {
            true => "no second person has checked all of it as it stands",
            false => "no second person has checked it",
        };
        column.lines.push(Line::of(words, Role::Dim));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{NoteField, Standing};
    use crate::model::disagreed::Saying;
    use crate::model::review::Signer;

    #[test]
    fn what_each_one_said_is_whole_however_narrow_it_is() {
        let saying = |standing, shown: &str| Saying {
            set: NoteField::Standing(standing),
            by: Signer::default(),
            shown: shown.to_owned(),
            item: None,
        };
        let said = vec![
            saying(Standing::Refuted, "lin with a long name (3f2a9c01)"),
            saying(Standing::Supported, "mara (77aa10ee)"),
        ];
        let own = Disagreed { slot: Slot::Standing, said, item: None };
        assert_eq!(own.choices(), "refuted / supported");
        let mut lines = Vec::new();
        sayings(&own, 24, &mut lines);
        assert!(lines.iter().all(|line| line.width() <= 24));
        let words: Vec<String> = lines.iter().map(Line::plain).collect();
        let words = words.join(" ");
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words, "refuted (lin with a long name (3f2a9c01)) supported (mara (77aa10ee))");
    }
}
