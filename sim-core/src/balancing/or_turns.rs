//! Where nginx hashes or draws along the weights laid end to end, smooth weighted round robin takes over when that finds nobody.

use super::cumulative::Cumulative;
use super::kind::Chooser as _;
use super::{View, weighted_round_robin};

/// Vain tries after which turns take over: nginx gives up when its count of them exceeds 20.
pub(super) const TRIES: u32 = 21;

/// The weights laid end to end, and the turns.
#[derive(Debug, Clone)]
pub(super) struct OrTurns {
    pub(super) weights: Cumulative,
    turns: weighted_round_robin::State,
}

impl OrTurns {
    pub(super) fn new(weights: &[u32]) -> Self {
        Self {
            weights: Cumulative::new(weights),
            turns: weighted_round_robin::State::new(weights.len()),
        }
    }

    /// A request to `server`, of weight `weight`, failed: fewer turns where they take over.
    pub(super) fn failed(&mut self, server: u32, weight: u32, max_fails: u32) {
        self.turns.failed(server, weight, max_fails);
    }

    /// The server whose turn it is.
    #[inline]
    pub(super) fn turn(&mut self, view: &View<'_>) -> Option<u32> {
        self.turns.choose(view)
    }
}
