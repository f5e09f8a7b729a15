//! Consistent hashing with bounded loads: a key's server may be passed over when it has more than its share.
//!
//! With m requests of this balancer under way, all servers together may hold ⌈(m + 1)·f⌉ with the new one, f > 1. These slots
//! are dealt out by weight: ⌊slots/Σw⌋ for each unit of weight, and the rest in proportion, laid end to end; never less than
//! one. The walk on the ring of consistent hashing ends at the first server with a slot to spare. There always is one: the
//! slots are more than the requests.
//!
//! Sources: Mirrokni, Thorup and Zadimoghaddam, "Consistent hashing with bounded loads" (SODA 2018); the weights as in
//! `HAProxy`'s `hash-balance-factor`, whose whole per cents f is rounded to, so that all is counted in whole numbers.

use serde::{Deserialize, Serialize};

use super::consistent_hash::{ConsistentHash, Ring, ring_bytes};
use super::cumulative::Cumulative;
use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Sight, Spread, View};
use crate::error::{InputError, in_range};
use crate::random::Uniforms;

/// Consistent hashing with bounded loads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct BoundedHash {
    /// How much more than its share a server may hold, `1.01..=100`, rounded to hundredths.
    pub factor: f64,
    /// Points of the ring per unit of weight, `1..=1024`.
    pub points: u32,
}

impl Default for BoundedHash {
    fn default() -> Self {
        Self {
            factor: 1.25,
            points: ConsistentHash::default().points,
        }
    }
}

impl BoundedHash {
    pub(super) fn validate(&self) -> Result<(), InputError> {
        in_range("factor", self.factor, 1.01, 100.0)?;
        super::policy::whole_in_range("points", self.points, 1, 1024)
    }
}

impl Kind for BoundedHash {
    type State = State;

    const SPELLING: &'static str = "bounded-hash";
    const NAME: &'static str = "bounded-load hashing";
    const TITLE: &'static str = "Bounded-load hashing";
    const SENTENCE: &'static str =
        "By the key, on a ring, unless a server has more than its share.";
    const PARAMETERS: Option<Parameters<Self>> = Some(Parameters {
        main: "factor",
        value: |it| &mut it.factor,
        validate: Self::validate,
        examples: r#"{"factor": 1.25, "points": 160}"#,
        brief: r#"{"factor": 1.25}"#,
    });
    const SEES: &'static [Sight] = &[Sight::Weights, Sight::Client, Sight::Connections];
    const KNOWS: Knows = Knows::Client;
    const DRAWS: bool = false;

    fn spread(&self) -> Spread {
        Spread::ByServers { fair: false }
    }

    fn table(&self, weights: f64) -> f64 {
        ring_bytes(self.points, weights)
    }

    fn state(&self, weights: &[u32]) -> Self::State {
        State::new(self, weights)
    }
}

/// The ring, and what the bound is computed from.
#[derive(Debug, Clone)]
pub(super) struct State {
    ring: Ring,
    weights: Cumulative,
    per_cent: u64,
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
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "validated to be at most 100"
    )]
    pub(super) fn new(policy: &BoundedHash, weights: &[u32]) -> Self {
        Self {
            ring: Ring::new(policy.points, weights),
            weights: Cumulative::new(weights),
            per_cent: (policy.factor * 100.0).round() as u64,
        }
    }

    #[inline]
    pub(super) fn choose(&self, view: &View<'_>, client: &Client) -> Option<u32> {
        let weight = match view.eligible {
            None => self.weights.total(),
            Some(_) => self.weight_before(view, view.servers()),
        };
        if weight == 0 {
            return None;
        }
        let bound = Bound::new(view.connections, self.per_cent, weight);
        self.ring.walk(client.key).find(|&server| {
            view.is_eligible(server) && {
                let before = self.weight_before(view, server);
                let [start, end] = [before, before + self.weight(server)];
                u64::from(view.connections[server as usize]) < bound.slots(start, end)
            }
        })
    }

    #[inline(always)]
    fn weight(&self, server: u32) -> u32 {
        self.weights.before(server + 1) - self.weights.before(server)
    }

    /// The weight of the eligible servers before `server`.
    #[inline(always)]
    fn weight_before(&self, view: &View<'_>, server: u32) -> u32 {
        match view.eligible {
            None => self.weights.before(server),
            Some(_) => (0..server)
                .filter(|&other| view.is_eligible(other))
                .map(|other| self.weight(other))
                .sum(),
        }
    }
}

/// How many requests there may be, and over how much weight.
struct Bound {
    slots: u64,
    weight: u64,
}

impl Bound {
    fn new(connections: &[u32], per_cent: u64, weight: u32) -> Self {
        let under_way: u64 = connections.iter().map(|&count| u64::from(count)).sum();
        Self {
            slots: ((under_way + 1) * per_cent).div_ceil(100),
            weight: u64::from(weight),
        }
    }

    /// The slots of the server whose weight lies from `start` to `end` among all.
    fn slots(&self, start: u32, end: u32) -> u64 {
        let [start, end] = [u64::from(start), u64::from(end)];
        let (each, rest) = (self.slots / self.weight, self.slots % self.weight);
        let dealt = end * rest / self.weight - start * rest / self.weight;
        ((end - start) * each + dealt).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{keyed, view};
    use super::*;

    #[test]
    fn slots_by_hand() {
        // 9 under way at 125 %: ⌈10·1.25⌉ = 13 slots over a weight of 4: 3 a unit, and 1 left for whoever crosses 4.
        let bound = Bound::new(&[4, 5, 0], 125, 4);
        assert_eq!(bound.slots, 13);
        assert_eq!(
            [(0, 1), (1, 3), (3, 4)].map(|(start, end)| bound.slots(start, end)),
            [3, 6, 4]
        );
        // In floating point 10·1.1 is a little more than 11, and its ceiling 12.
        assert_eq!(Bound::new(&[9], 110, 1).slots, 11);
        // Nothing under way: two slots for four servers, but never none.
        assert_eq!(Bound::new(&[0; 4], 125, 4).slots(0, 1), 1);
    }

    #[test]
    fn the_bound_is_never_exceeded_and_one_key_spills_over() {
        let weights = [1, 2, 3, 4];
        let policy = BoundedHash::default();
        let state = State::new(&policy, &weights);
        let mut connections = [0_u32; 4];
        for under_way in 1..=200_u32 {
            let server = state
                .choose(&view(&weights, &connections), &keyed(42))
                .unwrap() as usize;
            connections[server] += 1;
            let slots = (f64::from(under_way) * 1.25).ceil();
            let share = slots * f64::from(weights[server]) / 10.0;
            // Dealing out whole slots puts a server less than one above its share; at least one is allowed.
            assert!(
                f64::from(connections[server]) < (share + 1.0).max(1.5),
                "{connections:?}"
            );
        }
        // Its own server holds all it may, 250 slots by weight, and others the rest.
        let own = state.ring.walk(42).next().unwrap() as usize;
        assert_eq!(connections[own], 250 * weights[own] / 10);
    }

    #[test]
    fn idle_servers_are_found_as_without_a_bound() {
        let weights = [1, 2, 3, 4];
        let state = State::new(&BoundedHash::default(), &weights);
        let (ring, idle) = (Ring::new(160, &weights), view(&weights, &[0; 4]));
        for key in 0..1000 {
            let plain = ring.choose(&idle, &keyed(key));
            assert_eq!(state.choose(&idle, &keyed(key)), plain);
        }
    }
}
