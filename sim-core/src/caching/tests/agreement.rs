//! Each policy and its naive copy do the same, request by request, down to the order of every queue.

use proptest::prelude::*;

use super::super::hashed::Hashed;
use super::super::policies::lru_k::LruK;
use super::super::replacement::Replacement;
use super::super::store::Store;
use super::super::{Cache, Capacity, Chance, Keys, Outcome, Policy, Queue, Spec, build, next_uses};
use super::naive::{Naive, Setting, lru_k, naive};

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Look up and put in.
    Request,
    /// Only look up.
    Look,
    /// Only put in.
    Insert,
    Remove,
}

/// A step, its key and its size.
type Action = (Step, u64, u32);

fn actions(keys: u64, length: usize) -> impl Strategy<Value = Vec<Action>> {
    let step = prop_oneof![
        16 => Just(Step::Request),
        1 => Just(Step::Look),
        2 => Just(Step::Insert),
        1 => Just(Step::Remove),
    ];
    // Some keys are much more popular than others.
    let key = (0..keys, 0..keys, 0..keys).prop_map(|(a, b, c)| a.min(b).min(c));
    prop::collection::vec((step, key, 0..9_u32), length)
}

/// Keys that no dense index would hold, the extremes among them.
fn scattered(key: u64) -> u64 {
    match key {
        0 => u64::MAX,
        1 => 0,
        key => key.wrapping_mul(0x9e37_79b9_7f4a_7c15),
    }
}

/// What is shown of an object: queue, key, size, frequency, hand.
type Shown = (Queue, u64, u64, u64, bool);

fn shown(cache: &dyn Cache) -> Vec<Shown> {
    let mut all = Vec::new();
    let mut next = None;
    cache.contents(&mut |seen| {
        let expected = match next {
            Some((queue, position)) if queue == seen.queue => position,
            _ => 0,
        };
        assert_eq!(seen.position, expected);
        next = Some((seen.queue, expected + 1));
        assert!(seen.slot < cache.slots());
        let found = cache.find(seen.key);
        assert_eq!(found, (!seen.queue.is_ghost()).then_some(seen.slot));
        all.push((
            seen.queue,
            seen.key,
            u64::from(seen.size),
            seen.frequency,
            seen.hand,
        ));
    });
    all
}

fn shown_naively(naive: &dyn Naive) -> Vec<Shown> {
    let mut all = Vec::new();
    let hands = naive.hands();
    for (queue, items) in naive.queues() {
        for item in items {
            let hand = hands.contains(&item.key);
            all.push((queue, item.key, item.size, item.uses, hand));
        }
    }
    all
}

/// A cache and its naive copy.
struct Pair {
    /// For messages.
    policy: Policy,
    cache: Box<dyn Cache>,
    naive: Box<dyn Naive>,
    capacity: Capacity,
}

impl Pair {
    fn look(&mut self, key: u64) -> bool {
        self.naive.count_request();
        let there = self.naive.is_there(key);
        if there {
            self.naive.hit(key);
        }
        there
    }

    /// How many objects left, and whether this one is in.
    fn put(&mut self, key: u64, size: u32) -> (u32, bool) {
        let size = match self.capacity {
            Capacity::Objects(_) => 1,
            Capacity::Bytes(_) => u64::from(size.max(1)),
        };
        if self.naive.is_there(key) {
            self.naive.hit(key);
            (0, true)
        } else if size > self.cache.capacity() {
            (0, false)
        } else {
            self.naive.miss(key, size)
        }
    }

    fn step(&mut self, (step, key, size): Action) {
        match step {
            Step::Request => {
                let expected = if self.look(key) {
                    Outcome::Hit
                } else {
                    let (evicted, admitted) = self.put(key, size);
                    Outcome::Miss { admitted, evicted }
                };
                let outcome = self.cache.on_request(key, size, 0.0);
                assert_eq!(outcome, expected, "{:?}", self.policy);
            }
            Step::Look => {
                let slot = self.cache.access(key, 0.0);
                assert_eq!(slot.is_some(), self.look(key), "{:?}", self.policy);
                assert_eq!(slot, self.cache.find(key));
            }
            Step::Insert => {
                let insertion = self.cache.insert(key, size, 0.0);
                let found = (insertion.evicted, insertion.slot.is_some());
                assert_eq!(found, self.put(key, size), "{:?}", self.policy);
                assert_eq!(insertion.slot, self.cache.find(key));
            }
            Step::Remove => {
                let there = self.naive.is_there(key);
                assert_eq!(self.cache.remove(key), there);
                if there {
                    self.naive.remove(key);
                }
            }
        }
    }

    fn compare(&self, sorted: bool) {
        let (mut found, mut expected) = (shown(&*self.cache), shown_naively(&*self.naive));
        if sorted {
            found.sort_unstable();
            expected.sort_unstable();
        }
        assert_eq!(found, expected, "{:?}", self.policy);
        let resident = |&&(queue, ..): &&Shown| !queue.is_ghost();
        let (len, used) = found
            .iter()
            .filter(resident)
            .fold((0, 0), |(len, used), seen| (len + 1, used + seen.2));
        assert_eq!((self.cache.len(), self.cache.used()), (len, used));
        assert!(used <= self.cache.capacity());
    }
}

fn agree(policy: Policy, keys: Keys, capacity: Capacity, actions: &[Action], every: usize) {
    let actions: Vec<Action> = actions
        .iter()
        .map(|&(step, key, size)| match keys {
            Keys::Any => (step, scattered(key), size),
            Keys::Dense(_) => (step, key, size),
        })
        .collect();
    let looked_up = |&&(step, ..): &&Action| matches!(step, Step::Request | Step::Look);
    let requests: Vec<u64> = actions
        .iter()
        .filter(looked_up)
        .map(|action| action.1)
        .collect();
    let chance = Chance {
        seed: 1,
        replication: 2,
        cache: 3,
    };
    let spec = Spec::new(policy, capacity)
        .with_keys(keys)
        .with_chance(chance)
        .with_future(next_uses(&requests).unwrap());
    let setting = Setting {
        capacity: capacity.amount(),
        in_objects: matches!(capacity, Capacity::Objects(_)),
        chance,
        requests: &requests,
    };
    let mut pair = Pair {
        policy,
        cache: build(&spec).unwrap(),
        naive: naive(policy, &setting),
        capacity,
    };
    for (at, &action) in actions.iter().enumerate() {
        pair.step(action);
        if (at + 1) % every == 0 || at + 1 == actions.len() {
            // What keeps everything shows its objects by slots, which removals shuffle.
            pair.compare(policy.keeps_everything());
        }
    }
}

fn lru_k_agrees<const USES: usize>(capacity: Capacity, actions: &[Action]) {
    let (store, spec) = (
        Store::new(Hashed::default(), capacity),
        Spec::new(Policy::LruK, capacity),
    );
    let mut pair = Pair {
        policy: Policy::LruK,
        cache: Box::new(LruK::<_, USES>::new(store, &spec)),
        naive: lru_k(capacity.amount(), USES),
        capacity,
    };
    for &action in actions {
        pair.step(action);
        pair.compare(false);
    }
}

fn agree_in_every_way(capacity: u64, keys: u32, actions: &[Action], every: usize) {
    for policy in Policy::ALL {
        for capacity in [Capacity::Objects(capacity), Capacity::Bytes(4 * capacity)] {
            for keys in [Keys::Dense(keys), Keys::Any] {
                agree(policy, keys, capacity, actions, every);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lru_k_agrees_for_any_k(capacity in 1..24_u64, actions in actions(40, 300)) {
        let capacity = Capacity::Objects(capacity);
        lru_k_agrees::<1>(capacity, &actions);
        lru_k_agrees::<3>(capacity, &actions);
        lru_k_agrees::<4>(capacity, &actions);
    }

    #[test]
    fn small_caches_agree_at_every_step(
        capacity in 1..24_u64,
        actions in actions(40, 300),
    ) {
        agree_in_every_way(capacity, 40, &actions, 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, failure_persistence: None, ..ProptestConfig::default() })]

    // Large enough that one per cent is more than one object.
    #[test]
    fn larger_caches_agree(
        capacity in 150..400_u64,
        actions in actions(1500, 6000),
    ) {
        agree_in_every_way(capacity, 1500, &actions, 100);
    }
}
