//! How results are written: as a table, as CSV, as JSON, as a picture, into a pipe.

use std::process::Stdio;

use serde_json::Value;
use sim_core::distribution::Distribution;

use crate::QUANTITIES;
use crate::program::{File, program, text};

#[test]
fn without_arguments_theory_stands_beside_simulation() {
    let table = text(&[]);
    // 1/(1 − ρ) and the 99th percentile ln(100)/(1 − ρ).
    for part in [
        "10%", "95%", "1.111", "10.00", "20.00", "46.05", "[", "Seed 1",
    ] {
        assert!(table.contains(part), "`{part}` is not in:\n{table}");
    }
    let wide = table
        .lines()
        .map(|line| line.chars().count())
        .max()
        .unwrap();
    assert!(wide <= 130, "{wide} characters:\n{table}");
}

#[test]
fn help_knows_every_law() {
    let help = text(&["--help"]);
    for law in Distribution::NAMES.split(", ") {
        let name = law.split([':', '[']).next().unwrap();
        assert!(
            help.contains(&format!("\n  {name}")),
            "{name} is not explained"
        );
    }
}

#[test]
fn csv_and_json_write_the_same_digits() {
    let arguments = [
        "--utilization",
        "0.3,0.8",
        "--requests",
        "10000",
        "--format",
    ];
    let csv = text(&[&arguments[..], &["csv"]].concat());
    let json = text(&[&arguments[..], &["json"]].concat());
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let header = rows.headers().unwrap().clone();
    let points = serde_json::from_str::<Value>(&json).unwrap();
    for (row, point) in rows.records().zip(points["points"].as_array().unwrap()) {
        let row = row.unwrap();
        let cell = |name: &str| &row[header.iter().position(|found| found == name).unwrap()];
        assert_eq!(cell("requests"), point["requests"].to_string());
        for name in QUANTITIES {
            for (suffix, key) in [("", "estimate"), ("_low", "low"), ("_theory", "theory")] {
                let digits = cell(&format!("{name}{suffix}"));
                assert!(
                    json.contains(&format!("\"{key}\": {digits}")),
                    "{name} {digits}"
                );
                assert_eq!(digits.parse::<f64>().ok(), point[name][key].as_f64());
            }
        }
    }
}

#[test]
fn the_same_arguments_give_the_same_bytes_on_any_number_of_threads() {
    let arguments = [
        "--utilization",
        "0.6,0.9",
        "--servers",
        "2",
        "--service",
        "erlang:3",
    ];
    let effort = ["--requests", "200000", "--format", "json", "--threads"];
    let on = |threads: &str| text(&[&arguments[..], &effort, &[threads]].concat());
    let once = on("1");
    for threads in ["1", "2", "7"] {
        assert_eq!(on(threads), once, "{threads} threads");
    }
    let other = text(&[&arguments[..], &effort, &["1", "--seed", "2"]].concat());
    assert_ne!(other, once);
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let mut child = program("mm1")
        .args(["--utilization", "0.5", "--requests", "1000000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn pictures_are_written_in_either_format() {
    for (name, start) in [("curve.svg", &b"<svg"[..]), ("CURVE.PNG", b"\x89PNG\r\n")] {
        let file = File::new(name, b"something longer than nothing");
        text(&[
            "--utilization",
            "0.5,1.1",
            "--requests",
            "1000",
            "--plot",
            file.path(),
        ]);
        let picture = std::fs::read(&file.0).unwrap();
        assert!(picture.starts_with(start), "{name}");
        assert!(picture.len() > 5000, "{name}");
    }
}
