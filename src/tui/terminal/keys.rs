//! What the terminal says, in our words.

use crate::app::event::Event;
use crate::app::key::{Code, Key};
use crossterm::event::{
    self as term, KeyCode, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};

/// An event; `None` for what nobody asked.
pub(super) fn translate(event: term::Event) -> Option<Event> {
    match event {
        term::Event::Key(key) if key.kind != KeyEventKind::Release => {
            translate_key(key).map(Event::Key)
        }
        term::Event::Paste(text) => Some(Event::Paste(text)),
        term::Event::Resize(width, height) => Some(Event::Resize(width, height)),
        term::Event::Mouse(mouse) => {
            let (x, y) = (mouse.column, mouse.row);
            match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => Some(Event::Click { x, y }),
                MouseEventKind::Drag(MouseButton::Left) => Some(Event::Drag { x, y }),
                MouseEventKind::ScrollDown => Some(Event::Wheel { x, y, by: 3 }),
                MouseEventKind::ScrollUp => Some(Event::Wheel { x, y, by: -3 }),
                _ => None,
            }
        }
        _ => None,
    }
}

fn translate_key(key: term::KeyEvent) -> Option<Key> {
    let mut shift = key.modifiers.contains(KeyModifiers::SHIFT);
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let code = match key.code {
        KeyCode::Char(c) => {
            shift = false;
            Code::Char(if ctrl { c.to_ascii_lowercase() } else { c })
        }
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => {
            shift = true;
            Code::Tab
        }
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(number) => Code::F(number),
        _ => return None,
    };
    Some(Key { code, ctrl, alt: key.modifiers.contains(KeyModifiers::ALT), shift })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_terminal() {
        let press = |code, modifiers| {
            translate_key(term::KeyEvent::new(code, modifiers)).unwrap().to_string()
        };
        assert_eq!(press(KeyCode::Char('G'), KeyModifiers::SHIFT), "G");
        assert_eq!(
            press(KeyCode::Char('O'), KeyModifiers::CONTROL | KeyModifiers::SHIFT),
            "ctrl-o"
        );
        assert_eq!(press(KeyCode::BackTab, KeyModifiers::SHIFT), "shift-tab");
        assert_eq!(press(KeyCode::Char('合'), KeyModifiers::NONE), "合");
    }
}
