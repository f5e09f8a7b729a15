//! Rendezvous hashing, the highest random weight: each key ranks all servers by a hash of the two and takes the first that is
//! eligible. When a server leaves, only its own keys move, to all others in proportion to their weights; there is no table.
//!
//! With u the hash of (key, server) as a uniform of (0, 1], the score is −w/ln u, and the highest wins; computed as the least
//! −ln u/w, an exponential race in which server i wins with probability wᵢ/Σw. Of equal weights the highest u wins, without
//! a logarithm.
//!
//! Sources: Thaler and Ravishankar, "Using name-based mappings to increase hit rates" (1998); weights by Schindelhauer and
//! Schomaker, "Weighted distributed hash tables" (SPAA 2005).

use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Sight, Spread, View};
use crate::math::ln_normal;
use crate::random::{Uniforms, hash, nth};

/// Rendezvous hashing.
#[derive(Debug, Clone, Copy)]
pub struct Rendezvous;

impl Kind for Rendezvous {
    type State = State;

    const SPELLING: &'static str = "rendezvous";
    const NAME: &'static str = "rendezvous hashing";
    const TITLE: &'static str = "Rendezvous hashing";
    const SENTENCE: &'static str = "By the key, the highest random weight.";
    const PARAMETERS: Option<Parameters<Self>> = None;
    const SEES: &'static [Sight] = &[Sight::Weights, Sight::Client];
    const KNOWS: Knows = Knows::Client;
    const DRAWS: bool = false;

    fn spread(&self) -> Spread {
        Spread::ByClient
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, weights: &[u32]) -> Self::State {
        State::new(weights)
    }
}

/// Whether logarithms are needed.
#[derive(Debug, Clone)]
pub(super) struct State {
    weighted: bool,
}

impl Chooser for State {
    #[inline(always)]
    fn pick(
        &mut self,
        view: &View<'_>,
        client: &Client,
        _now: f64,
        _random: &mut Uniforms<1>,
    ) -> Option<u32> {
        self.choose(view, client)
    }
}

impl State {
    pub(super) fn new(weights: &[u32]) -> Self {
        Self {
            weighted: weights.windows(2).any(|pair| pair[0] != pair[1]),
        }
    }

    #[inline]
    pub(super) fn choose(&self, view: &View<'_>, client: &Client) -> Option<u32> {
        let key = hash(client.key);
        let eligible = (0..view.servers()).filter(|&server| view.is_eligible(server));
        if self.weighted {
            let scored = eligible.map(|server| (score(key, server, view), server));
            let least = scored.reduce(|a, b| if b.0 < a.0 { b } else { a });
            least.map(|(_, server)| server)
        } else {
            // A bijection for a given key: never tied.
            eligible.max_by_key(|&server| rank(key, server))
        }
    }
}

#[inline(always)]
fn rank(key: u64, server: u32) -> u64 {
    nth(key, u64::from(server) + 1)
}

/// −ln u/w of this key at this server, u in (0, 1] a multiple of 2⁻⁵².
#[inline(always)]
fn score(key: u64, server: u32, view: &View<'_>) -> f64 {
    let u = ((rank(key, server) >> 12) + 1) as f64 * (1.0 / (1_u64 << 52) as f64);
    -ln_normal(u) / f64::from(view.weights[server as usize])
}

#[cfg(test)]
mod tests {
    use super::super::tests::{keyed, view};
    use super::*;

    #[test]
    fn only_keys_of_the_removed_server_move() {
        for weights in [[1; 5], [1, 2, 3, 4, 5]] {
            let (state, all) = (State::new(&weights), view(&weights, &[0; 5]));
            let without = View {
                eligible: Some(&[true, true, false, true, true]),
                ..all
            };
            for key in 0..20_000 {
                let before = state.choose(&all, &keyed(key)).unwrap();
                let after = state.choose(&without, &keyed(key)).unwrap();
                assert!(if before == 2 {
                    after != 2
                } else {
                    after == before
                });
            }
        }
    }

    #[test]
    fn shares_follow_the_weights() {
        let weights = [1, 2, 3, 4];
        let (state, view) = (State::new(&weights), view(&weights, &[0; 4]));
        let mut counts = [0_u32; 4];
        for key in 0..100_000 {
            counts[state.choose(&view, &keyed(key)).unwrap() as usize] += 1;
        }
        for (count, expected) in counts.into_iter().zip([10_000, 20_000, 30_000, 40_000]) {
            // The widest standard deviation is 155.
            assert!(count.abs_diff(expected) < 5 * 155, "{counts:?}");
        }
    }

    #[test]
    fn equal_weights_need_no_logarithm() {
        let weights = [7; 6];
        let view = view(&weights, &[0; 6]);
        for key in 0..10_000 {
            let by_rank = State { weighted: false }.choose(&view, &keyed(key));
            let by_score = State { weighted: true }.choose(&view, &keyed(key));
            assert_eq!(by_rank, by_score);
        }
    }
}
