//! Hit ratios in batch: any replacement policies at any sizes, on one workload or recorded trace.
//! `cargo run --release -p sim-core --example cache -- --help` teaches the rest.

mod amounts;
mod arguments;
#[path = "../common/columns.rs"]
#[allow(dead_code, reason = "shared by commands with other tables")]
mod columns;
mod compressed;
#[path = "../common/csv_text.rs"]
#[allow(dead_code, reason = "shared by commands with other tables")]
mod csv_text;
#[path = "../common/described.rs"]
mod described;
mod document;
#[path = "../common/failure.rs"]
mod failure;
mod frames;
mod future;
mod guide;
#[path = "../common/interrupt.rs"]
mod interrupt;
mod job;
#[path = "../common/number_text.rs"]
#[allow(dead_code, reason = "shared by commands with other tables")]
mod number_text;
#[path = "../common/numbers.rs"]
#[allow(dead_code, reason = "shared by commands with other flags")]
mod numbers;
#[path = "../common/output.rs"]
mod output;
mod picture;
#[path = "../common/picture_file.rs"]
mod picture_file;
#[path = "../common/progress.rs"]
mod progress;
mod recording;
mod requests;
mod run;
mod spreadsheet;
mod table;
mod theory;
#[path = "../common/threads.rs"]
mod threads;
mod traffic;

use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::job::Job;
use crate::output::{Format, print};
use crate::picture_file::Picture;

fn main() -> ExitCode {
    interrupt::watch();
    match run(&failure::arguments::<Arguments>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let picture = (arguments.plot.as_deref())
        .map(Picture::prepare)
        .transpose()?;
    let job = Job::new(arguments)?;
    let results = run::all(&job)?;
    if let Some(picture) = picture {
        picture.write(&picture::figure(&job, &results)?)?;
    }
    print(&match arguments.format {
        Format::Table => table::text(&job, &results),
        Format::Csv => spreadsheet::text(&results),
        Format::Json => document::text(&job, &results),
    })
}
