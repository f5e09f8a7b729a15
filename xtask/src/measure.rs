//! Figures worth knowing that are no test: speed, weight of the page, coverage of the intervals; and what takes too long for one.

use anyhow::Result;

use crate::process::Tool;
use crate::{site, toolchain};

/// The simulator beside hand-written loops of the same work.
///
/// # Errors
/// If the benchmarks do not compile or run.
pub fn simulator() -> Result<()> {
    Tool::cargo()
        .args("bench --locked --package sim-core")
        .run()
}

/// The page in a browser: bytes of the first view and of the rest, long tasks during a drag, speed beside native speed.
///
/// # Errors
/// If the page cannot be built, the browser is missing, or a limit is exceeded.
pub fn page() -> Result<()> {
    toolchain::chromium()?;
    toolchain::chromedriver()?;
    site::build()?;
    Tool::cargo()
        .args("run --locked --quiet --release --package tests --bin measure-page")
        .run()
}

/// How often the intervals cover the truth.
///
/// # Errors
/// If they cover it too rarely or too often.
pub fn coverage() -> Result<()> {
    Tool::cargo()
        .args("run --locked --release --package sim-core --example coverage")
        .run()
}

/// Random scenarios, so many of them: none may panic, hang, lose a request or find what is no number.
///
/// # Errors
/// If one does; it is printed, as small as it gets.
pub fn fuzz(count: u64) -> Result<()> {
    Tool::cargo()
        .args("run --locked --release --package sim-core --example fuzz --")
        .arg(count.to_string())
        .run()
}

/// Whether scenarios with known answers are covered by their intervals, and careless runs of them doubted.
///
/// # Errors
/// If they are not.
pub fn zoo() -> Result<()> {
    Tool::cargo()
        .args("test --locked --release --package sim-core --test zoo")
        .args("-- --ignored --nocapture --test-threads=1")
        .run()
}
