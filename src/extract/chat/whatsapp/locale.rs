//! What the language of a phone changes in a stamp: digits, halves of the day, marks.

/// Marks without width that WhatsApp strews in: directions, byte order mark.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// Which half of the day the clock is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Am,
    Pm,
    /// 中午: around twelve.
    Noon,
    /// 晚上: from six to midnight.
    Evening,
}

/// The decimal digits of the scripts that phones are set to.
pub(super) fn digit(c: char) -> Option<u8> {
    const ZEROS: [u32; 9] = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xe50, 0xff10];
    let code = c as u32;
    ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)).map(|zero| (code - zero) as u8)
}

/// The half of the day that a word means, whatever its dots and spaces.
pub(super) fn half(word: &str) -> Option<Half> {
    let word: String = word
        .chars()
        .filter(|c| !is_mark(*c) && !is_space(*c) && !matches!(c, '.' | '״' | '"' | '\'' | '׳'))
        .flat_map(char::to_lowercase)
        .collect();
    Some(match word.as_str() {
        "am"
        | "上午"
        | "凌晨"
        | "清晨"
        | "早上"
        | "早晨"
        | "오전"
        | "午前"
        | "ص"
        | "πμ"
        | "dop"
        | "de"
        | "öö"
        | "sa"
        | "pg"
        | "पूर्वाह्न"
        | "ก่อนเที่ยง"
        | "قظ"
        | "לפנהצ"
        | "fm"
        | "ap"
        | "проб"
        | "дп"
        | "priešpiet"
        | "priekšp"
        | "pd"
        | "পূর্বাহ্ণ"
        | "முற்பகல்"
        | "मपू"
        | "පෙව"
        | "vm"
        | "претпл" => Half::Am,
        "pm"
        | "下午"
        | "傍晚"
        | "오후"
        | "午後"
        | "م"
        | "μμ"
        | "odp"
        | "du"
        | "ös"
        | "ch"
        | "ptg"
        | "अपराह्न"
        | "หลังเที่ยง"
        | "بظ"
        | "אחהצ"
        | "em"
        | "ip"
        | "слоб"
        | "пп"
        | "popiet"
        | "pēcp"
        | "md"
        | "অপরাহ্ণ"
        | "பிற்பகல்"
        | "मउ"
        | "පව"
        | "nm"
        | "попл" => Half::Pm,
        "中午" => Half::Noon,
        "晚上" => Half::Evening,
        _ => return None,
    })
}

/// Words that stand between date and time in some languages.
pub(super) const JOINTS: &[&str] = &[
    "", "à", "a", "um", "kl.", "kl", "klo", "at", "às", "o", "в", "ob", "в.", "г.", "г", "la", "u",
    "г., в",
];

/// Hour on the clock and half of the day to the hour of the day.
pub(super) fn hour_of_day(hour: u16, half: Option<Half>) -> Option<u8> {
    let hour = match (half, hour) {
        (None, 0..=23) => hour,
        (Some(Half::Am), 0..=12) => hour % 12,
        (Some(Half::Pm), 0..=12) => hour % 12 + 12,
        (Some(Half::Noon), 1..=3) => hour + 12,
        (Some(Half::Evening), 12) => 0,
        (Some(Half::Evening), 1..=11) => hour + 12,
        // "13:05 PM" is written by some locales: the clock has 24 hours after all.
        (Some(_), 0..=23) => hour,
        _ => return None,
    };
    u8::try_from(hour).ok()
}
