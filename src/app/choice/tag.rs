//! Tags to choose from: to give, to take off, to search for.

use super::{Choice, Pick, Take, pick};
use crate::app::App;
use crate::app::data::{Act, Label};
use crate::app::overview::count;
use crate::app::target::Target;
use crate::model::tag;

impl App {
    /// The tag that was typed, unless there is one of that name.
    pub(super) fn typed_tag(&self, choice: &Choice, typed: &str, picks: &[Pick]) -> Option<Pick> {
        if let Some(off) = typed.trim().strip_prefix('-') {
            return Some(self.tag_off(choice, off));
        }
        match tag::name(typed) {
            Ok(name) if picks.iter().any(|pick| pick.label == name) => None,
            Ok(name) => {
                let take = self.tagging(choice, &name, true);
                Some(pick(name, "a new tag", false, take))
            }
            Err(error) => Some(pick(typed, error.to_string(), false, Take::Nothing)),
        }
    }

    /// `-TAG`: takes it off what carries it.
    fn tag_off(&self, choice: &Choice, typed: &str) -> Pick {
        let label = format!("-{}", typed.trim());
        match (tag::name(typed), choice) {
            (Ok(name), Choice::Tag { carried, .. }) if carried.contains(&name) => {
                let take = self.tagging(choice, &name, false);
                pick(label, "enter takes it off", false, take)
            }
            (Ok(name), Choice::Tag { .. }) => {
                pick(label, format!("#{name} is not carried here"), false, Take::Nothing)
            }
            (Ok(_), _) => {
                let about = "of all at once: choose the tag itself, it is asked";
                pick(label, about, false, Take::Nothing)
            }
            (Err(error), _) => pick(label, error.to_string(), false, Take::Nothing),
        }
    }

    fn tagging(&self, choice: &Choice, name: &str, on: bool) -> Take {
        let name = name.to_owned();
        match choice {
            Choice::TagAll { scope, of } => {
                Take::Count { scope: scope.clone(), label: Label::Tag(name), of: of.clone() }
            }
            Choice::Tag { items, .. } => Take::Act(Act::Tag { items: items.clone(), name, on }),
            _ => Take::Nothing,
        }
    }

    pub(super) fn tag_picks(&self, choice: &Choice, carried: &[String]) -> Vec<Pick> {
        let mut picks: Vec<Pick> = Vec::with_capacity(self.tags.len());
        for tag in &self.tags {
            let is_now = carried.contains(&tag.name);
            let take = self.tagging(choice, &tag.name, !is_now);
            let off = if is_now { " · enter takes it off" } else { "" };
            picks.push(pick(&tag.name, format!("{}{off}", tag_words(tag)), is_now, take));
        }
        picks.sort_by_key(|pick| !pick.is_now);
        picks
    }

    /// Every tag, to search for.
    pub(super) fn tags_to_find(&self) -> Vec<Pick> {
        let picks = self.tags.iter().map(|tag| {
            let name = crate::app::margin::quoted(&tag.name);
            // What only notes carry is looked for among them.
            let kind = if tag.evidence == 0 { "kind:note " } else { "" };
            let take = Take::Go(Target::Search(format!("{kind}tag:{name}")));
            pick(&tag.name, tag_words(tag), false, take)
        });
        picks.collect()
    }
}

/// `12 documents or messages · 2 notes`
fn tag_words(tag: &crate::case::TagCount) -> String {
    let mut parts = Vec::new();
    if tag.evidence > 0 {
        parts.push(count(tag.evidence, "document or message", "documents or messages"));
    }
    if tag.things > 0 {
        parts.push(count(tag.things, "note, highlight or entity", "notes, highlights or entities"));
    }
    if parts.is_empty() { "nothing carries it".to_owned() } else { parts.join(" · ") }
}
