//! What the chores need beyond cargo, installed where that is possible.

use std::path::Path;

use anyhow::Result;

use crate::process::{Tool, step};

/// The target of the page's code.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Sees to it that the compiler can build for WebAssembly.
///
/// # Errors
/// If the target is absent and rustup cannot add it.
pub fn wasm_target() -> Result<()> {
    let folder = Tool::new("rustc", RUST)
        .args("--print target-libdir --target")
        .arg(WASM)
        .read()?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    step(
        "Adding the WebAssembly target to the Rust toolchain",
        || Tool::new("rustup", RUST).args("target add").arg(WASM).run(),
    )
}

const RUST: &str = "install Rust with rustup, from https://rustup.rs";
