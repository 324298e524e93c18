//! Numbers as Chinese and English documents write them: `叁拾万`, `三十万`, `187.15万`, `6.85亿`,
//! `１２,８００`, `12.8k`, and other ways to write the number that was asked for.

use super::decimal::Decimal;
use super::fold;

const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const FORMAL: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// The value of a Han digit; all variants are folded to these.
fn digit(c: char) -> Option<u128> {
    let value = match c {
        '〇' | '零' | '○' => 0,
        '一' | '壹' | '弌' | '幺' => 1,
        '二' | '贰' | '弍' | '两' => 2,
        '三' | '叁' | '弎' | '参' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    };
    Some(value)
}

/// Powers of ten inside a group of four digits.
fn small_unit(c: char) -> Option<u32> {
    match c {
        '十' | '拾' => Some(1),
        '百' | '佰' => Some(2),
        '千' | '仟' => Some(3),
        _ => None,
    }
}

/// Powers of ten that a group of digits is counted in.
fn large_unit(c: char) -> Option<u32> {
    match c {
        '万' | '萬' | '만' => Some(4),
        '亿' | '億' | '억' => Some(8),
        '兆' => Some(12),
        _ => None,
    }
}

fn latin_unit(c: char) -> Option<u32> {
    match c {
        'k' => Some(3),
        'm' => Some(6),
        'b' => Some(9),
        'w' => Some(4),
        _ => None,
    }
}

/// Whether a number before this character is multiplied by it (千, 万, 亿).
pub fn multiplies(c: char) -> bool {
    small_unit(c).is_some() || large_unit(c).is_some()
}

/// Whether numbers are written with this character: a digit of any kind, a point or comma between
/// digits, a Han unit.
pub fn is_part(c: char) -> bool {
    matches!(c, '0'..='9' | ',' | '.' | '点' | '貳' | '參' | '陸' | '兩' | '壱' | '贰')
        || digit(c).is_some()
        || small_unit(c).is_some()
        || large_unit(c).is_some()
}

/// Characters of the longest number that is read.
const LONGEST: usize = 64;

/// Reads a text that is a number as a whole: digits of any width with thousands separators and a
/// point, Han numerals, both with units (万, 亿, 千万, k, m, b, and w as Chinese chats write 万).
/// Nothing but the number may stand in it.
pub fn parse(text: &str) -> Option<Decimal> {
    let mut folded = String::new();
    for c in text.trim().chars().take(LONGEST + 1) {
        match c {
            '\0'..='\x7f' => folded.push(c.to_ascii_lowercase()),
            // Folded, a syllable of Hangul is its letters.
            '\u{ac00}'..='\u{d7a3}' => folded.push(c),
            _ => fold::fold_slow(c, &mut folded),
        }
    }
    let chars: Vec<char> = folded.chars().collect();
    if chars.is_empty() || chars.len() > LONGEST {
        return None;
    }
    if chars[0].is_ascii_digit() { western(&chars) } else { han(&chars) }
}

/// `187.15万`, `12,800`, `1.2亿`, `3千万`, `12.8k`.
fn western(chars: &[char]) -> Option<Decimal> {
    let end = chars.iter().position(|c| !matches!(c, '0'..='9' | ',' | '.'));
    let (number, units) = chars.split_at(end.unwrap_or(chars.len()));
    let mut value = plain(number)?;
    // Parts in falling units: `1亿2000万`.
    let rest = units.iter().position(char::is_ascii_digit).unwrap_or(units.len());
    let (units, rest) = units.split_at(rest);
    if let [unit] = units
        && let Some(power) = latin_unit(*unit).filter(|_| rest.is_empty())
    {
        return value.shifted(power);
    }
    let mut power = 0;
    for unit in units {
        power += small_unit(*unit).or_else(|| large_unit(*unit))?;
    }
    value = value.shifted(power)?;
    if rest.is_empty() {
        return Some(value);
    }
    let rest = western(rest)?;
    let below = Decimal::from_int(1).shifted(power)?;
    (power > 0 && rest < below).then(|| value.plus(rest)).flatten()
}

/// Digits with a point and with commas between groups of three.
fn plain(chars: &[char]) -> Option<Decimal> {
    let text: String = chars.iter().collect();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if fraction.contains(['.', ',']) || text.ends_with(['.', ',']) {
        return None;
    }
    let groups: Vec<&str> = whole.split(',').collect();
    let well_grouped = groups.len() == 1
        || (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
    if !well_grouped {
        return None;
    }
    let digits = format!("{}{fraction}", groups.concat());
    Some(Decimal::new(digits.parse().ok()?, u32::try_from(fraction.len()).ok()?))
}

/// `叁拾万`, `三十万零五百`, `二〇二二`, `一亿二千万`, `十二点五万`.
fn han(chars: &[char]) -> Option<Decimal> {
    if let Some(point) = chars.iter().position(|c| *c == '点') {
        let (whole, fraction) = (&chars[..point], &chars[point + 1..]);
        let end = fraction.iter().position(|c| digit(*c).is_none()).unwrap_or(fraction.len());
        let (fraction, units) = fraction.split_at(end);
        if whole.is_empty() || fraction.is_empty() {
            return None;
        }
        let places = u32::try_from(fraction.len()).ok()?;
        let parts = Decimal::new(positional(fraction)?, places);
        let mut power = 0;
        for unit in units {
            power += large_unit(*unit).or_else(|| small_unit(*unit))?;
        }
        return han(whole)?.plus(parts)?.shifted(power);
    }
    let value = if chars.len() > 1 && chars.iter().all(|c| digit(*c).is_some()) {
        positional(chars)?
    } else {
        grouped(chars)?
    };
    Some(Decimal::from_int(value))
}

fn positional(chars: &[char]) -> Option<u128> {
    chars.iter().try_fold(0u128, |value, c| value.checked_mul(10)?.checked_add(digit(*c)?))
}

fn grouped(chars: &[char]) -> Option<u128> {
    let mut total = 0u128;
    // Of the group before the next 万 or 亿, and the digit before the next 十, 百 or 千.
    let (mut group, mut pending) = (0u128, None::<u128>);
    let mut least_small = u32::MAX;
    let mut last_unit = None;
    let mut after_zero = false;
    for c in chars {
        if let Some(value) = digit(*c) {
            if pending.is_some() {
                return None;
            }
            after_zero |= value == 0;
            pending = (value != 0).then_some(value);
        } else if let Some(power) = small_unit(*c) {
            if power >= least_small {
                return None;
            }
            // `十二` is 12.
            let factor = match pending.take() {
                Some(factor) => factor,
                None if power == 1 => 1,
                None => return None,
            };
            group = group.checked_add(factor.checked_mul(10u128.checked_pow(power)?)?)?;
            (least_small, last_unit, after_zero) = (power, Some(power), false);
        } else if let Some(power) = large_unit(*c) {
            let part = group + pending.take().unwrap_or(0);
            let factor = 10u128.checked_pow(power)?;
            total = match part {
                // `三万亿`: the larger unit counts what stands before it.
                0 if total > 0 && total < factor => total.checked_mul(factor)?,
                0 => return None,
                // `三千万亿` reads on; a larger unit after a smaller one counts all of it.
                _ if total > 0 && total < factor => total.checked_add(part)?.checked_mul(factor)?,
                _ => total.checked_add(part.checked_mul(factor)?)?,
            };
            (group, least_small, last_unit, after_zero) = (0, u32::MAX, Some(power), false);
        } else {
            return None;
        }
    }
    let tail = match (pending, last_unit) {
        // `三万五` is 35,000 and `两百五` 250, but `三万零五` 30,005.
        (Some(value), Some(power)) if !after_zero && power > 1 => {
            value.checked_mul(10u128.checked_pow(power - 1)?)?
        }
        (Some(value), _) => value,
        (None, _) => 0,
    };
    total.checked_add(group)?.checked_add(tail)
}

/// Other ways to write a number that was asked for, in normal form, without itself: `2022` also
/// stands as `二〇二二` and `二零二二`, `10` as `十`, `三十万` as `300000` and `30万`. Empty when
/// the text is not a whole number.
pub fn alternatives(text: &str) -> Vec<String> {
    let Some(value) = parse(text).and_then(Decimal::to_int) else { return Vec::new() };
    let mut own = String::new();
    text.trim().chars().for_each(|c| fold::fold_slow(c, &mut own));
    let western = value.to_string();
    let mut ways = vec![western.clone()];
    let spelt = |digits: &[char; 10]| -> String {
        western.bytes().map(|b| digits[usize::from(b - b'0')]).collect()
    };
    // A number that is read digit by digit: years, numbers of things.
    if western.len() > 1 {
        ways.push(spelt(&DIGITS));
        ways.push(spelt(&DIGITS).replace('〇', "零"));
    }
    for (unit, power) in [("亿", 8), ("万", 4)] {
        let factor = 10u128.pow(power);
        if value >= factor && value % (factor / 100) == 0 {
            ways.push(format!("{}{unit}", Decimal::new(value, 0).lowered(power)));
        }
    }
    if let Some(way) = counted(value, &DIGITS, ["", "十", "百", "千"]) {
        // `两百万`, as it is said.
        let said = ["百", "千", "万", "亿"].iter().fold(way.clone(), |said, unit| {
            said.replace(&format!("二{unit}"), &format!("两{unit}"))
        });
        ways.extend([way, said]);
    }
    ways.extend(counted(value, &FORMAL, ["", "拾", "佰", "仟"]));
    let mut seen = vec![own];
    ways.retain(|way| {
        let new = !seen.contains(way);
        if new {
            seen.push(way.clone());
        }
        new
    });
    ways
}

/// `三十万零五百`; nothing from 兆 on, which is read in two ways.
fn counted(value: u128, digits: &[char; 10], units: [&str; 4]) -> Option<String> {
    if value == 0 || value >= 1_000_000_000_000 {
        return None;
    }
    let mut text = String::new();
    let zero = if digits[0] == '〇' { '零' } else { digits[0] };
    let mut gap = false;
    for (factor, large) in [(100_000_000, "亿"), (10_000, "万"), (1, "")] {
        let group = (value / factor) % 10_000;
        if group == 0 {
            gap |= !text.is_empty();
            continue;
        }
        for power in (0..4usize).rev() {
            let digit = (group / 10u128.pow(power as u32)) % 10;
            if digit == 0 {
                gap |= !text.is_empty();
                continue;
            }
            if gap {
                text.push(zero);
                gap = false;
            }
            text.push(digits[digit as usize]);
            text.push_str(units[power]);
        }
        gap = false;
        text.push_str(large);
    }
    // `十二`, not `一十二`; sums of money keep the `壹`.
    if digits[0] == '〇'
        && let Some(rest) = text.strip_prefix("一十")
    {
        text = format!("十{rest}");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        let shown = parse(text).map(|value| value.to_string());
        assert_eq!(shown.as_deref().unwrap_or(""), expected, "{text:?}");
    }

    #[test]
    fn numbers_are_read() {
        for (text, expected) in [
            ("叁拾万", "300000"),
            ("三十万", "300000"),
            ("187.15万", "1871500"),
            ("6.85亿", "685000000"),
            ("12.8k", "12800"),
            ("１２，８００", "12800"),
            ("0.50", "0.5"),
            ("1,234,567.89", "1234567.89"),
            ("3千万", "30000000"),
            ("1亿2000万", "120000000"),
            ("5w", "50000"),
            ("二〇二二", "2022"),
            ("二零二二", "2022"),
            ("十", "10"),
            ("十二", "12"),
            ("一百零五", "105"),
            ("两百五", "250"),
            ("三万五", "35000"),
            ("三万零五", "30005"),
            ("一亿二千万", "120000000"),
            ("三千万亿", "3000000000000000"),
            ("十二点五万", "125000"),
            ("壹仟贰佰叁拾肆", "1234"),
            ("貳佰萬", "2000000"),
            ("一", "1"),
            ("万", ""),
            ("一一十", ""),
            ("十百", ""),
            ("百", ""),
            ("1,23", ""),
            ("1.2.3", ""),
            ("12x", ""),
            ("2000万1亿", ""),
            ("", ""),
            ("公司", ""),
            ("三x", ""),
        ] {
            check(text, expected);
        }
        check(&"9".repeat(60), "");
        check(&"万".repeat(60), "");
        check(&format!("一{}", "亿".repeat(60)), "");
    }

    #[test]
    fn other_ways_to_write_it() {
        assert_eq!(
            alternatives("2022"),
            ["二〇二二", "二零二二", "二千零二十二", "两千零二十二", "贰仟零贰拾贰"]
        );
        assert_eq!(alternatives("10"), ["一〇", "一零", "十", "壹拾"]);
        let ways = alternatives("三十万");
        for way in ["300000", "30万", "叁拾万"] {
            assert!(ways.iter().any(|own| own == way), "{way} of {ways:?}");
        }
        assert!(alternatives("二〇二二").contains(&"2022".to_owned()));
        assert_eq!(alternatives("6.85"), [""; 0]);
        assert_eq!(alternatives("公司"), [""; 0]);
    }

    proptest! {
        #[test]
        fn every_way_reads_as_the_number(value in 0u64..1_000_000_000_000, zeros in 0u32..9) {
            let value = u128::from(value) / 10u128.pow(zeros) * 10u128.pow(zeros);
            for way in alternatives(&value.to_string()) {
                prop_assert_eq!(parse(&way).and_then(Decimal::to_int), Some(value), "{}", way);
            }
        }

        #[test]
        fn nothing_panics(text in "[0-9.,〇一二两十百千万亿兆点kmb０]{0,70}") {
            if let Some(value) = parse(&text) {
                prop_assert_eq!(parse(&value.to_string()), Some(value));
            }
        }
    }
}
