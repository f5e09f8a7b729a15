//! Caches against the least that does the same: for dense keys, flat arrays written for one policy; for any keys, a hash table and
//! a list. Zipf's law with exponent 1 over a million keys, ten million requests, room for 10 % and for 1 % of the keys. Read the
//! ratios within one run; both sides must have the same hits.

#![allow(missing_docs)]

mod draws;
mod floors;
mod hashed_floor;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sim_core::caching::{Cache, Capacity, Keys, Outcome, Policy, Spec, Visitor, with_cache};

const KEYS: u32 = 1_000_000;
const REQUESTS: usize = 10_000_000;
const ROOM: [(&str, u32); 2] = [("10 %", KEYS / 10), ("1 %", KEYS / 100)];

/// Hits of some requests, some keys and a capacity.
type Floor = fn(&[u32], u32, u32) -> u64;

const FLOORS: [(Policy, Floor); 6] = [
    (Policy::Lru, floors::lru),
    (Policy::Fifo, floors::fifo),
    (Policy::Sieve, floors::sieve),
    (Policy::S3Fifo, floors::s3_fifo),
    (Policy::Arc, floors::arc),
    (Policy::Lfu, floors::lfu),
];

/// Counts the hits of requests.
struct Replay<'a, K>(&'a [K]);

impl<K: Copy + Into<u64>> Visitor for Replay<'_, K> {
    type Output = u64;

    fn visit<C: Cache + 'static>(self, mut cache: C) -> u64 {
        let mut hits = 0;
        for &key in self.0 {
            hits += u64::from(cache.on_request(key.into(), 1, 0.0) == Outcome::Hit);
        }
        hits
    }
}

fn replay<K: Copy + Into<u64>>(spec: &Spec, requests: &[K]) -> u64 {
    with_cache(spec, Replay(requests)).expect("a valid cache")
}

fn caching(criterion: &mut Criterion) {
    let requests = draws::zipf(KEYS, REQUESTS);
    for (room, capacity) in ROOM {
        for (policy, floor) in FLOORS {
            let spec =
                Spec::new(policy, Capacity::Objects(capacity.into())).with_keys(Keys::Dense(KEYS));
            assert_eq!(
                floor(&requests, KEYS, capacity),
                replay(&spec, &requests),
                "{policy:?}"
            );
            let name = format!("{}, dense keys, room for {room}", policy.name());
            let mut group = criterion.benchmark_group(name);
            group.throughput(Throughput::Elements(REQUESTS as u64));
            group.bench_function("flat arrays", |bencher| {
                bencher.iter(|| black_box(floor(&requests, KEYS, capacity)));
            });
            group.bench_function("caching", |bencher| {
                bencher.iter(|| black_box(replay(&spec, &requests)));
            });
        }
    }
    let requests = draws::scattered(&requests);
    for (room, capacity) in ROOM {
        let spec = Spec::new(Policy::Lru, Capacity::Objects(capacity.into()));
        assert_eq!(
            hashed_floor::lru(&requests, capacity),
            replay(&spec, &requests)
        );
        let name = format!("LRU, any keys, room for {room}");
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(REQUESTS as u64));
        group.bench_function("hashbrown and a list", |bencher| {
            bencher.iter(|| black_box(hashed_floor::lru(&requests, capacity)));
        });
        group.bench_function("caching", |bencher| {
            bencher.iter(|| black_box(replay(&spec, &requests)));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = caching
}
criterion_main!(benches);
