//! Random numbers: one named generator, and a stream for every use of randomness.
//!
//! The generator is xoshiro256+ (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), which they
//! recommend for floating-point numbers: only its lowest bits are weak, and a uniform is made of the upper 52. A stream is named by (seed, replication, purpose), so that
//! two systems run on one seed see the same arrivals and the same service demands whatever else differs between them.

mod hash;
mod index;
mod lanes;
mod stream;

pub(crate) use hash::{hash, mix, nth};
pub(crate) use index::{scaled, share_of};
pub use lanes::Uniforms;
pub(crate) use lanes::each_lane;
pub use stream::{Purpose, StreamName};
