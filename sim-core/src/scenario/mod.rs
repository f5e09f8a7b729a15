//! What is simulated, as data: arrivals, one station, and how long to watch.

use serde::{Deserialize, Serialize};

use crate::distribution::Distribution;
use crate::error::{InputError, in_range};

/// The most servers a station may have.
pub const MAX_SERVERS: u32 = 1_000_000;
/// The longest replication, in requests: counts of one replication fit 32 bits.
pub const MAX_REQUESTS: u64 = 4_000_000_000;

/// A complete description of what to simulate. Reads well as JSON or TOML; [`Scenario::validate`] is the one check
/// every input passes before it runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// How requests arrive.
    pub arrivals: Arrivals,
    /// The station that serves them, first come, first served.
    pub station: Station,
    /// What is watched, and for how long.
    #[serde(default)]
    pub horizon: Horizon,
}

/// An open arrival process: independent gaps of one law (a renewal process).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrivals {
    /// The law of the gap between two arrivals, seconds.
    pub interarrival: Distribution,
}

/// `servers` equal servers behind one first-come-first-served queue with infinite room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Station {
    /// Number of servers c, `1..=1_000_000`.
    pub servers: u32,
    /// The law of the service time, seconds.
    pub service: Distribution,
}

/// What part of the sample path is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Horizon {
    /// The steady state. Only where utilization is below 1.
    Steady {
        /// Requests measured in each replication; chosen from the load where absent.
        requests: Option<u64>,
    },
    /// The first requests after a start with an empty station, at any utilization.
    Transient {
        /// Requests simulated in each replication.
        requests: u64,
    },
}

impl Default for Horizon {
    fn default() -> Self {
        Self::Steady { requests: None }
    }
}

impl Scenario {
    /// A scenario in the steady state with the run length chosen from the load.
    pub fn new(interarrival: Distribution, servers: u32, service: Distribution) -> Self {
        Self {
            arrivals: Arrivals { interarrival },
            station: Station { servers, service },
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
    /// The first field found wrong, by its path in the document, such as `station.servers`.
    pub fn validate(&self) -> Result<(), InputError> {
        self.arrivals
            .interarrival
            .validate()
            .map_err(|e| e.within("arrivals.interarrival"))?;
        self.station
            .service
            .validate()
            .map_err(|e| e.within("station.service"))?;
        in_range(
            "station.servers",
            f64::from(self.station.servers),
            1.0,
            f64::from(MAX_SERVERS),
        )?;
        let (field, requests) = match self.horizon {
            Horizon::Steady { requests } => ("horizon.steady.requests", requests.unwrap_or(1)),
            Horizon::Transient { requests } => ("horizon.transient.requests", requests),
        };
        if !(1..=MAX_REQUESTS).contains(&requests) {
            return Err(InputError::out_of_range(
                field,
                requests,
                format!("1..={MAX_REQUESTS}"),
            ));
        }
        let utilization = self.utilization();
        in_range("utilization", utilization, 1e-9, 1e9)?;
        if utilization >= 1.0 && matches!(self.horizon, Horizon::Steady { .. }) {
            return Err(InputError::unstable("utilization", utilization));
        }
        Ok(())
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
    fn full_load_is_not_rounded_to_less() {
        let station = |utilization: f64, servers: u32, service_rate: f64| {
            let rate = Scenario::arrival_rate_at(utilization, servers, service_rate);
            let gap = Distribution::exponential(1.0 / rate);
            Scenario::new(gap, servers, Distribution::exponential(1.0 / service_rate))
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
