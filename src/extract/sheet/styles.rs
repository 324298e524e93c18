//! From a cell's style to its number format.

use crate::extract::office::numfmt::{NumberFormat, general};
use std::collections::HashMap;

/// Number formats of a workbook and the styles that use them.
#[derive(Default)]
pub struct Styles {
    custom: HashMap<u32, NumberFormat>,
    /// Style number → number format.
    cells: Vec<u32>,
    built_in: HashMap<u32, Option<NumberFormat>>,
    pub since_1904: bool,
}

impl Styles {
    pub fn define(&mut self, id: u32, code: &str) {
        self.custom.insert(id, NumberFormat::new(code));
    }

    /// The next style uses this number format.
    pub fn add_style(&mut self, format: u32) {
        self.cells.push(format);
    }

    /// A number in this style.
    pub fn show(&mut self, value: f64, style: usize) -> String {
        let id = self.cells.get(style).copied().unwrap_or(0);
        if let Some(format) = self.custom.get(&id) {
            return format.show(value, self.since_1904);
        }
        let built_in = self.built_in.entry(id).or_insert_with(|| NumberFormat::built_in(id));
        match built_in {
            Some(format) => format.show(value, self.since_1904),
            None => general(value),
        }
    }
}
