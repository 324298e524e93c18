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

/// A note of one sentence has it as its heading and nowhere else, with its footnotes.
#[test]
fn one_sentence_is_the_heading() {
    use super::report::{Kind, Report};
    let mut report = report();
    let question = &mut report.sections[0].entries[0];
    let says = "Where did the **money** go? [[A1]]";
    question.texts = vec![testing::text(says, "N1", true)];
    question.title = "Where did the money go?".to_owned();
    question.is_headline = question.is_one_sentence();
    assert!(question.is_headline);
    report.sections[2].entries[0].facts[0].value = Kind::Entity.word().to_owned();
    report.bind();
    let once = |report: &Report, expected: [&str; 3]| {
        let docx = docx::write(report).unwrap();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
        let mut document = String::new();
        zip.by_name("word/document.xml").unwrap().read_to_string(&mut document).unwrap();
        let all = [markdown::write(report), html::write(report), document];
        for (text, expected) in all.iter().zip(expected) {
            // The name of a title among the answers is another matter.
            assert_eq!(text.matches(expected).count(), 1, "{expected} in {text}");
        }
        for format in [html::write(report).into_bytes(), docx::write(report).unwrap()] {
            let read = super::recheck::read(&format).unwrap();
            assert!(read.notes.iter().all(|noted| noted.amiss.is_none()), "{:?}", read.notes);
        }
    };
    once(
        &report,
        [
            "### N1 Where did the **money** go?[^1]\n",
            "<h3><span class=\"id\">N1</span><span data-claim=\"N1/1\">Where did the <strong>money</strong> go?<sup",
            "money",
        ],
    );
    // Of what is too long for a heading the beginning stands there.
    let long = format!("Where did the money go that {} had?", "they ".repeat(40));
    let question = &mut report.sections[0].entries[0];
    question.texts = vec![testing::text(&long, "N1", true)];
    question.title = long;
    question.is_headline = question.is_one_sentence();
    assert!(!question.is_headline);
    let heading = question.heading();
    assert!(heading.starts_with("Where did the money go that they"), "{heading}");
    assert!(heading.chars().count() <= 61 && heading.ends_with("they…"), "{heading}");
}

/// What a reader copies stands as it is: paths, hashes, commands, queries.
#[test]
fn paths_and_commands_can_be_copied_out_of_markdown() {
    let text = markdown::write(&report());
    for line in [
        "    file: `归档/备份.zip!内部/台账.xlsx`",
        "    or by: `casebook verify --report THIS --folder ORIGINALS`",
        "    or by: `casebook verify --report THIS CASE`",
    ] {
        assert!(text.lines().any(|own| own == line), "{line}: {text}");
    }
    assert!(!text.contains("\\-"), "{text}");
    let mut report = report();
    let super::report::Source::Passage { path, .. } = &mut report.footnotes[3].source else {
        panic!("a passage");
    };
    *path = " a`b``c` [x](y) \u{202e}".to_owned();
    let text = markdown::write(&report);
    assert!(text.contains("file: ``` a`b``c` [x](y) ⟨U+202E⟩```"), "{text}");
}

/// A sign that acts in pairs alone stands bare where it is the only one of its line.
#[test]
fn a_vague_date_reads_as_it_was_written_in_markdown() {
    use super::report::Fact;
    for (value, expected) in [
        ("2020..2021~ (not exactly known)", "- date: 2020..2021~ (not exactly known)"),
        ("~2021~", "- date: \\~2021\\~"),
        ("a\\~", "- date: a\\\\~"),
    ] {
        let mut report = report();
        let entry = report.sections.iter_mut().flat_map(|own| &mut own.entries).next().unwrap();
        entry.facts = vec![Fact::new("date", value)];
        let text = markdown::write(&report);
        assert!(text.lines().any(|own| own == expected), "{expected}: {text}");
    }
}

#[test]
fn a_bar_in_code_ends_no_cell_of_a_markdown_table() {
    use super::report::{Block, Run, Sentence, Style};
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let run = |text: &str, code| {
        let style = Style { code, ..Style::default() };
        vec![Sentence { runs: vec![Run { style, ..Run::plain(text) }], ..Sentence::default() }]
    };
    let row = || vec![run("a|b", true), run("c|d", false)];
    let written = markdown::text(&[Block::Table(vec![row(), row()])]);
    let (mut cells, mut read) = (0, String::new());
    for event in Parser::new_ext(&written, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableCell) => cells += 1,
            Event::Code(text) => read.push_str(&format!("<{text}>")),
            Event::Text(text) => read.push_str(&text),
            _ => {}
        }
    }
    assert_eq!((cells, read.as_str()), (4, "<a|b>c|d<a|b>c|d"), "{written}");
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
    let sealed = super::report::Report { seal: Some(testing::seal()), ..report() };
    let root = serde_json::from_str(&json::write(&sealed).unwrap()).unwrap();
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
        let left = super::scan::scan(name, &bytes, &mask).left;
        assert!(left.len() >= 5, "{name}: what is in the open is seen: {left:?}");
    }
    let mut redacted = report();
    super::redact::redact(&mut redacted, &mask, "press");
    redacted.bind();
    for (name, bytes) in formats(&redacted) {
        assert_eq!(super::scan::scan(name, &bytes, &mask).left, [], "{name}");
    }
    // The query of the number was protected, so that it cannot be counted again.
    assert!(matches!(redacted.footnotes[2].locator.spot, super::Spot::Redacted { .. }));
    // What was split over styles is gone as a whole.
    assert!(markdown::write(&redacted).contains("▇▇▇收到"));
}

/// A name that is split over a title and what follows, or over paragraphs, items and cells.
#[test]
fn a_name_is_masked_across_the_border_of_a_title_and_of_paragraphs() {
    use super::mask::{Mask, Protected};
    let protected = Protected { name: "林墨".to_owned(), instead: "▇▇▇".to_owned() };
    let mask = Mask::new([protected]);
    let check = |title: &str, text: &str, shown: (&str, &[&str])| {
        let mut report = report();
        let entry = report.sections.iter_mut().flat_map(|own| &mut own.entries).next().unwrap();
        entry.title = title.to_owned();
        entry.texts = vec![super::testing::text(text, "N4", true)];
        super::redact::redact(&mut report, &mask, "press");
        let entry = report.entries().next().unwrap();
        assert_eq!(entry.title, shown.0, "{text}");
        let said: Vec<String> = entry.sentences().iter().map(|own| own.text()).collect();
        let said: Vec<&str> = said.iter().map(|own| own.trim()).collect();
        assert_eq!(said, shown.1, "{text}");
        report.bind();
        let written = [
            ("md", markdown::write(&report).into_bytes()),
            ("html", html::write(&report).into_bytes()),
            ("docx", docx::write(&report).unwrap()),
        ];
        for (name, bytes) in written {
            assert!(!super::scan::says(&bytes, &["墨 says".to_owned()]), "{text}: {name}");
        }
    };
    check("林", "墨 says so.", ("▇▇▇", &["says so."]));
    check("of 林", "林\n\n墨 says so.", ("of 林", &["▇▇▇", "says so."]));
    check("林", "林\n\n墨 says so.", ("▇▇▇", &["▇▇▇", "says so."]));
    // Down a column, with the cells of another between.
    let table = "| a | b |\n|---|---|\n| 林 | 1 |\n| 墨 says | 2 |";
    check("of", table, ("of", &["a", "b", "▇▇▇", "1", "says", "2"]));
    check("the 林", "- he is 林\n- 墨 says", ("the 林", &["he is ▇▇▇", "says"]));
    check("林", "Of 墨 nothing is known.", ("林", &["Of 墨 nothing is known."]));
}

/// A protected name, however it is written and wherever it stands in a report: it is masked, or the
/// last look finds it.
#[test]
fn a_planted_name_is_masked_or_found_wherever_it_stands() {
    use super::mask::{Mask, Protected};
    use super::report::{Block, Footnote, Mark, Report, Run, Sentence, Source, Style};
    let names = [
        "顧雲帆",
        "Ann\\a *Petrova*",
        "13900002217",
        "青河.example",
        "林墨",
        "Lin Mo",
        "wxid_k2v6r1o9sb3n44",
    ];
    let mask =
        Mask::new(names.map(|name| Protected { name: name.to_owned(), instead: "▇▇▇".to_owned() }));
    // As it is written, and whether the redaction itself sees it.
    let written = [
        ("顧雲帆", true),
        ("顾云帆", true),
        ("顾 云\n帆", true),
        ("顾\u{200b}云\u{ad}帆", true),
        ("顾\u{2060}云\u{feff}帆", true),
        ("ANN\\A *petrova*", true),
        ("Ａｎｎ－Ａ　Ｐｅｔｒｏｖａ", true),
        ("139-0000 2217", true),
        ("一三九〇〇〇〇二二一七", true),
        ("顾·云·帆", true),
        ("顾，云，帆", true),
        ("顾</b>-<i>云</i> 帆", true),
        ("annapetrova1985", true),
        ("AnnAPetrova", true),
        ("A n n A  P e t r o v a", true),
        ("A.n.n.A.P.e.t.r.o.v.a", true),
        ("<b>Ann-A</b> <i>Petrova</i>", true),
        ("Ann A Petro-va", true),
        ("A%6e%6e-A%20P%65trova", false),
        ("%E9%A1%BE%E4%BA%91%E5%B8%86", false),
        ("&#39038;&#20113;&#24070;", false),
        (r"\u987e\u4e91\u5e06", false),
        ("6aG+5LqR5biG", false),
        ("xn--ovw322g.example", false),
        ("e9a1bee4ba91e5b886", false),
        ("顾[[M580]]云帆", true),
        ("顾M580云帆", true),
        ("Ànn-ā Pētrōva", true),
        ("顾\u{200d}云\u{200d}帆", true),
        ("顾\u{301}云\u{336}帆", true),
        ("顾（云）帆", true),
        ("林\u{301}墨", true),
        ("林\u{200b}墨", true),
        ("林/墨", true),
        ("林（墨）", true),
        ("Lіn Mо", true),
        ("LİN MO", true),
        ("Mo Lin", true),
        ("MO, LIN", true),
        ("k2v6r1o9sb3n44", true),
        ("١٣٩-٠٠٠٠ ٢٢١٧", true),
        ("(e9 a1 be e4 ba 91 e5 b8 86)", false),
        ("E69E97E5A2A8", false),
        ("U+6797 U+58A8", false),
        (r"林\u200b墨", false),
        ("顾<!-- x -->云帆", true),
        ("顾<!---->云<b>帆", true),
        ("顾、云帆", true),
        ("顾 (http://a.example/x)云帆", true),
        ("林<!-- a > b -->墨", true),
        ("林<?x?>墨", true),
        ("林<wbr/>墨", true),
    ];
    type Plant = fn(&mut Report, &str);
    fn sentence(report: &mut Report) -> &mut Sentence {
        let Block::Paragraph(sentences) = &mut report.sections[1].entries[0].texts[0][0] else {
            panic!("a paragraph");
        };
        &mut sentences[0]
    }
    fn footnote(report: &mut Report) -> &mut Footnote {
        &mut report.footnotes[0]
    }
    let places: [(&str, Plant); 12] = [
        ("title", |report, name| report.title = name.to_owned()),
        ("author", |report, name| report.authors.push(name.to_owned())),
        ("limit", |report, name| report.limits.push(name.to_owned())),
        ("entry", |report, name| report.sections[1].entries[0].title = name.to_owned()),
        ("fact", |report, name| report.sections[2].entries[0].facts[2].value = name.to_owned()),
        ("review", |report, name| {
            report.sections[1].entries[0].reviews[0].comment = name.to_owned();
        }),
        ("sentence", |report, name| sentence(report).runs.push(Run::plain(format!("（{name}）")))),
        // Split over a style and a footnote.
        ("runs", |report, name| {
            let runs = &mut sentence(report).runs;
            let half = name.char_indices().nth(name.chars().count() / 2).map_or(0, |(at, _)| at);
            runs.push(Run::plain(format!(" {}", &name[..half])));
            let style = Style { strong: true, ..Style::default() };
            runs.push(Run::footnote(1));
            runs.push(Run { text: name[half..].to_owned(), style, mark: Mark::Plain });
        }),
        ("code", |report, name| {
            report.sections[1].entries[0].texts[0].push(Block::Code(name.to_owned()));
        }),
        ("quote", |report, name| {
            let Source::Passage { quote, .. } = &mut footnote(report).source else { panic!() };
            *quote = format!("甲{name}乙");
        }),
        ("path", |report, name| {
            let Source::Passage { path, .. } = &mut footnote(report).source else { panic!() };
            *path = format!("a/{name}/b.txt");
        }),
        ("locator", |report, name| {
            let super::Spot::Passage(place) = &mut footnote(report).locator.spot else { panic!() };
            place.before = name.to_owned();
        }),
    ];
    // In a table there is nothing but claims, in a sheet neither heads nor locators.
    let lacks = |format: &str, place: &str| match format {
        "csv" => ["title", "author", "limit", "code"].contains(&place),
        "sheet" => ["title", "author", "limit", "code", "fact", "locator"].contains(&place),
        _ => false,
    };
    type Writes = fn(&Report) -> Vec<u8>;
    let formats: [(&str, Writes); 6] = [
        ("md", |report| markdown::write(report).into_bytes()),
        ("html", |report| html::write(report).into_bytes()),
        ("docx", |report| docx::write(report).unwrap()),
        ("csv", |report| csv::write(report).unwrap()),
        ("json", |report| json::write(report).unwrap().into_bytes()),
        ("sheet", |report| super::sheet::write(report).unwrap()),
    ];
    // What matters here and nothing else: every look at it takes its time.
    let small = || {
        let mut small = report();
        small.footnotes.truncate(1);
        let finding = &mut small.sections[1].entries[0];
        finding.evidence.retain(|evidence| evidence.footnote == 1);
        finding.texts[0].truncate(1);
        let Block::Paragraph(sentences) = &mut small.sections[1].entries[0].texts[0][0] else {
            panic!("a paragraph");
        };
        sentences.truncate(1);
        small
    };
    let left_in = |write: fn(&Report) -> Vec<u8>, report: &Report| {
        super::scan::scan("x", &write(report), &mask).left
    };
    for (format, write) in formats {
        assert_eq!(left_in(write, &small()), [], "{format}");
    }
    for (nth, (name, is_seen)) in written.into_iter().enumerate() {
        for (at, (place, plant)) in places.into_iter().enumerate() {
            let mut planted = small();
            plant(&mut planted, name);
            planted.bind();
            // One format each: all of them meet each place, and each way of writing. In a docx there is
            // ten times as much to look at: once for each way is enough.
            let turn = (nth + at) % (2 * formats.len());
            let (format, write) = match formats[turn % formats.len()] {
                ("docx", _) if turn >= formats.len() => formats[turn % 2],
                other => other,
            };
            if lacks(format, place) {
                continue;
            }
            let left = left_in(write, &planted);
            assert!(!left.is_empty(), "{name:?} as {place} in {format} is not found");
            super::redact::redact(&mut planted, &mask, "press");
            planted.bind();
            let left = left_in(write, &planted);
            assert_eq!(left.is_empty(), is_seen, "{name:?} as {place} in {format}: {left:?}");
        }
    }
}
