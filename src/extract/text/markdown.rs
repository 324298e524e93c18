//! Markdown: as it is written, but pipe tables become rows.

use super::{LineEnds, wrap};
use crate::extract::detect::is_table_rule;
use crate::extract::encoding::TextReader;
use crate::extract::{Input, Key, Out, Stop};
use crate::model::{PartKind, Wrap};

/// A line is written in pieces when it gets longer; no table has such rows.
const LONGEST_LINE: usize = 1 << 20;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let mut text = TextReader::open(input, None)?;
    text.announce(out)?;
    let mut writer = Writer {
        out,
        text: wrap::Body::default(),
        state: State::Body,
        waiting: None,
        has_title: false,
    };
    let mut line = String::new();
    let mut ends = LineEnds::default();
    while let Some(piece) = text.piece()? {
        writer.text.begin(piece);
        let piece = ends.clean(piece);
        for part in piece.split_inclusive('\n') {
            line.push_str(part);
            if line.ends_with('\n') || line.len() > LONGEST_LINE {
                writer.line(&line)?;
                line.clear();
            }
        }
    }
    writer.line(&line)?;
    writer.flush()?;
    text.conclude(out)
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Body,
    /// Between fences: what looks like a table is none.
    Fenced,
    Table,
}

struct Writer<'a, 'b> {
    out: &'a mut Out<'b>,
    text: wrap::Body,
    state: State,
    /// A line with pipes: the head of a table, if a rule follows.
    waiting: Option<String>,
    has_title: bool,
}

impl Writer<'_, '_> {
    fn line(&mut self, line: &str) -> Result<(), Stop> {
        let trimmed = line.trim();
        if self.state == State::Table {
            if trimmed.contains('|') {
                return self.out.row(&cells(trimmed));
            }
            self.state = State::Body;
            if trimmed.is_empty() {
                return Ok(());
            }
        }
        if let Some(head) = self.waiting.take() {
            let columns = cells(head.trim()).len();
            if is_table_rule(trimmed) && cells(trimmed).len() == columns {
                self.text.close(self.out)?;
                self.out.part(PartKind::Table, Wrap::Lines)?;
                self.state = State::Table;
                return self.out.row(&cells(head.trim()));
            }
            self.body(&head)?;
        }
        let is_fence = trimmed.starts_with("```") || trimmed.starts_with("~~~");
        if self.state != State::Fenced && trimmed.contains('|') && !is_fence && line.ends_with('\n')
        {
            self.waiting = Some(line.to_owned());
            return Ok(());
        }
        if !self.has_title
            && let Some(title) = trimmed.strip_prefix("# ")
        {
            self.has_title = true;
            self.out.meta(Key::Title, title.trim_end_matches(['#', ' ']))?;
        }
        self.body(line)?;
        if is_fence {
            self.state = if self.state == State::Fenced { State::Body } else { State::Fenced };
        }
        Ok(())
    }

    fn body(&mut self, line: &str) -> Result<(), Stop> {
        self.text.text(line, self.out)
    }

    fn flush(&mut self) -> Result<(), Stop> {
        if let Some(line) = self.waiting.take() {
            self.body(&line)?;
        }
        self.text.close(self.out)
    }
}

/// The cells of a row: cut at pipes that are not escaped, escapes of punctuation resolved,
/// `<br>` as a line end.
fn cells(row: &str) -> Vec<String> {
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut cells = vec![String::new()];
    let mut chars = row.chars().peekable();
    while let Some(char) = chars.next() {
        // There is always a last one: the vector begins with it and only grows.
        let Some(cell) = cells.last_mut() else { break };
        match char {
            '\\' if chars.peek().is_some_and(char::is_ascii_punctuation) => {
                cell.extend(chars.next());
            }
            '|' => cells.push(String::new()),
            _ => cell.push(char),
        }
    }
    // The pipe at the end closes the last cell and opens none.
    if cells.len() > 1
        && cells.last().is_some_and(|cell| cell.trim().is_empty())
        && row.ends_with('|')
    {
        cells.pop();
    }
    for cell in &mut cells {
        let clean =
            cell.trim().replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n");
        *cell = clean;
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::collect::collect;

    #[test]
    fn tables_become_rows() {
        let all = collect(
            "# 聊天\n前言\n\n| 时间 | 内容 |\n|---|---|\n| 1 | a\\|b \\(c\\) |\n| 2 | x<br>y |\n\n后记 | 不是表\n末尾\n".as_bytes(),
            "x.md",
        );
        let texts: Vec<_> = all.parts.iter().map(|part| (part.kind, all.part_text(part))).collect();
        assert_eq!(
            texts,
            [
                (PartKind::Body, "# 聊天\n前言\n\n"),
                (PartKind::Table, "时间\t内容\n1\ta|b (c)\n2\tx\u{2028}y\n"),
                (PartKind::Body, "后记 | 不是表\n末尾\n"),
            ]
        );
        assert_eq!(all.meta(&Key::Title), Some("聊天"));
    }

    #[test]
    fn fences_and_lone_pipes_are_no_tables() {
        let text = "```\na | b\n--- | ---\n```\nc | d\n";
        let all = collect(text.as_bytes(), "x.md");
        assert_eq!(all.text, text);
        assert_eq!(all.parts.len(), 1);
    }

    #[test]
    fn cells_are_cut_at_pipes() {
        assert_eq!(cells("| a | b |"), ["a", "b"]);
        assert_eq!(cells("a | b"), ["a", "b"]);
        assert_eq!(cells("| a | |"), ["a", ""]);
        assert_eq!(cells("|"), [""]);
    }
}
