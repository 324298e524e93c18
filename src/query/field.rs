//! The table of fields: names, what values they take, and the words for the help.

use super::value::{Amount, Bounds, DateValue};
use crate::model::VariantKind;

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word for it in a query.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }

            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|item| item.name() == name)
            }
        }
    };
}

names!(
    /// A field of the query language. What a value selects is decided where queries are
    /// evaluated; here stands only what may be written.
    Field {
        Kind = "kind",
        /// Format (`docx`) or family of formats (`sheet`).
        Type = "type",
        Lang = "lang",
        Variant = "variant",
        Path = "path",
        /// What a file says about itself: title, author, company, its names.
        Meta = "meta",
        From = "from",
        To = "to",
        In = "in",
        With = "with",
        Source = "source",
        Size = "size",
        Date = "date",
        Is = "is",
        Has = "has",
        Tag = "tag",
        Entity = "entity",
        Mentions = "mentions",
        Amount = "amount",
        Watch = "watch",
    }
);

names!(
    /// Values of `kind:`, the kinds of searched units.
    UnitKind {
        Document = "document",
        Message = "message",
        Note = "note",
    }
);

names!(
    /// Values of `is:`.
    Is {
        /// Came out of another file.
        Child = "child",
        /// Lies in more than one place.
        Duplicate = "duplicate",
        Failed = "failed",
        Empty = "empty",
        Encrypted = "encrypted",
        NoText = "no_text",
        OverLimit = "over_limit",
        Unsupported = "unsupported",
        /// Failed, encrypted, over a limit or unsupported.
        Unreadable = "unreadable",
        /// The analyst has not looked at it yet.
        Unread = "unread",
        /// The analyst has read it.
        Read = "read",
        Irrelevant = "irrelevant",
        Starred = "starred",
    }
);

names!(
    /// Values of `has:`.
    Has {
        Note = "note",
        Highlight = "highlight",
        Attachment = "attachment",
        Translation = "translation",
    }
);

/// A value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A name or a part of one: `path:`, `from:`, `type:` and the like.
    Text(String),
    /// The same with `*` for any characters; only where it was typed without quotes.
    Pattern(String),
    Kind(UnitKind),
    Variant(VariantKind),
    Is(Is),
    Has(Has),
    /// Bytes.
    Size(Bounds<u64>),
    Date(DateValue),
    Amount(Bounds<Amount>),
}

/// What kind of values a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Any text; `*` stands for any characters.
    Text,
    /// One of a few words.
    Words,
    Size,
    Date,
    Amount,
}

impl Field {
    pub fn takes(self) -> Takes {
        match self {
            Field::Kind | Field::Variant | Field::Is | Field::Has => Takes::Words,
            Field::Size => Takes::Size,
            Field::Date => Takes::Date,
            Field::Amount => Takes::Amount,
            Field::Type
            | Field::Lang
            | Field::Path
            | Field::Meta
            | Field::From
            | Field::To
            | Field::In
            | Field::With
            | Field::Source
            | Field::Tag
            | Field::Entity
            | Field::Mentions
            | Field::Watch => Takes::Text,
        }
    }

    /// The words it takes; empty for fields with free values.
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Field::Kind => UnitKind::ALL.iter().map(|kind| kind.name()).collect(),
            Field::Variant => VariantKind::ALL.iter().map(|kind| kind.name()).collect(),
            Field::Is => Is::ALL.iter().map(|is| is.name()).collect(),
            Field::Has => Has::ALL.iter().map(|has| has.name()).collect(),
            _ => Vec::new(),
        }
    }

    /// The value that a word of the table stands for.
    pub(super) fn word(self, word: &str) -> Option<Value> {
        match self {
            Field::Kind => UnitKind::from_name(word).map(Value::Kind),
            Field::Variant => VariantKind::from_name(word).map(Value::Variant),
            Field::Is => Is::from_name(word).map(Value::Is),
            Field::Has => Has::from_name(word).map(Value::Has),
            _ => None,
        }
    }

    /// One line for the help.
    pub fn help(self) -> &'static str {
        match self {
            Field::Kind => "what is found: a document, a message or a note",
            Field::Type => "format or family of formats",
            Field::Lang => "language of the text; none finds where it was not determined",
            Field::Variant => "which text: the original, OCR, a translation or a transcript",
            Field::Path => "part of the path or file name",
            Field::Meta => "words of the metadata: names of the file, title, author, company",
            Field::From => "who wrote it: account, entity, name or mail address",
            Field::To => "who received it",
            Field::In => "conversation: its number or part of its name",
            Field::With => "who takes part in the conversation or mail, in any role",
            Field::Source => "source: its number or part of its path",
            Field::Size => "size of the file",
            Field::Date => "date, with its best evidence; none finds what has no date",
            Field::Is => "state of the file or of its review",
            Field::Has => "what hangs on it",
            Field::Tag => "tag that an analyst gave, to it or to a highlight in it",
            Field::Entity => "entity under any of its names",
            Field::Mentions => "entity, or all of a kind of entities, that is named",
            Field::Amount => "amount of money that is mentioned",
            Field::Watch => "watched entities, named or writing: yes for all, or one of them",
        }
    }

    /// A correct example.
    pub fn example(self) -> &'static str {
        match self {
            Field::Kind => "kind:(document message)",
            Field::Type => "type:(pdf docx)",
            Field::Lang => "lang:zh",
            Field::Variant => "variant:translation",
            Field::Path => "path:合同",
            Field::Meta => "meta:川江",
            Field::From => "from:wxid_lin",
            Field::To => "to:mara@example.org",
            Field::In => "in:C3",
            Field::With => "with:lin",
            Field::Source => "source:S1",
            Field::Size => "size:>1M",
            Field::Date => "date:2022-01..2022-06",
            Field::Is => "is:duplicate",
            Field::Has => "has:attachment",
            Field::Tag => "tag:contract",
            Field::Entity => "entity:E9",
            Field::Mentions => "mentions:organisation",
            Field::Amount => "amount:10万..50万",
            Field::Watch => "watch:yes",
        }
    }
}
