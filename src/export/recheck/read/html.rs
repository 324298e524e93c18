//! Reads a report in HTML.

use super::{Found, noted, of_footnote};
use crate::export::seal::stretch::{Canon, HEAD};
use crate::export::wording;
use crate::text::entities;

/// Tags that say nothing by themselves, with whether a line ends at them. Any other, and any with an
/// attribute, counts as a word: what hides or strikes out something cannot be put in unseen.
const PLAIN: [(&str, bool); 31] = [
    ("a", false),
    ("article", true),
    ("blockquote", true),
    ("body", true),
    ("br", true),
    ("code", false),
    ("dd", true),
    ("div", true),
    ("dl", true),
    ("dt", true),
    ("em", false),
    ("h1", true),
    ("h2", true),
    ("h3", true),
    ("h4", true),
    ("h5", true),
    ("h6", true),
    ("header", true),
    ("hr", true),
    ("html", true),
    ("li", true),
    ("main", true),
    ("ol", true),
    ("p", true),
    ("section", true),
    ("span", false),
    ("strong", false),
    ("sup", false),
    ("table", true),
    ("tr", true),
    ("ul", true),
];

/// Tags that make the words in them read otherwise.
const SHAPES: [&str; 17] = [
    "blockquote",
    "code",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ol",
    "pre",
    "strong",
    "table",
    "td",
    "th",
    "ul",
];

pub fn read(text: &str) -> Found {
    let mut found = Found { has_lists: true, ..Found::default() };
    found.stretches.open(HEAD);
    // What stands between `<h2>` and `</h2>` names the section.
    let mut heading = None;
    let mut in_seal = false;
    for (at, piece) in text.split('<').enumerate() {
        let (tag, words) = match piece.split_once('>') {
            Some((tag, words)) if at > 0 => (tag, words),
            None if at > 0 => (piece, ""),
            _ => ("", piece),
        };
        let name = tag.split_whitespace().next().unwrap_or_default();
        let attribute = |name: &str| {
            let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
            Some(rest.split_once('"')?.0)
        };
        match name {
            "section" => {
                in_seal = attribute("id") == Some("seal");
                if in_seal {
                    found.seal.extend(
                        attribute("data-seal").map(|own| entities::decode(own).into_owned()),
                    );
                } else {
                    found.stretches.open("");
                }
            }
            "article" => found.stretches.open(attribute("id").unwrap_or_default()),
            "li" => {
                if let Some(number) = attribute("id").and_then(|id| id.strip_prefix("fn-")) {
                    found.stretches.open(of_footnote(number));
                }
            }
            "h2" if !in_seal => heading = Some(String::new()),
            "/h2" if in_seal && found.seal_shown.as_str() == wording::SEAL => {
                found.seal_shown = Canon::default();
            }
            "/h2" => {
                if let Some(heading) = heading.take() {
                    found.stretches.last().name = heading;
                }
            }
            _ => {}
        }
        if let Some(heading) = &mut heading {
            heading.push_str(words.trim());
        }
        if !in_seal && SHAPES.contains(&name.trim_start_matches('/')) {
            found.stretches.mark(name);
        }
        let plain = PLAIN.iter().find(|(plain, _)| *plain == tag.trim_start_matches('/'));
        let is_seal = in_seal && name == "section";
        let into = match in_seal {
            true => &mut found.seal_shown,
            false => &mut found.stretches.last().text,
        };
        match plain {
            Some((_, true)) => into.line(),
            Some((_, false)) => {}
            None if at == 0 || is_seal => {}
            None => {
                into.text(&format!("<{tag}>"));
                if PLAIN.iter().any(|(plain, ends)| *ends && *plain == name) {
                    into.line();
                }
            }
        }
        into.text(&entities::decode(words));
        // Behind the seal there is nothing.
        if name == "/section" && in_seal {
            in_seal = false;
            found.stretches.open("behind the seal");
        }
    }
    (found.notes, found.body) = footnotes(text);
    found
}

/// Footnotes, and the text beside them without their numbers.
fn footnotes(text: &str) -> (Vec<super::Noted>, String) {
    const OPEN: &str = " data-locator=\"";
    let mut all = Vec::new();
    let (body, notes) = text.split_once("<section id=\"notes\">").unwrap_or((text, text));
    let mut sentences = String::with_capacity(body.len());
    for (at, piece) in body.split("<sup id=\"ref-").enumerate() {
        let piece = if at == 0 { piece } else { piece.split_once("</sup>").map_or("", |(_, p)| p) };
        sentences.push_str(piece);
    }
    for item in notes.split("<li id=\"fn-").skip(1) {
        let item = item.split("</li>").next().unwrap_or(item);
        let number = item.split('"').next().and_then(|number| number.parse().ok()).unwrap_or(0);
        let Some((_, rest)) = item.split_once(OPEN) else { continue };
        let (line, rest) = rest.split_once('"').unwrap_or((rest, ""));
        let shown = rest.split_once('>').map_or("", |(_, inner)| inner);
        all.push(noted(number, &entities::decode(line), without_tags(shown)));
    }
    (all, without_tags(&sentences))
}

fn without_tags(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    for (at, piece) in markup.split('<').enumerate() {
        let plain = if at == 0 { piece } else { piece.split_once('>').map_or("", |(_, p)| p) };
        text.push_str(plain);
    }
    entities::decode(&text).into_owned()
}
