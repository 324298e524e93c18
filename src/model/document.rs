//! What a document is and in which state its text is.

use serde::{Deserialize, Serialize};

/// Whether a document could be read. The first four are fine, the rest is *unreadable* and is
/// listed with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Read: it has text, or it is a container whose members are documents of their own.
    Read,
    /// Wholly understood as a chat: it yields messages and has no text of its own.
    Export,
    /// There is something to see but no text in it: an image, a scanned page. Waits for OCR.
    NoText,
    /// Nothing in it: zero bytes, or a well-formed file without content.
    Empty,
    /// It could not be read: broken, or the parser crashed or hung.
    Failed,
    /// A password is needed.
    Encrypted,
    /// A limit of size, depth, count, time or memory was reached.
    OverLimit,
    /// No extractor knows this format.
    Unsupported,
}

impl State {
    pub const ALL: [State; 8] = [
        State::Read,
        State::Export,
        State::NoText,
        State::Empty,
        State::Failed,
        State::Encrypted,
        State::OverLimit,
        State::Unsupported,
    ];

    /// The stable name used in the database, in JSON and in `is:` queries.
    pub fn name(self) -> &'static str {
        match self {
            State::Read => "read",
            State::Export => "export",
            State::NoText => "no_text",
            State::Empty => "empty",
            State::Failed => "failed",
            State::Encrypted => "encrypted",
            State::OverLimit => "over_limit",
            State::Unsupported => "unsupported",
        }
    }

    pub fn from_name(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Counted among the unreadable documents.
    pub const UNREADABLE: [State; 4] =
        [State::Failed, State::Encrypted, State::OverLimit, State::Unsupported];

    pub fn is_unreadable(self) -> bool {
        State::UNREADABLE.contains(&self)
    }
}

/// What a stretch of a document's text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// Running text without finer structure.
    Body,
    /// A page; the label is its number as a person would say it ("3").
    Page,
    /// A slide; the label is its number.
    Slide,
    /// A spreadsheet's sheet; the label is its name. One line a row, one tab between cells.
    Sheet,
    /// A table inside a document. One line a row, one tab between cells.
    Table,
    /// Speaker notes of the slide before; the label is the slide's number.
    Notes,
    Header,
    Footer,
    Footnote,
    /// A comment or annotation; the label is its author where known.
    Comment,
    TextBox,
    /// Text that was deleted with change tracking on and is still in the file.
    Deleted,
    /// The header lines of a mail (Subject, From, To, Cc, Date).
    MailHeader,
}

impl PartKind {
    pub const ALL: [PartKind; 13] = [
        PartKind::Body,
        PartKind::Page,
        PartKind::Slide,
        PartKind::Sheet,
        PartKind::Table,
        PartKind::Notes,
        PartKind::Header,
        PartKind::Footer,
        PartKind::Footnote,
        PartKind::Comment,
        PartKind::TextBox,
        PartKind::Deleted,
        PartKind::MailHeader,
    ];

    /// The stable name used in the database and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            PartKind::Body => "body",
            PartKind::Page => "page",
            PartKind::Slide => "slide",
            PartKind::Sheet => "sheet",
            PartKind::Table => "table",
            PartKind::Notes => "notes",
            PartKind::Header => "header",
            PartKind::Footer => "footer",
            PartKind::Footnote => "footnote",
            PartKind::Comment => "comment",
            PartKind::TextBox => "text_box",
            PartKind::Deleted => "deleted",
            PartKind::MailHeader => "mail_header",
        }
    }

    pub fn from_name(name: &str) -> Option<PartKind> {
        PartKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The label of the part of a workbook's text that lists the names of its sheets: running text of
/// the book, and of no sheet.
pub const SHEET_NAMES: &str = "sheets";

/// What the part with this number is called where cells are named by it (`付款!D9`): its label, or
/// the how-manieth table of the document it is. Empty for a sheet without a name.
pub fn table_name(parts: &[Part], number: usize) -> String {
    let Some(part) = parts.get(number) else { return String::new() };
    match (part.label.as_str(), part.kind) {
        ("", PartKind::Sheet) => String::new(),
        ("", _) => {
            let tables = parts[..=number].iter().filter(|part| part.kind == PartKind::Table);
            format!("table {}", tables.count())
        }
        (label, _) => label.to_owned(),
    }
}

/// How line ends inside a part are to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrap {
    /// Running text that somebody or something wrapped: a single line end joins, so that a word
    /// broken over a line is one word; an empty line is a border.
    Flow,
    /// Every line is a unit (a paragraph, a row, a record, a header line); line ends and tabs are
    /// borders.
    Lines,
}

/// One text of a document or message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariantKind {
    Original,
    Ocr,
    Translation,
    Transcript,
}

impl VariantKind {
    pub const ALL: [VariantKind; 4] = [
        VariantKind::Original,
        VariantKind::Ocr,
        VariantKind::Translation,
        VariantKind::Transcript,
    ];

    /// The stable name used in the database, in JSON and in `variant:` queries.
    pub fn name(self) -> &'static str {
        match self {
            VariantKind::Original => "original",
            VariantKind::Ocr => "ocr",
            VariantKind::Translation => "translation",
            VariantKind::Transcript => "transcript",
        }
    }

    pub fn from_name(name: &str) -> Option<VariantKind> {
        VariantKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One part of a text: a page, a sheet, a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub kind: PartKind,
    /// Page number, sheet name, comment author; empty where there is nothing to say.
    pub label: String,
    pub wrap: Wrap,
    /// The author hid it: a hidden sheet or slide.
    pub hidden: bool,
    /// Sheets only: the row and column, both from 1, of the first cell of the first line.
    pub origin: (u32, u32),
    /// Byte range in the text of the variant.
    pub start: u64,
    pub end: u64,
}

impl Part {
    /// The one part of a text without structure.
    pub fn whole(text: &str, wrap: Wrap) -> Part {
        Part {
            kind: PartKind::Body,
            label: String::new(),
            wrap,
            hidden: false,
            origin: (1, 1),
            start: 0,
            end: text.len() as u64,
        }
    }
}
