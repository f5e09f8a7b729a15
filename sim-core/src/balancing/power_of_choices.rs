//! Power of d choices: d different servers are drawn uniformly and polled; the one with the fewest requests in truth wins,
//! the first drawn among equals.
//!
//! With Poisson arrivals, exponential services and many servers, the share of queues of at least k requests falls as
//! ρ^((dᵏ − 1)/(d − 1)), doubly exponentially, where random choice (d = 1) has ρᵏ. Sources: Vvedenskaya, Dobrushin and
//! Karpelevich (1996); Mitzenmacher, "The power of two choices in randomized load balancing" (2001).
//!
//! Polling takes no time, and sees what other balancers have sent. Weights are not regarded.

use serde::{Deserialize, Serialize};

use super::draw::{Distinct, MAX_DRAWN, two};
use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Sight, Spread, View};
use crate::error::InputError;
use crate::random::Uniforms;

/// Power of d choices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PowerOfChoices {
    /// Servers polled for each request, `1..=32`; all of them where there are no more.
    pub choices: u32,
}

impl Default for PowerOfChoices {
    fn default() -> Self {
        Self { choices: 2 }
    }
}

impl Kind for PowerOfChoices {
    type State = Self;

    const SPELLING: &'static str = "power-of-choices";
    const NAME: &'static str = "power of choices";
    const USUAL_NAME: &'static str = "power of two choices";
    const TITLE: &'static str = "Power of two choices";
    const SENTENCE: &'static str = "The fewest requests among a few servers drawn and polled.";
    const PARAMETERS: Option<Parameters<Self>> = Some(Parameters {
        main: "choices",
        value: |it| &mut it.choices,
        validate: Self::validate,
        examples: r#"{"choices": 2}"#,
        brief: r#"{"choices": 2}"#,
    });
    const SEES: &'static [Sight] = &[Sight::InSystem];
    const KNOWS: Knows = Knows::SomeQueues;
    const DRAWS: bool = true;

    fn spread(&self) -> Spread {
        Spread::BestOf(self.choices)
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, _weights: &[u32]) -> Self::State {
        self.clone()
    }
}

impl Chooser for PowerOfChoices {
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

impl PowerOfChoices {
    pub(super) fn validate(&self) -> Result<(), InputError> {
        super::policy::whole_in_range("choices", self.choices, 1, MAX_DRAWN)
    }

    #[inline(always)]
    fn choose(&self, view: &View<'_>, random: &mut Uniforms<1>) -> Option<u32> {
        if self.choices == 2 {
            let (first, second) = two(view, random)?;
            let better = queue(view, second) < queue(view, first);
            return Some(if better { second } else { first });
        }
        self.best_of_many(view, random)
    }

    fn best_of_many(&self, view: &View<'_>, random: &mut Uniforms<1>) -> Option<u32> {
        let mut drawing = Distinct::new(view);
        let mut best = drawing.next(view, random)?;
        for _ in 1..self.choices {
            let Some(server) = drawing.next(view, random) else {
                break;
            };
            if queue(view, server) < queue(view, best) {
                best = server;
            }
        }
        Some(best)
    }
}

#[inline(always)]
fn queue(view: &View<'_>, server: u32) -> u32 {
    view.in_system[server as usize]
}

#[cfg(test)]
mod tests {
    use super::super::tests::{chosen, counts, view};
    use super::super::{Policy, View};
    use super::*;

    fn shares(choices: u32, in_system: &[u32], eligible: Option<&[bool]>) -> Vec<u32> {
        let weights = vec![1; in_system.len()];
        let view = View {
            eligible,
            ..view(&weights, in_system)
        };
        let policy = Policy::PowerOfChoices(PowerOfChoices { choices });
        counts(&chosen(&policy, &view, 60_000), in_system.len())
    }

    fn assert_shares(counts: &[u32], expected: &[u32]) {
        for (count, expected) in counts.iter().zip(expected) {
            // No standard deviation is above √(60 000/4) = 122.
            assert!(count.abs_diff(*expected) < 5 * 122, "{counts:?}");
        }
    }

    #[test]
    fn with_queues_0_to_3_the_shortest_drawn_wins() {
        // Server i wins if drawn and none shorter is: of six pairs 3, 2, 1, 0; of four triples 3, 1, 0, 0.
        let queues = [0, 1, 2, 3];
        assert_shares(&shares(2, &queues, None), &[30_000, 20_000, 10_000, 0]);
        assert_shares(&shares(3, &queues, None), &[45_000, 15_000, 0, 0]);
        assert_shares(&shares(1, &queues, None), &[15_000; 4]);
    }

    #[test]
    fn all_are_polled_where_choices_are_many_and_the_ineligible_never() {
        assert_eq!(shares(4, &[3, 1, 2, 4], None), [0, 60_000, 0, 0]);
        let eligible = [true, false, true, true];
        for choices in [3, 32] {
            let shares = shares(choices, &[3, 1, 2, 4], Some(&eligible));
            assert_eq!(shares, [0, 0, 60_000, 0]);
        }
    }

    #[test]
    fn the_tied_share_equally() {
        assert_shares(&shares(2, &[1; 3], None), &[20_000; 3]);
    }
}
