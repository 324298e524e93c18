//! Character references: `&amp;`, `&#20013;`, `&#x4e2d;`. The names are those of HTML 4, which is
//! what pages and mails use; others stay as they are written.

use std::borrow::Cow;

/// Names of U+00A0 to U+00FF, in order.
const LATIN1: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr \
    deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest \
    Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml \
    ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig \
    agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml \
    eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

#[rustfmt::skip]
const OTHERS: &[(&str, char)] = &[
    ("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("OElig", 'Œ'),
    ("oelig", 'œ'), ("Scaron", 'Š'), ("scaron", 'š'), ("Yuml", 'Ÿ'), ("fnof", 'ƒ'), ("circ", 'ˆ'),
    ("tilde", '˜'), ("ensp", '\u{2002}'), ("emsp", '\u{2003}'), ("thinsp", '\u{2009}'),
    ("zwnj", '\u{200c}'), ("zwj", '\u{200d}'), ("lrm", '\u{200e}'), ("rlm", '\u{200f}'),
    ("ndash", '–'), ("mdash", '—'), ("lsquo", '‘'), ("rsquo", '’'), ("sbquo", '‚'),
    ("ldquo", '“'), ("rdquo", '”'), ("bdquo", '„'), ("dagger", '†'), ("Dagger", '‡'),
    ("bull", '•'), ("hellip", '…'), ("permil", '‰'), ("prime", '′'), ("Prime", '″'),
    ("lsaquo", '‹'), ("rsaquo", '›'), ("oline", '‾'), ("frasl", '⁄'), ("euro", '€'),
    ("image", 'ℑ'), ("weierp", '℘'), ("real", 'ℜ'), ("trade", '™'), ("alefsym", 'ℵ'),
    ("larr", '←'), ("uarr", '↑'), ("rarr", '→'), ("darr", '↓'), ("harr", '↔'), ("crarr", '↵'),
    ("lArr", '⇐'), ("uArr", '⇑'), ("rArr", '⇒'), ("dArr", '⇓'), ("hArr", '⇔'), ("forall", '∀'),
    ("part", '∂'), ("exist", '∃'), ("empty", '∅'), ("nabla", '∇'), ("isin", '∈'), ("notin", '∉'),
    ("ni", '∋'), ("prod", '∏'), ("sum", '∑'), ("minus", '−'), ("lowast", '∗'), ("radic", '√'),
    ("prop", '∝'), ("infin", '∞'), ("ang", '∠'), ("and", '∧'), ("or", '∨'), ("cap", '∩'),
    ("cup", '∪'), ("int", '∫'), ("there4", '∴'), ("sim", '∼'), ("cong", '≅'), ("asymp", '≈'),
    ("ne", '≠'), ("equiv", '≡'), ("le", '≤'), ("ge", '≥'), ("sub", '⊂'), ("sup", '⊃'),
    ("nsub", '⊄'), ("sube", '⊆'), ("supe", '⊇'), ("oplus", '⊕'), ("otimes", '⊗'), ("perp", '⊥'),
    ("sdot", '⋅'), ("lceil", '⌈'), ("rceil", '⌉'), ("lfloor", '⌊'), ("rfloor", '⌋'),
    ("lang", '〈'), ("rang", '〉'), ("loz", '◊'), ("spades", '♠'), ("clubs", '♣'), ("hearts", '♥'),
    ("diams", '♦'), ("thetasym", 'ϑ'), ("upsih", 'ϒ'), ("piv", 'ϖ'), ("check", '✓'),
    ("NewLine", '\n'), ("Tab", '\t'), ("colon", ':'), ("lpar", '('), ("rpar", ')'),
    ("comma", ','), ("period", '.'), ("num", '#'), ("excl", '!'), ("lsqb", '['), ("rsqb", ']'),
    ("lcub", '{'), ("rcub", '}'), ("sol", '/'), ("bsol", '\\'), ("commat", '@'), ("lowbar", '_'),
    ("vert", '|'), ("semi", ';'), ("equals", '='), ("quest", '?'), ("lbrack", '['), ("rbrack", ']'),
    ("verbar", '|'), ("ast", '*'), ("hyphen", '‐'),
];

/// Greek capitals from U+0391 and small letters from U+03B1; U+03A2 does not exist.
const GREEK: &str = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho \
    sigmaf sigma tau upsilon phi chi psi omega";

/// References are not longer than this, `&` and `;` included.
const LONGEST: usize = 34;

/// Resolves all references in a text.
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((char, length)) => {
                out.push(char);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character that a reference at the start of `text` stands for, and its length.
fn reference(text: &str) -> Option<(char, usize)> {
    let inner = &text[1..];
    let end = inner
        .bytes()
        .take(LONGEST)
        .position(|byte| !byte.is_ascii_alphanumeric() && byte != b'#')
        .unwrap_or(inner.len().min(LONGEST));
    let name = inner.get(..end)?;
    let closed = inner.as_bytes().get(end) == Some(&b';');
    let length = 1 + end + usize::from(closed);
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return Some((numbered(code.ok()?), length));
    }
    // Without the semicolon only the old names are references, and `&copy=1` in an address is not.
    if !closed && inner.as_bytes().get(end) == Some(&b'=') {
        return None;
    }
    let latin = || {
        LATIN1.split_whitespace().position(|known| known == name).and_then(|at| at.try_into().ok())
    };
    if let Some(at) = latin().and_then(|at: u32| char::from_u32(0xa0 + at)) {
        return Some((at, length));
    }
    if !closed {
        return OTHERS[..4]
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, char)| (*char, length));
    }
    let other = || OTHERS.iter().find(|(known, _)| *known == name).map(|(_, char)| *char);
    other().or_else(|| greek(name)).map(|char| (char, length))
}

fn greek(name: &str) -> Option<char> {
    let lower = name.to_ascii_lowercase();
    let at = u32::try_from(GREEK.split_whitespace().position(|known| known == lower)?).ok()?;
    let is_capital = name.starts_with(|c: char| c.is_ascii_uppercase());
    char::from_u32(if is_capital { 0x391 } else { 0x3b1 } + at)
}

/// Numbers from 128 to 159 mean Windows-1252, as every browser reads them.
fn numbered(code: u32) -> char {
    if let Ok(byte @ 0x80..=0x9f) = u8::try_from(code) {
        let byte = [byte];
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte);
        return text.chars().next().unwrap_or('\u{fffd}');
    }
    char::from_u32(code).filter(|char| *char != '\0').unwrap_or('\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn references_are_resolved() {
        let check = |text: &str, expected: &str| assert_eq!(decode(text), expected, "{text}");
        check("a &amp; b &lt;c&gt; &nbsp;&yuml;", "a & b <c> \u{a0}ÿ");
        check("&#20013;&#x6587; &#150; &#0; &#xd800;", "中文 – \u{fffd} \u{fffd}");
        check("&alpha;&Omega;&sigma; &euro;", "αΩσ €");
        check("AT&T &unknown; &copy &amp", "AT&T &unknown; © &");
        check("?a=1&copy=2&lt=3", "?a=1&copy=2&lt=3");
        check("&", "&");
        check("&琥", "&琥");
    }
}
