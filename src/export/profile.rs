//! What a redaction protects: a TOML file that names entities, kinds, tags and strings.
//!
//! ```toml
//! name = "press"              # said in the report
//! key = "a long secret"       # the same key gives the same pseudonyms; keep it
//!
//! [mask]                      # these become ▇▇▇
//! tags = ["source"]
//! literals = ["13900002217"]
//!
//! [pseudonym]                 # these become person-k7qd2
//! entities = ["E9", "沈若岚"]
//! kinds = ["person"]
//! ```

use super::mask::{Mask, Protected};
use crate::model::entity::{Entity, EntityKind};
use crate::model::{EntityId, Sha256, tag};
use crate::text::normal::{Mode, normalize};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// What stands where something was masked.
pub const BLACK: &str = "▇▇▇";

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What the report calls it.
    #[serde(default)]
    pub name: String,
    /// Secret of the pseudonyms.
    #[serde(default)]
    pub key: String,
    #[serde(default)]
    pub mask: Choice,
    #[serde(default)]
    pub pseudonym: Choice,
}

/// What one way of redaction is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// By number (`E9`) or by any of their names.
    #[serde(default)]
    pub entities: Vec<String>,
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Entities with any of these tags, or with one inside of them: `source` covers `source/press`.
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub literals: Vec<String>,
}

/// An entity with everything that it is called by.
pub struct Known<'a> {
    pub entity: &'a Entity,
    /// Handles and names of its accounts.
    pub accounts: Vec<String>,
}

/// Whom or what a profile protects in a case: for whoever writes the report, and nobody else. A number
/// of an entity is of one copy of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Whom {
    /// `E9`; `None` for a literal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// Its name, or the literal.
    pub name: String,
    /// How many names of it are looked for, those of its accounts among them.
    pub names: usize,
    /// What stands where they stood.
    pub instead: String,
}

impl Whom {
    /// `E9 沈若岚, 4 names: ▇▇▇`
    pub fn words(&self) -> String {
        let Whom { name, instead, .. } = self;
        match &self.entity {
            Some(id) => {
                let names = crate::text::tally::counted(self.names as u64, "name", "names");
                format!("{id} {name}, {names}: {instead}")
            }
            None => format!("“{name}”: {instead}"),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum BadProfile {
    #[error("it is no profile: {0}")]
    Toml(String),
    #[error("{word:?} is no kind of entity: {}", EntityKind::ALL.map(EntityKind::word).join(", "))]
    Kind { word: String },
    #[error("no entity of the case is {0:?}")]
    Entity(String),
    #[error("no entity of the case is of the kind {word:?}: it protects nothing there")]
    NoneOf { word: String },
    #[error("no entity of the case has the tag {word:?}: {}", tags(.known))]
    Tag { word: String, known: Vec<String> },
    #[error(
        "pseudonyms need a key: begin the profile with key = \"...\", a secret of your own, and keep it"
    )]
    Key,
    #[error("two names got the same pseudonym: change the key of the profile")]
    Collision,
    #[error("it protects nothing")]
    Empty,
}

/// What entities are tagged with, for whoever misspelt one.
fn tags(known: &[String]) -> String {
    match known {
        [] => "entities have no tags here".to_owned(),
        known => format!("there are {}", known.join(", ")),
    }
}

impl Profile {
    /// Bytes of a profile: far more names than anybody protects.
    pub const MOST: u64 = 16 << 20;

    /// # Errors
    /// It is not TOML, or has a word that no profile has.
    pub fn parse(text: &str) -> Result<Profile, BadProfile> {
        toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.get(..start).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            BadProfile::Toml(format!("line {line}: {}", error.message()))
        })
    }

    /// What is protected in a case with these entities. What is both masked and replaced is masked.
    ///
    /// # Errors
    /// It names what is not there (an entity, a kind or tag that no entity has), protects nothing, or
    /// its key is missing or does not tell two names apart. What is misspelt must not stay in the open.
    pub fn protect(&self, known: &[Known<'_>]) -> Result<(Mask, Vec<Whom>), BadProfile> {
        let mut protected = Vec::new();
        let mut whom = Vec::new();
        let mut add = |known: &Known<'_>, instead: &str| -> Vec<Protected> {
            let names: BTreeSet<String> = all_names(known).collect();
            whom.push(Whom {
                entity: Some(known.entity.id.to_string()),
                name: known.entity.fields.name.clone(),
                names: names.len(),
                instead: instead.to_owned(),
            });
            names.into_iter().map(|name| Protected { name, instead: instead.to_owned() }).collect()
        };
        for at in self.mask.select(known)? {
            protected.extend(add(&known[at], BLACK));
        }
        let mut literals = Vec::new();
        for literal in &self.mask.literals {
            protected.push(Protected { name: literal.clone(), instead: BLACK.to_owned() });
            literals.push((literal.clone(), BLACK.to_owned()));
        }
        let mut taken: HashMap<String, String> = HashMap::new();
        let mut pseudonym = |kind: &str, of: &str| -> Result<String, BadProfile> {
            if self.key.trim().is_empty() {
                return Err(BadProfile::Key);
            }
            let name = format!("{kind}-{}", letters(&hmac(self.key.as_bytes(), of.as_bytes())));
            match taken.insert(name.clone(), of.to_owned()) {
                Some(other) if other != of => Err(BadProfile::Collision),
                _ => Ok(name),
            }
        };
        for at in self.pseudonym.select(known)? {
            let entity = known[at].entity;
            let instead =
                pseudonym(entity.fields.kind.word(), &format!("entity {}", entity.operation))?;
            protected.extend(add(&known[at], &instead));
        }
        for literal in &self.pseudonym.literals {
            let instead = pseudonym("name", &format!("literal {literal}"))?;
            protected.push(Protected { name: literal.clone(), instead: instead.clone() });
            literals.push((literal.clone(), instead));
        }
        let literals = literals.into_iter().filter(|(name, _)| !name.trim().is_empty());
        whom.extend(literals.map(|(name, instead)| Whom { entity: None, name, names: 1, instead }));
        let mask = Mask::new(protected);
        if mask.is_empty() { Err(BadProfile::Empty) } else { Ok((mask, whom)) }
    }
}

impl Choice {
    /// Positions of the entities that it names.
    fn select(&self, known: &[Known<'_>]) -> Result<Vec<usize>, BadProfile> {
        let fields = |at: usize| &known[at].entity.fields;
        let mut chosen: Vec<usize> = Vec::new();
        for word in &self.kinds {
            let word = || word.clone();
            let kind =
                EntityKind::from_word(&word()).ok_or_else(|| BadProfile::Kind { word: word() })?;
            let before = chosen.len();
            chosen.extend((0..known.len()).filter(|&at| fields(at).kind == kind));
            if chosen.len() == before {
                return Err(BadProfile::NoneOf { word: word() });
            }
        }
        for word in &self.tags {
            let before = chosen.len();
            let is_it = |at: &usize| fields(*at).tags.iter().any(|tag| is_within(tag, word));
            chosen.extend((0..known.len()).filter(is_it));
            if chosen.len() == before {
                let all: BTreeSet<&String> =
                    (0..known.len()).flat_map(|at| &fields(at).tags).collect();
                let known = all.into_iter().cloned().collect();
                return Err(BadProfile::Tag { word: word.clone(), known });
            }
        }
        for name in &self.entities {
            let is_it = |known: &Known<'_>| match name.parse::<EntityId>() {
                Ok(id) => known.entity.id == id || known.entity.merged.contains(&id),
                Err(_) => known.entity.names().any(|own| own == name),
            };
            let before = chosen.len();
            chosen.extend((0..known.len()).filter(|&at| is_it(&known[at])));
            if chosen.len() == before {
                return Err(BadProfile::Entity(name.clone()));
            }
        }
        chosen.sort_unstable();
        chosen.dedup();
        Ok(chosen)
    }
}

/// Whether a tag is the one that a profile names, or inside of it. As in a search, case and width
/// do not count.
fn is_within(tag: &str, named: &str) -> bool {
    let fold = |text: &str| normalize(text, Mode::Query).text;
    let named = tag::name(named.trim_end_matches("/*")).map_or(String::new(), |name| fold(&name));
    match fold(tag).strip_prefix(&named) {
        Some(rest) => !named.is_empty() && (rest.is_empty() || rest.starts_with('/')),
        None => false,
    }
}

fn all_names(known: &Known<'_>) -> impl Iterator<Item = String> {
    let fields = &known.entity.fields;
    let before = fields.renamed.iter().map(|(name, _)| name.as_str());
    let names: Vec<String> = known.entity.names().chain(before).map(str::to_owned).collect();
    names.into_iter().chain(known.accounts.iter().cloned())
}

/// HMAC-SHA-256 (RFC 2104).
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0u8; 64];
    match key.len() > block.len() {
        true => block[..32].copy_from_slice(&Sha256::of(key).0),
        false => block[..key.len()].copy_from_slice(key),
    }
    let padded = |pad: u8| block.iter().map(move |byte| byte ^ pad);
    let inner: Vec<u8> = padded(0x36).chain(message.iter().copied()).collect();
    let outer: Vec<u8> = padded(0x5c).chain(Sha256::of(&inner).0).collect();
    Sha256::of(&outer).0
}

/// Five letters and digits without those that look alike: 25 bits.
fn letters(digest: &[u8; 32]) -> String {
    const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567890";
    digest[..5].iter().map(|byte| SIGNS[usize::from(byte & 31)] as char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::entity::EntityFields;

    fn entity(id: i64, kind: EntityKind, name: &str, aliases: &[&str], tags: &[&str]) -> Entity {
        Entity {
            id: EntityId(id),
            operation: Sha256::of(name.as_bytes()),
            fields: EntityFields {
                kind,
                name: name.to_owned(),
                aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
                tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
                ..EntityFields::default()
            },
            participants: Vec::new(),
            merged: Vec::new(),
            author: String::new(),
            changed: 0,
        }
    }

    fn protect(profile: &str, text: &str) -> Result<String, String> {
        let all = [
            entity(1, EntityKind::Person, "沈若岚", &["Shen Ruolan"], &[]),
            entity(2, EntityKind::Person, "林墨", &[], &["source"]),
            entity(3, EntityKind::Organisation, "川江", &[], &["secret/org"]),
        ];
        let known: Vec<Known<'_>> = all
            .iter()
            .map(|entity| Known { entity, accounts: vec![format!("handle{}", entity.id.0)] })
            .collect();
        let mask = Profile::parse(profile)
            .and_then(|profile| Ok(profile.protect(&known)?.0))
            .map_err(|error| error.to_string())?;
        Ok(mask.apply(text).unwrap_or_else(|| text.to_owned()))
    }

    const TEXT: &str = "沈若岚 (Shen Ruolan, handle1), 林墨, 川江 handle3";

    #[track_caller]
    fn check(profile: &str, expected: &str) {
        assert_eq!(protect(profile, TEXT).unwrap_or_else(|error| error), expected, "{profile}");
    }

    #[test]
    fn what_a_profile_names_is_gone() {
        check("mask.kinds = ['person']", "▇▇▇ (▇▇▇, ▇▇▇), ▇▇▇, 川江 handle3");
        check("mask.tags = ['source']", "沈若岚 (Shen Ruolan, handle1), ▇▇▇, 川江 handle3");
        check(
            "mask.tags = ['#ＳＥＣＲＥＴ', 'source']",
            "沈若岚 (Shen Ruolan, handle1), ▇▇▇, ▇▇▇ ▇▇▇",
        );
        check("mask.tags = ['secret/*']", "沈若岚 (Shen Ruolan, handle1), 林墨, ▇▇▇ ▇▇▇");
        check("mask.entities = ['E3']", "沈若岚 (Shen Ruolan, handle1), 林墨, ▇▇▇ ▇▇▇");
        check("mask.literals = ['林墨', '']", "沈若岚 (Shen Ruolan, handle1), ▇▇▇, 川江 handle3");
        check(
            "key = 'k'\npseudonym.entities = ['Shen Ruolan']\nmask.literals = ['handle1']",
            "person-hf9h5 (person-hf9h5, ▇▇▇), 林墨, 川江 handle3",
        );
    }

    #[test]
    fn whom_a_profile_protects_is_said() {
        let chen = entity(7, EntityKind::Person, "林墨", &["Lin Mo", "林墨"], &[]);
        let known = [Known { entity: &chen, accounts: vec!["lin_7".to_owned()] }];
        let profile = "key = 'k'\nmask.entities = ['E7']\npseudonym.literals = ['0031', '']";
        let (_, whom) = Profile::parse(profile).unwrap().protect(&known).unwrap();
        let said: Vec<String> = whom.iter().map(Whom::words).collect();
        assert_eq!(said[0], "E7 林墨, 3 names: ▇▇▇");
        assert!(said[1].starts_with("“0031”: name-"), "{said:?}");
        assert_eq!(said.len(), 2);
    }

    #[test]
    fn pseudonyms_follow_the_key() {
        let with = |key: &str| {
            protect(&format!("key = '{key}'\npseudonym.kinds = ['person']"), "沈若岚").unwrap()
        };
        assert_eq!(with("one"), with("one"));
        assert_ne!(with("one"), with("two"));
    }

    #[test]
    fn a_profile_that_would_leave_something_open_is_refused() {
        check("", "it protects nothing");
        check("mask.entities = ['沈若蓝']", "no entity of the case is \"沈若蓝\"");
        // Also where something else of it protects: a name in the open is found by nobody.
        let tag = |typed: &str| {
            let typed = format!("mask.entities = ['E1']\nmask.tags = ['source', '{typed}']");
            protect(&typed, TEXT).unwrap_err()
        };
        assert_eq!(
            tag("sectet"),
            "no entity of the case has the tag \"sectet\": there are secret/org, source"
        );
        assert!(tag("secret/org/x").contains("has the tag"));
        assert!(tag("sec").contains("has the tag"));
        assert!(tag("").contains("has the tag"));
        check(
            "mask.kinds = ['person', 'place']",
            "no entity of the case is of the kind \"place\": it protects nothing there",
        );
        check(
            "mask.kinds = ['people']",
            "\"people\" is no kind of entity: person, organisation, place, account, address, number, identifier",
        );
        check(
            "pseudonym.kinds = ['person']",
            "pseudonyms need a key: begin the profile with key = \"...\", a secret of your own, and keep it",
        );
        let error = protect("name = 'x'\nmasks.kinds = ['person']", "").unwrap_err();
        assert!(error.starts_with("it is no profile: line 2: unknown field `masks`"), "{error}");
        let deep = protect(&format!("name = {}", "[".repeat(100_000)), "").unwrap_err();
        assert!(deep.len() < 200, "{deep}");
    }

    /// RFC 4231, test cases 1 and 6.
    #[test]
    fn the_hmac_is_the_one_of_the_rfc() {
        let shown = |digest: [u8; 32]| Sha256(digest).to_string();
        assert_eq!(
            shown(hmac(&[0x0b; 20], b"Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            shown(hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }
}
