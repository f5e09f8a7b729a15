//! Hit ratios in batch: any replacement policies at any sizes, on one workload or recorded trace.
//! `headroom cache --help` teaches the rest.

mod amounts;
mod arguments;
mod compressed;
mod document;
mod frames;
mod future;
mod guide;
mod job;
mod picture;
mod recording;
mod requests;
mod run;
mod spreadsheet;
mod table;
mod theory;
mod traffic;

use crate::cache::job::Job;
use crate::common::failure::Failure;
use crate::common::output::{Format, print};
use crate::common::picture_file::Picture;
pub(crate) use arguments::Arguments;

/// What the arguments ask for.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
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
