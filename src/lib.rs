//! Casebook: a terminal workbench for people who investigate leaked documents.
//!
//! This comment is the map of the code. Imports go down only; `tests/layers.rs` checks it.
//!
//! ```text
//! main.rs                     parse, run, print an error with its hint, exit code
//! tui/       cli/             the two faces: drawing and the terminal · headless verbs
//! app/                        what the program is doing: panes, commands, keymap, history
//! ingest/    export/          files become evidence · work becomes a report
//! case/                       the one door to a case: open, read, search, change, verify
//! index/     journal/         tantivy · what analysts did: operations, undo
//! extract/                    bytes → text, metadata, children, messages (sandboxed)
//! query/     store/           the query language: text → tree → text, pure · SQLite
//! text/ jobs/ model/ files/   width, wrap, sanitise, normal form, tokens · threads · plain data, ids ·
//!                             files that appear when they are complete, and fit in memory when read
//! ```
//!
//! A file travels down the left side once (ingest → extract → case → store, index) and comes up
//! as a row on the screen (case → app → tui); an act of the analyst goes down the right
//! (app → case → journal → store).
//!
//! Invariants, that is, what is absent on purpose:
//!
//! - Only `store/` (and `journal/` through it) writes SQL; only `index/` knows tantivy; only `tui/` knows ratatui.
//!   (`app/text_area/` keeps what is written in a buffer of tui-textarea, whose drawing nobody calls.)
//! - Above `case/` nothing below it is used but `model`, `text`, `query`, `jobs` and `files`; the exception
//!   is `ingest`, which also runs `extract`.
//! - There is no network code, no async runtime, and no global mutable state.
//! - Evidence is never modified: originals are only ever opened for reading.
//! - Bytes of a leak reach a terminal only through `text::sanitise`.

pub mod app;
pub mod case;
pub mod cli;
pub mod export;
pub mod extract;
pub mod files;
pub mod index;
pub mod ingest;
pub mod jobs;
pub mod journal;
pub mod model;
pub mod query;
pub mod store;
pub mod text;
pub mod tui;
