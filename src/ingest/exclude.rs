//! What is left out of a source because somebody said so.

use crate::case::CaseError;
use std::cell::Cell;

/// A pattern of `--exclude`.
pub(super) struct Glob {
    /// As it was typed.
    pub text: String,
    pattern: regex::Regex,
    whole_path: bool,
    /// Something fitted it.
    pub fitted: Cell<bool>,
}

impl Glob {
    pub fn matches(&self, path: &str) -> bool {
        let name = if self.whole_path { path } else { path.rsplit('/').next().unwrap_or(path) };
        let fits = self.pattern.is_match(name);
        self.fitted.set(self.fitted.get() || fits);
        fits
    }
}

/// Patterns of `--exclude`, read.
///
/// # Errors
/// One can fit nothing.
pub(super) fn globs(patterns: &[String]) -> Result<Vec<Glob>, CaseError> {
    patterns
        .iter()
        .map(|text| {
            let inside = text.strip_prefix("./").unwrap_or(text).trim_end_matches('/');
            if inside.is_empty() || inside.starts_with('/') {
                let why =
                    "a pattern is a name (*.tmp) or a path inside of what is added (mail/old/**)";
                return Err(CaseError::Refused(format!(
                    "--exclude {text:?} can fit nothing: {why}"
                )));
            }
            let mut source = String::from("(?s)^");
            let mut chars = inside.chars().peekable();
            while let Some(c) = chars.next() {
                match c {
                    '*' if chars.peek() == Some(&'*') => {
                        chars.next();
                        source.push_str(".*");
                    }
                    '*' => source.push_str("[^/]*"),
                    '?' => source.push_str("[^/]"),
                    c => source.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
                }
            }
            source.push('$');
            let pattern = regex::Regex::new(&source)
                .map_err(|error| CaseError::Worker(format!("--exclude {text:?}: {error}")))?;
            let whole_path = inside.contains('/');
            Ok(Glob { text: text.clone(), pattern, whole_path, fitted: Cell::new(false) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excludes() {
        let check = |glob: &str, path: &str, expected: bool| {
            let globs = globs(&[glob.to_owned()]).unwrap();
            assert_eq!(globs[0].matches(path), expected, "{glob} on {path}");
        };
        check("*.tmp", "a/b/c.tmp", true);
        check("*.tmp", "a/b.tmp/c", false);
        check("a/*.txt", "a/x.txt", true);
        check("a/*.txt", "a/b/x.txt", false);
        check("a/**", "a/b/x.txt", true);
        check("扫描?.png", "dir/扫描1.png", true);
        check(".git/", ".git", true);
        check("a+b", "aab", false);
        check("./a/*.txt", "a/x.txt", true);
        for nothing in ["", "/", "./", "/abs/path"] {
            assert!(globs(&[nothing.to_owned()]).is_err(), "{nothing}");
        }
    }
}
