//! The commands of Headroom, in one program: `headroom`.
//!
//! Each is also a program of its own under the name it has in the examples of `sim-core`: `mm1`, `batch`, `cache`.

mod cache;
mod common;
mod headroom;
mod mm1;
mod scenario;

use std::process::ExitCode;

use crate::common::program::program;

/// Everything: `headroom mm1`, `headroom run`, `headroom cache` and so on.
pub fn headroom() -> ExitCode {
    headroom::main()
}

/// The latency–utilization curve, or recorded traffic beside theory's promise.
pub fn mm1() -> ExitCode {
    program(mm1::run)
}

/// Any scenario: from a file or an exhibit.
pub fn batch() -> ExitCode {
    program(|arguments: &scenario::Arguments| scenario::run(&arguments.command))
}

/// Hit ratios of replacement policies.
pub fn cache() -> ExitCode {
    program(cache::run)
}
