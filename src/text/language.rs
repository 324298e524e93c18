//! Which language a text is in, as a code of ISO 639-1; empty where it cannot be told.

use std::sync::LazyLock;
use whatlang::Detector;

/// Letters that must be there before a guess by letter statistics is worth anything.
const ENOUGH: usize = 24;

/// The same where they are A to Z alone, which dozens of languages share: of sentences of fewer in nine
/// languages none could be told, and of English that is not plainly so one in twelve.
const ENOUGH_PLAIN: usize = 40;

/// Bytes that letter statistics look at: more make them slower and not surer.
const LOOKED_AT: usize = 1024;

/// Words that English is held together by and no other language has, marks of Latin letters or not.
const ENGLISH: &[&str] = &[
    "and", "with", "this", "they", "which", "would", "their", "there", "what", "when", "who",
    "were", "from", "should", "could", "you", "your", "because", "those", "these", "about",
    "after", "before", "through",
];

/// Others that it shares with no language but those of [`LIKE_ENGLISH`].
const ENGLISH_TOO: &[&str] = &[
    "the", "of", "that", "than", "then", "for", "was", "but", "are", "have", "had", "been", "will",
    "more", "out", "its", "into", "them", "can", "only", "other", "some", "our", "most", "also",
    "did", "many", "must", "how", "here",
];

/// Others that many languages have: "he" and "has" are Spanish, "to" and "by" Polish, "on" is Turkish.
const ENGLISH_AS_WELL: &[&str] = &[
    "to", "in", "is", "it", "as", "be", "by", "on", "not", "he", "his", "at", "or", "one", "all",
    "we", "her", "she", "him", "has", "no", "if", "so", "up", "my", "now", "even", "made", "too",
    "us",
];

/// Letters of the longest of them.
const LONGEST: usize = 7;

/// The main language of a sample of a text.
pub fn of(sample: &str) -> &'static str {
    let (mut han, mut kana, mut hangul) = (0usize, 0usize, 0usize);
    let (mut west, mut marked) = (0usize, 0usize);
    for c in sample.chars().filter(|c| c.is_alphabetic()) {
        match east(c) {
            Some(East::Han) => han += 1,
            Some(East::Kana) => kana += 1,
            Some(East::Hangul) => hangul += 1,
            None => {
                west += 1;
                marked += usize::from(!c.is_ascii());
            }
        }
    }
    // A Han character says as much as a word: names and addresses in Latin letters do not decide.
    if (han + kana + hangul) * 8 > west {
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
    let sample = &sample[..sample.floor_char_boundary(LOOKED_AT)];
    let english = English::of(sample);
    if english.is_plain() {
        return "en";
    }
    if marked == 0 && west < ENOUGH_PLAIN {
        return "";
    }
    let detected = if marked == 0 && english.is_likely() {
        LIKE_ENGLISH.detect(sample)
    } else {
        whatlang::detect(sample)
    };
    match detected {
        // Latin letters are shared by so many languages that codes and tables look like any of them.
        Some(info) if info.is_reliable() => code(info.lang()),
        Some(info) if info.script() != whatlang::Script::Latin => code(info.lang()),
        _ => "",
    }
}

/// A script that its language can be told by.
enum East {
    Han,
    Kana,
    Hangul,
}

fn east(c: char) -> Option<East> {
    match c {
        '\u{3040}'..='\u{30ff}' => Some(East::Kana),
        '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' => Some(East::Hangul),
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => {
            Some(East::Han)
        }
        _ => None,
    }
}

/// Those that a text with words of English can be in as well. A comparison with all forty took three
/// times as long and said the same of all but one in thirty, whose language it could not tell.
static LIKE_ENGLISH: LazyLock<Detector> = LazyLock::new(|| {
    use whatlang::Lang::*;
    Detector::with_allowlist(vec![Eng, Nld, Afr, Deu, Dan, Nob, Swe, Fra, Lat, Vie])
});

/// How much a sample looks like English.
#[derive(Default)]
struct English {
    words: usize,
    /// Words that English is held together by.
    hits: usize,
    /// How many of them differ, among those of no other language, of few, and all.
    alone: u32,
    of_few: u32,
    differ: u32,
}

impl English {
    /// Of what has letters that English does not have: nothing. A name in Han characters does not
    /// speak against it.
    fn of(sample: &str) -> English {
        let is_foreign = |c: char| !c.is_ascii() && c.is_alphabetic() && east(c).is_none();
        if sample.chars().any(is_foreign) {
            return English::default();
        }
        let (mut words, mut hits, mut seen) = (0, 0, 0u128);
        for word in sample.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty())
        {
            words += 1;
            if word.len() > LONGEST {
                continue;
            }
            let mut all = ENGLISH.iter().chain(ENGLISH_TOO).chain(ENGLISH_AS_WELL);
            if let Some(at) = all.position(|english| english.eq_ignore_ascii_case(word)) {
                hits += 1;
                seen |= 1 << at;
            }
        }
        let first = |count: usize| (seen & ((1 << count) - 1)).count_ones();
        English {
            words,
            hits,
            alone: first(ENGLISH.len()),
            of_few: first(ENGLISH.len() + ENGLISH_TOO.len()),
            differ: seen.count_ones(),
        }
    }

    /// Every fourth word is one that English is held together by, two of them differ, and one is of no
    /// other language. Letter statistics say the same, after a comparison with forty languages that
    /// was a tenth of an ingest.
    fn is_plain(&self) -> bool {
        self.alone > 0 && self.differ >= 2 && self.hits * 4 >= self.words
    }

    /// Every sixth word is one, and two different ones are of few languages.
    fn is_likely(&self) -> bool {
        self.of_few >= 2 && self.hits * 6 >= self.words
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
        check("THE MONEY FOR THIS WAS NOT PAID, AND THAT IS ALL WE KNOW OF IT", "en");
        check("お支払いは来週になります", "ja");
        check("다음 주에 지불하겠습니다", "ko");
        check("And the rest of it was from 何敏, who said that they paid", "en");
        check("Client hat immer noch nicht bezahlt", ""); // of 30 letters
        check("Gửi cho tôi mật khẩu máy chủ nhé", "vi"); // of 25, with marks
        check("The total of that ledger: shipments arrived late, invoices remained unpaid", "en");
        check("Sie hat das Geld gestern bekommen, also will er morgen mit uns reden", "de");
        // Words of English in it, and no mark.
        check(
            "Los que no he visto en la casa son los que has comprado para la empresa, y no me lo \
             dijeron hasta el lunes",
            "es",
        );
        check("ok", "");
        check("12345", "");
    }

    #[test]
    fn words_of_many_languages_do_not_narrow_the_choice() {
        for (text, is_likely) in [
            ("No he visto las cosas de la casa, y has dicho que no hay nada para comprar", false),
            ("Nie ma ich w domu, a on to wie, no i by to powiedzieli tylko nam jutro", false),
            ("Het was laat, en hij had geen zin om of met de trein of met de bus te gaan", true),
            ("The total of that ledger: shipments arrived late, invoices unpaid", true),
        ] {
            assert_eq!(English::of(text).is_likely(), is_likely, "{text}");
        }
    }

    #[test]
    fn other_languages_are_not_plainly_english() {
        for text in [
            "toi khong biet the nao, no do me an, than the that to in",
            "Het geld is er nog niet, maar zij had beloofd dat het of vandaag of morgen was.",
            "Das Geld will er morgen an uns zahlen, und das ist alles was wir bisher wissen.",
            "Pengene er ikke kommet for at betale, men vi have set dem by til by og op.",
            "ta men so far gong de in the than tong, wo men de",
            "The Café, and what they said",
            "TABLE users (id int primary key, name text not null)",
        ] {
            assert!(!English::of(text).is_plain(), "{text}");
        }
    }
}
