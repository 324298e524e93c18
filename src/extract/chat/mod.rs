//! Chat exports become messages: one file per platform, one line of [`IMPORTERS`] each.
//!
//! An export of one file is recognised by its content. An export of many files (a Slack folder)
//! is first *claimed* by the names of its files (`package.rs`), so that each of them is read with
//! the knowledge of what it is part of; names of accounts that stand in another file
//! (`users.json`) are joined by handle in the case, whenever that file arrives.
//!
//! What every importer keeps to:
//!
//! - `raw_time` is what stands in the file; a time that is not wholly there is `None`.
//! - Nothing is dropped: a record, a column or a paragraph that was not understood goes out as
//!   the text of the document ([`rest::Rest`]), with a warning where it looks like damage.
//! - What belongs to a message and was not said in it (signatures, buttons, what linked pages say
//!   of themselves, translations) is part of that text. Reactions are counted; who reacted stands in
//!   the record, to which the message's span leads.
//! - Messages are written in the order of the file, duplicates included.
//! - A reply inside a thread answers the thread's first message unless the export says more.
//! - Records are streamed where an export can be large (every JSON, the pseudo-JSON); tables and
//!   WhatsApp logs are read as a whole, because their columns and the order of day and month are
//!   decided by the whole file.

pub mod package;

mod basta;
mod daily;
pub(super) mod decode;
mod flat;
mod json;
mod lines;
mod opening;
mod raw;
mod rest;
mod rocket;
mod roster;
mod scan;
pub mod slack;
mod source;
mod stamp;
mod stream;
pub mod table;
mod telegram;
mod torn;
mod whatsapp;
mod xmpp;
pub mod zone;

#[cfg(test)]
mod testing;

use super::{Input, Out, Stop, detect};

/// One kind of chat export.
pub struct Importer {
    /// Stable name: `telegram-json`.
    pub id: &'static str,
    /// Raise it when the importer's output changes.
    pub version: u32,
    /// Whether the file is of this kind, judged by content (and claim), never by extension alone.
    pub sniff: fn(&mut Input) -> bool,
    /// Writes export, conversations, participants and messages; a remainder that was not
    /// understood goes out as text.
    pub import: fn(&mut Input, &mut Out) -> Result<(), Stop>,
}

/// All importers, the most specific first.
pub static IMPORTERS: &[Importer] = &[
    telegram::IMPORTER,
    rocket::IMPORTER,
    slack::IMPORTER,
    flat::IMPORTER,
    basta::IMPORTER,
    daily::IMPORTER,
    whatsapp::IMPORTER,
    table::IMPORTER,
];

/// The importer that can read this file; the one that claimed it is asked first.
pub fn find(input: &mut Input) -> Option<&'static Importer> {
    // All of them are texts.
    if detect::has_signature(input.head()) {
        return None;
    }
    if let Some(claim) = input.claim
        && let Some(importer) = IMPORTERS.iter().find(|importer| importer.id == claim.importer)
        && (importer.sniff)(input)
    {
        return Some(importer);
    }
    IMPORTERS.iter().find(|importer| (importer.sniff)(input))
}

/// Root of the package, when this importer is the one that claimed the file; a claim that another
/// one made by the look of a name says nothing.
fn package_of(input: &Input, importer: &Importer) -> Option<String> {
    let claim = input.claim.filter(|claim| claim.importer == importer.id)?;
    Some(claim.root.clone())
}

#[cfg(test)]
mod tests {
    use super::testing::{data, recognised, survives};
    use proptest::prelude::*;

    const FILES: &[&str] = &[
        "basta.txt",
        "isoon.md",
        "pipes.md",
        "rocket.json",
        "slack/basalt/2024-02-19.json",
        "slack/users.json",
        "telegram_account.json",
        "telegram_old.json",
        "whatsapp_ios.txt",
    ];

    #[test]
    fn every_file_cut_anywhere_is_survived() {
        for file in FILES {
            let bytes = data(file);
            for cut in (0..bytes.len()).step_by(37) {
                survives(&bytes[..cut]);
            }
        }
    }

    #[test]
    fn a_file_belongs_to_one_importer() {
        for file in FILES {
            assert!(recognised(&data(file)).is_some(), "{file}");
        }
        for other in ["", "[]", "{}", "null", "\u{feff}", "{\"a\":", "%PDF-1.7\n", "\n\n\n"] {
            assert_eq!(recognised(other.as_bytes()), None, "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_byte_is_survived(file in 0..FILES.len(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = data(FILES[file]);
            let at = at.index(bytes.len());
            bytes[at] = byte;
            survives(&bytes);
        }
    }
}
