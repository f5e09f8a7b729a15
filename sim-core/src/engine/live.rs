//! One sample path, request by request, for watching: the same recursion and the same streams as the batch run's
//! replication 0, started empty; the scenario may change on the way, which affects only requests still to come.

use crate::error::InputError;
use crate::scenario::Scenario;

/// One request's passage through the station; times in seconds since the start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Passage {
    /// Number of the request, from 0.
    pub id: u64,
    /// Arrival.
    pub arrival: f64,
    /// Start of service.
    pub start: f64,
    /// Departure.
    pub departure: f64,
    /// Server that serves it, `0..servers`.
    pub server: u32,
}

/// A station running request by request.
#[derive(Debug)]
pub struct LiveStation {}

impl LiveStation {
    /// An empty station at time 0.
    ///
    /// # Errors
    /// What [`Scenario::validate`] finds, except that any utilization is allowed.
    pub fn new(scenario: &Scenario, seed: u64) -> Result<Self, InputError> {
        let _ = (scenario, seed);
        todo!()
    }
    /// The laws and the number of servers from the next request on; those in the system stay as they are.
    ///
    /// # Errors
    /// As [`LiveStation::new`]; the station then stays as it was.
    pub fn change(&mut self, scenario: &Scenario) -> Result<(), InputError> {
        let _ = scenario;
        todo!()
    }
    /// The next request to arrive; requests come in order of arrival.
    pub fn next_passage(&mut self) -> Passage {
        todo!()
    }
}
