//! Tables in Markdown and HTML, with the text around them.
//!
//! The I-Soon logs are HTML tables inside Markdown files; others are pipe tables. Both may stand
//! in one file, several of each, with prose between them. Only known tags are markup: a message
//! may hold `<msg>` or `<tags>` that nobody escaped, and that is what was written.

use super::markup;

/// One cell: its text and the sources of images in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) images: Vec<String>,
}

/// One row with its byte range in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Row {
    pub(super) fn text(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", |cell| cell.text.as_str())
    }

    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.trim().is_empty() && cell.images.is_empty())
    }
}

/// A stretch of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text between tables, by its byte range.
    Prose(usize, usize),
    Table(Vec<Row>),
}

/// Cuts a document into tables and what stands between them.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some((start, end)) = html_table(text, at) {
        pipes(text, at, start, &mut pieces);
        pieces.push(Piece::Table(markup::rows(text, start, end)));
        at = end;
    }
    pipes(text, at, text.len(), &mut pieces);
    pieces
}

/// The next `<table ...>...</table>`; a table that is not closed ends with the text.
fn html_table(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    let mut start = None;
    let mut depth = 0u32;
    while let Some((opens, tag)) = markup::next_table(text, at) {
        at = tag + 1;
        match (opens, start) {
            (true, _) => {
                start.get_or_insert(tag);
                depth += 1;
            }
            (false, None) => {}
            (false, Some(start)) => {
                depth -= 1;
                if depth == 0 {
                    let end = text[tag..].find('>').map_or(text.len(), |end| tag + end + 1);
                    return Some((start, end));
                }
            }
        }
    }
    start.map(|start| (start, text.len()))
}

/// A line without its end, with its byte range.
struct Line<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

fn lines(text: &str, from: usize, to: usize) -> Vec<Line<'_>> {
    let mut at = from;
    text[from..to]
        .split_inclusive('\n')
        .map(|line| {
            let start = at;
            at += line.len();
            Line { text: line.trim_end_matches(['\n', '\r']), start, end: at }
        })
        .collect()
}

/// `| --- | :---: |`, with or without the outer pipes.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains('|')
        && line.contains('-')
        && line.split('|').all(|cell| {
            let cell = cell.trim();
            cell.is_empty() || (cell.contains('-') && cell.chars().all(|c| matches!(c, '-' | ':')))
        })
}

/// Pipe tables between two places of the text. A table has a rule below its first line, or every
/// line begins with a pipe.
fn pipes(text: &str, from: usize, to: usize, pieces: &mut Vec<Piece>) {
    let lines = lines(text, from, to);
    let mut prose = from;
    let mut at = 0;
    while at < lines.len() {
        let ruled = lines[at].text.contains('|')
            && lines.get(at + 1).is_some_and(|next| is_rule(next.text));
        let piped = lines[at].text.trim_start().starts_with('|') && columns(lines[at].text) >= 4;
        if !ruled && !piped {
            at += 1;
            continue;
        }
        let (rows, next) = pipe_rows(&lines, at);
        if rows.is_empty() {
            at = next.max(at + 1);
            continue;
        }
        if prose < lines[at].start {
            pieces.push(Piece::Prose(prose, lines[at].start));
        }
        prose = lines.get(next).map_or(to, |line| line.start);
        pieces.push(Piece::Table(rows));
        at = next;
    }
    if prose < to {
        pieces.push(Piece::Prose(prose, to));
    }
}

fn columns(line: &str) -> usize {
    split_row(line).len()
}

/// A row that goes on over more lines than this was never closed.
const MOST_LINES: usize = 200;

/// The rows from this line on, and the line after them.
fn pipe_rows(lines: &[Line], first: usize) -> (Vec<Row>, usize) {
    let fenced = |line: &str| line.trim_start().starts_with('|');
    let closed = |line: &str| ends_with_pipe(line.trim_end());
    let framed = fenced(lines[first].text) && closed(lines[first].text);
    let mut width = columns(lines[first].text);
    let mut rows: Vec<Row> = Vec::new();
    let mut at = first;
    let length = lines[first..]
        .iter()
        .position(|line| line.text.trim().is_empty())
        .unwrap_or(lines.len() - first);
    let escaped = escapes(&lines[first..first + length]);
    while let Some(line) = lines.get(at) {
        if is_rule(line.text) {
            at += 1;
            continue;
        }
        let belongs = match framed {
            true => fenced(line.text) || rows.last().is_some_and(|row| is_like(line, row, width)),
            false => line.text.contains('|'),
        };
        if !belongs || line.text.trim().is_empty() {
            break;
        }
        let (start, mut end) = (line.start, line.end);
        let mut whole = line.text.to_owned();
        at += 1;
        // In a framed table a row that is not closed goes on in the next lines: somebody wrote a
        // line break and the table's maker left it as it was.
        if framed && !closed(&whole) {
            let tail = &lines[at..lines.len().min(at + MOST_LINES)];
            let like = |line: &Line| rows.last().is_some_and(|row| is_like(line, row, width));
            let more = continuation(tail, if rows.is_empty() { 0 } else { width }, &like);
            for line in &tail[..more] {
                whole.push('\n');
                whole.push_str(line.text);
                end = line.end;
            }
            at += more;
        }
        let mut cells = split_row(&whole);
        if rows.is_empty() {
            width = cells.len();
        }
        // Pipes that nobody escaped stand in the last column, which is the message.
        if cells.len() > width && width > 1 {
            let surplus = cells.split_off(width - 1);
            cells.push(surplus.join("|"));
        }
        let cells = cells.iter().map(|cell| pipe_cell(cell, escaped)).collect();
        rows.push(Row { cells, start, end });
    }
    (rows, at)
}

/// A row of a framed table that somebody wrote without its first pipe: it has as many cells, and
/// the first one is built as in the row before it, digit for digit (a time).
fn is_like(line: &Line, row: &Row, width: usize) -> bool {
    let shape = |cell: &str| -> String {
        cell.trim().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
    };
    let built = shape(row.text(0));
    built.len() >= 5
        && built.contains('0')
        && !line.text.trim_start().starts_with('|')
        && columns(line.text) >= width
        && split_row(line.text).first().is_some_and(|cell| shape(&plain(cell, true)) == built)
}

/// How many of these lines belong to the row before them, which was not closed: all up to the next
/// whole row of the same table, or to the last one that closes it. A line of the message may begin
/// with a pipe too; it is a row when it has as many cells as the table has columns.
fn continuation(tail: &[Line], width: usize, is_like: &dyn Fn(&Line) -> bool) -> usize {
    let is_row = |line: &Line| {
        let fenced = line.text.trim_start().starts_with('|');
        (fenced && columns(line.text) >= width.max(1)) || is_like(line)
    };
    let is_head = |at: usize| tail.get(at + 1).is_some_and(|line| is_rule(line.text));
    let own = (0..tail.len()).take_while(|at| !is_row(&tail[*at]) && !is_head(*at)).count();
    if own < tail.len() && !is_head(own) {
        return own;
    }
    let closed = |line: &Line| ends_with_pipe(line.text.trim_end());
    tail[..own].iter().rposition(closed).map_or(0, |last| last + 1)
}

fn ends_with_pipe(line: &str) -> bool {
    line.ends_with('|') && !line.ends_with("\\|")
}

/// The raw cells of one row, escaped pipes not counted.
fn split_row(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = if ends_with_pipe(line) { &line[..line.len() - 1] } else { line };
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in line.chars() {
        if c == '|' && !escaped {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(c);
        }
        escaped = c == '\\';
    }
    cells
}

/// `<br>` is a line end; what Markdown escapes, and character references, stand for a character;
/// everything else stands as it was written. Pictures are named beside the text; where a cell is
/// nothing but pictures, that is all there is of it.
fn pipe_cell(raw: &str, escaped: bool) -> Cell {
    let text = markup::breaks(raw);
    let text = text.trim();
    let (images, others) = pictures(text);
    let text = if images.is_empty() || others { plain(text, escaped) } else { String::new() };
    Cell { text, images }
}

/// Whether whoever made this table escapes what Markdown would take for its own. Only then are two
/// backslashes one: others write paths as they are.
fn escapes(lines: &[Line]) -> bool {
    lines.iter().any(|line| {
        let bytes = line.text.as_bytes();
        bytes
            .windows(2)
            .any(|pair| pair[0] == b'\\' && matches!(pair[1], b'_' | b'*' | b'[' | b'`'))
    })
}

/// Without the escapes of Markdown and with the characters that references stand for. A backslash
/// that escapes nothing stays.
fn plain(text: &str, escaped: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let after = rest[1..].chars().next();
        let (c, length) = match after {
            Some('\\') if rest.starts_with('\\') && !escaped => {
                out.push('\\');
                ('\\', 2)
            }
            Some(c) if rest.starts_with('\\') && c.is_ascii_punctuation() => (c, 2),
            _ if rest.starts_with('\\') => ('\\', 1),
            _ => markup::reference_at(rest).unwrap_or(('&', 1)),
        };
        out.push(c);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The sources of `![alt](source)` and `<img src=source>`, and whether there is anything else.
fn pictures(text: &str) -> (Vec<String>, bool) {
    let mut images = Vec::new();
    let mut others = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let picture = match c {
            '!' => markdown_picture(rest),
            '<' => markup::picture(rest),
            _ => None,
        };
        match picture {
            Some((source, length)) => {
                images.push(source);
                rest = &rest[length..];
            }
            None => {
                others |= !c.is_whitespace();
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    (images, others)
}

/// The source of a picture that begins here, and how many bytes it takes.
fn markdown_picture(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix("![")?;
    let alt = inner.find(']')?;
    let target = inner[alt..].strip_prefix("](")?;
    let close = target.find(')')?;
    let source = &target[..close];
    let plain = !source.is_empty() && !inner[..alt].contains('\n') && !source.contains(['(', '\n']);
    plain.then(|| (source.to_owned(), 2 + alt + 2 + close + 1))
}
