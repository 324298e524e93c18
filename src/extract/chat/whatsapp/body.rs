//! What stands behind the head of a line: who says it, and what it is.

use super::locale::{is_mark, is_space};
use super::words;
use crate::model::{Media, MessageKind};
use std::collections::HashMap;

/// Longer than any name.
const MOST_NAME: usize = 80;

/// The names of a file: a name is what often stands before a colon.
#[derive(Default)]
pub(super) struct Names<'a> {
    /// How often, and what stands before the next colon as long as it is always the same.
    seen: HashMap<&'a str, (u32, Option<&'a str>)>,
    /// How often a name stands before a colon without a blank: `Bob:Hi`.
    bare: HashMap<&'a str, u32>,
}

/// A name before a colon that no blank follows, if it can be one: not a time, not an address.
fn bare(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.split_once(':')?;
    let is_name = !name.trim().is_empty()
        && name.chars().count() <= 40
        && name.split_whitespace().count() <= 3
        && !is_sentence(name)
        && !words::is_group_event(name);
    let is_said =
        !rest.starts_with(|c: char| c == '/' || c == ':' || c.is_ascii_digit() || is_space(c));
    (is_name && is_said && !rest.is_empty()).then_some((name, rest))
}

fn first_line(body: &str) -> &str {
    body.split('\n').next().unwrap_or_default()
}

impl<'a> Names<'a> {
    /// Counts what could be a name in this body.
    pub(super) fn learn(&mut self, body: &'a str) {
        if let Some((name, _)) = bare(first_line(body)) {
            *self.bare.entry(name).or_default() += 1;
        }
        let Some((name, rest)) = first_line(body).split_once(": ") else { return };
        if name.chars().count() > MOST_NAME {
            return;
        }
        let next = rest.split_once(": ").map(|(next, _)| next);
        let entry = self.seen.entry(name).or_insert((0, next));
        entry.0 += 1;
        if entry.1 != next {
            entry.1 = None;
        }
    }

    /// The name and what is said, or `None` for a line of the system.
    pub(super) fn split(&self, body: &'a str) -> Option<(&'a str, &'a str)> {
        let line = first_line(body);
        let count_of = |name: &str| self.seen.get(name).map_or(0, |(count, _)| *count);
        // `Bob:see this: x` is said by Bob, if he is heard more often than `Bob:see this`.
        if let Some((name, _)) = bare(line) {
            let spaced = line.split_once(": ").map_or(0, |(name, _)| count_of(name));
            if self.bare.get(name).copied().unwrap_or(0) + count_of(name) > spaced {
                return Some((name, &body[name.len() + 1..]));
            }
        }
        if let Some((name, _)) = line.split_once(": ")
            && let Some((count, next)) = self.seen.get(name)
        {
            // `Dr: Who: hello`: a name with a colon, if it always goes on like this.
            if let Some(next) = next
                && *count >= OFTEN
                && name.chars().count() + next.chars().count() < MOST_NAME
                && !next.contains("://")
            {
                let end = name.len() + 2 + next.len();
                return Some((&body[..end], &body[end + 2..]));
            }
            if is_name(name, *count) {
                return Some((name, &body[name.len() + 2..]));
            }
        }
        // A message that is empty: `Bob:`.
        let (name, rest) = line.split_once(':')?;
        let count = count_of(name);
        let empty = rest.is_empty() && name.chars().count() <= 40;
        ((count > 0 || empty) && is_name(name, count)).then(|| (name, &body[name.len() + 1..]))
    }
}

/// Nobody doubts a name that stands there as often as this.
const OFTEN: u32 = 5;

/// Whether what stands before a colon so often is a name and not an event with a colon in it
/// (`Ann changed the subject to "B: C"`).
fn is_name(text: &str, count: u32) -> bool {
    let event = count < 2 && words::is_group_event(text);
    !text.trim().is_empty() && (count >= OFTEN || !(is_sentence(text) || event))
}

/// What no name has: quotation marks, or as many words as an event of a group.
fn is_sentence(text: &str) -> bool {
    text.contains(['"', '“', '”', '„', '«', '»', '「']) || text.split_whitespace().count() > 7
}

/// A name without the marks around it; the sign before unknown contacts is told apart.
pub(super) fn clean_name(name: &str) -> (String, bool) {
    let shown: String = name
        .chars()
        .filter(|c| !is_mark(*c))
        .map(|c| match c {
            c if is_space(c) => ' ',
            '\u{2011}' => '-',
            c => c,
        })
        .collect();
    let shown = shown.trim();
    match shown.strip_prefix('~') {
        Some(rest) if !rest.trim().is_empty() => (rest.trim().to_owned(), true),
        _ => (shown.to_owned(), false),
    }
}

/// What a body is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) kind: Option<MessageKind>,
    pub(super) text: String,
    pub(super) media: Option<Media>,
    pub(super) edited: bool,
}

/// Whether WhatsApp says with its mark that this is not what somebody typed.
pub(super) fn is_marked(raw: &str) -> bool {
    raw.chars().find(|c| !is_space(*c)) == Some('\u{200e}')
}

/// Reads the body of a message that has a sender; `is_marking`: its phone marks what nobody typed.
pub(super) fn read(raw: &str, is_marking: bool) -> Body {
    let marked = is_marked(raw);
    let mut rest = raw.trim_start_matches(|c| is_mark(c) && !matches!(c, '\u{2066}'..='\u{2069}'));
    let mut body = Body::default();
    if let Some(before) = edited(rest) {
        body.edited = true;
        rest = before;
    }
    let whole = rest.trim_matches(|c: char| is_mark(c) || c.is_whitespace());
    if words::is_deleted(whole) {
        body.kind = Some(MessageKind::Deleted);
        body.text = whole.to_owned();
        return body;
    }
    if let Some((media, caption)) = attachment(rest, marked) {
        body.kind = Some(MessageKind::Media);
        body.text = clean_text(&caption, false);
        body.media = Some(media);
        return body;
    }
    body.text = clean_text(rest, marked && is_marking);
    if marked && is_marking {
        let special = [("POLL:", "poll"), ("Location:", "location")];
        let upper = |(word, _): &&(&str, &str)| {
            whole.get(..word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word))
        };
        body.kind = Some(MessageKind::System);
        let place =
            whole.contains("https://maps.google.com/") || whole.contains("https://foursquare.com/");
        if let Some(kind) =
            special.iter().find(upper).map(|(_, kind)| *kind).or(place.then_some("location"))
        {
            body.kind = Some(MessageKind::Media);
            body.media = Some(Media { kind: kind.to_owned(), ..Media::default() });
        }
    }
    body
}

/// Without the marks around it; those inside are what somebody typed, or what WhatsApp put before
/// every line of its own.
fn clean_text(text: &str, marked: bool) -> String {
    if marked {
        return text.chars().filter(|c| !is_mark(*c)).collect();
    }
    // Isolates stand in pairs around a name that is mentioned.
    text.trim_matches(|c| is_mark(c) && !matches!(c, '\u{2066}'..='\u{2069}')).to_owned()
}

/// What stands before ` <This message was edited>` at the end. Where the words are none that are
/// known, a mark before them says that nobody typed them; the name of a file has a colon before it.
fn edited(text: &str) -> Option<&str> {
    let inner =
        text.trim_end_matches(|c: char| is_mark(c) || c.is_whitespace()).strip_suffix('>')?;
    let at = inner.rfind('<')?;
    let said = inner[..at].trim_end_matches(|c: char| is_mark(c) || is_space(c));
    let words = &inner[at + 1..];
    let is_marked = inner[..at].ends_with('\u{200e}')
        && !said.is_empty()
        && words.chars().count() <= 80
        && !words.contains([':', '：', '\n'])
        && !words::is_omitted(&format!("<{words}>"));
    (words::is_edited(words) || is_marked).then_some(said)
}

/// The file and its caption.
fn attachment(text: &str, marked: bool) -> Option<(Media, String)> {
    let media = |name: &str, marker: &str| Media {
        kind: words::kind(if name.is_empty() { marker } else { name }).to_owned(),
        name: name.to_owned(),
        note: if name.is_empty() { marker.to_owned() } else { String::new() },
        ..Media::default()
    };
    let clean =
        |text: &str| text.trim_matches(|c: char| is_mark(c) || c.is_whitespace()).to_owned();
    let whole = clean(text);
    if words::is_omitted(&whole) {
        return Some((media("", &whole), String::new()));
    }
    // `<attached: name>`, perhaps after a caption; the mark before it says who wrote it.
    if let Some(inner) = whole.strip_suffix('>')
        && let Some(at) = inner.rfind('<')
        && let Some((word, name)) = inner[at + 1..].split_once([':', '：'])
        && (marked
            || inner[..at].ends_with('\u{200e}')
            || word.starts_with('\u{200e}')
            || words::is_own_name(name))
        && word.chars().count() <= 24
        && !name.contains('\n')
    {
        return Some((media(name.trim(), ""), clean(&inner[..at])));
    }
    let (first, caption) = whole.split_once('\n').unwrap_or((&whole, ""));
    if let Some(name) = words::attached(first.trim_matches(is_mark), marked) {
        return Some((media(name, ""), caption.to_owned()));
    }
    // `photo omitted` or `name.pdf • 1 page document omitted`, perhaps after a caption.
    let last = text.trim_end().rsplit('\n').next().unwrap_or_default();
    let marked_last = last.trim_start_matches(is_space).starts_with('\u{200e}')
        || (marked && !text.trim_end().contains('\n'));
    if !marked_last {
        return None;
    }
    let line: String = last.chars().filter(|c| !is_mark(*c)).collect();
    if words::is_marked_omitted(&line) {
        let name = line.split('•').next().unwrap_or_default().trim();
        let name = if line.contains('•') { name } else { "" };
        let caption = text.trim_end().strip_suffix(last).unwrap_or_default();
        let mut media = media(name, line.trim());
        media.note = line.trim().to_owned();
        return Some((media, clean(caption)));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, kind: Option<MessageKind>, text: &str, name: Option<&str>) {
        let body = read(raw, true);
        assert_eq!(body.kind, kind, "{raw}");
        assert_eq!(body.text, text, "{raw}");
        assert_eq!(body.media.as_ref().map(|media| media.name.as_str()), name, "{raw}");
    }

    #[test]
    fn only_what_whatsapp_marks_is_media() {
        let media = Some(MessageKind::Media);
        check("\u{200e}<attached: 01-a b.pdf>", media, "", Some("01-a b.pdf"));
        check("look \u{200e}<attached: 01-a.jpg>", media, "look", Some("01-a.jpg"));
        check("<attached: not by WhatsApp>", None, "<attached: not by WhatsApp>", None);
        check("<\u{200e}Anhang: 01-a.opus>", media, "", Some("01-a.opus"));
        let name = "00000014-VIDEO-2024-02-19-08-05-00.mp4";
        check(&format!("<adjunto: {name}>"), media, "", Some(name));
        check("<\u{200e}image omitted>", media, "", Some(""));
        check("<image omitted>", media, "", Some(""));
        check("IMG-20240219-WA0001.jpg (bilinmeyen)", media, "", Some("IMG-20240219-WA0001.jpg"));
        check("\u{200e}image omitted", media, "", Some(""));
        check("image omitted", None, "image omitted", None);
        check("\u{200e}a.pdf • \u{200e}1 页 \u{200e}文档已忽略", media, "", Some("a.pdf"));
        check("a.pdf (file attached)\nthe plan", media, "the plan", Some("a.pdf"));
        check("<Media omitted>", media, "", Some(""));
        check("photo_2024.jpg", None, "photo_2024.jpg", None);
        check("\u{200e}Mara left", Some(MessageKind::System), "Mara left", None);
        check(
            "\u{200e}POLL:\nWhere?\n\u{200e}OPTION: here (1 vote)",
            media,
            "POLL:\nWhere?\nOPTION: here (1 vote)",
            Some(""),
        );
        check(
            "This message was deleted.",
            Some(MessageKind::Deleted),
            "This message was deleted.",
            None,
        );
    }

    #[test]
    fn edits_are_told_and_taken_off() {
        let body = read("room 4B \u{200e}<This message was edited>", true);
        assert_eq!((body.text.as_str(), body.edited), ("room 4B", true));
        let body = read("neu \u{200e}<Worte, die niemand kennt>", true);
        assert_eq!((body.text.as_str(), body.edited), ("neu", true));
        let body = read("\u{200e}<Worte, die niemand kennt>", true);
        assert!(!body.edited);
        let body = read("what does <b> do", true);
        assert_eq!((body.text.as_str(), body.edited), ("what does <b> do", false));
    }

    #[test]
    fn names_with_colons_and_lines_without() {
        let mut names = Names::default();
        let bodies = [
            "Dr: Who: hi",
            "Dr: Who: there: you",
            "Dr: Who: bye",
            "Bob: see: this",
            "Bob: no",
            "Bob:Hi",
            "Bob:",
            "Dr: Who: a",
            "Dr: Who: b",
            "Ann changed the subject from \"A\" to \"B: C\"",
            "Ann changed the group description: x",
            "Eve left",
            "https://x.example/a",
            ": x",
        ];
        bodies.iter().for_each(|body| names.learn(body));
        let split = |body| names.split(body);
        assert_eq!(split(bodies[1]), Some(("Dr: Who", "there: you")));
        assert_eq!(split(bodies[3]), Some(("Bob", "see: this")));
        assert_eq!(split(bodies[5]), Some(("Bob", "Hi")));
        assert_eq!(split(bodies[6]), Some(("Bob", "")));
        for body in &bodies[9..] {
            assert_eq!(split(body), None, "{body}");
        }
    }
}
