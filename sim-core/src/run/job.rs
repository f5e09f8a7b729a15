//! A range of replications, advanced step by step on one thread.

use std::ops::Range;

use super::partial::Partial;
use super::plan::Plan;
use super::plan::Way;
use crate::engine::network::{Fleet, Network, Results};
use crate::engine::recursion::Block;
use crate::engine::{InstructionSet, LANES};

/// Some replications in progress. Steps are as small as the caller wants: between two of them it can look at a clock, a
/// message or a flag.
#[derive(Debug)]
pub struct Job {
    plan: Plan,
    left: Range<u64>,
    instructions: InstructionSet,
    lanes: usize,
    current: Option<Current>,
    partial: Partial,
}

/// Numbers of lanes that are compiled. A browser has registers for four, and less code to load.
#[cfg(not(target_arch = "wasm32"))]
const COMPILED: &[usize] = &[4, 8, 16];
#[cfg(target_arch = "wasm32")]
const COMPILED: &[usize] = &[4];

/// Events of a request that only arrives, is served and leaves.
const EVENTS_PER_REQUEST: u64 = 2;

/// What is in progress: a block of queues in one of the widths that are compiled, or a network.
#[derive(Debug)]
enum Current {
    Network(Box<Network>),
    Fleet(Box<Fleet>),
    Four(Box<Block<4>>),
    #[cfg(not(target_arch = "wasm32"))]
    Eight(Box<Block<8>>),
    #[cfg(not(target_arch = "wasm32"))]
    Sixteen(Box<Block<16>>),
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
        assert!(COMPILED.contains(&lanes), "{lanes} lanes are not compiled");
        Self {
            partial: Partial::empty(plan),
            plan: plan.clone(),
            left: range,
            instructions,
            lanes,
            current: None,
        }
    }

    /// Simulates about `requests` more requests, all replications together; true when the job is done.
    #[inline]
    pub fn step(&mut self, requests: u64) -> bool {
        if self.current.is_none() {
            if self.left.is_empty() {
                return true;
            }
            self.current = Some(self.next_block());
        }
        let done = match &mut self.current {
            Some(Current::Network(network)) => {
                network.advance(requests.saturating_mul(EVENTS_PER_REQUEST))
            }
            Some(Current::Fleet(fleet)) => fleet.advance(self.instructions, requests),
            Some(Current::Four(block)) => advance(block, self.instructions, requests),
            #[cfg(not(target_arch = "wasm32"))]
            Some(Current::Eight(block)) => advance(block, self.instructions, requests),
            #[cfg(not(target_arch = "wasm32"))]
            Some(Current::Sixteen(block)) => advance(block, self.instructions, requests),
            None => false,
        };
        if done {
            self.collect();
        }
        self.current.is_none() && self.left.is_empty()
    }

    /// The results of the replications finished so far; all of them once [`Job::step`] has returned true.
    pub fn finish(self) -> Partial {
        self.partial
    }

    /// The next network; or of queues the narrowest block that holds the rest, no wider than is fast.
    fn next_block(&self) -> Current {
        let (seed, first) = (self.plan.seed(), self.left.start);
        let (path, schedule) = match self.plan.way() {
            Way::Queue(plan) => (plan.path(seed), plan.schedule),
            Way::Network(plan) if plan.is_fleet => {
                return Current::Fleet(Box::new(plan.start_fleet(seed, first)));
            }
            Way::Network(plan) => return Current::Network(Box::new(plan.start(seed, first))),
        };
        let wanted = (self.left.end - first).min(self.lanes as u64);
        match wanted {
            #[cfg(target_arch = "wasm32")]
            _ => Current::Four(Box::new(Block::new(path, schedule, first))),
            #[cfg(not(target_arch = "wasm32"))]
            0..=4 => Current::Four(Box::new(Block::new(path, schedule, first))),
            #[cfg(not(target_arch = "wasm32"))]
            5..=8 => Current::Eight(Box::new(Block::new(path, schedule, first))),
            #[cfg(not(target_arch = "wasm32"))]
            _ => Current::Sixteen(Box::new(Block::new(path, schedule, first))),
        }
    }

    fn collect(&mut self) {
        match self.current.take() {
            Some(Current::Network(network)) => {
                self.collect_network(&network.results());
            }
            Some(Current::Fleet(fleet)) => self.collect_network(&fleet.results()),
            Some(Current::Four(block)) => self.collect_from(&block),
            #[cfg(not(target_arch = "wasm32"))]
            Some(Current::Eight(block)) => self.collect_from(&block),
            #[cfg(not(target_arch = "wasm32"))]
            Some(Current::Sixteen(block)) => self.collect_from(&block),
            None => {}
        }
    }

    fn collect_network(&mut self, results: &Results<'_>) {
        self.partial.add_network(self.left.start, results);
        self.left.start += 1;
    }

    fn collect_from<const L: usize>(&mut self, block: &Block<L>) {
        // Lanes beyond the range are ballast.
        for lane in 0..L {
            if self.left.is_empty() {
                break;
            }
            let (section, counts) = block.section(lane);
            self.partial.add_queue(self.left.start, section, counts);
            self.left.start += 1;
        }
    }
}

fn advance<const L: usize>(
    block: &mut Block<L>,
    instructions: InstructionSet,
    requests: u64,
) -> bool {
    let chunks = usize::try_from(requests / (64 * L as u64)).unwrap_or(usize::MAX);
    block.advance(instructions, chunks.max(1))
}
