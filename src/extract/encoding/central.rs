//! Short texts that the detector takes for Western or Cyrillic ones, told by letters that only
//! their own language has in those places.

use encoding_rs::{Encoding, WINDOWS_1250, WINDOWS_1257};

/// Whether what looks Western or Turkish is rather Hungarian or Estonian.
pub(super) fn instead_of_western(guessed: &'static Encoding, sample: &[u8]) -> &'static Encoding {
    let has = |bytes: &[u8]| sample.iter().any(|byte| bytes.contains(byte));
    if is_hungarian(sample) {
        return WINDOWS_1250;
    }
    // Where Icelandic has eth and thorn, Estonian has its borrowed letters; Icelandic cannot do
    // without accents and Turkish without its `i`, which stands where one of them does; Estonian
    // has none of these, and letters that the others do not have.
    let eth_or_thorn = has(&[0xd0, 0xde, 0xf0, 0xfe]);
    let accents = has(b"\xc1\xc9\xcd\xd3\xda\xdd\xe1\xe9\xed\xf3\xfa\xfd\xc6\xe6");
    let estonian = has(&[0xe4, 0xf5]);
    if eth_or_thorn && !accents && estonian { WINDOWS_1257 } else { guessed }
}

/// All letters are Hungarian ones, among them the long umlauts, which are a tilde and a hat on
/// vowels in Western sets: Portuguese writes the one before `e` only, French knows no `a` acute.
fn is_hungarian(sample: &[u8]) -> bool {
    const LETTERS: &[u8] =
        b"\xc1\xc9\xcd\xd3\xd5\xd6\xda\xdb\xdc\xe1\xe9\xed\xf3\xf5\xf6\xfa\xfb\xfc";
    let letters = || sample.iter().filter(|byte| **byte >= 0xc0);
    let tilde = sample.windows(2).any(|two| two[0] == 0xf5 && !two[1].eq_ignore_ascii_case(&b'e'));
    let long = tilde || sample.iter().any(|byte| matches!(byte, 0xfb | 0xdb));
    let acute = sample.contains(&0xe1);
    let round = sample.iter().any(|byte| matches!(byte, 0xf5 | 0xf6 | 0xfc));
    long && acute && round && letters().all(|byte| LETTERS.contains(byte))
}

/// Whether this is Hebrew of DOS, in logical or visual order: nothing but its letters, of which the
/// five final forms stand at one end of words.
pub(super) fn is_hebrew_of_dos(sample: &[u8]) -> bool {
    let is_letter = |byte: u8| (0x80..=0x9a).contains(&byte);
    let is_final = |byte: u8| matches!(byte, 0x8a | 0x8d | 0x8f | 0x93 | 0x95);
    let high = sample.iter().filter(|byte| **byte >= 0x80).count();
    let letters = sample.iter().filter(|byte| is_letter(**byte)).count();
    if letters < 16 || letters != high {
        return false;
    }
    let (mut finals, mut behind, mut before) = (0usize, 0usize, 0usize);
    for (at, _) in sample.iter().enumerate().filter(|(_, byte)| is_final(**byte)) {
        let beside = |at: Option<usize>| {
            at.and_then(|at| sample.get(at)).is_some_and(|byte| is_letter(*byte))
        };
        finals += 1;
        behind += usize::from(beside(at.checked_add(1)));
        before += usize::from(beside(at.checked_sub(1)));
    }
    finals >= 2 && (behind == 0 && before == finals || before == 0 && behind == finals)
}
