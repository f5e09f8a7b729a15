//! The scenario files that are shipped.

use std::fs;

use serde_json::Value;

use super::{batch, document, shipped};
use crate::program::File;

/// Names of all files.
fn names() -> Vec<String> {
    let folder = fs::read_dir(shipped("")).unwrap();
    let mut names: Vec<_> = folder
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() >= 12, "{names:?}");
    names
}

#[test]
fn every_file_is_fine_and_explains_itself() {
    for name in names() {
        let checked = batch(&["check", &shipped(&name)]);
        assert!(checked.ends_with(": ok\n"), "{checked}");
        let text = fs::read_to_string(shipped(&name)).unwrap();
        assert!(
            text.starts_with("# ") && text.contains("\nname = "),
            "{name}"
        );
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest < Some(190), "{name}: {widest:?}");
    }
}

/// A few short replications of each: stable, nobody lost in the books, Little's law.
#[test]
fn every_file_runs_and_keeps_its_books() {
    for name in names() {
        let found = document(&["run", &shipped(&name), "--replications", "3"]);
        let report = &found["report"];
        assert_eq!(report["stable"], true, "{name}");
        assert_eq!(report["replications"], 3, "{name}");
        let estimate = |quantity: &str| report[quantity]["estimate"].as_f64().unwrap();
        assert!(estimate("p50") < estimate("p99"), "{name}");
        let Some(details) = report.get("details") else {
            continue;
        };
        let count = |key: &str| details["flow"][key].as_u64().unwrap();
        let ends = [
            "served",
            "rejected",
            "gave_up",
            "timed_out",
            "failed",
            "in_flight",
        ];
        let ends: u64 = ends.into_iter().map(count).sum();
        assert_eq!(count("arrived"), ends, "{name}");
        assert!(count("served") > 1000, "{name}");
        assert!(details["little"].as_f64().unwrap() < 1e-9, "{name}");
        assert_eq!(
            (&details["crowded"], &details["livelock"]),
            (&Value::from(0), &Value::from(Vec::<Value>::new())),
            "{name}"
        );
    }
}

/// Commands in the comments, run with little effort.
#[test]
fn the_commands_in_the_comments_work() {
    let mut commands = 0;
    for name in names() {
        let text = fs::read_to_string(shipped(&name)).unwrap();
        for line in text.lines() {
            let Some(command) = line.strip_prefix("#   batch ") else {
                continue;
            };
            commands += 1;
            let command = command.split("   ").next().unwrap();
            let mut arguments: Vec<String> = command
                .split_whitespace()
                .map(|word| word.trim_matches('\'').to_owned())
                .map(|word| {
                    if word.contains(".toml") {
                        shipped(&word)
                    } else {
                        word
                    }
                })
                .collect();
            if let Some(at) = arguments.iter().position(|word| word == "--plot") {
                arguments.drain(at..=at + 1);
            }
            arguments.extend(["--replications".into(), "2".into()]);
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            let printed = batch(&arguments);
            assert!(printed.contains("2 replications"), "{command}: {printed}");
        }
    }
    assert!(commands > 15);
}

#[test]
fn a_single_station_stands_beside_theory() {
    let found = document(&["run", &shipped("mm1.toml")]);
    let report = &found["report"];
    assert_eq!(
        (&report["model"], &report["formula"]),
        (&"M/M/1".into(), &"exact".into())
    );
    let theory = report["mean_response"]["theory"].as_f64().unwrap();
    // 1/(μ − λ) with μ 100 and λ 80.
    assert!((theory - 0.05).abs() < 1e-12);
    let end = |key: &str| report["mean_response"][key].as_f64().unwrap();
    assert!(end("low") < 0.05 && 0.05 < end("high"), "{report}");
}

#[test]
fn tables_say_what_became_of_everybody() {
    let printed = batch(&["run", &shipped("n-plus-one.toml"), "--replications", "4"]);
    for part in [
        "a page with N+1 queries",
        "P99.9",
        "connections",
        "Flow: ",
        "in flight.",
        "Seed 1",
    ] {
        assert!(printed.contains(part), "`{part}` is not in:\n{printed}");
    }
    let printed = batch(&["run", &shipped("daily-traffic.toml"), "--replications", "2"]);
    assert!(
        printed.contains("from (h)") && printed.contains(" 5.75 "),
        "{printed}"
    );
}

#[test]
fn tables_say_what_caches_were_good_for() {
    let printed = batch(&["run", &shipped("write-behind.toml"), "--replications", "2"]);
    for part in [
        "look-ups",
        "hit ratio",
        "stale age",
        " were lost (",
        "hits of cache",
    ] {
        assert!(printed.contains(part), "`{part}` is not in:\n{printed}");
    }
    assert!(!printed.contains("refreshed"), "{printed}");
    let herd = [
        "run",
        &shipped("cache-stampede.toml"),
        "--replications",
        "2",
    ];
    let calm = [
        "--set",
        "path[1].cache.coalesce=true",
        "--set",
        "path[1].cache.early=1",
    ];
    let printed = batch(&[&herd[..], &calm].concat());
    assert!(
        printed.contains("shared") && printed.contains("refreshed"),
        "{printed}"
    );
}

/// Who finds the room full tries again at once, for ever.
const SPIN: &[u8] = b"[classes.a.arrivals.poisson]\nrate = 50\n[resources.s]\nkind = \"station\"\nroom = 1\n\
    service = { exponential = { mean = 0.01 } }\n[[path]]\n[path.attempt]\nretries = 1000000\n[[path.attempt.path]]\n\
    attempt = { retries = 1000000, path = [{ work = { at = \"s\" } }] }\n";

#[test]
fn what_has_no_steady_state_says_so() {
    let storm = ["run", &shipped("retry-storm.toml"), "--replications", "4"];
    let more = "classes.call.arrivals.poisson.rate=60";
    let printed = batch(&[&storm[..], &["--set", more]].concat());
    assert!(printed.contains("Nobody was served."), "{printed}");
    let crowd = [
        "--set",
        "resources.service.room=100000",
        "--set",
        "limits.population=2000",
    ];
    let printed = batch(&[&storm[..], &["--set", more], &crowd].concat());
    for part in [
        "Unstable: the queue grows by",
        "Crowded: 4 replications",
        "2,000 requests in flight",
    ] {
        assert!(printed.contains(part), "`{part}` is not in:\n{printed}");
    }
    let printed = batch(&[
        "run",
        File::new("spin.toml", SPIN).path(),
        "--replications",
        "1",
    ]);
    for part in ["Livelock: ", "path[0].attempt"] {
        assert!(printed.contains(part), "`{part}` is not in:\n{printed}");
    }
    let overload = [
        "--set",
        "classes.request.arrivals.poisson.rate=110",
        "--requests",
        "1e5",
    ];
    let printed = batch(&[&["run", &shipped("mm1.toml")], &overload[..]].concat());
    assert!(
        printed.contains("Unstable: the queue grows by") && printed.contains("theory says 10.00"),
        "{printed}"
    );
}
