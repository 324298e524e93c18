//! Reads a report in Markdown.

use super::{Found, noted, of_footnote};
use crate::export::markdown::{LOCATOR, SEAL};
use crate::export::seal::stretch::{HEAD, entry_name};
use crate::export::wording;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

pub fn read(text: &str) -> Found {
    let options =
        Options::ENABLE_FOOTNOTES | Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut found = Found { has_lists: true, ..Found::default() };
    found.stretches.open(HEAD);
    // An open footnote: number, locator, all that it says.
    let mut open: Option<(usize, Option<String>, String)> = None;
    // What the heading says that is open; none below those of entries.
    let mut heading: Option<String> = None;
    let mut in_seal = false;
    for event in Parser::new_ext(text, options) {
        match &event {
            Event::Start(Tag::FootnoteDefinition(name)) => {
                found.stretches.open(of_footnote(name));
                in_seal = false;
            }
            Event::Start(Tag::Heading { level: HeadingLevel::H2 | HeadingLevel::H3, .. }) => {
                found.stretches.open("");
                heading = Some(String::new());
                in_seal = false;
            }
            Event::End(TagEnd::Heading(level)) => {
                if let Some(text) = heading.take() {
                    in_seal = *level == HeadingLevel::H2 && text == wording::SEAL;
                    let stretch = found.stretches.last();
                    stretch.name = match level {
                        HeadingLevel::H2 => text,
                        _ => entry_name(&text),
                    };
                    if in_seal {
                        stretch.text = Default::default();
                    }
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(text);
                }
            }
            _ => {}
        }
        match &event {
            Event::Code(code) if in_seal && code.starts_with(SEAL) => {
                found.seal.push(code[SEAL.len()..].to_owned());
            }
            _ if in_seal => seen(&event, &mut |text| match text {
                Some(text) => found.seal_shown.text(text),
                None => found.seal_shown.line(),
            }),
            _ => {
                if let Some(sign) = shape(&event) {
                    found.stretches.mark(&sign);
                }
                seen(&event, &mut |text| match text {
                    Some(text) => found.stretches.text(text),
                    None => found.stretches.line(),
                });
            }
        }
        let into = match &mut open {
            Some((_, _, shown)) => shown,
            None => &mut found.body,
        };
        match event {
            Event::Start(Tag::FootnoteDefinition(name)) => {
                open = Some((name.parse().unwrap_or(0), None, String::new()));
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((number, Some(line), shown)) = open.take() {
                    found.notes.push(noted(number, &line, shown));
                }
                // What stands behind it is none of it.
                let name = format!("behind {}", found.stretches.last().name);
                found.stretches.open(name);
            }
            Event::Text(part) => into.push_str(&part),
            Event::Code(code) => match (code.strip_prefix(LOCATOR), &mut open) {
                (Some(locator), Some((_, line, _))) => *line = Some(locator.to_owned()),
                (_, Some((_, _, shown))) => shown.push_str(&code),
                (_, None) => found.body.push_str(&code),
            },
            Event::SoftBreak | Event::HardBreak | Event::End(_) => into.push('\n'),
            _ => {}
        }
    }
    found
}

/// What an event makes of the words around it.
fn shape(event: &Event<'_>) -> Option<String> {
    let begins = |name: &str| Some(format!("{name}+"));
    let ends = |name: &str| Some(format!("{name}-"));
    match event {
        Event::Code(code) => {
            let length = code.chars().filter(|c| !c.is_whitespace()).count();
            Some(format!("code {length}"))
        }
        Event::Start(Tag::BlockQuote(_)) => begins("quote"),
        Event::End(TagEnd::BlockQuote(_)) => ends("quote"),
        Event::Start(Tag::CodeBlock(_)) => begins("code"),
        Event::End(TagEnd::CodeBlock) => ends("code"),
        Event::Start(Tag::Emphasis) => begins("emphasis"),
        Event::End(TagEnd::Emphasis) => ends("emphasis"),
        Event::Start(Tag::Strong) => begins("strong"),
        Event::End(TagEnd::Strong) => ends("strong"),
        Event::Start(Tag::List(_)) => begins("list"),
        Event::End(TagEnd::List(_)) => ends("list"),
        Event::Start(Tag::Item) => begins("item"),
        Event::Start(Tag::Table(_)) => begins("table"),
        Event::End(TagEnd::Table) => ends("table"),
        Event::Start(Tag::TableCell) => begins("cell"),
        Event::Start(Tag::Heading { level, .. }) => begins(&format!("heading {}", *level as u8)),
        _ => None,
    }
}

/// What a reader sees of an event: text, or the end of a line.
fn seen(event: &Event<'_>, see: &mut dyn FnMut(Option<&str>)) {
    match event {
        Event::Text(text)
        | Event::Code(text)
        | Event::Html(text)
        | Event::InlineHtml(text)
        | Event::InlineMath(text)
        | Event::DisplayMath(text) => see(Some(text)),
        Event::FootnoteReference(name) => see(Some(&format!("[^{name}]"))),
        Event::SoftBreak | Event::HardBreak => see(Some(" ")),
        // What is struck out is not said; an address is nothing that a report has.
        Event::Start(Tag::Strikethrough) | Event::End(TagEnd::Strikethrough) => see(Some("~~")),
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            see(Some(&format!("[{dest_url}]")));
        }
        Event::Start(Tag::List(Some(first))) => see(Some(&format!("{first}. "))),
        Event::TaskListMarker(done) => see(Some(if *done { "[x]" } else { "[ ]" })),
        Event::End(
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::Item
            | TagEnd::TableCell
            | TagEnd::TableRow
            | TagEnd::FootnoteDefinition,
        ) => see(None),
        _ => {}
    }
}

/// A text of Markdown without its marks, those of footnotes among them.
pub fn plain_of(markdown: &str) -> String {
    let text = read(markdown).body;
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, mark)) = rest.split_once("[^") {
        plain.push_str(before);
        rest = match mark.split_once(']') {
            Some((_, after)) => after,
            None => {
                plain.push_str("[^");
                mark
            }
        };
    }
    plain.push_str(rest);
    plain
}
