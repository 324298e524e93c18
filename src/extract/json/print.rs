//! Events become text again, with the escapes in strings resolved.

use super::scan::{Event, Kind};
use crate::extract::text::rejoined;
use crate::extract::{Out, Stop};

/// Deeper levels are not indented further.
const INDENT: usize = 16;

/// Strings up to this length are looked at as a whole before they are written.
const LONGEST_REPAIR: usize = 64 * 1024;

pub(super) struct Printer<'a, 'b> {
    out: &'a mut Out<'b>,
    /// Lays the text out anew.
    pretty: bool,
    nesting: usize,
    depth: usize,
    /// The last event opened a level: its first value is on the next line, its end is not.
    just_opened: bool,
    /// A key was written: the value stands beside it.
    after_key: bool,
    string: String,
    /// The beginning of the string was written already.
    in_long_string: bool,
    in_string: bool,
    begun: bool,
    /// Strings, numbers and keys.
    pub values: u64,
    /// Strings whose encoding was repaired.
    pub repaired: u64,
}

impl<'a, 'b> Printer<'a, 'b> {
    pub fn new(out: &'a mut Out<'b>, pretty: bool, nesting: usize) -> Self {
        Printer {
            out,
            pretty,
            nesting,
            depth: 0,
            just_opened: false,
            after_key: false,
            string: String::new(),
            in_long_string: false,
            in_string: false,
            begun: false,
            values: 0,
            repaired: 0,
        }
    }

    pub fn take(&mut self, event: Event) -> Result<(), Stop> {
        match event {
            Event::Document => {
                if std::mem::replace(&mut self.begun, true) && self.pretty {
                    self.out.text("\n")?;
                }
                self.just_opened = false;
                Ok(())
            }
            Event::Open(kind) => {
                self.place()?;
                self.depth += 1;
                self.just_opened = true;
                self.out.text(if kind == Kind::Object { "{" } else { "[" })
            }
            Event::Close(kind) => {
                let was_empty = std::mem::take(&mut self.just_opened);
                if !was_empty {
                    self.line(self.depth.saturating_sub(1))?;
                }
                self.depth = self.depth.saturating_sub(1);
                self.out.text(if kind == Kind::Object { "}" } else { "]" })
            }
            Event::Key(key) => {
                self.place()?;
                self.values += 1;
                let fixed = repair(key);
                self.out.text("\"")?;
                self.out.text(fixed.as_deref().unwrap_or(key))?;
                // One space, as everybody writes it; the author's own spaces were not kept.
                self.out.text("\": ")?;
                self.after_key = true;
                Ok(())
            }
            Event::Piece(piece) => self.piece(piece),
            Event::EndString => {
                self.begin_string()?;
                self.end_string()?;
                self.out.text("\"")
            }
            Event::Scalar(word) => {
                self.place()?;
                self.values += 1;
                self.out.text(word)
            }
            Event::Comma => self.out.text(","),
            Event::Space(_) if self.pretty || self.after_key => Ok(()),
            Event::Space(space) => self.out.text(space),
        }
    }

    /// Writes what waits, after trouble.
    pub fn flush(&mut self) -> Result<(), Stop> {
        self.end_string()
    }

    /// Goes to where the next value or key stands.
    fn place(&mut self) -> Result<(), Stop> {
        let after_key = std::mem::take(&mut self.after_key);
        self.just_opened = false;
        if after_key || self.depth == 0 { Ok(()) } else { self.line(self.depth) }
    }

    fn line(&mut self, depth: usize) -> Result<(), Stop> {
        if !self.pretty || self.depth > self.nesting {
            return Ok(());
        }
        self.out.text("\n")?;
        self.out.text(&"  ".repeat(depth.min(INDENT)))
    }

    fn begin_string(&mut self) -> Result<(), Stop> {
        if std::mem::replace(&mut self.in_string, true) {
            return Ok(());
        }
        self.place()?;
        self.values += 1;
        self.out.text("\"")
    }

    fn piece(&mut self, piece: &str) -> Result<(), Stop> {
        self.begin_string()?;
        self.string.push_str(piece);
        if self.string.len() > LONGEST_REPAIR {
            self.in_long_string = true;
            self.out.text(&self.string)?;
            self.string.clear();
        }
        Ok(())
    }

    fn end_string(&mut self) -> Result<(), Stop> {
        let is_whole = !std::mem::take(&mut self.in_long_string);
        self.in_string = false;
        match repair(&self.string).filter(|_| is_whole) {
            Some(fixed) => {
                self.repaired += 1;
                self.out.text(&fixed)?;
            }
            None => {
                // A word that the end of a line cuts in two is to be found.
                let joined = rejoined(&self.string).filter(|_| is_whole);
                self.out.text(joined.as_deref().unwrap_or(&self.string))?;
            }
        }
        self.string.clear();
        Ok(())
    }
}

/// Facebook and Instagram write each byte of UTF-8 as a character of its own: `\u00e5\u0090\u0088`
/// for 合. No text that was meant to be Latin is valid UTF-8 when it is read as bytes, but by a
/// very rare accident.
pub(super) fn repair(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> =
        text.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::repair;

    #[test]
    fn only_mojibake_is_repaired() {
        let broken: String = "合同 ü".bytes().map(char::from).collect();
        assert_eq!(repair(&broken).as_deref(), Some("合同 ü"));
        for fine in ["plain", "Größe", "合同", "é"] {
            assert_eq!(repair(fine), None, "{fine}");
        }
    }
}
