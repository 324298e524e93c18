//! Notes are written: their texts, what they are for, what they cite.

use crate::case::{Acted, Case, CaseError};
use crate::journal::{self, Action, references};
use crate::model::anchor::At;
use crate::model::finding::{Citation, Cited, NoteField, NoteKind, Stance};
use crate::model::note::{Draft, NoteText, named};
use crate::model::{Anchor, AnchorId, ItemId, NoteId, Sha256};
use std::collections::HashMap;

impl Case {
    /// Whether setting a field means something for a note of its kind.
    ///
    /// # Errors
    /// A standing of what claims nothing; a question that is none.
    pub fn check_field(&self, id: NoteId, set: &NoteField) -> Result<(), CaseError> {
        let note = self.store.note_operation(id)?;
        let kind = || Ok::<_, CaseError>(self.note_fields(id)?.kind);
        let refuse = |words: String| Err(CaseError::Refused(words));
        match set {
            NoteField::Standing(_) if kind()? != NoteKind::Finding => {
                return refuse(format!("{id} is no finding: make it one first"));
            }
            NoteField::Likelihood(Some(_)) if kind()? == NoteKind::Event => {
                return refuse(format!(
                    "{id} is an event, which was or was not: how sure you are of it is its confidence"
                ));
            }
            NoteField::Confidence(Some(_)) | NoteField::Likelihood(Some(_))
                if !kind()?.claims() =>
            {
                return refuse(format!("{id} claims nothing: make it a finding first"));
            }
            NoteField::Question(Some(question)) => {
                let asked = self.store.find_note(question)?;
                let is_question = match asked {
                    Some(asked) => self.note_fields(asked)?.kind == NoteKind::Question,
                    None => false,
                };
                if !is_question || *question == note {
                    return refuse("only a question can be answered".to_owned());
                }
            }
            // What was searched for a question, and what it came from.
            NoteField::Cite(said)
                if said.stance == Stance::Context && kind()? == NoteKind::Question => {}
            NoteField::Cite(said) if !kind()?.claims() => {
                let cited = self.note(id)?.citations;
                let known = cited.iter().flat_map(Cited::said).find(|it| it.anchor == said.anchor);
                let says_nothing = known.is_some_and(|known| known.grade == said.grade);
                if said.stance != Stance::default() || says_nothing {
                    return refuse(format!(
                        "{id} claims nothing that could be supported: make it a finding first"
                    ));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Sets a field of a note. What it is for now is another matter: see [`Case::check_field`]. What
    /// becomes a claim cites the evidence that it names.
    pub fn set_note(&self, id: NoteId, set: NoteField) -> Result<Acted, CaseError> {
        let note = self.store.note_operation(id)?;
        let claims = matches!(set, NoteField::Kind(kind) if kind.claims());
        let act = || -> Result<Acted, CaseError> {
            Ok(self.act(Action::NoteSet { note, set, over: None })?.1)
        };
        match claims {
            true => self.together(|| self.and_named(id, &[], act()?)),
            false => act(),
        }
    }

    /// Cites what a claim names of the evidence, each document and message as a whole: whatever it
    /// names is counted, held and graded as what it cites. `before` are the texts that were written
    /// over: what they named and the new ones do not is cited no more. `acted` is what was done to
    /// the note itself.
    fn and_named(&self, id: NoteId, before: &[NoteText], acted: Acted) -> Result<Acted, CaseError> {
        let fields = self.note_fields(id)?;
        if !fields.kind.claims() {
            return Ok(acted);
        }
        let evidence = |texts: &[NoteText]| -> Vec<ItemId> {
            let mut items = Vec::new();
            for (_, item) in texts.iter().flat_map(|text| named(&text.text)) {
                let is_evidence = matches!(item, ItemId::Document(_) | ItemId::Message(_));
                if is_evidence && !items.contains(&item) {
                    items.push(item);
                }
            }
            items
        };
        let (was, now) = (evidence(before), evidence(&self.store.note_texts(id)?));
        let whole = |item| At { item, variant: None, start: 0, end: 0 };
        let mut said: Vec<(AnchorId, Citation)> = Vec::new();
        for item in now.iter().filter(|item| !was.contains(item)) {
            let anchor = match self.anchor_at(whole(*item))? {
                Some(known) => known.id,
                None => match self.passage(whole(*item)) {
                    Ok(passage) => self.add_anchor(Anchor::Passage(Box::new(passage)), "", "")?.0,
                    // The text names what the case has not, and says so.
                    Err(error) if error.is_no_such_item() => continue,
                    Err(error) => return Err(error),
                },
            };
            let citation = Citation::of(self.store.anchor_operation(anchor)?);
            if !fields.citations.iter().any(|own| own.anchor == citation.anchor) {
                said.push((anchor, citation));
            }
        }
        if !said.is_empty() {
            self.cite(id, &said)?;
        }
        for item in was.iter().filter(|item| !now.contains(item)) {
            // What somebody graded or turned around is cited for its own sake.
            if let Some(known) = self.anchor_at(whole(*item))?
                && fields.citations.contains(&Citation::of(known.operation))
            {
                self.set_note(id, NoteField::Uncite(known.operation))?;
            }
        }
        Ok(Acted { after: self.no_act()?.after, ..acted })
    }

    /// The same; what is said of a citation is said of all anchors that stand for the same evidence.
    /// It is as many operations as the clock went on.
    pub fn set_note_as_one(&self, id: NoteId, set: NoteField) -> Result<Acted, CaseError> {
        let NoteField::Cite(said) = set else { return self.set_note(id, set) };
        let of = |cited: &Cited| cited.said().map(|own| own.anchor).collect::<Vec<_>>();
        let groups = self.note(id)?.citations;
        let group = groups.iter().map(of).find(|group| group.contains(&said.anchor));
        let others = group.into_iter().flatten().filter(|anchor| *anchor != said.anchor);
        let others: Vec<Sha256> = others.collect();
        self.together(|| {
            let mut acted = self.set_note(id, NoteField::Cite(said))?;
            for anchor in others {
                let next = self.set_note(id, NoteField::Cite(Citation { anchor, ..said }))?;
                acted = Acted { before: acted.before, ..next };
            }
            Ok(acted)
        })
    }

    /// Says of anchors what they do for a note, and the same of all that stand for the same evidence
    /// in it. All at once: the note is read once however many they are. Gives the words of each act.
    ///
    /// # Errors
    /// Those of [`Case::check_field`]; an anchor that is not in the case.
    pub fn cite(
        &self,
        id: NoteId,
        said: &[(AnchorId, Citation)],
    ) -> Result<Vec<String>, CaseError> {
        let note = self.note(id)?;
        let mut by_place: HashMap<At, Vec<Sha256>> = HashMap::new();
        let mut counts: Vec<(Anchor, Vec<Sha256>)> = Vec::new();
        for cited in &note.citations {
            let Some(view) = self.anchor_by(&cited.citation.anchor)? else { continue };
            let group = cited.said().map(|own| own.anchor);
            match (view.at, view.anchor) {
                (_, count @ Anchor::Count(_)) => counts.push((count, group.collect())),
                (Some(at), _) => by_place.entry(at).or_default().extend(group),
                (None, _) => {}
            }
        }
        let mut order: Vec<Sha256> = Vec::new();
        let mut sets: HashMap<Sha256, Citation> = HashMap::new();
        for (anchor, citation) in said {
            let view = self.anchor(*anchor)?;
            let same = match (view.at, &view.anchor) {
                (_, count @ Anchor::Count(_)) => {
                    counts.iter().find(|(own, _)| own == count).map(|(_, group)| group.as_slice())
                }
                (Some(at), _) => by_place.get(&at).map(Vec::as_slice),
                (None, _) => None,
            };
            let same = same.into_iter().flatten().copied();
            // What the note does not cite yet stands for itself.
            let own = std::iter::once(view.operation);
            for anchor in same.chain(own) {
                let set = Citation { anchor, ..*citation };
                self.check_field(id, &NoteField::Cite(set))?;
                if sets.insert(anchor, set).is_none() {
                    order.push(anchor);
                }
            }
        }
        let mut standing = journal::citations_standing(&self.store, note.operation)?;
        let actions: Vec<Action> = order
            .iter()
            .map(|anchor| Action::NoteSet {
                note: note.operation,
                set: NoteField::Cite(sets[anchor]),
                over: Some(standing.remove(anchor).unwrap_or_default()),
            })
            .collect();
        let words = actions.iter().map(|action| self.words_of(action)).collect();
        self.with_journal(|journal, case| {
            Ok(journal.act_all(&case.store, actions, &mut |_| true)?)
        })?;
        words
    }

    /// Sets many fields of notes, all or none; `each` hears how many are set, and says whether to
    /// go on. Gives the operations.
    ///
    /// # Errors
    /// [`CaseError::Cancelled`]; a note that is not in the case; a read-only case.
    pub fn set_notes(
        &self,
        mut sets: Vec<(NoteId, NoteField)>,
        each: &mut dyn FnMut(u64) -> bool,
    ) -> Result<u64, CaseError> {
        let mut operations: HashMap<NoteId, Sha256> = HashMap::new();
        let mut texts: HashMap<NoteId, Vec<NoteText>> = HashMap::new();
        for (id, set) in &mut sets {
            if !operations.contains_key(id) {
                operations.insert(*id, self.store.note_operation(*id)?);
            }
            if let NoteField::Review(review) = set {
                if !texts.contains_key(id) {
                    texts.insert(*id, self.store.note_texts(*id)?);
                }
                let texts = texts[id].iter().map(|own| own.text.as_str());
                review.references = references::of_sentence(&self.store, &review.sentence, texts)?;
            }
        }
        let actions = sets.into_iter().filter_map(|(id, set)| {
            Some(Action::NoteSet { note: *operations.get(&id)?, set, over: None })
        });
        self.with_journal(|journal, case| {
            Ok(journal.act_all(&case.store, actions, each)?.len() as u64)
        })
    }

    /// Keeps what was written as one operation, and forgets its draft. A note whose text was
    /// emptied is deleted; a new one without text, or a text that is what it was, is no operation
    /// (no [`Acted`]).
    ///
    /// # Errors
    /// A read-only case; a note that is not in it.
    pub fn save_note(&self, draft: &Draft) -> Result<(Option<NoteId>, Option<Acted>), CaseError> {
        let text = draft.text.trim_end();
        let before = match draft.note {
            Some(id) => self.store.note_texts(id)?,
            None => Vec::new(),
        };
        let same = match draft.note {
            Some(_) => before.len() == 1 && before[0].text.trim_end() == text,
            None => text.is_empty(),
        };
        let mut saved = draft.note;
        let mut acted = None;
        if !same {
            let note = draft.note.map(|id| self.store.note_operation(id)).transpose()?;
            let over = draft.over.clone();
            match note {
                Some(note) if text.is_empty() => {
                    acted = Some(self.act(Action::NoteDelete { note, over, knew: None })?.1);
                    saved = None;
                }
                note => {
                    let references = references::of_note(&self.store, text, &over)?;
                    let text = text.to_owned();
                    let kind = if note.is_none() { draft.kind } else { NoteKind::Note };
                    let action = Action::NoteText { note, over, text, references, kind };
                    let (id, done) = self.together(|| {
                        let (made, done) = self.act(action)?;
                        let id = self.store.note_of(&note.unwrap_or(made))?;
                        Ok::<_, CaseError>((id, self.and_named(id, &before, done)?))
                    })?;
                    acted = Some(done);
                    saved = Some(id);
                }
            }
        }
        self.drop_draft(draft)?;
        Ok((saved, acted))
    }

    /// What shall be written over: the draft that one left of a note, else its text as it stands.
    pub fn edit_note(
        &self,
        note: Option<NoteId>,
        sitting: Option<i64>,
    ) -> Result<Draft, CaseError> {
        let is_it =
            |draft: &Draft| draft.note == note && (sitting.is_none() || draft.sitting == sitting);
        if let Some(draft) = self.drafts()?.into_iter().find(is_it) {
            return Ok(draft);
        }
        let Some(id) = note else { return Ok(Draft::default()) };
        let texts = self.store.note_texts(id)?;
        // Texts that were written at the same time are put together for whoever writes next.
        let text: Vec<&str> = texts.iter().map(|text| text.text.as_str()).collect();
        Ok(Draft {
            sitting: None,
            note: Some(id),
            over: texts.iter().map(|text| text.operation).collect(),
            text: text.join("\n\n"),
            kind: self.note_fields(id)?.kind,
            saved: 0,
            is_elsewhere: false,
        })
    }

    /// Deletes a note with all its texts.
    pub fn delete_note(&self, id: NoteId) -> Result<Acted, CaseError> {
        let note = self.store.note_operation(id)?;
        let over = self.store.note_texts(id)?.into_iter().map(|text| text.operation).collect();
        Ok(self.act(Action::NoteDelete { note, over, knew: None })?.1)
    }

    /// Says that a note, an anchor or an entity stays which somebody deleted, or took back having made,
    /// who did not know what was done to it meanwhile.
    ///
    /// # Errors
    /// Nobody deleted it.
    pub fn keep(&self, item: ItemId) -> Result<Acted, CaseError> {
        let kept = match item {
            ItemId::Note(id) => self.note(id)?.fields.kept,
            ItemId::Anchor(id) => self.anchor(id)?.kept,
            ItemId::Entity(id) => {
                let entity = self.entity(id)?;
                // Each of what was merged into it for itself.
                let mut parts = vec![(entity.id, entity.operation)];
                for id in entity.merged {
                    parts.push((id, self.store.entity_operation(id)?));
                }
                return self.keep_parts(item, &parts);
            }
            item => return Err(CaseError::Refused(format!("{item} is evidence, and stays"))),
        };
        let kept = kept.ok_or_else(|| CaseError::Refused(format!("nobody deleted {item}")))?;
        let deleted = kept.operations();
        Ok(self.act(Action::Keep { thing: self.operation_of(item)?, deleted })?.1)
    }
}
