//! Times caches on the same requests: Zipf's law with exponent 1 over a million keys of 64 bits, ten million requests, room for 10 %
//! and 1 % of the keys. Prints a line for each: title, room, nanoseconds a request in the fastest of some rounds, miss ratio.
//! Writes the requests to a file first, as libCacheSim reads them, for those that are not written in Rust.

#![allow(clippy::disallowed_methods, reason = "what is measured here is time")]

#[path = "../../../../sim-core/benches/caching/draws.rs"]
mod draws;

use std::io::{BufWriter, Write as _};
use std::num::NonZeroUsize;
use std::time::Instant;

use sim_core::caching::{Cache, Capacity, Outcome, Policy, Spec, Visitor, with_cache};

const KEYS: u32 = 1_000_000;
const REQUESTS: usize = 10_000_000;
const ROUNDS: u32 = 3;
const ROOM: [u32; 2] = [KEYS / 10, KEYS / 100];

struct Replay<'a>(&'a [u64]);

impl Visitor for Replay<'_> {
    type Output = u64;

    fn visit<C: Cache + 'static>(self, mut cache: C) -> u64 {
        let hit = |&&key: &&u64| cache.on_request(key, 1, 0.0) == Outcome::Hit;
        self.0.iter().filter(hit).count() as u64
    }
}

fn ours(policy: Policy, requests: &[u64], room: u32) -> u64 {
    let spec = Spec::new(policy, Capacity::Objects(room.into()));
    with_cache(&spec, Replay(requests)).expect("a valid cache")
}

fn lru(requests: &[u64], room: u32) -> u64 {
    let room = NonZeroUsize::new(room as usize).expect("some room");
    let mut cache = lru::LruCache::new(room);
    let mut hits = 0;
    for &key in requests {
        if cache.get(&key).is_some() {
            hits += 1;
        } else {
            cache.put(key, ());
        }
    }
    hits
}

fn quick_cache(requests: &[u64], room: u32) -> u64 {
    let mut cache = quick_cache::unsync::Cache::new(room as usize);
    let mut hits = 0;
    for &key in requests {
        if cache.get(&key).is_some() {
            hits += 1;
        } else {
            cache.insert(key, ());
        }
    }
    hits
}

fn moka(requests: &[u64], room: u32) -> u64 {
    let cache = moka::sync::Cache::new(room.into());
    let mut hits = 0;
    for &key in requests {
        if cache.get(&key).is_some() {
            hits += 1;
        } else {
            cache.insert(key, ());
        }
    }
    hits
}

/// Writes requests as libCacheSim's `oracleGeneral`: time, key, size, next use (which nobody here asks for).
fn write(requests: &[u64], file: &str) -> std::io::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(file)?);
    for key in requests {
        file.write_all(&0_u32.to_le_bytes())?;
        file.write_all(&key.to_le_bytes())?;
        file.write_all(&1_u32.to_le_bytes())?;
        file.write_all(&(-1_i64).to_le_bytes())?;
    }
    file.flush()
}

fn main() -> std::io::Result<()> {
    let requests = draws::scattered(&draws::zipf(KEYS, REQUESTS));
    if let Some(file) = std::env::args().nth(1) {
        write(&requests, &file)?;
    }
    type Run = fn(&[u64], u32) -> u64;
    let caches: [(&str, Run); 6] = [
        ("Headroom, LRU", |requests, room| {
            ours(Policy::Lru, requests, room)
        }),
        ("Headroom, S3-FIFO", |requests, room| {
            ours(Policy::S3Fifo, requests, room)
        }),
        ("Headroom, W-TinyLFU", |requests, room| {
            ours(Policy::WTinyLfu, requests, room)
        }),
        ("lru 0.19.1, LRU", lru),
        ("quick_cache 0.7.0, its CLOCK-Pro", quick_cache),
        ("moka 0.12.16, its TinyLFU, for many threads", moka),
    ];
    for room in ROOM {
        let mut best = [f64::INFINITY; 6];
        let mut misses = [0.0; 6];
        for _ in 0..ROUNDS {
            for (at, (_, run)) in caches.iter().enumerate() {
                let start = Instant::now();
                let hits = run(&requests, room);
                best[at] = best[at].min(start.elapsed().as_secs_f64());
                misses[at] = 1.0 - hits as f64 / REQUESTS as f64;
            }
        }
        for (at, (title, _)) in caches.iter().enumerate() {
            let nanoseconds = best[at] * 1e9 / REQUESTS as f64;
            println!("{title}\t{room}\t{nanoseconds:.1}\t{:.4}", misses[at]);
        }
    }
    Ok(())
}
