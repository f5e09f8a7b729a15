//! A range of replications, advanced step by step on one thread.

use std::ops::Range;

use super::findings::Findings;
use super::network::NetworkJob;
use super::partial::Partial;
use super::plan::{Plan, Way};
use super::queue::QueueJob;
use crate::engine::{InstructionSet, LANES};
use crate::scenario::Scenario;

/// Some replications in progress. Steps are as small as the caller wants: between two of them it can look at a clock, a
/// message or a flag.
#[derive(Debug)]
pub struct Job {
    scenario: Scenario,
    seed: u64,
    work: Work,
}

/// What is in progress.
#[derive(Debug)]
enum Work {
    Queue(QueueJob),
    Network(NetworkJob),
}

impl Job {
    /// Starts the replications `range` of `plan`.
    pub fn new(plan: &Plan, range: Range<u64>) -> Self {
        let instructions = InstructionSet::best();
        Self::with_instructions(plan, range, instructions, LANES)
    }

    /// Starts the replications `range` with a given instruction set and number of lanes (4, and outside browsers 8 or 16). The result is the same
    /// for all; tests and benchmarks choose.
    ///
    /// # Panics
    /// If `lanes` is another number.
    pub fn with_instructions(
        plan: &Plan,
        range: Range<u64>,
        instructions: InstructionSet,
        lanes: usize,
    ) -> Self {
        let work = match plan.way() {
            Way::Queue(queue) => Work::Queue(QueueJob::with_instructions(
                queue,
                range,
                instructions,
                lanes,
            )),
            Way::Network(network) => Work::Network(NetworkJob::new(network, range, instructions)),
        };
        Self {
            scenario: plan.scenario().clone(),
            seed: plan.seed(),
            work,
        }
    }

    /// Simulates about `requests` more requests, all replications together; true when the job is done.
    pub fn step(&mut self, requests: u64) -> bool {
        match &mut self.work {
            Work::Queue(job) => job.step(requests),
            Work::Network(job) => job.step(requests),
        }
    }

    /// The results of the replications finished so far; all of them once [`Job::step`] has returned true.
    pub fn finish(self) -> Partial {
        let (scenario, seed) = (self.scenario.clone(), self.seed);
        Partial::new(scenario, seed, self.findings())
    }

    /// As [`Job::finish`], for whoever knows what was simulated.
    pub fn findings(self) -> Findings {
        match self.work {
            Work::Queue(job) => job.finish().into(),
            Work::Network(job) => job.finish().into(),
        }
    }
}
