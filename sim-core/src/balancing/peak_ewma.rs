//! Peak EWMA, Finagle's latency-aware choice: of two different servers drawn uniformly, the one with the lower load, which is
//! its smoothed response time times the requests it would have under way.
//!
//! cost is an average of the response times that this balancer saw, in which the past fades: after Δt seconds its share is
//! w = e^(−Δt/τ). A response time r above it replaces it at once, any other makes it cost·w + r·(1 − w). When a choice is made
//! the cost fades too, as by a response time of zero, so that a server that was slow is tried again.
//! load = cost·(connections + 1); the first drawn wins among equals.
//!
//! A server that was never measured has cost 0: free of requests its load is 0, and it is tried at once; with requests under
//! way its load is above any measured one until the first returns. Weights are not regarded, and a failure's response time
//! counts like any other. Source: Twitter Finagle, `PeakEwma` and `P2CPick`.

use serde::{Deserialize, Serialize};

use super::draw::two;
use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Sight, Spread, View};
use crate::error::{InputError, in_range};
use crate::math::exp;
use crate::random::Uniforms;

/// The load of a server that has requests under way but none returned, seconds, besides their number.
const PENALTY: f64 = 1e12;

/// Peak EWMA.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PeakEwma {
    /// τ, the seconds in which the past fades to 1/e, `1e-6..=1e6`.
    pub decay: f64,
}

impl Default for PeakEwma {
    fn default() -> Self {
        Self { decay: 10.0 }
    }
}

impl PeakEwma {
    pub(super) fn validate(&self) -> Result<(), InputError> {
        in_range("decay", self.decay, 1e-6, 1e6).map(|_| ())
    }
}

impl Kind for PeakEwma {
    type State = State;

    const SPELLING: &'static str = "peak-ewma";
    const NAME: &'static str = "peak EWMA";
    const TITLE: &'static str = "Peak EWMA (Finagle)";
    const SENTENCE: &'static str = "The lower response time times requests of two, as in Finagle.";
    const PARAMETERS: Option<Parameters<Self>> = Some(Parameters {
        main: "decay",
        value: |it| &mut it.decay,
        validate: Self::validate,
        examples: r#"{"decay": 10}"#,
        brief: r#"{"decay": 10}"#,
    });
    const SEES: &'static [Sight] = &[Sight::Connections, Sight::Responses];
    const KNOWS: Knows = Knows::Responses;
    const DRAWS: bool = true;

    fn spread(&self) -> Spread {
        Spread::ByServers { fair: false }
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, weights: &[u32]) -> Self::State {
        State::new(self, weights.len())
    }
}

/// The cost of each server.
#[derive(Debug, Clone)]
pub(super) struct State {
    decay: f64,
    costs: Vec<Cost>,
}

/// A fading average of response times, seconds, and when it was last brought up to date.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    value: f64,
    at: f64,
}

impl Cost {
    #[inline(always)]
    fn observe(&mut self, now: f64, response: f64, decay: f64) {
        if response > self.value {
            self.value = response;
        } else {
            let w = exp(-(now - self.at).max(0.0) / decay);
            self.value = self.value * w + response * (1.0 - w);
        }
        self.at = now;
    }
}

impl Chooser for State {
    #[inline(always)]
    fn pick(
        &mut self,
        view: &View<'_>,
        _client: &Client,
        now: f64,
        random: &mut Uniforms<1>,
    ) -> Option<u32> {
        self.choose(view, now, random)
    }

    #[inline]
    fn returned(&mut self, server: u32, now: f64, response: f64) {
        self.costs[server as usize].observe(now, response, self.decay);
    }
}

impl State {
    pub(super) fn new(policy: &PeakEwma, servers: usize) -> Self {
        Self {
            decay: policy.decay,
            costs: vec![Cost::default(); servers],
        }
    }

    #[inline]
    pub(super) fn choose(
        &mut self,
        view: &View<'_>,
        now: f64,
        random: &mut Uniforms<1>,
    ) -> Option<u32> {
        let (first, second) = two(view, random)?;
        let [a, b] = [first, second].map(|server| self.load(server, view, now));
        Some(if b < a { second } else { first })
    }

    #[inline(always)]
    fn load(&mut self, server: u32, view: &View<'_>, now: f64) -> f64 {
        let connections = f64::from(view.connections[server as usize]);
        let cost = &mut self.costs[server as usize];
        if cost.value > 0.0 {
            cost.observe(now, 0.0, self.decay);
        }
        if cost.value == 0.0 && connections > 0.0 {
            PENALTY + connections
        } else {
            cost.value * (connections + 1.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{stream, view};
    use super::*;

    fn close(value: f64, expected: f64) {
        assert!((value / expected - 1.0).abs() < 1e-9, "{value} {expected}");
    }

    #[test]
    fn costs_by_hand() {
        let mut state = State::new(&PeakEwma { decay: 10.0 }, 1);
        state.returned(0, 5.0, 1.0);
        assert_eq!(state.costs[0].value, 1.0);
        // Above: at once. Below, 10 s later: 2/e + 0.5·(1 − 1/e) = 1.051819.
        state.returned(0, 6.0, 2.0);
        assert_eq!(state.costs[0].value, 2.0);
        state.returned(0, 16.0, 0.5);
        close(state.costs[0].value, 1.051_819_161_757_163_5);
        // Read 5 s later with 3 requests under way: 1.051819·e^(−1/2)·4 = 2.551842.
        let load = state.load(0, &view(&[1], &[3]), 21.0);
        close(load, 2.551_842_280_315_846);
    }

    #[test]
    fn the_lower_load_wins() {
        let mut state = State::new(&PeakEwma::default(), 2);
        state.returned(0, 1.0, 0.3);
        state.returned(1, 1.0, 0.1);
        let mut choose =
            |connections: &[u32]| state.choose(&view(&[1; 2], connections), 1.0, &mut stream(1));
        // 0.3·1 against 0.1·2, and against 0.1·4.
        assert_eq!(choose(&[0, 1]), Some(1));
        assert_eq!(choose(&[0, 3]), Some(0));
    }

    #[test]
    fn the_unknown_are_tried_once_and_then_waited_for() {
        let mut state = State::new(&PeakEwma::default(), 2);
        state.returned(0, 1.0, 0.3);
        let mut choose =
            |connections: &[u32]| state.choose(&view(&[1; 2], connections), 1.0, &mut stream(1));
        assert_eq!(choose(&[0, 0]), Some(1));
        assert_eq!(choose(&[50, 1]), Some(0));
    }
}
