//! Footnotes of a report that was written, read back to be checked: against a case, or against a
//! folder that holds nothing but originals.
//!
//! The locators say what to check. That a report shows what its locators say is checked too: a
//! quote that somebody changed in the text does not pass because its locator was left alone, nor
//! does a sentence, and a footnote that was taken out is missed. `read/` gets footnotes, text and
//! seal out of each format, `shown.rs` compares footnotes with what is shown; whether all the rest
//! is as it was is what the seal says (`seal/`).

mod read;
mod shown;

pub(super) use read::stretches;
pub use read::{BadReport, Read, read};

use super::locator::{BadLocator, Locator, Place, Spot};
use crate::case::{CaseError, Quoting};
use crate::model::anchor::Anchor;
use crate::model::{Hold, Sha256};
use std::sync::atomic::AtomicBool;

/// A footnote as it stands in a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted {
    pub number: usize,
    pub locator: Result<Locator, BadLocator>,
    /// All that it says to a reader, a line for each thing.
    pub shown: String,
    /// What is wrong with it in the report itself.
    pub amiss: Option<String>,
}

/// How a footnote stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    Holds,
    /// The text is another one now; the quote stands elsewhere in it.
    Moved,
    /// The number is the same, over other documents or messages.
    OtherBasis,
    /// It cannot be checked here; nothing is said against it.
    Unchecked {
        why: String,
    },
    /// The number is another one.
    Changed {
        now: String,
    },
    /// The evidence is there and does not say it.
    Broken {
        why: String,
    },
    /// The evidence is not there.
    Missing {
        why: String,
    },
}

impl Verdict {
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Moved => "moved",
            Verdict::OtherBasis => "other basis",
            Verdict::Unchecked { .. } => "not checked",
            Verdict::Changed { .. } => "changed",
            Verdict::Broken { .. } => "broken",
            Verdict::Missing { .. } => "missing",
        }
    }

    /// What is to be said beside the word.
    pub fn why(&self) -> &str {
        match self {
            Verdict::Holds => "",
            Verdict::Moved => "the text was made anew, and the quote stands elsewhere in it",
            Verdict::OtherBasis => "the number is the same, over other documents or messages",
            Verdict::Changed { now } => now,
            Verdict::Unchecked { why } | Verdict::Broken { why } | Verdict::Missing { why } => why,
        }
    }

    /// The report does not prove what it says here.
    pub fn fails(&self) -> bool {
        matches!(self, Verdict::Changed { .. } | Verdict::Broken { .. } | Verdict::Missing { .. })
    }

    fn broken(why: impl Into<String>) -> Verdict {
        Verdict::Broken { why: why.into() }
    }
}

/// Checks a footnote in a case.
///
/// # Errors
/// The case cannot be read.
pub fn in_case(
    noted: &Noted,
    quoting: &mut Quoting<'_>,
    cancel: &AtomicBool,
) -> Result<Verdict, CaseError> {
    let locator = match checked(noted) {
        Ok(locator) => locator,
        Err(verdict) => return Ok(verdict),
    };
    let anchor = match &locator.spot {
        Spot::Passage(place) => match place.passage() {
            Some(passage) => Anchor::Passage(Box::new(passage)),
            None => {
                let range = place.start..place.end;
                let quoted = match (&place.target, &place.text, place.record) {
                    (Some(target), Some(text), _) => quoting.quoted(target, text, range)?,
                    (_, _, Some(record)) => {
                        quoting.record(&place.content, record.ordinal, range)?
                    }
                    _ => None,
                };
                return Ok(match quoted {
                    Some(quoted) if place.fits(&quoted) => Verdict::Holds,
                    Some(_) => Verdict::broken("another text stands at its place"),
                    None => Verdict::Missing {
                        why: "the case has not the text that the redacted quote was taken from"
                            .to_owned(),
                    },
                });
            }
        },
        Spot::Count(count) => Anchor::Count(count.clone()),
        Spot::Redacted { .. } => return Ok(redacted()),
    };
    Ok(match quoting.hold(&anchor, cancel)? {
        Hold::Holds => Verdict::Holds,
        Hold::Moved { .. } => Verdict::Moved,
        Hold::OtherBasis => Verdict::OtherBasis,
        Hold::Changed { now } => Verdict::Changed { now },
        Hold::Broken { why } => Verdict::Broken { why },
        Hold::Absent => Verdict::Missing { why: "the case has not this evidence".to_owned() },
    })
}

fn redacted() -> Verdict {
    Verdict::Unchecked { why: "what was searched for is redacted".to_owned() }
}

fn checked(noted: &Noted) -> Result<&Locator, Verdict> {
    let locator = noted
        .locator
        .as_ref()
        .map_err(|error| Verdict::broken(format!("its locator is unusable: {error}")))?;
    if let Some(amiss) = &noted.amiss {
        return Err(Verdict::broken(amiss.as_str()));
    }
    shown::shows(&noted.shown, locator).map_err(Verdict::broken)?;
    Ok(locator)
}

/// What an original says when it is read again.
pub enum Reread {
    /// The whole text that the quote was taken from.
    Text(String),
    /// The bytes are there; there is no text to compare.
    Bytes,
}

/// Checks a footnote against originals. `reread` finds the file by its hash and reads it again, or
/// says why it cannot.
pub fn in_originals(
    noted: &Noted,
    reread: &mut dyn FnMut(&Place) -> Result<Reread, Verdict>,
) -> Verdict {
    let locator = match checked(noted) {
        Ok(locator) => locator,
        Err(verdict) => return verdict,
    };
    match &locator.spot {
        Spot::Redacted { .. } => redacted(),
        Spot::Count(_) => Verdict::Unchecked {
            why: "a number is counted in a case, not in a folder of originals".to_owned(),
        },
        Spot::Passage(place) if place.no_bytes => Verdict::Unchecked {
            why: "the file could not be opened when the case was made: there is no hash to find it by"
                .to_owned(),
        },
        Spot::Passage(place) => match reread(place) {
            Err(verdict) => verdict,
            Ok(Reread::Text(text)) => judge(place, &text),
            Ok(Reread::Bytes) if place.quote.iter().all(String::is_empty) => Verdict::Holds,
            Ok(Reread::Bytes) => Verdict::broken("reading it again gives no text"),
        },
    }
}

/// Whether a quote stands in a text.
fn judge(place: &Place, text: &str) -> Verdict {
    if place.quote.iter().all(String::is_empty) && place.quote.len() < 2 {
        return Verdict::Holds;
    }
    let index = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    // Without a hash a record of a file that has the right one.
    let same_text = place.text.is_none_or(|known| Sha256::of(text.as_bytes()) == known);
    let there = text.get(index(place.start)..index(place.end));
    if same_text {
        return match there.is_some_and(|there| place.fits(there)) {
            true => Verdict::Holds,
            false => Verdict::broken("another text stands at its place"),
        };
    }
    let [quote] = place.quote.as_slice() else {
        return Verdict::Unchecked {
            why: "the text was made by another version, and the quote is redacted".to_owned(),
        };
    };
    let with_context = format!("{}{quote}{}", place.before, place.after);
    match (text.matches(quote.as_str()).count(), text.matches(&with_context).count()) {
        (1, _) | (_, 1) => Verdict::Moved,
        (0, _) => Verdict::broken("the quote does not stand in it"),
        _ => Verdict::broken(
            "the quote stands in several places, and nowhere with what stood around it",
        ),
    }
}

#[cfg(test)]
mod tests {
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
        let written = |rows: &[::csv::StringRecord]| {
            let mut out = ::csv::Writer::from_writer(Vec::new());
            out.write_record(&headers).unwrap();
            rows.iter().for_each(|row| out.write_record(row).unwrap());
            let read = footnotes(&out.into_inner().unwrap()).unwrap();
            read.iter().filter(|noted| checked(noted).is_err()).count()
        };
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
}
