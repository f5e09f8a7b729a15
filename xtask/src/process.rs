//! Other programs and long steps: what runs is said before it runs, with the time it took after.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::root;

/// Does `work`, saying on stderr what it is and, once done, how long it took.
///
/// # Errors
/// Those of `work`, with `what` in front.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("--> {what}");
    let start = Instant::now();
    let result = work().with_context(|| format!("{what}: failed"))?;
    eprintln!("    {:.1} s", start.elapsed().as_secs_f64());
    Ok(result)
}

/// A call of another program, from the workspace's folder.
#[derive(Debug)]
pub struct Tool {
    command: Command,
    install: &'static str,
}

impl Tool {
    /// A call of `program`; `install` tells a reader who lacks it how to get it.
    pub fn new(program: impl AsRef<OsStr>, install: &'static str) -> Self {
        let mut command = Command::new(program);
        command.current_dir(root()).stdin(Stdio::null());
        Self { command, install }
    }

    /// The cargo that runs this chore.
    pub fn cargo() -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Self::new(cargo, "install Rust from https://rustup.rs")
    }

    /// Appends arguments, split at white space.
    #[must_use]
    pub fn args(mut self, words: &str) -> Self {
        self.command.args(words.split_whitespace());
        self
    }

    /// Appends one argument as it is.
    #[must_use]
    pub fn arg(mut self, word: impl AsRef<OsStr>) -> Self {
        self.command.arg(word);
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, key: &str, value: &str) -> Self {
        self.command.env(key, value);
        self
    }

    /// Runs it with its output where this program's goes. Standard output becomes standard error: what chores print on
    /// standard output is theirs alone.
    ///
    /// # Errors
    /// If it is not installed, cannot start or does not succeed.
    pub fn run(mut self) -> Result<()> {
        self.command.stdout(std::io::stderr());
        let status = self
            .command
            .status()
            .map_err(|error| self.cannot_start(error))?;
        if !status.success() {
            bail!("`{}` ended with {status}", self.line());
        }
        Ok(())
    }

    /// Runs it and returns what it wrote on standard output.
    ///
    /// # Errors
    /// If it is not installed, cannot start, does not succeed, or writes what is not UTF-8.
    pub fn read(mut self) -> Result<String> {
        let output = self
            .command
            .output()
            .map_err(|error| self.cannot_start(error))?;
        if !output.status.success() {
            let complaint = String::from_utf8_lossy(&output.stderr);
            bail!(
                "`{}` ended with {}\n{complaint}",
                self.line(),
                output.status
            );
        }
        String::from_utf8(output.stdout).with_context(|| format!("output of `{}`", self.line()))
    }

    /// Whether it can be started and succeeds. What it prints is dropped.
    pub fn succeeds(mut self) -> bool {
        self.command.stdout(Stdio::null()).stderr(Stdio::null());
        self.command.status().is_ok_and(|status| status.success())
    }

    fn line(&self) -> String {
        let mut words = vec![self.command.get_program()];
        words.extend(self.command.get_args());
        words.join(OsStr::new(" ")).to_string_lossy().into_owned()
    }

    fn cannot_start(&self, error: std::io::Error) -> anyhow::Error {
        let program = self.command.get_program().to_string_lossy().into_owned();
        if error.kind() == ErrorKind::NotFound {
            anyhow::anyhow!("`{program}` is not installed: {}", self.install)
        } else {
            anyhow::Error::new(error).context(format!("cannot start `{program}`"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named_with_how_to_get_it() {
        let error = Tool::new("no-such-program", "look under the bed")
            .run()
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "`no-such-program` is not installed: look under the bed"
        );
    }

    #[test]
    fn a_failing_program_is_shown_with_its_arguments() {
        let error = Tool::cargo()
            .args("no-such-command --x")
            .read()
            .unwrap_err()
            .to_string();
        assert!(error.contains("no-such-command --x"), "{error}");
    }
}
