//! Any scenario in batch: from a file or an exhibit, once or along a sweep, beside another one, on one machine or many.
//! `headroom --help` teaches the rest.

mod address;
mod arguments;
mod caches_table;
mod calls_table;
mod changes;
mod details_cells;
mod details_table;
mod difference;
mod document;
mod doubts;
mod exhibit;
mod numbers_table;
mod picture;
mod point;
mod range;
mod run_command;
mod series_table;
mod shard;
mod share;
mod source;
mod spread_table;
mod table;
mod waits_table;

use sim_core::Scenario;
use sim_core::wording::visible;

pub(crate) use arguments::{Arguments, Command, EXAMPLE, RunArguments};
pub(crate) use run_command::run as simulate;

use crate::common::failure::Failure;
use crate::common::output::{json, print};
use crate::scenario::arguments::CheckArguments;

/// What the arguments ask for.
pub(crate) fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Run(arguments) => simulate(arguments),
        Command::Merge(arguments) => shard::merge(arguments),
        Command::Check(arguments) => check(arguments),
        Command::Schema => print(&json(&schemars::schema_for!(Scenario))),
        Command::List => print(&exhibit::list()),
        Command::Exhibit(arguments) => exhibit::run(arguments),
    }
}

/// Every problem of every file; the files that have none are said to be fine.
fn check(arguments: &CheckArguments) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    for path in &arguments.files {
        let problems = match source::read(path) {
            Ok(named) => match named.scenario.problems() {
                problems if problems.is_empty() => None,
                problems => Some(named.listed(&problems)),
            },
            Err(failure) => Some(failure),
        };
        match problems {
            None => print(&format!("{}: ok\n", visible(&path.display().to_string())))?,
            Some(Failure::Input(lines)) => wrong.push(lines),
            Some(other) => return Err(other),
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Failure::Input(wrong.join("\n       ")))
    }
}
