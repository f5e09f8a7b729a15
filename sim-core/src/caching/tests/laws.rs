//! What holds for whole families of policies.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::{
    Cache, Capacity, Keys, Outcome, Policy, Slot, Spec, Visitor, build, next_uses, with_cache,
};

fn requests() -> impl Strategy<Value = Vec<u64>> {
    let key = (0..60_u64, 0..60_u64).prop_map(|(a, b)| a.min(b));
    prop::collection::vec(key, 1..800)
}

fn spec(policy: Policy, capacity: Capacity, future: &Arc<[u32]>) -> Spec {
    Spec::new(policy, capacity)
        .with_keys(Keys::Dense(60))
        .with_future(Arc::clone(future))
}

fn hits(spec: &Spec, requests: &[u64]) -> usize {
    let mut cache = build(spec).unwrap();
    let hit = |&&key: &&u64| cache.on_request(key, 1, 0.0) == Outcome::Hit;
    requests.iter().filter(hit).count()
}

/// Counts hits in a loop of the cache's own type.
struct Replay<'a>(&'a [u64]);

impl Visitor for Replay<'_> {
    type Output = usize;

    fn visit<C: Cache + 'static>(self, mut cache: C) -> usize {
        let hit = |&&key: &&u64| cache.on_request(key, 1, 0.0) == Outcome::Hit;
        self.0.iter().filter(hit).count()
    }
}

fn is_subset(smaller: &dyn Cache, larger: &dyn Cache) -> bool {
    let mut subset = true;
    smaller.contents(&mut |seen| subset &= seen.queue.is_ghost() || larger.contains(seen.key));
    subset
}

/// Everything that a cache shows.
fn picture(cache: &dyn Cache) -> Vec<(Slot, u64, u32)> {
    let mut all = Vec::new();
    cache.contents(&mut |seen| all.push((seen.slot, seen.key, seen.position)));
    all
}

#[test]
fn contents_are_shown_in_the_queues_of_the_policy() {
    // Keys that come again soon, late and never: every queue gets its share.
    let keys: Vec<u64> = (0..600_u64)
        .map(|at| at * at % 59 % (7 + at % 40))
        .collect();
    let future = next_uses(&keys).unwrap();
    for policy in Policy::ALL {
        let mut cache = build(&spec(policy, Capacity::Objects(12), &future)).unwrap();
        let mut all = std::collections::BTreeSet::new();
        for &key in &keys {
            cache.on_request(key, 1, 0.0);
            let mut queues = Vec::new();
            cache.contents(&mut |seen| queues.push(seen.queue));
            queues.dedup();
            all.extend(queues.iter().copied());
            let mut known = policy.queues().iter().map(|it| it.0);
            let in_order = queues.iter().all(|queue| known.any(|it| it == *queue));
            assert!(in_order, "{policy:?}: {queues:?}");
        }
        let known = policy.queues().iter().map(|it| it.0).collect();
        assert_eq!(all, known, "{policy:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn none_beats_the_optimum_nor_the_infinite_cache(keys in requests(), capacity in 1..40_u64) {
        let future = next_uses(&keys).unwrap();
        let hits = |policy| hits(&spec(policy, Capacity::Objects(capacity), &future), &keys);
        let (optimum, infinite) = (hits(Policy::Belady), hits(Policy::Infinite));
        prop_assert!(optimum <= infinite);
        for policy in Policy::ALL {
            let bound = if policy.keeps_everything() { infinite } else { optimum };
            prop_assert!(hits(policy) <= bound, "{policy:?}");
        }
    }

    #[test]
    fn a_larger_lru_and_a_larger_optimum_hold_what_smaller_ones_hold(
        keys in requests(),
        capacity in 1..40_u64,
    ) {
        let future = next_uses(&keys).unwrap();
        for policy in [Policy::Lru, Policy::Belady] {
            let [mut small, mut large] = [capacity, capacity + 1]
                .map(|objects| build(&spec(policy, Capacity::Objects(objects), &future)).unwrap());
            let mut hits = [0, 0];
            for &key in &keys {
                hits[0] += u32::from(small.on_request(key, 1, 0.0) == Outcome::Hit);
                hits[1] += u32::from(large.on_request(key, 1, 0.0) == Outcome::Hit);
                // Of objects that are never needed again, two optima may keep different ones.
                prop_assert!(policy == Policy::Belady || is_subset(&*small, &*large));
            }
            prop_assert!(hits[0] <= hits[1]);
        }
    }

    #[test]
    fn a_hit_never_changes_a_fifo(keys in requests(), capacity in 1..40_u64) {
        let future = next_uses(&keys).unwrap();
        let mut cache = build(&spec(Policy::Fifo, Capacity::Objects(capacity), &future)).unwrap();
        for &key in &keys {
            let before = picture(&*cache);
            if cache.on_request(key, 1, 0.0) == Outcome::Hit {
                prop_assert_eq!(before, picture(&*cache));
            }
        }
    }

    #[test]
    fn slots_stay_with_their_objects(keys in requests(), capacity in 1..40_u64) {
        let future = next_uses(&keys).unwrap();
        for policy in Policy::ALL {
            let mut cache = build(&spec(policy, Capacity::Bytes(3 * capacity), &future)).unwrap();
            for &key in &keys {
                let before = picture(&*cache);
                cache.on_request(key, 1 + u32::try_from(key % 5).unwrap(), 0.0);
                for (slot, key, _) in before {
                    prop_assert!(cache.find(key).is_none_or(|now| now == slot), "{policy:?}");
                }
            }
        }
    }

    #[test]
    fn behind_a_pointer_or_not_makes_no_difference(keys in requests(), capacity in 1..40_u64) {
        let future = next_uses(&keys).unwrap();
        for policy in Policy::ALL {
            let spec = spec(policy, Capacity::Objects(capacity), &future);
            let visited = with_cache(&spec, Replay(&keys)).unwrap();
            prop_assert_eq!(visited, hits(&spec, &keys), "{:?}", policy);
        }
    }
}

#[test]
fn memory_follows_what_is_there_and_not_the_capacity() {
    for policy in Policy::ALL {
        for capacity in [
            Capacity::Objects(Capacity::MAX),
            Capacity::Bytes(Capacity::MAX),
        ] {
            let keys: Vec<u64> = (0..100).collect();
            let spec = Spec::new(policy, capacity).with_future(next_uses(&keys).unwrap());
            let mut cache = build(&spec).unwrap();
            for key in keys {
                cache.on_request(key, u32::MAX, 0.0);
            }
            assert_eq!((cache.len(), cache.slots()), (100, 100), "{policy:?}");
        }
    }
}

#[test]
fn memory_is_bounded_by_the_capacity() {
    // The most that objects and ghosts are together: three times the capacity, in LIRS, and one on its way.
    let keys: Vec<u64> = (0..20_000).map(|i: u64| i * i % 4999).collect();
    for policy in Policy::ALL {
        let spec = Spec::new(policy, Capacity::Objects(100)).with_future(next_uses(&keys).unwrap());
        let mut cache = build(&spec).unwrap();
        for &key in &keys {
            cache.on_request(key, 1, 0.0);
        }
        let bound = if policy.keeps_everything() { 4999 } else { 301 };
        assert!(cache.slots() <= bound, "{policy:?}: {}", cache.slots());
    }
}

#[test]
fn random_replacement_draws_from_a_stream_of_its_own() {
    let keys: Vec<u64> = (0..2000).map(|i: u64| i * i % 60).collect();
    let future = next_uses(&keys).unwrap();
    let run = |seed, number| {
        let chance = super::super::Chance {
            seed,
            replication: 0,
            cache: number,
        };
        let spec = spec(Policy::Random, Capacity::Objects(8), &future).with_chance(chance);
        let mut cache = build(&spec).unwrap();
        for &key in &keys {
            cache.on_request(key, 1, 0.0);
        }
        picture(&*cache)
    };
    assert_eq!(run(1, 0), run(1, 0));
    assert_ne!(run(1, 0), run(2, 0));
    assert_ne!(run(1, 0), run(1, 1));
}
