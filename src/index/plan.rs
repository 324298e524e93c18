//! What the index can be asked: a tree of plain data. The query language compiles to it; nothing
//! of the search engine shows through.

use super::unit::{Field, Unit};
use crate::text::needle::Needle;
use std::sync::Arc;

/// A compiled query. Every node stands for a set of units; the answer is exact.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// Every unit.
    All,
    /// No unit.
    None,
    /// Units in all of these sets; every unit when the list is empty.
    And(Vec<Plan>),
    /// Units in any of these sets; none when the list is empty.
    Or(Vec<Plan>),
    /// Units that are not in this set.
    Not(Box<Plan>),
    /// Units with this needle in one of these fields.
    Text { fields: Fields, needle: Needle },
    /// Units where one of `left` and one of `right` stand in the same field at most `within`
    /// words (in scripts without spaces: characters) apart, in either order; 1 is side by side.
    /// A border (cell, row, paragraph, page) counts as [`crate::text::token::BORDER`] words.
    Near { fields: Fields, left: Vec<Needle>, right: Vec<Needle>, within: u32 },
    /// Units whose columns say so.
    Columns(Predicate),
    /// These units: what the database knows (tags, read marks, watch lists). Sorted, distinct.
    Units(Arc<[Unit]>),
}

impl Plan {
    /// A needle in all texts and names.
    pub fn text(needle: Needle) -> Plan {
        Plan::Text { fields: Fields::ALL, needle }
    }

    /// The set of these units, in any order.
    pub fn units(mut units: Vec<Unit>) -> Plan {
        units.sort_unstable();
        units.dedup();
        Plan::Units(units.into())
    }
}

/// A condition on the columns of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// The column holds one of these values (of a column with several values: any of them).
    In(Column, Vec<u64>),
    /// The column's value is there and `from <= value <= to`.
    Range { column: Column, from: u64, to: u64 },
    /// The reading on the clock is there and `from <= clock < until`, in seconds since
    /// 1970-01-01 00:00:00 on that clock. With `exports` only units of these exports (sorted);
    /// a date in several zones is an `Or` of these.
    Clock { exports: Option<Vec<u64>>, from: i64, until: i64 },
    /// There is no reading of a clock.
    Undated,
    /// All these flags are set ([`super::unit::flag`]).
    Flags(u64),
}

/// Columns of a unit that [`Predicate`] can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// 0 document, 1 message.
    Kind,
    Type,
    Lang,
    Source,
    Conversation,
    Sender,
    Recipient,
    Export,
    /// Bytes.
    Size,
}

/// A set of [`Field`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Fields(u8);

impl Fields {
    pub const NONE: Fields = Fields(0);
    pub const ALL: Fields = Fields((1 << Field::ALL.len()) - 1);
    /// All texts, but not the names.
    pub const TEXTS: Fields = Fields(Fields::ALL.0 & !(1 << Field::Name as u8));

    pub const fn one(field: Field) -> Fields {
        Fields(1 << field as u8)
    }

    pub const fn with(self, field: Field) -> Fields {
        Fields(self.0 | 1 << field as u8)
    }

    pub const fn contains(self, field: Field) -> bool {
        self.0 & (1 << field as u8) != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| self.contains(*field))
    }

    pub(super) const fn bits(self) -> u8 {
        self.0
    }

    pub(super) const fn from_bits(bits: u8) -> Fields {
        Fields(bits & Fields::ALL.0)
    }
}
