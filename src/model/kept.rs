//! What somebody deleted, or took back having made, who did not know of what others did to it
//! meanwhile. It is kept, and says so, until somebody deletes it again or says that it stays.

use super::Sha256;
use super::review::Signer;
use serde::{Deserialize, Serialize};

/// Why something stands that was deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The operations that deleted it, with whoever wrote them, in the order of the fold.
    pub deleted: Vec<(Sha256, Someone)>,
    /// The same for those that undid what made it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undone: Vec<(Sha256, Someone)>,
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
    /// The note or entity that it was about, where that is not what is kept: what cites an anchor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Sha256>,
    /// What that is called in this case: `N2`.
    #[serde(skip)]
    pub item: Option<String>,
}

impl Someone {
    pub fn new(name: &str, key: &str) -> Someone {
        Someone { by: Signer::new(name, key), shown: String::new(), of: None, item: None }
    }

    /// ` in N2`
    fn whereabouts(&self) -> String {
        self.item.as_ref().map_or_else(String::new, |item| format!(" in {item}"))
    }

    fn name(&self) -> &str {
        if self.shown.is_empty() { &self.by.name } else { &self.shown }
    }
}

impl Kept {
    /// `deleted by bela, kept because anna called it refuted`; `undone by bela, kept because ...`
    pub fn words(&self) -> String {
        let names = |those: &[(Sha256, Someone)]| {
            let mut names: Vec<String> = Vec::new();
            for (_, someone) in those {
                if !names.iter().any(|name| name == someone.name()) {
                    names.push(someone.name().to_owned());
                }
            }
            names.join(" and ")
        };
        let because: Vec<String> = (self.because.iter())
            .map(|(words, by)| format!("{} {words}{}", by.name(), by.whereabouts()))
            .collect();
        self.sentence(names, &because.join(" and "))
    }

    /// The same without names.
    pub fn nameless(&self) -> String {
        let because: Vec<String> = (self.because.iter())
            .map(|(words, by)| format!("{words}{}", by.whereabouts()))
            .collect();
        self.sentence(|_| "one".to_owned(), &format!("another {}", because.join(" and ")))
    }

    fn sentence(&self, names: impl Fn(&[(Sha256, Someone)]) -> String, because: &str) -> String {
        let those = [("deleted by", &self.deleted), ("undone by", &self.undone)];
        let acts: Vec<String> = those
            .into_iter()
            .filter(|(_, those)| !those.is_empty())
            .map(|(act, those)| format!("{act} {}", names(those)))
            .collect();
        format!("{}, kept because {because}", acts.join(" and "))
    }

    /// The operations that it stands in spite of.
    pub fn operations(&self) -> Vec<Sha256> {
        self.deleted.iter().chain(&self.undone).map(|(id, _)| *id).collect()
    }

    /// Whoever is named in it.
    pub fn people_mut(&mut self) -> impl Iterator<Item = &mut Someone> {
        let gone = self.deleted.iter_mut().chain(&mut self.undone);
        gone.map(|(_, someone)| someone).chain(self.because.iter_mut().map(|(_, someone)| someone))
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
            undone: Vec::new(),
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
        kept.because.truncate(1);
        let cited = Someone { item: Some("N2".to_owned()), ..Someone::new("anna", "a") };
        let cited = Kept { because: vec![("cited it".to_owned(), cited)], ..kept.clone() };
        assert_eq!(cited.nameless(), "deleted by one, kept because another cited it in N2");
        kept.undone = vec![(Sha256([3; 32]), Someone::new("carl", "c"))];
        assert_eq!(
            kept.words(),
            "deleted by bela (0a) and undone by carl, kept because anna (0a) called it refuted"
        );
        kept.deleted.clear();
        assert_eq!(kept.words(), "undone by carl, kept because anna (0a) called it refuted");
        assert_eq!(kept.nameless(), "undone by one, kept because another called it refuted");
    }
}
