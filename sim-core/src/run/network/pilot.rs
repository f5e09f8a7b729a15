//! The pilot run: how much simulated time a replication discards, since it starts empty.
//!
//! Response times of several pilot replications are averaged by the stretch of time in which requests arrive, and cut by
//! MSER-5.

use std::sync::Arc;

use crate::engine::network::{Network, Program, Window};
use crate::stats::mser;

/// Pilot replications are counted down from the end of the numbers, out of the way of all others.
const FIRST: u64 = u64::MAX - 3;
/// Events in a step.
const EVENTS: u64 = 1 << 20;
/// Stretches of time told apart.
const STRETCHES: u32 = 1000;

/// The warm-up found.
pub(super) struct WarmUp {
    /// Simulated time to discard, seconds.
    pub(super) seconds: f64,
    /// Whether the pilot levelled off within its length.
    pub(super) settled: bool,
}

/// Runs the pilot replications of `program`, which start empty.
pub(super) fn warm_up(program: &Program, window: Window, seed: u64) -> WarmUp {
    let program = Arc::new(program.with_series(STRETCHES));
    let mut sums = vec![(0, 0.0); STRETCHES as usize];
    for replication in FIRST..=u64::MAX {
        let mut network = Network::new(&program, window, seed, replication);
        while !network.advance(EVENTS) {}
        let Some(series) = &network.tally().series else {
            continue;
        };
        for (sum, (count, total)) in sums.iter_mut().zip(&series.responses) {
            sum.0 += count;
            sum.1 += total;
        }
    }
    // A stretch in which nobody came says nothing; the one before speaks for it.
    let mut last = 0.0;
    let means: Vec<f64> = sums
        .iter()
        .map(|&(count, total)| {
            if count > 0 {
                last = total / count as f64;
            }
            last
        })
        .collect();
    let cut = mser::truncation(&means);
    WarmUp {
        seconds: cut.batches as f64 / f64::from(STRETCHES) * window.stop,
        settled: cut.settled,
    }
}
