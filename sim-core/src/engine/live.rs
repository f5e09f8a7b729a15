//! One sample path, request by request, for watching: the streams of the batch run's replication 0, started empty. The
//! scenario may change on the way, which affects only requests still to come.

use crate::distribution::Distribution;
use crate::error::InputError;
use crate::random::{Purpose, Uniforms};
use crate::scenario::{Horizon, Scenario};

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
#[derive(Debug, Clone)]
pub struct LiveStation {
    interarrival: Distribution,
    service: Distribution,
    arrivals: Uniforms<1>,
    services: Uniforms<1>,
    /// When each server falls free.
    free: Vec<f64>,
    next_id: u64,
    now: f64,
}

impl LiveStation {
    /// An empty station at time 0.
    ///
    /// # Errors
    /// What [`Scenario::validate`] finds, except that any utilization is allowed.
    pub fn new(scenario: &Scenario, seed: u64) -> Result<Self, InputError> {
        check(scenario)?;
        Ok(Self {
            interarrival: scenario.arrivals.interarrival.clone(),
            service: scenario.station.service.clone(),
            arrivals: Uniforms::new(seed, 0, Purpose::Arrivals),
            services: Uniforms::new(seed, 0, Purpose::Service),
            free: vec![0.0; scenario.station.servers as usize],
            next_id: 0,
            now: 0.0,
        })
    }

    /// The laws and the number of servers from the next request on; those in the system stay as they are, also at servers
    /// that are taken away.
    ///
    /// # Errors
    /// As [`LiveStation::new`]; the station then stays as it was.
    pub fn change(&mut self, scenario: &Scenario) -> Result<(), InputError> {
        check(scenario)?;
        self.interarrival
            .clone_from(&scenario.arrivals.interarrival);
        self.service.clone_from(&scenario.station.service);
        self.free
            .resize(scenario.station.servers as usize, self.now);
        Ok(())
    }

    /// The next request to arrive; requests come in order of arrival. It takes the first idle server, or waits for the one
    /// that falls free first.
    pub fn next_passage(&mut self) -> Passage {
        let arrival = self.now + self.interarrival.draw(&mut self.arrivals);
        let service = self.service.draw(&mut self.services);
        let idle = self.free.iter().position(|&time| time <= arrival);
        let server = idle.unwrap_or_else(|| earliest(&self.free));
        let start = arrival.max(self.free[server]);
        let departure = start + service;
        self.free[server] = departure;
        self.now = arrival;
        let id = self.next_id;
        self.next_id += 1;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a scenario's servers fit 32 bits"
        )]
        let server = server as u32;
        Passage {
            id,
            arrival,
            start,
            departure,
            server,
        }
    }
}

fn earliest(free: &[f64]) -> usize {
    (1..free.len()).fold(0, |best, i| if free[i] < free[best] { i } else { best })
}

/// A live station is always watched from its start: overload is no error.
fn check(scenario: &Scenario) -> Result<(), InputError> {
    let watched = Scenario {
        horizon: Horizon::Transient { requests: 1 },
        ..scenario.clone()
    };
    watched.validate()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::recursion::{Block, InstructionSet, Path, Schedule};

    fn scenario(servers: u32) -> Scenario {
        Scenario::new(
            Distribution::exponential(1.0),
            servers,
            Distribution::with_scv(0.9 * f64::from(servers), 4.0),
        )
    }

    #[test]
    fn walks_the_sample_path_of_replication_zero() {
        for servers in [1, 3, 300] {
            let scenario = scenario(servers);
            let path = Path {
                scenario: &scenario,
                seed: 9,
                stationary: false,
            };
            let mut block = Block::<4>::new(
                path,
                Schedule {
                    warm_up: 0,
                    requests: 5000,
                },
                0,
            );
            let mut live = LiveStation::new(&scenario, 9).unwrap();
            let mut done = false;
            while !done {
                done = block.advance(InstructionSet::Baseline, 1);
                for row in block.responses() {
                    let passage = live.next_passage();
                    let response = passage.departure - passage.arrival;
                    // The clock of a live station is never rebased, which costs a few digits.
                    assert!(
                        (response - row[0]).abs() < 1e-9 * (1.0 + passage.departure),
                        "{passage:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_change_leaves_those_in_the_system_alone() {
        let mut live = LiveStation::new(&scenario(4), 1).unwrap();
        let before: Vec<Passage> = (0..50).map(|_| live.next_passage()).collect();
        live.change(&scenario(1)).unwrap();
        let after = live.next_passage();
        assert_eq!(after.server, 0);
        assert_eq!(after.id, 50);
        assert!(after.arrival >= before[49].arrival);
        let mut broken = scenario(1);
        broken.station.servers = 0;
        assert!(live.change(&broken).is_err());
        assert_eq!(live.next_passage().id, 51);
    }

    #[test]
    fn overload_is_shown_growing() {
        let scenario = Scenario::new(
            Distribution::exponential(1.0),
            1,
            Distribution::exponential(1.5),
        );
        let mut live = LiveStation::new(&scenario, 1).unwrap();
        let last = (0..20_000).map(|_| live.next_passage()).last().unwrap();
        assert!(last.start - last.arrival > 5_000.0);
    }
}
