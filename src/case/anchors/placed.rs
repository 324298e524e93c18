//! Where an anchor stands in this case, whatever it says of that itself. Anybody may sign an anchor: its
//! quote is proved by hashes; file, page and cell, writer and time, and what stands around the quote are
//! taken from the case, and what an anchor says of them is compared with that.

use super::claimed::{PLATFORM, is_after, is_before, is_end, is_spot, names_writer};
use crate::case::{Case, CaseError};
use crate::journal::unit_of;
use crate::model::anchor::{Anchor, AnchorView, At, Count, Counted, Hold, Passage, Record};
use crate::model::view::Message;
use crate::model::{DocumentId, ItemId, MessageId, Sha256, VariantKind};
use crate::store::Unit;

/// Containers inside each other that are looked through.
const DEPTH: usize = 64;

/// What the case says of the place and the surroundings of a range of a document, for whoever asks again.
#[derive(Clone, Copy)]
pub(in crate::case) struct Told<'a> {
    at: At,
    here: &'a Passage,
}

impl<'a> Told<'a> {
    /// What a page of an anchor says. Only of a document's text: of everything else it may be what the
    /// anchor says itself.
    pub fn by(view: &'a AnchorView) -> Option<Told<'a>> {
        let at = view.at.filter(|at| at.variant.is_some())?;
        match (&view.anchor, at.item) {
            (Anchor::Passage(here), ItemId::Document(_)) => Some(Told { at, here }),
            _ => None,
        }
    }

    fn of(told: Option<Self>, at: At) -> Option<&'a Passage> {
        told.filter(|told| told.at == at).map(|told| told.here)
    }
}

impl Case {
    /// An anchor with the file and the place that it has in this case; `None` for what is not in it.
    pub(super) fn placed_here(
        &self,
        anchor: &Anchor,
        at: Option<At>,
    ) -> Result<Option<Anchor>, CaseError> {
        match anchor {
            Anchor::Passage(claim) => {
                let here = self.passage_here(claim, at)?;
                Ok(here.map(|here| Anchor::Passage(Box::new(here))))
            }
            Anchor::Count(count) => self.count_here(count),
        }
    }

    fn count_here(&self, count: &Count) -> Result<Option<Anchor>, CaseError> {
        let Counted::Column { document, path, .. } = &count.of else { return Ok(None) };
        let Some(id) = self.document_with(document)? else { return Ok(None) };
        let is = match self.store.places(id)?.iter().any(|place| place.path == *path) {
            true => path.clone(),
            false => self.document_row(id)?.path,
        };
        let mut here = count.clone();
        if let Counted::Column { path, .. } = &mut here.of {
            *path = is;
        }
        Ok(Some(Anchor::Count(Box::new(here))))
    }

    fn passage_here(&self, claim: &Passage, at: Option<At>) -> Result<Option<Passage>, CaseError> {
        let item = match (at, unit_of(&self.store, &claim.target)?) {
            (Some(at), _) => at.item,
            (None, Some(Unit::Document(id))) => id.into(),
            (None, Some(Unit::Message(id))) => id.into(),
            (None, None) => return Ok(None),
        };
        let mut here = claim.clone();
        if let Some(at) = at {
            (here.before, here.after) = self.around(at)?;
        }
        match item {
            ItemId::Message(id) => {
                let mut message = self.message(id)?;
                self.told_first(&mut message, claim)?;
                let Some(place) = message.places.first() else { return Ok(None) };
                self.lay(&mut here, place.document, claim)?;
                here.record = Some(Record { ordinal: place.ordinal, span: place.span });
                here.locator = self.place_of_message(&message)?;
                here.variant = VariantKind::Original;
            }
            ItemId::Document(id) => {
                self.lay(&mut here, id, claim)?;
                here.record = None;
                let text = at.and_then(|at| Some((at.variant?, at.start..at.end)));
                match text {
                    Some((variant, range)) => {
                        if let Some(variant) = self.variant(id, variant)? {
                            here.locator = self.place_in(&variant, &range)?;
                            here.variant = variant.kind;
                            if variant.sha256 == claim.text {
                                here.extractor.clone_from(&variant.tool);
                            }
                        }
                    }
                    None if claim.quote.is_empty() => here.locator.clear(),
                    // It does not hold: where it is not is all that can be told.
                    None => {}
                }
            }
            _ => return Ok(None),
        }
        Ok(Some(here))
    }

    /// Puts the record of a message that a passage names before those that others have of it.
    fn told_first(&self, message: &mut Message, claim: &Passage) -> Result<(), CaseError> {
        let Some(export) = self.document_with(&claim.content)? else { return Ok(()) };
        let ordinal = claim.record.map(|record| record.ordinal);
        let is_it = |exactly: bool| {
            message.places.iter().position(|place| {
                place.document == export && (!exactly || Some(place.ordinal) == ordinal)
            })
        };
        if let Some(at) = is_it(true).or_else(|| is_it(false)) {
            message.places.swap(0, at);
        }
        Ok(())
    }

    /// Names the file of a passage as this case does; of several places the one that is named.
    fn lay(&self, here: &mut Passage, id: DocumentId, claim: &Passage) -> Result<(), CaseError> {
        let (content, containers, path) = self.file_of(id)?;
        here.content = content;
        if self.lies(id, &|path| path == claim.path, &claim.containers, true)? {
            return Ok(());
        }
        (here.containers, here.path) = (containers, path);
        Ok(())
    }

    /// Whether a document lies at such a path, in these containers (outermost first). Another copy of
    /// a case may have taken in a folder further up or down, or the container alone: then the paths
    /// and containers that one of them knows are the end of those that the other knows.
    fn lies(
        &self,
        id: DocumentId,
        is_path: &dyn Fn(&str) -> bool,
        containers: &[Sha256],
        exactly: bool,
    ) -> Result<bool, CaseError> {
        for place in self.store.places(id)? {
            if is_path(&place.path) && self.lies_in(place.parent, containers, exactly, DEPTH)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn lies_in(
        &self,
        parent: Option<DocumentId>,
        containers: &[Sha256],
        exactly: bool,
        depth: usize,
    ) -> Result<bool, CaseError> {
        let (parent, outer, last) = match (parent, containers.split_last()) {
            (None, None) => return Ok(true),
            (None, Some(_)) | (Some(_), None) => return Ok(!exactly),
            (Some(parent), Some((last, outer))) => (parent, outer, last),
        };
        if depth == 0 || self.store.document_key(parent)? != *last {
            return Ok(false);
        }
        for place in self.store.places(parent)? {
            if self.lies_in(place.parent, outer, exactly, depth - 1)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What becomes of a passage that was found, when what it says of its place is looked at; `told`
    /// where the case was asked for some of that already.
    pub(in crate::case) fn placed(
        &self,
        passage: &Passage,
        found: (Hold, Option<At>),
        told: Option<Told<'_>>,
    ) -> Result<(Hold, Option<At>), CaseError> {
        let (hold, at) = found;
        let Some(there) = at else { return Ok((hold, at)) };
        let mut why = self.misplaced(passage, there, told)?;
        // Around what moved stands something else.
        if why.is_none() && hold == Hold::Holds {
            why = self.other_around(passage, there, told)?;
        }
        Ok(match why {
            Some(why) => (Hold::Misplaced { why }, at),
            None => (hold, at),
        })
    }

    /// Where other words stand around a quote than a passage says.
    fn other_around(
        &self,
        claim: &Passage,
        at: At,
        told: Option<Told<'_>>,
    ) -> Result<Option<String>, CaseError> {
        let (before, after) = match Told::of(told, at) {
            Some(here) => (here.before.clone(), here.after.clone()),
            None => self.around(at)?,
        };
        let is_so = is_before(&claim.before, &before) && is_after(&claim.after, &after);
        Ok((!is_so).then(|| "other words stand around the quote than it says".to_owned()))
    }

    /// What is not so of what a passage says of its place, and what is; `at` is where it was found.
    pub(in crate::case) fn misplaced(
        &self,
        claim: &Passage,
        at: At,
        told: Option<Told<'_>>,
    ) -> Result<Option<String>, CaseError> {
        let mut amiss = Vec::new();
        let file = match at.item {
            ItemId::Message(id) => {
                amiss.extend(self.other_writer(claim, id)?);
                amiss.extend(other_kind(claim, VariantKind::Original));
                let message = self.message(id)?;
                // Another copy of the case may have it out of a file that this one lacks.
                match self.document_with(&claim.content)? {
                    None => None,
                    Some(export) => {
                        let of = message.places.iter().filter(|own| own.document == export);
                        let of: Vec<_> = of.collect();
                        let is_there = of.iter().any(|own| {
                            claim.record.is_some_and(|record| {
                                (record.ordinal, record.span) == (own.ordinal, own.span)
                            })
                        });
                        match (is_there, of.first(), claim.record) {
                            (true, ..) => {}
                            (false, Some(own), Some(record)) => amiss.push(format!(
                                "it says record {}{}, and the case has it as record {}{}",
                                record.ordinal + 1,
                                bytes_of(record.span),
                                own.ordinal + 1,
                                bytes_of(own.span)
                            )),
                            (false, ..) => amiss.push(format!(
                                "it says {}, and the case has no such message in that file",
                                claim.path
                            )),
                        }
                        Some(export)
                    }
                }
            }
            ItemId::Document(id) => {
                amiss.extend(self.other_spot(claim, id, at, told)?);
                Some(id)
            }
            _ => None,
        };
        if let Some(id) = file {
            let content = self.store.document_key(id)?;
            let is_path = |path: &str| is_end(&claim.path, path);
            if content != claim.content || !self.lies(id, &is_path, &claim.containers, false)? {
                let is = self.file_of(id)?.2;
                amiss.push(match is_end(&claim.path, &is) {
                    true => format!("it says other containers or bytes than {is} has in the case"),
                    false => format!("it says {}, and the case has this in {is}", claim.path),
                });
            }
        }
        Ok((!amiss.is_empty()).then(|| amiss.join("; ")))
    }

    /// Where a passage names another page, line or cell, or another text, than it stands in.
    fn other_spot(
        &self,
        claim: &Passage,
        id: DocumentId,
        at: At,
        told: Option<Told<'_>>,
    ) -> Result<Option<String>, CaseError> {
        let said = &claim.locator;
        let Some(variant) = at.variant else {
            return Ok((!said.is_empty())
                .then(|| format!("it says “{said}”, and is of the document as a whole")));
        };
        let Some(variant) = self.variant(id, variant)? else { return Ok(None) };
        if variant.sha256 != claim.text {
            return Ok(None);
        }
        if let Some(why) = other_kind(claim, variant.kind) {
            return Ok(Some(why));
        }
        // Another reader may have called the same place in another way.
        if variant.tool != claim.extractor {
            return Ok(None);
        }
        let is = match Told::of(told, at) {
            Some(here) => here.locator.clone(),
            None => self.place_in(&variant, &(at.start..at.end))?,
        };
        Ok((!is_spot(said, &is))
            .then(|| format!("it says “{said}”, and the case has this at “{is}”")))
    }

    /// Where a passage names another writer or another stamp than the message has: what is so.
    fn other_writer(&self, claim: &Passage, id: MessageId) -> Result<Option<String>, CaseError> {
        let said = &claim.locator;
        if said.is_empty() {
            return Ok(None);
        }
        let is = self.store.message_stamp(id)?;
        let is_other = !names_writer(said, is.sender.as_deref(), &is.name);
        // Another export of the same message may write its stamp in another way.
        let export = self.file_of(is.export)?.0;
        let is_late = export == claim.content
            && !is.raw_time.is_empty()
            && !said.contains(&format!("{:?}", is.raw_time));
        Ok((is_other || is_late).then(|| {
            let sender = is.sender.as_deref().unwrap_or(PLATFORM);
            format!("it says “{said}”, and the case has this of {sender}, {}", is.raw_time)
        }))
    }
}

/// Where a passage names another text than it is of.
fn other_kind(claim: &Passage, is: VariantKind) -> Option<String> {
    let (said, is_name) = (claim.variant.name(), is.name());
    (claim.variant != is)
        .then(|| format!("it says that it is of the text “{said}”, and is of “{is_name}”"))
}

fn bytes_of(span: Option<(u64, u64)>) -> String {
    span.map(|(start, end)| format!(" (bytes {start}-{end})")).unwrap_or_default()
}
