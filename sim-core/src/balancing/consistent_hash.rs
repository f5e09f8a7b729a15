//! Consistent hashing on a ring, as memcached's ketama does it: when a server leaves, only its own keys move.
//!
//! Every server has so many points per unit of its weight on a circle of 2⁶⁴; a key belongs to the first point from its own
//! hash on. A server that is not eligible is passed over by walking on, which sends its keys to all the others. With k points
//! a server's share of the circle has a relative standard deviation of about 1/√k: 8 % for nginx's 160.
//!
//! Sources: Karger et al., "Consistent hashing and random trees" (STOC 1997); nginx, `hash … consistent`. The points are
//! hashes of (server, number of the point) by `hash`, not ketama's MD5: the same law, other places.

use serde::{Deserialize, Serialize};

use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Sight, Spread, View};
use crate::error::InputError;
use crate::random::{Uniforms, hash, nth};

/// A ring never holds many more points than this. Beyond, every server gets proportionally fewer, but at least one.
const MAX_POINTS: u64 = 1 << 20;
/// What a point takes in memory while the ring is made, bytes, roughly.
const POINT: f64 = 24.0;

/// Consistent hashing on a ring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ConsistentHash {
    /// Points per unit of weight, `1..=1024`. A ring of more than 2²⁰ points is thinned out to that.
    pub points: u32,
}

impl Default for ConsistentHash {
    fn default() -> Self {
        Self { points: 160 }
    }
}

impl ConsistentHash {
    pub(super) fn validate(&self) -> Result<(), InputError> {
        super::policy::whole_in_range("points", self.points, 1, 1024)
    }
}

impl Kind for ConsistentHash {
    type State = Ring;

    const SPELLING: &'static str = "consistent-hash";
    const NAME: &'static str = "consistent hashing";
    const TITLE: &'static str = "Consistent hashing";
    const SENTENCE: &'static str = "By the key, on a ring.";
    const PARAMETERS: Option<Parameters<Self>> = Some(Parameters {
        main: "points",
        value: |it| &mut it.points,
        validate: Self::validate,
        examples: r#"{"points": 160}"#,
        brief: r#"{"points": 160}"#,
    });
    const SEES: &'static [Sight] = &[Sight::Weights, Sight::Client];
    const KNOWS: Knows = Knows::Client;
    const DRAWS: bool = false;

    fn spread(&self) -> Spread {
        Spread::ByClient
    }

    fn table(&self, weights: f64) -> f64 {
        ring_bytes(self.points, weights)
    }

    fn state(&self, weights: &[u32]) -> Self::State {
        Ring::new(self.points, weights)
    }
}

/// The points in the order of their hashes, and whose they are.
#[derive(Debug, Clone)]
pub(super) struct Ring {
    hashes: Vec<u64>,
    servers: Vec<u32>,
}

/// What a ring takes in memory, bytes, for servers whose weights have this sum.
pub(super) fn ring_bytes(points: u32, weights: f64) -> f64 {
    (f64::from(points) * weights).min(MAX_POINTS as f64) * POINT
}

impl Chooser for Ring {
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

impl Ring {
    pub(super) fn new(points: u32, weights: &[u32]) -> Self {
        let wanted = |weight: u32| u64::from(weight) * u64::from(points);
        let total: u64 = weights.iter().map(|&weight| wanted(weight)).sum();
        let mut all = Vec::new();
        for (server, &weight) in (0..).zip(weights) {
            let fair = wanted(weight) * MAX_POINTS.min(total) / total;
            let seed = hash(u64::from(server));
            all.extend((1..=fair.max(1)).map(|point| (nth(seed, point), server)));
        }
        all.sort_unstable();
        let (hashes, servers) = all.into_iter().unzip();
        Self { hashes, servers }
    }

    /// The owners of the points from the key's hash on, once around.
    #[inline(always)]
    pub(super) fn walk(&self, key: u64) -> impl Iterator<Item = u32> {
        let from = hash(key);
        let start = self.hashes.partition_point(|&point| point < from);
        let (before, after) = self.servers.split_at(start);
        after.iter().chain(before).copied()
    }

    #[inline]
    pub(super) fn choose(&self, view: &View<'_>, client: &Client) -> Option<u32> {
        let mut walk = self.walk(client.key);
        match view.eligible {
            None => walk.next(),
            // Walking the whole ring in vain takes long where it has many points.
            Some(eligible) if !eligible.contains(&true) => None,
            Some(eligible) => walk.find(|&server| eligible[server as usize]),
        }
    }

    /// Number of points.
    #[cfg(test)]
    fn points(&self) -> u32 {
        u32::try_from(self.servers.len()).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{keyed, view};
    use super::*;

    #[test]
    fn a_key_belongs_to_the_first_point_from_its_hash_on() {
        let ring = Ring::new(3, &[1, 2]);
        assert_eq!(ring.points(), 9);
        for key in 0..100 {
            // By looking at all points instead of a binary search.
            let from = hash(key);
            let distances = (0..9).map(|at| (ring.hashes[at].wrapping_sub(from), ring.servers[at]));
            let nearest = distances.min().unwrap().1;
            let weights = [1, 2];
            let chosen = ring.choose(&view(&weights, &[0; 2]), &keyed(key));
            assert_eq!(chosen, Some(nearest));
        }
    }

    #[test]
    fn when_a_server_leaves_only_its_keys_move_and_to_all_others() {
        let weights = [1; 10];
        let (ring, all) = (Ring::new(160, &weights), view(&weights, &[0; 10]));
        let mut eligible = [true; 10];
        eligible[4] = false;
        let without = View {
            eligible: Some(&eligible),
            ..all
        };
        let mut moved = [0_u32; 10];
        for key in 0..100_000 {
            let before = ring.choose(&all, &keyed(key)).unwrap();
            let after = ring.choose(&without, &keyed(key)).unwrap();
            assert!(before == after || before == 4);
            moved[after as usize] += u32::from(before != after);
        }
        // A tenth, with a standard deviation of 10 000/√160 ≈ 790 over the places of the points.
        let total: u32 = moved.iter().sum();
        assert!(total.abs_diff(10_000) < 2400, "{total}");
        assert!(
            (0..10).all(|server| (moved[server] > 0) == (server != 4)),
            "{moved:?}"
        );
    }

    #[test]
    fn a_ring_built_without_the_last_server_agrees_with_passing_it_over() {
        let (ten, nine) = (Ring::new(40, &[1; 10]), Ring::new(40, &[1; 9]));
        let eligible = [true, true, true, true, true, true, true, true, true, false];
        let weights = [1; 10];
        let without = View {
            eligible: Some(&eligible),
            ..view(&weights, &[0; 10])
        };
        for key in 0..10_000 {
            let rebuilt = nine.choose(&view(&[1; 9], &[0; 9]), &keyed(key));
            assert_eq!(ten.choose(&without, &keyed(key)), rebuilt);
        }
    }

    #[test]
    fn a_ring_has_a_largest_size_and_keeps_its_proportions() {
        let mut weights = [256; 100];
        weights[0] = 64;
        let ring = Ring::new(1024, &weights);
        assert!(u64::from(ring.points()) <= MAX_POINTS && ring.points() > 1 << 19);
        let points = |server| {
            ring.servers
                .iter()
                .filter(|&&owner| owner == server)
                .count()
        };
        assert_eq!(points(1) / points(0), 4);
    }
}
