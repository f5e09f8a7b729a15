//! Hit ratios against answers worked out elsewhere: King's exact LRU, Che's approximation, stack distances, samples.

use sim_core::caching::curve::{Block, Counts, LruCurve, Replay, Sampling};
use sim_core::caching::{Capacity, Chance, Expiry, ExpiryRule, Keys as Space, Policy, Spec, law};
use sim_core::distribution::Distribution;
use sim_core::stats::interval::half_width_factor;
use sim_core::stats::moments::Moments;
use sim_core::theory::{Che, King};
use sim_core::workload::{Keys, Sizes, Workload};

/// Requests of one block.
const BLOCK: u64 = 5000;

/// Hands `count` requests of a replication to `see`, block by block, one a second.
fn each_block(workload: &Workload, replication: u64, count: u64, mut see: impl FnMut(&Block)) {
    let mut requests = workload.requests(11, replication, 0).unwrap();
    let mut block = Block::default();
    let mut first = 0;
    while first < count {
        let length = BLOCK.min(count - first);
        block.draw(&mut requests, usize::try_from(length).unwrap(), first, 1.0);
        see(&block);
        first += length;
    }
}

fn spec(workload: &Workload, policy: Policy, capacity: Capacity, replication: u64) -> Spec {
    let dense = workload.dense(1 << 20).unwrap();
    Spec::new(policy, capacity)
        .with_keys(Space::Dense(u32::try_from(dense).unwrap()))
        .with_chance(Chance {
            seed: 11,
            replication,
            cache: 0,
        })
}

/// The mean hit ratio of eight replications after as many requests again, and half the width of its interval of 99.9 %.
fn simulated(workload: &Workload, count: u64, cache: impl Fn(u64) -> Spec) -> (f64, f64) {
    let ratios: Moments = (0..8)
        .map(|replication| {
            let mut replay = Replay::new(&[cache(replication)]).unwrap();
            let mut blocks = 0;
            each_block(workload, replication, 2 * count, |block| {
                replay.run(block);
                blocks += 1;
                if blocks * BLOCK == count {
                    replay.forget_counts();
                }
            });
            let counts = replay.counts()[0];
            assert_eq!(counts.requests, count);
            counts.hit_ratio()
        })
        .collect();
    let factor = half_width_factor(8, 0.999).unwrap();
    (ratios.mean(), factor * ratios.variance().sqrt())
}

fn che(keys: &Keys) -> Che {
    law(&keys.popularity().unwrap()).unwrap()
}

#[test]
fn lru_of_ten_items_has_kings_hit_ratio() {
    let workload = Workload::new(Keys::zipf(10, 1.0));
    let popularity = workload.keys.popularity().unwrap().groups;
    let probabilities: Vec<f64> = popularity.iter().map(|group| group.probability).collect();
    let king = King::new(&probabilities).unwrap();
    for room in [1, 2, 3, 5, 9] {
        let capacity = Capacity::Objects(room);
        let (mean, half) = simulated(&workload, 500_000, |replication| {
            spec(&workload, Policy::Lru, capacity, replication)
        });
        let exact = king.lru(room).unwrap();
        assert!(half < 0.003, "{half}");
        assert!(
            (mean - exact).abs() < half,
            "room {room}: {mean} ± {half} against {exact}"
        );
        // What is an approximation is not far off even here.
        let approximate = che(&workload.keys).lru(room as f64).unwrap();
        assert!(
            (approximate - exact).abs() < 0.02,
            "{approximate} against {exact}"
        );
    }
}

#[test]
fn many_items_have_ches_hit_ratio() {
    let quiet = Workload::new(Keys::zipf(20_000, 0.9));
    let noisy: Keys = serde_json::from_str(
        r#"[{"weight": 3, "keys": {"zipf": {"items": 20000, "alpha": 0.9}}},
            {"weight": 1, "keys": {"one_hit": {}}}]"#,
    )
    .map(Keys::Mixture)
    .unwrap();
    let noisy = Workload::new(noisy);
    for workload in [&quiet, &noisy] {
        let che = che(&workload.keys);
        for (policy, expected) in [
            (Policy::Lru, che.lru(2000.0)),
            (Policy::Fifo, che.fifo(2000.0)),
            (Policy::Random, che.fifo(2000.0)),
        ] {
            let capacity = Capacity::Objects(2000);
            let (mean, half) = simulated(workload, 1_000_000, |replication| {
                spec(workload, policy, capacity, replication)
            });
            let expected = expected.unwrap();
            // The approximation itself is off by less than 0.0002 at this size.
            assert!(half < 0.002, "{half}");
            assert!(
                (mean - expected).abs() < half + 2e-4,
                "{policy:?}: {mean} ± {half} against {expected}"
            );
        }
    }
}

#[test]
fn objects_that_expire_have_the_hit_ratio_of_theory() {
    let workload = Workload::new(Keys::zipf(20_000, 0.8));
    let che = che(&workload.keys);
    for (rule, expected) in [
        (ExpiryRule::OnWrite, che.expiring_after_write(5000.0)),
        (ExpiryRule::OnAccess, che.expiring_after_access(5000.0)),
    ] {
        let expiry = Expiry {
            // Requests come one a second; the one that comes at the last moment is too late.
            seconds: 5000.0,
            rule,
            jitter: 0.0,
        };
        let (mean, half) = simulated(&workload, 300_000, |replication| {
            spec(
                &workload,
                Policy::Infinite,
                Capacity::Objects(1),
                replication,
            )
            .with_expiry(expiry)
        });
        let expected = expected.unwrap();
        // Requests at equal distances instead of a Poisson stream: the most popular key, 1 in 35, differs by a thousandth at most.
        assert!(
            (mean - expected).abs() < half + 1e-3,
            "{rule:?}: {mean} ± {half} against {expected}"
        );
    }
}

/// Workloads of very different kinds.
fn workloads() -> Vec<Workload> {
    [
        r#"{"zipf": {"items": 3000, "alpha": 0.8}}"#,
        r#"{"loop": {"items": 500}}"#,
        r#"{"scan": {"items": 2000, "length": 40}}"#,
        r#"{"drift": {"items": 3000, "alpha": 1.1, "every": 20}}"#,
        r#"{"mixture": [{"weight": 1, "keys": {"one_hit": {}}},
                        {"weight": 2, "keys": {"uniform": {"items": 900}}, "shared": true},
                        {"weight": 1, "keys": {"scan": {"items": 900, "length": 70}}, "shared": true}]}"#,
    ]
    .iter()
    .map(|json| Workload::new(serde_json::from_str(json).unwrap()))
    .collect()
}

#[test]
fn stack_distances_give_what_lru_caches_of_every_size_do() {
    let in_objects: Vec<_> = [1, 2, 3, 10, 77, 200, 499, 500, 501, 2500, 10_000]
        .map(Capacity::Objects)
        .into();
    let in_bytes: Vec<_> = [4000, 5000, 20_000, 100_000, 1_000_000, 100_000_000]
        .map(Capacity::Bytes)
        .into();
    for (capacities, sizes) in [
        (in_objects, Sizes::default()),
        (
            in_bytes,
            Sizes::Law(
                serde_json::from_str::<Distribution>(r#"{"uniform": {"low": 1, "high": 4000}}"#)
                    .unwrap(),
            ),
        ),
    ] {
        for mut workload in workloads() {
            workload.sizes = sizes.clone();
            let caches = capacities
                .iter()
                .map(|&capacity| spec(&workload, Policy::Lru, capacity, 0));
            let mut replay = Replay::new(&caches.collect::<Vec<_>>()).unwrap();
            let mut curve = LruCurve::new(&capacities);
            let mut blocks = 0;
            each_block(&workload, 0, 60_000, |block| {
                replay.run(block);
                for (&key, &size) in block.keys.iter().zip(&block.sizes) {
                    curve.request(u32::try_from(key).unwrap(), size);
                }
                blocks += 1;
                if blocks == 2 {
                    replay.forget_counts();
                    curve.forget_counts();
                }
            });
            let found: Vec<_> = curve
                .counts()
                .into_iter()
                .map(|(_, counts)| counts.unwrap())
                .collect();
            assert_eq!(found, replay.counts(), "{workload:?}");
            assert_eq!(found[0].requests, 50_000);
        }
    }
}

#[test]
fn no_stack_distance_tells_what_a_cache_does_that_an_object_does_not_fit() {
    let capacities = [9, 10, 11].map(Capacity::Bytes);
    let mut curve = LruCurve::new(&capacities);
    for (object, size) in [(0, 10), (1, 1), (0, 10)] {
        curve.request(object, size);
    }
    let hits: Vec<_> = curve
        .counts()
        .iter()
        .map(|(_, it)| it.map(|it| it.hits))
        .collect();
    assert_eq!(hits, [None, Some(0), Some(1)]);
}

#[test]
fn caches_side_by_side_and_one_by_one_count_the_same() {
    for workload in workloads() {
        let online = Policy::ALL
            .into_iter()
            .filter(|policy| !policy.needs_future());
        let caches: Vec<_> = online
            .flat_map(|policy| [20, 300].map(|room| (policy, Capacity::Objects(room))))
            .map(|(policy, capacity)| spec(&workload, policy, capacity, 0))
            .collect();
        let counted = |caches: &[Spec]| {
            let mut replay = Replay::new(caches).unwrap();
            each_block(&workload, 0, 20_000, |block| replay.run(block));
            replay.counts()
        };
        let apart: Vec<Counts> = caches
            .iter()
            .flat_map(|it| counted(std::slice::from_ref(it)))
            .collect();
        assert_eq!(counted(&caches), apart);
    }
}

#[test]
fn a_sample_of_the_keys_tells_nearly_the_whole_hit_ratio() {
    // By rate: of ten thousand keys and of three thousand.
    let mut errors = [Moments::default(), Moments::default()];
    let mut largest = [0.0_f64; 2];
    for alpha in [0.6, 0.8, 1.0, 1.1] {
        let workload = Workload::new(Keys::zipf(100_000, alpha));
        for (rate, seed) in [(0.1, 1), (0.1, 2), (0.03, 3), (0.03, 4)] {
            let sampling = Sampling::new(rate, seed).unwrap();
            let cells: Vec<_> = [Policy::Lru, Policy::Fifo, Policy::Sieve]
                .into_iter()
                .flat_map(|policy| {
                    [4000, 8000, 30_000].map(|room| (policy, Capacity::Objects(room)))
                })
                .collect();
            let whole = cells
                .iter()
                .map(|&(policy, capacity)| spec(&workload, policy, capacity, 0));
            let small = cells.iter().map(|&(policy, capacity)| {
                spec(&workload, policy, sampling.capacity(capacity).unwrap(), 0)
            });
            let mut whole = Replay::new(&whole.collect::<Vec<_>>()).unwrap();
            let mut small = Replay::new(&small.collect::<Vec<_>>()).unwrap();
            each_block(&workload, seed, 500_000, |block| {
                whole.run(block);
                let mut block = block.clone();
                block.retain(|key| sampling.keeps(key));
                small.run(&block);
            });
            for (whole, small) in whole.counts().iter().zip(small.counts()) {
                let estimate = sampling.estimate(&small, whole);
                assert_eq!(estimate.requests, whole.requests);
                let error = (estimate.hit_ratio() - whole.hit_ratio()).abs();
                let few = usize::from(rate < 0.1);
                errors[few].add(error);
                largest[few] = largest[few].max(error);
            }
        }
    }
    let means = errors.map(|errors| errors.mean());
    // As the documentation of sampling says.
    assert!(
        largest[0] < 0.015 && means[0] < 0.004,
        "{largest:?} {means:?}"
    );
    assert!(
        largest[1] < 0.06 && means[1] < 0.012,
        "{largest:?} {means:?}"
    );
}
