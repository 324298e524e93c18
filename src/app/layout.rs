//! Where things stand, as a function of the size of the terminal. A pane is dropped, never
//! squeezed: below 120 columns the third one, below 80 all but the one that has the focus.

use super::view::{Pane, View};

/// A rectangle in cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

impl Area {
    pub fn contains(&self, x: u16, y: u16) -> bool {
        x >= self.x && y >= self.y && x - self.x < self.width && y - self.y < self.height
    }

    pub fn right(&self) -> u16 {
        self.x + self.width
    }

    pub fn bottom(&self) -> u16 {
        self.y + self.height
    }
}

/// Columns from which on there is room for the margin beside list and reader.
pub const MARGIN: u16 = 120;

/// Cells of a list of documents and its reader from which on the list has room for columns beside
/// the names, and the cells that it takes at most.
const COLUMNS: u16 = 118;
const MOST_COLUMNS: u16 = 84;

/// Cells that are left to the reader beside it: a line of text is read well in as many.
const TEXT: u16 = 60;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// One frame around everything; without it the panes are only ruled off.
    pub is_framed: bool,
    /// Name of the case and its numbers; nothing on the lowest screens.
    pub title: Option<Area>,
    /// Sections, or the line that is being typed.
    pub tabs: Option<Area>,
    /// The row with the names of the panes.
    pub heads: Option<u16>,
    /// The row that closes the panes.
    pub foot: Option<u16>,
    pub hint: Option<Area>,
    /// Content of every pane that is shown, from left to right.
    pub panes: Vec<(Pane, Area)>,
}

impl Layout {
    /// `is_folded`: the margin is shown only while it has the keys, however wide the screen is.
    pub fn new(width: u16, height: u16, view: View, focus: Pane, is_folded: bool) -> Self {
        let is_framed = width >= 60 && height >= 20;
        let inset = u16::from(is_framed);
        let row = |y| Area { x: inset, y, width: width.saturating_sub(2 * inset), height: 1 };
        let mut layout = Layout { is_framed, ..Layout::default() };
        let (top, bottom) = match (is_framed, height) {
            (true, _) => {
                layout.title = Some(row(0));
                layout.tabs = Some(row(1));
                layout.heads = Some(2);
                layout.foot = Some(height - 3);
                layout.hint = Some(row(height - 2));
                (3, height - 3)
            }
            (false, 6..) => {
                layout.tabs = Some(row(0));
                layout.heads = Some(1);
                layout.hint = Some(row(height - 1));
                (2, height - 1)
            }
            (false, 2..) => {
                layout.tabs = Some(row(0));
                (1, height)
            }
            (false, _) => (0, height),
        };
        let body = Area { y: top, height: bottom - top, ..row(top) };
        layout.panes = columns(body, view, focus, width, is_folded);
        if view == View::Documents {
            layout.widen_list();
        }
        layout
    }

    /// Gives the list of the documents room for columns beside its names. It has that whatever has
    /// the keys: nothing is wrapped anew when one goes from the list to the text.
    fn widen_list(&mut self) {
        let [(Pane::List, list), (Pane::Reader, reader), ..] = self.panes.as_mut_slice() else {
            return;
        };
        let all = list.width + reader.width;
        let wanted = (all / 2).min(all.saturating_sub(TEXT)).min(MOST_COLUMNS);
        if all >= COLUMNS && wanted > list.width {
            reader.x += wanted - list.width;
            (list.width, reader.width) = (wanted, all - wanted);
        }
    }

    /// Gives one pane the room of all.
    pub fn zoom(&mut self, pane: Pane) {
        let (Some((_, first)), Some((_, last))) = (self.panes.first(), self.panes.last()) else {
            return;
        };
        let area = Area { width: last.right() - first.x, ..*first };
        self.panes = vec![(pane, area)];
    }

    pub fn pane(&self, pane: Pane) -> Option<Area> {
        self.panes.iter().find(|(name, _)| *name == pane).map(|(_, area)| *area)
    }

    pub fn pane_at(&self, x: u16, y: u16) -> Option<(Pane, Area)> {
        self.panes.iter().find(|(_, area)| area.contains(x, y)).copied()
    }
}

fn columns(body: Area, view: View, focus: Pane, width: u16, is_folded: bool) -> Vec<(Pane, Area)> {
    let share = |percent: u32, least: u16, most: u16| {
        u16::try_from(u32::from(width) * percent / 100).unwrap_or(u16::MAX).clamp(least, most)
    };
    let shown: Vec<(Pane, Option<u16>)> = match view {
        View::Documents | View::Chats | View::Entities | View::Notes | View::Timeline => {
            let list = (Pane::List, Some(share(24, 26, 46)));
            let margin = (Pane::Margin, Some(share(24, 30, 46)));
            let reader = (Pane::Reader, None);
            match (width, focus) {
                (MARGIN.., Pane::Margin) => vec![list, reader, margin],
                (MARGIN.., _) if !is_folded => vec![list, reader, margin],
                (80.., Pane::Margin) => vec![reader, margin],
                // Reading takes the whole width where there is little of it.
                (100.., _) | (80.., Pane::List) => vec![list, reader],
                (80.., _) => vec![reader],
                (_, Pane::Margin) => vec![(Pane::Margin, None)],
                (_, Pane::List) => vec![(Pane::List, None)],
                _ => vec![reader],
            }
        }
        View::Search => {
            let facets = (Pane::Facets, Some(share(17, 24, 32)));
            let results = (Pane::Results, None);
            let preview = (Pane::Preview, Some(share(34, 30, 90)));
            match (width, focus) {
                (120.., _) => vec![facets, results, preview],
                (80.., Pane::Facets) => vec![facets, results],
                (80.., Pane::Preview) => vec![results, preview],
                (80.., _) => vec![results],
                (_, Pane::Facets) => vec![(Pane::Facets, None)],
                (_, Pane::Preview) => vec![(Pane::Preview, None)],
                _ => vec![results],
            }
        }
        View::Overview => {
            let counts = (Pane::Counts, Some(share(30, 34, 60)));
            let activity = (Pane::Activity, None);
            let todo = (Pane::Todo, Some(share(28, 34, 60)));
            match (width, focus) {
                (120.., _) => vec![counts, activity, todo],
                (80.., Pane::Activity) => vec![activity, todo],
                (80.., _) => vec![(Pane::Counts, None), todo],
                (_, Pane::Activity) => vec![activity],
                (_, Pane::Todo) => vec![(Pane::Todo, None)],
                _ => vec![(Pane::Counts, None)],
            }
        }
    };
    // One cell of rule between two panes.
    let rules = u16::try_from(shown.len().saturating_sub(1)).unwrap_or(0);
    let fixed: u16 = shown.iter().filter_map(|(_, width)| *width).sum();
    let rest = body.width.saturating_sub(fixed + rules);
    let mut x = body.x;
    let mut panes = Vec::with_capacity(shown.len());
    for (pane, width) in shown {
        let width = width.unwrap_or(rest).min(body.right().saturating_sub(x));
        panes.push((pane, Area { x, width, ..body }));
        x = x.saturating_add(width + 1);
    }
    panes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(width: u16, view: View, focus: Pane, expected: &[Pane]) {
        let layout = Layout::new(width, 24, view, focus, false);
        let panes: Vec<Pane> = layout.panes.iter().map(|(pane, _)| *pane).collect();
        assert_eq!(panes, expected);
    }

    #[test]
    fn panes_are_dropped_by_width() {
        use Pane::*;
        check(160, View::Documents, List, &[List, Reader, Margin]);
        check(120, View::Chats, Reader, &[List, Reader, Margin]);
        check(119, View::Chats, Reader, &[List, Reader]);
        check(119, View::Chats, Margin, &[Reader, Margin]);
        check(80, View::Chats, List, &[List, Reader]);
        check(80, View::Chats, Reader, &[Reader]);
        check(79, View::Chats, List, &[List]);
        check(79, View::Search, Results, &[Results]);
        check(120, View::Search, Results, &[Facets, Results, Preview]);
        check(100, View::Overview, Counts, &[Counts, Todo]);
        // A margin that was put away comes with the keys only.
        let folded = |focus| {
            let layout = Layout::new(160, 24, View::Chats, focus, true);
            layout.panes.iter().map(|(pane, _)| *pane).collect::<Vec<_>>()
        };
        assert_eq!(folded(List), [List, Reader]);
        assert_eq!(folded(Reader), [List, Reader]);
        assert_eq!(folded(Margin), [List, Reader, Margin]);
    }

    #[test]
    fn a_list_of_documents_gets_room_for_columns_where_there_is_some_whatever_has_the_keys() {
        let check = |width: u16, is_folded: bool, expected: (u16, u16)| {
            for focus in [Pane::List, Pane::Reader] {
                let layout = Layout::new(width, 50, View::Documents, focus, is_folded);
                let cells = |pane| layout.pane(pane).map_or(0, |area| area.width);
                assert_eq!((cells(Pane::List), cells(Pane::Reader)), expected, "{width} {focus:?}");
            }
        };
        check(160, false, (58, 60));
        check(200, false, (75, 75));
        check(240, false, (84, 106));
        check(120, false, (28, 58));
        check(120, true, (28, 89));
        check(160, true, (78, 79));
        let narrow = Layout::new(80, 50, View::Documents, Pane::List, false);
        assert_eq!(narrow.pane(Pane::List).map(|area| area.width), Some(26));
    }

    proptest! {
        #[test]
        fn nothing_overlaps_or_leaves_the_screen(width in 1_u16..250, height in 1_u16..100) {
            for view in View::ALL {
                for focus in view.panes() {
                    let layout = Layout::new(width, height, view, *focus, width % 2 == 0);
                    prop_assert!(layout.pane(*focus).is_some(), "the focus is always shown");
                    let mut x = 0;
                    for (_, area) in &layout.panes {
                        prop_assert!(area.x >= x && area.right() <= width);
                        prop_assert!(area.bottom() <= height);
                        x = area.right();
                    }
                }
            }
        }
    }
}
