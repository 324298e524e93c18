//! What an entry says: blocks of sentences, and sentences of runs.

#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Level from 1, inside of the entry.
    Heading(u8, Vec<Run>),
    Paragraph(Vec<Sentence>),
    List {
        /// The first number; `None` for bullets.
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Quote(Vec<Block>),
    Code(String),
    /// Rows of cells; the first row names the columns.
    Table(Vec<Vec<Vec<Sentence>>>),
    Rule,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sentence {
    /// `N4/3`: the third sentence of N4.
    pub id: String,
    /// It says something that somebody may want to see proved.
    pub claims: bool,
    pub runs: Vec<Run>,
}

/// A stretch of text that looks the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    pub text: String,
    pub style: Style,
    pub mark: Mark,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    pub strong: bool,
    pub emphasis: bool,
    pub strike: bool,
    pub code: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    #[default]
    Plain,
    /// A line end that the author meant; the run has no text.
    Break,
    /// A reference to a footnote; the run has no text.
    Footnote(usize),
    /// Leads to the entry with this id.
    Entry(String),
}

impl Run {
    pub fn plain(text: impl Into<String>) -> Run {
        Run { text: text.into(), ..Run::default() }
    }

    pub fn footnote(number: usize) -> Run {
        Run { mark: Mark::Footnote(number), ..Run::default() }
    }
}

impl Sentence {
    /// What it says, without marks.
    pub fn text(&self) -> String {
        plain(&self.runs).trim().to_owned()
    }

    /// Numbers of its footnotes.
    pub fn cites(&self) -> impl Iterator<Item = usize> {
        self.runs.iter().filter_map(|run| match run.mark {
            Mark::Footnote(number) => Some(number),
            _ => None,
        })
    }
}

/// The text of runs, a line end where the author meant one.
pub fn plain(runs: &[Run]) -> String {
    runs.iter().map(|run| if run.mark == Mark::Break { "\n" } else { run.text.as_str() }).collect()
}
