//! What is read back, and that changes are told by the footnote that they are about.

use super::*;
use crate::export::report::Report;
use crate::export::{csv, docx, html, json, markdown, testing};

fn footnotes(bytes: &[u8]) -> Result<Vec<Noted>, BadReport> {
    read(bytes).map(|read| read.notes)
}

fn formats(report: &Report) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("md", markdown::write(report).into_bytes()),
        ("html", html::write(report).into_bytes()),
        ("docx", docx::write(report).unwrap()),
        ("csv", csv::write(report).unwrap()),
        ("json", json::write(report).unwrap().into_bytes()),
    ]
}

#[test]
fn every_format_gives_its_footnotes_back() {
    let report = testing::report();
    for (format, bytes) in formats(&report) {
        let read = footnotes(&bytes).unwrap();
        assert_eq!(read.len(), report.footnotes.len(), "{format}");
        for (noted, footnote) in read.iter().zip(&report.footnotes) {
            assert_eq!(noted.locator.as_ref(), Ok(&footnote.locator), "{format}");
            let shows = shown::shows(&noted.shown, &footnote.locator);
            assert_eq!(shows, Ok(()), "{format}: {}", noted.shown);
            assert_eq!(noted.amiss, None, "{format}");
        }
    }
}

#[test]
fn a_record_that_does_not_say_it_is_judged_by_what_the_report_knows() {
    let check = |record_says, record: &str, is_broken: bool| {
        let place = Place { record_says, ..testing::place("lin joined the channel") };
        let cuts = [("001-chat.json".to_owned(), record.as_bytes().to_vec())];
        match of_cuts(&place, &cuts).unwrap() {
            Verdict::Broken { .. } => assert!(is_broken, "{record_says:?} {record}"),
            Verdict::Unchecked { .. } => assert!(!is_broken, "{record_says:?} {record}"),
            other => panic!("{other:?}"),
        }
    };
    let said = "{\"text\":\"lin joined the channel\"}";
    let joined = "{\"subtype\":\"channel_join\",\"user\":\"U0JS00090\"}";
    let other = "{\"text\":\"nobody came <@U0JS00090>\"}";
    let plain = "{\"text\":\"nobody came\"}";
    for known in [None, Some(true), Some(false)] {
        check(known, said, false);
    }
    // It says so of the record that it was written with, whatever stands in the one that is here.
    for record in [joined, other, plain] {
        check(Some(true), record, true);
        check(Some(false), record, false);
    }
    // Where it does not know, a record looks as if its text was put in words or does not.
    check(None, joined, false);
    check(None, other, false);
    check(None, plain, true);
}

#[test]
fn a_changed_report_is_found_out() {
    let report = testing::report();
    let mut changed = report.clone();
    for footnote in &mut changed.footnotes {
        match &mut footnote.source {
            // Longer: what was there still stands in it.
            crate::export::report::Source::Passage { quote, .. } => quote.push('！'),
            crate::export::report::Source::Count { said, .. } => {
                *said = said.replacen('0', "5", 1);
            }
        }
    }
    for (format, bytes) in formats(&changed) {
        for noted in footnotes(&bytes).unwrap() {
            let verdict = in_originals(&noted, &mut |_| panic!("it is found out before"));
            assert!(matches!(verdict, Verdict::Broken { .. }), "{format} {}", noted.number);
        }
    }
}

/// Whatever somebody changes in a report, one thing at a time, is found out by the footnote that
/// it is about, without any evidence.
#[test]
fn every_change_is_found_out() {
    use crate::export::report::{Block, Source};
    type Change = fn(&mut Report);
    fn passage(report: &mut Report) -> &mut Source {
        &mut report.footnotes[1].source
    }
    fn sentences(report: &mut Report) -> &mut Vec<crate::export::report::Sentence> {
        match &mut report.sections[1].entries[0].texts[0][0] {
            Block::Paragraph(sentences) => sentences,
            block => panic!("{block:?}"),
        }
    }
    fn count(report: &mut Report, from: &str, to: &str) {
        let Source::Count { said, .. } = &mut report.footnotes[2].source else { panic!() };
        assert!(said.contains(from), "{said}");
        *said = said.replacen(from, to, 1);
    }
    let changes: [(&str, usize, Change); 13] = [
        ("quote", 2, |report| {
            let Source::Passage { quote, .. } = passage(report) else { panic!() };
            *quote = quote.replace("300,000", "300,001");
        }),
        ("hash", 2, |report| {
            let Source::Passage { sha256, .. } = passage(report) else { panic!() };
            sha256.0[31] ^= 1;
        }),
        ("container", 2, |report| {
            let Source::Passage { containers, .. } = passage(report) else { panic!() };
            containers[1].0[0] ^= 1;
        }),
        ("path", 2, |report| {
            let Source::Passage { path, .. } = passage(report) else { panic!() };
            *path = path.replace("台账", "台帐");
        }),
        ("cell", 2, |report| {
            let Source::Passage { place, .. } = passage(report) else { panic!() };
            *place = place.replace("F12", "F13");
        }),
        ("number", 3, |report| count(report, "0 hits", "10 hits")),
        ("another number", 3, |report| count(report, "1,043", "1,042")),
        ("what was searched for", 3, |report| count(report, "川江", "川江局")),
        ("hash of a number", 3, |report| {
            let Source::Count { ids, .. } = &mut report.footnotes[2].source else { panic!() };
            ids.0[5] ^= 1;
        }),
        ("sentence", 1, |report| {
            let runs = &mut sentences(report)[0].runs;
            let run = runs.iter_mut().find(|run| run.text.contains("三十万")).unwrap();
            run.text = run.text.replace("三十万", "四十万");
        }),
        ("sentence that is gone", 3, |report| {
            sentences(report).retain(|sentence| !sentence.text().contains("没有任何交付"));
        }),
        ("evidence in a list", 2, |report| {
            let Source::Passage { quote, .. } = passage(report) else { panic!() };
            *quote = quote.replace("300,000", "300,001");
        }),
        ("attribute", 1, |report| {
            report.sections[2].entries[0].facts[2].value = "boss".to_owned();
        }),
    ];
    for (what, number, change) in changes {
        let mut changed = testing::report();
        change(&mut changed);
        for (format, bytes) in formats(&changed) {
            let failing: Vec<usize> = footnotes(&bytes)
                .unwrap()
                .iter()
                .filter(|noted| checked(noted).is_err())
                .map(|noted| noted.number)
                .collect();
            assert!(failing.contains(&number), "{what} in {format}: {failing:?}");
        }
    }
    // A footnote that was taken out, the last one too.
    for gone in [2, 4] {
        let mut changed = testing::report();
        changed.footnotes.retain(|footnote| footnote.number != gone);
        for (format, bytes) in formats(&changed) {
            let read = footnotes(&bytes).unwrap();
            let missing: Vec<usize> = read
                .iter()
                .filter(|noted| noted.locator == Err(BadLocator::Gone))
                .map(|noted| noted.number)
                .collect();
            assert_eq!(missing, [gone], "{format}");
        }
    }
}

/// Rows of a table may be sorted; what a row says may not go to another one.
#[test]
fn rows_of_a_table_say_the_same_in_any_order() {
    let bytes = csv::write(&testing::report()).unwrap();
    let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
    let headers = reader.headers().unwrap().clone();
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let separated = |rows: &[::csv::StringRecord], delimiter: u8| {
        let mut out = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        out.write_record(&headers).unwrap();
        rows.iter().for_each(|row| out.write_record(row).unwrap());
        let read = footnotes(&out.into_inner().unwrap()).unwrap();
        read.iter().filter(|noted| checked(noted).is_err()).count()
    };
    // As spreadsheets of other languages save it.
    assert_eq!((separated(&rows, b';'), separated(&rows, b'\t')), (0, 0));
    let written = |rows: &[::csv::StringRecord]| separated(rows, b',');
    let mut sorted = rows.clone();
    sorted.reverse();
    assert_eq!(written(&sorted), 0);
    for column in ["claim", "sentence", "sha256", "quote", "locator", "place"] {
        let at = headers.iter().position(|header| header == column).unwrap();
        let mut swapped = rows.clone();
        let (first, other) = rows
            .iter()
            .enumerate()
            .flat_map(|(a, _)| (a + 1..rows.len()).map(move |b| (a, b)))
            .find(|&(a, b)| rows[a][at] != rows[b][at] && !rows[a][at].is_empty())
            .unwrap();
        for (to, from) in [(first, other), (other, first)] {
            let row: Vec<&str> = rows[to].iter().collect();
            let row = row.into_iter().enumerate();
            swapped[to] =
                row.map(|(c, cell)| if c == at { &rows[from][at] } else { cell }).collect();
        }
        assert!(written(&swapped) > 0, "{column}");
    }
    // A row that is gone is missed, though its footnote stands in another one.
    let claim = headers.iter().position(|header| header == "claim").unwrap();
    let gone: Vec<_> = rows.iter().filter(|row| &row[claim] != "N2/1").cloned().collect();
    assert!(written(&gone) > 0);
}

#[test]
fn what_is_no_report_is_refused() {
    for bytes in [&b""[..], b"# nothing", b"{}", b"<p>x</p>", b"a,b\n1,2"] {
        assert_eq!(footnotes(bytes), Err(BadReport::NoLocators), "{bytes:?}");
    }
    assert!(matches!(footnotes(b"PK\x03\x04x"), Err(BadReport::Unreadable(_))));
    assert!(matches!(footnotes(b"\xff\xff"), Err(BadReport::Unreadable(_))));
}

#[test]
fn quotes_are_judged_on_the_text() {
    let text = "甲付款三十万。乙付款三十万。";
    let quote = "付款三十万";
    let at = text.rfind(quote).unwrap();
    let good = Place {
        text: Some(Sha256::of(text.as_bytes())),
        start: at as u64,
        end: (at + quote.len()) as u64,
        before: "乙".to_owned(),
        after: "。".to_owned(),
        ..testing::place(quote)
    };
    let check = |place: &Place, text: &str, word: &str| {
        assert_eq!(judge(place, text).word(), word, "{text}");
    };
    check(&good, text, "holds");
    check(&good, &format!("新\n{text}"), "moved");
    check(&good, "甲付款三十万", "moved");
    check(&good, "甲付款三十万。丙付款三十万。", "broken");
    check(&good, "付款二十万", "broken");
    check(&Place { start: 0, ..good.clone() }, text, "broken");
    let holes = Place { quote: vec!["付".to_owned(), "三十万".to_owned()], ..good.clone() };
    check(&holes, text, "holds");
    check(&holes, "付款三十万", "not checked");
}

/// Numbers are set apart by thousands; reports of before that is so wrote them without.
#[test]
fn a_number_is_shown_with_or_without_marks_for_thousands() {
    let report = testing::report();
    let locator = |number: &str| {
        let mut locator = report.footnotes[2].locator.clone();
        let Spot::Count(count) = &mut locator.spot else { panic!("a count") };
        count.number = number.to_owned();
        let ids = count.ids;
        let of = format!(
            "hits for 验收报告 川江 in {}\n{ids}",
            count.words().rsplit(" in ").next().unwrap()
        );
        (locator, of)
    };
    for (shown_as, number, is_shown) in [
        ("1,259", "1259", true),
        ("1259", "1259", true),
        ("11,259", "1259", false),
        ("1,259", "12", false),
        ("1.259", "1259", false),
    ] {
        let (mut locator, of) = locator(number);
        let shown = format!("{shown_as} {of}");
        assert_eq!(shown::shows(&shown, &locator).is_ok(), is_shown, "{shown}");
        let Spot::Count(count) = &locator.spot else { panic!("a count") };
        let ids = count.ids;
        locator.spot = Spot::Redacted { number: number.to_owned(), ids };
        assert_eq!(shown::shows(&shown, &locator).is_ok(), is_shown, "{shown}");
    }
}
