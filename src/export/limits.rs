//! What a report cannot know, in sentences: what the case could not read, has not seen, assumes.

use crate::case::Status;
use crate::model::State;
use crate::text::tally::{counted, grouped};

/// The limits of a case, most of all what nobody could read. Nothing that is zero is left out in
/// silence: a reader must see that it was asked.
pub fn limits(status: &Status) -> Vec<String> {
    let mut limits = vec![format!(
        "The case holds {} in {} and {} ({} of them differ) in {}, from {}.",
        counted(status.documents, "document", "documents"),
        counted(status.places, "place", "places"),
        counted(status.messages, "message", "messages"),
        grouped(status.distinct_messages),
        counted(status.conversations, "conversation", "conversations"),
        counted(status.sources.len() as u64, "source", "sources"),
    )];
    let unreadable: Vec<String> = status
        .states
        .iter()
        .filter(|(state, count)| state.is_unreadable() && *count > 0)
        .map(|(state, count)| format!("{} {}", grouped(*count), said(*state)))
        .collect();
    limits.push(match unreadable.is_empty() {
        true => "All documents could be read.".to_owned(),
        false => format!(
            "{} could not be read: {}.",
            counted(status.unreadable, "document", "documents"),
            unreadable.join(", ")
        ),
    });
    limits.push(match status.warned {
        0 => "None was read with a warning.".to_owned(),
        warned => format!(
            "{} read with a warning: cut, damaged or doubtful in part.",
            counted(warned, "document was", "documents were"),
        ),
    });
    limits.push(format!(
        "{} and {} inside of others have something to see but no text: no search finds what stands there.",
        counted(status.no_text, "document", "documents"),
        counted(status.pages_without_text, "page", "pages"),
    ));
    if status.missing > 0 {
        limits.push(format!(
            "{} when the case was made last; footnotes say so of what they cite.",
            counted(
                status.missing,
                "original was not where it had been",
                "originals were not where they had been"
            )
        ));
    }
    if status.skipped > 0 {
        limits.push(format!(
            "{} left alone: links, devices and the like.",
            counted(status.skipped, "entry of a folder was", "entries of folders were")
        ));
    }
    let incomplete = status.sources.iter().filter(|source| source.incomplete).count() as u64;
    if incomplete > 0 {
        limits.push(format!(
            "{} not taken in to the end.",
            counted(incomplete, "source was", "sources were")
        ));
    }
    if status.zones_assumed > 0 {
        limits.push(format!(
            "Nothing says which time zone {} written in: their times are read as UTC and may be off by hours.",
            counted(status.zones_assumed, "chat export was", "chat exports were")
        ));
    }
    if !status.index_is_current {
        limits.push(
            "The index of the case lacks its latest changes: numbers of hits may be short."
                .to_owned(),
        );
    }
    let units = status.documents + status.messages;
    limits.push(format!(
        "{} of {} documents and messages were marked as read, {} as irrelevant.",
        grouped(status.read),
        grouped(units),
        grouped(status.irrelevant)
    ));
    for seen in &status.coverage {
        limits.push(format!(
            "Seen on a screen in the {} text: {} whole, {} in part, {}.",
            seen.variant.name(),
            counted(seen.documents, "document", "documents"),
            grouped(seen.partly),
            counted(seen.messages, "message", "messages"),
        ));
    }
    limits.push(
        "Footnotes were checked against the texts that the case holds, not against the originals: \
         the command that each of them names does that."
            .to_owned(),
    );
    limits
}

fn said(state: State) -> &'static str {
    match state {
        State::Failed => "broken",
        State::Encrypted => "encrypted",
        State::OverLimit => "over a limit",
        State::Unsupported => "of an unknown format",
        State::Read | State::Export | State::NoText | State::Empty => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_said() {
        let status = Status {
            documents: 545,
            places: 571,
            messages: 15_743,
            distinct_messages: 15_658,
            conversations: 37,
            unreadable: 12,
            no_text: 1,
            pages_without_text: 32,
            warned: 4,
            zones_assumed: 2,
            states: vec![(State::Read, 500), (State::Failed, 9), (State::Encrypted, 3)],
            index_is_current: true,
            ..Status::default()
        };
        insta::assert_snapshot!(limits(&status).join("\n"), @r"
        The case holds 545 documents in 571 places and 15,743 messages (15,658 of them differ) in 37 conversations, from 0 sources.
        12 documents could not be read: 9 broken, 3 encrypted.
        4 documents were read with a warning: cut, damaged or doubtful in part.
        1 document and 32 pages inside of others have something to see but no text: no search finds what stands there.
        Nothing says which time zone 2 chat exports were written in: their times are read as UTC and may be off by hours.
        0 of 16,288 documents and messages were marked as read, 0 as irrelevant.
        Footnotes were checked against the texts that the case holds, not against the originals: the command that each of them names does that.
        ");
    }
}
