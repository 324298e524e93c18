//! The text area that notes are written in. Its state lives with the face, because it is a widget
//! of the terminal library; the app says what is done to it and hears what its text is.
//!
//! What gets into it is safe to print: pasted evidence may hold anything, so what cannot be shown
//! as itself becomes a visible mark here, before the widget draws it.

use crate::app::event::Edit;
use crate::app::key::{Code, Key};
use crate::app::layout::Area;
use crate::text::sanitise;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use tui_textarea::{CursorMove, Input, Key as AreaKey, TextArea, WrapMode};

/// Steps that can be undone.
const STEPS: usize = 500;

#[derive(Default)]
pub struct Editor {
    area: Option<TextArea<'static>>,
}

impl Editor {
    /// Does what the app asks; gives the text when it may have changed.
    pub fn apply(&mut self, edit: Edit) -> Option<String> {
        match edit {
            Edit::Open(text) => {
                let mut area = TextArea::new(lines(&text));
                area.set_wrap_mode(WrapMode::WordOrGlyph);
                area.set_max_histories(STEPS);
                area.set_cursor_line_style(Style::new());
                // The terminal's own cursor shows where one is: input methods follow it.
                area.set_cursor_style(Style::new());
                area.move_cursor(CursorMove::Bottom);
                area.move_cursor(CursorMove::End);
                self.area = Some(area);
                None
            }
            Edit::Close => {
                self.area = None;
                None
            }
            Edit::Key(key) => self.change(|area| area.input(input(key))),
            Edit::Insert(text) => self.change(|area| area.insert_str(lines(&text).join("\n"))),
            Edit::Undo => self.change(TextArea::undo),
            Edit::Redo => self.change(TextArea::redo),
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut TextArea<'static>) -> bool) -> Option<String> {
        let area = self.area.as_mut()?;
        change(area).then(|| area.lines().join("\n"))
    }

    /// Draws it; gives the place of the cursor.
    pub fn draw(&self, buffer: &mut Buffer, area: Area) -> Option<(u16, u16)> {
        let text = self.area.as_ref()?;
        // One cell of air on the left, as everywhere.
        let area = Area { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
        if area.width < 2 || area.height == 0 {
            return None;
        }
        text.render(Rect::new(area.x, area.y, area.width, area.height), buffer);
        let cursor = text.screen_cursor();
        let (top, left) = text.scroll_offset();
        let place = |at: usize, from: u16| u16::try_from(at).ok()?.checked_sub(from);
        let (x, y) = (place(cursor.col, left)?, place(cursor.row, top)?);
        (x <= area.width && y < area.height).then_some((area.x + x.min(area.width - 1), area.y + y))
    }
}

/// The lines of a text, safe to print.
fn lines(text: &str) -> Vec<String> {
    let safe = |line: &str| {
        let parts: Vec<_> = line.split('\t').map(sanitise::line).collect();
        parts.join("\t")
    };
    text.replace("\r\n", "\n").replace('\r', "\n").split('\n').map(safe).collect()
}

fn input(key: Key) -> Input {
    let area_key = match key.code {
        Code::Char(c) => AreaKey::Char(c),
        Code::Enter => AreaKey::Enter,
        Code::Esc => AreaKey::Esc,
        Code::Tab => AreaKey::Tab,
        Code::Backspace => AreaKey::Backspace,
        Code::Delete => AreaKey::Delete,
        Code::Left => AreaKey::Left,
        Code::Right => AreaKey::Right,
        Code::Up => AreaKey::Up,
        Code::Down => AreaKey::Down,
        Code::Home => AreaKey::Home,
        Code::End => AreaKey::End,
        Code::PageUp => AreaKey::PageUp,
        Code::PageDown => AreaKey::PageDown,
        Code::F(number) => AreaKey::F(number),
        Code::Insert => AreaKey::Null,
    };
    Input { key: area_key, ctrl: key.ctrl, alt: key.alt, shift: key.shift }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(start: &str, keys: &str) -> String {
        let mut editor = Editor::default();
        editor.apply(Edit::Open(start.to_owned()));
        let mut text = start.to_owned();
        for key in keys.split_whitespace() {
            text = editor.apply(Edit::Key(key.parse().unwrap())).unwrap_or(text);
        }
        text
    }

    #[test]
    fn chinese_is_written_moved_over_and_deleted() {
        assert_eq!(typed("合同", "台 账 left backspace"), "合同账");
        assert_eq!(typed("青河\n付款", "up end 的 enter x"), "青河的\nx\n付款");
    }

    #[test]
    fn what_is_pasted_is_shown_and_undone() {
        let mut editor = Editor::default();
        editor.apply(Edit::Open("a".to_owned()));
        let hostile = "\x1b]52;c;aGk=\x07\u{202e}b\r\n\tc";
        let pasted = editor.apply(Edit::Insert(hostile.to_owned())).unwrap();
        assert_eq!(pasted, "a␛]52;c;aGk=␇⟨U+202E⟩b\n\tc");
        assert_eq!(editor.apply(Edit::Undo).unwrap(), "a");
        assert_eq!(editor.apply(Edit::Redo).unwrap(), pasted);
    }

    #[test]
    fn the_cursor_stands_where_the_next_character_goes() {
        let mut editor = Editor::default();
        editor.apply(Edit::Open("青河付款".to_owned()));
        let area = Area { x: 10, y: 5, width: 7, height: 4 };
        let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 12));
        // Six cells of text hold three characters; the fourth stands in the next row.
        assert_eq!(editor.draw(&mut buffer, area), Some((13, 6)));
        assert_eq!(buffer[(11, 5)].symbol(), "青");
        assert_eq!(buffer[(11, 6)].symbol(), "款");
    }
}
