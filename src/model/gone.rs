//! That somebody deleted what something else still cites: whoever reads that must be told who did it.

use super::time;
use serde::{Deserialize, Serialize};

/// Who deleted a thing, or took back having made it, and when. Names and times are claims.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// In the order of the fold.
    pub acts: Vec<Deletion>,
}

/// An operation in force because of which a thing is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// The name as it is shown: with the key where several use it.
    pub by: String,
    /// UTC milliseconds.
    pub wall: i64,
    /// The making of it was undone.
    pub is_undoing: bool,
}

impl Deletion {
    fn verb(&self) -> &'static str {
        if self.is_undoing { "undone" } else { "deleted" }
    }

    /// `2024-02-19`
    fn day(&self) -> String {
        time::clock_text(self.wall.div_euclid(1000)).chars().take(10).collect()
    }
}

impl Gone {
    /// `deleted by lin on 2024-02-19 and by mara on 2024-03-01`
    pub fn words(&self) -> String {
        self.sentence(|own| format!(" by {} on {}", own.by, own.day()))
    }

    /// The same without names.
    pub fn nameless(&self) -> String {
        self.sentence(|own| format!(" on {}", own.day()))
    }

    fn sentence(&self, act: impl Fn(&Deletion) -> String) -> String {
        let mut said: Vec<String> = Vec::new();
        let mut verb = "";
        for own in &self.acts {
            let repeated = std::mem::replace(&mut verb, own.verb()) == own.verb();
            let words = match repeated {
                true => act(own).trim_start().to_owned(),
                false => format!("{}{}", own.verb(), act(own)),
            };
            if !said.contains(&words) {
                said.push(words);
            }
        }
        match said.is_empty() {
            true => "deleted".to_owned(),
            false => said.join(" and "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_who_did_it_and_when() {
        let check = |acts: &[(&str, i64, bool)], words: &str, nameless: &str| {
            let acts = acts
                .iter()
                .map(|(by, day, is_undoing)| Deletion {
                    by: (*by).to_owned(),
                    wall: day * 86_400_000,
                    is_undoing: *is_undoing,
                })
                .collect();
            let gone = Gone { acts };
            assert_eq!((gone.words().as_str(), gone.nameless().as_str()), (words, nameless));
        };
        check(&[], "deleted", "deleted");
        check(&[("lin", 0, false)], "deleted by lin on 1970-01-01", "deleted on 1970-01-01");
        check(&[("lin", 1, true)], "undone by lin on 1970-01-02", "undone on 1970-01-02");
        check(
            &[("lin", 0, false), ("mara", 1, false)],
            "deleted by lin on 1970-01-01 and by mara on 1970-01-02",
            "deleted on 1970-01-01 and on 1970-01-02",
        );
        check(
            &[("lin", 0, false), ("mara", 0, true)],
            "deleted by lin on 1970-01-01 and undone by mara on 1970-01-01",
            "deleted on 1970-01-01 and undone on 1970-01-01",
        );
    }
}
