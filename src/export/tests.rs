//! What the writers make of one report, and that nothing in it acts.

use super::testing::{self, report};
use super::{csv, docx, html, json, markdown};
use std::io::Read;

fn docx_parts() -> Vec<(String, String)> {
    let bytes = docx::write(&report()).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

#[test]
fn markdown_reads() {
    insta::assert_snapshot!(markdown::write(&report()));
}

#[test]
fn json_reads() {
    let text = json::write(&report()).unwrap();
    insta::assert_snapshot!(text);
    serde_json::from_str::<serde_json::Value>(&text).unwrap();
}

#[test]
fn csv_reads() {
    let bytes = csv::write(&report()).unwrap();
    insta::assert_snapshot!(String::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}'));
}

#[test]
fn html_reads() {
    let text = html::write(&report());
    insta::assert_snapshot!(text.split_once("</style>").unwrap().1);
}

/// Events of a Markdown reader that make something of a text.
#[test]
fn hostile_text_is_inert_in_markdown() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let text = markdown::write(&report());
    for event in Parser::new_ext(&text, Options::all()) {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock)
            | Event::Html(_)
            | Event::InlineHtml(_) => panic!("{event:?}"),
            Event::FootnoteReference(name) => {
                assert!(matches!(name.as_ref(), "1" | "2" | "3" | "4"), "{name}");
            }
            _ => {}
        }
    }
}

#[test]
fn hostile_text_is_inert_in_html() {
    let text = html::write(&report());
    for acts in [
        "<script",
        "javascript:",
        "http://",
        "https://",
        "src=",
        "url(",
        "\u{202e}",
        "\u{1b}",
        " on",
    ] {
        let body = text.split_once("<body>").unwrap().1;
        let markup: String = body
            .split('<')
            .filter_map(|part| part.split_once('>'))
            .map(|(tag, _)| format!("<{tag}>"))
            .collect();
        let markup = markup
            .split("data-locator=\"")
            .map(|part| part.split_once('"').map_or(part, |(_, rest)| rest))
            .collect::<String>();
        assert!(!markup.contains(acts), "{acts} in {markup}");
    }
    assert!(!text.contains("\u{202e}") && !text.contains('\u{1b}'));
}

#[test]
fn every_part_of_a_docx_is_well_formed() {
    for (name, text) in docx_parts() {
        let mut reader = quick_xml::Reader::from_str(&text);
        reader.config_mut().check_end_names = true;
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(error) => panic!("{name}: {error}"),
            }
        }
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{name}");
    }
}

#[test]
fn a_docx_has_real_footnotes() {
    let parts = docx_parts();
    let part = |wanted: &str| parts.iter().find(|(name, _)| name == wanted).unwrap().1.clone();
    let (document, footnotes) = (part("word/document.xml"), part("word/footnotes.xml"));
    for id in 2..=5 {
        let reference = format!("<w:footnoteReference w:id=\"{id}\"/>");
        assert_eq!(document.matches(&reference).count(), 1, "{id} is referred to once");
        assert_eq!(footnotes.matches(&format!("<w:footnote w:id=\"{id}\">")).count(), 1);
    }
    assert!(footnotes.contains(testing::QUOTE.lines().next().unwrap()));
    assert!(part("docProps/core.xml").contains("2024-03-05T00:00:00Z"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    assert_eq!(docx::write(&report()).unwrap(), docx::write(&report()).unwrap());
    assert_eq!(html::write(&report()), html::write(&report()));
}

/// The contract of the formats names everything that they have.
#[test]
fn columns_and_fields_are_documented() {
    let contract = include_str!("../../assets/EXPORT.md");
    let known = |name: &str| contract.contains(&format!("`{name}`"));
    let columns =
        csv::COLUMNS.iter().chain(&super::sheet::COLUMNS).chain(&super::exhibits::COLUMNS);
    let missing: Vec<_> = columns.filter(|name| !known(name)).collect();
    assert!(missing.is_empty(), "columns {missing:?}");
    fn fields(value: &serde_json::Value, into: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(map) => {
                for (name, value) in map {
                    into.push(name.clone());
                    fields(value, into);
                }
            }
            serde_json::Value::Array(values) => values.iter().for_each(|v| fields(v, into)),
            _ => {}
        }
    }
    let root = serde_json::from_str(&json::write(&report()).unwrap()).unwrap();
    let mut names = Vec::new();
    fields(&root, &mut names);
    // `target` is as the journal has it.
    names.retain(|name| !known(name) && !matches!(name.as_str(), "message" | "document"));
    assert!(names.is_empty(), "fields {names:?}");
}

#[test]
fn a_redacted_report_is_clean_in_every_format() {
    use super::mask::{Mask, Protected};
    let names = ["川江", "沈若岚", "Lan S.", "wxid_q7m2kd81xv3b22", "三十万", "lin", "验收报告"];
    let mask =
        Mask::new(names.map(|name| Protected { name: name.to_owned(), instead: "▇▇▇".to_owned() }));
    let formats = |report: &super::report::Report| {
        [
            ("md", markdown::write(report).into_bytes()),
            ("html", html::write(report).into_bytes()),
            ("docx", docx::write(report).unwrap()),
            ("csv", csv::write(report).unwrap()),
            ("json", json::write(report).unwrap().into_bytes()),
            ("sheet", super::sheet::write(report).unwrap()),
        ]
    };
    for (name, bytes) in formats(&report()) {
        let left = super::scan::scan(name, &bytes, &mask);
        assert!(left.len() >= 5, "{name}: what is in the open is seen: {left:?}");
    }
    let mut redacted = report();
    super::redact::redact(&mut redacted, &mask, "press");
    for (name, bytes) in formats(&redacted) {
        assert_eq!(super::scan::scan(name, &bytes, &mask), [], "{name}");
    }
    // The query of the number was protected, so that it cannot be counted again.
    assert!(matches!(redacted.footnotes[2].locator.spot, super::Spot::Redacted { .. }));
    // What was split over styles is gone as a whole.
    assert!(markdown::write(&redacted).contains("▇▇▇收到"));
}
