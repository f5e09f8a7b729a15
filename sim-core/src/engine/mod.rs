//! How a scenario's sample path is computed.

mod calendar;
mod heap;
pub mod live;
pub mod network;
pub mod recursion;
