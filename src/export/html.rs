//! A report as one HTML file: no script, no address outside of it, fonts of the reader's machine;
//! it prints as it reads. Every footnote carries its locator in `data-locator`.

use super::inert::{markup, one_line};
use super::report::{Block, Entry, Mark, Report, Run, Sentence};
use super::wording::{self, Look};
use std::collections::HashMap;
use std::fmt::Write;

/// Nothing may be loaded or run, whatever a mistake let through.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = "\
:root{color-scheme:light}
body{font-family:\"Noto Serif CJK SC\",\"Source Han Serif SC\",\"Songti SC\",SimSun,serif;line-height:1.6;max-width:44em;margin:2em auto;padding:0 1.2em;color:#111;background:#fff;overflow-wrap:anywhere}
h1,h2,h3,h4,h5,h6,th,dt,.id{font-family:\"Noto Sans CJK SC\",\"Source Han Sans SC\",\"PingFang SC\",\"Microsoft YaHei\",sans-serif;line-height:1.3}
h1{font-size:1.7em;margin:0 0 .4em}
h2{font-size:1.25em;margin:2em 0 .6em;border-bottom:2px solid #111;padding-bottom:.2em}
h3{font-size:1.08em;margin:1.6em 0 .4em}
h4{font-size:1em;margin:1.1em 0 .3em}
.id{color:#555;font-weight:normal;margin-right:.35em}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15em 1em;align-items:baseline;margin:.4em 0 .9em;font-size:.93em}
dt{color:#555}
dd{margin:0}
blockquote{margin:.4em 0;padding:.15em 0 .15em .9em;border-left:3px solid #999;white-space:pre-wrap}
article>blockquote{white-space:normal}
code,.fixed{font-family:\"Noto Sans Mono CJK SC\",\"DejaVu Sans Mono\",Consolas,monospace;font-size:.88em}
pre{background:#f4f4f4;padding:.7em;overflow-x:auto;white-space:pre-wrap}
table{border-collapse:collapse;margin:.6em 0;font-size:.95em}
th,td{border:1px solid #999;padding:.2em .55em;text-align:left;vertical-align:top}
sup{line-height:0}
sup a{text-decoration:none;padding:0 .1em}
a{color:#0b3d91}
.evidence{margin:.3em 0 .3em;padding-left:1.4em}
.against{border-left:3px solid #a00;padding-left:.9em}
.for{border-left:3px solid #060;padding-left:.9em}
.warning{font-weight:bold;color:#a00}
.aside{color:#555}
#notes ol{padding-left:2.4em}
#notes li{margin:.9em 0;font-size:.92em}
#notes p{margin:.15em 0}
.label{color:#555}
li:target,article:target,sup:target{background:#fff3b0}
@media print{body{max-width:none;margin:0;padding:0;font-size:10.5pt}h2,h3,h4{break-after:avoid}#notes li,article>dl,tr{break-inside:avoid}a{color:inherit;text-decoration:none}@page{margin:2cm}}
";

/// The whole report.
pub fn write(report: &Report) -> String {
    let mut out = Writer { text: String::new(), report, marks: HashMap::new() };
    out.all();
    out.text
}

struct Writer<'a> {
    text: String,
    report: &'a Report,
    /// How often each footnote was referred to so far.
    marks: HashMap<usize, usize>,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn all(&mut self) {
        let report = self.report;
        let title = markup(&report.title);
        let _ = write!(
            self.text,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <meta name=\"generator\" content=\"Casebook\">\n<title>{title}</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n<dl>\n"
        );
        for (label, value) in wording::head(report) {
            let _ = writeln!(self.text, "<dt>{label}</dt><dd>{}</dd>", markup(&value));
        }
        self.put("</dl>\n</header>\n<main>\n");
        for section in &report.sections {
            let _ = writeln!(self.text, "<section>\n<h2>{}</h2>", markup(section.title));
            if !section.intro.is_empty() {
                let _ = writeln!(self.text, "<p>{}</p>", markup(&section.intro));
            }
            for entry in &section.entries {
                self.entry(entry);
            }
            self.put("</section>\n");
        }
        let _ = writeln!(self.text, "<section>\n<h2>{}</h2>\n<ul>", wording::LIMITS);
        for limit in &report.limits {
            let _ = writeln!(self.text, "<li>{}</li>", markup(limit));
        }
        self.put("</ul>\n</section>\n</main>\n");
        self.notes();
        if let Some(seal) = &report.seal {
            let _ = writeln!(
                self.text,
                "<section id=\"seal\" data-seal=\"{}\">\n<h2>{}</h2>\n<p>{}</p>\n</section>",
                seal.line().replace('"', "&quot;"),
                wording::SEAL,
                markup(&one_line(&seal.words()))
            );
        }
        self.put("</body>\n</html>\n");
    }

    fn notes(&mut self) {
        let report = self.report;
        if report.footnotes.is_empty() {
            return;
        }
        let intro = markup(&wording::footnotes_intro(report));
        let _ =
            writeln!(self.text, "<section id=\"notes\">\n<h2>Footnotes</h2>\n<p>{intro}</p>\n<ol>");
        for footnote in &report.footnotes {
            let number = footnote.number;
            let _ = writeln!(
                self.text,
                "<li id=\"fn-{number}\" data-locator=\"{}\">\n<p><span class=\"id\">{}</span>",
                footnote.locator.line().replace('"', "&quot;"),
                markup(&footnote.id)
            );
            for back in 1..=self.marks.get(&number).copied().unwrap_or(0) {
                let _ = write!(self.text, "<a href=\"#ref-{number}-{back}\">↩</a> ");
            }
            self.put("</p>\n");
            for line in wording::lines(footnote, &report.date) {
                let label = match line.label.is_empty() {
                    true => String::new(),
                    false => format!("<span class=\"label\">{}:</span> ", markup(&line.label)),
                };
                let text = markup(&line.text);
                let _ = match line.look {
                    Look::Quote => writeln!(
                        self.text,
                        "<p>{}</p>\n<blockquote>{text}</blockquote>",
                        label.trim_end()
                    ),
                    Look::Fixed => {
                        writeln!(self.text, "<p>{label}<span class=\"fixed\">{text}</span></p>")
                    }
                    Look::Warning => {
                        writeln!(self.text, "<p>{label}<span class=\"warning\">{text}</span></p>")
                    }
                    Look::Aside => writeln!(self.text, "<p class=\"aside\">{label}{text}</p>"),
                    Look::Plain => writeln!(self.text, "<p>{label}{text}</p>"),
                };
            }
            self.put("</li>\n");
        }
        self.put("</ol>\n</section>\n");
    }

    fn entry(&mut self, entry: &Entry) {
        let id = markup(&entry.id);
        let _ = write!(
            self.text,
            "<article id=\"{id}\" data-thing=\"{}\" data-kind=\"{}\">\n<h3><span class=\"id\">{id}</span>",
            entry.thing,
            entry.kind.word(),
        );
        match entry.headline() {
            Some(sentence) => self.sentences(std::slice::from_ref(sentence)),
            None => self.put(&markup(&entry.heading())),
        }
        self.put("</h3>\n<dl>\n");
        for fact in &entry.facts {
            let _ =
                write!(self.text, "<dt>{}</dt><dd>{}", markup(&fact.label), markup(&fact.value));
            fact.cites.iter().for_each(|number| self.mark(*number));
            self.put("</dd>\n");
        }
        if !entry.authors.is_empty() {
            let _ =
                writeln!(self.text, "<dt>by</dt><dd>{}</dd>", markup(&entry.authors.join(", ")));
        }
        self.put("</dl>\n");
        for (at, text) in entry.body().iter().enumerate() {
            if entry.texts.len() > 1 {
                let heading = markup(&entry.text_heading(at));
                let _ = writeln!(self.text, "<p><em>{heading}</em></p>");
            }
            self.blocks(text);
        }
        for (stance, cited) in entry.evidence_by_stance() {
            use crate::model::finding::Stance;
            let class = match stance {
                Some(Stance::Supports) => "for",
                Some(Stance::Contradicts) => "against",
                Some(Stance::Context) | None => "context",
            };
            let heading = wording::heading(stance);
            let _ = writeln!(
                self.text,
                "<div class=\"{class}\">\n<h4>{heading}</h4>\n<ul class=\"evidence\">"
            );
            for evidence in cited {
                let Some(footnote) = self.report.footnote(evidence.footnote) else { continue };
                let _ = write!(self.text, "<li>{}", markup(&wording::short(footnote)));
                self.mark(evidence.footnote);
                let grade = wording::graded(evidence);
                if !grade.is_empty() {
                    let _ = write!(self.text, " <span class=\"aside\">{}</span>", markup(&grade));
                }
                if let Some(unheld) = wording::unheld(footnote) {
                    let _ =
                        write!(self.text, " <span class=\"warning\">{}</span>", markup(&unheld));
                }
                self.put("</li>\n");
            }
            self.put("</ul>\n</div>\n");
        }
        let related: Vec<&Entry> =
            self.report.entries().filter(|other| entry.related.contains(&other.id)).collect();
        if !related.is_empty() {
            self.put("<ul>\n");
            for other in related {
                let id = markup(&other.id);
                let title = markup(&other.title);
                let _ = writeln!(self.text, "<li><a href=\"#{id}\">{id}</a> {title}</li>");
            }
            self.put("</ul>\n");
        }
        if !entry.reviews.is_empty() {
            self.put("<ul>\n");
            for review in &entry.reviews {
                let class = if review.is_outdated() { " class=\"warning\"" } else { "" };
                let said = markup(&wording::reviewed(review));
                let _ = writeln!(self.text, "<li{class}>{said}</li>");
            }
            self.put("</ul>\n");
        }
        self.put("</article>\n");
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Heading(level, text) => {
                    let level = (level + 3).min(6);
                    let _ = write!(self.text, "<h{level}>");
                    self.runs(text);
                    let _ = writeln!(self.text, "</h{level}>");
                }
                Block::Paragraph(sentences) => {
                    self.put("<p>");
                    self.sentences(sentences);
                    self.put("</p>\n");
                }
                Block::List { start, items } => {
                    let _ = match start {
                        Some(start) => writeln!(self.text, "<ol start=\"{start}\">"),
                        None => writeln!(self.text, "<ul>"),
                    };
                    for item in items {
                        self.put("<li>");
                        self.blocks(item);
                        self.put("</li>\n");
                    }
                    self.put(if start.is_some() { "</ol>\n" } else { "</ul>\n" });
                }
                Block::Quote(inner) => {
                    self.put("<blockquote>\n");
                    self.blocks(inner);
                    self.put("</blockquote>\n");
                }
                Block::Code(code) => {
                    let _ = writeln!(self.text, "<pre><code>{}</code></pre>", markup(code));
                }
                Block::Table(rows) => {
                    self.put("<table>\n");
                    for (at, row) in rows.iter().enumerate() {
                        let cell = if at == 0 { "th" } else { "td" };
                        self.put("<tr>");
                        for sentences in row {
                            let _ = write!(self.text, "<{cell}>");
                            self.sentences(sentences);
                            let _ = write!(self.text, "</{cell}>");
                        }
                        self.put("</tr>\n");
                    }
                    self.put("</table>\n");
                }
                Block::Rule => self.put("<hr>\n"),
            }
        }
    }

    fn sentences(&mut self, sentences: &[Sentence]) {
        for sentence in sentences {
            match sentence.claims {
                true => {
                    let _ = write!(self.text, "<span data-claim=\"{}\">", markup(&sentence.id));
                    self.runs(&sentence.runs);
                    self.put("</span>");
                }
                false => self.runs(&sentence.runs),
            }
        }
    }

    fn runs(&mut self, runs: &[Run]) {
        for run in runs {
            match &run.mark {
                Mark::Footnote(number) => self.mark(*number),
                Mark::Break => self.put("<br>\n"),
                Mark::Entry(id) => {
                    let id = markup(id);
                    let _ = write!(self.text, "<a href=\"#{id}\">{}</a>", markup(&run.text));
                }
                Mark::Plain => {
                    let tags: Vec<&str> = [
                        (run.style.strong, "strong"),
                        (run.style.emphasis, "em"),
                        (run.style.strike, "s"),
                        (run.style.code, "code"),
                    ]
                    .into_iter()
                    .filter_map(|(on, tag)| on.then_some(tag))
                    .collect();
                    for tag in &tags {
                        let _ = write!(self.text, "<{tag}>");
                    }
                    self.put(&markup(&run.text));
                    for tag in tags.iter().rev() {
                        let _ = write!(self.text, "</{tag}>");
                    }
                }
            }
        }
    }

    fn mark(&mut self, number: usize) {
        let times = self.marks.entry(number).or_insert(0);
        *times += 1;
        let _ = write!(
            self.text,
            "<sup id=\"ref-{number}-{times}\"><a href=\"#fn-{number}\">[{number}]</a></sup>"
        );
    }
}
