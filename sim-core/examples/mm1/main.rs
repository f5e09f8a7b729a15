//! The latency–utilization curve in batch: theory beside simulation at any load, or recorded traffic beside theory's
//! promise. `cargo run --release -p sim-core --example mm1 -- --help` teaches the rest.

mod arguments;
#[path = "../common/beside_theory.rs"]
mod beside_theory;
#[path = "../common/cells.rs"]
mod cells;
#[path = "../common/columns.rs"]
mod columns;
#[path = "../common/csv_text.rs"]
mod csv_text;
mod document;
#[path = "../common/effort.rs"]
mod effort;
#[path = "../common/failure.rs"]
mod failure;
#[path = "../common/interrupt.rs"]
mod interrupt;
mod loads;
#[path = "../common/number_text.rs"]
#[allow(dead_code, reason = "shared by commands with other tables")]
mod number_text;
#[path = "../common/numbers.rs"]
mod numbers;
#[path = "../common/output.rs"]
mod output;
mod picture;
#[path = "../common/picture_file.rs"]
mod picture_file;
#[path = "../common/progress.rs"]
mod progress;
mod promise;
#[path = "../common/quantities.rs"]
mod quantities;
mod recording;
mod replay_table;
#[path = "../common/report_cells.rs"]
mod report_cells;
mod spreadsheet;
mod sweep;
mod table;
#[path = "../common/threads.rs"]
mod threads;

use std::path::Path;
use std::process::ExitCode;

use sim_core::trace::{Replay, replay};

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output::{Format, print};
use crate::picture_file::Picture;

fn main() -> ExitCode {
    interrupt::watch();
    let arguments = failure::arguments::<Arguments>();
    let done = match &arguments.trace {
        Some(path) => recorded(&arguments, path),
        None => simulated(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// A curve.
fn simulated(arguments: &Arguments) -> Result<(), Failure> {
    let tasks = sweep::tasks(arguments)?;
    let picture = (arguments.plot.as_deref())
        .map(Picture::prepare)
        .transpose()?;
    let points = sweep::run_all(&tasks, arguments.effort.threads())?;
    if let Some(picture) = picture {
        picture.write(&picture::figure(arguments, &points))?;
    }
    print(&match arguments.format {
        Format::Table => table::curve(arguments, &points),
        Format::Csv => spreadsheet::curve(&points),
        Format::Json => document::curve(arguments, &points),
    })
}

/// A replay.
fn recorded(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let trace = recording::read(path, arguments)?;
    let options = Replay {
        servers: arguments.servers,
        speed: arguments.speed,
        precision: effort::PRECISION,
    };
    let found = replay(&trace, &options)?;
    print(&match arguments.format {
        Format::Table => replay_table::replay(arguments, path, &trace, &found),
        Format::Csv => spreadsheet::replay(&found),
        Format::Json => document::replay(arguments, path, &found),
    })
}
