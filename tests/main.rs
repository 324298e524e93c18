//! The one integration test binary. A module each: `layers` (imports go down only), and what
//! needs the real binary or the demo case.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)] // A test that cannot go on fails, and says why.

mod sample;
#[cfg(unix)]
mod sandbox;

mod broken;
mod chats;
mod cite;
mod damaged;
#[cfg(unix)]
mod desk;
#[cfg(target_os = "linux")]
mod disk;
mod durability;
mod entities;
mod export;
mod handover;
mod ingest;
#[cfg(unix)]
mod investigation;
mod json;
#[cfg(unix)]
mod killed;
mod layers;
mod mutations;
mod program;
mod random;
mod reread;
mod search;
mod story;
mod table;
#[cfg(unix)]
mod together;
mod upkeep;
mod zones;
