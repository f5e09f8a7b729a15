//! The documented examples start, and are the commands that their names promise.

use std::path::PathBuf;
use std::process::Command;

/// The folder of examples, built with the sources as they are: this test alone would not have built them.
fn built() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let profile = here.ancestors().nth(2).unwrap();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--package", "sim-core"]);
    build.args([
        "--example",
        "mm1",
        "--example",
        "batch",
        "--example",
        "cache",
    ]);
    build.arg("--target-dir").arg(profile.parent().unwrap());
    if profile.ends_with("release") {
        build.arg("--release");
    }
    assert!(build.status().unwrap().success());
    profile.join("examples")
}

#[test]
fn each_example_is_its_command() {
    let folder = built();
    for (name, arguments, says) in [
        (
            "mm1",
            &["-u", "0.5", "-n", "1000", "-r", "2"][..],
            "mean response",
        ),
        ("batch", &["list"], "latency-curve"),
        (
            "cache",
            &["--items", "100", "--requests", "1000", "--capacity", "10"],
            "lru",
        ),
    ] {
        let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        let output = Command::new(&program).arg("--version").output().unwrap();
        let version = String::from_utf8(output.stdout).unwrap();
        assert_eq!(version, format!("{name} {}\n", env!("CARGO_PKG_VERSION")));
        let output = Command::new(&program).args(arguments).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && text.to_lowercase().contains(says),
            "{name}: {text}"
        );
    }
}
