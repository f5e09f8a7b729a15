//! A table with a column of keys and perhaps columns of sizes and times.

use std::io::Read;

use ::csv::ByteRecord;

use super::columns::{Columns, Places};
use super::text::key_of_text;
use super::{Malformed, ReadError, Record, Records};
use crate::error::InputError;
use crate::trace::Rows;
use crate::trace::shown::shown;
use crate::trace::time::{ALLOWED, Clock, parse_time};

/// A stream of rows.
pub(super) struct Table<R> {
    rows: Rows<R>,
    row: ByteRecord,
    /// The line of a first row that is no header and has not been read.
    pending: Option<u64>,
    width: usize,
    places: Places,
    /// The clock of the first time.
    clock: Option<(Clock, i128)>,
}

impl<R: Read> Table<R> {
    pub(super) fn new(input: R, columns: &Columns) -> Result<Self, ReadError> {
        let mut rows = Rows::new(input);
        let mut row = ByteRecord::new();
        let line = rows.next(&mut row)?;
        if line.is_none() {
            return Err(InputError::missing("trace", "rows; the file is empty").into());
        }
        let places = columns.places(&row)?;
        Ok(Self {
            pending: line.filter(|_| !places.header),
            width: row.len(),
            rows,
            row,
            places,
            clock: None,
        })
    }

    /// The row at hand as a request.
    fn record(&mut self, line: u64) -> Result<Record, InputError> {
        let width = self.width;
        if self.row.len() != width {
            let found = format!("{} columns, {}", self.row.len(), shown(self.row.as_slice()));
            let expected = format!("a row of {width} columns like the first");
            return Err(InputError::malformed(
                format!("line {line}"),
                found,
                expected,
            ));
        }
        let cell = |place: usize| self.row.get(place).unwrap_or_default().trim_ascii();
        let field = |name: &str| format!("line {line}, {name}");
        let key = cell(self.places.key);
        if key.is_empty() {
            return Err(InputError::malformed(field("key"), "", "a key"));
        }
        let size = self
            .places
            .size
            .map(|place| size(&field("size"), cell(place)));
        let time = self
            .places
            .time
            .map(|place| time(&field("time"), cell(place), self.clock));
        let record = Record {
            key: key_of_text(key),
            size: size.transpose()?,
            time: None,
        };
        let Some((clock, nanoseconds)) = time.transpose()? else {
            return Ok(record);
        };
        let &mut (_, first) = self.clock.get_or_insert((clock, nanoseconds));
        // Exact differences: times since 1970 have more digits than a float.
        let seconds = (nanoseconds - first) as f64 / 1e9;
        Ok(Record {
            time: Some(seconds),
            ..record
        })
    }
}

impl<R: Read> Records for Table<R> {
    fn next(&mut self, malformed: &mut Malformed) -> Result<Option<Record>, ReadError> {
        loop {
            let line = match self.pending.take() {
                Some(line) => line,
                None => match self.rows.next(&mut self.row)? {
                    Some(line) => line,
                    None => return Ok(None),
                },
            };
            match self.record(line) {
                Ok(record) => return Ok(Some(record)),
                Err(error) => malformed.note(|| error),
            }
        }
    }
}

fn size(field: &str, cell: &[u8]) -> Result<u32, InputError> {
    let size = std::str::from_utf8(cell)
        .ok()
        .and_then(|text| text.parse().ok());
    let allowed = "a whole number of bytes in 1..=4294967295";
    size.filter(|size| *size > 0)
        .ok_or_else(|| InputError::malformed(field, shown(cell), allowed))
}

fn time(
    field: &str,
    cell: &[u8],
    before: Option<(Clock, i128)>,
) -> Result<(Clock, i128), InputError> {
    let text = std::str::from_utf8(cell).ok();
    let refused = |allowed| InputError::malformed(field, shown(cell), allowed);
    let (clock, time) = text.and_then(parse_time).ok_or_else(|| refused(ALLOWED))?;
    match before {
        Some((first, _)) if first != clock => Err(refused(first.describe())),
        _ => Ok((clock, time)),
    }
}
