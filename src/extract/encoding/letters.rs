//! Which set of one byte a character a text is in, by the letters that it would have.
//!
//! chardetng knows the sets of web pages. Those of DOS, of the Macintosh and of Vietnam before Unicode
//! it takes for one of them. Here the letters beyond ASCII of a sample are weighed under each set by
//! how often the languages that used it write them. The orders of letters are those of running text;
//! how much more often an earlier one is written than a later one follows Zipf.

use super::pages::Page;
use super::{Charset, dos};
use encoding_rs::{
    IBM866, ISO_8859_3, ISO_8859_4, ISO_8859_6, ISO_8859_8, ISO_8859_10, ISO_8859_13, ISO_8859_15,
    ISO_8859_16, KOI8_R, KOI8_U, MACINTOSH, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
    X_MAC_CYRILLIC,
};
use std::collections::HashMap;

/// How a language uses letters beyond ASCII.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Among ASCII letters, few at a time.
    Latin,
    /// Among ASCII letters, many of them.
    Vietnamese,
    /// Words of nothing else.
    Other,
}

use Script::{Latin, Other, Vietnamese};

/// Small letters beyond ASCII of languages, the common ones first.
#[rustfmt::skip]
const LANGUAGES: &[(Script, &str)] = &[
    (Latin, "üäöß"), (Latin, "éèàêçôûîâùëïœ"), (Latin, "óíáéñúü¿¡ªº"), (Latin, "ãçáéíóêõâàúôªº"),
    (Latin, "èàòùìé"), (Latin, "äöåé"), (Latin, "øåæéö"), (Latin, "íðáéóþúýöæ"),
    (Latin, "łąężśóćńź"), (Latin, "íáěéřšžčýůúňóťď"), (Latin, "áíéčšžýúôľťňäďóĺŕ"),
    (Latin, "áéöóőüíúű"), (Latin, "čžšćđ"), (Latin, "ăîțșâşţ"), (Latin, "ıüşçğöâîû"),
    (Latin, "äõüöšž"), (Latin, "ħżġċàè"), (Latin, "ĉĝŭŝĵĥ"), (Latin, "āīšēņžļūčģķ"), (Latin, "ėšžąųįčūęõäöü"),
    (Vietnamese, "đàáạảãâấầậẩẫăắằặẳẵéèẹẻẽêếềệểễíìịỉĩóòọỏõôốồộổỗơớờợởỡúùụủũưứừựửữýỳỵỷỹ"),
    (Other, "αοιετσνηυρπκμλωςγδχθφβξζψάέίόήύώϊϋ"), (Other, "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"),
    (Other, "оанивтерісклудпмяьзгбйчюхцєїжщшфґ"), (Other, "аиоетнрсвлкдпмзуяъгбчшщжцйхюф"),
    (Other, "ויהלארמתבשנכדקעמחפגצסטזםןךףץ"), (Other, "ايلنمروتبةعدسفهكقأحجشطصىخإذزضغءثئظؤآ\u{640}"),
];

fn candidates() -> Vec<Charset> {
    let known = [
        WINDOWS_1252,
        WINDOWS_1250,
        WINDOWS_1251,
        WINDOWS_1253,
        WINDOWS_1254,
        WINDOWS_1257,
        KOI8_R,
        ISO_8859_3,
        KOI8_U,
        IBM866,
        X_MAC_CYRILLIC,
        MACINTOSH,
        ISO_8859_15,
        ISO_8859_16,
        ISO_8859_4,
        ISO_8859_10,
        ISO_8859_13,
    ];
    let pages = [850, 437, 852, 855, 857, 737, 869, 862, 720, 1125];
    let mut all: Vec<Charset> = known.into_iter().map(Charset::Known).collect();
    all.extend(pages.into_iter().map(Charset::Dos));
    all.extend(Page::ALL.into_iter().map(Charset::Page));
    all
}

fn text_of(charset: Charset, sample: &[u8]) -> Option<String> {
    Some(match charset {
        Charset::Known(known) => known.decode_without_bom_handling(sample).0.into_owned(),
        Charset::Dos(page) => dos::decode(sample, page)?,
        Charset::Page(page) => page.decode(sample),
        _ => return None,
    })
}

/// Bytes beyond ASCII that are looked at.
const ENOUGH: usize = 256;

/// What the letters say of a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It stands.
    Right,
    /// It stands, but this would read differently and is hardly less likely.
    Or(Charset),
    /// This is meant.
    Rather(Charset),
}

/// Weighs a guess against all sets.
pub(super) fn judge(guess: Charset, sample: &[u8]) -> Verdict {
    let end = sample.iter().enumerate().filter(|(_, byte)| **byte >= 0x80).nth(ENOUGH);
    let sample = end.map_or(sample, |(end, _)| &sample[..end]);
    let high = sample.iter().filter(|byte| **byte >= 0x80).count();
    // Of these it knows no language, or the detector does not err.
    let sure = [WINDOWS_874, WINDOWS_1255, WINDOWS_1256, WINDOWS_1258, ISO_8859_6, ISO_8859_8];
    if sure.iter().any(|known| Charset::Known(known) == guess) {
        return Verdict::Right;
    }
    let Some(text) = text_of(guess, sample) else { return Verdict::Right };
    let weights = weights();
    let stands = score(&text, &weights);
    let rivals = candidates().into_iter().filter_map(|charset| {
        let read = text_of(charset, sample).filter(|read| *read != text)?;
        Some((charset, score(&read, &weights)))
    });
    // The first one of equals: they read the same.
    let best = rivals.reduce(|best, next| if next.1 > best.1 { next } else { best });
    let Some((rival, score)) = best else { return Verdict::Right };
    let gain = score - stands;
    // The two Cyrillic sets share their small letters: what is left are a few capitals.
    let enough = if rival == Charset::Known(X_MAC_CYRILLIC) { 12.0 } else { 6.0 };
    if high >= 6 && gain > enough && gain > 0.1 * high as f64 {
        Verdict::Rather(rival)
    } else if gain > -2.0 {
        Verdict::Or(rival)
    } else {
        Verdict::Right
    }
}

type Weights = Vec<(Script, HashMap<char, f64>)>;

fn weights() -> Weights {
    let weigh = |(script, letters): &(Script, &str)| {
        let sum: f64 = (1..=letters.chars().count()).map(|rank| 1.0 / rank as f64).sum();
        let weights = letters.chars().enumerate();
        let weights = weights.map(|(at, c)| (c, (1.0 / ((at + 1) as f64 * sum)).ln())).collect();
        (*script, weights)
    };
    LANGUAGES.iter().map(weigh).collect()
}

/// How likely the characters beyond ASCII are in the language that they fit best.
fn score(text: &str, weights: &Weights) -> f64 {
    let chars: Vec<char> = text.chars().collect();
    let score = |(script, letters): &(Script, HashMap<char, f64>)| {
        let mut sum = 0.0;
        for (at, char) in chars.iter().enumerate().filter(|(_, c)| !c.is_ascii()) {
            let before = at.checked_sub(1).map_or(' ', |at| chars[at]);
            let after = chars.get(at + 1).copied().unwrap_or(' ');
            sum += one(*char, before, after, *script, letters);
        }
        sum
    };
    weights.iter().map(score).fold(f64::NEG_INFINITY, f64::max)
}

fn one(char: char, before: char, after: char, script: Script, letters: &HashMap<char, f64>) -> f64 {
    let within = before.is_alphabetic() || after.is_alphabetic();
    if !char.is_alphabetic() {
        return match char {
            '\u{fffd}' | '\u{80}'..='\u{9f}' => -12.0,
            '\u{a0}' | '“'..='”' | '‘'..='’' | '„' | '«' | '»' | '–' | '—' | '…' | '№' => {
                if before.is_alphabetic() && after.is_alphabetic() {
                    -9.0
                } else {
                    -3.0
                }
            }
            '\u{2500}'..='\u{259f}' if !within => -5.0,
            '¿' | '¡' | 'ª' | 'º' | '°' | '€' | '£' | '§' | '·' | '©' | '®' | '\u{ad}'
                if !within =>
            {
                -5.0
            }
            _ if within => -10.0,
            _ => -7.0,
        };
    }
    let small = char.to_lowercase().next().unwrap_or(char);
    let Some(weight) = letters.get(&small) else { return -9.0 };
    let mut sum = *weight;
    if small != char {
        // Capitals begin words, or words are of nothing else.
        sum -= if before.is_lowercase() { 6.0 } else { 1.5 };
    } else if before.is_uppercase() && after.is_uppercase() {
        sum -= 4.0;
    }
    let beside = |c: char| match script {
        // Two in a row are rare.
        Latin if c.is_alphabetic() && !c.is_ascii() => 1.5,
        Vietnamese if c.is_alphabetic() && !c.is_ascii() => 0.4,
        Other if c.is_ascii_alphabetic() => 4.0,
        _ => 0.0,
    };
    sum - beside(before) - beside(after)
}
