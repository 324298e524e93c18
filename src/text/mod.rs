//! Text as people read and search it. Pure functions; nothing here knows files or screens.

pub mod language;
pub mod sanitise;
pub mod width;
pub mod wrap;
