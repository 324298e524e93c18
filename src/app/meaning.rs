//! What is typed for a highlight, in one line: `meaning: comment #tag #tag`. Meanings and tags
//! that were used before complete it.

/// A highlight as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meant {
    pub meaning: String,
    pub comment: String,
    /// In the order they were typed, each once.
    pub tags: Vec<String>,
}

/// What a highlight means that nothing was typed for.
const PLAIN: &str = "marked";

impl Meant {
    pub fn parse(typed: &str) -> Meant {
        let mut tags: Vec<String> = Vec::new();
        let mut words: Vec<&str> = Vec::new();
        for word in typed.split_whitespace() {
            match word.strip_prefix(['#', '＃']) {
                Some(tag) if !tag.is_empty() => {
                    if !tags.iter().any(|known| known == tag) {
                        tags.push(tag.to_owned());
                    }
                }
                _ => words.push(word),
            }
        }
        let rest = words.join(" ");
        let (meaning, comment) = match rest.find([':', '：']) {
            Some(at) => {
                let sign = rest[at..].chars().next().map_or(1, char::len_utf8);
                (rest[..at].trim(), rest[at + sign..].trim())
            }
            None => (rest.as_str(), ""),
        };
        let meaning = if meaning.is_empty() { PLAIN } else { meaning };
        Meant { meaning: meaning.to_owned(), comment: comment.to_owned(), tags }
    }
}

/// Words used before that what is typed may become, and the line with each of them taken.
pub fn suggestions(typed: &str, meanings: &[String], tags: &[String]) -> Vec<(String, String)> {
    let (head, last) = match typed.rfind(char::is_whitespace) {
        Some(at) => typed.split_at(at + typed[at..].chars().next().map_or(1, char::len_utf8)),
        None => ("", typed),
    };
    let begins = |known: &str, with: &str| {
        known.to_lowercase().starts_with(&with.to_lowercase()) && known != with
    };
    if let Some(tag) = last.strip_prefix(['#', '＃']) {
        return tags
            .iter()
            .filter(|known| begins(known, tag))
            .map(|known| (format!("#{known}"), format!("{head}#{known} ")))
            .collect();
    }
    if typed.contains([':', '：', '#', '＃']) {
        return Vec::new();
    }
    meanings
        .iter()
        .filter(|known| begins(known, typed))
        .map(|known| (known.clone(), known.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, meaning: &str, comment: &str, tags: &[&str]) {
        let meant = Meant::parse(typed);
        let found: Vec<&str> = meant.tags.iter().map(String::as_str).collect();
        assert_eq!((meant.meaning.as_str(), meant.comment.as_str()), (meaning, comment), "{typed}");
        assert_eq!(found, tags, "{typed}");
    }

    #[test]
    fn a_line_is_a_meaning_a_comment_and_tags() {
        check("payment", "payment", "", &[]);
        check(
            "付款：三十万，见D12 #apt/青河 #money",
            "付款",
            "三十万，见D12",
            &["apt/青河", "money"],
        );
        check("#money first payment: at 12:41 #money", "first payment", "at 12:41", &["money"]);
        check("  ", "marked", "", &[]);
        check("#x", "marked", "", &["x"]);
        check(": only a comment", "marked", "only a comment", &[]);
        check("# alone", "# alone", "", &[]);
    }

    #[test]
    fn what_was_used_before_completes_it() {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let (meanings, tags) = (words(&["payment", "victim", "付款"]), words(&["apt", "money"]));
        let found = |typed: &str| {
            let all = suggestions(typed, &meanings, &tags);
            all.into_iter().map(|(_, line)| line).collect::<Vec<_>>()
        };
        assert_eq!(found(""), ["payment", "victim", "付款"]);
        assert_eq!(found("PA"), ["payment"]);
        assert_eq!(found("payment"), [""; 0]);
        assert_eq!(found("付"), ["付款"]);
        assert_eq!(found("payment: v"), [""; 0], "a comment is one's own");
        assert_eq!(found("payment #m"), ["payment #money "]);
    }
}
