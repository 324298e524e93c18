//! The one integration test binary. A module each: `layers` (imports go down only), and what
//! needs the real binary or the demo case.

mod sample;
#[cfg(unix)]
mod sandbox;

#[cfg(unix)]
mod desk;
mod durability;
mod ingest;
mod layers;
mod search;
mod story;
