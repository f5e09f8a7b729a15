//! From the words that a program is called with to its exit code.

use std::process::ExitCode;

use clap::{Command, Parser};
use sim_core::wording::{visible, visible_lines};

use super::failure::Failure;
use super::interrupt;

/// A program that does this with its arguments.
pub(crate) fn program<T: Parser>(run: impl FnOnce(&T) -> Result<(), Failure>) -> ExitCode {
    program_of(T::command(), run)
}

/// The same with a command line that says or asks something else.
pub(crate) fn program_of<T: Parser>(
    command: Command,
    run: impl FnOnce(&T) -> Result<(), Failure>,
) -> ExitCode {
    interrupt::watch();
    match run(&arguments(command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// The arguments that the program was called with; where they are wrong, the program ends here and says so.
fn arguments<T: Parser>(mut command: Command) -> T {
    let read = command.try_get_matches_from_mut(std::env::args_os());
    let read = read.and_then(|mut matches| {
        T::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    });
    read.unwrap_or_else(|error| {
        let is_plain = |it: std::ffi::OsString| {
            let text = it.to_string_lossy();
            visible(&text) == text
        };
        if std::env::args_os().all(is_plain) {
            error.exit();
        }
        // The message quotes what a terminal would obey.
        eprint!("{}", visible_lines(&error.render().to_string()));
        std::process::exit(error.exit_code())
    })
}
