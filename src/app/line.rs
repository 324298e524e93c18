//! What panes say: lines of spans with a meaning, and what the cursor can follow. Not yet colours
//! or cells: `tui` gives each [`Role`] its looks.
//!
//! Every span is made safe for a terminal when it is made, so that evidence cannot reach the
//! screen around the sanitiser whatever a pane puts together.

use super::target::Target;
use crate::model::ItemId;
use crate::text::{sanitise, width};

/// What a span means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    #[default]
    Text,
    /// Less important: numbers of lines, times, what is folded away.
    Dim,
    /// Names of panes and groups.
    Head,
    /// Rules between days, pages, groups.
    Rule,
    /// Between the cells of a table: hundreds on a screen, so its look must cost few bytes.
    Between,
    /// Something that `enter` follows.
    Link,
    /// An occurrence of what was searched.
    Hit,
    /// The occurrence that the reader stands on.
    HitHere,
    /// What somebody highlighted or cited.
    Highlight,
    /// An occurrence in that.
    HighlightHit,
    /// A name of a watched entity.
    Watched,
    /// Stands for something that cannot be shown as itself.
    Mark,
    /// A key that can be pressed.
    Key,
    /// Needs a decision or could not be read.
    Warn,
    Bad,
    /// Bars and the like.
    Bar,
    /// A number that stands at the right end of its line.
    Count,
    /// A sender; the number picks one of a few looks, the same all through a conversation.
    Sender(u8),
    /// The cell or character that the cursor is on.
    Caret,
    /// What is selected.
    Selected,
    /// The tab or pane that one is in.
    Here,
}

/// A piece of a line. `text` is safe to print and has no line end or tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    text: String,
    role: Role,
}

impl Span {
    /// Any text; what cannot be shown as itself becomes a visible mark.
    pub fn new(text: impl AsRef<str>, role: Role) -> Self {
        Span { text: sanitise::line(text.as_ref()).into_owned(), role }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn role(&self) -> Role {
        self.role
    }

    pub fn width(&self) -> usize {
        width::of(&self.text)
    }

    /// Gives the span another meaning, when it has the meaning `from`.
    pub fn recast(&mut self, from: Role, to: Role) {
        if self.role == from {
            self.role = to;
        }
    }
}

/// A line of a pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub spans: Vec<Span>,
    /// What `enter` follows when the cursor is on this line.
    pub link: Option<Target>,
    /// The cursor can stand on it.
    pub is_stop: bool,
    /// What it says something of, where that is not where the link leads: an anchor that is cited.
    pub about: Option<ItemId>,
    /// What a number in it counts, where that is not what the link leads to.
    pub counts: Option<Counts>,
}

/// What a number in a line counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counts {
    /// The hits of a query.
    Hits(String),
    /// Nothing that a query finds; in a sentence, with what can be cited in its place.
    Other(&'static str),
}

impl Line {
    pub fn new() -> Self {
        Line::default()
    }

    pub fn text(text: impl AsRef<str>) -> Self {
        Line::new().and(text, Role::Text)
    }

    pub fn of(text: impl AsRef<str>, role: Role) -> Self {
        Line::new().and(text, role)
    }

    /// The same line with more at its end.
    pub fn and(mut self, text: impl AsRef<str>, role: Role) -> Self {
        self.push(text, role);
        self
    }

    pub fn push(&mut self, text: impl AsRef<str>, role: Role) {
        let text = text.as_ref();
        if text.is_empty() {
            return;
        }
        match self.spans.last_mut() {
            Some(last) if last.role == role => last.text.push_str(&sanitise::line(text)),
            _ => self.spans.push(Span::new(text, role)),
        }
    }

    /// Appends ` · part` for each part that there is room for. What would be cut is left out.
    pub fn push_parts(&mut self, parts: impl IntoIterator<Item = (String, Role)>, cells: usize) {
        for (part, role) in parts {
            let part = Span::new(part, role);
            if self.width() + 3 + part.width() <= cells {
                self.push(" · ", Role::Dim);
                self.push(&part.text, role);
            }
        }
    }

    /// The same line, leading to `target`.
    pub fn to(mut self, target: Target) -> Self {
        self.link = Some(target);
        self.is_stop = true;
        self
    }

    /// The same line, whose number is that of the hits of `query`.
    pub fn citing(mut self, query: &str) -> Self {
        self.counts = Some(Counts::Hits(query.to_owned()));
        self
    }

    /// The same line, whose number no query finds, and why.
    pub fn citing_nothing(mut self, why: &'static str) -> Self {
        self.counts = Some(Counts::Other(why));
        self
    }

    pub fn width(&self) -> usize {
        self.spans.iter().map(Span::width).sum()
    }

    /// Fills with spaces, or cuts with `…`, to `cells`.
    pub fn fit(&mut self, cells: usize) {
        let mut left = cells;
        let mut at = 0;
        while at < self.spans.len() {
            let wide = self.spans[at].width();
            if wide > left {
                self.spans[at].text = width::clip(&self.spans[at].text, left);
                left -= self.spans[at].width();
                self.spans.truncate(at + 1);
                break;
            }
            left -= wide;
            at += 1;
        }
        self.push(" ".repeat(left), Role::Text);
    }

    /// What the line says, without roles.
    pub fn plain(&self) -> String {
        self.spans.iter().map(Span::text).collect()
    }
}

/// A line at a width, with its counts at the right end; what does not fit ends in an ellipsis.
pub fn spread(line: &Line, cells: usize) -> Line {
    let Some(at) = line.spans.iter().position(|span| span.role() == Role::Count) else {
        let mut out = line.clone();
        // Numbers keep off the edge; other lines may run up to it.
        if out.width() > cells + 1 {
            out.fit(cells + 1);
        }
        return out;
    };
    let tail: usize = line.spans[at..].iter().map(Span::width).sum();
    let mut out = Line { spans: line.spans[..at].to_vec(), ..line.clone() };
    out.fit(cells.saturating_sub(tail + 1));
    out.push(" ", Role::Text);
    out.spans.extend_from_slice(&line.spans[at..]);
    out
}

/// Lines that a cursor walks over: the margin, the overview's columns, facets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    pub lines: Vec<Line>,
    /// The line that the cursor is on; always a stop if there is one.
    pub cursor: usize,
    /// First line that is shown.
    pub top: usize,
}

impl Links {
    /// Other lines, or the same once more: the cursor stays on what it was about, wherever that
    /// then stands, else where it was put, as far as there is something to stop at.
    pub fn set(&mut self, lines: Vec<Line>) {
        let about = self.lines.get(self.cursor).and_then(|line| line.about);
        self.lines = lines;
        let is_it = |line: &Line| line.is_stop && line.about == about;
        if about.is_some()
            && !self.lines.get(self.cursor).is_some_and(is_it)
            && let Some(at) = self.lines.iter().position(is_it)
        {
            self.cursor = at;
        }
        if !self.lines.get(self.cursor).is_some_and(|line| line.is_stop) {
            let before = self.lines.iter().take(self.cursor).rposition(|line| line.is_stop);
            let first = || self.lines.iter().position(|line| line.is_stop);
            self.cursor = before.or_else(first).unwrap_or(0);
        }
        self.top = self.top.min(self.lines.len().saturating_sub(1));
    }

    /// To the next or previous stop; scrolls when there is none.
    pub fn step(&mut self, by: i64, height: usize) {
        for _ in 0..by.unsigned_abs() {
            let next = if by > 0 {
                let after = self.lines.iter().skip(self.cursor + 1);
                after.clone().position(|line| line.is_stop).map(|at| self.cursor + 1 + at)
            } else {
                self.lines.iter().take(self.cursor).rposition(|line| line.is_stop)
            };
            match next {
                Some(next) => self.cursor = next,
                None if by > 0 => self.top += 1,
                None => self.top = self.top.saturating_sub(1),
            }
            if next.is_some() {
                self.show_cursor(height);
            }
        }
        self.top = self.top.min(self.lines.len().saturating_sub(height));
    }

    pub fn show_cursor(&mut self, height: usize) {
        let height = height.max(1);
        if self.cursor < self.top {
            self.top = self.cursor;
        } else if self.cursor >= self.top + height {
            self.top = self.cursor + 1 - height;
        }
    }

    pub fn link(&self) -> Option<&Target> {
        self.lines.get(self.cursor).and_then(|line| line.link.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AnchorId;

    #[test]
    fn spans_are_safe_and_join() {
        let line = Line::text("a\x1b[0m").and("\u{202e}b\n", Role::Text).and("c", Role::Dim);
        assert_eq!(line.plain(), "a␛[0m⟨U+202E⟩b⏎c");
        assert_eq!(line.spans.len(), 2);
    }

    #[test]
    fn fits_exactly() {
        let mut line = Line::text("合同").and("台账", Role::Dim).and("x", Role::Text);
        line.fit(7);
        assert_eq!(line.plain(), "合同台…");
        line.fit(9);
        assert_eq!(line.plain(), "合同台…  ");
    }

    #[test]
    fn the_cursor_goes_along_with_what_it_is_about() {
        let about = |id: i64| {
            let mut line = Line::text(format!("A{id}"));
            line.about = Some(ItemId::Anchor(AnchorId(id)));
            line.is_stop = true;
            line
        };
        let mut links = Links::default();
        links.set(vec![Line::text("for 2"), about(1), about(2), Line::text("against 0")]);
        links.cursor = 2;
        links.set(vec![Line::text("for 1"), about(1), Line::text("against 1"), about(2)]);
        assert_eq!(links.cursor, 3);
        links.set(vec![Line::text("for 2"), about(1), about(2)]);
        assert_eq!(links.cursor, 2);
        // Where it is gone, something near it.
        links.set(vec![Line::text("for 1"), about(1)]);
        assert_eq!(links.cursor, 1);
    }

    #[test]
    fn the_cursor_walks_over_stops() {
        let stop =
            |text: &str| Line::text(text).to(Target::Section(crate::app::view::View::Overview));
        let mut links = Links::default();
        links.set(vec![
            Line::text("head"),
            stop("a"),
            Line::text(""),
            stop("b"),
            Line::text("end"),
        ]);
        assert_eq!(links.cursor, 1);
        links.step(1, 2);
        assert_eq!((links.cursor, links.top), (3, 2));
        links.step(1, 2);
        assert_eq!((links.cursor, links.top), (3, 3));
        links.step(-1, 2);
        assert_eq!(links.cursor, 1);
    }
}
