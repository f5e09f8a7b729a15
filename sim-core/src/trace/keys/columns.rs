//! Which columns of a table hold what, by name or by number.

use ::csv::ByteRecord;

use crate::error::InputError;

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// By its name in the header.
    Named(String),
    /// By its place, from 1 on.
    Number(usize),
}

impl Column {
    /// A whole number is a place, any other text a name.
    pub fn parse(text: &str) -> Self {
        match text.trim().parse() {
            Ok(number) => Self::Number(number),
            Err(_) => Self::Named(text.trim().to_owned()),
        }
    }
}

/// The columns of a table. Where none is given, those are taken that the header calls `key`, `id`, `obj_id`, `object_id`, `object`,
/// `item` or `url`; `size`, `obj_size`, `object_size` or `bytes`; `time`, `timestamp` or `ts`. Without such a header the first column is the key, and the first row a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// What is asked for.
    pub key: Option<Column>,
    /// Bytes.
    pub size: Option<Column>,
    /// Seconds, or timestamps such as 2023-11-16 18:17:03.9799600.
    pub time: Option<Column>,
    /// Whether the first row is a header though every column is given by number.
    pub header: bool,
}

/// Names by which a header tells the key, the size and the time.
const KEYS: &[&str] = &["key", "id", "obj_id", "object_id", "object", "item", "url"];
const SIZES: &[&str] = &["size", "obj_size", "object_size", "bytes"];
const TIMES: &[&str] = &["time", "timestamp", "ts"];

/// Places of columns, from 0 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) key: usize,
    pub(super) size: Option<usize>,
    pub(super) time: Option<usize>,
    /// Whether the first row is a header.
    pub(super) header: bool,
}

impl Columns {
    /// Finds the columns in a table that begins with this row.
    pub(super) fn places(&self, first: &ByteRecord) -> Result<Places, InputError> {
        let given = [&self.key, &self.size, &self.time];
        let named = given.iter().any(|it| matches!(it, Some(Column::Named(_))));
        let known = |names: &[&str]| {
            let is_known = |cell: &[u8]| {
                names
                    .iter()
                    .any(|it| cell.eq_ignore_ascii_case(it.as_bytes()))
            };
            first.iter().map(<[u8]>::trim_ascii).position(is_known)
        };
        let recognized = self.key.is_none() && known(KEYS).is_some();
        let header = self.header || named || recognized;
        let found = |field: &str, column: &Option<Column>, names: &[&str]| match column {
            Some(column) => place(field, column, first).map(Some),
            None => Ok(known(names).filter(|_| header)),
        };
        Ok(Places {
            key: found("key column", &self.key, KEYS)?.unwrap_or(0),
            size: found("size column", &self.size, SIZES)?,
            time: found("time column", &self.time, TIMES)?,
            header,
        })
    }
}

fn place(field: &str, column: &Column, first: &ByteRecord) -> Result<usize, InputError> {
    match column {
        Column::Number(number) => match number.checked_sub(1) {
            Some(place) if place < first.len() => Ok(place),
            _ => Err(InputError::out_of_range(
                field,
                number,
                format!("1..={}", first.len()),
            )),
        },
        Column::Named(name) => {
            let mut places = (0..)
                .zip(first)
                .filter(|(_, cell)| cell.trim_ascii() == name.as_bytes());
            match (places.next(), places.next()) {
                (Some((place, _)), None) => Ok(place),
                (Some(_), Some(_)) => Err(InputError::unknown(
                    field,
                    name,
                    "the columns that are named once",
                )),
                (None, _) => {
                    let names = first.iter().map(crate::trace::shown::shown);
                    let names = names.collect::<Vec<_>>().join(", ");
                    Err(InputError::unknown(
                        field,
                        name,
                        format!("the columns {names}"),
                    ))
                }
            }
        }
    }
}
