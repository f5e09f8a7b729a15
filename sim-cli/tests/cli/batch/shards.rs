//! A run shared out among processes.

use super::{batch, shipped};
use crate::program::{File, refused_by};

/// The shares of a run, each by a process of its own.
fn shards(scenario: &str, of: u64, extra: &[&str]) -> Vec<File> {
    let share = |number: u64| {
        let name = scenario.replace('/', "-");
        let file = File::new(
            &format!("{name}-{number}-{of}-{}.json", extra.join("")),
            b"",
        );
        let share = format!("{number}/{of}");
        let threads = number.to_string();
        let scenario = shipped(scenario);
        let arguments = ["run", &scenario, "--shard", &share, "--out", file.path()];
        assert_eq!(
            batch(&[&arguments[..], &["--threads", &threads], extra].concat()),
            ""
        );
        file
    };
    (1..=of).map(share).collect()
}

/// A queue by recursion, a network on the calendar, one with several classes and losses.
#[test]
fn any_split_in_any_order_prints_what_one_run_prints() {
    for scenario in [
        "mm1.toml",
        "n-plus-one.toml",
        "priority-lanes.toml",
        "retry-storm.toml",
    ] {
        let effort = ["--replications", "11", "--seed", "5", "--requests", "30000"];
        for of in [1, 3] {
            let mut files = shards(scenario, of, &effort);
            files.reverse();
            let paths: Vec<_> = files.iter().map(File::path).collect();
            for format in ["json", "csv", "table"] {
                let format = ["--format", format];
                let merged = batch(&[&["merge"], &paths[..], &format].concat());
                let whole = batch(&[&["run", &shipped(scenario)], &effort[..], &format].concat());
                assert_eq!(merged, whole, "{scenario} in {of}");
            }
        }
    }
}

#[test]
fn shards_that_do_not_belong_together_are_refused_by_name() {
    let effort = ["--replications", "4", "--requests", "4000"];
    let files = shards("mm1.toml", 2, &effort);
    let [first, second] = &files[..] else {
        unreachable!()
    };
    let refused = |paths: &[&str], parts: &[&str]| {
        let out = refused_by("batch", &[&["merge"], paths].concat(), b"", parts);
        assert!(out.is_empty());
    };
    let with = |other: &File, part: &str| {
        refused(&[first.path(), other.path()], &[other.path(), part]);
    };
    refused(&[first.path()], &["2/2", "missing"]);
    refused(
        &[first.path(), second.path(), first.path()],
        &[first.path(), "share 1/2 is given already"],
    );
    let seed = shards("mm1.toml", 2, &[&effort[..], &["--seed", "9"]].concat());
    with(&seed[1], "seed is 9");
    with(
        &shards("open-traffic.toml", 2, &effort)[1],
        "its scenario is not the one of",
    );
    with(&shards("mm1.toml", 3, &effort)[1], "one of 3 shares");

    let text = std::fs::read_to_string(&second.0).unwrap();
    let damaged =
        |name: &str, text: &str, part: &str| with(&File::new(name, text.as_bytes()), part);
    damaged("cut.json", &text[..text.len() / 2], "not the complete");
    damaged("empty.json", "", "not the complete");
    damaged(
        "share.json",
        &text.replace("\"share\":2", "\"share\":1"),
        "damaged",
    );
    damaged(
        "zero.json",
        &text.replace("\"share\":2", "\"share\":0"),
        "damaged",
    );
    damaged(
        "many.json",
        &text.replace(
            "\"replications\":4",
            "\"replications\":18446744073709551615",
        ),
        "damaged",
    );
    damaged(
        "version.json",
        &text.replace(env!("CARGO_PKG_VERSION"), "9.9.9"),
        "damaged",
    );
    damaged(
        "field.json",
        &text.replace("\"warm_up\"", "\"worm_up\""),
        "worm_up",
    );
    damaged(
        "warm.json",
        &text.replace("\"warm_up\":0", "\"warm_up\":7"),
        "damaged",
    );
    refused(&["/no/such.json"], &["/no/such.json"]);
}

#[test]
fn wrong_shards_are_refused() {
    let file = shipped("mm1.toml");
    for (arguments, parts) in [
        (
            &["--shard", "0/4"][..],
            &["--shard", "0/4", "with i from 1 to n"][..],
        ),
        (&["--shard", "5/4"], &["--shard", "5/4"]),
        (&["--shard", "two"], &["--shard", "two"]),
        (&["--shard", "1/40"], &["--shard 1/40", "32 replications"]),
        (
            &["--shard", "1/2", "--precision", "0.01"],
            &["--shard 1/2", "--precision 0.01", "--replications"],
        ),
        (
            &["--shard", "1/2", "--out", "/no/such/place.json"],
            &["--out /no/such/place.json"],
        ),
        (&["--out", "x.json"], &["--shard"]),
        (&["--shard", "1/2", "--format", "csv"], &["--format"]),
    ] {
        let out = refused_by("batch", &[&["run", &file], arguments].concat(), b"", parts);
        assert!(out.is_empty(), "{arguments:?}");
    }
}
