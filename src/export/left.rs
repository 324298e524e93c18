//! Where in a report a protected name is left, for whoever has to take it out: the last look knows
//! bytes of a file and no note.

use super::json;
use super::mask::Mask;
use super::report::{Entry, Footnote, Report, Section};
use super::scan::{self, Left};

/// Says of each name that was left in which entries and footnotes it stands. What is named nowhere
/// came about only when the format was written.
pub fn locate(left: &mut [Left], report: &Report, mask: &Mask) {
    let mut parts = vec![("the head of the report".to_owned(), head(report))];
    for entry in report.entries() {
        parts.push((format!("{} ({})", entry.id, entry.kind.word()), of_entry(entry)));
    }
    for footnote in &report.footnotes {
        let label = format!("footnote {} ({})", footnote.number, footnote.id);
        parts.push((label, of_footnote(footnote)));
    }
    for (label, part) in parts {
        // Plain data, which is written whatever stands in it.
        let Ok(text) = json::write(&part) else { continue };
        for found in scan::scan("", text.as_bytes(), mask).left {
            for own in left.iter_mut().filter(|own| own.name == found.name) {
                if !own.at.contains(&label) {
                    own.at.push(label.clone());
                }
            }
        }
    }
}

fn head(report: &Report) -> Report {
    let sections = report.sections.iter();
    let intros = sections.map(|own| Section { entries: Vec::new(), ..own.clone() }).collect();
    Report { sections: intros, footnotes: Vec::new(), ..report.clone() }
}

fn of_entry(entry: &Entry) -> Report {
    let section = Section { entries: vec![entry.clone()], ..Section::default() };
    Report { sections: vec![section], ..Report::default() }
}

fn of_footnote(footnote: &Footnote) -> Report {
    Report { footnotes: vec![footnote.clone()], ..Report::default() }
}
