//! Making anchors, on a job thread: what a selection or a number of the screen is in the case,
//! and which anchor stands there already.

use super::data::{Act, Answer, Citing, Failure, TableOf};
use super::made::line_of;
use super::selection::{Selected, Selection};
use crate::case::{Acted, Anchor, At, Case, CaseError, Figure, TableColumn, TableView};
use crate::jobs::Cancel;
use crate::model::document::Part;
use crate::model::{AnchorId, DocumentId, ItemId, PartKind, VariantKind};
use std::ops::Range;

/// Messages or rows of a table that are highlighted or cited at once: each becomes an anchor.
const MOST: u64 = 200;

/// Bytes on either side of a hit in which its sentence is looked for.
const AROUND: u64 = 400;

/// What was made, or was there already, with a line about each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anchored {
    pub anchors: Vec<(AnchorId, String)>,
    /// The last act, where there was one.
    pub acted: Option<Acted>,
}

impl Anchored {
    fn note(&mut self, acted: Acted) {
        // The clock before is that of the first one.
        let before = self.acted.as_ref().map_or(acted.before, |first| first.before);
        self.acted = Some(Acted { before, ..acted });
    }
}

/// A figure of a column of a table, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnFigure {
    pub of: TableOf,
    pub view: TableView,
    pub column: usize,
    pub name: String,
    /// What the columns of the view's conditions are called, in their order.
    pub named: Vec<String>,
    pub figure: Figure,
}

/// Writes an act about anchors.
pub fn act(case: &Case, act: &Act, cancel: &Cancel) -> Result<Answer, Failure> {
    let mut done = Anchored::default();
    match act {
        Act::Highlight { selected, meaning, comment, tags } => {
            for at in places(case, selected)? {
                let anchor = Anchor::Passage(Box::new(case.passage(at)?));
                add(case, anchor, (meaning, comment), &mut done)?;
            }
            let items: Vec<ItemId> =
                done.anchors.iter().map(|(id, _)| ItemId::Anchor(*id)).collect();
            for tag in tags {
                done.note(case.tag_things(&items, tag, true)?);
            }
        }
        Act::Cite(Citing::Selected(selected)) => {
            let all = places(case, selected)?;
            // What cannot be cited is known before anything is made of the rest.
            let passages: Vec<_> =
                all.iter().map(|at| case.passage(*at)).collect::<Result<_, _>>()?;
            for (at, passage) in all.into_iter().zip(passages) {
                if let Some(known) = case.anchor_at(at)? {
                    done.anchors.push((known.id, line_of(&known)));
                    continue;
                }
                let anchor = Anchor::Passage(Box::new(passage));
                add(case, anchor, ("", ""), &mut done)?;
            }
        }
        Act::Cite(Citing::Search(query)) => {
            let count = case.count_search(query, cancel.flag())?;
            add(case, Anchor::Count(Box::new(count)), ("", ""), &mut done)?;
        }
        Act::Cite(Citing::Column(cited)) => {
            let ColumnFigure { of, view, column, name, named, figure } = &**cited;
            let column =
                TableColumn { variant: &of.variant, table: &of.table, view, column: *column };
            let names = (name.as_str(), named.as_slice());
            let count = case.count_column(of.id, &column, names, *figure, cancel.flag())?;
            add(case, Anchor::Count(Box::new(count)), ("", ""), &mut done)?;
        }
        Act::SetAnchor { id, meaning, comment, tags } => {
            let before = case.anchor(*id)?;
            if (&before.meaning, &before.comment) != (meaning, comment) {
                done.note(case.set_anchor(*id, meaning, comment)?);
            }
            let items = [ItemId::Anchor(*id)];
            for tag in tags.iter().filter(|tag| !before.tags.contains(tag)) {
                done.note(case.tag_things(&items, tag, true)?);
            }
            for tag in before.tags.iter().filter(|tag| !tags.contains(tag)) {
                done.note(case.tag_things(&items, tag, false)?);
            }
            done.anchors.push((*id, line_of(&before)));
        }
        _ => return Err(Failure::new("this is no act about anchors")),
    }
    Ok(Answer::Anchored { act: act.clone(), done })
}

fn add(
    case: &Case,
    anchor: Anchor,
    (meaning, comment): (&str, &str),
    done: &mut Anchored,
) -> Result<(), CaseError> {
    let (id, acted) = case.add_anchor(anchor, meaning, comment)?;
    done.note(acted);
    done.anchors.push((id, line_of(&case.anchor(id)?)));
    Ok(())
}

/// What is selected, as ranges of texts of the case.
pub(super) fn places(case: &Case, selected: &Selected) -> Result<Vec<At>, Failure> {
    let of = |selection: &Selection| At {
        item: selection.item,
        variant: selection.variant,
        start: selection.range.start,
        end: selection.range.end,
    };
    let whole = |item| At { item, variant: None, start: 0, end: 0 };
    let too_many = |what| Err(Failure::new(format!("more than {MOST} {what}: select fewer")));
    Ok(match selected {
        Selected::Text(selection) => vec![of(selection)],
        Selected::Cells(rows) if rows.len() as u64 > MOST => return too_many("rows"),
        Selected::Cells(rows) => rows.iter().map(of).collect(),
        Selected::Messages(id, positions) => {
            if positions.end.saturating_sub(positions.start) > MOST {
                return too_many("messages");
            }
            let messages = case.messages(*id, positions.clone())?;
            let with_text: Vec<At> = messages
                .iter()
                .filter(|message| !message.text.trim().is_empty())
                .map(|message| whole(message.id.into()))
                .collect();
            match with_text.is_empty() {
                // Where nothing has a text, that it was sent is what is pointed at.
                true => messages.iter().map(|message| whole(message.id.into())).collect(),
                false => with_text,
            }
        }
        Selected::Item(item) => vec![whole(*item)],
        Selected::Hit { id, kind, range } => vec![of(&passage_of_hit(case, *id, *kind, range)?)],
        Selected::Several(all) if all.len() as u64 > MOST => return too_many("rows"),
        Selected::Several(all) => {
            let mut found = Vec::with_capacity(all.len());
            for selected in all {
                found.extend(places(case, selected)?);
            }
            found
        }
    })
}

/// What is cited of a hit: the cells of a table that it lies in, else its sentence or line.
pub(super) fn passage_of_hit(
    case: &Case,
    id: DocumentId,
    kind: VariantKind,
    range: &Range<u64>,
) -> Result<Selection, Failure> {
    let document = case.document(id)?;
    let variant = document.variants.iter().find(|variant| variant.kind == kind);
    let variant = variant
        .ok_or_else(|| Failure::new(format!("{id} has another text by now: search again")))?;
    let part = variant.parts.iter().find(|part| (part.start..part.end).contains(&range.start));
    let is_table = |part: &&Part| matches!(part.kind, PartKind::Sheet | PartKind::Table);
    let whole = match part.filter(is_table) {
        Some(table) => {
            let number = case.table_row_at(variant, table, range.start)?;
            let rows = case.table_rows(variant, table, number..number + 1)?.rows;
            let cells = rows.first().map(|row| around_cells(&row.text, &within(range, row.start)));
            cells.zip(rows.first()).map(|(cells, row)| beyond(&cells, row.start))
        }
        None => {
            let (first, last) = part.map_or((0, variant.bytes), |part| (part.start, part.end));
            let start = range.start.saturating_sub(AROUND).max(first);
            let slice = case.text(variant, start..(range.end + AROUND).min(last).max(range.end))?;
            let ends = (start == first, slice.start + slice.text.len() as u64 >= last);
            let sentence = around_sentence(&slice.text, &within(range, slice.start), ends);
            Some(beyond(&sentence, slice.start))
        }
    };
    let range = whole.filter(|whole| !whole.is_empty()).unwrap_or_else(|| range.clone());
    Ok(Selection { item: id.into(), variant: Some(variant.id), range })
}

/// A range of a whole text in a stretch of it that begins at `start`.
fn within(range: &Range<u64>, start: u64) -> Range<usize> {
    let at = |offset: u64| usize::try_from(offset.saturating_sub(start)).unwrap_or(usize::MAX);
    at(range.start)..at(range.end)
}

/// The other way round.
fn beyond(range: &Range<usize>, start: u64) -> Range<u64> {
    start + range.start as u64..start + range.end as u64
}

/// The cells (with tabs between them) of a row that a hit lies in.
fn around_cells(row: &str, hit: &Range<usize>) -> Range<usize> {
    let (start, end) = (hit.start.min(row.len()), hit.end.min(row.len()));
    let before = row.get(..start).and_then(|before| before.rfind('\t'));
    let after = row.get(end..).and_then(|after| after.find('\t'));
    before.map_or(0, |at| at + 1)..after.map_or(row.len(), |at| end + at)
}

/// The sentence or line in a stretch of text that a hit lies in. Where that begins or ends outside
/// of the stretch, it is the hit itself that does; `ends`: nothing comes before it, or after it.
fn around_sentence(text: &str, hit: &Range<usize>, ends: (bool, bool)) -> Range<usize> {
    let is_line = |c: char| matches!(c, '\n' | '\r' | '\u{2028}');
    let is_end = |c: char| matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';');
    let (Some(before), Some(after)) = (text.get(..hit.start), text.get(hit.end..)) else {
        return hit.clone();
    };
    let behind = |(at, c): (usize, char)| at + c.len_utf8();
    let edge = |c: char| is_line(c) || is_end(c);
    let start = before.char_indices().rfind(|(_, c)| edge(*c)).map(behind);
    let stop = before.rfind(". ").map(|at| at + 2);
    let start = start.max(stop).or(ends.0.then_some(0)).unwrap_or(hit.start);
    let end = after.char_indices().find(|(_, c)| edge(*c));
    let end = end.map(|(at, c)| if is_line(c) { at } else { at + c.len_utf8() });
    let stop = after.find(". ").map(|at| at + 1);
    let end = [end, stop].into_iter().flatten().min().or(ends.1.then_some(after.len()));
    let end = hit.end + end.unwrap_or(0);
    let blank = |text: &str| text.len() - text.trim_start().len();
    let start = start + blank(&text[start..hit.start]);
    let tail = &text[hit.end..end];
    start..end - (tail.len() - tail.trim_end().len())
}

/// Meanings and tags of highlights of this case, what is used most first.
pub fn used(case: &Case) -> Result<(Vec<String>, Vec<String>), CaseError> {
    let (mut meanings, mut tags) = (Tally::default(), Tally::default());
    for view in case.anchors(0..u64::MAX)? {
        if !view.meaning.is_empty() {
            meanings.add(&view.meaning);
        }
        view.tags.iter().for_each(|tag| tags.add(tag));
    }
    Ok((meanings.sorted(), tags.sorted()))
}

/// How often each word was used.
#[derive(Default)]
struct Tally(std::collections::HashMap<String, u64>);

impl Tally {
    fn add(&mut self, word: &str) {
        *self.0.entry(word.to_owned()).or_default() += 1;
    }

    fn sorted(self) -> Vec<String> {
        let mut words: Vec<(String, u64)> = self.0.into_iter().collect();
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        words.into_iter().map(|(word, _)| word).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::testing::{put_sheet, put_text, with_documents};

    #[track_caller]
    fn check(around: impl Fn(&str, &Range<usize>) -> Range<usize>, marked: &str, expected: &str) {
        let start = marked.find('[').unwrap();
        let end = marked.find(']').unwrap() - 1;
        let text = marked.replace(['[', ']'], "");
        assert_eq!(&text[around(&text, &(start..end))], expected, "{marked}");
    }

    #[test]
    fn a_hit_in_a_table_is_cited_by_its_cell() {
        for (row, cell) in [
            ("汇总\t[60.98%] 以上\t2", "60.98% 以上"),
            ("[汇总]\t1", "汇总"),
            ("a\tb [c]", "b c"),
            ("a\tb[c\td]e\tf", "bc\tde"),
        ] {
            check(around_cells, row, cell);
        }
    }

    #[test]
    fn a_hit_in_a_text_is_cited_by_its_sentence() {
        let whole = |text: &str, hit: &Range<usize>| around_sentence(text, hit, (true, true));
        check(whole, "第一句。青河[付款]三十万！第三句。", "青河付款三十万！");
        check(whole, "head\n  the [payment] came \nnext", "the payment came");
        check(whole, "It came. The [payment] of v2.0 is due. More.", "The payment of v2.0 is due.");
        check(whole, "[付款]", "付款");
        // What goes on outside of what is at hand begins and ends with the hit.
        let cut = |text: &str, hit: &Range<usize>| around_sentence(text, hit, (false, false));
        check(cut, "很长的句子[付款]还有很长", "付款");
        check(cut, "句。很长的[付款]还有很长", "很长的付款");
    }

    #[test]
    fn a_hit_of_a_document_is_cited_by_the_place_where_it_is_found() {
        let (_dir, case) = with_documents(&[1, 2]);
        let (sheet, text) = (DocumentId(1), DocumentId(2));
        put_sheet(&case, sheet, "汇总", "月份\t命中率\n2022-03\t60.98% 以上\n");
        put_text(&case, text, "第一句。青河付款60.98%！第三句。");
        let check = |id, expected: (&str, &str)| {
            let row = case.document(id).unwrap().variants.remove(0);
            let whole = case.text(&row, 0..row.bytes).unwrap().text;
            let start = whole.find("60.98%").unwrap() as u64;
            let hit = Selected::Hit { id, kind: row.kind, range: start..start + 6 };
            let cited = Act::Cite(Citing::Selected(Selected::Several(vec![hit.clone(), hit])));
            let Answer::Anchored { done, .. } = act(&case, &cited, &Cancel::default()).unwrap()
            else {
                panic!("anchors are answered");
            };
            // The same place once more is the same anchor.
            assert_eq!(done.anchors[0], done.anchors[1]);
            let Anchor::Passage(passage) = case.anchor(done.anchors[0].0).unwrap().anchor else {
                panic!("it is a passage");
            };
            assert_eq!((passage.quote.as_str(), passage.locator.as_str()), expected);
        };
        check(sheet, ("60.98% 以上", "汇总!B2"));
        check(text, ("青河付款60.98%！", "line 1"));
    }
}
