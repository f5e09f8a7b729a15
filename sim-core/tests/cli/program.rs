//! Running the program.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longer than any of these runs takes, on any machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// The program, built with the sources as they are: `cargo test --test cli` alone would not have built it.
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let here = std::env::current_exe().unwrap();
        let profile = here.ancestors().nth(2).unwrap();
        let target = profile.parent().unwrap();
        let mut build = Command::new(env!("CARGO"));
        build.args([
            "build",
            "--quiet",
            "--package",
            "sim-core",
            "--example",
            "mm1",
        ]);
        build.arg("--target-dir").arg(target);
        if profile.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success());
        let name = format!("mm1{}", std::env::consts::EXE_SUFFIX);
        profile.join("examples").join(name)
    })
}

/// Runs the program to its end.
pub(crate) fn mm1(arguments: &[&str]) -> Output {
    let mut child = Command::new(program())
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id();
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
pub(crate) fn text(arguments: &[&str]) -> String {
    let output = mm1(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && stderr.is_empty(),
        "{arguments:?}: {stderr}"
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The document of a run that succeeds.
pub(crate) fn json(arguments: &[&str]) -> Value {
    let all = [arguments, &["--format", "json"]].concat();
    serde_json::from_str(&text(&all)).unwrap()
}

/// The run is refused: a message with all of `parts`, nothing on standard output, a failing exit code.
#[track_caller]
pub(crate) fn refused(arguments: &[&str], parts: &[&str]) {
    let output = mm1(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{arguments:?} is accepted");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    assert!(!stderr.contains("panicked"), "{arguments:?}: {stderr}");
    for part in parts {
        assert!(
            stderr.contains(part),
            "{arguments:?}: `{part}` is not in: {stderr}"
        );
    }
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
