//! `--compare`.

use super::{batch, document, shipped};
use crate::program::{File, refused_by};

#[test]
fn the_better_policy_is_faster_for_certain() {
    let (turns, least) = (
        shipped("slow-server.toml"),
        shipped("slow-server-least.toml"),
    );
    let arguments = ["run", &turns, "--compare", &least, "--replications", "8"];
    let table = batch(&arguments);
    for place in ["on average", "at P50", "at P99, 95% interval"] {
        let sentence = format!("faster than slow-server.toml {place}");
        assert!(
            table.contains(&sentence),
            "`{sentence}` is not in:\n{table}"
        );
    }
    let found = document(&arguments);
    let difference = &found["comparison"]["p99"];
    let value = |key: &str| difference[key].as_f64().unwrap();
    assert!(
        value("low") < value("estimate") && value("high") < 0.0,
        "{difference}"
    );
    assert_eq!(found["comparison"]["replications"], 8);
    // The same arrivals, replication by replication: as many on both sides.
    let arrived =
        |report: &serde_json::Value| report["details"]["flow"]["arrived"].as_f64().unwrap();
    let ratio = arrived(&found["report"]) / arrived(&found["other"]["report"]);
    assert!((ratio - 1.0).abs() < 0.01, "{ratio}");
    let back = document(&["run", &least, "--compare", &turns, "--replications", "8"]);
    let mirrored = back["comparison"]["p99"]["estimate"].as_f64().unwrap();
    assert!((mirrored + value("estimate")).abs() < 1e-12);
}

#[test]
fn a_scenario_does_not_differ_from_itself() {
    let text = std::fs::read(shipped("slow-server.toml")).unwrap();
    let copy = File::new("copy.toml", &text);
    let arguments = [
        "run",
        &shipped("slow-server.toml"),
        "--compare",
        copy.path(),
    ];
    let effort = ["--replications", "4"];
    let table = batch(&[&arguments[..], &effort].concat());
    assert_eq!(
        table.matches("no difference can be seen").count(),
        6,
        "{table}"
    );
    let found = document(&[&arguments[..], &effort].concat());
    assert_eq!(found["comparison"]["mean_response"]["estimate"], 0.0);
    let csv = batch(&[&arguments[..], &effort, &["--format", "csv"]].concat());
    assert_eq!(csv.lines().count(), 7, "{csv}");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let file = shipped("mm1.toml");
    let both = ["run", &file, "--compare", &file];
    refused_by(
        "batch",
        &[&both[..], &["--precision", "0.1"]].concat(),
        b"",
        &["--precision"],
    );
    refused_by(
        "batch",
        &[&both[..], &["--sweep", "a=1,2"]].concat(),
        b"",
        &["--sweep"],
    );
    refused_by(
        "batch",
        &["run", &file, "--compare", "no.toml"],
        b"",
        &["no.toml"],
    );
    let overload = [
        "--set",
        "classes.request.arrivals.poisson.rate=120",
        "--requests",
        "20000",
    ];
    let table = batch(&[&both[..], &overload].concat());
    assert!(
        table.contains("No comparison: no steady state in"),
        "{table}"
    );
}
