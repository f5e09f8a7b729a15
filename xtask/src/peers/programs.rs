//! The programs that are timed: where each comes from, and what makes it ready to run.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{Tool, step};
use crate::toolchain::RUST;
use crate::{root, target_folder};

/// The title of Headroom's own row.
pub(super) const OURS: &str = "Headroom";
/// What times it, an example of sim-core.
const EXAMPLE: &str = "engine_speed";
const INSTALLED: &str = "it was here a moment ago";
const PYTHON: &str =
    "install Python 3.11 or later with its module venv, on Debian as `python3-venv`";

/// A program that runs every model.
#[derive(Clone, Debug)]
pub(super) struct Program {
    /// The simulator's name and version.
    pub(super) title: String,
    file: PathBuf,
    /// What comes before its other arguments: a script, or a way to run.
    script: Option<PathBuf>,
}

impl Program {
    /// Runs every model and returns what it prints.
    ///
    /// # Errors
    /// If it does not succeed.
    pub(super) fn run(&self, seed: u32) -> Result<String> {
        self.tool().arg(seed.to_string()).read()
    }

    fn tool(&self) -> Tool {
        let tool = Tool::new(&self.file, INSTALLED);
        match &self.script {
            Some(script) => tool.arg(script).env("PYTHONDONTWRITEBYTECODE", "1"),
            None => tool,
        }
    }

    /// Replays the requests that all caches see, which the first program to run writes to a file.
    ///
    /// # Errors
    /// If it does not succeed.
    pub(super) fn replay(&self) -> Result<String> {
        let requests = target_folder()?.join("peers/requests");
        self.tool().arg(requests).read()
    }
}

/// Headroom: as it runs the models, and with all events on its calendar.
///
/// # Errors
/// If its program does not compile.
pub(super) fn ours() -> Result<[Program; 2]> {
    Tool::cargo()
        .args("build --locked --quiet --release --package sim-core --example")
        .arg(EXAMPLE)
        .run()
        .with_context(|| {
            format!("{OURS} is timed by the example `{EXAMPLE}` of sim-core, which cannot be built")
        })?;
    let file = target_folder()?.join("release/examples").join(EXAMPLE);
    let program = |title: String, way: &str| Program {
        title,
        file: file.clone(),
        script: Some(way.into()),
    };
    Ok([
        program(OURS.to_owned(), "best"),
        program(format!("{OURS}, calendar only"), "calendar"),
    ])
}

/// Those written in Rust, built from crates.io.
///
/// # Errors
/// If they cannot be fetched or built.
pub(super) fn rust() -> Result<Vec<Program>> {
    let manifest = folder().join("rust/Cargo.toml");
    let target = target_folder()?.join("peers/rust");
    step("Building desim and nexosim", || {
        Tool::cargo()
            .args("build --locked --quiet --release --manifest-path")
            .arg(&manifest)
            .arg("--target-dir")
            .arg(&target)
            // desim needs coroutines, which a stable compiler knows but hides.
            .env("RUSTC_BOOTSTRAP", "1")
            .run()
    })?;
    let pins = read(&manifest)?;
    ["desim", "nexosim"]
        .into_iter()
        .map(|name| {
            Ok(Program {
                title: title(name, &pins)?,
                file: target.join(format!("release/peer_{name}")),
                script: None,
            })
        })
        .collect()
}

/// Those written in Python, installed with pip into an environment of their own.
///
/// # Errors
/// If there is no Python or they cannot be installed.
pub(super) fn python() -> Result<Vec<Program>> {
    let requirements = folder().join("python/requirements.txt");
    let interpreter = install("SimPy, Ciw and salabim", &requirements)?;
    let pins = read(&requirements)?;
    ["SimPy", "salabim", "Ciw"]
        .into_iter()
        .map(|name| {
            let script = format!("python/peer_{}.py", name.to_lowercase());
            Ok(Program {
                title: title(name, &pins)?,
                file: interpreter.clone(),
                script: Some(folder().join(script)),
            })
        })
        .collect()
}

/// Other caches: those written in Rust with Headroom's, and libCacheSim.
///
/// # Errors
/// If they cannot be fetched, built or installed.
pub(super) fn caches() -> Result<[Program; 2]> {
    let target = target_folder()?.join("peers/caches");
    step("Building lru, quick_cache and moka", || {
        Tool::cargo()
            .args("build --locked --quiet --release --manifest-path")
            .arg(folder().join("caches/Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .run()
    })?;
    let requirements = folder().join("python/requirements-caches.txt");
    let interpreter = install("libCacheSim", &requirements)?;
    Ok([
        Program {
            title: "caches in Rust".to_owned(),
            file: target.join("release/peer-caches"),
            script: None,
        },
        Program {
            title: "libCacheSim".to_owned(),
            file: interpreter,
            script: Some(folder().join("python/peer_caches.py")),
        },
    ])
}

/// Installs what `requirements` lists into the environment; its interpreter.
fn install(names: &str, requirements: &Path) -> Result<PathBuf> {
    let interpreter = interpreter()?;
    step(&format!("Installing {names}"), || {
        let pip = || Tool::new(&interpreter, INSTALLED).args("-m pip");
        if !pip().args("--version").succeeds() {
            Tool::new("python3", PYTHON)
                .args("-m venv --clear")
                .arg(environment()?)
                .run()?;
        }
        pip()
            .args("install --quiet --disable-pip-version-check --requirement")
            .arg(requirements)
            .run()
    })?;
    Ok(interpreter)
}

/// The names and versions of what compiled or interprets the programs.
///
/// # Errors
/// If one of them does not say.
pub(super) fn platforms() -> Result<[String; 2]> {
    let rust = Tool::new("rustc", RUST).args("--version").read()?;
    let python = Tool::new(interpreter()?, INSTALLED)
        .args("--version")
        .read()?;
    let two_words = |line: &str| {
        line.split_whitespace()
            .take(2)
            .collect::<Vec<_>>()
            .join(" ")
    };
    Ok([two_words(&rust), two_words(&python)])
}

fn environment() -> Result<PathBuf> {
    Ok(target_folder()?.join("peers/python"))
}

fn interpreter() -> Result<PathBuf> {
    Ok(environment()?.join("bin/python"))
}

fn folder() -> PathBuf {
    root().join("xtask/peers")
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// The name with the version that `pins` gives it, in the manner of Cargo.toml or of requirements.txt.
fn title(name: &str, pins: &str) -> Result<String> {
    let key = name.to_lowercase();
    let pinned = pins.lines().find_map(|line| {
        let rest = line.strip_prefix(&key)?.trim_start();
        rest.starts_with('=').then_some(rest)
    });
    let version = pinned.with_context(|| format!("no version of {name} is pinned"))?;
    let version = version.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
    Ok(format!("{name} {version}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_has_the_pinned_version() {
        let pins = "[dependencies]\nnexosim = \"=1.0.0\"\nciw==3.2.7\nciwoma==9\n";
        assert_eq!(title("nexosim", pins).unwrap(), "nexosim 1.0.0");
        assert_eq!(title("Ciw", pins).unwrap(), "Ciw 3.2.7");
        assert!(title("desim", pins).is_err());
    }
}
