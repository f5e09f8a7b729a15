//! Weighted random: each eligible server with probability wᵢ/Σw, whatever its load and whatever came before.
//!
//! One number in 0..Σw is drawn; the server is the one on whose stretch it falls, the weights of the eligible laid end to end. With
//! Poisson arrivals each server is an M/G/1 queue of its own, at the rate λ·wᵢ/Σw; with equal weights it is random choice. nginx's
//! `random` without `two` takes weights into account too; how often it draws again for a server that is down is not modelled.

use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Share, Sight, Spread, View};
use crate::random::Uniforms;

/// Any server, by its weight.
#[derive(Debug, Clone, Copy)]
pub struct WeightedRandom;

impl Kind for WeightedRandom {
    type State = Self;

    const SPELLING: &'static str = "weighted-random";
    const NAME: &'static str = "weighted random";
    const TITLE: &'static str = "Weighted random";
    const SENTENCE: &'static str = "Any server, with a probability by its weight.";
    const PARAMETERS: Option<Parameters<Self>> = None;
    const SEES: &'static [Sight] = &[Sight::Weights];
    const KNOWS: Knows = Knows::Weights;
    const DRAWS: bool = true;

    fn spread(&self) -> Spread {
        Spread::ByChance(Share::Weight)
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, _weights: &[u32]) -> Self::State {
        Self
    }
}

impl Chooser for WeightedRandom {
    #[inline]
    fn pick(
        &mut self,
        view: &View<'_>,
        _client: &Client,
        _now: f64,
        random: &mut Uniforms<1>,
    ) -> Option<u32> {
        let eligible = || (0..view.servers()).filter(|&server| view.is_eligible(server));
        let weight = |server: u32| view.weights[server as usize];
        let all: u32 = eligible().map(weight).sum();
        if all == 0 {
            return None;
        }
        let mut left = random.below(all);
        eligible().find(|&server| {
            let is_here = left < weight(server);
            left = left.saturating_sub(weight(server));
            is_here
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{chosen, counts, view};
    use super::super::{Policy, View};

    #[test]
    fn shares_are_by_weight_among_the_eligible() {
        let weights = [1, 9, 2, 3];
        let view = View {
            eligible: Some(&[true, false, true, true]),
            ..view(&weights, &[5, 0, 0, 0])
        };
        let counts = counts(&chosen(&Policy::WeightedRandom, &view, 60_000), 4);
        for (count, expected) in counts.into_iter().zip([10_000_u32, 0, 20_000, 30_000]) {
            // The widest standard deviation is 122.
            assert!(count.abs_diff(expected) < 5 * 122, "{count} {expected}");
        }
    }

    #[test]
    fn each_choice_takes_one_number_and_equal_weights_are_random_choice() {
        let weights = [7; 10];
        let view = view(&weights, &[0; 10]);
        let by_weight = chosen(&Policy::WeightedRandom, &view, 1000);
        assert_eq!(by_weight, chosen(&Policy::Random, &view, 1000));
    }
}
