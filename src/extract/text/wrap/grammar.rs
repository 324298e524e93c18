//! Words by which a line is known to be a piece of a sentence: particles stand behind a noun, and
//! no name of a person, a product or a place begins with one.

/// Whether the line begins or ends with, or for Korean has, what only sentences have.
pub(super) fn goes_on(line: &str) -> bool {
    line.starts_with(['的', '了', '们', '們', '吗', '呢'])
        || has_kana_particle(line)
        || has_josa(line)
}

/// A syllable as Korean is written with today.
pub(super) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

/// At least half of the letters are Hangul.
pub(super) fn is_korean(line: &str) -> bool {
    let hangul = line.chars().filter(|c| is_hangul(*c)).count();
    hangul > 0 && hangul * 2 >= line.chars().filter(|c| c.is_alphanumeric()).count()
}

/// A particle alone between the edge of the line and what is no Hiragana: `の調査`, `責任者は`, but
/// neither `のり` nor `きのこ`. What may begin no line at all is enough by itself.
fn has_kana_particle(line: &str) -> bool {
    let is_kana = |c: char| matches!(c, '\u{3041}'..='\u{309f}');
    let is_bare = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_kana(c));
    let mut chars = line.chars();
    let first = chars.next();
    if first.is_some_and(|c| "をんっゃゅょー".contains(c)) {
        return true;
    }
    if first.is_some_and(|c| "にのはがでともへやてたれ".contains(c)) && is_bare(chars.next())
    {
        return true;
    }
    let mut back = line.chars().rev();
    back.next().is_some_and(|c| "をにのはがでとへや".contains(c)) && is_bare(back.next())
}

/// A word that ends with a particle or a verb's ending. Those in which names and nouns end as well
/// (`지은`, `계약서`, `경기도`, `회의`) say nothing.
fn has_josa(line: &str) -> bool {
    let mut words = line.split(' ').filter(|word| !word.is_empty()).peekable();
    let mut is_first = true;
    while let Some(word) = words.next() {
        let is_last = words.peek().is_none();
        let bare = word.trim_end_matches([',', '.']);
        let is_single = bare.chars().nth(1).is_none();
        let found = match bare.chars().next_back() {
            // The rest of a word from the line before; a family name is none of these.
            Some(end) if is_single => is_first && !is_last && "는을를에의와며".contains(end),
            Some('다') => bare.len() < word.len() && !is_last,
            Some('는' | '을' | '를' | '에' | '와' | '며') => true,
            _ => ["에서", "에게", "으로", "하고", "하여", "되어", "였고", "했고"]
                .iter()
                .any(|end| bare.ends_with(end)),
        };
        if found {
            return true;
        }
        is_first = false;
    }
    false
}
