//! What commands do.
//!
//! - `moves` cursor and focus · `go` places, links, back and forward · `read` readers, lists, search
//! - `over` help, palette, mouse and the rest

mod go;
mod moves;
mod over;
mod read;
