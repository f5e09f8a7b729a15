//! `dist/`: the files of `web/` beside the simulator as WebAssembly in `wasm/`, in modules that the page fetches one by one.
//!
//! Every address in it is relative, so that any file server can host it under any path.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{Tool, step};
use crate::{dist, root, target_folder, toolchain};

/// The modules by the profile of Cargo.toml that they are compiled with: `wasm/first.js` and `wasm/first_bg.wasm` are made of the
/// package `sim-wasm-first`, and so on.
const MODULES: [(&str, &[&str]); 2] = [
    ("wasm", &["first", "station", "rest"]),
    ("wasm-engine", &["network"]),
];

/// Builds the page and returns its folder.
///
/// # Errors
/// If a tool is missing, the code does not compile or a file cannot be written.
pub fn build() -> Result<PathBuf> {
    toolchain::wasm_target()?;
    for (profile, modules) in MODULES {
        let what = format!("Compiling to WebAssembly: {}", modules.join(", "));
        step(&what, || compile(profile, modules))?;
    }
    step("Assembling dist/", assemble)
}

fn compile(profile: &str, modules: &[&str]) -> Result<()> {
    let mut cargo = Tool::cargo()
        .args("build --locked --target")
        .arg(toolchain::WASM)
        .args("--profile")
        .arg(profile);
    for module in modules {
        cargo = cargo.args("--package").arg(package(module));
    }
    cargo.run()
}

fn package(module: &str) -> String {
    format!("sim-wasm-{module}")
}

fn assemble() -> Result<PathBuf> {
    let dist = dist();
    if dist.exists() {
        fs::remove_dir_all(&dist).with_context(|| format!("cannot clear {}", dist.display()))?;
    }
    copy_folder(&root().join("web"), &dist)?;
    let compiled = target_folder()?.join(toolchain::WASM);
    for (profile, modules) in MODULES {
        for module in modules {
            let file = package(module).replace('-', "_") + ".wasm";
            bind(module, &compiled.join(profile).join(file), &dist)?;
        }
    }
    Ok(dist)
}

fn bind(module: &str, compiled: &Path, dist: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(compiled)
        .out_name(module)
        .web(true)?
        .typescript(false)
        // The page fetches and compiles each module itself, once for all who run it.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(dist.join("wasm"))
        .with_context(|| format!("cannot generate the bindings of {module}"))?;
    let script = dist.join("wasm").join(format!("{module}.js"));
    let text = read(&script)?;
    write(&script, &bare(&text))
}

/// A script or a sheet of styles without indents and the comments that have lines of their own: nobody reads them in a browser.
fn bare(script: &str) -> String {
    let mut inside = false;
    let mut kept = String::with_capacity(script.len());
    for line in script.lines() {
        let start = line.trim_start();
        inside |= start.starts_with("/*");
        if !inside && !start.starts_with("//") {
            kept.push_str(start);
            kept.push('\n');
        }
        inside &= !line.trim_end().ends_with("*/");
    }
    kept
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else if target
            .extension()
            .is_some_and(|it| it == "js" || it == "css")
        {
            write(&target, &bare(&read(&entry.path())?))?;
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("cannot copy to {}", target.display()))?;
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_goes_and_code_stays() {
        let script = "// A file.\n/** One line. */\na();\n  /**\n   * Some `/*`.\n   */\n  b(\"*/\"); // c\n";
        assert_eq!(bare(script), "a();\nb(\"*/\"); // c\n");
    }
}
