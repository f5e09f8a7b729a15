//! Running the program.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longer than any of these runs takes, on any machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// The program, about to be called as one of its commands; `batch` stands for all those about scenarios.
pub(crate) fn program(command: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_headroom"));
    if command != "batch" {
        program.arg(command);
    }
    program
}

/// Runs a command to its end, with `input` on its standard input.
pub(crate) fn run(command: &str, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = program(command)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id();
    // A program that does not read may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input);
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let read = |from: &mut dyn std::io::Read| {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).map(|_| bytes)
    };
    std::thread::scope(|scope| {
        let stderr = scope.spawn(|| read(&mut err));
        let stdout = scope.spawn(|| read(&mut out));
        let began = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if began.elapsed() > PATIENCE {
                child.kill().unwrap();
                panic!("{arguments:?}: process {id} hangs");
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        Output {
            status,
            stdout: stdout.join().unwrap().unwrap(),
            stderr: stderr.join().unwrap().unwrap(),
        }
    })
}

/// The standard output of a run that succeeds without a word on standard error.
#[track_caller]
pub(crate) fn text_of(command: &str, arguments: &[&str]) -> String {
    let output = run(command, arguments, b"");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && stderr.is_empty(),
        "{arguments:?}: {stderr}"
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The same of `mm1`.
#[track_caller]
pub(crate) fn text(arguments: &[&str]) -> String {
    text_of("mm1", arguments)
}

/// The document of a run of `mm1` that succeeds.
#[track_caller]
pub(crate) fn json(arguments: &[&str]) -> Value {
    let all = [arguments, &["--format", "json"]].concat();
    serde_json::from_str(&text(&all)).unwrap()
}

/// The run is refused: a message with all of `parts`, a failing exit code, no panic. Returns its standard output.
#[track_caller]
pub(crate) fn refused_by(
    command: &str,
    arguments: &[&str],
    input: &[u8],
    parts: &[&str],
) -> Vec<u8> {
    let output = run(command, arguments, input);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{arguments:?} is accepted");
    assert!(!stderr.contains("panicked"), "{arguments:?}: {stderr}");
    for part in parts {
        assert!(
            stderr.contains(part),
            "{arguments:?}: `{part}` is not in: {stderr}"
        );
    }
    output.stdout
}

/// `mm1` refuses, and prints nothing.
#[track_caller]
pub(crate) fn refused(arguments: &[&str], parts: &[&str]) {
    assert!(
        refused_by("mm1", arguments, b"", parts).is_empty(),
        "{arguments:?}"
    );
}

/// A file of this test run, gone when dropped.
pub(crate) struct File(pub(crate) PathBuf);

impl File {
    /// Writes it.
    pub(crate) fn new(name: &str, content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("mm1-{}-{name}", std::process::id()));
        std::fs::File::create(&path)
            .unwrap()
            .write_all(content)
            .unwrap();
        Self(path)
    }

    /// Its name.
    pub(crate) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // Nothing to do about it if it is gone already.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Where nobody reads any more, before the first word is written.
pub(crate) fn nobody() -> std::io::PipeWriter {
    let (_reader, writer) = std::io::pipe().unwrap();
    writer
}
