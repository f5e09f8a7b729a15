//! Commands that are told to end, or whose reader has gone.
#![cfg(target_os = "linux")]

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use crate::program::{nobody, program};

/// A scenario that takes for ever, as far as anybody waits.
const LONG: &[u8] = br#"{
    "classes": { "a": { "arrivals": { "poisson": { "rate": 1000 } } } },
    "path": [ { "delay": { "exponential": { "mean": 1 } } } ],
    "horizon": { "span": { "seconds": 1e9 } }
}"#;

fn started(arguments: &[&str], stdout: impl Into<Stdio>) -> Child {
    let mut command = program("batch");
    command.args(arguments);
    command.stdin(Stdio::piped());
    command.stdout(stdout).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Waits until a process catches a signal itself.
fn wait_until_it_catches(child: &mut Child, signal: u32) {
    let status = format!("/proc/{}/status", child.id());
    loop {
        assert!(child.try_wait().unwrap().is_none(), "it has ended");
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let caught = text.lines().find_map(|it| it.strip_prefix("SigCgt:"));
        let mask = caught.and_then(|it| u64::from_str_radix(it.trim(), 16).ok());
        if mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1) {
            return;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_signal_ends_a_run_with_a_word_and_without_results() {
    for (name, number) in [("-INT", 2), ("-TERM", 15)] {
        let mut child = started(&["run", "-"], Stdio::piped());
        child.stdin.take().unwrap().write_all(LONG).unwrap();
        wait_until_it_catches(&mut child, number);
        let id = child.id().to_string();
        let sent = Command::new("kill").args([name, &id]).status().unwrap();
        assert!(sent.success());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(128 + number.cast_signed()));
        assert!(output.stdout.is_empty(), "{output:?}");
        assert!(
            stderr.contains("interrupted: there are no results"),
            "{stderr}"
        );
    }
}

#[test]
fn a_reader_that_has_gone_ends_a_command_without_a_panic() {
    for arguments in [["schema"].as_slice(), &["list"], &["check", "-"]] {
        let mut child = started(arguments, nobody());
        let short = br#"{"classes": {"a": {"arrivals": {"poisson": {"rate": 1}}}},
            "path": [{"delay": {"exponential": {"mean": 1}}}]}"#;
        // The command may have ended by now.
        let _ = child.stdin.take().unwrap().write_all(short);
        let mut stderr = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        assert_eq!(
            child.wait().unwrap().code(),
            Some(141),
            "{arguments:?}: {stderr}"
        );
        assert_eq!(stderr, "");
    }
}

#[test]
fn a_refusal_that_nobody_reads_is_one_nevertheless() {
    let mut child = started(&["check", "-"], Stdio::piped());
    drop((child.stdout.take(), child.stderr.take()));
    child.stdin.take().unwrap().write_all(b"{}").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
}
