//! One sample path, request by request, for watching: the streams of the batch run's replication 0, started empty. The
//! scenario may change on the way: the laws for requests still to come, the servers also for those who wait.

use std::collections::VecDeque;

use crate::distribution::Distribution;
use crate::error::{InputError, in_range};
use crate::random::{Purpose, Uniforms};
use crate::scenario::{Horizon, Queue};

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
    /// When each server falls free of everyone who has come.
    free: Vec<f64>,
    /// When each server falls free of those whose service has begun.
    begun: Vec<f64>,
    /// Those whose service has not begun, in order.
    waiting: VecDeque<Passage>,
    next_id: u64,
    now: f64,
    reach: Reach,
}

/// Which laws a station knows.
#[derive(Debug, Clone, Copy)]
struct Reach {
    knows: fn(&Distribution) -> bool,
    draw: fn(&Distribution, &mut Uniforms<1>) -> f64,
}

impl LiveStation {
    /// An empty station at time 0.
    ///
    /// # Errors
    /// What [`Queue::validate`] finds, except that any utilization is allowed.
    pub fn new(scenario: &Queue, seed: u64) -> Result<Self, InputError> {
        let every_law = Reach {
            knows: |_| true,
            draw: Distribution::draw,
        };
        Self::within(every_law, scenario, seed)
    }

    /// The same for a program that knows only the laws of [`Distribution::with_scv`], and has no room for the code of others.
    ///
    /// # Errors
    /// As [`LiveStation::new`], and for any other law.
    pub fn of_stages(scenario: &Queue, seed: u64) -> Result<Self, InputError> {
        let stages = Reach {
            knows: Distribution::has_stages,
            draw: Distribution::draw_of_stages,
        };
        Self::within(stages, scenario, seed)
    }

    fn within(reach: Reach, scenario: &Queue, seed: u64) -> Result<Self, InputError> {
        check(scenario, reach)?;
        Ok(Self {
            reach,
            interarrival: scenario.arrivals.interarrival.clone(),
            service: scenario.station.service.clone(),
            arrivals: Uniforms::new(seed, 0, Purpose::Arrivals),
            services: Uniforms::new(seed, 0, Purpose::Service),
            free: vec![0.0; scenario.station.servers as usize],
            begun: vec![0.0; scenario.station.servers as usize],
            waiting: VecDeque::new(),
            next_id: 0,
            now: 0.0,
        })
    }

    /// Other laws for the requests still to come, and another number of servers for them and for those who wait, from `now`
    /// (or the last arrival, if that is later) on: the gap to the next arrival starts afresh. Services that have begun end as
    /// planned, also at servers that are taken away. Returns the passages of those who wait, where they changed.
    ///
    /// # Errors
    /// As [`LiveStation::new`], and if `now` is not a finite time; the station then stays as it was.
    pub fn change(&mut self, scenario: &Queue, now: f64) -> Result<Vec<Passage>, InputError> {
        check(scenario, self.reach)?;
        in_range("now", now, 0.0, f64::MAX)?;
        self.interarrival
            .clone_from(&scenario.arrivals.interarrival);
        self.service.clone_from(&scenario.station.service);
        self.pass(self.now.max(now));
        let servers = scenario.station.servers as usize;
        if servers == self.free.len() {
            return Ok(Vec::new());
        }
        self.begun.resize(servers, self.now);
        self.free.clone_from(&self.begun);
        for passage in &mut self.waiting {
            let length = passage.departure - passage.start;
            let (server, start) = take_server(&mut self.free, self.now, length);
            *passage = Passage {
                start,
                server,
                departure: start + length,
                ..*passage
            };
        }
        Ok(self.waiting.iter().copied().collect())
    }

    /// Lets the clock advance: services begin.
    fn pass(&mut self, now: f64) {
        self.now = now;
        while let Some(first) = self.waiting.pop_front_if(|first| first.start <= now) {
            // A server that was taken away has nothing to remember.
            if let Some(until) = self.begun.get_mut(first.server as usize) {
                *until = first.departure;
            }
        }
    }

    /// The next request to arrive; requests come in order of arrival. It takes the first idle server, or waits for the one
    /// that falls free first.
    pub fn next_passage(&mut self) -> Passage {
        let arrival = self.now + (self.reach.draw)(&self.interarrival, &mut self.arrivals);
        let service = (self.reach.draw)(&self.service, &mut self.services);
        let (server, start) = take_server(&mut self.free, arrival, service);
        let passage = Passage {
            id: self.next_id,
            arrival,
            start,
            departure: start + service,
            server,
        };
        self.next_id += 1;
        self.waiting.push_back(passage);
        self.pass(arrival);
        passage
    }
}

/// The first server that is idle at `now`, or else the one that falls free first, taken for `length`; and when that starts.
fn take_server(free: &mut [f64], now: f64, length: f64) -> (u32, f64) {
    let idle = free.iter().position(|&time| time <= now);
    let server = idle.unwrap_or_else(|| earliest(free));
    let start = now.max(free[server]);
    free[server] = start + length;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a scenario's servers fit 32 bits"
    )]
    (server as u32, start)
}

fn earliest(free: &[f64]) -> usize {
    (1..free.len()).fold(0, |best, i| if free[i] < free[best] { i } else { best })
}

/// A live station is always watched from its start: overload is no error.
fn check(scenario: &Queue, reach: Reach) -> Result<(), InputError> {
    for (field, law) in [
        ("interarrival", &scenario.arrivals.interarrival),
        ("service", &scenario.station.service),
    ] {
        if !(reach.knows)(law) {
            return Err(InputError::rejected(field, "this law is not known here"));
        }
    }
    let watched = Queue {
        horizon: Horizon::Transient { requests: 1 },
        ..scenario.clone()
    };
    watched.validate()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::InstructionSet;
    use crate::engine::recursion::{Block, Path, Schedule};

    fn scenario(servers: u32) -> Queue {
        Queue::new(
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
        live.change(&scenario(1), 0.0).unwrap();
        let after = live.next_passage();
        assert_eq!(after.server, 0);
        assert_eq!(after.id, 50);
        assert!(after.arrival >= before[49].arrival);
        let mut broken = scenario(1);
        broken.station.servers = 0;
        assert!(live.change(&broken, 0.0).is_err());
        assert!(live.change(&scenario(1), f64::NAN).is_err());
        assert_eq!(live.next_passage().id, 51);
    }

    #[test]
    fn stations_of_stages_draw_the_same_and_know_no_other_law() {
        for scv in [0.0, 0.3, 1.0, 4.0] {
            let law = |mean| Distribution::with_scv(mean, scv);
            let queue = Queue::new(law(1.0), 1, law(0.5));
            let mut every = LiveStation::new(&queue, 3).unwrap();
            let mut stages = LiveStation::of_stages(&queue, 3).unwrap();
            for _ in 0..100 {
                assert_eq!(every.next_passage(), stages.next_passage());
            }
        }
        let uniform = Distribution::parse("service", "uniform:0.1", 0.5).unwrap();
        let queue = Queue::new(Distribution::exponential(1.0), 1, uniform);
        let refused = LiveStation::of_stages(&queue, 3).unwrap_err();
        assert_eq!(refused.field(), "service");
    }

    #[test]
    fn those_who_wait_are_served_in_order_by_the_servers_there_are() {
        let mut live = LiveStation::new(&scenario(1), 1).unwrap();
        live.service = Distribution::deterministic(10.0);
        let before: Vec<Passage> = (0..100).map(|_| live.next_passage()).collect();
        let now = before[99].arrival + 1.0;
        let waiting = before.iter().filter(|passage| passage.start > now).count();
        let moved = live.change(&scenario(4), now).unwrap();
        assert_eq!(moved.len(), waiting);
        assert!(moved.is_sorted_by(|a, b| a.id < b.id && a.start <= b.start));
        assert_eq!(
            moved.iter().filter(|passage| passage.start == now).count(),
            3
        );
        assert!(
            moved
                .iter()
                .all(|passage| (passage.departure - passage.start - 10.0).abs() < 1e-9)
        );
        let next = live.next_passage();
        assert!(next.arrival > now && next.start >= moved[waiting - 1].start);
    }

    #[test]
    fn overload_is_shown_growing() {
        let scenario = Queue::new(
            Distribution::exponential(1.0),
            1,
            Distribution::exponential(1.5),
        );
        let mut live = LiveStation::new(&scenario, 1).unwrap();
        let last = (0..20_000).map(|_| live.next_passage()).last().unwrap();
        assert!(last.start - last.arrival > 5_000.0);
    }
}
