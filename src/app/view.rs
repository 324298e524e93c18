//! The sections of the desk and the panes in them.

/// What the desk is turned to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    #[default]
    Overview,
    Documents,
    Chats,
    /// Results of a search, from anywhere.
    Search,
}

impl View {
    pub const ALL: [View; 4] = [View::Overview, View::Documents, View::Chats, View::Search];

    /// The sections that have a tab, in the order of their digits.
    pub const TABS: [View; 3] = [View::Overview, View::Documents, View::Chats];

    pub fn title(self) -> &'static str {
        match self {
            View::Overview => "Overview",
            View::Documents => "Documents",
            View::Chats => "Chats",
            View::Search => "Search",
        }
    }

    /// Its panes from left to right.
    pub fn panes(self) -> &'static [Pane] {
        match self {
            View::Overview => &[Pane::Counts, Pane::Activity, Pane::Todo],
            View::Documents | View::Chats => &[Pane::List, Pane::Reader, Pane::Margin],
            View::Search => &[Pane::Facets, Pane::Results, Pane::Preview],
        }
    }

    /// Where the focus is when one comes to it.
    pub fn first_focus(self) -> Pane {
        match self {
            View::Overview => Pane::Counts,
            View::Documents | View::Chats => Pane::List,
            View::Search => Pane::Results,
        }
    }
}

/// A column of the desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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
