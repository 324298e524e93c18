//! Whether anchors still hold: in the case, and in the originals.

use super::placed::Told;
use crate::case::{Case, CaseError};
use crate::journal::locate::Locator;
use crate::model::Sha256;
use crate::model::anchor::{Anchor, AnchorView, Hold};
use std::collections::HashSet;
use std::sync::atomic::AtomicBool;

impl Case {
    /// Whether an anchor holds in this case now: a passage is looked up in the stored text, a
    /// number is computed again.
    pub fn hold(&self, anchor: &Anchor, cancel: &AtomicBool) -> Result<Hold, CaseError> {
        match anchor {
            Anchor::Passage(passage) => {
                Ok(self.placed(passage, Locator::new(&self.store).locate(passage)?, None)?.0)
            }
            Anchor::Count(count) => self.hold_count(count, cancel),
        }
    }

    /// Checks all anchors, `each` one by one; it says whether to go on.
    pub fn check_anchors(
        &self,
        cancel: &AtomicBool,
        each: &mut dyn FnMut(&AnchorView, Hold) -> bool,
    ) -> Result<(), CaseError> {
        let mut all = self.store.anchors(0, u64::MAX)?;
        // In the order of texts, so that each is unpacked once.
        all.sort_by_key(|stored| stored.at.map(|at| (at.item, at.variant, at.start)));
        let mut tell = |view: AnchorView, hold: Hold| match each(&view, hold) {
            true => Ok(()),
            false => Err(CaseError::Cancelled),
        };
        let mut counts = Vec::new();
        // To begin reading dozens of times for each costs more than to read.
        self.store.in_one_state(|| {
            let mut locator = Locator::new(&self.store);
            for stored in all {
                let view = self.view_of(stored)?;
                match view.signed() {
                    Anchor::Passage(passage) => {
                        let found = locator.locate(passage)?;
                        let hold = self.placed(passage, found, Told::by(&view))?.0;
                        tell(view, hold)?;
                    }
                    Anchor::Count(_) => counts.push(view),
                }
            }
            Ok::<_, CaseError>(())
        })?;
        // Each of these is a search, so that others need not wait for all of them.
        counts.into_iter().try_for_each(|view| {
            let Anchor::Count(count) = view.signed() else { return Ok(()) };
            let hold = self.hold_count(count, cancel)?;
            tell(view, hold)
        })
    }

    /// Contents of the files, outermost ones, that passages of anchors stand in as this case has
    /// them: what has to be read again to verify the anchors against the originals.
    pub fn files_of_anchors(&self) -> Result<HashSet<Sha256>, CaseError> {
        let mut files = HashSet::new();
        let mut seen = HashSet::new();
        for stored in self.store.anchors(0, u64::MAX)? {
            let Anchor::Passage(passage) = self.view_of(stored)?.anchor else { continue };
            if !seen.insert(passage.content) {
                continue;
            }
            if let Some(id) = self.document_with(&passage.content)? {
                let (content, containers, _) = self.file_of(id)?;
                files.insert(containers.first().copied().unwrap_or(content));
            }
        }
        Ok(files)
    }
}
