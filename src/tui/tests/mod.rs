//! The production loop on a terminal in memory: keys in, screens out.

mod behaviour;
mod entities;
mod fake;
mod fake_entities;
mod fake_pages;
mod screens;
mod stage;
