//! The program as a whole: all commands, each in its own words, completions and manual pages.

use std::collections::BTreeSet;

use crate::batch::shipped;
use crate::program::{refused_by, run, text_of};

/// What the program prints for these arguments.
#[track_caller]
fn headroom(arguments: &[&str]) -> String {
    text_of("batch", arguments)
}

#[test]
fn every_command_has_help_that_calls_it_by_its_name() {
    let help = headroom(&["--help"]);
    for command in [
        "mm1",
        "cache",
        "run",
        "sweep",
        "compare",
        "merge",
        "check",
        "schema",
        "list",
        "exhibit",
        "completions",
        "manual",
    ] {
        assert!(
            help.contains(&format!("\n  {command} ")),
            "{command}: {help}"
        );
        let own = headroom(&[command, "--help"]);
        assert!(own.contains(&format!("Usage: headroom {command}")), "{own}");
        for line in own.lines() {
            let example = line.trim_start();
            let names_an_example = ["mm1 -", "batch ", "cache --"].iter();
            let called = names_an_example
                .clone()
                .any(|name| example.starts_with(name));
            assert!(!called && !line.contains("batch "), "{command}: {line}");
        }
    }
}

/// Everything but what somebody who typed it would see differ: the numbers are those of `run`.
#[test]
fn a_sweep_and_a_comparison_need_no_flags() {
    let file = shipped("n-plus-one.toml");
    let effort = ["--requests", "200", "--replications", "2"];
    let values = "resources.connections.size=5,20";
    let swept = headroom(&[&["sweep", &file, values][..], &effort].concat());
    let by_flag = headroom(&[&["run", &file, "--sweep", values][..], &effort].concat());
    assert_eq!(swept, by_flag);
    let compared = headroom(&[&["compare", &file, &file][..], &effort].concat());
    let by_flag = headroom(&[&["run", &file, "--compare", &file][..], &effort].concat());
    assert_eq!(compared, by_flag);
    refused_by("batch", &["sweep", &file], b"", &["headroom sweep"]);
    refused_by("batch", &["compare", &file], b"", &["headroom compare"]);
}

#[test]
fn shells_learn_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = headroom(&["completions", shell]);
        for word in ["mm1", "sweep", "--utilization", "--replications"] {
            let word = word.trim_start_matches('-');
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
    refused_by("batch", &["completions", "cmd"], b"", &["cmd", "bash"]);
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = std::env::temp_dir().join(format!("headroom-manual-{}", std::process::id()));
    let output = run("batch", &["manual", folder.to_str().unwrap()], b"");
    assert!(output.status.success() && output.stdout.is_empty());
    let pages: BTreeSet<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    for page in [
        "headroom.1",
        "headroom-mm1.1",
        "headroom-run.1",
        "headroom-cache.1",
    ] {
        assert!(pages.contains(page), "{pages:?}");
    }
    let page = std::fs::read_to_string(folder.join("headroom-mm1.1")).unwrap();
    assert!(page.contains("utilization"), "{page}");
    std::fs::remove_dir_all(folder).unwrap();
    refused_by("batch", &["manual", "/dev/null/x"], b"", &["/dev/null/x"]);
}
