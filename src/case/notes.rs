//! Notes and drafts of a case. How they hang together is in `board.rs`.

use super::{Acted, Case, CaseError};
use crate::journal::{self, Action, references};
use crate::model::anchor::{AnchorView, At};
use crate::model::disagreed::Slot;
use crate::model::finding::{Citation, Cited, NoteField, NoteFields, NoteKind, Stance};
use crate::model::kept::Kept;
use crate::model::note::NoteText;
use crate::model::note::{Draft, Note, NoteRow, named};
use crate::model::review::Review;
use crate::model::{Anchor, AnchorId, ItemId, NoteId, Sha256, time};
use crate::store::StoreError;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Characters of a line about something that a note names.
const LINE: usize = 200;

impl Case {
    /// Notes and one's own drafts.
    pub fn note_count(&self) -> Result<u64, CaseError> {
        Ok(self.store.note_count()? + self.drafts()?.len() as u64)
    }

    /// Rows `range` of one's own drafts and then all notes, what was changed last first.
    pub fn notes(&self, range: Range<u64>) -> Result<Vec<NoteRow>, CaseError> {
        let drafts = self.drafts()?;
        let count = drafts.len() as u64;
        let start = usize::try_from(range.start).unwrap_or(usize::MAX);
        let most = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
        let mut rows: Vec<NoteRow> =
            drafts.into_iter().skip(start).take(most).map(row_of).collect();
        let left = (most - rows.len()) as u64;
        for (row, key) in self.store.notes(range.start.saturating_sub(count), left)? {
            rows.push(NoteRow { author: self.signed_name(&row.author, &key)?, ..row });
        }
        Ok(rows)
    }

    pub fn note(&self, id: NoteId) -> Result<Note, CaseError> {
        let mut texts = self.store.note_texts(id)?;
        for text in &mut texts {
            text.by = self.signed_name(&text.author, &text.key)?;
        }
        if texts.is_empty() {
            return Err(StoreError::NoSuchItem(id.to_string()).into());
        }
        let mut references: Vec<(ItemId, String)> = Vec::new();
        for (_, item) in texts.iter().flat_map(|text| named(&text.text)) {
            if references.iter().any(|(known, _)| *known == item) {
                continue;
            }
            match self.line_about(item) {
                Ok(line) => references.push((item, line)),
                Err(CaseError::Store(StoreError::NoSuchItem(_))) => {}
                Err(error) => return Err(error),
            }
        }
        let fields = self.note_fields(id)?;
        let citations = self.citations(&texts, &fields)?;
        Ok(Note {
            id,
            operation: self.store.note_operation(id)?,
            texts,
            references,
            fields,
            citations,
        })
    }

    /// What a note is and where it stands, beside its text.
    pub fn note_fields(&self, id: NoteId) -> Result<NoteFields, CaseError> {
        let mut fields: NoteFields = match self.store.note_fields(id)?.1.as_str() {
            "" => return Ok(NoteFields::default()),
            json => serde_json::from_str(json)
                .map_err(|error| StoreError::Damaged(format!("{id}: {error}")))?,
        };
        self.name_writers(&mut fields)?;
        Ok(fields)
    }

    /// Puts in what people and things are called in this case, which the fields name by key and
    /// operation.
    pub(super) fn name_writers(&self, fields: &mut NoteFields) -> Result<(), CaseError> {
        for review in &mut fields.reviews {
            review.shown = self.signed_name(&review.taken_in_by, &review.key)?;
            let Review { sentence, references, .. } = &mut review.review;
            if !references.is_empty() {
                *sentence = references::render_sentence(&self.store, sentence, references)?;
            }
        }
        self.name_kept(fields.kept.as_mut())?;
        for disagreed in &mut fields.disagreed {
            if let Slot::Citation(anchor) = disagreed.slot {
                disagreed.item = self.store.find_anchor(&anchor)?.map(|id| id.to_string());
            }
            for own in &mut disagreed.said {
                own.shown = self.signed_name(&own.by.name, &own.by.key)?;
                if let NoteField::Question(Some(question)) = &own.set {
                    own.item = match self.store.find_note(question)? {
                        Some(id) => Some(format!("{id} {}", self.title_of(question)?)),
                        None => None,
                    };
                }
            }
        }
        Ok(())
    }

    /// The same for why something stands that was deleted.
    pub(super) fn name_kept(&self, kept: Option<&mut Kept>) -> Result<(), CaseError> {
        for own in kept.into_iter().flat_map(Kept::people_mut) {
            own.shown = self.signed_name(&own.by.name, &own.by.key)?;
            if let Some(thing) = own.of {
                own.item = self.item_made_by(&thing)?.map(|item| item.to_string());
            }
        }
        Ok(())
    }

    /// What a note cites: the anchors that its texts name, in their order, then those that only
    /// something was said of.
    fn citations(&self, texts: &[NoteText], fields: &NoteFields) -> Result<Vec<Cited>, CaseError> {
        let mut anchors: Vec<(Sha256, AnchorId)> = Vec::new();
        for (_, item) in texts.iter().flat_map(|text| named(&text.text)) {
            let ItemId::Anchor(id) = item else { continue };
            match self.store.anchor_operation(id) {
                Ok(operation) => anchors.push((operation, id)),
                Err(StoreError::NoSuchItem(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        for citation in &fields.citations {
            let id = self.store.find_anchor(&citation.anchor)?;
            anchors.extend(id.map(|id| (citation.anchor, id)));
        }
        let mut cited: Vec<Cited> = Vec::new();
        let mut known: HashSet<AnchorId> = HashSet::new();
        // Where something is cited for what: there it counts once, whoever marked it.
        let mut by_place: HashMap<(At, Stance), usize> = HashMap::new();
        for (operation, id) in anchors {
            if !known.insert(id) {
                continue;
            }
            let said = fields.citations.iter().find(|known| known.anchor == operation);
            let citation = said.copied().unwrap_or(Citation::of(operation));
            let view = match self.anchor(id) {
                Ok(view) => Some(view),
                Err(CaseError::Store(StoreError::NoSuchItem(_))) => None,
                Err(error) => return Err(error),
            };
            if let Some(at) = view.as_ref().and_then(|view| view.at) {
                match by_place.entry((at, citation.stance)) {
                    Entry::Occupied(first) => {
                        cited[*first.get()].also.push((id, citation));
                        continue;
                    }
                    Entry::Vacant(place) => drop(place.insert(cited.len())),
                }
            }
            cited.push(Cited {
                id,
                citation,
                line: view.as_ref().map(|view| anchor_line(&view.anchor)),
                place: view.as_ref().map_or_else(String::new, anchor_place),
                is_count: view.as_ref().is_some_and(|view| matches!(view.anchor, Anchor::Count(_))),
                kept: view.and_then(|view| view.kept),
                also: Vec::new(),
            });
        }
        Ok(cited)
    }

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

    /// What of a text in double brackets names nothing in this case: `[[A9]]`.
    pub fn naming_nothing(&self, text: &str) -> Result<Vec<String>, CaseError> {
        let found = references::of_note(&self.store, text, &[])?;
        let named = named(text).into_iter().map(|(range, _)| format!("[[{}]]", &text[range]));
        Ok(named.filter(|token| found.iter().all(|(known, _)| known != token)).collect())
    }

    /// The anchor that is just this one, where a note cites it.
    pub fn note_citing(&self, id: NoteId, anchor: &Anchor) -> Result<Option<AnchorId>, CaseError> {
        for cited in self.note(id)?.citations.iter().filter(|cited| cited.line.is_some()) {
            if self.anchor(cited.id)?.anchor == *anchor {
                return Ok(Some(cited.id));
            }
        }
        Ok(None)
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

    /// Notes that name something or cite an anchor in it.
    pub fn notes_naming(&self, item: ItemId) -> Result<Vec<NoteId>, CaseError> {
        Ok(self.store.notes_naming(item)?)
    }

    /// One line that says what something is.
    pub fn line_about(&self, item: ItemId) -> Result<String, CaseError> {
        let clip = |text: &str| text.chars().take(LINE).collect::<String>();
        Ok(match item {
            ItemId::Document(id) => self.store.document_row(id)?.name,
            ItemId::Message(id) => {
                let message = self.store.found_message(id)?;
                let when = message.time.as_deref().and_then(|time| time.get(..16));
                let when = when.unwrap_or("undated").replace('T', " ");
                let who = message.sender.unwrap_or_default();
                clip(&format!("{when} {who}: {}", message.text))
            }
            ItemId::Conversation(id) => self.store.conversation_title(id)?,
            ItemId::Participant(id) => {
                let account = self.store.account(id)?.row.account;
                match account.name.as_str() {
                    "" => account.handle,
                    name if name == account.handle => account.handle,
                    name => format!("{name} ({})", account.handle),
                }
            }
            ItemId::Note(id) => clip(&self.readable(&self.first_line_of(id)?)?),
            ItemId::Anchor(id) => anchor_line(&self.anchor(id)?.anchor),
            ItemId::Entity(id) => {
                let fields = self.entity(id)?.fields;
                format!("{} ({})", fields.name, fields.kind.word())
            }
            ItemId::Source(_) => return Err(StoreError::NoSuchItem(item.to_string()).into()),
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

    /// Keeps what is being written; gives the opening of the case that it is kept as written in.
    pub fn save_draft(&self, draft: &Draft) -> Result<i64, CaseError> {
        let saved = jiff::Timestamp::now().as_millisecond();
        let draft = Draft { saved, ..draft.clone() };
        self.with_journal(|journal, case| {
            let sitting = draft.sitting.unwrap_or_else(|| journal.sitting());
            case.sittings.hold(sitting);
            case.store.save_draft(&journal.owner(), sitting, &draft)?;
            Ok(sitting)
        })
    }

    /// What this account was writing and did not finish, the latest first.
    pub fn drafts(&self) -> Result<Vec<Draft>, CaseError> {
        if !self.can_write() {
            return Ok(Vec::new());
        }
        let drafts = self.with_journal(|journal, case| {
            let mut drafts = case.store.drafts(&journal.owner())?;
            for draft in &mut drafts {
                let elsewhere = |sitting| case.sittings.is_elsewhere(sitting);
                draft.is_elsewhere = draft.sitting.is_some_and(elsewhere);
            }
            Ok(drafts)
        });
        match drafts {
            // Who has no key has written nothing yet; the first act says what is wrong.
            Err(CaseError::Journal(_)) => Ok(Vec::new()),
            drafts => drafts,
        }
    }

    pub fn drop_draft(&self, draft: &Draft) -> Result<(), CaseError> {
        self.with_journal(|journal, case| {
            let sitting = draft.sitting.unwrap_or_else(|| journal.sitting());
            let owner = journal.owner();
            case.store.drop_draft(&owner, sitting, draft.note)?;
            let left = case.store.drafts(&owner)?;
            if !left.iter().any(|left| left.sitting == Some(sitting)) {
                case.sittings.release(sitting);
            }
            Ok(())
        })
    }
}

pub(super) fn row_of(draft: Draft) -> NoteRow {
    NoteRow {
        id: draft.note,
        draft: draft.sitting,
        title: draft.title().to_owned(),
        kind: draft.kind,
        standing: Default::default(),
        author: String::new(),
        changed: draft.saved,
        texts: 1,
        is_elsewhere: draft.is_elsewhere,
    }
}

/// The quote or number of an anchor in a line.
pub(in crate::case) fn anchor_line(anchor: &Anchor) -> String {
    match anchor {
        Anchor::Passage(passage) if passage.quote.is_empty() => passage.path.clone(),
        Anchor::Passage(passage) => {
            let quote: String = passage.quote.chars().take(LINE).collect();
            format!("“{}”", quote.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        Anchor::Count(count) => count.words(),
    }
}

/// Where a quote stands, in this case and in the leak.
fn anchor_place(view: &AnchorView) -> String {
    let Anchor::Passage(passage) = &view.anchor else { return String::new() };
    let item = view.at.map(|at| at.item.to_string());
    let name = passage.path.rsplit(['/', '!']).next().map(str::to_owned);
    // Of a message its time and sender say more than the name of the export.
    let name = if passage.record.is_some() { None } else { name };
    let locator = Some(passage.locator.clone());
    let parts = [item, name, locator].into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

/// When something was written, as it is shown: `2022-03-05 12:41`, UTC.
pub fn wall_text(wall: i64) -> String {
    time::clock_text(wall.div_euclid(1000)).chars().take(16).collect::<String>().replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Author;
    use crate::case::testing::{add_document, draft, with_documents};
    use crate::journal::log::target_of;
    use crate::model::DocumentId;
    use crate::store::Unit;

    fn over(case: &Case, id: NoteId, text: &str) -> Draft {
        let texts = case.note(id).unwrap().texts;
        Draft {
            note: Some(id),
            over: texts.iter().map(|text| text.operation).collect(),
            ..draft(text)
        }
    }

    fn texts(case: &Case, id: NoteId) -> Vec<String> {
        case.note(id)
            .map_or(Vec::new(), |note| note.texts.into_iter().map(|text| text.text).collect())
    }

    #[test]
    fn a_note_is_written_changed_deleted_and_undone() {
        let (_dir, case) = with_documents(&[1]);
        assert_eq!(case.save_note(&draft(" \n")).unwrap(), (None, None), "nothing was written");
        let id = case.save_note(&draft("first, see [[D1]] and [[D9]], D1\n")).unwrap().0.unwrap();
        assert_eq!(
            case.note(id).unwrap().references,
            [(ItemId::Document(DocumentId(1)), "1.txt".to_owned())]
        );
        case.save_note(&over(&case, id, "second")).unwrap();
        assert_eq!(case.save_note(&over(&case, id, "second\n")).unwrap(), (Some(id), None));
        assert_eq!(texts(&case, id), ["second"]);
        case.undo().unwrap();
        // What the case had not when it was written is nothing, whatever comes later.
        let shown = "first, see [[D1]] and [[D?9]], D1";
        assert_eq!(texts(&case, id), [shown], "saving the same was no act");
        assert_eq!(case.save_note(&over(&case, id, shown)).unwrap(), (Some(id), None));
        case.redo().unwrap();
        assert_eq!(case.save_note(&over(&case, id, "")).unwrap().0, None);
        assert_eq!(texts(&case, id), [""; 0]);
        case.undo().unwrap();
        assert_eq!(texts(&case, id), ["second"]);
        let other = case.save_note(&draft("see [[N1]] on A4 paper, N1")).unwrap().0.unwrap();
        let references = case.note(other).unwrap().references;
        assert_eq!(references, [(ItemId::Note(id), "second".to_owned())]);
        assert_eq!(case.check_journal().unwrap().1, Vec::new());
    }

    #[test]
    fn texts_that_were_written_at_the_same_time_both_stand() {
        let (_dir, case) = with_documents(&[1]);
        let id = case.save_note(&draft("one")).unwrap().0.unwrap();
        let (mine, hers) = (over(&case, id, "mine"), over(&case, id, "hers"));
        case.save_note(&mine).unwrap();
        case.save_note(&hers).unwrap();
        let mut both = texts(&case, id);
        both.sort();
        assert_eq!(both, ["hers", "mine"]);
        assert_eq!(case.notes(0..9).unwrap()[0].texts, 2);
        case.save_note(&over(&case, id, "ours")).unwrap();
        assert_eq!(texts(&case, id), ["ours"]);
        assert_eq!(case.check_journal().unwrap().1, Vec::new());
    }

    #[test]
    fn a_note_shows_the_numbers_of_its_case() {
        let (dir, case) = with_documents(&[1, 2]);
        case.save_note(&draft("[[D2]] pays, 见[[D2]]。 [[D1]] D2 [[D7]]")).unwrap();
        let operations = case.check_journal().unwrap().0;
        let (other_dir, other) = with_documents(&[2]);
        let mut all = Vec::new();
        case.store
            .each_operation(|stored| {
                all.push(stored);
                Ok::<_, StoreError>(())
            })
            .unwrap();
        assert_eq!(all.len() as u64, operations);
        for stored in &all {
            other.store.append_operation(stored).unwrap();
        }
        other.project_journal().unwrap();
        let shown = texts(&other, NoteId(1)).remove(0);
        assert!(shown.starts_with("[[D1]] pays, 见[[D1]]。 [[D?"), "{shown}");
        assert!(shown.ends_with("]] D2 [[D?7]]"), "{shown}");
        assert_eq!(other.note(NoteId(1)).unwrap().references.len(), 1);
        // Written on there, it still names what that case does not have.
        other.save_note(&over(&other, NoteId(1), &format!("{shown}!"))).unwrap();
        add_document(&other, other_dir.path(), 1);
        other.project_journal().unwrap();
        assert_eq!(texts(&other, NoteId(1)), ["[[D1]] pays, 见[[D1]]。 [[D2]] D2 [[D?7]]!"]);
        drop(dir);
    }

    #[test]
    fn what_a_bare_number_bound_stays_bound() {
        let (_dir, case) = with_documents(&[1, 2]);
        case.save_note(&draft("about visas")).unwrap();
        // As it was written before only brackets named something.
        let old = |text: &str, tokens: &[(&str, i64)]| {
            let references = tokens.iter().map(|(token, id)| {
                let target = target_of(&case.store, Unit::Document(DocumentId(*id))).unwrap();
                ((*token).to_owned(), crate::journal::operation::Reference::Evidence(target))
            });
            let (note, over, text) = (None, Vec::new(), text.to_owned());
            let references = references.collect();
            let action = Action::NoteText { note, over, text, references, kind: NoteKind::Note };
            let (made, _) = case.act(action).unwrap();
            case.store.note_of(&made).unwrap()
        };
        let id = old("D1 and [[D1]], 见D2。A4 xD2", &[("D1", 1), ("D2", 2)]);
        assert_eq!(texts(&case, id), ["[[D1]] and [[D1]], 见[[D2]]。A4 xD2"]);
        assert_eq!(case.note(id).unwrap().references.len(), 2);
        assert_eq!(case.notes_naming(DocumentId(2).into()).unwrap(), [id]);
        // Written on, it is bound as it is shown.
        let shown = texts(&case, id).remove(0);
        case.save_note(&over(&case, id, &format!("{shown}!"))).unwrap();
        assert_eq!(texts(&case, id), ["[[D1]] and [[D1]], 见[[D2]]。A4 xD2!"]);
        assert_eq!(case.notes_naming(DocumentId(2).into()).unwrap(), [id]);
        assert_eq!(case.check_journal().unwrap().1, Vec::new());
    }

    #[test]
    fn a_question_says_what_was_searched_for_it_and_claims_nothing() {
        let (_dir, case) = with_documents(&[1]);
        let asked = Draft { kind: NoteKind::Question, ..draft("who paid?") };
        let id = case.save_note(&asked).unwrap().0.unwrap();
        let cite = |stance| {
            let said = Citation { stance, ..Citation::of(Sha256([7; 32])) };
            case.check_field(id, &NoteField::Cite(said))
        };
        cite(Stance::Context).unwrap();
        assert!(cite(Stance::Contradicts).is_err());
    }

    #[test]
    fn many_fields_are_set_at_once_or_none_is() {
        use crate::model::review::Review;
        let (_dir, case) = with_documents(&[1]);
        let id = case.save_note(&draft("it is so")).unwrap().0.unwrap();
        let review = |nth: usize, verdict: &str| {
            let text = |text: &str| text.to_owned();
            let review = Review {
                sentence: format!("sentence {}", nth % 3),
                role: text("checker"),
                by: text("tao"),
                verdict: text(verdict),
                comment: String::new(),
                basis: None,
                claims: None,
                references: Vec::new(),
            };
            (id, NoteField::Review(review))
        };
        let sets = || (0..5).map(|nth| review(nth, &format!("verdict {nth}"))).collect();
        assert!(matches!(case.set_notes(sets(), &mut |done| done < 4), Err(CaseError::Cancelled)));
        let said = || -> Vec<String> {
            let reviews = case.note_fields(id).unwrap().reviews.into_iter();
            reviews.map(|own| format!("{} {}", own.review.sentence, own.review.verdict)).collect()
        };
        assert_eq!((said(), case.check_journal().unwrap().0), (Vec::new(), 1));
        assert_eq!(case.set_notes(sets(), &mut |_| true).unwrap(), 5);
        // The last that was said of a sentence, in the order in which it was said.
        let expected = ["sentence 2 verdict 2", "sentence 0 verdict 3", "sentence 1 verdict 4"];
        assert_eq!(said(), expected);
        assert_eq!(case.check_journal().unwrap(), (6, Vec::new()));
        // One sheet, one act.
        case.undo().unwrap();
        assert_eq!(said(), Vec::<String>::new());
        case.redo().unwrap();
        assert_eq!(said(), expected);
    }

    #[test]
    fn drafts_are_kept_until_the_note_is() {
        let (_dir, case) = with_documents(&[1]);
        case.save_draft(&Draft { sitting: Some(5), ..draft("half a") }).unwrap();
        case.save_draft(&Draft { sitting: Some(5), ..draft("half a sentence") }).unwrap();
        let other = Draft { sitting: Some(6), ..draft("elsewhere") };
        assert_eq!(case.save_draft(&other).unwrap(), 6);
        let again = case.another().unwrap();
        again.set_author(Author::with_key("mara", [8; 32])).unwrap();
        assert!(again.drafts().unwrap().is_empty(), "they are one's own");
        again.set_author(Author::with_key("lin", [7; 32])).unwrap();
        let drafts = again.drafts().unwrap();
        let half = drafts.iter().find(|draft| draft.sitting == Some(5)).unwrap();
        assert_eq!((drafts.len(), half.text.as_str()), (2, "half a sentence"));
        let id = case.save_note(half).unwrap().0;
        let rows = case.notes(0..9).unwrap();
        let rows: Vec<_> = rows.iter().map(|row| (row.id, row.draft, row.title.as_str())).collect();
        assert_eq!(rows, [(None, Some(6), "elsewhere"), (id, None, "half a sentence")]);
        assert_eq!(case.notes(1..9).unwrap()[0].id, id);
    }

    #[test]
    fn a_draft_is_elsewhere_as_long_as_its_window_lives() {
        let (_dir, case) = with_documents(&[1]);
        let window = || {
            let case = Case::open(case.folder(), crate::case::Access::Write).unwrap();
            case.set_author(Author::with_key("lin", [7; 32])).unwrap();
            case
        };
        let elsewhere = |case: &Case| -> Vec<bool> {
            case.drafts().unwrap().iter().map(|draft| draft.is_elsewhere).collect()
        };
        let locks = || std::fs::read_dir(case.folder().join("tmp")).unwrap().count();
        let (first, second) = (window(), window());
        let sitting = first.save_draft(&draft("half a")).unwrap();
        assert_eq!((elsewhere(&first), elsewhere(&second)), (vec![false], vec![true]));
        assert_eq!(elsewhere(&first.another().unwrap()), [false], "one window has several handles");
        // What a window leaves behind is written on by whoever comes next, under its old name.
        drop(first);
        assert_eq!(elsewhere(&second), [false]);
        let left = second.edit_note(None, Some(sitting)).unwrap();
        assert_eq!((left.text.as_str(), left.is_elsewhere), ("half a", false));
        second.save_draft(&Draft { text: "half a sentence".to_owned(), ..left }).unwrap();
        let third = window();
        assert_eq!((elsewhere(&second), elsewhere(&third)), (vec![false], vec![true]));
        assert!(third.notes(0..9).unwrap()[0].is_elsewhere, "the list says so");
        assert_eq!(locks(), 1);
        // Once the note is kept there is no draft and no lock.
        let left = second.edit_note(None, Some(sitting)).unwrap();
        second.save_note(&left).unwrap();
        assert_eq!((elsewhere(&third), locks()), (Vec::new(), 0));
        // Nobody wrote on what was thrown away.
        third.save_draft(&Draft { sitting: Some(5), ..draft("x") }).unwrap();
        drop(third);
        second.drop_draft(&Draft { sitting: Some(5), ..Draft::default() }).unwrap();
        assert_eq!(locks(), 0);
    }
}
