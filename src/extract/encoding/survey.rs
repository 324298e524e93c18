//! What a text is written in, from all of its bytes.
//!
//! UTF-8 proves itself; anything else is judged by chardetng. Lines are judged one by one, so
//! that a log to which two programs wrote in two encodings is seen as that, and one broken
//! character does not turn a UTF-8 file into mojibake.

use super::letters::Verdict;
use super::line::{Line, kind_of};
use super::{
    Charset, Guess, central, damaged, dos, euc_tw, hz, johab, labels, letters, utf7, wide,
};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, KOI8_R, KOI8_U, SHIFT_JIS, UTF_8,
    UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254, X_MAC_CYRILLIC,
};

/// Looks at all bytes of a text once, then guesses.
pub struct Survey {
    /// The beginning, for marks and wide encodings.
    head: Vec<u8>,
    /// An unfinished line.
    line: Vec<u8>,
    /// `None` where nothing is to be detected: see [`Survey::believing`].
    detector: Option<EncodingDetector>,
    /// Bytes beyond ASCII in lines that are not UTF-8.
    foreign_bytes: u64,
    foreign_lines: u64,
    /// Lines that can hardly be UTF-8 by accident.
    utf8_lines: u64,
    /// Lines that are UTF-8 at all, by accident or not.
    beyond_ascii: bool,
    /// ESC $ or ESC ( as Japanese mail has them.
    shifts: bool,
    /// The last two bytes before, for shifts that were cut.
    before: Vec<u8>,
    /// A sample of foreign lines, to try encodings on.
    sample: Vec<u8>,
    /// A sample of ASCII lines with `~{`, which may be HZ.
    tildes: Vec<u8>,
    /// A sample of ASCII lines with `+`, which may be UTF-7.
    pluses: Vec<u8>,
}

const HEAD: usize = 64 * 1024;

/// The detector does not change its mind after this many bytes beyond ASCII.
const ENOUGH: u64 = 1 << 20;

/// A line is cut here when it has no end; only for judging.
const LONGEST_LINE: usize = 64 * 1024;

impl Default for Survey {
    fn default() -> Self {
        Self::new()
    }
}

impl Survey {
    pub fn new() -> Self {
        Survey {
            head: Vec::new(),
            line: Vec::new(),
            detector: Some(EncodingDetector::new(Iso2022JpDetection::Deny)),
            foreign_bytes: 0,
            foreign_lines: 0,
            utf8_lines: 0,
            beyond_ascii: false,
            shifts: false,
            before: Vec::new(),
            sample: Vec::new(),
            tildes: Vec::new(),
            pluses: Vec::new(),
        }
    }

    /// One that detects nothing, for a text that says what it is written in. Its guess counts only if
    /// the text [bears it out](Survey::bears_out); `None` where even that would not be enough.
    pub(super) fn believing(declared: Option<&str>) -> Option<Survey> {
        let stated = Encoding::for_label(declared?.trim().as_bytes())?;
        let is_doubtful = [UTF_8, UTF_16LE, UTF_16BE, WINDOWS_1252].contains(&stated);
        (!is_doubtful).then(|| Survey { detector: None, ..Survey::new() })
    }

    /// Nothing would be lost by reading it as what it says.
    pub(super) fn bears_out(&mut self, declared: Option<&str>) -> bool {
        self.end();
        let stated = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
        stated.is_some_and(|stated| lost(stated, &self.sample) == 0)
    }

    /// There is no more.
    fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.judge(&line);
    }

    /// Takes the next bytes in.
    pub fn feed(&mut self, bytes: &[u8]) {
        let room = HEAD - self.head.len();
        self.head.extend_from_slice(&bytes[..room.min(bytes.len())]);
        if !self.shifts {
            let begin = &bytes[..bytes.len().min(2)];
            self.shifts = has_shifts(&[&self.before, begin].concat()) || has_shifts(bytes);
            self.before.extend_from_slice(&bytes[bytes.len().saturating_sub(2)..]);
            self.before.drain(..self.before.len().saturating_sub(2));
        }
        if self.tildes.len() < HEAD && bytes.windows(2).any(|two| two == b"~{") {
            let lines = bytes.split_inclusive(|byte| *byte == b'\n');
            for line in lines.filter(|line| line.windows(2).any(|two| two == b"~{")) {
                self.tildes.extend_from_slice(&line[..line.len().min(HEAD)]);
            }
        }
        if self.pluses.len() < HEAD && bytes.contains(&b'+') {
            let lines = bytes.split_inclusive(|byte| *byte == b'\n');
            for line in lines.filter(|line| line.contains(&b'+')) {
                self.pluses.extend_from_slice(&line[..line.len().min(HEAD)]);
            }
        }
        if self.line.is_empty() && bytes.is_ascii() {
            // The usual case: only what may belong to a line that goes on otherwise is kept.
            let start = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let start = start.max(bytes.len().saturating_sub(LONGEST_LINE));
            self.line.extend_from_slice(&bytes[start..]);
            return;
        }
        let mut rest = bytes;
        if self.line.is_empty()
            && let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n')
            && bytes[..end].iter().any(|byte| *byte >= 0xe0)
            && std::str::from_utf8(&bytes[..end]).is_ok()
        {
            // As usual: nothing but good UTF-8 with longer characters.
            self.beyond_ascii = true;
            let lines = bytes[..=end].iter().filter(|byte| **byte == b'\n').count();
            self.utf8_lines += lines as u64;
            rest = &bytes[end + 1..];
        }
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (now, later) = rest.split_at(end + 1);
            if self.line.is_empty() {
                self.judge(now);
            } else {
                self.line.extend_from_slice(now);
                let line = std::mem::take(&mut self.line);
                self.judge(&line);
            }
            rest = later;
        }
        self.line.extend_from_slice(rest);
        if self.line.len() > LONGEST_LINE {
            self.judge_part_of_line();
        }
    }

    /// Cuts a very long line where no character can be cut in two.
    fn judge_part_of_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let mut rest = line.as_slice();
        while rest.len() > LONGEST_LINE {
            let window = &rest[..LONGEST_LINE];
            let cut = window.iter().rposition(|byte| *byte < 0x30).map_or_else(
                // No ASCII at all: at the last byte that begins a UTF-8 character.
                || window.iter().rposition(|byte| *byte & 0xc0 != 0x80).filter(|at| *at > 0),
                |at| Some(at + 1),
            );
            let (now, later) = rest.split_at(cut.unwrap_or(LONGEST_LINE));
            self.judge(now);
            rest = later;
        }
        self.line = rest.to_vec();
    }

    fn judge(&mut self, line: &[u8]) {
        match kind_of(line) {
            Line::Ascii => {}
            Line::Utf8 { sure } => {
                self.beyond_ascii = true;
                self.utf8_lines += u64::from(sure);
                if !sure {
                    self.remember(line);
                }
            }
            Line::Foreign => {
                self.beyond_ascii = true;
                self.foreign_lines += 1;
                self.foreign_bytes += line.iter().filter(|byte| **byte >= 0x80).count() as u64;
                if let Some(detector) = &mut self.detector
                    && self.foreign_bytes < ENOUGH
                {
                    detector.feed(line, false);
                }
                self.remember(line);
            }
        }
    }

    fn remember(&mut self, line: &[u8]) {
        if self.sample.len() + line.len() <= HEAD {
            self.sample.extend_from_slice(line);
        } else if self.sample.is_empty() {
            self.sample.extend_from_slice(&line[..HEAD]);
        }
    }

    /// The guess. `declared` as in [`super::decode`].
    pub fn finish(mut self, declared: Option<&str>) -> Guess {
        if let Some((charset, mark)) = wide::mark(&self.head) {
            return Guess { charset, mark, warnings: Vec::new() };
        }
        if let Some(charset) = wide::guess(&self.head) {
            return Guess { charset, mark: 0, warnings: Vec::new() };
        }
        self.end();
        let label = declared.map(str::trim).filter(|label| !label.is_empty());
        let stated = label.and_then(|label| Encoding::for_label(label.as_bytes()));
        let mut warnings = Vec::new();
        let named = label.and_then(labels::named);
        let fits = |seven_bits| match seven_bits {
            // encoding_rs knows the names of some of these, and refuses to read them.
            true => !self.beyond_ascii,
            false => self.foreign_lines > 0 && stated.is_none(),
        };
        if let Some((charset, _)) = named.filter(|(_, seven_bits)| fits(*seven_bits)) {
            return Guess { charset, mark: 0, warnings };
        }
        if let (Some(label), None, None) = (label, stated, named) {
            let label: String = label.chars().take(60).collect();
            warnings.push(format!("says that it is written in {label:?}, which is not known"));
        }
        let charset = self.choose(stated, &mut warnings);
        Guess { charset, mark: 0, warnings }
    }

    fn choose(&mut self, stated: Option<&'static Encoding>, warnings: &mut Vec<String>) -> Charset {
        // A wide encoding would have been seen; in HTML the word is a well-known lie.
        let stated = stated.filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE);
        if self.shifts && !self.beyond_ascii {
            return Charset::Known(ISO_2022_JP);
        }
        if !self.beyond_ascii && self.head.windows(4).any(|four| four == hz::KOREAN) {
            return Charset::Iso2022Kr;
        }
        if !self.beyond_ascii && hz::CHINESE.iter().any(|mark| self.head_has(mark)) {
            return Charset::Iso2022Cn;
        }
        if !self.beyond_ascii && stated.is_none() && utf7::fits(&self.pluses, wide::is_letter) {
            return Charset::Utf7;
        }
        if !self.beyond_ascii {
            let runs = hz::runs(&self.tildes);
            if !runs.is_empty() && is_common_gb(&runs) && lost(GBK, &runs) == 0 {
                return Charset::Hz;
            }
            return Charset::Known(stated.unwrap_or(UTF_8));
        }
        if self.foreign_lines == 0 {
            if let Some(stated) = stated.filter(|encoding| *encoding != UTF_8) {
                // Valid UTF-8 beyond a few accidental pairs is no other encoding.
                if self.utf8_lines == 0 && stated.is_single_byte() {
                    return Charset::Known(stated);
                }
                warnings.push(format!("says that it is {}, but it is UTF-8", stated.name()));
            }
            return Charset::Known(UTF_8);
        }
        let Some(mut detector) = self.detector.take() else {
            return self.beside_utf8(stated.unwrap_or(UTF_8), warnings);
        };
        detector.feed(&[], true);
        let guessed = detector.guess(None, Utf8Detection::Deny);
        let guessed = damaged::instead_of(guessed, &self.sample);
        let alone = stated.is_none() && self.utf8_lines == 0;
        if alone && !guessed.is_single_byte() && euc_tw::fits(&self.sample) {
            return Charset::EucTw;
        }
        if alone && guessed.is_single_byte() && central::is_hebrew_of_dos(&self.sample) {
            return Charset::Dos(862);
        }
        if alone && johab::fits(&self.sample) {
            return Charset::Johab;
        }
        let guessed = narrow(guessed, &self.sample);
        if stated.is_none() && self.utf8_lines == 0 && is_dos_cyrillic(guessed, &self.sample) {
            return Charset::Dos(855);
        }
        if alone && guessed.is_single_byte() {
            match letters::judge(Charset::Known(guessed), &self.sample) {
                Verdict::Right => {}
                Verdict::Or(other) => warnings.push(format!(
                    "nothing says how it is written: read as {}; it might be {} as well",
                    guessed.name(),
                    other.name()
                )),
                Verdict::Rather(better) => {
                    let name = better.name();
                    warnings.push(format!(
                        "nothing says how it is written: read as {name}, judged by its letters"
                    ));
                    return better;
                }
            }
        }
        let other = match stated {
            Some(stated) if stated != UTF_8 => self.weigh(stated, guessed, warnings),
            Some(_) if self.utf8_lines == 0 => {
                warnings.push(format!("says that it is UTF-8, but it is {}", guessed.name()));
                guessed
            }
            _ => guessed,
        };
        self.beside_utf8(other, warnings)
    }

    /// What is written in a set, or some lines of which are and the others are UTF-8.
    fn beside_utf8(&self, other: &'static Encoding, warnings: &mut Vec<String>) -> Charset {
        // A few accidents among very many lines do not make a file mixed.
        if self.utf8_lines > 0 && self.utf8_lines.saturating_mul(1000) >= self.foreign_lines {
            warnings.push(format!(
                "some lines are UTF-8 and {} are not; those were read as {}",
                self.foreign_lines,
                other.name()
            ));
            return Charset::Mixed(other);
        }
        Charset::Known(other)
    }

    fn head_has(&self, mark: &[u8]) -> bool {
        self.head.windows(mark.len()).any(|bytes| bytes == mark)
    }

    /// Chooses between what a file says and what its bytes look like.
    fn weigh(
        &self,
        stated: &'static Encoding,
        guessed: &'static Encoding,
        warnings: &mut Vec<String>,
    ) -> &'static Encoding {
        let (lost, lost_otherwise) = (lost(stated, &self.sample), lost(guessed, &self.sample));
        let is_cjk = [GBK, GB18030, BIG5, EUC_JP, EUC_KR, SHIFT_JIS].contains(&guessed);
        // Western is what programs write that never asked; Chinese letters are rarely accidents.
        let never_asked = stated == WINDOWS_1252 && is_cjk && self.foreign_bytes >= 8;
        if stated != guessed
            && ((lost > 0 && lost_otherwise * 4 < lost) || (never_asked && lost_otherwise == 0))
        {
            warnings.push(format!(
                "says that it is {}, but it looks like {}",
                stated.name(),
                guessed.name()
            ));
            return guessed;
        }
        stated
    }
}

/// Undecodable places in a sample.
fn lost(encoding: &'static Encoding, sample: &[u8]) -> usize {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    text.matches('\u{fffd}').count()
}

/// What the detector says of a sample.
pub(super) fn detect(sample: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Names the smaller of two sets where the text does not tell them apart.
fn narrow(guessed: &'static Encoding, sample: &[u8]) -> &'static Encoding {
    // Where KOI8-U has Ukrainian letters, KOI8-R has lines of boxes.
    let ukrainian = [0xa4, 0xa6, 0xa7, 0xad, 0xb4, 0xb6, 0xb7, 0xbd];
    if guessed == KOI8_U && !sample.iter().any(|byte| ukrainian.contains(byte)) {
        return KOI8_R;
    }
    // The small letters of the Macintosh are those of Windows, the large ones stand lower.
    let within = |low, high| sample.iter().filter(|byte| (low..=high).contains(*byte)).count();
    if guessed == WINDOWS_1251 && within(0x80, 0x9f) > 2 * within(0xc0, 0xdd) + 2 {
        return X_MAC_CYRILLIC;
    }
    if guessed == WINDOWS_1252 || guessed == WINDOWS_1254 {
        return central::instead_of_western(guessed, sample);
    }
    if guessed == EUC_JP && is_spelt_korean(sample) {
        return EUC_KR;
    }
    // Cyrillic and symbols between Han characters mislead the detector. In Big5 every third
    // character has a second byte that no everyday character of GB 2312 has.
    let is_other = guessed != GBK && guessed != GB18030;
    let doubtful = is_other && (guessed == BIG5 || lost(guessed, sample) > 0);
    if doubtful && is_common_gb(sample) && lost(GBK, sample) == 0 { GBK } else { guessed }
}

/// Whether what the detector takes for Japanese is Korean with rare syllables that are spelt out in KS
/// X 1001: a filler, a first letter, a vowel and a last letter, which would be four kana. The other
/// syllables are Han characters then.
fn is_spelt_korean(sample: &[u8]) -> bool {
    let is_spelt = |eight: &[u8]| {
        matches!(eight, [0xa4, 0xd4, 0xa4, 0xa1..=0xbe, 0xa4, 0xbf..=0xd3, 0xa4, 0xa1..=0xd4])
    };
    if !sample.windows(8).any(is_spelt) || lost(EUC_KR, sample) > 0 {
        return false;
    }
    let count = |encoding: &'static Encoding, within: std::ops::RangeInclusive<char>| {
        let (text, _) = encoding.decode_without_bom_handling(sample);
        text.chars().filter(|c| within.contains(c)).count()
    };
    let han = count(EUC_JP, '\u{4e00}'..='\u{9fff}');
    // Japanese has more kana than that, and Han characters where no syllable of Korean is.
    count(EUC_JP, '\u{3041}'..='\u{30ff}') * 2 < han
        && count(EUC_KR, '\u{ac00}'..='\u{d7a3}') * 10 >= han * 9
}

/// Whether what the detector takes for another alphabet is Russian of DOS before code page 866: most
/// letters are small Cyrillic ones then, and the common ones are common.
fn is_dos_cyrillic(guessed: &'static Encoding, sample: &[u8]) -> bool {
    let high = sample.iter().filter(|byte| **byte >= 0x80).count();
    if !guessed.is_single_byte() || high < 24 || high * 3 < sample.len() {
        return false;
    }
    let count = |text: &str, test: &dyn Fn(char) -> bool| text.chars().filter(|c| test(*c)).count();
    let common = |text: &str| count(text, &|c| "оеаинтсрвлкмд".contains(c));
    let text = dos::decode(sample, 855).unwrap_or_default();
    let small = count(&text, &|c| ('а'..='я').contains(&c) || c == 'ё');
    let (other, _) = guessed.decode_without_bom_handling(sample);
    small * 10 >= high * 7 && common(&text) * 10 >= high * 5 && common(&text) > 2 * common(&other)
}

/// Nearly all pairs of bytes are the everyday characters and the symbols of GB 2312.
fn is_common_gb(sample: &[u8]) -> bool {
    let (mut pairs, mut common) = (0usize, 0usize);
    let mut bytes = sample.iter();
    while let Some(&lead) = bytes.next() {
        if lead < 0x80 {
            continue;
        }
        let trail = bytes.next().copied().unwrap_or(0);
        pairs += 1;
        common += usize::from(matches!(lead, 0xa1..=0xa9 | 0xb0..=0xd7) && trail >= 0xa1);
    }
    pairs > 0 && common * 20 >= pairs * 19
}

/// ESC $ @, ESC $ B, ESC ( I, ESC ( J.
fn has_shifts(bytes: &[u8]) -> bool {
    bytes
        .windows(3)
        .any(|three| matches!(three, [0x1b, b'$', b'@' | b'B'] | [0x1b, b'(', b'I' | b'J']))
}
