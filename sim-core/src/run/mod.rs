//! Replications: planned, run in any order, merged in replication order, reported.
//!
//! A [`Plan`] fixes everything a replication needs. A [`Job`] advances a range of replications in small steps and ends
//! in a [`Partial`]; partials of disjoint ranges merge to the same bits however the work was split; a partial reads as a
//! [`Report`](report::Report). [`run`] does all of it on this machine's threads.

mod driver;
mod job;
mod partial;
mod pilot;
mod plan;
mod relaxation;
pub mod report;

pub use driver::{Cancel, Stopping, run};
pub use job::Job;
pub use partial::Partial;
pub use plan::Plan;

/// The most replications a run may have.
pub const MAX_REPLICATIONS: u64 = 100_000;
