//! The text of a note, which is Markdown, as blocks of sentences with footnotes.
//!
//! A note may quote a leak and may come from somebody else: raw HTML is text, links and pictures
//! are their words with the address behind them, and nothing is fetched by whoever opens a report.

mod sentence;
#[cfg(test)]
mod tests;

use super::report::{Block, Mark, Run, Sentence, Style};
use crate::model::note::bracketed;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use sentence::{cut, tidy};

/// What a short number in brackets becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// A footnote with this number.
    Footnote(usize),
    /// These words and a footnote with this number.
    Cited(String, usize),
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
                Becomes::Cited(words, number) => {
                    self.plain(before);
                    self.plain(&words);
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
