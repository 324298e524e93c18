//! Whatever somebody changes in a sealed report, one thing at a time, is found, and where.

use super::{Became, Seal, Sealed};
use crate::case::{Author, Case};
use crate::export::recheck::{self, Read};
use crate::export::report::{Block, Entry, Report, Run, Sentence, Source};
use crate::export::{Format, testing, written};
use crate::model::Hold;
use crate::model::finding::Stance;

/// A case to sign in.
struct Desk {
    _dir: tempfile::TempDir,
    case: Case,
}

fn desk() -> Desk {
    let dir = tempfile::tempdir().unwrap();
    let case = Case::create(&dir.path().join("a.case")).unwrap();
    case.set_author(Author::with_key("lin", [7; 32])).unwrap();
    Desk { _dir: dir, case }
}

fn seal_of(desk: &Desk, report: &Report, format: Format) -> Seal {
    let unsealed = Report { seal: None, ..report.clone() };
    let stretches = recheck::stretches(&written(&unsealed, format).unwrap()).unwrap();
    Seal::sign(&desk.case, format.word(), &|name| name, &stretches).unwrap()
}

fn read(report: &Report, format: Format) -> Read {
    recheck::read(&written(report, format).unwrap()).unwrap()
}

/// What became of which part, and whether the signature is good.
fn changes(sealed: &Sealed) -> Vec<(String, Became)> {
    match sealed {
        Sealed::By { is_signed: true, is_shown: true, changes, .. } => {
            changes.iter().map(|change| (change.part.clone(), change.became)).collect()
        }
        sealed => panic!("{sealed:?}"),
    }
}

#[test]
fn an_untouched_report_holds_in_every_format() {
    let desk = desk();
    for format in Format::ALL {
        let mut report = testing::report();
        report.seal = Some(seal_of(&desk, &report, format));
        let read = read(&report, format);
        assert!(read.sealed.holds(), "{format:?} {:?}", read.sealed);
        let Sealed::By { seal, .. } = read.sealed else { panic!() };
        assert_eq!(seal.author, "lin");
        assert_eq!(Some(*seal), report.seal, "{format:?}");
    }
}

fn finding(report: &mut Report) -> &mut Entry {
    &mut report.sections[1].entries[0]
}

fn sentence(report: &mut Report) -> &mut Sentence {
    match &mut finding(report).texts[0][0] {
        Block::Paragraph(sentences) => &mut sentences[1],
        block => panic!("{block:?}"),
    }
}

fn passage(report: &mut Report) -> &mut Source {
    &mut report.footnotes[1].source
}

fn text(id: &str) -> Vec<Block> {
    let runs = vec![Run::plain("More was paid."), Run::footnote(1)];
    vec![Block::Paragraph(vec![Sentence { id: id.to_owned(), claims: true, runs }])]
}

type Change = fn(&mut Report);

/// What is changed, the part that it is in, the change, and formats that do not say it at all.
const CHANGES: [(&str, &str, Change, &[Format]); 29] = {
    const CSV: &[Format] = &[Format::Csv];
    const ALL: &[Format] = &[];
    [
        ("title", "head", |r| r.title.push('x'), CSV),
        ("case", "head", |r| r.case.push('x'), CSV),
        ("day", "head", |r| r.date = "2024-03-06".to_owned(), CSV),
        ("author", "head", |r| r.authors.push("mara".to_owned()), CSV),
        (
            "intro",
            "Findings",
            |r| r.sections[1].intro = "All is well.".to_owned(),
            &[Format::Csv, Format::Json],
        ),
        ("section", "Findings", |r| r.sections[1].title = "Facts", ALL),
        ("title of a finding", "N2", |r| finding(r).title.push('?'), ALL),
        ("author of a finding", "N2", |r| finding(r).authors.push("mara".to_owned()), CSV),
        ("status", "N2", |r| finding(r).facts[0].value = "refuted".to_owned(), ALL),
        ("confidence", "N2", |r| finding(r).facts[1].value = "high".to_owned(), CSV),
        ("likelihood", "N2", |r| finding(r).facts[2].value = "unlikely".to_owned(), CSV),
        ("stance", "N2", |r| finding(r).evidence[2].stance = Stance::Supports, ALL),
        ("grade", "N2", |r| finding(r).evidence[0].grade = "C2".parse().unwrap(), ALL),
        ("sentence", "N2", |r| sentence(r).runs[0].text.push_str("not "), ALL),
        ("struck", "N2", |r| sentence(r).runs[0].style.strike = true, &[Format::Csv]),
        (
            "code",
            "N2",
            |r| {
                let code = finding(r).texts[0].iter_mut().find_map(|block| match block {
                    Block::Code(code) => Some(code),
                    _ => None,
                });
                *code.unwrap() = "SELECT 2".to_owned();
            },
            CSV,
        ),
        ("verdict of a check", "N2", |r| finding(r).reviews[0].verdict = "no".to_owned(), CSV),
        ("who checked", "N2", |r| finding(r).reviews[0].by = "wen".to_owned(), CSV),
        ("what belongs to it", "N1", |r| r.sections[0].entries[0].related.clear(), CSV),
        ("alias", "E1", |r| r.sections[2].entries[0].facts[1].value.push('x'), CSV),
        ("attribute", "E1", |r| r.sections[2].entries[0].facts[2].value.push('x'), ALL),
        (
            "limit",
            "What this report cannot know",
            |r| {
                r.limits[0] = r.limits[0].replace('3', "2");
            },
            CSV,
        ),
        ("state", "[3]", |r| r.footnotes[2].hold = Hold::Holds, ALL),
        ("name of a footnote", "[2]", |r| r.footnotes[1].id = "A20".to_owned(), ALL),
        (
            "quote",
            "[2]",
            |r| {
                let Source::Passage { quote, .. } = passage(r) else { panic!() };
                quote.push('0');
            },
            ALL,
        ),
        (
            "translation",
            "[1]",
            |r| {
                let Source::Passage { translation, .. } = &mut r.footnotes[0].source else {
                    panic!()
                };
                translation.as_mut().unwrap().text.push('x');
            },
            ALL,
        ),
        (
            "state of a translation",
            "[1]",
            |r| {
                let Source::Passage { translation, .. } = &mut r.footnotes[0].source else {
                    panic!()
                };
                translation.as_mut().unwrap().state = "reviewed".to_owned();
            },
            ALL,
        ),
        (
            "how it was counted",
            "[3]",
            |r| {
                let Source::Count { how, .. } = &mut r.footnotes[2].source else { panic!() };
                how[1] = "variants ocr".to_owned();
            },
            CSV,
        ),
        ("locator", "[2]", |r| r.footnotes[1].locator.of = Some(7), ALL),
    ]
};

#[test]
fn every_word_that_is_changed_is_found_and_named() {
    let desk = desk();
    for format in Format::ALL {
        let seal = seal_of(&desk, &testing::report(), format);
        for (what, part, change, lacks) in CHANGES {
            if lacks.contains(&format) {
                continue;
            }
            let mut changed = testing::report();
            change(&mut changed);
            changed.seal = Some(seal.clone());
            let found = changes(&read(&changed, format).sealed);
            // A row of a table is named by its claim; a section that has another name is another one.
            let is_it = |(name, became): &(String, Became)| match format {
                Format::Csv => name.contains(part) || part == "Findings",
                _ => name == part && matches!(became, Became::Changed | Became::Removed),
            };
            assert!(found.iter().any(is_it), "{what} in {format:?}: {found:?}");
        }
    }
}

#[test]
fn entries_that_come_go_or_move_are_found_and_named() {
    let desk = desk();
    let two = || {
        let mut report = testing::report();
        let mut other = finding(&mut report).clone();
        other.id = "N3".to_owned();
        other.title = "Another".to_owned();
        other.texts = vec![text("N3/1")];
        report.sections[1].entries.push(other);
        report.bind();
        report
    };
    let check = |what: &str, change: Change, part: &str, became: Became, formats: &[Format]| {
        for format in formats {
            let mut report = two();
            let seal = seal_of(&desk, &report, *format);
            change(&mut report);
            report.seal = Some(seal);
            let found = changes(&read(&report, *format).sealed);
            let is_it = |(name, is): &(String, Became)| name.starts_with(part) && *is == became;
            assert!(found.iter().any(is_it), "{what} in {format:?}: {found:?}");
        }
    };
    use Format::*;
    let texts = [Markdown, Html, Docx, Json];
    check("gone", |r| drop(r.sections[1].entries.remove(1)), "N3", Became::Removed, &Format::ALL);
    let twice: Change = |r| {
        let mut more = finding(r).clone();
        more.id = "N9".to_owned();
        more.texts = vec![text("N9/1")];
        r.sections[1].entries.push(more);
    };
    check("more", twice, "N9", Became::Added, &Format::ALL);
    check("moved", |r| r.sections[1].entries.swap(0, 1), "N", Became::Moved, &texts);
    check(
        "footnote gone",
        |r| drop(r.footnotes.pop()),
        "[4]",
        Became::Removed,
        &[Markdown, Html, Json],
    );
    let swapped: Change = |r| {
        let (first, second) = (r.footnotes[0].source.clone(), r.footnotes[1].source.clone());
        (r.footnotes[0].source, r.footnotes[1].source) = (second, first);
    };
    check("footnotes swapped", swapped, "[1]", Became::Changed, &texts);
}

#[test]
fn a_seal_that_is_gone_forged_or_worded_otherwise_is_none() {
    let desk = desk();
    for format in Format::ALL {
        let mut report = testing::report();
        assert_eq!(read(&report, format).sealed, Sealed::Not, "{format:?}");
        let good = seal_of(&desk, &report, format);
        // Somebody changes a digest to fit, or takes another name or key.
        let forgeries: [fn(&mut Seal); 4] = [
            |seal| seal.parts[0].1 = seal.parts[1].1.clone(),
            |seal| seal.author = "mara".to_owned(),
            |seal| seal.key = "00".repeat(32),
            |seal| drop(seal.parts.pop()),
        ];
        for forge in forgeries {
            let mut seal = good.clone();
            forge(&mut seal);
            report.seal = Some(seal);
            let sealed = read(&report, format).sealed;
            assert!(matches!(sealed, Sealed::By { is_signed: false, .. }), "{format:?} {sealed:?}");
        }
        // The words of the seal are no part of it, and must be its own.
        report.seal = Some(good.clone());
        if format != Format::Docx {
            let text = String::from_utf8(written(&report, format).unwrap()).unwrap();
            let forged = text.replace("Sealed by lin", "Sealed by mara");
            assert_ne!(text, forged);
            let sealed = recheck::read(forged.as_bytes()).unwrap().sealed;
            assert!(matches!(sealed, Sealed::By { is_shown: false, .. }), "{format:?} {sealed:?}");
        }
    }
}

/// What an editor does that changes no word.
#[test]
fn a_report_that_was_laid_out_anew_holds() {
    let desk = desk();
    let check = |format: Format, again: &dyn Fn(&str) -> String| {
        let mut report = testing::report();
        report.seal = Some(seal_of(&desk, &report, format));
        let text = String::from_utf8(written(&report, format).unwrap()).unwrap();
        let sealed = recheck::read(again(&text).as_bytes()).unwrap().sealed;
        assert!(sealed.holds(), "{format:?} {sealed:?}");
    };
    for format in [Format::Markdown, Format::Html, Format::Csv, Format::Json] {
        check(format, &|text| text.replace('\n', "\r\n"));
        check(format, &|text| text.trim_start_matches('\u{feff}').to_owned());
        check(format, &|text| format!("{text}\n\n"));
    }
    check(Format::Markdown, &|text| text.replace(" ledger says", " ledger\nsays"));
    check(Format::Html, &|text| text.replace("</p>", "\n</p>").replace("<p>", "<p>\n  "));
    check(Format::Json, &|text| {
        serde_json::from_str::<serde_json::Value>(text).unwrap().to_string()
    });
    // Rows of a table may be sorted.
    check(Format::Csv, &|text| {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().unwrap().clone();
        let mut rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        rows.reverse();
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(&headers).unwrap();
        rows.iter().for_each(|row| out.write_record(row).unwrap());
        String::from_utf8(out.into_inner().unwrap()).unwrap()
    });
}

/// What hides or adds words without changing any that were there.
#[test]
fn words_that_are_hidden_or_put_beside_are_found() {
    let desk = desk();
    let check = |format: Format, from: &str, to: &str| {
        let mut report = testing::report();
        report.seal = Some(seal_of(&desk, &report, format));
        let bytes = written(&report, format).unwrap();
        let forged = match format {
            Format::Docx => in_document(&bytes, from, to),
            _ => {
                let text = String::from_utf8(bytes).unwrap();
                assert!(text.contains(from), "{format:?} {from}");
                text.replacen(from, to, 1).into_bytes()
            }
        };
        let sealed = recheck::read(&forged).unwrap().sealed;
        assert!(!sealed.holds(), "{format:?} {to} {sealed:?}");
    };
    let html = Format::Html;
    check(html, "<article id=\"N2\"", "<article hidden id=\"N2\"");
    check(html, "<dt>status", "<dt style=\"display:none\">status");
    check(html, "<h4>What contradicts it</h4>", "<s><h4>What contradicts it</h4></s>");
    check(html, "<article id=\"N2\"", "<!--<article id=\"N2\"");
    check(html, "h1{", "h4{display:none}h1{");
    check(html, "</body>", "<p>All of it was refuted.</p></body>");
    check(html, "<main>", "<main><p>A draft.</p>");
    check(html, "<h2>Seal</h2>", "<p>Refuted.</p><h2>Seal</h2>");
    check(html, "<ol start=\"1\">", "<ol start=\"3\">");
    check(Format::Markdown, "  1. inner", "  3. inner");
    check(Format::Markdown, "- status: supported", "- status: ~~supported~~");
    check(Format::Markdown, "## Seal", "Refuted.\n\n## Seal");
    check(Format::Markdown, "`casebook-seal", "Refuted. `casebook-seal");
    check(Format::Json, "\"title\"", "\"remark\": \"refuted\", \"title\"");
    let docx = Format::Docx;
    check(docx, "<w:t xml:space=\"preserve\">supported", "<w:t xml:space=\"preserve\">refuted");
    let hidden = "<w:rPr><w:vanish/></w:rPr><w:t xml:space=\"preserve\">supported";
    check(docx, "<w:t xml:space=\"preserve\">supported", hidden);
    let struck = "<w:rPr><w:strike/></w:rPr><w:t xml:space=\"preserve\">supported";
    check(docx, "<w:t xml:space=\"preserve\">supported", struck);
    check(docx, "<w:sectPr>", "<w:p><w:r><w:t>Refuted.</w:t></w:r></w:p><w:sectPr>");
    check(docx, "<w:sectPr>", "<w:altChunk r:id=\"rId9\"/><w:sectPr>");
    let field = "<w:p><w:fldSimple w:instr=\"QUOTE Refuted\"></w:fldSimple></w:p><w:sectPr>";
    check(docx, "<w:sectPr>", field);
    check(docx, "<w:sectPr>", "<w:p><w:r><w:drawing/></w:r></w:p><w:sectPr>");
}

/// The same words, made to read as something else: the author's own as a quote, as code, as a list.
/// A seal of version 1 does not know of it, and is read as it was.
#[test]
fn words_that_read_as_something_else_are_found() {
    let desk = desk();
    let check = |format: Format, change: Change| {
        let report = testing::report();
        let seal = seal_of(&desk, &report, format);
        assert_eq!(seal.v, 2);
        let mut changed = report.clone();
        change(&mut changed);
        changed.seal = Some(seal);
        let found = changes(&read(&changed, format).sealed);
        assert_eq!(found, [("N2".to_owned(), Became::Changed)], "{format:?}");
        // What version 1 covers is as it was.
        let unsealed = Report { seal: None, ..report.clone() };
        let stretches = recheck::stretches(&written(&unsealed, format).unwrap()).unwrap();
        changed.seal = Some(old(&desk, format, &stretches));
        assert!(read(&changed, format).sealed.holds(), "{format:?}");
    };
    let quoted: Change = |r| {
        let blocks = &mut finding(r).texts[0];
        let first = blocks.remove(0);
        blocks.insert(0, Block::Quote(vec![first]));
    };
    let strong: Change = |r| sentence(r).runs[0].style.strong ^= true;
    let code: Change = |r| sentence(r).runs[0].style.code ^= true;
    for format in [Format::Markdown, Format::Html] {
        check(format, quoted);
        check(format, strong);
        check(format, code);
    }
    check(Format::Docx, quoted);
}

/// A seal as the first version made it.
fn old(desk: &Desk, format: Format, stretches: &[super::Stretch]) -> Seal {
    let mut seal = Seal::sign(&desk.case, format.word(), &|name| name, stretches).unwrap();
    seal.v = 1;
    seal.parts = stretches.iter().map(|own| super::part(own, 1)).collect();
    seal.signature = desk.case.sign(&seal.message()).unwrap().signature;
    seal
}

/// A docx with something else in its text.
fn in_document(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    in_parts(bytes, &|name, text| match name {
        "word/document.xml" => {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        }
        _ => text.to_owned(),
    })
}

fn in_parts(bytes: &[u8], change: &dyn Fn(&str, &str) -> String) -> Vec<u8> {
    use std::io::{Read, Write};
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        let name = file.name().unwrap().into_owned();
        out.start_file(&name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(change(&name, &text).as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// What word processors do when they save: other names for styles and parts, other numbers inside,
/// runs cut elsewhere, marks that mean nothing.
#[test]
fn a_docx_that_was_saved_anew_holds() {
    let desk = desk();
    let mut report = testing::report();
    report.seal = Some(seal_of(&desk, &report, Format::Docx));
    let bytes = written(&report, Format::Docx).unwrap();
    let saved = in_parts(&bytes, &|_, text| {
        let mut text = text.to_owned();
        for id in (2..=5).rev() {
            let to = format!("w:id=\"{}\"", id + 40);
            text = text
                .replace(&format!("<w:footnote w:id=\"{id}\""), &format!("<w:footnote {to}"))
                .replace(&format!("Reference w:id=\"{id}\""), &format!("Reference {to}"));
        }
        text.replace("\"Heading2\"", "\"berschrift2\"")
            .replace("\"FootnoteReference\"", "\"Funotenzeichen\"")
            .replace("supported</w:t>", "supp</w:t></w:r><w:proofErr/><w:r><w:t>orted</w:t>")
            .replace("<w:vanish/>", "")
            .replace("<w:r><w:t", "<w:r><w:rPr><w:strike w:val=\"0\"/></w:rPr><w:t")
    });
    assert_ne!(saved, bytes);
    let read = recheck::read(&saved).unwrap();
    assert!(read.sealed.holds(), "{:?}", read.sealed);
    assert_eq!(read.notes.len(), report.footnotes.len());
}

/// What a word processor shows and the parts of the usual names do not say.
#[test]
fn a_docx_is_read_as_its_relationships_say() {
    let desk = desk();
    let mut report = testing::report();
    report.seal = Some(seal_of(&desk, &report, Format::Docx));
    let bytes = written(&report, Format::Docx).unwrap();
    let check = |part: &str, from: &str, to: &str| {
        let forged = in_parts(&bytes, &|name, text| match name == part {
            true => {
                assert!(text.contains(from), "{part} {from}");
                text.replacen(from, to, 1)
            }
            false => text.to_owned(),
        });
        match recheck::read(&forged) {
            Ok(read) => assert!(!read.sealed.holds(), "{part} {to} {:?}", read.sealed),
            Err(error) => assert_eq!(error, recheck::BadReport::NoLocators, "{part} {to}"),
        }
    };
    check("_rels/.rels", "word/document.xml", "word/footnotes.xml");
    check("_rels/.rels", "word/document.xml", "word/document2.xml");
    check(
        "_rels/.rels",
        "</Relationships>",
        "<Relationship Type=\"x/officeDocument\" Target=\"z.xml\"/></Relationships>",
    );
    let document = "word/_rels/document.xml.rels";
    check(document, "footnotes.xml", "footer1.xml");
    check(document, "/customXml\"", "/aFChunk\"");
    check("word/styles.xml", "<w:b/>", "<w:b/><w:vanish/>");
    check("word/numbering.xml", "•", "FORGED untrue:");
    check("docProps/core.xml", "<dc:title>", "<dc:title>Refuted: ");
    check("docProps/core.xml", "2024-03-05T", "2023-03-05T");
    check("word/styles.xml", "w:val=\"595959\"", "w:val=\"FEFEFE\"");
    check("word/styles.xml", "w:fill=\"F2F2F2\"", "w:fill=\"000000\"");
    check("word/styles.xml", "<w:sz w:val=\"20\"/>", "<w:sz w:val=\"2\"/>");
    check("word/document.xml", "<w:r><w:t", "<w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t");
    let start = "<w:lvlOverride w:ilvl=\"1\"><w:startOverride w:val=\"1\"/>";
    check("word/numbering.xml", start, &start.replace("val=\"1\"", "val=\"4\""));
    let level = "w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/>";
    check("word/numbering.xml", level, &level.replace("decimal", "upperRoman"));
    check("docProps/core.xml", "<dc:creator>", "<dc:creator>Somebody else, ");
}

#[test]
fn a_field_of_json_that_stands_twice_is_refused() {
    let text = String::from_utf8(written(&testing::report(), Format::Json).unwrap()).unwrap();
    assert!(recheck::read(text.as_bytes()).is_ok());
    let forged = text.replacen("\"title\"", "\"title\": \"Refuted\", \"title\"", 1);
    let error = recheck::read(forged.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("twice"), "{error}");
}

#[test]
fn what_became_of_each_part_is_told() {
    let parts = |text: &str| -> Vec<(String, String)> {
        let one = |word: &str| {
            let (name, digest) = word.split_at(1);
            (name.to_owned(), digest.to_owned())
        };
        text.split_whitespace().map(one).collect()
    };
    let check = |before: &str, after: &str, expected: &str| {
        let found: Vec<String> = super::changes(&parts(before), &parts(after))
            .into_iter()
            .map(|change| format!("{} {:?}", change.part, change.became).to_lowercase())
            .collect();
        assert_eq!(found.join(", "), expected, "{before} to {after}");
    };
    check("a1 b2 c3", "a1 b2 c3", "");
    check("a1 b2 c3", "a1 b9 c3", "b changed");
    check("a1 b2 c3", "a1 c3", "b removed");
    check("a1 c3", "a1 b2 c3", "b added");
    check("a1 b2 c3 d4", "a1 d4 b2 c3", "d moved");
    check("a1 b2 c3 d4", "b2 c3 d4 a1", "a moved");
    // What is there twice.
    check("a1 a2", "a1", "a removed");
    check("a1 a2", "a2 a1", "a changed, a changed");
    check("", "a1", "a added");
}
