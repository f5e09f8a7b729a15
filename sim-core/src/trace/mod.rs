//! Recorded traffic: when each request of a real system arrived and how long it kept a server.
//!
//! [`Recorder`] reads the texts of the two columns row by row, [`Trace`] holds the numbers, [`replay`] sends them through a
//! first-come-first-served station and reports what they did there beside what M/M/c would have promised for the same
//! rates. Nothing here opens a file: whoever has one feeds its rows.
//!
//! Arrivals are whole nanoseconds since the first one, so that timestamps of seven decimals keep every digit however
//! many years after 1970 they lie.

mod bursts;
pub mod keys;
mod recorder;
mod replay;
mod rows;
mod sections;
mod shown;
mod station;
mod time;

pub use bursts::Bursts;
pub use recorder::{MAX_REQUESTS, Recorder};
pub use replay::{Promise, Replay, ReplayReport, replay};
pub use rows::Rows;

/// Recorded requests in order of arrival: at least two, over a span of time that is not zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Nanoseconds since the first arrival, never decreasing.
    arrivals: Vec<i64>,
    /// Seconds of work each request brings, not all zero.
    services: Vec<f64>,
}

impl Trace {
    /// Number of requests.
    pub fn len(&self) -> usize {
        self.arrivals.len()
    }

    /// Never true: a trace has at least two requests.
    pub fn is_empty(&self) -> bool {
        self.arrivals.is_empty()
    }

    /// Arrival times in nanoseconds since the first.
    pub fn arrivals(&self) -> &[i64] {
        &self.arrivals
    }

    /// Service times, seconds.
    pub fn services(&self) -> &[f64] {
        &self.services
    }

    /// Time from the first arrival to the last, seconds.
    pub fn span(&self) -> f64 {
        seconds(self.arrivals[self.len() - 1])
    }

    /// The gaps between successive arrivals, seconds.
    fn gaps(&self) -> impl Iterator<Item = f64> + Clone + '_ {
        self.arrivals
            .windows(2)
            .map(|pair| seconds(pair[1] - pair[0]))
    }
}

/// Nanoseconds as seconds.
fn seconds(nanoseconds: i64) -> f64 {
    nanoseconds as f64 / 1e9
}
