//! Where something stands, in the native words of its file: page and line, sheet and cell, sender
//! and time.

use super::{Case, CaseError, PLATFORM, Variant, part_name};
use crate::model::PartKind;
use crate::model::document::{Part, table_name};
use crate::model::view::{Message, ZoneStatus};
use std::ops::Range;

/// Formats whose text is put together anew from what stands encoded in the file.
const RENDERED: [&str; 2] = ["eml ", "emlx "];
/// Formats without pages of their own, whose running text is a line for each paragraph that is not
/// blank; tables stand apart from it.
const PARAGRAPHS: [&str; 2] = ["docx ", "odt "];
/// The format whose text has its headings as such; of others it has their words alone.
const HEADED: &str = "md ";
/// Bytes above a line in which its heading is looked for, and characters of that.
const ABOVE: u64 = 64 << 10;
const HEADING: usize = 60;

impl Case {
    /// `付款!D9`, `page 3, line 120`, `lines 7-9`, `paragraph 12`.
    pub fn place_in(&self, variant: &Variant, range: &Range<u64>) -> Result<String, CaseError> {
        let after = variant.parts.partition_point(|part| part.start <= range.start);
        let part = after.checked_sub(1).map(|number| (number, &variant.parts[number]));
        if let Some((number, part)) = part
            && matches!(part.kind, PartKind::Sheet | PartKind::Table)
        {
            return self.cells(variant, (number, part), range);
        }
        // On a page, from its top.
        let top = match part {
            Some((_, part)) => self.line_at(variant, part.start)?,
            None => 0,
        };
        let has_paragraphs = part.is_some_and(|(_, part)| part.kind == PartKind::Body)
            && PARAGRAPHS.iter().any(|format| variant.tool.starts_with(format));
        // Running text goes on behind a table.
        let mut before = 0;
        if let Some((number, _)) = part.filter(|_| has_paragraphs) {
            for part in variant.parts[..number].iter().filter(|own| own.kind == PartKind::Body) {
                let (first, last) = (part.start, part.end);
                let lines = self.line_at(variant, last)?;
                before += lines.saturating_sub(self.line_at(variant, first)?);
            }
        }
        let line = |offset: u64| -> Result<u64, CaseError> {
            Ok(before + self.line_at(variant, offset)?.saturating_sub(top) + 1)
        };
        let first = line(range.start)?;
        let last = line(range.end.saturating_sub(1).max(range.start))?;
        let unit = if has_paragraphs { "paragraph" } else { "line" };
        let lines = match first == last {
            true => format!("{unit} {first}"),
            false => format!("{unit}s {first}-{last}"),
        };
        // Those of an encoded mail are nowhere in its bytes.
        let lines = match RENDERED.iter().any(|format| variant.tool.starts_with(format)) {
            true => format!("{lines} of the mail as it is shown"),
            false => lines,
        };
        let lines = match self.heading_above(variant, range.start)? {
            Some(heading) => format!("{lines}, under “{heading}”"),
            None => lines,
        };
        let name = part.map(|(_, part)| part_name(part.kind, &part.label)).unwrap_or_default();
        Ok(if name.is_empty() { lines } else { format!("{name}, {lines}") })
    }

    /// The heading that a line of a Markdown text stands under.
    fn heading_above(&self, variant: &Variant, at: u64) -> Result<Option<String>, CaseError> {
        if !variant.tool.starts_with(HEADED) {
            return Ok(None);
        }
        let from = at.saturating_sub(ABOVE);
        let slice = self.text(variant, from..at)?;
        let whole = match slice.start {
            0 => slice.text.as_str(),
            // Nobody knows how the first line begins.
            _ => slice.text.split_once('\n').map_or("", |(_, rest)| rest),
        };
        Ok(last_heading(whole))
    }

    fn cells(
        &self,
        variant: &Variant,
        (number, part): (usize, &Part),
        range: &Range<u64>,
    ) -> Result<String, CaseError> {
        let address = |offset: u64| -> Result<String, CaseError> {
            let row = self.table_row_at(variant, part, offset)?;
            let slice = self.table_rows(variant, part, row..row + 1)?;
            let column = slice.rows.first().map_or(0, |found| {
                let before = usize::try_from(offset.saturating_sub(found.start)).unwrap_or(0);
                // In bytes: the last one of a quote may be in the middle of a character.
                found.text.bytes().take(before).filter(|byte| *byte == b'\t').count()
            });
            let letters = column_letters(part.origin.1.max(1) + column as u32);
            Ok(format!("{letters}{}", u64::from(part.origin.0.max(1)) + row))
        };
        let first = address(range.start)?;
        let last = address(range.end.saturating_sub(1).max(range.start))?;
        let sheet = match table_name(&variant.parts, number) {
            name if name.is_empty() => name,
            name => format!("{name}!"),
        };
        Ok(if first == last { format!("{sheet}{first}") } else { format!("{sheet}{first}:{last}") })
    }

    /// Who said it when and where: `lin (wxid_a) in lin ↔ mara (wechat), 2022-03-05T12:41:00+08:00
    /// (raw "2022-03-05 04:41:00"), record 17`; also how sure the zone is, and whether it was edited.
    pub fn place_of_message(&self, message: &Message) -> Result<String, CaseError> {
        let title = self.store.conversation_title(message.conversation)?;
        let platform = self.conversation(message.conversation)?.platform;
        let sender = match &message.sender {
            Some(handle) if *handle != message.sender_name => {
                format!("{} ({handle})", message.sender_name)
            }
            Some(handle) => handle.clone(),
            None => PLATFORM.to_owned(),
        };
        let mut place = format!("{sender} in {title} ({platform})");
        match &message.time {
            Some(time) => {
                let zone = match message.zone_status {
                    ZoneStatus::Stated => String::new(),
                    status => format!(", zone {}", status.name()),
                };
                place.push_str(&format!(", {time}{zone} (raw {:?})", message.raw_time));
            }
            None => place.push_str(", undated"),
        }
        match message.edited.as_deref() {
            None => {}
            Some("") => place.push_str(", edited afterwards"),
            Some(when) => place.push_str(&format!(", edited afterwards ({when})")),
        }
        if let Some(at) = message.places.first() {
            place.push_str(&format!(", record {}", at.ordinal + 1));
        }
        Ok(place)
    }
}

/// The last heading of a Markdown text of which the last line is not whole.
fn last_heading(text: &str) -> Option<String> {
    let (above, _) = text.rsplit_once('\n')?;
    let (mut last, mut is_code) = (None, false);
    for line in above.lines() {
        if line.starts_with("```") || line.starts_with("~~~") {
            is_code = !is_code;
        }
        let words = line.trim_start_matches('#');
        let level = line.len() - words.len();
        if !is_code && (1..=6).contains(&level) && words.starts_with([' ', '\t']) {
            last = Some(words.trim().trim_end_matches('#').trim_end());
        }
    }
    let last = last.filter(|words| !words.is_empty())?;
    Some(match last.char_indices().nth(HEADING) {
        Some((end, _)) => format!("{}…", &last[..end]),
        None => last.to_owned(),
    })
}

/// The letters of a column, from 1: `A`, `Z`, `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stands_under_the_last_heading_above_it() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(last_heading(text).as_deref(), expected, "{text:?}");
        };
        check("# 合同\n\n付款", Some("合同"));
        check("# a\n## b ##\ntext\nmore", Some("b"));
        check("# a\n```\n# no\n```\n#tag\n####### seven\nx", Some("a"));
        // Itself it stands under the one before.
        check("# a\n# b", Some("a"));
        check("# a", None);
        check("#\nx", None);
        check(&format!("# {}\nx", "长".repeat(70)), Some(&("长".repeat(60) + "…")));
    }
}
