//! The text of an HTML body.

use std::panic::catch_unwind;

/// Columns to wrap at: none, in effect.
const WIDE: usize = 100_000;

/// Text of a page, one line a block.
pub fn to_text(page: &str) -> String {
    let render = || {
        html2text::config::plain_no_decorate()
            .no_table_borders()
            .no_link_wrapping()
            .allow_width_overflow()
            .string_from_read(page.as_bytes(), WIDE)
    };
    match catch_unwind(render) {
        Ok(Ok(text)) => text,
        _ => without_tags(page),
    }
}

/// What is left without tags, where the page cannot be rendered.
fn without_tags(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    let mut inside = false;
    for c in page.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            _ if !inside => out.push(c),
            _ => {}
        }
    }
    out
}
