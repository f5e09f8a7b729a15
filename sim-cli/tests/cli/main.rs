//! The commands as their user meets them: flags and files in, text and exit code out. `mm1` first, then `batch` and `cache`.
#![allow(
    clippy::disallowed_methods,
    reason = "a program that hangs is stopped by the clock"
)]

mod batch;
mod cache;
mod curve;
mod exhibits;
mod output;
mod program;
mod refusals;
mod replay;
mod signals;
mod whole;

/// The quantities of a point, by their names in JSON and CSV.
const QUANTITIES: [&str; 9] = [
    "mean_response",
    "mean_wait",
    "mean_in_system",
    "mean_in_queue",
    "p50",
    "p90",
    "p95",
    "p99",
    "p999",
];
