//! Random numbers: one named generator, and a stream for every use of randomness.
//!
//! The generator is xoshiro256++ (Blackman and Vigna, 2021). A stream is named by (seed, replication, purpose), so that
//! two systems run on one seed see the same arrivals and the same service demands whatever else differs between them.

mod lanes;
mod stream;

pub use lanes::Uniforms;
pub(crate) use lanes::each_lane;
pub use stream::{Purpose, StreamName};
