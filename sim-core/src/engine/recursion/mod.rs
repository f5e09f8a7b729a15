//! One first-come-first-served station without a calendar of events: each request's wait follows from the one before.
//!
//! Several replications advance in lockstep, one per lane of small arrays; the compiler turns loops over lanes into vector
//! instructions. Lanes never exchange anything, so the number of lanes and the instruction set leave every bit as it is.

mod block;
mod heap;
mod initial;
mod lindley;
mod sorted;
mod tally;

pub(crate) use block::buckets;
pub use block::{Block, Path, Schedule};
pub use tally::Section;

/// Rows of the buffers between drawing, recursion and counting: small enough to stay in the first-level cache.
const ROWS: usize = 64;
