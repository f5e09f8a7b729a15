//! `cargo xtask test`: everything that must hold before a change lands, in tiers.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::process::{Tool, step};
use crate::{site, tidy, toolchain};

/// What to run.
#[derive(Debug, Default)]
pub struct Selection {
    /// Only tests whose names contain this; no other checks.
    pub filter: Option<String>,
    /// Leave out what needs a browser.
    pub no_browser: bool,
}

impl Selection {
    /// Words for a test program: the filter, if any.
    fn filter(&self) -> &str {
        self.filter.as_deref().unwrap_or_default()
    }
}

/// How one tier went.
struct Outcome {
    tier: &'static str,
    passed: bool,
    took: Duration,
}

/// Runs the tiers, all of them even if one fails, and ends with a line for each.
///
/// # Errors
/// If a tool cannot be installed, or a tier failed.
pub fn run(selection: &Selection) -> Result<()> {
    prepare(selection)?;
    let mut outcomes = Vec::new();
    let mut tier = |tier, work: &dyn Fn() -> Result<()>| {
        let start = Instant::now();
        let result = step(tier, work);
        if let Err(error) = &result {
            eprintln!("error: {error:#}");
        }
        outcomes.push(Outcome {
            tier,
            passed: result.is_ok(),
            took: start.elapsed(),
        });
        result.is_ok()
    };
    if selection.filter.is_none() {
        tier("Format", &format);
        tier("Tidy", &tidy::check);
        tier("Clippy", &clippy);
        tier("Clippy for WebAssembly", &clippy_wasm);
        tier("Documentation", &documentation);
    }
    tier("Tests", &|| tests(selection.filter()));
    if !selection.no_browser && tier("Page", &|| site::build().map(drop)) {
        tier("Browser, and native against WebAssembly", &|| {
            browser(selection.filter())
        });
    }
    summarise(&outcomes)
}

fn prepare(selection: &Selection) -> Result<()> {
    toolchain::components()?;
    toolchain::wasm_target()?;
    if !selection.no_browser {
        toolchain::chromium()?;
        toolchain::chromedriver()?;
        toolchain::axe()?;
    }
    Ok(())
}

fn summarise(outcomes: &[Outcome]) -> Result<()> {
    eprintln!();
    for Outcome { tier, passed, took } in outcomes {
        let verdict = if *passed { "ok" } else { "FAILED" };
        eprintln!("{tier:<42} {verdict:<6} {:>7.1} s", took.as_secs_f64());
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
    if failed > 0 {
        bail!("{failed} of {} tiers failed", outcomes.len());
    }
    Ok(())
}

fn format() -> Result<()> {
    Tool::cargo().args("fmt --all --check").run()
}

fn clippy() -> Result<()> {
    Tool::cargo()
        .args("clippy --locked --workspace --all-targets -- -D warnings")
        .run()
}

fn clippy_wasm() -> Result<()> {
    Tool::cargo()
        .args("clippy --locked --package sim-wasm*")
        .args("--target")
        .arg(toolchain::WASM)
        .args("-- -D warnings")
        .run()
}

fn documentation() -> Result<()> {
    Tool::cargo()
        .args("doc --locked --workspace --no-deps")
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()
}

/// Unit, integration and documentation tests. Every step names the whole workspace, so that all share one build.
fn tests(filter: &str) -> Result<()> {
    Tool::cargo()
        .args("test --locked --workspace --")
        .args(filter)
        .run()
}

fn browser(filter: &str) -> Result<()> {
    Tool::cargo()
        .args("test --locked --workspace --test browser -- --ignored")
        .args(filter)
        .run()
}
