//! A key trace from a file.

use std::path::Path;

use sim_core::InputError;
use sim_core::trace::keys::{Column, Columns, Format, KeyTrace, ReadError, read};
use sim_core::wording::{counted, visible};

use crate::cache::arguments::RecordedArguments;
use crate::cache::compressed::{bare_name, open};
use crate::common::failure::{Failure, say};

/// Reads the file of `--trace`, and says on standard error what had to be left out.
pub(crate) fn trace(path: &Path, arguments: &RecordedArguments) -> Result<KeyTrace, Failure> {
    let format = format(path, arguments.trace_format)?;
    let column = |text: &Option<String>| text.as_deref().map(Column::parse);
    let columns = Columns {
        key: column(&arguments.key_column),
        size: column(&arguments.size_column),
        time: column(&arguments.time_column),
        header: arguments.header,
    };
    if format != Format::Csv && columns != Columns::default() {
        let message =
            "--key-column, --size-column, --time-column and --header need --trace-format csv";
        return Err(Failure::Input(message.into()));
    }
    let unreadable = |error: &dyn std::fmt::Display| Failure::file("--trace", path, error);
    let input = open(path).map_err(|error| unreadable(&error))?;
    let trace = read(format, input, &columns).map_err(|error| match error {
        ReadError::Io(error) => unreadable(&error),
        ReadError::Input(error) => Failure::flag(&format!("--trace {}", path.display()), &error),
    })?;
    let malformed = trace.malformed();
    if malformed.count() > 0 {
        let count = counted(malformed.count(), "malformed record");
        say(&format!("warning: {count} left out:"));
        for error in malformed.first() {
            say(&format!("  {}", visible(&error.to_string())));
        }
        if malformed.count() > malformed.first().len() as u64 {
            say("  …");
        }
    }
    Ok(trace)
}

fn format(path: &Path, given: Option<Format>) -> Result<Format, Failure> {
    let by_name = || Format::of_name(&bare_name(path));
    given.or_else(by_name).ok_or_else(|| {
        let expected = format!(
            "one of {}, since the name {} does not tell",
            Format::NAMES,
            path.display()
        );
        InputError::missing("--trace-format", expected).into()
    })
}
