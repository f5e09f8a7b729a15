//! A single first-come-first-served station with renewal arrivals: the scenario that theory knows most about and that runs
//! fastest, by a recursion instead of a calendar of events.

use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::arrivals::{Arrivals, Poisson, Renewal};
use super::resource::{Discipline, Resource, Station};
use super::{Class, Horizon, REQUEST, SERVER, Scenario, validation};
use crate::distribution::Distribution;
use crate::error::InputError;

/// A station of this kind, its arrivals, and how long to watch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// How requests arrive.
    pub arrivals: Renewals,
    /// The station that serves them, first come, first served.
    pub station: Servers,
    /// What is watched, and for how long.
    pub horizon: Horizon,
}

/// An open arrival process: independent gaps of one law (a renewal process).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renewals {
    /// The law of the gap between two arrivals, seconds.
    pub interarrival: Distribution,
}

/// `servers` equal servers behind one first-come-first-served queue with infinite room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Servers {
    /// Number of servers c, `1..=1_000_000`.
    pub servers: u32,
    /// The law of the service time, seconds.
    pub service: Distribution,
}

impl Queue {
    /// In the steady state, with the run length chosen from the load.
    pub fn new(interarrival: Distribution, servers: u32, service: Distribution) -> Self {
        Self {
            arrivals: Renewals { interarrival },
            station: Servers { servers, service },
            horizon: Horizon::default(),
        }
    }

    /// The arrival rate λ = ρcμ that loads `servers` servers of rate `service_rate` to `utilization`. Everyone who builds a
    /// scenario from a utilization computes it here, with gaps of mean 1/λ and services of mean 1/μ: one rounding for all.
    ///
    /// From a utilization of 1 on, λ is rounded up where the scenario's own utilization would come out just below 1: there
    /// must be no steady state where none was asked for.
    pub fn arrival_rate_at(utilization: f64, servers: u32, service_rate: f64) -> f64 {
        let servers = f64::from(servers);
        let as_seen = |given: f64| rate(given.recip());
        let wanted = utilization * (servers * service_rate);
        let slack = |rate: &f64| as_seen(*rate) / (servers * as_seen(service_rate)) < 1.0;
        // Three roundings: a few steps make up for them.
        std::iter::successors(Some(wanted), |rate| Some(rate.next_up()))
            .take(8)
            .find(|rate| utilization < 1.0 || !slack(rate))
            .unwrap_or(wanted)
    }

    /// Arrival rate λ, requests per second. Meaningful on a validated scenario.
    pub fn arrival_rate(&self) -> f64 {
        self.arrivals.interarrival.mean().map_or(0.0, rate)
    }

    /// Service rate μ of one server, requests per second. Meaningful on a validated scenario.
    pub fn service_rate(&self) -> f64 {
        self.station.service.mean().map_or(0.0, rate)
    }

    /// Utilization ρ = λ/(cμ). Meaningful on a validated scenario.
    pub fn utilization(&self) -> f64 {
        self.arrival_rate() / (f64::from(self.station.servers) * self.service_rate())
    }

    /// Checks every field.
    ///
    /// # Errors
    /// The first of [`Scenario::problems`].
    pub fn validate(&self) -> Result<(), InputError> {
        let found = validation::problems_of_queue(self);
        found.into_iter().next().map_or(Ok(()), Err)
    }
}

impl From<Queue> for Scenario {
    fn from(queue: Queue) -> Self {
        let station = Station {
            service: Some(queue.station.service),
            ..Station::new(queue.station.servers)
        };
        let interarrival = queue.arrivals.interarrival;
        Self::empty()
            .with_class(
                REQUEST,
                Class::new(Arrivals::Renewal(Renewal { interarrival })),
            )
            .with_resource(SERVER, station)
            .with_path(vec![Activity::work(SERVER)])
            .with_horizon(queue.horizon)
    }
}

impl Scenario {
    /// The queue that this scenario is, if it is one and nothing is asked of it that only the calendar of events can answer.
    pub fn queue(&self) -> Option<Queue> {
        let (mut classes, mut resources) = (self.classes.iter(), self.resources.iter());
        let (Some((_, class)), None) = (classes.next(), classes.next()) else {
            return None;
        };
        let (Some((name, Resource::Station(station))), None) = (resources.next(), resources.next())
        else {
            return None;
        };
        let [Activity::Work(work)] = self.path_of(class).as_slice() else {
            return None;
        };
        let interarrival = match &class.arrivals {
            Arrivals::Poisson(Poisson { rate }) => Distribution::exponential(rate.recip()),
            Arrivals::Renewal(Renewal { interarrival }) => interarrival.clone(),
            _ => return None,
        };
        let plain = station.discipline == Discipline::Fifo
            && station.room.is_none()
            && station.patience.is_none()
            && station.speed == 1.0
            && station.scalability.is_none()
            && station.failures.is_none()
            && self.script.is_empty()
            && self.warm_up == 0.0
            && work.at == name
            && work.times.is_none()
            && !self.probes.need_events()
            && !matches!(self.horizon, Horizon::Span { .. });
        let service = work
            .demand
            .as_ref()
            .or(station.service.as_ref())
            .filter(|_| plain)?;
        Some(Queue {
            horizon: self.horizon,
            ..Queue::new(interarrival, station.servers, service.clone())
        })
    }
}

/// The rate of events that are `mean` apart. Neighbouring numbers can have the same reciprocal; of those it is the one that is
/// shortest to write, which is the one somebody meant: 0.9 rather than 0.8999999999999999.
fn rate(mean: f64) -> f64 {
    let nearest = mean.recip();
    [nearest, nearest.next_up(), nearest.next_down()]
        .into_iter()
        .filter(|rate| rate.recip() == mean)
        .min_by_key(|rate| rate.to_string().len())
        .unwrap_or(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_refused_for_what_its_scenario_is_refused_for() {
        let good = Queue::new(
            Distribution::exponential(1.0),
            1,
            Distribution::exponential(0.5),
        );
        let horizons = [
            Horizon::Steady { requests: Some(0) },
            Horizon::Steady { requests: None },
            Horizon::Transient { requests: u64::MAX },
            Horizon::Span { seconds: f64::NAN },
        ];
        let mut refused = 0;
        for horizon in horizons {
            for servers in [0, 1, u32::MAX] {
                for gap in [1.0, 0.4, -1.0, f64::INFINITY] {
                    for service in [0.5, f64::NAN] {
                        let queue = Queue {
                            arrivals: Renewals {
                                interarrival: Distribution::exponential(gap),
                            },
                            station: Servers {
                                servers,
                                service: Distribution::exponential(service),
                            },
                            horizon,
                        };
                        let expected = Scenario::from(queue.clone()).validate();
                        assert_eq!(queue.validate(), expected, "{queue:?}");
                        refused += u32::from(expected.is_err());
                    }
                }
            }
        }
        assert!(refused > 50 && good.validate().is_ok());
    }

    #[test]
    fn full_load_is_not_rounded_to_less() {
        let station = |utilization: f64, servers: u32, service_rate: f64| {
            let rate = Queue::arrival_rate_at(utilization, servers, service_rate);
            let gap = Distribution::exponential(1.0 / rate);
            Queue::new(gap, servers, Distribution::exponential(1.0 / service_rate))
        };
        for servers in 1..=500 {
            for service_rate in [1.0, 0.3, 100.0 / 3.0, 49.0] {
                let full = station(1.0, servers, service_rate).utilization();
                assert!((1.0..1.0 + 1e-14).contains(&full), "{servers}: {full}");
                assert!(station(1.0 - 1e-14, servers, service_rate).utilization() < 1.0);
            }
        }
    }
}
