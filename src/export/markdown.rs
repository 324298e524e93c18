//! A report as Markdown with footnotes (`[^1]`), for GitHub, Pandoc and people.

use super::inert::{markdown as plain, one_line, visible};
use super::report::{Block, Entry, Fact, Mark, Report, Run, Sentence, Style};
use super::wording::{self, Look};
use std::fmt::Write;

/// What stands before a footnote's locator, inside of its code span.
pub const LOCATOR: &str = "casebook-locator ";

/// What stands before the seal, inside of its code span.
pub const SEAL: &str = "casebook-seal ";

/// The whole report.
pub fn write(report: &Report) -> String {
    let mut out = Writer { text: String::new(), report };
    out.all();
    out.text
}

/// Blocks alone, with `[^1]` for footnotes.
pub fn text(blocks: &[Block]) -> String {
    let report = Report::default();
    let mut out = Writer { text: String::new(), report: &report };
    out.blocks("", blocks);
    out.text.trim_matches('\n').to_owned()
}

struct Writer<'a> {
    text: String,
    report: &'a Report,
}

impl Writer<'_> {
    fn all(&mut self) {
        let report = self.report;
        self.line("", &format!("# {}", title(&report.title)));
        self.line("", "");
        for (label, value) in wording::head(report) {
            self.line("", &format!("- {label}: {}", title(&value)));
        }
        for section in &report.sections {
            self.line("", &format!("\n## {}", section.title));
            if !section.intro.is_empty() {
                self.line("", &format!("\n{}", plain(&section.intro)));
            }
            for entry in &section.entries {
                self.entry(entry);
            }
        }
        self.line("", &format!("\n## {}\n", wording::LIMITS));
        for limit in &report.limits {
            self.line("", &format!("- {}", title(limit)));
        }
        self.footnotes();
        if let Some(seal) = &report.seal {
            self.line("", &format!("\n## {}\n\n{}", wording::SEAL, title(&seal.words())));
            self.line("", &format!("\n`{SEAL}{}`", seal.line()));
        }
    }

    fn footnotes(&mut self) {
        let report = self.report;
        if report.footnotes.is_empty() {
            return;
        }
        self.line("", &format!("\n## Footnotes\n\n{}", plain(&wording::footnotes_intro(report))));
        for footnote in &report.footnotes {
            let _ = write!(self.text, "\n[^{}]: {}", footnote.number, footnote.id);
            for line in wording::lines(footnote, &report.date) {
                self.text.push_str("\n\n");
                let label = match line.label.is_empty() {
                    true => String::new(),
                    false => format!("{}: ", plain(&line.label)),
                };
                match line.look {
                    Look::Quote => {
                        self.line("    ", &format!("{}\n", label.trim_end()));
                        self.prefixed("    > ", &line.text);
                        self.text.truncate(self.text.trim_end_matches('\n').len());
                    }
                    Look::Fixed => {
                        let _ = write!(self.text, "    {label}{}", code(&one_line(&line.text)));
                    }
                    Look::Warning => {
                        let _ = write!(self.text, "    {label}**{}**", title(&line.text));
                    }
                    Look::Plain | Look::Aside => {
                        let _ = write!(self.text, "    {label}{}", title(&line.text));
                    }
                }
            }
            let _ = write!(self.text, "\n\n    `{LOCATOR}{}`\n", footnote.locator.line());
        }
    }

    /// Text behind a prefix that stands on each line of it, line ends as line ends.
    fn prefixed(&mut self, prefix: &str, text: &str) {
        for (at, line) in visible(text).trim().split('\n').enumerate() {
            if at > 0 {
                self.text.push_str("\\\n");
            }
            self.text.push_str(prefix);
            // An empty line would end the paragraph, and with it the line break before it.
            let line = plain(line);
            self.text.push_str(if line.is_empty() { "&nbsp;" } else { &line });
        }
        self.text.push('\n');
    }

    fn line(&mut self, prefix: &str, line: &str) {
        self.text.push_str(prefix);
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn entry(&mut self, entry: &Entry) {
        let heading = match entry.headline() {
            Some(sentence) => runs(&sentence.runs).trim().to_owned(),
            None => title(&entry.heading()),
        };
        self.line("", &format!("\n### {} {heading}\n", entry.id));
        for Fact { label, value, cites } in &entry.facts {
            let cites: String = cites.iter().map(|number| format!("[^{number}]")).collect();
            let value = if cites.is_empty() { rest_of_line(value) } else { title(value) };
            self.line("", &format!("- {}: {value}{cites}", title(label)));
        }
        if !entry.authors.is_empty() {
            self.line("", &format!("- by: {}", title(&entry.authors.join(", "))));
        }
        for (at, text) in entry.body().iter().enumerate() {
            if entry.texts.len() > 1 {
                self.line("", &format!("\n*{}*", title(&entry.text_heading(at))));
            }
            self.blocks("", text);
        }
        for (stance, cited) in entry.evidence_by_stance() {
            self.line("", &format!("\n**{}**\n", wording::heading(stance)));
            for evidence in cited {
                let Some(footnote) = self.report.footnote(evidence.footnote) else { continue };
                let mut line =
                    format!("- {}[^{}]", title(&wording::short(footnote)), evidence.footnote);
                let grade = wording::graded(evidence);
                if !grade.is_empty() {
                    line.push_str(&format!(" ({})", title(&grade)));
                }
                if let Some(unheld) = wording::unheld(footnote) {
                    line.push_str(&format!(" **{}**", title(&unheld)));
                }
                self.line("", &line);
            }
        }
        for id in &entry.related {
            if let Some(other) = self.report.entries().find(|other| other.id == *id) {
                self.line("", &format!("\n→ {id} {}", title(&other.title)));
            }
        }
        for review in &entry.reviews {
            self.line("", &format!("\n- {}", title(&wording::reviewed(review))));
        }
    }

    fn blocks(&mut self, prefix: &str, blocks: &[Block]) {
        for block in blocks {
            self.line("", prefix.trim_end());
            self.block(prefix, block);
        }
    }

    fn block(&mut self, prefix: &str, block: &Block) {
        match block {
            Block::Heading(level, text) => {
                // Below the heading of the entry.
                let hashes = "#".repeat(usize::from(level + 3).min(6));
                let text = runs(text).replace("\\\n", " ");
                self.line(prefix, &format!("{hashes} {text}"));
            }
            Block::Paragraph(sentences) => {
                let text = prose(sentences);
                for line in text.split('\n') {
                    self.line(prefix, line);
                }
            }
            Block::List { start, items } => {
                for (at, item) in items.iter().enumerate() {
                    let bullet = match start {
                        Some(start) => format!("{}. ", start.saturating_add(at as u64)),
                        None => "- ".to_owned(),
                    };
                    let inner = format!("{prefix}{}", " ".repeat(bullet.len()));
                    let mut first = Writer { text: String::new(), report: self.report };
                    first.blocks(&inner, item);
                    let text = first.text.trim_start_matches('\n');
                    let text = text.strip_prefix(inner.as_str()).unwrap_or(text);
                    self.line(prefix, &format!("{bullet}{}", text.trim_end_matches('\n')));
                }
            }
            Block::Quote(inner) => {
                let mut quoted = Writer { text: String::new(), report: self.report };
                quoted.blocks("", inner);
                for line in quoted.text.trim_matches('\n').split('\n') {
                    self.line(prefix, format!("> {line}").trim_end());
                }
            }
            Block::Code(code) => {
                let code = visible(code);
                let fence = "`".repeat(longest(&code, '`').max(2) + 1);
                self.line(prefix, &fence);
                for line in code.split('\n') {
                    self.line(prefix, line);
                }
                self.line(prefix, &fence);
            }
            Block::Table(rows) => {
                for (at, row) in rows.iter().enumerate() {
                    let cells: Vec<String> = row.iter().map(|sentences| cell(sentences)).collect();
                    self.line(prefix, &format!("| {} |", cells.join(" | ")));
                    if at == 0 {
                        self.line(prefix, &format!("|{}", "---|".repeat(row.len())));
                    }
                }
            }
            Block::Rule => self.line(prefix, "---"),
        }
    }
}

/// Text that must stay on one line.
fn title(text: &str) -> String {
    plain(&one_line(text))
}

/// The same where nothing follows: the only `~` of it (`2021~`) has no other to strike with.
fn rest_of_line(text: &str) -> String {
    let written = title(text);
    match text.matches('~').count() {
        1 => written.replacen("\\~", "~", 1),
        _ => written,
    }
}

/// A cell of a table, on one line. In code too a bar ends the cell unless it is behind a backslash.
fn cell(sentences: &[Sentence]) -> String {
    let runs = sentences.iter().flat_map(|sentence| &sentence.runs);
    let text: String = runs
        .map(|own| match own.style.code {
            true => run(own).replace('|', "\\|"),
            false => run(own),
        })
        .collect();
    text.trim().replace("\\\n", " ")
}

fn prose(sentences: &[Sentence]) -> String {
    sentences.iter().map(|sentence| runs(&sentence.runs)).collect::<String>().trim().to_owned()
}

fn runs(runs: &[Run]) -> String {
    runs.iter().map(run).collect()
}

fn run(run: &Run) -> String {
    let text = match &run.mark {
        Mark::Footnote(number) => return format!("[^{number}]"),
        Mark::Break => return "\\\n".to_owned(),
        Mark::Plain | Mark::Entry(_) => one_line(&run.text),
    };
    if run.style.code {
        return code(&text);
    }
    // Blanks and signs at the ends of emphasis would make it text, most of all between Han.
    let outside = |c: char| !c.is_alphanumeric();
    let rest = text.trim_start_matches(outside);
    let inner = rest.trim_end_matches(outside);
    if inner.is_empty() || run.style == Style::default() {
        return escaped(&text);
    }
    let (before, after) = (&text[..text.len() - rest.len()], &rest[inner.len()..]);
    let mut marks = String::new();
    if run.style.strike {
        marks.push_str("~~");
    }
    if run.style.strong {
        marks.push_str("**");
    }
    if run.style.emphasis {
        marks.push('*');
    }
    let closing: String = marks.chars().rev().collect();
    format!("{}{marks}{}{closing}{}", escaped(before), plain(inner), escaped(after))
}

/// A line as code, where every sign is itself.
fn code(text: &str) -> String {
    let ticks = "`".repeat(longest(text, '`') + 1);
    // One blank is taken off at both ends, if there is one at both.
    let is_blank = text.starts_with(' ') && text.ends_with(' ') && !text.trim().is_empty();
    let pad = if is_blank || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// A part of a line: blanks at its ends stand between it and its neighbours.
fn escaped(text: &str) -> String {
    let inner = text.trim_matches(' ');
    let before = if text.starts_with(' ') { " " } else { "" };
    let after = if text.ends_with(' ') && !inner.is_empty() { " " } else { "" };
    format!("{before}{}{after}", plain(inner))
}

/// The longest run of a sign.
fn longest(text: &str, sign: char) -> usize {
    text.split(|c| c != sign).map(str::len).max().unwrap_or(0)
}
