//! A range of replications of a queue, advanced step by step on one thread: several in lockstep, one in each lane of a block.

use std::ops::Range;

use super::super::findings::Findings;
use super::{QueuePlan, QueueResults};
use crate::engine::recursion::Block;
use crate::engine::{InstructionSet, LANES};

/// Numbers of lanes that are compiled. A browser has registers for four, and less code to load.
#[cfg(not(target_arch = "wasm32"))]
const COMPILED: &[usize] = &[4, 8, 16];
#[cfg(target_arch = "wasm32")]
const COMPILED: &[usize] = &[4];

/// Some replications in progress.
#[derive(Debug)]
pub struct QueueJob {
    plan: QueuePlan,
    left: Range<u64>,
    instructions: InstructionSet,
    lanes: usize,
    current: Option<Lanes>,
    results: QueueResults,
}

/// A block in one of the widths that are compiled.
#[derive(Debug)]
enum Lanes {
    Four(Box<Block<4>>),
    #[cfg(not(target_arch = "wasm32"))]
    Eight(Box<Block<8>>),
    #[cfg(not(target_arch = "wasm32"))]
    Sixteen(Box<Block<16>>),
}

impl QueueJob {
    /// Starts the replications `range` of `plan`.
    pub fn new(plan: &QueuePlan, range: Range<u64>) -> Self {
        Self::with_instructions(plan, range, InstructionSet::best(), LANES)
    }

    /// As [`Job::with_instructions`](super::super::Job::with_instructions).
    ///
    /// # Panics
    /// If `lanes` is a number that is not compiled.
    pub(in crate::run) fn with_instructions(
        plan: &QueuePlan,
        range: Range<u64>,
        instructions: InstructionSet,
        lanes: usize,
    ) -> Self {
        assert!(COMPILED.contains(&lanes), "{lanes} lanes are not compiled");
        Self {
            plan: plan.clone(),
            left: range,
            instructions,
            lanes,
            current: None,
            results: QueueResults::default(),
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
            Some(Lanes::Four(block)) => advance(block, self.instructions, requests),
            #[cfg(not(target_arch = "wasm32"))]
            Some(Lanes::Eight(block)) => advance(block, self.instructions, requests),
            #[cfg(not(target_arch = "wasm32"))]
            Some(Lanes::Sixteen(block)) => advance(block, self.instructions, requests),
            None => false,
        };
        if done {
            self.collect();
        }
        self.current.is_none() && self.left.is_empty()
    }

    /// The results of the replications finished so far; all of them once [`QueueJob::step`] has returned true.
    pub fn finish(self) -> Findings<QueueResults> {
        Findings {
            results: self.results,
            ..self.plan.nothing_found()
        }
    }

    /// The narrowest block that holds the rest, no wider than is fast.
    fn next_block(&self) -> Lanes {
        let (path, schedule) = (self.plan.path(), self.plan.schedule);
        let first = self.left.start;
        let wanted = (self.left.end - first).min(self.lanes as u64);
        match wanted {
            #[cfg(target_arch = "wasm32")]
            _ => Lanes::Four(Box::new(Block::new(path, schedule, first))),
            #[cfg(not(target_arch = "wasm32"))]
            0..=4 => Lanes::Four(Box::new(Block::new(path, schedule, first))),
            #[cfg(not(target_arch = "wasm32"))]
            5..=8 => Lanes::Eight(Box::new(Block::new(path, schedule, first))),
            #[cfg(not(target_arch = "wasm32"))]
            _ => Lanes::Sixteen(Box::new(Block::new(path, schedule, first))),
        }
    }

    fn collect(&mut self) {
        match self.current.take() {
            Some(Lanes::Four(block)) => self.collect_from(&block),
            #[cfg(not(target_arch = "wasm32"))]
            Some(Lanes::Eight(block)) => self.collect_from(&block),
            #[cfg(not(target_arch = "wasm32"))]
            Some(Lanes::Sixteen(block)) => self.collect_from(&block),
            None => {}
        }
    }

    fn collect_from<const L: usize>(&mut self, block: &Block<L>) {
        // Lanes beyond the range are ballast.
        for lane in 0..L {
            if self.left.is_empty() {
                break;
            }
            let (section, counts) = block.section(lane);
            let requests = self.plan.schedule.requests;
            self.results.add(self.left.start, section, counts, requests);
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
