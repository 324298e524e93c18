//! The text of a note, which is Markdown, as blocks of sentences with footnotes.
//!
//! A note may quote a leak and may come from somebody else: raw HTML is text, links and pictures
//! are their words with the address behind them, and nothing is fetched by whoever opens a report.

use super::report::{Block, Mark, Run, Sentence, Style, plain};
use crate::model::note::bracketed;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// What a short number in brackets becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// A footnote with this number.
    Footnote(usize),
    /// A link to an entry of the report.
    Entry(String),
    /// These words.
    Text(String),
}

/// Lists and quotes may stand inside of each other so deep; below, they are put side by side.
const DEPTH: usize = 12;

/// Reads a text. `id` is that of the entry, `claims` says that its sentences claim something even
/// without a footnote, `named` what a short number in it becomes.
pub fn read(
    text: &str,
    id: &str,
    claims: bool,
    named: &mut dyn FnMut(&str) -> Becomes,
) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut reader = Reader {
        id,
        claims,
        named,
        sentences: 0,
        stack: vec![Vec::new()],
        kinds: Vec::new(),
        runs: Vec::new(),
        style: Style::default(),
        code: None,
        link: Vec::new(),
        pending: String::new(),
        rows: Vec::new(),
    };
    for event in Parser::new_ext(text, options) {
        reader.take(event);
    }
    reader.paragraph();
    reader.stack.into_iter().flatten().collect()
}

/// An open block that holds others.
enum Open {
    List { start: Option<u64>, items: Vec<Vec<Block>> },
    Item,
    Quote,
}

struct Reader<'a> {
    id: &'a str,
    claims: bool,
    named: &'a mut dyn FnMut(&str) -> Becomes,
    /// Sentences so far.
    sentences: usize,
    /// Blocks of each open container, the outermost first.
    stack: Vec<Vec<Block>>,
    kinds: Vec<Open>,
    runs: Vec<Run>,
    style: Style,
    code: Option<String>,
    /// Addresses of open links and pictures.
    link: Vec<String>,
    /// Text that comes in pieces, so that `[[A7]]` is seen whole.
    pending: String,
    rows: Vec<Vec<Vec<Sentence>>>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => match &mut self.code
            {
                Some(code) => code.push_str(&text),
                None => self.pending.push_str(&text),
            },
            Event::Code(text) => {
                self.settle();
                self.runs.push(Run {
                    text: text.into_string(),
                    style: Style { code: true, ..self.style },
                    mark: Mark::Plain,
                });
            }
            Event::SoftBreak => self.pending.push('\n'),
            Event::HardBreak => {
                self.settle();
                self.runs.push(Run { mark: Mark::Break, ..Run::default() });
            }
            Event::Rule => self.push(Block::Rule),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Strong | Tag::Emphasis | Tag::Strikethrough => {
                self.settle();
                match tag {
                    Tag::Strong => self.style.strong = true,
                    Tag::Emphasis => self.style.emphasis = true,
                    _ => self.style.strike = true,
                }
            }
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.link.push(dest_url.into_string());
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.paragraph();
                self.code = Some(String::new());
            }
            Tag::List(start) => {
                self.paragraph();
                self.open(Open::List { start, items: Vec::new() });
            }
            Tag::Item => self.open(Open::Item),
            Tag::BlockQuote(_) => {
                self.paragraph();
                self.open(Open::Quote);
            }
            Tag::Table(_) => {
                self.paragraph();
                self.rows.clear();
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::Paragraph | Tag::Heading { .. } | Tag::HtmlBlock => self.paragraph(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough => {
                self.settle();
                match tag {
                    TagEnd::Strong => self.style.strong = false,
                    TagEnd::Emphasis => self.style.emphasis = false,
                    _ => self.style.strike = false,
                }
            }
            TagEnd::Link | TagEnd::Image => {
                let address = self.link.pop().unwrap_or_default();
                if !address.is_empty() && !self.pending.ends_with(&address) {
                    self.pending.push_str(&format!(" ({address})"));
                }
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.push(Block::Code(code.trim_end_matches('\n').to_owned()));
            }
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.paragraph(),
            TagEnd::Heading(level) => {
                self.settle();
                let runs = tidy(std::mem::take(&mut self.runs));
                self.push(Block::Heading(level_of(level), runs));
            }
            TagEnd::TableCell => {
                let cell = self.cut();
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::Table => {
                let rows = std::mem::take(&mut self.rows);
                self.push(Block::Table(rows));
            }
            TagEnd::List(_) | TagEnd::Item | TagEnd::BlockQuote(_) => {
                self.paragraph();
                self.close();
            }
            _ => {}
        }
    }

    fn push(&mut self, block: Block) {
        if let Some(blocks) = self.stack.last_mut() {
            blocks.push(block);
        }
    }

    fn open(&mut self, kind: Open) {
        self.kinds.push(kind);
        self.stack.push(Vec::new());
    }

    fn close(&mut self) {
        let (Some(kind), Some(blocks)) = (self.kinds.pop(), self.stack.pop()) else { return };
        let deep = self.kinds.len() >= DEPTH;
        match kind {
            Open::Item => {
                // The list that it is in stands below its own, empty, blocks.
                if let Some(Open::List { items, .. }) = self.kinds.last_mut() {
                    items.push(blocks);
                }
            }
            Open::List { items, .. } if deep => {
                items.into_iter().flatten().for_each(|b| self.push(b))
            }
            Open::List { start, items } => self.push(Block::List { start, items }),
            Open::Quote if deep => blocks.into_iter().for_each(|block| self.push(block)),
            Open::Quote => self.push(Block::Quote(blocks)),
        }
    }

    /// Ends a paragraph, if one is open.
    fn paragraph(&mut self) {
        let sentences = self.cut();
        if !sentences.is_empty() {
            self.push(Block::Paragraph(sentences));
        }
    }

    /// Turns the text that came into runs, short numbers into what they become.
    fn settle(&mut self) {
        let text = std::mem::take(&mut self.pending);
        let mut from = 0;
        for (range, _) in bracketed(&text) {
            let name = &text[range.clone()];
            let becomes = (self.named)(name);
            let before = &text[from..range.start - 2];
            match becomes {
                Becomes::Footnote(number) => {
                    // An anchor is a sign behind what it shows, a document or message a word.
                    let is_sign = name.starts_with('A');
                    self.plain(if is_sign { before.trim_end_matches(' ') } else { before });
                    if !is_sign {
                        self.plain(name);
                    }
                    self.runs.push(Run { style: self.style, ..Run::footnote(number) });
                }
                Becomes::Entry(id) => {
                    self.plain(before);
                    self.runs.push(Run {
                        text: name.to_owned(),
                        style: self.style,
                        mark: Mark::Entry(id),
                    });
                }
                Becomes::Text(text) => {
                    self.plain(before);
                    self.plain(&text);
                }
            }
            from = range.end + 2;
        }
        self.plain(&text[from..]);
    }

    fn plain(&mut self, text: &str) {
        if !text.is_empty() {
            self.runs.push(Run { style: self.style, ..Run::plain(text) });
        }
    }

    /// The open runs as sentences.
    fn cut(&mut self) -> Vec<Sentence> {
        self.settle();
        let runs = tidy(std::mem::take(&mut self.runs));
        let mut sentences = Vec::new();
        for runs in cut(runs) {
            self.sentences += 1;
            let mut sentence =
                Sentence { id: format!("{}/{}", self.id, self.sentences), claims: false, runs };
            sentence.claims =
                sentence.cites().next().is_some() || (self.claims && !sentence.text().is_empty());
            sentences.push(sentence);
        }
        sentences
    }
}

fn level_of(level: HeadingLevel) -> u8 {
    level as u8
}

/// Line ends of the source join as a reader would: nothing between Han, a blank elsewhere. White
/// space at the end goes.
fn tidy(mut runs: Vec<Run>) -> Vec<Run> {
    if let Some(last) = runs.iter_mut().rev().find(|run| run.mark == Mark::Plain) {
        last.text.truncate(last.text.trim_end().len());
    }
    let mut last = None;
    for run in &mut runs {
        if run.mark == Mark::Break {
            last = None;
        }
        if run.style.code || !run.text.contains('\n') {
            last = run.text.chars().last().or(last);
            continue;
        }
        let mut text = String::with_capacity(run.text.len());
        let mut chars = run.text.chars().peekable();
        while let Some(c) = chars.next() {
            let c = if c == '\n' {
                let is_wide = |c: char| crate::text::fold::entry(c).is_wide();
                let joins = last.is_some_and(is_wide) && chars.peek().is_some_and(|c| is_wide(*c));
                if joins {
                    continue;
                }
                ' '
            } else {
                c
            };
            text.push(c);
            last = Some(c);
        }
        run.text = text;
    }
    runs
}

/// Cuts runs into sentences (UAX 29). A footnote behind the full stop belongs to what it ends.
fn cut(runs: Vec<Run>) -> Vec<Vec<Run>> {
    // A line end that the author meant is no end of a sentence.
    let text = plain(&runs).replace('\n', " ");
    let mut borders: Vec<usize> = Vec::new();
    let mut from = 0;
    for piece in text.split_sentence_bounds() {
        let border = from + piece.len();
        // What is only white space or signs belongs to what stands before.
        if piece.chars().any(char::is_alphanumeric) && !goes_on(&text[..from]) {
            borders.push(from);
        }
        from = border;
    }
    if let Some(first) = borders.first_mut() {
        *first = 0;
    }
    let mut sentences: Vec<Vec<Run>> = Vec::new();
    let mut borders = borders.into_iter().peekable();
    let mut at = 0;
    for run in runs {
        let length = match run.mark {
            Mark::Break => 1,
            _ => run.text.len(),
        };
        if length == 0 {
            // A footnote: with what stands before it.
            match sentences.last_mut() {
                Some(last) => last.push(run),
                None => sentences.push(vec![run]),
            }
            continue;
        }
        let mut from = 0;
        loop {
            // Borders inside of this run or at its start.
            match borders.peek() {
                Some(&border) if border < at + length => {
                    let cut = border.saturating_sub(at);
                    if cut > from
                        && let Some(last) = sentences.last_mut()
                    {
                        last.push(part(&run, from..cut));
                    }
                    // A footnote before any text opened the first one already.
                    if border > 0 || sentences.is_empty() {
                        sentences.push(Vec::new());
                    }
                    from = cut.max(from);
                    borders.next();
                }
                _ => break,
            }
        }
        if sentences.is_empty() {
            sentences.push(Vec::new());
        }
        if let Some(last) = sentences.last_mut() {
            last.push(if run.mark == Mark::Break { run } else { part(&run, from..length) });
        }
        at += length;
    }
    sentences.retain(|runs| runs.iter().any(|r| !r.text.trim().is_empty() || is_footnote(r)));
    sentences
}

fn is_footnote(run: &Run) -> bool {
    matches!(run.mark, Mark::Footnote(_))
}

fn part(run: &Run, range: Range<usize>) -> Run {
    Run { text: run.text[range].to_owned(), ..run.clone() }
}

/// What UAX 29 takes for the end of a sentence and is none: an abbreviation.
fn goes_on(before: &str) -> bool {
    const SHORT: [&str; 14] = [
        "Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "No.", "Nos.", "St.", "Inc.", "Ltd.", "Co.", "vs.",
        "cf.", "approx.",
    ];
    let before = before.trim_end_matches(' ');
    let word = before.rsplit([' ', '\n', '(']).next().unwrap_or_default();
    SHORT.contains(&word)
        // An initial: `J. Smith`.
        || (word.len() == 2 && word.ends_with('.') && word.starts_with(|c: char| c.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Becomes {
        match name.split_at(1) {
            ("A" | "D", number) => Becomes::Footnote(number.parse().unwrap()),
            ("N", _) => Becomes::Entry(name.to_owned()),
            _ => Becomes::Text(name.to_owned()),
        }
    }

    fn shown(runs: &[Run]) -> String {
        runs.iter()
            .map(|run| {
                let text = match &run.mark {
                    Mark::Plain => run.text.clone(),
                    Mark::Break => "⏎".to_owned(),
                    Mark::Footnote(number) => format!("^{number}"),
                    Mark::Entry(id) => format!("→{id}"),
                };
                match run.style {
                    Style { strong: true, .. } => format!("*{text}*"),
                    Style { code: true, .. } => format!("`{text}`"),
                    _ => text,
                }
            })
            .collect()
    }

    /// Sentences by `|`, those that claim nothing in brackets.
    fn line(sentences: &[Sentence]) -> String {
        let each = |s: &Sentence| match s.claims {
            true => shown(&s.runs),
            false => format!("({})", shown(&s.runs)),
        };
        sentences.iter().map(each).collect::<Vec<_>>().join("|")
    }

    fn block(block: &Block) -> String {
        match block {
            Block::Heading(level, runs) => format!("h{level} {}", shown(runs)),
            Block::Paragraph(sentences) => line(sentences),
            Block::List { start, items } => {
                let items: Vec<String> = items.iter().map(|item| blocks(item)).collect();
                format!("list {start:?} [{}]", items.join(" ; "))
            }
            Block::Quote(inner) => format!("quote [{}]", blocks(inner)),
            Block::Code(code) => format!("code {code:?}"),
            Block::Table(rows) => {
                let row = |row: &Vec<Vec<Sentence>>| {
                    row.iter().map(|cell| line(cell)).collect::<Vec<_>>().join(",")
                };
                format!("table {}", rows.iter().map(row).collect::<Vec<_>>().join(" / "))
            }
            Block::Rule => "rule".to_owned(),
        }
    }

    fn blocks(all: &[Block]) -> String {
        all.iter().map(block).collect::<Vec<_>>().join("\n")
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(blocks(&read(text, "N1", false, &mut named)), expected, "{text:?}");
    }

    #[test]
    fn sentences_have_their_footnotes() {
        check(
            "付款三十万。[[A1]] 沈若岚知道！[[A2]]也许。",
            "付款三十万。^1 |沈若岚知道！^2|(也许。)",
        );
        check(
            "He paid 3.5 million [[A1]]. No. 7 said e.g. nothing.",
            "He paid 3.5 million^1. |(No. 7 said e.g. nothing.)",
        );
        check("see [[A7]] and [[N2]], [[P5]]", "see^7 and →N2, P5");
        check("as [[D5]] says", "as D5^5 says");
        check("an E1 visa on A7 paper", "(an E1 visa on A7 paper)");
        check("**李四**付款[[A1]]。", "*李四*付款^1。");
        check("[[A1]] begins", "^1 begins");
        check("“好。”他说。走了。", "(“好。”)|(他说。)|(走了。)");
        check("A7x xA7 A_1", "(A7x xA7 A_1)");
    }

    #[test]
    fn lines_join_as_they_are_read() {
        check("公司\n名称 and\nmore\\\nnew", "(公司名称 and more⏎new)");
    }

    #[test]
    fn blocks_stand_as_they_were_written() {
        check(
            "# 标题\n\ntext\n\n- a\n- b [[A1]]\n  1. c\n\n> q\n\n```\nx [[A1]]\n```\n\n---",
            "h1 标题\n(text)\nlist None [(a) ; b^1\nlist Some(1) [(c)]]\nquote [(q)]\ncode \"x [[A1]]\"\nrule",
        );
        check("| a | b |\n|---|---|\n| 1 [[A1]] | `c` |", "table (a),(b) / 1^1,(`c`)");
    }

    #[test]
    fn markup_of_others_is_text() {
        check(
            "<script>alert(1)</script>\n\n<b>x</b> ![p](http://a.example/p.png)",
            "(<script>alert(1)</script>)\n(<b>x</b> p (http://a.example/p.png))",
        );
        check("[text](javascript:x)", "(text (javascript:x))");
    }

    #[test]
    fn deep_lists_are_flattened() {
        let text: String = (0..60).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect();
        let blocks = read(&text, "N1", true, &mut named);
        fn depth(blocks: &[Block]) -> usize {
            let below = |block: &Block| match block {
                Block::List { items, .. } => {
                    1 + items.iter().map(|item| depth(item)).max().unwrap_or(0)
                }
                Block::Quote(inner) => 1 + depth(inner),
                _ => 0,
            };
            blocks.iter().map(below).max().unwrap_or(0)
        }
        assert!(depth(&blocks) <= DEPTH, "{}", depth(&blocks));
    }
}
