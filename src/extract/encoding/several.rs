//! Sets whose characters have one byte in ASCII and several beyond it.

/// Appends the text of these bytes; the answer is how many of them stand for no character. `next`
/// reads the character beyond ASCII that the bytes begin with, and says how many bytes it has, at
/// least one; `each` gets to know them.
pub(super) fn walk(
    bytes: &[u8],
    text: &mut String,
    next: impl Fn(&[u8]) -> (Option<char>, usize),
    mut each: impl FnMut(Option<char>),
) -> u64 {
    let mut rest = bytes;
    let mut lost = 0;
    while let [first, others @ ..] = rest {
        if first.is_ascii() {
            text.push(char::from(*first));
            rest = others;
            continue;
        }
        let (found, length) = next(rest);
        each(found);
        text.push(found.unwrap_or(char::REPLACEMENT_CHARACTER));
        if found.is_none() {
            lost += length as u64;
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    lost
}
