//! A format code taken apart: sections, conditions, literals, placeholders, date letters.

/// One of up to four sections of a code.
#[derive(Clone, Debug, Default)]
pub struct Section {
    pub pieces: Vec<Piece>,
    pub condition: Option<Condition>,
    /// `General` or `@` stands in it.
    pub general: bool,
    /// The section for negative numbers: the sign is the section's own business.
    pub absolute: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Literal(String),
    /// `0`, `#` or `?`.
    Digit(char),
    Point,
    /// Between digits: thousands; after the last one: a scale of 1,000.
    Comma,
    Percent,
    /// `E+` (true) or `E-`.
    Exponent(bool),
    Slash,
    /// A run of one date letter, lower case: `yyyy`, `m`, `ss`.
    Date(char, usize),
    /// `[h]`, `[mm]`, `[s]`: elapsed time.
    Elapsed(char, usize),
    /// `AM/PM` (true) or `A/P`.
    HalfDay(bool),
    /// `General` or `@`.
    Value,
}

#[derive(Clone, Debug)]
pub struct Condition {
    operator: String,
    limit: f64,
}

impl Condition {
    pub fn holds(&self, value: f64) -> bool {
        match self.operator.as_str() {
            "<" => value < self.limit,
            "<=" => value <= self.limit,
            ">" => value > self.limit,
            ">=" => value >= self.limit,
            "=" => value == self.limit,
            "<>" => value != self.limit,
            _ => false,
        }
    }
}

impl Section {
    pub fn is_date(&self) -> bool {
        self.pieces
            .iter()
            .any(|p| matches!(p, Piece::Date(..) | Piece::Elapsed(..) | Piece::HalfDay(_)))
    }

    /// The literals of a `General` section around its number.
    pub fn around(&self, number: &str) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Value => text.push_str(number),
                _ => {}
            }
        }
        text.trim().to_owned()
    }
}

/// Takes a whole code apart.
pub fn parse(code: &str) -> Vec<Section> {
    let chars: Vec<char> = code.chars().collect();
    let mut sections = vec![Section::default()];
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        at += 1;
        if c == ';' {
            if sections.len() == 4 {
                break;
            }
            sections.push(Section::default());
            continue;
        }
        // There is always a last section.
        let Some(section) = sections.last_mut() else { break };
        at = piece(section, &chars, at, c);
    }
    // Only the sections of numbers are of use here; the fourth is for text.
    if sections.len() > 1 {
        sections[1].absolute = sections[1].condition.is_none();
    }
    sections
}

/// Reads the piece that begins with `c`; `at` is the position after it. Returns the next position.
fn piece(section: &mut Section, chars: &[char], at: usize, c: char) -> usize {
    let rest = &chars[at..];
    let same = |letters: &str| {
        letters
            .chars()
            .skip(1)
            .enumerate()
            .all(|(i, l)| rest.get(i).is_some_and(|r| r.eq_ignore_ascii_case(&l)))
    };
    match c {
        '"' => {
            let end = rest.iter().position(|&r| r == '"').unwrap_or(rest.len());
            literal(section, &rest[..end].iter().collect::<String>());
            return at + end + 1;
        }
        '\\' | '!' => {
            if let Some(next) = rest.first() {
                literal(section, &next.to_string());
            }
            return at + 1;
        }
        '_' => {
            literal(section, " ");
            return at + 1;
        }
        '*' => return at + 1,
        '[' => {
            let end = rest.iter().position(|&r| r == ']').unwrap_or(rest.len());
            bracket(section, &rest[..end].iter().collect::<String>());
            return at + end + 1;
        }
        '0' | '#' | '?' => section.pieces.push(Piece::Digit(c)),
        '.' => section.pieces.push(Piece::Point),
        ',' => section.pieces.push(Piece::Comma),
        '%' => section.pieces.push(Piece::Percent),
        '/' if section.is_date() => literal(section, "/"),
        '/' => section.pieces.push(Piece::Slash),
        '@' => {
            section.general = true;
            section.pieces.push(Piece::Value);
        }
        'G' | 'g' if same("General") => {
            section.general = true;
            section.pieces.push(Piece::Value);
            return at + 6;
        }
        'E' | 'e' if rest.first().is_some_and(|r| matches!(r, '+' | '-')) => {
            section.pieces.push(Piece::Exponent(rest[0] == '+'));
            return at + 1;
        }
        'A' | 'a' if same("AM/PM") => {
            section.pieces.push(Piece::HalfDay(true));
            return at + 4;
        }
        'A' | 'a' if same("A/P") => {
            section.pieces.push(Piece::HalfDay(false));
            return at + 2;
        }
        'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'e' | 'E' | 'a' | 'A' => {
            let letter = c.to_ascii_lowercase();
            let more = rest.iter().take_while(|r| r.to_ascii_lowercase() == letter).count();
            if letter == 'a' && more < 2 {
                literal(section, &c.to_string());
                return at;
            }
            section.pieces.push(Piece::Date(letter, more + 1));
            return at + more;
        }
        other => literal(section, &other.to_string()),
    }
    at
}

fn literal(section: &mut Section, text: &str) {
    match section.pieces.last_mut() {
        Some(Piece::Literal(before)) => before.push_str(text),
        _ => section.pieces.push(Piece::Literal(text.to_owned())),
    }
}

fn bracket(section: &mut Section, inside: &str) {
    if let Some(currency) = inside.strip_prefix('$') {
        // `[$¥-804]`: the symbol stands before the language; `[$-F800]` is a language alone.
        let symbol = currency.split_once('-').map_or(currency, |(symbol, _)| symbol);
        if !symbol.is_empty() {
            literal(section, symbol);
        }
        return;
    }
    let lower = inside.to_ascii_lowercase();
    if let Some(first) = lower.chars().next()
        && matches!(first, 'h' | 'm' | 's')
        && lower.chars().all(|c| c == first)
    {
        section.pieces.push(Piece::Elapsed(first, lower.len()));
        return;
    }
    let split = inside.find(|c: char| !matches!(c, '<' | '>' | '=')).unwrap_or(inside.len());
    if split > 0
        && let Ok(limit) = inside[split..].trim().parse()
    {
        section.condition = Some(Condition { operator: inside[..split].to_owned(), limit });
    }
    // Colours and number shapes (`[Red]`, `[DBNum1]`) change no digit that matters here.
}
