//! Smooth weighted round robin, nginx's default: turns in proportion to the weights, spread evenly in time.
//!
//! Every eligible server's credit grows by its weight; the largest credit is chosen, the first among equals, and pays the sum
//! of those weights: cᵢ ← cᵢ + wᵢ, then c\* ← c\* − Σw. Weights 5:1:1 give a a b a c a a, not five times a in a row. Source:
//! nginx, `ngx_http_upstream_round_robin`, since 1.3.1 (2012).
//!
//! A failed request lowers its server's weight by w/`max_fails`, in whole numbers and not below 0; each choice that the server
//! could have been raises it by one again, after it was counted.

use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Share, Sight, Spread, View, number};
use crate::random::Uniforms;

/// Smooth weighted round robin.
#[derive(Debug, Clone, Copy)]
pub struct WeightedRoundRobin;

impl Kind for WeightedRoundRobin {
    type State = State;

    const SPELLING: &'static str = "weighted-round-robin";
    const NAME: &'static str = "weighted round robin";
    const TITLE: &'static str = "Weighted round robin";
    const SENTENCE: &'static str = "The servers in turn by weight, smoothly, as in nginx.";
    const PARAMETERS: Option<Parameters<Self>> = None;
    const SEES: &'static [Sight] = &[Sight::Weights];
    const KNOWS: Knows = Knows::Weights;
    const DRAWS: bool = false;

    fn spread(&self) -> Spread {
        Spread::InTurn(Share::Weight)
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, weights: &[u32]) -> Self::State {
        State::new(weights.len())
    }
}

/// Each server's credit, and what is missing of its weight.
#[derive(Debug, Clone)]
pub(super) struct State {
    credits: Vec<i64>,
    /// Empty while nothing is missing from anybody.
    missing: Vec<u32>,
    /// The weights without what is missing.
    effective: Vec<u32>,
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

    #[cold]
    fn failed(&mut self, server: u32, weight: u32, max_fails: u32) {
        let Some(loss) = weight.checked_div(max_fails) else {
            return;
        };
        self.missing.resize(self.credits.len(), 0);
        let missing = &mut self.missing[server as usize];
        *missing = missing.saturating_add(loss).min(weight);
    }
}

impl State {
    pub(super) fn new(servers: usize) -> Self {
        Self {
            credits: vec![0; servers],
            missing: Vec::new(),
            effective: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn choose(&mut self, view: &View<'_>) -> Option<u32> {
        match view.eligible {
            None => self.among(view.weights, |_| true),
            Some(eligible) => self.among(view.weights, |index| eligible[index]),
        }
    }

    /// The server whose turn it is among those that `may` be chosen; the others' credits stay as they are.
    #[inline(always)]
    pub(super) fn among(&mut self, weights: &[u32], may: impl Fn(usize) -> bool) -> Option<u32> {
        if self.missing.is_empty() {
            turn(&mut self.credits, weights, may)
        } else {
            self.among_lowered(weights, may)
        }
    }

    /// The same with effective weights, which rise.
    fn among_lowered(&mut self, weights: &[u32], may: impl Fn(usize) -> bool) -> Option<u32> {
        let effective = weights.iter().zip(&self.missing);
        let effective = effective.map(|(weight, &missing)| weight.saturating_sub(missing));
        self.effective.clear();
        self.effective.extend(effective);
        let server = turn(&mut self.credits, &self.effective, &may);
        for (index, missing) in self.missing.iter_mut().enumerate() {
            *missing = missing.saturating_sub(u32::from(may(index)));
        }
        if self.missing.iter().all(|&missing| missing == 0) {
            self.missing.clear();
        }
        server
    }
}

#[inline(always)]
fn turn(credits: &mut [i64], weights: &[u32], may: impl Fn(usize) -> bool) -> Option<u32> {
    let mut best: Option<(usize, i64)> = None;
    let mut total = 0;
    for (index, (credit, &weight)) in credits.iter_mut().zip(weights).enumerate() {
        if !may(index) {
            continue;
        }
        *credit += i64::from(weight);
        total += i64::from(weight);
        if best.is_none_or(|(_, most)| *credit > most) {
            best = Some((index, *credit));
        }
    }
    let (index, _) = best?;
    credits[index] -= total;
    Some(number(index))
}

#[cfg(test)]
mod tests {
    use super::super::tests::view;
    use super::*;

    fn choices(state: &mut State, view: &View<'_>, count: usize) -> Vec<u32> {
        (0..count).filter_map(|_| state.choose(view)).collect()
    }

    #[test]
    fn five_to_one_to_one_as_published() {
        let mut state = State::new(3);
        let view = view(&[5, 1, 1], &[0; 3]);
        // a a b a c a a, over and over.
        let cycle = [0, 0, 1, 0, 2, 0, 0];
        assert_eq!(choices(&mut state, &view, 14), [cycle, cycle].concat());
    }

    #[test]
    fn three_to_two_by_hand() {
        // Credits after growing and paying: (3,2)→(−2,2), (1,4)→(1,−1), (4,1)→(−1,1), (2,3)→(2,−2), (5,0)→(0,0).
        let view = view(&[3, 2], &[0; 2]);
        assert_eq!(choices(&mut State::new(2), &view, 5), [0, 1, 0, 1, 0]);
    }

    #[test]
    fn the_ineligible_neither_gain_nor_pay() {
        let mut state = State::new(3);
        let all = view(&[5, 1, 1], &[0; 3]);
        let without_a = View {
            eligible: Some(&[false, true, true]),
            ..all
        };
        assert_eq!(choices(&mut state, &without_a, 4), [1, 2, 1, 2]);
        assert_eq!(state.credits, [0, 0, 0]);
        assert_eq!(choices(&mut state, &all, 3), [0, 0, 1]);
    }

    /// Chooses until `expected` is used up, checking the effective weights each time before the choice.
    fn assert_turns(state: &mut State, view: &View<'_>, expected: &[([u32; 3], u32)]) {
        for (step, &(effective, server)) in expected.iter().enumerate() {
            let missing = |index: usize| state.missing.get(index).copied().unwrap_or(0);
            let found: Vec<_> = (0..3)
                .map(|index| view.weights[index] - missing(index))
                .collect();
            assert_eq!(found, effective, "before choice {step}");
            assert_eq!(state.choose(view), Some(server), "choice {step}");
        }
    }

    #[test]
    fn a_failure_takes_all_the_weight_at_max_fails_one_and_it_climbs_back() {
        // Credits after growing → after paying, by hand from nginx's rule.
        let mut state = State::new(3);
        let all = view(&[5, 1, 1], &[0; 3]);
        state.failed(0, 5, 1);
        let expected = [
            ([0, 1, 1], 1), // (0, 1, 1) → (0, −1, 1)
            ([1, 1, 1], 2), // (1, 0, 2) → (1, 0, −1)
            ([2, 1, 1], 0), // (3, 1, 0) → (−1, 1, 0)
            ([3, 1, 1], 0), // (2, 2, 1) → (−3, 2, 1)
            ([4, 1, 1], 1), // (1, 3, 2) → (1, −3, 2)
            ([5, 1, 1], 0), // (6, −2, 3) → (−1, −2, 3)
            ([5, 1, 1], 0), // (4, −1, 4) → (−3, −1, 4)
            ([5, 1, 1], 2), // (2, 0, 5) → (2, 0, −2)
        ];
        assert_turns(&mut state, &all, &expected);
        assert!(state.missing.is_empty());
    }

    #[test]
    fn weight_over_max_fails_is_a_whole_number_and_no_weight_is_below_none() {
        let all = view(&[5, 1, 1], &[0; 3]);
        // 5/3 = 1 and 1/3 = 0 in whole numbers.
        let mut state = State::new(3);
        state.failed(0, 5, 3);
        state.failed(1, 1, 3);
        assert_turns(&mut state, &all, &[([4, 1, 1], 0), ([5, 1, 1], 0)]);
        // Twice 5/2 = 2 and then all of it.
        let mut state = State::new(3);
        state.failed(0, 5, 2);
        state.failed(0, 5, 2);
        assert_eq!(state.missing, [4, 0, 0]);
        state.failed(0, 5, 2);
        assert_eq!(state.missing, [5, 0, 0]);
        // Without `max_fails` nothing is lost.
        let mut state = State::new(3);
        state.failed(0, 5, 0);
        assert!(state.missing.is_empty());
    }

    #[test]
    fn who_is_left_out_does_not_climb() {
        let mut state = State::new(3);
        let all = view(&[5, 1, 1], &[0; 3]);
        state.failed(0, 5, 1);
        let without_a = View {
            eligible: Some(&[false, true, true]),
            ..all
        };
        assert_eq!(choices(&mut state, &without_a, 4), [1, 2, 1, 2]);
        assert_eq!(state.missing, [5, 0, 0]);
        assert_eq!(state.choose(&all), Some(1));
        assert_eq!(state.missing, [4, 0, 0]);
    }
}
