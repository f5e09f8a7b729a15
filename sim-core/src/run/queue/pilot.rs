//! The pilot run: how many requests a replication discards when it has to start empty.
//!
//! Several pilot replications from empty are averaged request by request, batched, and cut by MSER-5. The cut can be lucky, so
//! a few relaxation times are discarded at least; next to a replication's length they cost nothing.

use super::relaxation::relaxation;
use crate::engine::InstructionSet;
use crate::engine::recursion::{Block, Path, Schedule};
use crate::stats::mser;

const LANES: usize = 8;
const HALF: usize = LANES / 2;
/// Pilot replications are counted down from the end of the numbers, out of the way of all others.
const FIRST: u64 = u64::MAX - LANES as u64 + 1;
/// Batch means kept; a longer pilot has larger batches, a multiple of MSER's five.
const BATCHES: u64 = 4096;

/// The warm-up found.
pub(super) struct WarmUp {
    /// Requests to discard.
    pub(super) requests: u64,
    /// Whether the pilot levelled off within its length.
    pub(super) settled: bool,
}

/// Runs the pilot replications of `path`, which start empty.
#[inline]
pub(super) fn warm_up(path: Path<'_>) -> WarmUp {
    let relaxation = relaxation(path.scenario);
    let (batch, batches) = pilot_size(relaxation);
    let means = batch_means(path, batch, batches);
    let cut = mser::truncation(&means);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped"
    )]
    let floor = (5.0 * relaxation).clamp(100.0, 1e6) as u64;
    WarmUp {
        requests: (cut.batches as u64 * batch).max(floor),
        settled: cut.settled,
    }
}

/// Requests in a batch, and batches: about fifty relaxation times in all.
fn pilot_size(relaxation: f64) -> (u64, u64) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped"
    )]
    let length = (50.0 * relaxation).clamp(5_000.0, 500_000.0) as u64;
    let batch = mser::BATCH as u64 * length.div_ceil(mser::BATCH as u64 * BATCHES);
    (batch, length / batch)
}

/// Means of successive batches of response times, over all pilot replications.
#[inline]
fn batch_means(path: Path<'_>, batch: u64, batches: u64) -> Vec<f64> {
    let schedule = Schedule {
        warm_up: 0,
        requests: batch * batches,
    };
    // The narrowest blocks, which are compiled everywhere, side by side.
    let mut blocks =
        [FIRST, FIRST + HALF as u64].map(|first| Block::<HALF>::new(path, schedule, first));
    let instructions = InstructionSet::best();
    let size = (batch * LANES as u64) as f64;
    let mut means = Vec::new();
    let (mut sum, mut rows) = (0.0, 0);
    loop {
        let done = blocks
            .each_mut()
            .map(|block| block.advance(instructions, 1));
        let [left, right] = blocks.each_ref().map(Block::responses);
        for (left, right) in left.iter().zip(right) {
            sum += left.iter().chain(right).sum::<f64>();
            rows += 1;
            if rows == batch {
                means.push(sum / size);
                (sum, rows) = (0.0, 0);
            }
        }
        if done == [true; 2] {
            return means;
        }
    }
}
