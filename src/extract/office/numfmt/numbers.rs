//! Numbers in placeholders.

use super::{Piece, Section};

/// The number in its section's pattern.
pub fn show(section: &Section, value: f64) -> String {
    if section.pieces.contains(&Piece::Slash) {
        return fraction(section, value);
    }
    if section.pieces.iter().any(|p| matches!(p, Piece::Exponent(_))) {
        return scientific(section, value);
    }
    let decimals = decimals(section);
    let number = scaled(section, value);
    let text = format!("{:.*}", decimals.min(30), half_up(number.abs(), decimals));
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let negative =
        value < 0.0 && !section.absolute && text.bytes().any(|b| matches!(b, b'1'..=b'9'));
    let body = fill(section, whole, part);
    if negative { format!("-{}", body.trim_start()) } else { body }
}

/// Spreadsheets round a half up, also where its binary form lies a little below.
fn half_up(number: f64, decimals: usize) -> f64 {
    let factor = 10f64.powi(decimals.min(30) as i32);
    let scaled = number * factor;
    let near = 8.0 * f64::EPSILON * scaled.max(1.0);
    if scaled < 1e12 && (scaled - scaled.floor() - 0.5).abs() < near {
        return (scaled.floor() + 1.0) / factor;
    }
    number
}

fn decimals(section: &Section) -> usize {
    section
        .pieces
        .iter()
        .skip_while(|p| **p != Piece::Point)
        .take_while(|p| !matches!(p, Piece::Exponent(_)))
        .filter(|p| matches!(p, Piece::Digit(_)))
        .count()
}

/// Position of the last placeholder before the point.
fn last_whole(section: &Section) -> Option<usize> {
    let point =
        section.pieces.iter().position(|p| *p == Piece::Point).unwrap_or(section.pieces.len());
    section.pieces[..point].iter().rposition(|p| matches!(p, Piece::Digit(_)))
}

/// Position of the last placeholder of all.
fn last_digit(section: &Section) -> Option<usize> {
    section.pieces.iter().rposition(|p| matches!(p, Piece::Digit(_)))
}

/// Commas after the last placeholder (or before the point) divide by 1,000 each.
fn scales(section: &Section) -> usize {
    let point = section.pieces.iter().position(|p| *p == Piece::Point);
    section
        .pieces
        .iter()
        .enumerate()
        .filter(|(at, piece)| {
            **piece == Piece::Comma
                && (last_digit(section).is_some_and(|last| *at > last)
                    || (point.is_some_and(|p| *at < p)
                        && last_whole(section).is_some_and(|last| *at > last)))
        })
        .count()
}

fn scaled(section: &Section, value: f64) -> f64 {
    let percents = section.pieces.iter().filter(|p| **p == Piece::Percent).count();
    let exponent = 2 * percents.min(8) as i32 - 3 * scales(section).min(8) as i32;
    match exponent {
        0 => value,
        // A power that is exact keeps the last digit right.
        more if more > 0 => value * 10f64.powi(more),
        less => value / 10f64.powi(-less),
    }
}

/// Puts digits into placeholders: whole ones from the right, decimals from the left.
fn fill(section: &Section, whole: &str, part: &str) -> String {
    let pieces = &section.pieces;
    let first_whole = pieces.iter().position(|p| matches!(p, Piece::Digit(_)));
    let last_whole = last_whole(section);
    let thousands = first_whole
        .zip(last_whole)
        .is_some_and(|(first, last)| pieces[first..=last].contains(&Piece::Comma));
    let point = pieces.iter().position(|p| *p == Piece::Point).unwrap_or(pieces.len());
    let places = pieces[..point].iter().filter(|p| matches!(p, Piece::Digit(_))).count();
    let whole = if whole == "0" { "" } else { whole };
    let digits: Vec<char> = whole.chars().collect();
    let mut text = String::new();
    let mut seen = 0;
    let mut decimals = part.chars();
    // How many decimals have to be shown: `#` drops trailing zeros.
    let shown = part.trim_end_matches('0').len();
    let mut decimal = 0;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Digit(kind) if at < point => {
                let from_right = places - seen;
                let mut push = |c: char, right: usize| {
                    text.push(c);
                    if thousands && right > 1 && (right - 1).is_multiple_of(3) {
                        text.push(',');
                    }
                };
                if seen == 0 && digits.len() > places {
                    let extra = digits.len() - places;
                    for (i, &digit) in digits[..extra].iter().enumerate() {
                        push(digit, digits.len() - i);
                    }
                }
                match digits.len().checked_sub(from_right) {
                    Some(index) => push(digits[index], from_right),
                    None if *kind == '0' => push('0', from_right),
                    None if *kind == '?' => text.push(' '),
                    None => {}
                }
                seen += 1;
            }
            Piece::Digit(kind) => {
                let digit = decimals.next().unwrap_or('0');
                decimal += 1;
                if *kind == '0' || decimal <= shown {
                    text.push(digit);
                } else if *kind == '?' {
                    text.push(' ');
                }
            }
            Piece::Point => {
                if places == 0 {
                    text.push_str(whole);
                }
                text.push('.');
            }
            Piece::Percent => text.push('%'),
            Piece::Literal(literal) => text.push_str(literal),
            Piece::Slash => text.push('/'),
            _ => {}
        }
    }
    text
}

fn scientific(section: &Section, value: f64) -> String {
    let written = format!("{:.*e}", decimals(section).min(30), value.abs());
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let at = section.pieces.iter().position(|p| matches!(p, Piece::Exponent(_)));
    let places = section.pieces[at.unwrap_or(0)..]
        .iter()
        .filter(|p| matches!(p, Piece::Digit(_)))
        .count()
        .clamp(1, 4);
    let plus = section.pieces.contains(&Piece::Exponent(true));
    let sign = if exponent < 0 {
        "-"
    } else if plus {
        "+"
    } else {
        ""
    };
    let minus = if value < 0.0 && !section.absolute { "-" } else { "" };
    format!("{minus}{mantissa}E{sign}{:0places$}", exponent.unsigned_abs())
}

fn fraction(section: &Section, value: f64) -> String {
    let slash = section.pieces.iter().position(|p| *p == Piece::Slash).unwrap_or(0);
    let after = &section.pieces[slash..];
    let digits = after.iter().filter(|p| matches!(p, Piece::Digit(_))).count().clamp(1, 3);
    let groups = section.pieces[..slash]
        .split(|p| matches!(p, Piece::Literal(_)))
        .filter(|group| group.iter().any(|p| matches!(p, Piece::Digit(_))))
        .count();
    let mut whole = if groups > 1 { value.abs().trunc() } else { 0.0 };
    let rest = value.abs() - whole;
    let most = 10u32.pow(digits as u32) - 1;
    let (mut up, mut down) = (rest.round(), 1.0);
    for candidate in 1..=most {
        let candidate = f64::from(candidate);
        let numerator = (rest * candidate).round();
        if (numerator / candidate - rest).abs() < (up / down - rest).abs() - 1e-12 {
            (up, down) = (numerator, candidate);
        }
    }
    let minus = if value < 0.0 && !section.absolute { "-" } else { "" };
    if groups > 1 && up == down {
        whole += 1.0;
        up = 0.0;
    }
    match (whole != 0.0, up != 0.0) {
        (true, true) => format!("{minus}{whole} {up}/{down}"),
        (true, false) => format!("{minus}{whole}"),
        (false, true) => format!("{minus}{up}/{down}"),
        (false, false) => "0".to_owned(),
    }
}

/// The reader of the shown text would take a different number from it, or none.
pub fn hides(section: &Section, shown: &str, value: f64) -> bool {
    if value == 0.0 {
        return false;
    }
    if last_digit(section).is_none() || scales(section) > 0 {
        return true;
    }
    if section.pieces.contains(&Piece::Slash) {
        return false;
    }
    let plain: String = shown.chars().filter(|c| c.is_ascii_digit()).collect();
    let exact: String = super::general(value).chars().filter(|c| c.is_ascii_digit()).collect();
    if plain.trim_matches('0') == exact.trim_matches('0') {
        return false;
    }
    // Rounded: a cent of a long computed number is not worth repeating, a lost unit is.
    if section.pieces.iter().any(|p| matches!(p, Piece::Exponent(_))) {
        return true;
    }
    let factor = 10f64.powi(decimals(section).min(30) as i32);
    let number = scaled(section, value);
    let rounded = (number * factor).round() / factor;
    ((rounded - number) / number).abs() > 5e-4
}
