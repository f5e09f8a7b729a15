//! Any scenario in batch: from a file or an exhibit, once or along a sweep, beside another one, on one machine or many.
//! `cargo run --release -p sim-core --example batch -- --help` teaches the rest.

mod address;
mod arguments;
#[path = "../common/beside_theory.rs"]
mod beside_theory;
mod caches_table;
mod calls_table;
#[path = "../common/cells.rs"]
mod cells;
mod changes;
#[path = "../common/columns.rs"]
mod columns;
#[path = "../common/csv_text.rs"]
mod csv_text;
#[path = "../common/described.rs"]
mod described;
mod details_cells;
mod details_table;
mod difference;
mod document;
mod doubts;
#[path = "../common/effort.rs"]
mod effort;
mod exhibit;
#[path = "../common/failure.rs"]
#[allow(dead_code, reason = "shared by commands with other flags")]
mod failure;
#[path = "../common/interrupt.rs"]
mod interrupt;
#[path = "../common/number_text.rs"]
#[allow(dead_code, reason = "shared by commands with other tables")]
mod number_text;
#[path = "../common/numbers.rs"]
#[allow(dead_code, reason = "shared by commands with other flags")]
mod numbers;
mod numbers_table;
#[path = "../common/output.rs"]
mod output;
mod picture;
#[path = "../common/picture_file.rs"]
mod picture_file;
mod point;
#[path = "../common/progress.rs"]
mod progress;
#[path = "../common/quantities.rs"]
mod quantities;
mod range;
#[path = "../common/report_cells.rs"]
mod report_cells;
mod run_command;
mod series_table;
mod shard;
mod share;
mod source;
mod spread_table;
mod table;
#[path = "../common/threads.rs"]
mod threads;
mod waits_table;

use std::process::ExitCode;

use sim_core::Scenario;
use sim_core::wording::visible;

use crate::arguments::{Arguments, CheckArguments, Command};
use crate::failure::Failure;
use crate::output::{json, print};

fn main() -> ExitCode {
    interrupt::watch();
    let done = match &failure::arguments::<Arguments>().command {
        Command::Run(arguments) => run_command::run(arguments),
        Command::Merge(arguments) => shard::merge(arguments),
        Command::Check(arguments) => check(arguments),
        Command::Schema => print(&json(&schemars::schema_for!(Scenario))),
        Command::List => print(&exhibit::list()),
        Command::Exhibit(arguments) => exhibit::run(arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
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
