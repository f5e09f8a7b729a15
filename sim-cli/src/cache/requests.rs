//! The requests that every cache sees: drawn anew for each, or from a trace that all share.

use sim_core::InputError;
use sim_core::caching::curve::Block;
use sim_core::trace::keys::KeyTrace;
use sim_core::workload::{Requests, Workload};

/// Requests of one block: 80 KB, which stay in the second cache.
const BLOCK: usize = 4096;

/// Where requests come from.
#[derive(Debug)]
pub(crate) enum Traffic {
    /// Drawn: a workload, how many requests, and the seed.
    Drawn {
        workload: Workload,
        requests: u64,
        seed: u64,
    },
    /// Recorded.
    Recorded(KeyTrace),
}

impl Traffic {
    /// Number of requests.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Drawn { requests, .. } => *requests,
            Self::Recorded(trace) => trace.keys().len() as u64,
        }
    }

    /// The keys from 0 on that all are below, where there is such a number.
    pub(crate) fn dense(&self) -> Option<u64> {
        match self {
            Self::Drawn {
                workload, requests, ..
            } => workload.dense(*requests),
            Self::Recorded(trace) => Some(u64::from(trace.distinct())),
        }
    }

    /// How many objects there are that come again, and how large they are together.
    pub(crate) fn footprint(&self) -> (f64, f64) {
        match self {
            Self::Drawn {
                workload, requests, ..
            } => {
                let items = workload.keys.items().unwrap_or(*requests) as f64;
                (items, items * workload.sizes.mean().unwrap_or(1.0))
            }
            Self::Recorded(trace) => (f64::from(trace.distinct()), trace.footprint() as f64),
        }
    }

    /// All requests from the start, `rate` per second where they have no times of their own; a block ends with the first
    /// `warm_up` of them.
    pub(crate) fn start(&self, rate: f64, warm_up: u64) -> Result<Flow<'_>, InputError> {
        let drawn = match self {
            Self::Drawn { workload, seed, .. } => Some(workload.requests(*seed, 0, 0)?),
            Self::Recorded(_) => None,
        };
        Ok(Flow {
            traffic: self,
            drawn,
            passed: 0,
            warm_up,
            gap: 1.0 / rate,
        })
    }
}

/// Requests in order, block by block.
pub(crate) struct Flow<'a> {
    traffic: &'a Traffic,
    drawn: Option<Requests>,
    passed: u64,
    warm_up: u64,
    gap: f64,
}

impl Flow<'_> {
    /// The next block; whether there was one.
    pub(crate) fn next(&mut self, block: &mut Block) -> bool {
        let end = match self.warm_up {
            warm_up if self.passed < warm_up => warm_up,
            _ => self.traffic.len(),
        };
        let left = end - self.passed;
        let count = usize::try_from(left).map_or(BLOCK, |left| left.min(BLOCK));
        match (self.traffic, &mut self.drawn) {
            (_, Some(requests)) => block.draw(requests, count, self.passed, self.gap),
            (Traffic::Recorded(trace), None) => copy(trace, self.passed, count, self.gap, block),
            (Traffic::Drawn { .. }, None) => {}
        }
        self.passed += count as u64;
        count > 0
    }

    /// Whether the warm-up ends with the last block.
    pub(crate) fn warmed_up(&self) -> bool {
        self.passed == self.warm_up
    }

    /// How many requests have been made.
    pub(crate) fn passed(&self) -> u64 {
        self.passed
    }
}

/// A part of a trace as a block.
fn copy(trace: &KeyTrace, from: u64, count: usize, gap: f64, block: &mut Block) {
    // A trace lies in memory.
    let start = usize::try_from(from).unwrap_or(usize::MAX);
    let part = start..start + count;
    block.keys.clear();
    block
        .keys
        .extend(trace.keys()[part.clone()].iter().map(|&key| u64::from(key)));
    block.sizes.clear();
    match trace.sizes() {
        Some(sizes) => block.sizes.extend_from_slice(&sizes[part.clone()]),
        None => block.sizes.resize(count, 1),
    }
    block.times.clear();
    match trace.times() {
        Some(times) => block.times.extend_from_slice(&times[part]),
        None => block
            .times
            .extend((from..).take(count).map(|number| number as f64 * gap)),
    }
}
