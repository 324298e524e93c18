//! Fields of a query become conditions on columns of the index, or sets of units that the case
//! file knows.
//!
//! A name that is borne exactly wins over those that only
//! contain it: `from:lin` is lin and not berlin, but `from:ber` is berlin. A name that nobody and
//! nothing bears is an error: the answer "no hits" would read as "he wrote nothing".

use super::called::{Name, best};
use super::compile::unanswerable;
use super::names::Names;
use super::people::Role;
use super::who::{Asked, Who};
use crate::case::CaseError;
use crate::extract::format::{FORMATS, Family};
use crate::index::{
    Column, Field as IndexField, Fields as IndexFields, Plan, Predicate, Unit, flag,
};
use crate::model::tag;
use crate::model::time::offset_text;
use crate::model::view::NO_LANGUAGE;
use crate::model::{ConversationId, DocumentId, MessageKind, SourceId, State, VariantKind};
use crate::query::error::nearest;
use crate::query::{DateValue, Field, Filter, Has, Is, QueryError, Span, UnitKind, Value};
use crate::store::{self, Store};
use crate::text::needle::Needle;
use crate::text::normal::folded as fold;
use std::collections::{BTreeMap, BTreeSet};

/// Looks fields up in a case.
pub(super) struct Fields<'a> {
    pub(super) store: &'a Store,
    names: &'a Names,
    pub(super) query: &'a str,
    pub(super) who: Who<'a>,
    /// What was assumed on the way.
    pub remarks: Vec<String>,
}

impl<'a> Fields<'a> {
    pub fn new(store: &'a Store, names: &'a Names, query: &'a str) -> Self {
        Fields { store, names, query, who: Who::new(store, query), remarks: Vec::new() }
    }

    /// What a field of entities asks for.
    pub fn asked(&mut self, filter: &Filter, span: Span) -> Result<Asked, CaseError> {
        self.who.asked(filter, span, &mut self.remarks)
    }

    /// Units where the field has any of the values.
    pub fn plan(&mut self, filter: &Filter, span: Span) -> Result<Plan, CaseError> {
        let mut plans = Vec::with_capacity(filter.values.len());
        for value in &filter.values {
            plans.push(match value {
                Value::Kind(UnitKind::Note) => {
                    let why = "notes are searched alone: kind:note and words beside it";
                    return Err(unanswerable(self.query, span, why.to_owned()).into());
                }
                Value::Kind(kind) => kind_is(*kind == UnitKind::Message),
                Value::Variant(kind) => self.variant(*kind)?,
                Value::Is(is) => self.is(*is)?,
                Value::Has(has) => match has {
                    Has::Attachment => flags(flag::ATTACHMENT),
                    Has::Translation => flags(flag::TRANSLATION),
                    Has::Note => units_plan(self.store.noted_units()?),
                    Has::Highlight => units_plan(self.store.highlighted_units()?),
                },
                Value::Size(bounds) => match bounds.interval() {
                    Some((from, to)) => {
                        Plan::Columns(Predicate::Range { column: Column::Size, from, to })
                    }
                    None => Plan::None,
                },
                Value::Date(date) => self.date(*date)?,
                Value::Amount(_) => return Err(self.missing("recognised amounts", span)),
                Value::Text(text) => {
                    self.named(filter.field, &Name::Text(fold(text)), text, span)?
                }
                Value::Pattern(text) => {
                    self.named(filter.field, &Name::Pattern(fold(text)), text, span)?
                }
            });
        }
        Ok(if plans.len() == 1 { plans.swap_remove(0) } else { Plan::Or(plans) })
    }

    fn named(&self, field: Field, name: &Name, typed: &str, span: Span) -> Result<Plan, CaseError> {
        match field {
            Field::Type => self.format(name, typed, span),
            Field::Lang => self.language(name, typed, span),
            Field::Path => self.path(name),
            Field::Meta => self.meta(name, typed, span),
            Field::From => self.people(name, typed, span, Role::Sender),
            Field::To => self.people(name, typed, span, Role::Receiver),
            Field::With => self.people(name, typed, span, Role::Any),
            Field::In => self.conversation(name, typed, span),
            Field::Source => self.source(name, typed, span),
            Field::Tag => self.tag(name, typed, span),
            // Asked for by names, which stand in texts (`Fields::asked`).
            Field::Entity | Field::Mentions | Field::Watch => Ok(Plan::None),
            Field::Kind
            | Field::Variant
            | Field::Size
            | Field::Date
            | Field::Is
            | Field::Has
            | Field::Amount => Ok(Plan::None),
        }
    }

    fn missing(&self, what: &str, span: Span) -> CaseError {
        unanswerable(self.query, span, format!("this case has no {what} yet")).into()
    }

    /// "There is no such thing", with the nearest of those that there are.
    pub(super) fn unknown<'n>(
        &self,
        message: String,
        typed: &str,
        span: Span,
        known: impl IntoIterator<Item = &'n str>,
    ) -> CaseError {
        let error: QueryError = unanswerable(self.query, span, message);
        let part = self.query.get(span.start..span.end).unwrap_or_default();
        match nearest(typed, known) {
            Some(near) if part.contains(typed) => {
                error.replace(span, "did you mean", &part.replacen(typed, near, 1)).into()
            }
            _ => error.into(),
        }
    }

    // ---- what a file is ------------------------------------------------------------------------

    fn format(&self, name: &Name, typed: &str, span: Span) -> Result<Plan, CaseError> {
        let mut present = self.store.formats()?;
        present.extend(self.store.platforms()?);
        let mut known: BTreeSet<&str> = present.iter().map(String::as_str).collect();
        let mut found: BTreeSet<&str> =
            known.iter().copied().filter(|format| name.is(&fold(format))).collect();
        for format in FORMATS {
            if name.is(&fold(format.id)) || name.is(family(format.family)) {
                found.insert(format.id);
            }
            known.extend([format.id, family(format.family)]);
        }
        if found.is_empty() {
            let message = format!("there is no format, family of formats or platform {typed:?}");
            return Err(self.unknown(message, typed, span, known));
        }
        let numbers = found.iter().filter_map(|format| self.names.number(format)).collect();
        Ok(Plan::Columns(Predicate::In(Column::Type, numbers)))
    }

    fn language(&self, name: &Name, typed: &str, span: Span) -> Result<Plan, CaseError> {
        if matches!(name, Name::Text(typed) if typed == NO_LANGUAGE) {
            return Ok(Plan::Columns(Predicate::In(Column::Lang, vec![Names::NONE])));
        }
        let known = self.store.languages()?;
        let found: Vec<u64> = known
            .iter()
            .filter(|language| name.is(&fold(language)))
            .filter_map(|language| self.names.number(language))
            .collect();
        if found.is_empty() {
            let known = match known.len() {
                0 => "no language was recognised".to_owned(),
                _ => format!("there are {}", known.join(", ")),
            };
            let message = format!("nothing in this case is known to be in {typed:?}; {known}");
            return Err(unanswerable(self.query, span, message).into());
        }
        Ok(Plan::Columns(Predicate::In(Column::Lang, found)))
    }

    fn variant(&self, kind: VariantKind) -> Result<Plan, CaseError> {
        Ok(match kind {
            VariantKind::Ocr => flags(flag::OCR),
            VariantKind::Translation => flags(flag::TRANSLATION),
            VariantKind::Transcript => flags(flag::TRANSCRIPT),
            VariantKind::Original => {
                let documents = self.store.documents_with(VariantKind::Original)?;
                Plan::Or(vec![kind_is(true), documents_plan(documents)])
            }
        })
    }

    fn is(&self, is: Is) -> Result<Plan, CaseError> {
        let state = |state: State| flags(flag::state(state));
        Ok(match is {
            Is::Child => flags(flag::CHILD),
            Is::Duplicate => flags(flag::DUPLICATE),
            Is::Failed => state(State::Failed),
            Is::Empty => {
                Plan::Or(vec![state(State::Empty), flags(flag::message(MessageKind::Empty))])
            }
            Is::Encrypted => Plan::Or(vec![
                state(State::Encrypted),
                flags(flag::message(MessageKind::Encrypted)),
            ]),
            Is::NoText => state(State::NoText),
            Is::OverLimit => state(State::OverLimit),
            Is::Unsupported => state(State::Unsupported),
            Is::Unreadable => Plan::Or(
                State::ALL.into_iter().filter(|state| state.is_unreadable()).map(state).collect(),
            ),
            Is::Read => self.marked("read")?,
            // What was put aside waits for nobody.
            Is::Unread => {
                let done = vec![self.marked("read")?, self.marked("irrelevant")?];
                Plan::Not(Box::new(Plan::Or(done)))
            }
            Is::Irrelevant => self.marked("irrelevant")?,
            Is::Starred => self.marked("starred")?,
        })
    }

    fn marked(&self, mark: &str) -> Result<Plan, CaseError> {
        Ok(units_plan(self.store.marked(mark)?))
    }

    fn tag(&self, name: &Name, typed: &str, span: Span) -> Result<Plan, CaseError> {
        let tags = self.store.tags()?;
        let is_meant = |tag: &str| tag::spaces(tag).any(|space| name.is(&fold(space)));
        let found: Vec<&String> = tags.iter().filter(|tag| is_meant(tag)).collect();
        if found.is_empty() {
            let made = self.store.tag_counts()?.into_iter().filter(|own| is_meant(&own.name));
            let made: u64 = made.map(|own| own.things).sum();
            let message = match (made, tags.is_empty()) {
                (0, true) => "nothing in this case is tagged yet".to_owned(),
                (0, false) => format!("nothing in this case is tagged {typed:?}"),
                (made, _) => format!(
                    "no document or message is tagged {typed:?}; {made} of what analysts made \
                     {}: `kind:note tag:` finds notes",
                    if made == 1 { "is" } else { "are" }
                ),
            };
            return Err(self.unknown(message, typed, span, tags.iter().map(String::as_str)));
        }
        let plans = found.into_iter().map(|tag| self.store.tagged(tag).map(units_plan));
        Ok(Plan::Or(plans.collect::<Result<_, _>>()?))
    }

    // ---- where it lies -------------------------------------------------------------------------

    /// Documents that lie there, and the messages of exports that do.
    fn path(&self, name: &Name) -> Result<Plan, CaseError> {
        let mut documents = BTreeSet::new();
        self.store.each_path(|document, path| {
            if name.is_in(&fold(path)) {
                documents.insert(document);
            }
        })?;
        let documents: Vec<DocumentId> = documents.into_iter().collect();
        let exports = self.store.exports_of(&documents)?;
        let also = self.store.messages_also_in(&exports)?;
        let mut plans = vec![documents_plan(documents)];
        if !exports.is_empty() {
            plans.push(Plan::Columns(Predicate::In(Column::Export, exports)));
        }
        if !also.is_empty() {
            plans.push(Plan::units(also.into_iter().map(Unit::message).collect()));
        }
        Ok(Plan::Or(plans))
    }

    /// Paths, titles and other metadata are in the index, beside the texts.
    fn meta(&self, name: &Name, typed: &str, span: Span) -> Result<Plan, CaseError> {
        let needle = match name {
            Name::Text(_) => Needle::literal(typed),
            Name::Pattern(_) => Needle::prefix(typed.trim_end_matches('*')),
        };
        let why = || "there is nothing in this that a search could find".to_owned();
        let needle = needle.ok_or_else(|| unanswerable(self.query, span, why()))?;
        Ok(Plan::Text { fields: IndexFields::one(IndexField::Name), needle })
    }

    fn source(&self, name: &Name, typed: &str, span: Span) -> Result<Plan, CaseError> {
        let sources = self.store.sources()?;
        let number = typed.parse::<SourceId>().ok();
        let found: Vec<u64> = sources
            .iter()
            .filter(|source| Some(source.id) == number || name.is_in(&fold(&source.path)))
            .map(|source| source.id.0.unsigned_abs())
            .collect();
        if found.is_empty() {
            let known: Vec<String> =
                sources.iter().map(|source| format!("{} {}", source.id, source.path)).collect();
            let message =
                format!("no source of this case is {typed:?}; there are {}", known.join(", "));
            return Err(unanswerable(self.query, span, message).into());
        }
        Ok(Plan::Columns(Predicate::In(Column::Source, found)))
    }

    // ---- who wrote it, and when ----------------------------------------------------------------

    fn conversation(&self, name: &Name, typed: &str, span: Span) -> Result<Plan, CaseError> {
        let all = self.store.conversation_names()?;
        let found: Vec<ConversationId> = match typed.parse::<ConversationId>() {
            Ok(id) => all.iter().filter(|(known, ..)| *known == id).map(|(id, ..)| *id).collect(),
            Err(_) => {
                let named =
                    all.iter().map(|(id, title, key)| (*id, [title.as_str(), key.as_str()]));
                best(name, named)
            }
        };
        if found.is_empty() {
            let message = format!("no conversation of this case is called {typed:?}");
            let titles = all.iter().map(|(_, title, _)| title.as_str());
            return Err(self.unknown(message, typed, span, titles));
        }
        Ok(Plan::Columns(Predicate::In(Column::Conversation, numbers(&found))))
    }

    /// A day is a day on one clock for all: the one that most messages were stamped by. The
    /// index holds readings of the clock of each export, so every zone has its own stretch.
    /// Documents are taken by their own clocks, whose zones are mostly not known.
    fn date(&mut self, date: DateValue) -> Result<Plan, CaseError> {
        let Some((from, until)) = date.clock() else {
            return Ok(Plan::Columns(Predicate::Undated));
        };
        let mut zones: BTreeMap<i32, (u64, Vec<u64>)> = BTreeMap::new();
        for zone in self.store.export_zones()? {
            let (messages, exports) = zones.entry(zone.offset).or_default();
            *messages += zone.messages;
            exports.push(zone.export);
        }
        let reader = zones.iter().max_by_key(|(_, (messages, _))| *messages);
        let Some(reader) = reader.map(|(offset, _)| *offset) else {
            return Ok(Plan::Columns(Predicate::Clock { exports: None, from, until }));
        };
        if zones.len() == 1 {
            return Ok(Plan::Columns(Predicate::Clock { exports: None, from, until }));
        }
        let remark = format!(
            "dates are read on a clock at UTC{}",
            match reader {
                0 => String::new(),
                offset => offset_text(offset),
            }
        );
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
        let stretches = zones.into_iter().map(|(offset, (_, exports))| {
            let ahead = i64::from(offset) - i64::from(reader);
            let moved = |clock: i64| match clock {
                i64::MIN | i64::MAX => clock,
                clock => clock.saturating_add(ahead),
            };
            Plan::Columns(Predicate::Clock {
                exports: Some(exports),
                from: moved(from),
                until: moved(until),
            })
        });
        let documents = Plan::And(vec![
            kind_is(false),
            Plan::Columns(Predicate::Clock { exports: None, from, until }),
        ]);
        Ok(Plan::Or(stretches.chain([documents]).collect()))
    }
}

fn family(family: Family) -> &'static str {
    match family {
        Family::Text => "text",
        Family::Document => "document",
        Family::Sheet => "sheet",
        Family::Slides => "slides",
        Family::Mail => "mail",
        Family::Archive => "archive",
        Family::Image => "image",
        Family::Audio => "audio",
        Family::Video => "video",
        Family::Program => "program",
        Family::Data => "data",
    }
}

fn flags(bits: u64) -> Plan {
    Plan::Columns(Predicate::Flags(bits))
}

fn units_plan(units: Vec<store::Unit>) -> Plan {
    let units = units.into_iter().map(|unit| match unit {
        store::Unit::Document(id) => Unit::document(id),
        store::Unit::Message(id) => Unit::message(id),
    });
    Plan::units(units.collect())
}

fn kind_is(message: bool) -> Plan {
    Plan::Columns(Predicate::In(Column::Kind, vec![u64::from(message)]))
}

pub(super) fn documents_plan(documents: Vec<DocumentId>) -> Plan {
    Plan::units(documents.into_iter().map(Unit::document).collect())
}

pub(super) fn numbers(conversations: &[ConversationId]) -> Vec<u64> {
    conversations.iter().map(|id| id.0.unsigned_abs()).collect()
}
