//! Promises about the source that no compiler checks: layers, purity, an honest registry, a page without inline script.
//!
//! What clippy can see (`disallowed-methods` in `clippy.toml`) is left to clippy.

mod layers;
mod page;
mod purity;
mod registry;
mod tokens;
mod words;

use std::fmt::{self, Display};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::root;
use tokens::{Token, tokens};

/// Checks the whole workspace.
///
/// # Errors
/// All that was found, a line each; or a file that cannot be read.
pub fn check() -> Result<()> {
    let files = read(root())?;
    let findings = findings(&files)?;
    if findings.is_empty() {
        return Ok(());
    }
    let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
    bail!("{} broken promises:\n{}", lines.len(), lines.join("\n"))
}

/// A file of the workspace.
#[derive(Debug)]
struct File {
    /// Path from the workspace's folder, with `/`.
    path: String,
    text: String,
    /// Code outside tests; empty where the file is not Rust.
    tokens: Vec<Token>,
}

impl File {
    fn new(path: impl Into<String>, text: impl Into<String>) -> Result<Self> {
        let (path, text) = (path.into(), text.into());
        let mut file = Self {
            path,
            text,
            tokens: Vec::new(),
        };
        if file.is("rs") {
            file.tokens =
                tokens(&file.text).with_context(|| format!("cannot read {} as Rust", file.path))?;
        }
        Ok(file)
    }

    /// Whether its name ends in `.extension`.
    fn is(&self, extension: &str) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|own| own == extension)
    }

    fn finding(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding {
            path: self.path.clone(),
            line,
            what: what.into(),
        }
    }

    /// The modules that lead to a file below `src/` of `package`; `None` for other files and for tests.
    fn module(&self, package: &str) -> Option<Vec<&str>> {
        let inside = self
            .path
            .strip_prefix(package)?
            .strip_prefix("/src/")?
            .strip_suffix(".rs")?;
        let mut module: Vec<_> = inside.split('/').collect();
        if matches!(module.last(), Some(&("mod" | "lib"))) {
            module.pop();
        }
        (module.last() != Some(&"tests")).then_some(module)
    }
}

/// A broken promise and where.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

fn findings(files: &[File]) -> Result<Vec<Finding>> {
    let mut findings = layers::check(files)?;
    findings.extend(purity::check(files));
    findings.extend(registry::check(files));
    findings.extend(page::check(files));
    findings.extend(words::check(files));
    Ok(findings)
}

/// Every text file below `folder` that belongs to the project, in order of path. A module that is compiled for tests only
/// (`#[cfg(test)] mod name;`) counts as text, not as code.
fn read(folder: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    gather(folder, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let for_tests: Vec<String> = files.iter().flat_map(modules_for_tests).collect();
    for file in &mut files {
        let module = file.path.trim_end_matches(".rs").trim_end_matches("/mod");
        let lies_in = |test: &String| {
            module
                .strip_prefix(test.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if for_tests.iter().any(lies_in) {
            file.tokens.clear();
        }
    }
    Ok(files)
}

fn gather(folder: &Path, prefix: &str, files: &mut Vec<File>) -> Result<()> {
    const SKIPPED: [&str; 4] = [".git", "dist", "node_modules", "target"];
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if SKIPPED.contains(&name.as_str()) {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &format!("{path}/"), files)?;
        } else if let Ok(text) = String::from_utf8(fs::read(entry.path())?) {
            files.push(File::new(path, text)?);
        }
    }
    Ok(())
}

/// The modules that `file` declares for tests only, as paths without `.rs`.
fn modules_for_tests(file: &File) -> Vec<String> {
    let folder = match file.path.strip_suffix(".rs") {
        None => return Vec::new(),
        Some(stem) => match stem.rsplit_once('/') {
            Some((folder, "mod" | "lib" | "main")) => folder.to_owned(),
            _ => stem.to_owned(),
        },
    };
    let names = tokens::modules_for_tests(&file.text);
    names
        .into_iter()
        .map(|name| format!("{folder}/{name}"))
        .collect()
}

#[cfg(test)]
mod testing {
    //! What the rules' own tests share.

    use super::{File, Finding};

    /// Files from paths and texts.
    pub(super) fn files(contents: &[(&str, &str)]) -> Vec<File> {
        contents
            .iter()
            .map(|(path, text)| File::new(*path, *text).unwrap())
            .collect()
    }

    /// Findings as `path:line`.
    pub(super) fn places(findings: &[Finding]) -> Vec<String> {
        findings
            .iter()
            .map(|finding| format!("{}:{}", finding.path, finding.line))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_for_tests_are_found_beside_their_parent() {
        let parent = |path| File::new(path, "#[cfg(test)]\nmod testing;\nmod other;").unwrap();
        assert_eq!(
            modules_for_tests(&parent("a/src/b/mod.rs")),
            ["a/src/b/testing"]
        );
        assert_eq!(
            modules_for_tests(&parent("a/src/b.rs")),
            ["a/src/b/testing"]
        );
        assert_eq!(
            modules_for_tests(&parent("a/src/lib.rs")),
            ["a/src/testing"]
        );
    }
}
