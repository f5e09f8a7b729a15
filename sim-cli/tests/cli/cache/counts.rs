//! What the numbers are.

use std::io::Read;
use std::path::Path;

use lzma_rust2::XzReader;
use serde_json::Value;
use sim_core::caching::Policy;

use super::{document, hits, naive_lru};
use crate::program::File;

/// Belady's anomaly: FIFO faults nine times with three places and ten with four.
#[test]
fn a_textbook_string_of_requests() {
    let keys = "1\n2\n3\n4\n1\n2\n5\n1\n2\n3\n4\n5\n";
    let file = File::new("textbook.txt", keys.as_bytes());
    let found = document(&[
        "--trace",
        file.path(),
        "--policy",
        "fifo,lru,belady,infinite",
        "--capacity",
        "3,4",
    ]);
    let all = [
        (3, 9),
        (2, 10),
        (2, 10),
        (4, 8),
        (5, 7),
        (6, 6),
        (7, 5),
        (7, 5),
    ];
    assert_eq!(hits(&found), all);
    let keys: Vec<_> = found["results"][0]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let expected = [
        "byte_hit_ratio",
        "capacity",
        "hit_ratio",
        "hits",
        "misses",
        "policy",
        "requests",
    ];
    assert_eq!(keys, expected);
    let last = &found["results"][7];
    assert_eq!(
        (&last["policy"], &last["capacity"]),
        (&"infinite".into(), &4.into())
    );
    assert_eq!(last["hit_ratio"], 7.0 / 12.0);
    assert_eq!(found["trace"]["objects"], 5);
}

#[test]
fn every_policy_is_there_and_none_beats_the_optimum() {
    let real = Policy::OPTIONS.map(|it| it.0);
    let found = document(&[
        "--policy",
        &format!("belady,{}", real.join(",")),
        "--capacity",
        "50,500",
        "--items",
        "5e3",
        "--requests",
        "1e5",
    ]);
    let results = found["results"].as_array().unwrap();
    assert_eq!(results.len(), 2 * (1 + real.len()));
    let of = |it: &Value| it["hits"].as_u64().unwrap();
    for pair in results.chunks(2).skip(1) {
        assert!(
            of(&pair[0]) <= of(&results[0]) && of(&pair[1]) <= of(&results[1]),
            "{pair:?}"
        );
        assert!(
            of(&pair[0]) > 1000 && of(&pair[0]) < of(&pair[1]),
            "{pair:?}"
        );
        assert!(pair.iter().all(|it| it["requests"] == 100_000));
    }
}

#[test]
fn a_steady_state_is_as_theory_expects_it() {
    let found = document(&[
        "--zipf",
        "1",
        "--items",
        "10_000",
        "--capacity",
        "10%",
        "--policy",
        "lru,fifo",
        "--requests",
        "2e6",
        "--warmup",
        "10%",
    ]);
    assert_eq!(found["warm_up"], 200_000);
    let ratio = |list: &str, at: usize| found[list][at]["hit_ratio"].as_f64().unwrap();
    assert!((ratio("theory", 0) - 0.675_602).abs() < 1e-6);
    // A standard deviation of one run of this length is about 0.0004.
    assert!((ratio("results", 0) - 0.675_602).abs() < 0.002, "{found}");
    assert!(
        (ratio("results", 1) - ratio("theory", 1)).abs() < 0.002,
        "{found}"
    );
    assert_eq!(found["results"][0]["requests"], 1_800_000);
}

#[test]
fn patterns_have_the_hits_they_must_have() {
    let of = |flags: &[&str]| {
        let caches = [
            "--requests",
            "10000",
            "--items",
            "100",
            "--policy",
            "lru,infinite",
        ];
        hits(&document(&[flags, &caches].concat()))
    };
    // A loop that is one longer than the room.
    assert_eq!(
        of(&["--loop", "--capacity", "99"]),
        [(0, 10_000), (9900, 100)]
    );
    assert_eq!(of(&["--loop", "--capacity", "100"])[0], (9900, 100));
    // Of each scan of 50, the second half of an aligned pair may be known; all are once all have been seen.
    assert_eq!(
        of(&["--scan", "--scan-length", "50", "--capacity", "100"])[0],
        (9900, 100)
    );
    let uniform = of(&["--uniform", "--capacity", "50"])[0].0;
    assert!(uniform.abs_diff(5000) < 300, "{uniform}");
    let hot = of(&["--hotspot", "0.1:0.9", "--capacity", "90"])[0].0;
    assert!(hot > 9000, "{hot}");
    let noisy = of(&["--uniform", "--one-hits", "0.5", "--capacity", "10000"]);
    assert_eq!(noisy[0], noisy[1]);
    assert!(noisy[0].0.abs_diff(4900) < 300, "{noisy:?}");
    let drifting = of(&["--zipf", "1", "--drift", "1", "--capacity", "10"])[0].0;
    assert!(
        drifting < of(&["--zipf", "1", "--capacity", "10"])[0].0 / 2,
        "{drifting}"
    );
    let scanned = of(&["--zipf", "1", "--scans", "0.3", "--capacity", "10"])[0].0;
    assert!(scanned < of(&["--zipf", "1", "--capacity", "10"])[0].0);
}

#[test]
fn objects_expire() {
    let of = |flags: &[&str]| {
        let caches = [
            "--loop",
            "--items",
            "10",
            "--requests",
            "1000",
            "--capacity",
            "10",
        ];
        hits(&document(&[&caches, flags].concat()))[0]
    };
    // Each object comes back after ten requests: a second at ten a second.
    assert_eq!(of(&["--ttl", "9.5"]), (0, 1000));
    assert_eq!(of(&["--ttl", "10.5", "--ttl-from", "access"]), (990, 10));
    assert_eq!(of(&["--ttl", "10.5"]), (500, 500));
    assert_eq!(of(&["--ttl", "1.05", "--rate", "10"]), (500, 500));
    let jittered = of(&["--ttl", "15", "--ttl-jitter", "0.5"]).0;
    assert!(jittered > 300 && jittered < 600, "{jittered}");
}

#[test]
fn bytes_are_counted_and_can_be_the_room() {
    let rows = "a,10\nb,90\na,10\nb,90\na,10\n";
    let file = File::new("sizes.csv", rows.as_bytes());
    let flags = [
        "--trace",
        file.path(),
        "--key-column",
        "1",
        "--size-column",
        "2",
    ];
    let found = document(&[&flags[..], &["--bytes", "--capacity", "50,100"]].concat());
    assert_eq!(hits(&found), [(2, 3), (3, 2)]);
    assert_eq!(found["results"][0]["byte_hit_ratio"], 20.0 / 210.0);
    assert_eq!(found["results"][1]["byte_hit_ratio"], 110.0 / 210.0);
    let half = document(&[&flags[..], &["--bytes", "--capacity", "50%,100%"]].concat());
    assert_eq!(half["results"], found["results"]);
    let drawn = document(&[
        "--size",
        "1000:lognormal:4",
        "--items",
        "1000",
        "--requests",
        "1e5",
        "--bytes",
        "--capacity",
        "1e5",
        "--policy",
        "gdsf,lru",
    ]);
    let ratio = |at: usize, name: &str| drawn["results"][at][name].as_f64().unwrap();
    assert!(ratio(0, "hit_ratio") > ratio(1, "hit_ratio"), "{drawn}");
}

#[test]
fn a_sample_tells_nearly_the_same() {
    let flags = [
        "--items",
        "1e5",
        "--requests",
        "1e6",
        "--capacity",
        "5%",
        "--policy",
        "lru,sieve,belady",
    ];
    let whole = document(&flags);
    let sampled = document(&[&flags[..], &["--sample", "0.1"]].concat());
    for at in 0..3 {
        let ratio = |it: &Value| it["results"][at]["hit_ratio"].as_f64().unwrap();
        assert!(
            (ratio(&whole) - ratio(&sampled)).abs() < 0.02,
            "{whole} {sampled}"
        );
    }
    let curve = document(&[
        "--items",
        "1e5",
        "--requests",
        "1e5",
        "--curve",
        "3",
        "--sample",
        "0.1",
    ]);
    assert_eq!(curve["results"][0]["capacity"], 1000);
    assert_eq!(
        (&sampled["sample"], &whole["sample"]),
        (&0.1.into(), &Value::Null)
    );
}

#[test]
fn a_recorded_trace_agrees_with_a_list_that_is_searched() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/data/web07.trace.xz"
    );
    if !Path::new(path).exists() {
        println!("skipped: no such file");
        return;
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).unwrap();
    XzReader::new(std::io::BufReader::new(file), true)
        .read_to_end(&mut bytes)
        .unwrap();
    let words = bytes.chunks_exact(4);
    let keys: Vec<u32> = words
        .map(|it| u32::from_le_bytes(it.try_into().unwrap()))
        .collect();
    let found = document(&["--trace", path, "--capacity", "1,10,75,300,1200,3000"]);
    let rooms = [1, 10, 75, 300, 1200, 3000];
    for (room, (hits, misses)) in rooms.into_iter().zip(hits(&found)) {
        assert_eq!(hits, naive_lru(&keys, room), "{room}");
        assert_eq!(hits + misses, keys.len() as u64);
    }
}
