//! How a scenario's sample path is computed.

mod calendar;
mod heap;
mod instructions;
pub mod live;
pub mod network;
pub mod recursion;

pub use instructions::{InstructionSet, LANES};
