//! What anchors and reports say of a place in words, beside the words that a case or a file has for it.
//! What a redaction hid in them may be anything.

use crate::model::entity::EntityKind;

/// What a report shows in the place of a name that is masked.
const MASKED: char = '▇';

/// What stands between the parts of a path: of a folder, of a container.
const SEPARATORS: [char; 2] = ['/', '!'];

/// Letters of a pseudonym behind its kind.
const LETTERS: usize = 5;

/// Who wrote what no account did.
pub const PLATFORM: &str = "the platform itself";

/// Whether two paths are the same, or one of them the end of the other; what is hidden in the first
/// one may be anything.
pub fn is_end(said: &str, is: &str) -> bool {
    let end_of = |long: &str, short: &str| {
        long.strip_suffix(short)
            .is_some_and(|before| before.is_empty() || before.ends_with(SEPARATORS))
    };
    match shown_of(said).as_slice() {
        [first, hidden @ ..] if !hidden.is_empty() => {
            let fits = |first: &str| in_order(&[&[first][..], hidden].concat(), is, str::is_empty);
            // Another copy may have taken in a folder further up.
            let mut below = first.match_indices(SEPARATORS).map(|(at, _)| &first[at + 1..]);
            fits(first) || below.any(|own| !own.is_empty() && is.starts_with(own) && fits(own))
        }
        _ => !said.is_empty() && (end_of(said, is) || end_of(is, said)),
    }
}

/// Whether a passage names its place, or says less of it than is known.
pub(super) fn is_spot(said: &str, is: &str) -> bool {
    match shown_of(said).as_slice() {
        [_] => {
            let parts: Vec<&str> = is.split(", ").collect();
            said == is || said.is_empty() || said.split(", ").all(|part| parts.contains(&part))
        }
        pieces => in_order(pieces, is, |rest| rest.is_empty() || rest.starts_with(", ")),
    }
}

/// Whether the place of a message names this account as its writer (without one the platform itself),
/// by its handle or by what it is called; one that is hidden may be anybody.
pub fn names_writer(said: &str, sender: Option<&str>, name: &str) -> bool {
    let (writer, _) = said.split_once(" in ").unwrap_or((said, ""));
    let (sender, name) = sender.map_or((PLATFORM, ""), |sender| (sender, name));
    // The name of a conversation often has the one who answers too.
    shown_of(writer).len() > 1
        || [sender, name].iter().filter(|name| !name.is_empty()).any(|name| {
            said.starts_with(&format!("{name} in "))
                || said.starts_with(&format!("{name} ("))
                || said.contains(&format!(" ({name}) in "))
        })
}

/// Whether a passage names what stands before its quote, or less of it.
pub(super) fn is_before(said: &str, is: &str) -> bool {
    match shown_of(said).as_slice() {
        [_] => is.ends_with(said),
        pieces => in_order(pieces, is, str::is_empty),
    }
}

/// Whether a passage names what stands behind its quote, or less of it.
pub(super) fn is_after(said: &str, is: &str) -> bool {
    match shown_of(said).as_slice() {
        [first, ..] => is.starts_with(first) && in_order(&shown_of(said), is, |_| true),
        [] => true,
    }
}

/// Whether pieces stand in a text one behind the other, and behind the last one only what may.
fn in_order(pieces: &[&str], text: &str, may_follow: impl Fn(&str) -> bool) -> bool {
    let Some((last, others)) = pieces.split_last() else { return true };
    let mut left = text;
    for piece in others {
        match left.split_once(piece) {
            Some((_, behind)) => left = behind,
            None => return false,
        }
    }
    left.match_indices(last).any(|(at, _)| may_follow(&left[at + last.len()..]))
}

/// A text without what a redaction put into it, `▇▇▇` or `person-k7qd2`: one piece when nothing is
/// hidden in it.
fn shown_of(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        match hidden(&text[at..]) {
            0 => at += c.len_utf8(),
            bytes => {
                pieces.push(&text[start..at]);
                at += bytes;
                start = at;
            }
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// Bytes of what hides something at the beginning of a text.
fn hidden(text: &str) -> usize {
    let masked = text.len() - text.trim_start_matches(MASKED).len();
    if masked > 0 {
        return masked;
    }
    let kinds = EntityKind::ALL.iter().map(|kind| kind.word()).chain(["name"]);
    for kind in kinds {
        let Some(rest) = text.strip_prefix(kind).and_then(|rest| rest.strip_prefix('-')) else {
            continue;
        };
        let letters = rest.bytes().take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if letters.count() == LETTERS {
            return kind.len() + 1 + LETTERS;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_redaction_hides_is_known() {
        let check = |text: &str, pieces: &[&str]| assert_eq!(shown_of(text), pieces, "{text:?}");
        check("wxid_q7m2kd81 (lin)", &["wxid_q7m2kd81 (lin)"]);
        check("person-k7qd2 (person-k7qd2)", &["", " (", ")"]);
        check("聊天/▇▇▇.md", &["聊天/", ".md"]);
        check("周报_name-a1b2c.docx", &["周报_", ".docx"]);
        check("anna-maria person-k7qd2x", &["anna-maria person-k7qd2x"]);
    }

    #[test]
    fn a_path_of_another_copy_is_the_end_of_one_here() {
        let check = |said: &str, is: &str, fits: bool| {
            assert_eq!(is_end(said, is), fits, "{said:?} {is:?}");
        };
        check("聊天/微信/04.md", "聊天/微信/04.md", true);
        check("微信/04.md", "聊天/微信/04.md", true);
        check("leak/聊天/微信/04.md", "聊天/微信/04.md", true);
        check("04.md", "备份.zip!04.md", true);
        check("4.md", "聊天/04.md", false);
        check("销售/董事会决议.docx", "行政/租赁协议.rtf", false);
        check("", "聊天/04.md", false);
        check("行政/▇▇▇.rtf", "行政/林墨.rtf", true);
        check("销售/▇▇▇.rtf", "行政/林墨.rtf", false);
        check("行政/▇▇▇.rtf", "leak/行政/林墨.rtf", true);
        check("leak/行政/▇▇▇.rtf", "行政/林墨.rtf", true);
        check("leak/▇▇▇.rtf", "行政/林墨.rtf", false);
        check("行政/▇▇▇.rtf", "行政/林墨.rtf!image1.png", false);
    }

    #[test]
    fn the_writer_is_not_whoever_answers() {
        let check = |said: &str, (sender, name): (&str, &str), fits: bool| {
            let sender = Some(sender).filter(|sender| !sender.is_empty());
            assert_eq!(names_writer(said, sender, name), fits, "{said:?}");
        };
        check("lin in lin ↔ mara (wechat)", ("lin", ""), true);
        check("Lin M. (wxid_1) in lin ↔ mara (wechat)", ("wxid_1", "other"), true);
        check("mara in lin ↔ mara (wechat)", ("lin", ""), false);
        check("▇▇▇ in lin ↔ mara (wechat)", ("lin", ""), true);
        check("person-k7qd2 (person-k7qd2) in lin ↔ mara (wechat)", ("lin", ""), true);
        check("mara in lin ↔ mara (wechat)", ("", ""), false);
        check("mara in lin ↔ mara (wechat)", ("", "mara"), false);
        check("the platform itself in lin ↔ mara (wechat)", ("", ""), true);
        check("the platform itself in lin ↔ mara (wechat)", ("lin", ""), false);
    }

    #[test]
    fn what_stands_around_may_be_said_in_part() {
        let check = |said: &str, is: &str, before: bool, after: bool| {
            assert_eq!((is_before(said, is), is_after(said, is)), (before, after), "{said:?}");
        };
        check("甲方付款", "甲方付款", true, true);
        check("付款", "甲方付款", true, false);
        check("甲方", "甲方付款", false, true);
        check("", "甲方付款", true, true);
        check("不", "", false, false);
        check("▇▇▇付款", "甲方付款", true, true);
        check("▇▇▇不付款", "甲方付款", false, false);
    }

    #[test]
    fn a_place_may_be_named_in_fewer_words() {
        let check =
            |said: &str, is: &str, fits: bool| assert_eq!(is_spot(said, is), fits, "{said:?}");
        check("page 3, line 12", "page 3, line 12", true);
        check("line 12", "page 3, line 12", true);
        check("", "page 3, line 12", true);
        check("page 12, signed by lin", "page 3, line 12", false);
        check("page 3, line 12, signed by lin", "page 3, line 12", false);
        check("line 1", "page 3, line 12", false);
        check("▇▇▇!D9", "付款!D9", true);
        check("▇▇▇!D9", "付款!D90", false);
        check("▇▇▇, line 1", "page 3, line 12", false);
        check("▇▇▇ 3", "page 3, line 12", true);
    }
}
