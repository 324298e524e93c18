//! The sections of the desk and the panes in them.

use serde::{Deserialize, Serialize};

/// What the desk is turned to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum View {
    #[default]
    Overview,
    Documents,
    Chats,
    Entities,
    Notes,
    Timeline,
    /// Results of a search, from anywhere.
    Search,
}

impl View {
    pub const ALL: [View; 7] = [
        View::Overview,
        View::Documents,
        View::Chats,
        View::Entities,
        View::Notes,
        View::Timeline,
        View::Search,
    ];

    /// The sections that have a tab, in the order of their digits.
    pub const TABS: [View; 6] =
        [View::Overview, View::Documents, View::Chats, View::Entities, View::Notes, View::Timeline];

    pub fn title(self) -> &'static str {
        match self {
            View::Overview => "Overview",
            View::Documents => "Documents",
            View::Chats => "Chats",
            View::Entities => "Entities",
            View::Notes => "Notes",
            View::Timeline => "Timeline",
            View::Search => "Search",
        }
    }

    /// Its panes from left to right.
    pub fn panes(self) -> &'static [Pane] {
        match self {
            View::Overview => &[Pane::Counts, Pane::Activity, Pane::Todo],
            View::Search => &[Pane::Facets, Pane::Results, Pane::Preview],
            _ => &[Pane::List, Pane::Reader, Pane::Margin],
        }
    }

    /// Where the focus is when one comes to it.
    pub fn first_focus(self) -> Pane {
        match self {
            View::Overview => Pane::Counts,
            View::Search => Pane::Results,
            _ => Pane::List,
        }
    }
}

/// A column of the desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pane {
    #[default]
    Counts,
    Activity,
    Todo,
    List,
    Reader,
    Margin,
    Facets,
    Results,
    Preview,
}
