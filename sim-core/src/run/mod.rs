//! Replications: planned, run in any order, merged in replication order, reported.
//!
//! A [`Plan`] fixes everything a replication needs. A [`Job`] advances a range of replications in small steps and ends
//! in a [`Partial`]; partials of disjoint ranges merge to the same bits however the work was split; a partial reads as a
//! [`Report`].

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::error::InputError;
use crate::run::report::{Report, Stopped};
use crate::scenario::Scenario;

pub mod report;

/// A validated scenario and seed with the run length and warm-up worked out: all that decides a replication's bits.
#[derive(Debug, Clone)]
pub struct Plan {}

impl Plan {
    /// Validates the scenario; finds the run length from the load and the warm-up from a pilot run.
    ///
    /// # Errors
    /// What [`Scenario::validate`] finds.
    pub fn new(scenario: &Scenario, seed: u64) -> Result<Self, InputError> {
        let _ = (scenario, seed);
        todo!()
    }
    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        todo!()
    }
    /// Requests measured in one replication.
    pub fn requests_per_replication(&self) -> u64 {
        todo!()
    }
}

/// Some replications in progress, advanced step by step on one thread.
#[derive(Debug)]
pub struct Job {}

impl Job {
    /// Starts the replications `range` of `plan`.
    pub fn new(plan: &Plan, range: Range<u64>) -> Self {
        let _ = (plan, range);
        todo!()
    }
    /// Simulates about `requests` more requests (all replications together); true when the job is done.
    pub fn step(&mut self, requests: u64) -> bool {
        let _ = requests;
        todo!()
    }
    /// The result of a finished job.
    pub fn finish(self) -> Partial {
        todo!()
    }
}

/// Mergeable results of some replications. Serialises; its size does not depend on the length of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Partial {}

impl Partial {
    /// No replications yet.
    pub fn empty(plan: &Plan) -> Self {
        let _ = plan;
        todo!()
    }
    /// Adds the replications of `other`.
    ///
    /// # Errors
    /// If the two belong to different plans or share a replication.
    pub fn merge(&mut self, other: &Self) -> Result<(), InputError> {
        let _ = other;
        todo!()
    }
    /// Number of replications merged so far.
    pub fn replications(&self) -> u64 {
        todo!()
    }
    /// Reads the results off, `theory` left empty (see [`crate::expectation`]).
    pub fn report(&self, plan: &Plan, precision: f64, stopped: Stopped) -> Report {
        let _ = (plan, precision, stopped);
        todo!()
    }
}

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stopping {
    /// Relative half-width of the 95 % intervals of the mean response and of P99 that counts as converged.
    pub precision: f64,
    /// Replications to run; with `early`, at most.
    pub replications: u64,
    /// Stop as soon as the precision is reached.
    pub early: bool,
}

/// A flag that asks a run to stop between two small steps.
#[derive(Debug, Default)]
pub struct Cancel(AtomicBool);

impl Cancel {
    /// Asks the run to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
    /// Whether somebody asked.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Runs `plan` on `threads` threads (1 without the feature `parallel`) until `stopping` says so. `progress` is told the
/// number of requests done so far, from any thread.
pub fn run(
    plan: &Plan,
    stopping: &Stopping,
    threads: usize,
    cancel: &Cancel,
    progress: &(dyn Fn(u64) + Sync),
) -> Report {
    let _ = (plan, stopping, threads, cancel, progress);
    todo!()
}
