//! A trace from a CSV file, row by row.

use std::fmt::Display;
use std::fs::File;
use std::path::Path;

use csv::ByteRecord;
use sim_core::InputError;
use sim_core::trace::{Recorder, Rows, Trace};
use sim_core::wording::counted;

use crate::common::failure::Failure;
use crate::mm1::arguments::Arguments;

/// Reads the file of `--trace`.
pub(crate) fn read(path: &Path, arguments: &Arguments) -> Result<Trace, Failure> {
    let unreadable = |error: &dyn Display| Failure::file("--trace", path, error);
    let within = |error: InputError| Failure::flag(&format!("--trace {}", path.display()), &error);
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let mut rows = Rows::new(file);
    let header = rows.header().map_err(|error| unreadable(&error))?;
    let column = |flag, name: &Option<String>| {
        let name = name.as_deref().unwrap_or_default();
        position(flag, name, &header).map(|place| (name.to_owned(), place))
    };
    let (time_name, time) = column("--time-column", &arguments.time_column)?;
    let (service_name, service) = column("--service-column", &arguments.service_column)?;
    let mut recorder =
        Recorder::new(time_name, service_name, arguments.service_scale).map_err(within)?;
    let mut row = ByteRecord::new();
    while let Some(line) = rows.next(&mut row).map_err(|error| unreadable(&error))? {
        check_width(line, &row, &header).map_err(within)?;
        recorder
            .push(line, &row[time], &row[service])
            .map_err(within)?;
    }
    recorder.finish().map_err(within)
}

/// A row of another length has a comma too many or too few: its columns cannot be trusted.
fn check_width(line: u64, row: &ByteRecord, header: &ByteRecord) -> Result<(), InputError> {
    if row.len() == header.len() {
        return Ok(());
    }
    let shown: String = String::from_utf8_lossy(row.as_slice())
        .chars()
        .take(60)
        .collect();
    Err(InputError::malformed(
        format!("line {line}"),
        format!("{}: {shown}", counted(row.len() as u64, "column")),
        format!(
            "a row of {} like the header",
            counted(header.len() as u64, "column")
        ),
    ))
}

/// Where the column `name` stands.
fn position(flag: &str, name: &str, header: &ByteRecord) -> Result<usize, Failure> {
    let names: Vec<String> = header
        .iter()
        .map(|name| String::from_utf8_lossy(name).trim().to_owned())
        .collect();
    let mut places = (0..).zip(&names).filter(|(_, found)| *found == name.trim());
    match (places.next(), places.next()) {
        (Some((place, _)), None) => Ok(place),
        (Some(_), Some(_)) => {
            let allowed = "a name that only one column has";
            Err(InputError::malformed(flag, name, allowed).into())
        }
        (None, _) if names.is_empty() => {
            let message =
                format!("{flag}: the file is empty; its first line must name the columns");
            Err(Failure::Input(message))
        }
        (None, _) => Err(InputError::unknown(flag, name, names.join(", ")).into()),
    }
}
