//! The project's chores as a library: the browser tests serve the page with the code that `cargo xtask serve` uses.

#![allow(
    clippy::disallowed_methods,
    reason = "chores time their steps and serve from threads"
)]

use std::path::{Path, PathBuf};

pub mod process;
pub mod server;
pub mod site;
pub mod tidy;
pub mod toolchain;

/// The workspace's own folder.
///
/// # Panics
/// If this crate has been moved out of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies inside the workspace")
}

/// Where `cargo xtask build` puts the page.
pub fn dist() -> PathBuf {
    root().join("dist")
}
