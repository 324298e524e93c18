//! What commands do.
//!
//! - `moves` cursor and focus · `go` places, links, back and forward · `follow` reader and margin
//!   after the cursor · `read` readers, lists, search
//! - `spots` inside of what is read: lines and pages, search, marks, other texts
//! - `entity` who is who · `outside` originals in other programs
//! - `select` selections, copying · `several` what is done with all that is selected · `table` what
//!   is done with a grid
//! - `anchor` which one is meant, going there · `highlight` · `cite` passages and numbers
//! - `note` what notes are and where they stand, tags
//! - `export` reports · `lead` what `enter` follows while one reads
//! - `mark` read, starred, irrelevant · `unread` on to what is not read · `over` help, palette, mouse and the rest

mod anchor;
mod cite;
mod entity;
mod export;
mod follow;
mod go;
mod highlight;
pub mod lead;
mod mark;
mod moves;
mod note;
mod outside;
mod over;
mod read;
pub mod select;
pub mod several;
pub mod spots;
mod table;
mod unread;
