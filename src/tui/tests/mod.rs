//! The production loop on a terminal in memory: keys in, screens out.

mod ahead;
mod anchors;
mod behaviour;
mod entities;
mod exports;
mod fake;
mod fake_anchors;
mod fake_entities;
mod fake_exports;
mod fake_notes;
mod fake_pages;
mod following;
mod leads;
mod lists;
mod mouse;
mod quick;
mod reasons;
mod screens;
mod stage;
mod writing;
