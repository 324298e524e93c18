//! Admiralty grades of what is cited: how reliable the source is, and how credible the item.

use super::words::words;
use serde::{Deserialize, Serialize};

words!(
    /// Admiralty code: how reliable the source is.
    SourceGrade { A = "A", B = "B", C = "C", D = "D", E = "E", F = "F" }
);
words!(
    /// Admiralty code: how credible the item is.
    ItemGrade { One = "1", Two = "2", Three = "3", Four = "4", Five = "5", Six = "6" }
);

impl SourceGrade {
    pub fn words(self) -> &'static str {
        match self {
            SourceGrade::A => "reliable",
            SourceGrade::B => "usually reliable",
            SourceGrade::C => "fairly reliable",
            SourceGrade::D => "not usually reliable",
            SourceGrade::E => "unreliable",
            SourceGrade::F => "reliability cannot be judged",
        }
    }
}

impl ItemGrade {
    pub fn words(self) -> &'static str {
        match self {
            ItemGrade::One => "confirmed",
            ItemGrade::Two => "probably true",
            ItemGrade::Three => "possibly true",
            ItemGrade::Four => "doubtfully true",
            ItemGrade::Five => "improbable",
            ItemGrade::Six => "truth cannot be judged",
        }
    }
}

/// Admiralty grades of a citation, either of them optional: `B2`, `B`, `2`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    pub source: Option<SourceGrade>,
    pub item: Option<ItemGrade>,
}

impl Grade {
    /// `B2 / A1`: each once, those that say nothing left out.
    pub fn words_of(grades: impl IntoIterator<Item = Grade>) -> String {
        let mut words: Vec<String> = Vec::new();
        for grade in grades {
            let own = grade.to_string();
            if !own.is_empty() && !words.contains(&own) {
                words.push(own);
            }
        }
        words.join(" / ")
    }
}

impl std::fmt::Display for Grade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.source.map_or("", SourceGrade::word))?;
        f.write_str(self.item.map_or("", ItemGrade::word))
    }
}

impl std::str::FromStr for Grade {
    type Err = BadGrade;

    fn from_str(text: &str) -> Result<Grade, BadGrade> {
        let text = text.trim().to_ascii_uppercase();
        let bad = || BadGrade(text.clone());
        let mut grade = Grade::default();
        let mut rest = text.as_str();
        if let Some(source) = rest.get(..1).and_then(SourceGrade::from_word) {
            grade.source = Some(source);
            rest = &rest[1..];
        }
        if !rest.is_empty() {
            grade.item = Some(ItemGrade::from_word(rest).ok_or_else(bad)?);
        }
        Ok(grade)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no grade: A-F for the source, 1-6 for the item, as B2")]
pub struct BadGrade(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_are_read() {
        for text in ["B2", "B", "2", ""] {
            assert_eq!(text.parse::<Grade>().unwrap().to_string(), text);
        }
        assert_eq!("f6".parse::<Grade>().unwrap().to_string(), "F6");
        for bad in ["G1", "B7", "22", "BB", "甲1"] {
            assert!(bad.parse::<Grade>().is_err(), "{bad}");
        }
    }
}
