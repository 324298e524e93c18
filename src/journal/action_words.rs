//! What an operation did, in words, as screens, `journal` and whoever merges read it.

use super::action::Action;
use crate::model::Target;
use crate::model::id::with_article;
use crate::text::tally;

impl Action {
    /// What was done to one thing, in words: `called it refuted`, `tagged it #x`.
    pub fn words_of_it(&self) -> String {
        match self {
            Action::Tag { name, on: true, .. } => format!("tagged it #{name}"),
            Action::Tag { name, on: false, .. } => format!("took #{name} off it"),
            Action::EntityMerge { into: Some(_), .. } => "merged it or another into it".to_owned(),
            action => of_it(&action.words()),
        }
    }

    /// What was done, in words: `marked 3 messages as read`.
    pub fn words(&self) -> String {
        match self {
            Action::Mark { name, on, targets } => {
                let what = counted(targets);
                match (name.strip_prefix("tag:"), on) {
                    (Some(tag), true) => format!("tagged {what} #{tag}"),
                    (Some(tag), false) => format!("took #{tag} off {what}"),
                    (None, true) => format!("marked {what} as {name}"),
                    (None, false) => format!("marked {what} as not {name}"),
                }
            }
            Action::Zone { offset: Some(_), .. } => "set the zone of an export".to_owned(),
            Action::Zone { offset: None, .. } => "went back to the zone that was found".to_owned(),
            Action::Zones { exports, .. } => {
                format!("set the zone of {}", number(exports.len(), "export"))
            }
            Action::NoteText { note: None, kind, .. } => {
                format!("wrote {}", with_article(kind.word()))
            }
            Action::NoteText { note: Some(_), .. } => "changed a note".to_owned(),
            Action::NoteDelete { .. } => "deleted a note".to_owned(),
            Action::NoteSet { set, .. } => set.words(),
            Action::Anchor { meaning, .. } if meaning.is_empty() => "made an anchor".to_owned(),
            Action::Anchor { meaning, .. } => format!("highlighted as {meaning}"),
            Action::AnchorSet { meaning, .. } if meaning.is_empty() => {
                "changed an anchor".to_owned()
            }
            Action::AnchorSet { meaning, .. } => format!("changed a highlight to {meaning}"),
            Action::AnchorDrop { .. } => "dropped an anchor".to_owned(),
            Action::AnchorCount { count, .. } => format!("counted {} again", count.number),
            Action::Tag { name, on: true, things } => {
                format!("tagged {} #{name}", number(things.len(), "thing"))
            }
            Action::Tag { name, on: false, things } => {
                format!("took #{name} off {}", number(things.len(), "thing"))
            }
            Action::Entity { kind, name, .. } => format!("made the {} {name}", kind.word()),
            Action::EntitySet { set, .. } => set.words(),
            Action::EntityMerge { into: Some(_), .. } => "merged an entity".to_owned(),
            Action::EntityMerge { into: None, .. } => "took a merge apart".to_owned(),
            Action::EntitySplit { name, .. } => format!("split off {name}"),
            Action::EntityDrop { .. } => "deleted an entity".to_owned(),
            Action::Keep { .. } => "kept what was deleted".to_owned(),
            Action::SearchSave { name, .. } => format!("saved the search {name}"),
            Action::SearchDrop { .. } => "dropped a saved search".to_owned(),
            Action::Revoke { .. } => "undid an act".to_owned(),
        }
    }
}

/// What is said of a thing that is known by what stands around it.
fn of_it(words: &str) -> String {
    let names = [" a note", " a finding", " an event", " an entity", " an anchor", " a highlight"];
    for name in names {
        // Whole words: `a note`, not `a notebook`.
        if let Some(at) = words.find(name)
            && words[at + name.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric())
        {
            return format!("{} it{}", &words[..at], &words[at + name.len()..]);
        }
    }
    words.to_owned()
}

/// `1 thing`, `3 things`.
fn number(count: usize, one: &str) -> String {
    tally::counted(count as u64, one, &format!("{one}s"))
}

/// `2 documents and 1 message`.
fn counted(targets: &[Target]) -> String {
    let documents = targets.iter().filter(|target| matches!(target, Target::Document(_))).count();
    let counts = [(documents, "document"), (targets.len() - documents, "message")];
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, one)| number(count, one))
        .collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(" and ") }
}
