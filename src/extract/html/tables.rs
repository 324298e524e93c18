//! Which tables hold data and which only lay out the page.

use super::tokens::{Token, Tokens};

/// For each table, in order: whether it holds data, that is, rows of several cells without another
/// table inside.
pub(super) fn survey(html: &str) -> Vec<bool> {
    struct Open {
        number: usize,
        cells: usize,
        widest: usize,
        is_outer: bool,
    }
    let mut data = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for token in Tokens::new(html) {
        match token {
            Token::Open(tag) => match &*tag.name {
                "table" => {
                    if let Some(outer) = open.last_mut() {
                        outer.is_outer = true;
                    }
                    open.push(Open { number: data.len(), cells: 0, widest: 0, is_outer: false });
                    data.push(false);
                }
                "tr" => {
                    if let Some(table) = open.last_mut() {
                        table.cells = 0;
                    }
                }
                "td" | "th" => {
                    if let Some(table) = open.last_mut() {
                        table.cells += 1;
                        table.widest = table.widest.max(table.cells);
                    }
                }
                _ => {}
            },
            Token::Close(name) if name == "table" => {
                if let Some(table) = open.pop() {
                    data[table.number] = !table.is_outer && table.widest > 1;
                }
            }
            _ => {}
        }
    }
    for table in open {
        data[table.number] = !table.is_outer && table.widest > 1;
    }
    data
}
