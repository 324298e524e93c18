//! Which language a text is in, as a code of ISO 639-1; empty where it cannot be told.

/// Letters that must be there before a guess by letter statistics is worth anything.
const ENOUGH: usize = 24;

/// Bytes that letter statistics look at: more make them slower and not surer.
const LOOKED_AT: usize = 2048;

/// The main language of a sample of a text.
pub fn of(sample: &str) -> &'static str {
    let mut letters = 0usize;
    let (mut han, mut kana, mut hangul) = (0usize, 0usize, 0usize);
    for c in sample.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        match c {
            '\u{3040}'..='\u{30ff}' => kana += 1,
            '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' => hangul += 1,
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => {
                han += 1;
            }
            _ => {}
        }
    }
    // A Han character says as much as a word: names and addresses in Latin letters do not decide.
    let east = (han + kana + hangul) * 8;
    let west = letters - han - kana - hangul;
    if east > west {
        return if hangul > han + kana {
            "ko"
        } else if kana * 10 > han + kana {
            "ja"
        } else {
            "zh"
        };
    }
    if west < ENOUGH {
        return "";
    }
    match whatlang::detect(&sample[..sample.floor_char_boundary(LOOKED_AT)]) {
        // Latin letters are shared by so many languages that codes and tables look like any of them.
        Some(info) if info.is_reliable() => code(info.lang()),
        Some(info) if info.script() != whatlang::Script::Latin => code(info.lang()),
        _ => "",
    }
}

fn code(lang: whatlang::Lang) -> &'static str {
    use whatlang::Lang::*;
    match lang {
        Eng => "en",
        Rus => "ru",
        Cmn => "zh",
        Spa => "es",
        Por => "pt",
        Ita => "it",
        Fra => "fr",
        Deu => "de",
        Ukr => "uk",
        Kat => "ka",
        Ara => "ar",
        Hin => "hi",
        Jpn => "ja",
        Heb => "he",
        Yid => "yi",
        Pol => "pl",
        Kor => "ko",
        Tur => "tr",
        Vie => "vi",
        Ell => "el",
        Pes => "fa",
        Tha => "th",
        Nld => "nl",
        Swe => "sv",
        Dan => "da",
        Nob => "no",
        Fin => "fi",
        Ces => "cs",
        Slk => "sk",
        Hun => "hu",
        Ron => "ro",
        Bul => "bg",
        Bel => "be",
        Mar => "mr",
        Kan => "kn",
        Tam => "ta",
        Tel => "te",
        Urd => "ur",
        Guj => "gu",
        Ben => "bn",
        Pan => "pa",
        Nep => "ne",
        Mal => "ml",
        Ori => "or",
        Mya => "my",
        Khm => "km",
        Sin => "si",
        Amh => "am",
        Hrv => "hr",
        Srp => "sr",
        Mkd => "mk",
        Slv => "sl",
        Lit => "lt",
        Lav => "lv",
        Est => "et",
        Cat => "ca",
        Ind => "id",
        Jav => "jv",
        Uzb => "uz",
        Aze => "az",
        Tuk => "tk",
        Zul => "zu",
        Sna => "sn",
        Aka => "ak",
        Afr => "af",
        Lat => "la",
        Tgl => "tl",
        Hye => "hy",
        Epo => "eo",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_and_mixtures() {
        let check = |text, expected| assert_eq!(of(text), expected, "{text}");
        check("青河那边的付款下周，30万先付，剩下的走川江", "zh");
        check("收到", "zh");
        check("请把 contract_v3.docx 发给 mara@example.com", "zh");
        check(
            "The payment on the Qinghe side comes next week, three hundred thousand first.",
            "en",
        );
        check(
            "Мы получили первый платёж; остальные деньги были обещаны, когда всё проверят.",
            "ru",
        );
        check("お支払いは来週になります", "ja");
        check("다음 주에 지불하겠습니다", "ko");
        check("ok", "");
        check("12345", "");
    }
}
