//! Several caches fed with the same requests, block by block.
//!
//! The loop over a block is compiled for each kind of cache, and a block stays in the processor's cache while one after the other
//! reads it.

use super::block::Block;
use super::counts::Counts;
use crate::caching::{Cache, Outcome, Spec, Visitor, with_cache};
use crate::error::InputError;

/// Caches and what was counted of each.
pub struct Replay {
    runners: Vec<Box<dyn Runner>>,
}

impl std::fmt::Debug for Replay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replay")
            .field("caches", &self.runners.len())
            .finish_non_exhaustive()
    }
}

impl Replay {
    /// Empty caches.
    ///
    /// # Errors
    /// What is wrong with a cache.
    pub fn new(caches: &[Spec]) -> Result<Self, InputError> {
        let runners = caches.iter().map(|spec| with_cache(spec, Start));
        Ok(Self {
            runners: runners.collect::<Result<_, _>>()?,
        })
    }

    /// Makes the requests of a block.
    pub fn run(&mut self, block: &Block) {
        for runner in &mut self.runners {
            runner.run(block);
        }
    }

    /// Forgets what was counted, as after a warm-up; the caches stay as they are.
    pub fn forget_counts(&mut self) {
        for runner in &mut self.runners {
            runner.forget_counts();
        }
    }

    /// What was counted so far, in the order of the caches.
    pub fn counts(&self) -> Vec<Counts> {
        self.runners.iter().map(|runner| runner.counts()).collect()
    }
}

/// A cache behind its loop.
trait Runner: Send {
    fn run(&mut self, block: &Block);
    fn counts(&self) -> Counts;
    fn forget_counts(&mut self);
}

struct Running<C> {
    cache: C,
    counts: Counts,
}

impl<C: Cache> Runner for Running<C> {
    fn run(&mut self, block: &Block) {
        let mut counts = self.counts;
        let requests = block.keys.iter().zip(&block.sizes).zip(&block.times);
        for ((&key, &size), &time) in requests {
            let outcome = self.cache.on_request(key, size, time);
            counts.add(size, outcome == Outcome::Hit);
        }
        self.counts = counts;
    }

    fn counts(&self) -> Counts {
        self.counts
    }

    fn forget_counts(&mut self) {
        self.counts = Counts::default();
    }
}

/// Puts a cache behind its loop.
struct Start;

impl Visitor for Start {
    type Output = Box<dyn Runner>;

    fn visit<C: Cache + 'static>(self, cache: C) -> Box<dyn Runner> {
        Box::new(Running {
            cache,
            counts: Counts::default(),
        })
    }
}
