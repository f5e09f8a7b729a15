//! Recorded traffic: requests for the objects of a shop's product pages, recorded by Jens Wilke, headissue (CC BY 4.0), against
//! naive copies of the policies.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};

use lzma_rust2::XzReader;

use super::super::{Capacity, Chance, Outcome, Policy, Spec, build, next_uses};
use super::naive::{Setting, naive};

const TRACE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../shared/data/web07.trace.xz"
);

/// The keys of the trace, or `None` where the file is not there.
fn trace() -> Option<Vec<u64>> {
    let file = match File::open(TRACE) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            eprintln!("skipped: no such file");
            return None;
        }
        file => file.unwrap(),
    };
    let mut bytes = Vec::new();
    XzReader::new(BufReader::new(file), true)
        .read_to_end(&mut bytes)
        .unwrap();
    let (words, rest) = bytes.as_chunks::<4>();
    assert!(rest.is_empty());
    Some(
        words
            .iter()
            .map(|&word| u32::from_le_bytes(word).into())
            .collect(),
    )
}

fn hits(policy: Policy, capacity: u64, keys: &[u64], future: &std::sync::Arc<[u32]>) -> u64 {
    let spec = Spec::new(policy, Capacity::Objects(capacity)).with_future(future.clone());
    let mut cache = build(&spec).unwrap();
    let hit = |&&key: &&u64| cache.on_request(key, 1, 0.0) == Outcome::Hit;
    keys.iter().filter(hit).count() as u64
}

fn naive_hits(policy: Policy, capacity: u64, keys: &[u64]) -> u64 {
    let setting = Setting {
        capacity,
        in_objects: true,
        chance: Chance::default(),
        requests: keys,
    };
    let mut naive = naive(policy, &setting);
    let mut hits = 0;
    for &key in keys {
        naive.count_request();
        if naive.is_there(key) {
            naive.hit(key);
            hits += 1;
        } else {
            naive.miss(key, 1);
        }
    }
    hits
}

/// Sizes at which everything is compared: 6 to 2048, three to an octave.
fn sizes() -> impl Iterator<Item = u64> {
    (0..9).flat_map(|octave| [6, 7, 8].map(|base| base << octave))
}

#[test]
fn hits_are_those_of_the_naive_copies() {
    let Some(keys) = trace() else { return };
    assert_eq!(keys.len(), 76_118);
    let future = next_uses(&keys).unwrap();
    for policy in [
        Policy::Lru,
        Policy::Fifo,
        Policy::Clock,
        Policy::Sieve,
        Policy::Arc,
        Policy::Lfu,
        Policy::S3Fifo,
        Policy::Belady,
    ] {
        for capacity in sizes() {
            let found = hits(policy, capacity, &keys, &future);
            let expected = naive_hits(policy, capacity, &keys);
            assert_eq!(found, expected, "{policy:?} {capacity}");
        }
    }
}
