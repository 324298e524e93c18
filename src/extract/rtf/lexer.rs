//! RTF as tokens.

/// One token. Numbers are optional parameters of control words.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum Token<'a> {
    Open,
    Close,
    /// A control word without its backslash.
    Word(&'a str, Option<i32>),
    /// A control symbol: `~`, `-`, `_`, `*`, `:`, `|`.
    Symbol(u8),
    /// A byte of text, plain or written as `\'xx`.
    Byte(u8),
}

pub struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Lexer { bytes, at: 0 }
    }

    /// Passes over raw data after `\binN`.
    pub fn pass(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.bytes.len());
    }

    fn word(&mut self) -> Token<'a> {
        let start = self.at;
        let letters =
            self.bytes[start..].iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        self.at += letters;
        let name = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
        let mut end = self.at;
        if self.bytes.get(end) == Some(&b'-') {
            end += 1;
        }
        let digits = self.bytes[end..].iter().take(11).take_while(|b| b.is_ascii_digit()).count();
        let mut number = None;
        if digits > 0 {
            let text = std::str::from_utf8(&self.bytes[self.at..end + digits]).unwrap_or_default();
            number = text.parse().ok();
            self.at = end + digits;
        }
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        Token::Word(name, number)
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            return Some(match byte {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\r' | b'\n' | 0 => continue,
                b'\t' => Token::Word("tab", None),
                b'\\' => match self.bytes.get(self.at) {
                    Some(b) if b.is_ascii_alphabetic() => self.word(),
                    Some(b'\'') => {
                        let hex = self.bytes.get(self.at + 1..self.at + 3);
                        let value = hex
                            .and_then(|h| std::str::from_utf8(h).ok())
                            .and_then(|h| u8::from_str_radix(h, 16).ok());
                        match value {
                            Some(value) => {
                                self.at += 3;
                                Token::Byte(value)
                            }
                            None => {
                                self.at += 1;
                                continue;
                            }
                        }
                    }
                    Some(b @ (b'\\' | b'{' | b'}')) => {
                        self.at += 1;
                        Token::Byte(*b)
                    }
                    Some(b'\r' | b'\n') => {
                        self.at += 1;
                        Token::Word("par", None)
                    }
                    Some(b'\t') => {
                        self.at += 1;
                        Token::Word("tab", None)
                    }
                    Some(b) => {
                        self.at += 1;
                        Token::Symbol(*b)
                    }
                    None => return None,
                },
                other => Token::Byte(other),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens() {
        let check = |source: &str, expected: &[Token]| {
            assert_eq!(Lexer::new(source.as_bytes()).collect::<Vec<_>>(), expected, "{source}");
        };
        check(
            "{\\b0 x\\'e9\\~}",
            &[
                Token::Open,
                Token::Word("b", Some(0)),
                Token::Byte(b'x'),
                Token::Byte(0xe9),
                Token::Symbol(b'~'),
                Token::Close,
            ],
        );
        check("\\u-10179?", &[Token::Word("u", Some(-10179)), Token::Byte(b'?')]);
        check("\\", &[]);
        check("\\'zz", &[Token::Byte(b'z'), Token::Byte(b'z')]);
        check(
            "\\fs99999999999999",
            &[Token::Word("fs", None), Token::Byte(b'9'), Token::Byte(b'9'), Token::Byte(b'9')],
        );
    }
}
