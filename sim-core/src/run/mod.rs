//! Replications: planned, run in any order, merged in replication order, reported.
//!
//! A [`Plan`] fixes everything a replication needs. A [`Job`] advances a range of replications in small steps and ends
//! in a [`Partial`]; partials of disjoint ranges merge to the same bits however the work was split; a partial reads as a
//! [`Report`](report::Report). [`QueuePlan`] and [`QueueJob`] do the same for a single station and need nothing else of the engine. [`run`] does all of it on this machine's threads.

pub mod audit;
pub mod comparison;
mod driver;
mod findings;
mod job;
mod length;
mod network;
mod partial;
mod plan;
mod queue;
pub mod report;

use crate::error::InputError;

pub use driver::{Cancel, DOUBLINGS, Stopping, run, run_range, run_until_trusted};
pub use findings::{Findings, Found, Results, Schedule};
pub use job::Job;
pub use network::{NetworkResults, least_warm_up};
pub use partial::Partial;
pub use plan::Plan;
pub use queue::{QueueJob, QueuePlan, QueueResults};

/// The most replications a run may have.
pub const MAX_REPLICATIONS: u64 = 100_000;
/// Seed of an exhibit's simulations where nobody chooses one: two readers of one link see the same numbers, on the page and in batch.
/// With this one the queue of the page's animation stays near its mean from the start; most paths of a busy station wander off
/// for minutes.
pub const EXHIBIT_SEED: u64 = 4;
/// Replications of each of an exhibit's scenarios where nobody chooses.
pub const EXHIBIT_REPLICATIONS: u64 = 128;

/// The results of two parts by replication number.
///
/// # Errors
/// If both have the same replication.
fn sections_by_number<T: Clone>(
    ours: &[(u64, T)],
    theirs: &[(u64, T)],
) -> Result<Vec<(u64, T)>, InputError> {
    let mut all = Vec::with_capacity(ours.len() + theirs.len());
    let (mut ours, mut theirs) = (ours.iter().peekable(), theirs.iter().peekable());
    // Each is in order by itself.
    loop {
        let ours_first = match (ours.peek(), theirs.peek()) {
            (Some(one), Some(other)) => one.0 < other.0,
            (one, _) => one.is_some(),
        };
        let next = if ours_first {
            ours.next()
        } else {
            theirs.next()
        };
        let Some(next) = next else { break };
        all.push(next.clone());
    }
    match all.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
        Some(pair) => Err(InputError::out_of_range(
            "partial.replication",
            pair[0].0,
            "replications that are not there yet",
        )),
        None => Ok(all),
    }
}
