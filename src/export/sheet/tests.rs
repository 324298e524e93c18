use super::read::Read;
use super::*;
use crate::export::report::{Block, Evidence, Run, Sentence};
use crate::export::testing;
use crate::model::finding::Stance;
use crate::model::review::{Basis, Review, Reviewed, Signer};

fn read(bytes: &[u8], report: &Report, shown: &Report) -> Result<Read, BadSheet> {
    super::read(bytes, report, shown, "7a", |_| Ok(()))
}

/// The sheet with some cells filled in: (claim, column, value).
fn filled(report: &Report, cells: &[(&str, &str, &str)]) -> Vec<u8> {
    let bytes = write(report).unwrap();
    let mut reader = csv::Reader::from_reader(&bytes[super::super::csv::BOM.len()..]);
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(COLUMNS).unwrap();
    for record in reader.records() {
        let mut row: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        for (claim, column, value) in cells {
            if row[0] == *claim {
                let at = COLUMNS.iter().position(|name| name == column).unwrap();
                row[at] = (*value).to_owned();
            }
        }
        out.write_record(row).unwrap();
    }
    out.into_inner().unwrap()
}

const AGREED: [(&str, &str, &str); 2] =
    [("N2/1", "checker", "tao"), ("N2/1", "checker_verdict", "agreed")];

fn why(bytes: &[u8], report: &Report) -> Vec<String> {
    let read = read(bytes, report, report).unwrap();
    assert_eq!(read.taken, []);
    let said = |refused: Refused| format!("{} {}", refused.place.words(), refused.why);
    read.refused.into_iter().map(said).collect()
}

#[test]
fn a_sheet_reads() {
    let bytes = write(&testing::report()).unwrap();
    insta::assert_snapshot!(String::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}'));
}

#[test]
fn what_is_filled_in_comes_back() {
    let report = testing::report();
    let mut cells = AGREED.to_vec();
    cells.push(("N2/1", "lawyer", "zhou"));
    cells.push(("N2/1", "lawyer_comment", "=keep, but do not name him"));
    let sheet = filled(&report, &cells);
    let back = read(&sheet, &report, &report).unwrap();
    assert_eq!(back.refused, []);
    let said: Vec<_> = back
        .taken
        .iter()
        .map(|taken| {
            let review = &taken.review;
            format!(
                "{} {} {} {} {}",
                taken.entry, review.role, review.by, review.verdict, review.comment
            )
        })
        .collect();
    assert_eq!(
        said,
        ["N2 checker tao agreed ", "N2 lawyer zhou comment =keep, but do not name him"]
    );
    assert_eq!(back.taken[0].review.sentence, "川江收到三十万，写成“技术咨询”。");
    // Spreadsheets of other languages.
    let text = String::from_utf8(sheet).unwrap();
    let (gbk, ..) = encoding_rs::GB18030.encode(&text);
    assert_eq!(read(&gbk, &report, &report).unwrap().taken, back.taken);
}

#[test]
fn a_review_is_taken_once() {
    let mut report = testing::report();
    let sheet = filled(&report, &AGREED);
    let first = read(&sheet, &report, &report).unwrap().taken.remove(0).review;
    let entry = &mut report.sections[1].entries[0];
    let taken = Reviewed {
        review: first,
        taken_in_by: "tao".to_owned(),
        key: "7a".to_owned(),
        wall: 0,
        shown: String::new(),
    };
    let lin = [Signer::new("lin", "11")];
    entry.reviews.push(taken.state(&entry.basis.unwrap(), &lin));
    let again = read(&sheet, &report, &report).unwrap();
    assert_eq!((again.taken.len(), again.known), (0, 1));
    // With another key it is somebody else who says so.
    let other = super::read(&sheet, &report, &report, "22", |_| Ok::<_, BadSheet>(())).unwrap();
    assert_eq!((other.taken.len(), other.known), (1, 0));
    // Its standing changes, and she checks it again as it now stands.
    let entry = &mut report.sections[1].entries[0];
    let now = Basis { standing: Sha256([9; 32]), ..entry.basis.unwrap() };
    let before = entry.reviews.len() - 1;
    entry.reviews[before] = taken.state(&now, &lin);
    entry.basis = Some(now);
    let again = read(&sheet, &report, &report).unwrap();
    assert_eq!((again.taken.len(), again.known), (0, 1), "the old sheet says nothing new");
    let again = read(&filled(&report, &AGREED), &report, &report).unwrap();
    assert_eq!((again.taken.len(), again.known), (1, 0));
}

#[test]
fn what_stands_in_a_sheet_twice_counts_once_or_not_at_all() {
    let report = testing::report();
    let agreed = String::from_utf8(filled(&report, &AGREED)).unwrap();
    let rejected = [AGREED[0], ("N2/1", "checker_verdict", "no")];
    let rejected = String::from_utf8(filled(&report, &rejected)).unwrap();
    let below = |sheet: &str| sheet[sheet.find('\n').unwrap() + 1..].to_owned();
    let twice = read((agreed.clone() + &below(&agreed)).as_bytes(), &report, &report).unwrap();
    assert_eq!((twice.taken.len(), twice.known, twice.refused.len()), (1, 1, 0));
    let both = why((agreed.clone() + &below(&rejected)).as_bytes(), &report);
    let rows = report.entries().map(|entry| entry.reviewed().len()).sum::<usize>();
    assert_eq!(both.len(), 2, "{both:?} of {rows}");
    assert!(both[0].contains("tao says something else of it as checker in row"), "{both:?}");
    assert!(both[0].contains("“no”") && both[1].contains("“agreed”"), "{both:?}");
}

#[test]
fn a_sheet_that_is_taken_again_takes_no_objection_back() {
    let mut report = testing::report();
    let sheet = filled(&report, &AGREED);
    let agreed = read(&sheet, &report, &report).unwrap().taken.remove(0).review;
    let objection = Review { verdict: "no".to_owned(), ..agreed.clone() };
    let entry = &mut report.sections[1].entries[0];
    let said = Reviewed {
        review: objection.clone(),
        taken_in_by: "tao".to_owned(),
        key: "7a".to_owned(),
        wall: 0,
        shown: String::new(),
    };
    entry.reviews.push(said.state(&entry.basis.unwrap(), &[Signer::new("lin", "11")]));
    let again = read(&sheet, &report, &report).unwrap().taken.remove(0);
    let before = [agreed.clone(), objection.clone()];
    assert!(again.taken_back(&before).unwrap().contains("tao said “no” of it since"));
    // Nobody said it before; it is what stands; the sheet shows what was said since.
    assert_eq!(again.taken_back(&before[1..]), None);
    assert_eq!(again.taken_back(&[objection, agreed.clone()]), None);
    let new = read(&filled(&report, &AGREED), &report, &report).unwrap().taken.remove(0);
    assert_eq!((&new.review, new.taken_back(&before)), (&agreed, None));
}

#[test]
fn spreadsheets_say_their_separator_and_lose_signs() {
    let report = testing::report();
    let sheet = String::from_utf8(filled(&report, &AGREED)).unwrap();
    let semicolons = {
        let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        for record in csv::Reader::from_reader(sheet.as_bytes()).into_records() {
            out.write_record(&record.unwrap()).unwrap();
        }
        let rows = String::from_utf8(out.into_inner().unwrap()).unwrap();
        format!("{}\r\n{rows}", COLUMNS.join(";"))
    };
    let plain = read(sheet.as_bytes(), &report, &report).unwrap().taken;
    for said in [format!("sep=,\n{sheet}"), format!("\u{feff}sep=;\r\n{semicolons}")] {
        let taken = read(said.as_bytes(), &report, &report).unwrap().taken;
        assert_eq!((taken.len(), &taken[0].review), (1, &plain[0].review));
        assert_eq!(
            (taken[0].place.row, taken[0].place.line > plain[0].place.line),
            (plain[0].place.row, true)
        );
    }
    let lossy = [AGREED[0], AGREED[1], ("N2/1", "sources", "a ? b")];
    assert!(why(&filled(&report, &lossy), &report)[0].ends_with("save it as CSV UTF-8"));
}

#[test]
fn what_changed_since_is_not_taken_in_silence() {
    let report = testing::report();
    let sheet = filled(&report, &AGREED);
    let mut other = report.clone();
    let Source::Passage { quote, .. } = &mut other.footnotes[0].source else { panic!() };
    quote.push('!');
    assert_eq!(why(&sheet, &other), ["N2/1 what is cited for it was changed since"]);
    let mut other = report.clone();
    let crate::export::report::Block::Paragraph(sentences) =
        &mut other.sections[1].entries[0].texts[0][0]
    else {
        panic!()
    };
    sentences[0].runs[0].text = "霁石收到".to_owned();
    assert_eq!(
        why(&sheet, &other),
        ["N2/1 the sentence was changed since: it is now “霁石收到三十万，写成“技术咨询”。”"]
    );
    other.sections[1].entries[0].texts[0].clear();
    assert_eq!(why(&sheet, &other), ["N2/1 the note has no such sentence any more"]);
    other.sections.remove(1);
    assert_eq!(
        why(&sheet, &other),
        [
            "N2/1 the case has no such note any more; if the sheet was made from another copy, merge the \
          bundle of that first"
        ]
    );
    let mut cells = AGREED.to_vec();
    cells.push(("N2/1", "sentence", "川江没有收到三十万。"));
    assert_eq!(
        why(&filled(&report, &cells), &report),
        ["N2/1 the sentence was changed in the sheet"]
    );
}

#[test]
fn the_second_person_is_somebody_else() {
    let report = testing::report();
    let mut cells = AGREED.to_vec();
    cells[0].2 = " ＬＩＮ ";
    assert_eq!(
        why(&filled(&report, &cells), &report),
        ["N2/1 ＬＩＮ wrote it: the second person is somebody else than the author"]
    );
    cells[0].2 = "";
    assert_eq!(
        why(&filled(&report, &cells), &report),
        ["N2/1 nobody is named in the column checker"]
    );
    let lawyer = [("N2/1", "lawyer", "lin"), ("N2/1", "lawyer_verdict", "fine")];
    assert_eq!(
        why(&filled(&report, &lawyer), &report),
        ["N2/1 lin wrote it: the lawyer is somebody else than the author"]
    );
}

#[test]
fn a_name_without_a_verdict_is_said() {
    let report = testing::report();
    let without = "and has no verdict: fill in";
    assert_eq!(
        why(&filled(&report, &AGREED[..1]), &report),
        [format!("N2/1 it names tao as checker {without} checker_verdict")]
    );
    let mut cells = AGREED.to_vec();
    cells.push(("N2/1", "lawyer", "zhou"));
    let back = read(&filled(&report, &cells), &report, &report).unwrap();
    assert_eq!((back.taken.len(), back.refused.len()), (1, 1));
    assert!(back.refused[0].why.contains(without), "{:?}", back.refused);
}

#[test]
fn a_review_says_what_was_checked() {
    let report = testing::report();
    let basis = |cells: &[(&str, &str, &str)]| {
        let back = read(&filled(&report, cells), &report, &report).unwrap();
        back.taken.first().map(|taken| taken.review.basis).ok_or(back.refused)
    };
    assert_eq!(basis(&AGREED), Ok(report.sections[1].entries[0].basis));
    let mut cells = AGREED.to_vec();
    cells.push(("N2/1", "basis", "of the first version"));
    assert_eq!(basis(&cells).unwrap_err()[0].why, "the column basis was changed in the sheet");
}

#[test]
fn what_was_shown_to_the_checker_is_what_the_case_shows() {
    let report = testing::report();
    for column in SHOWN {
        let mut cells = AGREED.to_vec();
        cells.push(("N2/1", column, "something else"));
        assert_eq!(
            why(&filled(&report, &cells), &report),
            [format!("N2/1 the column {column} was changed in the sheet")]
        );
    }
    let mut cells = AGREED.to_vec();
    cells.extend([("N2/1", "grade", ""), ("N2/1", "state", "holds")]);
    let said = why(&filled(&report, &cells), &report);
    assert_eq!(said, ["N2/1 the columns grade, state were changed in the sheet"]);
    cells.truncate(2);
    cells.push(("N2/1", "key", "0123456789abcdef0123456789abcdef"));
    let said = why(&filled(&report, &cells), &report);
    assert!(said[0].starts_with("N2/1 the column key was changed"), "{said:?}");
}

#[test]
fn a_sheet_that_lost_rows_says_how_many() {
    let report = testing::report();
    let whole = String::from_utf8(filled(&report, &AGREED)).unwrap();
    let rows = read(whole.as_bytes(), &report, &report).unwrap();
    assert_eq!((rows.taken.len(), rows.missing), (1, 0));
    let all = rows.empty + 1;
    let check = |text: &str, missing: usize, cut: usize| {
        let read = read(text.as_bytes(), &report, &report).unwrap();
        let found = read.refused.iter().filter(|refused| refused.is_cut()).count();
        assert_eq!((read.missing, found), (missing, cut), "{text}");
    };
    // Inside of the quotes of the last row but one, which is not whole then.
    let quote = whole.rfind("\"[").unwrap();
    check(&whole[..quote + 2], 2, 1);
    let first = whole.find("\nN").unwrap() + 1;
    check(&whole[..first], all, 0);
    let mut reader = csv::Reader::from_reader(whole.as_bytes());
    let second = reader.records().nth(1).unwrap().unwrap();
    let at = usize::try_from(second.position().unwrap().byte()).unwrap();
    check(&whole[..at], all - 1, 0);
    check(&format!("{}{}", &whole[..first], &whole[at..]), 1, 0);
}

#[test]
fn rows_are_named_as_in_a_spreadsheet_and_by_the_line_where_they_begin() {
    let report = testing::report();
    // Cells of the row before it have line ends.
    let cells = [("N2/2", "checker_verdict", "agreed")];
    let text = String::from_utf8(filled(&report, &cells)).unwrap();
    let place = |text: &str| {
        let read = read(text.as_bytes(), &report, &report).unwrap();
        (read.refused[0].place.row, read.refused[0].place.line)
    };
    let at = text.find("N2/2").unwrap();
    let line = 1 + text[..at].matches('\n').count() as u64;
    let before = csv::Reader::from_reader(text.as_bytes()).into_records();
    let row = 2 + before.take_while(|row| row.as_ref().unwrap()[0] != *"N2/2").count() as u64;
    assert!(row > 2 && line > row, "{row} {line}");
    assert_eq!(place(&text), (row, line));
    let windows = text.replace('\n', "\r\n");
    assert_eq!(place(&windows), (row, line));
    assert_eq!(place(&windows.replacen("\r\n", "\r\n\r\n", 1)), (row + 1, line + 1));
}

#[test]
fn what_is_no_sheet_is_refused() {
    let report = testing::report();
    let none = read(b"a,b\n1,2\n", &report, &report);
    assert_eq!(none, Err(BadSheet::Column("claim")));
    assert_eq!(read(b"", &report, &report), Err(BadSheet::Column("claim")));
    assert_eq!(read(b"PK\x03\x04...", &report, &report), Err(BadSheet::Workbook));
}

#[test]
fn what_is_cited_for_all_of_a_finding_has_a_row_of_its_own() {
    let mut report = testing::report();
    let entry = &mut report.sections[1].entries[0];
    let claims = |entry: &Entry| -> Vec<(String, String, Vec<usize>)> {
        let claims = entry.claims().into_iter();
        claims.map(|claim| (claim.id, claim.text, claim.cites)).collect()
    };
    let sentence = |id: &str, text: &str, cites: &[usize]| {
        let mut runs = vec![Run::plain(text)];
        runs.extend(cites.iter().map(|number| Run::footnote(*number)));
        Sentence { id: id.to_owned(), claims: true, runs }
    };
    let evidence = |footnote| Evidence {
        stance: Stance::Contradicts,
        grade: Default::default(),
        also: Vec::new(),
        footnote,
        is_disputed: false,
    };
    let check = |entry: &mut Entry,
                 title: &str,
                 texts: &[(&str, &[usize])],
                 expected: &[(&str, &str, &[usize])]| {
        title.clone_into(&mut entry.title);
        let each =
            (1..).zip(texts).map(|(n, (text, cites))| sentence(&format!("N2/{n}"), text, cites));
        entry.texts = vec![vec![Block::Paragraph(each.collect())]];
        entry.evidence = vec![evidence(1), evidence(2)];
        entry.facts.clear();
        let expected: Vec<(String, String, Vec<usize>)> = expected
            .iter()
            .map(|(id, text, cites)| ((*id).to_owned(), (*text).to_owned(), cites.to_vec()))
            .collect();
        assert_eq!(claims(entry), expected);
    };
    check(
        entry,
        "Who",
        &[("a.", &[1]), ("b.", &[])],
        &[("N2", "Who", &[2]), ("N2/1", "a.", &[1]), ("N2/2", "b.", &[])],
    );
    // Its first sentence is what it is called by: the two are told apart.
    check(
        entry,
        "a.",
        &[("a.", &[]), ("b.", &[])],
        &[("N2", "a. …", &[1, 2]), ("N2/1", "a.", &[]), ("N2/2", "b.", &[])],
    );
    // One sentence is all of it.
    check(entry, "a.", &[("a.", &[2])], &[("N2/1", "a.", &[2, 1])]);
    check(entry, "Who", &[("a.", &[])], &[("N2", "Who", &[1, 2]), ("N2/1", "a.", &[])]);
    check(entry, "Who", &[("a.", &[1, 2])], &[("N2/1", "a.", &[1, 2])]);
    check(
        entry,
        "a.",
        &[("a.", &[]), ("b.", &[])],
        &[("N2", "a. …", &[1, 2]), ("N2/1", "a.", &[]), ("N2/2", "b.", &[])],
    );
    report.bind();
    let says = &report.footnotes[0].locator.says;
    let said: Vec<_> =
        says.iter().map(|own| (own.claim.as_str(), own.sentence.as_str(), own.stance)).collect();
    assert!(said.contains(&("N2", "a.", Some(Stance::Contradicts))), "{said:?}");
    let cells = [
        ("N2", "checker", "tao"),
        ("N2", "checker_verdict", "agreed"),
        ("N2/1", "checker", "tao"),
        ("N2/1", "checker_verdict", "no"),
    ];
    let back = read(&filled(&report, &cells), &report, &report).unwrap();
    let said: Vec<_> =
        back.taken.iter().map(|own| (own.review.sentence.as_str(), own.review.claims)).collect();
    assert_eq!(said, [("a. …", Some(3)), ("a.", Some(3))]);
}

#[test]
fn reading_a_sheet_stops_where_it_is_told_to() {
    let report = testing::report();
    let stop = |row: u64| match row {
        0 => Ok(()),
        _ => Err(BadSheet::Table("stopped".to_owned())),
    };
    let read = super::read(&filled(&report, &AGREED), &report, &report, "7a", stop);
    assert_eq!(read, Err(BadSheet::Table("stopped".to_owned())));
}

/// As another copy of the case has it: what the sheet calls N2 is N5 there, and N2 something else.
fn elsewhere(report: &Report) -> Report {
    let mut other = report.clone();
    let mut stranger = other.sections[1].entries[0].clone();
    stranger.thing = Sha256([0x55; 32]);
    let Block::Paragraph(sentences) = &mut stranger.texts[0][0] else { panic!() };
    sentences[0].runs[0].text = "别的事。".to_owned();
    let moved = &mut other.sections[1].entries[0];
    moved.id = "N5".to_owned();
    for block in moved.texts.iter_mut().flatten() {
        let Block::Paragraph(sentences) = block else { continue };
        sentences.iter_mut().for_each(|own| own.id = own.id.replace("N2/", "N5/"));
    }
    other.sections[1].entries.push(stranger);
    other
}

/// The sheet without one of its columns.
fn without(sheet: &[u8], column: &str) -> Vec<u8> {
    let at = COLUMNS.iter().position(|name| *name == column).unwrap();
    let mut out = csv::Writer::from_writer(Vec::new());
    for record in csv::ReaderBuilder::new().has_headers(false).from_reader(sheet).records() {
        let record = record.unwrap();
        let left = record.iter().enumerate().filter(|(own, _)| *own != at);
        out.write_record(left.map(|(_, cell)| cell)).unwrap();
    }
    out.into_inner().unwrap()
}

#[test]
fn a_sheet_is_of_the_same_notes_in_another_copy() {
    let (report, other) = (testing::report(), elsewhere(&testing::report()));
    let sheet = filled(&report, &AGREED);
    let back = read(&sheet, &other, &other).unwrap();
    assert_eq!(back.refused, []);
    let taken = &back.taken[0];
    assert_eq!((taken.entry.as_str(), taken.review.by.as_str()), ("N5", "tao"));
    assert_eq!(taken.place.words(), "N5/1 (N2/1 in the sheet)");
    // A sentence that names another note, which has another number there too.
    let naming = |mut report: Report, at: usize, text: &str| {
        let Block::Paragraph(own) = &mut report.sections[1].entries[at].texts[0][0] else {
            panic!()
        };
        own[0].runs[0].text = text.to_owned();
        report
    };
    let here = naming(report.clone(), 0, "As N2 says ");
    let there = naming(other.clone(), 0, "As N5 says ");
    let back = read(&filled(&here, &AGREED), &there, &there).unwrap();
    assert_eq!(back.refused, []);
    assert!(back.taken[0].review.sentence.starts_with("As N5 says"));
    // What is refused has both numbers too.
    let lin = [("N2/1", "checker", "lin"), ("N2/1", "checker_verdict", "ok")];
    let said = why(&filled(&report, &lin), &other);
    assert!(said[0].starts_with("N5/1 (N2/1 in the sheet) lin wrote it"), "{said:?}");
    let mut cells = AGREED.to_vec();
    cells.push(("N2/1", "thing", "N2"));
    let said = why(&filled(&report, &cells), &other);
    assert_eq!(said, ["N2/1 the column thing was changed in the sheet"]);
    let stranger = Sha256([0x55; 32]).to_string();
    cells[2].2 = &stranger;
    let said = why(&filled(&report, &cells), &other);
    assert!(said[0].starts_with("N2/1 the sentence was changed since"), "{said:?}");
}

#[test]
fn a_sheet_of_an_older_version_is_taken_by_number_when_the_sentence_agrees() {
    let report = testing::report();
    let sheet = without(&filled(&report, &AGREED), "thing");
    let back = read(&sheet, &report, &report).unwrap();
    assert_eq!((back.refused.as_slice(), back.taken[0].place.words().as_str()), (&[][..], "N2/1"));
    let mut other = elsewhere(&report);
    for _ in 0..2 {
        let said = why(&sheet, &other);
        assert!(said[0].contains("which names notes by number"), "{said:?}");
        // The note that has its number claims nothing.
        if let Some(stranger) = other.sections[1].entries.last_mut() {
            stranger.texts.clear();
            stranger.evidence.clear();
        }
    }
}

#[test]
fn a_sheet_without_the_profile_that_it_was_made_with_says_so() {
    let plain = testing::report();
    let mut redacted = plain.clone();
    redacted.redacted = Some("press".to_owned());
    let Block::Paragraph(sentences) = &mut redacted.sections[1].entries[0].texts[0][0] else {
        panic!()
    };
    sentences[0].runs[0].text = "▇▇▇收到".to_owned();
    let whys = |sheet: &[u8], shown: &Report| -> Vec<String> {
        let read = read(sheet, &plain, shown).unwrap();
        read.refused.into_iter().map(|own| own.why).collect()
    };
    let sheet = filled(&redacted, &AGREED);
    assert_eq!(whys(&sheet, &redacted), [""; 0]);
    assert!(whys(&sheet, &plain)[0].contains("(--redact PROFILE)"));
    assert!(whys(&filled(&plain, &AGREED), &redacted)[0].contains("without --redact"));
    let mut other = redacted.clone();
    let Source::Passage { quote, .. } = &mut other.footnotes[0].source else { panic!() };
    quote.push('▇');
    assert!(whys(&sheet, &other)[0].contains("another profile"));
}
