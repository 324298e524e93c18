//! Names in a query, compared in the normal form: who or what bears one.

use crate::text::normal::folded as fold;

/// A name as it was typed, folded.
pub(super) enum Name {
    Text(String),
    /// With `*` for any characters.
    Pattern(String),
}

impl Name {
    /// It is exactly that.
    pub fn is(&self, folded: &str) -> bool {
        match self {
            Name::Text(text) => text == folded,
            Name::Pattern(pattern) => fits(pattern, folded),
        }
    }

    /// It is a part of that; a pattern is a part of a path when it is all of it, or all of its
    /// end behind a folder.
    pub fn is_in(&self, folded: &str) -> bool {
        match self {
            Name::Text(text) => folded.contains(text.as_str()),
            Name::Pattern(pattern) => {
                fits(pattern, folded)
                    || folded
                        .match_indices(['/', '!'])
                        .any(|(at, _)| fits(pattern, folded.get(at + 1..).unwrap_or_default()))
            }
        }
    }
}

/// Whether `text` is `pattern`, where `*` stands for any characters.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

/// Those who bear the name exactly; if there are none, those in whose names it is contained.
pub(super) fn best<Id: Copy, N: AsRef<str>>(
    name: &Name,
    all: impl Iterator<Item = (Id, impl IntoIterator<Item = N>)>,
) -> Vec<Id> {
    let (mut exact, mut part) = (Vec::new(), Vec::new());
    for (id, names) in all {
        let names: Vec<String> = names.into_iter().map(|name| fold(name.as_ref())).collect();
        if names.iter().any(|known| name.is(known)) {
            exact.push(id);
        } else if names.iter().any(|known| name.is_in(known)) {
            part.push(id);
        }
    }
    if exact.is_empty() { part } else { exact }
}
