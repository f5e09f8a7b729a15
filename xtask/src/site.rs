//! `dist/`: the files of `web/` beside the simulator as WebAssembly in `wasm/`.
//!
//! Every address in it is relative, so that any file server can host it under any path.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{Tool, step};
use crate::{dist, root, target_folder, toolchain};

/// Builds the page and returns its folder.
///
/// # Errors
/// If a tool is missing, the code does not compile or a file cannot be written.
pub fn build() -> Result<PathBuf> {
    toolchain::wasm_target()?;
    let module = step("Compiling the simulator to WebAssembly", compile)?;
    step("Assembling dist/", || assemble(&module))
}

fn compile() -> Result<PathBuf> {
    Tool::cargo()
        .args("build --locked --package sim-wasm --profile wasm --target")
        .arg(toolchain::WASM)
        .run()?;
    Ok(target_folder()?
        .join(toolchain::WASM)
        .join("wasm/sim_wasm.wasm"))
}

fn assemble(module: &Path) -> Result<PathBuf> {
    let dist = dist();
    if dist.exists() {
        fs::remove_dir_all(&dist).with_context(|| format!("cannot clear {}", dist.display()))?;
    }
    copy_folder(&root().join("web"), &dist)?;
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(false)
        // The module finds its own .wasm file beside it.
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(dist.join("wasm"))
        .context("cannot generate the bindings")?;
    Ok(dist)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("cannot copy to {}", target.display()))?;
        }
    }
    Ok(())
}
