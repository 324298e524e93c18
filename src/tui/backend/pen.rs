//! How letters are drawn, and the shortest sequence that changes it.

use ratatui::style::{Color, Modifier};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Pen {
    pub(super) fg: Color,
    pub(super) bg: Color,
    pub(super) modifier: Modifier,
}

pub(super) const PLAIN: Pen =
    Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

impl Pen {
    /// Writes one sequence that says only what differs from the pen before.
    pub(super) fn take_over_from(self, before: Pen, buffer: &mut Vec<u8>) {
        if self == before {
            return;
        }
        if self == PLAIN {
            buffer.extend_from_slice(b"\x1b[m");
            return;
        }
        let mut codes: Vec<String> = Vec::new();
        let mut from = before;
        let gone = from.modifier - self.modifier;
        if !gone.is_empty() {
            codes.push("0".to_owned());
            from = PLAIN;
        }
        let added = self.modifier - from.modifier;
        for (modifier, code) in MODIFIERS {
            if added.contains(modifier) {
                codes.push(code.to_owned());
            }
        }
        if self.fg != from.fg {
            codes.push(colour(self.fg, 30));
        }
        if self.bg != from.bg {
            codes.push(colour(self.bg, 40));
        }
        buffer.extend_from_slice(b"\x1b[");
        buffer.extend_from_slice(codes.join(";").as_bytes());
        buffer.push(b'm');
    }
}

const MODIFIERS: [(Modifier, &str); 6] = [
    (Modifier::BOLD, "1"),
    (Modifier::DIM, "2"),
    (Modifier::ITALIC, "3"),
    (Modifier::UNDERLINED, "4"),
    (Modifier::REVERSED, "7"),
    (Modifier::CROSSED_OUT, "9"),
];

/// The SGR code of a colour; `base` is 30 for letters, 40 for the ground.
fn colour(colour: Color, base: u8) -> String {
    let bright = |number: u8| (base + 60 + number).to_string();
    match colour {
        Color::Reset => (base + 9).to_string(),
        Color::Black => base.to_string(),
        Color::Red => (base + 1).to_string(),
        Color::Green => (base + 2).to_string(),
        Color::Yellow => (base + 3).to_string(),
        Color::Blue => (base + 4).to_string(),
        Color::Magenta => (base + 5).to_string(),
        Color::Cyan => (base + 6).to_string(),
        Color::Gray => (base + 7).to_string(),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(number) => format!("{};5;{number}", base + 8),
        Color::Rgb(r, g, b) => format!("{};2;{r};{g};{b}", base + 8),
    }
}
