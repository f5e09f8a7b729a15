//! Least connections: the server where this balancer has the fewest requests under way for its weight, nginx's `least_conn`.
//!
//! cᵢ/wᵢ is compared by cross-multiplication, cᵢ·wⱼ < cⱼ·wᵢ, in whole numbers. The tied take turns by smooth weighted round
//! robin among themselves. Source: nginx, `ngx_http_upstream_least_conn_module`.

use std::cmp::Ordering;

use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Sight, Spread, View, number, weighted_round_robin};
use crate::random::Uniforms;

/// Least connections.
#[derive(Debug, Clone, Copy)]
pub struct LeastConnections;

impl Kind for LeastConnections {
    type State = State;

    const SPELLING: &'static str = "least-connections";
    const NAME: &'static str = "least connections";
    const TITLE: &'static str = "Least connections";
    const SENTENCE: &'static str =
        "The fewest of this balancer's requests for its weight, as in nginx.";
    const PARAMETERS: Option<Parameters<Self>> = None;
    const SEES: &'static [Sight] = &[Sight::Weights, Sight::Connections];
    const KNOWS: Knows = Knows::OwnAtAll;
    const DRAWS: bool = false;

    fn spread(&self) -> Spread {
        Spread::ByServers { fair: false }
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, weights: &[u32]) -> Self::State {
        State::new(weights.len())
    }
}

/// The turns of the tied.
#[derive(Debug, Clone)]
pub(super) struct State {
    turns: weighted_round_robin::State,
}

impl Chooser for State {
    #[inline(always)]
    fn pick(
        &mut self,
        view: &View<'_>,
        _client: &Client,
        _now: f64,
        _random: &mut Uniforms<1>,
    ) -> Option<u32> {
        self.choose(view)
    }

    /// Fewer turns among the tied.
    fn failed(&mut self, server: u32, weight: u32, max_fails: u32) {
        self.turns.failed(server, weight, max_fails);
    }
}

impl State {
    pub(super) fn new(servers: usize) -> Self {
        Self {
            turns: weighted_round_robin::State::new(servers),
        }
    }

    #[inline]
    pub(super) fn choose(&mut self, view: &View<'_>) -> Option<u32> {
        match view.eligible {
            None => self.among(view, |_| true),
            Some(eligible) => self.among(view, |index| eligible[index]),
        }
    }

    #[inline(always)]
    fn among(&mut self, view: &View<'_>, may: impl Fn(usize) -> bool) -> Option<u32> {
        let mut best: Option<(usize, Load)> = None;
        let mut tied = false;
        for index in (0..view.weights.len()).filter(|&index| may(index)) {
            let load = Load::at(view, index);
            match best.map(|(_, best)| load.cmp(best)) {
                None | Some(Ordering::Less) => (best, tied) = (Some((index, load)), false),
                Some(Ordering::Equal) => tied = true,
                Some(Ordering::Greater) => {}
            }
        }
        let (index, best) = best?;
        if !tied {
            return Some(number(index));
        }
        self.turns.among(view.weights, |index| {
            may(index) && Load::at(view, index).cmp(best) == Ordering::Equal
        })
    }
}

/// A server's requests and its weight; compares as their quotient does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    connections: u64,
    weight: u64,
}

impl Load {
    #[inline(always)]
    pub(super) fn at(view: &View<'_>, index: usize) -> Self {
        Self {
            connections: u64::from(view.connections[index]),
            weight: u64::from(view.weights[index]),
        }
    }

    #[inline(always)]
    pub(super) fn cmp(self, other: Self) -> Ordering {
        (self.connections * other.weight).cmp(&(other.connections * self.weight))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::view;
    use super::*;

    #[test]
    fn the_least_for_its_weight_is_chosen() {
        let mut state = State::new(3);
        // 6/5 < 2/1, and 3/2 between them.
        assert_eq!(state.choose(&view(&[1, 5, 2], &[2, 6, 3])), Some(1));
        assert_eq!(state.choose(&view(&[1, 5, 2], &[2, 10, 3])), Some(2));
    }

    #[test]
    fn the_tied_take_turns_by_weight() {
        // All idle: 5:1:1 once more.
        let mut state = State::new(3);
        let idle = view(&[5, 1, 1], &[0; 3]);
        let choices: Vec<u32> = (0..7).filter_map(|_| state.choose(&idle)).collect();
        assert_eq!(choices, [0, 0, 1, 0, 2, 0, 0]);
        // 2/2 = 1/1 below 9/1: turns of 2:1 between the first two, a b a.
        let mut state = State::new(3);
        let tied = view(&[2, 1, 1], &[2, 1, 9]);
        let choices: Vec<u32> = (0..6).filter_map(|_| state.choose(&tied)).collect();
        assert_eq!(choices, [0, 1, 0, 0, 1, 0]);
    }

    #[test]
    fn a_failure_matters_among_the_tied_alone() {
        let mut state = State::new(2);
        state.failed(0, 2, 1);
        // Not tied: the failed server is chosen and does not climb.
        assert_eq!(state.choose(&view(&[2, 2], &[0, 1])), Some(0));
        // Tied, with 0 and 2: (0, 2) b; 1 and 2: (1, 2) b; then 2 and 2: (3, 1) a.
        let tied = view(&[2, 2], &[1, 1]);
        let choices: Vec<u32> = (0..3).filter_map(|_| state.choose(&tied)).collect();
        assert_eq!(choices, [1, 1, 0]);
    }

    #[test]
    fn holding_what_it_sends_it_fills_by_weight() {
        let (mut state, weights, mut connections) = (State::new(3), [4, 2, 1], [0; 3]);
        for _ in 0..70 {
            let server = state.choose(&view(&weights, &connections)).unwrap();
            connections[server as usize] += 1;
        }
        assert_eq!(connections, [40, 20, 10]);
    }
}
