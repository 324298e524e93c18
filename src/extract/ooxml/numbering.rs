//! Numbers and bullets before paragraphs: they are not in the text, but readers cite them
//! ("clause 4.2"), so they are counted as Word counts them.

use crate::extract::office::pull::{Node, Xml};
use std::collections::HashMap;

/// Definitions and the state of the counters.
#[derive(Default)]
pub struct Numbering {
    /// Levels of an abstract definition.
    definitions: HashMap<String, Vec<Level>>,
    /// List id → (abstract id, levels that it overrides).
    lists: HashMap<String, (String, HashMap<usize, u32>)>,
    /// Style id → (list id, level).
    styles: HashMap<String, (Option<String>, usize)>,
    /// Style id → style it is based on.
    parents: HashMap<String, String>,
    /// Abstract id → counters by level; `None` before the first use.
    counters: HashMap<String, [Option<u32>; LEVELS]>,
    /// Lists whose overrides were applied.
    begun: std::collections::HashSet<String>,
}

#[derive(Clone, Default)]
struct Level {
    format: String,
    text: String,
    start: u32,
}

const LEVELS: usize = 9;

impl Numbering {
    /// Reads `numbering.xml`.
    pub fn define(&mut self, text: &str, nesting: u32) {
        let mut xml = Xml::new(text, nesting);
        let (mut definition, mut list, mut level) = (String::new(), String::new(), 0usize);
        let mut in_list = false;
        while let Some(node) = xml.next() {
            let Node::Start(tag) = node else { continue };
            let value = || tag.attr("val").unwrap_or_default();
            match tag.name() {
                "abstractNum" | "listDef" => {
                    in_list = false;
                    definition =
                        tag.attr("abstractNumId").or(tag.attr("listDefId")).unwrap_or_default();
                    self.definitions.insert(definition.clone(), vec![Level::default(); LEVELS]);
                }
                "num" | "list" => {
                    in_list = true;
                    list = tag.attr("numId").or(tag.attr("ilfo")).unwrap_or_default();
                }
                "abstractNumId" | "ilst" if in_list => {
                    self.lists.insert(list.clone(), (value(), HashMap::new()));
                }
                "lvl" | "lvlOverride" => {
                    level = tag.number::<usize>("ilvl").unwrap_or(0).min(LEVELS - 1);
                }
                "startOverride" => {
                    if let (Some((_, overrides)), Some(start)) =
                        (self.lists.get_mut(&list), tag.number("val"))
                    {
                        overrides.insert(level, start);
                    }
                }
                "start" | "numFmt" | "nfc" | "lvlText" if !in_list => {
                    let Some(levels) = self.definitions.get_mut(&definition) else { continue };
                    match tag.name() {
                        "start" => levels[level].start = tag.number("val").unwrap_or(1),
                        "lvlText" => levels[level].text = tag.attr("val").unwrap_or_default(),
                        _ => levels[level].format = tag.attr("val").unwrap_or_default(),
                    }
                }
                _ => {}
            }
        }
    }

    /// Reads which styles number their paragraphs, from `styles.xml`.
    pub fn styles(&mut self, text: &str, nesting: u32) {
        let mut xml = Xml::new(text, nesting);
        let mut style = String::new();
        while let Some(node) = xml.next() {
            let Node::Start(tag) = node else { continue };
            match tag.name() {
                "style" => style = tag.attr("styleId").unwrap_or_default(),
                "basedOn" => {
                    self.parents.insert(style.clone(), tag.attr("val").unwrap_or_default());
                }
                "numId" => {
                    self.styles.entry(style.clone()).or_default().0 = tag.attr("val");
                }
                "ilvl" => {
                    self.styles.entry(style.clone()).or_default().1 =
                        tag.number("val").unwrap_or(0);
                }
                _ => {}
            }
        }
    }

    /// A level of a definition, for formats that are no XML. `text` has `%1` for the number of
    /// the first level, and so on.
    pub fn define_level(&mut self, id: &str, level: usize, format: &str, text: &str, start: u32) {
        let levels =
            self.definitions.entry(id.to_owned()).or_insert_with(|| vec![Level::default(); LEVELS]);
        if let Some(defined) = levels.get_mut(level) {
            *defined = Level { format: format.to_owned(), text: text.to_owned(), start };
        }
    }

    /// A list that uses a definition, with other first numbers for some levels.
    pub fn define_list(&mut self, list: &str, definition: &str, overrides: HashMap<usize, u32>) {
        self.lists.insert(list.to_owned(), (definition.to_owned(), overrides));
    }

    /// A style that numbers its paragraphs, and the style that it is based on.
    pub fn define_style(&mut self, style: &str, list: Option<String>, level: usize, base: &str) {
        if list.is_some() {
            self.styles.insert(style.to_owned(), (list, level));
        }
        self.parents.insert(style.to_owned(), base.to_owned());
    }

    /// The number of the next paragraph with this list and level, or this style.
    pub fn next(
        &mut self,
        list: Option<&str>,
        level: Option<usize>,
        style: &str,
    ) -> Option<String> {
        let (mut list, mut level) = (list.map(str::to_owned), level);
        let mut name = style.to_owned();
        // Styles inherit; a cycle ends after a few steps.
        for _ in 0..16 {
            if list.is_some() || name.is_empty() {
                break;
            }
            if let Some((from_style, at)) = self.styles.get(&name) {
                list = from_style.clone();
                level = level.or(Some(*at));
            }
            match self.parents.get(&name) {
                Some(parent) => name.clone_from(parent),
                None => break,
            }
        }
        let list = list.filter(|list| list != "0")?;
        let level = level.unwrap_or(0).min(LEVELS - 1);
        let (definition, overrides) = self.lists.get(&list)?;
        let levels = self.definitions.get(definition)?;
        let counters = self.counters.entry(definition.clone()).or_default();
        if self.begun.insert(list.clone()) {
            for (&at, &start) in overrides {
                counters[at] = start.checked_sub(1);
                if start == 0 {
                    counters[at] = None;
                }
            }
        }
        let now = counters[level].map_or(levels[level].start, |n| n.saturating_add(1));
        counters[level] = Some(now);
        counters[level + 1..].fill(None);
        let current = levels[level].clone();
        if matches!(current.format.as_str(), "bullet" | "23") {
            return Some("•".to_owned());
        }
        if matches!(current.format.as_str(), "none" | "255") || current.text.is_empty() {
            return None;
        }
        let mut text = String::new();
        let mut chars = current.text.chars();
        while let Some(c) = chars.next() {
            let digit =
                (c == '%').then(|| chars.clone().next()).flatten().and_then(|d| d.to_digit(10));
            match digit {
                Some(at @ 1..=9) => {
                    chars.next();
                    let at = at as usize - 1;
                    let number = counters[at].unwrap_or(levels[at].start.max(1));
                    text.push_str(&counted(number, &levels[at].format));
                }
                _ => text.push(c),
            }
        }
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

/// A number in one of Word's list formats, by name or by its old code.
pub fn counted(number: u32, format: &str) -> String {
    match format {
        "lowerLetter" | "4" => letters(number, b'a'),
        "upperLetter" | "3" => letters(number, b'A'),
        "lowerRoman" | "2" => roman(number).to_lowercase(),
        "upperRoman" | "1" => roman(number),
        "decimalZero" | "22" => format!("{number:02}"),
        "ordinal" | "5" => {
            let suffix = match (number % 10, number % 100) {
                (1, n) if n != 11 => "st",
                (2, n) if n != 12 => "nd",
                (3, n) if n != 13 => "rd",
                _ => "th",
            };
            format!("{number}{suffix}")
        }
        "chineseCounting"
        | "chineseCountingThousand"
        | "ideographDigital"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "taiwaneseDigital"
        | "10"
        | "11"
        | "33"
        | "35"
        | "36"
        | "37"
        | "39"
        | "40" => han(number),
        "chineseLegalSimplified" | "38" => legal(number, "零壹贰叁肆伍陆柒捌玖拾佰仟"),
        "ideographLegalTraditional" | "34" => legal(number, "零壹貳參肆伍陸柒捌玖拾佰仟"),
        "japaneseLegal" | "16" => legal(number, "零壱弐参四伍六七八九拾百阡"),
        "ideographTraditional" | "30" => one_of(number, "甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac" | "31" => one_of(number, "子丑寅卯辰巳午未申酉戌亥"),
        "ganada" | "24" => one_of(number, "가나다라마바사아자차카타파하"),
        "aiueoFullWidth" | "aiueo" | "12" | "20" => one_of(
            number,
            "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
        ),
        "irohaFullWidth" | "iroha" | "13" | "21" => one_of(
            number,
            "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス",
        ),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" | "18" | "28"
            if (1..=20).contains(&number) =>
        {
            char::from_u32(0x2460 + number - 1).unwrap_or('•').to_string()
        }
        _ => number.to_string(),
    }
}

fn letters(number: u32, first: u8) -> String {
    if number == 0 || number > 26 * 40 {
        return number.to_string();
    }
    let letter = char::from(first + ((number - 1) % 26) as u8);
    std::iter::repeat_n(letter, ((number - 1) / 26 + 1) as usize).collect()
}

fn roman(number: u32) -> String {
    const STEPS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&number) {
        return number.to_string();
    }
    let mut left = number;
    let mut text = String::new();
    for (value, sign) in STEPS {
        while left >= value {
            text.push_str(sign);
            left -= value;
        }
    }
    text
}

/// A sign of a fixed row; after its end the number itself.
fn one_of(number: u32, row: &str) -> String {
    let at = number.checked_sub(1).and_then(|at| usize::try_from(at).ok());
    at.and_then(|at| row.chars().nth(at)).map_or_else(|| number.to_string(), |c| c.to_string())
}

/// Han counting in the signs of contracts and cheques: ten digits, then ten, hundred, thousand.
fn legal(number: u32, signs: &str) -> String {
    let usual = "零一二三四五六七八九十百千";
    let count = if number == 10 { "一十".to_owned() } else { han(number) };
    let count = if (11..20).contains(&number) { format!("一{count}") } else { count };
    let sign = |c: char| usual.chars().position(|u| u == c).and_then(|at| signs.chars().nth(at));
    count.chars().map(|c| sign(c).unwrap_or(c)).collect()
}

/// Han counting up to 9999; list numbers go no further.
fn han(number: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    const UNITS: [&str; 4] = ["", "十", "百", "千"];
    if number == 0 {
        return "零".to_owned();
    }
    if number > 9999 {
        return number.to_string();
    }
    let mut text = String::new();
    let mut gap = false;
    for place in (0..4u32).rev() {
        let digit = (number / 10u32.pow(place) % 10) as usize;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        if !(digit == 1 && place == 1 && text.is_empty()) {
            text.push_str(DIGITS[digit]);
        }
        text.push_str(UNITS[place as usize]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_lists_do() {
        let check =
            |number, format: &str, expected: &str| assert_eq!(counted(number, format), expected);
        check(28, "lowerLetter", "bb");
        check(1994, "upperRoman", "MCMXCIV");
        check(11, "ordinal", "11th");
        check(10, "chineseCounting", "十");
        check(105, "chineseCountingThousand", "一百零五");
        check(1010, "37", "一千零一十");
        check(3, "decimalEnclosedCircle", "③");
        check(12, "34", "壹拾貳");
        check(205, "chineseLegalSimplified", "贰佰零伍");
        check(3, "ideographTraditional", "丙");
        check(13, "ideographZodiac", "13");
        check(u32::MAX, "lowerLetter", "4294967295");
    }
}
