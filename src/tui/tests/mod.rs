//! The production loop on a terminal in memory: keys in, screens out.

mod anchors;
mod behaviour;
mod fake;
mod fake_anchors;
mod fake_pages;
mod screens;
mod stage;
mod writing;
