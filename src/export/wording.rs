//! The words of a report: what a footnote, a citation, a header says, the same in every format.

use super::locator::Spot;
use super::report::{Evidence, File, Footnote, Report, Source};
use crate::case::Extent;
use crate::model::anchor::shown;
use crate::model::finding::{Grade, Stance};
use crate::model::review::ReviewState;
use crate::model::{AnchorId, Hold, Sha256, VariantKind};

/// One labelled line of a footnote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `file`, `SHA-256`, `quote`: empty for what is said without a label.
    pub label: String,
    pub text: String,
    pub look: Look,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Plain,
    /// Hashes, paths and commands: in letters of equal width, sign by sign as they are typed.
    Fixed,
    /// A quote in the language of the original.
    Quote,
    /// What needs attention: a footnote that does not hold.
    Warning,
    /// How to check it.
    Aside,
}

fn line(label: &str, text: impl Into<String>, look: Look) -> Line {
    Line { label: label.to_owned(), text: text.into(), look }
}

/// All that a footnote says, in order.
pub fn lines(footnote: &Footnote, date: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    match &footnote.source {
        Source::Passage { path, sha256, file, containers, place, variant, quote, translation } => {
            lines.push(line("file", path.as_str(), Look::Fixed));
            lines.extend(
                also_at(&file.also_at).map(|text| line("the same file", text, Look::Plain)),
            );
            if !place.is_empty() {
                lines.push(line("place", place.as_str(), Look::Fixed));
            }
            lines.extend(footnote.writer.as_deref().map(|name| {
                line("account of", format!("{name}, as the case has it"), Look::Plain)
            }));
            match file.has_no_bytes {
                false => lines.push(line("SHA-256", sha256.to_string(), Look::Fixed)),
                true => lines.push(line("SHA-256", NO_BYTES, Look::Warning)),
            }
            for (depth, container) in containers.iter().enumerate() {
                let label = if depth == 0 { "inside of SHA-256" } else { "and of SHA-256" };
                lines.push(line(label, container.to_string(), Look::Fixed));
            }
            lines.extend(file.lists.iter().filter(|list| list.of_accounts).map(|list| {
                line(
                    "accounts named in",
                    format!("{}, SHA-256 {}", list.path, list.sha256),
                    Look::Plain,
                )
            }));
            // Before the quote, whose end whoever reads it back finds by what may follow it.
            lines.extend(file.lost.map(|lost| line("original", lost.words(), Look::Warning)));
            if !quote.is_empty() {
                let label = match variant {
                    VariantKind::Original => "quote".to_owned(),
                    variant => format!("quote ({})", variant.name()),
                };
                lines.push(Line { label, text: quote.clone(), look: Look::Quote });
            }
            if let Some(translation) = translation {
                let label = format!("translation ({})", translation.state);
                lines.push(Line { label, text: translation.text.clone(), look: Look::Quote });
            }
            lines.extend(remarks(file));
        }
        Source::Count { said, how, ids } => {
            lines.push(line("", said.as_str(), Look::Plain));
            lines.extend(how.iter().map(|how| match how.strip_prefix(BY_SEARCH) {
                Some(query) => line("counted by the search", query, Look::Fixed),
                None => line("counted", how.as_str(), Look::Plain),
            }));
            lines.push(line("SHA-256 of what it stands on", ids.to_string(), Look::Fixed));
            if *ids == Sha256::of(b"") {
                lines.push(line(
                    "",
                    "That is the hash of an empty list: nothing was found.",
                    Look::Aside,
                ));
            }
        }
    }
    let look = match footnote.hold {
        Hold::Holds => Look::Plain,
        _ => Look::Warning,
    };
    lines.push(line("state", format!("{} (in the case, {date})", stands(footnote)), look));
    lines.extend(footnote.kept.as_ref().map(|kept| line("deletion", kept.as_str(), Look::Warning)));
    let (how, command) = how_to_check(footnote);
    lines.push(line("to check", how, Look::Aside));
    lines.extend(command.map(|command| line("or by", command, Look::Fixed)));
    lines
}

/// What stands before the query that a number was counted by.
pub const BY_SEARCH: &str = "by the search ";

/// Instead of a hash.
pub const NO_BYTES: &str = "none: the file could not be opened when the case was made";

/// Places that are named one by one.
const PLACES: usize = 5;

/// Where else a file lies; nothing when nowhere.
fn also_at(places: &[String]) -> Option<String> {
    let named = places.iter().take(PLACES).cloned().collect::<Vec<_>>().join("; ");
    match places.len() {
        0 => None,
        1..=PLACES => Some(format!("lies at {named} too")),
        all => Some(format!("lies at {named} and {} other places too", all - PLACES)),
    }
}

/// What a reader must know of how a file was read.
fn remarks(file: &File) -> Option<Line> {
    let said = file.remarks.join("; ");
    match (file.read, said.is_empty()) {
        (Extent::Nothing, _) => Some(line("not read", said, Look::Warning)),
        (Extent::Part, _) => Some(line("read", format!("only in part: {said}"), Look::Warning)),
        (Extent::Whole, false) => Some(line("read", format!("with a remark: {said}"), Look::Plain)),
        (Extent::Whole, true) => None,
    }
}

/// How an anchor stands: `holds`, `is 14 now`.
pub fn held(hold: &Hold) -> String {
    match hold {
        Hold::Holds => "holds".to_owned(),
        Hold::Moved { .. } => {
            "moved: the text was made anew, and the quote stands elsewhere in it".to_owned()
        }
        Hold::Changed { now } => format!("does not hold: it is {} now", shown(now)),
        Hold::OtherBasis { now } => format!("other basis: {now}"),
        Hold::Misplaced { why } => format!("cited as standing elsewhere: {why}"),
        Hold::Broken { why } => format!("broken: {why}"),
        Hold::Absent => "the case has not this evidence".to_owned(),
    }
}

/// How a footnote stands, on one line: also that somebody deleted it.
pub fn state(footnote: &Footnote) -> String {
    let kept = footnote.kept.as_ref().map(|kept| format!("; {kept}"));
    stands(footnote) + &kept.unwrap_or_default()
}

/// How a footnote stands: as [`held`], with the place that it had of what is elsewhere now.
pub fn stands(footnote: &Footnote) -> String {
    let place = match &footnote.source {
        Source::Passage { place, .. } => place.as_str(),
        Source::Count { .. } => "",
    };
    match footnote.moved_from.as_deref() {
        None | Some("") => held(&footnote.hold),
        Some(was) if was == place => {
            format!(
                "moved: the text was made anew, and the quote stands elsewhere in it, at {place} still"
            )
        }
        Some(was) => format!(
            "moved: the text was made anew since it was cited, at {was} then; the quote stands at {place} now"
        ),
    }
}

/// How to check it, and the command that does it.
fn how_to_check(footnote: &Footnote) -> (String, Option<&'static str>) {
    match (&footnote.source, &footnote.locator.spot) {
        (Source::Count { .. }, Spot::Redacted { .. }) => {
            ("only in the case: what was searched for is redacted here".to_owned(), None)
        }
        (Source::Count { .. }, _) => {
            ("count it again in the case".to_owned(), Some("casebook verify --report THIS CASE"))
        }
        (Source::Passage { file: File { has_no_bytes: true, .. }, .. }, _) => {
            ("open it (a password may be needed), and take it into a case".to_owned(), None)
        }
        (Source::Passage { containers, place, quote, file, .. }, _) => {
            let mut text = match containers.is_empty() {
                true => "the SHA-256 of the file (sha256sum) must be this one".to_owned(),
                false => "open the containers in this order; the SHA-256 (sha256sum) of each and of the file must be these".to_owned(),
            };
            match (quote.is_empty(), place.is_empty()) {
                (true, _) => {}
                (false, true) => text.push_str("; the quote stands in it"),
                (false, false) => text.push_str("; the quote stands at the place named"),
            }
            if !quote.is_empty() && file.lists.iter().any(|list| list.of_accounts) {
                text.push_str(", with ids where the quote has names of accounts");
            }
            (text, Some("casebook verify --report THIS --folder ORIGINALS"))
        }
    }
}

/// `B2: usually reliable, probably true`, one after the other where several graded it; empty without
/// a grade.
pub fn graded(evidence: &Evidence) -> String {
    let words = |grade: Grade| {
        let source = grade.source.map(|source| source.words());
        let words: Vec<&str> = source.into_iter().chain(grade.item.map(|i| i.words())).collect();
        format!("{grade}: {}", words.join(", "))
    };
    evidence.grades().into_iter().map(words).collect::<Vec<_>>().join(" / ")
}

/// What stands beside a citation that does not hold where it was cited, or that somebody deleted;
/// nothing beside any other.
pub fn unheld(footnote: &Footnote) -> Option<String> {
    match (&footnote.hold, &footnote.kept) {
        (Hold::Holds, None) => None,
        (Hold::Holds, Some(kept)) => Some(format!("! {kept}")),
        _ => Some(format!("! {}", state(footnote))),
    }
}

/// The heading of citations of one stance; `None` for those whose stance is disagreed on.
pub fn heading(stance: Option<Stance>) -> &'static str {
    match stance {
        Some(Stance::Supports) => "What supports it",
        Some(Stance::Contradicts) => "What contradicts it",
        Some(Stance::Context) => "What else is cited",
        None => "What its authors disagree on: whether it supports or contradicts it",
    }
}

/// One line about a footnote, for lists: the beginning of the quote, or the number.
pub fn short(footnote: &Footnote) -> String {
    match &footnote.source {
        Source::Passage { path, place, quote, .. } => {
            let place = match place.is_empty() {
                true => path.clone(),
                false => format!("{path}, {place}"),
            };
            let place = match &footnote.writer {
                Some(name) => format!("{name}; {place}"),
                None => place,
            };
            match quote.is_empty() {
                true => place,
                false => format!("“{}” ({place})", clip(quote)),
            }
        }
        Source::Count { said, .. } => said.clone(),
    }
}

/// Characters of a quote where it is named and not given.
const SHORT: usize = 120;

fn clip(text: &str) -> String {
    let one_line: Vec<&str> = text.split_whitespace().collect();
    let one_line = one_line.join(" ");
    match one_line.char_indices().nth(SHORT) {
        Some((at, _)) => format!("{}…", &one_line[..at]),
        None => one_line,
    }
}

/// The head of a report: label and value.
pub fn head(report: &Report) -> Vec<(&'static str, String)> {
    let mut head = vec![("case", report.case.clone()), ("date", report.date.clone())];
    if !report.authors.is_empty() {
        head.push(("work of", report.authors.join(", ")));
    }
    if let Some(profile) = &report.redacted {
        let by = match profile.trim() {
            "" => "a profile without a name".to_owned(),
            _ => format!("the profile {profile:?}"),
        };
        head.push(("redacted", format!("names were masked or replaced by {by}")));
    }
    head
}

/// What is said of the footnotes as a whole, before them.
pub fn footnotes_intro(report: &Report) -> String {
    let is_other = |hold: &Hold| matches!(hold, Hold::OtherBasis { .. });
    let all = report.footnotes.len();
    let other = report.footnotes.iter().filter(|note| is_other(&note.hold)).count();
    let moved = report.footnotes.iter().filter(|own| own.moved_from.is_some()).count();
    let is_held = |note: &&Footnote| note.hold == Hold::Holds || note.moved_from.is_some();
    let holding = report.footnotes.iter().filter(is_held).count();
    let date = &report.date;
    let elsewhere = match moved {
        0 => "",
        1 => " 1 quote stands elsewhere in its text than when it was cited: see there.",
        _ => " Some quotes stand elsewhere in their texts than when they were cited: see there.",
    };
    let others = match other {
        0 => String::new(),
        1 => {
            "1 number is the same over other evidence than it was counted in: see there.".to_owned()
        }
        _ => format!(
            "{other} numbers are the same over other evidence than they were counted in: see there."
        ),
    };
    let said = match (all, all - other - holding) {
        (0, _) => String::new(),
        (1, 0) if other == 0 => format!("The one footnote held on {date}."),
        (_, 0) if other == 0 => format!("All {all} footnotes held on {date}."),
        (_, 0) if holding == 0 => others,
        (_, 0) => format!("{holding} of {all} footnotes held on {date}. {others}"),
        (_, failing) => {
            let failing =
                format!("{failing} of {all} footnotes did not hold on {date}: see there.");
            format!("{failing} {others}").trim_end().to_owned()
        }
    };
    said + elsewhere
}

/// Said of a finding, and of a sentence in a table, that nothing shows.
pub const CITES_NOTHING: &str = "cites nothing";

/// What a note cited and somebody deleted.
pub fn dropped(id: AnchorId, stance: Stance, gone: &str) -> String {
    let what = match stance {
        Stance::Supports => "in support",
        Stance::Contradicts => "against it",
        Stance::Context => "as context",
    };
    format!("what was cited {what} ({id}) was {gone}")
}

/// What was cited for something that is said of an entity, and somebody deleted.
pub fn dropped_for(id: AnchorId, gone: &str) -> String {
    format!("what was cited for it ({id}) was {gone}")
}

/// Said of what claims something, until somebody else looked at each of its sentences.
pub const UNCHECKED: &str = "by no second person, as it stands";

/// Of a sentence in a check sheet that cites nothing by itself: where that stands which is cited for the
/// whole note.
pub fn in_row(entry: &str) -> String {
    format!("what is cited for all of it stands in row {entry}")
}

/// Said of a sentence in a table that cites nothing, where all that the finding says does.
pub const AS_A_WHOLE: &str = "cites nothing by itself: see what is cited for all of it";

pub const LIMITS: &str = "What this report cannot know";

/// Heading of the last section.
pub const SEAL: &str = "Seal";

/// `checked by mara on 2024-03-05: agreed (of: “…”)`
pub fn reviewed(review: &ReviewState) -> String {
    review.said_of_it()
}
