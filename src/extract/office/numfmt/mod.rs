//! How a number looks in a cell.
//!
//! A ledger is searched by what its reader saw: `1,871,500.00`, `17-May-07`, `12.5%`. So numbers
//! are written in their cell's number format; where that hides something (a rounded or scaled
//! number, a date whose order or century is open) the value itself follows in brackets.

mod dates;
mod numbers;
mod sections;

use sections::{Piece, Section, parse};

/// A number format, taken apart once and used for many cells.
#[derive(Clone, Debug)]
pub struct NumberFormat {
    sections: Vec<Section>,
}

/// Formats longer than this are read as `General`.
const LONGEST_CODE: usize = 1024;

impl NumberFormat {
    /// By code, as it stands in the file: `#,##0.00;[Red](#,##0.00)`.
    pub fn new(code: &str) -> Self {
        if code.len() > LONGEST_CODE {
            return NumberFormat { sections: Vec::new() };
        }
        NumberFormat { sections: parse(code) }
    }

    /// One of the formats that files name by number only; `None` where the file has to define it.
    pub fn built_in(id: u32) -> Option<Self> {
        built_in(id).map(NumberFormat::new)
    }

    /// The number as text, with its value in brackets where the format hides it.
    pub fn show(&self, value: f64, since_1904: bool) -> String {
        let Some(section) = self.section(value) else { return general(value) };
        if section.general {
            let text = general(if section.absolute { value.abs() } else { value });
            return section.around(&text);
        }
        if section.is_date() {
            return match dates::Moment::from_serial(value, since_1904) {
                Some(moment) => {
                    let shown = dates::show(&section.pieces, &moment, value);
                    moment.with_iso(shown.trim(), &section.pieces)
                }
                None => general(value),
            };
        }
        let shown = numbers::show(section, value);
        let shown = shown.trim();
        if numbers::hides(section, shown, value) {
            let raw = general(value);
            return if shown.is_empty() { raw } else { format!("{shown} [{raw}]") };
        }
        shown.to_owned()
    }

    fn section(&self, value: f64) -> Option<&Section> {
        let numeric = &self.sections[..self.sections.len().min(3)];
        if let Some(met) =
            numeric.iter().find(|s| s.condition.as_ref().is_some_and(|c| c.holds(value)))
        {
            return Some(met);
        }
        if numeric.iter().any(|s| s.condition.is_some()) {
            return numeric.iter().rev().find(|s| s.condition.is_none()).or(numeric.last());
        }
        match numeric {
            [] => None,
            [only] => Some(only),
            [positive, negative] => Some(if value < 0.0 { negative } else { positive }),
            [positive, negative, zero, ..] => Some(if value > 0.0 {
                positive
            } else if value < 0.0 {
                negative
            } else {
                zero
            }),
        }
    }
}

/// A number without format: 15 significant digits, as spreadsheets compute, without exponent.
pub fn general(value: f64) -> String {
    if !value.is_finite() {
        return "#NUM!".to_owned();
    }
    let rounded = format!("{value:.14e}").parse::<f64>().unwrap_or(value);
    if rounded == 0.0 {
        return "0".to_owned();
    }
    if rounded.abs() >= 1e21 || rounded.abs() < 1e-9 {
        return format!("{rounded:E}");
    }
    format!("{rounded}")
}

fn built_in(id: u32) -> Option<&'static str> {
    Some(match id {
        0 => "General",
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 | 6 => "\"$\"#,##0_);(\"$\"#,##0)",
        7 | 8 => "\"$\"#,##0.00_);(\"$\"#,##0.00)",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 => "m/d/yy",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "m/d/yy h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m-d-yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        32 => "h\"时\"mm\"分\"",
        33 => "h\"时\"mm\"分\"ss\"秒\"",
        34 | 55 => "AM/PMh\"时\"mm\"分\"",
        35 | 56 => "AM/PMh\"时\"mm\"分\"ss\"秒\"",
        37 | 38 => "#,##0_);(#,##0)",
        39 | 40 => "#,##0.00_);(#,##0.00)",
        41 => "_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)",
        42 => "_(\"$\"* #,##0_);_(\"$\"* (#,##0);_(\"$\"* \"-\"_);_(@_)",
        43 => "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)",
        44 => "_(\"$\"* #,##0.00_);_(\"$\"* (#,##0.00);_(\"$\"* \"-\"??_);_(@_)",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(code: &str, value: f64, expected: &str) {
        assert_eq!(NumberFormat::new(code).show(value, false), expected, "{code} of {value}");
    }

    #[test]
    fn numbers_look_as_in_their_cell() {
        check("General", 1871500.0, "1871500");
        check("General", 0.1 + 0.2, "0.3");
        check("General", 123456789012345.0, "123456789012345");
        check("#,##0", 1871500.0, "1,871,500");
        check("#,##0.00", 1599.99, "1,599.99");
        check("#,##0.00", -1599.99, "-1,599.99");
        check("\"$\"#,##0.00_);[Red]\\(\"$\"#,##0.00\\)", -1599.99, "($1,599.99)");
        check("[$¥-804]#,##0.00", 1234.5, "¥1,234.50");
        check("0.00%", 0.025, "2.50%");
        check("0 \"dollars and\" .00 \"cents\"", 19.99, "19 dollars and .99 cents");
        check("000\\-00\\-0000", 123456789.0, "123-45-6789");
        check("00000", 42.0, "00042");
        check("#", 0.0, "");
        check("0.00E+00", 198000000.0, "1.98E+08 [198000000]");
        check("# ?/?", 1.5, "1 1/2");
        check("@", 42.0, "42");
        check("[>=1000]#,##0,\"K\";0", 500.0, "500");
        check("_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)", 0.0, "-");
    }

    #[test]
    fn what_the_format_hides_stands_in_brackets() {
        check("0.00,,\"M\"", 1871500.0, "1.87M [1871500]");
        check("0!.0,\"万\"", 1871500.0, "187.2万 [1871500]");
        check("0%", 0.025, "3% [0.025]");
        check(";;;", 42.0, "42");
        check("0", 1.6, "2 [1.6]");
        check("\"paid\"", 5.0, "paid [5]");
    }

    #[test]
    fn dates_by_their_format() {
        check("d-mmm-yy", 39219.0, "17-May-07 [2007-05-17]");
        check("yyyy-mm-dd", 39219.0, "2007-05-17");
        check("yyyy\"年\"m\"月\"d\"日\"", 39219.0, "2007年5月17日");
        check("m/d/yy h:mm", 39219.5, "5/17/07 12:00 [2007-05-17 12:00:00]");
        check("h:mm", 0.26041666, "6:15");
        check("h:mm AM/PM", 0.75, "6:00 PM");
        check("[h]:mm", 1.5, "36:00");
        check("mm:ss.0", 0.5 / 86400.0, "00:00.5");
        check(
            "\"At\" h:mm AM/PM \"on\" dddd mmmm d\",\" yyyy",
            39219.180555555555,
            "At 4:20 AM on Thursday May 17, 2007 [2007-05-17 04:20:00]",
        );
        check(
            "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
            1.0,
            "Sunday, January 01, 1900 [1900-01-01]",
        );
        assert_eq!(NumberFormat::new("yyyy-mm-dd").show(0.0, true), "1904-01-01");
        check("yyyy-mm-dd", 1e12, "1000000000000");
    }

    proptest! {
        #[test]
        fn any_code_and_number_yield_text(code in "[0#?,.%;E+\\[\\]a-z\"\\\\ 年_*/@-]{0,24}", value: f64) {
            let shown = NumberFormat::new(&code).show(value, false);
            prop_assert!(shown.len() < 2000);
        }

        #[test]
        fn thousands_lose_no_digit(value in 0u64..1_000_000_000_000_000) {
            let shown = NumberFormat::new("#,##0").show(value as f64, false);
            prop_assert_eq!(shown.replace(',', ""), value.to_string());
        }
    }
}
