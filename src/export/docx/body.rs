//! The text of the document and its footnotes.

use super::parts::{DEEPEST, List};
use super::{HEADER, QUOTE};
use crate::export::inert::{markup, one_line, visible};
use crate::export::report::{Block, Entry, Fact, Footnote, Mark, Report, Run, Sentence, Style};
use crate::export::wording::{self, Look};
use std::collections::HashSet;
use std::fmt::Write;

pub struct Body {
    pub document: String,
    pub footnotes: String,
    pub lists: Vec<List>,
}

const NAMESPACE: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Footnotes 0 and 1 are the lines above the others.
const FIRST: usize = 2;

pub fn write(report: &Report) -> Body {
    let mut out = Writer {
        text: String::new(),
        report,
        seen: HashSet::new(),
        lists: Vec::new(),
        behind_mark: 0,
    };
    out.all();
    let document = format!(
        "{HEAD}<w:document {NAMESPACE} xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><w:body>{}\
         <w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId5\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
         <w:pgMar w:top=\"1304\" w:right=\"1304\" w:bottom=\"1304\" w:left=\"1304\" w:header=\"680\" w:footer=\"680\" w:gutter=\"0\"/></w:sectPr>\
         </w:body></w:document>",
        out.text
    );
    Body { document, footnotes: footnotes(report), lists: out.lists }
}

struct Writer<'a> {
    text: String,
    report: &'a Report,
    /// Footnotes that were referred to: Word knows one reference to each, others lead to that.
    seen: HashSet<usize>,
    lists: Vec<List>,
    /// Where the last mark of a footnote ended.
    behind_mark: usize,
}

/// How a paragraph stands.
#[derive(Clone, Copy, Default)]
struct Place {
    /// Number of the list and level, of the first paragraph of an item.
    item: Option<(usize, usize)>,
    /// Twentieths of a point.
    indent: usize,
    quoted: bool,
    /// It is set apart from what stands above it.
    apart: bool,
}

impl Writer<'_> {
    fn all(&mut self) {
        let report = self.report;
        self.paragraph("Title", |out| out.plain(&report.title));
        for (label, value) in wording::head(report) {
            self.paragraph("Fact", |out| {
                out.styled("Label", &format!("{label}: "));
                out.plain(&value);
            });
        }
        for section in &report.sections {
            self.paragraph("Heading1", |out| out.plain(section.title));
            if !section.intro.is_empty() {
                self.paragraph("Normal", |out| out.plain(&section.intro));
            }
            for entry in &section.entries {
                self.entry(entry);
            }
        }
        self.paragraph("Heading1", |out| out.plain(wording::LIMITS));
        let list = self.list(None);
        for limit in &report.limits {
            self.item(list, |out| out.plain(limit));
        }
        if !report.footnotes.is_empty() {
            self.paragraph("Normal", |out| out.plain(&wording::footnotes_intro(report)));
        }
        if let Some(seal) = &report.seal {
            self.paragraph("Heading1", |out| out.plain(wording::SEAL));
            self.paragraph("Normal", |out| out.plain(&one_line(&seal.words())));
        }
    }

    fn entry(&mut self, entry: &Entry) {
        self.paragraph("Heading2", |out| {
            out.styled("Label", &format!("{} ", entry.id));
            match entry.headline() {
                Some(sentence) => out.runs(&sentence.runs),
                None => out.plain(&entry.heading()),
            }
        });
        for Fact { label, value, cites } in &entry.facts {
            self.paragraph("Fact", |out| {
                out.styled("Label", &format!("{label}: "));
                out.plain(value);
                cites.iter().for_each(|number| out.mark(*number));
            });
        }
        if !entry.authors.is_empty() {
            self.paragraph("Fact", |out| {
                out.styled("Label", "by: ");
                out.plain(&entry.authors.join(", "));
            });
        }
        for (at, text) in entry.body().iter().enumerate() {
            if entry.texts.len() > 1 {
                self.paragraph("Fact", |out| out.styled("Warning", &entry.text_heading(at)));
            }
            self.blocks(text, Place { apart: true, ..Place::default() });
        }
        for (stance, cited) in entry.evidence_by_stance() {
            self.paragraph("Heading3", |out| out.plain(wording::heading(stance)));
            let list = self.list(None);
            for evidence in cited {
                let Some(footnote) = self.report.footnote(evidence.footnote) else { continue };
                self.item(list, |out| {
                    out.plain(&wording::short(footnote));
                    out.mark(evidence.footnote);
                    let grade = wording::graded(evidence);
                    if !grade.is_empty() {
                        out.styled("Label", &format!(" {grade}"));
                    }
                    if let Some(unheld) = wording::unheld(footnote) {
                        out.styled("Warning", &format!(" {unheld}"));
                    }
                });
            }
        }
        let report = self.report;
        for other in report.entries().filter(|other| entry.related.contains(&other.id)) {
            self.paragraph("Fact", |out| out.plain(&format!("→ {} {}", other.id, other.title)));
        }
        for review in &entry.reviews {
            let style = if review.is_outdated() { "Warning" } else { "Label" };
            self.paragraph("Fact", |out| out.styled(style, &wording::reviewed(review)));
        }
    }

    fn list(&mut self, start: Option<u64>) -> usize {
        self.lists.push(List { start });
        self.lists.len()
    }

    fn item(&mut self, list: usize, inner: impl FnOnce(&mut Self)) {
        self.open("ListParagraph", Place { item: Some((list, 0)), ..Place::default() });
        inner(self);
        self.text.push_str("</w:p>");
    }

    fn paragraph(&mut self, style: &str, inner: impl FnOnce(&mut Self)) {
        self.open(style, Place::default());
        inner(self);
        self.text.push_str("</w:p>");
    }

    fn open(&mut self, style: &str, place: Place) {
        let _ = write!(self.text, "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>");
        if let Some((list, level)) = place.item {
            let level = level.min(DEEPEST);
            let _ = write!(
                self.text,
                "<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr>"
            );
        }
        if place.apart {
            self.text.push_str("<w:spacing w:before=\"160\"/>");
        }
        if place.item.is_none() && place.indent > 0 {
            // Deeper ones stand where the deepest list does: there is no more room.
            let indent = place.indent.min(360 * DEEPEST) + if place.quoted { 340 } else { 0 };
            let _ = write!(self.text, "<w:ind w:left=\"{indent}\"/>");
        }
        self.text.push_str("</w:pPr>");
    }

    fn blocks(&mut self, blocks: &[Block], mut place: Place) {
        for block in blocks {
            self.block(block, place);
            // The bullet stands before the first one.
            place.item = None;
            place.apart = false;
        }
    }

    fn block(&mut self, block: &Block, place: Place) {
        let normal = match place {
            Place { quoted: true, .. } => QUOTE,
            Place { item: Some(_), .. } => "ListParagraph",
            _ => "Normal",
        };
        match block {
            Block::Heading(level, text) => {
                self.open(&format!("Heading{}", (level + 2).min(6)), place);
                self.runs(text);
                self.text.push_str("</w:p>");
            }
            Block::Paragraph(sentences) => {
                self.open(normal, place);
                sentences.iter().for_each(|sentence| self.runs(&sentence.runs));
                self.text.push_str("</w:p>");
            }
            Block::List { start, items } => {
                let level = place.indent / 360;
                let list = self.list(*start);
                for (at, item) in items.iter().enumerate() {
                    let place = Place {
                        item: Some((list, level)),
                        indent: place.indent + 360,
                        apart: place.apart && at == 0,
                        ..place
                    };
                    self.blocks(item, place);
                }
            }
            Block::Quote(inner) => self.blocks(inner, Place { quoted: true, ..place }),
            Block::Code(code) => {
                self.open("Preformatted", place);
                self.plain(code);
                self.text.push_str("</w:p>");
            }
            Block::Table(rows) => self.table(rows),
            Block::Rule => {
                self.text.push_str(
                    "<w:p><w:pPr><w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"999999\"/></w:pBdr></w:pPr></w:p>",
                );
            }
        }
    }

    fn table(&mut self, rows: &[Vec<Vec<Sentence>>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        if columns == 0 {
            return;
        }
        self.text.push_str("<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>");
        for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
            let _ = write!(
                self.text,
                "<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"999999\"/>"
            );
        }
        self.text.push_str("</w:tblBorders></w:tblPr><w:tblGrid>");
        let widths = widths(rows, columns);
        for width in &widths {
            let _ = write!(self.text, "<w:gridCol w:w=\"{width}\"/>");
        }
        self.text.push_str("</w:tblGrid>");
        for (at, row) in rows.iter().enumerate() {
            self.text.push_str("<w:tr>");
            if at == 0 {
                self.text.push_str("<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
            }
            for (column, width) in widths.iter().enumerate() {
                let _ = write!(
                    self.text,
                    "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>"
                );
                // The names of the columns stand alone at the end of no page.
                let style = if at == 0 { HEADER } else { "Fact" };
                self.paragraph(style, |out| {
                    for sentence in row.get(column).into_iter().flatten() {
                        for run in &sentence.runs {
                            let style = Style { strong: run.style.strong || at == 0, ..run.style };
                            out.run(run, style);
                        }
                    }
                });
                self.text.push_str("</w:tc>");
            }
            self.text.push_str("</w:tr>");
        }
        // Word wants a paragraph behind a table.
        self.text.push_str("</w:tbl><w:p><w:pPr><w:pStyle w:val=\"Fact\"/></w:pPr></w:p>");
    }

    fn runs(&mut self, runs: &[Run]) {
        runs.iter().for_each(|run| self.run(run, run.style));
    }

    fn run(&mut self, run: &Run, style: Style) {
        match run.mark {
            Mark::Footnote(number) => self.mark(number),
            Mark::Break => self.text.push_str("<w:r><w:br/></w:r>"),
            Mark::Plain | Mark::Entry(_) => {
                let mut look = String::new();
                if style.code {
                    look.push_str("<w:rStyle w:val=\"Fixed\"/>");
                }
                for (on, tag) in
                    [(style.strong, "b"), (style.emphasis, "i"), (style.strike, "strike")]
                {
                    if on {
                        let _ = write!(look, "<w:{tag}/>");
                    }
                }
                letters(&mut self.text, &look, &run.text);
            }
        }
    }

    fn plain(&mut self, text: &str) {
        letters(&mut self.text, "", text);
    }

    fn styled(&mut self, style: &str, text: &str) {
        letters(&mut self.text, &format!("<w:rStyle w:val=\"{style}\"/>"), text);
    }

    fn mark(&mut self, number: usize) {
        let look = "<w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr>";
        // Two numbers beside each other would be one.
        if self.text.len() == self.behind_mark {
            let _ = write!(self.text, "<w:r>{look}<w:t>,</w:t></w:r>");
        }
        let id = number + FIRST - 1;
        let _ = match self.seen.insert(number) {
            true => write!(
                self.text,
                "<w:bookmarkStart w:id=\"{id}\" w:name=\"_Note{number}\"/><w:r>{look}<w:footnoteReference w:id=\"{id}\"/></w:r>\
                 <w:bookmarkEnd w:id=\"{id}\"/>"
            ),
            false => write!(
                self.text,
                "<w:r>{look}<w:fldChar w:fldCharType=\"begin\"/></w:r><w:r>{look}<w:instrText xml:space=\"preserve\"> NOTEREF _Note{number} \\f \\h </w:instrText></w:r>\
                 <w:r>{look}<w:fldChar w:fldCharType=\"separate\"/></w:r><w:r>{look}<w:t>{number}</w:t></w:r><w:r>{look}<w:fldChar w:fldCharType=\"end\"/></w:r>"
            ),
        };
        self.behind_mark = self.text.len();
    }
}

/// Twentieths of a point that a table is wide.
const TABLE: usize = 9298;
/// Characters of its widest cell that a column is as wide as, at least and at most.
const CHARACTERS: std::ops::RangeInclusive<usize> = 12..=60;

/// Widths of columns, by their longest texts.
fn widths(rows: &[Vec<Vec<Sentence>>], columns: usize) -> Vec<usize> {
    let length =
        |cell: &Vec<Sentence>| cell.iter().map(|own| own.text().chars().count()).sum::<usize>();
    let longest: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let longest = cells.map(length).max().unwrap_or_default();
            longest.clamp(*CHARACTERS.start(), *CHARACTERS.end())
        })
        .collect();
    let all: usize = longest.iter().sum();
    longest.into_iter().map(|own| (TABLE * own / all.max(1)).max(1)).collect()
}

fn footnotes(report: &Report) -> String {
    let mut text = format!("{HEAD}<w:footnotes {NAMESPACE}>");
    for (id, kind, tag) in
        [(0, "separator", "separator"), (1, "continuationSeparator", "continuationSeparator")]
    {
        let _ = write!(
            text,
            "<w:footnote w:type=\"{kind}\" w:id=\"{id}\"><w:p><w:pPr><w:spacing w:after=\"0\"/></w:pPr><w:r><w:{tag}/></w:r></w:p></w:footnote>"
        );
    }
    for note in &report.footnotes {
        footnote(&mut text, note, &report.date);
    }
    text.push_str("</w:footnotes>");
    text
}

fn footnote(text: &mut String, note: &Footnote, date: &str) {
    let _ = write!(
        text,
        "<w:footnote w:id=\"{}\"><w:p><w:pPr><w:pStyle w:val=\"FootnoteText\"/></w:pPr>\
         <w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr><w:footnoteRef/></w:r>",
        note.number + FIRST - 1
    );
    letters(text, "<w:rStyle w:val=\"Label\"/>", &format!(" {}", note.id));
    text.push_str("</w:p>");
    for line in wording::lines(note, date) {
        let _ = write!(text, "<w:p><w:pPr><w:pStyle w:val=\"FootnoteText\"/></w:pPr>");
        if !line.label.is_empty() {
            letters(text, "<w:rStyle w:val=\"Label\"/>", &format!("{}: ", line.label));
        }
        match line.look {
            Look::Quote => {
                let _ = write!(
                    text,
                    "</w:p><w:p><w:pPr><w:pStyle w:val=\"{QUOTE}\"/><w:spacing w:after=\"20\" w:line=\"240\" w:lineRule=\"auto\"/></w:pPr>"
                );
                letters(text, "<w:sz w:val=\"19\"/><w:szCs w:val=\"19\"/>", &line.text);
            }
            Look::Fixed => letters(text, "<w:rStyle w:val=\"Fixed\"/>", &line.text),
            Look::Warning => letters(text, "<w:rStyle w:val=\"Warning\"/>", &line.text),
            Look::Aside => letters(text, "<w:rStyle w:val=\"Label\"/>", &line.text),
            Look::Plain => letters(text, "", &line.text),
        }
        text.push_str("</w:p>");
    }
    text.push_str("</w:footnote>");
}

/// A run of text, line ends and tabs as Word has them.
fn letters(out: &mut String, look: &str, text: &str) {
    out.push_str("<w:r>");
    if !look.is_empty() {
        let _ = write!(out, "<w:rPr>{look}</w:rPr>");
    }
    for (at, line) in visible(text).split('\n').enumerate() {
        if at > 0 {
            out.push_str("<w:br/>");
        }
        for (at, piece) in line.split('\t').enumerate() {
            if at > 0 {
                out.push_str("<w:tab/>");
            }
            if !piece.is_empty() {
                let _ = write!(out, "<w:t xml:space=\"preserve\">{}</w:t>", markup(piece));
            }
        }
    }
    out.push_str("</w:r>");
}
