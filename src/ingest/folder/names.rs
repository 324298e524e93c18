//! Names that the messages of a package take from another of its files.
//!
//! A Slack message mentions accounts by id; a case shows, and anchors quote, the names that
//! `users.json` or a profile in another day gives them. Without a case those files are looked for
//! where the message lies: in its containers, then in the folder. As in a case the first file in
//! walk order that names an account counts.

use super::{Folder, NotRead};
use crate::extract::chat::package::{self, Claim};
use crate::extract::chat::slack;
use crate::extract::pool::Task;
use crate::extract::record::Export;
use crate::extract::{ChildRole, Record, Stop};
use crate::ingest::children::{Children, Unpacked};
use crate::model::Sha256;
use std::cell::Cell;
use std::collections::HashMap;
use std::fs::File;

/// Handles to names.
pub(super) type Names = HashMap<String, String>;

/// Which files are asked for names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Breadth {
    /// Those that list the accounts of a workspace: few, and nearly always enough.
    Lists,
    /// Every part of a package: a message may carry the profile of its sender.
    All,
}

impl Breadth {
    fn takes(self, claim: &Claim) -> bool {
        claim.importer == slack::ID && (self == Breadth::All || claim.role == "users")
    }
}

/// The text of a message with the names of the accounts that it mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub text: String,
    /// It mentions accounts that no file here names.
    pub nameless: bool,
}

/// Whether names in the messages of an export stand in other files.
pub(super) fn are_elsewhere(export: &Export) -> bool {
    export.importer == slack::ID
}

impl Folder {
    /// Puts names into a message's text. `containers` are the hashes of what its file lies in,
    /// outermost first; `is_it` knows the text that is looked for, so that no more files are read
    /// than it needs.
    ///
    /// # Errors
    /// It was stopped, or no worker can be started. A container or a list that cannot be read
    /// names nobody.
    pub fn named(
        &mut self,
        text: &str,
        containers: &[Sha256],
        is_it: &dyn Fn(&str) -> bool,
    ) -> Result<Named, NotRead> {
        let mut named = Named { text: text.to_owned(), nameless: false };
        for breadth in [Breadth::Lists, Breadth::All] {
            let mut places: Vec<Option<usize>> = (1..=containers.len()).rev().map(Some).collect();
            places.push(None);
            for place in &places {
                let key = (place.map(|depth| containers[depth - 1]), breadth);
                if !self.names.contains_key(&key) {
                    let found = match place {
                        Some(depth) => self.inside(&containers[..*depth], breadth),
                        None => self.beside(breadth),
                    };
                    self.names.insert(key, kept(found)?);
                }
            }
            let known: Vec<&Names> = places
                .iter()
                .filter_map(|place| {
                    self.names.get(&(place.map(|depth| containers[depth - 1]), breadth))
                })
                .collect();
            let nameless = Cell::new(false);
            named.text = slack::resolve(text, &|handle| {
                let name = known.iter().find_map(|names| names.get(handle)).cloned();
                nameless.set(nameless.get() || name.is_none());
                name
            });
            named.nameless = nameless.get();
            if is_it(&named.text) {
                break;
            }
        }
        Ok(named)
    }

    /// Names in the files of the folder itself.
    fn beside(&mut self, breadth: Breadth) -> Result<Names, NotRead> {
        let mut names = Names::new();
        let parts: Vec<_> =
            self.parts.iter().filter(|(_, claim)| breadth.takes(claim)).cloned().collect();
        for (content, claim) in parts {
            let Ok(inside) = self.bytes(&content, &[], "") else { continue };
            self.take(inside.file, claim, &mut names)?;
        }
        Ok(names)
    }

    /// Names in the members of the last of these containers.
    fn inside(&mut self, containers: &[Sha256], breadth: Breadth) -> Result<Names, NotRead> {
        let mut names = Names::new();
        let Some((container, outer)) = containers.split_last() else { return Ok(names) };
        let found = self.bytes(container, outer, "")?;
        let scratch = std::env::temp_dir();
        let mut children = Children::new(&scratch);
        let mut is_wanted = false;
        let mut trouble = None;
        let task = self.task(found.file, &found.name, found.claim);
        let run = self.pool.run(task, &mut |record| {
            match &record {
                Record::ChildStart(child) => {
                    is_wanted =
                        child.role == ChildRole::Member && super::may_be_claimed(&child.name);
                }
                Record::ChildBytes(_) | Record::ChildEnd(_) => {}
                _ => return Ok(()),
            }
            match is_wanted {
                true => children.take(record).map_err(|error| {
                    trouble = Some(error);
                    Stop::Gone
                }),
                false => Ok(()),
            }
        });
        if let Some(error) = trouble {
            return Err(error.into());
        }
        run.map_err(|stop| NotRead::Unreadable(stop.to_string()))?;
        let paths: Vec<&str> = children.done.iter().map(|own| own.child.name.as_str()).collect();
        for (claim, Unpacked { bytes, .. }) in
            package::claim(&paths).into_iter().zip(&children.done)
        {
            let Some(claim) = claim.filter(|claim| breadth.takes(claim)) else { continue };
            let Ok(file) = bytes.open() else { continue };
            self.take(file, claim, &mut names)?;
        }
        Ok(names)
    }

    /// Adds the names that one file gives.
    fn take(&self, file: File, claim: Claim, names: &mut Names) -> Result<(), NotRead> {
        let task = Task { claim: Some(claim), ..self.task(file, "", None) };
        let run = self.pool.run(task, &mut |record| {
            if let Record::Participant(account) = record
                && !account.name.is_empty()
                && account.name != account.handle
            {
                names.entry(account.handle).or_insert(account.name);
            }
            Ok(())
        });
        match run {
            Ok(_) => Ok(()),
            Err(stop) => Err(NotRead::Unreadable(stop.to_string())),
        }
    }
}

/// What was found; what could not be read names nobody.
fn kept(found: Result<Names, NotRead>) -> Result<Names, NotRead> {
    match found {
        Err(error @ NotRead::Case(_)) => Err(error),
        Err(_) => Ok(Names::new()),
        Ok(names) => Ok(names),
    }
}
