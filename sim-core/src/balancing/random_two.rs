//! Random two, nginx's `random two least_conn`: of two different servers drawn by weight, the one where this balancer has
//! fewer requests under way for its weight; the second drawn among equals.
//!
//! A draw of a server that is not eligible, or was drawn already, is thrown away; after 21 such draws smooth weighted round
//! robin takes over, as it does at once for a single server. Source: nginx, `ngx_http_upstream_random_module`.

use super::kind::{Chooser, Kind, Parameters};
use super::least_connections::Load;
use super::or_turns::{OrTurns, TRIES};
use super::{Client, Knows, Sight, Spread, View};
use crate::random::Uniforms;

/// The better of two drawn by weight.
#[derive(Debug, Clone, Copy)]
pub struct RandomTwo;

impl Kind for RandomTwo {
    type State = State;

    const SPELLING: &'static str = "random-two";
    const NAME: &'static str = "random two";
    const TITLE: &'static str = "Random two (nginx)";
    const SENTENCE: &'static str =
        "The fewest of this balancer's requests of two drawn by weight, as in nginx.";
    const PARAMETERS: Option<Parameters<Self>> = None;
    const SEES: &'static [Sight] = &[Sight::Weights, Sight::Connections];
    const KNOWS: Knows = Knows::OwnAtTwo;
    const DRAWS: bool = true;

    fn spread(&self) -> Spread {
        Spread::ByServers { fair: false }
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, weights: &[u32]) -> Self::State {
        State::new(weights)
    }
}

/// What it draws along.
#[derive(Debug, Clone)]
pub(super) struct State(OrTurns);

impl Chooser for State {
    #[inline(always)]
    fn pick(
        &mut self,
        view: &View<'_>,
        _client: &Client,
        _now: f64,
        random: &mut Uniforms<1>,
    ) -> Option<u32> {
        self.choose(view, random)
    }

    fn failed(&mut self, server: u32, weight: u32, max_fails: u32) {
        self.0.failed(server, weight, max_fails);
    }
}

impl State {
    pub(super) fn new(weights: &[u32]) -> Self {
        Self(OrTurns::new(weights))
    }

    #[inline]
    fn choose(&mut self, view: &View<'_>, random: &mut Uniforms<1>) -> Option<u32> {
        if view.servers() < 2 {
            return self.0.turn(view);
        }
        let mut first = None;
        let mut in_vain = 0;
        while in_vain < TRIES {
            let server = self
                .0
                .weights
                .server_at(random.below(self.0.weights.total()));
            match first {
                _ if !view.is_eligible(server) => in_vain += 1,
                Some(first) if first == server => in_vain += 1,
                Some(first) => return Some(better(view, first, server)),
                None => first = Some(server),
            }
        }
        self.0.turn(view)
    }
}

#[inline(always)]
fn better(view: &View<'_>, first: u32, second: u32) -> u32 {
    let load = |server: u32| Load::at(view, server as usize);
    let is_busier = load(second).cmp(load(first)).is_gt();
    if is_busier { first } else { second }
}

#[cfg(test)]
mod tests {
    use super::super::Policy;
    use super::super::tests::{chosen, counts, view};
    use super::*;

    fn assert_shares(connections: &[u32], expected: [u32; 3]) {
        let view = view(&[2, 1, 1], connections);
        let counts = counts(&chosen(&Policy::RandomTwo, &view, 60_000), 3);
        for (count, expected) in counts.into_iter().zip(expected) {
            // No standard deviation is above √(60 000/4) = 122.
            assert!(count.abs_diff(expected) < 5 * 122, "{count} {expected}");
        }
    }

    #[test]
    fn two_different_draws_by_weight() {
        // Weights 2:1:1. Ordered pairs: ab, ac ½·½; ba, ca ¼·⅔; bc, cb ¼·⅓. With more requests each, c > b > a:
        // a wins all but bc and cb, 5/6; b wins those, 1/6.
        assert_shares(&[0, 1, 2], [50_000, 10_000, 0]);
        // All equal for their weight: the second drawn wins; a 2·¼·⅔ = 1/3, b and c ½·½ + ¼·⅓ = 1/3.
        assert_shares(&[2, 1, 1], [20_000; 3]);
        // 3/2 for a loses against 1 for b and c: they win every pair but between themselves.
        assert_shares(&[3, 1, 1], [0, 30_000, 30_000]);
    }

    #[test]
    fn with_one_left_turns_take_over() {
        let weights = [1, 1, 200];
        let view = View {
            eligible: Some(&[false, true, false]),
            ..view(&weights, &[0, 9, 0])
        };
        assert_eq!(
            counts(&chosen(&Policy::RandomTwo, &view, 100), 3),
            [0, 100, 0]
        );
    }
}
