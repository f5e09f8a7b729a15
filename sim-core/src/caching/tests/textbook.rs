//! Reference strings that textbooks work through by hand.

use super::super::{Cache, Capacity, Keys, Outcome, Policy, Spec, build, next_uses};

/// A cache that has been asked for `keys`, and how many it had not.
fn faults(policy: Policy, capacity: u64, keys: &[u64]) -> (Box<dyn Cache>, usize) {
    let spec = Spec::new(policy, Capacity::Objects(capacity))
        .with_keys(Keys::Dense(100))
        .with_future(next_uses(keys).unwrap());
    let mut cache = build(&spec).unwrap();
    let hits = keys
        .iter()
        .filter(|&&key| cache.on_request(key, 1, 0.0) == Outcome::Hit)
        .count();
    (cache, keys.len() - hits)
}

#[test]
fn with_more_room_fifo_can_miss_more() {
    // Belady, Nelson and Shedler, 1969.
    let keys = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
    assert_eq!(faults(Policy::Fifo, 3, &keys).1, 9);
    assert_eq!(faults(Policy::Fifo, 4, &keys).1, 10);
    assert_eq!(faults(Policy::Lru, 3, &keys).1, 10);
    assert_eq!(faults(Policy::Lru, 4, &keys).1, 8);
    assert_eq!(faults(Policy::Belady, 3, &keys).1, 7);
    assert_eq!(faults(Policy::Belady, 4, &keys).1, 6);
}

#[test]
fn three_frames_of_the_dinosaur_book() {
    // Silberschatz, Galvin and Gagne, Operating System Concepts, on page replacement: 15, 12 and 9 faults.
    let keys = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
    assert_eq!(faults(Policy::Fifo, 3, &keys).1, 15);
    assert_eq!(faults(Policy::Lru, 3, &keys).1, 12);
    assert_eq!(faults(Policy::Belady, 3, &keys).1, 9);
}

/// The keys of a cache in the order in which they are shown.
fn shown(cache: &dyn Cache) -> Vec<u64> {
    let mut keys = Vec::new();
    cache.contents(&mut |seen| keys.push(seen.key));
    keys
}

#[test]
fn a_loop_larger_than_the_cache_defeats_recency_but_not_lirs_and_arc_resists_a_scan() {
    let round: Vec<u64> = (0..20).collect();
    let keys = round.repeat(50);
    assert_eq!(faults(Policy::Lru, 10, &keys).1, 1000);
    // Nine of its ten stay for good.
    let lirs = faults(Policy::Lirs, 10, &keys).1;
    assert_eq!(lirs, 20 + 49 * 11);

    // Five popular objects, then a scan of fifty: LRU loses all five, ARC none.
    let mut keys = [1, 2, 3, 4, 5].repeat(4);
    keys.extend(40..90);
    for (policy, left) in [(Policy::Lru, 0), (Policy::Arc, 5)] {
        let (cache, _) = faults(policy, 10, &keys);
        let popular = (1..=5).filter(|&key| cache.contains(key)).count();
        assert_eq!(popular, left, "{policy:?}");
    }
}

#[test]
fn sieve_spares_what_was_visited_where_it_is() {
    // The example of the paper's figure 1: A and B visited, then more come than fit.
    let (mut cache, _) = faults(Policy::Sieve, 3, &[1, 2, 3, 1]);
    assert_eq!(shown(&*cache), [3, 2, 1]);
    cache.on_request(4, 1, 0.0);
    // 1 was spared and stays at the tail; 2 left.
    assert_eq!(shown(&*cache), [4, 3, 1]);
    cache.on_request(5, 1, 0.0);
    // The hand went on to 3.
    assert_eq!(shown(&*cache), [5, 4, 1]);
}

#[test]
fn a_second_use_of_lru_2_counts() {
    // 1 and 2 were used twice, 3 once but last: LRU evicts 1, LRU-2 evicts 3.
    let keys = [1, 1, 2, 2, 3, 4];
    assert_eq!(shown(&*faults(Policy::Lru, 3, &keys).0), [4, 3, 2]);
    assert_eq!(shown(&*faults(Policy::LruK, 3, &keys).0), [2, 1, 4, 3]);
}

#[test]
fn a_small_object_is_worth_more_to_gdsf() {
    let spec = Spec::new(Policy::Gdsf, Capacity::Bytes(100));
    let mut cache = build(&spec).unwrap();
    for (key, size) in [(1, 10), (2, 80), (3, 20)] {
        cache.on_request(key, size, 0.0);
    }
    // The large one left, though LRU would have thrown out the first.
    assert_eq!(shown(&*cache), [1, 3]);
}
