//! The rows of a text and its title: how a stretch of it looks.

use super::super::chat_heads::QUERY;
use super::super::compose::{self, Hits};
use super::super::screen;
use super::TextReader;
use crate::app::line::{Line, Role};
use crate::app::overview::number;
use crate::app::signs::Signs;
use crate::case::{Variant, part_name};
use crate::model::document::Part;
use crate::model::{PartKind, VariantKind};
use crate::text::wrap;
use crate::text::{sanitise, width};

/// Cells of a title below which a sheet is called by its name alone.
const NARROW: usize = 46;

/// Bytes of a line on the average from which on its number does not say where one is.
const LONG: u64 = 16 * 1024;

/// Cells of a name that what is less important leaves to it.
const NAME: usize = 24;

impl TextReader {
    /// Number, name, and where one is: which text, page, line, occurrence. The name gives way.
    pub fn title(&self) -> Line {
        let row = &self.document.row;
        let here = self.looked_at();
        let mut tail = Line::new();
        let signs = Signs::from(row).short();
        if !signs.is_empty() {
            tail.push(format!(" {signs}"), Role::Here);
        }
        if row.state.is_unreadable() && self.total() > 0 {
            tail.push(" · ! incomplete", Role::Bad);
        }
        if self.document.variants.len() > 1
            && let Some(variant) = self.variant()
        {
            tail.push(format!(" · {}", variant_name(variant)), Role::Key);
        }
        if let Some(name) = self.set_words().or_else(|| self.part_words(here)) {
            tail.push(format!(" · {name}"), Role::Text);
        }
        let total = self.total();
        if let Some(grid) = self.grid() {
            if grid.current().is_some() {
                tail.push(format!(" · {}", grid.address()), Role::Head);
            }
        } else if total > 0 {
            let lines = self.variant().map_or(0, |variant| variant.lines).max(1);
            let line = (self.line_at(here) + 1).min(lines);
            tail.push(format!(" · line {}/{}", number(line), number(lines)), Role::Dim);
            if total / lines > LONG {
                tail.push(format!(" {}%", self.percent(here)), Role::Dim);
            }
        }
        match self.document.children.as_slice() {
            [] => {}
            [one] => tail.push(format!(" · holds {}", one.id), Role::Key),
            many => tail.push(format!(" · holds {}", number(many.len() as u64)), Role::Key),
        }
        let mut line = Line::of(row.id.to_string(), Role::Dim).and(" ", Role::Text);
        let name = width::of(&sanitise::line(&row.name)).min(NAME);
        let left = self.width.saturating_sub(line.width() + name + tail.width() + 4);
        tail.spans.extend(self.hit_words(left).spans);
        let room = self.width.saturating_sub(line.width() + tail.width() + 4).max(8);
        line.push(width::clip_middle(&sanitise::line(&row.name), room), Role::Head);
        line.spans.extend(tail.spans);
        line
    }

    /// How far one is, where lines say nothing of it.
    fn percent(&self, here: u64) -> u64 {
        let total = self.total().max(1);
        let is_end = self.on_screen().iter().any(|(_, end)| *end == total);
        if is_end { 100 } else { here * 100 / total }
    }

    /// Which page of its set a document is: `page 10/12`.
    fn set_words(&self) -> Option<String> {
        let pages = &self.document.page_set;
        let here = pages.iter().position(|page| page.id == self.document.row.id)?;
        (pages.len() > 1).then(|| format!("page {}/{}", here + 1, pages.len()))
    }

    /// The part at `offset` as a person says it: `page 3/12`, `sheet 付款 1/3, 1 hidden`.
    fn part_words(&self, offset: u64) -> Option<String> {
        let part = self.part_at(offset)?;
        let mut name = part_name(part.kind, &part.label);
        if name.is_empty() {
            return None;
        }
        if part.kind == PartKind::Sheet {
            let sheets = sheets(self.parts());
            if let Some(here) = sheets.iter().position(|sheet| sheet.label == part.label)
                && sheets.len() > 1
            {
                if self.width < NARROW {
                    // The number of sheets says that there are others, and ] leads to them.
                    let hidden = if part.hidden { " hidden" } else { "" };
                    let many = sheets.len();
                    return Some(format!("{} {}/{many}{hidden}", part.label, here + 1));
                }
                name.push_str(&format!(" {}/{}", here + 1, sheets.len()));
            }
            let hidden = sheets.iter().filter(|sheet| sheet.hidden).count();
            match (part.hidden, hidden) {
                (true, _) => name.push_str(" (hidden)"),
                (false, 0) => {}
                (false, hidden) => name.push_str(&format!(", {hidden} hidden")),
            }
            return Some(name);
        }
        if part.hidden {
            name.push_str(" (hidden)");
        }
        let of_kind = self.parts().iter().filter(|other| other.kind == part.kind).count();
        let is_counted = matches!(part.kind, PartKind::Page | PartKind::Slide) && of_kind > 1;
        Some(if is_counted { format!("{name}/{of_kind}") } else { name })
    }

    /// What is marked: `3/17`, or only how many; and for which words, where there is room.
    fn hit_words(&self, cells: usize) -> Line {
        let mut line = Line::new();
        if self.hits().is_some_and(|hits| !hits.ranges.is_empty()) {
            let role = if self.here().is_some() { Role::Key } else { Role::Dim };
            line.push(format!(" · {}", self.found_words()), role);
            if self.hits().is_some_and(|hits| hits.is_cut) {
                line.push(" (more are not marked)", Role::Warn);
            }
            let query = width::clip_middle(&sanitise::line(&self.query), QUERY);
            let words = format!(" for {query}");
            if !query.is_empty() && line.width() + width::of(&words) <= cells {
                line.push(words, role);
            }
        }
        line
    }

    /// Where one is among the occurrences: `3/17`, `17 hits`.
    pub fn found_words(&self) -> String {
        let Some(found) = self.hits() else { return "…".to_owned() };
        let hits = &found.ranges;
        let many = format!("{}{}", number(hits.len() as u64), if found.is_cut { "+" } else { "" });
        match self.here().and_then(|here| hits.binary_search(&here).ok()) {
            Some(here) => format!("{}/{many}", number(here as u64 + 1)),
            None if hits.is_empty() => "nothing".to_owned(),
            None if hits.len() == 1 => "1 hit".to_owned(),
            None => format!("{many} hits"),
        }
    }

    /// Number of line ends before `offset`, which must be at hand.
    pub fn line_at(&self, offset: u64) -> u64 {
        let before = usize::try_from(offset.saturating_sub(self.slice.start)).unwrap_or(usize::MAX);
        let before = &self.slice.text.as_bytes()[..before.min(self.slice.text.len())];
        self.slice.line + before.iter().filter(|byte| **byte == b'\n').count() as u64
    }

    pub fn lines(&self) -> Vec<Line> {
        if self.variant().is_none() || self.total() == 0 {
            return Vec::new();
        }
        if let Some(grid) = self.grid() {
            return grid.lines(Hits {
                ranges: self.hit_ranges(),
                here: self.here(),
                marked: &self.anchors.marked,
                watched: &self.anchors.watched,
                passage: self.anchors.passage,
                ..Hits::default()
            });
        }
        screen(self, self.anchor, self.height, |block| self.block_lines(block))
    }

    fn block_lines(&self, block: u64) -> Vec<Line> {
        let mut lines: Vec<Line> = self.rules(block).map(|part| self.rule(part)).collect();
        let (text, base, range, _) = self.block_range(block);
        let measure = self.measure(block);
        let hits = Hits {
            ranges: self.hit_ranges(),
            here: self.here(),
            selected: self.selected().map(|range| (range.start, range.end)),
            caret: self.caret_at(),
            marked: &self.anchors.marked,
            watched: &self.anchors.watched,
            passage: self.anchors.passage,
        };
        let role = match self.part_at(block).map(|part| part.kind) {
            Some(PartKind::Deleted | PartKind::Header | PartKind::Footer) => Role::Dim,
            _ => Role::Text,
        };
        let rows = wrap::rows(text, range, measure);
        lines.extend(rows.map(|row| compose::row(text, &row, measure, base, hits, role)));
        lines
    }

    fn rule(&self, part: &Part) -> Line {
        let mut line = Line::of("── ", Role::Rule);
        line.push(part_name(part.kind, &part.label), Role::Head);
        if part.hidden {
            line.push(" (hidden)", Role::Warn);
        }
        if part.start == part.end {
            line.push(" ◌ no text", Role::Dim);
        }
        line.push(" ", Role::Text);
        let rest = self.width.saturating_sub(line.width());
        line.push("─".repeat(rest), Role::Rule);
        line
    }
}

/// The sheets among the parts of a text: one with holes is several parts of one name.
pub fn sheets(parts: &[Part]) -> Vec<&Part> {
    let mut sheets: Vec<&Part> = parts.iter().filter(|part| part.kind == PartKind::Sheet).collect();
    sheets.dedup_by(|a, b| a.label == b.label);
    sheets
}

/// A text as a person names it: `original`, `translation en`.
pub fn variant_name(variant: &Variant) -> String {
    let sign = if variant.kind == VariantKind::Translation { "≈ " } else { "" };
    match variant.language.as_str() {
        "" => format!("{sign}{}", variant.kind.name()),
        language => format!("{sign}{} {language}", variant.kind.name()),
    }
}
