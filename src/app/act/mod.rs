//! What commands do.
//!
//! - `moves` cursor and focus · `go` places and links · `place` back, forward, and being there again ·
//!   `follow` reader and margin after the cursor
//! - `read` sessions, days, pages · `hits` occurrences in what is read · `spots` lines and pages to go
//!   to, searching in it, marks, other texts · `days` of the timeline · `list` how lists are cut and sorted · `search` its line
//! - `entity` who is who, `who` of what the cursor is on · `outside` originals in other programs
//! - `select` selections, copying · `several` what is done with all that is selected · `table` what
//!   is done with a grid
//! - `anchor` which one is meant, going there · `highlight` · `cite` passages and numbers
//! - `note` what notes are and where they stand, tags · `edit` what can be edited and deleted
//! - `export` reports · `lead` what `enter` follows while one reads
//! - `mark` read, starred, irrelevant · `unread` on to what is not read · `over` help, palette, mouse and the rest

mod anchor;
mod cite;
mod days;
mod edit;
mod entity;
mod export;
mod follow;
mod go;
mod highlight;
mod hits;
pub mod lead;
mod list;
mod mark;
mod moves;
mod note;
mod outside;
mod over;
mod place;
mod read;
mod search;
pub mod select;
pub mod several;
pub mod spots;
mod table;
mod unread;
mod who;
