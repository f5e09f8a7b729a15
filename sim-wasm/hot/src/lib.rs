//! The simulator's inner loops, compiled for speed while the rest of the page is compiled for size.
//!
//! What is generic or `#[inline]` in `sim-core` is compiled where it is called: here, at this crate's optimisation level. A page
//! must load fast and simulate fast, and one level cannot do both.

use sim_core::engine::network::Network;
use sim_core::run::{Job, Plan};
use sim_core::{InputError, Scenario};

/// See [`Plan::new`], whose pilot run may simulate for a while.
///
/// # Errors
/// As [`Plan::new`].
pub fn plan(scenario: &Scenario, seed: u64) -> Result<Plan, InputError> {
    Plan::new(scenario, seed)
}

/// See [`Job::step`].
pub fn step(job: &mut Job, requests: u64) -> bool {
    job.step(requests)
}

/// See [`Network::advance`]. Watched and counted, it is the same code.
pub fn advance(network: &mut Network, events: u64) -> bool {
    network.advance(events)
}
