//! Recorded keys: which object each request of a real system asked for, how large it was and when.
//!
//! [`read`] takes any stream of bytes in one of four [`Format`]s and gives a [`KeyTrace`], in which objects are numbered densely in the
//! order of their first requests, so that caches find them in flat tables. Records that cannot be used are left out, counted and
//! reported with their places ([`Malformed`]); a file that ends within a record is refused, never silently shortened. Nothing here
//! opens a file.
//!
//! Memory: 4 bytes a request, 4 more with sizes, 8 more with times, and 16 to 48 bytes for each distinct object; the
//! file itself is never held.

mod columns;
mod csv;
mod format;
mod malformed;
mod numbering;
mod oracle;
mod text;
mod u32le;

use std::fmt::{self, Display};
use std::io::{self, BufReader, Read};

pub use columns::{Column, Columns};
pub use format::Format;
pub use malformed::Malformed;
pub use numbering::Numbering;
pub use text::key_of_text;

use crate::error::InputError;

/// The most requests of one trace: four gigabytes of keys.
pub const MAX_KEY_REQUESTS: usize = 1_000_000_000;

/// One recorded request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Record {
    key: u64,
    /// Bytes, at least 1, where the format has sizes.
    size: Option<u32>,
    /// Seconds since some moment, where the format has times.
    time: Option<f64>,
}

/// Reads records one after the other.
trait Records {
    /// The next usable record, or `None` at the end; what is not usable is noted.
    fn next(&mut self, malformed: &mut Malformed) -> Result<Option<Record>, ReadError>;
}

/// Why a trace could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// The stream failed: a disk, a pipe, a compressed file that is broken off or corrupt.
    Io(io::Error),
    /// The stream is not what it should be.
    Input(InputError),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<InputError> for ReadError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Input(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReadError {}

/// Recorded requests, at least one.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyTrace {
    keys: Vec<u32>,
    distinct: u32,
    sizes: Option<Vec<u32>>,
    times: Option<Vec<f64>>,
    malformed: Malformed,
}

impl KeyTrace {
    /// The objects asked for, numbered from 0 in the order of their first requests.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    /// How many distinct objects there are.
    pub fn distinct(&self) -> u32 {
        self.distinct
    }

    /// The size at each request, bytes, at least 1; `None` where the trace has no sizes.
    pub fn sizes(&self) -> Option<&[u32]> {
        self.sizes.as_deref()
    }

    /// When each request was made, in seconds since the first, never decreasing: a time before the latest so far counts as that.
    /// `None` where the trace has no times.
    pub fn times(&self) -> Option<&[f64]> {
        self.times.as_deref()
    }

    /// What was left out.
    pub fn malformed(&self) -> &Malformed {
        &self.malformed
    }

    /// How large all objects are together, by their sizes at their first requests, bytes; without sizes their number.
    pub fn footprint(&self) -> u64 {
        let Some(sizes) = &self.sizes else {
            return u64::from(self.distinct);
        };
        let mut next = 0;
        let mut total = 0;
        for (&key, &size) in self.keys.iter().zip(sizes) {
            if key == next {
                next += 1;
                total += u64::from(size);
            }
        }
        total
    }
}

/// Reads all of `input`, which need not be buffered. `columns` matters for CSV alone.
///
/// ```
/// use sim_core::trace::keys::{Columns, Format, read};
/// let trace = read(Format::Text, &b"7\n/index.html\n7\n"[..], &Columns::default()).unwrap();
/// assert_eq!((trace.keys(), trace.distinct()), (&[0, 1, 0][..], 2));
/// ```
///
/// # Errors
/// If the stream fails, ends within a record, has no usable record or more than [`MAX_KEY_REQUESTS`].
pub fn read<R: Read>(format: Format, input: R, columns: &Columns) -> Result<KeyTrace, ReadError> {
    let buffered = |input| BufReader::with_capacity(1 << 16, input);
    match format {
        Format::Text => collect(text::Lines::new(buffered(input))),
        Format::Csv => collect(csv::Table::new(input, columns)?),
        Format::U32le => collect(u32le::Words::new(buffered(input))),
        Format::Oracle => collect(oracle::Records::new(buffered(input))),
    }
}

fn collect(mut records: impl Records) -> Result<KeyTrace, ReadError> {
    let mut numbering = Numbering::default();
    let mut malformed = Malformed::default();
    let (mut keys, mut sizes, mut times) = (Vec::new(), Vec::new(), Vec::new());
    let (mut first, mut latest) = (None, 0.0_f64);
    while let Some(record) = records.next(&mut malformed)? {
        if keys.len() == MAX_KEY_REQUESTS {
            let most = format!("1..={MAX_KEY_REQUESTS} requests; take a part of the trace");
            return Err(InputError::out_of_range("trace", "a request more", most).into());
        }
        keys.push(numbering.number(record.key)?);
        sizes.extend(record.size);
        if let Some(time) = record.time {
            let first = *first.get_or_insert(time);
            latest = latest.max(time - first);
            times.push(latest);
        }
    }
    if keys.is_empty() {
        let expected = format!(
            "a trace with requests; {} records cannot be used",
            malformed.count()
        );
        return Err(InputError::missing("trace", expected).into());
    }
    let complete = |length| length == keys.len();
    Ok(KeyTrace {
        distinct: numbering.len(),
        sizes: complete(sizes.len()).then_some(sizes),
        times: complete(times.len()).then_some(times),
        malformed,
        keys,
    })
}

/// A file that ends within a record.
fn broken_off(at: u64, left: usize, record: usize) -> InputError {
    InputError::malformed(
        format!("byte {at}"),
        format!("{left} bytes"),
        format!("a record of {record} bytes: the file ends within it"),
    )
}

/// Reads a record of `N` bytes whole; `None` at the end of the stream.
fn read_record<const N: usize>(
    input: &mut impl Read,
    at: u64,
) -> Result<Option<[u8; N]>, ReadError> {
    let mut record = [0; N];
    let mut filled = 0;
    while filled < N {
        match input.read(&mut record[filled..]) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err(broken_off(at, filled, N).into()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(record))
}

#[cfg(test)]
mod tests;
