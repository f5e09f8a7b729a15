//! Rows of text become a [`Trace`]; the first wrong one is refused with its line, its value and what is allowed.

use crate::error::{InputError, in_range};
use crate::trace::Trace;
use crate::trace::shown::shown;
use crate::trace::time::{ALLOWED, Clock, parse_time};
use crate::wording::counted;

/// The most requests a trace may have: replaying them takes about half a gigabyte.
pub const MAX_REQUESTS: usize = 10_000_000;
/// The longest service time of one request, seconds: 31 years.
const MAX_SERVICE: f64 = 1e9;

/// Collects the requests of a trace row by row.
///
/// ```
/// use sim_core::trace::Recorder;
/// let mut recorder = Recorder::new("at", "tokens", 0.02)?;
/// recorder.push(2, b"2023-11-16 18:17:03.9799600", b"10")?;
/// recorder.push(3, b"2023-11-16 18:17:04.0319600", b"8")?;
/// let trace = recorder.finish()?;
/// assert_eq!(trace.arrivals(), [0, 52_000_000]);
/// assert_eq!(trace.services(), [0.2, 0.16]);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug)]
pub struct Recorder {
    time_column: String,
    service_column: String,
    service_scale: f64,
    origin: Option<(Clock, i128)>,
    trace: Trace,
}

impl Recorder {
    /// Starts with no rows. A service time is the number in its column times `service_scale` (`1e-12..=1e12`), seconds.
    /// The columns' names are for messages.
    ///
    /// # Errors
    /// If `service_scale` is out of its range.
    pub fn new(
        time_column: impl Into<String>,
        service_column: impl Into<String>,
        service_scale: f64,
    ) -> Result<Self, InputError> {
        in_range("service_scale", service_scale, 1e-12, 1e12)?;
        Ok(Self {
            time_column: time_column.into(),
            service_column: service_column.into(),
            service_scale,
            origin: None,
            trace: Trace {
                arrivals: Vec::new(),
                services: Vec::new(),
            },
        })
    }

    /// Adds the request of one row: the texts of its two columns, spaces around them ignored. `line` is for messages.
    ///
    /// # Errors
    /// A text that is not UTF-8 or not a number or time of the allowed range, a time before the one of the row above or
    /// more than 292 years after the first, a row beyond [`MAX_REQUESTS`].
    pub fn push(&mut self, line: u64, time: &[u8], service: &[u8]) -> Result<(), InputError> {
        if self.trace.len() == MAX_REQUESTS {
            return Err(InputError::out_of_range(
                format!("line {line}"),
                format!("request number {}", MAX_REQUESTS + 1),
                format!("1..={MAX_REQUESTS} requests; replay a part of the trace"),
            ));
        }
        let arrival = self.arrival(&place(line, &self.time_column), time)?;
        let service = self.service(&place(line, &self.service_column), service)?;
        self.trace.arrivals.push(arrival);
        self.trace.services.push(service);
        Ok(())
    }

    /// The trace, if its rows make one.
    ///
    /// # Errors
    /// Fewer than two rows, no time between first and last, or no work in any row.
    pub fn finish(self) -> Result<Trace, InputError> {
        let requests = self.trace.len();
        if requests < 2 {
            return Err(InputError::out_of_range(
                "trace",
                format!("a trace of {}", counted(requests as u64, "request")),
                format!("2..={MAX_REQUESTS} requests"),
            ));
        }
        if self.trace.arrivals[requests - 1] == 0 {
            return Err(InputError::out_of_range(
                format!("column {}", self.time_column),
                "the same time in every line",
                "times that span at least a nanosecond",
            ));
        }
        if self.trace.services.iter().all(|&service| service == 0.0) {
            return Err(InputError::out_of_range(
                format!("column {}", self.service_column),
                "0 in every line",
                "service times that are not all 0",
            ));
        }
        Ok(self.trace)
    }

    /// Nanoseconds since the first arrival.
    fn arrival(&mut self, field: &str, bytes: &[u8]) -> Result<i64, InputError> {
        let text = utf8(field, bytes)?;
        let malformed = |allowed: &str| InputError::malformed(field, shown(text), allowed);
        let (clock, time) = parse_time(text).ok_or_else(|| malformed(ALLOWED))?;
        let &mut (first_clock, first) = self.origin.get_or_insert((clock, time));
        if clock != first_clock {
            return Err(malformed(first_clock.describe()));
        }
        let previous = self.trace.arrivals.last().copied().unwrap_or(0);
        let since_first = time - first;
        if since_first < i128::from(previous) {
            return Err(InputError::out_of_range(
                field,
                shown(text),
                "at or after the time in the line above: the lines must be in order; sort the file by this column",
            ));
        }
        i64::try_from(since_first).map_err(|_| {
            InputError::out_of_range(field, shown(text), "within 292 years of the first line")
        })
    }

    /// Seconds.
    fn service(&self, field: &str, bytes: &[u8]) -> Result<f64, InputError> {
        let text = utf8(field, bytes)?;
        let number: f64 = text
            .parse()
            .map_err(|_| InputError::malformed(field, shown(text), "a number of at least 0"))?;
        let service = number * self.service_scale;
        if number >= 0.0 && service <= MAX_SERVICE {
            Ok(service)
        } else {
            Err(InputError::out_of_range(
                field,
                shown(text),
                format!("0..={:?}", MAX_SERVICE / self.service_scale),
            ))
        }
    }
}

fn place(line: u64, column: &str) -> String {
    format!("line {line}, column {column}")
}

fn utf8<'a>(field: &str, bytes: &'a [u8]) -> Result<&'a str, InputError> {
    std::str::from_utf8(bytes)
        .map(str::trim)
        .map_err(|_| InputError::malformed(field, shown(bytes), "UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(rows: &[(&str, &str)]) -> Result<Trace, InputError> {
        let mut recorder = Recorder::new("t", "s", 2.0)?;
        for (line, (time, service)) in (2..).zip(rows) {
            recorder.push(line, time.as_bytes(), service.as_bytes())?;
        }
        recorder.finish()
    }

    #[test]
    fn rows_become_times_since_the_first_and_scaled_work() {
        let trace = recorded(&[(" 10.25", "1"), ("10.25", "0 "), ("11", "2.5")]).unwrap();
        assert_eq!(trace.arrivals(), [0, 0, 750_000_000]);
        assert_eq!(trace.services(), [2.0, 0.0, 5.0]);
        assert_eq!(trace.span(), 0.75);
    }

    #[test]
    fn a_wrong_row_is_named_with_its_line_value_and_limit() {
        for (rows, message) in [
            (
                &[("2", "1"), ("1", "1")][..],
                "line 3, column t is 1; it must be at or after the time in the line above",
            ),
            (&[("", "1")], "line 2, column t must be seconds (a number"),
            (&[("-1", "1")], "line 2, column t must be seconds (a number"),
            (
                &[("1", "")],
                "line 2, column s must be a number of at least 0; it is ``",
            ),
            (
                &[("1", "-3")],
                "line 2, column s must be between 0 and 500,000,000; it is -3",
            ),
            (
                &[("1", "nan")],
                "line 2, column s must be between 0 and 500,000,000; it is nan",
            ),
            (
                &[("1", "1e308")],
                "line 2, column s must be between 0 and 500,000,000; it is 1e308",
            ),
            (
                &[("1", "1"), ("2023-11-16 18:17:03", "1")],
                "line 3, column t must be a number of seconds like",
            ),
            (
                &[("0", "1"), ("10000000000", "1")],
                "line 3, column t must be within 292 years",
            ),
            (
                &[("1", "1")],
                "trace must be between 2 and 10,000,000 requests; it is a trace of 1 request",
            ),
            (
                &[("1", "1"), ("1", "1")],
                "column t must be times that span at least a nanosecond; it is the same time in every line",
            ),
            (
                &[("1", "0"), ("2", "0")],
                "column s must be service times that are not all 0; it is 0 in every line",
            ),
        ] {
            let error = recorded(rows).unwrap_err().to_string();
            assert!(error.contains(message), "{rows:?}: {error}");
        }
    }

    #[test]
    fn bytes_that_are_not_text_are_named_and_long_values_are_cut() {
        let mut recorder = Recorder::new("t", "s", 1.0).unwrap();
        let error = recorder.push(9, b"\xff\xfe", b"1").unwrap_err().to_string();
        assert!(error.starts_with("line 9, column t must"), "{error}");
        assert!(error.contains("UTF-8"), "{error}");
        let error = recorder.push(9, &[b'x'; 5000], b"1").unwrap_err();
        assert!(error.to_string().len() < 400, "{error}");
    }
}
