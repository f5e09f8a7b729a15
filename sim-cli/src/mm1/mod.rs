//! The latency–utilization curve in batch: theory beside simulation at any load, or recorded traffic beside theory's
//! promise. `headroom mm1 --help` teaches the rest.

mod arguments;
mod document;
mod loads;
mod picture;
mod promise;
mod recording;
mod replay_table;
mod spreadsheet;
mod sweep;
mod table;

use std::path::Path;

use sim_core::trace::{Replay, replay};

use crate::common::failure::Failure;
use crate::common::output::{Format, print};
use crate::common::picture_file::Picture;
pub(crate) use arguments::Arguments;

/// What the arguments ask for.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.trace {
        Some(path) => recorded(arguments, path),
        None => simulated(arguments),
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
        precision: crate::common::effort::PRECISION,
    };
    let found = replay(&trace, &options)?;
    print(&match arguments.format {
        Format::Table => replay_table::replay(arguments, path, &trace, &found),
        Format::Csv => spreadsheet::replay(&found),
        Format::Json => document::replay(arguments, path, &found),
    })
}
