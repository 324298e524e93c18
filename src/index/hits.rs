//! What a search answers.

use super::plan::Fields;
use super::unit::Unit;

/// In which order hits come. Ties go by unit, documents first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Best first.
    Score,
    /// By the reading on the clock; undated units come last.
    Oldest,
    Newest,
    /// By number: documents, then messages.
    Number,
}

/// One search. The counts are always those of all hits; `offset` and `limit` choose which of
/// them are listed.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    pub order: Order,
    pub offset: usize,
    /// `usize::MAX` for all; 0 for counts alone.
    pub limit: usize,
    /// Whether facets are counted: a column is read for each, which costs a short-lived process
    /// more than the search.
    pub facets: bool,
}

impl Page {
    pub fn top(limit: usize) -> Page {
        Page { order: Order::Score, offset: 0, limit, facets: true }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hits {
    /// Units that match: exact.
    pub total: u64,
    pub documents: u64,
    pub messages: u64,
    pub facets: Facets,
    pub hits: Vec<Hit>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    pub unit: Unit,
    pub score: f32,
    /// Read when hits are in its order.
    pub clock: Option<i64>,
    /// Fields where something that was asked for (and not excluded) stands.
    pub fields: Fields,
}

/// How many hits have which value, over all hits; most frequent first. Units without a value
/// (id 0) are left out. Empty when the [`Page`] does not ask for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    pub types: Vec<(u64, u64)>,
    pub langs: Vec<(u64, u64)>,
    /// A unit with places in two sources counts in both.
    pub sources: Vec<(u64, u64)>,
    pub conversations: Vec<(u64, u64)>,
    /// By year on the unit's own clock, in order of years.
    pub years: Vec<(i64, u64)>,
    pub undated: u64,
}
