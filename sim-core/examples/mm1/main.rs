//! The latency–utilization curve in batch: theory beside simulation at any load, or recorded traffic beside theory's
//! promise. `cargo run --release -p sim-core --example mm1 -- --help` teaches the rest.

mod arguments;
mod columns;
mod document;
mod failure;
mod loads;
mod number_text;
mod numbers;
mod picture;
mod progress;
mod quantities;
mod recording;
mod replay_table;
mod rows;
mod spreadsheet;
mod sweep;
mod table;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use sim_core::trace::{Replay, replay};

use crate::arguments::{Arguments, Format};
use crate::failure::Failure;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
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
        .map(picture::Picture::prepare)
        .transpose()?;
    let points = sweep::run_all(&tasks, threads(arguments))?;
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
        precision: sweep::PRECISION,
    };
    let found = replay(&trace, &options)?;
    print(&match arguments.format {
        Format::Table => replay_table::replay(arguments, path, &trace, &found),
        Format::Csv => spreadsheet::replay(&found),
        Format::Json => document::replay(arguments, path, &found),
    })
}

fn threads(arguments: &Arguments) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    arguments
        .threads
        .and_then(|threads| usize::try_from(threads).ok())
        .unwrap_or_else(all)
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}
