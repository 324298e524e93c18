//! Names of tags: `contract`, `who/lin`, `北京/会议`. A slash makes namespaces.

/// Why something is no name of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTag {
    #[error("a tag has a name: contract, who/lin")]
    Empty,
    #[error("a tag has at most 100 characters")]
    Long,
    #[error("{0:?} cannot stand in a tag")]
    Character(char),
    #[error("a slash stands between two names of a tag: who/lin")]
    Slash,
}

/// The name of a tag as it is kept, from what was typed: without `#`, blanks as hyphens.
///
/// # Errors
/// What cannot be typed in a query again: controls, quotes, parentheses, an empty part.
pub fn name(typed: &str) -> Result<String, BadTag> {
    let typed = typed.trim().trim_start_matches(['#', '＃']).trim();
    let name: String = typed.split_whitespace().collect::<Vec<_>>().join("-").replace('／', "/");
    if name.is_empty() {
        return Err(BadTag::Empty);
    }
    if name.chars().count() > 100 {
        return Err(BadTag::Long);
    }
    let is_bad = |c: &char| c.is_control() || "\"'()*:“”（）：".contains(*c);
    if let Some(bad) = name.chars().find(is_bad) {
        return Err(BadTag::Character(bad));
    }
    match name.split('/').any(str::is_empty) {
        true => Err(BadTag::Slash),
        false => Ok(name),
    }
}

/// The tag and what it lies in: `who/lin/2019`, `who/lin`, `who`.
pub fn spaces(tag: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(tag), |name| name.rsplit_once('/').map(|(space, _)| space))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: Result<&str, BadTag>) {
        assert_eq!(name(typed), expected.map(str::to_owned), "{typed}");
    }

    #[test]
    fn names_can_be_typed_in_a_query_again() {
        check(" #who/lin ", Ok("who/lin"));
        check("＃北京／会议", Ok("北京/会议"));
        check("advance  payment", Ok("advance-payment"));
        check("#", Err(BadTag::Empty));
        check("who//lin", Err(BadTag::Slash));
        check("/lin", Err(BadTag::Slash));
        check("a\u{1b}b", Err(BadTag::Character('\u{1b}')));
        check("a:b", Err(BadTag::Character(':')));
        assert_eq!(spaces("who/lin/x").collect::<Vec<_>>(), ["who/lin/x", "who/lin", "who"]);
        check(&"长".repeat(101), Err(BadTag::Long));
    }
}
