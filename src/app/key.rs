//! Keys as people write them: `q`, `G`, `ctrl-o` or `^o`, `enter`, `shift-tab`, and sequences `g g`.

use std::fmt;
use std::str::FromStr;

/// One key press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub code: Code,
    pub ctrl: bool,
    pub alt: bool,
    /// Only with keys that are no characters: a shifted character is another character.
    pub shift: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

const NAMES: [(&str, Code); 16] = [
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("insert", Code::Insert),
    ("left", Code::Left),
    ("right", Code::Right),
    ("up", Code::Up),
    ("down", Code::Down),
    ("home", Code::Home),
    ("end", Code::End),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
    ("space", Code::Char(' ')),
    ("minus", Code::Char('-')),
];

/// Keys that have names.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    NAMES.iter().map(|(name, _)| *name)
}

impl Key {
    pub const fn plain(code: Code) -> Self {
        Key { code, ctrl: false, alt: false, shift: false }
    }

    pub const fn char(c: char) -> Self {
        Key::plain(Code::Char(c))
    }

    pub const fn ctrl(c: char) -> Self {
        Key { code: Code::Char(c), ctrl: true, alt: false, shift: false }
    }

    /// A letter or sign, held with ctrl or alt or not: who presses it expects something of it.
    pub fn is_letter(&self) -> bool {
        matches!(self.code, Code::Char(_))
    }

    /// With `^` for ctrl, whatever the key.
    fn short(&self) -> String {
        let is_held = self.ctrl || self.alt || self.shift;
        let key = Key { ctrl: false, ..*self };
        match self.code {
            Code::Char('-') if !is_held => "-".to_owned(),
            _ if self.ctrl => format!("^{key}"),
            _ => key.to_string(),
        }
    }

    /// The character that this key types into an input line.
    pub fn typed(&self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (is_held, name) in [(self.ctrl, "ctrl-"), (self.alt, "alt-"), (self.shift, "shift-")] {
            if is_held {
                f.write_str(name)?;
            }
        }
        if let Some((name, _)) = NAMES.iter().find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            Code::Char(c) => write!(f, "{c}"),
            Code::F(number) => write!(f, "f{number}"),
            other => write!(f, "{other:?}"),
        }
    }
}

/// A key that nobody can press.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a key; keys look like q, G, ctrl-o, alt-x, enter, shift-tab, f5")]
pub struct BadKey(pub String);

impl FromStr for Key {
    type Err = BadKey;
    fn from_str(text: &str) -> Result<Self, BadKey> {
        let bad = || BadKey(text.to_owned());
        let mut key = Key::char(' ');
        let mut rest = text;
        loop {
            // Alone it is a key of its own.
            let short = rest.strip_prefix('^').filter(|after| !after.is_empty());
            let held = [
                (short.or_else(|| rest.strip_prefix("ctrl-")), &mut key.ctrl),
                (rest.strip_prefix("alt-"), &mut key.alt),
                (rest.strip_prefix("shift-"), &mut key.shift),
            ];
            let Some((after, flag)) =
                held.into_iter().find_map(|(after, flag)| Some((after?, flag)))
            else {
                break;
            };
            if *flag || after.is_empty() {
                return Err(bad());
            }
            *flag = true;
            rest = after;
        }
        let mut chars = rest.chars();
        key.code = match (chars.next(), chars.next()) {
            // A hyphen behind another one would end a name of nothing.
            (Some('-'), None) if rest == text => Code::Char('-'),
            (Some(c), None) if !c.is_whitespace() && !c.is_control() && c != '-' => Code::Char(c),
            (Some('f'), Some(_)) if rest[1..].bytes().all(|byte| byte.is_ascii_digit()) => {
                Code::F(rest[1..].parse().ok().filter(|n| (1..=12).contains(n)).ok_or_else(bad)?)
            }
            _ => NAMES.iter().find(|(name, _)| *name == rest).ok_or_else(bad)?.1,
        };
        if key.shift && matches!(key.code, Code::Char(_)) {
            return Err(bad());
        }
        Ok(key)
    }
}

/// Keys that are pressed one after the other: `g g`.
pub fn sequence(text: &str) -> Result<Vec<Key>, BadKey> {
    let keys: Vec<Key> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    if keys.is_empty() { Err(BadKey(text.to_owned())) } else { Ok(keys) }
}

/// A sequence as hints, help and messages write it, short: `^o`, `g g`, `enter`. It can be read
/// again as well.
pub fn short(keys: &[Key]) -> String {
    let parts: Vec<String> = keys.iter().map(Key::short).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_as_people_write_them() {
        assert_eq!("q".parse(), Ok(Key::char('q')));
        assert_eq!("ctrl-o".parse(), Ok(Key::ctrl('o')));
        assert_eq!("space".parse(), Ok(Key::char(' ')));
        let shift_tab = Key { shift: true, ..Key::plain(Code::Tab) };
        assert_eq!("shift-tab".parse(), Ok(shift_tab));
        assert_eq!("f5".parse(), Ok(Key::plain(Code::F(5))));
        assert_eq!("f".parse(), Ok(Key::char('f')));
        for wrong in ["", "ctrl-", "ctrl-ctrl-a", "entr", "f13", "shift-a", "ab", "\u{1b}"] {
            assert!(wrong.parse::<Key>().is_err(), "{wrong:?}");
        }
        assert_eq!(sequence("g g").unwrap().len(), 2);
        assert_eq!("^".parse(), Ok(Key::char('^')));
    }

    #[test]
    fn hints_write_every_key_in_one_way() {
        for (keys, expected) in [
            ("ctrl-o", "^o"),
            ("ctrl-left", "^left"),
            ("ctrl-alt-x", "^alt-x"),
            ("ctrl-space", "^space"),
            ("alt-left", "alt-left"),
            ("shift-tab", "shift-tab"),
            ("minus", "-"),
            ("ctrl-minus", "^minus"),
            ("g e", "g e"),
            ("M space", "M space"),
        ] {
            let keys = sequence(keys).unwrap();
            assert_eq!(short(&keys), expected);
            assert_eq!(sequence(expected), Ok(keys), "it can be read again");
        }
    }

    proptest! {
        #[test]
        fn written_and_read_again(c in "[!-~一-龥]", ctrl: bool, alt: bool, named in 0..NAMES.len()) {
            let c = c.chars().next().unwrap();
            let key = Key { code: Code::Char(c), ctrl, alt, shift: false };
            prop_assert_eq!(key.to_string().parse(), Ok(key));
            let key = Key { code: NAMES[named].1, ctrl, alt, shift: false };
            prop_assert_eq!(key.to_string().parse(), Ok(key));
        }
    }
}
