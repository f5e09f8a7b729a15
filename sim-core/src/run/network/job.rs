//! A range of replications of any scenario, advanced step by step on one thread, one after another.

use std::ops::Range;

use super::super::findings::Findings;
use super::{NetworkPlan, NetworkResults, Way};
use crate::engine::InstructionSet;
use crate::engine::network::{Fleet, Network, Replay, Results as Found};

/// Events of a request that only arrives, is served and leaves.
const EVENTS_PER_REQUEST: u64 = 2;

/// Some replications in progress.
#[derive(Debug)]
pub(in crate::run) struct NetworkJob {
    plan: NetworkPlan,
    instructions: InstructionSet,
    left: Range<u64>,
    current: Option<Current>,
    results: NetworkResults,
}

/// The replication in progress.
#[derive(Debug)]
enum Current {
    Network(Box<Network>),
    Fleet(Box<Fleet>),
    Replay(Box<Replay>),
}

impl NetworkJob {
    /// Starts the replications `range` of `plan`.
    pub(in crate::run) fn new(
        plan: &NetworkPlan,
        range: Range<u64>,
        instructions: InstructionSet,
    ) -> Self {
        Self {
            plan: plan.clone(),
            instructions,
            left: range,
            current: None,
            results: NetworkResults::default(),
        }
    }

    /// Simulates about `requests` more requests; true when the job is done.
    #[inline]
    pub(in crate::run) fn step(&mut self, requests: u64) -> bool {
        if self.current.is_none() {
            if self.left.is_empty() {
                return true;
            }
            self.current = Some(self.next());
        }
        let done = match &mut self.current {
            Some(Current::Network(network)) => {
                network.advance(requests.saturating_mul(EVENTS_PER_REQUEST))
            }
            Some(Current::Fleet(fleet)) => fleet.advance(self.instructions, requests),
            Some(Current::Replay(replay)) => replay.advance(requests),
            None => false,
        };
        if done {
            self.collect();
        }
        self.current.is_none() && self.left.is_empty()
    }

    /// The results of the replications finished so far.
    pub(in crate::run) fn finish(self) -> Findings<NetworkResults> {
        Findings {
            results: self.results,
            ..self.plan.nothing_found()
        }
    }

    fn next(&self) -> Current {
        let replication = self.left.start;
        match self.plan.way {
            Way::Fleet => Current::Fleet(Box::new(self.plan.start_fleet(replication))),
            Way::Replay => Current::Replay(Box::new(self.plan.start_replay(replication))),
            Way::Calendar => Current::Network(Box::new(self.plan.start(replication))),
        }
    }

    fn collect(&mut self) {
        match self.current.take() {
            Some(Current::Network(network)) => self.add(&network.results()),
            Some(Current::Fleet(fleet)) => self.add(&fleet.results()),
            Some(Current::Replay(replay)) => self.add(&replay.results()),
            None => {}
        }
    }

    fn add(&mut self, found: &Found<'_>) {
        self.results.add(self.left.start, found);
        self.left.start += 1;
    }
}
