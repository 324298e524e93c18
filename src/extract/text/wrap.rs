//! Whether the line ends of a text are its author's or a program's.
//!
//! A mail or book that was wrapped at a fixed width is running text: a word, or two halves of a
//! Chinese word, may stand on two lines. A list, a log, a poem is not.

use crate::model::Wrap;
use unicode_width::UnicodeWidthStr;

/// Lines looked at.
const SAMPLE: usize = 400;

/// Judges the beginning of a text.
pub(super) fn of(text: &str) -> Wrap {
    let widths: Vec<(usize, &str)> = text
        .lines()
        .take(SAMPLE)
        .map(|line| (UnicodeWidthStr::width(line.trim_end()), line.trim_end()))
        .collect();
    let Some(widest) = usual_width(&widths) else { return Wrap::Lines };
    // Lines that another line of the same paragraph follows: wrapped ones are nearly full.
    let (mut full, mut short) = (0usize, 0usize);
    for pair in widths.windows(2) {
        let [(width, line), (next, following)] = pair else { continue };
        if *width == 0 || *next == 0 {
            continue;
        }
        // A new paragraph may begin by indenting its first line.
        let begins = following.starts_with([' ', '\t', '\u{3000}', '-', '*', '#', '|', '>']);
        // The word that follows did not fit. One line in a text may be wider than the rest.
        let word = following.split(' ').next().map_or(0, UnicodeWidthStr::width).min(20);
        if width + word + 1 > widest * 9 / 10 {
            full += 1;
        } else if !begins && !line.ends_with(['.', '。', ':', '：', '!', '！', '?', '？']) {
            short += 1;
        }
    }
    if full >= 2 && full > short * 4 { Wrap::Flow } else { Wrap::Lines }
}

/// The width that lines were wrapped at: few are wider. `None` where they are too narrow or too
/// wide for that.
fn usual_width(widths: &[(usize, &str)]) -> Option<usize> {
    let mut sorted: Vec<usize> =
        widths.iter().map(|(width, _)| *width).filter(|w| *w > 0).collect();
    sorted.sort_unstable();
    let widest = *sorted.last()?;
    ((30..=132).contains(&widest) && sorted.len() >= 3).then_some(widest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_text_is_told_from_lines() {
        let check = |text: &str, wrap| assert_eq!(of(text), wrap, "{text}");
        check(
            "The company signed a contract with the bureau in the spring of that\n\
             year, and delivered the platform three months later than the parties\n\
             had agreed on, which both of them put down to the missing\n\
             hardware list.\n\nA second contract followed in the autumn and was paid for in\n\
             advance; nobody remembers why.\n",
            Wrap::Flow,
        );
        check(
            "本公司于二〇二〇年三月与该局签订合同，并于三个月后交付平\n\
             台，比双方约定的时间晚了三个月，双方都认为原因是缺少必要的\n\
             硬件设备。第二份合同在秋季签订，并且预先支付了款项，没有人\n\
             记得原因。\n",
            Wrap::Flow,
        );
        check("apples\npears\nplums\nsix oranges\n", Wrap::Lines);
        check(
            "2024-02-19 08:05:00 started the collector on host a.example\n\
             2024-02-19 08:05:01 ok\n2024-02-19 08:05:02 failed to open the door of the house\n\
             2024-02-19 08:05:02 ok\n2024-02-19 08:05:09 stopped\n",
            Wrap::Lines,
        );
        check(
            "一行一段。\n这是比较长的第二段，没有换行，一直写到段落的末尾为止，然后才换行，所以很长。\n短。\n",
            Wrap::Lines,
        );
        check("", Wrap::Lines);
        check("one line only", Wrap::Lines);
    }
}
