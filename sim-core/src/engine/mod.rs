//! How a scenario's sample path is computed.

pub mod live;
pub mod recursion;
