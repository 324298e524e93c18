//! A query becomes a plan for the index.
//!
//! - Text becomes needles. `variant:` inside an AND says in which texts the words beside it are
//!   looked for: `variant:translation contract` finds translations that say "contract".
//! - Text that was copied with its line ends is looked for over the borders of rows as well.
//! - Regular expressions cannot be looked up. Each is tried on the texts of its candidates, the
//!   units that everything else in the same AND allows, and becomes the set of units it fits.
//! - Fields become conditions on columns, or sets of units that the case file knows (`fields.rs`).
//! - Entities are needles for their names, and a condition on who wrote it (`who.rs`).
//!
//! What this case cannot answer (entities before there are any, a name that nobody bears) is an
//! error with a place in the query.

use super::fields::Fields as FieldLookup;
use super::names::Names;
use super::who::is_of_entities;
use crate::case::CaseError;
use crate::index::{Fields, Plan};
use crate::query::{self, ErrorKind, Field, Kind, Node, Query, QueryError, Span, Value};
use crate::store::Store;
use crate::text::needle::Needle;

/// A query that the index can answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Compiled {
    pub plan: Plan,
    /// What a reader marks in a hit, in the order it was written.
    pub wanted: Vec<Wanted>,
    /// What had to be assumed to answer, for the reader of the answer.
    pub remarks: Vec<String>,
}

/// Something that was asked for, and in which texts.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    Needle(Fields, Needle),
    /// Both sides where they stand near each other.
    Near {
        fields: Fields,
        left: Vec<Needle>,
        right: Vec<Needle>,
        within: u32,
    },
    Regex(Fields, query::Regex),
}

impl Wanted {
    /// What is looked for token by token.
    pub fn needles(&self) -> impl Iterator<Item = &Needle> {
        let (one, left, right) = match self {
            Wanted::Needle(_, needle) => (Some(needle), [].as_slice(), [].as_slice()),
            Wanted::Near { left, right, .. } => (None, left.as_slice(), right.as_slice()),
            Wanted::Regex(..) => (None, [].as_slice(), [].as_slice()),
        };
        one.into_iter().chain(left).chain(right)
    }

    pub fn fields(&self) -> Fields {
        match self {
            Wanted::Needle(fields, _) | Wanted::Near { fields, .. } | Wanted::Regex(fields, _) => {
                *fields
            }
        }
    }
}

/// Compiles `query`. `scan` gets a regular expression, where to look, and the plan of its
/// candidates; it answers with the plan of those that it fits.
pub fn compile(
    store: &Store,
    names: &Names,
    query: &Query,
    scan: &mut dyn FnMut(&query::Regex, Fields, &Plan) -> Result<Plan, CaseError>,
) -> Result<Compiled, CaseError> {
    let mut compiler = Compiler {
        query: query.text(),
        fields: FieldLookup::new(store, names, query.text()),
        scan,
        wanted: Vec::new(),
    };
    let plan = match query.root() {
        Some(root) => compiler.node(root, Fields::TEXTS, &Plan::All, true)?,
        None => Plan::All,
    };
    Ok(Compiled { plan, wanted: compiler.wanted, remarks: compiler.fields.remarks })
}

struct Compiler<'a> {
    query: &'a str,
    fields: FieldLookup<'a>,
    scan: &'a mut dyn FnMut(&query::Regex, Fields, &Plan) -> Result<Plan, CaseError>,
    wanted: Vec<Wanted>,
}

impl Compiler<'_> {
    /// `scope`: the texts that words are looked for in. `context`: what surely holds for every
    /// hit, so that regular expressions have fewer candidates. `wanted`: not under a NOT.
    fn node(
        &mut self,
        node: &Node,
        scope: Fields,
        context: &Plan,
        wanted: bool,
    ) -> Result<Plan, CaseError> {
        match &node.kind {
            Kind::Text(_) | Kind::Prefix(_) | Kind::Fuzzy { .. } => {
                let needle = needle(self.query, node)?;
                self.want(Wanted::Needle(scope, needle.clone()), wanted);
                let own = Plan::Text { fields: scope, needle };
                let Kind::Text(text) = &node.kind else { return Ok(own) };
                match copied(text) {
                    Some((lines, as_it_stands)) => {
                        self.want(Wanted::Regex(scope, as_it_stands.clone()), wanted);
                        let has = |needle| Plan::Text { fields: scope, needle };
                        let all = lines.into_iter().map(has).chain([context.clone()]).collect();
                        let rows = (self.scan)(&as_it_stands, scope, &Plan::And(all))?;
                        Ok(Plan::Or(vec![own, rows]))
                    }
                    None => Ok(own),
                }
            }
            Kind::Near { left, right, distance } => {
                let (left, right) = (side(self.query, left)?, side(self.query, right)?);
                let within = *distance;
                let near = Wanted::Near {
                    fields: scope,
                    left: left.clone(),
                    right: right.clone(),
                    within,
                };
                self.want(near, wanted);
                Ok(Plan::Near { fields: scope, left, right, within })
            }
            Kind::Regex(regex) => {
                self.want(Wanted::Regex(scope, regex.clone()), wanted);
                (self.scan)(regex, scope, context)
            }
            Kind::Filter(filter) if is_of_entities(filter.field) => {
                let asked = self.fields.asked(filter, node.span)?;
                let mut plans = Vec::with_capacity(asked.needles.len() + 1);
                for needle in asked.needles {
                    self.want(Wanted::Needle(scope, needle.clone()), wanted);
                    plans.push(Plan::Text { fields: scope, needle });
                }
                if !asked.writers.is_empty() {
                    plans.push(self.fields.written_by(&asked.writers)?);
                }
                Ok(Plan::Or(plans))
            }
            Kind::Filter(filter) => {
                let plan = self.fields.plan(filter, node.span)?;
                for needle in names_asked_for(&plan) {
                    self.want(
                        Wanted::Needle(Fields::one(crate::index::Field::Name), needle),
                        wanted,
                    );
                }
                Ok(plan)
            }
            Kind::Not(inner) => Ok(Plan::Not(Box::new(self.node(inner, scope, context, !wanted)?))),
            Kind::Or(parts) => parts
                .iter()
                .map(|part| self.node(part, scope, context, wanted))
                .collect::<Result<_, _>>()
                .map(Plan::Or),
            Kind::And(parts) => self.and(parts, scope, context, wanted),
        }
    }

    fn and(
        &mut self,
        parts: &[Node],
        scope: Fields,
        context: &Plan,
        wanted: bool,
    ) -> Result<Plan, CaseError> {
        let scope = variants(parts).unwrap_or(scope);
        // What needs no reading of texts first: it leaves fewer candidates for what does.
        let mut plans: Vec<Option<Plan>> = vec![None; parts.len()];
        for (part, plan) in parts.iter().zip(&mut plans) {
            if !scans_texts(part) {
                *plan = Some(self.node(part, scope, context, wanted)?);
            }
        }
        for (at, part) in parts.iter().enumerate() {
            if scans_texts(part) {
                let known = plans.iter().flatten().chain([context]).cloned().collect();
                plans[at] = Some(self.node(part, scope, &Plan::And(known), wanted)?);
            }
        }
        Ok(Plan::And(plans.into_iter().flatten().collect()))
    }

    fn want(&mut self, what: Wanted, wanted: bool) {
        if wanted && !self.wanted.contains(&what) {
            self.wanted.push(what);
        }
    }
}

/// Of a text that was copied over the border of a row or cell, which nothing in the index spans:
/// what stands on its lines, and the whole as it can be looked for in a text.
fn copied(text: &str) -> Option<(Vec<Needle>, query::Regex)> {
    if !text.contains(['\n', '\r', '\t']) {
        return None;
    }
    let lines = text.split(['\n', '\r', '\t']).filter_map(Needle::literal).collect();
    let words: Vec<String> = text.split_whitespace().map(regex::escape).collect();
    let pattern = words.join(r"\s+");
    let regex = query::Regex { pattern, ignore_case: true, multi_line: false, dot_all: false };
    regex.compile().is_ok().then_some((lines, regex))
}

/// A word, phrase, prefix or misspelt word of a query as something that can be found.
///
/// # Errors
/// There is nothing in it that could be found.
pub(in crate::case) fn needle(query: &str, node: &Node) -> Result<Needle, CaseError> {
    let needle = match &node.kind {
        Kind::Text(text) => Needle::literal(text),
        Kind::Prefix(text) => Needle::prefix(text),
        Kind::Fuzzy { word, distance } => Needle::fuzzy(word, *distance),
        // The parser lets nothing else beside a NEAR, and nobody asks for more than these.
        _ => None,
    };
    let why = match &node.kind {
        Kind::Fuzzy { .. } => "~ is for one word; this is none, or more than one",
        _ => "there is nothing in this that a search could find",
    };
    needle.ok_or_else(|| unanswerable(query, node.span, why.to_owned()).into())
}

/// The needles on one side of a NEAR.
pub(in crate::case) fn side(query: &str, node: &Node) -> Result<Vec<Needle>, CaseError> {
    match &node.kind {
        Kind::Or(parts) => parts.iter().map(|part| needle(query, part)).collect(),
        _ => Ok(vec![needle(query, node)?]),
    }
}

/// What `meta:` looks for.
fn names_asked_for(plan: &Plan) -> Vec<Needle> {
    match plan {
        Plan::Text { needle, .. } => vec![needle.clone()],
        Plan::Or(parts) => parts.iter().flat_map(names_asked_for).collect(),
        _ => Vec::new(),
    }
}

/// The texts that the `variant:` conditions among `parts` ask for.
fn variants(parts: &[Node]) -> Option<Fields> {
    let mut scope: Option<Fields> = None;
    for part in parts {
        let Kind::Filter(filter) = &part.kind else { continue };
        if filter.field != Field::Variant {
            continue;
        }
        for value in &filter.values {
            if let Value::Variant(kind) = value {
                scope = Some(scope.unwrap_or(Fields::NONE).with((*kind).into()));
            }
        }
    }
    scope
}

fn scans_texts(node: &Node) -> bool {
    match &node.kind {
        Kind::Regex(_) => true,
        Kind::Text(text) => copied(text).is_some(),
        Kind::Not(inner) => scans_texts(inner),
        Kind::And(parts) | Kind::Or(parts) => parts.iter().any(scans_texts),
        Kind::Prefix(_) | Kind::Fuzzy { .. } | Kind::Near { .. } | Kind::Filter(_) => false,
    }
}

/// The query is well formed, but cannot be answered here.
pub(super) fn unanswerable(query: &str, span: Span, why: String) -> QueryError {
    QueryError::new(ErrorKind::Unanswerable(why), span, query)
}
