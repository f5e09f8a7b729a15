//! The project's chores as a library: the browser tests serve the page with the code that `cargo xtask serve` uses.

#![allow(
    clippy::disallowed_methods,
    reason = "chores time their steps and serve from threads"
)]

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use process::Tool;

pub mod measure;
pub mod peers;
pub mod process;
pub mod server;
pub mod site;
pub mod suite;
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

/// Where cargo builds; settings and environment can move it.
///
/// # Errors
/// If cargo does not say.
pub fn target_folder() -> Result<PathBuf> {
    let metadata = Tool::cargo()
        .args("metadata --no-deps --format-version 1")
        .read()?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let folder = metadata["target_directory"].as_str();
    folder
        .map(PathBuf::from)
        .context("cargo metadata names no target_directory")
}
