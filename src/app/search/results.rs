//! A result in its two rows.

use super::ROWS;
use crate::app::line::{Line, Role};
use crate::app::overview::number;
use crate::app::reader::compose;
use crate::app::signs::Signs;
use crate::case::{BETWEEN_ACCOUNTS, Hit};
use crate::model::ItemId;
use crate::text::{sanitise, width};
use std::borrow::Cow;

/// Cells of the name of an export beside a result.
const EXPORT: usize = 20;

/// The title of a conversation beside one who wrote in it: where it is called by those who take
/// part, only the others.
fn beside_sender<'a>(title: &'a str, called: &str) -> Cow<'a, str> {
    let is_called = |name: &&str| *name == called;
    let names: Vec<&str> = title.split(BETWEEN_ACCOUNTS).collect();
    let Some(at) = names.iter().position(is_called) else { return title.into() };
    let others: Vec<&str> =
        names.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, name)| *name).collect();
    match others.is_empty() {
        true => "".into(),
        false => format!("→ {}", others.join(", ")).into(),
    }
}

/// The two rows of a result.
pub fn result_lines(hit: &Hit, cells: usize) -> [Line; ROWS] {
    let mut head = Line::of(hit.item.to_string(), Role::Dim).and(" ", Role::Text);
    let mut tail = String::new();
    if !hit.locator.is_empty() {
        tail.push_str(&format!(" · {}", hit.locator));
    }
    if hit.occurrences > 1 {
        tail.push_str(&format!(" · {}×", number(hit.occurrences)));
    }
    if hit.variant != crate::model::VariantKind::Original {
        tail.push_str(&format!(" ≈ {}", hit.variant.name()));
    }
    match hit.exports.as_slice() {
        [] => {}
        [(id, called)] => tail.push_str(&format!(" · {id} {}", width::clip_start(called, EXPORT))),
        several => tail.push_str(&format!(" · in {} exports", several.len())),
    }
    let signs = Signs::from(hit).short();
    if !signs.is_empty() {
        tail.push_str(&format!(" {signs}"));
    }
    let tail = sanitise::line(&tail).into_owned();
    let path = sanitise::line(&hit.path);
    let name = match hit.item {
        ItemId::Document(_) => path.rsplit(['/', '!']).next().unwrap_or(&path),
        _ => &*path,
    };
    if let Some(date) = &hit.date {
        // The name of a file says more than when it was changed.
        let room = match hit.sender {
            Some(_) => usize::MAX,
            None => cells.saturating_sub(head.width() + width::of(&tail) + width::of(name) + 1),
        };
        let shown = [16, 10].iter().filter_map(|most| date.get(..*most));
        if let Some(shown) = shown.chain([date.as_str()]).find(|shown| shown.len() <= room) {
            head.push(shown.replace('T', " "), Role::Dim);
            head.push(" ", Role::Text);
        }
    }
    match (&hit.owner, &hit.sender) {
        (Some(owner), _) => {
            head.push(format!("{} ", owner.id), Role::Dim);
            head.push(&owner.name, Role::Head);
            head.push("  ", Role::Text);
        }
        (None, Some(sender)) => {
            head.push(sender, Role::Head);
            head.push("  ", Role::Text);
        }
        (None, None) => {}
    }
    let called = hit.owner.as_ref().map(|owner| &owner.name).or(hit.sender.as_ref());
    let title =
        called.map_or((&*path).into(), |called| beside_sender(&path, &sanitise::line(called)));
    let room = cells.saturating_sub(head.width() + width::of(&tail));
    // The end of a path says most, of a name its two ends, of a title the start.
    let (shown, role) = match hit.sender {
        Some(_) => (width::clip(&title, room.max(4)), Role::Dim),
        None if width::of(&path) <= room => (path.clone().into_owned(), Role::Head),
        // With a sign of its folders before it, or alone.
        None if width::of(name) + 2 > room => (width::clip_middle(name, room.max(8)), Role::Head),
        None => (width::clip_start(&path, room.max(4)), Role::Head),
    };
    head.push(shown, role);
    head.push(tail, Role::Dim);
    let mut body = Line::of("  ", Role::Text);
    if hit.snippet.text.is_empty() && hit.occurrences == 0 {
        body.push("found by its name or fields", Role::Dim);
    }
    let snippet = compose::snippet(&hit.snippet.text, &hit.snippet.marks, cells.saturating_sub(2));
    for span in snippet.spans {
        body.push(span.text(), span.role());
    }
    [head, body]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_names_an_account_once() {
        let check = |title: &str, sender: &str, expected: &str| {
            assert_eq!(beside_sender(title, sender), expected, "{title} of {sender}");
        };
        check("lin ↔ mara", "lin", "→ mara");
        check("lin ↔ mara", "mara", "→ lin");
        check("lin ↔ mara ↔ tomas +3", "mara", "→ lin, tomas +3");
        check("lin", "lin", "");
        check("Qinghe sales", "lin", "Qinghe sales");
        check("lin ↔ linda", "lind", "lin ↔ linda");
    }
}
