//! What a person may have meant otherwise, though it is well formed: words of other query
//! languages. Said beside the answer, because the words may be meant as they stand.

use super::lexer::{Token, narrow, tokens};
use super::tree::Kind;

/// Sentences about `text`, which must parse.
pub(super) fn doubts(text: &str) -> Vec<String> {
    let Ok(tokens) = tokens(text) else { return Vec::new() };
    let mut doubts = Vec::new();
    for (at, (token, span)) in tokens.iter().enumerate() {
        let typed = text.get(span.start..span.end).unwrap_or_default();
        // What stands in quotes is meant as it stands.
        let Token::Atom(Kind::Text(word)) = token else { continue };
        if word != typed {
            continue;
        }
        let narrow: String = typed.chars().map(narrow).collect();
        let is_between = at > 0 && at + 1 < tokens.len();
        let letters = |c: char| c.is_alphanumeric();
        let doubt = match narrow.as_str() {
            "or" | "Or" if is_between => "in capitals, OR finds either",
            "and" | "And" if is_between => "in capitals, AND finds both, as a blank does",
            "not" | "Not" if at + 1 < tokens.len() => "in capitals, NOT leaves out what follows",
            "to" | "TO" if is_between => "a span is written 2022-01..2022-03",
            word if word.rsplit_once('^').is_some_and(|(_, n)| is_number(n)) => {
                "there are no weights: ^ and the number are searched for"
            }
            word if word.starts_with(['!', '^', '+']) && word.len() > 1 => {
                "the sign before it is searched for; - before a word leaves it out"
            }
            word if has_inside(word, '?', letters) => {
                "? is searched for; word~1 finds words with one other character"
            }
            word if has_inside(word, '=', letters) => "a field is written with a colon: from:lin",
            _ => continue,
        };
        doubts.push(format!("{typed} is searched as it stands; {doubt}"));
    }
    doubts
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Whether a sign stands between such characters; not in what looks like an address.
fn has_inside(word: &str, sign: char, fits: impl Fn(char) -> bool) -> bool {
    let Some((before, after)) = word.split_once(sign) else { return false };
    !word.contains(['/', '&'])
        && before.chars().next_back().is_some_and(&fits)
        && after.chars().next().is_some_and(&fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert!(super::super::Query::parse(text).is_ok(), "{text}");
        let said = doubts(text).join("; ");
        assert!(
            said.contains(expected) && said.is_empty() == expected.is_empty(),
            "{text}: {said}"
        );
    }

    #[test]
    fn words_of_other_languages_are_doubted() {
        check("公司 or 合同", "or is searched as it stands; in capitals, OR");
        check("公司 and 合同", "AND");
        check("公司 not 合同", "NOT");
        check("公司^2", "weights");
        check("!公司", "leaves it out");
        check("公?司", "word~1");
        check("from=lin", "colon");
        check("a to b", "2022-01..2022-03");
        for fine in [
            "公司 OR 合同",
            "\"公司 or 合同\" x",
            "or",
            "why?",
            "http://example.org/a?b=c",
            "1^x",
            "a-b",
            "C++",
        ] {
            check(fine, "");
        }
    }
}
