//! What the chores need beyond cargo, installed where that is possible.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{Tool, step};
use crate::target_folder;

/// The target of the page's code.
pub const WASM: &str = "wasm32-unknown-unknown";

pub(crate) const RUST: &str = "install Rust with rustup, from https://rustup.rs";
const NODE: &str = "install Node.js, from https://nodejs.org";
const AXE: &str = "axe-core@4.14.1";

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

/// Sees to it that rustfmt and clippy are there.
///
/// # Errors
/// If one is absent and rustup cannot add it.
pub fn components() -> Result<()> {
    for (component, probe) in [("rustfmt", "fmt --version"), ("clippy", "clippy --version")] {
        if !Tool::cargo().args(probe).succeeds() {
            step(&format!("Adding {component} to the Rust toolchain"), || {
                Tool::new("rustup", RUST)
                    .args("component add")
                    .arg(component)
                    .run()
            })?;
        }
    }
    Ok(())
}

/// The browser that the tests drive.
///
/// # Errors
/// If there is none and it cannot be installed.
pub fn chromium() -> Result<PathBuf> {
    const NAMES: [&str; 4] = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    program(&NAMES, "chromium")
}

/// The program that drives it.
///
/// # Errors
/// If there is none and it cannot be installed.
pub fn chromedriver() -> Result<PathBuf> {
    program(&["chromedriver"], "chromium-driver")
}

/// The first of `names` on the path, after installing the Debian package `package` if there is none.
fn program(names: &[&str], package: &str) -> Result<PathBuf> {
    if let Some(found) = on_path(names) {
        return Ok(found);
    }
    let missing = format!(
        "`{}` is missing: install it, on Debian as `{package}`",
        names[0]
    );
    step(&format!("Installing {package}"), || {
        apt_get("update -qq")?;
        apt_get(&format!(
            "install -qq --yes --no-install-recommends {package}"
        ))
    })
    .with_context(|| missing.clone())?;
    on_path(names).context(missing)
}

/// Runs apt-get with the rights it needs, if they can be had without a password.
fn apt_get(words: &str) -> Result<()> {
    const DEBIAN: &str =
        "it installs packages on Debian and its kin; elsewhere install them your way";
    let user = Tool::new("id", DEBIAN).args("-u").read()?;
    let tool = match user.trim() {
        "0" => Tool::new("apt-get", DEBIAN),
        _ => Tool::new("sudo", DEBIAN).args("-n apt-get"),
    };
    tool.args(words)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()
}

/// The script that examines a page's accessibility, axe-core.
///
/// # Errors
/// If it is absent and npm cannot install it.
pub fn axe() -> Result<PathBuf> {
    let folder = target_folder()?.join("npm").join(AXE);
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.is_file() {
        step("Installing axe-core", || {
            // What an installation left that was interrupted, npm would take for complete.
            if folder.exists() {
                fs::remove_dir_all(&folder)?;
            }
            Tool::new("npm", NODE)
                .args("install --silent --no-save --prefix")
                .arg(&folder)
                .arg(AXE)
                .run()
        })?;
    }
    Ok(script)
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<_> = env::split_paths(&env::var_os("PATH")?).collect();
    let candidates = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.into_iter().find(|path| path.is_file())
}
