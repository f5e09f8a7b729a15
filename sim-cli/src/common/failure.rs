//! Why nothing, or not everything, was printed, and the exit code that says so.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use sim_core::InputError;
use sim_core::wording::visible_lines;

/// What ends the program early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A flag or a line of a trace is wrong.
    Input(String),
    /// A file cannot be read or written.
    File(String),
    /// The reader of the output has gone away, as `head` does: nobody is left to tell.
    ClosedPipe,
}

impl Failure {
    /// `flag` as given names a file with which `error` happened.
    pub(crate) fn file(flag: &str, path: &Path, error: &dyn Display) -> Self {
        Self::File(format!("{flag} {}: {}", path.display(), cause(error)))
    }

    /// `flag` and its value make something that `error` refuses.
    pub(crate) fn flag(flag: &str, error: &InputError) -> Self {
        Self::Input(format!("{flag}: {error}"))
    }

    /// Prints the message and gives the exit code: 2 for wrong input, as for a wrong flag; 1 for files; for a closed pipe what
    /// a shell makes of the signal.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::Input(message) => {
                say(&format!("error: {}", visible_lines(message)));
                ExitCode::from(2)
            }
            Self::File(message) => {
                say(&format!("error: {}", visible_lines(message)));
                ExitCode::from(1)
            }
            Self::ClosedPipe => ExitCode::from(141),
        }
    }
}

/// Writes a line to standard error, if anybody reads it.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// An error of the system in words, without its number.
pub(crate) fn cause(error: &dyn Display) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Self::Input(error.to_string())
    }
}

/// Errors of writing to standard output.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ClosedPipe
        } else {
            Self::File(format!("standard output: {}", cause(&error)))
        }
    }
}
