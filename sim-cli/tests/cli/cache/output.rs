//! How results are written.

use serde_json::Value;
use sim_core::caching::Policy;

use super::{cache, document};
use crate::program::File;

const FLAGS: [&str; 10] = [
    "--policy",
    "lru,sieve,belady",
    "--curve",
    "6",
    "--items",
    "2e3",
    "--requests",
    "5e4",
    "--seed",
    "9",
];

#[test]
fn a_table_has_a_column_for_each_policy_and_theory_beside_it() {
    let table = cache(&FLAGS);
    for part in [
        "LRU",
        "SIEVE",
        "optimum",
        "Che",
        "≈",
        "2,000",
        "50,000 requests",
        "Seed 9",
    ] {
        assert!(table.contains(part), "`{part}` is not in:\n{table}");
    }
    let wide = table
        .lines()
        .map(|line| line.chars().count())
        .max()
        .unwrap();
    assert!(wide <= 100, "{wide} characters:\n{table}");
}

#[test]
fn csv_and_json_write_the_same_digits() {
    let csv = cache(&[&FLAGS[..], &["--format", "csv"]].concat());
    let json = document(&FLAGS);
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let header = rows.headers().unwrap().clone();
    let results = json["results"].as_array().unwrap();
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), results.len()), (18, 18));
    for (row, result) in rows.iter().zip(results) {
        for (name, cell) in header.iter().zip(row) {
            match &result[name] {
                Value::String(text) => assert_eq!(text, cell),
                Value::Null => assert_eq!(name, "hit_ratio_theory"),
                number => assert_eq!(number.to_string(), cell),
            }
        }
    }
}

#[test]
fn the_same_arguments_give_the_same_bytes_on_any_number_of_threads() {
    let bounded = Policy::ALL.into_iter().filter(|it| !it.keeps_everything());
    let bounded: Vec<_> = bounded.map(Policy::spec).collect();
    let all = [
        "--policy",
        &bounded.join(","),
        "--capacity",
        "1%,10%",
        "--items",
        "3e3",
        "--requests",
        "3e4",
        "--one-hits",
        "0.2",
        "--scans",
        "0.1",
        "--ttl",
        "5000",
        "--ttl-jitter",
        "0.3",
        "--size",
        "100:exponential",
        "--format",
        "json",
    ];
    let on = |threads: &str| cache(&[&all[..], &["--threads", threads]].concat());
    let once = on("1");
    for threads in ["1", "2", "7"] {
        assert_eq!(on(threads), once, "{threads} threads");
    }
    let other = cache(&[&all[..], &["--seed", "2"]].concat());
    assert_ne!(other.replace("\"seed\": 2", "\"seed\": 1"), once);
}

#[test]
fn a_workload_file_and_the_same_flags_agree() {
    let toml = b"[[keys.mixture]]\nweight = 0.7\nshared = true\nkeys.zipf = { items = 2000, alpha = 0.9 }\n\n\
        [[keys.mixture]]\nweight = 0.3\nkeys.one_hit = {}\n\n[sizes.law.lognormal]\nmean = 500.0\nscv = 2.0\n";
    let file = File::new("workload.toml", toml);
    let caches = ["--requests", "2e4", "--capacity", "1e5", "--bytes"];
    let from_file = document(&[&["--workload", file.path()], &caches[..]].concat());
    let flags = [
        "--items",
        "2000",
        "--one-hits",
        "0.3",
        "--size",
        "500:lognormal:2",
    ];
    let from_flags = document(&[&flags[..], &caches[..]].concat());
    assert_eq!(from_file["results"], from_flags["results"]);
    // What was run is in the output, to be run again.
    let again = File::new(
        "workload.json",
        from_flags["workload"].to_string().as_bytes(),
    );
    let again = document(&[&["--workload", again.path()], &caches[..]].concat());
    assert_eq!(again["results"], from_flags["results"]);
}

#[test]
fn pictures_are_written_in_either_format() {
    for (name, start) in [("hits.svg", &b"<svg"[..]), ("HITS.PNG", b"\x89PNG\r\n")] {
        let file = File::new(name, b"something longer than nothing");
        cache(&[&FLAGS[..], &["--plot", file.path()]].concat());
        let picture = std::fs::read(&file.0).unwrap();
        assert!(picture.starts_with(start) && picture.len() > 5000, "{name}");
    }
    let file = File::new("one.svg", b"");
    cache(&[
        "--capacity",
        "100",
        "--items",
        "1000",
        "--requests",
        "1e4",
        "--plot",
        file.path(),
    ]);
    assert!(std::fs::read_to_string(&file.0).unwrap().contains("Che"));
}
