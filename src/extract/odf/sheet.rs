//! Cells of OpenDocument sheets: the shown text, and the value where the text hides it.

use crate::extract::office::numfmt::general;
use crate::extract::office::pull::Tag;

/// The typed value that stands in a cell's attributes.
#[derive(Default)]
pub struct CellValue {
    kind: String,
    value: String,
    formula: String,
    pub repeated: u32,
}

impl CellValue {
    pub fn of(tag: &Tag) -> Self {
        let kind = tag.attr("value-type").unwrap_or_default();
        let value = ["value", "date-value", "time-value", "boolean-value", "string-value"]
            .iter()
            .find_map(|name| tag.attr(name))
            .unwrap_or_default();
        let formula = tag.attr("formula").unwrap_or_default();
        CellValue { kind, value, formula, repeated: 1 }
    }
}

/// What a cell says.
pub fn shown(value: &CellValue, text: &str) -> String {
    if text.is_empty() {
        if value.value.is_empty() {
            return value.formula.clone();
        }
        return match value.kind.as_str() {
            "float" | "currency" | "percentage" => {
                value.value.parse().map_or_else(|_| value.value.clone(), general)
            }
            "boolean" => value.value.to_uppercase(),
            _ => value.value.replace('T', " "),
        };
    }
    match value.kind.as_str() {
        "float" | "currency" | "percentage" => match value.value.parse::<f64>() {
            Ok(number) if hides(text, number) => format!("{text} [{}]", general(number)),
            _ => text.to_owned(),
        },
        "date" if !value.value.is_empty() => {
            let date = value.value.replace('T', " ");
            let day = date.get(..10).unwrap_or(&date);
            let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
            let year = day.get(..4).unwrap_or("????");
            if text.contains(day) || (text.starts_with(year) && digits(text).len() >= 6) {
                text.to_owned()
            } else {
                format!("{text} [{}]", date.trim_end_matches(" 00:00:00"))
            }
        }
        _ => text.to_owned(),
    }
}

/// The digits shown are not those of the number, by more than rounding to cents.
fn hides(text: &str, number: f64) -> bool {
    if number == 0.0 {
        return false;
    }
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
    let exact = general(number);
    let (plain, exact) = (digits(text), digits(&exact));
    let (plain, exact) = (plain.trim_matches('0'), exact.trim_matches('0'));
    // Four leading digits that agree are the same number for a reader.
    let enough = plain.len().min(exact.len()).min(4);
    plain.get(..enough) != exact.get(..enough) || plain.len() < 4 && plain.len() < exact.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: &str, value: &str, text: &str, expected: &str) {
        let value = CellValue {
            kind: kind.to_owned(),
            value: value.to_owned(),
            formula: String::new(),
            repeated: 1,
        };
        assert_eq!(shown(&value, text), expected);
    }

    #[test]
    fn values_that_the_text_hides_are_added() {
        check("float", "1871500", "1,871,500.00", "1,871,500.00");
        check("float", "1871500", "1.9M", "1.9M [1871500]");
        check("float", "33.3333333", "33.33", "33.33");
        check("percentage", "0.025", "2.5%", "2.5%");
        check("float", "1871500", "", "1871500");
        check("date", "2009-10-03", "10/03/09", "10/03/09 [2009-10-03]");
        check("date", "2009-10-03", "2009年10月3日", "2009年10月3日");
        check("boolean", "true", "", "TRUE");
        check("string", "", "甲方", "甲方");
    }
}
