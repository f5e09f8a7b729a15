//! What the peers written in Rust have in common: the models, the draws, how a station is chosen, and what is reported.

#![allow(clippy::disallowed_methods, reason = "what is measured here is time")]

pub mod draws;
pub mod model;
pub mod routing;
pub mod tally;
