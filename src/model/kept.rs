//! What somebody deleted who did not know of what others did to it meanwhile. It is kept, and says
//! so, until somebody deletes it again or says that it stays.

use super::Sha256;
use super::review::Signer;
use serde::{Deserialize, Serialize};

/// Why something stands that was deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The operations that deleted it, with whoever wrote them, in the order of the fold.
    pub deleted: Vec<(Sha256, Someone)>,
    /// What those did not know of, in words, the first of it.
    pub because: Vec<(String, Someone)>,
}

/// Whoever signed an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Someone {
    pub by: Signer,
    /// The name as it is shown: with the key where several use it. Empty as it is stored.
    #[serde(skip)]
    pub shown: String,
}

impl Someone {
    pub fn new(name: &str, key: &str) -> Someone {
        Someone { by: Signer::new(name, key), shown: String::new() }
    }

    fn name(&self) -> &str {
        if self.shown.is_empty() { &self.by.name } else { &self.shown }
    }
}

impl Kept {
    /// `deleted by bela, kept because anna called it refuted`
    pub fn words(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for (_, someone) in &self.deleted {
            if !names.contains(&someone.name()) {
                names.push(someone.name());
            }
        }
        let because: Vec<String> =
            self.because.iter().map(|(words, by)| format!("{} {words}", by.name())).collect();
        format!("deleted by {}, kept because {}", names.join(" and "), because.join(" and "))
    }

    /// The same without names.
    pub fn nameless(&self) -> String {
        let because: Vec<&str> = self.because.iter().map(|(words, _)| words.as_str()).collect();
        format!("deleted by one, kept because another {}", because.join(" and "))
    }

    /// Whoever is named in it.
    pub fn people_mut(&mut self) -> impl Iterator<Item = &mut Someone> {
        let deleted = self.deleted.iter_mut().map(|(_, someone)| someone);
        deleted.chain(self.because.iter_mut().map(|(_, someone)| someone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_who_deleted_it_and_what_they_did_not_know_of() {
        let mut kept = Kept {
            deleted: vec![
                (Sha256([1; 32]), Someone::new("bela", "b")),
                (Sha256([2; 32]), Someone::new("bela", "b")),
            ],
            because: vec![
                ("called it refuted".to_owned(), Someone::new("anna", "a")),
                ("tagged it #x".to_owned(), Someone::new("anna", "a")),
            ],
        };
        assert_eq!(
            kept.words(),
            "deleted by bela, kept because anna called it refuted and anna tagged it #x"
        );
        kept.people_mut().for_each(|own| own.shown = format!("{} (0a)", own.by.name));
        assert_eq!(
            kept.words(),
            "deleted by bela (0a), kept because anna (0a) called it refuted and anna (0a) tagged it #x"
        );
        assert_eq!(
            kept.nameless(),
            "deleted by one, kept because another called it refuted and tagged it #x"
        );
    }
}
