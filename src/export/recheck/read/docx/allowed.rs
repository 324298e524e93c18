//! What a Word document may have in it that was sealed. Whoever wants to take a word out of sight,
//! or to put another over it, has more ways than anybody can list; what this program writes, and
//! what word processors add when they save it, is a list that can be read: `assets/sealed-docx.txt`.

use super::package::lightness;
use crate::text::entities;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

const LIST: &str = include_str!("../../../../../assets/sealed-docx.txt");

/// Of the elements and attributes that have letters, in every part.
const NAMESPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// Fonts of the report, in the languages in which Word calls them.
const FONTS: [&str; 9] = [
    "Arial",
    "Courier New",
    "Microsoft YaHei",
    "NSimSun",
    "SimSun",
    "Times New Roman",
    "宋体",
    "微软雅黑",
    "新宋体",
];
/// The font of bullets.
const BULLETS: &str = "Symbol";

/// Parts of a document that are named one by one; more are no accident.
const MOST: usize = 40;

#[derive(Debug)]
enum Value {
    Any,
    Off,
    Font,
    Ink,
    Paper,
    Label,
    Column,
    OneOf(Vec<Plain>),
}

#[derive(Debug)]
enum Plain {
    Word(&'static str),
    Range(i64, i64),
}

#[derive(Debug)]
struct Rule {
    attributes: Vec<(&'static str, Value)>,
    any_attribute: bool,
    /// Whatever is in it is allowed too.
    is_open: bool,
}

/// By where an element stands, and what it is.
static RULES: LazyLock<HashMap<(&'static str, &'static str), Rule>> = LazyLock::new(|| {
    let mut rules = HashMap::new();
    for line in LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut columns = line.splitn(3, '|').map(str::trim);
        let [elements, parents, attributes] = [(); 3].map(|()| columns.next().unwrap_or_default());
        let is_open = elements.ends_with("{}");
        for parent in parents.split_whitespace() {
            for element in elements.split_whitespace().filter(|element| *element != "{}") {
                let any_attribute = attributes == "*";
                let attributes = match any_attribute {
                    true => Vec::new(),
                    false => attributes.split_whitespace().filter_map(rule).collect(),
                };
                rules.insert((parent, element), Rule { attributes, any_attribute, is_open });
            }
        }
    }
    rules
});

fn rule(text: &'static str) -> Option<(&'static str, Value)> {
    let (name, value) = text.split_once('=')?;
    let value = match value {
        "*" => Value::Any,
        "off" => Value::Off,
        "font" => Value::Font,
        "ink" => Value::Ink,
        "paper" => Value::Paper,
        "label" => Value::Label,
        "column" => Value::Column,
        words => Value::OneOf(words.split('|').map(plain).collect()),
    };
    Some((name, value))
}

fn plain(word: &'static str) -> Plain {
    let range = word.split_once("..").and_then(|(from, to)| Some((number(from)?, number(to)?)));
    match range.or_else(|| number(word).map(|only| (only, only))) {
        Some((from, to)) => Plain::Range(from, to),
        None => Plain::Word(word),
    }
}

fn number(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// Where a check stands in a part.
struct Check<'a> {
    /// Names of the elements around, the root first.
    open: Vec<String>,
    /// Elements within one whose inside does not matter.
    skipped: usize,
    /// Styles that are in use; all of them without.
    styles: Option<&'a HashSet<String>>,
    /// The style that is being defined is one of letters that has to be asked for.
    is_of_letters: bool,
    /// Level of a list that is being defined.
    level: String,
    /// Widths of the columns of the table.
    columns: Vec<i64>,
    found: BTreeSet<String>,
}

/// What a part has in it that no sealed report has, as it is written there. `styles` are those in
/// use, where the part defines them.
pub fn strange(part: &str, styles: Option<&HashSet<String>>) -> Vec<String> {
    let mut check = Check {
        open: Vec::new(),
        skipped: 0,
        styles,
        is_of_letters: false,
        level: String::new(),
        columns: Vec::new(),
        found: BTreeSet::new(),
    };
    let mut reader = Reader::from_str(part);
    loop {
        let event = reader.read_event();
        match &event {
            Err(_) | Ok(Event::Eof) => break,
            Ok(Event::Start(tag)) => check.start(tag, false),
            Ok(Event::Empty(tag)) => check.start(tag, true),
            Ok(Event::End(_)) => check.end(),
            Ok(Event::DocType(_)) => check.note("<!DOCTYPE>".to_owned()),
            Ok(Event::Decl(declared)) => {
                let encoding = declared.encoding().and_then(Result::ok);
                if encoding.is_some_and(|own| !own.eq_ignore_ascii_case("utf-8")) {
                    check.note("encoding that is not UTF-8".to_owned());
                }
            }
            Ok(_) => {}
        }
    }
    check.found.into_iter().collect()
}

impl Check<'_> {
    fn note(&mut self, what: String) {
        if self.found.len() < MOST {
            self.found.insert(what);
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, is_empty: bool) {
        if self.skipped > 0 {
            self.skipped += usize::from(!is_empty);
            return;
        }
        let name = tag.name().as_ref().to_owned();
        let parent = self.open.last().cloned().unwrap_or("-".to_owned());
        let rule = RULES.get(&(parent.as_str(), name.as_str()));
        let attributes: Vec<(String, String)> = tag
            .attributes()
            .flatten()
            .map(|own| (own.key.as_ref().to_owned(), entities::decode(&own.value).into_owned()))
            .collect();
        let value = |name: &str| {
            let own = attributes.iter().find(|(own, _)| own == name);
            own.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        // Nobody sees a style that nothing is written in, nor a font.
        let is_unused = match name.as_str() {
            "w:style" => {
                self.styles.is_some_and(|styles| !styles.contains(value("w:styleId")))
                    && value("w:default").is_empty()
            }
            "w:font" => !FONTS.contains(&value("w:name")),
            _ => false,
        };
        match name.as_str() {
            "w:style" => {
                self.is_of_letters =
                    value("w:type") == "character" && value("w:default").is_empty();
            }
            "w:lvl" => self.level = value("w:ilvl").to_owned(),
            "w:tblGrid" => self.columns.clear(),
            "w:gridCol" => self.columns.extend(number(value("w:w"))),
            _ => {}
        }
        // A second of an attribute, or one that cannot be read.
        let mut is_odd = tag.attributes().any(|own| own.is_err());
        let is_root = parent == "-";
        for (own, value) in &attributes {
            is_odd |= match own.as_str() {
                "xml:space" | "w14:paraId" | "w14:textId" => false,
                name if name.starts_with("w:rsid") => false,
                // `w` is what it is in every part, and nothing else is.
                name if name.starts_with("xmlns") => {
                    !is_root || (name == "xmlns:w") != (value == NAMESPACE)
                }
                name => match rule {
                    Some(rule) if rule.any_attribute => false,
                    Some(rule) => {
                        let wanted = rule.attributes.iter().find(|(own, _)| *own == name);
                        wanted.is_none_or(|(_, wanted)| !self.fits(wanted, value))
                    }
                    None => true,
                },
            };
        }
        let needs_off = |rule: &Rule| {
            let off = rule.attributes.iter().find(|(_, value)| matches!(value, Value::Off));
            off.is_some_and(|(name, _)| *name == "w:val" && value(name).is_empty())
        };
        is_odd |= rule.is_none_or(needs_off);
        // A style strikes out nothing, numbers nothing, and raises numbers of footnotes alone.
        is_odd |= self.styles.is_some()
            && match name.as_str() {
                "w:strike" => !matches!(value("w:val"), "0" | "false" | "off"),
                "w:numPr" => true,
                "w:vertAlign" => value("w:val") != "baseline" && !self.is_of_letters,
                _ => false,
            };
        is_odd |= is_root && value("xmlns:w").is_empty();
        if is_odd {
            let shown = attributes.iter().filter(|(name, _)| !name.starts_with("xmlns"));
            let shown: String = shown.map(|(name, value)| format!(" {name}={value:?}")).collect();
            self.note(format!("<{name}{shown}>"));
        }
        if name == "w:tblGrid" && is_empty {
            self.columns.clear();
        }
        if is_empty {
            return;
        }
        match rule {
            // What is strange is named once, with all that is in it.
            None => self.skipped = 1,
            Some(rule) if rule.is_open || is_unused => self.skipped = 1,
            Some(_) => self.open.push(name),
        }
    }

    fn end(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        if self.open.pop().as_deref() == Some("w:tblGrid") {
            let (sum, count) = (self.columns.iter().sum::<i64>(), self.columns.len() as i64);
            let least = self.columns.iter().min().copied().unwrap_or(0);
            // A column that is a line hides what is in it.
            if count > 0 && (!(4_000..=12_000).contains(&sum) || least * count * 2 < sum) {
                self.note("<w:tblGrid> with a column that shows nothing".to_owned());
            }
        }
    }

    fn fits(&self, wanted: &Value, value: &str) -> bool {
        match wanted {
            Value::Any => true,
            Value::Off => matches!(value, "0" | "false" | "off"),
            Value::Font => {
                FONTS.contains(&value)
                    || (value == BULLETS && self.open.iter().any(|own| own == "w:lvl"))
            }
            Value::Ink => value == "auto" || lightness(value).is_some_and(|light| light < 0x70),
            Value::Paper => value == "auto" || lightness(value).is_some_and(|light| light > 0xe0),
            Value::Label => match value.strip_prefix('%') {
                // The number of its own level.
                Some(rest) => {
                    let own = number(&self.level).map(|level| format!("{}.", level + 1));
                    own.is_some_and(|own| own == rest)
                }
                None => matches!(value, "" | "•" | "\u{f0b7}"),
            },
            Value::Column => {
                let count = self.columns.len().max(1) as i64;
                let even = self.columns.iter().sum::<i64>() / count;
                number(value).is_some_and(|width| self.columns.is_empty() || width * 2 >= even)
            }
            Value::OneOf(all) => all.iter().any(|one| match one {
                Plain::Word(word) => *word == value,
                Plain::Range(from, to) => {
                    number(value).is_some_and(|value| (*from..=*to).contains(&value))
                }
            }),
        }
    }
}
