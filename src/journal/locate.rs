//! Where a passage stands in this case now: at its place when the text is the one it was taken
//! from, else wherever the quote with what stood around it is found. Never a guess: a quote that
//! stands in several places and nowhere with its context is broken.

use super::unit::unit_of;
use crate::model::anchor::{At, Hold, Passage};
use crate::model::view::Slice;
use crate::model::{DocumentId, ItemId, Sha256};
use crate::store::{Store, StoreError, TextVersion, Unit};

/// Finds passages, and keeps what the last one needed: anchors come in the order of texts.
pub struct Locator<'a> {
    store: &'a Store,
    versions: Option<(DocumentId, Vec<TextVersion>)>,
    chunk: Option<(i64, Slice)>,
}

/// Whether the case has a text that a passage can stand in.
pub(super) fn has_text(store: &Store, passage: &Passage) -> Result<bool, StoreError> {
    Ok(match unit_of(store, &passage.target)? {
        None => false,
        Some(Unit::Message(_)) => true,
        Some(Unit::Document(_)) if passage.quote.is_empty() => true,
        Some(Unit::Document(id)) => store
            .text_versions(id)?
            .iter()
            .any(|version| version.sha256 == passage.text || version.kind == passage.variant),
    })
}

impl<'a> Locator<'a> {
    pub fn new(store: &'a Store) -> Self {
        Locator { store, versions: None, chunk: None }
    }

    /// Whether a passage holds, and where it stands.
    pub fn locate(&mut self, passage: &Passage) -> Result<(Hold, Option<At>), StoreError> {
        match unit_of(self.store, &passage.target)? {
            None => Ok((Hold::Absent, None)),
            Some(Unit::Message(id)) => {
                let text = self.store.message_text(id)?;
                let at = |start: u64, end: u64| At { item: id.into(), variant: None, start, end };
                if Sha256::of(text.as_bytes()) == passage.text {
                    return Ok(in_place(cut(&text, 0, passage), passage, at));
                }
                let mut search = Search::new(passage);
                search.look(&text, 0, true);
                Ok(search.end(at))
            }
            Some(Unit::Document(id)) => self.in_document(id, passage),
        }
    }

    fn in_document(
        &mut self,
        id: DocumentId,
        passage: &Passage,
    ) -> Result<(Hold, Option<At>), StoreError> {
        let as_such = At { item: id.into(), variant: None, start: 0, end: 0 };
        if passage.quote.is_empty() {
            return Ok((Hold::Holds, Some(as_such)));
        }
        if self.versions.as_ref().is_none_or(|(known, _)| *known != id) {
            self.versions = Some((id, self.store.text_versions(id)?));
        }
        let versions = self.versions.as_ref().map_or(&[][..], |(_, versions)| versions);
        let same = versions.iter().find(|version| version.sha256 == passage.text);
        if let Some(variant) = same.map(|version| version.id) {
            let found = self.read(variant, passage)?;
            let at = |start, end| At { item: id.into(), variant: Some(variant), start, end };
            return Ok(in_place(found.as_deref(), passage, at));
        }
        let kind = versions.iter().filter(|version| version.kind == passage.variant);
        let candidates: Vec<i64> = kind.map(|version| version.id).collect();
        if candidates.is_empty() {
            return Ok((Hold::Absent, None));
        }
        let mut broken = None;
        for variant in candidates {
            let mut search = Search::new(passage);
            let (mut window, mut start) = (String::new(), 0);
            self.store.each_chunk(variant, |chunk| {
                if window.is_empty() {
                    start = chunk.start;
                }
                window.push_str(&chunk.text);
                let done = search.look(&window, start, false);
                window.drain(..done);
                start += done as u64;
                Ok::<_, StoreError>(())
            })?;
            search.look(&window, start, true);
            let at = |start, end| At { item: ItemId::from(id), variant: Some(variant), start, end };
            match search.end(at) {
                found @ (Hold::Holds | Hold::Moved { .. }, _) => return Ok(found),
                (hold, _) => broken = Some(hold),
            }
        }
        Ok((broken.unwrap_or(Hold::Absent), None))
    }

    /// What stands at the place of a passage in a text.
    fn read(&mut self, variant: i64, passage: &Passage) -> Result<Option<String>, StoreError> {
        let holds = |chunk: &Slice| {
            chunk.start <= passage.start && passage.start < chunk.start + chunk.text.len() as u64
        };
        if self.chunk.as_ref().is_none_or(|(known, chunk)| *known != variant || !holds(chunk)) {
            let chunk = self.store.chunk_at(variant, passage.start)?;
            self.chunk = chunk.map(|chunk| (variant, chunk));
        }
        let Some((_, first)) = &self.chunk else { return Ok(None) };
        if passage.end <= first.start + first.text.len() as u64 {
            return Ok(cut(&first.text, first.start, passage).map(str::to_owned));
        }
        let (start, mut text) = (first.start, first.text.clone());
        while start + (text.len() as u64) < passage.end {
            let next = start + text.len() as u64;
            match self.store.chunk_at(variant, next)? {
                Some(chunk) if chunk.start == next && !chunk.text.is_empty() => {
                    text.push_str(&chunk.text);
                }
                _ => return Ok(None),
            }
        }
        Ok(cut(&text, start, passage).map(str::to_owned))
    }
}

/// The range of a passage in a text that begins at byte `start` of the whole.
fn cut<'t>(text: &'t str, start: u64, passage: &Passage) -> Option<&'t str> {
    let from = usize::try_from(passage.start.checked_sub(start)?).ok()?;
    let to = usize::try_from(passage.end.checked_sub(start)?).ok()?;
    text.get(from..to)
}

fn in_place(
    found: Option<&str>,
    passage: &Passage,
    at: impl Fn(u64, u64) -> At,
) -> (Hold, Option<At>) {
    if found == Some(passage.quote.as_str()) {
        return (Hold::Holds, Some(at(passage.start, passage.end)));
    }
    let why = "something else stands at its place in the same text".to_owned();
    (Hold::Broken { why }, None)
}

/// Looks for a quote in another text than it was taken from.
struct Search<'a> {
    passage: &'a Passage,
    /// Starts with all of the context around, and without.
    with_context: Vec<u64>,
    without: Vec<u64>,
}

/// Places that are looked at before a quote counts as one that stands everywhere.
const MOST: usize = 1_000;

impl<'a> Search<'a> {
    fn new(passage: &'a Passage) -> Self {
        Search { passage, with_context: Vec::new(), without: Vec::new() }
    }

    /// Looks through a window that begins at byte `start` of the text; gives the bytes of it that
    /// need not be looked at again.
    fn look(&mut self, window: &str, start: u64, is_last: bool) -> usize {
        let Passage { quote, before, after, .. } = self.passage;
        // What begins here may end in the next chunk, and needs its context from this one.
        let margin = before.len() + quote.len() + after.len();
        let until = if is_last { window.len() } else { window.len().saturating_sub(margin) };
        for (at, _) in window.match_indices(quote.as_str()) {
            if at >= until && !is_last {
                break;
            }
            let place = start + at as u64;
            let is_new = self.with_context.last().is_none_or(|last| *last < place)
                && self.without.last().is_none_or(|last| *last < place);
            if !is_new || self.without.len() >= MOST {
                continue;
            }
            let fits = window[..at].ends_with(before.as_str())
                && window[at + quote.len()..].starts_with(after.as_str());
            if fits { &mut self.with_context } else { &mut self.without }.push(place);
        }
        let mut done = until.saturating_sub(before.len());
        while !window.is_char_boundary(done) {
            done -= 1;
        }
        if is_last { window.len() } else { done }
    }

    fn end(self, at: impl Fn(u64, u64) -> At) -> (Hold, Option<At>) {
        let moved = |start: u64| {
            let end = start + self.passage.quote.len() as u64;
            (Hold::Moved { start, end }, Some(at(start, end)))
        };
        let broken = |why: String| (Hold::Broken { why }, None);
        let Passage { start, end, .. } = *self.passage;
        match (self.with_context.as_slice(), self.without.as_slice()) {
            // The text was made anew, and nothing of it is another here.
            ([one], _) if *one == start => (Hold::Holds, Some(at(start, end))),
            ([one], _) | ([], [one]) => moved(*one),
            ([], []) => broken("the quote does not stand in the text any more".to_owned()),
            ([], many) => broken(format!(
                "the quote stands in {} places of the new text, and in none with what stood around it",
                many.len()
            )),
            (many, _) => broken(format!(
                "the quote stands in {} places of the new text with the same around it",
                many.len()
            )),
        }
    }
}
