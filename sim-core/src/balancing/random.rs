//! Random: each eligible server with the same probability, whatever its weight and its load.
//!
//! The baseline of all others: with Poisson arrivals each of n servers is an M/G/1 queue of its own.

use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Share, Sight, Spread, View, draw};
use crate::random::Uniforms;

/// Any server.
#[derive(Debug, Clone, Copy)]
pub struct Random;

impl Kind for Random {
    type State = Self;

    const SPELLING: &'static str = "random";
    const NAME: &'static str = "random";
    const TITLE: &'static str = "Random";
    const SENTENCE: &'static str = "Any server.";
    const PARAMETERS: Option<Parameters<Self>> = None;
    const SEES: &'static [Sight] = &[];
    const KNOWS: Knows = Knows::Nothing;
    const DRAWS: bool = true;

    fn spread(&self) -> Spread {
        Spread::ByChance(Share::Equal)
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, _weights: &[u32]) -> Self::State {
        Self
    }
}

impl Chooser for Random {
    #[inline(always)]
    fn pick(
        &mut self,
        view: &View<'_>,
        _client: &Client,
        _now: f64,
        random: &mut Uniforms<1>,
    ) -> Option<u32> {
        draw::any(view, random)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{chosen, counts, view};
    use super::super::{Policy, View};

    #[test]
    fn every_eligible_server_is_as_likely() {
        let weights = [1, 9, 1, 1];
        let view = View {
            eligible: Some(&[true, true, false, true]),
            ..view(&weights, &[5, 0, 0, 0])
        };
        let counts = counts(&chosen(&Policy::Random, &view, 30_000), 4);
        assert_eq!(counts[2], 0);
        for server in [0, 1, 3] {
            // 10 000 ± 82.
            assert!(counts[server].abs_diff(10_000) < 410, "{counts:?}");
        }
    }
}
