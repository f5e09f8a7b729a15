//! Bad scenario files: every problem named by its path, a failing exit code, no panic.

use super::{batch, shipped};
use crate::program::{File, nobody, program, refused_by, run};

/// A minimal scenario in TOML, to be spoilt.
const GOOD: &str = "[classes.a.arrivals.poisson]\nrate = 1\n[resources.s]\nkind = \"station\"\nservers = 2\n\
    service = { exponential = { mean = 0.5 } }\n[[path]]\nwork = { at = \"s\" }\n";

/// What is replaced in it by what, and parts of the message.
const SPOILT: &[(&str, &str, &[&str])] = &[
    (
        "rate = 1",
        "rate = \"fast\"",
        &["classes.a.arrivals.poisson.rate", "fast"],
    ),
    (
        "rate = 1",
        "rte = 1",
        &["classes.a.arrivals.poisson", "rte", "rate"],
    ),
    ("rate = 1", "", &["classes.a.arrivals.poisson", "rate"]),
    (
        "rate = 1",
        "rate = nan",
        &["poisson.rate must be a number", "nan"],
    ),
    (
        "rate = 1",
        "rate = -1",
        &[
            "line 2, column 8: classes.a.arrivals.poisson.rate must be between 1e-9 and 1,000,000,000; it is -1",
        ],
    ),
    (
        "poisson",
        "poison",
        &["classes.a.arrivals", "poison", "renewal"],
    ),
    (
        "servers = 2",
        "servers = -2",
        &["resources.s.servers", "-2"],
    ),
    (
        "servers = 2",
        "servrs = 2",
        &["resources.s", "servrs", "servers"],
    ),
    (
        "servers = 2",
        "servers = 2.5",
        &["resources.s.servers", "2.5"],
    ),
    (
        "mean = 0.5",
        "mean = true",
        &["resources.s.service.exponential.mean", "true"],
    ),
    (
        "mean = 0.5",
        "mean = 0.5, x = 1",
        &["resources.s.service.exponential", "x"],
    ),
    (
        "\"station\"",
        "\"stattion\"",
        &["resources.s", "stattion", "pool"],
    ),
    ("kind = \"station\"\n", "", &["resources.s", "kind"]),
    ("at = \"s\"", "at = \"t\"", &["path[0].work.at", "`t`", "s"]),
    ("at = \"s\"", "to = \"s\"", &["path[0].work", "to"]),
    ("work", "wrok", &["path[0]", "wrok", "delay"]),
    (
        "rate = 1",
        "rate = 2024-01-01",
        &["classes.a.arrivals.poisson.rate"],
    ),
    ("rate = 1", "rate = ", &["TOML"]),
    ("rate = 1", "rate = 1\nrate = 2", &["TOML", "rate"]),
    ("rate = 1", "rate = 9", &["225% of capacity", "--requests"]),
];

#[test]
fn spoilt_files_are_refused_by_path() {
    for (good, bad, parts) in SPOILT {
        let file = File::new("spoilt.toml", GOOD.replacen(good, bad, 1).as_bytes());
        let parts = [parts, &["spoilt.toml"][..]].concat();
        let out = refused_by("batch", &["run", file.path()], b"", &parts);
        assert!(out.is_empty());
    }
}

#[test]
fn check_names_every_problem_a_line_each_and_every_file() {
    let text = GOOD
        .replace("rate = 1", "rate = -1")
        .replace("servers = 2", "servers = 0");
    let file = File::new(
        "three.toml",
        text.replace("at = \"s\"", "at = \"x\"").as_bytes(),
    );
    let good = shipped("mm1.toml");
    let parts = [
        "classes.a.arrivals.poisson.rate",
        "resources.s.servers",
        "path[0].work.at: `x`",
    ];
    let out = refused_by("batch", &["check", &good, file.path()], b"", &parts);
    assert!(String::from_utf8(out).unwrap().ends_with("mm1.toml: ok\n"));
    let output = run("batch", &["check", file.path()], b"");
    assert_eq!(String::from_utf8(output.stderr).unwrap().lines().count(), 3);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn what_is_no_scenario_is_refused() {
    for (input, parts) in [
        (&b""[..], &["classes"][..]),
        (b"{", &["JSON"]),
        (b"{\"classes\": {\"a\": 1, \"a\": 2}}", &["twice"]),
        (b"{\"classes\": null}", &["classes"]),
        (b"[1, 2", &["TOML"]),
        (b"\xff\xfe", &["UTF-8"]),
        (b"\0\0\0", &["TOML"]),
        (
            b"{\"classes\": {\"a\": {\"arrivals\": {\"poisson\": {\"rate\": 1e999}}}}}",
            &["JSON", "too large"],
        ),
    ] {
        refused_by(
            "batch",
            &["run", "-"],
            input,
            &[parts, &["standard input"]].concat(),
        );
    }
    let deep = "[".repeat(100_000);
    refused_by(
        "batch",
        &["run", "-"],
        format!("{{\"path\": {deep}").as_bytes(),
        &["JSON"],
    );
    refused_by(
        "batch",
        &["run", "-"],
        format!("path = {deep}").as_bytes(),
        &["TOML"],
    );
    refused_by("batch", &["run", "scenario.yaml"], b"", &["scenario.yaml"]);
    refused_by("batch", &["run", "/no/such.toml"], b"", &["/no/such.toml"]);
    refused_by("batch", &["run", "/"], b"", &["/"]);
    refused_by("batch", &[], b"", &["Usage"]);
}

#[test]
fn wrong_flags_of_a_run_are_refused() {
    let (file, day) = (shipped("mm1.toml"), shipped("daily-traffic.toml"));
    for (arguments, parts) in [
        (
            &[file.as_str(), "--sweep", "resources.server.servers=4..1"][..],
            &["--sweep", "4 to 1"][..],
        ),
        (
            &[&file, "--sweep", "resources.server.servers=1..4:1"],
            &["--sweep", "between 2 and 1,000"],
        ),
        (
            &[&file, "--sweep", "resources.server.servers=1..4:5"],
            &["1.75", "servers"],
        ),
        (
            &[&file, "--sweep", "resources.server.servers"],
            &["--sweep"],
        ),
        (
            &[&file, "--replications", "0"],
            &["--replications", "between 1 and 100,000"],
        ),
        (
            &[&file, "--precision", "7"],
            &["--precision", "between 0.0001 and 0.5"],
        ),
        (&[&day, "--plot", "x.gif"], &["--plot x.gif", ".svg"]),
        (
            &[&day, "--requests", "1000"],
            &["--requests", "horizon.span.seconds"],
        ),
    ] {
        let out = refused_by("batch", &[&["run"], arguments].concat(), b"", parts);
        assert!(out.is_empty(), "{arguments:?}");
    }
    let sweep = "classes.request.arrivals.poisson.rate=50,90,110";
    let parts = ["poisson.rate = 110", "utilization", "--requests"];
    refused_by("batch", &["run", &file, "--sweep", sweep], b"", &parts);
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let output = program("batch")
        .args(["run", &shipped("n-plus-one.toml"), "--replications", "8"])
        .stdout(nobody())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(141));
    assert!(output.stderr.is_empty());
}

#[test]
fn the_schema_knows_every_key_of_a_scenario() {
    let schema: serde_json::Value = serde_json::from_str(&batch(&["schema"])).unwrap();
    assert_eq!(schema["title"], "Scenario");
    for key in [
        "name",
        "path",
        "horizon",
        "probes",
        "limits",
        "classes",
        "resources",
    ] {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
    assert_eq!(schema["required"], serde_json::json!(["classes"]));
}

#[test]
fn help_teaches() {
    let help = batch(&["--help"]);
    for part in ["web.toml", "[[path]]", "sweep", "merge", "exhibit"] {
        assert!(help.contains(part), "`{part}` is not in:\n{help}");
    }
    let help = batch(&["run", "--help"]);
    for part in ["--compare", "--shard", "not converged", "[low, high]"] {
        assert!(help.contains(part), "`{part}` is not in:\n{help}");
    }
}
