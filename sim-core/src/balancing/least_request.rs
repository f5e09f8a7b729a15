//! Least request, Envoy's: with equal weights, the fewest of this balancer's requests among a few draws; with unequal weights,
//! weighted turns in which a busy server weighs less.
//!
//! Equal weights: d servers are drawn uniformly, *with* replacement, and the first of the least busy wins. Unequal weights:
//! earliest deadline first. A server's next deadline is the time of its turn plus 1/wᵢ′ with wᵢ′ = wᵢ/(connections + 1)^bias as
//! of that turn, and the time is the deadline of the last turn. Bias 0 is weighted round robin; the higher, the more is a busy
//! server avoided. Source: Envoy, `LeastRequestLoadBalancer` and `EdfScheduler`.
//!
//! Among equal deadlines the lowest number goes first, where Envoy has the order of insertion. A server that becomes eligible
//! again starts at the present time, rather than with the turns it missed. Envoy starts at a random place of the schedule;
//! here it starts at the beginning.

use serde::{Deserialize, Serialize};

use super::draw::{MAX_DRAWN, any};
use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Sight, Spread, View, policy};
use crate::error::{InputError, in_range};
use crate::math::pow;
use crate::random::Uniforms;

/// Least request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LeastRequest {
    /// Draws for each request where weights are equal, `1..=32`.
    pub choices: u32,
    /// How much a busy server is avoided where weights are not equal, `0..=100`.
    pub active_request_bias: f64,
}

impl Default for LeastRequest {
    fn default() -> Self {
        Self {
            choices: 2,
            active_request_bias: 1.0,
        }
    }
}

impl LeastRequest {
    pub(super) fn validate(&self) -> Result<(), InputError> {
        policy::whole_in_range("choices", self.choices, 1, MAX_DRAWN)?;
        in_range("active_request_bias", self.active_request_bias, 0.0, 100.0).map(|_| ())
    }
}

impl Kind for LeastRequest {
    type State = State;

    const SPELLING: &'static str = "least-request";
    const NAME: &'static str = "least request";
    const TITLE: &'static str = "Least request (Envoy)";
    const SENTENCE: &'static str =
        "The fewest of this balancer's requests among a few drawn, or weighted turns, as in Envoy.";
    const PARAMETERS: Option<Parameters<Self>> = Some(Parameters {
        main: "choices",
        value: |it| &mut it.choices,
        validate: Self::validate,
        examples: r#"{"choices": 2, "active_request_bias": 1}"#,
        brief: r#"{"choices": 2}"#,
    });
    const SEES: &'static [Sight] = &[Sight::Weights, Sight::Connections];
    const KNOWS: Knows = Knows::OwnAtSome;
    const DRAWS: bool = true;

    fn spread(&self) -> Spread {
        Spread::ByServers { fair: false }
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, weights: &[u32]) -> Self::State {
        State::new(self, weights)
    }
}

/// Draws, or a schedule.
#[derive(Debug, Clone)]
pub(super) enum State {
    Equal { choices: u32 },
    Weighted(Schedule),
}

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
}

impl State {
    pub(super) fn new(policy: &LeastRequest, weights: &[u32]) -> Self {
        if weights.windows(2).all(|pair| pair[0] == pair[1]) {
            Self::Equal {
                choices: policy.choices,
            }
        } else {
            Self::Weighted(Schedule::new(policy.active_request_bias, weights))
        }
    }

    #[inline(always)]
    pub(super) fn choose(&mut self, view: &View<'_>, random: &mut Uniforms<1>) -> Option<u32> {
        match self {
            Self::Equal { choices } => least_of(*choices, view, random),
            Self::Weighted(schedule) => schedule.choose(view),
        }
    }
}

#[inline(always)]
fn least_of(choices: u32, view: &View<'_>, random: &mut Uniforms<1>) -> Option<u32> {
    let connections = |server: u32| view.connections[server as usize];
    let mut best = any(view, random)?;
    for _ in 1..choices {
        let server = any(view, random)?;
        if connections(server) < connections(best) {
            best = server;
        }
    }
    Some(best)
}

/// When each server's next turn is due, in units of turns per weight.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    bias: f64,
    time: f64,
    deadlines: Vec<f64>,
}

impl Schedule {
    fn new(bias: f64, weights: &[u32]) -> Self {
        Self {
            bias,
            time: 0.0,
            deadlines: weights
                .iter()
                .map(|&weight| f64::from(weight).recip())
                .collect(),
        }
    }

    #[inline]
    fn choose(&mut self, view: &View<'_>) -> Option<u32> {
        let due = |server: u32| self.deadlines[server as usize].max(self.time);
        let (server, time) = (0..view.servers())
            .filter(|&server| view.is_eligible(server))
            .map(|server| (server, due(server)))
            .reduce(|a, b| if b.1 < a.1 { b } else { a })?;
        self.time = time;
        self.deadlines[server as usize] = time + self.delay(view, server as usize);
        Some(server)
    }

    /// (connections + 1)^bias/w.
    #[inline(always)]
    fn delay(&self, view: &View<'_>, index: usize) -> f64 {
        let active = f64::from(view.connections[index]) + 1.0;
        let weight = f64::from(view.weights[index]);
        if self.bias == 1.0 {
            active / weight
        } else {
            pow(active, self.bias) / weight
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{chosen, counts, view};
    use super::super::{Balancer, Policy};
    use super::*;

    fn turns(bias: f64, weights: &[u32], connections: &[u32], count: usize) -> Vec<u32> {
        let mut schedule = Schedule::new(bias, weights);
        let view = view(weights, connections);
        (0..count).filter_map(|_| schedule.choose(&view)).collect()
    }

    #[test]
    fn draws_are_with_replacement() {
        // The busiest of three wins only if drawn twice, 1/9; the middle one unless the idle one is drawn, 4/9 − 1/9.
        let connections = [2, 0, 1];
        let policy = Policy::LeastRequest(LeastRequest::default());
        let counts = counts(&chosen(&policy, &view(&[3; 3], &connections), 90_000), 3);
        for (count, expected) in counts.into_iter().zip([10_000_u32, 50_000, 30_000]) {
            // The widest standard deviation is 149.
            assert!(count.abs_diff(expected) < 5 * 149, "{count} {expected}");
        }
    }

    #[test]
    fn idle_servers_take_weighted_turns_by_hand() {
        // Deadlines of a: 1/2, 1, 3/2, 2 …; of b: 1, 2 …; a first among equals.
        assert_eq!(turns(1.0, &[2, 1], &[0, 0], 6), [0, 0, 1, 0, 0, 1]);
    }

    #[test]
    fn a_busy_server_weighs_less_by_hand() {
        // a with 3 requests has 2/4, b 1: a at 1/2, then every 2 s: 5/2, 9/2; b at 1, 2, 3, 4.
        assert_eq!(turns(1.0, &[2, 1], &[3, 0], 7), [0, 1, 1, 0, 1, 1, 0]);
        // Squared, a has 2/16: at 1/2 and 17/2, after b's 1 to 8.
        assert_eq!(
            turns(2.0, &[2, 1], &[3, 0], 10),
            [0, 1, 1, 1, 1, 1, 1, 1, 1, 0]
        );
        // Without bias as if idle.
        assert_eq!(turns(0.0, &[2, 1], &[3, 0], 6), [0, 0, 1, 0, 0, 1]);
    }

    #[test]
    fn who_comes_back_has_missed_its_turns() {
        let weights = [2, 1];
        let mut schedule = Schedule::new(1.0, &weights);
        let all = view(&weights, &[0, 0]);
        let without_b = View {
            eligible: Some(&[true, false]),
            ..all
        };
        for _ in 0..100 {
            assert_eq!(schedule.choose(&without_b), Some(0));
        }
        let choices: Vec<u32> = (0..6).filter_map(|_| schedule.choose(&all)).collect();
        assert_eq!(choices, [1, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn one_server_is_a_case_of_equal_weights() {
        let mut balancer = Balancer::new(&Policy::LeastRequest(LeastRequest::default()), &[9]);
        let client = super::super::tests::keyed(0);
        let mut random = super::super::tests::stream(1);
        let choice = balancer.choose(&view(&[9], &[4]), &client, 0.0, &mut random);
        assert_eq!(choice, Some(0));
    }
}
